/*
 * db/dsn: the parts of a DSN. No message of these functions shows any of it, because a part that is
 * not where it belongs may be the password.
 */
#ifndef YBB_DB_DSN_H
#define YBB_DB_DSN_H

#include "base/error.h"

/* Decoded texts inside `memory`; NULL where the DSN has none. */
typedef struct ybb_dsn {
    char *memory;
    size_t size;
    const char *path;                                       /* of a file */
    const char *user, *password, *host, *database, *socket; /* of a server */
    unsigned port;                                          /* 0: none */
} ybb_dsn;

/* Both take what stands behind "scheme://"; YBB_INVALID_CONFIG, YBB_NO_MEMORY. Release @out in any
 * case. */
ybb_status ybb__dsn_file(ybb_dsn *out, const char *rest, ybb_error *error);
ybb_status ybb__dsn_server(ybb_dsn *out, const char *rest, ybb_error *error);
/* Also wipes the memory. */
void ybb__dsn_release(ybb_dsn *dsn);

#endif
