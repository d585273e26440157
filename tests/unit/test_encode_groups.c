/*
 * What files show of groups, of fields that are spread over columns, and of times in another zone.
 */
#include "encode_helpers.h"
#include "runner.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const ybb_label labels[] = {{"1", {{"Created", "Dibuat"}}},
                                   {"2", {{"Success", "Berhasil"}}}};
static const ybb_group group = {.label = {{"Subtotal", "Jumlah"}}};

/* Columns: id, name (kept), amount (summed), status (the label), note. */
static sample *payments(ybb_format format)
{
    static const ybb_in_subtotal shown[] = {YBB_IN_SUBTOTAL_NOTHING, YBB_IN_SUBTOTAL_VALUE,
                                            YBB_IN_SUBTOTAL_SUM, YBB_IN_SUBTOTAL_LABEL,
                                            YBB_IN_SUBTOTAL_NOTHING};
    sample *s = sample_new(format);
    sample_column(s, "ID", YBB_TYPE_INTEGER);
    sample_column(s, "Name", YBB_TYPE_TEXT);
    ybb_field *amount = sample_column(s, "Amount", YBB_TYPE_DECIMAL);
    amount->scale = 2;
    amount->money = true;
    sample_column(s, "Status", YBB_TYPE_INTEGER)->labels = (ybb_labels){labels, 2};
    sample_column(s, "Note", YBB_TYPE_TEXT);
    for (uint32_t i = 0; i < 5; i++)
        s->columns[i].in_subtotal = shown[i];
    s->type.group = &group;
    s->per = (ybb_per){1, UINT32_MAX, NULL};
    s->plan.reading.per = &s->per;
    s->plan.reading.columns = 5;
    s->request.presentation.csv.bom = s->request.presentation.csv.crlf = false;
    return s;
}

static void add_rows(sample *s)
{
    sample_row(s, "1", "Ani", "10", "1", "a");
    sample_row(s, "2", "Ani", "0.5", "2", NULL);
    sample_row(s, "3", NULL, "7", "1", "=b");
    sample_subtotal(s, 2, NULL, "Ani", "10.50", NULL, NULL);
    sample_subtotal(s, 2, NULL, "=x", "0.00", NULL, NULL);
    sample_subtotal(s, 3, NULL, NULL, "7.00", NULL, NULL);
}

static void check_file(sample *s, const char *text)
{
    CU_ASSERT_EQUAL_FATAL(sample_encode(s), YBB_OK);
    bool same = s->bytes.length == strlen(text) && memcmp(s->bytes.at, text, s->bytes.length) == 0;
    CU_ASSERT_TRUE(same);
    if (!same)
        printf("# the file is <%.*s>\n", (int)s->bytes.length, s->bytes.at);
}

static void csv_has_subtotals_among_the_records(void)
{
    static const char text[] = "ID,Name,Amount,Status,Note\n"
                               "1,Ani,10.00,Created,a\n"
                               "2,Ani,0.50,Success,N/A\n"
                               ",Ani,10.50,Subtotal,\n"
                               ",'=x,0.00,Subtotal,\n"
                               "3,N/A,7.00,Created,'=b\n"
                               ",N/A,7.00,Subtotal,\n";
    for (uint32_t rows = 1; rows <= 4; rows++) {
        sample *s = payments(YBB_CSV);
        s->slice_rows = rows;
        add_rows(s);
        check_file(s, text);
        sample_free(s);
    }
}

static void a_line_of_nothing_is_no_empty_line(void)
{
    sample *s = payments(YBB_CSV);
    s->plan.column_count = 1;
    sample_row(s, "1", NULL, NULL, NULL, NULL);
    sample_subtotal(s, 1, NULL, NULL, NULL, NULL, NULL);
    check_file(s, "ID\n1\n\"\"\n");
    sample_free(s);
}

static void the_label_is_in_the_language_of_the_request(void)
{
    sample *s = payments(YBB_CSV);
    s->request.language = YBB_INDONESIAN;
    sample_row(s, "1", "Ani", "10", "1", "a");
    sample_subtotal(s, 1, NULL, "Ani", "10", NULL, NULL);
    check_file(s, "ID,Name,Amount,Status,Note\n1,Ani,10.00,Dibuat,a\n,Ani,10.00,Jumlah,\n");
    sample_free(s);
}

/* The number behind @mark in the part, or -1. */
static long number_behind(const sample *s, const char *part, const char *mark)
{
    char *text = sample_part(s, part);
    const char *at = strstr(text, mark);
    long number = at == NULL ? -1 : strtol(at + strlen(mark), NULL, 10);
    free(text);
    return number;
}

