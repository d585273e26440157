/* Exports one below the other, limits of owners, and the program that a record names. */
#include "store_bed.h"
#include "store/jobstore_schema.h"

enum { PAGE = 10 };

/* The numbers of the exports that a list has, as digits: "321". */
static void list_is(bed *b, const char *owner, uint64_t before, uint32_t most, const char *expected)
{
    ybb_job_brief found[PAGE] = {0};
    char numbers[PAGE + 1] = "";
    uint32_t count = 99;
    WELL(ybb__jobstore_list(b->store, owner, before, most, found, &count, &error_));
    CU_ASSERT_TRUE_FATAL(count <= most);
    for (uint32_t i = 0; i < count; i++)
        numbers[i] = found[i].job.id[YBB_ID_TEXT - 2];
    CU_ASSERT_STRING_EQUAL(numbers, expected);
    ybb__job_briefs_release(found, count);
}

static uint64_t number_at(bed *b, uint32_t place)
{
    ybb_job_brief found[PAGE] = {0};
    uint32_t count;
    WELL(ybb__jobstore_list(b->store, NULL, 0, PAGE, found, &count, &error_));
    CU_ASSERT_TRUE_FATAL(place < count);
    uint64_t number = found[place].number;
    ybb__job_briefs_release(found, count);
    return number;
}

static void exports_are_listed_newest_first_on(bed *b)
{
    list_is(b, NULL, 0, PAGE, "");
    for (unsigned i = 1; i <= 5; i++)
        insert_owned(b, i, i % 2 == 0 ? "ana" : "bob");
    list_is(b, NULL, 0, PAGE, "54321");
    list_is(b, "ana", 0, PAGE, "42");
    list_is(b, "ANA", 0, PAGE, "");
    list_is(b, "ana ", 0, PAGE, "");
    list_is(b, "", 0, PAGE, "");
    /* what comes or goes meanwhile shifts no page */
    list_is(b, NULL, 0, 2, "54");
    uint64_t next = number_at(b, 1);
    insert_owned(b, 6, "ana");
    WELL(ybb__jobstore_remove(b->store, ID(4), NULL, &error_));
    list_is(b, NULL, next, 2, "32");
    list_is(b, "ana", next, 2, "2");
    list_is(b, NULL, UINT64_MAX, 1, "6");
}

static void exports_are_listed_newest_first(void)
{
    each_store(exports_are_listed_newest_first_on);
}

static void a_listed_export_has_its_files_summed_up_on(bed *b)
{
    worker w = begin_worker(b);
    ybb_lease lease;
    ybb_job_brief found[PAGE] = {0};
    uint32_t count;
    ybb_job job = new_job(1, YBB_HIGH);
    ybb_admission admission;
    job.owner = "ana";
    job.program_id = 17;
    WELL(ybb__jobstore_insert(b->store, &job, false, &admission, &error_));
    insert_owned(b, 2, "ana");
    CU_ASSERT_TRUE(claim_job(&w, 1, &lease));
    for (uint32_t number = 0; number <= 2; number++) {
        ybb_job_file file = new_file(number, 10 + number);
        WELL(ybb__jobstore_file(w.store, &lease, &file, &error_));
    }
    WELL(end_job_as(&w, &lease, YBB_TIMEOUT, &error_));
    WELL(ybb__jobstore_list(b->store, "ana", 0, PAGE, found, &count, &error_));
    CU_ASSERT_EQUAL_FATAL(count, 2);
    CU_ASSERT_EQUAL(found[0].files, 0);
    CU_ASSERT_EQUAL(found[0].bytes, 0);
    CU_ASSERT_EQUAL(found[0].job.program_id, 0);
    CU_ASSERT_EQUAL(found[1].files, 2);
    CU_ASSERT_EQUAL(found[1].bytes, 23000);
    CU_ASSERT_EQUAL(found[1].archive_bytes, 10000);
    CU_ASSERT_EQUAL(found[1].job.program_id, 17);
    CU_ASSERT_EQUAL(found[1].job.state, YBB_JOB_FAILED);
    CU_ASSERT_STRING_EQUAL(found[1].job.outcome.message, "a reason");
    CU_ASSERT_STRING_EQUAL(found[1].job.export_type, "participants");
    CU_ASSERT_PTR_NULL(found[1].job.request_json);
    ybb__job_briefs_release(found, count);
    ybb_job loaded = load_job(b, 1);
    CU_ASSERT_EQUAL(loaded.program_id, 17);
    ybb__job_release(&loaded);
    end_worker(&w);
}

static void a_listed_export_has_its_files_summed_up(void)
{
    each_store(a_listed_export_has_its_files_summed_up_on);
}

/* ---- limits of owners ---- */

static ybb_status insert_for(bed *b, unsigned number, char *owner, bool immediate, bool stream,
                             ybb_admission *admission, ybb_error *error)
{
    ybb_job job = new_job(number, immediate ? YBB_IMMEDIATE : YBB_HIGH);
    job.owner = owner;
    job.on_demand = stream;
    job.retention_days = 1;
    return ybb__jobstore_insert(b->store, &job, immediate || stream, admission, error);
}

