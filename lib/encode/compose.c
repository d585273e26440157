#include "encode/compose.h"

#include "base/text.h"
#include "encode/lines.h"
#include "encode/pen.h"
#include "encode/related_order.h"
#include "encode/same.h"
#include "encode/zoned.h"

#include <stdlib.h>
#include <string.h>

enum { ALIGNMENT = 16 };

static const uint32_t none = UINT32_MAX;

/* What ties a block of related rows to the main rows. Main rows with equal match cells are one
 * group. */
typedef struct tie {
    const ybb_related *how;
    const ybb_related_map *map;
    const ybb_block *rows;
    uint32_t groups;
    ybb_cell *keys;          /* [main rows * match_count]; those of each group */
    uint32_t *group_of_main; /* [main rows] */
    uint32_t *slots;         /* [mask + 1]; hash table of groups, each plus 1 */
    uint32_t mask;
    uint32_t *group_of_row; /* [rows]; none: tied to nothing, or the same as a row before it */
    uint32_t *begin;        /* [main rows + 1]; where a group begins in order */
    uint32_t *order;        /* [rows]; rows by group, in each in their order */
    uint32_t *spare;        /* sorted: [rows] */
    ybb_sort_key *sort;     /* sorted: [rows * map->order_count] */
    uint32_t *same;         /* distinct: [same_mask + 1]; hash table of rows, each plus 1 */
    uint32_t same_mask;
    uint32_t *tallied; /* [columns]; the columns that count these rows */
    uint32_t tallied_count;
    uint32_t *lookup; /* spread: [rows]; which lookup row each points to, or none */
} tie;

/* A counting column's figures for each group. */
typedef struct tally {
    uint32_t *figure;   /* COUNT, SHARE: rows that match; CASE: the first case that one matches */
    unsigned char *hit; /* distinct: [rows]; the row, or one the same, has counted */
} tally;

struct ybb_composer {
    const ybb_plan *plan;
    const ybb_slice *slice;
    const ybb_timezone *zone; /* NULL: times are shown as they are stored */
    ybb_buffer *text;         /* the lines of a row */
    ybb_composed *values;     /* [composed columns] */
    ybb_cell *main_cells;     /* [cells of a main row] */
    ybb_cell *related_cells;  /* [most cells of a related row] */
    tie *ties;                /* [collections] */
    tally *tallies;           /* [columns] */
    char (
        *numbers)[YBB_NUMBER_TEXT]; /* [composed columns]; texts of figures, and converted times */
    size_t *line_begins;            /* [columns]; where a column's lines begin in text */
    ybb_counter row_number;         /* of the row counted_row */
    uint32_t counted_row;
};

/* A row's place in memory that is laid out before it is there: without memory, only the size is
 * counted. */
typedef struct layout {
    char *memory;
    size_t used;
    bool overflow;
} layout;

