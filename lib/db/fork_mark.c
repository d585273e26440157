#ifndef _GNU_SOURCE
#define _GNU_SOURCE 1 /* memfd_create */
#endif

#include "db/fork_mark.h"

#include "base/text.h"

#include <dirent.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

enum { MARK_TEXT = 128 };

/* How /proc shows the name of such a descriptor. */
static const char shown_before[] = "/memfd:";
static const char prefix[] = "ybbexport-open:";

/* "DEVICE:INODE:", which names the file. */
static void name_file(char *out, const struct stat *file)
{
    snprintf(out, MARK_TEXT, "%llx:%llx:", (unsigned long long)file->st_dev,
             (unsigned long long)file->st_ino);
}

int ybb__fork_mark(const struct stat *file)
{
    char of_file[MARK_TEXT], name[2 * MARK_TEXT];
    name_file(of_file, file);
    snprintf(name, sizeof(name), "%s%s%ld", prefix, of_file, (long)getpid());
    return memfd_create(name, MFD_CLOEXEC);
}

/* Whether @shown, what a descriptor is called, is a mark of the file by a process that is not this.
 */
static bool is_foreign(const char *shown, const char *of_file)
{
    int64_t process = 0;
    const char *const parts[] = {shown_before, prefix, of_file};
    for (size_t i = 0; i < sizeof(parts) / sizeof(parts[0]); i++) {
        size_t length = strlen(parts[i]);
        if (strncmp(shown, parts[i], length) != 0)
            return false;
        shown += length;
    }
    return ybb__text_to_i64(shown, strcspn(shown, " "), &process) && process != (int64_t)getpid();
}

bool ybb__fork_mark_inherited(const struct stat *file)
{
    char of_file[MARK_TEXT], shown[4 * MARK_TEXT];
    bool found = false;
    DIR *folder = opendir("/proc/self/fd");
    if (folder == NULL)
        return false;
    name_file(of_file, file);
    for (const struct dirent *entry; !found && (entry = readdir(folder)) != NULL;) {
        ssize_t length = readlinkat(dirfd(folder), entry->d_name, shown, sizeof(shown) - 1);
        shown[length > 0 ? length : 0] = '\0';
        found = is_foreign(shown, of_file);
    }
    closedir(folder);
    return found;
}
