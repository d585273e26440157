/* lib/db/cursor: every record once, in order, with its related rows, in slices of bounded size. */
#include "db/cursor.h"
#include "base/text.h"
#include "db_sources.h"
#include "rows/cell_index.h"

enum { MOST_SLICES = 4096, OUTSIDE = 500000000 };

/* ---- The tables: m has records, r what belongs to them by m.id or by m.code ---- */

static const uint32_t cell_0[] = {0}, cell_1[] = {1};

enum { ID, CODE, RANK, BODY, MAIN_CELLS };

#define MAIN "SELECT id, code, rank_, body FROM m"

static void make_tables(source *s)
{
    run_sql(s->writer, "DROP TABLE IF EXISTS m");
    run_sql(s->writer, "DROP TABLE IF EXISTS r");
    run_sql(s->writer,
            s->is_mysql ? "CREATE TABLE m (id BIGINT PRIMARY KEY, code VARCHAR(40), rank_ INTEGER,"
                          " body LONGTEXT, UNIQUE (code)) COLLATE utf8mb4_bin"
                        : "CREATE TABLE m (id INTEGER PRIMARY KEY, code TEXT UNIQUE,"
                          " rank_ INTEGER, body TEXT)");
    run_sql(s->writer,
            s->is_mysql ? "CREATE TABLE r (id BIGINT PRIMARY KEY, m_id BIGINT, m_code VARCHAR(40),"
                          " note LONGTEXT, KEY (m_id), KEY (m_code)) COLLATE utf8mb4_bin"
                        : "CREATE TABLE r (id INTEGER PRIMARY KEY, m_id INTEGER, m_code TEXT,"
                          " note TEXT); CREATE INDEX r_m ON r (m_id);"
                          " CREATE INDEX r_c ON r (m_code)");
}

static ybb_value integer(int64_t number)
{
    return (ybb_value){.kind = YBB_VALUE_INTEGER, .number = number};
}

static ybb_value text(const char *at, size_t length)
{
    return (ybb_value){
        .kind = at == NULL ? YBB_VALUE_NULL : YBB_VALUE_TEXT, .at = at, .length = length};
}

static void insert(ybb_statement *statement, const ybb_value *values)
{
    bool whole;
    ybb_error error = {0};
    ybb_status status = ybb__statement_read(statement, values, 4, NULL, 0, &whole, &error);
    if (status != YBB_OK)
        printf("# %s\n", error.message);
    CU_ASSERT_EQUAL_FATAL(status, YBB_OK);
}

static ybb_statement *prepare(ybb_db *db, const char *sql)
{
    ybb_statement *statement = NULL;
    CU_ASSERT_EQUAL_FATAL(ybb__statement_prepare(&statement, db, sql, NULL), YBB_OK);
    return statement;
}

/* @count records with ids from @first on, @step apart; ranks repeat and every seventh is NULL; the
 * body has @length bytes, and every 50th of them ten times as many. */
static void fill_main(source *s, uint32_t count, int64_t first, int64_t step, size_t length)
{
    char *body = malloc(10 * length + 1);
    CU_ASSERT_PTR_NOT_NULL_FATAL(body);
    memset(body, 'b', 10 * length + 1);
    run_sql(s->writer, "BEGIN");
    ybb_statement *statement = prepare(s->writer, "INSERT INTO m VALUES (?, ?, ?, ?)");
    for (uint32_t i = 0; i < count; i++) {
        char code[32];
        int code_length = snprintf(code, sizeof(code), "c%u", (i * 7919 + 13) % 1000003);
        const ybb_value values[] = {integer(first + step * i), text(code, (size_t)code_length),
                                    i % 7 == 0 ? text(NULL, 0) : integer(i * 31 % 97),
                                    text(body, i % 50 == 49 ? 10 * length : length)};
        insert(statement, values);
    }
    ybb__statement_free(statement);
    run_sql(s->writer, "COMMIT");
    free(body);
}

static ybb_reading reading_by_id(void)
{
    return (ybb_reading){.count = {.sql = "SELECT COUNT(*) FROM m"},
                         .columns = MAIN_CELLS,
                         .key_cell = ID,
                         .key_integer = true,
                         .by_key = true,
                         .first = {.sql = MAIN " ORDER BY id LIMIT ?"},
                         .next = {.sql = MAIN " WHERE id > ? ORDER BY id LIMIT ?"},
                         .within = {.sql = MAIN " WHERE id > ? AND id <= ? ORDER BY id LIMIT ?"}};
}

static ybb_reading reading_by_id_backwards(void)
{
    return (ybb_reading){
        .count = {.sql = "SELECT COUNT(*) FROM m"},
        .columns = MAIN_CELLS,
        .key_cell = ID,
        .key_integer = true,
        .by_key = true,
        .descending = true,
        .first = {.sql = MAIN " ORDER BY id DESC LIMIT ?"},
        .next = {.sql = MAIN " WHERE id < ? ORDER BY id DESC LIMIT ?"},
        .within = {.sql = MAIN " WHERE id < ? AND id >= ? ORDER BY id DESC LIMIT ?"}};
}

static ybb_reading reading_by_rank(void)
{
    return (ybb_reading){.count = {.sql = "SELECT COUNT(*) FROM m"},
                         .columns = MAIN_CELLS,
                         .key_cell = ID,
                         .key_integer = true,
                         .order = {.sql = "SELECT id FROM m ORDER BY rank_ DESC, id DESC LIMIT ?"},
                         .by_keys = {.head = MAIN " WHERE id IN (", .tail = ")"}};
}

