#include "encode/xlsx_shapes.h"

#include "encode/xlsx_parts.h"

#include <stdio.h>

enum { SHORT = 96 };

static bool make_stamp(ybb_stamp *out, const char *text)
{
    size_t length = strlen(text);
    if (length > sizeof(out->bytes))
        return false;
    memset(out, 0, sizeof(*out));
    memcpy(out->bytes, text, length);
    out->length = (uint32_t)length;
    return true;
}

/* The end of a cell's place, and its style; style 0 is not named. */
static void write_style(char *out, uint32_t style)
{
    if (style == 0)
        snprintf(out, SHORT, "\"");
    else
        snprintf(out, SHORT, "\" s=\"%u\"", style);
}

static bool make_shape(ybb_xlsx_shape *shape, const ybb_xlsx_rows *rows, const ybb_look *look,
                       uint32_t column, uint32_t style_number)
{
    char text[2 * SHORT], style[SHORT], name[4];
    size_t length = ybb__column_name(name, column);
    write_style(style, style_number);
    shape->slot = look->type == YBB_TYPE_TEXT && !look->closed && !rows->inline_texts;
    snprintf(text, sizeof(text), "<c r=\"%.*s", (int)length, name);
    bool made = make_stamp(&shape->head, text);
    snprintf(text, sizeof(text), "%s><v>", style);
    made = made && make_stamp(&shape->number, text);
    snprintf(text, sizeof(text), "%s t=\"s\"><v>", style);
    made = made && make_stamp(&shape->shared, text);
    snprintf(text, sizeof(text), "%s/>", style);
    made = made && make_stamp(&shape->empty, text);
    snprintf(text, sizeof(text), "%s%s", style,
             rows->inline_texts ? " t=\"inlineStr\"><is>" : " t=\"str\"><v>");
    return made && make_stamp(&shape->text, text);
}

/* Writes what stands behind a cell's place for each fixed text; @label walks along the skeleton's.
 */
static bool make_fixed(ybb_look *look, ybb_arena *arena, uint32_t style_number,
                       const uint32_t **label)
{
    char text[2 * SHORT], style[SHORT];
    write_style(style, style_number);
    for (uint32_t i = 0; i < look->fixed_count; i++) {
        ybb_fixed *fixed = &look->fixed[i];
        fixed->length = 0;
        if (*fixed->text == '\0')
            continue;
        snprintf(text, sizeof(text), "%s t=\"s\"><v>%u</v></c>", style, *(*label)++);
        fixed->length = (uint32_t)strlen(text);
        fixed->bytes = ybb__arena_copy(arena, text, fixed->length);
        if (fixed->bytes == NULL)
            return false;
    }
    return true;
}

static uint8_t links_of(const ybb_look *look)
{
    return look->type == YBB_TYPE_TEXT && !look->labelled && !look->column->spread
               ? look->column->field->links
               : 0;
}

/* The kind of row whose cells have @styles. Fills the fixed texts of @looks, and counts the columns
 * with links (NULL: it has none). */
static ybb_status make_kind(ybb_xlsx_kind *kind, const ybb_xlsx_rows *rows, ybb_looks *looks,
                            const uint32_t *styles, const uint32_t *label, uint32_t *links,
                            ybb_arena *arena, ybb_error *error)
{
    ybb_xlsx_shape *shapes = ybb__arena_array(arena, looks->count, sizeof(*shapes));
    *kind = (ybb_xlsx_kind){looks, shapes};
    if (shapes == NULL)
        return ybb__fail_memory(error);
    for (uint32_t i = 0; i < looks->count; i++) {
        if (!make_fixed(&looks->columns[i], arena, styles[i], &label))
            return ybb__fail_memory(error);
        if (!make_shape(&shapes[i], rows, &looks->columns[i], i, styles[i]))
            return ybb__part_unknown(error);
        shapes[i].links = links == NULL ? 0 : links_of(&looks->columns[i]);
        shapes[i].link = links == NULL ? 0 : *links;
        if (shapes[i].links != 0)
            ++*links;
    }
    return YBB_OK;
}

/* How cells look that are links. */
static ybb_status make_linked(ybb_xlsx_rows *rows, const ybb_looks *looks, uint32_t style,
                              ybb_arena *arena, ybb_error *error)
{
    ybb_xlsx_shape *shapes = ybb__arena_array(arena, looks->count, sizeof(*shapes));
    rows->linked = (ybb_xlsx_kind){looks, shapes};
    if (shapes == NULL)
        return ybb__fail_memory(error);
    for (uint32_t i = 0; i < looks->count; i++)
        if (!make_shape(&shapes[i], rows, &looks->columns[i], i, style))
            return ybb__part_unknown(error);
    return YBB_OK;
}

bool ybb__xlsx_has_links(const ybb_looks *looks)
{
    for (uint32_t i = 0; i < looks->count; i++)
        if (links_of(&looks->columns[i]) != 0)
            return true;
    return false;
}

static ybb_status make_kinds(ybb_xlsx_rows *rows, ybb_looks *looks, const ybb_skeleton *skeleton,
                             ybb_arena *arena, ybb_error *error)
{
    ybb_looks *bold = NULL;
    if (skeleton->bold_styles != NULL) {
        bold = ybb__arena_alloc(arena, sizeof(*bold));
        if (bold == NULL || !ybb__looks_copy(bold, arena, looks))
            return ybb__fail_memory(error);
    }
    ybb_status status = make_kind(&rows->records, rows, looks, skeleton->styles, skeleton->labels,
                                  &rows->links, arena, error);
    if (status == YBB_OK && bold != NULL)
        status = make_kind(&rows->subtotals, rows, bold, skeleton->bold_styles, skeleton->labels,
                           NULL, arena, error);
    if (status == YBB_OK && rows->links > 0)
        status = make_linked(rows, looks, skeleton->link_style, arena, error);
    return status;
}

ybb_status ybb__xlsx_rows_make(ybb_xlsx_rows *rows, const ybb_plan *plan, ybb_looks *looks,
                               const ybb_skeleton *skeleton, bool has_wrap, ybb_arena *arena,
                               ybb_error *error)
{
    const ybb_request *request = plan->request;
    *rows = (ybb_xlsx_rows){
        .plan = plan,
        .inline_texts = request->presentation.xlsx.strings == YBB_STRINGS_INLINE,
        .first_string = skeleton->strings,
        .continues = ybb__xlsx_long_words[request->language].continues,
    };
    if (!make_stamp(&rows->row_head, "<row r=\"") ||
        !make_stamp(&rows->row_tail, has_wrap ? "\"" YBB_XLSX_WRAPPED_ROW ">" : "\">"))
        return ybb__part_unknown(error);
    ybb_status status = make_kinds(rows, looks, skeleton, arena, error);
    for (uint32_t i = 0; status == YBB_OK && i < looks->count; i++)
        rows->slots += rows->records.shapes[i].slot;
    return status;
}
