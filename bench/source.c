#include "source.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define STANDARD                                                                                   \
    "SELECT p.id, p.full_name, u.email, p.nationality, p.institution, p.phone_number, "            \
    "p.category, s.form_status, x.paid, x.pending, p.created_at, p.ref_code_ambassador"

/* The aggregate is read once from its key and joined; MariaDB's splitting it into a read for each
 * participant, and two EXISTS for each, took a fifth longer. */
#define FROM                                                                                       \
    " FROM participants p LEFT JOIN users u ON u.id = p.user_id"                                   \
    " LEFT JOIN participant_statuses s ON s.participant_id = p.id"                                 \
    " LEFT JOIN (SELECT participant_id, MAX(status = 2) paid, MAX(status IN (0, 1)) pending"       \
    " FROM payments WHERE is_deleted = 0 GROUP BY participant_id) x ON x.participant_id = p.id"

#define WHERE " WHERE p.program_id = 1 AND p.is_deleted = 0 ORDER BY p.id"

const char source_set_up[] = "SET SESSION optimizer_switch = 'split_materialized=off', "
                             "tmp_memory_table_size = 268435456, max_heap_table_size = 268435456";

const char source_standard[] = STANDARD FROM WHERE;

const char source_detailed[] =
    STANDARD ", p.gender, p.birthdate, p.education_level, p.major, p.current_address, "
             "p.origin_address, p.emergency_contact, p.tshirt_size, p.instagram_account" FROM WHERE;

const char source_essays[] =
    "SELECT e.participant_id, q.position, q.id, e.id, q.question, e.answer "
    "FROM participants p STRAIGHT_JOIN participant_essays e "
    "ON e.participant_id = p.id AND e.is_deleted = 0 "
    "LEFT JOIN program_essays q ON q.id = e.program_essay_id" WHERE;

const char source_payments[] =
    "SELECT x.participant_id, x.payment_date, x.id, c.category, x.amount, x.currency, x.status, "
    "x.payment_method_id, m.name FROM participants p STRAIGHT_JOIN payments x "
    "ON x.participant_id = p.id AND x.is_deleted = 0 "
    "LEFT JOIN program_payments c ON c.id = x.program_payment_id "
    "LEFT JOIN payment_methods m ON m.id = x.payment_method_id" WHERE;

void fail(const char *what, const char *why)
{
    fprintf(stderr, "%s: %s\n", what, why);
    exit(1);
}

bool wants_detailed(const char *word)
{
    if (word != NULL && strcmp(word, "detailed") == 0)
        return true;
    if (word == NULL || strcmp(word, "standard") != 0)
        fail("usage", "the first argument is standard or detailed");
    return false;
}

MYSQL *source_connect(void)
{
    MYSQL *mysql = mysql_init(NULL);
    if (mysql == NULL)
        fail("MariaDB", "memory is exhausted");
    mysql_options(mysql, MYSQL_SET_CHARSET_NAME, "utf8mb4");
    if (mysql_real_connect(mysql, NULL, getenv("BENCH_USER"), getenv("BENCH_PASSWORD"),
                           getenv("BENCH_DATABASE"), 0, getenv("BENCH_SOCKET"), 0) == NULL)
        fail("connect", mysql_error(mysql));
    if (mysql_query(mysql, source_set_up) != 0)
        fail("set up", mysql_error(mysql));
    return mysql;
}

MYSQL_RES *source_query(MYSQL *mysql, const char *sql)
{
    MYSQL_RES *result = NULL;
    if (mysql_query(mysql, sql) == 0)
        result = mysql_use_result(mysql);
    if (result == NULL)
        fail("query", mysql_error(mysql));
    return result;
}

MYSQL_ROW source_next(MYSQL *mysql, MYSQL_RES *result)
{
    MYSQL_ROW row = mysql_fetch_row(result);
    if (row == NULL && mysql_errno(mysql) != 0)
        fail("read", mysql_error(mysql));
    return row;
}
