/* lib/db: DSNs, connections, statements, and the canonical form of cells. */
#include "db/dsn.h"
#include "db_sources.h"

#include <pthread.h>
#include <sys/stat.h>
#include <sys/wait.h>

static const char secret[] = "s3cr3t";

/* ---- DSNs ---- */

static bool text_is(const char *text, const char *expected)
{
    return text == NULL || expected == NULL ? text == expected : strcmp(text, expected) == 0;
}

static void expect_server(const char *rest, const char *user, const char *password,
                          const char *host, unsigned port, const char *database, const char *socket)
{
    ybb_error error = {0};
    ybb_dsn dsn;
    CU_ASSERT_EQUAL(ybb__dsn_server(&dsn, rest, &error), YBB_OK);
    bool same = text_is(dsn.user, user) && text_is(dsn.password, password) &&
                text_is(dsn.host, host) && dsn.port == port && text_is(dsn.database, database) &&
                text_is(dsn.socket, socket);
    if (!same)
        printf("# %s: %s\n", rest, error.message);
    CU_ASSERT_TRUE(same);
    ybb__dsn_release(&dsn);
}

static void a_dsn_is_taken_apart_and_decoded(void)
{
    expect_server("u:p@h:3307/d", "u", "p", "h", 3307, "d", NULL);
    expect_server("h/d", NULL, NULL, "h", 0, "d", NULL);
    expect_server("/d", NULL, NULL, NULL, 0, "d", NULL);
    expect_server("u@/d", "u", NULL, NULL, 0, "d", NULL);
    expect_server("u:@h/d", "u", "", "h", 0, "d", NULL);
    expect_server("u:a:b@h/d", "u", "a:b", "h", 0, "d", NULL);
    expect_server("u:p%40%2f%3A%25@h/d%C3%A9", "u", "p@/:%", "h", 0, "d\xC3\xA9", NULL);
    expect_server("u:p@q@h/d", "u", "p@q", "h", 0, "d", NULL);
    expect_server("u@[::1]:3306/d", "u", NULL, "::1", 3306, "d", NULL);
    expect_server("u@[fe80::1]/d", "u", NULL, "fe80::1", 0, "d", NULL);
    expect_server("u@localhost/d?socket=/run/my%20sock", "u", NULL, "localhost", 0, "d",
                  "/run/my sock");
}

static void a_dsn_that_is_not_understood_is_refused(void)
{
    static const char *const wrong[] = {
        "", "mysql", "mysql:", "mysql:/u@h/d", "MYSQL://u@h/d", "postgres://u:s3cr3t@h/d",
        "u:s3cr3t@h/d", "mysql://u:s3cr3t@h", "mysql://u:s3cr3t@h/", "mysql://u:s3cr3t@h/d/e",
        "mysql://u:s3cr3t@h:0/d", "mysql://u:s3cr3t@h:65536/d", "mysql://u:s3cr3t@h:x/d",
        "mysql://u:s3cr3t@h:/d", "mysql://u:s3cr3t@h:-1/d", "mysql://u:s3cr3t%@h/d",
        "mysql://u:s3cr3t%4@h/d", "mysql://u:s3cr3t%4g@h/d", "mysql://u:s3cr3t%00@h/d",
        "mysql://u:s3cr3t@[::1/d", "mysql://u:s3cr3t@[::1]x/d", "mysql://u:s3cr3t@h/d?",
        "mysql://u:s3cr3t@h/d?tls=s3cr3t", "mysql://u:p@h/d?s3cr3t",
        "mysql://u@localhost/d?socket=", "mysql://u@localhost/d?socket=s3cr3t",
        "mysql://u@localhost/d?socket=/a&socket=/b", "mysql://u:s3cr3t@h/d?socket=/a",
        "mysql://u@localhost:33/d?socket=/a", "mysql://u:s3cr3t@localhost/d?socket=/a&",
        /* passwords that should have been encoded */
        "mysql://u:s3cr3t/@h/d", "mysql://u:12/s3cr3t@h/d", "mysql://u:s3cr3t?x@h/d",
        "mysql://u:12/x?s3cr3t=1@h/d", "mysql://u:s3cr3t#x@h/d", "mysql://u:%s3cr3t@h/d",
        "sqlite://", "sqlite:file", "sqlite://file", "sqlite://s3cr3t/file", "sqlite:///a?mode=ro",
        "sqlite:///a#b", "sqlite:///a%", "sqlite:///a%00b"};
    for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
        ybb_error error = {0};
        ybb_dialect dialect;
        ybb_status status = ybb__dsn_dialect(wrong[i], &dialect, &error);
        if (status != YBB_INVALID_CONFIG || strstr(error.message, secret) != NULL)
            printf("# %s: %s\n", wrong[i], error.message);
        CU_ASSERT_EQUAL(status, YBB_INVALID_CONFIG);
        CU_ASSERT_EQUAL(error.status, YBB_INVALID_CONFIG);
        CU_ASSERT_PTR_NULL(strstr(error.message, secret));
    }
    ybb_dialect dialect;
    CU_ASSERT_EQUAL(ybb__dsn_dialect(NULL, &dialect, NULL), YBB_INVALID_CONFIG);
}

static void a_dsn_says_its_dialect(void)
{
    ybb_dialect dialect = YBB_DIALECT_SQLITE;
    CU_ASSERT_EQUAL(ybb__dsn_dialect("mysql://u@h/d", &dialect, NULL), YBB_OK);
    CU_ASSERT_EQUAL(dialect, YBB_DIALECT_MYSQL);
    CU_ASSERT_EQUAL(ybb__dsn_dialect("sqlite:///a", &dialect, NULL), YBB_OK);
    CU_ASSERT_EQUAL(dialect, YBB_DIALECT_SQLITE);
    CU_ASSERT_EQUAL(ybb__dsn_dialect("mariadb://u@h/d", &dialect, NULL), YBB_OK);
    CU_ASSERT_EQUAL(dialect, YBB_DIALECT_MYSQL);
}

/* ---- SQLite ---- */

