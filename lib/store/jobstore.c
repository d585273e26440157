/*
 * The job store's connection and its transactions.
 */
#include "store/jobstore.h"

#include "base/clock.h"
#include "db/dsn.h"
#include "store/jobstore_inner.h"
#include "store/jobstore_schema.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

enum {
    MOST_TIMEOUT = 10, /* seconds of connecting, of a statement, of a wait for SQLite's lock */
    MOST_TRIES = 12,
    MOST_CONNECTS = 4,
    FIRST_PAUSE_MICROSECONDS = 2000,
    LONGEST_PAUSE_MICROSECONDS = 200000
};

/* What a connection is used for once. */
typedef struct attempt {
    ybb_store_work work;
    void *context;
    bool writes, durably;
    bool may_have_happened;
    unsigned tries, connects;
    int64_t began;
} attempt;

/* --- opening --- */

static ybb_status take_path(ybb_jobstore *store, ybb_error *error)
{
    static const char scheme[] = "sqlite://";
    ybb_dsn parts = {0};
    ybb_status status = ybb__dsn_file(&parts, store->settings.dsn + sizeof(scheme) - 1, error);
    if (status == YBB_OK) {
        store->path = strdup(parts.path);
        if (store->path == NULL)
            status = ybb__fail_memory(error);
    }
    ybb__dsn_release(&parts);
    return status;
}

/* Changes with each start of the machine; where there is none to read, all starts count as one. */
static void read_boot_id(ybb_jobstore *store)
{
    if (store->settings.boot_id != NULL) {
        strncat(store->boot_id, store->settings.boot_id, sizeof(store->boot_id) - 1);
        return;
    }
    int file = open("/proc/sys/kernel/random/boot_id", O_RDONLY | O_CLOEXEC);
    ssize_t length = file < 0 ? 0 : read(file, store->boot_id, sizeof(store->boot_id) - 1);
    if (file >= 0)
        close(file);
    store->boot_id[length > 0 ? length : 0] = '\0';
    store->boot_id[strcspn(store->boot_id, "\n")] = '\0';
}

static void fill_settings(ybb_jobstore_settings *settings)
{
    static const double lease_seconds = 15, patience_seconds = 30;
    enum { TAKEOVERS = 10, ATTEMPTS = 5, MAIL_ATTEMPTS = 10, EVENTS = 10000 };
    if (!(settings->lease_seconds > 0))
        settings->lease_seconds = lease_seconds;
    if (!(settings->patience_seconds > 0))
        settings->patience_seconds = patience_seconds;
    if (settings->max_takeovers == 0)
        settings->max_takeovers = TAKEOVERS;
    if (settings->max_attempts == 0)
        settings->max_attempts = ATTEMPTS;
    if (settings->max_mail_attempts == 0)
        settings->max_mail_attempts = MAIL_ATTEMPTS;
    if (settings->max_events == 0)
        settings->max_events = EVENTS;
}

ybb_status ybb__jobstore_open(ybb_jobstore **out, const ybb_jobstore_settings *settings,
                              ybb_error *error)
{
    *out = NULL;
    if (settings->queue == NULL)
        return ybb__fail(error, YBB_MISUSE, "a job store was opened without the queue's limits");
    ybb_jobstore *store = calloc(1, sizeof(*store));
    if (store == NULL)
        return ybb__fail_memory(error);
    store->settings = *settings;
    store->lock.descriptor = -1;
    fill_settings(&store->settings);
    ybb_status status = ybb__dsn_dialect(settings->dsn, &store->dialect, error);
    if (status == YBB_OK && store->dialect == YBB_DIALECT_SQLITE) {
        status = take_path(store, error);
        read_boot_id(store);
    }
    if (status == YBB_OK)
        *out = store;
    else
        ybb__jobstore_free(store);
    return status;
}

/* In a forked child the statements and the connection stay, unused, as the parent's, and are not
 * even looked at: another thread of the parent may have been in the middle of freeing them. */
void ybb__jobstore_rest(ybb_jobstore *store)
{
    if (store == NULL || store->db == NULL)
        return;
    bool ours = store->process == getpid();
    for (uint32_t i = 0; ours && i < store->statement_count; i++)
        ybb__statement_free(store->statements[i].statement);
    if (ours)
        ybb__db_close(store->db);
    store->statement_count = store->statement_next = 0;
    store->db = NULL;
}

