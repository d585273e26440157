/*
 * lib/db/cursor that goes on in a new snapshot: rows before a cut and rows behind it are, wherever
 * the cut is, the rows of a cursor that was not cut.
 */
#include "db/cursor.h"
#include "db_sources.h"

enum { ID, CODE, RANK, TOWN, MONEY, CELLS };

#define ROW "SELECT id, code, rank_, town, money FROM cut"
#define ALL "SELECT COUNT(*) FROM cut"

static const ybb_per per_money = {MONEY, UINT32_MAX, NULL};

/* By an integer key, by a text key, by other columns with NULLs and ties, and in groups. */
static const struct order {
    const char *sql; /* all rows in this order */
    ybb_reading reading;
} orders[] = {
    {ROW " ORDER BY id",
     {.key_cell = ID,
      .key_integer = true,
      .by_key = true,
      .count_behind = {.sql = ALL " WHERE id > ?"},
      .first = {.sql = ROW " ORDER BY id LIMIT ?"},
      .next = {.sql = ROW " WHERE id > ? ORDER BY id LIMIT ?"},
      .within = {.sql = ROW " WHERE id > ? AND id <= ? ORDER BY id LIMIT ?"}}},
    {ROW " ORDER BY id DESC",
     {.key_cell = ID,
      .key_integer = true,
      .by_key = true,
      .count_behind = {.sql = ALL " WHERE id < ?"},
      .first = {.sql = ROW " ORDER BY id DESC LIMIT ?"},
      .descending = true,
      .next = {.sql = ROW " WHERE id < ? ORDER BY id DESC LIMIT ?"},
      .within = {.sql = ROW " WHERE id < ? AND id >= ? ORDER BY id DESC LIMIT ?"}}},
    {ROW " ORDER BY code",
     {.key_cell = CODE,
      .by_key = true,
      .count_behind = {.sql = ALL " WHERE code > ?"},
      .first = {.sql = ROW " ORDER BY code LIMIT ?"},
      .next = {.sql = ROW " WHERE code > ? ORDER BY code LIMIT ?"}}},
    {ROW " ORDER BY code DESC",
     {.key_cell = CODE,
      .by_key = true,
      .count_behind = {.sql = ALL " WHERE code < ?"},
      .first = {.sql = ROW " ORDER BY code DESC LIMIT ?"},
      .next = {.sql = ROW " WHERE code < ? ORDER BY code DESC LIMIT ?"}}},
    {ROW " ORDER BY rank_, id",
     {.key_cell = ID,
      .key_integer = true,
      .order = {.sql = "SELECT id FROM cut ORDER BY rank_, id LIMIT ?"},
      .by_keys = {.head = ROW " WHERE id IN (", .tail = ")"}}},
    {ROW " ORDER BY rank_ DESC, id DESC",
     {.key_cell = ID,
      .key_integer = true,
      .order = {.sql = "SELECT id FROM cut ORDER BY rank_ DESC, id DESC LIMIT ?"},
      .by_keys = {.head = ROW " WHERE id IN (", .tail = ")"}}},
    {ROW " ORDER BY rank_, code",
     {.key_cell = CODE,
      .order = {.sql = "SELECT code FROM cut ORDER BY rank_, code LIMIT ?"},
      .by_keys = {.head = ROW " WHERE code IN (", .tail = ")"}}},
    {ROW " ORDER BY town, id",
     {.key_cell = ID,
      .key_integer = true,
      .per = &per_money,
      .order = {.sql = "SELECT id, town, money FROM cut ORDER BY town, id LIMIT ?"},
      .by_keys = {.head = ROW " WHERE id IN (", .tail = ")"}}},
};

enum { ORDERS = sizeof(orders) / sizeof(orders[0]) };

static ybb_reading reading_of(size_t order)
{
    ybb_reading reading = orders[order].reading;
    reading.columns = CELLS;
    reading.count = (ybb_query){.sql = ALL};
    return reading;
}

