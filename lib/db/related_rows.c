#include "db/related_rows.h"

#include "base/text.h"
#include "db/block_edit.h"

/*
 * A range costs less than a list of the same values (measured on MariaDB: two thirds to three
 * quarters), but also reads what lies in its gaps. So it pays while at most a quarter of it is
 * gaps.
 */
enum { RANGE_PARTS = 4, RANGE_PARTS_FILLED = 3, RANGE_LEAST_VALUES = 8 };

typedef struct range {
    int64_t least, greatest;
} range;

bool ybb__related_rows_init(ybb_related_rows *rows, ybb_db *db, const ybb_related *related,
                            uint32_t main_columns)
{
    uint32_t columns = main_columns > related->columns ? main_columns : related->columns;
    *rows = (ybb_related_rows){.related = related};
    rows->by_values = (ybb_bound_list){.db = db, .query = &related->by_values};
    rows->by_bytes = (ybb_bound_list){.db = db, .query = &related->by_bytes};
    rows->by_range = (ybb_bound_query){.db = db, .query = &related->by_range};
    ybb__related_rows_reset(rows);
    return ybb__buffer_reserve(&rows->cells, columns * sizeof(ybb_cell));
}

void ybb__related_rows_free(ybb_related_rows *rows)
{
    ybb__bound_list_free(&rows->by_values);
    ybb__bound_list_free(&rows->by_bytes);
    ybb__bound_query_free(&rows->by_range);
    ybb__cell_index_free(&rows->seen);
    ybb__buffer_free(&rows->ranges);
    ybb__buffer_free(&rows->values);
    ybb__block_free(&rows->found);
    ybb__buffer_free(&rows->cells);
}

void ybb__related_rows_reset(ybb_related_rows *rows)
{
    ybb__cell_index_clear(&rows->seen);
    ybb__buffer_clear(&rows->ranges);
    rows->least = INT64_MAX;
    rows->greatest = INT64_MIN;
}

static bool in_a_range(const ybb_related_rows *rows, ybb_cell cell)
{
    const range *ranges = (const range *)(const void *)rows->ranges.at;
    int64_t number;
    if (rows->ranges.length == 0 || !ybb__text_to_i64(cell.at, cell.length, &number))
        return false;
    for (size_t i = 0; i < rows->ranges.length / sizeof(range); i++)
        if (number >= ranges[i].least && number <= ranges[i].greatest)
            return true;
    return false;
}

/* An empty value ties nothing, as NULL does not. */
static ybb_status see_values(ybb_related_rows *rows, const ybb_block *main, uint32_t from,
                             uint32_t to, ybb_error *error)
{
    ybb_cell *cells = (ybb_cell *)(void *)rows->cells.at;
    const char *base = main->cells.at;
    for (uint32_t i = from; i < to; i++) {
        ybb__block_row(main, i, cells);
        ybb_cell cell = cells[rows->related->main_cells[0]];
        if (cell.length == 0 || ybb__cell_index_find(&rows->seen, base, cell) != UINT32_MAX ||
            in_a_range(rows, cell))
            continue;
        if (!ybb__cell_index_add(&rows->seen, base, cell))
            return ybb__fail_memory(error);
    }
    return YBB_OK;
}

static ybb_value value_of(ybb_cell cell, bool integer)
{
    ybb_value value = {.kind = YBB_VALUE_TEXT, .at = cell.at, .length = cell.length};
    uint64_t bits;
    if (integer && ybb__text_to_i64(cell.at, cell.length, &value.number)) {
        value.kind = YBB_VALUE_INTEGER;
    } else if (integer && ybb__text_to_u64(cell.at, cell.length, &bits)) {
        value.kind = YBB_VALUE_UNSIGNED;
        value.number = (int64_t)bits;
    }
    return value;
}

/* The values that main rows @from to before @to add. */
static ybb_status gather(ybb_related_rows *rows, const ybb_block *main, uint32_t from, uint32_t to,
                         ybb_error *error)
{
    uint32_t before = ybb__cell_index_count(&rows->seen);
    ybb_status status = see_values(rows, main, from, to, error);
    ybb__buffer_clear(&rows->values);
    for (uint32_t i = before; i < ybb__cell_index_count(&rows->seen); i++) {
        ybb_value value =
            value_of(ybb__cell_index_at(&rows->seen, main->cells.at, i), rows->related->integer);
        ybb__buffer_put(&rows->values, &value, sizeof(value));
    }
    if (status == YBB_OK && ybb__buffer_failed(&rows->values))
        return ybb__fail_memory(error);
    return status;
}

/* The span of the values; false where one is no signed integer. */
static bool span_of(const ybb_value *values, uint32_t count, range *out)
{
    *out = (range){INT64_MAX, INT64_MIN};
    for (uint32_t i = 0; i < count; i++) {
        if (values[i].kind != YBB_VALUE_INTEGER)
            return false;
        if (values[i].number < out->least)
            out->least = values[i].number;
        if (values[i].number > out->greatest)
            out->greatest = values[i].number;
    }
    return count > 0;
}