static ybb_status open_status(const char *dsn, ybb_db_mode mode, ybb_error *error)
{
    ybb_db *db = NULL;
    memset(error, 0, sizeof(*error));
    ybb_status status = ybb__db_open(&db, dsn, mode, 1, error);
    CU_ASSERT_EQUAL(db == NULL, status != YBB_OK);
    CU_ASSERT_EQUAL(error->status, status);
    ybb__db_close(db);
    return status;
}

static void put_file(const char *path, const char *bytes, size_t length)
{
    FILE *file = fopen(path, "wb");
    CU_ASSERT_PTR_NOT_NULL_FATAL(file);
    CU_ASSERT_EQUAL(fwrite(bytes, 1, length, file), length);
    fclose(file);
}

static void a_file_that_is_no_database_is_an_error(void)
{
    char junk[4096], path[128], dsn[160];
    ybb_error error;
    source s;
    begin_sqlite(&s);
    memset(junk, 'x', sizeof(junk));
    snprintf(path, sizeof(path), "%s/junk", s.folder);
    snprintf(dsn, sizeof(dsn), "sqlite://%s", path);
    put_file(path, junk, sizeof(junk));
    CU_ASSERT_EQUAL(open_status(dsn, YBB_DB_READ, &error), YBB_SOURCE_ERROR);
    unlink(path);
    snprintf(dsn, sizeof(dsn), "sqlite://%s", s.folder);
    CU_ASSERT_EQUAL(open_status(dsn, YBB_DB_READ, &error), YBB_SOURCE_ERROR);
    CU_ASSERT_PTR_NOT_NULL(strstr(error.message, s.folder));
    end_source(&s);
}

static void a_file_that_is_missing_is_unavailable_and_not_made(void)
{
    char path[128], dsn[160];
    ybb_error error;
    source s;
    begin_sqlite(&s);
    snprintf(path, sizeof(path), "%s/missing", s.folder);
    snprintf(dsn, sizeof(dsn), "sqlite://%s", path);
    CU_ASSERT_EQUAL(open_status(dsn, YBB_DB_READ, &error), YBB_SOURCE_UNAVAILABLE);
    CU_ASSERT_PTR_NOT_NULL(strstr(error.message, "missing"));
    CU_ASSERT_NOT_EQUAL(access(path, F_OK), 0);
    CU_ASSERT_EQUAL(open_status(dsn, YBB_DB_WRITE, &error), YBB_OK);
    CU_ASSERT_EQUAL(access(path, F_OK), 0);
    unlink(path);
    end_source(&s);
}

static void a_path_may_have_any_character(void)
{
    static const char *const names[][2] = {{"a%3Fmode=memory%23x", "a?mode=memory#x"},
                                           {"50%25", "50%"},
                                           {"%C3%A9t%C3%A9 1", "\xC3\xA9t\xC3\xA9 1"},
                                           {":memory:", ":memory:"}};
    source s;
    begin_sqlite(&s);
    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
        char path[128], dsn[160];
        ybb_error error;
        snprintf(path, sizeof(path), "%s/%s", s.folder, names[i][1]);
        snprintf(dsn, sizeof(dsn), "sqlite://%s/%s", s.folder, names[i][0]);
        ybb_db *db = open_dsn(dsn, YBB_DB_WRITE);
        run_sql(db, "CREATE TABLE t (a); INSERT INTO t VALUES (7)");
        ybb__db_close(db);
        CU_ASSERT_EQUAL(access(path, F_OK), 0);
        CU_ASSERT_EQUAL(open_status(dsn, YBB_DB_READ, &error), YBB_OK);
        unlink(path);
    }
    end_source(&s);
}

static void a_reader_cannot_write(source *s)
{
    ybb_error error;
    run_sql(s->writer, "DROP TABLE IF EXISTS t");
    run_sql(s->writer, "CREATE TABLE t (a INTEGER)");
    ybb_db *db = open_dsn(s->dsn, YBB_DB_READ);
    CU_ASSERT_NOT_EQUAL(query_status(db, "INSERT INTO t VALUES (1)", &error), YBB_OK);
    CU_ASSERT_NOT_EQUAL(ybb__db_exec(db, "INSERT INTO t VALUES (1)", NULL), YBB_OK);
    ybb__db_close(db);
    CU_ASSERT_EQUAL(number_of(s->writer, "SELECT COUNT(*) FROM t"), 0);
    run_sql(s->writer, "INSERT INTO t VALUES (1)");
    CU_ASSERT_EQUAL(number_of(s->writer, "SELECT COUNT(*) FROM t"), 1);
}

static void a_reading_connection_cannot_write(void)
{
    each_source(a_reader_cannot_write);
}

static void sqlite_cells_come_in_canonical_form(void)
{
    static const char *const expected[] = {NULL,
                                           "0",
                                           "-9223372036854775808",
                                           "9223372036854775807",
                                           "0.1",
                                           "150000.5",
                                           "1.5e+20",
                                           "Inf",
                                           "-Inf",
                                           "",
                                           "\xC3\xA9",
                                           "a\nb"};
    ybb_error error = {0};
    ybb_block block;
    source s;
    begin_sqlite(&s);
    ybb_status status = query(s.writer,
                              "SELECT NULL, 0, -9223372036854775807 - 1, 9223372036854775807, 0.1,"
                              " 150000.50, 1.5e20, 9e999, -9e999, '', '\xC3\xA9', 'a\nb', x'',"
                              " x'00ff41', 'a' || char(0) || 'b'",
                              &block, &error);
    CU_ASSERT_EQUAL_FATAL(status, YBB_OK);
    CU_ASSERT_EQUAL(block.rows, 1);
    uint32_t count = sizeof(expected) / sizeof(expected[0]);
    for (uint32_t i = 0; i < count; i++)
        CU_ASSERT_TRUE(cell_is(cell_at(&block, 0, i), expected[i]));
    CU_ASSERT_TRUE(cell_is(cell_at(&block, 0, count), ""));
    ybb_cell blob = cell_at(&block, 0, count + 1), text = cell_at(&block, 0, count + 2);
    CU_ASSERT_TRUE(blob.length == 3 && memcmp(blob.at,
                                              "\0\xff"
                                              "A",
                                              3) == 0);
    CU_ASSERT_TRUE(text.length == 3 && memcmp(text.at, "a\0b", 3) == 0);
    ybb__block_free(&block);
    end_source(&s);
}

