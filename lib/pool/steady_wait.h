/*
 * pool/steady_wait: conditions whose time limits no change of the system's clock moves. For this
 * room alone.
 */
#ifndef YBB_POOL_STEADY_WAIT_H
#define YBB_POOL_STEADY_WAIT_H

#include <pthread.h>
#include <stdint.h>
#include <time.h>

/* 0, or an errno. */
int ybb__condition_init(pthread_cond_t *condition);
/* @microseconds from now on, as pthread_cond_timedwait takes it for such a condition. */
struct timespec ybb__deadline_after(int64_t microseconds);

#endif
