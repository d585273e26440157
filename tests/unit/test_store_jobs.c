/*
 * Job records as a store keeps them; the store in memory.
 */
#include "store/jobs.h"

#include "runner.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char id[] = "exp_0123456789abcdefghijklmnop";
static const ybb_error done = {.status = YBB_OK};
static const ybb_error failed = {.status = YBB_SOURCE_LOST, .message = "it broke"};

static ybb_job make_job(const char *job_id)
{
    static char request[] = "{}", type[] = "participants";
    ybb_job job = {
        .state = YBB_JOB_QUEUED, .request_json = request, .export_type = type, .created_at = 5};
    snprintf(job.id, sizeof(job.id), "%s", job_id);
    return job;
}

/* A store with one job in it, begun where @begun. */
static ybb_jobs *open_store(bool begun)
{
    ybb_jobs *jobs = ybb__jobs_memory_new();
    CU_ASSERT_PTR_NOT_NULL_FATAL(jobs);
    ybb_job job = make_job(id);
    CU_ASSERT_EQUAL(jobs->driver->insert(jobs, &job, NULL), YBB_OK);
    if (begun)
        CU_ASSERT_EQUAL(jobs->driver->begin(jobs, id, 7, NULL), YBB_OK);
    return jobs;
}

static ybb_job load(ybb_jobs *jobs)
{
    ybb_job job = {0};
    CU_ASSERT_EQUAL(jobs->driver->load(jobs, id, &job, NULL), YBB_OK);
    return job;
}

static ybb_status tell_file(ybb_jobs *jobs, uint32_t number, const char *name, uint64_t bytes)
{
    char own[64];
    snprintf(own, sizeof(own), "%s", name);
    const ybb_job_file file = {.number = number, .name = own, .bytes = bytes};
    ybb_status status = jobs->driver->file(jobs, id, &file, NULL);
    memset(own, 'x', sizeof(own) - 1); /* the store keeps a copy */
    return status;
}

static void a_loaded_job_is_a_copy(void)
{
    char type[] = "payments";
    ybb_jobs *jobs = ybb__jobs_memory_new();
    ybb_job job = make_job(id);
    job.export_type = type;
    CU_ASSERT_EQUAL(jobs->driver->insert(jobs, &job, NULL), YBB_OK);
    type[0] = 'x';
    ybb_job first = load(jobs), second = load(jobs);
    CU_ASSERT_STRING_EQUAL(first.export_type, "payments");
    first.export_type[0] = 'y';
    CU_ASSERT_STRING_EQUAL(second.export_type, "payments");
    CU_ASSERT_EQUAL(first.state, YBB_JOB_QUEUED);
    CU_ASSERT_EQUAL(first.created_at, 5);
    CU_ASSERT_PTR_NULL(first.archive.name);
    jobs->driver->close(jobs);
    CU_ASSERT_STRING_EQUAL(second.request_json, "{}"); /* it outlives the store */
    ybb__job_release(&first);
    ybb__job_release(&second);
}

static void an_id_that_is_not_there_is_not_found(void)
{
    static const char *const ids[] = {"", "exp_0", "exp_0123456789abcdefghijklmno",
                                      "exp_0123456789abcdefghijklmnopq"};
    ybb_jobs *jobs = open_store(false);
    for (size_t i = 0; i < sizeof(ids) / sizeof(ids[0]); i++) {
        ybb_error error = {0};
        ybb_job job = {0};
        bool stop = false;
        const ybb_delivery delivery = {0};
        const ybb_job_progress progress = {0};
        const ybb_job_file file = {.number = 1, .name = (char[]){"a"}};
        CU_ASSERT_EQUAL(jobs->driver->load(jobs, ids[i], &job, &error), YBB_NOT_FOUND);
        CU_ASSERT_PTR_NOT_NULL(strstr(error.message, ids[i]));
        CU_ASSERT_PTR_NULL(job.request_json);
        CU_ASSERT_EQUAL(jobs->driver->begin(jobs, ids[i], 1, NULL), YBB_NOT_FOUND);
        CU_ASSERT_EQUAL(jobs->driver->planned(jobs, ids[i], &delivery, "", NULL), YBB_NOT_FOUND);
        CU_ASSERT_EQUAL(jobs->driver->progress(jobs, ids[i], &progress, &stop, NULL),
                        YBB_NOT_FOUND);
        CU_ASSERT_EQUAL(jobs->driver->file(jobs, ids[i], &file, NULL), YBB_NOT_FOUND);
        CU_ASSERT_EQUAL(jobs->driver->end(jobs, ids[i], &done, 1, 1, 1, NULL), YBB_NOT_FOUND);
        CU_ASSERT_EQUAL(jobs->driver->cancel(jobs, ids[i], NULL), YBB_NOT_FOUND);
    }
    jobs->driver->close(jobs);
}

