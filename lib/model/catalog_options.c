/* Options of a type: includes, its group, its spread. */
#include "model/catalog_read.h"

#include <string.h>

/* Options that every export type has. */
static const char *const common[] = {"include_related", "include_deleted", "batch_size",
                                     "sort_by",         "sort_order",      "language",
                                     "timezone",        "include_summary", "include_about"};

/* An option's name, which no other option of the type has. */
static const char *read_option(ybb_catalog_builder *b, const ybb_json *at, const char *name)
{
    const ybb_type *type = &b->draft->type;
    if (!ybb__catalog_check_name(b, at, name))
        return NULL;
    bool taken = ybb__type_include(type, name) != NULL ||
                 (type->group != NULL && strcmp(type->group->option, name) == 0);
    for (size_t i = 0; i < sizeof(common) / sizeof(common[0]); i++)
        taken = taken || strcmp(common[i], name) == 0;
    if (taken)
        ybb__json_fail(b->reader, at, YBB_INVALID_VALUE, NULL, NULL,
                       "is the name of another option: \"%s\"", name);
    return ybb__catalog_copy(b, name);
}

static const char *read_option_member(ybb_catalog_builder *b, const ybb_json *object)
{
    const char *name = NULL;
    ybb__json_need(b->reader, object, "option");
    if (!ybb__json_take_text(b->reader, object, "option", &name))
        return NULL;
    return read_option(b, ybb__json_member(object, "option"), name);
}

static void read_include(ybb_catalog_builder *b, const ybb_json *value, ybb_include *out)
{
    static const char *const keys[] = {"name", "fields", "after"};
    const char *name;
    if (!ybb__json_is_object(b->reader, value))
        return;
    ybb__json_known(b->reader, value, keys, sizeof(keys) / sizeof(keys[0]));
    if (ybb__json_take_text(b->reader, value, "name", &name)) {
        ybb__catalog_check_name(b, ybb__json_member(value, "name"), name);
        out->name = ybb__catalog_copy(b, name);
    }
    ybb__catalog_field_list(b, value, "fields", &out->fields, &out->field_count);
    if (b->reader->status == YBB_OK && out->field_count == 0)
        ybb__json_fail(b->reader, value, YBB_INVALID_VALUE, NULL, NULL, "has no fields");
    const ybb_json *after = ybb__json_member(value, "after");
    if (after == NULL || after->kind == YBB_JSON_NULL)
        return;
    const ybb_field *field = ybb__catalog_find_field(b, after);
    out->after = field != NULL ? field->name : NULL;
}

/* Each include is added when it is read, so that the next can be held against those before it. */
void ybb__catalog_includes(ybb_catalog_builder *b, const ybb_json *type)
{
    const ybb_json *value;
    ybb_type *made = &b->draft->type;
    if (!ybb__json_take_object(b->reader, type, "includes", &value) ||
        !ybb__catalog_count(b, value, YBB_MOST_PARTS))
        return;
    ybb_include *includes = ybb__catalog_array(b, value->count, sizeof(*includes));
    if (includes == NULL)
        return;
    made->includes = includes;
    for (const ybb_json *member = value->first; member != NULL; member = member->next) {
        ybb_include *include = &includes[member->index];
        include->option = read_option(b, member, member->key);
        read_include(b, member, include);
        if (b->reader->status != YBB_OK)
            return;
        for (uint32_t i = 0; include->name != NULL && i < made->include_count; i++)
            if (includes[i].name != NULL && strcmp(includes[i].name, include->name) == 0)
                ybb__json_fail(b->reader, member, YBB_INVALID_VALUE, NULL, NULL,
                               "has the name of another include: \"%s\"", include->name);
        made->include_count++;
    }
}