bool ybb__jobstore_connected(const ybb_jobstore *store)
{
    return store->db != NULL && store->process == getpid();
}

void ybb__jobstore_move(ybb_jobstore *to, ybb_jobstore *from)
{
    if (to->db != NULL || from->db == NULL || from->process != getpid())
        return;
    to->db = from->db;
    to->process = from->process;
    to->statement_count = from->statement_count;
    to->statement_next = from->statement_next;
    memcpy(to->statements, from->statements, sizeof(to->statements));
    from->db = NULL;
    from->statement_count = from->statement_next = 0;
}

void ybb__jobstore_free(ybb_jobstore *store)
{
    if (store == NULL)
        return;
    ybb__jobstore_rest(store);
    ybb__owner_lock_drop(&store->lock);
    free(store->path);
    free(store);
}

static ybb_status connect_store(ybb_jobstore *store, ybb_error *error)
{
    uint32_t steps;
    if (ybb__jobstore_connected(store) && ybb__db_is_current(store->db))
        return YBB_OK;
    ybb__jobstore_rest(store); /* a parent's connection to a server: the child makes its own */
    double patience = store->settings.patience_seconds;
    unsigned timeout = patience < MOST_TIMEOUT ? (unsigned)patience + 1 : MOST_TIMEOUT;
    ybb_status status =
        ybb__db_open(&store->db, store->settings.dsn, YBB_DB_SHARED, timeout, error);
    if (status != YBB_OK)
        return status;
    store->process = getpid();
    const ybb_schema_step *schema = ybb__jobstore_schema(&steps);
    status = ybb__schema_update(store->db, store->dialect, schema, steps, error);
    if (status != YBB_OK)
        ybb__jobstore_rest(store);
    return status;
}

/* --- transactions --- */

static const char read_store[] = "SELECT version, boot_id, next_turn, $now FROM ybbexport_store";
static const char lock_store[] =
    "SELECT version, boot_id, next_turn, $now FROM ybbexport_store $lock";

static ybb_status take_store_row(ybb_store_tx *tx, const ybb_block *rows, ybb_error *error)
{
    enum { VERSION, BOOT_ID, NEXT_TURN, NOW, COLUMNS };
    ybb_jobstore *store = tx->store;
    ybb_cell cells[COLUMNS];
    uint32_t version;
    (void)ybb__jobstore_schema(&version);
    if (rows->rows != 1 || rows->columns != COLUMNS)
        return ybb__fail(error, YBB_STORE_ERROR, "the job store's own row is missing");
    ybb__block_row(rows, 0, cells);
    if (ybb__cell_number(cells[VERSION]) != (int64_t)version)
        return ybb__fail(error, YBB_STORE_ERROR,
                         "the job store was changed by another version of the library");
    tx->next_turn = ybb__cell_number(cells[NEXT_TURN]);
    tx->same_boot = cells[BOOT_ID].length == strlen(store->boot_id) &&
                    memcmp(cells[BOOT_ID].at, store->boot_id, cells[BOOT_ID].length) == 0;
    tx->now = tx->time = ybb__cell_number(cells[NOW]);
    if (store->dialect == YBB_DIALECT_SQLITE) {
        tx->now = ybb__clock_steady() + store->settings.clock_shift;
        tx->time = ybb__clock_now() + store->settings.wall_shift;
    }
    return YBB_OK;
}

static ybb_status read_store_row(ybb_store_tx *tx, const char *sql, ybb_error *error)
{
    ybb_block rows = {0};
    ybb_status status = ybb__store_run(tx->store, sql, NULL, 0, &rows, error);
    if (status == YBB_OK)
        status = take_store_row(tx, &rows, error);
    ybb__block_free(&rows);
    return status;
}

ybb_status ybb__store_clock(ybb_store_tx *tx, ybb_error *error)
{
    return read_store_row(tx, read_store, error);
}

ybb_status ybb__store_lock_queue(ybb_store_tx *tx, ybb_error *error)
{
    return read_store_row(tx, lock_store, error);
}

