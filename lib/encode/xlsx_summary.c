/* The sheet "Summary": a table for each summary, and a chart beside it. */
#include "base/text.h"
#include "base/utf8.h"
#include "encode/xlsx_draft.h"

enum {
    SPACE = 2,     /* rows between summaries */
    FIRST_ROW = 3, /* of the first table's title; rows count from 0 */
    ROW_PIXELS = 20,
    CHART_PIXELS = 260,
    CHART_WIDTH = 620,
    GAP = 3, /* characters between tables and charts */
    BAR_PIXELS = 24,
    AROUND_BARS = 90,
    LEAST_WIDTH = 14,
    MOST_WIDTH = 44,
    SMALL = 9
};

static const lxw_color_t dark = 0x1F4E78, grey = 0x595959, pale = 0xD9D9D9;

/* "100000 records", or which of an export's. */
static void put_records(ybb_xlsx_draft *d, lxw_worksheet *sheet)
{
    static const char *const words[YBB_LANGUAGES][2] = {
        [YBB_ENGLISH] = {"Records", "to"}, [YBB_INDONESIAN] = {"Data", "sampai"}};
    const ybb_file_plan *file = d->plan->file;
    const char *const *said = words[file->plan->request->language];
    ybb_buffer text = {0};
    ybb__buffer_put_text(&text, said[0]);
    ybb__buffer_put_text(&text, ": ");
    ybb__buffer_put_u64(&text, file->records);
    if (file->first_record > 0) {
        ybb__buffer_put_text(&text, " (");
        ybb__buffer_put_u64(&text, file->first_record + 1);
        ybb__buffer_put_char(&text, ' ');
        ybb__buffer_put_text(&text, said[1]);
        ybb__buffer_put_char(&text, ' ');
        ybb__buffer_put_u64(&text, file->first_record + file->records);
        ybb__buffer_put_char(&text, ')');
    }
    if (ybb__buffer_failed(&text))
        d->no_memory = true;
    else
        ybb__draft_put_text(d, sheet, 1, 0, (ybb_cell){text.at, (uint32_t)text.length},
                            d->extra.note);
    ybb__buffer_free(&text);
}

static void put_title(ybb_xlsx_draft *d, lxw_worksheet *sheet)
{
    const ybb_request *request = d->plan->file->plan->request;
    const char *title = request->type->title.in[request->language];
    ybb__draft_put_text(d, sheet, 0, 0, (ybb_cell){title, (uint32_t)strlen(title)}, d->extra.title);
    put_records(d, sheet);
}

static uint32_t widest_table(const ybb_xlsx_extra *extra)
{
    uint32_t widest = 1;
    for (uint32_t i = 0; i < extra->table_count; i++)
        if (extra->tables[i].column_count > widest)
            widest = extra->tables[i].column_count;
    return widest;
}

static lxw_format *format_of(const ybb_xlsx_draft *d, uint32_t number, uint32_t column)
{
    switch (d->plan->extra->tables[number].columns[column].kind) {
    case YBB_SUMMARY_COUNT:
        return d->extra.count;
    case YBB_SUMMARY_SHARE:
        return d->extra.share;
    case YBB_SUMMARY_SUM:
        return d->extra.sums[number * YBB_SUMMARY_COLUMNS + column];
    case YBB_SUMMARY_TEXT:
        break;
    }
    return d->extra.label;
}

static ybb_cell shown_cell(const ybb_summary_table *table, uint32_t row)
{
    return table->cells[(size_t)row * table->column_count + table->shown];
}

/* Charts draw no texts: where one of the figures has too many digits to be a number, all of them
 * stand once more, as numbers that come nearest and show nothing, beneath the chart. */
static bool needs_figures(const ybb_summary_table *table)
{
    for (uint32_t i = 0; i < table->charted; i++)
        if (!ybb__draft_is_kept(shown_cell(table, i)))
            return table->chart != YBB_CHART_NONE;
    return false;
}

