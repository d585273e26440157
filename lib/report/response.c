/*
 * Every answer carries the keys of all of spec.md's shapes that hold for its state, at spec.md's
 * places, so that a client written against any of its samples finds what it reads.
 */
#include "report/response.h"

#include "base/buffer.h"
#include "base/clock.h"
#include "base/text.h"
#include "report/answer.h"

#include <stdio.h>
#include <string.h>

static const double microseconds_per_second = 1e6;

const char *ybb__stage_name(ybb_stage stage)
{
    static const char *const names[] = {"data_retrieval", "processing", "file_generation",
                                        "compression"};
    return names[stage];
}

/* Whether what it delivers are batches; an unplanned job counts as one file. */
static bool is_multi_file(const ybb_job *job)
{
    return job->planned && job->delivery.strategy == YBB_MULTI_FILE;
}

void ybb__job_operation(char *out, size_t capacity, const ybb_job *job)
{
    unsigned long long first, last;
    if (job->state == YBB_JOB_QUEUED) {
        snprintf(out, capacity, "Waiting to start");
    } else if (job->state == YBB_JOB_DONE) {
        snprintf(out, capacity, "Export completed");
    } else if (job->state == YBB_JOB_FAILED) {
        snprintf(out, capacity, "Export ended: %s", job->outcome.message);
    } else if (!job->planned) {
        snprintf(out, capacity, "Counting records");
    } else if (job->stage == YBB_STAGE_COMPRESSION) {
        snprintf(out, capacity, "Building the ZIP archive of %u file%s", job->delivery.files,
                 job->delivery.files == 1 ? "" : "s");
    } else if (job->stage == YBB_STAGE_GENERATION) {
        snprintf(out, capacity, "Writing file %u of %u", job->current_chunk, job->delivery.files);
    } else if (job->delivery.grouped && is_multi_file(job)) {
        snprintf(out, capacity, "Processing chunk %u: record %llu of %llu", job->current_chunk,
                 (unsigned long long)job->records_processed,
                 (unsigned long long)job->delivery.records);
    } else {
        uint64_t from, count;
        ybb__delivery_range(&job->delivery, job->current_chunk > 0 ? job->current_chunk : 1, &from,
                            &count);
        first = from;
        last = count == 0 ? 0 : from + count - 1;
        if (is_multi_file(job))
            snprintf(out, capacity, "Processing chunk %u: records %llu-%llu", job->current_chunk,
                     first, last);
        else
            snprintf(out, capacity, "Processing records %llu-%llu", first, last);
    }
}

/* The URL of a published file: spec.md's download endpoints, or file://. */
static void put_url(ybb_answer answer, const char *key, const ybb_job *job,
                    const ybb_job_file *file, const ybb_response_context *context)
{
    ybb_buffer url = {0};
    if (context->base_url == NULL) {
        ybb__buffer_put_text(&url, "file://");
        ybb__buffer_put_path(&url, context->out);
        ybb__buffer_put_char(&url, '/');
        ybb__buffer_put_path(&url, job->id);
        ybb__buffer_put_char(&url, '/');
        ybb__buffer_put_path(&url, file->name);
    } else {
        size_t length = strlen(context->base_url);
        while (length > 0 && context->base_url[length - 1] == '/')
            length--;
        ybb__buffer_put(&url, context->base_url, length);
        ybb__buffer_put_text(&url, "/api/export/");
        ybb__buffer_put_text(&url, job->id);
        ybb__buffer_put_text(&url, "/download");
        if (is_multi_file(job) && file->number > 0) {
            ybb__buffer_put_text(&url, "/batch/");
            ybb__buffer_put_u64(&url, file->number);
        } else if (is_multi_file(job)) {
            ybb__buffer_put_text(&url, "/zip");
        }
    }
    const char *text = ybb__buffer_text(&url);
    if (text == NULL)
        *answer.failed = true;
    else
        ybb__answer_text(answer, key, text);
    ybb__buffer_free(&url);
}

