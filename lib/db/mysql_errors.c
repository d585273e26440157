/*
 * What the errors of MariaDB and MySQL mean for an export. Numbers below 2000 and from 3000 on are
 * the server's (MariaDB and MySQL share those below 1900), 2000 to 2999 the client library's.
 */
#include "db/mysql_driver.h"

#include <errmsg.h>
#include <sys/socket.h>

static const struct meaning {
    unsigned number;
    ybb_status status;
} meanings[] = {
    {1040, YBB_SOURCE_UNAVAILABLE}, /* too many connections */
    {1042, YBB_SOURCE_UNAVAILABLE}, /* the client's host name cannot be resolved */
    {1043, YBB_SOURCE_UNAVAILABLE}, /* bad handshake */
    {1129, YBB_SOURCE_UNAVAILABLE}, /* the client's host is blocked after many errors */
    {1203, YBB_SOURCE_UNAVAILABLE}, /* too many connections of the user */
    {1226, YBB_SOURCE_UNAVAILABLE}, /* the user is at a limit of its account */
    {2001, YBB_SOURCE_UNAVAILABLE}, /* no socket */
    {2002, YBB_SOURCE_UNAVAILABLE}, /* no server behind a socket file, or at an address */
    {2003, YBB_SOURCE_UNAVAILABLE}, /* no server at an address */
    {2004, YBB_SOURCE_UNAVAILABLE}, /* no TCP socket */
    {2005, YBB_SOURCE_UNAVAILABLE}, /* unknown host */
    {2009, YBB_SOURCE_UNAVAILABLE}, /* wrong host information */
    {2012, YBB_SOURCE_UNAVAILABLE}, /* error in the handshake */
    {2026, YBB_SOURCE_UNAVAILABLE}, /* TLS */

    {1044, YBB_SOURCE_REFUSED}, /* no right to the database */
    {1045, YBB_SOURCE_REFUSED}, /* wrong user or password */
    {1130, YBB_SOURCE_REFUSED}, /* not from this host */
    {1142, YBB_SOURCE_REFUSED}, /* no right to the table */
    {1143, YBB_SOURCE_REFUSED}, /* no right to the column */
    {1227, YBB_SOURCE_REFUSED}, /* a right is missing */
    {1251, YBB_SOURCE_REFUSED}, /* the client lacks the authentication protocol */
    {1524, YBB_SOURCE_REFUSED}, /* the server lacks the account's plugin */
    {1698, YBB_SOURCE_REFUSED}, /* no password, and one is needed */
    {1820, YBB_SOURCE_REFUSED}, /* the password must be changed first */
    {1862, YBB_SOURCE_REFUSED}, /* the password has expired */
    {2049, YBB_SOURCE_REFUSED}, /* an authentication of before 4.1 */
    {2058, YBB_SOURCE_REFUSED}, /* the client cannot use the plugin */
    {2059, YBB_SOURCE_REFUSED}, /* the client lacks the plugin */
    {2061, YBB_SOURCE_REFUSED}, /* the plugin failed: it may need TLS */
    {3118, YBB_SOURCE_REFUSED}, /* MySQL: the account is locked */
    {3159, YBB_SOURCE_REFUSED}, /* the server wants TLS */
    {4151, YBB_SOURCE_REFUSED}, /* MariaDB: the account is locked */

    {1046, YBB_SOURCE_SCHEMA}, /* no database chosen */
    {1049, YBB_SOURCE_SCHEMA}, /* unknown database */
    {1051, YBB_SOURCE_SCHEMA}, /* unknown table */
    {1054, YBB_SOURCE_SCHEMA}, /* unknown column */
    {1109, YBB_SOURCE_SCHEMA}, /* unknown table in a clause */
    {1146, YBB_SOURCE_SCHEMA}, /* no such table */
    {1356, YBB_SOURCE_SCHEMA}, /* a view over something that is gone */

    {1053, YBB_SOURCE_LOST}, /* the server shuts down */
    {1152, YBB_SOURCE_LOST}, /* aborted connection */
    {1158, YBB_SOURCE_LOST}, /* network: read */
    {1159, YBB_SOURCE_LOST}, /* network: read timeout */
    {1160, YBB_SOURCE_LOST}, /* network: write */
    {1161, YBB_SOURCE_LOST}, /* network: write timeout */
    {1184, YBB_SOURCE_LOST}, /* aborted connection */
    {1317, YBB_SOURCE_LOST}, /* KILL QUERY */
    {1927, YBB_SOURCE_LOST}, /* MariaDB: KILL CONNECTION */
    {2006, YBB_SOURCE_LOST}, /* gone between statements */
    {2013, YBB_SOURCE_LOST}, /* gone during a statement */
    {2014, YBB_SOURCE_LOST}, /* out of step with the server */
    {2027, YBB_SOURCE_LOST}, /* malformed packet */
    {2055, YBB_SOURCE_LOST}, /* gone, with the system's error */
    {4031, YBB_SOURCE_LOST}, /* MySQL: ended for its idleness */

    {1969, YBB_SOURCE_TIMEOUT}, /* MariaDB: max_statement_time */
    {3024, YBB_SOURCE_TIMEOUT}, /* MySQL: max_execution_time */

    {1205, YBB_SOURCE_BUSY}, /* lock wait timeout */
    {1213, YBB_SOURCE_BUSY}, /* deadlock */
    {1637, YBB_SOURCE_BUSY}, /* too many transactions */
    {3572, YBB_SOURCE_BUSY}, /* MySQL: a lock, and NOWAIT */

    {1412, YBB_SOURCE_CHANGED}, /* the table definition has changed */
    {1615, YBB_SOURCE_CHANGED}, /* a statement must be prepared again, too often */
    {2057, YBB_SOURCE_CHANGED}, /* a statement has other columns than when it was prepared */

    {2008, YBB_NO_MEMORY},
};

ybb_status ybb__mysql_status(unsigned number)
{
    for (size_t i = 0; i < sizeof(meanings) / sizeof(meanings[0]); i++)
        if (meanings[i].number == number)
            return meanings[i].status;
    return YBB_SOURCE_ERROR;
}

ybb_status ybb__mysql_fail(ybb_mysql *db, unsigned number, const char *text, ybb_error *error)
{
    ybb_status status = ybb__mysql_status(number);
    /* The client library has closed its descriptor by now, but the server sees that only once the
     * duplicate goes too. KILL QUERY and errors of the server alone leave the connection whole. */
    if (number >= CR_MIN_ERROR && number <= CR_MAX_ERROR && db->descriptor >= 0)
        (void)shutdown(db->descriptor, SHUT_RDWR);
    if (atomic_load(&db->base.interrupted))
        return ybb__fail(error, YBB_SOURCE_LOST, "reading the database was interrupted");
    return ybb__fail(error, status, "%s (error %u)", text, number);
}

ybb_status ybb__mysql_fail_last(ybb_mysql *db, ybb_error *error)
{
    unsigned number = mysql_errno(db->mysql);
    return number != 0
               ? ybb__mysql_fail(db, number, mysql_error(db->mysql), error)
               : ybb__mysql_fail(db, CR_SERVER_LOST, "the data end without a reason", error);
}
