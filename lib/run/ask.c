/*
 * What is asked about exports: answers come from the job store, whoever runs them.
 */
#include "run/exporter_inner.h"

#include "base/clock.h"
#include "report/list_answer.h"
#include "report/queue_answer.h"
#include "report/stats_answer.h"

#include <stdlib.h>

enum {
    LOOK_MICROSECONDS = 100 * 1000,
    LOOK_ANYWAY_MICROSECONDS = 1000 * 1000,
    /* How long the store may fail in one go before a waiting call says so. */
    STORE_PATIENCE_MICROSECONDS = 10 * 1000 * 1000
};

static void call_back(const ybb_job *job, ybb_progress_fn fn, void *user)
{
    char operation[2 * YBB_ERROR_TEXT];
    int64_t until = job->ended_at != 0 ? job->ended_at : ybb__clock_now();
    ybb__job_operation(operation, sizeof(operation), job);
    ybb_progress progress = {
        .stage = ybb__stage_name(job->stage),
        .operation = operation,
        .percentage = ybb__job_percentage(job),
        .records_processed = job->records_processed,
        .total_records = job->planned ? job->delivery.records : job->estimated_records,
        .current_chunk = job->current_chunk,
        .total_chunks = job->planned ? job->delivery.files : 0,
        .elapsed_seconds = job->started_at == 0 ? 0 : (double)(until - job->started_at) / 1e6,
    };
    fn(&progress, user);
}

static ybb_status outcome_of(const ybb_job *job, ybb_error *error)
{
    if (job->state == YBB_JOB_FAILED) {
        ybb__error_copy(error, &job->outcome);
        return job->outcome.status;
    }
    return YBB_OK;
}

/* What a waiting call knows from one look to the next. */
typedef struct waiter {
    ybb_watch *watch;
    int64_t deadline; /* steady clock; INT64_MAX: none */
} waiter;

/* A store that cannot be asked for a while is not the export's end: *@away, without an error. */
static ybb_status load(ybb_exporter *exporter, const char *id, ybb_watch *watch, ybb_job *job,
                       bool *away, ybb_error *error)
{
    ybb_error why = {0};
    int64_t began = ybb__clock_steady();
    ybb_status status = ybb__exporter_load(exporter, id, NULL, job, &why);
    *away = false;
    if (status != YBB_STORE_ERROR && status != YBB_OUTPUT_FULL)
        watch->failing_since = 0;
    else if (watch->failing_since == 0)
        watch->failing_since = began;
    if (watch->failing_since != 0)
        *away = ybb__clock_steady() - watch->failing_since < STORE_PATIENCE_MICROSECONDS;
    if (status != YBB_OK && !*away)
        ybb__error_copy(error, &why);
    return status;
}

/* Whether the export does not come further because this process cannot write to the store. */
static ybb_status check_crew(ybb_exporter *exporter, const char *id, ybb_error *error)
{
    ybb_crew *crew = ybb__exporter_running(exporter);
    return crew == NULL ? YBB_OK : ybb__crew_trouble(crew, id, STORE_PATIENCE_MICROSECONDS, error);
}

/* One look at the job: its outcome, or YBB_NOT_READY. */
static ybb_status look(ybb_exporter *exporter, const char *id, waiter *w, bool *ended,
                       ybb_error *error)
{
    ybb_job job = {0};
    bool away;
    ybb_status status = load(exporter, id, w->watch, &job, &away, error);
    if (away) {
        *ended = false;
        return YBB_NOT_READY;
    }
    if (status == YBB_OK && job.on_demand && job.state == YBB_JOB_QUEUED)
        status = ybb__fail(error, YBB_MISUSE,
                           "export \"%s\" is a stream, which runs while it is read "
                           "(ybb_export_stream(), ybbexport stream) and leaves no files",
                           id);
    if (status == YBB_OK && !ybb__job_has_ended(&job))
        status = check_crew(exporter, id, error);
    *ended = status != YBB_OK || ybb__job_has_ended(&job);
    if (status == YBB_OK && w->watch->fn != NULL &&
        (*ended || ybb__clock_steady() >= w->watch->next_call)) {
        call_back(&job, w->watch->fn, w->watch->user);
        w->watch->next_call = ybb__clock_steady() + LOOK_MICROSECONDS;
    }
    if (status == YBB_OK)
        status = *ended ? outcome_of(&job, error) : YBB_NOT_READY;
    ybb__job_release(&job);
    return status;
}

