#include "rows/groups.h"

#include <string.h>

/* What a value's bytes came from; stands before them. */
enum { FROM_NOTHING, FROM_CELL, FROM_FALLBACK };

void ybb__per_values_free(ybb_per_values *values)
{
    ybb__buffer_free(&values->bytes);
    ybb__cell_index_free(&values->index);
}

void ybb__per_values_clear(ybb_per_values *values)
{
    ybb__buffer_clear(&values->bytes);
    ybb__cell_index_clear(&values->index);
}

uint32_t ybb__per_values_count(const ybb_per_values *values)
{
    return ybb__cell_index_count(&values->index);
}

/* Appends the value's source and bytes; returns how many bytes these are together. */
static size_t put_value(ybb_buffer *out, const ybb_per *per, const ybb_cell *cell,
                        const ybb_cell *fallback)
{
    size_t before = out->length;
    if (cell->at != NULL) {
        ybb__buffer_put_char(out, FROM_CELL);
        ybb__buffer_put(out, cell->at, cell->length);
    } else if (fallback != NULL && fallback->at != NULL) {
        ybb__buffer_put_char(out, FROM_FALLBACK);
        ybb__buffer_put(out, fallback->at, fallback->length);
    } else if (per->null_as != NULL) {
        ybb__buffer_put_char(out, FROM_CELL);
        ybb__buffer_put_text(out, per->null_as);
    } else {
        ybb__buffer_put_char(out, FROM_NOTHING);
    }
    return out->length - before;
}

uint32_t ybb__per_values_number(ybb_per_values *values, const ybb_per *per, const ybb_cell *cell,
                                const ybb_cell *fallback)
{
    size_t before = values->bytes.length;
    size_t length = put_value(&values->bytes, per, cell, fallback);
    if (ybb__buffer_failed(&values->bytes) || length > UINT32_MAX)
        return UINT32_MAX;
    const char *base = values->bytes.at;
    const ybb_cell value = {base + before, (uint32_t)length};
    uint32_t number = ybb__cell_index_find(&values->index, base, value);
    if (number != UINT32_MAX) {
        values->bytes.length = before;
        return number;
    }
    number = ybb__cell_index_count(&values->index);
    return ybb__cell_index_add(&values->index, base, value) ? number : UINT32_MAX;
}

void ybb__per_values_at(const ybb_per_values *values, uint32_t number, ybb_cell *cell,
                        ybb_cell *fallback)
{
    ybb_cell value = ybb__cell_index_at(&values->index, values->bytes.at, number);
    const ybb_cell bytes = {value.at + 1, value.length - 1}, none = {NULL, 0};
    *cell = *value.at == FROM_CELL ? bytes : none;
    *fallback = *value.at == FROM_FALLBACK ? bytes : none;
}

void ybb__groups_free(ybb_groups *groups)
{
    ybb__buffer_free(&groups->ends);
    ybb__buffer_free(&groups->current);
    ybb__per_values_free(&groups->values);
}

size_t ybb__groups_count(const ybb_groups *groups)
{
    return groups->ends.length / sizeof(ybb_group_end);
}

ybb_group_end ybb__groups_at(const ybb_groups *groups, size_t index)
{
    ybb_group_end end;
    memcpy(&end, groups->ends.at + index * sizeof(end), sizeof(end));
    return end;
}

ybb_group_end ybb__groups_end(const ybb_groups *groups)
{
    size_t count = ybb__groups_count(groups);
    return count == 0 ? (ybb_group_end){0, 0} : ybb__groups_at(groups, count - 1);
}

static bool is_current(const ybb_groups *groups, const ybb_cell *group)
{
    if (ybb__groups_count(groups) == 0 || groups->current_is_null != (group->at == NULL))
        return false;
    return group->length == groups->current.length &&
           (group->length == 0 || memcmp(group->at, groups->current.at, group->length) == 0);
}

static bool begin_group(ybb_groups *groups, const ybb_cell *group)
{
    const ybb_group_end end = ybb__groups_end(groups);
    groups->current_is_null = group->at == NULL;
    ybb__buffer_clear(&groups->current);
    ybb__buffer_put(&groups->current, group->at, group->length);
    ybb__per_values_clear(&groups->values);
    ybb__buffer_put(&groups->ends, &end, sizeof(end));
    return !ybb__buffer_failed(&groups->ends) && !ybb__buffer_failed(&groups->current);
}

bool ybb__groups_add(ybb_groups *groups, const ybb_per *per, const ybb_cell *group,
                     const ybb_cell *cell, const ybb_cell *fallback)
{
    if (!is_current(groups, group) && !begin_group(groups, group))
        return false;
    uint32_t before = ybb__per_values_count(&groups->values);
    if (ybb__per_values_number(&groups->values, per, cell, fallback) == UINT32_MAX)
        return false;
    ybb_group_end end = ybb__groups_end(groups);
    end.records++;
    end.subtotals += ybb__per_values_count(&groups->values) - before;
    memcpy(groups->ends.at + groups->ends.length - sizeof(end), &end, sizeof(end));
    return true;
}
