#include "encode/pdf_ink.h"

#include "base/text.h"
#include "encode/pdf_file.h"

#include <stdlib.h>
#include <string.h>

enum { BITS_BYTES = YBB_PDF_CODES / 8, WHOLE = 100 };

void ybb__pdf_used_free(ybb_pdf_used *used)
{
    for (uint32_t i = 0; i < YBB_PDF_MOST_FONTS; i++)
        free(used->bits[i]);
    *used = (ybb_pdf_used){{NULL}};
}

void ybb__pdf_used_clear(ybb_pdf_used *used)
{
    for (uint32_t i = 0; i < YBB_PDF_MOST_FONTS; i++)
        if (used->bits[i] != NULL)
            memset(used->bits[i], 0, BITS_BYTES);
}

static unsigned char *bits_of(ybb_pdf_used *used, uint32_t font)
{
    if (used->bits[font] == NULL)
        used->bits[font] = calloc(1, BITS_BYTES);
    return used->bits[font];
}

bool ybb__pdf_used_add(ybb_pdf_used *used, const ybb_pdf_used *more)
{
    for (uint32_t font = 0; font < YBB_PDF_MOST_FONTS; font++) {
        if (more->bits[font] == NULL)
            continue;
        unsigned char *bits = bits_of(used, font);
        if (bits == NULL)
            return false;
        for (size_t i = 0; i < BITS_BYTES; i++)
            bits[i] |= more->bits[font][i];
    }
    return true;
}

static void put_number(ybb_buffer *out, int32_t number)
{
    char digits[YBB_NUMBER_TEXT];
    ybb__buffer_put(out, digits, ybb__text_from_i64(digits, number));
}

void ybb__pdf_put_length(ybb_buffer *out, int32_t units)
{
    char digits[YBB_NUMBER_TEXT];
    uint32_t size = (uint32_t)labs(units), part = size % YBB_PDF_UNIT;
    if (units < 0)
        ybb__buffer_put_char(out, '-');
    ybb__buffer_put(out, digits, ybb__text_from_u64(digits, size / YBB_PDF_UNIT));
    if (part == 0)
        return;
    digits[0] = '.';
    digits[1] = (char)('0' + part / 10);
    digits[2] = (char)('0' + part % 10);
    ybb__buffer_put(out, digits, part % 10 == 0 ? 2 : 3);
}

void ybb__pdf_ink_item(ybb_pdf_ink *ink)
{
    ink->begin = ink->content->length;
    ink->mark_count = 0;
}

static void begin_text(ybb_pdf_ink *ink)
{
    if (ink->in_text)
        return;
    ybb__buffer_put_text(ink->content, "BT\n");
    ink->in_text = true;
    ink->font = YBB_PDF_MOST_FONTS;
    ink->x = ink->y = 0;
    ink->stretch = WHOLE;
}

/* The stretch stays behind a text, so it is put back. */
static void set_stretch(ybb_pdf_ink *ink, int32_t percent)
{
    if (ink->stretch == percent)
        return;
    put_number(ink->content, percent);
    ybb__buffer_put_text(ink->content, " Tz\n");
    ink->stretch = percent;
}

void ybb__pdf_ink_end(ybb_pdf_ink *ink)
{
    if (!ink->in_text)
        return;
    set_stretch(ink, WHOLE);
    ybb__buffer_put_text(ink->content, "ET\n");
    ink->in_text = false;
}

void ybb__pdf_ink_colour(ybb_pdf_ink *ink, const char *colour)
{
    ybb__buffer_put_text(ink->content, colour);
    ybb__buffer_put_text(ink->content, " rg\n");
}

void ybb__pdf_ink_box(ybb_pdf_ink *ink, int32_t x, int32_t y, int32_t width, int32_t height,
                      const char *colour)
{
    const int32_t numbers[] = {x, y, width, height};
    ybb__pdf_ink_end(ink);
    ybb__pdf_ink_colour(ink, colour);
    for (size_t i = 0; i < sizeof(numbers) / sizeof(numbers[0]); i++) {
        ybb__pdf_put_length(ink->content, numbers[i]);
        ybb__buffer_put_char(ink->content, ' ');
    }
    ybb__buffer_put_text(ink->content, "re f\n0 g\n");
}

static void move_to(ybb_pdf_ink *ink, int32_t x, int32_t y)
{
    ybb__pdf_put_length(ink->content, x - ink->x);
    ybb__buffer_put_char(ink->content, ' ');
    ybb__pdf_put_length(ink->content, y - ink->y);
    ybb__buffer_put_text(ink->content, " Td\n");
    ink->x = x;
    ink->y = y;
}

static void set_font(ybb_pdf_ink *ink, uint32_t font, int32_t size)
{
    if (ink->font == font && ink->size == size)
        return;
    ybb__buffer_put_text(ink->content, "/F");
    put_number(ink->content, (int32_t)font);
    ybb__buffer_put_char(ink->content, ' ');
    ybb__pdf_put_length(ink->content, size);
    ybb__buffer_put_text(ink->content, " Tf\n");
    ink->font = font;
    ink->size = size;
}

