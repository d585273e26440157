#include "model/plan_where.h"

#include "base/clock.h"
#include "base/text.h"
#include "model/plan_decimal.h"
#include "model/plan_match.h"

#include <string.h>

/* The conditions of one statement, joined by AND. */
typedef struct clause {
    ybb_sql_text *to;
    const ybb_request *request;
    const ybb_from *from;
    bool sliced;
    bool begun;
} clause;

static void begin_condition(clause *c)
{
    ybb__sql_put(c->to, c->begun ? " AND " : " WHERE ");
    c->begun = true;
}

/* A condition on a joined column would let a database begin with that table. COALESCE hides it: the
 * left join stays one, and the main table comes first, in the order of its key. */
static bool begin_hidden(clause *c, ybb_column_name column)
{
    bool hidden = c->sliced && !ybb__from_is_own(c->from, column);
    begin_condition(c);
    ybb__sql_put(c->to, hidden ? "COALESCE(" : "");
    return hidden;
}

static void end_hidden(clause *c, bool hidden)
{
    ybb__sql_put(c->to, hidden ? ", 0)" : "");
}

static bool equals(const ybb_value *value, const char *text)
{
    int64_t number;
    if (value->kind == YBB_VALUE_TEXT)
        return ybb__text_equal(value->at, value->length, text);
    return ybb__text_to_i64(text, strlen(text), &number) && number == value->number;
}

static bool has_value(const ybb_filter_use *use, const char *text)
{
    for (uint32_t i = 0; text != NULL && i < use->value_count; i++)
        if (equals(&use->values[i], text))
            return true;
    return false;
}

static void put_value(clause *c, const ybb_filter_use *use)
{
    ybb_column_name column = use->filter->column;
    bool hidden = begin_hidden(c, column), null_too = has_value(use, use->filter->null_as);
    ybb__sql_put(c->to, null_too ? "(" : "");
    ybb__sql_one_of(c->to, column, use->values, use->value_count);
    if (null_too) {
        ybb__sql_put(c->to, " OR ");
        ybb__sql_column(c->to, column);
        ybb__sql_put(c->to, " IS NULL)");
    }
    end_hidden(c, hidden);
}

/* The day after YYYY-MM-DD, in the arena; NULL behind the last of the calendar. */
static const char *next_day(ybb_arena *arena, const ybb_value *day)
{
    enum { DAY_TEXT = 11 };
    ybb_moment moment;
    if (!ybb__moment_read(day->at, day->length, &moment))
        return NULL;
    int year, month, date;
    ybb__date_from_days(ybb__days_from_date(moment.year, moment.month, moment.day) + 1, &year,
                        &month, &date);
    char *text = year > 9999 ? NULL : ybb__arena_alloc(arena, DAY_TEXT);
    if (text == NULL)
        return NULL;
    const int digits[] = {year / 1000, year / 100 % 10, year / 10 % 10, year % 10,
                          -1,          month / 10,      month % 10,     -1,
                          date / 10,   date % 10};
    for (size_t i = 0; i < sizeof(digits) / sizeof(digits[0]); i++)
        text[i] = digits[i] < 0 ? '-' : (char)('0' + digits[i]);
    return text;
}

/* @sign and the end, as the column's type has it: MySQL would compare a decimal column with a text
 * as doubles. SQLite's dates are texts, of which a day stands before each of its times. */
static void put_end(clause *c, const ybb_filter_use *use, const char *sign, ybb_value end)
{
    bool mysql = c->to->sql == YBB_SQL_MYSQL, decimal = use->filter->type == YBB_TYPE_DECIMAL;
    const char *type = decimal ? mysql ? "DECIMAL(65,30)" : "NUMERIC" : mysql ? "DATETIME" : NULL;
    ybb__sql_column(c->to, use->filter->column);
    ybb__sql_put(c->to, sign);
    ybb__sql_put(c->to, type != NULL ? "CAST(" : "");
    ybb__sql_value(c->to, end);
    if (type != NULL) {
        ybb__sql_put(c->to, " AS ");
        ybb__sql_put(c->to, type);
        ybb__sql_put(c->to, ")");
    }
}

