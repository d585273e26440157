#include "encode/pdf_lines.h"

#include "encode/pdf_breaks.h"

#include <string.h>

/* Where a line may end, while it is looked for. */
typedef struct ending {
    uint32_t end, next; /* the line's end, and where the next begins */
    int32_t width;
} ending;

static bool is_blank(const ybb_pdf_glyph *glyph)
{
    return (glyph->flags & YBB_PDF_GLYPH_BLANK) != 0;
}

/* The line up to @end without the blanks before that. */
static ending end_at(const ybb_pdf_glyph *glyphs, uint32_t begin, uint32_t end, int32_t width)
{
    ending found = {end, end, width};
    while (found.end > begin && is_blank(&glyphs[found.end - 1]))
        found.width -= glyphs[--found.end].advance;
    return found;
}

static uint32_t first_character(const ybb_pdf_text *text, uint32_t glyph)
{
    return ybb__pdf_characters(text)[ybb__pdf_glyphs(text)[glyph].text];
}

/* Thai, Lao, Tibetan, Myanmar and Khmer write words together: there a part is no word. */
static bool is_unspaced(uint32_t code_point)
{
    return (code_point >= 0xE00 && code_point < 0x10A0) ||
           (code_point >= 0x1780 && code_point < 0x1800);
}

static bool begins_part(const ybb_pdf_glyph *glyphs, uint32_t at)
{
    return at == 0 || (glyphs[at].flags & YBB_PDF_GLYPH_BREAK) != 0 ||
           (glyphs[at - 1].flags & YBB_PDF_GLYPH_NEW_LINE) != 0;
}

/* Whether what begins at @begin, up to where a line may end, is rather made narrow than parted: a
 * code, which has a digit or is an address of mail, or a word that is little wider than the line.
 */
static bool stays_whole(const ybb_pdf_text *text, uint32_t begin, uint32_t count, int32_t most,
                        ending *out)
{
    uint32_t at = begin;
    int32_t width = 0, little = most + most / 3;
    bool code = false, word = true;
    const ybb_pdf_glyph *glyphs = ybb__pdf_glyphs(text);
    if (!begins_part(glyphs, begin))
        return false;
    for (; at < count && !(at > begin && begins_part(glyphs, at)) &&
           !(glyphs[at].flags & YBB_PDF_GLYPH_NEW_LINE);
         at++) {
        uint32_t c = first_character(text, at);
        code = code || (c >= '0' && c <= '9') || c == '@';
        word = word && !is_unspaced(c);
        width += glyphs[at].advance;
        if (width > YBB_PDF_LONGEST_CODE && width > little && !is_blank(&glyphs[at]))
            return false;
    }
    *out = end_at(glyphs, begin, at, width);
    out->next += at < count && glyphs[at].flags & YBB_PDF_GLYPH_NEW_LINE;
    return (code && out->width <= YBB_PDF_LONGEST_CODE) || (word && out->width <= little);
}

/* Behind what a reader sees the parts of an address by. */
static bool is_joint(uint32_t code_point)
{
    return code_point < 0x80 && code_point != 0 && strchr("/@._-=&?,;:+%#~", (int)code_point);
}

/* Ends a line in a word that is wider: behind a joint where that leaves no short line, else behind
 * the last character that fits, and not before punctuation where there is another place. */
static ending part_word(const ybb_pdf_text *text, uint32_t begin, uint32_t count, int32_t most)
{
    int32_t width = 0;
    ending whole, joint = {begin, begin, 0}, character = joint, any = joint;
    const ybb_pdf_glyph *glyphs = ybb__pdf_glyphs(text);
    if (stays_whole(text, begin, count, most, &whole))
        return whole;
    for (uint32_t i = begin; i < count && !(glyphs[i].flags & YBB_PDF_GLYPH_NEW_LINE); i++) {
        if (i > begin && glyphs[i].flags & YBB_PDF_GLYPH_CLUSTER) {
            any = end_at(glyphs, begin, i, width);
            if (!ybb__pdf_no_begin(first_character(text, i)))
                character = any;
            if (character.next == i && is_joint(first_character(text, i - 1)))
                joint = any;
        }
        width += glyphs[i].advance;
        if (width > most && any.next > begin)
            break;
    }
    return joint.width > most / 2 ? joint : character.next > begin ? character : any;
}

