/*
 * model/tally: how often each value came, and exact sums beside the counts.
 *
 * Slices are counted on any thread, each into a part of its own; the parts are added up in the
 * order of their slices. A tally tells apart a bounded number of values, the first that came; what
 * comes when it is full, and values that are too long, count as value 0. So its memory is bounded,
 * every count is exact, and both are the same however the rows were cut into slices.
 */
#ifndef YBB_MODEL_TALLY_H
#define YBB_MODEL_TALLY_H

#include "model/decimal_sum.h"
#include "rows/cell_index.h"

enum {
    YBB_TALLY_VALUES = 4096,       /* that a tally tells apart, */
    YBB_TALLY_SUMMED_VALUES = 256, /* one with sums */
    YBB_TALLY_VALUE_BYTES = 255,   /* of a value */
    YBB_TALLY_OTHER = 0            /* the number of all other values together */
};

/* Values have numbers from 1 in the order in which they first came. Zeroed memory with `sums` set
 * is an empty part, and an empty tally. */
typedef struct ybb_tally_part {
    uint32_t sums;        /* for each value */
    ybb_buffer bytes;     /* of the values, behind one another */
    ybb_cell_index index; /* of them; number 1 is its first */
    ybb_buffer counts;    /* uint64_t for each number */
    ybb_buffer units;     /* int64_t for each number and sum, in the field's last place */
    ybb_buffer odd;       /* numbers for which that does not do, see tally.c */
} ybb_tally_part;

typedef struct ybb_tally {
    uint32_t sums;
    ybb_buffer bytes;
    ybb_cell_index index;
    ybb_buffer counts;
    ybb_buffer totals; /* ybb_decimal_sum for each number and sum */
} ybb_tally;

void ybb__tally_part_free(ybb_tally_part *part);
/* Empty it, keep the memory. */
void ybb__tally_part_clear(ybb_tally_part *part);
size_t ybb__tally_part_size(const ybb_tally_part *part);
/* Counts a value, which is not NULL: its number, UINT32_MAX without memory. */
uint32_t ybb__tally_count(ybb_tally_part *part, ybb_cell value);
/* Adds to sum @sum of value @number. NULL, and what is no number, add nothing. @scale: places that
 * such numbers have as a rule. Running out of memory is remembered by the buffers. */
void ybb__tally_sum(ybb_tally_part *part, uint32_t number, uint32_t sum, ybb_cell cell,
                    uint32_t scale);
bool ybb__tally_part_failed(const ybb_tally_part *part);

void ybb__tally_free(ybb_tally *tally);
/* Adds the next part. @scales: [sums], as its sums were given them. False without memory. */
bool ybb__tally_add(ybb_tally *tally, const ybb_tally_part *part, const uint8_t *scales);
/* How many values it tells apart: numbers 1 to that. */
uint32_t ybb__tally_values(const ybb_tally *tally);
/* Of number @number; 0 for what never came. */
uint64_t ybb__tally_count_of(const ybb_tally *tally, uint32_t number);
const ybb_decimal_sum *ybb__tally_sum_of(const ybb_tally *tally, uint32_t number, uint32_t sum);
/* The bytes of value @number, from 1. Borrowed until a part is added. */
ybb_cell ybb__tally_value(const ybb_tally *tally, uint32_t number);

#endif
