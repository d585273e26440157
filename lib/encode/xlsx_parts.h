/*
 * encode/xlsx_parts: the skeleton's parts on their way into the book.
 */
#ifndef YBB_ENCODE_XLSX_PARTS_H
#define YBB_ENCODE_XLSX_PARTS_H

#include "encode/xlsx_links.h"
#include "encode/xlsx_skeleton.h"
#include "pack/zip.h"

/* YBB_INTERNAL: the skeleton is not as libxlsxwriter was known to make it. */
ybb_status ybb__part_unknown(ybb_error *error);
/* Changes the parts that must not be as they are: the content types, for one sheet more than they
 * list, and the times. */
ybb_status ybb__parts_prepare(const ybb_skeleton *skeleton, int64_t time, ybb_error *error);

/* Gives the columns of a sheet other widths, in characters: the stored ones are those of ECMA-376
 * part 1, 18.3.1.13, for digits of 7 pixels with 5 beside them, as libxlsxwriter's are. */
ybb_status ybb__sheet_widen(ybb_part *sheet, const double *widths, uint32_t columns,
                            ybb_error *error);

/* The part as it is; marks it. */
ybb_status ybb__part_write(ybb_zip *zip, ybb_part *part, ybb_error *error);
/* A sheet's entry up to where its rows begin; @records is how many it will have. */
ybb_status ybb__sheet_begin(ybb_zip *zip, const ybb_part *sheet, uint32_t columns, uint64_t records,
                            ybb_error *error);
/* The header's row, as the skeleton has it. */
ybb_status ybb__sheet_header(ybb_zip *zip, const ybb_part *sheet, ybb_error *error);
/* What comes behind the rows; with the elements of links that @links plays, unless it is NULL. */
ybb_status ybb__sheet_end(ybb_zip *zip, ybb_part *sheet, const ybb_xlsx_links *links,
                          uint32_t number, ybb_error *error);
/* The relationships of sheet @number, with those of its links behind them. */
ybb_status ybb__relations_write(ybb_zip *zip, ybb_part *part, const ybb_xlsx_links *links,
                                uint32_t number, ybb_error *error);
/* The shared strings of the skeleton, in an entry that stays open. Without count and uniqueCount,
 * which nobody knows by then: they are optional (ECMA-376 part 1, 18.4.9). */
ybb_status ybb__strings_begin(ybb_zip *zip, const ybb_part *strings, ybb_error *error);
ybb_status ybb__strings_end(ybb_zip *zip, ybb_part *strings, ybb_error *error);

#endif
