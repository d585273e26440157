/*
 * encode/pdf_cast: the glyphs that a file shows, their numbers, and the fonts in the file: each a
 * subset with the texts of its glyphs, so that a reader can search and copy them.
 */
#ifndef YBB_ENCODE_PDF_CAST_H
#define YBB_ENCODE_PDF_CAST_H

#include "encode/pdf_file.h"
#include "encode/pdf_ink.h"

/* Zero it, then set the fonts. */
typedef struct ybb_pdf_cast {
    const ybb_pdf_fonts *fonts;
    ybb_pdf_used used;
    ybb_buffer uses;  /* glyphs that shaping made: ybb_pdf_use each */
    ybb_buffer texts; /* their characters, uint32_t each */
    ybb_buffer slots; /* hash table of them, uint32_t each: plus 1; a power of two */
    uint32_t numbered[YBB_PDF_MOST_FONTS];
} ybb_pdf_cast;

typedef struct ybb_pdf_use {
    uint32_t font, glyph, code; /* code: its number in the file */
    uint32_t text, characters;
} ybb_pdf_use;

void ybb__pdf_cast_free(ybb_pdf_cast *cast);
/* The number of a marked glyph with the text that follows its mark. *@code is
 * YBB_PDF_CODES where memory is exhausted. */
uint32_t ybb__pdf_cast_number(ybb_pdf_cast *cast, const ybb_pdf_mark *mark, const char *characters);
/* Writes the fonts that were used; appends "/F0 5 0 R " for each to @resources. */
ybb_status ybb__pdf_cast_write(ybb_pdf_cast *cast, ybb_pdf_file *file, ybb_buffer *resources,
                               ybb_error *error);

#endif
