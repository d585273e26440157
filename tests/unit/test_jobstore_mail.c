/*
 * The mail about exports, in the job store: when it is due, who has it, how it ends.
 */
#include "store/jobstore_schema.h"
#include "store_bed.h"

static void insert_mailed(bed *b, unsigned number)
{
    ybb_job job = new_job(number, YBB_IMMEDIATE);
    ybb_admission admission;
    job.mail = (ybb_job_mail){.address = "a@example.org", .language = YBB_INDONESIAN};
    WELL(ybb__jobstore_insert(b->store, &job, false, &admission, &error_));
}

static ybb_mail_state mail_of(bed *b, unsigned number)
{
    ybb_job job = load_job(b, number);
    ybb_mail_state state = job.mail.state;
    ybb__job_release(&job);
    return state;
}

static bool is_due(bed *b)
{
    bool due = false;
    WELL(ybb__jobstore_mail_due(b->store, &due, &error_));
    return due;
}

/* Has the export end as @outcome. */
static void end_mailed(bed *b, worker *w, unsigned number, ybb_status outcome)
{
    ybb_lease lease;
    insert_mailed(b, number);
    CU_ASSERT_TRUE_FATAL(claim_job(w, number, &lease));
    WELL(end_job_as(w, &lease, outcome, &error_));
}

/* Takes a mail; the number of its export, or -1: none. */
static long claim_mail(worker *w, ybb_lease *lease)
{
    ybb_job job = {0};
    bool none = true;
    WELL(ybb__jobstore_mail_claim(w->store, w->token, lease, &job, &none, &error_));
    long number = none ? -1 : strtol(job.id + strlen("exp_"), NULL, 10);
    if (!none) {
        CU_ASSERT_STRING_EQUAL(lease->job, job.id);
        CU_ASSERT_STRING_EQUAL(job.mail.address, "a@example.org");
        CU_ASSERT_EQUAL(job.mail.language, YBB_INDONESIAN);
        CU_ASSERT_EQUAL(job.mail.state, YBB_MAIL_SENDING);
        CU_ASSERT_TRUE(ybb__job_has_ended(&job));
    }
    ybb__job_release(&job);
    return number;
}

static ybb_status end_mail(worker *w, const ybb_lease *lease, ybb_status status, double pause,
                           ybb_mail_state *state, ybb_error *error)
{
    ybb_error failure = {0};
    if (status != YBB_OK)
        (void)ybb__fail(&failure, status, "a reason");
    const ybb_mail_outcome outcome = {&failure, ybb__status_retriable(status), pause};
    return ybb__jobstore_mail_end(w->store, lease, &outcome, state, error);
}

static void mail_is_due_with_the_end_of_its_export_on(bed *b)
{
    worker w = begin_worker(b);
    ybb_lease lease, mail;
    ybb_mail_state state;
    insert_mailed(b, 1);
    CU_ASSERT_EQUAL(mail_of(b, 1), YBB_MAIL_WAITING);
    CU_ASSERT_TRUE(claim_job(&w, 1, &lease));
    CU_ASSERT_FALSE(is_due(b));
    CU_ASSERT_EQUAL(claim_mail(&w, &mail), -1);
    end_job(&w, &lease);
    CU_ASSERT_TRUE(is_due(b));
    CU_ASSERT_EQUAL(mail_of(b, 1), YBB_MAIL_DUE);
    CU_ASSERT_EQUAL(claim_mail(&w, &mail), 1);
    CU_ASSERT_FALSE(is_due(b));
    WELL(end_mail(&w, &mail, YBB_OK, 0, &state, &error_));
    CU_ASSERT_EQUAL(state, YBB_MAIL_SENT);
    ybb_job job = load_job(b, 1);
    CU_ASSERT_EQUAL(job.mail.state, YBB_MAIL_SENT);
    CU_ASSERT_EQUAL(job.mail.attempts, 1);
    CU_ASSERT_NOT_EQUAL(job.mail.sent_at, 0);
    CU_ASSERT_EQUAL(job.mail.status, YBB_OK);
    CU_ASSERT_EQUAL(job.state, YBB_JOB_DONE);
    ybb__job_release(&job);
    CU_ASSERT_EQUAL(claim_mail(&w, &mail), -1);
    end_worker(&w);
}

