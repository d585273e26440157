/* lib/db under faults: whatever happens to the connection, data that end too soon are an error. */
#ifndef _GNU_SOURCE
#define _GNU_SOURCE 1 /* memmem */
#endif
#include "db/cursor.h"
#include "db/dsn.h"
#include "db_sources.h"

#include <limits.h>
#include <poll.h>
#include <pthread.h>
#include <stdatomic.h>
#include <sys/socket.h>
#include <sys/un.h>

enum { RECORDS = 240, RELATED = 3 };

/* ---- A proxy between client and server ---- */

typedef struct proxy {
    char folder[64];
    struct sockaddr_un own, server;
    int listener;
    pthread_t thread;
    atomic_long limit;  /* bytes that the server may still send; LONG_MAX: all */
    atomic_long passed; /* bytes that it sent */
    atomic_bool stalls; /* at the limit: nothing more comes, instead of an end */
    atomic_bool stopped;
    /* texts of one length, the first of which is replaced in what the server sends */
    _Atomic(const char *) from, to;
} proxy;

static void replace(proxy *p, char *bytes, size_t length)
{
    const char *from = atomic_load(&p->from), *to = atomic_load(&p->to);
    char *at = from == NULL ? NULL : memmem(bytes, length, from, strlen(from));
    if (at != NULL)
        memcpy(at, to, strlen(to));
}

/* These are false at an end. */
static bool copy_from_client(int client, int server)
{
    char bytes[65536];
    ssize_t got = read(client, bytes, sizeof(bytes));
    return got > 0 && send(server, bytes, (size_t)got, MSG_NOSIGNAL) == got;
}

static bool copy_from_server(proxy *p, int server, int client)
{
    char bytes[65536];
    long limit = atomic_load(&p->limit);
    ssize_t got = read(server, bytes, sizeof(bytes));
    if (got <= 0)
        return false;
    long pass = got < limit ? (long)got : limit;
    replace(p, bytes, (size_t)pass);
    atomic_fetch_add(&p->passed, pass);
    if (limit != LONG_MAX)
        atomic_fetch_sub(&p->limit, pass);
    if (pass > 0 && send(client, bytes, (size_t)pass, MSG_NOSIGNAL) != pass)
        return false;
    return pass == got || atomic_load(&p->stalls);
}

static void serve(proxy *p, int client)
{
    int server = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    bool going = connect(server, (struct sockaddr *)&p->server, sizeof(p->server)) == 0;
    while (going && !atomic_load(&p->stopped)) {
        struct pollfd polled[] = {{.fd = client, .events = POLLIN},
                                  {.fd = server, .events = POLLIN}};
        if (poll(polled, 2, 50) <= 0)
            continue;
        if (polled[0].revents != 0)
            going = copy_from_client(client, server);
        if (going && polled[1].revents != 0)
            going = copy_from_server(p, server, client);
    }
    close(server);
    close(client);
}

static void *run_proxy(void *memory)
{
    proxy *p = memory;
    while (!atomic_load(&p->stopped)) {
        struct pollfd polled = {.fd = p->listener, .events = POLLIN};
        if (poll(&polled, 1, 50) <= 0)
            continue;
        int client = accept(p->listener, NULL, NULL);
        if (client >= 0)
            serve(p, client);
    }
    return NULL;
}

/* False, and the test is skipped, without a server on a socket. Writes the DSN that leads through
 * it. */
static bool begin_proxy(proxy *p, char *dsn, size_t size)
{
    ybb_dsn parts;
    memset(p, 0, sizeof(*p));
    if (mysql_dsn() == NULL) {
        skip_test("YBB_TEST_MYSQL names no server");
        return false;
    }
    CU_ASSERT_EQUAL_FATAL(ybb__dsn_server(&parts, strstr(mysql_dsn(), "://") + 3, NULL), YBB_OK);
    if (parts.socket == NULL) {
        skip_test("YBB_TEST_MYSQL names no socket");
        ybb__dsn_release(&parts);
        return false;
    }
    p->own.sun_family = p->server.sun_family = AF_UNIX;
    snprintf(p->server.sun_path, sizeof(p->server.sun_path), "%s", parts.socket);
    ybb__dsn_release(&parts);
    strcpy(p->folder, "/tmp/ybb-proxy-XXXXXX");
    CU_ASSERT_PTR_NOT_NULL_FATAL(mkdtemp(p->folder));
    snprintf(p->own.sun_path, sizeof(p->own.sun_path), "%s/s", p->folder);
    p->listener = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    CU_ASSERT_EQUAL_FATAL(bind(p->listener, (struct sockaddr *)&p->own, sizeof(p->own)), 0);
    CU_ASSERT_EQUAL_FATAL(listen(p->listener, 8), 0);
    atomic_store(&p->limit, LONG_MAX);
    CU_ASSERT_EQUAL_FATAL(pthread_create(&p->thread, NULL, run_proxy, p), 0);
    snprintf(dsn, size, "%.*s?socket=%s", (int)strcspn(mysql_dsn(), "?"), mysql_dsn(),
             p->own.sun_path);
    return true;
}

