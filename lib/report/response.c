/*
 * Every answer carries the keys of all of spec.md's shapes that hold for its state, at spec.md's
 * places, so that a client written against any of its samples finds what it reads.
 */
#include "report/response.h"

#include "base/buffer.h"
#include "base/clock.h"
#include "base/text.h"
#include "report/answer.h"
#include "report/recovery.h"

#include <stdio.h>
#include <string.h>

static const double microseconds_per_second = 1e6;

const char *ybb__stage_name(ybb_stage stage)
{
    static const char *const names[] = {"data_retrieval", "processing", "file_generation",
                                        "compression"};
    return names[stage];
}

const char *ybb__content_type(const char *format, ybb_compression compression)
{
    if (compression == YBB_COMPRESSION_GZIP)
        return "application/gzip";
    if (compression == YBB_COMPRESSION_ZIP)
        return "application/zip";
    if (strcmp(format, "csv") == 0)
        return "text/csv; charset=utf-8";
    return strcmp(format, "pdf") == 0
               ? "application/pdf"
               : "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";
}

/* An export that is read while it is made. */
static bool is_stream(const ybb_job *job)
{
    return job->on_demand || (job->planned && job->delivery.strategy == YBB_STREAMING);
}

void ybb__job_operation(char *out, size_t capacity, const ybb_job *job)
{
    unsigned long long first, last;
    if (job->state == YBB_JOB_QUEUED) {
        snprintf(out, capacity, "%s",
                 is_stream(job)      ? "Waiting for a reader"
                 : job->attempts > 0 ? "Waiting to go on"
                                     : "Waiting to start");
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
    } else if ((job->delivery.grouped || job->delivery.split) && ybb__job_in_batches(job)) {
        /* where such a chunk ends is known when it has ended */
        snprintf(out, capacity, "Processing chunk %u: record %llu of %llu", job->current_chunk,
                 (unsigned long long)job->records_processed,
                 (unsigned long long)job->delivery.records);
    } else {
        uint64_t from, count;
        ybb__delivery_range(&job->delivery, job->current_chunk > 0 ? job->current_chunk : 1, &from,
                            &count);
        first = from;
        last = count == 0 ? 0 : from + count - 1;
        if (ybb__job_in_batches(job))
            snprintf(out, capacity, "Processing chunk %u: records %llu-%llu", job->current_chunk,
                     first, last);
        else
            snprintf(out, capacity, "Processing records %llu-%llu", first, last);
    }
}

/* Appends base_url, without a '/' at its end, and the way to an export. */
static void put_endpoint(ybb_buffer *url, const ybb_job *job, const ybb_response_context *context)
{
    size_t length = strlen(context->base_url);
    while (length > 0 && context->base_url[length - 1] == '/')
        length--;
    ybb__buffer_put(url, context->base_url, length);
    ybb__buffer_put_text(url, "/api/export/");
    ybb__buffer_put_text(url, job->id);
}

/* Adds and frees it. */
static void put_built(ybb_answer answer, const char *key, ybb_buffer *url)
{
    const char *text = ybb__buffer_text(url);
    if (text == NULL)
        *answer.failed = true;
    else
        ybb__answer_text(answer, key, text);
    ybb__buffer_free(url);
}

bool ybb__response_url(ybb_buffer *url, const ybb_job *job, const ybb_job_file *file,
                       const ybb_response_context *context)
{
    if (context->base_url == NULL) {
        ybb__buffer_put_text(url, "file://");
        ybb__buffer_put_path(url, context->out);
        ybb__buffer_put_char(url, '/');
        ybb__buffer_put_path(url, job->id);
        ybb__buffer_put_char(url, '/');
        ybb__buffer_put_path(url, file->name);
        return false;
    }
    put_endpoint(url, job, context);
    ybb__buffer_put_text(url, "/download");
    if (ybb__job_in_batches(job) && file->number > 0) {
        ybb__buffer_put_text(url, "/batch/");
        ybb__buffer_put_u64(url, file->number);
    } else if (ybb__job_in_batches(job)) {
        ybb__buffer_put_text(url, "/zip");
    }
    return true;
}

static void put_url(ybb_answer answer, const char *key, const ybb_job *job,
                    const ybb_job_file *file, const ybb_response_context *context)
{
    ybb_buffer url = {0};
    (void)ybb__response_url(&url, job, file, context);
    put_built(answer, key, &url);
}

static void put_content_type(ybb_answer data, const ybb_job *job)
{
    ybb__answer_text(data, "content_type",
                     ybb__content_type(job->format, job->planned ? job->delivery.compression
                                                                 : YBB_COMPRESSION_NONE));
}

