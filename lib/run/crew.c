#include "run/crew.h"

#include "base/clock.h"
#include "pool/signals.h"
#include "run/mailer.h"

#include <stdlib.h>
#include <string.h>

static const int64_t linger_microseconds = 1000 * 1000; /* without work, before it leaves */
static const int64_t poll_microseconds = 250 * 1000;    /* while others' exports wait */
/* An export that somebody waits for comes first: others are looked for so long behind its begin and
 * its end, but every second in any case. The store stays connected for the question about it. */
static const int64_t yield_begin_microseconds = 100 * 1000, yield_end_microseconds = 10 * 1000;
static const int64_t yield_most_microseconds = 1000 * 1000;
static const int64_t connected_microseconds = 100 * 1000;
static const int64_t trouble_microseconds = 1000 * 1000;     /* after the store failed */
static const int64_t tell_microseconds = 5 * 1000 * 1000;    /* it fails, before the log says so */
static const int64_t cancel_look_microseconds = 1000 * 1000; /* by other processes */
static const int64_t thread_idle_microseconds = 1000 * 1000; /* conductors' threads */

/* An export that is to run here whoever else could run it. */
typedef struct wanted {
    struct wanted *next;
    char id[YBB_ID_TEXT];
    ybb_pipe *pipe;
    /* Until somebody has tried to claim it. */
    bool holds; /* the ledgers */
    ybb_counted source;
} wanted;

/* What the store fails at, from one try to the next. */
typedef struct trouble {
    int64_t since; /* steady clock; 0: the last try went well */
    ybb_error why;
} trouble;

struct ybb_crew {
    ybb_works shared; /* its guard guards all that follows but the keeper's */
    ybb_ledger *clients;
    ybb_pool *threads; /* the keeper and the conductors: threads that mostly wait */
    ybb_task keeper;
    bool keeping; /* the keeper has been started and has not decided to leave */
    bool gone;    /* it has done all that it does before it leaves, or never began */
    bool serving, stopping;
    bool expecting;       /* the keeper begins for an export that is about to be asked for */
    int64_t give_back_at; /* steady clock, while stopping */
    bool woken;
    wanted *wishes;
    wanted *at_hand; /* the wish that is being claimed */
    ybb_work *works;
    unsigned running;   /* works that have not been reaped */
    ybb_mailer *mailer; /* NULL: none is sent */
    bool unposted;      /* an export has ended since the keeper last looked for mail */
    trouble claiming, beating;

    /* The keeper's. */
    char token[YBB_ID_TEXT]; /* "": not registered */
    int64_t beat_at;         /* steady clock: when the next heartbeat is due */
    int64_t look_at;         /* steady clock: when to look for cancelled exports again */
    /* steady clock */
    int64_t others_at; /* until then others' exports wait; under guard */
    int64_t looked_at; /* when they were last looked for */
    int64_t rest_at;   /* until then the store stays connected; under guard */
    int64_t told_of;   /* since when the store fails, as the log says; 0: it does not */
    bool held;         /* the ledgers are */
};

/* More at once than all classes allow never run. */
static unsigned thread_count(const struct ybb_config *config)
{
    enum { MOST = 256 };
    uint64_t size = 2; /* the keeper, and who sends mail */
    for (unsigned i = 0; i < YBB_PRIORITIES; i++)
        size += config->queue.concurrent[i] < MOST ? config->queue.concurrent[i] : MOST;
    return size < MOST ? (unsigned)size : MOST;
}

ybb_status ybb__crew_new(ybb_crew **out, const struct ybb_config *config,
                         const ybb_journal *journal, ybb_shelf *shelf,
                         const ybb_jobstore_settings *store, ybb_ledger *clients, ybb_error *error)
{
    *out = NULL;
    ybb_crew *crew = calloc(1, sizeof(*crew));
    if (crew == NULL)
        return ybb__fail_memory(error);
    crew->clients = clients;
    crew->gone = true;
    crew->shared.config = config;
    crew->shared.shelf = shelf;
    crew->shared.journal = journal;
    crew->shared.guard = ybb__monitor_new();
    crew->shared.pool = ybb__pool_new(config->threads);
    crew->threads = ybb__pool_new_idling(thread_count(config), thread_idle_microseconds);
    if (ybb__mailer_is_on(config))
        crew->mailer = ybb__mailer_new(&crew->shared);
    ybb_status status = crew->shared.guard == NULL || crew->shared.pool == NULL ||
                                crew->threads == NULL ||
                                (crew->mailer == NULL && ybb__mailer_is_on(config))
                            ? ybb__fail_memory(error)
                            : ybb__ledger_open(&crew->shared.ledger, store, error);
    if (status == YBB_OK)
        *out = crew;
    else
        ybb__crew_free(crew);
    return status;
}

