#include "model/catalog_read.h"

#include <stdio.h>
#include <string.h>

/* What a template shows, as it is put together. */
typedef struct columns {
    ybb_template_column *items;
    uint32_t count;
} columns;

static bool has_field(const columns *c, const ybb_field *field)
{
    for (uint32_t i = 0; i < c->count; i++)
        if (c->items[i].field == field)
            return true;
    return false;
}

/* "full_name", or {"field": "full_name", "header": "Name"}. */
static void read_column(ybb_catalog_builder *b, const ybb_json *value, columns *out)
{
    static const char *const keys[] = {"field", "header"};
    const ybb_json *name = value, *header = NULL;
    if (value->kind == YBB_JSON_OBJECT) {
        ybb__json_known(b->reader, value, keys, sizeof(keys) / sizeof(keys[0]));
        ybb__json_need(b->reader, value, "field");
        name = ybb__json_member(value, "field");
        header = ybb__json_member(value, "header");
    }
    if (b->reader->status != YBB_OK)
        return;
    const ybb_field *field = ybb__catalog_find_field(b, name);
    if (field == NULL)
        return;
    if (has_field(out, field))
        ybb__json_fail(b->reader, name, YBB_INVALID_VALUE, NULL, NULL, "names a field twice");
    ybb_template_column *column = &out->items[out->count++];
    column->field = field;
    column->header = field->header;
    if (header != NULL && header->kind != YBB_JSON_NULL)
        ybb__catalog_header(b, header, &column->header);
}

/* spec.md's parallel list; an item may be null and then leaves the field's own header. */
static void read_headers(ybb_catalog_builder *b, const ybb_json *value, columns *out)
{
    const ybb_json *list;
    if (!ybb__json_take_array(b->reader, value, "headers", &list))
        return;
    if (list->count != out->count) {
        ybb__json_fail(b->reader, list, YBB_INVALID_VALUE,
                       "words, or null for the field's own, once for each field", NULL,
                       "has %u header%s for %u field%s", (unsigned)list->count,
                       list->count == 1 ? "" : "s", (unsigned)out->count,
                       out->count == 1 ? "" : "s");
        return;
    }
    for (const ybb_json *item = list->first; item != NULL; item = item->next)
        if (item->kind != YBB_JSON_NULL)
            ybb__catalog_header(b, item, &out->items[item->index].header);
}

static void add_include(const ybb_include *include, columns *out)
{
    for (uint32_t i = 0; i < include->field_count; i++)
        if (!has_field(out, include->fields[i])) {
            ybb_template_column *column = &out->items[out->count++];
            column->field = include->fields[i];
            column->header = include->fields[i]->header;
        }
}

static const ybb_include *find_include(ybb_catalog_builder *b, const ybb_json *value)
{
    const char *names[YBB_MOST_PARTS];
    const ybb_type *type = &b->draft->type;
    uint32_t count = 0;
    for (uint32_t i = 0; i < type->include_count; i++) {
        const char *name = type->includes[i].name;
        if (name == NULL)
            continue;
        if (value->kind == YBB_JSON_TEXT && strcmp(name, value->at) == 0)
            return &type->includes[i];
        names[count++] = name;
    }
    ybb__json_fail_name(b->reader, value, YBB_INVALID_VALUE, "include of that type", names, count);
    return NULL;
}

/* Related fields that the list of fields lacks are added at its end. */
static void read_related(ybb_catalog_builder *b, const ybb_json *value, columns *out)
{
    const ybb_json *list;
    if (!ybb__json_take_array(b->reader, value, "include_related", &list))
        return;
    for (const ybb_json *item = list->first; item != NULL; item = item->next) {
        const ybb_include *include = b->reader->status == YBB_OK ? find_include(b, item) : NULL;
        if (include != NULL)
            add_include(include, out);
    }
}

static void read_columns(ybb_catalog_builder *b, const ybb_json *value, ybb_template *out)
{
    const ybb_json *list;
    ybb__json_need(b->reader, value, "fields");
    if (!ybb__json_take_array(b->reader, value, "fields", &list) ||
        !ybb__catalog_count(b, list, YBB_MOST_COLUMNS))
        return;
    if (list->count == 0)
        ybb__json_fail(b->reader, list, YBB_INVALID_VALUE, NULL, NULL, "has no fields");
    /* No field stands there twice, so there are never more columns than fields. */
    columns c = {ybb__catalog_array(b, b->draft->type.field_count + 1, sizeof(*c.items)), 0};
    if (c.items == NULL)
        return;
    for (const ybb_json *item = list->first; item != NULL && b->reader->status == YBB_OK;
         item = item->next)
        read_column(b, item, &c);
    if (b->reader->status != YBB_OK)
        return;
    read_headers(b, value, &c);
    read_related(b, value, &c);
    out->columns = c.items;
    out->column_count = c.count;
}

