/*
 * encode/related_order: puts the related rows of a record into their order, where the plan has left
 * that to be done here.
 *
 * The order is that of the database: NULL before every number, and rows that are alike as they
 * came. Where a column has something else than integers, this stands behind them, by its bytes.
 */
#ifndef YBB_ENCODE_RELATED_ORDER_H
#define YBB_ENCODE_RELATED_ORDER_H

#include "model/plan.h"
#include "rows/block.h"

/* A cell to sort by, read once for all comparisons. */
typedef struct ybb_sort_key {
    uint64_t number;  /* orders the keys of its rank */
    const char *text; /* of what is no integer; its length is number's */
    uint32_t rank;
} ybb_sort_key;

/* The keys of a row of @cells: map->order_count of them. */
void ybb__sort_keys(ybb_sort_key *out, const ybb_related_map *map, const ybb_cell *cells);
/* Sorts @count rows by their keys, those of row 0 at @keys. @spare has room for as many rows. */
void ybb__sort_related(uint32_t *rows, uint32_t count, uint32_t *spare, const ybb_related_map *map,
                       const ybb_sort_key *keys);

#endif
