/*
 * store/jobstore_schema: the tables of the job store, and bringing a database's to the version of
 * this library.
 */
#ifndef YBB_STORE_JOBSTORE_SCHEMA_H
#define YBB_STORE_JOBSTORE_SCHEMA_H

#include "db/db.h"

/* What leads from a version to the next: statements, the last one NULL, with the words of
 * jobstore_sql.c. A server does not undo them when a step breaks off in between, so each can be
 * done twice. */
typedef struct ybb_schema_step {
    const char *const *statements;
} ybb_schema_step;

/* All steps from nothing to the version of this library, which is their count. */
const ybb_schema_step *ybb__jobstore_schema(uint32_t *count);
/* Does those of the steps that a database lacks; while one process does, all others wait.
 * YBB_STORE_ERROR for a database of a later version. */
ybb_status ybb__schema_update(ybb_db *db, ybb_dialect dialect, const ybb_schema_step *steps,
                              uint32_t count, ybb_error *error);

#endif