static void mail_is_due_with_the_end_of_its_export(void)
{
    each_store(mail_is_due_with_the_end_of_its_export_on);
}

static void an_export_without_mail_has_none_on(bed *b)
{
    worker w = begin_worker(b);
    ybb_lease lease;
    insert_job(b, 1, YBB_IMMEDIATE);
    CU_ASSERT_EQUAL(claim_any(&w, &lease), 1);
    end_job(&w, &lease);
    CU_ASSERT_EQUAL(mail_of(b, 1), YBB_MAIL_NONE);
    CU_ASSERT_FALSE(is_due(b));
    end_worker(&w);
}

static void an_export_without_mail_has_none(void)
{
    each_store(an_export_without_mail_has_none_on);
}

static void a_failure_is_told_and_a_cancelled_export_is_not_on(bed *b)
{
    worker w = begin_worker(b);
    ybb_lease mail;
    ybb_mail_state state;
    end_mailed(b, &w, 1, YBB_SOURCE_REFUSED);
    end_mailed(b, &w, 2, YBB_CANCELLED);
    insert_mailed(b, 3);
    WELL(ybb__jobstore_cancel(b->store, ID(3), NULL, &error_));
    CU_ASSERT_EQUAL(mail_of(b, 1), YBB_MAIL_DUE);
    CU_ASSERT_EQUAL(mail_of(b, 2), YBB_MAIL_DROPPED);
    CU_ASSERT_EQUAL(mail_of(b, 3), YBB_MAIL_DROPPED);
    CU_ASSERT_EQUAL(claim_mail(&w, &mail), 1);
    WELL(end_mail(&w, &mail, YBB_OK, 0, &state, &error_));
    CU_ASSERT_EQUAL(claim_mail(&w, &mail), -1);
    end_worker(&w);
}

static void a_failure_is_told_and_a_cancelled_export_is_not(void)
{
    each_store(a_failure_is_told_and_a_cancelled_export_is_not_on);
}

static void a_resumed_export_has_another_mail_on(bed *b)
{
    worker w = begin_worker(b);
    ybb_lease mail, lease;
    ybb_mail_state state;
    end_mailed(b, &w, 1, YBB_SOURCE_REFUSED);
    CU_ASSERT_EQUAL(claim_mail(&w, &mail), 1);
    WELL(ybb__jobstore_resume(b->store, ID(1), NULL, NULL, &error_));
    GIVES(YBB_LEASE_LOST, end_mail(&w, &mail, YBB_OK, 0, &state, &error_));
    ybb_job job = load_job(b, 1);
    CU_ASSERT_EQUAL(job.mail.state, YBB_MAIL_WAITING);
    CU_ASSERT_EQUAL(job.mail.number, 2);
    CU_ASSERT_EQUAL(job.mail.attempts, 0);
    ybb__job_release(&job);
    CU_ASSERT_TRUE(claim_job(&w, 1, &lease));
    end_job(&w, &lease);
    CU_ASSERT_EQUAL(claim_mail(&w, &mail), 1);
    WELL(end_mail(&w, &mail, YBB_OK, 0, &state, &error_));
    end_worker(&w);
}

static void a_resumed_export_has_another_mail(void)
{
    each_store(a_resumed_export_has_another_mail_on);
}

static void one_owner_has_a_mail_and_another_the_next_on(bed *b)
{
    worker w = begin_worker(b), v = begin_worker(b);
    ybb_lease first, second, again;
    ybb_mail_state state;
    end_mailed(b, &w, 1, YBB_OK);
    end_mailed(b, &w, 2, YBB_OK);
    CU_ASSERT_EQUAL(claim_mail(&w, &first), 1); /* the one that is due for longer */
    CU_ASSERT_EQUAL(claim_mail(&v, &second), 2);
    CU_ASSERT_EQUAL(claim_mail(&w, &again), 1); /* as after an answer that was lost */
    CU_ASSERT_EQUAL(again.fence, first.fence);
    WELL(end_mail(&w, &first, YBB_OK, 0, &state, &error_));
    CU_ASSERT_EQUAL(claim_mail(&w, &first), -1);
    CU_ASSERT_EQUAL(mail_of(b, 2), YBB_MAIL_SENDING);
    end_worker(&w);
    end_worker(&v);
}

