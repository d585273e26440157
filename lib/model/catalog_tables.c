#include "model/catalog_read.h"

#include <string.h>

/* "schema.table" behind its schema. */
const char *ybb__table_alias(const char *table)
{
    const char *point = strchr(table, '.');
    return point != NULL ? point + 1 : table;
}

void ybb__catalog_table(ybb_catalog_builder *b, const ybb_json *object, const char **table)
{
    const char *text = NULL;
    ybb__json_need(b->reader, object, "table");
    if (!ybb__json_take_text(b->reader, object, "table", &text))
        return;
    const ybb_json *at = ybb__json_member(object, "table");
    const char *point = strchr(text, '.');
    if (point != NULL) {
        const char *schema = ybb__arena_copy(&b->reader->arena, text, (size_t)(point - text));
        if (schema == NULL)
            ybb__json_fail_memory(b->reader);
        else
            ybb__catalog_check_identifier(b, at, schema);
    }
    ybb__catalog_check_identifier(b, at, ybb__table_alias(text));
    *table = ybb__catalog_copy(b, text);
}

static char lower(char c)
{
    return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
}

/* Databases differ in whether case tells aliases apart. */
static bool same_alias(const char *a, const char *b)
{
    for (; *a != '\0' && lower(*a) == lower(*b); a++)
        b++;
    return lower(*a) == lower(*b);
}

void ybb__catalog_scope_add(ybb_catalog_builder *b, ybb_scope *scope, const ybb_json *at,
                            const char *alias)
{
    if (b->reader->status != YBB_OK)
        return;
    for (uint32_t i = 0; i < scope->count; i++)
        if (same_alias(scope->aliases[i], alias)) {
            ybb__json_fail(b->reader, at, YBB_INVALID_VALUE, NULL, NULL,
                           "needs another name (\"as\"): \"%s\" stands in the statement already",
                           alias);
            return;
        }
    if (scope->count == sizeof(scope->aliases) / sizeof(scope->aliases[0]))
        ybb__json_fail(b->reader, at, YBB_INVALID_VALUE, NULL, NULL, "is one table too many");
    else
        scope->aliases[scope->count++] = alias;
}

static const char *find_alias(ybb_catalog_builder *b, const ybb_scope *scope, const ybb_json *at,
                              const char *text, size_t length)
{
    for (uint32_t i = 0; i < scope->count; i++)
        if (strncmp(scope->aliases[i], text, length) == 0 && scope->aliases[i][length] == '\0')
            return scope->aliases[i];
    ybb__json_fail(b->reader, at, YBB_INVALID_VALUE, NULL, NULL,
                   "names a table that does not stand before it: \"%s\"", text);
    return NULL;
}

void ybb__catalog_column(ybb_catalog_builder *b, const ybb_scope *scope, const ybb_json *at,
                         const char *text, ybb_column_name *out)
{
    if (b->reader->status != YBB_OK)
        return;
    const char *point = strchr(text, '.');
    const char *column = point != NULL ? point + 1 : text;
    if (!ybb__catalog_check_identifier(b, at, column))
        return;
    out->table =
        point == NULL ? scope->aliases[0] : find_alias(b, scope, at, text, (size_t)(point - text));
    out->column = ybb__catalog_copy(b, column);
}

bool ybb__catalog_column_member(ybb_catalog_builder *b, const ybb_scope *scope,
                                const ybb_json *object, const char *key, ybb_column_name *out)
{
    const char *text;
    if (!ybb__json_take_text(b->reader, object, key, &text))
        return false;
    ybb__catalog_column(b, scope, ybb__json_member(object, key), text, out);
    return b->reader->status == YBB_OK;
}

