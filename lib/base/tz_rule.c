#include "base/tz_rule.h"

#include "base/clock.h"

#include <string.h>

enum { MINUTE = 60, HOUR = 3600, DAY = 86400, DAYS_OF_WEEK = 7 };

/* What is left to read. */
typedef struct reading {
    const char *at, *end;
} reading;

static bool takes(reading *r, char c)
{
    bool there = r->at < r->end && *r->at == c;
    r->at += there;
    return there;
}

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static bool is_letter(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static bool read_number(reading *r, int least, int most, int *out)
{
    enum { LONGEST = 3 };
    const char *begin = r->at;
    int number = 0;
    for (; r->at < r->end && is_digit(*r->at) && r->at - begin < LONGEST; r->at++)
        number = 10 * number + (*r->at - '0');
    *out = number;
    return r->at > begin && number >= least && number <= most;
}

/* An abbreviation, "CET" or "<+07>". What it says is of no concern. */
static bool read_name(reading *r)
{
    enum { LEAST = 3 };
    const char *begin = r->at;
    bool quoted = takes(r, '<');
    while (r->at < r->end &&
           (is_letter(*r->at) || (quoted && (is_digit(*r->at) || *r->at == '+' || *r->at == '-'))))
        r->at++;
    return r->at - begin >= LEAST && (!quoted || takes(r, '>'));
}

/* "-1", "5:45", "167:59:59": seconds. */
static bool read_time(reading *r, int most_hours, int32_t *out)
{
    int sign = takes(r, '-') ? -1 : 1, hours, minutes = 0, seconds = 0;
    if (sign > 0)
        (void)takes(r, '+');
    if (!read_number(r, 0, most_hours, &hours) ||
        (takes(r, ':') && !read_number(r, 0, MINUTE - 1, &minutes)) ||
        (takes(r, ':') && !read_number(r, 0, MINUTE - 1, &seconds)))
        return false;
    *out = sign * (hours * HOUR + minutes * MINUTE + seconds);
    return true;
}

/* Of POSIX, west of UTC. */
static bool read_offset(reading *r, int32_t *out)
{
    enum { MOST_HOURS = 24 };
    if (!read_time(r, MOST_HOURS, out))
        return false;
    *out = -*out;
    return true;
}

static bool read_weekday(reading *r, ybb_tz_day *out)
{
    out->form = YBB_TZ_WEEKDAY;
    return read_number(r, 1, 12, &out->month) && takes(r, '.') &&
           read_number(r, 1, 5, &out->week) && takes(r, '.') &&
           read_number(r, 0, DAYS_OF_WEEK - 1, &out->day);
}

static bool read_day(reading *r, ybb_tz_day *out)
{
    enum { MOST_HOURS = 167, MOST_DAY = 365, TWO = 2 * HOUR };
    bool read;
    if (takes(r, 'M')) {
        read = read_weekday(r, out);
    } else {
        bool julian = takes(r, 'J');
        out->form = julian ? YBB_TZ_JULIAN : YBB_TZ_DAY;
        read = read_number(r, julian ? 1 : 0, MOST_DAY, &out->day);
    }
    out->time = TWO;
    return read && (!takes(r, '/') || read_time(r, MOST_HOURS, &out->time));
}

/* Behind the standard time: nothing, or the summer time and its two days. */
static bool read_summer(reading *r, ybb_tz_rule *rule)
{
    if (r->at == r->end)
        return true;
    rule->has_summer = true;
    rule->summer = rule->standard + HOUR;
    if (!read_name(r))
        return false;
    if (r->at < r->end && *r->at != ',' && !read_offset(r, &rule->summer))
        return false;
    return takes(r, ',') && read_day(r, &rule->begin) && takes(r, ',') && read_day(r, &rule->end) &&
           r->at == r->end;
}

bool ybb__tz_rule_read(ybb_tz_rule *out, const char *text, size_t length)
{
    reading r = {text, text + length};
    ybb_tz_rule rule = {.has_summer = false};
    if (!read_name(&r) || !read_offset(&r, &rule.standard) || !read_summer(&r, &rule))
        return false;
    *out = rule;
    return true;
}

/* The @week-th such day of the month, the last for 5. 1970 began with a Thursday. */
static int64_t weekday_of(int year, const ybb_tz_day *day)
{
    enum { THURSDAY = 4, DECEMBER = 12 };
    int64_t first = ybb__days_from_date(year, day->month, 1);
    int64_t next = day->month == DECEMBER ? ybb__days_from_date(year + 1, 1, 1)
                                          : ybb__days_from_date(year, day->month + 1, 1);
    int64_t weekday = (first + THURSDAY) % DAYS_OF_WEEK;
    weekday += weekday < 0 ? DAYS_OF_WEEK : 0;
    int64_t found = first + (day->day - weekday + DAYS_OF_WEEK) % DAYS_OF_WEEK +
                    (int64_t)DAYS_OF_WEEK * (day->week - 1);
    return found < next ? found : found - DAYS_OF_WEEK;
}

/* Local seconds since 1970. */
static int64_t moment_of(int year, const ybb_tz_day *day)
{
    enum { MARCH = 3, FEBRUARY_29 = 59 };
    int64_t days = ybb__days_from_date(year, 1, 1);
    if (day->form == YBB_TZ_WEEKDAY)
        days = weekday_of(year, day);
    else if (day->form == YBB_TZ_DAY)
        days += day->day;
    else if (day->day <= FEBRUARY_29) /* no day of this form is the leap day */
        days += day->day - 1;
    else
        days = ybb__days_from_date(year, MARCH, 1) + day->day - FEBRUARY_29 - 1;
    return days * DAY + day->time;
}

int64_t ybb__tz_rule_begin(const ybb_tz_rule *rule, int year)
{
    return moment_of(year, &rule->begin) - rule->standard;
}

int64_t ybb__tz_rule_end(const ybb_tz_rule *rule, int year)
{
    return moment_of(year, &rule->end) - rule->summer;
}
