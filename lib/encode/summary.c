#include "encode/summary.h"

#include "base/text.h"
#include "base/utf8.h"
#include "encode/summary_inner.h"

#include <stdlib.h>

/* What a piece has of one summary. */
typedef struct part {
    ybb_tally_part tally;
    ybb_ranking ranking;
} part;

typedef struct desk {
    uint32_t number;
    part parts[];
} desk;

static bool use(ybb_summary_use *out, ybb_summaries *s, const ybb_field *field)
{
    out->column = ybb__plan_column(s->plan, field);
    return ybb__look_make(&out->look, &s->arena, s->plan, out->column);
}

static ybb_summary_use *use_all(ybb_summaries *s, const ybb_field *const *fields, uint32_t count)
{
    ybb_summary_use *made = ybb__arena_array(&s->arena, (size_t)count + 1, sizeof(*made));
    for (uint32_t i = 0; made != NULL && i < count; i++)
        if (!use(&made[i], s, fields[i]))
            return NULL;
    return made;
}

static bool begin_count(ybb_summary_count *out, ybb_summaries *s, const ybb_summary *how)
{
    *out = (ybb_summary_count){.how = how, .ranking = {.most = how->most}};
    out->tally.sums = how->sum_count;
    out->sums = use_all(s, how->sums, how->sum_count);
    out->shown = use_all(s, how->shown, how->shown_count);
    out->where = ybb__arena_array(&s->arena, (size_t)how->where_count + 1, sizeof(*out->where));
    out->scales = ybb__arena_array(&s->arena, (size_t)how->sum_count + 1, sizeof(*out->scales));
    if (out->sums == NULL || out->shown == NULL || out->where == NULL || out->scales == NULL)
        return false;
    for (uint32_t i = 0; i < how->sum_count; i++)
        out->scales[i] = how->sums[i]->scale;
    for (uint32_t i = 0; i < how->where_count; i++)
        if (!use(&out->where[i], s, how->where[i].field))
            return false;
    return use(&out->by, s, how->by);
}

ybb_summaries *ybb__summaries_new(const ybb_plan *plan, const ybb_looks *looks)
{
    ybb_summaries *s = calloc(1, sizeof(*s));
    if (s == NULL)
        return NULL;
    s->plan = plan;
    s->looks = looks;
    s->all = ybb__arena_array(&s->arena, (size_t)plan->summary_count + 1, sizeof(*s->all));
    for (uint32_t i = 0; s->all != NULL && i < plan->summary_count; i++)
        if (!begin_count(&s->all[s->number++], s, plan->summaries[i])) {
            ybb__summaries_free(s);
            return NULL;
        }
    if (s->all == NULL) {
        ybb__summaries_free(s);
        return NULL;
    }
    return s;
}

void ybb__summaries_free(ybb_summaries *s)
{
    if (s == NULL)
        return;
    for (uint32_t i = 0; i < s->number; i++) {
        ybb__tally_free(&s->all[i].tally);
        ybb__ranking_free(&s->all[i].ranking);
    }
    ybb__arena_free(&s->arena);
    free(s);
}

uint32_t ybb__summaries_number(const ybb_summaries *s)
{
    return s->number;
}

static void free_desk(void *memory)
{
    desk *d = memory;
    for (uint32_t i = 0; i < d->number; i++) {
        ybb__tally_part_free(&d->parts[i].tally);
        ybb__ranking_free(&d->parts[i].ranking);
    }
    free(d);
}

bool ybb__summaries_begin(const ybb_summaries *s, ybb_piece *piece)
{
    if (piece->desk == NULL) {
        desk *made = calloc(1, sizeof(desk) + s->number * sizeof(part));
        if (made == NULL)
            return false;
        made->number = s->number;
        piece->desk = made;
        piece->free_desk = free_desk;
    }
    desk *d = piece->desk;
    for (uint32_t i = 0; i < s->number; i++) {
        ybb__tally_part_clear(&d->parts[i].tally);
        ybb__ranking_clear(&d->parts[i].ranking);
        d->parts[i].tally.sums = s->all[i].how->sum_count;
        d->parts[i].ranking.most = s->all[i].how->most;
    }
    return true;
}

void ybb__summaries_end(const ybb_summaries *s, ybb_piece *piece)
{
    const desk *d = piece->desk;
    piece->desk_size = sizeof(*d) + s->number * sizeof(part);
    for (uint32_t i = 0; i < s->number; i++)
        piece->desk_size +=
            ybb__tally_part_size(&d->parts[i].tally) + ybb__ranking_size(&d->parts[i].ranking);
}

/* Whether the stored value is as the condition wants it. */
static bool meets(const ybb_condition *wanted, const ybb_cell *cell)
{
    if (cell->at == NULL)
        return wanted->value_count == 0 && !wanted->negated;
    for (uint32_t i = 0; i < wanted->value_count; i++)
        if (ybb__cell_is(cell, wanted->values[i]))
            return !wanted->negated;
    return wanted->negated;
}

