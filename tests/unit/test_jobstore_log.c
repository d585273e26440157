/* The job store's log and statistics, and exports whose time is over. */
#include "store_bed.h"

/* ---- the log ---- */

static void the_log_tells_what_happened_on(bed *b)
{
    static const struct {
        ybb_event_kind kind;
        ybb_status status;
        uint32_t file;
        bool has_place;
    } expected[] = {
        {YBB_EVENT_QUEUED, YBB_OK, 0, false},    {YBB_EVENT_CLAIMED, YBB_OK, 0, true},
        {YBB_EVENT_FILE, YBB_OK, 4, false},      {YBB_EVENT_RELEASED, YBB_SOURCE_LOST, 0, true},
        {YBB_EVENT_CLAIMED, YBB_OK, 0, true},    {YBB_EVENT_LOST, YBB_OK, 0, true},
        {YBB_EVENT_TAKEN_OVER, YBB_OK, 0, true}, {YBB_EVENT_ENDED, YBB_TIMEOUT, 0, true},
        {YBB_EVENT_RESUMED, YBB_OK, 0, false},   {YBB_EVENT_ENDED, YBB_CANCELLED, 0, false},
        {YBB_EVENT_REMOVED, YBB_OK, 0, false},
    };
    enum { EXPECTED = sizeof(expected) / sizeof(expected[0]) };
    worker w = begin_worker(b), other = begin_worker(b);
    ybb_lease lease;
    ybb_error why = {0};
    (void)ybb__fail(&why, YBB_SOURCE_LOST, "gone");
    insert_job(b, 1, YBB_LOW);
    CU_ASSERT_EQUAL(claim_any(&w, &lease), 1);
    WELL(tell_file(&w, &lease, 4, &error_));
    WELL(ybb__jobstore_release(w.store, &lease, 0, &why, NULL, &error_));
    CU_ASSERT_EQUAL(claim_any(&w, &lease), 1);
    silence(b, &w);
    CU_ASSERT_EQUAL(claim_any(&other, &lease), 1);
    WELL(end_job_as(&other, &lease, YBB_TIMEOUT, &error_));
    WELL(ybb__jobstore_resume(b->store, ID(1), NULL, NULL, &error_));
    WELL(ybb__jobstore_cancel(b->store, ID(1), NULL, &error_));
    WELL(ybb__jobstore_remove(b->store, ID(1), NULL, &error_));
    uint32_t count;
    ybb_event *log = read_log(b->store, &count);
    CU_ASSERT_EQUAL_FATAL(count, EXPECTED);
    for (uint32_t i = 0; i < EXPECTED; i++) {
        CU_ASSERT_EQUAL(log[i].kind, expected[i].kind);
        CU_ASSERT_EQUAL(log[i].status, expected[i].status);
        CU_ASSERT_EQUAL(log[i].file, expected[i].file);
        CU_ASSERT_EQUAL(log[i].place, expected[i].has_place);
        CU_ASSERT_EQUAL(log[i].large_place, expected[i].has_place);
        CU_ASSERT_EQUAL(log[i].priority, YBB_LOW);
        CU_ASSERT_STRING_EQUAL(log[i].job, ID(1));
        CU_ASSERT_TRUE(log[i].time > 0 && log[i].store_time > 0);
    }
    CU_ASSERT_STRING_EQUAL(log[1].owner, w.token);
    CU_ASSERT_STRING_EQUAL(log[5].owner, w.token);
    CU_ASSERT_STRING_EQUAL(log[6].owner, other.token);
    CU_ASSERT_STRING_EQUAL(log[9].owner, "");
    ybb_event some[3];
    WELL(ybb__jobstore_events(b->store, log[4].number, some, 3, &count, &error_));
    CU_ASSERT_EQUAL(count, 3);
    CU_ASSERT_EQUAL(some[0].number, log[5].number);
    free(log);
    end_worker(&other);
    end_worker(&w);
}

static void the_log_tells_what_happened(void)
{
    each_store(the_log_tells_what_happened_on);
}

static void the_log_and_the_statistics_stay_small_on(bed *b)
{
    enum { MOST = 40, JOBS = 100 };
    b->settings.max_events = MOST;
    ybb__jobstore_free(b->store);
    b->store = open_store(&b->settings);
    worker w = begin_worker(b);
    ybb_lease lease;
    for (unsigned i = 0; i < JOBS; i++) {
        insert_job(b, i, YBB_HIGH);
        CU_ASSERT_EQUAL(claim_any(&w, &lease), i);
        end_job(&w, &lease);
    }
    uint32_t count;
    ybb_event *log = read_log(b->store, &count);
    CU_ASSERT_TRUE(count >= MOST && count <= MOST + MOST / 4);
    CU_ASSERT_EQUAL(log[count - 1].kind, YBB_EVENT_ENDED); /* the newest are kept */
    CU_ASSERT_STRING_EQUAL(log[count - 1].job, ID(JOBS - 1));
    free(log);
    long runs = ask_sql(b, "SELECT COUNT(*) FROM ybbexport_runs");
    CU_ASSERT_TRUE(runs >= MOST && runs <= MOST + MOST / 4);
    end_worker(&w);
}

