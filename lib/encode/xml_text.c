#include "encode/xml_text.h"

#include "base/utf8.h"

#if defined(__SSE2__)
#include <emmintrin.h>
#endif

enum {
    REPLACEMENT = 0xFFFD,
    NOT_A_CHARACTER = 0xFFFE,
    LAST_OF_PLANE_0 = 0xFFFF,
    FIRST_SUPPLEMENTARY = 0x10000
};

/* Plain bytes are those that stand for themselves whatever stands beside them. '_' is plain unless
 * an 'x' follows. */
static inline bool is_plain(const char *at, const char *end)
{
    unsigned char c = (unsigned char)*at;
    if (c == '_')
        return at + 1 == end || at[1] != 'x';
    return (c >= ' ' || c == '\n' || c == '\t') && c < 0x80 && c != '&' && c != '<' && c != '>';
}

#if defined(__SSE2__)

/* One bit for each of 16 bytes that is not plain; a '_' in the last place counts as not plain. */
static inline unsigned special_bits(__m128i v)
{
    __m128i low = _mm_cmplt_epi8(v, _mm_set1_epi8(' ')); /* signed: also those from 0x80 on */
    __m128i feed = _mm_cmpeq_epi8(v, _mm_set1_epi8('\n'));
    __m128i angle = _mm_cmpeq_epi8(_mm_or_si128(v, _mm_set1_epi8('<' ^ '>')), _mm_set1_epi8('>'));
    __m128i and_ = _mm_cmpeq_epi8(v, _mm_set1_epi8('&'));
    __m128i special = _mm_or_si128(_mm_andnot_si128(feed, low), _mm_or_si128(angle, and_));
    unsigned bits = (unsigned)_mm_movemask_epi8(special);
    unsigned lines = (unsigned)_mm_movemask_epi8(_mm_cmpeq_epi8(v, _mm_set1_epi8('_')));
    if (lines != 0) {
        unsigned xs = (unsigned)_mm_movemask_epi8(_mm_cmpeq_epi8(v, _mm_set1_epi8('x')));
        bits |= lines & (xs >> 1 | 0x8000U);
    }
    return bits;
}

static inline unsigned copy_16(char *to, const char *from)
{
    __m128i v = _mm_loadu_si128((const __m128i *)(const void *)from);
    _mm_storeu_si128((__m128i *)(void *)to, v);
    return special_bits(v);
}

static inline unsigned copy_8(char *to, const char *from)
{
    __m128i v = _mm_loadl_epi64((const __m128i *)(const void *)from);
    _mm_storel_epi64((__m128i *)(void *)to, v);
    /* a '_' in the last place: its 'x' may follow */
    return (special_bits(v) & 0xFFU) | (from[7] == '_' ? 0x80U : 0);
}

/* Copies plain bytes up to the first other one, and says how many. The last step of a text overlaps
 * the one before it, so that no byte outside of the text is read. */
static inline size_t copy_plain(char *to, const char *from, const char *end)
{
    size_t length = (size_t)(end - from), i = 0;
    unsigned bits;
    if (length >= 16) {
        for (; length - i >= 16; i += 16)
            if ((bits = copy_16(to + i, from + i)) != 0)
                return i + (unsigned)__builtin_ctz(bits);
        i = length - 16;
        bits = copy_16(to + i, from + i);
        return bits != 0 ? i + (unsigned)__builtin_ctz(bits) : length;
    }
    if (length >= 8) {
        if ((bits = copy_8(to, from)) != 0)
            return (unsigned)__builtin_ctz(bits);
        i = length - 8;
        bits = copy_8(to + i, from + i);
        return bits != 0 ? i + (unsigned)__builtin_ctz(bits) : length;
    }
    for (; i < length && is_plain(from + i, end); i++)
        to[i] = from[i];
    return i;
}

#else

static inline size_t copy_plain(char *to, const char *from, const char *end)
{
    size_t length = (size_t)(end - from), i = 0;
    for (; i < length && is_plain(from + i, end); i++)
        to[i] = from[i];
    return i;
}

#endif

static void put_escape(ybb_pen *pen, uint32_t code, ybb_xml_marks *marks)
{
    static const char digits[] = "0123456789ABCDEF";
    char escape[] = {'_',
                     'x',
                     digits[code >> 12 & 15],
                     digits[code >> 8 & 15],
                     digits[code >> 4 & 15],
                     digits[code & 15],
                     '_'};
    ybb__pen_put(pen, escape, sizeof(escape));
    marks->escapes++;
}

static bool is_hex(char c)
{
    return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'F') || (c >= 'a' && c <= 'f');
}

static bool is_control(char c)
{
    return (unsigned char)c < ' ' && c != '\n' && c != '\t';
}

