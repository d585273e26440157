/*
 * Zip and gzip streams, read back by Info-ZIP, Python, Java and gzip.
 */
#include "pack/gzip.h"
#include "pack/zip.h"

#include "pack/dos_time.h"
#include "pack_helpers.h"
#include "runner.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const int64_t july = 1753284600LL * 1000000 + 999999; /* 2025-07-23T15:30:00.999999Z */

static const char sheet_name[] = "xl/worksheets/sheet1.xml";
static const char other_name[] = "xl/na\xc3\xafve \xe2\x82\xac.xml"; /* naïve, a euro sign */
enum { RUNS = 5, RUN_LENGTH = 150000, HEAD_LENGTH = 700000 };

static void put_sheet(ybb_zip *zip, ybb_chain chain, size_t step, ybb_buffer *content)
{
    ybb_deflate *deflate = ybb__deflate_new();
    ybb_run run = {0};
    ybb_buffer scratch = {0};
    char *head = make_content(CONTENT_ROWS, HEAD_LENGTH, 1);
    CU_ASSERT_EQUAL(ybb__zip_begin(zip, sheet_name, NULL), YBB_OK);
    for (size_t at = 0; at < HEAD_LENGTH; at += step)
        CU_ASSERT_EQUAL(
            ybb__zip_bytes(zip, head + at, HEAD_LENGTH - at < step ? HEAD_LENGTH - at : step, NULL),
            YBB_OK);
    ybb__buffer_put(content, head, HEAD_LENGTH);
    for (unsigned i = 0; i < RUNS; i++) {
        char *rows = make_content((content_kind)(i % CONTENT_KINDS), RUN_LENGTH, i);
        CU_ASSERT_EQUAL(ybb__run_pack(&run, deflate, chain, rows, RUN_LENGTH, &scratch, NULL),
                        YBB_OK);
        CU_ASSERT_EQUAL(ybb__zip_run(zip, &run, NULL), YBB_OK);
        ybb__buffer_put(content, rows, RUN_LENGTH);
        free(rows);
    }
    CU_ASSERT_EQUAL(ybb__zip_bytes(zip, "</sheetData>", 12, NULL), YBB_OK);
    ybb__buffer_put(content, "</sheetData>", 12);
    CU_ASSERT_EQUAL(ybb__zip_end(zip, NULL), YBB_OK);
    free(head);
    ybb__run_free(&run);
    ybb__buffer_free(&scratch);
    ybb__deflate_free(deflate);
}

static void put_part(ybb_zip *zip, const char *name, const char *text)
{
    CU_ASSERT_EQUAL(ybb__zip_begin(zip, name, NULL), YBB_OK);
    CU_ASSERT_EQUAL(ybb__zip_bytes(zip, text, strlen(text), NULL), YBB_OK);
    CU_ASSERT_EQUAL(ybb__zip_end(zip, NULL), YBB_OK);
}

/* A book of three parts; @content gets the sheet. */
static void make_book(ybb_sink *sink, ybb_chain chain, size_t step, ybb_buffer *content)
{
    ybb_zip *zip =
        ybb__zip_new(sink, july, chain == YBB_CHAIN_ZIP ? YBB_DEFLATE_FAST : YBB_DEFLATE_STORE);
    put_part(zip, "[Content_Types].xml", "<Types/>");
    put_sheet(zip, chain, step, content);
    put_part(zip, other_name, "");
    CU_ASSERT_EQUAL(ybb__zip_finish(zip, NULL), YBB_OK);
    ybb__zip_free(zip);
}

static void make_gzipped_book(ybb_sink *sink, size_t step, ybb_buffer *content)
{
    ybb_gzip *gzip = ybb__gzip_new(sink, "book.xlsx", july);
    make_book(ybb__gzip_sink(gzip), YBB_CHAIN_ZIP_GZIP, step, content);
    CU_ASSERT_EQUAL(ybb__gzip_finish(gzip, NULL), YBB_OK);
    ybb__gzip_free(gzip);
}

/* book.xlsx in the test's folder, and what its sheet holds in sheet.xml. */
static void write_book(void)
{
    memory_sink sink;
    ybb_buffer content = {0};
    memory_sink_open(&sink);
    make_book(&sink.sink, YBB_CHAIN_ZIP, 100000, &content);
    write_file("book.xlsx", sink.bytes.at, sink.bytes.length);
    write_file("sheet.xml", content.at, content.length);
    memory_sink_free(&sink);
    ybb__buffer_free(&content);
}

