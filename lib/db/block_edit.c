#include "db/block_edit.h"

void ybb__block_put_row(ybb_block *block, const ybb_cell *cells)
{
    for (uint32_t i = 0; i < block->columns; i++)
        if (cells[i].at != NULL)
            ybb__block_put(block, cells[i].at, cells[i].length);
        else
            ybb__block_put_null(block);
    ybb__block_end_row(block);
}

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
