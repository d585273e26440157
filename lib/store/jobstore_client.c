/*
 * The job store for those who ask for exports.
 */
#include "store/jobstore_mail.h"
#include "store/jobstore_owner.h"
#include "store/jobstore_stats.h"

enum { MOST_OWNER_BYTES = 255 };

static const int64_t microseconds_per_day = INT64_C(86400000000);

/* --- inserting --- */

typedef struct insertion {
    const ybb_job *job;
    bool immediate;
    ybb_admission *out;
    int64_t hash; /* of the request */
} insertion;

static const char *owner_of(const ybb_job *job)
{
    return job->owner != NULL ? job->owner : "";
}

/* FNV-1a: it only narrows the search; requests are compared whole. */
static int64_t hash_of(const char *text)
{
    uint64_t hash = UINT64_C(14695981039346656037);
    for (; text != NULL && *text != '\0'; text++)
        hash = (hash ^ (unsigned char)*text) * UINT64_C(1099511628211);
    return (int64_t)hash;
}

static ybb_status find_by_key(ybb_store_tx *tx, const insertion *in, ybb_error *error)
{
    static const char sql[] =
        "SELECT id FROM ybbexport_jobs WHERE owner = ? AND idempotency_key = ? AND state <> 3"
        " AND (state <> 2 OR expires_at = 0 OR expires_at > ?)"
        " AND (state <> 1 OR cancel_wanted = 0)";
    return ybb__stored_find(tx, sql,
                            YBB_VALUES(ybb__value_text(owner_of(in->job)),
                                       ybb__value_text(in->job->idempotency_key),
                                       ybb__value_number(tx->time)),
                            in->out->joined, error);
}

/* A stream is read by one alone, so each who asks for it has his own. */
static ybb_status find_by_request(ybb_store_tx *tx, const insertion *in, ybb_error *error)
{
    static const char sql[] =
        "SELECT id FROM ybbexport_jobs WHERE request_hash = ? AND owner = ? AND request_json = ?"
        " AND state IN (0, 1) AND cancel_wanted = 0 AND on_demand = 0 ORDER BY turn LIMIT 1";
    return ybb__stored_find(tx, sql,
                            YBB_VALUES(ybb__value_number(in->hash),
                                       ybb__value_text(owner_of(in->job)),
                                       ybb__value_text(in->job->request_json)),
                            in->out->joined, error);
}

/* A failed export gives its key up. */
static ybb_status free_key(ybb_store_tx *tx, const ybb_job *job, ybb_error *error)
{
    if (job->idempotency_key == NULL)
        return YBB_OK;
    return ybb__store_run(
        tx->store,
        "UPDATE ybbexport_jobs SET idempotency_key = NULL WHERE owner = ? AND idempotency_key = ?",
        YBB_VALUES(ybb__value_text(owner_of(job)), ybb__value_text(job->idempotency_key)), NULL,
        error);
}

/* The export that is joined may have been asked for without one. */
static ybb_status pass_key(ybb_store_tx *tx, const insertion *in, ybb_error *error)
{
    ybb_status status = free_key(tx, in->job, error);
    if (status != YBB_OK || in->job->idempotency_key == NULL)
        return status;
    return ybb__store_run(
        tx->store,
        "UPDATE ybbexport_jobs SET idempotency_key = ?"
        " WHERE id = ? AND idempotency_key IS NULL",
        YBB_VALUES(ybb__value_text(in->job->idempotency_key), ybb__value_text(in->out->joined)),
        NULL, error);
}

static ybb_status find_equal(ybb_store_tx *tx, const insertion *in, ybb_error *error)
{
    ybb_status status = YBB_OK;
    if (in->job->idempotency_key != NULL)
        status = find_by_key(tx, in, error);
    if (status != YBB_OK || in->out->joined[0] != '\0' || in->job->request_json == NULL)
        return status;
    status = find_by_request(tx, in, error);
    return status == YBB_OK && in->out->joined[0] != '\0' ? pass_key(tx, in, error) : status;
}

/* When to try again stands in the refusal, too. */
static ybb_status say_when(ybb_store_tx *tx, ybb_admission *out, ybb_error *error)
{
    ybb_status status = ybb__store_retry_seconds(tx, &out->retry_seconds, error);
    if (status == YBB_OK && error != NULL)
        error->retry_seconds = out->retry_seconds;
    return status;
}

