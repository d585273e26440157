#include "base/buffer.h"

#include "base/text.h"

#include <stdlib.h>

enum { LEAST_CAPACITY = 64 };

void ybb__buffer_free(ybb_buffer *buffer)
{
    if (buffer == NULL)
        return;
    free(buffer->at);
    *buffer = (ybb_buffer){0};
}

void ybb__buffer_clear(ybb_buffer *buffer)
{
    buffer->length = 0;
    buffer->failed = false;
}

/* A failed buffer shows no room, so that every later append asks ybb__buffer_reserve and is
 * refused. */
static bool refuse(ybb_buffer *buffer)
{
    buffer->failed = true;
    buffer->capacity = buffer->length;
    return false;
}

bool ybb__buffer_reserve(ybb_buffer *buffer, size_t more)
{
    if (buffer->failed)
        return false;
    if (buffer->capacity - buffer->length >= more)
        return true;
    if (more > PTRDIFF_MAX - buffer->length)
        return refuse(buffer);
    size_t needed = buffer->length + more;
    size_t capacity = buffer->capacity < LEAST_CAPACITY ? LEAST_CAPACITY : buffer->capacity;
    while (capacity < needed)
        capacity = capacity > PTRDIFF_MAX / 2 ? PTRDIFF_MAX : 2 * capacity;
    char *at = realloc(buffer->at, capacity);
    if (at == NULL && capacity > needed) {
        capacity = needed;
        at = realloc(buffer->at, capacity);
    }
    if (at == NULL)
        return refuse(buffer);
    buffer->at = at;
    buffer->capacity = capacity;
    return true;
}

void ybb__buffer_put_u64(ybb_buffer *buffer, uint64_t number)
{
    char digits[YBB_NUMBER_TEXT];
    ybb__buffer_put(buffer, digits, ybb__text_from_u64(digits, number));
}

void ybb__buffer_put_path(ybb_buffer *buffer, const char *text)
{
    static const char plain[] =
        "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._~/";
    static const char digits[] = "0123456789ABCDEF";
    for (; *text != '\0'; text++) {
        unsigned char c = (unsigned char)*text;
        if (strchr(plain, c) != NULL) {
            ybb__buffer_put_char(buffer, (char)c);
        } else {
            const char encoded[] = {'%', digits[c >> 4], digits[c & 15]};
            ybb__buffer_put(buffer, encoded, sizeof(encoded));
        }
    }
}

const char *ybb__buffer_text(ybb_buffer *buffer)
{
    if (!ybb__buffer_reserve(buffer, 1))
        return NULL;
    buffer->at[buffer->length] = '\0';
    return buffer->at;
}

char *ybb__buffer_take(ybb_buffer *buffer)
{
    char *bytes = NULL;
    if (ybb__buffer_text(buffer) != NULL) {
        bytes = buffer->at;
        buffer->at = NULL;
    }
    ybb__buffer_free(buffer);
    return bytes;
}
