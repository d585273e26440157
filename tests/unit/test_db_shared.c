/* lib/db: databases that several processes write: transactions, and what a fork leaves of a file.
 */
#include "db_sources.h"

#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>

static ybb_db *open_shared(const source *s)
{
    return open_dsn(s->dsn, YBB_DB_SHARED);
}

static void begin_shared(ybb_db *db)
{
    ybb_error error = {0};
    CU_ASSERT_EQUAL_FATAL(ybb__db_begin(db, &error), YBB_OK);
}

static void commit(ybb_db *db)
{
    ybb_error error = {0};
    CU_ASSERT_EQUAL_FATAL(ybb__db_commit(db, &error), YBB_OK);
}

static void make_table(source *s)
{
    run_sql(s->writer, "DROP TABLE IF EXISTS t");
    run_sql(s->writer, "CREATE TABLE t (a INTEGER, b INTEGER)");
    run_sql(s->writer, "INSERT INTO t VALUES (1, 10)");
    run_sql(s->writer, "INSERT INTO t VALUES (2, 20)");
}

static void a_commit_keeps_and_a_rollback_undoes_on(source *s)
{
    make_table(s);
    ybb_db *db = open_shared(s);
    begin_shared(db);
    run_sql(db, "UPDATE t SET b = 11 WHERE a = 1");
    ybb__db_rollback(db);
    CU_ASSERT_EQUAL(number_of(s->writer, "SELECT b FROM t WHERE a = 1"), 10);
    begin_shared(db);
    run_sql(db, "UPDATE t SET b = 12 WHERE a = 1");
    commit(db);
    CU_ASSERT_EQUAL(number_of(s->writer, "SELECT b FROM t WHERE a = 1"), 12);
    ybb__db_rollback(db); /* there is none */
    begin_shared(db);
    run_sql(db, "UPDATE t SET b = 13 WHERE a = 1");
    ybb__db_close(db); /* as a process that ends */
    CU_ASSERT_EQUAL(number_of(s->writer, "SELECT b FROM t WHERE a = 1"), 12);
    run_sql(s->writer, "DROP TABLE t");
}

static void a_commit_keeps_and_a_rollback_undoes(void)
{
    each_source(a_commit_keeps_and_a_rollback_undoes_on);
}

static uint64_t changed_by(ybb_db *db, const char *sql)
{
    ybb_error error = {0};
    ybb_statement *statement;
    bool whole;
    CU_ASSERT_EQUAL_FATAL(ybb__statement_prepare(&statement, db, sql, &error), YBB_OK);
    CU_ASSERT_EQUAL_FATAL(ybb__statement_read(statement, NULL, 0, NULL, 0, &whole, &error), YBB_OK);
    uint64_t changed = ybb__statement_changed(statement);
    ybb__statement_free(statement);
    return changed;
}

static void rows_that_were_as_they_should_be_count_on(source *s)
{
    make_table(s);
    ybb_db *db = open_shared(s);
    CU_ASSERT_EQUAL(changed_by(db, "UPDATE t SET b = 5"), 2);
    CU_ASSERT_EQUAL(changed_by(db, "UPDATE t SET b = 5"), 2);
    CU_ASSERT_EQUAL(changed_by(db, "UPDATE t SET b = 6 WHERE a = 1"), 1);
    CU_ASSERT_EQUAL(changed_by(db, "UPDATE t SET b = 6 WHERE a = 3"), 0);
    CU_ASSERT_EQUAL(changed_by(db, "INSERT INTO t VALUES (3, 30)"), 1);
    CU_ASSERT_EQUAL(changed_by(db, "DELETE FROM t WHERE a > 1"), 2);
    CU_ASSERT_EQUAL(changed_by(db, "DELETE FROM t WHERE a > 1"), 0);
    ybb__db_close(db);
    run_sql(s->writer, "DROP TABLE t");
}

static void rows_that_were_as_they_should_be_count(void)
{
    each_source(rows_that_were_as_they_should_be_count_on);
}

