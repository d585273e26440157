/*
 * `templates` has spec.md's shape ("Template System") for all types together; `export_types` has
 * what a form for a request, or for a new template, is made of. docs/catalog.md describes both.
 */
#include "report/catalog_answer.h"

#include "base/buffer.h"
#include "report/answer.h"

#include <string.h>

static const char *const languages[YBB_LANGUAGES] = {"en", "id"};
static const char *const types[] = {"text", "integer", "decimal", "date", "datetime", "boolean"};

static void put_words(ybb_answer answer, const char *key, const ybb_words *words)
{
    ybb_answer each = ybb__answer_object(answer, key);
    for (int i = 0; i < YBB_LANGUAGES; i++)
        ybb__answer_text(each, languages[i], words->in[i]);
}

static void put_headers(ybb_answer answer, const char *key, const ybb_template *template,
                        ybb_language language)
{
    ybb_answer list = ybb__answer_array(answer, key);
    for (uint32_t i = 0; i < template->column_count; i++)
        ybb__answer_text(list, NULL, template->columns[i].header.in[language]);
}

static void put_template(ybb_answer answer, const char *key, const ybb_type *type,
                         const ybb_template *template, const ybb_limits *limits)
{
    ybb_answer object = ybb__answer_object(answer, key);
    ybb__answer_text(object, "export_type", type->name);
    ybb__answer_text(object, "template", template->name);
    ybb_answer fields = ybb__answer_array(object, "fields");
    for (uint32_t i = 0; i < template->column_count; i++)
        ybb__answer_text(fields, NULL, template->columns[i].field->name);
    put_headers(object, "headers", template, YBB_ENGLISH);
    ybb_answer every = ybb__answer_object(object, "headers_by_language");
    for (int i = 0; i < YBB_LANGUAGES; i++)
        put_headers(every, languages[i], template, (ybb_language)i);
    uint64_t most = template->max_records_single_file;
    uint64_t chunk = template->recommended_chunk_size;
    ybb__answer_u64(object, "max_records_single_file",
                    most > 0 ? most : limits->max_records_single_file);
    ybb__answer_u64(object, "recommended_chunk_size",
                    chunk > 0 ? chunk : limits->default_chunk_size);
    ybb__answer_bool(object, "optimized_for_large_datasets",
                     template->optimized_for_large_datasets);
}

static void put_templates_of(ybb_answer answer, const ybb_type *type, const ybb_limits *limits)
{
    ybb_buffer key = {0};
    for (uint32_t i = 0; i < type->template_count; i++) {
        ybb__buffer_clear(&key);
        ybb__buffer_put_text(&key, type->name);
        ybb__buffer_put_char(&key, '_');
        ybb__buffer_put_text(&key, type->templates[i].name);
        const char *text = ybb__buffer_text(&key);
        if (text == NULL)
            *answer.failed = true;
        else
            put_template(answer, text, type, &type->templates[i], limits);
    }
    ybb__buffer_free(&key);
}

static void put_labels(ybb_answer answer, const char *key, const ybb_labels *labels)
{
    ybb_answer list = ybb__answer_array(answer, key);
    for (uint32_t i = 0; i < labels->count; i++) {
        ybb_answer item = ybb__answer_item(list);
        ybb__answer_text(item, "value", labels->items[i].value);
        put_words(item, "label", &labels->items[i].text);
    }
}

static void put_fields(ybb_answer answer, const ybb_type *type)
{
    ybb_answer list = ybb__answer_array(answer, "fields");
    for (uint32_t i = 0; i < type->field_count; i++) {
        const ybb_field *field = &type->fields[i];
        ybb_answer item = ybb__answer_item(list);
        ybb__answer_text(item, "name", field->name);
        put_words(item, "header", &field->header);
        ybb__answer_text(item, "type", types[field->type]);
        ybb__answer_bool(item, "sortable", field->sortable);
        ybb__answer_bool(item, "related", field->related);
        put_labels(item, "values", &field->labels);
    }
}

/* The field that shows what a filter compares, so that its values have words; NULL: none. */
static const ybb_field *field_of(const ybb_type *type, const ybb_filter *filter)
{
    if (filter->kind == YBB_FILTER_CASE)
        return filter->field;
    if (filter->kind == YBB_FILTER_RELATED)
        return &type->collections[filter->collection].columns[filter->collection_column];
    if (filter->kind != YBB_FILTER_VALUE)
        return NULL;
    for (uint32_t i = 0; i < type->field_count; i++) {
        const ybb_field *field = &type->fields[i];
        if (field->source == YBB_SOURCE_COLUMN &&
            strcmp(field->column.column, filter->column.column) == 0 &&
            strcmp(field->column.table, filter->column.table) == 0)
            return field;
    }
    return NULL;
}