static bool by_text(size_t order)
{
    return !orders[order].reading.key_integer;
}

static void make_table(source *s)
{
    run_sql(s->writer, "DROP TABLE IF EXISTS cut");
    run_sql(s->writer, s->is_mysql
                           ? "CREATE TABLE cut (id BIGINT PRIMARY KEY, code VARCHAR(40) UNIQUE,"
                             " rank_ INTEGER, town VARCHAR(9), money VARCHAR(9))"
                             " COLLATE utf8mb4_bin"
                           : "CREATE TABLE cut (id INTEGER PRIMARY KEY, code TEXT UNIQUE,"
                             " rank_ INTEGER, town TEXT, money TEXT)");
}

static void put_row(source *s, long id, const char *code, const char *rank, const char *town)
{
    char sql[256];
    snprintf(sql, sizeof(sql), "INSERT INTO cut VALUES (%ld, '%s', %s, '%s', '%s')", id, code, rank,
             town, id % 3 == 0 ? "IDR" : "USD");
    run_sql(s->writer, sql);
}

/* Ten rows: ids of both signs and with gaps, codes that a text of a key has to write. */
static void fill_table(source *s)
{
    make_table(s);
    put_row(s, -7, "%41", "NULL", "Bonn");
    put_row(s, -1, "a b/c", "3", "Bonn");
    put_row(s, 0, "", "1", "Aarau");
    put_row(s, 2, "\xc3\xa9", "NULL", "Celle");
    put_row(s, 3, "A", "3", "Bonn");
    put_row(s, 10, "a", "0", "Aarau");
    put_row(s, 11, "\"q\"", "-2", "Aarau");
    put_row(s, 12, "\xf0\x9f\x98\x80", "3", "Celle");
    put_row(s, 5000000000, "tab\t", "NULL", "Bonn");
    put_row(s, 9223372036854775807, "~zz", "1", "Dole");
}

/* ---- Reading a part ---- */

/* What a cursor gave. */
typedef struct part {
    ybb_status status;
    ybb_error error;
    uint64_t records;
    ybb_block rows;
    char *key; /* of the last one */
    ybb_group_end groups_end;
    uint64_t first; /* the number of the first slice */
} part;

static void take_rows(part *p, const ybb_slice *slice)
{
    ybb_cell cells[CELLS];
    for (uint32_t i = 0; i < slice->main.rows; i++) {
        ybb__block_row(&slice->main, i, cells);
        ybb__block_put_row(&p->rows, cells);
    }
}

/* Reads up to @most rows in slices of at most @step. */
static void read_rows(part *p, ybb_cursor *cursor, uint32_t most, uint32_t step)
{
    ybb_slice slice = {0};
    bool end = false;
    while (p->status == YBB_OK && p->rows.rows < most && !end) {
        uint32_t left = most - p->rows.rows;
        p->status =
            ybb__cursor_next(cursor, &slice, left < step ? left : step, SIZE_MAX, &p->error);
        if (p->status != YBB_OK)
            break;
        if (p->rows.rows == 0)
            p->first = slice.first_record;
        else
            CU_ASSERT_EQUAL(slice.first_record, p->first + p->rows.rows);
        take_rows(p, &slice);
        end = slice.main.rows == 0;
    }
    ybb__slice_free(&slice);
}

static void read_part(part *p, ybb_db *db, const ybb_reading *reading, uint64_t limit,
                      const ybb_cursor_start *start, uint32_t most, uint32_t step)
{
    ybb_cursor *cursor;
    *p = (part){0};
    ybb__block_reset(&p->rows, CELLS);
    p->status = ybb__cursor_open(&cursor, db, reading, limit, start, &p->error);
    CU_ASSERT_EQUAL(cursor == NULL, p->status != YBB_OK);
    if (cursor == NULL)
        return;
    p->records = ybb__cursor_records(cursor);
    p->groups_end = ybb__groups_end(ybb__cursor_groups(cursor));
    CU_ASSERT_EQUAL(ybb__cursor_key(cursor, &p->key, &p->error), YBB_OK);
    CU_ASSERT_PTR_NULL(p->key);
    read_rows(p, cursor, most, step);
    if (p->status == YBB_OK)
        CU_ASSERT_EQUAL(ybb__cursor_key(cursor, &p->key, &p->error), YBB_OK);
    ybb__cursor_free(cursor);
}

