/*
 * cli/demo_writer: rows into a table, many in one INSERT.
 *
 * The cells of a row are put in the order of the table's columns. Like a buffer, the writer
 * remembers that memory ran out or that the database refused, and says so at demo_end_row.
 */
#ifndef YBB_CLI_DEMO_WRITER_H
#define YBB_CLI_DEMO_WRITER_H

#include "demo_tables.h"

typedef struct demo_writer {
    ybb_db *db;
    const demo_table *table;
    ybb_statement *insert; /* of row_limit rows */
    ybb_value *cells;      /* of a text, number is where it begins in texts until the INSERT runs */
    uint32_t cell_count, cell_limit, row_limit;
    ybb_buffer texts;
    uint64_t rows; /* written or waiting, of all tables */
    size_t mark;   /* where the text that is being put together begins */
} demo_writer;

/* Zeroed memory with a db is a writer. */
void demo_writer_free(demo_writer *writer);
/* Begins with another table; the one before must have been finished. */
ybb_status demo_begin_table(demo_writer *writer, const demo_table *table, ybb_error *error);
ybb_status demo_end_row(demo_writer *writer, ybb_error *error);
/* Writes what waits. */
ybb_status demo_end_table(demo_writer *writer, ybb_error *error);

void demo_put_null(demo_writer *writer);
void demo_put_number(demo_writer *writer, int64_t number);
void demo_put_text(demo_writer *writer, const char *text); /* NULL: a NULL */
/* A text that is put together: everything that is appended to the buffer until demo_close_text. */
ybb_buffer *demo_open_text(demo_writer *writer);
void demo_close_text(demo_writer *writer);

#endif
