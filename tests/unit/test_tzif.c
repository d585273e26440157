/* lib/base/tzif, tz_rule: zones from the bytes of TZif files, and from the system's folder. */
#include "base/buffer.h"
#include "base/clock.h"
#include "base/tz_rule.h"
#include "base/tzif.h"
#include "runner.h"

#include <stdlib.h>
#include <string.h>

enum { HOUR = 3600, DAY = 24 * HOUR };

static int64_t at(const char *text)
{
    ybb_moment m;
    CU_ASSERT_TRUE_FATAL(ybb__moment_read(text, strlen(text), &m));
    return ybb__days_from_date(m.year, m.month, m.day) * DAY + m.hour * HOUR + m.minute * 60 +
           m.second;
}

static void put_big(ybb_buffer *out, uint64_t number, unsigned bytes)
{
    while (bytes-- > 0)
        ybb__buffer_put_char(out, (char)(number >> (8 * bytes) & 0xFF));
}

static void put_header(ybb_buffer *out, char version, uint32_t times, uint32_t types)
{
    static const char unused[15] = {0};
    ybb__buffer_put_text(out, "TZif");
    ybb__buffer_put_char(out, version);
    ybb__buffer_put(out, unused, sizeof(unused));
    put_big(out, 0, 4);
    put_big(out, 0, 4);
    put_big(out, 0, 4);
    put_big(out, times, 4);
    put_big(out, types, 4);
    put_big(out, 4, 4); /* letters of abbreviations */
}

typedef struct change {
    int64_t time;
    int32_t offset;
} change;

/* A file as zic makes one: an old block without times, a new one whose first type holds before the
 * first change, and the rule. */
static void put_file(ybb_buffer *out, int32_t first, const change *changes, uint32_t count,
                     const char *rule)
{
    put_header(out, '2', 0, 1);
    put_big(out, 0, 6);
    put_big(out, 0, 4);
    put_header(out, '2', count, count + 1);
    for (uint32_t i = 0; i < count; i++)
        put_big(out, (uint64_t)changes[i].time, 8);
    for (uint32_t i = 0; i < count; i++)
        put_big(out, i + 1, 1);
    put_big(out, (uint32_t)first, 4);
    put_big(out, 0, 2);
    for (uint32_t i = 0; i < count; i++) {
        put_big(out, (uint32_t)changes[i].offset, 4);
        put_big(out, 0, 2);
    }
    put_big(out, 0, 4);
    ybb__buffer_put_char(out, '\n');
    ybb__buffer_put_text(out, rule);
    ybb__buffer_put_char(out, '\n');
}

static ybb_tzif *zone_of(int32_t first, const change *changes, uint32_t count, const char *rule)
{
    ybb_buffer bytes = {0};
    ybb_tzif *zone;
    put_file(&bytes, first, changes, count, rule);
    CU_ASSERT_FALSE_FATAL(ybb__buffer_failed(&bytes));
    CU_ASSERT_EQUAL(ybb__tzif_read(&zone, bytes.at, bytes.length), YBB_OK);
    CU_ASSERT_PTR_NOT_NULL_FATAL(zone);
    ybb__buffer_free(&bytes);
    return zone;
}

static void offsets_are_those_of_the_listed_periods(void)
{
    const change changes[] = {{at("1950-01-01 00:00:00"), 7 * HOUR},
                              {at("1960-01-01 00:00:00"), 8 * HOUR}};
    ybb_tzif *zone = zone_of(25632, changes, 2, "<+08>-8");
    CU_ASSERT_EQUAL(ybb__tzif_offset(zone, at("0001-01-01 00:00:00")), 25632);
    CU_ASSERT_EQUAL(ybb__tzif_offset(zone, at("1949-12-31 23:59:59")), 25632);
    CU_ASSERT_EQUAL(ybb__tzif_offset(zone, at("1950-01-01 00:00:00")), 7 * HOUR);
    CU_ASSERT_EQUAL(ybb__tzif_offset(zone, at("1960-01-01 00:00:00")), 8 * HOUR);
    CU_ASSERT_EQUAL(ybb__tzif_offset(zone, at("9999-12-31 23:59:59")), 8 * HOUR);
    ybb__tzif_free(zone);
}

