#include "pack/engine.h"

#include <stdlib.h>
#include <zlib.h>

enum {
    LEVEL = 1,
    RAW_WINDOW = -15, /* 32 KiB, and no header of zlib's own */
    MEMORY_LEVEL = 8,
    OUT_STEP = 64 * 1024
};

typedef struct inflater {
    z_stream stream;
    unsigned char window[OUT_STEP];
} inflater;

static void *deflate_new(void)
{
    z_stream *stream = calloc(1, sizeof(*stream));
    if (stream != NULL && deflateInit2(stream, LEVEL, Z_DEFLATED, RAW_WINDOW, MEMORY_LEVEL,
                                       Z_DEFAULT_STRATEGY) != Z_OK) {
        free(stream);
        stream = NULL;
    }
    return stream;
}

static void deflate_free(void *state)
{
    deflateEnd(state);
    free(state);
}

/* zlib reads through a pointer without const. */
static Bytef *input(const void *bytes)
{
    return (Bytef *)(uintptr_t)bytes;
}

static bool deflate_piece(void *state, const void *bytes, unsigned length, ybb_buffer *out)
{
    z_stream *stream = state;
    deflateReset(stream);
    stream->next_in = input(bytes);
    stream->avail_in = length;
    do {
        if (!ybb__buffer_reserve(out, OUT_STEP))
            return false;
        stream->next_out = (Bytef *)out->at + out->length;
        stream->avail_out = OUT_STEP;
        deflate(stream, Z_FULL_FLUSH);
        out->length += OUT_STEP - stream->avail_out;
    } while (stream->avail_out == 0);
    return true;
}

static void *inflate_new(void)
{
    inflater *own = calloc(1, sizeof(*own));
    if (own != NULL && inflateInit2(&own->stream, RAW_WINDOW) != Z_OK) {
        free(own);
        own = NULL;
    }
    return own;
}

static void inflate_free(void *state)
{
    inflateEnd(&((inflater *)state)->stream);
    free(state);
}

static void inflate_reset(void *state)
{
    inflateReset(&((inflater *)state)->stream);
}

static uint32_t crc(uint32_t before, const void *bytes, size_t length)
{
    return length == 0 ? before : (uint32_t)crc32_z(before, bytes, length);
}

/* One call of inflate. False where the stream is broken. */
static bool inflate_step(inflater *own, ybb_inflated *out)
{
    own->stream.next_out = own->window;
    own->stream.avail_out = OUT_STEP;
    int result = inflate(&own->stream, Z_NO_FLUSH);
    size_t given = OUT_STEP - own->stream.avail_out;
    out->crc = crc(out->crc, own->window, given);
    out->length += given;
    out->ended = result == Z_STREAM_END;
    out->no_memory = result == Z_MEM_ERROR; /* it makes its window when it first needs one */
    return result == Z_OK || result == Z_STREAM_END || result == Z_BUF_ERROR;
}

static bool inflate_piece(void *state, const void *bytes, unsigned length, ybb_inflated *out,
                          unsigned *behind)
{
    inflater *own = state;
    own->stream.next_in = input(bytes);
    own->stream.avail_in = length;
    do {
        if (!inflate_step(own, out))
            return false;
    } while (!out->ended && (own->stream.avail_in > 0 || own->stream.avail_out == 0));
    *behind = own->stream.avail_in;
    return true;
}

const ybb_engine ybb__engine_zlib = {
    .name = "zlib",
    .version = ZLIB_VERSION,
    .deflate_new = deflate_new,
    .deflate_free = deflate_free,
    .deflate = deflate_piece,
    .inflate_new = inflate_new,
    .inflate_free = inflate_free,
    .inflate_reset = inflate_reset,
    .inflate = inflate_piece,
    .crc32 = crc,
};
