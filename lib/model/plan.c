/*
 * From a request to a reading: the statements of the main rows, and where each column's cell is
 * found.
 *
 * Records sorted by the key are read along it, slice after slice. Every other sort, and filters
 * that a database would answer as a whole for each slice (ybb__where_is_sliceable), read the keys
 * first; so do groups, which are known when the keys are.
 */
#include "model/plan.h"

#include "base/text.h"
#include "model/plan_related.h"
#include "model/plan_spread.h"
#include "model/plan_sql.h"
#include "model/plan_summaries.h"
#include "model/plan_where.h"

#include <stdlib.h>
#include <string.h>

/* What the statements of one plan share. */
typedef struct builder {
    ybb_plan *plan;
    const ybb_request *request;
    const ybb_type *type;
    ybb_column_name key;
    ybb_cells cells; /* of a main row */
    ybb_related_needs needs;
    ybb_sql_text to;
} builder;

static bool same(ybb_column_name a, ybb_column_name b)
{
    return strcmp(a.table, b.table) == 0 && strcmp(a.column, b.column) == 0;
}

/* The group that records are put into, or NULL. */
static const ybb_group *group_of(const builder *b)
{
    return b->request->grouped ? b->type->group : NULL;
}

static bool is_among(const ybb_field *field, const ybb_field *const *fields, uint32_t count)
{
    for (uint32_t i = 0; i < count; i++)
        if (fields[i] == field)
            return true;
    return false;
}

static ybb_in_subtotal in_subtotal(const ybb_group *group, const ybb_field *field)
{
    if (group == NULL)
        return YBB_IN_SUBTOTAL_NOTHING;
    if (field == group->per)
        return YBB_IN_SUBTOTAL_VALUE;
    if (field == group->label_field)
        return YBB_IN_SUBTOTAL_LABEL;
    if (is_among(field, group->summed, group->summed_count))
        return YBB_IN_SUBTOTAL_SUM;
    return is_among(field, group->kept, group->kept_count) ? YBB_IN_SUBTOTAL_VALUE
                                                           : YBB_IN_SUBTOTAL_NOTHING;
}

static void build_column(builder *b, const ybb_request_column *from, ybb_column *to)
{
    const ybb_field *field = from->field;
    *to = (ybb_column){.header = from->header,
                       .field = field,
                       .cell = UINT32_MAX,
                       .fallback_cell = UINT32_MAX,
                       .related = UINT32_MAX,
                       .in_subtotal = in_subtotal(group_of(b), field)};
    if (field->source == YBB_SOURCE_COLUMN) {
        to->cell = ybb__cells_index(&b->cells, field->column);
        if (field->fallback.column != NULL)
            to->fallback_cell = ybb__cells_index(&b->cells, field->fallback);
    } else if (field->source == YBB_SOURCE_RELATED) {
        to->related = ybb__related_needs_add(&b->needs, &b->cells, &field->reducer);
    }
}

/* What the groups' subtotals stand for; also where no column shows it. */
static void build_per(builder *b)
{
    const ybb_group *group = group_of(b);
    if (group == NULL)
        return;
    ybb_per *per = ybb__arena_alloc(&b->plan->arena, sizeof(*per));
    if (per == NULL)
        return;
    *per =
        (ybb_per){ybb__cells_index(&b->cells, group->per->column), UINT32_MAX, group->per->null_as};
    if (group->per->fallback.column != NULL)
        per->fallback_cell = ybb__cells_index(&b->cells, group->per->fallback);
    b->plan->reading.per = per;
}

/* Keeps the place of a field whose columns are not known yet. */
static void build_spread(builder *b)
{
    const ybb_spread *spread = b->type->spread;
    b->plan->spread = spread;
    b->plan->spread_at = b->plan->column_count;
    b->plan->spread_related = ybb__related_needs_spread(&b->needs, &b->cells, spread);
}