/* A stream that waits for its reader may never be read: those do not count. */
static ybb_status check_owner(ybb_store_tx *tx, const char *owner, ybb_admission *out,
                              ybb_error *error)
{
    static const char sql[] = "SELECT COUNT(*) FROM ybbexport_jobs WHERE state IN (0, 1)"
                              " AND owner = ? AND (state = 1 OR on_demand = 0)";
    uint64_t most = tx->store->settings.queue->max_unfinished_per_owner;
    int64_t unfinished;
    if (most == 0 || *owner == '\0')
        return YBB_OK;
    ybb_status status =
        ybb__store_number(tx->store, sql, YBB_VALUES(ybb__value_text(owner)), &unfinished, error);
    if (status != YBB_OK || (uint64_t)unfinished < most)
        return status;
    status = say_when(tx, out, error);
    if (status != YBB_OK)
        return status;
    return ybb__fail(error, YBB_OWNER_LIMIT,
                     "you have %lld unfinished exports, and may have %llu; try again when one of "
                     "them has ended",
                     (long long)unfinished, (unsigned long long)most);
}

static ybb_status check_room(ybb_store_tx *tx, ybb_admission *out, ybb_error *error)
{
    int64_t queued;
    ybb_status status = ybb__store_number(
        tx->store, "SELECT COUNT(*) FROM ybbexport_jobs WHERE state = 0 AND on_demand = 0", NULL, 0,
        &queued, error);
    if (status != YBB_OK || (uint64_t)queued < tx->store->settings.queue->max_queue_size)
        return status;
    status = say_when(tx, out, error);
    if (status != YBB_OK)
        return status;
    return ybb__fail(error, YBB_QUEUE_FULL,
                     "the queue is full: %lld exports wait; try again in about %llu seconds",
                     (long long)queued, (unsigned long long)out->retry_seconds);
}

/* The caller has locked the queue. */
static ybb_status take_turn(ybb_store_tx *tx, ybb_error *error)
{
    return ybb__store_run(tx->store, "UPDATE ybbexport_store SET next_turn = ?",
                          YBB_VALUES(ybb__value_number(tx->next_turn + 1)), NULL, error);
}

static ybb_status put(ybb_store_tx *tx, const insertion *in, ybb_error *error)
{
    const ybb_job *job = in->job;
    ybb_stored_job new = {.turn = tx->next_turn, .request_hash = in->hash};
    new.job = (ybb_job){.owner = job->owner,
                        .idempotency_key = job->idempotency_key,
                        .request_json = job->request_json,
                        .export_type = job->export_type,
                        .format = job->format,
                        .template_name = job->template_name,
                        .filters_json = job->filters_json,
                        .warnings_json = job->warnings_json,
                        .program_id = job->program_id,
                        .priority = job->priority,
                        .estimated_records = job->estimated_records,
                        .retention_days = job->retention_days,
                        .on_demand = job->on_demand,
                        .created_at = job->created_at != 0 ? job->created_at : tx->time};
    memcpy(new.job.id, job->id, sizeof(new.job.id));
    if (job->on_demand) /* perhaps nobody ever reads it */
        new.job.expires_at =
            new.job.created_at + (int64_t)job->retention_days *microseconds_per_day;
    ybb_status status = free_key(tx, job, error);
    if (status == YBB_OK)
        status = ybb__stored_insert(tx, &new, error);
    if (status == YBB_OK && job->mail.address != NULL)
        status = ybb__mail_insert(tx, job->id, &job->mail, error);
    if (status == YBB_OK)
        status = take_turn(tx, error);
    ybb_event event = ybb__store_event(&new, YBB_EVENT_QUEUED);
    return status == YBB_OK ? ybb__store_log(tx, &event, error) : status;
}

static ybb_status read_position(ybb_store_tx *tx, const char *id, ybb_admission *out,
                                ybb_error *error)
{
    ybb_stored_job job;
    ybb_status status = ybb__stored_lock(tx, &job, id, NULL, error);
    if (status == YBB_OK && job.job.state == YBB_JOB_QUEUED && !job.job.on_demand)
        status = ybb__stored_position(tx, &job, &out->queue_position, error);
    ybb__job_release(&job.job);
    return status;
}

static ybb_status insert(ybb_store_tx *tx, void *context, ybb_error *error)
{
    insertion *in = context;
    bool is_there = false;
    *in->out = (ybb_admission){0};
    ybb_status status = ybb__store_lock_queue(tx, error);
    if (status == YBB_OK)
        status = ybb__stored_exists(tx, in->job->id, &is_there, error);
    if (status == YBB_OK && is_there && !tx->again)
        return ybb__fail(error, YBB_MISUSE, "there is an export \"%s\" already", in->job->id);
    if (status == YBB_OK && !is_there)
        status = find_equal(tx, in, error);
    bool is_new = !is_there && in->out->joined[0] == '\0';
    if (status == YBB_OK && is_new)
        status = check_owner(tx, owner_of(in->job), in->out, error);
    if (status == YBB_OK && is_new && !in->immediate)
        status = check_room(tx, in->out, error);
    if (status == YBB_OK && is_new)
        status = put(tx, in, error);
    if (status != YBB_OK)
        return status;
    return read_position(tx, in->out->joined[0] != '\0' ? in->out->joined : in->job->id, in->out,
                         error);
}

