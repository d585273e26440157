#include "report/log_line.h"

#include "report/answer.h"
#include "report/recovery.h"

static const double microseconds_per_second = 1e6;
static const double percent = 100;

/* --- levels --- */

ybb_log_level ybb__log_level(const ybb_monitoring *monitoring, ybb_log_topic topic)
{
    switch (topic) {
    case YBB_TOPIC_CHUNKS:
        return monitoring->chunk_processing;
    case YBB_TOPIC_MEMORY:
        return monitoring->memory_usage;
    case YBB_TOPIC_PERFORMANCE:
        return monitoring->performance_metrics;
    case YBB_TOPIC_ERRORS:
        return monitoring->errors;
    case YBB_TOPIC_WARNINGS:
        return monitoring->errors == YBB_LOG_ERROR ? YBB_LOG_WARNING : monitoring->errors;
    }
    return YBB_LOG_OFF;
}

bool ybb__log_wanted(const ybb_monitoring *monitoring, ybb_log_topic topic, ybb_log_level level)
{
    ybb_log_level own = ybb__log_level(monitoring, topic);
    return own != YBB_LOG_OFF && own <= level;
}

/* --- a line --- */

/* A line under construction. */
typedef struct draft {
    ybb_answer answer; /* object NULL: not wanted, or no memory */
    ybb_log_level level;
    bool failed;
} draft;

/* False: nobody wants it. */
static bool begin(draft *out, const ybb_log *log, ybb_log_topic topic, const char *event)
{
    if (!ybb__log_wanted(log->monitoring, topic, log->level))
        return false;
    out->level = ybb__log_level(log->monitoring, topic);
    out->answer = ybb__answer_begin(&out->failed);
    ybb__answer_time(out->answer, "time", log->now);
    ybb__answer_text(out->answer, "level", ybb__log_level_name(out->level));
    ybb__answer_text(out->answer, "event", event);
    return true;
}

static ybb_log_line end(draft *line)
{
    return (ybb_log_line){ybb__answer_end_line(line->answer), line->level};
}

static const ybb_log_line no_line = {NULL, YBB_LOG_OFF};

static void put_job(ybb_answer line, const ybb_job *job)
{
    ybb__answer_text(line, "export_id", job->id);
    ybb__answer_text(line, "export_type", job->export_type);
    ybb__answer_text(line, "format", job->format);
    ybb__answer_text(line, "template", job->template_name);
    ybb__answer_text(line, "priority",
                     ybb__priority_name(job->planned ? job->delivery.priority : job->priority));
}

/* Messages of a database may quote a value that a filter gave, and those about a request do. */
static bool may_be_shown(ybb_status status)
{
    switch (status) {
    case YBB_TOO_LARGE:
    case YBB_SOURCE_UNAVAILABLE:
    case YBB_SOURCE_LOST:
    case YBB_SOURCE_TIMEOUT:
    case YBB_SOURCE_BUSY:
    case YBB_SOURCE_CHANGED:
    case YBB_SOURCE_SHORT:
    case YBB_OUTPUT_MISSING:
    case YBB_OUTPUT_DENIED:
    case YBB_OUTPUT_FULL:
    case YBB_OUTPUT_ERROR:
    case YBB_OUTPUT_CORRUPT:
    case YBB_TIMEOUT:
    case YBB_MAIL_UNAVAILABLE:
    case YBB_MAIL_DEFERRED:
    case YBB_MAIL_REFUSED:
    case YBB_MAIL_INSECURE:
    case YBB_OWNER_DIED:
    case YBB_MEMORY_LIMIT:
        return true;
    default:
        return false;
    }
}

static void put_error(ybb_answer line, const ybb_error *error)
{
    ybb__answer_text(line, "error_code", ybb__status_name(error->status));
    ybb__answer_text(line, "message",
                     may_be_shown(error->status) ? error->message
                                                 : ybb__status_text(error->status));
    ybb__answer_bool(line, "retriable", ybb__status_retriable(error->status));
}

/* --- exports --- */

static void put_files(ybb_answer line, const ybb_job *job)
{
    uint64_t bytes = 0, records = 0;
    for (uint32_t i = 0; i < job->file_count; i++) {
        bytes += job->files[i].bytes;
        records += job->files[i].records;
    }
    ybb__answer_u64(line, "records", records);
    ybb__answer_u64(line, "files", job->file_count);
    ybb__answer_u64(line, "bytes", bytes);
}

static void put_plan(ybb_answer line, const ybb_job *job)
{
    if (!job->planned)
        return;
    ybb__answer_u64(line, "records", job->delivery.records);
    ybb__answer_u64(line, "files", job->delivery.files);
    ybb__answer_text(line, "strategy", ybb__strategy_name(job->delivery.strategy));
    ybb__answer_text(line, "consistency", job->consistency);
}

