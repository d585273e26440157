/* lib/report: answers have spec.md's keys at spec.md's places, for every state of a job. */
#include "report/response.h"

#include "answer_helpers.h"
#include "report/recovery.h"
#include "runner.h"

#include <stdio.h>
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

static void a_running_export_tells_how_far_it_is(void)
{
    ybb_job job = running_job();
    struct json_object *answer = answer_of(ybb__response_status(&job, &local));
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
    CU_ASSERT_TRUE(json_object_get_double(answer_at(answer, "progress/percentage")) <= 99);
    number_is(answer, "performance/records_per_second", 500.1);
    text_is(answer, "performance/elapsed_time", "20 seconds");
    text_is(answer, "metadata/filters_applied/category", "self_funded");
    json_object_put(answer);
}

static void an_export_shows_its_request_to_be_repeated(void)
{
    ybb_job job = running_job();
    struct json_object *answer = answer_of(ybb__response_status(&job, &local));
    null_is(answer, "metadata/program_id");
    CU_ASSERT_TRUE(answer_has(answer, "metadata/request"));
    json_object_put(answer);
    job.program_id = 7;
    job.request_json = "{\"export_type\":\"participants\",\"program_id\":\"7\",\"owner\":\"ana\","
                       "\"options\":{\"sort_by\":\"email\",\"owner\":\"kept\"},"
                       "\"idempotency_key\":\"secret\"}";
    answer = answer_of(ybb__response_status(&job, &local));
    number_is(answer, "metadata/program_id", 7);
    text_is(answer, "metadata/request/program_id", "7");
    text_is(answer, "metadata/request/options/sort_by", "email");
    text_is(answer, "metadata/request/options/owner", "kept");
    CU_ASSERT_FALSE(answer_has(answer, "metadata/request/owner"));
    CU_ASSERT_FALSE(answer_has(answer, "metadata/request/idempotency_key"));
    json_object_put(answer);
}

static void an_export_whose_files_close_early_tells_no_ends_of_files(void)
{
    ybb_job job = running_job();
    job.delivery.split = true;
    job.delivery.files = 4;
    job.current_chunk = 3;
    struct json_object *answer = answer_of(ybb__response_status(&job, &local));
    text_is(answer, "progress/current_operation", "Processing chunk 3: record 10002 of 10005");
    json_object_put(answer);
}

static ybb_job queued_job(void)
{
    return (ybb_job){.id = "exp_0123456789abcdefghijklmnop",
                     .state = YBB_JOB_QUEUED,
                     .export_type = "payments",
                     .format = "csv",
                     .template_name = "standard",
                     .priority = YBB_NORMAL,
                     .estimated_records = 40000,
                     .queue_position = 3};
}

static void a_queued_export_waits_at_zero(void)
{
    ybb_job job = queued_job();
    struct json_object *answer = answer_of(ybb__response_status(&job, &local));
    text_is(answer, "status", "processing");
    number_is(answer, "progress/percentage", 0);
    number_is(answer, "data/queue_position", 3);
    number_is(answer, "data/estimated_records", 40000);
    number_is(answer, "progress/total_records", 40000);
    number_is(answer, "progress/total_chunks", 0);
    text_is(answer, "metadata/priority", "normal");
    null_is(answer, "export_strategy");
    null_is(answer, "data/estimated_completion");
    null_is(answer, "data/estimated_size");
    CU_ASSERT_FALSE(answer_has(answer, "data/stream_url"));
    json_object_put(answer);
}

static void what_is_known_of_others_gives_a_queued_export_its_end(void)
{
    ybb_job job = queued_job();
    ybb_response_context context = local;
    context.records_a_second = 1000;
    context.wait_seconds = 20;
    struct json_object *answer = answer_of(ybb__response_status(&job, &context));
    text_is(answer, "data/estimated_completion", "2025-07-23T15:31:20Z"); /* in 20 + 40 seconds */
    text_is(answer, "progress/estimated_completion", "2025-07-23T15:31:20Z");
    text_is(answer, "performance/estimated_remaining", "1 minute");
    json_object_put(answer);

    job.state = YBB_JOB_RUNNING; /* not counted yet */
    job.queue_position = 0;
    job.started_at = context.now;
    answer = answer_of(ybb__response_status(&job, &context));
    text_is(answer, "data/estimated_completion", "2025-07-23T15:31:00Z");
    json_object_put(answer);
}

