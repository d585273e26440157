#include "encode/pdf_cast.h"

#include "encode/pdf_embed.h"

#include <string.h>

void ybb__pdf_cast_free(ybb_pdf_cast *cast)
{
    ybb__pdf_used_free(&cast->used);
    ybb__buffer_free(&cast->uses);
    ybb__buffer_free(&cast->texts);
    ybb__buffer_free(&cast->slots);
}

static uint32_t use_count(const ybb_pdf_cast *cast)
{
    return (uint32_t)(cast->uses.length / sizeof(ybb_pdf_use));
}

static ybb_pdf_use *uses_of(const ybb_pdf_cast *cast)
{
    return (ybb_pdf_use *)(void *)cast->uses.at;
}

static const char *text_of(const ybb_pdf_cast *cast, const ybb_pdf_use *use)
{
    return cast->texts.at + use->text * sizeof(uint32_t);
}

static uint32_t hash_of(uint32_t font, uint32_t glyph, const char *text, uint32_t characters)
{
    uint32_t hash = font * 0x9E3779B1U + glyph;
    for (uint32_t i = 0, c; i < characters; i++) {
        memcpy(&c, text + i * sizeof(c), sizeof(c));
        hash = (hash ^ c) * 0x9E3779B1U;
        hash ^= hash >> 15;
    }
    return hash * 0x9E3779B1U;
}

static uint32_t slot_count(const ybb_pdf_cast *cast)
{
    return (uint32_t)(cast->slots.length / sizeof(uint32_t));
}

static void put_slot(ybb_pdf_cast *cast, uint32_t index)
{
    uint32_t mask = slot_count(cast) - 1, *slots = (uint32_t *)(void *)cast->slots.at;
    const ybb_pdf_use *use = &uses_of(cast)[index];
    uint32_t at = hash_of(use->font, use->glyph, text_of(cast, use), use->characters) & mask;
    while (slots[at] != 0)
        at = (at + 1) & mask;
    slots[at] = index + 1;
}

/* At most half of the slots are taken. */
static bool make_slots(ybb_pdf_cast *cast)
{
    enum { FIRST = 256 };
    uint32_t count = use_count(cast), slots = slot_count(cast);
    if (count < slots / 2)
        return true;
    slots = slots == 0 ? FIRST : 2 * slots;
    ybb__buffer_clear(&cast->slots);
    if (!ybb__buffer_reserve(&cast->slots, slots * sizeof(uint32_t)))
        return false;
    cast->slots.length = slots * sizeof(uint32_t);
    memset(cast->slots.at, 0, cast->slots.length);
    for (uint32_t i = 0; i < count; i++)
        put_slot(cast, i);
    return true;
}

static const ybb_pdf_use *find_use(const ybb_pdf_cast *cast, const ybb_pdf_mark *mark,
                                   const char *text)
{
    uint32_t mask = slot_count(cast) - 1;
    const uint32_t *slots = (const uint32_t *)(const void *)cast->slots.at;
    uint32_t at = hash_of(mark->font, mark->glyph, text, mark->characters) & mask;
    for (; slots[at] != 0; at = (at + 1) & mask) {
        const ybb_pdf_use *use = &uses_of(cast)[slots[at] - 1];
        if (use->font == mark->font && use->glyph == mark->glyph &&
            use->characters == mark->characters &&
            memcmp(text_of(cast, use), text, mark->characters * sizeof(uint32_t)) == 0)
            return use;
    }
    return NULL;
}

/* The codes that placeholders give way to hold no byte that a string would have to escape. */
static uint32_t next_code(ybb_pdf_cast *cast, uint32_t font)
{
    static const unsigned char special[] = {'\n', '\r', '(', ')', '\\'};
    for (;;) {
        uint32_t code = YBB_PDF_FIRST_NUMBERED + cast->numbered[font];
        if (code > YBB_PDF_LAST_NUMBERED)
            return YBB_PDF_CODES;
        cast->numbered[font]++;
        if (memchr(special, (int)(code & 0xFF), sizeof(special)) == NULL)
            return code;
    }
}