static void put_event(ybb_answer line, ybb_log_event event, const ybb_job *job)
{
    switch (event) {
    case YBB_LOG_QUEUED:
    case YBB_LOG_RESUMED:
        ybb__answer_u64(line, "estimated_records", ybb__job_records(job));
        ybb__answer_u64(line, "queue_position", job->queue_position);
        ybb__answer_u64(line, "completed_chunks", job->file_count);
        return;
    case YBB_LOG_STARTED:
        ybb__answer_u64(line, "attempt", job->attempts);
        put_plan(line, job);
        return;
    case YBB_LOG_TAKEN_OVER:
        ybb__answer_u64(line, "attempt", job->attempts);
        ybb__answer_u64(line, "takeovers", job->takeovers);
        ybb__answer_u64(line, "completed_chunks", job->file_count);
        return;
    case YBB_LOG_LEASE_LOST:
        ybb__answer_u64(line, "attempt", job->attempts);
        ybb__answer_u64(line, "completed_chunks", job->file_count);
        return;
    case YBB_LOG_FAILED:
        put_error(line, &job->outcome);
        ybb__answer_u64(line, "attempt", job->attempts);
        break;
    case YBB_LOG_FINISHED:
    case YBB_LOG_CANCELLED:
    case YBB_LOG_EXPIRED:
        break;
    }
    put_files(line, job);
    ybb__answer_double(line, "processing_seconds", job->processing_seconds);
}

ybb_log_line ybb__log_export(const ybb_log *log, ybb_log_event event, const ybb_job *job)
{
    static const char *const names[] = {"export_queued",     "export_started",    "export_resumed",
                                        "export_taken_over", "export_lease_lost", "export_finished",
                                        "export_failed",     "export_cancelled",  "export_expired"};
    bool warns = event == YBB_LOG_TAKEN_OVER || event == YBB_LOG_LEASE_LOST;
    ybb_log_topic topic = event == YBB_LOG_FAILED ? YBB_TOPIC_ERRORS
                          : warns                 ? YBB_TOPIC_WARNINGS
                                                  : YBB_TOPIC_CHUNKS;
    draft line;
    if (!begin(&line, log, topic, names[event]))
        return no_line;
    put_job(line.answer, job);
    put_event(line.answer, event, job);
    return end(&line);
}

ybb_log_line ybb__log_retry(const ybb_log *log, const ybb_job *job, const ybb_error *why,
                            double pause_seconds)
{
    draft line;
    if (!begin(&line, log, YBB_TOPIC_WARNINGS, "export_retried"))
        return no_line;
    put_job(line.answer, job);
    put_error(line.answer, why);
    ybb__answer_u64(line.answer, "attempt", job->attempts);
    ybb__answer_double(line.answer, "pause_seconds", pause_seconds);
    return end(&line);
}

ybb_log_line ybb__log_mail(const ybb_log *log, const ybb_job *job, const ybb_error *failure,
                           bool again, double pause_seconds)
{
    bool sent = failure->status == YBB_OK;
    draft line;
    if (!begin(&line, log,
               sent    ? YBB_TOPIC_CHUNKS
               : again ? YBB_TOPIC_WARNINGS
                       : YBB_TOPIC_ERRORS,
               sent    ? "mail_sent"
               : again ? "mail_retried"
                       : "mail_failed"))
        return no_line;
    ybb__answer_text(line.answer, "export_id", job->id);
    ybb__answer_u64(line.answer, "attempt", job->mail.attempts);
    if (!sent)
        put_error(line.answer, failure);
    if (again)
        ybb__answer_double(line.answer, "pause_seconds", pause_seconds);
    return end(&line);
}

ybb_log_line ybb__log_store(const ybb_log *log, const ybb_error *failure, double seconds)
{
    bool fails = failure->status != YBB_OK;
    draft line;
    if (!begin(&line, log, fails ? YBB_TOPIC_ERRORS : YBB_TOPIC_WARNINGS,
               fails ? "store_failed" : "store_recovered"))
        return no_line;
    if (fails)
        put_error(line.answer, failure);
    ybb__answer_double(line.answer, "seconds", seconds);
    return end(&line);
}

ybb_log_line ybb__log_chunk(const ybb_log *log, const ybb_job *job, const ybb_job_file *file,
                            double seconds)
{
    draft line;
    if (!begin(&line, log, YBB_TOPIC_CHUNKS,
               file->number == 0 ? "archive_finished" : "chunk_finished"))
        return no_line;
    ybb__answer_text(line.answer, "export_id", job->id);
    ybb__answer_u64(line.answer, "chunk", file->number);
    ybb__answer_u64(line.answer, "total_chunks", job->planned ? job->delivery.files : 0);
    ybb__answer_u64(line.answer, "first_record", file->first_record);
    ybb__answer_u64(line.answer, "records", file->records);
    ybb__answer_u64(line.answer, "bytes", file->bytes);
    ybb__answer_double(line.answer, "seconds", seconds);
    return end(&line);
}

/* --- memory and performance --- */

static double share(uint64_t bytes, uint64_t limit)
{
    return limit == 0 ? 0 : percent * (double)bytes / (double)limit;
}

