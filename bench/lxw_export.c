/*
 * lxw_export standard|detailed FILE, lxw_export --version: a participants export by libxlsxwriter
 * alone, in its constant-memory mode: the same statements as bare_read, the same columns as the
 * library's own.
 *
 * Main rows, essays and payments come over three connections at once, all in the order of the
 * participants, and are merged.
 */
#include "source.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <xlsxwriter.h>

enum { STANDARD_COLUMNS = 11, DETAILED_COLUMNS = 22, MOST_RELATED = 64 };

static const struct {
    const char *header;
    double width;
} columns[] = {
    {"Order Number", 14},
    {"Full Name", 26},
    {"Email", 30},
    {"Country", 16},
    {"Institution", 30},
    {"Phone Number", 20},
    {"Category", 16},
    {"Form Status", 14},
    {"Payment Status", 16},
    {"Registration Date", 20},
    {"Ambassador Reference", 20},
    {"Gender", 10},
    {"Birth Date", 12},
    {"Education Level", 16},
    {"Major", 24},
    {"Current Address", 40},
    {"Origin Address", 40},
    {"Emergency Contact", 20},
    {"T-shirt Size", 12},
    {"Instagram Account", 24},
    {"Essays", 60},
    {"Payment History", 60},
};

static const char *const form_labels[] = {"Not Started", "On Progress", "Submitted"};
static const char *const payment_labels[] = {"Created", "Pending", "Success", "Cancelled",
                                             "Rejected"};

/* A text that grows. */
typedef struct text {
    char *at;
    size_t length, capacity;
} text;

static void put(text *to, const char *piece)
{
    size_t length = piece == NULL ? 0 : strlen(piece);
    if (to->capacity - to->length <= length) {
        to->capacity = 2 * (to->length + length + 512);
        to->at = realloc(to->at, to->capacity);
        if (to->at == NULL)
            fail("text", "memory is exhausted");
    }
    memcpy(to->at + to->length, piece == NULL ? "" : piece, length);
    to->length += length;
    to->at[to->length] = '\0';
}

/* A row of a related statement that belongs to the participant at hand. Its cells are copied: the
 * client library keeps only one row. */
typedef struct related_row {
    char *cells[9];
} related_row;

/* The rows of a related statement, one participant after the other. */
typedef struct related {
    MYSQL *mysql;
    MYSQL_RES *result;
    MYSQL_ROW ahead; /* read, and of a later participant */
    unsigned columns;
    related_row rows[MOST_RELATED];
    unsigned count;
} related;

static void related_open(related *of, const char *sql)
{
    of->mysql = source_connect();
    of->result = source_query(of->mysql, sql);
    of->columns = mysql_num_fields(of->result);
    of->ahead = source_next(of->mysql, of->result);
    of->count = 0;
}

static void related_close(related *of)
{
    mysql_free_result(of->result);
    mysql_close(of->mysql);
}

static void copy_row(related_row *to, MYSQL_ROW row, unsigned count)
{
    for (unsigned i = 0; i < count; i++) {
        to->cells[i] = row[i] == NULL ? NULL : strdup(row[i]);
        if (row[i] != NULL && to->cells[i] == NULL)
            fail("row", "memory is exhausted");
    }
}

static void forget_rows(related *of)
{
    for (unsigned row = 0; row < of->count; row++)
        for (unsigned i = 0; i < of->columns; i++)
            free(of->rows[row].cells[i]);
    of->count = 0;
}

static void take_rows_of(related *of, const char *participant)
{
    forget_rows(of);
    while (of->ahead != NULL && strcmp(of->ahead[0], participant) == 0) {
        if (of->count == MOST_RELATED)
            fail("row", "too many related rows");
        copy_row(&of->rows[of->count++], of->ahead, of->columns);
        of->ahead = source_next(of->mysql, of->result);
    }
}

