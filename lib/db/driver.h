/*
 * db/driver: what a database brings; the rest of the room calls it through db.c alone.
 *
 * A driver is one table of functions and a line in db.c's list. Its connection and its statements
 * begin with the structs below, which db.c completes and reads.
 */
#ifndef YBB_DB_DRIVER_H
#define YBB_DB_DRIVER_H

#include "db/db.h"
#include "db/dsn.h"

#include <stdatomic.h>
#include <sys/types.h>

enum { YBB_DB_VERSION_TEXT = 64 };

typedef struct ybb_driver ybb_driver;

struct ybb_db {
    const ybb_driver *driver; /* db.c */
    pid_t owner;              /* db.c: a forked child must not touch the connection */
    atomic_bool interrupted;  /* set by any thread, never unset */
    char version[YBB_DB_VERSION_TEXT];
};

struct ybb_statement {
    ybb_db *db;                   /* db.c */
    uint32_t columns, parameters; /* what a row has, what must be bound */
};

/* Functions fail with a status of the source and the database's own text. */
struct ybb_driver {
    const char *client_name;
    const char *(*client_version)(void);
    ybb_status (*parse)(ybb_dsn *out, const char *rest, ybb_error *error);
    ybb_status (*open)(ybb_db **out, const ybb_dsn *dsn, ybb_db_mode mode, unsigned timeout_seconds,
                       ybb_error *error);
    void (*close)(ybb_db *db);
    bool (*is_current)(ybb_db *db);
    void (*interrupt)(ybb_db *db); /* any thread; `interrupted` is set already */
    ybb_status (*exec)(ybb_db *db, const char *sql, ybb_error *error);
    ybb_status (*snapshot_begin)(ybb_db *db, ybb_error *error);
    ybb_status (*snapshot_rest)(ybb_db *db, ybb_error *error);
    void (*snapshot_end)(ybb_db *db);
    ybb_status (*sync)(ybb_db *db, bool wait, ybb_error *error); /* NULL: the server's own affair */
    ybb_status (*begin)(ybb_db *db, ybb_error *error);
    ybb_status (*commit)(ybb_db *db, ybb_error *error);
    void (*rollback)(ybb_db *db);
    ybb_status (*prepare)(ybb_statement **out, ybb_db *db, const char *sql, ybb_error *error);
    void (*free)(ybb_statement *statement);
    /* As many values as the statement has parameters; borrowed until finish. */
    ybb_status (*execute)(ybb_statement *statement, const ybb_value *values, ybb_error *error);
    /* Appends the cells of the next row, or sets *@end. Memory that ran out is found in @block. */
    ybb_status (*fetch)(ybb_statement *statement, ybb_block *block, bool *end, ybb_error *error);
    /* Drops what was not fetched; also after a failure, and then without one of its own. */
    ybb_status (*finish)(ybb_statement *statement, ybb_error *error);
    uint64_t (*changed)(const ybb_statement *statement);
};

extern const ybb_driver ybb__mysql_driver, ybb__sqlite_driver;

/* ybb__statement_read() in steps, for who does not want all rows at once: begin, then next until
 * *@end, then end in any case. */
ybb_status ybb__statement_begin(ybb_statement *statement, const ybb_value *values, uint32_t count,
                                ybb_error *error);
ybb_status ybb__statement_next(ybb_statement *statement, ybb_block *block, bool *end,
                               ybb_error *error);
ybb_status ybb__statement_end(ybb_statement *statement, ybb_error *error);

#endif
