/*
 * The statements that plans have, for the built-in types: what is selected, joined, asked and
 * bound. What they find is the matter of test_plan_rows.c.
 */
#include "model/plan.h"
#include "model/plan_decimal.h"
#include "runner.h"

#include <stdio.h>
#include <string.h>

/* A plan of a request for each database. */
typedef struct planning {
    ybb_catalog *catalog;
    struct ybb_config config;
    ybb_request *request;
    ybb_plan *mysql, *sqlite;
} planning;

static void plan_by(planning *p, const char *json, const ybb_document *document)
{
    ybb_error error = {0};
    *p = (planning){0};
    ybb__config_init(&p->config);
    ybb_status status = ybb__catalog_build(&p->catalog, document, document != NULL ? 1 : 0, &error);
    if (status != YBB_OK)
        printf("# %s\n", error.message);
    CU_ASSERT_EQUAL_FATAL(status, YBB_OK);
    status = ybb__request_parse(&p->request, json, strlen(json), p->catalog, &p->config, &error);
    if (status != YBB_OK)
        printf("# %s\n", error.message);
    CU_ASSERT_EQUAL_FATAL(status, YBB_OK);
    CU_ASSERT_EQUAL_FATAL(ybb__plan_build(&p->mysql, p->request, YBB_SQL_MYSQL, &error), YBB_OK);
    CU_ASSERT_EQUAL_FATAL(ybb__plan_build(&p->sqlite, p->request, YBB_SQL_SQLITE, &error), YBB_OK);
}

static void plan(planning *p, const char *json)
{
    plan_by(p, json, NULL);
}

static void end(planning *p)
{
    ybb__plan_free(p->mysql);
    ybb__plan_free(p->sqlite);
    ybb__request_free(p->request);
    ybb__catalog_free(p->catalog);
    ybb__config_release(&p->config);
}

static bool has(const char *sql, const char *part)
{
    return sql != NULL && strstr(sql, part) != NULL;
}

static size_t marks_in(const char *sql)
{
    size_t count = 0;
    for (; sql != NULL && *sql != '\0'; sql++)
        count += *sql == '?';
    return count;
}

#define P   "{\"export_type\": \"participants\", "
#define PAY "{\"export_type\": \"payments\", "
#define AMB "{\"export_type\": \"ambassadors\", "

static void identifiers_are_quoted_as_the_database_does(void)
{
    planning p;
    plan(&p, P "\"program_id\": 3, \"fields\": [\"id\", \"email\"]}");
    CU_ASSERT_STRING_EQUAL(
        p.mysql->reading.next.sql,
        "SELECT `participants`.`id`, `users`.`email` FROM `participants`"
        " LEFT JOIN `users` ON `users`.`id` = `participants`.`user_id`"
        " WHERE `participants`.`program_id` = ? AND `participants`.`is_deleted` = ?"
        " AND `participants`.`id` > ? ORDER BY `participants`.`id` LIMIT ?");
    CU_ASSERT_STRING_EQUAL(
        p.mysql->reading.within.sql,
        "SELECT `participants`.`id`, `users`.`email` FROM `participants`"
        " LEFT JOIN `users` ON `users`.`id` = `participants`.`user_id`"
        " WHERE `participants`.`program_id` = ? AND `participants`.`is_deleted` = ?"
        " AND `participants`.`id` > ? AND `participants`.`id` <= ?"
        " ORDER BY `participants`.`id` LIMIT ?");
    CU_ASSERT_STRING_EQUAL(
        p.sqlite->reading.first.sql,
        "SELECT \"participants\".\"id\", \"users\".\"email\" FROM \"participants\""
        " LEFT JOIN \"users\" ON \"users\".\"id\" = \"participants\".\"user_id\""
        " WHERE \"participants\".\"program_id\" = ? AND \"participants\".\"is_deleted\" = ?"
        " ORDER BY \"participants\".\"id\" LIMIT ?");
    CU_ASSERT_STRING_EQUAL(p.mysql->reading.count.sql, "SELECT COUNT(*) FROM `participants`"
                                                       " WHERE `participants`.`program_id` = ?"
                                                       " AND `participants`.`is_deleted` = ?");
    CU_ASSERT_EQUAL_FATAL(p.mysql->reading.next.value_count, 2);
    CU_ASSERT_EQUAL(p.mysql->reading.next.values[0].number, 3);
    CU_ASSERT_EQUAL(p.mysql->reading.next.values[1].number, 0);
    end(&p);
}

static void schemas_are_part_of_a_table_and_not_of_its_columns(void)
{
    static const char text[] =
        "{\"types\": {\"orders\": {\"title\": \"Orders\", \"table\": \"shop.orders\", \"key\": "
        "\"no\","
        " \"key_type\": \"text\", \"joins\": [{\"table\": \"crm.buyers\", \"as\": \"who\","
        " \"on\": {\"id\": \"buyer\"}}], \"fields\": {\"no\": {\"header\": \"No.\"},"
        " \"buyer\": {\"column\": \"who.name\", \"header\": \"Buyer\"}}}}}";
    const ybb_document document = {"shop.json", text, strlen(text)};
    planning p;
    plan_by(&p, "{\"export_type\": \"orders\", \"fields\": [\"no\", \"buyer\"]}", &document);
    CU_ASSERT_STRING_EQUAL(p.mysql->reading.first.sql,
                           "SELECT `orders`.`no`, `who`.`name` FROM `shop`.`orders`"
                           " LEFT JOIN `crm`.`buyers` AS `who` ON `who`.`id` = `orders`.`buyer`"
                           " ORDER BY `orders`.`no` LIMIT ?");
    CU_ASSERT_STRING_EQUAL(p.mysql->reading.next.sql,
                           "SELECT `orders`.`no`, `who`.`name` FROM `shop`.`orders`"
                           " LEFT JOIN `crm`.`buyers` AS `who` ON `who`.`id` = `orders`.`buyer`"
                           " WHERE `orders`.`no` > ? ORDER BY `orders`.`no` LIMIT ?");
    CU_ASSERT_STRING_EQUAL(p.mysql->reading.count.sql, "SELECT COUNT(*) FROM `shop`.`orders`");
    CU_ASSERT_FALSE(p.mysql->reading.key_integer);
    CU_ASSERT_PTR_NULL(p.mysql->reading.within.sql);
    end(&p);
}

