/* Numbers and names as texts, and UTF-8. */
#include "base/text.h"
#include "base/char_width.h"
#include "base/error.h"
#include "base/utf8.h"
#include "runner.h"

#include <errno.h>
#include <float.h>
#include <locale.h>
#include <math.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

static void integers_are_written_in_digits(void)
{
    char text[YBB_NUMBER_TEXT];
    CU_ASSERT_EQUAL(ybb__text_from_u64(text, 0), 1);
    CU_ASSERT_STRING_EQUAL(text, "0");
    CU_ASSERT_EQUAL(ybb__text_from_u64(text, UINT64_MAX), 20);
    CU_ASSERT_STRING_EQUAL(text, "18446744073709551615");
    CU_ASSERT_EQUAL(ybb__text_from_i64(text, INT64_MIN), 20);
    CU_ASSERT_STRING_EQUAL(text, "-9223372036854775808");
    CU_ASSERT_EQUAL(ybb__text_from_i64(text, INT64_MAX), 19);
    CU_ASSERT_STRING_EQUAL(text, "9223372036854775807");
    CU_ASSERT_EQUAL(ybb__text_from_i64(text, -10), 3);
    CU_ASSERT_STRING_EQUAL(text, "-10");
}

static bool reads_i64(const char *text, int64_t expected)
{
    int64_t number = 0;
    return ybb__text_to_i64(text, strlen(text), &number) && number == expected;
}

static void integers_are_read_to_their_limits(void)
{
    uint64_t number;
    CU_ASSERT_TRUE(reads_i64("0", 0));
    CU_ASSERT_TRUE(reads_i64("-0", 0));
    CU_ASSERT_TRUE(reads_i64("007", 7));
    CU_ASSERT_TRUE(reads_i64("-1", -1));
    CU_ASSERT_TRUE(reads_i64("9223372036854775807", INT64_MAX));
    CU_ASSERT_TRUE(reads_i64("-9223372036854775808", INT64_MIN));
    CU_ASSERT_TRUE(reads_i64("00000000000000000000000000000000009", 9));
    CU_ASSERT_TRUE(ybb__text_to_u64("18446744073709551615", 20, &number));
    CU_ASSERT_EQUAL(number, UINT64_MAX);
    CU_ASSERT_TRUE(ybb__text_to_u64("42 and more", 2, &number));
    CU_ASSERT_EQUAL(number, 42);
}

static void what_is_no_integer_is_refused(void)
{
    static const char *const texts[] = {
        "",
        "-",
        "--1",
        "+1",
        " 1",
        "1 ",
        "1.",
        "1a",
        "0x10",
        "1e3",
        "1-2",
        "9223372036854775808",
        "١",
        "1,",
        "-1-",
        "1\n",
        ".5",
        "-9223372036854775809",
        "-18446744073709551617",
        "99999999999999999999999999999999",
    };
    int64_t number = 4711;
    uint64_t natural = 4711;
    for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
        CU_ASSERT_FALSE(ybb__text_to_i64(texts[i], strlen(texts[i]), &number));
    CU_ASSERT_FALSE(ybb__text_to_i64("1\0", 2, &number));
    CU_ASSERT_FALSE(ybb__text_to_u64("-1", 2, &natural));
    CU_ASSERT_FALSE(ybb__text_to_u64("18446744073709551616", 20, &natural));
    CU_ASSERT_FALSE(ybb__text_to_u64("99999999999999999999", 20, &natural));
    CU_ASSERT_TRUE(number == 4711 && natural == 4711);
}

static const struct {
    double number;
    const char *text;
} doubles[] = {
    {0, "0"},
    {-0.0, "0"},
    {1, "1"},
    {-1, "-1"},
    {0.1, "0.1"},
    {0.07, "0.07"},
    {1.5, "1.5"},
    {1.05, "1.05"},
    {-150000.25, "-150000.25"},
    {150000, "150000"},
    {9999999999999.99, "9999999999999.99"},
    {0.005, "0.005"},
    {1.005, "1.005"},
    {33.333, "33.333"},
    {0.1 + 0.2, "0.30000000000000004"},
    {1.0 / 3, "0.3333333333333333"},
    {9007199254740991, "9007199254740991"},
    {9007199254740992, "9007199254740992"},
    {123456789012345680, "1.2345678901234568e+17"},
    {1e16, "10000000000000000"},
    {1e17, "1e+17"},
    {1e22, "1e+22"},
    {1e-5, "0.00001"},
    {9.5e-6, "9.5e-6"},
    {1e300, "1e+300"},
    {-1.25e-300, "-1.25e-300"},
    {DBL_MAX, "1.7976931348623157e+308"},
    {DBL_MIN, "2.2250738585072014e-308"},
    {5e-324, "5e-324"},
    {5.684341886080802e-14, "5.684341886080802e-14"}, /* 2^-44 */
    {HUGE_VAL, ""},
    {-HUGE_VAL, ""},
};

