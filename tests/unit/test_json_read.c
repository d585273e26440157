#include "model/json_read.h"

#include "runner.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* One text being read, and what came of it. */
typedef struct reading {
    ybb_error error;
    ybb_json_reader reader;
} reading;

static void read_bytes(reading *r, const char *text, size_t length)
{
    memset(r, 0, sizeof(*r));
    r->reader.what = "the request";
    r->reader.max_bytes = YBB_JSON_REQUEST_BYTES;
    r->reader.error = &r->error;
    ybb__json_parse(&r->reader, text, length);
}

static void read_text(reading *r, const char *text)
{
    read_bytes(r, text, strlen(text));
}

static ybb_status status_of(const char *text)
{
    reading r;
    read_text(&r, text);
    ybb__json_release(&r.reader);
    CU_ASSERT_EQUAL(r.error.status, r.reader.status);
    return r.reader.status;
}

/* Reads and writes again; the caller frees. */
static char *rewritten(const char *text, size_t limit)
{
    reading r;
    ybb_buffer out = {0};
    read_text(&r, text);
    if (r.reader.status == YBB_OK)
        ybb__json_write(&out, r.reader.root, limit);
    else
        ybb__buffer_put_text(&out, r.error.message);
    ybb__json_release(&r.reader);
    return ybb__buffer_take(&out);
}

static void assert_rewritten(const char *text, const char *expected)
{
    char *found = rewritten(text, 0);
    CU_ASSERT_STRING_EQUAL(found, expected);
    free(found);
}

static void valid_texts_keep_values_and_order(void)
{
    assert_rewritten(" {\"b\" : [1, -0.5e+3, true,false , null], \"a\":{}}\n",
                     "{\"b\":[1,-0.5e+3,true,false,null],\"a\":{}}");
    assert_rewritten("\"\"", "\"\"");
    assert_rewritten("[]", "[]");
    assert_rewritten("0", "0");
    assert_rewritten("\"\\\"\\\\\\/\\b\\f\\n\\r\\t\\u001f\"",
                     "\"\\\"\\\\/\\b\\f\\n\\r\\t\\u001f\"");
    assert_rewritten("\"\\u00e9\\u20AC\\ud83d\\ude00\"",
                     "\"\xC3\xA9\xE2\x82\xAC\xF0\x9F\x98\x80\"");
    assert_rewritten("\xEF\xBB\xBF[1]", "[1]");
}

static void ill_formed_texts_are_refused(void)
{
    static const char *const texts[] = {
        "",
        " ",
        "{",
        "}",
        "[1",
        "[1,]",
        "[,1]",
        "[1 2]",
        "{\"a\"}",
        "{\"a\":}",
        "{\"a\":1,}",
        "{a:1}",
        "{'a':1}",
        "{1:1}",
        "'a'",
        "\"a",
        "\"\\",
        "\"\\x\"",
        "\"\\u12\"",
        "\"\\u12g4\"",
        "\"a\nb\"",
        "\"a\tb\"",
        "01",
        "-",
        "-01",
        "+1",
        ".5",
        "1.",
        "1.e3",
        "1e",
        "1e+",
        "0x10",
        "NaN",
        "nan",
        "Infinity",
        "-Infinity",
        "True",
        "NULL",
        "nul",
        "tru",
        "[1]]",
        "[1] x",
        "{} {}",
        "// a\n1",
        "/* a */1",
        "[1//a\n]",
        "\"\x7F\" \"",
        "\xEF\xBB",
        "\xEF\xBB\xBF",
    };
    for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
        if (status_of(texts[i]) != YBB_INVALID_JSON)
            CU_FAIL(texts[i]);
}

static void every_cut_of_a_text_is_refused(void)
{
    static const char text[] =
        "{\"a\": [1.5e3, \"x\\u00e9\\ud83d\\ude00\", null], \"b\": {\"c\": true, \"d\": false}}";
    for (size_t length = 0; length < sizeof(text) - 1; length++) {
        reading r;
        char *copy = malloc(length + 1); /* of exactly that size, for the sanitizer to watch */
        memcpy(copy, text, length);
        char *exact = realloc(copy, length == 0 ? 1 : length);
        read_bytes(&r, exact, length);
        CU_ASSERT_EQUAL(r.reader.status, YBB_INVALID_JSON);
        ybb__json_release(&r.reader);
        free(exact);
    }
    CU_ASSERT_EQUAL(status_of(text), YBB_OK);
}

