/*
 * Starting an export: its request is checked and counted, and then it stands in the job store
 * before anybody is told that it was taken.
 */
#include "run/exporter_inner.h"

#include "base/clock.h"
#include "db/cursor.h"
#include "pool/signals.h"
#include "report/estimate_answer.h"
#include "report/queue_answer.h"
#include "run/mail_admission.h"
#include "store/files.h"

#include <stdlib.h>
#include <string.h>

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

static ybb_status count(ybb_inquiry *inquiry, const struct ybb_config *config, ybb_error *error)
{
    ybb_signals signals;
    ybb__signals_hold(&signals);
    ybb_counted *source = &inquiry->source;
    ybb_status status = ybb__db_open(&source->db, config->source, YBB_DB_READ,
                                     config->source_timeout_seconds, error);
    if (status == YBB_OK)
        status = ybb__cursor_count(&source->records, source->db, &inquiry->plan->reading, error);
    ybb__signals_restore(&signals);
    if (status != YBB_OK)
        return status;
    uint64_t limit = inquiry->request->limit;
    uint64_t records = source->records < limit ? source->records : limit;
    return ybb__delivery_plan(&inquiry->delivery, inquiry->request, config, records, error);
}

/* What will run the export begins while its records are counted. What fails here fails again. */
static void expect(ybb_inquiry *inquiry, ybb_exporter *exporter)
{
    ybb_crew *crew;
    ybb_error ignored = {0};
    if (exporter->config.pool != YBB_POOL_WORKER &&
        inquiry->request->strategy != YBB_WISH_STREAMING &&
        ybb__exporter_crew(exporter, &crew, &ignored) == YBB_OK && ybb__crew_expect(crew))
        inquiry->expecting = crew;
}

ybb_status ybb__inquire(ybb_inquiry *out, ybb_exporter *exporter, const ybb_asking *asking,
                        ybb_error *error)
{
    const struct ybb_config *config = &exporter->config;
    ybb_status status = ybb__exporter_check(exporter, error);
    if (status == YBB_OK)
        status = ybb__shelf_take(&out->edition, exporter->shelf, error);
    if (status == YBB_OK)
        status = ybb__request_parse(&out->request, asking->request, asking->length,
                                    ybb__edition_catalog(out->edition), config, error);
    if (status == YBB_OK && asking->starts)
        status = ybb__mail_admit(out->request, config, asking->own_address, error);
    if (status == YBB_OK)
        status = check_places(config, error);
    if (status == YBB_OK)
        status = ybb__plan_for_source(&out->plan, out->request, config->source, error);
    if (status == YBB_OK && asking->starts)
        expect(out, exporter);
    return status == YBB_OK ? count(out, config, error) : status;
}

void ybb__inquiry_release(ybb_inquiry *inquiry)
{
    ybb_signals signals;
    if (inquiry->expecting != NULL) /* it is refused, or others run it */
        ybb__crew_expect_none(inquiry->expecting);
    ybb__signals_hold(&signals);
    ybb__db_close(inquiry->source.db);
    ybb__signals_restore(&signals);
    ybb__plan_free(inquiry->plan);
    ybb__request_free(inquiry->request);
    ybb__edition_give_back(inquiry->edition);
    *inquiry = (ybb_inquiry){0};
}

static void tell(const ybb_journal *journal, ybb_job *job, const ybb_admission *admission)
{
    ybb_log log;
    uint64_t threshold = journal->config->monitoring.queue_length_warning;
    job->queue_position = admission->queue_position;
    ybb__journal_event(journal, YBB_LOG_QUEUED, job);
    if (admission->queue_position == threshold && ybb__journal_open(journal, &log))
        ybb__journal_tell(journal, ybb__log_queue_alert(&log, admission->queue_position,
                                                        journal->config->queue.max_queue_size));
}

/* The record's texts are borrowed: the store copies them. */
static ybb_status insert(const char *id, const ybb_inquiry *inquiry, ybb_ledger *ledger,
                         const ybb_journal *journal, bool immediate, ybb_admission *admission,
                         ybb_error *error)
{
    const ybb_request *request = inquiry->request;
    bool failed = false;
    char *warnings = ybb__warnings_json(request->warnings, request->warning_count, &failed);
    if (failed)
        return ybb__fail_memory(error);
    ybb_job job = {
        .owner = (char *)request->owner,
        .idempotency_key = (char *)request->idempotency_key,
        .request_json = (char *)request->json,
        .export_type = (char *)request->type->name,
        .format = (char *)ybb__format_name(request->format),
        .template_name = (char *)request->template_name,
        .filters_json = (char *)request->filters_json,
        .warnings_json = warnings,
        .program_id = request->has_program ? request->program_id : 0,
        .priority = inquiry->delivery.priority,
        .estimated_records = inquiry->delivery.records,
        .retention_days = request->retention_days,
        .on_demand = inquiry->delivery.strategy == YBB_STREAMING,
        .created_at = ybb__clock_now(),
    };
    if (request->mails)
        job.mail = (ybb_job_mail){.address = (char *)request->email_address,
                                  .language = request->language};
    memcpy(job.id, id, sizeof(job.id));
    ybb_status status = ybb__ledger_leave(
        ledger, ybb__jobstore_insert(ybb__ledger_enter(ledger), &job, immediate, admission, error));
    if (status == YBB_OK && admission->joined[0] == '\0')
        tell(journal, &job, admission);
    free(warnings);
    return status;
}

