/*
 * The job store under many processes: each job is done once, limits hold at every moment, whoever
 * is killed, stopped or cut off. What happened is read from the store's own log.
 *
 * Processes are forked while nobody has a store open, and a child reports by its exit status: 0, or
 * the line where something was wrong.
 */
#include "store_bed.h"

#include <pthread.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <time.h>

enum { WORKERS = 4, FILES = 2, FILE_RECORDS = 100 };

/* In a child: it ends with the number of the line unless the condition holds. */
#define NEED(condition)                                                                            \
    do {                                                                                           \
        if (!(condition)) {                                                                        \
            fprintf(stderr, "# %s:%d: %s\n", __FILE__, __LINE__, #condition);                      \
            _exit(__LINE__ % 250 + 1);                                                             \
        }                                                                                          \
    } while (0)

/* The call, with &error_, gives the status, or ends the child. */
#define NEED_STATUS(expected, call)                                                                \
    do {                                                                                           \
        ybb_error error_ = {0};                                                                    \
        ybb_status status_ = call;                                                                 \
        if (status_ != (expected))                                                                 \
            fprintf(stderr, "# %s:%d: %d %s\n", __FILE__, __LINE__, status_, error_.message);      \
        NEED(status_ == (expected));                                                               \
    } while (0)

static void rest_ms(long milliseconds)
{
    struct timespec time = {milliseconds / 1000, milliseconds % 1000 * 1000000};
    nanosleep(&time, NULL);
}

/* Forks; the child runs @run and ends. Nobody may have a store open. */
static pid_t start(bed *b, void (*run)(bed *, unsigned), unsigned number)
{
    ybb__jobstore_rest(b->store);
    fflush(stdout);
    pid_t child = fork();
    CU_ASSERT_TRUE_FATAL(child >= 0);
    if (child != 0)
        return child;
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    b->store = open_store(&b->settings); /* the inherited one is the parent's */
    run(b, number);
    _exit(0);
}

static void expect_well(pid_t child)
{
    int status = -1;
    CU_ASSERT_EQUAL(waitpid(child, &status, 0), child);
    bool well = WIFEXITED(status) && WEXITSTATUS(status) == 0;
    if (!well)
        printf("# child: %s %d\n", WIFEXITED(status) ? "status" : "signal",
               WIFEXITED(status) ? WEXITSTATUS(status) : WTERMSIG(status));
    CU_ASSERT_TRUE(well);
}

/* ---- the log ---- */

/* What the log has said of a job so far. */
typedef struct account {
    bool queued, running, ended;
    uint64_t fence;
    char owner[YBB_ID_TEXT];
    ybb_priority priority;
    uint32_t place, large_place;
} account;

enum { MOST_JOBS = 512, MOST_PLACES = 64 };

typedef struct books {
    account jobs[MOST_JOBS];
    long place_of[YBB_PRIORITIES + 1][MOST_PLACES]; /* the job in it; -1: free */
    unsigned running[YBB_PRIORITIES + 1];
    unsigned claims, takeovers, lost, released, ends, files;
} books;

static void take_place(books *k, unsigned class, uint32_t place, uint64_t limit, long job)
{
    CU_ASSERT_TRUE_FATAL(place >= 1 && place < MOST_PLACES && place <= limit);
    CU_ASSERT_EQUAL(k->place_of[class][place], -1);
    k->place_of[class][place] = job;
    k->running[class]++;
    CU_ASSERT_TRUE(k->running[class] <= limit);
}

static void leave_place(books *k, unsigned class, uint32_t place, long job)
{
    CU_ASSERT_TRUE_FATAL(place >= 1 && place < MOST_PLACES);
    CU_ASSERT_EQUAL(k->place_of[class][place], job);
    k->place_of[class][place] = -1;
    k->running[class]--;
}

static bool is_large(ybb_priority priority)
{
    return priority == YBB_NORMAL || priority == YBB_LOW;
}

static void enter_claim(books *k, const bed *b, account *a, const ybb_event *e, long job)
{
    CU_ASSERT_TRUE(a->queued && !a->running && !a->ended);
    CU_ASSERT_TRUE(e->fence > a->fence);
    CU_ASSERT_EQUAL(e->large_place != 0, is_large(e->priority));
    take_place(k, e->priority, e->place, b->queue.concurrent[e->priority], job);
    if (e->large_place != 0)
        take_place(k, YBB_PRIORITIES, e->large_place, b->settings.max_concurrent_large, job);
    *a = (account){.queued = true,
                   .running = true,
                   .fence = e->fence,
                   .priority = e->priority,
                   .place = e->place,
                   .large_place = e->large_place};
    memcpy(a->owner, e->owner, sizeof(a->owner));
}

/* It was running, under that fence and owner, and is no more. */
static void enter_leave(books *k, account *a, const ybb_event *e, long job)
{
    CU_ASSERT_TRUE(a->running);
    CU_ASSERT_EQUAL(e->fence, a->fence);
    CU_ASSERT_STRING_EQUAL(e->owner, a->owner);
    CU_ASSERT_EQUAL(e->place, a->place);
    CU_ASSERT_EQUAL(e->large_place, a->large_place);
    leave_place(k, a->priority, a->place, job);
    if (a->large_place != 0)
        leave_place(k, YBB_PRIORITIES, a->large_place, job);
    a->running = false;
}

static void enter_event(books *k, const bed *b, const ybb_event *e)
{
    long job = strtol(e->job + strlen("exp_"), NULL, 10);
    CU_ASSERT_TRUE_FATAL(job >= 0 && job < MOST_JOBS);
    account *a = &k->jobs[job];
    switch (e->kind) {
    case YBB_EVENT_QUEUED:
        CU_ASSERT_FALSE(a->queued);
        a->queued = true;
        break;
    case YBB_EVENT_CLAIMED:
    case YBB_EVENT_TAKEN_OVER:
        enter_claim(k, b, a, e, job);
        k->claims++;
        k->takeovers += e->kind == YBB_EVENT_TAKEN_OVER;
        break;
    case YBB_EVENT_FILE:
        CU_ASSERT_TRUE(a->running);
        CU_ASSERT_EQUAL(e->fence, a->fence);
        CU_ASSERT_STRING_EQUAL(e->owner, a->owner);
        k->files++;
        break;
    case YBB_EVENT_RELEASED:
    case YBB_EVENT_LOST:
        enter_leave(k, a, e, job);
        k->lost += e->kind == YBB_EVENT_LOST;
        k->released += e->kind == YBB_EVENT_RELEASED;
        break;
    case YBB_EVENT_ENDED:
        CU_ASSERT_EQUAL(e->status, YBB_OK);
        enter_leave(k, a, e, job);
        a->ended = true;
        k->ends++;
        break;
    default:
        CU_FAIL("an event that nobody caused");
    }
}

/* Holds the log against what the store promises; *@k then has the sums. */
static void audit(bed *b, books *k)
{
    uint32_t count;
    ybb_event *events = read_log(b->store, &count);
    *k = (books){0};
    memset(k->place_of, -1, sizeof(k->place_of));
    CU_ASSERT_TRUE(count < MOST_EVENTS);
    for (uint32_t i = 0; i < count; i++) {
        CU_ASSERT_TRUE(i == 0 || events[i].number > events[i - 1].number);
        enter_event(k, b, &events[i]);
    }
    free(events);
}

/* ---- workers ---- */

static bool is_all_done(bed *b)
{
    ybb_store_stats stats;
    ybb_error error = {0};
    ybb_status status = ybb__jobstore_stats(b->store, &stats, &error);
    if (status == YBB_STORE_ERROR) /* it may be cut off again and again */
        return false;
    NEED_STATUS(YBB_OK, status);
    return stats.queued == 0 && stats.running == 0;
}

/* The next one that may be written: files are never written twice. */
static uint32_t next_file(const ybb_job *job)
{
    NEED(job->file_count <= FILES);
    for (uint32_t i = 0; i < job->file_count; i++)
        NEED(job->files[i].number == i + 1);
    return job->file_count + 1;
}

/* Does the rest of a job. False: the lease is lost. */
static bool carry_out(bed *b, const ybb_lease *lease, const ybb_job *job)
{
    ybb_error error = {0};
    bool cancel;
    worker w = {.store = b->store};
    ybb_status status = tell_plan(&w, lease, FILES * FILE_RECORDS, &error);
    for (uint32_t i = next_file(job); status == YBB_OK && i <= FILES; i++) {
        status = tell_progress(&w, lease, FILE_RECORDS * (i - 1) + 50, &cancel, &error);
        rest_ms(1);
        if (status == YBB_OK)
            status = tell_file(&w, lease, i, &error);
    }
    if (status == YBB_OK)
        status = tell_progress(&w, lease, FILE_RECORDS * FILES, &cancel, &error);
    if (status == YBB_OK)
        status = end_job_as(&w, lease, YBB_OK, &error);
    if (status != YBB_OK && status != YBB_LEASE_LOST && status != YBB_STORE_ERROR)
        NEED_STATUS(YBB_OK, status);
    return status == YBB_OK;
}

static void unregister(bed *b, const char *token)
{
    ybb_error error;
    ybb_status status;
    do {
        memset(&error, 0, sizeof(error));
        status = ybb__jobstore_unregister(b->store, token, &error);
    } while (status == YBB_STORE_ERROR);
    NEED_STATUS(YBB_OK, status);
}

/* Begins anew as another owner, as everybody does who lost a lease or does not know what happened.
 */
static void register_anew(bed *b, char *token)
{
    ybb_error error;
    ybb_status status;
    if (token[0] != '\0')
        unregister(b, token);
    do {
        memset(&error, 0, sizeof(error));
        status = ybb__jobstore_register(b->store, YBB_OWNER_WORKER, token, &error);
    } while (status == YBB_STORE_ERROR);
    NEED_STATUS(YBB_OK, status);
}

/* Works until everything is done. */
static void work(bed *b, unsigned number)
{
    char token[YBB_ID_TEXT] = "";
    bool well = false;
    (void)number;
    for (unsigned round = 1;; round++) {
        ybb_lease lease;
        ybb_job job = {0};
        bool none = true;
        ybb_error error = {0};
        if (!well)
            register_anew(b, token);
        ybb_status status = ybb__jobstore_heartbeat(b->store, token, &error);
        if (status == YBB_OK)
            status = ybb__jobstore_claim(b->store, token, NULL, &lease, &job, &none, &error);
        if (status != YBB_LEASE_LOST && status != YBB_STORE_ERROR)
            NEED_STATUS(YBB_OK, status);
        well = status == YBB_OK && (none || carry_out(b, &lease, &job));
        ybb__job_release(&job);
        if (well && none) {
            if (is_all_done(b))
                break;
            rest_ms(2);
        }
    }
    unregister(b, token);
    ybb__jobstore_free(b->store);
}

/* Watches what is shown of the jobs until everything is done: nothing ever falls. */
static void watch(bed *b, unsigned jobs)
{
    static double shown[MOST_JOBS];
    static uint64_t records[MOST_JOBS];
    static uint32_t files[MOST_JOBS];
    do {
        for (unsigned i = 0; i < jobs; i++) {
            ybb_job job = {0};
            NEED_STATUS(YBB_OK, ybb__jobstore_load(b->store, ID(i), NULL, &job, &error_));
            NEED(ybb__job_percentage(&job) >= shown[i]);
            NEED(job.records_processed >= records[i]);
            NEED(job.file_count >= files[i]);
            NEED((job.queue_position > 0) == (job.state == YBB_JOB_QUEUED));
            shown[i] = ybb__job_percentage(&job);
            records[i] = job.records_processed;
            files[i] = job.file_count;
            ybb__job_release(&job);
        }
    } while (!is_all_done(b));
    ybb__jobstore_free(b->store);
}

static void insert_all(bed *b, unsigned jobs)
{
    for (unsigned i = 0; i < jobs; i++)
        insert_job(b, i, (ybb_priority)(i % YBB_PRIORITIES));
}

static void expect_all_done(bed *b, unsigned jobs)
{
    for (unsigned i = 0; i < jobs; i++) {
        ybb_job job = load_job(b, i);
        CU_ASSERT_EQUAL(job.state, YBB_JOB_DONE);
        CU_ASSERT_EQUAL(job.file_count, FILES);
        CU_ASSERT_EQUAL(job.records_processed, FILES * FILE_RECORDS);
        ybb__job_release(&job);
    }
    CU_ASSERT_EQUAL(ask_sql(b, "SELECT COUNT(*) FROM ybbexport_runs"), jobs);
    CU_ASSERT_EQUAL(ask_sql(b, "SELECT COUNT(*) FROM ybbexport_places WHERE job <> 0"), 0);
    CU_ASSERT_EQUAL(ask_sql(b, "SELECT COUNT(*) FROM ybbexport_owners"), 0);
}

static void use_small_limits(bed *b)
{
    static const uint64_t limits[YBB_PRIORITIES] = {3, 2, 2, 1};
    memcpy(b->queue.concurrent, limits, sizeof(limits));
    b->settings.max_concurrent_large = 2;
    b->settings.max_events = MOST_EVENTS;
    ybb__jobstore_free(b->store);
    b->store = open_store(&b->settings);
}

/* ---- many at once ---- */

static void each_job_is_done_once_on(bed *b)
{
    enum { JOBS = 80 };
    pid_t workers[WORKERS];
    books k;
    use_small_limits(b);
    insert_all(b, JOBS);
    pid_t watcher = start(b, watch, JOBS);
    for (unsigned i = 0; i < WORKERS; i++)
        workers[i] = start(b, work, i);
    for (unsigned i = 0; i < WORKERS; i++)
        expect_well(workers[i]);
    expect_well(watcher);
    expect_all_done(b, JOBS);
    audit(b, &k);
    CU_ASSERT_EQUAL(k.ends, JOBS);
    CU_ASSERT_EQUAL(k.claims, JOBS);
    CU_ASSERT_EQUAL(k.files, JOBS * FILES);
    CU_ASSERT_EQUAL(k.lost, 0);
}

static void each_job_is_done_once(void)
{
    each_store(each_job_is_done_once_on);
}

/* ---- threads ---- */

static void *work_in_thread(void *memory)
{
    bed mine = *(bed *)memory;
    mine.store = open_store(&mine.settings);
    work(&mine, 0);
    return NULL;
}

static void work_in_threads(bed *b, unsigned number)
{
    pthread_t threads[WORKERS];
    (void)number;
    ybb__jobstore_free(b->store);
    for (unsigned i = 0; i < WORKERS; i++)
        NEED(pthread_create(&threads[i], NULL, work_in_thread, b) == 0);
    for (unsigned i = 0; i < WORKERS; i++)
        NEED(pthread_join(threads[i], NULL) == 0);
}

static void threads_with_stores_of_their_own_work_side_by_side_on(bed *b)
{
    enum { JOBS = 40 };
    books k;
    use_small_limits(b);
    insert_all(b, JOBS);
    expect_well(start(b, work_in_threads, 0));
    expect_all_done(b, JOBS);
    audit(b, &k);
    CU_ASSERT_EQUAL(k.ends, JOBS);
    CU_ASSERT_EQUAL(k.claims, JOBS);
}

static void threads_with_stores_of_their_own_work_side_by_side(void)
{
    each_store(threads_with_stores_of_their_own_work_side_by_side_on);
}

/* Kills a worker and starts another, until all is done or there were enough. Returns how many. */
static unsigned kill_and_replace(bed *b, pid_t *workers, unsigned most)
{
    unsigned kills = 0, chance = (unsigned)getpid();
    for (; kills < most; kills++) {
        unsigned victim = kills % WORKERS;
        int status;
        chance = chance * 1103515245 + 12345;
        rest_ms(chance >> 16 & 31);
        kill(workers[victim], SIGKILL);
        CU_ASSERT_EQUAL(waitpid(workers[victim], &status, 0), workers[victim]);
        if (WIFEXITED(status))
            break; /* it had come to the end */
        workers[victim] = start(b, work, victim);
    }
    return kills;
}

static void killed_owners_lose_and_double_nothing_on(bed *b)
{
    enum { JOBS = 200, KILLS = 100 };
    pid_t workers[WORKERS];
    books k;
    b->settings.lease_seconds = 0.5;
    b->settings.max_takeovers = 1000;
    use_small_limits(b);
    insert_all(b, JOBS);
    pid_t watcher = start(b, watch, JOBS);
    for (unsigned i = 0; i < WORKERS; i++)
        workers[i] = start(b, work, i);
    unsigned kills = kill_and_replace(b, workers, KILLS);
    for (unsigned i = 0; i < WORKERS; i++)
        (void)waitpid(workers[i], NULL, 0);
    expect_well(watcher);
    /* whoever was killed at the very end is buried by the next one */
    expect_well(start(b, work, 0));
    pid_t last = 0;
    while (ask_sql(b, "SELECT COUNT(*) FROM ybbexport_owners") > 0) {
        rest_ms(50);
        last = start(b, work, 0);
        expect_well(last);
    }
    expect_all_done(b, JOBS);
    audit(b, &k);
    printf("# %u kills, %u claims, %u of them takeovers\n", kills, k.claims, k.takeovers);
    CU_ASSERT_EQUAL(k.ends, JOBS);
    CU_ASSERT_EQUAL(k.claims, JOBS + k.lost + k.released);
    CU_ASSERT_EQUAL(k.takeovers, k.lost);
    CU_ASSERT_EQUAL(k.files, JOBS * FILES);
}

static void killed_owners_lose_and_double_nothing(void)
{
    each_store(killed_owners_lose_and_double_nothing_on);
}

/* ---- one that is stopped ---- */

static void claim_and_stop(bed *b, unsigned number)
{
    worker w = {.store = b->store};
    ybb_lease lease;
    ybb_job job = {0};
    bool none, cancel;
    NEED_STATUS(YBB_OK, ybb__jobstore_register(w.store, YBB_OWNER_WORKER, w.token, &error_));
    NEED_STATUS(YBB_OK,
                ybb__jobstore_claim(w.store, w.token, ID(number), &lease, &job, &none, &error_));
    NEED(!none);
    NEED_STATUS(YBB_OK, tell_file(&w, &lease, 1, &error_));
    raise(SIGSTOP);
    NEED_STATUS(YBB_LEASE_LOST, tell_file(&w, &lease, 2, &error_));
    NEED_STATUS(YBB_LEASE_LOST, tell_progress(&w, &lease, 7, &cancel, &error_));
    NEED_STATUS(YBB_LEASE_LOST, end_job_as(&w, &lease, YBB_OK, &error_));
    NEED_STATUS(YBB_LEASE_LOST, ybb__jobstore_heartbeat(w.store, w.token, &error_));
    ybb__job_release(&job);
    ybb__jobstore_free(w.store);
}

static void a_stopped_owner_is_fenced_on(bed *b)
{
    ybb_lease lease;
    long number = -1;
    int status;
    b->settings.lease_seconds = 1;
    ybb__jobstore_free(b->store);
    b->store = open_store(&b->settings);
    insert_job(b, 3, YBB_HIGH);
    pid_t child = start(b, claim_and_stop, 3);
    CU_ASSERT_EQUAL(waitpid(child, &status, WUNTRACED), child);
    CU_ASSERT_TRUE_FATAL(WIFSTOPPED(status));
    b->settings.lease_seconds = 600;
    worker w = begin_worker(b);
    while (number < 0 && waitpid(child, &status, WNOHANG) == 0) {
        number = claim_any(&w, &lease);
        rest_ms(20);
    }
    CU_ASSERT_EQUAL(number, 3);
    kill(child, SIGCONT);
    expect_well(child);
    ybb_job job = load_job(b, 3);
    CU_ASSERT_EQUAL(job.state, YBB_JOB_RUNNING);
    CU_ASSERT_EQUAL(job.file_count, 1);
    CU_ASSERT_EQUAL(job.records_processed, 0);
    ybb__job_release(&job);
    WELL(tell_file(&w, &lease, 2, &error_));
    end_job(&w, &lease);
    end_worker(&w);
}

static void a_stopped_owner_is_fenced(void)
{
    each_store(a_stopped_owner_is_fenced_on);
}

/* ---- a death on one machine ---- */

/* Claims, and leaves a child of its own behind that lives until the pipe's end. */
static void claim_and_leave_a_child(bed *b, unsigned number, const int *pipe_ends)
{
    worker w = {.store = b->store};
    ybb_lease lease;
    ybb_job job = {0};
    bool none;
    char byte;
    NEED_STATUS(YBB_OK, ybb__jobstore_register(w.store, YBB_OWNER_WORKER, w.token, &error_));
    NEED_STATUS(YBB_OK,
                ybb__jobstore_claim(w.store, w.token, ID(number), &lease, &job, &none, &error_));
    NEED(!none);
    close(pipe_ends[1]);
    if (fork() == 0) {
        while (read(pipe_ends[0], &byte, 1) > 0)
            continue;
        _exit(0);
    }
    raise(SIGKILL);
}

static void a_dead_process_shows_at_once_on(bed *b)
{
    ybb_lease lease;
    int ends[2], status;
    bool alive = true;
    insert_job(b, 3, YBB_HIGH);
    CU_ASSERT_EQUAL_FATAL(pipe(ends), 0);
    ybb__jobstore_rest(b->store);
    pid_t child = fork();
    CU_ASSERT_TRUE_FATAL(child >= 0);
    if (child == 0) {
        b->store = open_store(&b->settings);
        claim_and_leave_a_child(b, 3, ends);
    }
    CU_ASSERT_EQUAL(waitpid(child, &status, 0), child);
    CU_ASSERT_TRUE(WIFSIGNALED(status));
    WELL(ybb__jobstore_worker_alive(b->store, &alive, &error_));
    CU_ASSERT_FALSE(alive);
    worker w = begin_worker(b);
    CU_ASSERT_EQUAL(claim_any(&w, &lease), 3);
    end_job(&w, &lease);
    end_worker(&w);
    close(ends[0]);
    close(ends[1]); /* the grandchild ends */
}

static void a_dead_process_shows_at_once_although_its_child_lives(void)
{
    bed b;
    begin_bed(&b, false);
    a_dead_process_shows_at_once_on(&b);
    end_bed(&b);
}

/* ---- inserting at once ---- */

static void insert_the_same(bed *b, unsigned number)
{
    ybb_job job = new_job(number, YBB_HIGH);
    ybb_admission admission;
    job.owner = "ann";
    job.request_json = "{}";
    NEED_STATUS(YBB_OK, ybb__jobstore_insert(b->store, &job, false, &admission, &error_));
    ybb__jobstore_free(b->store);
}

static void insert_some(bed *b, unsigned number)
{
    enum { EACH = 10 };
    for (unsigned i = 0; i < EACH; i++) {
        ybb_job job = new_job(number * EACH + i, YBB_HIGH);
        ybb_admission admission;
        ybb_error error = {0};
        ybb_status status = ybb__jobstore_insert(b->store, &job, false, &admission, &error);
        NEED(status == YBB_OK || status == YBB_QUEUE_FULL);
    }
    ybb__jobstore_free(b->store);
}

static void run_all(bed *b, void (*run)(bed *, unsigned))
{
    pid_t children[2 * WORKERS];
    for (unsigned i = 0; i < 2 * WORKERS; i++)
        children[i] = start(b, run, i);
    for (unsigned i = 0; i < 2 * WORKERS; i++)
        expect_well(children[i]);
}

static void the_queue_is_never_longer_than_its_limit_on(bed *b)
{
    run_all(b, insert_the_same);
    CU_ASSERT_EQUAL(ask_sql(b, "SELECT COUNT(*) FROM ybbexport_jobs"), 1);
    do_sql(b, "DELETE FROM ybbexport_jobs");
    b->queue.max_queue_size = 25;
    run_all(b, insert_some);
    CU_ASSERT_EQUAL(ask_sql(b, "SELECT COUNT(*) FROM ybbexport_jobs"), 25);
    CU_ASSERT_EQUAL(ask_sql(b, "SELECT COUNT(DISTINCT turn) FROM ybbexport_jobs"), 25);
}

static void the_queue_is_never_longer_than_its_limit(void)
{
    each_store(the_queue_is_never_longer_than_its_limit_on);
}

/* ---- a server that cuts connections ---- */

/* Cuts all connections but its own, in whatever they are, and writes a byte for each. */
static void cut_connections(bed *b, int out)
{
    ybb_db *db = open_dsn(b->dsn, YBB_DB_SHARED);
    for (;;) {
        ybb_block rows;
        NEED_STATUS(YBB_OK, query(db,
                                  "SELECT ID FROM information_schema.PROCESSLIST"
                                  " WHERE DB = DATABASE() AND ID <> CONNECTION_ID()",
                                  &rows, &error_));
        for (uint32_t i = 0; i < rows.rows; i++) {
            char sql[64];
            ybb_cell cell = cell_at(&rows, i, 0);
            snprintf(sql, sizeof(sql), "KILL CONNECTION %.*s", (int)cell.length, cell.at);
            if (ybb__db_exec(db, sql, NULL) == YBB_OK) /* it may be gone */
                NEED(write(out, "x", 1) == 1);
        }
        ybb__block_free(&rows);
        rest_ms(50);
    }
}

static pid_t start_cutting(bed *b, const int *ends)
{
    fflush(stdout);
    pid_t child = fork();
    CU_ASSERT_TRUE_FATAL(child >= 0);
    if (child == 0) {
        prctl(PR_SET_PDEATHSIG, SIGKILL);
        close(ends[0]);
        cut_connections(b, ends[1]);
    }
    close(ends[1]);
    return child;
}

static unsigned count_bytes(int in)
{
    char bytes[256];
    unsigned count = 0;
    for (ssize_t got; (got = read(in, bytes, sizeof(bytes))) > 0;)
        count += (unsigned)got;
    close(in);
    return count;
}

static void cut_connections_lose_and_double_nothing(void)
{
    enum { JOBS = 60 };
    pid_t workers[WORKERS];
    int ends[2];
    books k;
    bed b;
    if (mysql_dsn() == NULL) {
        skip_test("YBB_TEST_MYSQL names no server");
        return;
    }
    begin_bed(&b, true);
    b.settings.max_takeovers = 1000;
    use_small_limits(&b);
    insert_all(&b, JOBS);
    ybb__db_close(b.source.writer); /* it would be cut too */
    b.source.writer = NULL;
    ybb__jobstore_rest(b.store);
    CU_ASSERT_EQUAL_FATAL(pipe(ends), 0);
    for (unsigned i = 0; i < WORKERS; i++)
        workers[i] = start(&b, work, i);
    pid_t cutter = start_cutting(&b, ends);
    for (unsigned i = 0; i < WORKERS; i++)
        expect_well(workers[i]);
    kill(cutter, SIGKILL);
    (void)waitpid(cutter, NULL, 0);
    unsigned cuts = count_bytes(ends[0]);
    expect_all_done(&b, JOBS);
    audit(&b, &k);
    printf("# %u cuts, %u claims of %u jobs\n", cuts, k.claims, JOBS);
    CU_ASSERT_TRUE(cuts > 0);
    CU_ASSERT_EQUAL(k.ends, JOBS);
    CU_ASSERT_EQUAL(k.files, JOBS * FILES);
    end_bed(&b);
}

static const ybb_test tests[] = {
    TEST(each_job_is_done_once),
    TEST(threads_with_stores_of_their_own_work_side_by_side),
    TEST(killed_owners_lose_and_double_nothing),
    TEST(a_stopped_owner_is_fenced),
    TEST(a_dead_process_shows_at_once_although_its_child_lives),
    TEST(the_queue_is_never_longer_than_its_limit),
    TEST(cut_connections_lose_and_double_nothing),
};

int main(void)
{
    return RUN_TESTS("jobstore_many", tests);
}
