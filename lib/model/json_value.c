/* What a value is: its number, its path, its text. */
#include "model/json_read.h"

#include "base/text.h"
#include "base/utf8.h"

#include <string.h>

const ybb_json *ybb__json_member(const ybb_json *object, const char *key)
{
    if (object == NULL || object->kind != YBB_JSON_OBJECT)
        return NULL;
    for (const ybb_json *member = object->first; member != NULL; member = member->next)
        if (strcmp(member->key, key) == 0)
            return member;
    return NULL;
}

const char *ybb__json_kind_name(const ybb_json *value)
{
    switch (value->kind) {
    case YBB_JSON_NULL:
        return "null";
    case YBB_JSON_BOOLEAN:
        return "a boolean";
    case YBB_JSON_NUMBER:
        return "a number";
    case YBB_JSON_TEXT:
        return "a text";
    case YBB_JSON_ARRAY:
        return "a list";
    case YBB_JSON_OBJECT:
        return "an object";
    }
    return "nothing";
}

/* A decimal number taken apart: digits without a point, and where the point stands among them. */
typedef struct decimal {
    bool negative;
    const char *digits; /* a '.' may stand between them */
    size_t length;
    long point; /* how many digits stand before the point; may lie outside of them */
} decimal;

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

/* "-12.5e3", with an exponent only where @exponents. */
static bool take_apart(const char *at, size_t length, bool exponents, decimal *out)
{
    enum { ENOUGH = 100000, LONGEST = 256 };
    const char *end = at + length;
    if (length > LONGEST) /* the digits are looked for one by one */
        return false;
    *out = (decimal){.negative = length > 0 && *at == '-', .point = -1};
    at += out->negative;
    out->digits = at;
    long digits = 0, exponent = 0;
    for (; at < end && (is_digit(*at) || *at == '.'); at++) {
        if (*at == '.' && (out->point >= 0 || digits == 0))
            return false;
        if (*at == '.')
            out->point = digits;
        else
            digits++;
    }
    out->length = (size_t)(at - out->digits);
    if (digits == 0 || out->digits[out->length - 1] == '.')
        return false;
    if (out->point < 0)
        out->point = digits;
    if (at == end)
        return true;
    if (!exponents || (*at != 'e' && *at != 'E'))
        return false;
    bool negative = end - at > 1 && at[1] == '-';
    for (at += 1 + (end - at > 1 && (at[1] == '-' || at[1] == '+')); at < end; at++)
        exponent = exponent < ENOUGH ? exponent * 10 + (*at - '0') : exponent;
    out->point += negative ? -exponent : exponent;
    return true;
}

/* The digit at @place, counted from the first; '0' outside of them. */
static char digit_at(const decimal *number, long place)
{
    for (size_t i = 0; place >= 0 && i < number->length; i++)
        if (number->digits[i] != '.' && place-- == 0)
            return number->digits[i];
    return '0';
}

static long digit_count(const decimal *number)
{
    long count = 0;
    for (size_t i = 0; i < number->length; i++)
        count += number->digits[i] != '.';
    return count;
}

/* Digits from @first to before @last. */
static bool put_digits(ybb_buffer *out, size_t capacity, const decimal *number, long first,
                       long last)
{
    if (last - first > (long)(capacity - out->length))
        return false;
    for (long place = first; place < last; place++)
        out->at[out->length++] = digit_at(number, place);
    return true;
}

/* @capacity without the NUL. */
static bool put_plain(ybb_buffer *out, size_t capacity, const decimal *number)
{
    long first = 0, last = digit_count(number), point = number->point;
    while (first < last && digit_at(number, first) == '0')
        first++;
    while (last > first && digit_at(number, last - 1) == '0')
        last--;
    if (first == last) { /* zero */
        point = 1;
        first = 0;
        last = 0;
    }
    if (number->negative && last > 0 && capacity > out->length)
        out->at[out->length++] = '-';
    if (!put_digits(out, capacity, number, point > first ? first : point - 1, point))
        return false;
    if (last <= point)
        return true;
    if (out->length == capacity)
        return false;
    out->at[out->length++] = '.';
    return put_digits(out, capacity, number, point, last);
}

bool ybb__json_to_decimal(const ybb_json *value, char *out, size_t capacity)
{
    decimal number;
    bool is_number = value->kind == YBB_JSON_NUMBER;
    if ((!is_number && value->kind != YBB_JSON_TEXT) || capacity == 0 ||
        !take_apart(value->at, value->length, is_number, &number))
        return false;
    ybb_buffer text = {.at = out, .capacity = capacity};
    bool fits = put_plain(&text, capacity - 1, &number);
    out[text.length] = '\0';
    return fits;
}

/* Of texts only digits are integers, behind @sign if there is one; of numbers also 2.0 and 2e3. */
static bool may_be_integer(const ybb_json *value, char sign)
{
    if (value->kind != YBB_JSON_TEXT)
        return true;
    size_t at = value->length > 0 && value->at[0] == sign ? 1 : 0;
    while (at < value->length && is_digit(value->at[at]))
        at++;
    return at == value->length;
}

bool ybb__json_to_i64(const ybb_json *value, int64_t *out)
{
    char text[YBB_NUMBER_TEXT];
    return may_be_integer(value, '-') && ybb__json_to_decimal(value, text, sizeof(text)) &&
           ybb__text_to_i64(text, strlen(text), out);
}