static void the_log_and_the_statistics_stay_small(void)
{
    each_store(the_log_and_the_statistics_stay_small_on);
}

/* ---- the queue and the statistics ---- */

static void the_queue_is_counted_on(bed *b)
{
    worker w = begin_worker(b);
    ybb_lease lease;
    ybb_queue_state state;
    WELL(ybb__jobstore_queue(b->store, &state, &error_));
    CU_ASSERT_EQUAL(state.queued, 0);
    CU_ASSERT_EQUAL(state.oldest_seconds, 0);
    CU_ASSERT_EQUAL(state.retry_seconds, 0);
    b->queue.max_queue_size = 5;
    for (unsigned i = 0; i < 3; i++)
        insert_job(b, i, YBB_HIGH);
    insert_job(b, 3, YBB_NORMAL);
    insert_job(b, 4, YBB_LOW);
    CU_ASSERT_EQUAL(claim_any(&w, &lease), 0);
    insert_job(b, 5, YBB_LOW);
    CU_ASSERT_TRUE(claim_job(&w, 4, &lease));
    do_sql(b, "UPDATE ybbexport_jobs SET created_at = created_at - 90000000 WHERE priority = 2");
    WELL(ybb__jobstore_queue(b->store, &state, &error_));
    CU_ASSERT_EQUAL(state.classes[YBB_IMMEDIATE].queued, 0);
    CU_ASSERT_EQUAL(state.classes[YBB_IMMEDIATE].limit, 10);
    CU_ASSERT_EQUAL(state.classes[YBB_HIGH].queued, 2);
    CU_ASSERT_EQUAL(state.classes[YBB_HIGH].running, 1);
    CU_ASSERT_EQUAL(state.classes[YBB_HIGH].limit, 5);
    CU_ASSERT_EQUAL(state.classes[YBB_LOW].queued, 1);
    CU_ASSERT_EQUAL(state.classes[YBB_LOW].running, 1);
    CU_ASSERT_EQUAL(state.large.queued, 2);
    CU_ASSERT_EQUAL(state.large.running, 1);
    CU_ASSERT_EQUAL(state.large.limit, 3);
    CU_ASSERT_EQUAL(state.queued, 4);
    CU_ASSERT_EQUAL(state.max_queue_size, 5);
    CU_ASSERT_TRUE(state.oldest_seconds >= 90);
    CU_ASSERT_EQUAL(state.retry_seconds, 0);
    insert_job(b, 6, YBB_HIGH);
    WELL(ybb__jobstore_queue(b->store, &state, &error_));
    CU_ASSERT_TRUE(state.retry_seconds > 0);
    end_worker(&w);
}

static void the_queue_is_counted(void)
{
    each_store(the_queue_is_counted_on);
}

/* Carries an export out that takes that long. */
static void run_export(bed *b, worker *w, unsigned number, char *type, char *template_name,
                       uint64_t records, double seconds, ybb_status status)
{
    ybb_job job = new_job(number, YBB_HIGH);
    ybb_admission admission;
    ybb_lease lease;
    ybb_error outcome = {0};
    job.export_type = type;
    job.template_name = template_name;
    WELL(ybb__jobstore_insert(b->store, &job, false, &admission, &error_));
    CU_ASSERT_TRUE(claim_job(w, number, &lease));
    WELL(tell_plan(w, &lease, records, &error_));
    ybb_job_file file = new_file(1, records);
    WELL(ybb__jobstore_file(w->store, &lease, &file, &error_));
    file.number = 0; /* an archive holds what the files hold */
    WELL(ybb__jobstore_file(w->store, &lease, &file, &error_));
    if (status != YBB_OK)
        (void)ybb__fail(&outcome, status, "a reason");
    WELL(ybb__jobstore_end(w->store, &lease, &outcome, seconds, 0, NULL, &error_));
}