static bool is_ours(const ybb_crew *crew)
{
    return crew->threads != NULL && ybb__pool_is_ours(crew->threads);
}

static void hold_both(ybb_crew *crew)
{
    ybb__ledger_hold(crew->shared.ledger);
    ybb__ledger_hold(crew->clients);
}

static void let_go_both(ybb_crew *crew)
{
    ybb__ledger_let_go(crew->shared.ledger);
    ybb__ledger_let_go(crew->clients);
}

/* From its wish on the store stays connected, so that nobody disconnects who has just recorded an
 * export that is claimed the next moment: a last connection to SQLite that goes syncs its files. */
static wanted *new_wish(ybb_crew *crew, const char *id, ybb_pipe *pipe)
{
    wanted *wish = calloc(1, sizeof(*wish));
    if (wish == NULL)
        return NULL;
    strncat(wish->id, id, sizeof(wish->id) - 1);
    wish->pipe = pipe;
    wish->holds = true;
    hold_both(crew);
    ybb__ledger_move(crew->shared.ledger, crew->clients);
    return wish;
}

/* Perhaps on a thread of the host. */
static void close_source(ybb_db *source)
{
    ybb_signals signals;
    ybb__signals_hold(&signals);
    ybb__db_close(source);
    ybb__signals_restore(&signals);
}

static void rest_wish(ybb_crew *crew, wanted *wish)
{
    if (wish->holds)
        let_go_both(crew);
    wish->holds = false;
    close_source(wish->source.db);
    wish->source = (ybb_counted){0};
}

static void free_wish(ybb_crew *crew, wanted *wish)
{
    rest_wish(crew, wish);
    free(wish);
}

static void drop_wishes(ybb_crew *crew)
{
    for (wanted *wish = crew->wishes, *next; wish != NULL; wish = next) {
        next = wish->next;
        free_wish(crew, wish);
    }
    crew->wishes = NULL;
}

void ybb__crew_free(ybb_crew *crew)
{
    if (crew == NULL)
        return;
    bool ours = is_ours(crew);
    if (ours)
        (void)ybb__crew_stop(crew, 0, INT64_MAX);
    ybb__pool_free(crew->threads);
    ybb__pool_free(crew->shared.pool);
    if (ours)
        drop_wishes(crew);
    ybb__mailer_free(crew->mailer);
    ybb__ledger_free(crew->shared.ledger, ours);
    if (ours)
        ybb__monitor_free(crew->shared.guard);
    free(crew);
}

static void lock(ybb_crew *crew)
{
    ybb__monitor_lock(crew->shared.guard);
}

static void unlock(ybb_crew *crew)
{
    ybb__monitor_unlock(crew->shared.guard);
}

/* How a try that began at @began went. */
static void note(ybb_crew *crew, trouble *of, int64_t began, const ybb_error *why)
{
    lock(crew);
    if (why->status == YBB_OK)
        of->since = 0;
    else if (of->since == 0)
        of->since = began;
    of->why = *why;
    unlock(crew);
}

/* --- the keeper --- */

/* Where the store fails nothing is begun, and no export tells of it: the log says so once, and once
 * that it is over. */
static void tell_of_store(ybb_crew *crew, const ybb_error *why)
{
    static const double microseconds_per_second = 1e6;
    ybb_log log;
    bool fails = why->status != YBB_OK;
    int64_t since = fails ? crew->claiming.since : crew->told_of;
    int64_t lasted = ybb__clock_steady() - since;
    if (fails ? crew->told_of != 0 || lasted < tell_microseconds : crew->told_of == 0)
        return;
    crew->told_of = fails ? since : 0;
    if (ybb__journal_open(crew->shared.journal, &log))
        ybb__journal_tell(crew->shared.journal,
                          ybb__log_store(&log, why, (double)lasted / microseconds_per_second));
}

