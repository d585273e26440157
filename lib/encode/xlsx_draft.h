/*
 * encode/xlsx_draft: the skeleton's book while libxlsxwriter makes it; for xlsx_book.c and the
 * files that make its other sheets.
 */
#ifndef YBB_ENCODE_XLSX_DRAFT_H
#define YBB_ENCODE_XLSX_DRAFT_H

#include "encode/xlsx_skeleton.h"

#include <xlsxwriter.h>

/* The formats of the sheets "Summary" and "About". */
typedef struct ybb_extra_formats {
    lxw_format *title, *note, *heading, *number_header, *label, *count, *share, *key, *text,
        *number, *unseen;
    lxw_format **sums; /* [tables * YBB_SUMMARY_COLUMNS]; NULL where there is no sum */
} ybb_extra_formats;

/* The first failure is kept; what comes behind it is not done. */
typedef struct ybb_xlsx_draft {
    const ybb_skeleton_plan *plan;
    ybb_arena *arena;
    lxw_workbook *book;
    lxw_worksheet *first;
    lxw_format *header, *number_header, *wrap, *text, *place, *link;
    ybb_extra_formats extra;
    lxw_error failure;
    bool no_memory;
} ybb_xlsx_draft;

static inline void ybb__draft_check(ybb_xlsx_draft *d, lxw_error outcome)
{
    if (d->failure == LXW_NO_ERROR)
        d->failure = outcome;
}

static inline void *ybb__draft_keep(ybb_xlsx_draft *d, void *memory)
{
    if (memory == NULL)
        d->no_memory = true;
    return memory;
}

/* A text as libxlsxwriter takes it; NULL without memory. */
static inline char *ybb__draft_text(ybb_xlsx_draft *d, const char *at, size_t length)
{
    return ybb__draft_keep(d, ybb__xlsx_clean(d->arena, at, length));
}

/* The number format of a column; NULL for none, and without memory. */
const char *ybb__draft_number_format(ybb_xlsx_draft *d, const ybb_look *look);

/* xlsx_extra.c: the sheets that libxlsxwriter writes whole. */
void ybb__draft_extra_formats(ybb_xlsx_draft *d);
/* Each of those formats once, in the first sheet from row @row on: so the formats of a book are the
 * same before its rows are counted and behind that. */
void ybb__draft_extra_prototypes(ybb_xlsx_draft *d, lxw_row_t row);
/* A text, or a number by its digits, which the book will have exactly. @cell is not NULL. */
void ybb__draft_put_text(ybb_xlsx_draft *d, lxw_worksheet *sheet, lxw_row_t row, lxw_col_t column,
                         ybb_cell cell, lxw_format *format);
/* The same as the number that comes nearest, where it has more digits than a spreadsheet keeps. */
void ybb__draft_put_rounded(ybb_xlsx_draft *d, lxw_worksheet *sheet, lxw_row_t row,
                            lxw_col_t column, ybb_cell cell, lxw_format *format);
/* Whether a spreadsheet keeps all digits of the number, so that it is put as one. */
bool ybb__draft_is_kept(ybb_cell cell);
void ybb__draft_put_number(ybb_xlsx_draft *d, lxw_worksheet *sheet, lxw_row_t row, lxw_col_t column,
                           ybb_cell cell, lxw_format *format);
/* A table with the texts @headers, and from row @row on @rows rows below them, which the caller
 * fills; of a book that is not filled its part alone. */
void ybb__draft_table(ybb_xlsx_draft *d, lxw_worksheet *sheet, lxw_row_t row, lxw_row_t rows,
                      const char *const *headers, const bool *numbers, uint32_t columns);
/* xlsx_summary.c, xlsx_about.c */
void ybb__draft_summary(ybb_xlsx_draft *d);
void ybb__draft_about(ybb_xlsx_draft *d);

#endif
