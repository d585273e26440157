/* lib/report: answers about the queue, statistics, estimates, and of calls that end something. */
#include "report/estimate_answer.h"
#include "report/list_answer.h"
#include "report/queue_answer.h"
#include "report/small_answers.h"
#include "report/stats_answer.h"

#include "answer_helpers.h"
#include "runner.h"

#include <stdlib.h>
#include <string.h>

static const char id[] = "exp_0123456789abcdefghijklmnop";

/* Two of normal run and use up what the large ones share; three of immediate wait for no place. */
static ybb_queue_state busy_queue(void)
{
    return (ybb_queue_state){
        .classes = {{.queued = 0, .running = 3, .limit = 10},
                    {.queued = 2, .running = 5, .limit = 5},
                    {.queued = 4, .running = 2, .limit = 3},
                    {.queued = 1, .running = 0, .limit = 1}},
        .large = {.queued = 5, .running = 2, .limit = 2},
        .queued = 7,
        .max_queue_size = 50,
        .oldest_seconds = 12.3456,
        .owners_alive = {1, 2},
    };
}

/* An export of high takes 10 seconds, one of normal 60. */
static ybb_store_stats some_stats(void)
{
    return (ybb_store_stats){
        .queued = 7,
        .running = 10,
        .done = 30,
        .failed = 4,
        .cancelled = 2,
        .expired = 1,
        .lately = {.done = 22, .failed = 4, .records = 120000, .bytes = 3145728, .seconds = 800},
        .by_class = {[YBB_HIGH] = {.done = 12, .records = 60000, .seconds = 120},
                     [YBB_NORMAL] = {.done = 10, .records = 60000, .seconds = 600}},
        .by_type = {{.name = "participants",
                     .stats = {.done = 20, .records = 100000, .bytes = 2000000, .seconds = 50}}},
        .type_count = 1,
        .failures_last_hour = 3,
    };
}

static void the_queue_is_told_by_class(void)
{
    ybb_queue_state queue = busy_queue();
    ybb_store_stats stats = some_stats();
    struct json_object *answer = answer_of(ybb__answer_queue(&queue, &stats, NULL));
    text_is(answer, "status", "success");
    number_is(answer, "data/queue/queued", 7);
    number_is(answer, "data/queue/running", 10);
    number_is(answer, "data/queue/max_queue_size", 50);
    bool_is(answer, "data/queue/full", false);
    number_is(answer, "data/queue/oldest_wait_seconds", 12.346);
    number_is(answer, "data/queue/classes/high/queued", 2);
    number_is(answer, "data/queue/classes/normal/running", 2);
    number_is(answer, "data/queue/classes/immediate/limit", 10);
    number_is(answer, "data/queue/large_exports/limit", 2);
    number_is(answer, "data/queue/owners_alive/inproc", 1);
    number_is(answer, "data/queue/owners_alive/worker", 2);
    CU_ASSERT_FALSE(answer_has(answer, "data/export_id"));
    json_object_put(answer);
    queue.queued = 50;
    queue.retry_seconds = 4;
    answer = answer_of(ybb__answer_queue(&queue, NULL, NULL));
    bool_is(answer, "data/queue/full", true);
    number_is(answer, "data/queue/retry_after_seconds", 4);
    json_object_put(answer);
}

static void a_wait_follows_from_the_average_of_its_class(void)
{
    ybb_queue_state queue = busy_queue();
    ybb_store_stats stats = some_stats();
    struct json_object *answer = answer_of(ybb__answer_queue(&queue, &stats, NULL));
    number_is(answer, "data/queue/classes/immediate/estimated_wait_seconds", 0);
    number_is(answer, "data/queue/classes/high/estimated_wait_seconds", 6); /* 3 of 10 s, by 5 */
    number_is(answer, "data/queue/classes/normal/estimated_wait_seconds", 150); /* 5 of 60, by 2 */
    null_is(answer, "data/queue/classes/low/estimated_wait_seconds");           /* there was none */
    json_object_put(answer);
    answer = answer_of(ybb__answer_queue(&queue, NULL, NULL));
    number_is(answer, "data/queue/classes/immediate/estimated_wait_seconds", 0);
    null_is(answer, "data/queue/classes/high/estimated_wait_seconds");
    json_object_put(answer);
}

