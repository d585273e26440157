/*
 * base/utf8: well-formed UTF-8, as Unicode 15 table 3-7 defines it.
 */
#ifndef YBB_BASE_UTF8_H
#define YBB_BASE_UTF8_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* How many bytes from @at on are well-formed (up to @length); equal to @length when all are. */
size_t ybb__utf8_valid(const char *at, size_t length);
/* The code point at @at and its length in *@taken (at least 1). An ill-formed sequence gives
 * U+FFFD and the length of its maximal well-begun part. @length is at least 1. */
uint32_t ybb__utf8_next(const char *at, size_t length, size_t *taken);
/* Writes 1 to 4 bytes at @out; returns how many. */
size_t ybb__utf8_put(char *out, uint32_t code_point);
/* Length in UTF-16 units; ill-formed sequences count as one. */
size_t ybb__utf8_utf16_length(const char *at, size_t length);
/* The most bytes of a prefix of at most @limit bytes that does not end inside a character. */
size_t ybb__utf8_floor(const char *at, size_t length, size_t limit);

#endif
