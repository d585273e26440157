/* The pool and its monitors. */
#ifndef _GNU_SOURCE
#define _GNU_SOURCE 1 /* RTLD_NEXT, pthread_getname_np */
#endif
#include "pool/pool.h"
#include "gate.h"
#include "pool/fork_watch.h"
#include "pool/sequence.h"
#include "runner.h"

#include <dlfcn.h>
#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

/* How many threads the system gives before it refuses; negative: any number. */
static atomic_int threads_left = -1;

typedef int create_fn(pthread_t *, const pthread_attr_t *, void *(*)(void *), void *);

/* Stands before the system's, for the pool's calls too. */
int pthread_create(pthread_t *thread, const pthread_attr_t *attributes, void *(*main_)(void *),
                   void *argument)
{
    union {
        void *object;
        create_fn *function;
    } next = {dlsym(RTLD_NEXT, "pthread_create")};
    int left = atomic_load(&threads_left);
    if (left == 0 || next.object == NULL)
        return EAGAIN;
    if (left > 0)
        atomic_store(&threads_left, left - 1);
    return next.function(thread, attributes, main_, argument);
}

/* A task of the tests. */
typedef struct errand {
    ybb_task task;
    gate *gate; /* passed first, where there is one */
    pthread_t ran_on;
    atomic_int *clock; /* NULL, or counts the errands that have begun */
    int begun_as;
    char thread_name[16];
    sigset_t blocked;
} errand;

static void run_errand(ybb_task *task)
{
    errand *e = (errand *)task;
    e->ran_on = pthread_self();
    pthread_getname_np(pthread_self(), e->thread_name, sizeof(e->thread_name));
    pthread_sigmask(SIG_SETMASK, NULL, &e->blocked);
    if (e->clock != NULL)
        e->begun_as = atomic_fetch_add(e->clock, 1) + 1;
    if (e->gate != NULL)
        gate_pass(e->gate);
}

static errand errand_at(gate *g)
{
    return (errand){.task = {.run = run_errand}, .gate = g};
}

static void a_pool_starts_no_thread_before_work_comes(void)
{
    ybb_pool *pool = ybb__pool_new(3);
    CU_ASSERT_PTR_NOT_NULL_FATAL(pool);
    CU_ASSERT_EQUAL(ybb__pool_threads(pool), 3);
    CU_ASSERT_EQUAL(ybb__pool_running(pool), 0);
    CU_ASSERT_TRUE(ybb__pool_is_ours(pool));
    ybb__pool_free(pool);
    ybb__pool_free(NULL);
}

static void a_pool_of_zero_threads_has_one_a_processor(void)
{
    ybb_pool *pool = ybb__pool_new(0);
    CU_ASSERT_PTR_NOT_NULL_FATAL(pool);
    CU_ASSERT_TRUE(ybb__pool_threads(pool) >= 1);
    CU_ASSERT_TRUE(ybb__pool_threads(pool) <= (unsigned)sysconf(_SC_NPROCESSORS_CONF));
    ybb__pool_free(pool);
}

static void a_task_runs_on_a_named_thread_of_the_pool(void)
{
    ybb_pool *pool = ybb__pool_new(1);
    gate g = gate_new();
    errand e = errand_at(&g);
    CU_ASSERT_FALSE(ybb__pool_done(pool, &e.task));
    CU_ASSERT_TRUE(ybb__pool_submit(pool, &e.task));
    gate_await(&g, 1);
    CU_ASSERT_EQUAL(ybb__pool_running(pool), 1);
    CU_ASSERT_FALSE(ybb__pool_done(pool, &e.task));
    gate_open(&g);
    ybb__pool_finish(pool, &e.task);
    CU_ASSERT_TRUE(ybb__pool_done(pool, &e.task));
    CU_ASSERT_FALSE(pthread_equal(e.ran_on, pthread_self()));
    CU_ASSERT_STRING_EQUAL(e.thread_name, "ybbexport");
    ybb__pool_free(pool);
    ybb__monitor_free(g.monitor);
}