static void unzip_reads_the_book(void)
{
    if (!have_program("unzip")) {
        skip_test("unzip is missing");
        return;
    }
    write_book();
    CU_ASSERT_EQUAL(run_shell("unzip -tqq book.xlsx"), 0);
    CU_ASSERT_EQUAL(run_shell("unzip -p book.xlsx xl/worksheets/sheet1.xml | cmp - sheet.xml"), 0);
}

static const char python_reads[] =
    "import sys, zipfile\n"
    "book = zipfile.ZipFile(sys.argv[1])\n"
    "assert book.testzip() is None\n"
    "assert book.namelist() == ['[Content_Types].xml', 'xl/worksheets/sheet1.xml',\n"
    "    'xl/na\\u00efve \\u20ac.xml'], book.namelist()\n"
    "assert book.read('xl/worksheets/sheet1.xml') == open('sheet.xml', 'rb').read()\n"
    "for part in book.infolist():\n"
    "    assert part.date_time == (2025, 7, 23, 15, 30, 0), part.date_time\n"
    "    assert part.flag_bits == 0x0808, part.flag_bits\n"
    "    assert part.compress_type == 8 and part.extract_version == 20\n"
    "    assert part.extra == b'' and part.comment == b''\n";

static void python_reads_the_book(void)
{
    if (!have_program("python3")) {
        skip_test("python3 is missing");
        return;
    }
    write_book();
    write_file("read.py", python_reads, strlen(python_reads));
    CU_ASSERT_EQUAL(run_shell("python3 read.py book.xlsx"), 0);
}

static const char java_reads[] =
    "import java.io.*; import java.util.zip.*;\n"
    "public class Read { public static void main(String[] a) throws Exception {\n"
    "  ZipInputStream zip = new ZipInputStream(new BufferedInputStream(System.in));\n"
    "  int parts = 0;\n"
    "  for (ZipEntry part; (part = zip.getNextEntry()) != null; parts++) {\n"
    "    byte[] all = zip.readAllBytes();\n"
    "    if (part.getName().endsWith(\"sheet1.xml\"))\n"
    "      try (FileOutputStream out = new FileOutputStream(\"java.xml\")) { out.write(all); } }\n"
    "  if (parts != 3) throw new Exception(parts + \" parts\"); } }\n";

/* From a pipe: nothing can seek there, so it lives by the data descriptors. */
static void java_reads_the_book_from_a_pipe(void)
{
    if (!have_program("java") || !have_program("javac")) {
        skip_test("java is missing");
        return;
    }
    write_book();
    write_file("Read.java", java_reads, strlen(java_reads));
    CU_ASSERT_EQUAL(run_shell("javac Read.java && cat book.xlsx | java -Xint -cp . Read"), 0);
    CU_ASSERT_EQUAL(run_shell("cmp java.xml sheet.xml"), 0);
}

static void funzip_reads_a_part_from_a_pipe(void)
{
    if (!have_program("funzip")) {
        skip_test("funzip is missing");
        return;
    }
    memory_sink sink;
    ybb_buffer content = {0};
    memory_sink_open(&sink);
    ybb_zip *zip = ybb__zip_new(&sink.sink, july, YBB_DEFLATE_FAST);
    put_sheet(zip, YBB_CHAIN_ZIP, 1000, &content);
    CU_ASSERT_EQUAL(ybb__zip_finish(zip, NULL), YBB_OK);
    ybb__zip_free(zip);
    write_file("one.zip", sink.bytes.at, sink.bytes.length);
    write_file("sheet.xml", content.at, content.length);
    CU_ASSERT_EQUAL(run_shell("cat one.zip | funzip | cmp - sheet.xml"), 0);
    memory_sink_free(&sink);
    ybb__buffer_free(&content);
}

static void a_book_has_the_same_bytes_however_they_were_handed_over(void)
{
    for (int gzipped = 0; gzipped < 2; gzipped++) {
        memory_sink first, second;
        ybb_buffer content = {0};
        memory_sink_open(&first);
        memory_sink_open(&second);
        if (gzipped) {
            make_gzipped_book(&first.sink, HEAD_LENGTH, &content);
            make_gzipped_book(&second.sink, 777, &content);
        } else {
            make_book(&first.sink, YBB_CHAIN_ZIP, HEAD_LENGTH, &content);
            make_book(&second.sink, YBB_CHAIN_ZIP, 777, &content);
        }
        CU_ASSERT_EQUAL(first.bytes.length, second.bytes.length);
        CU_ASSERT_EQUAL(memcmp(first.bytes.at, second.bytes.at, first.bytes.length), 0);
        memory_sink_free(&first);
        memory_sink_free(&second);
        ybb__buffer_free(&content);
    }
}