static ybb_status check_length(const char *text, const char *field, ybb_error *error)
{
    if (text == NULL || strlen(text) <= MOST_OWNER_BYTES)
        return YBB_OK;
    ybb_status status = ybb__fail(error, YBB_INVALID_VALUE, "%s is longer than %d bytes", field,
                                  (int)MOST_OWNER_BYTES);
    ybb__error_blame(error, field, NULL, "a text of at most 255 bytes", NULL);
    return status;
}

ybb_status ybb__jobstore_insert(ybb_jobstore *store, const ybb_job *job, bool immediate,
                                ybb_admission *out, ybb_error *error)
{
    insertion in = {job, immediate || job->on_demand, out, hash_of(job->request_json)};
    *out = (ybb_admission){0};
    if (!ybb__is_id(job->id) || (unsigned)job->priority >= YBB_PRIORITIES)
        return ybb__fail(error, YBB_MISUSE, "\"%.40s\" is no export id, or has no class", job->id);
    ybb_status status = check_length(job->owner, "owner", error);
    if (status == YBB_OK)
        status = check_length(job->idempotency_key, "idempotency_key", error);
    if (status != YBB_OK)
        return status;
    return immediate ? ybb__store_write_leased(store, insert, &in, error)
                     : ybb__store_write(store, insert, &in, error);
}

/* --- one export --- */

/* A call for one export. */
typedef struct wish {
    const char *id, *owner;
    ybb_job *out;
    ybb_admission *admission;
    bool is_running;
} wish;

static ybb_status load(ybb_store_tx *tx, void *context, ybb_error *error)
{
    wish *w = context;
    ybb_stored_job stored;
    ybb_status status = ybb__stored_read(tx, &stored, w->id, w->owner, error);
    if (status == YBB_OK)
        *w->out = stored.job;
    else
        ybb__job_release(&stored.job);
    return status;
}

ybb_status ybb__jobstore_load(ybb_jobstore *store, const char *id, const char *owner, ybb_job *out,
                              ybb_error *error)
{
    wish w = {.id = id, .owner = owner, .out = out};
    return ybb__store_read(store, load, &w, error);
}

/* A call for many. */
typedef struct list_wish {
    const char *owner;
    uint64_t before;
    uint32_t most;
    ybb_job_brief *out;
    uint32_t *count;
} list_wish;

static ybb_status list(ybb_store_tx *tx, void *context, ybb_error *error)
{
    const list_wish *w = context;
    ybb__job_briefs_release(w->out, *w->count); /* of a try before this one */
    return ybb__stored_list(tx, w->owner, w->before, w->most, w->out, w->count, error);
}

ybb_status ybb__jobstore_list(ybb_jobstore *store, const char *owner, uint64_t before,
                              uint32_t most, ybb_job_brief *out, uint32_t *count, ybb_error *error)
{
    list_wish w = {owner, before, most, out, count};
    *count = 0;
    ybb_status status = ybb__store_read(store, list, &w, error);
    if (status != YBB_OK) {
        ybb__job_briefs_release(out, *count);
        *count = 0;
    }
    return status;
}

/* Who works on it learns of it; if that has died, nobody else has to come and find out. */
static ybb_status want_cancelled(ybb_store_tx *tx, const ybb_stored_job *job, ybb_error *error)
{
    ybb_status status =
        ybb__store_run(tx->store, "UPDATE ybbexport_jobs SET cancel_wanted = 1 WHERE seq = ?",
                       YBB_VALUES(ybb__value_number(job->seq)), NULL, error);
    return status == YBB_OK ? ybb__owners_bury(tx, error) : status;
}

static ybb_status cancel(ybb_store_tx *tx, void *context, ybb_error *error)
{
    const wish *w = context;
    ybb_stored_job job;
    ybb_error why = {0};
    (void)ybb__fail(&why, YBB_CANCELLED, "the export was cancelled");
    ybb_status status = ybb__stored_lock(tx, &job, w->id, w->owner, error);
    if (status == YBB_OK && job.job.state == YBB_JOB_QUEUED)
        status = ybb__stored_fail(tx, &job, &why, true, error);
    else if (status == YBB_OK && job.job.state == YBB_JOB_RUNNING)
        status = want_cancelled(tx, &job, error);
    ybb__job_release(&job.job);
    return status;
}

ybb_status ybb__jobstore_cancel(ybb_jobstore *store, const char *id, const char *owner,
                                ybb_error *error)
{
    wish w = {.id = id, .owner = owner};
    return ybb__store_write(store, cancel, &w, error);
}

