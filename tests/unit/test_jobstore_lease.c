/* The job store for those who carry exports out: giving back, leases, takeovers. */
#include "store_bed.h"

#include <errno.h>
#include <sys/syscall.h>

/* Stands before the system's for this program, SQLite included. */
static unsigned waits_for_disk;
static bool disk_fails;

__attribute__((visibility("default"))) int fdatasync(int descriptor)
{
    waits_for_disk++;
    errno = EIO;
    return disk_fails ? -1 : (int)syscall(SYS_fdatasync, descriptor);
}

/* ---- giving back ---- */

static void what_is_given_back_keeps_its_place_on(bed *b)
{
    worker w = begin_worker(b);
    ybb_lease first, second;
    insert_job(b, 1, YBB_HIGH);
    insert_job(b, 2, YBB_HIGH);
    insert_job(b, 3, YBB_HIGH);
    CU_ASSERT_EQUAL(claim_any(&w, &first), 1);
    CU_ASSERT_EQUAL(claim_any(&w, &second), 2);
    WELL(ybb__jobstore_release(w.store, &first, 0, NULL, NULL, &error_));
    CU_ASSERT_EQUAL(position_of(b, 1), 1);
    GIVES(YBB_LEASE_LOST, tell_file(&w, &first, 1, &error_));
    CU_ASSERT_EQUAL(claim_any(&w, &first), 1);
    end_worker(&w);
    CU_ASSERT_EQUAL(position_of(b, 1), 1);
    CU_ASSERT_EQUAL(position_of(b, 2), 2);
    CU_ASSERT_EQUAL(position_of(b, 3), 3);
    ybb_job job = load_job(b, 1);
    CU_ASSERT_EQUAL(job.takeovers, 0);
    CU_ASSERT_EQUAL(job.attempts, 2);
    ybb__job_release(&job);
}

static void what_is_given_back_keeps_its_place(void)
{
    each_store(what_is_given_back_keeps_its_place_on);
}

static void a_pause_holds_a_job_back_on(bed *b)
{
    worker w = begin_worker(b);
    ybb_lease lease;
    ybb_error why = {0};
    bool ended = true;
    (void)ybb__fail(&why, YBB_SOURCE_LOST, "gone");
    insert_job(b, 1, YBB_HIGH);
    insert_job(b, 2, YBB_HIGH);
    CU_ASSERT_EQUAL(claim_any(&w, &lease), 1);
    WELL(ybb__jobstore_release(w.store, &lease, 1000, &why, &ended, &error_));
    CU_ASSERT_FALSE(ended);
    CU_ASSERT_FALSE(claim_job(&w, 1, &lease));
    CU_ASSERT_EQUAL(claim_any(&w, &lease), 2);
    CU_ASSERT_EQUAL(claim_any(&w, &lease), -1);
    do_sql(b, "UPDATE ybbexport_jobs SET not_before = not_before - 1000000000");
    CU_ASSERT_EQUAL(claim_any(&w, &lease), 1);
    end_worker(&w);
}

static void a_pause_holds_a_job_back(void)
{
    each_store(a_pause_holds_a_job_back_on);
}

static void a_failure_that_does_not_pass_ends_the_job_on(bed *b)
{
    worker w = begin_worker(b);
    ybb_lease lease;
    ybb_error why = {0};
    bool ended = false;
    unsigned tries = 0;
    (void)ybb__fail(&why, YBB_SOURCE_LOST, "gone");
    insert_job(b, 1, YBB_HIGH);
    for (; !ended && tries < 20; tries++) {
        CU_ASSERT_EQUAL(claim_any(&w, &lease), 1);
        if (tries == 2) /* a new file shows that it gets on */
            WELL(tell_file(&w, &lease, 1, &error_));
        WELL(ybb__jobstore_release(w.store, &lease, 0, &why, &ended, &error_));
    }
    CU_ASSERT_EQUAL(tries, 2 + 5);
    CU_ASSERT_EQUAL(outcome_of(b, 1), YBB_SOURCE_LOST);
    ybb_job job = load_job(b, 1);
    CU_ASSERT_STRING_EQUAL(job.outcome.message, "gone");
    ybb__job_release(&job);
    end_worker(&w);
}

