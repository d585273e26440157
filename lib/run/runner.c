#include "run/runner.h"

#include "base/clock.h"

#include <stdlib.h>
#include <string.h>

static const int64_t linger_microseconds = 1000 * 1000;    /* without work, before it leaves */
static const int64_t poll_microseconds = 250 * 1000;       /* while others' exports wait */
static const int64_t trouble_microseconds = 1000 * 1000;   /* after the store failed */
static const int64_t crew_idle_microseconds = 1000 * 1000; /* conductors' threads */

/* An export that is to run here whoever else could run it. */
typedef struct wanted {
    struct wanted *next;
    char id[YBB_ID_TEXT];
    ybb_pipe *pipe;
} wanted;

struct ybb_runner {
    ybb_works shared; /* its guard guards all that follows but the keeper's */
    ybb_ledger *clients;
    ybb_pool *crew; /* the keeper and the conductors: threads that mostly wait */
    ybb_task keeper;
    bool keeping; /* the keeper has been started and has not decided to leave */
    bool serving, stopping;
    int64_t give_back_at; /* steady clock, while stopping */
    bool woken;
    wanted *wishes;
    ybb_work *works;
    unsigned running; /* works that have not been reaped */

    /* The keeper's. */
    char token[YBB_ID_TEXT]; /* "": not registered */
    int64_t beat_at;         /* steady clock: when the next heartbeat is due */
    bool held;               /* the ledgers are */
};

/* More at once than all classes allow never run. */
static unsigned crew_size(const struct ybb_config *config)
{
    enum { MOST = 256 };
    uint64_t size = 1;
    for (unsigned i = 0; i < YBB_PRIORITIES; i++)
        size += config->queue.concurrent[i] < MOST ? config->queue.concurrent[i] : MOST;
    return size < MOST ? (unsigned)size : MOST;
}

ybb_status ybb__runner_new(ybb_runner **out, const struct ybb_config *config, ybb_shelf *shelf,
                           const ybb_jobstore_settings *store, ybb_ledger *clients,
                           ybb_error *error)
{
    *out = NULL;
    ybb_runner *runner = calloc(1, sizeof(*runner));
    if (runner == NULL)
        return ybb__fail_memory(error);
    runner->clients = clients;
    runner->shared.config = config;
    runner->shared.shelf = shelf;
    runner->shared.guard = ybb__monitor_new();
    runner->shared.pool = ybb__pool_new(config->threads);
    runner->crew = ybb__pool_new_idling(crew_size(config), crew_idle_microseconds);
    ybb_status status =
        runner->shared.guard == NULL || runner->shared.pool == NULL || runner->crew == NULL
            ? ybb__fail_memory(error)
            : ybb__ledger_open(&runner->shared.ledger, store, error);
    if (status == YBB_OK)
        *out = runner;
    else
        ybb__runner_free(runner);
    return status;
}

static bool is_ours(const ybb_runner *runner)
{
    return runner->crew != NULL && ybb__pool_is_ours(runner->crew);
}

static void drop_wishes(ybb_runner *runner)
{
    for (wanted *wish = runner->wishes, *next; wish != NULL; wish = next) {
        next = wish->next;
        free(wish);
    }
    runner->wishes = NULL;
}

void ybb__runner_free(ybb_runner *runner)
{
    if (runner == NULL)
        return;
    bool ours = is_ours(runner);
    if (ours)
        (void)ybb__runner_stop(runner, 0, INT64_MAX);
    ybb__pool_free(runner->crew);
    ybb__pool_free(runner->shared.pool);
    if (ours)
        drop_wishes(runner);
    ybb__ledger_free(runner->shared.ledger, ours);
    if (ours)
        ybb__monitor_free(runner->shared.guard);
    free(runner);
}

static void lock(ybb_runner *runner)
{
    ybb__monitor_lock(runner->shared.guard);
}

static void unlock(ybb_runner *runner)
{
    ybb__monitor_unlock(runner->shared.guard);
}

/* --- the keeper --- */

static int64_t beat_microseconds(const ybb_runner *runner)
{
    enum { BEATS_IN_LEASE = 3 };
    return (int64_t)runner->shared.config->queue.lease_seconds * 1000 * 1000 / BEATS_IN_LEASE;
}

static ybb_status enroll(ybb_runner *runner, ybb_error *error)
{
    ybb_ledger *ledger = runner->shared.ledger;
    char token[YBB_ID_TEXT];
    if (runner->token[0] != '\0')
        return YBB_OK;
    ybb_owner_kind kind = runner->serving ? YBB_OWNER_WORKER : YBB_OWNER_INPROC;
    ybb_status status = ybb__ledger_leave(
        ledger, ybb__jobstore_register(ybb__ledger_enter(ledger), kind, token, error));
    if (status == YBB_OK) {
        memcpy(runner->token, token, sizeof(token));
        runner->beat_at = ybb__clock_steady() + beat_microseconds(runner);
    }
    return status;
}

