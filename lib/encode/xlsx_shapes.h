/*
 * encode/xlsx_shapes: from what the skeleton taught to the fixed bytes of every column's cells.
 */
#ifndef YBB_ENCODE_XLSX_SHAPES_H
#define YBB_ENCODE_XLSX_SHAPES_H

#include "encode/xlsx_rows.h"
#include "encode/xlsx_skeleton.h"

/* Whether some column may have links. */
bool ybb__xlsx_has_links(const ybb_looks *looks);
/* Fills @rows, and the bytes of the fixed texts in @looks. Memory is the arena's. */
ybb_status ybb__xlsx_rows_make(ybb_xlsx_rows *rows, const ybb_plan *plan, ybb_looks *looks,
                               const ybb_skeleton *skeleton, bool has_wrap, ybb_arena *arena,
                               ybb_error *error);

#endif
