/*
 * base/saturate: sizes that end at a bound instead of wrapping around.
 */
#ifndef YBB_BASE_SATURATE_H
#define YBB_BASE_SATURATE_H

#include <stdint.h>

/* @number times @factor, or @most where that is less. */
static inline uint64_t ybb__times_at_most(uint64_t number, uint64_t factor, uint64_t most)
{
    return factor != 0 && number > most / factor ? most : number * factor;
}

#endif
