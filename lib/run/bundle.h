/*
 * run/bundle: the ZIP archive over an export's files, with its manifest.
 */
#ifndef YBB_RUN_BUNDLE_H
#define YBB_RUN_BUNDLE_H

#include "run/work.h"

/* Makes, checks and publishes the archive of the files that the job store has for the work, and
 * records it. Fails early as ybb__work_tell() does. */
ybb_status ybb__bundle(ybb_work *work, ybb_error *error);

#endif