/* Whether U+FFFE or U+FFFF stands here. */
static bool is_no_character(const char *at, const char *end)
{
    return end - at >= 3 && (unsigned char)at[0] == 0xEF && (unsigned char)at[1] == 0xBF &&
           (unsigned char)at[2] >= 0xBE;
}

/* Whether the '_' at @at begins what reads as an escape: xHHHH and then a '_', or what will be
 * written with one in front. */
static bool looks_escaped(const char *at, const char *end)
{
    enum { BEFORE_END = 6 };
    if (end - at <= BEFORE_END || at[1] != 'x')
        return false;
    for (int i = 2; i < BEFORE_END; i++)
        if (!is_hex(at[i]))
            return false;
    const char *last = at + BEFORE_END;
    return *last == '_' || is_control(*last) || is_no_character(last, end);
}

static bool is_inner(char c)
{
    return ((unsigned char)c & 0xC0) == 0x80;
}

/* The length of the sequence at @at where its first byte alone tells that it is well-formed if
 * inner bytes follow, which is so for most of the world's letters; else 0. */
static size_t common_length(const char *at, const char *end)
{
    unsigned char lead = (unsigned char)*at;
    if (lead >= 0xC2 && lead <= 0xDF)
        return end - at >= 2 && is_inner(at[1]) ? 2 : 0;
    bool is_common = lead >= 0xE1 && lead <= 0xEE && lead != 0xED;
    return is_common && end - at >= 3 && is_inner(at[1]) && is_inner(at[2]) ? 3 : 0;
}

/* Writes the bytes above ASCII from @at to @end. Room for 7 bytes for each has been made. */
static void put_wide(ybb_pen *pen, const char *at, const char *end, ybb_xml_marks *marks)
{
    while (at < end) {
        size_t taken = common_length(at, end);
        uint32_t code = 0;
        if (taken == 0)
            code = ybb__utf8_next(at, (size_t)(end - at), &taken);
        if (code == NOT_A_CHARACTER || code == LAST_OF_PLANE_0) {
            put_escape(pen, code, marks);
        } else if (code == REPLACEMENT) {
            pen->at += ybb__utf8_put(pen->at, code);
            marks->replaced += (unsigned char)*at != 0xEF || taken != 3; /* it may be its own */
        } else {
            ybb__pen_put(pen, at, taken);
        }
        at += taken;
    }
}

/* Writes the character at @at, which is not plain or may not be; returns where the next begins. */
static const char *put_special(ybb_pen *pen, const char *at, const char *end, ybb_xml_marks *marks)
{
    switch (*at) {
    case '&':
        ybb__pen_put(pen, "&amp;", 5);
        break;
    case '<':
        ybb__pen_put(pen, "&lt;", 4);
        break;
    case '>':
        ybb__pen_put(pen, "&gt;", 4);
        break;
    case '_':
        if (looks_escaped(at, end))
            put_escape(pen, '_', marks);
        else
            ybb__pen_char(pen, '_');
        break;
    default:
        if (is_control(*at))
            put_escape(pen, (unsigned char)*at, marks);
        else
            ybb__pen_char(pen, *at);
    }
    return at + 1;
}

bool ybb__xml_text(ybb_pen *pen, const char *at, size_t length, ybb_xml_marks *marks)
{
    const char *end = at + length;
    if (!ybb__pen_room(pen, length))
        return false;
    for (;;) {
        size_t plain = copy_plain(pen->at, at, end);
        pen->at += plain;
        at += plain;
        if (at == end)
            return true;
        if ((unsigned char)*at < 0x80) {
            at = put_special(pen, at, end, marks);
        } else {
            const char *wide = at;
            while (wide < end && (unsigned char)*wide >= 0x80)
                wide++;
            if (!ybb__pen_room(pen, YBB_ESCAPE_UNITS * (size_t)(wide - at)))
                return false;
            put_wide(pen, at, wide, marks);
            at = wide;
        }
        if (!ybb__pen_room(pen, (size_t)(end - at)))
            return false;
    }
}

/* The units that the character at @at takes, and its length. */
static size_t units_at(const char *at, const char *end, size_t *taken)
{
    uint32_t code = ybb__utf8_next(at, (size_t)(end - at), taken);
    if (code >= FIRST_SUPPLEMENTARY)
        return 2;
    bool is_escaped = code == NOT_A_CHARACTER || code == LAST_OF_PLANE_0 ||
                      (code < 0x80 && is_control(*at)) || (code == '_' && looks_escaped(at, end));
    return is_escaped ? YBB_ESCAPE_UNITS : 1;
}

size_t ybb__xml_fit(const char *at, size_t length, size_t units)
{
    const char *begin = at, *end = at + length;
    while (at < end) {
        size_t taken, more = units_at(at, end, &taken);
        if (more > units)
            break;
        units -= more;
        at += taken;
    }
    return (size_t)(at - begin);
}
