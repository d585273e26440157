#include "db/main_rows.h"

#include "base/saturate.h"
#include "base/text.h"
#include "db/block_edit.h"
#include "db/key_text.h"

enum {
    ROWS_AT_FIRST = 128, /* while the size of a row is not known */
    SPARE_PART = 8,      /* a statement asks for an eighth more than should fill a slice */
    FOUND_FACTOR = 4     /* rows found by keys are dropped when they are so many times a slice */
};

bool ybb__main_rows_init(ybb_main_rows *rows, ybb_db *db, const ybb_reading *reading)
{
    *rows = (ybb_main_rows){.reading = reading};
    rows->first = (ybb_bound_query){.db = db, .query = &reading->first};
    rows->next = (ybb_bound_query){.db = db, .query = &reading->next};
    rows->within = (ybb_bound_query){.db = db, .query = &reading->within};
    rows->window.descending = reading->descending;
    rows->by_keys = (ybb_bound_list){.db = db, .query = &reading->by_keys};
    return ybb__buffer_reserve(&rows->cells, reading->columns * sizeof(ybb_cell));
}

void ybb__main_rows_free(ybb_main_rows *rows)
{
    ybb__bound_query_free(&rows->first);
    ybb__bound_query_free(&rows->next);
    ybb__bound_query_free(&rows->within);
    ybb__buffer_free(&rows->key);
    ybb__key_list_free(&rows->keys);
    ybb__bound_list_free(&rows->by_keys);
    ybb__block_free(&rows->found);
    ybb__cell_index_free(&rows->found_keys);
    ybb__buffer_free(&rows->values);
    ybb__buffer_free(&rows->cells);
}

static ybb_cell key_of(ybb_main_rows *rows, const ybb_block *block, uint32_t row)
{
    ybb_cell *cells = (ybb_cell *)(void *)rows->cells.at;
    ybb__block_row(block, row, cells);
    return cells[rows->reading->key_cell];
}

static ybb_status fail_short(const ybb_main_rows *rows, uint32_t more, ybb_error *error)
{
    return ybb__fail(error, YBB_SOURCE_SHORT, "the database ended after %llu records",
                     (unsigned long long)(rows->given + more));
}

/* Rows to ask for, of the @need that are missing in @block. */
static uint32_t ask(const ybb_main_rows *rows, const ybb_block *block, uint32_t need,
                    size_t max_bytes)
{
    uint64_t fit = ROWS_AT_FIRST;
    if (rows->row_bytes > 0) {
        fit = (max_bytes - ybb__block_size(block)) / rows->row_bytes + 1;
        fit += fit / SPARE_PART;
    }
    return fit < need ? (uint32_t)fit : need;
}

static void learn_size(ybb_main_rows *rows, const ybb_block *block)
{
    if (block->rows > 0)
        rows->row_bytes = ybb__block_size(block) / block->rows;
}

ybb_status ybb__main_rows_key(const ybb_main_rows *rows, ybb_value *out, ybb_error *error)
{
    const ybb_buffer *key = &rows->key;
    *out = (ybb_value){.kind = YBB_VALUE_TEXT, .at = key->at, .length = key->length};
    if (!rows->reading->key_integer)
        return YBB_OK;
    uint64_t bits;
    if (ybb__text_to_i64(key->at, key->length, &out->number)) {
        out->kind = YBB_VALUE_INTEGER;
    } else if (ybb__text_to_u64(key->at, key->length, &bits)) {
        out->kind = YBB_VALUE_UNSIGNED;
        out->number = (int64_t)bits;
    } else {
        return ybb__fail(error, YBB_SOURCE_ERROR, "a record has a key that is no integer");
    }
    return YBB_OK;
}

ybb_status ybb__main_rows_start(ybb_main_rows *rows, uint64_t before, const char *behind,
                                ybb_error *error)
{
    rows->given = before;
    rows->begun = true;
    ybb__buffer_clear(&rows->key);
    return ybb__key_text_read(&rows->key, behind, rows->reading->key_integer, error);
}

ybb_status ybb__main_rows_rewind(ybb_main_rows *rows, uint64_t before, const char *behind,
                                 ybb_error *error)
{
    rows->place -= rows->given - before;
    if (behind != NULL)
        return ybb__main_rows_start(rows, before, behind, error);
    rows->given = before;
    rows->begun = false;
    ybb__buffer_clear(&rows->key);
    return YBB_OK;
}

ybb_status ybb__main_rows_find(ybb_main_rows *rows, ybb_error *error)
{
    ybb_value key;
    uint64_t index;
    ybb_status status = ybb__main_rows_key(rows, &key, error);
    if (status != YBB_OK)
        return status;
    if (!ybb__key_list_find(&rows->keys, &key, &index))
        return ybb__fail(error, YBB_NOT_RESUMABLE,
                         "the record behind which the export goes on is not among its records any "
                         "more");
    rows->place = index + 1;
    return YBB_OK;
}

