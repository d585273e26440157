/*
 * An export from its claim to its end in the job store.
 */
#include "run/work.h"

#include "base/clock.h"
#include "run/bundle.h"
#include "run/warnings.h"

#include <stdlib.h>
#include <string.h>

static const double microseconds_per_second = 1e6;
static const int64_t microseconds_per_day = INT64_C(86400000000);
static const int64_t tell_microseconds = 250 * 1000;

ybb_work *ybb__work_new(const ybb_works *shared, const ybb_lease *lease, ybb_job *job,
                        ybb_pipe *pipe)
{
    ybb_work *work = calloc(1, sizeof(*work));
    if (work == NULL)
        return NULL;
    work->task.run = ybb__work_conduct;
    work->shared = shared;
    work->lease = *lease;
    work->job = *job;
    work->pipe = pipe;
    *job = (ybb_job){0};
    return work;
}

void ybb__work_free(ybb_work *work)
{
    if (work == NULL)
        return;
    ybb__db_close(work->source.db);
    ybb__plan_free(work->plan);
    ybb__request_free(work->request);
    ybb__edition_give_back(work->edition);
    ybb__job_release(&work->job);
    ybb__job_file_release(&work->unrecorded);
    free(work);
}

int64_t ybb__work_time(const ybb_work *work)
{
    return work->job.created_at;
}

static double seconds_of(const ybb_work *work)
{
    return (double)(ybb__clock_steady() - work->began) / microseconds_per_second;
}

/* Under guard. */
static ybb_status stop_reason(const ybb_work *work, ybb_error *error)
{
    if (work->cancelled)
        return ybb__fail(error, YBB_CANCELLED, "the export was cancelled");
    if (work->give_back)
        return ybb__fail(error, YBB_NOT_READY, "the export is given back to the queue");
    return YBB_OK;
}

static ybb_status check_stop(const ybb_work *work, ybb_error *error)
{
    ybb__monitor_lock(work->shared->guard);
    ybb_status status = stop_reason(work, error);
    ybb__monitor_unlock(work->shared->guard);
    return status;
}

/* Once, when the export takes longer than the configuration finds usual. */
static void alert_time(ybb_work *work)
{
    ybb_log log;
    const ybb_journal *journal = work->shared->journal;
    uint64_t minutes = work->shared->config->monitoring.processing_time_warning_minutes;
    if (minutes == 0 || seconds_of(work) < (double)minutes * 60 ||
        !ybb__journal_open(journal, &log))
        return;
    work->time_alerted = true;
    ybb__journal_tell(journal, ybb__log_time_alert(&log, &work->job));
}

static ybb_status check_time(ybb_work *work, ybb_error *error)
{
    uint64_t limit = work->delivery.timeout_seconds;
    if (!work->time_alerted)
        alert_time(work);
    if (limit == 0 || seconds_of(work) <= (double)limit)
        return YBB_OK;
    return ybb__fail(error, YBB_TIMEOUT, "the export took longer than its %llu seconds",
                     (unsigned long long)limit);
}

/* What the store says of it. */
static ybb_status ask_store(ybb_work *work, ybb_error *error)
{
    bool stop = false;
    ybb_ledger *ledger = work->shared->ledger;
    ybb_status status =
        ybb__ledger_leave(ledger, ybb__jobstore_progress(ybb__ledger_enter(ledger), &work->lease,
                                                         &work->progress, &stop, error));
    work->told = ybb__clock_steady();
    ybb__ledger_ring(ledger);
    if (status == YBB_OK && stop)
        return ybb__fail(error, YBB_CANCELLED, "the export was cancelled");
    return status;
}

ybb_status ybb__work_tell(ybb_work *work, bool now, ybb_error *error)
{
    ybb_status status = check_stop(work, error);
    if (status == YBB_OK)
        status = check_time(work, error);
    if (status != YBB_OK || (!now && ybb__clock_steady() - work->told < tell_microseconds))
        return status;
    return ask_store(work, error);
}

