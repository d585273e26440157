/*
 * encode/decimal: numbers as the database prints them, any length, without passing through a
 * double.
 */
#ifndef YBB_ENCODE_DECIMAL_H
#define YBB_ENCODE_DECIMAL_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buffer.h"
#include "rows/block.h"

/* The digits that count: no zeros before the first nor behind the last other digit. */
typedef struct ybb_decimal {
    bool negative;
    uint32_t digits; /* how many; 0: the number is zero */
    int32_t point;   /* where the point stands among them: before the first is 0, may lie outside */
    /* The digits stand in two pieces, for there may be a point between them. */
    const char *head, *tail;
    uint32_t head_length;
} ybb_decimal;

/* Reads a whole cell: digits, at most one point, '-' or '+' before, an exponent behind ("1e+300").
 * False for anything else, and for exponents that no double has. */
bool ybb__decimal_read(ybb_decimal *out, const ybb_cell *cell);
/* Writes it plainly: at least @scale digits behind @point, more where there are more. */
void ybb__decimal_put(ybb_buffer *out, const ybb_decimal *decimal, uint32_t scale, char point);
/* The most bytes that ybb__decimal_put writes. */
uint32_t ybb__decimal_room(const ybb_decimal *decimal, uint32_t scale);
/* The same as ybb__decimal_put, at @out; returns the end. */
char *ybb__decimal_write(char *out, const ybb_decimal *decimal, uint32_t scale, char point);

/* Puts a comma between each three digits before the point of the number that @out is. */
void ybb__decimal_group(ybb_buffer *out);
/* Whether the number format ("#,##0.00") does so. */
bool ybb__is_grouped(const char *number_format);

/* Whether the cell is an integer in canonical form: digits, no needless 0 before them, perhaps a
 * '-'. */
static inline bool ybb__is_integer(const ybb_cell *cell)
{
    const char *at = cell->at;
    uint32_t sign = cell->length > 0 && at[0] == '-' ? 1 : 0;
    if (cell->length == sign)
        return false;
    if (at[sign] == '0')
        return cell->length == 1;
    for (uint32_t i = sign; i < cell->length; i++)
        if ((unsigned char)(at[i] - '0') > 9)
            return false;
    return true;
}

/* Whether the cell is a decimal with just @scale digits behind its point, so that it can stand as
 * it is. */
static inline bool ybb__has_places(const ybb_cell *cell, uint32_t scale)
{
    if (scale == 0)
        return ybb__is_integer(cell);
    if (cell->length < scale + 2 || cell->at[cell->length - scale - 1] != '.')
        return false;
    for (uint32_t i = cell->length - scale; i < cell->length; i++)
        if ((unsigned char)(cell->at[i] - '0') > 9)
            return false;
    ybb_cell whole = {cell->at, cell->length - scale - 1};
    return ybb__is_integer(&whole);
}

#endif
