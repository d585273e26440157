#include "run/exporter.h"

#include "base/clock.h"
#include "report/catalog_answer.h"
#include "report/response.h"
#include "run/catalog_shelf.h"
#include "run/template_add.h"
#include "run/work.h"
#include "store/files.h"

#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { CALLBACK_MICROSECONDS = 100 * 1000 };

struct ybb_exporter {
    struct ybb_config config;
    ybb_shelf *shelf; /* its folder is the config's */
    /* 0: nothing started yet. Read without the guard, for in a forked child that may never be free. */
    _Atomic pid_t owner;
    /* Made by the first start, under guard; unchanged after that. */
    ybb_pool *pool;
    ybb_ledger *ledger;
    ybb_monitor *guard;
    ybb_work *works; /* started and not yet reaped; under guard */
};

ybb_status ybb__exporter_open(ybb_exporter **out, const ybb_config *config, ybb_error *error)
{
    *out = NULL;
    ybb_exporter *exporter = calloc(1, sizeof(*exporter));
    if (exporter == NULL)
        return ybb__fail_memory(error);
    ybb__config_init(&exporter->config);
    ybb_status status = ybb__config_copy(&exporter->config, config, error);
    if (status == YBB_OK)
        status = ybb__shelf_open(&exporter->shelf, exporter->config.catalog_dir, error);
    if (status == YBB_OK && (exporter->guard = ybb__monitor_new()) == NULL)
        status = ybb__fail_memory(error);
    if (status == YBB_OK)
        *out = exporter;
    else
        ybb__exporter_free(exporter);
    return status;
}

static void release_works(ybb_exporter *exporter)
{
    for (ybb_work *work = exporter->works, *next; work != NULL; work = next) {
        next = work->next;
        ybb__pool_finish(exporter->pool, &work->task);
        ybb__work_free(work);
    }
}

void ybb__exporter_free(ybb_exporter *exporter)
{
    if (exporter == NULL)
        return;
    bool ours = exporter->owner == 0 || exporter->owner == getpid();
    if (ours) {
        for (const ybb_work *work = exporter->works; work != NULL; work = work->next)
            ybb__exporter_cancel(exporter, work->id);
        release_works(exporter);
        ybb__ledger_free(exporter->ledger);
        ybb__monitor_free(exporter->guard);
    } /* in a child the parent's threads are gone and its locks may be held for ever */
    ybb__pool_free(exporter->pool);
    ybb__shelf_free(exporter->shelf, ours);
    ybb__config_release(&exporter->config);
    free(exporter);
}

/* Under guard. */
static ybb_status make_ready(ybb_exporter *exporter, ybb_error *error)
{
    if (exporter->owner != 0)
        return YBB_OK;
    if (exporter->pool == NULL)
        exporter->pool = ybb__pool_new(exporter->config.threads);
    if (exporter->ledger == NULL)
        exporter->ledger = ybb__ledger_new(ybb__jobs_memory_new());
    if (exporter->pool == NULL || exporter->ledger == NULL)
        return ybb__fail_memory(error);
    exporter->owner = getpid();
    return YBB_OK;
}

/* Frees works that have run. Under guard. */
static void reap(ybb_exporter *exporter)
{
    for (ybb_work **link = &exporter->works; *link != NULL;) {
        ybb_work *work = *link;
        if (ybb__pool_done(exporter->pool, &work->task)) {
            *link = work->next;
            ybb__work_free(work);
        } else {
            link = &work->next;
        }
    }
}

static ybb_status check_places(const struct ybb_config *config, ybb_error *error)
{
    if (config->source == NULL)
        return ybb__fail(error, YBB_INVALID_CONFIG, "no source is configured");
    if (config->out == NULL)
        return ybb__fail(error, YBB_INVALID_CONFIG, "no output folder (out) is configured");
    if (config->out[0] != '/')
        return ybb__fail(error, YBB_INVALID_CONFIG, "out is not an absolute path: %s", config->out);
    return ybb__folder_check(config->out, error);
}

