#include "model/subtotals.h"

#include "model/decimal_sum.h"

#include <stdlib.h>
#include <string.h>

struct ybb_subtotals {
    const ybb_plan *plan;
    const ybb_groups *groups;
    ybb_cell *cells; /* [cells of a main row], twice: the record's, the subtotal's */
    /* The group that the next record belongs to. */
    size_t group;
    uint64_t records; /* taken so far, of all groups */
    ybb_per_values values;
    ybb_buffer sums; /* ybb_decimal_sum: those of a value behind one another */
    uint32_t summed; /* sums of one value */
    /* Subtotals of groups that ended. */
    ybb_block made;
    uint32_t given;      /* rows of made that are in slices already */
    uint64_t given_ever; /* the same since the begin */
};

static uint32_t count_summed(const ybb_plan *plan)
{
    uint32_t count = 0;
    for (uint32_t i = 0; i < plan->column_count; i++)
        count += plan->columns[i].in_subtotal == YBB_IN_SUBTOTAL_SUM;
    return count;
}

ybb_status ybb__subtotals_new(ybb_subtotals **out, const ybb_plan *plan, const ybb_groups *groups,
                              ybb_error *error)
{
    *out = NULL;
    ybb_subtotals *s = calloc(1, sizeof(*s));
    if (s == NULL)
        return ybb__fail_memory(error);
    s->plan = plan;
    s->groups = groups;
    s->summed = count_summed(plan);
    s->cells = calloc(2 * (size_t)plan->reading.columns, sizeof(*s->cells));
    if (s->cells == NULL) {
        ybb__subtotals_free(s);
        return ybb__fail_memory(error);
    }
    ybb__block_reset(&s->made, plan->reading.columns);
    *out = s;
    return YBB_OK;
}

void ybb__subtotals_free(ybb_subtotals *s)
{
    if (s == NULL)
        return;
    free(s->cells);
    ybb__per_values_free(&s->values);
    ybb__buffer_free(&s->sums);
    ybb__block_free(&s->made);
    free(s);
}

/* Records and subtotals up to where group @index begins. */
static ybb_group_end begin_of(const ybb_subtotals *s, size_t index)
{
    return index == 0 ? (ybb_group_end){0, 0} : ybb__groups_at(s->groups, index - 1);
}

static uint64_t smaller(uint64_t a, uint64_t b)
{
    return a < b ? a : b;
}

uint32_t ybb__subtotals_fit(const ybb_subtotals *s, uint64_t rows, uint32_t most)
{
    uint64_t left = s->made.rows - s->given, at = s->records;
    uint32_t taken = 0;
    rows -= smaller(rows, left);
    for (size_t g = s->group; rows > 0 && taken < most && g < ybb__groups_count(s->groups); g++) {
        const ybb_group_end begin = begin_of(s, g), end = ybb__groups_at(s->groups, g);
        uint64_t some = smaller(smaller(end.records - at, rows), most - taken);
        taken += (uint32_t)some;
        rows -= some;
        at += some;
        if (at == end.records)
            rows -= smaller(rows, end.subtotals - begin.subtotals);
    }
    return taken;
}

static const ybb_cell *cell_at(const ybb_cell *cells, uint32_t index)
{
    return index == UINT32_MAX ? NULL : &cells[index];
}

static ybb_decimal_sum *sums_of(ybb_subtotals *s, uint32_t value)
{
    return (ybb_decimal_sum *)(void *)s->sums.at + (size_t)value * s->summed;
}

/* The stored number that a record shows in a column; at is NULL where there is none. */
static ybb_cell number_of(const ybb_column *column, const ybb_cell *cells)
{
    ybb_cell cell = cells[column->cell];
    if (cell.at == NULL && column->fallback_cell != UINT32_MAX)
        cell = cells[column->fallback_cell];
    if (cell.at == NULL && column->field->null_as != NULL)
        cell = (ybb_cell){column->field->null_as, (uint32_t)strlen(column->field->null_as)};
    return cell;
}

/* Adds the record in s->cells to the sums of its value. What is no number adds nothing. */
static bool add_record(ybb_subtotals *s)
{
    static const ybb_decimal_sum zero = {.first = 0};
    const ybb_per *per = s->plan->reading.per;
    uint32_t before = ybb__per_values_count(&s->values), sum = 0;
    uint32_t value = ybb__per_values_number(&s->values, per, &s->cells[per->cell],
                                            cell_at(s->cells, per->fallback_cell));
    if (value == UINT32_MAX)
        return false;
    for (uint32_t i = 0; value == before && i < s->summed; i++)
        ybb__buffer_put(&s->sums, &zero, sizeof(zero));
    if (ybb__buffer_failed(&s->sums))
        return false;
    for (uint32_t i = 0; sum < s->summed && i < s->plan->column_count; i++) {
        const ybb_column *column = &s->plan->columns[i];
        if (column->in_subtotal != YBB_IN_SUBTOTAL_SUM)
            continue;
        ybb_cell number = number_of(column, s->cells);
        if (number.at != NULL)
            (void)ybb__decimal_sum_add(&sums_of(s, value)[sum], number.at, number.length);
        sum++;
    }
    return true;
}

