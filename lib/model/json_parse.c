/* RFC 8259's grammar, and what json_read.h refuses beyond it. */
#include "model/json_read.h"

#include "base/utf8.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
    NUMBER_BYTES = 256, /* the longest DECIMAL has 67 */
    MOST_EXPONENT = 307 /* 1e308 and beyond may not fit a double */
};

typedef struct parser {
    ybb_json_reader *reader;
    const char *begin, *at, *end;
    uint32_t values;
    uint32_t depth;
} parser;

static bool parse_value(parser *p, ybb_json *out);

/* What is wrong at @where. Returns false, so that parsers can `return` it. */
static bool broken(parser *p, const char *where, const char *clause)
{
    ybb_json_reader *reader = p->reader;
    const char *line_begin = p->begin;
    size_t line = 1;
    for (const char *c = p->begin; c < where; c++)
        if (*c == '\n') {
            line++;
            line_begin = c + 1;
        }
    reader->status = reader->broken != YBB_OK ? reader->broken : YBB_INVALID_JSON;
    ybb__fail(
        reader->error, reader->status, "%s%s%s cannot be read as JSON: %s (line %zu, byte %zu)",
        reader->document != NULL ? reader->document : "", reader->document != NULL ? ": " : "",
        reader->what, clause, line, (size_t)(where - line_begin) + 1);
    return false;
}

static bool out_of_memory(parser *p)
{
    ybb__json_fail_memory(p->reader);
    return false;
}

static void skip_blanks(parser *p)
{
    while (p->at < p->end && (*p->at == ' ' || *p->at == '\t' || *p->at == '\n' || *p->at == '\r'))
        p->at++;
}

static bool next_is(const parser *p, char c)
{
    return p->at < p->end && *p->at == c;
}

static bool is_digit(const parser *p)
{
    return p->at < p->end && *p->at >= '0' && *p->at <= '9';
}

/* Texts */

static bool hex_digit(char c, uint32_t *out)
{
    if (c >= '0' && c <= '9')
        *out = (uint32_t)(c - '0');
    else if (c >= 'a' && c <= 'f')
        *out = (uint32_t)(c - 'a' + 10);
    else if (c >= 'A' && c <= 'F')
        *out = (uint32_t)(c - 'A' + 10);
    else
        return false;
    return true;
}

/* Four hexadecimal digits at p->at. */
static bool parse_hex(parser *p, uint32_t *out)
{
    *out = 0;
    for (int i = 0; i < 4; i++, p->at++) {
        uint32_t digit;
        if (p->at >= p->end || !hex_digit(*p->at, &digit))
            return broken(p, p->at, "\\u takes four hexadecimal digits");
        *out = *out * 16 + digit;
    }
    return true;
}

/* Behind "\u". A character beyond U+FFFF is two escapes, a high and a low surrogate. */
static bool parse_unicode(parser *p, char **out)
{
    const char *escape = p->at - 2;
    uint32_t code, low;
    if (!parse_hex(p, &code))
        return false;
    if (code == 0)
        return broken(p, escape, "a text holds the character NUL");
    if (code >= 0xDC00 && code <= 0xDFFF)
        return broken(p, escape, "a low surrogate stands alone");
    if (code >= 0xD800 && code <= 0xDBFF) {
        if (p->end - p->at < 2 || p->at[0] != '\\' || p->at[1] != 'u')
            return broken(p, escape, "a high surrogate stands alone");
        p->at += 2;
        if (!parse_hex(p, &low))
            return false;
        if (low < 0xDC00 || low > 0xDFFF)
            return broken(p, escape, "a high surrogate stands alone");
        code = 0x10000 + ((code - 0xD800) << 10) + (low - 0xDC00);
    }
    *out += ybb__utf8_put(*out, code);
    return true;
}

static bool parse_escape(parser *p, char **out)
{
    static const char letters[] = "\"\\/bfnrt", meanings[] = "\"\\/\b\f\n\r\t";
    p->at++;
    char letter = p->at < p->end ? *p->at : '\0';
    const char *found = letter != '\0' ? strchr(letters, letter) : NULL;
    if (found != NULL) {
        *(*out)++ = meanings[found - letters];
        p->at++;
        return true;
    }
    if (letter != 'u')
        return broken(p, p->at - 1, "no such escape in a text");
    p->at++;
    return parse_unicode(p, out);
}

/* How many bytes lie between here and the closing quote, escapes as they are written. */
static bool measure_text(parser *p, size_t *out)
{
    const char *c = p->at;
    for (; c < p->end && *c != '"'; c++) {
        if ((unsigned char)*c < 0x20)
            return broken(p, c, "a text holds a control character that is not escaped");
        if (*c == '\\' && c + 1 < p->end)
            c++;
    }
    if (c >= p->end)
        return broken(p, p->at - 1, "a text has no end");
    *out = (size_t)(c - p->at);
    return true;
}

