#include "encode/lines.h"

#include "encode/decimal.h"
#include "encode/looks.h"
#include "encode/same.h"
#include "encode/zoned.h"

#include <string.h>

static ybb_cell cell_at(const ybb_cell *cells, uint32_t index)
{
    return index == UINT32_MAX ? (ybb_cell){NULL, 0} : cells[index];
}

ybb_cell ybb__related_value(const ybb_related_map *map, uint32_t column, const ybb_cell *cells,
                            const ybb_labels **labels)
{
    const ybb_field *field = &map->collection->columns[column];
    ybb_cell cell = cell_at(cells, map->cells[column]);
    *labels = &field->labels;
    if (cell.at == NULL && map->fallback_cells[column] != UINT32_MAX) {
        cell = cells[map->fallback_cells[column]];
        if (cell.at != NULL)
            *labels = &field->fallback_labels;
    }
    if (cell.at == NULL && field->null_as != NULL)
        cell = (ybb_cell){field->null_as, (uint32_t)strlen(field->null_as)};
    return cell;
}

static const char *label_of(const ybb_labels *labels, const ybb_cell *cell, ybb_language language)
{
    for (uint32_t i = 0; i < labels->count; i++)
        if (ybb__cell_is(cell, labels->items[i].value))
            return labels->items[i].text.in[language];
    return NULL;
}

static const char *boolean_of(const ybb_field *field, const ybb_cell *cell,
                              const ybb_transforms *transforms)
{
    if (field->type != YBB_TYPE_BOOLEAN || field->labels.count > 0 || cell->length != 1)
        return NULL;
    return *cell->at == '1'   ? transforms->true_text
           : *cell->at == '0' ? transforms->false_text
                              : NULL;
}

static void put_plain(ybb_buffer *out, const ybb_line *line, const ybb_field *field,
                      const ybb_cell *cell)
{
    ybb_decimal decimal;
    char zoned[YBB_ZONED_TEXT];
    ybb_cell shown = *cell;
    bool is_date = field->type == YBB_TYPE_DATE || field->type == YBB_TYPE_DATETIME;
    if (is_date && ybb__is_zero_date(cell))
        return;
    if (line->zone != NULL && field->type == YBB_TYPE_DATETIME)
        shown = ybb__zoned(zoned, line->zone, cell);
    if (field->type == YBB_TYPE_DECIMAL && !ybb__has_places(cell, field->scale) &&
        ybb__decimal_read(&decimal, cell))
        ybb__decimal_put(out, &decimal, field->scale, '.');
    else
        ybb__buffer_put(out, shown.at, shown.length);
}

void ybb__put_line_value(ybb_buffer *out, const ybb_line *line, uint32_t column)
{
    const ybb_field *field = &line->map->collection->columns[column];
    const ybb_labels *labels;
    ybb_cell cell = ybb__related_value(line->map, column, line->cells, &labels);
    if (cell.at == NULL)
        return;
    const char *text = label_of(labels, &cell, line->request->language);
    if (text == NULL)
        text = boolean_of(field, &cell, &line->request->presentation.transforms);
    if (text != NULL)
        ybb__buffer_put_text(out, text);
    else
        put_plain(out, line, field, &cell);
}

static bool is_blank(char c)
{
    return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

/* Takes blanks off both ends of what stands behind @begin. */
static void trim(ybb_buffer *out, size_t begin)
{
    size_t first = begin;
    while (out->length > begin && is_blank(out->at[out->length - 1]))
        out->length--;
    while (first < out->length && is_blank(out->at[first]))
        first++;
    if (first > begin) {
        memmove(out->at + begin, out->at + first, out->length - first);
        out->length -= first - begin;
    }
}

static void put_part(ybb_buffer *out, const ybb_line *line, const ybb_line_part *part)
{
    size_t begin = out->length;
    for (uint32_t i = 0; i < part->count; i++) {
        if (part->pieces[i].text != NULL)
            ybb__buffer_put_text(out, part->pieces[i].text);
        else
            ybb__put_line_value(out, line, part->pieces[i].column);
    }
    if (part->trim)
        trim(out, begin);
}

void ybb__put_line(ybb_buffer *out, const ybb_line *line, const ybb_reducer *reducer)
{
    for (uint32_t i = 0; i < reducer->part_count; i++) {
        if (i > 0)
            ybb__buffer_put_text(out, reducer->part_separator);
        put_part(out, line, &reducer->parts[i]);
    }
}
