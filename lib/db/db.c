#include "db/db.h"

#include "db/driver.h"

#include <string.h>
#include <unistd.h>

static const struct scheme {
    const char *name;
    ybb_dialect dialect;
    const ybb_driver *driver;
} schemes[] = {
    {"mysql://", YBB_DIALECT_MYSQL, &ybb__mysql_driver},
    {"mariadb://", YBB_DIALECT_MYSQL, &ybb__mysql_driver},
    {"sqlite://", YBB_DIALECT_SQLITE, &ybb__sqlite_driver},
};

/* The scheme and the parts of a DSN; release @parts in any case. */
static ybb_status parse(const struct scheme **out, ybb_dsn *parts, const char *dsn,
                        ybb_error *error)
{
    *parts = (ybb_dsn){0};
    for (size_t i = 0; dsn != NULL && i < sizeof(schemes) / sizeof(schemes[0]); i++) {
        size_t length = strlen(schemes[i].name);
        if (strncmp(dsn, schemes[i].name, length) != 0)
            continue;
        *out = &schemes[i];
        return schemes[i].driver->parse(parts, dsn + length, error);
    }
    return ybb__fail(error, YBB_INVALID_CONFIG,
                     "the DSN begins with none of mysql://, mariadb:// and sqlite://");
}

ybb_status ybb__dsn_dialect(const char *dsn, ybb_dialect *out, ybb_error *error)
{
    const struct scheme *scheme;
    ybb_dsn parts;
    ybb_status status = parse(&scheme, &parts, dsn, error);
    if (status == YBB_OK)
        *out = scheme->dialect;
    ybb__dsn_release(&parts);
    return status;
}

static const ybb_driver *driver_of(ybb_dialect dialect)
{
    return dialect == YBB_DIALECT_MYSQL ? &ybb__mysql_driver : &ybb__sqlite_driver;
}

const char *ybb__db_client_name(ybb_dialect dialect)
{
    return driver_of(dialect)->client_name;
}

const char *ybb__db_client_version(ybb_dialect dialect)
{
    return driver_of(dialect)->client_version();
}

ybb_status ybb__db_open(ybb_db **out, const char *dsn, ybb_db_mode mode, unsigned timeout_seconds,
                        ybb_error *error)
{
    const struct scheme *scheme;
    ybb_dsn parts;
    *out = NULL;
    ybb_status status = parse(&scheme, &parts, dsn, error);
    if (status == YBB_OK)
        status = scheme->driver->open(out, &parts, mode, timeout_seconds, error);
    if (status == YBB_OK) {
        (*out)->driver = scheme->driver;
        (*out)->owner = getpid();
    }
    ybb__dsn_release(&parts);
    return status;
}

/* What a forked child did to the connection would reach the server, or SQLite's locks, as if its
 * parent had done it. So it does nothing, and what it frees stays allocated. */
static bool is_foreign(const ybb_db *db)
{
    return db->owner != getpid();
}

/* Whether something may be begun with the connection. */
static ybb_status check(const ybb_db *db, ybb_error *error)
{
    if (is_foreign(db))
        return ybb__fail(error, YBB_FORKED,
                         "the database connection belongs to the parent process");
    if (atomic_load(&db->interrupted))
        return ybb__fail(error, YBB_SOURCE_LOST, "reading the database was interrupted");
    return YBB_OK;
}

void ybb__db_close(ybb_db *db)
{
    if (db != NULL && !is_foreign(db))
        db->driver->close(db);
}

bool ybb__db_is_current(ybb_db *db)
{
    return !is_foreign(db) && db->driver->is_current(db);
}

void ybb__db_interrupt(ybb_db *db)
{
    if (db == NULL || is_foreign(db))
        return;
    atomic_store(&db->interrupted, true);
    db->driver->interrupt(db);
}

const char *ybb__db_version(const ybb_db *db)
{
    return db->version;
}

ybb_status ybb__db_exec(ybb_db *db, const char *sql, ybb_error *error)
{
    ybb_status status = check(db, error);
    return status == YBB_OK ? db->driver->exec(db, sql, error) : status;
}

ybb_status ybb__db_snapshot_begin(ybb_db *db, ybb_error *error)
{
    ybb_status status = check(db, error);
    return status == YBB_OK ? db->driver->snapshot_begin(db, error) : status;
}

