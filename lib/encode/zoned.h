/*
 * encode/zoned: stored times as they are in another time zone.
 */
#ifndef YBB_ENCODE_ZONED_H
#define YBB_ENCODE_ZONED_H

#include "base/timezone.h"
#include "rows/block.h"

enum { YBB_ZONED_TEXT = 32 };

/* The time in @cell as @zone converts it, in its stored form at @out (YBB_ZONED_TEXT bytes). What
 * is no time of a day in years 1 to 9999, before or behind, is @cell itself. */
ybb_cell ybb__zoned(char *out, const ybb_timezone *zone, const ybb_cell *cell);

#endif
