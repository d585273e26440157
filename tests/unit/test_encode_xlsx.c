#include "encode/xlsx_parts.h"
#include "encode_helpers.h"
#include "pack/archive.h"
#include "pack_helpers.h"
#include "runner.h"

#include <locale.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <xlsxwriter.h>
#include <zlib.h>

enum { CELL_UNITS = 32767 };

static void encode(sample *s)
{
    ybb_status status = sample_encode(s);
    if (status != YBB_OK)
        printf("# %s\n", s->error.message);
    CU_ASSERT_EQUAL_FATAL(status, YBB_OK);
}

/* A book with the columns number, text, amount, date, datetime. */
static sample *five_columns(void)
{
    sample *s = sample_new(YBB_EXCEL);
    sample_column(s, "ID", YBB_TYPE_INTEGER);
    sample_column(s, "Name", YBB_TYPE_TEXT);
    ybb_field *amount = sample_column(s, "Amount", YBB_TYPE_DECIMAL);
    amount->money = true;
    amount->scale = 2;
    sample_column(s, "Born", YBB_TYPE_DATE);
    sample_column(s, "Created", YBB_TYPE_DATETIME);
    return s;
}

/* What stands between @before and @after in the text, behind @from; freed by the caller, "" if
 * nothing. */
static char *between(const char *text, const char *from, const char *before, const char *after)
{
    const char *at = strstr(text, from);
    const char *begin = at == NULL ? NULL : strstr(at, before);
    const char *end = begin == NULL ? NULL : strstr(begin + strlen(before), after);
    char *copy = end == NULL ? strdup("")
                             : strndup(begin + strlen(before),
                                       (size_t)(end - begin - (ptrdiff_t)strlen(before)));
    if (copy == NULL)
        abort();
    return copy;
}

static size_t count_of(const char *text, const char *wanted)
{
    size_t count = 0;
    for (const char *at = text; (at = strstr(at, wanted)) != NULL; at++)
        count++;
    return count;
}

/* The number @index of the shared strings, as XML. */
static char *shared_string(const sample *s, unsigned long index)
{
    char *part = sample_part(s, "xl/sharedStrings.xml");
    const char *at = part;
    while ((at = strstr(at, "<si>")) != NULL && index > 0) {
        at++;
        index--;
    }
    char *text = at == NULL ? strdup("") : between(at, "<si>", ">", "</si>");
    free(part);
    return text;
}

static bool same(char *got, const char *wanted, const char *what)
{
    bool is_same = strcmp(got, wanted) == 0;
    if (!is_same)
        printf("# %s is <%.300s>\n", what, got);
    free(got);
    return is_same;
}

/* Whether the cell (of sheet 1) is of the type ("" for a number) and has the value; that of a
 * shared string is its XML. */
static bool cell_is(const sample *s, const char *place, const char *type, const char *value)
{
    char mark[32];
    char *sheet = sample_part(s, "xl/worksheets/sheet1.xml");
    snprintf(mark, sizeof(mark), "<c r=\"%s\"", place);
    char *cell = between(sheet, mark, mark, "</c>");
    char *own_type = between(cell, " t=", "\"", "\"");
    char *content = between(cell, ">", ">", "</v>");
    char *number = strstr(content, "<v>") != NULL ? strdup(strstr(content, "<v>") + 3) : strdup("");
    bool is = same(strdup(own_type), type, mark);
    if (strcmp(own_type, "s") == 0)
        is = same(shared_string(s, strtoul(number, NULL, 10)), value, mark) && is;
    else if (strcmp(own_type, "inlineStr") == 0)
        is = same(between(cell, ">", ">", "</is>"), value, mark) && is;
    else
        is = same(strdup(number), value, mark) && is;
    free(sheet);
    free(cell);
    free(own_type);
    free(content);
    free(number);
    return is;
}

static bool has_no_cell(const sample *s, const char *place)
{
    char mark[32];
    snprintf(mark, sizeof(mark), "<c r=\"%s\"", place);
    return !sheet_has(s, mark);
}

/* Whether the cell is there, with a style and without a value. */
static bool is_empty_cell(const sample *s, const char *place)
{
    char mark[32];
    char *sheet = sample_part(s, "xl/worksheets/sheet1.xml");
    snprintf(mark, sizeof(mark), "<c r=\"%s\" s=\"", place);
    char *rest = between(sheet, mark, mark, ">");
    bool is = strspn(rest, "0123456789") > 0 && strcmp(strchr(rest, '"'), "\"/") == 0;
    free(rest);
    free(sheet);
    return is;
}

static bool part_has(const sample *s, const char *name, const char *text)
{
    char *part = sample_part(s, name);
    bool has = strstr(part, text) != NULL;
    if (!has)
        printf("# %s has no %s\n", name, text);
    free(part);
    return has;
}

static bool part_exists(const sample *s, const char *name)
{
    char *part = sample_part(s, name);
    bool exists = *part != '\0';
    free(part);
    return exists;
}

static void an_empty_result_has_its_header_alone(void)
{
    sample *s = five_columns();
    encode(s);
    CU_ASSERT(cell_is(s, "A1", "s", "<t>ID</t>"));
    CU_ASSERT(cell_is(s, "E1", "s", "<t>Created</t>"));
    CU_ASSERT(sheet_has(s, "<dimension ref=\"A1:E1\"/>"));
    CU_ASSERT(!sheet_has(s, "<row r=\"2\""));
    CU_ASSERT(part_has(s, "xl/tables/table1.xml", "ref=\"A1:E2\"")); /* one empty row */
    CU_ASSERT_FALSE(part_exists(s, "xl/worksheets/sheet2.xml"));
    sample_free(s);
}

static void integers_are_numbers_up_to_15_digits(void)
{
    sample *s = five_columns();
    static const char *const ids[] = {"1",
                                      "-42",
                                      "123456789012345",
                                      "-123456789012345",
                                      "1234567890123456",
                                      "007",
                                      "0",
                                      "-0",
                                      "12a",
                                      "",
                                      "1.50",
                                      "100000000000000000000"};
    for (size_t i = 0; i < sizeof(ids) / sizeof(ids[0]); i++)
        sample_row(s, ids[i], "x", "1", NULL, NULL);
    encode(s);
    CU_ASSERT(cell_is(s, "A2", "", "1"));
    CU_ASSERT(cell_is(s, "A3", "", "-42"));
    CU_ASSERT(cell_is(s, "A4", "", "123456789012345"));
    CU_ASSERT(cell_is(s, "A5", "", "-123456789012345"));
    CU_ASSERT(cell_is(s, "A6", "str", "1234567890123456"));
    CU_ASSERT(cell_is(s, "A7", "", "7"));
    CU_ASSERT(cell_is(s, "A8", "", "0"));
    CU_ASSERT(cell_is(s, "A9", "", "0"));
    CU_ASSERT(cell_is(s, "A10", "str", "12a"));
    CU_ASSERT(is_empty_cell(s, "A11"));
    CU_ASSERT(cell_is(s, "A12", "", "1.5"));
    CU_ASSERT(cell_is(s, "A13", "str", "100000000000000000000"));
    sample_free(s);
}

