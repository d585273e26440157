/*
 * run/warnings: what an answer warns of: the request's own warnings, and what was noticed on the
 * way.
 */
#ifndef YBB_RUN_WARNINGS_H
#define YBB_RUN_WARNINGS_H

#include "encode/encoder.h"

/* A JSON array of {code, message, field}, owned by the caller. NULL: no memory. */
char *ybb__export_warnings(const ybb_request *request, const ybb_delivery *delivery,
                           const ybb_notes *notes, uint64_t large_files);

#endif
