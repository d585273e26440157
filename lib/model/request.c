/*
 * A request from its JSON to a plain struct, every key and value checked. What cannot be carried
 * out yet is understood all the same and refused in one place (refuse_unsupported).
 */
#include "model/request.h"

#include "base/timezone.h"
#include "model/request_read.h"
#include "model/settings.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char *const formats[] = {"excel", "csv", "pdf"};

const char *ybb__format_name(ybb_format format)
{
    return formats[format];
}

void *ybb__request_array(ybb_request_reader *r, size_t count, size_t size)
{
    void *items = ybb__arena_array(&r->request->arena, count > 0 ? count : 1, size);
    if (items == NULL)
        ybb__json_fail_memory(r->reader);
    return items;
}

const char *ybb__request_text(ybb_request_reader *r, const char *text)
{
    char *copy = text == NULL ? NULL : ybb__arena_text(&r->request->arena, text);
    if (text != NULL && copy == NULL)
        ybb__json_fail_memory(r->reader);
    return copy;
}

void ybb__request_warn(ybb_request_reader *r, const char *code, const char *field,
                       const char *format, ...)
{
    char message[YBB_ERROR_TEXT];
    va_list values;
    va_start(values, format);
    if (vsnprintf(message, sizeof(message), format, values) < 0)
        message[0] = '\0';
    va_end(values);
    const ybb_warning warning = {code, ybb__request_text(r, message), field};
    ybb__buffer_put(&r->warnings, &warning, sizeof(warning));
    if (ybb__buffer_failed(&r->warnings))
        ybb__json_fail_memory(r->reader);
}

static void check_root(ybb_request_reader *r, const ybb_json *root)
{
    static const char *const keys[] = {
        "export_type",      "program_id",      "format",  "template",
        "fields",           "filters",         "options", "large_dataset_options",
        "delivery_options", "idempotency_key", "owner",   YBB_PRESENTATION_KEYS};
    if (ybb__json_is_object(r->reader, root))
        ybb__json_known(r->reader, root, keys, sizeof(keys) / sizeof(keys[0]));
}

static void take_type(ybb_request_reader *r, const ybb_json *root)
{
    const char *name;
    char allowed[YBB_ERROR_TEXT];
    uint32_t count = r->catalog->type_count;
    const char **names = ybb__request_array(r, count, sizeof(char *));
    if (names != NULL)
        ybb__catalog_type_names(r->catalog, names);
    const ybb_json *value = ybb__json_member(root, "export_type");
    if (names != NULL && (value == NULL || value->kind == YBB_JSON_NULL)) {
        ybb__json_list_names(allowed, sizeof(allowed), names, count);
        ybb__json_fail_missing_value(r->reader, root, "export_type", allowed);
    }
    if (!ybb__json_take_text(r->reader, root, "export_type", &name))
        return;
    r->request->type = ybb__catalog_type(r->catalog, name);
    if (r->request->type == NULL && names != NULL)
        ybb__json_fail_name(r->reader, value, YBB_UNKNOWN_EXPORT_TYPE, "export type", names, count);
}

static void take_program(ybb_request_reader *r, const ybb_json *root)
{
    uint64_t program;
    bool has_programs = r->request->type->program.column != NULL;
    if (ybb__json_take_u64(r->reader, root, "program_id", 1, INT64_MAX, &program)) {
        r->request->has_program = true;
        r->request->program_id = (int64_t)program;
        if (!has_programs)
            ybb__json_fail(r->reader, ybb__json_member(root, "program_id"), YBB_INVALID_VALUE,
                           "no program_id", NULL, "is given, but %s have no program",
                           r->request->type->name);
    } else if (r->config->require_program && has_programs) {
        ybb__json_need(r->reader, root, "program_id");
    }
}

static void take_format(ybb_request_reader *r, const ybb_json *root)
{
    uint32_t format;
    if (ybb__json_take_choice(r->reader, root, "format", formats, YBB_FORMATS, &format))
        r->request->format = (ybb_format)format;
}

static bool is_control(char c)
{
    return (unsigned char)c < ' ' || c == '\x7f';
}

/* A short text that goes into records and logs. */
static void take_tag(ybb_request_reader *r, const ybb_json *root, const char *key, const char **out)
{
    enum { MOST_BYTES = 200 };
    const char *text;
    if (!ybb__json_take_text(r->reader, root, key, &text))
        return;
    const ybb_json *value = ybb__json_member(root, key);
    bool plain = value->length > 0 && value->length <= MOST_BYTES;
    for (size_t i = 0; plain && i < value->length; i++)
        plain = !is_control(text[i]);
    if (plain)
        *out = ybb__request_text(r, text);
    else
        ybb__json_fail(r->reader, value, YBB_INVALID_VALUE,
                       "1 to 200 bytes without control characters", NULL,
                       "is empty, too long, or has control characters");
}

static bool can_sort(const ybb_field *field)
{
    return field->sortable && field->source == YBB_SOURCE_COLUMN;
}

