#include "model/catalog_read.h"

#include "base/text.h"
#include "base/utf8.h"

#include <string.h>

/* In the order of ybb_language. */
static const char *const languages[YBB_LANGUAGES] = {"en", "id"};

/* In the order of ybb_field_type. */
static const char *const types[] = {"text", "integer", "decimal", "date", "datetime", "boolean"};

enum { TYPES = sizeof(types) / sizeof(types[0]), HEADER_UNITS = 255 };

void *ybb__catalog_array(ybb_catalog_builder *b, size_t count, size_t size)
{
    void *items = ybb__arena_array(b->arena, count, size);
    if (items == NULL)
        ybb__json_fail_memory(b->reader);
    return items;
}

const char *ybb__catalog_copy(ybb_catalog_builder *b, const char *text)
{
    const char *copy = ybb__arena_text(b->arena, text);
    if (copy == NULL && text != NULL)
        ybb__json_fail_memory(b->reader);
    return copy;
}

bool ybb__catalog_count(ybb_catalog_builder *b, const ybb_json *value, uint32_t most)
{
    if (b->reader->status == YBB_OK && value->count > most)
        ybb__json_fail(b->reader, value, YBB_INVALID_VALUE, NULL, NULL, "has more than %u parts",
                       (unsigned)most);
    return b->reader->status == YBB_OK;
}

/* Letters, digits and @more. */
static bool has_alphabet(const char *name, const char *more)
{
    size_t length = strlen(name);
    for (size_t i = 0; i < length; i++) {
        char c = name[i];
        bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
        if (!letter && !(c >= '0' && c <= '9') && strchr(more, c) == NULL)
            return false;
    }
    return length > 0 && length <= YBB_IDENTIFIER;
}

bool ybb__catalog_check_name(ybb_catalog_builder *b, const ybb_json *at, const char *name)
{
    if (b->reader->status == YBB_OK && !has_alphabet(name, "_"))
        ybb__json_fail(b->reader, at, YBB_INVALID_VALUE, "letters, digits and _, at most 64", NULL,
                       "is no name of letters, digits and _");
    return b->reader->status == YBB_OK;
}

bool ybb__catalog_check_identifier(ybb_catalog_builder *b, const ybb_json *at, const char *name)
{
    if (b->reader->status == YBB_OK && !has_alphabet(name, "_$"))
        ybb__json_fail(b->reader, at, YBB_INVALID_VALUE, "letters, digits, _ and $, at most 64",
                       NULL, "has no identifier of letters, digits, _ and $");
    return b->reader->status == YBB_OK;
}

static void read_words(ybb_catalog_builder *b, const ybb_json *value, ybb_words *out)
{
    if (b->reader->status != YBB_OK)
        return;
    if (value->kind == YBB_JSON_TEXT) {
        const char *text = ybb__catalog_copy(b, value->at);
        for (int i = 0; i < YBB_LANGUAGES; i++)
            out->in[i] = text;
        return;
    }
    if (value->kind != YBB_JSON_OBJECT) {
        ybb__json_fail_type(b->reader, value, "a text or an object of languages");
        return;
    }
    ybb__json_known(b->reader, value, languages, YBB_LANGUAGES);
    ybb__json_need(b->reader, value, languages[YBB_ENGLISH]);
    for (int i = 0; i < YBB_LANGUAGES; i++) {
        const char *text = NULL;
        ybb__json_take_text(b->reader, value, languages[i], &text);
        out->in[i] = text != NULL ? ybb__catalog_copy(b, text) : out->in[YBB_ENGLISH];
    }
}

void ybb__catalog_words(ybb_catalog_builder *b, const ybb_json *value, ybb_words *out)
{
    read_words(b, value, out);
    for (int i = 0; i < YBB_LANGUAGES && b->reader->status == YBB_OK; i++)
        if (*out->in[i] == '\0')
            ybb__json_fail(b->reader, value, YBB_INVALID_VALUE, "a text that is not empty", NULL,
                           "is empty");
}