/* Where a font's numbers are used up: the glyph with another text. */
static uint32_t any_code(const ybb_pdf_cast *cast, const ybb_pdf_mark *mark)
{
    for (uint32_t i = 0; i < use_count(cast); i++)
        if (uses_of(cast)[i].font == mark->font && uses_of(cast)[i].glyph == mark->glyph)
            return uses_of(cast)[i].code;
    return YBB_PDF_FIRST_NUMBERED;
}

uint32_t ybb__pdf_cast_number(ybb_pdf_cast *cast, const ybb_pdf_mark *mark, const char *characters)
{
    if (!make_slots(cast))
        return YBB_PDF_CODES;
    const ybb_pdf_use *found = find_use(cast, mark, characters);
    if (found != NULL)
        return found->code;
    uint32_t code = cast->fonts->items[mark->font].cff ? mark->glyph : next_code(cast, mark->font);
    if (code == YBB_PDF_CODES)
        return any_code(cast, mark);
    const ybb_pdf_use use = {mark->font, mark->glyph, code,
                             (uint32_t)(cast->texts.length / sizeof(uint32_t)), mark->characters};
    ybb__buffer_put(&cast->texts, characters, mark->characters * sizeof(uint32_t));
    ybb__buffer_put(&cast->uses, &use, sizeof(use));
    if (ybb__buffer_failed(&cast->texts) || ybb__buffer_failed(&cast->uses))
        return YBB_PDF_CODES;
    put_slot(cast, use_count(cast) - 1);
    return code;
}

/* Adds the characters that stand for themselves. */
static void add_plain(const ybb_pdf_cast *cast, uint32_t font, ybb_pdf_embed *embed)
{
    const unsigned char *bits = cast->used.bits[font];
    for (uint32_t c = 0; bits != NULL && c < YBB_PDF_CODES; c++) {
        hb_codepoint_t glyph;
        if (bits[c / 8] == 0) {
            c |= 7;
            continue;
        }
        if ((bits[c / 8] >> c % 8 & 1) != 0 &&
            hb_font_get_nominal_glyph(cast->fonts->items[font].font, c, &glyph))
            ybb__pdf_embed_add(embed, embed->cff ? glyph : c, glyph, &c, 1);
    }
}

static void add_uses(const ybb_pdf_cast *cast, uint32_t font, ybb_pdf_embed *embed)
{
    for (uint32_t i = 0; i < use_count(cast); i++) {
        const ybb_pdf_use *use = &uses_of(cast)[i];
        if (use->font == font)
            ybb__pdf_embed_add(embed, use->code, use->glyph,
                               (const uint32_t *)(const void *)text_of(cast, use), use->characters);
    }
}

ybb_status ybb__pdf_cast_write(ybb_pdf_cast *cast, ybb_pdf_file *file, ybb_buffer *resources,
                               ybb_error *error)
{
    ybb_status status = YBB_OK;
    ybb__pdf_fonts_rest(cast->fonts);
    for (uint32_t font = 0; status == YBB_OK && font < cast->fonts->count; font++) {
        uint32_t number = 0;
        ybb_pdf_embed embed = {
            .font = &cast->fonts->items[font], .cff = cast->fonts->items[font].cff, .index = font};
        add_plain(cast, font, &embed);
        add_uses(cast, font, &embed);
        if (embed.glyphs.length > 0 || ybb__buffer_failed(&embed.glyphs))
            status = ybb__pdf_embed_write(&embed, file, &number, error);
        if (number > 0)
            ybb__pdf_put(resources, "/F%u %u 0 R ", font, number);
        ybb__pdf_embed_free(&embed);
        ybb__pdf_font_file_rest(&cast->fonts->items[font].file);
    }
    return status;
}
