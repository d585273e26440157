/*
 * pack/archive: zip files through libzip: the archive over an export's files, and parts of one in
 * memory.
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

/* A zip in memory, open for reading; its bytes are borrowed. */
typedef struct ybb_archive ybb_archive;

/* Reads its directory, once for all parts. */
ybb_status ybb__archive_open(ybb_archive **out, const ybb_buffer *zip, ybb_error *error);
void ybb__archive_close(ybb_archive *archive);
/* Appends a part to @out. YBB_INTERNAL where it is missing. */
ybb_status ybb__archive_part(ybb_archive *archive, const char *name, ybb_buffer *out,
                             ybb_error *error);
/* The names of its parts, in their order: *@names is an array of *@count texts; free with
 * ybb__archive_names_free. */
ybb_status ybb__archive_names(ybb_archive *archive, char ***names, size_t *count, ybb_error *error);
void ybb__archive_names_free(char **names, size_t count);

#endif
