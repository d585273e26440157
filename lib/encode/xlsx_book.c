#ifndef _GNU_SOURCE
#define _GNU_SOURCE 1 /* mkostemp */
#endif

#include "encode/xlsx_book.h"

#include "base/text.h"
#include "encode/xlsx_draft.h"
#include "encode/xml_text.h"
#include "pack/disk.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/magic.h>
#include <locale.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/statfs.h>
#include <unistd.h>

enum {
    MOST_FORMAT = LXW_FORMAT_FIELD_LEN - 1, /* libxlsxwriter cuts a longer one */
    MOST_SCALE = 30,                        /* places that a spreadsheet shows */
    BOLD_ROW = 3,                           /* rows here count from 0 */
    PATH = 64
};

static const lxw_color_t header_fill = 0x1F4E78, row_line = 0xD9D9D9, link_color = 0x0563C1;
static const int64_t microseconds_per_second = 1000000;

typedef ybb_xlsx_draft draft;

static void check(draft *d, lxw_error outcome)
{
    ybb__draft_check(d, outcome);
}

static void *keep(draft *d, void *memory)
{
    return ybb__draft_keep(d, memory);
}

static char *text_of(draft *d, const char *text)
{
    return ybb__draft_text(d, text, strlen(text));
}

const char *ybb__draft_number_format(draft *d, const ybb_look *look)
{
    static const char zeros[] = "0.000000000000000000000000000000";
    const ybb_request *request = d->plan->file->plan->request;
    const char *format = NULL;
    unsigned scale = look->scale < MOST_SCALE ? look->scale : MOST_SCALE;
    if (look->labelled) /* what labels stand for is shown as text */
        return NULL;
    switch (look->type) {
    case YBB_TYPE_INTEGER:
        return "0";
    case YBB_TYPE_DECIMAL:
        if (look->column->field->money)
            format =
                ybb__number_format_excel(d->arena, request->presentation.transforms.currency_format,
                                         MOST_FORMAT, "#,##0.00");
        else
            format = ybb__arena_copy(d->arena, zeros, scale == 0 ? 1 : 2 + scale);
        break;
    case YBB_TYPE_DATE:
        format = ybb__date_format_excel(d->arena, &d->plan->looks->date, MOST_FORMAT, "yyyy-mm-dd");
        break;
    case YBB_TYPE_DATETIME:
        format = ybb__date_format_excel(d->arena, &d->plan->looks->datetime, MOST_FORMAT,
                                        "yyyy-mm-dd hh:mm:ss");
        break;
    case YBB_TYPE_TEXT:
    case YBB_TYPE_BOOLEAN:
        return NULL;
    }
    d->no_memory = d->no_memory || format == NULL;
    return format;
}

/* Rows are told apart by a line, as not every program shows the stripes of a table. In rows of
 * several lines everything stands at the top. */
static lxw_format *new_format(draft *d)
{
    lxw_format *format = keep(d, workbook_add_format(d->book));
    if (format == NULL)
        return NULL;
    format_set_bottom(format, LXW_BORDER_THIN);
    format_set_bottom_color(format, row_line);
    if (d->plan->has_wrap)
        format_set_align(format, LXW_ALIGN_VERTICAL_TOP);
    return format;
}

static bool is_wrapped(const ybb_look *look)
{
    return look->type == YBB_TYPE_TEXT && look->column->field->wrap;
}

static void set_wrap(lxw_format *format)
{
    format_set_text_wrap(format);
    format_set_align(format, LXW_ALIGN_VERTICAL_TOP);
}

/* Whether a column's cells stand at the right. */
static bool is_number(const ybb_look *look)
{
    return (look->type == YBB_TYPE_INTEGER || look->type == YBB_TYPE_DECIMAL) && !look->labelled;
}

/* Also what is written from right to left begins at the left: at the right it would touch the text
 * of the next column. */
static void set_text(lxw_format *format)
{
    format_set_align(format, LXW_ALIGN_LEFT);
}

/* What is too long for its column is shown smaller, for numbers and dates would be "###". */
static void set_number(lxw_format *format, const ybb_look *look, const char *number)
{
    format_set_num_format(format, number);
    format_set_shrink(format);
    if (is_number(look)) { /* also where a cell says N/A; and not touching the next column's text */
        format_set_align(format, LXW_ALIGN_RIGHT);
        format_set_indent(format, 1);
    } else {
        format_set_align(format, LXW_ALIGN_LEFT);
    }
}

