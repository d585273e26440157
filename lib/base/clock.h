/*
 * base/clock: time, and the proleptic Gregorian calendar.
 */
#ifndef YBB_BASE_CLOCK_H
#define YBB_BASE_CLOCK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { YBB_TIME_TEXT = 32 };

/* Microseconds since 1970-01-01T00:00:00Z. */
int64_t ybb__clock_now(void);
/* Microseconds of a clock that never jumps and counts while the machine sleeps. */
int64_t ybb__clock_steady(void);
/* "2025-07-23T15:30:00Z" and a NUL at @out (YBB_TIME_TEXT bytes); returns its length. */
size_t ybb__clock_rfc3339(char *out, int64_t microseconds);

typedef struct ybb_moment {
    int year, month, day, hour, minute, second, microsecond;
    bool has_time;
} ybb_moment;

/* Reads YYYY-MM-DD, and behind a blank or 'T' HH:MM:SS and a fraction of up to 6 digits. False, and
 * *@out is left alone, for any other form and for days and times that do not exist. Zero dates
 * ("0000-00-00", year, month or day 0) are not moments: false. */
bool ybb__moment_read(const char *at, size_t length, ybb_moment *out);
/* Days since 1970-01-01, for years 1 to 9999. */
int64_t ybb__days_from_date(int year, int month, int day);
void ybb__date_from_days(int64_t days, int *year, int *month, int *day);

#endif
