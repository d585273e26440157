/*
 * pack/deflate: a piece of content to deflate blocks that end on a byte and refer to nothing before
 * them, so that pieces packed by different threads can be joined. RFC 1951.
 */
#ifndef YBB_PACK_DEFLATE_H
#define YBB_PACK_DEFLATE_H

#include "base/buffer.h"
#include "base/error.h"

typedef struct ybb_deflate ybb_deflate; /* scratch memory of one worker at a time */

ybb_deflate *ybb__deflate_new(void);
void ybb__deflate_free(ybb_deflate *deflate);

typedef enum ybb_deflate_level {
    YBB_DEFLATE_STORE, /* stored blocks: for content that an outer gzip packs */
    YBB_DEFLATE_FAST,  /* level 1 of ISA-L or of zlib */
} ybb_deflate_level;

/* Appends @length bytes, packed, to @out. YBB_NO_MEMORY. */
ybb_status ybb__deflate_append(ybb_deflate *deflate, ybb_deflate_level level, const void *bytes,
                               size_t length, ybb_buffer *out, ybb_error *error);
/* The blocks that end a joined stream. */
extern const char ybb__deflate_end[2];

/* Reads a deflate stream as it comes. inflate gives content to @give as it goes. */
typedef struct ybb_inflate ybb_inflate;
ybb_inflate *ybb__inflate_new(void);
void ybb__inflate_free(ybb_inflate *inflate);
/* False where the stream is broken. *@ended once its last block was seen; *@taken bytes were used.
 * *@crc and *@length are carried on over the content. */
bool ybb__inflate_check(ybb_inflate *inflate, const void *bytes, size_t length, size_t *taken,
                        bool *ended, uint32_t *crc, uint64_t *content_length);

/* CRC-32 as zip and gzip use it; @crc is 0 for the first piece. */
uint32_t ybb__crc32(uint32_t crc, const void *bytes, size_t length);
/* The CRC-32 of two joined pieces. */
uint32_t ybb__crc32_join(uint32_t crc_a, uint32_t crc_b, uint64_t length_b);

/* "ISA-L 2.30.0" or "zlib 1.2.13". */
const char *ybb__deflate_engine(void);

#endif
