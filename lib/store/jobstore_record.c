/*
 * A job's row. One list of columns is the source of what is read, what is inserted, and where in
 * the record it belongs.
 */
#include "store/jobstore_record.h"

#include "base/text.h"
#include "store/jobstore_mail.h"

#include <stddef.h>
#include <stdlib.h>

typedef enum kind {
    NUMBER, /* 64 bits, an unsigned one by its bits */
    COUNT,  /* uint32_t */
    CHOICE, /* an enumeration of `limit` values */
    STATUS, /* ybb_status */
    FLAG,   /* bool */
    PART,   /* double, in millionths */
    NAME,   /* char *, owned; NULL is '' */
    LONG,   /* char *, owned; NULL is NULL */
    ARRAY   /* char[limit] */
} kind;

/* XX(column, kind, member, limit). The first are read whenever a job is looked at. */
#define BRIEF_COLUMNS(XX)                                                                          \
    XX(id, ARRAY, job.id, YBB_ID_TEXT)                                                             \
    XX(turn, NUMBER, turn, 0)                                                                      \
    XX(state, CHOICE, job.state, YBB_JOB_FAILED + 1)                                               \
    XX(orphan, FLAG, orphan, 0)                                                                    \
    XX(priority, CHOICE, job.priority, YBB_PRIORITIES)                                             \
    XX(program_id, NUMBER, job.program_id, 0)                                                      \
    XX(not_before, NUMBER, not_before, 0)                                                          \
    XX(on_demand, FLAG, job.on_demand, 0)                                                          \
    XX(owner, NAME, job.owner, 0)                                                                  \
    XX(request_hash, NUMBER, request_hash, 0)                                                      \
    XX(estimated_records, NUMBER, job.estimated_records, 0)                                        \
    XX(retention_days, NUMBER, job.retention_days, 0)                                              \
    XX(planned, FLAG, job.planned, 0)                                                              \
    XX(records, NUMBER, job.delivery.records, 0)                                                   \
    XX(planned_priority, CHOICE, job.delivery.priority, YBB_PRIORITIES)                            \
    XX(strategy, CHOICE, job.delivery.strategy, YBB_SINGLE + 1)                                    \
    XX(compression, CHOICE, job.delivery.compression, YBB_COMPRESSION_ZIP + 1)                     \
    XX(archive, FLAG, job.delivery.archive, 0)                                                     \
    XX(chunk_size, NUMBER, job.delivery.chunk_size, 0)                                             \
    XX(files, COUNT, job.delivery.files, 0)                                                        \
    XX(rows_per_sheet, NUMBER, job.delivery.rows_per_sheet, 0)                                     \
    XX(timeout_seconds, NUMBER, job.delivery.timeout_seconds, 0)                                   \
    XX(long_sheet, FLAG, job.delivery.long_sheet, 0)                                               \
    XX(split, FLAG, job.delivery.split, 0)                                                         \
    XX(grouped, FLAG, job.delivery.grouped, 0)                                                     \
    XX(stage, CHOICE, job.stage, YBB_STAGE_COMPRESSION + 1)                                        \
    XX(records_processed, NUMBER, job.records_processed, 0)                                        \
    XX(current_chunk, COUNT, job.current_chunk, 0)                                                 \
    XX(archive_part, PART, job.archive_part, 0)                                                    \
    XX(least_percentage, PART, job.least_percentage, 0)                                            \
    XX(memory_peak, NUMBER, job.memory_peak, 0)                                                    \
    XX(cancel_wanted, FLAG, job.cancel_wanted, 0)                                                  \
    XX(outcome_status, STATUS, job.outcome.status, 0)                                              \
    XX(attempts, COUNT, job.attempts, 0)                                                           \
    XX(takeovers, COUNT, job.takeovers, 0)                                                         \
    XX(failures, COUNT, failures, 0)                                                               \
    XX(fence, NUMBER, fence, 0)                                                                    \
    XX(holder, ARRAY, holder, YBB_ID_TEXT)                                                         \
    XX(place, COUNT, place, 0)                                                                     \
    XX(large_place, COUNT, large_place, 0)                                                         \
    XX(claimed_at, NUMBER, claimed_at, 0)                                                          \
    XX(deadline, NUMBER, deadline, 0)                                                              \
    XX(file_count, COUNT, file_count, 0)                                                           \
    XX(created_at, NUMBER, job.created_at, 0)                                                      \
    XX(started_at, NUMBER, job.started_at, 0)                                                      \
    XX(ended_at, NUMBER, job.ended_at, 0)                                                          \
    XX(expires_at, NUMBER, job.expires_at, 0)                                                      \
    XX(gone_at, NUMBER, gone_at, 0)                                                                \
    XX(processing, PART, job.processing_seconds, 0)