static ybb_reading reading_by_code(void)
{
    return (ybb_reading){.count = {.sql = "SELECT COUNT(*) FROM m"},
                         .columns = MAIN_CELLS,
                         .key_cell = CODE,
                         .by_key = true,
                         .first = {.sql = MAIN " ORDER BY code LIMIT ?"},
                         .next = {.sql = MAIN " WHERE code > ? ORDER BY code LIMIT ?"}};
}

static ybb_reading reading_by_rank_and_code(void)
{
    return (ybb_reading){.count = {.sql = "SELECT COUNT(*) FROM m"},
                         .columns = MAIN_CELLS,
                         .key_cell = CODE,
                         .order = {.sql = "SELECT code FROM m ORDER BY rank_, code LIMIT ?"},
                         .by_keys = {.head = MAIN " WHERE code IN (", .tail = ")"}};
}

static const ybb_related by_id = {
    .columns = 3,
    .match_count = 1,
    .main_cells = cell_0,
    .own_cells = cell_0,
    .integer = true,
    .by_values = {.head = "SELECT m_id, id, note FROM r WHERE m_id IN (", .tail = ") ORDER BY id"},
    .by_range = {.sql = "SELECT m_id, id, note FROM r WHERE m_id BETWEEN ? AND ? ORDER BY id"}};

static const ybb_related by_code = {
    .columns = 3,
    .match_count = 1,
    .main_cells = cell_1,
    .own_cells = cell_0,
    .by_values = {.head = "SELECT m_code, id, note FROM r WHERE m_code IN (",
                  .tail = ") ORDER BY id"}};

/* ---- Reading all of it ---- */

/* What a whole read gave. */
typedef struct answer {
    ybb_status status;
    ybb_error error;
    uint64_t records; /* as the cursor said first */
    ybb_block rows;   /* all main rows */
    uint32_t slices;
    uint32_t slice_rows[MOST_SLICES];
    size_t slice_bytes[MOST_SLICES]; /* of main rows */
    size_t most_bytes;               /* of a slice with its related rows */
    uint64_t related;                /* rows that belong to a main row of their slice */
    uint64_t stray;                  /* rows that belong to none */
} answer;

static bool same_cell(ybb_cell a, ybb_cell b)
{
    return (a.at == NULL) == (b.at == NULL) && a.length == b.length &&
           (a.length == 0 || memcmp(a.at, b.at, a.length) == 0);
}

/* Related rows belong to a main row by the bytes of a value. */
static void match_related(answer *a, const ybb_related *related, const ybb_slice *slice,
                          const ybb_block *block)
{
    ybb_cell_index values = {0};
    const char *base = slice->main.cells.at;
    for (uint32_t i = 0; i < slice->main.rows; i++) {
        ybb_cell value = cell_at(&slice->main, i, related->main_cells[0]);
        if (value.at != NULL && ybb__cell_index_find(&values, base, value) == UINT32_MAX)
            CU_ASSERT_TRUE_FATAL(ybb__cell_index_add(&values, base, value));
    }
    for (uint32_t i = 0; i < block->rows; i++) {
        ybb_cell value = cell_at(block, i, 0);
        if (value.at != NULL && ybb__cell_index_find(&values, base, value) != UINT32_MAX)
            a->related++;
        else
            a->stray++;
    }
    ybb__cell_index_free(&values);
}

static void take_slice(answer *a, const ybb_reading *reading, const ybb_slice *slice, bool match)
{
    CU_ASSERT_EQUAL(slice->first_record, a->rows.rows);
    CU_ASSERT_EQUAL(slice->related_count, reading->related_count);
    CU_ASSERT_TRUE_FATAL(a->slices < MOST_SLICES);
    a->slice_rows[a->slices] = slice->main.rows;
    a->slice_bytes[a->slices++] = ybb__block_size(&slice->main);
    if (ybb__slice_size(slice) > a->most_bytes)
        a->most_bytes = ybb__slice_size(slice);
    for (uint32_t i = 0; i < slice->main.rows; i++) {
        for (uint32_t j = 0; j < reading->columns; j++) {
            ybb_cell cell = cell_at(&slice->main, i, j);
            if (cell.at != NULL)
                ybb__block_put(&a->rows, cell.at, cell.length);
            else
                ybb__block_put_null(&a->rows);
        }
        ybb__block_end_row(&a->rows);
    }
    for (uint32_t r = 0; match && r < slice->related_count; r++)
        match_related(a, &reading->related[r], slice, &slice->related[r]);
}

static void read_cursor(answer *a, ybb_cursor *cursor, const ybb_reading *reading,
                        uint32_t max_rows, size_t max_bytes, bool match)
{
    ybb_slice slice = {0};
    a->records = ybb__cursor_records(cursor);
    do {
        a->status = ybb__cursor_next(cursor, &slice, max_rows, max_bytes, &a->error);
        if (a->status == YBB_OK && slice.main.rows > 0)
            take_slice(a, reading, &slice, match);
    } while (a->status == YBB_OK && slice.main.rows > 0);
    ybb__slice_free(&slice);
}

