/*
 * The tables. Both kinds of databases take the same types: SQLite sees integers in BIGINT, texts in
 * VARCHAR and LONGTEXT. Times are microseconds, parts are millionths, counts that are UINT64_MAX
 * for "no limit" are -1.
 */
#include "store/jobstore_schema.h"

#include "store/jobstore_inner.h"

#include <time.h>

enum { LOCK_SECONDS = 5, WAL_TRIES = 200 };

static const char *const version_1[] = {
    /* One row. Who locks it has the queue's length for itself. */
    "CREATE TABLE IF NOT EXISTS ybbexport_store ("
    " id BIGINT NOT NULL PRIMARY KEY,"
    " version BIGINT NOT NULL,"
    " boot_id VARCHAR(64) NOT NULL,"
    " next_turn BIGINT NOT NULL"
    ") $table",
    "INSERT $ignore INTO ybbexport_store (id, version, boot_id, next_turn) VALUES (1, 0, '', 1)",

    "CREATE TABLE IF NOT EXISTS ybbexport_jobs ("
    " seq $serial,"
    " id VARCHAR(30) NOT NULL UNIQUE,"
    " turn BIGINT NOT NULL," /* the place in the queue, within its class */
    " state BIGINT NOT NULL,"
    " orphan BIGINT NOT NULL," /* its owner died: it comes before others */
    " priority BIGINT NOT NULL,"
    " not_before BIGINT NOT NULL," /* store's clock */
    " on_demand BIGINT NOT NULL,"
    /* Who asked; '' if nobody in particular. Bytes, because servers compare texts without the
     * blanks at their ends. */
    " owner $mysql{VARBINARY(255)}$sqlite{TEXT} NOT NULL,"
    " idempotency_key $mysql{VARBINARY(255)}$sqlite{TEXT},"
    " request_hash BIGINT NOT NULL,"
    " request_json LONGTEXT, export_type LONGTEXT, format LONGTEXT, template_name LONGTEXT,"
    " filters_json LONGTEXT, warnings_json LONGTEXT, consistency LONGTEXT,"
    " estimated_records BIGINT NOT NULL,"
    " retention_days BIGINT NOT NULL,"
    " planned BIGINT NOT NULL,"
    " records BIGINT NOT NULL, planned_priority BIGINT NOT NULL, strategy BIGINT NOT NULL,"
    " compression BIGINT NOT NULL, archive BIGINT NOT NULL, chunk_size BIGINT NOT NULL,"
    " files BIGINT NOT NULL, rows_per_sheet BIGINT NOT NULL, timeout_seconds BIGINT NOT NULL,"
    " long_sheet BIGINT NOT NULL,"
    " grouped BIGINT NOT NULL, split BIGINT NOT NULL,"
    " stage BIGINT NOT NULL, records_processed BIGINT NOT NULL, current_chunk BIGINT NOT NULL,"
    " archive_part BIGINT NOT NULL, least_percentage BIGINT NOT NULL, memory_peak BIGINT NOT NULL,"
    " cancel_wanted BIGINT NOT NULL,"
    " outcome_status BIGINT NOT NULL, outcome_message LONGTEXT, outcome_field LONGTEXT,"
    " outcome_value LONGTEXT, outcome_allowed LONGTEXT, outcome_suggestion LONGTEXT,"
    " attempts BIGINT NOT NULL, takeovers BIGINT NOT NULL, failures BIGINT NOT NULL,"
    " fence BIGINT NOT NULL,"
    " holder VARCHAR(30) NOT NULL,"                          /* who works on it; '' if nobody */
    " place BIGINT NOT NULL, large_place BIGINT NOT NULL,"   /* from 1; 0: none */
    " claimed_at BIGINT NOT NULL, deadline BIGINT NOT NULL," /* store's clock; 0: none */
    " file_count BIGINT NOT NULL,"                           /* rows of ybbexport_files */
    " created_at BIGINT NOT NULL, started_at BIGINT NOT NULL, ended_at BIGINT NOT NULL,"
    " expires_at BIGINT NOT NULL, gone_at BIGINT NOT NULL," /* UTC; 0: not yet */
    " processing BIGINT NOT NULL,"
    " UNIQUE (owner, idempotency_key)"
    "$mysql{, KEY ybbexport_jobs_turn (state, orphan, priority, turn),"
    " KEY ybbexport_jobs_holder (holder), KEY ybbexport_jobs_request (request_hash),"
    " KEY ybbexport_jobs_expiry (gone_at, expires_at)}"
    ") $table",
    "$sqlite{CREATE INDEX IF NOT EXISTS ybbexport_jobs_turn"
    " ON ybbexport_jobs (state, orphan, priority, turn)}",
    "$sqlite{CREATE INDEX IF NOT EXISTS ybbexport_jobs_holder ON ybbexport_jobs (holder)}",
    "$sqlite{CREATE INDEX IF NOT EXISTS ybbexport_jobs_request ON ybbexport_jobs (request_hash)}",
    "$sqlite{CREATE INDEX IF NOT EXISTS ybbexport_jobs_expiry"
    " ON ybbexport_jobs (gone_at, expires_at)}",

    "CREATE TABLE IF NOT EXISTS ybbexport_files ("
    " job BIGINT NOT NULL," /* seq */
    " number BIGINT NOT NULL,"
    " name LONGTEXT, shown LONGTEXT, bytes BIGINT NOT NULL, content_bytes BIGINT NOT NULL,"
    " first_record BIGINT NOT NULL, records BIGINT NOT NULL, crc32 BIGINT NOT NULL,"
    " sha256 VARCHAR(64) NOT NULL, last_key LONGTEXT,"
    " PRIMARY KEY (job, number)"
    ") $table",

    /* Who runs has one of its class's; normal and low also one of class 4. */
    "CREATE TABLE IF NOT EXISTS ybbexport_places ("
    " class BIGINT NOT NULL,"
    " place BIGINT NOT NULL," /* from 1 */
    " job BIGINT NOT NULL,"   /* seq; 0: free */
    " PRIMARY KEY (class, place)"
    "$mysql{, KEY ybbexport_places_job (class, job, place)}"
    ") $table",
    "$sqlite{CREATE INDEX IF NOT EXISTS ybbexport_places_job"
    " ON ybbexport_places (class, job, place)}",

    "CREATE TABLE IF NOT EXISTS ybbexport_owners ("
    " token VARCHAR(30) NOT NULL PRIMARY KEY,"
    " kind BIGINT NOT NULL,"
    " process BIGINT NOT NULL, host VARCHAR(255) NOT NULL,"
    " began_at BIGINT NOT NULL," /* UTC */
    " lease_until BIGINT NOT NULL"
    ") $table",

    "CREATE TABLE IF NOT EXISTS ybbexport_events ("
    " number $serial,"
    " kind BIGINT NOT NULL,"
    " job VARCHAR(30) NOT NULL, holder VARCHAR(30) NOT NULL, priority BIGINT NOT NULL,"
    " place BIGINT NOT NULL, large_place BIGINT NOT NULL, fence BIGINT NOT NULL,"
    " status BIGINT NOT NULL, file BIGINT NOT NULL,"
    " store_time BIGINT NOT NULL, utc BIGINT NOT NULL"
    ") $table",

    /* Exports that ended, for statistics: they outlive the records. */
    "CREATE TABLE IF NOT EXISTS ybbexport_runs ("
    " number $serial,"
    " utc BIGINT NOT NULL,"
    " export_type VARCHAR(255) NOT NULL, format VARCHAR(255) NOT NULL,"
    " template_name VARCHAR(255) NOT NULL, priority BIGINT NOT NULL, status BIGINT NOT NULL,"
    " records BIGINT NOT NULL, bytes BIGINT NOT NULL, processing BIGINT NOT NULL"
    "$mysql{, KEY ybbexport_runs_utc (utc)}"
    ") $table",
    "$sqlite{CREATE INDEX IF NOT EXISTS ybbexport_runs_utc ON ybbexport_runs (utc)}",
    NULL,
};

