#include "encode/pdf_shape.h"

#include "encode/pdf_breaks.h"

#include <fribidi.h>
#include <string.h>

/* What is known of each character before it is shaped. */
typedef struct trait {
    uint8_t font;
    uint8_t level;
    bool rightward; /* its paragraph begins at the right */
    hb_script_t script;
} trait;

/* A shaping under way. */
typedef struct shaping {
    ybb_pdf_text *text;
    const ybb_pdf_fonts *fonts;
    ybb_pdf_style style;
    const uint32_t *characters;
    trait *traits; /* [count] */
    uint32_t count;
} shaping;

/* Whether the character joins the one before it, in whatever font that is. */
static bool is_joined(uint32_t code_point)
{
    hb_unicode_general_category_t category =
        hb_unicode_general_category(hb_unicode_funcs_get_default(), code_point);
    return category == HB_UNICODE_GENERAL_CATEGORY_NON_SPACING_MARK ||
           category == HB_UNICODE_GENERAL_CATEGORY_SPACING_MARK ||
           category == HB_UNICODE_GENERAL_CATEGORY_ENCLOSING_MARK ||
           category == HB_UNICODE_GENERAL_CATEGORY_FORMAT;
}

static bool has_character(const shaping *s, uint8_t font, uint32_t code_point)
{
    hb_codepoint_t glyph;
    return hb_font_get_nominal_glyph(s->fonts->items[font].font, code_point, &glyph);
}

static bool is_cjk(uint32_t code_point)
{
    return (code_point >= 0x1100 && code_point < 0x1200) ||
           (code_point >= 0x2E80 && code_point < 0xA4D0) ||
           (code_point >= 0xA960 && code_point < 0xA980) ||
           (code_point >= 0xAC00 && code_point < 0xD800) ||
           (code_point >= 0xF900 && code_point < 0xFB00) ||
           (code_point >= 0xFE30 && code_point < 0xFE50) ||
           (code_point >= 0xFF00 && code_point < 0xFFF0) ||
           (code_point >= 0x20000 && code_point < 0x40000);
}

/* A tone of skin behind what has a skin. The fonts have one colour, in which tones are no glyphs.
 */
static bool is_tone(const shaping *s, uint32_t at)
{
    return at > 0 && s->characters[at] >= 0x1F3FB && s->characters[at] <= 0x1F3FF &&
           s->characters[at - 1] >= 0x261D && !is_joined(s->characters[at - 1]);
}

static uint8_t choose_font(shaping *s, uint32_t at)
{
    uint32_t code_point = s->characters[at];
    uint8_t first = s->fonts->chains[s->style].fonts[0];
    if (is_tone(s, at))
        return s->traits[at - 1].font;
    bool goes_on = at > 0 && is_joined(code_point) && s->characters[at - 1] != '\n';
    if (goes_on && has_character(s, s->traits[at - 1].font, code_point))
        return s->traits[at - 1].font;
    hb_codepoint_t glyph;
    int font = ybb__pdf_font_of(s->fonts, s->style, code_point, &glyph);
    if (font >= 0)
        return (uint8_t)font;
    if (code_point == '\n' ||
        hb_unicode_general_category(hb_unicode_funcs_get_default(), code_point) ==
            HB_UNICODE_GENERAL_CATEGORY_FORMAT)
        return goes_on ? s->traits[at - 1].font : first;
    if (s->text->missing != YBB_PDF_MISSING_CJK)
        s->text->missing = is_cjk(code_point) ? YBB_PDF_MISSING_CJK : YBB_PDF_MISSING_OTHER;
    return first;
}

