#include "encode/pdf_notes.h"

#include "base/text.h"
#include "base/utf8.h"

#include <string.h>

static const struct words {
    const char *program, *filters, *time, *sort, *descending, *limit, *deleted, *zone;
} words[] = {[YBB_ENGLISH] = {"Program", "Filters", "Created", "Sorted by", "descending", "Limit",
                              "Deleted records included", "Time zone"},
             [YBB_INDONESIAN] = {"Program", "Filter", "Dibuat", "Diurutkan menurut", "menurun",
                                 "Batas", "Data terhapus disertakan", "Zona waktu"}};

enum { FIRST_STRONG_ISOLATE = 0x2068, POP_ISOLATE = 0x2069 };

/* Whether anything in it may have to do with directions. */
static bool needs_isolation(const char *at, size_t length)
{
    enum { FIRST = 0xD6 /* the first byte of U+0590, where Hebrew begins */ };
    for (size_t i = 0; i < length; i++)
        if ((unsigned char)at[i] >= FIRST)
            return true;
    return false;
}

static void put_code_point(ybb_buffer *out, uint32_t code_point)
{
    char bytes[4];
    ybb__buffer_put(out, bytes, ybb__utf8_put(bytes, code_point));
}

/* Without the ends of isolates that it does not begin: they would end the one around it. */
static void put_balanced(ybb_buffer *out, const char *at, size_t length)
{
    uint32_t open = 0;
    for (size_t taken; length > 0; at += taken, length -= taken) {
        uint32_t code_point = ybb__utf8_next(at, length, &taken);
        if (code_point == POP_ISOLATE && open == 0)
            continue;
        open += code_point >= 0x2066 && code_point <= FIRST_STRONG_ISOLATE;
        open -= code_point == POP_ISOLATE;
        if (code_point == '\n' || code_point == '\r')
            ybb__buffer_put_char(out, ' ');
        else
            ybb__buffer_put(out, at, taken);
    }
}

void ybb__pdf_put_isolated(ybb_buffer *out, const char *at, size_t length)
{
    bool isolated = needs_isolation(at, length);
    if (isolated)
        put_code_point(out, FIRST_STRONG_ISOLATE);
    put_balanced(out, at, length);
    if (isolated)
        put_code_point(out, POP_ISOLATE);
}

/* The field that a filter is about: of its name, else of its column. */
static const ybb_field *field_of(const ybb_type *type, const ybb_filter *filter)
{
    const ybb_field *field = ybb__type_field(type, filter->name);
    for (uint32_t i = 0; field == NULL && filter->column.column != NULL && i < type->field_count;
         i++) {
        const ybb_field *other = &type->fields[i];
        if (other->source == YBB_SOURCE_COLUMN && other->column.column != NULL &&
            strcmp(other->column.column, filter->column.column) == 0 &&
            strcmp(other->column.table, filter->column.table) == 0)
            field = other;
    }
    return field != NULL ? field : filter->field;
}

static void put_value(ybb_buffer *out, const ybb_value *value, const ybb_field *field,
                      ybb_language language)
{
    char number[YBB_NUMBER_TEXT];
    const char *text = value->at;
    size_t length = value->length;
    if (value->kind != YBB_VALUE_TEXT) {
        length = value->kind == YBB_VALUE_UNSIGNED
                     ? ybb__text_from_u64(number, (uint64_t)value->number)
                     : ybb__text_from_i64(number, value->number);
        text = number;
    }
    for (uint32_t i = 0; field != NULL && i < field->labels.count; i++)
        if (ybb__text_equal(text, length, field->labels.items[i].value)) {
            ybb__buffer_put_text(out, field->labels.items[i].text.in[language]);
            return;
        }
    ybb__pdf_put_isolated(out, text, length);
}

static void put_range(ybb_buffer *out, const ybb_filter_use *use, ybb_language language)
{
    if (use->first.kind != YBB_VALUE_NULL)
        put_value(out, &use->first, NULL, language);
    ybb__buffer_put_text(out, " \xE2\x80\x93 ");
    if (use->last.kind != YBB_VALUE_NULL)
        put_value(out, &use->last, NULL, language);
}

