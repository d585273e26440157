/*
 * run/ledger: a job store that several threads use, one at a time, and a bell that tells waiters of
 * what this process did with jobs.
 *
 * It connects when somebody enters, and stays connected for who enters next. A process may fork all
 * the same: where nobody holds it or is in, it disconnects before, and connects again when entered.
 */
#ifndef YBB_RUN_LEDGER_H
#define YBB_RUN_LEDGER_H

#include "store/jobstore.h"

typedef struct ybb_ledger ybb_ledger;

/* Connects to nothing. What @settings point to is borrowed. @out is NULL on failure. */
ybb_status ybb__ledger_open(ybb_ledger **out, const ybb_jobstore_settings *settings,
                            ybb_error *error);
/* @ours: false in a forked child, where the parent's lock may be held for ever. */
void ybb__ledger_free(ybb_ledger *ledger, bool ours);

/* The store, for this thread alone until it leaves. @threads any. */
ybb_jobstore *ybb__ledger_enter(ybb_ledger *ledger);
/* The same at once, over a connection that is there; NULL: somebody is in, or there is none. */
ybb_jobstore *ybb__ledger_enter_idle(ybb_ledger *ledger);
/* Gives it back; @status is returned. */
ybb_status ybb__ledger_leave(ybb_ledger *ledger, ybb_status status);
/* From now on it stays connected, through forks too; let go as often as it was held. @threads any.
 */
void ybb__ledger_hold(ybb_ledger *ledger);
void ybb__ledger_let_go(ybb_ledger *ledger);

/* ybb__jobstore_sync() of its store, whoever is in. @threads any */
ybb_status ybb__ledger_sync(const ybb_ledger *ledger, ybb_error *error);

/* Gives the connection of @from to @to, where that has none: so what was asked here just now is
 * gone on with there without another one. Both are held, and neither is entered. @threads any */
void ybb__ledger_move(ybb_ledger *to, ybb_ledger *from);

/* Counts the rings of the bell. @threads any, as the rest. */
uint64_t ybb__ledger_rings(ybb_ledger *ledger);
void ybb__ledger_ring(ybb_ledger *ledger);
/* Waits until there are other than @seen rings, or @microseconds passed. */
void ybb__ledger_wait(ybb_ledger *ledger, uint64_t seen, int64_t microseconds);

#endif
