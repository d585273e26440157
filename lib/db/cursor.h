/*
 * db/cursor: the rows of a reading, slice after slice, inside one snapshot.
 */
#ifndef YBB_DB_CURSOR_H
#define YBB_DB_CURSOR_H

#include "db/db.h"
#include "rows/reading.h"
#include "rows/slice.h"

typedef struct ybb_cursor ybb_cursor;

/* Begins the snapshot and counts. @reading is borrowed and outlives the cursor; @limit (UINT64_MAX: none)
 * cuts behind the sort. @out is NULL on failure. */
ybb_status ybb__cursor_open(ybb_cursor **out, ybb_db *db, const ybb_reading *reading,
                            uint64_t limit, ybb_error *error);
/* Rows that the cursor will give in all: the count in the snapshot, or the limit. */
uint64_t ybb__cursor_records(const ybb_cursor *cursor);
/* The next slice, of at most @max_rows rows, fewer where @max_bytes is reached sooner (at least one
 * row; a slice's size depends on the data and these two alone). @slice has been given to
 * ybb__slice_reset() never or before; it has 0 rows at the end. */
ybb_status ybb__cursor_next(ybb_cursor *cursor, ybb_slice *slice, uint32_t max_rows,
                            size_t max_bytes, ybb_error *error);
/* Ends the snapshot. */
void ybb__cursor_free(ybb_cursor *cursor);

#endif
