#include "pack/container_walk.h"

#include "pack/little_endian.h"

#include <stdlib.h>

enum {
    FLAGS_AT = 6,
    METHOD_AT = 8,
    NAME_LENGTH_AT = 26,
    EXTRA_LENGTH_AT = 28,
    GZIP_HEADER_SIZE = 10,
    GZIP_FLAGS_AT = 3,
    GZIP_TRAILER_SIZE = 8,
    ROOM = 16 /* entries: as many are added at once */
};

bool ybb__walk_begin(ybb_walk *walk, ybb_container container)
{
    *walk = (ybb_walk){.container = container, .state = YBB_WALK_OVER};
    if (container == YBB_CONTAINER_NONE)
        return true;
    walk->state = YBB_WALK_AT_HEAD;
    walk->inflate = ybb__inflate_new();
    return walk->inflate != NULL;
}

void ybb__walk_end(ybb_walk *walk)
{
    ybb__inflate_free(walk->inflate);
    free(walk->entries);
}

static void leave(ybb_walk *walk, const char *wrong)
{
    walk->state = YBB_WALK_OVER;
    walk->wrong = wrong;
}

static void enter(ybb_walk *walk, ybb_walk_state state)
{
    walk->state = state;
    walk->have = 0;
}

static void begin_content(ybb_walk *walk, uint64_t start)
{
    ybb__inflate_reset(walk->inflate);
    walk->entry = (ybb_walked){.start = start};
    enter(walk, YBB_WALK_IN_CONTENT);
}

static void read_local_header(ybb_walk *walk)
{
    const unsigned char *head = walk->head;
    if (ybb__get_u32(head) != YBB_ZIP_LOCAL ||
        (ybb__get_u16(head + FLAGS_AT) & YBB_ZIP_DESCRIPTOR_FOLLOWS) == 0 ||
        ybb__get_u16(head + METHOD_AT) != YBB_METHOD_DEFLATE) {
        leave(walk, NULL); /* the directory, or an entry of another kind */
        return;
    }
    walk->name_left = ybb__get_u16(head + NAME_LENGTH_AT) + ybb__get_u16(head + EXTRA_LENGTH_AT);
    enter(walk, YBB_WALK_IN_NAME);
}

static void read_gzip_header(ybb_walk *walk, uint64_t end)
{
    static const unsigned char start[] = {0x1f, 0x8b, YBB_METHOD_DEFLATE};
    int flags = walk->head[GZIP_FLAGS_AT];
    if (memcmp(walk->head, start, sizeof(start)) != 0)
        leave(walk, "it has no gzip header");
    else if ((flags & ~YBB_GZIP_FLAG_NAME) != 0)
        leave(walk, "its header is wrong");
    else if (flags != 0)
        enter(walk, YBB_WALK_IN_NAME);
    else
        begin_content(walk, end);
}

/* A zip's has a length, a gzip's ends with a NUL. */
static size_t take_name(ybb_walk *walk, const char *bytes, size_t length)
{
    size_t used = length;
    bool ended;
    if (walk->container == YBB_CONTAINER_ZIP) {
        used = walk->name_left < length ? walk->name_left : length;
        walk->name_left -= used;
        ended = walk->name_left == 0;
    } else {
        const char *end = memchr(bytes, '\0', length);
        ended = end != NULL;
        if (ended)
            used = (size_t)(end + 1 - bytes);
    }
    if (ended)
        begin_content(walk, walk->at + used);
    return used;
}

static size_t take_content(ybb_walk *walk, const char *bytes, size_t length)
{
    size_t used;
    if (!ybb__inflate_part(walk->inflate, bytes, length, &used)) {
        leave(walk, "its deflate stream is broken");
        return length;
    }
    if (ybb__inflate_ended(walk->inflate)) {
        walk->entry.packed = walk->at + used - walk->entry.start;
        walk->entry.length = ybb__inflate_length(walk->inflate);
        walk->entry.crc = ybb__inflate_crc(walk->inflate);
        enter(walk, YBB_WALK_AT_SUMS);
    }
    return used;
}

