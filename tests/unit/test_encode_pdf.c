#include "encode/decimal.h"
#include "encode/pdf_layout.h"
#include "encode/pdf_values.h"
#include "encode_helpers.h"
#include "pack_helpers.h"
#include "runner.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* How often the text stands in the file. Objects that are not packed show it. */
static unsigned count_of(const sample *s, const char *text)
{
    unsigned count = 0;
    size_t length = strlen(text);
    for (size_t at = 0; at + length <= s->bytes.length; at++)
        count += memcmp(s->bytes.at + at, text, length) == 0;
    return count;
}

static unsigned page_count(const sample *s)
{
    return count_of(s, "/Type /Page ");
}

static sample *two_columns(void)
{
    sample *s = sample_new(YBB_PDF);
    sample_column(s, "ID", YBB_TYPE_INTEGER);
    sample_column(s, "Name", YBB_TYPE_TEXT);
    return s;
}

/* Names in five scripts, so that some need shaping and numbers of their own. */
static void add_rows(sample *s, unsigned from, unsigned to)
{
    static const char *const names[] = {"Ann O'Neil", "محمد بن عبد الله", "王小明",
                                        "Łukasz e\u0301", "สมชาย"};
    for (unsigned i = from; i <= to; i++) {
        char id[16];
        snprintf(id, sizeof(id), "%u", i);
        sample_row(s, id, names[i % 5]);
    }
}

static void a_file_without_rows_is_a_page(void)
{
    sample *s = two_columns();
    CU_ASSERT_EQUAL_FATAL(sample_encode(s), YBB_OK);
    CU_ASSERT_EQUAL(page_count(s), 1);
    CU_ASSERT_EQUAL(memcmp(s->bytes.at, "%PDF-1.5\n", 9), 0);
    CU_ASSERT_EQUAL(memcmp(s->bytes.at + s->bytes.length - 6, "%%EOF\n", 6), 0);
    CU_ASSERT_EQUAL(count_of(s, "/MediaBox [0 0 595.28 841.89]"), 1);
    CU_ASSERT_EQUAL(count_of(s, "/Lang (en)"), 1);
    sample_free(s);
}

static void paper_is_as_asked_for(void)
{
    sample *s = two_columns();
    add_rows(s, 1, 3);
    s->request.presentation.pdf =
        (ybb_pdf_options){YBB_PAPER_LETTER, YBB_TURN_LANDSCAPE, YBB_FORM_TABLE};
    CU_ASSERT_EQUAL_FATAL(sample_encode(s), YBB_OK);
    CU_ASSERT_EQUAL(count_of(s, "/MediaBox [0 0 792 612]"), 1);
    sample_free(s);
}

/* Rows in slices of @rows, encoded from the last to the first, give the same bytes as @as. */
static void assert_same(sample *s, uint32_t rows, const ybb_buffer *as)
{
    s->slice_rows = rows;
    s->backwards = true;
    CU_ASSERT_EQUAL_FATAL(sample_encode(s), YBB_OK);
    CU_ASSERT_EQUAL_FATAL(s->bytes.length, as->length);
    CU_ASSERT_EQUAL(memcmp(s->bytes.at, as->at, as->length), 0);
}

static void slices_make_the_same_file_in_any_order_and_size(void)
{
    static const ybb_pdf_form forms[] = {YBB_FORM_TABLE, YBB_FORM_CARDS};
    for (size_t i = 0; i < sizeof(forms) / sizeof(forms[0]); i++) {
        sample *s = two_columns();
        add_rows(s, 1, 700);
        s->request.presentation.pdf.form = forms[i];
        CU_ASSERT_EQUAL_FATAL(sample_encode(s), YBB_OK);
        CU_ASSERT_TRUE(page_count(s) > 10);
        ybb_buffer whole = s->bytes;
        s->bytes = (ybb_buffer){0};
        assert_same(s, 250, &whole);
        assert_same(s, 333, &whole);
        ybb__buffer_free(&whole);
        sample_free(s);
    }
}

