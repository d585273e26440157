/*
 * rows/slice: some main rows in their final order and the related rows that belong to them: all
 * that an encoder needs, and the unit of parallel work.
 */
#ifndef YBB_ROWS_SLICE_H
#define YBB_ROWS_SLICE_H

#include "rows/block.h"

/* Subtotals are rows of an export that are no records. They stand among the main rows and have the
 * same cells; those that a subtotal does not show are NULL. */
typedef struct ybb_slice {
    uint64_t first_record;   /* how many records of the export came before */
    uint64_t first_subtotal; /* and how many subtotals */
    ybb_block main;
    ybb_block subtotals;
    ybb_buffer places; /* uint32_t for each subtotal: how many of the main rows come before it */
    uint32_t related_count;
    ybb_block *related; /* [related_count], in the order of ybb_reading.related */
} ybb_slice;

void ybb__slice_free(ybb_slice *slice);
/* Empty it, with @related_count blocks of related rows, whose columns are yet to be set by
 * ybb__block_reset; keeps the memory. Zeroed memory is a slice. False when memory is exhausted. */
bool ybb__slice_reset(ybb_slice *slice, uint32_t columns, uint32_t related_count);
size_t ybb__slice_size(const ybb_slice *slice);
/* Appends a subtotal, copied from a row of as many cells, behind the first @place main rows (never
 * fewer than the one before it). False when memory is exhausted. */
bool ybb__slice_put_subtotal(ybb_slice *slice, uint32_t place, const ybb_cell *cells);

/* Whether subtotal @number comes before the main row @row and behind the one before that; or, where
 * @row is how many main rows there are, behind the last. */
static inline bool ybb__slice_has_subtotal(const ybb_slice *slice, uint32_t number, uint32_t row)
{
    uint32_t place;
    if (number >= slice->subtotals.rows)
        return false;
    memcpy(&place, slice->places.at + number * sizeof(place), sizeof(place));
    return place == row;
}

#endif