/* The machine has started since: its clock began again, and nobody of before is alive. */
static ybb_status begin_boot(ybb_store_tx *tx, ybb_error *error)
{
    static const char *const forget[] = {
        "UPDATE ybbexport_owners SET lease_until = -1",
        "UPDATE ybbexport_jobs SET not_before = 0 WHERE not_before <> 0",
        "UPDATE ybbexport_jobs SET deadline = 0 WHERE deadline <> 0",
        "UPDATE ybbexport_mails SET not_before = 0 WHERE not_before <> 0",
    };
    ybb_status status = YBB_OK;
    for (size_t i = 0; status == YBB_OK && i < sizeof(forget) / sizeof(forget[0]); i++)
        status = ybb__store_run(tx->store, forget[i], NULL, 0, NULL, error);
    if (status == YBB_OK)
        status = ybb__store_run(tx->store, "UPDATE ybbexport_store SET boot_id = ?",
                                YBB_VALUES(ybb__value_text(tx->store->boot_id)), NULL, error);
    tx->same_boot = true;
    return status;
}

/* Whether a test wants it so. */
static bool is_answer_lost(const ybb_jobstore *store)
{
    unsigned *left = store->settings.lost_commits;
    if (left == NULL || *left == 0)
        return false;
    --*left;
    return true;
}

static ybb_status run_writer(attempt *a, ybb_store_tx *tx, ybb_error *error)
{
    ybb_db *db = tx->store->db;
    ybb_status status = ybb__db_sync(db, a->durably, error);
    if (status == YBB_OK)
        status = ybb__db_begin(db, error);
    if (status == YBB_OK)
        status = ybb__store_clock(tx, error);
    if (status == YBB_OK && tx->store->dialect == YBB_DIALECT_SQLITE && !tx->same_boot)
        status = begin_boot(tx, error);
    if (status == YBB_OK)
        status = a->work(tx, a->context, error);
    if (status != YBB_OK) {
        ybb__db_rollback(db);
        return status;
    }
    status = ybb__db_commit(db, error);
    if (status == YBB_OK && is_answer_lost(tx->store))
        status = ybb__fail(error, YBB_SOURCE_LOST, "the answer to a commit was lost");
    if (status == YBB_OK)
        return YBB_OK;
    a->may_have_happened |= status != YBB_SOURCE_BUSY;
    ybb__db_rollback(db);
    return status;
}

/* Whether a failure is the database's, and not an answer. */
static bool is_of_database(ybb_status status)
{
    return (status >= YBB_SOURCE_UNAVAILABLE && status < YBB_OUTPUT_MISSING) ||
           status == YBB_OUTPUT_FULL;
}

/* Doubles from try to try, up to a limit; half of it by chance, so that two that met do not meet
 * again. */
static void pause_between(const attempt *a)
{
    uint64_t pause = FIRST_PAUSE_MICROSECONDS;
    for (unsigned i = 1; i < a->tries && pause < LONGEST_PAUSE_MICROSECONDS; i++)
        pause *= 2;
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    uint64_t chance = ((uint64_t)time.tv_nsec ^ (uint64_t)getpid() * 2654435761u) % 1000;
    pause = pause / 2 + pause * chance / 2000;
    time = (struct timespec){.tv_nsec = (long)pause * 1000};
    (void)nanosleep(&time, NULL);
}

/* Whether to try again, after having done for it what it takes. */
static bool can_try_again(ybb_jobstore *store, attempt *a, ybb_status status)
{
    if (!is_of_database(status) && status != YBB_NO_MEMORY)
        return false;
    bool is_busy = status == YBB_SOURCE_BUSY || status == YBB_SOURCE_TIMEOUT;
    bool is_server = store->dialect == YBB_DIALECT_MYSQL;
    bool is_gone = status == YBB_SOURCE_LOST || status == YBB_SOURCE_CHANGED ||
                   (status == YBB_SOURCE_UNAVAILABLE && is_server);
    /* Whatever state the connection is in, a new one has no transaction. */
    if (status != YBB_SOURCE_BUSY)
        ybb__jobstore_rest(store);
    if (ybb__clock_steady() - a->began > ybb__microseconds(store->settings.patience_seconds))
        return false;
    a->tries++;
    a->connects += is_gone;
    return (is_busy && a->tries < MOST_TRIES) || (is_gone && a->connects < MOST_CONNECTS);
}

