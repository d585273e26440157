#include "encode/pdf_desk.h"

#include <stdlib.h>

enum { WHOLE = 100, FEW_CELLS = 2 };

static bool make_cells(ybb_pdf_desk *desk, uint32_t count)
{
    if (desk->cell_count >= count)
        return true;
    ybb_pdf_cell *cells = realloc(desk->cells, count * sizeof(*cells));
    if (cells == NULL)
        return false;
    memset(cells + desk->cell_count, 0, (count - desk->cell_count) * sizeof(*cells));
    desk->cells = cells;
    desk->cell_count = count;
    return true;
}

bool ybb__pdf_desk_begin(ybb_pdf_desk *desk, const ybb_pdf_rules *rules, ybb_buffer *items,
                         ybb_buffer *marks)
{
    desk->rules = rules;
    desk->items = items;
    desk->marks = marks;
    desk->piece = NULL;
    desk->record = 0;
    ybb__pdf_used_clear(&desk->used);
    desk->ink = (ybb_pdf_ink){
        .fonts = &rules->fonts, .content = &desk->content, .marks = marks, .used = &desk->used};
    return make_cells(desk, rules->looks.count > FEW_CELLS ? rules->looks.count : FEW_CELLS);
}

void ybb__pdf_desk_free(ybb_pdf_desk *desk)
{
    for (uint32_t i = 0; i < desk->cell_count; i++) {
        ybb__pdf_text_free(&desk->cells[i].text);
        ybb__buffer_free(&desk->cells[i].lines);
    }
    free(desk->cells);
    ybb__buffer_free(&desk->content);
    ybb__buffer_free(&desk->value);
    ybb__pdf_used_free(&desk->used);
    *desk = (ybb_pdf_desk){0};
}

size_t ybb__pdf_desk_size(const ybb_pdf_desk *desk)
{
    size_t size = sizeof(*desk) + desk->content.capacity + desk->value.capacity;
    for (uint32_t i = 0; i < desk->cell_count; i++)
        size += ybb__pdf_text_size(&desk->cells[i].text) + desk->cells[i].lines.capacity;
    return size;
}

bool ybb__pdf_desk_failed(const ybb_pdf_desk *desk)
{
    return desk->ink.failed || ybb__buffer_failed(desk->items) || ybb__buffer_failed(desk->marks) ||
           ybb__buffer_failed(&desk->content) || ybb__buffer_failed(&desk->value);
}

void ybb__pdf_desk_text(ybb_pdf_desk *desk, uint32_t index, ybb_pdf_style style, const char *at,
                        size_t length)
{
    if (!ybb__pdf_text_shape(&desk->cells[index].text, &desk->rules->fonts, style, at, length))
        desk->ink.failed = true;
}

void ybb__pdf_desk_compose(ybb_pdf_desk *desk, uint32_t column, const ybb_composed *value)
{
    const ybb_pdf_rules *rules = desk->rules;
    ybb__pdf_value(&desk->value, &rules->looks, &rules->looks.columns[column], value,
                   rules->grouped_numbers);
}

void ybb__pdf_desk_note(ybb_pdf_desk *desk, uint32_t column, bool cleaned, ybb_pdf_missing missing)
{
    if (desk->piece == NULL)
        return;
    if (cleaned)
        ybb__piece_repair(desk->piece, YBB_REPAIR_CLEANED, desk->record, column);
    if (missing != YBB_PDF_MISSING_NONE)
        ybb__piece_repair(desk->piece,
                          missing == YBB_PDF_MISSING_CJK ? YBB_REPAIR_MISSING_CJK
                                                         : YBB_REPAIR_MISSING,
                          desk->record, column);
}

void ybb__pdf_desk_value(ybb_pdf_desk *desk, uint32_t index, uint32_t column,
                         const ybb_composed *value, ybb_pdf_style style)
{
    ybb__pdf_desk_compose(desk, column, value);
    ybb__pdf_desk_text(desk, index, style, desk->value.at, desk->value.length);
    const ybb_pdf_text *text = &desk->cells[index].text;
    ybb__pdf_desk_note(desk, column, text->cleaned, text->missing);
}

/* Digits with signs and blanks between them: a telephone number. */
static bool has_letters(const ybb_pdf_text *text)
{
    const uint32_t *characters = ybb__pdf_characters(text);
    for (size_t i = 0; i < text->characters.length / sizeof(*characters); i++)
        if (characters[i] > '9' || characters[i] < ' ')
            return true;
    return false;
}