static void check_doubles(void)
{
    char text[YBB_NUMBER_TEXT];
    for (size_t i = 0; i < sizeof(doubles) / sizeof(doubles[0]); i++) {
        CU_ASSERT_EQUAL(ybb__text_from_double(text, doubles[i].number), strlen(doubles[i].text));
        CU_ASSERT_STRING_EQUAL(text, doubles[i].text);
    }
}

static void doubles_are_written_as_short_as_they_can_be(void)
{
    char text[YBB_NUMBER_TEXT] = "before";
    check_doubles();
    CU_ASSERT_EQUAL(ybb__text_from_double(text, (double)NAN), 0);
    CU_ASSERT_STRING_EQUAL(text, "");
}

static size_t significant_digits(const char *text)
{
    size_t count = 0, zeros = 0;
    for (; *text != '\0' && *text != 'e'; text++) {
        if (*text == '0' && count > 0)
            zeros++;
        else if (*text > '0' && *text <= '9') {
            count += zeros + 1;
            zeros = 0;
        }
    }
    return count;
}

/* The fewest digits with which the C library's nearest text reads back. */
static size_t fewest_digits(double number)
{
    char text[64];
    int digits = 1;
    for (; digits < 17; digits++) {
        snprintf(text, sizeof(text), "%.*e", digits - 1, number);
        if (strtod(text, NULL) == number)
            break;
    }
    return (size_t)digits;
}

static bool comes_back(double number)
{
    char text[YBB_NUMBER_TEXT];
    size_t length = ybb__text_from_double(text, number);
    return length == strlen(text) && length < YBB_NUMBER_TEXT && strtod(text, NULL) == number &&
           significant_digits(text) <= fewest_digits(number);
}

static void any_double_comes_back(void)
{
    enum { COUNT = 20000 };
    uint64_t state = 88172645463325252; /* xorshift */
    bool right = true;
    for (int i = 0; i < COUNT; i++) {
        double number;
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        memcpy(&number, &state, sizeof(number));
        right = right && (!isfinite(number) || comes_back(number));
        right = right && comes_back((double)(state >> 24) / 100);
        right = right && comes_back(-(double)(state >> 20) / 1000);
    }
    for (int exponent = -1074; exponent < 1024; exponent++) {
        double number = ldexp(1, exponent);
        right = right && comes_back(number) && comes_back(nextafter(number, 0));
        right = right && comes_back(nextafter(number, HUGE_VAL) > DBL_MAX ? number : number * 1.5);
    }
    CU_ASSERT_TRUE(right);
}

/* Runs @command to its end; true when it succeeded. */
static bool run_command(char *const *command)
{
    extern char **environ;
    pid_t child;
    int status = -1;
    if (posix_spawnp(&child, command[0], NULL, NULL, command, environ) != 0)
        return false;
    while (waitpid(child, &status, 0) < 0 && errno == EINTR)
        continue;
    return status == 0;
}

/* Sets a German locale, made under @folder if the system has none. */
static bool set_german(char *folder)
{
    if (setlocale(LC_ALL, "de_DE.UTF-8") != NULL)
        return true;
    char made[64];
    snprintf(made, sizeof(made), "%s/de_DE.utf8", folder);
    char *const command[] = {"localedef", "--quiet", "-i", "de_DE", "-f", "UTF-8", made, NULL};
    if (!run_command(command))
        return false;
    setenv("LOCPATH", folder, 1);
    return setlocale(LC_ALL, "de_DE.utf8") != NULL;
}

