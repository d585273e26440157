/*
 * tests/unit/encode_helpers: an export made by hand: columns, rows, and what the encoders make of
 * them.
 */
#ifndef YBB_TESTS_ENCODE_HELPERS_H
#define YBB_TESTS_ENCODE_HELPERS_H

#include "encode/compose.h"
#include "encode/encoder.h"

enum { SAMPLE_COLUMNS = 64, SAMPLE_RELATED = 4, SAMPLE_RELATED_COLUMNS = 8 };

/* A request, a plan and all rows of an export. Change fields freely before encoding. */
typedef struct sample {
    ybb_type type;
    ybb_request request;
    ybb_pdf_font_list fonts;
    ybb_plan plan;
    ybb_field fields[SAMPLE_COLUMNS];
    ybb_column columns[SAMPLE_COLUMNS];
    uint32_t main_cells; /* cells in a main row */
    ybb_related ties[SAMPLE_RELATED];
    ybb_related_map maps[SAMPLE_RELATED];
    ybb_collection collections[SAMPLE_RELATED];
    ybb_field related_fields[SAMPLE_RELATED][SAMPLE_RELATED_COLUMNS];
    uint32_t related_cells[SAMPLE_RELATED][SAMPLE_RELATED_COLUMNS];
    uint32_t related_fallbacks[SAMPLE_RELATED][SAMPLE_RELATED_COLUMNS];
    ybb_slice all; /* every row */
    /* How it is encoded. */
    uint32_t slice_rows;
    uint64_t first_record, first_subtotal, rows_per_sheet;
    ybb_per per;             /* what s->plan.reading.per may point to */
    bool gzipped, backwards; /* backwards: slices are encoded last first */
    uint64_t sink_limit;
    /* What came of it. */
    ybb_buffer bytes;
    ybb_notes notes;
    ybb_error error;
} sample;

sample *sample_new(ybb_format format);
void sample_free(sample *s);
/* A column that shows the next cell of the main rows. */
ybb_field *sample_column(sample *s, const char *header, ybb_field_type type);
/* A main row; NULL stands for NULL. As many texts as columns of the above kind. */
void sample_row(sample *s, ...);
/* A subtotal behind the first @place main rows, in their order; call it when these are there. Cells
 * as in a row. */
void sample_subtotal(sample *s, uint32_t place, ...);
/* A collection whose rows have @columns cells, each a column of its own; the first is tied to the
 * main rows' cell @main_cell. Returns its index. */
uint32_t sample_collection(sample *s, uint32_t columns, uint32_t main_cell);
/* A related row; NULL stands for NULL. */
void sample_related(sample *s, uint32_t collection, ...);
/* A column that reduces a collection; its reducer is to be filled. */
ybb_field *sample_reduced(sample *s, const char *header, ybb_field_type type, uint32_t collection,
                          ybb_reduce how);
void sample_cell(sample *s, const char *bytes, size_t length);
void sample_end_row(sample *s);

/* Encodes all rows; the file is in s->bytes. */
ybb_status sample_encode(sample *s);
/* A part of the book in s->bytes as text; freed by the caller. "" where there is none. */
char *sample_part(const sample *s, const char *name);
/* Sheet 1 and the shared strings contain the text. */
bool sheet_has(const sample *s, const char *text);
bool strings_have(const sample *s, const char *text);

#endif
