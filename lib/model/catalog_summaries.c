/* Summaries of a type: what the sheet "Summary" counts. */
#include "model/catalog_read.h"

#include <string.h>

enum {
    MOST_SUMMARIES = 20,
    MOST_SUMS = 4,
    MOST_SHOWN = 8,
    MOST_CONDITIONS = 8,
    MOST_ROWS = 100,
    MANY_ROWS = 20, /* of counts, unless it is said */
    MANY_RECORDS = 10
};

/* In the order of ybb_chart and ybb_period. */
static const char *const charts[] = {"bar", "column", "line", "pie", "none"};
static const char *const periods[] = {"day", "month", "year"};

static bool is_date(const ybb_field *field)
{
    return field->type == YBB_TYPE_DATE || field->type == YBB_TYPE_DATETIME;
}

static bool has_one_value(const ybb_field *field)
{
    return field->source == YBB_SOURCE_COLUMN ||
           (field->source == YBB_SOURCE_RELATED && field->reducer.how != YBB_REDUCE_LINES);
}

static void refuse(ybb_catalog_builder *b, const ybb_json *at, const char *why)
{
    ybb__json_fail(b->reader, at, YBB_INVALID_VALUE, NULL, NULL, "%s", why);
}

/* The field that the member @key names, which must be there. */
static const ybb_field *take_field(ybb_catalog_builder *b, const ybb_json *value, const char *key)
{
    ybb__json_need(b->reader, value, key);
    return ybb__catalog_find_field(b, ybb__json_member(value, key));
}

static void read_where(ybb_catalog_builder *b, const ybb_json *value, ybb_summary *out)
{
    const ybb_json *conditions;
    if (!ybb__json_take_object(b->reader, value, "where", &conditions) ||
        !ybb__catalog_count(b, conditions, MOST_CONDITIONS))
        return;
    ybb_summary_where *made = ybb__catalog_array(b, conditions->count, sizeof(*made));
    if (made == NULL)
        return;
    for (const ybb_json *at = conditions->first; at != NULL; at = at->next) {
        const ybb_json name = {.kind = YBB_JSON_TEXT,
                               .at = at->key,
                               .length = strlen(at->key),
                               .key = at->key,
                               .parent = conditions};
        ybb_summary_where *where = &made[at->index];
        where->field = ybb__catalog_find_field(b, &name);
        if (where->field == NULL)
            return;
        if (!has_one_value(where->field))
            refuse(b, at, "is for a field that stores one value");
        ybb__catalog_condition(b, at, &where->is);
    }
    out->where = made;
    out->where_count = conditions->count;
}

static void read_sums(ybb_catalog_builder *b, const ybb_json *value, ybb_summary *out)
{
    const ybb_json *list = ybb__json_member(value, "sum");
    if (list == NULL || list->kind == YBB_JSON_NULL)
        return;
    ybb__catalog_field_list(b, value, "sum", &out->sums, &out->sum_count);
    if (b->reader->status == YBB_OK && out->sum_count > MOST_SUMS)
        refuse(b, list, "has more than 4 fields");
    const ybb_json *item = list->first;
    for (uint32_t i = 0; b->reader->status == YBB_OK && i < out->sum_count; i++, item = item->next)
        if (!has_one_value(out->sums[i]) || out->sums[i]->labels.count > 0 ||
            out->sums[i]->fallback_labels.count > 0 ||
            (out->sums[i]->type != YBB_TYPE_DECIMAL && out->sums[i]->type != YBB_TYPE_INTEGER))
            refuse(b, item, "names a field that has no numbers");
}

/* Which of the sums the chart shows. Parts of a pie cannot be negative, as sums can. */
static void read_charted(ybb_catalog_builder *b, const ybb_json *value, ybb_summary *out)
{
    const ybb_json *name = ybb__json_member(value, "chart_of");
    if (name == NULL || name->kind == YBB_JSON_NULL)
        return;
    const ybb_field *field = ybb__catalog_find_field(b, name);
    for (uint32_t i = 0; field != NULL && i < out->sum_count; i++)
        if (out->sums[i] == field)
            out->charted = i + 1;
    if (field != NULL && out->charted == 0)
        refuse(b, name, "names a field that is not summed up");
    else if (field != NULL && out->chart == YBB_CHART_PIE)
        refuse(b, name, "is for charts that are no pie");
}

