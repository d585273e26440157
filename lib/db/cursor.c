/*
 * A slice is some main rows and then their related rows. Main rows alone count towards the
 * caller's limits; the related ones of a slice are held to a multiple of them, for a record with a
 * hundred essays must not make a slice a hundred times as large: where they are more, the slice
 * begins anew and grows in small steps. All limits work on the data alone, so that a slice is the
 * same at every reading.
 */
#include "db/cursor.h"

#include "base/saturate.h"
#include "base/text.h"
#include "db/block_edit.h"
#include "db/key_text.h"
#include "db/main_rows.h"
#include "db/related_rows.h"

#include <stdlib.h>

enum {
    RELATED_FACTOR = 4, /* related rows aim at so many times the limit of the main rows */
    RELATED_ENOUGH = 4, /* and are enough when less than one part of so many is missing */
    RELATED_SPARE = 4, /* a step that reads one part of so many above that is done again, smaller */
    STEP_SHRINK = 8
};

struct ybb_cursor {
    ybb_db *db;
    const ybb_reading *reading;
    uint64_t first; /* records that come before the first one to be read */
    uint64_t records;
    bool resumed; /* there are such */
    bool limited; /* there may be more records than these */
    bool begun;   /* the snapshot */
    ybb_main_rows main;
    ybb_related_rows *related; /* [related_count] */
    uint32_t related_count;    /* initialised */
    ybb_block lookup;
};

/* A slice that is being read. */
typedef struct growth {
    ybb_slice *slice;
    uint32_t max_rows;
    size_t max_bytes, related_bytes;
    uint32_t done; /* main rows whose related rows are there */
    uint32_t step; /* main rows to go on with */
    uint32_t most; /* that a step may have */
} growth;

/* Reads the number that @query counts, @behind a key or, NULL, of all. */
static ybb_status read_count(uint64_t *out, ybb_db *db, const ybb_query *query,
                             const ybb_value *behind, ybb_error *error)
{
    ybb_bound_query count = {.db = db, .query = query};
    ybb_block block = {0};
    ybb_cell cell;
    bool whole;
    ybb__block_reset(&block, 1);
    ybb_status status =
        ybb__bound_query_read(&count, behind, behind != NULL ? 1 : 0, &block, 0, &whole, error);
    if (status == YBB_OK) {
        bool counted = block.rows == 1;
        if (counted)
            ybb__block_row(&block, 0, &cell);
        if (!counted || !ybb__text_to_u64(cell.at, cell.length, out))
            status = ybb__fail(error, YBB_SOURCE_ERROR, "counting the records gave no number");
    }
    ybb__block_free(&block);
    ybb__bound_query_free(&count);
    return status;
}

/* @left records stand behind those before the first one to be read. */
static void set_records(ybb_cursor *cursor, uint64_t left, uint64_t limit)
{
    uint64_t before = cursor->main.given;
    uint64_t most = limit > before ? limit - before : 0;
    cursor->limited = most < left;
    cursor->records = before + (cursor->limited ? most : left);
}

/* How many records stand behind the start. */
static ybb_status count_left(ybb_cursor *cursor, uint64_t *left, ybb_error *error)
{
    const ybb_reading *reading = cursor->reading;
    ybb_value key;
    if (!cursor->resumed || !reading->by_key)
        return read_count(left, cursor->db, &reading->count, NULL, error);
    ybb_status status = ybb__main_rows_key(&cursor->main, &key, error);
    return status == YBB_OK ? read_count(left, cursor->db, &reading->count_behind, &key, error)
                            : status;
}

/* The first @wanted of @counted keys: where these are all, one more, to see it where there is one.
 */
static ybb_status read_keys(ybb_cursor *cursor, uint64_t wanted, uint64_t counted, ybb_error *error)
{
    ybb_key_list *keys = &cursor->main.keys;
    ybb__key_list_free(keys);
    *keys = (ybb_key_list){0};
    ybb_status status = ybb__key_list_read(keys, cursor->db, cursor->reading,
                                           wanted < counted ? wanted : counted + 1, error);
    uint64_t count = ybb__key_list_count(keys);
    if (status == YBB_OK && count != wanted)
        return ybb__fail(error, YBB_SOURCE_SHORT,
                         "the database sorted %s than the %llu records it counted",
                         count < wanted ? "fewer" : "more", (unsigned long long)wanted);
    return status;
}

