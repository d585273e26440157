#include "encode/decimal.h"

enum { MOST_EXPONENT = 400 };

/* Reads "e+300" and its like at the end of a number; *@out stays 0 where there is none. */
static bool read_exponent(const char *at, const char *end, int32_t *out)
{
    if (at == end)
        return true;
    if (*at != 'e' && *at != 'E')
        return false;
    at++;
    bool negative = at < end && *at == '-';
    if (at < end && (*at == '-' || *at == '+'))
        at++;
    if (at == end)
        return false;
    int32_t exponent = 0;
    for (; at < end; at++) {
        if (*at < '0' || *at > '9')
            return false;
        exponent = 10 * exponent + (*at - '0');
        if (exponent > MOST_EXPONENT)
            return false;
    }
    *out = negative ? -exponent : exponent;
    return true;
}

static const char *skip_digits(const char *at, const char *end)
{
    while (at < end && *at >= '0' && *at <= '9')
        at++;
    return at;
}

/* Takes zeros off both ends of the digits; the point moves along. */
static void trim_zeros(ybb_decimal *d, uint32_t tail_length)
{
    while (d->head_length > 0 && *d->head == '0') {
        d->head++;
        d->head_length--;
        d->point--;
    }
    while (d->head_length == 0 && tail_length > 0 && *d->tail == '0') {
        d->tail++;
        tail_length--;
        d->point--;
    }
    while (tail_length > 0 && d->tail[tail_length - 1] == '0')
        tail_length--;
    while (tail_length == 0 && d->head_length > 0 && d->head[d->head_length - 1] == '0')
        d->head_length--;
    d->digits = d->head_length + tail_length;
    if (d->digits == 0) {
        d->negative = false;
        d->point = 0;
    }
}

bool ybb__decimal_read(ybb_decimal *out, const ybb_cell *cell)
{
    enum { MOST_LENGTH = 1000 }; /* no number is that long, and sums below stay small */
    const char *at = cell->at, *end = at + cell->length;
    if (cell->length == 0 || cell->length > MOST_LENGTH)
        return false;
    *out = (ybb_decimal){.negative = *at == '-'};
    if (*at == '-' || *at == '+')
        at++;
    out->head = at;
    at = skip_digits(at, end);
    out->head_length = (uint32_t)(at - out->head);
    out->tail = at;
    if (at < end && *at == '.')
        out->tail = at + 1;
    at = skip_digits(out->tail, end);
    uint32_t tail_length = (uint32_t)(at - out->tail);
    int32_t exponent = 0;
    if (out->head_length + tail_length == 0 || !read_exponent(at, end, &exponent))
        return false;
    out->point = (int32_t)out->head_length + exponent;
    trim_zeros(out, tail_length);
    return true;
}

static char digit_at(const ybb_decimal *d, int32_t i)
{
    if (i < 0 || (uint32_t)i >= d->digits)
        return '0';
    return (uint32_t)i < d->head_length ? d->head[i] : d->tail[(uint32_t)i - d->head_length];
}

static int32_t places(const ybb_decimal *d, uint32_t scale)
{
    int32_t own = (int32_t)d->digits - d->point;
    return own > (int32_t)scale ? own : (int32_t)scale;
}

uint32_t ybb__decimal_room(const ybb_decimal *decimal, uint32_t scale)
{
    enum { SIGN_ZERO_POINT = 3 };
    int32_t whole = decimal->point > 0 ? decimal->point : 0;
    return SIGN_ZERO_POINT + (uint32_t)(whole + places(decimal, scale));
}

char *ybb__decimal_write(char *out, const ybb_decimal *decimal, uint32_t scale, char point)
{
    if (decimal->negative)
        *out++ = '-';
    if (decimal->point <= 0)
        *out++ = '0';
    for (int32_t i = 0; i < decimal->point; i++)
        *out++ = digit_at(decimal, i);
    int32_t end = places(decimal, scale);
    if (end > 0)
        *out++ = point;
    for (int32_t i = 0; i < end; i++)
        *out++ = digit_at(decimal, decimal->point + i);
    return out;
}

void ybb__decimal_put(ybb_buffer *out, const ybb_decimal *decimal, uint32_t scale, char point)
{
    if (!ybb__buffer_reserve(out, ybb__decimal_room(decimal, scale)))
        return;
    char *end = ybb__decimal_write(out->at + out->length, decimal, scale, point);
    out->length = (size_t)(end - out->at);
}

bool ybb__is_grouped(const char *number_format)
{
    return strchr(number_format, ',') != NULL;
}

void ybb__decimal_group(ybb_buffer *out)
{
    enum { THREE = 3 };
    size_t begin = out->length > 0 && out->at[0] == '-' ? 1 : 0, point = begin;
    while (point < out->length && out->at[point] != '.')
        point++;
    for (size_t at = point; at > begin + THREE;) {
        at -= THREE;
        ybb__buffer_put_char(out, '\0');
        if (ybb__buffer_failed(out))
            return;
        memmove(out->at + at + 1, out->at + at, out->length - 1 - at);
        out->at[at] = ',';
    }
}