/* What summaries need and no column shows. */
static void build_hidden(builder *b, const ybb_field *const *fields, uint32_t count,
                         ybb_column *columns)
{
    b->plan->hidden_count = count;
    for (uint32_t i = 0; i < count; i++) {
        const ybb_request_column hidden = {fields[i], ""};
        ybb_column *column = &columns[b->plan->column_count + i];
        build_column(b, &hidden, column);
        column->in_subtotal = YBB_IN_SUBTOTAL_NOTHING;
    }
}

/* The cells are complete behind this. */
static void build_columns(builder *b)
{
    ybb_plan *plan = b->plan;
    const ybb_request *request = b->request;
    const ybb_field *spread = request->spread ? b->type->spread->field : NULL;
    const ybb_field **hidden =
        ybb__arena_array(&plan->arena, (size_t)b->type->field_count + 1, sizeof(*hidden));
    uint32_t hidden_count = hidden != NULL ? ybb__plan_summaries(plan, hidden) : 0;
    ybb_column *columns = ybb__arena_array(
        &plan->arena, (size_t)request->column_count + hidden_count + 1, sizeof(*columns));
    plan->reading.key_cell = ybb__cells_index(&b->cells, b->key);
    plan->reading.key_integer = b->type->key_integer;
    for (uint32_t i = 0; columns != NULL && i < request->column_count; i++)
        if (request->columns[i].field == spread)
            build_spread(b);
        else
            build_column(b, &request->columns[i], &columns[plan->column_count++]);
    if (columns != NULL)
        build_hidden(b, hidden, hidden_count, columns);
    build_per(b);
    plan->columns = columns;
    plan->reading.columns = ybb__cells_count(&b->cells);
}

static bool main_from(const builder *b, ybb_from *from)
{
    return ybb__from_init(from, &b->plan->arena, b->type->table, b->key.table, b->type->joins,
                          b->type->join_count);
}

/* A bound for the key, which the cursor binds. */
static void put_bound(builder *b, bool begun, const char *sign)
{
    ybb__sql_put(&b->to, begun ? " AND " : " WHERE ");
    ybb__sql_column(&b->to, b->key);
    ybb__sql_put(&b->to, sign);
    ybb__sql_open(&b->to);
}

static void put_behind(builder *b, bool begun)
{
    put_bound(b, begun, b->request->descending ? " < " : " > ");
}

/* Of all records; of those behind a key; or of the first, up to one behind the limit, which says
 * whether there are more. */
typedef enum counted { COUNT_ALL, COUNT_BEHIND, COUNT_TO_LIMIT } counted;

static void write_count(builder *b, counted what, ybb_query *out)
{
    ybb_from from;
    if (!main_from(b, &from))
        return;
    ybb__where_need(b->request, &from);
    ybb__sql_put(&b->to,
                 what == COUNT_TO_LIMIT ? "SELECT COUNT(*) FROM (SELECT 1" : "SELECT COUNT(*)");
    ybb__sql_from(&b->to, &from);
    bool begun = ybb__sql_where(&b->to, b->request, &from, false);
    if (what == COUNT_BEHIND)
        put_behind(b, begun);
    if (what == COUNT_TO_LIMIT) {
        ybb__sql_put(&b->to, " LIMIT ");
        ybb__sql_value(&b->to, ybb__value_integer((int64_t)b->request->limit + 1));
        ybb__sql_put(&b->to, ") AS counted");
    }
    ybb__sql_take(&b->to, out);
}

/* The rows that are counted stand in a temporary table of the server's, in its memory where they
 * are so few. */
static bool is_soon_counted(const builder *b)
{
    enum { MOST_IN_MEMORY = 100000 };
    return b->request->limit <= MOST_IN_MEMORY;
}

static void put_direction(builder *b)
{
    ybb__sql_put(&b->to, b->request->descending ? " DESC" : "");
}

/* How far a slice along the key may reach: from the first record, or from behind a key, and there
 * to another key. */
typedef enum { FROM_FIRST, BEHIND, WITHIN } slice_reach;

