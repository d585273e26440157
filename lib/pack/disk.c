#include "pack/disk.h"

#include "base/text.h"

#include <errno.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

ybb_status ybb__disk_status(int number)
{
    switch (number) {
    case ENOENT:
    case ENOTDIR:
        return YBB_OUTPUT_MISSING;
    case EACCES:
    case EPERM:
    case EROFS:
        return YBB_OUTPUT_DENIED;
    case ENOSPC:
    case EDQUOT:
        return YBB_OUTPUT_FULL;
    case ENOMEM:
        return YBB_NO_MEMORY;
    default:
        return YBB_OUTPUT_ERROR;
    }
}

static ybb_status fail_write(int descriptor, const char *path, int number, ybb_error *error)
{
    struct statvfs disk;
    char room[YBB_NUMBER_TEXT];
    ybb_status status = ybb__disk_status(number);
    if (status != YBB_OUTPUT_FULL || fstatvfs(descriptor, &disk) != 0)
        return ybb__fail_errno(error, status, number, "cannot write %s", path);
    ybb__text_from_size(room, sizeof(room), (uint64_t)disk.f_bavail * disk.f_frsize);
    return ybb__fail_errno(error, status, number, "cannot write %s (%s free on its disk)", path,
                           room);
}

ybb_status ybb__disk_write(int descriptor, const char *path, uint64_t offset, const void *bytes,
                           size_t length, ybb_error *error)
{
    const char *at = bytes;
    while (length > 0) {
        ssize_t done = pwrite(descriptor, at, length, (off_t)offset);
        if (done < 0 && errno == EINTR)
            continue;
        if (done < 0)
            return fail_write(descriptor, path, errno, error);
        at += done;
        length -= (size_t)done;
        offset += (uint64_t)done;
    }
    return YBB_OK;
}

ybb_status ybb__disk_read(int descriptor, uint64_t offset, void *bytes, size_t length,
                          size_t *taken, ybb_error *error)
{
    char *at = bytes;
    *taken = 0;
    while (*taken < length) {
        ssize_t done = pread(descriptor, at + *taken, length - *taken, (off_t)(offset + *taken));
        if (done < 0 && errno == EINTR)
            continue;
        if (done < 0)
            return ybb__fail_errno(error, YBB_OUTPUT_ERROR, errno, "cannot read the file back");
        if (done == 0)
            break;
        *taken += (size_t)done;
    }
    return YBB_OK;
}

ybb_status ybb__disk_size(int descriptor, uint64_t *size, ybb_error *error)
{
    struct stat file;
    if (fstat(descriptor, &file) != 0)
        return ybb__fail_errno(error, YBB_OUTPUT_ERROR, errno, "cannot read the file back");
    *size = (uint64_t)file.st_size;
    return YBB_OK;
}
