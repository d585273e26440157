#include "model/plan_match.h"

const ybb_row_test *ybb__case_tests(ybb_arena *arena, const ybb_collection *collection,
                                    const ybb_reducer *reducer)
{
    ybb_row_test *tests = ybb__arena_array(arena, (size_t)reducer->case_count + 1, sizeof(*tests));
    for (uint32_t i = 0; tests != NULL && i < reducer->case_count; i++) {
        const ybb_case *a_case = &reducer->cases[i];
        ybb_field_type type = collection->columns[a_case->column].type;
        bool integer = type == YBB_TYPE_INTEGER || type == YBB_TYPE_BOOLEAN;
        const ybb_value *values =
            ybb__catalog_values(arena, a_case->values, a_case->value_count, integer);
        if (values == NULL)
            return NULL;
        tests[i] = (ybb_row_test){a_case->column, values, a_case->value_count};
    }
    return tests;
}

bool ybb__from_collection(ybb_from *from, ybb_arena *arena, const ybb_collection *collection)
{
    if (!ybb__from_init(from, arena, collection->table, collection->alias, collection->joins,
                        collection->join_count))
        return false;
    for (uint32_t i = 0; i < collection->match_count; i++)
        ybb__from_need(from, collection->match[i].own);
    for (uint32_t i = 0; i < collection->where_count; i++)
        ybb__from_need(from, collection->where[i].column);
    return true;
}

static void need_tests(ybb_from *from, const ybb_collection *collection, const ybb_row_test *tests,
                       uint32_t count)
{
    for (uint32_t i = 0; i < count; i++)
        ybb__from_need(from, collection->columns[tests[i].column].column);
}

static void put_test(ybb_sql_text *to, const ybb_collection *collection, const ybb_row_test *test)
{
    ybb_column_name column = collection->columns[test->column].column;
    if (test->value_count > 0) {
        ybb__sql_one_of(to, column, test->values, test->value_count);
    } else {
        ybb__sql_column(to, column);
        ybb__sql_put(to, " IS NOT NULL");
    }
}

/* " AND (a OR b)" */
static void put_any_test(ybb_sql_text *to, const ybb_collection *collection,
                         const ybb_row_test *tests, uint32_t count)
{
    for (uint32_t i = 0; i < count; i++) {
        ybb__sql_put(to, i == 0 ? " AND (" : " OR ");
        put_test(to, collection, &tests[i]);
    }
    ybb__sql_put(to, count > 0 ? ")" : "");
}

void ybb__sql_collection_conditions(ybb_sql_text *to, const ybb_collection *collection)
{
    for (uint32_t i = 0; i < collection->where_count; i++) {
        ybb__sql_put(to, " AND ");
        ybb__sql_condition(to, &collection->where[i]);
    }
}

static void put_match_side(ybb_sql_text *to, const ybb_collection *collection, uint32_t i,
                           ybb_column_name column)
{
    if (i == 0 && collection->match_integer)
        ybb__sql_column(to, column);
    else
        ybb__sql_exact(to, column);
}

/* The columns of one side of the match: "a", or as one value "(a, b)". */
static void put_match(ybb_sql_text *to, const ybb_collection *collection, bool own)
{
    for (uint32_t i = 0; i < collection->match_count; i++) {
        const ybb_table_column_pair *pair = &collection->match[i];
        ybb__sql_put(to, i == 0 ? "" : ", ");
        put_match_side(to, collection, i, own ? pair->own : pair->other);
    }
}

/* "<match> IN (SELECT <match> FROM ... WHERE ...", to be closed by end_subquery. A subquery that
 * does not hang on the record is answered once, however many records there are; one that does
 * (EXISTS, a count) is a search for each of them, and in SQLite sometimes by an index that finds
 * far too much. */
static void begin_subquery(ybb_sql_text *to, const ybb_collection *collection, const ybb_from *from,
                           bool negated)
{
    bool row = collection->match_count > 1;
    ybb__sql_put(to, negated ? "(" : "");
    ybb__sql_put(to, row ? "(" : "");
    put_match(to, collection, false);
    ybb__sql_put(to, row ? ") IN (SELECT " : " IN (SELECT ");
    put_match(to, collection, true);
    ybb__sql_from(to, from);
    for (uint32_t i = 0; i < collection->match_count; i++) {
        ybb__sql_put(to, i == 0 ? " WHERE " : " AND ");
        ybb__sql_column(to, collection->match[i].own);
        ybb__sql_put(to, " IS NOT NULL");
    }
    ybb__sql_collection_conditions(to, collection);
}

/* IS NOT TRUE: a record whose own column is NULL has no related rows, whatever IN says of NULL. */
static void end_subquery(ybb_sql_text *to, bool negated)
{
    ybb__sql_put(to, negated ? ")) IS NOT TRUE" : ")");
}

void ybb__sql_has_related(ybb_sql_text *to, const ybb_collection *collection,
                          const ybb_row_test *only, const ybb_row_test *tests, uint32_t test_count,
                          bool negated)
{
    ybb_from from;
    if (!ybb__from_collection(&from, to->arena, collection))
        return;
    need_tests(&from, collection, tests, test_count);
    need_tests(&from, collection, only, only != NULL ? 1 : 0);
    begin_subquery(to, collection, &from, negated);
    put_any_test(to, collection, only, only != NULL ? 1 : 0);
    put_any_test(to, collection, tests, test_count);
    end_subquery(to, negated);
}

static void put_counted_number(ybb_sql_text *to, const ybb_collection *collection)
{
    if (collection->distinct < 0) {
        ybb__sql_put(to, "COUNT(*)");
        return;
    }
    const ybb_field *column = &collection->columns[collection->distinct];
    ybb__sql_put(to, "COUNT(DISTINCT ");
    if (column->type == YBB_TYPE_INTEGER)
        ybb__sql_column(to, column->column);
    else
        ybb__sql_exact(to, column->column);
    ybb__sql_put(to, ")");
}

/* A record without rows is in no group, so "at most" is "not more". */
void ybb__sql_counted(ybb_sql_text *to, const ybb_collection *collection,
                      const ybb_reducer *reducer, bool at_least, int64_t count)
{
    ybb_from from;
    const ybb_row_test *tests = ybb__case_tests(to->arena, collection, reducer);
    if (tests == NULL || !ybb__from_collection(&from, to->arena, collection))
        return;
    uint32_t test_count = reducer->case_count > 0 ? 1 : 0;
    need_tests(&from, collection, tests, test_count);
    if (collection->distinct >= 0)
        ybb__from_need(&from, collection->columns[collection->distinct].column);
    begin_subquery(to, collection, &from, !at_least);
    put_any_test(to, collection, tests, test_count);
    ybb__sql_put(to, " GROUP BY ");
    put_match(to, collection, true);
    ybb__sql_put(to, " HAVING ");
    put_counted_number(to, collection);
    ybb__sql_put(to, at_least ? " >= " : " > ");
    ybb__sql_value(to, ybb__value_integer(count));
    end_subquery(to, !at_least);
}