static void an_export_waits_for_those_before_it_in_its_class(void)
{
    ybb_queue_state queue = busy_queue();
    ybb_store_stats stats = some_stats();
    ybb_job job = {.state = YBB_JOB_QUEUED, .priority = YBB_NORMAL, .queue_position = 4};
    strcpy(job.id, id);
    struct json_object *answer = answer_of(ybb__answer_queue(&queue, &stats, &job));
    text_is(answer, "data/export_id", id);
    text_is(answer, "data/priority", "normal");
    number_is(answer, "data/queue_position", 4);
    number_is(answer, "data/estimated_wait_seconds",
              60); /* behind two of high and one of its own */
    json_object_put(answer);

    queue.owners_alive[YBB_OWNER_INPROC] = queue.owners_alive[YBB_OWNER_WORKER] = 0;
    answer = answer_of(ybb__answer_queue(&queue, &stats, &job));
    null_is(answer, "data/estimated_wait_seconds");
    json_object_put(answer);

    job.state = YBB_JOB_RUNNING;
    answer = answer_of(ybb__answer_queue(&queue, &stats, &job));
    number_is(answer, "data/queue_position", 0);
    number_is(answer, "data/estimated_wait_seconds", 0);
    json_object_put(answer);
}

static void a_list_has_what_tells_exports_apart(void)
{
    ybb_response_context context = {.out = "/srv/out"};
    ybb_job_brief briefs[3] = {
        {.job = {.state = YBB_JOB_RUNNING,
                 .owner = "ana",
                 .export_type = "payments",
                 .format = "csv",
                 .template_name = "standard",
                 .program_id = 3,
                 .estimated_records = 40,
                 .created_at = 1753284620000000},
         .number = 9},
        {.number = 8, .files = 2, .bytes = 1000, .archive_bytes = 1536},
        {.number = 7},
    };
    briefs[1].job = briefs[0].job;
    briefs[1].job.owner = NULL;
    briefs[1].job.state = YBB_JOB_FAILED;
    (void)ybb__fail(&briefs[1].job.outcome, YBB_SOURCE_LOST, "it broke");
    briefs[2].job = briefs[0].job;
    for (int i = 0; i < 3; i++)
        strcpy(briefs[i].job.id, id);
    struct json_object *answer = answer_of(ybb__answer_list(briefs, 3, 2, &context));
    number_is(answer, "data/next", 8);
    CU_ASSERT_FALSE(answer_has(answer, "data/exports/2"));
    text_is(answer, "data/exports/0/owner", "ana");
    text_is(answer, "data/exports/0/status", "processing");
    null_is(answer, "data/exports/0/error_code");
    bool_is(answer, "data/exports/0/resumable", false);
    number_is(answer, "data/exports/0/program_id", 3);
    number_is(answer, "data/exports/0/total_records", 40);
    null_is(answer, "data/exports/1/owner");
    text_is(answer, "data/exports/1/error_code", "SOURCE_LOST");
    text_is(answer, "data/exports/1/message", "it broke");
    bool_is(answer, "data/exports/1/resumable", true);
    text_is(answer, "data/exports/1/file_size_text", "1.5 KB");
    json_object_put(answer);
    answer = answer_of(ybb__answer_list(briefs, 2, 2, &context));
    null_is(answer, "data/next");
    json_object_put(answer);
    answer = answer_of(ybb__answer_list(NULL, 0, 2, &context));
    null_is(answer, "data/next");
    CU_ASSERT_FALSE(answer_has(answer, "data/exports/0"));
    json_object_put(answer);
}

static void a_queue_of_nonsense_is_no_negative_wait(void)
{
    ybb_queue_state queue = {.classes = {{.queued = UINT64_MAX, .running = 9, .limit = 1}}};
    ybb_store_stats stats = {.by_class = {{.done = 1, .seconds = 1}}};
    ybb_job job = {.state = YBB_JOB_QUEUED, .priority = YBB_LOW, .queue_position = 1};
    CU_ASSERT_TRUE(ybb__queue_wait(&queue, &stats, YBB_IMMEDIATE) > 0);
    CU_ASSERT_TRUE(ybb__queue_wait(&queue, &stats, YBB_LOW) < 0);
    queue.owners_alive[YBB_OWNER_WORKER] = 1;
    CU_ASSERT_TRUE(ybb__queue_wait_of(&queue, &stats, &job) < 0);
}