static void a_transaction_of_a_server_sees_what_others_commit(void)
{
    source s;
    if (!begin_mysql(&s))
        return;
    make_table(&s);
    ybb_db *db = open_shared(&s);
    begin_shared(db);
    CU_ASSERT_EQUAL(number_of(db, "SELECT b FROM t WHERE a = 1"), 10);
    run_sql(s.writer, "UPDATE t SET b = 11 WHERE a = 1");
    CU_ASSERT_EQUAL(number_of(db, "SELECT b FROM t WHERE a = 1"), 11);
    commit(db);
    ybb__db_close(db);
    run_sql(s.writer, "DROP TABLE t");
    end_source(&s);
}

static void a_lock_of_another_is_a_busy_database(void)
{
    source s;
    if (!begin_mysql(&s))
        return;
    make_table(&s);
    ybb_db *one = open_shared(&s);
    begin_shared(one);
    run_sql(one, "UPDATE t SET b = 1 WHERE a = 1");
    ybb_db *other = open_shared(&s);
    begin_shared(other);
    ybb_error error;
    CU_ASSERT_EQUAL(query_status(other, "SELECT a FROM t WHERE a = 1 FOR UPDATE NOWAIT", &error),
                    YBB_SOURCE_BUSY);
    ybb__db_rollback(other);
    ybb__db_rollback(one);
    ybb__db_close(one);
    ybb__db_close(other);
    run_sql(s.writer, "DROP TABLE t");
    end_source(&s);
}

static void sqlite_lets_one_write_and_the_next_waits(void)
{
    source s;
    ybb_error error = {0};
    ybb_db *other;
    begin_sqlite(&s);
    ybb_db *db = open_shared(&s);
    begin_shared(db);
    CU_ASSERT_EQUAL_FATAL(ybb__db_open(&other, s.dsn, YBB_DB_SHARED, 1, &error), YBB_OK);
    CU_ASSERT_EQUAL(ybb__db_begin(other, &error), YBB_SOURCE_BUSY);
    ybb__db_rollback(other);
    commit(db);
    begin_shared(other);
    ybb__db_rollback(other);
    ybb__db_close(other);
    ybb__db_close(db);
    end_source(&s);
}

static void a_shared_file_belongs_to_its_user_alone(void)
{
    char path[128], dsn[160];
    struct stat file;
    source s;
    begin_sqlite(&s);
    snprintf(path, sizeof(path), "%s/shared", s.folder);
    snprintf(dsn, sizeof(dsn), "sqlite://%s", path);
    mode_t mask = umask(0);
    ybb_db *db = open_dsn(dsn, YBB_DB_SHARED);
    umask(mask);
    CU_ASSERT_EQUAL_FATAL(stat(path, &file), 0);
    CU_ASSERT_EQUAL(file.st_mode, S_IFREG | S_IRUSR | S_IWUSR);
    CU_ASSERT_EQUAL(number_of(db, "PRAGMA synchronous"), 2);
    CU_ASSERT_EQUAL(ybb__db_sync(db, false, NULL), YBB_OK);
    CU_ASSERT_EQUAL(number_of(db, "PRAGMA synchronous"), 1);
    CU_ASSERT_EQUAL(ybb__db_sync(db, true, NULL), YBB_OK);
    CU_ASSERT_EQUAL(number_of(db, "PRAGMA synchronous"), 2);
    ybb__db_close(db);
    unlink(path);
    end_source(&s);
}

/* --- connections that were left alone for a while --- */

static void a_connection_is_current_until_its_file_is_another(void)
{
    source s;
    char path[128], away[128];
    begin_sqlite(&s);
    snprintf(path, sizeof(path), "%s/test.db", s.folder);
    snprintf(away, sizeof(away), "%s/away.db", s.folder);
    ybb_db *db = open_shared(&s);
    CU_ASSERT_TRUE(ybb__db_is_current(db));
    run_sql(s.writer, "CREATE TABLE t (a INTEGER)");
    CU_ASSERT_TRUE(ybb__db_is_current(db));
    CU_ASSERT_EQUAL(rename(path, away), 0);
    CU_ASSERT_FALSE(ybb__db_is_current(db));
    CU_ASSERT_EQUAL(symlink(away, path), 0);
    CU_ASSERT_TRUE(ybb__db_is_current(db));
    CU_ASSERT_EQUAL(unlink(path), 0);
    ybb_db *other = open_shared(&s); /* makes a new file */
    CU_ASSERT_TRUE(ybb__db_is_current(other));
    CU_ASSERT_FALSE(ybb__db_is_current(db));
    ybb__db_close(other);
    ybb__db_close(db);
    unlink(away);
    end_source(&s);
}