static void a_file_has_no_more_pages_than_it_may(void)
{
    sample *s = two_columns();
    add_rows(s, 1, 200);
    s->request.pdf_max_pages = 2;
    CU_ASSERT_EQUAL(sample_encode(s), YBB_TOO_LARGE);
    CU_ASSERT_PTR_NOT_NULL(strstr(s->error.message, "at most 2 pages"));
    CU_ASSERT_STRING_EQUAL(s->error.suggestion, "multi_file");
    s->request.pdf_max_pages = 20;
    CU_ASSERT_EQUAL(sample_encode(s), YBB_OK);
    sample_free(s);
}

/* How many of @rows rows a new file of the sample's request holds. */
static uint32_t fitting(sample *s, uint32_t rows)
{
    memory_sink memory;
    ybb_piece piece = {0};
    ybb_encoder *encoder = NULL;
    ybb_error error = {0};
    const ybb_file_plan file = {.plan = &s->plan, .records = rows};
    memory_sink_open(&memory);
    add_rows(s, s->all.main.rows + 1, rows);
    CU_ASSERT_EQUAL_FATAL(ybb__encoder_open(&encoder, &file, &memory.sink, -1, &error), YBB_OK);
    CU_ASSERT_EQUAL_FATAL(ybb__encoder_look(encoder, &s->all, &error), YBB_OK);
    CU_ASSERT_EQUAL_FATAL(ybb__encoder_encode(encoder, &s->all, &piece, &error), YBB_OK);
    uint32_t count = ybb__encoder_fitting(encoder, &piece);
    ybb__piece_free(&piece);
    ybb__encoder_free(encoder);
    ybb__buffer_free(&memory.bytes);
    return count;
}

static sample *rows_of(uint32_t rows, ybb_pdf_form form, uint64_t pages)
{
    sample *s = two_columns();
    add_rows(s, 1, rows);
    s->request.presentation.pdf.form = form;
    s->request.pdf_max_pages = pages;
    return s;
}

/* So many records have the pages, and one more has not. */
static void as_many_records_fit_as_there_are_pages_for(void)
{
    static const ybb_pdf_form forms[] = {YBB_FORM_TABLE, YBB_FORM_CARDS};
    for (size_t i = 0; i < sizeof(forms) / sizeof(forms[0]); i++) {
        sample *all = rows_of(0, forms[i], 3);
        uint32_t count = fitting(all, 600);
        CU_ASSERT_TRUE_FATAL(count > 10 && count < 600);
        sample *these = rows_of(count, forms[i], 3), *more = rows_of(count + 1, forms[i], 3);
        CU_ASSERT_EQUAL(sample_encode(these), YBB_OK);
        CU_ASSERT_EQUAL(page_count(these), 3);
        CU_ASSERT_EQUAL(sample_encode(more), YBB_TOO_LARGE);
        these->request.pdf_max_pages = 4;
        CU_ASSERT_EQUAL(fitting(these, count), count);
        sample_free(all);
        sample_free(these);
        sample_free(more);
    }
}

static void cells_with_missing_glyphs_and_broken_bytes_are_counted(void)
{
    static const char *const dejavu[] = {"/usr/share/fonts/truetype/dejavu/DejaVuSans.ttf"};
    sample *s = two_columns();
    s->fonts = (ybb_pdf_font_list){.regular = {dejavu, 1}};
    sample_row(s, "1", "王小明 王");
    sample_row(s, "2", "देव");
    sample_row(s, "3", "a\xFFz");
    sample_row(s, "4", "plain");
    CU_ASSERT_EQUAL_FATAL(sample_encode(s), YBB_OK);
    CU_ASSERT_EQUAL(s->notes.missing_cjk, 1);
    CU_ASSERT_EQUAL(s->notes.missing, 1);
    CU_ASSERT_EQUAL(s->notes.cleaned, 1);
    sample_free(s);
}