static void only_what_is_used_is_selected_and_joined(void)
{
    planning p;
    plan(&p, P "\"fields\": [\"full_name\"]}");
    CU_ASSERT_STRING_EQUAL(p.sqlite->reading.first.sql,
                           "SELECT \"participants\".\"id\", \"participants\".\"full_name\""
                           " FROM \"participants\" WHERE \"participants\".\"is_deleted\" = ?"
                           " ORDER BY \"participants\".\"id\" LIMIT ?");
    CU_ASSERT_EQUAL(p.sqlite->reading.related_count, 0);
    end(&p);
    /* a join that a needed one hangs on */
    plan(&p, PAY "\"fields\": [\"participant_email\"], \"filters\": {\"status\": [1, 2]}}");
    CU_ASSERT_TRUE(has(p.mysql->reading.by_keys.head, "LEFT JOIN `participants`"));
    CU_ASSERT_TRUE(has(p.mysql->reading.by_keys.head, "LEFT JOIN `users`"));
    CU_ASSERT_FALSE(has(p.mysql->reading.by_keys.head, "payment_methods"));
    CU_ASSERT_FALSE(has(p.mysql->reading.count.sql, "JOIN"));
    CU_ASSERT_FALSE(has(p.mysql->reading.order.sql, "JOIN"));
    end(&p);
    /* what filters and sort need, and nothing of the columns */
    plan(&p, PAY "\"program_id\": 1, \"options\": {\"sort_by\": \"payment_category\"}}");
    CU_ASSERT_TRUE(has(p.mysql->reading.count.sql, "LEFT JOIN `participants`"));
    CU_ASSERT_FALSE(has(p.mysql->reading.count.sql, "program_payments"));
    CU_ASSERT_TRUE(has(p.mysql->reading.order.sql, "LEFT JOIN `program_payments`"));
    CU_ASSERT_FALSE(has(p.mysql->reading.order.sql, "payment_methods"));
    end(&p);
}

static void every_value_is_bound(void)
{
    planning p;
    plan(&p, P "\"filters\": {\"ambassador_ref\": \"x' OR 'a'='a\"}}");
    const ybb_query *query = &p.mysql->reading.first;
    CU_ASSERT_FALSE(has(query->sql, "'"));
    CU_ASSERT_EQUAL(marks_in(query->sql), query->value_count + 1);
    CU_ASSERT_STRING_EQUAL(query->values[1].at, "x' OR 'a'='a");
    CU_ASSERT_EQUAL(query->values[1].length, strlen("x' OR 'a'='a"));
    end(&p);
}

/* The cursor's parameters are the last ones of every statement. */
static void check_marks(const ybb_plan *plan)
{
    const ybb_reading *reading = &plan->reading;
    CU_ASSERT_EQUAL(marks_in(reading->count.sql), reading->count.value_count);
    if (reading->by_key) {
        CU_ASSERT_EQUAL(marks_in(reading->count_behind.sql), reading->count_behind.value_count + 1);
        CU_ASSERT_EQUAL(marks_in(reading->first.sql), reading->first.value_count + 1);
        CU_ASSERT_EQUAL(marks_in(reading->next.sql), reading->next.value_count + 2);
        if (reading->key_integer)
            CU_ASSERT_EQUAL(marks_in(reading->within.sql), reading->within.value_count + 3);
    } else {
        CU_ASSERT_EQUAL(marks_in(reading->order.sql), reading->order.value_count + 1);
        CU_ASSERT_EQUAL(marks_in(reading->by_keys.head), reading->by_keys.head_value_count);
        CU_ASSERT_EQUAL(marks_in(reading->by_keys.tail), reading->by_keys.tail_value_count);
    }
    for (uint32_t i = 0; i < reading->related_count; i++) {
        const ybb_related *related = &reading->related[i];
        CU_ASSERT_EQUAL(marks_in(related->by_values.head), related->by_values.head_value_count);
        CU_ASSERT_EQUAL(marks_in(related->by_values.tail), related->by_values.tail_value_count);
        CU_ASSERT_TRUE(has(related->by_values.head, " IN ("));
        CU_ASSERT_EQUAL(related->by_values.tail[0], ')');
        CU_ASSERT_EQUAL(related->by_range.sql != NULL, related->integer);
        CU_ASSERT_EQUAL(marks_in(related->by_range.sql),
                        related->integer ? related->by_range.value_count + 2 : 0);
    }
}

static void every_statement_has_as_many_values_as_parameters(void)
{
    static const char *const requests[] = {
        P "\"template\": \"detailed\", \"program_id\": 1}",
        P "\"template\": \"detailed\", \"filters\": {\"payment_status\": [\"none\", \"pending\"], "
          "\"program_payment_id\": [1, 2], \"ambassador_ref\": [\"a\", \"b\"], \"category\": "
          "\"self_funded\", \"form_status\": [0, 1], \"date_range\": {\"start\": \"2025-01-01\", "
          "\"end\": \"2025-02-01\"}}, \"options\": {\"sort_by\": \"form_status\"}}",
        PAY "\"template\": \"detailed\", \"program_id\": 1, \"filters\": {\"amount_range\": "
            "{\"min\": 1, \"max\": 2}, \"payment_category\": [\"a\", \"\xc3\xa9\"], "
            "\"payment_method\": 1, \"currency\": \"IDR\", \"date_range\": {\"end\": "
            "\"2025-01-01\"}}, \"options\": {\"sort_by\": \"participant_name\"}}",
        AMB "\"template\": \"detailed\", \"filters\": {\"min_referrals\": 1, \"max_referrals\": 3, "
            "\"status\": 1}, \"options\": {\"sort_order\": \"desc\"}}",
    };
    for (size_t i = 0; i < sizeof(requests) / sizeof(requests[0]); i++) {
        planning p;
        plan(&p, requests[i]);
        check_marks(p.mysql);
        check_marks(p.sqlite);
        end(&p);
    }
}

