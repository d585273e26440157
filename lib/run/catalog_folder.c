#include "run/catalog_folder.h"

#include "base/buffer.h"
#include "base/file_read.h"

#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

enum { DOCUMENT_BYTES = 4 * 1024 * 1024 };

static int is_document(const struct dirent *entry)
{
    size_t length = strlen(entry->d_name);
    return entry->d_name[0] != '.' && length > 5 && strcmp(entry->d_name + length - 5, ".json") == 0;
}

/* scandir's alphasort follows the host's locale; bytes do not. */
static int by_bytes(const struct dirent **a, const struct dirent **b)
{
    return strcmp((*a)->d_name, (*b)->d_name);
}

static ybb_status read_document(ybb_arena *arena, const char *folder, const char *name,
                                ybb_document *out, ybb_error *error)
{
    ybb_buffer path = {0}, text = {0};
    ybb__buffer_put_text(&path, folder);
    ybb__buffer_put_char(&path, '/');
    ybb__buffer_put_text(&path, name);
    ybb_status status = YBB_NO_MEMORY;
    const char *full = ybb__buffer_text(&path);
    if (full != NULL)
        status = ybb__file_read(&text, full, DOCUMENT_BYTES, YBB_INVALID_CATALOG, error);
    if (status == YBB_OK) {
        out->name = ybb__arena_text(arena, full);
        out->text = ybb__arena_copy(arena, text.at == NULL ? "" : text.at, text.length);
        out->length = text.length;
    }
    if (status == YBB_NO_MEMORY || (status == YBB_OK && (out->name == NULL || out->text == NULL)))
        status = ybb__fail_memory(error);
    ybb__buffer_free(&path);
    ybb__buffer_free(&text);
    return status;
}

ybb_status ybb__catalog_load(ybb_catalog **out, const char *folder, ybb_error *error)
{
    *out = NULL;
    if (folder == NULL)
        return ybb__catalog_build(out, NULL, 0, error);
    struct dirent **names;
    int count = scandir(folder, &names, is_document, by_bytes);
    if (count < 0)
        return ybb__fail_errno(error, YBB_INVALID_CATALOG, errno, "cannot read catalog_dir %s",
                               folder);
    ybb_arena arena = {0};
    ybb_document *documents =
        ybb__arena_array(&arena, (size_t)count + 1, sizeof(*documents));
    ybb_status status = documents != NULL ? YBB_OK : ybb__fail_memory(error);
    for (int i = 0; status == YBB_OK && i < count; i++)
        status = read_document(&arena, folder, names[i]->d_name, &documents[i], error);
    if (status == YBB_OK)
        status = ybb__catalog_build(out, documents, (uint32_t)count, error);
    for (int i = 0; i < count; i++)
        free(names[i]);
    free(names);
    ybb__arena_free(&arena);
    return status;
}
