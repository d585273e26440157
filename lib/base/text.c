#include "base/text.h"

#include <string.h>

size_t ybb__text_from_u64(char *out, uint64_t number)
{
    char digits[YBB_NUMBER_TEXT];
    size_t begin = sizeof(digits);
    do
        digits[--begin] = (char)('0' + number % 10);
    while ((number /= 10) != 0);
    size_t length = sizeof(digits) - begin;
    memcpy(out, digits + begin, length);
    out[length] = '\0';
    return length;
}

size_t ybb__text_from_i64(char *out, int64_t number)
{
    if (number >= 0)
        return ybb__text_from_u64(out, (uint64_t)number);
    *out = '-';
    return 1 + ybb__text_from_u64(out + 1, 0 - (uint64_t)number);
}

bool ybb__text_to_u64(const char *at, size_t length, uint64_t *out)
{
    uint64_t number = 0;
    for (size_t i = 0; i < length; i++) {
        if (at[i] < '0' || at[i] > '9')
            return false;
        uint64_t digit = (uint64_t)(at[i] - '0');
        if (number > (UINT64_MAX - digit) / 10)
            return false;
        number = 10 * number + digit;
    }
    if (length == 0)
        return false;
    *out = number;
    return true;
}

bool ybb__text_to_i64(const char *at, size_t length, int64_t *out)
{
    bool negative = length > 0 && at[0] == '-';
    uint64_t size;
    if (negative ? !ybb__text_to_u64(at + 1, length - 1, &size)
                 : !ybb__text_to_u64(at, length, &size))
        return false;
    if (size > (uint64_t)INT64_MAX + (negative ? 1 : 0))
        return false;
    *out = !negative || size == 0 ? (int64_t)size : -(int64_t)(size - 1) - 1;
    return true;
}

bool ybb__text_equal(const char *a, size_t a_length, const char *b)
{
    return strlen(b) == a_length && (a_length == 0 || memcmp(a, b, a_length) == 0);
}

/* The power of 1024 of a unit: "", "B" 0, "KB" or "K" 1, ... -1 for what is no unit. */
static int unit_power(const char *unit)
{
    static const char letters[] = "kmgt";
    int power = 0;
    for (int i = 0; letters[i] != '\0'; i++)
        if (*unit == letters[i] || *unit == letters[i] - 'a' + 'A')
            power = i + 1;
    unit += power > 0;
    unit += *unit == 'b' || *unit == 'B';
    return *unit == '\0' ? power : -1;
}

static size_t digit_count(const char *text)
{
    return strspn(text, "0123456789");
}

bool ybb__text_to_size(const char *text, uint64_t *bytes)
{
    enum { FRACTION_DIGITS = 6 }; /* more change nothing that a person would see */
    uint64_t whole, fraction = 0, scale = 1;
    size_t digits = digit_count(text);
    if (!ybb__text_to_u64(text, digits, &whole))
        return false;
    text += digits;
    if (*text == '.') {
        digits = digit_count(++text);
        if (digits == 0)
            return false;
        for (size_t i = 0; i < digits && i < FRACTION_DIGITS; i++, scale *= 10)
            fraction = 10 * fraction + (uint64_t)(text[i] - '0');
        text += digits;
    }
    int power = unit_power(text + strspn(text, " "));
    if (power < 0 || (power == 0 && scale > 1))
        return false;
    uint64_t unit = UINT64_C(1) << (10 * power);
    uint64_t part = fraction * unit / scale;
    if (whole > (UINT64_MAX - part) / unit)
        return false;
    *bytes = whole * unit + part;
    return true;
}

/* @bytes in parts of 1024^@power, @parts of which make one; half a part is rounded up. */
static uint64_t rounded(uint64_t bytes, size_t power, uint64_t parts)
{
    uint64_t unit = UINT64_C(1) << (10 * power);
    return bytes / unit * parts + (bytes % unit * parts + unit / 2) / unit;
}

static size_t put_size(char *out, uint64_t bytes, size_t power)
{
    uint64_t whole = rounded(bytes, power, 1);
    uint64_t tenths = whole > 10 ? 10 * whole : rounded(bytes, power, 10);
    if (tenths >= 100 || tenths % 10 == 0)
        return ybb__text_from_u64(out, whole);
    size_t length = ybb__text_from_u64(out, tenths / 10);
    out[length++] = '.';
    out[length++] = (char)('0' + tenths % 10);
    return length;
}

size_t ybb__text_from_size(char *out, size_t capacity, uint64_t bytes)
{
    static const char *const units[] = {" B", " KB", " MB", " GB", " TB", " PB"};
    size_t power = 0;
    while (power + 1 < sizeof(units) / sizeof(units[0]) && rounded(bytes, power, 1) >= 1024)
        power++;
    char text[2 * YBB_NUMBER_TEXT];
    size_t length = put_size(text, bytes, power);
    memcpy(text + length, units[power], strlen(units[power]));
    length += strlen(units[power]);
    if (capacity == 0)
        return 0;
    if (length >= capacity)
        length = capacity - 1;
    memcpy(out, text, length);
    out[length] = '\0';
    return length;
}