/* Whether looking would tell nothing new: an export that runs here rings when it has ended. It is
 * looked at now and then all the same, for another process may have ended it. */
static bool is_under_way(ybb_crew *crew, const char *id, ybb_watch *watch)
{
    int64_t now = ybb__clock_steady();
    if (crew == NULL || watch->fn != NULL || !ybb__crew_has(crew, id))
        return false;
    if (watch->look_at != 0 && now >= watch->look_at)
        watch->look_at = 0;
    else if (watch->look_at == 0)
        watch->look_at = now + LOOK_ANYWAY_MICROSECONDS;
    return watch->look_at != 0;
}

/* Waits for news of exports that run here; of others there are none but by looking. */
static void wait_for_news(ybb_ledger *ledger, uint64_t seen, int64_t most)
{
    ybb__ledger_wait(ledger, seen, most < LOOK_MICROSECONDS ? most : LOOK_MICROSECONDS);
}

ybb_status ybb__exporter_wait(ybb_exporter *exporter, const char *id, int timeout_ms,
                              ybb_watch *watch, ybb_error *error)
{
    int64_t now = ybb__clock_steady();
    waiter w = {watch, timeout_ms < 0 ? INT64_MAX : now + (int64_t)timeout_ms * 1000};
    ybb_ledger *clients;
    ybb_status status = ybb__exporter_clients(exporter, &clients, error);
    if (status != YBB_OK)
        return status;
    for (;;) {
        bool ended;
        ybb_crew *crew = ybb__exporter_running(exporter);
        ybb_ledger *bell = crew != NULL ? ybb__crew_ledger(crew) : clients;
        uint64_t seen = ybb__ledger_rings(bell);
        if (is_under_way(crew, id, watch)) {
            status = check_crew(exporter, id, error);
            ended = status != YBB_OK;
        } else {
            status = look(exporter, id, &w, &ended, error);
        }
        if (ended)
            return status;
        int64_t left = w.deadline - ybb__clock_steady();
        if (left <= 0)
            return ybb__fail(error, YBB_NOT_READY, "the export has not finished");
        wait_for_news(bell, seen, left);
    }
}

ybb_status ybb__exporter_wait_mail(ybb_exporter *exporter, const char *id, int timeout_ms,
                                   ybb_error *error)
{
    ybb_status status = ybb__exporter_check(exporter, error);
    ybb_crew *crew = ybb__exporter_running(exporter);
    if (status != YBB_OK || crew == NULL)
        return status;
    int64_t most = timeout_ms < 0 ? INT64_MAX : (int64_t)timeout_ms * 1000;
    if (ybb__crew_wait_mail(crew, id, most))
        return YBB_OK;
    return ybb__fail(error, YBB_NOT_READY, "the e-mail about the export is being sent");
}

/* When an export that shows no speed of its own yet is likely to be done: by those like it. */
static void look_ahead(ybb_jobstore *store, const ybb_job *job, ybb_response_context *context)
{
    ybb_queue_state queue;
    ybb_store_stats stats;
    ybb_error ignored = {0};
    if (ybb__job_has_ended(job) || (job->records_processed > 0 && job->attempts <= 1))
        return;
    ybb_status status =
        ybb__jobstore_speed(store, job->export_type, job->format, job->template_name,
                            &context->records_a_second, &ignored);
    if (status == YBB_OK && job->state == YBB_JOB_QUEUED)
        status = ybb__jobstore_queue(store, &queue, &ignored);
    if (status == YBB_OK && job->state == YBB_JOB_QUEUED)
        status = ybb__jobstore_stats(store, &stats, &ignored);
    if (status == YBB_OK && job->state == YBB_JOB_QUEUED)
        context->wait_seconds = ybb__queue_wait_of(&queue, &stats, job);
    if (context->wait_seconds < 0)
        context->wait_seconds = 0;
}