/* All keys, for who knows where the one is behind which the rows go on. What stands behind the
 * limit is dropped by another reading, for groups alone: they would not end where the rows do. */
static ybb_status find_place(ybb_cursor *cursor, uint64_t counted, uint64_t limit, ybb_error *error)
{
    ybb_main_rows *main = &cursor->main;
    ybb_status status = read_keys(cursor, counted, counted, error);
    if (status == YBB_OK)
        status = ybb__main_rows_find(main, error);
    if (status != YBB_OK)
        return status;
    set_records(cursor, counted - main->place, limit);
    uint64_t last = main->place + (cursor->records - main->given);
    if (cursor->reading->per == NULL || last == counted)
        return YBB_OK;
    return read_keys(cursor, last, counted, error);
}

/* Of @counted records, in an order that is not their keys' all there are. */
static ybb_status take_count(ybb_cursor *cursor, uint64_t counted, uint64_t limit, ybb_error *error)
{
    bool by_key = cursor->reading->by_key;
    if (cursor->resumed && !by_key)
        return find_place(cursor, counted, limit, error);
    set_records(cursor, counted, limit);
    return cursor->records > 0 && !by_key ? read_keys(cursor, cursor->records, counted, error)
                                          : YBB_OK;
}

static ybb_status read_lookup(ybb_cursor *cursor, ybb_error *error)
{
    enum { KEY_AND_TEXT = 2 };
    ybb_bound_query lookup = {.db = cursor->db, .query = &cursor->reading->lookup};
    bool whole;
    ybb__block_reset(&cursor->lookup, KEY_AND_TEXT);
    if (lookup.query->sql == NULL)
        return YBB_OK;
    ybb_status status = ybb__bound_query_read(&lookup, NULL, 0, &cursor->lookup, 0, &whole, error);
    ybb__bound_query_free(&lookup);
    return status;
}

static ybb_status prepare(ybb_cursor *cursor, ybb_error *error)
{
    const ybb_reading *reading = cursor->reading;
    if (!ybb__main_rows_init(&cursor->main, cursor->db, reading))
        return ybb__fail_memory(error);
    cursor->related = calloc(reading->related_count + 1, sizeof(*cursor->related));
    if (cursor->related == NULL)
        return ybb__fail_memory(error);
    for (uint32_t i = 0; i < reading->related_count; i++) {
        cursor->related_count++;
        if (!ybb__related_rows_init(&cursor->related[i], cursor->db, &reading->related[i],
                                    reading->columns))
            return ybb__fail_memory(error);
    }
    return YBB_OK;
}

static ybb_status take_start(ybb_cursor *cursor, const ybb_cursor_start *start, ybb_error *error)
{
    if (start == NULL || (start->before == 0 && start->behind == NULL))
        return YBB_OK;
    if (start->before == 0 || start->behind == NULL)
        return ybb__fail(error, YBB_MISUSE,
                         "a cursor's start has a count without a key, or a key "
                         "without a count");
    cursor->resumed = true;
    cursor->first = start->before;
    return ybb__main_rows_start(&cursor->main, start->before, start->behind, error);
}

/* Where @counted is NULL the snapshot begins, and they are counted. */
static ybb_status read_snapshot(ybb_cursor *cursor, uint64_t limit, const uint64_t *counted,
                                ybb_error *error)
{
    const ybb_reading *reading = cursor->reading;
    bool reads = counted == NULL || reading->lookup.sql != NULL || !reading->by_key;
    uint64_t records = 0;
    ybb_status status = YBB_OK;
    cursor->begun = true;
    if (counted == NULL)
        status = ybb__db_snapshot_begin(cursor->db, error);
    if (status == YBB_OK)
        status = read_lookup(cursor, error);
    if (status == YBB_OK && counted == NULL)
        status = count_left(cursor, &records, error);
    if (status == YBB_OK)
        status = take_count(cursor, counted != NULL ? *counted : records, limit, error);
    return status == YBB_OK && reads ? ybb__db_snapshot_rest(cursor->db, error) : status;
}