static void nul_is_refused_as_a_byte_and_escaped(void)
{
    reading r;
    read_bytes(&r, "\"a\0b\"", 5);
    CU_ASSERT_EQUAL(r.reader.status, YBB_INVALID_JSON);
    ybb__json_release(&r.reader);
    read_bytes(&r, "1\0", 2);
    CU_ASSERT_EQUAL(r.reader.status, YBB_INVALID_JSON);
    ybb__json_release(&r.reader);
    CU_ASSERT_EQUAL(status_of("\"a\\u0000b\""), YBB_INVALID_JSON);
    CU_ASSERT_EQUAL(status_of("{\"a\\u0000\":1}"), YBB_INVALID_JSON);
    read_bytes(&r, NULL, 0);
    CU_ASSERT_EQUAL(r.reader.status, YBB_INVALID_JSON);
    ybb__json_release(&r.reader);
}

static void ill_formed_characters_are_refused(void)
{
    static const char *const texts[] = {
        "\"\x80\"",           "\"\xC0\xAF\"",         "\"\xC3\"",
        "\"\xED\xA0\x80\"",   "\"\xF4\x90\x80\x80\"", "\"\xFF\"",
        "\"\\ud800\"",        "\"\\udc00\"",          "\"\\ud800x\"",
        "\"\\ud800\\u0041\"", "\"\\ud800\\ud800\"",   "\"\\ud800\\n\"",
        "\"\xE2\x82\"",       "[\xC2\xA0 1]",
    };
    for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
        if (status_of(texts[i]) != YBB_INVALID_JSON)
            CU_FAIL(texts[i]);
}

static void numbers_beyond_a_double_are_refused(void)
{
    char digits[400];
    CU_ASSERT_EQUAL(status_of("1e999"), YBB_INVALID_JSON);
    CU_ASSERT_EQUAL(status_of("-1e308"), YBB_INVALID_JSON);
    CU_ASSERT_EQUAL(status_of("0.1e309"), YBB_INVALID_JSON);
    CU_ASSERT_EQUAL(status_of("1e-999"), YBB_INVALID_JSON);
    CU_ASSERT_EQUAL(status_of("1e99999999999999999999"), YBB_INVALID_JSON);
    CU_ASSERT_EQUAL(status_of("1e-99999999999999999999"), YBB_INVALID_JSON);
    CU_ASSERT_EQUAL(status_of("9.99e307"), YBB_OK);
    CU_ASSERT_EQUAL(status_of("1e-307"), YBB_OK);
    CU_ASSERT_EQUAL(status_of("0e999"), YBB_OK);
    memset(digits, '9', sizeof(digits) - 1);
    digits[sizeof(digits) - 1] = '\0';
    CU_ASSERT_EQUAL(status_of(digits), YBB_INVALID_JSON);
}

static void a_key_twice_is_refused_at_any_depth(void)
{
    reading r;
    CU_ASSERT_EQUAL(status_of("{\"a\":1,\"b\":2,\"a\":1}"), YBB_INVALID_JSON);
    CU_ASSERT_EQUAL(status_of("[{\"x\":{\"a\":1,\"\\u0061\":2}}]"), YBB_INVALID_JSON);
    CU_ASSERT_EQUAL(status_of("{\"a\":{\"a\":1},\"A\":2,\"\":3}"), YBB_OK);
    read_text(&r, "{\"filters\":{\"list\":[{\"b\":1},{\"a\":1,\"a\":2}]}}");
    CU_ASSERT_STRING_EQUAL(r.error.field, "filters.list[1].a");
    CU_ASSERT_PTR_NOT_NULL(strstr(r.error.message, "filters.list[1].a stands there twice"));
    ybb__json_release(&r.reader);
}

