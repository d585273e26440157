/*
 * pack/zip_check: whether a zip file is whole, by libzip: its directory, and every entry.
 */
#ifndef YBB_PACK_ZIP_CHECK_H
#define YBB_PACK_ZIP_CHECK_H

#include "pack/container_walk.h"

/* Of the file @descriptor, which has @size bytes. Entries that @walk has read are held against it
 * and not read again. YBB_OUTPUT_CORRUPT names what is wrong; YBB_OUTPUT_ERROR, YBB_NO_MEMORY. */
ybb_status ybb__zip_check(int descriptor, uint64_t size, const ybb_walk *walk, ybb_error *error);

#endif