/* "73%": how much smaller @packed is. */
static void put_ratio(ybb_answer answer, const char *key, uint64_t content, uint64_t packed)
{
    char text[YBB_NUMBER_TEXT];
    double saved = content == 0 ? 0 : 100 * (1 - (double)packed / (double)content);
    snprintf(text, sizeof(text), "%d%%", saved > 0 ? (int)(saved + 0.5) : 0);
    ybb__answer_text(answer, key, text);
}

/* "10 minutes", "8 seconds". */
static void put_duration(ybb_answer answer, const char *key, double seconds)
{
    static const double minute = 60;
    char text[2 * YBB_NUMBER_TEXT];
    double number = seconds < minute ? seconds : seconds / minute;
    unsigned long whole = (unsigned long)(number + 0.5);
    snprintf(text, sizeof(text), "%lu %s%s", whole, seconds < minute ? "second" : "minute",
             whole == 1 ? "" : "s");
    ybb__answer_text(answer, key, text);
}

static double elapsed_seconds(const ybb_job *job, int64_t now)
{
    if (job->ended_at != 0)
        return job->processing_seconds;
    if (job->started_at == 0 || now < job->started_at)
        return 0;
    return (double)(now - job->started_at) / microseconds_per_second;
}

/* Seconds until the end at the speed so far; negative where nothing is known yet. */
static double remaining_seconds(const ybb_job *job, double elapsed)
{
    if (job->ended_at != 0)
        return 0;
    if (!job->planned || job->records_processed == 0 || elapsed <= 0)
        return -1;
    uint64_t left = job->delivery.records - job->records_processed;
    return (double)left * elapsed / (double)job->records_processed;
}

static void put_estimate(ybb_answer answer, const ybb_job *job, int64_t now)
{
    double remaining = remaining_seconds(job, elapsed_seconds(job, now));
    int64_t when = job->ended_at;
    if (when == 0 && remaining >= 0)
        when = now + (int64_t)(remaining * microseconds_per_second);
    ybb__answer_time(answer, "estimated_completion", when);
}

static void put_progress(ybb_answer answer, const ybb_job *job, int64_t now)
{
    char operation[YBB_ERROR_TEXT + 64];
    ybb_answer progress = ybb__answer_object(answer, "progress");
    ybb__job_operation(operation, sizeof(operation), job);
    ybb__answer_text(progress, "stage", ybb__stage_name(job->stage));
    ybb__answer_double(progress, "percentage", ybb__job_percentage(job));
    ybb__answer_u64(progress, "current_chunk", job->current_chunk);
    ybb__answer_u64(progress, "total_chunks", job->planned ? job->delivery.files : 0);
    ybb__answer_u64(progress, "records_processed", job->records_processed);
    ybb__answer_u64(progress, "total_records", job->planned ? job->delivery.records : 0);
    put_estimate(progress, job, now);
    ybb__answer_text(progress, "current_operation", operation);
}

static void put_performance(ybb_answer answer, const ybb_job *job, int64_t now)
{
    char speed[2 * YBB_NUMBER_TEXT];
    double elapsed = elapsed_seconds(job, now);
    double a_second = elapsed > 0 ? (double)job->records_processed / elapsed : 0;
    ybb_answer performance = ybb__answer_object(answer, "performance");
    snprintf(speed, sizeof(speed), "%llu records/minute", (unsigned long long)(a_second * 60));
    ybb__answer_text(performance, "processing_speed", speed);
    ybb__answer_double(performance, "records_per_second", a_second);
    put_duration(performance, "elapsed_time", elapsed);
    double remaining = remaining_seconds(job, elapsed);
    if (remaining >= 0)
        put_duration(performance, "estimated_remaining", remaining);
    else
        ybb__answer_text(performance, "estimated_remaining", NULL);
    ybb__answer_size(performance, "memory_usage_peak", job->memory_peak);
}