void ybb__catalog_header(ybb_catalog_builder *b, const ybb_json *value, ybb_words *out)
{
    ybb__catalog_words(b, value, out);
    for (int i = 0; i < YBB_LANGUAGES && b->reader->status == YBB_OK; i++) {
        size_t length = strlen(out->in[i]);
        if (ybb__utf8_utf16_length(out->in[i], length) > HEADER_UNITS)
            ybb__json_fail(b->reader, value, YBB_INVALID_VALUE, NULL, NULL,
                           "is longer than %d characters", HEADER_UNITS);
    }
}

const char *ybb__catalog_stored(ybb_catalog_builder *b, const ybb_json *value, bool *integer)
{
    char text[YBB_NUMBER_TEXT];
    int64_t number;
    if (b->reader->status != YBB_OK)
        return NULL;
    *integer = value->kind == YBB_JSON_NUMBER;
    if (value->kind == YBB_JSON_TEXT)
        return ybb__catalog_copy(b, value->at);
    if (!*integer || !ybb__json_to_i64(value, &number)) {
        ybb__json_fail_type(b->reader, value, "an integer or a text");
        return NULL;
    }
    ybb__text_from_i64(text, number);
    return ybb__catalog_copy(b, text);
}

/* The database gives integers without a sign '+' and needless zeros. */
static void check_stored(ybb_catalog_builder *b, const ybb_json *at, const char *text,
                         ybb_field_type type)
{
    char canonical[YBB_NUMBER_TEXT];
    int64_t number;
    if (type != YBB_TYPE_INTEGER && type != YBB_TYPE_BOOLEAN)
        return;
    if (ybb__text_to_i64(text, strlen(text), &number)) {
        ybb__text_from_i64(canonical, number);
        if (strcmp(canonical, text) == 0)
            return;
    }
    ybb__json_fail(b->reader, at, YBB_INVALID_VALUE, NULL, NULL,
                   "is \"%s\", but the column holds integers", text);
}

const char *ybb__catalog_stored_as(ybb_catalog_builder *b, const ybb_json *value,
                                   ybb_field_type type)
{
    bool integer;
    const char *text = ybb__catalog_stored(b, value, &integer);
    if (text != NULL)
        check_stored(b, value, text, type);
    return text;
}

void ybb__catalog_labels(ybb_catalog_builder *b, const ybb_json *value, ybb_field_type type,
                         ybb_labels *out)
{
    if (!ybb__json_is_object(b->reader, value) || !ybb__catalog_count(b, value, YBB_MOST_LABELS))
        return;
    if (value->count == 0)
        ybb__json_fail(b->reader, value, YBB_INVALID_VALUE, "stored values and their words", NULL,
                       "is empty");
    ybb_label *labels = ybb__catalog_array(b, value->count, sizeof(*labels));
    if (labels == NULL)
        return;
    for (const ybb_json *member = value->first; member != NULL; member = member->next) {
        check_stored(b, member, member->key, type);
        labels[member->index].value = ybb__catalog_copy(b, member->key);
        ybb__catalog_words(b, member, &labels[member->index].text);
    }
    *out = (ybb_labels){labels, value->count};
}

bool ybb__catalog_field_type(ybb_catalog_builder *b, const ybb_json *object, ybb_field_type *out)
{
    uint32_t type;
    if (!ybb__json_take_choice(b->reader, object, "type", types, TYPES, &type))
        return false;
    *out = (ybb_field_type)type;
    return true;
}

void ybb__catalog_integer(ybb_catalog_builder *b, const ybb_json *object, const char *key,
                          bool *integer)
{
    static const char *const names[] = {"text", "integer"};
    uint32_t choice;
    if (ybb__json_take_choice(b->reader, object, key, names, 2, &choice))
        *integer = choice == 1;
}
