#include "pack/zip_check.h"

#include "pack/archive_stream.h"
#include "pack/disk.h"
#include "pack/little_endian.h"
#include "pack/zip_format.h"

#include <stdlib.h>
#include <string.h>
#include <zip.h>

enum {
    STEP = 256 * 1024,
    SIGNATURE_SIZE = 4,
    SHOWN = 100 /* bytes of a name in a message */
};

/* A file being read back, and as a zip_source. */
typedef struct reader {
    int descriptor;
    uint64_t size, at;
    const ybb_walk *walk;
    ybb_inflate *inflate;
    char *step;
    zip_error_t zip_error;
    ybb_status unread; /* not YBB_OK: the file could not be read at all */
    ybb_error *error;
} reader;

static ybb_status corrupt(reader *r, const char *what, const char *name, const char *why)
{
    return ybb__fail(r->error, YBB_OUTPUT_CORRUPT, "%s%s%.*s%s does not read back: %s", what,
                     name != NULL ? " \"" : "", SHOWN, name != NULL ? name : "",
                     name != NULL ? "\"" : "", why);
}

static int64_t source_read(reader *r, void *data, uint64_t length)
{
    size_t taken;
    r->unread = ybb__disk_read(r->descriptor, r->at, data, (size_t)length, &taken, r->error);
    if (r->unread != YBB_OK) {
        zip_error_set(&r->zip_error, ZIP_ER_READ, 0);
        return -1;
    }
    r->at += taken;
    return (int64_t)taken;
}

static int64_t source_seek(reader *r, void *data, uint64_t length)
{
    int64_t at = zip_source_seek_compute_offset(r->at, r->size, data, length, &r->zip_error);
    if (at < 0)
        return -1;
    r->at = (uint64_t)at;
    return 0;
}

static int64_t source_stat(const reader *r, zip_stat_t *stat)
{
    zip_stat_init(stat);
    stat->valid = ZIP_STAT_SIZE;
    stat->size = r->size;
    return sizeof(*stat);
}

/* libzip's view of the file: positions of its own, so the descriptor's stays where it is. */
static zip_int64_t source(void *user, void *data, zip_uint64_t length, zip_source_cmd_t command)
{
    reader *r = user;
    switch (command) {
    case ZIP_SOURCE_OPEN:
        r->at = 0;
        return 0;
    case ZIP_SOURCE_READ:
        return source_read(r, data, length);
    case ZIP_SOURCE_SEEK:
        return source_seek(r, data, length);
    case ZIP_SOURCE_TELL:
        return (zip_int64_t)r->at;
    case ZIP_SOURCE_STAT:
        return source_stat(r, data);
    case ZIP_SOURCE_ERROR:
        return zip_error_to_data(&r->zip_error, data, length);
    case ZIP_SOURCE_CLOSE:
    case ZIP_SOURCE_FREE:
        return 0;
    case ZIP_SOURCE_SUPPORTS:
        return ZIP_SOURCE_SUPPORTS_SEEKABLE;
    default:
        zip_error_set(&r->zip_error, ZIP_ER_OPNOTSUPP, 0);
        return -1;
    }
}

static ybb_status fail_zip(reader *r, const char *what, const char *name, zip_error_t *zip_error)
{
    if (r->unread != YBB_OK)
        return r->unread;
    if (ybb__zip_out_of_memory(zip_error))
        return ybb__fail_memory(r->error);
    return corrupt(r, what, name, zip_error_strerror(zip_error));
}

/* What inflate refused. */
static ybb_status fail_inflate(reader *r, const char *what, const char *name)
{
    if (ybb__inflate_out_of_memory(r->inflate))
        return ybb__fail_memory(r->error);
    return corrupt(r, what, name, "its deflate stream is broken");
}

/* The packed bytes of an entry through inflate or, where it is stored, through the CRC alone. */
static ybb_status read_entry(reader *r, zip_file_t *file, const zip_stat_t *entry)
{
    uint64_t left = entry->comp_size, length = 0;
    uint32_t crc = 0;
    bool stored = entry->comp_method == ZIP_CM_STORE;
    ybb__inflate_reset(r->inflate);
    while (left > 0) {
        zip_int64_t taken = zip_fread(file, r->step, left < STEP ? left : STEP);
        if (taken < 0)
            return fail_zip(r, "the entry", entry->name, zip_file_get_error(file));
        if (taken == 0)
            return corrupt(r, "the entry", entry->name, "it ends early");
        left -= (uint64_t)taken;
        length += (uint64_t)taken;
        if (stored)
            crc = ybb__crc32(crc, r->step, (size_t)taken);
        else if (!ybb__inflate_take(r->inflate, r->step, (size_t)taken))
            return fail_inflate(r, "the entry", entry->name);
    }
    if (!stored && !ybb__inflate_ended(r->inflate))
        return corrupt(r, "the entry", entry->name, "its deflate stream has no end");
    if ((stored ? length : ybb__inflate_length(r->inflate)) != entry->size)
        return corrupt(r, "the entry", entry->name, "its size is wrong");
    if ((stored ? crc : ybb__inflate_crc(r->inflate)) != entry->crc)
        return corrupt(r, "the entry", entry->name, "its CRC is wrong");
    return YBB_OK;
}

