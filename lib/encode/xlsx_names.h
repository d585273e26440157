/*
 * encode/xlsx_names: texts that a book holds besides its cells' values: headers, which a table
 * wants to be different from one another, sheet names, labels, the title.
 */
#ifndef YBB_ENCODE_XLSX_NAMES_H
#define YBB_ENCODE_XLSX_NAMES_H

#include "base/arena.h"
#include "encode/looks.h"

/* A text as libxlsxwriter takes it: what it does not escape itself is escaped. NULL: no memory. */
char *ybb__xlsx_clean(ybb_arena *arena, const char *at, size_t length);

/* A column's header: as its cell shows it, and as the table names it (line ends are written there
 * as Excel writes them). */
typedef struct ybb_xlsx_header {
    char *cell;
    char *name;
} ybb_xlsx_header;

/* Headers for all columns: never empty, at most 255 units, unlike one another ignoring case. NULL:
 * no memory. */
ybb_xlsx_header *ybb__xlsx_headers(ybb_arena *arena, const ybb_looks *looks);

/* The same of texts. */
ybb_xlsx_header *ybb__xlsx_unlike(ybb_arena *arena, const char *const *headers, uint32_t count);

/* The name of data sheet @number (from 1): the type's title made fit for a sheet's name, with a
 * number from the second on. NULL: no memory. */
char *ybb__xlsx_sheet_name(ybb_arena *arena, const ybb_request *request, uint32_t number);

/* What the sheet for the rests of long texts says, by language. */
typedef struct ybb_xlsx_long_words {
    const char *sheet, *row, *column, *part, *text, *in_sheet;
    const char *continues; /* ends a text whose rest stands there */
} ybb_xlsx_long_words;
extern const ybb_xlsx_long_words ybb__xlsx_long_words[YBB_LANGUAGES];

/* Names of the sheets that come on request. */
typedef struct ybb_xlsx_extra_words {
    const char *summary, *about;
} ybb_xlsx_extra_words;
extern const ybb_xlsx_extra_words ybb__xlsx_extra_words[YBB_LANGUAGES];

#endif
