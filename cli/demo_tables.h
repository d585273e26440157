/*
 * cli/demo_tables: the tables of a YBB Web Admin installation, once for both databases.
 *
 * A column's type is MariaDB's; SQLite's follows from it. The order of columns is the order in
 * which demo_rows.c gives the cells of a row.
 */
#ifndef YBB_CLI_DEMO_TABLES_H
#define YBB_CLI_DEMO_TABLES_H

#include "base/buffer.h"
#include "db/db.h"

typedef struct demo_column {
    const char *name, *type;
} demo_column;

enum { DEMO_KEYS = 4 };

typedef struct demo_key {
    const char *name, *columns;
    bool unique;
} demo_key;

typedef enum demo_table_id {
    DEMO_PROGRAMS,
    DEMO_USERS,
    DEMO_PARTICIPANTS,
    DEMO_STATUSES,
    DEMO_PROGRAM_ESSAYS,
    DEMO_ESSAYS,
    DEMO_PROGRAM_PAYMENTS,
    DEMO_METHODS,
    DEMO_PAYMENTS,
    DEMO_AMBASSADORS,
    DEMO_TABLES
} demo_table_id;

typedef struct demo_table {
    const char *name;
    const demo_column *columns;
    uint32_t column_count;
    demo_key keys[DEMO_KEYS]; /* behind the last one a NULL name, where there are fewer */
} demo_table;

extern const demo_table demo_tables[DEMO_TABLES];

/* Append statements, each without a ';' behind it. */
void demo_put_create_table(ybb_buffer *sql, const demo_table *table, ybb_dialect dialect);
void demo_put_create_key(ybb_buffer *sql, const demo_table *table, const demo_key *key);
/* INSERT of @rows rows, a parameter for each cell. */
void demo_put_insert(ybb_buffer *sql, const demo_table *table, uint32_t rows);

#endif
