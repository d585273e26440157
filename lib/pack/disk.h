/*
 * pack/disk: bytes of a file by their offset, so that a descriptor's own position does not matter,
 * and what a failure of the disk means for the admin.
 */
#ifndef YBB_PACK_DISK_H
#define YBB_PACK_DISK_H

#include "base/error.h"

/* YBB_OUTPUT_MISSING, _DENIED, _FULL or _ERROR, or YBB_NO_MEMORY, for errno @number. */
ybb_status ybb__disk_status(int number);
/* Writes all of it. @path is for the message, which names the free space where the disk is full. */
ybb_status ybb__disk_write(int descriptor, const char *path, uint64_t offset, const void *bytes,
                           size_t length, ybb_error *error);
/* Reads up to @length bytes, fewer only at the end of the file; *@taken says how many.
 * YBB_OUTPUT_ERROR. */
ybb_status ybb__disk_read(int descriptor, uint64_t offset, void *bytes, size_t length,
                          size_t *taken, ybb_error *error);
ybb_status ybb__disk_size(int descriptor, uint64_t *size, ybb_error *error);

#endif
