/*
 * The filters of a request: which values they take, what becomes of them, and what is refused.
 */
#include "request_helpers.h"

static void values_that_do_not_filter_are_left_out(void)
{
    static const char *const idle[] = {
        "{}",
        "{\"category\": \"all\"}",
        "{\"category\": \"\"}",
        "{\"category\": null}",
        "{\"category\": []}",
        "{\"category\": [\"all\"]}",
        "{\"category\": [\"\", null]}",
        "{\"form_status\": \"all\", \"payment_status\": \"\", \"program_payment_id\": null}",
        "{\"date_range\": []}",
        "{\"date_range\": {}}",
        "{\"date_range\": \"all\"}",
        "{\"date_range\": {\"start\": null, \"end\": \"\"}}",
        "{\"limit\": \"all\"}",
        "{\"limit\": \"\"}",
        "{\"limit\": null}",
        "{\"limit\": []}",
    };
    reading r;
    begin(&r);
    for (size_t i = 0; i < sizeof(idle) / sizeof(idle[0]); i++) {
        const ybb_request *request = accept_filters(&r, "participants", idle[i]);
        expect(request->filter_count == 0, "no filter", idle[i], &r.error);
        expect(request->limit == UINT64_MAX, "no limit", idle[i], &r.error);
    }
    CU_ASSERT_STRING_EQUAL(
        accept_filters(&r, "participants", "{ \"category\" : \"all\" }")->filters_json,
        "{\"category\":\"all\"}");
    end(&r);
}

static void integers_and_enumerations_take_numbers_and_their_decimal_text(void)
{
    static const struct {
        const char *type, *filters;
        int64_t number;
    } lines[] = {
        {"participants", "{\"form_status\": 2}", 2},
        {"participants", "{\"form_status\": \"2\"}", 2},
        {"participants", "{\"form_status\": 2.0}", 2},
        {"participants", "{\"form_status\": [\"2\"]}", 2},
        {"participants", "{\"program_payment_id\": 12}", 12},
        {"participants", "{\"program_payment_id\": \"9223372036854775807\"}", INT64_MAX},
        {"payments", "{\"status\": \"0\"}", 0},
        {"payments", "{\"payment_method\": 1}", 1},
        {"ambassadors", "{\"status\": \"1\"}", 1},
    };
    reading r;
    begin(&r);
    for (size_t i = 0; i < sizeof(lines) / sizeof(lines[0]); i++) {
        const ybb_request *request = accept_filters(&r, lines[i].type, lines[i].filters);
        CU_ASSERT_EQUAL_FATAL(request->filter_count, 1);
        CU_ASSERT_EQUAL_FATAL(request->filters[0].value_count, 1);
        CU_ASSERT_EQUAL(request->filters[0].values[0].kind, YBB_VALUE_INTEGER);
        CU_ASSERT_EQUAL(request->filters[0].values[0].number, lines[i].number);
    }
    end(&r);
}

static void a_list_is_taken_wherever_a_value_is(void)
{
    reading r;
    begin(&r);
    const ybb_request *request = accept_filters(
        &r, "participants",
        "{\"form_status\": [1, \"2\"], \"category\": [\"fully_funded\", \"self_funded\"], "
        "\"payment_status\": [\"success\", \"none\"], \"program_payment_id\": [1, 2, 3], "
        "\"ambassador_ref\": [\"REF1\", \"ref1\", \"REF1 \"], \"limit\": \"100\"}");
    static const uint32_t counts[] = {2, 2, 2, 3, 3};
    CU_ASSERT_EQUAL_FATAL(request->filter_count, 5);
    for (uint32_t i = 0; i < 5; i++)
        CU_ASSERT_EQUAL(request->filters[i].value_count, counts[i]);
    CU_ASSERT_EQUAL(request->filters[0].values[1].number, 2);
    CU_ASSERT_STRING_EQUAL(request->filters[1].values[0].at, "fully_funded");
    CU_ASSERT_EQUAL(request->filters[4].values[2].length, 5);
    CU_ASSERT_EQUAL(request->limit, 100);
    end(&r);
}