static void slices_go_along_the_key_where_that_costs_no_more(void)
{
    static const struct {
        const char *json;
        bool by_key;
    } lines[] = {
        {P "\"program_id\": 1}", true},
        {P "\"options\": {\"sort_order\": \"desc\"}}", true},
        {P "\"options\": {\"sort_by\": \"id\"}}", true},
        {P "\"filters\": {\"category\": \"self_funded\"}}", true},
        {P "\"filters\": {\"form_status\": 0}}", true},
        {P "\"filters\": {\"form_status\": [1, 2]}}", true},
        {PAY "\"program_id\": 1, \"filters\": {\"status\": 2}}", true},
        {P "\"filters\": {\"category\": [\"self_funded\", \"fully_funded\"]}}", false},
        {P "\"filters\": {\"date_range\": {\"start\": \"2025-01-01\"}}}", false},
        {P "\"filters\": {\"payment_status\": \"success\"}}", false},
        {P "\"filters\": {\"program_payment_id\": 1}}", false},
        {AMB "\"filters\": {\"min_referrals\": 1}}", false},
        {P "\"options\": {\"sort_by\": \"full_name\"}}", false},
    };
    for (size_t i = 0; i < sizeof(lines) / sizeof(lines[0]); i++) {
        planning p;
        plan(&p, lines[i].json);
        const ybb_reading *reading = &p.mysql->reading;
        CU_ASSERT_EQUAL(reading->by_key, lines[i].by_key);
        CU_ASSERT_EQUAL(reading->count_behind.sql != NULL, lines[i].by_key);
        CU_ASSERT_EQUAL(reading->first.sql != NULL, lines[i].by_key);
        CU_ASSERT_EQUAL(reading->next.sql != NULL, lines[i].by_key);
        CU_ASSERT_EQUAL(reading->order.sql != NULL, !lines[i].by_key);
        CU_ASSERT_EQUAL(reading->by_keys.head != NULL, !lines[i].by_key);
        CU_ASSERT_EQUAL(p.sqlite->reading.by_key, lines[i].by_key);
        end(&p);
    }
}

static void a_slice_hides_conditions_on_joined_tables(void)
{
    planning p;
    plan(&p, PAY "\"program_id\": 1}");
    CU_ASSERT_TRUE(has(p.mysql->reading.next.sql, "COALESCE(`participants`.`program_id` = ?, 0)"));
    CU_ASSERT_TRUE(
        has(p.sqlite->reading.next.sql, "COALESCE(\"participants\".\"program_id\" = ?, 0)"));
    CU_ASSERT_FALSE(has(p.mysql->reading.count.sql, "COALESCE"));
    end(&p);
    plan(&p, PAY "\"program_id\": 1, \"options\": {\"sort_by\": \"amount\"}}");
    CU_ASSERT_FALSE(has(p.mysql->reading.order.sql, "COALESCE"));
    end(&p);
}

static void what_stands_behind_a_key_is_counted(void)
{
    planning p;
    plan(&p, PAY "\"program_id\": 1}");
    CU_ASSERT_STRING_EQUAL(p.mysql->reading.count_behind.sql,
                           "SELECT COUNT(*) FROM `payments` LEFT JOIN `participants`"
                           " ON `participants`.`id` = `payments`.`participant_id`"
                           " WHERE `participants`.`program_id` = ? AND `payments`.`is_deleted` = ?"
                           " AND `payments`.`id` > ?");
    end(&p);
    plan(&p, PAY "\"options\": {\"sort_order\": \"desc\", \"include_deleted\": true}}");
    CU_ASSERT_STRING_EQUAL(p.sqlite->reading.count_behind.sql,
                           "SELECT COUNT(*) FROM \"payments\" WHERE \"payments\".\"id\" < ?");
    end(&p);
}

/* One more than the limit, to know whether there are more. */
static void no_more_is_counted_than_a_limit_needs(void)
{
    planning p;
    plan(&p, P "\"filters\": {\"limit\": 100}}");
    CU_ASSERT_STRING_EQUAL(p.mysql->reading.count.sql,
                           "SELECT COUNT(*) FROM (SELECT 1 FROM `participants`"
                           " WHERE `participants`.`is_deleted` = ? LIMIT ?) AS counted");
    CU_ASSERT_EQUAL_FATAL(p.mysql->reading.count.value_count, 2);
    CU_ASSERT_EQUAL(p.mysql->reading.count.values[1].number, 101);
    CU_ASSERT_STRING_EQUAL(p.sqlite->reading.count.sql,
                           "SELECT COUNT(*) FROM (SELECT 1 FROM \"participants\""
                           " WHERE \"participants\".\"is_deleted\" = ? LIMIT ?) AS counted");
    CU_ASSERT_FALSE(has(p.mysql->reading.count_behind.sql, "LIMIT"));
    end(&p);
    /* a server would write so many rows to its disk */
    plan(&p, P "\"filters\": {\"limit\": 100001}}");
    CU_ASSERT_FALSE(has(p.mysql->reading.count.sql, "LIMIT"));
    end(&p);
    /* all keys are read to be sorted, and held against their number */
    plan(&p, P "\"filters\": {\"limit\": 100}, \"options\": {\"sort_by\": \"full_name\"}}");
    CU_ASSERT_FALSE(has(p.mysql->reading.count.sql, "LIMIT"));
    end(&p);
}

