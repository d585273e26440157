#include "php_time_limit.h"

#include <signal.h>

enum { MICROSECONDS = 1000000, NANOSECONDS = 1000 };

static int64_t microseconds_of(clockid_t clock)
{
    struct timespec now;
    clock_gettime(clock, &now);
    return (int64_t)now.tv_sec * MICROSECONDS + now.tv_nsec / NANOSECONDS;
}

/* What is left behind a pause; a timer of 0 would never fire. */
static int64_t left_behind(const php_ybb_time_limit *limit, clockid_t clock, int64_t left,
                           bool charged)
{
    if (charged)
        left -= microseconds_of(clock) - limit->began;
    return left > 0 ? left : 1;
}

#ifdef ZEND_MAX_EXECUTION_TIMERS

/* A timer of this thread alone, by the wall clock. */
static const clockid_t clock_of_limit = CLOCK_MONOTONIC;

void php_ybb_time_limit_hold(php_ybb_time_limit *limit)
{
    static const struct itimerspec none;
    if (limit->held || !EG(pid) ||
        timer_gettime(EG(max_execution_timer_timer), &limit->left) != 0 ||
        (limit->left.it_value.tv_sec == 0 && limit->left.it_value.tv_nsec == 0))
        return;
    limit->began = microseconds_of(clock_of_limit);
    limit->held = timer_settime(EG(max_execution_timer_timer), 0, &none, NULL) == 0;
}

void php_ybb_time_limit_go_on(php_ybb_time_limit *limit, bool charged)
{
    const struct timespec *before = &limit->left.it_value;
    if (!limit->held)
        return;
    limit->held = false;
    int64_t left = (int64_t)before->tv_sec * MICROSECONDS + before->tv_nsec / NANOSECONDS;
    left = left_behind(limit, clock_of_limit, left, charged);
    struct itimerspec next = {.it_interval = limit->left.it_interval,
                              .it_value = {.tv_sec = (time_t)(left / MICROSECONDS),
                                           .tv_nsec = (long)(left % MICROSECONDS) * NANOSECONDS}};
    (void)timer_settime(EG(max_execution_timer_timer), 0, &next, NULL);
}

#else

static const clockid_t clock_of_limit = CLOCK_THREAD_CPUTIME_ID;

static int64_t microseconds(const struct timeval *time)
{
    return (int64_t)time->tv_sec * MICROSECONDS + time->tv_usec;
}

static bool set_timer(int64_t left, const struct timeval *interval)
{
    struct itimerval next = {.it_interval = *interval,
                             .it_value = {.tv_sec = (time_t)(left / MICROSECONDS),
                                          .tv_usec = (suseconds_t)(left % MICROSECONDS)}};
    return setitimer(ITIMER_PROF, &next, NULL) == 0;
}

void php_ybb_time_limit_hold(php_ybb_time_limit *limit)
{
    static const struct itimerval none;
    if (limit->held || getitimer(ITIMER_PROF, &limit->left) != 0 ||
        microseconds(&limit->left.it_value) == 0)
        return;
    limit->began = microseconds_of(clock_of_limit);
    limit->held = setitimer(ITIMER_PROF, &none, NULL) == 0;
}

/* Linux adds a tick to what it is given (set_cpu_itimer() in kernel/time/itimer.c). Often enough,
 * that would make the limit endless, so it is taken off again; less than a tick is nothing. */
void php_ybb_time_limit_go_on(php_ybb_time_limit *limit, bool charged)
{
    struct itimerval now;
    if (!limit->held)
        return;
    limit->held = false;
    int64_t left = left_behind(limit, clock_of_limit, microseconds(&limit->left.it_value), charged);
    if (!set_timer(left, &limit->left.it_interval) || getitimer(ITIMER_PROF, &now) != 0)
        return;
    int64_t added = microseconds(&now.it_value) - left;
    if (added > 0 && left > added)
        (void)set_timer(left - added, &limit->left.it_interval);
    else if (added > 0)
        raise(SIGPROF);
}

#endif