static void texts_are_kept_byte_for_byte(void)
{
    reading r;
    begin(&r);
    const ybb_request *request = accept_filters(
        &r, "participants", "{\"ambassador_ref\": \" R\\u00c9F'\\\"; -- \\ud83d\\ude00 \"}");
    CU_ASSERT_EQUAL_FATAL(request->filter_count, 1);
    const ybb_value *value = &request->filters[0].values[0];
    CU_ASSERT_EQUAL(value->kind, YBB_VALUE_TEXT);
    CU_ASSERT_STRING_EQUAL(value->at, " R\xc3\x89"
                                      "F'\"; -- \xf0\x9f\x98\x80 ");
    CU_ASSERT_EQUAL(value->length, strlen(value->at));
    end(&r);
}

static void wrong_filters_are_refused(void)
{
    static const mistake mistakes[] = {
        {P "\"filters\": {\"categorie\": \"all\"}}", YBB_UNKNOWN_FILTER, "filters.categorie", NULL,
         "category, form_status, payment_status, program_payment_id, ambassador_ref, date_range, "
         "limit",
         "category"},
        {PAY "\"filters\": {\"category\": \"all\"}}", YBB_UNKNOWN_FILTER, "filters.category", NULL,
         NULL, NULL},
        {AMB "\"filters\": {\"form_status\": 1}}", YBB_UNKNOWN_FILTER, "filters.form_status", NULL,
         NULL, NULL},
        {P "\"filters\": {\"category\": \"fully_fundet\"}}", YBB_INVALID_VALUE, "filters.category",
         "\"fully_fundet\"", "fully_funded, self_funded, all", "fully_funded"},
        {P "\"filters\": {\"category\": [\"fully_funded\", \"x\"]}}", YBB_INVALID_VALUE,
         "filters.category[1]", "\"x\"", NULL, NULL},
        {P "\"filters\": {\"category\": [\"fully_funded\", \"all\"]}}", YBB_INVALID_VALUE,
         "filters.category[1]", "\"all\"", NULL, NULL},
        {P "\"filters\": {\"form_status\": 3}}", YBB_INVALID_VALUE, "filters.form_status", "3",
         "0, 1, 2, all", NULL},
        {P "\"filters\": {\"form_status\": -1}}", YBB_INVALID_VALUE, "filters.form_status", "-1",
         NULL, NULL},
        {P "\"filters\": {\"form_status\": \"2x\"}}", YBB_INVALID_VALUE, "filters.form_status",
         "\"2x\"", NULL, NULL},
        {P "\"filters\": {\"form_status\": 1.5}}", YBB_INVALID_VALUE, "filters.form_status", "1.5",
         NULL, NULL},
        {P "\"filters\": {\"form_status\": \"2.0\"}}", YBB_INVALID_VALUE, "filters.form_status",
         "\"2.0\"", NULL, NULL},
        {P "\"filters\": {\"form_status\": \"02\"}}", YBB_INVALID_VALUE, "filters.form_status",
         "\"02\"", NULL, NULL},
        {P "\"filters\": {\"form_status\": {}}}", YBB_INVALID_TYPE, "filters.form_status", "{}",
         NULL, NULL},
        {P "\"filters\": {\"category\": [{}]}}", YBB_INVALID_TYPE, "filters.category[0]", "{}",
         NULL, NULL},
        {P "\"filters\": {\"date_range\": {\"end\": {}}}}", YBB_INVALID_TYPE,
         "filters.date_range.end", "{}", NULL, NULL},
        {P "\"filters\": {\"limit\": {}}}", YBB_INVALID_TYPE, "filters.limit", "{}", NULL, NULL},
        {P "\"filters\": {\"form_status\": [0, 9]}}", YBB_INVALID_VALUE, "filters.form_status[1]",
         "9", NULL, NULL},
        {P "\"filters\": {\"payment_status\": \"paid\"}}", YBB_INVALID_VALUE,
         "filters.payment_status", "\"paid\"", "success, pending, none, all", NULL},
        {P "\"filters\": {\"program_payment_id\": \"registration\"}}", YBB_INVALID_VALUE,
         "filters.program_payment_id", NULL, NULL, NULL},
        {P "\"filters\": {\"program_payment_id\": 9223372036854775808}}", YBB_INVALID_VALUE,
         "filters.program_payment_id", NULL, NULL, NULL},
        {AMB "\"filters\": {\"min_referrals\": -1}}", YBB_INVALID_VALUE, "filters.min_referrals",
         "-1", NULL, NULL},
        {AMB "\"filters\": {\"min_referrals\": [1]}}", YBB_INVALID_TYPE, "filters.min_referrals",
         NULL, NULL, NULL},
        {AMB "\"filters\": {\"max_referrals\": 1, \"min_referrals\": 2}}", YBB_INVALID_VALUE,
         "filters.min_referrals", "2", NULL, NULL},
    };
    REFUSED(mistakes);
}

