#include "encode/related_order.h"

#include "base/text.h"

/* Ranks, in their order. */
enum { NOTHING, INTEGER, LARGE /* above INT64_MAX */, TEXT };

/* Runs of so many rows are sorted by inserting, then merged. */
enum { RUN = 8 };

static ybb_sort_key key_of(const ybb_cell *cell)
{
    int64_t number;
    ybb_sort_key key = {.rank = NOTHING};
    if (cell->at == NULL)
        return key;
    if (ybb__text_to_i64(cell->at, cell->length, &number)) {
        key.rank = INTEGER;
        key.number = (uint64_t)number ^ (UINT64_C(1) << 63); /* negative ones first */
    } else if (ybb__text_to_u64(cell->at, cell->length, &key.number)) {
        key.rank = LARGE;
    } else {
        key = (ybb_sort_key){.number = cell->length, .text = cell->at, .rank = TEXT};
    }
    return key;
}

void ybb__sort_keys(ybb_sort_key *out, const ybb_related_map *map, const ybb_cell *cells)
{
    for (uint32_t i = 0; i < map->order_count; i++)
        out[i] = key_of(&cells[map->order[i].cell]);
}

static int compare_keys(const ybb_sort_key *a, const ybb_sort_key *b)
{
    if (a->rank != b->rank)
        return a->rank < b->rank ? -1 : 1;
    if (a->rank == TEXT) {
        size_t length = (size_t)(a->number < b->number ? a->number : b->number);
        int order = memcmp(a->text, b->text, length);
        if (order != 0)
            return order;
    }
    return (a->number > b->number) - (a->number < b->number);
}

/* Whether row @a stands behind row @b. */
static bool is_behind(const ybb_related_map *map, const ybb_sort_key *keys, uint32_t a, uint32_t b)
{
    const ybb_sort_key *of_a = keys + (size_t)a * map->order_count;
    const ybb_sort_key *of_b = keys + (size_t)b * map->order_count;
    for (uint32_t i = 0; i < map->order_count; i++) {
        int order = compare_keys(&of_a[i], &of_b[i]);
        if (order != 0)
            return map->order[i].descending ? order < 0 : order > 0;
    }
    return false;
}

static void sort_run(uint32_t *rows, uint32_t count, const ybb_related_map *map,
                     const ybb_sort_key *keys)
{
    for (uint32_t i = 1; i < count; i++) {
        uint32_t row = rows[i], to = i;
        for (; to > 0 && is_behind(map, keys, rows[to - 1], row); to--)
            rows[to] = rows[to - 1];
        rows[to] = row;
    }
}

/* Merges two sorted parts that follow each other; the first is moved to @spare. */
static void merge(uint32_t *rows, uint32_t first, uint32_t count, uint32_t *spare,
                  const ybb_related_map *map, const ybb_sort_key *keys)
{
    uint32_t left = 0, right = first, to = 0;
    memcpy(spare, rows, first * sizeof(*rows));
    while (left < first && right < count)
        if (is_behind(map, keys, spare[left], rows[right]))
            rows[to++] = rows[right++];
        else
            rows[to++] = spare[left++];
    memcpy(rows + to, spare + left, (first - left) * sizeof(*rows));
}

void ybb__sort_related(uint32_t *rows, uint32_t count, uint32_t *spare, const ybb_related_map *map,
                       const ybb_sort_key *keys)
{
    for (uint64_t at = 0; at < count; at += RUN)
        sort_run(rows + at, count - at < RUN ? (uint32_t)(count - at) : RUN, map, keys);
    for (uint64_t width = RUN; width < count; width *= 2)
        for (uint64_t at = 0; at + width < count; at += 2 * width) {
            uint64_t rest = count - at;
            merge(rows + at, (uint32_t)width, (uint32_t)(rest < 2 * width ? rest : 2 * width),
                  spare, map, keys);
        }
}
