/* lib/report/log_line: one JSON object a line, at the level that the configuration gives it,
 * without a word about whom the export is of. */
#include "report/log_line.h"

#include "answer_helpers.h"
#include "runner.h"

#include <stdlib.h>
#include <string.h>

static const int64_t now = 1753284620000000;
static const int64_t second = 1000000;

static ybb_job_file files[] = {
    {.number = 1, .name = "a", .bytes = 1536, .first_record = 1, .records = 10000},
    {.number = 2, .name = "b", .bytes = 1024, .first_record = 10001, .records = 5},
};

static ybb_job some_job(void)
{
    return (ybb_job){.id = "exp_0123456789abcdefghijklmnop",
                     .state = YBB_JOB_RUNNING,
                     .owner = "secret@example.org",
                     .idempotency_key = "secret key",
                     .request_json = "{\"filters\":{\"ambassador_ref\":\"secret\"}}",
                     .export_type = "participants",
                     .format = "excel",
                     .template_name = "standard",
                     .filters_json = "{\"ambassador_ref\":\"secret\"}",
                     .consistency = "snapshot",
                     .planned = true,
                     .delivery = {.records = 10005,
                                  .priority = YBB_NORMAL,
                                  .strategy = YBB_MULTI_FILE,
                                  .chunk_size = 10000,
                                  .files = 2},
                     .records_processed = 10005,
                     .attempts = 2,
                     .takeovers = 1,
                     .started_at = now - 1500 * second,
                     .processing_seconds = 20,
                     .memory_peak = 5000,
                     .files = files,
                     .file_count = 2};
}

typedef struct bed {
    struct ybb_config config;
    ybb_log log;
} bed;

/* A log that takes all, of a configuration by its defaults. */
static void begin(bed *b)
{
    ybb__config_init(&b->config);
    b->log = (ybb_log){&b->config.monitoring, YBB_LOG_DEBUG, now};
}

static void end(bed *b)
{
    ybb__config_release(&b->config);
}

/* What every line has. The caller puts the tree. */
static struct json_object *line_of(ybb_log_line line, const char *level, const char *event)
{
    CU_ASSERT_PTR_NOT_NULL_FATAL(line.text);
    CU_ASSERT_PTR_NULL(strchr(line.text, '\n'));
    CU_ASSERT_PTR_NULL(strstr(line.text, "secret"));
    CU_ASSERT_STRING_EQUAL(ybb__log_level_name(line.level), level);
    struct json_object *tree = tree_of(line.text);
    text_is(tree, "time", "2025-07-23T15:30:20Z");
    text_is(tree, "level", level);
    text_is(tree, "event", event);
    return tree;
}

static void no_line(ybb_log_line line)
{
    CU_ASSERT_PTR_NULL(line.text);
    free(line.text);
}

static void topics_have_the_levels_of_the_specification(void)
{
    bed b;
    begin(&b);
    const ybb_monitoring *m = &b.config.monitoring;
    CU_ASSERT_EQUAL(ybb__log_level(m, YBB_TOPIC_CHUNKS), YBB_LOG_INFO);
    CU_ASSERT_EQUAL(ybb__log_level(m, YBB_TOPIC_MEMORY), YBB_LOG_DEBUG);
    CU_ASSERT_EQUAL(ybb__log_level(m, YBB_TOPIC_PERFORMANCE), YBB_LOG_INFO);
    CU_ASSERT_EQUAL(ybb__log_level(m, YBB_TOPIC_ERRORS), YBB_LOG_ERROR);
    CU_ASSERT_EQUAL(ybb__log_level(m, YBB_TOPIC_WARNINGS), YBB_LOG_WARNING);
    CU_ASSERT_TRUE(ybb__log_wanted(m, YBB_TOPIC_CHUNKS, YBB_LOG_INFO));
    CU_ASSERT_FALSE(ybb__log_wanted(m, YBB_TOPIC_CHUNKS, YBB_LOG_WARNING));
    CU_ASSERT_FALSE(ybb__log_wanted(m, YBB_TOPIC_MEMORY, YBB_LOG_INFO));
    CU_ASSERT_TRUE(ybb__log_wanted(m, YBB_TOPIC_MEMORY, YBB_LOG_DEBUG));
    CU_ASSERT_FALSE(ybb__log_wanted(m, YBB_TOPIC_ERRORS, YBB_LOG_OFF));
    end(&b);
}