static void put_filter(ybb_buffer *out, const ybb_request *request, const ybb_filter_use *use)
{
    const ybb_filter *filter = use->filter;
    const ybb_field *field = field_of(request->type, filter);
    ybb__buffer_put_text(out, field != NULL ? field->header.in[request->language] : filter->name);
    if (filter->kind == YBB_FILTER_RANGE) {
        ybb__buffer_put_text(out, " ");
        put_range(out, use, request->language);
        return;
    }
    ybb__buffer_put_text(out, filter->kind == YBB_FILTER_AT_LEAST  ? " \xE2\x89\xA5 "
                              : filter->kind == YBB_FILTER_AT_MOST ? " \xE2\x89\xA4 "
                                                                   : " = ");
    if (filter->kind == YBB_FILTER_AT_LEAST || filter->kind == YBB_FILTER_AT_MOST)
        put_value(out, &use->first, field, request->language);
    for (uint32_t i = 0; i < use->value_count; i++) {
        ybb__buffer_put_text(out, i > 0 ? ", " : "");
        put_value(out, &use->values[i], field, request->language);
    }
}

/* Puts the separator, unless nothing stands before it. */
static void part(ybb_buffer *out, size_t begin, const char *separator)
{
    if (out->length > begin)
        ybb__buffer_put_text(out, separator);
}

static void put_word(ybb_buffer *out, const char *word)
{
    ybb__buffer_put_text(out, word);
    ybb__buffer_put_char(out, ' ');
}

static void put_program(ybb_buffer *out, const ybb_request *request)
{
    char number[YBB_NUMBER_TEXT];
    put_word(out, words[request->language].program);
    ybb__buffer_put(out, number, ybb__text_from_i64(number, request->program_id));
}

static void put_filters(ybb_buffer *out, const ybb_request *request)
{
    ybb__buffer_put_text(out, words[request->language].filters);
    ybb__buffer_put_char(out, ':');
    for (uint32_t i = 0; i < request->filter_count; i++) {
        ybb__buffer_put_text(out, i > 0 ? "; " : " ");
        put_filter(out, request, &request->filters[i]);
    }
}

static void put_sort(ybb_buffer *out, const ybb_request *request)
{
    const struct words *said = &words[request->language];
    const ybb_field *field =
        request->sort != NULL ? request->sort : ybb__type_field(request->type, request->type->key);
    put_word(out, said->sort);
    ybb__buffer_put_text(out,
                         field != NULL ? field->header.in[request->language] : request->type->key);
    if (request->descending) {
        ybb__buffer_put_text(out, ", ");
        ybb__buffer_put_text(out, said->descending);
    }
}

/* What is not as usual: order, limit, deleted records, time zone. */
static void put_choices(ybb_buffer *out, const ybb_request *request, const char *separator)
{
    size_t begin = out->length;
    const struct words *said = &words[request->language];
    if (!request->grouped && (request->sort != NULL || request->descending))
        put_sort(out, request);
    if (request->limit != UINT64_MAX) {
        part(out, begin, separator);
        put_word(out, said->limit);
        ybb__buffer_put_u64(out, request->limit);
    }
    if (request->include_deleted) {
        part(out, begin, separator);
        ybb__buffer_put_text(out, said->deleted);
    }
    if (request->timezone != NULL) {
        part(out, begin, separator);
        put_word(out, said->zone);
        ybb__buffer_put_text(out, request->timezone);
    }
}

/* All of them, those of a kind on a line of their own. */
static void put_notes(ybb_buffer *out, const ybb_request *request, const char *separator,
                      const char *line)
{
    if (request->filter_count > 0) {
        part(out, 0, line);
        put_filters(out, request);
    }
    size_t before = out->length;
    part(out, 0, line);
    size_t begin = out->length;
    put_choices(out, request, separator);
    if (out->length == begin)
        out->length = before;
}

void ybb__pdf_notes_title(ybb_buffer *out, const ybb_request *request, const char *time)
{
    static const char separator[] = "   ";
    if (request->has_program)
        put_program(out, request);
    part(out, 0, separator);
    put_word(out, words[request->language].time);
    ybb__buffer_put_text(out, time);
    put_notes(out, request, separator, "\n");
}

void ybb__pdf_notes_subject(ybb_buffer *out, const ybb_request *request)
{
    static const char separator[] = "; ";
    if (request->has_program)
        put_program(out, request);
    put_notes(out, request, separator, separator);
}
