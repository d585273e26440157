#include "model/plan_spread.h"

#include "base/utf8.h"

#include <stdio.h>
#include <string.h>

enum { OPTION_TEXT = 128 };

static ybb_column_name column_of(const ybb_spread *spread, const char *name)
{
    return (ybb_column_name){ybb__sql_alias(spread->table), name};
}

static void put_conditions(ybb_sql_text *to, const ybb_request *request, const ybb_spread *spread)
{
    const char *separator = " WHERE ";
    if (request->has_program && spread->program != NULL) {
        ybb_value program = ybb__value_integer(request->program_id);
        ybb__sql_put(to, separator);
        ybb__sql_one_of(to, column_of(spread, spread->program), &program, 1);
        separator = " AND ";
    }
    for (uint32_t i = 0; i < spread->where_count; i++) {
        ybb__sql_put(to, separator);
        ybb__sql_condition(to, &spread->where[i]);
        separator = " AND ";
    }
}

void ybb__spread_write(ybb_sql_text *to, const ybb_request *request, ybb_query *out)
{
    ybb_from from;
    const ybb_spread *spread = request->type->spread;
    if (!ybb__from_init(&from, to->arena, spread->table, ybb__sql_alias(spread->table), NULL, 0))
        return;
    ybb__sql_put(to, "SELECT ");
    ybb__sql_column(to, column_of(spread, spread->key));
    ybb__sql_put(to, ", ");
    ybb__sql_column(to, column_of(spread, spread->header));
    ybb__sql_from(to, &from);
    put_conditions(to, request, spread);
    ybb__sql_put(to, " ORDER BY ");
    for (uint32_t i = 0; i < spread->order_count; i++) {
        ybb__sql_column(to, spread->order[i].column);
        ybb__sql_put(to, spread->order[i].descending ? " DESC, " : ", ");
    }
    ybb__sql_column(to, column_of(spread, spread->key));
    ybb__sql_take(to, out);
}

/* A copy with U+FFFD for what is no text, and for each NUL, which would end a header. */
static char *copy_header(ybb_arena *arena, const ybb_cell *text)
{
    enum { REPLACEMENT = 0xFFFD, MOST_GROWTH = 3 }; /* a byte that is no character becomes three */
    char *copy = ybb__arena_array(arena, (size_t)text->length + 1, MOST_GROWTH), *to = copy;
    size_t taken = 0;
    for (size_t i = 0; copy != NULL && i < text->length; i += taken) {
        uint32_t code_point = ybb__utf8_next(text->at + i, text->length - i, &taken);
        to += ybb__utf8_put(to, code_point == 0 ? REPLACEMENT : code_point);
    }
    return copy; /* which is zeroed behind the text */
}

/* The row's text, or the field's own header where it says nothing. NULL: no memory. */
static const char *header_of(ybb_plan *plan, const ybb_cell *text)
{
    if (text->length == 0)
        return plan->spread->field->header.in[plan->request->language];
    if (memchr(text->at, '\0', text->length) != NULL ||
        ybb__utf8_valid(text->at, text->length) < text->length)
        return copy_header(&plan->arena, text);
    return ybb__arena_copy(&plan->arena, text->at, text->length);
}

static bool copy_lookup(ybb_plan *plan, const ybb_block *lookup)
{
    ybb_cell cells[2];
    ybb__block_reset(&plan->lookup, 2);
    for (uint32_t i = 0; i < lookup->rows; i++) {
        ybb__block_row(lookup, i, cells);
        for (size_t k = 0; k < 2; k++) /* a missing key equals no other */
            ybb__block_put(&plan->lookup, cells[k].at, cells[k].length);
        ybb__block_end_row(&plan->lookup);
    }
    return !ybb__block_failed(&plan->lookup);
}

/* Makes the columns, and the index that finds them by their keys. */
static bool make_columns(ybb_plan *plan, ybb_column *columns)
{
    for (uint32_t i = 0; i < plan->lookup.rows; i++) {
        ybb_cell cells[2];
        ybb__block_row(&plan->lookup, i, cells);
        columns[i] = (ybb_column){.header = header_of(plan, &cells[1]),
                                  .field = plan->spread->field,
                                  .cell = UINT32_MAX,
                                  .fallback_cell = UINT32_MAX,
                                  .related = plan->spread_related,
                                  .spread = true,
                                  .lookup = i};
        if (columns[i].header == NULL ||
            !ybb__cell_index_add(&plan->lookup_keys, plan->lookup.cells.at, cells[0]))
            return false;
    }
    return true;
}

ybb_status ybb__plan_spread(ybb_plan *plan, const ybb_block *lookup, ybb_error *error)
{
    if (plan->spread == NULL)
        return YBB_OK;
    uint32_t at = plan->spread_at, behind = ybb__plan_composed(plan) - at;
    size_t count = (size_t)plan->column_count + lookup->rows;
    ybb_column *columns = ybb__arena_array(
        &plan->arena, (size_t)ybb__plan_composed(plan) + lookup->rows + 1, sizeof(*columns));
    if (columns == NULL || !copy_lookup(plan, lookup) || !make_columns(plan, columns + at))
        return ybb__fail_memory(error);
    if (count == 0) {
        char option[OPTION_TEXT];
        snprintf(option, sizeof(option), "options.%s", plan->spread->option);
        ybb__fail(error, YBB_INVALID_VALUE,
                  "%s leaves no column: there is nothing that the field \"%s\" could become",
                  option, plan->spread->field->name);
        ybb__error_blame(error, option, NULL, NULL, NULL);
        return YBB_INVALID_VALUE;
    }
    memcpy(columns, plan->columns, at * sizeof(*columns));
    memcpy(columns + at + lookup->rows, plan->columns + at, behind * sizeof(*columns));
    plan->columns = columns;
    plan->column_count = (uint32_t)count;
    return YBB_OK;
}