static void a_topic_that_is_off_has_no_lines(void)
{
    bed b;
    begin(&b);
    ybb_job job = some_job();
    b.config.monitoring.chunk_processing = YBB_LOG_OFF;
    b.config.monitoring.errors = YBB_LOG_OFF;
    CU_ASSERT_FALSE(ybb__log_wanted(b.log.monitoring, YBB_TOPIC_WARNINGS, YBB_LOG_DEBUG));
    no_line(ybb__log_export(&b.log, YBB_LOG_QUEUED, &job));
    no_line(ybb__log_export(&b.log, YBB_LOG_FAILED, &job));
    no_line(ybb__log_export(&b.log, YBB_LOG_TAKEN_OVER, &job));
    no_line(ybb__log_failures_alert(&b.log, 100));
    b.config.monitoring.errors = YBB_LOG_DEBUG; /* so are its warnings */
    json_object_put(
        line_of(ybb__log_export(&b.log, YBB_LOG_TAKEN_OVER, &job), "debug", "export_taken_over"));
    b.log.level = YBB_LOG_INFO;
    no_line(ybb__log_export(&b.log, YBB_LOG_TAKEN_OVER, &job));
    end(&b);
}

static void the_life_of_an_export_is_told(void)
{
    static const struct {
        ybb_log_event event;
        const char *level, *name, *has;
    } all[] = {
        {YBB_LOG_QUEUED, "info", "export_queued", "queue_position"},
        {YBB_LOG_STARTED, "info", "export_started", "strategy"},
        {YBB_LOG_RESUMED, "info", "export_resumed", "completed_chunks"},
        {YBB_LOG_TAKEN_OVER, "warning", "export_taken_over", "takeovers"},
        {YBB_LOG_LEASE_LOST, "warning", "export_lease_lost", "completed_chunks"},
        {YBB_LOG_FINISHED, "info", "export_finished", "processing_seconds"},
        {YBB_LOG_FAILED, "error", "export_failed", "error_code"},
        {YBB_LOG_CANCELLED, "info", "export_cancelled", "processing_seconds"},
        {YBB_LOG_EXPIRED, "info", "export_expired", "files"},
    };
    bed b;
    begin(&b);
    ybb_job job = some_job();
    for (size_t i = 0; i < sizeof(all) / sizeof(all[0]); i++) {
        struct json_object *line =
            line_of(ybb__log_export(&b.log, all[i].event, &job), all[i].level, all[i].name);
        text_is(line, "export_id", job.id);
        text_is(line, "export_type", "participants");
        text_is(line, "priority", "normal");
        CU_ASSERT_TRUE(answer_has(line, all[i].has));
        json_object_put(line);
    }
    struct json_object *line =
        line_of(ybb__log_export(&b.log, YBB_LOG_FINISHED, &job), "info", "export_finished");
    number_is(line, "records", 10005);
    number_is(line, "files", 2);
    number_is(line, "bytes", 2560);
    number_is(line, "processing_seconds", 20);
    json_object_put(line);
    end(&b);
}

/* A database's message may quote what was bound. */
static void a_failure_is_named_without_what_it_quotes(void)
{
    bed b;
    begin(&b);
    ybb_job job = some_job();
    job.outcome = (ybb_error){.status = YBB_SOURCE_ERROR, .message = "Incorrect value: 'secret'"};
    struct json_object *line =
        line_of(ybb__log_export(&b.log, YBB_LOG_FAILED, &job), "error", "export_failed");
    text_is(line, "error_code", "SOURCE_ERROR");
    text_is(line, "message", ybb__status_text(YBB_SOURCE_ERROR));
    json_object_put(line);
    job.outcome = (ybb_error){.status = YBB_OUTPUT_FULL, .message = "12 MB are left"};
    line = line_of(ybb__log_export(&b.log, YBB_LOG_FAILED, &job), "error", "export_failed");
    text_is(line, "message", "12 MB are left");
    bool_is(line, "retriable", true);
    json_object_put(line);
    line = line_of(ybb__log_retry(&b.log, &job, &job.outcome, 2.5), "warning", "export_retried");
    text_is(line, "error_code", "OUTPUT_FULL");
    number_is(line, "attempt", 2);
    number_is(line, "pause_seconds", 2.5);
    json_object_put(line);
    end(&b);
}

static void files_and_the_archive_are_told(void)
{
    const ybb_job_file archive = {.number = 0, .name = "z", .bytes = 7};
    bed b;
    begin(&b);
    ybb_job job = some_job();
    struct json_object *line =
        line_of(ybb__log_chunk(&b.log, &job, &files[1], 0.5), "info", "chunk_finished");
    number_is(line, "chunk", 2);
    number_is(line, "total_chunks", 2);
    number_is(line, "first_record", 10001);
    number_is(line, "records", 5);
    number_is(line, "bytes", 1024);
    number_is(line, "seconds", 0.5);
    json_object_put(line);
    json_object_put(
        line_of(ybb__log_chunk(&b.log, &job, &archive, 0.5), "info", "archive_finished"));
    end(&b);
}

