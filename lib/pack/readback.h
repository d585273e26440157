/*
 * pack/readback: reads a file back while it grows, so that at its end little is left to read: its
 * sums, and whether the container is whole.
 */
#ifndef YBB_PACK_READBACK_H
#define YBB_PACK_READBACK_H

#include "base/error.h"

typedef enum ybb_container {
    YBB_CONTAINER_NONE,
    YBB_CONTAINER_ZIP,
    YBB_CONTAINER_GZIP
} ybb_container;

typedef struct ybb_digest {
    uint64_t bytes;
    uint32_t crc32;
    char sha256[65]; /* lower-case hexadecimal */
} ybb_digest;

/* One thread at a time. */
typedef struct ybb_readback ybb_readback;

/* Of the file @descriptor (borrowed, its position stays), which is written from its begin to its
 * end, or is whole already. NULL: no memory. */
ybb_readback *ybb__readback_new(int descriptor, ybb_container container);
void ybb__readback_free(ybb_readback *readback);
/* Reads on to @end, up to which the file is written by now. What fails is told at the end. */
void ybb__readback_advance(ybb_readback *readback, uint64_t end);
/* Reads the rest of the file, which is whole now: every zip entry, or the gzip member, has the
 * content that its CRC and its size say. YBB_OUTPUT_CORRUPT names what is wrong. Call it once. */
ybb_status ybb__readback_finish(ybb_readback *readback, ybb_digest *out, ybb_error *error);

#endif
