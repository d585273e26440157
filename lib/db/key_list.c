#include "db/key_list.h"

#include "base/text.h"
#include "db/bound_query.h"
#include "db/driver.h"

/* Integer keys are taken out of the block after so many. */
enum { KEYS_AT_ONCE = 4096 };

void ybb__key_list_free(ybb_key_list *keys)
{
    ybb__buffer_free(&keys->numbers);
    ybb__block_free(&keys->texts);
    ybb__groups_free(&keys->groups);
}

static ybb_status take_number(ybb_key_list *keys, ybb_cell cell, ybb_error *error)
{
    int64_t number;
    uint64_t bits;
    if (cell.at != NULL && ybb__text_to_i64(cell.at, cell.length, &number))
        bits = (uint64_t)number;
    else if (cell.at != NULL && ybb__text_to_u64(cell.at, cell.length, &bits))
        keys->is_unsigned = true;
    else
        return ybb__fail(error, YBB_SOURCE_ERROR, "a record has a key that is no integer");
    ybb__buffer_put(&keys->numbers, &bits, sizeof(bits));
    return YBB_OK;
}

static ybb_status take_numbers(ybb_key_list *keys, ybb_error *error)
{
    ybb_status status = YBB_OK;
    ybb_cell cell;
    for (uint32_t i = 0; status == YBB_OK && i < keys->texts.rows; i++) {
        ybb__block_row(&keys->texts, i, &cell);
        status = take_number(keys, cell, error);
    }
    ybb__block_reset(&keys->texts, 1);
    if (status == YBB_OK && ybb__buffer_failed(&keys->numbers))
        return ybb__fail_memory(error);
    return status;
}

static ybb_status fetch_keys(ybb_key_list *keys, ybb_statement *statement, ybb_error *error)
{
    ybb_status status = YBB_OK;
    for (bool end = false; status == YBB_OK && !end;) {
        status = ybb__statement_next(statement, &keys->texts, &end, error);
        if (status == YBB_OK && keys->integer && (end || keys->texts.rows == KEYS_AT_ONCE))
            status = take_numbers(keys, error);
    }
    return status;
}

/* The cells of a row that has the record's group besides its key. */
enum { KEY, GROUP, PER, PER_FALLBACK, MOST_CELLS };

static uint32_t cells_of(const ybb_reading *reading)
{
    if (reading->per == NULL)
        return 1;
    return reading->per->fallback_cell != UINT32_MAX ? MOST_CELLS : PER_FALLBACK;
}

/* Takes the one row of @row into the groups, and its key into the list. */
static ybb_status take_grouped(ybb_key_list *keys, const ybb_per *per, const ybb_block *row,
                               ybb_error *error)
{
    ybb_cell cells[MOST_CELLS];
    ybb__block_row(row, 0, cells);
    const ybb_cell *fallback = row->columns == MOST_CELLS ? &cells[PER_FALLBACK] : NULL;
    if (!ybb__groups_add(&keys->groups, per, &cells[GROUP], &cells[PER], fallback))
        return ybb__fail_memory(error);
    if (cells[KEY].at == NULL)
        return ybb__fail(error, YBB_SOURCE_ERROR, "a record has no key");
    ybb__block_put(&keys->texts, cells[KEY].at, cells[KEY].length);
    ybb__block_end_row(&keys->texts);
    if (ybb__block_failed(&keys->texts))
        return ybb__fail_memory(error);
    bool enough = keys->integer && keys->texts.rows == KEYS_AT_ONCE;
    return enough ? take_numbers(keys, error) : YBB_OK;
}

static ybb_status fetch_grouped(ybb_key_list *keys, ybb_statement *statement,
                                const ybb_reading *reading, ybb_error *error)
{
    ybb_block row = {0};
    ybb_status status = YBB_OK;
    for (bool end = false; status == YBB_OK && !end;) {
        ybb__block_reset(&row, cells_of(reading));
        status = ybb__statement_next(statement, &row, &end, error);
        if (status == YBB_OK && !end)
            status = take_grouped(keys, reading->per, &row, error);
    }
    if (status == YBB_OK && keys->integer)
        status = take_numbers(keys, error);
    ybb__block_free(&row);
    return status;
}

ybb_status ybb__key_list_read(ybb_key_list *out, ybb_db *db, const ybb_reading *reading,
                              uint64_t limit, ybb_error *error)
{
    const ybb_value most = {.kind = YBB_VALUE_INTEGER,
                            .number = limit > INT64_MAX ? INT64_MAX : (int64_t)limit};
    ybb_bound_query order = {.db = db, .query = &reading->order};
    out->integer = reading->key_integer;
    ybb__block_reset(&out->texts, 1);
    ybb_status status = ybb__bound_query_begin(&order, &most, 1, error);
    uint32_t cells = cells_of(reading);
    if (status == YBB_OK && ybb__statement_columns(order.statement) != cells)
        status = ybb__fail(error, YBB_MISUSE, "the keys are read by rows of %u cells", cells);
    if (status == YBB_OK && reading->per != NULL)
        status = fetch_grouped(out, order.statement, reading, error);
    else if (status == YBB_OK)
        status = fetch_keys(out, order.statement, error);
    if (order.statement != NULL) {
        ybb_status ended = ybb__statement_end(order.statement, error);
        status = status == YBB_OK ? ended : status;
    }
    ybb__bound_query_free(&order);
    return status;
}

uint64_t ybb__key_list_size(const ybb_key_list *keys)
{
    return keys->numbers.capacity + ybb__block_size(&keys->texts) + keys->groups.ends.capacity;
}

uint64_t ybb__key_list_count(const ybb_key_list *keys)
{
    return keys->integer ? keys->numbers.length / sizeof(uint64_t) : keys->texts.rows;
}

ybb_value ybb__key_list_at(const ybb_key_list *keys, uint64_t index)
{
    if (!keys->integer) {
        ybb_cell cell;
        ybb__block_row(&keys->texts, (uint32_t)index, &cell);
        return (ybb_value){.kind = YBB_VALUE_TEXT, .at = cell.at, .length = cell.length};
    }
    uint64_t bits;
    memcpy(&bits, keys->numbers.at + index * sizeof(bits), sizeof(bits));
    return (ybb_value){.kind = keys->is_unsigned ? YBB_VALUE_UNSIGNED : YBB_VALUE_INTEGER,
                       .number = (int64_t)bits};
}

static bool is_same(const ybb_value *a, const ybb_value *b)
{
    if (a->kind == YBB_VALUE_TEXT || b->kind == YBB_VALUE_TEXT)
        return a->kind == b->kind && a->length == b->length &&
               (a->length == 0 || memcmp(a->at, b->at, a->length) == 0);
    /* one number may be of either kind, unless its bits are those of a negative one too */
    bool is_negative = (a->kind == YBB_VALUE_INTEGER && a->number < 0) ||
                       (b->kind == YBB_VALUE_INTEGER && b->number < 0);
    return a->number == b->number && (a->kind == b->kind || !is_negative);
}

bool ybb__key_list_find(const ybb_key_list *keys, const ybb_value *key, uint64_t *index)
{
    uint64_t count = ybb__key_list_count(keys);
    for (uint64_t i = 0; i < count; i++) {
        const ybb_value other = ybb__key_list_at(keys, i);
        if (!is_same(&other, key))
            continue;
        *index = i;
        return true;
    }
    return false;
}