static void end_proxy(proxy *p)
{
    atomic_store(&p->stopped, true);
    pthread_join(p->thread, NULL);
    close(p->listener);
    unlink(p->own.sun_path);
    rmdir(p->folder);
}

/* ---- What is read ---- */

static const uint32_t cell_0[] = {0};

static const ybb_related related = {
    .columns = 2,
    .match_count = 1,
    .main_cells = cell_0,
    .own_cells = cell_0,
    .integer = true,
    .by_values = {.head = "SELECT m_id, note FROM fr WHERE m_id IN (", .tail = ")"},
    .by_range = {.sql = "SELECT m_id, note FROM fr WHERE m_id BETWEEN ? AND ?"}};

static ybb_reading reading_of(bool by_key)
{
    return (ybb_reading){
        .count = {.sql = "SELECT COUNT(*) FROM fm"},
        .count_behind = {.sql = "SELECT COUNT(*) FROM fm WHERE id > ?"},
        .columns = 2,
        .key_integer = true,
        .by_key = by_key,
        .first = {.sql = "SELECT id, body FROM fm ORDER BY id LIMIT ?"},
        .next = {.sql = "SELECT id, body FROM fm WHERE id > ? ORDER BY id LIMIT ?"},
        .order = {.sql = "SELECT id FROM fm ORDER BY body, id LIMIT ?"},
        .by_keys = {.head = "SELECT id, body FROM fm WHERE id IN (", .tail = ")"},
        .related_count = 1,
        .related = &related};
}

static void make_records(ybb_db *db)
{
    char sql[512];
    run_sql(db, "DROP TABLE IF EXISTS fm");
    run_sql(db, "DROP TABLE IF EXISTS fr");
    run_sql(db, "CREATE TABLE fm (id INTEGER PRIMARY KEY, body TEXT) ENGINE=InnoDB");
    run_sql(db, "CREATE TABLE fr (m_id INTEGER, note TEXT, KEY (m_id)) ENGINE=InnoDB");
    run_sql(db, "BEGIN");
    for (int i = 1; i <= RECORDS; i++) {
        snprintf(sql, sizeof(sql), "INSERT INTO fm VALUES (%d, REPEAT('b', %d))", i, i * 37 % 101);
        run_sql(db, sql);
        for (int j = 0; j < RELATED; j++) {
            snprintf(sql, sizeof(sql), "INSERT INTO fr VALUES (%d, REPEAT('n', %d))", i, j * 30);
            run_sql(db, sql);
        }
    }
    run_sql(db, "COMMIT");
}

typedef struct outcome {
    ybb_status status;
    ybb_error error;
    uint32_t rows, related_rows;
} outcome;

/* @between is called between two slices; NULL: nothing. */
static void read_from(outcome *o, ybb_db *db, const ybb_reading *reading,
                      const ybb_cursor_start *start, uint32_t max_rows, void (*between)(ybb_db *),
                      ybb_db *other)
{
    ybb_cursor *cursor;
    ybb_slice slice = {0};
    *o = (outcome){0};
    o->status = ybb__cursor_open(&cursor, db, reading, UINT64_MAX, start, &o->error);
    while (o->status == YBB_OK) {
        o->status = ybb__cursor_next(cursor, &slice, max_rows, SIZE_MAX, &o->error);
        if (o->status != YBB_OK || slice.main.rows == 0)
            break;
        o->rows += slice.main.rows;
        if (slice.related_count > 0)
            o->related_rows += slice.related[0].rows;
        if (between != NULL)
            between(other);
    }
    CU_ASSERT_EQUAL(o->error.status, o->status);
    ybb__slice_free(&slice);
    ybb__cursor_free(cursor);
}

