#include "encode/date_format.h"

#include <string.h>

/* Bytes below FIRST_LITERAL are parts in a format's steps. */
enum part { YEAR = 1, MONTH, DAY, HOUR, MINUTE, SECOND, PART_END, FIRST_LITERAL = ' ' };

typedef struct part_name {
    const char *text;
    const char *excel;
    enum part part;
} part_name;

static const part_name part_names[] = {
    {"YYYY", "yyyy", YEAR}, {"MM", "mm", MONTH},  {"DD", "dd", DAY},
    {"HH", "hh", HOUR},     {"mm", "mm", MINUTE}, {"ss", "ss", SECOND},
};
enum { PART_NAMES = sizeof(part_names) / sizeof(part_names[0]) };

static const part_name *part_at(const char *text)
{
    for (size_t i = 0; i < PART_NAMES; i++)
        if (strncmp(text, part_names[i].text, strlen(part_names[i].text)) == 0)
            return &part_names[i];
    return NULL;
}

bool ybb__date_format_make(ybb_date_format *out, ybb_arena *arena, const char *text)
{
    char *steps = ybb__arena_alloc(arena, strlen(text) + 1);
    if (steps == NULL)
        return false;
    *out = (ybb_date_format){.steps = steps};
    while (*text != '\0') {
        const part_name *name = part_at(text);
        if (name != NULL) {
            *steps++ = (char)name->part;
            text += strlen(name->text);
            out->room += (uint32_t)strlen(name->text);
        } else {
            if ((unsigned char)*text >= FIRST_LITERAL) {
                *steps++ = *text;
                out->room++;
            }
            text++;
        }
    }
    *steps = '\0';
    return true;
}

static char *write_two(char *out, int number)
{
    out[0] = (char)('0' + number / 10 % 10);
    out[1] = (char)('0' + number % 10);
    return out + 2;
}

char *ybb__date_format_write(char *out, const ybb_date_format *format, const ybb_moment *moment)
{
    const int twos[PART_END] = {
        0, 0, moment->month, moment->day, moment->hour, moment->minute, moment->second};
    for (const char *step = format->steps; *step != '\0'; step++) {
        unsigned char byte = (unsigned char)*step;
        if (byte >= FIRST_LITERAL) {
            *out++ = *step;
        } else if (byte == YEAR) {
            out = write_two(out, moment->year / 100);
            out = write_two(out, moment->year);
        } else {
            out = write_two(out, twos[byte]);
        }
    }
    return out;
}

/* Whether a spreadsheet, which takes "mm" behind hours or before seconds for minutes, reads the
 * parts as they are meant. */
static bool is_unambiguous(const char *steps)
{
    unsigned char before = 0;
    for (; *steps != '\0'; steps++) {
        unsigned char byte = (unsigned char)*steps;
        if (byte >= FIRST_LITERAL)
            continue;
        const char *next = steps + 1;
        while ((unsigned char)*next >= FIRST_LITERAL)
            next++;
        bool read_as_minutes = before == HOUR || *next == SECOND;
        if ((byte == MINUTE && !read_as_minutes) || (byte == MONTH && read_as_minutes))
            return false;
        before = byte;
    }
    return true;
}

/* Literal characters that need no mark in a date format; the others mean something. */
static bool is_plain_in_dates(char c)
{
    return strchr(" -/:.,()", c) != NULL;
}

static const char *finish_format(ybb_arena *arena, ybb_buffer *made, size_t limit,
                                 const char *otherwise)
{
    const char *format = otherwise;
    if (made->length > 0 && made->length <= limit && !ybb__buffer_failed(made))
        format = ybb__arena_copy(arena, made->at, made->length);
    else if (ybb__buffer_failed(made))
        format = NULL;
    ybb__buffer_free(made);
    return format;
}

/* A run of bytes above ASCII, quoted: such a character cannot follow a backslash everywhere. */
static const char *quote_wide(ybb_buffer *out, const char *at)
{
    ybb__buffer_put_char(out, '"');
    while ((unsigned char)*at >= 0x80)
        ybb__buffer_put_char(out, *at++);
    ybb__buffer_put_char(out, '"');
    return at;
}