static int64_t beat_microseconds(const ybb_crew *crew)
{
    enum { BEATS_IN_LEASE = 3 };
    return (int64_t)crew->shared.config->queue.lease_seconds * 1000 * 1000 / BEATS_IN_LEASE;
}

static ybb_status enroll(ybb_crew *crew, ybb_error *error)
{
    ybb_ledger *ledger = crew->shared.ledger;
    char token[YBB_ID_TEXT];
    if (crew->token[0] != '\0')
        return YBB_OK;
    ybb_owner_kind kind = crew->serving ? YBB_OWNER_WORKER : YBB_OWNER_INPROC;
    ybb_status status = ybb__ledger_leave(
        ledger, ybb__jobstore_register(ybb__ledger_enter(ledger), kind, token, error));
    if (status == YBB_OK) {
        memcpy(crew->token, token, sizeof(token));
        crew->beat_at = ybb__clock_steady() + beat_microseconds(crew);
        crew->look_at = ybb__clock_steady() + cancel_look_microseconds;
    }
    return status;
}

/* Gives back what it has. Works that still run find their leases lost. */
static void resign(ybb_crew *crew)
{
    ybb_ledger *ledger = crew->shared.ledger;
    ybb_error ignored = {0}; /* the lease lapses by itself */
    if (crew->token[0] == '\0')
        return;
    (void)ybb__ledger_leave(
        ledger, ybb__jobstore_unregister(ybb__ledger_enter(ledger), crew->token, &ignored));
    crew->token[0] = '\0';
}

static void beat(ybb_crew *crew)
{
    ybb_ledger *ledger = crew->shared.ledger;
    ybb_error error = {0};
    int64_t began = ybb__clock_steady();
    if (crew->token[0] == '\0' || began < crew->beat_at)
        return;
    ybb_status status = ybb__ledger_leave(
        ledger, ybb__jobstore_heartbeat(ybb__ledger_enter(ledger), crew->token, &error));
    crew->beat_at =
        ybb__clock_steady() + (status == YBB_OK ? beat_microseconds(crew) : trouble_microseconds);
    note(crew, &crew->beating, began, &error);
    if (status == YBB_LEASE_LOST)
        resign(crew);
}

/* Other processes cancel by the store alone, and who reads rows may wait long for the next ones. */
static void look_for_cancelled(ybb_crew *crew)
{
    enum { AT_ONCE = 16 };
    char ids[AT_ONCE][YBB_ID_TEXT];
    uint32_t count = 0;
    ybb_ledger *ledger = crew->shared.ledger;
    ybb_error ignored = {0}; /* asked again soon */
    if (crew->token[0] == '\0' || !crew->held || ybb__clock_steady() < crew->look_at)
        return;
    (void)ybb__ledger_leave(ledger, ybb__jobstore_cancelled(ybb__ledger_enter(ledger), crew->token,
                                                            ids, AT_ONCE, &count, &ignored));
    crew->look_at = ybb__clock_steady() + cancel_look_microseconds;
    for (uint32_t i = 0; i < count; i++)
        ybb__crew_cancel(crew, ids[i]);
}

/* While exports run, the store stays connected. */
static void hold_ledgers(ybb_crew *crew, bool hold)
{
    if (hold == crew->held)
        return;
    crew->held = hold;
    if (hold)
        hold_both(crew);
    else
        let_go_both(crew);
}

/* Under guard. */
static void yield_behind(ybb_crew *crew, const ybb_work *work)
{
    int64_t now = ybb__clock_steady();
    crew->rest_at = now + connected_microseconds;
    if (work->wished)
        crew->others_at = now + yield_end_microseconds;
}

/* Whether others' exports wait for one that somebody waits for. */
static bool yields(ybb_crew *crew)
{
    int64_t now = ybb__clock_steady();
    lock(crew);
    bool yield =
        now < crew->others_at && now - crew->looked_at < yield_most_microseconds && !crew->serving;
    unlock(crew);
    return yield;
}

