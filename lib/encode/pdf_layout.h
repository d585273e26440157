/*
 * encode/pdf_layout: how rows lie on paper: which way the page is turned, the type size, and the
 * place and width of each column; or that they are better shown as cards.
 */
#ifndef YBB_ENCODE_PDF_LAYOUT_H
#define YBB_ENCODE_PDF_LAYOUT_H

#include "base/arena.h"
#include "model/config.h"

enum {
    YBB_PDF_MARGIN = 3600, /* around what stands on a page, in units */
    YBB_PDF_PADDING = 300, /* beside the text of a cell, on each side */
    YBB_PDF_FOOT = 1800,   /* below, for the number of the page */
    YBB_PDF_SPACING = 1250 /* from line to line, in thousandths of the type size */
};

/* What the first rows ask of a column's width, in thousandths of the type size. */
typedef struct ybb_pdf_wish {
    int32_t width;   /* of nearly all values on one line; where they stay whole, of the widest */
    int32_t longest; /* of the widest value */
    int32_t word;    /* of the widest part that no line breaks, header included */
    uint32_t lines;  /* that some value has of itself */
    bool right;      /* a number */
    bool whole;      /* an id or a code: never broken */
} ybb_pdf_wish;

typedef struct ybb_pdf_column {
    int32_t x, width; /* its texts', in units from the left margin; the padding is outside */
    bool right, whole;
    bool cramped; /* of a forced table: why it is easier to read as cards */
} ybb_pdf_column;

typedef struct ybb_pdf_layout {
    int32_t page_width, page_height;
    int32_t inner_width, inner_height; /* between the margins, above the foot */
    bool cards;
    bool forced;             /* a table that was asked for, where cards would be easier to read */
    int32_t size, leading;   /* type size; from line to line */
    ybb_pdf_column *columns; /* [count]; none for cards */
    uint32_t count;
} ybb_pdf_layout;

/* The columns are in @arena. False: no memory. */
bool ybb__pdf_layout_choose(ybb_pdf_layout *out, ybb_arena *arena, const ybb_pdf_wish *wishes,
                            uint32_t count, const ybb_pdf_options *options);

#endif