static void the_sort_ends_in_the_key_in_the_same_direction(void)
{
    planning p;
    plan(&p, P "\"options\": {\"sort_by\": \"full_name\", \"sort_order\": \"desc\"}}");
    CU_ASSERT_STRING_EQUAL(p.mysql->reading.order.sql,
                           "SELECT `participants`.`id` FROM `participants`"
                           " WHERE `participants`.`is_deleted` = ? ORDER BY"
                           " `participants`.`full_name` DESC, `participants`.`id` DESC LIMIT ?");
    CU_ASSERT_FALSE(has(p.mysql->reading.by_keys.head, "is_deleted"));
    CU_ASSERT_STRING_EQUAL(p.mysql->reading.by_keys.tail, ")");
    end(&p);
    plan(&p, P "\"options\": {\"sort_by\": \"form_status\"}}");
    CU_ASSERT_TRUE(has(p.sqlite->reading.order.sql,
                       " ORDER BY COALESCE(\"statuses\".\"form_status\", ?),"
                       " \"participants\".\"id\" LIMIT ?"));
    end(&p);
    plan(&p, P "\"options\": {\"sort_order\": \"desc\"}}");
    CU_ASSERT_TRUE(has(p.mysql->reading.next.sql,
                       "`participants`.`id` < ? ORDER BY `participants`.`id` DESC LIMIT ?"));
    end(&p);
}

static void texts_are_compared_by_bytes_behind_an_index(void)
{
    planning p;
    plan(&p, P "\"filters\": {\"ambassador_ref\": \"REF1\"}}");
    CU_ASSERT_TRUE(has(p.mysql->reading.count.sql,
                       "`participants`.`ref_code_ambassador` = ? AND CAST(CONVERT(`participants`."
                       "`ref_code_ambassador` USING utf8mb4) AS BINARY) = CAST(? AS BINARY)"));
    CU_ASSERT_TRUE(has(p.sqlite->reading.count.sql,
                       "\"participants\".\"ref_code_ambassador\" COLLATE BINARY = ?"));
    end(&p);
    /* a column of another character set than the text's could not be compared with it */
    plan(&p, P "\"filters\": {\"ambassador_ref\": [\"REF1\", \"R\xc3\xa9"
               "F\"]}}");
    CU_ASSERT_FALSE(has(p.mysql->reading.count.sql, "`ref_code_ambassador` IN"));
    CU_ASSERT_TRUE(
        has(p.mysql->reading.count.sql, "AS BINARY) IN (CAST(? AS BINARY), CAST(? AS BINARY))"));
    CU_ASSERT_TRUE(has(p.sqlite->reading.count.sql, " COLLATE BINARY IN (?, ?)"));
    end(&p);
}

static void decimals_never_meet_a_double_on_the_way(void)
{
    planning p;
    plan(&p,
         PAY "\"filters\": {\"amount_range\": {\"min\": \"0.30000000000000001\", \"max\": 5}}}");
    CU_ASSERT_TRUE(has(p.mysql->reading.count.sql, ">= CAST(? AS DECIMAL(65,30))"));
    CU_ASSERT_TRUE(has(p.mysql->reading.count.sql, "<= CAST(? AS DECIMAL(65,30))"));
    CU_ASSERT_STRING_EQUAL(p.mysql->reading.count.values[1].at, "0.30000000000000001");
    CU_ASSERT_TRUE(has(p.sqlite->reading.count.sql, ">= CAST(? AS NUMERIC)"));
    CU_ASSERT_STRING_EQUAL(p.sqlite->reading.count.values[1].at, "0.30000000000000100");
    CU_ASSERT_STRING_EQUAL(p.sqlite->reading.count.values[2].at, "5");
    end(&p);
}

static void ends_of_many_digits_move_inside_their_range(void)
{
    static const struct {
        const char *text, *least, *greatest;
    } lines[] = {
        {"0", "0", "0"},
        {"-5.25", "-5.25", "-5.25"},
        {"123456789012345", "123456789012345", "123456789012345"},
        {"0.00000123456789012345", "0.00000123456789012345", "0.00000123456789012345"},
        {"1234567890123450000", "1234567890123450000", "1234567890123450000"},
        {"1234567890123456", "1234567890123460", "1234567890123450"},
        {"-1234567890123456", "-1234567890123450", "-1234567890123460"},
        {"0.1234567890123456", "0.1234567890123460", "0.1234567890123450"},
        {"999999999999999.9", "1000000000000000.0", "999999999999999.0"},
        {"9.999999999999999", "10.000000000000000", "9.999999999999990"},
        {"-9.999999999999999", "-9.999999999999990", "-10.000000000000000"},
        {"0.9999999999999999", "1.0000000000000000", "0.9999999999999990"},
        {"100.00000000000000001", "100.00000000000100000", "100.00000000000000000"},
        {"0.0100000000000000000001", "0.0100000000000001000000", "0.0100000000000000000000"},
    };
    ybb_arena arena = {0};
    for (size_t i = 0; i < sizeof(lines) / sizeof(lines[0]); i++) {
        CU_ASSERT_STRING_EQUAL(ybb__decimal_inside(&arena, lines[i].text, true), lines[i].least);
        CU_ASSERT_STRING_EQUAL(ybb__decimal_inside(&arena, lines[i].text, false),
                               lines[i].greatest);
    }
    ybb__arena_free(&arena);
}

static void days_become_half_open_ranges(void)
{
    planning p;
    plan(&p, P "\"filters\": {\"date_range\": {\"start\": \"2023-12-31\", \"end\": "
               "\"2024-02-28\"}}}");
    const ybb_query *count = &p.mysql->reading.count;
    CU_ASSERT_TRUE(has(count->sql, "`participants`.`created_at` >= CAST(? AS DATETIME) AND"
                                   " `participants`.`created_at` < CAST(? AS DATETIME)"));
    CU_ASSERT_STRING_EQUAL(count->values[1].at, "2023-12-31");
    CU_ASSERT_STRING_EQUAL(count->values[2].at, "2024-02-29");
    CU_ASSERT_TRUE(has(p.sqlite->reading.count.sql, "\"created_at\" < ?"));
    end(&p);
    plan(&p, P "\"filters\": {\"date_range\": {\"end\": \"2024-12-31\"}}}");
    CU_ASSERT_STRING_EQUAL(p.mysql->reading.count.values[1].at, "0000-00-01");
    CU_ASSERT_STRING_EQUAL(p.mysql->reading.count.values[2].at, "2025-01-01");
    end(&p);
    plan(&p, P "\"filters\": {\"date_range\": {\"end\": \"9999-12-31\"}}}");
    CU_ASSERT_EQUAL(p.mysql->reading.count.value_count, 2);
    end(&p);
}

