/*
 * Plans carried out: which records the statements find, and in which order, on each database there
 * is, for a catalog of its own. Its columns have collations that fold case, pad blanks and do not
 * mix.
 */
#include "db/cursor.h"
#include "db_sources.h"
#include "model/plan.h"

enum { SLICE_ROWS = 2, MOST_TEXT = 512 };

static const char document[] =
    "{\"types\": {"
    " \"people\": {\"title\": \"People\", \"table\": \"plan_people\", \"key\": \"id\","
    "  \"program\": \"group_id\", \"live\": {\"gone\": 0},"
    "  \"joins\": [{\"table\": \"plan_states\", \"as\": \"states\", \"on\": {\"person_id\": "
    "\"id\"}}],"
    "  \"collections\": {"
    "   \"bills\": {\"table\": \"plan_bills\", \"match\": {\"person_id\": \"id\"},"
    "    \"where\": {\"gone\": 0}, \"order\": [\"paid_on\", {\"column\": \"number\", "
    "\"descending\": true}],"
    "    \"columns\": {\"number\": {}, \"kind_id\": {\"type\": \"integer\"},"
    "     \"state\": {\"type\": \"integer\"}, \"paid_on\": {\"type\": \"datetime\"}}},"
    "   \"friends\": {\"table\": \"plan_people\", \"as\": \"friends\", \"match_type\": \"text\","
    "    \"match\": {\"ref\": \"code\", \"group_id\": \"group_id\"},"
    "    \"where\": {\"gone\": 0, \"ref\": {\"not\": \"\"}}, \"distinct\": \"id\", \"order\": "
    "[\"id\"],"
    "    \"joins\": [{\"table\": \"plan_bills\", \"as\": \"paid\", \"on\": {\"person_id\": \"id\"},"
    "     \"where\": {\"state\": 2, \"gone\": 0}}],"
    "    \"columns\": {\"id\": {\"type\": \"integer\"}, \"name\": {},"
    "     \"paid\": {\"column\": \"paid.number\"}}}},"
    "  \"fields\": {"
    "   \"id\": {\"type\": \"integer\", \"header\": \"ID\"}, \"code\": {\"header\": \"Code\"},"
    "   \"name\": {\"header\": \"Name\"}, \"born\": {\"type\": \"date\", \"header\": \"Born\"},"
    "   \"ref\": {\"header\": \"Ref\"},"
    "   \"state\": {\"column\": \"states.state\", \"type\": \"integer\", \"null_as\": 0,"
    "    \"header\": \"State\", \"labels\": {\"0\": \"a\", \"1\": \"b\", \"2\": \"c\"}},"
    "   \"bill_state\": {\"header\": \"Bills\", \"case\": {\"of\": \"bills\", \"cases\": ["
    "    {\"when\": {\"state\": 2}, \"is\": \"success\"},"
    "    {\"when\": {\"state\": [0, 1]}, \"is\": \"pending\"}], \"else\": \"none\"}},"
    "   \"bill_list\": {\"header\": \"List\", \"lines\": {\"of\": \"bills\", \"parts\": "
    "[\"{number}\"]}},"
    "   \"friends\": {\"type\": \"integer\", \"header\": \"Friends\", \"count\": {\"of\": "
    "\"friends\"}},"
    "   \"paid_friends\": {\"type\": \"integer\", \"header\": \"Paid\", \"count\": {\"of\": "
    "\"friends\","
    "    \"when\": {\"paid\": {\"not\": null}}}}},"
    "  \"filters\": {\"code\": {\"field\": \"code\"}, \"ref\": {\"field\": \"ref\"},"
    "   \"state\": {\"field\": \"state\"}, \"joined\": {\"range\": \"joined\", \"type\": \"date\"},"
    "   \"bill_state\": {\"field\": \"bill_state\", \"narrowed_by\": \"kind\"},"
    "   \"kind\": {\"related\": \"bills\", \"column\": \"kind_id\"},"
    "   \"min_friends\": {\"at_least\": \"friends\"}, \"max_friends\": {\"at_most\": \"friends\"},"
    "   \"min_paid\": {\"at_least\": \"paid_friends\"},"
    "   \"max_paid\": {\"at_most\": \"paid_friends\"}}},"
    " \"bills\": {\"title\": \"Bills\", \"table\": \"plan_bills\", \"key\": \"number\","
    "  \"key_type\": \"text\", \"program\": \"plan_people.group_id\", \"live\": {\"gone\": 0},"
    "  \"joins\": [{\"table\": \"plan_people\", \"on\": {\"id\": \"person_id\"}},"
    "   {\"table\": \"plan_kinds\", \"as\": \"kinds\", \"on\": {\"id\": \"kind_id\"}}],"
    "  \"fields\": {\"number\": {\"header\": \"No.\"},"
    "   \"amount\": {\"type\": \"decimal\", \"header\": \"Amount\"},"
    "   \"paid_on\": {\"type\": \"datetime\", \"header\": \"Paid\"},"
    "   \"person\": {\"column\": \"plan_people.name\", \"header\": \"Person\"}},"
    "  \"filters\": {\"amount\": {\"range\": \"amount\", \"type\": \"decimal\"},"
    "   \"kind\": {\"column\": \"kinds.title\"},"
    "   \"state\": {\"column\": \"state\", \"type\": \"integer\"}}}},"
    " \"templates\": {\"people_standard\": {\"fields\": [\"id\"]},"
    "  \"bills_standard\": {\"fields\": [\"number\", \"person\"]}}}";