const char *ybb__date_format_excel(ybb_arena *arena, const ybb_date_format *format, size_t limit,
                                   const char *otherwise)
{
    ybb_buffer made = {0};
    if (!is_unambiguous(format->steps))
        return otherwise;
    for (const char *step = format->steps; *step != '\0';) {
        unsigned char byte = (unsigned char)*step;
        if (byte >= 0x80) {
            step = quote_wide(&made, step);
            continue;
        }
        if (byte < FIRST_LITERAL) {
            ybb__buffer_put_text(&made, part_names[byte - 1].excel);
        } else {
            if (!is_plain_in_dates(*step))
                ybb__buffer_put_char(&made, '\\');
            ybb__buffer_put_char(&made, *step);
        }
        step++;
    }
    return finish_format(arena, &made, limit, otherwise);
}

/* Whether a spreadsheet knows what stands in brackets at @at: a currency, a condition, a colour. */
static bool is_known_bracket(const char *at, size_t length)
{
    static const char *const colours[] = {"[Black]", "[Blue]",    "[Cyan]", "[Green]",
                                          "[White]", "[Magenta]", "[Red]",  "[Yellow]"};
    if (length > 2 && strchr("$<>=", at[1]) != NULL)
        return true;
    for (size_t i = 0; i < sizeof(colours) / sizeof(colours[0]); i++)
        if (length == strlen(colours[i]) && memcmp(at, colours[i], length) == 0)
            return true;
    return false;
}

/* Brackets, as they are or quoted where they would not be understood. */
static const char *copy_bracket(ybb_buffer *out, const char *at)
{
    size_t length = strcspn(at, "]\"");
    if (at[length] == ']' && is_known_bracket(at, length + 1)) {
        ybb__buffer_put(out, at, length + 1);
        return at + length + 1;
    }
    ybb__buffer_put_text(out, "\\[");
    return at + 1;
}

/* Copies what is quoted, bracketed or escaped at @at as a whole, closing what is left open. NULL:
 * @at is nothing of the kind. */
static const char *copy_marked(ybb_buffer *out, const char *at)
{
    if (*at == '\\' || *at == '_' || *at == '*') {
        if (at[1] == '\0')
            return at + 1;
        ybb__buffer_put(out, at, 2);
        for (at += 2; ((unsigned char)*at & 0xC0) == 0x80; at++)
            ybb__buffer_put_char(out, *at);
        return at;
    }
    if (*at == '[')
        return copy_bracket(out, at);
    if (*at != '"')
        return NULL;
    do
        ybb__buffer_put_char(out, *at++);
    while (*at != '\0' && *at != '"');
    ybb__buffer_put_char(out, '"');
    return *at == '"' ? at + 1 : at;
}

/* How many letters at @at are a word of the number formats' own. */
static size_t own_word(const char *at)
{
    static const char *const words[] = {"General", "E+", "E-"};
    for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
        if (strncmp(at, words[i], strlen(words[i])) == 0)
            return strlen(words[i]);
    return 0;
}

static bool is_letter(char c)
{
    return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (unsigned char)c >= 0x80;
}

static const char *quote_letters(ybb_buffer *out, const char *at)
{
    ybb__buffer_put_char(out, '"');
    while (is_letter(*at) && own_word(at) == 0)
        ybb__buffer_put_char(out, *at++);
    ybb__buffer_put_char(out, '"');
    return at;
}

/* The text without control characters, which XML cannot have. */
static bool printable(ybb_buffer *out, const char *text)
{
    for (; *text != '\0'; text++)
        if ((unsigned char)*text >= FIRST_LITERAL)
            ybb__buffer_put_char(out, *text);
    return ybb__buffer_text(out) != NULL;
}

const char *ybb__number_format_excel(ybb_arena *arena, const char *text, size_t limit,
                                     const char *otherwise)
{
    enum { MOST_SECTIONS = 4 };
    ybb_buffer clean = {0}, made = {0};
    if (!printable(&clean, text)) {
        ybb__buffer_free(&clean);
        return NULL;
    }
    unsigned sections = 1;
    for (const char *at = clean.at; *at != '\0';) {
        const char *behind = copy_marked(&made, at);
        size_t word = own_word(at);
        if (behind == NULL && word == 0 && is_letter(*at))
            behind = quote_letters(&made, at);
        if (behind == NULL) {
            sections += *at == ';';
            behind = at + (word > 0 ? word : 1);
            if (*at == ']')
                ybb__buffer_put_char(&made, '\\');
            ybb__buffer_put(&made, at, (size_t)(behind - at));
        }
        at = behind;
    }
    ybb__buffer_free(&clean);
    return finish_format(arena, &made, sections > MOST_SECTIONS ? 0 : limit, otherwise);
}