/* Dates by day, from the first's begin to the last's end. A zero date is NULL, which lies in no
 * range. */
static void put_date_range(clause *c, const ybb_filter_use *use)
{
    ybb_value first = use->first;
    if (first.kind == YBB_VALUE_NULL)
        first = ybb__value_text("0000-00-01");
    put_end(c, use, " >= ", first);
    const char *end = use->last.kind == YBB_VALUE_NULL ? NULL : next_day(c->to->arena, &use->last);
    if (end == NULL)
        return;
    ybb__sql_put(c->to, " AND ");
    put_end(c, use, " < ", ybb__value_text(end));
}

/* An end of a range of decimals, as the database can compare it. */
static ybb_value decimal_end(clause *c, ybb_value end, bool first)
{
    const char *text = NULL;
    if (c->to->sql == YBB_SQL_SQLITE)
        text = ybb__decimal_inside(c->to->arena, end.at, first);
    return text != NULL ? ybb__value_text(text) : end;
}

static void put_decimal_range(clause *c, const ybb_filter_use *use)
{
    bool first = use->first.kind != YBB_VALUE_NULL, last = use->last.kind != YBB_VALUE_NULL;
    if (first)
        put_end(c, use, " >= ", decimal_end(c, use->first, true));
    ybb__sql_put(c->to, first && last ? " AND " : "");
    if (last)
        put_end(c, use, " <= ", decimal_end(c, use->last, false));
}

static void put_range(clause *c, const ybb_filter_use *use)
{
    bool hidden = begin_hidden(c, use->filter->column);
    if (use->filter->type == YBB_TYPE_DECIMAL)
        put_decimal_range(c, use);
    else
        put_date_range(c, use);
    end_hidden(c, hidden);
}

static ybb_row_test test_of(const ybb_filter_use *use)
{
    return (ybb_row_test){use->filter->collection_column, use->values, use->value_count};
}

static void put_related(clause *c, const ybb_filter_use *use)
{
    const ybb_collection *collection = &c->request->type->collections[use->filter->collection];
    ybb_row_test test = test_of(use);
    begin_condition(c);
    ybb__sql_has_related(c->to, collection, NULL, &test, 1, false);
}

/* The RELATED filter in use that narrows the rows a CASE filter looks at, or NULL. */
static const ybb_filter_use *narrowing(const clause *c, const ybb_filter *filter)
{
    for (uint32_t i = 0; filter->narrowed_by != NULL && i < c->request->filter_count; i++)
        if (strcmp(c->request->filters[i].filter->name, filter->narrowed_by) == 0)
            return &c->request->filters[i];
    return NULL;
}

/* A record has the value of the first case that a row of it matches: so a row of this case, and
 * none of an earlier one; for `otherwise`, of none. */
static void put_case(clause *c, const ybb_filter_use *use)
{
    const ybb_reducer *reducer = &use->filter->field->reducer;
    const ybb_collection *collection = &c->request->type->collections[reducer->collection];
    const ybb_filter_use *narrow = narrowing(c, use->filter);
    ybb_row_test narrow_test = narrow != NULL ? test_of(narrow) : (ybb_row_test){0};
    const ybb_row_test *only = narrow != NULL ? &narrow_test : NULL;
    const ybb_row_test *tests = ybb__case_tests(c->to->arena, collection, reducer);
    if (tests == NULL)
        return;
    const char *separator = "(";
    begin_condition(c);
    for (uint32_t i = 0; i < reducer->case_count; i++) {
        if (!has_value(use, reducer->cases[i].result))
            continue;
        ybb__sql_put(c->to, separator);
        ybb__sql_has_related(c->to, collection, only, &tests[i], 1, false);
        if (i > 0) {
            ybb__sql_put(c->to, " AND ");
            ybb__sql_has_related(c->to, collection, only, tests, i, true);
        }
        separator = " OR ";
    }
    if (has_value(use, reducer->otherwise)) {
        ybb__sql_put(c->to, separator);
        ybb__sql_has_related(c->to, collection, only, tests, reducer->case_count, true);
        separator = " OR ";
    }
    ybb__sql_put(c->to, separator[0] == '(' ? "(1 = 0)" : ")");
}

