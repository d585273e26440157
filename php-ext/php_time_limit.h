/*
 * php_time_limit: max_execution_time stands still while a request waits for the library.
 *
 * PHP's timer (ITIMER_PROF) counts the processor time of all threads, so it would run several times
 * too fast beside the library's; and a request that is still in C when it fires a second time is
 * ended by _exit(), without clearing up. So it is stopped around every call of the library. What a
 * call took of the request's own thread is charged behind it, but for waits: exports have a time
 * limit of their own.
 */
#ifndef PHP_TIME_LIMIT_H
#define PHP_TIME_LIMIT_H

#include "php_ybb_export.h"

#include <sys/time.h>
#include <time.h>

typedef struct php_ybb_time_limit {
    bool held;
    int64_t began; /* microseconds, of the clock that the timer has */
#ifdef ZEND_MAX_EXECUTION_TIMERS
    struct itimerspec left;
#else
    struct itimerval left;
#endif
} php_ybb_time_limit;

/* Stops the timer. It may be held already, or not run at all. */
void php_ybb_time_limit_hold(php_ybb_time_limit *limit);
/* Has it go on with what was left, @charged: less what this thread took meanwhile. */
void php_ybb_time_limit_go_on(php_ybb_time_limit *limit, bool charged);

#endif