/* A character of no script of its own is of the one before it, or, at the beginning, behind it. */
static void resolve_scripts(shaping *s)
{
    hb_script_t script = HB_SCRIPT_COMMON;
    for (uint32_t i = 0; i < s->count; i++) {
        trait *t = &s->traits[i];
        t->script = hb_unicode_script(hb_unicode_funcs_get_default(), s->characters[i]);
        if (t->script == HB_SCRIPT_COMMON || t->script == HB_SCRIPT_INHERITED ||
            t->script == HB_SCRIPT_UNKNOWN)
            t->script = script;
        script = t->script;
    }
    for (uint32_t i = s->count; i-- > 0;) {
        if (s->traits[i].script == HB_SCRIPT_COMMON)
            s->traits[i].script = script;
        script = s->traits[i].script;
    }
}

/* Whether anything in the text may run from right to left. */
static bool has_rightward(const shaping *s)
{
    for (uint32_t i = 0; i < s->count; i++) {
        uint32_t c = s->characters[i];
        if (c >= 0x590 &&
            (c < 0x900 || (c >= 0x200E && c < 0x2070) || (c >= 0xFB1D && c < 0xFF00) ||
             (c >= 0x10800 && c < 0x11000) || (c >= 0x1E800 && c < 0x1F000)))
            return true;
    }
    return false;
}

/* The levels of one paragraph, in memory for its characters' types, brackets and levels. */
static bool level_paragraph(shaping *s, uint32_t begin, uint32_t end, FriBidiCharType *types)
{
    FriBidiStrIndex count = (FriBidiStrIndex)(end - begin);
    FriBidiBracketType *brackets = (FriBidiBracketType *)(types + s->count);
    FriBidiLevel *levels = (FriBidiLevel *)(brackets + s->count);
    FriBidiParType direction = FRIBIDI_PAR_ON;
    if (count == 0)
        return true;
    fribidi_get_bidi_types(s->characters + begin, count, types);
    fribidi_get_bracket_types(s->characters + begin, count, types, brackets);
    if (fribidi_get_par_embedding_levels_ex(types, brackets, count, &direction, levels) == 0)
        return false;
    for (uint32_t i = 0; i < end - begin; i++) {
        s->traits[begin + i].level = (uint8_t)levels[i];
        s->traits[begin + i].rightward = FRIBIDI_IS_RTL(direction);
    }
    return true;
}

static bool resolve_levels(shaping *s)
{
    bool done = true;
    ybb_buffer memory = {0};
    if (!has_rightward(s))
        return true;
    size_t each = sizeof(FriBidiCharType) + sizeof(FriBidiBracketType) + sizeof(FriBidiLevel);
    if (!ybb__buffer_reserve(&memory, s->count * each))
        return false;
    for (uint32_t begin = 0, end; done && begin < s->count; begin = end + 1) {
        for (end = begin; end < s->count && s->characters[end] != '\n'; end++)
            continue;
        done = level_paragraph(s, begin, end, (FriBidiCharType *)(void *)memory.at);
    }
    ybb__buffer_free(&memory);
    return done;
}

/* Whether the glyph is the one that its only character has by itself. PDF numbers of two bytes
 * hold no more. */
static bool is_plain(const shaping *s, const ybb_pdf_glyph *glyph)
{
    hb_codepoint_t nominal;
    uint32_t code_point = s->characters[glyph->text];
    return glyph->characters == 1 && code_point < 0xD800 &&
           hb_font_get_nominal_glyph(s->fonts->items[glyph->font].font, code_point, &nominal) &&
           nominal == glyph->code && nominal != 0;
}

/* How many characters a glyph stands for: those of its cluster up to the next one's, and of a
 * cluster of several glyphs one each, the last taking the rest. */
static void share_text(shaping *s, ybb_pdf_glyph *first, uint32_t glyphs, uint32_t end)
{
    uint32_t at = first->text;
    for (uint32_t i = 0; i < glyphs; i++) {
        uint32_t left = end - at, share = i + 1 == glyphs ? left : left > 0 ? 1 : 0;
        first[i].text = at < end ? at : end - 1;
        first[i].characters = (uint16_t)(share < UINT16_MAX ? share : UINT16_MAX);
        at += share;
        if (share > 0 && is_plain(s, &first[i])) {
            first[i].code = s->characters[first[i].text];
            first[i].flags |= YBB_PDF_GLYPH_PLAIN;
        }
        if (share == 1 && ybb__pdf_is_blank(s->characters[first[i].text]))
            first[i].flags |= YBB_PDF_GLYPH_BLANK;
    }
    first->flags |= YBB_PDF_GLYPH_CLUSTER;
}