static void no_more_threads_run_than_allowed(void)
{
    enum { TASKS = 12, THREADS = 3 };
    ybb_pool *pool = ybb__pool_new(THREADS);
    gate g = gate_new();
    errand errands[TASKS];
    for (int i = 0; i < TASKS; i++) {
        errands[i] = errand_at(&g);
        CU_ASSERT_TRUE(ybb__pool_submit(pool, &errands[i].task));
    }
    gate_await(&g, THREADS);
    CU_ASSERT_EQUAL(ybb__pool_running(pool), THREADS);
    CU_ASSERT_EQUAL(g.inside, THREADS);
    gate_open(&g);
    ybb__pool_free(pool);
    CU_ASSERT_EQUAL(g.inside, TASKS);
    ybb__monitor_free(g.monitor);
}

static void idle_threads_take_work_before_new_ones_start(void)
{
    enum { THREADS = 8, TASKS = 3 * THREADS };
    ybb_pool *pool = ybb__pool_new(THREADS);
    for (int i = 0; i < TASKS; i++) {
        errand e = errand_at(NULL);
        CU_ASSERT_TRUE(ybb__pool_submit(pool, &e.task));
        while (!ybb__pool_done(pool, &e.task))
            sleep_for(MILLISECOND);
        sleep_for(MILLISECOND); /* so that its thread is idle by now, most times */
    }
    CU_ASSERT_TRUE(ybb__pool_running(pool) < THREADS);
    ybb__pool_free(pool);
}

static void a_task_no_thread_has_begun_is_finished_by_who_waits(void)
{
    ybb_pool *pool = ybb__pool_new(1);
    gate g = gate_new();
    errand busy = errand_at(&g);
    errand queued[3] = {errand_at(NULL), errand_at(NULL), errand_at(NULL)};
    CU_ASSERT_TRUE(ybb__pool_submit(pool, &busy.task));
    gate_await(&g, 1);
    for (int i = 0; i < 3; i++)
        CU_ASSERT_TRUE(ybb__pool_submit(pool, &queued[i].task));
    ybb__pool_finish(pool, &queued[1].task); /* in the middle */
    ybb__pool_finish(pool, &queued[2].task); /* the last */
    CU_ASSERT_TRUE(pthread_equal(queued[1].ran_on, pthread_self()));
    CU_ASSERT_TRUE(pthread_equal(queued[2].ran_on, pthread_self()));
    CU_ASSERT_FALSE(ybb__pool_done(pool, &queued[0].task));
    gate_open(&g);
    ybb__pool_finish(pool, &queued[0].task);
    CU_ASSERT_TRUE(ybb__pool_done(pool, &queued[0].task));
    ybb__pool_free(pool);
    ybb__monitor_free(g.monitor);
}

static void finishing_a_task_never_submitted_returns(void)
{
    ybb_pool *pool = ybb__pool_new(1);
    errand e = errand_at(NULL);
    ybb__pool_finish(pool, &e.task);
    CU_ASSERT_FALSE(ybb__pool_done(pool, &e.task));
    CU_ASSERT_FALSE(ybb__pool_withdraw(pool, &e.task));
    CU_ASSERT_FALSE(ybb__pool_help(pool, &e.task));
    ybb__pool_free(pool);
}

static void a_withdrawn_task_never_runs(void)
{
    ybb_pool *pool = ybb__pool_new(1);
    gate g = gate_new();
    atomic_int clock = 0;
    errand busy = errand_at(&g), gone = errand_at(NULL), stays = errand_at(NULL);
    gone.clock = stays.clock = &clock;
    CU_ASSERT_TRUE(ybb__pool_submit(pool, &busy.task));
    gate_await(&g, 1);
    CU_ASSERT_TRUE(ybb__pool_submit(pool, &gone.task));
    CU_ASSERT_TRUE(ybb__pool_submit(pool, &stays.task));
    CU_ASSERT_TRUE(ybb__pool_withdraw(pool, &gone.task));
    CU_ASSERT_FALSE(ybb__pool_withdraw(pool, &busy.task));
    gate_open(&g);
    ybb__pool_free(pool);
    CU_ASSERT_EQUAL(gone.begun_as, 0);
    CU_ASSERT_EQUAL(stays.begun_as, 1);
    ybb__monitor_free(g.monitor);
}

