/*
 * encode/pdf_text: from UTF-8 to glyphs with their widths: directions (FriBidi), a font for each
 * character, shapes (HarfBuzz), and where lines may end.
 *
 * Characters of Latin, Greek, Cyrillic and Vietnamese that the first font has need none of that:
 * their widths stand in a table (pdf_fonts.h). Most cells are of these alone.
 */
#ifndef YBB_ENCODE_PDF_TEXT_H
#define YBB_ENCODE_PDF_TEXT_H

#include "base/buffer.h"
#include "encode/pdf_fonts.h"

enum {
    YBB_PDF_GLYPH_PLAIN = 1, /* code is a character, and the glyph the one that it has by itself */
    YBB_PDF_GLYPH_CLUSTER = 2,   /* a line may begin here where nothing better is found */
    YBB_PDF_GLYPH_BREAK = 4,     /* a line may begin here */
    YBB_PDF_GLYPH_BLANK = 8,     /* not shown where it ends a line */
    YBB_PDF_GLYPH_NEW_LINE = 16, /* shows nothing, and ends the line */
    YBB_PDF_GLYPH_RIGHTWARD = 32 /* of a paragraph that begins at the right */
};

/* In the order in which the text is read. */
typedef struct ybb_pdf_glyph {
    uint32_t code;       /* PLAIN: the character; else the number in the font */
    uint32_t text;       /* where its characters begin in ybb_pdf_text.characters */
    uint16_t characters; /* how many they are; 0: an earlier glyph has them */
    int16_t advance, dx, dy;
    int16_t width; /* the font's own, which shaping may have changed: what a viewer moves on by */
    int32_t x;     /* where it stands in its line, once that is laid out */
    uint8_t font, level, flags;
} ybb_pdf_glyph;

/* Which characters no font has. */
typedef enum ybb_pdf_missing {
    YBB_PDF_MISSING_NONE,
    YBB_PDF_MISSING_CJK, /* Chinese, Japanese, Korean */
    YBB_PDF_MISSING_OTHER
} ybb_pdf_missing;

/* A text ready to be laid out, and the memory for the next. Zeroed memory is an empty one. One
 * thread at a time. */
typedef struct ybb_pdf_text {
    ybb_buffer characters; /* uint32_t each */
    ybb_buffer glyphs;     /* ybb_pdf_glyph each */
    ybb_buffer scratch;
    hb_buffer_t *shaper;
    bool simple;  /* every glyph is PLAIN, of one font, and runs from left to right */
    bool cleaned; /* had bytes that are no text: U+FFFD stands in their place */
    ybb_pdf_missing missing;
} ybb_pdf_text;

void ybb__pdf_text_free(ybb_pdf_text *text);
size_t ybb__pdf_text_size(const ybb_pdf_text *text);
/* Shapes @length bytes of UTF-8; what was in @text is gone. Tabs are blanks. False when memory is
 * exhausted. */
bool ybb__pdf_text_shape(ybb_pdf_text *text, const ybb_pdf_fonts *fonts, ybb_pdf_style style,
                         const char *at, size_t length);

static inline ybb_pdf_glyph *ybb__pdf_glyphs(const ybb_pdf_text *text)
{
    return (ybb_pdf_glyph *)(void *)text->glyphs.at;
}
static inline uint32_t ybb__pdf_glyph_count(const ybb_pdf_text *text)
{
    return (uint32_t)(text->glyphs.length / sizeof(ybb_pdf_glyph));
}
static inline const uint32_t *ybb__pdf_characters(const ybb_pdf_text *text)
{
    return (const uint32_t *)(const void *)text->characters.at;
}

#endif