#define SHEET   "xl/worksheets/sheet1.xml"
#define STRINGS "xl/sharedStrings.xml"

static void a_spreadsheet_counts_subtotals_as_rows(void)
{
    sample *s = payments(YBB_EXCEL);
    add_rows(s);
    CU_ASSERT_EQUAL_FATAL(sample_encode(s), YBB_OK);
    CU_ASSERT_TRUE(sheet_has(s, "<dimension ref=\"A1:E7\"/>"));
    CU_ASSERT_TRUE(sheet_has(s, "<row r=\"6\"><c r=\"A6\""));
    /* a cell without a value where there is nothing */
    CU_ASSERT_TRUE(sheet_has(s, "<row r=\"7\"><c r=\"A7\" s=\"8\"/><c r=\"B7\""));
    CU_ASSERT_TRUE(sheet_has(s, "<c r=\"E7\" s=\"9\"/></row>"));
    char *table = sample_part(s, "xl/tables/table1.xml");
    CU_ASSERT_PTR_NOT_NULL(strstr(table, " ref=\"A1:E7\""));
    free(table);
    sample_free(s);
}

static void subtotals_have_styles_of_their_own(void)
{
    sample *s = payments(YBB_EXCEL);
    add_rows(s);
    CU_ASSERT_EQUAL_FATAL(sample_encode(s), YBB_OK);
    CU_ASSERT_NOT_EQUAL(number_behind(s, SHEET, "<c r=\"C2\" s=\""),
                        number_behind(s, SHEET, "<c r=\"C4\" s=\""));
    CU_ASSERT_EQUAL(number_behind(s, SHEET, "<c r=\"C4\" s=\""),
                    number_behind(s, SHEET, "<c r=\"C7\" s=\""));
    CU_ASSERT_NOT_EQUAL(number_behind(s, SHEET, "<c r=\"D4\" s=\""), -1);
    /* the label is one string for all */
    long label = number_behind(s, SHEET, "<c r=\"D4\" s=\"");
    char cell[64];
    snprintf(cell, sizeof(cell), "<c r=\"D4\" s=\"%ld\" t=\"s\"><v>", label);
    long string = number_behind(s, SHEET, cell);
    CU_ASSERT_TRUE(string >= 0);
    snprintf(cell, sizeof(cell), "<c r=\"D7\" s=\"%ld\" t=\"s\"><v>", label);
    CU_ASSERT_EQUAL(number_behind(s, SHEET, cell), string);
    sample_free(s);
}

static void every_row_takes_its_shared_strings(void)
{
    sample *s = payments(YBB_EXCEL);
    add_rows(s);
    CU_ASSERT_EQUAL_FATAL(sample_encode(s), YBB_OK);
    unsigned found = 0;
    char *strings = sample_part(s, STRINGS);
    for (const char *at = strings; (at = strstr(at, "<si>")) != NULL; at++)
        found++;
    free(strings);
    /* two columns of texts in six rows, behind the labels and headers */
    CU_ASSERT_TRUE(found > 12);
    CU_ASSERT_TRUE(sheet_has(s, "t=\"s\""));
    sample_free(s);
}

static void slices_of_groups_in_any_order_give_the_same_book(void)
{
    ybb_buffer first = {0};
    for (uint32_t i = 0; i < 3; i++) {
        sample *s = payments(YBB_EXCEL);
        s->slice_rows = 1;
        s->backwards = i == 1;
        s->request.presentation.xlsx.strings = YBB_STRINGS_SHARED;
        add_rows(s);
        CU_ASSERT_EQUAL_FATAL(sample_encode(s), YBB_OK);
        if (i == 0)
            ybb__buffer_put(&first, s->bytes.at, s->bytes.length);
        CU_ASSERT_EQUAL(s->bytes.length, first.length);
        CU_ASSERT_EQUAL(memcmp(s->bytes.at, first.at, first.length), 0);
        sample_free(s);
    }
    ybb__buffer_free(&first);
}

static void a_file_need_not_begin_with_the_first_subtotal(void)
{
    sample *s = payments(YBB_EXCEL);
    s->first_record = 5000;
    s->first_subtotal = 700;
    s->slice_rows = 2;
    add_rows(s);
    CU_ASSERT_EQUAL_FATAL(sample_encode(s), YBB_OK);
    CU_ASSERT_TRUE(sheet_has(s, "<dimension ref=\"A1:E7\"/>"));
    CU_ASSERT_TRUE(sheet_has(s, "<row r=\"7\">"));
    sample_free(s);
}