static void only_the_metrics_that_are_asked_for_are_told(void)
{
    static const char *const keys[] = {"records_per_second", "memory_usage_peak", "processing_time",
                                       "file_generation_time", "compression_time"};
    const ybb_log_times times = {.file_generation_seconds = 3, .compression_seconds = 1.5};
    bed b;
    begin(&b);
    ybb_monitoring *m = &b.config.monitoring;
    bool *const flags[] = {&m->records_per_second, &m->memory_usage_peak, &m->processing_time,
                           &m->file_generation_time, &m->compression_time};
    const double values[] = {500.25, 5000, 20, 3, 1.5};
    ybb_job job = some_job();
    struct json_object *line =
        line_of(ybb__log_performance(&b.log, &job, &times), "info", "performance_metrics");
    for (size_t i = 0; i < sizeof(keys) / sizeof(keys[0]); i++)
        number_is(line, keys[i], values[i]);
    json_object_put(line);
    for (size_t only = 0; only < sizeof(keys) / sizeof(keys[0]); only++) {
        for (size_t i = 0; i < sizeof(keys) / sizeof(keys[0]); i++)
            *flags[i] = i == only;
        line = line_of(ybb__log_performance(&b.log, &job, &times), "info", "performance_metrics");
        for (size_t i = 0; i < sizeof(keys) / sizeof(keys[0]); i++)
            CU_ASSERT_EQUAL(answer_has(line, keys[i]), i == only);
        json_object_put(line);
        *flags[only] = false;
    }
    no_line(ybb__log_performance(&b.log, &job, &times));
    end(&b);
}

static void memory_is_told_and_warned_of(void)
{
    bed b;
    begin(&b);
    ybb_job job = some_job();
    struct json_object *line =
        line_of(ybb__log_memory(&b.log, &job, 300, 1000), "debug", "memory_usage");
    number_is(line, "memory_usage_percent", 30);
    number_is(line, "memory_usage_peak", 5000);
    json_object_put(line);
    no_line(ybb__log_memory_alert(&b.log, &job, 799, 1000));
    line = line_of(ybb__log_memory_alert(&b.log, &job, 800, 1000), "warning", "alert");
    text_is(line, "alert", "memory_usage_warning");
    number_is(line, "threshold", 80);
    json_object_put(line);
    line = line_of(ybb__log_memory_alert(&b.log, &job, 950, 1000), "error", "alert");
    text_is(line, "alert", "memory_usage_critical");
    number_is(line, "memory_usage", 950);
    json_object_put(line);
    no_line(ybb__log_memory_alert(&b.log, &job, 950, 0)); /* no limit */
    end(&b);
}

static void thresholds_are_reached_not_passed(void)
{
    bed b;
    begin(&b);
    ybb_job job = some_job(); /* began 25 minutes ago */
    struct json_object *line = line_of(ybb__log_time_alert(&b.log, &job), "warning", "alert");
    text_is(line, "alert", "processing_time_warning");
    number_is(line, "threshold", 25);
    number_is(line, "processing_seconds", 1500);
    json_object_put(line);
    job.started_at += second;
    no_line(ybb__log_time_alert(&b.log, &job));
    job.started_at = 0;
    no_line(ybb__log_time_alert(&b.log, &job));

    no_line(ybb__log_queue_alert(&b.log, 39, 50));
    line = line_of(ybb__log_queue_alert(&b.log, 40, 50), "warning", "alert");
    text_is(line, "alert", "queue_length_warning");
    number_is(line, "queued", 40);
    json_object_put(line);

    no_line(ybb__log_failures_alert(&b.log, 4));
    line = line_of(ybb__log_failures_alert(&b.log, 5), "error", "alert");
    text_is(line, "alert", "failed_exports_threshold");
    number_is(line, "failures_last_hour", 5);
    json_object_put(line);
    end(&b);
}

static void a_store_that_fails_is_told_of_without_its_name(void)
{
    bed b;
    begin(&b);
    ybb_error failure = {.status = YBB_STORE_ERROR, .message = "cannot open /secret/ybbexport.db"};
    struct json_object *line =
        line_of(ybb__log_store(&b.log, &failure, 5.5), "error", "store_failed");
    text_is(line, "error_code", "STORE_ERROR");
    CU_ASSERT_TRUE(answer_has(line, "retriable"));
    CU_ASSERT_TRUE(answer_has(line, "seconds"));
    json_object_put(line);

    failure = (ybb_error){0};
    line = line_of(ybb__log_store(&b.log, &failure, 60), "warning", "store_recovered");
    number_is(line, "seconds", 60);
    CU_ASSERT_FALSE(answer_has(line, "error_code"));
    json_object_put(line);
    b.config.monitoring.errors = YBB_LOG_OFF;
    no_line(ybb__log_store(&b.log, &failure, 60));
    end(&b);
}

int main(void)
{
    static const ybb_test tests[] = {
        TEST(topics_have_the_levels_of_the_specification),
        TEST(a_topic_that_is_off_has_no_lines),
        TEST(the_life_of_an_export_is_told),
        TEST(a_failure_is_named_without_what_it_quotes),
        TEST(a_store_that_fails_is_told_of_without_its_name),
        TEST(files_and_the_archive_are_told),
        TEST(only_the_metrics_that_are_asked_for_are_told),
        TEST(memory_is_told_and_warned_of),
        TEST(thresholds_are_reached_not_passed),
    };
    return RUN_TESTS("log_line", tests);
}
