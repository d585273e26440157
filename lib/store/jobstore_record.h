/*
 * store/jobstore_record: a job's row and the record that it is.
 */
#ifndef YBB_STORE_JOBSTORE_RECORD_H
#define YBB_STORE_JOBSTORE_RECORD_H

#include "store/jobstore_inner.h"

/* The class of places that normal and low share, beside those of ybb_priority. */
enum { YBB_LARGE = YBB_PRIORITIES, YBB_PLACE_CLASSES };

/* The record, and what only the store knows of it. */
typedef struct ybb_stored_job {
    ybb_job job;
    int64_t seq, turn;
    bool orphan;
    int64_t not_before;
    int64_t request_hash;
    uint32_t failures;
    uint64_t fence;
    char holder[YBB_ID_TEXT]; /* who works on it; "" if nobody */
    uint32_t place, large_place;
    int64_t claimed_at, deadline;
    int64_t gone_at;
    uint32_t file_count; /* rows of files there are */
} ybb_stored_job;

/* Release stored->job in any case. YBB_NOT_FOUND; with @owner also for another owner's. */
/* Without its large texts and its files; locked until the transaction ends. */
ybb_status ybb__stored_lock(ybb_store_tx *tx, ybb_stored_job *out, const char *id,
                            const char *owner, ybb_error *error);
/* Whole, files and place in the queue included. */
ybb_status ybb__stored_read(ybb_store_tx *tx, ybb_stored_job *out, const char *id,
                            const char *owner, ybb_error *error);
/* As ybb__jobstore_list(); the @count jobs in @out are the caller's also on failure. */
ybb_status ybb__stored_list(ybb_store_tx *tx, const char *owner, uint64_t before, uint32_t most,
                            ybb_job_brief *out, uint32_t *count, ybb_error *error);
/* The place in the queue, from 1, of a job that is queued. */
ybb_status ybb__stored_position(ybb_store_tx *tx, const ybb_stored_job *job, uint64_t *out,
                                ybb_error *error);
/* Inserts a new row; seq is the database's to give. */
ybb_status ybb__stored_insert(ybb_store_tx *tx, const ybb_stored_job *job, ybb_error *error);

/* Forgets its files; its row, the files being gone. */
ybb_status ybb__stored_remove_files(ybb_store_tx *tx, int64_t seq, ybb_error *error);
ybb_status ybb__stored_remove(ybb_store_tx *tx, int64_t seq, ybb_error *error);
/* The id (YBB_ID_TEXT bytes) that a statement finds; "": none. */
ybb_status ybb__stored_find(ybb_store_tx *tx, const char *sql, const ybb_value *values,
                            uint32_t count, char *out, ybb_error *error);
ybb_status ybb__stored_exists(ybb_store_tx *tx, const char *id, bool *out, ybb_error *error);
ybb_status ybb__stored_not_found(const char *id, ybb_error *error);
/* A part as the store keeps it. */
int64_t ybb__millionths(double number);

/* Adds to the log. */
ybb_status ybb__store_log(ybb_store_tx *tx, const ybb_event *event, ybb_error *error);
/* An event of a job as it is. */
ybb_event ybb__store_event(const ybb_stored_job *job, ybb_event_kind kind);

/* How a job ends. */
typedef struct ybb_ending {
    const ybb_error *outcome;
    double seconds; /* below 0: as measured before */
    int64_t expires_at;
    const char *warnings_json; /* NULL: as they are */
    bool fenced;               /* whoever works on it does not know yet */
} ybb_ending;

/* Ends a locked job: its state, its places, the log, the statistics. */
ybb_status ybb__stored_end(ybb_store_tx *tx, ybb_stored_job *job, const ybb_ending *ending,
                           ybb_error *error);
/* The same, failed, with what is known of it. */
ybb_status ybb__stored_fail(ybb_store_tx *tx, ybb_stored_job *job, const ybb_error *why,
                            bool fenced, ybb_error *error);
/* Frees the places that a locked job has. */
ybb_status ybb__stored_free_places(ybb_store_tx *tx, const ybb_stored_job *job, ybb_error *error);

#endif