static void a_resumed_export_s_own_pace_says_nothing(void)
{
    ybb_job job = running_job();
    ybb_response_context context = local;
    context.records_a_second = 1;
    struct json_object *answer = answer_of(ybb__response_status(&job, &context));
    text_is(answer, "performance/estimated_remaining", "0 seconds");
    json_object_put(answer);
    job.attempts = 2;
    answer = answer_of(ybb__response_status(&job, &context));
    text_is(answer, "performance/estimated_remaining", "3 seconds");
    json_object_put(answer);
    job.records_processed = 20000; /* more than were counted: the owner before saw others */
    answer = answer_of(ybb__response_status(&job, &context));
    text_is(answer, "performance/estimated_remaining", "0 seconds");
    json_object_put(answer);
}

static void a_stream_tells_where_it_is_read(void)
{
    ybb_job job = queued_job();
    job.on_demand = true;
    job.queue_position = 0;
    struct json_object *answer = answer_of(ybb__response_status(&job, &served));
    text_is(answer, "status", "processing");
    text_is(answer, "export_strategy", "streaming");
    text_is(answer, "data/stream_url",
            "https://admin.example/api/export/exp_0123456789abcdefghijklmnop/stream");
    text_is(answer, "data/content_type", "text/csv; charset=utf-8");
    number_is(answer, "data/estimated_records", 40000);
    number_is(answer, "data/queue_position", 0);
    text_is(answer, "progress/current_operation", "Waiting for a reader");
    json_object_put(answer);

    answer = answer_of(ybb__response_status(&job, &local));
    null_is(answer, "data/stream_url");
    json_object_put(answer);

    job.state = YBB_JOB_DONE;
    job.planned = true;
    job.delivery = (ybb_delivery){.records = 40000,
                                  .strategy = YBB_STREAMING,
                                  .compression = YBB_COMPRESSION_GZIP,
                                  .files = 1};
    job.ended_at = local.now;
    answer = answer_of(ybb__response_status(&job, &served));
    text_is(answer, "status", "success");
    text_is(answer, "data/content_type", "application/gzip");
    number_is(answer, "data/record_count", 40000);
    json_object_put(answer);
}

static void a_media_type_is_that_of_the_outermost_packing(void)
{
    CU_ASSERT_STRING_EQUAL(ybb__content_type("excel", YBB_COMPRESSION_NONE),
                           "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet");
    CU_ASSERT_STRING_EQUAL(ybb__content_type("excel", YBB_COMPRESSION_DEFAULT),
                           "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet");
    CU_ASSERT_STRING_EQUAL(ybb__content_type("csv", YBB_COMPRESSION_NONE),
                           "text/csv; charset=utf-8");
    CU_ASSERT_STRING_EQUAL(ybb__content_type("pdf", YBB_COMPRESSION_NONE), "application/pdf");
    CU_ASSERT_STRING_EQUAL(ybb__content_type("csv", YBB_COMPRESSION_GZIP), "application/gzip");
    CU_ASSERT_STRING_EQUAL(ybb__content_type("excel", YBB_COMPRESSION_ZIP), "application/zip");
}

static void what_broke_the_snapshot_is_told(void)
{
    ybb_job job = done_job();
    struct json_object *answer = answer_of(ybb__response_status(&job, &served));
    text_is(answer, "metadata/consistency", "snapshot");
    CU_ASSERT_FALSE(answer_has(answer, "metadata/resumed_at_chunk"));
    json_object_put(answer);
    job.consistency = "resumed:2";
    job.attempts = 4;
    job.takeovers = 1;
    answer = answer_of(ybb__response_status(&job, &served));
    text_is(answer, "metadata/consistency", "resumed");
    number_is(answer, "metadata/resumed_at_chunk", 2);
    number_is(answer, "metadata/attempts", 4);
    number_is(answer, "metadata/takeovers", 1);
    json_object_put(answer);
    answer = tree_of(ybb__manifest(&job));
    text_is(answer, "consistency", "resumed");
    number_is(answer, "resumed_at_chunk", 2);
    json_object_put(answer);
}

