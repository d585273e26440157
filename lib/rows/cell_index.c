#include "rows/cell_index.h"

#include <string.h>

enum { LEAST_SLOTS = 64 };

typedef struct place {
    size_t offset;
    uint32_t length;
    uint32_t hash;
} place;

/* FNV-1a, with the high half folded in: keys are short, and often digits that differ at the end. */
static uint32_t hash_of(ybb_cell cell)
{
    uint64_t hash = UINT64_C(0xcbf29ce484222325);
    for (uint32_t i = 0; i < cell.length; i++)
        hash = (hash ^ (unsigned char)cell.at[i]) * UINT64_C(0x100000001b3);
    return (uint32_t)(hash ^ hash >> 32);
}

static const place *places_of(const ybb_cell_index *index)
{
    return (const place *)(const void *)index->places.at;
}

static uint32_t *slots_of(const ybb_cell_index *index)
{
    return (uint32_t *)(void *)index->slots.at;
}

static uint32_t slot_count(const ybb_cell_index *index)
{
    return (uint32_t)(index->slots.length / sizeof(uint32_t));
}

void ybb__cell_index_free(ybb_cell_index *index)
{
    ybb__buffer_free(&index->places);
    ybb__buffer_free(&index->slots);
}

static void empty_slots(ybb_cell_index *index)
{
    if (index->slots.length > 0)
        memset(index->slots.at, UINT8_MAX, index->slots.length);
}

void ybb__cell_index_clear(ybb_cell_index *index)
{
    ybb__buffer_clear(&index->places);
    if (ybb__buffer_failed(&index->slots))
        ybb__buffer_clear(&index->slots);
    empty_slots(index);
}

uint32_t ybb__cell_index_count(const ybb_cell_index *index)
{
    return (uint32_t)(index->places.length / sizeof(place));
}

static bool has_bytes(const place *at, const char *base, ybb_cell cell, uint32_t hash)
{
    return at->hash == hash && at->length == cell.length &&
           (cell.length == 0 || memcmp(base + at->offset, cell.at, cell.length) == 0);
}

uint32_t ybb__cell_index_find(const ybb_cell_index *index, const char *base, ybb_cell cell)
{
    const uint32_t *slots = slots_of(index);
    uint32_t mask = slot_count(index) - 1;
    if (slots == NULL || ybb__cell_index_count(index) == 0)
        return UINT32_MAX;
    uint32_t hash = hash_of(cell);
    uint32_t slot = hash & mask;
    while (slots[slot] != UINT32_MAX &&
           !has_bytes(&places_of(index)[slots[slot]], base, cell, hash))
        slot = (slot + 1) & mask;
    return slots[slot];
}

static void take_slot(ybb_cell_index *index, uint32_t hash, uint32_t number)
{
    uint32_t *slots = slots_of(index);
    uint32_t mask = slot_count(index) - 1;
    uint32_t slot = hash & mask;
    while (slots[slot] != UINT32_MAX)
        slot = (slot + 1) & mask;
    slots[slot] = number;
}

/* Room for one more cell; at least half of the slots stay free. */
static bool make_room(ybb_cell_index *index)
{
    uint32_t count = ybb__cell_index_count(index);
    size_t wanted = slot_count(index) == 0 ? LEAST_SLOTS : slot_count(index);
    if (count >= UINT32_MAX / 2)
        return false;
    while (wanted / 2 <= count)
        wanted *= 2;
    if (wanted == slot_count(index))
        return true;
    size_t more = wanted * sizeof(uint32_t) - index->slots.length;
    if (!ybb__buffer_reserve(&index->slots, more))
        return false;
    index->slots.length += more;
    empty_slots(index);
    for (uint32_t i = 0; i < count; i++)
        take_slot(index, places_of(index)[i].hash, i);
    return true;
}

bool ybb__cell_index_add(ybb_cell_index *index, const char *base, ybb_cell cell)
{
    place at = {(size_t)(cell.at - base), cell.length, hash_of(cell)};
    if (!make_room(index))
        return false;
    uint32_t number = ybb__cell_index_count(index);
    ybb__buffer_put(&index->places, &at, sizeof(at));
    if (ybb__buffer_failed(&index->places))
        return false;
    take_slot(index, at.hash, number);
    return true;
}

ybb_cell ybb__cell_index_at(const ybb_cell_index *index, const char *base, uint32_t number)
{
    const place *at = &places_of(index)[number];
    return (ybb_cell){base + at->offset, at->length};
}