static void date_ranges_have_days_of_the_calendar(void)
{
#define R P "\"filters\": {\"date_range\": "
    static const mistake mistakes[] = {
        {R "{\"start\": \"2025-02-29\"}}}", YBB_INVALID_VALUE, "filters.date_range.start",
         "\"2025-02-29\"", NULL, NULL},
        {R "{\"end\": \"2025-13-01\"}}}", YBB_INVALID_VALUE, "filters.date_range.end", NULL, NULL,
         NULL},
        {R "{\"start\": \"0000-00-00\"}}}", YBB_INVALID_VALUE, "filters.date_range.start", NULL,
         NULL, NULL},
        {R "{\"start\": \"2025-1-1\"}}}", YBB_INVALID_VALUE, "filters.date_range.start", NULL, NULL,
         NULL},
        {R "{\"start\": \"01/02/2025\"}}}", YBB_INVALID_VALUE, "filters.date_range.start", NULL,
         NULL, NULL},
        {R "{\"start\": \"2025-01-01 00:00:00\"}}}", YBB_INVALID_VALUE, "filters.date_range.start",
         NULL, NULL, NULL},
        {R "{\"start\": \"tomorrow!!\"}}}", YBB_INVALID_VALUE, "filters.date_range.start", NULL,
         NULL, NULL},
        {R "{\"start\": \"2025-01-02\", \"end\": \"2025-01-01\"}}}", YBB_INVALID_VALUE,
         "filters.date_range.start", "\"2025-01-02\"", NULL, NULL},
        {R "{\"from\": \"2025-01-02\"}}}", YBB_UNKNOWN_KEY, "filters.date_range.from", NULL,
         "start, end", NULL},
    };
    REFUSED(mistakes);
    reading r;
    begin(&r);
    const ybb_request *request =
        accept_filters(&r, "participants",
                       "{\"date_range\": {\"start\": \"2024-02-29\", \"end\": \"2024-02-29\"}}");
    CU_ASSERT_EQUAL_FATAL(request->filter_count, 1);
    CU_ASSERT_STRING_EQUAL(request->filters[0].first.at, "2024-02-29");
    CU_ASSERT_STRING_EQUAL(request->filters[0].last.at, "2024-02-29");
    request = accept_filters(&r, "participants", "{\"date_range\": {\"end\": \"2024-02-29\"}}");
    CU_ASSERT_EQUAL(request->filters[0].first.kind, YBB_VALUE_NULL);
    CU_ASSERT_EQUAL(request->filters[0].last.kind, YBB_VALUE_TEXT);
    end(&r);
}

static void amounts_keep_their_own_digits(void)
{
    static const struct {
        const char *min, *kept;
    } lines[] = {
        {"0.1", "0.1"},
        {"\"0.10\"", "0.1"},
        {"0.30000000000000004", "0.30000000000000004"},
        {"9007199254740993", "9007199254740993"},
        {"1e3", "1000"},
        {"-0", "0"},
        {"\"-5.25\"", "-5.25"},
        {"12345678901234567890123456789012345", "12345678901234567890123456789012345"},
        {"0.000000000000000000000000000001", "0.000000000000000000000000000001"},
    };
    char filters[256];
    reading r;
    begin(&r);
    for (size_t i = 0; i < sizeof(lines) / sizeof(lines[0]); i++) {
        snprintf(filters, sizeof(filters), "{\"amount_range\": {\"min\": %s}}", lines[i].min);
        const ybb_request *request = accept_filters(&r, "payments", filters);
        CU_ASSERT_EQUAL_FATAL(request->filter_count, 1);
        CU_ASSERT_STRING_EQUAL(request->filters[0].first.at, lines[i].kept);
        CU_ASSERT_EQUAL(request->filters[0].first.length, strlen(lines[i].kept));
    }
    end(&r);
}

