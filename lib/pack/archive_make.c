#include "pack/archive.h"

#include "pack/archive_stream.h"
#include "pack/disk.h"
#include "pack/dos_time.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

enum { FILE_MODE = 0600, ENTRY_MODE = 0644, MODE_SHIFT = 16, TIME_BITS = 16, TIME_MASK = 0xffff };

static const double progress_step = 0.01;

typedef struct maker {
    const char *path;
    zip_t *zip;
    ybb_deflate *deflate;
    uint32_t dos_time;
    bool (*progress)(double part, void *user);
    void *user;
    bool stopped;
    ybb_archive_failure failure;
} maker;

static void tell(zip_t *zip, double part, void *user)
{
    maker *m = user;
    (void)zip;
    if (!m->stopped && !m->progress(part, m->user))
        m->stopped = true;
}

static int asks_to_stop(zip_t *zip, void *user)
{
    (void)zip;
    return ((const maker *)user)->stopped;
}

/* Of what happened at the two ends, what was asked, and what libzip says, the first that is there.
 */
static ybb_status fail(maker *m, zip_error_t *zip_error)
{
    ybb_error *error = m->failure.error;
    if (m->failure.status != YBB_OK)
        return m->failure.status;
    if (m->stopped)
        return ybb__fail(error, YBB_CANCELLED, "making the archive was cancelled");
    if (ybb__zip_out_of_memory(zip_error))
        return ybb__fail_memory(error);
    return ybb__fail(error, YBB_OUTPUT_ERROR, "cannot make the archive %s: %s", m->path,
                     zip_error_strerror(zip_error));
}

/* The time is the same in every time zone, unless the local clock skips it in spring: libzip takes
 * it through local time. */
static ybb_status add(maker *m, const ybb_archive_entry *entry)
{
    zip_source_t *content = ybb__archive_content(entry, m->deflate, &m->failure);
    if (content == NULL)
        return ybb__fail_memory(m->failure.error);
    zip_int64_t added = zip_file_add(m->zip, entry->name, content, ZIP_FL_ENC_UTF_8);
    if (added < 0) {
        zip_source_free(content);
        return fail(m, zip_get_error(m->zip));
    }
    zip_uint64_t index = (zip_uint64_t)added;
    zip_int32_t method = entry->packed ? ZIP_CM_STORE : ZIP_CM_DEFLATE;
    if (zip_set_file_compression(m->zip, index, method, 0) != 0 ||
        zip_file_set_dostime(m->zip, index, m->dos_time & TIME_MASK,
                             (zip_uint16_t)(m->dos_time >> TIME_BITS), 0) != 0 ||
        zip_file_set_external_attributes(m->zip, index, 0, ZIP_OPSYS_UNIX,
                                         (zip_uint32_t)(S_IFREG | ENTRY_MODE) << MODE_SHIFT) != 0)
        return fail(m, zip_get_error(m->zip));
    return YBB_OK;
}

static ybb_status open_zip(maker *m, int descriptor)
{
    zip_error_t zip_error;
    zip_error_init(&zip_error);
    ybb_status status = YBB_OK;
    zip_source_t *target = ybb__archive_target(descriptor, m->path, &m->failure);
    if (target == NULL)
        return ybb__fail_memory(m->failure.error);
    m->zip = zip_open_from_source(target, ZIP_CREATE | ZIP_TRUNCATE, &zip_error);
    if (m->zip == NULL) {
        zip_source_free(target);
        status = fail(m, &zip_error);
    }
    zip_error_fini(&zip_error);
    return status;
}

static ybb_status make(maker *m, const ybb_archive_entry *entries, size_t count, int descriptor)
{
    ybb_status status = open_zip(m, descriptor);
    for (size_t i = 0; status == YBB_OK && i < count; i++)
        status = add(m, &entries[i]);
    if (status == YBB_OK && m->progress != NULL &&
        (zip_register_progress_callback_with_state(m->zip, progress_step, tell, NULL, m) != 0 ||
         zip_register_cancel_callback_with_state(m->zip, asks_to_stop, NULL, m) != 0))
        status = fail(m, zip_get_error(m->zip));
    if (status == YBB_OK && zip_close(m->zip) != 0)
        status = fail(m, zip_get_error(m->zip));
    else if (status == YBB_OK)
        m->zip = NULL;
    if (m->zip != NULL)
        zip_discard(m->zip);
    if (status == YBB_OK && m->stopped)
        status = fail(m, NULL);
    return status;
}

ybb_status ybb__archive_make(const char *path, const ybb_archive_entry *entries, size_t count,
                             int64_t time, bool (*progress)(double part, void *user), void *user,
                             ybb_error *error)
{
    maker m = {.path = path,
               .dos_time = ybb__dos_time(time),
               .progress = progress,
               .user = user,
               .failure = {YBB_OK, error}};
    if (count == 0)
        return ybb__fail(error, YBB_MISUSE, "an archive has at least one entry");
    int descriptor = open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, FILE_MODE);
    if (descriptor < 0)
        return ybb__fail_errno(error, ybb__disk_status(errno), errno, "cannot make %s", path);
    ybb_status status = YBB_OK;
    m.deflate = ybb__deflate_new();
    if (m.deflate == NULL)
        status = ybb__fail_memory(error);
    else if (fchmod(descriptor, FILE_MODE) != 0) /* open's is cut by the host's umask */
        status = ybb__fail_errno(error, ybb__disk_status(errno), errno, "cannot set the mode of %s",
                                 path);
    if (status == YBB_OK)
        status = make(&m, entries, count, descriptor);
    ybb__deflate_free(m.deflate);
    close(descriptor);
    if (status != YBB_OK)
        unlink(path);
    return status;
}
