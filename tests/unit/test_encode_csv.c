#include "encode_helpers.h"
#include "pack_helpers.h"
#include "runner.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <zlib.h>

#define BOM "\xEF\xBB\xBF"

/* Whether the file is the text. */
static bool file_is(sample *s, const char *text)
{
    CU_ASSERT_EQUAL_FATAL(sample_encode(s), YBB_OK);
    bool same = s->bytes.length == strlen(text) && memcmp(s->bytes.at, text, s->bytes.length) == 0;
    if (!same)
        printf("# the file is <%.*s>\n", (int)s->bytes.length, s->bytes.at);
    return same;
}

/* A file with one column of texts and no marks around its lines. */
static sample *one_column(void)
{
    sample *s = sample_new(YBB_CSV);
    sample_column(s, "T", YBB_TYPE_TEXT);
    s->request.presentation.csv.bom = s->request.presentation.csv.crlf = false;
    return s;
}

/* Whether the text is written as @wanted. */
static bool text_becomes(const char *text, const char *wanted)
{
    char file[256];
    sample *s = one_column();
    sample_row(s, text);
    snprintf(file, sizeof(file), "T\n%s\n", wanted);
    bool same = file_is(s, file);
    sample_free(s);
    return same;
}

static bool value_becomes(ybb_field_type type, uint8_t scale, const char *text, const char *wanted)
{
    char file[256];
    sample *s = one_column();
    s->fields[0].type = type;
    s->fields[0].scale = scale;
    sample_row(s, text);
    snprintf(file, sizeof(file), "T\n%s\n", wanted);
    bool same = file_is(s, file);
    sample_free(s);
    return same;
}

static void a_file_begins_with_its_mark_and_header(void)
{
    sample *s = sample_new(YBB_CSV);
    sample_column(s, "ID", YBB_TYPE_INTEGER);
    sample_column(s, "Full, Name", YBB_TYPE_TEXT);
    CU_ASSERT(file_is(s, BOM "ID,\"Full, Name\"\r\n"));
    sample_row(s, "1", "Ann");
    CU_ASSERT(file_is(s, BOM "ID,\"Full, Name\"\r\n1,Ann\r\n"));
    sample_free(s);
}

static void delimiters_quotes_and_line_ends_are_quoted(void)
{
    CU_ASSERT(text_becomes("a,b", "\"a,b\""));
    CU_ASSERT(text_becomes("say \"hi\"", "\"say \"\"hi\"\"\""));
    CU_ASSERT(text_becomes("\"", "\"\"\"\""));
    CU_ASSERT(text_becomes("a\nb", "\"a\nb\""));
    CU_ASSERT(text_becomes("a\rb", "\"a\rb\""));
    CU_ASSERT(text_becomes(" a ;b ", " a ;b "));
    CU_ASSERT(
        text_becomes("a text of more than sixty-four bytes, so that it is searched another way",
                     "\"a text of more than sixty-four bytes, so that it is searched another "
                     "way\""));
    CU_ASSERT(
        text_becomes("a text of more than sixty-four bytes; nothing in it needs a quote at all",
                     "a text of more than sixty-four bytes; nothing in it needs a quote at "
                     "all"));
}

static void texts_that_would_run_are_guarded(void)
{
    CU_ASSERT(text_becomes("=1+1", "'=1+1"));
    CU_ASSERT(text_becomes("@SUM(A1)", "'@SUM(A1)"));
    CU_ASSERT(text_becomes("-cmd", "'-cmd"));
    CU_ASSERT(text_becomes("+a", "'+a"));
    CU_ASSERT(text_becomes("\tx", "'\tx"));
    CU_ASSERT(text_becomes("\rx", "\"'\rx\""));
    CU_ASSERT(text_becomes("\n=x", "\"'\n=x\""));
    CU_ASSERT(text_becomes("\xEF\xBC\x9D"
                           "1",
                           "'\xEF\xBC\x9D"
                           "1")); /* full-width = */
    CU_ASSERT(text_becomes("\xEF\xBC\x8B"
                           "1",
                           "'\xEF\xBC\x8B"
                           "1"));
    CU_ASSERT(text_becomes("\xEF\xBC\x8D"
                           "1",
                           "'\xEF\xBC\x8D"
                           "1"));
    CU_ASSERT(text_becomes("\xEF\xBC\xA0"
                           "1",
                           "'\xEF\xBC\xA0"
                           "1"));
    CU_ASSERT(text_becomes("=a,b", "\"'=a,b\""));
    CU_ASSERT(text_becomes(" =1", " =1"));
    CU_ASSERT(text_becomes("a=1", "a=1"));
    CU_ASSERT(text_becomes("'=1", "'=1"));
}