static void without_fonts_nothing_is_written(void)
{
    sample *s = two_columns();
    s->fonts = (ybb_pdf_font_list){.regular = {NULL, 0}};
    CU_ASSERT_EQUAL(sample_encode(s), YBB_UNSUPPORTED);
    sample_free(s);
}

static void a_full_disk_is_reported(void)
{
    sample *s = two_columns();
    add_rows(s, 1, 100);
    CU_ASSERT_EQUAL_FATAL(sample_encode(s), YBB_OK);
    const size_t limits[] = {1, 1000, s->bytes.length / 2, s->bytes.length - 1};
    for (size_t i = 0; i < sizeof(limits) / sizeof(limits[0]); i++) {
        s->sink_limit = limits[i];
        CU_ASSERT_EQUAL(sample_encode(s), YBB_OUTPUT_FULL);
    }
    sample_free(s);
}

/* A row that is taller than a page goes on in the next. */
static void a_tall_row_takes_several_pages(void)
{
    ybb_buffer text = {0};
    sample *s = two_columns();
    for (int i = 0; i < 300; i++)
        ybb__buffer_put_text(&text, "line\n");
    sample_row(s, "1", ybb__buffer_text(&text));
    s->request.presentation.pdf.form = YBB_FORM_TABLE;
    CU_ASSERT_EQUAL_FATAL(sample_encode(s), YBB_OK);
    CU_ASSERT_TRUE(page_count(s) > 3);
    s->request.presentation.pdf.form = YBB_FORM_CARDS;
    CU_ASSERT_EQUAL_FATAL(sample_encode(s), YBB_OK);
    CU_ASSERT_TRUE(page_count(s) > 3);
    ybb__buffer_free(&text);
    sample_free(s);
}

/* An essay is laid out some paragraphs after the other. */
static void memory_does_not_follow_the_longest_essay(void)
{
    static const char words[] = "محمد 王小明 hello Привет ";
    memory_sink memory;
    ybb_buffer text = {0};
    ybb_piece piece = {0};
    ybb_encoder *encoder = NULL;
    sample *s = rows_of(0, YBB_FORM_CARDS, 1000);
    const ybb_file_plan file = {.plan = &s->plan, .records = 1};
    for (int i = 0; i < 20000; i++)
        ybb__buffer_put_text(&text, i % 50 == 49 ? "\n" : words);
    sample_row(s, "1", ybb__buffer_text(&text));
    memory_sink_open(&memory);
    CU_ASSERT_EQUAL_FATAL(ybb__encoder_open(&encoder, &file, &memory.sink, -1, &s->error), YBB_OK);
    CU_ASSERT_EQUAL_FATAL(ybb__encoder_look(encoder, &s->all, &s->error), YBB_OK);
    CU_ASSERT_EQUAL_FATAL(ybb__encoder_encode(encoder, &s->all, &piece, &s->error), YBB_OK);
    CU_ASSERT_TRUE(text.length > 600000);
    CU_ASSERT_TRUE(piece.desk_size < 5 * text.length); /* the value, and shapes of a part of it */
    ybb__piece_free(&piece);
    ybb__encoder_free(encoder);
    ybb__buffer_free(&memory.bytes);
    ybb__buffer_free(&text);
    sample_free(s);
}

/* --- the layout --- */

typedef struct laid {
    ybb_arena arena;
    ybb_pdf_layout layout;
} laid;

static laid lay_out(const ybb_pdf_wish *wishes, uint32_t count, ybb_pdf_options options)
{
    laid l = {.arena = {0}};
    CU_ASSERT_FATAL(ybb__pdf_layout_choose(&l.layout, &l.arena, wishes, count, &options));
    return l;
}

/* Columns beside each other, inside of the page. */
static void assert_in_order(const ybb_pdf_layout *layout)
{
    int32_t x = 0;
    for (uint32_t i = 0; i < layout->count; i++) {
        CU_ASSERT_TRUE(layout->columns[i].x >= x);
        CU_ASSERT_TRUE(layout->columns[i].width > 0);
        x = layout->columns[i].x + layout->columns[i].width;
    }
    CU_ASSERT_TRUE(x <= layout->inner_width);
    CU_ASSERT_TRUE(x > layout->inner_width - 2 * YBB_PDF_PADDING);
}