/* What stands behind an entry's data is the next header or a descriptor, which libzip does not look
 * at but a reader that cannot seek relies on. */
static ybb_status check_descriptor(reader *r, const zip_stat_t *entry)
{
    unsigned char next[YBB_ZIP_DESCRIPTOR_SIZE];
    size_t taken;
    ybb_status status = ybb__disk_read(r->descriptor, r->at, next, sizeof(next), &taken, r->error);
    if (status != YBB_OK)
        return status;
    uint32_t signature = taken < SIGNATURE_SIZE ? 0 : ybb__get_u32(next);
    if (signature == YBB_ZIP_LOCAL || signature == YBB_ZIP_CENTRAL)
        return YBB_OK;
    if (taken < sizeof(next) || signature != YBB_ZIP_DESCRIPTOR ||
        ybb__get_u32(next + 4) != entry->crc || ybb__get_u32(next + 8) != entry->comp_size ||
        ybb__get_u32(next + 12) != entry->size)
        return corrupt(r, "the entry", entry->name, "its data descriptor is wrong");
    return YBB_OK;
}

/* Where the packed bytes of an entry, which has some, begin; UINT64_MAX where libzip cannot say. */
static uint64_t start_of(reader *r, zip_t *zip, uint64_t index)
{
    char first;
    zip_file_t *file = zip_fopen_index(zip, index, ZIP_FL_COMPRESSED);
    bool read = file != NULL && zip_fread(file, &first, 1) == 1;
    if (file != NULL)
        zip_fclose(file);
    return read ? r->at - 1 : UINT64_MAX;
}

/* Whether the walk has read the entry, and found what the directory says of it: then its
 * descriptor, too, is right. */
static bool was_read(reader *r, zip_t *zip, uint64_t index, const zip_stat_t *entry)
{
    if (index >= r->walk->count || entry->comp_method != ZIP_CM_DEFLATE)
        return false;
    const ybb_walked *walked = &r->walk->entries[index];
    return walked->packed == entry->comp_size && walked->length == entry->size &&
           walked->crc == entry->crc && walked->start == start_of(r, zip, index);
}

static ybb_status check_entry(reader *r, zip_t *zip, uint64_t index)
{
    const uint64_t needed =
        ZIP_STAT_NAME | ZIP_STAT_SIZE | ZIP_STAT_COMP_SIZE | ZIP_STAT_CRC | ZIP_STAT_COMP_METHOD;
    zip_stat_t entry;
    if (zip_stat_index(zip, index, 0, &entry) != 0)
        return fail_zip(r, "an entry", NULL, zip_get_error(zip));
    if ((entry.valid & needed) != needed ||
        (entry.comp_method != ZIP_CM_STORE && entry.comp_method != ZIP_CM_DEFLATE))
        return corrupt(r, "the entry", entry.name, "its header is wrong");
    if (was_read(r, zip, index, &entry))
        return YBB_OK;
    zip_file_t *file = zip_fopen_index(zip, index, ZIP_FL_COMPRESSED);
    if (file == NULL)
        return fail_zip(r, "the entry", entry.name, zip_get_error(zip));
    ybb_status status = read_entry(r, file, &entry);
    if (status == YBB_OK && entry.comp_size > 0)
        status = check_descriptor(r, &entry);
    zip_fclose(file);
    return status;
}

static ybb_status verify_zip(reader *r)
{
    zip_error_t zip_error;
    zip_error_init(&zip_error);
    zip_source_t *file = zip_source_function_create(source, r, &zip_error);
    zip_t *zip =
        file == NULL ? NULL : zip_open_from_source(file, ZIP_RDONLY | ZIP_CHECKCONS, &zip_error);
    ybb_status status = YBB_OK;
    if (zip == NULL) {
        zip_source_free(file);
        status = fail_zip(r, "the zip container", NULL, &zip_error);
    } else {
        zip_int64_t count = zip_get_num_entries(zip, 0);
        for (zip_int64_t i = 0; status == YBB_OK && i < count; i++)
            status = check_entry(r, zip, (uint64_t)i);
        zip_discard(zip);
    }
    zip_error_fini(&zip_error);
    return status;
}

ybb_status ybb__zip_check(int descriptor, uint64_t size, const ybb_walk *walk, ybb_error *error)
{
    reader r = {.descriptor = descriptor, .size = size, .walk = walk, .error = error};
    if (size == 0) /* which libzip takes for a zip of no entries */
        return corrupt(&r, "the file", NULL, "it is empty");
    zip_error_init(&r.zip_error);
    r.step = malloc(STEP);
    r.inflate = ybb__inflate_new();
    ybb_status status =
        r.step != NULL && r.inflate != NULL ? verify_zip(&r) : ybb__fail_memory(error);
    ybb__inflate_free(r.inflate);
    free(r.step);
    zip_error_fini(&r.zip_error);
    return status;
}