static void statistics_have_totals_and_speeds(void)
{
    struct ybb_config config;
    ybb_queue_state queue = busy_queue();
    ybb_store_stats stats = some_stats();
    ybb__config_init(&config);
    struct json_object *answer = answer_of(ybb__answer_stats(&stats, &queue, &config));
    number_is(answer, "data/exports/completed", 30);
    number_is(answer, "data/exports/expired", 1);
    number_is(answer, "data/last_7_days/records_per_second", 150);
    text_is(answer, "data/last_7_days/bytes_text", "3 MB");
    number_is(answer, "data/by_class/normal/completed", 10);
    number_is(answer, "data/by_class/low/records_per_second", 0);
    number_is(answer, "data/by_type/participants/records_per_second", 2000);
    number_is(answer, "data/failures_last_hour", 3);
    number_is(answer, "data/queue/queued", 7);
    json_object_put(answer);
    ybb__config_release(&config);
}

/* So that what an installation shows can be pasted into another one. */
static void the_limits_are_a_configuration(void)
{
    static const char changed[] =
        "{\"system_limits\": {\"max_memory_usage_gb\": 0.5, \"max_file_size_mb\": 7},"
        " \"chunk_configurations\": {\"adaptive_chunk_sizing\": false},"
        " \"queue_config\": {\"timeout_settings\": {\"low\": 90}, \"lease_seconds\": 20}}";
    struct ybb_config config, again;
    ybb_error error = {0};
    ybb_queue_state queue = busy_queue();
    ybb_store_stats stats = some_stats();
    ybb__config_init(&config);
    ybb__config_init(&again);
    CU_ASSERT_EQUAL_FATAL(ybb__config_read(&config, changed, strlen(changed), &error), YBB_OK);
    struct json_object *answer = answer_of(ybb__answer_stats(&stats, &queue, &config));
    number_is(answer, "limits/system_limits/max_memory_usage_gb", 0.5);
    number_is(answer, "limits/system_limits/max_file_size_mb", 7);
    number_is(answer, "limits/format_limits/excel/max_rows_per_sheet", 1048576);
    bool_is(answer, "limits/format_limits/csv/no_row_limit", true);
    bool_is(answer, "limits/chunk_configurations/adaptive_chunk_sizing", false);
    text_is(answer, "limits/queue_config/timeout_settings/low", "90 minutes");
    text_is(answer, "limits/queue_config/priority_levels/high", "1000-10000 records");
    text_is(answer, "limits/strategy_rules/record_count < 1000", "immediate_single_file");
    const char *limits = json_object_to_json_string(answer_at(answer, "limits"));
    CU_ASSERT_EQUAL(ybb__config_read(&again, limits, strlen(limits), &error), YBB_OK);
    CU_ASSERT_EQUAL(memcmp(&again.limits, &config.limits, sizeof(again.limits)), 0);
    CU_ASSERT_EQUAL(memcmp(&again.queue, &config.queue, sizeof(again.queue)), 0);
    json_object_put(answer);
    ybb__config_release(&config);
    ybb__config_release(&again);
}

/* source and store may hold passwords, and what else is no limit is nobody's business. */
static void statistics_show_no_secret(void)
{
    struct ybb_config config;
    ybb_queue_state queue = busy_queue();
    ybb_store_stats stats = some_stats();
    ybb__config_init(&config);
    config.source = config.store = config.out = config.catalog_dir = "hunter2";
    char *json = ybb__answer_stats(&stats, &queue, &config);
    CU_ASSERT_PTR_NOT_NULL_FATAL(json);
    CU_ASSERT_PTR_NULL(strstr(json, "hunter2"));
    free(json);
}

static void an_estimate_tells_what_would_be(void)
{
    const ybb_delivery delivery = {.records = 52000,
                                   .priority = YBB_LOW,
                                   .strategy = YBB_MULTI_FILE,
                                   .chunk_size = 15000,
                                   .files = 4,
                                   .timeout_seconds = 1800};
    ybb_estimation estimate = {.export_type = "participants",
                               .format = "excel",
                               .template_name = "detailed",
                               .delivery = &delivery,
                               .wait_seconds = -1};
    const ybb_store_stats stats = some_stats();
    ybb__estimate_fill(&estimate, 2600, &stats.by_type[0].stats, 22);
    struct json_object *answer = answer_of(ybb__answer_estimate(&estimate));
    number_is(answer, "estimated_records", 52000);
    number_is(answer, "data/estimated_size", 1040000); /* 20 bytes a record */
    number_is(answer, "data/estimated_seconds", 20.1);
    number_is(answer, "data/records_per_second", 2600);
    text_is(answer, "data/speed", "measured");
    text_is(answer, "data/strategy", "multi_file");
    number_is(answer, "data/chunk_size", 15000);
    number_is(answer, "data/total_files", 4);
    text_is(answer, "data/priority", "low");
    null_is(answer, "data/estimated_wait_seconds");
    json_object_put(answer);
}

