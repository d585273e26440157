#include "run/ledger.h"

#include "pool/fork_watch.h"
#include "pool/pool.h"
#include "pool/signals.h"

#include <stdlib.h>

struct ybb_ledger {
    ybb_monitor *access; /* guards the store and holders */
    ybb_jobstore *store;
    unsigned holders;
    ybb_signals signals; /* of the thread that is in */
    ybb_fork_watch watch;
    bool is_watched, is_forking; /* is_forking: under access, which the thread that forks has */
    ybb_monitor *bell;           /* guards rings; nobody enters the store under it */
    uint64_t rings;
};

/* Under access. */
static void rest_unless_held(ybb_ledger *ledger)
{
    if (ledger->holders == 0)
        ybb__jobstore_rest(ledger->store);
}

/* Where somebody is in, or holds it, the child inherits a connection, which it will not use. */
static void before_fork(void *user)
{
    ybb_ledger *ledger = user;
    ledger->is_forking = ybb__monitor_try(ledger->access);
    if (!ledger->is_forking)
        return;
    ybb__signals_hold(&ledger->signals);
    rest_unless_held(ledger);
    ybb__signals_restore(&ledger->signals);
}

static void after_fork(void *user)
{
    ybb_ledger *ledger = user;
    if (ledger->is_forking)
        ybb__monitor_unlock(ledger->access);
}

ybb_status ybb__ledger_open(ybb_ledger **out, const ybb_jobstore_settings *settings,
                            ybb_error *error)
{
    *out = NULL;
    ybb_ledger *ledger = calloc(1, sizeof(*ledger));
    if (ledger == NULL)
        return ybb__fail_memory(error);
    ledger->access = ybb__monitor_new();
    ledger->bell = ybb__monitor_new();
    ybb_status status = ledger->access == NULL || ledger->bell == NULL
                            ? ybb__fail_memory(error)
                            : ybb__jobstore_open(&ledger->store, settings, error);
    ledger->watch = (ybb_fork_watch){.before = before_fork, .after = after_fork, .user = ledger};
    ledger->is_watched = status == YBB_OK && ybb__fork_watch_begin(&ledger->watch);
    if (status == YBB_OK)
        *out = ledger;
    else
        ybb__ledger_free(ledger, true);
    return status;
}

void ybb__ledger_free(ybb_ledger *ledger, bool ours)
{
    if (ledger == NULL)
        return;
    ybb__fork_watch_end(&ledger->watch);
    ybb__jobstore_free(ledger->store);
    if (ours) {
        ybb__monitor_free(ledger->access);
        ybb__monitor_free(ledger->bell);
    }
    free(ledger);
}

ybb_jobstore *ybb__ledger_enter(ybb_ledger *ledger)
{
    ybb__monitor_lock(ledger->access);
    ybb__signals_hold(&ledger->signals);
    return ledger->store;
}

ybb_jobstore *ybb__ledger_enter_idle(ybb_ledger *ledger)
{
    if (!ybb__monitor_try(ledger->access))
        return NULL;
    if (!ybb__jobstore_connected(ledger->store)) {
        ybb__monitor_unlock(ledger->access);
        return NULL;
    }
    ybb__signals_hold(&ledger->signals);
    return ledger->store;
}

ybb_status ybb__ledger_leave(ybb_ledger *ledger, ybb_status status)
{
    if (!ledger->is_watched)
        rest_unless_held(ledger);
    ybb__signals_restore(&ledger->signals);
    ybb__monitor_unlock(ledger->access);
    return status;
}

void ybb__ledger_hold(ybb_ledger *ledger)
{
    ybb__monitor_lock(ledger->access);
    ledger->holders++;
    ybb__monitor_unlock(ledger->access);
}

void ybb__ledger_let_go(ybb_ledger *ledger)
{
    (void)ybb__ledger_enter(ledger);
    ledger->holders--;
    (void)ybb__ledger_leave(ledger, YBB_OK);
}

ybb_status ybb__ledger_sync(const ybb_ledger *ledger, ybb_error *error)
{
    return ybb__jobstore_sync(ledger->store, error);
}

void ybb__ledger_move(ybb_ledger *to, ybb_ledger *from)
{
    ybb__monitor_lock(from->access);
    ybb__monitor_lock(to->access);
    ybb__jobstore_move(to->store, from->store);
    ybb__monitor_unlock(to->access);
    ybb__monitor_unlock(from->access);
}

uint64_t ybb__ledger_rings(ybb_ledger *ledger)
{
    ybb__monitor_lock(ledger->bell);
    uint64_t rings = ledger->rings;
    ybb__monitor_unlock(ledger->bell);
    return rings;
}

void ybb__ledger_ring(ybb_ledger *ledger)
{
    ybb__monitor_lock(ledger->bell);
    ledger->rings++;
    ybb__monitor_signal(ledger->bell);
    ybb__monitor_unlock(ledger->bell);
}

void ybb__ledger_wait(ybb_ledger *ledger, uint64_t seen, int64_t microseconds)
{
    ybb__monitor_lock(ledger->bell);
    if (ledger->rings == seen)
        (void)ybb__monitor_wait(ledger->bell, microseconds);
    ybb__monitor_unlock(ledger->bell);
}
