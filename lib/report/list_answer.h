/*
 * report/list_answer: exports one below the other.
 */
#ifndef YBB_REPORT_LIST_ANSWER_H
#define YBB_REPORT_LIST_ANSWER_H

#include "report/response.h"

/* The first @most of @count jobs; that there are more is told by the number to go on with. An owned
 * text; NULL without memory. */
char *ybb__answer_list(const ybb_job_brief *jobs, uint32_t count, uint32_t most,
                       const ybb_response_context *context);

#endif