/* A field that shows a column. */
static const ybb_field *find_column_field(ybb_catalog_builder *b, const ybb_json *value)
{
    const ybb_field *field = ybb__catalog_find_field(b, value);
    if (field != NULL && field->source != YBB_SOURCE_COLUMN)
        ybb__json_fail(b->reader, value, YBB_INVALID_VALUE, NULL, NULL,
                       "names a field that is no column");
    return field;
}

static void read_label(ybb_catalog_builder *b, const ybb_json *object, ybb_group *out)
{
    static const char *const keys[] = {"field", "text"};
    const ybb_json *value;
    ybb__json_need(b->reader, object, "label");
    if (!ybb__json_take_object(b->reader, object, "label", &value))
        return;
    ybb__json_known(b->reader, value, keys, sizeof(keys) / sizeof(keys[0]));
    ybb__json_need(b->reader, value, "field");
    ybb__json_need(b->reader, value, "text");
    if (b->reader->status != YBB_OK)
        return;
    out->label_field = ybb__catalog_find_field(b, ybb__json_member(value, "field"));
    ybb__catalog_words(b, ybb__json_member(value, "text"), &out->label);
}

/* What is summed must be numbers of the main row; no cell can show two things. */
static void check_sums(ybb_catalog_builder *b, const ybb_json *value, const ybb_group *group)
{
    const ybb_json *list = ybb__json_member(value, "sum");
    const ybb_json *item = list != NULL ? list->first : NULL;
    for (uint32_t i = 0; i < group->summed_count && item != NULL; i++, item = item->next) {
        const ybb_field *field = group->summed[i];
        if (b->reader->status != YBB_OK)
            return;
        if (field->source != YBB_SOURCE_COLUMN || field->labels.count > 0 ||
            (field->type != YBB_TYPE_DECIMAL && field->type != YBB_TYPE_INTEGER))
            ybb__json_fail(b->reader, item, YBB_INVALID_VALUE, NULL, NULL,
                           "names a field that is no column of numbers");
        if (field == group->per || field == group->label_field)
            ybb__json_fail(b->reader, item, YBB_INVALID_VALUE, NULL, NULL,
                           "names a field that shows something else");
    }
    for (uint32_t i = 0; i < group->kept_count; i++)
        if (group->kept[i] != NULL && group->kept[i]->source != YBB_SOURCE_COLUMN)
            ybb__json_fail(b->reader, ybb__json_member(value, "keep"), YBB_INVALID_VALUE, NULL,
                           NULL, "names a field that is no column");
}

void ybb__catalog_group(ybb_catalog_builder *b, const ybb_json *type)
{
    static const char *const keys[] = {"option", "column", "column_type", "order",
                                       "per",    "keep",   "label",       "sum"};
    const ybb_json *value;
    if (!ybb__json_take_object(b->reader, type, "group", &value))
        return;
    ybb_group *group = ybb__catalog_array(b, 1, sizeof(*group));
    if (group == NULL)
        return;
    ybb__json_known(b->reader, value, keys, sizeof(keys) / sizeof(keys[0]));
    ybb__json_need(b->reader, value, "column");
    ybb__json_need(b->reader, value, "per");
    group->option = read_option_member(b, value);
    group->integer = true;
    ybb__catalog_column_member(b, &b->draft->scope, value, "column", &group->column);
    ybb__catalog_integer(b, value, "column_type", &group->integer);
    ybb__catalog_order(b, &b->draft->scope, value, &group->order, &group->order_count);
    if (b->reader->status == YBB_OK)
        group->per = find_column_field(b, ybb__json_member(value, "per"));
    ybb__catalog_field_list(b, value, "keep", &group->kept, &group->kept_count);
    ybb__catalog_field_list(b, value, "sum", &group->summed, &group->summed_count);
    read_label(b, value, group);
    check_sums(b, value, group);
    if (b->reader->status == YBB_OK)
        b->draft->type.group = group;
}