static void thousands_of_keys_are_compared_at_once(void)
{
    enum { KEYS = 50000 };
    ybb_buffer text = {0};
    reading r;
    ybb__buffer_put_char(&text, '{');
    for (uint32_t i = 0; i < KEYS; i++) {
        ybb__buffer_put_text(&text, "\"k");
        ybb__buffer_put_u64(&text, i);
        ybb__buffer_put_text(&text, "\":0,");
    }
    ybb__buffer_put_text(&text, "\"end\":0}");
    read_bytes(&r, text.at, text.length);
    CU_ASSERT_EQUAL(r.reader.status, YBB_OK);
    CU_ASSERT_EQUAL(r.reader.root->count, KEYS + 1);
    ybb__json_release(&r.reader);
    ybb__buffer_free(&text);
}

static ybb_status status_of_nested(uint32_t depth, const char *open, const char *close)
{
    ybb_buffer text = {0};
    for (uint32_t i = 0; i < depth; i++)
        ybb__buffer_put_text(&text, open);
    ybb__buffer_put_text(&text, "0");
    for (uint32_t i = 0; i < depth; i++)
        ybb__buffer_put_text(&text, close);
    ybb_status status = status_of(ybb__buffer_text(&text));
    ybb__buffer_free(&text);
    return status;
}

static void nesting_ends_at_its_limit(void)
{
    CU_ASSERT_EQUAL(status_of_nested(YBB_JSON_DEPTH, "[", "]"), YBB_OK);
    CU_ASSERT_EQUAL(status_of_nested(YBB_JSON_DEPTH + 1, "[", "]"), YBB_INVALID_JSON);
    CU_ASSERT_EQUAL(status_of_nested(YBB_JSON_DEPTH, "{\"a\":", "}"), YBB_OK);
    CU_ASSERT_EQUAL(status_of_nested(YBB_JSON_DEPTH + 1, "{\"a\":", "}"), YBB_INVALID_JSON);
    CU_ASSERT_EQUAL(status_of_nested(100000, "[", ""), YBB_INVALID_JSON);
}

static void sizes_end_at_their_limits(void)
{
    reading r;
    memset(&r, 0, sizeof(r));
    r.reader.what = "the request";
    r.reader.max_bytes = 4;
    CU_ASSERT_EQUAL(ybb__json_parse(&r.reader, "[12]", 4), YBB_OK);
    ybb__json_release(&r.reader);
    CU_ASSERT_EQUAL(ybb__json_parse(&r.reader, "[123]", 5), YBB_INVALID_JSON);
    ybb__json_release(&r.reader);

    ybb_buffer text = {0};
    ybb__buffer_put_text(&text, "[0");
    for (uint32_t i = 1; i < YBB_JSON_VALUES; i++)
        ybb__buffer_put_text(&text, ",0");
    ybb__buffer_put_text(&text, "]");
    CU_ASSERT_EQUAL(status_of(ybb__buffer_text(&text)), YBB_OK);
    text.length--;
    ybb__buffer_put_text(&text, ",0]");
    CU_ASSERT_EQUAL(status_of(ybb__buffer_text(&text)), YBB_INVALID_JSON);
    ybb__buffer_free(&text);
}

static void a_broken_text_is_told_by_line_and_byte(void)
{
    reading r;
    read_text(&r, "{\n  \"a\": 1,\n  \"b\": x\n}");
    CU_ASSERT_STRING_EQUAL(r.error.message,
                           "the request cannot be read as JSON: this is no value (line 3, byte 8)");
    ybb__json_release(&r.reader);
}

static void every_value_tells_its_path(void)
{
    reading r;
    char path[YBB_JSON_PATH];
    read_text(&r, "{\"filters\":{\"date_range\":{\"start\":1},\"ids\":[[4,5]]}}");
    const ybb_json *filters = ybb__json_member(r.reader.root, "filters");
    ybb__json_path(&r.reader, ybb__json_member(ybb__json_member(filters, "date_range"), "start"),
                   path);
    CU_ASSERT_STRING_EQUAL(path, "filters.date_range.start");
    ybb__json_path(&r.reader, ybb__json_member(filters, "ids")->first->first->next, path);
    CU_ASSERT_STRING_EQUAL(path, "filters.ids[0][1]");
    ybb__json_path(&r.reader, r.reader.root, path);
    CU_ASSERT_STRING_EQUAL(path, "the request");
    ybb__json_release(&r.reader);
}