ybb_status ybb__work_set_db(ybb_work *work, ybb_db *db, ybb_error *error)
{
    ybb__monitor_lock(work->shared->guard);
    ybb_status status = db != NULL ? stop_reason(work, error) : YBB_OK;
    if (status == YBB_OK)
        work->db = db;
    ybb__monitor_unlock(work->shared->guard);
    return status;
}

ybb_status ybb__plan_for_source(ybb_plan **out, const ybb_request *request, const char *source,
                                ybb_error *error)
{
    ybb_dialect dialect;
    ybb_status status = ybb__dsn_dialect(source, &dialect, error);
    if (status != YBB_OK)
        return status;
    return ybb__plan_build(out, request,
                           dialect == YBB_DIALECT_MYSQL ? YBB_SQL_MYSQL : YBB_SQL_SQLITE, error);
}

/* The request as it was asked for, by the catalog of today. */
static ybb_status prepare(ybb_work *work, ybb_error *error)
{
    const char *json = work->job.request_json;
    ybb_status status = ybb__shelf_take(&work->edition, work->shared->shelf, error);
    if (status == YBB_OK && json == NULL)
        status = ybb__fail(error, YBB_STORE_ERROR, "the export's record has no request");
    if (status == YBB_OK)
        status =
            ybb__request_parse(&work->request, json, strlen(json),
                               ybb__edition_catalog(work->edition), work->shared->config, error);
    if (status != YBB_OK)
        return status;
    return ybb__plan_for_source(&work->plan, work->request, work->shared->config->source, error);
}

/* Whoever had the export before and still goes on cannot publish from now on what it has not. */
static ybb_status open_folder(ybb_work *work, ybb_error *error)
{
    ybb_status status =
        ybb__folder_open(&work->folder, work->shared->config->out, work->job.id, error);
    if (status != YBB_OK)
        return status;
    ybb__folder_set_turn(work->folder, work->job.attempts);
    return ybb__folder_clear(work->folder, NULL, error);
}

/* While a slow reader holds the stream back its status shows the rows that are read. */
static ybb_status tell_held(void *user, ybb_error *error)
{
    return ybb__work_tell(user, true, error);
}

/* Perhaps it was cancelled while it waited; that its record does not say so is a moment ago. */
static ybb_status check_start(const ybb_work *work, ybb_error *error)
{
    ybb_status status = check_stop(work, error);
    if (status == YBB_OK && work->job.cancel_wanted)
        status = ybb__fail(error, YBB_CANCELLED, "the export was cancelled");
    return status;
}

static ybb_status carry_out(ybb_work *work, ybb_error *error)
{
    if (work->pipe != NULL)
        ybb__pipe_on_held(work->pipe, tell_held, work);
    ybb_status status = check_start(work, error);
    if (status == YBB_OK)
        status = prepare(work, error);
    if (status == YBB_OK && work->pipe == NULL)
        status = open_folder(work, error);
    if (status == YBB_OK)
        status = ybb__conduct_rows(work, error);
    if (status == YBB_OK && work->pipe != NULL)
        status = ybb__pipe_drain(work->pipe, error); /* it is done when it was read to its end */
    if (status == YBB_OK && work->delivery.archive && work->pipe == NULL)
        status = ybb__bundle(work, error);
    return status;
}

/* Causes that pass by themselves, so that it is worth trying again without being asked. */
static bool is_passing(ybb_status status)
{
    switch (status) {
    case YBB_SOURCE_UNAVAILABLE:
    case YBB_SOURCE_LOST:
    case YBB_SOURCE_BUSY:
    case YBB_SOURCE_CHANGED:
    case YBB_SOURCE_SHORT:
    case YBB_STORE_ERROR:
        return true;
    default:
        return false;
    }
}

/* Doubles with every attempt. */
static double retry_pause(const ybb_work *work)
{
    enum { DOUBLINGS = 6 };
    uint32_t before = work->job.attempts > 0 ? work->job.attempts - 1 : 0;
    return (double)work->shared->config->queue.retry_pause_seconds *
           (double)(1U << (before < DOUBLINGS ? before : DOUBLINGS));
}

