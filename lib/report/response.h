/*
 * report/response: the JSON answers of spec.md, from a job's record.
 */
#ifndef YBB_REPORT_RESPONSE_H
#define YBB_REPORT_RESPONSE_H

#include "base/buffer.h"
#include "model/job.h"
#include "report/answer.h"

/* What answers need besides the record. */
typedef struct ybb_response_context {
    const char *base_url; /* NULL: file:// URLs */
    const char *out;      /* absolute output folder */
    int64_t now;
    double records_a_second;  /* of exports like it; 0: unknown */
    double wait_seconds;      /* of a queued one until it begins; 0: none, or unknown */
    const ybb_limits *limits; /* that recovery options keep to; NULL: unknown */
} ybb_response_context;

/* Each gives an owned text, or NULL without memory. */
char *ybb__response_status(const ybb_job *job, const ybb_response_context *context);
char *ybb__response_chunks(const ybb_job *job, const ybb_response_context *context);
char *ybb__response_error(const ybb_error *error);
/* The warnings of a request as a JSON array. NULL, and *@failed, without memory. */
char *ybb__warnings_json(const ybb_warning *warnings, uint32_t count, bool *failed);
/* Appends the URL of a published file: spec.md's download endpoints, or file:// (false), where no
 * server is known. */
bool ybb__response_url(ybb_buffer *url, const ybb_job *job, const ybb_job_file *file,
                       const ybb_response_context *context);
/* manifest.json for the archive. */
char *ybb__manifest(const ybb_job *job);
const char *ybb__stage_name(ybb_stage stage);
/* The media type of a file of that format ("excel", ...), packed as @compression says. */
const char *ybb__content_type(const char *format, ybb_compression compression);
/* "success", "processing", "error". */
const char *ybb__job_status_word(const ybb_job *job);
/* How it is delivered; NULL until that is known. */
const char *ybb__job_strategy_name(const ybb_job *job);
/* Adds "program_id", null for an export of all programs. */
void ybb__answer_program(ybb_answer answer, const ybb_job *job);
/* What is being done, for a person; at @out, cut to @capacity. */
void ybb__job_operation(char *out, size_t capacity, const ybb_job *job);

#endif
