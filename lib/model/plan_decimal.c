#include "model/plan_decimal.h"

#include <string.h>

enum { DOUBLE_DIGITS = 15 };

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

/* Behind the last significant digit that a double keeps, or the text's end. */
static char *kept_end(char *digits)
{
    char *at = digits;
    for (int kept = 0; *at != '\0' && kept < DOUBLE_DIGITS; at++)
        if (is_digit(*at) && (*at != '0' || kept > 0))
            kept++;
    return at;
}

/* Zeros for the digits from @at on; whether any of them was none. */
static bool clear_rest(char *at)
{
    bool any = false;
    for (; *at != '\0'; at++)
        if (is_digit(*at)) {
            any = any || *at != '0';
            *at = '0';
        }
    return any;
}

/* Adds one to the last digit before @end; @digits has a zero in front to take the last carry. */
static void add_one(char *digits, char *end)
{
    while (end > digits) {
        end--;
        if (!is_digit(*end))
            continue;
        if (*end != '9') {
            ++*end;
            return;
        }
        *end = '0';
    }
}

const char *ybb__decimal_inside(ybb_arena *arena, const char *text, bool up)
{
    static const size_t sign_and_carry = 2;
    bool negative = text[0] == '-';
    const char *plain = text + (negative ? 1 : 0);
    char *out = ybb__arena_alloc(arena, strlen(plain) + sign_and_carry + 1);
    if (out == NULL)
        return NULL;
    char *digits = out + 1;
    digits[0] = '0';
    strcpy(digits + 1, plain);
    char *end = kept_end(digits);
    bool cut = clear_rest(end);
    if (cut && up != negative)
        add_one(digits, end);
    while (digits[0] == '0' && is_digit(digits[1]))
        digits++;
    if (negative)
        *--digits = '-';
    return digits;
}
