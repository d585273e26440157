/*
 * db/mysql_cells: a column of a result of MariaDB or MySQL, from the binary protocol to the
 * canonical cell.
 *
 * Numbers, dates and times are bound as what they are, and written as text here: measured, this is
 * cheaper than to have the client library print them, and the forms are then ours. Texts go into a
 * buffer of the column's usual size; a longer one is fetched once more, straight into its cell.
 */
#ifndef YBB_DB_MYSQL_CELLS_H
#define YBB_DB_MYSQL_CELLS_H

#include "db/mysql_driver.h"

enum { YBB_MYSQL_CELL_TEXT = 40 };

typedef struct ybb_mysql_column ybb_mysql_column;

/* Writes the bytes of a cell that is not NULL at @out (YBB_MYSQL_CELL_TEXT bytes); returns how
 * many. */
typedef size_t (*ybb_mysql_print)(char *out, const ybb_mysql_column *column);

struct ybb_mysql_column {
    ybb_mysql_print print; /* NULL: the bytes are the cell */
    size_t text_size;      /* of the buffer at text */
    unsigned long length;
    ybb_mysql_bool is_null, is_cut;
    union {
        int64_t integer;
        float single;
        double number;
        MYSQL_TIME time;
    } value;
    char *text;
};

/* How @field is read; text_size is set, text is the caller's to give. */
void ybb__mysql_column_init(ybb_mysql_column *column, const MYSQL_FIELD *field);
/* The binding that has a row's cell written into @column. */
void ybb__mysql_column_bind(ybb_mysql_column *column, const MYSQL_FIELD *field, MYSQL_BIND *bind);

#endif
