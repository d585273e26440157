/*
 * cli/demo_fill: an empty database becomes an installation with participants.
 *
 * The same number gives the same rows on every database and machine.
 */
#ifndef YBB_CLI_DEMO_FILL_H
#define YBB_CLI_DEMO_FILL_H

#include "db/db.h"

enum { DEMO_MOST_PARTICIPANTS = 100 * 1000 * 1000 };

/* Called now and then with how much is done, 0 to 1. False stops the work. */
typedef bool (*demo_progress_fn)(double part, void *user);

/* Makes the tables, the rows and the keys, with @participants rows of program 1 that are not
 * deleted.
 * @rows is how many rows all tables have then. A database that has tables is refused (YBB_MISUSE);
 * on failure everything that was made is removed. */
ybb_status demo_fill(const char *dsn, uint64_t participants, demo_progress_fn progress, void *user,
                     uint64_t *rows, ybb_error *error);

#endif
