/*
 * run/bundle: the ZIP archive over an export's files, with its manifest.
 */
#ifndef YBB_RUN_BUNDLE_H
#define YBB_RUN_BUNDLE_H

#include "run/work.h"
#include "store/files.h"

/* Makes, checks and publishes the archive of the files that the ledger has for the work, and records
 * it. Tells @progress on its way; ends early as YBB_CANCELLED. */
ybb_status ybb__bundle(const ybb_work *work, ybb_folder *folder, int64_t time,
                       ybb_job_progress *progress, ybb_error *error);

#endif