/* Gives back what it has. Works that still run find their leases lost. */
static void resign(ybb_runner *runner)
{
    ybb_ledger *ledger = runner->shared.ledger;
    ybb_error ignored = {0}; /* the lease lapses by itself */
    if (runner->token[0] == '\0')
        return;
    (void)ybb__ledger_leave(
        ledger, ybb__jobstore_unregister(ybb__ledger_enter(ledger), runner->token, &ignored));
    runner->token[0] = '\0';
}

static void beat(ybb_runner *runner)
{
    ybb_ledger *ledger = runner->shared.ledger;
    ybb_error error = {0};
    if (runner->token[0] == '\0' || ybb__clock_steady() < runner->beat_at)
        return;
    ybb_status status = ybb__ledger_leave(
        ledger, ybb__jobstore_heartbeat(ybb__ledger_enter(ledger), runner->token, &error));
    runner->beat_at =
        ybb__clock_steady() + (status == YBB_OK ? beat_microseconds(runner) : trouble_microseconds);
    if (status == YBB_LEASE_LOST)
        resign(runner);
}

/* While exports run, the store stays connected. */
static void hold_ledgers(ybb_runner *runner, bool hold)
{
    if (hold == runner->held)
        return;
    runner->held = hold;
    if (hold) {
        ybb__ledger_hold(runner->shared.ledger);
        ybb__ledger_hold(runner->clients);
    } else {
        ybb__ledger_let_go(runner->shared.ledger);
        ybb__ledger_let_go(runner->clients);
    }
}

/* Frees works that have run. Under guard. */
static void reap(ybb_runner *runner)
{
    for (ybb_work **link = &runner->works; *link != NULL;) {
        ybb_work *work = *link;
        if (work->finished) {
            ybb__pool_finish(runner->crew, &work->task); /* it is about to return */
            *link = work->next;
            runner->running--;
            ybb__work_free(work);
        } else {
            link = &work->next;
        }
    }
}

static void give_up(ybb_runner *runner, const ybb_lease *lease)
{
    ybb_ledger *ledger = runner->shared.ledger;
    ybb_error ignored = {0};
    (void)ybb__ledger_leave(
        ledger, ybb__jobstore_release(ybb__ledger_enter(ledger), lease, 1, NULL, NULL, &ignored));
}

/* Starts the conductor of a claimed job. */
static bool launch(ybb_runner *runner, const ybb_lease *lease, ybb_job *job, ybb_pipe *pipe)
{
    ybb_work *work = ybb__work_new(&runner->shared, lease, job, pipe);
    if (work == NULL) {
        ybb__job_release(job);
        give_up(runner, lease);
        return false;
    }
    lock(runner);
    work->next = runner->works;
    runner->works = work;
    runner->running++;
    bool started = ybb__pool_submit(runner->crew, &work->task, true);
    if (!started) {
        runner->works = work->next;
        runner->running--;
    }
    unlock(runner);
    if (!started) {
        ybb__work_free(work);
        give_up(runner, lease);
    }
    return started;
}

/* Claims and starts one export: @only, or the next. *@none: there was none to be had. */
static ybb_status claim(ybb_runner *runner, const char *only, ybb_pipe *pipe, bool *none,
                        ybb_error *error)
{
    ybb_ledger *ledger = runner->shared.ledger;
    ybb_lease lease;
    ybb_job job = {0};
    ybb_status status =
        ybb__ledger_leave(ledger, ybb__jobstore_claim(ybb__ledger_enter(ledger), runner->token,
                                                      only, &lease, &job, none, error));
    if (status != YBB_OK) { /* perhaps it has a job that it does not know of */
        resign(runner);
        return status;
    }
    if (*none)
        return YBB_OK;
    hold_ledgers(runner, true);
    *none = !launch(runner, &lease, &job, pipe);
    return YBB_OK;
}

/* Whether an export still waits for somebody; not known counts as yes. */
static bool is_waiting(ybb_runner *runner, const char *id)
{
    ybb_ledger *ledger = runner->shared.ledger;
    ybb_error error = {0};
    ybb_job job = {0};
    ybb_status status = ybb__ledger_leave(
        ledger, ybb__jobstore_load(ybb__ledger_enter(ledger), id, NULL, &job, &error));
    bool waiting = status == YBB_OK ? job.state == YBB_JOB_QUEUED : status != YBB_NOT_FOUND;
    ybb__job_release(&job);
    return waiting;
}

static bool take_wish(ybb_runner *runner, wanted **out)
{
    lock(runner);
    *out = runner->stopping ? NULL : runner->wishes;
    if (*out != NULL)
        runner->wishes = (*out)->next;
    unlock(runner);
    return *out != NULL;
}

