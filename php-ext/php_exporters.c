#include "php_exporters.h"

#include "php_settings.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#ifdef ZTS
#include "TSRM.h"
#endif

enum {
    MOST_IDLE = 8, /* settings that a script makes up must not fill the memory */
    ASSIST_MS = 2000,
    GIVE_BACK_MS = 700 /* PHP-FPM kills a child that it ended 1,000 ms ago */
};

struct php_ybb_exporter {
    php_ybb_exporter *next;
    ybb_exporter *exporter;
    unsigned users;    /* calls under way */
    bool forgotten;    /* in no list any more */
    int64_t assist_at; /* when it is due */
    size_t length;
    char key[]; /* of its settings */
};

/* Threads of one process share its exporters: there is one pool for all. */
static struct {
    php_ybb_exporter *first;
    pid_t owner; /* whose they are */
#ifdef ZTS
    MUTEX_T mutex;
#endif
} process;

static void lock(void)
{
#ifdef ZTS
    tsrm_mutex_lock(process.mutex);
#endif
}

static void unlock(void)
{
#ifdef ZTS
    tsrm_mutex_unlock(process.mutex);
#endif
}

void php_ybb_exporters_startup(void)
{
#ifdef ZTS
    process.mutex = tsrm_mutex_alloc();
#endif
}

static int64_t milliseconds(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static void release(php_ybb_exporter *one)
{
    ybb_exporter_free(one->exporter);
    free(one);
}

/* Takes the next of the list out of it. What is in use is released by its last user. */
static void forget(php_ybb_exporter **link)
{
    php_ybb_exporter *one = *link;
    *link = one->next;
    one->forgotten = true;
    if (one->users == 0)
        release(one);
}

/* The parent's threads are not in a child, and its exports go on without it. */
static void forget_parents(void)
{
    if (process.first != NULL && process.owner != getpid())
        while (process.first != NULL)
            forget(&process.first);
    process.owner = getpid();
}

/* Of those that nobody uses, some are kept. */
static void tidy(void)
{
    unsigned idle = 0;
    for (php_ybb_exporter **link = &process.first; *link != NULL;) {
        php_ybb_exporter *one = *link;
        bool busy = one->users > 0 || ybb_exporter_running(one->exporter) > 0;
        if (!busy && ++idle > MOST_IDLE)
            forget(link);
        else
            link = &one->next;
    }
}

static php_ybb_exporter *find(const zend_string *key)
{
    for (php_ybb_exporter *one = process.first; one != NULL; one = one->next)
        if (one->length == ZSTR_LEN(key) && memcmp(one->key, ZSTR_VAL(key), one->length) == 0)
            return one;
    return NULL;
}

static ybb_status open_one(php_ybb_exporter **out, const zend_string *key, ybb_error *error)
{
    ybb_config *config;
    php_ybb_exporter *one = calloc(1, sizeof(*one) + ZSTR_LEN(key));
    *out = NULL;
    if (one == NULL)
        return YBB_NO_MEMORY;
    ybb_status status = php_ybb_settings_config(&config, error);
    if (status == YBB_OK)
        status = ybb_exporter_open(&one->exporter, config, error);
    ybb_config_free(config);
    if (status != YBB_OK) {
        free(one);
        return status;
    }
    one->length = ZSTR_LEN(key);
    memcpy(one->key, ZSTR_VAL(key), one->length);
    tidy();
    one->next = process.first;
    process.first = one;
    *out = one;
    return YBB_OK;
}

ybb_status php_ybb_exporter_take(php_ybb_exporter **out, ybb_error *error)
{
    ybb_status status = YBB_OK;
    zend_string *key = php_ybb_settings_key();
    lock();
    forget_parents();
    *out = find(key);
    if (*out == NULL)
        status = open_one(out, key, error);
    if (*out != NULL)
        (*out)->users++;
    unlock();
    zend_string_release(key);
    return status;
}

void php_ybb_exporter_give_back(php_ybb_exporter *exporter)
{
    if (exporter == NULL)
        return;
    lock();
    exporter->users--;
    bool last = exporter->forgotten && exporter->users == 0;
    unlock();
    if (last)
        release(exporter);
}

ybb_exporter *php_ybb_exporter_of(const php_ybb_exporter *exporter)
{
    return exporter->exporter;
}

void php_ybb_exporter_assist(php_ybb_exporter *exporter)
{
    int64_t now = milliseconds();
    lock();
    bool due = now >= exporter->assist_at;
    if (due)
        exporter->assist_at = now + ASSIST_MS;
    unlock();
    if (due && ybb_exporter_assist(exporter->exporter, NULL) != YBB_OK)
        return; /* whoever asks next tries again */
}

unsigned php_ybb_exporters_running(void)
{
    unsigned running = 0;
    lock();
    if (process.owner == getpid())
        for (php_ybb_exporter *one = process.first; one != NULL; one = one->next)
            running += ybb_exporter_running(one->exporter);
    unlock();
    return running;
}

static bool stop(php_ybb_exporter *one, int timeout_ms)
{
    return ybb_exporter_stop(one->exporter, 0, timeout_ms, NULL) == YBB_OK;
}

/* One that has not stopped in time stays in the list as it is: its threads go with the process. */
static void end_all(void)
{
    for (php_ybb_exporter *one = process.first; one != NULL; one = one->next)
        (void)stop(one, 0);
    int64_t until = milliseconds() + GIVE_BACK_MS;
    for (php_ybb_exporter **link = &process.first; *link != NULL;) {
        php_ybb_exporter *one = *link;
        int64_t left = until - milliseconds();
        if (stop(one, left > 0 ? (int)left : 0)) {
            *link = one->next;
            release(one);
        } else {
            link = &one->next;
        }
    }
}

void php_ybb_exporters_shutdown(void)
{
    if (process.first != NULL && process.owner == getpid())
        end_all();
#ifdef ZTS
    tsrm_mutex_free(process.mutex);
#endif
}