static void decimals_beyond_a_double_are_texts(void)
{
    sample *s = five_columns();
    static const char *const amounts[] = {"150000.00",
                                          "-0.50",
                                          "1234567890123.45",
                                          "12345678901234.56",
                                          "0.000000000000000000000000000001",
                                          "1e+300",
                                          "1.5E3",
                                          "0.00",
                                          "abc",
                                          "123456789012345.00"};
    for (size_t i = 0; i < sizeof(amounts) / sizeof(amounts[0]); i++)
        sample_row(s, "1", "x", amounts[i], NULL, NULL);
    encode(s);
    CU_ASSERT(cell_is(s, "C2", "", "150000"));
    CU_ASSERT(cell_is(s, "C3", "", "-0.5"));
    CU_ASSERT(cell_is(s, "C4", "", "1234567890123.45"));
    CU_ASSERT(cell_is(s, "C5", "str", "12345678901234.56"));
    CU_ASSERT(cell_is(s, "C6", "", "0.000000000000000000000000000001"));
    CU_ASSERT(cell_is(s, "C7", "", "1e+300"));
    CU_ASSERT(cell_is(s, "C8", "", "1500"));
    CU_ASSERT(cell_is(s, "C9", "", "0"));
    CU_ASSERT(cell_is(s, "C10", "str", "abc"));
    CU_ASSERT(cell_is(s, "C11", "", "123456789012345"));
    sample_free(s);
}

static void dates_are_serial_from_march_1900_on(void)
{
    sample *s = five_columns();
    sample_row(s, "1", "x", "1", "1900-03-01", "1900-03-01 00:00:00");
    sample_row(s, "1", "x", "1", "1900-02-28", "1900-02-28 23:59:59");
    sample_row(s, "1", "x", "1", "9999-12-31", "2025-07-23 15:30:00");
    sample_row(s, "1", "x", "1", "0001-01-01", "2000-02-29 12:00:00.250000");
    sample_row(s, "1", "x", "1", "0000-00-00", "0000-00-00 00:00:00");
    sample_row(s, "1", "x", "1", "2025-02-30", "tomorrow ");
    sample_row(s, "1", "x", "1", "2025-07-23 06:00:00", "2025-07-23T23:59:59.999999");
    sample_row(s, "1", "x", "1", "9999-12-31", "9999-12-31 23:59:59.999999");
    encode(s);
    CU_ASSERT(cell_is(s, "D2", "", "61") && cell_is(s, "E2", "", "61"));
    CU_ASSERT(cell_is(s, "D3", "str", "1900-02-28"));
    CU_ASSERT(cell_is(s, "E3", "str", "1900-02-28 23:59:59"));
    CU_ASSERT(cell_is(s, "D4", "", "2958465") && cell_is(s, "E4", "", "45861.64583333334"));
    CU_ASSERT(cell_is(s, "D5", "str", "0001-01-01") && cell_is(s, "E5", "", "36585.50000289352"));
    CU_ASSERT(cell_is(s, "D6", "s", "<t>N/A</t>") && cell_is(s, "E6", "s", "<t>N/A</t>"));
    CU_ASSERT(cell_is(s, "D7", "str", "2025-02-30"));
    CU_ASSERT(cell_is(s, "E7", "inlineStr", "<is><t xml:space=\"preserve\">tomorrow </t>"));
    CU_ASSERT(cell_is(s, "D8", "", "45861.25") && cell_is(s, "E8", "", "45861.99999999999"));
    /* a double would make 2958466 of ...5.99999999999, which is no date */
    CU_ASSERT(cell_is(s, "E9", "", "2958465.99998842593"));
    sample_free(s);
}

static void whole_seconds_are_never_shown_a_second_early(void)
{
    sample *s = five_columns();
    sample_row(s, "1", "x", "1", "2025-07-23", "2025-07-23 00:00:01");
    sample_row(s, "1", "x", "1", "2025-07-23", "2025-07-23 08:39:53");
    sample_row(s, "1", "x", "1", "2025-07-23", "2025-07-23 23:59:59");
    sample_row(s, "1", "x", "1", "2025-07-23", "2025-07-23 12:00:00");
    encode(s);
    CU_ASSERT(cell_is(s, "E2", "", "45861.00001157408")); /* 1/86400 = 0.0000115740740... */
    CU_ASSERT(cell_is(s, "E3", "", "45861.3610300926"));  /* 31193/86400 = 0.361030092592... */
    CU_ASSERT(cell_is(s, "E4", "", "45861.99998842593"));
    CU_ASSERT(cell_is(s, "E5", "", "45861.5"));
    sample_free(s);
}

static void formats_are_those_of_the_request(void)
{
    sample *s = five_columns();
    s->request.presentation.transforms.date_format = "DD/MM/YYYY";
    s->request.presentation.transforms.datetime_format = "YYYY\"at\"HH:mm";
    s->request.presentation.transforms.currency_format = "Rp #,##0.00;[Red]-#,##0.00";
    sample_row(s, "1", "x", "1", "2025-07-23", "2025-07-23 15:30:00");
    encode(s);
    CU_ASSERT(part_has(s, "xl/styles.xml", "formatCode=\"dd/mm/yyyy\""));
    CU_ASSERT(part_has(s, "xl/styles.xml", "formatCode=\"yyyy\\&quot;\\a\\t\\&quot;hh:mm\""));
    CU_ASSERT(
        part_has(s, "xl/styles.xml", "formatCode=\"&quot;Rp&quot; #,##0.00;[Red]-#,##0.00\""));
    sample_free(s);
}

static void formats_that_would_break_a_book_are_mended(void)
{
    static const char *const broken[][2] = {{"#,##0.00\"IDR", "#,##0.00&quot;IDR&quot;"},
                                            {"[abc]0", "\\[&quot;abc&quot;\\]0"},
                                            {"0.00\\", "0.00"},
                                            {"\x01"
                                             "0.0\x1F",
                                             "0.0"},
                                            {"", "#,##0.00"},
                                            {"0;0;0;0;0", "#,##0.00"},
                                            {"General", "General"},
                                            {"0.00E+00", "0.00E+00"},
                                            {"\xE2\x82\xAC 0", "&quot;\xE2\x82\xAC&quot; 0"}};
    for (size_t i = 0; i < sizeof(broken) / sizeof(broken[0]); i++) {
        char wanted[100];
        sample *s = five_columns();
        s->request.presentation.transforms.currency_format = broken[i][0];
        encode(s);
        snprintf(wanted, sizeof(wanted), "formatCode=\"%s\"", broken[i][1]);
        CU_ASSERT(part_has(s, "xl/styles.xml", wanted) || strcmp(broken[i][0], "General") == 0);
        sample_free(s);
    }
}