/* The column of those. */
static lxw_col_t figures_column(const ybb_xlsx_extra *extra)
{
    return (lxw_col_t)(widest_table(extra) + 2);
}

/* Row by row, as the sheet has them: xlsx_finish.c puts exact digits in their order. */
static void put_rows(ybb_xlsx_draft *d, lxw_worksheet *sheet, uint32_t number, lxw_row_t row)
{
    const ybb_summary_table *table = &d->plan->extra->tables[number];
    bool figures = needs_figures(table);
    for (uint32_t i = 0; i < table->row_count && !d->no_memory; i++) {
        for (uint32_t k = 0; k < table->column_count; k++) {
            ybb_cell cell = table->cells[(size_t)i * table->column_count + k];
            lxw_format *format = format_of(d, number, k);
            if (table->columns[k].kind == YBB_SUMMARY_TEXT)
                ybb__draft_put_text(d, sheet, row + i, (lxw_col_t)k, cell, format);
            else
                ybb__draft_put_number(d, sheet, row + i, (lxw_col_t)k, cell, format);
        }
        if (figures && i < table->charted)
            ybb__draft_put_rounded(d, sheet, row + i, figures_column(d->plan->extra),
                                   shown_cell(table, i), d->extra.unseen);
    }
}

static void put_table(ybb_xlsx_draft *d, lxw_worksheet *sheet, uint32_t number, lxw_row_t row)
{
    const ybb_summary_table *table = &d->plan->extra->tables[number];
    const char *headers[YBB_SUMMARY_COLUMNS];
    bool numbers[YBB_SUMMARY_COLUMNS];
    for (uint32_t k = 0; k < table->column_count; k++) {
        headers[k] = table->columns[k].header;
        numbers[k] = table->columns[k].kind != YBB_SUMMARY_TEXT;
    }
    ybb__draft_table(d, sheet, row + 1, table->row_count, headers, numbers, table->column_count);
    if (!d->plan->extra->filled || d->no_memory)
        return;
    ybb__draft_put_text(d, sheet, row, 0, (ybb_cell){table->title, (uint32_t)strlen(table->title)},
                        d->extra.heading);
    put_rows(d, sheet, number, row + 2);
}

static void set_small(lxw_chart_axis *axis)
{
    lxw_chart_font font = {.size = SMALL, .color = grey};
    chart_axis_set_num_font(axis, &font);
}

/* Whether there is room for a figure above each column. */
static bool has_legible_figures(const ybb_summary_table *table)
{
    enum { ROOM = 72 /* digits */ };
    uint32_t longest = 1;
    for (uint32_t i = 0; i < table->charted; i++) {
        ybb_cell cell = shown_cell(table, i);
        const char *point = memchr(cell.at, '.', cell.length);
        uint32_t length = point != NULL ? (uint32_t)(point - cell.at) : cell.length;
        longest = length > longest ? length : longest;
    }
    return table->chart == YBB_CHART_BAR || table->charted * (longest + 1) <= ROOM;
}

