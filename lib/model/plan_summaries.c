#include "model/plan_summaries.h"

/* What an export must read besides its columns. */
typedef struct hiding {
    const ybb_request *request;
    const ybb_field **fields;
    uint32_t count;
} hiding;

/* Calls @each for every field that a summary uses, until it says no. */
static bool each_field(const ybb_summary *summary, bool (*each)(hiding *, const ybb_field *),
                       hiding *context)
{
    bool go_on = each(context, summary->by);
    for (uint32_t i = 0; go_on && i < summary->sum_count; i++)
        go_on = each(context, summary->sums[i]);
    for (uint32_t i = 0; go_on && i < summary->shown_count; i++)
        go_on = each(context, summary->shown[i]);
    for (uint32_t i = 0; go_on && i < summary->where_count; i++)
        go_on = each(context, summary->where[i].field);
    return go_on;
}

static bool is_column(const ybb_request *request, const ybb_field *field)
{
    for (uint32_t i = 0; i < request->column_count; i++)
        if (request->columns[i].field == field)
            return true;
    return false;
}

/* Whether the export reads what the field is made of, or can with the main rows. */
static bool is_at_hand(hiding *h, const ybb_field *field)
{
    return field->source == YBB_SOURCE_COLUMN || is_column(h->request, field);
}

static bool hide(hiding *h, const ybb_field *field)
{
    bool has = is_column(h->request, field);
    for (uint32_t i = 0; !has && i < h->count; i++)
        has = h->fields[i] == field;
    if (!has)
        h->fields[h->count++] = field;
    return true;
}

uint32_t ybb__plan_summaries(ybb_plan *plan, const ybb_field **hidden)
{
    const ybb_request *request = plan->request;
    const ybb_type *type = request->type;
    hiding h = {.request = request, .fields = hidden};
    if (!request->include_summary)
        return 0;
    const ybb_summary **list =
        ybb__arena_array(&plan->arena, (size_t)type->summary_count + 1, sizeof(*list));
    for (uint32_t i = 0; list != NULL && i < type->summary_count; i++) {
        const ybb_summary *summary = &type->summaries[i];
        if (!each_field(summary, is_at_hand, &h))
            continue;
        list[plan->summary_count++] = summary;
        (void)each_field(summary, hide, &h);
    }
    plan->summaries = list;
    return h.count;
}