ybb_status ybb__db_snapshot_rest(ybb_db *db, ybb_error *error)
{
    ybb_status status = check(db, error);
    return status == YBB_OK ? db->driver->snapshot_rest(db, error) : status;
}

void ybb__db_snapshot_end(ybb_db *db)
{
    if (!is_foreign(db))
        db->driver->snapshot_end(db);
}

ybb_status ybb__db_sync(ybb_db *db, bool wait, ybb_error *error)
{
    ybb_status status = check(db, error);
    return status == YBB_OK && db->driver->sync != NULL ? db->driver->sync(db, wait, error)
                                                        : status;
}

ybb_status ybb__db_begin(ybb_db *db, ybb_error *error)
{
    ybb_status status = check(db, error);
    return status == YBB_OK ? db->driver->begin(db, error) : status;
}

ybb_status ybb__db_commit(ybb_db *db, ybb_error *error)
{
    ybb_status status = check(db, error);
    return status == YBB_OK ? db->driver->commit(db, error) : status;
}

void ybb__db_rollback(ybb_db *db)
{
    if (!is_foreign(db))
        db->driver->rollback(db);
}

ybb_status ybb__statement_prepare(ybb_statement **out, ybb_db *db, const char *sql,
                                  ybb_error *error)
{
    *out = NULL;
    ybb_status status = check(db, error);
    if (status == YBB_OK)
        status = db->driver->prepare(out, db, sql, error);
    if (status == YBB_OK)
        (*out)->db = db;
    return status;
}

void ybb__statement_free(ybb_statement *statement)
{
    if (statement != NULL && !is_foreign(statement->db))
        statement->db->driver->free(statement);
}

uint32_t ybb__statement_columns(const ybb_statement *statement)
{
    return statement->columns;
}

uint64_t ybb__statement_changed(const ybb_statement *statement)
{
    return is_foreign(statement->db) ? 0 : statement->db->driver->changed(statement);
}

ybb_status ybb__statement_begin(ybb_statement *statement, const ybb_value *values, uint32_t count,
                                ybb_error *error)
{
    ybb_status status = check(statement->db, error);
    if (status != YBB_OK)
        return status;
    if (count != statement->parameters)
        return ybb__fail(error, YBB_MISUSE, "a statement of %u parameters was given %u values",
                         statement->parameters, count);
    return statement->db->driver->execute(statement, values, error);
}

ybb_status ybb__statement_next(ybb_statement *statement, ybb_block *block, bool *end,
                               ybb_error *error)
{
    ybb_status status = statement->db->driver->fetch(statement, block, end, error);
    if (status != YBB_OK || *end)
        return status;
    ybb__block_end_row(block);
    return ybb__block_failed(block) ? ybb__fail_memory(error) : YBB_OK;
}

ybb_status ybb__statement_end(ybb_statement *statement, ybb_error *error)
{
    return is_foreign(statement->db) ? YBB_FORKED : statement->db->driver->finish(statement, error);
}

/* Rows until the end, or the one that brings @block to @max_bytes. */
static ybb_status fetch_rows(ybb_statement *statement, ybb_block *block, size_t max_bytes,
                             bool *whole, ybb_error *error)
{
    bool end = statement->columns == 0;
    ybb_status status = YBB_OK;
    while (status == YBB_OK && !end && *whole) {
        status = ybb__statement_next(statement, block, &end, error);
        *whole = end || max_bytes == 0 || ybb__block_size(block) < max_bytes;
    }
    return status;
}

ybb_status ybb__statement_read(ybb_statement *statement, const ybb_value *values, uint32_t count,
                               ybb_block *block, size_t max_bytes, bool *whole, ybb_error *error)
{
    *whole = true;
    if (block == NULL ? statement->columns > 0 : block->columns != statement->columns)
        return ybb__fail(error, YBB_MISUSE, "a statement gives rows of %u cells where %u are read",
                         statement->columns, block == NULL ? 0 : block->columns);
    ybb_status status = ybb__statement_begin(statement, values, count, error);
    if (status == YBB_OK)
        status = fetch_rows(statement, block, max_bytes, whole, error);
    ybb_status ended = ybb__statement_end(statement, error);
    return status == YBB_OK ? ended : status;
}
