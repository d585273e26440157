/*
 * pool: the only room that knows threads.
 *
 * A pool starts threads when work comes and they leave after 15 idle seconds. They block every
 * signal but the six faults. It remembers the process that made it: in a forked child every call
 * here answers as if the pool were empty and takes no lock.
 *
 * One pool runs exports (a long task each, the conductor), another one their pieces (short tasks
 * in a ybb_sequence, whose results come back in the order they were added). A conductor that waits
 * for a piece which no thread has begun runs it itself, so a pool of one thread never stalls.
 */
#ifndef YBB_POOL_POOL_H
#define YBB_POOL_POOL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef struct ybb_pool ybb_pool;

/* A piece of work, in memory that its submitter keeps until it has run. Zero it first. */
typedef struct ybb_task {
    void (*run)(struct ybb_task *task);
    /* The pool's own; the submitter leaves them alone. Under the pool's lock. */
    struct ybb_task *next;
    int state;
} ybb_task;

/* A pool of at most @threads threads (0: one a processor); starts none. NULL: no memory. */
ybb_pool *ybb__pool_new(unsigned threads);
/* The same with another time than 15 seconds that a thread without work stays. */
ybb_pool *ybb__pool_new_idling(unsigned threads, int64_t idle_microseconds);
/* How many threads it may run. */
unsigned ybb__pool_threads(const ybb_pool *pool);
/* How many threads have been started and not yet left. */
unsigned ybb__pool_running(ybb_pool *pool);
/* Whether this process made it. */
bool ybb__pool_is_ours(const ybb_pool *pool);
/* Queue a task. False when no thread runs and none can be started: the task was not taken. */
bool ybb__pool_submit(ybb_pool *pool, ybb_task *task);
/* Take the task out of the queue and run it here if no thread has begun it, else wait for its end.
 * Returns at once for a task that is not submitted. */
void ybb__pool_finish(ybb_pool *pool, ybb_task *task);
/* Take the task out of the queue and run it here, if no thread has begun it and the idle threads
 * have others to begin. Whether it has. */
bool ybb__pool_help(ybb_pool *pool, ybb_task *task);
/* Take the task out of the queue, never to run, unless a thread has begun it. Whether it has. */
bool ybb__pool_withdraw(ybb_pool *pool, ybb_task *task);
/* Whether the task has run; in a forked child, whether it had when the fork was made. The pool does
 * not touch it after that. */
bool ybb__pool_done(ybb_pool *pool, const ybb_task *task);
/* Wait for all tasks, those that they submit meanwhile too, stop the threads, release. In a forked
 * child: forget. */
void ybb__pool_free(ybb_pool *pool);

/* A lock with a condition, for state that a conductor and other threads share. */
typedef struct ybb_monitor ybb_monitor;

ybb_monitor *ybb__monitor_new(void);
void ybb__monitor_free(ybb_monitor *monitor);
void ybb__monitor_lock(ybb_monitor *monitor);
/* Locks it unless somebody else has. Whether it did. */
bool ybb__monitor_try(ybb_monitor *monitor);
void ybb__monitor_unlock(ybb_monitor *monitor);
/* Wake all waiters. @locks the monitor. */
void ybb__monitor_signal(ybb_monitor *monitor);
/* Wait to be woken, at most @microseconds (-1: no limit). False when the time ran out. May wake for
 * nothing, so look at what you wait for. @locks the monitor, given up meanwhile. */
bool ybb__monitor_wait(ybb_monitor *monitor, int64_t microseconds);

#endif
