#include "pool/fork_watch.h"

#include <pthread.h>
#include <stddef.h>

static pthread_once_t once = PTHREAD_ONCE_INIT;
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER; /* guards first; held while forking */
static ybb_fork_watch *first;
static bool is_installed;

static void before_fork(void)
{
    pthread_mutex_lock(&lock);
    for (const ybb_fork_watch *watch = first; watch != NULL; watch = watch->next)
        watch->before(watch->user);
}

static void after_fork(void)
{
    for (const ybb_fork_watch *watch = first; watch != NULL; watch = watch->next)
        watch->after(watch->user);
    pthread_mutex_unlock(&lock);
}

static void install(void)
{
    is_installed = pthread_atfork(before_fork, after_fork, after_fork) == 0;
}

bool ybb__fork_watch_begin(ybb_fork_watch *watch)
{
    if (pthread_once(&once, install) != 0 || !is_installed)
        return false;
    pthread_mutex_lock(&lock);
    watch->next = first;
    watch->link = &first;
    if (first != NULL)
        first->link = &watch->next;
    first = watch;
    pthread_mutex_unlock(&lock);
    return true;
}

void ybb__fork_watch_end(ybb_fork_watch *watch)
{
    if (watch->link == NULL)
        return;
    pthread_mutex_lock(&lock);
    *watch->link = watch->next;
    if (watch->next != NULL)
        watch->next->link = watch->link;
    watch->link = NULL;
    pthread_mutex_unlock(&lock);
}