static void free_part(part *p)
{
    ybb__block_free(&p->rows);
    free(p->key);
}

static bool is_ok(const part *p)
{
    if (p->status != YBB_OK)
        printf("# %s\n", p->error.message);
    return p->status == YBB_OK;
}

static bool same_cell(ybb_cell a, ybb_cell b)
{
    return (a.at == NULL) == (b.at == NULL) && a.length == b.length &&
           (a.length == 0 || memcmp(a.at, b.at, a.length) == 0);
}

/* Whether rows @from to before @to of @all are those of @p. */
static bool has_rows(const part *p, const ybb_block *all, uint32_t from, uint32_t to)
{
    bool same = p->rows.rows == to - from;
    for (uint32_t i = 0; same && i < p->rows.rows; i++)
        for (uint32_t j = 0; j < CELLS; j++)
            same = same && same_cell(cell_at(&p->rows, i, j), cell_at(all, from + i, j));
    if (!same)
        printf("# %u rows are not rows %u to %u\n", p->rows.rows, from, to);
    return same;
}

static void read_table(source *s, size_t order, ybb_block *all)
{
    ybb_error error = {0};
    CU_ASSERT_EQUAL_FATAL(query(s->writer, orders[order].sql, all, &error), YBB_OK);
}

static uint32_t least(uint64_t a, uint32_t b)
{
    return a < b ? (uint32_t)a : b;
}

/* ---- Tests ---- */

/* One cut, behind @cut rows. */
static void check_cut(ybb_db *db, size_t order, const ybb_block *all, uint64_t limit, uint32_t cut,
                      uint32_t step)
{
    const ybb_reading reading = reading_of(order);
    uint32_t count = least(limit, all->rows);
    part before, behind;
    read_part(&before, db, &reading, limit, NULL, cut, step);
    CU_ASSERT_TRUE(is_ok(&before));
    CU_ASSERT_TRUE(has_rows(&before, all, 0, cut));
    CU_ASSERT_EQUAL(before.records, count);
    CU_ASSERT_EQUAL(before.key == NULL, cut == 0);
    const ybb_cursor_start start = {cut, before.key};
    read_part(&behind, db, &reading, limit, &start, UINT32_MAX, step);
    CU_ASSERT_TRUE(is_ok(&behind));
    CU_ASSERT_TRUE(has_rows(&behind, all, cut, count));
    CU_ASSERT_EQUAL(behind.records, count);
    CU_ASSERT_EQUAL(behind.first, cut);
    CU_ASSERT_EQUAL(behind.key == NULL, cut == count);
    CU_ASSERT_EQUAL(behind.groups_end.records, before.groups_end.records);
    CU_ASSERT_EQUAL(behind.groups_end.subtotals, before.groups_end.subtotals);
    CU_ASSERT_EQUAL(behind.groups_end.records, reading.per != NULL ? count : 0);
    free_part(&before);
    free_part(&behind);
}

static void cuts_are_anywhere(source *s)
{
    static const uint64_t limits[] = {UINT64_MAX, 11, 10, 9, 4, 1};
    static const uint32_t steps[] = {1, 3, 100};
    ybb_block all;
    fill_table(s);
    ybb_db *db = open_dsn(s->dsn, YBB_DB_READ);
    for (size_t i = 0; i < ORDERS; i++) {
        read_table(s, i, &all);
        for (size_t j = 0; j < sizeof(limits) / sizeof(limits[0]); j++)
            for (uint32_t cut = 0; cut <= least(limits[j], all.rows); cut++)
                check_cut(db, i, &all, limits[j], cut, steps[(cut + j) % 3]);
        ybb__block_free(&all);
    }
    ybb__db_close(db);
}

