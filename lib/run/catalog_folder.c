#include "run/catalog_folder.h"

#include "base/buffer.h"
#include "base/clock.h"
#include "base/file_read.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

enum { DOCUMENT_BYTES = 4 * 1024 * 1024 };

static bool ends_in(const char *name, const char *suffix)
{
    size_t length = strlen(name), tail = strlen(suffix);
    return length > tail && strcmp(name + length - tail, suffix) == 0;
}

static int is_document(const struct dirent *entry)
{
    return entry->d_name[0] != '.' && ends_in(entry->d_name, ".json");
}

/* scandir's alphasort follows the host's locale; bytes do not. Added templates come last. */
static int by_bytes(const struct dirent **a, const struct dirent **b)
{
    bool first = ends_in((*a)->d_name, YBB_TEMPLATE_SUFFIX);
    bool second = ends_in((*b)->d_name, YBB_TEMPLATE_SUFFIX);
    return first != second ? (first ? 1 : -1) : strcmp((*a)->d_name, (*b)->d_name);
}

/* A pipe would be waited for. What is not there is said by who reads it. */
static ybb_status check_file(const char *path, ybb_error *error)
{
    struct stat file;
    if (stat(path, &file) != 0 || S_ISREG(file.st_mode))
        return YBB_OK;
    return ybb__fail(error, YBB_INVALID_CATALOG, "%s: it is not a file", path);
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
        status = check_file(full, error);
    if (full != NULL && status == YBB_OK)
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

/* Whether the file holds what was added before under that key. */
static bool is_replaced(const char *name, const char *key)
{
    size_t length = key == NULL ? 0 : strlen(key);
    return key != NULL && strncmp(name, key, length) == 0 &&
           strcmp(name + length, YBB_TEMPLATE_SUFFIX) == 0;
}

ybb_status ybb__catalog_load(ybb_catalog **out, const char *folder, const ybb_document *added,
                             const char *key, ybb_error *error)
{
    *out = NULL;
    if (folder == NULL)
        return ybb__catalog_build(out, added, added != NULL ? 1 : 0, error);
    struct dirent **names;
    int count = scandir(folder, &names, is_document, by_bytes);
    if (count < 0)
        return ybb__fail_errno(error, YBB_INVALID_CATALOG, errno, "cannot read catalog_dir %s",
                               folder);
    ybb_arena arena = {0};
    uint32_t read = 0;
    ybb_document *documents = ybb__arena_array(&arena, (size_t)count + 1, sizeof(*documents));
    ybb_status status = documents != NULL ? YBB_OK : ybb__fail_memory(error);
    for (int i = 0; status == YBB_OK && i < count; i++)
        if (added == NULL || !is_replaced(names[i]->d_name, key))
            status = read_document(&arena, folder, names[i]->d_name, &documents[read++], error);
    if (status == YBB_OK && added != NULL)
        documents[read++] = *added;
    if (status == YBB_OK)
        status = ybb__catalog_build(out, documents, read, error);
    for (int i = 0; i < count; i++)
        free(names[i]);
    free(names);
    ybb__arena_free(&arena);
    return status;
}

/* FNV-1a (Fowler, Noll, Vo), 64 bits. */
static uint64_t mix(uint64_t hash, const void *bytes, size_t length)
{
    const unsigned char *at = bytes;
    for (size_t i = 0; i < length; i++)
        hash = (hash ^ at[i]) * UINT64_C(0x100000001b3);
    return hash;
}

/* Of one file; *@newest becomes its change, in microseconds, where that is later. */
static uint64_t describe(const char *name, const struct stat *file, int64_t *newest)
{
    static const int64_t microseconds_per_second = 1000000;
    const int64_t parts[] = {(int64_t)file->st_ino,         (int64_t)file->st_size,
                             (int64_t)file->st_mtim.tv_sec, (int64_t)file->st_mtim.tv_nsec,
                             (int64_t)file->st_ctim.tv_sec, (int64_t)file->st_ctim.tv_nsec};
    int64_t changed = file->st_ctim.tv_sec * microseconds_per_second + file->st_ctim.tv_nsec / 1000;
    if (*newest < changed)
        *newest = changed;
    return mix(mix(UINT64_C(0xcbf29ce484222325), name, strlen(name)), parts, sizeof(parts));
}

uint64_t ybb__catalog_fingerprint(const char *folder)
{
    static const int64_t settled = 1000000;
    DIR *listing = opendir(folder);
    struct stat file;
    int64_t newest = 0;
    if (listing == NULL)
        return 0;
    uint64_t sum = 1; /* of the files in any order */
    for (const struct dirent *entry; (entry = readdir(listing)) != NULL;)
        if (is_document(entry) && fstatat(dirfd(listing), entry->d_name, &file, 0) == 0)
            sum += describe(entry->d_name, &file, &newest);
    /* what is gone changed nothing but the folder */
    if (fstat(dirfd(listing), &file) == 0)
        sum += describe("", &file, &newest);
    closedir(listing);
    int64_t age = ybb__clock_now() - newest;
    return age > -settled && age < settled ? 0 : sum;
}
