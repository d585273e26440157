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

static ybb_status open_zip(zip_t **out, const ybb_buffer *bytes, ybb_error *error)
{
    zip_error_t zip_error;
    ybb_status status = YBB_OK;
    *out = NULL;
    if (bytes->length == 0) /* which libzip takes for a zip of no entries */
        return ybb__fail(error, YBB_INTERNAL, "cannot read the directory of a zip: it is empty");
    zip_error_init(&zip_error);
    zip_source_t *source = zip_source_buffer_create(bytes->at, bytes->length, 0, &zip_error);
    *out = source == NULL ? NULL : zip_open_from_source(source, ZIP_RDONLY, &zip_error);
    if (*out == NULL) {
        zip_source_free(source);
        status = fail(error, "the directory", &zip_error);
    }
    zip_error_fini(&zip_error);
    return status;
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

ybb_status ybb__archive_part(const ybb_buffer *bytes, const char *name, ybb_buffer *out,
                             ybb_error *error)
{
    zip_t *zip;
    zip_stat_t part;
    ybb_status status = open_zip(&zip, bytes, error);
    if (status != YBB_OK)
        return status;
    zip_file_t *file = NULL;
    if (zip_stat(zip, name, 0, &part) != 0 || (part.valid & ZIP_STAT_SIZE) == 0)
        status = ybb__fail(error, YBB_INTERNAL, "a zip lacks the part %s", name);
    else if ((file = zip_fopen_index(zip, part.index, 0)) == NULL)
        status = fail(error, name, zip_get_error(zip));
    else
        status = read_part(file, name, part.size, out, error);
    if (file != NULL)
        zip_fclose(file);
    zip_discard(zip);
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

ybb_status ybb__archive_names(const ybb_buffer *bytes, char ***names, size_t *count,
                              ybb_error *error)
{
    zip_t *zip;
    *names = NULL;
    *count = 0;
    ybb_status status = open_zip(&zip, bytes, error);
    if (status != YBB_OK)
        return status;
    size_t found = (size_t)zip_get_num_entries(zip, 0);
    char **list_out = calloc(found > 0 ? found : 1, sizeof(*list_out));
    if (list_out == NULL)
        status = ybb__fail_memory(error);
    else
        status = list(zip, list_out, found, error);
    zip_discard(zip);
    if (status != YBB_OK) {
        ybb__archive_names_free(list_out, found);
        return status;
    }
    *names = list_out;
    *count = found;
    return YBB_OK;
}

void ybb__archive_names_free(char **names, size_t count)
{
    if (names == NULL)
        return;
    for (size_t i = 0; i < count; i++)
        free(names[i]);
    free(names);
}