/* At a quote. An escape is never shorter than what it stands for. */
static bool parse_text(parser *p, const char **out, size_t *length)
{
    size_t room = 0;
    p->at++;
    if (!measure_text(p, &room))
        return false;
    char *text = ybb__arena_alloc(&p->reader->arena, room + 1);
    if (text == NULL)
        return out_of_memory(p);
    char *to = text;
    while (*p->at != '"') {
        if (*p->at != '\\')
            *to++ = *p->at++;
        else if (!parse_escape(p, &to))
            return false;
    }
    p->at++;
    *to = '\0';
    *out = text;
    *length = (size_t)(to - text);
    return true;
}

/* Numbers */

static bool skip_digits(parser *p)
{
    if (!is_digit(p))
        return broken(p, p->at, "a number lacks a digit");
    while (is_digit(p))
        p->at++;
    return true;
}

static bool skip_number(parser *p)
{
    if (next_is(p, '-'))
        p->at++;
    bool zero = next_is(p, '0');
    if (!skip_digits(p))
        return false;
    if (zero && p->at[-1] != '0')
        return broken(p, p->at, "a number begins with a needless 0");
    if (next_is(p, '.')) {
        p->at++;
        if (!skip_digits(p))
            return false;
    }
    if (next_is(p, 'e') || next_is(p, 'E')) {
        p->at++;
        if (next_is(p, '+') || next_is(p, '-'))
            p->at++;
        if (!skip_digits(p))
            return false;
    }
    return true;
}

/* The power of ten of a number's first digit that is not 0; 0 for a zero. */
static long magnitude(const char *at, const char *end)
{
    enum { ENOUGH = 100000 };
    long power = -1, first = 0, exponent = 0;
    bool found = false, behind_point = false;
    const char *c = at;
    for (; c < end && *c != 'e' && *c != 'E'; c++) {
        if (*c == '.')
            behind_point = true;
        if (*c < '0' || *c > '9')
            continue;
        if (!behind_point && (found || *c != '0'))
            power++; /* power of the first digit, as far as the digits before the point say */
        if (behind_point && !found)
            first--;
        if (*c != '0')
            found = true;
    }
    if (!found)
        return 0;
    if (c == end)
        return power >= 0 ? power : first;
    bool negative = c[1] == '-';
    for (c += 1 + (c[1] == '-' || c[1] == '+'); c < end; c++)
        if (exponent < ENOUGH)
            exponent = exponent * 10 + (*c - '0');
    return (power >= 0 ? power : first) + (negative ? -exponent : exponent);
}

static bool parse_number(parser *p, ybb_json *out)
{
    const char *begin = p->at;
    if (!skip_number(p))
        return false;
    size_t length = (size_t)(p->at - begin);
    if (length > NUMBER_BYTES)
        return broken(p, begin, "a number is too long");
    long power = magnitude(begin, p->at);
    if (power > MOST_EXPONENT || power < -MOST_EXPONENT)
        return broken(p, begin, "a number is out of range");
    out->kind = YBB_JSON_NUMBER;
    out->length = length;
    out->at = ybb__arena_copy(&p->reader->arena, begin, length);
    return out->at != NULL ? true : out_of_memory(p);
}

static bool parse_word(parser *p, ybb_json *out)
{
    static const struct {
        const char *word;
        ybb_json_kind kind;
        bool boolean;
    } words[] = {{"true", YBB_JSON_BOOLEAN, true},
                 {"false", YBB_JSON_BOOLEAN, false},
                 {"null", YBB_JSON_NULL, false}};
    for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
        size_t length = strlen(words[i].word);
        if ((size_t)(p->end - p->at) >= length && memcmp(p->at, words[i].word, length) == 0) {
            p->at += length;
            out->kind = words[i].kind;
            out->boolean = words[i].boolean;
            return true;
        }
    }
    return broken(p, p->at, p->at == p->end ? "it ends too early" : "this is no value");
}

/* Arrays and objects */

static ybb_json *add_child(parser *p, ybb_json *parent, ybb_json *last)
{
    ybb_json *child = NULL;
    _Static_assert(YBB_JSON_VALUES == 100000, "the message says so");
    if (p->values >= YBB_JSON_VALUES)
        broken(p, p->at, "it has more than 100000 values");
    else if ((child = ybb__arena_alloc(&p->reader->arena, sizeof(*child))) == NULL)
        out_of_memory(p);
    if (child == NULL)
        return NULL;
    p->values++;
    child->parent = parent;
    child->index = parent->count++;
    if (last == NULL)
        parent->first = child;
    else
        last->next = child;
    return child;
}

static bool parse_key(parser *p, ybb_json *member)
{
    size_t length;
    if (!next_is(p, '"'))
        return broken(p, p->at, "an object's key is no text");
    if (!parse_text(p, &member->key, &length))
        return false;
    skip_blanks(p);
    if (!next_is(p, ':'))
        return broken(p, p->at, "a key lacks its ':'");
    p->at++;
    skip_blanks(p);
    return true;
}

