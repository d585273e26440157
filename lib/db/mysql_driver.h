/*
 * db/mysql_driver: MariaDB and MySQL, what the files of their driver share.
 *
 * Builds with MariaDB Connector/C and with libmysqlclient 8.
 */
#ifndef YBB_DB_MYSQL_DRIVER_H
#define YBB_DB_MYSQL_DRIVER_H

#include "db/driver.h"

#include <mysql.h>

#if defined(MARIADB_BASE_VERSION) || defined(MARIADB_PACKAGE_VERSION)
#define YBB_MARIADB_CLIENT 1
typedef my_bool ybb_mysql_bool;
#else
typedef bool ybb_mysql_bool;
#endif

typedef struct ybb_mysql {
    ybb_db base;
    MYSQL *mysql;
    int descriptor; /* our own duplicate of the socket, see ybb__mysql_fail(); -1: none */
    bool is_mariadb;
} ybb_mysql;

/* Report error @number with the server's or the client library's text. Where the connection is of
 * no use any more, ends it for the server too. */
ybb_status ybb__mysql_fail(ybb_mysql *db, unsigned number, const char *text, ybb_error *error);
/* The same for the connection's last error; an end without one is a lost connection. */
ybb_status ybb__mysql_fail_last(ybb_mysql *db, ybb_error *error);
/* What error @number means for an export. */
ybb_status ybb__mysql_status(unsigned number);

/* The driver's functions on statements. */
ybb_status ybb__mysql_prepare(ybb_statement **out, ybb_db *db, const char *sql, ybb_error *error);
void ybb__mysql_statement_free(ybb_statement *statement);
ybb_status ybb__mysql_execute(ybb_statement *statement, const ybb_value *values, ybb_error *error);
ybb_status ybb__mysql_fetch(ybb_statement *statement, ybb_block *block, bool *end,
                            ybb_error *error);
ybb_status ybb__mysql_finish(ybb_statement *statement, ybb_error *error);
uint64_t ybb__mysql_changed(const ybb_statement *statement);

#endif