static void what_was_never_measured_is_assumed(void)
{
    const ybb_delivery delivery = {.records = 1000,
                                   .priority = YBB_HIGH,
                                   .strategy = YBB_BACKGROUND_SINGLE,
                                   .chunk_size = UINT64_MAX,
                                   .files = 1};
    ybb_estimation estimate = {
        .export_type = "payments",
        .format = "csv",
        .template_name = "standard",
        .delivery = &delivery,
        .warnings_json = "[{\"code\":\"CHUNK_SIZE_HELD\",\"message\":\"held\",\"field\":null}]"};
    const ybb_run_stats none = {0};
    ybb__estimate_fill(&estimate, 0, &none, 11);
    CU_ASSERT_FALSE(estimate.measured);
    CU_ASSERT_TRUE(estimate.bytes > 0);
    CU_ASSERT_TRUE(estimate.seconds > 0);
    struct json_object *answer = answer_of(ybb__answer_estimate(&estimate));
    text_is(answer, "data/speed", "assumed");
    null_is(answer, "data/chunk_size");
    text_is(answer, "data/warnings/0/code", "CHUNK_SIZE_HELD");
    json_object_put(answer);
}

static void an_estimate_without_end_is_still_a_number(void)
{
    const ybb_delivery delivery = {.records = UINT64_MAX, .strategy = YBB_SINGLE, .files = 1};
    const ybb_run_stats runs = {.records = 1, .bytes = UINT64_MAX};
    ybb_estimation estimate = {.export_type = "payments",
                               .format = "csv",
                               .template_name = "standard",
                               .delivery = &delivery};
    ybb__estimate_fill(&estimate, 1, &runs, 11);
    struct json_object *answer = answer_of(ybb__answer_estimate(&estimate));
    CU_ASSERT_TRUE(json_object_get_double(answer_at(answer, "data/estimated_size")) > 1e18);
    json_object_put(answer);
}

static void deleting_and_sweeping_say_what_is_gone(void)
{
    const ybb_swept swept = {.expired_exports = 1,
                             .forgotten_records = 2,
                             .temporary_files = 3,
                             .unknown_folders = 4,
                             .bytes = 2048};
    struct json_object *answer = answer_of(ybb__answer_deleted(id));
    text_is(answer, "data/export_id", id);
    bool_is(answer, "data/deleted", true);
    json_object_put(answer);
    answer = answer_of(ybb__answer_swept(&swept));
    number_is(answer, "data/expired_exports", 1);
    number_is(answer, "data/forgotten_records", 2);
    number_is(answer, "data/temporary_files", 3);
    number_is(answer, "data/unknown_folders", 4);
    text_is(answer, "data/freed_text", "2 KB");
    json_object_put(answer);
}

static void every_answer_is_valid_by_its_schema(void)
{
    answers_are_valid("answer");
}

int main(void)
{
    static const ybb_test tests[] = {
        TEST(the_queue_is_told_by_class),
        TEST(a_wait_follows_from_the_average_of_its_class),
        TEST(an_export_waits_for_those_before_it_in_its_class),
        TEST(a_list_has_what_tells_exports_apart),
        TEST(a_queue_of_nonsense_is_no_negative_wait),
        TEST(statistics_have_totals_and_speeds),
        TEST(the_limits_are_a_configuration),
        TEST(statistics_show_no_secret),
        TEST(an_estimate_tells_what_would_be),
        TEST(what_was_never_measured_is_assumed),
        TEST(an_estimate_without_end_is_still_a_number),
        TEST(deleting_and_sweeping_say_what_is_gone),
        TEST(every_answer_is_valid_by_its_schema),
    };
    return RUN_TESTS("answers", tests);
}
