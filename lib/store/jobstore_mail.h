/*
 * store/jobstore_mail: what becomes of the mail about a job when something becomes of the job.
 *
 * Whoever locks both locks the job first; claiming and ending a mail lock the mail alone.
 */
#ifndef YBB_STORE_JOBSTORE_MAIL_H
#define YBB_STORE_JOBSTORE_MAIL_H

#include "store/jobstore_record.h"

/* The mail of a new job, waiting for its end. */
ybb_status ybb__mail_insert(ybb_store_tx *tx, const char *id, const ybb_job_mail *mail,
                            ybb_error *error);
/* The job ends: mail that waits for that is due. */
ybb_status ybb__mail_job_ends(ybb_store_tx *tx, int64_t seq, ybb_status outcome, ybb_error *error);
/* The job is queued again: another mail waits for its end. */
ybb_status ybb__mail_wait_again(ybb_store_tx *tx, int64_t seq, ybb_error *error);
/* The job's files are gone: mail that was not sent will not be. */
ybb_status ybb__mail_drop(ybb_store_tx *tx, int64_t seq, ybb_error *error);
ybb_status ybb__mail_remove(ybb_store_tx *tx, int64_t seq, ybb_error *error);
/* The mail that an owner had is due again. An attempt counts if the owner died over it. */
ybb_status ybb__mail_give_back(ybb_store_tx *tx, const char *token, bool died, ybb_error *error);

#endif