static void a_long_path_is_cut_at_a_character(void)
{
    reading r;
    char path[YBB_JSON_PATH];
    ybb_buffer text = {0};
    ybb__buffer_put_text(&text, "{\"");
    for (int i = 0; i < 1000; i++)
        ybb__buffer_put_text(&text, "\xE2\x82\xAC");
    ybb__buffer_put_text(&text, "\":1}");
    read_text(&r, ybb__buffer_text(&text));
    ybb__json_path(&r.reader, r.reader.root->first, path);
    CU_ASSERT_EQUAL(strlen(path), (YBB_JSON_PATH - 1) / 3 * 3);
    ybb__json_fail_type(&r.reader, r.reader.root->first, "a text");
    CU_ASSERT_EQUAL(r.error.status, YBB_INVALID_TYPE);
    ybb__json_release(&r.reader);
    ybb__buffer_free(&text);
}

static const ybb_json *member(const reading *r, const char *key)
{
    return ybb__json_member(r->reader.root, key);
}

static void takers_leave_alone_what_is_missing_or_null(void)
{
    reading r;
    bool flag = true;
    uint64_t number = 7;
    uint32_t choice = 3;
    const char *text = "before";
    const ybb_json *object = NULL;
    static const char *const names[] = {"a", "b"};
    read_text(&r, "{\"x\": null}");
    for (int i = 0; i < 2; i++) {
        const char *key = i == 0 ? "x" : "y";
        CU_ASSERT_FALSE(ybb__json_take_bool(&r.reader, r.reader.root, key, &flag));
        CU_ASSERT_FALSE(ybb__json_take_u64(&r.reader, r.reader.root, key, 0, 9, &number));
        CU_ASSERT_FALSE(ybb__json_take_text(&r.reader, r.reader.root, key, &text));
        CU_ASSERT_FALSE(ybb__json_take_choice(&r.reader, r.reader.root, key, names, 2, &choice));
        CU_ASSERT_FALSE(ybb__json_take_object(&r.reader, r.reader.root, key, &object));
        CU_ASSERT_FALSE(ybb__json_take_array(&r.reader, NULL, key, &object));
    }
    CU_ASSERT_TRUE(flag);
    CU_ASSERT_EQUAL(number, 7);
    CU_ASSERT_STRING_EQUAL(text, "before");
    CU_ASSERT_EQUAL(choice, 3);
    CU_ASSERT_PTR_NULL(object);
    CU_ASSERT_EQUAL(r.reader.status, YBB_OK);
    ybb__json_release(&r.reader);
}

static void takers_take_what_fits(void)
{
    reading r;
    bool flag = false;
    uint64_t number = 0;
    uint32_t choice = 0;
    const char *text = NULL;
    const ybb_json *value = NULL;
    static const char *const names[] = {"gzip", "zip"};
    read_text(&r, "{\"b\":true,\"n\":\"42\",\"t\":\"x\",\"c\":\"zip\",\"o\":[],\"l\":[1]}");
    CU_ASSERT_TRUE(ybb__json_take_bool(&r.reader, r.reader.root, "b", &flag));
    CU_ASSERT_TRUE(ybb__json_take_u64(&r.reader, r.reader.root, "n", 1, 42, &number));
    CU_ASSERT_TRUE(ybb__json_take_text(&r.reader, r.reader.root, "t", &text));
    CU_ASSERT_TRUE(ybb__json_take_choice(&r.reader, r.reader.root, "c", names, 2, &choice));
    CU_ASSERT_TRUE(ybb__json_take_object(&r.reader, r.reader.root, "o", &value));
    CU_ASSERT_TRUE(ybb__json_take_array(&r.reader, r.reader.root, "l", &value));
    CU_ASSERT_TRUE(flag);
    CU_ASSERT_EQUAL(number, 42);
    CU_ASSERT_STRING_EQUAL(text, "x");
    CU_ASSERT_EQUAL(choice, 1);
    CU_ASSERT_EQUAL(value->count, 1);
    ybb__json_release(&r.reader);
}