static bool add_entry(ybb_walk *walk)
{
    if (walk->count % ROOM == 0) {
        ybb_walked *more = realloc(walk->entries, (walk->count + ROOM) * sizeof(*more));
        if (more == NULL)
            return false;
        walk->entries = more;
    }
    walk->entries[walk->count++] = walk->entry;
    return true;
}

static void check_descriptor(ybb_walk *walk)
{
    const unsigned char *at = walk->head;
    const ybb_walked *entry = &walk->entry;
    bool right = ybb__get_u32(at) == YBB_ZIP_DESCRIPTOR && ybb__get_u32(at + 4) == entry->crc &&
                 ybb__get_u32(at + 8) == entry->packed && ybb__get_u32(at + 12) == entry->length;
    if (right && add_entry(walk))
        enter(walk, YBB_WALK_AT_HEAD);
    else
        leave(walk, NULL);
}

static void check_trailer(ybb_walk *walk)
{
    const char *wrong = NULL;
    if (ybb__get_u32(walk->head) != walk->entry.crc)
        wrong = "its CRC is wrong";
    if (ybb__get_u32(walk->head + 4) != (uint32_t)walk->entry.length)
        wrong = "its size is wrong";
    leave(walk, wrong);
}

static size_t fixed_size(const ybb_walk *walk)
{
    bool head = walk->state == YBB_WALK_AT_HEAD;
    if (walk->container == YBB_CONTAINER_ZIP)
        return head ? YBB_ZIP_LOCAL_SIZE : YBB_ZIP_DESCRIPTOR_SIZE;
    return head ? GZIP_HEADER_SIZE : GZIP_TRAILER_SIZE;
}

/* A header or sums. */
static size_t take_fixed(ybb_walk *walk, const char *bytes, size_t length)
{
    bool zip = walk->container == YBB_CONTAINER_ZIP, head = walk->state == YBB_WALK_AT_HEAD;
    size_t size = fixed_size(walk), part = size - walk->have;
    size_t used = part < length ? part : length;
    memcpy(walk->head + walk->have, bytes, used);
    walk->have += used;
    if (walk->have < size)
        return used;
    if (head && zip)
        read_local_header(walk);
    else if (head)
        read_gzip_header(walk, walk->at + used);
    else if (zip)
        check_descriptor(walk);
    else
        check_trailer(walk);
    return used;
}

/* How many of the bytes belong to the part that comes next; the others to what is behind it. */
static size_t take_part(ybb_walk *walk, const char *bytes, size_t length)
{
    switch (walk->state) {
    case YBB_WALK_AT_HEAD:
    case YBB_WALK_AT_SUMS:
        return take_fixed(walk, bytes, length);
    case YBB_WALK_IN_NAME:
        return take_name(walk, bytes, length);
    case YBB_WALK_IN_CONTENT:
        return take_content(walk, bytes, length);
    case YBB_WALK_OVER:
        break;
    }
    if (walk->wrong == NULL)
        walk->wrong = "bytes follow its end";
    return length;
}

void ybb__walk_take(ybb_walk *walk, const void *bytes, size_t length)
{
    const char *at = bytes;
    for (size_t used; length > 0; at += used, length -= used) {
        used = take_part(walk, at, length);
        walk->at += used;
    }
}

ybb_status ybb__walk_check_gzip(const ybb_walk *walk, ybb_error *error)
{
    const char *wrong = walk->wrong;
    if (ybb__inflate_out_of_memory(walk->inflate))
        return ybb__fail_memory(error);
    if (walk->state != YBB_WALK_OVER)
        wrong = walk->state == YBB_WALK_AT_HEAD ? "it has no gzip header" : "it ends early";
    if (wrong == NULL)
        return YBB_OK;
    return ybb__fail(error, YBB_OUTPUT_CORRUPT, "the gzip file does not read back: %s", wrong);
}