/* Finds the end of the line that begins at @begin. */
static ending find_end(const ybb_pdf_text *text, uint32_t begin, uint32_t count, int32_t most)
{
    ending word = {begin, begin, 0};
    int32_t width = 0, shown = 0; /* shown: up to the last glyph that is no blank */
    const ybb_pdf_glyph *glyphs = ybb__pdf_glyphs(text);
    bool parted = false; /* it was tried, and there is no place for that */
    for (uint32_t i = begin; i < count; i++) {
        const ybb_pdf_glyph *glyph = &glyphs[i];
        if (glyph->flags & YBB_PDF_GLYPH_NEW_LINE) {
            ending found = end_at(glyphs, begin, i, width);
            found.next = i + 1;
            return found;
        }
        if (i > begin && glyph->flags & YBB_PDF_GLYPH_BREAK)
            word = end_at(glyphs, begin, i, width);
        width += glyph->advance;
        if (!is_blank(glyph))
            shown = width;
        if (shown > most && word.next > begin)
            return word;
        if (shown > most && !parted) {
            ending part = part_word(text, begin, count, most);
            if (part.next > begin)
                return part;
            parted = true;
        }
    }
    return end_at(glyphs, begin, count, width);
}

bool ybb__pdf_line_next(const ybb_pdf_text *text, ybb_pdf_place *place, int32_t most,
                        ybb_pdf_line *line)
{
    uint32_t count = ybb__pdf_glyph_count(text);
    if (place->ended)
        return false;
    ending found = find_end(text, place->glyph, count, most);
    *line = (ybb_pdf_line){place->glyph, found.end, found.width};
    place->glyph = found.next;
    place->ended = found.next >= count;
    return true;
}

ybb_pdf_extent ybb__pdf_measure(const ybb_pdf_text *text)
{
    ybb_pdf_extent extent = {0, 0, 0};
    ybb_pdf_place place = {0, false};
    ybb_pdf_line line;
    const ybb_pdf_glyph *glyphs = ybb__pdf_glyphs(text);
    while (ybb__pdf_line_next(text, &place, INT32_MAX, &line)) {
        int32_t word = 0, shown = 0;
        extent.lines++;
        if (extent.width < line.width)
            extent.width = line.width;
        for (uint32_t i = line.begin; i < line.end; i++) {
            if (glyphs[i].flags & YBB_PDF_GLYPH_BREAK)
                word = 0;
            word += glyphs[i].advance;
            if (!is_blank(&glyphs[i]))
                shown = word;
            if (extent.word < shown)
                extent.word = shown;
        }
    }
    return extent;
}

static void reverse(uint32_t *order, uint32_t begin, uint32_t end)
{
    while (begin + 1 < end) {
        uint32_t other = order[begin];
        order[begin++] = order[--end];
        order[end] = other;
    }
}

/* UAX #9, L2: from the highest level to the lowest that is odd, runs at or above it turn round. */
static void reorder(uint32_t *order, const ybb_pdf_glyph *glyphs, uint32_t count)
{
    uint8_t most = 0, least_odd = UINT8_MAX;
    for (uint32_t i = 0; i < count; i++) {
        order[i] = i;
        if (glyphs[i].level > most)
            most = glyphs[i].level;
        if (glyphs[i].level % 2 != 0 && glyphs[i].level < least_odd)
            least_odd = glyphs[i].level;
    }
    for (uint8_t level = most; level >= least_odd; level--)
        for (uint32_t begin = 0, end; begin < count; begin = end) {
            for (end = begin; end < count && glyphs[order[end]].level >= level; end++)
                continue;
            reverse(order, begin, end);
            end += end == begin;
        }
}

bool ybb__pdf_line_place(ybb_pdf_text *text, const ybb_pdf_line *line)
{
    int32_t pen = 0;
    uint32_t count = line->end - line->begin;
    ybb_pdf_glyph *glyphs = ybb__pdf_glyphs(text) + line->begin;
    ybb__buffer_clear(&text->scratch);
    if (!ybb__buffer_reserve(&text->scratch, count * sizeof(uint32_t)))
        return false;
    uint32_t *order = (uint32_t *)(void *)text->scratch.at;
    reorder(order, glyphs, count);
    for (uint32_t i = 0; i < count; i++) {
        ybb_pdf_glyph *glyph = &glyphs[order[i]];
        glyph->x = pen + glyph->dx;
        pen += glyph->advance;
    }
    return true;
}
