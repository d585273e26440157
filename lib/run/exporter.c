#include "run/exporter.h"

#include "run/exporter_inner.h"

#include "base/clock.h"
#include "report/catalog_answer.h"
#include "run/mailer.h"
#include "run/template_add.h"

#include <stdlib.h>
#include <unistd.h>

/* What the store's calls wait for a database that does not answer. */
static const double store_patience_seconds = 10;

static ybb_status check_mappings(ybb_exporter *exporter, ybb_error *error)
{
    ybb_edition *edition;
    if (exporter->config.presentation.mappings.count == 0)
        return YBB_OK;
    ybb_status status = ybb__shelf_take(&edition, exporter->shelf, error);
    if (status != YBB_OK)
        return status;
    status = ybb__config_check_mappings(&exporter->config, ybb__edition_catalog(edition), error);
    ybb__edition_give_back(edition);
    return status;
}

static ybb_status init(ybb_exporter *exporter, const ybb_config *config, ybb_error *error)
{
    ybb__config_init(&exporter->config);
    exporter->journal.config = &exporter->config;
    ybb_status status = ybb__config_copy(&exporter->config, config, error);
    if (status == YBB_OK)
        status = ybb__config_check_mail(&exporter->config, error);
    if (status == YBB_OK)
        status = ybb__shelf_open(&exporter->shelf, exporter->config.catalog_dir, error);
    if (status == YBB_OK)
        status = check_mappings(exporter, error);
    if (status == YBB_OK && (exporter->guard = ybb__monitor_new()) == NULL)
        status = ybb__fail_memory(error);
    return status;
}

ybb_status ybb__exporter_open(ybb_exporter **out, const ybb_config *config, ybb_error *error)
{
    *out = NULL;
    ybb_exporter *exporter = calloc(1, sizeof(*exporter));
    if (exporter == NULL)
        return ybb__fail_memory(error);
    ybb_status status = init(exporter, config, error);
    if (status == YBB_OK)
        *out = exporter;
    else
        ybb__exporter_free(exporter);
    return status;
}

void ybb__exporter_free(ybb_exporter *exporter)
{
    if (exporter == NULL)
        return;
    bool ours = exporter->owner == 0 || exporter->owner == getpid();
    ybb__crew_free(exporter->crew);
    ybb__ledger_free(exporter->clients, ours);
    ybb__shelf_free(exporter->shelf, ours);
    if (ours) /* in a child the parent's threads are gone and its locks may be held for ever */
        ybb__monitor_free(exporter->guard);
    ybb__config_release(&exporter->config);
    free(exporter->store_dsn);
    free(exporter);
}

ybb_status ybb__exporter_check(const ybb_exporter *exporter, ybb_error *error)
{
    if (exporter->owner != 0 && exporter->owner != getpid())
        return ybb__fail(error, YBB_FORKED, "the exporter was used before this process forked");
    return YBB_OK;
}

/* Under guard. */
static ybb_status open_clients(ybb_exporter *exporter, ybb_error *error)
{
    ybb_buffer dsn = {0};
    const struct ybb_config *config = &exporter->config;
    if (exporter->clients != NULL)
        return YBB_OK;
    ybb_status status = ybb__config_store_dsn(&dsn, config, error);
    free(exporter->store_dsn);
    exporter->store_dsn = ybb__buffer_take(&dsn);
    if (status == YBB_OK && exporter->store_dsn == NULL)
        status = ybb__fail_memory(error);
    exporter->store =
        (ybb_jobstore_settings){.dsn = exporter->store_dsn,
                                .lease_seconds = (double)config->queue.lease_seconds,
                                .queue = &config->queue,
                                .max_concurrent_large = config->limits.max_concurrent_large_exports,
                                .max_takeovers = (uint32_t)config->queue.max_takeovers,
                                .max_attempts = (uint32_t)config->queue.max_attempts,
                                .max_mail_attempts = (uint32_t)config->mail.max_attempts,
                                .patience_seconds = store_patience_seconds};
    return status == YBB_OK ? ybb__ledger_open(&exporter->clients, &exporter->store, error)
                            : status;
}

ybb_status ybb__exporter_clients(ybb_exporter *exporter, ybb_ledger **out, ybb_error *error)
{
    *out = NULL;
    ybb_status status = ybb__exporter_check(exporter, error);
    if (status != YBB_OK)
        return status;
    ybb__monitor_lock(exporter->guard);
    status = open_clients(exporter, error);
    *out = exporter->clients;
    ybb__monitor_unlock(exporter->guard);
    return status;
}

/* Under guard. */
static ybb_status make_crew(ybb_exporter *exporter, ybb_error *error)
{
    if (exporter->crew != NULL)
        return YBB_OK;
    ybb_status status = ybb__crew_new(&exporter->crew, &exporter->config, &exporter->journal,
                                      exporter->shelf, &exporter->store, exporter->clients, error);
    if (status == YBB_OK)
        exporter->owner = getpid();
    return status;
}

ybb_status ybb__exporter_crew(ybb_exporter *exporter, ybb_crew **out, ybb_error *error)
{
    *out = NULL;
    ybb_status status = ybb__exporter_check(exporter, error);
    if (status != YBB_OK)
        return status;
    ybb__monitor_lock(exporter->guard);
    status = open_clients(exporter, error);
    if (status == YBB_OK)
        status = make_crew(exporter, error);
    *out = exporter->crew;
    ybb__monitor_unlock(exporter->guard);
    return status;
}

