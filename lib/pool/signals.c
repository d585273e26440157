#include "pool/signals.h"

#include <errno.h>
#include <pthread.h>
#include <stddef.h>
#include <time.h>

static const int raised_by_writes[] = {SIGXFSZ, SIGPIPE};
enum { KINDS = sizeof(raised_by_writes) / sizeof(raised_by_writes[0]) };

void ybb__signals_hold(ybb_signals *held)
{
    sigset_t set;
    sigemptyset(&set);
    for (size_t i = 0; i < KINDS; i++)
        sigaddset(&set, raised_by_writes[i]);
    sigpending(&held->pending);
    pthread_sigmask(SIG_BLOCK, &set, &held->before);
}

/* One that was pending before is the host's. */
static void forget(const ybb_signals *held, int number)
{
    static const struct timespec at_once = {0, 0};
    sigset_t set;
    if (sigismember(&held->pending, number) == 1)
        return;
    sigemptyset(&set);
    sigaddset(&set, number);
    while (sigtimedwait(&set, NULL, &at_once) < 0 && errno == EINTR)
        ;
}

void ybb__signals_restore(const ybb_signals *held)
{
    for (size_t i = 0; i < KINDS; i++)
        forget(held, raised_by_writes[i]);
    pthread_sigmask(SIG_SETMASK, &held->before, NULL);
}
