/*
 * Files and their publication, under hostile masks, missing rights and full disks. Root is stopped
 * by no right, so what is about rights runs in a child that is nobody.
 */
#include "store/files.h"

#include "base/random.h"
#include "pack/archive.h"
#include "pack/readback.h"
#include "pack_helpers.h"
#include "runner.h"

#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

static const char id[] = "exp_0123456789abcdefghijklmnop";
static const char other_id[] = "exp_ponmlkjihgfedcba9876543210";

/* ------------------------------------------------- what publishing asks of the system, watched */

static struct {
    char calls[16]; /* F: fsync of a file, D: of a folder, R: rename */
    int fail_at;    /* this call of them fails, from 1; 0: none */
} watch;

static bool watched_call_fails(char call)
{
    size_t count = strlen(watch.calls);
    if (count + 1 < sizeof(watch.calls))
        watch.calls[count] = call;
    return (int)count + 1 == watch.fail_at;
}

/* These two stand before the system's for this program. */
int fsync(int descriptor)
{
    struct stat file;
    bool folder = fstat(descriptor, &file) == 0 && S_ISDIR(file.st_mode);
    if (watched_call_fails(folder ? 'D' : 'F')) {
        errno = EIO;
        return -1;
    }
    return (int)syscall(SYS_fsync, descriptor);
}

int renameat(int from_folder, const char *from, int to_folder, const char *to)
{
    if (watched_call_fails('R')) {
        errno = EIO;
        return -1;
    }
    return (int)syscall(SYS_renameat2, from_folder, from, to_folder, to, 0);
}

static void watch_again(int fail_at)
{
    memset(&watch, 0, sizeof(watch));
    watch.fail_at = fail_at;
}

/* -------------------------------------------------------------------------------------- helpers */

/* A fresh output folder that anybody may write. */
static const char *fresh_out(void)
{
    static char out[300];
    snprintf(out, sizeof(out), "%s", in_folder("out"));
    CU_ASSERT_EQUAL(run_shell("chmod 755 . ; rm -rf out && mkdir out && chmod 777 out"), 0);
    return out;
}

static ybb_folder *open_folder(const char *out)
{
    ybb_folder *folder = NULL;
    ybb_error error = {0};
    if (ybb__folder_open(&folder, out, id, &error) != YBB_OK)
        printf("# %s\n", error.message);
    CU_ASSERT_PTR_NOT_NULL_FATAL(folder);
    return folder;
}

static ybb_file *begin(ybb_folder *folder, const char *name)
{
    ybb_file *file = NULL;
    CU_ASSERT_EQUAL(ybb__file_begin(&file, folder, name, NULL), YBB_OK);
    CU_ASSERT_PTR_NOT_NULL_FATAL(file);
    return file;
}

static ybb_status put(ybb_file *file, const void *bytes, size_t length, ybb_error *error)
{
    ybb_sink *sink = ybb__file_sink(file);
    return sink->write(sink, bytes, length, error);
}

static bool exists(const ybb_folder *folder, const char *name)
{
    return faccessat(ybb__folder_descriptor(folder), name, F_OK, AT_SYMLINK_NOFOLLOW) == 0;
}