static void columns_know_their_cells(void)
{
    planning p;
    plan(&p, PAY "\"fields\": [\"order_number\", \"payment_method\", \"id\", \"amount\", "
                 "\"payment_method_id\"]}");
    const ybb_plan *made = p.mysql;
    CU_ASSERT_EQUAL_FATAL(made->column_count, 5);
    CU_ASSERT_EQUAL(made->reading.key_cell, 0);
    CU_ASSERT_TRUE(made->reading.key_integer);
    CU_ASSERT_EQUAL(made->reading.columns, 4); /* id, name, payment_method_id, amount */
    CU_ASSERT_EQUAL(made->columns[0].cell, UINT32_MAX);
    CU_ASSERT_EQUAL(made->columns[1].cell, 1);
    CU_ASSERT_EQUAL(made->columns[1].fallback_cell, 2);
    CU_ASSERT_EQUAL(made->columns[2].cell, 0);
    CU_ASSERT_EQUAL(made->columns[3].cell, 3);
    CU_ASSERT_EQUAL(made->columns[3].fallback_cell, UINT32_MAX);
    CU_ASSERT_EQUAL(made->columns[4].cell, 2);
    CU_ASSERT_EQUAL(made->columns[4].related, UINT32_MAX);
    CU_ASSERT_STRING_EQUAL(made->columns[1].header, "Payment Method");
    end(&p);
}

static void a_collection_is_read_once_and_only_what_is_used_of_it(void)
{
    planning p;
    plan(&p, P "\"fields\": [\"payment_status\"]}");
    const ybb_plan *made = p.mysql;
    CU_ASSERT_EQUAL_FATAL(made->reading.related_count, 1);
    const ybb_related *related = &made->reading.related[0];
    CU_ASSERT_STRING_EQUAL(related->by_values.head,
                           "SELECT `payments`.`participant_id`, `payments`.`status`"
                           " FROM `payments` WHERE `payments`.`participant_id` IN (");
    CU_ASSERT_STRING_EQUAL(related->by_values.tail, ") AND `payments`.`is_deleted` = ?");
    CU_ASSERT_EQUAL(related->columns, 2);
    CU_ASSERT_EQUAL(related->match_count, 1);
    CU_ASSERT_EQUAL(related->main_cells[0], made->reading.key_cell);
    CU_ASSERT_EQUAL(related->own_cells[0], 0);
    CU_ASSERT_TRUE(related->integer);
    end(&p);
    plan(&p, P "\"fields\": [\"payment_status\", \"payment_history\", \"essays\"]}");
    made = p.mysql;
    CU_ASSERT_EQUAL_FATAL(made->reading.related_count, 2);
    CU_ASSERT_EQUAL(made->columns[0].related, 0);
    CU_ASSERT_EQUAL(made->columns[1].related, 0);
    CU_ASSERT_EQUAL(made->columns[2].related, 1);
    CU_ASSERT_TRUE(has(made->reading.related[0].by_values.tail,
                       " ORDER BY CASE WHEN `payments`.`payment_date` >= CAST('0000-00-01' AS "
                       "DATETIME) THEN `payments`.`payment_date` END, `payments`.`id`"));
    end(&p);
}

static void related_rows_are_sorted_by_the_database_unless_by_integers(void)
{
    static const char text[] =
        "{\"types\": {\"shops\": {\"title\": \"Shops\", \"table\": \"shops\", \"key\": \"id\","
        " \"collections\": {\"sales\": {\"table\": \"sales\", \"match\": {\"shop\": \"id\"},"
        " \"order\": [{\"column\": \"rank\", \"descending\": true}, \"%s\"],"
        " \"columns\": {\"what\": {}, \"no\": {\"type\": \"integer\"},"
        " \"place\": {\"column\": \"rank\", \"type\": \"integer\"}}}},"
        " \"fields\": {\"id\": {\"type\": \"integer\", \"header\": \"No.\"},"
        " \"sales\": {\"header\": \"S\", \"lines\": {\"of\": \"sales\", \"parts\": [\"{what}\"]}},"
        " \"many\": {\"type\": \"integer\", \"header\": \"M\", \"count\": {\"of\": \"sales\"}}}}}}";
    static const char *const columns[] = {"no", "what", "unknown"};
    for (size_t i = 0; i < 3; i++) {
        char own[1024];
        snprintf(own, sizeof(own), text, columns[i]);
        const ybb_document document = {"shops.json", own, strlen(own)};
        planning p;
        plan_by(&p, "{\"export_type\": \"shops\", \"fields\": [\"sales\"]}", &document);
        const ybb_related *related = &p.mysql->reading.related[0];
        const ybb_related_map *map = &p.mysql->related[0];
        CU_ASSERT_EQUAL(has(related->by_range.sql, " ORDER BY `sales`.`rank` DESC, "), i > 0);
        CU_ASSERT_EQUAL(has(related->by_values.tail, " ORDER BY "), i > 0);
        CU_ASSERT_EQUAL(map->order_count, i == 0 ? 2 : 0);
        CU_ASSERT_EQUAL(related->columns, i == 0 ? 4 : 2);
        if (i == 0) {
            CU_ASSERT_STRING_EQUAL(related->by_values.head,
                                   "SELECT `sales`.`shop`, `sales`.`what`, `sales`.`rank`,"
                                   " `sales`.`no` FROM `sales` WHERE `sales`.`shop` IN (");
            CU_ASSERT_EQUAL(map->order[0].cell, 2);
            CU_ASSERT_TRUE(map->order[0].descending);
            CU_ASSERT_EQUAL(map->order[1].cell, 3);
            CU_ASSERT_FALSE(map->order[1].descending);
        }
        end(&p);
        /* what only counts them needs no order */
        plan_by(&p, "{\"export_type\": \"shops\", \"fields\": [\"many\"]}", &document);
        CU_ASSERT_EQUAL(p.sqlite->related[0].order_count, 0);
        CU_ASSERT_EQUAL(p.sqlite->reading.related[0].columns, 1);
        CU_ASSERT_FALSE(has(p.sqlite->reading.related[0].by_values.tail, "ORDER BY"));
        end(&p);
    }
    planning p;
    plan(&p, P "\"fields\": [\"essays\"]}");
    CU_ASSERT_FALSE(has(p.mysql->reading.related[0].by_range.sql, "ORDER BY"));
    CU_ASSERT_EQUAL(p.mysql->related[0].order_count, 3);
    end(&p);
    plan(&p, AMB "\"fields\": [\"referral_list\"]}"); /* rows that count once */
    CU_ASSERT_TRUE(has(p.mysql->reading.related[0].by_values.tail, "ORDER BY"));
    CU_ASSERT_EQUAL(p.mysql->related[0].order_count, 0);
    end(&p);
}

