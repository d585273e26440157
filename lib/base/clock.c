#include "base/clock.h"

#include <stdio.h>
#include <time.h>

static const int64_t microseconds_per_second = 1000000;
static const int64_t seconds_per_day = 86400;

enum { FIRST_YEAR = 1, LAST_YEAR = 9999 };

static int64_t microseconds_of(const struct timespec *time)
{
    return (int64_t)time->tv_sec * microseconds_per_second + time->tv_nsec / 1000;
}

int64_t ybb__clock_now(void)
{
    struct timespec time = {0};
    clock_gettime(CLOCK_REALTIME, &time);
    return microseconds_of(&time);
}

int64_t ybb__clock_steady(void)
{
    struct timespec time = {0};
#ifdef CLOCK_BOOTTIME
    if (clock_gettime(CLOCK_BOOTTIME, &time) == 0)
        return microseconds_of(&time);
#endif
    clock_gettime(CLOCK_MONOTONIC, &time);
    return microseconds_of(&time);
}

/* Rounds down, also below 0. */
static int64_t floor_divide(int64_t number, int64_t by)
{
    return number / by - (number % by < 0);
}

/* Both conversions count in eras of 400 years that begin on the first of March, so that the leap
 * day is the last day of a year and the lengths of months follow one line. */
enum { ERA_YEARS = 400, ERA_DAYS = 146097, DAYS_TO_1970 = 719468 };

/* Days before the @index-th month counted from March. */
static int days_before(int index)
{
    return (153 * index + 2) / 5;
}

int64_t ybb__days_from_date(int year, int month, int day)
{
    int64_t shifted = month <= 2 ? (int64_t)year - 1 : year;
    int64_t era = floor_divide(shifted, ERA_YEARS);
    int64_t in_era = shifted - era * ERA_YEARS;
    int64_t day_of_year = days_before((month + 9) % 12) + day - 1;
    return era * ERA_DAYS + in_era * 365 + in_era / 4 - in_era / 100 + day_of_year - DAYS_TO_1970;
}

void ybb__date_from_days(int64_t days, int *year, int *month, int *day)
{
    int64_t shifted = days + DAYS_TO_1970;
    int64_t era = floor_divide(shifted, ERA_DAYS);
    int64_t in_era = shifted - era * ERA_DAYS;
    /* Take the leap days out: every 4 years but each 100, and the era's last. */
    int64_t years = (in_era - in_era / 1460 + in_era / 36524 - in_era / (ERA_DAYS - 1)) / 365;
    int day_of_year = (int)(in_era - (365 * years + years / 4 - years / 100));
    int index = (5 * day_of_year + 2) / 153;
    *day = day_of_year - days_before(index) + 1;
    *month = index < 10 ? index + 3 : index - 9;
    *year = (int)(years + era * ERA_YEARS) + (*month <= 2);
}

/* What lies outside years 1 to 9999 becomes the nearest second inside: the form has four digits. */
static int64_t clamp_seconds(int64_t seconds)
{
    const int64_t first = ybb__days_from_date(FIRST_YEAR, 1, 1) * seconds_per_day;
    const int64_t end = ybb__days_from_date(LAST_YEAR + 1, 1, 1) * seconds_per_day;
    return seconds < first ? first : seconds >= end ? end - 1 : seconds;
}

size_t ybb__clock_rfc3339(char *out, int64_t microseconds)
{
    int64_t seconds = clamp_seconds(floor_divide(microseconds, microseconds_per_second));
    int64_t days = floor_divide(seconds, seconds_per_day);
    int rest = (int)(seconds - days * seconds_per_day);
    int year, month, day;
    ybb__date_from_days(days, &year, &month, &day);
    int length = snprintf(out, YBB_TIME_TEXT, "%04d-%02d-%02dT%02d:%02d:%02dZ", year, month, day,
                          rest / 3600, rest / 60 % 60, rest % 60);
    return length < 0 ? 0 : (size_t)length;
}

/* Exactly @count digits. */
static bool read_digits(const char *at, size_t count, int *out)
{
    int number = 0;
    for (size_t i = 0; i < count; i++) {
        if (at[i] < '0' || at[i] > '9')
            return false;
        number = 10 * number + (at[i] - '0');
    }
    *out = number;
    return true;
}

static bool exists(const ybb_moment *moment)
{
    static const int month_days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    if (moment->year < FIRST_YEAR || moment->month < 1 || moment->month > 12 || moment->day < 1)
        return false;
    bool leap = moment->year % 4 == 0 && (moment->year % 100 != 0 || moment->year % ERA_YEARS == 0);
    int days = month_days[moment->month - 1] + (moment->month == 2 && leap ? 1 : 0);
    return moment->day <= days && moment->hour < 24 && moment->minute < 60 && moment->second < 60;
}

static bool read_date(const char *at, ybb_moment *out)
{
    return read_digits(at, 4, &out->year) && at[4] == '-' && read_digits(at + 5, 2, &out->month) &&
           at[7] == '-' && read_digits(at + 8, 2, &out->day);
}

static bool read_time(const char *at, ybb_moment *out)
{
    return (at[0] == ' ' || at[0] == 'T') && read_digits(at + 1, 2, &out->hour) && at[3] == ':' &&
           read_digits(at + 4, 2, &out->minute) && at[6] == ':' &&
           read_digits(at + 7, 2, &out->second);
}

/* A point and 1 to 6 digits. */
static bool read_fraction(const char *at, size_t length, ybb_moment *out)
{
    if (length < 2 || length > 7 || at[0] != '.' ||
        !read_digits(at + 1, length - 1, &out->microsecond))
        return false;
    for (size_t i = length; i < 7; i++)
        out->microsecond *= 10;
    return true;
}

bool ybb__moment_read(const char *at, size_t length, ybb_moment *out)
{
    enum { DATE = 10, DATE_TIME = 19 };
    ybb_moment read = {.has_time = length > DATE};
    if (length < DATE || !read_date(at, &read))
        return false;
    if (read.has_time && (length < DATE_TIME || !read_time(at + DATE, &read)))
        return false;
    if (length > DATE_TIME && !read_fraction(at + DATE_TIME, length - DATE_TIME, &read))
        return false;
    if (!exists(&read))
        return false;
    *out = read;
    return true;
}
