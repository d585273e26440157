#include "encode/pdf_text.h"

#include "base/utf8.h"
#include "encode/pdf_breaks.h"
#include "encode/pdf_shape.h"

void ybb__pdf_text_free(ybb_pdf_text *text)
{
    ybb__buffer_free(&text->characters);
    ybb__buffer_free(&text->glyphs);
    ybb__buffer_free(&text->scratch);
    hb_buffer_destroy(text->shaper);
    text->shaper = NULL;
}

size_t ybb__pdf_text_size(const ybb_pdf_text *text)
{
    return text->characters.capacity + text->glyphs.capacity + text->scratch.capacity;
}

/* What stands for a character that no line can show. */
static uint32_t shown(ybb_pdf_text *text, uint32_t code_point)
{
    enum { UNKNOWN = 0xFFFD };
    if (code_point == '\t')
        return ' ';
    if (code_point == 0x2028 || code_point == 0x2029 || code_point == 0x85)
        return '\n';
    if (code_point >= 0x20 && !(code_point >= 0x7F && code_point < 0xA0))
        return code_point;
    text->cleaned = true;
    return UNKNOWN;
}

/* The next character of UTF-8; the two of CR LF are one line feed. */
static uint32_t take(ybb_pdf_text *text, const char **at, const char *end)
{
    enum { IN_UTF8 = 3 /* bytes of U+FFFD */ };
    size_t taken;
    uint32_t code_point = ybb__utf8_next(*at, (size_t)(end - *at), &taken);
    const char *begin = *at;
    *at += taken;
    if (code_point == '\n')
        return '\n';
    if (code_point == '\r') {
        *at += *at < end && **at == '\n';
        return '\n';
    }
    if (code_point == 0xFFFD && (taken != IN_UTF8 || memcmp(begin, "\xEF\xBF\xBD", IN_UTF8) != 0))
        text->cleaned = true;
    return shown(text, code_point);
}

/* False where some character needs shaping. */
static bool fill_quickly(ybb_pdf_text *text, const ybb_pdf_chain *chain)
{
    uint32_t count = (uint32_t)(text->characters.length / sizeof(uint32_t));
    const uint32_t *characters = ybb__pdf_characters(text);
    ybb_pdf_glyph *out = ybb__pdf_glyphs(text);
    for (uint32_t i = 0; i < count; i++, out++) {
        uint32_t code_point = characters[i], quick = ybb__pdf_quick(code_point);
        *out = (ybb_pdf_glyph){.code = code_point,
                               .text = i,
                               .characters = 1,
                               .font = chain->fonts[0],
                               .flags = YBB_PDF_GLYPH_PLAIN | YBB_PDF_GLYPH_CLUSTER};
        if (code_point == '\n') {
            out->flags = YBB_PDF_GLYPH_NEW_LINE;
            continue;
        }
        if (quick == YBB_PDF_QUICK || chain->quick[quick] == YBB_PDF_NO_WIDTH)
            return false;
        out->advance = out->width = (int16_t)chain->quick[quick];
        if (code_point == ' ')
            out->flags |= YBB_PDF_GLYPH_BLANK;
    }
    text->glyphs.length = count * sizeof(*out);
    return true;
}

static void mark_breaks(ybb_pdf_text *text)
{
    uint32_t count = (uint32_t)(text->characters.length / sizeof(uint32_t));
    const uint32_t *characters = ybb__pdf_characters(text);
    ybb_pdf_glyph *glyphs = ybb__pdf_glyphs(text);
    for (uint32_t i = 1; i < ybb__pdf_glyph_count(text); i++) {
        ybb_pdf_glyph *glyph = &glyphs[i];
        if (glyph->characters > 0 && glyph->text > 0 && glyph->flags & YBB_PDF_GLYPH_CLUSTER &&
            ybb__pdf_may_break(characters, glyph->text, count))
            glyph->flags |= YBB_PDF_GLYPH_BREAK;
    }
}

bool ybb__pdf_text_shape(ybb_pdf_text *text, const ybb_pdf_fonts *fonts, ybb_pdf_style style,
                         const char *at, size_t length)
{
    const char *end = at + length;
    ybb__buffer_clear(&text->characters);
    ybb__buffer_clear(&text->glyphs);
    text->cleaned = false;
    text->missing = YBB_PDF_MISSING_NONE;
    if (!ybb__buffer_reserve(&text->characters, length * sizeof(uint32_t)))
        return false;
    uint32_t *to = (uint32_t *)(void *)text->characters.at, count = 0;
    while (at < end)
        to[count++] = take(text, &at, end);
    text->characters.length = count * sizeof(*to);
    if (!ybb__buffer_reserve(&text->glyphs, count * sizeof(ybb_pdf_glyph)))
        return false;
    text->simple = fill_quickly(text, &fonts->chains[style]);
    if (!text->simple && !ybb__pdf_shape(text, fonts, style))
        return false;
    mark_breaks(text);
    return true;
}