static ybb_status open_cursor(ybb_cursor **out, ybb_db *db, const ybb_reading *reading,
                              uint64_t limit, const ybb_cursor_start *start,
                              const uint64_t *counted, ybb_error *error)
{
    *out = NULL;
    ybb_cursor *cursor = calloc(1, sizeof(*cursor));
    if (cursor == NULL)
        return ybb__fail_memory(error);
    cursor->db = db;
    cursor->reading = reading;
    ybb_status status = prepare(cursor, error);
    if (status == YBB_OK)
        status = take_start(cursor, start, error);
    if (status == YBB_OK)
        status = read_snapshot(cursor, limit, counted, error);
    if (status == YBB_OK)
        *out = cursor;
    else
        ybb__cursor_free(cursor);
    return status;
}

ybb_status ybb__cursor_open(ybb_cursor **out, ybb_db *db, const ybb_reading *reading,
                            uint64_t limit, const ybb_cursor_start *start, ybb_error *error)
{
    return open_cursor(out, db, reading, limit, start, NULL, error);
}

ybb_status ybb__cursor_open_counted(ybb_cursor **out, ybb_db *db, const ybb_reading *reading,
                                    uint64_t limit, uint64_t records, ybb_error *error)
{
    return open_cursor(out, db, reading, limit, NULL, &records, error);
}

ybb_status ybb__cursor_count(uint64_t *records, ybb_db *db, const ybb_reading *reading,
                             ybb_error *error)
{
    *records = 0;
    ybb_status status = ybb__db_snapshot_begin(db, error);
    if (status == YBB_OK)
        status = read_count(records, db, &reading->count, NULL, error);
    return status == YBB_OK ? ybb__db_snapshot_rest(db, error) : status;
}

void ybb__cursor_drop(ybb_cursor *cursor)
{
    if (cursor == NULL)
        return;
    ybb__main_rows_free(&cursor->main);
    for (uint32_t i = 0; i < cursor->related_count; i++)
        ybb__related_rows_free(&cursor->related[i]);
    free(cursor->related);
    ybb__block_free(&cursor->lookup);
    free(cursor);
}

void ybb__cursor_free(ybb_cursor *cursor)
{
    ybb_db *begun = cursor != NULL && cursor->begun ? cursor->db : NULL;
    ybb__cursor_drop(cursor);
    if (begun != NULL)
        ybb__db_snapshot_end(begun);
}

uint64_t ybb__cursor_records(const ybb_cursor *cursor)
{
    return cursor->records;
}

const ybb_groups *ybb__cursor_groups(const ybb_cursor *cursor)
{
    return &cursor->main.keys.groups;
}

ybb_status ybb__cursor_key(const ybb_cursor *cursor, char **key, ybb_error *error)
{
    const ybb_buffer *bytes = &cursor->main.key;
    ybb_buffer text = {0};
    *key = NULL;
    if (cursor->main.given == cursor->first)
        return YBB_OK;
    if (cursor->reading->key_integer && !ybb__key_is_integer(bytes->at, bytes->length))
        return ybb__fail(error, YBB_SOURCE_ERROR, "a record has a key that is no integer");
    ybb__key_text_put(&text, bytes->at, bytes->length);
    *key = ybb__buffer_take(&text);
    return *key != NULL ? YBB_OK : ybb__fail_memory(error);
}

const ybb_block *ybb__cursor_lookup(const ybb_cursor *cursor)
{
    return &cursor->lookup;
}

static size_t times(size_t bytes, size_t factor)
{
    return (size_t)ybb__times_at_most(bytes, factor, SIZE_MAX);
}

static size_t related_size(const ybb_slice *slice)
{
    size_t size = 0;
    for (uint32_t i = 0; i < slice->related_count; i++)
        size += ybb__block_size(&slice->related[i]);
    return size;
}

/* Begins the slice's related rows, with steps of at most @most main rows. */
static void start(ybb_cursor *cursor, growth *g, uint32_t most)
{
    for (uint32_t i = 0; i < cursor->related_count; i++) {
        ybb__related_rows_reset(&cursor->related[i]);
        ybb__block_reset(&g->slice->related[i], cursor->reading->related[i].columns);
    }
    g->done = 0;
    g->most = most;
    g->step = most;
}

/* Reads the related rows of the main rows from g->done to before @to. Not *@whole where they are
 * too many to be held; a single record's never are. */
