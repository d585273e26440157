#ifndef _GNU_SOURCE
#define _GNU_SOURCE 1 /* O_TMPFILE, memfd_create */
#endif

#include "encode/spool.h"

#include "base/random.h"
#include "pack/disk.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

enum { MODE = 0600, READ_AT_ONCE = 256 * 1024 };

static const char shown[] = "a spool in the output folder";

/* Where the file system has no files without a name: one whose name is taken away at once. What a
 * killed process leaves between the two has the form of an unfinished output file. */
static int named_for_a_moment(int directory)
{
    enum { PREFIX = sizeof("exp_") - 1 }; /* of an id; the rest is random */
    char id[YBB_ID_TEXT], name[YBB_ID_TEXT + sizeof("spool..part")];
    if (!ybb__random_id(id)) {
        errno = EIO;
        return -1;
    }
    snprintf(name, sizeof(name), "spool.%s.part", id + PREFIX);
    int descriptor = openat(directory, name, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, MODE);
    if (descriptor >= 0)
        unlinkat(directory, name, 0);
    return descriptor;
}

ybb_status ybb__unnamed_file(int *out, int directory, ybb_error *error)
{
    if (directory < 0) {
        *out = memfd_create("ybbexport", MFD_CLOEXEC);
        return *out >= 0 ? YBB_OK : ybb__fail_memory(error);
    }
    *out = -1;
#ifdef O_TMPFILE
    *out = openat(directory, ".", O_TMPFILE | O_RDWR | O_CLOEXEC, MODE);
#endif
    if (*out < 0)
        *out = named_for_a_moment(directory);
    if (*out < 0)
        return ybb__fail_errno(error, ybb__disk_status(errno), errno, "cannot make %s", shown);
    return YBB_OK;
}

ybb_status ybb__spool_open(ybb_spool *spool, int directory, ybb_error *error)
{
    int descriptor;
    ybb_status status = ybb__unnamed_file(&descriptor, directory, error);
    if (status == YBB_OK)
        *spool = (ybb_spool){.descriptor = descriptor + 1};
    return status;
}

ybb_status ybb__spool_add(ybb_spool *spool, ybb_spooled *to, const ybb_run *run, ybb_error *error)
{
    if (to->length == 0)
        to->begin = spool->length;
    if (to->begin + to->length != spool->length)
        return ybb__fail(error, YBB_INTERNAL, "a spool has other bytes behind these");
    ybb_status status = ybb__disk_write(spool->descriptor - 1, shown, spool->length, run->bytes.at,
                                        run->bytes.length, error);
    if (status != YBB_OK)
        return status;
    spool->length += run->bytes.length;
    to->length += run->bytes.length;
    ybb__run_add_sums(&to->sums, run);
    return YBB_OK;
}

ybb_status ybb__spool_play(const ybb_spool *spool, const ybb_spooled *from, ybb_zip *zip,
                           ybb_error *error)
{
    ybb_run some = {0};
    ybb_status status = ybb__zip_run(zip, &from->sums, error);
    if (status == YBB_OK && !ybb__buffer_reserve(&some.bytes, READ_AT_ONCE))
        status = ybb__fail_memory(error);
    for (uint64_t at = 0; status == YBB_OK && at < from->length; at += some.bytes.length) {
        uint64_t left = from->length - at;
        status = ybb__disk_read(spool->descriptor - 1, from->begin + at, some.bytes.at,
                                left < READ_AT_ONCE ? (size_t)left : READ_AT_ONCE,
                                &some.bytes.length, error);
        if (status == YBB_OK && some.bytes.length == 0)
            status = ybb__fail(error, YBB_OUTPUT_ERROR, "%s lost its end", shown);
        if (status == YBB_OK)
            status = ybb__zip_run(zip, &some, error);
    }
    ybb__run_free(&some);
    return status;
}

void ybb__spool_close(ybb_spool *spool)
{
    if (ybb__spool_is_open(spool))
        close(spool->descriptor - 1);
    *spool = (ybb_spool){0};
}
