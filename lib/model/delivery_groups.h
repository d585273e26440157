/*
 * model/delivery_groups: how an export in groups is cut into files.
 */
#ifndef YBB_MODEL_DELIVERY_GROUPS_H
#define YBB_MODEL_DELIVERY_GROUPS_H

#include "model/plan.h"

/* Appends a ybb_chunk for each file to @chunks, at least one and at most @most_files: one closes at
 * the first end of a group at or behind @chunk_size records, but has no more than @capacity rows,
 * subtotals included. YBB_TOO_LARGE: more files, or a last record that has more subtotals than a
 * file holds. */
ybb_status ybb__groups_cut(ybb_buffer *chunks, const ybb_groups *groups, uint64_t chunk_size,
                           uint64_t capacity, uint32_t most_files, ybb_error *error);

#endif
