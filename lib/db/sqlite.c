/*
 * SQLite: a database file.
 *
 * A snapshot is a transaction that has read something. On a database in WAL mode it holds nobody
 * up; in the other journal modes writers wait for its end. There are no metadata locks to give up.
 */
#include "db/driver.h"

#include "base/text.h"
#include "db/fork_mark.h"

#include <errno.h>
#include <limits.h>
#include <sqlite3.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

enum {
    STEPS_BETWEEN_LOOKS = 20000, /* of SQLite's virtual machine; some tenths of a millisecond */
    BUSY_MILLISECONDS = 1
};

typedef struct sqlite_db {
    ybb_db base;
    sqlite3 *handle;
    int mark;            /* see db/fork_mark.h; -1: none */
    bool waits_for_disk; /* commits do */
    unsigned busy_waits; /* that are made for a lock before giving up */
} sqlite_db;

typedef struct sqlite_statement {
    ybb_statement base;
    sqlite_db *db;
    sqlite3_stmt *statement;
} sqlite_statement;

/* "no such table: x" and the like have no number of their own. */
static ybb_status status_of_error(const char *text)
{
    static const char *const missing[] = {"no such table", "no such column", "no such view"};
    for (size_t i = 0; i < sizeof(missing) / sizeof(missing[0]); i++)
        if (strncmp(text, missing[i], strlen(missing[i])) == 0)
            return YBB_SOURCE_SCHEMA;
    return YBB_SOURCE_ERROR;
}

static ybb_status status_of(int code, const char *text)
{
    if (code == SQLITE_IOERR_NOMEM)
        return YBB_NO_MEMORY;
    switch (code & 0xff) { /* the primary code of an extended one */
    case SQLITE_ERROR:
        return status_of_error(text);
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
    case SQLITE_PROTOCOL:
        return YBB_SOURCE_BUSY;
    case SQLITE_NOMEM:
        return YBB_NO_MEMORY;
    case SQLITE_INTERRUPT:
        return YBB_SOURCE_LOST;
    case SQLITE_CANTOPEN:
        return YBB_SOURCE_UNAVAILABLE;
    case SQLITE_PERM:
    case SQLITE_AUTH:
        return YBB_SOURCE_REFUSED;
    case SQLITE_SCHEMA:
        return YBB_SOURCE_CHANGED;
    case SQLITE_FULL:
        return YBB_OUTPUT_FULL;
    default: /* corrupt, no database, a failing disk */
        return YBB_SOURCE_ERROR;
    }
}

static ybb_status fail(sqlite_db *db, ybb_error *error)
{
    int code = sqlite3_extended_errcode(db->handle);
    const char *text = sqlite3_errmsg(db->handle);
    if (atomic_load(&db->base.interrupted))
        return ybb__fail(error, YBB_SOURCE_LOST, "reading the database was interrupted");
    if ((code & 0xff) == SQLITE_IOERR && sqlite3_system_errno(db->handle) == ENOSPC)
        return ybb__fail(error, YBB_OUTPUT_FULL, "the disk is full (SQLite error %d)", code);
    return ybb__fail(error, status_of(code, text), "%s (SQLite error %d)", text, code);
}

/* sqlite3_interrupt() is forgotten where no statement runs at that moment; the flag is not. */
static int is_interrupted(void *db)
{
    return atomic_load(&((sqlite_db *)db)->base.interrupted);
}

static void interrupt(ybb_db *base)
{
    sqlite3_interrupt(((sqlite_db *)base)->handle);
}

static int wait_for_lock(void *memory, int waits)
{
    const sqlite_db *db = memory;
    struct timespec pause = {.tv_nsec = BUSY_MILLISECONDS * 1000000L};
    if ((unsigned)waits >= db->busy_waits || is_interrupted(memory))
        return 0;
    (void)nanosleep(&pause, NULL);
    return 1;
}

/* SQLite compares what it has open with what the path names. */
static bool is_current(ybb_db *base)
{
    int moved = 0;
    sqlite3 *handle = ((sqlite_db *)base)->handle;
    return sqlite3_file_control(handle, "main", SQLITE_FCNTL_HAS_MOVED, &moved) == SQLITE_OK &&
           moved == 0;
}

static ybb_status exec(ybb_db *base, const char *sql, ybb_error *error)
{
    sqlite_db *db = (sqlite_db *)base;
    return sqlite3_exec(db->handle, sql, NULL, NULL, NULL) == SQLITE_OK ? YBB_OK : fail(db, error);
}