static void a_failure_that_does_not_pass_ends_the_job(void)
{
    each_store(a_failure_that_does_not_pass_ends_the_job_on);
}

/* ---- leases ---- */

/* Nothing that the holder of @lease does has an effect. */
static void expect_lost(bed *b, worker *w, const ybb_lease *lease, unsigned number)
{
    bool cancel;
    ybb_job before = load_job(b, number);
    GIVES(YBB_LEASE_LOST, tell_plan(w, lease, 5, &error_));
    GIVES(YBB_LEASE_LOST, tell_progress(w, lease, 999999, &cancel, &error_));
    GIVES(YBB_LEASE_LOST, tell_file(w, lease, 9, &error_));
    GIVES(YBB_LEASE_LOST, end_job_as(w, lease, YBB_OK, &error_));
    GIVES(YBB_LEASE_LOST, ybb__jobstore_release(w->store, lease, 0, NULL, NULL, &error_));
    ybb_job after = load_job(b, number);
    CU_ASSERT_EQUAL(after.state, before.state);
    CU_ASSERT_EQUAL(after.planned, before.planned);
    CU_ASSERT_EQUAL(after.records_processed, before.records_processed);
    CU_ASSERT_EQUAL(after.file_count, before.file_count);
    CU_ASSERT_EQUAL(after.attempts, before.attempts);
    ybb__job_release(&before);
    ybb__job_release(&after);
}

static void an_owner_learns_which_of_its_jobs_are_cancelled_on(bed *b)
{
    char ids[3][YBB_ID_TEXT];
    uint32_t count = 9;
    worker w = begin_worker(b), other = begin_worker(b);
    ybb_lease leases[5];
    for (unsigned i = 0; i < 5; i++) {
        insert_job(b, i + 1, YBB_IMMEDIATE);
        CU_ASSERT_TRUE(claim_job(i < 4 ? &w : &other, i + 1, &leases[i]));
    }
    WELL(ybb__jobstore_cancelled(w.store, w.token, ids, 3, &count, &error_));
    CU_ASSERT_EQUAL(count, 0);
    WELL(ybb__jobstore_cancel(b->store, ID(2), NULL, &error_));
    WELL(ybb__jobstore_cancel(b->store, ID(5), NULL, &error_));
    WELL(ybb__jobstore_cancelled(w.store, w.token, ids, 3, &count, &error_));
    CU_ASSERT_EQUAL_FATAL(count, 1);
    CU_ASSERT_STRING_EQUAL(ids[0], ID(2));
    for (unsigned i = 1; i <= 4; i++)
        WELL(ybb__jobstore_cancel(b->store, ID(i), NULL, &error_));
    WELL(ybb__jobstore_cancelled(w.store, w.token, ids, 3, &count, &error_));
    CU_ASSERT_EQUAL(count, 3);
    end_job(&w, &leases[1]);
    end_worker(&w);
    WELL(ybb__jobstore_cancelled(b->store, "own_", ids, 3, &count, &error_));
    CU_ASSERT_EQUAL(count, 0);
    end_worker(&other);
}

static void an_owner_learns_which_of_its_jobs_are_cancelled(void)
{
    each_store(an_owner_learns_which_of_its_jobs_are_cancelled_on);
}

static void a_silent_owner_has_lost_its_leases_on(bed *b)
{
    worker w = begin_worker(b);
    ybb_lease lease;
    ybb_job job = {0};
    bool none;
    insert_job(b, 1, YBB_HIGH);
    CU_ASSERT_EQUAL(claim_any(&w, &lease), 1);
    WELL(ybb__jobstore_heartbeat(w.store, w.token, &error_));
    WELL(tell_file(&w, &lease, 1, &error_));
    silence(b, &w);
    expect_lost(b, &w, &lease, 1);
    GIVES(YBB_LEASE_LOST, ybb__jobstore_heartbeat(w.store, w.token, &error_));
    GIVES(YBB_LEASE_LOST,
          ybb__jobstore_claim(w.store, w.token, NULL, &lease, &job, &none, &error_));
    CU_ASSERT_TRUE(none);
    CU_ASSERT_EQUAL(state_of(b, 1), YBB_JOB_RUNNING); /* until somebody takes over */
    end_worker(&w);
    CU_ASSERT_EQUAL(state_of(b, 1), YBB_JOB_QUEUED);
}