static void read_records(outcome *o, ybb_db *db, const ybb_reading *reading, uint32_t max_rows,
                         void (*between)(ybb_db *), ybb_db *other)
{
    read_from(o, db, reading, NULL, max_rows, between, other);
}

/* @start NULL: all of them. */
static void read_rest_through(outcome *o, const char *dsn, bool by_key,
                              const ybb_cursor_start *start, unsigned timeout)
{
    ybb_reading reading = reading_of(by_key);
    ybb_db *db;
    *o = (outcome){0};
    o->status = ybb__db_open(&db, dsn, YBB_DB_READ, timeout, &o->error);
    if (o->status == YBB_OK)
        read_from(o, db, &reading, start, 100, NULL, NULL);
    ybb__db_close(db);
}

static void read_through(outcome *o, const char *dsn, bool by_key, unsigned timeout)
{
    read_rest_through(o, dsn, by_key, NULL, timeout);
}

static bool is_rest(const outcome *o, uint32_t records)
{
    return o->status == YBB_OK && o->rows == records && o->related_rows == records * RELATED;
}

static bool is_whole(const outcome *o)
{
    return is_rest(o, RECORDS);
}

/* ---- Tests ---- */

/* Where a read goes on with its last 100 records. */
static void start_of(char key[32], ybb_cursor_start *start, ybb_db *db, bool by_key)
{
    enum { BEFORE = RECORDS - 100 };
    long id = by_key ? BEFORE
                     : number_of(db, "SELECT id FROM (SELECT id, ROW_NUMBER() OVER (ORDER BY body,"
                                     " id) AS place FROM fm) x WHERE place = 140");
    snprintf(key, 32, "%ld", id);
    *start = (ybb_cursor_start){BEFORE, key};
}

/* After every so many bytes of all that the server sends; the last cuts come behind the end. */
static void cut_anywhere(proxy *p, source *s, const char *dsn, bool by_key, bool rest)
{
    enum { CUTS = 150 };
    char key[32];
    outcome o;
    ybb_cursor_start start = {0};
    long wholes = 0, errors = 0;
    uint32_t records = rest ? 100 : RECORDS;
    if (rest)
        start_of(key, &start, s->writer, by_key);
    atomic_store(&p->limit, LONG_MAX);
    atomic_store(&p->passed, 0);
    read_rest_through(&o, dsn, by_key, &start, TIMEOUT_SECONDS);
    CU_ASSERT_TRUE_FATAL(is_rest(&o, records));
    long all = atomic_load(&p->passed);
    for (long limit = 0; limit <= all + all / CUTS; limit += all / CUTS) {
        atomic_store(&p->limit, limit);
        read_rest_through(&o, dsn, by_key, &start, TIMEOUT_SECONDS);
        bool failed = o.status == YBB_SOURCE_LOST || o.status == YBB_SOURCE_UNAVAILABLE;
        bool whole = is_rest(&o, records);
        if (!failed && !whole)
            printf("# cut at %ld of %ld: %s, %u rows, %u related\n", limit, all, o.error.message,
                   o.rows, o.related_rows);
        CU_ASSERT_TRUE(failed || whole);
        wholes += whole;
        errors += failed;
    }
    CU_ASSERT_TRUE(wholes >= 1 && wholes < 5 && errors >= CUTS - 5);
}

static void a_connection_that_is_cut_anywhere_gives_an_error(void)
{
    char dsn[512];
    proxy p;
    source s;
    if (!begin_proxy(&p, dsn, sizeof(dsn)))
        return;
    CU_ASSERT_TRUE_FATAL(begin_mysql(&s));
    make_records(s.writer);
    for (int i = 0; i < 4; i++)
        cut_anywhere(&p, &s, dsn, i % 2 == 0, i >= 2);
    end_source(&s);
    end_proxy(&p);
}

static void a_server_that_falls_silent_is_given_up(void)
{
    char dsn[512];
    proxy p;
    source s;
    outcome o;
    if (!begin_proxy(&p, dsn, sizeof(dsn)))
        return;
    CU_ASSERT_TRUE_FATAL(begin_mysql(&s));
    make_records(s.writer);
    atomic_store(&p.stalls, true);
    atomic_store(&p.limit, 9000);
    read_through(&o, dsn, true, 1);
    CU_ASSERT_EQUAL(o.status, YBB_SOURCE_LOST);
    end_source(&s);
    end_proxy(&p);
}