/* The format of a column's cells. */
static lxw_format *column_format(draft *d, const ybb_look *look)
{
    if (is_wrapped(look))
        return d->wrap;
    const char *number = ybb__draft_number_format(d, look);
    if (number == NULL)
        return d->text;
    lxw_format *format = new_format(d);
    if (format != NULL)
        set_number(format, look, number);
    return format;
}

/* The same of its cells in subtotals. */
static lxw_format *bold_format(draft *d, const ybb_look *look)
{
    const char *number = ybb__draft_number_format(d, look);
    lxw_format *format = new_format(d);
    if (format == NULL)
        return NULL;
    format_set_bold(format);
    if (number != NULL)
        set_number(format, look, number);
    else if (is_wrapped(look))
        set_wrap(format);
    else
        set_text(format);
    return format;
}

static lxw_format *header_format(draft *d)
{
    lxw_format *format = keep(d, workbook_add_format(d->book));
    if (format == NULL)
        return NULL;
    format_set_bold(format);
    format_set_font_color(format, LXW_COLOR_WHITE);
    format_set_bg_color(format, header_fill);
    format_set_align(format, LXW_ALIGN_VERTICAL_CENTER);
    return format;
}

static lxw_format *link_format(draft *d)
{
    lxw_format *format = new_format(d);
    if (format == NULL)
        return NULL;
    set_text(format);
    format_set_font_color(format, link_color);
    format_set_underline(format, LXW_UNDERLINE_SINGLE);
    return format;
}

static void make_formats(draft *d)
{
    enum { FILTER_BUTTON = 2 /* steps of indent that it covers */ };
    d->wrap = new_format(d);
    d->text = new_format(d);
    d->place = new_format(d);
    d->header = header_format(d);
    d->number_header = header_format(d);
    if (d->no_memory)
        return;
    if (d->plan->has_links)
        d->link = link_format(d);
    set_wrap(d->wrap);
    set_text(d->text);
    set_text(d->place);
    format_set_align(d->place, LXW_ALIGN_VERTICAL_TOP);
    format_set_align(d->number_header, LXW_ALIGN_RIGHT);
    format_set_indent(d->number_header, FILTER_BUTTON);
}

/* How a sheet lies on paper. */
typedef struct paper {
    uint16_t pages;     /* beside each other */
    lxw_col_t standing; /* columns that stay in sight and stand on every one of them */
} paper;

/* One page of A4 holds some 140 characters beside each other at full size: more than twice of that
 * would be too small to read. */
static const double one_page = 280;

bool ybb__xlsx_fits_page(const double *widths, uint32_t columns)
{
    double width = 0;
    for (uint32_t i = 0; i < columns; i++)
        width += widths[i];
    return width <= one_page;
}

/* Where a row takes several pages, its first columns say which it is. */
static paper lay_out(const ybb_skeleton_plan *plan)
{
    static const double page = 200, most_standing = 48;
    enum { MOST_STANDING = 2 };
    double width = 0, standing = 0;
    paper made = {.pages = 1};
    if (ybb__xlsx_fits_page(plan->widths, plan->looks->count))
        return made;
    for (uint32_t i = 0; i < plan->looks->count; i++) {
        width += plan->widths[i];
        if (i < MOST_STANDING && width <= most_standing) {
            standing = width;
            made.standing = (lxw_col_t)(i + 1);
        }
    }
    made.pages = (uint16_t)(1 + (width - standing) / (page - standing)); /* at most 27487 */
    return made;
}

/* What all sheets share: the header stays in sight and stands on every printed page. */
static void set_up_sheet(draft *d, lxw_worksheet *sheet, paper on)
{
    enum { A4 = 9 };
    worksheet_freeze_panes(sheet, 1, on.standing);
    worksheet_set_landscape(sheet);
    worksheet_set_paper(sheet, A4);
    worksheet_fit_to_pages(sheet, on.pages, 0);
    worksheet_print_across(sheet);
    check(d, worksheet_repeat_rows(sheet, 0, 0));
    if (on.standing > 0)
        check(d, worksheet_repeat_columns(sheet, 0, (lxw_col_t)(on.standing - 1)));
    check(d, worksheet_set_footer(sheet, "&L&A&C&P / &N"));
}

static lxw_format *header_of(const draft *d, uint32_t column)
{
    return is_number(&d->plan->looks->columns[column]) ? d->number_header : d->header;
}