static int by_key(const void *a, const void *b)
{
    const ybb_json *const *left = a, *const *right = b;
    return strcmp((*left)->key, (*right)->key);
}

/* @where is the object's end, for the message. */
static bool check_duplicates(parser *p, const ybb_json *object, const char *where)
{
    if (object->count < 2)
        return true;
    const ybb_json **members = ybb__arena_array(&p->reader->arena, object->count, sizeof(*members));
    if (members == NULL)
        return out_of_memory(p);
    uint32_t count = 0;
    for (const ybb_json *member = object->first; member != NULL; member = member->next)
        members[count++] = member;
    qsort(members, count, sizeof(*members), by_key);
    for (uint32_t i = 1; i < count; i++)
        if (strcmp(members[i - 1]->key, members[i]->key) == 0) {
            char path[YBB_JSON_PATH], clause[YBB_JSON_PATH + 32];
            ybb__json_path(p->reader, members[i], path);
            snprintf(clause, sizeof(clause), "%s stands there twice", path);
            broken(p, where, clause);
            ybb__error_blame(p->reader->error, path, NULL, NULL, NULL);
            return false;
        }
    return true;
}

/* At '[' or '{'. */
static bool parse_children(parser *p, ybb_json *out, char close)
{
    ybb_json *last = NULL;
    p->at++;
    skip_blanks(p);
    if (next_is(p, close)) {
        p->at++;
        return true;
    }
    for (;;) {
        last = add_child(p, out, last);
        if (last == NULL || (close == '}' && !parse_key(p, last)) || !parse_value(p, last))
            return false;
        skip_blanks(p);
        if (next_is(p, close))
            break;
        if (!next_is(p, ','))
            return broken(p, p->at,
                          p->at == p->end ? "it ends too early"
                          : close == '}'  ? "a ',' or '}' is missing"
                                          : "a ',' or ']' is missing");
        p->at++;
        skip_blanks(p);
    }
    p->at++;
    return close != '}' || check_duplicates(p, out, p->at - 1);
}

static bool parse_container(parser *p, ybb_json *out, ybb_json_kind kind)
{
    out->kind = kind;
    _Static_assert(YBB_JSON_DEPTH == 32, "the message says so");
    if (p->depth == YBB_JSON_DEPTH)
        return broken(p, p->at, "it has more than 32 arrays and objects inside one another");
    p->depth++;
    bool whole = parse_children(p, out, kind == YBB_JSON_OBJECT ? '}' : ']');
    p->depth--;
    return whole;
}

static bool parse_value(parser *p, ybb_json *out)
{
    if (next_is(p, '{'))
        return parse_container(p, out, YBB_JSON_OBJECT);
    if (next_is(p, '['))
        return parse_container(p, out, YBB_JSON_ARRAY);
    if (next_is(p, '"')) {
        out->kind = YBB_JSON_TEXT;
        return parse_text(p, &out->at, &out->length);
    }
    if (next_is(p, '-') || is_digit(p))
        return parse_number(p, out);
    return parse_word(p, out);
}

/* Sizes and characters, before the grammar. */
static bool check_bytes(parser *p)
{
    size_t length = (size_t)(p->end - p->begin);
    char clause[64];
    if (length > p->reader->max_bytes) {
        snprintf(clause, sizeof(clause), "it is longer than %zu bytes", p->reader->max_bytes);
        return broken(p, p->begin, clause);
    }
    const char *nul = length == 0 ? NULL : memchr(p->begin, '\0', length);
    if (nul != NULL)
        return broken(p, nul, "it holds a NUL byte");
    size_t valid = ybb__utf8_valid(p->begin, length);
    if (valid < length)
        return broken(p, p->begin + valid, "it is not UTF-8");
    return true;
}

static bool parse_whole(parser *p, ybb_json *root)
{
    static const char mark[] = "\xEF\xBB\xBF";
    if (!check_bytes(p))
        return false;
    if ((size_t)(p->end - p->at) >= sizeof(mark) - 1 && memcmp(p->at, mark, sizeof(mark) - 1) == 0)
        p->at += sizeof(mark) - 1;
    skip_blanks(p);
    if (!parse_value(p, root))
        return false;
    skip_blanks(p);
    return p->at == p->end ? true : broken(p, p->at, "text stands behind its end");
}

ybb_status ybb__json_parse(ybb_json_reader *reader, const char *text, size_t length)
{
    if (text == NULL)
        length = 0;
    const char *begin = text != NULL ? text : "";
    parser p = {reader, begin, begin, begin + length, 0, 0};
    ybb_json *root = ybb__arena_alloc(&reader->arena, sizeof(*root));
    if (root == NULL)
        return ybb__json_fail_memory(reader);
    if (parse_whole(&p, root))
        reader->root = root;
    return reader->status;
}

void ybb__json_release(ybb_json_reader *reader)
{
    ybb__arena_free(&reader->arena);
    reader->root = NULL;
}
