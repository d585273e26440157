/*
 * cli/demo_random: numbers that look random and are the same on every machine.
 *
 * splitmix64 (Steele, Lea, Flood: Fast Splittable Pseudorandom Number Generators, 2014). Each row
 * has a stream of its own, so that any row can be made again without those before it.
 */
#ifndef YBB_CLI_DEMO_RANDOM_H
#define YBB_CLI_DEMO_RANDOM_H

#include <stdbool.h>
#include <stdint.h>

typedef struct demo_random {
    uint64_t state;
} demo_random;

static inline uint64_t demo_random_next(demo_random *random)
{
    uint64_t z = random->state += UINT64_C(0x9e3779b97f4a7c15);
    z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
    z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
    return z ^ (z >> 31);
}

/* The stream of row @id in the series @series. */
static inline demo_random demo_random_of(uint64_t series, uint64_t id)
{
    demo_random random = {series * UINT64_C(0xd1342543de82ef95) + 2025};
    random.state = demo_random_next(&random) ^ id;
    random.state = demo_random_next(&random);
    return random;
}

/* 0 to @bound - 1; @bound is at least 1. */
static inline uint32_t demo_random_below(demo_random *random, uint32_t bound)
{
    return (uint32_t)(((demo_random_next(random) >> 32) * bound) >> 32);
}

/* True once in @times, on average. */
static inline bool demo_random_once_in(demo_random *random, uint32_t times)
{
    return demo_random_below(random, times) == 0;
}

#endif