static void a_silent_owner_has_lost_its_leases(void)
{
    each_store(a_silent_owner_has_lost_its_leases_on);
}

static void a_new_owner_fences_the_old_one_on(bed *b)
{
    worker w = begin_worker(b);
    ybb_lease old, lease, other;
    insert_job(b, 1, YBB_HIGH);
    insert_job(b, 2, YBB_IMMEDIATE);
    insert_job(b, 3, YBB_IMMEDIATE);
    CU_ASSERT_EQUAL(claim_any(&w, &other), 2);
    CU_ASSERT_TRUE(claim_job(&w, 1, &old));
    silence(b, &w);
    worker next = begin_worker(b);
    /* what was lost comes first, by class and age, before what is better */
    CU_ASSERT_EQUAL(claim_any(&next, &lease), 2);
    CU_ASSERT_EQUAL(claim_any(&next, &lease), 1);
    CU_ASSERT_TRUE(lease.fence > old.fence);
    CU_ASSERT_EQUAL(claim_any(&next, &other), 3);
    expect_lost(b, &w, &old, 1);
    /* the same owner under an old fence, and another owner under the fence, have nothing either */
    ybb_lease forged = lease;
    forged.fence--;
    expect_lost(b, &next, &forged, 1);
    forged = lease;
    memcpy(forged.owner, w.token, sizeof(forged.owner));
    expect_lost(b, &w, &forged, 1);
    GIVES(YBB_LEASE_LOST, ybb__jobstore_heartbeat(w.store, w.token, &error_));
    WELL(tell_file(&next, &lease, 1, &error_));
    end_job(&next, &lease);
    CU_ASSERT_EQUAL(state_of(b, 1), YBB_JOB_DONE);
    end_worker(&w); /* it has been forgotten already */
    end_worker(&next);
}

static void a_new_owner_fences_the_old_one(void)
{
    each_store(a_new_owner_fences_the_old_one_on);
}

static void ending_twice_is_ending_once_on(bed *b)
{
    worker w = begin_worker(b);
    ybb_lease lease;
    insert_job(b, 1, YBB_HIGH);
    CU_ASSERT_EQUAL(claim_any(&w, &lease), 1);
    end_job(&w, &lease);
    WELL(end_job_as(&w, &lease, YBB_TIMEOUT, &error_));
    CU_ASSERT_EQUAL(state_of(b, 1), YBB_JOB_DONE);
    CU_ASSERT_EQUAL(ask_sql(b, "SELECT COUNT(*) FROM ybbexport_runs"), 1);
    GIVES(YBB_LEASE_LOST, tell_file(&w, &lease, 1, &error_));
    end_worker(&w);
}

static void ending_twice_is_ending_once(void)
{
    each_store(ending_twice_is_ending_once_on);
}

static void a_job_that_was_taken_over_too_often_fails_on(bed *b)
{
    ybb_lease lease;
    unsigned claims = 0;
    insert_job(b, 1, YBB_HIGH);
    for (long claimed = 1; claimed == 1 && claims < 30;) {
        worker w = begin_worker(b);
        claimed = claim_any(&w, &lease);
        claims += claimed == 1;
        if (claims == 3 && claimed == 1)
            WELL(tell_file(&w, &lease, 1, &error_));
        silence(b, &w);
        ybb__jobstore_free(w.store);
    }
    CU_ASSERT_EQUAL(claims, 3 + 10);
    CU_ASSERT_EQUAL(outcome_of(b, 1), YBB_OWNER_DIED);
    ybb_job job = load_job(b, 1);
    CU_ASSERT_EQUAL(job.attempts, claims);
    CU_ASSERT_EQUAL(job.file_count, 1);
    CU_ASSERT_PTR_NOT_NULL(strstr(job.outcome.message, "11 times"));
    ybb__job_release(&job);
    WELL(ybb__jobstore_resume(b->store, ID(1), NULL, NULL, &error_));
    worker w = begin_worker(b);
    CU_ASSERT_EQUAL(claim_any(&w, &lease), 1);
    end_worker(&w);
}

