#include "run/ledger.h"

#include "base/clock.h"
#include "pool/pool.h"

#include <stdlib.h>

struct ybb_ledger {
    ybb_monitor *monitor; /* guards the rest; signalled at each change */
    uint64_t version;
    ybb_jobs *jobs;
};

ybb_ledger *ybb__ledger_new(ybb_jobs *jobs)
{
    ybb_ledger *ledger = calloc(1, sizeof(*ledger));
    if (ledger != NULL)
        ledger->monitor = ybb__monitor_new();
    if (ledger == NULL || ledger->monitor == NULL || jobs == NULL) {
        if (jobs != NULL)
            jobs->driver->close(jobs);
        if (ledger != NULL)
            ybb__monitor_free(ledger->monitor);
        free(ledger);
        return NULL;
    }
    ledger->jobs = jobs;
    return ledger;
}

void ybb__ledger_free(ybb_ledger *ledger)
{
    if (ledger == NULL)
        return;
    ledger->jobs->driver->close(ledger->jobs);
    ybb__monitor_free(ledger->monitor);
    free(ledger);
}

static const ybb_jobs_driver *enter(ybb_ledger *ledger)
{
    ybb__monitor_lock(ledger->monitor);
    return ledger->jobs->driver;
}

static ybb_status leave(ybb_ledger *ledger, ybb_status status)
{
    ledger->version++;
    ybb__monitor_signal(ledger->monitor);
    ybb__monitor_unlock(ledger->monitor);
    return status;
}

ybb_status ybb__ledger_insert(ybb_ledger *ledger, const ybb_job *job, ybb_error *error)
{
    return leave(ledger, enter(ledger)->insert(ledger->jobs, job, error));
}

ybb_status ybb__ledger_load(ybb_ledger *ledger, const char *id, ybb_job *out, ybb_error *error)
{
    ybb_status status = enter(ledger)->load(ledger->jobs, id, out, error);
    ybb__monitor_unlock(ledger->monitor); /* nothing changed: wake nobody */
    return status;
}

ybb_status ybb__ledger_begin(ybb_ledger *ledger, const char *id, ybb_error *error)
{
    return leave(ledger, enter(ledger)->begin(ledger->jobs, id, ybb__clock_now(), error));
}

ybb_status ybb__ledger_planned(ybb_ledger *ledger, const char *id, const ybb_delivery *delivery,
                               const char *consistency, ybb_error *error)
{
    return leave(ledger, enter(ledger)->planned(ledger->jobs, id, delivery, consistency, error));
}

ybb_status ybb__ledger_progress(ybb_ledger *ledger, const char *id,
                                const ybb_job_progress *progress, ybb_error *error)
{
    bool stop = false;
    ybb_status status =
        leave(ledger, enter(ledger)->progress(ledger->jobs, id, progress, &stop, error));
    if (status == YBB_OK && stop)
        return ybb__fail(error, YBB_CANCELLED, "the export was cancelled");
    return status;
}

ybb_status ybb__ledger_file(ybb_ledger *ledger, const char *id, const ybb_job_file *file,
                            ybb_error *error)
{
    return leave(ledger, enter(ledger)->file(ledger->jobs, id, file, error));
}

ybb_status ybb__ledger_warn(ybb_ledger *ledger, const char *id, const char *warnings_json,
                            ybb_error *error)
{
    return leave(ledger, enter(ledger)->warn(ledger->jobs, id, warnings_json, error));
}

ybb_status ybb__ledger_end(ybb_ledger *ledger, const char *id, const ybb_error *outcome,
                           double seconds, int64_t expires_at, ybb_error *error)
{
    return leave(ledger, enter(ledger)->end(ledger->jobs, id, outcome, ybb__clock_now(), seconds,
                                            expires_at, error));
}

ybb_status ybb__ledger_cancel(ybb_ledger *ledger, const char *id, ybb_error *error)
{
    return leave(ledger, enter(ledger)->cancel(ledger->jobs, id, error));
}

uint64_t ybb__ledger_version(ybb_ledger *ledger)
{
    ybb__monitor_lock(ledger->monitor);
    uint64_t version = ledger->version;
    ybb__monitor_unlock(ledger->monitor);
    return version;
}

void ybb__ledger_wait(ybb_ledger *ledger, uint64_t seen, int64_t microseconds)
{
    ybb__monitor_lock(ledger->monitor);
    if (ledger->version == seen)
        (void)ybb__monitor_wait(ledger->monitor, microseconds);
    ybb__monitor_unlock(ledger->monitor);
}