/* One byte of a literal string. */
static inline char *put_byte(char *at, unsigned byte)
{
    if (byte == '(' || byte == ')' || byte == '\\' || byte == '\r') {
        *at++ = '\\';
        byte = byte == '\r' ? 'r' : byte;
    }
    *at++ = (char)byte;
    return at;
}

static void put_code(ybb_buffer *out, uint32_t code)
{
    char bytes[4], *end = put_byte(bytes, code >> 8);
    end = put_byte(end, code & 0xFF);
    ybb__buffer_put(out, bytes, (size_t)(end - bytes));
}

static void note_used(ybb_pdf_ink *ink, uint32_t font, uint32_t code_point)
{
    unsigned char *bits = bits_of(ink->used, font);
    if (bits == NULL)
        ink->failed = true;
    else
        bits[code_point / 8] |= (unsigned char)(1U << code_point % 8);
}

/* The text of the glyph has nothing that turns the texts of other cells round: a reader gives them
 * all as one. */
static void put_mark(ybb_pdf_ink *ink, const ybb_pdf_text *text, const ybb_pdf_glyph *glyph,
                     uint32_t offset)
{
    ybb_pdf_mark mark = {offset, glyph->code, 0, glyph->font};
    size_t place = ink->marks->length;
    const uint32_t *characters = ybb__pdf_characters(text) + glyph->text;
    ybb__buffer_put(ink->marks, &mark, sizeof(mark));
    for (uint32_t i = 0; i < glyph->characters; i++)
        if (!ybb__pdf_is_direction(characters[i])) {
            ybb__buffer_put(ink->marks, &characters[i], sizeof(characters[i]));
            mark.characters++;
        }
    if (!ybb__buffer_failed(ink->marks))
        memcpy(ink->marks->at + place, &mark, sizeof(mark));
    ink->mark_count++;
}

/* Inside of a string. */
static void put_glyph(ybb_pdf_ink *ink, const ybb_pdf_text *text, const ybb_pdf_glyph *glyph)
{
    const ybb_pdf_font *font = &ink->fonts->items[glyph->font];
    bool plain = (glyph->flags & YBB_PDF_GLYPH_PLAIN) != 0;
    if (plain)
        note_used(ink, glyph->font, glyph->code);
    if (font->cff) {
        hb_codepoint_t number = glyph->code;
        if (plain)
            hb_font_get_nominal_glyph(font->font, glyph->code, &number);
        else
            put_mark(ink, text, glyph, YBB_PDF_NO_PLACE);
        put_code(ink->content, number);
    } else if (plain) {
        put_code(ink->content, glyph->code);
    } else {
        put_mark(ink, text, glyph, (uint32_t)(ink->content->length - ink->begin));
        put_code(ink->content, YBB_PDF_FIRST_NUMBERED);
    }
}

/* A run of one font and one line's height, each glyph where it belongs; *@pen is where the viewer
 * stands. */
static uint32_t put_run(ybb_pdf_ink *ink, const ybb_pdf_text *text, uint32_t at, uint32_t end,
                        int32_t *pen)
{
    const ybb_pdf_glyph *glyphs = ybb__pdf_glyphs(text), *first = &glyphs[at];
    ybb_buffer *out = ink->content;
    bool open = false;
    ybb__buffer_put_char(out, '[');
    for (; at < end && glyphs[at].font == first->font && glyphs[at].dy == first->dy; at++) {
        int32_t x = text->simple ? *pen : glyphs[at].x;
        if (x != *pen) {
            ybb__buffer_put_text(out, open ? ")" : "");
            put_number(out, *pen - x);
            open = false;
        }
        if (!open)
            ybb__buffer_put_char(out, '(');
        open = true;
        put_glyph(ink, text, &glyphs[at]);
        *pen = x + glyphs[at].width;
    }
    ybb__buffer_put_text(out, ")]TJ\n");
    return at;
}

/* Marks stand above or below the line. */
static void set_rise(ybb_pdf_ink *ink, int32_t rise)
{
    ybb__pdf_put_length(ink->content, rise);
    ybb__buffer_put_text(ink->content, " Ts\n");
}

void ybb__pdf_ink_line(ybb_pdf_ink *ink, ybb_pdf_text *text, const ybb_pdf_line *line, int32_t x,
                       int32_t y, int32_t size, int32_t stretch)
{
    const ybb_pdf_glyph *glyphs = ybb__pdf_glyphs(text);
    int32_t pen = 0, rise = 0;
    if (line->begin == line->end)
        return;
    if (!text->simple && !ybb__pdf_line_place(text, line))
        ink->failed = true;
    begin_text(ink);
    set_stretch(ink, stretch);
    move_to(ink, x, y);
    for (uint32_t at = line->begin; at < line->end && !ink->failed;) {
        int32_t wanted = ybb__pdf_units(glyphs[at].dy, size);
        set_font(ink, glyphs[at].font, size);
        if (wanted != rise)
            set_rise(ink, wanted);
        rise = wanted;
        at = put_run(ink, text, at, line->end, &pen);
    }
    if (rise != 0)
        set_rise(ink, 0);
}