static ybb_status answer(char **json, ybb_exporter *exporter, const char *id, const char *owner,
                         char *(*render)(const ybb_job *, const ybb_response_context *),
                         ybb_error *error)
{
    *json = NULL;
    ybb_job job = {0};
    ybb_ledger *ledger;
    ybb_jobstore *store;
    ybb_status status = ybb__exporter_enter(exporter, &ledger, &store, error);
    if (status != YBB_OK)
        return status;
    ybb_response_context context = ybb__exporter_context(exporter);
    status = ybb__jobstore_load(store, id, owner, &job, error);
    if (status == YBB_OK)
        look_ahead(store, &job, &context);
    status = ybb__ledger_leave(ledger, status);
    if (status != YBB_OK)
        return status;
    *json = render(&job, &context);
    ybb__job_release(&job);
    return *json != NULL ? YBB_OK : ybb__fail_memory(error);
}

ybb_status ybb__exporter_status(char **json, ybb_exporter *exporter, const char *id,
                                const char *owner, ybb_error *error)
{
    return answer(json, exporter, id, owner, ybb__response_status, error);
}

ybb_status ybb__exporter_chunks(char **json, ybb_exporter *exporter, const char *id,
                                const char *owner, ybb_error *error)
{
    return answer(json, exporter, id, owner, ybb__response_chunks, error);
}

static ybb_status load_numbers(ybb_exporter *exporter, ybb_queue_state *queue,
                               ybb_store_stats *stats, ybb_error *error)
{
    ybb_ledger *clients;
    ybb_status status = ybb__exporter_clients(exporter, &clients, error);
    if (status != YBB_OK)
        return status;
    ybb_jobstore *store = ybb__ledger_enter(clients);
    status = ybb__jobstore_queue(store, queue, error);
    if (status == YBB_OK)
        status = ybb__jobstore_stats(store, stats, error);
    return ybb__ledger_leave(clients, status);
}

ybb_status ybb__exporter_queue(char **json, ybb_exporter *exporter, const char *id,
                               const char *owner, ybb_error *error)
{
    ybb_queue_state queue;
    ybb_store_stats stats;
    ybb_job job = {0};
    ybb_status status = id == NULL ? YBB_OK : ybb__exporter_load(exporter, id, owner, &job, error);
    *json = NULL;
    if (status == YBB_OK)
        status = load_numbers(exporter, &queue, &stats, error);
    if (status == YBB_OK) {
        *json = ybb__answer_queue(&queue, &stats, id == NULL ? NULL : &job);
        status = *json != NULL ? YBB_OK : ybb__fail_memory(error);
    }
    ybb__job_release(&job);
    return status;
}

ybb_status ybb__exporter_list(char **json, ybb_exporter *exporter, const char *owner,
                              uint64_t before, uint32_t most, ybb_error *error)
{
    ybb_ledger *clients;
    uint32_t count = 0;
    *json = NULL;
    ybb_status status = ybb__exporter_clients(exporter, &clients, error);
    if (status != YBB_OK)
        return status;
    /* one more shows whether there are more */
    ybb_job_brief *found = calloc((size_t)most + 1, sizeof(*found));
    if (found == NULL)
        return ybb__fail_memory(error);
    status = ybb__ledger_leave(clients, ybb__jobstore_list(ybb__ledger_enter(clients), owner,
                                                           before, most + 1, found, &count, error));
    if (status == YBB_OK) {
        ybb_response_context context = ybb__exporter_context(exporter);
        *json = ybb__answer_list(found, count, most, &context);
        status = *json != NULL ? YBB_OK : ybb__fail_memory(error);
    }
    ybb__job_briefs_release(found, count);
    free(found);
    return status;
}

ybb_status ybb__exporter_stats(char **json, ybb_exporter *exporter, ybb_error *error)
{
    ybb_queue_state queue;
    ybb_store_stats stats;
    *json = NULL;
    ybb_status status = load_numbers(exporter, &queue, &stats, error);
    if (status != YBB_OK)
        return status;
    *json = ybb__answer_stats(&stats, &queue, &exporter->config);
    return *json != NULL ? YBB_OK : ybb__fail_memory(error);
}
