#include "model/catalog_read.h"

#include <string.h>

/* What a VALUE filter compares, by the field's type. False: reported. */
static bool value_type(ybb_catalog_builder *b, const ybb_json *at, ybb_field_type type,
                       ybb_field_type *out)
{
    if (type == YBB_TYPE_DECIMAL || type == YBB_TYPE_DATE || type == YBB_TYPE_DATETIME) {
        ybb__json_fail(b->reader, at, YBB_INVALID_VALUE, NULL, NULL,
                       "is no text and no integer: such a filter is a \"range\"");
        return false;
    }
    *out = type == YBB_TYPE_TEXT ? YBB_TYPE_TEXT : YBB_TYPE_INTEGER;
    return true;
}

static void allow_labels(ybb_catalog_builder *b, const ybb_labels *labels, ybb_filter *out)
{
    if (labels->count == 0)
        return;
    const char **allowed = ybb__catalog_array(b, labels->count, sizeof(*allowed));
    for (uint32_t i = 0; allowed != NULL && i < labels->count; i++)
        allowed[i] = labels->items[i].value;
    out->allowed = allowed;
    out->allowed_count = labels->count;
}

static void allow_results(ybb_catalog_builder *b, const ybb_reducer *reducer, ybb_filter *out)
{
    const char **allowed = ybb__catalog_array(b, reducer->case_count + 1, sizeof(*allowed));
    if (allowed == NULL)
        return;
    uint32_t count = 0;
    for (uint32_t i = 0; i <= reducer->case_count; i++) {
        const char *result =
            i < reducer->case_count ? reducer->cases[i].result : reducer->otherwise;
        bool known = false;
        for (uint32_t j = 0; j < count; j++)
            known = known || strcmp(allowed[j], result) == 0;
        if (!known)
            allowed[count++] = result;
    }
    out->allowed = allowed;
    out->allowed_count = count;
}

static const ybb_field *find_field(ybb_catalog_builder *b, const ybb_json *value, const char *key)
{
    const ybb_json *name = ybb__json_member(value, key);
    return name == NULL ? NULL : ybb__catalog_find_field(b, name);
}

/* {"field": "category"}: what the field shows. */
static void read_field(ybb_catalog_builder *b, const ybb_json *value, ybb_filter *out)
{
    static const char *const keys[] = {"field", "narrowed_by"};
    ybb__json_known(b->reader, value, keys, sizeof(keys) / sizeof(keys[0]));
    const ybb_json *at = ybb__json_member(value, "field");
    const ybb_field *field = find_field(b, value, "field");
    if (field == NULL || b->reader->status != YBB_OK)
        return;
    if (field->source == YBB_SOURCE_RELATED && field->reducer.how == YBB_REDUCE_CASE) {
        out->kind = YBB_FILTER_CASE;
        out->type = YBB_TYPE_TEXT;
        out->field = field;
        allow_results(b, &field->reducer, out);
        return;
    }
    if (field->source != YBB_SOURCE_COLUMN) {
        ybb__json_fail(b->reader, at, YBB_INVALID_VALUE, NULL, NULL,
                       "names a field that is neither a column nor a \"case\"");
        return;
    }
    if (!value_type(b, at, field->type, &out->type))
        return;
    out->kind = YBB_FILTER_VALUE;
    out->column = field->column;
    out->null_as = field->null_as;
    allow_labels(b, &field->labels, out);
}

static void read_allowed(ybb_catalog_builder *b, const ybb_json *value, ybb_filter *out)
{
    const ybb_json *list;
    if (!ybb__json_take_array(b->reader, value, "values", &list) ||
        !ybb__catalog_count(b, list, YBB_MOST_LABELS))
        return;
    if (list->count == 0)
        ybb__json_fail(b->reader, list, YBB_INVALID_VALUE, NULL, NULL, "is an empty list");
    const char **allowed = ybb__catalog_array(b, list->count, sizeof(*allowed));
    for (const ybb_json *item = list->first; item != NULL && allowed != NULL; item = item->next)
        allowed[item->index] = ybb__catalog_stored_as(b, item, out->type);
    out->allowed = allowed;
    out->allowed_count = list->count;
}