/* Of that name, or a new one behind the others; NULL: reported. */
static ybb_template *place(ybb_catalog_builder *b, const ybb_json *value, const char *name)
{
    ybb_type_draft *draft = b->draft;
    for (uint32_t i = 0; i < draft->type.template_count; i++)
        if (strcmp(draft->templates[i].name, name) == 0)
            return &draft->templates[i];
    if (draft->templates == NULL) {
        draft->templates = ybb__catalog_array(b, YBB_MOST_PARTS, sizeof(*draft->templates));
        draft->type.templates = draft->templates;
    }
    if (draft->templates == NULL)
        return NULL;
    if (draft->type.template_count < YBB_MOST_PARTS)
        return &draft->templates[draft->type.template_count++];
    ybb__json_fail(b->reader, value, YBB_INVALID_VALUE, NULL, NULL, "is one template too many");
    return NULL;
}

void ybb__catalog_template(ybb_catalog_builder *b, const ybb_json *value, const char *name)
{
    static const char *const keys[] = {"fields",
                                       "headers",
                                       "include_related",
                                       "max_records_single_file",
                                       "recommended_chunk_size",
                                       "optimized_for_large_datasets"};
    ybb_template made = {.name = ybb__catalog_copy(b, name)};
    if (!ybb__json_is_object(b->reader, value))
        return;
    ybb__catalog_check_name(b, value, name);
    if (strcmp(name, "custom") == 0)
        ybb__json_fail(b->reader, value, YBB_INVALID_VALUE, NULL, NULL,
                       "is a name that stands for a request's own fields");
    ybb__json_known(b->reader, value, keys, sizeof(keys) / sizeof(keys[0]));
    read_columns(b, value, &made);
    ybb__json_take_u64(b->reader, value, "max_records_single_file", 1, INT64_MAX,
                       &made.max_records_single_file);
    ybb__json_take_u64(b->reader, value, "recommended_chunk_size", 1, INT64_MAX,
                       &made.recommended_chunk_size);
    ybb__json_take_bool(b->reader, value, "optimized_for_large_datasets",
                        &made.optimized_for_large_datasets);
    if (b->reader->status != YBB_OK)
        return;
    ybb_template *at = place(b, value, name);
    if (at != NULL)
        *at = made;
}

/* The one member of "templates"; NULL: reported. */
static const ybb_json *only_template(ybb_json_reader *reader)
{
    static const char *const keys[] = {"templates"};
    const ybb_json *templates = NULL;
    if (!ybb__json_is_object(reader, reader->root))
        return NULL;
    ybb__json_known(reader, reader->root, keys, 1);
    ybb__json_need(reader, reader->root, keys[0]);
    if (!ybb__json_take_object(reader, reader->root, keys[0], &templates))
        return NULL;
    if (templates->count == 1)
        return templates->first;
    ybb__json_fail(reader, templates, YBB_INVALID_VALUE, NULL, NULL, "takes one template");
    return NULL;
}

/* It becomes the name of a file. */
static bool is_key(const char *text)
{
    static const char letters[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_";
    size_t length = strspn(text, letters);
    return length > 0 && length < YBB_TEMPLATE_KEY && text[length] == '\0';
}

ybb_status ybb__template_document_key(char *key, const ybb_document *document, ybb_error *error)
{
    ybb_json_reader reader = {.what = "the document",
                              .document = document->name,
                              .max_bytes = YBB_JSON_DOCUMENT_BYTES,
                              .broken = YBB_INVALID_CATALOG,
                              .refused = YBB_INVALID_CATALOG,
                              .error = error};
    const ybb_json *member = NULL;
    if (ybb__json_parse(&reader, document->text, document->length) == YBB_OK)
        member = only_template(&reader);
    if (member != NULL && !is_key(member->key))
        ybb__json_fail(&reader, member, YBB_INVALID_VALUE, NULL, NULL,
                       "is not a type of the catalog, \"_\" and a name of letters, digits and _");
    if (member != NULL && reader.status == YBB_OK)
        strcpy(key, member->key);
    ybb_status status = reader.status;
    ybb__json_release(&reader);
    return status;
}