static bool meets_all(const ybb_summary_count *c, const ybb_composed *values)
{
    for (uint32_t i = 0; i < c->how->where_count; i++)
        if (!meets(&c->how->where[i].is, &values[c->where[i].column].cell))
            return false;
    return true;
}

static ybb_cell cell_of(const char *text)
{
    return (ybb_cell){text, (uint32_t)strlen(text)};
}

/* A day, month or year as it is stored: the beginning of a date. */
static ybb_cell period_of(const ybb_summary_count *c, const ybb_cell *cell)
{
    static const uint32_t lengths[] = {
        [YBB_PERIOD_DAY] = 10, [YBB_PERIOD_MONTH] = 7, [YBB_PERIOD_YEAR] = 4};
    ybb_moment moment;
    switch (ybb__look_date(cell, &moment)) {
    case YBB_DATE_IS:
        return (ybb_cell){cell->at, lengths[c->how->period]};
    case YBB_DATE_NONE:
        return cell_of(ybb__look_null(&c->by.look)->text);
    case YBB_DATE_OTHER:
        break;
    }
    return *cell;
}

/* What the value is counted as: what is shown of it. */
static ybb_cell shown_of(const ybb_look *look, const ybb_composed *value)
{
    if (value->cell.at == NULL)
        return cell_of(ybb__look_null(look)->text);
    const ybb_fixed *fixed = look->labelled ? ybb__look_find(look, value) : NULL;
    return fixed != NULL ? cell_of(fixed->text) : value->cell;
}

static bool count_value(const ybb_summary_count *c, part *to, const ybb_composed *values)
{
    const ybb_composed *by = &values[c->by.column];
    ybb_cell shown = shown_of(&c->by.look, by);
    if (by->cell.at != NULL && ybb__summary_is_dated(&c->by.look))
        shown = period_of(c, &by->cell);
    uint32_t number = ybb__tally_count(&to->tally, shown);
    if (number == UINT32_MAX)
        return false;
    for (uint32_t i = 0; i < c->how->sum_count; i++)
        ybb__tally_sum(&to->tally, number, i, values[c->sums[i].column].cell, c->scales[i]);
    return !ybb__tally_part_failed(&to->tally);
}

static void put_date(ybb_buffer *texts, const ybb_date_format *format, const ybb_moment *moment)
{
    enum { ROOM = 256 };
    char written[ROOM];
    size_t length = format->room > ROOM
                        ? 0
                        : (size_t)(ybb__date_format_write(written, format, moment) - written);
    ybb__ranking_put(texts, written, length);
}

/* Appends what is shown of a value, cut where it is long. */
static void put_shown(const ybb_summaries *s, ybb_buffer *texts, const ybb_look *look,
                      const ybb_composed *value)
{
    ybb_moment moment;
    bool is_date = look->type == YBB_TYPE_DATE;
    if (value->cell.at != NULL && ybb__summary_is_dated(look) &&
        ybb__look_date(&value->cell, &moment) == YBB_DATE_IS) {
        put_date(texts, is_date ? &s->looks->date : &s->looks->datetime, &moment);
        return;
    }
    ybb_cell shown = shown_of(look, value);
    size_t length = shown.length;
    if (length > YBB_TALLY_VALUE_BYTES)
        length = ybb__utf8_floor(shown.at, length, YBB_TALLY_VALUE_BYTES);
    ybb__ranking_put(texts, shown.at, length);
}

/* A value that is no integer ranks nowhere. */
static bool rank(const ybb_summaries *s, const ybb_summary_count *c, part *to,
                 const ybb_composed *values)
{
    int64_t key;
    bool failed = false;
    const ybb_cell *cell = &values[c->by.column].cell;
    if (cell->at == NULL || !ybb__text_to_i64(cell->at, cell->length, &key))
        return true;
    ybb_buffer *texts = ybb__ranking_place(&to->ranking, key, &failed);
    for (uint32_t i = 0; texts != NULL && i < c->how->shown_count; i++)
        put_shown(s, texts, &c->shown[i].look, &values[c->shown[i].column]);
    return !failed && (texts == NULL || !ybb__buffer_failed(texts));
}

bool ybb__summaries_count(const ybb_summaries *s, ybb_piece *piece, const ybb_composed *values)
{
    desk *d = piece->desk;
    bool counted = true;
    for (uint32_t i = 0; counted && i < s->number; i++) {
        const ybb_summary_count *c = &s->all[i];
        if (!meets_all(c, values))
            continue;
        counted =
            c->how->top ? rank(s, c, &d->parts[i], values) : count_value(c, &d->parts[i], values);
    }
    return counted;
}

bool ybb__summaries_add(ybb_summaries *s, const ybb_piece *piece)
{
    const desk *d = piece->desk;
    for (uint32_t i = 0; i < s->number; i++) {
        ybb_summary_count *c = &s->all[i];
        if (!ybb__tally_add(&c->tally, &d->parts[i].tally, c->scales) ||
            !ybb__ranking_add(&c->ranking, &d->parts[i].ranking))
            return false;
    }
    return true;
}
