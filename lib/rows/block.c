#include "rows/block.h"

/* The length that marks a NULL cell. */
static const uint32_t null_length = UINT32_MAX;

void ybb__block_free(ybb_block *block)
{
    if (block == NULL)
        return;
    ybb__buffer_free(&block->cells);
    ybb__buffer_free(&block->offsets);
    *block = (ybb_block){0};
}

void ybb__block_reset(ybb_block *block, uint32_t columns)
{
    block->columns = columns;
    block->rows = 0;
    ybb__buffer_clear(&block->cells);
    ybb__buffer_clear(&block->offsets);
}

/* No memory holds what is asked for here: the buffer refuses, and remembers it. */
static void fail(ybb_block *block)
{
    (void)ybb__buffer_reserve(&block->cells, SIZE_MAX);
}

char *ybb__block_put_space(ybb_block *block, size_t length)
{
    if (length >= null_length || length > PTRDIFF_MAX - sizeof(null_length)) {
        fail(block);
        return NULL;
    }
    uint32_t stored = (uint32_t)length;
    if (!ybb__buffer_reserve(&block->cells, sizeof(stored) + length))
        return NULL;
    char *at = block->cells.at + block->cells.length;
    memcpy(at, &stored, sizeof(stored));
    block->cells.length += sizeof(stored) + length;
    return at + sizeof(stored);
}

void ybb__block_put(ybb_block *block, const char *bytes, size_t length)
{
    char *at = ybb__block_put_space(block, length);
    if (at != NULL && length > 0)
        memcpy(at, bytes, length);
}

void ybb__block_put_null(ybb_block *block)
{
    ybb__buffer_put(&block->cells, &null_length, sizeof(null_length));
}

/* Offsets hold where each row begins and, behind the last one, where the next will. */
void ybb__block_end_row(ybb_block *block)
{
    static const size_t first = 0;
    if (block->rows == UINT32_MAX) {
        fail(block);
        return;
    }
    if (block->offsets.length == 0)
        ybb__buffer_put(&block->offsets, &first, sizeof(first));
    ybb__buffer_put(&block->offsets, &block->cells.length, sizeof(block->cells.length));
    if (!ybb__block_failed(block))
        block->rows++;
}

void ybb__block_put_row(ybb_block *block, const ybb_cell *cells)
{
    for (uint32_t i = 0; i < block->columns; i++)
        if (cells[i].at != NULL)
            ybb__block_put(block, cells[i].at, cells[i].length);
        else
            ybb__block_put_null(block);
    ybb__block_end_row(block);
}

bool ybb__block_failed(const ybb_block *block)
{
    return ybb__buffer_failed(&block->cells) || ybb__buffer_failed(&block->offsets);
}

static size_t offset_of(const ybb_block *block, uint32_t row)
{
    size_t offset;
    memcpy(&offset, block->offsets.at + (size_t)row * sizeof(offset), sizeof(offset));
    return offset;
}

void ybb__block_row(const ybb_block *block, uint32_t row, ybb_cell *cells)
{
    const char *at = block->cells.at + offset_of(block, row);
    const char *end = block->cells.at + offset_of(block, row + 1);
    for (uint32_t i = 0; i < block->columns; i++) {
        uint32_t length = null_length;
        if (at != end) { /* a row that was ended early has NULL in its last cells */
            memcpy(&length, at, sizeof(length));
            at += sizeof(length);
        }
        bool is_null = length == null_length;
        cells[i] = (ybb_cell){is_null ? NULL : at, is_null ? 0 : length};
        at += cells[i].length;
    }
}

size_t ybb__block_size(const ybb_block *block)
{
    return block->cells.length + block->offsets.length;
}
