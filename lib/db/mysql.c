/*
 * MariaDB and MySQL: the connection and its snapshots.
 *
 * The isolation level is set here, because under READ COMMITTED, a common server default, a
 * consistent snapshot silently is none. A snapshot is a transaction with a savepoint at its begin:
 * rolling back to it keeps the read view and gives up the metadata locks of the tables read since.
 */
#include "db/mysql_driver.h"

#include "base/buffer.h"
#include "base/text.h"

#include <errmsg.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

enum {
    NETWORK_GRACE_SECONDS = 5, /* the server ends a long statement itself, with its own error */
    MOST_CONNECT_SECONDS = 8,  /* nobody can interrupt it */
    LARGEST_PACKET = 1024 * 1024 * 1024 /* the protocol's limit for a row */
};

static ybb_status exec(ybb_db *base, const char *sql, ybb_error *error)
{
    ybb_mysql *db = (ybb_mysql *)base;
    if (mysql_real_query(db->mysql, sql, (unsigned long)strlen(sql)) != 0)
        return ybb__mysql_fail_last(db, error);
    mysql_free_result(mysql_store_result(db->mysql));
    return mysql_errno(db->mysql) != 0 ? ybb__mysql_fail_last(db, error) : YBB_OK;
}

static void close_connection(ybb_db *base)
{
    ybb_mysql *db = (ybb_mysql *)base;
    mysql_close(db->mysql);
    if (db->descriptor >= 0)
        close(db->descriptor);
    free(db);
}

/* Nothing comes from a server that is not asked, but its end, and what MySQL says before that. */
static bool is_current(ybb_db *base)
{
    struct pollfd socket = {.fd = ((ybb_mysql *)base)->descriptor, .events = POLLIN};
    return poll(&socket, 1, 0) == 0;
}

/* The client library closes its descriptor on the reading thread, so another thread must not use
 * that number: it shuts a duplicate down, which is the same socket. */
static void interrupt(ybb_db *base)
{
    const ybb_mysql *db = (const ybb_mysql *)base;
    (void)shutdown(db->descriptor, SHUT_RDWR);
}

static ybb_status keep_descriptor(ybb_mysql *db, ybb_error *error)
{
#ifdef YBB_MARIADB_CLIENT
    int own = (int)mysql_get_socket(db->mysql);
#else
    int own = (int)db->mysql->net.fd;
#endif
    (void)fcntl(own, F_SETFD, FD_CLOEXEC);
    db->descriptor = fcntl(own, F_DUPFD_CLOEXEC, 0);
    if (db->descriptor < 0)
        return ybb__fail_errno(error, YBB_SOURCE_UNAVAILABLE, errno, "no descriptor is left");
    return YBB_OK;
}

static void set_option(MYSQL *mysql, enum mysql_option option, unsigned number)
{
    (void)mysql_options(mysql, option, &number);
}

static void set_options(MYSQL *mysql, const ybb_dsn *dsn, unsigned timeout_seconds)
{
    unsigned long packet = LARGEST_PACKET;
    unsigned network = timeout_seconds > 0 ? timeout_seconds + NETWORK_GRACE_SECONDS : 0;
    bool patient = timeout_seconds == 0 || timeout_seconds > MOST_CONNECT_SECONDS;
    set_option(mysql, MYSQL_OPT_CONNECT_TIMEOUT, patient ? MOST_CONNECT_SECONDS : timeout_seconds);
    set_option(mysql, MYSQL_OPT_READ_TIMEOUT, network);
    set_option(mysql, MYSQL_OPT_WRITE_TIMEOUT, network);
    /* a server must not be able to ask for our files */
    set_option(mysql, MYSQL_OPT_LOCAL_INFILE, 0);
    (void)mysql_options(mysql, MYSQL_OPT_MAX_ALLOWED_PACKET, &packet);
    (void)mysql_options(mysql, MYSQL_SET_CHARSET_NAME, "utf8mb4");
    (void)mysql_options4(mysql, MYSQL_OPT_CONNECT_ATTR_ADD, "program_name", "libybbexport");
    /* "localhost" alone means a socket file to the client libraries, even with a port */
    if (dsn->socket != NULL)
        set_option(mysql, MYSQL_OPT_PROTOCOL, MYSQL_PROTOCOL_SOCKET);
    else if (dsn->port != 0)
        set_option(mysql, MYSQL_OPT_PROTOCOL, MYSQL_PROTOCOL_TCP);
}

/* Reads a number and the point behind it, if any. */
static unsigned take_number(const char **at)
{
    unsigned number = 0;
    for (; **at >= '0' && **at <= '9'; (*at)++)
        number = 10 * number + (unsigned)(**at - '0');
    *at += **at == '.';
    return number;
}

