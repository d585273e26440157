/*
 * db/related_rows: the rows of one collection that belong to the main rows of a slice.
 */
#ifndef YBB_DB_RELATED_ROWS_H
#define YBB_DB_RELATED_ROWS_H

#include "db/bound_query.h"
#include "rows/cell_index.h"

typedef struct ybb_related_rows {
    const ybb_related *related;
    ybb_bound_list by_values, by_bytes;
    ybb_bound_query by_range;
    /* of the slice */
    ybb_cell_index seen;     /* the values of main rows that were looked up */
    ybb_buffer ranges;       /* the ranges that were read whole */
    int64_t least, greatest; /* of the integers looked up; least > greatest: none */
    /* of one reading */
    ybb_buffer values; /* ybb_value: those not looked up before */
    ybb_block found;   /* what a list of texts gave */
    ybb_buffer cells;  /* ybb_cell: room for a row */
} ybb_related_rows;

/* @related is borrowed; @main_columns are the cells of a main row. False when memory is exhausted.
 */
bool ybb__related_rows_init(ybb_related_rows *rows, ybb_db *db, const ybb_related *related,
                            uint32_t main_columns);
void ybb__related_rows_free(ybb_related_rows *rows);
/* Begins a slice. */
void ybb__related_rows_reset(ybb_related_rows *rows);
/* Appends the rows for main rows @from to before @to that are not in @block already; perhaps also
 * some that belong to none. Stops as ybb__statement_read() does. */
ybb_status ybb__related_rows_read(ybb_related_rows *rows, const ybb_block *main, uint32_t from,
                                  uint32_t to, ybb_block *block, size_t max_bytes, bool *whole,
                                  ybb_error *error);

#endif
