/* lib/report: answers have spec.md's keys at spec.md's places, for every state of a job. */
#include "report/response.h"
#include "runner.h"

#include <json-c/json.h>
#include <stdlib.h>
#include <string.h>

static const int64_t second = 1000000;
static const ybb_response_context local = {
    .base_url = NULL, .out = "/srv/my exports", .now = 1753284620000000};
static const ybb_response_context served = {
    .base_url = "https://admin.example/", .out = "/srv/out", .now = 1753284620000000};

static ybb_job_file batches[] = {
    {.number = 1,
     .name = "participants_batch_1_of_2.xlsx",
     .bytes = 1536,
     .content_bytes = 1536,
     .first_record = 1,
     .records = 10000,
     .crc32 = 0x00ab12cd,
     .sha256 = "aa"},
    {.number = 2,
     .name = "participants_batch_2_of_2.xlsx",
     .bytes = 1024,
     .content_bytes = 1024,
     .first_record = 10001,
     .records = 5,
     .crc32 = 1,
     .sha256 = "bb"},
};

/* A multi-file job in the middle of its second chunk. */
static ybb_job running_job(void)
{
    ybb_job job = {
        .id = "exp_0123456789abcdefghijklmnop",
        .state = YBB_JOB_RUNNING,
        .export_type = "participants",
        .format = "excel",
        .template_name = "standard",
        .filters_json = "{\"category\":\"self_funded\"}",
        .consistency = "snapshot",
        .planned = true,
        .delivery = {.records = 10005,
                     .priority = YBB_NORMAL,
                     .strategy = YBB_MULTI_FILE,
                     .compression = YBB_COMPRESSION_NONE,
                     .archive = true,
                     .chunk_size = 10000,
                     .files = 2,
                     .rows_per_sheet = UINT64_MAX},
        .stage = YBB_STAGE_PROCESSING,
        .records_processed = 10002,
        .current_chunk = 2,
        .created_at = local.now - 30 * second,
        .started_at = local.now - 20 * second,
        .files = batches,
        .file_count = 1,
    };
    return job;
}

static ybb_job done_job(void)
{
    ybb_job job = running_job();
    job.state = YBB_JOB_DONE;
    job.records_processed = 10005;
    job.file_count = 2;
    job.archive = (ybb_job_file){.name = "participants_complete_export.zip",
                                 .bytes = 2000,
                                 .content_bytes = 2560,
                                 .records = 10005};
    job.ended_at = local.now;
    job.expires_at = local.now + 7 * 86400 * second;
    job.processing_seconds = 20;
    return job;
}

/* The value at a path of keys and indexes parted by '/'. Borrowed from @root; NULL where there is
 * none. */
static struct json_object *at(struct json_object *root, const char *path)
{
    char copy[128], *rest = copy;
    strcpy(copy, path);
    for (char *key; root != NULL && (key = strsep(&rest, "/")) != NULL;) {
        if (json_object_is_type(root, json_type_array))
            root = json_object_array_get_idx(root, strtoul(key, NULL, 10));
        else if (!json_object_object_get_ex(root, key, &root))
            root = NULL;
    }
    return root;
}

static struct json_object *parsed(char *json)
{
    CU_ASSERT_PTR_NOT_NULL_FATAL(json);
    struct json_object *root = json_tokener_parse(json);
    free(json);
    CU_ASSERT_PTR_NOT_NULL_FATAL(root);
    return root;
}

static void text_is(struct json_object *root, const char *path, const char *expected)
{
    struct json_object *value = at(root, path);
    CU_ASSERT_TRUE_FATAL(json_object_is_type(value, json_type_string));
    CU_ASSERT_STRING_EQUAL(json_object_get_string(value), expected);
}

static void number_is(struct json_object *root, const char *path, double expected)
{
    struct json_object *value = at(root, path);
    CU_ASSERT_TRUE_FATAL(json_object_is_type(value, json_type_int) ||
                         json_object_is_type(value, json_type_double));
    CU_ASSERT_DOUBLE_EQUAL(json_object_get_double(value), expected, 0.001);
}

static void bool_is(struct json_object *root, const char *path, bool expected)
{
    CU_ASSERT_TRUE_FATAL(json_object_is_type(at(root, path), json_type_boolean));
    CU_ASSERT_EQUAL(json_object_get_boolean(at(root, path)), expected);
}