static void fail_sort(ybb_request_reader *r, const ybb_json *value, bool known)
{
    const ybb_type *type = r->request->type;
    const char **names = ybb__request_array(r, type->field_count, sizeof(char *));
    size_t count = 0;
    for (uint32_t i = 0; names != NULL && i < type->field_count; i++)
        if (can_sort(&type->fields[i]))
            names[count++] = type->fields[i].name;
    if (names != NULL)
        ybb__json_fail_name(r->reader, value, known ? YBB_INVALID_VALUE : YBB_UNKNOWN_FIELD,
                            known ? "field to sort by" : "field of this export type", names, count);
}

static void take_sort(ybb_request_reader *r, const ybb_json *options)
{
    static const char *const orders[] = {"asc", "desc"};
    const char *name;
    uint32_t order;
    if (ybb__json_take_choice(r->reader, options, "sort_order", orders, 2, &order))
        r->request->descending = order == 1;
    if (!ybb__json_take_text(r->reader, options, "sort_by", &name))
        return;
    const ybb_field *field = ybb__type_field(r->request->type, name);
    if (field != NULL && can_sort(field))
        r->request->sort = field;
    else
        fail_sort(r, ybb__json_member(options, "sort_by"), field != NULL);
}

/* Groups have an order of their own. A client may send its usual sort along with them. */
static void pass_over_sort(ybb_request_reader *r)
{
    ybb_request *request = r->request;
    if (!request->grouped || (request->sort == NULL && !request->descending))
        return;
    const char *field = request->sort != NULL ? "options.sort_by" : "options.sort_order";
    ybb__request_warn(r, "SORT_IGNORED", field, "records in groups are sorted by their group");
    request->sort = NULL;
    request->descending = false;
}

/* A request that names the zone that times are stored in asks for nothing. */
static void take_timezone(ybb_request_reader *r, const ybb_json *options)
{
    static const char utc[] = "UTC";
    const char *name, *stored = r->config->database_timezone;
    if (stored == NULL)
        stored = utc;
    if (!ybb__json_take_text(r->reader, options, "timezone", &name) || *name == '\0')
        return;
    if (!ybb__timezone_known(name)) {
        ybb__refuse_timezone(r->reader, ybb__json_member(options, "timezone"));
    } else if (strcmp(name, stored) != 0) {
        r->request->timezone = ybb__request_text(r, name);
        r->request->stored_timezone = stored;
    }
}

/* Options that the catalog gives this type: its group and its spread. */
static void take_type_options(ybb_request_reader *r, const ybb_json *options)
{
    const ybb_group *group = r->request->type->group;
    const ybb_spread *spread = r->request->type->spread;
    if (group != NULL)
        ybb__json_take_bool(r->reader, options, group->option, &r->request->grouped);
    uint32_t layout;
    if (spread == NULL)
        return;
    const char *const layouts[] = {spread->off, spread->on};
    if (ybb__json_take_choice(r->reader, options, spread->option, layouts, 2, &layout))
        r->request->spread = layout == 1;
}

/* Options are known by type: one that does nothing here is a mistake worth telling. */
static void check_options(ybb_request_reader *r, const ybb_json *options)
{
    static const char *const common[] = {"include_related", "batch_size",      "sort_by",
                                         "sort_order",      "timezone",        "include_deleted",
                                         "language",        "include_summary", "include_about"};
    enum { COMMON = sizeof(common) / sizeof(common[0]) };
    const ybb_type *type = r->request->type;
    const char **known =
        ybb__request_array(r, (size_t)type->include_count + COMMON + 2, sizeof(char *));
    if (known == NULL)
        return;
    memcpy(known, common, sizeof(common));
    size_t count = COMMON;
    for (uint32_t i = 0; i < type->include_count; i++)
        known[count++] = type->includes[i].option;
    if (type->group != NULL)
        known[count++] = type->group->option;
    if (type->spread != NULL)
        known[count++] = type->spread->option;
    for (const ybb_json *at = options->first; at != NULL; at = at->next) {
        size_t i = 0;
        while (i < count && strcmp(known[i], at->key) != 0)
            i++;
        if (i == count)
            ybb__json_fail_key(r->reader, at, YBB_UNKNOWN_KEY, "option of this export type", known,
                               count);
    }
}

static void take_options(ybb_request_reader *r, const ybb_json *root)
{
    static const char *const languages[] = {"en", "id"};
    ybb_request *request = r->request;
    const ybb_json *options;
    uint32_t language;
    if (!ybb__json_take_object(r->reader, root, "options", &options))
        return;
    check_options(r, options);
    if (ybb__json_take_choice(r->reader, options, "language", languages, YBB_LANGUAGES, &language))
        request->language = (ybb_language)language;
    ybb__json_take_bool(r->reader, options, "include_deleted", &request->include_deleted);
    ybb__json_take_bool(r->reader, options, "include_summary", &request->include_summary);
    ybb__json_take_bool(r->reader, options, "include_about", &request->include_about);
    take_sort(r, options);
    take_timezone(r, options);
    take_type_options(r, options);
    pass_over_sort(r);
}