static void a_cut_read_gives_the_rows_of_one_that_was_not_cut(void)
{
    each_source(cuts_are_anywhere);
}

/* More cuts than one: each key is of the cursor before. */
static void cuts_follow(source *s)
{
    ybb_block all;
    fill_table(s);
    ybb_db *db = open_dsn(s->dsn, YBB_DB_READ);
    for (size_t i = 0; i < ORDERS; i++) {
        const ybb_reading reading = reading_of(i);
        char *key = NULL;
        part p;
        read_table(s, i, &all);
        for (uint32_t from = 0; from < all.rows; from += 3) {
            const ybb_cursor_start start = {from, key};
            uint32_t to = from + 3 < all.rows ? from + 3 : all.rows;
            read_part(&p, db, &reading, UINT64_MAX, &start, 3, 2);
            CU_ASSERT_TRUE(is_ok(&p));
            CU_ASSERT_TRUE(has_rows(&p, &all, from, to));
            free(key);
            key = p.key;
            p.key = NULL;
            free_part(&p);
        }
        free(key);
        ybb__block_free(&all);
    }
    ybb__db_close(db);
}

static void a_read_may_be_cut_again_and_again(void)
{
    each_source(cuts_follow);
}

/* Where in @all the row of an id is. */
static uint32_t place_of(const ybb_block *all, const char *id)
{
    const ybb_cell cell = {id, (uint32_t)strlen(id)};
    uint32_t place = 0;
    while (!same_cell(cell_at(all, place, ID), cell))
        place++;
    return place;
}

/* Reads @cut rows, changes the table, goes on. @after is the table then. */
static void read_changed(source *s, size_t order, uint64_t limit, uint32_t cut,
                         void (*change)(source *, const part *), part *behind, ybb_block *after,
                         char *last_id, size_t size)
{
    const ybb_reading reading = reading_of(order);
    part before;
    fill_table(s);
    ybb_db *db = open_dsn(s->dsn, YBB_DB_READ);
    read_part(&before, db, &reading, limit, NULL, cut, 2);
    CU_ASSERT_TRUE(is_ok(&before));
    ybb_cell id = cell_at(&before.rows, cut - 1, ID);
    snprintf(last_id, size, "%.*s", (int)id.length, id.at);
    change(s, &before);
    read_table(s, order, after);
    const ybb_cursor_start start = {cut, before.key};
    read_part(behind, db, &reading, limit, &start, UINT32_MAX, 2);
    free_part(&before);
    ybb__db_close(db);
}

static void delete_id(source *s, ybb_cell id)
{
    char sql[128];
    snprintf(sql, sizeof(sql), "DELETE FROM cut WHERE id = %.*s", (int)id.length, id.at);
    run_sql(s->writer, sql);
}

/* Every other row that was read goes, and rows come everywhere. */
static void change_rows(source *s, const part *before)
{
    for (uint32_t i = 0; i + 1 < before->rows.rows; i += 2)
        delete_id(s, cell_at(&before->rows, i, ID));
    put_row(s, -9, "!", "NULL", "Aalen");
    put_row(s, 1, "B", "2", "Aarau");
    put_row(s, 13, "%4", "3", "Bonn");
    put_row(s, 9223372036854775806, "~", "NULL", "Celle");
    put_row(s, -8223372036854775806, "\xf0\x9f\x98\x81", "9", "Essen");
}