static void touch(const ybb_folder *folder, const char *name)
{
    int file = openat(ybb__folder_descriptor(folder), name, O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
    CU_ASSERT_TRUE(file >= 0);
    close(file);
}

static unsigned mode_of(const char *path)
{
    struct stat file = {0};
    CU_ASSERT_EQUAL(lstat(path, &file), 0);
    return file.st_mode & 07777;
}

/* Runs @test in a child, as nobody where @as_nobody and we are root; its exit status. */
static int in_child(int (*test)(const char *out), const char *out, bool as_nobody)
{
    enum { NOBODY = 65534 };
    int status = -1;
    fflush(stdout);
    pid_t child = fork();
    if (child == 0) {
        if (as_nobody && geteuid() == 0 &&
            (setgroups(0, NULL) != 0 || setgid(NOBODY) != 0 || setuid(NOBODY) != 0))
            _exit(100);
        _exit(test(out));
    }
    CU_ASSERT_EQUAL(waitpid(child, &status, 0), child);
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

/* ------------------------------------------------------------------------------------ publishing
 */

static void a_file_appears_when_it_is_committed_and_not_before(void)
{
    ybb_folder *folder = open_folder(fresh_out());
    ybb_file *file = begin(folder, "a.csv");
    CU_ASSERT_EQUAL(put(file, "abc", 3, NULL), YBB_OK);
    CU_ASSERT_EQUAL(ybb__file_flush(file, NULL), YBB_OK);
    CU_ASSERT_FALSE(exists(folder, "a.csv"));
    CU_ASSERT_EQUAL(access(ybb__file_path(file), F_OK), 0);
    CU_ASSERT_EQUAL(ybb__file_commit(file, NULL), YBB_OK);
    CU_ASSERT_TRUE(exists(folder, "a.csv"));
    CU_ASSERT_NOT_EQUAL(access(ybb__file_path(file), F_OK), 0);
    ybb__file_free(file);
    CU_ASSERT_TRUE(exists(folder, "a.csv"));
    ybb__folder_close(folder);
}

static void a_file_is_synced_then_renamed_then_its_folders_are_synced(void)
{
    ybb_folder *folder = open_folder(fresh_out());
    ybb_file *file = begin(folder, "a.csv");
    CU_ASSERT_EQUAL(put(file, "abc", 3, NULL), YBB_OK);
    watch_again(0);
    CU_ASSERT_EQUAL(ybb__file_commit(file, NULL), YBB_OK);
    CU_ASSERT_STRING_EQUAL(watch.calls, "FRDD"); /* the second folder has the first's entry */
    ybb__file_free(file);
    ybb__folder_close(folder);
}

static void nothing_is_visible_where_a_step_of_publishing_fails(void)
{
    for (int step = 1; step <= 4; step++) {
        ybb_folder *folder = open_folder(fresh_out());
        ybb_file *file = begin(folder, "a.csv");
        ybb_error error = {0};
        CU_ASSERT_EQUAL(put(file, "abc", 3, NULL), YBB_OK);
        watch_again(step);
        CU_ASSERT_EQUAL(ybb__file_commit(file, &error), YBB_OUTPUT_ERROR);
        watch_again(0);
        CU_ASSERT_PTR_NOT_NULL(strstr(error.message, "a.csv"));
        CU_ASSERT_FALSE(exists(folder, "a.csv"));
        ybb__file_free(file);
        CU_ASSERT_EQUAL(run_shell("test -z \"$(ls -A out/exp_*)\""), 0);
        ybb__folder_close(folder);
    }
}

static void a_file_that_is_not_committed_goes_away(void)
{
    ybb_folder *folder = open_folder(fresh_out());
    ybb_file *file = begin(folder, "a.csv");
    CU_ASSERT_EQUAL(put(file, "abc", 3, NULL), YBB_OK);
    ybb__file_free(file);
    ybb__file_free(NULL);
    CU_ASSERT_EQUAL(run_shell("test -z \"$(ls -A out/exp_*)\""), 0);
    ybb__folder_close(folder);
    ybb__folder_close(NULL);
}

/* Writes of many sizes, below and above what is collected. */
static void what_is_written_is_what_is_there(void)
{
    static const size_t sizes[] = {1,     0,      65535,  1,  65536, 65537, 3,
                                   65534, 200000, 100000, 50, 65535, 65535, 9000000};
    const char *out = fresh_out();
    ybb_folder *folder = open_folder(out);
    ybb_file *file = begin(folder, "a.bin");
    ybb_buffer expected = {0}, found = {0};
    ybb_run run = {0};
    for (unsigned i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++) {
        char *content = make_content(CONTENT_NOISE, sizes[i], i);
        ybb__buffer_put(&expected, content, sizes[i]);
        ybb__run_clear(&run);
        ybb__buffer_put(&run.bytes, content, sizes[i]);
        ybb_sink *sink = ybb__file_sink(file);
        ybb_status status =
            i % 2 == 0 ? put(file, content, sizes[i], NULL) : sink->write_run(sink, &run, NULL);
        CU_ASSERT_EQUAL(status, YBB_OK);
        free(content);
    }
    CU_ASSERT_EQUAL(ybb__file_flush(file, NULL), YBB_OK);
    uint64_t bytes;
    uint32_t crc;
    ybb_digest digest;
    CU_ASSERT_TRUE(ybb__file_sums(file, &bytes, &crc));
    ybb_readback *readback = ybb__readback_new(ybb__file_descriptor(file), YBB_CONTAINER_NONE);
    CU_ASSERT_EQUAL(ybb__readback_finish(readback, &digest, NULL), YBB_OK);
    ybb__readback_free(readback);
    CU_ASSERT_EQUAL(bytes, expected.length);
    CU_ASSERT_EQUAL(digest.bytes, expected.length);
    CU_ASSERT_EQUAL(digest.crc32, crc);
    CU_ASSERT_EQUAL(ybb__file_commit(file, NULL), YBB_OK);
    ybb__file_free(file);
    char path[512];
    snprintf(path, sizeof(path), "%s/a.bin", ybb__folder_path(folder));
    read_file(path, &found);
    CU_ASSERT_EQUAL_FATAL(found.length, expected.length);
    CU_ASSERT_EQUAL(memcmp(found.at, expected.at, found.length), 0);
    ybb__run_free(&run);
    ybb__buffer_free(&expected);
    ybb__buffer_free(&found);
    ybb__folder_close(folder);
}

static void an_adopted_file_is_published_but_its_sums_are_not_known(void)
{
    ybb_folder *folder = open_folder(fresh_out());
    ybb_file *file = NULL;
    uint64_t bytes;
    uint32_t crc;
    CU_ASSERT_EQUAL(ybb__file_reserve(&file, folder, "a.zip", NULL), YBB_OK);
    CU_ASSERT_NOT_EQUAL(access(ybb__file_path(file), F_OK), 0);
    CU_ASSERT_EQUAL(ybb__file_adopt(file, NULL), YBB_OUTPUT_MISSING);
    FILE *made = fopen(ybb__file_path(file), "w");
    CU_ASSERT_PTR_NOT_NULL_FATAL(made);
    fputs("abc", made);
    fclose(made);
    CU_ASSERT_EQUAL(ybb__file_adopt(file, NULL), YBB_OK);
    CU_ASSERT_FALSE(ybb__file_sums(file, &bytes, &crc));
    CU_ASSERT_EQUAL(bytes, 3);
    CU_ASSERT_EQUAL(ybb__file_commit(file, NULL), YBB_OK);
    CU_ASSERT_EQUAL(run_shell("echo -n abc | cmp - out/exp_*/a.zip"), 0);
    ybb__file_free(file);
    ybb__folder_close(folder);
}

static void the_working_directory_does_not_matter(void)
{
    char here[512];
    ybb_folder *folder = open_folder(fresh_out());
    ybb_file *file = begin(folder, "a.csv");
    CU_ASSERT_PTR_NOT_NULL_FATAL(getcwd(here, sizeof(here)));
    CU_ASSERT_EQUAL(chdir("/"), 0);
    CU_ASSERT_EQUAL(ybb__file_commit(file, NULL), YBB_OK);
    CU_ASSERT_EQUAL(chdir(here), 0);
    CU_ASSERT_TRUE(exists(folder, "a.csv"));
    ybb__file_free(file);
    ybb__folder_close(folder);
}

static void descriptors_are_closed_on_exec(void)
{
    ybb_folder *folder = open_folder(fresh_out());
    ybb_file *file = begin(folder, "a.csv");
    CU_ASSERT_TRUE(fcntl(ybb__file_descriptor(file), F_GETFD) & FD_CLOEXEC);
    CU_ASSERT_TRUE(fcntl(ybb__folder_descriptor(folder), F_GETFD) & FD_CLOEXEC);
    ybb__file_free(file);
    ybb__folder_close(folder);
}

static void a_name_that_leads_elsewhere_is_refused(void)
{
    static const char *const names[] = {"", ".", "..", ".hidden", "../a", "a/b", "/a"};
    ybb_folder *folder = open_folder(fresh_out());
    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
        ybb_file *file = (ybb_file *)folder;
        CU_ASSERT_EQUAL(ybb__file_begin(&file, folder, names[i], NULL), YBB_MISUSE);
        CU_ASSERT_PTR_NULL(file);
    }
    CU_ASSERT_EQUAL(run_shell("test -z \"$(ls -A out/exp_*)\""), 0);
    ybb__folder_close(folder);
}

/* ------------------------------------------------------------------------------ modes and rights
 */

/* Makes everything there is under a mask that takes every right away. */
static int make_all_masked(const char *out)
{
    ybb_folder *folder = NULL;
    ybb_file *file = NULL, *archive = NULL;
    const ybb_archive_entry entry = {.name = "a", .bytes = "a", .length = 1};
    umask(0777);
    if (ybb__folder_open(&folder, out, id, NULL) != YBB_OK)
        return 1;
    if (ybb__file_begin(&file, folder, "a.csv", NULL) != YBB_OK ||
        put(file, "abc", 3, NULL) != YBB_OK || ybb__file_commit(file, NULL) != YBB_OK)
        return 2;
    if (ybb__file_reserve(&archive, folder, "a.zip", NULL) != YBB_OK ||
        ybb__archive_make(ybb__file_path(archive), &entry, 1, 0, NULL, NULL, NULL) != YBB_OK ||
        ybb__file_adopt(archive, NULL) != YBB_OK || ybb__file_commit(archive, NULL) != YBB_OK)
        return 3;
    ybb__file_free(archive);
    if (ybb__file_reserve(&archive, folder, "b.zip", NULL) != YBB_OK ||
        close(open(ybb__file_path(archive), O_WRONLY | O_CREAT | O_CLOEXEC, 0666)) != 0 ||
        ybb__file_adopt(archive, NULL) != YBB_OK || ybb__file_commit(archive, NULL) != YBB_OK)
        return 4;
    ybb__file_free(file);
    ybb__file_free(archive);
    ybb__folder_close(folder);
    return 0;
}

static int make_all_unmasked(const char *out)
{
    int status = make_all_masked(out);
    umask(0);
    ybb_folder *folder = NULL;
    ybb_file *file = NULL;
    if (status == 0 && (ybb__folder_open(&folder, out, other_id, NULL) != YBB_OK ||
                        ybb__file_begin(&file, folder, "a.csv", NULL) != YBB_OK ||
                        ybb__file_commit(file, NULL) != YBB_OK))
        status = 5;
    ybb__file_free(file);
    ybb__folder_close(folder);
    return status;
}

static void modes_are_0700_and_0600_under_any_umask(void)
{
    static const char *const files[] = {
        "out/exp_0123456789abcdefghijklmnop/a.csv", "out/exp_0123456789abcdefghijklmnop/a.zip",
        "out/exp_0123456789abcdefghijklmnop/b.zip", "out/exp_ponmlkjihgfedcba9876543210/a.csv"};
    CU_ASSERT_EQUAL(in_child(make_all_unmasked, fresh_out(), true), 0);
    CU_ASSERT_EQUAL(mode_of(in_folder("out/exp_0123456789abcdefghijklmnop")), 0700);
    CU_ASSERT_EQUAL(mode_of(in_folder("out/exp_ponmlkjihgfedcba9876543210")), 0700);
    for (size_t i = 0; i < sizeof(files) / sizeof(files[0]); i++)
        CU_ASSERT_EQUAL(mode_of(in_folder(files[i])), 0600);
}

static void an_output_folder_that_is_not_there_is_missing(void)
{
    ybb_folder *folder;
    ybb_error error = {0};
    char path[512];
    const char *out = fresh_out();
    snprintf(path, sizeof(path), "%s/none", out);
    CU_ASSERT_EQUAL(ybb__folder_check(out, NULL), YBB_OK);
    CU_ASSERT_EQUAL(ybb__folder_check(path, &error), YBB_OUTPUT_MISSING);
    CU_ASSERT_PTR_NOT_NULL(strstr(error.message, path));
    CU_ASSERT_EQUAL(ybb__folder_open(&folder, path, id, NULL), YBB_OUTPUT_MISSING);
    CU_ASSERT_PTR_NULL(folder);
    write_file("out/none", "a file", 6);
    CU_ASSERT_EQUAL(ybb__folder_check(path, NULL), YBB_OUTPUT_MISSING);
    CU_ASSERT_EQUAL(ybb__folder_open(&folder, path, id, NULL), YBB_OUTPUT_MISSING);
    CU_ASSERT_EQUAL(ybb__folder_remove(path, id, NULL, NULL), YBB_OUTPUT_MISSING);
}

static ybb_status check_file(const char *out, const char *name, uint64_t bytes)
{
    ybb_error error = {0};
    ybb_status status = ybb__folder_check_file(out, id, name, bytes, &error);
    if (status != YBB_OK)
        CU_ASSERT_PTR_NOT_NULL(strstr(error.message, id));
    return status;
}

static void a_file_that_is_not_as_its_record_says_is_found(void)
{
    char path[512];
    const char *out = fresh_out();
    ybb__folder_close(open_folder(out));
    write_file("out/exp_0123456789abcdefghijklmnop/a.csv", "abc", 3);
    CU_ASSERT_EQUAL(check_file(out, "a.csv", 3), YBB_OK);
    CU_ASSERT_EQUAL(check_file(out, "a.csv", 2), YBB_OUTPUT_CORRUPT);
    CU_ASSERT_EQUAL(check_file(out, "a.csv", 4), YBB_OUTPUT_CORRUPT);
    CU_ASSERT_EQUAL(check_file(out, "b.csv", 3), YBB_OUTPUT_CORRUPT);
    CU_ASSERT_EQUAL(symlink("a.csv", in_folder("out/exp_0123456789abcdefghijklmnop/c.csv")), 0);
    CU_ASSERT_EQUAL(check_file(out, "c.csv", 5), YBB_OUTPUT_CORRUPT);
    snprintf(path, sizeof(path), "%s/none", out);
    CU_ASSERT_EQUAL(ybb__folder_check_file(path, id, "a.csv", 3, NULL), YBB_OUTPUT_MISSING);
    CU_ASSERT_EQUAL(ybb__folder_remove(out, id, NULL, NULL), YBB_OK);
    CU_ASSERT_EQUAL(check_file(out, "a.csv", 3), YBB_OUTPUT_CORRUPT);
}

static int find_denied(const char *out)
{
    ybb_folder *folder;
    ybb_error error = {0};
    if (ybb__folder_check(out, &error) != YBB_OUTPUT_DENIED || strstr(error.message, out) == NULL)
        return 1;
    if (ybb__folder_open(&folder, out, id, NULL) != YBB_OUTPUT_DENIED || folder != NULL)
        return 2;
    return 0;
}

static int find_file_denied(const char *out)
{
    ybb_folder *folder = NULL;
    ybb_file *file = NULL;
    if (ybb__folder_open(&folder, out, id, NULL) != YBB_OK)
        return 1;
    if (fchmod(ybb__folder_descriptor(folder), 0500) != 0)
        return 2;
    int status = ybb__file_begin(&file, folder, "a.csv", NULL) == YBB_OUTPUT_DENIED ? 0 : 3;
    ybb__folder_close(folder);
    return status;
}

static void an_output_folder_that_may_not_be_written_is_denied(void)
{
    static const mode_t modes[] = {0555, 0444, 0};
    const char *out = fresh_out();
    for (size_t i = 0; i < sizeof(modes) / sizeof(modes[0]); i++) {
        CU_ASSERT_EQUAL(chmod(out, modes[i]), 0);
        CU_ASSERT_EQUAL(in_child(find_denied, out, true), 0);
    }
    CU_ASSERT_EQUAL(chmod(out, 0777), 0);
    CU_ASSERT_EQUAL(in_child(find_file_denied, out, true), 0);
}

static int find_foreign(const char *out)
{
    ybb_folder *folder;
    return ybb__folder_open(&folder, out, id, NULL) == YBB_OUTPUT_DENIED && folder == NULL ? 0 : 1;
}

static void a_folder_of_somebody_else_is_denied(void)
{
    if (geteuid() != 0) {
        skip_test("only root has somebody else");
        return;
    }
    const char *out = fresh_out();
    ybb__folder_close(open_folder(out));
    CU_ASSERT_EQUAL(in_child(find_foreign, out, true), 0);
    CU_ASSERT_EQUAL(run_shell("chmod 777 out/exp_*"), 0);
    CU_ASSERT_EQUAL(in_child(find_foreign, out, true), 0);
}

/* ---------------------------------------------------------------------------------- full disks */

enum { NO_MOUNT = 77, DISK = 256 * 1024 };

/* A small disk of the child's own, then files until it is full. */
static int fill_a_disk(const char *out)
{
    ybb_folder *folder = NULL;
    ybb_file *file = NULL;
    ybb_error error = {0};
    char *content = make_content(CONTENT_NOISE, DISK, 1);
    if (geteuid() != 0 || unshare(CLONE_NEWNS) != 0 ||
        mount("none", "/", "none", MS_REC | MS_PRIVATE, "") != 0 ||
        mount("none", out, "tmpfs", 0, "size=256k,mode=0777") != 0)
        return NO_MOUNT;
    if (ybb__folder_open(&folder, out, id, NULL) != YBB_OK)
        return 1;
    uint64_t room = ybb__folder_free_space(folder);
    if (room == 0 || room > DISK)
        return 2;
    if (ybb__file_begin(&file, folder, "a.bin", NULL) != YBB_OK ||
        put(file, content, DISK / 2, NULL) != YBB_OK || ybb__file_commit(file, NULL) != YBB_OK)
        return 3;
    ybb__file_free(file);
    if (ybb__folder_free_space(folder) >= room)
        return 4;
    if (ybb__file_begin(&file, folder, "b.bin", NULL) != YBB_OK ||
        put(file, content, DISK, &error) != YBB_OUTPUT_FULL)
        return 5;
    if (strstr(error.message, "b.bin") == NULL || strstr(error.message, "(0 B free") == NULL)
        return 6;
    ybb__file_free(file);
    ybb_status status = ybb__file_begin(&file, folder, "c.bin", NULL);
    if (status != YBB_OK)
        return 7;
    /* the same by small writes, which are collected */
    for (size_t i = 0; i < DISK && status == YBB_OK; i += 1000)
        status = put(file, content, 1000, NULL);
    if (status == YBB_OK)
        status = ybb__file_commit(file, NULL);
    ybb__file_free(file);
    if (status != YBB_OUTPUT_FULL || exists(folder, "b.bin") || exists(folder, "c.bin") ||
        !exists(folder, "a.bin") || ybb__folder_free_space(folder) < DISK / 4)
        return 8;
    const ybb_archive_entry entry = {.name = "a", .bytes = content, .length = DISK, .packed = true};
    char path[512];
    snprintf(path, sizeof(path), "%s/d.zip", ybb__folder_path(folder));
    error = (ybb_error){0};
    if (ybb__archive_make(path, &entry, 1, 0, NULL, NULL, &error) != YBB_OUTPUT_FULL ||
        strstr(error.message, " free on its disk") == NULL || exists(folder, "d.zip"))
        return 9;
    ybb__folder_close(folder);
    free(content);
    return 0;
}

static void a_full_disk_is_reported_with_what_is_free_and_leaves_nothing_half(void)
{
    int status = in_child(fill_a_disk, fresh_out(), false);
    if (status == NO_MOUNT) {
        skip_test("no small disk can be mounted here");
        return;
    }
    CU_ASSERT_EQUAL(status, 0);
}

static int pass_a_limit(const char *out)
{
    static const struct rlimit limit = {100000, 100000};
    ybb_folder *folder = NULL;
    ybb_file *file = NULL;
    ybb_error error = {0};
    char *content = make_content(CONTENT_NOISE, 200000, 1);
    signal(SIGXFSZ, SIG_IGN); /* the library's threads block it */
    if (setrlimit(RLIMIT_FSIZE, &limit) != 0 ||
        ybb__folder_open(&folder, out, id, NULL) != YBB_OK ||
        ybb__file_begin(&file, folder, "a.bin", NULL) != YBB_OK)
        return 1;
    if (put(file, content, 200000, &error) != YBB_OUTPUT_ERROR ||
        strstr(error.message, "a.bin") == NULL)
        return 2;
    ybb__file_free(file);
    ybb__folder_sweep(folder);
    ybb__folder_close(folder);
    free(content);
    return access(out, F_OK) == 0 && rmdir(out) == 0 ? 0 : 3; /* so it is empty */
}

static void a_file_beyond_the_limit_of_sizes_is_an_error_and_leaves_nothing(void)
{
    CU_ASSERT_EQUAL(in_child(pass_a_limit, fresh_out(), false), 0);
}

/* ------------------------------------------------------------------------------- clearing away */

static void a_sweep_removes_temporary_names_of_ours_alone(void)
{
    static const char *const ours[] = {"a.csv.abcdefghijklmnop0123456789.part",
                                       "a.xlsx.gz.00000000000000000000000000.part",
                                       "tmp.aB3xYz0123"};
    static const char *const others[] = {
        "a.csv",
        ".hidden.abcdefghijklmnop0123456789",
        "a.part",
        "a.part.csv",
        ".part",
        "abcdefghijklmnop0123456789.part",
        "a.csv.abcdefghijklmnop012345678.part",
        "a.csv.abcdefghijklmnop0123456789q.part",
        "a.csv.ABCDEFGHIJKLMNOP0123456789.part",
        "a.csv-abcdefghijklmnop0123456789.part",
        "a.csv.abcdefghijklmnop0123456789.part.csv",
        "a.csv.abcdefghijklmnop0123456789",
        "tmp.xlsx",
        "tmp.a.csv",
    };
    ybb_folder *folder = open_folder(fresh_out());
    ybb_file *file = begin(folder, "now.csv");
    const char *temporary = strrchr(ybb__file_path(file), '/') + 1;
    for (size_t i = 0; i < sizeof(ours) / sizeof(ours[0]); i++)
        touch(folder, ours[i]);
    for (size_t i = 0; i < sizeof(others) / sizeof(others[0]); i++)
        touch(folder, others[i]);
    CU_ASSERT_TRUE(exists(folder, temporary));
    ybb__folder_sweep(folder);
    CU_ASSERT_FALSE(exists(folder, temporary));
    for (size_t i = 0; i < sizeof(ours) / sizeof(ours[0]); i++)
        CU_ASSERT_FALSE(exists(folder, ours[i]));
    for (size_t i = 0; i < sizeof(others) / sizeof(others[0]); i++)
        CU_ASSERT_TRUE(exists(folder, others[i]));
    ybb__file_free(file);
    ybb__folder_close(folder);
}

static void a_sweep_removes_the_folder_where_nothing_else_is_in_it(void)
{
    ybb_folder *folder = open_folder(fresh_out());
    touch(folder, "a.csv.abcdefghijklmnop0123456789.part");
    ybb__folder_sweep(folder);
    CU_ASSERT_NOT_EQUAL(access(ybb__folder_path(folder), F_OK), 0);
    ybb__folder_close(folder);
    CU_ASSERT_EQUAL(run_shell("test -z \"$(ls -A out)\""), 0);
}

static void who_begins_a_file_makes_a_folder_that_was_swept_away_again(void)
{
    ybb_folder *swept = open_folder(fresh_out()), *folder = open_folder(in_folder("out"));
    ybb__folder_sweep(swept);
    CU_ASSERT_NOT_EQUAL(access(ybb__folder_path(folder), F_OK), 0);
    ybb_file *file = begin(folder, "a.csv");
    CU_ASSERT_EQUAL(ybb__file_commit(file, NULL), YBB_OK);
    ybb__file_free(file);
    CU_ASSERT_TRUE(exists(folder, "a.csv"));
    CU_ASSERT_EQUAL(mode_of(ybb__folder_path(folder)), 0700);
    ybb__folder_close(folder);
    ybb__folder_close(swept);
}

/* As when a process is stopped, taken for dead, and goes on. */
static void who_has_the_next_turn_keeps_the_one_before_from_publishing(void)
{
    ybb_removed removed = {0};
    ybb_folder *before = open_folder(fresh_out()), *now = open_folder(in_folder("out"));
    ybb__folder_set_turn(before, 9);
    ybb_file *late = begin(before, "a.csv");
    ybb__folder_set_turn(now, 10);
    CU_ASSERT_EQUAL(ybb__folder_clear(now, &removed, NULL), YBB_OK);
    CU_ASSERT_EQUAL(removed.files, 1);
    ybb_file *file = begin(now, "a.csv");
    CU_ASSERT_EQUAL(ybb__file_commit(file, NULL), YBB_OK);
    CU_ASSERT_NOT_EQUAL(ybb__file_commit(late, NULL), YBB_OK);
    CU_ASSERT_TRUE(exists(now, "a.csv"));
    ybb__file_free(late);
    ybb__file_free(file);
    ybb__folder_close(before);
    ybb__folder_close(now);
}

static void who_had_a_turn_before_removes_nothing_of_a_later_one(void)
{
    ybb_removed removed = {0};
    ybb_folder *before = open_folder(fresh_out()), *now = open_folder(in_folder("out"));
    ybb__folder_set_turn(before, 4000000000);
    ybb__folder_set_turn(now, 4000000001);
    ybb_file *file = begin(now, "a.csv"), *own = begin(before, "b.csv");
    CU_ASSERT_EQUAL(ybb__folder_clear(before, &removed, NULL), YBB_OK);
    CU_ASSERT_EQUAL(removed.files, 1);
    ybb__file_free(own);
    ybb__folder_sweep(before);
    CU_ASSERT_EQUAL(ybb__file_commit(file, NULL), YBB_OK);
    ybb__file_free(file);
    ybb__folder_sweep(before);
    CU_ASSERT_TRUE(exists(now, "a.csv"));
    ybb__folder_close(before);
    ybb__folder_close(now);
}

static void an_export_is_removed_with_its_files_and_nothing_beside(void)
{
    const char *out = fresh_out();
    ybb_folder *folder = open_folder(out);
    touch(folder, "a.csv");
    touch(folder, "a.csv.0123456789abcdefghijklmnop.part");
    ybb__folder_close(folder);
    CU_ASSERT_EQUAL(run_shell("touch out/strangers && mkdir out/exp_short"), 0);
    CU_ASSERT_EQUAL(ybb__folder_remove(out, id, NULL, NULL), YBB_OK);
    CU_ASSERT_EQUAL(run_shell("test \"$(ls -A out | xargs)\" = 'exp_short strangers'"), 0);
    CU_ASSERT_EQUAL(ybb__folder_remove(out, id, NULL, NULL), YBB_OK); /* gone is gone */
}

static void an_export_with_a_stranger_in_it_keeps_the_stranger(void)
{
    const char *out = fresh_out();
    ybb_folder *folder = open_folder(out);
    touch(folder, "a.csv");
    touch(folder, ".nfs0001");
    CU_ASSERT_EQUAL(ybb__folder_remove(out, id, NULL, NULL), YBB_OUTPUT_ERROR);
    CU_ASSERT_TRUE(exists(folder, ".nfs0001"));
    CU_ASSERT_FALSE(exists(folder, "a.csv"));
    ybb__folder_close(folder);
}

static void only_an_export_id_names_a_folder(void)
{
    static const char *const names[] = {"",
                                        ".",
                                        "..",
                                        "/",
                                        "exp_",
                                        "strangers",
                                        "exp_0123456789abcdefghijklmno/",
                                        "../exp_0123456789abcdefghijklmnop"};
    const char *out = fresh_out();
    CU_ASSERT_EQUAL(run_shell("mkdir out/strangers && touch out/strangers/file"), 0);
    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
        ybb_folder *folder;
        CU_ASSERT_EQUAL(ybb__folder_open(&folder, out, names[i], NULL), YBB_MISUSE);
        CU_ASSERT_PTR_NULL(folder);
        CU_ASSERT_EQUAL(ybb__folder_remove(out, names[i], NULL, NULL), YBB_MISUSE);
    }
    CU_ASSERT_EQUAL(run_shell("test -f out/strangers/file"), 0);
}