/* Frees works that have run. Under guard. */
static void reap(ybb_crew *crew)
{
    for (ybb_work **link = &crew->works; *link != NULL;) {
        ybb_work *work = *link;
        if (work->finished) {
            ybb__pool_finish(crew->threads, &work->task); /* it is about to return */
            *link = work->next;
            crew->running--;
            yield_behind(crew, work);
            crew->unposted = crew->mailer != NULL;
            ybb__work_free(work);
        } else {
            link = &work->next;
        }
    }
}

static void give_up(ybb_crew *crew, const ybb_lease *lease)
{
    ybb_ledger *ledger = crew->shared.ledger;
    ybb_error ignored = {0};
    (void)ybb__ledger_leave(
        ledger, ybb__jobstore_release(ybb__ledger_enter(ledger), lease, 1, NULL, NULL, &ignored));
}

/* Starts the conductor of a claimed job, which somebody wanted or (NULL) nobody in particular. */
static bool launch(ybb_crew *crew, const ybb_lease *lease, ybb_job *job, wanted *wish)
{
    ybb_work *work = ybb__work_new(&crew->shared, lease, job, wish != NULL ? wish->pipe : NULL);
    if (work == NULL) {
        ybb__job_release(job);
        give_up(crew, lease);
        return false;
    }
    if (wish != NULL) {
        work->source = wish->source;
        wish->source = (ybb_counted){0};
        work->wished = true;
    }
    lock(crew);
    if (wish != NULL)
        crew->others_at = ybb__clock_steady() + yield_begin_microseconds;
    work->next = crew->works;
    crew->works = work;
    crew->running++;
    bool started = ybb__pool_submit(crew->threads, &work->task);
    if (!started) {
        crew->works = work->next;
        crew->running--;
    }
    unlock(crew);
    if (!started) {
        ybb__work_free(work);
        give_up(crew, lease);
    }
    return started;
}

/* Claims and starts one export: the one that is wanted, or (NULL) the next. *@none: there was none
 * to be had. */
static ybb_status claim(ybb_crew *crew, wanted *wish, bool *none, ybb_error *error)
{
    const char *only = wish != NULL ? wish->id : NULL;
    ybb_ledger *ledger = crew->shared.ledger;
    ybb_lease lease;
    ybb_job job = {0};
    ybb_status status =
        ybb__ledger_leave(ledger, ybb__jobstore_claim(ybb__ledger_enter(ledger), crew->token, only,
                                                      &lease, &job, none, error));
    if (status != YBB_OK) { /* perhaps it has a job that it does not know of */
        resign(crew);
        return status;
    }
    if (*none)
        return YBB_OK;
    /* first: who asks for exports may be in one of the ledgers, and its wish holds them */
    *none = !launch(crew, &lease, &job, wish);
    hold_ledgers(crew, true);
    return YBB_OK;
}

/* Whether an export still waits for somebody; not known counts as yes. */
static bool is_waiting(ybb_crew *crew, const char *id)
{
    ybb_ledger *ledger = crew->shared.ledger;
    ybb_error error = {0};
    ybb_job job = {0};
    ybb_status status = ybb__ledger_leave(
        ledger, ybb__jobstore_load(ybb__ledger_enter(ledger), id, NULL, &job, &error));
    bool waiting = status == YBB_OK ? job.state == YBB_JOB_QUEUED : status != YBB_NOT_FOUND;
    ybb__job_release(&job);
    return waiting;
}

static bool take_wish(ybb_crew *crew, wanted **out)
{
    lock(crew);
    *out = crew->stopping ? NULL : crew->wishes;
    if (*out != NULL)
        crew->wishes = (*out)->next;
    crew->at_hand = *out;
    unlock(crew);
    return *out != NULL;
}

static void put_down(ybb_crew *crew)
{
    lock(crew);
    crew->at_hand = NULL;
    unlock(crew);
}

static void put_back(ybb_crew *crew, wanted *list)
{
    lock(crew);
    while (list != NULL) {
        wanted *next = list->next;
        list->next = crew->wishes;
        crew->wishes = list;
        list = next;
    }
    unlock(crew);
}

