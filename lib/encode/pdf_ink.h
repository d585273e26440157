/*
 * encode/pdf_ink: content of pages: rectangles and lines of text, as PDF operators.
 *
 * A character's number in its font (CID) is the character itself where the font shows it by its
 * usual glyph: the same in every slice, whatever was written before. What shaping made (Arabic
 * letters, ligatures, what lies beyond U+FFFF) gets its number when slices are put together in
 * order, so until then a placeholder stands there and a mark says what belongs in its place. Fonts
 * with CFF outlines have the numbers of their glyphs.
 *
 * Lengths are in hundredths of a point (a unit), type sizes too.
 */
#ifndef YBB_ENCODE_PDF_INK_H
#define YBB_ENCODE_PDF_INK_H

#include "encode/pdf_lines.h"

enum {
    YBB_PDF_UNIT = 100,
    YBB_PDF_CODES = 0x10000,
    YBB_PDF_FIRST_NUMBERED = 0xD800, /* surrogates and private use: no plain character is there */
    YBB_PDF_LAST_NUMBERED = 0xF8FF
};

/* What belongs in place of a placeholder; its characters, uint32_t each, follow. */
typedef struct ybb_pdf_mark {
    uint32_t offset; /* from the item's content; YBB_PDF_NO_PLACE: there is none, only a text */
    uint32_t glyph;
    uint32_t characters;
    uint32_t font;
} ybb_pdf_mark;

#define YBB_PDF_NO_PLACE UINT32_MAX

/* The characters that were written, one bit each, for each font; NULL: none. */
typedef struct ybb_pdf_used {
    unsigned char *bits[YBB_PDF_MOST_FONTS];
} ybb_pdf_used;

/* Where content is being written. Zero it, then set the first four. */
typedef struct ybb_pdf_ink {
    const ybb_pdf_fonts *fonts;
    ybb_buffer *content, *marks;
    ybb_pdf_used *used;
    size_t begin;        /* where the item begins in content */
    uint32_t mark_count; /* of the item */
    bool in_text, failed;
    /* What the viewer has while in a text. */
    uint32_t font;
    int32_t size, stretch, x, y;
} ybb_pdf_ink;

void ybb__pdf_used_free(ybb_pdf_used *used);
/* Adds all of @more. False: no memory. */
bool ybb__pdf_used_add(ybb_pdf_used *used, const ybb_pdf_used *more);
/* Forgets all, keeps the memory. */
void ybb__pdf_used_clear(ybb_pdf_used *used);

/* "12.34" */
void ybb__pdf_put_length(ybb_buffer *out, int32_t units);
/* Begins an item: its place in content, and no marks. */
void ybb__pdf_ink_item(ybb_pdf_ink *ink);
/* Ends what text was open. */
void ybb__pdf_ink_end(ybb_pdf_ink *ink);
/* A filled rectangle whose lower left corner is at (@x, @y); @colour as PDF operands, "0.9 0.9 1".
 */
void ybb__pdf_ink_box(ybb_pdf_ink *ink, int32_t x, int32_t y, int32_t width, int32_t height,
                      const char *colour);
/* The colour of what follows. */
void ybb__pdf_ink_colour(ybb_pdf_ink *ink, const char *colour);
/* A line of the text from (@x, @y) on, @stretch percent wide. */
void ybb__pdf_ink_line(ybb_pdf_ink *ink, ybb_pdf_text *text, const ybb_pdf_line *line, int32_t x,
                       int32_t y, int32_t size, int32_t stretch);

/* Units that @width thousandths of the type size are. */
static inline int32_t ybb__pdf_units(int32_t width, int32_t size)
{
    return (int32_t)(((int64_t)width * size + YBB_PDF_EM / 2) / YBB_PDF_EM);
}

#endif