static void few_columns_stand_upright_and_many_lie(void)
{
    ybb_pdf_wish wishes[12];
    for (size_t i = 0; i < 12; i++)
        wishes[i] = (ybb_pdf_wish){.width = 8000, .longest = 8000, .word = 4000};
    laid few = lay_out(wishes, 4, (ybb_pdf_options){0});
    CU_ASSERT_TRUE(few.layout.page_width < few.layout.page_height);
    CU_ASSERT_FALSE(few.layout.cards);
    CU_ASSERT_EQUAL(few.layout.size, 800);
    assert_in_order(&few.layout);
    laid many = lay_out(wishes, 12, (ybb_pdf_options){0});
    CU_ASSERT_TRUE(many.layout.page_width > many.layout.page_height);
    CU_ASSERT_FALSE(many.layout.cards);
    assert_in_order(&many.layout);
    ybb__arena_free(&few.arena);
    ybb__arena_free(&many.arena);
}

static void columns_that_do_not_fit_become_cards(void)
{
    ybb_pdf_wish wishes[30];
    for (size_t i = 0; i < 30; i++)
        wishes[i] = (ybb_pdf_wish){.width = 9000, .longest = 9000, .word = 9000};
    laid cards = lay_out(wishes, 30, (ybb_pdf_options){0});
    CU_ASSERT_TRUE(cards.layout.cards);
    laid table = lay_out(wishes, 30, (ybb_pdf_options){.form = YBB_FORM_TABLE});
    CU_ASSERT_FALSE(table.layout.cards);
    assert_in_order(&table.layout);
    ybb__arena_free(&cards.arena);
    ybb__arena_free(&table.arena);
}

/* Of what does not fit, the widest columns give way. */
static void a_table_that_is_asked_for_keeps_its_narrow_columns_whole(void)
{
    ybb_pdf_wish wishes[25];
    for (size_t i = 0; i < 25; i++)
        wishes[i] = (ybb_pdf_wish){.width = 5000, .longest = 5000, .word = 5000, .whole = true};
    wishes[7].width = wishes[7].longest = wishes[7].word = 90000;
    laid table = lay_out(wishes, 25, (ybb_pdf_options){.form = YBB_FORM_TABLE});
    CU_ASSERT_TRUE(table.layout.forced);
    CU_ASSERT_EQUAL(table.layout.size, 400);
    for (size_t i = 0; i < 25; i++) {
        CU_ASSERT_EQUAL(table.layout.columns[i].cramped, i == 7);
        if (i != 7)
            CU_ASSERT_TRUE(table.layout.columns[i].width >= 5 * table.layout.size);
    }
    assert_in_order(&table.layout);
    wishes[7] = wishes[0];
    laid small = lay_out(wishes, 25, (ybb_pdf_options){.form = YBB_FORM_TABLE});
    CU_ASSERT_TRUE(small.layout.forced && small.layout.columns[7].cramped);
    ybb__arena_free(&table.arena);
    ybb__arena_free(&small.arena);
}

static void long_texts_become_cards_and_codes_keep_their_width(void)
{
    ybb_pdf_wish wishes[3] = {{.width = 6000, .longest = 6000, .word = 6000, .whole = true},
                              {.width = 90000, .longest = 90000, .word = 8000},
                              {.width = 5000, .longest = 5000, .word = 5000, .right = true}};
    laid table = lay_out(wishes, 3, (ybb_pdf_options){0});
    CU_ASSERT_FALSE(table.layout.cards);
    CU_ASSERT_TRUE(table.layout.columns[0].width >= 6 * table.layout.size);
    CU_ASSERT_TRUE(table.layout.columns[2].right);
    wishes[1].longest = 3000000;
    laid cards = lay_out(wishes, 3, (ybb_pdf_options){0});
    CU_ASSERT_TRUE(cards.layout.cards);
    wishes[1].longest = 90000;
    wishes[1].lines = 17;
    laid lists = lay_out(wishes, 3, (ybb_pdf_options){0});
    CU_ASSERT_TRUE(lists.layout.cards);
    ybb__arena_free(&lists.arena);
    ybb__arena_free(&table.arena);
    ybb__arena_free(&cards.arena);
}