static void put_metadata(ybb_answer answer, const ybb_job *job)
{
    static const char *const compressions[] = {NULL, "none", "gzip", "zip"};
    char memory[2 * YBB_NUMBER_TEXT];
    ybb_answer metadata = ybb__answer_object(answer, "metadata");
    ybb__answer_text(metadata, "export_type", job->export_type);
    ybb__answer_text(metadata, "format", job->format);
    ybb__answer_text(metadata, "template", job->template_name);
    ybb__answer_json(metadata, "filters_applied", job->filters_json, false);
    ybb__answer_time(metadata, "generated_at", job->ended_at);
    ybb__answer_double(metadata, "processing_time", job->processing_seconds);
    ybb__text_from_size(memory, sizeof(memory), job->memory_peak);
    ybb__answer_text(metadata, "memory_peak", memory);
    if (job->planned) {
        bool archived = job->archive.name != NULL;
        if (is_multi_file(job))
            ybb__answer_u64(metadata, "chunk_size", job->delivery.chunk_size);
        ybb__answer_text(metadata, "compression_used",
                         archived ? "zip" : compressions[job->delivery.compression]);
        ybb__answer_text(metadata, "priority", ybb__priority_name(job->delivery.priority));
    }
    ybb__answer_text(metadata, "consistency", job->consistency);
    ybb__answer_json(metadata, "warnings", job->warnings_json, true);
}

/* A batch's place among the records: "1-10000"; "" for a file of none. */
static void put_range(ybb_answer answer, const ybb_job_file *file)
{
    char range[3 * YBB_NUMBER_TEXT] = "";
    if (file->records > 0)
        snprintf(range, sizeof(range), "%llu-%llu", (unsigned long long)file->first_record,
                 (unsigned long long)(file->first_record + file->records - 1));
    ybb__answer_text(answer, "record_range", range);
}

static void put_batches(ybb_answer answer, const char *key, const ybb_job *job,
                        const ybb_response_context *context)
{
    ybb_answer batches = ybb__answer_array(answer, key);
    for (uint32_t i = 0; i < job->file_count; i++) {
        const ybb_job_file *file = &job->files[i];
        ybb_answer batch = ybb__answer_item(batches);
        ybb__answer_u64(batch, "batch_number", file->number);
        ybb__answer_text(batch, "file_name", file->name);
        put_url(batch, "file_url", job, file, context);
        ybb__answer_size(batch, "file_size", file->bytes);
        ybb__answer_u64(batch, "record_count", file->records);
        put_range(batch, file);
    }
}

static void put_archive(ybb_answer answer, const ybb_job *job, const ybb_response_context *context)
{
    if (job->archive.name == NULL)
        return;
    ybb_answer archive = ybb__answer_object(answer, "archive");
    ybb__answer_text(archive, "zip_file_name", job->archive.name);
    put_url(archive, "zip_file_url", job, &job->archive, context);
    ybb__answer_size(archive, "zip_file_size", job->archive.bytes);
    put_ratio(archive, "compression_ratio", job->archive.content_bytes, job->archive.bytes);
}

/* The one file that a single export gives: the archive where there is one. */
static void put_single(ybb_answer data, const ybb_job *job, const ybb_response_context *context)
{
    const ybb_job_file *file = job->archive.name != NULL ? &job->archive : &job->files[0];
    put_url(data, "file_url", job, file, context);
    ybb__answer_text(data, "file_name", file->name);
    ybb__answer_size(data, "file_size", file->bytes);
    ybb__answer_u64(data, "record_count", job->delivery.records);
    if (job->delivery.compression == YBB_COMPRESSION_NONE)
        return;
    ybb__answer_text(data, "compression",
                     job->delivery.compression == YBB_COMPRESSION_GZIP ? "gzip" : "zip");
    ybb__answer_size(data, "uncompressed_size", file->content_bytes);
    ybb__answer_size(data, "compressed_size", file->bytes);
    put_ratio(data, "compression_ratio", file->content_bytes, file->bytes);
}

