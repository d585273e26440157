/*
 * encode/compose: from a slice to the stored values of a row's columns: it joins main rows with their
 * related rows and reduces those. What the values look like in a file is the format's own matter.
 */
#ifndef YBB_ENCODE_COMPOSE_H
#define YBB_ENCODE_COMPOSE_H

#include "encode/encoder.h"

typedef struct ybb_composer ybb_composer;

/* A column's value in one row. */
typedef struct ybb_composed {
    ybb_cell cell;            /* the stored value in canonical form */
    const ybb_labels *labels; /* how it may be shown: the field's or its fallback's; NULL: none */
} ybb_composed;

/* Over @slice; its memory is the piece's and used again. NULL: no memory. */
ybb_composer *ybb__composer_open(ybb_piece *piece, const ybb_plan *plan, const ybb_slice *slice);
/* The row @row of the slice: @values has room for plan->column_count. Valid until the next call. */
ybb_status ybb__composer_row(ybb_composer *composer, uint32_t row, ybb_composed *values,
                             ybb_error *error);

#endif