/* A table with banded rows and a filter; it has one row even where there is nothing to show. */
static void add_table(draft *d, lxw_worksheet *sheet, uint64_t rows)
{
    const ybb_skeleton_plan *plan = d->plan;
    uint32_t count = plan->looks->count;
    lxw_table_column *columns = keep(d, ybb__arena_array(d->arena, count, sizeof(*columns)));
    lxw_table_column **list = keep(d, ybb__arena_array(d->arena, count + 1, sizeof(*list)));
    if (d->no_memory)
        return;
    for (uint32_t i = 0; i < count; i++) {
        columns[i].header = plan->headers[i].name;
        columns[i].header_format = header_of(d, i);
        list[i] = &columns[i];
    }
    lxw_table_options options = {
        .columns = list, .style_type = LXW_TABLE_STYLE_TYPE_MEDIUM, .style_type_number = 2};
    lxw_row_t last = rows > 0 ? (lxw_row_t)rows : 1;
    check(d, worksheet_add_table(sheet, 0, 0, last, (lxw_col_t)(count - 1), &options));
    for (uint32_t i = 0; i < count; i++)
        if (strcmp(plan->headers[i].name, plan->headers[i].cell) != 0)
            check(d, worksheet_write_string(sheet, 0, (lxw_col_t)i, plan->headers[i].cell,
                                            header_of(d, i)));
}

/* Telephone numbers and codes are texts on purpose: no green corners. */
static void accept_number_texts(draft *d, lxw_worksheet *sheet, uint64_t rows)
{
    ybb_buffer ranges = {0};
    const ybb_looks *looks = d->plan->looks;
    for (uint32_t i = 0; i < looks->count; i++) {
        char name[4];
        if (looks->columns[i].type != YBB_TYPE_TEXT)
            continue;
        size_t length = ybb__column_name(name, i);
        if (ranges.length > 0)
            ybb__buffer_put_char(&ranges, ' ');
        ybb__buffer_put(&ranges, name, length);
        ybb__buffer_put_text(&ranges, "2:");
        ybb__buffer_put(&ranges, name, length);
        ybb__buffer_put_u64(&ranges, rows + 1);
    }
    if (ybb__buffer_text(&ranges) == NULL)
        d->no_memory = true;
    else if (ranges.length > 0 && rows > 0)
        check(d, worksheet_ignore_errors(sheet, LXW_IGNORE_NUMBER_STORED_AS_TEXT, ranges.at));
    ybb__buffer_free(&ranges);
}

static void add_data_sheet(draft *d, uint32_t number)
{
    const ybb_skeleton_plan *plan = d->plan;
    uint64_t rows = ybb__sheet_rows(plan->file, number);
    lxw_worksheet *sheet = keep(d, workbook_add_worksheet(d->book, plan->sheet_names[number - 1]));
    if (sheet == NULL)
        return;
    set_up_sheet(d, sheet, lay_out(plan));
    for (uint32_t i = 0; i < plan->looks->count; i++)
        check(d, worksheet_set_column(sheet, (lxw_col_t)i, (lxw_col_t)i, plan->widths[i], NULL));
    add_table(d, sheet, rows);
    accept_number_texts(d, sheet, rows);
    if (number == 1)
        d->first = sheet;
}

/* What the encoder learns from: see xlsx_skeleton.h. */
static void add_prototypes(draft *d)
{
    const ybb_looks *looks = d->plan->looks;
    lxw_row_t row = BOLD_ROW;
    for (uint32_t i = 0; i < looks->count; i++)
        check(d, worksheet_write_number(d->first, 1, (lxw_col_t)i, 1,
                                        column_format(d, &looks->columns[i])));
    check(d, worksheet_write_number(d->first, 2, 0, 1, d->wrap));
    check(d, worksheet_write_number(d->first, 2, 1, 1, d->header));
    check(d, worksheet_write_number(d->first, 2, 2, 1, d->place));
    if (d->plan->has_links)
        check(d, worksheet_write_number(d->first, 2, 3, 1, d->link));
    if (d->plan->file->plan->reading.per != NULL) {
        for (uint32_t i = 0; i < looks->count; i++)
            check(d, worksheet_write_number(d->first, row, (lxw_col_t)i, 1,
                                            bold_format(d, &looks->columns[i])));
        row++;
    }
    for (uint32_t i = 0; i < looks->count; i++)
        for (uint32_t k = 0; k < looks->columns[i].fixed_count; k++) {
            const char *text = looks->columns[i].fixed[k].text;
            char *clean = *text != '\0' ? text_of(d, text) : NULL;
            if (clean != NULL)
                check(d, worksheet_write_string(d->first, row++, 0, clean, NULL));
        }
    if (ybb__extra_sheets(d->plan->extra) > 0)
        ybb__draft_extra_prototypes(d, row);
}