static void a_running_export_tells_how_far_it_is(void)
{
    ybb_job job = running_job();
    struct json_object *answer = parsed(ybb__response_status(&job, &local));
    text_is(answer, "status", "processing");
    text_is(answer, "export_strategy", "multi_file");
    text_is(answer, "data/export_id", job.id);
    number_is(answer, "data/queue_position", 0);
    number_is(answer, "data/estimated_size", 1536); /* 10,000 of 10,005 records have that many */
    text_is(answer, "data/estimated_size_text", "1.5 KB");
    text_is(answer, "progress/stage", "processing");
    number_is(answer, "progress/current_chunk", 2);
    number_is(answer, "progress/total_chunks", 2);
    number_is(answer, "progress/records_processed", 10002);
    number_is(answer, "progress/total_records", 10005);
    text_is(answer, "progress/current_operation", "Processing chunk 2: records 10001-10005");
    CU_ASSERT_TRUE(json_object_get_double(at(answer, "progress/percentage")) <= 99);
    number_is(answer, "performance/records_per_second", 500.1);
    text_is(answer, "performance/elapsed_time", "20 seconds");
    text_is(answer, "metadata/filters_applied/category", "self_funded");
    json_object_put(answer);
}

static void a_queued_export_waits_at_zero(void)
{
    ybb_job job = {.id = "exp_0123456789abcdefghijklmnop",
                   .state = YBB_JOB_QUEUED,
                   .export_type = "payments",
                   .format = "csv",
                   .template_name = "standard"};
    struct json_object *answer = parsed(ybb__response_status(&job, &local));
    text_is(answer, "status", "processing");
    number_is(answer, "progress/percentage", 0);
    CU_ASSERT_TRUE(json_object_get_int(at(answer, "data/queue_position")) >= 1);
    CU_ASSERT_PTR_NULL(at(answer, "progress/estimated_completion"));
    CU_ASSERT_PTR_NULL(at(answer, "data/estimated_size"));
    json_object_put(answer);
}

static void batches_and_archive_have_the_names_of_the_contract(void)
{
    ybb_job job = done_job();
    struct json_object *answer = parsed(ybb__response_status(&job, &served));
    text_is(answer, "status", "success");
    number_is(answer, "progress/percentage", 100);
    number_is(answer, "data/total_records", 10005);
    number_is(answer, "data/total_files", 2);
    text_is(answer, "data/individual_files/1/file_name", "participants_batch_2_of_2.xlsx");
    text_is(answer, "data/individual_files/1/record_range", "10001-10005");
    text_is(answer, "data/individual_files/1/file_url",
            "https://admin.example/api/export/exp_0123456789abcdefghijklmnop/download/batch/2");
    text_is(answer, "data/archive/zip_file_url",
            "https://admin.example/api/export/exp_0123456789abcdefghijklmnop/download/zip");
    number_is(answer, "data/archive/zip_file_size", 2000);
    text_is(answer, "data/archive/compression_ratio", "22%");
    text_is(answer, "data/expires_at", "2025-07-30T15:30:20Z");
    number_is(answer, "metadata/chunk_size", 10000);
    text_is(answer, "metadata/compression_used", "zip");
    json_object_put(answer);
}

static void a_local_url_is_percent_encoded(void)
{
    ybb_job job = done_job();
    job.delivery.strategy = YBB_IMMEDIATE_SINGLE;
    job.delivery.archive = false;
    job.archive = (ybb_job_file){.name = NULL};
    job.file_count = 1;
    struct json_object *answer = parsed(ybb__response_status(&job, &local));
    text_is(
        answer, "data/file_url",
        "file:///srv/my%20exports/exp_0123456789abcdefghijklmnop/participants_batch_1_of_2.xlsx");
    number_is(answer, "data/file_size", 1536);
    text_is(answer, "data/file_size_text", "1.5 KB");
    number_is(answer, "data/record_count", 10005);
    json_object_put(answer);
}

static void a_compressed_file_tells_both_sizes(void)
{
    ybb_job_file file = {.number = 1,
                         .name = "participants_export_compressed.xlsx.gz",
                         .bytes = 270,
                         .content_bytes = 1000,
                         .records = 10005};
    ybb_job job = done_job();
    job.delivery.strategy = YBB_COMPRESSED_SINGLE;
    job.delivery.compression = YBB_COMPRESSION_GZIP;
    job.archive = (ybb_job_file){.name = NULL};
    job.files = &file;
    job.file_count = 1;
    struct json_object *answer = parsed(ybb__response_status(&job, &local));
    text_is(answer, "data/compression", "gzip");
    number_is(answer, "data/uncompressed_size", 1000);
    number_is(answer, "data/compressed_size", 270);
    text_is(answer, "data/compression_ratio", "73%");
    json_object_put(answer);
}