static void refuse(ybb_pipe *pipe, ybb_status status, const char *message)
{
    ybb_error why = {0};
    (void)ybb__fail(&why, status, "%s", message);
    if (pipe != NULL)
        ybb__pipe_finish(pipe, &why);
}

/* A stream whose reader went before its turn came: as when it goes later. */
static void take_back(ybb_crew *crew, const char *id)
{
    ybb_ledger *ledger = crew->shared.ledger;
    ybb_error ignored = {0};
    if (is_waiting(crew, id))
        (void)ybb__ledger_leave(
            ledger, ybb__jobstore_cancel(ybb__ledger_enter(ledger), id, NULL, &ignored));
}

/* Claims the exports that are to run here. */
static ybb_status claim_wishes(ybb_crew *crew, ybb_error *error)
{
    wanted *wish, *later = NULL;
    ybb_status status = YBB_OK;
    while (status == YBB_OK && take_wish(crew, &wish)) {
        bool none = true, gone = wish->pipe != NULL && ybb__pipe_closed(wish->pipe);
        if (gone)
            take_back(crew, wish->id);
        else
            status = claim(crew, wish, &none, error);
        put_down(crew);
        if (status != YBB_OK || (none && !gone && is_waiting(crew, wish->id))) {
            rest_wish(crew, wish);
            wish->next = later;
            later = wish;
            continue;
        }
        if (none)
            refuse(wish->pipe, YBB_NOT_RESUMABLE, "the stream is being read, or was read before");
        free_wish(crew, wish);
    }
    put_back(crew, later);
    return status;
}

static bool may_claim(ybb_crew *crew)
{
    lock(crew);
    bool may = !crew->stopping;
    unlock(crew);
    return may;
}

/* Whether exports that nobody wants here in particular are left to somebody else. */
static ybb_status leave_to_worker(ybb_crew *crew, bool *leave, ybb_error *error)
{
    ybb_ledger *ledger = crew->shared.ledger;
    *leave = !crew->serving && crew->shared.config->pool == YBB_POOL_WORKER;
    if (*leave || crew->serving || crew->shared.config->pool == YBB_POOL_INPROC)
        return YBB_OK;
    return ybb__ledger_leave(ledger,
                             ybb__jobstore_worker_alive(ybb__ledger_enter(ledger), leave, error));
}

static ybb_status claim_all(ybb_crew *crew, bool *leave, ybb_error *error)
{
    ybb_status status = claim_wishes(crew, error);
    if (status != YBB_OK || yields(crew))
        return status;
    crew->looked_at = ybb__clock_steady();
    status = leave_to_worker(crew, leave, error);
    for (bool none = *leave; status == YBB_OK && !none && may_claim(crew);)
        status = claim(crew, NULL, &none, error);
    return status;
}

/* Has mail that is due be sent, unless it is left to a worker. Whether some is. What the store says
 * is no matter: it is asked again soon. */
static bool post_mail(ybb_crew *crew, bool leave)
{
    ybb_ledger *ledger = crew->shared.ledger;
    ybb_error ignored = {0};
    bool due = false;
    lock(crew);
    bool look = crew->mailer != NULL && crew->token[0] != '\0' && !leave &&
                !ybb__mailer_is_busy(crew->mailer) &&
                (!crew->stopping || ybb__clock_steady() < crew->give_back_at);
    crew->unposted = crew->unposted && look;
    unlock(crew);
    if (!look)
        return false;
    (void)ybb__ledger_leave(ledger,
                            ybb__jobstore_mail_due(ybb__ledger_enter(ledger), &due, &ignored));
    lock(crew);
    if (due)
        (void)ybb__mailer_start(crew->mailer, crew->threads, crew->token);
    crew->unposted = false;
    unlock(crew);
    return due;
}

/* Whether anything is queued that this process might run. */
static bool is_awaited(ybb_crew *crew, bool leave)
{
    ybb_ledger *ledger = crew->shared.ledger;
    ybb_queue_state state;
    ybb_error ignored = {0};
    lock(crew);
    bool wishes = crew->wishes != NULL;
    unlock(crew);
    if (wishes || leave)
        return wishes;
    ybb_status status =
        ybb__ledger_leave(ledger, ybb__jobstore_queue(ybb__ledger_enter(ledger), &state, &ignored));
    return status != YBB_OK || state.queued > 0;
}

