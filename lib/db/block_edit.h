/*
 * db/block_edit: what the cursor does to blocks that are read already.
 */
#ifndef YBB_DB_BLOCK_EDIT_H
#define YBB_DB_BLOCK_EDIT_H

#include "rows/block.h"

/* Appends a row of block->columns cells that lie outside of @block. */
void ybb__block_put_row(ybb_block *block, const ybb_cell *cells);
/* Drops the rows behind the first @rows. */
void ybb__block_cut(ybb_block *block, uint32_t rows);

#endif