static void an_old_server_is_refused_by_its_version(void)
{
    char dsn[512], own[64], old[64];
    proxy p;
    source s;
    ybb_db *db;
    ybb_error error = {0};
    if (!begin_proxy(&p, dsn, sizeof(dsn)))
        return;
    CU_ASSERT_TRUE_FATAL(begin_mysql(&s));
    snprintf(own, sizeof(own), "%s", strchr(ybb__db_version(s.writer), ' ') + 1);
    snprintf(old, sizeof(old), "%s", own);
    old[0] = '0';
    atomic_store(&p.to, old);
    atomic_store(&p.from, own);
    CU_ASSERT_EQUAL(ybb__db_open(&db, dsn, YBB_DB_READ, TIMEOUT_SECONDS, &error), YBB_UNSUPPORTED);
    CU_ASSERT_PTR_NULL(db);
    CU_ASSERT_PTR_NOT_NULL(strstr(error.message, "too old"));
    CU_ASSERT_PTR_NOT_NULL(strstr(error.message, old));
    end_source(&s);
    end_proxy(&p);
}

/* As a proxy may that stands before several servers. */
static void a_server_that_greets_as_another_is_asked(void)
{
    char dsn[512], own[80], other[80];
    proxy p;
    source s;
    ybb_db *db;
    if (!begin_proxy(&p, dsn, sizeof(dsn)))
        return;
    CU_ASSERT_TRUE_FATAL(begin_mysql(&s));
    const char *number = strchr(ybb__db_version(s.writer), ' ') + 1;
    snprintf(own, sizeof(own), "5.5.5-%s-MariaDB", number); /* in the greeting alone */
    snprintf(other, sizeof(other), "5.5.5-%s-Another", number);
    atomic_store(&p.to, other);
    atomic_store(&p.from, own);
    CU_ASSERT_EQUAL_FATAL(ybb__db_open(&db, dsn, YBB_DB_READ, TIMEOUT_SECONDS, NULL), YBB_OK);
    CU_ASSERT_STRING_EQUAL(ybb__db_version(db), ybb__db_version(s.writer));
    ybb__db_close(db);
    end_source(&s);
    end_proxy(&p);
}

typedef struct killer {
    ybb_db *db;
    char sql[64];
    atomic_bool done;
} killer;

/* Until the read is over: an arrow that falls between two statements hits nothing. */
static void *kill_again_and_again(void *memory)
{
    killer *k = memory;
    while (!atomic_load(&k->done)) {
        usleep(20000);
        (void)ybb__db_exec(k->db, k->sql, NULL);
    }
    return NULL;
}

static void kill_reader(source *s, const char *kind, bool by_key, bool by_related)
{
    outcome o;
    killer k = {.db = s->writer};
    ybb_related slow = related;
    ybb_reading reading = reading_of(by_key);
    ybb_db *reader = open_dsn(s->dsn, YBB_DB_READ);
    snprintf(k.sql, sizeof(k.sql), "KILL %s %ld", kind,
             number_of(reader, "SELECT CONNECTION_ID()"));
    if (by_related) {
        slow.by_values.head = "SELECT m_id, note FROM fr WHERE SLEEP(0.002) = 0 AND m_id IN (";
        slow.by_range.sql =
            "SELECT m_id, note FROM fr WHERE SLEEP(0.002) = 0 AND m_id BETWEEN ? AND ?";
        reading.related = &slow;
    } else {
        reading.first.sql = "SELECT id, body FROM fm WHERE SLEEP(0.005) = 0 ORDER BY id LIMIT ?";
        reading.order.sql = "SELECT id FROM fm WHERE SLEEP(0.005) = 0 LIMIT ?";
    }
    pthread_t thread;
    CU_ASSERT_EQUAL_FATAL(pthread_create(&thread, NULL, kill_again_and_again, &k), 0);
    read_records(&o, reader, &reading, 100, NULL, NULL);
    atomic_store(&k.done, true);
    pthread_join(thread, NULL);
    if (o.status != YBB_SOURCE_LOST)
        printf("# %s: %s, %u rows\n", k.sql, o.error.message, o.rows);
    CU_ASSERT_EQUAL(o.status, YBB_SOURCE_LOST);
    ybb__db_close(reader);
}

