/*
 * ISA-L at level 1, which builds Huffman tables of its own for each block. Measured with sheet XML:
 * level 0 with its fixed tables is a tenth faster and a quarter larger, level 3 three times slower
 * and a sixteenth smaller; zlib at level 1 packs as well at a sixth of the speed.
 */
#include "pack/engine.h"

#ifdef HAVE_ISAL

#include <isa-l.h>
#include <stdlib.h>

#define TEXT_OF(number) #number
#define TEXT(number)    TEXT_OF(number)

enum { LEVEL = 1, FIRST = 16, OUT_STEP = 128 * 1024, WINDOW = 128 * 1024, BITS_IN_BYTE = 8 };

typedef struct deflater {
    struct isal_zstream stream;
    uint8_t level_buffer[ISAL_DEF_LVL1_DEFAULT];
} deflater;

typedef struct inflater {
    struct inflate_state state;
    uint8_t window[WINDOW];
} inflater;

/* It reads through a pointer without const. */
static uint8_t *input(const void *bytes)
{
    return (uint8_t *)(uintptr_t)bytes;
}

static void *deflate_new(void)
{
    return calloc(1, sizeof(deflater));
}

/* Each call has the same room whatever the buffer has: where a block ends may depend on it. */
static bool deflate_some(deflater *own, const void *bytes, unsigned length, int flush,
                         ybb_buffer *out)
{
    struct isal_zstream *stream = &own->stream;
    stream->flush = (uint16_t)flush;
    stream->next_in = input(bytes);
    stream->avail_in = length;
    do {
        if (!ybb__buffer_reserve(out, OUT_STEP))
            return false;
        stream->next_out = (uint8_t *)out->at + out->length;
        stream->avail_out = OUT_STEP;
        isal_deflate(stream);
        out->length += OUT_STEP - stream->avail_out;
    } while (stream->avail_out == 0 || stream->avail_in > 0);
    return true;
}

/* The first bytes go alone. In place of what stands at the third byte, ISA-L's loop over many bytes
 * enters the address of the stream into its table of matches, and the packed bytes then depend on
 * it (seen in 2.30; the label write_first_byte of igzip_icf_body_h1_gr_bt.asm). So few bytes are
 * packed by another loop, and the first one goes on from there. */
static bool deflate_piece(void *state, const void *bytes, unsigned length, ybb_buffer *out)
{
    deflater *own = state;
    unsigned first = length < FIRST ? length : FIRST;
    isal_deflate_init(&own->stream);
    own->stream.level = LEVEL;
    own->stream.level_buf = own->level_buffer;
    own->stream.level_buf_size = sizeof(own->level_buffer);
    if (first == length)
        return deflate_some(own, bytes, length, FULL_FLUSH, out);
    return deflate_some(own, bytes, first, SYNC_FLUSH, out) &&
           deflate_some(own, (const char *)bytes + first, length - first, FULL_FLUSH, out);
}

static void *inflate_new(void)
{
    inflater *own = calloc(1, sizeof(*own));
    if (own != NULL)
        isal_inflate_init(&own->state);
    return own;
}

static void inflate_reset(void *state)
{
    isal_inflate_reset(&((inflater *)state)->state);
}

static uint32_t crc(uint32_t before, const void *bytes, size_t length)
{
    return crc32_gzip_refl(before, bytes, length);
}

/* One call of inflate. False where the stream is broken. */
static bool inflate_step(inflater *own, ybb_inflated *out)
{
    own->state.next_out = own->window;
    own->state.avail_out = WINDOW;
    int result = isal_inflate(&own->state);
    size_t given = WINDOW - own->state.avail_out;
    out->crc = crc(out->crc, own->window, given);
    out->length += given;
    out->ended = own->state.block_state == ISAL_BLOCK_FINISH;
    return result >= ISAL_DECOMP_OK;
}

/* It reads ahead: whole bytes that it holds behind the end were not the stream's. */
static bool inflate_piece(void *state, const void *bytes, unsigned length, ybb_inflated *out,
                          unsigned *behind)
{
    inflater *own = state;
    struct inflate_state *stream = &own->state;
    stream->next_in = input(bytes);
    stream->avail_in = length;
    do {
        if (!inflate_step(own, out))
            return false;
    } while (!out->ended && (stream->avail_in > 0 || stream->avail_out == 0));
    unsigned ahead = out->ended ? (unsigned)stream->read_in_length / BITS_IN_BYTE : 0;
    *behind = stream->avail_in + ahead;
    return *behind <= length;
}

const ybb_engine ybb__engine_isal = {
    .name = "ISA-L",
    .version = TEXT(ISAL_MAJOR_VERSION) "." TEXT(ISAL_MINOR_VERSION) "." TEXT(ISAL_PATCH_VERSION),
    .deflate_new = deflate_new,
    .deflate_free = free,
    .deflate = deflate_piece,
    .inflate_new = inflate_new,
    .inflate_free = free,
    .inflate_reset = inflate_reset,
    .inflate = inflate_piece,
    .crc32 = crc,
};

#endif