static void the_hosts_locale_changes_no_number(void)
{
    char folder[] = "test_text_XXXXXX", printed[32];
    CU_ASSERT_PTR_NOT_NULL_FATAL(mkdtemp(folder));
    if (set_german(folder)) {
        ybb_error error = {0};
        snprintf(printed, sizeof(printed), "%.1f", 0.5);
        CU_ASSERT_STRING_EQUAL(printed, "0,5"); /* the host's own numbers have a comma now */
        check_doubles();
        ybb__fail_errno(&error, YBB_OUTPUT_ERROR, ENOENT, "no");
        CU_ASSERT_STRING_EQUAL(error.message, "no: No such file or directory");
    } else {
        skip_test("no German locale, and none can be made");
    }
    setlocale(LC_ALL, "C");
    unsetenv("LOCPATH");
    char *const command[] = {"rm", "-rf", folder, NULL};
    CU_ASSERT_TRUE(run_command(command));
}

static void texts_are_equal_by_length_and_bytes(void)
{
    CU_ASSERT_TRUE(ybb__text_equal("email", 5, "email"));
    CU_ASSERT_TRUE(ybb__text_equal("email_2", 5, "email"));
    CU_ASSERT_TRUE(ybb__text_equal(NULL, 0, ""));
    CU_ASSERT_FALSE(ybb__text_equal("email", 5, "emai"));
    CU_ASSERT_FALSE(ybb__text_equal("emai", 4, "email"));
    CU_ASSERT_FALSE(ybb__text_equal("Email", 5, "email"));
    CU_ASSERT_FALSE(ybb__text_equal("a\0b", 3, "a"));
}

static const char *const fields[] = {"id",           "email",   "full_name", "created_at",
                                     "phone_number", "program", "programs",  "tshirt_size"};

static const char *nearest(const char *name)
{
    const char *found = ybb__text_nearest(name, fields, sizeof(fields) / sizeof(fields[0]));
    return found == NULL ? "none" : found;
}

static void a_misspelt_name_finds_the_nearest(void)
{
    CU_ASSERT_STRING_EQUAL(nearest("emial"), "email"); /* swapped: one edit */
    CU_ASSERT_STRING_EQUAL(nearest("Email"), "email");
    CU_ASSERT_STRING_EQUAL(nearest("fullname"), "full_name");
    CU_ASSERT_STRING_EQUAL(nearest("FULL NAME"), "full_name");
    CU_ASSERT_STRING_EQUAL(nearest("phonenumbr"), "phone_number");
    CU_ASSERT_STRING_EQUAL(nearest("program"), "program");
    CU_ASSERT_STRING_EQUAL(nearest("programss"), "programs");
    CU_ASSERT_STRING_EQUAL(nearest("t_shirt_size"), "tshirt_size");
    CU_ASSERT_STRING_EQUAL(nearest("ids"), "id");
    CU_ASSERT_STRING_EQUAL(nearest("creatd_ta"), "created_at");
}

static void a_name_unlike_all_finds_none(void)
{
    char endless[10000];
    memset(endless, 'e', sizeof(endless) - 1);
    endless[sizeof(endless) - 1] = '\0';
    CU_ASSERT_STRING_EQUAL(nearest(""), "none");
    CU_ASSERT_STRING_EQUAL(nearest("xy"), "none");
    CU_ASSERT_STRING_EQUAL(nearest("name"), "none");
    CU_ASSERT_STRING_EQUAL(nearest("birthdate"), "none");
    CU_ASSERT_STRING_EQUAL(nearest(endless), "none");
    CU_ASSERT_PTR_NULL(ybb__text_nearest("email", NULL, 0));
}

static void numbers_are_not_misspelt(void)
{
    static const char *const states[] = {"0", "1", "2", "all"};
    CU_ASSERT_PTR_NULL(ybb__text_nearest("02", states, 4));
    CU_ASSERT_PTR_NULL(ybb__text_nearest("-1", states, 4));
    CU_ASSERT_PTR_NULL(ybb__text_nearest("2.0", states, 4));
    CU_ASSERT_STRING_EQUAL(ybb__text_nearest("al", states, 4), "all");
}

static bool reads_size(const char *text, uint64_t expected)
{
    uint64_t bytes = 0;
    return ybb__text_to_size(text, &bytes) && bytes == expected;
}