/* NULL first. */
static int compare_numbers(const char *a, const char *b)
{
    long long one = a == NULL ? -1 : strtoll(a, NULL, 10);
    long long other = b == NULL ? -1 : strtoll(b, NULL, 10);
    return (one > other) - (one < other);
}

static int compare_texts(const char *a, const char *b)
{
    return strcmp(a == NULL ? "" : a, b == NULL ? "" : b);
}

static int compare_essays(const void *a, const void *b)
{
    const related_row *one = a, *other = b;
    int order = compare_numbers(one->cells[ESSAY_POSITION], other->cells[ESSAY_POSITION]);
    if (order == 0)
        order = compare_numbers(one->cells[ESSAY_QUESTION_ID], other->cells[ESSAY_QUESTION_ID]);
    return order != 0 ? order : compare_numbers(one->cells[ESSAY_ID], other->cells[ESSAY_ID]);
}

static int compare_payments(const void *a, const void *b)
{
    const related_row *one = a, *other = b;
    int order = compare_texts(one->cells[PAY_DATE], other->cells[PAY_DATE]);
    return order != 0 ? order : compare_numbers(one->cells[PAY_ID], other->cells[PAY_ID]);
}

static void compose_essays(text *to, related *essays)
{
    qsort(essays->rows, essays->count, sizeof(essays->rows[0]), compare_essays);
    for (unsigned i = 0; i < essays->count; i++) {
        put(to, i == 0 ? "" : "\n\n");
        put(to, essays->rows[i].cells[ESSAY_QUESTION]);
        put(to, "\n");
        put(to, essays->rows[i].cells[ESSAY_ANSWER]);
    }
}

static void compose_payments(text *to, related *payments)
{
    qsort(payments->rows, payments->count, sizeof(payments->rows[0]), compare_payments);
    for (unsigned i = 0; i < payments->count; i++) {
        char **cells = payments->rows[i].cells;
        put(to, i == 0 ? "" : "\n");
        put(to, cells[PAY_DATE]);
        put(to, " | ");
        put(to, cells[PAY_CATEGORY]);
        put(to, " | ");
        put(to, cells[PAY_AMOUNT]);
        put(to, cells[PAY_AMOUNT] != NULL && cells[PAY_CURRENCY] != NULL ? " " : "");
        put(to, cells[PAY_CURRENCY]);
        put(to, " | ");
        put(to, payment_labels[atoi(cells[PAY_STATUS]) % 5]);
        put(to, " | ");
        put(to, cells[PAY_METHOD] != NULL ? cells[PAY_METHOD] : cells[PAY_METHOD_ID]);
    }
}

typedef struct sheet {
    lxw_worksheet *worksheet;
    lxw_format *date, *datetime;
    lxw_row_t row;
    lxw_col_t column;
} sheet;

static void check(lxw_error error)
{
    if (error != LXW_NO_ERROR)
        fail("libxlsxwriter", lxw_strerror(error));
}

static void write_text(sheet *to, const char *value)
{
    check(worksheet_write_string(to->worksheet, to->row, to->column++,
                                 value == NULL ? "N/A" : value, NULL));
}

/* "2025-07-23" or "2025-07-23 15:30:00", as a date that Excel knows, or else as text. */
static void write_date(sheet *to, const char *value, lxw_format *format)
{
    lxw_datetime date = {0};
    int second = 0;
    if (value == NULL ||
        sscanf(value, "%d-%d-%d %d:%d:%d", &date.year, &date.month, &date.day, &date.hour,
               &date.min, &second) < 3 ||
        date.year < 1901) {
        write_text(to, value);
        return;
    }
    date.sec = second;
    check(worksheet_write_datetime(to->worksheet, to->row, to->column++, &date, format));
}

static const char *category_label(const char *value)
{
    if (value != NULL && strcmp(value, "fully_funded") == 0)
        return "Fully Funded";
    if (value != NULL && strcmp(value, "self_funded") == 0)
        return "Self Funded";
    return value;
}

static bool is_one(const char *value)
{
    return value != NULL && *value == '1';
}