static void a_long_text_of_a_subtotal_goes_on_in_its_sheet(void)
{
    enum { LONG = 40000 };
    char *text = malloc(LONG + 1);
    CU_ASSERT_PTR_NOT_NULL_FATAL(text);
    memset(text, 'x', LONG);
    text[LONG] = '\0';
    sample *s = payments(YBB_EXCEL);
    sample_row(s, "1", "Ani", "10", "1", "a");
    sample_subtotal(s, 1, NULL, text, "10", NULL, NULL);
    CU_ASSERT_EQUAL_FATAL(sample_encode(s), YBB_OK);
    CU_ASSERT_EQUAL(s->notes.moved, 1);
    char *rest = sample_part(s, "xl/worksheets/sheet2.xml");
    CU_ASSERT_PTR_NOT_NULL(
        strstr(rest, "<c r=\"A2\" s=\"7\"><v>3</v></c>")); /* the subtotal's row */
    free(rest);
    free(text);
    sample_free(s);
}

/* Spread */

static const ybb_spread spread = {.pointer = 1, .content = 2};

/* Main rows: id; related rows: owner, question, answer. Questions 30, 4 and 5 are columns. */
static sample *essays(void)
{
    static const char *const keys[] = {"30", "4", "5"};
    sample *s = sample_new(YBB_CSV);
    sample_column(s, "ID", YBB_TYPE_INTEGER);
    uint32_t collection = sample_collection(s, 3, 0);
    ybb_field *field = sample_reduced(s, "30", YBB_TYPE_TEXT, collection, YBB_REDUCE_LINES);
    field->reducer.line_separator = "; ";
    s->plan.spread = &spread;
    s->plan.spread_related = collection;
    ybb__block_reset(&s->plan.lookup, 1);
    for (uint32_t i = 0; i < 3; i++) {
        const ybb_cell key = {keys[i], (uint32_t)strlen(keys[i])};
        ybb__block_put_row(&s->plan.lookup, &key);
    }
    for (uint32_t i = 0; i < 3; i++) {
        ybb_cell key;
        ybb__block_row(&s->plan.lookup, i, &key);
        CU_ASSERT_TRUE_FATAL(
            ybb__cell_index_add(&s->plan.lookup_keys, s->plan.lookup.cells.at, key));
        s->columns[1 + i] = s->columns[1];
        s->columns[1 + i].header = keys[i];
        s->columns[1 + i].spread = true;
        s->columns[1 + i].lookup = i;
    }
    s->plan.column_count = 4;
    s->request.presentation.csv.bom = s->request.presentation.csv.crlf = false;
    return s;
}

static void essays_free(sample *s)
{
    ybb__cell_index_free(&s->plan.lookup_keys);
    ybb__block_free(&s->plan.lookup);
    sample_free(s);
}

static void a_spread_column_shows_the_rows_that_point_to_it(void)
{
    sample *s = essays();
    sample_row(s, "1");
    sample_row(s, "2");
    sample_row(s, "3");
    sample_row(s, NULL);
    sample_related(s, 0, "2", "5", "five");
    sample_related(s, 0, "1", "4", "one");
    sample_related(s, 0, "2", "30", "thirty");
    sample_related(s, 0, "1", "4", "two");
    sample_related(s, 0, "1", "3", "of no column");
    sample_related(s, 0, "1", NULL, "of nothing");
    sample_related(s, 0, "9", "4", "of nobody");
    sample_related(s, 0, NULL, "4", "of nobody");
    sample_related(s, 0, "3", "4", NULL);
    sample_related(s, 0, "3", "5", NULL);
    sample_related(s, 0, "3", "5", "last");
    check_file(s, "ID,30,4,5\n"
                  "1,N/A,one; two,N/A\n"
                  "2,thirty,N/A,five\n"
                  "3,N/A,,; last\n"
                  "N/A,N/A,N/A,N/A\n");
    essays_free(s);
}

static void equal_related_rows_show_once_in_a_spread_too(void)
{
    sample *s = essays();
    s->maps[0].distinct_cell = 2;
    sample_row(s, "1");
    sample_related(s, 0, "1", "4", "same");
    sample_related(s, 0, "1", "4", "same");
    sample_related(s, 0, "1", "4", "other");
    check_file(s, "ID,30,4,5\n1,N/A,same; other,N/A\n");
    essays_free(s);
}

/* Times */

