#include "model/tally.h"

#include "base/text.h"

#include <string.h>

enum { MOST_DIGITS = 18 /* that an int64_t surely holds */ };

/* A number that is no whole multiple of the field's last place, or too large: its text follows in
 * part->odd. */
typedef struct odd_number {
    uint32_t number, sum, length;
} odd_number;

void ybb__tally_part_free(ybb_tally_part *part)
{
    ybb__buffer_free(&part->bytes);
    ybb__cell_index_free(&part->index);
    ybb__buffer_free(&part->counts);
    ybb__buffer_free(&part->units);
    ybb__buffer_free(&part->odd);
}

void ybb__tally_part_clear(ybb_tally_part *part)
{
    ybb__buffer_clear(&part->bytes);
    ybb__cell_index_clear(&part->index);
    ybb__buffer_clear(&part->counts);
    ybb__buffer_clear(&part->units);
    ybb__buffer_clear(&part->odd);
}

size_t ybb__tally_part_size(const ybb_tally_part *part)
{
    return part->bytes.capacity + part->index.places.capacity + part->index.slots.capacity +
           part->counts.capacity + part->units.capacity + part->odd.capacity;
}

bool ybb__tally_part_failed(const ybb_tally_part *part)
{
    return ybb__buffer_failed(&part->bytes) || ybb__buffer_failed(&part->counts) ||
           ybb__buffer_failed(&part->units) || ybb__buffer_failed(&part->odd);
}

static uint64_t *counts_of(const ybb_buffer *counts)
{
    return (uint64_t *)(void *)counts->at;
}

static int64_t *units_of(const ybb_tally_part *part, uint32_t number)
{
    return (int64_t *)(void *)part->units.at + (size_t)number * part->sums;
}

/* Gives a number its count. */
static void add_number(ybb_tally_part *part)
{
    static const uint64_t none = 0;
    ybb__buffer_put(&part->counts, &none, sizeof(none));
    for (uint32_t i = 0; i < part->sums; i++)
        ybb__buffer_put(&part->units, &none, sizeof(none));
}

/* The number of a value among @bytes, or where it is new, and @room says so, that of its copy. */
static uint32_t find_value(ybb_cell_index *index, ybb_buffer *bytes, ybb_cell value, bool room)
{
    static const char nothing[] = "";
    uint32_t found = ybb__cell_index_find(index, bytes->at, value);
    if (found != UINT32_MAX)
        return found + 1;
    if (!room)
        return YBB_TALLY_OTHER;
    size_t begin = bytes->length;
    ybb__buffer_put(bytes, value.length > 0 ? value.at : nothing, value.length);
    if (ybb__buffer_failed(bytes) || !ybb__buffer_reserve(bytes, 1) ||
        !ybb__cell_index_add(index, bytes->at, (ybb_cell){bytes->at + begin, value.length}))
        return UINT32_MAX;
    return ybb__cell_index_count(index);
}

uint32_t ybb__tally_count(ybb_tally_part *part, ybb_cell value)
{
    uint32_t number = YBB_TALLY_OTHER;
    if (part->counts.length == 0)
        add_number(part);
    if (value.length <= YBB_TALLY_VALUE_BYTES)
        number = find_value(&part->index, &part->bytes, value, true);
    if (number == UINT32_MAX)
        return number;
    if (number * sizeof(uint64_t) == part->counts.length)
        add_number(part);
    if (ybb__tally_part_failed(part))
        return UINT32_MAX;
    counts_of(&part->counts)[number]++;
    return number;
}

/* Reads "-150000.00" as 15000000 of places @scale. False where it is not written so. */
static bool read_units(ybb_cell cell, uint32_t scale, int64_t *out)
{
    const char *at = cell.at, *end = at + cell.length;
    bool negative = at < end && *at == '-', has_point = false;
    uint32_t digits = 0, places = 0;
    int64_t units = 0;
    for (at += negative; at < end; at++) {
        if (*at == '.' && !has_point && digits > 0) {
            has_point = true;
            continue;
        }
        if (*at < '0' || *at > '9' || ++digits > MOST_DIGITS || (has_point && ++places > scale))
            return false;
        units = 10 * units + (*at - '0');
    }
    if (digits == 0 || digits - places + scale > MOST_DIGITS)
        return false;
    for (; places < scale; places++)
        units *= 10;
    *out = negative ? -units : units;
    return true;
}

void ybb__tally_sum(ybb_tally_part *part, uint32_t number, uint32_t sum, ybb_cell cell,
                    uint32_t scale)
{
    int64_t units;
    if (cell.at == NULL || ybb__tally_part_failed(part))
        return;
    int64_t *total = &units_of(part, number)[sum];
    if (read_units(cell, scale, &units) && !__builtin_add_overflow(*total, units, &units)) {
        *total = units;
        return;
    }
    const odd_number odd = {number, sum, cell.length};
    ybb__buffer_put(&part->odd, &odd, sizeof(odd));
    ybb__buffer_put(&part->odd, cell.at, cell.length);
}

