#include "model/plan_related.h"

#include "model/plan_match.h"

#include <string.h>

bool ybb__related_needs_init(ybb_related_needs *needs, ybb_arena *arena, const ybb_type *type)
{
    size_t count = (size_t)type->collection_count + 1;
    *needs = (ybb_related_needs){.type = type};
    ybb_related_need *items = ybb__arena_array(arena, count, sizeof(*items));
    for (uint32_t i = 0; items != NULL && i < type->collection_count; i++) {
        size_t columns = (size_t)type->collections[i].column_count + 1;
        items[i].index = UINT32_MAX;
        items[i].column_cells = ybb__arena_array(arena, columns, sizeof(uint32_t));
        items[i].fallback_cells = ybb__arena_array(arena, columns, sizeof(uint32_t));
        if (items[i].column_cells == NULL || items[i].fallback_cells == NULL)
            return false;
        for (size_t k = 0; k < columns; k++)
            items[i].column_cells[k] = items[i].fallback_cells[k] = UINT32_MAX;
    }
    needs->items = items;
    return items != NULL;
}

void ybb__related_needs_release(ybb_related_needs *needs)
{
    for (uint32_t i = 0; needs->items != NULL && i < needs->type->collection_count; i++)
        ybb__buffer_free(&needs->items[i].cells.names);
}

static void need_column(ybb_related_need *need, const ybb_collection *collection, uint32_t column)
{
    const ybb_field *field = &collection->columns[column];
    need->column_cells[column] = ybb__cells_index(&need->cells, field->column);
    if (field->fallback.column != NULL)
        need->fallback_cells[column] = ybb__cells_index(&need->cells, field->fallback);
}

static void need_parts(ybb_related_need *need, const ybb_collection *collection,
                       const ybb_reducer *reducer)
{
    for (uint32_t p = 0; p < reducer->part_count; p++) {
        const ybb_line_part *part = &reducer->parts[p];
        for (uint32_t i = 0; i < part->count; i++)
            if (part->pieces[i].text == NULL)
                need_column(need, collection, part->pieces[i].column);
    }
}

/* Takes a collection among those read, with what every use of it needs. */
static ybb_related_need *need_collection(ybb_related_needs *needs, ybb_cells *main, uint32_t index)
{
    ybb_related_need *need = &needs->items[index];
    const ybb_collection *collection = &needs->type->collections[index];
    if (need->index == UINT32_MAX)
        need->index = needs->read_count++;
    for (uint32_t i = 0; i < collection->match_count; i++) {
        (void)ybb__cells_index(main, collection->match[i].other);
        (void)ybb__cells_index(&need->cells, collection->match[i].own);
    }
    if (collection->distinct >= 0)
        need_column(need, collection, (uint32_t)collection->distinct);
    return need;
}

uint32_t ybb__related_needs_add(ybb_related_needs *needs, ybb_cells *main,
                                const ybb_reducer *reducer)
{
    ybb_related_need *need = need_collection(needs, main, reducer->collection);
    const ybb_collection *collection = &needs->type->collections[reducer->collection];
    need_parts(need, collection, reducer);
    for (uint32_t i = 0; i < reducer->case_count; i++)
        need_column(need, collection, reducer->cases[i].column);
    need->ordered = need->ordered || reducer->how == YBB_REDUCE_LINES;
    return need->index;
}

uint32_t ybb__related_needs_spread(ybb_related_needs *needs, ybb_cells *main,
                                   const ybb_spread *spread)
{
    uint32_t index = spread->field->reducer.collection;
    ybb_related_need *need = need_collection(needs, main, index);
    need_column(need, &needs->type->collections[index], spread->pointer);
    need_column(need, &needs->type->collections[index], spread->content);
    need->ordered = true;
    return need->index;
}

static bool is_integer(const ybb_collection *collection, ybb_column_name column)
{
    for (uint32_t i = 0; i < collection->column_count; i++) {
        const ybb_field *field = &collection->columns[i];
        if (field->type == YBB_TYPE_INTEGER && strcmp(field->column.table, column.table) == 0 &&
            strcmp(field->column.column, column.column) == 0)
            return true;
    }
    return false;
}

/* Whether the rows of each record are sorted when they are read, so that no statement has to. That
 * is cheaper (measured on MariaDB: by an eighth of the server's instructions for detailed
 * participants, and its rows come without a pause), for a record has few rows, but a statement all
 * those of a slice, which the database sorts with all their texts. It takes columns whose order is
 * no question of collations or zones: integers. Of rows that count once, which one comes first is
 * the database's. */
static bool is_sorted_later(const ybb_related_need *need, const ybb_collection *collection)
{
    if (!need->ordered || collection->distinct >= 0)
        return false;
    for (uint32_t i = 0; i < collection->order_count; i++)
        if (!is_integer(collection, collection->order[i].column))
            return false;
    return true;
}

