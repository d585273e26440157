/*
 * encode/lines: related rows as lines of a text ("2025-07-23 15:30:00 | registration | ..."). Dates
 * stand as they are stored, whatever the request's formats; decimals plainly.
 */
#ifndef YBB_ENCODE_LINES_H
#define YBB_ENCODE_LINES_H

#include "model/plan.h"
#include "rows/block.h"

/* The stored value of a collection's column in a related row; at is NULL where it is NULL. *@labels
 * are the column's, or its fallback's where that was taken. */
ybb_cell ybb__related_value(const ybb_related_map *map, uint32_t column, const ybb_cell *cells,
                            const ybb_labels **labels);
/* Appends one related row as @reducer's parts say. */
void ybb__put_line(ybb_buffer *out, const ybb_related_map *map, const ybb_reducer *reducer,
                   const ybb_cell *cells, const ybb_request *request);

#endif
