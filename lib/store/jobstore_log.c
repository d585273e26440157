/*
 * The store's log, the statistics of exports that ended, and the end of a job, which writes both.
 */
#include "store/jobstore_mail.h"
#include "store/jobstore_record.h"

static const int64_t microseconds_per_day = INT64_C(86400000000);

/* Removes the oldest rows of a table that is numbered by its database, some at a time. */
static ybb_status trim(ybb_store_tx *tx, const char *read_ends, const char *remove,
                       ybb_error *error)
{
    enum { OLDEST, NEWEST, ENDS, SPARE_PART = 8 };
    int64_t most = tx->store->settings.max_events;
    ybb_block rows = {0};
    ybb_cell cells[ENDS];
    ybb_status status = ybb__store_run(tx->store, read_ends, NULL, 0, &rows, error);
    if (status == YBB_OK && rows.rows == 1 && rows.columns == ENDS) {
        ybb__block_row(&rows, 0, cells);
        int64_t newest = ybb__cell_number(cells[NEWEST]);
        if (newest - ybb__cell_number(cells[OLDEST]) > most + most / SPARE_PART)
            status = ybb__store_run(tx->store, remove, YBB_VALUES(ybb__value_number(newest - most)),
                                    NULL, error);
    }
    ybb__block_free(&rows);
    return status;
}

/* Often enough that the log cannot grow without it. */
static bool is_time_to_trim(const ybb_event *event)
{
    enum { FILES_BETWEEN = 512 };
    return event->kind == YBB_EVENT_QUEUED || event->kind == YBB_EVENT_ENDED ||
           (event->kind == YBB_EVENT_FILE && event->file % FILES_BETWEEN == 0);
}

ybb_event ybb__store_event(const ybb_stored_job *job, ybb_event_kind kind)
{
    ybb_event event = {.kind = kind, .priority = job->job.priority, .fence = job->fence};
    memcpy(event.job, job->job.id, sizeof(event.job));
    memcpy(event.owner, job->holder, sizeof(event.owner));
    return event;
}

ybb_status ybb__store_log(ybb_store_tx *tx, const ybb_event *event, ybb_error *error)
{
    static const char sql[] = "INSERT INTO ybbexport_events (kind, job, holder, priority, place, "
                              "large_place, fence, status,"
                              " file, store_time, utc) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)";
    ybb_status status = ybb__store_run(
        tx->store, sql,
        YBB_VALUES(ybb__value_number((int64_t)event->kind), ybb__value_text(event->job),
                   ybb__value_text(event->owner), ybb__value_number((int64_t)event->priority),
                   ybb__value_number(event->place), ybb__value_number(event->large_place),
                   ybb__value_number((int64_t)event->fence),
                   ybb__value_number((int64_t)event->status), ybb__value_number(event->file),
                   ybb__value_number(tx->now), ybb__value_number(tx->time)),
        NULL, error);
    if (status != YBB_OK || !is_time_to_trim(event))
        return status;
    return trim(tx, "SELECT MIN(number), MAX(number) FROM ybbexport_events",
                "DELETE FROM ybbexport_events WHERE number <= ?", error);
}

/* --- the end of a job --- */

static ybb_status free_place(ybb_store_tx *tx, int64_t job, int64_t class, uint32_t place,
                             ybb_error *error)
{
    if (place == 0)
        return YBB_OK;
    return ybb__store_run(
        tx->store, "UPDATE ybbexport_places SET job = 0 WHERE class = ? AND place = ? AND job = ?",
        YBB_VALUES(ybb__value_number(class), ybb__value_number(place), ybb__value_number(job)),
        NULL, error);
}

ybb_status ybb__stored_free_places(ybb_store_tx *tx, const ybb_stored_job *job, ybb_error *error)
{
    ybb_status status = free_place(tx, job->seq, (int64_t)job->job.priority, job->place, error);
    return status == YBB_OK ? free_place(tx, job->seq, YBB_LARGE, job->large_place, error) : status;
}

static ybb_status log_end(ybb_store_tx *tx, const ybb_stored_job *job, ybb_status outcome,
                          ybb_error *error)
{
    ybb_event event = ybb__store_event(job, YBB_EVENT_ENDED);
    event.place = job->place;
    event.large_place = job->large_place;
    event.status = outcome;
    return ybb__store_log(tx, &event, error);
}

static ybb_status count_run(ybb_store_tx *tx, const ybb_stored_job *job, ybb_error *error)
{
    static const char sql[] =
        "INSERT INTO ybbexport_runs (utc, export_type, format, template_name, priority, status,"
        " records, bytes, processing)"
        " SELECT j.ended_at, COALESCE(SUBSTR(j.export_type, 1, 255), ''),"
        " COALESCE(SUBSTR(j.format, 1, 255), ''), COALESCE(SUBSTR(j.template_name, 1, 255), ''),"
        " j.priority, j.outcome_status, j.records,"
        " (SELECT COALESCE(SUM(f.bytes), 0) FROM ybbexport_files f"
        " WHERE f.job = j.seq AND f.number > 0), j.processing"
        " FROM ybbexport_jobs j WHERE j.seq = ?";
    ybb_status status =
        ybb__store_run(tx->store, sql, YBB_VALUES(ybb__value_number(job->seq)), NULL, error);
    if (status != YBB_OK)
        return status;
    return trim(tx, "SELECT MIN(number), MAX(number) FROM ybbexport_runs",
                "DELETE FROM ybbexport_runs WHERE number <= ?", error);
}

