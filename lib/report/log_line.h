/*
 * report/log_line: what happens to exports, as lines of a log: each a JSON object with time, level,
 * event and the event's own keys.
 *
 * `logging_levels` gives each topic the level of its lines, or "off". No line has a value of a
 * filter, the name of who asked, or a part of a DSN.
 */
#ifndef YBB_REPORT_LOG_LINE_H
#define YBB_REPORT_LOG_LINE_H

#include "model/job.h"
#include "store/jobstore.h"

typedef enum ybb_log_topic {
    YBB_TOPIC_CHUNKS,      /* chunk_processing: exports and their files */
    YBB_TOPIC_MEMORY,      /* memory_usage */
    YBB_TOPIC_PERFORMANCE, /* performance_metrics */
    YBB_TOPIC_ERRORS,      /* errors: failed exports, and alerts that are critical */
    YBB_TOPIC_WARNINGS     /* as errors, but not above "warning": what mends itself; other alerts */
} ybb_log_topic;

/* The level of a topic's lines; YBB_LOG_OFF: it has none. */
ybb_log_level ybb__log_level(const ybb_monitoring *monitoring, ybb_log_topic topic);
/* Whether a topic has lines for who takes all up to @level. */
bool ybb__log_wanted(const ybb_monitoring *monitoring, ybb_log_topic topic, ybb_log_level level);

/* Whoever reads the log. */
typedef struct ybb_log {
    const ybb_monitoring *monitoring;
    ybb_log_level level; /* the most talkative one that is taken */
    int64_t now;         /* microseconds UTC */
} ybb_log;

/* @text is owned, without a line end; NULL where the line is not wanted, nothing is to be said, or
 * memory is exhausted. */
typedef struct ybb_log_line {
    char *text;
    ybb_log_level level;
} ybb_log_line;

typedef enum ybb_log_event {
    YBB_LOG_QUEUED,
    YBB_LOG_STARTED, /* planned */
    YBB_LOG_RESUMED,
    YBB_LOG_TAKEN_OVER, /* from a process that ended; a warning */
    YBB_LOG_LEASE_LOST, /* to others, by one that was away for longer than its lease; a warning */
    YBB_LOG_FINISHED,
    YBB_LOG_FAILED, /* job->outcome says why; an error */
    YBB_LOG_CANCELLED,
    YBB_LOG_EXPIRED
} ybb_log_event;

ybb_log_line ybb__log_export(const ybb_log *log, ybb_log_event event, const ybb_job *job);
/* A failure that passes: the export goes on by itself in @pause_seconds. */
ybb_log_line ybb__log_retry(const ybb_log *log, const ybb_job *job, const ybb_error *why,
                            double pause_seconds);
/* What became of an attempt to send the mail about an export: of @failure, or where its status is
 * YBB_OK nothing went wrong; tried again in @pause_seconds where @again. Never to whom. */
ybb_log_line ybb__log_mail(const ybb_log *log, const ybb_job *job, const ybb_error *failure,
                           bool again, double pause_seconds);
/* The job store has failed for @seconds, of @failure; where its status is YBB_OK it had, and is
 * back. */
ybb_log_line ybb__log_store(const ybb_log *log, const ybb_error *failure, double seconds);
/* A file is published. @seconds since the one before. */
ybb_log_line ybb__log_chunk(const ybb_log *log, const ybb_job *job, const ybb_job_file *file,
                            double seconds);
/* @bytes that the export holds now, of the @limit it is allowed. */
ybb_log_line ybb__log_memory(const ybb_log *log, const ybb_job *job, uint64_t bytes,
                             uint64_t limit);

/* What the conductor measured; of the record come the others. */
typedef struct ybb_log_times {
    double file_generation_seconds, compression_seconds;
} ybb_log_times;

/* Of an export that has ended: the metrics that performance_metrics lists. */
ybb_log_line ybb__log_performance(const ybb_log *log, const ybb_job *job,
                                  const ybb_log_times *times);

/* Alerts, where a threshold is reached. Each call says so anew: it is the caller who remembers. */
ybb_log_line ybb__log_memory_alert(const ybb_log *log, const ybb_job *job, uint64_t bytes,
                                   uint64_t limit);
ybb_log_line ybb__log_time_alert(const ybb_log *log, const ybb_job *job);
ybb_log_line ybb__log_queue_alert(const ybb_log *log, uint64_t queued, uint64_t max_queue_size);
ybb_log_line ybb__log_failures_alert(const ybb_log *log, uint64_t failures_last_hour);

#endif