/* Those that a list has, too. */
#define LISTED_COLUMNS(XX)                                                                         \
    XX(export_type, LONG, job.export_type, 0)                                                      \
    XX(format, LONG, job.format, 0)                                                                \
    XX(template_name, LONG, job.template_name, 0)                                                  \
    XX(outcome_message, ARRAY, job.outcome.message, sizeof(((ybb_error *)0)->message))

#define TEXT_COLUMNS(XX)                                                                           \
    LISTED_COLUMNS(XX)                                                                             \
    XX(idempotency_key, LONG, job.idempotency_key, 0)                                              \
    XX(request_json, LONG, job.request_json, 0)                                                    \
    XX(filters_json, LONG, job.filters_json, 0)                                                    \
    XX(warnings_json, LONG, job.warnings_json, 0)                                                  \
    XX(consistency, LONG, job.consistency, 0)                                                      \
    XX(outcome_field, ARRAY, job.outcome.field, sizeof(((ybb_error *)0)->field))                   \
    XX(outcome_value, ARRAY, job.outcome.value, sizeof(((ybb_error *)0)->value))                   \
    XX(outcome_allowed, ARRAY, job.outcome.allowed, sizeof(((ybb_error *)0)->allowed))             \
    XX(outcome_suggestion, ARRAY, job.outcome.suggestion, sizeof(((ybb_error *)0)->suggestion))

/* Of ybbexport_mails, which has no row where no mail is wanted. */
#define MAIL_COLUMNS(XX)                                                                           \
    XX(state, CHOICE, job.mail.state, YBB_MAIL_DROPPED + 1)                                        \
    XX(address, LONG, job.mail.address, 0)                                                         \
    XX(language, CHOICE, job.mail.language, YBB_LANGUAGES)                                         \
    XX(number, COUNT, job.mail.number, 0)                                                          \
    XX(attempts, COUNT, job.mail.attempts, 0)                                                      \
    XX(next_at, NUMBER, job.mail.next_at, 0)                                                       \
    XX(sent_at, NUMBER, job.mail.sent_at, 0)                                                       \
    XX(status, STATUS, job.mail.status, 0)                                                         \
    XX(message, ARRAY, job.mail.message, YBB_MAIL_MESSAGE)

typedef struct column {
    kind kind;
    size_t offset;
    size_t limit;
} column;

#define COLUMN(name, kind, member, limit) {kind, offsetof(ybb_stored_job, member), limit},
static const column columns[] = {BRIEF_COLUMNS(COLUMN) TEXT_COLUMNS(COLUMN) MAIL_COLUMNS(COLUMN)};
#define ONE(name, kind, member, limit) +1
enum {
    BRIEF_COUNT = 0 BRIEF_COLUMNS(ONE),
    LISTED_COUNT = BRIEF_COUNT LISTED_COLUMNS(ONE),
    COLUMN_COUNT = BRIEF_COUNT TEXT_COLUMNS(ONE), /* of its own row */
    WHOLE_COUNT = COLUMN_COUNT MAIL_COLUMNS(ONE),
    SUMS = 3, /* of a listed export's files, behind its columns */
    MOST_CELLS = WHOLE_COUNT + 1
};

#define SELECTED(name, kind, member, limit)  ", j." #name
#define OF_MAIL(name, kind, member, limit)   ", m." #name
#define INSERTED(name, kind, member, limit)  #name ", "
#define PARAMETER(name, kind, member, limit) "?, "

