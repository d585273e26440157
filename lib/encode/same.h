/*
 * encode/same: whether two short texts are the same. Keys and labels are a few bytes long, where
 * calling memcmp costs more than comparing.
 */
#ifndef YBB_ENCODE_SAME_H
#define YBB_ENCODE_SAME_H

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#include "rows/block.h"

static inline bool ybb__same_bytes(const char *a, const char *b, size_t length)
{
    if (length > 16)
        return memcmp(a, b, length) == 0;
    if (length >= 8) {
        uint64_t a_first, a_last, b_first, b_last;
        memcpy(&a_first, a, 8);
        memcpy(&b_first, b, 8);
        memcpy(&a_last, a + length - 8, 8);
        memcpy(&b_last, b + length - 8, 8);
        return a_first == b_first && a_last == b_last;
    }
    for (size_t i = 0; i < length; i++)
        if (a[i] != b[i])
            return false;
    return true;
}

static inline bool ybb__same_cells(const ybb_cell *a, const ybb_cell *b)
{
    return a->length == b->length && ybb__same_bytes(a->at, b->at, a->length);
}

/* A cell that is not NULL, and a text that ends with a NUL. */
static inline bool ybb__cell_is(const ybb_cell *cell, const char *text)
{
    for (uint32_t i = 0; i < cell->length; i++)
        if (text[i] == '\0' || cell->at[i] != text[i])
            return false;
    return text[cell->length] == '\0';
}

#endif
