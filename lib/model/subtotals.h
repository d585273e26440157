/*
 * model/subtotals: the rows of sums that stand behind each group of an export.
 *
 * Slices go by in their order; where a group ends among their records, its subtotals are put into
 * the slice: one for each value of what the group is told apart by, in the order in which these
 * first came. What a slice has no room for comes at the begin of the next.
 */
#ifndef YBB_MODEL_SUBTOTALS_H
#define YBB_MODEL_SUBTOTALS_H

#include "model/plan.h"
#include "rows/slice.h"

typedef struct ybb_subtotals ybb_subtotals;

/* For a @plan with groups; both are borrowed and outlive it. NULL on failure. */
ybb_status ybb__subtotals_new(ybb_subtotals **out, const ybb_plan *plan, const ybb_groups *groups,
                              ybb_error *error);
void ybb__subtotals_free(ybb_subtotals *subtotals);
/* How many records, at most @most, the next slice may have, so that all the subtotals that come
 * before its last record are among its first @rows rows. 0: it is full of subtotals. */
uint32_t ybb__subtotals_fit(const ybb_subtotals *subtotals, uint64_t rows, uint32_t most);
/* Puts subtotals into the next slice, which has no more records than that, until it has @rows rows.
 */
ybb_status ybb__subtotals_put(ybb_subtotals *subtotals, ybb_slice *slice, uint64_t rows,
                              ybb_error *error);

#endif