static void read_limited(answer *a, const source *s, const ybb_reading *reading, uint64_t limit,
                         uint32_t max_rows, size_t max_bytes, bool match)
{
    ybb_db *db = open_dsn(s->dsn, YBB_DB_READ);
    ybb_cursor *cursor;
    memset(a, 0, sizeof(*a));
    ybb__block_reset(&a->rows, reading->columns);
    a->status = ybb__cursor_open(&cursor, db, reading, limit, NULL, &a->error);
    CU_ASSERT_EQUAL(cursor == NULL, a->status != YBB_OK);
    if (a->status == YBB_OK)
        read_cursor(a, cursor, reading, max_rows, max_bytes, match);
    CU_ASSERT_EQUAL(a->error.status, a->status);
    ybb__cursor_free(cursor);
    ybb__db_close(db);
}

static void read_all(answer *a, const source *s, const ybb_reading *reading, uint32_t max_rows,
                     size_t max_bytes)
{
    read_limited(a, s, reading, UINT64_MAX, max_rows, max_bytes, true);
    if (a->status != YBB_OK)
        printf("# %s\n", a->error.message);
    CU_ASSERT_EQUAL(a->status, YBB_OK);
    CU_ASSERT_EQUAL(a->rows.rows, a->records);
}

/* Whether an answer has just the rows of a plain statement, in its order. */
static bool has_rows_of(const answer *a, source *s, const char *sql)
{
    ybb_block block;
    ybb_error error = {0};
    CU_ASSERT_EQUAL_FATAL(query(s->writer, sql, &block, &error), YBB_OK);
    bool same = a->rows.rows == block.rows;
    for (uint32_t i = 0; same && i < block.rows; i++)
        for (uint32_t j = 0; j < MAIN_CELLS; j++)
            same = same && same_cell(cell_at(&a->rows, i, j), cell_at(&block, i, j));
    if (!same)
        printf("# %u rows are not those %u of %s\n", a->rows.rows, block.rows, sql);
    ybb__block_free(&block);
    return same;
}

static void free_answer(answer *a)
{
    ybb__block_free(&a->rows);
    free(a);
}

static answer *new_answer(void)
{
    answer *a = calloc(1, sizeof(*a));
    CU_ASSERT_PTR_NOT_NULL_FATAL(a);
    return a;
}

/* ---- Tests ---- */

static const struct order {
    ybb_reading (*reading)(void);
    const char *sql;
} orders[] = {{reading_by_id, MAIN " ORDER BY id"},
              {reading_by_id_backwards, MAIN " ORDER BY id DESC"},
              {reading_by_rank, MAIN " ORDER BY rank_ DESC, id DESC"},
              {reading_by_code, MAIN " ORDER BY code"},
              {reading_by_rank_and_code, MAIN " ORDER BY rank_, code"}};

enum { ORDERS = sizeof(orders) / sizeof(orders[0]) };

static void slices_are_all_records(source *s)
{
    static const struct {
        uint32_t rows;
        size_t bytes;
    } sizes[] = {{1, SIZE_MAX},    {7, SIZE_MAX},      {64, SIZE_MAX},
                 {4096, SIZE_MAX}, {UINT32_MAX, 1000}, {UINT32_MAX, 1},
                 {500, 5000},      {4096, 1 << 20},    {5, 100000}};
    answer *a = new_answer();
    make_tables(s);
    fill_main(s, 1100, -20, 3, 20);
    for (size_t i = 0; i < ORDERS; i++) {
        ybb_reading reading = orders[i].reading();
        for (size_t j = 0; j < sizeof(sizes) / sizeof(sizes[0]); j++) {
            read_all(a, s, &reading, sizes[j].rows, sizes[j].bytes);
            CU_ASSERT_TRUE(has_rows_of(a, s, orders[i].sql));
            ybb__block_free(&a->rows);
        }
    }
    free_answer(a);
}

static void slices_give_every_record_once_and_in_order(void)
{
    each_source(slices_are_all_records);
}

/* A window behind a key holds too few, none, or would end behind the last integer. */
static void keys_are_far_apart(source *s)
{
    static const struct {
        int64_t first, step;
        uint32_t count;
    } runs[] = {{INT64_MIN, 1, 100},    {INT64_MIN / 2, 1, 3}, {-1000, 10, 90},       {0, 1, 500},
                {1 << 20, 1 << 20, 70}, {INT64_MAX / 2, 1, 2}, {INT64_MAX - 9, 1, 10}};
    answer *a = new_answer();
    make_tables(s);
    for (size_t i = 0; i < sizeof(runs) / sizeof(runs[0]); i++) {
        fill_main(s, runs[i].count, runs[i].first, runs[i].step, 3);
        run_sql(s->writer, "UPDATE m SET code = NULL"); /* they are equal in all runs */
    }
    for (uint32_t rows = 1; rows <= 1000; rows += 1 + 3 * rows) {
        for (size_t i = 0; i < 2; i++) {
            ybb_reading reading = orders[i].reading();
            read_all(a, s, &reading, rows, SIZE_MAX);
            CU_ASSERT_TRUE(has_rows_of(a, s, orders[i].sql));
            ybb__block_free(&a->rows);
        }
    }
    free_answer(a);
}

static void gaps_between_keys_lose_nothing(void)
{
    each_source(keys_are_far_apart);
}