static void one_owner_has_a_mail_and_another_the_next(void)
{
    each_store(one_owner_has_a_mail_and_another_the_next_on);
}

static void a_failure_that_passes_is_tried_again_behind_a_pause_on(bed *b)
{
    worker w = begin_worker(b);
    ybb_lease mail;
    ybb_mail_state state;
    end_mailed(b, &w, 1, YBB_OK);
    CU_ASSERT_EQUAL(claim_mail(&w, &mail), 1);
    WELL(end_mail(&w, &mail, YBB_MAIL_DEFERRED, 1000, &state, &error_));
    CU_ASSERT_EQUAL(state, YBB_MAIL_DUE);
    CU_ASSERT_FALSE(is_due(b));
    CU_ASSERT_EQUAL(claim_mail(&w, &mail), -1);
    ybb_job job = load_job(b, 1);
    CU_ASSERT_EQUAL(job.mail.status, YBB_MAIL_DEFERRED);
    CU_ASSERT_STRING_EQUAL(job.mail.message, "a reason");
    CU_ASSERT_NOT_EQUAL(job.mail.next_at, 0);
    ybb__job_release(&job);
    do_sql(b, "UPDATE ybbexport_mails SET not_before = 0");
    CU_ASSERT_EQUAL(claim_mail(&w, &mail), 1);
    WELL(end_mail(&w, &mail, YBB_MAIL_REFUSED, 0, &state, &error_));
    CU_ASSERT_EQUAL(state, YBB_MAIL_FAILED);
    CU_ASSERT_FALSE(is_due(b));
    CU_ASSERT_EQUAL(state_of(b, 1), YBB_JOB_DONE);
    end_worker(&w);
}

static void a_failure_that_passes_is_tried_again_behind_a_pause(void)
{
    each_store(a_failure_that_passes_is_tried_again_behind_a_pause_on);
}

static void the_last_attempt_is_the_last_on(bed *b)
{
    enum { ATTEMPTS = 10 }; /* the default */
    worker w = begin_worker(b);
    ybb_lease mail;
    ybb_mail_state state = YBB_MAIL_DUE;
    end_mailed(b, &w, 1, YBB_OK);
    for (unsigned i = 1; i <= ATTEMPTS; i++) {
        CU_ASSERT_EQUAL(state, YBB_MAIL_DUE);
        CU_ASSERT_EQUAL_FATAL(claim_mail(&w, &mail), 1);
        WELL(end_mail(&w, &mail, YBB_MAIL_UNAVAILABLE, 0, &state, &error_));
    }
    CU_ASSERT_EQUAL(state, YBB_MAIL_FAILED);
    CU_ASSERT_EQUAL(claim_mail(&w, &mail), -1);
    end_worker(&w);
}

static void the_last_attempt_is_the_last(void)
{
    each_store(the_last_attempt_is_the_last_on);
}

static void mail_of_an_owner_that_died_is_taken_over_on(bed *b)
{
    worker w = begin_worker(b), v = begin_worker(b);
    ybb_lease old, mail;
    ybb_mail_state state;
    ybb_lease nothing;
    end_mailed(b, &w, 1, YBB_OK);
    CU_ASSERT_EQUAL(claim_mail(&w, &old), 1);
    silence(b, &w);
    CU_ASSERT_EQUAL(claim_any(&v, &nothing), -1); /* buries it */
    CU_ASSERT_EQUAL(claim_mail(&v, &mail), 1);
    GIVES(YBB_LEASE_LOST, end_mail(&w, &old, YBB_OK, 0, &state, &error_));
    WELL(end_mail(&v, &mail, YBB_OK, 0, &state, &error_));
    ybb_job job = load_job(b, 1);
    CU_ASSERT_EQUAL(job.mail.state, YBB_MAIL_SENT);
    CU_ASSERT_EQUAL(job.mail.attempts, 2);
    ybb__job_release(&job);
    ybb__jobstore_free(w.store);
    end_worker(&v);
}