static void put_count(clause *c, const ybb_filter_use *use)
{
    const ybb_reducer *reducer = &use->filter->field->reducer;
    const ybb_collection *collection = &c->request->type->collections[reducer->collection];
    bool at_least = use->filter->kind == YBB_FILTER_AT_LEAST;
    if (at_least && use->first.number <= 0)
        return; /* every count is */
    begin_condition(c);
    ybb__sql_counted(c->to, collection, reducer, at_least, use->first.number);
}

static void put_filter(clause *c, const ybb_filter_use *use)
{
    switch (use->filter->kind) {
    case YBB_FILTER_VALUE:
        put_value(c, use);
        break;
    case YBB_FILTER_RANGE:
        put_range(c, use);
        break;
    case YBB_FILTER_RELATED:
        put_related(c, use);
        break;
    case YBB_FILTER_CASE:
        put_case(c, use);
        break;
    case YBB_FILTER_AT_LEAST:
    case YBB_FILTER_AT_MOST:
        put_count(c, use);
        break;
    }
}

static bool hides_deleted(const ybb_request *request)
{
    return request->type->deleted.column.column != NULL && !request->include_deleted;
}

bool ybb__sql_where(ybb_sql_text *to, const ybb_request *request, const ybb_from *from, bool sliced)
{
    clause c = {to, request, from, sliced, false};
    const ybb_type *type = request->type;
    if (request->has_program) {
        ybb_value program = ybb__value_integer(request->program_id);
        bool hidden = begin_hidden(&c, type->program);
        ybb__sql_one_of(to, type->program, &program, 1);
        end_hidden(&c, hidden);
    }
    if (hides_deleted(request)) {
        bool hidden = begin_hidden(&c, type->deleted.column);
        ybb__sql_condition(to, &type->deleted);
        end_hidden(&c, hidden);
    }
    for (uint32_t i = 0; i < request->filter_count; i++)
        put_filter(&c, &request->filters[i]);
    return c.begun;
}

/* The collection that a filter looks at, or NULL. */
static const ybb_collection *collection_of(const ybb_request *request, const ybb_filter *filter)
{
    switch (filter->kind) {
    case YBB_FILTER_RELATED:
        return &request->type->collections[filter->collection];
    case YBB_FILTER_CASE:
    case YBB_FILTER_AT_LEAST:
    case YBB_FILTER_AT_MOST:
        return &request->type->collections[filter->field->reducer.collection];
    case YBB_FILTER_VALUE:
    case YBB_FILTER_RANGE:
        break;
    }
    return NULL;
}

void ybb__where_need(const ybb_request *request, ybb_from *from)
{
    if (request->has_program)
        ybb__from_need(from, request->type->program);
    if (hides_deleted(request))
        ybb__from_need(from, request->type->deleted.column);
    for (uint32_t i = 0; i < request->filter_count; i++) {
        const ybb_filter *filter = request->filters[i].filter;
        const ybb_collection *collection = collection_of(request, filter);
        if (collection == NULL)
            ybb__from_need(from, filter->column);
        for (uint32_t k = 0; collection != NULL && k < collection->match_count; k++)
            ybb__from_need(from, collection->match[k].other);
    }
}

bool ybb__where_is_sliceable(const ybb_request *request, const ybb_from *from)
{
    for (uint32_t i = 0; i < request->filter_count; i++) {
        const ybb_filter_use *use = &request->filters[i];
        if (collection_of(request, use->filter) != NULL)
            return false;
        bool hidden = !ybb__from_is_own(from, use->filter->column);
        bool single = use->filter->kind == YBB_FILTER_VALUE && use->value_count == 1 &&
                      !has_value(use, use->filter->null_as);
        if (!hidden && !single)
            return false;
    }
    return true;
}
