#include "encode/pdf_breaks.h"
#include "encode/pdf_cast.h"
#include "encode/pdf_ink.h"
#include "runner.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static ybb_pdf_fonts fonts;
static ybb_pdf_text text;

static void open_fonts(const ybb_pdf_font_list *list)
{
    ybb_error error = {0};
    CU_ASSERT_EQUAL_FATAL(ybb__pdf_fonts_open(&fonts, list, &error), YBB_OK);
}

/* The fonts of Debian's packages, which the tests need. */
static void open_default(void)
{
    const ybb_pdf_font_list list = ybb__pdf_fonts_default();
    open_fonts(&list);
}

static void open_dejavu(void)
{
    static const char *const path[] = {"/usr/share/fonts/truetype/dejavu/DejaVuSans.ttf"};
    const ybb_pdf_font_list list = {.regular = {path, 1}};
    open_fonts(&list);
}

static void close_fonts(void)
{
    ybb__pdf_text_free(&text);
    ybb__pdf_fonts_free(&fonts);
}

static void shape(const char *what)
{
    CU_ASSERT_FATAL(ybb__pdf_text_shape(&text, &fonts, YBB_PDF_REGULAR, what, strlen(what)));
}

/* Whether the glyphs, one after the other, have all characters of the text once and in order. */
static bool has_all_characters(void)
{
    uint32_t next = 0;
    const ybb_pdf_glyph *glyphs = ybb__pdf_glyphs(&text);
    for (uint32_t i = 0; i < ybb__pdf_glyph_count(&text); i++) {
        if (glyphs[i].characters > 0 && glyphs[i].text != next)
            return false;
        next += glyphs[i].characters;
    }
    return next * sizeof(uint32_t) == text.characters.length;
}

/* The number of fonts that show the text. */
static uint32_t fonts_shown(void)
{
    bool seen[YBB_PDF_MOST_FONTS] = {false};
    uint32_t count = 0;
    for (uint32_t i = 0; i < ybb__pdf_glyph_count(&text); i++) {
        bool *it = &seen[ybb__pdf_glyphs(&text)[i].font];
        count += !*it;
        *it = true;
    }
    return count;
}

/* The texts of the lines, at most @most wide, with | between them. */
static const char *lines_of(const char *what, int32_t most)
{
    static char out[512];
    size_t at = 0;
    ybb_pdf_place place = {0, false};
    ybb_pdf_line line;
    shape(what);
    while (ybb__pdf_line_next(&text, &place, most, &line)) {
        if (at > 0)
            out[at++] = '|';
        for (uint32_t i = line.begin; i < line.end; i++) {
            const ybb_pdf_glyph *glyph = &ybb__pdf_glyphs(&text)[i];
            for (uint32_t k = 0; k < glyph->characters; k++) {
                uint32_t c = ybb__pdf_characters(&text)[glyph->text + k];
                out[at++] = c < 0x80 ? (char)c : '?';
            }
        }
    }
    out[at] = '\0';
    return out;
}

static void latin_greek_cyrillic_and_vietnamese_need_no_shaping(void)
{
    open_default();
    static const char *const texts[] = {"Ann O'Neil-Smith (2)", "Łukasz Ōé", "Ελένη", "Анна Ъ",
                                        "Nguyễn Thị Ánh Tuyết", ""};
    for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
        shape(texts[i]);
        CU_ASSERT_TRUE(text.simple);
        CU_ASSERT_FALSE(text.cleaned);
        CU_ASSERT_EQUAL(text.missing, YBB_PDF_MISSING_NONE);
        CU_ASSERT_TRUE(has_all_characters());
    }
    close_fonts();
}

static void widths_are_the_fonts(void)
{
    open_dejavu();
    shape("A ");
    const ybb_pdf_glyph *glyphs = ybb__pdf_glyphs(&text);
    CU_ASSERT_EQUAL(glyphs[0].advance, 684);             /* 1401 of 2048 in DejaVu Sans */
    CU_ASSERT_EQUAL(glyphs[1].advance, 318);             /* 651 */
    CU_ASSERT_EQUAL(ybb__pdf_measure(&text).width, 684); /* a blank at the end is not shown */
    shape("AA A");
    CU_ASSERT_EQUAL(ybb__pdf_measure(&text).width, 3 * 684 + 318);
    CU_ASSERT_EQUAL(ybb__pdf_measure(&text).word, 2 * 684);
    close_fonts();
}

