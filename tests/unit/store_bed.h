/*
 * tests/unit/store_bed: empty job stores for tests: a new file of SQLite, and the database of
 * YBB_TEST_MYSQL where there is one; and short ways to use them.
 */
#ifndef YBB_TESTS_STORE_BED_H
#define YBB_TESTS_STORE_BED_H

#include "db_sources.h"
#include "store/jobstore.h"

#include <dirent.h>

enum { MOST_EVENTS = 20000 };

typedef struct bed {
    source source; /* of SQLite: test.db beside the store */
    char path[128];
    char dsn[512];
    ybb_queue_limits queue;
    ybb_jobstore_settings settings;
    ybb_jobstore *store;
} bed;

/* Fails the test with the error's text unless the call went well. */
#define WELL(call)                                                                                 \
    do {                                                                                           \
        ybb_error error_ = {0};                                                                    \
        ybb_status status_ = call;                                                                 \
        if (status_ != YBB_OK)                                                                     \
            printf("# %s:%d: %s\n", __FILE__, __LINE__, error_.message);                           \
        CU_ASSERT_EQUAL_FATAL(status_, YBB_OK);                                                    \
    } while (0)

/* The call, with &error_ as its error, gives that status and says so in the error. */
#define GIVES(expected, call)                                                                      \
    do {                                                                                           \
        ybb_error error_ = {0};                                                                    \
        ybb_status status_ = call;                                                                 \
        if (status_ != (expected))                                                                 \
            printf("# %s:%d: %d %s\n", __FILE__, __LINE__, status_, error_.message);               \
        CU_ASSERT_EQUAL(status_, expected);                                                        \
        CU_ASSERT_EQUAL(error_.status, status_);                                                   \
    } while (0)

static inline ybb_jobstore *open_store(const ybb_jobstore_settings *settings)
{
    ybb_jobstore *store = NULL;
    WELL(ybb__jobstore_open(&store, settings, &error_));
    return store;
}

static inline void for_each_table(ybb_db *db, const char *before)
{
    static const char *const tables[] = {"jobs",   "files", "places", "owners",
                                         "events", "runs",  "mails"};
    for (size_t i = 0; i < sizeof(tables) / sizeof(tables[0]); i++) {
        char sql[64];
        snprintf(sql, sizeof(sql), "%s ybbexport_%s", before, tables[i]);
        run_sql(db, sql);
    }
}

static inline void drop_tables(ybb_db *db)
{
    run_sql(db, "DROP TABLE IF EXISTS ybbexport_store");
    for_each_table(db, "DROP TABLE IF EXISTS");
}

/* Making tables takes a server long, so they stay from test to test. */
static inline void empty_tables(ybb_db *db)
{
    ybb_error error;
    if (query_status(db, "SELECT version FROM ybbexport_store", &error) == YBB_OK)
        for_each_table(db, "DELETE FROM");
}

/* A store of its own settings, connecting at its first call. */
static inline void begin_bed(bed *b, bool mysql)
{
    *b = (bed){.queue = {.max_queue_size = 1000000,
                         .below = {1000, 10000, 50000, UINT64_MAX},
                         .concurrent = {10, 5, 3, 1},
                         .timeout_minutes = {5, 15, 30, 60}}};
    if (mysql) {
        CU_ASSERT_TRUE_FATAL(begin_mysql(&b->source));
        empty_tables(b->source.writer);
        memcpy(b->dsn, b->source.dsn, sizeof(b->dsn));
    } else {
        begin_sqlite(&b->source);
        ybb__db_close(b->source.writer);
        b->source.writer = NULL;
        snprintf(b->path, sizeof(b->path), "%s/store.db", b->source.folder);
        snprintf(b->dsn, sizeof(b->dsn), "sqlite://%s", b->path);
    }
    b->settings = (ybb_jobstore_settings){
        .dsn = b->dsn, .lease_seconds = 600, .queue = &b->queue, .max_concurrent_large = 3};
    b->store = open_store(&b->settings);
}

static inline void remove_owner_files(const bed *b)
{
    char folder[160];
    snprintf(folder, sizeof(folder), "%s.owners", b->path);
    DIR *listing = opendir(folder);
    if (listing == NULL)
        return;
    for (const struct dirent *entry; (entry = readdir(listing)) != NULL;)
        if (entry->d_name[0] != '.')
            unlinkat(dirfd(listing), entry->d_name, 0);
    closedir(listing);
    rmdir(folder);
}