/* What a spool does: the sums at once, the bytes in other pieces. */
static void a_run_played_back_in_pieces_gives_the_same_book(void)
{
    memory_sink whole, pieces;
    ybb_deflate *deflate = ybb__deflate_new();
    ybb_run total = {0}, part = {0}, run = {0};
    ybb_buffer scratch = {0};
    memory_sink_open(&whole);
    memory_sink_open(&pieces);
    ybb_zip *zip = ybb__zip_new(&whole.sink, july, YBB_DEFLATE_FAST);
    CU_ASSERT_EQUAL(ybb__zip_begin(zip, sheet_name, NULL), YBB_OK);
    for (unsigned i = 0; i < RUNS; i++) {
        char *rows = make_content(CONTENT_ROWS, 50000 + i, i);
        CU_ASSERT_EQUAL(
            ybb__run_pack(&run, deflate, YBB_CHAIN_ZIP, rows, 50000 + i, &scratch, NULL), YBB_OK);
        CU_ASSERT_EQUAL(ybb__zip_run(zip, &run, NULL), YBB_OK);
        ybb__run_add_sums(&total, &run);
        ybb__buffer_put(&total.bytes, run.bytes.at, run.bytes.length);
        free(rows);
    }
    CU_ASSERT_EQUAL(ybb__zip_end(zip, NULL), YBB_OK);
    CU_ASSERT_EQUAL(ybb__zip_finish(zip, NULL), YBB_OK);
    ybb__zip_free(zip);
    zip = ybb__zip_new(&pieces.sink, july, YBB_DEFLATE_FAST);
    CU_ASSERT_EQUAL(ybb__zip_begin(zip, sheet_name, NULL), YBB_OK);
    for (size_t at = 0; at < total.bytes.length; at += part.bytes.length) {
        size_t left = total.bytes.length - at;
        ybb__run_clear(&part);
        ybb__buffer_put(&part.bytes, total.bytes.at + at, left < 1000 ? left : 1000);
        CU_ASSERT_EQUAL(ybb__zip_run(zip, &part, NULL), YBB_OK);
    }
    ybb__buffer_free(&total.bytes);
    CU_ASSERT_EQUAL(ybb__zip_run(zip, &total, NULL), YBB_OK);
    CU_ASSERT_EQUAL(ybb__zip_end(zip, NULL), YBB_OK);
    CU_ASSERT_EQUAL(ybb__zip_finish(zip, NULL), YBB_OK);
    ybb__zip_free(zip);
    CU_ASSERT_EQUAL(whole.bytes.length, pieces.bytes.length);
    CU_ASSERT_EQUAL(memcmp(whole.bytes.at, pieces.bytes.at, whole.bytes.length), 0);
    ybb__run_free(&run);
    ybb__run_free(&part);
    ybb__buffer_free(&scratch);
    ybb__deflate_free(deflate);
    memory_sink_free(&whole);
    memory_sink_free(&pieces);
}

static ybb_status end_entry_of(uint64_t raw, uint64_t packed, ybb_error *error)
{
    memory_sink sink;
    const ybb_run run = {.raw_length = raw, .inner_length = packed};
    memory_sink_open(&sink);
    ybb_zip *zip = ybb__zip_new(&sink.sink, july, YBB_DEFLATE_FAST);
    ybb_status status = ybb__zip_begin(zip, "a", error);
    if (status == YBB_OK)
        status = ybb__zip_run(zip, &run, error);
    if (status == YBB_OK)
        status = ybb__zip_end(zip, error);
    if (status == YBB_OK)
        status = ybb__zip_finish(zip, error);
    ybb__zip_free(zip);
    memory_sink_free(&sink);
    return status;
}

static void a_zip_of_4_gib_is_too_large(void)
{
    enum { AROUND = 30 + 1 + 2 + 16 + 46 + 1 + 22 }; /* headers, name, end block, directory */
    ybb_error error = {0};
    CU_ASSERT_EQUAL(end_entry_of(UINT32_MAX - 1, 1000, NULL), YBB_OK);
    CU_ASSERT_EQUAL(end_entry_of(UINT32_MAX, 1000, &error), YBB_TOO_LARGE);
    CU_ASSERT_PTR_NOT_NULL(strstr(error.message, "\"a\""));
    CU_ASSERT_EQUAL(end_entry_of(1u << 31, UINT32_MAX, NULL), YBB_TOO_LARGE);
    CU_ASSERT_EQUAL(end_entry_of(1u << 31, UINT32_MAX - 1 - AROUND, NULL), YBB_OK);
    CU_ASSERT_EQUAL(end_entry_of(1u << 31, UINT32_MAX - AROUND, NULL), YBB_TOO_LARGE);
    CU_ASSERT_EQUAL(end_entry_of(UINT64_MAX / 2, 0, NULL), YBB_TOO_LARGE);
}

