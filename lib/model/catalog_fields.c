#include "model/catalog_read.h"

#include <string.h>

enum { MOST_SCALE = 30, MOST_WIDTH = 255, DEFAULT_SCALE = 2 };

/* Keys that say what a stored value is, and those that only a field has. */
#define STORED_KEYS "column", "type", "scale", "labels", "null_as", "fallback"
#define SHOWN_KEYS  "header", "description", "links", "money", "sortable", "wrap", "related", "width"

static bool takes_labels(ybb_field_type type)
{
    return type == YBB_TYPE_TEXT || type == YBB_TYPE_INTEGER || type == YBB_TYPE_BOOLEAN;
}

static void read_labels(ybb_catalog_builder *b, const ybb_json *object, ybb_field_type type,
                        ybb_labels *out)
{
    const ybb_json *labels = ybb__json_member(object, "labels");
    if (labels == NULL || b->reader->status != YBB_OK)
        return;
    if (!takes_labels(type))
        ybb__json_fail(b->reader, labels, YBB_INVALID_VALUE, NULL, NULL,
                       "are for fields of type text, integer or boolean");
    ybb__catalog_labels(b, labels, type, out);
}

static void read_fallback(ybb_catalog_builder *b, const ybb_scope *scope, const ybb_json *object,
                          ybb_field *field)
{
    static const char *const keys[] = {"column", "labels"};
    const ybb_json *value;
    if (!ybb__json_take_object(b->reader, object, "fallback", &value))
        return;
    ybb__json_known(b->reader, value, keys, sizeof(keys) / sizeof(keys[0]));
    ybb__json_need(b->reader, value, "column");
    ybb__catalog_column_member(b, scope, value, "column", &field->fallback);
    read_labels(b, value, field->type, &field->fallback_labels);
    if (field->null_as != NULL)
        ybb__json_fail(b->reader, value, YBB_INVALID_VALUE, NULL, NULL,
                       "and null_as exclude one another");
}

static void read_scale(ybb_catalog_builder *b, const ybb_json *object, ybb_field *field)
{
    uint64_t scale = DEFAULT_SCALE;
    bool given = ybb__json_take_u64(b->reader, object, "scale", 0, MOST_SCALE, &scale);
    if (field->type == YBB_TYPE_DECIMAL)
        field->scale = (uint8_t)scale;
    else if (given)
        ybb__json_fail(b->reader, ybb__json_member(object, "scale"), YBB_INVALID_VALUE, NULL, NULL,
                       "is for fields of type decimal");
}

/* What its type and labels are, whatever it comes from. */
static void read_shape(ybb_catalog_builder *b, const ybb_json *object, ybb_field *field)
{
    ybb__catalog_field_type(b, object, &field->type);
    read_scale(b, object, field);
    read_labels(b, object, field->type, &field->labels);
}

static void read_column(ybb_catalog_builder *b, const ybb_scope *scope, const ybb_json *object,
                        ybb_field *field)
{
    field->source = YBB_SOURCE_COLUMN;
    if (!ybb__catalog_column_member(b, scope, object, "column", &field->column))
        ybb__catalog_column(b, scope, object, field->name, &field->column);
    const ybb_json *null_as = ybb__json_member(object, "null_as");
    if (null_as != NULL && null_as->kind != YBB_JSON_NULL)
        field->null_as = ybb__catalog_stored_as(b, null_as, field->type);
    read_fallback(b, scope, object, field);
}

void ybb__catalog_stored_field(ybb_catalog_builder *b, const ybb_scope *scope,
                               const ybb_json *value, ybb_field *field)
{
    static const char *const keys[] = {STORED_KEYS};
    if (!ybb__json_is_object(b->reader, value))
        return;
    ybb__json_known(b->reader, value, keys, sizeof(keys) / sizeof(keys[0]));
    read_shape(b, value, field);
    read_column(b, scope, value, field);
}

/* ["http", "https"] */
static void read_links(ybb_catalog_builder *b, const ybb_json *value, ybb_field *field)
{
    static const char *const schemes[] = {"http", "https", "mailto"};
    enum { SCHEMES = sizeof(schemes) / sizeof(schemes[0]) };
    const ybb_json *list;
    if (!ybb__json_take_array(b->reader, value, "links", &list))
        return;
    for (const ybb_json *item = list->first; item != NULL; item = item->next) {
        unsigned i = 0;
        while (i < SCHEMES && (item->kind != YBB_JSON_TEXT || strcmp(item->at, schemes[i]) != 0))
            i++;
        if (i < SCHEMES)
            field->links |= (uint8_t)(1U << i); /* in the order of ybb_link_scheme */
        else
            ybb__json_fail_name(b->reader, item, YBB_INVALID_VALUE, "scheme of links", schemes,
                                SCHEMES);
    }
    if (field->type != YBB_TYPE_TEXT || field->labels.count > 0 || field->wrap ||
        field->source != YBB_SOURCE_COLUMN)
        ybb__json_fail(b->reader, list, YBB_INVALID_VALUE, NULL, NULL,
                       "are for fields that show a column of texts without labels and wrap");
}

