/*
 * run/ledger: the job store as many threads use it: one call at a time, and a wait for changes.
 */
#ifndef YBB_RUN_LEDGER_H
#define YBB_RUN_LEDGER_H

#include "store/jobs.h"

typedef struct ybb_ledger ybb_ledger;

/* Over @jobs, which it closes. NULL (and @jobs is closed) without memory. */
ybb_ledger *ybb__ledger_new(ybb_jobs *jobs);
void ybb__ledger_free(ybb_ledger *ledger);

/* As in ybb_jobs_driver. @threads any. */
ybb_status ybb__ledger_insert(ybb_ledger *ledger, const ybb_job *job, ybb_error *error);
ybb_status ybb__ledger_load(ybb_ledger *ledger, const char *id, ybb_job *out, ybb_error *error);
ybb_status ybb__ledger_begin(ybb_ledger *ledger, const char *id, ybb_error *error);
ybb_status ybb__ledger_planned(ybb_ledger *ledger, const char *id, const ybb_delivery *delivery,
                               const char *consistency, ybb_error *error);
/* YBB_CANCELLED when somebody wants it to stop. */
ybb_status ybb__ledger_progress(ybb_ledger *ledger, const char *id,
                                const ybb_job_progress *progress, ybb_error *error);
ybb_status ybb__ledger_file(ybb_ledger *ledger, const char *id, const ybb_job_file *file,
                            ybb_error *error);
ybb_status ybb__ledger_warn(ybb_ledger *ledger, const char *id, const char *warnings_json,
                            ybb_error *error);
ybb_status ybb__ledger_end(ybb_ledger *ledger, const char *id, const ybb_error *outcome,
                           double seconds, int64_t expires_at, ybb_error *error);
ybb_status ybb__ledger_cancel(ybb_ledger *ledger, const char *id, ybb_error *error);

/* Counts changes. */
uint64_t ybb__ledger_version(ybb_ledger *ledger);
/* Waits until the version is no longer @seen, or @microseconds passed. */
void ybb__ledger_wait(ybb_ledger *ledger, uint64_t seen, int64_t microseconds);

#endif