static void months_are_not_taken_for_minutes(void)
{
    static const char *const formats[][2] = {
        {"HH:mm DD.MM.YYYY", "hh:mm dd.mm.yyyy"},
        {"DD HH MM", "yyyy-mm-dd hh:mm:ss"}, /* a spreadsheet would show minutes */
        {"mm YYYY", "yyyy-mm-dd hh:mm:ss"},  /* and here months */
        {"mm:ss", "mm:ss"}};
    for (size_t i = 0; i < sizeof(formats) / sizeof(formats[0]); i++) {
        char wanted[100];
        sample *s = five_columns();
        s->request.presentation.transforms.datetime_format = formats[i][0];
        s->request.presentation.transforms.date_format = "YYYY";
        encode(s);
        snprintf(wanted, sizeof(wanted), "formatCode=\"%s\"", formats[i][1]);
        CU_ASSERT(part_has(s, "xl/styles.xml", wanted));
        sample_free(s);
    }
}

static void texts_are_never_numbers_or_formulas(void)
{
    sample *s = five_columns();
    sample_row(s, "1", "=HYPERLINK(\"x\")", "1", NULL, NULL);
    sample_row(s, "1", "+62 812", "1", NULL, NULL);
    sample_row(s, "1", "00123", "1", NULL, NULL);
    sample_row(s, "1", "<&>\"'", "1", NULL, NULL);
    encode(s);
    CU_ASSERT(cell_is(s, "B2", "s", "<t>=HYPERLINK(\"x\")</t>"));
    CU_ASSERT(cell_is(s, "B3", "s", "<t>+62 812</t>"));
    CU_ASSERT(cell_is(s, "B4", "s", "<t>00123</t>"));
    CU_ASSERT(cell_is(s, "B5", "s", "<t>&lt;&amp;&gt;\"'</t>"));
    CU_ASSERT(!sheet_has(s, "<f"));
    CU_ASSERT_EQUAL(s->notes.guarded, 0);
    sample_free(s);
}

static void white_space_at_the_ends_is_kept(void)
{
    sample *s = five_columns();
    sample_row(s, "1", " a", "1", NULL, NULL);
    sample_row(s, "1", "a\n", "1", NULL, NULL);
    sample_row(s, "1", "a\nb  c", "1", NULL, NULL);
    encode(s);
    CU_ASSERT(cell_is(s, "B2", "s", "<t xml:space=\"preserve\"> a</t>"));
    CU_ASSERT(cell_is(s, "B3", "s", "<t xml:space=\"preserve\">a\n</t>"));
    CU_ASSERT(cell_is(s, "B4", "s", "<t>a\nb  c</t>"));
    sample_free(s);
}

static void null_is_its_text_and_empty_is_a_cell_without_value(void)
{
    sample *s = five_columns();
    sample_row(s, NULL, NULL, NULL, NULL, NULL);
    sample_row(s, "1", "", "", "", "");
    encode(s);
    CU_ASSERT(cell_is(s, "A2", "s", "<t>N/A</t>") && cell_is(s, "E2", "s", "<t>N/A</t>"));
    CU_ASSERT(is_empty_cell(s, "B3") && is_empty_cell(s, "C3") && is_empty_cell(s, "E3"));
    s->request.presentation.transforms.null_values = "";
    encode(s);
    CU_ASSERT(is_empty_cell(s, "A2") && is_empty_cell(s, "E2"));
    sample_free(s);
}

static const ybb_label some_labels[] = {{"0", {{"Not Started", "Belum Dimulai"}}},
                                        {"1", {{"A & <B> _x0041_", "Sedang"}}},
                                        {"2", {{"", "Kosong"}}}};

static void labels_are_shared_strings(void)
{
    sample *s = five_columns();
    s->fields[0].labels = (ybb_labels){some_labels, 3};
    for (unsigned i = 0; i < 4; i++) {
        char id[] = {(char)('0' + i), '\0'};
        sample_row(s, id, id, "1", NULL, NULL);
    }
    encode(s);
    CU_ASSERT(cell_is(s, "A2", "s", "<t>Not Started</t>"));
    CU_ASSERT(cell_is(s, "A3", "s", "<t>A &amp; &lt;B&gt; _x005F_x0041_</t>"));
    CU_ASSERT(is_empty_cell(s, "A4"));
    CU_ASSERT(cell_is(s, "A5", "str", "3")); /* none of them: as stored */
    CU_ASSERT(cell_is(s, "B5", "s", "<t>3</t>"));
    s->request.language = YBB_INDONESIAN;
    encode(s);
    CU_ASSERT(cell_is(s, "A2", "s", "<t>Belum Dimulai</t>"));
    CU_ASSERT(cell_is(s, "A4", "s", "<t>Kosong</t>"));
    CU_ASSERT(part_has(s, "xl/workbook.xml", "name=\"Orang\""));
    sample_free(s);
}

static void booleans_are_words(void)
{
    sample *s = sample_new(YBB_EXCEL);
    sample_column(s, "A", YBB_TYPE_BOOLEAN);
    sample_column(s, "B", YBB_TYPE_BOOLEAN)->labels = (ybb_labels){some_labels, 2};
    sample_row(s, "1", "0");
    sample_row(s, "0", "5");
    sample_row(s, "7", NULL);
    encode(s);
    CU_ASSERT(cell_is(s, "A2", "s", "<t>Yes</t>") && cell_is(s, "B2", "s", "<t>Not Started</t>"));
    CU_ASSERT(cell_is(s, "A3", "s", "<t>No</t>") && cell_is(s, "B3", "str", "5"));
    CU_ASSERT(cell_is(s, "A4", "str", "7") && cell_is(s, "B4", "s", "<t>N/A</t>"));
    sample_free(s);
}

static void cases_take_no_strings(void)
{
    static const char *const two[] = {"2"};
    static const ybb_case good = {1, two, 1, "success"};
    static const ybb_label labels[] = {{"none", {{"None", "Belum Ada"}}}};
    sample *s = sample_new(YBB_EXCEL);
    sample_column(s, "ID", YBB_TYPE_INTEGER);
    uint32_t rows = sample_collection(s, 2, 0);
    ybb_field *state = sample_reduced(s, "State", YBB_TYPE_TEXT, rows, YBB_REDUCE_CASE);
    state->reducer.cases = &good;
    state->reducer.case_count = 1;
    state->reducer.otherwise = "none";
    state->labels = (ybb_labels){labels, 1};
    sample_row(s, "1");
    sample_row(s, "2");
    sample_related(s, rows, "2", "2");
    encode(s);
    CU_ASSERT(cell_is(s, "B2", "s", "<t>None</t>"));
    CU_ASSERT(cell_is(s, "B3", "s", "<t>success</t>"));
    CU_ASSERT(!strings_have(s, "<t/>"));
    sample_free(s);
}

/* The highest number of a shared string that a cell of the sheet points to. */
static unsigned long highest_string(const char *sheet)
{
    static const char mark[] = " t=\"s\"><v>";
    unsigned long highest = 0;
    for (const char *at = sheet; (at = strstr(at, mark)) != NULL; at++) {
        unsigned long number = strtoul(at + strlen(mark), NULL, 10);
        highest = number > highest ? number : highest;
    }
    return highest;
}