static void sizes_are_read_in_powers_of_1024(void)
{
    CU_ASSERT_TRUE(reads_size("123", 123));
    CU_ASSERT_TRUE(reads_size("0", 0));
    CU_ASSERT_TRUE(reads_size("7 B", 7));
    CU_ASSERT_TRUE(reads_size("800 KB", 800 * 1024));
    CU_ASSERT_TRUE(reads_size("50MB", 50 * 1024 * 1024));
    CU_ASSERT_TRUE(reads_size("50mb", 50 * 1024 * 1024));
    CU_ASSERT_TRUE(reads_size("64k", 64 * 1024));
    CU_ASSERT_TRUE(reads_size("1.5 GB", UINT64_C(1536) * 1024 * 1024));
    CU_ASSERT_TRUE(reads_size("2.50000000000000000000001KB", 2560));
    CU_ASSERT_TRUE(reads_size("1T", UINT64_C(1) << 40));
    CU_ASSERT_TRUE(reads_size("16777215.999999TB", UINT64_MAX - ((UINT64_C(1) << 40) / 1000000)));
    CU_ASSERT_TRUE(reads_size("18446744073709551615", UINT64_MAX));
}

static void what_is_no_size_is_refused(void)
{
    static const char *const texts[] = {
        "",
        "MB",
        "-1MB",
        "+1MB",
        " 1MB",
        "1MB ",
        "1.MB",
        ".5MB",
        "1,5MB",
        "1.5",
        "1.5B",
        "1 PB",
        "1e3",
        "1MBB",
        "1 M B",
        "0x10",
        "1..5MB",
        "1.5.5MB",
        "NaN",
        "infinity",
        "18446744073709551616",
        "20000000TB",
        "18446744073709551615KB",
    };
    uint64_t bytes = 4711;
    for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
        CU_ASSERT_FALSE(ybb__text_to_size(texts[i], &bytes));
    CU_ASSERT_EQUAL(bytes, 4711);
}

static void sizes_are_written_for_a_person(void)
{
    static const struct {
        uint64_t bytes;
        const char *text;
    } sizes[] = {
        {0, "0 B"},
        {97, "97 B"},
        {1023, "1023 B"},
        {1024, "1 KB"},
        {1536, "1.5 KB"},
        {10188, "9.9 KB"},
        {10189, "10 KB"},
        {14847, "14 KB"},
        {14848, "15 KB"}, /* 14.5 */
        {839680, "820 KB"},
        {1048063, "1023 KB"},
        {1048064, "1 MB"},
        {15728640, "15 MB"},
        {UINT64_C(1610612736), "1.5 GB"},
        {UINT64_C(5497558138880), "5 TB"},
        {UINT64_MAX, "16384 PB"},
    };
    char text[YBB_NUMBER_TEXT];
    for (size_t i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++) {
        size_t length = ybb__text_from_size(text, sizeof(text), sizes[i].bytes);
        CU_ASSERT_EQUAL(length, strlen(sizes[i].text));
        CU_ASSERT_STRING_EQUAL(text, sizes[i].text);
    }
    CU_ASSERT_EQUAL(ybb__text_from_size(text, 3, 15728640), 2);
    CU_ASSERT_STRING_EQUAL(text, "15");
    CU_ASSERT_EQUAL(ybb__text_from_size(text, 0, 15728640), 0);
    CU_ASSERT_STRING_EQUAL(text, "15");
}

/* Appends the UTF-8 of any number below 2^21, well-formed or not, in @size bytes. */
static void put_raw(unsigned char *out, uint32_t number, size_t size)
{
    static const unsigned char marks[] = {0, 0, 0xC0, 0xE0, 0xF0};
    for (size_t i = size; i-- > 1; number >>= 6)
        out[i] = (unsigned char)(0x80 | (number & 0x3F));
    out[0] = (unsigned char)(marks[size] | number);
}

/* Whether @number is a scalar value whose UTF-8 has @size bytes: the definition itself. */
static bool is_well_formed(uint32_t number, size_t size)
{
    size_t right = number < 0x80 ? 1 : number < 0x800 ? 2 : number < 0x10000 ? 3 : 4;
    return size == right && number <= 0x10FFFF && !(number >= 0xD800 && number <= 0xDFFF);
}