/* Has what runs stop: it goes on elsewhere. Under guard. */
static void recall(ybb_crew *crew)
{
    for (ybb_work *work = crew->works; work != NULL; work = work->next) {
        if (work->give_back)
            continue;
        work->give_back = true;
        if (work->db != NULL)
            ybb__db_interrupt(work->db);
        if (work->pipe != NULL)
            ybb__pipe_close(work->pipe);
    }
    if (crew->mailer != NULL)
        ybb__mailer_recall(crew->mailer);
}

/* @most, or less where @at comes before that. */
static int64_t until(int64_t most, int64_t now, int64_t at)
{
    return at > now && at - now < most ? at - now : most;
}

static void wait_for_something(ybb_crew *crew, int64_t most)
{
    int64_t now = ybb__clock_steady(), due = crew->beat_at - now;
    if (crew->token[0] != '\0' && due < most)
        most = due > 0 ? due : 0;
    lock(crew);
    most = until(until(most, now, crew->others_at), now, crew->rest_at);
    if (crew->stopping) {
        int64_t left = crew->give_back_at - ybb__clock_steady();
        if (left <= 0)
            recall(crew);
        else if (left < most)
            most = left;
    }
    if (!crew->woken)
        (void)ybb__monitor_wait(crew->shared.guard, most);
    crew->woken = false;
    reap(crew);
    unlock(crew);
}

/* Under guard. */
static bool is_posting(const ybb_crew *crew)
{
    return crew->mailer != NULL && ybb__mailer_is_busy(crew->mailer);
}

/* Whether the keeper leaves: stopped and done, or without work for a while. */
static bool leaves(ybb_crew *crew, int64_t idle_since)
{
    bool long_idle = idle_since != 0 && ybb__clock_steady() - idle_since >= linger_microseconds;
    lock(crew);
    bool posts = crew->unposted || is_posting(crew);
    bool leave = crew->running == 0 && !posts && !crew->woken &&
                 (crew->stopping || (!crew->serving && long_idle));
    if (leave && crew->stopping)
        crew->keeping = false;
    else if (leave)
        crew->keeping = crew->wishes != NULL; /* whoever wakes it now starts it anew */
    leave = leave && !crew->keeping;
    unlock(crew);
    return leave;
}

static unsigned count_running(ybb_crew *crew)
{
    lock(crew);
    reap(crew);
    unsigned running = crew->running;
    unlock(crew);
    return running;
}

static bool stays_connected(ybb_crew *crew)
{
    lock(crew);
    bool stays = !crew->stopping && ybb__clock_steady() < crew->rest_at;
    unlock(crew);
    return stays;
}

static bool is_busy(ybb_crew *crew)
{
    lock(crew);
    reap(crew);
    bool busy = crew->running > 0 || is_posting(crew);
    unlock(crew);
    return busy;
}

static void keep(ybb_task *task)
{
    ybb_crew *crew = (ybb_crew *)((char *)task - offsetof(ybb_crew, keeper));
    int64_t idle_since = 0;
    lock(crew);
    crew->gone = false;
    crew->claiming.since = crew->beating.since = 0;
    crew->others_at = crew->expecting ? ybb__clock_steady() + yield_most_microseconds : 0;
    crew->rest_at = crew->others_at;
    crew->expecting = false;
    unlock(crew);
    crew->looked_at = ybb__clock_steady();
    crew->told_of = 0;
    hold_ledgers(crew, stays_connected(crew));
    do {
        ybb_error error = {0};
        bool leave = false, tries = may_claim(crew);
        beat(crew);
        look_for_cancelled(crew);
        int64_t began = ybb__clock_steady();
        ybb_status status = tries ? enroll(crew, &error) : YBB_OK;
        if (status == YBB_OK && crew->token[0] != '\0' && may_claim(crew))
            status = claim_all(crew, &leave, &error);
        note(crew, &crew->claiming, began, &error);
        if (tries)
            tell_of_store(crew, &error);
        bool yield = yields(crew);
        bool mail = status == YBB_OK && !yield && post_mail(crew, leave);
        bool busy = is_busy(crew);
        bool awaited = busy || yield || mail || status != YBB_OK || is_awaited(crew, leave);
        hold_ledgers(crew, busy || stays_connected(crew));
        if (awaited)
            idle_since = 0;
        else if (idle_since == 0)
            idle_since = ybb__clock_steady();
        wait_for_something(crew, status != YBB_OK ? trouble_microseconds : poll_microseconds);
    } while (!leaves(crew, idle_since));
    hold_ledgers(crew, false);
    resign(crew);
    ybb__ledger_ring(crew->shared.ledger);
    lock(crew);
    crew->gone = true;
    ybb__monitor_signal(crew->shared.guard);
    unlock(crew);
}