static void an_id_is_inserted_once(void)
{
    ybb_jobs *jobs = open_store(true);
    ybb_job again = make_job(id);
    CU_ASSERT_EQUAL(jobs->driver->insert(jobs, &again, NULL), YBB_STORE_ERROR);
    ybb_job job = load(jobs);
    CU_ASSERT_EQUAL(job.state, YBB_JOB_RUNNING);
    ybb__job_release(&job);
    jobs->driver->close(jobs);
}

static void a_job_is_begun_planned_told_of_and_ended(void)
{
    char consistency[] = "snapshot";
    bool stop = true;
    const ybb_delivery delivery = {.files = 3, .archive = true};
    const ybb_job_progress progress = {.stage = YBB_STAGE_GENERATION,
                                       .records_processed = 1000,
                                       .current_chunk = 2,
                                       .archive_part = 0.5,
                                       .memory_peak = 1 << 20};
    ybb_jobs *jobs = open_store(true);
    CU_ASSERT_EQUAL(jobs->driver->planned(jobs, id, &delivery, consistency, NULL), YBB_OK);
    CU_ASSERT_EQUAL(jobs->driver->planned(jobs, id, &delivery, consistency, NULL), YBB_OK);
    consistency[0] = 'x';
    CU_ASSERT_EQUAL(jobs->driver->progress(jobs, id, &progress, &stop, NULL), YBB_OK);
    CU_ASSERT_FALSE(stop);
    CU_ASSERT_EQUAL(tell_file(jobs, 1, "a.csv", 10), YBB_OK);
    CU_ASSERT_EQUAL(tell_file(jobs, 0, "a.zip", 20), YBB_OK);
    CU_ASSERT_EQUAL(jobs->driver->end(jobs, id, &done, 99, 1.5, 100, NULL), YBB_OK);
    ybb_job job = load(jobs);
    CU_ASSERT_EQUAL(job.state, YBB_JOB_DONE);
    CU_ASSERT_EQUAL(job.outcome.status, YBB_OK);
    CU_ASSERT_EQUAL(job.started_at, 7);
    CU_ASSERT_EQUAL(job.ended_at, 99);
    CU_ASSERT_EQUAL(job.expires_at, 100);
    CU_ASSERT_EQUAL(job.processing_seconds, 1.5);
    CU_ASSERT_TRUE(job.planned);
    CU_ASSERT_EQUAL(job.delivery.files, 3);
    CU_ASSERT_STRING_EQUAL(job.consistency, "snapshot");
    CU_ASSERT_EQUAL(job.stage, YBB_STAGE_GENERATION);
    CU_ASSERT_EQUAL(job.records_processed, 1000);
    CU_ASSERT_EQUAL(job.current_chunk, 2);
    CU_ASSERT_EQUAL(job.archive_part, 0.5);
    CU_ASSERT_EQUAL(job.memory_peak, 1 << 20);
    CU_ASSERT_EQUAL_FATAL(job.file_count, 1);
    CU_ASSERT_STRING_EQUAL(job.files[0].name, "a.csv");
    CU_ASSERT_STRING_EQUAL(job.archive.name, "a.zip");
    CU_ASSERT_EQUAL(job.archive.bytes, 20);
    ybb__job_release(&job);
    jobs->driver->close(jobs);
}

