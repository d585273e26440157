/*
 * store/jobs: the seam behind which job state lives.
 *
 * A store keeps ybb_job records by id. Every change is one call that takes effect whole or not at
 * all. The store in memory (jobs_memory.c) lives as long as its process; a store in SQL slips in by
 * another ybb_jobs_driver. A store is called by one thread at a time; lib/run sees to it.
 */
#ifndef YBB_STORE_JOBS_H
#define YBB_STORE_JOBS_H

#include "model/job.h"

typedef struct ybb_jobs ybb_jobs;

/* YBB_NOT_FOUND for an id that was not inserted, YBB_STORE_ERROR for a call that does not fit the
 * job's state: begin takes a queued job; planned, progress and file a running one; end any that has
 * not ended; insert a new id. A job that is refused is left as it is. */
typedef struct ybb_jobs_driver {
    ybb_status (*insert)(ybb_jobs *jobs, const ybb_job *job, ybb_error *error);
    /* A copy in zeroed *@out, released by the caller. */
    ybb_status (*load)(ybb_jobs *jobs, const char *id, ybb_job *out, ybb_error *error);
    ybb_status (*begin)(ybb_jobs *jobs, const char *id, int64_t now, ybb_error *error);
    ybb_status (*planned)(ybb_jobs *jobs, const char *id, const ybb_delivery *delivery,
                          const char *consistency, ybb_error *error);
    /* Tells how far it is, and learns whether somebody wants it to stop. */
    ybb_status (*progress)(ybb_jobs *jobs, const char *id, const ybb_job_progress *progress,
                           bool *cancel_wanted, ybb_error *error);
    /* Records a published file, in the place of one told before by that number; 0 is the archive.
     */
    ybb_status (*file)(ybb_jobs *jobs, const char *id, const ybb_job_file *file, ybb_error *error);
    /* Takes the place of the warnings that it has: a JSON array. */
    ybb_status (*warn)(ybb_jobs *jobs, const char *id, const char *warnings_json,
                       ybb_error *error);
    /* Ends the job: @outcome YBB_OK (done) or why not; a failed job has no files. */
    ybb_status (*end)(ybb_jobs *jobs, const char *id, const ybb_error *outcome, int64_t now,
                      double seconds, int64_t expires_at, ybb_error *error);
    /* Has progress tell the owner to stop; without effect once the job has ended. */
    ybb_status (*cancel)(ybb_jobs *jobs, const char *id, ybb_error *error);
    void (*close)(ybb_jobs *jobs);
} ybb_jobs_driver;

struct ybb_jobs {
    const ybb_jobs_driver *driver;
};

/* The store in memory. NULL: no memory. */
ybb_jobs *ybb__jobs_memory_new(void);

#endif
