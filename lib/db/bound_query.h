/*
 * db/bound_query: statements of a reading, prepared once and run with the values that a slice adds.
 */
#ifndef YBB_DB_BOUND_QUERY_H
#define YBB_DB_BOUND_QUERY_H

#include "db/db.h"
#include "rows/reading.h"

/* A query and its statement, which is prepared at its first run. Zeroed but for db and query. */
typedef struct ybb_bound_query {
    ybb_db *db;
    const ybb_query *query;
    ybb_statement *statement;
    ybb_buffer values; /* ybb_value */
} ybb_bound_query;

void ybb__bound_query_free(ybb_bound_query *bound);
/* Run it with @count values behind those of the query: begin as ybb__statement_begin() does, or
 * read as ybb__statement_read() does. */
ybb_status ybb__bound_query_begin(ybb_bound_query *bound, const ybb_value *more, uint32_t count,
                                  ybb_error *error);
ybb_status ybb__bound_query_read(ybb_bound_query *bound, const ybb_value *more, uint32_t count,
                                 ybb_block *block, size_t max_bytes, bool *whole, ybb_error *error);

/* The most values of one list: more are read in parts. Far below SQLite's limit of 32,766
 * parameters, and where a longer list gains nothing. */
enum { YBB_LIST_SIZES = 13, YBB_LIST_MOST = 1 << (YBB_LIST_SIZES - 1) };

/* A query with a list. Lists are filled up to a power of two by their last value, so that a few
 * statements serve lists of all lengths. Zeroed but for db and query. */
typedef struct ybb_bound_list {
    ybb_db *db;
    const ybb_list_query *query;
    ybb_statement *statements[YBB_LIST_SIZES];
    ybb_buffer values; /* ybb_value */
} ybb_bound_list;

void ybb__bound_list_free(ybb_bound_list *bound);
/* Appends the rows of @count values (none: none), which should be distinct. */
ybb_status ybb__bound_list_read(ybb_bound_list *bound, const ybb_value *list, uint32_t count,
                                ybb_block *block, size_t max_bytes, bool *whole, ybb_error *error);

#endif