static void write_standard(sheet *to, MYSQL_ROW row)
{
    check(worksheet_write_number(to->worksheet, to->row, to->column++, to->row, NULL));
    for (unsigned i = CELL_NAME; i <= CELL_PHONE; i++)
        write_text(to, row[i]);
    write_text(to, category_label(row[CELL_CATEGORY]));
    write_text(to, form_labels[row[CELL_FORM] == NULL ? 0 : atoi(row[CELL_FORM]) % 3]);
    write_text(to, is_one(row[CELL_PAID])      ? "Success"
                   : is_one(row[CELL_PENDING]) ? "Pending"
                                               : "None");
    write_date(to, row[CELL_REGISTERED], to->datetime);
    write_text(to, row[CELL_REFERRAL]);
}

static void write_related(sheet *to, related *of, const char *participant,
                          void (*compose)(text *to, related *of), text *scratch)
{
    take_rows_of(of, participant);
    scratch->length = 0;
    compose(scratch, of);
    write_text(to, of->count == 0 ? NULL : scratch->at);
}

static void write_rows(sheet *to, bool detailed)
{
    MYSQL *mysql = source_connect();
    MYSQL_RES *result = source_query(mysql, detailed ? source_detailed : source_standard);
    related essays, payments;
    text scratch = {0};
    if (detailed) {
        related_open(&essays, source_essays);
        related_open(&payments, source_payments);
    }
    for (MYSQL_ROW row; (row = source_next(mysql, result)) != NULL; to->row++) {
        to->column = 0;
        write_standard(to, row);
        if (!detailed)
            continue;
        write_text(to, row[CELL_GENDER]);
        write_date(to, row[CELL_BIRTHDATE], to->date);
        for (unsigned i = CELL_LEVEL; i < DETAILED_CELLS; i++)
            write_text(to, row[i]);
        write_related(to, &essays, row[CELL_ID], compose_essays, &scratch);
        write_related(to, &payments, row[CELL_ID], compose_payments, &scratch);
    }
    if (detailed) {
        forget_rows(&essays);
        forget_rows(&payments);
        related_close(&essays);
        related_close(&payments);
    }
    free(scratch.at);
    mysql_free_result(result);
    mysql_close(mysql);
}

static void write_head(sheet *to, lxw_workbook *book, unsigned count)
{
    lxw_format *bold = workbook_add_format(book);
    format_set_bold(bold);
    for (unsigned i = 0; i < count; i++) {
        check(worksheet_set_column(to->worksheet, (lxw_col_t)i, (lxw_col_t)i, columns[i].width,
                                   NULL));
        check(worksheet_write_string(to->worksheet, 0, (lxw_col_t)i, columns[i].header, bold));
    }
    worksheet_freeze_panes(to->worksheet, 1, 0);
}

int main(int argc, char **argv)
{
    if (argc == 2 && strcmp(argv[1], "--version") == 0) {
        puts(lxw_version());
        return 0;
    }
    bool detailed = wants_detailed(argc == 3 ? argv[1] : NULL);
    unsigned count = detailed ? DETAILED_COLUMNS : STANDARD_COLUMNS;
    lxw_workbook_options options = {.constant_memory = LXW_TRUE};
    lxw_workbook *book = workbook_new_opt(argv[2], &options);
    if (book == NULL)
        fail(argv[2], "cannot be made");
    sheet to = {.worksheet = workbook_add_worksheet(book, "Participants"), .row = 1};
    to.date = workbook_add_format(book);
    format_set_num_format(to.date, "yyyy-mm-dd");
    to.datetime = workbook_add_format(book);
    format_set_num_format(to.datetime, "yyyy-mm-dd hh:mm:ss");
    write_head(&to, book, count);
    write_rows(&to, detailed);
    worksheet_autofilter(to.worksheet, 0, 0, to.row - 1, (lxw_col_t)(count - 1));
    check(workbook_close(book));
    printf("{\"rows\": %u}\n", to.row - 1);
    return 0;
}