static void rows_change(source *s)
{
    static const uint64_t limits[] = {UINT64_MAX, 12, 7, 5};
    char id[32];
    ybb_block after;
    part behind;
    for (size_t i = 0; i < ORDERS; i++)
        for (size_t j = 0; j < 4; j++)
            for (uint32_t cut = 1; cut <= least(limits[j], 10); cut += 2) {
                read_changed(s, i, limits[j], cut, change_rows, &behind, &after, id, sizeof(id));
                uint32_t place = place_of(&after, id) + 1;
                uint32_t left = least(limits[j] - cut, after.rows - place);
                CU_ASSERT_TRUE(is_ok(&behind));
                CU_ASSERT_TRUE(has_rows(&behind, &after, place, place + left));
                CU_ASSERT_EQUAL(behind.records, cut + left);
                CU_ASSERT_EQUAL(behind.first, cut);
                CU_ASSERT_EQUAL(behind.groups_end.records,
                                orders[i].reading.per != NULL ? place + left : 0);
                free_part(&behind);
                ybb__block_free(&after);
            }
}

static void what_changed_before_a_cut_does_not_move_it(void)
{
    each_source(rows_change);
}

static void delete_last(source *s, const part *before)
{
    delete_id(s, cell_at(&before->rows, before->rows.rows - 1, ID));
}

static void delete_all(source *s, const part *before)
{
    (void)before;
    run_sql(s->writer, "DELETE FROM cut");
}

static void the_key_vanishes(source *s)
{
    char id[32];
    ybb_block all, after;
    part behind;
    for (size_t i = 0; i < ORDERS; i++)
        for (uint32_t cut = 1; cut <= 10; cut++) {
            fill_table(s);
            read_table(s, i, &all);
            read_changed(s, i, UINT64_MAX, cut, delete_last, &behind, &after, id, sizeof(id));
            if (orders[i].reading.by_key) {
                CU_ASSERT_TRUE(is_ok(&behind));
                CU_ASSERT_TRUE(has_rows(&behind, &all, cut, all.rows));
                CU_ASSERT_EQUAL(behind.records, 10);
            } else {
                CU_ASSERT_EQUAL(behind.status, YBB_NOT_RESUMABLE);
                CU_ASSERT_EQUAL(behind.error.status, YBB_NOT_RESUMABLE);
                CU_ASSERT_PTR_NOT_NULL(strstr(behind.error.message, "any more"));
            }
            free_part(&behind);
            ybb__block_free(&after);
            ybb__block_free(&all);
        }
    for (size_t i = 0; i < ORDERS; i++) {
        read_changed(s, i, UINT64_MAX, 4, delete_all, &behind, &after, id, sizeof(id));
        bool by_key = orders[i].reading.by_key;
        CU_ASSERT_EQUAL(behind.status, by_key ? YBB_OK : YBB_NOT_RESUMABLE);
        CU_ASSERT_EQUAL(behind.rows.rows, 0);
        CU_ASSERT_EQUAL(behind.records, by_key ? 4 : 0);
        free_part(&behind);
        ybb__block_free(&after);
    }
}

static void a_vanished_key_matters_in_another_order_alone(void)
{
    each_source(the_key_vanishes);
}

static void limits_are_reached(source *s)
{
    part p;
    fill_table(s);
    ybb_db *db = open_dsn(s->dsn, YBB_DB_READ);
    for (size_t i = 0; i < ORDERS; i++) {
        const ybb_reading reading = reading_of(i);
        const ybb_cursor_start start = {8, by_text(i) ? "a%20b%2Fc" : "3"};
        for (uint64_t limit = 0; limit <= 8; limit += 4) {
            read_part(&p, db, &reading, limit, &start, UINT32_MAX, 2);
            CU_ASSERT_TRUE(is_ok(&p));
            CU_ASSERT_EQUAL(p.records, 8);
            CU_ASSERT_EQUAL(p.rows.rows, 0);
            CU_ASSERT_EQUAL(p.first, 8);
            CU_ASSERT_PTR_NULL(p.key);
            free_part(&p);
        }
        read_part(&p, db, &reading, 10, &start, UINT32_MAX, 2);
        CU_ASSERT_TRUE(is_ok(&p));
        CU_ASSERT_EQUAL(p.records, 8 + p.rows.rows);
        CU_ASSERT_TRUE(p.rows.rows <= 2);
        free_part(&p);
    }
    ybb__db_close(db);
}

