#include "store/files.h"

#include "base/buffer.h"
#include "base/random.h"
#include "pack/deflate.h"
#include "pack/disk.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <time.h>
#include <unistd.h>

enum {
    TURN_DIGITS = 10,                 /* of a temporary name's random part */
    COLLECTED = 64 * 1024,            /* small writes are joined up to this */
    WRITEBACK_STEP = 8 * 1024 * 1024, /* so the last fsync has little left to wait for */
    FOLDER_MODE = 0700,
    FILE_MODE = 0600
};

static const char part_mark[] = ".part";
static const char id_mark[] = "exp_"; /* an export id is that and a random part */

struct ybb_folder {
    int parent, descriptor;
    char *path;
    uint32_t turn;
};

struct ybb_file {
    ybb_sink sink; /* first: a sink is its file */
    ybb_folder *folder;
    int descriptor;
    bool committed;
    char *path;            /* folder, '/', temporary name */
    const char *temporary; /* in path */
    char *name;
    ybb_buffer pending;
    uint64_t written, writeback;
    uint32_t crc; /* of what was written */
    bool adopted; /* so others wrote it */
};

static ybb_status fail(ybb_error *error, int number, const char *doing, const char *path)
{
    return ybb__fail_errno(error, ybb__disk_status(number), number, "cannot %s %s", doing, path);
}

/* "@a<separator>@b", allocated. */
static char *join(const char *a, const char *separator, const char *b)
{
    ybb_buffer path = {0};
    ybb__buffer_put_text(&path, a);
    ybb__buffer_put_text(&path, separator);
    ybb__buffer_put_text(&path, b);
    return ybb__buffer_take(&path);
}

static int open_folder(int parent, const char *name, int flags)
{
    return openat(parent, name, O_RDONLY | O_DIRECTORY | O_CLOEXEC | flags);
}

ybb_status ybb__folder_check(const char *out, ybb_error *error)
{
    int descriptor = open_folder(AT_FDCWD, out, 0);
    if (descriptor < 0)
        return fail(error, errno, "open the output folder", out);
    ybb_status status = YBB_OK;
    if (faccessat(descriptor, ".", W_OK | X_OK, AT_EACCESS) != 0)
        status = fail(error, errno, "write to the output folder", out);
    close(descriptor);
    return status;
}

/* A new folder's mode was cut by the host's umask, perhaps so far that it cannot be opened. */
static int open_made_folder(int parent, const char *id)
{
    int descriptor = open_folder(parent, id, O_NOFOLLOW);
    if (descriptor < 0 && errno == EACCES && fchmodat(parent, id, FOLDER_MODE, 0) == 0)
        descriptor = open_folder(parent, id, O_NOFOLLOW);
    return descriptor;
}

/* No link is followed to it: the output folder may be shared with strangers. */
static ybb_status make_folder(ybb_folder *folder, const char *id, ybb_error *error)
{
    bool made = mkdirat(folder->parent, id, FOLDER_MODE) == 0;
    if (!made && errno != EEXIST)
        return fail(error, errno, "make the folder", folder->path);
    folder->descriptor =
        made ? open_made_folder(folder->parent, id) : open_folder(folder->parent, id, O_NOFOLLOW);
    if (folder->descriptor < 0)
        return fail(error, errno, "open the folder", folder->path);
    if (fchmod(folder->descriptor, FOLDER_MODE) != 0)
        return fail(error, errno, "set the mode of", folder->path);
    return YBB_OK;
}

static ybb_status check_id(const char *id, ybb_error *error)
{
    if (ybb__is_id(id))
        return YBB_OK;
    return ybb__fail(error, YBB_MISUSE, "\"%.64s\" is not an export id", id);
}

ybb_status ybb__folder_open(ybb_folder **out, const char *path, const char *id, ybb_error *error)
{
    *out = NULL;
    ybb_status status = check_id(id, error);
    if (status != YBB_OK)
        return status;
    ybb_folder *folder = calloc(1, sizeof(*folder));
    if (folder == NULL)
        return ybb__fail_memory(error);
    folder->descriptor = -1;
    folder->path = join(path, "/", id);
    folder->parent = open_folder(AT_FDCWD, path, 0);
    if (folder->parent < 0)
        status = fail(error, errno, "open the output folder", path);
    else if (folder->path == NULL)
        status = ybb__fail_memory(error);
    else
        status = make_folder(folder, id, error);
    if (status == YBB_OK)
        *out = folder;
    else
        ybb__folder_close(folder);
    return status;
}