static void speed_is_that_of_the_most_alike_on(bed *b)
{
    worker w = begin_worker(b);
    double speed = -1;
    WELL(ybb__jobstore_speed(b->store, "payments", "excel", "standard", &speed, &error_));
    CU_ASSERT_EQUAL(speed, 0);
    run_export(b, &w, 1, "participants", "standard", 1000, 2, YBB_OK);
    run_export(b, &w, 2, "participants", "standard", 5000, 1, YBB_OK);
    run_export(b, &w, 3, "participants", "detailed", 1000, 4, YBB_OK);
    run_export(b, &w, 4, "payments", "standard", 500, 0.5, YBB_OK);
    run_export(b, &w, 5, "participants", "standard", 9000, 1, YBB_SOURCE_LOST);
    run_export(b, &w, 6, "participants", "standard", 12, 0.1, YBB_OK); /* too few to tell */
    WELL(ybb__jobstore_speed(b->store, "participants", "excel", "standard", &speed, &error_));
    CU_ASSERT_EQUAL(speed, 2000);
    WELL(ybb__jobstore_speed(b->store, "participants", "excel", "detailed", &speed, &error_));
    CU_ASSERT_EQUAL(speed, 250);
    WELL(ybb__jobstore_speed(b->store, "participants", "csv", "standard", &speed, &error_));
    CU_ASSERT_EQUAL(speed, 1000);
    WELL(ybb__jobstore_speed(b->store, "ambassadors", "csv", "standard", &speed, &error_));
    CU_ASSERT_EQUAL(speed, 1000);
    WELL(ybb__jobstore_speed(b->store, NULL, NULL, NULL, &speed, &error_));
    CU_ASSERT_EQUAL(speed, 1000);
    end_worker(&w);
}

static void speed_is_that_of_the_most_alike(void)
{
    each_store(speed_is_that_of_the_most_alike_on);
}

static void statistics_outlive_the_records_on(bed *b)
{
    worker w = begin_worker(b);
    ybb_lease lease;
    ybb_store_stats stats;
    run_export(b, &w, 1, "participants", "standard", 1000, 2, YBB_OK);
    run_export(b, &w, 2, "participants", "standard", 500, 1.5, YBB_OK);
    run_export(b, &w, 3, "payments", "standard", 7, 1, YBB_SOURCE_LOST);
    run_export(b, &w, 4, "payments", "standard", 7, 1, YBB_TIMEOUT);
    insert_job(b, 5, YBB_LOW);
    WELL(ybb__jobstore_cancel(b->store, ID(5), NULL, &error_));
    insert_job(b, 6, YBB_LOW);
    insert_job(b, 7, YBB_LOW);
    CU_ASSERT_TRUE(claim_job(&w, 6, &lease));
    /* the failure of export 3 was two hours ago, export 4's ten days */
    do_sql(b, "UPDATE ybbexport_runs SET utc = utc - 7200000000 WHERE status = 103");
    do_sql(b, "UPDATE ybbexport_runs SET utc = utc - 864000000000 WHERE status = 305");
    WELL(ybb__jobstore_stats(b->store, &stats, &error_));
    CU_ASSERT_EQUAL(stats.queued, 1);
    CU_ASSERT_EQUAL(stats.running, 1);
    CU_ASSERT_EQUAL(stats.done, 2);
    CU_ASSERT_EQUAL(stats.failed, 2);
    CU_ASSERT_EQUAL(stats.cancelled, 1);
    CU_ASSERT_EQUAL(stats.expired, 0);
    CU_ASSERT_EQUAL(stats.failures_last_hour, 0);
    CU_ASSERT_EQUAL(stats.lately.done, 2);
    CU_ASSERT_EQUAL(stats.lately.failed, 1);
    CU_ASSERT_EQUAL(stats.lately.cancelled, 1);
    CU_ASSERT_EQUAL(stats.lately.records, 1500);
    CU_ASSERT_EQUAL(stats.lately.bytes, 1500000);
    CU_ASSERT_EQUAL(stats.lately.seconds, 3.5);
    CU_ASSERT_EQUAL(stats.by_class[YBB_HIGH].done, 2);
    CU_ASSERT_EQUAL(stats.by_class[YBB_LOW].cancelled, 1);
    CU_ASSERT_EQUAL_FATAL(stats.type_count, 2);
    CU_ASSERT_STRING_EQUAL(stats.by_type[0].name, "participants");
    CU_ASSERT_EQUAL(stats.by_type[0].stats.done, 2);
    CU_ASSERT_STRING_EQUAL(stats.by_type[1].name, "payments");
    CU_ASSERT_EQUAL(stats.by_type[1].stats.failed, 1);
    for (unsigned i = 1; i <= 5; i++)
        WELL(ybb__jobstore_remove(b->store, ID(i), NULL, &error_));
    run_export(b, &w, 9, "payments", "standard", 7, 1, YBB_TIMEOUT);
    WELL(ybb__jobstore_stats(b->store, &stats, &error_));
    CU_ASSERT_EQUAL(stats.done, 0);
    CU_ASSERT_EQUAL(stats.failed, 1);
    CU_ASSERT_EQUAL(stats.lately.done, 2);
    CU_ASSERT_EQUAL(stats.failures_last_hour, 1);
    end_worker(&w);
}