static void a_job_that_was_taken_over_too_often_fails(void)
{
    each_store(a_job_that_was_taken_over_too_often_fails_on);
}

static void a_job_beyond_its_deadline_is_ended_on(bed *b)
{
    worker w = begin_worker(b), other = begin_worker(b);
    ybb_lease lease, next;
    b->queue.concurrent[YBB_LOW] = 1;
    insert_job(b, 1, YBB_LOW);
    insert_job(b, 2, YBB_LOW);
    CU_ASSERT_EQUAL(claim_any(&w, &lease), 1);
    CU_ASSERT_EQUAL(claim_any(&other, &next), -1);
    /* 60 minutes of its class, and a lease time */
    long allowed = ask_sql(b, "SELECT deadline - claimed_at FROM ybbexport_jobs WHERE state = 1");
    CU_ASSERT_EQUAL(allowed, (3600L + 600) * 1000000);
    ybb_delivery delivery = {.records = 1, .files = 1, .timeout_seconds = 5};
    WELL(ybb__jobstore_planned(w.store, &lease, &delivery, "snapshot", 0, &error_));
    allowed = ask_sql(b, "SELECT deadline - claimed_at FROM ybbexport_jobs WHERE state = 1");
    CU_ASSERT_EQUAL(allowed, (5L + 600) * 1000000);
    do_sql(b, "UPDATE ybbexport_jobs SET deadline = deadline - 606000000 WHERE state = 1");
    expect_lost(b, &w, &lease, 1); /* although its owner is alive */
    CU_ASSERT_EQUAL(claim_any(&other, &next), 2);
    CU_ASSERT_EQUAL(outcome_of(b, 1), YBB_TIMEOUT);
    expect_lost(b, &w, &lease, 1);
    end_worker(&w);
    end_worker(&other);
}

static void a_job_beyond_its_deadline_is_ended(void)
{
    each_store(a_job_beyond_its_deadline_is_ended_on);
}

static void no_time_limit_is_no_deadline_on(bed *b)
{
    worker w = begin_worker(b);
    ybb_lease lease;
    memset(b->queue.timeout_minutes, 0, sizeof(b->queue.timeout_minutes));
    insert_job(b, 1, YBB_LOW);
    CU_ASSERT_EQUAL(claim_any(&w, &lease), 1);
    CU_ASSERT_EQUAL(ask_sql(b, "SELECT deadline FROM ybbexport_jobs"), 0);
    end_worker(&w);
}

static void no_time_limit_is_no_deadline(void)
{
    each_store(no_time_limit_is_no_deadline_on);
}

static void a_job_without_an_owner_is_taken_over_on(bed *b)
{
    worker w = begin_worker(b);
    ybb_lease lease;
    insert_job(b, 1, YBB_HIGH);
    CU_ASSERT_EQUAL(claim_any(&w, &lease), 1);
    do_sql(b, "DELETE FROM ybbexport_owners");
    GIVES(YBB_LEASE_LOST, tell_file(&w, &lease, 1, &error_));
    worker other = begin_worker(b);
    CU_ASSERT_EQUAL(claim_any(&other, &lease), 1);
    end_worker(&other);
    end_worker(&w);
}

static void a_job_without_an_owner_is_taken_over(void)
{
    each_store(a_job_without_an_owner_is_taken_over_on);
}

static void what_is_shown_never_falls_on(bed *b)
{
    ybb_lease lease;
    bool cancel;
    double shown = 0;
    uint64_t records = 0;
    uint32_t chunk = 0;
    insert_job(b, 1, YBB_HIGH);
    for (unsigned life = 0; life < 6; life++) {
        worker w = begin_worker(b);
        CU_ASSERT_EQUAL(claim_any(&w, &lease), 1);
        for (unsigned step = 0; step < 4; step++) {
            /* a new owner counts another number of records, and begins below what was told */
            if (step == 1)
                WELL(tell_plan(&w, &lease, 100 + 900 * (life % 2), &error_));
            ybb_job_progress progress = {.stage = YBB_STAGE_PROCESSING,
                                         .records_processed = 10 * step + 5 * (life % 3),
                                         .current_chunk = step + life % 2,
                                         .archive_part = 0.5 * (life == 2)};
            if (step >= 2)
                WELL(ybb__jobstore_progress(w.store, &lease, &progress, &cancel, &error_));
            ybb_job job = load_job(b, 1);
            CU_ASSERT_TRUE(ybb__job_percentage(&job) >= shown - 1e-6);
            CU_ASSERT_TRUE(job.records_processed >= records);
            CU_ASSERT_TRUE(job.current_chunk >= chunk);
            shown = ybb__job_percentage(&job);
            records = job.records_processed;
            chunk = job.current_chunk;
            ybb__job_release(&job);
        }
        silence(b, &w);
        ybb__jobstore_free(w.store);
    }
    CU_ASSERT_EQUAL(records, 40);
    CU_ASSERT_EQUAL(shown, 40);
}

