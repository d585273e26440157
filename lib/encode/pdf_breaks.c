#include "encode/pdf_breaks.h"

#include <stddef.h>

typedef struct range {
    uint32_t first, last;
} range;

static const range ideographs[] = {
    {0x2E80, 0x2FFB},   /* radicals */
    {0x3001, 0x312F},   /* punctuation, kana, bopomofo */
    {0x3131, 0x318E},   /* Hangul letters */
    {0x31A0, 0xA4C6},   /* bopomofo to Yi */
    {0xF900, 0xFAFF},   /* compatibility */
    {0xFE30, 0xFE4F},   /* vertical forms */
    {0xFF01, 0xFFEF},   /* full and half width */
    {0x1F300, 0x1FAFF}, /* pictographs */
    {0x20000, 0x3FFFD},
};

/* Korean puts blanks between its words, and lines end there. */
static const uint32_t no_begin[] = {
    '!',    ')',    ',',    '.',    ':',    ';',    '>',    '?',    ']',    '}',    0xBB,   0x2019,
    0x201D, 0x2026, 0x3001, 0x3002, 0x3005, 0x3009, 0x300B, 0x300D, 0x300F, 0x3011, 0x3015, 0x3017,
    0x3041, 0x3043, 0x3045, 0x3047, 0x3049, 0x3063, 0x3083, 0x3085, 0x3087, 0x308E, 0x309B, 0x309C,
    0x309D, 0x309E, 0x30A1, 0x30A3, 0x30A5, 0x30A7, 0x30A9, 0x30C3, 0x30E3, 0x30E5, 0x30E7, 0x30EE,
    0x30FB, 0x30FC, 0x30FD, 0x30FE, 0xFE0F, 0xFF01, 0xFF09, 0xFF0C, 0xFF0E, 0xFF1A, 0xFF1B, 0xFF1F,
    0xFF3D, 0xFF5D, 0xFF60, 0xFF61, 0xFF63, 0xFF64, 0x200D};
static const uint32_t no_end[] = {'(',    '[',    '{',    0xAB,   0x2018, 0x201C, 0x3008,
                                  0x300A, 0x300C, 0x300E, 0x3010, 0x3014, 0x3016, 0xFF08,
                                  0xFF3B, 0xFF5B, 0xFF5F, 0xFF62, 0x200D};

static bool is_ideograph(uint32_t code_point)
{
    for (size_t i = 0; i < sizeof(ideographs) / sizeof(ideographs[0]); i++)
        if (code_point >= ideographs[i].first && code_point <= ideographs[i].last)
            return true;
    return false;
}

static bool is_one_of(uint32_t code_point, const uint32_t *list, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (list[i] == code_point)
            return true;
    return false;
}

bool ybb__pdf_no_begin(uint32_t code_point)
{
    return is_one_of(code_point, no_begin, sizeof(no_begin) / sizeof(no_begin[0]));
}

static bool is_letter(uint32_t code_point)
{
    return (code_point >= 'A' && code_point <= 'Z') || (code_point >= 'a' && code_point <= 'z') ||
           code_point >= 0xC0;
}

bool ybb__pdf_is_blank(uint32_t code_point)
{
    return code_point == ' ' || code_point == '\n' || code_point == 0x1680 ||
           code_point == 0x200B || code_point == 0x3000 || code_point == 0x205F ||
           (code_point >= 0x2000 && code_point <= 0x200A && code_point != 0x2007);
}

static bool breaks_behind_hyphen(const uint32_t *text, uint32_t at)
{
    uint32_t hyphen = text[at - 1];
    return (hyphen == '-' || hyphen == 0x2010) && at >= 2 && is_letter(text[at - 2]) &&
           is_letter(text[at]);
}

bool ybb__pdf_may_break(const uint32_t *text, uint32_t at, uint32_t count)
{
    uint32_t before = text[at - 1], behind = at < count ? text[at] : '\n';
    if (ybb__pdf_is_blank(behind))
        return false;
    if (ybb__pdf_is_blank(before))
        return true;
    if (behind < 0x80 && before < 0x80)
        return breaks_behind_hyphen(text, at);
    if (ybb__pdf_no_begin(behind) || is_one_of(before, no_end, sizeof(no_end) / sizeof(no_end[0])))
        return false;
    return is_ideograph(before) || is_ideograph(behind) || breaks_behind_hyphen(text, at);
}