static void read_order(ybb_catalog_builder *b, const ybb_json *value, ybb_summary *out)
{
    static const char *const orders[] = {"count", "value"};
    uint32_t order = out->by != NULL && is_date(out->by) ? 1 : 0;
    (void)ybb__json_take_choice(b->reader, value, "order", orders, 2, &order);
    out->in_order = order == 1;
}

/* {"count": "category", ...} */
static void read_counts(ybb_catalog_builder *b, const ybb_json *value, ybb_summary *out)
{
    static const char *const keys[] = {"title", "count", "period", "sum",     "where",
                                       "order", "most",  "chart",  "chart_of"};
    uint32_t period = YBB_PERIOD_MONTH;
    ybb__json_known(b->reader, value, keys, sizeof(keys) / sizeof(keys[0]));
    out->by = take_field(b, value, "count");
    if (out->by == NULL)
        return;
    if (!has_one_value(out->by) || out->by->type == YBB_TYPE_DECIMAL)
        refuse(b, ybb__json_member(value, "count"), "names a field whose values are not counted");
    bool given = ybb__json_take_choice(b->reader, value, "period", periods, 3, &period);
    if (given && !is_date(out->by))
        refuse(b, ybb__json_member(value, "period"), "is for fields of type date or datetime");
    out->period = (ybb_period)period;
    read_sums(b, value, out);
    read_order(b, value, out);
}

/* {"top": "total_referrals", "show": ["name"], ...} */
static void read_top(ybb_catalog_builder *b, const ybb_json *value, ybb_summary *out)
{
    static const char *const keys[] = {"title", "top", "show", "where", "most", "chart"};
    ybb__json_known(b->reader, value, keys, sizeof(keys) / sizeof(keys[0]));
    out->by = take_field(b, value, "top");
    if (out->by == NULL)
        return;
    if (!has_one_value(out->by) || out->by->type != YBB_TYPE_INTEGER || out->by->labels.count > 0)
        refuse(b, ybb__json_member(value, "top"), "names a field that has no integers");
    ybb__catalog_field_list(b, value, "show", &out->shown, &out->shown_count);
    if (b->reader->status != YBB_OK)
        return;
    if (out->shown_count == 0 || out->shown_count > MOST_SHOWN)
        refuse(b, ybb__json_member(value, "show"), "takes 1 to 8 fields");
    for (uint32_t i = 0; i < out->shown_count; i++)
        if (!has_one_value(out->shown[i]))
            refuse(b, ybb__json_member(value, "show"), "names a field that is no value");
}

static void read_summary(ybb_catalog_builder *b, const ybb_json *value, ybb_summary *out)
{
    uint32_t chart = YBB_CHART_BAR;
    if (!ybb__json_is_object(b->reader, value))
        return;
    out->top = ybb__json_member(value, "top") != NULL;
    if (out->top)
        read_top(b, value, out);
    else
        read_counts(b, value, out);
    uint64_t most = out->top ? MANY_RECORDS : MANY_ROWS;
    (void)ybb__json_take_u64(b->reader, value, "most", 1, MOST_ROWS, &most);
    out->most = (uint32_t)most;
    (void)ybb__json_take_choice(b->reader, value, "chart", charts,
                                sizeof(charts) / sizeof(charts[0]), &chart);
    out->chart = (ybb_chart)chart;
    if (!out->top && b->reader->status == YBB_OK)
        read_charted(b, value, out);
    read_where(b, value, out);
    const ybb_json *title = ybb__json_member(value, "title");
    if (title != NULL && title->kind != YBB_JSON_NULL)
        ybb__catalog_header(b, title, &out->title);
    else if (out->by != NULL)
        out->title = out->by->header;
}

void ybb__catalog_summaries(ybb_catalog_builder *b, const ybb_json *type)
{
    const ybb_json *list;
    if (!ybb__json_take_array(b->reader, type, "summaries", &list) ||
        !ybb__catalog_count(b, list, MOST_SUMMARIES))
        return;
    ybb_summary *summaries = ybb__catalog_array(b, list->count, sizeof(*summaries));
    if (summaries == NULL)
        return;
    for (const ybb_json *item = list->first; item != NULL; item = item->next)
        read_summary(b, item, &summaries[item->index]);
    b->draft->type.summaries = summaries;
    b->draft->type.summary_count = list->count;
}