static void put_back(ybb_runner *runner, wanted *list)
{
    lock(runner);
    while (list != NULL) {
        wanted *next = list->next;
        list->next = runner->wishes;
        runner->wishes = list;
        list = next;
    }
    unlock(runner);
}

static void refuse(ybb_pipe *pipe)
{
    ybb_error why = {0};
    (void)ybb__fail(&why, YBB_NOT_READY, "the stream is being read, or was read before");
    if (pipe != NULL)
        ybb__pipe_finish(pipe, &why);
}

/* Claims the exports that are to run here. */
static ybb_status claim_wishes(ybb_runner *runner, ybb_error *error)
{
    wanted *wish, *later = NULL;
    ybb_status status = YBB_OK;
    while (status == YBB_OK && take_wish(runner, &wish)) {
        bool none = true, gone = wish->pipe != NULL && ybb__pipe_closed(wish->pipe);
        if (!gone)
            status = claim(runner, wish->id, wish->pipe, &none, error);
        if (status != YBB_OK || (none && !gone && is_waiting(runner, wish->id))) {
            wish->next = later;
            later = wish;
            continue;
        }
        if (none)
            refuse(wish->pipe);
        free(wish);
    }
    put_back(runner, later);
    return status;
}

static bool may_claim(ybb_runner *runner)
{
    lock(runner);
    bool may = !runner->stopping;
    unlock(runner);
    return may;
}

/* Whether exports that nobody wants here in particular are left to somebody else. */
static ybb_status leave_to_worker(ybb_runner *runner, bool *leave, ybb_error *error)
{
    ybb_ledger *ledger = runner->shared.ledger;
    *leave = false;
    if (runner->serving || runner->shared.config->pool == YBB_POOL_INPROC)
        return YBB_OK;
    return ybb__ledger_leave(ledger,
                             ybb__jobstore_worker_alive(ybb__ledger_enter(ledger), leave, error));
}

static ybb_status claim_all(ybb_runner *runner, bool *leave, ybb_error *error)
{
    ybb_status status = claim_wishes(runner, error);
    if (status == YBB_OK)
        status = leave_to_worker(runner, leave, error);
    for (bool none = *leave; status == YBB_OK && !none && may_claim(runner);)
        status = claim(runner, NULL, NULL, &none, error);
    return status;
}

/* Whether anything is queued that this process might run. */
static bool is_awaited(ybb_runner *runner, bool leave)
{
    ybb_ledger *ledger = runner->shared.ledger;
    ybb_queue_state state;
    ybb_error ignored = {0};
    lock(runner);
    bool wishes = runner->wishes != NULL;
    unlock(runner);
    if (wishes || leave)
        return wishes;
    ybb_status status =
        ybb__ledger_leave(ledger, ybb__jobstore_queue(ybb__ledger_enter(ledger), &state, &ignored));
    return status != YBB_OK || state.queued > 0;
}

/* Has what runs stop: it goes on elsewhere. Under guard. */
static void recall(ybb_runner *runner)
{
    for (ybb_work *work = runner->works; work != NULL; work = work->next) {
        if (work->give_back)
            continue;
        work->give_back = true;
        if (work->db != NULL)
            ybb__db_interrupt(work->db);
        if (work->pipe != NULL)
            ybb__pipe_close(work->pipe);
    }
}

static void wait_for_something(ybb_runner *runner, int64_t most)
{
    int64_t due = runner->beat_at - ybb__clock_steady();
    if (runner->token[0] != '\0' && due < most)
        most = due > 0 ? due : 0;
    lock(runner);
    if (runner->stopping) {
        int64_t left = runner->give_back_at - ybb__clock_steady();
        if (left <= 0)
            recall(runner);
        else if (left < most)
            most = left;
    }
    if (!runner->woken)
        (void)ybb__monitor_wait(runner->shared.guard, most);
    runner->woken = false;
    reap(runner);
    unlock(runner);
}

/* Whether the keeper leaves: stopped and done, or without work for a while. */
static bool leaves(ybb_runner *runner, int64_t idle_since)
{
    bool long_idle = idle_since != 0 && ybb__clock_steady() - idle_since >= linger_microseconds;
    lock(runner);
    bool leave = runner->running == 0 && !runner->woken &&
                 (runner->stopping || (!runner->serving && long_idle));
    if (leave && runner->stopping)
        runner->keeping = false;
    else if (leave)
        runner->keeping = runner->wishes != NULL; /* whoever wakes it now starts it anew */
    leave = leave && !runner->keeping;
    unlock(runner);
    return leave;
}

static unsigned count_running(ybb_runner *runner)
{
    lock(runner);
    reap(runner);
    unsigned running = runner->running;
    unlock(runner);
    return running;
}

