#include "pack/zip.h"

#include "pack/dos_time.h"
#include "pack/little_endian.h"
#include "pack/zip_format.h"

#include <stdlib.h>
#include <string.h>

enum {
    VERSION = 20,       /* 2.0 knows deflate */
    FLAG_UTF8 = 0x0800, /* the name is */
    MOST_NAME = 65535,
    MOST_ENTRIES = 65534,   /* one more would mean: see the ZIP64 record */
    COLLECTED = 256 * 1024, /* bytes are packed in pieces of this size, however they come */
    SHOWN = 100             /* bytes of a name in a message */
};

/* A size or an offset of this would mean: see the ZIP64 field. */
static const uint64_t too_large = UINT32_MAX;

struct ybb_zip {
    ybb_sink *sink;
    ybb_deflate *deflate;
    ybb_deflate_level level;
    uint32_t dos_time;
    uint64_t at; /* bytes of the container so far */
    uint32_t entries;
    ybb_buffer directory;
    /* the entry being written: */
    char *name; /* NULL: none is */
    uint64_t offset;
    ybb_run sums; /* its packed size is their inner length */
    ybb_buffer pending, scratch;
};

ybb_zip *ybb__zip_new(ybb_sink *sink, int64_t time, ybb_deflate_level level)
{
    ybb_zip *zip = calloc(1, sizeof(*zip));
    if (zip == NULL)
        return NULL;
    zip->sink = sink;
    zip->level = level;
    zip->dos_time = ybb__dos_time(time);
    zip->deflate = ybb__deflate_new();
    if (zip->deflate == NULL) {
        free(zip);
        return NULL;
    }
    return zip;
}

void ybb__zip_free(ybb_zip *zip)
{
    if (zip == NULL)
        return;
    ybb__deflate_free(zip->deflate);
    ybb__buffer_free(&zip->directory);
    ybb__buffer_free(&zip->pending);
    ybb__buffer_free(&zip->scratch);
    free(zip->name);
    free(zip);
}

static ybb_status advance(ybb_zip *zip, uint64_t length, ybb_error *error)
{
    zip->at += length;
    if (zip->at >= too_large)
        return ybb__fail(error, YBB_TOO_LARGE, "the zip container would reach 4 GiB");
    return YBB_OK;
}

/* What a buffer holds; it is empty afterwards. */
static ybb_status emit(ybb_zip *zip, ybb_buffer *buffer, ybb_error *error)
{
    if (ybb__buffer_failed(buffer))
        return ybb__fail_memory(error);
    ybb_status status = advance(zip, buffer->length, error);
    if (status == YBB_OK && buffer->length > 0)
        status = zip->sink->write(zip->sink, buffer->at, buffer->length, error);
    ybb__buffer_clear(buffer);
    return status;
}

static ybb_status add_sums(ybb_zip *zip, const ybb_run *run, ybb_error *error)
{
    ybb__run_add_sums(&zip->sums, run);
    if (zip->sums.raw_length >= too_large || zip->sums.inner_length >= too_large)
        return ybb__fail(error, YBB_TOO_LARGE, "the zip entry \"%.*s\" would reach 4 GiB", SHOWN,
                         zip->name);
    return YBB_OK;
}

static ybb_status pack(ybb_zip *zip, const void *bytes, size_t length, ybb_error *error)
{
    ybb_buffer *packed = &zip->scratch;
    ybb__buffer_clear(packed);
    ybb_status status = ybb__deflate_append(zip->deflate, zip->level, bytes, length, packed, error);
    if (status != YBB_OK)
        return status;
    const ybb_run sums = {.raw_length = length,
                          .raw_crc = ybb__crc32(0, bytes, length),
                          .inner_length = packed->length};
    status = add_sums(zip, &sums, error);
    return status == YBB_OK ? emit(zip, packed, error) : status;
}

static ybb_status pack_pending(ybb_zip *zip, ybb_error *error)
{
    if (ybb__buffer_failed(&zip->pending))
        return ybb__fail_memory(error);
    ybb_status status = pack(zip, zip->pending.at, zip->pending.length, error);
    ybb__buffer_clear(&zip->pending);
    return status;
}

/* The fields that local header and directory share: version to bit flags, method, time. */
static void put_kind(const ybb_zip *zip, ybb_buffer *out)
{
    ybb__put_u16(out, VERSION);
    ybb__put_u16(out, FLAG_UTF8 | YBB_ZIP_DESCRIPTOR_FOLLOWS);
    ybb__put_u16(out, YBB_METHOD_DEFLATE);
    ybb__put_u32(out, zip->dos_time);
}

static void put_sums(const ybb_run *sums, ybb_buffer *out)
{
    ybb__put_u32(out, sums->raw_crc);
    ybb__put_u32(out, (uint32_t)sums->inner_length);
    ybb__put_u32(out, (uint32_t)sums->raw_length);
}

