#include "base/utf8.h"

#include <string.h>

enum {
    REPLACEMENT = 0xFFFD,
    LAST_CODE_POINT = 0x10FFFF,
    FIRST_SURROGATE = 0xD800,
    LAST_SURROGATE = 0xDFFF,
    FIRST_SUPPLEMENTARY = 0x10000,
    LONGEST = 4
};

/* What may follow a lead byte, by Unicode 15 table 3-7: how many bytes, and the bounds of the first
 * of them; the others are 80..BF. */
typedef struct lead {
    size_t length; /* of the whole sequence; 0: no sequence begins so */
    unsigned char low, high;
} lead;

static lead lead_of(unsigned char byte)
{
    if (byte < 0x80)
        return (lead){1, 0, 0};
    if (byte < 0xC2)
        return (lead){0, 0, 0};
    if (byte < 0xE0)
        return (lead){2, 0x80, 0xBF};
    if (byte < 0xF0)
        return (lead){3, byte == 0xE0 ? 0xA0 : 0x80, byte == 0xED ? 0x9F : 0xBF};
    if (byte < 0xF5)
        return (lead){4, byte == 0xF0 ? 0x90 : 0x80, byte == 0xF4 ? 0x8F : 0xBF};
    return (lead){0, 0, 0};
}

/* How many of the bytes at @at belong to one sequence (at least 1), and whether they are all of it.
 */
static size_t scan(const unsigned char *at, size_t length, bool *whole)
{
    lead begin = lead_of(at[0]);
    size_t taken = 1;
    unsigned char low = begin.low, high = begin.high;
    while (taken < begin.length && taken < length && at[taken] >= low && at[taken] <= high) {
        taken++;
        low = 0x80;
        high = 0xBF;
    }
    *whole = taken == begin.length;
    return taken;
}

/* How many bytes from @at on are ASCII: eight at a time, for most texts are nothing else. */
static size_t ascii_run(const char *at, size_t length)
{
    static const uint64_t high_bits = UINT64_C(0x8080808080808080);
    size_t i = 0;
    for (uint64_t eight; length - i >= sizeof(eight); i += sizeof(eight)) {
        memcpy(&eight, at + i, sizeof(eight));
        if ((eight & high_bits) != 0)
            break;
    }
    while (i < length && (unsigned char)at[i] < 0x80)
        i++;
    return i;
}

size_t ybb__utf8_valid(const char *at, size_t length)
{
    for (size_t i = 0; i < length;) {
        bool whole = true;
        i += ascii_run(at + i, length - i);
        while (i < length && (unsigned char)at[i] >= 0x80) {
            size_t taken = scan((const unsigned char *)at + i, length - i, &whole);
            if (!whole)
                return i;
            i += taken;
        }
    }
    return length;
}

uint32_t ybb__utf8_next(const char *at, size_t length, size_t *taken)
{
    static const unsigned char lead_bits[LONGEST + 1] = {0, 0x7F, 0x1F, 0x0F, 0x07};
    const unsigned char *bytes = (const unsigned char *)at;
    bool whole;
    *taken = scan(bytes, length, &whole);
    if (!whole)
        return REPLACEMENT;
    uint32_t code_point = bytes[0] & lead_bits[*taken];
    for (size_t i = 1; i < *taken; i++)
        code_point = code_point << 6 | (bytes[i] & 0x3F);
    return code_point;
}

size_t ybb__utf8_put(char *out, uint32_t code_point)
{
    static const unsigned char lead_marks[LONGEST + 1] = {0, 0, 0xC0, 0xE0, 0xF0};
    if (code_point > LAST_CODE_POINT ||
        (code_point >= FIRST_SURROGATE && code_point <= LAST_SURROGATE))
        code_point = REPLACEMENT;
    size_t size = 1;
    if (code_point >= 0x80)
        size = code_point < 0x800 ? 2 : code_point < FIRST_SUPPLEMENTARY ? 3 : 4;
    for (size_t i = size; i-- > 1; code_point >>= 6)
        out[i] = (char)(unsigned char)(0x80 | (code_point & 0x3F));
    out[0] = (char)(unsigned char)(lead_marks[size] | code_point);
    return size;
}

size_t ybb__utf8_utf16_length(const char *at, size_t length)
{
    size_t units = 0;
    for (size_t i = 0; i < length;) {
        size_t taken = ascii_run(at + i, length - i);
        units += taken;
        i += taken;
        if (i == length)
            break;
        units += ybb__utf8_next(at + i, length - i, &taken) >= FIRST_SUPPLEMENTARY ? 2 : 1;
        i += taken;
    }
    return units;
}

size_t ybb__utf8_floor(const char *at, size_t length, size_t limit)
{
    if (limit >= length)
        return length;
    for (size_t back = 1; back < LONGEST && back <= limit; back++) {
        size_t begin = limit - back;
        if (((unsigned char)at[begin] & 0xC0) == 0x80)
            continue;
        bool whole;
        size_t taken = scan((const unsigned char *)at + begin, length - begin, &whole);
        return whole && begin + taken > limit ? begin : limit;
    }
    return limit;
}