static void close_file(ybb_db *base)
{
    sqlite_db *db = (sqlite_db *)base;
    sqlite3_close(db->handle);
    if (db->mark >= 0)
        close(db->mark);
    free(db);
}

static unsigned waits_in(unsigned seconds)
{
    const unsigned in_second = 1000 / BUSY_MILLISECONDS;
    return seconds > UINT_MAX / in_second ? UINT_MAX : seconds * in_second;
}

/* Something must be read to find out whether a file is a database, and to have a snapshot. */
static const char look[] = "SELECT 1 FROM sqlite_master LIMIT 1";

static ybb_status fail_open(sqlite_db *db, const char *path, ybb_error *error)
{
    ybb_error why = {0};
    ybb_status status = fail(db, &why);
    return ybb__fail(error, status, "the database %s cannot be read: %s", path, why.message);
}

/* Before the file is opened, as far as it is there: nothing of a parent's is then touched. Opening
 * a pipe would wait for ever, and a device may do what it likes. */
static ybb_status mark_file(sqlite_db *db, const char *path, ybb_error *error)
{
    struct stat file;
    if (db->mark >= 0 || stat(path, &file) != 0)
        return YBB_OK;
    if (!S_ISREG(file.st_mode))
        return ybb__fail(error, YBB_SOURCE_ERROR, "the database %s is %s, not a file", path,
                         S_ISDIR(file.st_mode) ? "a folder" : "a device or a pipe");
    if (ybb__fork_mark_inherited(&file))
        return ybb__fail(error, YBB_FORKED,
                         "the database %s was open in the parent process when this one was forked",
                         path);
    db->mark = ybb__fork_mark(&file);
    return YBB_OK;
}

/* SQLite would make the file by the process's umask, and give its mode to the files beside it. Made
 * without a descriptor, for closing one would drop the locks that this process may have on the file
 * by then. Where it cannot be made, opening says why. */
static void make_private_file(const char *path)
{
    (void)mknod(path, S_IFREG | S_IRUSR | S_IWUSR, 0);
}

static ybb_status fail_to_open(const char *path, int number, ybb_error *error)
{
    bool refused = number == EACCES || number == EPERM;
    return ybb__fail_errno(error, refused ? YBB_SOURCE_REFUSED : YBB_SOURCE_UNAVAILABLE, number,
                           "the database %s cannot be opened", path);
}

static ybb_status open_handle(sqlite_db *db, const char *path, ybb_db_mode mode,
                              unsigned timeout_seconds, ybb_error *error)
{
    /* A connection has one user at a time, so it needs no mutex. The path begins with '/', so it is
     * never taken for a URI. */
    int flags =
        SQLITE_OPEN_NOMUTEX |
        (mode == YBB_DB_READ ? SQLITE_OPEN_READONLY : SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE);
    int code = sqlite3_open_v2(path, &db->handle, flags, NULL);
    if (db->handle == NULL)
        return ybb__fail_memory(error);
    if (code == SQLITE_CANTOPEN)
        return fail_to_open(path, sqlite3_system_errno(db->handle), error);
    if (code != SQLITE_OK)
        return fail_open(db, path, error);
    (void)sqlite3_extended_result_codes(db->handle, 1);
    db->busy_waits = waits_in(timeout_seconds);
    (void)sqlite3_busy_handler(db->handle, wait_for_lock, db);
    sqlite3_progress_handler(db->handle, STEPS_BETWEEN_LOOKS, is_interrupted, db);
    return exec(&db->base, look, NULL) == YBB_OK ? YBB_OK : fail_open(db, path, error);
}

/* In WAL mode NORMAL leaves the file whole, but the last commits may be missing from it. */
static ybb_status sync_commits(ybb_db *base, bool wait, ybb_error *error)
{
    sqlite_db *db = (sqlite_db *)base;
    if (wait == db->waits_for_disk)
        return YBB_OK;
    ybb_status status =
        exec(base, wait ? "PRAGMA synchronous = FULL" : "PRAGMA synchronous = NORMAL", error);
    if (status == YBB_OK)
        db->waits_for_disk = wait;
    return status;
}

/* Who comes and goes does not make and remove the files beside the database each time: the last one
 * that closes it leaves an empty log. */