static void put_done(ybb_answer answer, const ybb_job *job, const ybb_response_context *context)
{
    bool multi = is_multi_file(job);
    ybb__answer_text(answer, "message",
                     job->delivery.records == 0 ? "Export completed: no record meets the filters"
                     : multi                    ? "Large export completed successfully"
                                                : "Export completed successfully");
    ybb_answer data = ybb__answer_object(answer, "data");
    ybb__answer_text(data, "export_id", job->id);
    if (multi) {
        ybb__answer_u64(data, "total_records", job->delivery.records);
        ybb__answer_u64(data, "total_files", job->file_count);
        put_batches(data, "individual_files", job, context);
        put_archive(data, job, context);
    } else {
        put_single(data, job, context);
    }
    ybb__answer_time(data, "expires_at", job->expires_at);
}

/* What all files will have, judged by those that are there; null until one is. */
static void put_estimated_size(ybb_answer answer, const ybb_job *job)
{
    uint64_t bytes = 0, records = 0;
    for (uint32_t i = 0; i < job->file_count; i++) {
        bytes += job->files[i].bytes;
        records += job->files[i].records;
    }
    if (records > 0 && job->planned) {
        double all = (double)bytes / (double)records * (double)job->delivery.records;
        ybb__answer_size(answer, "estimated_size", (uint64_t)all);
    } else {
        ybb__answer_text(answer, "estimated_size", NULL);
        ybb__answer_text(answer, "estimated_size_text", NULL);
    }
}

static void put_processing(ybb_answer answer, const ybb_job *job,
                           const ybb_response_context *context)
{
    bool queued = job->state == YBB_JOB_QUEUED;
    ybb__answer_text(answer, "message",
                     queued ? "Export is queued" : "Large export is being processed");
    ybb_answer data = ybb__answer_object(answer, "data");
    ybb__answer_text(data, "export_id", job->id);
    put_estimate(data, job, context->now);
    put_estimated_size(data, job);
    ybb__answer_u64(data, "queue_position", queued ? 1 : 0);
}

static bool is_about_size(ybb_status status)
{
    return status == YBB_TOO_LARGE || status == YBB_MEMORY_LIMIT || status == YBB_NO_MEMORY ||
           status == YBB_TIMEOUT;
}

static void put_text_if(ybb_answer answer, const char *key, const char *text)
{
    if (text[0] != '\0')
        ybb__answer_text(answer, key, text);
}

/* spec.md's error response. @job is NULL for a request that was refused. The recovery options are
 * those that would help: another strategy where the size was the trouble, nothing otherwise. */
static void put_error(ybb_answer answer, const ybb_error *error, const ybb_job *job)
{
    bool memory = error->status == YBB_MEMORY_LIMIT || error->status == YBB_NO_MEMORY;
    bool size = is_about_size(error->status);
    bool multi = job != NULL && is_multi_file(job);
    ybb__answer_text(answer, "message", error->message);
    ybb__answer_text(answer, "error_code", ybb__status_name(error->status));
    ybb_answer details = ybb__answer_object(answer, "details");
    put_text_if(details, "field", error->field);
    put_text_if(details, "value", error->value);
    put_text_if(details, "allowed", error->allowed);
    put_text_if(details, "suggestion", error->suggestion);
    if (job != NULL && job->planned)
        ybb__answer_u64(details, "record_count", job->delivery.records);
    ybb__answer_bool(details, "memory_exceeded", memory);
    if (size && multi && job->delivery.chunk_size > 1)
        ybb__answer_u64(details, "suggested_chunk_size", job->delivery.chunk_size / 2);
    ybb__answer_bool(details, "retriable", ybb__status_retriable(error->status));
    ybb_answer recovery = ybb__answer_object(answer, "recovery_options");
    ybb__answer_bool(recovery, "retry_with_smaller_chunks", size && multi);
    ybb__answer_bool(recovery, "use_multi_file_strategy", size && !multi);
    ybb__answer_json(recovery, "filter_suggestions",
                     size ? "[\"Limit the export with filters.limit\","
                            "\"Export a shorter period with filters.date_range\"]"
                          : NULL,
                     true);
}