void ybb__tally_free(ybb_tally *tally)
{
    ybb__buffer_free(&tally->bytes);
    ybb__cell_index_free(&tally->index);
    ybb__buffer_free(&tally->counts);
    ybb__buffer_free(&tally->totals);
}

static ybb_decimal_sum *total_of(const ybb_tally *tally, uint32_t number, uint32_t sum)
{
    return (ybb_decimal_sum *)(void *)tally->totals.at + (size_t)number * tally->sums + sum;
}

static void add_total(ybb_tally *tally)
{
    static const uint64_t none = 0;
    static const ybb_decimal_sum nothing = {.first = 0};
    ybb__buffer_put(&tally->counts, &none, sizeof(none));
    for (uint32_t i = 0; i < tally->sums; i++)
        ybb__buffer_put(&tally->totals, &nothing, sizeof(nothing));
}

/* Adds @units of places @scale, as a text: what a sum is made of. */
static void add_units(ybb_decimal_sum *total, int64_t units, uint32_t scale)
{
    char text[2 * YBB_NUMBER_TEXT];
    if (units == 0)
        return;
    size_t length = ybb__text_from_i64(text, units);
    text[length++] = 'e';
    text[length++] = '-';
    length += ybb__text_from_u64(text + length, scale);
    (void)ybb__decimal_sum_add(total, text, length);
}

/* The tally's number for number @of of the part. */
static uint32_t find_number(ybb_tally *tally, const ybb_tally_part *part, uint32_t of)
{
    uint32_t most = tally->sums > 0 ? YBB_TALLY_SUMMED_VALUES : YBB_TALLY_VALUES;
    if (of == YBB_TALLY_OTHER)
        return YBB_TALLY_OTHER;
    uint32_t number = find_value(&tally->index, &tally->bytes,
                                 ybb__cell_index_at(&part->index, part->bytes.at, of - 1),
                                 ybb__tally_values(tally) < most);
    if (number != UINT32_MAX && number * sizeof(uint64_t) == tally->counts.length)
        add_total(tally);
    return number;
}

/* @numbers: the tally's for each of the part's. */
static void add_odd(ybb_tally *tally, const ybb_tally_part *part, const uint32_t *numbers)
{
    odd_number odd;
    for (size_t at = 0; at < part->odd.length; at += odd.length) {
        memcpy(&odd, part->odd.at + at, sizeof(odd));
        at += sizeof(odd);
        (void)ybb__decimal_sum_add(total_of(tally, numbers[odd.number], odd.sum), part->odd.at + at,
                                   odd.length);
    }
}

static bool add_part(ybb_tally *tally, const ybb_tally_part *part, const uint8_t *scales,
                     ybb_buffer *numbers)
{
    uint32_t count = (uint32_t)(part->counts.length / sizeof(uint64_t));
    for (uint32_t i = 0; i < count; i++) {
        uint32_t number = find_number(tally, part, i);
        ybb__buffer_put(numbers, &number, sizeof(number));
        if (number == UINT32_MAX || ybb__buffer_failed(&tally->counts) ||
            ybb__buffer_failed(&tally->totals) || ybb__buffer_failed(numbers))
            return false;
        counts_of(&tally->counts)[number] += counts_of(&part->counts)[i];
        for (uint32_t k = 0; k < tally->sums; k++)
            add_units(total_of(tally, number, k), units_of(part, i)[k], scales[k]);
    }
    add_odd(tally, part, (const uint32_t *)(const void *)numbers->at);
    return true;
}

bool ybb__tally_add(ybb_tally *tally, const ybb_tally_part *part, const uint8_t *scales)
{
    ybb_buffer numbers = {0};
    if (tally->counts.length == 0)
        add_total(tally);
    bool added = !ybb__buffer_failed(&tally->counts) && !ybb__buffer_failed(&tally->totals) &&
                 add_part(tally, part, scales, &numbers);
    ybb__buffer_free(&numbers);
    return added;
}

uint32_t ybb__tally_values(const ybb_tally *tally)
{
    return ybb__cell_index_count(&tally->index);
}

uint64_t ybb__tally_count_of(const ybb_tally *tally, uint32_t number)
{
    return number * sizeof(uint64_t) < tally->counts.length ? counts_of(&tally->counts)[number] : 0;
}

const ybb_decimal_sum *ybb__tally_sum_of(const ybb_tally *tally, uint32_t number, uint32_t sum)
{
    static const ybb_decimal_sum nothing = {.first = 0};
    bool has = tally->sums > 0 && number * sizeof(uint64_t) < tally->counts.length;
    return has ? total_of(tally, number, sum) : &nothing;
}

ybb_cell ybb__tally_value(const ybb_tally *tally, uint32_t number)
{
    return ybb__cell_index_at(&tally->index, tally->bytes.at, number - 1);
}
