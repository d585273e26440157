#include "pack/gzip.h"

#include "pack/little_endian.h"
#include "pack/zip_format.h"

#include <stdlib.h>
#include <string.h>

enum {
    FASTEST = 4,            /* of the compressor's algorithms */
    SYSTEM_UNKNOWN = 255,   /* the same bytes on any */
    COLLECTED = 256 * 1024, /* bytes are packed in pieces of this size, however they come */
    FIRST_PRINTABLE = 0x20,
    LAST_PRINTABLE = 0x7e
};

static const int64_t microseconds_per_second = 1000000;

struct ybb_gzip {
    ybb_sink as_sink; /* first: a sink is its gzip */
    ybb_sink *sink;
    ybb_deflate *deflate;
    ybb_buffer header; /* until it is written */
    ybb_buffer pending, scratch;
    ybb_run sums; /* of the content that was packed: inner */
};

/* 0 says that there is no time: the field ends in 2106. */
static uint32_t unix_time(int64_t microseconds)
{
    int64_t seconds = microseconds / microseconds_per_second;
    return seconds > 0 && seconds <= UINT32_MAX ? (uint32_t)seconds : 0;
}

static bool is_plain(const char *name)
{
    const char *at = name;
    while (*at >= FIRST_PRINTABLE && *at <= LAST_PRINTABLE)
        at++;
    return *at == '\0' && at > name;
}

static void put_header(ybb_buffer *out, const char *name, int64_t time)
{
    bool named = is_plain(name);
    const unsigned char head[] = {0x1f, 0x8b, YBB_METHOD_DEFLATE, named ? YBB_GZIP_FLAG_NAME : 0};
    ybb__buffer_put(out, head, sizeof(head));
    ybb__put_u32(out, unix_time(time));
    ybb__buffer_put_char(out, FASTEST);
    ybb__buffer_put_char(out, (char)SYSTEM_UNKNOWN);
    if (named)
        ybb__buffer_put(out, name, strlen(name) + 1);
}

/* What a buffer holds; it is empty afterwards. */
static ybb_status emit(ybb_gzip *gzip, ybb_buffer *buffer, ybb_error *error)
{
    if (ybb__buffer_failed(buffer))
        return ybb__fail_memory(error);
    ybb_status status = YBB_OK;
    if (buffer->length > 0)
        status = gzip->sink->write(gzip->sink, buffer->at, buffer->length, error);
    ybb__buffer_clear(buffer);
    return status;
}

static ybb_status pack_pending(ybb_gzip *gzip, ybb_error *error)
{
    ybb_buffer *pending = &gzip->pending;
    if (ybb__buffer_failed(pending))
        return ybb__fail_memory(error);
    const ybb_run sums = {.inner_length = pending->length,
                          .inner_crc = ybb__crc32(0, pending->at, pending->length)};
    ybb__run_add_sums(&gzip->sums, &sums);
    ybb_status status = ybb__deflate_append(gzip->deflate, YBB_DEFLATE_FAST, pending->at,
                                            pending->length, &gzip->scratch, error);
    ybb__buffer_clear(pending);
    if (status == YBB_OK)
        status = emit(gzip, &gzip->header, error);
    return status == YBB_OK ? emit(gzip, &gzip->scratch, error) : status;
}

static ybb_status gzip_write(ybb_sink *sink, const void *bytes, size_t length, ybb_error *error)
{
    ybb_gzip *gzip = (ybb_gzip *)sink;
    ybb_status status = YBB_OK;
    const char *at = bytes;
    while (status == YBB_OK && length > 0) {
        size_t part = COLLECTED - gzip->pending.length;
        part = length < part ? length : part;
        ybb__buffer_put(&gzip->pending, at, part);
        at += part;
        length -= part;
        if (ybb__buffer_failed(&gzip->pending) || gzip->pending.length == COLLECTED)
            status = pack_pending(gzip, error);
    }
    return status;
}

static ybb_status gzip_write_run(ybb_sink *sink, const ybb_run *run, ybb_error *error)
{
    ybb_gzip *gzip = (ybb_gzip *)sink;
    ybb_status status = pack_pending(gzip, error);
    if (status != YBB_OK)
        return status;
    ybb__run_add_sums(&gzip->sums, run);
    return gzip->sink->write_run(gzip->sink, run, error);
}

ybb_gzip *ybb__gzip_new(ybb_sink *sink, const char *name, int64_t time)
{
    ybb_gzip *gzip = calloc(1, sizeof(*gzip));
    if (gzip == NULL)
        return NULL;
    gzip->as_sink = (ybb_sink){.write = gzip_write, .write_run = gzip_write_run};
    gzip->sink = sink;
    gzip->deflate = ybb__deflate_new();
    put_header(&gzip->header, name, time);
    if (gzip->deflate == NULL || ybb__buffer_failed(&gzip->header)) {
        ybb__gzip_free(gzip);
        return NULL;
    }
    return gzip;
}

void ybb__gzip_free(ybb_gzip *gzip)
{
    if (gzip == NULL)
        return;
    ybb__deflate_free(gzip->deflate);
    ybb__buffer_free(&gzip->header);
    ybb__buffer_free(&gzip->pending);
    ybb__buffer_free(&gzip->scratch);
    free(gzip);
}

ybb_sink *ybb__gzip_sink(ybb_gzip *gzip)
{
    return &gzip->as_sink;
}

ybb_status ybb__gzip_finish(ybb_gzip *gzip, ybb_error *error)
{
    ybb_status status = pack_pending(gzip, error);
    if (status != YBB_OK)
        return status;
    ybb_buffer *tail = &gzip->scratch;
    ybb__buffer_put(tail, ybb__deflate_end, sizeof(ybb__deflate_end));
    ybb__put_u32(tail, gzip->sums.inner_crc);
    ybb__put_u32(tail, (uint32_t)gzip->sums.inner_length);
    return emit(gzip, tail, error);
}

uint64_t ybb__gzip_content_length(const ybb_gzip *gzip)
{
    return gzip->sums.inner_length + gzip->pending.length;
}