static void a_locked_database_is_busy(void)
{
    source s;
    ybb_error error = {0};
    begin_sqlite(&s);
    run_sql(s.writer, "CREATE TABLE t (a)");
    ybb_db *db;
    CU_ASSERT_EQUAL_FATAL(ybb__db_open(&db, s.dsn, YBB_DB_READ, 0, &error), YBB_OK);
    run_sql(s.writer, "BEGIN EXCLUSIVE");
    CU_ASSERT_EQUAL(query_status(db, "SELECT * FROM t", &error), YBB_SOURCE_BUSY);
    CU_ASSERT_EQUAL(open_status(s.dsn, YBB_DB_READ, &error), YBB_SOURCE_BUSY);
    run_sql(s.writer, "COMMIT");
    CU_ASSERT_EQUAL(query_status(db, "SELECT * FROM t", &error), YBB_OK);
    ybb__db_close(db);
    end_source(&s);
}

static void a_snapshot_of_a_wal_database_holds_nobody_up(void)
{
    source s;
    begin_sqlite(&s);
    ybb_error error;
    CU_ASSERT_EQUAL(query_status(s.writer, "PRAGMA journal_mode = WAL", &error), YBB_OK);
    run_sql(s.writer, "CREATE TABLE t (a); INSERT INTO t VALUES (1)");
    ybb_db *db = open_dsn(s.dsn, YBB_DB_READ);
    CU_ASSERT_EQUAL(ybb__db_snapshot_begin(db, NULL), YBB_OK);
    run_sql(s.writer, "INSERT INTO t VALUES (2); ALTER TABLE t ADD COLUMN b");
    CU_ASSERT_EQUAL(number_of(db, "SELECT COUNT(*) FROM t"), 1);
    CU_ASSERT_EQUAL(ybb__db_snapshot_rest(db, NULL), YBB_OK);
    CU_ASSERT_EQUAL(number_of(db, "SELECT COUNT(*) FROM t"), 1);
    ybb__db_snapshot_end(db);
    CU_ASSERT_EQUAL(number_of(db, "SELECT COUNT(*) FROM t"), 2);
    ybb__db_close(db);
    end_source(&s);
}

/* Bytes in the middle of the file are overwritten: what follows them must not be missing silently.
 */
static void a_damaged_file_is_an_error_and_no_end(void)
{
    source s;
    ybb_error error;
    char path[128];
    begin_sqlite(&s);
    run_sql(s.writer,
            "CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT);"
            "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 5000)"
            " INSERT INTO t SELECT i, hex(randomblob(40)) FROM n");
    ybb__db_close(s.writer);
    s.writer = NULL;
    snprintf(path, sizeof(path), "%s/test.db", s.folder);
    FILE *file = fopen(path, "r+b");
    CU_ASSERT_PTR_NOT_NULL_FATAL(file);
    char junk[65536];
    memset(junk, 0xee, sizeof(junk));
    CU_ASSERT_EQUAL(fseek(file, 3 * 65536, SEEK_SET), 0);
    CU_ASSERT_EQUAL(fwrite(junk, 1, sizeof(junk), file), sizeof(junk));
    fclose(file);
    ybb_db *db = open_dsn(s.dsn, YBB_DB_READ);
    CU_ASSERT_EQUAL(query_status(db, "SELECT id, a FROM t", &error), YBB_SOURCE_ERROR);
    ybb__db_close(db);
    CU_ASSERT_EQUAL(truncate(path, 2 * 65536), 0);
    CU_ASSERT_EQUAL(open_status(s.dsn, YBB_DB_READ, &error), YBB_SOURCE_ERROR);
    end_source(&s);
}

/* ---- Statements ---- */

static void unknown_things_are_told(source *s)
{
    ybb_error error;
    run_sql(s->writer, "DROP TABLE IF EXISTS t");
    run_sql(s->writer, "CREATE TABLE t (a INTEGER)");
    CU_ASSERT_EQUAL(query_status(s->writer, "SELECT a FROM missing_table", &error),
                    YBB_SOURCE_SCHEMA);
    CU_ASSERT_PTR_NOT_NULL(strstr(error.message, "missing_table"));
    CU_ASSERT_EQUAL(query_status(s->writer, "SELECT missing_column FROM t", &error),
                    YBB_SOURCE_SCHEMA);
    CU_ASSERT_PTR_NOT_NULL(strstr(error.message, "missing_column"));
    CU_ASSERT_EQUAL(query_status(s->writer, "SELECT a FRM t", &error), YBB_SOURCE_ERROR);
    CU_ASSERT_EQUAL(query_status(s->writer, "SELECT COUNT(*) FROM t", &error), YBB_OK);
}

static void unknown_tables_and_columns_are_of_the_schema(void)
{
    each_source(unknown_things_are_told);
}

static void values_reach_the_statement(source *s)
{
    const ybb_value values[] = {
        {.kind = YBB_VALUE_NULL},
        {.kind = YBB_VALUE_INTEGER, .number = INT64_MIN},
        {.kind = YBB_VALUE_INTEGER, .number = INT64_MAX},
        {.kind = YBB_VALUE_UNSIGNED, .number = (int64_t)UINT64_C(18446744073709551615)},
        {.kind = YBB_VALUE_TEXT, .at = "'; DROP TABLE t; -- \xE2\x82\xAC", .length = 23},
        {.kind = YBB_VALUE_TEXT, .at = NULL, .length = 0},
        {.kind = YBB_VALUE_TEXT, .at = "long", .length = 2}};
    static const char *const expected[] = {NULL,
                                           "-9223372036854775808",
                                           "9223372036854775807",
                                           "18446744073709551615",
                                           "'; DROP TABLE t; -- \xE2\x82\xAC",
                                           "",
                                           "lo"};
    ybb_error error = {0};
    ybb_block block;
    ybb_status status =
        query_values(s->writer, "SELECT ?, ?, ?, ?, ?, ?, ?", values, 7, &block, &error);
    CU_ASSERT_EQUAL_FATAL(status, YBB_OK);
    for (uint32_t i = 0; i < 7; i++)
        CU_ASSERT_TRUE(cell_is(cell_at(&block, 0, i), expected[i]));
    ybb__block_free(&block);
}

