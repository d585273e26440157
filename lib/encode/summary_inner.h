/*
 * encode/summary_inner: what the two files of encode/summary share.
 */
#ifndef YBB_ENCODE_SUMMARY_INNER_H
#define YBB_ENCODE_SUMMARY_INNER_H

#include "encode/ranking.h"
#include "encode/summary.h"
#include "model/tally.h"

/* A column that a summary uses. */
typedef struct ybb_summary_use {
    uint32_t column;
    ybb_look look;
} ybb_summary_use;

/* One summary of a file. */
typedef struct ybb_summary_count {
    const ybb_summary *how;
    ybb_summary_use by;
    ybb_summary_use *sums, *shown, *where;
    uint8_t *scales; /* of the sums */
    ybb_tally tally;
    ybb_ranking ranking;
} ybb_summary_count;

struct ybb_summaries {
    ybb_arena arena;
    const ybb_plan *plan;
    const ybb_looks *looks;
    uint32_t number;
    ybb_summary_count *all; /* [number] */
};

static inline bool ybb__summary_is_dated(const ybb_look *by)
{
    return by->type == YBB_TYPE_DATE || by->type == YBB_TYPE_DATETIME;
}

#endif
