/*
 * report/recovery: what would help after a failure. Each option is offered only where it is likely
 * to be true of the case at hand.
 */
#ifndef YBB_REPORT_RECOVERY_H
#define YBB_REPORT_RECOVERY_H

#include "model/job.h"

typedef struct ybb_recovery {
    bool memory_exceeded;
    uint64_t suggested_chunk_size; /* of a batch; where memory is short, a limit; 0: none */
    bool smaller_chunks;           /* the same request with smaller batches */
    bool multi_file;               /* the same request in batches */
    bool fewer_records;            /* by filters */
    bool resume; /* the export is taken up again: at once where the failure passes, else when its
                    cause is mended */
} ybb_recovery;

/* @job is NULL for a request that was refused; @limits are the configuration's, or NULL. */
ybb_recovery ybb__recovery(const ybb_error *error, const ybb_job *job, const ybb_limits *limits);
/* Whether what it delivers are batches; an export that is not planned counts as one file. */
bool ybb__job_in_batches(const ybb_job *job);
/* Records there are; before they are counted, as many as were estimated. */
uint64_t ybb__job_records(const ybb_job *job);

#endif
