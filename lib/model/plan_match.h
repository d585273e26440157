/*
 * model/plan_match: what a filter asks of a record's related rows, as SQL.
 */
#ifndef YBB_MODEL_PLAN_MATCH_H
#define YBB_MODEL_PLAN_MATCH_H

#include "model/plan_sql.h"

/* A collection's table with the joins that tie it to its record and that its conditions need. False
 * without memory. */
bool ybb__from_collection(ybb_from *from, ybb_arena *arena, const ybb_collection *collection);
/* The collection's own conditions, each behind AND. */
void ybb__sql_collection_conditions(ybb_sql_text *to, const ybb_collection *collection);

/* A related row's column has one of the values; no value: it is not NULL. */
typedef struct ybb_row_test {
    uint32_t column; /* index into the collection's columns */
    const ybb_value *values;
    uint32_t value_count;
} ybb_row_test;

/* The tests of a reducer's cases, in the arena; NULL without memory. */
const ybb_row_test *ybb__case_tests(ybb_arena *arena, const ybb_collection *collection,
                                    const ybb_reducer *reducer);

/* The record has (@negated: has not) a related row that meets @only (NULL: any row) and one of
 * @tests (none: no test). */
void ybb__sql_has_related(ybb_sql_text *to, const ybb_collection *collection,
                          const ybb_row_test *only, const ybb_row_test *tests, uint32_t test_count,
                          bool negated);
/* The record's COUNT field is at least, or at most, @count. */
void ybb__sql_counted(ybb_sql_text *to, const ybb_collection *collection,
                      const ybb_reducer *reducer, bool at_least, int64_t count);

#endif
