#include "pack/archive_stream.h"

#include "pack/disk.h"

#include <stdlib.h>

enum { COLLECTED = 256 * 1024 };

typedef struct target {
    int descriptor;
    const char *path;
    ybb_archive_failure *failure;
    uint64_t at, length;
    ybb_buffer pending;  /* bytes not written yet, */
    uint64_t pending_at; /* which belong here */
    zip_error_t zip_error;
} target;

static int64_t fail(target *t, ybb_status status)
{
    if (t->failure->status == YBB_OK)
        t->failure->status = status;
    zip_error_set(&t->zip_error, ZIP_ER_WRITE, 0);
    return -1;
}

static int64_t flush(target *t)
{
    ybb_error *error = t->failure->error;
    ybb_status status = YBB_OK;
    if (ybb__buffer_failed(&t->pending))
        status = ybb__fail_memory(error);
    else
        status = ybb__disk_write(t->descriptor, t->path, t->pending_at, t->pending.at,
                                 t->pending.length, error);
    ybb__buffer_clear(&t->pending);
    return status == YBB_OK ? 0 : fail(t, status);
}

/* Small writes are joined as long as each begins where the one before it ended. */
static int64_t put(target *t, const void *data, uint64_t length)
{
    if (t->at != t->pending_at + t->pending.length) {
        if (flush(t) < 0)
            return -1;
        t->pending_at = t->at;
    }
    ybb__buffer_put(&t->pending, data, (size_t)length);
    t->at += length;
    if (t->length < t->at)
        t->length = t->at;
    if (ybb__buffer_failed(&t->pending) || t->pending.length >= COLLECTED) {
        if (flush(t) < 0)
            return -1;
        t->pending_at = t->at;
    }
    return (int64_t)length;
}

static int64_t seek(target *t, void *data, uint64_t length)
{
    int64_t at = zip_source_seek_compute_offset(t->at, t->length, data, length, &t->zip_error);
    if (at < 0)
        return -1;
    t->at = (uint64_t)at;
    return 0;
}

static int64_t describe(zip_stat_t *stat)
{
    zip_stat_init(stat);
    stat->valid = ZIP_STAT_SIZE; /* of what is there to read: nothing */
    return sizeof(*stat);
}

static void release(target *t)
{
    ybb__buffer_free(&t->pending);
    zip_error_fini(&t->zip_error);
    free(t);
}

/* The commands for reading are there because libzip asks for them; it opens the file as an empty
 * one. */
static zip_int64_t source(void *user, void *data, zip_uint64_t length, zip_source_cmd_t command)
{
    target *t = user;
    switch (command) {
    case ZIP_SOURCE_OPEN:
    case ZIP_SOURCE_READ:
    case ZIP_SOURCE_CLOSE:
    case ZIP_SOURCE_SEEK:
    case ZIP_SOURCE_TELL:
    case ZIP_SOURCE_BEGIN_WRITE:
    case ZIP_SOURCE_ROLLBACK_WRITE: /* who made the file removes it */
    case ZIP_SOURCE_REMOVE:
        return 0;
    case ZIP_SOURCE_STAT:
        return describe(data);
    case ZIP_SOURCE_WRITE:
        return put(t, data, length);
    case ZIP_SOURCE_SEEK_WRITE:
        return seek(t, data, length);
    case ZIP_SOURCE_TELL_WRITE:
        return (zip_int64_t)t->at;
    case ZIP_SOURCE_COMMIT_WRITE:
        return flush(t);
    case ZIP_SOURCE_ERROR:
        return zip_error_to_data(&t->zip_error, data, length);
    case ZIP_SOURCE_FREE:
        release(t);
        return 0;
    case ZIP_SOURCE_SUPPORTS:
        return ZIP_SOURCE_SUPPORTS_WRITABLE;
    default:
        zip_error_set(&t->zip_error, ZIP_ER_OPNOTSUPP, 0);
        return -1;
    }
}

zip_source_t *ybb__archive_target(int descriptor, const char *path, ybb_archive_failure *failure)
{
    target *t = calloc(1, sizeof(*t));
    if (t == NULL)
        return NULL;
    *t = (target){.descriptor = descriptor, .path = path, .failure = failure};
    zip_error_init(&t->zip_error);
    zip_source_t *made = zip_source_function_create(source, t, NULL);
    if (made == NULL)
        release(t);
    return made;
}