static ybb_status try_once(ybb_jobstore *store, attempt *a, ybb_error *error)
{
    ybb_store_tx tx = {.store = store, .again = a->may_have_happened};
    ybb_status status = connect_store(store, error);
    if (status != YBB_OK)
        return status;
    return a->writes ? run_writer(a, &tx, error) : a->work(&tx, a->context, error);
}

static ybb_status run_attempt(ybb_jobstore *store, attempt *a, ybb_error *error)
{
    ybb_error why;
    ybb_status status;
    if (store->db != NULL && store->process != getpid() && store->dialect == YBB_DIALECT_SQLITE)
        return ybb__fail(error, YBB_FORKED, "the job store was open in the parent process");
    a->began = ybb__clock_steady();
    for (;;) {
        memset(&why, 0, sizeof(why));
        status = try_once(store, a, &why);
        if (status == YBB_OK || !can_try_again(store, a, status))
            break;
        pause_between(a);
    }
    if (is_of_database(status)) /* a full disk is what its user can mend: it keeps its name */
        return ybb__fail(error, status == YBB_OUTPUT_FULL ? status : YBB_STORE_ERROR,
                         "the job store: %s", why.message);
    if (status != YBB_OK)
        ybb__error_copy(error, &why);
    return status;
}

ybb_status ybb__store_write(ybb_jobstore *store, ybb_store_work work, void *context,
                            ybb_error *error)
{
    attempt a = {.work = work, .context = context, .writes = true, .durably = true};
    return run_attempt(store, &a, error);
}

ybb_status ybb__store_write_leased(ybb_jobstore *store, ybb_store_work work, void *context,
                                   ybb_error *error)
{
    attempt a = {.work = work, .context = context, .writes = true};
    return run_attempt(store, &a, error);
}

ybb_status ybb__store_read(ybb_jobstore *store, ybb_store_work work, void *context,
                           ybb_error *error)
{
    attempt a = {.work = work, .context = context};
    return run_attempt(store, &a, error);
}

/* The log of the file that the path leads to, as SQLite names it; its descriptor, or -1. *@missing:
 * there is none, so all is in the database and on the disk. */
static int open_log(const char *store_path, bool *missing, ybb_error *error)
{
    ybb_buffer path = {0};
    char *real = realpath(store_path, NULL);
    int log = -1, number = errno;
    if (real != NULL) {
        ybb__buffer_put_text(&path, real);
        ybb__buffer_put_text(&path, "-wal");
        const char *name = ybb__buffer_text(&path);
        log = name == NULL ? -1 : open(name, O_RDONLY | O_CLOEXEC);
        number = name == NULL ? ENOMEM : errno;
    }
    ybb__buffer_free(&path);
    free(real);
    *missing = log < 0 && number == ENOENT;
    if (log < 0 && !*missing)
        (void)ybb__fail_errno(error, YBB_STORE_ERROR, number,
                              "the job store's log cannot be opened");
    return log;
}

/* The log is what commits are written to. Closing another descriptor of it drops no lock, for
 * SQLite locks the two files beside it. */
ybb_status ybb__jobstore_sync(const ybb_jobstore *store, ybb_error *error)
{
    bool missing = true;
    int log = store->path == NULL ? -1 : open_log(store->path, &missing, error);
    if (log < 0)
        return missing ? YBB_OK : YBB_STORE_ERROR;
    int number = fdatasync(log) == 0 ? 0 : errno;
    close(log);
    return number == 0 ? YBB_OK
                       : ybb__fail_errno(error, YBB_STORE_ERROR, number,
                                         "the job store cannot be written to the disk");
}

static ybb_status do_nothing(ybb_store_tx *tx, void *context, ybb_error *error)
{
    (void)context;
    return ybb__store_clock(tx, error);
}

ybb_status ybb__jobstore_check(ybb_jobstore *store, ybb_error *error)
{
    return ybb__store_write(store, do_nothing, NULL, error);
}