/* A server commits each statement by itself, so a process that ends between this one and the next
 * has added the column already: what adds it is asked whether it is there. */
static const char *const version_2[] = {
    "$mysql{SET @ybbexport_change = IF((SELECT COUNT(*) FROM information_schema.COLUMNS"
    " WHERE TABLE_SCHEMA = DATABASE() AND TABLE_NAME = 'ybbexport_jobs'"
    " AND COLUMN_NAME = 'program_id') > 0, 'DO 0',"
    " 'ALTER TABLE ybbexport_jobs ADD COLUMN program_id BIGINT NOT NULL DEFAULT 0,"
    " ADD KEY ybbexport_jobs_owner (owner, seq)')}",
    "$mysql{PREPARE ybbexport_change FROM @ybbexport_change}",
    "$mysql{EXECUTE ybbexport_change}",
    "$mysql{DEALLOCATE PREPARE ybbexport_change}",
    "$sqlite{ALTER TABLE ybbexport_jobs ADD COLUMN program_id BIGINT NOT NULL DEFAULT 0}",
    "$sqlite{CREATE INDEX IF NOT EXISTS ybbexport_jobs_owner ON ybbexport_jobs (owner, seq)}",
    NULL,
};

static const char *const version_3[] = {
    /* The mail about exports that one is wanted of. */
    "CREATE TABLE IF NOT EXISTS ybbexport_mails ("
    " job BIGINT NOT NULL PRIMARY KEY," /* seq */
    " state BIGINT NOT NULL,"
    " address VARCHAR(255) NOT NULL, language BIGINT NOT NULL,"
    " number BIGINT NOT NULL,"     /* from 1: a resumed export has another one */
    " attempts BIGINT NOT NULL,"   /* that were begun */
    " not_before BIGINT NOT NULL," /* store's clock */
    " next_at BIGINT NOT NULL, sent_at BIGINT NOT NULL," /* UTC; 0: not planned, not yet */
    " status BIGINT NOT NULL, message LONGTEXT,"         /* of the last failure */
    " fence BIGINT NOT NULL,"
    " holder VARCHAR(30) NOT NULL" /* who sends it; '' if nobody */
    "$mysql{, KEY ybbexport_mails_due (state, not_before), KEY ybbexport_mails_holder (holder)}"
    ") $table",
    "$sqlite{CREATE INDEX IF NOT EXISTS ybbexport_mails_due"
    " ON ybbexport_mails (state, not_before)}",
    "$sqlite{CREATE INDEX IF NOT EXISTS ybbexport_mails_holder ON ybbexport_mails (holder)}",
    NULL,
};

