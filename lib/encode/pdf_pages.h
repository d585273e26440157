/*
 * encode/pdf_pages: items in order to pages, and the file around them.
 *
 * Only the number of the open page, what stands on it and where things are in the file is held, so
 * memory does not grow with the rows but by some bytes a page. How many pages there are is one
 * object that all pages show, written last.
 */
#ifndef YBB_ENCODE_PDF_PAGES_H
#define YBB_ENCODE_PDF_PAGES_H

#include "encode/pdf_cast.h"
#include "encode/pdf_desk.h"

/* A row of items and the marks in them. */
typedef struct ybb_pdf_items {
    ybb_buffer items, marks;
} ybb_pdf_items;

typedef struct ybb_pdf_pages {
    const ybb_pdf_rules *rules;
    ybb_pdf_file file;
    ybb_pdf_cast cast;
    ybb_pdf_desk desk; /* for what is not of the rows */
    ybb_pdf_items title, header, foot;
    char time[40];
    /* Objects. */
    uint32_t catalog, tree, info, resources, total_form, header_form, metadata;
    ybb_buffer numbers; /* uint32_t of each page */
    ybb_buffer bookmarks;
    uint32_t bookmark_count;
    /* The open page. */
    bool open;
    ybb_buffer content;
    int32_t used; /* from the upper margin down */
    uint64_t first_record, last_record;
} ybb_pdf_pages;

/* Begins the file. To be freed in any case. */
ybb_status ybb__pdf_pages_open(ybb_pdf_pages *pages, const ybb_pdf_rules *rules, ybb_sink *sink,
                               ybb_error *error);
void ybb__pdf_pages_free(ybb_pdf_pages *pages);
/* Makes title and header row by the layout as it is now; before the first item. */
ybb_status ybb__pdf_pages_head(ybb_pdf_pages *pages, ybb_error *error);
/* Adds items; @used: what they show. */
ybb_status ybb__pdf_pages_add(ybb_pdf_pages *pages, const ybb_buffer *items,
                              const ybb_buffer *marks, const ybb_pdf_used *used, ybb_error *error);
/* How many records of such items there are pages for; UINT64_MAX: all. */
uint64_t ybb__pdf_pages_fitting(const ybb_pdf_pages *pages, const ybb_buffer *items);
ybb_status ybb__pdf_pages_close(ybb_pdf_pages *pages, ybb_error *error);
/* Pages so far, the open one included. */
uint64_t ybb__pdf_pages_count(const ybb_pdf_pages *pages);

/* pdf_head.c */
/* Writes the title block and the header row; fills pages->time. */
bool ybb__pdf_head_make(ybb_pdf_pages *pages);
/* What stands below each page but how many there are. */
bool ybb__pdf_head_foot(ybb_pdf_pages *pages, uint64_t number, int32_t *total_x);
/* The desk's text as an item of its own. */
bool ybb__pdf_head_number(ybb_pdf_pages *pages, uint64_t number);
/* pdf_properties.c: title, author and so on. */
ybb_status ybb__pdf_properties_write(ybb_pdf_pages *pages, ybb_error *error);
/* pdf_outline.c */
void ybb__pdf_outline_add(ybb_pdf_pages *pages, int32_t y, const char *text, size_t length);
/* *@root: 0 where there are none. */
ybb_status ybb__pdf_outline_write(ybb_pdf_pages *pages, uint32_t *root, ybb_error *error);

#endif
