/*
 * run/crew: what carries exports out in this process: an owner in the job store, kept alive by
 * heartbeats, and the exports that it claimed.
 *
 * One thread, the keeper, registers the owner, claims what may run, starts a conductor for each
 * and tells the store that it lives. It begins when there is something to do; without work it
 * forgets the owner and leaves, unless the crew serves as a worker.
 */
#ifndef YBB_RUN_CREW_H
#define YBB_RUN_CREW_H

#include "run/work.h"

typedef struct ybb_crew ybb_crew;

/* Starts nothing. All is borrowed. @clients is held while exports run, for status calls come then.
 */
ybb_status ybb__crew_new(ybb_crew **out, const struct ybb_config *config,
                         const ybb_journal *journal, ybb_shelf *shelf,
                         const ybb_jobstore_settings *store, ybb_ledger *clients, ybb_error *error);
/* Stops it, however long that takes. In a forked child: forgets. */
void ybb__crew_free(ybb_crew *crew);

/* Sees to it that queued exports are run here: @id in any case, others unless a worker is alive.
 * @pipe: where @id is streamed to, or NULL. @source: what it may read by, counted for its request;
 * taken over in any case. YBB_NO_MEMORY where no thread can be started. */
ybb_status ybb__crew_wake(ybb_crew *crew, const char *id, ybb_pipe *pipe, ybb_counted source,
                          ybb_error *error);
/* Registers the owner and connects to the store meanwhile, for an export that is asked for in a
 * moment: others are not looked for until then. Whether it has begun to: where exports run already,
 * or no thread can be started, there is nothing to begin. */
bool ybb__crew_expect(ybb_crew *crew);
/* None comes behind an expectation that was begun: the store is let go at once, so that a process may fork without it. */
void ybb__crew_expect_none(ybb_crew *crew);
/* Sees to it that exports that wait are run here, unless a worker is alive. */
ybb_status ybb__crew_assist(ybb_crew *crew, ybb_error *error);
/* Has it serve as a worker until it is stopped: all exports, as they come. */
ybb_status ybb__crew_serve(ybb_crew *crew, ybb_error *error);
/* Claims nothing more; after @drain microseconds what still runs is given back to the queue at its
 * next slice. Waits at most @most microseconds in all. Whether everything has ended: then it may
 * be woken again. */
bool ybb__crew_stop(ybb_crew *crew, int64_t drain, int64_t most);
/* Whether it looks for exports that wait by itself, for it has or had work just now. */
bool ybb__crew_keeps(ybb_crew *crew);
/* Whether @id is to run or runs here, and has not ended. Its end rings the ledger's bell. */
bool ybb__crew_has(ybb_crew *crew, const char *id);
/* How many exports run here. */
unsigned ybb__crew_running(ybb_crew *crew);
/* Has an export that runs here stop at once: it was cancelled. Those that other processes cancel
 * stop within a second or two. */
void ybb__crew_cancel(ybb_crew *crew, const char *id);

/* Waits until no mail is being sent here, nor will be about @id, at most @most microseconds.
 * Whether it is so. */
bool ybb__crew_wait_mail(ybb_crew *crew, const char *id, int64_t most);

/* How the store has failed for @microseconds in one go, where @id is to run or runs here; else
 * YBB_OK. */
ybb_status ybb__crew_trouble(ybb_crew *crew, const char *id, int64_t microseconds,
                             ybb_error *error);

/* Rings at what happens to exports that run here, see ledger.h. */
ybb_ledger *ybb__crew_ledger(ybb_crew *crew);

#endif
