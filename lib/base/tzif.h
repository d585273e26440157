/*
 * base/tzif: one zone of the system's time zone database, read from its TZif file (RFC 9636).
 *
 * A zone is a table of periods and their offsets that is never written again: any thread may ask.
 */
#ifndef YBB_BASE_TZIF_H
#define YBB_BASE_TZIF_H

#include "base/error.h"

typedef struct ybb_tzif ybb_tzif;

/* The zone @name ("Asia/Jakarta") as it is on disk now. YBB_NOT_FOUND: the system has no such zone.
 * YBB_INTERNAL: there is a file that cannot be opened or read. */
ybb_status ybb__tzif_open(ybb_tzif **out, const char *name);
/* The bytes of a TZif file of version 2 or later; YBB_NOT_FOUND for what is none. */
ybb_status ybb__tzif_read(ybb_tzif **out, const char *bytes, size_t length);
void ybb__tzif_free(ybb_tzif *zone);

/* Seconds east of UTC at a moment, in seconds since 1970-01-01 00:00:00 UTC. */
int32_t ybb__tzif_offset(const ybb_tzif *zone, int64_t moment);
/* The same at a local time, in seconds since 1970-01-01 00:00:00 of the zone's own clock: the
 * earlier period's where it occurs twice, that before the gap where it does not occur. */
int32_t ybb__tzif_offset_of_local(const ybb_tzif *zone, int64_t local);

#endif