/* One colour, the figures at the ends of the bars instead of an axis for them. */
static void set_bars(lxw_chart *chart, lxw_chart_series *series, const ybb_summary_table *table)
{
    enum { BETWEEN = 60 };
    static const char figures[] = "#,##0";
    bool lying = table->chart == YBB_CHART_BAR;
    lxw_chart_axis *values = lying ? chart->x_axis : chart->y_axis;
    lxw_chart_axis *categories = lying ? chart->y_axis : chart->x_axis;
    lxw_chart_fill fill = {.color = dark};
    lxw_chart_line border = {.color = dark, .width = 2.25F};
    lxw_chart_line fine = {.color = pale, .width = 0.75F};
    lxw_chart_font font = {.size = SMALL, .color = grey};
    chart_legend_set_position(chart, LXW_CHART_LEGEND_NONE);
    set_small(categories);
    if (has_legible_figures(table)) {
        chart_axis_major_gridlines_set_visible(values, LXW_FALSE);
        chart_series_set_labels(series);
        chart_series_set_labels_font(series, &font);
        chart_series_set_labels_num_format(series, figures);
        chart_axis_off(values);
    } else {
        set_small(values);
        chart_axis_set_num_format(values, figures);
        chart_axis_major_gridlines_set_line(values, &fine);
    }
    chart_axis_set_major_tick_mark(categories, LXW_CHART_AXIS_TICK_MARK_NONE);
    if (table->chart == YBB_CHART_LINE) {
        chart_series_set_line(series, &border);
        if (has_legible_figures(table))
            chart_series_set_labels_position(series, LXW_CHART_LABEL_POSITION_ABOVE);
        return;
    }
    chart_series_set_fill(series, &fill);
    chart_set_series_gap(chart, BETWEEN);
    if (lying) /* the first row is the topmost bar */
        chart_axis_set_reverse(categories);
}

/* Less than two hundredths. */
static bool is_small(ybb_cell share)
{
    static const char begin[] = "0.0";
    size_t length = sizeof(begin) - 1;
    return share.length > length && memcmp(share.at, begin, length) == 0 && share.at[length] < '2';
}

/* The labels of small parts would lie upon one another; the table has them. */
static void hide_small(ybb_xlsx_draft *d, lxw_chart_series *series, const ybb_summary_table *table)
{
    enum { SHARE = 2 };
    size_t count = table->charted;
    lxw_chart_data_label *labels =
        ybb__draft_keep(d, ybb__arena_array(d->arena, count + 1, sizeof(*labels)));
    lxw_chart_data_label **list =
        ybb__draft_keep(d, ybb__arena_array(d->arena, count + 1, sizeof(*list)));
    for (uint32_t i = 0; !d->no_memory && i < count; i++) {
        ybb_cell share = table->cells[(size_t)i * table->column_count + SHARE];
        labels[i].hide = is_small(share) ? LXW_TRUE : LXW_FALSE;
        list[i] = &labels[i];
    }
    if (!d->no_memory)
        ybb__draft_check(d, chart_series_set_labels_custom(series, list));
}

static void set_pie(ybb_xlsx_draft *d, lxw_chart *chart, lxw_chart_series *series,
                    const ybb_summary_table *table)
{
    static const lxw_color_t colors[] = {0x1F4E78, 0x5B9BD5, 0xA5A5A5, 0xED7D31,
                                         0x70AD47, 0xFFC000, 0x7030A0, 0x44546A};
    enum { COLORS = sizeof(colors) / sizeof(colors[0]) };
    lxw_chart_fill fills[COLORS];
    lxw_chart_point points[COLORS], *list[COLORS + 1] = {NULL};
    for (size_t i = 0; i < COLORS; i++) {
        fills[i] = (lxw_chart_fill){.color = colors[i]};
        points[i] = (lxw_chart_point){.fill = &fills[i]};
        list[i] = &points[i];
    }
    (void)chart_series_set_points(series, list);
    lxw_chart_font font = {.size = SMALL, .color = grey};
    chart_legend_set_position(chart, LXW_CHART_LEGEND_RIGHT);
    chart_legend_set_font(chart, &font);
    chart_series_set_labels(series);
    chart_series_set_labels_options(series, LXW_FALSE, LXW_FALSE, LXW_FALSE);
    chart_series_set_labels_percentage(series);
    hide_small(d, series, table);
    chart_series_set_labels_position(series, LXW_CHART_LABEL_POSITION_OUTSIDE_END);
}

static uint32_t chart_height(const ybb_summary_table *table)
{
    uint32_t bars = table->chart == YBB_CHART_BAR ? AROUND_BARS + BAR_PIXELS * table->charted : 0;
    if (table->chart == YBB_CHART_NONE)
        return 0;
    return bars > CHART_PIXELS ? bars : CHART_PIXELS;
}