static const char *const tables[] = {"plan_people", "plan_states", "plan_bills", "plan_kinds"};

static const char mysql_tables[] =
    "CREATE TABLE plan_people (id INT UNSIGNED PRIMARY KEY,"
    " code VARCHAR(40) CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_ci, name VARCHAR(40),"
    " born DATE, joined DATETIME, group_id INT,"
    " ref VARCHAR(40) CHARACTER SET utf8mb4 COLLATE utf8mb4_general_ci, gone TINYINT, KEY (ref))\n"
    "CREATE TABLE plan_states (person_id INT UNSIGNED, state TINYINT, KEY (person_id))\n"
    "CREATE TABLE plan_bills (number VARCHAR(40) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin PRIMARY "
    "KEY,"
    " person_id INT UNSIGNED, kind_id INT, state TINYINT, amount DECIMAL(15,2), paid_on DATETIME,"
    " gone TINYINT, KEY (person_id))\n"
    "CREATE TABLE plan_kinds (id INT PRIMARY KEY, title VARCHAR(40) CHARACTER SET latin1)";

static const char sqlite_tables[] =
    "CREATE TABLE plan_people (id INTEGER PRIMARY KEY, code TEXT COLLATE NOCASE, name TEXT,"
    " born TEXT, joined TEXT, group_id INTEGER, ref TEXT COLLATE RTRIM, gone INTEGER)\n"
    "CREATE TABLE plan_states (person_id INTEGER, state INTEGER)\n"
    "CREATE TABLE plan_bills (number TEXT PRIMARY KEY, person_id INTEGER, kind_id INTEGER,"
    " state INTEGER, amount DECIMAL(15,2), paid_on TEXT, gone INTEGER)\n"
    "CREATE TABLE plan_kinds (id INTEGER PRIMARY KEY, title TEXT COLLATE NOCASE)";

