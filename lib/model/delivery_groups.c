#include "model/delivery_groups.h"

/* The export up to the chunk that is cut next. */
typedef struct cutter {
    const ybb_groups *groups;
    uint64_t chunk_size, capacity;
    ybb_group_end at; /* what comes before it */
    size_t group;     /* the group of its first record */
} cutter;

static uint64_t rows_to(const cutter *c, ybb_group_end end)
{
    return end.records - c->at.records + (end.subtotals - c->at.subtotals);
}

/* The end of the group with which a chunk should close, whatever a file can hold. */
static size_t wanted_group(const cutter *c)
{
    size_t group = c->group, last = ybb__groups_count(c->groups) - 1;
    while (group < last && ybb__groups_at(c->groups, group).records - c->at.records < c->chunk_size)
        group++;
    return group;
}

/* Ends inside of the group, which a file cannot hold: as late as can be, but before the group's
 * last record, with which its subtotals come. */
static bool end_inside(const cutter *c, ybb_group_end group, ybb_group_end *out)
{
    uint64_t some = group.records - c->at.records - 1;
    if (some > c->capacity)
        some = c->capacity;
    *out = (ybb_group_end){c->at.records + some, c->at.subtotals};
    return some > 0;
}

/* Where the next chunk ends. */
static bool find_end(cutter *c, ybb_group_end *out)
{
    size_t group = wanted_group(c);
    while (group > c->group && rows_to(c, ybb__groups_at(c->groups, group)) > c->capacity)
        group--;
    *out = ybb__groups_at(c->groups, group);
    if (rows_to(c, *out) > c->capacity)
        return end_inside(c, *out, out);
    c->group = group + 1;
    return true;
}

ybb_status ybb__groups_cut(ybb_buffer *chunks, const ybb_groups *groups, uint64_t chunk_size,
                           uint64_t capacity, uint32_t most_files, ybb_error *error)
{
    static const ybb_chunk empty = {0};
    cutter c = {.groups = groups, .chunk_size = chunk_size, .capacity = capacity};
    const ybb_group_end all = ybb__groups_end(groups);
    if (all.records == 0)
        ybb__buffer_put(chunks, &empty, sizeof(empty));
    for (uint32_t files = 0; c.at.records < all.records; files++) {
        ybb_group_end end;
        if (files == most_files)
            return ybb__fail(error, YBB_TOO_LARGE, "the records would be more than %u files",
                             most_files);
        if (!find_end(&c, &end))
            return ybb__fail(error, YBB_TOO_LARGE,
                             "a group ends with more subtotals than a file can hold");
        const ybb_chunk chunk = {c.at.records, end.records - c.at.records, c.at.subtotals,
                                 end.subtotals - c.at.subtotals};
        ybb__buffer_put(chunks, &chunk, sizeof(chunk));
        c.at = end;
    }
    return ybb__buffer_failed(chunks) ? ybb__fail_memory(error) : YBB_OK;
}
