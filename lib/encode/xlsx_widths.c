/*
 * Excel counts a column's width in digits of its font. Letters take about as much, capitals more; a
 * number that does not fit is shown smaller, see set_number() in xlsx_book.c, so that what comes
 * behind the first rows may be wider than they are.
 */
#include "encode/xlsx_widths.h"

#include "base/char_width.h"
#include "base/text.h"
#include "base/utf8.h"
#include "encode/decimal.h"

#include <stdlib.h>
#include <string.h>

/* Widths are summed up in fifths of a digit. */
enum {
    DIGIT = 5,
    CAPITAL = 6,
    SAMPLE_ROWS = 200,
    MOST_WIDTH = 255 * DIGIT, /* Excel's own */
    MOST_TEXT = 48 * DIGIT,
    MOST_HEADER = 40 * DIGIT,
    WRAPPED = 48 * DIGIT,
    LEAST = 8 * DIGIT,
    FILTER_BUTTON = 4 * DIGIT,
    BESIDE_TEXT = DIGIT,       /* so that it does not touch the next column */
    BESIDE_NUMBER = 2 * DIGIT, /* its indent */
    GROWTH = 2 * DIGIT,        /* a hundred times the numbers of the first rows */
    MOST_DIGITS = 15           /* what has more is a text, see xlsx_rows.c */
};

typedef struct ruler {
    const ybb_file_plan *file;
    const ybb_looks *looks;
    uint32_t *content; /* [columns] */
    uint32_t money;    /* what a currency_format shows besides the digits before the point */
    bool grouped;      /* and whether it parts these by thousands */
} ruler;

static uint32_t larger(uint32_t a, uint32_t b)
{
    return a > b ? a : b;
}

/* The next character's width; how many bytes it has is at *@taken. */
static uint32_t next_width(const char *at, size_t length, size_t *taken)
{
    *taken = 1;
    if (*at >= 'A' && *at <= 'Z')
        return CAPITAL;
    if (*at >= ' ' && *at <= '~')
        return DIGIT;
    return DIGIT * ybb__char_width(ybb__utf8_next(at, length, taken));
}

/* How wide a text is; of one that is wider than @most no more is looked at. */
static uint32_t text_width(const char *at, size_t length, uint32_t most)
{
    uint32_t width = 0;
    for (size_t i = 0, taken; i < length && width < most; i += taken)
        width += next_width(at + i, length - i, &taken);
    return width < most ? width : most;
}

/* Reads a number format of a spreadsheet up to its first section's end. Quotes and marks are
 * counted where they show nothing: a little more room does no harm. */
static void read_money(ruler *r, const char *format)
{
    bool whole = true;
    for (; *format != '\0' && *format != ';'; format++) {
        bool placeholder = strchr("#0?,", *format) != NULL;
        r->grouped = r->grouped || *format == ',';
        whole = whole && *format != '.';
        if (!placeholder || !whole)
            r->money += DIGIT;
    }
}

static uint32_t decimal_width(const ruler *r, const ybb_look *look, const ybb_cell *cell)
{
    enum { THREE = 3 };
    ybb_decimal decimal;
    if (!ybb__decimal_read(&decimal, cell) || decimal.digits > MOST_DIGITS)
        return text_width(cell->at, cell->length, MOST_TEXT) + BESIDE_NUMBER;
    uint32_t whole = decimal.point > 0 ? (uint32_t)decimal.point : 1;
    uint32_t width = DIGIT * (whole + decimal.negative);
    if (look->column->field->money)
        width += r->money + (r->grouped ? DIGIT * ((whole - 1) / THREE) : 0);
    else if (look->type == YBB_TYPE_DECIMAL && look->scale > 0)
        width += DIGIT * (1U + look->scale);
    return (width < MOST_TEXT ? width : MOST_TEXT) + GROWTH + BESIDE_NUMBER;
}

/* What is no number, nor a date: also such a value in a column of numbers or dates. */
static uint32_t words_width(const char *at, size_t length)
{
    return text_width(at, length, MOST_TEXT) + BESIDE_TEXT;
}

static uint32_t value_width(const ruler *r, const ybb_look *look, const ybb_composed *value)
{
    const ybb_cell *cell = &value->cell;
    ybb_moment moment;
    if (cell->at == NULL)
        return words_width(ybb__look_null(look)->text, strlen(ybb__look_null(look)->text));
    if (look->labelled)
        return ybb__look_find(look, value) != NULL ? 0 : words_width(cell->at, cell->length);
    switch (look->type) {
    case YBB_TYPE_INTEGER:
    case YBB_TYPE_DECIMAL:
        return decimal_width(r, look, cell);
    case YBB_TYPE_DATE:
    case YBB_TYPE_DATETIME:
        return ybb__look_date(cell, &moment) == YBB_DATE_OTHER ? words_width(cell->at, cell->length)
                                                               : 0;
    case YBB_TYPE_TEXT:
    case YBB_TYPE_BOOLEAN:
        break;
    }
    return words_width(cell->at, cell->length);
}