_Static_assert(sizeof(ybb_job_state) == sizeof(uint32_t) && sizeof(ybb_stage) == sizeof(uint32_t) &&
                   sizeof(ybb_priority) == sizeof(uint32_t) &&
                   sizeof(ybb_strategy) == sizeof(uint32_t) &&
                   sizeof(ybb_compression) == sizeof(uint32_t) &&
                   sizeof(ybb_mail_state) == sizeof(uint32_t) &&
                   sizeof(ybb_language) == sizeof(uint32_t) &&
                   sizeof(ybb_status) == sizeof(uint32_t),
               "enumerations are copied as 32 bits");

static const double millionth = 1e-6;

int64_t ybb__millionths(double number)
{
    static const double most = 9e12; /* a hundred thousand days in seconds, and no overflow */
    if (!(number > 0))
        return 0;
    return (int64_t)((number < most ? number : most) / millionth + 0.5);
}

/* --- reading --- */

/* Takes @cell as an owned text. False: no memory. */
static bool take_text(char *at, ybb_cell cell, bool empty_is_null)
{
    char *text = NULL;
    if (cell.at != NULL && !(empty_is_null && cell.length == 0)) {
        text = malloc((size_t)cell.length + 1);
        if (text == NULL)
            return false;
        ybb__cell_copy(text, (size_t)cell.length + 1, cell);
    }
    memcpy(at, &text, sizeof(text));
    return true;
}

static void take_small(char *at, int64_t number)
{
    uint32_t small = number < 0 || number > UINT32_MAX ? 0 : (uint32_t)number;
    memcpy(at, &small, sizeof(small));
}

static ybb_status take_cell(const column *c, char *at, ybb_cell cell, ybb_error *error)
{
    int64_t number = c->kind < NAME ? ybb__cell_number(cell) : 0;
    double part = (double)number * millionth;
    bool flag = number != 0;
    switch (c->kind) {
    case NUMBER:
        memcpy(at, &number, sizeof(number));
        break;
    case CHOICE:
        if (number < 0 || (uint64_t)number >= c->limit)
            return ybb__fail(error, YBB_STORE_ERROR, "the job store has a record that is damaged");
        take_small(at, number);
        break;
    case COUNT:
    case STATUS:
        take_small(at, number);
        break;
    case FLAG:
        memcpy(at, &flag, sizeof(flag));
        break;
    case PART:
        memcpy(at, &part, sizeof(part));
        break;
    case NAME:
    case LONG:
        if (!take_text(at, cell, c->kind == NAME))
            return ybb__fail_memory(error);
        break;
    case ARRAY:
        ybb__cell_copy(at, c->limit, cell);
        break;
    }
    return YBB_OK;
}

ybb_status ybb__stored_not_found(const char *id, ybb_error *error)
{
    return ybb__fail(error, YBB_NOT_FOUND, "there is no export \"%.64s\"", id);
}

/* A row begins with seq. */
static ybb_status take_cells(ybb_stored_job *out, const ybb_cell *cells, uint32_t count,
                             ybb_error *error)
{
    ybb_status status = YBB_OK;
    out->seq = ybb__cell_number(cells[0]);
    for (uint32_t i = 0; status == YBB_OK && i < count; i++)
        status = take_cell(&columns[i], (char *)out + columns[i].offset, cells[i + 1], error);
    return status;
}

static ybb_status take_row(ybb_stored_job *out, const ybb_block *rows, uint32_t count,
                           ybb_error *error)
{
    ybb_cell cells[MOST_CELLS];
    if (rows->columns != count + 1)
        return ybb__fail(error, YBB_INTERNAL, "a record has %u columns", rows->columns);
    ybb__block_row(rows, 0, cells);
    return take_cells(out, cells, count, error);
}

