/*
 * encode/lines: related rows as lines of a text ("2025-07-23 15:30:00 | registration | ..."). Dates
 * have the form in which they are stored, whatever the request's formats; decimals are plain.
 */
#ifndef YBB_ENCODE_LINES_H
#define YBB_ENCODE_LINES_H

#include "base/timezone.h"
#include "model/plan.h"
#include "rows/block.h"

/* The stored value of a collection's column in a related row; at is NULL where it is NULL. *@labels
 * are the column's, or its fallback's where that was taken. */
ybb_cell ybb__related_value(const ybb_related_map *map, uint32_t column, const ybb_cell *cells,
                            const ybb_labels **labels);

/* A related row, and how it is shown. */
typedef struct ybb_line {
    const ybb_related_map *map;
    const ybb_cell *cells;
    const ybb_request *request;
    const ybb_timezone *zone; /* that converts times; NULL: they are shown as they are stored */
} ybb_line;

/* Appends the row as @reducer's parts say. */
void ybb__put_line(ybb_buffer *out, const ybb_line *line, const ybb_reducer *reducer);
/* Appends one of the collection's columns; nothing where it is NULL. */
void ybb__put_line_value(ybb_buffer *out, const ybb_line *line, uint32_t column);

#endif
