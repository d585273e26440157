#include "model/request_read.h"

#include "base/text.h"

#include <string.h>

static const char custom_name[] = "custom";

/* The columns as they are put together. */
typedef struct list {
    ybb_request_column *items; /* room for every field of the type */
    uint32_t count;
} list;

static uint32_t find(const list *columns, const ybb_field *field)
{
    uint32_t i = 0;
    while (i < columns->count && columns->items[i].field != field)
        i++;
    return i;
}

static const char *own_header(const ybb_request_reader *r, const ybb_field *field)
{
    return field->header.in[r->request->language];
}

static void insert(list *columns, uint32_t at, const ybb_field *field, const char *header)
{
    memmove(&columns->items[at + 1], &columns->items[at],
            (columns->count - at) * sizeof(columns->items[0]));
    columns->items[at] = (ybb_request_column){field, header};
    columns->count++;
}

static void take_out(list *columns, uint32_t at)
{
    columns->count--;
    memmove(&columns->items[at], &columns->items[at + 1],
            (columns->count - at) * sizeof(columns->items[0]));
}

/* A header that a mapping has for the field, else @header. */
static const char *mapped(const ybb_request_reader *r, const ybb_field *field, const char *header)
{
    const char *mapping = ybb__mapping_header(&r->request->presentation.mappings,
                                              r->request->type->name, field->name);
    return mapping != NULL ? mapping : header;
}

/* The names of a type's fields, for a message; NULL without memory. */
static const char **field_names(ybb_request_reader *r, const ybb_type *type)
{
    const char **names = ybb__request_array(r, (size_t)type->field_count + 1, sizeof(char *));
    if (names != NULL)
        ybb__type_field_names(type, names);
    return names;
}

static void fail_field(ybb_request_reader *r, const ybb_json *at)
{
    const ybb_type *type = r->request->type;
    const char **names = field_names(r, type);
    if (names != NULL)
        ybb__json_fail_name(r->reader, at, YBB_UNKNOWN_FIELD, "field of this export type", names,
                            type->field_count);
}

/* One wish of the template `custom`; @at is what to blame. */
static void add_wish(ybb_request_reader *r, list *columns, const ybb_field_wish *wish,
                     const ybb_json *at)
{
    const ybb_field *field = ybb__type_field(r->request->type, wish->field);
    if (r->reader->status != YBB_OK)
        return;
    if (field == NULL)
        fail_field(r, at);
    else if (find(columns, field) < columns->count)
        ybb__json_fail(r->reader, at, YBB_INVALID_VALUE, "each field once", NULL,
                       "names a field twice: \"%s\"", wish->field);
    else
        insert(columns, columns->count, field,
               wish->header != NULL ? wish->header : mapped(r, field, own_header(r, field)));
}

/* The text that names the field in an item of "fields". */
static const ybb_json *name_in(const ybb_json *item)
{
    const ybb_json *name = ybb__json_member(item, "field");
    return name != NULL ? name : item;
}

static void add_wishes(ybb_request_reader *r, list *columns, const ybb_json *fields)
{
    ybb_field_wishes wishes = {0};
    if (ybb__fields_read(r->reader, fields, NULL, &r->request->arena, &wishes) != YBB_OK)
        return;
    const ybb_json *item = fields->first;
    for (uint32_t i = 0; i < wishes.count && item != NULL; i++, item = item->next)
        add_wish(r, columns, &wishes.items[i], name_in(item));
}

/* The mistake is not the request's. */
static void fail_default_wish(ybb_request_reader *r, const ybb_field_wish *wish, bool known,
                              const ybb_json *at)
{
    static const char whose[] = "takes the fields of the configuration";
    char allowed[YBB_ERROR_TEXT];
    const ybb_type *type = r->request->type;
    const char **names = field_names(r, type);
    if (names == NULL)
        return;
    ybb__json_list_names(allowed, sizeof(allowed), names, type->field_count);
    if (known)
        ybb__json_fail(r->reader, at, YBB_INVALID_CONFIG, allowed, NULL,
                       "%s, which name \"%s\" twice", whose, wish->field);
    else
        ybb__json_fail(r->reader, at, YBB_INVALID_CONFIG, allowed,
                       ybb__text_nearest(wish->field, names, type->field_count),
                       "%s, but %s has no \"%s\"", whose, type->name, wish->field);
}