static ybb_status read_related(ybb_cursor *cursor, growth *g, uint32_t to, bool *whole,
                               ybb_error *error)
{
    size_t most = times(g->related_bytes / RELATED_SPARE, RELATED_SPARE + 1);
    ybb_status status = YBB_OK;
    *whole = true;
    for (uint32_t i = 0; status == YBB_OK && *whole && i < cursor->related_count; i++) {
        ybb_block *block = &g->slice->related[i];
        size_t used = related_size(g->slice);
        size_t limit = used < most ? ybb__block_size(block) + (most - used) : 1;
        if (to - g->done == 1)
            limit = 0;
        status = ybb__related_rows_read(&cursor->related[i], &g->slice->main, g->done, to, block,
                                        limit, whole, error);
    }
    return status;
}

/* So many main rows as should fill what the related rows may still take. */
static uint32_t next_step(const growth *g, size_t used)
{
    size_t each = used / g->done + 1;
    uint64_t fit = (g->related_bytes - used) / each + 1;
    return fit < g->most ? (uint32_t)fit : g->most;
}

/* Takes the slice a step further; *@full when it is done. */
static ybb_status grow(ybb_cursor *cursor, growth *g, bool *full, ybb_error *error)
{
    uint32_t goal = g->max_rows - g->done < g->step ? g->max_rows : g->done + g->step;
    ybb_block *main = &g->slice->main;
    bool whole = true;
    ybb_status status = ybb__main_rows_fill(&cursor->main, main, goal, g->max_bytes, error);
    if (status != YBB_OK)
        return status;
    uint32_t to = main->rows < goal ? main->rows : goal;
    *full = to == g->done;
    if (!*full)
        status = read_related(cursor, g, to, &whole, error);
    if (status != YBB_OK || *full)
        return status;
    if (!whole) {
        start(cursor, g, (to - g->done + STEP_SHRINK - 1) / STEP_SHRINK);
        return YBB_OK;
    }
    g->done = to;
    size_t used = related_size(g->slice);
    *full = to == g->max_rows || used >= g->related_bytes - g->related_bytes / RELATED_ENOUGH;
    if (!*full)
        g->step = next_step(g, used);
    return YBB_OK;
}

static ybb_status read_slice(ybb_cursor *cursor, ybb_slice *slice, uint32_t max_rows,
                             size_t max_bytes, ybb_error *error)
{
    growth g = {.slice = slice,
                .max_rows = max_rows,
                .max_bytes = max_bytes,
                .related_bytes = times(max_bytes, RELATED_FACTOR)};
    ybb_status status = YBB_OK;
    if (cursor->related_count == 0)
        return ybb__main_rows_fill(&cursor->main, &slice->main, max_rows, max_bytes, error);
    start(cursor, &g, UINT32_MAX);
    for (bool full = false; status == YBB_OK && !full;)
        status = grow(cursor, &g, &full, error);
    ybb__block_cut(&slice->main, g.done);
    return status;
}

ybb_status ybb__cursor_next(ybb_cursor *cursor, ybb_slice *slice, uint32_t max_rows,
                            size_t max_bytes, ybb_error *error)
{
    uint64_t given = cursor->main.given;
    uint64_t left = cursor->records - given;
    if (!ybb__slice_reset(slice, cursor->reading->columns, cursor->related_count))
        return ybb__fail_memory(error);
    slice->first_record = given;
    if (left == 0)
        return YBB_OK;
    if (max_rows == 0 || max_bytes == 0)
        return ybb__fail(error, YBB_MISUSE, "a slice of no rows is asked for");
    ybb_status status =
        read_slice(cursor, slice, left < max_rows ? (uint32_t)left : max_rows, max_bytes, error);
    if (status == YBB_OK)
        status = ybb__main_rows_pass(&cursor->main, &slice->main, error);
    if (status == YBB_OK && cursor->reading->by_key && !cursor->limited &&
        cursor->main.given == cursor->records)
        status = ybb__main_rows_check_end(&cursor->main, error);
    return status == YBB_OK ? ybb__db_snapshot_rest(cursor->db, error) : status;
}

ybb_status ybb__cursor_rewind(ybb_cursor *cursor, const ybb_cursor_start *to, ybb_error *error)
{
    ybb_main_rows *main = &cursor->main;
    if (to->before > main->given || (to->behind == NULL && to->before != 0))
        return ybb__fail(error, YBB_MISUSE, "a cursor goes back to what it has not given");
    return ybb__main_rows_rewind(main, to->before, to->behind, error);
}

uint64_t ybb__cursor_size(const ybb_cursor *cursor)
{
    return ybb__key_list_size(&cursor->main.keys) + ybb__block_size(&cursor->lookup);
}
