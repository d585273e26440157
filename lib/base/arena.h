/*
 * base/arena: small allocations that are freed together. Catalogs, requests and plans live in one.
 *
 * Like a buffer, an arena remembers that it ran out of memory; unlike one, it also says so at the
 * call, by NULL. Zeroed memory is an empty arena. Memory is zeroed and aligned for any type.
 */
#ifndef YBB_BASE_ARENA_H
#define YBB_BASE_ARENA_H

#include <stdbool.h>
#include <stddef.h>

typedef struct ybb_arena {
    struct ybb_arena_piece *pieces;
    bool failed;
} ybb_arena;

void ybb__arena_free(ybb_arena *arena);
void *ybb__arena_alloc(ybb_arena *arena, size_t size);
/* @count items of @size bytes each; NULL also where the product overflows. */
void *ybb__arena_array(ybb_arena *arena, size_t count, size_t size);
/* A copy, with a NUL after it. */
char *ybb__arena_copy(ybb_arena *arena, const char *bytes, size_t length);
/* The same of a text; NULL of NULL. */
char *ybb__arena_text(ybb_arena *arena, const char *text);

#endif
