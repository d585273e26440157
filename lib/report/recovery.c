#include "report/recovery.h"

#include <string.h>

bool ybb__job_in_batches(const ybb_job *job)
{
    return job->planned && job->delivery.strategy == YBB_MULTI_FILE;
}

uint64_t ybb__job_records(const ybb_job *job)
{
    return job->planned ? job->delivery.records : job->estimated_records;
}

/* Half of what was too much, where a request for that would be granted. */
static uint64_t half_of(uint64_t records, const ybb_limits *limits)
{
    uint64_t half = records / 2;
    if (limits != NULL && half > limits->max_chunk_size)
        half = limits->max_chunk_size;
    if (limits != NULL && half < limits->min_chunk_size)
        half = limits->min_chunk_size;
    return half < records ? half : 0;
}

/* A file that grew too large gives way to more files. What is too large before the first row (its
 * columns, or too many batches) is not mended by them, nor is a record that is too large for its
 * format or layout; a forced single file blames its strategy. */
static void fit_size(ybb_recovery *out, const ybb_error *error, const ybb_job *job)
{
    bool writing = job != NULL && job->planned && job->records_processed > 0 &&
                   strcmp(error->field, "format") != 0 && strcmp(error->field, "pdf.layout") != 0;
    out->smaller_chunks = writing && ybb__job_in_batches(job);
    out->multi_file = (writing && !ybb__job_in_batches(job)) ||
                      strcmp(error->field, "large_dataset_options.strategy") == 0;
    out->fewer_records = true;
}

/* Batches that are there are kept, so that a resumed export has the whole time for the others: it
 * gets further than this one only by having batches, small enough for one to come to its end. */
static void fit_time(ybb_recovery *out, const ybb_job *job)
{
    bool batches = job != NULL && ybb__job_in_batches(job);
    out->multi_file = job != NULL && !batches && !job->on_demand;
    out->smaller_chunks = batches && job->file_count == 0;
    out->resume = batches && job->file_count > 0;
    out->fewer_records = true;
}

/* What is held are slices and the keys of an order: as much of them whatever the files' sizes. */
static void fit_memory(ybb_recovery *out, const ybb_error *error)
{
    out->memory_exceeded = true;
    out->fewer_records = true;
    /* What the process lacked may be there the next time; a limit is met again. */
    out->resume = error->status == YBB_NO_MEMORY;
}

static void fit(ybb_recovery *out, const ybb_error *error, const ybb_job *job)
{
    switch (error->status) {
    case YBB_TOO_LARGE:
        fit_size(out, error, job);
        return;
    case YBB_TIMEOUT:
        fit_time(out, job);
        return;
    case YBB_NO_MEMORY:
    case YBB_MEMORY_LIMIT:
        fit_memory(out, error);
        return;
    case YBB_SOURCE_TIMEOUT:
    case YBB_OUTPUT_FULL:
        out->fewer_records = true;
        out->resume = true;
        return;
    /* What passes by itself, and what somebody mends. */
    case YBB_SOURCE_UNAVAILABLE:
    case YBB_SOURCE_REFUSED:
    case YBB_SOURCE_SCHEMA:
    case YBB_SOURCE_LOST:
    case YBB_SOURCE_BUSY:
    case YBB_SOURCE_CHANGED:
    case YBB_SOURCE_ERROR:
    case YBB_SOURCE_SHORT:
    case YBB_OUTPUT_MISSING:
    case YBB_OUTPUT_DENIED:
    case YBB_OUTPUT_ERROR:
    case YBB_OUTPUT_CORRUPT:
    case YBB_INVALID_CONFIG:
    case YBB_INVALID_CATALOG:
    case YBB_STORE_ERROR:
    case YBB_LEASE_LOST:
    case YBB_OWNER_DIED:
    case YBB_CANCELLED:
        out->resume = true;
        return;
    default: /* the request would meet it again, or the export is gone */
        return;
    }
}

ybb_recovery ybb__recovery(const ybb_error *error, const ybb_job *job, const ybb_limits *limits)
{
    ybb_recovery out = {0};
    fit(&out, error, job);
    /* Only a failed export is resumed, and not a stream, whose reader has gone. */
    out.resume = out.resume && job != NULL && job->state == YBB_JOB_FAILED && !job->on_demand;
    uint64_t records = job != NULL ? ybb__job_records(job) : 0;
    if (out.memory_exceeded) /* for fewer records, whose order has fewer keys: no batch's size */
        out.suggested_chunk_size = half_of(records, NULL);
    if (job == NULL || (!out.smaller_chunks && !out.multi_file))
        return out;
    out.suggested_chunk_size =
        half_of(ybb__job_in_batches(job) ? job->delivery.chunk_size : records, limits);
    bool divisible = out.suggested_chunk_size > 0;
    out.smaller_chunks = out.smaller_chunks && divisible;
    out.multi_file = out.multi_file && (divisible || records == 0);
    return out;
}
