/* Reports and takers. */
#include "model/json_read.h"

#include "base/text.h"
#include "base/utf8.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

enum {
    SHORT_VALUE = 120, /* bytes of a value that an error shows */
    NAMES_CONSIDERED = 1000
};

ybb_status ybb__json_fail_memory(ybb_json_reader *reader)
{
    if (reader->status == YBB_OK)
        reader->status = ybb__fail_memory(reader->error);
    return reader->status;
}

void ybb__json_list_names(char *out, size_t capacity, const char *const *names, size_t count)
{
    size_t used = 0;
    out[0] = '\0';
    for (size_t i = 0; i < count; i++) {
        size_t length = strlen(names[i]);
        if (capacity - used < length + 2 + sizeof(", ...")) {
            memcpy(out + used, ", ...", used > 0 ? sizeof(", ...") : 1);
            if (used == 0)
                out[0] = '\0';
            return;
        }
        if (used > 0) {
            memcpy(out + used, ", ", 2);
            used += 2;
        }
        memcpy(out + used, names[i], length + 1);
        used += length;
    }
}

static void fail(ybb_json_reader *reader, const ybb_json *value, const char *shown,
                 ybb_status status, const char *allowed, const char *suggestion, const char *clause)
{
    char path[YBB_JSON_PATH];
    ybb__json_path(reader, value, path);
    reader->status = reader->refused != YBB_OK ? reader->refused : status;
    ybb__fail(reader->error, reader->status, "%s%s%s %s",
              reader->document != NULL ? reader->document : "",
              reader->document != NULL ? ": " : "", path, clause);
    ybb__error_blame(reader->error, value->parent != NULL ? path : NULL, shown, allowed,
                     suggestion);
}

static void fail_showing(ybb_json_reader *reader, const ybb_json *value, ybb_status status,
                         const char *allowed, const char *suggestion, const char *clause)
{
    ybb_buffer shown = {0};
    ybb__json_write(&shown, value, SHORT_VALUE + 1);
    if (shown.length > SHORT_VALUE) { /* whoever reads it sees that there is more */
        shown.length = ybb__utf8_floor(shown.at, shown.length, SHORT_VALUE);
        ybb__buffer_put_text(&shown, "...");
    }
    fail(reader, value, ybb__buffer_text(&shown), status, allowed, suggestion, clause);
    ybb__buffer_free(&shown);
}

ybb_status ybb__json_fail(ybb_json_reader *reader, const ybb_json *value, ybb_status status,
                          const char *allowed, const char *suggestion, const char *format, ...)
{
    char clause[YBB_ERROR_TEXT];
    if (reader->status != YBB_OK)
        return reader->status;
    va_list values;
    va_start(values, format);
    if (vsnprintf(clause, sizeof(clause), format, values) < 0)
        clause[0] = '\0';
    va_end(values);
    fail_showing(reader, value, status, allowed, suggestion, clause);
    return reader->status;
}

ybb_status ybb__json_fail_secret(ybb_json_reader *reader, const ybb_json *value, ybb_status status,
                                 const char *allowed, const char *format, ...)
{
    char clause[YBB_ERROR_TEXT];
    if (reader->status != YBB_OK)
        return reader->status;
    va_list values;
    va_start(values, format);
    if (vsnprintf(clause, sizeof(clause), format, values) < 0)
        clause[0] = '\0';
    va_end(values);
    fail(reader, value, NULL, status, allowed, NULL, clause);
    return reader->status;
}

ybb_status ybb__json_fail_type(ybb_json_reader *reader, const ybb_json *value, const char *expected)
{
    return ybb__json_fail(reader, value, YBB_INVALID_TYPE, expected, NULL, "is %s, not %s",
                          ybb__json_kind_name(value), expected);
}

