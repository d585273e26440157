/*
 * store/jobstore_stats: what the store knows of speed.
 */
#ifndef YBB_STORE_JOBSTORE_STATS_H
#define YBB_STORE_JOBSTORE_STATS_H

#include "store/jobstore_record.h"

/* After how many seconds a full queue is likely to have a place again, at least 1. */
ybb_status ybb__store_retry_seconds(ybb_store_tx *tx, uint64_t *seconds, ybb_error *error);

#endif
