#include "pack/dos_time.h"

#include "base/clock.h"

enum {
    FIRST_YEAR = 1980,
    LAST_YEAR = 2107,
    SECONDS_A_DAY = 24 * 60 * 60,
    SECONDS_AN_HOUR = 60 * 60,
    SECONDS_A_MINUTE = 60
};

static const int64_t microseconds_per_second = 1000000;

static uint32_t join(int year, int month, int day, int64_t hour, int64_t minute,
                     int64_t two_seconds)
{
    return (uint32_t)(year - FIRST_YEAR) << 25 | (uint32_t)month << 21 | (uint32_t)day << 16 |
           (uint32_t)hour << 11 | (uint32_t)minute << 5 | (uint32_t)two_seconds;
}

uint32_t ybb__dos_time(int64_t microseconds)
{
    int64_t seconds = microseconds / microseconds_per_second;
    int64_t days = seconds / SECONDS_A_DAY;
    if (days < ybb__days_from_date(FIRST_YEAR, 1, 1))
        return join(FIRST_YEAR, 1, 1, 0, 0, 0);
    if (days > ybb__days_from_date(LAST_YEAR, 12, 31))
        return join(LAST_YEAR, 12, 31, 23, 59, 29);
    int year, month, day;
    ybb__date_from_days(days, &year, &month, &day);
    int64_t second = seconds % SECONDS_A_DAY;
    return join(year, month, day, second / SECONDS_AN_HOUR,
                second % SECONDS_AN_HOUR / SECONDS_A_MINUTE, second % SECONDS_A_MINUTE / 2);
}