/* --- others --- */

/* Under guard. */
static void rouse(ybb_crew *crew)
{
    crew->woken = true;
    ybb__monitor_signal(crew->shared.guard);
}

/* A keeper that has decided to leave may not have left yet. Under guard, which it gives up. */
static ybb_status start_keeper(ybb_crew *crew, ybb_error *error)
{
    if (crew->keeping)
        return YBB_OK;
    crew->keeping = true;
    unlock(crew);
    ybb__pool_finish(crew->threads, &crew->keeper);
    bool started = ybb__pool_submit(crew->threads, &crew->keeper);
    lock(crew);
    crew->keeping = started;
    return started ? YBB_OK : ybb__fail(error, YBB_NO_MEMORY, "no thread can be started");
}

static ybb_status begin(ybb_crew *crew, ybb_error *error)
{
    if (crew->stopping)
        return ybb__fail(error, YBB_NOT_READY, "the exporter is being stopped");
    crew->keeper.run = keep;
    ybb_status status = start_keeper(crew, error);
    rouse(crew);
    return status;
}

ybb_status ybb__crew_wake(ybb_crew *crew, const char *id, ybb_pipe *pipe, ybb_counted source,
                          ybb_error *error)
{
    wanted *wish = new_wish(crew, id, pipe);
    if (wish == NULL) {
        close_source(source.db);
        return ybb__fail_memory(error);
    }
    wish->source = source;
    lock(crew);
    wish->next = crew->wishes;
    crew->wishes = wish;
    ybb_status status = begin(crew, error);
    if (status != YBB_OK)
        crew->wishes = wish->next;
    unlock(crew);
    if (status != YBB_OK)
        free_wish(crew, wish);
    return status;
}

bool ybb__crew_expect(ybb_crew *crew)
{
    ybb_error ignored = {0};
    lock(crew);
    bool begun = !crew->keeping;
    if (begun) {
        crew->expecting = true;
        begun = begin(crew, &ignored) == YBB_OK;
        if (!begun)
            crew->expecting = false;
    }
    unlock(crew);
    return begun;
}

void ybb__crew_expect_none(ybb_crew *crew)
{
    lock(crew);
    crew->expecting = false;
    crew->others_at = crew->rest_at = 0;
    rouse(crew);
    unlock(crew);
}

ybb_status ybb__crew_assist(ybb_crew *crew, ybb_error *error)
{
    lock(crew);
    ybb_status status = begin(crew, error);
    unlock(crew);
    return status;
}

ybb_status ybb__crew_serve(ybb_crew *crew, ybb_error *error)
{
    lock(crew);
    crew->serving = true;
    ybb_status status = begin(crew, error);
    unlock(crew);
    return status;
}

/* Under guard. */
static bool has_stopped(ybb_crew *crew)
{
    return !crew->keeping && crew->gone;
}