ybb_status ybb__json_fail_name(ybb_json_reader *reader, const ybb_json *value, ybb_status status,
                               const char *kind, const char *const *names, size_t count)
{
    char allowed[YBB_ERROR_TEXT];
    if (value->kind != YBB_JSON_TEXT && value->kind != YBB_JSON_NUMBER)
        return ybb__json_fail_type(reader, value, "a text");
    ybb__json_list_names(allowed, sizeof(allowed), names, count);
    const char *nearest = value->length < SHORT_VALUE && count < NAMES_CONSIDERED
                              ? ybb__text_nearest(value->at, names, count)
                              : NULL;
    return ybb__json_fail(reader, value, status, allowed, nearest, "is no %s: \"%.*s\"%s%s%s", kind,
                          SHORT_VALUE, value->at, nearest != NULL ? " (did you mean \"" : "",
                          nearest != NULL ? nearest : "", nearest != NULL ? "\"?)" : "");
}

ybb_status ybb__json_fail_key(ybb_json_reader *reader, const ybb_json *member, ybb_status status,
                              const char *kind, const char *const *names, size_t count)
{
    char allowed[YBB_ERROR_TEXT];
    ybb__json_list_names(allowed, sizeof(allowed), names, count);
    const char *key = member->key != NULL ? member->key : "";
    const char *nearest = strlen(key) < SHORT_VALUE && count < NAMES_CONSIDERED
                              ? ybb__text_nearest(key, names, count)
                              : NULL;
    if (reader->status != YBB_OK)
        return reader->status;
    char clause[YBB_ERROR_TEXT];
    snprintf(clause, sizeof(clause), "is no %s%s%s%s", kind,
             nearest != NULL ? " (did you mean \"" : "", nearest != NULL ? nearest : "",
             nearest != NULL ? "\"?)" : "");
    /* Its value is not shown: a password may stand behind a misspelt "source". */
    fail(reader, member, NULL, status, allowed, nearest, clause);
    return reader->status;
}

ybb_status ybb__json_fail_missing_value(ybb_json_reader *reader, const ybb_json *object,
                                        const char *key, const char *allowed)
{
    if (reader->status != YBB_OK)
        return reader->status;
    /* What is missing has no node of its own; one is lent for its path. */
    ybb_json missing = {.kind = YBB_JSON_NULL, .key = key, .parent = object};
    fail(reader, &missing, NULL, YBB_MISSING_KEY, allowed, NULL, "is missing");
    return reader->status;
}

ybb_status ybb__json_fail_missing(ybb_json_reader *reader, const ybb_json *object, const char *key)
{
    return ybb__json_fail_missing_value(reader, object, key, NULL);
}

bool ybb__json_is_object(ybb_json_reader *reader, const ybb_json *value)
{
    if (reader->status != YBB_OK)
        return false;
    if (value->kind == YBB_JSON_OBJECT || (value->kind == YBB_JSON_ARRAY && value->count == 0))
        return true;
    ybb__json_fail_type(reader, value, "an object");
    return false;
}

bool ybb__json_is_array(ybb_json_reader *reader, const ybb_json *value)
{
    if (reader->status != YBB_OK)
        return false;
    if (value->kind == YBB_JSON_ARRAY)
        return true;
    ybb__json_fail_type(reader, value, "a list");
    return false;
}

static bool is_known(const char *key, const char *const *keys, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (strcmp(key, keys[i]) == 0)
            return true;
    return false;
}

bool ybb__json_known(ybb_json_reader *reader, const ybb_json *object, const char *const *keys,
                     size_t count)
{
    if (reader->status != YBB_OK)
        return false;
    if (object == NULL || object->kind != YBB_JSON_OBJECT)
        return true;
    for (const ybb_json *member = object->first; member != NULL; member = member->next)
        if (!is_known(member->key, keys, count)) {
            ybb__json_fail_key(reader, member, YBB_UNKNOWN_KEY, "known key", keys, count);
            return false;
        }
    return true;
}

bool ybb__json_need(ybb_json_reader *reader, const ybb_json *object, const char *key)
{
    if (reader->status != YBB_OK)
        return false;
    const ybb_json *member = ybb__json_member(object, key);
    if (member != NULL && member->kind != YBB_JSON_NULL)
        return true;
    ybb__json_fail_missing(reader, object, key);
    return false;
}

