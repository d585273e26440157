/*
 * model/plan_summaries: which summaries an export has, and what must be read for them.
 */
#ifndef YBB_MODEL_PLAN_SUMMARIES_H
#define YBB_MODEL_PLAN_SUMMARIES_H

#include "model/plan.h"

/* Sets plan->summaries, where the request asks for them: those of its type, without any over
 * related rows that the export does not read. At @hidden, room for all fields of the type, what
 * they need of fields that are no column; returns how many. Memory is the plan's. */
uint32_t ybb__plan_summaries(ybb_plan *plan, const ybb_field **hidden);

#endif
