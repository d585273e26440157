#include "pool/pool.h"

#include "pool/steady_wait.h"

#include <errno.h>
#include <stdlib.h>

struct ybb_monitor {
    pthread_mutex_t lock;
    pthread_cond_t signalled;
};

ybb_monitor *ybb__monitor_new(void)
{
    ybb_monitor *monitor = calloc(1, sizeof(*monitor));
    if (monitor == NULL)
        return NULL;
    if (pthread_mutex_init(&monitor->lock, NULL) != 0) {
        free(monitor);
        return NULL;
    }
    if (ybb__condition_init(&monitor->signalled) != 0) {
        pthread_mutex_destroy(&monitor->lock);
        free(monitor);
        return NULL;
    }
    return monitor;
}

void ybb__monitor_free(ybb_monitor *monitor)
{
    if (monitor == NULL)
        return;
    pthread_cond_destroy(&monitor->signalled);
    pthread_mutex_destroy(&monitor->lock);
    free(monitor);
}

void ybb__monitor_lock(ybb_monitor *monitor)
{
    pthread_mutex_lock(&monitor->lock);
}

bool ybb__monitor_try(ybb_monitor *monitor)
{
    return pthread_mutex_trylock(&monitor->lock) == 0;
}

void ybb__monitor_unlock(ybb_monitor *monitor)
{
    pthread_mutex_unlock(&monitor->lock);
}

void ybb__monitor_signal(ybb_monitor *monitor)
{
    pthread_cond_broadcast(&monitor->signalled);
}

bool ybb__monitor_wait(ybb_monitor *monitor, int64_t microseconds)
{
    if (microseconds < 0)
        return pthread_cond_wait(&monitor->signalled, &monitor->lock) == 0;
    struct timespec deadline = ybb__deadline_after(microseconds);
    return pthread_cond_timedwait(&monitor->signalled, &monitor->lock, &deadline) != ETIMEDOUT;
}
