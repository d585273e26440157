#include "store/owner_lock.h"

#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static const char folder_suffix[] = ".owners";

enum { LOCK_FOLDER_MODE = 0700, LOCK_FILE_MODE = 0600, PID_TEXT = 24, TOKEN_TEXT = 64 };

/* "<store>.owners/<token>.<pid>", or the folder without a token. NULL: no memory. */
static char *path_of(const char *store_path, const char *token, pid_t process)
{
    size_t size = strlen(store_path) + sizeof(folder_suffix) + 1 +
                  (token != NULL ? strlen(token) + PID_TEXT : 0);
    char *path = malloc(size);
    if (path == NULL)
        return NULL;
    if (token == NULL)
        snprintf(path, size, "%s%s", store_path, folder_suffix);
    else
        snprintf(path, size, "%s%s/%s.%ld", store_path, folder_suffix, token, (long)process);
    return path;
}

static int open_existing(int folder, const char *name)
{
    return openat(folder, name, O_RDWR | O_CLOEXEC | O_NOFOLLOW);
}

/* Whether somebody has the lock; a file that cannot be asked counts as locked. */
static bool is_locked(int descriptor)
{
    struct flock lock = {.l_type = F_WRLCK, .l_whence = SEEK_SET};
    return fcntl(descriptor, F_GETLK, &lock) != 0 || lock.l_type != F_UNLCK;
}

/* The process that a lock file is named after, and the token; 0: it is no lock file. */
static long process_of(const char *name, char *token)
{
    const char *point = strrchr(name, '.');
    char *end;
    if (point == NULL || point == name || point - name >= TOKEN_TEXT)
        return 0;
    memcpy(token, name, (size_t)(point - name));
    token[point - name] = '\0';
    long process = strtol(point + 1, &end, 10);
    return *end == '\0' && process > 0 ? process : 0;
}

/* A sweep may remove the file before it is locked: then *@gone. */
static int make_and_lock(const char *path, bool *gone)
{
    struct flock lock = {.l_type = F_WRLCK, .l_whence = SEEK_SET};
    struct stat file;
    int descriptor = open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, LOCK_FILE_MODE);
    *gone = false;
    if (descriptor < 0)
        return -1;
    if (fcntl(descriptor, F_SETLK, &lock) == 0 && fstat(descriptor, &file) == 0) {
        *gone = file.st_nlink == 0;
        if (!*gone)
            return descriptor;
    }
    (void)unlink(path);
    close(descriptor);
    return -1;
}

void ybb__owner_lock_take(ybb_owner_lock *lock, const char *store_path, const char *token)
{
    char *folder = path_of(store_path, NULL, 0);
    *lock = (ybb_owner_lock){.descriptor = -1, .process = getpid()};
    if (folder != NULL)
        (void)mkdir(folder, LOCK_FOLDER_MODE);
    free(folder);
    lock->path = path_of(store_path, token, lock->process);
    bool again = lock->path != NULL;
    while (again)
        lock->descriptor = make_and_lock(lock->path, &again);
}

void ybb__owner_lock_drop(ybb_owner_lock *lock)
{
    if (lock->descriptor >= 0) {
        /* a forked child has no part in it */
        if (lock->process == getpid())
            (void)unlink(lock->path);
        close(lock->descriptor);
    }
    free(lock->path);
    *lock = (ybb_owner_lock){.descriptor = -1};
}

bool ybb__owner_lock_shows_dead(const char *store_path, const char *token, pid_t process)
{
    if (process == getpid())
        return false;
    char *path = path_of(store_path, token, process);
    int descriptor = path == NULL ? -1 : open_existing(AT_FDCWD, path);
    free(path);
    if (descriptor < 0)
        return false;
    bool dead = !is_locked(descriptor);
    close(descriptor);
    return dead;
}

void ybb__owner_lock_remove(const char *store_path, const char *token, pid_t process)
{
    char *path = path_of(store_path, token, process);
    if (path != NULL && process != getpid())
        (void)unlink(path);
    free(path);
}

/* Whether the file may go: its owner is not known, and its process has ended. */
static bool is_left_over(int folder, const char *name, ybb_owner_known is_known, void *context)
{
    char token[TOKEN_TEXT];
    long process = process_of(name, token);
    if (process == 0 || process == (long)getpid() || is_known(context, token))
        return false;
    int descriptor = open_existing(folder, name);
    if (descriptor < 0)
        return false;
    bool is_dead = !is_locked(descriptor);
    close(descriptor);
    return is_dead;
}

void ybb__owner_lock_sweep(const char *store_path, ybb_owner_known is_known, void *context)
{
    char *path = path_of(store_path, NULL, 0);
    DIR *folder = path == NULL ? NULL : opendir(path);
    free(path);
    if (folder == NULL)
        return;
    for (const struct dirent *entry; (entry = readdir(folder)) != NULL;)
        if (is_left_over(dirfd(folder), entry->d_name, is_known, context))
            (void)unlinkat(dirfd(folder), entry->d_name, 0);
    closedir(folder);
}