void ybb__folder_close(ybb_folder *folder)
{
    if (folder == NULL)
        return;
    if (folder->descriptor >= 0)
        close(folder->descriptor);
    if (folder->parent >= 0)
        close(folder->parent);
    free(folder->path);
    free(folder);
}

int ybb__folder_descriptor(const ybb_folder *folder)
{
    return folder->descriptor;
}

const char *ybb__folder_path(const ybb_folder *folder)
{
    return folder->path;
}

uint64_t ybb__folder_free_space(const ybb_folder *folder)
{
    struct statvfs disk;
    if (fstatvfs(folder->descriptor, &disk) != 0)
        return 0;
    return (uint64_t)disk.f_bavail * disk.f_frsize;
}

void ybb__folder_set_turn(ybb_folder *folder, uint32_t turn)
{
    folder->turn = turn;
}

/* What stands between a file's name and part_mark: the random part of an export id, of which the
 * first TURN_DIGITS are the turn. */
static const char *random_part(const char *id)
{
    return id + strlen(id_mark);
}

/* Ours while being written: "<name>.<random>.part". */
static bool is_temporary(const char *name)
{
    enum { RANDOM = YBB_ID_TEXT - sizeof(id_mark) }; /* both count a NUL */
    char id[YBB_ID_TEXT];
    size_t length = strlen(name), tail = RANDOM + strlen(part_mark);
    if (length < tail + 2 || name[length - tail - 1] != '.' ||
        strcmp(name + length - strlen(part_mark), part_mark) != 0)
        return false;
    memcpy(id, id_mark, strlen(id_mark));
    memcpy(id + strlen(id_mark), name + length - tail, RANDOM);
    id[sizeof(id) - 1] = '\0';
    return ybb__is_id(id);
}

/* "tmp.<letters and digits>": libxlsxwriter's, which takes the name away at once, unless the
 * process is killed just then. No file of an export is called so, for it has an ending. */
static bool is_of_library(const char *name)
{
    static const char prefix[] = "tmp.";
    static const char letters[] = "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";
    enum { PREFIX = sizeof(prefix) - 1, LETTERS = 10 };
    return strncmp(name, prefix, PREFIX) == 0 && strlen(name) == PREFIX + LETTERS &&
           strspn(name + PREFIX, letters) == LETTERS;
}

/* Of a temporary name; 0 where it says none. */
static uint64_t turn_of(const char *name)
{
    const char *at = name + strlen(name) - strlen(part_mark) - (YBB_ID_TEXT - sizeof(id_mark));
    uint64_t turn = 0;
    for (size_t i = 0; i < TURN_DIGITS; i++) {
        if (at[i] < '0' || at[i] > '9')
            return 0;
        turn = 10 * turn + (uint64_t)(at[i] - '0');
    }
    return turn;
}

static void remove_file(int folder, const char *name, ybb_removed *removed)
{
    struct stat file;
    bool known = fstatat(folder, name, &file, AT_SYMLINK_NOFOLLOW) == 0;
    if (unlinkat(folder, name, 0) != 0 || removed == NULL)
        return;
    removed->files++;
    removed->bytes += known && file.st_size > 0 ? (uint64_t)file.st_size : 0;
}

/* Removes the folder's files but hidden ones and those that @keep wants. 0, or errno where it
 * cannot be listed. */
static int remove_files(int folder, bool (*keep)(const char *name, void *user), void *user,
                        ybb_removed *removed)
{
    int descriptor = open_folder(folder, ".", 0);
    DIR *listing = descriptor < 0 ? NULL : fdopendir(descriptor);
    if (listing == NULL) {
        int number = errno;
        if (descriptor >= 0)
            close(descriptor);
        return number;
    }
    for (const struct dirent *entry; (entry = readdir(listing)) != NULL;)
        if (entry->d_name[0] != '.' && (keep == NULL || !keep(entry->d_name, user)))
            remove_file(folder, entry->d_name, removed);
    closedir(listing);
    return 0;
}

static bool is_whole_or_later(const char *name, void *user)
{
    const uint32_t *turn = user;
    bool ours = is_temporary(name) && turn_of(name) <= *turn;
    return !ours && !is_of_library(name);
}

ybb_status ybb__folder_clear(ybb_folder *folder, ybb_removed *removed, ybb_error *error)
{
    int number = remove_files(folder->descriptor, is_whole_or_later, &folder->turn, removed);
    return number == 0 ? YBB_OK : fail(error, number, "list the folder", folder->path);
}