static ybb_status make_work(ybb_work **out, ybb_exporter *exporter, const char *request,
                            size_t length, ybb_error *error)
{
    ybb_dialect dialect;
    ybb_work *work = calloc(1, sizeof(*work));
    if (work == NULL)
        return ybb__fail_memory(error);
    work->task.run = ybb__work_conduct;
    work->config = &exporter->config;
    ybb_status status = ybb__shelf_take(&work->edition, exporter->shelf, error);
    if (status == YBB_OK)
        status = ybb__request_parse(&work->request, request, length,
                                    ybb__edition_catalog(work->edition), &exporter->config, error);
    if (status == YBB_OK)
        status = check_places(&exporter->config, error);
    if (status == YBB_OK)
        status = ybb__dsn_dialect(exporter->config.source, &dialect, error);
    if (status == YBB_OK)
        status = ybb__plan_build(&work->plan, work->request,
                                 dialect == YBB_DIALECT_MYSQL ? YBB_SQL_MYSQL : YBB_SQL_SQLITE,
                                 error);
    if (status == YBB_OK && !ybb__random_id(work->id))
        status = ybb__fail(error, YBB_INTERNAL, "the system gives no random bytes");
    if (status == YBB_OK)
        *out = work;
    else
        ybb__work_free(work);
    return status;
}

/* The record of an export as it starts. Its texts are borrowed: the ledger copies them. */
static ybb_status insert_job(const ybb_work *work, ybb_ledger *ledger, ybb_error *error)
{
    const ybb_request *request = work->request;
    bool failed = false;
    char *warnings = ybb__warnings_json(request->warnings, request->warning_count, &failed);
    if (failed)
        return ybb__fail_memory(error);
    ybb_job job = {
        .state = YBB_JOB_QUEUED,
        .request_json = (char *)request->json,
        .export_type = (char *)request->type->name,
        .format = (char *)ybb__format_name(request->format),
        .template_name = (char *)request->template_name,
        .filters_json = (char *)request->filters_json,
        .warnings_json = warnings,
        .created_at = ybb__clock_now(),
    };
    memcpy(job.id, work->id, sizeof(job.id));
    ybb_status status = ybb__ledger_insert(ledger, &job, error);
    free(warnings);
    return status;
}

static ybb_status launch(ybb_exporter *exporter, ybb_work *work, ybb_error *error)
{
    ybb__monitor_lock(exporter->guard);
    ybb_status status = make_ready(exporter, error);
    if (status == YBB_OK)
        reap(exporter);
    work->pool = exporter->pool;
    work->ledger = exporter->ledger;
    work->guard = exporter->guard;
    if (status == YBB_OK)
        status = insert_job(work, exporter->ledger, error);
    if (status == YBB_OK && !ybb__pool_submit(exporter->pool, &work->task, true))
        status = ybb__fail(error, YBB_NO_MEMORY, "no thread can be started");
    if (status == YBB_OK) {
        work->next = exporter->works;
        exporter->works = work;
    }
    ybb__monitor_unlock(exporter->guard);
    return status;
}

/* An exporter that is a parent's may have locks that are held for ever. */
static ybb_status check_owner(const ybb_exporter *exporter, ybb_error *error)
{
    if (exporter->owner != 0 && exporter->owner != getpid())
        return ybb__fail(error, YBB_FORKED, "the exporter was used before this process forked");
    return YBB_OK;
}

ybb_status ybb__exporter_start(char *id, ybb_exporter *exporter, const char *request,
                               size_t length, ybb_error *error)
{
    ybb_work *work = NULL;
    ybb_status status = check_owner(exporter, error);
    if (status == YBB_OK)
        status = make_work(&work, exporter, request, length, error);
    if (status != YBB_OK)
        return status;
    memcpy(id, work->id, sizeof(work->id)); /* launched, it belongs to the exporter */
    status = launch(exporter, work, error);
    if (status != YBB_OK)
        ybb__work_free(work);
    return status;
}

/* The job's record. An exporter that has started nothing, or whose threads stayed behind in the parent,
 * knows no export. */
static ybb_status load_job(ybb_exporter *exporter, const char *id, ybb_job *job, ybb_error *error)
{
    if (exporter->owner == 0)
        return ybb__fail(error, YBB_NOT_FOUND, "there is no export \"%.64s\"", id);
    if (exporter->owner != getpid())
        return ybb__fail(error, YBB_FORKED, "the exporter was used before this process forked");
    return ybb__ledger_load(exporter->ledger, id, job, error);
}

static bool has_ended(const ybb_job *job)
{
    return job->state == YBB_JOB_DONE || job->state == YBB_JOB_FAILED;
}

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
        .total_records = job->planned ? job->delivery.records : 0,
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
    ybb_progress_fn fn;
    void *user;
    int64_t deadline; /* steady clock; INT64_MAX: none */
    int64_t next_call;
} waiter;

