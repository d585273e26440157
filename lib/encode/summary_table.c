/* What was counted, as tables. */
#include "base/text.h"
#include "encode/summary_inner.h"

#include <stdlib.h>

static const struct words {
    const char *count, *share, *other, *empty, *none;
    const char *periods[3]; /* in the order of ybb_period */
} words[YBB_LANGUAGES] = {
    [YBB_ENGLISH] = {"Count", "Share", "Other", "(empty)", "(none)", {"Day", "Month", "Year"}},
    [YBB_INDONESIAN] =
        {"Jumlah", "Persentase", "Lainnya", "(kosong)", "(tidak ada)", {"Hari", "Bulan", "Tahun"}},
};

/* A value that was counted, while they are sorted. */
typedef struct counted {
    uint64_t count;
    ybb_cell value;
    uint32_t number; /* the tally's */
    uint32_t place;  /* in the field's own order: of its label; the last for what has none */
} counted;

/* A table while it is made. */
typedef struct draft {
    ybb_summary_table *table;
    const ybb_summaries *summaries;
    const ybb_summary_count *from;
    const struct words *words;
    ybb_arena *arena;
    bool failed;
} draft;

static int compare_bytes(const ybb_cell *a, const ybb_cell *b)
{
    uint32_t shorter = a->length < b->length ? a->length : b->length;
    int order = shorter > 0 ? memcmp(a->at, b->at, shorter) : 0;
    return order != 0 ? order : (a->length > b->length) - (a->length < b->length);
}

static int by_count(const void *a, const void *b)
{
    const counted *left = a, *right = b;
    if (left->count != right->count)
        return left->count > right->count ? -1 : 1;
    return compare_bytes(&left->value, &right->value);
}

static int by_value(const void *a, const void *b)
{
    const counted *left = a, *right = b;
    if (left->place != right->place)
        return left->place < right->place ? -1 : 1;
    return compare_bytes(&left->value, &right->value);
}

/* Integers in the order of numbers: those with more digits are greater. */
static int by_integer(const void *a, const void *b)
{
    int64_t left, right;
    const counted *c = a, *d = b;
    bool is_left = ybb__text_to_i64(c->value.at, c->value.length, &left);
    bool is_right = ybb__text_to_i64(d->value.at, d->value.length, &right);
    if (!is_left || !is_right)
        return is_left != is_right ? (is_left ? -1 : 1) : by_value(a, b);
    return (left > right) - (left < right);
}

/* Where a value stands in the order of its field: labels as the catalog has them, dates and others
 * between them and what NULL is shown as. */
static uint32_t place_of(const ybb_look *look, const ybb_cell *value)
{
    for (uint32_t i = 1; i < look->fixed_count; i++)
        if (ybb__cell_is(value, look->fixed[i].text))
            return i;
    return ybb__cell_is(value, ybb__look_null(look)->text) ? UINT32_MAX : look->fixed_count;
}

static counted *list_values(draft *d, uint32_t *count)
{
    const ybb_tally *tally = &d->from->tally;
    *count = ybb__tally_values(tally);
    counted *list = ybb__arena_array(d->arena, (size_t)*count + 1, sizeof(*list));
    for (uint32_t i = 0; list != NULL && i < *count; i++) {
        list[i].number = i + 1;
        list[i].count = ybb__tally_count_of(tally, i + 1);
        list[i].value = ybb__tally_value(tally, i + 1);
        list[i].place = place_of(&d->from->by.look, &list[i].value);
    }
    return list;
}

/* Puts the values that are shown first, in the order in which they are shown; returns how many.
 * Where there are more than that, those that are most frequent, of dates the latest. */
static uint32_t choose(const ybb_summary_count *from, counted *list, uint32_t count)
{
    uint32_t most = from->how->most, shown = count < most ? count : most;
    bool dated = ybb__summary_is_dated(&from->by.look);
    bool integer = from->by.look.type == YBB_TYPE_INTEGER && !from->by.look.labelled;
    int (*in_order)(const void *, const void *) = integer ? by_integer : by_value;
    if (count == 0)
        return 0;
    if (!from->how->in_order || !dated)
        qsort(list, count, sizeof(*list), by_count);
    if (!from->how->in_order)
        return shown;
    if (!dated) {
        qsort(list, shown, sizeof(*list), in_order);
        return shown;
    }
    qsort(list, count, sizeof(*list), in_order);
    for (uint32_t i = 0; i < count - shown && i < shown; i++) { /* the latest to the front */
        counted early = list[i];
        list[i] = list[count - 1 - i];
        list[count - 1 - i] = early;
    }
    qsort(list, shown, sizeof(*list), in_order);
    return shown;
}

