/*
 * encode/pdf_notes: what was asked for, in words, for the title block and the document's
 * properties.
 */
#ifndef YBB_ENCODE_PDF_NOTES_H
#define YBB_ENCODE_PDF_NOTES_H

#include "base/buffer.h"
#include "model/request.h"

/* Appends lines for the title block: program, @time, filters, order and limit. */
void ybb__pdf_notes_title(ybb_buffer *out, const ybb_request *request, const char *time);
/* Appends the same without a time, on one line. */
void ybb__pdf_notes_subject(ybb_buffer *out, const ybb_request *request);

/* Appends a text of UTF-8 as one that is a part of a line: what it says of directions ends with it,
 * and its line feeds are blanks. */
void ybb__pdf_put_isolated(ybb_buffer *out, const char *at, size_t length);

#endif