static ybb_status check_resumable(const ybb_store_tx *tx, const ybb_job *job, ybb_error *error)
{
    static const char *const states[] = {"is queued", "is running", "is done"};
    bool is_over = job->expires_at != 0 && job->expires_at <= tx->time;
    if (job->state != YBB_JOB_FAILED)
        return ybb__fail(error, YBB_NOT_RESUMABLE, "export \"%s\" %s", job->id, states[job->state]);
    if (is_over || job->outcome.status == YBB_EXPIRED)
        return ybb__fail(error, YBB_NOT_RESUMABLE, "export \"%s\" has expired", job->id);
    return YBB_OK;
}

/* What it shows begins with what its files hold. */
static ybb_status queue_again(ybb_store_tx *tx, const ybb_stored_job *job, ybb_error *error)
{
    static const char sql[] =
        "UPDATE ybbexport_jobs SET state = 0, turn = ?, outcome_status = 0, outcome_message = '',"
        " outcome_field = '', outcome_value = '', outcome_allowed = '', outcome_suggestion = '',"
        " cancel_wanted = 0, takeovers = 0, failures = 0, orphan = 0, not_before = 0,"
        " fence = fence + 1, started_at = 0, ended_at = 0, processing = 0,"
        " expires_at = CASE WHEN on_demand = 1 THEN expires_at ELSE 0 END, stage = "
        "0,"
        " archive_part = 0, least_percentage = 0,"
        " records_processed = (SELECT COALESCE(SUM(f.records), 0) FROM ybbexport_files f"
        " WHERE f.job = ? AND f.number > 0),"
        " current_chunk = (SELECT COALESCE(MAX(f.number), 0) FROM ybbexport_files f WHERE f.job = "
        "?)"
        " WHERE seq = ?";
    ybb_value seq = ybb__value_number(job->seq);
    ybb_status status = ybb__store_run(
        tx->store, sql, YBB_VALUES(ybb__value_number(tx->next_turn), seq, seq, seq), NULL, error);
    if (status == YBB_OK)
        status = ybb__mail_wait_again(tx, job->seq, error);
    if (status == YBB_OK)
        status = take_turn(tx, error);
    ybb_event event = ybb__store_event(job, YBB_EVENT_RESUMED);
    event.fence++;
    return status == YBB_OK ? ybb__store_log(tx, &event, error) : status;
}

static ybb_status resume(ybb_store_tx *tx, void *context, ybb_error *error)
{
    const wish *w = context;
    ybb_stored_job job;
    *w->admission = (ybb_admission){0};
    ybb_status status = ybb__store_lock_queue(tx, error);
    if (status != YBB_OK)
        return status;
    status = ybb__stored_lock(tx, &job, w->id, w->owner, error);
    bool is_done = tx->again && job.job.state == YBB_JOB_QUEUED;
    if (status == YBB_OK && !is_done)
        status = check_resumable(tx, &job.job, error);
    if (status == YBB_OK && !is_done)
        status = check_owner(tx, owner_of(&job.job), w->admission, error);
    if (status == YBB_OK && !is_done && !job.job.on_demand)
        status = check_room(tx, w->admission, error);
    if (status == YBB_OK && !is_done)
        status = queue_again(tx, &job, error);
    ybb__job_release(&job.job);
    return status == YBB_OK ? read_position(tx, w->id, w->admission, error) : status;
}

ybb_status ybb__jobstore_resume(ybb_jobstore *store, const char *id, const char *owner,
                                ybb_admission *out, ybb_error *error)
{
    ybb_admission admission;
    wish w = {.id = id, .owner = owner, .admission = out != NULL ? out : &admission};
    return ybb__store_write(store, resume, &w, error);
}

/* --- forgetting --- */

static ybb_status remove_job(ybb_store_tx *tx, void *context, ybb_error *error)
{
    wish *w = context;
    ybb_stored_job job;
    ybb_status status = ybb__stored_lock(tx, &job, w->id, w->owner, error);
    w->is_running = status == YBB_OK && job.job.state == YBB_JOB_RUNNING;
    if (w->is_running) {
        status = want_cancelled(tx, &job, error);
    } else if (status == YBB_OK) {
        ybb_event event = ybb__store_event(&job, YBB_EVENT_REMOVED);
        status = ybb__stored_remove_files(tx, job.seq, error);
        if (status == YBB_OK)
            status = ybb__stored_remove(tx, job.seq, error);
        if (status == YBB_OK)
            status = ybb__store_log(tx, &event, error);
    }
    ybb__job_release(&job.job);
    return status == YBB_NOT_FOUND && tx->again ? YBB_OK : status;
}

ybb_status ybb__jobstore_remove(ybb_jobstore *store, const char *id, const char *owner,
                                ybb_error *error)
{
    wish w = {.id = id, .owner = owner};
    ybb_status status = ybb__store_write(store, remove_job, &w, error);
    if (status == YBB_OK && w.is_running)
        return ybb__fail(error, YBB_NOT_READY, "export \"%s\" is running and was asked to stop",
                         id);
    return status;
}