/* A conductor that submits a piece once the pool is being freed. */
typedef struct late {
    errand conductor, piece;
    ybb_pool *pool;
} late;

static void run_late(ybb_task *task)
{
    late *l = (late *)task;
    run_errand(task);
    if (!ybb__pool_submit(l->pool, &l->piece.task))
        run_errand(&l->piece.task);
}

static void freeing_waits_for_all_tasks_and_for_those_they_submit(void)
{
    gate g = gate_new();
    atomic_int clock = 0;
    late l = {errand_at(&g), errand_at(NULL), ybb__pool_new(1)};
    l.conductor.task.run = run_late;
    l.conductor.clock = l.piece.clock = &clock;
    CU_ASSERT_TRUE(ybb__pool_submit(l.pool, &l.conductor.task));
    pthread_t opener;
    CU_ASSERT_EQUAL_FATAL(pthread_create(&opener, NULL, gate_open_soon, &g), 0);
    ybb__pool_free(l.pool);
    CU_ASSERT_EQUAL(l.conductor.begun_as, 1);
    CU_ASSERT_EQUAL(l.piece.begun_as, 2);
    pthread_join(opener, NULL);
    ybb__monitor_free(g.monitor);
}

static void idle_threads_leave_and_come_back_with_work(void)
{
    enum { THREADS = 4 };
    ybb_pool *pool = ybb__pool_new_idling(THREADS, SOON);
    for (int round = 0; round < 3; round++) {
        gate g = gate_new();
        errand errands[THREADS];
        for (int i = 0; i < THREADS; i++) {
            errands[i] = errand_at(&g);
            CU_ASSERT_TRUE(ybb__pool_submit(pool, &errands[i].task));
        }
        gate_await(&g, THREADS);
        CU_ASSERT_EQUAL(ybb__pool_running(pool), THREADS);
        gate_open(&g);
        while (ybb__pool_running(pool) > 0) /* hangs where they stay */
            sleep_for(MILLISECOND);
        ybb__monitor_free(g.monitor);
    }
    ybb__pool_free(pool);
}

static void work_that_meets_leaving_threads_is_done(void)
{
    enum { ROUNDS = 2000 };
    ybb_pool *pool = ybb__pool_new_idling(2, 0); /* leave at once */
    atomic_int clock = 0;
    for (int i = 0; i < ROUNDS; i++) {
        errand e = errand_at(NULL);
        e.clock = &clock;
        if (!ybb__pool_submit(pool, &e.task))
            run_errand(&e.task);
        else if (i % 3 == 0)
            ybb__pool_finish(pool, &e.task);
        while (!ybb__pool_done(pool, &e.task))
            sched_yield();
    }
    CU_ASSERT_EQUAL(clock, ROUNDS);
    ybb__pool_free(pool);
}

static void workers_block_all_signals_but_faults(void)
{
    ybb_pool *pool = ybb__pool_new(1);
    gate g = gate_new();
    errand e = errand_at(&g);
    sigset_t before, after;
    pthread_sigmask(SIG_SETMASK, NULL, &before);
    CU_ASSERT_TRUE(ybb__pool_submit(pool, &e.task));
    gate_await(&g, 1);
    gate_open(&g);
    ybb__pool_finish(pool, &e.task);
    pthread_sigmask(SIG_SETMASK, NULL, &after);
    static const int blocked[] = {SIGPROF, SIGTERM, SIGINT,  SIGHUP,  SIGQUIT, SIGUSR1, SIGUSR2,
                                  SIGALRM, SIGPIPE, SIGCHLD, SIGXFSZ, SIGXCPU, SIGSYS};
    static const int open[] = {SIGSEGV, SIGBUS, SIGILL, SIGFPE, SIGABRT, SIGTRAP};
    for (size_t i = 0; i < sizeof(blocked) / sizeof(blocked[0]); i++) {
        CU_ASSERT_EQUAL(sigismember(&e.blocked, blocked[i]), 1);
        CU_ASSERT_EQUAL(sigismember(&before, blocked[i]), sigismember(&after, blocked[i]));
    }
    for (size_t i = 0; i < sizeof(open) / sizeof(open[0]); i++)
        CU_ASSERT_EQUAL(sigismember(&e.blocked, open[i]), 0);
    ybb__pool_free(pool);
    ybb__monitor_free(g.monitor);
}

