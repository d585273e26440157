/*
 * tests/unit/gate: what the tests of threads share: a door that tasks wait at.
 */
#ifndef YBB_TESTS_GATE_H
#define YBB_TESTS_GATE_H

#include "pool/pool.h"
#include "runner.h"

#include <time.h>

enum { MILLISECOND = 1000, SOON = 20 * MILLISECOND };

/* Tasks pass it once the test has opened it. */
typedef struct gate {
    ybb_monitor *monitor;
    bool open;
    int inside; /* tasks that have come to it */
} gate;

static inline gate gate_new(void)
{
    gate g = {ybb__monitor_new(), false, 0};
    CU_ASSERT_PTR_NOT_NULL_FATAL(g.monitor);
    return g;
}

static inline void gate_pass(gate *g)
{
    ybb__monitor_lock(g->monitor);
    g->inside++;
    ybb__monitor_signal(g->monitor);
    while (!g->open)
        ybb__monitor_wait(g->monitor, -1);
    ybb__monitor_unlock(g->monitor);
}

static inline void gate_await(gate *g, int inside)
{
    ybb__monitor_lock(g->monitor);
    while (g->inside < inside)
        ybb__monitor_wait(g->monitor, -1);
    ybb__monitor_unlock(g->monitor);
}

static inline void gate_open(gate *g)
{
    ybb__monitor_lock(g->monitor);
    g->open = true;
    ybb__monitor_signal(g->monitor);
    ybb__monitor_unlock(g->monitor);
}

/* A task that keeps a thread busy until the gate opens. */
typedef struct gate_task {
    ybb_task task;
    gate *gate;
} gate_task;

static inline void gate_run(ybb_task *task)
{
    gate_pass(((gate_task *)task)->gate);
}

static inline void sleep_for(int64_t microseconds)
{
    const struct timespec time = {microseconds / (1000 * MILLISECOND),
                                  microseconds % (1000 * MILLISECOND) * 1000};
    nanosleep(&time, NULL);
}

/* For pthread_create. */
static inline void *gate_open_soon(void *argument)
{
    sleep_for(SOON);
    gate_open(argument);
    return NULL;
}

#endif
