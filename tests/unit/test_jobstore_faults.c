/*
 * The job store where something is wrong with it: files, tables of other versions, clocks, forks,
 * answers that are lost.
 */
#include "store/jobstore_schema.h"
#include "store_bed.h"

#include <pthread.h>
#include <stdatomic.h>
#include <sys/stat.h>
#include <sys/wait.h>

/* ---- files ---- */

static ybb_status check_dsn(const char *dsn, ybb_error *error)
{
    bed b;
    begin_bed(&b, false);
    b.settings.dsn = dsn;
    ybb_jobstore *store = NULL;
    ybb_status status = ybb__jobstore_open(&store, &b.settings, error);
    CU_ASSERT_EQUAL(store == NULL, status != YBB_OK);
    if (status == YBB_OK)
        status = ybb__jobstore_check(store, error);
    ybb__jobstore_free(store);
    end_bed(&b);
    return status;
}

static void a_dsn_that_is_not_understood_is_refused(void)
{
    GIVES(YBB_INVALID_CONFIG, check_dsn(NULL, &error_));
    GIVES(YBB_INVALID_CONFIG, check_dsn("", &error_));
    GIVES(YBB_INVALID_CONFIG, check_dsn("sqlite://store.db", &error_));
    GIVES(YBB_INVALID_CONFIG, check_dsn("postgres://u@h/d", &error_));
}

static void a_store_that_cannot_be_reached_says_so_without_its_secret(void)
{
    ybb_error error = {0};
    CU_ASSERT_EQUAL(check_dsn("mysql://u:s3cr3t@localhost/d?socket=/nowhere/socket", &error),
                    YBB_STORE_ERROR);
    CU_ASSERT_PTR_NULL(strstr(error.message, "s3cr3t"));
    CU_ASSERT_PTR_NOT_NULL(strstr(error.message, "job store"));
    memset(&error, 0, sizeof(error));
    CU_ASSERT_EQUAL(check_dsn("sqlite:///nowhere/at/all/store.db", &error), YBB_STORE_ERROR);
    CU_ASSERT_PTR_NOT_NULL(strstr(error.message, "/nowhere/at/all/store.db"));
    GIVES(YBB_STORE_ERROR, check_dsn("sqlite:///tmp", &error_));
}

static void put_bytes(const char *path, long at, const char *bytes, size_t length)
{
    FILE *file = fopen(path, "r+b");
    if (file == NULL)
        file = fopen(path, "wb");
    CU_ASSERT_PTR_NOT_NULL_FATAL(file);
    CU_ASSERT_EQUAL(fseek(file, at, SEEK_SET), 0);
    CU_ASSERT_EQUAL(fwrite(bytes, 1, length, file), length);
    fclose(file);
}

static void a_file_that_is_no_database_is_an_error(void)
{
    enum { SIZE = 8192 };
    char junk[SIZE];
    bed b;
    begin_bed(&b, false);
    memset(junk, 'x', sizeof(junk));
    put_bytes(b.path, 0, junk, sizeof(junk));
    GIVES(YBB_STORE_ERROR, ybb__jobstore_check(b.store, &error_));
    end_bed(&b);
}

static void a_damaged_file_is_an_error_and_no_crash(void)
{
    enum { PAGE = 4096, PAGES = 8 };
    char junk[PAGE];
    memset(junk, 0x5a, sizeof(junk));
    for (long page = 1; page < PAGES; page++) {
        bed b;
        begin_bed(&b, false);
        insert_job(&b, 1, YBB_HIGH);
        ybb__jobstore_rest(b.store);
        put_bytes(b.path, page * PAGE, junk, sizeof(junk));
        /* some page is not needed for a call; whatever is said, it is said as an error of the store
         */
        ybb_job job = new_job(2, YBB_LOW);
        ybb_admission admission;
        ybb_error error = {0};
        ybb_status status = ybb__jobstore_insert(b.store, &job, false, &admission, &error);
        CU_ASSERT_TRUE(status == YBB_OK || status == YBB_STORE_ERROR);
        CU_ASSERT_EQUAL(status == YBB_OK, error.message[0] == '\0');
        job = (ybb_job){0};
        memset(&error, 0, sizeof(error));
        status = ybb__jobstore_load(b.store, ID(1), NULL, &job, &error);
        CU_ASSERT_TRUE(status == YBB_OK || status == YBB_STORE_ERROR || status == YBB_NOT_FOUND);
        ybb__job_release(&job);
        end_bed(&b);
    }
}