static void statistics_outlive_the_records(void)
{
    each_store(statistics_outlive_the_records_on);
}

/* ---- what has expired ---- */

static void an_export_expires_when_its_time_is_over_on(bed *b)
{
    enum { MOST = 8 };
    char ids[MOST][YBB_ID_TEXT];
    uint32_t count = 9;
    uint64_t forgotten = 9;
    worker w = begin_worker(b);
    ybb_lease lease;
    for (unsigned i = 1; i <= 5; i++)
        run_export(b, &w, i, "participants", "standard", 10, 1, i == 2 ? YBB_TIMEOUT : YBB_OK);
    insert_job(b, 6, YBB_HIGH);
    insert_job(b, 7, YBB_HIGH);
    CU_ASSERT_TRUE(claim_job(&w, 7, &lease));
    WELL(ybb__jobstore_expired(b->store, ids, MOST, &count, &error_));
    CU_ASSERT_EQUAL(count, 0);
    do_sql(b, "UPDATE ybbexport_jobs SET expires_at = 4000000000000000");
    WELL(ybb__jobstore_expired(b->store, ids, MOST, &count, &error_));
    CU_ASSERT_EQUAL(count, 0);
    do_sql(b, "UPDATE ybbexport_jobs SET expires_at = 1000 - seq"); /* the last one is the oldest */
    WELL(ybb__jobstore_expired(b->store, ids, 2, &count, &error_));
    CU_ASSERT_EQUAL_FATAL(count, 2);
    CU_ASSERT_STRING_EQUAL(ids[0], ID(5));
    CU_ASSERT_STRING_EQUAL(ids[1], ID(4));
    WELL(ybb__jobstore_expired(b->store, ids, MOST, &count, &error_));
    CU_ASSERT_EQUAL(count, 5); /* neither the queued nor the running one */
    WELL(ybb__jobstore_expire(b->store, ID(4), &error_));
    WELL(ybb__jobstore_expire(b->store, ID(2), &error_));
    WELL(ybb__jobstore_expire(b->store, ID(2), &error_));
    WELL(ybb__jobstore_expire(b->store, ID(6), &error_));
    WELL(ybb__jobstore_expire(b->store, ID(7), &error_));
    WELL(ybb__jobstore_expire(b->store, ID(99), &error_));
    CU_ASSERT_EQUAL(state_of(b, 6), YBB_JOB_QUEUED);
    CU_ASSERT_EQUAL(state_of(b, 7), YBB_JOB_RUNNING);
    ybb_job job = load_job(b, 4);
    CU_ASSERT_EQUAL(job.state, YBB_JOB_FAILED);
    CU_ASSERT_EQUAL(job.outcome.status, YBB_EXPIRED);
    CU_ASSERT_EQUAL(job.file_count, 0);
    CU_ASSERT_PTR_NULL(job.archive.name);
    ybb__job_release(&job);
    GIVES(YBB_NOT_RESUMABLE, ybb__jobstore_resume(b->store, ID(2), NULL, NULL, &error_));
    WELL(ybb__jobstore_expired(b->store, ids, MOST, &count, &error_));
    CU_ASSERT_EQUAL(count, 3);
    WELL(ybb__jobstore_forget(b->store, 3600, &forgotten, &error_));
    CU_ASSERT_EQUAL(forgotten, 0);
    do_sql(b, "UPDATE ybbexport_jobs SET gone_at = gone_at - 3700000000 WHERE gone_at > 0");
    WELL(ybb__jobstore_forget(b->store, 3600, &forgotten, &error_));
    CU_ASSERT_EQUAL(forgotten, 2);
    GIVES(YBB_NOT_FOUND, ybb__jobstore_load(b->store, ID(4), NULL, &job, &error_));
    CU_ASSERT_EQUAL(state_of(b, 5), YBB_JOB_DONE);
    CU_ASSERT_EQUAL(ask_sql(b, "SELECT COUNT(*) FROM ybbexport_files"), 3 * 2);
    end_worker(&w);
}

static void an_export_expires_when_its_time_is_over(void)
{
    each_store(an_export_expires_when_its_time_is_over_on);
}

static const ybb_test tests[] = {
    TEST(the_log_tells_what_happened),    TEST(the_log_and_the_statistics_stay_small),
    TEST(the_queue_is_counted),           TEST(speed_is_that_of_the_most_alike),
    TEST(statistics_outlive_the_records), TEST(an_export_expires_when_its_time_is_over),
};

int main(void)
{
    return RUN_TESTS("jobstore_log", tests);
}
