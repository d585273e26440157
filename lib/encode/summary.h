/*
 * encode/summary: a file's summaries, counted while its rows pass.
 *
 * Each slice is counted beside its encoding, on whatever thread does that, into the piece's desk;
 * the encoder's owner adds the pieces up in their order. What is counted is what the sheet shows:
 * labels, and of dates their day, month or year.
 */
#ifndef YBB_ENCODE_SUMMARY_H
#define YBB_ENCODE_SUMMARY_H

#include "encode/compose.h"
#include "encode/looks.h"

typedef struct ybb_summaries ybb_summaries;

/* For a plan with summaries. @looks have the dates' formats; both are borrowed. NULL: no memory. */
ybb_summaries *ybb__summaries_new(const ybb_plan *plan, const ybb_looks *looks);
void ybb__summaries_free(ybb_summaries *summaries);
uint32_t ybb__summaries_number(const ybb_summaries *summaries);

/* Begins to count into the piece. False without memory. @threads any. */
bool ybb__summaries_begin(const ybb_summaries *summaries, ybb_piece *piece);
/* Counts a record. False without memory. @threads any. */
bool ybb__summaries_count(const ybb_summaries *summaries, ybb_piece *piece,
                          const ybb_composed *values);
/* Notes how much memory the piece's desk has. @threads any. */
void ybb__summaries_end(const ybb_summaries *summaries, ybb_piece *piece);
/* Adds the next piece. False without memory. The owner's. */
bool ybb__summaries_add(ybb_summaries *summaries, const ybb_piece *piece);

typedef enum ybb_summary_kind {
    YBB_SUMMARY_TEXT,
    YBB_SUMMARY_COUNT,
    YBB_SUMMARY_SHARE, /* a part of 1, four places */
    YBB_SUMMARY_SUM
} ybb_summary_kind;

typedef struct ybb_summary_column {
    const char *header;
    ybb_summary_kind kind;
    const ybb_look *look; /* SUM: of the field that is summed */
} ybb_summary_column;

enum { YBB_SUMMARY_COLUMNS = 9 };

/* What a summary says, as a table. */
typedef struct ybb_summary_table {
    const char *title;
    ybb_chart chart;
    uint32_t column_count, row_count;
    uint32_t shown;   /* the chart shows this column, by the first one */
    uint32_t charted; /* how many of the rows it shows: of dates without "Other" */
    ybb_summary_column columns[YBB_SUMMARY_COLUMNS];
    ybb_cell *cells; /* [row_count * column_count]; numbers as text; none is NULL */
} ybb_summary_table;

/* Summary @number (from 0) by what was added so far: in @arena, or borrowed. False without memory.
 */
bool ybb__summary_table(ybb_summary_table *out, const ybb_summaries *summaries, uint32_t number,
                        ybb_arena *arena);

#endif
