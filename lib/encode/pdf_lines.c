#include "encode/pdf_lines.h"

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

/* Finds the end of the line that begins at @begin: behind the last word that fits, else behind the
 * last character that does, at least one. */
static ending find_end(const ybb_pdf_glyph *glyphs, uint32_t begin, uint32_t count, int32_t most)
{
    ending word = {begin, begin, 0}, character = {begin, begin, 0};
    int32_t width = 0, shown = 0; /* shown: up to the last glyph that is no blank */
    for (uint32_t i = begin; i < count; i++) {
        const ybb_pdf_glyph *glyph = &glyphs[i];
        if (glyph->flags & YBB_PDF_GLYPH_NEW_LINE) {
            ending found = end_at(glyphs, begin, i, width);
            found.next = i + 1;
            return found;
        }
        if (i > begin && glyph->flags & YBB_PDF_GLYPH_BREAK)
            word = end_at(glyphs, begin, i, width);
        if (i > begin && glyph->flags & YBB_PDF_GLYPH_CLUSTER)
            character = end_at(glyphs, begin, i, width);
        width += glyph->advance;
        if (!is_blank(glyph))
            shown = width;
        if (shown > most && word.next > begin)
            return word;
        if (shown > most && character.next > begin)
            return character;
    }
    return end_at(glyphs, begin, count, width);
}

bool ybb__pdf_line_next(const ybb_pdf_text *text, ybb_pdf_place *place, int32_t most,
                        ybb_pdf_line *line)
{
    uint32_t count = ybb__pdf_glyph_count(text);
    if (place->ended)
        return false;
    ending found = find_end(ybb__pdf_glyphs(text), place->glyph, count, most);
    *line = (ybb_pdf_line){place->glyph, found.end, found.width};
    place->glyph = found.next;
    place->ended = found.next >= count;
    return true;
}

ybb_pdf_extent ybb__pdf_measure(const ybb_pdf_text *text)
{
    ybb_pdf_extent extent = {0, 0};
    ybb_pdf_place place = {0, false};
    ybb_pdf_line line;
    const ybb_pdf_glyph *glyphs = ybb__pdf_glyphs(text);
    while (ybb__pdf_line_next(text, &place, INT32_MAX, &line)) {
        int32_t word = 0, shown = 0;
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