bool ybb__crew_stop(ybb_crew *crew, int64_t drain, int64_t most)
{
    enum { LOOK = 1000 * 1000 };
    int64_t now = ybb__clock_steady();
    int64_t deadline = most > INT64_MAX - now ? INT64_MAX : now + most;
    if (!is_ours(crew))
        return true;
    lock(crew);
    bool never = crew->keeper.run == NULL;
    crew->stopping = !never;
    crew->give_back_at = drain > INT64_MAX - now ? INT64_MAX : now + drain;
    rouse(crew);
    for (; !never && !has_stopped(crew) && now < deadline; now = ybb__clock_steady())
        (void)ybb__monitor_wait(crew->shared.guard, deadline - now < LOOK ? deadline - now : LOOK);
    bool stopped = never || has_stopped(crew);
    if (stopped) {
        crew->stopping = crew->serving = false;
        for (wanted *wish = crew->wishes; wish != NULL; wish = wish->next)
            refuse(wish->pipe, YBB_NOT_READY, "the exporter is being stopped");
        drop_wishes(crew);
    }
    unlock(crew);
    return stopped;
}

unsigned ybb__crew_running(ybb_crew *crew)
{
    return is_ours(crew) ? count_running(crew) : 0;
}

void ybb__crew_cancel(ybb_crew *crew, const char *id)
{
    if (!is_ours(crew))
        return;
    lock(crew);
    for (ybb_work *work = crew->works; work != NULL; work = work->next) {
        if (strcmp(work->job.id, id) != 0 || work->cancelled)
            continue;
        work->cancelled = true;
        if (work->db != NULL)
            ybb__db_interrupt(work->db);
        if (work->pipe != NULL)
            ybb__pipe_close(work->pipe);
    }
    unlock(crew);
}

bool ybb__crew_keeps(ybb_crew *crew)
{
    if (!is_ours(crew))
        return false;
    lock(crew);
    bool keeps = crew->keeping && !crew->stopping;
    unlock(crew);
    return keeps;
}

/* Under guard. */
static bool is_wished(const ybb_crew *crew, const char *id)
{
    for (const wanted *wish = crew->wishes; wish != NULL; wish = wish->next)
        if (strcmp(wish->id, id) == 0)
            return true;
    return crew->at_hand != NULL && strcmp(crew->at_hand->id, id) == 0;
}

bool ybb__crew_has(ybb_crew *crew, const char *id)
{
    if (!is_ours(crew))
        return false;
    lock(crew);
    bool has = is_wished(crew, id);
    for (const ybb_work *work = crew->works; work != NULL && !has; work = work->next)
        has = !work->finished && strcmp(work->job.id, id) == 0;
    unlock(crew);
    return has;
}

/* Under guard. */
static bool is_here(const ybb_crew *crew, const char *id)
{
    if (is_wished(crew, id))
        return true;
    for (const ybb_work *work = crew->works; work != NULL; work = work->next)
        if (strcmp(work->job.id, id) == 0)
            return true;
    return false;
}

ybb_status ybb__crew_trouble(ybb_crew *crew, const char *id, int64_t microseconds, ybb_error *error)
{
    ybb_status status = YBB_OK;
    if (!is_ours(crew))
        return YBB_OK;
    lock(crew);
    const trouble *const all[] = {&crew->claiming, &crew->beating};
    for (size_t i = 0; i < sizeof(all) / sizeof(all[0]) && status == YBB_OK; i++) {
        if (all[i]->since == 0 || ybb__clock_steady() - all[i]->since < microseconds ||
            !is_here(crew, id))
            continue;
        status = all[i]->why.status;
        ybb__error_copy(error, &all[i]->why);
    }
    unlock(crew);
    return status;
}

/* Under guard. */
static bool has_mail(const ybb_crew *crew, const char *id)
{
    return crew->mailer != NULL && crew->keeping &&
           (is_here(crew, id) || crew->unposted || is_posting(crew));
}

bool ybb__crew_wait_mail(ybb_crew *crew, const char *id, int64_t most)
{
    enum { LOOK = 20 * 1000 };
    int64_t now = ybb__clock_steady();
    int64_t deadline = most > INT64_MAX - now ? INT64_MAX : now + most;
    if (!is_ours(crew))
        return true;
    lock(crew);
    while (has_mail(crew, id) && ybb__clock_steady() < deadline)
        (void)ybb__monitor_wait(crew->shared.guard, LOOK);
    bool done = !has_mail(crew, id);
    unlock(crew);
    return done;
}

ybb_ledger *ybb__crew_ledger(ybb_crew *crew)
{
    return crew->shared.ledger;
}
