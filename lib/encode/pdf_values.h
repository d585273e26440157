/*
 * encode/pdf_values: the text that a cell of a PDF file shows.
 */
#ifndef YBB_ENCODE_PDF_VALUES_H
#define YBB_ENCODE_PDF_VALUES_H

#include "encode/looks.h"

/* Dates by format, amounts grouped where `currency_format` is ("150,000.00"). What @out held is
 * gone. */
void ybb__pdf_value(ybb_buffer *out, const ybb_looks *looks, const ybb_look *look,
                    const ybb_composed *value, bool grouped);

#endif
