/*
 * base/buffer: bytes that grow.
 *
 * Appending cannot be checked at every call in an encoder's inner loop, so a buffer remembers that
 * it ran out of memory: later appends do nothing, and the owner asks once, at the end
 * (ybb__buffer_failed). Zeroed memory is an empty buffer.
 */
#ifndef YBB_BASE_BUFFER_H
#define YBB_BASE_BUFFER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

typedef struct ybb_buffer {
    char *at;
    size_t length;
    size_t capacity;
    bool failed;
} ybb_buffer;

void ybb__buffer_free(ybb_buffer *buffer);
/* Empty it, keep the memory, forget a failure. */
void ybb__buffer_clear(ybb_buffer *buffer);
/* Make room for @more bytes after the end. False, and the failure is remembered, when it cannot. */
bool ybb__buffer_reserve(ybb_buffer *buffer, size_t more);
/* Decimal digits of a number. */
void ybb__buffer_put_u64(ybb_buffer *buffer, uint64_t number);
/* @text percent-encoded as the path of a URL: all but unreserved characters and '/' (RFC 3986). */
void ybb__buffer_put_path(ybb_buffer *buffer, const char *text);
/* A NUL after the end, not counted in length. NULL when it ran out of memory. */
const char *ybb__buffer_text(ybb_buffer *buffer);
/* The bytes as an allocation of their own, NUL after them; the buffer is empty afterwards. NULL
 * when it ran out of memory (and the buffer is then freed). */
char *ybb__buffer_take(ybb_buffer *buffer);

static inline bool ybb__buffer_failed(const ybb_buffer *buffer)
{
    return buffer->failed;
}

static inline void ybb__buffer_put(ybb_buffer *buffer, const void *bytes, size_t length)
{
    if (buffer->capacity - buffer->length < length && !ybb__buffer_reserve(buffer, length))
        return;
    if (length > 0)
        memcpy(buffer->at + buffer->length, bytes, length);
    buffer->length += length;
}

static inline void ybb__buffer_put_text(ybb_buffer *buffer, const char *text)
{
    ybb__buffer_put(buffer, text, strlen(text));
}

static inline void ybb__buffer_put_char(ybb_buffer *buffer, char c)
{
    ybb__buffer_put(buffer, &c, 1);
}

#endif
