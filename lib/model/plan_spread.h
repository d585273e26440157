/*
 * model/plan_spread: the lookup of a field that is shown as columns.
 */
#ifndef YBB_MODEL_PLAN_SPREAD_H
#define YBB_MODEL_PLAN_SPREAD_H

#include "model/plan_sql.h"

/* Its statement: key and header of each row that becomes a column, in their order. */
void ybb__spread_write(ybb_sql_text *to, const ybb_request *request, ybb_query *out);

#endif