const ybb_schema_step *ybb__jobstore_schema(uint32_t *count)
{
    static const ybb_schema_step steps[] = {{version_1}, {version_2}, {version_3}};
    *count = sizeof(steps) / sizeof(steps[0]);
    return steps;
}

/* Prepares, runs and frees one statement; its first cell as a number, 0 where there is none. */
static ybb_status ask(ybb_db *db, const char *sql, const ybb_value *value, int64_t *out,
                      ybb_error *error)
{
    ybb_statement *statement;
    ybb_block rows = {0};
    bool whole;
    *out = 0;
    ybb_status status = ybb__statement_prepare(&statement, db, sql, error);
    if (status != YBB_OK)
        return status;
    uint32_t columns = ybb__statement_columns(statement);
    ybb__block_reset(&rows, columns);
    status = ybb__statement_read(statement, value, value != NULL ? 1 : 0,
                                 columns > 0 ? &rows : NULL, 0, &whole, error);
    if (status == YBB_OK && rows.rows > 0 && columns == 1) {
        ybb_cell cell;
        ybb__block_row(&rows, 0, &cell);
        *out = ybb__cell_number(cell);
    }
    ybb__statement_free(statement);
    ybb__block_free(&rows);
    return status;
}

/* 0 where there are no tables, or not their first row. */
static ybb_status read_version(ybb_db *db, uint32_t known, int64_t *version, ybb_error *error)
{
    ybb_error why = {0};
    ybb_status status = ask(db, "SELECT version FROM ybbexport_store", NULL, version, &why);
    if (status == YBB_SOURCE_SCHEMA)
        return YBB_OK;
    if (status != YBB_OK)
        ybb__error_copy(error, &why);
    else if (*version > (int64_t)known)
        return ybb__fail(
            error, YBB_STORE_ERROR,
            "the job store has version %lld, made by a later library; this one knows %u",
            (long long)*version, known);
    return status;
}