static void without_any_thread_a_task_is_refused(void)
{
    ybb_pool *pool = ybb__pool_new(2);
    errand e = errand_at(NULL);
    atomic_store(&threads_left, 0);
    CU_ASSERT_FALSE(ybb__pool_submit(pool, &e.task));
    CU_ASSERT_FALSE(ybb__pool_done(pool, &e.task));
    atomic_store(&threads_left, -1);
    CU_ASSERT_TRUE(ybb__pool_submit(pool, &e.task));
    ybb__pool_free(pool);
    CU_ASSERT_NOT_EQUAL(e.thread_name[0], '\0');
}

static void threads_that_run_take_what_no_new_one_can(void)
{
    ybb_pool *pool = ybb__pool_new(4);
    gate g = gate_new();
    errand first = errand_at(&g), second = errand_at(&g);
    atomic_store(&threads_left, 1);
    CU_ASSERT_TRUE(ybb__pool_submit(pool, &first.task));
    gate_await(&g, 1);
    CU_ASSERT_TRUE(ybb__pool_submit(pool, &second.task));
    CU_ASSERT_EQUAL(ybb__pool_running(pool), 1);
    gate_open(&g);
    ybb__pool_free(pool);
    atomic_store(&threads_left, -1);
    CU_ASSERT_EQUAL(g.inside, 2);
    ybb__monitor_free(g.monitor);
}

/* Runs @check in a child; its answer is whether it came back true, within a minute. */
static bool holds_in_child(bool (*check)(void *), void *argument)
{
    fflush(stdout);
    pid_t child = fork();
    if (child == 0) {
        alarm(60); /* a child that waits for a lock of its parent is ended */
        _exit(check(argument) ? EXIT_SUCCESS : EXIT_FAILURE);
    }
    int status = -1;
    while (child > 0 && waitpid(child, &status, 0) < 0 && errno == EINTR)
        continue;
    return child > 0 && WIFEXITED(status) && WEXITSTATUS(status) == EXIT_SUCCESS;
}

/* What a child finds: a busy thread and queued tasks of its parent. */
typedef struct forked {
    ybb_pool *pool;
    errand running, queued, done;
    ybb_sequence *sequence;
} forked;

static bool child_sees_an_empty_pool(void *argument)
{
    forked *f = argument;
    errand own = errand_at(NULL);
    bool right = !ybb__pool_is_ours(f->pool) && ybb__pool_running(f->pool) == 0;
    right = right && !ybb__pool_submit(f->pool, &own.task);
    right = right && !ybb__pool_submit(f->pool, &own.task);
    right = right && !ybb__pool_withdraw(f->pool, &f->queued.task);
    right = right && !ybb__pool_help(f->pool, &f->queued.task);
    ybb__pool_finish(f->pool, &f->running.task);
    ybb__pool_finish(f->pool, &f->queued.task);
    right = right && !ybb__pool_done(f->pool, &f->running.task);
    right = right && !ybb__pool_done(f->pool, &f->queued.task);
    right = right && ybb__pool_done(f->pool, &f->done.task);
    right = right && ybb__sequence_take(f->sequence, true) == NULL;
    ybb__sequence_free(f->sequence, NULL);
    ybb__pool_free(f->pool);
    return right;
}

static bool child_makes_a_pool_of_its_own(void *argument)
{
    (void)argument;
    atomic_int clock = 0;
    errand e = errand_at(NULL);
    e.clock = &clock;
    ybb_pool *pool = ybb__pool_new(2);
    bool right = ybb__pool_submit(pool, &e.task);
    ybb__pool_free(pool);
    return right && clock == 1;
}

static void run_gate_item(void *item)
{
    gate_pass(*(gate **)item);
}

static void forked_begin(forked *f, gate *g)
{
    *f = (forked){ybb__pool_new(1), errand_at(g), errand_at(NULL), errand_at(NULL), NULL};
    CU_ASSERT_TRUE(ybb__pool_submit(f->pool, &f->done.task));
    ybb__pool_finish(f->pool, &f->done.task);
    CU_ASSERT_TRUE(ybb__pool_submit(f->pool, &f->running.task));
    gate_await(g, 1);
    CU_ASSERT_TRUE(ybb__pool_submit(f->pool, &f->queued.task));
    f->sequence = ybb__sequence_new(f->pool, 2, sizeof(gate *), run_gate_item);
    *(gate **)ybb__sequence_slot(f->sequence) = g;
    ybb__sequence_add(f->sequence);
}