static void mail_of_an_owner_that_died_is_taken_over(void)
{
    each_store(mail_of_an_owner_that_died_is_taken_over_on);
}

static void mail_of_an_owner_that_leaves_is_as_before_on(bed *b)
{
    worker w = begin_worker(b), v = begin_worker(b);
    ybb_lease mail;
    end_mailed(b, &w, 1, YBB_OK);
    CU_ASSERT_EQUAL(claim_mail(&w, &mail), 1);
    end_worker(&w);
    ybb_job job = load_job(b, 1);
    CU_ASSERT_EQUAL(job.mail.state, YBB_MAIL_DUE);
    CU_ASSERT_EQUAL(job.mail.attempts, 0);
    ybb__job_release(&job);
    CU_ASSERT_EQUAL(claim_mail(&v, &mail), 1);
    end_worker(&v);
}

static void mail_of_an_owner_that_leaves_is_as_before(void)
{
    each_store(mail_of_an_owner_that_leaves_is_as_before_on);
}

static void mail_that_its_owners_die_of_fails_on(bed *b)
{
    worker w = begin_worker(b);
    ybb_lease mail;
    end_mailed(b, &w, 1, YBB_OK);
    do_sql(b, "UPDATE ybbexport_mails SET attempts = 10");
    CU_ASSERT_EQUAL(claim_mail(&w, &mail), -1);
    ybb_job job = load_job(b, 1);
    CU_ASSERT_EQUAL(job.mail.state, YBB_MAIL_FAILED);
    CU_ASSERT_EQUAL(job.mail.status, YBB_OWNER_DIED);
    ybb__job_release(&job);
    end_worker(&w);
}

static void mail_that_its_owners_die_of_fails(void)
{
    each_store(mail_that_its_owners_die_of_fails_on);
}

static void mail_goes_with_its_export_on(bed *b)
{
    worker w = begin_worker(b);
    ybb_lease mail;
    ybb_mail_state state;
    end_mailed(b, &w, 1, YBB_OK);
    end_mailed(b, &w, 2, YBB_OK);
    CU_ASSERT_EQUAL(claim_mail(&w, &mail), 1);
    WELL(ybb__jobstore_remove(b->store, ID(1), NULL, &error_));
    GIVES(YBB_LEASE_LOST, end_mail(&w, &mail, YBB_OK, 0, &state, &error_));
    do_sql(b, "UPDATE ybbexport_jobs SET expires_at = 1");
    WELL(ybb__jobstore_expire(b->store, ID(2), &error_));
    CU_ASSERT_EQUAL(mail_of(b, 2), YBB_MAIL_DROPPED);
    CU_ASSERT_EQUAL(claim_mail(&w, &mail), -1);
    do_sql(b, "UPDATE ybbexport_jobs SET gone_at = 1");
    uint64_t count;
    WELL(ybb__jobstore_forget(b->store, 1, &count, &error_));
    CU_ASSERT_EQUAL(count, 1);
    CU_ASSERT_EQUAL(ask_sql(b, "SELECT COUNT(*) FROM ybbexport_mails"), 0);
    end_worker(&w);
}

static void mail_goes_with_its_export(void)
{
    each_store(mail_goes_with_its_export_on);
}