static inline void end_bed(bed *b)
{
    ybb__jobstore_free(b->store);
    if (!b->source.is_mysql) {
        static const char *const ends[] = {"", "-wal", "-shm", "-journal"};
        for (size_t i = 0; i < sizeof(ends) / sizeof(ends[0]); i++) {
            char path[160];
            snprintf(path, sizeof(path), "%s%s", b->path, ends[i]);
            unlink(path);
        }
        remove_owner_files(b);
    }
    end_source(&b->source);
}

/* Runs a test on each kind of store there is. */
static inline void each_store(void (*test)(bed *))
{
    bed b;
    begin_bed(&b, false);
    test(&b);
    end_bed(&b);
    if (mysql_dsn() != NULL) {
        begin_bed(&b, true);
        test(&b);
        end_bed(&b);
    }
}

/* SQL that the store has no call for, on a connection of its own. */
static inline void do_sql(bed *b, const char *sql)
{
    ybb_db *db = open_dsn(b->dsn, YBB_DB_SHARED);
    run_sql(db, sql);
    ybb__db_close(db);
}

static inline long ask_sql(bed *b, const char *sql)
{
    ybb_db *db = open_dsn(b->dsn, YBB_DB_SHARED);
    long number = number_of(db, sql);
    ybb__db_close(db);
    return number;
}

/* The id of export number @number. */
static inline const char *id_of(unsigned number, char *out)
{
    snprintf(out, YBB_ID_TEXT, "exp_%026u", number);
    return out;
}
#define ID(number) id_of(number, (char[YBB_ID_TEXT]){0})

/* A request of its own for each number, so that none joins another. Texts are borrowed. */
static inline ybb_job new_job(unsigned number, ybb_priority priority)
{
    static char requests[4][128]; /* some at a time */
    char *request = requests[number % 4];
    snprintf(request, sizeof(requests[0]), "{\"export_type\":\"participants\",\"number\":%u}",
             number);
    ybb_job job = {.priority = priority,
                   .request_json = request,
                   .export_type = "participants",
                   .format = "excel",
                   .template_name = "standard",
                   .filters_json = "{}",
                   .retention_days = 7};
    id_of(number, job.id);
    return job;
}

static inline void insert_job(bed *b, unsigned number, ybb_priority priority)
{
    ybb_job job = new_job(number, priority);
    ybb_admission admission;
    WELL(ybb__jobstore_insert(b->store, &job, false, &admission, &error_));
    CU_ASSERT_STRING_EQUAL(admission.joined, "");
}

/* One that waits for its reader. */
static inline void insert_stream(bed *b, unsigned number)
{
    ybb_job job = new_job(number, YBB_HIGH);
    ybb_admission admission;
    job.on_demand = true;
    WELL(ybb__jobstore_insert(b->store, &job, false, &admission, &error_));
    CU_ASSERT_EQUAL(admission.queue_position, 0);
}

static inline void insert_owned(bed *b, unsigned number, char *owner)
{
    ybb_job job = new_job(number, YBB_IMMEDIATE);
    ybb_admission admission;
    job.owner = owner;
    WELL(ybb__jobstore_insert(b->store, &job, false, &admission, &error_));
}

/* A copy, to be released. */
static inline ybb_job load_job(bed *b, unsigned number)
{
    ybb_job job = {0};
    WELL(ybb__jobstore_load(b->store, ID(number), NULL, &job, &error_));
    return job;
}

static inline ybb_job_state state_of(bed *b, unsigned number)
{
    ybb_job job = load_job(b, number);
    ybb_job_state state = job.state;
    ybb__job_release(&job);
    return state;
}

static inline ybb_status outcome_of(bed *b, unsigned number)
{
    ybb_job job = load_job(b, number);
    ybb_status status = job.outcome.status;
    ybb__job_release(&job);
    return status;
}

static inline uint64_t position_of(bed *b, unsigned number)
{
    ybb_job job = load_job(b, number);
    uint64_t position = job.queue_position;
    ybb__job_release(&job);
    return position;
}

/* An owner of a store of its own, because a store registers one. */
typedef struct worker {
    ybb_jobstore *store;
    char token[YBB_ID_TEXT];
} worker;