static void read_values(ybb_catalog_builder *b, const ybb_json *value, ybb_condition *out)
{
    bool list = value->kind == YBB_JSON_ARRAY;
    uint32_t count = list ? value->count : 1;
    if (list && count == 0) {
        ybb__json_fail(b->reader, value, YBB_INVALID_VALUE, NULL, NULL, "is an empty list");
        return;
    }
    if (list && !ybb__catalog_count(b, value, YBB_MOST_LABELS))
        return;
    const char **values = ybb__catalog_array(b, count, sizeof(*values));
    const ybb_json *item = list ? value->first : value;
    for (uint32_t i = 0; i < count && values != NULL; i++, item = item->next) {
        bool integer = false;
        values[i] = ybb__catalog_stored(b, item, &integer);
        if (i > 0 && integer != out->integer)
            ybb__json_fail(b->reader, value, YBB_INVALID_TYPE, NULL, NULL,
                           "mixes integers and texts");
        out->integer = integer;
    }
    out->values = values;
    out->value_count = count;
}

void ybb__catalog_condition(ybb_catalog_builder *b, const ybb_json *value, ybb_condition *out)
{
    static const char *const keys[] = {"not"};
    const ybb_json *inner = value;
    if (value->kind == YBB_JSON_OBJECT) {
        ybb__json_known(b->reader, value, keys, 1);
        inner = ybb__json_member(value, "not");
        out->negated = true;
    }
    if (b->reader->status != YBB_OK)
        return;
    if (inner == NULL)
        ybb__json_fail_missing(b->reader, value, "not");
    else if (inner->kind != YBB_JSON_NULL)
        read_values(b, inner, out);
}

void ybb__catalog_conditions(ybb_catalog_builder *b, const char *table, const ybb_json *value,
                             const ybb_condition **out, uint32_t *count)
{
    if (value == NULL || !ybb__json_is_object(b->reader, value) ||
        !ybb__catalog_count(b, value, YBB_MOST_PARTS))
        return;
    ybb_condition *conditions = ybb__catalog_array(b, value->count, sizeof(*conditions));
    if (conditions == NULL)
        return;
    for (const ybb_json *member = value->first; member != NULL; member = member->next) {
        ybb_condition *condition = &conditions[member->index];
        ybb__catalog_check_identifier(b, member, member->key);
        condition->column.table = table;
        condition->column.column = ybb__catalog_copy(b, member->key);
        ybb__catalog_condition(b, member, condition);
    }
    *out = conditions;
    *count = value->count;
}

/* {"own column": "other column", ...}, at least one pair. */
static void read_pairs(ybb_catalog_builder *b, const ybb_json *object, const char *key,
                       const char *own, const ybb_scope *others, const ybb_table_column_pair **out,
                       uint32_t *count)
{
    const ybb_json *value;
    ybb__json_need(b->reader, object, key);
    if (!ybb__json_take_object(b->reader, object, key, &value) ||
        !ybb__catalog_count(b, value, YBB_MOST_PARTS))
        return;
    if (value->count == 0)
        ybb__json_fail(b->reader, value, YBB_INVALID_VALUE, NULL, NULL, "has no columns");
    ybb_table_column_pair *pairs = ybb__catalog_array(b, value->count, sizeof(*pairs));
    if (pairs == NULL)
        return;
    for (const ybb_json *member = value->first; member != NULL; member = member->next) {
        const char *other = NULL;
        ybb_table_column_pair *pair = &pairs[member->index];
        ybb__catalog_check_identifier(b, member, member->key);
        pair->own.table = own;
        pair->own.column = ybb__catalog_copy(b, member->key);
        ybb__json_need(b->reader, value, member->key);
        if (ybb__json_take_text(b->reader, value, member->key, &other))
            ybb__catalog_column(b, others, member, other, &pair->other);
    }
    *out = pairs;
    *count = value->count;
}

static const char *read_alias(ybb_catalog_builder *b, const ybb_json *object, const char *table)
{
    const char *alias = NULL;
    if (b->reader->status != YBB_OK)
        return NULL;
    if (!ybb__json_take_text(b->reader, object, "as", &alias))
        return ybb__catalog_copy(b, ybb__table_alias(table));
    ybb__catalog_check_identifier(b, ybb__json_member(object, "as"), alias);
    return ybb__catalog_copy(b, alias);
}