static bool has_breaks(const ybb_pdf_text *text)
{
    const ybb_pdf_glyph *glyphs = ybb__pdf_glyphs(text);
    for (uint32_t i = 0; i < ybb__pdf_glyph_count(text); i++)
        if (glyphs[i].flags & (YBB_PDF_GLYPH_BREAK | YBB_PDF_GLYPH_NEW_LINE))
            return true;
    return false;
}

bool ybb__pdf_desk_whole(const ybb_pdf_desk *desk, uint32_t index, uint32_t column)
{
    const ybb_pdf_text *text = &desk->cells[index].text;
    const ybb_look *look = &desk->rules->looks.columns[column];
    if (look->type != YBB_TYPE_TEXT)
        return true;
    if (ybb__pdf_measure(text).width > YBB_PDF_LONGEST_CODE)
        return false;
    return look->labelled || !has_breaks(text) || !has_letters(text);
}

uint32_t ybb__pdf_desk_lines(ybb_pdf_desk *desk, uint32_t index, int32_t width, int32_t size,
                             bool whole)
{
    ybb_pdf_cell *cell = &desk->cells[index];
    int32_t most = (int32_t)((int64_t)width * YBB_PDF_EM / size);
    ybb_pdf_place place = {0, false};
    ybb_pdf_set_line set = {.stretch = WHOLE};
    ybb__buffer_clear(&cell->lines);
    while (ybb__pdf_line_next(&cell->text, &place, whole ? INT32_MAX : most, &set.line)) {
        set.stretch = WHOLE;
        if (set.line.width > most)
            set.stretch = (int32_t)((int64_t)most * WHOLE / set.line.width);
        if (set.stretch < 1)
            set.stretch = 1;
        ybb__buffer_put(&cell->lines, &set, sizeof(set));
    }
    desk->ink.failed = desk->ink.failed || ybb__buffer_failed(&cell->lines);
    return (uint32_t)(cell->lines.length / sizeof(set));
}

bool ybb__pdf_desk_narrow(const ybb_pdf_desk *desk, uint32_t index)
{
    const ybb_buffer *lines = &desk->cells[index].lines;
    const ybb_pdf_set_line *all = (const ybb_pdf_set_line *)(const void *)lines->at;
    for (size_t i = 0; i < lines->length / sizeof(*all); i++)
        if (all[i].stretch < WHOLE)
            return true;
    return false;
}

void ybb__pdf_desk_write(ybb_pdf_desk *desk, uint32_t index, uint32_t first, uint32_t count,
                         int32_t x, int32_t y, int32_t width, int32_t size, bool right)
{
    ybb_pdf_cell *cell = &desk->cells[index];
    uint32_t lines = (uint32_t)(cell->lines.length / sizeof(ybb_pdf_set_line));
    int32_t leading = size * YBB_PDF_SPACING / YBB_PDF_EM;
    for (uint32_t i = first; i < lines && i - first < count; i++) {
        const ybb_pdf_set_line *set = (const ybb_pdf_set_line *)(void *)cell->lines.at + i;
        int32_t shown = ybb__pdf_units(set->line.width, size) * set->stretch / WHOLE;
        int32_t left =
            right || ybb__pdf_line_rightward(&cell->text, &set->line) ? x + width - shown : x;
        ybb__pdf_ink_line(&desk->ink, &cell->text, &set->line, left,
                          y - (int32_t)(i - first) * leading, size, set->stretch);
    }
}

void ybb__pdf_desk_item(ybb_pdf_desk *desk)
{
    ybb__buffer_clear(&desk->content);
    ybb__pdf_ink_item(&desk->ink);
}

void ybb__pdf_desk_end(ybb_pdf_desk *desk, int32_t height, int32_t need, const char *bookmark,
                       size_t length)
{
    ybb__pdf_ink_end(&desk->ink);
    const ybb_pdf_item item = {.height = height,
                               .need = need > height ? need : height,
                               .bookmark = (uint32_t)length,
                               .content = (uint32_t)desk->content.length,
                               .marks = desk->ink.mark_count,
                               .record = desk->record};
    ybb__buffer_put(desk->items, &item, sizeof(item));
    ybb__buffer_put(desk->items, bookmark, length);
    ybb__buffer_put(desk->items, desk->content.at, desk->content.length);
}