static void read_look(ybb_catalog_builder *b, const ybb_json *value, ybb_field *field)
{
    uint64_t width = 0;
    const ybb_json *header = ybb__json_member(value, "header");
    ybb__json_need(b->reader, value, "header");
    if (header != NULL)
        ybb__catalog_header(b, header, &field->header);
    const ybb_json *description = ybb__json_member(value, "description");
    if (description != NULL && description->kind != YBB_JSON_NULL)
        ybb__catalog_words(b, description, &field->description);
    ybb__json_take_bool(b->reader, value, "wrap", &field->wrap);
    read_links(b, value, field);
    ybb__json_take_u64(b->reader, value, "width", 1, MOST_WIDTH, &width);
    field->width = (uint16_t)width;
    field->related = field->source == YBB_SOURCE_RELATED && field->reducer.how == YBB_REDUCE_LINES;
    ybb__json_take_bool(b->reader, value, "related", &field->related);
    ybb__json_take_bool(b->reader, value, "money", &field->money);
    if (field->money && field->type != YBB_TYPE_DECIMAL)
        ybb__json_fail(b->reader, ybb__json_member(value, "money"), YBB_INVALID_VALUE, NULL, NULL,
                       "is for fields of type decimal");
    /* What a fallback shows is not what the column would be sorted by. */
    bool column = field->source == YBB_SOURCE_COLUMN && field->fallback.column == NULL;
    field->sortable = column;
    ybb__json_take_bool(b->reader, value, "sortable", &field->sortable);
    if (field->sortable && !column)
        ybb__json_fail(b->reader, ybb__json_member(value, "sortable"), YBB_INVALID_VALUE, NULL,
                       NULL, "is for fields that show one column");
}

static bool read_row_number(ybb_catalog_builder *b, const ybb_json *value, ybb_field *field)
{
    static const char *const keys[] = {"row_number", "type", SHOWN_KEYS};
    bool row_number = false;
    ybb__json_take_bool(b->reader, value, "row_number", &row_number);
    if (!row_number)
        return false;
    ybb__json_known(b->reader, value, keys, sizeof(keys) / sizeof(keys[0]));
    field->source = YBB_SOURCE_ROW_NUMBER;
    field->type = YBB_TYPE_INTEGER;
    ybb__catalog_field_type(b, value, &field->type);
    if (field->type != YBB_TYPE_INTEGER)
        ybb__json_fail(b->reader, ybb__json_member(value, "type"), YBB_INVALID_VALUE, "integer",
                       NULL, "of a row number is integer");
    return true;
}

static void read_field(ybb_catalog_builder *b, const ybb_json *value, ybb_field *field)
{
    static const char *const keys[] = {STORED_KEYS, SHOWN_KEYS, "row_number", "lines",
                                       "count",     "share",    "case"};
    if (!ybb__json_is_object(b->reader, value))
        return;
    ybb__catalog_check_name(b, value, value->key);
    ybb__json_known(b->reader, value, keys, sizeof(keys) / sizeof(keys[0]));
    field->name = ybb__catalog_copy(b, value->key);
    if (!ybb__catalog_reducer(b, value, field) && !read_row_number(b, value, field)) {
        read_shape(b, value, field);
        read_column(b, &b->draft->scope, value, field);
    }
    read_look(b, value, field);
}

void ybb__catalog_fields(ybb_catalog_builder *b, const ybb_json *type)
{
    const ybb_json *value;
    ybb_type_draft *draft = b->draft;
    ybb__json_need(b->reader, type, "fields");
    if (!ybb__json_take_object(b->reader, type, "fields", &value) ||
        !ybb__catalog_count(b, value, YBB_MOST_FIELDS))
        return;
    if (value->count == 0)
        ybb__json_fail(b->reader, value, YBB_INVALID_VALUE, NULL, NULL, "has no fields");
    draft->fields = ybb__catalog_array(b, value->count, sizeof(*draft->fields));
    if (draft->fields == NULL)
        return;
    for (const ybb_json *member = value->first; member != NULL; member = member->next)
        read_field(b, member, &draft->fields[member->index]);
    draft->type.fields = draft->fields;
    draft->type.field_count = value->count;
}

const ybb_field *ybb__catalog_find_field(ybb_catalog_builder *b, const ybb_json *value)
{
    const char *names[YBB_MOST_FIELDS];
    const ybb_type *type = &b->draft->type;
    if (b->reader->status != YBB_OK)
        return NULL;
    const ybb_field *found = value->kind == YBB_JSON_TEXT ? ybb__type_field(type, value->at) : NULL;
    if (found != NULL)
        return found;
    ybb__type_field_names(type, names);
    char kind[YBB_IDENTIFIER + 16] = "field of ";
    strncat(kind, type->name, YBB_IDENTIFIER);
    ybb__json_fail_name(b->reader, value, YBB_UNKNOWN_FIELD, kind, names, type->field_count);
    return NULL;
}

void ybb__catalog_field_list(ybb_catalog_builder *b, const ybb_json *object, const char *key,
                             const ybb_field *const **out, uint32_t *count)
{
    const ybb_json *list;
    ybb__json_need(b->reader, object, key);
    if (!ybb__json_take_array(b->reader, object, key, &list) ||
        !ybb__catalog_count(b, list, YBB_MOST_PARTS))
        return;
    const ybb_field **fields = ybb__catalog_array(b, list->count, sizeof(*fields));
    if (fields == NULL)
        return;
    for (const ybb_json *item = list->first; item != NULL; item = item->next) {
        fields[item->index] = ybb__catalog_find_field(b, item);
        for (uint32_t i = 0; i < item->index; i++)
            if (fields[item->index] != NULL && fields[i] == fields[item->index])
                ybb__json_fail(b->reader, item, YBB_INVALID_VALUE, NULL, NULL,
                               "names a field twice");
    }
    *out = fields;
    *count = list->count;
}