static void the_rule_goes_on_behind_the_last_change(void)
{
    const change changes[] = {{at("1996-10-27 01:00:00"), HOUR}};
    ybb_tzif *zone = zone_of(2 * HOUR, changes, 1, "CET-1CEST,M3.5.0,M10.5.0/3");
    static const char *const years[] = {"1997", "2025", "2396", "2397", "2398", "6025", "9999"};
    for (size_t i = 0; i < sizeof(years) / sizeof(years[0]); i++) {
        char winter[] = "....-01-15 12:00:00", summer[] = "....-07-15 12:00:00";
        memcpy(winter, years[i], 4);
        memcpy(summer, years[i], 4);
        CU_ASSERT_EQUAL(ybb__tzif_offset(zone, at(winter)), HOUR);
        CU_ASSERT_EQUAL(ybb__tzif_offset(zone, at(summer)), 2 * HOUR);
    }
    CU_ASSERT_EQUAL(ybb__tzif_offset(zone, at("2025-03-30 00:59:59")), HOUR);
    CU_ASSERT_EQUAL(ybb__tzif_offset(zone, at("2025-03-30 01:00:00")), 2 * HOUR);
    CU_ASSERT_EQUAL(ybb__tzif_offset(zone, at("2025-10-26 01:00:00")), HOUR);
    /* 400 years later the calendar is the same */
    CU_ASSERT_EQUAL(ybb__tzif_offset(zone, at("2425-03-30 00:59:59")), HOUR);
    CU_ASSERT_EQUAL(ybb__tzif_offset(zone, at("2425-03-30 01:00:00")), 2 * HOUR);
    CU_ASSERT_EQUAL(ybb__tzif_offset(zone, at("9997-03-30 01:00:00")), 2 * HOUR);
    ybb__tzif_free(zone);
}

static void a_local_time_is_of_the_period_before_its_change(void)
{
    ybb_tzif *zone = zone_of(HOUR, NULL, 0, "CET-1CEST,M3.5.0,M10.5.0/3");
    static const char *const years[] = {"2025-", "2425-", "9625-"};
    for (size_t i = 0; i < sizeof(years) / sizeof(years[0]); i++) {
        char gap[] = ".....03-30 02:30:00", twice[] = ".....10-26 02:30:00";
        memcpy(gap, years[i], 5);
        memcpy(twice, years[i], 5);
        CU_ASSERT_EQUAL(ybb__tzif_offset_of_local(zone, at(gap) - 31 * 60), HOUR);
        CU_ASSERT_EQUAL(ybb__tzif_offset_of_local(zone, at(gap)), HOUR);
        CU_ASSERT_EQUAL(ybb__tzif_offset_of_local(zone, at(gap) + 30 * 60), 2 * HOUR);
        CU_ASSERT_EQUAL(ybb__tzif_offset_of_local(zone, at(twice)), 2 * HOUR);
        CU_ASSERT_EQUAL(ybb__tzif_offset_of_local(zone, at(twice) + 30 * 60), HOUR);
    }
    ybb__tzif_free(zone);
}

static void a_day_can_be_left_out(void)
{
    /* Samoa had no 2011-12-30 */
    const change changes[] = {{at("2011-12-30 10:00:00"), 14 * HOUR}};
    ybb_tzif *zone = zone_of(-10 * HOUR, changes, 1, "");
    CU_ASSERT_EQUAL(ybb__tzif_offset_of_local(zone, at("2011-12-29 23:59:59")), -10 * HOUR);
    CU_ASSERT_EQUAL(ybb__tzif_offset_of_local(zone, at("2011-12-30 12:00:00")), -10 * HOUR);
    CU_ASSERT_EQUAL(ybb__tzif_offset_of_local(zone, at("2011-12-31 00:00:00")), 14 * HOUR);
    ybb__tzif_free(zone);
}

