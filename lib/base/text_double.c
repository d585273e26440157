/*
 * The shortest text of a double. Most numbers are counts and amounts, which are found by integer
 * arithmetic; the others are printed with 15 to 17 digits until they read back as the same.
 *
 * printf and strtod write and read the point of the host's locale, so only the digits and the
 * exponent are taken from what they print, and the rest is written here.
 */
#include "base/text.h"

#include <float.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
    MOST_DIGITS = 17, /* always enough for a double */
    SURE_DIGITS = 15, /* a text of so many digits comes back from a double unchanged */
    PRINTED = 64,     /* sign, digits, a point of several bytes, exponent, NUL */
    FIRST_PLAIN = -5, /* exponents of ten that are written without "e" */
    LAST_PLAIN = MOST_DIGITS - 1
};

/* 0.@digits times ten to the (@exponent + 1): the first digit stands before the point. */
typedef struct decimal {
    char digits[MOST_DIGITS + 1];
    int count;
    int exponent;
} decimal;

static size_t put_digits(char *out, const char *digits, int count)
{
    memcpy(out, digits, (size_t)count);
    return (size_t)count;
}

static size_t put_zeros(char *out, int count)
{
    memset(out, '0', (size_t)count);
    return (size_t)count;
}

static size_t put_exponent_form(char *out, const decimal *d)
{
    size_t length = put_digits(out, d->digits, 1);
    if (d->count > 1) {
        out[length++] = '.';
        length += put_digits(out + length, d->digits + 1, d->count - 1);
    }
    out[length++] = 'e';
    if (d->exponent > 0)
        out[length++] = '+';
    return length + ybb__text_from_i64(out + length, d->exponent);
}

static size_t put_plain_form(char *out, const decimal *d)
{
    size_t length = 0;
    int whole = d->exponent + 1; /* digits before the point */
    if (whole <= 0) {
        length += put_digits(out, "0.", 2);
        length += put_zeros(out + length, -whole);
        return length + put_digits(out + length, d->digits, d->count);
    }
    if (whole >= d->count) {
        length += put_digits(out, d->digits, d->count);
        return length + put_zeros(out + length, whole - d->count);
    }
    length += put_digits(out, d->digits, whole);
    out[length++] = '.';
    return length + put_digits(out + length, d->digits + whole, d->count - whole);
}

static size_t put_decimal(char *out, const decimal *d)
{
    bool plain = d->exponent >= FIRST_PLAIN && d->exponent <= LAST_PLAIN;
    size_t length = plain ? put_plain_form(out, d) : put_exponent_form(out, d);
    out[length] = '\0';
    return length;
}

/* The digits of what "%.*e" printed, whatever stands as point, without zeros at the end. */
static void take_apart(decimal *out, const char *printed)
{
    *out = (decimal){.count = 0};
    for (; *printed != 'e' && *printed != '\0'; printed++)
        if (*printed >= '0' && *printed <= '9' && out->count < MOST_DIGITS)
            out->digits[out->count++] = *printed;
    while (out->count > 1 && out->digits[out->count - 1] == '0')
        out->count--;
    if (*printed == 'e')
        out->exponent = atoi(printed + 1);
}

/* Prints with @digits digits; true when that reads back as @number. */
static bool print(char *printed, double number, int digits)
{
    int length = snprintf(printed, PRINTED, "%.*e", digits - 1, number);
    return length > 0 && length < PRINTED && strtod(printed, NULL) == number;
}

/* Below a power of two doubles lie twice as dense as above it. Then the nearest text of 16 digits
 * may belong to the next double below, while the one above it, though farther away, reads back. */
static bool print_next(char *printed, double number)
{
    enum { DIGITS = MOST_DIGITS - 1 };
    int exponent;
    if (frexp(number, &exponent) != 0.5)
        return false;
    print(printed, number, DIGITS);
    for (char *at = strchr(printed, 'e'); at != NULL && at > printed; at--) {
        if (at[-1] < '0' || at[-1] > '9')
            continue; /* the point */
        if (at[-1] != '9') {
            at[-1]++;
            return strtod(printed, NULL) == number;
        }
        at[-1] = '0';
    }
    return false;
}

/* @number is positive and finite. */
static size_t put_shortest(char *out, double number)
{
    char printed[PRINTED];
    /* The smallest doubles have fewer digits than 15 that are their own. */
    int digits = number < DBL_MIN ? 1 : SURE_DIGITS;
    while (digits < MOST_DIGITS && !print(printed, number, digits))
        digits++;
    if (digits == MOST_DIGITS && !print_next(printed, number))
        print(printed, number, MOST_DIGITS);
    decimal d;
    take_apart(&d, printed);
    return put_decimal(out, &d);
}

/* Whole numbers and those with two decimals at most; 0 for any other. @number is not negative. */
static size_t put_amount(char *out, double number)
{
    static const double most = 1e13; /* so that all digits, the decimals too, are at most 15 */
    if (number >= most)
        return 0;
    uint64_t hundredths = (uint64_t)(number * 100 + 0.5);
    if ((double)hundredths / 100 != number)
        return 0;
    size_t length = ybb__text_from_u64(out, hundredths / 100);
    unsigned cents = (unsigned)(hundredths % 100);
    if (cents != 0) {
        out[length++] = '.';
        out[length++] = (char)('0' + cents / 10);
        if (cents % 10 != 0)
            out[length++] = (char)('0' + cents % 10);
        out[length] = '\0';
    }
    return length;
}

size_t ybb__text_from_double(char *out, double number)
{
    *out = '\0';
    if (!isfinite(number))
        return 0;
    size_t sign = number < 0 ? 1 : 0;
    if (sign == 1)
        *out = '-';
    double size = fabs(number);
    size_t length = put_amount(out + sign, size);
    return sign + (length > 0 ? length : put_shortest(out + sign, size));
}
