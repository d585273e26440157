/*
 * db/cursor: the rows of a reading, slice after slice, inside one snapshot.
 *
 * A slice holds all related rows of its main rows, and may hold some that belong to none of them.
 */
#ifndef YBB_DB_CURSOR_H
#define YBB_DB_CURSOR_H

#include "db/db.h"
#include "rows/groups.h"
#include "rows/reading.h"
#include "rows/slice.h"

typedef struct ybb_cursor ybb_cursor;

/* Begins the snapshot, counts, and reads what comes before the first slice: keys that are not read
 * along, groups, the lookup. @reading is borrowed and outlives the cursor; @limit (UINT64_MAX:
 * none) cuts behind the sort. @out is NULL on failure. */
ybb_status ybb__cursor_open(ybb_cursor **out, ybb_db *db, const ybb_reading *reading,
                            uint64_t limit, ybb_error *error);
/* Rows that the cursor will give in all: the count in the snapshot, or the limit. */
uint64_t ybb__cursor_records(const ybb_cursor *cursor);
/* The groups of those rows; without reading->per there are none. Borrowed. */
const ybb_groups *ybb__cursor_groups(const ybb_cursor *cursor);
/* The rows of reading->lookup, all of them. Borrowed. */
const ybb_block *ybb__cursor_lookup(const ybb_cursor *cursor);
/* The next slice, of at most @max_rows main rows: fewer where they reach @max_bytes, or their
 * related rows a few times that, sooner (at least one row; a slice's size depends on the data and
 * these two alone). It has 0 rows at the end, which comes behind ybb__cursor_records() rows and not
 * before: data that end sooner or later are YBB_SOURCE_SHORT. @slice is zeroed or was filled
 * before. After a failure the cursor is only to be freed. */
ybb_status ybb__cursor_next(ybb_cursor *cursor, ybb_slice *slice, uint32_t max_rows,
                            size_t max_bytes, ybb_error *error);
/* Ends the snapshot. */
void ybb__cursor_free(ybb_cursor *cursor);

#endif
