/*
 * encode/looks: how each column of a file shows its values, made once for a file: its kind, and the
 * texts that are fixed before any row is read (labels, booleans, what NULL becomes).
 */
#ifndef YBB_ENCODE_LOOKS_H
#define YBB_ENCODE_LOOKS_H

#include <string.h>

#include "encode/compose.h"
#include "encode/date_format.h"
#include "encode/same.h"

/* A stored value that is always shown by the same bytes. */
typedef struct ybb_fixed {
    const char *value;
    uint32_t value_length;
    uint32_t length;   /* of bytes */
    const char *text;  /* what is shown, UTF-8 */
    const char *bytes; /* how the format writes it; filled by the format */
} ybb_fixed;

typedef struct ybb_look {
    const ybb_column *column;
    ybb_field_type type;
    uint8_t scale;
    bool closed;      /* TEXT whose values are all fixed */
    ybb_fixed *fixed; /* [fixed_count]: null, own, fallback, and what subtotals show */
    uint32_t fixed_count, own_count, fallback_count;
    bool labelled;  /* some value has a label */
    uint32_t label; /* the fixed text that a subtotal shows; 0: none */
    const ybb_labels *fallback_labels;
} ybb_look;

typedef struct ybb_looks {
    ybb_look *columns; /* [count] */
    uint32_t count;
    ybb_date_format date, datetime;
} ybb_looks;

/* Of one column, or of what comes behind the columns. In @arena; @plan is borrowed. False when
 * memory is exhausted. */
bool ybb__look_make(ybb_look *out, ybb_arena *arena, const ybb_plan *plan, uint32_t column);
/* Of all columns, likewise. */
bool ybb__looks_make(ybb_looks *out, ybb_arena *arena, const ybb_plan *plan);
/* The same looks with fixed texts of their own, whose bytes may be others. */
bool ybb__looks_copy(ybb_looks *out, ybb_arena *arena, const ybb_looks *from);

static inline const ybb_fixed *ybb__look_null(const ybb_look *look)
{
    return look->fixed;
}

/* Whether a subtotal shows a value in the column. */
static inline bool ybb__look_sums(const ybb_look *look)
{
    return look->column->in_subtotal == YBB_IN_SUBTOTAL_VALUE ||
           look->column->in_subtotal == YBB_IN_SUBTOTAL_SUM;
}

/* What shows the value, which is not NULL, or NULL where none of the fixed texts does. */
static inline const ybb_fixed *ybb__look_find(const ybb_look *look, const ybb_composed *value)
{
    const ybb_fixed *at = look->fixed + 1;
    uint32_t count = look->own_count, length = value->cell.length;
    if (value->labels == look->fallback_labels) {
        at += count;
        count = look->fallback_count;
    }
    for (; count > 0; count--, at++)
        if (at->value_length == length && ybb__same_bytes(at->value, value->cell.at, length))
            return at;
    return NULL;
}

/* What a date cell is. */
typedef enum ybb_date_kind {
    YBB_DATE_NONE,  /* the zero date: as good as NULL */
    YBB_DATE_OTHER, /* no date */
    YBB_DATE_IS
} ybb_date_kind;

bool ybb__is_zero_date(const ybb_cell *cell);
ybb_date_kind ybb__look_date(const ybb_cell *cell, ybb_moment *out);

#endif