static void a_limit_counts_from_the_very_first_record(void)
{
    each_source(limits_are_reached);
}

static void starts_are_wrong(source *s)
{
    static const char *const no_text[] = {"%", "%4", "%4G", "%e9", "a b", "\xc3\xa9", "a%"};
    static const char *const no_number[] = {"",     "a",  "1.5", "+1", "18446744073709551616",
                                            "1%20", "%2", "--1"};
    part p;
    fill_table(s);
    ybb_db *db = open_dsn(s->dsn, YBB_DB_READ);
    for (size_t i = 0; i < ORDERS; i++) {
        const ybb_reading reading = reading_of(i);
        const char *const *wrong = by_text(i) ? no_text : no_number;
        size_t count = by_text(i) ? sizeof(no_text) / sizeof(no_text[0])
                                  : sizeof(no_number) / sizeof(no_number[0]);
        for (size_t k = 0; k < count; k++) {
            const ybb_cursor_start start = {3, wrong[k]};
            read_part(&p, db, &reading, UINT64_MAX, &start, UINT32_MAX, 2);
            CU_ASSERT_EQUAL(p.status, YBB_NOT_RESUMABLE);
            free_part(&p);
        }
        const ybb_cursor_start halves[] = {{3, NULL}, {0, by_text(i) ? "a" : "3"}};
        for (size_t k = 0; k < 2; k++) {
            read_part(&p, db, &reading, UINT64_MAX, &halves[k], UINT32_MAX, 2);
            CU_ASSERT_EQUAL(p.status, YBB_MISUSE);
            free_part(&p);
        }
    }
    ybb__db_close(db);
}

static void a_start_that_is_none_is_refused(void)
{
    each_source(starts_are_wrong);
}

/* So that whoever holds a snapshot does not hold others up. */
static void let_others_write(source *s)
{
    ybb_error error = {0};
    if (!s->is_mysql)
        CU_ASSERT_EQUAL(query_status(s->writer, "PRAGMA journal_mode = WAL", &error), YBB_OK);
}

static void counts_begin_a_snapshot(source *s)
{
    uint64_t records = 99;
    ybb_error error = {0};
    fill_table(s);
    let_others_write(s);
    for (size_t i = 0; i < ORDERS; i++) {
        ybb_reading reading = reading_of(i);
        ybb_db *db = open_dsn(s->dsn, YBB_DB_READ);
        CU_ASSERT_EQUAL(ybb__cursor_count(&records, db, &reading, NULL), YBB_OK);
        CU_ASSERT_EQUAL(records, 10);
        ybb__db_snapshot_end(db);
        reading.count.sql = "SELECT 'many'";
        CU_ASSERT_EQUAL(ybb__cursor_count(&records, db, &reading, &error), YBB_SOURCE_ERROR);
        CU_ASSERT_EQUAL(records, 0);
        ybb__db_close(db);
    }
    /* no lock is left: others may change the table, and a count of another snapshot sees it */
    ybb_db *db = open_dsn(s->dsn, YBB_DB_READ);
    const ybb_reading reading = reading_of(0);
    CU_ASSERT_EQUAL(ybb__cursor_count(&records, db, &reading, NULL), YBB_OK);
    put_row(s, 1, "new", "1", "Bonn");
    run_sql(s->writer, "ALTER TABLE cut ADD COLUMN more INTEGER");
    ybb__db_snapshot_end(db);
    CU_ASSERT_EQUAL(ybb__cursor_count(&records, db, &reading, NULL), YBB_OK);
    CU_ASSERT_EQUAL(records, 11);
    ybb__db_close(db);
}

