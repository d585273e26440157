/*
 * encode/xlsx_skeleton: the small book that libxlsxwriter makes, and what is learnt from it.
 *
 * Sheet 1 of the skeleton has the header in row 1, one prototype cell for each column in row 2, a
 * prototype of a wrapped text, one of a header and one of what stands beside long texts in row 3,
 * where there are subtotals a prototype of their cells for each column in row 4, and from the next
 * row on every fixed text once, so that each has a style or a shared string that can be read off
 * its cell. Behind them the formats of the sheets on request have a cell each. The rows of the book
 * take the place of all that.
 */
#ifndef YBB_ENCODE_XLSX_SKELETON_H
#define YBB_ENCODE_XLSX_SKELETON_H

#include "encode/encoder.h"
#include "encode/looks.h"
#include "encode/summary.h"
#include "encode/xlsx_names.h"

/* Sheets that libxlsxwriter writes whole, behind the data: "Summary", "About". They say what the
 * rows were, and so are filled when those are written; before that they have the parts and formats
 * that they will have, for the book's first parts name those, and no texts. */
typedef struct ybb_xlsx_extra {
    bool filled;
    const char *summary_name; /* NULL: no such sheet */
    const ybb_summary_table *tables;
    uint32_t table_count;
    const char *about_name; /* NULL: no such sheet */
    ybb_buffer *numbers;    /* filled: gets the digits of their numbers, in the order of the cells,
                               each    with a NUL behind */
} ybb_xlsx_extra;

static inline uint32_t ybb__extra_sheets(const ybb_xlsx_extra *extra)
{
    return (extra->summary_name != NULL ? 1U : 0U) + (extra->about_name != NULL ? 1U : 0U);
}

/* What the skeleton is made for. Borrowed during the call. */
typedef struct ybb_skeleton_plan {
    const ybb_file_plan *file;
    const ybb_looks *looks;
    const ybb_xlsx_header *headers;
    const double *widths;     /* [columns] */
    char *const *sheet_names; /* [sheets] */
    uint32_t sheets;
    const ybb_xlsx_extra *extra;
    bool has_long; /* with the sheet for the rests of long texts, behind the others */
    bool has_wrap; /* some column's texts are wrapped */
    bool has_links;
    int spool_directory; /* for parts of the book where no folder of files in memory is */
} ybb_skeleton_plan;

typedef struct ybb_part {
    const char *name; /* borrowed from names */
    ybb_buffer bytes;
    bool written; /* the owner's mark */
} ybb_part;

typedef struct ybb_skeleton {
    char **names;
    size_t count;
    ybb_part *parts; /* [count], in the skeleton's order */
    /* Learnt from sheet 1. The last four are in an arena of the caller. */
    uint32_t header_style, wrap_style, place_style;
    uint32_t link_style;   /* where it has links */
    uint32_t strings;      /* how many shared strings it has */
    uint32_t *styles;      /* [columns] */
    uint32_t *bold_styles; /* [columns], of subtotals; NULL: there are none */
    uint32_t *headers;     /* [columns]; shared strings */
    uint32_t *labels;      /* shared string of each fixed text that is not empty, columns first */
} ybb_skeleton;

/* Rows that sheet @number (from 1) holds below its header. */
uint64_t ybb__sheet_rows(const ybb_file_plan *file, uint32_t number);
/* "A", "Z", "AA": a column's name (index from 0) at @out, 4 bytes; returns its length. */
size_t ybb__column_name(char *out, uint32_t index);

/* Makes it, reads it, learns from it. Free it also after a failure. */
ybb_status ybb__skeleton_make(ybb_skeleton *out, const ybb_skeleton_plan *plan, ybb_arena *arena,
                              ybb_error *error);
void ybb__skeleton_free(ybb_skeleton *skeleton);

/* NULL where it has no such part. */
ybb_part *ybb__skeleton_part(const ybb_skeleton *skeleton, const char *name);
ybb_part *ybb__skeleton_sheet(const ybb_skeleton *skeleton, uint32_t number);

#endif
