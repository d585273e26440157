#include "model/plan_sql.h"

#include "base/text.h"

#include <string.h>

void ybb__sql_free(ybb_sql_text *to)
{
    ybb__buffer_free(&to->text);
    ybb__buffer_free(&to->values);
}

static uint32_t value_count(const ybb_sql_text *to)
{
    return (uint32_t)(to->values.length / sizeof(ybb_value));
}

/* A piece of the text, and values from @first to before @last, in the arena. */
static const char *keep_text(ybb_sql_text *to, size_t from, size_t until)
{
    return ybb__arena_copy(to->arena, to->text.at + from, until - from);
}

static const ybb_value *keep_values(ybb_sql_text *to, uint32_t first, uint32_t last)
{
    ybb_value *values = ybb__arena_array(to->arena, (size_t)last - first + 1, sizeof(*values));
    if (values != NULL && last > first)
        memcpy(values, to->values.at + first * sizeof(*values), (last - first) * sizeof(*values));
    return values;
}

/* Whether the text is whole; ends it for the next. */
static bool is_whole(ybb_sql_text *to)
{
    if (ybb__buffer_failed(&to->text) || ybb__buffer_failed(&to->values) || to->text.length == 0)
        to->arena->failed = true;
    return !to->arena->failed;
}

static void begin_anew(ybb_sql_text *to)
{
    ybb__buffer_clear(&to->text);
    ybb__buffer_clear(&to->values);
    to->list_at = 0;
    to->list_values = 0;
}

void ybb__sql_take(ybb_sql_text *to, ybb_query *out)
{
    if (is_whole(to)) {
        out->sql = keep_text(to, 0, to->text.length);
        out->value_count = value_count(to);
        out->values = keep_values(to, 0, out->value_count);
    }
    begin_anew(to);
}

void ybb__sql_take_list(ybb_sql_text *to, ybb_list_query *out)
{
    if (is_whole(to)) {
        uint32_t count = value_count(to);
        out->head = keep_text(to, 0, to->list_at);
        out->tail = keep_text(to, to->list_at, to->text.length);
        out->head_value_count = to->list_values;
        out->head_values = keep_values(to, 0, to->list_values);
        out->tail_value_count = count - to->list_values;
        out->tail_values = keep_values(to, to->list_values, count);
    }
    begin_anew(to);
}

void ybb__sql_put(ybb_sql_text *to, const char *text)
{
    ybb__buffer_put_text(&to->text, text);
}

void ybb__sql_name(ybb_sql_text *to, const char *name)
{
    char quote = to->sql == YBB_SQL_MYSQL ? '`' : '"';
    ybb__buffer_put_char(&to->text, quote);
    for (; *name != '\0'; name++) {
        if (*name == quote)
            ybb__buffer_put_char(&to->text, quote);
        ybb__buffer_put_char(&to->text, *name);
    }
    ybb__buffer_put_char(&to->text, quote);
}

const char *ybb__sql_alias(const char *table)
{
    const char *point = strchr(table, '.');
    return point != NULL ? point + 1 : table;
}

/* A table, and before a point its schema. */
static void put_table(ybb_sql_text *to, const char *table)
{
    const char *name = ybb__sql_alias(table);
    if (name != table) {
        char *schema = ybb__arena_copy(to->arena, table, (size_t)(name - table) - 1);
        if (schema == NULL)
            return;
        ybb__sql_name(to, schema);
        ybb__sql_put(to, ".");
    }
    ybb__sql_name(to, name);
}

void ybb__sql_column(ybb_sql_text *to, ybb_column_name column)
{
    ybb__sql_name(to, column.table);
    ybb__sql_put(to, ".");
    ybb__sql_name(to, column.column);
}

static bool has_dates(ybb_column_name column, const ybb_field *fields, uint32_t count)
{
    for (uint32_t i = 0; i < count; i++) {
        bool dates = fields[i].type == YBB_TYPE_DATE || fields[i].type == YBB_TYPE_DATETIME;
        if (dates && fields[i].source == YBB_SOURCE_COLUMN &&
            strcmp(fields[i].column.table, column.table) == 0 &&
            strcmp(fields[i].column.column, column.column) == 0)
            return true;
    }
    return false;
}