/* Runs a check as a user who is not root: root may write anything. */
static ybb_status check_as_nobody(bed *b)
{
    ybb__jobstore_rest(b->store);
    pid_t child = fork();
    CU_ASSERT_TRUE_FATAL(child >= 0);
    if (child == 0) {
        enum { NOBODY = 65534 };
        ybb_error error = {0};
        ybb_job job = new_job(2, YBB_HIGH);
        ybb_admission admission;
        if (geteuid() == 0 && (setgid(NOBODY) != 0 || setuid(NOBODY) != 0))
            _exit(3);
        ybb_status status = ybb__jobstore_insert(b->store, &job, false, &admission, &error);
        _exit(status == YBB_OK ? 0 : status == YBB_STORE_ERROR ? 1 : 2);
    }
    int outcome;
    CU_ASSERT_EQUAL(waitpid(child, &outcome, 0), child);
    CU_ASSERT_TRUE_FATAL(WIFEXITED(outcome));
    return WEXITSTATUS(outcome) == 0   ? YBB_OK
           : WEXITSTATUS(outcome) == 1 ? YBB_STORE_ERROR
                                       : YBB_INTERNAL;
}

static void a_file_that_may_not_be_written_is_an_error(void)
{
    bed b;
    begin_bed(&b, false);
    CU_ASSERT_EQUAL(chmod(b.source.folder, 0755), 0);
    CU_ASSERT_EQUAL(check_as_nobody(&b), YBB_STORE_ERROR); /* cannot be made */
    insert_job(&b, 1, YBB_HIGH);
    ybb__jobstore_rest(b.store);
    CU_ASSERT_EQUAL(chmod(b.path, 0444), 0);
    CU_ASSERT_EQUAL(check_as_nobody(&b), YBB_STORE_ERROR);
    end_bed(&b);
}

static void the_store_is_its_users_alone(void)
{
    struct stat file;
    char path[160];
    bed b;
    begin_bed(&b, false);
    mode_t mask = umask(0);
    worker w = begin_worker(&b);
    insert_job(&b, 1, YBB_HIGH);
    umask(mask);
    CU_ASSERT_EQUAL_FATAL(stat(b.path, &file), 0);
    CU_ASSERT_EQUAL(file.st_mode & 0777, 0600);
    snprintf(path, sizeof(path), "%s-wal", b.path);
    CU_ASSERT_EQUAL_FATAL(stat(path, &file), 0);
    CU_ASSERT_EQUAL(file.st_mode & 0777, 0600);
    snprintf(path, sizeof(path), "%s.owners", b.path);
    CU_ASSERT_EQUAL_FATAL(stat(path, &file), 0);
    CU_ASSERT_EQUAL(file.st_mode & 0777, 0700);
    end_worker(&w);
    end_bed(&b);
}

static void an_owner_without_a_lock_file_has_its_lease(void)
{
    ybb_lease lease, other;
    bed b;
    begin_bed(&b, false);
    worker w = begin_worker(&b);
    insert_job(&b, 1, YBB_HIGH);
    CU_ASSERT_EQUAL(claim_any(&w, &lease), 1);
    remove_owner_files(&b);
    worker next = begin_worker(&b);
    CU_ASSERT_EQUAL(claim_any(&next, &other), -1);
    end_job(&w, &lease);
    end_worker(&next);
    end_worker(&w);
    end_bed(&b);
}

/* ---- versions ---- */