/* An export that is carried out at once is read in the snapshot that it was counted in. */
static ybb_status wake(ybb_crew *crew, const ybb_started *started, ybb_inquiry *inquiry,
                       ybb_error *error)
{
    ybb_counted source = {0};
    if (started->immediate) {
        source = inquiry->source;
        inquiry->source = (ybb_counted){0};
    }
    ybb_status status = ybb__crew_wake(crew, started->id, NULL, source, error);
    if (status == YBB_OK)
        inquiry->expecting = NULL;
    return status;
}

static ybb_status record(ybb_started *out, ybb_exporter *exporter, ybb_inquiry *inquiry,
                         ybb_ledger *ledger, ybb_error *error)
{
    char *id = out->id;
    ybb_crew *crew;
    ybb_admission admission = {0};
    bool here = false, immediate = inquiry->delivery.priority == YBB_IMMEDIATE;
    ybb_status status = ybb__exporter_runs_here(
        exporter, immediate, inquiry->delivery.strategy == YBB_STREAMING, &here, error);
    if (status == YBB_OK && !ybb__random_id(id))
        status = ybb__fail(error, YBB_INTERNAL, "the system gives no random bytes");
    if (status == YBB_OK)
        status =
            insert(id, inquiry, ledger, &exporter->journal, here && immediate, &admission, error);
    if (status != YBB_OK)
        return status;
    out->joined = admission.joined[0] != '\0';
    out->immediate = here && !out->joined && immediate;
    if (out->joined)
        memcpy(id, admission.joined, sizeof(admission.joined));
    if (here)
        status = ybb__exporter_crew(exporter, &crew, error);
    if (here && status == YBB_OK)
        status = wake(crew, out, inquiry, error);
    /* while it begins; and who joins may be told before the one who waits for the disk */
    if (status == YBB_OK && (out->immediate || out->joined))
        status = ybb__ledger_sync(ledger, error);
    return status;
}

/* Where the crew is there, its connection serves. */
static ybb_status choose_ledger(ybb_ledger **out, ybb_exporter *exporter, ybb_error *error)
{
    ybb_crew *crew = ybb__exporter_running(exporter);
    ybb_status status = ybb__exporter_clients(exporter, out, error);
    if (status == YBB_OK && crew != NULL)
        *out = ybb__crew_ledger(crew);
    return status;
}

/* The store stays connected until whoever carries the export out holds it. */
static ybb_status launch(ybb_started *out, ybb_exporter *exporter, ybb_inquiry *inquiry,
                         ybb_error *error)
{
    ybb_ledger *ledger;
    ybb_status status = choose_ledger(&ledger, exporter, error);
    if (status != YBB_OK)
        return status;
    ybb__ledger_hold(ledger);
    status = record(out, exporter, inquiry, ledger, error);
    ybb__ledger_let_go(ledger);
    return status;
}

ybb_status ybb__exporter_start(ybb_started *out, ybb_exporter *exporter, const ybb_asking *asking,
                               ybb_error *error)
{
    ybb_inquiry inquiry = {0};
    ybb_status status = ybb__inquire(&inquiry, exporter, asking, error);
    if (status == YBB_OK)
        status = launch(out, exporter, &inquiry, error);
    ybb__inquiry_release(&inquiry);
    return status;
}

/* What exports like it took, and how long it would wait. */
static ybb_status look_up(ybb_estimation *estimate, ybb_ledger *clients, uint32_t columns,
                          ybb_error *error)
{
    double speed = 0;
    ybb_store_stats stats;
    ybb_queue_state queue;
    ybb_jobstore *store = ybb__ledger_enter(clients);
    ybb_status status = ybb__jobstore_speed(store, estimate->export_type, estimate->format,
                                            estimate->template_name, &speed, error);
    if (status == YBB_OK)
        status = ybb__jobstore_stats(store, &stats, error);
    if (status == YBB_OK)
        status = ybb__jobstore_queue(store, &queue, error);
    (void)ybb__ledger_leave(clients, status);
    if (status != YBB_OK)
        return status;
    estimate->wait_seconds = ybb__queue_wait(&queue, &stats, estimate->delivery->priority);
    const ybb_run_stats *runs = NULL;
    for (uint32_t i = 0; i < stats.type_count; i++)
        if (strcmp(stats.by_type[i].name, estimate->export_type) == 0)
            runs = &stats.by_type[i].stats;
    ybb__estimate_fill(estimate, speed, runs, columns);
    return YBB_OK;
}

ybb_status ybb__exporter_estimate(char **json, ybb_exporter *exporter, const char *request,
                                  size_t length, ybb_error *error)
{
    ybb_inquiry inquiry = {0};
    ybb_ledger *clients;
    char *warnings = NULL;
    *json = NULL;
    ybb_status status = ybb__inquire(&inquiry, exporter,
                                     &(ybb_asking){.request = request, .length = length}, error);
    if (status == YBB_OK)
        status = ybb__exporter_clients(exporter, &clients, error);
    if (status == YBB_OK) {
        const ybb_request *asked = inquiry.request;
        bool failed;
        warnings = ybb__warnings_json(asked->warnings, asked->warning_count, &failed);
        ybb_estimation estimate = {.export_type = asked->type->name,
                                   .format = ybb__format_name(asked->format),
                                   .template_name = asked->template_name,
                                   .delivery = &inquiry.delivery,
                                   .warnings_json = warnings};
        status = look_up(&estimate, clients, inquiry.plan->column_count, error);
        if (status == YBB_OK && (*json = ybb__answer_estimate(&estimate)) == NULL)
            status = ybb__fail_memory(error);
    }
    free(warnings);
    ybb__inquiry_release(&inquiry);
    return status;
}