void ybb__sql_sorted(ybb_sql_text *to, ybb_column_name column, const ybb_field *fields,
                     uint32_t count)
{
    bool mysql = to->sql == YBB_SQL_MYSQL, dates = has_dates(column, fields, count);
    ybb__sql_put(to, dates ? "CASE WHEN " : "");
    ybb__sql_column(to, column);
    if (!dates)
        return;
    ybb__sql_put(to, mysql ? " >= CAST('0000-00-01' AS DATETIME) THEN " : " >= '0000-00-01' THEN ");
    ybb__sql_column(to, column);
    ybb__sql_put(to, " END");
}

/* MySQL's `=` follows the column's collation, which pads blanks and folds case, and two columns of
 * different collations are not compared at all (error 1267); bytes always are. */
void ybb__sql_exact(ybb_sql_text *to, ybb_column_name column)
{
    bool mysql = to->sql == YBB_SQL_MYSQL;
    ybb__sql_put(to, mysql ? "CAST(CONVERT(" : "");
    ybb__sql_column(to, column);
    ybb__sql_put(to, mysql ? " USING utf8mb4) AS BINARY)" : " COLLATE BINARY");
}

void ybb__sql_utf8(ybb_sql_text *to, ybb_column_name column)
{
    ybb__sql_put(to, "CONVERT(");
    ybb__sql_column(to, column);
    ybb__sql_put(to, " USING utf8mb4) COLLATE utf8mb4_bin");
}

void ybb__sql_open(ybb_sql_text *to)
{
    ybb__sql_put(to, "?");
}

void ybb__sql_value(ybb_sql_text *to, ybb_value value)
{
    ybb__sql_open(to);
    ybb__buffer_put(&to->values, &value, sizeof(value));
}

void ybb__sql_list(ybb_sql_text *to)
{
    to->list_at = to->text.length;
    to->list_values = value_count(to);
}

ybb_value ybb__value_integer(int64_t number)
{
    return (ybb_value){.kind = YBB_VALUE_INTEGER, .number = number};
}

ybb_value ybb__value_text(const char *text)
{
    return (ybb_value){.kind = YBB_VALUE_TEXT, .at = text, .length = strlen(text)};
}

ybb_value *ybb__catalog_values(ybb_arena *arena, const char *const *texts, uint32_t count,
                               bool integer)
{
    ybb_value *values = ybb__arena_array(arena, (size_t)count + 1, sizeof(*values));
    for (uint32_t i = 0; values != NULL && i < count; i++) {
        int64_t number;
        values[i] = ybb__value_text(texts[i]);
        if (integer && ybb__text_to_i64(values[i].at, values[i].length, &number))
            values[i] = ybb__value_integer(number);
    }
    return values;
}

/* Every character set has the characters of ASCII. MySQL refuses a comparison of a column with a
 * text that its character set cannot write. */
static bool all_ascii(const ybb_value *values, uint32_t count)
{
    for (uint32_t i = 0; i < count; i++)
        for (size_t at = 0; at < values[i].length; at++)
            if ((unsigned char)values[i].at[at] > 0x7f)
                return false;
    return true;
}

/* " = ?" or " IN (?, ?)", or their negation; each parameter as @mysql wants its texts compared. */
static void put_values(ybb_sql_text *to, const ybb_value *values, uint32_t count, bool negated,
                       bool bytes)
{
    ybb__sql_put(to, negated ? count == 1 ? " <> " : " NOT IN (" : count == 1 ? " = " : " IN (");
    for (uint32_t i = 0; i < count; i++) {
        ybb__sql_put(to, i == 0 ? "" : ", ");
        ybb__sql_put(to, bytes ? "CAST(" : "");
        ybb__sql_value(to, values[i]);
        ybb__sql_put(to, bytes ? " AS BINARY)" : "");
    }
    ybb__sql_put(to, count == 1 ? "" : ")");
}

void ybb__sql_one_of(ybb_sql_text *to, ybb_column_name column, const ybb_value *values,
                     uint32_t count)
{
    if (values[0].kind != YBB_VALUE_TEXT) {
        ybb__sql_column(to, column);
        put_values(to, values, count, false, false);
        return;
    }
    bool mysql = to->sql == YBB_SQL_MYSQL;
    if (mysql && all_ascii(values, count)) {
        /* This finds a superset by an index, the next looks at bytes. */
        ybb__sql_column(to, column);
        put_values(to, values, count, false, false);
        ybb__sql_put(to, " AND ");
    }
    ybb__sql_exact(to, column);
    put_values(to, values, count, false, mysql);
}

