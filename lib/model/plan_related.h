/*
 * model/plan_related: the related rows that a plan's columns need, and the statements that read
 * them.
 */
#ifndef YBB_MODEL_PLAN_RELATED_H
#define YBB_MODEL_PLAN_RELATED_H

#include "model/plan_sql.h"

/* What is read of a collection; gathered field by field, then written. */
typedef struct ybb_related_need {
    uint32_t index;                          /* among those read; UINT32_MAX: not read */
    ybb_cells cells;                         /* of a related row */
    uint32_t *column_cells, *fallback_cells; /* [column_count] of ybb_related_map */
    bool ordered;                            /* its rows are to be sorted by the database */
} ybb_related_need;

typedef struct ybb_related_needs {
    const ybb_type *type;
    ybb_related_need *items; /* [type->collection_count] */
    uint32_t read_count;
} ybb_related_needs;

/* False without memory. */
bool ybb__related_needs_init(ybb_related_needs *needs, ybb_arena *arena, const ybb_type *type);
void ybb__related_needs_release(ybb_related_needs *needs);
/* Adds what @reducer reads, and to @main what ties it to the main row; returns the index of its
 * collection among those read. */
uint32_t ybb__related_needs_add(ybb_related_needs *needs, ybb_cells *main,
                                const ybb_reducer *reducer);
/* The same for a spread: its pointer and its content. */
uint32_t ybb__related_needs_spread(ybb_related_needs *needs, ybb_cells *main,
                                   const ybb_spread *spread);
/* The statements and the map, in the order of their indexes. @main is complete. */
void ybb__related_write(ybb_related_needs *needs, ybb_sql_text *to, ybb_cells *main,
                        ybb_reading *reading, const ybb_related_map **map);

#endif
