#include "encode/ranking.h"
#include "model/tally.h"
#include "runner.h"

#include <stdio.h>
#include <string.h>

static ybb_cell cell(const char *text)
{
    return (ybb_cell){text, (uint32_t)strlen(text)};
}

/* The sum as text, borrowed until the next call. */
static const char *sum_of(const ybb_tally *tally, uint32_t number, uint32_t sum, uint32_t scale)
{
    static ybb_buffer text;
    ybb__buffer_clear(&text);
    ybb__decimal_sum_put(&text, ybb__tally_sum_of(tally, number, sum), scale);
    return ybb__buffer_text(&text);
}

/* Counts a value, with one number beside it where the part has a sum. */
static void count(ybb_tally_part *part, const char *value, const char *number)
{
    uint32_t which = ybb__tally_count(part, cell(value));
    CU_ASSERT_NOT_EQUAL_FATAL(which, UINT32_MAX);
    if (part->sums > 0)
        ybb__tally_sum(part, which, 0, number == NULL ? (ybb_cell){NULL, 0} : cell(number), 2);
}

static void values_are_numbered_as_they_first_come(void)
{
    ybb_tally tally = {.sums = 0};
    ybb_tally_part part = {.sums = 0};
    count(&part, "b", NULL);
    count(&part, "a", NULL);
    count(&part, "b", NULL);
    count(&part, "", NULL);
    CU_ASSERT_TRUE(ybb__tally_add(&tally, &part, NULL));
    ybb__tally_part_clear(&part);
    count(&part, "c", NULL);
    count(&part, "a", NULL);
    CU_ASSERT_TRUE(ybb__tally_add(&tally, &part, NULL));
    static const struct {
        const char *value;
        uint64_t count;
    } expected[] = {{"b", 2}, {"a", 2}, {"", 1}, {"c", 1}};
    CU_ASSERT_EQUAL_FATAL(ybb__tally_values(&tally), 4);
    for (uint32_t i = 0; i < 4; i++) {
        ybb_cell value = ybb__tally_value(&tally, i + 1);
        CU_ASSERT_EQUAL(value.length, strlen(expected[i].value));
        CU_ASSERT_EQUAL(memcmp(value.at, expected[i].value, value.length), 0);
        CU_ASSERT_EQUAL(ybb__tally_count_of(&tally, i + 1), expected[i].count);
    }
    CU_ASSERT_EQUAL(ybb__tally_count_of(&tally, YBB_TALLY_OTHER), 0);
    ybb__tally_part_free(&part);
    ybb__tally_free(&tally);
}

/* Whatever the numbers look like: what is no plain number with two places goes another way. */
static void sums_are_exact(void)
{
    static const uint8_t scales[] = {2};
    static const char *const numbers[] = {"0.10",
                                          "0.20",
                                          NULL,
                                          "x",
                                          "-5",
                                          "1e2",
                                          "+3",
                                          "",
                                          "0.005",
                                          "9.95",
                                          ".5",
                                          "1.",
                                          "-0.00",
                                          "12345678901234567890.12",
                                          "999999999999999999"};
    ybb_tally tally = {.sums = 1};
    ybb_tally_part part = {.sums = 1};
    for (size_t i = 0; i < sizeof(numbers) / sizeof(numbers[0]); i++)
        count(&part, i % 2 == 0 ? "even" : "odd", numbers[i]);
    CU_ASSERT_TRUE(ybb__tally_add(&tally, &part, scales));
    /* 0.10 - 5 + 3 + 0.005 + 0.5 + 999999999999999999 */
    CU_ASSERT_STRING_EQUAL(sum_of(&tally, 1, 0, 2), "999999999999999997.605");
    /* 0.20 + 100 + 9.95 + 1 + 12345678901234567890.12 */
    CU_ASSERT_STRING_EQUAL(sum_of(&tally, 2, 0, 2), "12345678901234568001.27");
    ybb__tally_part_free(&part);
    ybb__tally_free(&tally);
}

static void a_part_s_sum_may_outgrow_its_integer(void)
{
    static const uint8_t scales[] = {2};
    ybb_tally tally = {.sums = 1};
    ybb_tally_part part = {.sums = 1};
    for (int i = 0; i < 100; i++)
        count(&part, "v", "9999999999999999.99");
    for (int i = 0; i < 30; i++)
        count(&part, "w", "-9999999999999999.99");
    CU_ASSERT_TRUE(ybb__tally_add(&tally, &part, scales));
    CU_ASSERT_STRING_EQUAL(sum_of(&tally, 1, 0, 2), "999999999999999999.00");
    CU_ASSERT_STRING_EQUAL(sum_of(&tally, 2, 0, 2), "-299999999999999999.70");
    ybb__tally_part_free(&part);
    ybb__tally_free(&tally);
}

