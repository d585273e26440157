/*
 * pack/archive_stream: the two ends of an archive that libzip makes: an entry's content and the
 * file that is written. libzip's own would pack with zlib alone, write through a temporary name of
 * their own, and in some versions close a file twice where the disk is full.
 */
#ifndef YBB_PACK_ARCHIVE_STREAM_H
#define YBB_PACK_ARCHIVE_STREAM_H

#include "pack/archive.h"
#include "pack/deflate.h"

#include <zip.h>
#include <zlib.h>

/* What libzip's errors cannot carry: the first failure of either end. */
typedef struct ybb_archive_failure {
    ybb_status status;
    ybb_error *error;
} ybb_archive_failure;

/* libzip leaves some of these failures without a code. */
static inline bool ybb__zip_out_of_memory(const zip_error_t *error)
{
    int code = zip_error_code_zip(error);
    return code == ZIP_ER_MEMORY || code == ZIP_ER_OK ||
           (code == ZIP_ER_ZLIB && zip_error_code_system(error) == Z_MEM_ERROR);
}

/* An entry's content, deflated by @deflate (one entry is read at a time) unless it is packed
 * already. All are borrowed. NULL: no memory. */
zip_source_t *ybb__archive_content(const ybb_archive_entry *entry, ybb_deflate *deflate,
                                   ybb_archive_failure *failure);
/* The empty file @descriptor, at @path. All are borrowed. NULL: no memory. */
zip_source_t *ybb__archive_target(int descriptor, const char *path, ybb_archive_failure *failure);

#endif