/* Every index and reference of the strings. */
static void shared_strings_add_up(void)
{
    char number[32];
    sample *s = five_columns();
    sample_column(s, "Other", YBB_TYPE_TEXT);
    for (unsigned i = 0; i < 100; i++) {
        snprintf(number, sizeof(number), "%u", i);
        sample_row(s, number, i % 3 == 0 ? NULL : number, "1", NULL, "2025-07-23 15:30:00",
                   i % 5 == 0 ? "" : number);
    }
    s->slice_rows = 7;
    encode(s);
    char *strings = sample_part(s, "xl/sharedStrings.xml");
    char *sheet = sample_part(s, "xl/worksheets/sheet1.xml");
    CU_ASSERT_EQUAL(highest_string(sheet) + 1, count_of(strings, "<si>")); /* the last row's last */
    CU_ASSERT_PTR_NULL(strstr(strings, "ount=\""));
    free(strings);
    free(sheet);
    CU_ASSERT(cell_is(s, "B3", "s", "<t>1</t>") && cell_is(s, "B2", "s", "<t>N/A</t>"));
    CU_ASSERT(cell_is(s, "F100", "s", "<t>98</t>") && cell_is(s, "F101", "s", "<t>99</t>"));
    CU_ASSERT(is_empty_cell(s, "F97") && cell_is(s, "B99", "s", "<t>97</t>"));
    CU_ASSERT(sheet_has(s, "<dimension ref=\"A1:F101\"/>"));
    CU_ASSERT(part_has(s, "xl/tables/table1.xml", "ref=\"A1:F101\""));
    sample_free(s);
}

static void texts_stand_in_their_cells_where_that_is_wanted(void)
{
    sample *s = five_columns();
    s->request.presentation.xlsx.strings = YBB_STRINGS_INLINE;
    sample_row(s, "x", "free text", "1", NULL, NULL);
    encode(s);
    CU_ASSERT(cell_is(s, "B2", "inlineStr", "<is><t>free text</t>"));
    CU_ASSERT(cell_is(s, "A2", "inlineStr", "<is><t>x</t>"));
    CU_ASSERT(cell_is(s, "D2", "s", "<t>N/A</t>"));
    CU_ASSERT(!strings_have(s, "free text"));
    sample_free(s);
}

static void rows_are_split_over_sheets(void)
{
    char number[32];
    sample *s = five_columns();
    for (unsigned i = 1; i <= 25; i++) {
        snprintf(number, sizeof(number), "%u", i);
        sample_row(s, number, number, "1", NULL, NULL);
    }
    s->rows_per_sheet = 10;
    s->slice_rows = 4;
    s->first_record = 1000;
    encode(s);
    CU_ASSERT(cell_is(s, "A11", "", "10") && has_no_cell(s, "A12"));
    CU_ASSERT(part_has(s, "xl/worksheets/sheet2.xml", "<c r=\"A2\" s=\"3\"><v>11</v>"));
    CU_ASSERT(part_has(s, "xl/worksheets/sheet3.xml", "<c r=\"A6\" s=\"3\"><v>25</v>"));
    CU_ASSERT(part_has(s, "xl/worksheets/sheet3.xml", "<dimension ref=\"A1:E6\"/>"));
    CU_ASSERT(part_has(s, "xl/worksheets/sheet3.xml", "<row r=\"1\""));
    CU_ASSERT(part_has(s, "xl/tables/table3.xml", "ref=\"A1:E6\""));
    CU_ASSERT(part_has(s, "xl/workbook.xml", "name=\"People 3\""));
    CU_ASSERT_FALSE(part_exists(s, "xl/worksheets/sheet4.xml"));
    char *strings = sample_part(s, "xl/sharedStrings.xml");
    CU_ASSERT_EQUAL(count_of(strings, "<t>25</t>"), 1);
    free(strings);
    sample_free(s);
}

static void slices_make_the_same_book_in_any_order(void)
{
    char text[64];
    sample *s = five_columns();
    for (unsigned i = 0; i < 1000; i++) {
        snprintf(text, sizeof(text), "name %u of many & others", i * 7919 % 1009);
        sample_row(s, "1", text, "1.5", "2001-02-03", NULL);
    }
    s->slice_rows = 100;
    encode(s);
    ybb_buffer whole = s->bytes;
    s->bytes = (ybb_buffer){0};
    s->backwards = true;
    encode(s);
    CU_ASSERT_EQUAL_FATAL(s->bytes.length, whole.length);
    CU_ASSERT(memcmp(s->bytes.at, whole.at, whole.length) == 0);
    ybb__buffer_free(&whole);
    sample_free(s);
}

static void a_gzipped_book_has_the_same_parts(void)
{
    sample *s = five_columns();
    for (unsigned i = 0; i < 300; i++)
        sample_row(s, "1", "some name", "1.5", "2001-02-03", NULL);
    s->slice_rows = 50;
    encode(s);
    char *sheet = sample_part(s, "xl/worksheets/sheet1.xml");
    char *strings = sample_part(s, "xl/sharedStrings.xml");
    s->gzipped = true;
    encode(s);
    enum { ROOM = 1024 * 1024 };
    unsigned char *book = malloc(ROOM);
    z_stream stream = {.next_in = (unsigned char *)s->bytes.at,
                       .avail_in = (unsigned)s->bytes.length,
                       .next_out = book,
                       .avail_out = ROOM};
    CU_ASSERT_EQUAL_FATAL(inflateInit2(&stream, 15 + 16), Z_OK);
    CU_ASSERT_EQUAL_FATAL(inflate(&stream, Z_FINISH), Z_STREAM_END);
    ybb__buffer_clear(&s->bytes);
    ybb__buffer_put(&s->bytes, book, stream.total_out);
    inflateEnd(&stream);
    free(book);
    CU_ASSERT(same(sample_part(s, "xl/worksheets/sheet1.xml"), sheet, "the sheet"));
    CU_ASSERT(same(sample_part(s, "xl/sharedStrings.xml"), strings, "the strings"));
    free(sheet);
    free(strings);
    sample_free(s);
}

static void content_types_come_first(void)
{
    sample *s = five_columns();
    encode(s);
    CU_ASSERT(memcmp(s->bytes.at + 30, "[Content_Types].xml", 19) == 0);
    sample_free(s);
}

static void the_only_clock_is_the_start_of_the_export(void)
{
    sample *s = five_columns();
    encode(s);
    CU_ASSERT(part_has(s, "docProps/core.xml", ">2025-07-23T15:30:00Z</dcterms:created>"));
    CU_ASSERT(part_has(s, "docProps/core.xml", ">2025-07-23T15:30:00Z</dcterms:modified>"));
    sample_free(s);
}

static void the_header_is_frozen_and_printed_on_every_page(void)
{
    sample *s = five_columns();
    encode(s);
    CU_ASSERT(sheet_has(s, "<pane ySplit=\"1\""));
    CU_ASSERT(sheet_has(s, "orientation=\"landscape\""));
    CU_ASSERT(part_has(s, "xl/workbook.xml", "People!$1:$1"));
    CU_ASSERT(part_has(s, "xl/tables/table1.xml", "<autoFilter "));
    CU_ASSERT(part_has(s, "xl/tables/table1.xml", "showRowStripes=\"1\""));
    sample_free(s);
}