static void a_wrong_type_names_what_came_and_what_is_expected(void)
{
    reading r;
    bool flag;
    read_text(&r, "{\"options\":{\"include_essays\":[1,\"two\"]}}");
    ybb__json_take_bool(&r.reader, member(&r, "options"), "include_essays", &flag);
    CU_ASSERT_EQUAL(r.error.status, YBB_INVALID_TYPE);
    CU_ASSERT_STRING_EQUAL(r.error.message, "options.include_essays is a list, not true or false");
    CU_ASSERT_STRING_EQUAL(r.error.field, "options.include_essays");
    CU_ASSERT_STRING_EQUAL(r.error.value, "[1,\"two\"]");
    CU_ASSERT_STRING_EQUAL(r.error.allowed, "true or false");
    ybb__json_release(&r.reader);
}

static void a_number_out_of_range_names_the_range(void)
{
    static const char *const texts[] = {
        "{\"n\":0}",     "{\"n\":101}",  "{\"n\":-1}",    "{\"n\":1.5}",
        "{\"n\":\"x\"}", "{\"n\":\"\"}", "{\"n\":1e300}", "{\"n\":18446744073709551616}"};
    for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
        reading r;
        uint64_t number = 5;
        read_text(&r, texts[i]);
        CU_ASSERT_FALSE(ybb__json_take_u64(&r.reader, r.reader.root, "n", 1, 100, &number));
        CU_ASSERT_EQUAL(number, 5);
        CU_ASSERT_EQUAL(r.error.status, YBB_INVALID_VALUE);
        CU_ASSERT_STRING_EQUAL(r.error.allowed, "an integer from 1 to 100");
        ybb__json_release(&r.reader);
    }
}

static void a_number_beyond_64_bits_is_told_how_large_it_may_be(void)
{
    reading r;
    uint64_t number = 5;
    read_text(&r, "{\"n\":18446744073709551616}");
    CU_ASSERT_FALSE(ybb__json_take_u64(&r.reader, r.reader.root, "n", 1, UINT64_MAX, &number));
    CU_ASSERT_STRING_EQUAL(r.error.allowed, "an integer from 1 to 18446744073709551615");
    ybb__json_release(&r.reader);
}

static void an_unknown_key_suggests_a_known_one(void)
{
    static const char *const keys[] = {"category", "limit", "form_status"};
    reading r;
    read_text(&r, "{\"filters\":{\"limit\":1,\"catgory\":\"secret\"}}");
    CU_ASSERT_FALSE(ybb__json_known(&r.reader, member(&r, "filters"), keys, 3));
    CU_ASSERT_EQUAL(r.error.status, YBB_UNKNOWN_KEY);
    CU_ASSERT_STRING_EQUAL(r.error.field, "filters.catgory");
    CU_ASSERT_STRING_EQUAL(r.error.suggestion, "category");
    CU_ASSERT_STRING_EQUAL(r.error.allowed, "category, limit, form_status");
    CU_ASSERT_STRING_EQUAL(r.error.value, "");
    CU_ASSERT_PTR_NULL(strstr(r.error.message, "secret"));
    ybb__json_release(&r.reader);
}

static void the_first_failure_stays(void)
{
    reading r;
    uint64_t number = 5;
    bool flag = false;
    read_text(&r, "{\"a\":\"x\",\"b\":3,\"c\":true}");
    ybb__json_take_u64(&r.reader, r.reader.root, "a", 0, 9, &number);
    CU_ASSERT_FALSE(ybb__json_take_u64(&r.reader, r.reader.root, "b", 0, 9, &number));
    CU_ASSERT_FALSE(ybb__json_take_bool(&r.reader, r.reader.root, "c", &flag));
    CU_ASSERT_FALSE(ybb__json_need(&r.reader, r.reader.root, "d"));
    ybb__json_fail(&r.reader, r.reader.root, YBB_UNSUPPORTED, NULL, NULL, "is late");
    CU_ASSERT_EQUAL(number, 5);
    CU_ASSERT_EQUAL(r.reader.status, YBB_INVALID_VALUE);
    CU_ASSERT_STRING_EQUAL(r.error.field, "a");
    ybb__json_release(&r.reader);
}

