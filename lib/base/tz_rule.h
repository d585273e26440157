/*
 * base/tz_rule: the line at the end of a TZif file, which says how a zone goes on for ever:
 * "CET-1CEST,M3.5.0,M10.5.0/3" (the TZ variable of POSIX, with the hours of RFC 9636).
 */
#ifndef YBB_BASE_TZ_RULE_H
#define YBB_BASE_TZ_RULE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* "J60" (from 1, no leap day), "59" (from 0), "M3.5.0" (month, week, day of the week) */
typedef enum ybb_tz_form { YBB_TZ_JULIAN, YBB_TZ_DAY, YBB_TZ_WEEKDAY } ybb_tz_form;

typedef struct ybb_tz_day {
    ybb_tz_form form;
    int month, week, day;
    int32_t time; /* seconds behind the day's begin, also below 0 and beyond its end */
} ybb_tz_day;

typedef struct ybb_tz_rule {
    int32_t standard, summer; /* seconds east of UTC */
    bool has_summer;
    ybb_tz_day begin, end; /* of summer time */
} ybb_tz_rule;

/* False for what is no rule. */
bool ybb__tz_rule_read(ybb_tz_rule *out, const char *text, size_t length);
/* When summer time begins and ends in a year, in seconds since 1970-01-01 00:00:00 UTC. */
int64_t ybb__tz_rule_begin(const ybb_tz_rule *rule, int year);
int64_t ybb__tz_rule_end(const ybb_tz_rule *rule, int year);

#endif
