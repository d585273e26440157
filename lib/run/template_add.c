#include "run/template_add.h"

#include "base/buffer.h"
#include "base/clock.h"
#include "base/random.h"
#include "pack/disk.h"
#include "run/catalog_folder.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

enum { FILE_MODE = 0644 /* templates are no secret, and other accounts' processes read them */ };

static ybb_status fail(ybb_error *error, int number, const char *doing, const char *path)
{
    return ybb__fail_errno(error, ybb__disk_status(number), number, "cannot %s %s", doing, path);
}

/* Two that add at once could each find the last free place. Where the file system has no locks,
 * they may. */
static ybb_status lock(int folder, const char *path, ybb_error *error)
{
    static const struct timespec pause = {0, 10 * 1000 * 1000};
    static const int64_t patience = 10 * 1000000;
    int64_t until = ybb__clock_steady() + patience;
    while (flock(folder, LOCK_EX | LOCK_NB) != 0 && (errno == EWOULDBLOCK || errno == EINTR)) {
        if (ybb__clock_steady() > until)
            return ybb__fail(error, YBB_OUTPUT_ERROR, "another process keeps catalog_dir %s locked",
                             path);
        nanosleep(&pause, NULL);
    }
    return YBB_OK;
}

/* A name that no document has, for it begins with a point. @out is freed by the caller. */
static ybb_status temporary_name(char **out, const char *name, ybb_error *error)
{
    char id[YBB_ID_TEXT];
    ybb_buffer text = {0};
    if (!ybb__random_id(id))
        return ybb__fail(error, YBB_INTERNAL, "the system gives no random bytes");
    ybb__buffer_put_char(&text, '.');
    ybb__buffer_put_text(&text, name);
    ybb__buffer_put_char(&text, '.');
    ybb__buffer_put_text(&text, id);
    *out = ybb__buffer_take(&text);
    return *out != NULL ? YBB_OK : ybb__fail_memory(error);
}

/* Writes and syncs the open file. */
static ybb_status fill(int descriptor, const char *path, const char *json, size_t length,
                       ybb_error *error)
{
    ybb_status status = ybb__disk_write(descriptor, path, 0, json, length, error);
    if (status == YBB_OK && fchmod(descriptor, FILE_MODE) != 0)
        status = fail(error, errno, "set the mode of", path);
    if (status == YBB_OK && fsync(descriptor) != 0)
        status = fail(error, errno, "sync", path);
    return status;
}

static ybb_status publish(int folder, const char *temporary, const char *name, ybb_error *error)
{
    if (renameat(folder, temporary, folder, name) != 0)
        return fail(error, errno, "rename a file in catalog_dir to", name);
    if (fsync(folder) != 0)
        return fail(error, errno, "sync the folder of", name);
    return YBB_OK;
}

static ybb_status write_file(int folder, const char *name, const char *json, size_t length,
                             ybb_error *error)
{
    char *temporary = NULL;
    ybb_status status = temporary_name(&temporary, name, error);
    if (status != YBB_OK)
        return status;
    int descriptor =
        openat(folder, temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, S_IRUSR | S_IWUSR);
    if (descriptor < 0) {
        status = fail(error, errno, "make in catalog_dir the file", name);
    } else {
        status = fill(descriptor, name, json, length, error);
        if (close(descriptor) != 0 && status == YBB_OK)
            status = fail(error, errno, "close", name);
        if (status == YBB_OK)
            status = publish(folder, temporary, name, error);
        if (status != YBB_OK)
            unlinkat(folder, temporary, 0); /* nothing is there where it got its name */
    }
    free(temporary);
    return status;
}

static ybb_status add_locked(int descriptor, const char *folder, const ybb_document *document,
                             const char *key, ybb_error *error)
{
    char name[YBB_TEMPLATE_KEY + sizeof(YBB_TEMPLATE_SUFFIX)];
    ybb_catalog *catalog = NULL;
    ybb_status status = lock(descriptor, folder, error);
    if (status == YBB_OK)
        status = ybb__catalog_load(&catalog, folder, document, key, error);
    ybb__catalog_free(catalog);
    if (status != YBB_OK)
        return status;
    snprintf(name, sizeof(name), "%s%s", key, YBB_TEMPLATE_SUFFIX);
    return write_file(descriptor, name, document->text, document->length, error);
}

ybb_status ybb__template_add(const char *folder, const char *json, size_t length, ybb_error *error)
{
    const ybb_document document = {"the template", json, length};
    char key[YBB_TEMPLATE_KEY];
    ybb_status status = ybb__template_document_key(key, &document, error);
    if (status != YBB_OK)
        return status;
    int descriptor = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (descriptor < 0)
        return fail(error, errno, "open catalog_dir", folder);
    status = add_locked(descriptor, folder, &document, key, error);
    flock(descriptor, LOCK_UN); /* a child forked meanwhile has the descriptor too */
    close(descriptor);
    return status;
}