static void arabic_and_hebrew_run_from_right_to_left_with_all_their_characters(void)
{
    open_default();
    static const char *const texts[] = {"محمد بن عبد الله", "می‌خواهم", "فاطمة",
                                        "שלום עולם"};
    for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
        shape(texts[i]);
        CU_ASSERT_FALSE(text.simple);
        CU_ASSERT_TRUE(ybb__pdf_glyphs(&text)[0].flags & YBB_PDF_GLYPH_RIGHTWARD);
        CU_ASSERT_EQUAL(text.missing, YBB_PDF_MISSING_NONE);
        CU_ASSERT_TRUE(has_all_characters());
        CU_ASSERT_EQUAL(ybb__pdf_glyphs(&text)[0].level, 1);
    }
    close_fonts();
}

static void arabic_letters_join(void)
{
    open_default();
    shape("ببب");
    const ybb_pdf_glyph *glyphs = ybb__pdf_glyphs(&text);
    CU_ASSERT_EQUAL_FATAL(ybb__pdf_glyph_count(&text), 3);
    CU_ASSERT_NOT_EQUAL(glyphs[0].code, glyphs[1].code);
    CU_ASSERT_NOT_EQUAL(glyphs[1].code, glyphs[2].code);
    CU_ASSERT_FALSE(glyphs[1].flags & YBB_PDF_GLYPH_PLAIN);
    close_fonts();
}

static void each_character_is_shown_by_the_first_font_that_has_it(void)
{
    open_default();
    shape("Ann 王小明 김민수 たろう");
    CU_ASSERT_EQUAL(text.missing, YBB_PDF_MISSING_NONE);
    CU_ASSERT_EQUAL(fonts_shown(), 2);
    CU_ASSERT_TRUE(has_all_characters());
    shape("สมชาย देवनागरी");
    CU_ASSERT_EQUAL(text.missing, YBB_PDF_MISSING_NONE);
    CU_ASSERT_TRUE(has_all_characters());
    close_fonts();
}

static void a_mark_joins_its_letter(void)
{
    open_default();
    shape("e\u0301t\u0323"); /* one glyph for the first, two for the second or one */
    CU_ASSERT_TRUE(has_all_characters());
    const ybb_pdf_glyph *glyphs = ybb__pdf_glyphs(&text);
    CU_ASSERT_EQUAL(glyphs[0].characters, 2);
    CU_ASSERT_EQUAL(fonts_shown(), 1);
    close_fonts();
}

static void tones_of_skin_belong_to_what_they_tint(void)
{
    open_default();
    shape("\U0001F44B\U0001F3FD \u261D\U0001F3FF");
    CU_ASSERT_EQUAL_FATAL(ybb__pdf_glyph_count(&text), 3);
    CU_ASSERT_EQUAL(ybb__pdf_glyphs(&text)[0].characters, 2);
    CU_ASSERT_EQUAL(ybb__pdf_glyphs(&text)[2].characters, 2);
    CU_ASSERT_TRUE(has_all_characters());
    CU_ASSERT_EQUAL(text.missing, YBB_PDF_MISSING_NONE);
    shape("\U0001F3FD x\U0001F3FD"); /* by themselves they are shown */
    CU_ASSERT_EQUAL(ybb__pdf_glyph_count(&text), 4);
    close_fonts();
}

static void characters_that_no_font_has_are_told(void)
{
    open_dejavu();
    shape("王");
    CU_ASSERT_EQUAL(text.missing, YBB_PDF_MISSING_CJK);
    CU_ASSERT_TRUE(has_all_characters()); /* a box, and the text can still be copied */
    shape("देव");
    CU_ASSERT_EQUAL(text.missing, YBB_PDF_MISSING_OTHER);
    shape("a\u200Bb");
    CU_ASSERT_EQUAL(text.missing, YBB_PDF_MISSING_NONE);
    close_fonts();
}