static void *lay(layout *l, size_t count, size_t size)
{
    size_t begin = (l->used + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
    if (size > 0 && count > (PTRDIFF_MAX - begin) / size)
        l->overflow = true;
    else
        l->used = begin + count * size;
    return l->memory == NULL || l->overflow ? NULL : l->memory + begin;
}

/* Slots less one of a hash table for @count items, at most half full. */
static uint32_t table_mask(uint32_t count)
{
    uint32_t mask = 15;
    while (mask < UINT32_MAX / 2 && mask / 2 < count)
        mask = 2 * mask + 1;
    return mask;
}

static bool is_counted_for(const ybb_column *column, uint32_t related)
{
    return column->field->source == YBB_SOURCE_RELATED && column->related == related &&
           column->field->reducer.how != YBB_REDUCE_LINES;
}

static void lay_tie(layout *l, const ybb_composer *c, uint32_t index, tie *t)
{
    uint32_t main_rows = c->slice->main.rows;
    *t = (tie){.how = &c->plan->reading.related[index],
               .map = &c->plan->related[index],
               .rows = &c->slice->related[index]};
    bool is_distinct = t->map->distinct_cell != UINT32_MAX;
    t->keys = lay(l, (size_t)main_rows * t->how->match_count, sizeof(*t->keys));
    t->group_of_main = lay(l, main_rows, sizeof(*t->group_of_main));
    t->mask = table_mask(main_rows);
    t->slots = lay(l, (size_t)t->mask + 1, sizeof(*t->slots));
    t->group_of_row = lay(l, t->rows->rows, sizeof(*t->group_of_row));
    t->begin = lay(l, (size_t)main_rows + 1, sizeof(*t->begin));
    t->order = lay(l, t->rows->rows, sizeof(*t->order));
    bool is_sorted = t->map->order_count > 0;
    t->spare = lay(l, is_sorted ? t->rows->rows : 0, sizeof(*t->spare));
    t->sort = lay(l, (size_t)t->rows->rows * t->map->order_count, sizeof(*t->sort));
    t->same_mask = is_distinct ? table_mask(t->rows->rows) : 0;
    t->same = lay(l, is_distinct ? (size_t)t->same_mask + 1 : 0, sizeof(*t->same));
    t->tallied = lay(l, c->plan->column_count, sizeof(*t->tallied));
    bool is_spread = c->plan->spread != NULL && index == c->plan->spread_related;
    t->lookup = lay(l, is_spread ? t->rows->rows : 0, sizeof(*t->lookup));
}

static void lay_tally(layout *l, const ybb_composer *c, uint32_t index, tally *out)
{
    const ybb_column *column = &c->plan->columns[index];
    *out = (tally){0};
    if (!is_counted_for(column, column->related))
        return;
    bool is_distinct = c->plan->related[column->related].distinct_cell != UINT32_MAX;
    uint32_t rows = is_distinct ? c->slice->related[column->related].rows : 0;
    out->figure = lay(l, c->slice->main.rows, sizeof(*out->figure));
    out->hit = lay(l, rows, sizeof(*out->hit));
}

static uint32_t most_related_cells(const ybb_composer *c)
{
    uint32_t most = 0;
    for (uint32_t i = 0; i < c->plan->reading.related_count; i++)
        if (most < c->slice->related[i].columns)
            most = c->slice->related[i].columns;
    return most;
}

/* Lays the composer out; @c is where it begins, or a copy of it while sizes are counted. */
static void lay_out(layout *l, ybb_composer *c)
{
    const ybb_plan *plan = c->plan;
    c->values = lay(l, ybb__plan_composed(plan), sizeof(*c->values));
    c->main_cells = lay(l, c->slice->main.columns, sizeof(*c->main_cells));
    c->related_cells = lay(l, most_related_cells(c), sizeof(*c->related_cells));
    c->numbers = lay(l, ybb__plan_composed(plan), sizeof(*c->numbers));
    c->line_begins = lay(l, plan->column_count, sizeof(*c->line_begins));
    c->ties = lay(l, plan->reading.related_count, sizeof(*c->ties));
    c->tallies = lay(l, plan->column_count, sizeof(*c->tallies));
    tie some_tie;
    for (uint32_t i = 0; i < plan->reading.related_count; i++)
        lay_tie(l, c, i, l->memory != NULL ? &c->ties[i] : &some_tie);
    tally some_tally;
    for (uint32_t i = 0; i < plan->column_count; i++)
        lay_tally(l, c, i, l->memory != NULL ? &c->tallies[i] : &some_tally);
}

static bool hold_memory(ybb_piece *piece, size_t size)
{
    if (piece->memory_size >= size)
        return true;
    free(piece->memory);
    piece->memory = malloc(size);
    piece->memory_size = piece->memory != NULL ? size : 0;
    return piece->memory != NULL;
}

/* Mixes the bytes into @hash, eight at a time. The multiplier is odd with its bits spread evenly.
 */
static uint64_t mix(uint64_t hash, const char *at, size_t length)
{
    static const uint64_t multiplier = UINT64_C(0x9E3779B97F4A7C15);
    hash ^= length * multiplier;
    while (length > 0) {
        uint64_t eight = 0;
        size_t some = length < sizeof(eight) ? length : sizeof(eight);
        memcpy(&eight, at, some);
        hash = (hash ^ eight) * multiplier;
        hash ^= hash >> 32;
        at += some;
        length -= some;
    }
    return hash;
}

/* The hash of a row's match cells; false where one is NULL, which equals nothing. */
static bool hash_key(const ybb_cell *cells, const uint32_t *which, uint32_t count, uint64_t *hash)
{
    *hash = count;
    for (uint32_t i = 0; i < count; i++) {
        const ybb_cell *cell = &cells[which[i]];
        if (cell->at == NULL)
            return false;
        *hash = mix(*hash, cell->at, cell->length);
    }
    return true;
}

/* The slot where the key's group is or, if there is none yet, belongs. */
static uint32_t *find_slot(const tie *t, const ybb_cell *cells, const uint32_t *which,
                           uint64_t hash)
{
    uint32_t count = t->how->match_count;
    for (uint32_t i = (uint32_t)hash & t->mask;; i = (i + 1) & t->mask) {
        if (t->slots[i] == 0)
            return &t->slots[i];
        const ybb_cell *key = t->keys + (size_t)(t->slots[i] - 1) * count;
        uint32_t equal = 0;
        while (equal < count && ybb__same_cells(&key[equal], &cells[which[equal]]))
            equal++;
        if (equal == count)
            return &t->slots[i];
    }
}

static uint32_t group_of_main(tie *t, const ybb_cell *cells)
{
    uint64_t hash;
    uint32_t count = t->how->match_count;
    if (!hash_key(cells, t->how->main_cells, count, &hash))
        return none;
    uint32_t *slot = find_slot(t, cells, t->how->main_cells, hash);
    if (*slot == 0) {
        for (uint32_t i = 0; i < count; i++)
            t->keys[(size_t)t->groups * count + i] = cells[t->how->main_cells[i]];
        *slot = ++t->groups;
    }
    return *slot - 1;
}

static uint32_t group_of_related(const tie *t, const ybb_cell *cells)
{
    uint64_t hash;
    if (!hash_key(cells, t->how->own_cells, t->how->match_count, &hash))
        return none;
    uint32_t slot = *find_slot(t, cells, t->how->own_cells, hash);
    return slot == 0 ? none : slot - 1;
}

static void group_main_rows(ybb_composer *c)
{
    uint32_t related = c->plan->reading.related_count;
    for (uint32_t row = 0; related > 0 && row < c->slice->main.rows; row++) {
        ybb__block_row(&c->slice->main, row, c->main_cells);
        for (uint32_t i = 0; i < related; i++)
            c->ties[i].group_of_main[row] = group_of_main(&c->ties[i], c->main_cells);
    }
}

/* The first row of the group with the same bytes in the distinct column: @row itself, or one before
 * it. */
static uint32_t first_same(ybb_composer *c, tie *t, uint32_t row, uint32_t group,
                           const ybb_cell *cell)
{
    if (t->map->distinct_cell == UINT32_MAX || cell->at == NULL)
        return row;
    uint64_t hash = mix(group + UINT64_C(1), cell->at, cell->length);
    uint32_t i = (uint32_t)hash & t->same_mask;
    for (; t->same[i] != 0; i = (i + 1) & t->same_mask) {
        uint32_t other = t->same[i] - 1;
        if (t->group_of_row[other] != group)
            continue;
        ybb_cell *cells = c->related_cells; /* the caller is done with all but @cell, a copy */
        ybb__block_row(t->rows, other, cells);
        if (ybb__same_cells(&cells[t->map->distinct_cell], cell))
            return other;
    }
    t->same[i] = row + 1;
    return row;
}

static bool matches(const ybb_related_map *map, const ybb_case *wanted, const ybb_cell *cells)
{
    const ybb_labels *labels;
    ybb_cell cell = ybb__related_value(map, wanted->column, cells, &labels);
    if (cell.at == NULL)
        return false;
    for (uint32_t i = 0; i < wanted->value_count; i++)
        if (ybb__cell_is(&cell, wanted->values[i]))
            return true;
    return wanted->value_count == 0;
}

/* Lets a related row count in a column. @first is the row, or the one before it that is the same.
 */
static void count_row(tally *out, const ybb_related_map *map, const ybb_reducer *reducer,
                      const ybb_cell *cells, uint32_t group, uint32_t first)
{
    if (reducer->how == YBB_REDUCE_CASE) {
        uint32_t which = 0;
        while (which < out->figure[group] && !matches(map, &reducer->cases[which], cells))
            which++;
        out->figure[group] = which;
        return;
    }
    bool has_hit = map->distinct_cell != UINT32_MAX && out->hit[first];
    if (reducer->case_count == 0 || has_hit || !matches(map, &reducer->cases[0], cells))
        return;
    out->figure[group]++;
    if (map->distinct_cell != UINT32_MAX)
        out->hit[first] = 1;
}

static void count_related_row(ybb_composer *c, tie *t, uint32_t row)
{
    ybb_cell *cells = c->related_cells;
    ybb__block_row(t->rows, row, cells);
    uint32_t group = group_of_related(t, cells), first = row;
    t->group_of_row[row] = none;
    if (group == none)
        return;
    if (t->map->distinct_cell != UINT32_MAX) {
        ybb_cell cell = cells[t->map->distinct_cell];
        first = first_same(c, t, row, group, &cell);
        ybb__block_row(t->rows, row, cells);
    }
    for (uint32_t i = 0; i < t->tallied_count; i++) {
        uint32_t column = t->tallied[i];
        count_row(&c->tallies[column], t->map, &c->plan->columns[column].field->reducer, cells,
                  group, first);
    }
    if (first == row) {
        ybb__sort_keys(t->sort + (size_t)row * t->map->order_count, t->map, cells);
        t->group_of_row[row] = group;
        t->begin[group + 1]++;
    }
}

/* Sorts the rows by their groups, keeping their order: begin has counts, each one place late. Then
 * sorts each group's, where the database did not. */
static void order_rows(tie *t)
{
    for (uint32_t group = 0; group < t->groups; group++)
        t->begin[group + 1] += t->begin[group];
    for (uint32_t row = 0; row < t->rows->rows; row++)
        if (t->group_of_row[row] != none)
            t->order[t->begin[t->group_of_row[row]]++] = row;
    for (uint32_t group = t->groups; group > 0; group--)
        t->begin[group] = t->begin[group - 1];
    t->begin[0] = 0;
    for (uint32_t group = 0; t->map->order_count > 0 && group < t->groups; group++)
        ybb__sort_related(t->order + t->begin[group], t->begin[group + 1] - t->begin[group],
                          t->spare, t->map, t->sort);
}

static void begin_tally(const ybb_composer *c, uint32_t column)
{
    const ybb_reducer *reducer = &c->plan->columns[column].field->reducer;
    const tie *t = &c->ties[c->plan->columns[column].related];
    const tally *of = &c->tallies[column];
    uint32_t begin = reducer->how == YBB_REDUCE_CASE ? reducer->case_count : 0;
    for (uint32_t group = 0; group < c->slice->main.rows; group++)
        of->figure[group] = begin;
    if (t->map->distinct_cell != UINT32_MAX)
        memset(of->hit, 0, t->rows->rows);
}

/* Finds the lookup row that each related row points to. */
static void point_rows(ybb_composer *c, tie *t)
{
    const ybb_plan *plan = c->plan;
    for (uint32_t row = 0; row < t->rows->rows; row++) {
        const ybb_labels *ignored;
        ybb__block_row(t->rows, row, c->related_cells);
        ybb_cell key =
            ybb__related_value(t->map, plan->spread->pointer, c->related_cells, &ignored);
        t->lookup[row] = none;
        if (key.at != NULL)
            t->lookup[row] = ybb__cell_index_find(&plan->lookup_keys, plan->lookup.cells.at, key);
    }
}

static void tie_rows(ybb_composer *c, uint32_t index)
{
    tie *t = &c->ties[index];
    for (uint32_t i = 0; i < c->plan->column_count; i++)
        if (is_counted_for(&c->plan->columns[i], index)) {
            begin_tally(c, i);
            t->tallied[t->tallied_count++] = i;
        }
    memset(t->begin, 0, ((size_t)c->slice->main.rows + 1) * sizeof(*t->begin));
    if (t->map->distinct_cell != UINT32_MAX)
        memset(t->same, 0, ((size_t)t->same_mask + 1) * sizeof(*t->same));
    for (uint32_t row = 0; row < t->rows->rows; row++)
        count_related_row(c, t, row);
    order_rows(t);
    if (c->plan->spread != NULL && index == c->plan->spread_related)
        point_rows(c, t);
}

/* The zone of the plan's request, kept in the piece for the next slice. False without memory. */
static bool hold_zone(ybb_piece *piece, const ybb_request *request)
{
    if (request->timezone == NULL || piece->zone_of == request)
        return true;
    ybb__timezone_free(piece->zone);
    piece->zone = ybb__timezone_new(request->stored_timezone, request->timezone);
    piece->zone_of = piece->zone != NULL ? request : NULL;
    return piece->zone != NULL;
}

ybb_composer *ybb__composer_open(ybb_piece *piece, const ybb_plan *plan, const ybb_slice *slice)
{
    ybb_composer begin = {.plan = plan,
                          .slice = slice,
                          .text = &piece->scratch,
                          .row_number = ybb__counter_from(slice->first_record + 1)};
    layout sizes = {0};
    (void)lay(&sizes, 1, sizeof(begin));
    lay_out(&sizes, &begin);
    if (sizes.overflow || !hold_memory(piece, sizes.used) || !hold_zone(piece, plan->request))
        return NULL;
    begin.zone = plan->request->timezone != NULL ? piece->zone : NULL;
    layout l = {.memory = piece->memory};
    ybb_composer *c = lay(&l, 1, sizeof(*c));
    *c = begin;
    lay_out(&l, c);
    for (uint32_t i = 0; i < plan->reading.related_count; i++)
        memset(c->ties[i].slots, 0, ((size_t)c->ties[i].mask + 1) * sizeof(*c->ties[i].slots));
    group_main_rows(c);
    for (uint32_t i = 0; i < plan->reading.related_count; i++)
        tie_rows(c, i);
    return c;
}

static ybb_cell cell_of_text(const char *text)
{
    return text == NULL ? (ybb_cell){NULL, 0} : (ybb_cell){text, (uint32_t)strlen(text)};
}

static void take_column(ybb_composed *value, const ybb_column *column, const ybb_cell *cells)
{
    const ybb_field *field = column->field;
    value->cell = cells[column->cell];
    value->labels = &field->labels;
    if (value->cell.at != NULL)
        return;
    if (column->fallback_cell != UINT32_MAX && cells[column->fallback_cell].at != NULL) {
        value->cell = cells[column->fallback_cell];
        value->labels = &field->fallback_labels;
    } else {
        value->cell = cell_of_text(field->null_as);
    }
}

static void convert_times(ybb_composer *c)
{
    for (uint32_t i = 0; i < ybb__plan_composed(c->plan); i++) {
        const ybb_field *field = c->plan->columns[i].field;
        ybb_cell *cell = &c->values[i].cell;
        if (field->type == YBB_TYPE_DATETIME && field->source == YBB_SOURCE_COLUMN &&
            cell->at != NULL)
            *cell = ybb__zoned(c->numbers[i], c->zone, cell);
    }
}

/* How many in a hundred, with one decimal: tenths, rounded half up. */
static size_t write_share(char *out, uint64_t part, uint64_t of)
{
    uint64_t tenths = (2000 * part + of) / (2 * of);
    size_t length = ybb__text_from_u64(out, tenths / 10);
    out[length++] = '.';
    out[length++] = (char)('0' + tenths % 10);
    return length;
}

static ybb_cell reduce(ybb_composer *c, uint32_t index, uint32_t row)
{
    const ybb_column *column = &c->plan->columns[index];
    const ybb_reducer *reducer = &column->field->reducer;
    const tie *t = &c->ties[column->related];
    uint32_t group = t->group_of_main[row];
    uint32_t rows = group == none ? 0 : t->begin[group + 1] - t->begin[group];
    uint32_t figure = group == none ? 0 : c->tallies[index].figure[group];
    char *number = c->numbers[index];
    switch (reducer->how) {
    case YBB_REDUCE_COUNT:
        if (reducer->case_count == 0)
            figure = rows;
        return (ybb_cell){number, (uint32_t)ybb__text_from_u64(number, figure)};
    case YBB_REDUCE_SHARE:
        if (rows == 0)
            return (ybb_cell){NULL, 0};
        if (reducer->case_count == 0)
            figure = rows;
        return (ybb_cell){number, (uint32_t)write_share(number, figure, rows)};
    case YBB_REDUCE_CASE:
        if (rows == 0 || figure == reducer->case_count)
            return cell_of_text(reducer->otherwise);
        return cell_of_text(reducer->cases[figure].result);
    case YBB_REDUCE_LINES:
        break;
    }
    return (ybb_cell){NULL, 0};
}

/* Appends the lines of a group's rows; of a spread column those that point to its lookup row. False
 * where there are none. */
static bool put_group(ybb_composer *c, const ybb_column *column, const tie *t, uint32_t group)
{
    const ybb_reducer *reducer = &column->field->reducer;
    const ybb_line line = {t->map, c->related_cells, c->plan->request, c->zone};
    bool begun = false;
    for (uint32_t i = t->begin[group]; i < t->begin[group + 1]; i++) {
        if (column->spread && t->lookup[t->order[i]] != column->lookup)
            continue;
        if (begun)
            ybb__buffer_put_text(c->text, reducer->line_separator);
        begun = true;
        ybb__block_row(t->rows, t->order[i], c->related_cells);
        if (column->spread)
            ybb__put_line_value(c->text, &line, c->plan->spread->content);
        else
            ybb__put_line(c->text, &line, reducer);
    }
    return begun;
}

/* Appends the lines to the row's text, which may move while it grows: the cell gets its length here
 * and its place when the row is whole. */
static ybb_status put_lines(ybb_composer *c, uint32_t index, uint32_t row, ybb_error *error)
{
    const ybb_column *column = &c->plan->columns[index];
    const tie *t = &c->ties[column->related];
    uint32_t group = t->group_of_main[row];
    size_t begin = c->text->length;
    c->line_begins[index] = begin;
    c->values[index].cell = (ybb_cell){NULL, 0};
    if (group == none || !put_group(c, column, t, group))
        return YBB_OK;
    if (!ybb__buffer_reserve(c->text, 1)) /* also where the lines are empty: they are a text */
        return ybb__fail_memory(error);
    if (c->text->length - begin >= UINT32_MAX)
        return ybb__fail(error, YBB_TOO_LARGE, "the related rows of a record make a text of 4 GiB");
    c->values[index].cell = (ybb_cell){c->text->at, (uint32_t)(c->text->length - begin)};
    return YBB_OK;
}

/* The number of a record in its export. Rows come one after the other, so it is counted up. */
static ybb_cell row_number(ybb_composer *c, uint32_t row)
{
    ybb_counter *counter = &c->row_number;
    if (row == c->counted_row + 1)
        ybb__counter_next(counter);
    else if (row != c->counted_row)
        *counter = ybb__counter_from(c->slice->first_record + row + 1);
    c->counted_row = row;
    return (ybb_cell){counter->digits, counter->length};
}

static bool is_lines(const ybb_field *field)
{
    return field->source == YBB_SOURCE_RELATED && field->reducer.how == YBB_REDUCE_LINES;
}

ybb_status ybb__composer_row(ybb_composer *c, uint32_t row, const ybb_composed **values,
                             ybb_error *error)
{
    bool has_lines = false;
    ybb__buffer_clear(c->text);
    ybb__block_row(&c->slice->main, row, c->main_cells);
    for (uint32_t i = 0; i < ybb__plan_composed(c->plan); i++) {
        const ybb_column *column = &c->plan->columns[i];
        ybb_composed *value = &c->values[i];
        value->labels = &column->field->labels;
        if (column->field->source == YBB_SOURCE_COLUMN) {
            take_column(value, column, c->main_cells);
        } else if (column->field->source == YBB_SOURCE_ROW_NUMBER) {
            value->cell = row_number(c, row);
        } else if (!is_lines(column->field)) {
            value->cell = reduce(c, i, row);
        } else {
            ybb_status status = put_lines(c, i, row, error);
            if (status != YBB_OK)
                return status;
            has_lines = true;
        }
    }
    for (uint32_t i = 0; has_lines && i < c->plan->column_count; i++)
        if (is_lines(c->plan->columns[i].field) && c->values[i].cell.at != NULL)
            c->values[i].cell.at = c->text->at + c->line_begins[i];
    if (c->zone != NULL)
        convert_times(c);
    *values = c->values;
    return YBB_OK;
}

const ybb_composed *ybb__composer_subtotal(ybb_composer *c, uint32_t number)
{
    ybb__block_row(&c->slice->subtotals, number, c->main_cells);
    for (uint32_t i = 0; i < ybb__plan_composed(c->plan); i++) {
        const ybb_column *column = &c->plan->columns[i];
        c->values[i] = (ybb_composed){{"", 0}, &column->field->labels};
        if (column->in_subtotal == YBB_IN_SUBTOTAL_VALUE ||
            column->in_subtotal == YBB_IN_SUBTOTAL_SUM)
            take_column(&c->values[i], column, c->main_cells);
    }
    if (c->zone != NULL)
        convert_times(c);
    return c->values;
}