/* Entries of indexes that the session has gone past. */
static int64_t entries_read(ybb_db *db)
{
    int64_t sum = 0, count;
    ybb_block block;
    ybb_error error = {0};
    CU_ASSERT_EQUAL_FATAL(query(db,
                                "SHOW SESSION STATUS WHERE Variable_name IN "
                                "('Handler_read_next', 'Handler_read_prev', "
                                "'Handler_read_rnd_next', 'Handler_icp_attempts')",
                                &block, &error),
                          YBB_OK);
    CU_ASSERT_TRUE_FATAL(block.rows >= 3);
    for (uint32_t i = 0; i < block.rows; i++) {
        ybb_cell cell = cell_at(&block, i, 1);
        CU_ASSERT_TRUE_FATAL(ybb__text_to_i64(cell.at, cell.length, &count));
        sum += count;
    }
    ybb__block_free(&block);
    return sum;
}

#define LIVE " WHERE rank_ = 1"

/* The server has an index of a value and the key, as a web application's tables do. */
static void a_server_reads_every_index_entry_about_once(void)
{
    enum { RECORDS = 4000, SLICE = 50 };
    source s;
    ybb_cursor *cursor;
    ybb_slice slice = {0};
    ybb_error error = {0};
    uint64_t records = 0;
    ybb_reading reading = reading_by_id();
    reading.count.sql = "SELECT COUNT(*) FROM m" LIVE;
    reading.first.sql = MAIN LIVE " ORDER BY id LIMIT ?";
    reading.next.sql = MAIN LIVE " AND id > ? ORDER BY id LIMIT ?";
    reading.within.sql = MAIN LIVE " AND id > ? AND id <= ? ORDER BY id LIMIT ?";
    if (!begin_mysql(&s))
        return;
    make_tables(&s);
    fill_main(&s, RECORDS, 1, 7, 10);
    run_sql(s.writer, "UPDATE m SET rank_ = 1");
    run_sql(s.writer, "CREATE INDEX m_rank ON m (rank_, id)");
    ybb_db *db = open_dsn(s.dsn, YBB_DB_READ);
    CU_ASSERT_EQUAL_FATAL(ybb__cursor_open(&cursor, db, &reading, UINT64_MAX, NULL, &error),
                          YBB_OK);
    int64_t before = entries_read(db);
    do {
        CU_ASSERT_EQUAL_FATAL(ybb__cursor_next(cursor, &slice, SLICE, SIZE_MAX, &error), YBB_OK);
        records += slice.main.rows;
    } while (slice.main.rows > 0);
    int64_t read = entries_read(db) - before;
    printf("# %lld entries for %llu records\n", (long long)read, (unsigned long long)records);
    CU_ASSERT_EQUAL(records, RECORDS);
    CU_ASSERT_TRUE(read < 3 * RECORDS);
    ybb__slice_free(&slice);
    ybb__cursor_free(cursor);
    ybb__db_close(db);
    end_source(&s);
}

/* Over the longest list, so that one slice takes several. */
static void slices_are_large(source *s)
{
    answer *a = new_answer();
    make_tables(s);
    fill_main(s, 9000, 1, 1, 4);
    for (size_t i = 0; i < ORDERS; i++) {
        ybb_reading reading = orders[i].reading();
        read_all(a, s, &reading, 9000, SIZE_MAX);
        CU_ASSERT_EQUAL(a->slices, 1);
        CU_ASSERT_TRUE(has_rows_of(a, s, orders[i].sql));
        ybb__block_free(&a->rows);
    }
    free_answer(a);
}

static void a_slice_may_be_larger_than_a_list(void)
{
    each_source(slices_are_large);
}

static void slices_end_exactly(source *s)
{
    enum { BYTES = 20000, ROWS = 90 };
    answer *a = new_answer();
    make_tables(s);
    fill_main(s, 2000, 1, 1, 200);
    for (size_t i = 0; i < ORDERS; i++) {
        ybb_reading reading = orders[i].reading();
        read_all(a, s, &reading, ROWS, BYTES);
        uint32_t row = 0, by_bytes = 0;
        for (uint32_t j = 0; j < a->slices; j++) {
            row += a->slice_rows[j];
            CU_ASSERT_TRUE(a->slice_rows[j] <= ROWS);
            if (j + 1 < a->slices)
                CU_ASSERT_TRUE(a->slice_rows[j] == ROWS || a->slice_bytes[j] >= BYTES);
            /* the row that reached the limit is the last */
            if (a->slice_bytes[j] >= BYTES) {
                by_bytes++;
                CU_ASSERT_TRUE(a->slice_bytes[j] - cell_at(&a->rows, row - 1, BODY).length <
                               BYTES + 100);
            }
        }
        CU_ASSERT_TRUE(by_bytes > 0 && by_bytes < a->slices);
        ybb__block_free(&a->rows);
    }
    free_answer(a);
}

static void a_slice_ends_with_the_row_that_reaches_a_limit(void)
{
    each_source(slices_end_exactly);
}

static void limits_cut(source *s)
{
    static const uint64_t limits[] = {0, 1, 63, 64, 65, 499, 500, 501, UINT64_MAX};
    answer *a = new_answer();
    make_tables(s);
    fill_main(s, 500, 1, 1, 10);
    for (size_t i = 0; i < ORDERS; i++) {
        ybb_reading reading = orders[i].reading();
        for (size_t j = 0; j < sizeof(limits) / sizeof(limits[0]); j++) {
            char sql[256];
            uint64_t expected = limits[j] < 500 ? limits[j] : 500;
            read_limited(a, s, &reading, limits[j], 100, SIZE_MAX, false);
            CU_ASSERT_EQUAL(a->status, YBB_OK);
            CU_ASSERT_EQUAL(a->records, expected);
            snprintf(sql, sizeof(sql), "%s LIMIT %u", orders[i].sql, (unsigned)expected);
            CU_ASSERT_TRUE(has_rows_of(a, s, sql));
            ybb__block_free(&a->rows);
        }
    }
    free_answer(a);
}