static void batches_and_archive_have_the_names_of_the_contract(void)
{
    ybb_job job = done_job();
    struct json_object *answer = answer_of(ybb__response_status(&job, &served));
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
    struct json_object *answer = answer_of(ybb__response_status(&job, &local));
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
    struct json_object *answer = answer_of(ybb__response_status(&job, &local));
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
    struct json_object *answer = answer_of(ybb__response_status(&job, &local));
    text_is(answer, "status", "success");
    CU_ASSERT_PTR_NOT_NULL(
        strstr(json_object_get_string(answer_at(answer, "message")), "no record"));
    number_is(answer, "progress/percentage", 100);
    json_object_put(answer);
}

static struct json_object *failed_answer(ybb_job *job, ybb_status status)
{
    job->state = YBB_JOB_FAILED;
    job->outcome = (ybb_error){.status = status, .message = "it went wrong"};
    job->ended_at = local.now;
    return answer_of(ybb__response_status(job, &local));
}

static void a_failed_export_says_what_is_left_and_what_would_help(void)
{
    ybb_job job = running_job();
    struct json_object *answer = failed_answer(&job, YBB_MEMORY_LIMIT);
    text_is(answer, "error_code", "MEMORY_LIMIT");
    bool_is(answer, "details/memory_exceeded", true);
    number_is(answer, "details/suggested_chunk_size",
              5002); /* spec.md's sample takes it as limit */
    bool_is(answer, "recovery_options/retry_with_smaller_chunks", false);
    json_object_put(answer);

    answer = failed_answer(&job, YBB_TOO_LARGE);
    text_is(answer, "status", "error");
    text_is(answer, "error_code", "TOO_LARGE");
    bool_is(answer, "details/memory_exceeded", false);
    bool_is(answer, "details/retriable", false);
    number_is(answer, "details/record_count", 10005);
    number_is(answer, "details/completed_chunks", 1);
    number_is(answer, "details/suggested_chunk_size", 5000);
    bool_is(answer, "recovery_options/retry_with_smaller_chunks", true);
    bool_is(answer, "recovery_options/use_multi_file_strategy", false);
    bool_is(answer, "recovery_options/resume", false);
    CU_ASSERT_TRUE(
        json_object_array_length(answer_at(answer, "recovery_options/filter_suggestions")) > 0);
    json_object_put(answer);

    answer = failed_answer(&job, YBB_SOURCE_LOST);
    bool_is(answer, "details/memory_exceeded", false);
    bool_is(answer, "details/retriable", true);
    CU_ASSERT_FALSE(answer_has(answer, "details/suggested_chunk_size"));
    bool_is(answer, "recovery_options/retry_with_smaller_chunks", false);
    bool_is(answer, "recovery_options/resume", true);
    CU_ASSERT_EQUAL(
        json_object_array_length(answer_at(answer, "recovery_options/filter_suggestions")), 0);
    json_object_put(answer);
}

static void cancelled_and_expired_are_errors(void)
{
    ybb_job job = running_job();
    struct json_object *answer = failed_answer(&job, YBB_CANCELLED);
    text_is(answer, "status", "error");
    text_is(answer, "error_code", "CANCELLED");
    number_is(answer, "details/completed_chunks", 1);
    bool_is(answer, "recovery_options/resume", true);
    json_object_put(answer);
    answer = failed_answer(&job, YBB_EXPIRED);
    text_is(answer, "error_code", "EXPIRED");
    CU_ASSERT_FALSE(answer_has(answer, "details/completed_chunks"));
    bool_is(answer, "recovery_options/resume", false);
    json_object_put(answer);
}

/* Of a failed job in batches of 10,000, in one file of 10,005 records, and of a refused request:
 * s smaller chunks, m multi-file, f filters, r resume. */
