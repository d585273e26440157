/*
 * report/stats_answer: what the installation has done lately, and the limits it is held to.
 */
#ifndef YBB_REPORT_STATS_ANSWER_H
#define YBB_REPORT_STATS_ANSWER_H

#include "model/config.h"
#include "store/jobstore.h"

/* An owned text, or NULL without memory. The limits stand in the blocks of the specification, as a
 * configuration could be read from them. */
char *ybb__answer_stats(const ybb_store_stats *stats, const ybb_queue_state *queue,
                        const struct ybb_config *config);

#endif