static const char *const step_one[] = {
    "CREATE TABLE IF NOT EXISTS ybbexport_store (id BIGINT NOT NULL PRIMARY KEY,"
    " version BIGINT NOT NULL) $table",
    "INSERT $ignore INTO ybbexport_store (id, version) VALUES (1, 0)",
    "CREATE TABLE IF NOT EXISTS ybbexport_jobs (seq $serial, a BIGINT$mysql{, KEY by_a (a)}) "
    "$table",
    "$sqlite{CREATE INDEX IF NOT EXISTS by_a ON ybbexport_jobs (a)}", NULL};
static const char *const step_two[] = {
    "CREATE TABLE IF NOT EXISTS ybbexport_files (seq $serial, b BIGINT) $table",
    "INSERT INTO ybbexport_files (b) SELECT a FROM ybbexport_jobs", NULL};
static const char *const step_three[] = {"INSERT INTO ybbexport_files (b) VALUES (3)", NULL};
static const char *const step_wrong[] = {
    "CREATE TABLE IF NOT EXISTS ybbexport_runs (seq $serial) $table", "UPDATE nowhere SET a = 1",
    NULL};
static const ybb_schema_step steps[] = {{step_one}, {step_two}, {step_three}};
static const ybb_schema_step wrong_steps[] = {{step_one}, {step_wrong}};

static ybb_status update_to(ybb_db *db, bool mysql, const ybb_schema_step *all, uint32_t count,
                            ybb_error *error)
{
    return ybb__schema_update(db, mysql ? YBB_DIALECT_MYSQL : YBB_DIALECT_SQLITE, all, count,
                              error);
}

static void a_lower_version_is_brought_up_on(bed *b)
{
    bool mysql = b->source.is_mysql;
    ybb_db *db = open_dsn(b->dsn, YBB_DB_SHARED);
    drop_tables(db);
    WELL(update_to(db, mysql, steps, 1, &error_));
    run_sql(db, "INSERT INTO ybbexport_jobs (a) VALUES (41)");
    run_sql(db, "INSERT INTO ybbexport_jobs (a) VALUES (42)");
    WELL(update_to(db, mysql, steps, 1, &error_));
    CU_ASSERT_EQUAL(number_of(db, "SELECT version FROM ybbexport_store"), 1);
    WELL(update_to(db, mysql, steps, 3, &error_));
    CU_ASSERT_EQUAL(number_of(db, "SELECT version FROM ybbexport_store"), 3);
    CU_ASSERT_EQUAL(number_of(db, "SELECT SUM(b) FROM ybbexport_files"), 41 + 42 + 3);
    WELL(update_to(db, mysql, steps, 3, &error_));
    CU_ASSERT_EQUAL(number_of(db, "SELECT SUM(b) FROM ybbexport_files"), 41 + 42 + 3);
    GIVES(YBB_STORE_ERROR, update_to(db, mysql, steps, 2, &error_));
    drop_tables(db);
    ybb__db_close(db);
}

static void a_lower_version_is_brought_up(void)
{
    each_store(a_lower_version_is_brought_up_on);
}

static void a_step_that_fails_is_done_again_on(bed *b)
{
    bool mysql = b->source.is_mysql;
    ybb_db *db = open_dsn(b->dsn, YBB_DB_SHARED);
    drop_tables(db);
    ybb_error error = {0};
    CU_ASSERT_NOT_EQUAL(update_to(db, mysql, wrong_steps, 2, &error), YBB_OK);
    WELL(update_to(db, mysql, steps, 2, &error_));
    CU_ASSERT_EQUAL(number_of(db, "SELECT version FROM ybbexport_store"), 2);
    drop_tables(db);
    ybb__db_close(db);
    ybb__jobstore_rest(b->store);
    insert_job(b, 1, YBB_HIGH); /* the tables of this library take their place */
}

static void a_step_that_fails_is_done_again(void)
{
    each_store(a_step_that_fails_is_done_again_on);
}

static void a_store_of_a_later_library_is_left_alone_on(bed *b)
{
    insert_job(b, 1, YBB_HIGH);
    do_sql(b, "UPDATE ybbexport_store SET version = version + 1");
    GIVES(YBB_STORE_ERROR, ybb__jobstore_check(b->store, &error_)); /* while it is connected */
    GIVES(YBB_STORE_ERROR, ybb__jobstore_check(b->store, &error_));
    do_sql(b, "UPDATE ybbexport_store SET version = version - 1");
    WELL(ybb__jobstore_check(b->store, &error_));
}

