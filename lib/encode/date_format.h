/*
 * encode/date_format: dates as `date_format` and `datetime_format` want them ("DD/MM/YYYY HH:mm"),
 * as text and as a spreadsheet's number format; and number formats made safe for a spreadsheet.
 *
 * YYYY, MM, DD, HH, mm and ss stand for parts of the date; anything else stands for itself, control
 * characters for nothing.
 */
#ifndef YBB_ENCODE_DATE_FORMAT_H
#define YBB_ENCODE_DATE_FORMAT_H

#include "base/arena.h"
#include "base/buffer.h"
#include "base/clock.h"

/* A format made ready: parts are the control characters 1 to 6, the rest literal bytes. */
typedef struct ybb_date_format {
    const char *steps; /* in the arena, NUL-terminated */
    uint32_t room;     /* the most bytes that a date takes */
} ybb_date_format;

/* False when memory is exhausted. */
bool ybb__date_format_make(ybb_date_format *out, ybb_arena *arena, const char *text);
/* Writes a date at @out, which has room for format->room bytes; returns the end. */
char *ybb__date_format_write(char *out, const ybb_date_format *format, const ybb_moment *moment);

/* The same format in a spreadsheet's notation, of at most @limit bytes; NULL when memory is
 * exhausted. What a spreadsheet would read otherwise (it tells months from minutes by what stands
 * beside them), and what is longer than @limit, becomes @otherwise. */
const char *ybb__date_format_excel(ybb_arena *arena, const ybb_date_format *format, size_t limit,
                                   const char *otherwise);
/* A spreadsheet's number format with its letters quoted and its quotes and brackets closed, so that
 * no spreadsheet refuses the book for it; @otherwise where it is empty or longer than @limit. */
const char *ybb__number_format_excel(ybb_arena *arena, const char *text, size_t limit,
                                     const char *otherwise);

#endif
