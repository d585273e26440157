/*
 * model/decimal_sum: exact sums of decimals that come as text.
 */
#ifndef YBB_MODEL_DECIMAL_SUM_H
#define YBB_MODEL_DECIMAL_SUM_H

#include "base/buffer.h"

/* Digits are kept nine by nine, from 10^-342 to 10^323: room for every double and every decimal of
 * a database, and for sums of more of them than there are rows. */
enum { YBB_SUM_LIMBS = 74 };

/* Zeroed memory is the sum of nothing, 0. */
typedef struct ybb_decimal_sum {
    int64_t limbs[YBB_SUM_LIMBS]; /* the lowest first; carried over only when the sum is written */
    uint32_t first, end;          /* those that may not be 0 */
} ybb_decimal_sum;

/* Adds a number written as a sign, digits with or without a point, and an exponent. False, and
 * nothing is added, for what is no such number or lies outside those digits. */
bool ybb__decimal_sum_add(ybb_decimal_sum *sum, const char *at, size_t length);
/* Adds another sum. */
void ybb__decimal_sum_join(ybb_decimal_sum *sum, const ybb_decimal_sum *other);
/* Appends the sum with at least @scale places: "-1234.50". */
void ybb__decimal_sum_put(ybb_buffer *out, const ybb_decimal_sum *sum, uint32_t scale);

#endif