/* One look at the job: its outcome, or YBB_NOT_READY. */
static ybb_status look(ybb_exporter *exporter, const char *id, waiter *w, bool *ended,
                       ybb_error *error)
{
    ybb_job job = {0};
    ybb_status status = load_job(exporter, id, &job, error);
    *ended = status != YBB_OK || has_ended(&job);
    if (status == YBB_OK && w->fn != NULL && (*ended || ybb__clock_steady() >= w->next_call)) {
        call_back(&job, w->fn, w->user);
        w->next_call = ybb__clock_steady() + CALLBACK_MICROSECONDS;
    }
    if (status == YBB_OK)
        status = *ended ? outcome_of(&job, error) : YBB_NOT_READY;
    ybb__job_release(&job);
    return status;
}

ybb_status ybb__exporter_wait(ybb_exporter *exporter, const char *id, int timeout_ms,
                              ybb_progress_fn fn, void *user, ybb_error *error)
{
    int64_t now = ybb__clock_steady();
    waiter w = {fn, user, timeout_ms < 0 ? INT64_MAX : now + (int64_t)timeout_ms * 1000, now};
    for (;;) {
        bool ended;
        uint64_t seen = exporter->owner == getpid() ? ybb__ledger_version(exporter->ledger) : 0;
        ybb_status status = look(exporter, id, &w, &ended, error);
        if (ended)
            return status;
        int64_t left = w.deadline - ybb__clock_steady();
        if (left <= 0)
            return ybb__fail(error, YBB_NOT_READY, "the export has not finished");
        ybb__ledger_wait(exporter->ledger, seen,
                         left < CALLBACK_MICROSECONDS ? left : CALLBACK_MICROSECONDS);
    }
}

void ybb__exporter_cancel(ybb_exporter *exporter, const char *id)
{
    ybb_error ignored = {0};
    if (exporter->owner != getpid())
        return;
    if (ybb__ledger_cancel(exporter->ledger, id, &ignored) != YBB_OK)
        return;
    ybb__monitor_lock(exporter->guard);
    for (ybb_work *work = exporter->works; work != NULL; work = work->next)
        if (strcmp(work->id, id) == 0 && work->db != NULL)
            ybb__db_interrupt(work->db);
    ybb__monitor_unlock(exporter->guard);
}

static ybb_status answer(char **json, ybb_exporter *exporter, const char *id,
                         char *(*render)(const ybb_job *, const ybb_response_context *),
                         ybb_error *error)
{
    *json = NULL;
    ybb_job job = {0};
    ybb_status status = load_job(exporter, id, &job, error);
    if (status != YBB_OK)
        return status;
    const ybb_response_context context = {exporter->config.base_url, exporter->config.out,
                                          ybb__clock_now()};
    *json = render(&job, &context);
    ybb__job_release(&job);
    return *json != NULL ? YBB_OK : ybb__fail_memory(error);
}

ybb_status ybb__exporter_status(char **json, ybb_exporter *exporter, const char *id,
                                ybb_error *error)
{
    return answer(json, exporter, id, ybb__response_status, error);
}

ybb_status ybb__exporter_chunks(char **json, ybb_exporter *exporter, const char *id,
                                ybb_error *error)
{
    return answer(json, exporter, id, ybb__response_chunks, error);
}

ybb_status ybb__exporter_templates(char **json, ybb_exporter *exporter, ybb_error *error)
{
    ybb_edition *edition = NULL;
    *json = NULL;
    ybb_status status = check_owner(exporter, error);
    if (status == YBB_OK)
        status = ybb__shelf_take(&edition, exporter->shelf, error);
    if (status != YBB_OK)
        return status;
    *json = ybb__answer_templates(ybb__edition_catalog(edition), &exporter->config);
    ybb__edition_give_back(edition);
    return *json != NULL ? YBB_OK : ybb__fail_memory(error);
}

ybb_status ybb__exporter_template_add(ybb_exporter *exporter, const char *json, size_t length,
                                      ybb_error *error)
{
    ybb_status status = check_owner(exporter, error);
    if (status != YBB_OK)
        return status;
    if (exporter->config.catalog_dir == NULL)
        return ybb__fail(error, YBB_INVALID_CONFIG,
                         "no folder for templates (catalog_dir) is configured");
    return ybb__template_add(exporter->config.catalog_dir, json, length, error);
}
