/*
 * The job store for who works on a job: every call names the lease, and changes nothing without it.
 */
#include "store/jobstore_owner.h"

typedef struct work {
    const ybb_lease *lease;
    /* planned */
    const ybb_delivery *delivery;
    const char *consistency;
    uint32_t keep;
    /* progress */
    const ybb_job_progress *progress;
    bool cancel_wanted;
    /* file */
    const ybb_job_file *file;
    /* end */
    ybb_ending ending;
    /* release */
    double pause_seconds;
    const ybb_error *why;
    bool ended;
} work;

/* Does something with the job that the lease is of, which is locked. */
typedef ybb_status (*lease_work)(ybb_store_tx *tx, work *w, ybb_stored_job *job, ybb_error *error);

/* The lease's job, locked, whoever has it. One that is gone has been taken away too. */
static ybb_status lock_job(ybb_store_tx *tx, const ybb_lease *lease, ybb_stored_job *out,
                           ybb_error *error)
{
    ybb_error missing = {0};
    ybb_status status = ybb__stored_lock(tx, out, lease->job, NULL, &missing);
    if (status == YBB_NOT_FOUND)
        return ybb__lease_lost(error);
    if (status != YBB_OK)
        ybb__error_copy(error, &missing);
    return status;
}

/* The owner's row is only looked at: who buries it waits for the job's lock. */
static ybb_status check_lease(ybb_store_tx *tx, const ybb_lease *lease, const ybb_stored_job *job,
                              ybb_error *error)
{
    bool is_held = job->job.state == YBB_JOB_RUNNING && job->fence == lease->fence &&
                   strcmp(job->holder, lease->owner) == 0 &&
                   (job->deadline == 0 || job->deadline >= tx->now);
    return is_held ? ybb__owner_check(tx, lease->owner, error) : ybb__lease_lost(error);
}

static ybb_status with_lease(ybb_store_tx *tx, work *w, lease_work do_it, ybb_error *error)
{
    ybb_stored_job job;
    ybb_status status = lock_job(tx, w->lease, &job, error);
    if (status == YBB_OK)
        status = check_lease(tx, w->lease, &job, error);
    if (status == YBB_OK)
        status = do_it(tx, w, &job, error);
    ybb__job_release(&job.job);
    return status;
}

/* --- planned --- */

static ybb_status set_plan(ybb_store_tx *tx, work *w, ybb_stored_job *job, ybb_error *error)
{
    static const char sql[] =
        "UPDATE ybbexport_jobs SET planned = 1, records = ?, planned_priority = ?, strategy = ?,"
        " compression = ?, archive = ?, chunk_size = ?, files = ?, rows_per_sheet = ?,"
        " timeout_seconds = ?, long_sheet = ?, grouped = ?, split = ?, consistency = ?, deadline = "
        "?,"
        " least_percentage = ?, file_count = (SELECT COUNT(*) FROM ybbexport_files f WHERE f.job = "
        "?)"
        " WHERE seq = ?";
    static const char forget[] =
        "DELETE FROM ybbexport_files WHERE job = ? AND (number > ? OR number = 0)";
    const ybb_delivery *d = w->delivery;
    double limit = (double)d->timeout_seconds + tx->store->settings.lease_seconds;
    int64_t deadline = d->timeout_seconds > 0 ? job->claimed_at + ybb__microseconds(limit) : 0;
    const ybb_value seq = ybb__value_number(job->seq);
    ybb_status status =
        ybb__store_run(tx->store, forget, YBB_VALUES(seq, ybb__value_number(w->keep)), NULL, error);
    if (status != YBB_OK)
        return status;
    return ybb__store_run(
        tx->store, sql,
        YBB_VALUES(ybb__value_number((int64_t)d->records), ybb__value_number((int64_t)d->priority),
                   ybb__value_number((int64_t)d->strategy),
                   ybb__value_number((int64_t)d->compression), ybb__value_number(d->archive),
                   ybb__value_number((int64_t)d->chunk_size), ybb__value_number(d->files),
                   ybb__value_number((int64_t)d->rows_per_sheet),
                   ybb__value_number((int64_t)d->timeout_seconds), ybb__value_number(d->long_sheet),
                   ybb__value_number(d->grouped), ybb__value_number(d->split),
                   ybb__value_text(w->consistency), ybb__value_number(deadline),
                   ybb__value_number(ybb__millionths(ybb__job_percentage(&job->job))), seq, seq),
        NULL, error);
}

static ybb_status run_planned(ybb_store_tx *tx, void *context, ybb_error *error)
{
    return with_lease(tx, context, set_plan, error);
}