static void telephone_numbers_are_not_guarded(void)
{
    CU_ASSERT(text_becomes("+62 812-3456-7890", "+62 812-3456-7890"));
    CU_ASSERT(text_becomes("-(021) 555.12", "-(021) 555.12"));
    CU_ASSERT(text_becomes("-", "-"));
    CU_ASSERT(text_becomes("+62 812 ext 5", "'+62 812 ext 5"));
    CU_ASSERT(text_becomes("+62,812", "\"'+62,812\""));
    CU_ASSERT(text_becomes("=62", "'=62"));
    CU_ASSERT(text_becomes("++62", "'++62")); /* one sign at most */
    CU_ASSERT(text_becomes("+62\n", "\"'+62\n\""));
}

static void guarded_texts_are_counted(void)
{
    sample *s = one_column();
    sample_row(s, "=1");
    sample_row(s, "ok");
    sample_row(s, "@x");
    CU_ASSERT_EQUAL(sample_encode(s), YBB_OK);
    CU_ASSERT_EQUAL(s->notes.guarded, 2);
    CU_ASSERT_EQUAL(s->notes.cleaned, 0);
    s->request.presentation.csv.formula_guard = false;
    CU_ASSERT(file_is(s, "T\n=1\nok\n@x\n"));
    CU_ASSERT_EQUAL(s->notes.guarded, 0);
    sample_free(s);
}

static void headers_and_labels_are_guarded_too(void)
{
    sample *s = one_column();
    s->columns[0].header = "=T";
    s->request.presentation.transforms.null_values = "@none";
    sample_row(s, NULL);
    CU_ASSERT(file_is(s, "'=T\n'@none\n"));
    CU_ASSERT_EQUAL(s->notes.guarded, 0); /* they are no cells of the data */
    sample_free(s);
}

static void columns_of_numbers_are_not_guarded(void)
{
    CU_ASSERT(value_becomes(YBB_TYPE_INTEGER, 0, "-5", "-5"));
    CU_ASSERT(value_becomes(YBB_TYPE_DECIMAL, 2, "-0.5", "-0.50"));
    CU_ASSERT(value_becomes(YBB_TYPE_INTEGER, 0, "=5", "'=5")); /* this is none */
    CU_ASSERT(value_becomes(YBB_TYPE_INTEGER, 0, "00123", "123"));
    CU_ASSERT(value_becomes(YBB_TYPE_INTEGER, 0, "5.5", "5.5"));
    CU_ASSERT(value_becomes(YBB_TYPE_INTEGER, 0, "18446744073709551615", "18446744073709551615"));
}

static void amounts_are_plain_with_their_places(void)
{
    CU_ASSERT(value_becomes(YBB_TYPE_DECIMAL, 2, "150000", "150000.00"));
    CU_ASSERT(value_becomes(YBB_TYPE_DECIMAL, 2, "1234567.5", "1234567.50"));
    CU_ASSERT(value_becomes(YBB_TYPE_DECIMAL, 2, "0.125", "0.125")); /* nothing is cut */
    CU_ASSERT(value_becomes(YBB_TYPE_DECIMAL, 2, "1.5e3", "1500.00"));
    CU_ASSERT(value_becomes(YBB_TYPE_DECIMAL, 2, "1e-3", "0.001"));
    CU_ASSERT(value_becomes(YBB_TYPE_DECIMAL, 2, "-0.00", "0.00"));
    CU_ASSERT(value_becomes(YBB_TYPE_DECIMAL, 0, "7", "7"));
    CU_ASSERT(value_becomes(YBB_TYPE_DECIMAL, 2, "12345678901234567890123456789012345.12",
                            "12345678901234567890123456789012345.12"));
    CU_ASSERT(value_becomes(YBB_TYPE_DECIMAL, 2, ".", "."));
    CU_ASSERT(value_becomes(YBB_TYPE_DECIMAL, 2, "1e", "1e"));
}

static void a_decimal_comma_is_quoted_where_it_parts_fields(void)
{
    sample *s = sample_new(YBB_CSV);
    sample_column(s, "A", YBB_TYPE_DECIMAL)->scale = 2;
    sample_column(s, "B", YBB_TYPE_INTEGER);
    s->request.presentation.csv = (ybb_csv_options){.delimiter = ',', .decimal_point = ','};
    sample_row(s, "1.5", "2");
    CU_ASSERT(file_is(s, "A,B\n\"1,50\",2\n"));
    s->request.presentation.csv.delimiter = ';';
    CU_ASSERT(file_is(s, "A;B\n1,50;2\n"));
    sample_free(s);
}

