/*
 * Exports whose time is over.
 */
#include "store/jobstore_mail.h"
#include "store/jobstore_record.h"

static ybb_status set_expired(ybb_store_tx *tx, const ybb_stored_job *job, ybb_error *error)
{
    static const char sql[] =
        "UPDATE ybbexport_jobs SET state = 3, outcome_status = ?, outcome_message = ?,"
        " outcome_field = '', outcome_value = '', outcome_allowed = '', outcome_suggestion = '',"
        " idempotency_key = NULL, gone_at = ?, file_count = 0 WHERE seq = ?";
    ybb_status status = ybb__stored_remove_files(tx, job->seq, error);
    if (status == YBB_OK)
        status = ybb__mail_drop(tx, job->seq, error);
    if (status == YBB_OK)
        status =
            ybb__store_run(tx->store, sql,
                           YBB_VALUES(ybb__value_number(YBB_EXPIRED),
                                      ybb__value_text(ybb__status_text(YBB_EXPIRED)),
                                      ybb__value_number(tx->time), ybb__value_number(job->seq)),
                           NULL, error);
    ybb_event event = ybb__store_event(job, YBB_EVENT_EXPIRED);
    return status == YBB_OK ? ybb__store_log(tx, &event, error) : status;
}

static ybb_status expire(ybb_store_tx *tx, void *context, ybb_error *error)
{
    const char *id = context;
    ybb_stored_job job;
    ybb_error missing = {0};
    ybb_status status = ybb__stored_lock(tx, &job, id, NULL, &missing);
    bool unread = job.job.on_demand && job.job.state == YBB_JOB_QUEUED;
    bool is_due = (ybb__job_has_ended(&job.job) || unread) && job.gone_at == 0 &&
                  job.job.expires_at != 0 && job.job.expires_at <= tx->time;
    if (status == YBB_OK && is_due)
        status = set_expired(tx, &job, error);
    else if (status != YBB_OK && status != YBB_NOT_FOUND)
        ybb__error_copy(error, &missing);
    ybb__job_release(&job.job);
    return status == YBB_NOT_FOUND ? YBB_OK : status;
}

ybb_status ybb__jobstore_expire(ybb_jobstore *store, const char *id, ybb_error *error)
{
    char copy[YBB_ID_TEXT] = "";
    strncat(copy, id, sizeof(copy) - 1);
    return ybb__store_write(store, expire, copy, error);
}

typedef struct sweep {
    int64_t age; /* microseconds */
    char (*ids)[YBB_ID_TEXT];
    uint32_t most;
    uint32_t *count;
    uint64_t *forgotten;
} sweep;

static ybb_status list_expired(ybb_store_tx *tx, void *context, ybb_error *error)
{
    static const char sql[] =
        "SELECT id FROM ybbexport_jobs WHERE gone_at = 0 AND expires_at > 0 AND expires_at <= ?"
        " AND (state IN (2, 3) OR (state = 0 AND on_demand = 1)) ORDER BY expires_at LIMIT ?";
    const sweep *s = context;
    ybb_block rows = {0};
    ybb_cell cell;
    *s->count = 0;
    ybb_status status = ybb__store_clock(tx, error);
    if (status == YBB_OK)
        status = ybb__store_run(tx->store, sql,
                                YBB_VALUES(ybb__value_number(tx->time), ybb__value_number(s->most)),
                                &rows, error);
    for (uint32_t i = 0; status == YBB_OK && i < rows.rows && i < s->most; i++) {
        ybb__block_row(&rows, i, &cell);
        ybb__cell_copy(s->ids[(*s->count)++], YBB_ID_TEXT, cell);
    }
    ybb__block_free(&rows);
    return status;
}

ybb_status ybb__jobstore_expired(ybb_jobstore *store, char (*ids)[YBB_ID_TEXT], uint32_t most,
                                 uint32_t *count, ybb_error *error)
{
    sweep s = {.ids = ids, .most = most, .count = count};
    return ybb__store_read(store, list_expired, &s, error);
}

static ybb_status forget(ybb_store_tx *tx, void *context, ybb_error *error)
{
    enum { MOST_AT_ONCE = 200 };
    static const char sql[] =
        "SELECT seq FROM ybbexport_jobs WHERE gone_at > 0 AND gone_at <= ? LIMIT ?";
    const sweep *s = context;
    ybb_block rows = {0};
    ybb_cell cell;
    *s->forgotten = 0;
    ybb_status status = ybb__store_run(
        tx->store, sql,
        YBB_VALUES(ybb__value_number(tx->time - s->age), ybb__value_number(MOST_AT_ONCE)), &rows,
        error);
    for (uint32_t i = 0; status == YBB_OK && i < rows.rows; i++) {
        ybb__block_row(&rows, i, &cell);
        status = ybb__stored_remove(tx, ybb__cell_number(cell), error);
        *s->forgotten += tx->store->changed;
    }
    ybb__block_free(&rows);
    return status;
}

ybb_status ybb__jobstore_forget(ybb_jobstore *store, double seconds, uint64_t *count,
                                ybb_error *error)
{
    uint64_t some;
    sweep s = {.age = ybb__microseconds(seconds), .forgotten = &some};
    ybb_status status;
    *count = 0;
    do {
        status = ybb__store_write(store, forget, &s, error);
        if (status == YBB_OK)
            *count += some;
    } while (status == YBB_OK && some > 0);
    return status;
}