static void values_are_bound_and_never_pasted(void)
{
    each_source(values_reach_the_statement);
}

static void wrong_calls_are_misuse(source *s)
{
    const ybb_value value = {.kind = YBB_VALUE_INTEGER};
    ybb_statement *statement;
    ybb_block block = {0};
    bool whole;
    CU_ASSERT_EQUAL_FATAL(ybb__statement_prepare(&statement, s->writer, "SELECT ?, 2", NULL),
                          YBB_OK);
    CU_ASSERT_EQUAL(ybb__statement_columns(statement), 2);
    ybb__block_reset(&block, 2);
    CU_ASSERT_EQUAL(ybb__statement_read(statement, NULL, 0, &block, 0, &whole, NULL), YBB_MISUSE);
    CU_ASSERT_EQUAL(ybb__statement_read(statement, &value, 1, NULL, 0, &whole, NULL), YBB_MISUSE);
    ybb__block_reset(&block, 1);
    CU_ASSERT_EQUAL(ybb__statement_read(statement, &value, 1, &block, 0, &whole, NULL), YBB_MISUSE);
    ybb__block_reset(&block, 2);
    CU_ASSERT_EQUAL(ybb__statement_read(statement, &value, 1, &block, 0, &whole, NULL), YBB_OK);
    CU_ASSERT_EQUAL(block.rows, 1);
    ybb__block_free(&block);
    ybb__statement_free(statement);
}

static void values_and_cells_are_counted(void)
{
    each_source(wrong_calls_are_misuse);
}

static void fill_texts(ybb_db *db, uint32_t count)
{
    ybb_value values[2] = {{.kind = YBB_VALUE_INTEGER}, {.kind = YBB_VALUE_TEXT, .length = 100}};
    char text[101];
    memset(text, 'x', sizeof(text));
    values[1].at = text;
    run_sql(db, "DROP TABLE IF EXISTS t");
    run_sql(db, "CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT)");
    run_sql(db, "BEGIN");
    ybb_statement *statement;
    bool whole;
    CU_ASSERT_EQUAL_FATAL(
        ybb__statement_prepare(&statement, db, "INSERT INTO t VALUES (?, ?)", NULL), YBB_OK);
    CU_ASSERT_EQUAL(ybb__statement_columns(statement), 0);
    for (uint32_t i = 1; i <= count; i++) {
        values[0].number = i;
        CU_ASSERT_EQUAL_FATAL(ybb__statement_read(statement, values, 2, NULL, 0, &whole, NULL),
                              YBB_OK);
    }
    ybb__statement_free(statement);
    run_sql(db, "COMMIT");
}

/* And the statement runs again, whole, right afterwards. */
static void a_read_stops(source *s)
{
    ybb_statement *statement;
    ybb_block block = {0};
    bool whole;
    fill_texts(s->writer, 1000);
    CU_ASSERT_EQUAL_FATAL(
        ybb__statement_prepare(&statement, s->writer, "SELECT id, a FROM t ORDER BY id", NULL),
        YBB_OK);
    ybb__block_reset(&block, 2);
    CU_ASSERT_EQUAL(ybb__statement_read(statement, NULL, 0, &block, 5000, &whole, NULL), YBB_OK);
    CU_ASSERT_FALSE(whole);
    CU_ASSERT_TRUE(ybb__block_size(&block) >= 5000);
    CU_ASSERT_TRUE(block.rows > 10 && block.rows < 60);
    uint32_t before = block.rows;
    CU_ASSERT_EQUAL(ybb__statement_read(statement, NULL, 0, &block, 1, &whole, NULL), YBB_OK);
    CU_ASSERT_FALSE(whole);
    CU_ASSERT_EQUAL(block.rows, before + 1);
    ybb__block_reset(&block, 2);
    CU_ASSERT_EQUAL(ybb__statement_read(statement, NULL, 0, &block, 10000000, &whole, NULL),
                    YBB_OK);
    CU_ASSERT_TRUE(whole);
    CU_ASSERT_EQUAL(block.rows, 1000);
    CU_ASSERT_TRUE(cell_is(cell_at(&block, 999, 0), "1000"));
    ybb__block_free(&block);
    ybb__statement_free(statement);
}

static void a_read_stops_at_its_byte_limit(void)
{
    each_source(a_read_stops);
}

static void a_child_is_refused(source *s)
{
    ybb_statement *statement;
    ybb_block block = {0};
    ybb__block_reset(&block, 1);
    CU_ASSERT_EQUAL_FATAL(ybb__statement_prepare(&statement, s->writer, "SELECT 1", NULL), YBB_OK);
    pid_t child = fork();
    if (child == 0) {
        bool whole;
        int wrong = ybb__db_exec(s->writer, "SELECT 1", NULL) != YBB_FORKED;
        wrong |= ybb__db_snapshot_begin(s->writer, NULL) != YBB_FORKED;
        wrong |= ybb__statement_read(statement, NULL, 0, &block, 0, &whole, NULL) != YBB_FORKED;
        ybb__db_interrupt(s->writer);
        ybb__db_snapshot_end(s->writer);
        ybb__statement_free(statement);
        ybb__db_close(s->writer);
        _exit(wrong);
    }
    int status = -1;
    CU_ASSERT_EQUAL(waitpid(child, &status, 0), child);
    CU_ASSERT_EQUAL(status, 0);
    bool whole;
    CU_ASSERT_EQUAL(ybb__statement_read(statement, NULL, 0, &block, 0, &whole, NULL), YBB_OK);
    ybb__block_free(&block);
    ybb__statement_free(statement);
}

static void a_forked_child_leaves_the_connection_alone(void)
{
    each_source(a_child_is_refused);
}

