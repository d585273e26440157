#include "pool/steady_wait.h"

static const int64_t microseconds_per_second = 1000000;

/* A wait of a century is one without end, and its deadline overflows nowhere. */
static const int64_t longest_seconds = INT64_C(100) * 366 * 86400;

int ybb__condition_init(pthread_cond_t *condition)
{
    pthread_condattr_t attributes;
    int number = pthread_condattr_init(&attributes);
    if (number != 0)
        return number;
    number = pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC);
    if (number == 0)
        number = pthread_cond_init(condition, &attributes);
    pthread_condattr_destroy(&attributes);
    return number;
}

struct timespec ybb__deadline_after(int64_t microseconds)
{
    enum { NANOSECONDS = 1000000000 };
    struct timespec time = {0};
    clock_gettime(CLOCK_MONOTONIC, &time);
    if (microseconds < 0)
        microseconds = 0;
    int64_t seconds = microseconds / microseconds_per_second;
    time.tv_sec += (time_t)(seconds < longest_seconds ? seconds : longest_seconds);
    time.tv_nsec += (long)(microseconds % microseconds_per_second * 1000);
    if (time.tv_nsec >= NANOSECONDS) {
        time.tv_nsec -= NANOSECONDS;
        time.tv_sec++;
    }
    return time;
}
