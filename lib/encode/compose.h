/*
 * encode/compose: from a slice to the stored values of a row's columns: it joins main rows with
 * their related rows and reduces those. What the values look like in a file is the format's own
 * matter.
 *
 * Opening a composer walks over the slice's main and related rows once: related rows are put into
 * groups by the bytes of their match cells (a hash of the main rows' finds the group), and what is
 * counted is counted for each group. So the work grows with the rows, whatever their number for one
 * record.
 */
#ifndef YBB_ENCODE_COMPOSE_H
#define YBB_ENCODE_COMPOSE_H

#include "encode/encoder.h"

typedef struct ybb_composer ybb_composer;

/* A column's value in one row. */
typedef struct ybb_composed {
    ybb_cell cell;            /* the stored value in canonical form */
    const ybb_labels *labels; /* how it may be shown: the field's, or its fallback's */
} ybb_composed;

/* Over @slice; its memory is the piece's, which must stay where it is, and used again. NULL: no
 * memory. */
ybb_composer *ybb__composer_open(ybb_piece *piece, const ybb_plan *plan, const ybb_slice *slice);
/* The row @row of the slice: *@values are ybb__plan_composed(plan) values, valid until the next
 * call. YBB_NO_MEMORY; YBB_TOO_LARGE where lines make a text of 4 GiB. */
ybb_status ybb__composer_row(ybb_composer *composer, uint32_t row, const ybb_composed **values,
                             ybb_error *error);
/* The same of subtotal @number of the slice; where it shows nothing, and where it shows the group's
 * label, the value is an empty text. */
const ybb_composed *ybb__composer_subtotal(ybb_composer *composer, uint32_t number);

#endif