static void a_zip_of_65535_entries_is_too_large(void)
{
    memory_sink sink;
    ybb_error error = {0};
    memory_sink_open(&sink);
    ybb_zip *zip = ybb__zip_new(&sink.sink, july, YBB_DEFLATE_FAST);
    ybb_status status = YBB_OK;
    for (unsigned i = 0; i < 65534 && status == YBB_OK; i++) {
        char name[16];
        snprintf(name, sizeof(name), "%u", i);
        status = ybb__zip_begin(zip, name, NULL);
        if (status == YBB_OK)
            status = ybb__zip_end(zip, NULL);
    }
    CU_ASSERT_EQUAL(status, YBB_OK);
    CU_ASSERT_EQUAL(ybb__zip_begin(zip, "one more", &error), YBB_TOO_LARGE);
    CU_ASSERT_EQUAL(error.status, YBB_TOO_LARGE);
    ybb__zip_free(zip);
    memory_sink_free(&sink);
}

static void calls_out_of_turn_are_internal_errors(void)
{
    memory_sink sink;
    const ybb_run run = {0};
    char *name = make_content(CONTENT_ROWS, 65536, 1);
    memory_sink_open(&sink);
    ybb_zip *zip = ybb__zip_new(&sink.sink, july, YBB_DEFLATE_FAST);
    CU_ASSERT_EQUAL(ybb__zip_bytes(zip, "a", 1, NULL), YBB_INTERNAL);
    CU_ASSERT_EQUAL(ybb__zip_run(zip, &run, NULL), YBB_INTERNAL);
    CU_ASSERT_EQUAL(ybb__zip_end(zip, NULL), YBB_INTERNAL);
    CU_ASSERT_EQUAL(ybb__zip_begin(zip, name, NULL), YBB_INTERNAL);
    CU_ASSERT_EQUAL(ybb__zip_begin(zip, "a", NULL), YBB_OK);
    CU_ASSERT_EQUAL(ybb__zip_begin(zip, "b", NULL), YBB_INTERNAL);
    CU_ASSERT_EQUAL(ybb__zip_finish(zip, NULL), YBB_INTERNAL);
    ybb__zip_free(zip);
    ybb__zip_free(NULL);
    ybb__gzip_free(NULL);
    memory_sink_free(&sink);
    free(name);
}

static void what_stops_the_sink_stops_the_zip_and_the_gzip(void)
{
    memory_sink whole;
    ybb_buffer content = {0};
    memory_sink_open(&whole);
    make_gzipped_book(&whole.sink, 5000, &content);
    for (uint64_t limit = 0; limit < whole.bytes.length; limit += 1 + whole.bytes.length / 40) {
        memory_sink sink;
        ybb_error error = {0};
        memory_sink_open(&sink);
        sink.limit = limit;
        ybb_gzip *gzip = ybb__gzip_new(&sink.sink, "a", july);
        ybb_zip *zip = ybb__zip_new(ybb__gzip_sink(gzip), july, YBB_DEFLATE_STORE);
        ybb_status status = ybb__zip_begin(zip, "a", &error);
        for (size_t at = 0; at < content.length && status == YBB_OK; at += 100000)
            status =
                ybb__zip_bytes(zip, content.at + at,
                               content.length - at < 100000 ? content.length - at : 100000, &error);
        if (status == YBB_OK)
            status = ybb__zip_end(zip, &error);
        if (status == YBB_OK)
            status = ybb__zip_finish(zip, &error);
        if (status == YBB_OK)
            status = ybb__gzip_finish(gzip, &error);
        CU_ASSERT_EQUAL(status, YBB_OUTPUT_FULL);
        CU_ASSERT_STRING_EQUAL(error.message, "the sink is full");
        ybb__zip_free(zip);
        ybb__gzip_free(gzip);
        memory_sink_free(&sink);
    }
    memory_sink_free(&whole);
    ybb__buffer_free(&content);
}

