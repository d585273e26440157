#include "db/block_edit.h"

void ybb__block_cut(ybb_block *block, uint32_t rows)
{
    size_t end;
    if (rows >= block->rows)
        return;
    memcpy(&end, block->offsets.at + (size_t)rows * sizeof(end), sizeof(end));
    block->cells.length = end;
    block->offsets.length = ((size_t)rows + 1) * sizeof(end);
    block->rows = rows;
}