ybb_status ybb__work_record(ybb_work *work, const ybb_job_file *file, ybb_error *error)
{
    ybb_ledger *ledger = work->shared->ledger;
    ybb_status status = ybb__ledger_leave(
        ledger, ybb__jobstore_file(ybb__ledger_enter(ledger), &work->lease, file, error));
    ybb__ledger_ring(ledger);
    return status;
}

/* The file that was to be recorded with the export's end. */
static ybb_status record_file(ybb_work *work, ybb_error *error)
{
    if (work->unrecorded.name == NULL)
        return YBB_OK;
    ybb_status status = ybb__work_record(work, &work->unrecorded, error);
    if (status == YBB_OK)
        ybb__job_file_release(&work->unrecorded);
    return status;
}

static ybb_status release(ybb_work *work, double pause, const ybb_error *why, ybb_error *error)
{
    ybb_ledger *ledger = work->shared->ledger;
    return ybb__ledger_leave(ledger, ybb__jobstore_release(ybb__ledger_enter(ledger), &work->lease,
                                                           pause, why, NULL, error));
}

static ybb_status end(ybb_work *work, const ybb_error *outcome, ybb_error *error)
{
    ybb_ledger *ledger = work->shared->ledger;
    uint64_t days = work->request != NULL ? work->request->retention_days
                                          : work->shared->config->limits.file_retention_days;
    char *warnings = NULL;
    if (outcome->status == YBB_OK)
        warnings =
            ybb__export_warnings(work->request, &work->delivery, &work->notes, work->large_files);
    ybb_status status = ybb__ledger_leave(
        ledger,
        ybb__jobstore_end_with_file(
            ybb__ledger_enter(ledger), &work->lease,
            work->unrecorded.name != NULL ? &work->unrecorded : NULL, outcome, seconds_of(work),
            ybb__clock_now() + (int64_t)days * microseconds_per_day, warnings, error));
    free(warnings);
    return status;
}

/* Whoever interrupts the database makes the read fail; the reason is theirs, not what it said. */
static void find_reason(ybb_work *work, ybb_error *outcome)
{
    ybb_error reason = {0};
    if (outcome->status == YBB_OK || outcome->status == YBB_LEASE_LOST)
        return;
    ybb_status status = check_stop(work, &reason);
    if (status == YBB_OK)
        status = ask_store(work, &reason);
    if (status == YBB_CANCELLED || status == YBB_LEASE_LOST || status == YBB_NOT_READY)
        *outcome = reason;
}

/* An alert where this failure is the one that makes too many. */
static void alert_failures(const ybb_work *work, const ybb_log *log)
{
    ybb_store_stats stats;
    ybb_error ignored = {0};
    ybb_ledger *ledger = work->shared->ledger;
    uint64_t threshold = work->shared->config->monitoring.failed_exports_threshold;
    ybb_status status =
        ybb__ledger_leave(ledger, ybb__jobstore_stats(ybb__ledger_enter(ledger), &stats, &ignored));
    if (status == YBB_OK && stats.failures_last_hour == threshold)
        ybb__journal_tell(work->shared->journal,
                          ybb__log_failures_alert(log, stats.failures_last_hour));
}

/* What the log says of an export that has ended, from its record as it is now. */
static void tell_end(ybb_work *work)
{
    ybb_log log;
    ybb_job job = {0};
    ybb_error ignored = {0};
    ybb_ledger *ledger = work->shared->ledger;
    const ybb_journal *journal = work->shared->journal;
    if (!ybb__journal_open(journal, &log))
        return;
    ybb_status status = ybb__ledger_leave(
        ledger, ybb__jobstore_load(ybb__ledger_enter(ledger), work->job.id, NULL, &job, &ignored));
    if (status == YBB_OK && ybb__job_has_ended(&job)) {
        ybb_log_event event = job.state == YBB_JOB_DONE             ? YBB_LOG_FINISHED
                              : job.outcome.status == YBB_CANCELLED ? YBB_LOG_CANCELLED
                                                                    : YBB_LOG_FAILED;
        ybb__journal_event(journal, event, &job);
        ybb__journal_tell(journal, ybb__log_performance(&log, &job, &work->times));
        if (event == YBB_LOG_FAILED)
            alert_failures(work, &log);
    }
    ybb__job_release(&job);
}