static void a_call_that_does_not_fit_the_state_changes_nothing(void)
{
    bool stop = false;
    const ybb_delivery delivery = {.files = 3};
    const ybb_job_progress progress = {.records_processed = 1000};
    ybb_jobs *jobs = open_store(false);
    for (int ended = 0; ended < 2; ended++) {
        ybb_error error = {0};
        CU_ASSERT_EQUAL(jobs->driver->planned(jobs, id, &delivery, "snapshot", &error),
                        YBB_STORE_ERROR);
        CU_ASSERT_EQUAL(error.status, YBB_STORE_ERROR);
        CU_ASSERT_EQUAL(jobs->driver->progress(jobs, id, &progress, &stop, NULL), YBB_STORE_ERROR);
        CU_ASSERT_EQUAL(tell_file(jobs, 1, "a.csv", 10), YBB_STORE_ERROR);
        if (ended)
            break;
        CU_ASSERT_EQUAL(jobs->driver->begin(jobs, id, 8, NULL), YBB_OK);
        CU_ASSERT_EQUAL(jobs->driver->begin(jobs, id, 9, NULL), YBB_STORE_ERROR);
        CU_ASSERT_EQUAL(jobs->driver->end(jobs, id, &done, 10, 1, 11, NULL), YBB_OK);
        CU_ASSERT_EQUAL(jobs->driver->end(jobs, id, &failed, 20, 2, 22, NULL), YBB_STORE_ERROR);
        CU_ASSERT_EQUAL(jobs->driver->begin(jobs, id, 9, NULL), YBB_STORE_ERROR);
    }
    ybb_job job = load(jobs);
    CU_ASSERT_EQUAL(job.state, YBB_JOB_DONE);
    CU_ASSERT_EQUAL(job.started_at, 8);
    CU_ASSERT_EQUAL(job.ended_at, 10);
    CU_ASSERT_FALSE(job.planned);
    CU_ASSERT_EQUAL(job.records_processed, 0);
    CU_ASSERT_EQUAL(job.file_count, 0);
    ybb__job_release(&job);
    jobs->driver->close(jobs);
}

static void a_job_may_end_before_it_began(void)
{
    ybb_jobs *jobs = open_store(false);
    CU_ASSERT_EQUAL(jobs->driver->end(jobs, id, &failed, 20, 2, 22, NULL), YBB_OK);
    ybb_job job = load(jobs);
    CU_ASSERT_EQUAL(job.state, YBB_JOB_FAILED);
    CU_ASSERT_EQUAL(job.outcome.status, YBB_SOURCE_LOST);
    CU_ASSERT_STRING_EQUAL(job.outcome.message, "it broke");
    CU_ASSERT_EQUAL(job.started_at, 0);
    ybb__job_release(&job);
    jobs->driver->close(jobs);
}

static void files_are_kept_by_number_and_told_again_are_replaced(void)
{
    static const uint32_t order[] = {3, 1, 5, 2, 4, 3, 1};
    ybb_jobs *jobs = open_store(true);
    for (uint32_t i = 0; i < sizeof(order) / sizeof(order[0]); i++) {
        char name[20];
        snprintf(name, sizeof(name), "file%u", order[i]);
        CU_ASSERT_EQUAL(tell_file(jobs, order[i], name, 100 + i), YBB_OK);
    }
    CU_ASSERT_EQUAL(tell_file(jobs, 0, "first.zip", 1), YBB_OK);
    CU_ASSERT_EQUAL(tell_file(jobs, 0, "second.zip", 2), YBB_OK);
    ybb_job job = load(jobs);
    CU_ASSERT_EQUAL_FATAL(job.file_count, 5);
    for (uint32_t i = 0; i < 5; i++) {
        char name[20];
        snprintf(name, sizeof(name), "file%u", i + 1);
        CU_ASSERT_EQUAL(job.files[i].number, i + 1);
        CU_ASSERT_STRING_EQUAL(job.files[i].name, name);
    }
    CU_ASSERT_EQUAL(job.files[0].bytes, 106);
    CU_ASSERT_EQUAL(job.files[1].bytes, 103);
    CU_ASSERT_EQUAL(job.files[2].bytes, 105);
    CU_ASSERT_STRING_EQUAL(job.archive.name, "second.zip");
    ybb__job_release(&job);
    jobs->driver->close(jobs);
}