static void a_limit_cuts_behind_the_sort(void)
{
    each_source(limits_cut);
}

static void nothing_is_read(source *s)
{
    answer *a = new_answer();
    make_tables(s);
    for (size_t i = 0; i < ORDERS; i++) {
        ybb_reading reading = orders[i].reading();
        reading.related = &by_id;
        reading.related_count = 1;
        read_all(a, s, &reading, 100, 1000);
        CU_ASSERT_EQUAL(a->records, 0);
        CU_ASSERT_EQUAL(a->slices, 0);
        ybb__block_free(&a->rows);
    }
    free_answer(a);
}

static void no_records_are_an_end_and_no_error(void)
{
    each_source(nothing_is_read);
}

static void count_lies(source *s, const char *count, const char *order_count)
{
    answer *a = new_answer();
    for (size_t i = 0; i < ORDERS; i++) {
        ybb_reading reading = orders[i].reading();
        reading.count.sql = count;
        read_limited(a, s, &reading, UINT64_MAX, 100, SIZE_MAX, false);
        CU_ASSERT_EQUAL(a->status, YBB_SOURCE_SHORT);
        ybb__block_free(&a->rows);
        if (order_count != NULL && !reading.by_key)
            CU_ASSERT_PTR_NOT_NULL(strstr(a->error.message, order_count));
    }
    free_answer(a);
}

static void counts_are_wrong(source *s)
{
    ybb_error error = {0};
    make_tables(s);
    fill_main(s, 300, 1, 1, 10);
    count_lies(s, "SELECT 301", "fewer");
    count_lies(s, "SELECT 1000", "fewer");
    count_lies(s, "SELECT 299", "more");
    count_lies(s, "SELECT 1", "more");
    ybb_reading reading = reading_by_id();
    ybb_cursor *cursor;
    reading.count.sql = "SELECT 'many'";
    CU_ASSERT_EQUAL(ybb__cursor_open(&cursor, s->writer, &reading, UINT64_MAX, NULL, &error),
                    YBB_SOURCE_ERROR);
    reading.count.sql = "SELECT id FROM m";
    CU_ASSERT_EQUAL(ybb__cursor_open(&cursor, s->writer, &reading, UINT64_MAX, NULL, NULL),
                    YBB_SOURCE_ERROR);
    reading.count.sql = "SELECT COUNT(*) FROM missing";
    CU_ASSERT_EQUAL(ybb__cursor_open(&cursor, s->writer, &reading, UINT64_MAX, NULL, NULL),
                    YBB_SOURCE_SCHEMA);
    CU_ASSERT_PTR_NULL(cursor);
}

static void other_rows_than_counted_are_an_error(void)
{
    each_source(counts_are_wrong);
}

/* A record that the keys name is not among the rows, or is there twice. */
static void keys_do_not_fit(source *s)
{
    answer *a = new_answer();
    make_tables(s);
    fill_main(s, 300, 1, 1, 10);
    ybb_reading reading = reading_by_rank();
    reading.by_keys.head = MAIN " WHERE id <> 77 AND id IN (";
    read_limited(a, s, &reading, UINT64_MAX, 100, SIZE_MAX, false);
    CU_ASSERT_EQUAL(a->status, YBB_SOURCE_SHORT);
    ybb__block_free(&a->rows);
    reading.by_keys.head = "SELECT id, code, rank_, body FROM (" MAIN " UNION ALL " MAIN
                           " WHERE id = 5) x WHERE id IN (";
    read_limited(a, s, &reading, UINT64_MAX, 100, SIZE_MAX, false);
    CU_ASSERT_EQUAL(a->status, YBB_SOURCE_SHORT);
    free_answer(a);
}

static void a_record_that_is_missing_among_its_keys_is_an_error(void)
{
    each_source(keys_do_not_fit);
}

/* @each rows for every second record, some for ids in the gaps, and some for nobody. */
static void fill_related(source *s, uint32_t count, int64_t first, int64_t step, uint32_t each,
                         size_t length)
{
    char *note = malloc(length + 1);
    CU_ASSERT_PTR_NOT_NULL_FATAL(note);
    memset(note, 'n', length + 1);
    run_sql(s->writer, "BEGIN");
    ybb_statement *statement = prepare(s->writer, "INSERT INTO r VALUES (?, ?, ?, ?)");
    int64_t id = 0;
    for (uint32_t i = 0; i < count; i++)
        for (uint32_t j = 0; j < each; j++) {
            char code[32];
            int code_length = snprintf(code, sizeof(code), "c%u", (i * 7919 + 13) % 1000003);
            const ybb_value values[] = {integer(id++),
                                        integer(first + step * i + (i % 2) * OUTSIDE),
                                        text(code, (size_t)code_length), text(note, length)};
            insert(statement, values);
        }
    const ybb_value lost[] = {integer(id), text(NULL, 0), text("", 0), text("x", 1)};
    insert(statement, lost);
    ybb__statement_free(statement);
    run_sql(s->writer, "COMMIT");
    free(note);
}

