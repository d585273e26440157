/*
 * base/file_read: a small file, whole.
 */
#ifndef YBB_BASE_FILE_READ_H
#define YBB_BASE_FILE_READ_H

#include "base/buffer.h"
#include "base/error.h"

/* Replaces what @out holds. Reads at most @limit bytes; a larger file, and one that cannot be read,
 * is @status. On failure @out is empty. */
ybb_status ybb__file_read(ybb_buffer *out, const char *path, size_t limit, ybb_status status,
                          ybb_error *error);

#endif