/* The configuration's, for a request of the template `custom` without fields. Those of other types
 * are passed over. */
static void add_default_wishes(ybb_request_reader *r, list *columns, const ybb_json *root)
{
    const ybb_field_wishes *wishes = &r->config->fields;
    const ybb_json *blame = ybb__json_member(root, "template");
    for (uint32_t i = 0; i < wishes->count; i++) {
        const ybb_field_wish *wish = &wishes->items[i];
        const ybb_field *field = ybb__type_field(r->request->type, wish->field);
        if (wish->type != NULL && strcmp(wish->type, r->request->type->name) != 0)
            continue;
        if (field == NULL || find(columns, field) < columns->count)
            fail_default_wish(r, wish, field != NULL, blame);
        else
            add_wish(r, columns, wish, blame);
    }
    if (columns->count == 0)
        ybb__json_fail_missing_value(r->reader, root, "fields", "a list of names of fields");
}

static void add_template(ybb_request_reader *r, list *columns)
{
    const ybb_template *from = r->request->template_;
    for (uint32_t i = 0; i < from->column_count; i++) {
        const ybb_field *field = from->columns[i].field;
        const char *header = from->columns[i].header.in[r->request->language];
        if (find(columns, field) == columns->count)
            insert(columns, columns->count, field, mapped(r, field, header));
    }
}

/* Adds the fields that are not there, together and in their order, behind include->after. */
static void include(ybb_request_reader *r, list *columns, const ybb_include *what)
{
    const ybb_field *after =
        what->after != NULL ? ybb__type_field(r->request->type, what->after) : NULL;
    uint32_t at = after != NULL ? find(columns, after) : columns->count;
    if (at < columns->count)
        at++;
    for (uint32_t i = 0; i < what->field_count; i++) {
        const ybb_field *field = what->fields[i];
        if (find(columns, field) == columns->count)
            insert(columns, at++, field, mapped(r, field, own_header(r, field)));
    }
}

static void exclude(list *columns, const ybb_include *what)
{
    for (uint32_t i = 0; i < what->field_count; i++) {
        uint32_t at = find(columns, what->fields[i]);
        if (at < columns->count)
            take_out(columns, at);
    }
}

/* include_related first, so that an option for some fields wins over the one for all. */
static void apply_options(ybb_request_reader *r, list *columns, const ybb_json *options)
{
    const ybb_type *type = r->request->type;
    bool wanted = true;
    ybb__json_take_bool(r->reader, options, "include_related", &wanted);
    for (uint32_t i = columns->count; !wanted && i > 0; i--)
        if (columns->items[i - 1].field->related)
            take_out(columns, i - 1);
    for (uint32_t i = 0; i < type->include_count; i++) {
        const ybb_include *what = &type->includes[i];
        if (!ybb__json_take_bool(r->reader, options, what->option, &wanted))
            continue;
        if (wanted)
            include(r, columns, what);
        else
            exclude(columns, what);
    }
}

static bool gives_fields(const ybb_json *root)
{
    const ybb_json *fields = ybb__json_member(root, "fields");
    return fields != NULL && fields->kind != YBB_JSON_NULL &&
           !(fields->kind == YBB_JSON_ARRAY && fields->count == 0);
}