static void related_rows_are_all(source *s)
{
    static const struct {
        int64_t first, step;
    } ids[] = {{1, 1}, {-700, 1}, {1, 2}, {1, 1000}};
    const ybb_related related[] = {by_id, by_code};
    answer *a = new_answer();
    for (size_t k = 0; k < sizeof(ids) / sizeof(ids[0]); k++) {
        make_tables(s);
        fill_main(s, 1200, ids[k].first, ids[k].step, 30);
        fill_related(s, 1200, ids[k].first, ids[k].step, 3, 20);
        for (size_t i = 0; i < ORDERS; i++) {
            ybb_reading reading = orders[i].reading();
            reading.related = related;
            reading.related_count = 2;
            for (uint32_t rows = 40; rows < 10000; rows *= 7) {
                read_all(a, s, &reading, rows, 100000);
                CU_ASSERT_TRUE(has_rows_of(a, s, orders[i].sql));
                /* half of them match by id, all by code, each just once */
                CU_ASSERT_EQUAL(a->related, 1200 / 2 * 3 + 1200 * 3);
                ybb__block_free(&a->rows);
            }
        }
    }
    free_answer(a);
}

static void a_slice_has_the_related_rows_of_its_records_once(void)
{
    each_source(related_rows_are_all);
}

/* Ranges take what lies in gaps with them, but a value that was in one is not looked up again. */
static void gaps_are_filled_later(source *s)
{
    answer *a = new_answer();
    make_tables(s);
    fill_main(s, 1000, 1, 1, 10);
    fill_related(s, 1000, 1, 1, 2, 10);
    ybb_reading reading = reading_by_rank();
    reading.related = &by_id;
    reading.related_count = 1;
    /* the first steps have all but a few of the ids from 1 to 500, the later ones those few */
    reading.order.sql = "SELECT id FROM m ORDER BY CASE WHEN id % 9 = 0 THEN id + 1000 ELSE id END"
                        " LIMIT ?";
    read_all(a, s, &reading, 2000, SIZE_MAX);
    CU_ASSERT_EQUAL(a->slices, 1);
    CU_ASSERT_EQUAL(a->related, 1000);
    CU_ASSERT_EQUAL(a->stray, 0);
    free_answer(a);
}

static void a_value_in_a_range_is_not_read_twice(void)
{
    each_source(gaps_are_filled_later);
}

/* Many records share a value; some have none. */
static void values_repeat(source *s)
{
    answer *a = new_answer();
    make_tables(s);
    fill_main(s, 900, 1, 1, 10);
    static const uint32_t cell_rank[] = {RANK};
    ybb_related related = by_id;
    related.main_cells = cell_rank;
    fill_related(s, 97, 0, 1, 1, 10);
    ybb_reading reading = reading_by_id();
    reading.related = &related;
    reading.related_count = 1;
    read_all(a, s, &reading, 900, SIZE_MAX);
    CU_ASSERT_EQUAL(a->related, 49);
    free_answer(a);
}

static void a_value_that_repeats_is_looked_up_once(void)
{
    each_source(values_repeat);
}

/* The database finds rows under "c1" and "C1" alike; each is still there once. */
static void texts_differ_by_case(source *s)
{
    answer *a = new_answer();
    make_tables(s);
    run_sql(s->writer, "DROP TABLE r");
    run_sql(s->writer,
            s->is_mysql ? "CREATE TABLE r (id BIGINT PRIMARY KEY, m_id BIGINT, m_code VARCHAR(40)"
                          " COLLATE utf8mb4_general_ci, note LONGTEXT)"
                        : "CREATE TABLE r (id INTEGER PRIMARY KEY, m_id INTEGER,"
                          " m_code TEXT COLLATE NOCASE, note TEXT)");
    fill_main(s, 200, 1, 1, 10);
    fill_related(s, 200, 1, 1, 2, 10);
    run_sql(s->writer, "INSERT INTO m SELECT 500 - id, UPPER(code), rank_, body FROM m");
    run_sql(s->writer, "INSERT INTO r SELECT 1000 + id, m_id, UPPER(m_code), note FROM r"
                       " WHERE m_code LIKE 'c%'");
    for (size_t i = 0; i < ORDERS; i++) {
        ybb_reading reading = orders[i].reading();
        reading.related = &by_code;
        reading.related_count = 1;
        read_all(a, s, &reading, 4096, SIZE_MAX);
        CU_ASSERT_EQUAL(a->records, 400);
        CU_ASSERT_EQUAL(a->slices, 1);
        CU_ASSERT_EQUAL(a->related, 800);
        CU_ASSERT_EQUAL(a->stray, 0);
        ybb__block_free(&a->rows);
    }
    free_answer(a);
}

static void texts_that_a_database_takes_for_equal_are_read_once(void)
{
    each_source(texts_differ_by_case);
}