static ybb_status run_step(ybb_db *db, ybb_dialect dialect, const ybb_schema_step *step,
                           ybb_error *error)
{
    ybb_buffer sql = {0};
    ybb_status status = YBB_OK;
    for (const char *const *at = step->statements; status == YBB_OK && *at != NULL; at++) {
        ybb__buffer_clear(&sql);
        ybb__store_sql(&sql, dialect, *at);
        const char *text = ybb__buffer_text(&sql);
        if (text == NULL)
            status = ybb__fail_memory(error);
        else if (*text != '\0')
            status = ybb__db_exec(db, text, error);
    }
    ybb__buffer_free(&sql);
    return status;
}

/* The caller is the only one who does. */
static ybb_status run_steps(ybb_db *db, ybb_dialect dialect, const ybb_schema_step *steps,
                            uint32_t count, ybb_error *error)
{
    int64_t version, none;
    ybb_status status = read_version(db, count, &version, error);
    for (int64_t next = version; status == YBB_OK && next < (int64_t)count; next++) {
        ybb_value reached = ybb__value_number(next + 1);
        status = run_step(db, dialect, &steps[next], error);
        if (status == YBB_OK)
            status = ask(db, "UPDATE ybbexport_store SET version = ?", &reached, &none, error);
    }
    return status;
}

static ybb_status update_sqlite(ybb_db *db, const ybb_schema_step *steps, uint32_t count,
                                ybb_error *error)
{
    ybb_status status = ybb__db_begin(db, error);
    if (status == YBB_OK)
        status = run_steps(db, YBB_DIALECT_SQLITE, steps, count, error);
    if (status == YBB_OK)
        status = ybb__db_commit(db, error);
    if (status != YBB_OK)
        ybb__db_rollback(db);
    return status;
}

/* Each statement commits by itself, so a lock of the server's holds the others up. */
static ybb_status update_server(ybb_db *db, const ybb_schema_step *steps, uint32_t count,
                                ybb_error *error)
{
    int64_t locked;
    ybb_value seconds = ybb__value_number(LOCK_SECONDS);
    ybb_status status = ask(db, "SELECT GET_LOCK(CONCAT('ybbexport_', MD5(DATABASE())), ?)",
                            &seconds, &locked, error);
    if (status == YBB_OK && locked != 1)
        return ybb__fail(error, YBB_SOURCE_BUSY,
                         "another process is changing the job store's tables");
    if (status != YBB_OK)
        return status;
    status = run_steps(db, YBB_DIALECT_MYSQL, steps, count, error);
    ybb_status released =
        ask(db, "SELECT RELEASE_LOCK(CONCAT('ybbexport_', MD5(DATABASE())))", NULL, &locked, NULL);
    return status == YBB_OK ? released : status;
}

/* A file stays in this mode. To change it takes everybody else's absence, which SQLite does not
 * wait for. */
static ybb_status use_wal(ybb_db *db, ybb_error *error)
{
    static const struct timespec pause = {.tv_nsec = 10000000};
    ybb_status status = YBB_SOURCE_BUSY;
    ybb_error why;
    for (unsigned tries = 0; status == YBB_SOURCE_BUSY && tries < WAL_TRIES; tries++) {
        if (tries > 0)
            (void)nanosleep(&pause, NULL);
        memset(&why, 0, sizeof(why));
        status = ybb__db_exec(db, "PRAGMA journal_mode = WAL", &why);
    }
    if (status != YBB_OK)
        ybb__error_copy(error, &why);
    return status;
}

ybb_status ybb__schema_update(ybb_db *db, ybb_dialect dialect, const ybb_schema_step *steps,
                              uint32_t count, ybb_error *error)
{
    int64_t version;
    ybb_status status = read_version(db, count, &version, error);
    if (status != YBB_OK || version == (int64_t)count)
        return status;
    if (dialect == YBB_DIALECT_MYSQL)
        return update_server(db, steps, count, error);
    status = use_wal(db, error);
    return status == YBB_OK ? update_sqlite(db, steps, count, error) : status;
}