static ybb_cell cell_of(const char *text)
{
    return (ybb_cell){text, (uint32_t)strlen(text)};
}

static ybb_cell keep(draft *d, const char *at, size_t length)
{
    const char *copy = ybb__arena_copy(d->arena, at, length);
    d->failed = d->failed || copy == NULL;
    return (ybb_cell){copy, copy != NULL ? (uint32_t)length : 0};
}

static ybb_cell number_cell(draft *d, uint64_t number)
{
    char text[YBB_NUMBER_TEXT];
    return keep(d, text, ybb__text_from_u64(text, number));
}

/* "0.1234": rounded half up. */
static ybb_cell share_cell(draft *d, uint64_t part, uint64_t of)
{
    enum { ONE = 10000, PLACES = 4 };
    char text[YBB_NUMBER_TEXT];
    uint64_t share = of == 0 ? 0 : (2 * ONE * part + of) / (2 * of); /* counts are below 2^48 */
    size_t length = ybb__text_from_u64(text, ONE + share % ONE);
    text[0] = (char)('0' + share / ONE);
    memmove(text + 2, text + 1, length - 1);
    text[1] = '.';
    return keep(d, text, PLACES + 2);
}

static ybb_cell sum_cell(draft *d, const ybb_decimal_sum *sum, uint8_t scale)
{
    ybb_buffer text = {0};
    ybb__decimal_sum_put(&text, sum, scale);
    d->failed = d->failed || ybb__buffer_failed(&text);
    ybb_cell kept = d->failed ? (ybb_cell){"", 0} : keep(d, text.at, text.length);
    ybb__buffer_free(&text);
    return kept;
}

static uint64_t total_of(const ybb_tally *tally)
{
    uint64_t total = 0;
    for (uint32_t i = 0; i <= ybb__tally_values(tally); i++)
        total += ybb__tally_count_of(tally, i);
    return total;
}

static void put_row(draft *d, ybb_cell value, uint64_t count, uint64_t total,
                    const ybb_decimal_sum *sums)
{
    ybb_summary_table *table = d->table;
    ybb_cell *row = table->cells + (size_t)table->row_count++ * table->column_count;
    row[0] = value.length > 0 ? value : cell_of(d->words->empty);
    row[1] = number_cell(d, count);
    row[2] = share_cell(d, count, total);
    for (uint32_t i = 0; i < d->from->how->sum_count; i++)
        row[3 + i] = sum_cell(d, &sums[i], d->from->scales[i]);
}

/* Adds up in @rest, [sums], what the values behind the first @shown have, and what has no number.
 */
static uint64_t add_rest(draft *d, const counted *list, uint32_t shown, uint32_t count,
                         ybb_decimal_sum *rest)
{
    const ybb_tally *tally = &d->from->tally;
    uint64_t others = ybb__tally_count_of(tally, YBB_TALLY_OTHER);
    for (uint32_t i = shown; i <= count; i++) {
        uint32_t number = i < count ? list[i].number : YBB_TALLY_OTHER;
        others += i < count ? list[i].count : 0;
        for (uint32_t k = 0; k < tally->sums; k++)
            ybb__decimal_sum_join(&rest[k], ybb__tally_sum_of(tally, number, k));
    }
    return others;
}

