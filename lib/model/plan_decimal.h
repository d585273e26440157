/*
 * model/plan_decimal: ends of a range for a database that keeps decimals as doubles.
 */
#ifndef YBB_MODEL_PLAN_DECIMAL_H
#define YBB_MODEL_PLAN_DECIMAL_H

#include "base/arena.h"

#include <stdbool.h>

/*
 * Decimals of at most 15 significant digits are told apart by doubles, and in the right order; an
 * end of a range with more digits is not told from its neighbours. This gives the nearest decimal
 * of 15 digits inside the range: not under a least end (@up), not over a greatest. Every stored
 * amount of at most 15 digits is then on the same side of it as of @text, which is plain decimal
 * text (as ybb__json_to_decimal writes it). In @arena; NULL without memory.
 */
const char *ybb__decimal_inside(ybb_arena *arena, const char *text, bool up);

#endif
