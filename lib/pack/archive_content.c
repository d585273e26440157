#include "pack/archive_stream.h"

#include "pack/disk.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { STEP = 256 * 1024 };

typedef struct content {
    const ybb_archive_entry *entry;
    ybb_deflate *deflate;
    ybb_archive_failure *failure;
    int descriptor; /* -1: not open, or bytes */
    uint64_t at;
    uint32_t crc;
    char *step;
    ybb_buffer packed; /* the blocks of the last step */
    size_t given;      /* of those */
    bool ended;
} content;

/* Only the first failure counts; libzip is told that there was one. */
static int64_t fail(content *c, ybb_status status)
{
    if (c->failure->status == YBB_OK)
        c->failure->status = status;
    return -1;
}

static int64_t fail_file(content *c)
{
    return fail(c, ybb__fail_errno(c->failure->error, ybb__disk_status(errno), errno,
                                   "cannot read %s for the archive", c->entry->path));
}

static int64_t start(content *c)
{
    c->at = 0;
    c->crc = 0;
    c->ended = false;
    c->given = 0;
    ybb__buffer_clear(&c->packed);
    if (c->entry->path == NULL)
        return 0;
    c->descriptor = open(c->entry->path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
    return c->descriptor >= 0 ? 0 : fail_file(c);
}

static void stop(content *c)
{
    if (c->descriptor >= 0)
        close(c->descriptor);
    c->descriptor = -1;
}

/* The next bytes of the content itself. */
static int64_t read_raw(content *c, void *data, uint64_t length)
{
    size_t taken = 0;
    if (c->entry->path == NULL) {
        uint64_t left = c->entry->length - c->at;
        taken = (size_t)(left < length ? left : length);
        if (taken > 0)
            memcpy(data, c->entry->bytes + c->at, taken);
    } else {
        ybb_status status =
            ybb__disk_read(c->descriptor, c->at, data, (size_t)length, &taken, c->failure->error);
        if (status != YBB_OK)
            return fail(c, status);
    }
    c->at += taken;
    return (int64_t)taken;
}

static bool pack_step(content *c)
{
    ybb_error *error = c->failure->error;
    ybb__buffer_clear(&c->packed);
    c->given = 0;
    int64_t taken = read_raw(c, c->step, STEP);
    if (taken < 0)
        return false;
    size_t length = (size_t)taken;
    c->crc = ybb__crc32(c->crc, c->step, length);
    ybb_status status =
        ybb__deflate_append(c->deflate, YBB_DEFLATE_FAST, c->step, length, &c->packed, error);
    c->ended = length < STEP;
    if (c->ended)
        ybb__buffer_put(&c->packed, ybb__deflate_end, sizeof(ybb__deflate_end));
    if (status == YBB_OK && ybb__buffer_failed(&c->packed))
        status = ybb__fail_memory(error);
    if (status != YBB_OK)
        fail(c, status);
    return status == YBB_OK;
}

static int64_t read_packed(content *c, void *data, uint64_t length)
{
    while (c->given == c->packed.length) {
        if (c->ended)
            return 0;
        if (!pack_step(c))
            return -1;
    }
    size_t left = c->packed.length - c->given;
    size_t taken = left < length ? left : (size_t)length;
    memcpy(data, c->packed.at + c->given, taken);
    c->given += taken;
    return (int64_t)taken;
}

/* libzip asks before the content is read, for the size, and afterwards, for the sums. */
static int64_t describe(content *c, zip_stat_t *stat_out)
{
    struct stat file;
    zip_stat_init(stat_out);
    stat_out->valid = ZIP_STAT_SIZE;
    stat_out->size = c->entry->length;
    if (c->entry->path != NULL) {
        if (stat(c->entry->path, &file) != 0)
            return fail_file(c);
        stat_out->size = (uint64_t)file.st_size;
    }
    if (!c->entry->packed) {
        stat_out->valid |= ZIP_STAT_COMP_METHOD;
        stat_out->comp_method = ZIP_CM_DEFLATE;
    }
    if (!c->entry->packed && c->ended) {
        stat_out->valid |= ZIP_STAT_CRC;
        stat_out->crc = c->crc;
        stat_out->size = c->at;
    }
    return sizeof(*stat_out);
}

static void release(content *c)
{
    stop(c);
    ybb__buffer_free(&c->packed);
    free(c->step);
    free(c);
}

static zip_int64_t source(void *user, void *data, zip_uint64_t length, zip_source_cmd_t command)
{
    content *c = user;
    switch (command) {
    case ZIP_SOURCE_OPEN:
        return start(c);
    case ZIP_SOURCE_READ:
        return c->entry->packed ? read_raw(c, data, length) : read_packed(c, data, length);
    case ZIP_SOURCE_CLOSE:
        stop(c);
        return 0;
    case ZIP_SOURCE_STAT:
        return describe(c, data);
    case ZIP_SOURCE_ERROR: {
        const zip_error_t error = {.zip_err = ZIP_ER_READ};
        return zip_error_to_data(&error, data, length);
    }
    case ZIP_SOURCE_FREE:
        release(c);
        return 0;
    case ZIP_SOURCE_SUPPORTS:
        return ZIP_SOURCE_SUPPORTS_READABLE;
    default:
        return -1;
    }
}

zip_source_t *ybb__archive_content(const ybb_archive_entry *entry, ybb_deflate *deflate,
                                   ybb_archive_failure *failure)
{
    content *c = calloc(1, sizeof(*c));
    if (c == NULL)
        return NULL;
    *c = (content){.entry = entry, .deflate = deflate, .failure = failure, .descriptor = -1};
    if (!entry->packed)
        c->step = malloc(STEP);
    zip_source_t *made = NULL;
    if (entry->packed || c->step != NULL)
        made = zip_source_function_create(source, c, NULL);
    if (made == NULL)
        release(c);
    return made;
}