/* What comes behind the count is not in the rows, whatever their order. */
static void rows_are_those_that_were_counted(source *s)
{
    const uint64_t limits[] = {UINT64_MAX, 10, 7};
    fill_table(s);
    let_others_write(s);
    for (size_t i = 0; i < ORDERS; i++)
        for (size_t k = 0; k < sizeof(limits) / sizeof(limits[0]); k++) {
            ybb_reading reading = reading_of(i);
            uint64_t records;
            ybb_cursor *cursor = NULL;
            ybb_slice slice = {0};
            ybb_error error = {0};
            ybb_db *db = open_dsn(s->dsn, YBB_DB_READ);
            CU_ASSERT_EQUAL(ybb__cursor_count(&records, db, &reading, NULL), YBB_OK);
            put_row(s, 90, "new", "1", "Bonn");
            CU_ASSERT_EQUAL_FATAL(
                ybb__cursor_open_counted(&cursor, db, &reading, limits[k], records, &error),
                YBB_OK);
            uint64_t expected = limits[k] < 10 ? limits[k] : 10;
            CU_ASSERT_EQUAL(ybb__cursor_records(cursor), expected);
            CU_ASSERT_EQUAL(ybb__cursor_next(cursor, &slice, 100, 1 << 20, &error), YBB_OK);
            CU_ASSERT_EQUAL(slice.main.rows, expected);
            ybb__slice_free(&slice);
            ybb__cursor_free(cursor);
            ybb__db_close(db);
            run_sql(s->writer, "DELETE FROM cut WHERE id = 90");
        }
}

static void counted_rows_are_read(void)
{
    each_source(rows_are_those_that_were_counted);
}

static void counting_begins_a_snapshot(void)
{
    each_source(counts_begin_a_snapshot);
}

/* Ids beyond INT64_MAX, in all orders that have them as keys. */
static void keys_above_the_signed_integers_are_gone_on_behind(void)
{
    static const char *const ids[] = {"0", "9223372036854775807", "9223372036854775808",
                                      "18446744073709551614", "18446744073709551615"};
    source s;
    char sql[160];
    ybb_block all;
    part p;
    if (!begin_mysql(&s))
        return;
    make_table(&s);
    run_sql(s.writer, "ALTER TABLE cut MODIFY id BIGINT UNSIGNED");
    for (size_t i = 0; i < 5; i++) {
        snprintf(sql, sizeof(sql), "INSERT INTO cut VALUES (%s, '%s', %zu, 'x', '')", ids[i],
                 ids[i], 7 * i % 5);
        run_sql(s.writer, sql);
    }
    ybb_db *db = open_dsn(s.dsn, YBB_DB_READ);
    for (size_t i = 0; i < ORDERS; i++) {
        read_table(&s, i, &all);
        for (uint32_t cut = 0; cut <= 5; cut++)
            check_cut(db, i, &all, UINT64_MAX, cut, 2);
        ybb__block_free(&all);
        const ybb_reading reading = reading_of(i);
        const ybb_cursor_start negative = {1, "-1"}; /* the bits of the last id */
        read_part(&p, db, &reading, UINT64_MAX, &negative, UINT32_MAX, 2);
        CU_ASSERT_EQUAL(p.status, orders[i].reading.by_key ? YBB_OK : YBB_NOT_RESUMABLE);
        free_part(&p);
    }
    ybb__db_close(db);
    end_source(&s);
}