static ybb_status store_end(ybb_store_tx *tx, const ybb_stored_job *job, const ybb_ending *ending,
                            ybb_error *error)
{
    static const char sql[] =
        "UPDATE ybbexport_jobs SET state = ?, outcome_status = ?, outcome_message = ?,"
        " outcome_field = ?, outcome_value = ?, outcome_allowed = ?, outcome_suggestion = ?,"
        " ended_at = ?, processing = ?, expires_at = ?, warnings_json = COALESCE(?, warnings_json),"
        " fence = fence + ?, holder = '', place = 0, large_place = 0, orphan = 0, not_before = 0,"
        " deadline = 0 WHERE seq = ?";
    const ybb_error *outcome = ending->outcome;
    ybb_job_state state = outcome->status == YBB_OK ? YBB_JOB_DONE : YBB_JOB_FAILED;
    double seconds = ending->seconds < 0 ? job->job.processing_seconds : ending->seconds;
    return ybb__store_run(
        tx->store, sql,
        YBB_VALUES(ybb__value_number((int64_t)state), ybb__value_number((int64_t)outcome->status),
                   ybb__value_text(outcome->message), ybb__value_text(outcome->field),
                   ybb__value_text(outcome->value), ybb__value_text(outcome->allowed),
                   ybb__value_text(outcome->suggestion), ybb__value_number(tx->time),
                   ybb__value_number(ybb__millionths(seconds)),
                   ybb__value_number(ending->expires_at), ybb__value_text(ending->warnings_json),
                   ybb__value_number(ending->fenced ? 1 : 0), ybb__value_number(job->seq)),
        NULL, error);
}

ybb_status ybb__stored_end(ybb_store_tx *tx, ybb_stored_job *job, const ybb_ending *ending,
                           ybb_error *error)
{
    ybb_status status = ybb__mail_job_ends(tx, job->seq, ending->outcome->status, error);
    if (status == YBB_OK)
        status = store_end(tx, job, ending, error);
    if (status == YBB_OK)
        status = ybb__stored_free_places(tx, job, error);
    if (status == YBB_OK)
        status = log_end(tx, job, ending->outcome->status, error);
    return status == YBB_OK ? count_run(tx, job, error) : status;
}

ybb_status ybb__stored_fail(ybb_store_tx *tx, ybb_stored_job *job, const ybb_error *why,
                            bool fenced, ybb_error *error)
{
    int64_t days = (int64_t)(job->job.retention_days < INT32_MAX ? job->job.retention_days : 0);
    ybb_ending ending = {.outcome = why,
                         .seconds = -1,
                         .fenced = fenced,
                         .expires_at = days > 0 ? tx->time + days * microseconds_per_day : 0};
    return ybb__stored_end(tx, job, &ending, error);
}

/* --- reading the log --- */

typedef struct log_wish {
    uint64_t after;
    ybb_event *out;
    uint32_t most;
    uint32_t *count;
} log_wish;

static void take_event(ybb_event *out, const ybb_cell *cells)
{
    enum {
        NUMBER,
        KIND,
        JOB,
        HOLDER,
        PRIORITY,
        PLACE,
        LARGE,
        FENCE,
        STATUS,
        FILE_,
        STORE_TIME,
        UTC
    };
    int64_t priority = ybb__cell_number(cells[PRIORITY]);
    *out = (ybb_event){
        .number = (uint64_t)ybb__cell_number(cells[NUMBER]),
        .kind = (ybb_event_kind)ybb__cell_number(cells[KIND]),
        .priority = priority < 0 || priority > YBB_LOW ? YBB_LOW : (ybb_priority)priority,
        .place = (uint32_t)ybb__cell_number(cells[PLACE]),
        .large_place = (uint32_t)ybb__cell_number(cells[LARGE]),
        .fence = (uint64_t)ybb__cell_number(cells[FENCE]),
        .status = (ybb_status)ybb__cell_number(cells[STATUS]),
        .file = (uint32_t)ybb__cell_number(cells[FILE_]),
        .store_time = ybb__cell_number(cells[STORE_TIME]),
        .time = ybb__cell_number(cells[UTC]),
    };
    ybb__cell_copy(out->job, sizeof(out->job), cells[JOB]);
    ybb__cell_copy(out->owner, sizeof(out->owner), cells[HOLDER]);
}

static ybb_status read_log(ybb_store_tx *tx, void *context, ybb_error *error)
{
    enum { COLUMNS = 12 };
    static const char sql[] =
        "SELECT number, kind, job, holder, priority, place, large_place, fence, status, file,"
        " store_time, utc FROM ybbexport_events WHERE number > ? ORDER BY number LIMIT ?";
    log_wish *wish = context;
    ybb_block rows = {0};
    ybb_cell cells[COLUMNS];
    *wish->count = 0;
    ybb_status status = ybb__store_run(
        tx->store, sql,
        YBB_VALUES(ybb__value_number((int64_t)wish->after), ybb__value_number(wish->most)), &rows,
        error);
    for (uint32_t i = 0; status == YBB_OK && i < rows.rows && i < wish->most; i++) {
        ybb__block_row(&rows, i, cells);
        take_event(&wish->out[(*wish->count)++], cells);
    }
    ybb__block_free(&rows);
    return status;
}

ybb_status ybb__jobstore_events(ybb_jobstore *store, uint64_t after, ybb_event *out, uint32_t most,
                                uint32_t *count, ybb_error *error)
{
    log_wish wish = {after, out, most, count};
    return ybb__store_read(store, read_log, &wish, error);
}