static void an_owner_has_a_limit_on(bed *b)
{
    worker w = begin_worker(b);
    ybb_lease lease;
    ybb_admission admission = {0};
    ybb_error error = {0};
    b->queue.max_unfinished_per_owner = 2;
    WELL(insert_for(b, 1, "ana", false, false, &admission, &error_));
    WELL(insert_for(b, 2, "ana", true, false, &admission, &error_));
    GIVES(YBB_OWNER_LIMIT, insert_for(b, 3, "ana", false, false, &admission, &error_));
    GIVES(YBB_OWNER_LIMIT, insert_for(b, 3, "ana", true, false, &admission, &error_));
    GIVES(YBB_OWNER_LIMIT, insert_for(b, 3, "ana", false, true, &admission, &error_));
    CU_ASSERT_TRUE(admission.retry_seconds >= 1);
    (void)insert_for(b, 3, "ana", false, false, &admission, &error);
    CU_ASSERT_EQUAL(error.retry_seconds, admission.retry_seconds);
    /* the same again joins; others have limits of their own, and nobody in particular has none */
    ybb_job same = new_job(1, YBB_HIGH);
    same.owner = "ana";
    id_of(9, same.id);
    WELL(ybb__jobstore_insert(b->store, &same, false, &admission, &error_));
    CU_ASSERT_STRING_EQUAL(admission.joined, ID(1));
    WELL(insert_for(b, 4, "bob", false, false, &admission, &error_));
    for (unsigned i = 5; i < 8; i++)
        WELL(insert_for(b, i, NULL, false, false, &admission, &error_));
    /* one that runs counts, one that has ended does not, and comes back within the limit */
    CU_ASSERT_TRUE(claim_job(&w, 1, &lease));
    GIVES(YBB_OWNER_LIMIT, insert_for(b, 3, "ana", false, false, &admission, &error_));
    WELL(end_job_as(&w, &lease, YBB_TIMEOUT, &error_));
    WELL(insert_for(b, 3, "ana", false, false, &admission, &error_));
    GIVES(YBB_OWNER_LIMIT, ybb__jobstore_resume(b->store, ID(1), "ana", &admission, &error_));
    CU_ASSERT_EQUAL(state_of(b, 1), YBB_JOB_FAILED);
    WELL(ybb__jobstore_cancel(b->store, ID(3), NULL, &error_));
    WELL(ybb__jobstore_resume(b->store, ID(1), "ana", &admission, &error_));
    end_worker(&w);
}

static void an_owner_has_a_limit(void)
{
    each_store(an_owner_has_a_limit_on);
}

static void a_stream_that_nobody_reads_does_not_count_on(bed *b)
{
    ybb_admission admission;
    b->queue.max_unfinished_per_owner = 1;
    for (unsigned i = 1; i <= 3; i++)
        WELL(insert_for(b, i, "ana", false, true, &admission, &error_));
    WELL(insert_for(b, 4, "ana", false, false, &admission, &error_));
    GIVES(YBB_OWNER_LIMIT, insert_for(b, 5, "ana", false, true, &admission, &error_));
}

static void a_stream_that_nobody_reads_does_not_count(void)
{
    each_store(a_stream_that_nobody_reads_does_not_count_on);
}

/* ---- a store of before ---- */

static void a_store_of_version_1_is_brought_up_on(bed *b)
{
    uint32_t count;
    const ybb_schema_step *schema = ybb__jobstore_schema(&count);
    ybb_dialect dialect = b->source.is_mysql ? YBB_DIALECT_MYSQL : YBB_DIALECT_SQLITE;
    ybb_db *db = open_dsn(b->dsn, YBB_DB_SHARED);
    drop_tables(db);
    WELL(ybb__schema_update(db, dialect, schema, 1, &error_));
    CU_ASSERT_NOT_EQUAL(query_status(db, "SELECT program_id FROM ybbexport_jobs", &(ybb_error){0}),
                        YBB_OK);
    ybb__jobstore_rest(b->store);
    insert_job(b, 1, YBB_HIGH);
    CU_ASSERT_EQUAL(number_of(db, "SELECT version FROM ybbexport_store"), count);
    CU_ASSERT_EQUAL(number_of(db, "SELECT program_id FROM ybbexport_jobs"), 0);
    if (b->source.is_mysql) { /* a process ended before it could say that the column is there */
        run_sql(db, "UPDATE ybbexport_store SET version = 1");
        ybb__jobstore_rest(b->store);
        insert_job(b, 2, YBB_HIGH);
        CU_ASSERT_EQUAL(number_of(db, "SELECT version FROM ybbexport_store"), count);
    }
    ybb__db_close(db);
}

static void a_store_of_version_1_is_brought_up(void)
{
    each_store(a_store_of_version_1_is_brought_up_on);
}

static const ybb_test tests[] = {
    TEST(exports_are_listed_newest_first),
    TEST(a_listed_export_has_its_files_summed_up),
    TEST(an_owner_has_a_limit),
    TEST(a_stream_that_nobody_reads_does_not_count),
    TEST(a_store_of_version_1_is_brought_up),
};

int main(void)
{
    return RUN_TESTS("jobstore_list", tests);
}
