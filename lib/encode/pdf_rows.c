/* Rows of a table, and its header. */
#include "encode/pdf_desk.h"

enum { ABOVE = 150 /* and below the text of a row */, RISE = 930 /* of the base line's top */ };

static const char zebra[] = ".945 .957 .973", header_fill[] = ".12 .29 .49",
                  sums_fill[] = ".86 .9 .95";

/* The base line of an item's first line. */
static int32_t first_line(int32_t size)
{
    return -ABOVE - size * RISE / YBB_PDF_EM;
}

/* An item of the row: its lines from @first on. */
static void put_part(ybb_pdf_desk *desk, uint32_t first, uint32_t lines, const char *fill,
                     const char *colour)
{
    const ybb_pdf_layout *layout = &desk->rules->layout;
    int32_t height = (int32_t)lines * layout->leading + 2 * ABOVE;
    ybb__pdf_desk_item(desk);
    if (fill != NULL)
        ybb__pdf_ink_box(&desk->ink, 0, -height, layout->inner_width, height, fill);
    if (colour != NULL)
        ybb__pdf_ink_colour(&desk->ink, colour);
    for (uint32_t i = 0; i < layout->count; i++) {
        const ybb_pdf_column *column = &layout->columns[i];
        ybb__pdf_desk_write(desk, i, first, lines, column->x, first_line(layout->size),
                            column->width, layout->size, column->right);
    }
    ybb__pdf_desk_end(desk, height, 0, NULL, 0);
}

static void put_parts(ybb_pdf_desk *desk, uint32_t lines, const char *fill)
{
    for (uint32_t first = 0; first < lines; first += YBB_PDF_MOST_LINES) {
        uint32_t rest = lines - first;
        put_part(desk, first, rest < YBB_PDF_MOST_LINES ? rest : YBB_PDF_MOST_LINES, fill, NULL);
    }
}

/* What a subtotal shows in a column. */
static const ybb_composed *subtotal_value(const ybb_look *look, const ybb_composed *value)
{
    return ybb__look_sums(look) ? value : NULL;
}

static void shape_cell(ybb_pdf_desk *desk, uint32_t i, const ybb_composed *value, bool subtotal)
{
    const ybb_look *look = &desk->rules->looks.columns[i];
    ybb_pdf_style style = subtotal ? YBB_PDF_BOLD : YBB_PDF_REGULAR;
    const char *label = look->label > 0 ? look->fixed[look->label].text : "";
    if (subtotal && subtotal_value(look, value) == NULL)
        ybb__pdf_desk_text(desk, i, style, label, strlen(label));
    else
        ybb__pdf_desk_value(desk, i, i, value, style);
}

/* A value need not be as those that its column was laid out by. */
static uint32_t set_lines(ybb_pdf_desk *desk, uint32_t i)
{
    const ybb_pdf_layout *layout = &desk->rules->layout;
    const ybb_pdf_column *column = &layout->columns[i];
    uint32_t lines = ybb__pdf_desk_lines(desk, i, column->width, layout->size, column->whole);
    if (column->whole && ybb__pdf_desk_narrow(desk, i) && !ybb__pdf_desk_whole(desk, i, i))
        lines = ybb__pdf_desk_lines(desk, i, column->width, layout->size, false);
    return lines;
}

void ybb__pdf_rows_put(ybb_pdf_desk *desk, const ybb_composed *values, bool subtotal)
{
    uint32_t most = 1;
    const ybb_pdf_layout *layout = &desk->rules->layout;
    for (uint32_t i = 0; i < layout->count && !desk->ink.failed; i++) {
        shape_cell(desk, i, &values[i], subtotal);
        uint32_t lines = set_lines(desk, i);
        most = most > lines ? most : lines;
    }
    if (!desk->ink.failed)
        put_parts(desk, most, subtotal ? sums_fill : desk->record % 2 == 0 ? zebra : NULL);
}

void ybb__pdf_rows_header(ybb_pdf_desk *desk)
{
    uint32_t most = 1;
    const ybb_pdf_layout *layout = &desk->rules->layout;
    for (uint32_t i = 0; i < layout->count && !desk->ink.failed; i++) {
        const char *header = desk->rules->looks.columns[i].column->header;
        ybb__pdf_desk_text(desk, i, YBB_PDF_BOLD, header, strlen(header));
        uint32_t lines =
            ybb__pdf_desk_lines(desk, i, layout->columns[i].width, layout->size, false);
        most = most > lines ? most : lines;
    }
    if (most > YBB_PDF_MOST_LINES)
        most = YBB_PDF_MOST_LINES;
    if (!desk->ink.failed)
        put_part(desk, 0, most, header_fill, "1 1 1");
}
