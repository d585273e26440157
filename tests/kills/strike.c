/*
 * strike: has a process killed or stopped at a named point, from outside.
 *
 * Preloaded before a program. It counts the calls of one kind that a filter wants and sends the
 * process a signal at the N-th, having left a mark, a file, that shows that the point was reached.
 * Environment:
 *
 *   YBB_STRIKE_CALL    openat, write, fsync, rename, unlink, rmdir, send, begin or commit;
 *                      without it nothing is done
 *   YBB_STRIKE_WHEN    before (default), after, or half: of a write, when half of it is written
 *   YBB_STRIKE_PATH    a pattern of the shell (also @(a|b)) that the file's path matches
 *   YBB_STRIKE_SQL     only in a transaction that has run a statement with this text, on its thread
 *   YBB_STRIKE_AFTER   only behind a rename to a name of this pattern, on its thread
 *   YBB_STRIKE_COUNT   N; 1
 *   YBB_STRIKE_SIGNAL  9 kills, 19 stops
 *   YBB_STRIKE_MARK    the file to leave
 *   YBB_STRIKE_WALL    a file with seconds that the wall clock is shown wrong by
 *
 * fsync is fdatasync too, write is pwrite too, rename is renameat too, unlink is unlinkat too. The
 * calls are those of any library: SQLite's on its files are counted as well.
 */
#define _GNU_SOURCE 1

#include <dlfcn.h>
#include <fcntl.h>
#include <fnmatch.h>
#include <limits.h>
#include <pthread.h>
#include <signal.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

enum { STATEMENTS = 512 };

static const char *call_wanted, *when_wanted, *path_wanted, *sql_wanted, *after_wanted;
static const char *mark_wanted, *wall_file;
static long count_left;
static int signal_wanted;

static __thread bool armed;      /* the transaction has run the statement */
static __thread bool committing; /* within COMMIT, so that what it writes counts */
static __thread bool renamed;    /* to after_wanted */

static pthread_mutex_t guard = PTHREAD_MUTEX_INITIALIZER;
static void *wanted_statements[STATEMENTS]; /* of MariaDB */

static const char *setting(const char *name, const char *otherwise)
{
    const char *value = getenv(name);
    return value != NULL && *value != '\0' ? value : otherwise;
}

__attribute__((constructor)) static void begin(void)
{
    call_wanted = setting("YBB_STRIKE_CALL", NULL);
    when_wanted = setting("YBB_STRIKE_WHEN", "before");
    path_wanted = setting("YBB_STRIKE_PATH", NULL);
    sql_wanted = setting("YBB_STRIKE_SQL", NULL);
    after_wanted = setting("YBB_STRIKE_AFTER", NULL);
    mark_wanted = setting("YBB_STRIKE_MARK", NULL);
    wall_file = setting("YBB_STRIKE_WALL", NULL);
    count_left = atol(setting("YBB_STRIKE_COUNT", "1"));
    signal_wanted = atoi(setting("YBB_STRIKE_SIGNAL", "9"));
}

#define NEXT(type, name)                                                                           \
    static type next;                                                                              \
    if (next == NULL)                                                                              \
    *(void **)&next = dlsym(RTLD_NEXT, name)

static void leave_mark(const char *call, const char *path)
{
    char text[PATH_MAX + 64];
    int length = snprintf(text, sizeof(text), "%s %s\n", call, path);
    if (mark_wanted == NULL)
        return;
    long mark = syscall(SYS_openat, AT_FDCWD, mark_wanted, O_WRONLY | O_CREAT | O_EXCL, 0600);
    if (mark < 0)
        return;
    (void)syscall(SYS_write, (int)mark, text, (size_t)length);
    (void)syscall(SYS_close, (int)mark);
}

static bool is_wanted(const char *call, const char *when, const char *path)
{
    return call_wanted != NULL && strcmp(call, call_wanted) == 0 &&
           strcmp(when, when_wanted) == 0 && (sql_wanted == NULL || armed) &&
           (after_wanted == NULL || renamed) &&
           (path_wanted == NULL || fnmatch(path_wanted, path, FNM_EXTMATCH) == 0);
}

/* Counts; at the N-th call the mark is left, and this says so. */
static bool is_due(const char *call, const char *when, const char *path)
{
    if (!is_wanted(call, when, path))
        return false;
    pthread_mutex_lock(&guard);
    bool due = --count_left == 0;
    pthread_mutex_unlock(&guard);
    if (due)
        leave_mark(call, path);
    return due;
}

/* To this thread: another one might be stopped a little later. */
static void strike(void)
{
    (void)syscall(SYS_tgkill, getpid(), (pid_t)syscall(SYS_gettid), signal_wanted);
}

static void pass(const char *call, const char *when, const char *path)
{
    if (is_due(call, when, path))
        strike();
}

static const char *path_of(int descriptor, char path[PATH_MAX])
{
    char link[64];
    snprintf(link, sizeof(link), "/proc/self/fd/%d", descriptor);
    ssize_t length = readlink(link, path, PATH_MAX - 1);
    path[length > 0 ? length : 0] = '\0';
    return path;
}