static void rules_are_read_in_every_form(void)
{
    static const struct {
        const char *text;
        int year;
        const char *begin, *end; /* UTC; NULL: no summer time */
        int32_t standard, summer;
    } cases[] = {
        {"UTC0", 2025, NULL, NULL, 0, 0},
        {"<+0545>-5:45", 2025, NULL, NULL, 5 * HOUR + 45 * 60, 0},
        {"<-03>3", 2025, NULL, NULL, -3 * HOUR, 0},
        {"EST5EDT,M3.2.0,M11.1.0", 2025, "2025-03-09 07:00:00", "2025-11-02 06:00:00", -5 * HOUR,
         -4 * HOUR},
        /* the summer is standard time and the winter is less */
        {"IST-1GMT0,M10.5.0,M3.5.0/1", 2025, "2025-10-26 01:00:00", "2025-03-30 01:00:00", HOUR, 0},
        {"<-02>2<-01>,M3.5.0/-1,M10.5.0/0", 2025, "2025-03-30 01:00:00", "2025-10-26 01:00:00",
         -2 * HOUR, -HOUR},
        {"EET-2EEST,M3.4.4/50,M10.4.4/50", 2025, "2025-03-29 00:00:00", "2025-10-24 23:00:00",
         2 * HOUR, 3 * HOUR},
        {"<+1030>-10:30<+11>-11,M10.1.0,M4.1.0", 2025, "2025-10-04 15:30:00", "2025-04-05 15:00:00",
         10 * HOUR + 30 * 60, 11 * HOUR},
        {"AAA0BBB,J59/0,J60/0", 2024, "2024-02-28 00:00:00", "2024-02-29 23:00:00", 0, HOUR},
        {"AAA0BBB,59/0,60/0", 2024, "2024-02-29 00:00:00", "2024-02-29 23:00:00", 0, HOUR},
        {"AAA0BBB,0/0,J365/25", 2025, "2025-01-01 00:00:00", "2026-01-01 00:00:00", 0, HOUR},
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        ybb_tz_rule rule;
        CU_ASSERT_TRUE_FATAL(ybb__tz_rule_read(&rule, cases[i].text, strlen(cases[i].text)));
        CU_ASSERT_EQUAL(rule.standard, cases[i].standard);
        CU_ASSERT_EQUAL(rule.has_summer, cases[i].begin != NULL);
        if (cases[i].begin == NULL)
            continue;
        CU_ASSERT_EQUAL(rule.summer, cases[i].summer);
        CU_ASSERT_EQUAL(ybb__tz_rule_begin(&rule, cases[i].year), at(cases[i].begin));
        CU_ASSERT_EQUAL(ybb__tz_rule_end(&rule, cases[i].year), at(cases[i].end));
    }
}

static void what_is_no_rule_is_refused(void)
{
    static const char *const wrong[] = {
        "",
        "CET",
        "CET-",
        "CE-1",
        "<+07-7",
        "CET-25",
        "CET-1:60",
        "CET-1CEST",
        "CET-1CEST,M3.5.0",
        "CET-1CEST,M3.5.0,M10.5.0/3x",
        "CET-1CEST,M13.5.0,M10.5.0",
        "CET-1CEST,M3.6.0,M10.5.0",
        "CET-1CEST,M3.5.7,M10.5.0",
        "CET-1CEST,J0,J365",
        "CET-1CEST,366,1",
        "CET-1CEST,M3.5.0/168,M10.5.0",
        "CET-1 ",
    };
    for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
        ybb_tz_rule rule;
        CU_ASSERT_FALSE(ybb__tz_rule_read(&rule, wrong[i], strlen(wrong[i])));
    }
}