static void share_texts(shaping *s, ybb_pdf_glyph *glyphs, uint32_t count, uint32_t end)
{
    for (uint32_t i = 0, next; i < count; i = next) {
        for (next = i + 1; next < count && glyphs[next].text == glyphs[i].text; next++)
            continue;
        share_text(s, &glyphs[i], next - i, next < count ? glyphs[next].text : end);
    }
}

static int16_t narrow(hb_position_t position)
{
    return (int16_t)(position > INT16_MAX   ? INT16_MAX
                     : position < INT16_MIN ? INT16_MIN
                                            : position);
}

/* Readers take the characters of one glyph to run from left to right, also where the line does not.
 * So of a ligature from right to left only the first is the glyph's own, and the others belong to
 * blanks over its left edge, which come to stand in the right order by their places. */
static void part_ligature(shaping *s, ybb_pdf_glyph *glyph)
{
    enum { STEP = 10 /* what one stands left of the other */ };
    hb_codepoint_t blank;
    const ybb_pdf_font *font = &s->fonts->items[glyph->font];
    uint32_t first = glyph->text, count = glyph->characters;
    if (count < 2 || font->cff || !hb_font_get_nominal_glyph(font->font, ' ', &blank))
        return;
    glyph->characters = 1;
    ybb_pdf_glyph part = *glyph;
    part.code = blank;
    part.flags &= YBB_PDF_GLYPH_RIGHTWARD;
    part.advance = part.dy = 0;
    part.width = narrow(hb_font_get_glyph_h_advance(font->font, blank));
    for (uint32_t i = 1; i < count; i++) {
        part.text = first + i;
        part.dx = (int16_t)(glyph->dx - STEP * (int)i);
        ybb__buffer_put(&s->text->glyphs, &part, sizeof(part));
    }
}

/* Does so with all ligatures of the glyphs from byte @begin on. */
static bool part_ligatures(shaping *s, size_t begin)
{
    ybb_buffer run = {0}, *glyphs = &s->text->glyphs;
    ybb__buffer_put(&run, glyphs->at + begin, glyphs->length - begin);
    glyphs->length = begin;
    for (size_t at = 0; at < run.length; at += sizeof(ybb_pdf_glyph)) {
        size_t place = glyphs->length;
        ybb__buffer_put(glyphs, run.at + at, sizeof(ybb_pdf_glyph));
        ybb_pdf_glyph glyph;
        memcpy(&glyph, run.at + at, sizeof(glyph));
        part_ligature(s, &glyph);
        if (!ybb__buffer_failed(glyphs))
            memcpy(glyphs->at + place, &glyph, sizeof(glyph));
    }
    bool done = !ybb__buffer_failed(&run) && !ybb__buffer_failed(glyphs);
    ybb__buffer_free(&run);
    return done;
}

