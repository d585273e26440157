/*
 * encode/pen: a buffer being written to at high speed. The place is held in two pointers while a
 * row is written, and room is asked for once for many bytes; short texts of known length are copied
 * in fixed steps, past their end, which compilers turn into a few moves.
 */
#ifndef YBB_ENCODE_PEN_H
#define YBB_ENCODE_PEN_H

#include "base/buffer.h"
#include "base/text.h"

/* How far beyond its text a fixed step may write. */
enum { YBB_PEN_SLACK = 64 };

typedef struct ybb_pen {
    char *at, *end;
    ybb_buffer *buffer;
} ybb_pen;

static inline ybb_pen ybb__pen_open(ybb_buffer *buffer)
{
    char *begin = buffer->at;
    if (begin == NULL)
        return (ybb_pen){NULL, NULL, buffer};
    return (ybb_pen){begin + buffer->length, begin + buffer->capacity, buffer};
}

/* Gives the buffer its length back. */
static inline void ybb__pen_close(ybb_pen *pen)
{
    if (pen->at != NULL)
        pen->buffer->length = (size_t)(pen->at - pen->buffer->at);
}

static inline bool ybb__pen_grow(ybb_pen *pen, size_t more)
{
    ybb__pen_close(pen);
    bool grown = ybb__buffer_reserve(pen->buffer, more);
    *pen = ybb__pen_open(pen->buffer);
    return grown;
}

/* Makes room for @more bytes and the slack. False, remembered by the buffer, without memory. */
static inline bool ybb__pen_room(ybb_pen *pen, size_t more)
{
    if ((size_t)(pen->end - pen->at) >= more + YBB_PEN_SLACK)
        return true;
    return ybb__pen_grow(pen, more + YBB_PEN_SLACK);
}

/* Copies @length bytes; room has been made. */
static inline void ybb__pen_put(ybb_pen *pen, const char *bytes, size_t length)
{
    memcpy(pen->at, bytes, length);
    pen->at += length;
}

static inline void ybb__pen_char(ybb_pen *pen, char c)
{
    *pen->at++ = c;
}

/* A short text made to be copied in one step; all of its bytes are set. */
enum { YBB_STAMP_BYTES = 32 };
typedef struct ybb_stamp {
    char bytes[YBB_STAMP_BYTES];
    uint32_t length;
} ybb_stamp;

static inline void ybb__pen_stamp(ybb_pen *pen, const ybb_stamp *stamp)
{
    memcpy(pen->at, stamp->bytes, sizeof(stamp->bytes));
    pen->at += stamp->length;
}

/* Copies up to 16 bytes of any memory, where a call of memcpy would take longer than the copy. */
static inline void ybb__pen_few(ybb_pen *pen, const char *bytes, size_t length)
{
    char *to = pen->at;
    pen->at += length;
    if (length >= 8) {
        memcpy(to, bytes, 8);
        memcpy(to + length - 8, bytes + length - 8, 8);
    } else if (length >= 4) {
        memcpy(to, bytes, 4);
        memcpy(to + length - 4, bytes + length - 4, 4);
    } else {
        for (size_t i = 0; i < length; i++)
            to[i] = bytes[i];
    }
}

/* A decimal number that is counted up as text. */
typedef struct ybb_counter {
    char digits[16]; /* of which the first are set; room for any count of a book's strings */
    uint32_t length;
} ybb_counter;

static inline ybb_counter ybb__counter_from(uint64_t number)
{
    char digits[YBB_NUMBER_TEXT] = "";
    ybb_counter counter = {.length = (uint32_t)ybb__text_from_u64(digits, number)};
    memcpy(counter.digits, digits, sizeof(counter.digits));
    return counter;
}

static inline void ybb__pen_counter(ybb_pen *pen, const ybb_counter *counter)
{
    memcpy(pen->at, counter->digits, sizeof(counter->digits));
    pen->at += counter->length;
}

static inline void ybb__counter_next(ybb_counter *counter)
{
    char *at = counter->digits + counter->length - 1;
    while (*at == '9') {
        *at = '0';
        if (at == counter->digits) { /* one digit more */
            memmove(counter->digits + 1, counter->digits, counter->length);
            counter->length++;
            *at = '0';
            break;
        }
        at--;
    }
    ++*at;
}

#endif