ybb_status ybb__jobstore_planned(ybb_jobstore *store, const ybb_lease *lease,
                                 const ybb_delivery *delivery, const char *consistency,
                                 uint32_t keep, ybb_error *error)
{
    work w = {.lease = lease, .delivery = delivery, .consistency = consistency, .keep = keep};
    return ybb__store_write_leased(store, run_planned, &w, error);
}

/* --- progress --- */

static uint64_t greater(uint64_t a, uint64_t b)
{
    return a > b ? a : b;
}

/* What a new owner begins again was shown before, and stays shown until it is past that. */
static void advance(ybb_job *job, const ybb_job_progress *told)
{
    job->stage = told->stage;
    job->records_processed = greater(job->records_processed, told->records_processed);
    job->current_chunk = (uint32_t)greater(job->current_chunk, told->current_chunk);
    job->memory_peak = greater(job->memory_peak, told->memory_peak);
    if (told->archive_part > job->archive_part)
        job->archive_part = told->archive_part < 1 ? told->archive_part : 1;
    job->least_percentage = ybb__job_percentage(job);
}

static ybb_status set_progress(ybb_store_tx *tx, work *w, ybb_stored_job *stored, ybb_error *error)
{
    static const char sql[] =
        "UPDATE ybbexport_jobs SET stage = ?, records_processed = ?, current_chunk = ?,"
        " memory_peak = ?, archive_part = ?, least_percentage = ? WHERE seq = ?";
    ybb_job *job = &stored->job;
    w->cancel_wanted = job->cancel_wanted;
    advance(job, w->progress);
    return ybb__store_run(tx->store, sql,
                          YBB_VALUES(ybb__value_number((int64_t)job->stage),
                                     ybb__value_number((int64_t)job->records_processed),
                                     ybb__value_number(job->current_chunk),
                                     ybb__value_number((int64_t)job->memory_peak),
                                     ybb__value_number(ybb__millionths(job->archive_part)),
                                     ybb__value_number(ybb__millionths(job->least_percentage)),
                                     ybb__value_number(stored->seq)),
                          NULL, error);
}

static ybb_status run_progress(ybb_store_tx *tx, void *context, ybb_error *error)
{
    return with_lease(tx, context, set_progress, error);
}

ybb_status ybb__jobstore_progress(ybb_jobstore *store, const ybb_lease *lease,
                                  const ybb_job_progress *progress, bool *cancel_wanted,
                                  ybb_error *error)
{
    work w = {.lease = lease, .progress = progress};
    ybb_status status = ybb__store_write_leased(store, run_progress, &w, error);
    *cancel_wanted = status == YBB_OK && w.cancel_wanted;
    return status;
}

/* --- a file --- */

enum { FILE_VALUES = 11 };

static ybb_status put_file(ybb_store_tx *tx, const ybb_job_file *file, int64_t seq, bool *is_new,
                           ybb_error *error)
{
    static const char update[] =
        "UPDATE ybbexport_files SET name = ?, bytes = ?, content_bytes = ?, first_record = ?,"
        " records = ?, crc32 = ?, sha256 = ?, last_key = ?, shown = ? WHERE job = ? AND number = ?";
    static const char insert[] =
        "INSERT INTO ybbexport_files (name, bytes, content_bytes, "
        "first_record, records, crc32, sha256,"
        " last_key, shown, job, number) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)";
    const ybb_value values[FILE_VALUES] = {
        ybb__value_text(file->name),
        ybb__value_number((int64_t)file->bytes),
        ybb__value_number((int64_t)file->content_bytes),
        ybb__value_number((int64_t)file->first_record),
        ybb__value_number((int64_t)file->records),
        ybb__value_number(file->crc32),
        ybb__value_text(file->sha256),
        ybb__value_text(file->last_key),
        ybb__value_text(file->shown),
        ybb__value_number(seq),
        ybb__value_number(file->number),
    };
    ybb_status status = ybb__store_run(tx->store, update, values, FILE_VALUES, NULL, error);
    *is_new = status == YBB_OK && tx->store->changed == 0;
    return *is_new ? ybb__store_run(tx->store, insert, values, FILE_VALUES, NULL, error) : status;
}

static ybb_status add_file(ybb_store_tx *tx, work *w, ybb_stored_job *job, ybb_error *error)
{
    static const char sql[] =
        "UPDATE ybbexport_jobs SET file_count = file_count + ?, takeovers = 0,"
        " failures = 0 WHERE seq = ?";
    bool is_new;
    ybb_status status = put_file(tx, w->file, job->seq, &is_new, error);
    if (status == YBB_OK && tx->again && !is_new)
        return YBB_OK; /* it has happened */
    if (status == YBB_OK)
        status = ybb__store_run(tx->store, sql,
                                YBB_VALUES(ybb__value_number(is_new), ybb__value_number(job->seq)),
                                NULL, error);
    ybb_event event = ybb__store_event(job, YBB_EVENT_FILE);
    event.file = w->file->number;
    return status == YBB_OK ? ybb__store_log(tx, &event, error) : status;
}