static void put_none_of(ybb_sql_text *to, ybb_column_name column, const ybb_value *values,
                        uint32_t count)
{
    bool text = values[0].kind == YBB_VALUE_TEXT;
    if (text)
        ybb__sql_exact(to, column);
    else
        ybb__sql_column(to, column);
    put_values(to, values, count, true, text && to->sql == YBB_SQL_MYSQL);
}

void ybb__sql_condition(ybb_sql_text *to, const ybb_condition *condition)
{
    uint32_t count = condition->value_count;
    const ybb_value *values =
        ybb__catalog_values(to->arena, condition->values, count, condition->integer);
    if (values == NULL)
        return;
    if (count == 0) {
        ybb__sql_column(to, condition->column);
        ybb__sql_put(to, condition->negated ? " IS NOT NULL" : " IS NULL");
    } else if (condition->negated) {
        put_none_of(to, condition->column, values, count);
    } else {
        ybb__sql_one_of(to, condition->column, values, count);
    }
}

bool ybb__from_init(ybb_from *from, ybb_arena *arena, const char *table, const char *alias,
                    const ybb_join *joins, uint32_t join_count)
{
    *from = (ybb_from){table, alias, joins, join_count, NULL};
    from->needed = ybb__arena_array(arena, (size_t)join_count + 1, sizeof(bool));
    return from->needed != NULL;
}

bool ybb__from_is_own(const ybb_from *from, ybb_column_name column)
{
    return strcmp(column.table, from->alias) == 0;
}

void ybb__from_need(ybb_from *from, ybb_column_name column)
{
    for (uint32_t i = 0; i < from->join_count; i++) {
        const ybb_join *join = &from->joins[i];
        if (from->needed[i] || strcmp(join->alias, column.table) != 0)
            continue;
        from->needed[i] = true;
        for (uint32_t k = 0; k < join->on_count; k++)
            ybb__from_need(from, join->on[k].other);
    }
}

/* A table under its alias. */
static void put_aliased(ybb_sql_text *to, const char *table, const char *alias)
{
    put_table(to, table);
    if (strcmp(ybb__sql_alias(table), alias) == 0)
        return;
    ybb__sql_put(to, " AS ");
    ybb__sql_name(to, alias);
}

static void put_join(ybb_sql_text *to, const ybb_join *join)
{
    ybb__sql_put(to, " LEFT JOIN ");
    put_aliased(to, join->table, join->alias);
    for (uint32_t i = 0; i < join->on_count; i++) {
        ybb__sql_put(to, i == 0 ? " ON " : " AND ");
        ybb__sql_column(to, join->on[i].own);
        ybb__sql_put(to, " = ");
        ybb__sql_column(to, join->on[i].other);
    }
    for (uint32_t i = 0; i < join->where_count; i++) {
        ybb__sql_put(to, " AND ");
        ybb__sql_condition(to, &join->where[i]);
    }
}

void ybb__sql_from(ybb_sql_text *to, const ybb_from *from)
{
    ybb__sql_put(to, " FROM ");
    put_aliased(to, from->table, from->alias);
    for (uint32_t i = 0; i < from->join_count; i++)
        if (from->needed[i])
            put_join(to, &from->joins[i]);
}

uint32_t ybb__cells_count(const ybb_cells *cells)
{
    return (uint32_t)(cells->names.length / sizeof(ybb_column_name));
}

const ybb_column_name *ybb__cells_at(const ybb_cells *cells)
{
    return (const ybb_column_name *)(const void *)cells->names.at;
}

uint32_t ybb__cells_index(ybb_cells *cells, ybb_column_name column)
{
    uint32_t count = ybb__cells_count(cells);
    const ybb_column_name *names = ybb__cells_at(cells);
    for (uint32_t i = 0; i < count; i++)
        if (strcmp(names[i].table, column.table) == 0 &&
            strcmp(names[i].column, column.column) == 0)
            return i;
    ybb__buffer_put(&cells->names, &column, sizeof(column));
    return count;
}

void ybb__sql_select(ybb_sql_text *to, const ybb_cells *cells, ybb_from *from)
{
    uint32_t count = ybb__cells_count(cells);
    const ybb_column_name *names = ybb__cells_at(cells);
    if (ybb__buffer_failed(&cells->names))
        to->arena->failed = true;
    ybb__sql_put(to, "SELECT ");
    for (uint32_t i = 0; i < count; i++) {
        ybb__sql_put(to, i == 0 ? "" : ", ");
        ybb__sql_column(to, names[i]);
        ybb__from_need(from, names[i]);
    }
}
