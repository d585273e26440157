#include "base/file_read.h"

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

enum { STEP = 16 * 1024 };

static int open_file(const char *path)
{
    int descriptor;
    do
        descriptor = open(path, O_RDONLY | O_CLOEXEC);
    while (descriptor < 0 && errno == EINTR);
    return descriptor;
}

/* Reads to the end, or to one byte beyond @limit. Returns an errno; a buffer out of memory is none.
 */
static int read_all(ybb_buffer *out, int descriptor, size_t limit)
{
    while (out->length <= limit && ybb__buffer_reserve(out, STEP)) {
        size_t left = limit - out->length;
        ssize_t got =
            read(descriptor, out->at + out->length, left < STEP ? left + 1 : (size_t)STEP);
        if (got < 0 && errno != EINTR)
            return errno;
        if (got == 0)
            return 0;
        out->length += got > 0 ? (size_t)got : 0;
    }
    return 0;
}

ybb_status ybb__file_read(ybb_buffer *out, const char *path, size_t limit, ybb_status status,
                          ybb_error *error)
{
    ybb__buffer_clear(out);
    int descriptor = open_file(path);
    if (descriptor < 0)
        return ybb__fail_errno(error, status, errno, "cannot open %s", path);
    int number = read_all(out, descriptor, limit);
    close(descriptor);
    if (number != 0)
        status = ybb__fail_errno(error, status, number, "cannot read %s", path);
    else if (ybb__buffer_failed(out))
        status = ybb__fail_memory(error);
    else if (out->length > limit)
        status = ybb__fail(error, status, "%s is larger than %zu bytes", path, limit);
    else
        return YBB_OK;
    ybb__buffer_clear(out);
    return status;
}
