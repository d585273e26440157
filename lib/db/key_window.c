#include "db/key_window.h"

#include "base/saturate.h"

enum {
    SPARE_FACTOR = 2, /* as wide as should do, so many times */
    WIDER_FACTOR = 16
};

void ybb__key_window_open(ybb_key_window *window, uint64_t count)
{
    uint64_t each = ybb__times_at_most(window->gap, SPARE_FACTOR, UINT64_MAX);
    window->span = ybb__times_at_most(each, count, UINT64_MAX);
}

void ybb__key_window_widen(ybb_key_window *window)
{
    window->span = ybb__times_at_most(window->span, WIDER_FACTOR, UINT64_MAX);
}

/* Signed keys, and those above them that only an unsigned one has, lie between ends of their own;
 * distances are taken without a sign, which is right for both. */
bool ybb__key_window_end(const ybb_key_window *window, const ybb_value *key, ybb_value *end)
{
    bool is_unsigned = key->kind == YBB_VALUE_UNSIGNED;
    uint64_t first = is_unsigned ? (uint64_t)INT64_MAX + 1 : (uint64_t)INT64_MIN;
    uint64_t last = is_unsigned ? UINT64_MAX : INT64_MAX;
    uint64_t at = (uint64_t)key->number;
    uint64_t room = window->descending ? at - first : last - at;
    if (window->span == 0 || window->span > room)
        return false;
    *end = (ybb_value){.kind = key->kind,
                       .number =
                           (int64_t)(window->descending ? at - window->span : at + window->span)};
    return true;
}

void ybb__key_window_learn(ybb_key_window *window, const ybb_value *from, const ybb_value *to,
                           uint64_t count)
{
    uint64_t a = (uint64_t)from->number, b = (uint64_t)to->number;
    uint64_t distance = window->descending ? a - b : b - a;
    window->gap = distance / count + 1;
}