static const char *status_word(const ybb_job *job)
{
    return job->state == YBB_JOB_DONE     ? "success"
           : job->state == YBB_JOB_FAILED ? "error"
                                          : "processing";
}

char *ybb__response_status(const ybb_job *job, const ybb_response_context *context)
{
    bool failed;
    ybb_answer answer = ybb__answer_begin(&failed);
    ybb__answer_text(answer, "status", status_word(job));
    ybb__answer_text(answer, "export_id", job->id);
    ybb__answer_text(answer, "export_strategy",
                     job->planned ? ybb__strategy_name(job->delivery.strategy) : NULL);
    if (job->state == YBB_JOB_DONE)
        put_done(answer, job, context);
    else if (job->state == YBB_JOB_FAILED)
        put_error(answer, &job->outcome, job);
    else
        put_processing(answer, job, context);
    put_progress(answer, job, context->now);
    put_performance(answer, job, context->now);
    put_metadata(answer, job);
    return ybb__answer_end(answer);
}

char *ybb__response_chunks(const ybb_job *job, const ybb_response_context *context)
{
    bool failed;
    ybb_answer answer = ybb__answer_begin(&failed);
    ybb__answer_text(answer, "status", status_word(job));
    ybb__answer_text(answer, "export_id", job->id);
    ybb__answer_u64(answer, "total_chunks", job->planned ? job->delivery.files : 0);
    ybb__answer_u64(answer, "completed_chunks", job->file_count);
    put_batches(answer, "chunks", job, context);
    put_archive(answer, job, context);
    return ybb__answer_end(answer);
}

char *ybb__response_error(const ybb_error *error)
{
    bool failed;
    ybb_answer answer = ybb__answer_begin(&failed);
    ybb__answer_text(answer, "status", "error");
    put_error(answer, error, NULL);
    return ybb__answer_end(answer);
}

char *ybb__warnings_json(const ybb_warning *warnings, uint32_t count, bool *failed)
{
    ybb_answer list = ybb__answer_begin_array(failed);
    for (uint32_t i = 0; i < count; i++) {
        ybb_answer item = ybb__answer_item(list);
        ybb__answer_text(item, "code", warnings[i].code);
        ybb__answer_text(item, "message", warnings[i].message);
        ybb__answer_text(item, "field", warnings[i].field);
    }
    char *text = ybb__answer_end(list);
    *failed = text == NULL;
    return text;
}

char *ybb__manifest(const ybb_job *job)
{
    bool failed;
    char crc[YBB_NUMBER_TEXT];
    ybb_answer answer = ybb__answer_begin(&failed);
    ybb__answer_text(answer, "export_id", job->id);
    ybb__answer_text(answer, "export_type", job->export_type);
    ybb__answer_text(answer, "template", job->template_name);
    ybb__answer_json(answer, "filters_applied", job->filters_json, false);
    ybb__answer_time(answer, "started_at", job->started_at);
    ybb__answer_text(answer, "consistency", job->consistency);
    uint64_t written = 0;
    for (uint32_t i = 0; i < job->file_count; i++)
        written += job->files[i].records;
    ybb__answer_u64(answer, "counted_records", job->delivery.records);
    ybb__answer_u64(answer, "total_records", written);
    ybb__answer_u64(answer, "total_files", job->file_count);
    ybb_answer files = ybb__answer_array(answer, "files");
    for (uint32_t i = 0; i < job->file_count; i++) {
        const ybb_job_file *file = &job->files[i];
        ybb_answer item = ybb__answer_item(files);
        ybb__answer_text(item, "file_name", file->name);
        ybb__answer_u64(item, "rows", file->records);
        put_range(item, file);
        ybb__answer_u64(item, "bytes", file->bytes);
        snprintf(crc, sizeof(crc), "%08x", (unsigned)file->crc32);
        ybb__answer_text(item, "crc32", crc);
        ybb__answer_text(item, "sha256", file->sha256);
    }
    ybb__answer_json(answer, "warnings", job->warnings_json, true);
    return ybb__answer_end(answer);
}