static uint32_t dos(unsigned year, unsigned month, unsigned day, unsigned hour, unsigned minute,
                    unsigned second)
{
    return (year - 1980) << 25 | month << 21 | day << 16 | hour << 11 | minute << 5 | second / 2;
}

static void entry_times_are_utc_and_clamped(void)
{
    const int64_t second = 1000000;
    CU_ASSERT_EQUAL(ybb__dos_time(july), dos(2025, 7, 23, 15, 30, 0));
    CU_ASSERT_EQUAL(ybb__dos_time(july + second), dos(2025, 7, 23, 15, 30, 0));
    CU_ASSERT_EQUAL(ybb__dos_time(july + 2 * second), dos(2025, 7, 23, 15, 30, 2));
    CU_ASSERT_EQUAL(ybb__dos_time(951868799 * second), dos(2000, 2, 29, 23, 59, 58));
    CU_ASSERT_EQUAL(ybb__dos_time(0), dos(1980, 1, 1, 0, 0, 0));
    CU_ASSERT_EQUAL(ybb__dos_time(INT64_MIN), dos(1980, 1, 1, 0, 0, 0));
    CU_ASSERT_EQUAL(ybb__dos_time(315532799 * second), dos(1980, 1, 1, 0, 0, 0));
    CU_ASSERT_EQUAL(ybb__dos_time(315532802 * second), dos(1980, 1, 1, 0, 0, 2));
    CU_ASSERT_EQUAL(ybb__dos_time(4354819199 * second), dos(2107, 12, 31, 23, 59, 58));
    CU_ASSERT_EQUAL(ybb__dos_time(4354819200 * second), dos(2107, 12, 31, 23, 59, 58));
    CU_ASSERT_EQUAL(ybb__dos_time(INT64_MAX), dos(2107, 12, 31, 23, 59, 58));
}

static void a_gzipped_book_is_a_gzip_of_a_zip(void)
{
    memory_sink sink;
    ybb_buffer content = {0};
    if (!have_program("gzip") || !have_program("unzip") || !have_program("python3")) {
        skip_test("gzip, unzip or python3 is missing");
        return;
    }
    memory_sink_open(&sink);
    make_gzipped_book(&sink.sink, 5000, &content);
    write_file("book.xlsx.gz", sink.bytes.at, sink.bytes.length);
    write_file("sheet.xml", content.at, content.length);
    write_file("read.py", python_reads, strlen(python_reads));
    CU_ASSERT_EQUAL(run_shell("gzip -t book.xlsx.gz && gzip -dc book.xlsx.gz > inner.xlsx"), 0);
    CU_ASSERT_EQUAL(run_shell("unzip -tqq inner.xlsx"), 0);
    CU_ASSERT_EQUAL(run_shell("python3 read.py inner.xlsx"), 0);
    CU_ASSERT_TRUE(sink.bytes.length < content.length);
    memory_sink_free(&sink);
    ybb__buffer_free(&content);
}

static void gzip_joins_bytes_and_runs(void)
{
    memory_sink sink;
    ybb_run run = {0};
    ybb_buffer scratch = {0};
    ybb_deflate *deflate = ybb__deflate_new();
    if (!have_program("gzip")) {
        skip_test("gzip is missing");
        return;
    }
    char *content = make_content(CONTENT_ROWS, 1000000, 8);
    memory_sink_open(&sink);
    ybb_gzip *gzip = ybb__gzip_new(&sink.sink, "rows.csv", july);
    ybb_sink *into = ybb__gzip_sink(gzip);
    CU_ASSERT_EQUAL(into->write(into, content, 300000, NULL), YBB_OK);
    CU_ASSERT_EQUAL(
        ybb__run_pack(&run, deflate, YBB_CHAIN_GZIP, content + 300000, 400000, &scratch, NULL),
        YBB_OK);
    CU_ASSERT_EQUAL(into->write_run(into, &run, NULL), YBB_OK);
    CU_ASSERT_EQUAL(into->write(into, content + 700000, 1, NULL), YBB_OK);
    CU_ASSERT_EQUAL(into->write(into, content + 700001, 299999, NULL), YBB_OK);
    CU_ASSERT_EQUAL(ybb__gzip_content_length(gzip), 1000000);
    CU_ASSERT_EQUAL(ybb__gzip_finish(gzip, NULL), YBB_OK);
    write_file("rows.csv.gz", sink.bytes.at, sink.bytes.length);
    write_file("expected.csv", content, 1000000);
    CU_ASSERT_EQUAL(run_shell("gzip -dc rows.csv.gz | cmp - expected.csv"), 0);
    CU_ASSERT_EQUAL(run_shell("rm -f rows.csv && gzip -dN rows.csv.gz && test -f rows.csv"), 0);
    ybb__gzip_free(gzip);
    ybb__run_free(&run);
    ybb__buffer_free(&scratch);
    ybb__deflate_free(deflate);
    memory_sink_free(&sink);
    free(content);
}

