/*
 * encode/pdf_embed: one font in the file: a subset of it, its widths, and the texts of its glyphs.
 */
#ifndef YBB_ENCODE_PDF_EMBED_H
#define YBB_ENCODE_PDF_EMBED_H

#include "encode/pdf_file.h"
#include "encode/pdf_fonts.h"

/* A glyph under a number. */
typedef struct ybb_pdf_embedded {
    uint32_t code, glyph;
    uint32_t text, characters; /* its text in ybb_pdf_embed.texts */
} ybb_pdf_embedded;

/* Zero it, then set the first three. */
typedef struct ybb_pdf_embed {
    const ybb_pdf_font *font;
    bool cff;
    uint32_t index;    /* of the font in the file */
    ybb_buffer glyphs; /* ybb_pdf_embedded */
    ybb_buffer texts;  /* uint32_t */
} ybb_pdf_embed;

void ybb__pdf_embed_free(ybb_pdf_embed *embed);
/* Adds a glyph. A code that is added twice keeps its first text. */
void ybb__pdf_embed_add(ybb_pdf_embed *embed, uint32_t code, uint32_t glyph,
                        const uint32_t *characters, uint32_t count);
/* Writes the font; *@number is the object's that a page names. */
ybb_status ybb__pdf_embed_write(ybb_pdf_embed *embed, ybb_pdf_file *file, uint32_t *number,
                                ybb_error *error);

#endif
