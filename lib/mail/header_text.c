#include "mail/header_text.h"

#include "base/clock.h"
#include "base/utf8.h"

#include <stdbool.h>

enum {
    MOST_LINE = 76,  /* of a line with encoded words (RFC 2047, 2) */
    MOST_WORD = 75,  /* of an encoded word */
    MOST_PLAIN = 60, /* of a text that stands as it is: its line is never folded */
    FRAME = sizeof("=?UTF-8?B?"
                   "?=") -
            1
};

/* Whether it can stand as it is: printable, and nothing in it looks like an encoded word. */
static bool is_plain(const char *text)
{
    size_t length = strlen(text);
    if (length == 0 || length > MOST_PLAIN || text[0] == ' ' || text[length - 1] == ' ' ||
        strstr(text, "=?") != NULL)
        return false;
    for (size_t i = 0; i < length; i++)
        if (text[i] < ' ' || text[i] > '~')
            return false;
    return true;
}

static void put_base64(ybb_buffer *out, const char *bytes, size_t length)
{
    static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    for (size_t i = 0; i < length; i += 3) {
        uint32_t three = (uint32_t)(unsigned char)bytes[i] << 16;
        if (i + 1 < length)
            three |= (uint32_t)(unsigned char)bytes[i + 1] << 8;
        if (i + 2 < length)
            three |= (uint32_t)(unsigned char)bytes[i + 2];
        ybb__buffer_put_char(out, digits[three >> 18]);
        ybb__buffer_put_char(out, digits[three >> 12 & 63]);
        ybb__buffer_put_char(out, i + 1 < length ? digits[three >> 6 & 63] : '=');
        ybb__buffer_put_char(out, i + 2 < length ? digits[three & 63] : '=');
    }
}

/* The next word's characters, whole ones, as many as a word of @room bytes takes: well-formed, and
 * with a blank in the place of what is no text. */
static size_t take_word(char *word, size_t *used, const char *at, size_t length, size_t room)
{
    size_t taken = 0, most = (room - FRAME) / 4 * 3;
    *used = 0;
    while (taken < length) {
        enum { LONGEST = 4, DELETE = 0x7F };
        char bytes[LONGEST];
        size_t step;
        uint32_t c = ybb__utf8_next(at + taken, length - taken, &step);
        size_t size = ybb__utf8_put(bytes, c < ' ' || c == DELETE ? ' ' : c);
        if (*used + size > most)
            break;
        memcpy(word + *used, bytes, size);
        *used += size;
        taken += step;
    }
    return taken;
}

/* @column: how long the line is by now. */
static void put_encoded(ybb_buffer *out, const char *text, size_t column)
{
    char word[MOST_WORD];
    size_t length = strlen(text), used;
    for (size_t taken = 0; taken < length;) {
        size_t room = MOST_LINE - column < MOST_WORD ? MOST_LINE - column : MOST_WORD;
        if (taken > 0)
            ybb__buffer_put_text(out, "\r\n ");
        taken += take_word(word, &used, text + taken, length - taken, room);
        ybb__buffer_put_text(out, "=?UTF-8?B?");
        put_base64(out, word, used);
        ybb__buffer_put_text(out, "?=");
        column = 1;
    }
}

void ybb__header_put(ybb_buffer *out, const char *name, const char *text)
{
    ybb__buffer_put_text(out, name);
    ybb__buffer_put_text(out, ": ");
    if (is_plain(text))
        ybb__buffer_put_text(out, text);
    else
        put_encoded(out, text, strlen(name) + 2);
}

/* A phrase that is not of these is written as encoded words (RFC 5322, 3.2.3). */
static bool is_atoms(const char *text)
{
    static const char atoms[] =
        "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789!#$%&'*+-/=?^_`{|}~ ";
    return is_plain(text) && text[strspn(text, atoms)] == '\0';
}

void ybb__header_put_mailbox(ybb_buffer *out, const char *name, const char *phrase,
                             const char *address)
{
    ybb__buffer_put_text(out, name);
    ybb__buffer_put_text(out, ": ");
    if (phrase != NULL) {
        if (is_atoms(phrase))
            ybb__buffer_put_text(out, phrase);
        else
            put_encoded(out, phrase, strlen(name) + 2);
        ybb__buffer_put_text(out, "\r\n <");
    }
    ybb__buffer_put_text(out, address);
    if (phrase != NULL)
        ybb__buffer_put_char(out, '>');
}

static void put_two(ybb_buffer *out, int64_t number, char behind)
{
    ybb__buffer_put_char(out, (char)('0' + number / 10));
    ybb__buffer_put_char(out, (char)('0' + number % 10));
    ybb__buffer_put_char(out, behind);
}

/* Names are English whatever the locale is (RFC 5322, 3.3). */
void ybb__header_put_date(ybb_buffer *out, int64_t microseconds)
{
    static const char days[] = "ThuFriSatSunMonTueWed"; /* 1970-01-01 was a Thursday */
    static const char months[] = "JanFebMarAprMayJunJulAugSepOctNovDec";
    enum { MINUTE = 60, HOUR = 60 * MINUTE, DAY = 24 * HOUR, WEEK = 7, NAME = 3 };
    int64_t seconds = microseconds > 0 ? microseconds / 1000000 : 0;
    int64_t day = seconds / DAY, in_day = seconds % DAY;
    int year, month, of_month;
    ybb__date_from_days(day, &year, &month, &of_month);
    ybb__buffer_put_text(out, "Date: ");
    ybb__buffer_put(out, days + day % WEEK * NAME, NAME);
    ybb__buffer_put_text(out, ", ");
    put_two(out, of_month, ' ');
    ybb__buffer_put(out, months + (month - 1) * NAME, NAME);
    ybb__buffer_put_char(out, ' ');
    ybb__buffer_put_u64(out, (uint64_t)year);
    ybb__buffer_put_char(out, ' ');
    put_two(out, in_day / HOUR, ':');
    put_two(out, in_day % HOUR / MINUTE, ':');
    put_two(out, in_day % MINUTE, ' ');
    ybb__buffer_put_text(out, "+0000");
}