/* ---- Interrupting ---- */

typedef struct interrupter {
    ybb_db *db;
    unsigned milliseconds;
} interrupter;

static void *interrupt_later(void *memory)
{
    const interrupter *i = memory;
    usleep(i->milliseconds * 1000);
    ybb__db_interrupt(i->db);
    return NULL;
}

static void interrupt_a_read(const char *dsn, const char *sql, unsigned milliseconds)
{
    ybb_error error = {0};
    interrupter i = {open_dsn(dsn, YBB_DB_READ), milliseconds};
    pthread_t thread;
    CU_ASSERT_EQUAL_FATAL(pthread_create(&thread, NULL, interrupt_later, &i), 0);
    CU_ASSERT_EQUAL(query_status(i.db, sql, &error), YBB_SOURCE_LOST);
    CU_ASSERT_EQUAL(error.status, YBB_SOURCE_LOST);
    pthread_join(thread, NULL);
    CU_ASSERT_EQUAL(query_status(i.db, "SELECT 1", &error), YBB_SOURCE_LOST);
    ybb__db_close(i.db);
}

static void an_interrupt_ends_what_runs_and_what_follows(void)
{
    static const char endless[] = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n)"
                                  " SELECT COUNT(*) FROM n";
    static const char rows[] = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n)"
                               " SELECT '' FROM n LIMIT 1000000000";
    source s;
    begin_sqlite(&s);
    interrupt_a_read(s.dsn, endless, 0);
    interrupt_a_read(s.dsn, endless, 50);
    interrupt_a_read(s.dsn, rows, 20);
    end_source(&s);
    if (mysql_dsn() != NULL) {
        interrupt_a_read(mysql_dsn(), "SELECT SLEEP(15)", 0);
        interrupt_a_read(mysql_dsn(), "SELECT SLEEP(15)", 100);
        interrupt_a_read(mysql_dsn(),
                         "SELECT a.table_name, SLEEP(0.01) FROM information_schema.columns a, "
                         "information_schema.columns b",
                         100);
    }
}

static void an_interrupt_ends_the_wait_for_a_lock(void)
{
    source s;
    ybb_error error;
    begin_sqlite(&s);
    interrupter i = {open_dsn(s.dsn, YBB_DB_READ), 50};
    pthread_t thread;
    run_sql(s.writer, "CREATE TABLE t (a); BEGIN EXCLUSIVE");
    CU_ASSERT_EQUAL_FATAL(pthread_create(&thread, NULL, interrupt_later, &i), 0);
    CU_ASSERT_EQUAL(query_status(i.db, "SELECT * FROM t", &error), YBB_SOURCE_LOST);
    pthread_join(thread, NULL);
    ybb__db_close(i.db);
    run_sql(s.writer, "COMMIT");
    end_source(&s);
}

/* ---- MariaDB and MySQL ---- */

/* The test's DSN with another user, password, database or socket; NULL: as it is. */
static void change_dsn(char *out, size_t size, const char *account, const char *database,
                       const char *socket)
{
    const char *at = strchr(strstr(mysql_dsn(), "://") + 3, '@');
    const char *slash = strchr(at, '/'), *question = strchr(slash, '?');
    CU_ASSERT_TRUE_FATAL(at != NULL && slash != NULL && question != NULL);
    int account_length = (int)(at - (strstr(mysql_dsn(), "://") + 3));
    const char *own_account = strstr(mysql_dsn(), "://") + 3;
    snprintf(out, size, "mysql://%.*s%.*s/%.*s%s%s",
             account != NULL ? (int)strlen(account) : account_length,
             account != NULL ? account : own_account, (int)(slash - at), at,
             database != NULL ? (int)strlen(database) : (int)(question - slash - 1),
             database != NULL ? database : slash + 1, socket != NULL ? "?socket=" : question,
             socket != NULL ? socket : "");
}

static void a_refusal_names_what_is_wrong_and_no_password(void)
{
    char dsn[512];
    ybb_error error;
    source s;
    if (!begin_mysql(&s))
        return;
    change_dsn(dsn, sizeof(dsn), "nobody:s3cr3t", NULL, NULL);
    CU_ASSERT_EQUAL(open_status(dsn, YBB_DB_READ, &error), YBB_SOURCE_REFUSED);
    CU_ASSERT_PTR_NULL(strstr(error.message, secret));
    change_dsn(dsn, sizeof(dsn), NULL, "no_such_database", NULL);
    CU_ASSERT_EQUAL(open_status(dsn, YBB_DB_READ, &error), YBB_SOURCE_SCHEMA);
    CU_ASSERT_PTR_NOT_NULL(strstr(error.message, "no_such_database"));
    change_dsn(dsn, sizeof(dsn), "u:s3cr3t", NULL, "/nonexistent/socket");
    CU_ASSERT_EQUAL(open_status(dsn, YBB_DB_READ, &error), YBB_SOURCE_UNAVAILABLE);
    CU_ASSERT_PTR_NULL(strstr(error.message, secret));
    CU_ASSERT_EQUAL(open_status("mysql://u:s3cr3t@127.0.0.1:1/d", YBB_DB_READ, &error),
                    YBB_SOURCE_UNAVAILABLE);
    CU_ASSERT_EQUAL(open_status("mysql://u:s3cr3t@localhost:1/d", YBB_DB_READ, &error),
                    YBB_SOURCE_UNAVAILABLE);
    CU_ASSERT_EQUAL(open_status("mysql://u:s3cr3t@host.invalid/d", YBB_DB_READ, &error),
                    YBB_SOURCE_UNAVAILABLE);
    CU_ASSERT_PTR_NULL(strstr(error.message, secret));
    CU_ASSERT_TRUE(strncmp(ybb__db_version(s.writer), "MariaDB 1", 9) == 0 ||
                   strncmp(ybb__db_version(s.writer), "MySQL ", 6) == 0);
    end_source(&s);
}