static void a_store_of_a_later_library_is_left_alone(void)
{
    each_store(a_store_of_a_later_library_is_left_alone_on);
}

static void many_may_open_an_empty_store_at_once_on(bed *b)
{
    enum { OPENERS = 8 };
    pid_t children[OPENERS];
    int gate[2], outcome;
    char byte;
    if (b->source.is_mysql)
        drop_tables(b->source.writer);
    CU_ASSERT_EQUAL_FATAL(pipe(gate), 0);
    fflush(stdout);
    for (unsigned i = 0; i < OPENERS; i++) {
        children[i] = fork();
        CU_ASSERT_TRUE_FATAL(children[i] >= 0);
        if (children[i] == 0) {
            ybb_error error = {0};
            ybb_job job = new_job(i, YBB_HIGH);
            ybb_admission admission;
            close(gate[1]);
            if (read(gate[0], &byte, 1) != 0) /* until the parent opens the gate */
                _exit(2);
            ybb_status status = ybb__jobstore_insert(b->store, &job, false, &admission, &error);
            if (status != YBB_OK)
                fprintf(stderr, "# %s\n", error.message);
            _exit(status == YBB_OK ? 0 : 1);
        }
    }
    close(gate[0]);
    close(gate[1]);
    for (unsigned i = 0; i < OPENERS; i++) {
        CU_ASSERT_EQUAL(waitpid(children[i], &outcome, 0), children[i]);
        CU_ASSERT_TRUE(WIFEXITED(outcome) && WEXITSTATUS(outcome) == 0);
    }
    CU_ASSERT_EQUAL(ask_sql(b, "SELECT COUNT(*) FROM ybbexport_jobs"), OPENERS);
    CU_ASSERT_EQUAL(ask_sql(b, "SELECT COUNT(*) FROM ybbexport_store"), 1);
    CU_ASSERT_EQUAL(ask_sql(b, "SELECT next_turn FROM ybbexport_store"), OPENERS + 1);
}

static void many_may_open_an_empty_store_at_once(void)
{
    each_store(many_may_open_an_empty_store_at_once_on);
}

static void sqlite_is_in_wal_mode(void)
{
    bed b;
    begin_bed(&b, false);
    insert_job(&b, 1, YBB_HIGH);
    ybb_db *db = open_dsn(b.dsn, YBB_DB_SHARED);
    ybb_block rows;
    ybb_error error = {0};
    CU_ASSERT_EQUAL(query(db, "PRAGMA journal_mode", &rows, &error), YBB_OK);
    CU_ASSERT_TRUE(cell_is(cell_at(&rows, 0, 0), "wal"));
    ybb__block_free(&rows);
    ybb__db_close(db);
    end_bed(&b);
}

/* ---- clocks ---- */

static ybb_jobstore *open_shifted(bed *b, int64_t clock, int64_t wall, const char *boot_id)
{
    ybb_jobstore_settings settings = b->settings;
    settings.clock_shift = clock;
    settings.wall_shift = wall;
    settings.boot_id = boot_id;
    return open_store(&settings);
}

static const int64_t day = INT64_C(86400000000);

static void the_wall_clock_may_jump(void)
{
    static const int64_t jumps[] = {-3650, 3650};
    ybb_lease lease, other;
    bed b;
    begin_bed(&b, false);
    worker w = begin_worker(&b);
    insert_job(&b, 1, YBB_HIGH);
    CU_ASSERT_EQUAL(claim_any(&w, &lease), 1);
    for (size_t i = 0; i < sizeof(jumps) / sizeof(jumps[0]); i++) {
        worker next = {.store = open_shifted(&b, 0, jumps[i] * day, NULL)};
        WELL(ybb__jobstore_register(next.store, YBB_OWNER_WORKER, next.token, &error_));
        CU_ASSERT_EQUAL(claim_any(&next, &other), -1);
        end_worker(&next);
        WELL(ybb__jobstore_heartbeat(w.store, w.token, &error_));
        WELL(tell_file(&w, &lease, 1, &error_));
    }
    end_job(&w, &lease);
    end_worker(&w);
    end_bed(&b);
}