static ybb_status read_row(ybb_store_tx *tx, const char *sql, uint32_t count, ybb_stored_job *out,
                           const char *id, const char *owner, ybb_error *error)
{
    ybb_block rows = {0};
    *out = (ybb_stored_job){0};
    ybb_status status =
        ybb__store_run(tx->store, sql, YBB_VALUES(ybb__value_text(id)), &rows, error);
    if (status == YBB_OK)
        status =
            rows.rows == 0 ? ybb__stored_not_found(id, error) : take_row(out, &rows, count, error);
    ybb__block_free(&rows);
    if (status != YBB_OK)
        return status;
    /* a server finds an id with blanks behind it too */
    const char *asked_by = out->job.owner != NULL ? out->job.owner : "";
    bool is_it = strcmp(out->job.id, id) == 0 && (owner == NULL || strcmp(asked_by, owner) == 0);
    return is_it ? YBB_OK : ybb__stored_not_found(id, error);
}

ybb_status ybb__stored_lock(ybb_store_tx *tx, ybb_stored_job *out, const char *id,
                            const char *owner, ybb_error *error)
{
    static const char sql[] =
        "SELECT j.seq" BRIEF_COLUMNS(SELECTED) " FROM ybbexport_jobs j WHERE j.id = ? $lock";
    return read_row(tx, sql, BRIEF_COUNT, out, id, owner, error);
}

static ybb_status take_file(ybb_job_file *out, const ybb_cell *cells, ybb_error *error)
{
    enum { NUMBER_, NAME_, BYTES, CONTENT, FIRST, RECORDS, CRC, SHA, LAST_KEY, SHOWN };
    out->number = (uint32_t)ybb__cell_number(cells[NUMBER_]);
    out->bytes = (uint64_t)ybb__cell_number(cells[BYTES]);
    out->content_bytes = (uint64_t)ybb__cell_number(cells[CONTENT]);
    out->first_record = (uint64_t)ybb__cell_number(cells[FIRST]);
    out->records = (uint64_t)ybb__cell_number(cells[RECORDS]);
    out->crc32 = (uint32_t)ybb__cell_number(cells[CRC]);
    ybb__cell_copy(out->sha256, sizeof(out->sha256), cells[SHA]);
    bool taken = take_text((char *)&out->name, cells[NAME_], false) &&
                 take_text((char *)&out->last_key, cells[LAST_KEY], false) &&
                 take_text((char *)&out->shown, cells[SHOWN], false);
    return taken ? YBB_OK : ybb__fail_memory(error);
}

static ybb_status take_files(ybb_job *job, const ybb_block *rows, ybb_error *error)
{
    enum { COLUMNS = 10 };
    ybb_cell cells[COLUMNS];
    ybb_status status = YBB_OK;
    if (rows->rows == 0)
        return YBB_OK;
    job->files = calloc(rows->rows, sizeof(*job->files));
    if (job->files == NULL)
        return ybb__fail_memory(error);
    for (uint32_t i = 0; status == YBB_OK && i < rows->rows; i++) {
        ybb__block_row(rows, i, cells);
        bool is_archive = ybb__cell_number(cells[0]) == 0;
        status =
            take_file(is_archive ? &job->archive : &job->files[job->file_count++], cells, error);
    }
    return status;
}

static ybb_status read_files(ybb_store_tx *tx, ybb_stored_job *out, uint32_t *found,
                             ybb_error *error)
{
    static const char sql[] = "SELECT number, name, bytes, content_bytes, first_record, records, "
                              "crc32, sha256, last_key, shown"
                              " FROM ybbexport_files WHERE job = ? ORDER BY number";
    ybb_block rows = {0};
    ybb_status status =
        ybb__store_run(tx->store, sql, YBB_VALUES(ybb__value_number(out->seq)), &rows, error);
    if (status == YBB_OK)
        status = take_files(&out->job, &rows, error);
    *found = rows.rows;
    ybb__block_free(&rows);
    return status;
}