static void the_map_says_which_cell_a_collections_column_is(void)
{
    planning p;
    plan(&p, P "\"fields\": [\"payment_history\"]}");
    const ybb_related_map *map = &p.mysql->related[0];
    const ybb_collection *collection = map->collection;
    CU_ASSERT_STRING_EQUAL(collection->name, "payments");
    CU_ASSERT_EQUAL(map->distinct_cell, UINT32_MAX);
    for (uint32_t i = 0; i < collection->column_count; i++) {
        bool used = strcmp(collection->columns[i].name, "program_payment_id") != 0;
        bool method = strcmp(collection->columns[i].name, "method") == 0;
        CU_ASSERT_EQUAL(map->cells[i] != UINT32_MAX, used);
        CU_ASSERT_EQUAL(map->fallback_cells[i] != UINT32_MAX, method);
    }
    end(&p);
    plan(&p, AMB "\"fields\": [\"total_referrals\", \"successful_referrals\"]}");
    map = &p.mysql->related[0];
    const ybb_related *related = &p.mysql->reading.related[0];
    CU_ASSERT_EQUAL(map->distinct_cell, map->cells[map->collection->distinct]);
    CU_ASSERT_FALSE(related->integer);
    CU_ASSERT_EQUAL(related->match_count, 2);
    CU_ASSERT_FALSE(has(related->by_values.head, "users"));
    CU_ASSERT_FALSE(has(related->by_values.tail, "ORDER BY"));
    CU_ASSERT_TRUE(has(related->by_values.head, "LEFT JOIN `payments` AS `paid`"));
    end(&p);
}

static void filters_ask_related_rows_as_a_whole(void)
{
    planning p;
    plan(&p, P "\"filters\": {\"payment_status\": \"none\", \"program_payment_id\": 7}}");
    CU_ASSERT_TRUE(
        has(p.mysql->reading.order.sql,
            "((`participants`.`id` IN (SELECT `payments`.`participant_id` FROM `payments`"
            " WHERE `payments`.`participant_id` IS NOT NULL AND `payments`.`is_deleted` = ?"
            " AND (`payments`.`program_payment_id` = ?)"
            " AND (`payments`.`status` = ? OR `payments`.`status` IN (?, ?)))) IS NOT TRUE)"));
    end(&p);
    plan(&p, AMB "\"filters\": {\"max_referrals\": 4}}");
    CU_ASSERT_TRUE(has(p.sqlite->reading.count.sql,
                       "HAVING COUNT(DISTINCT \"participants\".\"id\") > ?)) IS NOT TRUE"));
    CU_ASSERT_FALSE(has(p.sqlite->reading.count.sql, "paid"));
    end(&p);
    plan(&p, AMB "\"filters\": {\"min_referrals\": 0}}");
    CU_ASSERT_FALSE(has(p.sqlite->reading.count.sql, "HAVING"));
    end(&p);
}

static void groups_are_told_with_the_keys(void)
{
    planning p;
    plan(&p, PAY "\"program_id\": 4, \"fields\": [\"amount\"],"
                 " \"options\": {\"group_by_participant\": true}}");
    const ybb_reading *reading = &p.mysql->reading;
    CU_ASSERT_FALSE(reading->by_key);
    CU_ASSERT_STRING_EQUAL(
        reading->order.sql,
        "SELECT `payments`.`id`, `payments`.`participant_id`, `payments`.`currency` FROM `payments`"
        " LEFT JOIN `participants` ON `participants`.`id` = `payments`.`participant_id`"
        " WHERE `participants`.`program_id` = ? AND `payments`.`is_deleted` = ?"
        " ORDER BY `payments`.`participant_id`,"
        " CASE WHEN `payments`.`payment_date` >= CAST('0000-00-01' AS DATETIME)"
        " THEN `payments`.`payment_date` END, `payments`.`id` LIMIT ?");
    /* the currency is read although no column shows it */
    CU_ASSERT_PTR_NOT_NULL_FATAL(reading->per);
    CU_ASSERT_EQUAL(reading->columns, 3);
    CU_ASSERT_EQUAL(reading->per->cell, 2);
    CU_ASSERT_EQUAL(reading->per->fallback_cell, UINT32_MAX);
    CU_ASSERT_TRUE(has(reading->by_keys.head, "`payments`.`currency`"));
    end(&p);
    plan(&p, PAY "\"options\": {\"group_by_participant\": false}}");
    CU_ASSERT_PTR_NULL(p.mysql->reading.per);
    CU_ASSERT_TRUE(p.mysql->reading.by_key);
    end(&p);
}

