/*
 * encode/pdf_shape: glyphs of any text by FriBidi and HarfBuzz; for pdf_text.c alone.
 */
#ifndef YBB_ENCODE_PDF_SHAPE_H
#define YBB_ENCODE_PDF_SHAPE_H

#include "encode/pdf_text.h"

/* Fills text->glyphs from text->characters. False when memory is exhausted. */
bool ybb__pdf_shape(ybb_pdf_text *text, const ybb_pdf_fonts *fonts, ybb_pdf_style style);

#endif