static ybb_status run_file(ybb_store_tx *tx, void *context, ybb_error *error)
{
    return with_lease(tx, context, add_file, error);
}

ybb_status ybb__jobstore_file(ybb_jobstore *store, const ybb_lease *lease, const ybb_job_file *file,
                              ybb_error *error)
{
    work w = {.lease = lease, .file = file};
    return ybb__store_write(store, run_file, &w, error);
}

/* --- the end --- */

/* The owner's own end leaves the fence as it was; everybody else's raises it. */
static ybb_status run_end(ybb_store_tx *tx, void *context, ybb_error *error)
{
    work *w = context;
    ybb_stored_job job;
    ybb_status status = lock_job(tx, w->lease, &job, error);
    bool is_done = status == YBB_OK && ybb__job_has_ended(&job.job) && job.fence == w->lease->fence;
    if (status == YBB_OK && !is_done)
        status = check_lease(tx, w->lease, &job, error);
    if (status == YBB_OK && !is_done && w->file != NULL)
        status = add_file(tx, w, &job, error);
    if (status == YBB_OK && !is_done)
        status = ybb__stored_end(tx, &job, &w->ending, error);
    ybb__job_release(&job.job);
    return status;
}

ybb_status ybb__jobstore_end(ybb_jobstore *store, const ybb_lease *lease, const ybb_error *outcome,
                             double seconds, int64_t expires_at, const char *warnings_json,
                             ybb_error *error)
{
    return ybb__jobstore_end_with_file(store, lease, NULL, outcome, seconds, expires_at,
                                       warnings_json, error);
}

ybb_status ybb__jobstore_end_with_file(ybb_jobstore *store, const ybb_lease *lease,
                                       const ybb_job_file *file, const ybb_error *outcome,
                                       double seconds, int64_t expires_at,
                                       const char *warnings_json, ybb_error *error)
{
    work w = {.lease = lease,
              .file = file,
              .ending = {.outcome = outcome,
                         .seconds = seconds,
                         .expires_at = expires_at,
                         .warnings_json = warnings_json}};
    return ybb__store_write(store, run_end, &w, error);
}

static ybb_status give_back(ybb_store_tx *tx, work *w, ybb_stored_job *job, ybb_error *error)
{
    ybb_error cancelled = {0};
    uint32_t failures = job->failures + (w->why != NULL ? 1 : 0);
    bool is_last = w->why != NULL && failures >= tx->store->settings.max_attempts;
    (void)ybb__fail(&cancelled, YBB_CANCELLED, "the export was cancelled");
    w->ended = job->job.cancel_wanted || is_last;
    if (w->ended)
        return ybb__stored_fail(tx, job, job->job.cancel_wanted ? &cancelled : w->why, false,
                                error);
    ybb_requeue how = {.not_before =
                           w->pause_seconds > 0 ? tx->now + ybb__microseconds(w->pause_seconds) : 0,
                       .failures = failures,
                       .why = w->why != NULL ? w->why->status : YBB_OK};
    return ybb__stored_requeue(tx, job, &how, error);
}

static ybb_status run_release(ybb_store_tx *tx, void *context, ybb_error *error)
{
    work *w = context;
    ybb_stored_job job;
    w->ended = false;
    ybb_status status = lock_job(tx, w->lease, &job, error);
    bool is_done = status == YBB_OK && tx->again && job.fence == w->lease->fence &&
                   job.job.state != YBB_JOB_RUNNING;
    if (status == YBB_OK && !is_done)
        status = check_lease(tx, w->lease, &job, error);
    if (status == YBB_OK && !is_done)
        status = give_back(tx, w, &job, error);
    if (is_done)
        w->ended = ybb__job_has_ended(&job.job);
    ybb__job_release(&job.job);
    return status;
}

ybb_status ybb__jobstore_release(ybb_jobstore *store, const ybb_lease *lease, double pause_seconds,
                                 const ybb_error *why, bool *ended, ybb_error *error)
{
    work w = {.lease = lease, .pause_seconds = pause_seconds, .why = why};
    ybb_status status = ybb__store_write_leased(store, run_release, &w, error);
    if (ended != NULL)
        *ended = status == YBB_OK && w.ended;
    return status;
}