static void columns_know_what_a_subtotal_shows(void)
{
    static const char json[] =
        PAY "\"fields\": [\"id\", \"participant_name\", \"usd_amount\", \"currency\", \"status\"],"
            " \"options\": {\"group_by_participant\": %s}}";
    static const ybb_in_subtotal shown[] = {YBB_IN_SUBTOTAL_NOTHING, YBB_IN_SUBTOTAL_VALUE,
                                            YBB_IN_SUBTOTAL_SUM, YBB_IN_SUBTOTAL_VALUE,
                                            YBB_IN_SUBTOTAL_LABEL};
    char text[512];
    planning p;
    snprintf(text, sizeof(text), json, "true");
    plan(&p, text);
    for (size_t i = 0; i < sizeof(shown) / sizeof(shown[0]); i++)
        CU_ASSERT_EQUAL(p.sqlite->columns[i].in_subtotal, shown[i]);
    end(&p);
    snprintf(text, sizeof(text), json, "false");
    plan(&p, text);
    for (size_t i = 0; i < sizeof(shown) / sizeof(shown[0]); i++)
        CU_ASSERT_EQUAL(p.sqlite->columns[i].in_subtotal, YBB_IN_SUBTOTAL_NOTHING);
    end(&p);
}

static void groups_of_texts_are_sorted_by_their_bytes_too(void)
{
    static const char text[] =
        "{\"types\": {\"sales\": {\"title\": \"Sales\", \"table\": \"sales\", \"key\": \"no\","
        " \"joins\": [{\"table\": \"shops\", \"on\": {\"id\": \"shop\"}}],"
        " \"fields\": {\"no\": {\"type\": \"integer\", \"header\": \"No.\"},"
        " \"kind\": {\"header\": \"Kind\", \"fallback\": {\"column\": \"shops.kind\"}},"
        " \"sum\": {\"type\": \"decimal\", \"header\": \"Sum\"}},"
        " \"group\": {\"option\": \"by_town\", \"column\": \"shops.town\", \"column_type\": "
        "\"text\","
        " \"order\": [{\"column\": \"sold_on\", \"descending\": true}], \"per\": \"kind\","
        " \"keep\": [], \"label\": {\"field\": \"no\", \"text\": \"Sum\"}, \"sum\": [\"sum\"]}}}}";
    const ybb_document document = {"sales.json", text, strlen(text)};
    planning p;
    plan_by(&p,
            "{\"export_type\": \"sales\", \"fields\": [\"no\"], "
            "\"options\": {\"by_town\": true}}",
            &document);
    CU_ASSERT_STRING_EQUAL(
        p.sqlite->reading.order.sql,
        "SELECT \"sales\".\"no\", \"shops\".\"town\", \"sales\".\"kind\", \"shops\".\"kind\""
        " FROM \"sales\" LEFT JOIN \"shops\" ON \"shops\".\"id\" = \"sales\".\"shop\""
        " ORDER BY \"shops\".\"town\", \"shops\".\"town\" COLLATE BINARY,"
        " \"sales\".\"sold_on\" DESC, \"sales\".\"no\" LIMIT ?");
    CU_ASSERT_TRUE(has(p.mysql->reading.order.sql,
                       " ORDER BY `shops`.`town`,"
                       " CAST(CONVERT(`shops`.`town` USING utf8mb4) AS BINARY), "));
    CU_ASSERT_NOT_EQUAL(p.mysql->reading.per->fallback_cell, UINT32_MAX);
    end(&p);
}

static void lookup_row(ybb_block *lookup, const char *key, const char *header)
{
    const ybb_cell cells[] = {{key, (uint32_t)strlen(key)},
                              {header, header == NULL ? 0 : (uint32_t)strlen(header)}};
    ybb__block_put_row(lookup, cells);
}

static void a_spread_reads_its_lookup(void)
{
    planning p;
    plan(&p, P "\"program_id\": 4, \"fields\": [\"essays\"],"
               " \"options\": {\"essay_layout\": \"columns\"}}");
    CU_ASSERT_STRING_EQUAL(
        p.mysql->reading.lookup.sql,
        "SELECT `program_essays`.`id`, `program_essays`.`question` FROM `program_essays`"
        " WHERE `program_essays`.`program_id` = ?"
        " ORDER BY `program_essays`.`position`, `program_essays`.`id`");
    CU_ASSERT_EQUAL(p.mysql->reading.lookup.value_count, 1);
    /* the pointer, the answer and the match, and nothing of the question */
    CU_ASSERT_FALSE(has(p.mysql->reading.related[0].by_values.head, "`question`"));
    CU_ASSERT_EQUAL(p.mysql->related[0].order_count, 3);
    end(&p);
    plan(&p, P "\"fields\": [\"id\"], \"options\": {\"essay_layout\": \"columns\"}}");
    CU_ASSERT_PTR_NULL(p.mysql->reading.lookup.sql);
    end(&p);
    plan(&p, P "\"fields\": [\"essays\"], \"options\": {\"essay_layout\": \"text\"}}");
    CU_ASSERT_PTR_NULL(p.mysql->reading.lookup.sql);
    CU_ASSERT_EQUAL(p.mysql->column_count, 1);
    end(&p);
    plan(&p, P "\"fields\": [\"essays\"], \"options\": {\"essay_layout\": \"columns\"}}");
    CU_ASSERT_FALSE(has(p.sqlite->reading.lookup.sql, "WHERE"));
    end(&p);
}

