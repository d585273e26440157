#include "db/key_window.h"

enum {
    SPARE_FACTOR = 2, /* as wide as should do, so many times */
    WIDER_FACTOR = 16
};

static uint64_t times(uint64_t number, uint64_t factor)
{
    return number > UINT64_MAX / factor ? UINT64_MAX : number * factor;
}

void ybb__key_window_open(ybb_key_window *window, uint64_t count)
{
    window->span = times(times(window->gap, SPARE_FACTOR), count);
}

void ybb__key_window_widen(ybb_key_window *window)
{
    window->span = times(window->span, WIDER_FACTOR);
}

/* Up from a key: integers are below those that only an unsigned one has. */
static bool end_above(const ybb_value *key, uint64_t span, ybb_value *end)
{
    bool is_unsigned = key->kind == YBB_VALUE_UNSIGNED;
    uint64_t last = is_unsigned ? UINT64_MAX : INT64_MAX;
    if (span > last - (uint64_t)key->number)
        return false;
    *end = (ybb_value){.kind = key->kind, .number = (int64_t)((uint64_t)key->number + span)};
    return true;
}

static bool end_below(const ybb_value *key, uint64_t span, ybb_value *end)
{
    bool is_unsigned = key->kind == YBB_VALUE_UNSIGNED;
    uint64_t first = is_unsigned ? (uint64_t)INT64_MAX + 1 : (uint64_t)INT64_MIN;
    if (span > (uint64_t)key->number - first)
        return false;
    *end = (ybb_value){.kind = key->kind, .number = (int64_t)((uint64_t)key->number - span)};
    return true;
}

bool ybb__key_window_end(const ybb_key_window *window, const ybb_value *key, ybb_value *end)
{
    if (window->span == 0)
        return false;
    return window->descending ? end_below(key, window->span, end)
                              : end_above(key, window->span, end);
}

void ybb__key_window_learn(ybb_key_window *window, const ybb_value *from, const ybb_value *to,
                           uint64_t count)
{
    uint64_t a = (uint64_t)from->number, b = (uint64_t)to->number;
    uint64_t distance = window->descending ? a - b : b - a;
    window->gap = distance / count + 1;
}
