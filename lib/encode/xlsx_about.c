/* The sheet "About": lines of what was asked for, and a table of the columns. */
#include "encode/about.h"
#include "encode/xlsx_draft.h"

enum { FIRST_LINE = 2, TABLE_GAP = 2 };

static ybb_cell cell_of(const char *text)
{
    return (ybb_cell){text, (uint32_t)strlen(text)};
}

static void set_up(ybb_xlsx_draft *d, lxw_worksheet *sheet)
{
    enum { A4 = 9 };
    static const double widths[YBB_ABOUT_COLUMNS] = {30, 36, 18, 80};
    worksheet_gridlines(sheet, LXW_HIDE_ALL_GRIDLINES);
    worksheet_set_paper(sheet, A4);
    worksheet_set_landscape(sheet);
    worksheet_fit_to_pages(sheet, 1, 0);
    ybb__draft_check(d, worksheet_set_footer(sheet, "&L&A&C&P / &N"));
    for (lxw_col_t i = 0; i < YBB_ABOUT_COLUMNS; i++)
        ybb__draft_check(d, worksheet_set_column(sheet, i, i, widths[i], NULL));
}

static void put_lines(ybb_xlsx_draft *d, lxw_worksheet *sheet, const ybb_about *about)
{
    ybb__draft_put_text(d, sheet, 0, 0, cell_of(about->title), d->extra.title);
    for (uint32_t i = 0; i < about->line_count && !d->no_memory; i++) {
        const ybb_about_line *line = &about->lines[i];
        ybb__draft_put_text(d, sheet, FIRST_LINE + i, 0, cell_of(line->key), d->extra.key);
        if (line->number)
            ybb__draft_put_number(d, sheet, FIRST_LINE + i, 1, cell_of(line->value),
                                  d->extra.number);
        else
            ybb__draft_put_text(d, sheet, FIRST_LINE + i, 1, cell_of(line->value), d->extra.text);
    }
}

static void put_columns(ybb_xlsx_draft *d, lxw_worksheet *sheet, const ybb_about *about)
{
    static const bool numbers[YBB_ABOUT_COLUMNS] = {false};
    lxw_row_t row = FIRST_LINE + about->line_count + TABLE_GAP;
    ybb__draft_table(d, sheet, row, about->column_count, about->headers, numbers,
                     YBB_ABOUT_COLUMNS);
    if (!d->plan->extra->filled)
        return;
    for (uint32_t i = 0; i < about->column_count && !d->no_memory; i++)
        for (lxw_col_t k = 0; k < YBB_ABOUT_COLUMNS; k++)
            ybb__draft_put_text(d, sheet, row + 1 + i, k, cell_of(about->columns[i][k]),
                                d->extra.text);
}

void ybb__draft_about(ybb_xlsx_draft *d)
{
    ybb_about about;
    lxw_worksheet *sheet =
        ybb__draft_keep(d, workbook_add_worksheet(d->book, d->plan->extra->about_name));
    if (sheet == NULL)
        return;
    set_up(d, sheet);
    if (!ybb__about_make(&about, d->plan->file, d->arena)) {
        d->no_memory = true;
        return;
    }
    if (d->plan->extra->filled)
        put_lines(d, sheet, &about);
    put_columns(d, sheet, &about);
}