static void the_stores_clock_ends_leases_and_pauses(void)
{
    ybb_lease lease, other;
    bed b;
    begin_bed(&b, false);
    worker w = begin_worker(&b);
    insert_job(&b, 1, YBB_HIGH);
    insert_job(&b, 2, YBB_HIGH);
    CU_ASSERT_EQUAL(claim_any(&w, &lease), 1);
    worker later = {.store = open_shifted(&b, 599 * INT64_C(1000000), 0, NULL)};
    WELL(ybb__jobstore_register(later.store, YBB_OWNER_WORKER, later.token, &error_));
    CU_ASSERT_EQUAL(claim_any(&later, &other), 2);
    WELL(ybb__jobstore_release(later.store, &other, 500, NULL, NULL, &error_));
    CU_ASSERT_EQUAL(claim_any(&later, &other), -1);
    end_worker(&later);
    later.store = open_shifted(&b, 1200 * INT64_C(1000000), 0, NULL);
    WELL(ybb__jobstore_register(later.store, YBB_OWNER_WORKER, later.token, &error_));
    CU_ASSERT_EQUAL(claim_any(&later, &other), 1);
    CU_ASSERT_EQUAL(claim_any(&later, &other), 2);
    GIVES(YBB_LEASE_LOST, tell_file(&w, &lease, 1, &error_));
    end_worker(&later);
    end_worker(&w);
    end_bed(&b);
}

static void nobody_is_alive_after_a_restart_of_the_machine(void)
{
    ybb_lease lease, other;
    bool alive = true;
    bed b;
    begin_bed(&b, false);
    ybb__jobstore_free(b.store);
    b.settings.boot_id = "one";
    b.settings.clock_shift = day; /* as if it had run for long */
    b.store = open_store(&b.settings);
    worker w = begin_worker_of(&b, YBB_OWNER_WORKER);
    insert_job(&b, 1, YBB_HIGH);
    insert_job(&b, 2, YBB_HIGH);
    CU_ASSERT_EQUAL(claim_any(&w, &other), 1);
    WELL(ybb__jobstore_release(w.store, &other, 1000, NULL, NULL, &error_));
    CU_ASSERT_EQUAL(claim_any(&w, &lease), 2);
    insert_stream(&b, 3);
    /* the clock has begun again, so it shows less than when the lease was taken */
    ybb_jobstore *reader = open_shifted(&b, 0, 0, "two");
    WELL(ybb__jobstore_worker_alive(reader, &alive, &error_));
    CU_ASSERT_FALSE(alive);
    ybb_queue_state state;
    WELL(ybb__jobstore_queue(reader, &state, &error_));
    CU_ASSERT_EQUAL(state.owners_alive[YBB_OWNER_WORKER], 0);
    ybb__jobstore_free(reader);
    worker next = {.store = open_shifted(&b, 0, 0, "two")};
    WELL(ybb__jobstore_register(next.store, YBB_OWNER_WORKER, next.token, &error_));
    CU_ASSERT_EQUAL(claim_any(&next, &lease), 2);
    CU_ASSERT_EQUAL(claim_any(&next, &other), 1);
    CU_ASSERT_EQUAL(claim_any(&next, &other), -1); /* a stream still waits for its reader */
    WELL(tell_file(&next, &lease, 1, &error_));
    WELL(ybb__jobstore_worker_alive(next.store, &alive, &error_));
    CU_ASSERT_TRUE(alive);
    end_worker(&next);
    ybb__jobstore_free(w.store);
    end_bed(&b);
}

/* ---- forks ---- */

/* What loading export 1 gives in a child that is forked now: by the inherited store, by a new one.
 */
