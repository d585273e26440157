/*
 * tests/unit/db_sources: the databases that the tests of db/ run on: a file of SQLite, and the
 * server of YBB_TEST_MYSQL where there is one; and short ways to ask them.
 */
#ifndef YBB_TESTS_DB_SOURCES_H
#define YBB_TESTS_DB_SOURCES_H

#include "db/db.h"
#include "runner.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { TIMEOUT_SECONDS = 20 };

typedef struct source {
    char dsn[512];
    bool is_mysql;
    char folder[64]; /* SQLite's */
    ybb_db *writer;
} source;

static inline ybb_db *open_dsn(const char *dsn, ybb_db_mode mode)
{
    ybb_error error = {0};
    ybb_db *db;
    ybb_status status = ybb__db_open(&db, dsn, mode, TIMEOUT_SECONDS, &error);
    if (status != YBB_OK)
        printf("# %s: %s\n", dsn, error.message);
    CU_ASSERT_EQUAL_FATAL(status, YBB_OK);
    return db;
}

static inline void run_sql(ybb_db *db, const char *sql)
{
    ybb_error error = {0};
    ybb_status status = ybb__db_exec(db, sql, &error);
    if (status != YBB_OK)
        printf("# %s: %s\n", sql, error.message);
    CU_ASSERT_EQUAL_FATAL(status, YBB_OK);
}

static inline const char *mysql_dsn(void)
{
    return getenv("YBB_TEST_MYSQL");
}

static inline void begin_sqlite(source *s)
{
    *s = (source){0};
    strcpy(s->folder, "/tmp/ybb-db-XXXXXX");
    CU_ASSERT_PTR_NOT_NULL_FATAL(mkdtemp(s->folder));
    snprintf(s->dsn, sizeof(s->dsn), "sqlite://%s/test.db", s->folder);
    s->writer = open_dsn(s->dsn, YBB_DB_WRITE);
    run_sql(s->writer, "PRAGMA synchronous = OFF");
}

/* False, and the test is skipped, where there is no server. */
static inline bool begin_mysql(source *s)
{
    *s = (source){.is_mysql = true};
    if (mysql_dsn() == NULL) {
        skip_test("YBB_TEST_MYSQL names no server");
        return false;
    }
    snprintf(s->dsn, sizeof(s->dsn), "%s", mysql_dsn());
    s->writer = open_dsn(s->dsn, YBB_DB_WRITE);
    return true;
}

static inline void end_source(source *s)
{
    static const char *const files[] = {"", "-wal", "-shm", "-journal"};
    ybb__db_close(s->writer);
    for (size_t i = 0; i < sizeof(files) / sizeof(files[0]) && s->folder[0] != '\0'; i++) {
        char path[128];
        snprintf(path, sizeof(path), "%s/test.db%s", s->folder, files[i]);
        unlink(path);
    }
    if (s->folder[0] != '\0')
        rmdir(s->folder);
}

/* Runs a test on each database there is. */
static inline void each_source(void (*test)(source *))
{
    source s;
    begin_sqlite(&s);
    test(&s);
    end_source(&s);
    if (mysql_dsn() != NULL && begin_mysql(&s)) {
        test(&s);
        end_source(&s);
    }
}

/* Prepares, runs and frees a statement; @block is freed by the caller. */
static inline ybb_status query_values(ybb_db *db, const char *sql, const ybb_value *values,
                                      uint32_t count, ybb_block *block, ybb_error *error)
{
    ybb_statement *statement;
    bool whole = false;
    *block = (ybb_block){0};
    ybb_status status = ybb__statement_prepare(&statement, db, sql, error);
    if (status != YBB_OK)
        return status;
    ybb__block_reset(block, ybb__statement_columns(statement));
    status = ybb__statement_read(statement, values, count, block->columns > 0 ? block : NULL, 0,
                                 &whole, error);
    if (status == YBB_OK)
        CU_ASSERT_TRUE(whole);
    ybb__statement_free(statement);
    return status;
}

static inline ybb_status query(ybb_db *db, const char *sql, ybb_block *block, ybb_error *error)
{
    return query_values(db, sql, NULL, 0, block, error);
}

static inline ybb_status query_status(ybb_db *db, const char *sql, ybb_error *error)
{
    ybb_block block;
    memset(error, 0, sizeof(*error));
    ybb_status status = query(db, sql, &block, error);
    ybb__block_free(&block);
    return status;
}

static inline ybb_cell cell_at(const ybb_block *block, uint32_t row, uint32_t column)
{
    ybb_cell cells[64];
    CU_ASSERT_TRUE_FATAL(row < block->rows && column < block->columns && block->columns <= 64);
    ybb__block_row(block, row, cells);
    return cells[column];
}

/* @text NULL: the cell is NULL. */
static inline bool cell_is(ybb_cell cell, const char *text)
{
    bool same = text == NULL ? cell.at == NULL
                             : cell.at != NULL && cell.length == strlen(text) &&
                                   memcmp(cell.at, text, cell.length) == 0;
    if (!same)
        printf("# expected %s, got %.*s\n", text != NULL ? text : "NULL",
               cell.at != NULL ? (int)cell.length : 4, cell.at != NULL ? cell.at : "NULL");
    return same;
}

/* The first cell of the first row as a number. */
static inline long number_of(ybb_db *db, const char *sql)
{
    ybb_error error = {0};
    ybb_block block;
    ybb_status status = query(db, sql, &block, &error);
    if (status != YBB_OK)
        printf("# %s: %s\n", sql, error.message);
    CU_ASSERT_EQUAL_FATAL(status, YBB_OK);
    char text[32] = "";
    ybb_cell cell = cell_at(&block, 0, 0);
    CU_ASSERT_TRUE_FATAL(cell.at != NULL && cell.length < sizeof(text));
    memcpy(text, cell.at, cell.length);
    ybb__block_free(&block);
    return strtol(text, NULL, 10);
}

#endif