static ybb_status share_file(sqlite_db *db, ybb_error *error)
{
    int keep = 1;
    (void)sqlite3_file_control(db->handle, "main", SQLITE_FCNTL_PERSIST_WAL, &keep);
    ybb_status status = exec(&db->base, "PRAGMA journal_size_limit = 4194304", error);
    return status == YBB_OK ? sync_commits(&db->base, true, error) : status;
}

static ybb_status open_file(ybb_db **out, const ybb_dsn *dsn, ybb_db_mode mode,
                            unsigned timeout_seconds, ybb_error *error)
{
    sqlite_db *db = calloc(1, sizeof(*db));
    if (db == NULL)
        return ybb__fail_memory(error);
    db->mark = -1;
    strcpy(db->base.version, "SQLite ");
    strncat(db->base.version, sqlite3_libversion(), sizeof(db->base.version) - sizeof("SQLite "));
    if (mode == YBB_DB_SHARED)
        make_private_file(dsn->path);
    ybb_status status = mark_file(db, dsn->path, error);
    if (status == YBB_OK)
        status = open_handle(db, dsn->path, mode, timeout_seconds, error);
    if (status == YBB_OK)
        status = mark_file(db, dsn->path, error); /* it may have been made just now */
    if (status == YBB_OK && mode == YBB_DB_SHARED)
        status = share_file(db, error);
    if (status == YBB_OK)
        *out = &db->base;
    else
        close_file(&db->base);
    return status;
}

/* BEGIN alone takes no snapshot. */
static ybb_status snapshot_begin(ybb_db *base, ybb_error *error)
{
    ybb_status status = exec(base, "BEGIN", error);
    return status == YBB_OK ? exec(base, look, error) : status;
}

static ybb_status snapshot_rest(ybb_db *base, ybb_error *error)
{
    (void)base;
    (void)error;
    return YBB_OK;
}

static void snapshot_end(ybb_db *base)
{
    if (sqlite3_get_autocommit(((sqlite_db *)base)->handle) == 0)
        (void)exec(base, "ROLLBACK", NULL);
}

static ybb_status begin(ybb_db *db, ybb_error *error)
{
    return exec(db, "BEGIN IMMEDIATE", error);
}

static ybb_status commit(ybb_db *db, ybb_error *error)
{
    return exec(db, "COMMIT", error);
}

static void free_statement(ybb_statement *base)
{
    sqlite_statement *s = (sqlite_statement *)base;
    sqlite3_finalize(s->statement);
    free(s);
}

static ybb_status prepare(ybb_statement **out, ybb_db *base, const char *sql, ybb_error *error)
{
    sqlite_statement *s = calloc(1, sizeof(*s));
    if (s == NULL)
        return ybb__fail_memory(error);
    s->db = (sqlite_db *)base;
    ybb_status status = YBB_OK;
    if (sqlite3_prepare_v3(s->db->handle, sql, -1, SQLITE_PREPARE_PERSISTENT, &s->statement,
                           NULL) != SQLITE_OK)
        status = fail(s->db, error);
    else if (s->statement == NULL)
        status = ybb__fail(error, YBB_MISUSE, "a statement is empty");
    if (status != YBB_OK) {
        free_statement(&s->base);
        return status;
    }
    s->base.columns = (uint32_t)sqlite3_column_count(s->statement);
    s->base.parameters = (uint32_t)sqlite3_bind_parameter_count(s->statement);
    *out = &s->base;
    return YBB_OK;
}

static int bind_text(sqlite3_stmt *statement, int index, const char *at, size_t length,
                     sqlite3_destructor_type destructor)
{
    return sqlite3_bind_text64(statement, index, at, length, destructor, SQLITE_UTF8);
}

/* SQLite's integers are signed: a greater one goes as its digits, which compare as a number with a
 * column of numbers. */
static int bind_unsigned(sqlite3_stmt *statement, int index, uint64_t number)
{
    char digits[YBB_NUMBER_TEXT];
    if (number <= INT64_MAX)
        return sqlite3_bind_int64(statement, index, (int64_t)number);
    return bind_text(statement, index, digits, ybb__text_from_u64(digits, number),
                     SQLITE_TRANSIENT);
}

