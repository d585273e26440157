/*
 * store/jobstore_owner: who is alive, and what becomes of the jobs of those who are not.
 */
#ifndef YBB_STORE_JOBSTORE_OWNER_H
#define YBB_STORE_JOBSTORE_OWNER_H

#include "store/jobstore_record.h"

ybb_status ybb__lease_lost(ybb_error *error);
/* YBB_LEASE_LOST unless the owner is there and was not silent for too long. */
ybb_status ybb__owner_check(ybb_store_tx *tx, const char *token, ybb_error *error);
/* The same, and nobody buries it before the transaction ends: for who gives it a job. */
ybb_status ybb__owner_hold(ybb_store_tx *tx, const char *token, ybb_error *error);
/* Gives the jobs of dead owners back to the queue, before all others, or fails them where that
 * happened too often, and forgets the owners; ends jobs that are beyond their deadline. */
ybb_status ybb__owners_bury(ybb_store_tx *tx, ybb_error *error);

/* How a running job goes back to its place in the queue. */
typedef struct ybb_requeue {
    bool lost_owner;
    int64_t not_before; /* store's clock; 0: now */
    uint32_t failures;
    ybb_status why;
} ybb_requeue;

ybb_status ybb__stored_requeue(ybb_store_tx *tx, const ybb_stored_job *job, const ybb_requeue *how,
                               ybb_error *error);

#endif