static void a_wide_sheet_takes_several_pages_that_each_say_whose_rows_they_are(void)
{
    sample *s = five_columns();
    encode(s);
    CU_ASSERT(sheet_has(s,
                        "<pageSetup paperSize=\"9\" fitToHeight=\"0\" pageOrder=\"overThenDown\" "
                        "orientation=\"landscape\"/>"));
    for (unsigned i = 0; i < 14; i++)
        sample_column(s, "Address", YBB_TYPE_TEXT)->width = 24;
    encode(s); /* 393 characters wide, the first two columns 16 */
    CU_ASSERT(sheet_has(s, "<pane xSplit=\"2\" ySplit=\"1\""));
    CU_ASSERT(part_has(s, "xl/workbook.xml", "People!$A:$B,People!$1:$1"));
    CU_ASSERT(sheet_has(s, "fitToWidth=\"3\" fitToHeight=\"0\" "));
    s->fields[0].width = 255; /* no room is left beside it */
    encode(s);
    CU_ASSERT(sheet_has(s, "<pane ySplit=\"1\""));
    sample_free(s);
}

/* Whether column @number is @fifths of a digit wide: so widths are counted, and to a dot of the
 * screen (a digit has 7, a column 5 more) and a 256th of a digit they are written. */
static bool is_wide(const sample *s, unsigned number, unsigned fifths)
{
    char wanted[64], mark[32];
    unsigned dots = (14 * fifths + 5) / 10 + 5;
    char *sheet = sample_part(s, "xl/worksheets/sheet1.xml");
    snprintf(mark, sizeof(mark), "<col min=\"%u\"", number);
    snprintf(wanted, sizeof(wanted), "%.16G", dots * 256 / 7 / 256.0);
    char *width = between(sheet, mark, " width=\"", "\"");
    bool is = same(width, wanted, mark);
    free(sheet);
    return is;
}

static void columns_are_as_wide_as_their_first_rows(void)
{
    enum { LOOKED_AT = 200 };
    sample *s = five_columns();
    sample_row(s, "123456789", "\u738b\u5c0f\u660e \u738b\u5c0f\u660e e\u0301", "-1234567.5",
               "2025-07-23", "2025-07-23 15:30:00");
    for (unsigned i = 1; i < LOOKED_AT; i++)
        sample_row(s, "1", "a", NULL, NULL, NULL);
    sample_row(s, "123456789012", "what comes later is not looked at", "1", NULL, NULL);
    encode(s);
    CU_ASSERT(is_wide(s, 1, 5 * (9 + 2 + 2)));     /* digits, two to grow, the indent */
    CU_ASSERT(is_wide(s, 2, 5 * (6 * 2 + 3 + 1))); /* wide ones count two, marks nothing */
    CU_ASSERT(is_wide(s, 3, 5 * (13 + 2 + 2)));    /* -1,234,567.50 */
    CU_ASSERT(is_wide(s, 4, 5 * (10 + 1)));
    CU_ASSERT(is_wide(s, 5, 5 * (19 + 1)));
    sample_free(s);
}

static void columns_are_no_narrower_than_their_headers_and_no_wider_than_sensible(void)
{
    sample *s = sample_new(YBB_EXCEL);
    sample_column(s, "Telephone", YBB_TYPE_TEXT);
    sample_column(s, "a header of more than forty characters, as nobody has", YBB_TYPE_TEXT);
    sample_column(s, "x", YBB_TYPE_TEXT);
    sample_column(s, "y", YBB_TYPE_TEXT)->wrap = true;
    sample_column(s, "z", YBB_TYPE_TEXT)->width = 12;
    sample_column(s, "0", YBB_TYPE_TEXT)->labels = (ybb_labels){some_labels, 3};
    const char *text =
        "a text of ninety characters, which is more than one wants to see of it in a "
        "table of many";
    sample_row(s, "1", "2", text, text, text, NULL);
    encode(s);
    CU_ASSERT(is_wide(s, 1, 5 * (9 + 4) + 1)); /* a capital, and the filter's button */
    CU_ASSERT(is_wide(s, 2, 5 * 40));
    CU_ASSERT(is_wide(s, 3, 5 * (48 + 1)));
    CU_ASSERT(is_wide(s, 4, 5 * 48));
    CU_ASSERT(is_wide(s, 5, 5 * 12));
    sample_free(s);
}

static void numbers_that_do_not_fit_are_shown_smaller(void)
{
    sample *s = five_columns();
    encode(s);
    char *styles = sample_part(s, "xl/styles.xml");
    unsigned found = 0;
    for (const char *at = styles; (at = strstr(at, "shrinkToFit=\"1\"")) != NULL; at++)
        found++;
    CU_ASSERT_EQUAL(found, 4); /* all columns but the texts */
    free(styles);
    sample_free(s);
}

/* The alignment of a cell's style, as XML. */
static bool is_aligned(const sample *s, const char *place, const char *alignment)
{
    char mark[32];
    char *sheet = sample_part(s, "xl/worksheets/sheet1.xml");
    char *styles = sample_part(s, "xl/styles.xml");
    snprintf(mark, sizeof(mark), "<c r=\"%s\" s=\"", place);
    char *number = between(sheet, mark, mark, "\"");
    const char *at = strstr(styles, "<cellXfs ");
    for (unsigned long style = strtoul(number, NULL, 10) + 1; at != NULL && style > 0; style--)
        at = strstr(at + 1, "<xf ");
    char *xf = at == NULL ? strdup("") : between(at, "<xf ", "<alignment ", "/>");
    bool is = *number != '\0' && same(strdup(xf), alignment, place);
    free(xf);
    free(number);
    free(styles);
    free(sheet);
    return is;
}

static void texts_stand_left_and_numbers_right_under_their_headers(void)
{
    sample *s = five_columns();
    sample_row(s, "1", "\u0625\u0633\u0631\u0627\u0621", "1", NULL, NULL);
    encode(s);
    CU_ASSERT(is_aligned(s, "A1", "horizontal=\"right\" vertical=\"center\" indent=\"2\""));
    CU_ASSERT(is_aligned(s, "A2", "horizontal=\"right\" indent=\"1\" shrinkToFit=\"1\""));
    CU_ASSERT(is_aligned(s, "B1", "vertical=\"center\""));
    CU_ASSERT(is_aligned(s, "B2", "horizontal=\"left\""));
    CU_ASSERT(is_aligned(s, "C1", "horizontal=\"right\" vertical=\"center\" indent=\"2\""));
    CU_ASSERT(is_aligned(s, "D1", "vertical=\"center\""));
    CU_ASSERT(is_aligned(s, "D2", "horizontal=\"left\" shrinkToFit=\"1\""));
    s->fields[0].labels = (ybb_labels){some_labels, 3}; /* a number that is shown as a text */
    encode(s);
    CU_ASSERT(is_aligned(s, "A1", "vertical=\"center\""));
    CU_ASSERT(is_aligned(s, "A2", "horizontal=\"left\""));
    sample_free(s);
}

