/*
 * run/runner: what carries exports out in this process: an owner in the job store, kept alive by
 * heartbeats, and the exports that it claimed.
 *
 * One thread, the keeper, registers the owner, claims what may run, starts a conductor for each
 * and tells the store that it lives. It begins when there is something to do; without work it
 * forgets the owner and leaves, unless the runner serves as a worker.
 */
#ifndef YBB_RUN_RUNNER_H
#define YBB_RUN_RUNNER_H

#include "run/work.h"

typedef struct ybb_runner ybb_runner;

/* Starts nothing. All is borrowed. @clients is held while exports run, for status calls come then.
 */
ybb_status ybb__runner_new(ybb_runner **out, const struct ybb_config *config, ybb_shelf *shelf,
                           const ybb_jobstore_settings *store, ybb_ledger *clients,
                           ybb_error *error);
/* Stops it, however long that takes. In a forked child: forgets. */
void ybb__runner_free(ybb_runner *runner);

/* Sees to it that queued exports are run here: @id in any case, others unless a worker is alive.
 * @pipe: where @id is streamed to, or NULL. YBB_NO_MEMORY where no thread can be started. */
ybb_status ybb__runner_wake(ybb_runner *runner, const char *id, ybb_pipe *pipe, ybb_error *error);
/* Has it serve as a worker until it is stopped: all exports, as they come. */
ybb_status ybb__runner_serve(ybb_runner *runner, ybb_error *error);
/* Claims nothing more; after @drain microseconds what still runs is given back to the queue at its
 * next slice. Waits at most @most microseconds in all. Whether everything has ended: then it may
 * be woken again. */
bool ybb__runner_stop(ybb_runner *runner, int64_t drain, int64_t most);
/* How many exports run here. */
unsigned ybb__runner_running(ybb_runner *runner);
/* Has an export that runs here stop at once: it was cancelled. */
void ybb__runner_cancel(ybb_runner *runner, const char *id);

/* Rings at what happens to exports that run here, see ledger.h. */
ybb_ledger *ybb__runner_ledger(ybb_runner *runner);

#endif
