/*
 * encode/xlsx_rows: rows as a sheet's XML, and their texts as shared strings. Any thread, any
 * order: a row's place tells the numbers of its strings.
 *
 * A column of texts takes one shared string in every row, whether its cell points to it or not:
 * string first_string + row * slots + slot. What no cell points to is an empty string, which costs
 * the file next to nothing.
 */
#ifndef YBB_ENCODE_XLSX_ROWS_H
#define YBB_ENCODE_XLSX_ROWS_H

#include "encode/looks.h"
#include "encode/pen.h"
#include "encode/summary.h"

/* Excel's own: a row of wrapped texts would be measured by the reader otherwise. */
#define YBB_XLSX_WRAPPED_ROW " ht=\"30\" customHeight=\"1\""

/* The fixed bytes of a column's cells. Between head and the others stands the row's number. */
typedef struct ybb_xlsx_shape {
    ybb_stamp head;   /* <c r="AB */
    ybb_stamp number; /* " s="3"><v> */
    ybb_stamp shared; /* " s="3" t="s"><v> */
    ybb_stamp text;   /* " s="3" t="str"><v> or " s="3" t="inlineStr"><is> */
    ybb_stamp empty;  /* " s="3"/> */
    bool slot;        /* has a shared string in every row */
    uint8_t links;    /* schemes of the field's links; 0: none */
    uint32_t link;    /* which of the columns with links, from 0 */
} ybb_xlsx_shape;

/* How the cells of a row look: a record's, or a subtotal's, which are bold. */
typedef struct ybb_xlsx_kind {
    const ybb_looks *looks;
    const ybb_xlsx_shape *shapes; /* [columns] */
} ybb_xlsx_kind;

/* All that encoding needs; never changes. */
typedef struct ybb_xlsx_rows {
    const ybb_plan *plan;
    ybb_xlsx_kind records;
    ybb_xlsx_kind subtotals; /* where the plan has groups */
    ybb_xlsx_kind linked;    /* cells that are links, where there are some */
    uint32_t links;          /* columns with links */
    ybb_stamp row_head;      /* <row r=" */
    ybb_stamp row_tail;      /* "> or " ht="30" customHeight="1"> */
    bool inline_texts;
    uint32_t slots;
    uint64_t first_string;
    const ybb_summaries *summaries; /* that count the records; NULL: none */
    const char *continues;          /* ends a text whose rest is in the sheet for long texts */
} ybb_xlsx_rows;

/* The rest of a text that was too long for its cell: in piece->overflow each stands before its
 * bytes. */
typedef struct ybb_xlsx_rest {
    uint64_t row; /* in the file, from 0 */
    uint32_t column;
    uint32_t length;
} ybb_xlsx_rest;

/* Excel's limit for a sheet. Which cells of a sheet may be links follows from their places, so that
 * slices need not know of each other: the first so many of its columns with links, row by row, be
 * there an address in them or not. */
enum { YBB_XLSX_MOST_LINKS = 65530 };

/* Writes a slice's rows to piece->raw[0] and its shared strings to piece->raw[1], of links the
 * elements of the sheet to raw[2] and their relationships to raw[3]. @row is how many
 * rows (subtotals are some) the file has before the slice, @sheet_row how many its sheet has. */
ybb_status ybb__xlsx_rows_encode(const ybb_xlsx_rows *rows, const ybb_slice *slice, uint64_t row,
                                 uint64_t sheet_row, ybb_piece *piece, ybb_error *error);

#endif