static void wrapped_texts_have_rows_of_one_height(void)
{
    sample *s = five_columns();
    sample_row(s, "1", "x", "1", NULL, NULL);
    encode(s);
    CU_ASSERT(!sheet_has(s, "customHeight"));
    s->fields[1].wrap = true;
    encode(s);
    CU_ASSERT(sheet_has(s, "<row r=\"2\" ht=\"30\" customHeight=\"1\">"));
    CU_ASSERT(part_has(s, "xl/styles.xml", "wrapText=\"1\""));
    sample_free(s);
}

static void headers_of_a_table_differ(void)
{
    char longer[400];
    memset(longer, 'h', sizeof(longer) - 1);
    longer[sizeof(longer) - 1] = '\0';
    sample *s = sample_new(YBB_EXCEL);
    sample_column(s, "Name", YBB_TYPE_TEXT);
    sample_column(s, "NAME", YBB_TYPE_TEXT);
    sample_column(s, "name 2", YBB_TYPE_TEXT);
    sample_column(s, "", YBB_TYPE_TEXT);
    sample_column(s, "\xC3\x89t\xC3\xA9", YBB_TYPE_TEXT);
    sample_column(s, "\xC3\xA9T\xC3\x89", YBB_TYPE_TEXT);
    sample_column(s, "two\nlines <&> _x0041_", YBB_TYPE_TEXT);
    sample_column(s, longer, YBB_TYPE_TEXT);
    sample_column(s, longer, YBB_TYPE_TEXT);
    encode(s);
    CU_ASSERT(cell_is(s, "A1", "s", "<t>Name</t>"));
    CU_ASSERT(cell_is(s, "B1", "s", "<t>NAME 2</t>"));
    CU_ASSERT(cell_is(s, "C1", "s", "<t>name 2 2</t>"));
    CU_ASSERT(cell_is(s, "D1", "s", "<t>Column 4</t>"));
    CU_ASSERT(cell_is(s, "F1", "s", "<t>\xC3\xA9T\xC3\x89 2</t>"));
    CU_ASSERT(cell_is(s, "G1", "s", "<t>two\nlines &lt;&amp;&gt; _x005F_x0041_</t>"));
    CU_ASSERT(part_has(s, "xl/tables/table1.xml",
                       "name=\"two_x000a_lines &lt;&amp;&gt; _x005F_x0041_\""));
    char *table = sample_part(s, "xl/tables/table1.xml");
    char *shortened = between(table, "tableColumn id=\"8\"", "name=\"", "\"");
    CU_ASSERT_EQUAL(strlen(shortened), 255 + 2); /* with an ellipsis of 3 bytes and 1 unit */
    char *second = between(table, "tableColumn id=\"9\"", "name=\"", "\"");
    CU_ASSERT_STRING_EQUAL(second + strlen(second) - 5, "\xE2\x80\xA6 2");
    free(table);
    free(shortened);
    free(second);
    sample_free(s);
}

static void titles_make_names_of_sheets(void)
{
    static const char *const titles[][2] = {
        {"People", "People"},
        {"A/B [c]: *?\\", "A B  c"},
        {"", "Data"},
        {"'quoted'", "Data"},
        {"History", "Data"},
        {"Long Texts", "Data"},
        {"A title of more than thirty-one characters", "A title of more than thirty-one"}};
    for (size_t i = 0; i < sizeof(titles) / sizeof(titles[0]); i++) {
        char wanted[100];
        sample *s = five_columns();
        s->type.title = (ybb_words){{titles[i][0], titles[i][0]}};
        encode(s);
        snprintf(wanted, sizeof(wanted), "<sheet name=\"%s\"", titles[i][1]);
        CU_ASSERT(part_has(s, "xl/workbook.xml", wanted));
        sample_free(s);
    }
}

/* A text of @units units that ends in @end. */
static char *long_text(size_t units, const char *end)
{
    char *text = malloc(units + 1);
    if (text == NULL)
        abort();
    for (size_t i = 0; i < units; i++)
        text[i] = (char)('a' + i % 26);
    memcpy(text + units - strlen(end), end, strlen(end));
    text[units] = '\0';
    return text;
}

static void a_text_that_fits_stays_whole(void)
{
    char *text = long_text(CELL_UNITS, "end");
    sample *s = five_columns();
    sample_row(s, "1", text, "1", NULL, NULL);
    encode(s);
    CU_ASSERT(strings_have(s, "end</t>"));
    CU_ASSERT_EQUAL(s->notes.moved, 0);
    CU_ASSERT_FALSE(part_exists(s, "xl/worksheets/sheet2.xml"));
    sample_free(s);
    free(text);
}

/* The text that a cell and its parts in the sheet for long texts make together. */
static char *put_together(const sample *s, const char *cell, unsigned first_part_row)
{
    ybb_buffer whole = {0};
    char mark[32];
    char *sheet = sample_part(s, "xl/worksheets/sheet1.xml");
    char *parts = sample_part(s, "xl/worksheets/sheet2.xml");
    snprintf(mark, sizeof(mark), "<c r=\"%s\"", cell);
    char *index = between(sheet, mark, "<v>", "</v>");
    char *string = shared_string(s, strtoul(index, NULL, 10));
    char *begin = between(string, ">", ">", "\xE2\x80\xA6 (continues in sheet Long texts)");
    ybb__buffer_put_text(&whole, begin);
    free(index);
    free(string);
    free(begin);
    for (unsigned row = first_part_row;; row++) {
        snprintf(mark, sizeof(mark), "<c r=\"D%u\"", row);
        if (strstr(parts, mark) == NULL)
            break;
        index = between(parts, mark, "<v>", "</v>");
        string = shared_string(s, strtoul(index, NULL, 10));
        char *text = between(string, "<t>", ">", "</t>");
        ybb__buffer_put_text(&whole, text);
        free(index);
        free(string);
        free(text);
    }
    free(sheet);
    free(parts);
    char *text = ybb__buffer_take(&whole);
    if (text == NULL)
        abort();
    return text;
}

static void a_longer_text_goes_on_in_a_sheet_of_its_own(void)
{
    char *text = long_text(100000, "end");
    sample *s = five_columns();
    sample_row(s, "1", "short", "1", NULL, NULL);
    sample_row(s, "2", text, "1", NULL, NULL);
    encode(s);
    CU_ASSERT_EQUAL(s->notes.moved, 1);
    CU_ASSERT(part_has(s, "xl/workbook.xml", "name=\"Long texts\""));
    CU_ASSERT(part_has(s, "xl/_rels/workbook.xml.rels", "worksheets/sheet2.xml"));
    CU_ASSERT(part_has(s, "xl/worksheets/sheet2.xml", "<c r=\"A2\" s=\"9\"><v>3</v></c>"));
    CU_ASSERT(part_has(s, "xl/worksheets/sheet2.xml", "<c r=\"C2\" s=\"9\"><v>2</v></c>"));
    CU_ASSERT(part_has(s, "xl/worksheets/sheet2.xml", "<dimension ref=\"A1:D4\"/>"));
    CU_ASSERT(same(put_together(s, "B3", 2), text, "the long text"));
    char *strings = sample_part(s, "xl/sharedStrings.xml");
    char *sheet = sample_part(s, "xl/worksheets/sheet2.xml");
    CU_ASSERT_EQUAL(highest_string(sheet) + 1, count_of(strings, "<si>"));
    free(strings);
    free(sheet);
    sample_free(s);
    free(text);
}