static const char rows[] =
    "INSERT INTO plan_people VALUES"
    " (1, 'REF', 'Ann', NULL, '2025-01-01 00:00:00', 1, NULL, 0),"
    " (2, 'ref', 'Bob', '2000-05-05', '2025-01-31 23:59:59', 1, 'REF', 0),"
    " (3, 'REF ', 'Cid', '1999-01-01', '2025-02-01 00:00:00', 1, 'REF', 0),"
    " (4, '', 'Dora', '2000-05-05', NULL, 1, 'ref', 0),"
    " (5, NULL, 'Eve', NULL, '2024-12-31 23:59:59', 1, '', 0),"
    " (6, '\xc3\xa9', 'Finn', '2001-01-01', '2025-01-15 12:00:00', 2, 'REF', 0),"
    " (7, 'gone', 'Gil', NULL, '2025-01-15 12:00:00', 1, 'REF', 1),"
    " (8, 'x', 'Hal', '1998-01-01', '0000-00-00 00:00:00', NULL, NULL, 0)\n"
    "INSERT INTO plan_states VALUES (1, 2), (2, 0), (4, NULL), (5, 1), (6, 2), (7, 0)\n"
    "INSERT INTO plan_kinds VALUES (1, 'Reg'), (2, 'reg ')\n"
    "INSERT INTO plan_bills VALUES"
    " ('b1', 2, 1, 2, 10.10, '2025-03-01 00:00:00', 0),"
    " ('b2', 2, 1, 2, 0.30, '2025-01-01 00:00:00', 0),"
    " ('b10', 3, 1, 1, 100.00, NULL, 0),"
    " ('c1', 3, 2, 0, -5.25, '0000-00-00 00:00:00', 0),"
    " ('d1', 1, 2, 4, NULL, NULL, 0),"
    " ('e1', 4, 1, 2, 7.00, NULL, 1),"
    " ('f1', 5, 2, 0, 99999999999.99, NULL, 0),"
    " ('g1', 6, 2, 2, 1.00, NULL, 0)";

/* Statements, one a line. */
static void run_lines(source *s, const char *lines)
{
    char line[2048];
    while (*lines != '\0') {
        size_t length = strcspn(lines, "\n");
        CU_ASSERT_TRUE_FATAL(length < sizeof(line));
        memcpy(line, lines, length);
        line[length] = '\0';
        run_sql(s->writer, line);
        lines += length + (lines[length] == '\n');
    }
}

static void drop_tables(source *s)
{
    char sql[64];
    for (size_t i = 0; i < sizeof(tables) / sizeof(tables[0]); i++) {
        snprintf(sql, sizeof(sql), "DROP TABLE IF EXISTS %s", tables[i]);
        run_sql(s->writer, sql);
    }
}

static void make_tables(source *s)
{
    drop_tables(s);
    if (s->is_mysql)
        run_sql(s->writer, "SET SESSION sql_mode = ''"); /* zero dates */
    run_lines(s, s->is_mysql ? mysql_tables : sqlite_tables);
    run_lines(s, rows);
}

/* A plan and the connection that it reads by. */
typedef struct journey {
    ybb_catalog *catalog;
    struct ybb_config config;
    ybb_request *request;
    ybb_plan *plan;
    ybb_db *db;
} journey;

static bool stops(ybb_status status, const char *json, const ybb_error *error)
{
    char text[1200];
    snprintf(text, sizeof(text), "%.600s: %.500s", json, error->message);
    CU_assertImplementation(status == YBB_OK, __LINE__, text, __FILE__, "", CU_FALSE);
    return status != YBB_OK;
}

static bool set_out(journey *j, source *s, const char *json)
{
    ybb_error error = {0};
    const ybb_document own = {"own.json", document, strlen(document)};
    *j = (journey){0};
    ybb__config_init(&j->config);
    if (stops(ybb__catalog_build(&j->catalog, &own, 1, &error), json, &error) ||
        stops(ybb__request_parse(&j->request, json, strlen(json), j->catalog, &j->config, &error),
              json, &error) ||
        stops(ybb__plan_build(&j->plan, j->request, s->is_mysql ? YBB_SQL_MYSQL : YBB_SQL_SQLITE,
                              &error),
              json, &error))
        return false;
    j->db = open_dsn(s->dsn, YBB_DB_READ);
    return true;
}

static void come_back(journey *j)
{
    ybb__plan_free(j->plan);
    ybb__request_free(j->request);
    ybb__catalog_free(j->catalog);
    ybb__config_release(&j->config);
    ybb__db_close(j->db);
}

static void put_keys(char *out, const ybb_slice *slice, uint32_t key_cell)
{
    for (uint32_t i = 0; i < slice->main.rows; i++) {
        ybb_cell cell = cell_at(&slice->main, i, key_cell);
        size_t used = strlen(out);
        snprintf(out + used, MOST_TEXT - used, "%s%.*s", used > 0 ? " " : "", (int)cell.length,
                 cell.at);
    }
}

/* Adds the keys of the next @most records to @out, read in slices of two and joined by blanks.
 * Returns how many were read; *@last is the key of the last, to be freed by free(). */