ybb_status ybb__folder_keep(ybb_folder *folder, bool (*keep)(const char *name, void *user),
                            void *user, ybb_removed *removed, ybb_error *error)
{
    int number = remove_files(folder->descriptor, keep, user, removed);
    return number == 0 ? YBB_OK : fail(error, number, "list the folder", folder->path);
}

static bool has_sum(int descriptor, uint32_t wanted)
{
    uint64_t at = 0;
    size_t taken = COLLECTED;
    uint32_t crc = 0;
    char *some = malloc(COLLECTED);
    bool well = some != NULL;
    for (; well && taken == COLLECTED; at += taken) {
        well = ybb__disk_read(descriptor, at, some, COLLECTED, &taken, NULL) == YBB_OK;
        crc = ybb__crc32(crc, some, taken);
    }
    free(some);
    return well && crc == wanted;
}

bool ybb__folder_has(const ybb_folder *folder, const char *name, uint64_t bytes, uint32_t crc)
{
    struct stat file;
    /* a pipe of that name would be waited for */
    int descriptor =
        openat(folder->descriptor, name, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
    if (descriptor < 0)
        return false;
    bool has = fstat(descriptor, &file) == 0 && S_ISREG(file.st_mode) &&
               (uint64_t)file.st_size == bytes && has_sum(descriptor, crc);
    close(descriptor);
    return has;
}

/* Its name, in its parent. */
static const char *name_of(const ybb_folder *folder)
{
    return strrchr(folder->path, '/') + 1;
}

void ybb__folder_sweep(ybb_folder *folder)
{
    (void)ybb__folder_clear(folder, NULL, NULL); /* what stays is swept another time */
    if (unlinkat(folder->parent, name_of(folder), AT_REMOVEDIR) == 0)
        fsync(folder->parent);
}

ybb_status ybb__folder_remove(const char *out, const char *id, ybb_removed *removed,
                              ybb_error *error)
{
    ybb_status status = check_id(id, error);
    if (status != YBB_OK)
        return status;
    int parent = open_folder(AT_FDCWD, out, 0);
    if (parent < 0)
        return fail(error, errno, "open the output folder", out);
    int folder = open_folder(parent, id, O_NOFOLLOW), unlisted = 0;
    if (folder >= 0) {
        unlisted = remove_files(folder, NULL, NULL, removed);
        close(folder);
    }
    if (unlisted != 0)
        status = fail(error, unlisted, "list the folder", id);
    else if (unlinkat(parent, id, AT_REMOVEDIR) == 0)
        fsync(parent);
    else if (errno != ENOENT)
        status = fail(error, errno, "remove the folder", id);
    close(parent);
    return status;
}

static ybb_status check_size(const char *out, const char *id, const char *name,
                             const struct stat *file, uint64_t bytes, ybb_error *error)
{
    if (!S_ISREG(file->st_mode))
        return ybb__fail(error, YBB_OUTPUT_CORRUPT, "%s/%s/%s is no file", out, id, name);
    if ((uint64_t)file->st_size != bytes)
        return ybb__fail(error, YBB_OUTPUT_CORRUPT,
                         "%s/%s/%s has %llu bytes, and %llu by its record", out, id, name,
                         (unsigned long long)file->st_size, (unsigned long long)bytes);
    return YBB_OK;
}

ybb_status ybb__folder_check_file(const char *out, const char *id, const char *name, uint64_t bytes,
                                  ybb_error *error)
{
    struct stat file;
    ybb_status status = YBB_OK;
    int parent = open_folder(AT_FDCWD, out, 0);
    if (parent < 0)
        return fail(error, errno, "open the output folder", out);
    int folder = open_folder(parent, id, O_NOFOLLOW);
    if (folder >= 0 && fstatat(folder, name, &file, AT_SYMLINK_NOFOLLOW) == 0)
        status = check_size(out, id, name, &file, bytes, error);
    else if (errno == ENOENT)
        status = ybb__fail(error, YBB_OUTPUT_CORRUPT, "%s/%s/%s is gone", out, id, name);
    else
        status = fail(error, errno, "look at a file in", id);
    if (folder >= 0)
        close(folder);
    close(parent);
    return status;
}

static bool visit(int parent, const char *name, bool (*each)(const char *, double, void *),
                  void *user)
{
    struct stat folder;
    if (!ybb__is_id(name) || fstatat(parent, name, &folder, AT_SYMLINK_NOFOLLOW) != 0 ||
        !S_ISDIR(folder.st_mode))
        return true;
    return each(name, difftime(time(NULL), folder.st_mtime), user);
}

ybb_status ybb__folders_visit(const char *out, bool (*each)(const char *id, double age, void *user),
                              void *user, ybb_error *error)
{
    int descriptor = open_folder(AT_FDCWD, out, 0);
    DIR *listing = descriptor < 0 ? NULL : fdopendir(descriptor);
    if (listing == NULL) {
        ybb_status status = fail(error, errno, "list the output folder", out);
        if (descriptor >= 0)
            close(descriptor);
        return status;
    }
    bool go_on = true;
    for (const struct dirent *entry; go_on && (entry = readdir(listing)) != NULL;)
        go_on = visit(descriptor, entry->d_name, each, user);
    closedir(listing);
    return YBB_OK;
}

/* Has the disk begin with what is complete, without waiting for it. */
static void start_writeback(ybb_file *file)
{
#ifdef SYNC_FILE_RANGE_WRITE
    if (file->written - file->writeback < WRITEBACK_STEP)
        return;
    (void)sync_file_range(file->descriptor, (off_t)file->writeback,
                          (off_t)(file->written - file->writeback), SYNC_FILE_RANGE_WRITE);
    file->writeback = file->written;
#else
    (void)file;
#endif
}

static ybb_status write_now(ybb_file *file, const void *bytes, size_t length, ybb_error *error)
{
    ybb_status status =
        ybb__disk_write(file->descriptor, file->path, file->written, bytes, length, error);
    if (status != YBB_OK)
        return status;
    file->crc = ybb__crc32(file->crc, bytes, length);
    file->written += length;
    start_writeback(file);
    return YBB_OK;
}

ybb_status ybb__file_flush(ybb_file *file, ybb_error *error)
{
    if (ybb__buffer_failed(&file->pending))
        return ybb__fail_memory(error);
    ybb_status status = write_now(file, file->pending.at, file->pending.length, error);
    ybb__buffer_clear(&file->pending);
    return status;
}

static ybb_status file_write(ybb_sink *sink, const void *bytes, size_t length, ybb_error *error)
{
    ybb_file *file = (ybb_file *)sink;
    ybb_buffer *pending = &file->pending;
    if (length < COLLECTED) {
        ybb__buffer_put(pending, bytes, length);
        bool wait = pending->length < COLLECTED && !ybb__buffer_failed(pending);
        return wait ? YBB_OK : ybb__file_flush(file, error);
    }
    ybb_status status = ybb__file_flush(file, error);
    return status == YBB_OK ? write_now(file, bytes, length, error) : status;
}

static ybb_status file_write_run(ybb_sink *sink, const ybb_run *run, ybb_error *error)
{
    return file_write(sink, run->bytes.at, run->bytes.length, error);
}

static ybb_file *file_new(ybb_folder *folder, const char *name)
{
    char id[YBB_ID_TEXT], turn[TURN_DIGITS + 1];
    ybb_file *file = calloc(1, sizeof(*file));
    if (file == NULL || !ybb__random_id(id)) {
        free(file);
        return NULL;
    }
    file->sink = (ybb_sink){.write = file_write, .write_run = file_write_run};
    file->folder = folder;
    file->descriptor = -1;
    ybb_buffer path = {0};
    ybb__buffer_put_text(&path, folder->path);
    ybb__buffer_put_char(&path, '/');
    size_t folder_length = path.length;
    ybb__buffer_put_text(&path, name);
    ybb__buffer_put_char(&path, '.');
    snprintf(turn, sizeof(turn), "%0*u", TURN_DIGITS, folder->turn);
    ybb__buffer_put_text(&path, turn);
    ybb__buffer_put_text(&path, random_part(id) + TURN_DIGITS);
    ybb__buffer_put_text(&path, part_mark);
    file->path = ybb__buffer_take(&path);
    file->name = strdup(name);
    if (file->path == NULL || file->name == NULL) {
        ybb__file_free(file);
        return NULL;
    }
    file->temporary = file->path + folder_length;
    return file;
}

ybb_status ybb__file_reserve(ybb_file **out, ybb_folder *folder, const char *name, ybb_error *error)
{
    *out = NULL;
    if (name[0] == '\0' || name[0] == '.' || strchr(name, '/') != NULL)
        return ybb__fail(error, YBB_MISUSE, "\"%.100s\" is no name of an output file", name);
    *out = file_new(folder, name);
    return *out != NULL ? YBB_OK : ybb__fail_memory(error);
}

static int open_temporary(const ybb_file *file, int flags)
{
    return openat(file->folder->descriptor, file->temporary,
                  O_RDWR | O_CLOEXEC | O_NOFOLLOW | flags, FILE_MODE);
}

/* Whether somebody whose turn is over took the folder for one that nobody needs. */
static bool is_removed(const ybb_folder *folder)
{
    struct stat made;
    return fstat(folder->descriptor, &made) == 0 && made.st_nlink == 0;
}

static ybb_status make_again(ybb_folder *folder, ybb_error *error)
{
    close(folder->descriptor);
    folder->descriptor = -1;
    return make_folder(folder, name_of(folder), error);
}

/* Opens the file under its temporary name and gives it its mode whatever the umask is. */
static ybb_status file_open(ybb_file *file, int flags, ybb_error *error)
{
    file->descriptor = open_temporary(file, flags);
    if (file->descriptor < 0 && errno == ENOENT && (flags & O_CREAT) != 0 &&
        is_removed(file->folder)) {
        ybb_status status = make_again(file->folder, error);
        if (status != YBB_OK)
            return status;
        file->descriptor = open_temporary(file, flags);
    }
    if (file->descriptor < 0)
        return fail(error, errno, "make", file->path);
    if (fchmod(file->descriptor, FILE_MODE) != 0)
        return fail(error, errno, "set the mode of", file->path);
    return YBB_OK;
}

ybb_status ybb__file_begin(ybb_file **out, ybb_folder *folder, const char *name, ybb_error *error)
{
    ybb_status status = ybb__file_reserve(out, folder, name, error);
    if (status == YBB_OK)
        status = file_open(*out, O_CREAT | O_EXCL, error);
    if (status != YBB_OK) {
        ybb__file_free(*out);
        *out = NULL;
    }
    return status;
}

/* Whoever made it may have left it a mode that does not even let us open it. */
ybb_status ybb__file_adopt(ybb_file *file, ybb_error *error)
{
    struct stat made;
    if (fchmodat(file->folder->descriptor, file->temporary, FILE_MODE, 0) != 0)
        return fail(error, errno, "set the mode of", file->path);
    ybb_status status = file_open(file, 0, error);
    if (status == YBB_OK && fstat(file->descriptor, &made) != 0)
        status = fail(error, errno, "look at", file->path);
    else if (status == YBB_OK)
        file->written = file->writeback = (uint64_t)made.st_size;
    file->adopted = true;
    return status;
}

ybb_status ybb__file_rename(ybb_file *file, const char *name, ybb_error *error)
{
    char *copy = strdup(name);
    if (copy == NULL)
        return ybb__fail_memory(error);
    free(file->name);
    file->name = copy;
    return YBB_OK;
}

ybb_sink *ybb__file_sink(ybb_file *file)
{
    return &file->sink;
}

int ybb__file_descriptor(const ybb_file *file)
{
    return file->descriptor;
}

const char *ybb__file_path(const ybb_file *file)
{
    return file->path;
}

bool ybb__file_sums(const ybb_file *file, uint64_t *bytes, uint32_t *crc)
{
    *bytes = file->written;
    *crc = file->crc;
    return !file->adopted;
}

/* A failed fsync is final: the kernel may have dropped the pages and would say yes the next time.
 */
ybb_status ybb__file_commit(ybb_file *file, ybb_error *error)
{
    ybb_status status = ybb__file_flush(file, error);
    if (status != YBB_OK)
        return status;
    const ybb_folder *folder = file->folder;
    if (fsync(file->descriptor) != 0)
        return fail(error, errno, "sync", file->path);
    if (renameat(folder->descriptor, file->temporary, folder->descriptor, file->name) != 0)
        return fail(error, errno, "rename", file->path);
    if (fsync(folder->descriptor) != 0 || fsync(folder->parent) != 0) {
        int number = errno;
        unlinkat(folder->descriptor, file->name, 0);
        file->committed = true;
        return fail(error, number, "sync the folder of", file->path);
    }
    file->committed = true;
    return YBB_OK;
}

void ybb__file_free(ybb_file *file)
{
    if (file == NULL)
        return;
    if (file->descriptor >= 0)
        close(file->descriptor);
    if (file->path != NULL && !file->committed)
        unlinkat(file->folder->descriptor, file->temporary, 0);
    ybb__buffer_free(&file->pending);
    free(file->path);
    free(file->name);
    free(file);
}