static void refuse_sheet(ybb_request_reader *r, const ybb_json *option)
{
    ybb__json_fail(r->reader, option, YBB_INVALID_VALUE, "false, or format \"excel\"", NULL,
                   "asks for a sheet, which only files of format \"excel\" have");
}

/* Sheets that only one format has. */
static void check_sheets(ybb_request_reader *r, const ybb_json *root)
{
    const ybb_request *request = r->request;
    const ybb_json *options = ybb__json_member(root, "options");
    if (request->format == YBB_EXCEL)
        return;
    if (request->include_summary)
        refuse_sheet(r, ybb__json_member(options, "include_summary"));
    if (request->include_about)
        refuse_sheet(r, ybb__json_member(options, "include_about"));
}

/* What this build cannot do. */
static void refuse_unsupported(ybb_request_reader *r, const ybb_json *root)
{
#ifdef HAVE_PDF
    (void)r;
    (void)root;
#else
    if (r->request->format == YBB_PDF)
        ybb__json_fail(r->reader, ybb__json_member(root, "format"), YBB_UNSUPPORTED, NULL, NULL,
                       "asks for what this version cannot do");
#endif
}

/* With shared ones the rows wait, in a spool on the disk, until the last text is written. */
static void settle_strings(ybb_request_reader *r, const ybb_json *root)
{
    ybb_request *request = r->request;
    if (request->strategy != YBB_WISH_STREAMING || request->format != YBB_EXCEL)
        return;
    const ybb_json *strings = ybb__json_member(ybb__json_member(root, "xlsx"), "strings");
    if (strings != NULL && strings->kind == YBB_JSON_TEXT &&
        request->presentation.xlsx.strings == YBB_STRINGS_SHARED)
        ybb__request_warn(r, "STRINGS_INLINE", "xlsx.strings",
                          "the texts of a stream are inline: with shared ones its rows would wait "
                          "for the last of them");
    request->presentation.xlsx.strings = YBB_STRINGS_INLINE;
}

static void keep_json(ybb_request_reader *r, const ybb_json *root)
{
    ybb_buffer json = {0};
    ybb__json_write(&json, root, 0);
    const char *text = ybb__buffer_text(&json);
    if (text == NULL)
        ybb__json_fail_memory(r->reader);
    r->request->json = ybb__request_text(r, text);
    ybb__buffer_free(&json);
}

static void keep_warnings(ybb_request_reader *r)
{
    size_t count = r->warnings.length / sizeof(ybb_warning);
    ybb_warning *warnings = ybb__request_array(r, count, sizeof(*warnings));
    if (warnings != NULL && count > 0)
        memcpy(warnings, r->warnings.at, r->warnings.length);
    r->request->warnings = warnings;
    r->request->warning_count = (uint32_t)count;
}

static void read_request(ybb_request_reader *r, const ybb_json *root)
{
    ybb_request *request = r->request;
    check_root(r, root);
    take_type(r, root);
    if (r->reader->status != YBB_OK)
        return;
    take_program(r, root);
    take_format(r, root);
    take_tag(r, root, "idempotency_key", &request->idempotency_key);
    take_tag(r, root, "owner", &request->owner);
    ybb__request_filters(r, root);
    take_options(r, root);
    request->file_names = &r->config->file_names;
    request->pdf_fonts = &r->config->pdf_fonts;
    request->pdf_max_pages = r->config->limits.pdf_max_pages;
    request->presentation = r->config->presentation;
    ybb__presentation_read(r->reader, root, &request->arena, &request->presentation);
    ybb__request_columns(r, root);
    ybb__request_delivery(r, root);
    settle_strings(r, root);
    check_sheets(r, root);
    refuse_unsupported(r, root);
    keep_json(r, root);
    keep_warnings(r);
}

ybb_status ybb__request_parse(ybb_request **out, const char *json, size_t length,
                              const ybb_catalog *catalog, const struct ybb_config *config,
                              ybb_error *error)
{
    *out = NULL;
    ybb_json_reader reader = {
        .what = "the request", .max_bytes = YBB_JSON_REQUEST_BYTES, .error = error};
    ybb_request *request = calloc(1, sizeof(*request));
    if (request == NULL)
        return ybb__fail_memory(error);
    ybb_request_reader r = {
        .reader = &reader, .catalog = catalog, .config = config, .request = request};
    if (ybb__json_parse(&reader, json, length) == YBB_OK)
        read_request(&r, reader.root);
    ybb_status status = reader.status;
    ybb__json_release(&reader);
    ybb__buffer_free(&r.warnings);
    if (status == YBB_OK)
        *out = request;
    else
        ybb__request_free(request);
    return status;
}

void ybb__request_free(ybb_request *request)
{
    if (request == NULL)
        return;
    ybb__arena_free(&request->arena);
    free(request);
}