/* {"column": "currency"}: a column that need not be a field. */
static void read_column(ybb_catalog_builder *b, const ybb_json *value, ybb_filter *out)
{
    static const char *const keys[] = {"column", "type", "values", "null_as"};
    ybb_field_type type = YBB_TYPE_TEXT;
    ybb__json_known(b->reader, value, keys, sizeof(keys) / sizeof(keys[0]));
    out->kind = YBB_FILTER_VALUE;
    ybb__catalog_column_member(b, &b->draft->scope, value, "column", &out->column);
    ybb__catalog_field_type(b, value, &type);
    value_type(b, ybb__json_member(value, "column"), type, &out->type);
    read_allowed(b, value, out);
    const ybb_json *null_as = ybb__json_member(value, "null_as");
    if (null_as != NULL && null_as->kind != YBB_JSON_NULL)
        out->null_as = ybb__catalog_stored_as(b, null_as, out->type);
}

/* {"related": "payments", "column": "program_payment_id"} */
static void read_related(ybb_catalog_builder *b, const ybb_json *value, ybb_filter *out)
{
    static const char *const keys[] = {"related", "column"};
    ybb__json_known(b->reader, value, keys, sizeof(keys) / sizeof(keys[0]));
    ybb__json_need(b->reader, value, "column");
    out->kind = YBB_FILTER_RELATED;
    if (!ybb__catalog_find_collection(b, ybb__json_member(value, "related"), &out->collection))
        return;
    const ybb_collection *collection = &b->draft->collections[out->collection];
    const ybb_json *column = ybb__json_member(value, "column");
    if (!ybb__catalog_find_column(b, collection, column, &out->collection_column))
        return;
    const ybb_field *field = &collection->columns[out->collection_column];
    value_type(b, column, field->type, &out->type);
    allow_labels(b, &field->labels, out);
}

static void read_ends(ybb_catalog_builder *b, const ybb_json *value, ybb_filter *out)
{
    const ybb_json *list;
    bool date = out->type == YBB_TYPE_DATE;
    out->first_name = date ? "start" : "min";
    out->last_name = date ? "end" : "max";
    if (!ybb__json_take_array(b->reader, value, "keys", &list))
        return;
    if (list->count != 2) {
        ybb__json_fail(b->reader, list, YBB_INVALID_VALUE, NULL, NULL, "takes two names");
        return;
    }
    const ybb_json *items[2] = {list->first, list->first->next};
    for (int i = 0; i < 2; i++) {
        if (items[i]->kind != YBB_JSON_TEXT)
            ybb__json_fail_type(b->reader, items[i], "a text");
        else
            ybb__catalog_check_name(b, items[i], items[i]->at);
    }
    if (b->reader->status != YBB_OK)
        return;
    out->first_name = ybb__catalog_copy(b, items[0]->at);
    out->last_name = ybb__catalog_copy(b, items[1]->at);
    if (strcmp(items[0]->at, items[1]->at) == 0)
        ybb__json_fail(b->reader, list, YBB_INVALID_VALUE, NULL, NULL, "takes two names");
}

/* {"range": "created_at", "type": "date"} */
static void read_range(ybb_catalog_builder *b, const ybb_json *value, ybb_filter *out)
{
    static const char *const keys[] = {"range", "type", "keys"};
    static const char *const types[] = {"date", "decimal"};
    uint32_t type = 0;
    ybb__json_known(b->reader, value, keys, sizeof(keys) / sizeof(keys[0]));
    ybb__json_need(b->reader, value, "type");
    out->kind = YBB_FILTER_RANGE;
    ybb__catalog_column_member(b, &b->draft->scope, value, "range", &out->column);
    ybb__json_take_choice(b->reader, value, "type", types, 2, &type);
    out->type = type == 0 ? YBB_TYPE_DATE : YBB_TYPE_DECIMAL;
    read_ends(b, value, out);
}

