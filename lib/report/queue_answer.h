/*
 * report/queue_answer: who waits, who runs, who works, and for how long one would wait.
 */
#ifndef YBB_REPORT_QUEUE_ANSWER_H
#define YBB_REPORT_QUEUE_ANSWER_H

#include "model/job.h"
#include "report/answer.h"
#include "store/jobstore.h"

/* Seconds until a new export of a class would begin, behind all that wait; until @job begins. From
 * how long exports of its class took lately; negative where that is not known (@stats NULL, or none
 * of the class), or where nobody is there who works. 0 for a job that does not wait. */
double ybb__queue_wait(const ybb_queue_state *queue, const ybb_store_stats *stats,
                       ybb_priority priority);
double ybb__queue_wait_of(const ybb_queue_state *queue, const ybb_store_stats *stats,
                          const ybb_job *job);

/* @stats and @job may be NULL. An owned text; NULL without memory. */
char *ybb__answer_queue(const ybb_queue_state *queue, const ybb_store_stats *stats,
                        const ybb_job *job);

/* For stats: the object "queue" of that answer's data. */
void ybb__put_queue(ybb_answer data, const ybb_queue_state *queue, const ybb_store_stats *stats);

#endif