/* --- values --- */

static const char *value_of(ybb_field_type type, const char *text, const char *format)
{
    static char shown[64];
    ybb_arena arena = {0};
    ybb_looks looks;
    ybb_buffer out = {0};
    sample *s = sample_new(YBB_PDF);
    ybb_field *field = sample_column(s, "A", type);
    field->scale = 2;
    field->money = true;
    CU_ASSERT_FATAL(ybb__looks_make(&looks, &arena, &s->plan));
    const ybb_composed value = {.cell = {text, text != NULL ? (uint32_t)strlen(text) : 0}};
    ybb__pdf_value(&out, &looks, &looks.columns[0], &value, ybb__is_grouped(format));
    snprintf(shown, sizeof(shown), "%.*s", (int)out.length, out.at);
    ybb__buffer_free(&out);
    ybb__arena_free(&arena);
    sample_free(s);
    return shown;
}

static void values_are_shown_as_people_read_them(void)
{
    static const char grouped[] = "#,##0.00", plain[] = "0.00";
    CU_ASSERT_STRING_EQUAL(value_of(YBB_TYPE_DECIMAL, "1234567.5", grouped), "1,234,567.50");
    CU_ASSERT_STRING_EQUAL(value_of(YBB_TYPE_DECIMAL, "-1234", grouped), "-1,234.00");
    CU_ASSERT_STRING_EQUAL(value_of(YBB_TYPE_DECIMAL, "-123", grouped), "-123.00");
    CU_ASSERT_STRING_EQUAL(value_of(YBB_TYPE_DECIMAL, "150000", plain), "150000.00");
    CU_ASSERT_STRING_EQUAL(value_of(YBB_TYPE_DECIMAL, "many", grouped), "many");
    CU_ASSERT_STRING_EQUAL(value_of(YBB_TYPE_DECIMAL, NULL, grouped), "N/A");
    CU_ASSERT_STRING_EQUAL(value_of(YBB_TYPE_DATE, "2025-07-23", grouped), "2025-07-23");
    CU_ASSERT_STRING_EQUAL(value_of(YBB_TYPE_DATE, "0000-00-00", grouped), "N/A");
    CU_ASSERT_STRING_EQUAL(value_of(YBB_TYPE_BOOLEAN, "1", grouped), "Yes");
    CU_ASSERT_STRING_EQUAL(value_of(YBB_TYPE_TEXT, "00123", grouped), "00123");
}

static const ybb_test tests[] = {
    TEST(a_file_without_rows_is_a_page),
    TEST(paper_is_as_asked_for),
    TEST(slices_make_the_same_file_in_any_order_and_size),
    TEST(a_file_has_no_more_pages_than_it_may),
    TEST(as_many_records_fit_as_there_are_pages_for),
    TEST(cells_with_missing_glyphs_and_broken_bytes_are_counted),
    TEST(without_fonts_nothing_is_written),
    TEST(a_full_disk_is_reported),
    TEST(a_tall_row_takes_several_pages),
    TEST(memory_does_not_follow_the_longest_essay),
    TEST(few_columns_stand_upright_and_many_lie),
    TEST(columns_that_do_not_fit_become_cards),
    TEST(a_table_that_is_asked_for_keeps_its_narrow_columns_whole),
    TEST(long_texts_become_cards_and_codes_keep_their_width),
    TEST(values_are_shown_as_people_read_them),
};

int main(void)
{
    int status = RUN_TESTS("encode pdf", tests);
    remove_folder();
    return status;
}
