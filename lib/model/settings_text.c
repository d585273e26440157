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

enum {
    DIGITS = 20, /* of the largest number */
    /* What a file system takes, less "." and 26 letters and ".part" while the file is written, and
     * less ".xlsx.gz". */
    MOST_NAME = 255 - 32 - 8
};

/* What a pattern may name, and how long it may get. */
typedef struct placeholder {
    const char *name;
    size_t most;
} placeholder;

static const placeholder any_file[] = {{"type", 64 /* of a catalog's names */},
                                       {"program", DIGITS},
                                       {"date", 10},
                                       {"records", DIGITS}};
static const placeholder batch_only[] = {
    {"number", DIGITS}, {"total", DIGITS}, {"range", 2 * DIGITS + 1}};

/* The longest text for "{...}" at @at, of @length bytes without its braces; 0: it has no meaning.
 */
static size_t most_for(const char *at, size_t length, bool batch)
{
    for (size_t i = 0; i < sizeof(any_file) / sizeof(any_file[0]); i++)
        if (ybb__text_equal(at, length, any_file[i].name))
            return any_file[i].most;
    for (size_t i = 0; batch && i < sizeof(batch_only) / sizeof(batch_only[0]); i++)
        if (ybb__text_equal(at, length, batch_only[i].name))
            return batch_only[i].most;
    return 0;
}

/* Letters, digits, '_', '-', '.' and placeholders: a name that every file system and shell takes.
 */
static const char *check_name(const char *text, bool batch)
{
    size_t longest = 0;
    if (*text == '.' || *text == '-' || *text == '\0')
        return "does not begin with a letter, a digit, '_' or '{'";
    for (const char *c = text; *c != '\0'; c++) {
        if (*c == '{') {
            size_t length = strcspn(c + 1, "}");
            size_t most = most_for(c + 1, length, batch);
            if (c[1 + length] == '\0' || most == 0)
                return "has a placeholder that is not known there";
            longest += most;
            c += length + 1;
        } else if (!is_letter_or_digit(*c) && strchr("_-.", *c) == NULL) {
            return "has a character that is no letter, digit, '_', '-' or '.'";
        } else {
            longest++;
        }
    }
    return longest > MOST_NAME ? "can become longer than a file's name may be, filled in" : NULL;
}

const char *ybb__check_single_name(const char *text)
{
    return check_name(text, false);
}

const char *ybb__check_batch_name(const char *text)
{
    const char *wrong = check_name(text, true);
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

const char *ybb__check_link_secret(const char *text)
{
    enum { LEAST = 32 }; /* as many bytes as the code that it makes */
    return strlen(text) >= LEAST ? NULL : "is shorter than 32 bytes";
}

const char *ybb__check_timezone(const char *text)
{
    return ybb__timezone_known(text) ? NULL : "is no time zone";
}

void ybb__refuse_timezone(ybb_json_reader *reader, const ybb_json *value)
{
    static const char allowed[] = "an IANA name such as \"Asia/Jakarta\"";
    char meant[YBB_TIMEZONE_TEXT];
    if (ybb__timezone_nearest(meant, value->at))
        ybb__json_fail(reader, value, YBB_INVALID_VALUE, allowed, meant,
                       "is no time zone (did you mean \"%s\"?)", meant);
    else
        ybb__json_fail(reader, value, YBB_INVALID_VALUE, allowed, NULL, "is no time zone");
}