static void slices_shrink(source *s)
{
    enum { BYTES = 50000 };
    answer *a = new_answer(), *again = new_answer();
    make_tables(s);
    fill_main(s, 400, 1, 1, 10);
    fill_related(s, 400, 1, 1, 20, 500);
    for (size_t i = 0; i < ORDERS; i++) {
        ybb_reading reading = orders[i].reading();
        const ybb_related related[] = {by_id, by_code};
        reading.related = related;
        reading.related_count = 2;
        read_all(a, s, &reading, 4096, BYTES);
        CU_ASSERT_TRUE(a->slices > 10);
        CU_ASSERT_TRUE(a->most_bytes < 10 * BYTES);
        CU_ASSERT_TRUE(has_rows_of(a, s, orders[i].sql));
        CU_ASSERT_EQUAL(a->related, 400 / 2 * 20 + 400 * 20);
        read_all(again, s, &reading, 4096, BYTES);
        CU_ASSERT_EQUAL(again->slices, a->slices);
        CU_ASSERT_EQUAL(memcmp(again->slice_rows, a->slice_rows, sizeof(a->slice_rows)), 0);
        ybb__block_free(&a->rows);
        ybb__block_free(&again->rows);
    }
    free_answer(a);
    free_answer(again);
}

static void many_related_rows_make_a_slice_smaller(void)
{
    each_source(slices_shrink);
}

/* A slice does not depend on what was read before it: the same rows come when an export begins
 * there. */
static void slices_are_the_same_from_anywhere(source *s)
{
    answer *a = new_answer(), *b = new_answer();
    make_tables(s);
    fill_main(s, 1500, 1, 1, 60);
    fill_related(s, 1500, 1, 1, 4, 100);
    ybb_reading reading = reading_by_id();
    reading.related = &by_id;
    reading.related_count = 1;
    read_all(a, s, &reading, 300, 8000);
    CU_ASSERT_TRUE_FATAL(a->slices > 8);
    uint32_t before = 0;
    for (uint32_t i = 0; i < 5; i++)
        before += a->slice_rows[i];
    ybb_value last = integer(before);
    reading.count = (ybb_query){"SELECT COUNT(*) FROM m WHERE id > ?", &last, 1};
    reading.first = (ybb_query){MAIN " WHERE id > ? ORDER BY id LIMIT ?", &last, 1};
    read_all(b, s, &reading, 300, 8000);
    CU_ASSERT_EQUAL(b->slices, a->slices - 5);
    CU_ASSERT_EQUAL(memcmp(b->slice_rows, a->slice_rows + 5, b->slices * sizeof(b->slice_rows[0])),
                    0);
    free_answer(a);
    free_answer(b);
}

static void a_slice_depends_on_the_data_alone(void)
{
    each_source(slices_are_the_same_from_anywhere);
}

static void cells_are_huge(source *s)
{
    enum { HUGE_CELL = 3 << 20, HUGE_ROWS = 7 };
    answer *a = new_answer();
    make_tables(s);
    fill_main(s, 100, 1, 1, 1000);
    char *body = malloc(HUGE_CELL);
    CU_ASSERT_PTR_NOT_NULL_FATAL(body);
    memset(body, 'h', HUGE_CELL);
    ybb_statement *main_row = prepare(s->writer, "INSERT INTO m VALUES (?, ?, ?, ?)");
    ybb_statement *related_row = prepare(s->writer, "INSERT INTO r VALUES (?, ?, ?, ?)");
    for (int i = 0; i < HUGE_ROWS; i++) {
        char code[16];
        int length = snprintf(code, sizeof(code), "huge%d", i);
        const ybb_value row[] = {integer(50000 + i), text(code, (size_t)length), integer(5),
                                 text(body, HUGE_CELL)};
        const ybb_value note[] = {integer(i), integer(50000 + i), text(code, (size_t)length),
                                  text(body, HUGE_CELL)};
        insert(main_row, row);
        insert(related_row, note);
    }
    ybb__statement_free(main_row);
    ybb__statement_free(related_row);
    free(body);
    for (size_t i = 0; i < ORDERS; i++) {
        ybb_reading reading = orders[i].reading();
        reading.related = &by_id;
        reading.related_count = 1;
        read_all(a, s, &reading, 4096, 100000);
        CU_ASSERT_TRUE(has_rows_of(a, s, orders[i].sql));
        CU_ASSERT_EQUAL(a->related, HUGE_ROWS);
        CU_ASSERT_TRUE(a->most_bytes < 3 * (size_t)HUGE_CELL);
        ybb__block_free(&a->rows);
    }
    free_answer(a);
}

static void a_huge_cell_makes_a_slice_of_few_rows(void)
{
    each_source(cells_are_huge);
}

static void writer_goes_on(source *s)
{
    ybb_error error = {0};
    ybb_slice slice = {0};
    make_tables(s);
    if (!s->is_mysql)
        CU_ASSERT_EQUAL(query_status(s->writer, "PRAGMA journal_mode = WAL", &error), YBB_OK);
    fill_main(s, 1000, 1, 1, 10);
    ybb_db *db = open_dsn(s->dsn, YBB_DB_READ);
    ybb_reading reading = reading_by_id();
    ybb_cursor *cursor;
    CU_ASSERT_EQUAL_FATAL(ybb__cursor_open(&cursor, db, &reading, UINT64_MAX, NULL, &error),
                          YBB_OK);
    uint32_t rows = 0, changed = 0;
    do {
        CU_ASSERT_EQUAL(ybb__cursor_next(cursor, &slice, 100, SIZE_MAX, &error), YBB_OK);
        rows += slice.main.rows;
        for (uint32_t i = 0; i < slice.main.rows; i++)
            changed += cell_at(&slice.main, i, BODY).length != 10 &&
                       cell_at(&slice.main, i, BODY).length != 100;
        run_sql(s->writer, "UPDATE m SET body = 'changed'");
        run_sql(s->writer, "DELETE FROM m WHERE id > 800");
        run_sql(s->writer, "DELETE FROM m WHERE id = 5000");
        run_sql(s->writer, "INSERT INTO m VALUES (5000, 'new', 1, 'new')");
    } while (slice.main.rows > 0);
    CU_ASSERT_EQUAL(rows, 1000);
    CU_ASSERT_EQUAL(changed, 0);
    ybb__slice_free(&slice);
    ybb__cursor_free(cursor);
    ybb__db_close(db);
}