static void expect_none(const char *bytes, size_t length)
{
    ybb_tzif *zone = NULL;
    char *copy = malloc(length + (length == 0)); /* so that a sanitizer sees what lies behind */
    CU_ASSERT_PTR_NOT_NULL_FATAL(copy);
    memcpy(copy, bytes, length);
    CU_ASSERT_EQUAL(ybb__tzif_read(&zone, copy, length), YBB_NOT_FOUND);
    CU_ASSERT_PTR_NULL(zone);
    free(copy);
}

static void broken_files_are_no_zones(void)
{
    const change good[] = {{0, HOUR}, {DAY, 0}};
    const change unordered[] = {{DAY, HOUR}, {0, 0}}, far[] = {{INT64_MIN, HOUR}, {INT64_MAX, 0}};
    ybb_buffer bytes = {0};
    put_file(&bytes, 0, good, 2, "CET-1CEST,M3.5.0,M10.5.0/3");
    for (size_t length = 0; length < bytes.length; length++)
        expect_none(bytes.at, length);
    ybb__buffer_clear(&bytes);
    put_file(&bytes, 0, unordered, 2, "");
    expect_none(bytes.at, bytes.length);
    ybb__buffer_clear(&bytes);
    put_file(&bytes, 0, far, 2, "");
    expect_none(bytes.at, bytes.length);
    ybb__buffer_clear(&bytes);
    put_file(&bytes, 27 * HOUR, good, 2, "");
    expect_none(bytes.at, bytes.length);
    ybb__buffer_clear(&bytes);
    put_file(&bytes, 0, good, 2, "no rule");
    expect_none(bytes.at, bytes.length);
    ybb__buffer_free(&bytes);
}

static void any_changed_byte_is_survived(void)
{
    const change good[] = {{0, HOUR}, {DAY, 0}};
    ybb_buffer bytes = {0};
    put_file(&bytes, 0, good, 2, "CET-1CEST,M3.5.0,M10.5.0/3");
    for (size_t i = 0; i < bytes.length; i++)
        for (int value = 0; value < 256; value += 5) {
            char kept = bytes.at[i];
            ybb_tzif *zone;
            bytes.at[i] = (char)value;
            if (ybb__tzif_read(&zone, bytes.at, bytes.length) == YBB_OK) {
                (void)ybb__tzif_offset(zone, at("9999-12-31 00:00:00"));
                (void)ybb__tzif_offset_of_local(zone, at("0001-01-01 00:00:00"));
            }
            ybb__tzif_free(zone);
            bytes.at[i] = kept;
        }
    ybb__buffer_free(&bytes);
}

static void only_names_of_zones_are_opened(void)
{
    static const char *const names[] = {
        "",      "localtime",   "posix/Asia/Jakarta", "tzdata.zi",      "Asia",
        "Asia/", "Asia/../UTC", "/etc/localtime",     "Asia/Jakarta\n", "Nowhere/Land"};
    ybb_tzif *zone;
    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
        CU_ASSERT_EQUAL(ybb__tzif_open(&zone, names[i]), YBB_NOT_FOUND);
    ybb_status status = ybb__tzif_open(&zone, "Asia/Jakarta");
    if (status == YBB_NOT_FOUND) {
        skip_test("the system has no tzdata");
        return;
    }
    CU_ASSERT_EQUAL_FATAL(status, YBB_OK);
    CU_ASSERT_EQUAL(ybb__tzif_offset(zone, at("2025-07-23 00:00:00")), 7 * HOUR);
    ybb__tzif_free(zone);
}

int main(void)
{
    static const ybb_test tests[] = {
        TEST(offsets_are_those_of_the_listed_periods),
        TEST(the_rule_goes_on_behind_the_last_change),
        TEST(a_local_time_is_of_the_period_before_its_change),
        TEST(a_day_can_be_left_out),
        TEST(rules_are_read_in_every_form),
        TEST(what_is_no_rule_is_refused),
        TEST(broken_files_are_no_zones),
        TEST(any_changed_byte_is_survived),
        TEST(only_names_of_zones_are_opened),
    };
    return RUN_TESTS("tzif", tests);
}