/* Whether one range serves for the values: it has few gaps, and nothing in it was read before. */
static bool is_range(const ybb_related_rows *rows, range span, uint32_t count)
{
    uint64_t gaps_and_values = (uint64_t)span.greatest - (uint64_t)span.least; /* less one */
    return rows->related->by_range.sql != NULL && count >= RANGE_LEAST_VALUES &&
           gaps_and_values < (uint64_t)count * RANGE_PARTS / RANGE_PARTS_FILLED &&
           (span.greatest < rows->least || span.least > rows->greatest);
}

static ybb_status read_range(ybb_related_rows *rows, range span, ybb_block *block, size_t max_bytes,
                             bool *whole, ybb_error *error)
{
    const ybb_value ends[] = {{.kind = YBB_VALUE_INTEGER, .number = span.least},
                              {.kind = YBB_VALUE_INTEGER, .number = span.greatest}};
    ybb__buffer_put(&rows->ranges, &span, sizeof(span));
    if (ybb__buffer_failed(&rows->ranges))
        return ybb__fail_memory(error);
    return ybb__bound_query_read(&rows->by_range, ends, 2, block, max_bytes, whole, error);
}

/* Moves those of the rows found that have one of the values numbered from @first to before @last.
 */
static ybb_status take_found(ybb_related_rows *rows, const ybb_block *main, uint32_t first,
                             uint32_t last, ybb_block *block, ybb_error *error)
{
    ybb_cell *cells = (ybb_cell *)(void *)rows->cells.at;
    for (uint32_t i = 0; i < rows->found.rows; i++) {
        ybb__block_row(&rows->found, i, cells);
        ybb_cell cell = cells[rows->related->own_cells[0]];
        uint32_t number =
            cell.at == NULL ? UINT32_MAX : ybb__cell_index_find(&rows->seen, main->cells.at, cell);
        if (number >= first && number < last)
            ybb__block_put_row(block, cells);
    }
    return ybb__block_failed(block) ? ybb__fail_memory(error) : YBB_OK;
}

/* Every character set has the characters of ASCII. MySQL refuses to look in a column for a text
 * that the column's character set cannot write. */
static bool all_ascii(const ybb_value *values, uint32_t count)
{
    for (uint32_t i = 0; i < count; i++)
        for (size_t at = 0; at < values[i].length; at++)
            if ((unsigned char)values[i].at[at] > 0x7f)
                return false;
    return true;
}

static ybb_bound_list *list_for(ybb_related_rows *rows, const ybb_value *values, uint32_t count)
{
    bool bytes = rows->related->by_bytes.head != NULL && !all_ascii(values, count);
    return bytes ? &rows->by_bytes : &rows->by_values;
}

/* A database may take texts for equal whose bytes are not (REF1, ref1), and then finds rows under
 * each of them. So a row is taken only where it was looked up by its own bytes: once. */
static ybb_status read_texts(ybb_related_rows *rows, const ybb_block *main, const ybb_value *values,
                             uint32_t count, ybb_block *block, size_t max_bytes, bool *whole,
                             ybb_error *error)
{
    ybb_status status = YBB_OK;
    uint32_t first = ybb__cell_index_count(&rows->seen) - count;
    for (uint32_t done = 0; status == YBB_OK && *whole && done < count;) {
        uint32_t part = count - done < YBB_LIST_MOST ? count - done : YBB_LIST_MOST;
        size_t used = ybb__block_size(block);
        size_t room = max_bytes > used ? max_bytes - used : 1;
        ybb__block_reset(&rows->found, block->columns);
        status = ybb__bound_list_read(list_for(rows, values + done, part), values + done, part,
                                      &rows->found, max_bytes == 0 ? 0 : room, whole, error);
        if (status == YBB_OK)
            status = take_found(rows, main, first + done, first + done + part, block, error);
        done += part;
    }
    return status;
}

static ybb_status read_integers(ybb_related_rows *rows, const ybb_value *values, uint32_t count,
                                ybb_block *block, size_t max_bytes, bool *whole, ybb_error *error)
{
    range span;
    bool known = span_of(values, count, &span);
    bool ranged = known && is_range(rows, span, count);
    if (known && span.least < rows->least)
        rows->least = span.least;
    if (known && span.greatest > rows->greatest)
        rows->greatest = span.greatest;
    return ranged ? read_range(rows, span, block, max_bytes, whole, error)
                  : ybb__bound_list_read(&rows->by_values, values, count, block, max_bytes, whole,
                                         error);
}

ybb_status ybb__related_rows_read(ybb_related_rows *rows, const ybb_block *main, uint32_t from,
                                  uint32_t to, ybb_block *block, size_t max_bytes, bool *whole,
                                  ybb_error *error)
{
    *whole = true;
    ybb_status status = gather(rows, main, from, to, error);
    if (status != YBB_OK)
        return status;
    const ybb_value *values = (const ybb_value *)(const void *)rows->values.at;
    uint32_t count = (uint32_t)(rows->values.length / sizeof(*values));
    return rows->related->integer
               ? read_integers(rows, values, count, block, max_bytes, whole, error)
               : read_texts(rows, main, values, count, block, max_bytes, whole, error);
}