static void what_is_shown_never_falls(void)
{
    each_store(what_is_shown_never_falls_on);
}

static void a_worker_is_alive_while_it_shows_itself_on(bed *b)
{
    bool alive = true;
    WELL(ybb__jobstore_worker_alive(b->store, &alive, &error_));
    CU_ASSERT_FALSE(alive);
    worker inproc = begin_worker_of(b, YBB_OWNER_INPROC);
    WELL(ybb__jobstore_worker_alive(b->store, &alive, &error_));
    CU_ASSERT_FALSE(alive);
    worker w = begin_worker_of(b, YBB_OWNER_WORKER);
    WELL(ybb__jobstore_worker_alive(b->store, &alive, &error_));
    CU_ASSERT_TRUE(alive);
    ybb_queue_state state;
    WELL(ybb__jobstore_queue(b->store, &state, &error_));
    CU_ASSERT_EQUAL(state.owners_alive[YBB_OWNER_INPROC], 1);
    CU_ASSERT_EQUAL(state.owners_alive[YBB_OWNER_WORKER], 1);
    silence(b, &w);
    WELL(ybb__jobstore_worker_alive(b->store, &alive, &error_));
    CU_ASSERT_FALSE(alive);
    end_worker(&w);
    end_worker(&inproc);
}

static void a_worker_is_alive_while_it_shows_itself(void)
{
    each_store(a_worker_is_alive_while_it_shows_itself_on);
}

static void a_store_registers_one_owner_on(bed *b)
{
    char token[YBB_ID_TEXT], other[YBB_ID_TEXT];
    WELL(ybb__jobstore_register(b->store, YBB_OWNER_WORKER, token, &error_));
    GIVES(YBB_MISUSE, ybb__jobstore_register(b->store, YBB_OWNER_WORKER, other, &error_));
    WELL(ybb__jobstore_unregister(b->store, token, &error_));
    WELL(ybb__jobstore_register(b->store, YBB_OWNER_WORKER, other, &error_));
    CU_ASSERT_STRING_NOT_EQUAL(token, other);
    WELL(ybb__jobstore_unregister(b->store, other, &error_));
}

static void a_store_registers_one_owner(void)
{
    each_store(a_store_registers_one_owner_on);
}

static void a_connection_is_gone_on_with_by_another_store_on(bed *b)
{
    ybb_lease lease;
    worker w = {.store = open_store(&b->settings)};
    insert_job(b, 1, YBB_IMMEDIATE);
    CU_ASSERT_TRUE(ybb__jobstore_connected(b->store));
    CU_ASSERT_FALSE(ybb__jobstore_connected(w.store));
    ybb__jobstore_move(w.store, b->store);
    CU_ASSERT_FALSE(ybb__jobstore_connected(b->store));
    CU_ASSERT_TRUE(ybb__jobstore_connected(w.store));
    WELL(ybb__jobstore_register(w.store, YBB_OWNER_INPROC, w.token, &error_));
    CU_ASSERT_EQUAL(claim_any(&w, &lease), 1);
    insert_job(b, 2, YBB_IMMEDIATE); /* by a connection of its own */
    ybb__jobstore_move(w.store, b->store);
    ybb__jobstore_rest(w.store);
    CU_ASSERT_EQUAL(state_of(b, 1), YBB_JOB_RUNNING);
    end_job(&w, &lease);
    CU_ASSERT_EQUAL(claim_any(&w, &lease), 2);
    end_worker(&w);
}

