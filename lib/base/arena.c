#include "base/arena.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

enum { FIRST_PIECE = 4 * 1024, LARGEST_PIECE = 256 * 1024, ALIGNMENT = _Alignof(max_align_t) };

/* Room that is handed out from its beginning on. The first piece of the list is the one in use. */
struct ybb_arena_piece {
    struct ybb_arena_piece *next;
    size_t size, used;
    max_align_t room[];
};

void ybb__arena_free(ybb_arena *arena)
{
    if (arena == NULL)
        return;
    for (struct ybb_arena_piece *piece = arena->pieces, *next; piece != NULL; piece = next) {
        next = piece->next;
        free(piece);
    }
    *arena = (ybb_arena){0};
}

static void *refuse(ybb_arena *arena)
{
    arena->failed = true;
    return NULL;
}

/* Pieces double, so that a large catalog does not end in thousands of them. */
static size_t next_size(const ybb_arena *arena)
{
    if (arena->pieces == NULL)
        return FIRST_PIECE;
    size_t last = arena->pieces->size;
    return last < LARGEST_PIECE / 2 ? 2 * last : LARGEST_PIECE;
}

static struct ybb_arena_piece *add_piece(ybb_arena *arena, size_t size)
{
    struct ybb_arena_piece *piece = calloc(1, sizeof(*piece) + size);
    if (piece == NULL)
        return NULL;
    piece->size = size;
    piece->next = arena->pieces;
    arena->pieces = piece;
    return piece;
}

/* What takes most of a piece gets one of its own, behind the one in use. */
static void *alloc_alone(ybb_arena *arena, size_t size)
{
    struct ybb_arena_piece *in_use = arena->pieces;
    struct ybb_arena_piece *piece = add_piece(arena, size);
    if (piece == NULL)
        return refuse(arena);
    piece->used = size;
    if (in_use != NULL) {
        piece->next = in_use->next;
        in_use->next = piece;
        arena->pieces = in_use;
    }
    return piece->room;
}

void *ybb__arena_alloc(ybb_arena *arena, size_t size)
{
    if (size > PTRDIFF_MAX - sizeof(struct ybb_arena_piece) - ALIGNMENT)
        return refuse(arena);
    size = size == 0 ? ALIGNMENT : (size + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
    struct ybb_arena_piece *piece = arena->pieces;
    if (piece == NULL || piece->size - piece->used < size) {
        if (size > next_size(arena) / 2)
            return alloc_alone(arena, size);
        piece = add_piece(arena, next_size(arena));
        if (piece == NULL)
            return refuse(arena);
    }
    void *at = (char *)piece->room + piece->used;
    piece->used += size;
    return at;
}

void *ybb__arena_array(ybb_arena *arena, size_t count, size_t size)
{
    if (size != 0 && count > SIZE_MAX / size)
        return refuse(arena);
    return ybb__arena_alloc(arena, count * size);
}

char *ybb__arena_copy(ybb_arena *arena, const char *bytes, size_t length)
{
    if (length == SIZE_MAX)
        return refuse(arena);
    char *copy = ybb__arena_alloc(arena, length + 1);
    if (copy != NULL && length > 0)
        memcpy(copy, bytes, length); /* zeroed memory has the NUL */
    return copy;
}

char *ybb__arena_text(ybb_arena *arena, const char *text)
{
    return text == NULL ? NULL : ybb__arena_copy(arena, text, strlen(text));
}