static const struct form {
    const char *type, *literal, *expected;
} forms[] = {
    {"TINYINT", "-128", "-128"},
    {"TINYINT UNSIGNED", "255", "255"},
    {"SMALLINT", "-32768", "-32768"},
    {"SMALLINT UNSIGNED", "65535", "65535"},
    {"MEDIUMINT", "-8388608", "-8388608"},
    {"MEDIUMINT UNSIGNED", "16777215", "16777215"},
    {"INT", "-2147483648", "-2147483648"},
    {"INT UNSIGNED", "4294967295", "4294967295"},
    {"INT(8) UNSIGNED ZEROFILL", "42", "42"},
    {"BIGINT", "-9223372036854775808", "-9223372036854775808"},
    {"BIGINT UNSIGNED", "18446744073709551615", "18446744073709551615"},
    {"BOOLEAN", "TRUE", "1"},
    {"BIT(1)", "b'1'", "1"},
    {"BIT(12)", "b'101000000001'", "2561"},
    {"BIT(64)", "18446744073709551615", "18446744073709551615"},
    {"DECIMAL(15,2)", "150000", "150000.00"},
    {"DECIMAL(15,2)", "-0.5", "-0.50"},
    {"DECIMAL(65,30)", "-12345678901234567890123456789012345.123456789012345678901234567891",
     "-12345678901234567890123456789012345.123456789012345678901234567891"},
    {"DOUBLE", "0.1", "0.1"},
    {"DOUBLE", "-1.7976931348623157e308", "-1.7976931348623157e+308"},
    {"DOUBLE", "123456789.125", "123456789.125"},
    {"FLOAT", "0.1", "0.1"},
    {"FLOAT", "-3.4028235e38", "-3.4028235e+38"},
    {"FLOAT", "16777216", "16777216"},
    {"FLOAT", "1.17549435e-38", "1.1754944e-38"},
    {"FLOAT", "0", "0"},
    {"YEAR", "2025", "2025"},
    {"YEAR", "0", "0000"},
    {"DATE", "'2025-07-23'", "2025-07-23"},
    {"DATE", "'0000-00-00'", "0000-00-00"},
    {"DATE", "'2025-00-00'", "2025-00-00"},
    {"DATE", "'0001-01-01'", "0001-01-01"},
    {"DATE", "'9999-12-31'", "9999-12-31"},
    {"DATETIME", "'2025-07-23 15:30:00'", "2025-07-23 15:30:00"},
    {"DATETIME", "'2025-07-23 00:00:00'", "2025-07-23 00:00:00"},
    {"DATETIME", "'0000-00-00 00:00:00'", "0000-00-00 00:00:00"},
    {"DATETIME(6)", "'2025-07-23 15:30:00.000001'", "2025-07-23 15:30:00.000001"},
    {"DATETIME(3)", "'2025-07-23 15:30:00.120'", "2025-07-23 15:30:00.120000"},
    {"DATETIME(6)", "'2025-07-23 15:30:00'", "2025-07-23 15:30:00"},
    {"TIMESTAMP NULL", "'2025-07-23 15:30:00'", "2025-07-23 15:30:00"},
    {"TIME", "'15:30:00'", "15:30:00"},
    {"TIME", "'-838:59:59'", "-838:59:59"},
    {"TIME(6)", "'100:00:00.5'", "100:00:00.500000"},
    {"TIME", "'00:00:00'", "00:00:00"},
    {"CHAR(3)", "'IDR'", "IDR"},
    {"CHAR(10)", "'pad'", "pad"},
    {"VARCHAR(100)", "''", ""},
    {"VARCHAR(100) CHARACTER SET latin1", "'caf\xC3\xA9'", "caf\xC3\xA9"},
    {"VARCHAR(100) CHARACTER SET utf8mb4", "'\xF0\x9F\x98\x80'", "\xF0\x9F\x98\x80"},
    {"TEXT", "'line\\nline'", "line\nline"},
    {"ENUM('a','b')", "'b'", "b"},
    {"SET('a','b')", "'a,b'", "a,b"},
    {"JSON", "'{\"a\": [1, null]}'", "{\"a\": [1, null]}"},
    {"VARBINARY(10)", "x'ff41'",
     "\xff"
     "A"},
    {"BLOB", "x'ff41'",
     "\xff"
     "A"},
    {"INT", "NULL", NULL},
    {"BIT(8)", "NULL", NULL},
    {"DATETIME", "NULL", NULL},
    {"TEXT", "NULL", NULL},
};

static void mysql_cells_come_in_canonical_form(void)
{
    source s;
    if (!begin_mysql(&s))
        return;
    run_sql(s.writer, "SET sql_mode = 'ALLOW_INVALID_DATES'");
    ybb_db *reader = open_dsn(s.dsn, YBB_DB_READ);
    for (size_t i = 0; i < sizeof(forms) / sizeof(forms[0]); i++) {
        char sql[512];
        ybb_error error = {0};
        ybb_block block;
        run_sql(s.writer, "DROP TABLE IF EXISTS f");
        snprintf(sql, sizeof(sql), "CREATE TABLE f (a %s) DEFAULT CHARSET utf8mb4", forms[i].type);
        run_sql(s.writer, sql);
        snprintf(sql, sizeof(sql), "INSERT INTO f VALUES (%s)", forms[i].literal);
        run_sql(s.writer, sql);
        ybb_status status = query(reader, "SELECT a FROM f", &block, &error);
        CU_ASSERT_EQUAL_FATAL(status, YBB_OK);
        bool same = cell_is(cell_at(&block, 0, 0), forms[i].expected);
        if (!same)
            printf("# of %s %s\n", forms[i].type, forms[i].literal);
        CU_ASSERT_TRUE(same);
        ybb__block_free(&block);
    }
    run_sql(s.writer, "DROP TABLE f");
    ybb__db_close(reader);
    end_source(&s);
}

/* Around the size of the column buffers, and around the lengths that the protocol writes
 * differently. */
