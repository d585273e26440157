#include "encode/compose.h"

#include "base/text.h"
#include "encode/related_order.h"
#include "encode_helpers.h"
#include "runner.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { MANY = 5000 };

/* A composer over all rows of a sample. */
typedef struct composing {
    sample *s;
    ybb_piece piece;
    ybb_composer *composer;
    ybb_error error;
} composing;

static void begin(composing *c, sample *s)
{
    *c = (composing){.s = s};
    s->plan.reading.related_count = s->all.related_count;
    c->composer = ybb__composer_open(&c->piece, &s->plan, &s->all);
    CU_ASSERT_PTR_NOT_NULL_FATAL(c->composer);
}

static void end(composing *c)
{
    ybb__piece_free(&c->piece);
    sample_free(c->s);
}

static const ybb_composed *row_of(composing *c, uint32_t row)
{
    const ybb_composed *values = NULL;
    CU_ASSERT_EQUAL_FATAL(ybb__composer_row(c->composer, row, &values, &c->error), YBB_OK);
    return values;
}

/* Whether the column's value in the row is @text; NULL: is NULL. */
static bool is(composing *c, uint32_t row, uint32_t column, const char *text)
{
    ybb_cell cell = row_of(c, row)[column].cell;
    if (cell.at == NULL || text == NULL)
        return cell.at == NULL && text == NULL;
    bool same = cell.length == strlen(text) && memcmp(cell.at, text, cell.length) == 0;
    if (!same)
        printf("# row %u column %u is \"%.*s\"\n", row, column, (int)cell.length, cell.at);
    return same;
}

/* Main rows with the keys, and lines of the second cell of the rows tied to them. */
static sample *lines_by_key(const char *const *keys, size_t count)
{
    static const ybb_line_piece piece = {.column = 1};
    static const ybb_line_part part = {&piece, 1, false};
    sample *s = sample_new(YBB_CSV);
    sample_column(s, "Key", YBB_TYPE_TEXT);
    uint32_t others = sample_collection(s, 2, 0);
    ybb_field *lines = sample_reduced(s, "Lines", YBB_TYPE_TEXT, others, YBB_REDUCE_LINES);
    lines->reducer.parts = &part;
    lines->reducer.part_count = 1;
    for (size_t i = 0; i < count; i++)
        sample_row(s, keys[i]);
    return s;
}

static void rows_are_tied_by_the_bytes_of_their_keys(void)
{
    static const char *const keys[] = {"REF1", "ref1", "REF1 ", "", "A key of more than 16 bytes"};
    sample *s = lines_by_key(keys, 5);
    sample_related(s, 0, "REF1 ", "with a blank");
    sample_related(s, 0, "REF1", "first");
    sample_related(s, 0, "ref1", "small");
    sample_related(s, 0, "REF1", "second");
    sample_related(s, 0, "REF", "nobody's");
    sample_related(s, 0, "A key of more than 16 byteS", "nobody's");
    sample_related(s, 0, "A key of more than 16 bytes", "long");
    sample_related(s, 0, "", "of the empty key");
    composing c;
    begin(&c, s);
    CU_ASSERT(is(&c, 0, 1, "first\nsecond"));
    CU_ASSERT(is(&c, 1, 1, "small"));
    CU_ASSERT(is(&c, 2, 1, "with a blank"));
    CU_ASSERT(is(&c, 3, 1, "of the empty key"));
    CU_ASSERT(is(&c, 4, 1, "long"));
    end(&c);
}