static void a_connection_is_current_until_its_server_ends_it(void)
{
    source s;
    char sql[64];
    if (!begin_mysql(&s))
        return;
    ybb_db *db = open_shared(&s);
    snprintf(sql, sizeof(sql), "KILL %lld", (long long)number_of(db, "SELECT CONNECTION_ID()"));
    CU_ASSERT_TRUE(ybb__db_is_current(db));
    run_sql(s.writer, sql);
    for (int i = 0; i < 1000 && ybb__db_is_current(db); i++)
        (void)nanosleep(&(struct timespec){.tv_nsec = 10 * 1000000L}, NULL);
    CU_ASSERT_FALSE(ybb__db_is_current(db));
    ybb__db_close(db);
    end_source(&s);
}

/* --- forks --- */

/* What opening and reading gives in a child that is forked now. */
static ybb_status status_in_child(const char *dsn)
{
    pid_t child = fork();
    CU_ASSERT_TRUE_FATAL(child >= 0);
    if (child == 0) {
        ybb_error error = {0};
        ybb_db *db;
        ybb_status status = ybb__db_open(&db, dsn, YBB_DB_SHARED, TIMEOUT_SECONDS, &error);
        if (status == YBB_OK)
            status = ybb__db_exec(db, "SELECT 1", &error);
        ybb__db_close(db);
        _exit(status == YBB_OK ? 0 : status == YBB_FORKED ? 1 : 2);
    }
    int outcome = -1;
    CU_ASSERT_EQUAL(waitpid(child, &outcome, 0), child);
    CU_ASSERT_TRUE_FATAL(WIFEXITED(outcome));
    return WEXITSTATUS(outcome) == 0   ? YBB_OK
           : WEXITSTATUS(outcome) == 1 ? YBB_FORKED
                                       : YBB_INTERNAL;
}

static void a_file_that_was_open_at_a_fork_is_closed_to_the_child(void)
{
    source s;
    char path[128], other[160], link_path[128], linked[160];
    begin_sqlite(&s); /* opens it */
    snprintf(path, sizeof(path), "%s/other", s.folder);
    snprintf(other, sizeof(other), "sqlite://%s", path);
    snprintf(link_path, sizeof(link_path), "%s/link", s.folder);
    snprintf(linked, sizeof(linked), "sqlite://%s", link_path);
    CU_ASSERT_EQUAL(symlink("test.db", link_path), 0);
    CU_ASSERT_EQUAL(status_in_child(s.dsn), YBB_FORKED);
    CU_ASSERT_EQUAL(status_in_child(linked), YBB_FORKED);
    CU_ASSERT_EQUAL(status_in_child(other), YBB_OK);
    ybb_db *again = open_shared(&s); /* the parent's own handles do not disturb each other */
    ybb__db_close(again);
    CU_ASSERT_EQUAL(status_in_child(s.dsn), YBB_FORKED);
    ybb__db_close(s.writer);
    s.writer = NULL;
    CU_ASSERT_EQUAL(status_in_child(s.dsn), YBB_OK);
    unlink(path);
    unlink(link_path);
    end_source(&s);
}

static void a_server_takes_a_child_of_its_client(void)
{
    source s;
    if (!begin_mysql(&s))
        return;
    CU_ASSERT_EQUAL(status_in_child(s.dsn), YBB_OK);
    CU_ASSERT_EQUAL(number_of(s.writer, "SELECT 7"), 7);
    end_source(&s);
}

static const ybb_test tests[] = {
    TEST(a_commit_keeps_and_a_rollback_undoes),
    TEST(rows_that_were_as_they_should_be_count),
    TEST(a_transaction_of_a_server_sees_what_others_commit),
    TEST(a_lock_of_another_is_a_busy_database),
    TEST(sqlite_lets_one_write_and_the_next_waits),
    TEST(a_shared_file_belongs_to_its_user_alone),
    TEST(a_connection_is_current_until_its_file_is_another),
    TEST(a_connection_is_current_until_its_server_ends_it),
    TEST(a_file_that_was_open_at_a_fork_is_closed_to_the_child),
    TEST(a_server_takes_a_child_of_its_client),
};

int main(void)
{
    return RUN_TESTS("db_shared", tests);
}
