#include "pack/archive.h"

#include "pack/archive_stream.h"

#include <stdlib.h>
#include <string.h>
#include <zip.h>

static ybb_status fail(ybb_error *error, const char *what, zip_error_t *zip_error)
{
    if (ybb__zip_out_of_memory(zip_error))
        return ybb__fail_memory(error);
    return ybb__fail(error, YBB_INTERNAL, "cannot read %s of a zip: %s", what,
                     zip_error_strerror(zip_error));
}

/* libzip's handle, under a name of ours. */
static zip_t *zip_of(ybb_archive *archive)
{
    return (zip_t *)archive;
}

ybb_status ybb__archive_open(ybb_archive **out, const ybb_buffer *bytes, ybb_error *error)
{
    zip_error_t zip_error;
    ybb_status status = YBB_OK;
    *out = NULL;
    if (bytes->length == 0) /* which libzip takes for a zip of no entries */
        return ybb__fail(error, YBB_INTERNAL, "cannot read the directory of a zip: it is empty");
    zip_error_init(&zip_error);
    zip_source_t *source = zip_source_buffer_create(bytes->at, bytes->length, 0, &zip_error);
    *out =
        source == NULL ? NULL : (ybb_archive *)zip_open_from_source(source, ZIP_RDONLY, &zip_error);
    if (*out == NULL) {
        zip_source_free(source);
        status = fail(error, "the directory", &zip_error);
    }
    zip_error_fini(&zip_error);
    return status;
}

void ybb__archive_close(ybb_archive *archive)
{
    if (archive != NULL)
        zip_discard(zip_of(archive));
}

/* One byte more than there should be is asked for: libzip compares the CRC where it meets the end.
 */
static ybb_status read_part(zip_file_t *file, const char *name, uint64_t size, ybb_buffer *out,
                            ybb_error *error)
{
    if (size >= SIZE_MAX || !ybb__buffer_reserve(out, (size_t)size + 1))
        return ybb__fail_memory(error);
    uint64_t length = 0;
    zip_int64_t taken = 1;
    while (taken > 0 && length <= size) {
        taken = zip_fread(file, out->at + out->length + length, size + 1 - length);
        if (taken < 0)
            return fail(error, name, zip_file_get_error(file));
        length += (uint64_t)taken;
    }
    if (length != size)
        return ybb__fail(error, YBB_INTERNAL, "the part %s of a zip has a wrong size", name);
    out->length += (size_t)length;
    return YBB_OK;
}

ybb_status ybb__archive_part(ybb_archive *archive, const char *name, ybb_buffer *out,
                             ybb_error *error)
{
    zip_t *zip = zip_of(archive);
    zip_stat_t part;
    if (zip_stat(zip, name, 0, &part) != 0 || (part.valid & ZIP_STAT_SIZE) == 0)
        return ybb__fail(error, YBB_INTERNAL, "a zip lacks the part %s", name);
    zip_file_t *file = zip_fopen_index(zip, part.index, 0);
    if (file == NULL)
        return fail(error, name, zip_get_error(zip));
    ybb_status status = read_part(file, name, part.size, out, error);
    zip_fclose(file);
    return status;
}

static ybb_status list(zip_t *zip, char **names, size_t count, ybb_error *error)
{
    for (size_t i = 0; i < count; i++) {
        const char *name = zip_get_name(zip, i, 0);
        if (name == NULL)
            return fail(error, "a name", zip_get_error(zip));
        names[i] = strdup(name);
        if (names[i] == NULL)
            return ybb__fail_memory(error);
    }
    return YBB_OK;
}

ybb_status ybb__archive_names(ybb_archive *archive, char ***names, size_t *count, ybb_error *error)
{
    zip_t *zip = zip_of(archive);
    size_t found = (size_t)zip_get_num_entries(zip, 0);
    *count = 0;
    *names = calloc(found > 0 ? found : 1, sizeof(**names));
    if (*names == NULL)
        return ybb__fail_memory(error);
    ybb_status status = list(zip, *names, found, error);
    if (status == YBB_OK) {
        *count = found;
        return YBB_OK;
    }
    ybb__archive_names_free(*names, found);
    *names = NULL;
    return status;
}

void ybb__archive_names_free(char **names, size_t count)
{
    if (names == NULL)
        return;
    for (size_t i = 0; i < count; i++)
        free(names[i]);
    free(names);
}