/* --- files --- */

typedef int (*openat_call)(int, const char *, int, ...);

static int open_at(openat_call next, int folder, const char *path, int flags, va_list more)
{
    mode_t mode = flags & (O_CREAT | __O_TMPFILE) ? va_arg(more, mode_t) : 0;
    pass("openat", "before", path);
    int descriptor = next(folder, path, flags, mode);
    pass("openat", "after", path);
    return descriptor;
}

int openat(int folder, const char *path, int flags, ...)
{
    va_list more;
    NEXT(openat_call, "openat");
    va_start(more, flags);
    int descriptor = open_at(next, folder, path, flags, more);
    va_end(more);
    return descriptor;
}

int openat64(int folder, const char *path, int flags, ...)
{
    va_list more;
    NEXT(openat_call, "openat64");
    va_start(more, flags);
    int descriptor = open_at(next, folder, path, flags, more);
    va_end(more);
    return descriptor;
}

typedef int (*sync_call)(int);

static int sync_file(sync_call next, int descriptor)
{
    char path[PATH_MAX];
    if (call_wanted == NULL || strcmp(call_wanted, "fsync") != 0)
        return next(descriptor);
    pass("fsync", "before", path_of(descriptor, path));
    int result = next(descriptor);
    pass("fsync", "after", path);
    return result;
}

int fsync(int descriptor)
{
    NEXT(sync_call, "fsync");
    return sync_file(next, descriptor);
}

int fdatasync(int descriptor)
{
    NEXT(sync_call, "fdatasync");
    return sync_file(next, descriptor);
}

static bool is_write_wanted(int descriptor, char path[PATH_MAX])
{
    if (call_wanted == NULL || strcmp(call_wanted, "write") != 0)
        return false;
    path_of(descriptor, path);
    return true;
}

typedef ssize_t (*write_call)(int, const void *, size_t);

ssize_t write(int descriptor, const void *bytes, size_t length)
{
    char path[PATH_MAX];
    NEXT(write_call, "write");
    if (!is_write_wanted(descriptor, path))
        return next(descriptor, bytes, length);
    pass("write", "before", path);
    if (is_due("write", "half", path)) {
        (void)next(descriptor, bytes, length / 2);
        strike();
    }
    ssize_t result = next(descriptor, bytes, length);
    pass("write", "after", path);
    return result;
}

typedef ssize_t (*pwrite_call)(int, const void *, size_t, off64_t);

static ssize_t write_at(pwrite_call next, int descriptor, const void *bytes, size_t length,
                        off64_t at)
{
    char path[PATH_MAX];
    if (!is_write_wanted(descriptor, path))
        return next(descriptor, bytes, length, at);
    pass("write", "before", path);
    if (is_due("write", "half", path)) {
        (void)next(descriptor, bytes, length / 2, at);
        strike();
    }
    ssize_t result = next(descriptor, bytes, length, at);
    pass("write", "after", path);
    return result;
}

ssize_t pwrite(int descriptor, const void *bytes, size_t length, off_t at)
{
    NEXT(pwrite_call, "pwrite");
    return write_at(next, descriptor, bytes, length, at);
}

ssize_t pwrite64(int descriptor, const void *bytes, size_t length, off64_t at)
{
    NEXT(pwrite_call, "pwrite64");
    return write_at(next, descriptor, bytes, length, at);
}

static void see_rename(const char *to)
{
    pass("rename", "after", to);
    if (after_wanted != NULL && fnmatch(after_wanted, to, FNM_EXTMATCH) == 0)
        renamed = true;
}

typedef int (*rename_call)(const char *, const char *);
typedef int (*renameat_call)(int, const char *, int, const char *);

int rename(const char *from, const char *to)
{
    NEXT(rename_call, "rename");
    pass("rename", "before", to);
    int result = next(from, to);
    see_rename(to);
    return result;
}

int renameat(int from_folder, const char *from, int to_folder, const char *to)
{
    NEXT(renameat_call, "renameat");
    pass("rename", "before", to);
    int result = next(from_folder, from, to_folder, to);
    see_rename(to);
    return result;
}

typedef int (*unlink_call)(const char *);
typedef int (*unlinkat_call)(int, const char *, int);

int unlink(const char *path)
{
    NEXT(unlink_call, "unlink");
    pass("unlink", "before", path);
    int result = next(path);
    pass("unlink", "after", path);
    return result;
}

int unlinkat(int folder, const char *path, int flags)
{
    const char *call = flags & AT_REMOVEDIR ? "rmdir" : "unlink";
    NEXT(unlinkat_call, "unlinkat");
    pass(call, "before", path);
    int result = next(folder, path, flags);
    pass(call, "after", path);
    return result;
}

/* --- databases --- */

typedef ssize_t (*send_call)(int, const void *, size_t, int);