static void a_pair_of_units_is_not_parted(void)
{
    ybb_buffer text = {0};
    for (unsigned i = 0; i < 40000; i++) /* 80,000 units */
        ybb__buffer_put_text(&text, "\xF0\x9F\x98\x80");
    sample *s = five_columns();
    sample_row(s, "2", ybb__buffer_text(&text), "1", NULL, NULL);
    encode(s);
    CU_ASSERT_EQUAL(s->notes.moved, 1);
    CU_ASSERT_EQUAL(s->notes.cleaned, 0);
    CU_ASSERT(same(put_together(s, "B2", 2), text.at, "the long text"));
    sample_free(s);
    ybb__buffer_free(&text);
}

static void long_texts_name_their_sheet_where_there_are_several(void)
{
    char *text = long_text(40000, "end");
    sample *s = five_columns();
    for (unsigned i = 0; i < 5; i++)
        sample_row(s, "1", i == 4 ? text : "short", "1", NULL, NULL);
    s->rows_per_sheet = 3;
    encode(s);
    CU_ASSERT(part_has(s, "xl/worksheets/sheet3.xml", "<c r=\"A2\" s=\"9\"><v>3</v></c>"));
    CU_ASSERT(part_has(s, "xl/worksheets/sheet3.xml", "<dimension ref=\"A1:E2\"/>"));
    char *sheet = sample_part(s, "xl/worksheets/sheet3.xml");
    char *index = between(sheet, "<c r=\"E2\"", "<v>", "</v>");
    CU_ASSERT(same(shared_string(s, strtoul(index, NULL, 10)), "<t>People 2</t>", "the sheet"));
    free(sheet);
    free(index);
    sample_free(s);
    free(text);
}

static void long_texts_may_stand_in_their_cells(void)
{
    char *text = long_text(40000, "end");
    sample *s = five_columns();
    s->request.presentation.xlsx.strings = YBB_STRINGS_INLINE;
    sample_row(s, "1", text, "1", NULL, NULL);
    encode(s);
    CU_ASSERT_EQUAL(s->notes.moved, 1);
    CU_ASSERT(sheet_has(s, "(continues in sheet Long texts)</t></is></c>"));
    CU_ASSERT(part_has(s, "xl/worksheets/sheet2.xml", "end</t></is></c>"));
    sample_free(s);
    free(text);
}

static void replaced_bytes_are_counted(void)
{
    sample *s = five_columns();
    sample_row(s, "1", "a\xFF\xFE", "1", NULL, NULL);
    sample_row(s, "1", "\xEF\xBF\xBD", "1", NULL, NULL); /* it was there already */
    sample_row(s, "1", "\x01\xEF\xBF\xBF", "1", NULL, NULL);
    encode(s);
    CU_ASSERT_EQUAL(s->notes.cleaned, 1);
    CU_ASSERT(cell_is(s, "B2", "s", "<t>a\xEF\xBF\xBD\xEF\xBF\xBD</t>"));
    CU_ASSERT(cell_is(s, "B4", "s", "<t>_x0001__xFFFF_</t>"));
    sample_free(s);
}

static void a_full_disk_is_reported(void)
{
    sample *s = five_columns();
    for (unsigned i = 0; i < 100; i++)
        sample_row(s, "1", "a text", "1", NULL, NULL);
    encode(s);
    size_t size = s->bytes.length;
    for (size_t limit = 0; limit < size; limit += 97) {
        s->sink_limit = limit;
        CU_ASSERT_EQUAL(sample_encode(s), YBB_OUTPUT_FULL);
    }
    sample_free(s);
}

static void what_no_sheet_holds_is_refused(void)
{
    char *label = long_text(CELL_UNITS + 1, "end");
    sample *s = five_columns();
    s->request.presentation.transforms.null_values = label;
    CU_ASSERT_EQUAL(sample_encode(s), YBB_TOO_LARGE);
    sample_free(s);
    free(label);
}

/* Widths from that of a narrow column to the widest, in the steps that columns are measured in. */
enum { WIDTHS = 1236 };

static double width_at(uint32_t column)
{
    return (40 + column) / 5.0;
}

static void make_wide_book(const char *path)
{
    lxw_workbook *book = workbook_new(path);
    lxw_worksheet *sheet = workbook_add_worksheet(book, NULL);
    for (uint32_t i = 0; i < WIDTHS; i++)
        CU_ASSERT_EQUAL(worksheet_set_column(sheet, (lxw_col_t)i, (lxw_col_t)i, width_at(i), NULL),
                        LXW_NO_ERROR);
    CU_ASSERT_EQUAL_FATAL(workbook_close(book), LXW_NO_ERROR);
}

static void widths_are_stored_as_libxlsxwriter_stores_them(void)
{
    char path[256];
    double widths[WIDTHS];
    ybb_buffer book = {0};
    ybb_archive *zip;
    ybb_part part = {0};
    snprintf(path, sizeof(path), "%s/widths.xlsx", test_folder());
    make_wide_book(path);
    read_file(path, &book);
    remove(path);
    CU_ASSERT_EQUAL_FATAL(ybb__archive_open(&zip, &book, NULL), YBB_OK);
    CU_ASSERT_EQUAL(ybb__archive_part(zip, "xl/worksheets/sheet1.xml", &part.bytes, NULL), YBB_OK);
    char *before = strdup(ybb__buffer_text(&part.bytes));
    for (uint32_t i = 0; i < WIDTHS; i++)
        widths[i] = 1;
    CU_ASSERT_EQUAL(ybb__sheet_widen(&part, widths, WIDTHS, NULL), YBB_OK);
    CU_ASSERT_STRING_NOT_EQUAL(part.bytes.at, before);
    for (uint32_t i = 0; i < WIDTHS; i++)
        widths[i] = width_at(i);
    CU_ASSERT_EQUAL(ybb__sheet_widen(&part, widths, WIDTHS, NULL), YBB_OK);
    CU_ASSERT_STRING_EQUAL(part.bytes.at, before);
    free(before);
    ybb__archive_close(zip);
    ybb__buffer_free(&part.bytes);
    ybb__buffer_free(&book);
}

/* A locale with a decimal comma: an installed one, or one made for the test. */
static const char *set_comma_locale(void)
{
    const char *set = setlocale(LC_ALL, "de_DE.UTF-8");
    if (set == NULL && have_program("localedef") &&
        run_shell("localedef -i de_DE -f UTF-8 ./de_DE.UTF-8") == 0) {
        setenv("LOCPATH", test_folder(), 1);
        set = setlocale(LC_ALL, "de_DE.UTF-8");
    }
    return set;
}