static inline worker begin_worker_of(bed *b, ybb_owner_kind kind)
{
    worker w = {.store = open_store(&b->settings)};
    WELL(ybb__jobstore_register(w.store, kind, w.token, &error_));
    return w;
}

static inline worker begin_worker(bed *b)
{
    return begin_worker_of(b, YBB_OWNER_INPROC);
}

static inline void end_worker(worker *w)
{
    WELL(ybb__jobstore_unregister(w->store, w->token, &error_));
    ybb__jobstore_free(w->store);
    w->store = NULL;
}

/* Has the owner be silent for longer than its lease, without waiting. */
static inline void silence(bed *b, const worker *w)
{
    char sql[160];
    snprintf(
        sql, sizeof(sql),
        "UPDATE ybbexport_owners SET lease_until = lease_until - 3600000000 WHERE token = '%s'",
        w->token);
    do_sql(b, sql);
}

/* Claims; the number of the export, or -1 where there is nothing to do. */
static inline long claim_any(worker *w, ybb_lease *lease)
{
    ybb_job job = {0};
    bool none = true;
    WELL(ybb__jobstore_claim(w->store, w->token, NULL, lease, &job, &none, &error_));
    long number = none ? -1 : strtol(job.id + strlen("exp_"), NULL, 10);
    if (!none) {
        CU_ASSERT_STRING_EQUAL(lease->job, job.id);
        CU_ASSERT_STRING_EQUAL(lease->owner, w->token);
        CU_ASSERT_EQUAL(job.state, YBB_JOB_RUNNING);
    }
    ybb__job_release(&job);
    return number;
}

/* Claims that one. */
static inline bool claim_job(worker *w, unsigned number, ybb_lease *lease)
{
    ybb_job job = {0};
    bool none = true;
    WELL(ybb__jobstore_claim(w->store, w->token, ID(number), lease, &job, &none, &error_));
    ybb__job_release(&job);
    return !none;
}

static inline ybb_status end_job_as(worker *w, const ybb_lease *lease, ybb_status outcome,
                                    ybb_error *error)
{
    ybb_error why = {0};
    if (outcome != YBB_OK)
        (void)ybb__fail(&why, outcome, "a reason");
    return ybb__jobstore_end(w->store, lease, &why, 2, 0, NULL, error);
}

static inline void end_job(worker *w, const ybb_lease *lease)
{
    WELL(end_job_as(w, lease, YBB_OK, &error_));
}

static inline ybb_job_file new_file(uint32_t number, uint64_t records)
{
    ybb_job_file file = {.number = number,
                         .name = "a file.xlsx",
                         .bytes = 1000 * records,
                         .content_bytes = 2000 * records,
                         .first_record = 1,
                         .records = records,
                         .crc32 = 0xfedcba98,
                         .last_key = "17"};
    memset(file.sha256, 'a', sizeof(file.sha256) - 1);
    return file;
}

static inline ybb_status tell_file(worker *w, const ybb_lease *lease, uint32_t number,
                                   ybb_error *error)
{
    ybb_job_file file = new_file(number, 100);
    return ybb__jobstore_file(w->store, lease, &file, error);
}

static inline ybb_status tell_progress(worker *w, const ybb_lease *lease, uint64_t records,
                                       bool *cancel, ybb_error *error)
{
    ybb_job_progress progress = {.stage = YBB_STAGE_PROCESSING, .records_processed = records};
    return ybb__jobstore_progress(w->store, lease, &progress, cancel, error);
}

static inline ybb_status tell_plan(worker *w, const ybb_lease *lease, uint64_t records,
                                   ybb_error *error)
{
    ybb_delivery delivery = {.records = records,
                             .strategy = YBB_MULTI_FILE,
                             .chunk_size = 100,
                             .files = 10,
                             .rows_per_sheet = UINT64_MAX};
    return ybb__jobstore_planned(w->store, lease, &delivery, "snapshot", UINT32_MAX, error);
}

/* The whole log, to be freed. */
static inline ybb_event *read_log(ybb_jobstore *store, uint32_t *count)
{
    ybb_event *events = calloc(MOST_EVENTS, sizeof(*events));
    CU_ASSERT_PTR_NOT_NULL_FATAL(events);
    WELL(ybb__jobstore_events(store, 0, events, MOST_EVENTS, count, &error_));
    return events;
}

#endif