static void a_forked_child_sees_an_empty_pool_and_frees_it(void)
{
    gate g = gate_new();
    forked f;
    forked_begin(&f, &g);
    CU_ASSERT_TRUE(holds_in_child(child_sees_an_empty_pool, &f));
    gate_open(&g);
    CU_ASSERT_PTR_NOT_NULL(ybb__sequence_take(f.sequence, true));
    ybb__sequence_free(f.sequence, NULL);
    ybb__pool_free(f.pool); /* the parent's goes on */
    CU_ASSERT_NOT_EQUAL(f.queued.thread_name[0], '\0');
    ybb__monitor_free(g.monitor);
}

/* Keeps the pool's lock taken most of the time: that is while the system is asked for a thread. */
typedef struct hammer {
    ybb_pool *pool;
    atomic_bool stop;
} hammer;

static void *run_hammer(void *argument)
{
    hammer *h = argument;
    errand e = errand_at(NULL);
    while (!atomic_load(&h->stop))
        if (ybb__pool_submit(h->pool, &e.task))
            ybb__pool_finish(h->pool, &e.task);
    return NULL;
}

static bool child_takes_no_lock(void *argument)
{
    ybb_pool *pool = argument;
    errand e = errand_at(NULL);
    bool right = !ybb__pool_submit(pool, &e.task) && !ybb__pool_done(pool, &e.task);
    right = right && !ybb__pool_withdraw(pool, &e.task) && !ybb__pool_help(pool, &e.task);
    right = right && ybb__pool_running(pool) == 0;
    ybb__pool_finish(pool, &e.task);
    ybb__pool_free(pool);
    return right;
}

static void a_child_forked_while_the_lock_was_held_does_not_hang(void)
{
    enum { FORKS = 100, HAMMERS = 3 };
    hammer h = {.pool = ybb__pool_new(1)};
    pthread_t threads[HAMMERS];
    for (int i = 0; i < HAMMERS; i++)
        CU_ASSERT_EQUAL_FATAL(pthread_create(&threads[i], NULL, run_hammer, &h), 0);
    bool right = true;
    atomic_store(&threads_left, 0);
    for (int i = 0; right && i < FORKS; i++)
        right = holds_in_child(child_takes_no_lock, h.pool);
    atomic_store(&threads_left, -1);
    CU_ASSERT_TRUE(right);
    atomic_store(&h.stop, true);
    for (int i = 0; i < HAMMERS; i++)
        pthread_join(threads[i], NULL);
    ybb__pool_free(h.pool);
}

#if defined(__SANITIZE_THREAD__)
#define SKIP_NEW_THREADS_IN_CHILD 1
#elif defined(__has_feature)
#if __has_feature(thread_sanitizer)
#define SKIP_NEW_THREADS_IN_CHILD 1
#endif
#endif

static void a_forked_child_can_have_a_pool_of_its_own(void)
{
#ifdef SKIP_NEW_THREADS_IN_CHILD
    (void)child_makes_a_pool_of_its_own;
    skip_test("ThreadSanitizer starts no thread in a child of many threads");
#else
    ybb_pool *pool = ybb__pool_new(2);
    gate g = gate_new();
    errand e = errand_at(&g);
    CU_ASSERT_TRUE(ybb__pool_submit(pool, &e.task));
    gate_await(&g, 1);
    CU_ASSERT_TRUE(holds_in_child(child_makes_a_pool_of_its_own, NULL));
    gate_open(&g);
    ybb__pool_free(pool);
    ybb__monitor_free(g.monitor);
#endif
}

/* How often each was called, in the process that looks. */
typedef struct watched {
    ybb_fork_watch watch;
    int before, after;
} watched;

static void count_before(void *user)
{
    ((watched *)user)->before++;
}

static void count_after(void *user)
{
    ((watched *)user)->after++;
}

