/*
 * report/estimate_answer: what an export would be and take, before anybody asks for it.
 */
#ifndef YBB_REPORT_ESTIMATE_ANSWER_H
#define YBB_REPORT_ESTIMATE_ANSWER_H

#include "model/plan.h"
#include "store/jobstore.h"

typedef struct ybb_estimation {
    const char *export_type, *format, *template_name;
    const ybb_delivery *delivery; /* has the records */
    uint64_t bytes;               /* of all files */
    double seconds;               /* of processing */
    double wait_seconds;          /* before it begins; negative: unknown */
    double records_a_second;
    bool measured;             /* on exports of this installation; else the numbers are assumed */
    const char *warnings_json; /* array; NULL: none */
} ybb_estimation;

/* Fills in speed, seconds, bytes and measured of one that has its delivery and format.
 * @records_a_second 0, and @runs NULL or without records: unknown. @columns of a file. */
void ybb__estimate_fill(ybb_estimation *estimate, double records_a_second,
                        const ybb_run_stats *runs, uint32_t columns);
/* An owned text, or NULL without memory. */
char *ybb__answer_estimate(const ybb_estimation *estimate);

#endif
