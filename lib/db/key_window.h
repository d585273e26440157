/*
 * db/key_window: how far behind an integer key the next records reach, about.
 *
 * `key > ? ORDER BY key LIMIT ?` leaves the range open, and then MariaDB prefers an index of which
 * it knows a value to one of which it knows where to begin: it reads that index from its first
 * entry in every slice, so that an export of n rows reads n * n / slice entries (measured: 100,000
 * records in slices of 460 take the server 0.96 s, with the range closed 0.42 s, and ten times as
 * many a hundred times as long). A range that ends where the records of a slice should end is read
 * by itself. A window may hold too few of them, never wrong ones.
 */
#ifndef YBB_DB_KEY_WINDOW_H
#define YBB_DB_KEY_WINDOW_H

#include "rows/value.h"

#include <stdbool.h>

typedef struct ybb_key_window {
    bool descending;
    uint64_t gap;  /* keys from one record to the next, lately; 0: not known */
    uint64_t span; /* of the window that is open */
} ybb_key_window;

/* Opens a window for @count records behind a key. */
void ybb__key_window_open(ybb_key_window *window, uint64_t count);
/* The last key of the window behind @key; false where there is none, for its end is not known or
 * beyond all integers. */
bool ybb__key_window_end(const ybb_key_window *window, const ybb_value *key, ybb_value *end);
/* It held too few. */
void ybb__key_window_widen(ybb_key_window *window);
/* @count records (more than 0) reached from behind key @from to key @to. */
void ybb__key_window_learn(ybb_key_window *window, const ybb_value *from, const ybb_value *to,
                           uint64_t count);

#endif