static void header_of(const char *name, int64_t time, ybb_buffer *out)
{
    memory_sink sink;
    memory_sink_open(&sink);
    ybb_gzip *gzip = ybb__gzip_new(&sink.sink, name, time);
    CU_ASSERT_EQUAL(ybb__gzip_finish(gzip, NULL), YBB_OK);
    ybb__gzip_free(gzip);
    *out = sink.bytes;
}

static void a_gzip_header_has_the_name_and_the_time_that_its_fields_can_hold(void)
{
    static const struct {
        const char *name;
        int64_t time;
        const char *header;
        size_t length;
    } cases[] = {
        {"a.csv", 1753284600LL * 1000000,
         "\x1f\x8b\x08\x08\xf8\xff\x80\x68\x04\xff"
         "a.csv",
         16},
        {"na\xc3\xafve.csv", 0, "\x1f\x8b\x08\x00\0\0\0\0\x04\xff", 10},
        {"", -5, "\x1f\x8b\x08\x00\0\0\0\0\x04\xff", 10},
        {"a\nb", INT64_MAX, "\x1f\x8b\x08\x00\0\0\0\0\x04\xff", 10},
        {"b", 4294967295LL * 1000000,
         "\x1f\x8b\x08\x08\xff\xff\xff\xff\x04\xff"
         "b",
         12},
        {"b", 4294967296LL * 1000000,
         "\x1f\x8b\x08\x08\0\0\0\0\x04\xff"
         "b",
         12},
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        ybb_buffer out;
        header_of(cases[i].name, cases[i].time, &out);
        CU_ASSERT_EQUAL(out.length, cases[i].length + 2 + 8);
        CU_ASSERT_EQUAL(memcmp(out.at, cases[i].header, cases[i].length), 0);
        CU_ASSERT_EQUAL(memcmp(out.at + cases[i].length, "\x03\0\0\0\0\0\0\0\0\0", 10), 0);
        ybb__buffer_free(&out);
    }
}

static void gzip_content_may_pass_4_gib(void)
{
    memory_sink sink;
    const ybb_run run = {.inner_length = (5ULL << 30) + 3, .inner_crc = 0x12345678};
    memory_sink_open(&sink);
    ybb_gzip *gzip = ybb__gzip_new(&sink.sink, "a", 0);
    ybb_sink *into = ybb__gzip_sink(gzip);
    CU_ASSERT_EQUAL(into->write_run(into, &run, NULL), YBB_OK);
    CU_ASSERT_EQUAL(ybb__gzip_content_length(gzip), (5ULL << 30) + 3);
    CU_ASSERT_EQUAL(ybb__gzip_finish(gzip, NULL), YBB_OK);
    CU_ASSERT_EQUAL(
        memcmp(sink.bytes.at + sink.bytes.length - 8, "\x78\x56\x34\x12\x03\0\0\x40", 8), 0);
    ybb__gzip_free(gzip);
    memory_sink_free(&sink);
}

int main(void)
{
    static const ybb_test tests[] = {
        TEST(unzip_reads_the_book),
        TEST(python_reads_the_book),
        TEST(java_reads_the_book_from_a_pipe),
        TEST(funzip_reads_a_part_from_a_pipe),
        TEST(a_book_has_the_same_bytes_however_they_were_handed_over),
        TEST(a_run_played_back_in_pieces_gives_the_same_book),
        TEST(a_zip_of_4_gib_is_too_large),
        TEST(a_zip_of_65535_entries_is_too_large),
        TEST(calls_out_of_turn_are_internal_errors),
        TEST(what_stops_the_sink_stops_the_zip_and_the_gzip),
        TEST(entry_times_are_utc_and_clamped),
        TEST(a_gzipped_book_is_a_gzip_of_a_zip),
        TEST(gzip_joins_bytes_and_runs),
        TEST(a_gzip_header_has_the_name_and_the_time_that_its_fields_can_hold),
        TEST(gzip_content_may_pass_4_gib),
    };
    int status = RUN_TESTS("pack zip and gzip", tests);
    remove_folder();
    return status;
}
