#include "pack/deflate.h"
#include "pack/engine.h"
#include "pack/little_endian.h"

#include <stdlib.h>
#include <zlib.h>

/* The one place where an engine is chosen. */
#ifdef HAVE_ISAL
static const ybb_engine *const engine = &ybb__engine_isal;
#else
static const ybb_engine *const engine = &ybb__engine_zlib;
#endif

enum { STORED_HEAD = 5, STORED_MOST = 65535 };

/* A last block with fixed codes that holds nothing but the end of block code. */
const char ybb__deflate_end[2] = {0x03, 0x00};

struct ybb_deflate {
    void *state; /* the engine's */
};

ybb_deflate *ybb__deflate_new(void)
{
    ybb_deflate *deflate = calloc(1, sizeof(*deflate));
    if (deflate == NULL)
        return NULL;
    deflate->state = engine->deflate_new();
    if (deflate->state == NULL) {
        free(deflate);
        return NULL;
    }
    return deflate;
}

void ybb__deflate_free(ybb_deflate *deflate)
{
    if (deflate == NULL)
        return;
    engine->deflate_free(deflate->state);
    free(deflate);
}

/* Stored blocks begin on a byte here: every block before them ended on one. RFC 1951, 3.2.4. */
static void store(const char *bytes, size_t length, ybb_buffer *out)
{
    while (length > 0) {
        unsigned part = length < STORED_MOST ? (unsigned)length : STORED_MOST;
        ybb__buffer_put_char(out, 0); /* not the last block, stored */
        ybb__put_u16(out, part);
        ybb__put_u16(out, ~part);
        ybb__buffer_put(out, bytes, part);
        bytes += part;
        length -= part;
    }
}

static size_t stored_size(size_t length)
{
    size_t blocks = length / STORED_MOST + (length % STORED_MOST > 0 ? 1 : 0);
    return length + blocks * STORED_HEAD;
}

static unsigned part_of(size_t length)
{
    return length < YBB_ENGINE_MOST ? (unsigned)length : YBB_ENGINE_MOST;
}

/* Content that does not shrink is stored: some bytes, and what is packed already. */
static bool pack(ybb_deflate *deflate, const char *bytes, size_t length, ybb_buffer *out)
{
    for (unsigned part; length > 0; bytes += part, length -= part) {
        size_t before = out->length;
        part = part_of(length);
        if (!engine->deflate(deflate->state, bytes, part, out))
            return false;
        if (out->length - before > stored_size(part)) {
            out->length = before;
            store(bytes, part, out);
        }
    }
    return true;
}

ybb_status ybb__deflate_append(ybb_deflate *deflate, ybb_deflate_level level, const void *bytes,
                               size_t length, ybb_buffer *out, ybb_error *error)
{
    if (level == YBB_DEFLATE_STORE)
        store(bytes, length, out);
    else if (!pack(deflate, bytes, length, out))
        return ybb__fail_memory(error);
    return ybb__buffer_failed(out) ? ybb__fail_memory(error) : YBB_OK;
}

ybb_status ybb__run_pack(ybb_run *run, ybb_deflate *deflate, ybb_chain chain, const void *raw,
                         size_t length, ybb_buffer *scratch, ybb_error *error)
{
    ybb_status status = YBB_OK;
    const void *inner = raw;
    ybb__run_clear(run);
    run->raw_length = run->inner_length = length;
    if (chain == YBB_CHAIN_PLAIN) {
        ybb__buffer_put(&run->bytes, raw, length);
        return ybb__buffer_failed(&run->bytes) ? ybb__fail_memory(error) : YBB_OK;
    }
    run->raw_crc = run->inner_crc = ybb__crc32(0, raw, length);
    if (chain == YBB_CHAIN_ZIP_GZIP) {
        ybb__buffer_clear(scratch);
        status = ybb__deflate_append(deflate, YBB_DEFLATE_STORE, raw, length, scratch, error);
        inner = scratch->at;
        run->inner_length = scratch->length;
        run->inner_crc = ybb__crc32(0, inner, scratch->length);
    }
    if (status == YBB_OK)
        status = ybb__deflate_append(deflate, YBB_DEFLATE_FAST, inner, (size_t)run->inner_length,
                                     &run->bytes, error);
    if (chain == YBB_CHAIN_ZIP) {
        run->inner_length = run->bytes.length;
        run->inner_crc = 0;
    }
    return status;
}

struct ybb_inflate {
    void *state; /* the engine's */
    ybb_inflated out;
};

ybb_inflate *ybb__inflate_new(void)
{
    ybb_inflate *inflate = calloc(1, sizeof(*inflate));
    if (inflate == NULL)
        return NULL;
    inflate->state = engine->inflate_new();
    if (inflate->state == NULL) {
        free(inflate);
        return NULL;
    }
    return inflate;
}

void ybb__inflate_free(ybb_inflate *inflate)
{
    if (inflate == NULL)
        return;
    engine->inflate_free(inflate->state);
    free(inflate);
}

void ybb__inflate_reset(ybb_inflate *inflate)
{
    engine->inflate_reset(inflate->state);
    inflate->out = (ybb_inflated){0};
}

bool ybb__inflate_part(ybb_inflate *inflate, const void *bytes, size_t length, size_t *used)
{
    const char *at = bytes;
    *used = 0;
    while (*used < length && !inflate->out.ended) {
        unsigned part = part_of(length - *used), behind = 0;
        if (!engine->inflate(inflate->state, at + *used, part, &inflate->out, &behind))
            return false;
        *used += part - behind;
    }
    return true;
}

bool ybb__inflate_take(ybb_inflate *inflate, const void *bytes, size_t length)
{
    size_t used;
    return ybb__inflate_part(inflate, bytes, length, &used) && used == length;
}

bool ybb__inflate_out_of_memory(const ybb_inflate *inflate)
{
    return inflate->out.no_memory;
}

bool ybb__inflate_ended(const ybb_inflate *inflate)
{
    return inflate->out.ended;
}

uint32_t ybb__inflate_crc(const ybb_inflate *inflate)
{
    return inflate->out.crc;
}

uint64_t ybb__inflate_length(const ybb_inflate *inflate)
{
    return inflate->out.length;
}

uint32_t ybb__crc32(uint32_t crc, const void *bytes, size_t length)
{
    return length == 0 ? crc : engine->crc32(crc, bytes, length);
}

uint32_t ybb__crc32_join(uint32_t crc_a, uint32_t crc_b, uint64_t length_b)
{
    return (uint32_t)crc32_combine(crc_a, crc_b, (z_off_t)length_b);
}

uint32_t ybb__adler32(const void *bytes, size_t length)
{
    return (uint32_t)adler32_z(1, bytes, length);
}

const char *ybb__deflate_engine(void)
{
    return engine->name;
}

const char *ybb__deflate_version(void)
{
    return engine->version;
}