/* The sheet for the rests of long texts; its rows are written by xlsx_long.c. */
static void add_long_sheet(draft *d)
{
    static const double widths[] = {10, 24, 8, 100, 24};
    const ybb_request *request = d->plan->file->plan->request;
    lxw_worksheet *sheet =
        keep(d, workbook_add_worksheet(d->book, ybb__xlsx_long_words[request->language].sheet));
    if (sheet == NULL)
        return;
    set_up_sheet(d, sheet, (paper){.pages = 1});
    for (lxw_col_t i = 0; i < sizeof(widths) / sizeof(widths[0]); i++)
        check(d, worksheet_set_column(sheet, i, i, widths[i], NULL));
    check(d, worksheet_write_number(sheet, 0, 0, 1, d->header));
    check(d, worksheet_write_number(sheet, 1, 0, 1, d->wrap));
}

static void set_properties(draft *d)
{
    const ybb_request *request = d->plan->file->plan->request;
    lxw_doc_properties properties = {
        .title = text_of(d, request->type->title.in[request->language]),
        .created = (time_t)(d->plan->file->time / microseconds_per_second)};
    check(d, workbook_set_properties(d->book, &properties));
}

static void fill_book(draft *d)
{
    make_formats(d);
    if (ybb__extra_sheets(d->plan->extra) > 0 && !d->no_memory)
        ybb__draft_extra_formats(d);
    for (uint32_t i = 1; i <= d->plan->sheets && !d->no_memory; i++)
        add_data_sheet(d, i);
    if (!d->no_memory && d->failure == LXW_NO_ERROR)
        add_prototypes(d);
    if (!d->no_memory && d->plan->extra->summary_name != NULL)
        ybb__draft_summary(d);
    if (!d->no_memory && d->plan->extra->about_name != NULL)
        ybb__draft_about(d);
    if (!d->no_memory && d->plan->has_long)
        add_long_sheet(d);
    if (!d->no_memory)
        set_properties(d);
}

/* A label of a whole chapter is no label. */
static ybb_status check_labels(const ybb_looks *looks, ybb_error *error)
{
    size_t count = 0;
    for (uint32_t i = 0; i < looks->count; i++)
        for (uint32_t k = 0; k < looks->columns[i].fixed_count; k++, count++) {
            const char *text = looks->columns[i].fixed[k].text;
            size_t length = strlen(text);
            if (ybb__xml_fit(text, length, YBB_CELL_UNITS) < length)
                return ybb__fail(error, YBB_TOO_LARGE,
                                 "a label of the field %s is longer than a cell holds",
                                 looks->columns[i].column->field->name);
        }
    if (count >= LXW_ROW_MAX - BOLD_ROW)
        return ybb__fail(error, YBB_TOO_LARGE,
                         "the columns have more labels than a sheet has rows");
    return YBB_OK;
}

static ybb_status check_plan(const ybb_skeleton_plan *plan, ybb_error *error)
{
    if (plan->looks->count == 0 || plan->looks->count > LXW_COL_MAX)
        return ybb__fail(error, YBB_TOO_LARGE, "a sheet has 1 to %d columns, not %u",
                         (int)LXW_COL_MAX, plan->looks->count);
    if (ybb__sheet_rows(plan->file, 1) > LXW_ROW_MAX - 1)
        return ybb__fail(error, YBB_TOO_LARGE, "a sheet has at most %d rows below its header",
                         (int)LXW_ROW_MAX - 1);
    return check_labels(plan->looks, error);
}

static ybb_status outcome_of(const draft *d, ybb_error *error)
{
    if (d->no_memory || d->failure == LXW_ERROR_MEMORY_MALLOC_FAILED)
        return ybb__fail_memory(error);
    if (d->failure == LXW_ERROR_CREATING_XLSX_FILE || d->failure == LXW_ERROR_CREATING_TMPFILE ||
        d->failure == LXW_ERROR_ZIP_FILE_OPERATION)
        return ybb__fail(error, YBB_OUTPUT_ERROR, "the book's skeleton cannot be written: %s",
                         lxw_strerror(d->failure));
    if (d->failure != LXW_NO_ERROR)
        return ybb__fail(error, YBB_INTERNAL, "libxlsxwriter refuses the book's skeleton: %s",
                         lxw_strerror(d->failure));
    return YBB_OK;
}

