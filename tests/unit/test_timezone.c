/* lib/base/timezone: local times of IANA zones. The expected times are those of the IANA database.
 */
#include "base/clock.h"
#include "base/timezone.h"
#include "runner.h"

#include <string.h>
#include <unistd.h>

static int64_t seconds(const char *text)
{
    ybb_moment at;
    CU_ASSERT_TRUE_FATAL(ybb__moment_read(text, strlen(text), &at));
    return ((ybb__days_from_date(at.year, at.month, at.day) * 24 + at.hour) * 60 + at.minute) * 60 +
           at.second;
}

static void expect(const char *from, const char *to, const char *before, const char *after)
{
    ybb_timezone *zone = ybb__timezone_new(from, to);
    CU_ASSERT_PTR_NOT_NULL_FATAL(zone);
    CU_ASSERT_EQUAL(ybb__timezone_convert(zone, seconds(before)), seconds(after));
    ybb__timezone_free(zone);
}

static void a_time_is_that_of_the_other_zone(void)
{
    expect("UTC", "Asia/Jakarta", "2025-07-23 15:30:00", "2025-07-23 22:30:00");
    expect("Asia/Jakarta", "UTC", "2025-07-23 03:00:00", "2025-07-22 20:00:00");
    expect("Asia/Jakarta", "Asia/Jayapura", "2025-12-31 23:30:00", "2026-01-01 01:30:00");
    expect("Asia/Kathmandu", "UTC", "2025-01-01 05:45:00", "2025-01-01 00:00:00");
}

static void summer_time_counts(void)
{
    expect("UTC", "Europe/Berlin", "2025-01-15 12:00:00", "2025-01-15 13:00:00");
    expect("UTC", "Europe/Berlin", "2025-07-15 12:00:00", "2025-07-15 14:00:00");
    expect("UTC", "Europe/Berlin", "2090-07-15 12:00:00", "2090-07-15 14:00:00");
}

/* ICU of Debian 12 has the laws of 2022. */
static void the_system_s_tables_count_before_icu_s(void)
{
    if (access("/usr/share/zoneinfo/Asia/Almaty", R_OK) != 0) {
        skip_test("the system has no tzdata");
        return;
    }
    expect("UTC", "Asia/Almaty", "2025-06-01 00:00:00", "2025-06-01 05:00:00");
    expect("UTC", "Africa/Cairo", "2025-07-01 12:00:00", "2025-07-01 15:00:00");
    expect("America/Mexico_City", "UTC", "2025-07-01 12:00:00", "2025-07-01 18:00:00");
}

static void zones_that_only_icu_knows_convert_too(void)
{
    CU_ASSERT_TRUE(ybb__timezone_known("PST"));
    expect("UTC", "PST", "2025-07-01 12:00:00", "2025-07-01 05:00:00");
    expect("PST", "UTC", "2025-03-09 02:30:00", "2025-03-09 10:30:00");
    expect("PST", "UTC", "2025-11-02 01:30:00", "2025-11-02 08:30:00");
}

static void a_time_that_occurs_twice_is_the_first(void)
{
    expect("Europe/Berlin", "UTC", "2025-10-26 02:30:00", "2025-10-26 00:30:00");
    expect("Europe/Berlin", "UTC", "2025-10-26 03:00:00", "2025-10-26 02:00:00");
}

static void a_time_that_does_not_occur_moves_on(void)
{
    expect("Europe/Berlin", "Europe/Berlin", "2025-03-30 02:30:00", "2025-03-30 03:30:00");
    expect("Europe/Berlin", "UTC", "2025-03-30 02:30:00", "2025-03-30 01:30:00");
}

static void the_ends_of_the_calendar_convert(void)
{
    expect("UTC", "Asia/Tokyo", "9999-12-31 12:00:00", "9999-12-31 21:00:00");
    expect("Asia/Tokyo", "UTC", "9999-12-31 12:00:00", "9999-12-31 03:00:00");
    expect("UTC", "UTC", "0001-01-01 00:00:00", "0001-01-01 00:00:00");
}

static void only_names_of_the_database_are_zones(void)
{
    CU_ASSERT_TRUE(ybb__timezone_known("UTC"));
    CU_ASSERT_TRUE(ybb__timezone_known("Asia/Jakarta"));
    CU_ASSERT_TRUE(ybb__timezone_known("Europe/Kyiv"));
    CU_ASSERT_FALSE(ybb__timezone_known("asia/jakarta"));
    CU_ASSERT_FALSE(ybb__timezone_known("Asia/Jakata"));
    CU_ASSERT_FALSE(ybb__timezone_known("GMT+7"));
    CU_ASSERT_FALSE(ybb__timezone_known("+07:00"));
    CU_ASSERT_FALSE(ybb__timezone_known(""));
    CU_ASSERT_FALSE(ybb__timezone_known("../../etc/passwd"));
    CU_ASSERT_FALSE(ybb__timezone_known("Asia/J\xc3\xa4karta"));
    CU_ASSERT_PTR_NULL(ybb__timezone_new("UTC", "Nowhere/Land"));
    ybb__timezone_free(NULL);
}

int main(void)
{
    static const ybb_test tests[] = {
        TEST(a_time_is_that_of_the_other_zone),       TEST(summer_time_counts),
        TEST(a_time_that_occurs_twice_is_the_first),  TEST(a_time_that_does_not_occur_moves_on),
        TEST(the_system_s_tables_count_before_icu_s), TEST(zones_that_only_icu_knows_convert_too),
        TEST(the_ends_of_the_calendar_convert),       TEST(only_names_of_the_database_are_zones),
    };
    return RUN_TESTS("timezone", tests);
}