/* "Successful payments by currency: USD Amount": the figures are counts where nothing is said. */
static char *chart_title(ybb_xlsx_draft *d, const ybb_summary_table *table)
{
    ybb_buffer text = {0};
    const ybb_summary_column *column = &table->columns[table->shown];
    ybb__buffer_put_text(&text, table->title);
    if (column->kind == YBB_SUMMARY_SUM) {
        ybb__buffer_put_text(&text, ": ");
        ybb__buffer_put_text(&text, column->header);
    }
    d->no_memory = d->no_memory || ybb__buffer_failed(&text);
    char *title = d->no_memory ? NULL : ybb__draft_text(d, text.at, text.length);
    ybb__buffer_free(&text);
    return title;
}

/* The chart of the table whose title is in row @row, with its corner in column @column. */
static void put_chart(ybb_xlsx_draft *d, lxw_worksheet *sheet, const ybb_summary_table *table,
                      lxw_row_t row, lxw_col_t column)
{
    static const uint8_t types[] = {[YBB_CHART_BAR] = LXW_CHART_BAR,
                                    [YBB_CHART_COLUMN] = LXW_CHART_COLUMN,
                                    [YBB_CHART_LINE] = LXW_CHART_LINE,
                                    [YBB_CHART_PIE] = LXW_CHART_PIE};
    enum { TITLE = 12, DEFAULT_WIDTH = 480, DEFAULT_HEIGHT = 288 };
    const char *name = d->plan->extra->summary_name;
    lxw_row_t first = row + 2, last = first + (table->charted > 0 ? table->charted - 1 : 0);
    lxw_chart *chart = ybb__draft_keep(d, workbook_add_chart(d->book, types[table->chart]));
    lxw_chart_series *series =
        chart == NULL ? NULL : ybb__draft_keep(d, chart_add_series(chart, NULL, NULL));
    char *title = chart_title(d, table);
    if (series == NULL || title == NULL)
        return;
    chart_series_set_categories(series, name, first, 0, last, 0);
    lxw_col_t values =
        needs_figures(table) ? figures_column(d->plan->extra) : (lxw_col_t)table->shown;
    chart_series_set_values(series, name, first, values, last, values);
    lxw_chart_font font = {.size = TITLE, .bold = LXW_TRUE, .color = dark};
    chart_title_set_name(chart, title);
    chart_title_set_name_font(chart, &font);
    if (table->chart == YBB_CHART_PIE)
        set_pie(d, chart, series, table);
    else
        set_bars(chart, series, table);
    lxw_chart_options options = {.y_offset = 2,
                                 .x_scale = (double)CHART_WIDTH / DEFAULT_WIDTH,
                                 .y_scale = (double)chart_height(table) / DEFAULT_HEIGHT,
                                 .object_position = LXW_OBJECT_MOVE_DONT_SIZE,
                                 .description = title};
    ybb__draft_check(d, worksheet_insert_chart_opt(sheet, row, column, chart, &options));
}

/* How many characters wide the column is for its texts in all tables. */
static double width_of(const ybb_xlsx_extra *extra, uint32_t column)
{
    size_t most = LEAST_WIDTH;
    for (uint32_t i = 0; i < extra->table_count; i++) {
        const ybb_summary_table *table = &extra->tables[i];
        if (column >= table->column_count)
            continue;
        size_t header = ybb__utf8_utf16_length(table->columns[column].header,
                                               strlen(table->columns[column].header));
        most = header + 3 > most ? header + 3 : most;
        for (uint32_t k = 0; k < table->row_count; k++) {
            ybb_cell cell = table->cells[(size_t)k * table->column_count + column];
            size_t length = ybb__utf8_utf16_length(cell.at, cell.length);
            /* commas stand between the digits of a sum */
            length += table->columns[column].kind == YBB_SUMMARY_SUM ? 2 + length / 3 : 2;
            most = length > most ? length : most;
        }
    }
    return most < MOST_WIDTH ? (double)most : MOST_WIDTH;
}

