#include "encode/zoned.h"

#include "base/clock.h"

static const int64_t seconds_per_day = 86400, microseconds_per_second = 1000000;

/* The stored form of a time in seconds since 1970, with the fraction of the one it was. */
static uint32_t write_time(char *out, int64_t seconds, int microsecond)
{
    enum { DATE = 10, DATE_TIME = 19, PLACES = 6 };
    (void)ybb__clock_rfc3339(out, seconds * microseconds_per_second);
    out[DATE] = ' ';
    if (microsecond == 0)
        return DATE_TIME;
    out[DATE_TIME] = '.';
    for (int i = PLACES; i > 0; i--, microsecond /= 10)
        out[DATE_TIME + i] = (char)('0' + microsecond % 10);
    return DATE_TIME + 1 + PLACES;
}

ybb_cell ybb__zoned(char *out, const ybb_timezone *zone, const ybb_cell *cell)
{
    ybb_moment m;
    if (!ybb__moment_read(cell->at, cell->length, &m) || !m.has_time)
        return *cell;
    int64_t seconds = ybb__days_from_date(m.year, m.month, m.day) * seconds_per_day +
                      3600 * m.hour + 60 * m.minute + m.second;
    seconds = ybb__timezone_convert(zone, seconds);
    if (seconds < ybb__days_from_date(1, 1, 1) * seconds_per_day ||
        seconds >= ybb__days_from_date(10000, 1, 1) * seconds_per_day)
        return *cell;
    return (ybb_cell){out, write_time(out, seconds, m.microsecond)};
}