static const char *read_identifier(ybb_catalog_builder *b, const ybb_json *object, const char *key,
                                   bool needed)
{
    const char *text = NULL;
    if (needed)
        ybb__json_need(b->reader, object, key);
    if (!ybb__json_take_text(b->reader, object, key, &text))
        return NULL;
    ybb__catalog_check_identifier(b, ybb__json_member(object, key), text);
    return ybb__catalog_copy(b, text);
}

static const char *read_value(ybb_catalog_builder *b, const ybb_json *object, const char *key,
                              const char *otherwise)
{
    const char *text = NULL;
    if (!ybb__json_take_text(b->reader, object, key, &text))
        return otherwise;
    ybb__catalog_check_name(b, ybb__json_member(object, key), text);
    return ybb__catalog_copy(b, text);
}

/* The lookup table of a spread and what it has. */
static void read_lookup(ybb_catalog_builder *b, const ybb_json *value, ybb_spread *spread)
{
    ybb__catalog_table(b, value, &spread->table);
    spread->key = read_identifier(b, value, "key", true);
    spread->key_integer = true;
    ybb__catalog_integer(b, value, "key_type", &spread->key_integer);
    spread->header = read_identifier(b, value, "header", true);
    spread->program = read_identifier(b, value, "program", false);
    if (b->reader->status != YBB_OK)
        return;
    ybb_scope scope = {.count = 0};
    ybb__catalog_scope_add(b, &scope, value, ybb__catalog_copy(b, ybb__table_alias(spread->table)));
    ybb__catalog_conditions(b, scope.aliases[0], ybb__json_member(value, "where"), &spread->where,
                            &spread->where_count);
    ybb__catalog_order(b, &scope, value, &spread->order, &spread->order_count);
}

static void read_spread_field(ybb_catalog_builder *b, const ybb_json *value, ybb_spread *spread)
{
    ybb__json_need(b->reader, value, "field");
    ybb__json_need(b->reader, value, "pointer");
    ybb__json_need(b->reader, value, "content");
    if (b->reader->status != YBB_OK)
        return;
    const ybb_json *name = ybb__json_member(value, "field");
    spread->field = ybb__catalog_find_field(b, name);
    if (spread->field == NULL)
        return;
    if (spread->field->source != YBB_SOURCE_RELATED ||
        spread->field->reducer.how != YBB_REDUCE_LINES) {
        ybb__json_fail(b->reader, name, YBB_INVALID_VALUE, NULL, NULL,
                       "names a field that is not made of \"lines\"");
        return;
    }
    const ybb_collection *collection = &b->draft->collections[spread->field->reducer.collection];
    ybb__catalog_find_column(b, collection, ybb__json_member(value, "pointer"), &spread->pointer);
    ybb__catalog_find_column(b, collection, ybb__json_member(value, "content"), &spread->content);
}

void ybb__catalog_spread(ybb_catalog_builder *b, const ybb_json *type)
{
    static const char *const keys[] = {"option",  "off",   "on",   "field",    "pointer",
                                       "content", "table", "key",  "key_type", "header",
                                       "program", "where", "order"};
    const ybb_json *value;
    if (!ybb__json_take_object(b->reader, type, "spread", &value))
        return;
    ybb_spread *spread = ybb__catalog_array(b, 1, sizeof(*spread));
    if (spread == NULL)
        return;
    ybb__json_known(b->reader, value, keys, sizeof(keys) / sizeof(keys[0]));
    spread->option = read_option_member(b, value);
    spread->off = read_value(b, value, "off", "text");
    spread->on = read_value(b, value, "on", "columns");
    if (b->reader->status == YBB_OK && strcmp(spread->off, spread->on) == 0)
        ybb__json_fail(b->reader, value, YBB_INVALID_VALUE, NULL, NULL,
                       "has the same value for \"off\" and \"on\"");
    read_spread_field(b, value, spread);
    read_lookup(b, value, spread);
    if (b->reader->status == YBB_OK)
        b->draft->type.spread = spread;
}
