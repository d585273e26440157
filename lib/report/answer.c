#include "report/answer.h"

#include "base/buffer.h"
#include "base/clock.h"
#include "base/text.h"

#include <json-c/json_tokener.h>
#include <json-c/linkhash.h>
#include <math.h>
#include <string.h>

/* json-c loses its copy of a key where the table of an object cannot grow for it (0.16): so it
 * grows before. */
static bool has_room(struct json_object *object)
{
    struct lh_table *table = json_object_get_object(object);
    return 2 * table->count < table->size || lh_table_resize(table, 2 * table->size) == 0;
}

static bool add_member(struct json_object *object, const char *key, struct json_object *value)
{
    return has_room(object) && json_object_object_add(object, key, value) == 0;
}

static void add(ybb_answer answer, const char *key, struct json_object *value)
{
    bool added = false;
    if (value != NULL && answer.object != NULL)
        added = key == NULL ? json_object_array_add(answer.object, value) == 0
                            : add_member(answer.object, key, value);
    if (added)
        return;
    json_object_put(value);
    *answer.failed = true;
}

/* An object that its parent did not take is gone: what is added to NULL only notes the failure. */
static ybb_answer child(ybb_answer parent, const char *key, struct json_object *value)
{
    bool before = *parent.failed;
    *parent.failed = false;
    add(parent, key, value);
    bool lost = *parent.failed;
    *parent.failed = before || lost;
    return (ybb_answer){lost ? NULL : value, parent.failed};
}

ybb_answer ybb__answer_begin(bool *failed)
{
    *failed = false;
    return (ybb_answer){json_object_new_object(), failed};
}

ybb_answer ybb__answer_begin_array(bool *failed)
{
    *failed = false;
    return (ybb_answer){json_object_new_array(), failed};
}

ybb_answer ybb__answer_object(ybb_answer parent, const char *key)
{
    return child(parent, key, json_object_new_object());
}

ybb_answer ybb__answer_array(ybb_answer parent, const char *key)
{
    return child(parent, key, json_object_new_array());
}

ybb_answer ybb__answer_item(ybb_answer array)
{
    return child(array, NULL, json_object_new_object());
}

/* json-c has NULL for null, so null needs no memory of its own. */
static void add_null(ybb_answer answer, const char *key)
{
    if (answer.object == NULL || !add_member(answer.object, key, NULL))
        *answer.failed = true;
}

void ybb__answer_text(ybb_answer answer, const char *key, const char *text)
{
    if (text == NULL)
        add_null(answer, key);
    else
        add(answer, key, json_object_new_string(text));
}

void ybb__answer_u64(ybb_answer answer, const char *key, uint64_t number)
{
    add(answer, key, json_object_new_uint64(number));
}

void ybb__answer_double(ybb_answer answer, const char *key, double number)
{
    char text[YBB_NUMBER_TEXT];
    double rounded = floor(number * 1000 + 0.5) / 1000;
    ybb__text_from_double(text, rounded);
    add(answer, key, json_object_new_double_s(rounded, text));
}

void ybb__answer_bool(ybb_answer answer, const char *key, bool value)
{
    add(answer, key, json_object_new_boolean(value));
}

void ybb__answer_time(ybb_answer answer, const char *key, int64_t microseconds)
{
    char text[YBB_TIME_TEXT];
    if (microseconds == 0) {
        add_null(answer, key);
        return;
    }
    ybb__clock_rfc3339(text, microseconds);
    ybb__answer_text(answer, key, text);
}

void ybb__answer_size(ybb_answer answer, const char *key, uint64_t bytes)
{
    char text[2 * YBB_NUMBER_TEXT];
    ybb__answer_u64(answer, key, bytes);
    ybb__text_from_size(text, sizeof(text), bytes);
    ybb_buffer name = {0};
    ybb__buffer_put_text(&name, key);
    ybb__buffer_put_text(&name, "_text");
    const char *text_key = ybb__buffer_text(&name);
    if (text_key == NULL)
        *answer.failed = true;
    else
        ybb__answer_text(answer, text_key, text);
    ybb__buffer_free(&name);
}

void ybb__answer_json(ybb_answer answer, const char *key, const char *json, bool array)
{
    const char *empty = array ? "[]" : "{}";
    add(answer, key, json_tokener_parse(json == NULL ? empty : json));
}

void ybb__answer_json_without(ybb_answer answer, const char *key, const char *json,
                              const char *const *members)
{
    struct json_object *value = json_tokener_parse(json == NULL ? "{}" : json);
    for (; value != NULL && *members != NULL; members++)
        json_object_object_del(value, *members);
    add(answer, key, value);
}

static char *end(ybb_answer answer, int style)
{
    char *text = NULL;
    if (!*answer.failed && answer.object != NULL) {
        const char *shown =
            json_object_to_json_string_ext(answer.object, style | JSON_C_TO_STRING_NOSLASHESCAPE);
        text = shown == NULL ? NULL : strdup(shown);
    }
    json_object_put(answer.object);
    return text;
}

char *ybb__answer_end(ybb_answer answer)
{
    return end(answer, JSON_C_TO_STRING_PRETTY);
}

char *ybb__answer_end_line(ybb_answer answer)
{
    return end(answer, JSON_C_TO_STRING_PLAIN);
}
