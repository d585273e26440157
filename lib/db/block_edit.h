/*
 * db/block_edit: what the cursor does to blocks that are read already.
 */
#ifndef YBB_DB_BLOCK_EDIT_H
#define YBB_DB_BLOCK_EDIT_H

#include "rows/block.h"

/* Drops the rows behind the first @rows. */
void ybb__block_cut(ybb_block *block, uint32_t rows);

#endif