static void a_spread_becomes_a_column_for_each_row_of_its_lookup(void)
{
    planning p;
    ybb_block lookup = {0};
    plan(&p, P "\"fields\": [\"id\", \"essays\", \"email\"],"
               " \"options\": {\"essay_layout\": \"columns\"}}");
    ybb__block_reset(&lookup, 2);
    CU_ASSERT_EQUAL(p.mysql->column_count, 2);
    CU_ASSERT_EQUAL(ybb__plan_spread(p.mysql, &lookup, NULL), YBB_OK);
    CU_ASSERT_EQUAL(p.mysql->column_count, 2);
    lookup_row(&lookup, "31", "Why?");
    lookup_row(&lookup, "4", "");
    lookup_row(&lookup, "5", NULL);
    CU_ASSERT_EQUAL(ybb__plan_spread(p.sqlite, &lookup, NULL), YBB_OK);
    ybb__block_free(&lookup);
    static const char *const headers[] = {"ID", "Why?", "Essays", "Essays", "Email"};
    CU_ASSERT_EQUAL_FATAL(p.sqlite->column_count, 5);
    for (uint32_t i = 0; i < 5; i++) {
        CU_ASSERT_STRING_EQUAL(p.sqlite->columns[i].header, headers[i]);
        CU_ASSERT_EQUAL(p.sqlite->columns[i].spread, i >= 1 && i <= 3);
    }
    CU_ASSERT_EQUAL(p.sqlite->columns[3].lookup, 2);
    const ybb_cell key = {"4", 1};
    CU_ASSERT_EQUAL(ybb__cell_index_find(&p.sqlite->lookup_keys, p.sqlite->lookup.cells.at, key),
                    1);
    end(&p);
}

/* The header that a question of @length bytes becomes. */
static void expect_header(const char *question, size_t length, const char *header)
{
    planning p;
    ybb_block lookup = {0};
    plan(&p, P "\"fields\": [\"essays\"], \"options\": {\"essay_layout\": \"columns\"}}");
    ybb__block_reset(&lookup, 2);
    ybb__block_put(&lookup, "1", 1);
    ybb__block_put(&lookup, question, length);
    ybb__block_end_row(&lookup);
    CU_ASSERT_EQUAL(ybb__plan_spread(p.mysql, &lookup, NULL), YBB_OK);
    ybb__block_free(&lookup);
    CU_ASSERT_EQUAL_FATAL(p.mysql->column_count, 1);
    CU_ASSERT_STRING_EQUAL(p.mysql->columns[0].header, header);
    end(&p);
}

static void a_nul_does_not_cut_a_header(void)
{
    expect_header("Why\0not?\0", 9, "Why\xEF\xBF\xBDnot?\xEF\xBF\xBD");
}

static void a_header_has_no_bytes_that_are_no_text(void)
{
    expect_header("Pourquoi pas, Jos\xE9?", 19, "Pourquoi pas, Jos\xEF\xBF\xBD?");
    expect_header("\xED\xA0\x80\xF0\x9F\x98", 6,
                  "\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD");
    expect_header("\xC3\xA9\xF0\x9F\x98\x80\xFF", 7, "\xC3\xA9\xF0\x9F\x98\x80\xEF\xBF\xBD");
}

static void a_spread_that_leaves_no_column_is_refused(void)
{
    planning p;
    ybb_block lookup = {0};
    ybb_error error = {0};
    plan(&p, P "\"fields\": [\"essays\"], \"options\": {\"essay_layout\": \"columns\"}}");
    ybb__block_reset(&lookup, 2);
    CU_ASSERT_EQUAL(ybb__plan_spread(p.mysql, &lookup, &error), YBB_INVALID_VALUE);
    CU_ASSERT_STRING_EQUAL(error.field, "options.essay_layout");
    ybb__block_free(&lookup);
    end(&p);
}

static void the_same_request_gives_the_same_plan(void)
{
    planning a, b;
    static const char json[] = AMB "\"template\": \"detailed\", \"filters\": {\"status\": [0, 1]}}";
    plan(&a, json);
    plan(&b, json);
    CU_ASSERT_STRING_EQUAL(a.mysql->reading.order.sql, b.mysql->reading.order.sql);
    CU_ASSERT_STRING_EQUAL(a.sqlite->reading.by_keys.head, b.sqlite->reading.by_keys.head);
    end(&a);
    end(&b);
}

int main(void)
{
    static const ybb_test tests[] = {
        TEST(identifiers_are_quoted_as_the_database_does),
        TEST(schemas_are_part_of_a_table_and_not_of_its_columns),
        TEST(only_what_is_used_is_selected_and_joined),
        TEST(every_value_is_bound),
        TEST(every_statement_has_as_many_values_as_parameters),
        TEST(slices_go_along_the_key_where_that_costs_no_more),
        TEST(a_slice_hides_conditions_on_joined_tables),
        TEST(what_stands_behind_a_key_is_counted),
        TEST(no_more_is_counted_than_a_limit_needs),
        TEST(the_sort_ends_in_the_key_in_the_same_direction),
        TEST(texts_are_compared_by_bytes_behind_an_index),
        TEST(decimals_never_meet_a_double_on_the_way),
        TEST(ends_of_many_digits_move_inside_their_range),
        TEST(days_become_half_open_ranges),
        TEST(columns_know_their_cells),
        TEST(a_collection_is_read_once_and_only_what_is_used_of_it),
        TEST(related_rows_are_sorted_by_the_database_unless_by_integers),
        TEST(the_map_says_which_cell_a_collections_column_is),
        TEST(filters_ask_related_rows_as_a_whole),
        TEST(groups_are_told_with_the_keys),
        TEST(columns_know_what_a_subtotal_shows),
        TEST(groups_of_texts_are_sorted_by_their_bytes_too),
        TEST(a_spread_reads_its_lookup),
        TEST(a_spread_becomes_a_column_for_each_row_of_its_lookup),
        TEST(a_nul_does_not_cut_a_header),
        TEST(a_header_has_no_bytes_that_are_no_text),
        TEST(a_spread_that_leaves_no_column_is_refused),
        TEST(the_same_request_gives_the_same_plan),
    };
    return RUN_TESTS("plan", tests);
}
