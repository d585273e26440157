/* What texts of a configuration may be. */
#include "model/settings.h"

#include "base/text.h"
#include "base/timezone.h"

#include <string.h>

static bool is_letter_or_digit(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

/* File names */

/* Whether "{...}" at @at, of @length bytes without its braces, is one of the names. */
static bool is_placeholder(const char *at, size_t length, const char *const *names)
{
    for (; *names != NULL; names++)
        if (ybb__text_equal(at, length, *names))
            return true;
    return false;
}

/* Letters, digits, '_', '-', '.' and placeholders: a name that every file system and shell takes.
 */
static const char *check_name(const char *text, const char *const *names)
{
    if (*text == '.' || *text == '-' || *text == '\0')
        return "does not begin with a letter, a digit, '_' or '{'";
    for (const char *c = text; *c != '\0'; c++) {
        if (*c == '{') {
            size_t length = strcspn(c + 1, "}");
            if (c[1 + length] == '\0' || !is_placeholder(c + 1, length, names))
                return "has a placeholder that is not known there";
            c += length + 1;
        } else if (!is_letter_or_digit(*c) && strchr("_-.", *c) == NULL) {
            return "has a character that is no letter, digit, '_', '-' or '.'";
        }
    }
    return NULL;
}

const char *ybb__check_single_name(const char *text)
{
    static const char *const names[] = {"type", "program", "date", "records", NULL};
    return check_name(text, names);
}

const char *ybb__check_batch_name(const char *text)
{
    static const char *const names[] = {"type",   "program", "date",  "records",
                                        "number", "total",   "range", NULL};
    const char *wrong = check_name(text, names);
    if (wrong == NULL && strstr(text, "{number}") == NULL)
        return "has no {number}, so that all batches would have one name";
    return wrong;
}

/* Formats */

static const char *check_moment(const char *text, bool time)
{
    static const char *const tokens[] = {"YYYY", "MM", "DD", "HH", "mm", "ss"};
    enum { TOKENS = sizeof(tokens) / sizeof(tokens[0]), DATE_TOKENS = 3 };
    bool any = false;
    for (const char *c = text; *c != '\0';) {
        size_t i = 0;
        while (i < TOKENS && strncmp(c, tokens[i], strlen(tokens[i])) != 0)
            i++;
        if (i == TOKENS) { /* 'T' as in ISO 8601 */
            if ((is_letter_or_digit(*c) && *c != 'T') || (unsigned char)*c < ' ' || *c == 0x7F)
                return "has more than YYYY, MM, DD, HH, mm, ss and signs between them";
            c++;
            continue;
        }
        if (i >= DATE_TOKENS && !time)
            return "has HH, mm or ss, but is for dates alone";
        char letter = *c;
        c += strlen(tokens[i]);
        if (*c == letter)
            return "has more than YYYY, MM, DD, HH, mm, ss and signs between them";
        any = true;
    }
    return any ? NULL : "has none of YYYY, MM, DD, HH, mm, ss";
}

const char *ybb__check_date_format(const char *text)
{
    return check_moment(text, false);
}

const char *ybb__check_datetime_format(const char *text)
{
    return check_moment(text, true);
}

/* The encoder quotes what a spreadsheet would misread; here it must only be a format at all. */
const char *ybb__check_number_format(const char *text)
{
    for (const char *c = text; *c != '\0'; c++)
        if ((unsigned char)*c < ' ' || *c == 0x7F)
            return "has a control character";
    return strpbrk(text, "0#?") != NULL ? NULL : "has no place for a digit (0 or #)";
}

/* Others */

const char *ybb__check_base_url(const char *text)
{
    static const char *const schemes[] = {"http://", "https://"};
    size_t length = 0;
    for (size_t i = 0; i < sizeof(schemes) / sizeof(schemes[0]); i++)
        if (strncmp(text, schemes[i], strlen(schemes[i])) == 0)
            length = strlen(schemes[i]);
    if (length == 0 || text[length] == '\0' || text[length] == '/')
        return "does not begin with http:// or https:// and a host";
    for (const char *c = text; *c != '\0'; c++)
        if ((unsigned char)*c <= ' ' || (unsigned char)*c >= 0x7F || strchr("\"<>\\^`{|}?#", *c))
            return "has a character that a URL to be continued cannot have";
    return NULL;
}

const char *ybb__check_timezone(const char *text)
{
    return ybb__timezone_known(text) ? NULL : "is no time zone such as \"Asia/Jakarta\"";
}