bool ybb__json_to_u64(const ybb_json *value, uint64_t *out)
{
    char text[YBB_NUMBER_TEXT];
    return may_be_integer(value, '\0') && ybb__json_to_decimal(value, text, sizeof(text)) &&
           ybb__text_to_u64(text, strlen(text), out);
}

/* strtod() reads the point of the host's locale. Nineteen digits are more than a double keeps. */
bool ybb__json_to_double(const ybb_json *value, double *out)
{
    enum { DIGITS = 18 };
    decimal number;
    if (value->kind != YBB_JSON_NUMBER || !take_apart(value->at, value->length, true, &number))
        return false;
    uint64_t mantissa = 0;
    long place = 0, last = digit_count(&number);
    while (place < last && digit_at(&number, place) == '0')
        place++;
    for (long end = place + DIGITS; place < last && place < end; place++)
        mantissa = mantissa * 10 + (uint64_t)(digit_at(&number, place) - '0');
    double result = (double)mantissa;
    long power = number.point - place;
    for (; mantissa != 0 && power > 0; power--)
        result *= 10;
    double scale = 1;
    for (; mantissa != 0 && power < 0; power++) {
        scale *= 10;
        if (scale >= 1e22) { /* the largest power of ten that is exact */
            result /= scale;
            scale = 1;
        }
    }
    result /= scale;
    *out = number.negative ? -result : result;
    return true;
}

static void put_step(ybb_buffer *path, const ybb_json *value)
{
    if (value->key == NULL) {
        ybb__buffer_put_char(path, '[');
        ybb__buffer_put_u64(path, value->index);
        ybb__buffer_put_char(path, ']');
        return;
    }
    if (value->parent->parent != NULL)
        ybb__buffer_put_char(path, '.');
    ybb__buffer_put_text(path, *value->key != '\0' ? value->key : "\"\"");
}

void ybb__json_path(const ybb_json_reader *reader, const ybb_json *value, char *out)
{
    const ybb_json *steps[YBB_JSON_DEPTH + 1];
    size_t count = 0;
    for (; value != NULL && value->parent != NULL && count <= YBB_JSON_DEPTH; value = value->parent)
        steps[count++] = value;
    ybb_buffer path = {0};
    if (count == 0)
        ybb__buffer_put_text(&path, reader->what);
    while (count > 0)
        put_step(&path, steps[--count]);
    size_t length = ybb__buffer_failed(&path) ? 0 : path.length;
    length = ybb__utf8_floor(path.at, length, YBB_JSON_PATH - 1);
    if (length > 0)
        memcpy(out, path.at, length);
    out[length] = '\0';
    ybb__buffer_free(&path);
}

typedef struct writer {
    ybb_buffer *out;
    size_t limit; /* length of out at which to stop */
} writer;

/* What does not fit is left out, and with it all that follows. */
static bool put(writer *w, const char *bytes, size_t length)
{
    size_t room = w->limit - w->out->length;
    size_t fitting = length <= room ? length : ybb__utf8_floor(bytes, length, room);
    ybb__buffer_put(w->out, bytes, fitting);
    if (fitting < length)
        w->limit = w->out->length;
    return fitting == length && !ybb__buffer_failed(w->out);
}

static void put_escaped(writer *w, char c)
{
    static const char letters[] = "\"\\bfnrt", meanings[] = "\"\\\b\f\n\r\t";
    static const char digits[] = "0123456789abcdef";
    const char *found = memchr(meanings, c, sizeof(meanings) - 1);
    if (found != NULL) {
        char escape[2] = {'\\', letters[found - meanings]};
        put(w, escape, sizeof(escape));
        return;
    }
    char escape[6] = {'\\', 'u', '0', '0', digits[(unsigned char)c >> 4], digits[c & 15]};
    put(w, escape, sizeof(escape));
}

static void put_text(writer *w, const char *text, size_t length)
{
    put(w, "\"", 1);
    for (size_t i = 0; i < length && w->out->length < w->limit;) {
        size_t plain = i;
        while (plain < length && (unsigned char)text[plain] >= 0x20 && text[plain] != '"' &&
               text[plain] != '\\')
            plain++;
        put(w, text + i, plain - i);
        if (plain < length)
            put_escaped(w, text[plain]);
        i = plain + 1;
    }
    put(w, "\"", 1);
}

static void put_value(writer *w, const ybb_json *value)
{
    static const char *const words[] = {"null", "true", "false"};
    const char *brackets = value->kind == YBB_JSON_OBJECT ? "{}" : "[]";
    size_t word = value->kind == YBB_JSON_NULL ? 0 : value->boolean ? 1 : 2;
    switch (value->kind) {
    case YBB_JSON_NULL:
    case YBB_JSON_BOOLEAN:
        put(w, words[word], strlen(words[word]));
        return;
    case YBB_JSON_NUMBER:
        put(w, value->at, value->length);
        return;
    case YBB_JSON_TEXT:
        put_text(w, value->at, value->length);
        return;
    case YBB_JSON_ARRAY:
    case YBB_JSON_OBJECT:
        break;
    }
    put(w, brackets, 1);
    for (const ybb_json *child = value->first; child != NULL; child = child->next) {
        if (child != value->first)
            put(w, ",", 1);
        if (child->key != NULL) {
            put_text(w, child->key, strlen(child->key));
            put(w, ":", 1);
        }
        put_value(w, child);
    }
    put(w, brackets + 1, 1);
}

void ybb__json_write(ybb_buffer *out, const ybb_json *value, size_t limit)
{
    writer w = {out, limit == 0 || limit > SIZE_MAX - out->length ? SIZE_MAX : out->length + limit};
    put_value(&w, value);
}
