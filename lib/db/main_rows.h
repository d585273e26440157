/*
 * db/main_rows: the records of a reading in their order, read in as many statements as it takes.
 *
 * How many rows a statement asks for follows from the size of the rows before, so that little of a
 * result is dropped where a slice is full; which rows come does not depend on it.
 */
#ifndef YBB_DB_MAIN_ROWS_H
#define YBB_DB_MAIN_ROWS_H

#include "db/bound_query.h"
#include "db/key_list.h"
#include "db/key_window.h"
#include "rows/cell_index.h"

typedef struct ybb_main_rows {
    const ybb_reading *reading;
    uint64_t given;   /* records passed so far, those that came before the first one among them */
    bool begun;       /* key is there */
    ybb_buffer key;   /* of the last record passed */
    size_t row_bytes; /* of a row, lately; 0: none was read */
    /* by key */
    ybb_bound_query first, next, within;
    ybb_key_window window;
    /* by another order */
    ybb_key_list keys;
    uint64_t place; /* of the next record's key among them */
    ybb_bound_list by_keys;
    ybb_block found; /* rows in the order of the database */
    ybb_cell_index found_keys;
    ybb_buffer values; /* ybb_value: the keys to find */
    ybb_buffer cells;  /* ybb_cell: room for a row */
} ybb_main_rows;

/* Reads nothing by itself. @reading is borrowed. False when memory is exhausted. */
bool ybb__main_rows_init(ybb_main_rows *rows, ybb_db *db, const ybb_reading *reading);
void ybb__main_rows_free(ybb_main_rows *rows);
/* Has the rows begin behind the record of a key (a text as ybb__key_text_put() writes it), which
 * @before - 1 others precede. YBB_NOT_RESUMABLE where it is no key. */
ybb_status ybb__main_rows_start(ybb_main_rows *rows, uint64_t before, const char *behind,
                                ybb_error *error);
/* The key that they begin behind, as a value. */
ybb_status ybb__main_rows_key(const ybb_main_rows *rows, ybb_value *out, ybb_error *error);
/* By another order: finds that key among the keys. YBB_NOT_RESUMABLE where it is not there. */
ybb_status ybb__main_rows_find(ybb_main_rows *rows, ybb_error *error);
/* Goes back behind record number @before of those given, whose key text is @behind; NULL: to the
 * first. */
ybb_status ybb__main_rows_rewind(ybb_main_rows *rows, uint64_t before, const char *behind,
                                 ybb_error *error);
/* Appends records to @block, which has those behind the last one passed, until it has @goal rows or
 * @max_bytes. YBB_SOURCE_SHORT where they end sooner. */
ybb_status ybb__main_rows_fill(ybb_main_rows *rows, ybb_block *block, uint32_t goal,
                               size_t max_bytes, ybb_error *error);
/* The rows of @block are given: what is filled next begins behind them. */
ybb_status ybb__main_rows_pass(ybb_main_rows *rows, const ybb_block *block, ybb_error *error);
/* By key: YBB_SOURCE_SHORT where records stand behind the last one passed. */
ybb_status ybb__main_rows_check_end(ybb_main_rows *rows, ybb_error *error);

#endif