static void write_slice(builder *b, slice_reach reach, ybb_query *out)
{
    ybb_from from;
    if (!main_from(b, &from))
        return;
    ybb__where_need(b->request, &from);
    ybb__sql_select(&b->to, &b->cells, &from);
    ybb__sql_from(&b->to, &from);
    bool begun = ybb__sql_where(&b->to, b->request, &from, true);
    if (reach != FROM_FIRST)
        put_behind(b, begun);
    if (reach == WITHIN)
        put_bound(b, true, b->request->descending ? " >= " : " <= ");
    ybb__sql_put(&b->to, " ORDER BY ");
    ybb__sql_column(&b->to, b->key);
    put_direction(b);
    ybb__sql_put(&b->to, " LIMIT ?");
    ybb__sql_take(&b->to, out);
}

/* A field sorts as what it shows for NULL: by the value that NULL counts as, or by its fallback. */
static void put_sort(builder *b, const ybb_field *field)
{
    int64_t number;
    const char *null_as = field->null_as;
    if (null_as != NULL)
        ybb__sql_put(&b->to, "COALESCE(");
    ybb__sql_sorted(&b->to, field->column, field, 1);
    if (null_as != NULL) {
        ybb__sql_put(&b->to, ", ");
        bool integer = field->type == YBB_TYPE_INTEGER || field->type == YBB_TYPE_BOOLEAN;
        if (integer && ybb__text_to_i64(null_as, strlen(null_as), &number))
            ybb__sql_value(&b->to, ybb__value_integer(number));
        else
            ybb__sql_value(&b->to, ybb__value_text(null_as));
        ybb__sql_put(&b->to, ")");
    }
    put_direction(b);
    ybb__sql_put(&b->to, ", ");
    if (field->fallback.column != NULL) {
        ybb__sql_column(&b->to, field->fallback);
        put_direction(b);
        ybb__sql_put(&b->to, ", ");
    }
}

static void write_order(builder *b, const ybb_field *sort)
{
    ybb_from from;
    if (!main_from(b, &from))
        return;
    ybb__where_need(b->request, &from);
    if (sort != NULL) {
        ybb__from_need(&from, sort->column);
        if (sort->fallback.column != NULL)
            ybb__from_need(&from, sort->fallback);
    }
    ybb__sql_put(&b->to, "SELECT ");
    ybb__sql_column(&b->to, b->key);
    ybb__sql_from(&b->to, &from);
    (void)ybb__sql_where(&b->to, b->request, &from, false);
    ybb__sql_put(&b->to, " ORDER BY ");
    if (sort != NULL)
        put_sort(b, sort);
    ybb__sql_column(&b->to, b->key);
    put_direction(b);
    ybb__sql_put(&b->to, " LIMIT ?");
    ybb__sql_take(&b->to, &b->plan->reading.order);
}

/* By the group, and inside it as the catalog says. A text is sorted by its bytes behind its
 * collation, so that those of equal bytes stand together. */
static void put_group_order(builder *b, const ybb_group *group)
{
    ybb__sql_put(&b->to, " ORDER BY ");
    ybb__sql_column(&b->to, group->column);
    if (!group->integer) {
        ybb__sql_put(&b->to, ", ");
        ybb__sql_exact(&b->to, group->column);
    }
    for (uint32_t i = 0; i < group->order_count; i++) {
        ybb__sql_put(&b->to, ", ");
        ybb__sql_sorted(&b->to, group->order[i].column, b->type->fields, b->type->field_count);
        ybb__sql_put(&b->to, group->order[i].descending ? " DESC" : "");
    }
    ybb__sql_put(&b->to, ", ");
    ybb__sql_column(&b->to, b->key);
}

/* The keys, and with each what tells its group and its subtotal. */
static void write_group_order(builder *b, const ybb_group *group)
{
    ybb_from from;
    ybb_cells cells = {0};
    if (!main_from(b, &from))
        return;
    ybb__where_need(b->request, &from);
    for (uint32_t i = 0; i < group->order_count; i++)
        ybb__from_need(&from, group->order[i].column);
    const ybb_column_name names[] = {b->key, group->column, group->per->column,
                                     group->per->fallback};
    for (size_t i = 0; i < (group->per->fallback.column != NULL ? 4 : 3); i++)
        ybb__buffer_put(&cells.names, &names[i], sizeof(names[i]));
    ybb__sql_select(&b->to, &cells, &from);
    ybb__buffer_free(&cells.names);
    ybb__sql_from(&b->to, &from);
    (void)ybb__sql_where(&b->to, b->request, &from, false);
    put_group_order(b, group);
    ybb__sql_put(&b->to, " LIMIT ?");
    ybb__sql_take(&b->to, &b->plan->reading.order);
}