static void a_missing_key_is_named_with_its_path(void)
{
    reading r;
    read_text(&r, "{\"a\":{\"b\":null}}");
    CU_ASSERT_FALSE(ybb__json_need(&r.reader, member(&r, "a"), "b"));
    CU_ASSERT_EQUAL(r.error.status, YBB_MISSING_KEY);
    CU_ASSERT_STRING_EQUAL(r.error.field, "a.b");
    ybb__json_release(&r.reader);
}

static void a_document_gives_its_name_and_status(void)
{
    ybb_error error = {0};
    ybb_json_reader reader = {.what = "the document",
                              .document = "house.json",
                              .max_bytes = YBB_JSON_DOCUMENT_BYTES,
                              .broken = YBB_INVALID_CATALOG,
                              .refused = YBB_INVALID_CATALOG,
                              .error = &error};
    ybb__json_parse(&reader, "{\"a\":1}", 7);
    ybb__json_fail_type(&reader, reader.root->first, "a text");
    CU_ASSERT_EQUAL(error.status, YBB_INVALID_CATALOG);
    CU_ASSERT_STRING_EQUAL(error.message, "house.json: a is a number, not a text");
    ybb__json_release(&reader);

    error = (ybb_error){0};
    reader.status = YBB_OK;
    ybb__json_parse(&reader, "[", 1);
    CU_ASSERT_EQUAL(error.status, YBB_INVALID_CATALOG);
    ybb__json_release(&reader);
}

static void a_secret_is_not_shown(void)
{
    reading r;
    read_text(&r, "{\"source\":[\"mysql://me:hunter2@host/db\"]}");
    ybb__json_fail_secret(&r.reader, member(&r, "source"), YBB_INVALID_TYPE, "a text",
                          "is not a text");
    CU_ASSERT_STRING_EQUAL(r.error.message, "source is not a text");
    CU_ASSERT_STRING_EQUAL(r.error.value, "");
    ybb__json_release(&r.reader);
}

/* NULL: refused. */
static void assert_decimal(const char *json, const char *expected)
{
    reading r;
    char out[32] = "";
    read_text(&r, json);
    bool taken = ybb__json_to_decimal(r.reader.root, out, sizeof(out));
    CU_ASSERT_EQUAL(taken, expected != NULL);
    if (expected != NULL)
        CU_ASSERT_STRING_EQUAL(out, expected);
    ybb__json_release(&r.reader);
}

static void numbers_become_plain_decimals(void)
{
    assert_decimal("0", "0");
    assert_decimal("-0.000", "0");
    assert_decimal("0e99", "0");
    assert_decimal("1", "1");
    assert_decimal("1500.50", "1500.5");
    assert_decimal("-1.500005e5", "-150000.5");
    assert_decimal("5e-3", "0.005");
    assert_decimal("123e-2", "1.23");
    assert_decimal("100e-2", "1");
    assert_decimal("0.001e3", "1");
    assert_decimal("12345678901234567890", "12345678901234567890");
    assert_decimal("\"00012.3400\"", "12.34");
    assert_decimal("\"-7\"", "-7");
    assert_decimal("1e30", "1000000000000000000000000000000");
    assert_decimal("1e31", NULL);
    assert_decimal("-1e30", NULL);
    assert_decimal("1e-30", NULL);
    assert_decimal("1e300", NULL);
    assert_decimal("\"1e3\"", NULL);
    assert_decimal("\"\"", NULL);
    assert_decimal("\"-\"", NULL);
    assert_decimal("\".5\"", NULL);
    assert_decimal("\"5.\"", NULL);
    assert_decimal("\"1.2.3\"", NULL);
    assert_decimal("\" 1\"", NULL);
    assert_decimal("\"+1\"", NULL);
    assert_decimal("\"1,000\"", NULL);
    assert_decimal("true", NULL);
    assert_decimal("[1]", NULL);
}