static void expect_in_child(bed *b, ybb_status inherited, ybb_status fresh)
{
    fflush(stdout);
    pid_t child = fork();
    CU_ASSERT_TRUE_FATAL(child >= 0);
    if (child == 0) {
        ybb_job job = {0};
        ybb_jobstore *store = NULL;
        ybb_error error = {0};
        bool well = ybb__jobstore_load(b->store, ID(1), NULL, &job, NULL) == inherited &&
                    ybb__jobstore_cancel(b->store, ID(9), NULL, NULL) ==
                        (inherited == YBB_OK ? YBB_NOT_FOUND : inherited);
        ybb__job_release(&job);
        ybb__jobstore_rest(b->store);
        well &= ybb__jobstore_open(&store, &b->settings, &error) == YBB_OK;
        well &= ybb__jobstore_load(store, ID(1), NULL, &job, &error) == fresh;
        ybb__job_release(&job);
        ybb__jobstore_free(store);
        ybb__jobstore_free(b->store);
        _exit(well ? 0 : 1);
    }
    int outcome;
    CU_ASSERT_EQUAL(waitpid(child, &outcome, 0), child);
    CU_ASSERT_TRUE(WIFEXITED(outcome) && WEXITSTATUS(outcome) == 0);
}

static void a_child_of_whoever_rests_may_use_the_store_on(bed *b)
{
    ybb_status while_open = b->source.is_mysql ? YBB_OK : YBB_FORKED;
    insert_job(b, 1, YBB_HIGH);
    expect_in_child(b, while_open, while_open);
    ybb__jobstore_rest(b->store);
    expect_in_child(b, YBB_OK, YBB_OK);
    CU_ASSERT_EQUAL(state_of(b, 1), YBB_JOB_QUEUED); /* the parent's goes on */
}

static void a_child_of_whoever_rests_may_use_the_store(void)
{
    each_store(a_child_of_whoever_rests_may_use_the_store_on);
}

static void a_childs_end_leaves_its_parents_owner_alive(void)
{
    ybb_lease lease, other;
    bed b;
    begin_bed(&b, false);
    worker w = begin_worker(&b);
    insert_job(&b, 1, YBB_HIGH);
    CU_ASSERT_EQUAL(claim_any(&w, &lease), 1);
    ybb__jobstore_rest(w.store);
    ybb__jobstore_rest(b.store);
    fflush(stdout);
    pid_t child = fork();
    if (child == 0) {
        ybb__jobstore_free(w.store); /* also closes the lock's descriptor */
        _exit(0);
    }
    CU_ASSERT_EQUAL(waitpid(child, NULL, 0), child);
    child = fork();
    if (child == 0) {
        /* nobody there takes over what the parent has */
        worker next = {.store = open_store(&b.settings)};
        ybb_error error = {0};
        ybb_job job = {0};
        bool none = false;
        ybb_status status =
            ybb__jobstore_register(next.store, YBB_OWNER_WORKER, next.token, &error);
        if (status == YBB_OK)
            status = ybb__jobstore_claim(next.store, next.token, NULL, &other, &job, &none, &error);
        _exit(status == YBB_OK && none ? 0 : 1);
    }
    int outcome;
    CU_ASSERT_EQUAL(waitpid(child, &outcome, 0), child);
    CU_ASSERT_TRUE(WIFEXITED(outcome) && WEXITSTATUS(outcome) == 0);
    end_job(&w, &lease);
    end_worker(&w);
    end_bed(&b);
}

/* The parent's other thread, which is anywhere in the store when a child is forked. */
typedef struct other_thread {
    bed *b;
    atomic_bool stop;
    bool well;
} other_thread;

static void *use_and_rest(void *memory)
{
    other_thread *t = memory;
    t->well = true;
    while (!atomic_load(&t->stop)) {
        ybb_job job = {0};
        t->well &= ybb__jobstore_load(t->b->store, ID(1), NULL, &job, NULL) == YBB_OK;
        ybb__job_release(&job);
        ybb__jobstore_rest(t->b->store);
    }
    return NULL;
}