static void read_bound(ybb_catalog_builder *b, const ybb_json *value, const char *key,
                       ybb_filter_kind kind, ybb_filter *out)
{
    ybb__json_known(b->reader, value, &key, 1);
    out->kind = kind;
    out->type = YBB_TYPE_INTEGER;
    out->field = find_field(b, value, key);
    if (out->field != NULL &&
        (out->field->source != YBB_SOURCE_RELATED || out->field->reducer.how != YBB_REDUCE_COUNT))
        ybb__json_fail(b->reader, ybb__json_member(value, key), YBB_INVALID_VALUE, NULL, NULL,
                       "names a field that is no \"count\"");
}

static void read_at_least(ybb_catalog_builder *b, const ybb_json *value, ybb_filter *out)
{
    read_bound(b, value, "at_least", YBB_FILTER_AT_LEAST, out);
}

static void read_at_most(ybb_catalog_builder *b, const ybb_json *value, ybb_filter *out)
{
    read_bound(b, value, "at_most", YBB_FILTER_AT_MOST, out);
}

/* The key that tells a filter's kind; "related" before "column", which it has too. */
static const struct kind {
    const char *key;
    void (*read)(ybb_catalog_builder *b, const ybb_json *value, ybb_filter *out);
} kinds[] = {{"field", read_field}, {"related", read_related},   {"column", read_column},
             {"range", read_range}, {"at_least", read_at_least}, {"at_most", read_at_most}};

enum { KINDS = sizeof(kinds) / sizeof(kinds[0]) };

static void read_filter(ybb_catalog_builder *b, const ybb_json *value, ybb_filter *out)
{
    if (!ybb__json_is_object(b->reader, value))
        return;
    ybb__catalog_check_name(b, value, value->key);
    if (strcmp(value->key, "limit") == 0)
        ybb__json_fail(b->reader, value, YBB_INVALID_VALUE, NULL, NULL,
                       "is a name that every export type has by itself");
    out->name = ybb__catalog_copy(b, value->key);
    for (size_t i = 0; i < KINDS; i++) {
        const ybb_json *member = ybb__json_member(value, kinds[i].key);
        if (member != NULL && member->kind != YBB_JSON_NULL) {
            kinds[i].read(b, value, out);
            return;
        }
    }
    ybb__json_fail(b->reader, value, YBB_MISSING_KEY,
                   "field, related, column, range, at_least, at_most", NULL,
                   "has none of the keys that say what it compares");
}

/* When all filters of a type are known. */
static void narrow(ybb_catalog_builder *b, const ybb_json *value, ybb_filter *out)
{
    const char *name;
    if (!ybb__json_take_text(b->reader, value, "narrowed_by", &name))
        return;
    const ybb_json *at = ybb__json_member(value, "narrowed_by");
    const ybb_filter *other = ybb__type_filter(&b->draft->type, name);
    if (out->kind != YBB_FILTER_CASE)
        ybb__json_fail(b->reader, at, YBB_INVALID_VALUE, NULL, NULL,
                       "is for filters of a \"case\"");
    else if (other == NULL || other->kind != YBB_FILTER_RELATED ||
             other->collection != out->field->reducer.collection)
        ybb__json_fail(b->reader, at, YBB_INVALID_VALUE, NULL, NULL,
                       "names no \"related\" filter over the same collection: \"%s\"", name);
    else
        out->narrowed_by = other->name;
}

void ybb__catalog_filters(ybb_catalog_builder *b, const ybb_json *type)
{
    const ybb_json *value;
    ybb_type_draft *draft = b->draft;
    if (!ybb__json_take_object(b->reader, type, "filters", &value) ||
        !ybb__catalog_count(b, value, YBB_MOST_PARTS))
        return;
    draft->filters = ybb__catalog_array(b, value->count, sizeof(*draft->filters));
    if (draft->filters == NULL)
        return;
    for (const ybb_json *member = value->first; member != NULL; member = member->next)
        read_filter(b, member, &draft->filters[member->index]);
    if (b->reader->status != YBB_OK)
        return;
    draft->type.filters = draft->filters;
    draft->type.filter_count = value->count;
    for (const ybb_json *member = value->first; member != NULL; member = member->next)
        narrow(b, member, &draft->filters[member->index]);
}