static void bytes_that_are_no_text_are_cleaned(void)
{
    open_default();
    static const char *const broken[] = {"a\xFF", "\xE2\x82", "a\x01z", "\x7F"};
    for (size_t i = 0; i < sizeof(broken) / sizeof(broken[0]); i++) {
        shape(broken[i]);
        CU_ASSERT_TRUE(text.cleaned);
    }
    shape("a\tb\r\nc\xEF\xBF\xBD");
    CU_ASSERT_FALSE(text.cleaned);
    close_fonts();
}

static void lines_end_at_blanks_and_line_feeds(void)
{
    open_dejavu();
    CU_ASSERT_STRING_EQUAL(lines_of("one two three", 4100), "one two|three");
    CU_ASSERT_STRING_EQUAL(lines_of("one   two", 2000), "one|two");
    CU_ASSERT_STRING_EQUAL(lines_of("one\ntwo\r\nthree\n", 9000), "one|two|three");
    CU_ASSERT_STRING_EQUAL(lines_of("one\n\ntwo", 9000), "one||two");
    CU_ASSERT_STRING_EQUAL(lines_of("", 9000), "");
    CU_ASSERT_STRING_EQUAL(lines_of("one ", 1000000), "one");
    close_fonts();
}

static void what_is_too_long_ends_where_it_must_and_codes_nowhere_else(void)
{
    open_dejavu();
    CU_ASSERT_STRING_EQUAL(lines_of("iiiiiiii", 4 * 278), "iiii|iiii");
    CU_ASSERT_STRING_EQUAL(lines_of("m", 1), "m");
    CU_ASSERT_STRING_EQUAL(lines_of("x TRX-2025-0001", 8000), "x|TRX-2025-0001");
    CU_ASSERT_STRING_EQUAL(lines_of("Bandar-Seri", 4800), "Bandar-|Seri");
    close_fonts();
}

static void codes_become_narrow_rather_than_two_lines(void)
{
    open_dejavu();
    CU_ASSERT_STRING_EQUAL(lines_of("14:50:01", 2000), "14:50:01");
    CU_ASSERT_STRING_EQUAL(lines_of("at 2025-07-23 14:50:01\nx", 2000), "at|2025-07-23|14:50:01|x");
    CU_ASSERT_STRING_EQUAL(lines_of("Institution", 4500), "Institution"); /* a third at most */
    CU_ASSERT_STRING_EQUAL(lines_of("Institution", 2500), "Insti|tutio|n");
    CU_ASSERT_STRING_EQUAL(lines_of("mmmmmmmmmmmmmmmmmmmmmm1", 5 * 974),
                           "mmmmm|mmmmm|mmmmm|mmmmm|mm1"); /* too long for a code */
    close_fonts();
}

static void addresses_part_at_their_joints_and_not_before_what_closes_them(void)
{
    open_dejavu();
    CU_ASSERT_STRING_EQUAL(lines_of("https://example.org/a.long.path/to/somewhere", 12000),
                           "https://example.org/a.|long.path/to/|somewhere");
    CU_ASSERT_STRING_EQUAL(lines_of("<mmmmmmmm>", 8 * 974 + 838), "<mmmmmmmm>");
    CU_ASSERT_STRING_EQUAL(lines_of("<mmmmmmmmmmmmmmmmmmmm>", 10 * 974),
                           "<mmmmmmmmm|mmmmmmmmmm|m>");
    CU_ASSERT_STRING_EQUAL(lines_of("<mmmmmmmmmmmmmmmmmmm>", 10 * 974), "<mmmmmmmmm|mmmmmmmmm|m>");
    close_fonts();
}

static void ideographs_part_but_not_from_their_punctuation(void)
{
    open_default();
    const uint32_t words[] = {0x738B, 0x5C0F, 0x3002, 0x300C, 0x660E};
    CU_ASSERT_TRUE(ybb__pdf_may_break(words, 1, 5));
    CU_ASSERT_FALSE(ybb__pdf_may_break(words, 2, 5)); /* not before the full stop */
    CU_ASSERT_TRUE(ybb__pdf_may_break(words, 3, 5));
    CU_ASSERT_FALSE(ybb__pdf_may_break(words, 4, 5)); /* not behind the bracket */
    CU_ASSERT_STRING_EQUAL(lines_of("王小明。", 3000), "??|??");
    close_fonts();
}

