/*
 * What the sheets "Summary" and "About" share. libxlsxwriter writes them whole, with their charts
 * and tables: they are small. Its numbers are doubles, so beside each the exact digits are noted,
 * which take its place in the book (xlsx_finish.c).
 */
#include "encode/decimal.h"
#include "encode/xlsx_draft.h"

#include <stdlib.h>

enum { MOST_DIGITS = 15, TITLE_SIZE = 16, HEADING_SIZE = 12 };

static const lxw_color_t dark = 0x1F4E78, grey = 0x595959, line = 0xD9D9D9;

static lxw_format *add_format(ybb_xlsx_draft *d)
{
    return ybb__draft_keep(d, workbook_add_format(d->book));
}

static lxw_format *add_heading(ybb_xlsx_draft *d, double size)
{
    lxw_format *format = add_format(d);
    if (format == NULL)
        return NULL;
    format_set_bold(format);
    format_set_font_size(format, size);
    format_set_font_color(format, dark);
    return format;
}

static lxw_format *add_cell_format(ybb_xlsx_draft *d, uint8_t align, const char *number)
{
    lxw_format *format = add_format(d);
    if (format == NULL)
        return NULL;
    format_set_bottom(format, LXW_BORDER_THIN);
    format_set_bottom_color(format, line);
    format_set_align(format, align);
    format_set_align(format, LXW_ALIGN_VERTICAL_TOP);
    if (number != NULL)
        format_set_num_format(format, number);
    return format;
}

static void add_sum_formats(ybb_xlsx_draft *d)
{
    const ybb_xlsx_extra *extra = d->plan->extra;
    size_t count = (size_t)extra->table_count * YBB_SUMMARY_COLUMNS;
    lxw_format **sums = ybb__draft_keep(d, ybb__arena_array(d->arena, count + 1, sizeof(*sums)));
    d->extra.sums = sums;
    for (uint32_t i = 0; !d->no_memory && i < extra->table_count; i++)
        for (uint32_t k = 0; k < extra->tables[i].column_count; k++) {
            const ybb_summary_column *column = &extra->tables[i].columns[k];
            if (column->kind == YBB_SUMMARY_SUM)
                sums[i * YBB_SUMMARY_COLUMNS + k] =
                    add_cell_format(d, LXW_ALIGN_RIGHT, ybb__draft_number_format(d, column->look));
        }
}

void ybb__draft_extra_formats(ybb_xlsx_draft *d)
{
    static const char count[] = "#,##0", share[] = "0.0%";
    ybb_extra_formats *made = &d->extra;
    made->title = add_heading(d, TITLE_SIZE);
    made->heading = add_heading(d, HEADING_SIZE);
    made->note = add_format(d);
    made->number_header = add_format(d);
    made->label = add_cell_format(d, LXW_ALIGN_LEFT, NULL);
    made->count = add_cell_format(d, LXW_ALIGN_RIGHT, count);
    made->share = add_cell_format(d, LXW_ALIGN_RIGHT, share);
    made->key = add_cell_format(d, LXW_ALIGN_LEFT, NULL);
    made->text = add_cell_format(d, LXW_ALIGN_LEFT, NULL);
    made->number = add_cell_format(d, LXW_ALIGN_LEFT, count);
    made->unseen = add_format(d);
    if (d->no_memory)
        return;
    format_set_font_color(made->note, grey);
    format_set_bold(made->number_header);
    format_set_font_color(made->number_header, LXW_COLOR_WHITE);
    format_set_bg_color(made->number_header, dark);
    format_set_align(made->number_header, LXW_ALIGN_RIGHT);
    format_set_font_color(made->key, grey);
    format_set_text_wrap(made->text);
    format_set_num_format(made->unseen, ";;;");
    add_sum_formats(d);
}

void ybb__draft_extra_prototypes(ybb_xlsx_draft *d, lxw_row_t row)
{
    const ybb_extra_formats *made = &d->extra;
    lxw_format *const formats[] = {made->title, made->note,   made->heading, made->number_header,
                                   made->label, made->count,  made->share,   made->key,
                                   made->text,  made->number, made->unseen};
    uint32_t count = d->plan->extra->table_count * YBB_SUMMARY_COLUMNS;
    for (size_t i = 0; i < sizeof(formats) / sizeof(formats[0]); i++)
        ybb__draft_check(d, worksheet_write_number(d->first, row++, 0, 1, formats[i]));
    for (uint32_t i = 0; i < count; i++)
        if (made->sums[i] != NULL)
            ybb__draft_check(d, worksheet_write_number(d->first, row++, 0, 1, made->sums[i]));
}

