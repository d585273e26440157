/*
 * base/text: short texts and numbers, the same under every locale.
 */
#ifndef YBB_BASE_TEXT_H
#define YBB_BASE_TEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Room for any number that the functions below write, its NUL included. */
enum { YBB_NUMBER_TEXT = 32 };

/* Decimal digits and a NUL at @out (YBB_NUMBER_TEXT bytes); returns the count of digits. */
size_t ybb__text_from_u64(char *out, uint64_t number);
size_t ybb__text_from_i64(char *out, int64_t number);
/* The shortest decimal text that reads back as the same double, '.' as point; "1e+300" forms below
 * 1e-5 and from 1e17 on; "0" for both zeros; "" for what is not finite. Returns the length. */
size_t ybb__text_from_double(char *out, double number);

/* A whole text that is decimal digits behind at most one '-' (u64: none). False, and *@out is left
 * alone, where it is not or overflows. */
bool ybb__text_to_i64(const char *at, size_t length, int64_t *out);
bool ybb__text_to_u64(const char *at, size_t length, uint64_t *out);

bool ybb__text_equal(const char *a, size_t a_length, const char *b);
/* Of @count names, the one that @name was probably meant to be, or NULL: the first of those the
 * fewest edits apart, at most 3 and a third of its length; upper and lower case are one. Of numbers
 * none is near another. */
const char *ybb__text_nearest(const char *name, const char *const *names, size_t count);

/* "50MB", "1.5 GB", "800 KB", "123": bytes; units to TB, any case, with or without the B, are
 * powers of 1024. False where it is none or overflows. */
bool ybb__text_to_size(const char *text, uint64_t *bytes);
/* "15 MB", "1.5 GB", "97 B": a size for a person, rounded, with one decimal (that is not 0) under
 * 10 of a unit. Cut to @capacity bytes with the NUL; returns the length. */
size_t ybb__text_from_size(char *out, size_t capacity, uint64_t bytes);

#endif