static ybb_status write_book(const ybb_skeleton_plan *plan, const char *path, char *folder,
                             ybb_arena *arena, ybb_error *error)
{
    lxw_workbook_options options = {.tmpdir = folder};
    draft d = {.plan = plan, .arena = arena, .book = workbook_new_opt(path, &options)};
    if (d.book == NULL)
        return ybb__fail_memory(error);
    fill_book(&d);
    if (d.no_memory || d.failure != LXW_NO_ERROR)
        lxw_workbook_free(d.book);
    else
        d.failure = workbook_close(d.book);
    return outcome_of(&d, error);
}

/* Where files are memory. libxlsxwriter makes one for each of a book's dozen parts, and on a disk
 * each is an inode that is allocated and freed again. */
static const char memory_folder[] = "/dev/shm";

static bool has_memory_folder(void)
{
    enum { LEAST_FREE = 8 * 1024 * 1024, LEAST_FILES = 64 };
    struct statfs found;
    return statfs(memory_folder, &found) == 0 && found.f_type == TMPFS_MAGIC &&
           (uint64_t)found.f_bavail * (uint64_t)found.f_bsize >= LEAST_FREE &&
           (found.f_files == 0 || found.f_ffree >= LEAST_FILES) && /* 0: any number */
           access(memory_folder, W_OK | X_OK) == 0;
}

/* The folder for libxlsxwriter's own files; NULL: the system's. */
static char *choose_folder(char path[PATH], int spool_directory)
{
    if (has_memory_folder())
        snprintf(path, PATH, "%s", memory_folder);
    else if (spool_directory >= 0)
        snprintf(path, PATH, "/proc/self/fd/%d", spool_directory);
    else
        return NULL;
    return path;
}

/* Copies the file at @path to @descriptor. */
static ybb_status copy_file(const char *path, int descriptor, ybb_error *error)
{
    char some[4096];
    size_t taken = 1;
    int from = open(path, O_RDONLY | O_CLOEXEC);
    if (from < 0)
        return ybb__fail_errno(error, ybb__disk_status(errno), errno, "cannot read %s", path);
    ybb_status status = YBB_OK;
    for (uint64_t at = 0; status == YBB_OK && taken > 0; at += taken) {
        status = ybb__disk_read(from, at, some, sizeof(some), &taken, error);
        if (status == YBB_OK)
            status = ybb__disk_write(descriptor, path, at, some, taken, error);
    }
    close(from);
    return status;
}

/* Without /proc an unnamed file has no path: a file of the system's folder for temporary ones
 * serves. */
static ybb_status write_elsewhere(const ybb_skeleton_plan *plan, int descriptor, ybb_arena *arena,
                                  ybb_error *error)
{
    char path[] = P_tmpdir "/ybbexport-XXXXXX";
    int named = mkostemp(path, O_CLOEXEC);
    if (named < 0)
        return ybb__fail_errno(error, ybb__disk_status(errno), errno, "cannot make %s", path);
    close(named);
    ybb_status status = write_book(plan, path, NULL, arena, error);
    if (status == YBB_OK)
        status = copy_file(path, descriptor, error);
    unlink(path);
    return status;
}

/* libxlsxwriter prints numbers by the process's locale, so it runs under the C locale, on this
 * thread alone. */
ybb_status ybb__xlsx_book(const ybb_skeleton_plan *plan, int descriptor, ybb_arena *arena,
                          ybb_error *error)
{
    char path[PATH], folder[PATH];
    ybb_status status = check_plan(plan, error);
    if (status != YBB_OK)
        return status;
    locale_t plain = newlocale(LC_ALL_MASK, "C", (locale_t)0);
    if (plain == (locale_t)0)
        return ybb__fail_memory(error);
    locale_t before = uselocale(plain);
    snprintf(path, sizeof(path), "/proc/self/fd/%d", descriptor);
    if (access(path, W_OK) == 0)
        status = write_book(plan, path, choose_folder(folder, plan->spool_directory), arena, error);
    else
        status = write_elsewhere(plan, descriptor, arena, error);
    uselocale(before);
    freelocale(plain);
    return status;
}