static void all_slices_are_of_one_moment(void)
{
    each_source(writer_goes_on);
}

static void keys_above_the_signed_integers_are_read(void)
{
    static const char *const ids[] = {"0", "9223372036854775807", "9223372036854775808",
                                      "18446744073709551614", "18446744073709551615"};
    source s;
    if (!begin_mysql(&s))
        return;
    answer *a = new_answer();
    make_tables(&s);
    run_sql(s.writer, "ALTER TABLE m MODIFY id BIGINT UNSIGNED");
    run_sql(s.writer, "ALTER TABLE r MODIFY m_id BIGINT UNSIGNED");
    for (size_t i = 0; i < sizeof(ids) / sizeof(ids[0]); i++) {
        char sql[128];
        snprintf(sql, sizeof(sql), "INSERT INTO m VALUES (%s, '%s', %zu, '')", ids[i], ids[i], i);
        run_sql(s.writer, sql);
        snprintf(sql, sizeof(sql), "INSERT INTO r VALUES (%zu, %s, '', '')", i, ids[i]);
        run_sql(s.writer, sql);
    }
    for (size_t i = 0; i < 2; i++)
        for (uint32_t rows = 1; rows < 6; rows++) {
            ybb_reading reading = orders[i].reading();
            reading.related = &by_id;
            reading.related_count = 1;
            read_all(a, &s, &reading, rows, SIZE_MAX);
            CU_ASSERT_TRUE(has_rows_of(a, &s, orders[i].sql));
            CU_ASSERT_EQUAL(a->related, 5);
            ybb__block_free(&a->rows);
        }
    free_answer(a);
    end_source(&s);
}

static void a_key_that_is_no_integer_is_an_error(void)
{
    source s;
    begin_sqlite(&s);
    answer *a = new_answer();
    make_tables(&s);
    fill_main(&s, 10, 1, 1, 10);
    for (size_t i = 0; i < 2; i++) {
        ybb_reading reading = orders[i].reading();
        reading.key_cell = CODE;
        reading.order.sql = "SELECT code FROM m LIMIT ?";
        read_limited(a, &s, &reading, UINT64_MAX, 3, SIZE_MAX, false);
        CU_ASSERT_EQUAL(a->status, YBB_SOURCE_ERROR);
        ybb__block_free(&a->rows);
    }
    free_answer(a);
    end_source(&s);
}

static void a_slice_of_nothing_is_misuse(void)
{
    source s;
    ybb_slice slice = {0};
    ybb_cursor *cursor;
    begin_sqlite(&s);
    make_tables(&s);
    fill_main(&s, 10, 1, 1, 10);
    ybb_reading reading = reading_by_id();
    CU_ASSERT_EQUAL_FATAL(ybb__cursor_open(&cursor, s.writer, &reading, UINT64_MAX, NULL, NULL),
                          YBB_OK);
    CU_ASSERT_EQUAL(ybb__cursor_next(cursor, &slice, 0, 1, NULL), YBB_MISUSE);
    CU_ASSERT_EQUAL(ybb__cursor_next(cursor, &slice, 1, 0, NULL), YBB_MISUSE);
    CU_ASSERT_EQUAL(ybb__cursor_next(cursor, &slice, 1, 1, NULL), YBB_OK);
    CU_ASSERT_EQUAL(slice.main.rows, 1);
    ybb__slice_free(&slice);
    ybb__cursor_free(cursor);
    ybb__cursor_free(NULL);
    end_source(&s);
}

int main(void)
{
    static const ybb_test tests[] = {
        TEST(slices_give_every_record_once_and_in_order),
        TEST(gaps_between_keys_lose_nothing),
        TEST(a_server_reads_every_index_entry_about_once),
        TEST(a_slice_may_be_larger_than_a_list),
        TEST(a_slice_ends_with_the_row_that_reaches_a_limit),
        TEST(a_limit_cuts_behind_the_sort),
        TEST(no_records_are_an_end_and_no_error),
        TEST(other_rows_than_counted_are_an_error),
        TEST(a_record_that_is_missing_among_its_keys_is_an_error),
        TEST(a_slice_has_the_related_rows_of_its_records_once),
        TEST(a_value_in_a_range_is_not_read_twice),
        TEST(a_value_that_repeats_is_looked_up_once),
        TEST(texts_that_a_database_takes_for_equal_are_read_once),
        TEST(many_related_rows_make_a_slice_smaller),
        TEST(a_slice_depends_on_the_data_alone),
        TEST(a_huge_cell_makes_a_slice_of_few_rows),
        TEST(all_slices_are_of_one_moment),
        TEST(keys_above_the_signed_integers_are_read),
        TEST(a_key_that_is_no_integer_is_an_error),
        TEST(a_slice_of_nothing_is_misuse),
    };
    return RUN_TESTS("cursor", tests);
}