/* A copy: the block moves while it grows. */
static ybb_status keep_key(ybb_main_rows *rows, const ybb_block *block, ybb_error *error)
{
    ybb_cell key = key_of(rows, block, block->rows - 1);
    if (key.at == NULL)
        return ybb__fail(error, YBB_SOURCE_ERROR, "a record has no key");
    ybb__buffer_clear(&rows->key);
    ybb__buffer_put(&rows->key, key.at, key.length);
    return ybb__buffer_failed(&rows->key) ? ybb__fail_memory(error) : YBB_OK;
}

/* @block has @count rows more, behind @from. */
static ybb_status learn_gap(ybb_main_rows *rows, const ybb_block *block, const ybb_value *from,
                            uint32_t count, ybb_error *error)
{
    ybb_value last;
    if (count == 0 || !rows->reading->key_integer)
        return YBB_OK;
    ybb_status status = keep_key(rows, block, error);
    if (status == YBB_OK)
        status = ybb__main_rows_key(rows, &last, error);
    if (status == YBB_OK)
        ybb__key_window_learn(&rows->window, from, &last, count);
    return status;
}

/* The next @count rows behind @key, from as many windows as it takes. */
static ybb_status read_behind(ybb_main_rows *rows, const ybb_value *key, ybb_block *block,
                              uint32_t count, size_t max_bytes, bool *whole, ybb_error *error)
{
    ybb_value from = *key, end;
    uint32_t before = block->rows, got = 0;
    ybb_status status = YBB_OK;
    ybb__key_window_open(&rows->window, count);
    for (bool ended = false; status == YBB_OK && !ended;) {
        ybb_value left = {.kind = YBB_VALUE_INTEGER, .number = count - got};
        bool closed =
            rows->reading->within.sql != NULL && ybb__key_window_end(&rows->window, &from, &end);
        ybb_value values[] = {from, closed ? end : left, left};
        status = ybb__bound_query_read(closed ? &rows->within : &rows->next, values, closed ? 3 : 2,
                                       block, max_bytes, whole, error);
        got = block->rows - before;
        ended = !closed || !*whole || got == count;
        from = end;
        ybb__key_window_widen(&rows->window);
    }
    return status == YBB_OK ? learn_gap(rows, block, key, got, error) : status;
}

/* The next @count rows behind those of @block, or behind the last one passed. */
static ybb_status read_by_key(ybb_main_rows *rows, ybb_block *block, uint32_t count,
                              size_t max_bytes, bool *whole, ybb_error *error)
{
    ybb_value key, all = {.kind = YBB_VALUE_INTEGER, .number = count};
    if (!rows->begun && block->rows == 0)
        return ybb__bound_query_read(&rows->first, &all, 1, block, max_bytes, whole, error);
    ybb_status status = block->rows > 0 ? keep_key(rows, block, error) : YBB_OK;
    if (status == YBB_OK)
        status = ybb__main_rows_key(rows, &key, error);
    return status == YBB_OK ? read_behind(rows, &key, block, count, max_bytes, whole, error)
                            : status;
}

static ybb_status fill_by_key(ybb_main_rows *rows, ybb_block *block, uint32_t goal,
                              size_t max_bytes, ybb_error *error)
{
    ybb_status status = YBB_OK;
    while (status == YBB_OK && block->rows < goal && ybb__block_size(block) < max_bytes) {
        bool whole;
        uint32_t before = block->rows;
        uint32_t count = ask(rows, block, goal - before, max_bytes);
        status = read_by_key(rows, block, count, max_bytes, &whole, error);
        if (status == YBB_OK && whole && block->rows - before != count)
            status = fail_short(rows, block->rows, error);
        learn_size(rows, block);
    }
    return status;
}

static ybb_status find_some(ybb_main_rows *rows, uint64_t from, uint32_t count, size_t max_bytes,
                            bool *whole, ybb_error *error)
{
    ybb__buffer_clear(&rows->values);
    for (uint32_t i = 0; i < count; i++) {
        ybb_value key = ybb__key_list_at(&rows->keys, from + i);
        ybb__buffer_put(&rows->values, &key, sizeof(key));
    }
    if (ybb__buffer_failed(&rows->values))
        return ybb__fail_memory(error);
    ybb__block_reset(&rows->found, rows->reading->columns);
    return ybb__bound_list_read(&rows->by_keys, (const ybb_value *)(const void *)rows->values.at,
                                count, &rows->found, max_bytes, whole, error);
}

/* Reads the rows of *@count keys from number @from on into `found`, or of fewer where they are too
 * large to be held together. */