static void a_line_of_two_directions_is_placed_by_both(void)
{
    open_default();
    shape("ab שם cd");
    ybb_pdf_place place = {0, false};
    ybb_pdf_line line;
    CU_ASSERT_FATAL(ybb__pdf_line_next(&text, &place, INT32_MAX, &line));
    CU_ASSERT_FATAL(ybb__pdf_line_place(&text, &line));
    const ybb_pdf_glyph *glyphs = ybb__pdf_glyphs(&text);
    CU_ASSERT_EQUAL(line.end - line.begin, 8);
    CU_ASSERT_TRUE(glyphs[0].x < glyphs[1].x);
    CU_ASSERT_TRUE(glyphs[3].x >
                   glyphs[4].x); /* the first Hebrew letter stands right of the second */
    CU_ASSERT_TRUE(glyphs[4].x > glyphs[1].x);
    CU_ASSERT_TRUE(glyphs[6].x > glyphs[3].x);
    close_fonts();
}

static void fonts_with_cids_are_known(void)
{
    hb_codepoint_t glyph;
    open_default();
    int latin = ybb__pdf_font_of(&fonts, YBB_PDF_REGULAR, 'A', &glyph);
    int chinese = ybb__pdf_font_of(&fonts, YBB_PDF_REGULAR, 0x738B, &glyph);
    CU_ASSERT_FATAL(latin >= 0 && chinese >= 0);
    CU_ASSERT_FALSE(fonts.items[latin].cff);
    CU_ASSERT_FALSE(fonts.items[latin].cid_keyed);
    CU_ASSERT_TRUE(fonts.items[chinese].cff); /* fonts-noto-cjk */
    CU_ASSERT_TRUE(fonts.items[chinese].cid_keyed);
    close_fonts();
}

/* KiB of the mapped file @name that are in memory, by the kernel's account. */
static unsigned resident(const char *name)
{
    char line[512];
    unsigned all = 0, part;
    bool inside = false;
    FILE *maps = fopen("/proc/self/smaps", "re");
    CU_ASSERT_PTR_NOT_NULL_FATAL(maps);
    while (fgets(line, sizeof(line), maps) != NULL) {
        if (strchr(line, '-') != NULL) /* a range of addresses: a mapping begins */
            inside = strstr(line, name) != NULL;
        if (inside && sscanf(line, "Rss: %u kB", &part) == 1)
            all += part;
    }
    fclose(maps);
    return all;
}

static void fonts_at_rest_take_no_memory_and_go_on(void)
{
    open_dejavu();
    shape("محمد بن عبد الله");
    uint32_t count = ybb__pdf_glyph_count(&text);
    int32_t width = ybb__pdf_measure(&text).width;
    CU_ASSERT_TRUE(resident("/DejaVuSans.ttf") > 0);
    ybb__pdf_fonts_rest(&fonts);
    CU_ASSERT_EQUAL(resident("/DejaVuSans.ttf"), 0);
    shape("محمد بن عبد الله");
    CU_ASSERT_EQUAL(ybb__pdf_glyph_count(&text), count);
    CU_ASSERT_EQUAL(ybb__pdf_measure(&text).width, width);
    close_fonts();
    ybb__pdf_fonts_rest(&fonts); /* none are open */
}

static void without_a_font_the_package_is_named(void)
{
    static const char *const path[] = {"/nowhere/font.ttf", "/dev/null", "/etc", "/etc/passwd"};
    const ybb_pdf_font_list list = {.regular = {path, 4}};
    ybb_error error = {0};
    CU_ASSERT_EQUAL(ybb__pdf_fonts_open(&fonts, &list, &error), YBB_UNSUPPORTED);
    CU_ASSERT_PTR_NOT_NULL(strstr(error.message, "fonts-dejavu-core"));
    close_fonts();
}

