#include "model/request_read.h"

#include "base/clock.h"
#include "base/text.h"

#include <stdio.h>
#include <string.h>

enum {
    MOST_VALUES = 1000, /* in one list */
    /* DECIMAL(65,30), the widest that MariaDB and MySQL compare exactly. */
    DECIMAL_DIGITS = 35,
    DECIMAL_PLACES = 30,
    DECIMAL_TEXT = DECIMAL_DIGITS + DECIMAL_PLACES + 3
};

static const char any_name[] = "all";

/* What one filter may be, for messages. */
typedef struct names {
    const char **items;
    size_t count;
} names;

static bool is_text(const ybb_json *value, const char *text)
{
    return value->kind == YBB_JSON_TEXT && strcmp(value->at, text) == 0;
}

/* A value that does not filter: null, "", "all", an empty list. */
static bool is_idle(const ybb_json *value)
{
    if (value->kind == YBB_JSON_ARRAY)
        return value->count == 0;
    return value->kind == YBB_JSON_NULL || is_text(value, "") || is_text(value, any_name);
}

/* Whether every item is idle. One beside others that filter is refused below: taking it for "all"
 * would export more, leaving it out less, than was perhaps meant. */
static bool is_idle_list(const ybb_json *value)
{
    if (value->kind != YBB_JSON_ARRAY)
        return false;
    for (const ybb_json *item = value->first; item != NULL; item = item->next)
        if (!is_idle(item))
            return false;
    return true;
}

/* The enumeration of a filter and "all"; none where it takes any value. */
static names allowed_names(ybb_request_reader *r, const ybb_filter *filter)
{
    names all = {ybb__request_array(r, (size_t)filter->allowed_count + 1, sizeof(char *)), 0};
    if (all.items == NULL || filter->allowed_count == 0)
        return all;
    memcpy(all.items, filter->allowed, filter->allowed_count * sizeof(char *));
    all.count = filter->allowed_count;
    all.items[all.count++] = any_name;
    return all;
}

/* Whether the text, or a number as decimal text, is one of the names but the last, "all". */
static bool is_allowed(const names *all, const char *text)
{
    for (size_t i = 0; i + 1 < all->count; i++)
        if (strcmp(all->items[i], text) == 0)
            return true;
    return all->count == 0;
}

static void fail_value(ybb_request_reader *r, const ybb_json *value, const names *all)
{
    ybb__json_fail_name(r->reader, value, YBB_INVALID_VALUE, "value of this filter", all->items,
                        all->count);
}

static void read_integer(ybb_request_reader *r, const ybb_json *value, const names *all,
                         ybb_value *out)
{
    char text[YBB_NUMBER_TEXT];
    int64_t number;
    if (value->kind != YBB_JSON_NUMBER && value->kind != YBB_JSON_TEXT) {
        ybb__json_fail_type(r->reader, value, "an integer, its decimal text, or \"all\"");
    } else if (!ybb__json_to_i64(value, &number)) {
        if (all->count > 0)
            fail_value(r, value, all);
        else
            ybb__json_fail(r->reader, value, YBB_INVALID_VALUE, "an integer, or \"all\"", NULL,
                           "is no integer of 64 bits: %.40s", value->at);
    } else {
        ybb__text_from_i64(text, number);
        /* a name of an enumeration has one form: not "02" */
        if (!is_allowed(all, value->kind == YBB_JSON_TEXT ? value->at : text))
            fail_value(r, value, all);
        *out = (ybb_value){.kind = YBB_VALUE_INTEGER, .number = number};
    }
}

static void read_text(ybb_request_reader *r, const ybb_json *value, const names *all,
                      ybb_value *out)
{
    char text[YBB_NUMBER_TEXT];
    int64_t number;
    const char *at = value->at;
    if (all->count > 0 && value->kind == YBB_JSON_NUMBER && ybb__json_to_i64(value, &number)) {
        ybb__text_from_i64(text, number);
        at = text;
    } else if (value->kind != YBB_JSON_TEXT) {
        ybb__json_fail_type(r->reader, value, "a text");
        return;
    }
    if (!is_allowed(all, at)) {
        fail_value(r, value, all);
        return;
    }
    at = ybb__request_text(r, at);
    if (at != NULL)
        *out = (ybb_value){.kind = YBB_VALUE_TEXT, .at = at, .length = strlen(at)};
}

static void read_item(ybb_request_reader *r, const ybb_json *item, const ybb_filter *filter,
                      const names *all, ybb_value *out)
{
    if (is_idle(item)) {
        ybb__json_fail(r->reader, item, YBB_INVALID_VALUE, "values that filter", NULL,
                       "stands for all in a list with other values");
        return;
    }
    if (filter->type == YBB_TYPE_INTEGER || filter->type == YBB_TYPE_BOOLEAN)
        read_integer(r, item, all, out);
    else
        read_text(r, item, all, out);
}