/* @text is "10.11.6-MariaDB-1" or "8.0.36"; old replication made MariaDB say
 * "5.5.5-10.11.6-MariaDB". */
static ybb_status take_version(ybb_mysql *db, const char *text, ybb_error *error)
{
    static const char old_prefix[] = "5.5.5-";
    db->is_mariadb = strstr(text, "MariaDB") != NULL;
    if (db->is_mariadb && strncmp(text, old_prefix, strlen(old_prefix)) == 0)
        text += strlen(old_prefix);
    snprintf(db->base.version, sizeof(db->base.version), "%s %.*s",
             db->is_mariadb ? "MariaDB" : "MySQL", (int)strspn(text, "0123456789."), text);
    unsigned major = take_number(&text), minor = take_number(&text);
    bool is_old = db->is_mariadb ? major < 10 || (major == 10 && minor < 6) : major < 8;
    if (is_old)
        return ybb__fail(error, YBB_UNSUPPORTED,
                         "%s is too old: MariaDB 10.6 or MySQL 8.0 is the least that is supported",
                         db->base.version);
    return YBB_OK;
}

/* MariaDB says so when it is connected to. Another one may be a proxy that says what it likes. */
static ybb_status learn_version(ybb_mysql *db, ybb_error *error)
{
    const char *greeting = mysql_get_server_info(db->mysql);
    if (greeting != NULL && strstr(greeting, "MariaDB") != NULL)
        return take_version(db, greeting, error);
    if (mysql_query(db->mysql, "SELECT VERSION()") != 0)
        return ybb__mysql_fail_last(db, error);
    MYSQL_RES *result = mysql_store_result(db->mysql);
    MYSQL_ROW row = result == NULL ? NULL : mysql_fetch_row(result);
    ybb_status status = row == NULL || row[0] == NULL ? ybb__mysql_fail_last(db, error)
                                                      : take_version(db, row[0], error);
    mysql_free_result(result);
    return status;
}

/* A statement's time limit, which the server's own may only be shorter than. Waiting for a table
 * that another session holds ends before, for that passes by itself, and a slow statement does not.
 */
static void limit_statements(ybb_buffer *sql, bool is_mariadb, unsigned seconds)
{
    if (seconds == 0)
        return;
    const char *name = is_mariadb ? "max_statement_time" : "max_execution_time";
    uint64_t limit = is_mariadb ? seconds : (uint64_t)seconds * 1000;
    const char *const parts[] = {", ", name, " = IF(@@", name, " > 0 AND @@", name, " < "};
    for (size_t i = 0; i < sizeof(parts) / sizeof(parts[0]); i++)
        ybb__buffer_put_text(sql, parts[i]);
    ybb__buffer_put_u64(sql, limit);
    ybb__buffer_put_text(sql, ", @@");
    ybb__buffer_put_text(sql, name);
    ybb__buffer_put_text(sql, ", ");
    ybb__buffer_put_u64(sql, limit);
    ybb__buffer_put_text(sql, ")");
    if (seconds > 1) {
        ybb__buffer_put_text(sql, ", lock_wait_timeout = ");
        ybb__buffer_put_u64(sql, seconds - 1);
    }
}

/* What others wait for ends soon, and so does what a process keeps for its next question. A session
 * may live on without its process: the server sees no end of a connection while a forked child has
 * it too. */
static void share_session(ybb_buffer *sql, bool is_mariadb)
{
    ybb__buffer_put_text(sql, ", innodb_lock_wait_timeout = 3");
    ybb__buffer_put_text(sql, is_mariadb ? ", idle_transaction_timeout = 10, wait_timeout = 60"
                                         : ", wait_timeout = 30");
}

/* One statement, for a question about an export may connect anew, and waits for each answer. */
static void list_settings(ybb_buffer *sql, const ybb_mysql *db, ybb_db_mode mode,
                          unsigned timeout_seconds)
{
    ybb__buffer_put_text(sql, "SET NAMES utf8mb4, SESSION autocommit = 1, net_write_timeout = 600, "
                              "sql_mode = ");
    ybb__buffer_put_text(sql, mode == YBB_DB_READ ? "''" : "'STRICT_ALL_TABLES'");
    /* a limit of the server's would cut related rows off without a word */
    ybb__buffer_put_text(sql, ", sql_select_limit = 18446744073709551615");
    if (db->is_mariadb)
        ybb__buffer_put_text(
            sql, ", idle_transaction_timeout = 0, idle_readonly_transaction_timeout = 0");
    if (mode == YBB_DB_SHARED)
        share_session(sql, db->is_mariadb);
    else
        ybb__buffer_put_text(sql, ", wait_timeout = 3600");
    limit_statements(sql, db->is_mariadb, timeout_seconds);
}