ybb_status ybb__stored_position(ybb_store_tx *tx, const ybb_stored_job *job, uint64_t *out,
                                ybb_error *error)
{
    static const char sql[] = "SELECT 1 + COUNT(*) FROM ybbexport_jobs WHERE state = 0 AND "
                              "on_demand = 0 AND (orphan > ? OR (orphan = ?"
                              " AND (priority < ? OR (priority = ? AND turn < ?))))";
    ybb_value orphan = ybb__value_number(job->orphan);
    ybb_value priority = ybb__value_number((int64_t)job->job.priority);
    int64_t position;
    ybb_status status = ybb__store_number(
        tx->store, sql,
        YBB_VALUES(orphan, orphan, priority, priority, ybb__value_number(job->turn)), &position,
        error);
    *out = (uint64_t)position;
    return status;
}

/* The row and the files are two readings, so between them the job may change: files that are more
 * than the row says are right, fewer show that it was removed or expired, and then it is read
 * again. */
ybb_status ybb__stored_read(ybb_store_tx *tx, ybb_stored_job *out, const char *id,
                            const char *owner, ybb_error *error)
{
    enum { TRIES = 3 };
    static const char sql[] = "SELECT j.seq" BRIEF_COLUMNS(SELECTED) TEXT_COLUMNS(SELECTED)
        MAIL_COLUMNS(OF_MAIL) " FROM ybbexport_jobs j LEFT JOIN ybbexport_mails m ON m.job = j.seq"
                              " WHERE j.id = ?";
    ybb_status status;
    for (unsigned tries = 1;; tries++) {
        uint32_t found = 0;
        status = read_row(tx, sql, WHOLE_COUNT, out, id, owner, error);
        if (status == YBB_OK && out->job.state == YBB_JOB_QUEUED && !out->job.on_demand)
            status = ybb__stored_position(tx, out, &out->job.queue_position, error);
        if (status != YBB_OK || out->file_count == 0)
            return status;
        status = read_files(tx, out, &found, error);
        if (status != YBB_OK || found >= out->file_count || tries == TRIES)
            return status;
        ybb__job_release(&out->job);
    }
}

/* --- many --- */

static ybb_status take_brief(ybb_job_brief *out, const ybb_block *rows, uint32_t row,
                             ybb_error *error)
{
    enum { FILES = LISTED_COUNT + 1, BYTES, ARCHIVE_BYTES };
    ybb_cell cells[MOST_CELLS];
    ybb_stored_job stored = {0};
    ybb__block_row(rows, row, cells);
    ybb_status status = take_cells(&stored, cells, LISTED_COUNT, error);
    *out = (ybb_job_brief){.job = stored.job,
                           .number = (uint64_t)stored.seq,
                           .files = (uint64_t)ybb__cell_number(cells[FILES]),
                           .bytes = (uint64_t)ybb__cell_number(cells[BYTES]),
                           .archive_bytes = (uint64_t)ybb__cell_number(cells[ARCHIVE_BYTES])};
    return status;
}

#define LISTED                                                                                     \
    "SELECT j.seq" BRIEF_COLUMNS(SELECTED)                                                         \
        LISTED_COLUMNS(SELECTED) ","                                                               \
                                 " (SELECT COUNT(*) FROM ybbexport_files f WHERE f.job = j.seq "   \
                                 "AND f.number > 0),"                                              \
                                 " (SELECT SUM(f.bytes) FROM ybbexport_files f WHERE f.job = "     \
                                 "j.seq AND f.number > 0),"                                        \
                                 " (SELECT SUM(f.bytes) FROM ybbexport_files f WHERE f.job = "     \
                                 "j.seq AND f.number = 0)"                                         \
                                 " FROM ybbexport_jobs j WHERE j.seq < ?"

ybb_status ybb__stored_list(ybb_store_tx *tx, const char *owner, uint64_t before, uint32_t most,
                            ybb_job_brief *out, uint32_t *count, ybb_error *error)
{
    static const char of_owner[] = LISTED " AND j.owner = ? ORDER BY j.seq DESC LIMIT ?";
    static const char of_all[] = LISTED " ORDER BY j.seq DESC LIMIT ?";
    bool from_newest = before == 0 || before > INT64_MAX;
    ybb_value below = ybb__value_number(from_newest ? INT64_MAX : (int64_t)before);
    ybb_value limit = ybb__value_number(most);
    ybb_block rows = {0};
    *count = 0;
    ybb_status status =
        owner == NULL
            ? ybb__store_run(tx->store, of_all, YBB_VALUES(below, limit), &rows, error)
            : ybb__store_run(tx->store, of_owner, YBB_VALUES(below, ybb__value_text(owner), limit),
                             &rows, error);
    if (status == YBB_OK && rows.rows > 0 && rows.columns != LISTED_COUNT + 1 + SUMS)
        status = ybb__fail(error, YBB_INTERNAL, "a list has %u columns", rows.columns);
    for (uint32_t i = 0; status == YBB_OK && i < rows.rows && i < most; i++)
        status = take_brief(&out[(*count)++], &rows, i, error);
    ybb__block_free(&rows);
    return status;
}