static void read_values(ybb_request_reader *r, const ybb_json *value, ybb_filter_use *use)
{
    bool list = value->kind == YBB_JSON_ARRAY;
    uint32_t count = list ? value->count : 1;
    if (count > MOST_VALUES) {
        ybb__json_fail(r->reader, value, YBB_INVALID_VALUE, "at most 1000 values", NULL,
                       "has %u values", (unsigned)count);
        return;
    }
    names all = allowed_names(r, use->filter);
    ybb_value *values = ybb__request_array(r, count, sizeof(*values));
    if (values == NULL || all.items == NULL)
        return;
    const ybb_json *item = list ? value->first : value;
    for (uint32_t i = 0; i < count && r->reader->status == YBB_OK; i++, item = item->next)
        read_item(r, item, use->filter, &all, &values[i]);
    use->values = values;
    use->value_count = count;
}

static void read_date(ybb_request_reader *r, const ybb_json *value, ybb_value *out)
{
    enum { DATE_LENGTH = 10 };
    ybb_moment moment;
    if (value->kind != YBB_JSON_TEXT) {
        ybb__json_fail_type(r->reader, value, "a date \"YYYY-MM-DD\"");
        return;
    }
    if (value->length != DATE_LENGTH || !ybb__moment_read(value->at, value->length, &moment)) {
        ybb__json_fail(r->reader, value, YBB_INVALID_VALUE, "a date \"YYYY-MM-DD\"", NULL,
                       "is no date of the calendar, YYYY-MM-DD: \"%.40s\"", value->at);
        return;
    }
    const char *text = ybb__request_text(r, value->at);
    if (text != NULL)
        *out = (ybb_value){.kind = YBB_VALUE_TEXT, .at = text, .length = value->length};
}

static bool fits_decimal(const char *text)
{
    const char *digits = text + (text[0] == '-' ? 1 : 0);
    size_t before = strcspn(digits, ".");
    size_t behind = digits[before] == '.' ? strlen(digits + before + 1) : 0;
    return before <= DECIMAL_DIGITS && behind <= DECIMAL_PLACES;
}

/* The number's own digits; it never is a double. */
static void read_decimal(ybb_request_reader *r, const ybb_json *value, ybb_value *out)
{
    char text[DECIMAL_TEXT];
    static const char allowed[] = "a number or decimal text, 35 digits and 30 places at most";
    if (value->kind != YBB_JSON_NUMBER && value->kind != YBB_JSON_TEXT) {
        ybb__json_fail_type(r->reader, value, allowed);
        return;
    }
    if (!ybb__json_to_decimal(value, text, sizeof(text)) || !fits_decimal(text)) {
        ybb__json_fail(r->reader, value, YBB_INVALID_VALUE, allowed, NULL,
                       "is no decimal that fits: %.40s", value->at);
        return;
    }
    const char *kept = ybb__request_text(r, text);
    if (kept != NULL)
        *out = (ybb_value){.kind = YBB_VALUE_TEXT, .at = kept, .length = strlen(kept)};
}

/* Of plain decimal texts without needless zeros. */
static int compare_decimals(const char *a, const char *b)
{
    bool negative = a[0] == '-';
    if (negative != (b[0] == '-'))
        return negative ? -1 : 1;
    const char *x = negative ? b + 1 : a, *y = negative ? a + 1 : b;
    size_t x_whole = strcspn(x, "."), y_whole = strcspn(y, ".");
    if (x_whole != y_whole)
        return x_whole < y_whole ? -1 : 1;
    return strcmp(x, y);
}

static bool is_reversed(const ybb_filter_use *use)
{
    if (use->first.kind == YBB_VALUE_NULL || use->last.kind == YBB_VALUE_NULL)
        return false;
    return use->filter->type == YBB_TYPE_DECIMAL ? compare_decimals(use->first.at, use->last.at) > 0
                                                 : strcmp(use->first.at, use->last.at) > 0;
}

static void read_end(ybb_request_reader *r, const ybb_json *range, const char *key, bool decimal,
                     ybb_value *out)
{
    const ybb_json *value = ybb__json_member(range, key);
    if (value == NULL || is_idle(value) || r->reader->status != YBB_OK)
        return;
    if (decimal)
        read_decimal(r, value, out);
    else
        read_date(r, value, out);
}

static void fail_reversed(ybb_request_reader *r, const ybb_json *first, const ybb_filter_use *use)
{
    char allowed[YBB_ERROR_TEXT];
    snprintf(allowed, sizeof(allowed), "at most %s (%s)", use->filter->last_name, use->last.at);
    ybb__json_fail(r->reader, first, YBB_INVALID_VALUE, allowed, NULL, "lies behind %s: %s, %s",
                   use->filter->last_name, use->first.at, use->last.at);
}

