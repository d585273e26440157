#include "db/mysql_cells.h"

#include "base/text.h"

#include <stdlib.h>
#include <string.h>

/* Texts longer than this are rare enough to be fetched twice. */
enum { TEXT_BUFFER = 2048 };

static size_t print_integer(char *out, const ybb_mysql_column *column)
{
    return ybb__text_from_i64(out, column->value.integer);
}

static size_t print_unsigned(char *out, const ybb_mysql_column *column)
{
    return ybb__text_from_u64(out, (uint64_t)column->value.integer);
}

/* At least @width digits. */
static size_t put_number(char *out, uint64_t number, size_t width)
{
    char digits[YBB_NUMBER_TEXT];
    size_t length = ybb__text_from_u64(digits, number);
    size_t zeros = length < width ? width - length : 0;
    memset(out, '0', zeros);
    memcpy(out + zeros, digits, length);
    return zeros + length;
}

static size_t print_year(char *out, const ybb_mysql_column *column)
{
    return put_number(out, (uint64_t)column->value.integer, 4);
}

/* BIT comes as bytes, the highest first. */
static size_t print_bits(char *out, const ybb_mysql_column *column)
{
    uint64_t number = 0;
    for (size_t i = 0; i < column->length && i < column->text_size; i++)
        number = number << 8 | (unsigned char)column->text[i];
    return ybb__text_from_u64(out, number);
}

static size_t put_pair(char *out, unsigned number)
{
    out[0] = (char)('0' + number / 10 % 10);
    out[1] = (char)('0' + number % 10);
    return 2;
}

static size_t put_date(char *out, const MYSQL_TIME *time)
{
    size_t length = put_pair(out, time->year / 100);
    length += put_pair(out + length, time->year);
    out[length++] = '-';
    length += put_pair(out + length, time->month);
    out[length++] = '-';
    return length + put_pair(out + length, time->day);
}

static size_t put_minutes(char *out, const MYSQL_TIME *time)
{
    size_t length = 0;
    out[length++] = ':';
    length += put_pair(out + length, time->minute);
    out[length++] = ':';
    length += put_pair(out + length, time->second);
    if (time->second_part == 0)
        return length;
    out[length++] = '.';
    return length + put_number(out + length, time->second_part, 6);
}

static size_t print_date(char *out, const ybb_mysql_column *column)
{
    return put_date(out, &column->value.time);
}

static size_t print_datetime(char *out, const ybb_mysql_column *column)
{
    size_t length = put_date(out, &column->value.time);
    out[length++] = ' ';
    length += put_pair(out + length, column->value.time.hour);
    return length + put_minutes(out + length, &column->value.time);
}

/* A TIME is a span of up to 838 hours; of which days some client libraries make days. */
static size_t print_time(char *out, const ybb_mysql_column *column)
{
    const MYSQL_TIME *time = &column->value.time;
    size_t length = 0;
    if (time->neg)
        out[length++] = '-';
    length += put_number(out + length, (uint64_t)time->day * 24 + time->hour, 2);
    return length + put_minutes(out + length, time);
}

static size_t print_double(char *out, const ybb_mysql_column *column)
{
    return ybb__text_from_double(out, column->value.number);
}

/* @text of a finite number, 0 or more, as digits times a power of ten. */
static uint64_t take_digits(const char *text, int *power)
{
    uint64_t digits = 0;
    bool behind_point = false;
    *power = 0;
    for (; *text != '\0' && *text != 'e'; text++) {
        behind_point |= *text == '.';
        if (*text == '.')
            continue;
        digits = 10 * digits + (uint64_t)(*text - '0');
        *power -= behind_point;
    }
    if (*text == 'e')
        *power += (int)strtol(text + 1, NULL, 10);
    return digits;
}

/* "@digits e@power" as a double. It has no point, so that no locale matters. */
static double from_digits(uint64_t digits, int power)
{
    char text[2 * YBB_NUMBER_TEXT];
    size_t length = ybb__text_from_u64(text, digits);
    text[length++] = 'e';
    (void)ybb__text_from_i64(text + length, power);
    return strtod(text, NULL);
}

/* The least digits that read back as the same float are far fewer than those of its double. */
static size_t print_float(char *out, const ybb_mysql_column *column)
{
    float number = column->value.single;
    float size = number < 0 ? -number : number;
    int power;
    (void)ybb__text_from_double(out, size);
    uint64_t digits = take_digits(out, &power);
    double best = size;
    for (uint64_t unit = 10; unit <= digits; unit *= 10) {
        double rounded = from_digits((digits + unit / 2) / unit * unit, power);
        if ((float)rounded == size)
            best = rounded;
    }
    return ybb__text_from_double(out, number < 0 ? -best : best);
}

static ybb_mysql_print printer_of(const MYSQL_FIELD *field)
{
    switch (field->type) {
    case MYSQL_TYPE_TINY:
    case MYSQL_TYPE_SHORT:
    case MYSQL_TYPE_INT24:
    case MYSQL_TYPE_LONG:
    case MYSQL_TYPE_LONGLONG:
        return (field->flags & UNSIGNED_FLAG) != 0 ? print_unsigned : print_integer;
    case MYSQL_TYPE_YEAR:
        return print_year;
    case MYSQL_TYPE_BIT:
        return print_bits;
    case MYSQL_TYPE_FLOAT:
        return print_float;
    case MYSQL_TYPE_DOUBLE:
        return print_double;
    case MYSQL_TYPE_DATE:
        return print_date;
    case MYSQL_TYPE_DATETIME:
    case MYSQL_TYPE_TIMESTAMP:
        return print_datetime;
    case MYSQL_TYPE_TIME:
        return print_time;
    default: /* texts, decimals, BLOBs, JSON, enumerations, geometry */
        return NULL;
    }
}

void ybb__mysql_column_init(ybb_mysql_column *column, const MYSQL_FIELD *field)
{
    *column = (ybb_mysql_column){.print = printer_of(field)};
    if (column->print == print_bits)
        column->text_size = sizeof(uint64_t);
    else if (column->print == NULL)
        column->text_size = field->length < TEXT_BUFFER ? field->length + 1 : TEXT_BUFFER;
}

void ybb__mysql_column_bind(ybb_mysql_column *column, const MYSQL_FIELD *field, MYSQL_BIND *bind)
{
    bind->length = &column->length;
    bind->is_null = &column->is_null;
    bind->error = &column->is_cut;
    bind->buffer = &column->value;
    bind->buffer_length = sizeof(column->value);
    bind->buffer_type = field->type;
    if (column->text != NULL) {
        bind->buffer = column->text;
        bind->buffer_length = (unsigned long)column->text_size;
        bind->buffer_type = MYSQL_TYPE_BLOB;
    } else if (column->print == print_integer || column->print == print_unsigned ||
               column->print == print_year) {
        bind->buffer_type = MYSQL_TYPE_LONGLONG;
        bind->is_unsigned = column->print != print_integer;
    }
}