static void an_answer_that_is_lost_changes_nothing_on(bed *b)
{
    unsigned lost = 0;
    b->settings.lost_commits = &lost;
    worker w = begin_worker(b);
    ybb_lease mail;
    ybb_mail_state state;
    end_mailed(b, &w, 1, YBB_OK);
    lost = 1;
    CU_ASSERT_EQUAL(claim_mail(&w, &mail), 1);
    lost = 1;
    WELL(end_mail(&w, &mail, YBB_OK, 0, &state, &error_));
    CU_ASSERT_EQUAL(state, YBB_MAIL_SENT);
    ybb_job job = load_job(b, 1);
    CU_ASSERT_EQUAL(job.mail.attempts, 1);
    ybb__job_release(&job);
    end_worker(&w);
}

static void an_answer_that_is_lost_changes_nothing(void)
{
    each_store(an_answer_that_is_lost_changes_nothing_on);
}

/* What a store of before mail has stays, and gets mail from then on. */
static void a_store_of_the_first_version_is_brought_up_on(bed *b)
{
    uint32_t count;
    const ybb_schema_step *steps = ybb__jobstore_schema(&count);
    ybb_dialect dialect = b->source.is_mysql ? YBB_DIALECT_MYSQL : YBB_DIALECT_SQLITE;
    ybb_db *db = open_dsn(b->dsn, YBB_DB_SHARED);
    drop_tables(db);
    WELL(ybb__schema_update(db, dialect, steps, 1, &error_));
    run_sql(db,
            "INSERT INTO ybbexport_events (kind, job, holder, priority, place, large_place,"
            " fence, status, file, store_time, utc) VALUES (0, 'x', '', 0, 0, 0, 0, 0, 0, 1, 1)");
    ybb__db_close(db);
    worker w = begin_worker(b);
    ybb_lease mail;
    CU_ASSERT_EQUAL(ask_sql(b, "SELECT version FROM ybbexport_store"), (long)count);
    CU_ASSERT_EQUAL(ask_sql(b, "SELECT COUNT(*) FROM ybbexport_events"), 1);
    end_mailed(b, &w, 1, YBB_OK);
    CU_ASSERT_EQUAL(claim_mail(&w, &mail), 1);
    end_worker(&w);
}

static void a_store_of_the_first_version_is_brought_up(void)
{
    each_store(a_store_of_the_first_version_is_brought_up_on);
}

static void another_start_of_the_machine_forgets_pauses(void)
{
    bed b;
    begin_bed(&b, false);
    ybb__jobstore_free(b.store);
    b.settings.boot_id = "one";
    b.store = open_store(&b.settings);
    ybb_jobstore_settings other = b.settings;
    other.boot_id = "two";
    worker w = begin_worker(&b);
    ybb_lease mail;
    ybb_mail_state state;
    bool due = false;
    end_mailed(&b, &w, 1, YBB_OK);
    CU_ASSERT_EQUAL(claim_mail(&w, &mail), 1);
    WELL(end_mail(&w, &mail, YBB_MAIL_DEFERRED, 1000, &state, &error_));
    end_worker(&w);
    ybb_jobstore *later = open_store(&other);
    WELL(ybb__jobstore_check(later, &error_));
    WELL(ybb__jobstore_mail_due(later, &due, &error_));
    CU_ASSERT_TRUE(due);
    ybb__jobstore_free(later);
    end_bed(&b);
}

static const ybb_test tests[] = {
    TEST(mail_is_due_with_the_end_of_its_export),
    TEST(an_export_without_mail_has_none),
    TEST(a_failure_is_told_and_a_cancelled_export_is_not),
    TEST(a_resumed_export_has_another_mail),
    TEST(one_owner_has_a_mail_and_another_the_next),
    TEST(a_failure_that_passes_is_tried_again_behind_a_pause),
    TEST(the_last_attempt_is_the_last),
    TEST(mail_of_an_owner_that_died_is_taken_over),
    TEST(mail_of_an_owner_that_leaves_is_as_before),
    TEST(mail_that_its_owners_die_of_fails),
    TEST(mail_goes_with_its_export),
    TEST(an_answer_that_is_lost_changes_nothing),
    TEST(a_store_of_the_first_version_is_brought_up),
    TEST(another_start_of_the_machine_forgets_pauses),
};

int main(void)
{
    return RUN_TESTS("jobstore_mail", tests);
}
