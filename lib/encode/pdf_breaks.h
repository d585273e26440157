/*
 * encode/pdf_breaks: where a line of text may end.
 *
 * The rules that cells and essays need, after UAX #14: behind blanks, behind a hyphen between
 * letters, around ideographs and kana but not so that punctuation begins or an opening bracket ends
 * a line. Codes ("TRX-2025-0001", addresses) have no place to end a line. Scripts that write words
 * together without ideographs (Thai, Khmer) break at blanks here, else where the line is full.
 */
#ifndef YBB_ENCODE_PDF_BREAKS_H
#define YBB_ENCODE_PDF_BREAKS_H

#include <stdbool.h>
#include <stdint.h>

/* Whether a line may end before text[@at], which is inside the text (0 < @at < @count). */
bool ybb__pdf_may_break(const uint32_t *text, uint32_t at, uint32_t count);
/* Punctuation that stays behind what it closes, ends or belongs to. */
bool ybb__pdf_no_begin(uint32_t code_point);
/* A blank at which a line may end. */
bool ybb__pdf_is_blank(uint32_t code_point);

#endif
