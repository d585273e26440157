#ifndef _GNU_SOURCE
#define _GNU_SOURCE 1 /* pthread_setname_np, sched_getaffinity */
#endif
#include "pool/pool.h"

#include "pool/steady_wait.h"

#include <errno.h>
#include <sched.h>
#include <signal.h>
#include <stdlib.h>
#include <unistd.h>

static const int64_t idle_microseconds = 15 * 1000 * 1000;

/* Enough for the libraries that tasks call, whatever limit the host has for its own stacks. */
enum { STACK_BYTES = 2 * 1024 * 1024 };

enum task_state {
    TASK_NEW, /* what zeroed memory is */
    TASK_QUEUED,
    TASK_RUNNING,
    TASK_DONE
};

struct ybb_pool {
    /* Never changed after ybb__pool_new, so read without the lock. */
    pid_t owner;
    unsigned threads;
    int64_t idle_limit;

    pthread_mutex_t lock;
    /* The rest, and the state and next of every task, under lock. */
    pthread_cond_t work;    /* idle threads wait for a task or for the stop */
    pthread_cond_t change;  /* others wait for a task to end or for the last thread to leave */
    ybb_task *first, *last; /* the queue */
    size_t queued;          /* tasks in it */
    unsigned running;       /* threads that have not left; at least 1 while a task is queued */
    unsigned idle;          /* of them, those that wait for work */
    unsigned waiting;       /* waiters of change */
    bool stopping;
    /* Who leaves joins who left before, so that one thread at most is left to join at any time. */
    bool has_left;
    pthread_t left;
};

static unsigned processor_count(void)
{
    cpu_set_t allowed;
    if (sched_getaffinity(0, sizeof(allowed), &allowed) == 0 && CPU_COUNT(&allowed) > 0)
        return (unsigned)CPU_COUNT(&allowed);
    long online = sysconf(_SC_NPROCESSORS_ONLN); /* more processors than a cpu_set_t holds */
    return online > 0 ? (unsigned)online : 1;
}

static bool init_locks(ybb_pool *pool)
{
    if (pthread_mutex_init(&pool->lock, NULL) != 0)
        return false;
    if (ybb__condition_init(&pool->work) == 0) {
        if (ybb__condition_init(&pool->change) == 0)
            return true;
        pthread_cond_destroy(&pool->work);
    }
    pthread_mutex_destroy(&pool->lock);
    return false;
}

ybb_pool *ybb__pool_new_idling(unsigned threads, int64_t microseconds)
{
    ybb_pool *pool = calloc(1, sizeof(*pool));
    if (pool == NULL)
        return NULL;
    pool->owner = getpid();
    pool->threads = threads > 0 ? threads : processor_count();
    pool->idle_limit = microseconds;
    if (!init_locks(pool)) {
        free(pool);
        return NULL;
    }
    return pool;
}

ybb_pool *ybb__pool_new(unsigned threads)
{
    return ybb__pool_new_idling(threads, idle_microseconds);
}

unsigned ybb__pool_threads(const ybb_pool *pool)
{
    return pool->threads;
}

bool ybb__pool_is_ours(const ybb_pool *pool)
{
    return pool->owner == getpid();
}

unsigned ybb__pool_running(ybb_pool *pool)
{
    if (!ybb__pool_is_ours(pool))
        return 0;
    pthread_mutex_lock(&pool->lock);
    unsigned running = pool->running;
    pthread_mutex_unlock(&pool->lock);
    return running;
}

/* @locks pool->lock, as all functions down to the threads' own. */
static void push(ybb_pool *pool, ybb_task *task)
{
    task->state = TASK_QUEUED;
    task->next = NULL;
    if (pool->last != NULL)
        pool->last->next = task;
    else
        pool->first = task;
    pool->last = task;
    pool->queued++;
}

static void unlink_queued(ybb_pool *pool, ybb_task *task)
{
    ybb_task *before = NULL;
    for (ybb_task *at = pool->first; at != task; at = at->next)
        before = at;
    if (before != NULL)
        before->next = task->next;
    else
        pool->first = task->next;
    if (pool->last == task)
        pool->last = before;
    task->next = NULL;
    pool->queued--;
}

/* Take a task that no thread has begun out of its queue; @state is what it becomes. */
static bool take_out(ybb_pool *pool, ybb_task *task, int state)
{
    if (task->state != TASK_QUEUED)
        return false;
    unlink_queued(pool, task);
    task->state = state;
    return true;
}

static ybb_task *take_first(ybb_pool *pool)
{
    ybb_task *task = pool->first;
    if (task != NULL)
        (void)take_out(pool, task, TASK_RUNNING);
    return task;
}

/* Gives up the lock meanwhile. The task may be gone as soon as its state says that it is done. */
static void run(ybb_pool *pool, ybb_task *task)
{
    pthread_mutex_unlock(&pool->lock);
    task->run(task);
    pthread_mutex_lock(&pool->lock);
    task->state = TASK_DONE;
    if (pool->waiting > 0)
        pthread_cond_broadcast(&pool->change);
}

static void wait_for_change(ybb_pool *pool)
{
    pool->waiting++;
    pthread_cond_wait(&pool->change, &pool->lock);
    pool->waiting--;
}