/* Rows by their second cell, which the lines show, and those that are equal in it by the third. */
static sample *sorted_lines(bool descending)
{
    static const ybb_line_piece pieces[] = {{.column = 1}, {.text = "-"}, {.column = 3}};
    static const ybb_line_part part = {pieces, 3, false};
    static const ybb_related_order ascending_order[] = {{1, false}, {2, false}};
    static const ybb_related_order descending_order[] = {{1, true}, {2, true}};
    sample *s = sample_new(YBB_CSV);
    sample_column(s, "Key", YBB_TYPE_TEXT);
    uint32_t others = sample_collection(s, 4, 0);
    ybb_field *lines = sample_reduced(s, "Lines", YBB_TYPE_TEXT, others, YBB_REDUCE_LINES);
    lines->reducer.parts = &part;
    lines->reducer.part_count = 1;
    lines->reducer.line_separator = " ";
    s->maps[others].order = descending ? descending_order : ascending_order;
    s->maps[others].order_count = 2;
    sample_row(s, "A");
    sample_row(s, "B");
    sample_row(s, "C");
    static const char *const rows[][4] = {
        {"A", "10", "1", "a"},
        {"B", "2", "1", "a"},
        {"A", "9", NULL, "b"},
        {"A", "-3", "1", "c"},
        {"A", NULL, "1", "d"},
        {"B", "1", "1", "b"},
        {"A", "9", "-1", "e"},
        {"A", "18446744073709551615", "1", "f"},
        {"A", "9223372036854775807", "1", "g"},
        {"A", "-9223372036854775808", "1", "h"},
        {"A", "zz", "1", "i"},
        {"A", NULL, "1", "j"},
        {"A", "18446744073709551614", "1", "k"},
        {"A", "z", "1", "l"},
        {"A", "9", NULL, "m"},
        {"A", "", "1", "n"},
        {"A", "0", "1", "o"},
        {"A", "9", "0", "p"},
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
        sample_related(s, others, rows[i][0], rows[i][1], rows[i][2], rows[i][3]);
    return s;
}

static void rows_of_a_record_are_sorted_where_the_plan_leaves_it(void)
{
    composing c;
    begin(&c, sorted_lines(false));
    CU_ASSERT(is(&c, 0, 1,
                 "-d -j -9223372036854775808-h -3-c 0-o 9-b 9-m 9-e 9-p 10-a "
                 "9223372036854775807-g 18446744073709551614-k 18446744073709551615-f "
                 "-n z-l zz-i"));
    CU_ASSERT(is(&c, 1, 1, "1-b 2-a"));
    CU_ASSERT(is(&c, 2, 1, NULL));
    end(&c);
    begin(&c, sorted_lines(true));
    CU_ASSERT(is(&c, 0, 1,
                 "zz-i z-l -n 18446744073709551615-f 18446744073709551614-k "
                 "9223372036854775807-g 10-a 9-p 9-e 9-b 9-m 0-o -3-c "
                 "-9223372036854775808-h -d -j"));
    CU_ASSERT(is(&c, 1, 1, "2-a 1-b"));
    end(&c);
}

/* So many that they are merged, of every count around the powers of two; equal ones keep their
 * order. */
static void sorting_keeps_what_is_equal_as_it_came(void)
{
    static const char *const keys[] = {"A"};
    static const ybb_related_order order = {0, false};
    enum { MOST = 300, VALUES = 7 };
    for (uint32_t count = 0; count < MOST; count++) {
        ybb_sort_key of_rows[MOST];
        uint32_t rows[MOST], spare[MOST];
        const ybb_related_map map = {.order = &order, .order_count = 1};
        for (uint32_t i = 0; i < count; i++) {
            char text[YBB_NUMBER_TEXT];
            size_t length = ybb__text_from_u64(text, (i * 7919 + count) % 101 % VALUES);
            const ybb_cell cell = {text, (uint32_t)length};
            ybb__sort_keys(&of_rows[i], &map, &cell);
            rows[i] = i;
        }
        ybb__sort_related(rows, count, spare, &map, of_rows);
        for (uint32_t i = 1; i < count; i++) {
            uint64_t before = of_rows[rows[i - 1]].number, here = of_rows[rows[i]].number;
            CU_ASSERT(before < here || (before == here && rows[i - 1] < rows[i]));
        }
    }
    sample *s = lines_by_key(keys, 1);
    static const ybb_related_order by_value = {1, true};
    s->maps[0].order = &by_value;
    s->maps[0].order_count = 1;
    for (uint32_t i = 0; i < MANY; i++) {
        char text[YBB_NUMBER_TEXT];
        (void)ybb__text_from_u64(text, i * 7919 % MANY);
        sample_related(s, 0, "A", text);
    }
    composing c;
    begin(&c, s);
    const ybb_cell cell = row_of(&c, 0)[1].cell;
    const char *at = cell.at;
    for (uint32_t i = MANY; i-- > 0;) {
        char text[YBB_NUMBER_TEXT];
        size_t length = ybb__text_from_u64(text, i);
        CU_ASSERT_FATAL((size_t)(cell.at + cell.length - at) >= length);
        CU_ASSERT(memcmp(at, text, length) == 0);
        at += length + 1;
    }
    end(&c);
}

static void equal_keys_share_their_rows(void)
{
    static const char *const keys[] = {"A", "B", "A"};
    sample *s = lines_by_key(keys, 3);
    sample_related(s, 0, "A", "one");
    sample_related(s, 0, "A", "two");
    composing c;
    begin(&c, s);
    CU_ASSERT(is(&c, 0, 1, "one\ntwo"));
    CU_ASSERT(is(&c, 1, 1, NULL));
    CU_ASSERT(is(&c, 2, 1, "one\ntwo"));
    end(&c);
}

static void null_is_tied_to_nothing(void)
{
    static const char *const keys[] = {NULL, "A"};
    sample *s = lines_by_key(keys, 2);
    sample_related(s, 0, NULL, "lost");
    sample_related(s, 0, "A", NULL);
    composing c;
    begin(&c, s);
    CU_ASSERT(is(&c, 0, 1, NULL));
    CU_ASSERT(is(&c, 1, 1, "")); /* a row of NULL is an empty line, not none */
    end(&c);
}

static void several_cells_make_a_key(void)
{
    static const uint32_t both[] = {0, 1};
    static const char *const none[] = {NULL};
    sample *s = lines_by_key(none, 0);
    sample_column(s, "Program", YBB_TYPE_INTEGER);
    s->ties[0].match_count = 2;
    s->ties[0].main_cells = s->ties[0].own_cells = both;
    sample_row(s, "A", "1");
    sample_row(s, "A", "2");
    sample_row(s, "A1", "");
    sample_related(s, 0, "A", "2");
    composing c;
    begin(&c, s);
    CU_ASSERT(is(&c, 0, 1, NULL));
    CU_ASSERT(is(&c, 1, 1, "2"));
    CU_ASSERT(is(&c, 2, 1, NULL)); /* where one cell ends and the next begins counts */
    end(&c);
}

/* date | amount currency | status | method, as the payment history has them. */
static sample *history(void)
{
    static const ybb_line_piece date[] = {{.column = 1}};
    static const ybb_line_piece money[] = {{.column = 2}, {.text = " "}, {.column = 3}};
    static const ybb_line_piece status[] = {{.column = 4}};
    static const ybb_line_piece method[] = {{.column = 5}};
    static const ybb_line_part parts[] = {
        {date, 1, false}, {money, 3, true}, {status, 1, false}, {method, 1, false}};
    static const ybb_label states[] = {{"2", {{"Success", "Berhasil"}}}};
    static const ybb_label methods[] = {{"1", {{"Midtrans", "Midtrans"}}}};
    sample *s = sample_new(YBB_CSV);
    sample_column(s, "ID", YBB_TYPE_INTEGER);
    uint32_t payments = sample_collection(s, 7, 0);
    ybb_field *lines = sample_reduced(s, "History", YBB_TYPE_TEXT, payments, YBB_REDUCE_LINES);
    lines->reducer.parts = parts;
    lines->reducer.part_count = 4;
    ybb_field *fields = s->related_fields[payments];
    fields[1].type = YBB_TYPE_DATETIME;
    fields[2].type = YBB_TYPE_DECIMAL;
    fields[2].scale = 2;
    fields[4].labels = (ybb_labels){states, 1};
    s->related_fallbacks[payments][5] = 6;
    fields[5].fallback_labels = (ybb_labels){methods, 1};
    return s;
}

static void a_line_shows_labels_and_plain_amounts(void)
{
    sample *s = history();
    sample_row(s, "7");
    sample_related(s, 0, "7", "2025-07-23 15:30:00", "150000", "IDR", "2", NULL, "1");
    sample_related(s, 0, "7", "0000-00-00 00:00:00", "0.5", NULL, "9", "Cash", "1");
    sample_related(s, 0, "7", NULL, NULL, "USD", NULL, NULL, "8");
    sample_related(s, 0, "7", "some day", "about 5", " IDR ", "2", "", "1");
    composing c;
    begin(&c, s);
    CU_ASSERT(is(&c, 0, 1,
                 "2025-07-23 15:30:00 | 150000.00 IDR | Success | Midtrans\n"
                 " | 0.50 | 9 | Cash\n"
                 " | USD |  | 8\n"
                 "some day | about 5  IDR | Success | "));
    end(&c);
}

static void lines_speak_the_language_of_the_request(void)
{
    sample *s = history();
    s->request.language = YBB_INDONESIAN;
    sample_row(s, "7");
    sample_related(s, 0, "7", NULL, NULL, NULL, "2", NULL, NULL);
    composing c;
    begin(&c, s);
    CU_ASSERT(is(&c, 0, 1, " |  | Berhasil | "));
    end(&c);
}

static const char *const good_values[] = {"2"}, *const open_values[] = {"0", "1"};
static const ybb_case state_cases[] = {{1, good_values, 1, "success"},
                                       {1, open_values, 2, "pending"}};

/* Row number, count, count of those in state 2, their share, and the state, of rows with a state
 * and an id. */
static sample *figures(void)
{
    sample *s = sample_new(YBB_CSV);
    sample_column(s, "ID", YBB_TYPE_INTEGER);
    uint32_t rows = sample_collection(s, 3, 0);
    sample_reduced(s, "Count", YBB_TYPE_INTEGER, rows, YBB_REDUCE_COUNT);
    ybb_field *good = sample_reduced(s, "Good", YBB_TYPE_INTEGER, rows, YBB_REDUCE_COUNT);
    ybb_field *share = sample_reduced(s, "Share", YBB_TYPE_DECIMAL, rows, YBB_REDUCE_SHARE);
    ybb_field *state = sample_reduced(s, "State", YBB_TYPE_TEXT, rows, YBB_REDUCE_CASE);
    good->reducer.cases = share->reducer.cases = state->reducer.cases = state_cases;
    good->reducer.case_count = share->reducer.case_count = 1;
    state->reducer.case_count = 2;
    state->reducer.otherwise = "none";
    return s;
}

static void add_states(sample *s, const char *id, unsigned good, unsigned bad)
{
    for (unsigned i = 0; i < good + bad; i++)
        sample_related(s, 0, id, i < good ? "2" : "3", NULL);
}

static void a_share_is_rounded_half_up(void)
{
    sample *s = figures();
    for (unsigned i = 1; i <= 6; i++) {
        char id[] = {(char)('0' + i), '\0'};
        sample_row(s, id);
    }
    add_states(s, "1", 1, 15); /* 6.25 */
    add_states(s, "2", 2, 1);
    add_states(s, "3", 1, 2);
    add_states(s, "4", 3, 0);
    add_states(s, "5", 0, 4);
    composing c;
    begin(&c, s);
    CU_ASSERT(is(&c, 0, 3, "6.3"));
    CU_ASSERT(is(&c, 1, 3, "66.7"));
    CU_ASSERT(is(&c, 2, 3, "33.3"));
    CU_ASSERT(is(&c, 3, 3, "100.0"));
    CU_ASSERT(is(&c, 4, 3, "0.0"));
    CU_ASSERT(is(&c, 5, 3, NULL)); /* no rows, no share */
    CU_ASSERT(is(&c, 0, 1, "16") && is(&c, 0, 2, "1"));
    CU_ASSERT(is(&c, 5, 1, "0") && is(&c, 5, 2, "0"));
    end(&c);
}

static void the_first_case_that_any_row_matches_counts(void)
{
    sample *s = figures();
    sample_row(s, "1");
    sample_row(s, "2");
    sample_row(s, "3");
    sample_row(s, "4");
    sample_related(s, 0, "1", "1", NULL);
    sample_related(s, 0, "1", "2", NULL);
    sample_related(s, 0, "2", "3", NULL);
    sample_related(s, 0, "2", "0", NULL);
    sample_related(s, 0, "3", NULL, NULL);
    sample_related(s, 0, "3", "22", NULL);
    composing c;
    begin(&c, s);
    CU_ASSERT(is(&c, 0, 4, "success"));
    CU_ASSERT(is(&c, 1, 4, "pending"));
    CU_ASSERT(is(&c, 2, 4, "none"));
    CU_ASSERT(is(&c, 3, 4, "none"));
    end(&c);
}

static void a_case_without_values_asks_for_any(void)
{
    static const ybb_case any = {.column = 1, .result = "some"};
    sample *s = figures();
    s->fields[4].reducer.cases = s->fields[2].reducer.cases = &any;
    s->fields[4].reducer.case_count = 1;
    sample_row(s, "1");
    sample_row(s, "2");
    sample_related(s, 0, "1", NULL, NULL);
    sample_related(s, 0, "1", "x", NULL);
    sample_related(s, 0, "2", NULL, NULL);
    composing c;
    begin(&c, s);
    CU_ASSERT(is(&c, 0, 4, "some") && is(&c, 0, 2, "1"));
    CU_ASSERT(is(&c, 1, 4, "none") && is(&c, 1, 2, "0"));
    end(&c);
}

static void what_null_counts_as_is_matched(void)
{
    sample *s = figures();
    s->related_fields[0][1].null_as = "0";
    sample_row(s, "1");
    sample_related(s, 0, "1", NULL, NULL);
    composing c;
    begin(&c, s);
    CU_ASSERT(is(&c, 0, 4, "pending"));
    end(&c);
}

static void the_same_row_counts_once(void)
{
    sample *s = figures();
    s->maps[0].distinct_cell = 2;
    sample_row(s, "1");
    sample_row(s, "2");
    sample_related(s, 0, "1", "3", "a");
    sample_related(s, 0, "1", "2", "a"); /* one of the same that matches is enough */
    sample_related(s, 0, "1", "2", "a");
    sample_related(s, 0, "1", "3", "b");
    sample_related(s, 0, "2", "2", "a"); /* another record's is another */
    composing c;
    begin(&c, s);
    CU_ASSERT(is(&c, 0, 1, "2") && is(&c, 0, 2, "1") && is(&c, 0, 3, "50.0"));
    CU_ASSERT(is(&c, 1, 1, "1") && is(&c, 1, 2, "1"));
    CU_ASSERT(is(&c, 0, 4, "success"));
    end(&c);
}

static void lines_leave_out_what_is_the_same(void)
{
    static const char *const keys[] = {"A"};
    sample *s = lines_by_key(keys, 1);
    s->maps[0].distinct_cell = 1;
    sample_related(s, 0, "A", "one");
    sample_related(s, 0, "A", "two");
    sample_related(s, 0, "A", "one");
    composing c;
    begin(&c, s);
    CU_ASSERT(is(&c, 0, 1, "one\ntwo"));
    end(&c);
}

static void a_fallback_has_labels_of_its_own(void)
{
    sample *s = sample_new(YBB_CSV);
    ybb_field *method = sample_column(s, "Method", YBB_TYPE_TEXT);
    ybb_field *status = sample_column(s, "Status", YBB_TYPE_INTEGER);
    sample_column(s, "Number", YBB_TYPE_INTEGER);
    s->columns[0].fallback_cell = 2;
    status->null_as = "0";
    sample_row(s, "Cash", "1", "7");
    sample_row(s, NULL, NULL, "7");
    sample_row(s, NULL, NULL, NULL);
    composing c;
    begin(&c, s);
    CU_ASSERT(is(&c, 0, 0, "Cash") && is(&c, 0, 1, "1"));
    CU_ASSERT_PTR_EQUAL(row_of(&c, 0)[0].labels, &method->labels);
    CU_ASSERT(is(&c, 1, 0, "7") && is(&c, 1, 1, "0"));
    CU_ASSERT_PTR_EQUAL(row_of(&c, 1)[0].labels, &method->fallback_labels);
    CU_ASSERT(is(&c, 2, 0, NULL));
    end(&c);
}

static void records_are_counted_across_slices(void)
{
    sample *s = sample_new(YBB_CSV);
    sample_column(s, "ID", YBB_TYPE_INTEGER);
    s->fields[0].source = YBB_SOURCE_ROW_NUMBER;
    s->all.first_record = 998;
    for (int i = 0; i < 3; i++)
        sample_row(s, "x");
    composing c;
    begin(&c, s);
    CU_ASSERT(is(&c, 0, 0, "999"));
    CU_ASSERT(is(&c, 1, 0, "1000"));
    CU_ASSERT(is(&c, 2, 0, "1001"));
    CU_ASSERT(is(&c, 0, 0, "999")); /* rows may be asked for again, in any order */
    CU_ASSERT(is(&c, 2, 0, "1001"));
    end(&c);
}

static void one_record_may_have_thousands(void)
{
    char text[32];
    static const char *const keys[] = {"A", "B"};
    sample *s = lines_by_key(keys, 2);
    size_t length = 0;
    for (unsigned i = 0; i < MANY; i++) {
        length += (size_t)snprintf(text, sizeof(text), "row %u", i) + 1;
        sample_related(s, 0, "B", text);
    }
    composing c;
    begin(&c, s);
    ybb_cell cell = row_of(&c, 1)[1].cell;
    CU_ASSERT_EQUAL(cell.length, length - 1);
    CU_ASSERT(memcmp(cell.at, "row 0\nrow 1\n", 12) == 0);
    CU_ASSERT(memcmp(cell.at + cell.length - 8, "row 4999", 8) == 0);
    CU_ASSERT(is(&c, 0, 1, NULL));
    end(&c);
}

static void a_piece_serves_slices_of_any_size(void)
{
    static const char *const keys[] = {"A", "B", "C", "A"};
    composing large;
    begin(&large, lines_by_key(keys, 4));
    sample_related(large.s, 0, "A", "x"); /* not seen by the composer that is open */
    for (unsigned round = 0; round < 3; round++) {
        sample *s = round == 1 ? large.s : lines_by_key(keys, 1);
        s->plan.reading.related_count = 1;
        large.composer = ybb__composer_open(&large.piece, &s->plan, &s->all);
        CU_ASSERT_PTR_NOT_NULL_FATAL(large.composer);
        CU_ASSERT(is(&large, 0, 0, "A"));
        CU_ASSERT(is(&large, 0, 1, round == 1 ? "x" : NULL));
        if (s != large.s)
            sample_free(s);
    }
    end(&large);
}

static void a_slice_without_rows_is_fine(void)
{
    sample *s = figures();
    composing c;
    begin(&c, s);
    end(&c);
}

static const ybb_test tests[] = {
    TEST(rows_are_tied_by_the_bytes_of_their_keys),
    TEST(rows_of_a_record_are_sorted_where_the_plan_leaves_it),
    TEST(sorting_keeps_what_is_equal_as_it_came),
    TEST(equal_keys_share_their_rows),
    TEST(null_is_tied_to_nothing),
    TEST(several_cells_make_a_key),
    TEST(a_line_shows_labels_and_plain_amounts),
    TEST(lines_speak_the_language_of_the_request),
    TEST(a_share_is_rounded_half_up),
    TEST(the_first_case_that_any_row_matches_counts),
    TEST(a_case_without_values_asks_for_any),
    TEST(what_null_counts_as_is_matched),
    TEST(the_same_row_counts_once),
    TEST(lines_leave_out_what_is_the_same),
    TEST(a_fallback_has_labels_of_its_own),
    TEST(records_are_counted_across_slices),
    TEST(one_record_may_have_thousands),
    TEST(a_piece_serves_slices_of_any_size),
    TEST(a_slice_without_rows_is_fine),
};

int main(void)
{
    return RUN_TESTS("compose", tests);
}
