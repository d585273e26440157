/*
 * rows/slice: some main rows in their final order and the related rows that belong to them: all
 * that an encoder needs, and the unit of parallel work.
 */
#ifndef YBB_ROWS_SLICE_H
#define YBB_ROWS_SLICE_H

#include "rows/block.h"

typedef struct ybb_slice {
    uint64_t first_record; /* how many records of the export came before */
    ybb_block main;
    uint32_t related_count;
    ybb_block *related;    /* [related_count], in the order of ybb_reading.related */
} ybb_slice;

void ybb__slice_free(ybb_slice *slice);
/* Empty it, with @related_count blocks of related rows, whose columns are yet to be set by
 * ybb__block_reset; keeps the memory. Zeroed memory is a slice. False when memory is exhausted. */
bool ybb__slice_reset(ybb_slice *slice, uint32_t columns, uint32_t related_count);
size_t ybb__slice_size(const ybb_slice *slice);

#endif