/* --- writing --- */

static ybb_value value_of(const column *c, const char *at)
{
    int64_t number;
    uint32_t small;
    double part;
    bool flag;
    const char *text;
    switch (c->kind) {
    case NUMBER:
        memcpy(&number, at, sizeof(number));
        return ybb__value_number(number);
    case FLAG:
        memcpy(&flag, at, sizeof(flag));
        return ybb__value_number(flag);
    case PART:
        memcpy(&part, at, sizeof(part));
        return ybb__value_number(ybb__millionths(part));
    case NAME:
    case LONG:
        memcpy(&text, at, sizeof(text));
        return ybb__value_text(text == NULL && c->kind == NAME ? "" : text);
    case ARRAY:
        return ybb__value_text(at);
    case COUNT:
    case CHOICE:
    case STATUS:
        break;
    }
    memcpy(&small, at, sizeof(small));
    return ybb__value_number(small);
}

ybb_status ybb__stored_insert(ybb_store_tx *tx, const ybb_stored_job *job, ybb_error *error)
{
    static const char sql[] = "INSERT INTO ybbexport_jobs (" BRIEF_COLUMNS(INSERTED)
        TEXT_COLUMNS(INSERTED) "seq) VALUES (" BRIEF_COLUMNS(PARAMETER)
            TEXT_COLUMNS(PARAMETER) "NULL)";
    ybb_value values[COLUMN_COUNT];
    for (uint32_t i = 0; i < COLUMN_COUNT; i++)
        values[i] = value_of(&columns[i], (const char *)job + columns[i].offset);
    return ybb__store_run(tx->store, sql, values, COLUMN_COUNT, NULL, error);
}

ybb_status ybb__stored_remove_files(ybb_store_tx *tx, int64_t seq, ybb_error *error)
{
    return ybb__store_run(tx->store, "DELETE FROM ybbexport_files WHERE job = ?",
                          YBB_VALUES(ybb__value_number(seq)), NULL, error);
}

ybb_status ybb__stored_remove(ybb_store_tx *tx, int64_t seq, ybb_error *error)
{
    ybb_status status = ybb__mail_remove(tx, seq, error);
    if (status != YBB_OK)
        return status;
    return ybb__store_run(tx->store, "DELETE FROM ybbexport_jobs WHERE seq = ?",
                          YBB_VALUES(ybb__value_number(seq)), NULL, error);
}

ybb_status ybb__stored_find(ybb_store_tx *tx, const char *sql, const ybb_value *values,
                            uint32_t count, char *out, ybb_error *error)
{
    ybb_block rows = {0};
    ybb_cell cell = {0};
    ybb_status status = ybb__store_run(tx->store, sql, values, count, &rows, error);
    if (status == YBB_OK && rows.rows > 0 && rows.columns == 1)
        ybb__block_row(&rows, 0, &cell);
    ybb__cell_copy(out, YBB_ID_TEXT, cell);
    ybb__block_free(&rows);
    return status;
}

ybb_status ybb__stored_exists(ybb_store_tx *tx, const char *id, bool *out, ybb_error *error)
{
    char found[YBB_ID_TEXT];
    ybb_status status = ybb__stored_find(tx, "SELECT id FROM ybbexport_jobs WHERE id = ?",
                                         YBB_VALUES(ybb__value_text(id)), found, error);
    *out = status == YBB_OK && strcmp(found, id) == 0;
    return status;
}