static watched watched_new(void)
{
    return (watched){.watch = {.before = count_before, .after = count_after}};
}

static void watch(watched *w)
{
    w->watch.user = w;
    CU_ASSERT_TRUE(ybb__fork_watch_begin(&w->watch));
}

static bool was_called(const watched *w, int times)
{
    return w->before == times && w->after == times;
}

static bool child_was_watched_and_can_watch(void *argument)
{
    watched *w = argument;
    ybb__fork_watch_end(&w->watch);
    watched own = watched_new();
    watch(&own);
    ybb__fork_watch_end(&own.watch);
    return was_called(w, 1) && was_called(&own, 0);
}

static bool child_is_there(void *argument)
{
    (void)argument;
    return true;
}

static void a_fork_is_told_to_who_watches_in_parent_and_child(void)
{
    watched first = watched_new(), middle = watched_new(), last = watched_new();
    ybb__fork_watch_end(&first.watch); /* was not begun */
    watch(&first);
    watch(&middle);
    watch(&last);
    ybb__fork_watch_end(&middle.watch);
    CU_ASSERT_TRUE(holds_in_child(child_was_watched_and_can_watch, &first));
    CU_ASSERT_TRUE(was_called(&first, 1) && was_called(&last, 1));
    ybb__fork_watch_end(&last.watch);
    CU_ASSERT_TRUE(holds_in_child(child_is_there, NULL));
    CU_ASSERT_TRUE(was_called(&first, 2) && was_called(&middle, 0) && was_called(&last, 1));
    ybb__fork_watch_end(&first.watch);
    CU_ASSERT_TRUE(holds_in_child(child_is_there, NULL));
    CU_ASSERT_TRUE(was_called(&first, 2));
}

static void note_thread(void *item)
{
    *(pthread_t *)item = pthread_self();
}

static void without_threads_items_run_as_they_are_added(void)
{
    enum { ITEMS = 3 };
    ybb_pool *pool = ybb__pool_new(2);
    ybb_sequence *sequence = ybb__sequence_new(pool, ITEMS, sizeof(pthread_t), note_thread);
    void *items[ITEMS];
    atomic_store(&threads_left, 0);
    for (int i = 0; i < ITEMS; i++) {
        items[i] = ybb__sequence_slot(sequence);
        ybb__sequence_add(sequence);
        CU_ASSERT_TRUE(pthread_equal(*(pthread_t *)items[i], pthread_self()));
    }
    CU_ASSERT_EQUAL(ybb__pool_running(pool), 0);
    for (int i = 0; i < ITEMS; i++)
        CU_ASSERT_PTR_EQUAL(ybb__sequence_take(sequence, i % 2 == 0), items[i]);
    CU_ASSERT_PTR_NULL(ybb__sequence_take(sequence, true));
    ybb__sequence_free(sequence, NULL);
    atomic_store(&threads_left, -1);
    ybb__pool_free(pool);
}

static void a_wait_ends_when_its_time_runs_out(void)
{
    ybb_monitor *monitor = ybb__monitor_new();
    ybb__monitor_lock(monitor);
    while (
        ybb__monitor_wait(monitor, 2 * MILLISECOND)) /* it may wake for nothing, but not always */
        continue;
    while (ybb__monitor_wait(monitor, 0))
        continue;
    ybb__monitor_unlock(monitor);
    ybb__monitor_free(monitor);
    ybb__monitor_free(NULL);
}

static void *try_monitor(void *monitor)
{
    bool locked = ybb__monitor_try(monitor);
    if (locked)
        ybb__monitor_unlock(monitor);
    return locked ? monitor : NULL;
}

/* From another thread. */
static bool can_lock(ybb_monitor *monitor)
{
    pthread_t thread;
    void *locked = NULL;
    CU_ASSERT_EQUAL_FATAL(pthread_create(&thread, NULL, try_monitor, monitor), 0);
    pthread_join(thread, &locked);
    return locked != NULL;
}

static void who_tries_waits_for_nobody(void)
{
    ybb_monitor *monitor = ybb__monitor_new();
    CU_ASSERT_TRUE(can_lock(monitor));
    CU_ASSERT_TRUE(ybb__monitor_try(monitor));
    CU_ASSERT_FALSE(can_lock(monitor));
    ybb__monitor_unlock(monitor);
    CU_ASSERT_TRUE(can_lock(monitor));
    ybb__monitor_free(monitor);
}