/* Of what a server is sent, only a COMMIT. */
ssize_t send(int connection, const void *bytes, size_t length, int flags)
{
    NEXT(send_call, "send");
    if (committing)
        pass("send", "before", "");
    ssize_t result = next(connection, bytes, length, flags);
    if (committing)
        pass("send", "after", "");
    return result;
}

static bool is_command(const char *sql, const char *command)
{
    return sql != NULL && strncasecmp(sql, command, strlen(command)) == 0;
}

static void see(const char *sql)
{
    if (sql != NULL && sql_wanted != NULL && strstr(sql, sql_wanted) != NULL)
        armed = true;
}

/* Around a statement that may be a COMMIT. */
static void before_command(const char *sql)
{
    if (is_command(sql, "COMMIT")) {
        pass("commit", "before", "");
        committing = true;
    }
}

static void after_command(const char *sql)
{
    if (is_command(sql, "COMMIT")) {
        committing = false;
        pass("commit", "after", "");
    }
    if (is_command(sql, "COMMIT") || is_command(sql, "ROLLBACK") || is_command(sql, "BEGIN") ||
        is_command(sql, "START"))
        armed = false;
    if (is_command(sql, "BEGIN") || is_command(sql, "START"))
        pass("begin", "after", "");
}

typedef int (*exec_call)(void *, const char *, void *, void *, char **);

int sqlite3_exec(void *handle, const char *sql, void *each, void *user, char **message);
int sqlite3_exec(void *handle, const char *sql, void *each, void *user, char **message)
{
    NEXT(exec_call, "sqlite3_exec");
    before_command(sql);
    int result = next(handle, sql, each, user, message);
    after_command(sql);
    return result;
}

typedef int (*step_call)(void *);
typedef const char *(*sql_call)(void *);

int sqlite3_step(void *statement);
int sqlite3_step(void *statement)
{
    static sql_call sql_of;
    NEXT(step_call, "sqlite3_step");
    if (sql_wanted != NULL && sql_of == NULL)
        *(void **)&sql_of = dlsym(RTLD_NEXT, "sqlite3_sql");
    if (sql_wanted != NULL)
        see(sql_of(statement));
    return next(statement);
}

typedef int (*query_call)(void *, const char *, unsigned long);

int mysql_real_query(void *connection, const char *sql, unsigned long length);
int mysql_real_query(void *connection, const char *sql, unsigned long length)
{
    NEXT(query_call, "mysql_real_query");
    before_command(sql);
    int result = next(connection, sql, length);
    after_command(sql);
    return result;
}

static void remember(void *statement, bool is_one)
{
    pthread_mutex_lock(&guard);
    for (int i = 0; i < STATEMENTS; i++) {
        if (wanted_statements[i] == (is_one ? NULL : statement)) {
            wanted_statements[i] = is_one ? statement : NULL;
            break;
        }
    }
    pthread_mutex_unlock(&guard);
}

static bool is_remembered(const void *statement)
{
    bool found = false;
    pthread_mutex_lock(&guard);
    for (int i = 0; i < STATEMENTS && !found; i++)
        found = wanted_statements[i] == statement;
    pthread_mutex_unlock(&guard);
    return found;
}

int mysql_stmt_prepare(void *statement, const char *sql, unsigned long length);
int mysql_stmt_prepare(void *statement, const char *sql, unsigned long length)
{
    NEXT(query_call, "mysql_stmt_prepare");
    if (sql_wanted != NULL) {
        remember(statement, false);
        if (memmem(sql, length, sql_wanted, strlen(sql_wanted)) != NULL)
            remember(statement, true);
    }
    return next(statement, sql, length);
}

int mysql_stmt_execute(void *statement);
int mysql_stmt_execute(void *statement)
{
    NEXT(step_call, "mysql_stmt_execute");
    int result = next(statement);
    if (sql_wanted != NULL && is_remembered(statement))
        armed = true;
    return result;
}

/* --- the wall clock --- */

static long wrong_seconds(void)
{
    char text[32] = "";
    if (wall_file == NULL)
        return 0;
    long file = syscall(SYS_openat, AT_FDCWD, wall_file, O_RDONLY, 0);
    if (file < 0)
        return 0;
    (void)syscall(SYS_read, (int)file, text, sizeof(text) - 1);
    (void)syscall(SYS_close, (int)file);
    return atol(text);
}

int clock_gettime(clockid_t clock, struct timespec *time)
{
    long result = syscall(SYS_clock_gettime, clock, time);
    if (clock == CLOCK_REALTIME || clock == CLOCK_REALTIME_COARSE)
        time->tv_sec += wrong_seconds();
    return (int)result;
}

time_t time(time_t *out)
{
    struct timespec now;
    (void)clock_gettime(CLOCK_REALTIME, &now);
    if (out != NULL)
        *out = now.tv_sec;
    return now.tv_sec;
}

int gettimeofday(struct timeval *restrict time, void *restrict zone)
{
    struct timespec now;
    (void)zone;
    (void)clock_gettime(CLOCK_REALTIME, &now);
    time->tv_sec = now.tv_sec;
    time->tv_usec = now.tv_nsec / 1000;
    return 0;
}