static void texts_of_all_lengths_arrive(source *s)
{
    if (s->is_mysql) { /* a session takes the limit at its begin */
        run_sql(s->writer, "SET GLOBAL max_allowed_packet = 67108864");
        ybb__db_close(s->writer);
        s->writer = open_dsn(s->dsn, YBB_DB_WRITE);
    }
    static const unsigned lengths[] = {0,    1,    250,   251,   252,   2046,    2047,         2048,
                                       2049, 4096, 65535, 65536, 70000, 1 << 20, (1 << 24) + 3};
    run_sql(s->writer, "DROP TABLE IF EXISTS t");
    run_sql(s->writer, s->is_mysql ? "CREATE TABLE t (id INTEGER, a LONGTEXT, b LONGTEXT)"
                                   : "CREATE TABLE t (id INTEGER, a TEXT, b TEXT)");
    for (uint32_t i = 0; i < sizeof(lengths) / sizeof(lengths[0]); i++) {
        ybb_error error = {0};
        char *text = malloc(lengths[i] + 1);
        CU_ASSERT_PTR_NOT_NULL_FATAL(text);
        for (unsigned j = 0; j < lengths[i]; j++)
            text[j] = (char)('a' + (i + j) % 26);
        const ybb_value values[] = {{.kind = YBB_VALUE_INTEGER, .number = i},
                                    {.kind = YBB_VALUE_TEXT, .at = text, .length = lengths[i]},
                                    {.kind = YBB_VALUE_TEXT, .at = "end", .length = 3}};
        ybb_block block;
        ybb_status status =
            query_values(s->writer, "INSERT INTO t VALUES (?, ?, ?)", values, 3, &block, &error);
        ybb__block_free(&block);
        if (status != YBB_OK)
            printf("# %u bytes: %s\n", lengths[i], error.message);
        CU_ASSERT_EQUAL_FATAL(status, YBB_OK);
        CU_ASSERT_EQUAL_FATAL(
            query_values(s->writer, "SELECT a, b FROM t WHERE id = ?", values, 1, &block, &error),
            YBB_OK);
        ybb_cell cell = cell_at(&block, 0, 0);
        CU_ASSERT_TRUE(cell.length == lengths[i] && memcmp(cell.at, text, cell.length) == 0);
        CU_ASSERT_TRUE(cell_is(cell_at(&block, 0, 1), "end"));
        ybb__block_free(&block);
        free(text);
    }
    run_sql(s->writer, "DROP TABLE t");
}

static void a_cell_may_be_16_mebibytes_long(void)
{
    each_source(texts_of_all_lengths_arrive);
}

static void snapshot_of_server(source *s, ybb_db *reader)
{
    run_sql(s->writer, "DROP TABLE IF EXISTS t");
    run_sql(s->writer, "CREATE TABLE t (a INTEGER) ENGINE=InnoDB");
    run_sql(s->writer, "INSERT INTO t VALUES (1), (2)");
    CU_ASSERT_EQUAL_FATAL(ybb__db_snapshot_begin(reader, NULL), YBB_OK);
    run_sql(s->writer, "INSERT INTO t VALUES (3)");
    CU_ASSERT_EQUAL(number_of(reader, "SELECT COUNT(*) FROM t"), 2);
    CU_ASSERT_EQUAL(ybb__db_snapshot_rest(reader, NULL), YBB_OK);
    run_sql(s->writer, "DELETE FROM t WHERE a = 1");
    CU_ASSERT_EQUAL(number_of(reader, "SELECT SUM(a) FROM t"), 3);
    CU_ASSERT_EQUAL(ybb__db_snapshot_rest(reader, NULL), YBB_OK);
    CU_ASSERT_EQUAL(number_of(reader, "SELECT SUM(a) FROM t"), 3);
    ybb__db_snapshot_end(reader);
    CU_ASSERT_EQUAL(number_of(reader, "SELECT SUM(a) FROM t"), 5);
}

static void a_snapshot_is_one_under_any_default_of_the_server(void)
{
    static const char *const levels[] = {"READ UNCOMMITTED", "READ COMMITTED", "REPEATABLE READ"};
    source s;
    if (!begin_mysql(&s))
        return;
    for (size_t i = 0; i < sizeof(levels) / sizeof(levels[0]); i++) {
        char sql[128];
        snprintf(sql, sizeof(sql), "SET GLOBAL TRANSACTION ISOLATION LEVEL %s", levels[i]);
        run_sql(s.writer, sql);
        ybb_db *reader = open_dsn(s.dsn, YBB_DB_READ);
        snapshot_of_server(&s, reader);
        snapshot_of_server(&s, reader); /* and a second one on the same connection */
        ybb__db_close(reader);
    }
    end_source(&s);
}

static void a_resting_snapshot_lets_an_alter_pass(void)
{
    source s;
    ybb_error error;
    if (!begin_mysql(&s))
        return;
    run_sql(s.writer, "DROP TABLE IF EXISTS t");
    run_sql(s.writer, "CREATE TABLE t (a INTEGER, b INTEGER) ENGINE=InnoDB");
    run_sql(s.writer, "INSERT INTO t VALUES (1, 2)");
    run_sql(s.writer, "SET lock_wait_timeout = 1");
    ybb_db *reader = open_dsn(s.dsn, YBB_DB_READ);
    CU_ASSERT_EQUAL(ybb__db_snapshot_begin(reader, NULL), YBB_OK);
    CU_ASSERT_EQUAL(query_status(reader, "SELECT a FROM t", &error), YBB_OK);
    CU_ASSERT_EQUAL(ybb__db_exec(s.writer, "ALTER TABLE t MODIFY b BIGINT", NULL), YBB_SOURCE_BUSY);
    CU_ASSERT_EQUAL(ybb__db_snapshot_rest(reader, NULL), YBB_OK);
    CU_ASSERT_EQUAL(ybb__db_exec(s.writer, "ALTER TABLE t MODIFY b BIGINT, FORCE", NULL), YBB_OK);
    CU_ASSERT_EQUAL(query_status(reader, "SELECT a FROM t", &error), YBB_SOURCE_CHANGED);
    ybb__db_snapshot_end(reader);
    CU_ASSERT_EQUAL(query_status(reader, "SELECT a FROM t", &error), YBB_OK);
    ybb__db_close(reader);
    end_source(&s);
}