static void a_link_in_the_place_of_an_export_is_not_followed(void)
{
    const char *out = fresh_out();
    ybb_folder *folder;
    CU_ASSERT_EQUAL(run_shell("mkdir out/target && touch out/target/precious && "
                              "chmod 755 out/target && "
                              "ln -s target out/exp_0123456789abcdefghijklmnop"),
                    0);
    CU_ASSERT_NOT_EQUAL(ybb__folder_open(&folder, out, id, NULL), YBB_OK);
    CU_ASSERT_PTR_NULL(folder);
    CU_ASSERT_NOT_EQUAL(ybb__folder_remove(out, id, NULL, NULL), YBB_OK);
    CU_ASSERT_EQUAL(run_shell("test -f out/target/precious"), 0);
    CU_ASSERT_EQUAL(mode_of(in_folder("out/target")), 0755);
}

static void a_folder_is_opened_again_with_what_is_in_it(void)
{
    const char *out = fresh_out();
    ybb_folder *folder = open_folder(out);
    touch(folder, "a.csv");
    ybb__folder_close(folder);
    folder = open_folder(out);
    CU_ASSERT_TRUE(exists(folder, "a.csv"));
    CU_ASSERT_TRUE(ybb__folder_free_space(folder) > 0);
    ybb__folder_close(folder);
}