static ybb_status find_rows(ybb_main_rows *rows, uint64_t from, uint32_t *count, size_t max_bytes,
                            ybb_error *error)
{
    size_t most = (size_t)ybb__times_at_most(max_bytes, FOUND_FACTOR, SIZE_MAX);
    bool whole;
    ybb_status status = find_some(rows, from, *count, *count > 1 ? most : 0, &whole, error);
    while (status == YBB_OK && !whole) {
        *count = (*count + FOUND_FACTOR - 1) / FOUND_FACTOR;
        status = find_some(rows, from, *count, *count > 1 ? most : 0, &whole, error);
    }
    learn_size(rows, &rows->found);
    return status;
}

static ybb_status index_found(ybb_main_rows *rows, ybb_error *error)
{
    ybb__cell_index_clear(&rows->found_keys);
    for (uint32_t i = 0; i < rows->found.rows; i++) {
        ybb_cell key = key_of(rows, &rows->found, i);
        if (key.at == NULL)
            return ybb__fail(error, YBB_SOURCE_ERROR, "a record has no key");
        if (!ybb__cell_index_add(&rows->found_keys, rows->found.cells.at, key))
            return ybb__fail_memory(error);
    }
    return YBB_OK;
}

/* The row in `found` that has a key; UINT32_MAX: none. */
static uint32_t row_of(const ybb_main_rows *rows, uint64_t number)
{
    ybb_value key = ybb__key_list_at(&rows->keys, number);
    char digits[YBB_NUMBER_TEXT];
    ybb_cell cell = {key.at, (uint32_t)key.length};
    if (key.kind == YBB_VALUE_UNSIGNED)
        cell = (ybb_cell){digits, (uint32_t)ybb__text_from_u64(digits, (uint64_t)key.number)};
    else if (key.kind == YBB_VALUE_INTEGER)
        cell = (ybb_cell){digits, (uint32_t)ybb__text_from_i64(digits, key.number)};
    return ybb__cell_index_find(&rows->found_keys, rows->found.cells.at, cell);
}

/* Appends the rows of @count keys in the order of the keys. */
static ybb_status put_in_order(ybb_main_rows *rows, ybb_block *block, uint64_t from, uint32_t count,
                               size_t max_bytes, ybb_error *error)
{
    ybb_cell *cells = (ybb_cell *)(void *)rows->cells.at;
    for (uint32_t i = 0; i < count && ybb__block_size(block) < max_bytes; i++) {
        uint32_t row = row_of(rows, from + i);
        if (row == UINT32_MAX)
            return ybb__fail(error, YBB_SOURCE_SHORT,
                             "a record is gone since the records were sorted");
        ybb__block_row(&rows->found, row, cells);
        ybb__block_put_row(block, cells);
        if (ybb__block_failed(block))
            return ybb__fail_memory(error);
    }
    return YBB_OK;
}

static ybb_status fill_by_order(ybb_main_rows *rows, ybb_block *block, uint32_t goal,
                                size_t max_bytes, ybb_error *error)
{
    ybb_status status = YBB_OK;
    while (status == YBB_OK && block->rows < goal && ybb__block_size(block) < max_bytes) {
        uint64_t from = rows->place + block->rows;
        uint32_t count = ask(rows, block, goal - block->rows, max_bytes);
        if (count > ybb__key_list_count(&rows->keys) - from)
            return fail_short(rows, block->rows, error);
        status = find_rows(rows, from, &count, max_bytes, error);
        if (status == YBB_OK && rows->found.rows != count)
            status = ybb__fail(error, YBB_SOURCE_SHORT, "the database gave %u records for %u keys",
                               rows->found.rows, count);
        if (status == YBB_OK)
            status = index_found(rows, error);
        if (status == YBB_OK)
            status = put_in_order(rows, block, from, count, max_bytes, error);
    }
    return status;
}

ybb_status ybb__main_rows_fill(ybb_main_rows *rows, ybb_block *block, uint32_t goal,
                               size_t max_bytes, ybb_error *error)
{
    return rows->reading->by_key ? fill_by_key(rows, block, goal, max_bytes, error)
                                 : fill_by_order(rows, block, goal, max_bytes, error);
}

ybb_status ybb__main_rows_pass(ybb_main_rows *rows, const ybb_block *block, ybb_error *error)
{
    if (block->rows == 0)
        return YBB_OK;
    rows->given += block->rows;
    rows->place += block->rows;
    rows->begun = true;
    return keep_key(rows, block, error);
}

ybb_status ybb__main_rows_check_end(ybb_main_rows *rows, ybb_error *error)
{
    bool whole;
    ybb__block_reset(&rows->found, rows->reading->columns);
    rows->window.gap = 0; /* behind the last record an open range is as small as any */
    ybb_status status = read_by_key(rows, &rows->found, 1, 0, &whole, error);
    if (status == YBB_OK && rows->found.rows > 0)
        status = ybb__fail(error, YBB_SOURCE_SHORT, "the database has more than its %llu records",
                           (unsigned long long)rows->given);
    return status;
}