/* What a column's width does not follow from its rows. */
static bool is_set(const ybb_look *look)
{
    const ybb_field *field = look->column->field;
    return field->width > 0 || (look->type == YBB_TYPE_TEXT && field->wrap);
}

static void measure_row(ruler *r, const ybb_composed *values, bool subtotal)
{
    for (uint32_t i = 0; i < r->looks->count; i++) {
        const ybb_look *look = &r->looks->columns[i];
        if (!is_set(look) && (!subtotal || ybb__look_sums(look)))
            r->content[i] = larger(r->content[i], value_width(r, look, &values[i]));
    }
}

static ybb_status measure_rows(ruler *r, const ybb_slice *slice, ybb_error *error)
{
    ybb_piece piece = {0};
    ybb_composer *composer = ybb__composer_open(&piece, r->file->plan, slice);
    ybb_status status = composer != NULL ? YBB_OK : ybb__fail_memory(error);
    for (uint32_t row = 0, subtotal = 0; status == YBB_OK && row <= slice->main.rows; row++) {
        const ybb_composed *values;
        for (; ybb__slice_has_subtotal(slice, subtotal, row); subtotal++)
            measure_row(r, ybb__composer_subtotal(composer, subtotal), true);
        if (row == slice->main.rows || row == SAMPLE_ROWS)
            break;
        status = ybb__composer_row(composer, row, &values, error);
        if (status == YBB_OK)
            measure_row(r, values, false);
    }
    ybb__piece_free(&piece);
    return status;
}

/* The widest of the texts that are known before any row: labels. */
static uint32_t fixed_width(const ybb_look *look)
{
    uint32_t width = 0;
    for (uint32_t i = 1; i < look->fixed_count; i++) /* the first is what NULL becomes */
        width = larger(width, words_width(look->fixed[i].text, strlen(look->fixed[i].text)));
    return width;
}

/* A date's width follows from its format; libxlsxwriter is given the default one in its place where
 * a spreadsheet would misread it. */
static uint32_t date_width(const ybb_look *look, const ybb_looks *looks)
{
    static const char default_date[] = "YYYY-MM-DD", default_datetime[] = "YYYY-MM-DD HH:mm:ss";
    bool date = look->type == YBB_TYPE_DATE;
    uint32_t room = date ? looks->date.room : looks->datetime.room;
    size_t least = date ? sizeof(default_date) - 1 : sizeof(default_datetime) - 1;
    room = larger(room, (uint32_t)least);
    return DIGIT * room + BESIDE_TEXT;
}

/* Digits that the running number grows to. */
static uint32_t last_number_width(const ybb_file_plan *file)
{
    char text[YBB_NUMBER_TEXT];
    size_t digits = ybb__text_from_u64(text, file->first_record + file->records);
    return DIGIT * (uint32_t)digits + BESIDE_NUMBER;
}

/* Without what the rows hold. */
static uint32_t known_width(const ybb_look *look, const ruler *r)
{
    const ybb_field *field = look->column->field;
    uint32_t width = larger(LEAST, fixed_width(look));
    if (field->width > 0)
        return field->width * DIGIT;
    if (look->type == YBB_TYPE_TEXT && field->wrap)
        return WRAPPED;
    if (field->source == YBB_SOURCE_ROW_NUMBER)
        width = larger(width, last_number_width(r->file));
    if ((look->type == YBB_TYPE_DATE || look->type == YBB_TYPE_DATETIME) && !look->labelled)
        width = larger(width, date_width(look, r->looks));
    return width;
}

ybb_status ybb__xlsx_widths(double *widths, const ybb_file_plan *file, const ybb_looks *looks,
                            const ybb_xlsx_header *headers, const ybb_slice *slice,
                            ybb_error *error)
{
    ruler r = {.file = file, .looks = looks, .content = calloc(looks->count, sizeof(uint32_t))};
    if (r.content == NULL && looks->count > 0)
        return ybb__fail_memory(error);
    read_money(&r, file->plan->request->presentation.transforms.currency_format);
    ybb_status status = slice != NULL ? measure_rows(&r, slice, error) : YBB_OK;
    for (uint32_t i = 0; status == YBB_OK && i < looks->count; i++) {
        const char *header = headers[i].cell;
        uint32_t header_width =
            text_width(header, strlen(header), MOST_HEADER - FILTER_BUTTON) + FILTER_BUTTON;
        uint32_t width = larger(known_width(&looks->columns[i], &r), r.content[i]);
        width = larger(width, header_width);
        widths[i] = (double)(width < MOST_WIDTH ? width : MOST_WIDTH) / DIGIT;
    }
    free(r.content);
    return status;
}
