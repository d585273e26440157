/*
 * model/plan_sql: the writer of SQL texts, one at a time, with the values of their parameters; and
 * the little of SQL that differs between databases.
 *
 * Identifiers come from the catalog and are quoted; every value is bound. Running out of memory is
 * remembered in the arena (arena->failed), so that a plan asks once, at its end.
 */
#ifndef YBB_MODEL_PLAN_SQL_H
#define YBB_MODEL_PLAN_SQL_H

#include "base/arena.h"
#include "base/buffer.h"
#include "model/catalog.h"
#include "model/plan.h"
#include "rows/reading.h"

typedef struct ybb_sql_text {
    ybb_sql sql;
    ybb_arena *arena; /* gets the finished texts and values */
    ybb_buffer text;
    ybb_buffer values;    /* ybb_value, in the order of their '?' */
    size_t list_at;       /* where the list of a list query stands in text */
    uint32_t list_values; /* values before it */
} ybb_sql_text;

void ybb__sql_free(ybb_sql_text *to);
/* The finished statement into @out; the writer is empty afterwards. */
void ybb__sql_take(ybb_sql_text *to, ybb_query *out);
void ybb__sql_take_list(ybb_sql_text *to, ybb_list_query *out);

void ybb__sql_put(ybb_sql_text *to, const char *text);
/* An identifier, quoted. */
void ybb__sql_name(ybb_sql_text *to, const char *name);
/* What a table is called in a statement where it has no other name: "table" of "schema.table". */
const char *ybb__sql_alias(const char *table);
void ybb__sql_column(ybb_sql_text *to, ybb_column_name column);
/* The column as it is sorted by. Zero dates are NULL, so they stand among the NULLs; that it has
 * dates, one of @fields says whose column it is. */
void ybb__sql_sorted(ybb_sql_text *to, ybb_column_name column, const ybb_field *fields,
                     uint32_t count);
/* The column as its UTF-8 bytes: equal, and of one group, only where every byte is. No index helps.
 */
void ybb__sql_exact(ybb_sql_text *to, ybb_column_name column);
/* MySQL's: the column as UTF-8, to be compared with texts that its own character set may not have;
 * blanks at the end do not count. No index helps. */
void ybb__sql_utf8(ybb_sql_text *to, ybb_column_name column);
/* A parameter, and what is bound to it. */
void ybb__sql_value(ybb_sql_text *to, ybb_value value);
/* A parameter that the cursor binds, behind all others. */
void ybb__sql_open(ybb_sql_text *to);
/* The place of the list. */
void ybb__sql_list(ybb_sql_text *to);

ybb_value ybb__value_integer(int64_t number);
ybb_value ybb__value_text(const char *text);

/* "<column> has one of the values", exactly and yet by an index where there is one. Texts compare
 * by their bytes. At least one value. */
void ybb__sql_one_of(ybb_sql_text *to, ybb_column_name column, const ybb_value *values,
                     uint32_t count);
/* The values of a catalog's condition or case, as they are to be bound. NULL: no memory. */
ybb_value *ybb__catalog_values(ybb_arena *arena, const char *const *texts, uint32_t count,
                               bool integer);
void ybb__sql_condition(ybb_sql_text *to, const ybb_condition *condition);

/* A table with its left joins, of which a statement takes those it needs. */
typedef struct ybb_from {
    const char *table, *alias;
    const ybb_join *joins;
    uint32_t join_count;
    bool *needed; /* [join_count] */
} ybb_from;

/* False without memory. */
bool ybb__from_init(ybb_from *from, ybb_arena *arena, const char *table, const char *alias,
                    const ybb_join *joins, uint32_t join_count);
/* Takes the join that has the column, and those it hangs on. */
void ybb__from_need(ybb_from *from, ybb_column_name column);
/* Whether the column is in the table itself. */
bool ybb__from_is_own(const ybb_from *from, ybb_column_name column);
/* " FROM ... LEFT JOIN ..." */
void ybb__sql_from(ybb_sql_text *to, const ybb_from *from);

/* The columns that a statement selects, each once. */
typedef struct ybb_cells {
    ybb_buffer names; /* ybb_column_name */
} ybb_cells;

/* Its index; added where it is not there. */
uint32_t ybb__cells_index(ybb_cells *cells, ybb_column_name column);
uint32_t ybb__cells_count(const ybb_cells *cells);
const ybb_column_name *ybb__cells_at(const ybb_cells *cells);
/* "SELECT a, b, ..." and what @from needs for it. */
void ybb__sql_select(ybb_sql_text *to, const ybb_cells *cells, ybb_from *from);

#endif
