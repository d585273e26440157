/* Fields that are made of related rows. */
#include "model/catalog_read.h"

#include <string.h>

enum { SHARE_SCALE = 1, MOST_PATTERN = 4096 };

static const ybb_collection *collection_of(const ybb_catalog_builder *b, const ybb_field *field)
{
    return &b->draft->collections[field->reducer.collection];
}

/* Reads the member "of". False: there is nothing to go on with. */
static bool read_collection(ybb_catalog_builder *b, const ybb_json *value, ybb_field *field)
{
    ybb__json_need(b->reader, value, "of");
    return b->reader->status == YBB_OK &&
           ybb__catalog_find_collection(b, ybb__json_member(value, "of"),
                                        &field->reducer.collection);
}

/* Lines */

typedef struct pattern {
    ybb_catalog_builder *b;
    const ybb_json *at; /* the text, for messages */
    const ybb_collection *collection;
    ybb_line_piece *pieces;
    uint32_t count;
} pattern;

static void add_text(pattern *p, const char *text, size_t length)
{
    char *copy = ybb__arena_copy(p->b->arena, text, length);
    if (copy == NULL)
        ybb__json_fail_memory(p->b->reader);
    p->pieces[p->count++].text = copy;
}

static void add_column(pattern *p, const char *name, size_t length)
{
    const char *names[YBB_MOST_PARTS];
    for (uint32_t i = 0; i < p->collection->column_count; i++) {
        names[i] = p->collection->columns[i].name;
        if (strncmp(names[i], name, length) == 0 && names[i][length] == '\0') {
            p->pieces[p->count++].column = i;
            return;
        }
    }
    ybb__json_fail(p->b->reader, p->at, YBB_INVALID_VALUE, NULL, NULL,
                   "has {%.*s}, which is no column of that collection",
                   (int)(length < YBB_IDENTIFIER ? length : YBB_IDENTIFIER), name);
}

/* "{column}" or a doubled brace at @at; returns what is behind it. */
static const char *read_brace(pattern *p, const char *at)
{
    if (at[1] == at[0]) {
        add_text(p, at, 1);
        return at + 2;
    }
    const char *end = *at == '{' ? strchr(at, '}') : NULL;
    if (end == NULL) {
        ybb__json_fail(p->b->reader, p->at, YBB_INVALID_VALUE, NULL, NULL,
                       "has a single %c (a brace itself is written twice)", *at);
        return at + strlen(at);
    }
    add_column(p, at + 1, (size_t)(end - at - 1));
    return end + 1;
}

/* "{amount} {currency}" */
static void read_pattern(ybb_catalog_builder *b, const ybb_json *value,
                         const ybb_collection *collection, ybb_line_part *out)
{
    size_t most = 1;
    if (b->reader->status != YBB_OK)
        return;
    if (value->length > MOST_PATTERN) {
        ybb__json_fail(b->reader, value, YBB_INVALID_VALUE, NULL, NULL, "is longer than %d bytes",
                       MOST_PATTERN);
        return;
    }
    for (const char *c = value->at; *c != '\0'; c++)
        if (*c == '{' || *c == '}')
            most += 2;
    pattern p = {b, value, collection, NULL, 0};
    p.pieces = ybb__catalog_array(b, most, sizeof(*p.pieces));
    for (const char *at = value->at; *at != '\0' && b->reader->status == YBB_OK;) {
        size_t plain = strcspn(at, "{}");
        if (plain > 0)
            add_text(&p, at, plain);
        at += plain;
        if (*at != '\0')
            at = read_brace(&p, at);
    }
    out->pieces = p.pieces;
    out->count = p.count;
}

/* "text", or {"text": "text", "trim": true} */
static void read_part(ybb_catalog_builder *b, const ybb_json *value,
                      const ybb_collection *collection, ybb_line_part *out)
{
    static const char *const keys[] = {"text", "trim"};
    const char *text;
    if (b->reader->status != YBB_OK)
        return;
    if (value->kind == YBB_JSON_TEXT) {
        read_pattern(b, value, collection, out);
        return;
    }
    if (value->kind != YBB_JSON_OBJECT) {
        ybb__json_fail_type(b->reader, value, "a text or an object");
        return;
    }
    ybb__json_known(b->reader, value, keys, sizeof(keys) / sizeof(keys[0]));
    ybb__json_need(b->reader, value, "text");
    ybb__json_take_bool(b->reader, value, "trim", &out->trim);
    if (ybb__json_take_text(b->reader, value, "text", &text))
        read_pattern(b, ybb__json_member(value, "text"), collection, out);
}