static const ybb_words *words_of(const ybb_field *field, const char *value)
{
    for (uint32_t i = 0; field != NULL && i < field->labels.count; i++)
        if (strcmp(field->labels.items[i].value, value) == 0)
            return &field->labels.items[i].text;
    return NULL;
}

static void put_values(ybb_answer answer, const ybb_type *type, const ybb_filter *filter)
{
    const ybb_field *field = field_of(type, filter);
    ybb_answer list = ybb__answer_array(answer, "values");
    for (uint32_t i = 0; i < filter->allowed_count; i++) {
        const char *value = filter->allowed[i];
        const ybb_words *words = words_of(field, value);
        ybb_words same = {{value, value}};
        ybb_answer item = ybb__answer_item(list);
        ybb__answer_text(item, "value", value);
        put_words(item, "label", words != NULL ? words : &same);
    }
}

static void put_filters(ybb_answer answer, const ybb_type *type)
{
    static const char *const kinds[] = {"values", "range", "values", "values", "bound", "bound"};
    ybb_answer list = ybb__answer_array(answer, "filters");
    for (uint32_t i = 0; i < type->filter_count; i++) {
        const ybb_filter *filter = &type->filters[i];
        ybb_answer item = ybb__answer_item(list);
        ybb__answer_text(item, "name", filter->name);
        ybb__answer_text(item, "kind", kinds[filter->kind]);
        ybb__answer_text(item, "type", types[filter->type]);
        ybb_answer keys = ybb__answer_array(item, "keys");
        if (filter->kind == YBB_FILTER_RANGE) {
            ybb__answer_text(keys, NULL, filter->first_name);
            ybb__answer_text(keys, NULL, filter->last_name);
        }
        put_values(item, type, filter);
    }
}

static ybb_answer put_option(ybb_answer list, const char *name)
{
    ybb_answer item = ybb__answer_item(list);
    ybb__answer_text(item, "name", name);
    return item;
}

static void put_choices(ybb_answer option, const char *first, const char *second)
{
    ybb_answer list = ybb__answer_array(option, "choices");
    if (first != NULL)
        ybb__answer_text(list, NULL, first);
    if (second != NULL)
        ybb__answer_text(list, NULL, second);
}

/* Without choices an option is true or false; `fields` are those that it adds or changes. */
static void put_options(ybb_answer answer, const ybb_type *type)
{
    ybb_answer list = ybb__answer_array(answer, "options");
    for (uint32_t i = 0; i < type->include_count; i++) {
        const ybb_include *include = &type->includes[i];
        ybb_answer item = put_option(list, include->option);
        put_choices(item, NULL, NULL);
        ybb_answer fields = ybb__answer_array(item, "fields");
        for (uint32_t j = 0; j < include->field_count; j++)
            ybb__answer_text(fields, NULL, include->fields[j]->name);
    }
    if (type->group != NULL) {
        ybb_answer item = put_option(list, type->group->option);
        put_choices(item, NULL, NULL);
        ybb__answer_array(item, "fields");
    }
    if (type->spread != NULL) {
        ybb_answer item = put_option(list, type->spread->option);
        put_choices(item, type->spread->off, type->spread->on);
        ybb__answer_text(ybb__answer_array(item, "fields"), NULL, type->spread->field->name);
    }
}

static void put_includes(ybb_answer answer, const ybb_type *type)
{
    ybb_answer list = ybb__answer_array(answer, "include_related");
    for (uint32_t i = 0; i < type->include_count; i++)
        if (type->includes[i].name != NULL)
            ybb__answer_text(list, NULL, type->includes[i].name);
}

static void put_type(ybb_answer answer, const ybb_type *type)
{
    ybb_answer object = ybb__answer_object(answer, type->name);
    put_words(object, "title", &type->title);
    ybb__answer_bool(object, "has_programs", type->program.column != NULL);
    ybb_answer names = ybb__answer_array(object, "templates");
    for (uint32_t i = 0; i < type->template_count; i++)
        ybb__answer_text(names, NULL, type->templates[i].name);
    put_fields(object, type);
    put_filters(object, type);
    put_options(object, type);
    put_includes(object, type);
}

char *ybb__answer_templates(const ybb_catalog *catalog, const struct ybb_config *config,
                            bool sends_mail)
{
    bool failed;
    ybb_answer answer = ybb__answer_begin(&failed);
    ybb__answer_text(answer, "status", "success");
    ybb_answer templates = ybb__answer_object(answer, "templates");
    for (uint32_t i = 0; i < catalog->type_count; i++)
        put_templates_of(templates, &catalog->types[i], &config->limits);
    ybb_answer every = ybb__answer_object(answer, "export_types");
    for (uint32_t i = 0; i < catalog->type_count; i++)
        put_type(every, &catalog->types[i]);
    ybb__answer_bool(answer, "email_notification", sends_mail);
    return ybb__answer_end(answer);
}
