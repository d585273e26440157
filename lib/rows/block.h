/*
 * rows/block: rows as they came from the database, the currency between the rooms.
 *
 * A block is one arena of cells, row after row; a cell is a 32-bit length and its bytes (UTF-8 text
 * in the canonical form that db/db.h describes), or NULL. It is filled by one thread, then read by
 * one; moving it through a queue moves its ownership.
 */
#ifndef YBB_ROWS_BLOCK_H
#define YBB_ROWS_BLOCK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buffer.h"

typedef struct ybb_cell {
    const char *at; /* NULL: the cell is NULL */
    uint32_t length;
} ybb_cell;

typedef struct ybb_block {
    uint32_t columns;
    uint32_t rows; /* finished rows */
    ybb_buffer cells;
    ybb_buffer offsets; /* size_t for each row: where it begins in cells; last, their end */
} ybb_block;

void ybb__block_free(ybb_block *block);
/* Empty it for rows of @columns cells; keeps the memory. Zeroed memory is a block. */
void ybb__block_reset(ybb_block *block, uint32_t columns);

/* Append the next cell of the row being filled. Running out of memory is remembered, as in a
 * buffer; so is a cell of more than UINT32_MAX - 1 bytes. */
void ybb__block_put(ybb_block *block, const char *bytes, size_t length);
void ybb__block_put_null(ybb_block *block);
/* Append a cell of @length bytes, to be filled by the caller before the next call; NULL when memory
 * is exhausted. */
char *ybb__block_put_space(ybb_block *block, size_t length);
/* A whole row: block->columns cells that lie outside of the block. */
void ybb__block_put_row(ybb_block *block, const ybb_cell *cells);
/* Cells that the row lacks are NULL. A block that failed has no more rows. */
void ybb__block_end_row(ybb_block *block);
bool ybb__block_failed(const ybb_block *block);

/* The cells of a finished row, @cells having room for block->columns of them. Borrowed. */
void ybb__block_row(const ybb_block *block, uint32_t row, ybb_cell *cells);
/* Bytes that its rows hold, whatever its memory could: the same rows give the same number. */
size_t ybb__block_size(const ybb_block *block);

#endif