static void put_counts(draft *d)
{
    uint32_t count;
    const ybb_tally *tally = &d->from->tally;
    counted *list = list_values(d, &count);
    ybb_decimal_sum *rest =
        ybb__arena_array(d->arena, (size_t)tally->sums + 1, sizeof(ybb_decimal_sum));
    if (list == NULL || rest == NULL) {
        d->failed = true;
        return;
    }
    uint32_t shown = choose(d->from, list, count);
    uint64_t total = total_of(tally), others = add_rest(d, list, shown, count, rest);
    d->table->cells = ybb__arena_array(d->arena, ((size_t)shown + 1) * d->table->column_count,
                                       sizeof(*d->table->cells));
    d->failed = d->failed || d->table->cells == NULL;
    for (uint32_t i = 0; !d->failed && i < shown; i++)
        put_row(d, list[i].value, list[i].count, total,
                ybb__tally_sum_of(tally, list[i].number, 0));
    d->table->charted = shown;
    if (d->failed)
        return;
    if (others > 0)
        put_row(d, cell_of(d->words->other), others, total, rest);
    else if (shown == 0)
        put_row(d, cell_of(d->words->none), 0, 0, rest);
    if (!ybb__summary_is_dated(&d->from->by.look) ||
        shown == 0) /* a whole, or at least something */
        d->table->charted = d->table->row_count;
}

static const char *header_of(const ybb_summaries *s, const ybb_summary_use *use)
{
    const char *own = use->look.column->header;
    return *own != '\0' ? own : use->look.column->field->header.in[s->plan->request->language];
}

static void add_column(draft *d, const char *header, ybb_summary_kind kind, const ybb_look *look)
{
    d->table->columns[d->table->column_count++] = (ybb_summary_column){header, kind, look};
}

static void make_counts(draft *d)
{
    const ybb_summary_count *from = d->from;
    bool dated = ybb__summary_is_dated(&from->by.look);
    add_column(d, dated ? d->words->periods[from->how->period] : header_of(d->summaries, &from->by),
               YBB_SUMMARY_TEXT, NULL);
    add_column(d, d->words->count, YBB_SUMMARY_COUNT, NULL);
    add_column(d, d->words->share, YBB_SUMMARY_SHARE, NULL);
    for (uint32_t i = 0; i < from->how->sum_count; i++)
        add_column(d, header_of(d->summaries, &from->sums[i]), YBB_SUMMARY_SUM,
                   &from->sums[i].look);
    d->table->shown = from->how->charted == 0 ? 1 : 2 + from->how->charted;
    put_counts(d);
}

static void put_records(draft *d)
{
    const ybb_ranking *ranking = &d->from->ranking;
    ybb_summary_table *table = d->table;
    for (uint32_t i = 0; i < ranking->count; i++) {
        char text[YBB_NUMBER_TEXT];
        ybb_cell *row = table->cells + (size_t)i * table->column_count;
        for (uint32_t k = 0; k < table->shown; k++)
            row[k] = ybb__ranking_text(ranking, i, k);
        row[table->shown] = keep(d, text, ybb__text_from_i64(text, ybb__ranking_key(ranking, i)));
    }
    table->row_count = table->charted = ranking->count;
    if (ranking->count > 0)
        return;
    table->row_count = table->charted = 1;
    for (uint32_t k = 0; k < table->shown; k++)
        table->cells[k] = cell_of(k == 0 ? d->words->none : "");
    table->cells[table->shown] = number_cell(d, 0);
}

static void make_top(draft *d)
{
    const ybb_summary_count *from = d->from;
    for (uint32_t i = 0; i < from->how->shown_count; i++)
        add_column(d, header_of(d->summaries, &from->shown[i]), YBB_SUMMARY_TEXT, NULL);
    d->table->shown = d->table->column_count;
    add_column(d, header_of(d->summaries, &from->by), YBB_SUMMARY_COUNT, NULL);
    d->table->cells =
        ybb__arena_array(d->arena, ((size_t)from->ranking.count + 1) * d->table->column_count,
                         sizeof(*d->table->cells));
    d->failed = d->failed || d->table->cells == NULL;
    if (!d->failed)
        put_records(d);
}

bool ybb__summary_table(ybb_summary_table *out, const ybb_summaries *summaries, uint32_t number,
                        ybb_arena *arena)
{
    ybb_language language = summaries->plan->request->language;
    const ybb_summary_count *from = &summaries->all[number];
    draft d = {out, summaries, from, &words[language], arena, false};
    *out = (ybb_summary_table){.title = from->how->title.in[language], .chart = from->how->chart};
    if (from->how->top)
        make_top(&d);
    else
        make_counts(&d);
    return !d.failed;
}