ybb_crew *ybb__exporter_running(ybb_exporter *exporter)
{
    if (exporter->owner != getpid())
        return NULL;
    ybb__monitor_lock(exporter->guard);
    ybb_crew *crew = exporter->crew;
    ybb__monitor_unlock(exporter->guard);
    return crew;
}

ybb_status ybb__exporter_enter(ybb_exporter *exporter, ybb_ledger **ledger, ybb_jobstore **store,
                               ybb_error *error)
{
    ybb_crew *crew = ybb__exporter_running(exporter);
    *ledger = crew != NULL ? ybb__crew_ledger(crew) : NULL;
    *store = crew != NULL ? ybb__ledger_enter_idle(*ledger) : NULL;
    if (*store != NULL)
        return YBB_OK;
    ybb_status status = ybb__exporter_clients(exporter, ledger, error);
    if (status == YBB_OK)
        *store = ybb__ledger_enter(*ledger);
    return status;
}

ybb_status ybb__exporter_load(ybb_exporter *exporter, const char *id, const char *owner,
                              ybb_job *job, ybb_error *error)
{
    ybb_ledger *ledger;
    ybb_jobstore *store;
    ybb_status status = ybb__exporter_enter(exporter, &ledger, &store, error);
    if (status != YBB_OK)
        return status;
    return ybb__ledger_leave(ledger, ybb__jobstore_load(store, id, owner, job, error));
}

ybb_status ybb__exporter_runs_here(ybb_exporter *exporter, bool waited_for, bool stream, bool *here,
                                   ybb_error *error)
{
    ybb_ledger *clients;
    bool worker = false;
    const ybb_pool_choice pool = exporter->config.pool;
    *here = !stream && pool != YBB_POOL_WORKER;
    if (!*here || pool == YBB_POOL_INPROC || waited_for)
        return YBB_OK;
    ybb_status status = ybb__exporter_clients(exporter, &clients, error);
    if (status == YBB_OK)
        status = ybb__ledger_leave(
            clients, ybb__jobstore_worker_alive(ybb__ledger_enter(clients), &worker, error));
    *here = !worker;
    return status;
}

ybb_response_context ybb__exporter_context(const ybb_exporter *exporter)
{
    return (ybb_response_context){.base_url = exporter->config.base_url,
                                  .out = exporter->config.out,
                                  .now = ybb__clock_now(),
                                  .limits = &exporter->config.limits};
}

void ybb__exporter_on_log(ybb_exporter *exporter, ybb_log_fn fn, void *user)
{
    exporter->journal.fn = fn;
    exporter->journal.user = user;
}

ybb_status ybb__exporter_serve(ybb_exporter *exporter, ybb_error *error)
{
    ybb_crew *crew;
    ybb_status status = ybb__exporter_crew(exporter, &crew, error);
    return status == YBB_OK ? ybb__crew_serve(crew, error) : status;
}

ybb_status ybb__exporter_assist(ybb_exporter *exporter, ybb_error *error)
{
    ybb_crew *crew;
    bool here = false;
    crew = ybb__exporter_running(exporter);
    if (crew != NULL && ybb__crew_keeps(crew))
        return YBB_OK;
    ybb_status status = ybb__exporter_runs_here(exporter, false, false, &here, error);
    if (status != YBB_OK || !here)
        return status;
    status = ybb__exporter_crew(exporter, &crew, error);
    return status == YBB_OK ? ybb__crew_assist(crew, error) : status;
}

/* Milliseconds as microseconds; negative ones are no limit. */
static int64_t microseconds(int milliseconds)
{
    return milliseconds < 0 ? INT64_MAX : (int64_t)milliseconds * 1000;
}

ybb_status ybb__exporter_stop(ybb_exporter *exporter, int drain_ms, int timeout_ms,
                              ybb_error *error)
{
    ybb_status status = ybb__exporter_check(exporter, error);
    ybb_crew *crew = ybb__exporter_running(exporter);
    if (status != YBB_OK || crew == NULL)
        return status;
    if (ybb__crew_stop(crew, microseconds(drain_ms), microseconds(timeout_ms)))
        return YBB_OK;
    return ybb__fail(error, YBB_NOT_READY, "%u exports have not stopped yet",
                     ybb__crew_running(crew));
}

unsigned ybb__exporter_count(ybb_exporter *exporter)
{
    ybb_crew *crew = ybb__exporter_running(exporter);
    return crew == NULL ? 0 : ybb__crew_running(crew);
}

ybb_status ybb__exporter_templates(char **json, ybb_exporter *exporter, ybb_error *error)
{
    ybb_edition *edition = NULL;
    *json = NULL;
    ybb_status status = ybb__exporter_check(exporter, error);
    if (status == YBB_OK)
        status = ybb__shelf_take(&edition, exporter->shelf, error);
    if (status != YBB_OK)
        return status;
    *json = ybb__answer_templates(ybb__edition_catalog(edition), &exporter->config,
                                  ybb__mailer_is_on(&exporter->config));
    ybb__edition_give_back(edition);
    return *json != NULL ? YBB_OK : ybb__fail_memory(error);
}

ybb_status ybb__exporter_template_add(ybb_exporter *exporter, const char *json, size_t length,
                                      ybb_error *error)
{
    ybb_status status = ybb__exporter_check(exporter, error);
    if (status != YBB_OK)
        return status;
    if (exporter->config.catalog_dir == NULL)
        return ybb__fail(error, YBB_INVALID_CONFIG,
                         "no folder for templates (catalog_dir) is configured");
    return ybb__template_add(exporter->config.catalog_dir, json, length, error);
}
