/*
 * db: connections, snapshots and cursors; the only room that includes mysql.h or sqlite3.h.
 *
 * A connection belongs to one thread at a time. In a forked child it and its statements only answer
 * YBB_FORKED, and are not freed. Whatever the database, cells come in one canonical form, so that
 * everything behind this room is the same for all:
 *   integers   decimal digits, '-' before a negative one; BIT likewise, YEAR of 4 digits
 *   decimals   as the database prints them; binary ones by the shortest text that reads back
 *   dates      YYYY-MM-DD; datetimes YYYY-MM-DD HH:MM:SS; times [-]HH:MM:SS, HH perhaps longer;
 *              .ffffff behind seconds where it is not zero; zero dates ("0000-00-00") as they are
 *   text       UTF-8 as stored or as the server converts it (not checked here)
 *   others     their bytes: BLOBs, JSON
 * TIMESTAMP columns come in the session's time zone, which stays the server's default. SQLite has
 * no dates: its cells are what was stored.
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

/* The library that speaks with such databases, as this process has loaded it: "SQLite", "3.40.1". */
const char *ybb__db_client_name(ybb_dialect dialect);
const char *ybb__db_client_version(ybb_dialect dialect);

typedef enum ybb_db_mode {
    YBB_DB_READ,  /* an existing database, read-only where the driver can hold it to that */
    YBB_DB_WRITE, /* an existing database; SQLite: made where it is missing */
    /* as WRITE, for what several processes share: transactions are READ COMMITTED, wait little for
     * locks, and do not outlive a process that hangs by much. SQLite: a commit is on the disk,
     * unless ybb__db_sync() says otherwise; a file that is made belongs to its user alone */
    YBB_DB_SHARED,
} ybb_db_mode;

/* Connects. `sqlite:///absolute/path`, `mysql://user:password@host:port/database?socket=/path` (or
 * `mariadb://`); user, password, host, database and paths percent-encoded. @timeout_seconds (0:
 * none) bounds the connecting, each statement and each wait for a lock; a server that does not
 * answer is given up some seconds later. @out is NULL on failure. YBB_SOURCE_*; YBB_UNSUPPORTED for
 * MariaDB before 10.6 and MySQL before 8.0; YBB_INVALID_CONFIG, YBB_NO_MEMORY. */
ybb_status ybb__db_open(ybb_db **out, const char *dsn, ybb_db_mode mode, unsigned timeout_seconds,
                        ybb_error *error);
void ybb__db_close(ybb_db *db);
/* Of a connection that has no transaction: whether it still leads to where its DSN does. Not one
 * that its server has ended, or to a file that was removed or replaced. */
bool ybb__db_is_current(ybb_db *db);
/* Make what another thread does with the connection, and all that it begins later, fail soon with
 * YBB_SOURCE_LOST. At any time between open and close. @threads any */
void ybb__db_interrupt(ybb_db *db);
/* "MariaDB 10.11.6", "SQLite 3.40.1". */
const char *ybb__db_version(const ybb_db *db);

/* Runs statements without parameters and results; SQLite takes several, parted by ';'. */
ybb_status ybb__db_exec(ybb_db *db, const char *sql, ybb_error *error);

/* A snapshot, not of SHARED: everything read until its end is as of its begin. Between slices
 * ybb__db_snapshot_rest gives up metadata locks (an ALTER may then pass), not the snapshot. */
ybb_status ybb__db_snapshot_begin(ybb_db *db, ybb_error *error);
ybb_status ybb__db_snapshot_rest(ybb_db *db, ybb_error *error);
void ybb__db_snapshot_end(ybb_db *db);

/* Of SHARED and between transactions: whether commits wait until they are on the disk. One that
 * does brings those before it there too, so what a power cut undoes are the last ones alone. A
 * server decides that for itself. */
ybb_status ybb__db_sync(ybb_db *db, bool wait, ybb_error *error);
/* A transaction that writes. SQLite: the only one from its begin. YBB_SOURCE_BUSY also where the
 * database chose to undo it; after any failure it is only to be rolled back. A commit that fails as
 * YBB_SOURCE_LOST may have taken effect. */
ybb_status ybb__db_begin(ybb_db *db, ybb_error *error);
ybb_status ybb__db_commit(ybb_db *db, ybb_error *error);
/* Also where there is none. */
void ybb__db_rollback(ybb_db *db);

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
/* Rows that it inserted, removed or had to update, also those that an update left as they were.
 * Asked before the connection runs anything else. */
uint64_t ybb__statement_changed(const ybb_statement *statement);

#endif