static int bind_value(sqlite3_stmt *statement, int index, const ybb_value *value)
{
    switch (value->kind) {
    case YBB_VALUE_INTEGER:
        return sqlite3_bind_int64(statement, index, value->number);
    case YBB_VALUE_UNSIGNED:
        return bind_unsigned(statement, index, (uint64_t)value->number);
    case YBB_VALUE_TEXT:
        return bind_text(statement, index, value->at != NULL ? value->at : "", value->length,
                         SQLITE_STATIC);
    case YBB_VALUE_NULL:
        break;
    }
    return sqlite3_bind_null(statement, index);
}

static ybb_status execute(ybb_statement *base, const ybb_value *values, ybb_error *error)
{
    sqlite_statement *s = (sqlite_statement *)base;
    for (uint32_t i = 0; i < base->parameters; i++)
        if (bind_value(s->statement, (int)i + 1, &values[i]) != SQLITE_OK)
            return fail(s->db, error);
    /* one with columns is stepped by fetch */
    if (base->columns == 0 && sqlite3_step(s->statement) != SQLITE_DONE)
        return fail(s->db, error);
    return YBB_OK;
}

static void put_real(ybb_block *block, double number)
{
    char text[YBB_NUMBER_TEXT];
    size_t length = ybb__text_from_double(text, number);
    if (length > 0)
        ybb__block_put(block, text, length);
    else if (number > 0) /* not finite; SQLite stores no NaN */
        ybb__block_put(block, "Inf", strlen("Inf"));
    else
        ybb__block_put(block, "-Inf", strlen("-Inf"));
}

/* False where SQLite has no memory to give the bytes. */
static bool put_bytes(ybb_block *block, sqlite3_stmt *statement, int column, int type)
{
    const void *bytes = type == SQLITE_TEXT ? (const void *)sqlite3_column_text(statement, column)
                                            : sqlite3_column_blob(statement, column);
    size_t length = (size_t)sqlite3_column_bytes(statement, column);
    if (bytes == NULL && (type == SQLITE_TEXT || length > 0))
        return false;
    ybb__block_put(block, bytes, length);
    return true;
}

static bool put_cell(ybb_block *block, sqlite3_stmt *statement, int column)
{
    char digits[YBB_NUMBER_TEXT];
    int type = sqlite3_column_type(statement, column);
    switch (type) {
    case SQLITE_NULL:
        ybb__block_put_null(block);
        return true;
    case SQLITE_INTEGER:
        ybb__block_put(block, digits,
                       ybb__text_from_i64(digits, sqlite3_column_int64(statement, column)));
        return true;
    case SQLITE_FLOAT:
        put_real(block, sqlite3_column_double(statement, column));
        return true;
    default:
        return put_bytes(block, statement, column, type);
    }
}

static ybb_status fetch(ybb_statement *base, ybb_block *block, bool *end, ybb_error *error)
{
    sqlite_statement *s = (sqlite_statement *)base;
    int outcome = sqlite3_step(s->statement);
    *end = outcome == SQLITE_DONE;
    if (is_interrupted(s->db) || (outcome != SQLITE_ROW && outcome != SQLITE_DONE)) {
        *end = false;
        return fail(s->db, error);
    }
    for (uint32_t i = 0; !*end && i < base->columns; i++)
        if (!put_cell(block, s->statement, (int)i))
            return ybb__fail_memory(error);
    return YBB_OK;
}

/* The outcome of a reset repeats the failure of the last step, which fetch has reported. */
static ybb_status finish(ybb_statement *base, ybb_error *error)
{
    sqlite_statement *s = (sqlite_statement *)base;
    (void)error;
    (void)sqlite3_reset(s->statement);
    (void)sqlite3_clear_bindings(s->statement);
    return YBB_OK;
}

static uint64_t changed(const ybb_statement *base)
{
    int count = sqlite3_changes(((const sqlite_statement *)base)->db->handle);
    return count > 0 ? (uint64_t)count : 0;
}

const ybb_driver ybb__sqlite_driver = {
    .client_name = "SQLite",
    .client_version = sqlite3_libversion,
    .parse = ybb__dsn_file,
    .open = open_file,
    .close = close_file,
    .is_current = is_current,
    .interrupt = interrupt,
    .exec = exec,
    .snapshot_begin = snapshot_begin,
    .snapshot_rest = snapshot_rest,
    .snapshot_end = snapshot_end,
    .sync = sync_commits,
    .begin = begin,
    .commit = commit,
    .rollback = snapshot_end,
    .prepare = prepare,
    .free = free_statement,
    .execute = execute,
    .fetch = fetch,
    .finish = finish,
    .changed = changed,
};