static void read_lines(ybb_catalog_builder *b, const ybb_json *value, ybb_field *field)
{
    static const char *const keys[] = {"of", "parts", "between_parts", "between_lines"};
    const ybb_json *list;
    ybb_reducer *reducer = &field->reducer;
    ybb__json_known(b->reader, value, keys, sizeof(keys) / sizeof(keys[0]));
    ybb__json_need(b->reader, value, "parts");
    if (!read_collection(b, value, field) ||
        !ybb__json_take_array(b->reader, value, "parts", &list) ||
        !ybb__catalog_count(b, list, YBB_MOST_PARTS))
        return;
    if (list->count == 0)
        ybb__json_fail(b->reader, list, YBB_INVALID_VALUE, NULL, NULL, "has no parts");
    ybb_line_part *parts = ybb__catalog_array(b, list->count, sizeof(*parts));
    if (parts == NULL)
        return;
    for (const ybb_json *item = list->first; item != NULL; item = item->next)
        read_part(b, item, collection_of(b, field), &parts[item->index]);
    const char *between_parts = "", *between_lines = "\n";
    ybb__json_take_text(b->reader, value, "between_parts", &between_parts);
    ybb__json_take_text(b->reader, value, "between_lines", &between_lines);
    reducer->parts = parts;
    reducer->part_count = list->count;
    reducer->part_separator = ybb__catalog_copy(b, between_parts);
    reducer->line_separator = ybb__catalog_copy(b, between_lines);
}

/* Cases */

/* {"status": [0, 1]}: one column and its values, or {"not": null}. */
static void read_when(ybb_catalog_builder *b, const ybb_json *object,
                      const ybb_collection *collection, ybb_case *out)
{
    const ybb_json *value;
    const ybb_condition *condition = NULL;
    uint32_t count = 0;
    if (!ybb__json_take_object(b->reader, object, "when", &value))
        return;
    if (value->count != 1) {
        ybb__json_fail(b->reader, value, YBB_INVALID_VALUE, NULL, NULL,
                       "takes one column and its values");
        return;
    }
    ybb_json name = {.kind = YBB_JSON_TEXT,
                     .at = value->first->key,
                     .length = strlen(value->first->key),
                     .key = value->first->key,
                     .parent = value};
    ybb__catalog_find_column(b, collection, &name, &out->column);
    ybb__catalog_conditions(b, NULL, value, &condition, &count);
    if (b->reader->status != YBB_OK)
        return;
    if (condition->negated != (condition->value_count == 0)) {
        ybb__json_fail(b->reader, value->first, YBB_INVALID_VALUE, "values, or {\"not\": null}",
                       NULL, "takes values or {\"not\": null}");
        return;
    }
    out->values = condition->values;
    out->value_count = condition->value_count;
}

/* COUNT and SHARE: one case without a result, or none. */
static void read_number(ybb_catalog_builder *b, const ybb_json *value, ybb_field *field)
{
    static const char *const keys[] = {"of", "when"};
    ybb__json_known(b->reader, value, keys, sizeof(keys) / sizeof(keys[0]));
    if (field->reducer.how == YBB_REDUCE_SHARE)
        ybb__json_need(b->reader, value, "when");
    const ybb_json *when = ybb__json_member(value, "when");
    if (!read_collection(b, value, field) || when == NULL || when->kind == YBB_JSON_NULL)
        return;
    ybb_case *matched = ybb__catalog_array(b, 1, sizeof(*matched));
    if (matched == NULL)
        return;
    read_when(b, value, collection_of(b, field), matched);
    field->reducer.cases = matched;
    field->reducer.case_count = 1;
}

static void read_case(ybb_catalog_builder *b, const ybb_json *value,
                      const ybb_collection *collection, ybb_case *out)
{
    static const char *const keys[] = {"when", "is"};
    const char *result = NULL;
    if (!ybb__json_is_object(b->reader, value))
        return;
    ybb__json_known(b->reader, value, keys, sizeof(keys) / sizeof(keys[0]));
    ybb__json_need(b->reader, value, "when");
    ybb__json_need(b->reader, value, "is");
    read_when(b, value, collection, out);
    if (ybb__json_take_text(b->reader, value, "is", &result))
        out->result = ybb__catalog_copy(b, result);
}

