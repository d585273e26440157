/*
 * pack/engine: what a deflate library does for this room. deflate.c chooses one and nothing else
 * knows which; the tests hold one against the other.
 */
#ifndef YBB_PACK_ENGINE_H
#define YBB_PACK_ENGINE_H

#include "base/buffer.h"

/* A stream being inflated: the sums of the content that came out. */
typedef struct ybb_inflated {
    bool ended, no_memory;
    uint32_t crc;
    uint64_t length;
} ybb_inflated;

/* What deflate and inflate take at once: both libraries count in 32 bits. */
enum { YBB_ENGINE_MOST = 1 << 30 };

typedef struct ybb_engine {
    const char *name, *version;
    void *(*deflate_new)(void); /* NULL: no memory */
    void (*deflate_free)(void *state);
    /* Appends @length bytes in blocks that end on a byte and refer to nothing before them. False
     * without memory. */
    bool (*deflate)(void *state, const void *bytes, unsigned length, ybb_buffer *out);
    void *(*inflate_new)(void); /* NULL: no memory */
    void (*inflate_free)(void *state);
    void (*inflate_reset)(void *state);
    /* Carries @out on over the next bytes of a stream that has not ended; *@behind of them follow
     * its end. False where the stream is broken, and without memory, which @out remembers. */
    bool (*inflate)(void *state, const void *bytes, unsigned length, ybb_inflated *out,
                    unsigned *behind);
    uint32_t (*crc32)(uint32_t crc, const void *bytes, size_t length);
} ybb_engine;

extern const ybb_engine ybb__engine_zlib;
extern const ybb_engine ybb__engine_isal; /* where HAVE_ISAL is defined */

#endif
