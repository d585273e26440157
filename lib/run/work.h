/*
 * run/work: an export that this process carries out under a lease.
 *
 * The crew makes it from what it claimed; the conductor does it on one thread: work.c from its
 * beginning to its end in the job store, conductor.c the rows between.
 */
#ifndef YBB_RUN_WORK_H
#define YBB_RUN_WORK_H

#include "db/db.h"
#include "encode/encoder.h"
#include "pool/pool.h"
#include "run/catalog_shelf.h"
#include "run/journal.h"
#include "run/ledger.h"
#include "run/pipe.h"
#include "store/files.h"

/* What all works of a crew share; it outlives them. */
typedef struct ybb_works {
    const struct ybb_config *config;
    const ybb_journal *journal;
    ybb_shelf *shelf;
    ybb_pool *pool; /* of the pieces */
    ybb_ledger *ledger;
    ybb_monitor *guard;
} ybb_works;

/* A source whose records were counted just now, in a snapshot that goes on. */
typedef struct ybb_counted {
    ybb_db *db; /* NULL: there is none */
    uint64_t records;
} ybb_counted;

typedef struct ybb_work {
    ybb_task task; /* the conductor on the pool */
    struct ybb_work *next;
    const ybb_works *shared;
    ybb_lease lease;
    ybb_job job;    /* as it was claimed */
    ybb_pipe *pipe; /* where a stream goes; NULL: to files */

    /* Written by the crew, read by the conductor, under guard. */
    bool give_back; /* somebody else goes on with it */
    bool cancelled;
    bool finished; /* the conductor's: it does nothing more */
    bool wished;   /* the crew's: somebody may wait for it */
    ybb_db *db;    /* while it is connected; the conductor's, under guard */

    /* The conductor's. */
    ybb_counted source;   /* that it was given to read by; without, it connects */
    ybb_edition *edition; /* held: request and plan point into its catalog */
    ybb_request *request;
    ybb_plan *plan;
    ybb_folder *folder;    /* NULL: a stream, or not open yet */
    ybb_delivery delivery; /* once it is planned */
    ybb_notes notes;       /* of all files */
    uint64_t large_files;  /* batches that are larger than max_file_size */
    ybb_job_progress progress;
    int64_t told;  /* steady clock: when the store last learned of it */
    int64_t began; /* steady clock */
    ybb_log_times times;
    int64_t chunk_began; /* steady clock: the end of the file before */
    bool time_alerted, memory_alerted;
    /* Published, and to be recorded together with what comes next; NULL name: none. */
    ybb_job_file unrecorded;
} ybb_work;

/* Takes over what is in @job, and empties it. NULL (and @job is as it was): no memory. */
ybb_work *ybb__work_new(const ybb_works *shared, const ybb_lease *lease, ybb_job *job,
                        ybb_pipe *pipe);
void ybb__work_free(ybb_work *work);
/* The task: carries the export out and tells the job store how it ended. */
void ybb__work_conduct(ybb_task *task);

/* The plan of a request for the database of a DSN. */
ybb_status ybb__plan_for_source(ybb_plan **out, const ybb_request *request, const char *source,
                                ybb_error *error);

/* Has the store know how far it is; at most some times a second unless @now. Fails when the work is
 * to stop: YBB_CANCELLED, YBB_TIMEOUT, YBB_LEASE_LOST, and YBB_NOT_READY when it is to be given
 * back. */
ybb_status ybb__work_tell(ybb_work *work, bool now, ybb_error *error);
/* Records a published file. */
ybb_status ybb__work_record(ybb_work *work, const ybb_job_file *file, ybb_error *error);
/* Sets the connection that others may interrupt. Fails as ybb__work_tell() where they already
 * would. */
ybb_status ybb__work_set_db(ybb_work *work, ybb_db *db, ybb_error *error);
/* The moment that stands in files and names: the same whoever goes on with the export. */
int64_t ybb__work_time(const ybb_work *work);

/* Reads, encodes and publishes all rows that are not in files yet. */
ybb_status ybb__conduct_rows(ybb_work *work, ybb_error *error);

#endif