/* The next task; NULL when the thread is to leave: too long idle, or stopped and nothing queued. */
static ybb_task *next_task(ybb_pool *pool)
{
    ybb_task *task = take_first(pool);
    if (task != NULL || pool->stopping)
        return task;
    const struct timespec deadline = ybb__deadline_after(pool->idle_limit);
    int number = 0;
    while (task == NULL && number == 0 && !pool->stopping) {
        pool->idle++;
        number = pthread_cond_timedwait(&pool->work, &pool->lock, &deadline);
        pool->idle--;
        task = take_first(pool);
    }
    return task;
}

static void *thread_main(void *argument)
{
    ybb_pool *pool = argument;
    (void)pthread_setname_np(pthread_self(), "ybbexport");
    pthread_mutex_lock(&pool->lock);
    for (ybb_task *task; (task = next_task(pool)) != NULL;)
        run(pool, task);
    const bool join = pool->has_left;
    const pthread_t before = pool->left;
    pool->has_left = true;
    pool->left = pthread_self();
    pool->running--;
    if (pool->waiting > 0)
        pthread_cond_broadcast(&pool->change);
    pthread_mutex_unlock(&pool->lock); /* ybb__pool_free joins this thread before it frees */
    if (join)
        pthread_join(before, NULL);
    return NULL;
}

/* A thread is born with its creator's mask, so no signal of the host can come in between. */
static int create_masked(pthread_t *thread, const pthread_attr_t *attributes, ybb_pool *pool)
{
    static const int faults[] = {SIGSEGV, SIGBUS, SIGILL, SIGFPE, SIGABRT, SIGTRAP};
    sigset_t blocked, before;
    sigfillset(&blocked);
    for (size_t i = 0; i < sizeof(faults) / sizeof(faults[0]); i++)
        sigdelset(&blocked, faults[i]);
    int number = pthread_sigmask(SIG_SETMASK, &blocked, &before);
    if (number != 0)
        return number;
    number = pthread_create(thread, attributes, thread_main, pool);
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    return number;
}

/* False when the system gives no thread. @locks pool->lock */
static bool start_thread(ybb_pool *pool)
{
    pthread_t thread; /* joined as pool->left once it has left */
    pthread_attr_t attributes;
    if (pthread_attr_init(&attributes) != 0)
        return false;
    (void)pthread_attr_setstacksize(&attributes, STACK_BYTES); /* else the default */
    int number = create_masked(&thread, &attributes, pool);
    pthread_attr_destroy(&attributes);
    if (number != 0)
        return false;
    pool->running++;
    return true;
}

bool ybb__pool_submit(ybb_pool *pool, ybb_task *task)
{
    if (!ybb__pool_is_ours(pool))
        return false;
    pthread_mutex_lock(&pool->lock);
    bool taken = true;
    if (pool->queued >= pool->idle && pool->running < pool->threads && !start_thread(pool))
        taken = pool->running > 0; /* those that run will come to it */
    if (taken) {
        push(pool, task);
        if (pool->idle > 0)
            pthread_cond_signal(&pool->work);
    }
    pthread_mutex_unlock(&pool->lock);
    return taken;
}

bool ybb__pool_withdraw(ybb_pool *pool, ybb_task *task)
{
    if (!ybb__pool_is_ours(pool))
        return false;
    pthread_mutex_lock(&pool->lock);
    bool withdrawn = take_out(pool, task, TASK_NEW);
    pthread_mutex_unlock(&pool->lock);
    return withdrawn;
}

bool ybb__pool_help(ybb_pool *pool, ybb_task *task)
{
    if (!ybb__pool_is_ours(pool))
        return false;
    pthread_mutex_lock(&pool->lock);
    bool helped = pool->queued > pool->idle && take_out(pool, task, TASK_RUNNING);
    if (helped)
        run(pool, task);
    pthread_mutex_unlock(&pool->lock);
    return helped;
}

void ybb__pool_finish(ybb_pool *pool, ybb_task *task)
{
    if (!ybb__pool_is_ours(pool))
        return;
    pthread_mutex_lock(&pool->lock);
    if (take_out(pool, task, TASK_RUNNING))
        run(pool, task);
    while (task->state == TASK_RUNNING)
        wait_for_change(pool);
    pthread_mutex_unlock(&pool->lock);
}

bool ybb__pool_done(ybb_pool *pool, const ybb_task *task)
{
    if (!ybb__pool_is_ours(pool))
        return task->state == TASK_DONE; /* as the fork found it: nobody changes it here */
    pthread_mutex_lock(&pool->lock);
    bool done = task->state == TASK_DONE;
    pthread_mutex_unlock(&pool->lock);
    return done;
}

void ybb__pool_free(ybb_pool *pool)
{
    if (pool == NULL)
        return;
    if (ybb__pool_is_ours(pool)) {
        pthread_mutex_lock(&pool->lock);
        pool->stopping = true;
        pthread_cond_broadcast(&pool->work);
        while (pool->running > 0)
            wait_for_change(pool);
        pthread_mutex_unlock(&pool->lock);
        if (pool->has_left)
            pthread_join(pool->left, NULL); /* and with it all that left before */
        pthread_cond_destroy(&pool->change);
        pthread_cond_destroy(&pool->work);
        pthread_mutex_destroy(&pool->lock);
    }
    free(pool); /* in a child a parent's thread may have held the lock: it is left as it is */
}