static void put_memory(ybb_answer line, const ybb_job *job, uint64_t bytes, uint64_t limit)
{
    ybb__answer_text(line, "export_id", job->id);
    ybb__answer_u64(line, "memory_usage", bytes);
    ybb__answer_u64(line, "memory_limit", limit);
    ybb__answer_double(line, "memory_usage_percent", share(bytes, limit));
}

ybb_log_line ybb__log_memory(const ybb_log *log, const ybb_job *job, uint64_t bytes, uint64_t limit)
{
    draft line;
    if (!begin(&line, log, YBB_TOPIC_MEMORY, "memory_usage"))
        return no_line;
    put_memory(line.answer, job, bytes, limit);
    ybb__answer_u64(line.answer, "memory_usage_peak", job->memory_peak);
    return end(&line);
}

ybb_log_line ybb__log_performance(const ybb_log *log, const ybb_job *job,
                                  const ybb_log_times *times)
{
    const ybb_monitoring *m = log->monitoring;
    double seconds = job->processing_seconds;
    draft line;
    if (!m->records_per_second && !m->memory_usage_peak && !m->processing_time &&
        !m->file_generation_time && !m->compression_time)
        return no_line;
    if (!begin(&line, log, YBB_TOPIC_PERFORMANCE, "performance_metrics"))
        return no_line;
    put_job(line.answer, job);
    if (m->records_per_second)
        ybb__answer_double(line.answer, "records_per_second",
                           seconds > 0 ? (double)job->records_processed / seconds : 0);
    if (m->memory_usage_peak)
        ybb__answer_u64(line.answer, "memory_usage_peak", job->memory_peak);
    if (m->processing_time)
        ybb__answer_double(line.answer, "processing_time", seconds);
    if (m->file_generation_time)
        ybb__answer_double(line.answer, "file_generation_time", times->file_generation_seconds);
    if (m->compression_time)
        ybb__answer_double(line.answer, "compression_time", times->compression_seconds);
    return end(&line);
}

/* --- alerts --- */

static void put_alert(ybb_answer line, const char *alert, uint64_t threshold)
{
    ybb__answer_text(line, "alert", alert);
    ybb__answer_u64(line, "threshold", threshold);
}

ybb_log_line ybb__log_memory_alert(const ybb_log *log, const ybb_job *job, uint64_t bytes,
                                   uint64_t limit)
{
    uint64_t warning = log->monitoring->memory_usage_warning_percent;
    uint64_t critical = log->monitoring->memory_usage_critical_percent;
    double reached = share(bytes, limit);
    bool is_critical = reached >= (double)critical;
    draft line;
    if (limit == 0 || (!is_critical && reached < (double)warning) ||
        !begin(&line, log, is_critical ? YBB_TOPIC_ERRORS : YBB_TOPIC_WARNINGS, "alert"))
        return no_line;
    put_alert(line.answer, is_critical ? "memory_usage_critical" : "memory_usage_warning",
              is_critical ? critical : warning);
    put_memory(line.answer, job, bytes, limit);
    return end(&line);
}

ybb_log_line ybb__log_time_alert(const ybb_log *log, const ybb_job *job)
{
    enum { SECONDS_PER_MINUTE = 60 };
    uint64_t threshold = log->monitoring->processing_time_warning_minutes;
    double seconds =
        job->started_at == 0 ? 0 : (double)(log->now - job->started_at) / microseconds_per_second;
    draft line;
    if (seconds < (double)threshold * SECONDS_PER_MINUTE || job->started_at == 0 ||
        !begin(&line, log, YBB_TOPIC_WARNINGS, "alert"))
        return no_line;
    put_alert(line.answer, "processing_time_warning", threshold);
    put_job(line.answer, job);
    ybb__answer_double(line.answer, "processing_seconds", seconds);
    ybb__answer_double(line.answer, "percentage", ybb__job_percentage(job));
    return end(&line);
}

ybb_log_line ybb__log_queue_alert(const ybb_log *log, uint64_t queued, uint64_t max_queue_size)
{
    uint64_t threshold = log->monitoring->queue_length_warning;
    draft line;
    if (queued < threshold || !begin(&line, log, YBB_TOPIC_WARNINGS, "alert"))
        return no_line;
    put_alert(line.answer, "queue_length_warning", threshold);
    ybb__answer_u64(line.answer, "queued", queued);
    ybb__answer_u64(line.answer, "max_queue_size", max_queue_size);
    return end(&line);
}

ybb_log_line ybb__log_failures_alert(const ybb_log *log, uint64_t failures_last_hour)
{
    uint64_t threshold = log->monitoring->failed_exports_threshold;
    draft line;
    if (failures_last_hour < threshold || !begin(&line, log, YBB_TOPIC_ERRORS, "alert"))
        return no_line;
    put_alert(line.answer, "failed_exports_threshold", threshold);
    ybb__answer_u64(line.answer, "failures_last_hour", failures_last_hour);
    return end(&line);
}