/* Takes what was shaped, in the order in which it is read. */
static bool take_glyphs(shaping *s, const trait *t, uint32_t end)
{
    ybb_pdf_text *text = s->text;
    unsigned count;
    hb_glyph_info_t *infos = hb_buffer_get_glyph_infos(text->shaper, &count);
    hb_glyph_position_t *positions = hb_buffer_get_glyph_positions(text->shaper, &count);
    hb_font_t *font = s->fonts->items[t->font].font;
    size_t before = text->glyphs.length;
    for (unsigned i = 0; i < count; i++) {
        unsigned at = t->level % 2 == 0 ? i : count - 1 - i;
        if (i > 0 && is_tone(s, infos[at].cluster))
            continue;
        const ybb_pdf_glyph glyph = {
            .code = infos[at].codepoint,
            .text = infos[at].cluster,
            .font = t->font,
            .level = t->level,
            .flags = t->rightward ? YBB_PDF_GLYPH_RIGHTWARD : 0,
            .width = narrow(hb_font_get_glyph_h_advance(font, infos[at].codepoint)),
            .advance = narrow(positions[at].x_advance),
            .dx = narrow(positions[at].x_offset),
            .dy = narrow(positions[at].y_offset)};
        ybb__buffer_put(&text->glyphs, &glyph, sizeof(glyph));
    }
    if (ybb__buffer_failed(&text->glyphs))
        return false;
    uint32_t taken = (uint32_t)((text->glyphs.length - before) / sizeof(ybb_pdf_glyph));
    share_texts(s, (ybb_pdf_glyph *)(void *)(text->glyphs.at + before), taken, end);
    return t->level % 2 == 0 || part_ligatures(s, before);
}

/* Characters of one font, script and direction. */
static bool shape_run(shaping *s, uint32_t begin, uint32_t end)
{
    const trait *t = &s->traits[begin];
    hb_buffer_t *shaper = s->text->shaper;
    hb_buffer_clear_contents(shaper);
    hb_buffer_set_cluster_level(shaper, HB_BUFFER_CLUSTER_LEVEL_MONOTONE_CHARACTERS);
    hb_buffer_set_flags(shaper, HB_BUFFER_FLAG_REMOVE_DEFAULT_IGNORABLES);
    hb_buffer_add_codepoints(shaper, s->characters, (int)s->count, begin, (int)(end - begin));
    hb_buffer_set_script(shaper, t->script);
    hb_buffer_set_direction(shaper, t->level % 2 == 0 ? HB_DIRECTION_LTR : HB_DIRECTION_RTL);
    hb_shape(s->fonts->items[t->font].font, shaper, NULL, 0);
    return hb_buffer_allocation_successful(shaper) && take_glyphs(s, t, end);
}

static bool is_same_run(const shaping *s, uint32_t a, uint32_t b)
{
    const trait *ta = &s->traits[a], *tb = &s->traits[b];
    return ta->font == tb->font && ta->level == tb->level && ta->script == tb->script &&
           s->characters[b] != '\n';
}

static bool shape_runs(shaping *s)
{
    bool done = true;
    for (uint32_t begin = 0, end; done && begin < s->count; begin = end) {
        end = begin + 1;
        if (s->characters[begin] == '\n') {
            const ybb_pdf_glyph new_line = {
                .text = begin, .characters = 1, .flags = YBB_PDF_GLYPH_NEW_LINE};
            ybb__buffer_put(&s->text->glyphs, &new_line, sizeof(new_line));
            continue;
        }
        while (end < s->count && is_same_run(s, begin, end))
            end++;
        done = shape_run(s, begin, end);
    }
    return done && !ybb__buffer_failed(&s->text->glyphs);
}

bool ybb__pdf_shape(ybb_pdf_text *text, const ybb_pdf_fonts *fonts, ybb_pdf_style style)
{
    shaping s = {text,  fonts,
                 style, ybb__pdf_characters(text),
                 NULL,  (uint32_t)(text->characters.length / sizeof(uint32_t))};
    ybb__buffer_clear(&text->glyphs);
    ybb__buffer_clear(&text->scratch);
    if (text->shaper == NULL)
        text->shaper = hb_buffer_create();
    if (!hb_buffer_allocation_successful(text->shaper) ||
        !ybb__buffer_reserve(&text->scratch, s.count * sizeof(trait)))
        return false;
    s.traits = (trait *)(void *)text->scratch.at;
    memset(s.traits, 0, s.count * sizeof(trait));
    for (uint32_t i = 0; i < s.count; i++)
        s.traits[i].font = choose_font(&s, i);
    resolve_scripts(&s);
    return resolve_levels(&s) && shape_runs(&s);
}
