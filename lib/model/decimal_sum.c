#include "model/decimal_sum.h"

enum { LIMB_DIGITS = 9, PART_LIMBS = 38, MOST_EXPONENT = 100000, MOST_LENGTH = 1000 };
enum { PART_DIGITS = PART_LIMBS * LIMB_DIGITS, ALL_DIGITS = YBB_SUM_LIMBS * LIMB_DIGITS };

static const int64_t limb_base = 1000000000;
static const int64_t powers[LIMB_DIGITS] = {1,      10,      100,      1000,     10000,
                                            100000, 1000000, 10000000, 100000000};

/* A number as it is written: its digits, one of which may be a point, and the power of ten of the
 * last digit. */
typedef struct written {
    bool negative;
    const char *digits, *end;
    int32_t last;
} written;

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

/* Reads "e-12" and its like up to @end. */
static bool read_exponent(const char *at, const char *end, int32_t *out)
{
    bool negative = at < end && *at == '-';
    if (at < end && (*at == '-' || *at == '+'))
        at++;
    if (at == end)
        return false;
    int32_t exponent = 0;
    for (; at < end; at++) {
        if (!is_digit(*at))
            return false;
        if (exponent < MOST_EXPONENT)
            exponent = 10 * exponent + (*at - '0');
    }
    *out = negative ? -exponent : exponent;
    return true;
}

static bool read_number(written *out, const char *at, size_t length)
{
    const char *end = at + length, *point = NULL;
    if (length == 0 || length > MOST_LENGTH)
        return false;
    *out = (written){.negative = *at == '-'};
    if (*at == '-' || *at == '+')
        at++;
    out->digits = at;
    for (; at < end && (is_digit(*at) || (*at == '.' && point == NULL)); at++)
        if (*at == '.')
            point = at;
    out->end = at;
    if (at - out->digits == (point != NULL ? 1 : 0))
        return false;
    int32_t exponent = 0;
    if (at < end && ((*at != 'e' && *at != 'E') || !read_exponent(at + 1, end, &exponent)))
        return false;
    out->last = exponent - (point != NULL ? (int32_t)(out->end - point) - 1 : 0);
    return true;
}

/* Whether every digit that is not 0 has its place. */
static bool fits(const written *number)
{
    int32_t place = number->last + PART_DIGITS;
    for (const char *at = number->end; at > number->digits;) {
        at--;
        if (*at == '.')
            continue;
        if (*at != '0' && (place < 0 || place >= ALL_DIGITS - LIMB_DIGITS))
            return false;
        place++;
    }
    return true;
}

static void add_digit(ybb_decimal_sum *sum, uint32_t place, int64_t digit)
{
    uint32_t limb = place / LIMB_DIGITS;
    if (sum->end == 0)
        sum->first = limb;
    if (limb < sum->first)
        sum->first = limb;
    if (limb >= sum->end)
        sum->end = limb + 1;
    sum->limbs[limb] += digit * powers[place % LIMB_DIGITS];
}

bool ybb__decimal_sum_add(ybb_decimal_sum *sum, const char *at, size_t length)
{
    written number;
    if (!read_number(&number, at, length) || !fits(&number))
        return false;
    int32_t place = number.last + PART_DIGITS;
    for (const char *digit = number.end; digit > number.digits;) {
        digit--;
        if (*digit == '.')
            continue;
        if (*digit != '0')
            add_digit(sum, (uint32_t)place, number.negative ? '0' - *digit : *digit - '0');
        place++;
    }
    return true;
}

void ybb__decimal_sum_join(ybb_decimal_sum *sum, const ybb_decimal_sum *other)
{
    if (other->end == 0)
        return;
    if (sum->end == 0 || other->first < sum->first)
        sum->first = other->first;
    if (other->end > sum->end)
        sum->end = other->end;
    for (uint32_t i = other->first; i < other->end; i++)
        sum->limbs[i] += other->limbs[i];
}

/* Brings every limb between 0 and the base. The topmost, which no number fills, has the sign. */
static bool carry(ybb_decimal_sum *sum)
{
    int64_t over = 0;
    for (uint32_t i = sum->first; i < YBB_SUM_LIMBS; i++) {
        int64_t limb = sum->limbs[i] + over;
        over = limb / limb_base - (limb % limb_base < 0);
        sum->limbs[i] = limb - over * limb_base;
    }
    return over < 0;
}

static char digit_at(const ybb_decimal_sum *sum, uint32_t place)
{
    return (char)('0' + sum->limbs[place / LIMB_DIGITS] / powers[place % LIMB_DIGITS] % 10);
}

void ybb__decimal_sum_put(ybb_buffer *out, const ybb_decimal_sum *sum, uint32_t scale)
{
    ybb_decimal_sum s = *sum;
    if (carry(&s)) {
        s = *sum;
        for (uint32_t i = 0; i < YBB_SUM_LIMBS; i++)
            s.limbs[i] = -s.limbs[i];
        (void)carry(&s);
        ybb__buffer_put_char(out, '-');
    }
    uint32_t high = ALL_DIGITS, low = 0, least = PART_DIGITS - (scale < PART_DIGITS ? scale : 0);
    while (high > PART_DIGITS + 1 && digit_at(&s, high - 1) == '0')
        high--;
    while (low < least && digit_at(&s, low) == '0')
        low++;
    for (uint32_t place = high; place > low; place--) {
        if (place == PART_DIGITS)
            ybb__buffer_put_char(out, '.');
        ybb__buffer_put_char(out, digit_at(&s, place - 1));
    }
}
