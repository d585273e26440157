#include "encode/looks.h"

bool ybb__is_zero_date(const ybb_cell *cell)
{
    static const char zero[] = "0000-00-00";
    size_t length = sizeof(zero) - 1;
    return cell->length >= length && ybb__same_bytes(cell->at, zero, length);
}

ybb_date_kind ybb__look_date(const ybb_cell *cell, ybb_moment *out)
{
    if (ybb__moment_read(cell->at, cell->length, out))
        return YBB_DATE_IS;
    return ybb__is_zero_date(cell) ? YBB_DATE_NONE : YBB_DATE_OTHER;
}

static ybb_fixed fixed_of(const char *value, const char *text)
{
    return (ybb_fixed){.value = value, .value_length = (uint32_t)strlen(value), .text = text};
}

static bool has_value(const ybb_labels *labels, const char *value)
{
    for (uint32_t i = 0; i < labels->count; i++)
        if (strcmp(labels->items[i].value, value) == 0)
            return true;
    return false;
}

/* A CASE has no other values than its results: those without a label show themselves. */
static uint32_t add_results(ybb_fixed *at, const ybb_field *field)
{
    const ybb_reducer *reducer = &field->reducer;
    uint32_t count = 0;
    for (uint32_t i = 0; i < reducer->case_count; i++)
        if (!has_value(&field->labels, reducer->cases[i].result))
            at[count++] = fixed_of(reducer->cases[i].result, reducer->cases[i].result);
    if (reducer->otherwise != NULL && !has_value(&field->labels, reducer->otherwise))
        at[count++] = fixed_of(reducer->otherwise, reducer->otherwise);
    return count;
}

static uint32_t add_labels(ybb_fixed *at, const ybb_labels *labels, ybb_language language)
{
    for (uint32_t i = 0; i < labels->count; i++)
        at[i] = fixed_of(labels->items[i].value, labels->items[i].text.in[language]);
    return labels->count;
}

static uint32_t add_booleans(ybb_fixed *at, const ybb_transforms *transforms)
{
    at[0] = fixed_of("1", transforms->true_text);
    at[1] = fixed_of("0", transforms->false_text);
    return 2;
}

/* Whether the field is a text with a known set of values. */
static bool is_case(const ybb_field *field)
{
    return field->source == YBB_SOURCE_RELATED && field->reducer.how == YBB_REDUCE_CASE &&
           field->type == YBB_TYPE_TEXT;
}

static size_t most_fixed(const ybb_field *field)
{
    enum { OTHERS = 5 /* null, booleans, otherwise, a subtotal's */ };
    size_t results = is_case(field) ? field->reducer.case_count : 0;
    return OTHERS + (size_t)field->labels.count + field->fallback_labels.count + results;
}

bool ybb__look_make(ybb_look *look, ybb_arena *arena, const ybb_plan *plan, uint32_t column)
{
    const ybb_request *request = plan->request;
    *look = (ybb_look){.column = &plan->columns[column]};
    const ybb_field *field = look->column->field;
    const ybb_transforms *transforms = &request->presentation.transforms;
    ybb_fixed *fixed = ybb__arena_array(arena, most_fixed(field), sizeof(*fixed));
    if (fixed == NULL)
        return false;
    look->type = field->type;
    look->scale = field->scale;
    look->closed = is_case(field) && field->reducer.otherwise != NULL;
    look->fixed = fixed;
    *fixed++ = fixed_of("", transforms->null_values);
    look->own_count = add_labels(fixed, &field->labels, request->language);
    if (is_case(field))
        look->own_count += add_results(fixed + look->own_count, field);
    else if (field->type == YBB_TYPE_BOOLEAN && look->own_count == 0)
        look->own_count = add_booleans(fixed, transforms);
    look->fallback_count =
        add_labels(fixed + look->own_count, &field->fallback_labels, request->language);
    look->fallback_labels = &field->fallback_labels;
    look->labelled = look->own_count + look->fallback_count > 0;
    look->fixed_count = 1 + look->own_count + look->fallback_count;
    if (look->column->in_subtotal == YBB_IN_SUBTOTAL_LABEL) {
        look->label = look->fixed_count++;
        look->fixed[look->label] = fixed_of("", request->type->group->label.in[request->language]);
    }
    return true;
}

bool ybb__looks_make(ybb_looks *out, ybb_arena *arena, const ybb_plan *plan)
{
    const ybb_transforms *transforms = &plan->request->presentation.transforms;
    *out = (ybb_looks){.count = plan->column_count};
    out->columns = ybb__arena_array(arena, plan->column_count, sizeof(*out->columns));
    if (out->columns == NULL)
        return false;
    for (uint32_t i = 0; i < plan->column_count; i++)
        if (!ybb__look_make(&out->columns[i], arena, plan, i))
            return false;
    return ybb__date_format_make(&out->date, arena, transforms->date_format) &&
           ybb__date_format_make(&out->datetime, arena, transforms->datetime_format);
}

bool ybb__looks_copy(ybb_looks *out, ybb_arena *arena, const ybb_looks *from)
{
    *out = *from;
    out->columns = ybb__arena_array(arena, from->count, sizeof(*out->columns));
    for (uint32_t i = 0; out->columns != NULL && i < from->count; i++) {
        ybb_look *look = &out->columns[i];
        *look = from->columns[i];
        look->fixed = ybb__arena_array(arena, look->fixed_count, sizeof(*look->fixed));
        if (look->fixed == NULL)
            return false;
        memcpy(look->fixed, from->columns[i].fixed, look->fixed_count * sizeof(*look->fixed));
    }
    return out->columns != NULL;
}
