/*
 * encode/pdf_lines: shaped text in lines of a given width, and its measures.
 */
#ifndef YBB_ENCODE_PDF_LINES_H
#define YBB_ENCODE_PDF_LINES_H

#include "encode/pdf_text.h"

enum { YBB_PDF_LONGEST_CODE = 16000 /* what is wider is none: an address */ };

/* Widths are in thousandths of the type size. */
typedef struct ybb_pdf_line {
    uint32_t begin, end; /* its glyphs, without the blanks at its end */
    int32_t width;
} ybb_pdf_line;

/* Whether the line belongs at the right. */
static inline bool ybb__pdf_line_rightward(const ybb_pdf_text *text, const ybb_pdf_line *line)
{
    return line->begin < line->end &&
           (ybb__pdf_glyphs(text)[line->begin].flags & YBB_PDF_GLYPH_RIGHTWARD) != 0;
}

/* A place in a text; begin with zero. */
typedef struct ybb_pdf_place {
    uint32_t glyph;
    bool ended;
} ybb_pdf_place;

/* Takes the next line. False behind the last. It is at most @most wide where the text has a place
 * to end it: behind a blank, else, in a word that is wider than a line, wherever a character ends.
 * A word that is little wider is a line by itself, to be made narrow, and so is a code up to
 * YBB_PDF_LONGEST_CODE. A text of nothing is one empty line; a line feed at its end begins none. */
bool ybb__pdf_line_next(const ybb_pdf_text *text, ybb_pdf_place *place, int32_t most,
                        ybb_pdf_line *line);

typedef struct ybb_pdf_extent {
    int32_t width; /* of the widest line when none is broken */
    int32_t word;  /* of the widest part that no line breaks */
    uint32_t lines;
} ybb_pdf_extent;

ybb_pdf_extent ybb__pdf_measure(const ybb_pdf_text *text);
/* Gives each glyph of the line its place x from the line's left end. False: no memory. */
bool ybb__pdf_line_place(ybb_pdf_text *text, const ybb_pdf_line *line);

#endif