static const struct {
    ybb_status status;
    const char *batches, *single, *refused;
} helps[] = {
    {YBB_TOO_LARGE, "sf", "mf", "f"},
    /* slices and keys take what they take, whatever files are cut */
    {YBB_MEMORY_LIMIT, "f", "f", "f"},
    {YBB_NO_MEMORY, "fr", "fr", "f"},
    {YBB_TIMEOUT, "fr", "mf", "f"},
    {YBB_SOURCE_TIMEOUT, "fr", "fr", "f"},
    {YBB_SOURCE_UNAVAILABLE, "r", "r", ""},
    {YBB_SOURCE_REFUSED, "r", "r", ""},
    {YBB_SOURCE_SCHEMA, "r", "r", ""},
    {YBB_SOURCE_LOST, "r", "r", ""},
    {YBB_SOURCE_SHORT, "r", "r", ""},
    {YBB_OUTPUT_FULL, "fr", "fr", "f"},
    {YBB_OUTPUT_DENIED, "r", "r", ""},
    {YBB_OWNER_DIED, "r", "r", ""},
    {YBB_CANCELLED, "r", "r", ""},
    {YBB_EXPIRED, "", "", ""},
    {YBB_INTERNAL, "", "", ""},
    {YBB_UNKNOWN_FILTER, "", "", ""},
    {YBB_QUEUE_FULL, "", "", ""},
};

static void assert_help(ybb_status status, const ybb_job *job, const char *expected)
{
    char found[8] = "";
    const ybb_error error = {.status = status};
    const ybb_recovery recovery = ybb__recovery(&error, job, NULL);
    strcat(found, recovery.smaller_chunks ? "s" : "");
    strcat(found, recovery.multi_file ? "m" : "");
    strcat(found, recovery.fewer_records ? "f" : "");
    strcat(found, recovery.resume ? "r" : "");
    CU_ASSERT_STRING_EQUAL(found, expected);
    if (strcmp(found, expected) != 0)
        printf("# %s: %s, not %s\n", ybb__status_name(status), found, expected);
    bool memory = status == YBB_MEMORY_LIMIT || status == YBB_NO_MEMORY;
    CU_ASSERT_EQUAL(recovery.memory_exceeded, memory);
    if (job != NULL) /* who splits it must know how, and who asks for fewer records, how many */
        CU_ASSERT_EQUAL(recovery.suggested_chunk_size > 0,
                        recovery.smaller_chunks || recovery.multi_file || memory);
}

static void help_fits_the_failure(void)
{
    ybb_job batched = running_job(), single = running_job();
    batched.state = single.state = YBB_JOB_FAILED;
    single.delivery.strategy = YBB_BACKGROUND_SINGLE;
    single.delivery.chunk_size = UINT64_MAX;
    single.file_count = 0;
    for (size_t i = 0; i < sizeof(helps) / sizeof(helps[0]); i++) {
        assert_help(helps[i].status, &batched, helps[i].batches);
        assert_help(helps[i].status, &single, helps[i].single);
        assert_help(helps[i].status, NULL, helps[i].refused);
    }
}

static void help_fits_how_far_the_export_came(void)
{
    ybb_job job = running_job();
    job.state = YBB_JOB_FAILED;
    job.file_count = 0; /* the first batch took all the time */
    assert_help(YBB_TIMEOUT, &job, "sf");
    job.records_processed = 0; /* its columns are too many */
    assert_help(YBB_TOO_LARGE, &job, "f");
    job.on_demand = true; /* a stream, whose reader has gone */
    assert_help(YBB_SOURCE_LOST, &job, "");
    job = (ybb_job){.state = YBB_JOB_FAILED, .estimated_records = 1};
    assert_help(YBB_TIMEOUT, &(ybb_job){.estimated_records = 8}, "mf");
    const ybb_error late = {.status = YBB_TIMEOUT};
    CU_ASSERT_FALSE(ybb__recovery(&late, &job, NULL).multi_file); /* one record is one file */
    const ybb_error forced = {.status = YBB_TOO_LARGE, .field = "large_dataset_options.strategy"};
    CU_ASSERT_TRUE(ybb__recovery(&forced, NULL, NULL).multi_file);
}