static void a_connection_is_gone_on_with_by_another_store(void)
{
    each_store(a_connection_is_gone_on_with_by_another_store_on);
}

static void what_a_power_cut_voids_anyway_waits_for_no_disk(void)
{
    bed b;
    ybb_lease lease;
    bool stop;
    const ybb_job_progress progress = {.stage = YBB_STAGE_PROCESSING, .records_processed = 1};
    const ybb_delivery delivery = {.records = 1, .files = 1};
    begin_bed(&b, false);
    insert_job(&b, 1, YBB_IMMEDIATE);
    CU_ASSERT_TRUE(waits_for_disk > 0);
    waits_for_disk = 0;
    worker w = begin_worker(&b);
    CU_ASSERT_EQUAL(claim_any(&w, &lease), 1);
    WELL(ybb__jobstore_heartbeat(w.store, w.token, &error_));
    WELL(ybb__jobstore_planned(w.store, &lease, &delivery, "snapshot", 0, &error_));
    WELL(ybb__jobstore_progress(w.store, &lease, &progress, &stop, &error_));
    CU_ASSERT_EQUAL(waits_for_disk, 0);
    WELL(tell_file(&w, &lease, 1, &error_));
    CU_ASSERT_TRUE(waits_for_disk > 0);
    waits_for_disk = 0;
    end_job(&w, &lease);
    CU_ASSERT_TRUE(waits_for_disk > 0);
    end_worker(&w);
    end_bed(&b);
}

/* Whoever is told of it is told behind ybb__jobstore_sync(). */
static void run_at_once(ybb_jobstore *store, unsigned number)
{
    ybb_job job = new_job(number, YBB_IMMEDIATE);
    ybb_admission admission;
    waits_for_disk = 0;
    WELL(ybb__jobstore_insert(store, &job, true, &admission, &error_));
    CU_ASSERT_EQUAL(waits_for_disk, 0);
    WELL(ybb__jobstore_sync(store, &error_));
    CU_ASSERT_EQUAL(waits_for_disk, 1);
}

static void what_runs_at_once_is_on_the_disk_when_it_is_told(void)
{
    bed b;
    char other[160], dsn[200];
    begin_bed(&b, false);
    insert_job(&b, 1, YBB_IMMEDIATE);
    run_at_once(b.store, 2);
    disk_fails = true;
    GIVES(YBB_STORE_ERROR, ybb__jobstore_sync(b.store, &error_));
    disk_fails = false;
    /* SQLite's log is beside the file that a link leads to */
    snprintf(other, sizeof(other), "%s.link", b.path);
    snprintf(dsn, sizeof(dsn), "sqlite://%s", other);
    CU_ASSERT_EQUAL(symlink(b.path, other), 0);
    ybb_jobstore_settings settings = b.settings;
    settings.dsn = dsn;
    ybb_jobstore *store = open_store(&settings);
    WELL(ybb__jobstore_sync(store, &error_)); /* nothing of it is open */
    ybb_job job = {0};
    WELL(ybb__jobstore_load(store, ID(1), NULL, &job, &error_));
    ybb__job_release(&job);
    run_at_once(store, 3);
    ybb__jobstore_free(store);
    unlink(other);
    end_bed(&b);
}

static void an_end_takes_the_last_file_along_on(bed *b)
{
    char name[] = "participants.csv", key[] = "17";
    const ybb_job_file file = {
        .number = 1, .name = name, .bytes = 20, .records = 2, .last_key = key};
    ybb_error outcome = {0};
    ybb_lease lease;
    insert_job(b, 1, YBB_IMMEDIATE);
    worker w = begin_worker(b);
    CU_ASSERT_EQUAL(claim_any(&w, &lease), 1);
    waits_for_disk = 0;
    for (unsigned i = 0; i < 2; i++) /* once more: the answer may have been lost */
        WELL(ybb__jobstore_end_with_file(w.store, &lease, &file, &outcome, 1, 0, NULL, &error_));
    enum { MOST = 2 }; /* the log, and at a connection's first time its folder */
    CU_ASSERT_TRUE(waits_for_disk <= MOST);
    ybb_job job = load_job(b, 1);
    CU_ASSERT_EQUAL(job.state, YBB_JOB_DONE);
    CU_ASSERT_EQUAL_FATAL(job.file_count, 1);
    CU_ASSERT_STRING_EQUAL(job.files[0].name, name);
    CU_ASSERT_STRING_EQUAL(job.files[0].last_key, key);
    ybb__job_release(&job);
    end_worker(&w);
}