static void an_export_without_records_is_a_success_that_says_so(void)
{
    ybb_job job = done_job();
    job.delivery.records = 0;
    job.delivery.strategy = YBB_IMMEDIATE_SINGLE;
    job.records_processed = 0;
    job.archive = (ybb_job_file){.name = NULL};
    job.file_count = 1;
    struct json_object *answer = parsed(ybb__response_status(&job, &local));
    text_is(answer, "status", "success");
    CU_ASSERT_PTR_NOT_NULL(strstr(json_object_get_string(at(answer, "message")), "no record"));
    number_is(answer, "progress/percentage", 100);
    json_object_put(answer);
}

static void recovery_options_fit_the_failure(void)
{
    ybb_job job = running_job();
    job.state = YBB_JOB_FAILED;
    job.outcome = (ybb_error){.status = YBB_MEMORY_LIMIT, .message = "too much"};
    job.ended_at = local.now;
    struct json_object *answer = parsed(ybb__response_status(&job, &local));
    text_is(answer, "status", "error");
    text_is(answer, "error_code", "MEMORY_LIMIT");
    bool_is(answer, "details/memory_exceeded", true);
    number_is(answer, "details/suggested_chunk_size", 5000);
    bool_is(answer, "recovery_options/retry_with_smaller_chunks", true);
    bool_is(answer, "recovery_options/use_multi_file_strategy", false);
    CU_ASSERT_TRUE(json_object_array_length(at(answer, "recovery_options/filter_suggestions")) > 0);
    json_object_put(answer);

    job.outcome = (ybb_error){.status = YBB_SOURCE_SCHEMA, .message = "no such column"};
    answer = parsed(ybb__response_status(&job, &local));
    bool_is(answer, "details/memory_exceeded", false);
    bool_is(answer, "recovery_options/retry_with_smaller_chunks", false);
    CU_ASSERT_EQUAL(json_object_array_length(at(answer, "recovery_options/filter_suggestions")), 0);
    json_object_put(answer);
}

static void a_refused_request_names_the_field(void)
{
    ybb_error error = {.status = YBB_UNKNOWN_FILTER,
                       .message = "there is no filter \"categry\"",
                       .field = "filters.categry",
                       .value = "\"self_funded\"",
                       .allowed = "category, form_status",
                       .suggestion = "category"};
    struct json_object *answer = parsed(ybb__response_error(&error));
    text_is(answer, "status", "error");
    text_is(answer, "error_code", "UNKNOWN_FILTER");
    text_is(answer, "details/field", "filters.categry");
    text_is(answer, "details/suggestion", "category");
    text_is(answer, "details/allowed", "category, form_status");
    json_object_put(answer);
}

static void the_manifest_has_the_sums_of_every_file(void)
{
    ybb_job job = done_job();
    struct json_object *manifest = parsed(ybb__manifest(&job));
    number_is(manifest, "counted_records", 10005);
    number_is(manifest, "total_records", 10005);
    text_is(manifest, "files/0/crc32", "00ab12cd");
    text_is(manifest, "files/1/sha256", "bb");
    text_is(manifest, "files/1/record_range", "10001-10005");
    text_is(manifest, "consistency", "snapshot");
    json_object_put(manifest);
}

static void chunks_lists_what_is_published_by_now(void)
{
    ybb_job job = running_job();
    struct json_object *answer = parsed(ybb__response_chunks(&job, &served));
    text_is(answer, "status", "processing");
    number_is(answer, "total_chunks", 2);
    number_is(answer, "completed_chunks", 1);
    CU_ASSERT_EQUAL(json_object_array_length(at(answer, "chunks")), 1);
    text_is(answer, "chunks/0/file_name", "participants_batch_1_of_2.xlsx");
    json_object_put(answer);
}

int main(void)
{
    static const ybb_test tests[] = {
        TEST(a_running_export_tells_how_far_it_is),
        TEST(a_queued_export_waits_at_zero),
        TEST(batches_and_archive_have_the_names_of_the_contract),
        TEST(a_local_url_is_percent_encoded),
        TEST(a_compressed_file_tells_both_sizes),
        TEST(an_export_without_records_is_a_success_that_says_so),
        TEST(recovery_options_fit_the_failure),
        TEST(a_refused_request_names_the_field),
        TEST(the_manifest_has_the_sums_of_every_file),
        TEST(chunks_lists_what_is_published_by_now),
    };
    return RUN_TESTS("report", tests);
}