static uint32_t read_some(journey *j, const char *json, const ybb_cursor_start *start,
                          uint32_t most, char *out, char **last)
{
    ybb_error error = {0};
    ybb_slice slice = {0};
    ybb_cursor *cursor;
    uint32_t rows_read = 0;
    *last = NULL;
    if (stops(ybb__cursor_open(&cursor, j->db, &j->plan->reading, j->request->limit, start, &error),
              json, &error))
        return 0;
    uint64_t before = start != NULL ? start->before : 0, records = ybb__cursor_records(cursor);
    bool end = false;
    while (rows_read < most && !end) {
        uint32_t left = most - rows_read;
        if (stops(ybb__cursor_next(cursor, &slice, left < SLICE_ROWS ? left : SLICE_ROWS, 1 << 20,
                                   &error),
                  json, &error))
            break;
        put_keys(out, &slice, j->plan->reading.key_cell);
        rows_read += slice.main.rows;
        end = slice.main.rows == 0;
    }
    if (end) /* the count is of the same rows */
        CU_ASSERT_EQUAL(before + rows_read, records);
    (void)stops(ybb__cursor_key(cursor, last, &error), json, &error);
    ybb__slice_free(&slice);
    ybb__cursor_free(cursor);
    return rows_read;
}

/* The keys of all records, by a read that is cut behind @cut of them and gone on with. Returns how
 * many came before the cut. */
static uint32_t read_keys(journey *j, const char *json, uint32_t cut, char *out)
{
    char *last, *end;
    out[0] = '\0';
    const ybb_cursor_start start = {read_some(j, json, NULL, cut, out, &last), last};
    (void)read_some(j, json, &start, UINT32_MAX, out, &end);
    free(last);
    free(end);
    return (uint32_t)start.before;
}

/* Without a cut and with every one there can be. */
static void check_line(journey *j, const char *json, const char *expected)
{
    char keys[MOST_TEXT], text[2048];
    uint32_t cut = 0, done = 0;
    for (; done == cut; cut++) {
        done = read_keys(j, json, cut, keys);
        snprintf(text, sizeof(text), "%s, cut behind %u, gave \"%s\", not \"%s\"", json, done, keys,
                 expected);
        CU_assertImplementation(strcmp(keys, expected) == 0, __LINE__, text, __FILE__, "",
                                CU_FALSE);
    }
}

typedef struct expectation {
    const char *members; /* of the request */
    const char *keys;
} expectation;

static void check_keys(source *s, const char *type, const expectation *lines, size_t count)
{
    char json[1024];
    for (size_t i = 0; i < count; i++) {
        journey j;
        snprintf(json, sizeof(json), "{\"export_type\": \"%s\"%s%s}", type,
                 lines[i].members[0] != '\0' ? ", " : "", lines[i].members);
        if (set_out(&j, s, json))
            check_line(&j, json, lines[i].keys);
        come_back(&j);
    }
}

#define CHECK(s, type, lines) check_keys(s, type, lines, sizeof(lines) / sizeof((lines)[0]))
#define F(filter)             "\"filters\": {" filter "}"
#define SORT(field, order)                                                                         \
    "\"options\": {\"sort_by\": \"" field "\", \"sort_order\": \"" order "\"}"

static void with_tables(source *s, void (*test)(source *))
{
    make_tables(s);
    test(s);
    drop_tables(s);
}