/* How many of @children that free the store end in another way than by themselves. */
static unsigned count_fallen(const bed *b, unsigned children)
{
    unsigned fallen = 0;
    for (unsigned i = 0; i < children; i++) {
        int outcome = 0;
        pid_t child = fork();
        CU_ASSERT_TRUE_FATAL(child >= 0);
        if (child == 0) {
            ybb__jobstore_free(b->store);
            _exit(0);
        }
        CU_ASSERT_EQUAL(waitpid(child, &outcome, 0), child);
        fallen += WIFEXITED(outcome) && WEXITSTATUS(outcome) == 0 ? 0 : 1;
    }
    return fallen;
}

static void a_child_may_free_a_store_that_was_in_use_on(bed *b)
{
    enum { CHILDREN = 300 };
    pthread_t thread;
    other_thread t = {.b = b};
    insert_job(b, 1, YBB_HIGH);
    fflush(stdout);
    CU_ASSERT_EQUAL_FATAL(pthread_create(&thread, NULL, use_and_rest, &t), 0);
    CU_ASSERT_EQUAL(count_fallen(b, CHILDREN), 0);
    atomic_store(&t.stop, true);
    pthread_join(thread, NULL);
    CU_ASSERT_TRUE(t.well);
}

static void a_child_may_free_a_store_that_was_in_use(void)
{
    each_store(a_child_may_free_a_store_that_was_in_use_on);
}

/* ---- answers that are lost ---- */

static void what_happened_happens_once_on(bed *b)
{
    unsigned lost = 0;
    ybb_lease lease, second;
    bool cancel, ended;
    ybb_admission admission;
    uint64_t count;
    ybb__jobstore_free(b->store);
    b->settings.lost_commits = &lost;
    b->store = open_store(&b->settings);
    worker w = {.store = open_store(&b->settings)};
    ybb_job job = new_job(1, YBB_LOW);
    ybb_job_file file = new_file(1, 100);
    ybb_error why = {0};
    (void)ybb__fail(&why, YBB_SOURCE_LOST, "gone");
    WELL(ybb__jobstore_check(b->store, &error_));
    lost = 1;
    WELL(ybb__jobstore_register(w.store, YBB_OWNER_WORKER, w.token, &error_));
    lost = 2;
    WELL(ybb__jobstore_insert(b->store, &job, false, &admission, &error_));
    CU_ASSERT_STRING_EQUAL(admission.joined, "");
    CU_ASSERT_EQUAL(admission.queue_position, 1);
    insert_job(b, 2, YBB_LOW);
    lost = 1;
    CU_ASSERT_EQUAL(claim_any(&w, &lease), 1);
    CU_ASSERT_EQUAL(lost, 0);
    lost = 1;
    CU_ASSERT_EQUAL(claim_any(&w, &second), -1); /* the one place of its class is taken */
    lost = 1;
    WELL(ybb__jobstore_heartbeat(w.store, w.token, &error_));
    lost = 1;
    WELL(tell_plan(&w, &lease, 1000, &error_));
    lost = 1;
    WELL(ybb__jobstore_file(w.store, &lease, &file, &error_));
    lost = 1;
    WELL(tell_progress(&w, &lease, 10, &cancel, &error_));
    lost = 1;
    WELL(ybb__jobstore_release(w.store, &lease, 0, &why, &ended, &error_));
    CU_ASSERT_FALSE(ended);
    ybb_job read = load_job(b, 1);
    CU_ASSERT_EQUAL(read.file_count, 1);
    CU_ASSERT_EQUAL(read.attempts, 1);
    ybb__job_release(&read);
    CU_ASSERT_EQUAL(claim_any(&w, &lease), 1);
    lost = 1;
    WELL(end_job_as(&w, &lease, YBB_TIMEOUT, &error_));
    CU_ASSERT_EQUAL(outcome_of(b, 1), YBB_TIMEOUT);
    lost = 1;
    WELL(ybb__jobstore_resume(b->store, ID(1), NULL, &admission, &error_));
    CU_ASSERT_EQUAL(admission.queue_position, 2);
    lost = 1;
    WELL(ybb__jobstore_cancel(b->store, ID(1), NULL, &error_));
    lost = 1;
    WELL(ybb__jobstore_remove(b->store, ID(1), NULL, &error_));
    WELL(ybb__jobstore_cancel(b->store, ID(2), NULL, &error_));
    do_sql(b, "UPDATE ybbexport_jobs SET expires_at = 1");
    lost = 1;
    WELL(ybb__jobstore_expire(b->store, ID(2), &error_));
    CU_ASSERT_EQUAL(outcome_of(b, 2), YBB_EXPIRED);
    do_sql(b, "UPDATE ybbexport_jobs SET gone_at = 1");
    lost = 1;
    WELL(ybb__jobstore_forget(b->store, 1, &count, &error_));
    insert_job(b, 3, YBB_LOW);
    CU_ASSERT_EQUAL(claim_any(&w, &lease), 3);
    lost = 1;
    end_worker(&w);
    CU_ASSERT_EQUAL(state_of(b, 3), YBB_JOB_QUEUED);
    CU_ASSERT_EQUAL(lost, 0);
    static const ybb_event_kind expected[] = {
        YBB_EVENT_QUEUED,   YBB_EVENT_QUEUED,  YBB_EVENT_CLAIMED, YBB_EVENT_FILE,
        YBB_EVENT_RELEASED, YBB_EVENT_CLAIMED, YBB_EVENT_ENDED,   YBB_EVENT_RESUMED,
        YBB_EVENT_ENDED,    YBB_EVENT_REMOVED, YBB_EVENT_ENDED,   YBB_EVENT_EXPIRED,
        YBB_EVENT_QUEUED,   YBB_EVENT_CLAIMED, YBB_EVENT_RELEASED};
    uint32_t events;
    ybb_event *log = read_log(b->store, &events);
    CU_ASSERT_EQUAL(events, sizeof(expected) / sizeof(expected[0]));
    for (uint32_t i = 0; i < events && i < sizeof(expected) / sizeof(expected[0]); i++)
        CU_ASSERT_EQUAL(log[i].kind, expected[i]);
    free(log);
}