static void keep(ybb_task *task)
{
    ybb_runner *runner = (ybb_runner *)((char *)task - offsetof(ybb_runner, keeper));
    int64_t idle_since = 0;
    do {
        ybb_error error = {0};
        bool leave = false;
        beat(runner);
        ybb_status status = may_claim(runner) ? enroll(runner, &error) : YBB_OK;
        if (status == YBB_OK && runner->token[0] != '\0' && may_claim(runner))
            status = claim_all(runner, &leave, &error);
        bool busy = count_running(runner) > 0;
        bool awaited = status != YBB_OK || is_awaited(runner, leave);
        hold_ledgers(runner, busy);
        if (busy || awaited)
            idle_since = 0;
        else if (idle_since == 0)
            idle_since = ybb__clock_steady();
        wait_for_something(runner, status != YBB_OK ? trouble_microseconds : poll_microseconds);
    } while (!leaves(runner, idle_since));
    hold_ledgers(runner, false);
    resign(runner);
    ybb__ledger_ring(runner->shared.ledger);
}

/* --- others --- */

/* Under guard. */
static void rouse(ybb_runner *runner)
{
    runner->woken = true;
    ybb__monitor_signal(runner->shared.guard);
}

/* A keeper that has decided to leave may not have left yet. Under guard, which it gives up. */
static ybb_status start_keeper(ybb_runner *runner, ybb_error *error)
{
    if (runner->keeping)
        return YBB_OK;
    runner->keeping = true;
    unlock(runner);
    ybb__pool_finish(runner->crew, &runner->keeper);
    bool started = ybb__pool_submit(runner->crew, &runner->keeper, true);
    lock(runner);
    runner->keeping = started;
    return started ? YBB_OK : ybb__fail(error, YBB_NO_MEMORY, "no thread can be started");
}

static ybb_status begin(ybb_runner *runner, ybb_error *error)
{
    if (runner->stopping)
        return ybb__fail(error, YBB_NOT_READY, "the exporter is being stopped");
    runner->keeper.run = keep;
    ybb_status status = start_keeper(runner, error);
    rouse(runner);
    return status;
}

ybb_status ybb__runner_wake(ybb_runner *runner, const char *id, ybb_pipe *pipe, ybb_error *error)
{
    wanted *wish = calloc(1, sizeof(*wish));
    if (wish == NULL)
        return ybb__fail_memory(error);
    strncat(wish->id, id, sizeof(wish->id) - 1);
    wish->pipe = pipe;
    lock(runner);
    wish->next = runner->wishes;
    runner->wishes = wish;
    ybb_status status = begin(runner, error);
    if (status != YBB_OK) {
        runner->wishes = wish->next;
        free(wish);
    }
    unlock(runner);
    return status;
}

ybb_status ybb__runner_serve(ybb_runner *runner, ybb_error *error)
{
    lock(runner);
    runner->serving = true;
    ybb_status status = begin(runner, error);
    unlock(runner);
    return status;
}

/* Under guard. */
static bool has_stopped(ybb_runner *runner)
{
    return !runner->keeping && ybb__pool_done(runner->crew, &runner->keeper);
}

bool ybb__runner_stop(ybb_runner *runner, int64_t drain, int64_t most)
{
    enum { LOOK = 20 * 1000 };
    int64_t now = ybb__clock_steady();
    int64_t deadline = most > INT64_MAX - now ? INT64_MAX : now + most;
    if (!is_ours(runner))
        return true;
    lock(runner);
    bool never = runner->keeper.run == NULL;
    runner->stopping = !never;
    runner->give_back_at = drain > INT64_MAX - now ? INT64_MAX : now + drain;
    rouse(runner);
    while (!never && !has_stopped(runner) && ybb__clock_steady() < deadline)
        (void)ybb__monitor_wait(runner->shared.guard, LOOK);
    bool stopped = never || has_stopped(runner);
    if (stopped) {
        runner->stopping = runner->serving = false;
        for (wanted *wish = runner->wishes; wish != NULL; wish = wish->next)
            refuse(wish->pipe);
        drop_wishes(runner);
    }
    unlock(runner);
    return stopped;
}

unsigned ybb__runner_running(ybb_runner *runner)
{
    return is_ours(runner) ? count_running(runner) : 0;
}

void ybb__runner_cancel(ybb_runner *runner, const char *id)
{
    if (!is_ours(runner))
        return;
    lock(runner);
    for (ybb_work *work = runner->works; work != NULL; work = work->next) {
        if (strcmp(work->job.id, id) != 0)
            continue;
        work->cancelled = true;
        if (work->db != NULL)
            ybb__db_interrupt(work->db);
        if (work->pipe != NULL)
            ybb__pipe_close(work->pipe);
    }
    unlock(runner);
}

ybb_ledger *ybb__runner_ledger(ybb_runner *runner)
{
    return runner->shared.ledger;
}
