/*
 * What is done to exports that are there already.
 */
#include "run/exporter_inner.h"

#include "base/clock.h"
#include "report/small_answers.h"
#include "store/files.h"

static const int64_t stop_microseconds = 5 * 1000 * 1000; /* how long deleting waits for an end */

ybb_status ybb__exporter_find(ybb_exporter *exporter, const char *id, const char *owner,
                              ybb_error *error)
{
    ybb_job job = {0};
    ybb_status status = ybb__exporter_load(exporter, id, owner, &job, error);
    ybb__job_release(&job);
    return status;
}

ybb_status ybb__exporter_cancel(ybb_exporter *exporter, const char *id, const char *owner,
                                ybb_error *error)
{
    ybb_ledger *clients;
    ybb_status status = ybb__exporter_clients(exporter, &clients, error);
    if (status == YBB_OK)
        status = ybb__ledger_leave(
            clients, ybb__jobstore_cancel(ybb__ledger_enter(clients), id, owner, error));
    if (status != YBB_OK)
        return status;
    ybb_crew *crew = ybb__exporter_running(exporter);
    if (crew != NULL)
        ybb__crew_cancel(crew, id);
    return YBB_OK;
}

/* Now that it waits again: as when it was started, but that nobody waits for it. */
static ybb_status run_again(ybb_exporter *exporter, const char *id, bool stream, ybb_error *error)
{
    ybb_crew *crew;
    bool here;
    ybb_status status = ybb__exporter_runs_here(exporter, false, stream, &here, error);
    if (status != YBB_OK || !here)
        return status;
    status = ybb__exporter_crew(exporter, &crew, error);
    return status == YBB_OK ? ybb__crew_wake(crew, id, NULL, (ybb_counted){0}, error) : status;
}

ybb_status ybb__exporter_resume(ybb_exporter *exporter, const char *id, const char *owner,
                                ybb_error *error)
{
    ybb_ledger *clients;
    ybb_job job = {0};
    ybb_status status = ybb__exporter_load(exporter, id, owner, &job, error);
    bool stream = job.on_demand;
    ybb__job_release(&job);
    if (status == YBB_OK)
        status = ybb__exporter_clients(exporter, &clients, error);
    if (status == YBB_OK)
        status = ybb__ledger_leave(
            clients, ybb__jobstore_resume(ybb__ledger_enter(clients), id, owner, NULL, error));
    return status == YBB_OK ? run_again(exporter, id, stream, error) : status;
}

/* Its files, then its record: so no file is left that nothing tells of. */
static ybb_status remove_once(ybb_exporter *exporter, ybb_ledger *clients, const char *id,
                              const char *owner, ybb_error *error)
{
    ybb_job job = {0};
    ybb_status status = ybb__exporter_load(exporter, id, owner, &job, error);
    bool running = job.state == YBB_JOB_RUNNING;
    ybb__job_release(&job);
    if (status == YBB_OK && !running && exporter->config.out != NULL)
        status = ybb__folder_remove(exporter->config.out, id, NULL, error);
    if (status != YBB_OK)
        return status;
    status = ybb__ledger_leave(clients,
                               ybb__jobstore_remove(ybb__ledger_enter(clients), id, owner, error));
    if (status == YBB_OK && exporter->config.out != NULL) /* it may have run in between */
        status = ybb__folder_remove(exporter->config.out, id, NULL, error);
    return status;
}

ybb_status ybb__exporter_remove(char **json, ybb_exporter *exporter, const char *id,
                                const char *owner, ybb_error *error)
{
    enum { LOOK = 50 * 1000 };
    ybb_ledger *clients;
    ybb_error last = {0};
    int64_t deadline = ybb__clock_steady() + stop_microseconds;
    *json = NULL;
    ybb_status status = ybb__exporter_clients(exporter, &clients, error);
    if (status != YBB_OK)
        return status;
    status = remove_once(exporter, clients, id, owner, &last);
    ybb_crew *crew = ybb__exporter_running(exporter);
    if (status == YBB_NOT_READY && crew != NULL)
        ybb__crew_cancel(crew, id);
    while (status == YBB_NOT_READY && ybb__clock_steady() < deadline) {
        ybb__ledger_wait(clients, ybb__ledger_rings(clients), LOOK);
        last = (ybb_error){0};
        status = remove_once(exporter, clients, id, owner, &last);
    }
    if (status != YBB_OK) {
        ybb__error_copy(error, &last);
        return status;
    }
    *json = ybb__answer_deleted(id);
    return *json != NULL ? YBB_OK : ybb__fail_memory(error);
}