int main(void)
{
    static const ybb_test tests[] = {
        TEST(a_file_appears_when_it_is_committed_and_not_before),
        TEST(a_file_is_synced_then_renamed_then_its_folders_are_synced),
        TEST(nothing_is_visible_where_a_step_of_publishing_fails),
        TEST(a_file_that_is_not_committed_goes_away),
        TEST(what_is_written_is_what_is_there),
        TEST(an_adopted_file_is_published_but_its_sums_are_not_known),
        TEST(the_working_directory_does_not_matter),
        TEST(descriptors_are_closed_on_exec),
        TEST(a_name_that_leads_elsewhere_is_refused),
        TEST(modes_are_0700_and_0600_under_any_umask),
        TEST(an_output_folder_that_is_not_there_is_missing),
        TEST(an_output_folder_that_may_not_be_written_is_denied),
        TEST(a_folder_of_somebody_else_is_denied),
        TEST(a_full_disk_is_reported_with_what_is_free_and_leaves_nothing_half),
        TEST(a_file_beyond_the_limit_of_sizes_is_an_error_and_leaves_nothing),
        TEST(a_sweep_removes_temporary_names_of_ours_alone),
        TEST(a_sweep_removes_the_folder_where_nothing_else_is_in_it),
        TEST(who_begins_a_file_makes_a_folder_that_was_swept_away_again),
        TEST(who_has_the_next_turn_keeps_the_one_before_from_publishing),
        TEST(who_had_a_turn_before_removes_nothing_of_a_later_one),
        TEST(an_export_is_removed_with_its_files_and_nothing_beside),
        TEST(an_export_with_a_stranger_in_it_keeps_the_stranger),
        TEST(only_an_export_id_names_a_folder),
        TEST(a_file_that_is_not_as_its_record_says_is_found),
        TEST(a_link_in_the_place_of_an_export_is_not_followed),
        TEST(a_folder_is_opened_again_with_what_is_in_it),
    };
    int status = RUN_TESTS("store", tests);
    remove_folder();
    return status;
}
