/*
 * rows/cell_index: finds a cell by its bytes among those that were added.
 *
 * The cells lie in one buffer that may move: the index keeps where they are, and every call is
 * given where the buffer is now.
 */
#ifndef YBB_ROWS_CELL_INDEX_H
#define YBB_ROWS_CELL_INDEX_H

#include "rows/block.h"

/* Zeroed memory is an empty index. */
typedef struct ybb_cell_index {
    ybb_buffer places; /* of each cell, in the order of their adding */
    ybb_buffer slots;  /* uint32_t: number of a cell, or UINT32_MAX; a power of two of them */
} ybb_cell_index;

void ybb__cell_index_free(ybb_cell_index *index);
/* Empty it, keep the memory. */
void ybb__cell_index_clear(ybb_cell_index *index);
uint32_t ybb__cell_index_count(const ybb_cell_index *index);
/* How many cells were added before an equal one; UINT32_MAX: there is none. */
uint32_t ybb__cell_index_find(const ybb_cell_index *index, const char *base, ybb_cell cell);
/* Adds a cell, not NULL, whose bytes lie behind @base. False when memory is exhausted. */
bool ybb__cell_index_add(ybb_cell_index *index, const char *base, ybb_cell cell);
/* Cell number @number. */
ybb_cell ybb__cell_index_at(const ybb_cell_index *index, const char *base, uint32_t number);

#endif