/* The keys met the filters in the same snapshot, so nothing is filtered here. */
static void write_by_keys(builder *b)
{
    ybb_from from;
    if (!main_from(b, &from))
        return;
    ybb__sql_select(&b->to, &b->cells, &from);
    ybb__sql_from(&b->to, &from);
    ybb__sql_put(&b->to, " WHERE ");
    ybb__sql_column(&b->to, b->key);
    ybb__sql_put(&b->to, " IN (");
    ybb__sql_list(&b->to);
    ybb__sql_put(&b->to, ")");
    ybb__sql_take_list(&b->to, &b->plan->reading.by_keys);
}

/* The field to sort by; NULL: the key. */
static const ybb_field *sort_of(const builder *b)
{
    const ybb_field *sort = b->request->sort;
    return sort == NULL || same(sort->column, b->key) ? NULL : sort;
}

static void write_main(builder *b)
{
    ybb_reading *reading = &b->plan->reading;
    ybb_from from;
    const ybb_field *sort = sort_of(b);
    if (!main_from(b, &from))
        return;
    const ybb_group *group = group_of(b);
    reading->by_key = group == NULL && sort == NULL && ybb__where_is_sliceable(b->request, &from);
    reading->descending = b->request->descending;
    write_count(b, reading->by_key && is_soon_counted(b) ? COUNT_TO_LIMIT : COUNT_ALL,
                &reading->count);
    if (reading->by_key) {
        write_count(b, COUNT_BEHIND, &reading->count_behind);
        write_slice(b, FROM_FIRST, &reading->first);
        write_slice(b, BEHIND, &reading->next);
        if (reading->key_integer)
            write_slice(b, WITHIN, &reading->within);
        return;
    }
    if (group != NULL)
        write_group_order(b, group);
    else
        write_order(b, sort);
    write_by_keys(b);
}

ybb_status ybb__plan_build(ybb_plan **out, const ybb_request *request, ybb_sql sql,
                           ybb_error *error)
{
    *out = NULL;
    ybb_plan *plan = calloc(1, sizeof(*plan));
    if (plan == NULL)
        return ybb__fail_memory(error);
    plan->request = request;
    builder b = {.plan = plan, .request = request, .type = request->type};
    b.key = (ybb_column_name){ybb__sql_alias(b.type->table), b.type->key};
    b.to = (ybb_sql_text){.sql = sql, .arena = &plan->arena};
    if (ybb__related_needs_init(&b.needs, &plan->arena, b.type)) {
        build_columns(&b);
        write_main(&b);
        ybb__related_write(&b.needs, &b.to, &b.cells, &plan->reading, &plan->related);
        if (plan->spread != NULL)
            ybb__spread_write(&b.to, request, &plan->reading.lookup);
    }
    ybb__related_needs_release(&b.needs);
    ybb__buffer_free(&b.cells.names);
    ybb__sql_free(&b.to);
    if (plan->arena.failed) {
        ybb__plan_free(plan);
        return ybb__fail_memory(error);
    }
    *out = plan;
    return YBB_OK;
}

void ybb__plan_free(ybb_plan *plan)
{
    if (plan == NULL)
        return;
    ybb__cell_index_free(&plan->lookup_keys);
    ybb__block_free(&plan->lookup);
    ybb__arena_free(&plan->arena);
    free(plan);
}

uint32_t ybb__plan_column(const ybb_plan *plan, const ybb_field *field)
{
    uint32_t at = 0;
    while (at < ybb__plan_composed(plan) &&
           (plan->columns[at].field != field || plan->columns[at].spread))
        at++;
    return at;
}
