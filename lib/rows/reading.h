/*
 * rows/reading: what to read, as statements. The plan writes it, the cursor carries it out.
 *
 * Main rows are read in slices by their key. Where the sort is the key itself, a slice begins
 * behind the last key of the one before it (`first`, then `next`). Any other sort first reads all
 * keys in their order (`order`), and a slice is then the rows of the next few keys (`by_keys`).
 * Related rows (collections) of a slice are read by the values of the main rows' cells.
 *
 * Records may form groups: runs, in that order, with equal bytes in a cell. Where each group ends,
 * and how many different values of another cell it has, is known when the keys are read.
 */
#ifndef YBB_ROWS_READING_H
#define YBB_ROWS_READING_H

#include <stdbool.h>
#include <stdint.h>

#include "rows/value.h"

/* A statement and the values of its first parameters. */
typedef struct ybb_query {
    const char *sql;
    const ybb_value *values;
    uint32_t value_count;
} ybb_query;

/* A statement with one list `... IN (` ?, ?, ... `) ...`: the list stands between head and tail,
 * and the values of parameters in the head come first, those of the tail last. */
typedef struct ybb_list_query {
    const char *head, *tail;
    const ybb_value *head_values, *tail_values;
    uint32_t head_value_count, tail_value_count;
} ybb_list_query;

/* One collection of related rows. */
typedef struct ybb_related {
    uint32_t columns;           /* cells in a row */
    uint32_t match_count;       /* how many cells tie a row to its main row */
    const uint32_t *main_cells; /* [match_count] cells of the main row */
    const uint32_t *own_cells;  /* [match_count] cells of the related row, equal bytes */
    bool integer;               /* main_cells[0] is an integer: values are bound as such */
    ybb_list_query by_values;   /* list: the distinct values of main_cells[0] in the slice */
    ybb_list_query by_bytes; /* text only, or no head: in place of by_values for a list whose values
                                the column's character set may not have, without an index */
    ybb_query by_range;      /* integer only, or no sql; two last parameters: the least and
                                greatest of those values. For slices with few gaps */
} ybb_related;

/* What a group has one subtotal for each value of: a cell, or another one where that is NULL. */
typedef struct ybb_per {
    uint32_t cell, fallback_cell; /* of a main row; fallback UINT32_MAX: none */
    const char *null_as;          /* the value that NULL in both counts as, or NULL */
} ybb_per;

typedef struct ybb_reading {
    ybb_query count;        /* one row of one cell: rows behind the filters; by_key: at least those
                             * up to one behind the limit */
    ybb_query count_behind; /* by_key; the same of those behind a key, the last parameter */
    uint32_t columns;       /* cells in a main row */
    uint32_t key_cell;      /* the key among them; unique and never NULL */
    bool key_integer;       /* the key is an integer, else text */
    bool by_key;            /* the sort is the key itself */
    bool descending;        /* by_key */
    ybb_query first;        /* by_key; a last parameter: how many rows */
    ybb_query next;         /* by_key; two last parameters: the key before, how many rows */
    ybb_query within;       /* by_key with an integer key, or no sql; three last parameters: the key
                               before, the last key that may come, how many rows */
    const ybb_per *per;     /* not by_key; NULL: records form no groups */
    ybb_query order;        /* else; rows of the key, and with groups of the cell whose runs
                               they are, per->cell and, if there is one, per->fallback_cell; a
                               last parameter: how many */
    ybb_list_query by_keys; /* else; list: keys; rows in any order */
    uint32_t related_count;
    const ybb_related *related;
    ybb_query lookup; /* no sql: none; rows of a key and a text, read with the count */
} ybb_reading;

#endif
