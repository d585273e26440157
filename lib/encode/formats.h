/*
 * encode/formats: the formats that encoder.c's table lists.
 */
#ifndef YBB_ENCODE_FORMATS_H
#define YBB_ENCODE_FORMATS_H

#include "encode/encoder.h"

extern const ybb_encoder_format ybb__xlsx_format;
extern const ybb_encoder_format ybb__csv_format;
extern const ybb_encoder_format ybb__pdf_format; /* where HAVE_PDF is defined */

#endif