static void a_signal_wakes_the_longest_wait(void)
{
    gate g = gate_new();
    pthread_t signaller;
    CU_ASSERT_EQUAL_FATAL(pthread_create(&signaller, NULL, gate_open_soon, &g), 0);
    ybb__monitor_lock(g.monitor);
    while (!g.open)
        CU_ASSERT_TRUE(ybb__monitor_wait(g.monitor, INT64_MAX)); /* no overflow in the past */
    ybb__monitor_unlock(g.monitor);
    pthread_join(signaller, NULL);
    ybb__monitor_free(g.monitor);
}

/* A thread that submits and finishes on a pool shared with others. */
typedef struct client {
    ybb_pool *pool;
    unsigned rounds, seed;
    bool right;
} client;

static void *run_client(void *argument)
{
    client *c = argument;
    enum { TASKS = 5 };
    c->right = true;
    for (unsigned round = 0; round < c->rounds; round++) {
        atomic_int clock = 0;
        errand errands[TASKS];
        bool taken[TASKS];
        for (unsigned i = 0; i < TASKS; i++) {
            errands[i] = errand_at(NULL);
            errands[i].clock = &clock;
            taken[i] = ybb__pool_submit(c->pool, &errands[i].task);
        }
        for (unsigned i = TASKS; i-- > 0;) {
            ybb__pool_finish(c->pool, &errands[i].task);
            c->right = c->right && taken[i] && ybb__pool_done(c->pool, &errands[i].task);
        }
        c->right = c->right && atomic_load(&clock) == TASKS;
    }
    return NULL;
}

static void many_threads_share_a_pool(void)
{
    enum { CLIENTS = 6, ROUNDS = 300 };
    ybb_pool *pool = ybb__pool_new_idling(3, 100);
    client clients[CLIENTS];
    pthread_t threads[CLIENTS];
    for (unsigned i = 0; i < CLIENTS; i++) {
        clients[i] = (client){pool, ROUNDS, i, false};
        CU_ASSERT_EQUAL_FATAL(pthread_create(&threads[i], NULL, run_client, &clients[i]), 0);
    }
    for (unsigned i = 0; i < CLIENTS; i++) {
        pthread_join(threads[i], NULL);
        CU_ASSERT_TRUE(clients[i].right);
    }
    ybb__pool_free(pool);
}

int main(void)
{
    alarm(600); /* what waits for ever is to end as a failure */
    static const ybb_test tests[] = {
        TEST(a_pool_starts_no_thread_before_work_comes),
        TEST(a_pool_of_zero_threads_has_one_a_processor),
        TEST(a_task_runs_on_a_named_thread_of_the_pool),
        TEST(no_more_threads_run_than_allowed),
        TEST(idle_threads_take_work_before_new_ones_start),
        TEST(a_task_no_thread_has_begun_is_finished_by_who_waits),
        TEST(finishing_a_task_never_submitted_returns),
        TEST(a_withdrawn_task_never_runs),
        TEST(freeing_waits_for_all_tasks_and_for_those_they_submit),
        TEST(idle_threads_leave_and_come_back_with_work),
        TEST(work_that_meets_leaving_threads_is_done),
        TEST(workers_block_all_signals_but_faults),
        TEST(without_any_thread_a_task_is_refused),
        TEST(threads_that_run_take_what_no_new_one_can),
        TEST(a_forked_child_sees_an_empty_pool_and_frees_it),
        TEST(a_child_forked_while_the_lock_was_held_does_not_hang),
        TEST(a_forked_child_can_have_a_pool_of_its_own),
        TEST(a_fork_is_told_to_who_watches_in_parent_and_child),
        TEST(without_threads_items_run_as_they_are_added),
        TEST(a_wait_ends_when_its_time_runs_out),
        TEST(who_tries_waits_for_nobody),
        TEST(a_signal_wakes_the_longest_wait),
        TEST(many_threads_share_a_pool),
    };
    return RUN_TESTS("pool", tests);
}