/* Keys of bytes: NUL, and what is no UTF-8. */
static void keys_are_bytes(source *s)
{
    static const char *const codes[] = {"00",     "0001", "41", "4100", "C3", "C328",
                                        "EDA080", "FF",   "",   "25",   "7E"};
    char sql[160];
    ybb_block all;
    make_table(s);
    if (s->is_mysql)
        run_sql(s->writer, "ALTER TABLE cut MODIFY code VARBINARY(40)");
    for (size_t i = 0; i < sizeof(codes) / sizeof(codes[0]); i++) {
        snprintf(sql, sizeof(sql),
                 s->is_mysql ? "INSERT INTO cut VALUES (%zu, X'%s', %zu, 'x', '')"
                             : "INSERT INTO cut VALUES (%zu, CAST(X'%s' AS TEXT), %zu, 'x', '')",
                 i, codes[i], i % 3);
        run_sql(s->writer, sql);
    }
    ybb_db *db = open_dsn(s->dsn, YBB_DB_READ);
    for (size_t i = 0; i < ORDERS; i++) {
        read_table(s, i, &all);
        for (uint32_t cut = 0; cut <= all.rows; cut++)
            check_cut(db, i, &all, UINT64_MAX, cut, 2);
        ybb__block_free(&all);
    }
    ybb__db_close(db);
}

static void keys_of_any_bytes_are_gone_on_behind(void)
{
    each_source(keys_are_bytes);
}

static void a_key_is_written_in_plain_characters(void)
{
    source s;
    part p;
    begin_sqlite(&s);
    make_table(&s);
    run_sql(s.writer, "INSERT INTO cut VALUES (-5, CAST(X'00C3413D7E25' AS TEXT), 1, '', '')");
    const ybb_reading by_id = reading_of(0), by_code = reading_of(2);
    read_part(&p, s.writer, &by_id, UINT64_MAX, NULL, 1, 1);
    CU_ASSERT_TRUE(is_ok(&p));
    CU_ASSERT_STRING_EQUAL(p.key, "-5");
    free_part(&p);
    read_part(&p, s.writer, &by_code, UINT64_MAX, NULL, 1, 1);
    CU_ASSERT_TRUE(is_ok(&p));
    CU_ASSERT_STRING_EQUAL(p.key, "%00%C3A%3D~%25");
    free_part(&p);
    end_source(&s);
}

/* The count behind the key is held against the rows. */
static void counts_are_wrong(source *s)
{
    static const char *const lies[] = {"SELECT 4 + (? IS NULL)", "SELECT 6 + (? IS NULL)"};
    const ybb_cursor_start start = {4, "3"}; /* five rows stand behind it */
    part p;
    fill_table(s);
    ybb_db *db = open_dsn(s->dsn, YBB_DB_READ);
    for (size_t i = 0; i < 2; i++) {
        ybb_reading reading = reading_of(0);
        reading.count_behind.sql = lies[i];
        read_part(&p, db, &reading, UINT64_MAX, &start, UINT32_MAX, 2);
        CU_ASSERT_EQUAL(p.status, YBB_SOURCE_SHORT);
        free_part(&p);
    }
    ybb_reading reading = reading_of(4);
    reading.count.sql = "SELECT 9";
    read_part(&p, db, &reading, UINT64_MAX, &start, UINT32_MAX, 2);
    CU_ASSERT_EQUAL(p.status, YBB_SOURCE_SHORT);
    free_part(&p);
    ybb__db_close(db);
}

static void other_rows_than_counted_behind_a_key_are_an_error(void)
{
    each_source(counts_are_wrong);
}

int main(void)
{
    static const ybb_test tests[] = {
        TEST(a_cut_read_gives_the_rows_of_one_that_was_not_cut),
        TEST(a_read_may_be_cut_again_and_again),
        TEST(what_changed_before_a_cut_does_not_move_it),
        TEST(a_vanished_key_matters_in_another_order_alone),
        TEST(a_limit_counts_from_the_very_first_record),
        TEST(a_start_that_is_none_is_refused),
        TEST(counting_begins_a_snapshot),
        TEST(counted_rows_are_read),
        TEST(keys_above_the_signed_integers_are_gone_on_behind),
        TEST(keys_of_any_bytes_are_gone_on_behind),
        TEST(a_key_is_written_in_plain_characters),
        TEST(other_rows_than_counted_behind_a_key_are_an_error),
    };
    return RUN_TESTS("cursor, resumed", tests);
}
