/*
 * pack/container_walk: what a zip or a gzip file holds, found by its bytes as they come, without
 * the directory at a zip's end. APPNOTE 6.3.10, RFC 1952.
 *
 * Of a zip it follows entries as pack/zip writes them, deflated and with a data descriptor, up to
 * the first that is of another kind or broken; zip_check reads what it did not see.
 */
#ifndef YBB_PACK_CONTAINER_WALK_H
#define YBB_PACK_CONTAINER_WALK_H

#include "pack/deflate.h"
#include "pack/readback.h"
#include "pack/zip_format.h"

/* Packed content that was read: the bytes from @start on, and the sums of what comes out. */
typedef struct ybb_walked {
    uint64_t start, packed, length;
    uint32_t crc;
} ybb_walked;

typedef enum ybb_walk_state {
    YBB_WALK_AT_HEAD,
    YBB_WALK_IN_NAME,
    YBB_WALK_IN_CONTENT,
    YBB_WALK_AT_SUMS,
    YBB_WALK_OVER
} ybb_walk_state;

typedef struct ybb_walk {
    ybb_container container;
    ybb_walk_state state;
    uint64_t at;                            /* bytes so far */
    unsigned char head[YBB_ZIP_LOCAL_SIZE]; /* a header or sums, as far as they came */
    size_t have;
    size_t name_left; /* of a zip's entry: bytes of its name and extra field to come */
    ybb_inflate *inflate;
    ybb_walked entry;    /* the one that is being read */
    ybb_walked *entries; /* those that were read whole, from the file's first on; of a zip */
    size_t count;
    const char *wrong; /* what is, of a gzip */
} ybb_walk;

/* False without memory. */
bool ybb__walk_begin(ybb_walk *walk, ybb_container container);
void ybb__walk_end(ybb_walk *walk);
/* The file's next bytes. */
void ybb__walk_take(ybb_walk *walk, const void *bytes, size_t length);
/* Whether what came was one whole gzip member. YBB_OUTPUT_CORRUPT, YBB_NO_MEMORY. */
ybb_status ybb__walk_check_gzip(const ybb_walk *walk, ybb_error *error);

#endif