static void dates_follow_their_formats(void)
{
    sample *s = sample_new(YBB_CSV);
    sample_column(s, "A", YBB_TYPE_DATE);
    sample_column(s, "B", YBB_TYPE_DATETIME);
    s->request.presentation.csv = (ybb_csv_options){.delimiter = ','};
    s->request.presentation.transforms.date_format = "DD/MM/YYYY";
    s->request.presentation.transforms.datetime_format = "YYYYMMDD'T'HH:mm:ss\x01";
    sample_row(s, "0987-03-04", "2025-07-23 05:06:07");
    sample_row(s, "2025-07-23 23:59:59.5", "2025-07-23");
    sample_row(s, "0000-00-00", "0000-00-00 00:00:00");
    sample_row(s, "2025-02-30", "=now");
    CU_ASSERT(file_is(s, "A,B\n04/03/0987,20250723'T'05:06:07\n23/07/2025,20250723'T'00:00:00\n"
                         "N/A,N/A\n2025-02-30,=now\n"));
    s->request.presentation.csv.formula_guard = true;
    CU_ASSERT(file_is(s, "A,B\n04/03/0987,20250723'T'05:06:07\n23/07/2025,20250723'T'00:00:00\n"
                         "N/A,N/A\n2025-02-30,'=now\n"));
    sample_free(s);
}

static void labels_and_booleans_take_the_place_of_values(void)
{
    static const ybb_label labels[] = {{"0", {{"No, not yet", "Belum"}}},
                                       {"1", {{"Done", "Sudah"}}}};
    sample *s = sample_new(YBB_CSV);
    sample_column(s, "A", YBB_TYPE_INTEGER)->labels = (ybb_labels){labels, 2};
    sample_column(s, "B", YBB_TYPE_BOOLEAN);
    sample_column(s, "C", YBB_TYPE_BOOLEAN)->labels = (ybb_labels){labels, 2};
    s->request.presentation.csv = (ybb_csv_options){.delimiter = ','};
    sample_row(s, "0", "1", "1");
    sample_row(s, "1", "0", "0");
    sample_row(s, "2", "2", "2");
    sample_row(s, NULL, NULL, NULL);
    CU_ASSERT(file_is(s, "A,B,C\n\"No, not yet\",Yes,Done\nDone,No,\"No, not yet\"\n2,2,2\n"
                         "N/A,N/A,N/A\n"));
    s->request.language = YBB_INDONESIAN;
    CU_ASSERT(file_is(s, "A,B,C\nBelum,Yes,Sudah\nSudah,No,Belum\n2,2,2\nN/A,N/A,N/A\n"));
    sample_free(s);
}

static void an_empty_text_stays_empty(void)
{
    sample *s = sample_new(YBB_CSV);
    sample_column(s, "A", YBB_TYPE_TEXT);
    sample_column(s, "B", YBB_TYPE_TEXT);
    s->request.presentation.csv = (ybb_csv_options){.delimiter = ','};
    sample_row(s, "", NULL);
    CU_ASSERT(file_is(s, "A,B\n,N/A\n"));
    s->request.presentation.transforms.null_values = "";
    CU_ASSERT(file_is(s, "A,B\n,\n"));
    sample_free(s);
}

static void a_line_is_never_empty(void)
{
    CU_ASSERT(text_becomes("", "\"\"")); /* readers pass over an empty line */
}

static void every_field_is_quoted_where_that_is_wanted(void)
{
    sample *s = sample_new(YBB_CSV);
    sample_column(s, "A", YBB_TYPE_INTEGER);
    sample_column(s, "B", YBB_TYPE_TEXT);
    s->request.presentation.csv =
        (ybb_csv_options){.delimiter = ';', .quote_all = true, .crlf = true};
    sample_row(s, "1", NULL);
    CU_ASSERT(file_is(s, "\"A\";\"B\"\r\n\"1\";\"N/A\"\r\n"));
    sample_free(s);
}

static void a_delimiter_may_be_part_of_a_number(void)
{
    sample *s = sample_new(YBB_CSV);
    sample_column(s, "A", YBB_TYPE_INTEGER);
    sample_column(s, "B", YBB_TYPE_DATE);
    s->request.presentation.csv = (ybb_csv_options){.delimiter = '-'};
    sample_row(s, "-1", "2025-07-23");
    CU_ASSERT(file_is(s, "A-B\n\"-1\"-\"2025-07-23\"\n"));
    sample_free(s);
}

static void what_is_no_text_becomes_a_replacement(void)
{
    sample *s = one_column();
    sample_cell(s, "a\xFF\"b\0c", 6);
    sample_end_row(s);
    sample_row(s, "\xED\xA0\x80"); /* half of a surrogate pair */
    sample_row(s, "caf\xC3\xA9 \xF0\x9F\x98\x80");
    CU_ASSERT(file_is(s, "T\n\"a\xEF\xBF\xBD\"\"b\xEF\xBF\xBD"
                         "c\"\n"
                         "\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD\n"
                         "caf\xC3\xA9 \xF0\x9F\x98\x80\n"));
    CU_ASSERT_EQUAL(s->notes.cleaned, 2);
    sample_free(s);
}

