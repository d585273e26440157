/*
 * pack/archive: zip files through libzip: the archive over an export's files, and reading one back.
 */
#ifndef YBB_PACK_ARCHIVE_H
#define YBB_PACK_ARCHIVE_H

#include "base/buffer.h"
#include "base/error.h"

typedef struct ybb_archive_entry {
    const char *name; /* its name in the archive */
    const char *path; /* the file to read; NULL: bytes, length */
    const char *bytes;
    size_t length;
    bool packed; /* is compressed already: store it */
} ybb_archive_entry;

/* Makes the archive at @path (which must not exist), every entry's time being @time. @progress (may
 * be NULL) is told the part done, 0 to 1, and ends the work by returning false (YBB_CANCELLED). */
ybb_status ybb__archive_make(const char *path, const ybb_archive_entry *entries, size_t count,
                             int64_t time, bool (*progress)(double part, void *user), void *user,
                             ybb_error *error);

/* Reads a part of a zip in memory. YBB_INTERNAL where it is missing. */
ybb_status ybb__archive_part(const ybb_buffer *zip, const char *name, ybb_buffer *out,
                             ybb_error *error);
/* The names of its parts, in their order: *@names is an array of *@count texts; free with
 * ybb__archive_names_free. */
ybb_status ybb__archive_names(const ybb_buffer *zip, char ***names, size_t *count,
                              ybb_error *error);
void ybb__archive_names_free(char **names, size_t count);

typedef enum ybb_container {
    YBB_CONTAINER_NONE,
    YBB_CONTAINER_ZIP,
    YBB_CONTAINER_GZIP
} ybb_container;

/* Reads a written file back, through its descriptor: the CRC of every zip entry, or of the gzip
 * member. YBB_OUTPUT_CORRUPT names what is wrong. */
ybb_status ybb__archive_verify(int descriptor, ybb_container container, ybb_error *error);

typedef struct ybb_digest {
    uint64_t bytes;
    uint32_t crc32;
    char sha256[65]; /* lower-case hexadecimal */
} ybb_digest;

/* The size and sums of a file, through its descriptor. */
ybb_status ybb__file_digest(int descriptor, ybb_digest *out, ybb_error *error);

#endif