/* A cast with the fonts, and the number of glyph @glyph as the text @character. */
static uint32_t number_of(ybb_pdf_cast *cast, uint32_t glyph, uint32_t character)
{
    const ybb_pdf_mark mark = {0, glyph, 1, 0};
    return ybb__pdf_cast_number(cast, &mark, (const char *)&character);
}

static void a_glyph_has_a_number_for_each_of_its_texts(void)
{
    open_dejavu();
    ybb_pdf_cast cast = {.fonts = &fonts};
    uint32_t first = number_of(&cast, 5, 'a');
    CU_ASSERT_EQUAL(first, YBB_PDF_FIRST_NUMBERED);
    CU_ASSERT_NOT_EQUAL(number_of(&cast, 5, 'b'), first);
    CU_ASSERT_NOT_EQUAL(number_of(&cast, 6, 'a'), first);
    CU_ASSERT_EQUAL(number_of(&cast, 5, 'a'), first);
    ybb__pdf_cast_free(&cast);
    close_fonts();
}

static void numbers_never_need_an_escape_and_do_not_run_out_loudly(void)
{
    open_dejavu();
    ybb_pdf_cast cast = {.fonts = &fonts};
    for (uint32_t i = 0; i < 9000; i++) {
        uint32_t code = number_of(&cast, 5, 0x10000 + i);
        CU_ASSERT_TRUE_FATAL(code >= YBB_PDF_FIRST_NUMBERED && code <= YBB_PDF_LAST_NUMBERED);
        CU_ASSERT_PTR_NULL_FATAL(memchr("\n\r()\\", (int)(code & 0xFF), 5));
    }
    ybb__pdf_cast_free(&cast);
    close_fonts();
}

static void lengths_are_written_in_points(void)
{
    static const struct {
        int32_t units;
        const char *points;
    } all[] = {{0, "0"}, {5, ".05"}, {150, "1.5"}, {-1234, "-12.34"}, {10000, "100"}, {-7, "-.07"}};
    for (size_t i = 0; i < sizeof(all) / sizeof(all[0]); i++) {
        ybb_buffer out = {0};
        const char *wanted = all[i].points;
        ybb__pdf_put_length(&out, all[i].units);
        const char *got = ybb__buffer_text(&out);
        /* "0.05" and ".05" are one number */
        CU_ASSERT_DOUBLE_EQUAL(strtod(got, NULL), strtod(wanted, NULL), 1e-9);
        CU_ASSERT_EQUAL(strspn(got, "-.0123456789"), strlen(got));
        ybb__buffer_free(&out);
    }
}

static const ybb_test tests[] = {
    TEST(latin_greek_cyrillic_and_vietnamese_need_no_shaping),
    TEST(widths_are_the_fonts),
    TEST(arabic_and_hebrew_run_from_right_to_left_with_all_their_characters),
    TEST(arabic_letters_join),
    TEST(each_character_is_shown_by_the_first_font_that_has_it),
    TEST(a_mark_joins_its_letter),
    TEST(tones_of_skin_belong_to_what_they_tint),
    TEST(characters_that_no_font_has_are_told),
    TEST(bytes_that_are_no_text_are_cleaned),
    TEST(lines_end_at_blanks_and_line_feeds),
    TEST(what_is_too_long_ends_where_it_must_and_codes_nowhere_else),
    TEST(codes_become_narrow_rather_than_two_lines),
    TEST(addresses_part_at_their_joints_and_not_before_what_closes_them),
    TEST(ideographs_part_but_not_from_their_punctuation),
    TEST(a_line_of_two_directions_is_placed_by_both),
    TEST(fonts_with_cids_are_known),
    TEST(fonts_at_rest_take_no_memory_and_go_on),
    TEST(without_a_font_the_package_is_named),
    TEST(a_glyph_has_a_number_for_each_of_its_texts),
    TEST(numbers_never_need_an_escape_and_do_not_run_out_loudly),
    TEST(lengths_are_written_in_points),
};

int main(void)
{
    return RUN_TESTS("pdf text", tests);
}