/* Where a stream is read; null without a base_url, for no file is to be. */
static void put_stream(ybb_answer data, const ybb_job *job, const ybb_response_context *context)
{
    ybb_buffer url = {0};
    if (context->base_url == NULL) {
        ybb__answer_text(data, "stream_url", NULL);
    } else {
        put_endpoint(&url, job, context);
        ybb__buffer_put_text(&url, "/stream");
        put_built(data, "stream_url", &url);
    }
    put_content_type(data, job);
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

/* Seconds until the end: at its own speed so far, which says little of an export that was taken up
 * again; else at that of others. Negative where nothing is known, or nobody reads the stream yet.
 */
static double remaining_seconds(const ybb_job *job, double elapsed,
                                const ybb_response_context *context)
{
    uint64_t records = ybb__job_records(job), past = job->records_processed;
    double left = records > past ? (double)(records - past) : 0;
    bool known = context->records_a_second > 0;
    if (job->ended_at != 0)
        return 0;
    if (job->state == YBB_JOB_QUEUED)
        return known && !is_stream(job) ? context->wait_seconds + left / context->records_a_second
                                        : -1;
    if (job->planned && past > 0 && elapsed > 0 && (job->attempts <= 1 || !known))
        return left * elapsed / (double)past;
    return known ? left / context->records_a_second : -1;
}

static void put_estimate(ybb_answer answer, const ybb_job *job, const ybb_response_context *context)
{
    static const double longest = 1e9; /* seconds; a time behind it is no estimate */
    double remaining = remaining_seconds(job, elapsed_seconds(job, context->now), context);
    int64_t when = job->ended_at;
    if (when == 0 && remaining >= 0 && remaining < longest)
        when = context->now + (int64_t)(remaining * microseconds_per_second);
    ybb__answer_time(answer, "estimated_completion", when);
}

static void put_progress(ybb_answer answer, const ybb_job *job, const ybb_response_context *context)
{
    char operation[YBB_ERROR_TEXT + 64];
    ybb_answer progress = ybb__answer_object(answer, "progress");
    ybb__job_operation(operation, sizeof(operation), job);
    ybb__answer_text(progress, "stage", ybb__stage_name(job->stage));
    ybb__answer_double(progress, "percentage", ybb__job_percentage(job));
    ybb__answer_u64(progress, "current_chunk", job->current_chunk);
    ybb__answer_u64(progress, "total_chunks", job->planned ? job->delivery.files : 0);
    ybb__answer_u64(progress, "records_processed", job->records_processed);
    ybb__answer_u64(progress, "total_records", ybb__job_records(job));
    put_estimate(progress, job, context);
    ybb__answer_text(progress, "current_operation", operation);
}

static void put_performance(ybb_answer answer, const ybb_job *job,
                            const ybb_response_context *context)
{
    char speed[2 * YBB_NUMBER_TEXT];
    double elapsed = elapsed_seconds(job, context->now);
    double a_second = elapsed > 0 ? (double)job->records_processed / elapsed : 0;
    ybb_answer performance = ybb__answer_object(answer, "performance");
    snprintf(speed, sizeof(speed), "%llu records/minute", (unsigned long long)(a_second * 60));
    ybb__answer_text(performance, "processing_speed", speed);
    ybb__answer_double(performance, "records_per_second", a_second);
    put_duration(performance, "elapsed_time", elapsed);
    double remaining = remaining_seconds(job, elapsed, context);
    if (remaining >= 0)
        put_duration(performance, "estimated_remaining", remaining);
    else
        ybb__answer_text(performance, "estimated_remaining", NULL);
    ybb__answer_size(performance, "memory_usage_peak", job->memory_peak);
}

/* The store's "resumed:3" are the snapshots of a resumed export: rows from file 3 on are of another
 * moment. */
static void put_consistency(ybb_answer answer, const ybb_job *job)
{
    static const char resumed[] = "resumed";
    const size_t length = sizeof(resumed) - 1;
    const char *text = job->consistency;
    uint64_t chunk = 0;
    if (text == NULL || strncmp(text, resumed, length) != 0) {
        ybb__answer_text(answer, "consistency", text);
        return;
    }
    ybb__answer_text(answer, "consistency", resumed);
    if (text[length] == ':' &&
        ybb__text_to_u64(text + length + 1, strlen(text + length + 1), &chunk))
        ybb__answer_u64(answer, "resumed_at_chunk", chunk);
}

void ybb__answer_program(ybb_answer answer, const ybb_job *job)
{
    if (job->program_id > 0)
        ybb__answer_u64(answer, "program_id", (uint64_t)job->program_id);
    else
        ybb__answer_text(answer, "program_id", NULL);
}

static void put_metadata(ybb_answer answer, const ybb_job *job)
{
    static const char *const compressions[] = {NULL, "none", "gzip", "zip"};
    char memory[2 * YBB_NUMBER_TEXT];
    ybb_answer metadata = ybb__answer_object(answer, "metadata");
    ybb__answer_text(metadata, "export_type", job->export_type);
    ybb__answer_text(metadata, "format", job->format);
    ybb__answer_text(metadata, "template", job->template_name);
    ybb__answer_program(metadata, job);
    ybb__answer_json(metadata, "filters_applied", job->filters_json, false);
    /* who asked, and the key that finds an export, are nobody else's */
    static const char *const kept_back[] = {"owner", "idempotency_key", NULL};
    ybb__answer_json_without(metadata, "request", job->request_json, kept_back);
    ybb__answer_time(metadata, "generated_at", job->ended_at);
    ybb__answer_double(metadata, "processing_time", job->processing_seconds);
    ybb__text_from_size(memory, sizeof(memory), job->memory_peak);
    ybb__answer_text(metadata, "memory_peak", memory);
    if (job->planned) {
        bool archived = job->archive.name != NULL;
        if (ybb__job_in_batches(job))
            ybb__answer_u64(metadata, "chunk_size", job->delivery.chunk_size);
        ybb__answer_text(metadata, "compression_used",
                         archived ? "zip" : compressions[job->delivery.compression]);
    }
    ybb__answer_text(metadata, "priority",
                     ybb__priority_name(job->planned ? job->delivery.priority : job->priority));
    put_consistency(metadata, job);
    ybb__answer_u64(metadata, "attempts", job->attempts);
    ybb__answer_u64(metadata, "takeovers", job->takeovers);
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
        ybb__answer_text(batch, "file_name", ybb__job_file_shown(file));
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
    ybb__answer_text(archive, "zip_file_name", ybb__job_file_shown(&job->archive));
    put_url(archive, "zip_file_url", job, &job->archive, context);
    ybb__answer_size(archive, "zip_file_size", job->archive.bytes);
    put_ratio(archive, "compression_ratio", job->archive.content_bytes, job->archive.bytes);
}

/* The one file that a single export gives: the archive where there is one. */
static void put_single(ybb_answer data, const ybb_job *job, const ybb_response_context *context)
{
    const ybb_job_file *file = job->archive.name != NULL ? &job->archive : &job->files[0];
    put_url(data, "file_url", job, file, context);
    ybb__answer_text(data, "file_name", ybb__job_file_shown(file));
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
    bool multi = ybb__job_in_batches(job);
    ybb__answer_text(answer, "message",
                     job->delivery.records == 0 ? "Export completed: no record meets the filters"
                     : is_stream(job)           ? "Export was streamed to its end"
                     : multi                    ? "Large export completed successfully"
                                                : "Export completed successfully");
    ybb_answer data = ybb__answer_object(answer, "data");
    ybb__answer_text(data, "export_id", job->id);
    if (multi) {
        ybb__answer_u64(data, "total_records", job->delivery.records);
        ybb__answer_u64(data, "total_files", job->file_count);
        put_batches(data, "individual_files", job, context);
        put_archive(data, job, context);
    } else if (is_stream(job) || (job->file_count == 0 && job->archive.name == NULL)) {
        ybb__answer_u64(data, "record_count", job->delivery.records);
        put_content_type(data, job);
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

static const char *processing_message(const ybb_job *job)
{
    bool queued = job->state == YBB_JOB_QUEUED;
    if (is_stream(job))
        return queued ? "Export is ready to be streamed" : "Export is being streamed";
    return queued ? "Export is queued" : "Large export is being processed";
}

static void put_processing(ybb_answer answer, const ybb_job *job,
                           const ybb_response_context *context)
{
    bool queued = job->state == YBB_JOB_QUEUED;
    ybb__answer_text(answer, "message", processing_message(job));
    ybb_answer data = ybb__answer_object(answer, "data");
    ybb__answer_text(data, "export_id", job->id);
    put_estimate(data, job, context);
    ybb__answer_u64(data, "estimated_records", ybb__job_records(job));
    put_estimated_size(data, job);
    ybb__answer_u64(data, "queue_position", queued ? job->queue_position : 0);
    if (is_stream(job))
        put_stream(data, job, context);
}

static void put_text_if(ybb_answer answer, const char *key, const char *text)
{
    if (text[0] != '\0')
        ybb__answer_text(answer, key, text);
}

static void put_details(ybb_answer answer, const ybb_error *error, const ybb_job *job,
                        const ybb_recovery *recovery)
{
    ybb_answer details = ybb__answer_object(answer, "details");
    put_text_if(details, "field", error->field);
    put_text_if(details, "value", error->value);
    put_text_if(details, "allowed", error->allowed);
    put_text_if(details, "suggestion", error->suggestion);
    if (error->retry_seconds > 0)
        ybb__answer_u64(details, "retry_after_seconds", error->retry_seconds);
    if (job != NULL && job->planned)
        ybb__answer_u64(details, "record_count", job->delivery.records);
    if (job != NULL && ybb__job_in_batches(job) && error->status != YBB_EXPIRED)
        ybb__answer_u64(details, "completed_chunks", job->file_count);
    ybb__answer_bool(details, "memory_exceeded", recovery->memory_exceeded);
    if (recovery->suggested_chunk_size > 0)
        ybb__answer_u64(details, "suggested_chunk_size", recovery->suggested_chunk_size);
    ybb__answer_bool(details, "retriable", ybb__status_retriable(error->status));
}

/* spec.md's error response. @job is NULL for a request that was refused. */
static void put_error(ybb_answer answer, const ybb_error *error, const ybb_job *job,
                      const ybb_limits *limits)
{
    const ybb_recovery recovery = ybb__recovery(error, job, limits);
    ybb__answer_text(answer, "message", error->message);
    ybb__answer_text(answer, "error_code", ybb__status_name(error->status));
    put_details(answer, error, job, &recovery);
    ybb_answer options = ybb__answer_object(answer, "recovery_options");
    ybb__answer_bool(options, "retry_with_smaller_chunks", recovery.smaller_chunks);
    ybb__answer_bool(options, "use_multi_file_strategy", recovery.multi_file);
    ybb__answer_bool(options, "resume", recovery.resume);
    ybb__answer_json(options, "filter_suggestions",
                     recovery.fewer_records ? "[\"Limit the export with filters.limit\","
                                              "\"Export a shorter period with filters.date_range\"]"
                                            : NULL,
                     true);
}

/* What became of the mail. The address is its reader's; who asks for the status may be another. */
static void put_notification(ybb_answer answer, const ybb_job *job)
{
    static const char *const states[] = {
        [YBB_MAIL_WAITING] = "waiting", [YBB_MAIL_DUE] = "queued",
        [YBB_MAIL_SENDING] = "sending", [YBB_MAIL_SENT] = "sent",
        [YBB_MAIL_FAILED] = "failed",   [YBB_MAIL_DROPPED] = "dropped"};
    const ybb_job_mail *mail = &job->mail;
    if (mail->state == YBB_MAIL_NONE)
        return;
    ybb_answer notification = ybb__answer_object(answer, "notification");
    ybb__answer_text(notification, "state", states[mail->state]);
    ybb__answer_u64(notification, "attempts", mail->attempts);
    ybb__answer_time(notification, "next_attempt_at", mail->next_at);
    ybb__answer_time(notification, "sent_at", mail->sent_at);
    if (mail->status == YBB_OK) {
        ybb__answer_text(notification, "last_error", NULL);
        return;
    }
    ybb_answer last = ybb__answer_object(notification, "last_error");
    ybb__answer_text(last, "error_code", ybb__status_name(mail->status));
    ybb__answer_text(last, "message", mail->message);
}

const char *ybb__job_status_word(const ybb_job *job)
{
    return job->state == YBB_JOB_DONE     ? "success"
           : job->state == YBB_JOB_FAILED ? "error"
                                          : "processing";
}

const char *ybb__job_strategy_name(const ybb_job *job)
{
    if (is_stream(job))
        return ybb__strategy_name(YBB_STREAMING);
    return job->planned ? ybb__strategy_name(job->delivery.strategy) : NULL;
}

char *ybb__response_status(const ybb_job *job, const ybb_response_context *context)
{
    bool failed;
    ybb_answer answer = ybb__answer_begin(&failed);
    ybb__answer_text(answer, "status", ybb__job_status_word(job));
    ybb__answer_text(answer, "export_id", job->id);
    ybb__answer_text(answer, "export_strategy", ybb__job_strategy_name(job));
    if (job->state == YBB_JOB_DONE)
        put_done(answer, job, context);
    else if (job->state == YBB_JOB_FAILED)
        put_error(answer, &job->outcome, job, context->limits);
    else
        put_processing(answer, job, context);
    put_progress(answer, job, context);
    put_performance(answer, job, context);
    put_notification(answer, job);
    put_metadata(answer, job);
    return ybb__answer_end(answer);
}

char *ybb__response_chunks(const ybb_job *job, const ybb_response_context *context)
{
    bool failed;
    ybb_answer answer = ybb__answer_begin(&failed);
    ybb__answer_text(answer, "status", ybb__job_status_word(job));
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
    put_error(answer, error, NULL, NULL);
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
    put_consistency(answer, job);
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
        ybb__answer_text(item, "file_name", ybb__job_file_shown(file));
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