static void read_cases(ybb_catalog_builder *b, const ybb_json *value, ybb_field *field)
{
    static const char *const keys[] = {"of", "cases", "else"};
    const ybb_json *list;
    const char *otherwise;
    ybb__json_known(b->reader, value, keys, sizeof(keys) / sizeof(keys[0]));
    ybb__json_need(b->reader, value, "cases");
    ybb__json_need(b->reader, value, "else");
    if (!read_collection(b, value, field) ||
        !ybb__json_take_array(b->reader, value, "cases", &list) ||
        !ybb__catalog_count(b, list, YBB_MOST_PARTS) ||
        !ybb__json_take_text(b->reader, value, "else", &otherwise))
        return;
    if (list->count == 0)
        ybb__json_fail(b->reader, list, YBB_INVALID_VALUE, NULL, NULL, "has no cases");
    ybb_case *cases = ybb__catalog_array(b, list->count, sizeof(*cases));
    if (cases == NULL)
        return;
    for (const ybb_json *item = list->first; item != NULL; item = item->next)
        read_case(b, item, collection_of(b, field), &cases[item->index]);
    field->reducer.cases = cases;
    field->reducer.case_count = list->count;
    field->reducer.otherwise = ybb__catalog_copy(b, otherwise);
}

/* How a field of related rows is read, and what it is. */
static const struct kind {
    const char *key;
    ybb_reduce how;
    ybb_field_type type;
    uint8_t scale;
    void (*read)(ybb_catalog_builder *b, const ybb_json *value, ybb_field *field);
} kinds[] = {
    {"lines", YBB_REDUCE_LINES, YBB_TYPE_TEXT, 0, read_lines},
    {"count", YBB_REDUCE_COUNT, YBB_TYPE_INTEGER, 0, read_number},
    {"share", YBB_REDUCE_SHARE, YBB_TYPE_DECIMAL, SHARE_SCALE, read_number},
    {"case", YBB_REDUCE_CASE, YBB_TYPE_TEXT, 0, read_cases},
};

/* It may say its type, but has no choice. */
static void read_shape(ybb_catalog_builder *b, const ybb_json *value, const struct kind *kind,
                       ybb_field *field)
{
    uint64_t scale = kind->scale;
    ybb_field_type type = kind->type;
    ybb__catalog_field_type(b, value, &type);
    ybb__json_take_u64(b->reader, value, "scale", kind->scale, kind->scale, &scale);
    if (type != kind->type)
        ybb__json_fail(b->reader, ybb__json_member(value, "type"), YBB_INVALID_VALUE, NULL, NULL,
                       "is not what \"%s\" gives", kind->key);
    const ybb_json *labels = ybb__json_member(value, "labels");
    if (labels != NULL && kind->how != YBB_REDUCE_CASE)
        ybb__json_fail(b->reader, labels, YBB_INVALID_VALUE, NULL, NULL, "are not for \"%s\"",
                       kind->key);
    else if (labels != NULL)
        ybb__catalog_labels(b, labels, kind->type, &field->labels);
    field->type = kind->type;
    field->scale = kind->scale;
}

static const char *const foreign_keys[] = {"column", "null_as", "fallback", "row_number"};

static void check_source(ybb_catalog_builder *b, const ybb_json *value, const struct kind *kind)
{
    for (size_t i = 0; i < sizeof(foreign_keys) / sizeof(foreign_keys[0]); i++) {
        const ybb_json *other = ybb__json_member(value, foreign_keys[i]);
        if (other != NULL && other->kind != YBB_JSON_NULL)
            ybb__json_fail(b->reader, other, YBB_INVALID_VALUE, NULL, NULL,
                           "and \"%s\" exclude one another", kind->key);
    }
    for (const struct kind *more = kinds; more < kinds + sizeof(kinds) / sizeof(kinds[0]); more++) {
        const ybb_json *other = ybb__json_member(value, more->key);
        if (more != kind && other != NULL)
            ybb__json_fail(b->reader, other, YBB_INVALID_VALUE, NULL, NULL,
                           "and \"%s\" exclude one another", kind->key);
    }
}

bool ybb__catalog_reducer(ybb_catalog_builder *b, const ybb_json *value, ybb_field *field)
{
    const ybb_json *inner;
    for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
        const struct kind *kind = &kinds[i];
        if (!ybb__json_take_object(b->reader, value, kind->key, &inner))
            continue;
        field->source = YBB_SOURCE_RELATED;
        field->reducer.how = kind->how;
        check_source(b, value, kind);
        read_shape(b, value, kind, field);
        kind->read(b, inner, field);
        return true;
    }
    return false;
}