static void check_programs(source *s)
{
    static const expectation people[] = {
        {"", "1 2 3 4 5 6 8"},
        {"\"program_id\": 1", "1 2 3 4 5"},
        {"\"program_id\": 9", ""},
        {"\"options\": {\"include_deleted\": true}", "1 2 3 4 5 6 7 8"},
        {"\"program_id\": 1, \"options\": {\"include_deleted\": true}", "1 2 3 4 5 7"},
        {F("\"limit\": 3"), "1 2 3"},
        {F("\"limit\": 3") ", \"options\": {\"sort_order\": \"desc\"}", "8 6 5"},
        {F("\"limit\": 100"), "1 2 3 4 5 6 8"},
    };
    static const expectation bills[] = {
        {"", "b1 b10 b2 c1 d1 f1 g1"},
        {"\"options\": {\"sort_order\": \"desc\"}", "g1 f1 d1 c1 b2 b10 b1"},
        {"\"program_id\": 1", "b1 b10 b2 c1 d1 f1"},
        {"\"program_id\": 2", "g1"},
        {"\"program_id\": 1, \"options\": {\"include_deleted\": true}", "b1 b10 b2 c1 d1 e1 f1"},
        {"\"program_id\": 1, " F("\"state\": 2"), "b1 b2"},
        {"\"program_id\": 1, " F("\"state\": [0, 1]"), "b10 c1 f1"},
    };
    CHECK(s, "people", people);
    CHECK(s, "bills", bills);
}

static void check_sorts(source *s)
{
    static const expectation people[] = {
        {SORT("born", "asc"), "1 5 8 3 2 4 6"},
        {SORT("born", "desc"), "6 4 2 3 8 5 1"},
        {SORT("name", "desc"), "8 6 5 4 3 2 1"},
        {SORT("id", "desc"), "8 6 5 4 3 2 1"},
        {SORT("state", "asc"), "2 3 4 8 5 1 6"},
        {SORT("state", "desc"), "6 1 5 8 4 3 2"},
        {SORT("born", "desc") ", " F("\"limit\": 2"), "6 4"},
        {SORT("born", "asc") ", " F("\"state\": 0"), "8 3 2 4"},
    };
    static const expectation bills[] = {
        {SORT("amount", "asc"), "d1 c1 b2 g1 b1 b10 f1"},
        {SORT("person", "desc"), "g1 f1 c1 b10 b2 b1 d1"},
        {"\"program_id\": 1, " SORT("person", "asc"), "d1 b1 b2 b10 c1 f1"},
    };
    CHECK(s, "people", people);
    CHECK(s, "bills", bills);
}

static void check_zero_dates(source *s)
{
    static const expectation bills[] = {
        {SORT("paid_on", "asc"), "b10 c1 d1 f1 g1 b2 b1"},
        {SORT("paid_on", "desc"), "b1 b2 g1 f1 d1 c1 b10"},
    };
    CHECK(s, "bills", bills);
}

static void check_texts(source *s)
{
    static const expectation people[] = {
        {F("\"code\": \"REF\""), "1"},
        {F("\"code\": \"ref\""), "2"},
        {F("\"code\": \"REF \""), "3"},
        {F("\"code\": \"Ref\""), ""},
        {F("\"code\": [\"ref\", \"REF \"]"), "2 3"},
        {F("\"code\": \"\xc3\xa9\""), "6"},
        {F("\"code\": \"e\""), ""},
        {F("\"code\": [\"\xc3\x89\", \"x\"]"), "8"},
        {F("\"code\": \"' OR 1 = 1 -- \""), ""},
        {F("\"ref\": \"REF\""), "2 3 6"},
        {F("\"ref\": \"ref\""), "4"},
    };
    static const expectation bills[] = {
        {F("\"kind\": \"Reg\""), "b1 b10 b2"},
        {F("\"kind\": \"reg \""), "c1 d1 f1 g1"},
        {F("\"kind\": \"reg\""), ""},
        {F("\"kind\": \"\xd0\xb6\""), ""}, /* latin1 cannot write it */
        {F("\"kind\": [\"Reg\", \"\xf0\x9f\x98\x80\"]"), "b1 b10 b2"},
    };
    CHECK(s, "people", people);
    CHECK(s, "bills", bills);
}

static void check_values(source *s)
{
    static const expectation people[] = {
        {F("\"state\": 0"), "2 3 4 8"},
        {F("\"state\": \"2\""), "1 6"},
        {F("\"state\": [0, 1]"), "2 3 4 5 8"},
        {F("\"state\": [1, 2]"), "1 5 6"},
        {F("\"state\": [0, 1, 2]"), "1 2 3 4 5 6 8"},
    };
    CHECK(s, "people", people);
}

#define RANGE(ends) F("\"joined\": {" ends "}")