/* What statements mean must not depend on the server's settings; the time zone is left to them,
 * for an installation's web application lives with it too. A pause of the reader while files are
 * written must not end the session, but a reader that vanished must not hold its snapshot for long.
 */
static ybb_status set_session(ybb_mysql *db, ybb_db_mode mode, unsigned timeout_seconds,
                              ybb_error *error)
{
    static const char *const transactions[] = {
        [YBB_DB_READ] = "SET SESSION TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY",
        [YBB_DB_WRITE] = "SET SESSION TRANSACTION ISOLATION LEVEL REPEATABLE READ",
        [YBB_DB_SHARED] = "SET SESSION TRANSACTION ISOLATION LEVEL READ COMMITTED",
    };
    ybb_buffer sql = {0};
    list_settings(&sql, db, mode, timeout_seconds);
    const char *text = ybb__buffer_text(&sql);
    ybb_status status = text == NULL ? ybb__fail_memory(error) : exec(&db->base, text, error);
    ybb__buffer_free(&sql);
    /* of these the variables' names differ from server to server */
    return status == YBB_OK ? exec(&db->base, transactions[mode], error) : status;
}

/* A connection that breaks before it stands was not lost; it was never there. */
static ybb_status fail_connect(ybb_mysql *db, ybb_error *error)
{
    unsigned number = mysql_errno(db->mysql);
    if (ybb__mysql_status(number) == YBB_SOURCE_LOST)
        return ybb__fail(error, YBB_SOURCE_UNAVAILABLE, "%s (error %u)", mysql_error(db->mysql),
                         number);
    return ybb__mysql_fail_last(db, error);
}

static ybb_status connect_to(ybb_mysql *db, const ybb_dsn *dsn, ybb_db_mode mode,
                             unsigned timeout_seconds, ybb_error *error)
{
    db->mysql = mysql_init(NULL);
    if (db->mysql == NULL)
        return ybb__fail_memory(error);
    set_options(db->mysql, dsn, timeout_seconds);
    if (mysql_real_connect(db->mysql, dsn->socket != NULL ? NULL : dsn->host, dsn->user,
                           dsn->password, dsn->database, dsn->port, dsn->socket,
                           CLIENT_FOUND_ROWS) == NULL)
        return fail_connect(db, error);
    ybb_status status = keep_descriptor(db, error);
    if (status == YBB_OK)
        status = learn_version(db, error);
    return status == YBB_OK ? set_session(db, mode, timeout_seconds, error) : status;
}

static ybb_status open_connection(ybb_db **out, const ybb_dsn *dsn, ybb_db_mode mode,
                                  unsigned timeout_seconds, ybb_error *error)
{
    ybb_mysql *db = calloc(1, sizeof(*db));
    if (db == NULL)
        return ybb__fail_memory(error);
    db->descriptor = -1;
    ybb_status status = connect_to(db, dsn, mode, timeout_seconds, error);
    if (status == YBB_OK)
        *out = &db->base;
    else
        close_connection(&db->base);
    return status;
}

static ybb_status snapshot_begin(ybb_db *db, ybb_error *error)
{
    ybb_status status = exec(db, "START TRANSACTION WITH CONSISTENT SNAPSHOT, READ ONLY", error);
    return status == YBB_OK ? exec(db, "SAVEPOINT ybb_rest", error) : status;
}

static ybb_status snapshot_rest(ybb_db *db, ybb_error *error)
{
    return exec(db, "ROLLBACK TO SAVEPOINT ybb_rest", error);
}

static void snapshot_end(ybb_db *db)
{
    (void)exec(db, "ROLLBACK", NULL);
}

static ybb_status begin(ybb_db *db, ybb_error *error)
{
    return exec(db, "START TRANSACTION", error);
}

static ybb_status commit(ybb_db *db, ybb_error *error)
{
    return exec(db, "COMMIT", error);
}

const ybb_driver ybb__mysql_driver = {
#ifdef YBB_MARIADB_CLIENT
    .client_name = "MariaDB Connector/C",
#else
    .client_name = "libmysqlclient",
#endif
    .client_version = mysql_get_client_info,
    .parse = ybb__dsn_server,
    .open = open_connection,
    .close = close_connection,
    .is_current = is_current,
    .interrupt = interrupt,
    .exec = exec,
    .snapshot_begin = snapshot_begin,
    .snapshot_rest = snapshot_rest,
    .snapshot_end = snapshot_end,
    .begin = begin,
    .commit = commit,
    .rollback = snapshot_end,
    .prepare = ybb__mysql_prepare,
    .free = ybb__mysql_statement_free,
    .execute = ybb__mysql_execute,
    .fetch = ybb__mysql_fetch,
    .finish = ybb__mysql_finish,
    .changed = ybb__mysql_changed,
};