static void a_killed_read_is_an_error(void)
{
    source s;
    if (!begin_mysql(&s))
        return;
    make_records(s.writer);
    for (int i = 0; i < 4; i++) {
        kill_reader(&s, "QUERY", i % 2 == 0, i / 2 == 0);
        kill_reader(&s, "CONNECTION", i % 2 == 0, i / 2 == 0);
    }
    end_source(&s);
}

static void alter_table(ybb_db *db)
{
    run_sql(db, "ALTER TABLE fm FORCE");
}

static void alter_related(ybb_db *db)
{
    run_sql(db, "ALTER TABLE fr FORCE");
}

static void a_table_that_is_altered_between_slices_is_told(void)
{
    source s;
    outcome o;
    if (!begin_mysql(&s))
        return;
    make_records(s.writer);
    run_sql(s.writer, "SET lock_wait_timeout = 10");
    ybb_db *reader = open_dsn(s.dsn, YBB_DB_READ);
    for (int by_key = 0; by_key < 2; by_key++) {
        ybb_reading reading = reading_of(by_key);
        read_records(&o, reader, &reading, 50, alter_table, s.writer);
        CU_ASSERT_EQUAL(o.status, YBB_SOURCE_CHANGED);
        CU_ASSERT_EQUAL(o.rows, 50);
        read_records(&o, reader, &reading, 50, alter_related, s.writer);
        CU_ASSERT_EQUAL(o.status, YBB_SOURCE_CHANGED);
        read_records(&o, reader, &reading, 50, NULL, NULL); /* by a new snapshot it is read */
        CU_ASSERT_TRUE(is_whole(&o));
    }
    ybb__db_close(reader);
    end_source(&s);
}

static void a_table_that_stays_locked_ends_in_a_timeout(void)
{
    source s;
    outcome o;
    if (!begin_mysql(&s))
        return;
    make_records(s.writer);
    run_sql(s.writer, "LOCK TABLES fm WRITE");
    read_through(&o, s.dsn, true, 1);
    CU_ASSERT_TRUE(o.status == YBB_SOURCE_TIMEOUT || o.status == YBB_SOURCE_BUSY);
    run_sql(s.writer, "UNLOCK TABLES");
    read_through(&o, s.dsn, true, TIMEOUT_SECONDS);
    CU_ASSERT_TRUE(is_whole(&o));
    end_source(&s);
}

typedef struct shooter {
    ybb_db *db;
    useconds_t pause;
} shooter;

static void *interrupt_after(void *memory)
{
    const shooter *i = memory;
    usleep(i->pause);
    ybb__db_interrupt(i->db);
    return NULL;
}

/* At any moment of an export; what comes is all of it or an error. */
static void an_interrupt_at_any_time_gives_no_short_read(void)
{
    source s;
    outcome o;
    if (!begin_mysql(&s))
        return;
    make_records(s.writer);
    for (useconds_t pause = 0; pause < 12000; pause += 150) {
        ybb_reading reading = reading_of(pause % 300 == 0);
        shooter i = {open_dsn(s.dsn, YBB_DB_READ), pause};
        pthread_t thread;
        CU_ASSERT_EQUAL_FATAL(pthread_create(&thread, NULL, interrupt_after, &i), 0);
        read_records(&o, i.db, &reading, 20, NULL, NULL);
        CU_ASSERT_TRUE(o.status == YBB_SOURCE_LOST || is_whole(&o));
        pthread_join(thread, NULL);
        ybb__db_close(i.db);
    }
    end_source(&s);
}

int main(void)
{
    static const ybb_test tests[] = {
        TEST(a_connection_that_is_cut_anywhere_gives_an_error),
        TEST(a_server_that_falls_silent_is_given_up),
        TEST(an_old_server_is_refused_by_its_version),
        TEST(a_server_that_greets_as_another_is_asked),
        TEST(a_killed_read_is_an_error),
        TEST(a_table_that_is_altered_between_slices_is_told),
        TEST(a_table_that_stays_locked_ends_in_a_timeout),
        TEST(an_interrupt_at_any_time_gives_no_short_read),
    };
    return RUN_TESTS("db under faults", tests);
}