static void integers_are_numbers_without_a_broken_part(void)
{
    static const struct {
        const char *json;
        bool fits;
        int64_t number;
    } cases[] = {
        {"2", true, 2},
        {"2.0", true, 2},
        {"2e3", true, 2000},
        {"-0", true, 0},
        {"\"2.0\"", false, 0},
        {"\"2.\"", false, 0},
        {"\"-15\"", true, -15},
        {"9223372036854775807", true, INT64_MAX},
        {"-9223372036854775808", true, INT64_MIN},
        {"9223372036854775808", false, 0},
        {"2.5", false, 0},
        {"\"two\"", false, 0},
        {"null", false, 0},
        {"false", false, 0},
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        reading r;
        int64_t number = 0;
        read_text(&r, cases[i].json);
        CU_ASSERT_EQUAL(ybb__json_to_i64(r.reader.root, &number), cases[i].fits);
        CU_ASSERT_EQUAL(number, cases[i].number);
        ybb__json_release(&r.reader);
    }
}

static void doubles_are_read_without_a_locale(void)
{
    static const struct {
        const char *json;
        double number;
    } cases[] = {{"0", 0.0},     {"1.5", 1.5},   {"-0.25", -0.25}, {"2e3", 2000.0},
                 {"1e22", 1e22}, {"1e-3", 1e-3}, {"0.1", 0.1},     {"123456.789", 123456.789}};
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        reading r;
        double number = -1;
        read_text(&r, cases[i].json);
        CU_ASSERT_TRUE(ybb__json_to_double(r.reader.root, &number));
        CU_ASSERT_EQUAL(number, cases[i].number);
        ybb__json_release(&r.reader);
    }
}

static void a_written_value_is_cut_at_its_limit(void)
{
    char *found = rewritten("[1,\"\xE2\x82\xAC\xE2\x82\xAC\",3]", 8);
    CU_ASSERT_STRING_EQUAL(found, "[1,\"\xE2\x82\xAC");
    free(found);
    found = rewritten("[1,2,3]", 7);
    CU_ASSERT_STRING_EQUAL(found, "[1,2,3]");
    free(found);
}

int main(void)
{
    static const ybb_test tests[] = {
        TEST(valid_texts_keep_values_and_order),
        TEST(ill_formed_texts_are_refused),
        TEST(every_cut_of_a_text_is_refused),
        TEST(nul_is_refused_as_a_byte_and_escaped),
        TEST(ill_formed_characters_are_refused),
        TEST(numbers_beyond_a_double_are_refused),
        TEST(a_key_twice_is_refused_at_any_depth),
        TEST(thousands_of_keys_are_compared_at_once),
        TEST(nesting_ends_at_its_limit),
        TEST(sizes_end_at_their_limits),
        TEST(a_broken_text_is_told_by_line_and_byte),
        TEST(every_value_tells_its_path),
        TEST(a_long_path_is_cut_at_a_character),
        TEST(takers_leave_alone_what_is_missing_or_null),
        TEST(takers_take_what_fits),
        TEST(a_wrong_type_names_what_came_and_what_is_expected),
        TEST(a_number_out_of_range_names_the_range),
        TEST(a_number_beyond_64_bits_is_told_how_large_it_may_be),
        TEST(an_unknown_key_suggests_a_known_one),
        TEST(the_first_failure_stays),
        TEST(a_missing_key_is_named_with_its_path),
        TEST(a_document_gives_its_name_and_status),
        TEST(a_secret_is_not_shown),
        TEST(numbers_become_plain_decimals),
        TEST(integers_are_numbers_without_a_broken_part),
        TEST(doubles_are_read_without_a_locale),
        TEST(a_written_value_is_cut_at_its_limit),
    };
    return RUN_TESTS("json_read", tests);
}