/* The member that a taker looks at; NULL where it has nothing to do. */
static const ybb_json *find(const ybb_json_reader *reader, const ybb_json *object, const char *key)
{
    if (reader->status != YBB_OK)
        return NULL;
    const ybb_json *member = ybb__json_member(object, key);
    return member != NULL && member->kind != YBB_JSON_NULL ? member : NULL;
}

bool ybb__json_take_bool(ybb_json_reader *reader, const ybb_json *object, const char *key,
                         bool *out)
{
    const ybb_json *value = find(reader, object, key);
    if (value == NULL)
        return false;
    if (value->kind != YBB_JSON_BOOLEAN) {
        ybb__json_fail_type(reader, value, "true or false");
        return false;
    }
    *out = value->boolean;
    return true;
}

/* "an integer from 1 to 100" */
static void describe_range(char *out, size_t capacity, uint64_t least, uint64_t most)
{
    char first[YBB_NUMBER_TEXT], last[YBB_NUMBER_TEXT];
    ybb__text_from_u64(first, least);
    ybb__text_from_u64(last, most);
    snprintf(out, capacity, "an integer from %s to %s", first, last);
}

bool ybb__json_take_u64(ybb_json_reader *reader, const ybb_json *object, const char *key,
                        uint64_t least, uint64_t most, uint64_t *out)
{
    char allowed[96];
    uint64_t number = 0;
    const ybb_json *value = find(reader, object, key);
    if (value == NULL)
        return false;
    bool fits = ybb__json_to_u64(value, &number) && number >= least && number <= most;
    if (fits) {
        *out = number;
        return true;
    }
    describe_range(allowed, sizeof(allowed), least, most);
    if (value->kind != YBB_JSON_NUMBER && value->kind != YBB_JSON_TEXT)
        ybb__json_fail_type(reader, value, allowed);
    else
        ybb__json_fail(reader, value, YBB_INVALID_VALUE, allowed, NULL, "is %s%.*s%s, not %s",
                       value->kind == YBB_JSON_TEXT ? "the text \"" : "", SHORT_VALUE, value->at,
                       value->kind == YBB_JSON_TEXT ? "\"" : "", allowed);
    return false;
}

bool ybb__json_take_text(ybb_json_reader *reader, const ybb_json *object, const char *key,
                         const char **out)
{
    const ybb_json *value = find(reader, object, key);
    if (value == NULL)
        return false;
    if (value->kind != YBB_JSON_TEXT) {
        ybb__json_fail_type(reader, value, "a text");
        return false;
    }
    *out = value->at;
    return true;
}

bool ybb__json_take_choice(ybb_json_reader *reader, const ybb_json *object, const char *key,
                           const char *const *names, size_t count, uint32_t *out)
{
    const ybb_json *value = find(reader, object, key);
    if (value == NULL)
        return false;
    for (size_t i = 0; value->kind == YBB_JSON_TEXT && i < count; i++)
        if (strcmp(value->at, names[i]) == 0) {
            *out = (uint32_t)i;
            return true;
        }
    if (value->kind != YBB_JSON_TEXT)
        ybb__json_fail_type(reader, value, "a text");
    else
        ybb__json_fail_name(reader, value, YBB_INVALID_VALUE, "valid value", names, count);
    return false;
}

bool ybb__json_take_object(ybb_json_reader *reader, const ybb_json *object, const char *key,
                           const ybb_json **out)
{
    const ybb_json *value = find(reader, object, key);
    if (value == NULL || !ybb__json_is_object(reader, value))
        return false;
    *out = value;
    return true;
}

bool ybb__json_take_array(ybb_json_reader *reader, const ybb_json *object, const char *key,
                          const ybb_json **out)
{
    const ybb_json *value = find(reader, object, key);
    if (value == NULL || !ybb__json_is_array(reader, value))
        return false;
    *out = value;
    return true;
}
