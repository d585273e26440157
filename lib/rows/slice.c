#include "rows/slice.h"

#include <stdlib.h>

void ybb__slice_free(ybb_slice *slice)
{
    if (slice == NULL)
        return;
    ybb__block_free(&slice->main);
    ybb__block_free(&slice->subtotals);
    ybb__buffer_free(&slice->places);
    for (uint32_t i = 0; i < slice->related_count; i++)
        ybb__block_free(&slice->related[i]);
    free(slice->related);
    *slice = (ybb_slice){0};
}

/* On failure the slice has the blocks that it had. */
static bool resize(ybb_slice *slice, uint32_t count)
{
    for (; slice->related_count > count; slice->related_count--)
        ybb__block_free(&slice->related[slice->related_count - 1]);
    if (slice->related_count == count)
        return true;
    ybb_block *related = reallocarray(slice->related, count, sizeof(ybb_block));
    if (related == NULL)
        return false;
    slice->related = related;
    for (; slice->related_count < count; slice->related_count++)
        related[slice->related_count] = (ybb_block){0};
    return true;
}

bool ybb__slice_reset(ybb_slice *slice, uint32_t columns, uint32_t related_count)
{
    slice->first_record = slice->first_subtotal = 0;
    ybb__block_reset(&slice->main, columns);
    ybb__block_reset(&slice->subtotals, columns);
    ybb__buffer_clear(&slice->places);
    bool resized = resize(slice, related_count);
    for (uint32_t i = 0; i < slice->related_count; i++)
        ybb__block_reset(&slice->related[i], 0);
    return resized;
}

size_t ybb__slice_size(const ybb_slice *slice)
{
    size_t size =
        ybb__block_size(&slice->main) + ybb__block_size(&slice->subtotals) + slice->places.length;
    for (uint32_t i = 0; i < slice->related_count; i++)
        size += ybb__block_size(&slice->related[i]);
    return size;
}

bool ybb__slice_put_subtotal(ybb_slice *slice, uint32_t place, const ybb_cell *cells)
{
    ybb__buffer_put(&slice->places, &place, sizeof(place));
    ybb__block_put_row(&slice->subtotals, cells);
    return !ybb__block_failed(&slice->subtotals) && !ybb__buffer_failed(&slice->places);
}
