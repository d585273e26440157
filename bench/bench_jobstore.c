/*
 * bench_jobstore DSN [JOBS [WORKERS]]: what the job store of a DSN takes: exports a second that so
 * many processes claim, tell of (a plan, a progress, a file) and end, five transactions each; and,
 * while they do, how long a status takes another process, with a connection that it has and with
 * one that it makes for it. The store should be empty; its exports are left in it.
 *
 * Statuses are asked for every few milliseconds, so that they measure the store and not each other.
 */
#include "store/jobstore.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { MOST_STATUSES = 20000, PAUSE_MS = 2 };

/* What the processes share. */
typedef struct board {
    int running; /* 0: the readers end */
    unsigned count[2];
    double times[2][MOST_STATUSES]; /* microseconds; by a connection there is, by a new one */
} board;

static void stop(const char *what, const ybb_error *error)
{
    fprintf(stderr, "bench_jobstore: %s: %s\n", what, error != NULL ? error->message : "");
    exit(1);
}

#define WELL(call)                                                                                 \
    do {                                                                                           \
        ybb_error error_ = {0};                                                                    \
        if ((call) != YBB_OK)                                                                      \
            stop(#call, &error_);                                                                  \
    } while (0)

static double now(void)
{
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (double)time.tv_sec * 1e6 + (double)time.tv_nsec / 1e3;
}

static void rest(void)
{
    struct timespec time = {.tv_nsec = PAUSE_MS * 1000000L};
    nanosleep(&time, NULL);
}

static ybb_jobstore *open_store(const ybb_jobstore_settings *settings)
{
    ybb_jobstore *store;
    WELL(ybb__jobstore_open(&store, settings, &error_));
    return store;
}

static void insert_jobs(const ybb_jobstore_settings *settings, unsigned jobs, char *first)
{
    ybb_jobstore *store = open_store(settings);
    for (unsigned i = 0; i < jobs; i++) {
        char request[4096];
        ybb_job job = {.request_json = request,
                       .export_type = "participants",
                       .format = "excel",
                       .template_name = "standard",
                       .filters_json = "{}",
                       .priority = (ybb_priority)(i % YBB_PRIORITIES)};
        ybb_admission admission;
        /* of a usual length */
        snprintf(request, sizeof(request), "{\"number\":%u,\"fields\":\"%0500d\"}", i, 0);
        if (!ybb__random_id(job.id))
            stop("no random bytes", NULL);
        WELL(ybb__jobstore_insert(store, &job, false, &admission, &error_));
        if (i == 0)
            memcpy(first, job.id, sizeof(job.id));
    }
    ybb__jobstore_free(store);
}

static void carry_out(ybb_jobstore *store, const ybb_lease *lease)
{
    ybb_delivery delivery = {.records = 100, .files = 1};
    ybb_job_progress progress = {.records_processed = 50};
    ybb_job_file file = {.number = 1, .name = "a.xlsx", .records = 100};
    ybb_error outcome = {0};
    bool cancel;
    WELL(ybb__jobstore_planned(store, lease, &delivery, "snapshot", 0, &error_));
    WELL(ybb__jobstore_progress(store, lease, &progress, &cancel, &error_));
    WELL(ybb__jobstore_file(store, lease, &file, &error_));
    WELL(ybb__jobstore_end(store, lease, &outcome, 1, 0, NULL, &error_));
}

static void work(const ybb_jobstore_settings *settings)
{
    char token[YBB_ID_TEXT];
    ybb_jobstore *store = open_store(settings);
    WELL(ybb__jobstore_register(store, YBB_OWNER_WORKER, token, &error_));
    for (bool none = false; !none;) {
        ybb_lease lease;
        ybb_job job = {0};
        WELL(ybb__jobstore_claim(store, token, NULL, &lease, &job, &none, &error_));
        ybb__job_release(&job);
        if (!none)
            carry_out(store, &lease);
    }
    WELL(ybb__jobstore_unregister(store, token, &error_));
    ybb__jobstore_free(store);
}

static void ask_status(const ybb_jobstore_settings *settings, ybb_jobstore **store, bool anew,
                       const char *id)
{
    ybb_job job = {0};
    if (anew)
        *store = open_store(settings);
    WELL(ybb__jobstore_load(*store, id, NULL, &job, &error_));
    ybb__job_release(&job);
    if (anew)
        ybb__jobstore_free(*store);
}

static void watch(const ybb_jobstore_settings *settings, volatile board *shared, bool anew,
                  const char *id)
{
    ybb_jobstore *store = anew ? NULL : open_store(settings);
    unsigned count = 0;
    while (shared->running && count < MOST_STATUSES) {
        double began = now();
        ask_status(settings, &store, anew, id);
        shared->times[anew][count++] = now() - began;
        rest();
    }
    shared->count[anew] = count;
    if (!anew)
        ybb__jobstore_free(store);
}

static int compare(const void *a, const void *b)
{
    double difference = *(const double *)a - *(const double *)b;
    return (difference > 0) - (difference < 0);
}

static void print_times(const char *what, double *times, unsigned count)
{
    if (count == 0)
        return;
    qsort(times, count, sizeof(*times), compare);
    printf("%-28s %6u times, p50 %7.3f ms, p99 %7.3f ms\n", what, count, times[count / 2] / 1000,
           times[count - 1 - count / 100] / 1000);
}

int main(int argc, char **argv)
{
    unsigned jobs = argc > 2 ? (unsigned)strtoul(argv[2], NULL, 10) : 500;
    unsigned workers = argc > 3 ? (unsigned)strtoul(argv[3], NULL, 10) : 4;
    ybb_queue_limits queue = {.max_queue_size = UINT64_MAX, .concurrent = {10, 5, 3, 1}};
    ybb_jobstore_settings settings = {
        .dsn = argc > 1 ? argv[1] : NULL, .queue = &queue, .max_concurrent_large = 3};
    char first[YBB_ID_TEXT];
    if (argc < 2 || jobs == 0) {
        fputs("usage: bench_jobstore DSN [JOBS [WORKERS]]\n", stderr);
        return 2;
    }
    board *shared =
        mmap(NULL, sizeof(*shared), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (shared == MAP_FAILED)
        stop("no memory", NULL);
    shared->running = 1;
    double began = now();
    insert_jobs(&settings, jobs, first);
    double inserted = now();
    for (unsigned i = 0; i < 2; i++) {
        if (fork() == 0) {
            watch(&settings, shared, i == 1, first);
            _exit(0);
        }
    }
    for (unsigned i = 0; i < workers; i++) {
        if (fork() == 0) {
            work(&settings);
            _exit(0);
        }
    }
    for (unsigned i = 0; i < workers; i++)
        (void)wait(NULL);
    double ended = now();
    shared->running = 0;
    while (wait(NULL) > 0)
        continue;
    printf("%-28s %6.0f a second\n", "exports queued", jobs / (inserted - began) * 1e6);
    printf("%-28s %6.0f a second by %u processes\n", "exports claimed to ended",
           jobs / (ended - inserted) * 1e6, workers);
    print_times("status, connected", shared->times[0], shared->count[0]);
    print_times("status, connecting for it", shared->times[1], shared->count[1]);
    return 0;
}
