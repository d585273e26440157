/*
 * encode/pdf_desk: what one thread needs to turn a slice into items: shaped texts, lines, ink.
 *
 * An item is a piece of a page that is never parted: a row of the table, some lines of a card. It
 * is written from its own upper left corner, so that whoever puts the slices together in order can
 * place it on any page.
 */
#ifndef YBB_ENCODE_PDF_DESK_H
#define YBB_ENCODE_PDF_DESK_H

#include "encode/encoder.h"
#include "encode/pdf_ink.h"
#include "encode/pdf_layout.h"
#include "encode/pdf_values.h"

enum { YBB_PDF_MOST_LINES = 24 /* of a row's item; a longer row is parted between lines */ };

/* Before each item's content: its bookmark's text, then the content. */
typedef struct ybb_pdf_item {
    int32_t height;
    int32_t need; /* room for this much, or it begins a new page: it stays with what follows */
    uint32_t bookmark, content, marks; /* bytes, bytes, how many marks */
    uint64_t record;                   /* of the export, from 1; 0: none */
} ybb_pdf_item;

typedef struct ybb_pdf_set_line {
    ybb_pdf_line line;
    int32_t stretch; /* percent */
} ybb_pdf_set_line;

/* A text of a cell and its lines. */
typedef struct ybb_pdf_cell {
    ybb_pdf_text text;
    ybb_buffer lines; /* ybb_pdf_set_line */
} ybb_pdf_cell;

/* What all slices of a file share. Borrowed by the desks. */
typedef struct ybb_pdf_rules {
    const ybb_file_plan *file;
    ybb_pdf_fonts fonts;
    ybb_looks looks;
    ybb_pdf_layout layout;
    bool grouped_numbers;
} ybb_pdf_rules;

/* Zeroed memory is an empty desk. */
typedef struct ybb_pdf_desk {
    const ybb_pdf_rules *rules;
    ybb_piece *piece; /* NULL: texts of the file's own, of which nothing is reported */
    ybb_buffer *items, *marks;
    ybb_buffer content, value;
    ybb_pdf_cell *cells; /* [cell_count] */
    uint32_t cell_count;
    ybb_pdf_used used;
    ybb_pdf_ink ink;
    uint64_t record;
} ybb_pdf_desk;

/* Has the desk write to @items and @marks, with as many cells as there are columns, at least two.
 * False: no memory. */
bool ybb__pdf_desk_begin(ybb_pdf_desk *desk, const ybb_pdf_rules *rules, ybb_buffer *items,
                         ybb_buffer *marks);
void ybb__pdf_desk_free(ybb_pdf_desk *desk);
size_t ybb__pdf_desk_size(const ybb_pdf_desk *desk);
/* Whether memory ran out. */
bool ybb__pdf_desk_failed(const ybb_pdf_desk *desk);

/* Shapes a text into cell @index. */
void ybb__pdf_desk_text(ybb_pdf_desk *desk, uint32_t index, ybb_pdf_style style, const char *at,
                        size_t length);
/* Puts the text of column @column's value into desk->value. */
void ybb__pdf_desk_compose(ybb_pdf_desk *desk, uint32_t column, const ybb_composed *value);
/* Notes what of the record's value is not as it was. */
void ybb__pdf_desk_note(ybb_pdf_desk *desk, uint32_t column, bool cleaned, ybb_pdf_missing missing);
/* Shapes the value of column @column into cell @index, and notes what is not as it was. */
void ybb__pdf_desk_value(ybb_pdf_desk *desk, uint32_t index, uint32_t column,
                         const ybb_composed *value, ybb_pdf_style style);
/* Whether the value in cell @index is an id, a code, a number or a label of column @column, which
 * no line is to break. */
bool ybb__pdf_desk_whole(const ybb_pdf_desk *desk, uint32_t index, uint32_t column);
/* Breaks the cell's text into lines @width units wide, or, of one that is to stay whole, at line
 * feeds alone; lines that are wider become narrow. Returns how many. */
uint32_t ybb__pdf_desk_lines(ybb_pdf_desk *desk, uint32_t index, int32_t width, int32_t size,
                             bool whole);
/* Whether some line of the cell is narrower than its font. */
bool ybb__pdf_desk_narrow(const ybb_pdf_desk *desk, uint32_t index);
/* Writes up to @count lines from line @first on, the first of them on the base line @y. */
void ybb__pdf_desk_write(ybb_pdf_desk *desk, uint32_t index, uint32_t first, uint32_t count,
                         int32_t x, int32_t y, int32_t width, int32_t size, bool right);
/* Begins an item; its content goes to desk->ink. */
void ybb__pdf_desk_item(ybb_pdf_desk *desk);
/* Ends it. */
void ybb__pdf_desk_end(ybb_pdf_desk *desk, int32_t height, int32_t need, const char *bookmark,
                       size_t length);

/* pdf_rows.c: rows of a table. */
void ybb__pdf_rows_put(ybb_pdf_desk *desk, const ybb_composed *values, bool subtotal);
/* The header row, one item. */
void ybb__pdf_rows_header(ybb_pdf_desk *desk);
/* pdf_cards.c: a record as a card. */
void ybb__pdf_cards_put(ybb_pdf_desk *desk, const ybb_composed *values, bool subtotal);

#endif
