/*
 * rows/groups: where the groups of an export end. A group is a run of records with equal bytes in
 * one cell; it is followed by a subtotal for each value that another cell has in it.
 */
#ifndef YBB_ROWS_GROUPS_H
#define YBB_ROWS_GROUPS_H

#include "rows/cell_index.h"
#include "rows/reading.h"

/* The values of reading->per in one group, numbered from 0 in the order in which they first come.
 * Zeroed memory has none. */
typedef struct ybb_per_values {
    ybb_buffer bytes; /* of each value its source and its bytes */
    ybb_cell_index index;
} ybb_per_values;

void ybb__per_values_free(ybb_per_values *values);
/* Empty it, keep the memory. */
void ybb__per_values_clear(ybb_per_values *values);
uint32_t ybb__per_values_count(const ybb_per_values *values);
/* The number of the value that two cells of a record have (@fallback NULL: there is no such cell),
 * which is added where it is new; UINT32_MAX when memory is exhausted. */
uint32_t ybb__per_values_number(ybb_per_values *values, const ybb_per *per, const ybb_cell *cell,
                                const ybb_cell *fallback);
/* Cells that have value @number: one of them or both are NULL. Borrowed until one is added. */
void ybb__per_values_at(const ybb_per_values *values, uint32_t number, ybb_cell *cell,
                        ybb_cell *fallback);

/* How many records, and how many subtotals, an export has up to the end of a group. */
typedef struct ybb_group_end {
    uint64_t records, subtotals;
} ybb_group_end;

/* Zeroed memory has no groups. */
typedef struct ybb_groups {
    ybb_buffer ends;    /* ybb_group_end */
    ybb_buffer current; /* bytes of the last group's cell */
    bool current_is_null;
    ybb_per_values values; /* of the last group */
} ybb_groups;

void ybb__groups_free(ybb_groups *groups);
/* Adds the next record: the cell that makes the groups, and the two of ybb__per_values_number().
 * False when memory is exhausted. */
bool ybb__groups_add(ybb_groups *groups, const ybb_per *per, const ybb_cell *group,
                     const ybb_cell *cell, const ybb_cell *fallback);
size_t ybb__groups_count(const ybb_groups *groups);
ybb_group_end ybb__groups_at(const ybb_groups *groups, size_t index);
/* The end of the last one; zeros where there is none. */
ybb_group_end ybb__groups_end(const ybb_groups *groups);

#endif