/* The subtotal of a value as a row: from the group's last record, which is in s->cells, the value
 * itself, and its sums, whose texts go to @texts. */
static const ybb_cell *compose(ybb_subtotals *s, uint32_t value, ybb_buffer *texts)
{
    const ybb_plan *plan = s->plan;
    const ybb_per *per = plan->reading.per;
    ybb_cell *row = s->cells + plan->reading.columns, own, fallback;
    uint32_t sum = 0;
    memset(row, 0, plan->reading.columns * sizeof(*row));
    for (uint32_t i = 0; i < plan->column_count; i++) {
        const ybb_column *column = &plan->columns[i];
        if (column->in_subtotal != YBB_IN_SUBTOTAL_VALUE)
            continue;
        row[column->cell] = s->cells[column->cell];
        if (column->fallback_cell != UINT32_MAX)
            row[column->fallback_cell] = s->cells[column->fallback_cell];
    }
    ybb__per_values_at(&s->values, value, &own, &fallback);
    row[per->cell] = own;
    if (per->fallback_cell != UINT32_MAX)
        row[per->fallback_cell] = fallback;
    for (uint32_t i = 0; i < plan->column_count; i++) {
        const ybb_column *column = &plan->columns[i];
        if (column->in_subtotal != YBB_IN_SUBTOTAL_SUM)
            continue;
        size_t begin = texts->length;
        ybb__decimal_sum_put(texts, &sums_of(s, value)[sum++], column->field->scale);
        row[column->cell] = (ybb_cell){texts->at + begin, (uint32_t)(texts->length - begin)};
    }
    return row;
}

/* Makes the subtotals of the group that ends with the record in s->cells. */
static ybb_status make_group(ybb_subtotals *s, ybb_error *error)
{
    enum { SUM_TEXT = 1024 }; /* longer than any */
    uint32_t count = ybb__per_values_count(&s->values);
    uint64_t counted =
        ybb__groups_at(s->groups, s->group).subtotals - begin_of(s, s->group).subtotals;
    if (count != counted)
        return ybb__fail(error, YBB_INTERNAL, "a group has %u subtotals where %llu were counted",
                         count, (unsigned long long)counted);
    ybb_buffer texts = {0};
    bool whole = ybb__buffer_reserve(&texts, (size_t)s->summed * SUM_TEXT + 1);
    for (uint32_t i = 0; whole && i < count; i++) {
        ybb__buffer_clear(&texts);
        ybb__block_put_row(&s->made, compose(s, i, &texts));
        whole = !ybb__buffer_failed(&texts) && !ybb__block_failed(&s->made);
    }
    ybb__buffer_free(&texts);
    ybb__per_values_clear(&s->values);
    ybb__buffer_clear(&s->sums);
    s->group++;
    return whole ? YBB_OK : ybb__fail_memory(error);
}

/* Moves subtotals into the slice, behind its first @place records, while it has room for more. */
static bool give(ybb_subtotals *s, ybb_slice *slice, uint32_t place, uint64_t rows)
{
    ybb_cell *row = s->cells + s->plan->reading.columns;
    while (s->given < s->made.rows && slice->main.rows + slice->subtotals.rows < rows) {
        ybb__block_row(&s->made, s->given++, row);
        s->given_ever++;
        if (!ybb__slice_put_subtotal(slice, place, row))
            return false;
    }
    if (s->given == s->made.rows) {
        ybb__block_reset(&s->made, s->plan->reading.columns);
        s->given = 0;
    }
    return true;
}

ybb_status ybb__subtotals_put(ybb_subtotals *s, ybb_slice *slice, uint64_t rows, ybb_error *error)
{
    ybb_status status = YBB_OK;
    slice->first_subtotal = s->given_ever;
    if (!give(s, slice, 0, rows))
        return ybb__fail_memory(error);
    for (uint32_t i = 0; status == YBB_OK && i < slice->main.rows; i++) {
        ybb__block_row(&slice->main, i, s->cells);
        if (!add_record(s))
            return ybb__fail_memory(error);
        if (++s->records < ybb__groups_at(s->groups, s->group).records)
            continue;
        status = make_group(s, error);
        if (status == YBB_OK && !give(s, slice, i + 1, rows))
            return ybb__fail_memory(error);
    }
    return status;
}