static void slices_make_the_same_file_in_any_order(void)
{
    char text[64];
    sample *s = sample_new(YBB_CSV);
    sample_column(s, "N", YBB_TYPE_INTEGER);
    sample_column(s, "T", YBB_TYPE_TEXT);
    for (unsigned i = 0; i < 500; i++) {
        snprintf(text, sizeof(text), "%u", i * 7919);
        sample_row(s, text, text);
    }
    CU_ASSERT_EQUAL(sample_encode(s), YBB_OK);
    ybb_buffer whole = s->bytes;
    s->bytes = (ybb_buffer){0};
    s->slice_rows = 7;
    s->backwards = true;
    CU_ASSERT_EQUAL(sample_encode(s), YBB_OK);
    CU_ASSERT_EQUAL_FATAL(s->bytes.length, whole.length);
    CU_ASSERT(memcmp(s->bytes.at, whole.at, whole.length) == 0);
    ybb__buffer_free(&whole);
    sample_free(s);
}

static void a_gzipped_file_holds_the_same(void)
{
    unsigned char plain[4096];
    sample *s = sample_new(YBB_CSV);
    sample_column(s, "A", YBB_TYPE_TEXT);
    for (unsigned i = 0; i < 100; i++)
        sample_row(s, "the same again");
    s->slice_rows = 9;
    CU_ASSERT_EQUAL(sample_encode(s), YBB_OK);
    ybb_buffer whole = s->bytes;
    s->bytes = (ybb_buffer){0};
    s->gzipped = true;
    CU_ASSERT_EQUAL(sample_encode(s), YBB_OK);
    z_stream stream = {.next_in = (unsigned char *)s->bytes.at,
                       .avail_in = (unsigned)s->bytes.length,
                       .next_out = plain,
                       .avail_out = sizeof(plain)};
    CU_ASSERT_EQUAL_FATAL(inflateInit2(&stream, 15 + 16), Z_OK);
    CU_ASSERT_EQUAL(inflate(&stream, Z_FINISH), Z_STREAM_END);
    CU_ASSERT_EQUAL_FATAL(stream.total_out, whole.length);
    CU_ASSERT(memcmp(plain, whole.at, whole.length) == 0);
    inflateEnd(&stream);
    ybb__buffer_free(&whole);
    sample_free(s);
}

static void a_full_disk_is_reported(void)
{
    sample *s = one_column();
    sample_row(s, "a text");
    s->sink_limit = 5;
    CU_ASSERT_EQUAL(sample_encode(s), YBB_OUTPUT_FULL);
    s->sink_limit = 1;
    CU_ASSERT_EQUAL(sample_encode(s), YBB_OUTPUT_FULL);
    sample_free(s);
}

#ifndef HAVE_PDF
static void formats_that_are_not_built_are_refused(void)
{
    sample *s = sample_new(YBB_PDF);
    sample_column(s, "A", YBB_TYPE_TEXT);
    CU_ASSERT_EQUAL(sample_encode(s), YBB_UNSUPPORTED);
    sample_free(s);
}
#endif

static const ybb_test tests[] = {
    TEST(a_file_begins_with_its_mark_and_header),
    TEST(delimiters_quotes_and_line_ends_are_quoted),
    TEST(texts_that_would_run_are_guarded),
    TEST(telephone_numbers_are_not_guarded),
    TEST(guarded_texts_are_counted),
    TEST(headers_and_labels_are_guarded_too),
    TEST(columns_of_numbers_are_not_guarded),
    TEST(amounts_are_plain_with_their_places),
    TEST(a_decimal_comma_is_quoted_where_it_parts_fields),
    TEST(dates_follow_their_formats),
    TEST(labels_and_booleans_take_the_place_of_values),
    TEST(an_empty_text_stays_empty),
    TEST(a_line_is_never_empty),
    TEST(every_field_is_quoted_where_that_is_wanted),
    TEST(a_delimiter_may_be_part_of_a_number),
    TEST(what_is_no_text_becomes_a_replacement),
    TEST(slices_make_the_same_file_in_any_order),
    TEST(a_gzipped_file_holds_the_same),
    TEST(a_full_disk_is_reported),
#ifndef HAVE_PDF
    TEST(formats_that_are_not_built_are_refused),
#endif
};

int main(void)
{
    int status = RUN_TESTS("encode csv", tests);
    remove_folder();
    return status;
}