static void need_order(ybb_related_need *need, const ybb_collection *collection, ybb_arena *arena,
                       ybb_related_map *map)
{
    ybb_related_order *order =
        ybb__arena_array(arena, (size_t)collection->order_count + 1, sizeof(*order));
    if (order == NULL)
        return;
    for (uint32_t i = 0; i < collection->order_count; i++)
        order[i] = (ybb_related_order){ybb__cells_index(&need->cells, collection->order[i].column),
                                       collection->order[i].descending};
    map->order = order;
    map->order_count = collection->order_count;
    need->ordered = false;
}

/* "SELECT ... FROM ... WHERE ", up to the column that ties a row to its record. */
static void put_head(ybb_sql_text *to, ybb_related_need *need, const ybb_collection *collection)
{
    ybb_from from;
    if (!ybb__from_collection(&from, to->arena, collection))
        return;
    for (uint32_t i = 0; need->ordered && i < collection->order_count; i++)
        ybb__from_need(&from, collection->order[i].column);
    ybb__sql_select(to, &need->cells, &from);
    ybb__sql_from(to, &from);
    ybb__sql_put(to, " WHERE ");
}

/* NULL stands first ascending and last descending by itself, on every database here. */
static void put_order(ybb_sql_text *to, const ybb_related_need *need,
                      const ybb_collection *collection)
{
    for (uint32_t i = 0; need->ordered && i < collection->order_count; i++) {
        ybb__sql_put(to, i == 0 ? " ORDER BY " : ", ");
        ybb__sql_sorted(to, collection->order[i].column, collection->columns,
                        collection->column_count);
        ybb__sql_put(to, collection->order[i].descending ? " DESC" : "");
    }
}

static void put_list(ybb_sql_text *to, const ybb_related_need *need,
                     const ybb_collection *collection, ybb_list_query *query)
{
    ybb__sql_put(to, " IN (");
    ybb__sql_list(to);
    ybb__sql_put(to, ")");
    ybb__sql_collection_conditions(to, collection);
    put_order(to, need, collection);
    ybb__sql_take_list(to, query);
}

/* The list and the range find a superset by an index; which rows belong to a record, their bytes
 * say. */
static void write_queries(ybb_sql_text *to, ybb_related_need *need,
                          const ybb_collection *collection, ybb_related *related)
{
    put_head(to, need, collection);
    ybb__sql_column(to, collection->match[0].own);
    put_list(to, need, collection, &related->by_values);
    if (!collection->match_integer) {
        if (to->sql == YBB_SQL_MYSQL) {
            put_head(to, need, collection);
            ybb__sql_utf8(to, collection->match[0].own);
            put_list(to, need, collection, &related->by_bytes);
        }
        return;
    }
    /* The ends come last among the parameters, so they stand behind all conditions. */
    put_head(to, need, collection);
    ybb__sql_column(to, collection->match[0].own);
    ybb__sql_put(to, " IS NOT NULL");
    ybb__sql_collection_conditions(to, collection);
    ybb__sql_put(to, " AND ");
    ybb__sql_column(to, collection->match[0].own);
    ybb__sql_put(to, " BETWEEN ? AND ?");
    put_order(to, need, collection);
    ybb__sql_take(to, &related->by_range);
}

static void write_one(ybb_related_need *need, const ybb_collection *collection, ybb_sql_text *to,
                      ybb_cells *main, ybb_related *related, ybb_related_map *map)
{
    uint32_t *main_cells = ybb__arena_array(to->arena, collection->match_count, sizeof(uint32_t));
    uint32_t *own_cells = ybb__arena_array(to->arena, collection->match_count, sizeof(uint32_t));
    if (main_cells == NULL || own_cells == NULL)
        return;
    for (uint32_t i = 0; i < collection->match_count; i++) {
        main_cells[i] = ybb__cells_index(main, collection->match[i].other);
        own_cells[i] = ybb__cells_index(&need->cells, collection->match[i].own);
    }
    *map = (ybb_related_map){.collection = collection};
    if (is_sorted_later(need, collection))
        need_order(need, collection, to->arena, map);
    *related = (ybb_related){
        .columns = ybb__cells_count(&need->cells),
        .match_count = collection->match_count,
        .main_cells = main_cells,
        .own_cells = own_cells,
        .integer = collection->match_integer,
    };
    map->cells = need->column_cells;
    map->fallback_cells = need->fallback_cells;
    map->distinct_cell =
        collection->distinct < 0 ? UINT32_MAX : need->column_cells[collection->distinct];
    write_queries(to, need, collection, related);
}

void ybb__related_write(ybb_related_needs *needs, ybb_sql_text *to, ybb_cells *main,
                        ybb_reading *reading, const ybb_related_map **map)
{
    size_t count = (size_t)needs->read_count + 1;
    ybb_related *related = ybb__arena_array(to->arena, count, sizeof(*related));
    ybb_related_map *maps = ybb__arena_array(to->arena, count, sizeof(*maps));
    if (related == NULL || maps == NULL)
        return;
    for (uint32_t i = 0; i < needs->type->collection_count; i++) {
        ybb_related_need *need = &needs->items[i];
        if (need->index != UINT32_MAX)
            write_one(need, &needs->type->collections[i], to, main, &related[need->index],
                      &maps[need->index]);
    }
    reading->related_count = needs->read_count;
    reading->related = related;
    *map = maps;
}