static bool judges(uint32_t number, size_t size)
{
    char bytes[4], again[4];
    size_t taken;
    put_raw((unsigned char *)bytes, number, size);
    uint32_t next = ybb__utf8_next(bytes, size, &taken);
    if (is_well_formed(number, size))
        return ybb__utf8_valid(bytes, size) == size && next == number && taken == size &&
               ybb__utf8_put(again, number) == size && memcmp(bytes, again, size) == 0 &&
               ybb__utf8_utf16_length(bytes, size) == (size_t)(number >= 0x10000 ? 2 : 1);
    return ybb__utf8_valid(bytes, size) == 0 && next == 0xFFFD && taken < size;
}

static void every_sequence_of_utf8_is_judged_right(void)
{
    bool right = true;
    for (uint32_t number = 0; number < 0x80; number++)
        right = right && judges(number, 1);
    for (uint32_t number = 0; number < 0x800; number++)
        right = right && judges(number, 2);
    for (uint32_t number = 0; number < 0x10000; number++)
        right = right && judges(number, 3);
    for (uint32_t number = 0; number < 0x200000; number++)
        right = right && judges(number, 4);
    CU_ASSERT_TRUE(right);
}

/* Unicode's own examples of replacing (chapter 3, tables 3-8 to 3-11), and the ends of texts. */
static void ill_formed_sequences_end_at_their_maximal_part(void)
{
    static const struct {
        const char *bytes;
        size_t length;
        uint32_t points[10]; /* 0 ends them */
    } texts[] = {
        {"\xC0\xAF\xE0\x80\xBF\xF0\x81\x82\x41",
         9,
         {0xFFFD, 0xFFFD, 0xFFFD, 0xFFFD, 0xFFFD, 0xFFFD, 0xFFFD, 0xFFFD, 0x41}},
        {"\xED\xA0\x80\xED\xBF\xBF\xED\xAF\x41",
         9,
         {0xFFFD, 0xFFFD, 0xFFFD, 0xFFFD, 0xFFFD, 0xFFFD, 0xFFFD, 0xFFFD, 0x41}},
        {"\xF4\x91\x92\x93\xFF\x41\x80\xBF\x42",
         9,
         {0xFFFD, 0xFFFD, 0xFFFD, 0xFFFD, 0xFFFD, 0x41, 0xFFFD, 0xFFFD, 0x42}},
        {"\xE1\x80\xE2\xF0\x91\x92\xF1\xBF\x41", 9, {0xFFFD, 0xFFFD, 0xFFFD, 0xFFFD, 0x41}},
        {"\xF0\x9F\x98", 3, {0xFFFD}},
        {"\xE2\x82", 2, {0xFFFD}},
        {"\xC3", 1, {0xFFFD}},
    };
    for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
        size_t at = 0, count = 0;
        for (; at < texts[i].length; count++) {
            size_t taken;
            CU_ASSERT_EQUAL(ybb__utf8_next(texts[i].bytes + at, texts[i].length - at, &taken),
                            texts[i].points[count]);
            at += taken;
        }
        CU_ASSERT_EQUAL(at, texts[i].length);
        CU_ASSERT_EQUAL(texts[i].points[count], 0);
        CU_ASSERT_EQUAL(ybb__utf8_utf16_length(texts[i].bytes, texts[i].length), count);
    }
}

static void a_flaw_is_found_at_any_place(void)
{
    enum { LENGTH = 40 };
    for (size_t place = 0; place < LENGTH; place++)
        for (size_t begin = 0; begin < 8; begin++) { /* at any alignment */
            char text[8 + LENGTH];
            memset(text, 'a', sizeof(text));
            CU_ASSERT_EQUAL(ybb__utf8_valid(text + begin, LENGTH), LENGTH);
            text[begin + place] = (char)0x80;
            CU_ASSERT_EQUAL(ybb__utf8_valid(text + begin, LENGTH), place);
            if (place + 1 == LENGTH)
                continue;
            memcpy(text + begin + place, "\xC3\xA9", 2);
            CU_ASSERT_EQUAL(ybb__utf8_valid(text + begin, LENGTH), LENGTH);
            CU_ASSERT_EQUAL(ybb__utf8_valid(text + begin, place + 1), place);
            CU_ASSERT_EQUAL(ybb__utf8_utf16_length(text + begin, LENGTH), LENGTH - 1);
        }
    CU_ASSERT_EQUAL(ybb__utf8_valid(NULL, 0), 0);
    CU_ASSERT_EQUAL(ybb__utf8_utf16_length(NULL, 0), 0);
}