static void a_suggested_chunk_is_one_that_would_be_granted(void)
{
    const ybb_limits limits = {.min_chunk_size = 1000, .max_chunk_size = 4000};
    const ybb_error error = {.status = YBB_TOO_LARGE};
    ybb_job job = running_job();
    CU_ASSERT_EQUAL(ybb__recovery(&error, &job, &limits).suggested_chunk_size, 4000);
    job.delivery.chunk_size = 1500;
    CU_ASSERT_EQUAL(ybb__recovery(&error, &job, &limits).suggested_chunk_size, 1000);
    CU_ASSERT_EQUAL(ybb__recovery(&error, &job, NULL).suggested_chunk_size, 750);
    const ybb_error full = {.status = YBB_MEMORY_LIMIT}; /* a limit may be smaller than a batch */
    ybb_job small = {.state = YBB_JOB_FAILED, .estimated_records = 8};
    CU_ASSERT_EQUAL(ybb__recovery(&full, &small, &limits).suggested_chunk_size, 4);
    job.delivery.chunk_size = 1000;
    CU_ASSERT_EQUAL(ybb__recovery(&error, &job, &limits).suggested_chunk_size, 0);
    CU_ASSERT_FALSE(ybb__recovery(&error, &job, &limits).smaller_chunks);
    CU_ASSERT_TRUE(ybb__recovery(&error, &job, &limits).fewer_records);
}

static void a_refused_request_names_the_field(void)
{
    ybb_error error = {.status = YBB_UNKNOWN_FILTER,
                       .message = "there is no filter \"categry\"",
                       .field = "filters.categry",
                       .value = "\"self_funded\"",
                       .allowed = "category, form_status",
                       .suggestion = "category"};
    struct json_object *answer = answer_of(ybb__response_error(&error));
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
    struct json_object *manifest = tree_of(ybb__manifest(&job));
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
    struct json_object *answer = answer_of(ybb__response_chunks(&job, &served));
    text_is(answer, "status", "processing");
    number_is(answer, "total_chunks", 2);
    number_is(answer, "completed_chunks", 1);
    CU_ASSERT_EQUAL(json_object_array_length(answer_at(answer, "chunks")), 1);
    text_is(answer, "chunks/0/file_name", "participants_batch_1_of_2.xlsx");
    json_object_put(answer);
}

static void every_answer_is_valid_by_its_schema(void)
{
    answers_are_valid("answer");
}

int main(void)
{
    static const ybb_test tests[] = {
        TEST(a_running_export_tells_how_far_it_is),
        TEST(an_export_shows_its_request_to_be_repeated),
        TEST(an_export_whose_files_close_early_tells_no_ends_of_files),
        TEST(a_queued_export_waits_at_zero),
        TEST(what_is_known_of_others_gives_a_queued_export_its_end),
        TEST(a_resumed_export_s_own_pace_says_nothing),
        TEST(a_stream_tells_where_it_is_read),
        TEST(a_media_type_is_that_of_the_outermost_packing),
        TEST(what_broke_the_snapshot_is_told),
        TEST(batches_and_archive_have_the_names_of_the_contract),
        TEST(a_local_url_is_percent_encoded),
        TEST(a_compressed_file_tells_both_sizes),
        TEST(an_export_without_records_is_a_success_that_says_so),
        TEST(a_failed_export_says_what_is_left_and_what_would_help),
        TEST(cancelled_and_expired_are_errors),
        TEST(help_fits_the_failure),
        TEST(help_fits_how_far_the_export_came),
        TEST(a_suggested_chunk_is_one_that_would_be_granted),
        TEST(a_refused_request_names_the_field),
        TEST(the_manifest_has_the_sums_of_every_file),
        TEST(chunks_lists_what_is_published_by_now),
        TEST(every_answer_is_valid_by_its_schema),
    };
    return RUN_TESTS("report", tests);
}