static void a_failed_job_has_no_files(void)
{
    ybb_jobs *jobs = open_store(true);
    CU_ASSERT_EQUAL(tell_file(jobs, 1, "a.csv", 10), YBB_OK);
    CU_ASSERT_EQUAL(tell_file(jobs, 0, "a.zip", 20), YBB_OK);
    CU_ASSERT_EQUAL(jobs->driver->end(jobs, id, &failed, 20, 2, 22, NULL), YBB_OK);
    ybb_job job = load(jobs);
    CU_ASSERT_EQUAL(job.state, YBB_JOB_FAILED);
    CU_ASSERT_EQUAL(job.file_count, 0);
    CU_ASSERT_PTR_NULL(job.archive.name);
    CU_ASSERT_EQUAL(job.archive.bytes, 0);
    ybb__job_release(&job);
    jobs->driver->close(jobs);
}

static void cancelling_is_told_by_the_next_progress(void)
{
    bool stop = false;
    const ybb_job_progress progress = {0};
    ybb_jobs *jobs = open_store(false);
    CU_ASSERT_EQUAL(jobs->driver->cancel(jobs, id, NULL), YBB_OK); /* while it waits */
    CU_ASSERT_EQUAL(jobs->driver->begin(jobs, id, 1, NULL), YBB_OK);
    CU_ASSERT_EQUAL(jobs->driver->progress(jobs, id, &progress, &stop, NULL), YBB_OK);
    CU_ASSERT_TRUE(stop);
    CU_ASSERT_EQUAL(jobs->driver->cancel(jobs, id, NULL), YBB_OK); /* twice is once */
    jobs->driver->close(jobs);
}

static void cancelling_what_has_ended_has_no_effect(void)
{
    ybb_jobs *jobs = open_store(true);
    CU_ASSERT_EQUAL(jobs->driver->end(jobs, id, &done, 20, 2, 22, NULL), YBB_OK);
    CU_ASSERT_EQUAL(jobs->driver->cancel(jobs, id, NULL), YBB_OK);
    ybb_job job = load(jobs);
    CU_ASSERT_FALSE(job.cancel_wanted);
    CU_ASSERT_EQUAL(job.state, YBB_JOB_DONE);
    ybb__job_release(&job);
    jobs->driver->close(jobs);
}

static void many_jobs_do_not_get_in_each_others_way(void)
{
    enum { MANY = 500 };
    ybb_jobs *jobs = ybb__jobs_memory_new();
    for (unsigned i = 0; i < MANY; i++) {
        char own[YBB_ID_TEXT];
        snprintf(own, sizeof(own), "exp_%026u", i);
        ybb_job job = make_job(own);
        CU_ASSERT_EQUAL(jobs->driver->insert(jobs, &job, NULL), YBB_OK);
        if (i % 2 == 0)
            CU_ASSERT_EQUAL(jobs->driver->begin(jobs, own, i, NULL), YBB_OK);
    }
    for (unsigned i = 0; i < MANY; i++) {
        char own[YBB_ID_TEXT];
        ybb_job job = {0};
        snprintf(own, sizeof(own), "exp_%026u", i);
        CU_ASSERT_EQUAL(jobs->driver->load(jobs, own, &job, NULL), YBB_OK);
        CU_ASSERT_STRING_EQUAL(job.id, own);
        CU_ASSERT_EQUAL(job.state, i % 2 == 0 ? YBB_JOB_RUNNING : YBB_JOB_QUEUED);
        ybb__job_release(&job);
    }
    jobs->driver->close(jobs);
}

int main(void)
{
    static const ybb_test tests[] = {
        TEST(a_loaded_job_is_a_copy),
        TEST(an_id_that_is_not_there_is_not_found),
        TEST(an_id_is_inserted_once),
        TEST(a_job_is_begun_planned_told_of_and_ended),
        TEST(a_call_that_does_not_fit_the_state_changes_nothing),
        TEST(a_job_may_end_before_it_began),
        TEST(files_are_kept_by_number_and_told_again_are_replaced),
        TEST(a_failed_job_has_no_files),
        TEST(cancelling_is_told_by_the_next_progress),
        TEST(cancelling_what_has_ended_has_no_effect),
        TEST(many_jobs_do_not_get_in_each_others_way),
    };
    return RUN_TESTS("store jobs", tests);
}