static void amounts_are_compared_as_decimals(void)
{
    static const struct {
        const char *min, *max;
        bool fits;
    } lines[] = {
        {"1", "1", true},
        {"9", "10", true},
        {"10", "9", false},
        {"1.5", "1.25", false},
        {"1.25", "1.5", true},
        {"1", "1.01", true},
        {"1.01", "1", false},
        {"-1", "0", true},
        {"0", "-1", false},
        {"-2", "-1", true},
        {"-1", "-2", false},
        {"-1.5", "-1.25", true},
        {"-10", "-9", true},
        {"-9", "-10", false},
        {"0.3", "0.30000000000000004", true},
        {"0.30000000000000004", "0.3", false},
        {"\"1e2\"", "99", false},
        {"9007199254740993", "9007199254740992", false},
    };
    char json[256];
    reading r;
    begin(&r);
    for (size_t i = 0; i < sizeof(lines) / sizeof(lines[0]); i++) {
        snprintf(json, sizeof(json),
                 PAY "\"filters\": {\"amount_range\": {\"min\": %s, \"max\": %s}}}", lines[i].min,
                 lines[i].max);
        expect((parse(&r, json) == YBB_OK) == lines[i].fits, "order", json, &r.error);
    }
    end(&r);
    static const mistake mistakes[] = {
        {PAY "\"filters\": {\"amount_range\": {\"min\": \"ten\"}}}", YBB_INVALID_VALUE,
         "filters.amount_range.min", NULL, NULL, NULL},
        {PAY "\"filters\": {\"amount_range\": {\"min\": \"1,000\"}}}", YBB_INVALID_VALUE,
         "filters.amount_range.min", NULL, NULL, NULL},
        {PAY "\"filters\": {\"amount_range\": {\"max\": 1e60}}}", YBB_INVALID_VALUE,
         "filters.amount_range.max", NULL, NULL, NULL},
        {PAY "\"filters\": {\"amount_range\": {\"max\": 123456789012345678901234567890123456}}}",
         YBB_INVALID_VALUE, "filters.amount_range.max", NULL, NULL, NULL},
        {PAY "\"filters\": {\"amount_range\": {\"max\": 0.0000000000000000000000000000001}}}",
         YBB_INVALID_VALUE, "filters.amount_range.max", NULL, NULL, NULL},
        {PAY "\"filters\": {\"amount_range\": {\"min\": 2, \"max\": 1}}}", YBB_INVALID_VALUE,
         "filters.amount_range.min", "2", NULL, NULL},
        {PAY "\"filters\": {\"amount_range\": {\"start\": 2}}}", YBB_UNKNOWN_KEY,
         "filters.amount_range.start", NULL, "min, max", NULL},
    };
    REFUSED(mistakes);
}

static void a_list_has_a_limit(void)
{
    reading r;
    ybb_buffer json = {0};
    begin(&r);
    ybb__buffer_put_text(&json, P "\"filters\": {\"program_payment_id\": [0");
    for (int i = 1; i < 1000; i++)
        ybb__buffer_put_text(&json, ", 7");
    size_t most = json.length;
    ybb__buffer_put_text(&json, "]}}");
    CU_ASSERT_EQUAL(parse(&r, ybb__buffer_text(&json)), YBB_OK);
    CU_ASSERT_EQUAL(r.request->filters[0].value_count, 1000);
    json.length = most;
    ybb__buffer_put_text(&json, ", 7]}}");
    CU_ASSERT_EQUAL(parse(&r, ybb__buffer_text(&json)), YBB_INVALID_VALUE);
    CU_ASSERT_STRING_EQUAL(r.error.field, "filters.program_payment_id");
    ybb__buffer_free(&json);
    end(&r);
}

int main(void)
{
    static const ybb_test tests[] = {
        TEST(values_that_do_not_filter_are_left_out),
        TEST(integers_and_enumerations_take_numbers_and_their_decimal_text),
        TEST(a_list_is_taken_wherever_a_value_is),
        TEST(texts_are_kept_byte_for_byte),
        TEST(wrong_filters_are_refused),
        TEST(date_ranges_have_days_of_the_calendar),
        TEST(amounts_keep_their_own_digits),
        TEST(amounts_are_compared_as_decimals),
        TEST(a_list_has_a_limit),
    };
    return RUN_TESTS("request_filters", tests);
}
