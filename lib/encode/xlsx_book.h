/*
 * encode/xlsx_book: the book that libxlsxwriter makes. Nothing but this and what it makes by
 * xlsx_draft.h calls libxlsxwriter.
 */
#ifndef YBB_ENCODE_XLSX_BOOK_H
#define YBB_ENCODE_XLSX_BOOK_H

#include "encode/xlsx_skeleton.h"

/* Writes the skeleton to the empty file @descriptor. What libxlsxwriter would warn about, it is not
 * given. YBB_TOO_LARGE for what no book holds, YBB_OUTPUT_ERROR, YBB_NO_MEMORY. */
ybb_status ybb__xlsx_book(const ybb_skeleton_plan *plan, int descriptor, ybb_arena *arena,
                          ybb_error *error);
/* Whether columns of these widths stand beside each other on one printed page. */
bool ybb__xlsx_fits_page(const double *widths, uint32_t columns);

#endif