static void read_join(ybb_catalog_builder *b, ybb_scope *scope, const ybb_json *value,
                      ybb_join *out)
{
    static const char *const keys[] = {"table", "as", "on", "where"};
    if (!ybb__json_is_object(b->reader, value))
        return;
    ybb__json_known(b->reader, value, keys, sizeof(keys) / sizeof(keys[0]));
    ybb__catalog_table(b, value, &out->table);
    out->alias = read_alias(b, value, out->table);
    read_pairs(b, value, "on", out->alias, scope, &out->on, &out->on_count);
    ybb__catalog_conditions(b, out->alias, ybb__json_member(value, "where"), &out->where,
                            &out->where_count);
    ybb__catalog_scope_add(b, scope, value, out->alias);
}

void ybb__catalog_joins(ybb_catalog_builder *b, ybb_scope *scope, const ybb_json *object,
                        const ybb_join **out, uint32_t *count)
{
    const ybb_json *list;
    if (!ybb__json_take_array(b->reader, object, "joins", &list) ||
        !ybb__catalog_count(b, list, YBB_MOST_PARTS))
        return;
    ybb_join *joins = ybb__catalog_array(b, list->count, sizeof(*joins));
    if (joins == NULL)
        return;
    for (const ybb_json *item = list->first; item != NULL; item = item->next)
        read_join(b, scope, item, &joins[item->index]);
    *out = joins;
    *count = list->count;
}

/* "column", or {"column": "column", "descending": true}. */
static void read_order(ybb_catalog_builder *b, const ybb_scope *scope, const ybb_json *value,
                       ybb_order *out)
{
    static const char *const keys[] = {"column", "descending"};
    if (b->reader->status != YBB_OK)
        return;
    if (value->kind == YBB_JSON_TEXT) {
        ybb__catalog_column(b, scope, value, value->at, &out->column);
        return;
    }
    if (value->kind != YBB_JSON_OBJECT) {
        ybb__json_fail_type(b->reader, value, "a text or an object");
        return;
    }
    ybb__json_known(b->reader, value, keys, sizeof(keys) / sizeof(keys[0]));
    ybb__json_need(b->reader, value, "column");
    ybb__catalog_column_member(b, scope, value, "column", &out->column);
    ybb__json_take_bool(b->reader, value, "descending", &out->descending);
}

void ybb__catalog_order(ybb_catalog_builder *b, const ybb_scope *scope, const ybb_json *object,
                        const ybb_order **out, uint32_t *count)
{
    const ybb_json *list;
    if (!ybb__json_take_array(b->reader, object, "order", &list) ||
        !ybb__catalog_count(b, list, YBB_MOST_PARTS))
        return;
    ybb_order *orders = ybb__catalog_array(b, list->count, sizeof(*orders));
    if (orders == NULL)
        return;
    for (const ybb_json *item = list->first; item != NULL; item = item->next)
        read_order(b, scope, item, &orders[item->index]);
    *out = orders;
    *count = list->count;
}

static void read_columns(ybb_catalog_builder *b, const ybb_scope *scope, const ybb_json *object,
                         ybb_collection *out)
{
    const ybb_json *value;
    ybb__json_need(b->reader, object, "columns");
    if (!ybb__json_take_object(b->reader, object, "columns", &value) ||
        !ybb__catalog_count(b, value, YBB_MOST_PARTS))
        return;
    if (value->count == 0)
        ybb__json_fail(b->reader, value, YBB_INVALID_VALUE, NULL, NULL, "has no columns");
    ybb_field *columns = ybb__catalog_array(b, value->count, sizeof(*columns));
    if (columns == NULL)
        return;
    for (const ybb_json *member = value->first; member != NULL; member = member->next) {
        ybb_field *column = &columns[member->index];
        ybb__catalog_check_name(b, member, member->key);
        column->name = ybb__catalog_copy(b, member->key);
        for (int i = 0; i < YBB_LANGUAGES; i++)
            column->header.in[i] = column->name;
        ybb__catalog_stored_field(b, scope, member, column);
    }
    out->columns = columns;
    out->column_count = value->count;
}