void ybb__draft_put_text(ybb_xlsx_draft *d, lxw_worksheet *sheet, lxw_row_t row, lxw_col_t column,
                         ybb_cell cell, lxw_format *format)
{
    char *text = ybb__draft_text(d, cell.at, cell.length);
    if (text == NULL)
        return;
    ybb__draft_check(d, *text != '\0' ? worksheet_write_string(sheet, row, column, text, format)
                                      : worksheet_write_blank(sheet, row, column, format));
}

/* A number of more digits than a spreadsheet keeps: a text that looks as the number would. */
static void put_digits(ybb_xlsx_draft *d, lxw_worksheet *sheet, lxw_row_t row, lxw_col_t column,
                       ybb_cell cell, lxw_format *format)
{
    ybb_buffer text = {0};
    ybb__buffer_put(&text, cell.at, cell.length);
    if (ybb__is_grouped(d->plan->file->plan->request->presentation.transforms.currency_format))
        ybb__decimal_group(&text);
    d->no_memory = d->no_memory || ybb__buffer_failed(&text);
    if (!d->no_memory)
        ybb__draft_put_text(d, sheet, row, column, (ybb_cell){text.at, (uint32_t)text.length},
                            format);
    ybb__buffer_free(&text);
}

bool ybb__draft_is_kept(ybb_cell cell)
{
    ybb_decimal decimal;
    return ybb__decimal_read(&decimal, &cell) && decimal.digits <= MOST_DIGITS;
}

void ybb__draft_put_rounded(ybb_xlsx_draft *d, lxw_worksheet *sheet, lxw_row_t row,
                            lxw_col_t column, ybb_cell cell, lxw_format *format)
{
    ybb__buffer_put(d->plan->extra->numbers, cell.at, cell.length);
    ybb__buffer_put_char(d->plan->extra->numbers, '\0');
    char *digits = ybb__draft_keep(d, ybb__arena_copy(d->arena, cell.at, cell.length));
    if (digits != NULL)
        ybb__draft_check(d,
                         worksheet_write_number(sheet, row, column, strtod(digits, NULL), format));
}

void ybb__draft_put_number(ybb_xlsx_draft *d, lxw_worksheet *sheet, lxw_row_t row, lxw_col_t column,
                           ybb_cell cell, lxw_format *format)
{
    if (ybb__draft_is_kept(cell))
        ybb__draft_put_rounded(d, sheet, row, column, cell, format);
    else
        put_digits(d, sheet, row, column, cell, format);
}

void ybb__draft_table(ybb_xlsx_draft *d, lxw_worksheet *sheet, lxw_row_t row, lxw_row_t rows,
                      const char *const *headers, const bool *numbers, uint32_t columns)
{
    bool filled = d->plan->extra->filled;
    ybb_xlsx_header *names = ybb__draft_keep(d, ybb__xlsx_unlike(d->arena, headers, columns));
    lxw_table_column *made = ybb__draft_keep(d, ybb__arena_array(d->arena, columns, sizeof(*made)));
    lxw_table_column **list =
        ybb__draft_keep(d, ybb__arena_array(d->arena, (size_t)columns + 1, sizeof(*list)));
    if (d->no_memory)
        return;
    for (uint32_t i = 0; i < columns; i++) {
        made[i].header = names[i].name;
        made[i].header_format = numbers[i] ? d->extra.number_header : d->header;
        list[i] = &made[i];
    }
    lxw_table_options options = {.columns = list,
                                 .no_header_row = filled ? LXW_FALSE : LXW_TRUE,
                                 .no_autofilter = LXW_TRUE,
                                 .style_type = LXW_TABLE_STYLE_TYPE_MEDIUM,
                                 .style_type_number = 2};
    ybb__draft_check(d, worksheet_add_table(sheet, row, 0, row + (rows > 0 ? rows : 1),
                                            (lxw_col_t)(columns - 1), &options));
}