static void what_is_no_character_is_put_as_the_replacement(void)
{
    static const uint32_t points[] = {0xD800, 0xDFFF, 0x110000, UINT32_MAX};
    for (size_t i = 0; i < sizeof(points) / sizeof(points[0]); i++) {
        char bytes[4];
        CU_ASSERT_EQUAL(ybb__utf8_put(bytes, points[i]), 3);
        CU_ASSERT_EQUAL(memcmp(bytes, "\xEF\xBF\xBD", 3), 0);
    }
}

static void a_prefix_ends_between_characters(void)
{
    static const char text[] = "a\xC3\xA9\xE2\x82\xAC\xF0\x9F\x98\x80z";
    static const size_t floors[] = {0, 1, 1, 3, 3, 3, 6, 6, 6, 6, 10, 11};
    for (size_t limit = 0; limit < sizeof(floors) / sizeof(floors[0]); limit++)
        CU_ASSERT_EQUAL(ybb__utf8_floor(text, sizeof(text) - 1, limit), floors[limit]);
    CU_ASSERT_EQUAL(ybb__utf8_floor(text, sizeof(text) - 1, SIZE_MAX), sizeof(text) - 1);
    CU_ASSERT_EQUAL(ybb__utf8_floor(NULL, 0, 5), 0);
    /* No character: cut anywhere. */
    CU_ASSERT_EQUAL(ybb__utf8_floor("\x80\x80\x80\x80\x80\x80", 6, 5), 5);
    CU_ASSERT_EQUAL(ybb__utf8_floor("\xC3zz", 3, 1), 1);
    CU_ASSERT_EQUAL(ybb__utf8_floor("\xF0\x9Fzz", 4, 1), 1);
}

static void characters_take_none_one_or_two_places(void)
{
    static const struct {
        uint32_t character;
        unsigned places;
    } known[] = {{'a', 1},    {' ', 1},    {'\n', 0},   {0, 0},       {0xE9, 1},    {0x0416, 1},
                 {0x0301, 0}, {0x05B0, 0}, {0x0627, 1}, {0x0E31, 0},  {0x200D, 0},  {0x20AC, 1},
                 {0x1100, 2}, {0x3042, 2}, {0x4E2D, 2}, {0xAC00, 2},  {0xFF21, 2},  {0xFF71, 1},
                 {0xFE0F, 0}, {0xAD, 0},   {0xFFFD, 1}, {0x1F600, 2}, {0x20000, 2}, {0x10FFFF, 1}};
    for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++)
        if (ybb__char_width(known[i].character) != known[i].places) {
            CU_FAIL("another width");
            printf("# U+%04X\n", (unsigned)known[i].character);
        }
}

int main(void)
{
    static const ybb_test tests[] = {
        TEST(characters_take_none_one_or_two_places),
        TEST(integers_are_written_in_digits),
        TEST(integers_are_read_to_their_limits),
        TEST(what_is_no_integer_is_refused),
        TEST(doubles_are_written_as_short_as_they_can_be),
        TEST(any_double_comes_back),
        TEST(the_hosts_locale_changes_no_number),
        TEST(texts_are_equal_by_length_and_bytes),
        TEST(a_misspelt_name_finds_the_nearest),
        TEST(a_name_unlike_all_finds_none),
        TEST(numbers_are_not_misspelt),
        TEST(sizes_are_read_in_powers_of_1024),
        TEST(what_is_no_size_is_refused),
        TEST(sizes_are_written_for_a_person),
        TEST(every_sequence_of_utf8_is_judged_right),
        TEST(ill_formed_sequences_end_at_their_maximal_part),
        TEST(a_flaw_is_found_at_any_place),
        TEST(what_is_no_character_is_put_as_the_replacement),
        TEST(a_prefix_ends_between_characters),
    };
    return RUN_TESTS("text", tests);
}