ybb_status ybb__zip_begin(ybb_zip *zip, const char *name, ybb_error *error)
{
    static const ybb_run unknown = {0}; /* the descriptor has the sums */
    size_t length = strlen(name);
    if (zip->name != NULL || length > MOST_NAME)
        return ybb__fail(error, YBB_INTERNAL, "the zip entry \"%.*s\" cannot begin", SHOWN, name);
    if (zip->entries == MOST_ENTRIES)
        return ybb__fail(error, YBB_TOO_LARGE, "the zip container would have 65535 entries");
    zip->name = strdup(name);
    if (zip->name == NULL)
        return ybb__fail_memory(error);
    zip->entries++;
    zip->offset = zip->at;
    zip->sums = unknown;
    ybb_buffer *header = &zip->scratch;
    ybb__buffer_clear(header);
    ybb__put_u32(header, YBB_ZIP_LOCAL);
    put_kind(zip, header);
    put_sums(&unknown, header);
    ybb__put_u16(header, (uint32_t)length);
    ybb__put_u16(header, 0); /* no extra field */
    ybb__buffer_put(header, name, length);
    return emit(zip, header, error);
}

static ybb_status check_open(const ybb_zip *zip, ybb_error *error)
{
    return zip->name != NULL ? YBB_OK : ybb__fail(error, YBB_INTERNAL, "no zip entry is open");
}

ybb_status ybb__zip_run(ybb_zip *zip, const ybb_run *run, ybb_error *error)
{
    ybb_status status = check_open(zip, error);
    if (status == YBB_OK)
        status = pack_pending(zip, error);
    if (status == YBB_OK)
        status = add_sums(zip, run, error);
    if (status == YBB_OK)
        status = advance(zip, run->inner_length, error);
    return status == YBB_OK ? zip->sink->write_run(zip->sink, run, error) : status;
}

ybb_status ybb__zip_bytes(ybb_zip *zip, const void *bytes, size_t length, ybb_error *error)
{
    const char *at = bytes;
    ybb_status status = check_open(zip, error);
    while (status == YBB_OK && length > 0) {
        size_t part = COLLECTED - zip->pending.length;
        part = length < part ? length : part;
        ybb__buffer_put(&zip->pending, at, part);
        at += part;
        length -= part;
        if (ybb__buffer_failed(&zip->pending) || zip->pending.length == COLLECTED)
            status = pack_pending(zip, error);
    }
    return status;
}

static void put_directory_entry(ybb_zip *zip)
{
    ybb_buffer *out = &zip->directory;
    ybb__put_u32(out, YBB_ZIP_CENTRAL);
    ybb__put_u16(out, VERSION); /* made by: the same, and no system whose attributes follow */
    put_kind(zip, out);
    put_sums(&zip->sums, out);
    ybb__put_u16(out, (uint32_t)strlen(zip->name));
    ybb__put_u16(out, 0); /* no extra field */
    ybb__put_u16(out, 0); /* no comment */
    ybb__put_u16(out, 0); /* the first disk */
    ybb__put_u16(out, 0); /* internal attributes */
    ybb__put_u32(out, 0); /* external attributes */
    ybb__put_u32(out, (uint32_t)zip->offset);
    ybb__buffer_put_text(out, zip->name);
}

ybb_status ybb__zip_end(ybb_zip *zip, ybb_error *error)
{
    static const ybb_run end = {.inner_length = sizeof(ybb__deflate_end)};
    ybb_status status = check_open(zip, error);
    if (status == YBB_OK)
        status = pack_pending(zip, error);
    if (status == YBB_OK)
        status = add_sums(zip, &end, error);
    if (status != YBB_OK)
        return status;
    ybb_buffer *tail = &zip->scratch;
    ybb__buffer_clear(tail);
    ybb__buffer_put(tail, ybb__deflate_end, sizeof(ybb__deflate_end));
    ybb__put_u32(tail, YBB_ZIP_DESCRIPTOR);
    put_sums(&zip->sums, tail);
    put_directory_entry(zip);
    free(zip->name);
    zip->name = NULL;
    return emit(zip, tail, error);
}

ybb_status ybb__zip_finish(ybb_zip *zip, ybb_error *error)
{
    if (zip->name != NULL)
        return ybb__fail(error, YBB_INTERNAL, "the zip entry \"%.*s\" is still open", SHOWN,
                         zip->name);
    uint64_t offset = zip->at;
    uint64_t length = zip->directory.length;
    ybb_status status = emit(zip, &zip->directory, error);
    if (status != YBB_OK)
        return status;
    ybb_buffer *end = &zip->scratch;
    ybb__buffer_clear(end);
    ybb__put_u32(end, YBB_ZIP_END);
    ybb__put_u16(end, 0); /* this disk */
    ybb__put_u16(end, 0); /* the directory's */
    ybb__put_u16(end, zip->entries);
    ybb__put_u16(end, zip->entries);
    ybb__put_u32(end, (uint32_t)length);
    ybb__put_u32(end, (uint32_t)offset);
    ybb__put_u16(end, 0); /* no comment */
    return emit(zip, end, error);
}