/* Where the rows are cut into parts changes nothing, also where the tally is full. */
static void parts_are_as_good_as_a_whole(void)
{
    enum { ROWS = 20000, VALUES = 6000 };
    static const uint8_t scales[] = {2};
    for (uint32_t sums = 0; sums <= 1; sums++) {
        uint32_t most = sums > 0 ? YBB_TALLY_SUMMED_VALUES : YBB_TALLY_VALUES;
        ybb_tally whole = {.sums = sums}, cut = {.sums = sums};
        ybb_tally_part all = {.sums = sums}, some = {.sums = sums};
        uint64_t other = 0;
        for (uint32_t i = 0; i < ROWS; i++) {
            char value[32];
            uint32_t number = i * 7 % VALUES;
            snprintf(value, sizeof(value), "value %u", number);
            other += i % VALUES >= most; /* 7 and 6000 have no common factor: a cycle of all */
            count(&all, value, "1.25");
            count(&some, value, "1.25");
            if (i % 997 == 0) {
                CU_ASSERT_TRUE(ybb__tally_add(&cut, &some, scales));
                ybb__tally_part_clear(&some);
            }
        }
        CU_ASSERT_TRUE(ybb__tally_add(&cut, &some, scales));
        CU_ASSERT_TRUE(ybb__tally_add(&whole, &all, scales));
        CU_ASSERT_EQUAL(ybb__tally_values(&cut), most);
        CU_ASSERT_EQUAL(ybb__tally_count_of(&cut, YBB_TALLY_OTHER), other);
        for (uint32_t i = 0; i <= most; i++)
            if (ybb__tally_count_of(&whole, i) != ybb__tally_count_of(&cut, i) ||
                (i > 0 && memcmp(ybb__tally_value(&whole, i).at, ybb__tally_value(&cut, i).at,
                                 ybb__tally_value(&cut, i).length) != 0))
                CU_FAIL("another count");
        if (sums > 0) {
            char expected[32];
            snprintf(expected, sizeof(expected), "%.2f", (double)other * 1.25);
            CU_ASSERT_STRING_EQUAL(sum_of(&cut, YBB_TALLY_OTHER, 0, 2), expected);
        }
        ybb__tally_part_free(&all);
        ybb__tally_part_free(&some);
        ybb__tally_free(&whole);
        ybb__tally_free(&cut);
    }
}

static void long_values_count_together(void)
{
    char value[YBB_TALLY_VALUE_BYTES + 2] = "";
    ybb_tally tally = {.sums = 0};
    ybb_tally_part part = {.sums = 0};
    memset(value, 'x', YBB_TALLY_VALUE_BYTES);
    count(&part, value, NULL);
    value[YBB_TALLY_VALUE_BYTES] = 'y';
    count(&part, value, NULL);
    count(&part, value, NULL);
    CU_ASSERT_TRUE(ybb__tally_add(&tally, &part, NULL));
    CU_ASSERT_EQUAL(ybb__tally_values(&tally), 1);
    CU_ASSERT_EQUAL(ybb__tally_count_of(&tally, 1), 1);
    CU_ASSERT_EQUAL(ybb__tally_count_of(&tally, YBB_TALLY_OTHER), 2);
    ybb__tally_part_free(&part);
    ybb__tally_free(&tally);
}

static void what_never_came_is_nothing(void)
{
    ybb_tally tally = {.sums = 2};
    CU_ASSERT_EQUAL(ybb__tally_values(&tally), 0);
    CU_ASSERT_EQUAL(ybb__tally_count_of(&tally, YBB_TALLY_OTHER), 0);
    CU_ASSERT_STRING_EQUAL(sum_of(&tally, YBB_TALLY_OTHER, 1, 2), "0.00");
    ybb_tally_part part = {.sums = 2};
    CU_ASSERT_TRUE(ybb__tally_add(&tally, &part, (const uint8_t[]){2, 2}));
    CU_ASSERT_EQUAL(ybb__tally_values(&tally), 0);
    ybb__tally_part_free(&part);
    ybb__tally_free(&tally);
}

static void rank(ybb_ranking *ranking, int64_t key, const char *name)
{
    bool failed = false;
    ybb_buffer *texts = ybb__ranking_place(ranking, key, &failed);
    CU_ASSERT_FALSE(failed);
    if (texts == NULL)
        return;
    ybb__ranking_put(texts, "", 0);
    ybb__ranking_put(texts, name, strlen(name));
}

static void assert_ranks(const ybb_ranking *ranking, const char *names)
{
    char found[64] = "";
    for (uint32_t i = 0; i < ranking->count; i++) {
        ybb_cell name = ybb__ranking_text(ranking, i, 1);
        CU_ASSERT_EQUAL(ybb__ranking_text(ranking, i, 0).length, 0);
        strncat(found, name.at, name.length);
    }
    CU_ASSERT_STRING_EQUAL(found, names);
}

static void the_first_of_equal_ones_come_first(void)
{
    ybb_ranking first = {.most = 3}, second = {.most = 3};
    rank(&first, 5, "a");
    rank(&first, 7, "b");
    rank(&first, 5, "c");
    rank(&first, 5, "d");
    assert_ranks(&first, "bac");
    rank(&second, 6, "e");
    rank(&second, -1, "f");
    rank(&second, 7, "g");
    CU_ASSERT_TRUE(ybb__ranking_add(&first, &second));
    assert_ranks(&first, "bge");
    CU_ASSERT_EQUAL(ybb__ranking_key(&first, 2), 6);
    ybb__ranking_clear(&second);
    rank(&second, INT64_MIN, "h");
    rank(&second, INT64_MAX, "i");
    CU_ASSERT_TRUE(ybb__ranking_add(&first, &second));
    assert_ranks(&first, "ibg");
    CU_ASSERT_TRUE(ybb__ranking_size(&first) > 0);
    ybb__ranking_free(&first);
    ybb__ranking_free(&second);
}

int main(void)
{
    static const ybb_test tests[] = {
        TEST(values_are_numbered_as_they_first_come),
        TEST(sums_are_exact),
        TEST(a_part_s_sum_may_outgrow_its_integer),
        TEST(parts_are_as_good_as_a_whole),
        TEST(long_values_count_together),
        TEST(what_never_came_is_nothing),
        TEST(the_first_of_equal_ones_come_first),
    };
    return RUN_TESTS("tally", tests);
}