static void an_end_takes_the_last_file_along(void)
{
    each_store(an_end_takes_the_last_file_along_on);
}

static void an_end_without_the_lease_leaves_no_file_on(bed *b)
{
    char name[] = "participants.csv";
    const ybb_job_file file = {.number = 1, .name = name, .bytes = 20, .records = 2};
    ybb_error outcome = {0};
    ybb_lease lease;
    insert_job(b, 1, YBB_IMMEDIATE);
    worker w = begin_worker(b);
    CU_ASSERT_EQUAL(claim_any(&w, &lease), 1);
    lease.fence++;
    GIVES(YBB_LEASE_LOST,
          ybb__jobstore_end_with_file(w.store, &lease, &file, &outcome, 1, 0, NULL, &error_));
    ybb_job job = load_job(b, 1);
    CU_ASSERT_EQUAL(job.state, YBB_JOB_RUNNING);
    CU_ASSERT_EQUAL(job.file_count, 0);
    ybb__job_release(&job);
    end_worker(&w);
}

static void an_end_without_the_lease_leaves_no_file(void)
{
    each_store(an_end_without_the_lease_leaves_no_file_on);
}

static void claims_of_a_server_go_past_what_is_locked(void)
{
    ybb_lease lease;
    bed b;
    if (mysql_dsn() == NULL) {
        skip_test("YBB_TEST_MYSQL names no server");
        return;
    }
    begin_bed(&b, true);
    worker w = begin_worker(&b);
    insert_job(&b, 1, YBB_HIGH);
    insert_job(&b, 2, YBB_HIGH);
    insert_job(&b, 3, YBB_HIGH);
    CU_ASSERT_EQUAL(claim_any(&w, &lease), 1); /* there is a place */
    end_job(&w, &lease);
    ybb_db *other = open_dsn(b.dsn, YBB_DB_SHARED);
    ybb_error error = {0};
    CU_ASSERT_EQUAL_FATAL(ybb__db_begin(other, &error), YBB_OK);
    char sql[128];
    snprintf(sql, sizeof(sql), "SELECT id FROM ybbexport_jobs WHERE id = '%s' FOR UPDATE", ID(2));
    run_sql(other, sql);
    run_sql(other, "SELECT place FROM ybbexport_places FOR UPDATE");
    CU_ASSERT_EQUAL(claim_any(&w, &lease), 3);
    ybb__db_rollback(other);
    CU_ASSERT_EQUAL(claim_any(&w, &lease), 2);
    ybb__db_close(other);
    end_worker(&w);
    end_bed(&b);
}

static const ybb_test tests[] = {
    TEST(claims_of_a_server_go_past_what_is_locked),
    TEST(an_end_takes_the_last_file_along),
    TEST(an_end_without_the_lease_leaves_no_file),
    TEST(what_is_given_back_keeps_its_place),
    TEST(a_pause_holds_a_job_back),
    TEST(a_failure_that_does_not_pass_ends_the_job),
    TEST(an_owner_learns_which_of_its_jobs_are_cancelled),
    TEST(a_silent_owner_has_lost_its_leases),
    TEST(a_new_owner_fences_the_old_one),
    TEST(ending_twice_is_ending_once),
    TEST(a_job_that_was_taken_over_too_often_fails),
    TEST(a_job_beyond_its_deadline_is_ended),
    TEST(no_time_limit_is_no_deadline),
    TEST(a_job_without_an_owner_is_taken_over),
    TEST(what_is_shown_never_falls),
    TEST(a_worker_is_alive_while_it_shows_itself),
    TEST(a_store_registers_one_owner),
    TEST(a_connection_is_gone_on_with_by_another_store),
    TEST(what_a_power_cut_voids_anyway_waits_for_no_disk),
    TEST(what_runs_at_once_is_on_the_disk_when_it_is_told),
};

int main(void)
{
    return RUN_TESTS("jobstore_lease", tests);
}