static void times_are_converted_and_dates_are_not(void)
{
    sample *s = sample_new(YBB_CSV);
    s->request.timezone = "Asia/Jakarta";
    s->request.stored_timezone = "UTC";
    s->request.presentation.csv.bom = s->request.presentation.csv.crlf = false;
    sample_column(s, "At", YBB_TYPE_DATETIME);
    sample_column(s, "On", YBB_TYPE_DATE);
    sample_row(s, "2025-07-23 18:30:00", "2025-07-23 18:30:00");
    sample_row(s, "2025-07-23 18:30:00.25", "2025-07-23");
    sample_row(s, "2025-07-23T18:30:00", NULL);
    sample_row(s, "2025-07-23", NULL);
    sample_row(s, "0000-00-00 00:00:00", "0000-00-00");
    sample_row(s, "9999-12-31 17:00:00", NULL);
    sample_row(s, "9999-12-31 16:59:59", NULL);
    sample_row(s, NULL, NULL);
    sample_row(s, "", "");
    sample_row(s, "soon", "soon");
    sample_row(s, "2025-13-01 00:00:00", NULL);
    check_file(s, "At,On\n2025-07-24 01:30:00,2025-07-23\n2025-07-24 01:30:00,2025-07-23\n"
                  "2025-07-24 01:30:00,N/A\n2025-07-23 00:00:00,N/A\nN/A,N/A\n"
                  "9999-12-31 17:00:00,N/A\n9999-12-31 23:59:59,N/A\nN/A,N/A\n"
                  ",\nsoon,soon\n2025-13-01 00:00:00,N/A\n");
    sample_free(s);
}

static void a_spreadsheet_has_the_converted_serial(void)
{
    sample *s = sample_new(YBB_EXCEL);
    s->request.timezone = "Asia/Jakarta";
    s->request.stored_timezone = "UTC";
    sample_column(s, "At", YBB_TYPE_DATETIME);
    sample_row(s, "2025-07-23 17:00:00");
    sample_row(s, "2025-07-23 05:00:00.5");
    CU_ASSERT_EQUAL_FATAL(sample_encode(s), YBB_OK);
    CU_ASSERT_TRUE(sheet_has(s, "<v>45862</v>"));             /* 2025-07-24 */
    CU_ASSERT_TRUE(sheet_has(s, "<v>45861.50000578704</v>")); /* 12:00:00.5 */
    sample_free(s);
}

static void lines_show_the_converted_time(void)
{
    static const ybb_line_piece pieces[] = {{NULL, 1}, {" ", 0}, {NULL, 2}};
    static const ybb_line_part parts[] = {{pieces, 3, false}};
    sample *s = sample_new(YBB_CSV);
    s->request.timezone = "Europe/Berlin";
    s->request.stored_timezone = "UTC";
    s->request.presentation.csv.bom = s->request.presentation.csv.crlf = false;
    sample_column(s, "ID", YBB_TYPE_INTEGER);
    uint32_t collection = sample_collection(s, 3, 0);
    s->related_fields[collection][1].type = YBB_TYPE_DATETIME;
    s->related_fields[collection][2].type = YBB_TYPE_DATE;
    ybb_field *field = sample_reduced(s, "Lines", YBB_TYPE_TEXT, collection, YBB_REDUCE_LINES);
    field->reducer.parts = parts;
    field->reducer.part_count = 1;
    field->reducer.line_separator = "; ";
    sample_row(s, "1");
    sample_related(s, 0, "1", "2025-07-23 23:00:00", "2025-07-23");
    sample_related(s, 0, "1", "2025-01-23 23:00:00.000001", "2025-01-23");
    sample_related(s, 0, "1", "0000-00-00 00:00:00", "2025-01-23");
    check_file(s, "ID,Lines\n1,2025-07-24 01:00:00 2025-07-23; "
                  "2025-01-24 00:00:00.000001 2025-01-23;  2025-01-23\n");
    sample_free(s);
}

int main(void)
{
    static const ybb_test tests[] = {
        TEST(csv_has_subtotals_among_the_records),
        TEST(a_line_of_nothing_is_no_empty_line),
        TEST(the_label_is_in_the_language_of_the_request),
        TEST(a_spreadsheet_counts_subtotals_as_rows),
        TEST(subtotals_have_styles_of_their_own),
        TEST(every_row_takes_its_shared_strings),
        TEST(slices_of_groups_in_any_order_give_the_same_book),
        TEST(a_file_need_not_begin_with_the_first_subtotal),
        TEST(a_long_text_of_a_subtotal_goes_on_in_its_sheet),
        TEST(a_spread_column_shows_the_rows_that_point_to_it),
        TEST(equal_related_rows_show_once_in_a_spread_too),
        TEST(times_are_converted_and_dates_are_not),
        TEST(a_spreadsheet_has_the_converted_serial),
        TEST(lines_show_the_converted_time),
    };
    return RUN_TESTS("encode_groups", tests);
}