static ybb_status retry(ybb_work *work, const ybb_error *why, ybb_error *error)
{
    ybb_log log;
    double pause = retry_pause(work);
    const ybb_journal *journal = work->shared->journal;
    ybb_status status = release(work, pause, why, error);
    if (status == YBB_OK && ybb__journal_open(journal, &log))
        ybb__journal_tell(journal, ybb__log_retry(&log, &work->job, why, pause));
    return status;
}

/* A stream is never gone on with: its reader has half of it. */
static ybb_status conclude_once(ybb_work *work, const ybb_error *outcome, ybb_error *error)
{
    bool again = work->pipe == NULL;
    bool gives_back = again && outcome->status == YBB_NOT_READY;
    if (!gives_back && !(again && is_passing(outcome->status)))
        return end(work, outcome, error);
    ybb_status status = record_file(work, error);
    if (status != YBB_OK)
        return status;
    return gives_back ? release(work, 0, NULL, error) : retry(work, outcome, error);
}

/* Whether the work may go on trying, behind a pause. */
static bool pause_for_store(const ybb_work *work)
{
    static const int64_t pause_microseconds = 1000 * 1000;
    ybb__monitor_lock(work->shared->guard);
    if (!work->give_back)
        (void)ybb__monitor_wait(work->shared->guard, pause_microseconds);
    bool go_on = !work->give_back;
    ybb__monitor_unlock(work->shared->guard);
    return go_on;
}

/* The store may be away for a while. The heartbeats go on meanwhile, or the lease lapses with them
 * and others see to the export. */
static void conclude(ybb_work *work, const ybb_error *outcome)
{
    ybb_error error = {0};
    ybb_status status =
        outcome->status == YBB_LEASE_LOST ? YBB_LEASE_LOST : conclude_once(work, outcome, &error);
    while (status != YBB_OK && status != YBB_LEASE_LOST && pause_for_store(work)) {
        error = (ybb_error){0};
        status = conclude_once(work, outcome, &error);
    }
    if (status == YBB_LEASE_LOST)
        ybb__journal_event(work->shared->journal, YBB_LOG_LEASE_LOST, &work->job);
    else
        tell_end(work);
}

/* Whole files stay, for whoever goes on with it or asks for them. */
static void close_folder(ybb_work *work)
{
    ybb__folder_close(work->folder);
    work->folder = NULL;
}

/* Its reader frees it at once: nobody may find it here any more. */
static void finish_pipe(ybb_work *work, const ybb_error *outcome)
{
    ybb_pipe *pipe = work->pipe;
    if (pipe == NULL)
        return;
    ybb__monitor_lock(work->shared->guard);
    work->pipe = NULL;
    ybb__monitor_unlock(work->shared->guard);
    ybb__pipe_finish(pipe, outcome);
}

void ybb__work_conduct(ybb_task *task)
{
    ybb_work *work = (ybb_work *)task; /* the task is its first member */
    ybb_error outcome = {0};
    work->began = work->told = ybb__clock_steady(); /* the claim is as good as a first telling */
    ybb_status status = carry_out(work, &outcome);
    if (status != YBB_OK)
        find_reason(work, &outcome);
    if (status != YBB_OK && work->folder != NULL && outcome.status != YBB_LEASE_LOST)
        ybb__folder_sweep(work->folder);
    close_folder(work);
    conclude(work, &outcome);
    finish_pipe(work, &outcome);
    const ybb_works *shared = work->shared;
    ybb__monitor_lock(shared->guard);
    work->finished = true; /* and whoever is called by the bell must see that */
    ybb__monitor_signal(shared->guard);
    ybb__monitor_unlock(shared->guard);
    ybb__ledger_ring(shared->ledger);
}