static void check_dates(source *s)
{
    static const expectation people[] = {
        {RANGE("\"start\": \"2025-01-01\", \"end\": \"2025-01-31\""), "1 2 6"},
        {RANGE("\"start\": \"2025-01-31\", \"end\": \"2025-01-31\""), "2"},
        {RANGE("\"end\": \"2025-01-01\""), "1 5"},
        {RANGE("\"end\": \"2024-12-31\""), "5"},
        {RANGE("\"start\": \"2025-02-01\""), "3"},
        {RANGE("\"end\": \"9999-12-31\""), "1 2 3 5 6"},
        {RANGE("\"start\": \"9999-12-31\", \"end\": \"9999-12-31\""), ""},
        {RANGE("\"start\": \"0001-01-01\", \"end\": \"0001-01-01\""), ""},
    };
    CHECK(s, "people", people);
}

#define AMOUNT(ends) F("\"amount\": {" ends "}")

static void check_amounts(source *s)
{
    static const expectation bills[] = {
        {AMOUNT("\"min\": 0.3, \"max\": 10.1"), "b1 b2 g1"},
        {AMOUNT("\"min\": \"0.30\", \"max\": \"0.30\""), "b2"},
        {AMOUNT("\"min\": \"0.3000000000000000001\""), "b1 b10 f1 g1"},
        {AMOUNT("\"max\": \"10.0999999999999999999\""), "b2 c1 g1"},
        {AMOUNT("\"max\": -5.25"), "c1"},
        {AMOUNT("\"max\": \"-5.2500000000000000001\""), ""},
        {AMOUNT("\"min\": \"-5.2500000000000000001\", \"max\": 0"), "c1"},
        {AMOUNT("\"min\": 9"), "b1 b10 f1"},
        {AMOUNT("\"min\": 99999999999.99"), "f1"},
        {AMOUNT("\"min\": \"99999999999.991\""), ""},
        {AMOUNT("\"min\": \"99999999999999999999999999999999999\""), ""},
        {AMOUNT("\"max\": \"99999999999999999999999999999999999\""), "b1 b10 b2 c1 f1 g1"},
    };
    CHECK(s, "bills", bills);
}

static void check_related(source *s)
{
    static const expectation people[] = {
        {F("\"kind\": 2"), "1 3 5 6"},
        {F("\"kind\": [1, 2]"), "1 2 3 5 6"},
        {F("\"kind\": 3"), ""},
        {F("\"bill_state\": \"success\""), "2 6"},
        {F("\"bill_state\": \"pending\""), "3 5"},
        {F("\"bill_state\": \"none\""), "1 4 8"},
        {F("\"bill_state\": [\"success\", \"none\"]"), "1 2 4 6 8"},
        {F("\"bill_state\": [\"none\", \"pending\", \"success\"]"), "1 2 3 4 5 6 8"},
        {F("\"kind\": 2, \"bill_state\": \"success\""), "6"},
        {F("\"kind\": 2, \"bill_state\": \"pending\""), "3 5"},
        {F("\"kind\": 2, \"bill_state\": \"none\""), "1"},
        {F("\"kind\": 1, \"bill_state\": \"none\""), ""},
        {"\"program_id\": 1, " F("\"kind\": 2, \"bill_state\": [\"success\", \"pending\"]"), "3 5"},
    };
    CHECK(s, "people", people);
}

static void check_counts(source *s)
{
    static const expectation people[] = {
        {F("\"min_friends\": 0"), "1 2 3 4 5 6 8"},
        {F("\"min_friends\": 1"), "1 2"},
        {F("\"min_friends\": 2"), "1"},
        {F("\"min_friends\": 3"), ""},
        {F("\"max_friends\": 0"), "3 4 5 6 8"},
        {F("\"max_friends\": 1"), "2 3 4 5 6 8"},
        {F("\"max_friends\": 2"), "1 2 3 4 5 6 8"},
        {F("\"min_friends\": 1, \"max_friends\": 1"), "2"},
        {F("\"min_paid\": 1"), "1"},
        {F("\"min_paid\": 2"), ""},
        {F("\"max_paid\": 0"), "2 3 4 5 6 8"},
    };
    CHECK(s, "people", people);
}

