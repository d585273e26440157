/*
 * model/plan_where: which records an export has, as SQL: program, deletion, filters.
 */
#ifndef YBB_MODEL_PLAN_WHERE_H
#define YBB_MODEL_PLAN_WHERE_H

#include "model/plan_sql.h"

/* Takes the joins that the conditions need. */
void ybb__where_need(const ybb_request *request, ybb_from *from);

/* Writes " WHERE ..."; false where there is no condition. @sliced: the statement is one of many
 * that go along the key (see ybb__where_is_sliceable), and must not be read in any other order. */
bool ybb__sql_where(ybb_sql_text *to, const ybb_request *request, const ybb_from *from,
                    bool sliced);

/* Whether a slice of the records can be found from its first key on at the cost of the slice. Where
 * a database may prefer to find all records that meet a condition first (by an index on a range, by
 * reading a related table as a whole), doing so for every slice would take time in the square of
 * the records; the keys are then read once, and slices by their keys. */
bool ybb__where_is_sliceable(const ybb_request *request, const ybb_from *from);

#endif
