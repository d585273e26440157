/*
 * pack/deflate: a piece of content to deflate blocks that end on a byte and refer to nothing before
 * them, so that pieces packed by different threads can be joined. RFC 1951.
 *
 * The engine is ISA-L where the build has it (deflate_isal.c), else zlib (deflate_zlib.c). Equal
 * content gives equal bytes on one machine, whatever was packed before.
 */
#ifndef YBB_PACK_DEFLATE_H
#define YBB_PACK_DEFLATE_H

#include "base/buffer.h"
#include "base/error.h"
#include "pack/sink.h"

typedef struct ybb_deflate ybb_deflate; /* scratch memory of one worker at a time */

/* NULL: no memory. */
ybb_deflate *ybb__deflate_new(void);
void ybb__deflate_free(ybb_deflate *deflate);

typedef enum ybb_deflate_level {
    YBB_DEFLATE_STORE, /* stored blocks: for content that an outer gzip packs */
    YBB_DEFLATE_FAST,  /* level 1 of ISA-L or of zlib */
} ybb_deflate_level;

/* Appends @length bytes, packed, to @out; nothing for none. YBB_NO_MEMORY. */
ybb_status ybb__deflate_append(ybb_deflate *deflate, ybb_deflate_level level, const void *bytes,
                               size_t length, ybb_buffer *out, ybb_error *error);
/* The block that ends a joined stream. */
extern const char ybb__deflate_end[2];

/* Packs a piece of content for @chain: fills @run (what it held is gone, its memory is kept).
 * @scratch is used on the way and holds nothing of use afterwards. YBB_NO_MEMORY. @threads any,
 * each with a deflate, a run and a scratch buffer of its own. */
ybb_status ybb__run_pack(ybb_run *run, ybb_deflate *deflate, ybb_chain chain, const void *raw,
                         size_t length, ybb_buffer *scratch, ybb_error *error);

/* Reads a deflate stream as it comes, keeping nothing but the sums of its content. */
typedef struct ybb_inflate ybb_inflate;
ybb_inflate *ybb__inflate_new(void); /* NULL: no memory */
void ybb__inflate_free(ybb_inflate *inflate);
/* Begin another stream. */
void ybb__inflate_reset(ybb_inflate *inflate);
/* The stream's next bytes. False where it is broken, where bytes follow its last block, and without
 * memory. */
bool ybb__inflate_take(ybb_inflate *inflate, const void *bytes, size_t length);
/* The same where bytes of something else may follow: *@used, how many are the stream's. */
bool ybb__inflate_part(ybb_inflate *inflate, const void *bytes, size_t length, size_t *used);
bool ybb__inflate_out_of_memory(const ybb_inflate *inflate);
/* Whether it came to its end, and the sums of its content so far. */
bool ybb__inflate_ended(const ybb_inflate *inflate);
uint32_t ybb__inflate_crc(const ybb_inflate *inflate);
uint64_t ybb__inflate_length(const ybb_inflate *inflate);

/* CRC-32 as zip and gzip use it; @crc is 0 for the first piece. */
uint32_t ybb__crc32(uint32_t crc, const void *bytes, size_t length);
/* The CRC-32 of two joined pieces. */
uint32_t ybb__crc32_join(uint32_t crc_a, uint32_t crc_b, uint64_t length_b);

/* The Adler-32 of a zlib stream's content. RFC 1950. */
uint32_t ybb__adler32(const void *bytes, size_t length);

/* "ISA-L" or "zlib"; its version. */
const char *ybb__deflate_engine(void);
const char *ybb__deflate_version(void);

#endif