static void read_collection(ybb_catalog_builder *b, const ybb_json *value, ybb_collection *out)
{
    static const char *const keys[] = {"table", "as",    "match",    "match_type", "where",
                                       "joins", "order", "distinct", "columns"};
    if (!ybb__json_is_object(b->reader, value))
        return;
    ybb__json_known(b->reader, value, keys, sizeof(keys) / sizeof(keys[0]));
    ybb__catalog_check_name(b, value, value->key);
    out->name = ybb__catalog_copy(b, value->key);
    out->distinct = -1;
    out->match_integer = true;
    ybb__catalog_table(b, value, &out->table);
    out->alias = read_alias(b, value, out->table);
    /* A filter may put a collection inside the main statement: their tables need different names.
     */
    ybb_scope *scope = ybb__arena_alloc(&b->reader->arena, sizeof(*scope));
    if (scope == NULL) {
        ybb__json_fail_memory(b->reader);
        return;
    }
    ybb__catalog_scope_add(b, scope, value, out->alias);
    read_pairs(b, value, "match", out->alias, &b->draft->scope, &out->match, &out->match_count);
    ybb__catalog_integer(b, value, "match_type", &out->match_integer);
    ybb__catalog_conditions(b, out->alias, ybb__json_member(value, "where"), &out->where,
                            &out->where_count);
    ybb__catalog_joins(b, scope, value, &out->joins, &out->join_count);
    ybb__catalog_order(b, scope, value, &out->order, &out->order_count);
    read_columns(b, scope, value, out);
    uint32_t distinct;
    const ybb_json *at = ybb__json_member(value, "distinct");
    if (at != NULL && ybb__catalog_find_column(b, out, at, &distinct))
        out->distinct = (int32_t)distinct;
    for (uint32_t i = 0; i < b->draft->scope.count; i++)
        ybb__catalog_scope_add(b, scope, value, b->draft->scope.aliases[i]);
}

void ybb__catalog_collections(ybb_catalog_builder *b, const ybb_json *type)
{
    const ybb_json *value;
    ybb_type_draft *draft = b->draft;
    if (!ybb__json_take_object(b->reader, type, "collections", &value) ||
        !ybb__catalog_count(b, value, YBB_MOST_PARTS))
        return;
    draft->collections = ybb__catalog_array(b, value->count, sizeof(*draft->collections));
    if (draft->collections == NULL)
        return;
    for (const ybb_json *member = value->first; member != NULL; member = member->next)
        read_collection(b, member, &draft->collections[member->index]);
    draft->type.collections = draft->collections;
    draft->type.collection_count = value->count;
}

bool ybb__catalog_find_collection(ybb_catalog_builder *b, const ybb_json *value, uint32_t *out)
{
    const char *names[YBB_MOST_PARTS];
    const ybb_type *type = &b->draft->type;
    if (b->reader->status != YBB_OK)
        return false;
    for (uint32_t i = 0; i < type->collection_count; i++) {
        names[i] = type->collections[i].name;
        if (value->kind == YBB_JSON_TEXT && strcmp(names[i], value->at) == 0) {
            *out = i;
            return true;
        }
    }
    ybb__json_fail_name(b->reader, value, YBB_INVALID_VALUE, "collection", names,
                        type->collection_count);
    return false;
}

bool ybb__catalog_find_column(ybb_catalog_builder *b, const ybb_collection *collection,
                              const ybb_json *value, uint32_t *out)
{
    const char *names[YBB_MOST_PARTS];
    if (b->reader->status != YBB_OK)
        return false;
    for (uint32_t i = 0; i < collection->column_count; i++) {
        names[i] = collection->columns[i].name;
        if (value->kind == YBB_JSON_TEXT && strcmp(names[i], value->at) == 0) {
            *out = i;
            return true;
        }
    }
    ybb__json_fail_name(b->reader, value, YBB_INVALID_VALUE, "column of that collection", names,
                        collection->column_count);
    return false;
}
