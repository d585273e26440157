/*
 * base/timezone: local times of IANA time zones.
 *
 * The system's tables count, which its updates keep as the law is; ICU's, which stay as they were when
 * it was built, only for zones that the system has none of (no tzdata, old names). Not the
 * process's TZ, which belongs to the host and has no thread-safe form. A timezone belongs to one
 * thread at a time; workers make copies.
 */
#ifndef YBB_BASE_TIMEZONE_H
#define YBB_BASE_TIMEZONE_H

#include "base/error.h"

typedef struct ybb_timezone ybb_timezone;

enum { YBB_TIMEZONE_TEXT = 64 };

/* Whether @name is a zone that either knows, in the IANA spelling ("Asia/Jakarta", "UTC"). */
bool ybb__timezone_known(const char *name);
/* The zone that @name, a misspelt one or a place's, was probably meant to be, at @out
 * (YBB_TIMEZONE_TEXT bytes); false for none.
 */
bool ybb__timezone_nearest(char *out, const char *name);
/* Converts from the zone @from to the zone @to. NULL: no memory, no descriptor, or an unknown name.
 */
ybb_timezone *ybb__timezone_new(const char *from, const char *to);
void ybb__timezone_free(ybb_timezone *zone);

/*
 * A local time of the zone @from, in seconds since 1970-01-01 00:00:00 of its own clock, as the
 * same of the zone @to. A time that occurs twice (clocks set back) is the first of the two; one
 * that does not occur (clocks set forward) is moved on by the length of the gap, as java.time does.
 */
int64_t ybb__timezone_convert(const ybb_timezone *zone, int64_t local_seconds);

#endif