static void a_prepared_statement_notices_an_alter(void)
{
    source s;
    ybb_error error = {0};
    if (!begin_mysql(&s))
        return;
    run_sql(s.writer, "DROP TABLE IF EXISTS t");
    run_sql(s.writer, "CREATE TABLE t (a INTEGER, b INTEGER) ENGINE=InnoDB");
    run_sql(s.writer, "INSERT INTO t VALUES (1, 2)");
    ybb_db *reader = open_dsn(s.dsn, YBB_DB_READ);
    ybb_statement *statement;
    ybb_block block = {0};
    bool whole;
    CU_ASSERT_EQUAL(ybb__db_snapshot_begin(reader, NULL), YBB_OK);
    CU_ASSERT_EQUAL_FATAL(ybb__statement_prepare(&statement, reader, "SELECT a, b FROM t", NULL),
                          YBB_OK);
    ybb__block_reset(&block, 2);
    CU_ASSERT_EQUAL(ybb__statement_read(statement, NULL, 0, &block, 0, &whole, NULL), YBB_OK);
    CU_ASSERT_EQUAL(ybb__db_snapshot_rest(reader, NULL), YBB_OK);
    run_sql(s.writer, "ALTER TABLE t MODIFY b VARCHAR(20)");
    ybb__block_reset(&block, 2);
    CU_ASSERT_EQUAL(ybb__statement_read(statement, NULL, 0, &block, 0, &whole, &error),
                    YBB_SOURCE_CHANGED);
    ybb__db_snapshot_end(reader);
    run_sql(s.writer, "ALTER TABLE t DROP b");
    ybb__block_reset(&block, 2);
    CU_ASSERT_EQUAL(ybb__statement_read(statement, NULL, 0, &block, 0, &whole, NULL),
                    YBB_SOURCE_SCHEMA);
    ybb__block_free(&block);
    ybb__statement_free(statement);
    ybb__db_close(reader);
    end_source(&s);
}

static void the_server_ends_a_statement_that_takes_too_long(void)
{
    source s;
    ybb_error error = {0};
    ybb_db *reader;
    if (!begin_mysql(&s))
        return;
    CU_ASSERT_EQUAL_FATAL(ybb__db_open(&reader, s.dsn, YBB_DB_READ, 1, &error), YBB_OK);
    CU_ASSERT_EQUAL(
        query_status(reader,
                     "SELECT COUNT(*) FROM information_schema.columns a, "
                     "information_schema.columns b, information_schema.columns c "
                     "WHERE a.column_name < b.column_name AND b.column_name < c.column_name",
                     &error),
        YBB_SOURCE_TIMEOUT);
    CU_ASSERT_EQUAL(number_of(reader, "SELECT 1"), 1);
    ybb__db_close(reader);
    end_source(&s);
}

static void a_server_s_limit_of_rows_cuts_nothing_off(void)
{
    source s;
    if (!begin_mysql(&s))
        return;
    /* so many that no test beside this one misses a row */
    run_sql(s.writer, "SET GLOBAL sql_select_limit = 1000000000");
    ybb_db *reader = open_dsn(s.dsn, YBB_DB_READ);
    run_sql(s.writer, "SET GLOBAL sql_select_limit = DEFAULT");
    CU_ASSERT_EQUAL(number_of(reader, "SELECT @@sql_select_limit > 1000000000"), 1);
    ybb__db_close(reader);
    end_source(&s);
}

static void the_session_is_set_as_a_reader_needs_it(void)
{
    source s;
    if (!begin_mysql(&s))
        return;
    run_sql(s.writer, "SET GLOBAL sql_mode = 'ANSI,PAD_CHAR_TO_FULL_LENGTH'");
    ybb_db *reader = open_dsn(s.dsn, YBB_DB_READ);
    run_sql(s.writer, "SET GLOBAL sql_mode = DEFAULT");
    CU_ASSERT_EQUAL(number_of(reader,
                              "SELECT @@character_set_client = 'utf8mb4' AND "
                              "@@character_set_results = 'utf8mb4' AND @@autocommit = 1 AND "
                              "@@sql_mode = '' AND @@net_write_timeout = 600"),
                    1);
    CU_ASSERT_EQUAL(number_of(reader, "SELECT @@wait_timeout"), 3600);
    ybb__db_close(reader);
    end_source(&s);
}

int main(void)
{
    static const ybb_test tests[] = {
        TEST(a_dsn_is_taken_apart_and_decoded),
        TEST(a_dsn_that_is_not_understood_is_refused),
        TEST(a_dsn_says_its_dialect),
        TEST(a_file_that_is_no_database_is_an_error),
        TEST(a_file_that_is_missing_is_unavailable_and_not_made),
        TEST(a_path_may_have_any_character),
        TEST(a_reading_connection_cannot_write),
        TEST(sqlite_cells_come_in_canonical_form),
        TEST(a_locked_database_is_busy),
        TEST(a_snapshot_of_a_wal_database_holds_nobody_up),
        TEST(a_damaged_file_is_an_error_and_no_end),
        TEST(unknown_tables_and_columns_are_of_the_schema),
        TEST(values_are_bound_and_never_pasted),
        TEST(values_and_cells_are_counted),
        TEST(a_read_stops_at_its_byte_limit),
        TEST(a_forked_child_leaves_the_connection_alone),
        TEST(an_interrupt_ends_what_runs_and_what_follows),
        TEST(an_interrupt_ends_the_wait_for_a_lock),
        TEST(a_cell_may_be_16_mebibytes_long),
        TEST(a_refusal_names_what_is_wrong_and_no_password),
        TEST(mysql_cells_come_in_canonical_form),
        TEST(a_snapshot_is_one_under_any_default_of_the_server),
        TEST(a_resting_snapshot_lets_an_alter_pass),
        TEST(a_prepared_statement_notices_an_alter),
        TEST(the_server_ends_a_statement_that_takes_too_long),
        TEST(a_server_s_limit_of_rows_cuts_nothing_off),
        TEST(the_session_is_set_as_a_reader_needs_it),
    };
    return RUN_TESTS("db", tests);
}