/* False where neither end is given. */
static bool read_range(ybb_request_reader *r, const ybb_json *value, ybb_filter_use *use)
{
    const ybb_filter *filter = use->filter;
    const char *const keys[] = {filter->first_name, filter->last_name};
    bool decimal = filter->type == YBB_TYPE_DECIMAL;
    if (!ybb__json_is_object(r->reader, value) || !ybb__json_known(r->reader, value, keys, 2))
        return false;
    read_end(r, value, filter->first_name, decimal, &use->first);
    read_end(r, value, filter->last_name, decimal, &use->last);
    if (r->reader->status == YBB_OK && is_reversed(use))
        fail_reversed(r, ybb__json_member(value, filter->first_name), use);
    return use->first.kind != YBB_VALUE_NULL || use->last.kind != YBB_VALUE_NULL;
}

static void read_bound(ybb_request_reader *r, const ybb_json *filters, ybb_filter_use *use)
{
    uint64_t number = 0;
    if (ybb__json_take_u64(r->reader, filters, use->filter->name, 0, INT64_MAX, &number))
        use->first = (ybb_value){.kind = YBB_VALUE_INTEGER, .number = (int64_t)number};
}

/* Whether @use filters. */
static bool read_use(ybb_request_reader *r, const ybb_json *value, ybb_filter_use *use)
{
    if (is_idle(value))
        return false;
    switch (use->filter->kind) {
    case YBB_FILTER_VALUE:
    case YBB_FILTER_RELATED:
    case YBB_FILTER_CASE:
        if (is_idle_list(value))
            return false;
        read_values(r, value, use);
        return true;
    case YBB_FILTER_RANGE:
        return read_range(r, value, use);
    case YBB_FILTER_AT_LEAST:
    case YBB_FILTER_AT_MOST:
        read_bound(r, value->parent, use);
        return true;
    }
    return false;
}

static void fail_unknown(ybb_request_reader *r, const ybb_json *member)
{
    const ybb_type *type = r->request->type;
    const char **known = ybb__request_array(r, (size_t)type->filter_count + 1, sizeof(char *));
    if (known == NULL)
        return;
    for (uint32_t i = 0; i < type->filter_count; i++)
        known[i] = type->filters[i].name;
    known[type->filter_count] = "limit";
    ybb__json_fail_key(r->reader, member, YBB_UNKNOWN_FILTER, "filter of this export type", known,
                       (size_t)type->filter_count + 1);
}

/* Two bounds of one count. */
static void check_bounds(ybb_request_reader *r, const ybb_json *filters, const ybb_filter_use *uses,
                         uint32_t count)
{
    for (uint32_t i = 0; i < count; i++)
        for (uint32_t k = 0; k < count; k++) {
            const ybb_filter *least = uses[i].filter, *most = uses[k].filter;
            if (least->kind == YBB_FILTER_AT_LEAST && most->kind == YBB_FILTER_AT_MOST &&
                least->field == most->field && uses[i].first.number > uses[k].first.number)
                ybb__json_fail(r->reader, ybb__json_member(filters, least->name), YBB_INVALID_VALUE,
                               "at most the other bound", NULL, "is more than %s", most->name);
        }
}

static void read_limit(ybb_request_reader *r, const ybb_json *filters)
{
    const ybb_json *limit = ybb__json_member(filters, "limit");
    if (limit != NULL && !is_idle(limit))
        ybb__json_take_u64(r->reader, filters, "limit", 1, UINT64_MAX, &r->request->limit);
}

static void read_all(ybb_request_reader *r, const ybb_json *filters)
{
    uint32_t count = 0;
    ybb_filter_use *uses = ybb__request_array(r, (size_t)filters->count + 1, sizeof(*uses));
    for (const ybb_json *member = filters->first; uses != NULL && member != NULL;
         member = member->next) {
        if (r->reader->status != YBB_OK)
            return;
        if (strcmp(member->key, "limit") == 0)
            continue;
        uses[count] = (ybb_filter_use){.filter = ybb__type_filter(r->request->type, member->key)};
        if (uses[count].filter == NULL)
            fail_unknown(r, member);
        else if (read_use(r, member, &uses[count]))
            count++;
    }
    read_limit(r, filters);
    if (r->reader->status == YBB_OK)
        check_bounds(r, filters, uses, count);
    r->request->filters = uses;
    r->request->filter_count = count;
}

void ybb__request_filters(ybb_request_reader *r, const ybb_json *root)
{
    const ybb_json *filters = NULL;
    ybb_buffer json = {0};
    r->request->limit = UINT64_MAX;
    bool given = ybb__json_take_object(r->reader, root, "filters", &filters);
    if (given && filters->kind == YBB_JSON_OBJECT) {
        ybb__json_write(&json, filters, 0);
        read_all(r, filters);
    } else {
        ybb__buffer_put_text(&json, "{}");
    }
    const char *text = ybb__buffer_text(&json);
    if (text == NULL)
        ybb__json_fail_memory(r->reader);
    r->request->filters_json = ybb__request_text(r, text);
    ybb__buffer_free(&json);
}
