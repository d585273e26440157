/* The ground floor: errors, buffers, arenas, time, names, files. Its texts: test_text.c. */
#include "base/arena.h"
#include "base/buffer.h"
#include "base/clock.h"
#include "base/error.h"
#include "base/file_read.h"
#include "base/random.h"
#include "base/utf8.h"
#include "runner.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* Where a sanitizer looks: what no memory holds is to be refused, not to end the test. */
const char *__asan_default_options(void);
const char *__asan_default_options(void)
{
    return "allocator_may_return_null=1";
}
const char *__tsan_default_options(void);
const char *__tsan_default_options(void)
{
    return "allocator_may_return_null=1";
}

/* More than there is, though less than the most that a size may be. */
static const size_t too_much = PTRDIFF_MAX / 2;

static void every_status_has_its_name_and_text(void)
{
    CU_ASSERT_STRING_EQUAL(ybb__status_name(YBB_UNKNOWN_FIELD), "UNKNOWN_FIELD");
    CU_ASSERT_STRING_EQUAL(ybb__status_text(YBB_OK), "success");
    CU_ASSERT_TRUE(ybb__status_retriable(YBB_SOURCE_LOST));
    CU_ASSERT_FALSE(ybb__status_retriable(YBB_SOURCE_REFUSED));
#define HAS_NAME(name, value, retriable, text, help)                                               \
    CU_ASSERT_STRING_EQUAL(ybb__status_name(YBB_##name), #name);                                   \
    CU_ASSERT_STRING_EQUAL(ybb__status_text((ybb_status)(value)), text);                           \
    CU_ASSERT_STRING_EQUAL(ybb__status_help((ybb_status)(value)), help);
    YBB_STATUS_MAP(HAS_NAME)
#undef HAS_NAME
}

static void an_unknown_status_is_an_internal_error(void)
{
    CU_ASSERT_STRING_EQUAL(ybb__status_name((ybb_status)777), "INTERNAL");
    CU_ASSERT_STRING_EQUAL(ybb__status_text((ybb_status)777), ybb__status_text(YBB_INTERNAL));
    CU_ASSERT_FALSE(ybb__status_retriable((ybb_status)777));
}

static void the_first_failure_stays(void)
{
    ybb_error error = {0};
    CU_ASSERT_EQUAL(ybb__fail(&error, YBB_TIMEOUT, "after %d seconds", 5), YBB_TIMEOUT);
    CU_ASSERT_EQUAL(ybb__fail(&error, YBB_INTERNAL, "later"), YBB_INTERNAL);
    CU_ASSERT_EQUAL(ybb__fail_errno(&error, YBB_INTERNAL, ENOENT, "later"), YBB_INTERNAL);
    CU_ASSERT_EQUAL(ybb__fail_memory(&error), YBB_NO_MEMORY);
    CU_ASSERT_EQUAL(error.status, YBB_TIMEOUT);
    CU_ASSERT_STRING_EQUAL(error.message, "after 5 seconds");
}

static void failures_may_go_unrecorded(void)
{
    ybb_error error = {0};
    CU_ASSERT_EQUAL(ybb__fail(NULL, YBB_TIMEOUT, "x"), YBB_TIMEOUT);
    CU_ASSERT_EQUAL(ybb__fail_errno(NULL, YBB_TIMEOUT, EIO, "x"), YBB_TIMEOUT);
    CU_ASSERT_EQUAL(ybb__fail_memory(NULL), YBB_NO_MEMORY);
    ybb__error_blame(NULL, "a", "b", "c", "d");
    ybb__error_copy(NULL, &error);
    ybb__error_copy(&error, NULL);
    CU_ASSERT_EQUAL(ybb__fail(&error, YBB_OK, "no failure"), YBB_OK);
    CU_ASSERT_STRING_EQUAL(error.message, "");
}

static void a_message_ends_in_the_systems_text(void)
{
    ybb_error error = {0};
    char path[2000];
    memset(path, 'p', sizeof(path) - 1);
    path[sizeof(path) - 1] = '\0';
    ybb__fail_errno(&error, YBB_OUTPUT_ERROR, ENOSPC, "cannot write %s", "a.xlsx");
    CU_ASSERT_STRING_EQUAL(error.message, "cannot write a.xlsx: No space left on device");
    error = (ybb_error){0};
    ybb__fail_errno(&error, YBB_OUTPUT_ERROR, ENOSPC, "cannot write %s", path);
    CU_ASSERT_EQUAL(strlen(error.message), sizeof(error.message) - 1);
    CU_ASSERT_PTR_NOT_NULL(strstr(error.message, "ppp: No space left on device"));
    error = (ybb_error){0};
    ybb__fail_errno(&error, YBB_OUTPUT_ERROR, 98765, "cannot write");
    CU_ASSERT_PTR_NOT_NULL(strstr(error.message, "98765"));
}

static void messages_are_cut_at_a_character(void)
{
    for (size_t lead = 0; lead < 4; lead++) {
        char text[3 * YBB_ERROR_TEXT] = "abc";
        size_t length = lead;
        for (; length + 4 < sizeof(text); length += 4)
            memcpy(text + length, "\xF0\x9F\x98\x80", 4);
        text[length] = '\0';
        ybb_error error = {0};
        ybb__fail(&error, YBB_INVALID_VALUE, "%s", text);
        size_t kept = strlen(error.message);
        CU_ASSERT_EQUAL(kept, lead + (YBB_ERROR_TEXT - 1 - lead) / 4 * 4);
        CU_ASSERT_EQUAL(ybb__utf8_valid(error.message, kept), kept);
        ybb__error_blame(&error, text, text, text, text);
        CU_ASSERT_EQUAL(strlen(error.field), lead + (sizeof(error.field) - 1 - lead) / 4 * 4);
        CU_ASSERT_EQUAL(memcmp(error.field, text, strlen(error.field)), 0);
    }
}

static void messages_are_well_formed_utf8_whatever_they_name(void)
{
    ybb_error error = {0};
    ybb__fail(&error, YBB_SOURCE_ERROR, "no table %s", "caf\xE9s \xC3");
    CU_ASSERT_STRING_EQUAL(error.message, "no table caf\xEF\xBF\xBDs \xEF\xBF\xBD");
}

static void a_message_is_one_line_that_no_terminal_obeys(void)
{
    ybb_error error = {0};
    ybb__fail(&error, YBB_UNKNOWN_FIELD, "no field \x1B[2J\n \xC2\x9B");
    CU_ASSERT_STRING_EQUAL(error.message, "no field \xEF\xBF\xBD[2J\xEF\xBF\xBD \xEF\xBF\xBD");
}

static void a_failure_blames_one_field(void)
{
    ybb_error error = {0};
    ybb__error_blame(&error, "too.early", NULL, NULL, NULL);
    CU_ASSERT_STRING_EQUAL(error.field, "");
    ybb__fail(&error, YBB_UNKNOWN_FIELD, "no such field");
    ybb__error_blame(&error, "fields[2]", "\"emial\"", NULL, "email");
    ybb__error_blame(&error, "fields[3]", "\"x\"", "y", "z");
    CU_ASSERT_STRING_EQUAL(error.field, "fields[2]");
    CU_ASSERT_STRING_EQUAL(error.value, "\"emial\"");
    CU_ASSERT_STRING_EQUAL(error.allowed, "");
    CU_ASSERT_STRING_EQUAL(error.suggestion, "email");
}

static void an_error_is_copied_over_an_empty_one_only(void)
{
    ybb_error first = {0}, second = {0}, copy = {0};
    ybb__error_copy(&copy, &first);
    CU_ASSERT_EQUAL(copy.status, YBB_OK);
    ybb__fail(&first, YBB_TIMEOUT, "first");
    ybb__error_blame(&first, "field", NULL, NULL, NULL);
    ybb__fail(&second, YBB_CANCELLED, "second");
    ybb__error_copy(&copy, &first);
    ybb__error_copy(&copy, &second);
    CU_ASSERT_EQUAL(copy.status, YBB_TIMEOUT);
    CU_ASSERT_STRING_EQUAL(copy.message, "first");
    CU_ASSERT_STRING_EQUAL(copy.field, "field");
}

static void a_buffer_grows_and_keeps_its_bytes(void)
{
    enum { COUNT = 20000 };
    ybb_buffer buffer = {0};
    for (uint64_t i = 0; i < COUNT; i++) {
        ybb__buffer_put_u64(&buffer, i);
        ybb__buffer_put_char(&buffer, ',');
    }
    const char *at = ybb__buffer_text(&buffer);
    CU_ASSERT_PTR_NOT_NULL_FATAL(at);
    CU_ASSERT_EQUAL(strlen(at), buffer.length);
    bool right = true;
    for (unsigned long long i = 0; i < COUNT; i++) {
        char *end;
        right = strtoull(at, &end, 10) == i && *end == ',' && right;
        at = end + 1;
    }
    CU_ASSERT_TRUE(right);
    ybb__buffer_free(&buffer);
    ybb__buffer_free(NULL);
}

static void a_path_is_percent_encoded(void)
{
    ybb_buffer buffer = {0};
    ybb__buffer_put_path(&buffer, "/srv/a-b_c.d~e/x y?#%&\xC3\xA9\n");
    CU_ASSERT_STRING_EQUAL(ybb__buffer_text(&buffer), "/srv/a-b_c.d~e/x%20y%3F%23%25%26%C3%A9%0A");
    ybb__buffer_free(&buffer);
}

static void an_empty_buffer_is_an_empty_text(void)
{
    ybb_buffer buffer = {0};
    ybb__buffer_put(&buffer, NULL, 0);
    ybb__buffer_put_text(&buffer, "");
    CU_ASSERT_EQUAL(buffer.length, 0);
    CU_ASSERT_STRING_EQUAL(ybb__buffer_text(&buffer), "");
    CU_ASSERT_EQUAL(buffer.length, 0);
    ybb__buffer_free(&buffer);
}

static void taking_empties_a_buffer(void)
{
    ybb_buffer buffer = {0};
    ybb__buffer_put_text(&buffer, "taken");
    char *text = ybb__buffer_take(&buffer);
    CU_ASSERT_PTR_NOT_NULL_FATAL(text);
    CU_ASSERT_STRING_EQUAL(text, "taken");
    CU_ASSERT_PTR_NULL(buffer.at);
    CU_ASSERT_EQUAL(buffer.length, 0);
    free(text);
}

static void a_buffer_out_of_memory_takes_nothing_more(void)
{
    const size_t asked[] = {SIZE_MAX, PTRDIFF_MAX, too_much};
    for (size_t i = 0; i < sizeof(asked) / sizeof(asked[0]); i++) {
        ybb_buffer buffer = {0};
        ybb__buffer_put_text(&buffer, "kept");
        CU_ASSERT_FALSE(ybb__buffer_reserve(&buffer, asked[i]));
        CU_ASSERT_TRUE(ybb__buffer_failed(&buffer));
        ybb__buffer_put_char(&buffer, 'x'); /* for which there was room */
        CU_ASSERT_EQUAL(buffer.length, 4);
        CU_ASSERT_EQUAL(memcmp(buffer.at, "kept", 4), 0);
        CU_ASSERT_PTR_NULL(ybb__buffer_text(&buffer));
        CU_ASSERT_PTR_NULL(ybb__buffer_take(&buffer));
        CU_ASSERT_PTR_NULL(buffer.at);
    }
}

static void a_cleared_buffer_forgets_a_failure(void)
{
    ybb_buffer buffer = {0};
    ybb__buffer_put_text(&buffer, "before");
    CU_ASSERT_FALSE(ybb__buffer_reserve(&buffer, SIZE_MAX));
    ybb__buffer_clear(&buffer);
    CU_ASSERT_FALSE(ybb__buffer_failed(&buffer));
    ybb__buffer_put_text(&buffer, "and after the failure");
    CU_ASSERT_STRING_EQUAL(ybb__buffer_text(&buffer), "and after the failure");
    ybb__buffer_free(&buffer);
}

static void an_arena_gives_zeroed_aligned_memory_of_any_size(void)
{
    static const size_t sizes[] = {0, 1, 15, 16, 17, 100, 4000, 5000, 70000, 300000};
    enum { SIZES = sizeof(sizes) / sizeof(sizes[0]), ROUNDS = 50 };
    ybb_arena arena = {0};
    unsigned char *given[ROUNDS * SIZES];
    bool right = true;
    for (size_t i = 0; i < ROUNDS * SIZES; i++) {
        size_t size = sizes[i % SIZES];
        given[i] = ybb__arena_alloc(&arena, size);
        right = right && given[i] != NULL && (uintptr_t)given[i] % _Alignof(max_align_t) == 0;
        for (size_t j = 0; right && j < size; j++)
            right = given[i][j] == 0;
        if (right)
            memset(given[i], (int)(i % 251) + 1, size);
    }
    for (size_t i = 0; i < ROUNDS * SIZES; i++) /* none lies over another */
        for (size_t j = 0; right && j < sizes[i % SIZES]; j++)
            right = given[i][j] == i % 251 + 1;
    CU_ASSERT_TRUE(right);
    CU_ASSERT_FALSE(arena.failed);
    ybb__arena_free(&arena);
    ybb__arena_free(NULL);
}

static void an_arena_copies_texts(void)
{
    ybb_arena arena = {0};
    CU_ASSERT_STRING_EQUAL(ybb__arena_text(&arena, "text"), "text");
    CU_ASSERT_STRING_EQUAL(ybb__arena_copy(&arena, "bytes", 3), "byt");
    CU_ASSERT_STRING_EQUAL(ybb__arena_copy(&arena, NULL, 0), "");
    CU_ASSERT_PTR_NULL(ybb__arena_text(&arena, NULL));
    CU_ASSERT_FALSE(arena.failed);
    ybb__arena_free(&arena);
}

static void an_arena_out_of_memory_says_so_and_remembers(void)
{
    ybb_arena arena = {0};
    CU_ASSERT_PTR_NULL(ybb__arena_alloc(&arena, SIZE_MAX));
    CU_ASSERT_TRUE(arena.failed);
    arena.failed = false;
    CU_ASSERT_PTR_NULL(ybb__arena_alloc(&arena, too_much));
    CU_ASSERT_TRUE(arena.failed);
    arena.failed = false;
    CU_ASSERT_PTR_NULL(ybb__arena_array(&arena, SIZE_MAX / 2, 3));
    CU_ASSERT_TRUE(arena.failed);
    arena.failed = false;
    CU_ASSERT_PTR_NULL(ybb__arena_copy(&arena, "", SIZE_MAX));
    CU_ASSERT_TRUE(arena.failed);
    CU_ASSERT_PTR_NOT_NULL(ybb__arena_array(&arena, 0, 8));
    CU_ASSERT_PTR_NOT_NULL(ybb__arena_array(&arena, 8, 0));
    CU_ASSERT_TRUE(arena.failed);
    ybb__arena_free(&arena);
}

static void the_clocks_go_forward(void)
{
    int64_t steady = ybb__clock_steady(), now = ybb__clock_now();
    CU_ASSERT_TRUE(now > INT64_C(1700000000) * 1000000); /* microseconds, not seconds */
    CU_ASSERT_TRUE(steady > 0);
    for (int i = 0; i < 1000; i++) {
        int64_t later = ybb__clock_steady();
        CU_ASSERT_TRUE(later >= steady);
        steady = later;
    }
}

static void times_are_written_as_rfc_3339_in_utc(void)
{
    static const struct {
        int64_t microseconds;
        const char *text;
    } times[] = {
        {0, "1970-01-01T00:00:00Z"},
        {999999, "1970-01-01T00:00:00Z"},
        {-1, "1969-12-31T23:59:59Z"},
        {INT64_C(1753284600000000), "2025-07-23T15:30:00Z"},
        {INT64_C(1709251199000000), "2024-02-29T23:59:59Z"},
        {INT64_C(253402300799999999), "9999-12-31T23:59:59Z"},
        {INT64_C(253402300800000000), "9999-12-31T23:59:59Z"},
        {INT64_MAX, "9999-12-31T23:59:59Z"},
        {INT64_MIN, "0001-01-01T00:00:00Z"},
    };
    char text[YBB_TIME_TEXT];
    for (size_t i = 0; i < sizeof(times) / sizeof(times[0]); i++) {
        CU_ASSERT_EQUAL(ybb__clock_rfc3339(text, times[i].microseconds), strlen(times[i].text));
        CU_ASSERT_STRING_EQUAL(text, times[i].text);
    }
}

/* Against a calendar that is counted day by day. */
static void every_day_of_ten_thousand_years_converts_both_ways(void)
{
    static const int lengths[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    int64_t days = ybb__days_from_date(1, 1, 1);
    CU_ASSERT_EQUAL(days, -719162);
    CU_ASSERT_EQUAL(ybb__days_from_date(1970, 1, 1), 0);
    CU_ASSERT_EQUAL(ybb__days_from_date(9999, 12, 31), 2932896);
    bool right = true;
    for (int year = 1; year <= 9999; year++)
        for (int month = 1; month <= 12; month++) {
            bool leap = month == 2 && year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
            for (int day = 1; day <= lengths[month - 1] + leap; day++, days++) {
                int y, m, d;
                ybb__date_from_days(days, &y, &m, &d);
                right = right && y == year && m == month && d == day &&
                        ybb__days_from_date(year, month, day) == days;
            }
        }
    CU_ASSERT_TRUE(right);
}

static bool reads(const char *text, ybb_moment *moment)
{
    return ybb__moment_read(text, strlen(text), moment);
}

static void moments_are_read_with_and_without_a_time(void)
{
    ybb_moment m = {0};
    CU_ASSERT_TRUE(reads("2025-07-23", &m));
    CU_ASSERT_TRUE(m.year == 2025 && m.month == 7 && m.day == 23 && !m.has_time);
    CU_ASSERT_TRUE(m.hour == 0 && m.minute == 0 && m.second == 0 && m.microsecond == 0);
    CU_ASSERT_TRUE(reads("2024-02-29 23:59:58", &m));
    CU_ASSERT_TRUE(m.hour == 23 && m.minute == 59 && m.second == 58 && m.has_time);
    CU_ASSERT_TRUE(reads("2024-02-29T00:00:00.5", &m));
    CU_ASSERT_EQUAL(m.microsecond, 500000);
    CU_ASSERT_TRUE(reads("9999-12-31 00:00:00.000001", &m));
    CU_ASSERT_EQUAL(m.microsecond, 1);
    CU_ASSERT_TRUE(ybb__moment_read("2024-01-02 and more", 10, &m));
}

static void what_is_no_moment_is_refused(void)
{
    static const char *const texts[] = {
        "",
        "2025",
        "2025-07-2",
        "2025-7-23 ",
        "2025/07/23",
        "2025-07-233",
        " 2025-07-23",
        "0000-00-00",
        "0000-05-05",
        "2025-00-10",
        "2025-10-00",
        "2025-13-01",
        "2025-02-29",
        "1900-02-29",
        "2025-04-31",
        "0000-00-00 00:00:00",
        "2025-07-23 15:30",
        "2025-07-23 15:30:0",
        "2025-07-23_15:30:00",
        "2025-07-23 24:00:00",
        "2025-07-23 15:60:00",
        "2025-07-23 15:30:60",
        "2025-07-23 15:30:00.",
        "2025-07-23 15:30:00.1234567",
        "2025-07-23 15:30:00,5",
        "2025-07-23 15:30:00Z",
        "2025-07-23 -1:30:00",
        "+025-07-23",
    };
    ybb_moment m = {.year = 4711};
    for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
        CU_ASSERT_FALSE(reads(texts[i], &m));
    CU_ASSERT_EQUAL(m.year, 4711);
}

static void ids_have_their_form_and_differ(void)
{
    enum { COUNT = 2000 };
    static char ids[COUNT][YBB_ID_TEXT];
    bool different = true;
    for (int i = 0; i < COUNT; i++) {
        CU_ASSERT_TRUE(ybb__random_id(ids[i]));
        CU_ASSERT_TRUE(ybb__is_id(ids[i]));
        for (int j = 0; j < i; j++)
            different = different && strcmp(ids[i], ids[j]) != 0;
    }
    CU_ASSERT_TRUE(different);
    size_t varying = 0; /* bits: how many different characters each place has */
    for (size_t place = 4; place < YBB_ID_TEXT - 1; place++) {
        bool seen[256] = {false};
        int kinds = 0;
        for (int i = 0; i < COUNT; i++) {
            kinds += !seen[(unsigned char)ids[i][place]];
            seen[(unsigned char)ids[i][place]] = true;
        }
        for (; kinds > 1; kinds /= 2)
            varying++;
    }
    CU_ASSERT_EQUAL(varying, 128);
}

static void what_is_no_id_is_refused(void)
{
    CU_ASSERT_TRUE(ybb__is_id("exp_0123456789abcdefghijklmnop"));
    CU_ASSERT_FALSE(ybb__is_id(NULL));
    CU_ASSERT_FALSE(ybb__is_id(""));
    CU_ASSERT_FALSE(ybb__is_id("exp_"));
    CU_ASSERT_FALSE(ybb__is_id("exp_0123456789abcdefghijklmno"));
    CU_ASSERT_FALSE(ybb__is_id("exp_0123456789abcdefghijklmnopq"));
    CU_ASSERT_FALSE(ybb__is_id("exp_0123456789ABCDEFGHIJKLMNOP"));
    CU_ASSERT_FALSE(ybb__is_id("exp_../../../../../../../../etc"));
    CU_ASSERT_FALSE(ybb__is_id("job_0123456789abcdefghijklmnop"));
}

/* A file of @size bytes, its name at @path; removed by the test. */
static void make_file(char *path, size_t size)
{
    strcpy(path, "test_base_XXXXXX");
    int descriptor = mkstemp(path);
    CU_ASSERT_TRUE_FATAL(descriptor >= 0);
    char *bytes = malloc(size + 1);
    CU_ASSERT_PTR_NOT_NULL_FATAL(bytes);
    for (size_t i = 0; i < size; i++)
        bytes[i] = (char)('a' + i % 26);
    CU_ASSERT_EQUAL(write(descriptor, bytes, size), (ssize_t)size);
    free(bytes);
    close(descriptor);
}

static void a_file_is_read_whole_up_to_its_limit(void)
{
    static const size_t sizes[] = {0, 1, 16383, 16384, 16385, 100000};
    for (size_t i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++) {
        char path[32];
        ybb_buffer out = {0};
        ybb_error error = {0};
        make_file(path, sizes[i]);
        ybb__buffer_put_text(&out, "replaced");
        CU_ASSERT_EQUAL(ybb__file_read(&out, path, sizes[i], YBB_INVALID_CONFIG, &error), YBB_OK);
        CU_ASSERT_EQUAL(out.length, sizes[i]);
        bool right = true;
        for (size_t j = 0; j < out.length; j++)
            right = right && out.at[j] == (char)('a' + j % 26);
        CU_ASSERT_TRUE(right);
        CU_ASSERT_EQUAL(ybb__file_read(&out, path, SIZE_MAX, YBB_INVALID_CONFIG, &error), YBB_OK);
        CU_ASSERT_EQUAL(error.status, YBB_OK);
        if (sizes[i] > 0)
            CU_ASSERT_EQUAL(ybb__file_read(&out, path, sizes[i] - 1, YBB_INVALID_CATALOG, &error),
                            YBB_INVALID_CATALOG);
        CU_ASSERT_TRUE(sizes[i] == 0 || (out.length == 0 && strstr(error.message, path) != NULL));
        unlink(path);
        ybb__buffer_free(&out);
    }
}

static void a_file_that_cannot_be_read_has_the_callers_status(void)
{
    ybb_buffer out = {0};
    ybb_error error = {0};
    CU_ASSERT_EQUAL(ybb__file_read(&out, "no/such/file", 10, YBB_INVALID_CONFIG, &error),
                    YBB_INVALID_CONFIG);
    CU_ASSERT_STRING_EQUAL(error.message, "cannot open no/such/file: No such file or directory");
    error = (ybb_error){0};
    CU_ASSERT_EQUAL(ybb__file_read(&out, ".", 10, YBB_INVALID_CATALOG, &error),
                    YBB_INVALID_CATALOG);
    CU_ASSERT_STRING_EQUAL(error.message, "cannot read .: Is a directory");
    ybb__buffer_free(&out);
}

int main(void)
{
    static const ybb_test tests[] = {
        TEST(every_status_has_its_name_and_text),
        TEST(an_unknown_status_is_an_internal_error),
        TEST(the_first_failure_stays),
        TEST(failures_may_go_unrecorded),
        TEST(a_message_ends_in_the_systems_text),
        TEST(messages_are_cut_at_a_character),
        TEST(messages_are_well_formed_utf8_whatever_they_name),
        TEST(a_message_is_one_line_that_no_terminal_obeys),
        TEST(a_failure_blames_one_field),
        TEST(an_error_is_copied_over_an_empty_one_only),
        TEST(a_buffer_grows_and_keeps_its_bytes),
        TEST(a_path_is_percent_encoded),
        TEST(an_empty_buffer_is_an_empty_text),
        TEST(taking_empties_a_buffer),
        TEST(a_buffer_out_of_memory_takes_nothing_more),
        TEST(a_cleared_buffer_forgets_a_failure),
        TEST(an_arena_gives_zeroed_aligned_memory_of_any_size),
        TEST(an_arena_copies_texts),
        TEST(an_arena_out_of_memory_says_so_and_remembers),
        TEST(the_clocks_go_forward),
        TEST(times_are_written_as_rfc_3339_in_utc),
        TEST(every_day_of_ten_thousand_years_converts_both_ways),
        TEST(moments_are_read_with_and_without_a_time),
        TEST(what_is_no_moment_is_refused),
        TEST(ids_have_their_form_and_differ),
        TEST(what_is_no_id_is_refused),
        TEST(a_file_is_read_whole_up_to_its_limit),
        TEST(a_file_that_cannot_be_read_has_the_callers_status),
    };
    return RUN_TESTS("base", tests);
}
