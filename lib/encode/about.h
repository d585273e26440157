/*
 * encode/about: what a file says of itself: what was asked for, by whom, when, what it holds, and
 * what its columns are. It follows from the request and the file's rows alone, so that a file that
 * another process makes again is the same.
 */
#ifndef YBB_ENCODE_ABOUT_H
#define YBB_ENCODE_ABOUT_H

#include "encode/encoder.h"

enum { YBB_ABOUT_LINES = 16, YBB_ABOUT_COLUMNS = 4 };

typedef struct ybb_about_line {
    const char *key;
    const char *value;
    bool number; /* digits */
} ybb_about_line;

typedef struct ybb_about {
    const char *title;
    ybb_about_line *lines; /* [line_count] */
    uint32_t line_count;
    const char *headers[YBB_ABOUT_COLUMNS];    /* of the columns' table */
    const char *(*columns)[YBB_ABOUT_COLUMNS]; /* [column_count] */
    uint32_t column_count;
} ybb_about;

/* In @arena, or borrowed. False without memory. */
bool ybb__about_make(ybb_about *out, const ybb_file_plan *file, ybb_arena *arena);

#endif