static void what_happened_happens_once(void)
{
    each_store(what_happened_happens_once_on);
}

static void a_store_that_never_answers_is_given_up_on(bed *b)
{
    unsigned lost = 1000;
    ybb_jobstore_settings settings = b->settings;
    settings.lost_commits = &lost;
    ybb_jobstore *store = open_store(&settings);
    GIVES(YBB_STORE_ERROR, ybb__jobstore_check(store, &error_));
    lost = 0;
    WELL(ybb__jobstore_check(store, &error_));
    ybb__jobstore_free(store);
}

static void a_store_that_never_answers_is_given_up(void)
{
    each_store(a_store_that_never_answers_is_given_up_on);
}

static const ybb_test tests[] = {
    TEST(a_dsn_that_is_not_understood_is_refused),
    TEST(a_store_that_cannot_be_reached_says_so_without_its_secret),
    TEST(a_file_that_is_no_database_is_an_error),
    TEST(a_damaged_file_is_an_error_and_no_crash),
    TEST(a_file_that_may_not_be_written_is_an_error),
    TEST(the_store_is_its_users_alone),
    TEST(an_owner_without_a_lock_file_has_its_lease),
    TEST(a_lower_version_is_brought_up),
    TEST(a_step_that_fails_is_done_again),
    TEST(a_store_of_a_later_library_is_left_alone),
    TEST(many_may_open_an_empty_store_at_once),
    TEST(sqlite_is_in_wal_mode),
    TEST(the_wall_clock_may_jump),
    TEST(the_stores_clock_ends_leases_and_pauses),
    TEST(nobody_is_alive_after_a_restart_of_the_machine),
    TEST(a_child_of_whoever_rests_may_use_the_store),
    TEST(a_childs_end_leaves_its_parents_owner_alive),
    TEST(a_child_may_free_a_store_that_was_in_use),
    TEST(what_happened_happens_once),
    TEST(a_store_that_never_answers_is_given_up),
};

int main(void)
{
    return RUN_TESTS("jobstore_faults", tests);
}
