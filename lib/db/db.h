/*
 * db: connections, snapshots and cursors; the only room that includes mysql.h or sqlite3.h.
 *
 * A connection belongs to one thread at a time. Whatever the database, cells come in one canonical
 * form, so that everything behind this room is the same for all:
 *   integers   decimal digits, '-' before a negative one
 *   decimals   as the database prints them; SQLite's REAL by the shortest text that reads back
 *   dates      YYYY-MM-DD; datetimes YYYY-MM-DD HH:MM:SS, with .ffffff where it is not zero
 *   text       UTF-8 as stored (not checked here); BLOBs and JSON their bytes; BIT as an unsigned integer
 */
#ifndef YBB_DB_DB_H
#define YBB_DB_DB_H

#include <stdbool.h>
#include <stdint.h>

#include "base/error.h"
#include "rows/block.h"
#include "rows/value.h"

typedef enum ybb_dialect { YBB_DIALECT_MYSQL, YBB_DIALECT_SQLITE } ybb_dialect;

typedef struct ybb_db ybb_db;
typedef struct ybb_statement ybb_statement;

/* What a DSN says, without opening it. YBB_INVALID_CONFIG for one that is not understood; the
 * message never has the password. */
ybb_status ybb__dsn_dialect(const char *dsn, ybb_dialect *out, ybb_error *error);

typedef enum ybb_db_mode {
    YBB_DB_READ,  /* an existing database, read-only where the driver can hold it to that */
    YBB_DB_WRITE, /* an existing database; SQLite: made where it is missing */
} ybb_db_mode;

/* Connects. `sqlite:///absolute/path`, `mysql://user:password@host:port/database?socket=/path`;
 * user, password, host, database and path percent-encoded. @timeout_seconds bounds the connecting and
 * each wait for the network. @out is NULL on failure.
 * YBB_SOURCE_UNAVAILABLE, _REFUSED, YBB_INVALID_CONFIG, YBB_NO_MEMORY. */
ybb_status ybb__db_open(ybb_db **out, const char *dsn, ybb_db_mode mode, unsigned timeout_seconds,
                        ybb_error *error);
void ybb__db_close(ybb_db *db);
/* Make a call that waits for the network in another thread return soon, with SOURCE_LOST. @threads any */
void ybb__db_interrupt(ybb_db *db);
/* "MariaDB 10.11.6", "SQLite 3.40.1". */
const char *ybb__db_version(const ybb_db *db);

/* Runs statements without parameters and results; SQLite takes several, parted by ';'. */
ybb_status ybb__db_exec(ybb_db *db, const char *sql, ybb_error *error);

/* A snapshot: everything read until its end is as of its begin. Between slices
 * ybb__db_snapshot_rest gives up metadata locks (an ALTER may then pass), not the snapshot. */
ybb_status ybb__db_snapshot_begin(ybb_db *db, ybb_error *error);
ybb_status ybb__db_snapshot_rest(ybb_db *db, ybb_error *error);
void ybb__db_snapshot_end(ybb_db *db);

/* @out is NULL on failure. Parameters are '?'. Free it before its connection. */
ybb_status ybb__statement_prepare(ybb_statement **out, ybb_db *db, const char *sql,
                                  ybb_error *error);
void ybb__statement_free(ybb_statement *statement);
uint32_t ybb__statement_columns(const ybb_statement *statement);
/* Runs it once with @count values and appends its rows to @block (reset for as many columns by the
 * caller; NULL for a statement that gives none). Stops early, with *@whole false and the rest of
 * the result dropped, behind the row that brings the block to @max_bytes or more (0: never).
 * Rows and @whole are valid only on YBB_OK: an end of data that is none is an error. */
ybb_status ybb__statement_read(ybb_statement *statement, const ybb_value *values, uint32_t count,
                               ybb_block *block, size_t max_bytes, bool *whole, ybb_error *error);

#endif