/* How many hundredths of its size the sheet is printed at, to be one page of A4 wide. */
static uint16_t print_scale(const ybb_xlsx_extra *extra)
{
    enum { LEAST = 10, WHOLE = 100 };
    static const double page = 6.6 * 96, character = 7, around = 5;
    double wide = CHART_WIDTH + GAP * character + around;
    for (uint32_t i = 0; i < widest_table(extra); i++)
        wide += width_of(extra, i) * character + around;
    double scale = WHOLE * page / wide;
    return scale < WHOLE ? (uint16_t)(scale > LEAST ? scale : LEAST) : WHOLE;
}

static void set_up(ybb_xlsx_draft *d, lxw_worksheet *sheet)
{
    enum { A4 = 9 };
    uint32_t columns = widest_table(d->plan->extra);
    worksheet_gridlines(sheet, LXW_HIDE_ALL_GRIDLINES);
    worksheet_set_paper(sheet, A4);
    worksheet_set_print_scale(sheet, print_scale(d->plan->extra));
    ybb__draft_check(d, worksheet_set_footer(sheet, "&L&A&C&P / &N"));
    for (uint32_t i = 0; i < columns; i++)
        ybb__draft_check(d, worksheet_set_column(sheet, (lxw_col_t)i, (lxw_col_t)i,
                                                 width_of(d->plan->extra, i), NULL));
    ybb__draft_check(
        d, worksheet_set_column(sheet, (lxw_col_t)columns, (lxw_col_t)columns, GAP, NULL));
}

/* Rows that a summary takes: its title, its table and the chart beside that. */
static lxw_row_t rows_of(const ybb_summary_table *table)
{
    uint32_t beside = chart_height(table) / ROW_PIXELS + 1, below = table->row_count + 2;
    return beside > below ? beside : below;
}

/* Begins a new printed page where a summary would not stand on the rest of one. */
static void break_pages(ybb_xlsx_draft *d, lxw_worksheet *sheet)
{
    static const double page = 10.0 * 96;
    enum { MOST_BREAKS = 32, WHOLE = 100 };
    const ybb_xlsx_extra *extra = d->plan->extra;
    lxw_row_t breaks[MOST_BREAKS], row = FIRST_ROW, begin = 0;
    uint32_t count = 0;
    lxw_row_t rows = (lxw_row_t)(page * WHOLE / (ROW_PIXELS * print_scale(extra)));
    for (uint32_t i = 0; i < extra->table_count; i++) {
        if (row + rows_of(&extra->tables[i]) - begin > rows && row > FIRST_ROW &&
            count + 1 < MOST_BREAKS)
            breaks[count++] = begin = row;
        row += rows_of(&extra->tables[i]) + SPACE;
    }
    breaks[count] = 0; /* ends the list */
    if (count > 0)
        ybb__draft_check(d, worksheet_set_h_pagebreaks(sheet, breaks));
}

void ybb__draft_summary(ybb_xlsx_draft *d)
{
    const ybb_xlsx_extra *extra = d->plan->extra;
    lxw_worksheet *sheet = ybb__draft_keep(d, workbook_add_worksheet(d->book, extra->summary_name));
    lxw_row_t row = FIRST_ROW;
    if (sheet == NULL)
        return;
    set_up(d, sheet);
    break_pages(d, sheet);
    if (extra->filled)
        put_title(d, sheet);
    for (uint32_t i = 0; i < extra->table_count && !d->no_memory; i++) {
        const ybb_summary_table *table = &extra->tables[i];
        put_table(d, sheet, i, row);
        if (table->chart != YBB_CHART_NONE && !d->no_memory)
            put_chart(d, sheet, table, row, (lxw_col_t)(widest_table(extra) + 1));
        row += rows_of(table) + SPACE;
    }
}
