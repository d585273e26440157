/*
 * encode/xlsx_finish: the sheets that libxlsxwriter writes whole, made part of a book whose strings
 * and numbers are written by us.
 */
#ifndef YBB_ENCODE_XLSX_FINISH_H
#define YBB_ENCODE_XLSX_FINISH_H

#include "encode/xlsx_skeleton.h"

/* The shared strings of @last behind those of @first, all of which it must have before them: bytes
 * of @last. */
ybb_status ybb__strings_behind(const ybb_part *first, const ybb_part *last, const char **at,
                               size_t *length, ybb_error *error);
/* Numbers the sheet's strings from @known on from @moved_to on, and puts the digits at *@numbers
 * (see ybb_xlsx_extra) in the place of its numbers; *@numbers is left behind the last of them. */
ybb_status ybb__extra_settle(ybb_part *sheet, uint32_t known, uint64_t moved_to,
                             const char **numbers, ybb_error *error);

#endif