static void the_locale_of_the_host_does_not_matter(void)
{
    const char *set = set_comma_locale();
    if (set == NULL) {
        skip_test("no locale with a decimal comma is installed");
        return;
    }
    sample *s = five_columns();
    s->fields[1].width = 20;
    sample_row(s, "1", "x", "1.5", "2025-07-23", "2025-07-23 15:30:00");
    encode(s);
    CU_ASSERT(cell_is(s, "C2", "", "1.5"));
    CU_ASSERT(sheet_has(s, "width=\"20.7109375\""));
    char number[16];
    snprintf(number, sizeof(number), "%.1f", 1.5);
    CU_ASSERT_STRING_EQUAL(number, "1,5"); /* it is the host's again */
    setlocale(LC_ALL, "C");
    sample_free(s);
}

/* Texts that break careless writers, put together from pieces that do. */
enum { NASTY = 6000, MOST_PIECES = 9 };

static const char *const nasty_pieces[] = {
    "_", "x", "_x", "_x0041_", "_x005F_", "_x00", "41_", "_xZZZZ_", "_X0041_", "x0041_", "__",
    "_x0001", "_x005F", "&", "<", ">", "&amp;", "]]>", "\"", "'", " ", "  ", "\t", "\n", "\r",
    "\r\n", "\x01", "\x08", "\x0B", "\x0C", "\x0E", "\x1F", "\x7F", "a",
    "plain words of some length here", "0123456789abcde", "0123456789abcdef", "\xC3\xA9",
    "\xD8\xB9\xD8\xB1\xD8\xA8\xD9\x8A", "\xE2\x80\x8F", "\xE7\x8E\x8B", "\xED\x9F\xBF",
    "\xEE\x80\x80", "\xEF\xBF\xBD", "\xEF\xBF\xBE", "\xEF\xBF\xBF", "\xF0\x9F\x98\x80",
    "\xF4\x8F\xBF\xBF", "\xC2\x80", "\xE2\x80\xA8",
    /* no characters: */
    "\xFF", "\xC0\x80", "\xE2\x82", "\xED\xA0\x80", "\xF0\x9F\x98", "\xF4\x90\x80\x80", "\x80",
    "\xEF\xBF", "\xC3"};

static void put_hex(FILE *file, const char *at, size_t length)
{
    for (size_t i = 0; i < length; i++)
        fprintf(file, "%02x", (unsigned char)at[i]);
    fputc('\n', file);
}

static void add_nasty_text(sample *s, FILE *expected, unsigned number)
{
    char text[MOST_PIECES * 32];
    size_t length = 0;
    unsigned state = number * 2654435761U;
    if (number < 256) {
        text[length++] = (char)number; /* every byte by itself, NUL too */
    } else {
        for (unsigned i = 0; i <= number % MOST_PIECES; i++) {
            const char *piece =
                nasty_pieces[state % (sizeof(nasty_pieces) / sizeof(nasty_pieces[0]))];
            memcpy(text + length, piece, strlen(piece));
            length += strlen(piece);
            state = state / 61 + number * 40503U + i;
        }
    }
    put_hex(expected, text, length);
    sample_cell(s, "1", 1);
    sample_cell(s, text, length);
    sample_end_row(s);
}

static void every_text_reads_back(void)
{
    const char *source = getenv("YBB_SOURCE_DIR");
    char line[1024];
    if (!have_program("python3")) {
        skip_test("there is no python3");
        return;
    }
    snprintf(line, sizeof(line), "python3 '%s/tests/unit/read_texts.py' book expected",
             source != NULL ? source : ".");
    for (int in_place = 0; in_place < 2; in_place++) {
        FILE *expected = fopen(in_folder("expected"), "we");
        CU_ASSERT_PTR_NOT_NULL_FATAL(expected);
        sample *s = sample_new(YBB_EXCEL);
        sample_column(s, "ID", YBB_TYPE_INTEGER);
        /* texts in a column of numbers stand in their cells */
        sample_column(s, "Text", in_place ? YBB_TYPE_DATE : YBB_TYPE_TEXT);
        for (unsigned i = 0; i < NASTY; i++)
            add_nasty_text(s, expected, i);
        fclose(expected);
        encode(s);
        write_file("book", s->bytes.at, s->bytes.length);
        CU_ASSERT_EQUAL(run_shell(line), 0);
        sample_free(s);
    }
}

static void nothing_is_left_in_the_folder(void)
{
    sample *s = five_columns();
    sample_row(s, "1", "x", "1.5", "2025-07-23", "2025-07-23 15:30:00");
    encode(s);
    CU_ASSERT_EQUAL(
        run_shell("test -z \"$(ls -A | grep -vxE 'output|book|expected|de_DE.UTF-8')\""), 0);
    sample_free(s);
}

static const ybb_test tests[] = {
    TEST(an_empty_result_has_its_header_alone),
    TEST(integers_are_numbers_up_to_15_digits),
    TEST(decimals_beyond_a_double_are_texts),
    TEST(dates_are_serial_from_march_1900_on),
    TEST(whole_seconds_are_never_shown_a_second_early),
    TEST(formats_are_those_of_the_request),
    TEST(formats_that_would_break_a_book_are_mended),
    TEST(months_are_not_taken_for_minutes),
    TEST(texts_are_never_numbers_or_formulas),
    TEST(white_space_at_the_ends_is_kept),
    TEST(null_is_its_text_and_empty_is_a_cell_without_value),
    TEST(labels_are_shared_strings),
    TEST(booleans_are_words),
    TEST(cases_take_no_strings),
    TEST(shared_strings_add_up),
    TEST(texts_stand_in_their_cells_where_that_is_wanted),
    TEST(rows_are_split_over_sheets),
    TEST(slices_make_the_same_book_in_any_order),
    TEST(a_gzipped_book_has_the_same_parts),
    TEST(content_types_come_first),
    TEST(the_only_clock_is_the_start_of_the_export),
    TEST(the_header_is_frozen_and_printed_on_every_page),
    TEST(columns_are_as_wide_as_their_first_rows),
    TEST(columns_are_no_narrower_than_their_headers_and_no_wider_than_sensible),
    TEST(numbers_that_do_not_fit_are_shown_smaller),
    TEST(a_wide_sheet_takes_several_pages_that_each_say_whose_rows_they_are),
    TEST(texts_stand_left_and_numbers_right_under_their_headers),
    TEST(wrapped_texts_have_rows_of_one_height),
    TEST(headers_of_a_table_differ),
    TEST(titles_make_names_of_sheets),
    TEST(a_text_that_fits_stays_whole),
    TEST(a_longer_text_goes_on_in_a_sheet_of_its_own),
    TEST(a_pair_of_units_is_not_parted),
    TEST(long_texts_name_their_sheet_where_there_are_several),
    TEST(long_texts_may_stand_in_their_cells),
    TEST(replaced_bytes_are_counted),
    TEST(a_full_disk_is_reported),
    TEST(what_no_sheet_holds_is_refused),
    TEST(widths_are_stored_as_libxlsxwriter_stores_them),
    TEST(the_locale_of_the_host_does_not_matter),
    TEST(every_text_reads_back),
    TEST(nothing_is_left_in_the_folder),
};

int main(void)
{
    int status = RUN_TESTS("encode xlsx", tests);
    remove_folder();
    return status;
}