static void fail_template(ybb_request_reader *r, const ybb_json *root)
{
    const ybb_type *type = r->request->type;
    const char **names = ybb__request_array(r, (size_t)type->template_count + 1, sizeof(char *));
    if (names == NULL)
        return;
    for (uint32_t i = 0; i < type->template_count; i++)
        names[i] = type->templates[i].name;
    names[type->template_count] = custom_name;
    ybb__json_fail_name(r->reader, ybb__json_member(root, "template"), YBB_UNKNOWN_TEMPLATE,
                        "template of this export type", names, (size_t)type->template_count + 1);
}

/* "standard" by default, "custom" where fields are given; fields beside another template would be
 * lost, so they are refused. */
static void choose_template(ybb_request_reader *r, const ybb_json *root)
{
    ybb_request *request = r->request;
    const char *name = gives_fields(root) ? custom_name : "standard";
    bool named = ybb__json_take_text(r->reader, root, "template", &name);
    request->template_name = ybb__request_text(r, name);
    if (r->reader->status != YBB_OK || strcmp(name, custom_name) == 0)
        return;
    request->template_ = ybb__type_template(request->type, name);
    if (request->template_ != NULL && gives_fields(root))
        ybb__json_fail(r->reader, ybb__json_member(root, "fields"), YBB_INVALID_VALUE,
                       "no fields, or the template \"custom\"", NULL,
                       "belong to the template \"custom\", not to \"%s\"", name);
    else if (request->template_ == NULL && named)
        fail_template(r, root);
    else if (request->template_ == NULL)
        ybb__json_fail_missing(r->reader, root, "template");
}

static void fail_mapped_type(ybb_request_reader *r, const ybb_json *at)
{
    uint32_t count = r->catalog->type_count;
    const char **names = ybb__request_array(r, (size_t)count + 1, sizeof(char *));
    if (names == NULL)
        return;
    ybb__catalog_type_names(r->catalog, names);
    ybb__json_fail_key(r->reader, at, YBB_UNKNOWN_EXPORT_TYPE, "export type", names, count);
}

static void check_mapped_fields(ybb_request_reader *r, const ybb_type *type, const ybb_json *fields)
{
    for (const ybb_json *at = fields->first; at != NULL; at = at->next)
        if (ybb__type_field(type, at->key) == NULL) {
            const char **names = field_names(r, type);
            if (names != NULL)
                ybb__json_fail_key(r->reader, at, YBB_UNKNOWN_FIELD, "field of that export type",
                                   names, type->field_count);
            return;
        }
}

/* field_mappings, which were read without the catalog. */
static void check_mappings(ybb_request_reader *r, const ybb_json *root)
{
    const ybb_json *mappings = ybb__json_member(root, "field_mappings");
    const ybb_json *at = mappings != NULL ? mappings->first : NULL;
    for (; at != NULL && r->reader->status == YBB_OK; at = at->next) {
        const ybb_type *type = ybb__catalog_type(r->catalog, at->key);
        if (type == NULL)
            fail_mapped_type(r, at);
        else
            check_mapped_fields(r, type, at);
    }
}

void ybb__request_columns(ybb_request_reader *r, const ybb_json *root)
{
    ybb_request *request = r->request;
    list columns = {
        ybb__request_array(r, (size_t)request->type->field_count + 1, sizeof(ybb_request_column)),
        0};
    choose_template(r, root);
    check_mappings(r, root);
    if (columns.items == NULL || r->reader->status != YBB_OK)
        return;
    if (request->template_ != NULL)
        add_template(r, &columns);
    else if (gives_fields(root))
        add_wishes(r, &columns, ybb__json_member(root, "fields"));
    else
        add_default_wishes(r, &columns, root);
    apply_options(r, &columns, ybb__json_member(root, "options"));
    const ybb_json *options = ybb__json_member(root, "options");
    if (r->reader->status == YBB_OK && columns.count == 0)
        ybb__json_fail(r->reader, options != NULL ? options : root, YBB_INVALID_VALUE,
                       "options that leave one column at least", NULL, "leaves no column");
    request->columns = columns.items;
    request->column_count = columns.count;
}