/* Cell @column of the related rows of one slice, joined by blanks. */
static void put_related(char *out, const ybb_block *block, uint32_t column)
{
    out[0] = '\0';
    for (uint32_t i = 0; i < block->rows; i++) {
        ybb_cell cell = cell_at(block, i, column);
        size_t used = strlen(out);
        snprintf(out + used, MOST_TEXT - used, "%s%.*s", used > 0 ? " " : "",
                 cell.at != NULL ? (int)cell.length : 4, cell.at != NULL ? cell.at : "NULL");
    }
}

static void check_reading(source *s)
{
    static const char json[] = "{\"export_type\": \"people\", \"program_id\": 1, \"fields\": "
                               "[\"bill_list\", \"friends\", \"paid_friends\", \"bill_state\"]}";
    char found[MOST_TEXT];
    journey j;
    ybb_error error = {0};
    ybb_cursor *cursor;
    ybb_slice slice = {0};
    CU_ASSERT_TRUE_FATAL(set_out(&j, s, json));
    const ybb_plan *plan = j.plan;
    CU_ASSERT_EQUAL_FATAL(plan->reading.related_count, 2);
    CU_ASSERT_EQUAL_FATAL(ybb__cursor_open(&cursor, j.db, &plan->reading, UINT64_MAX, NULL, &error),
                          YBB_OK);
    CU_ASSERT_EQUAL_FATAL(ybb__cursor_next(cursor, &slice, 100, 1 << 20, &error), YBB_OK);
    CU_ASSERT_EQUAL(slice.main.rows, 5);
    put_related(found, &slice.related[0], plan->related[0].cells[0]);
    CU_ASSERT_STRING_EQUAL(found, "f1 d1 c1 b10 b2 b1"); /* none or zero, then by date */
    put_related(found, &slice.related[1], plan->related[1].distinct_cell);
    CU_ASSERT_PTR_NOT_NULL(strstr(found, "2 2 3")); /* two paid bills of 2: the composer's matter */
    CU_ASSERT_EQUAL(plan->columns[0].related, 0);
    CU_ASSERT_EQUAL(plan->columns[1].related, 1);
    CU_ASSERT_EQUAL(plan->columns[2].related, 1);
    CU_ASSERT_EQUAL(plan->columns[3].related, 0);
    ybb__slice_free(&slice);
    ybb__cursor_free(cursor);
    come_back(&j);
}

#define ON_EACH(name, check)                                                                       \
    static void name##_here(source *s)                                                             \
    {                                                                                              \
        with_tables(s, check);                                                                     \
    }                                                                                              \
    static void name(void)                                                                         \
    {                                                                                              \
        each_source(name##_here);                                                                  \
    }

ON_EACH(programs_deletion_and_limit_choose_records, check_programs)
ON_EACH(null_sorts_first_ascending_and_ties_go_by_key, check_sorts)
ON_EACH(zero_dates_sort_as_null, check_zero_dates)
ON_EACH(texts_are_found_by_their_bytes, check_texts)
ON_EACH(a_missing_row_counts_as_its_null_value, check_values)
ON_EACH(days_are_inclusive_and_zero_dates_are_null, check_dates)
ON_EACH(amounts_are_compared_as_decimals, check_amounts)
ON_EACH(related_rows_are_asked_in_the_order_of_cases, check_related)
ON_EACH(counts_have_a_least_and_a_most, check_counts)
ON_EACH(related_rows_are_read_once_a_collection, check_reading)

int main(void)
{
    static const ybb_test tests[] = {
        TEST(programs_deletion_and_limit_choose_records),
        TEST(null_sorts_first_ascending_and_ties_go_by_key),
        TEST(zero_dates_sort_as_null),
        TEST(texts_are_found_by_their_bytes),
        TEST(a_missing_row_counts_as_its_null_value),
        TEST(days_are_inclusive_and_zero_dates_are_null),
        TEST(amounts_are_compared_as_decimals),
        TEST(related_rows_are_asked_in_the_order_of_cases),
        TEST(counts_have_a_least_and_a_most),
        TEST(related_rows_are_read_once_a_collection),
    };
    return RUN_TESTS("plan_rows", tests);
}
