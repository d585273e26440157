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

/* Where a cursor goes on that an earlier one, of another snapshot, left off. */
typedef struct ybb_cursor_start {
    uint64_t before;    /* records that come before the first one to be read */
    const char *behind; /* the last of them, from ybb__cursor_key(); NULL: there are none */
} ybb_cursor_start;

/* Begins the snapshot, counts, and reads what comes before the first slice: keys that are not read
 * along, groups, the lookup. @reading is borrowed and outlives the cursor; @limit (UINT64_MAX:
 * none) cuts behind the sort.
 *
 * With @start (NULL: from the beginning) it gives what stands behind that record in the new
 * snapshot. Their numbers go on from start->before, and @limit counts from the very first record,
 * whatever was added before that record or deleted. By its own key a record need not be there any
 * more; in another order, whose place then nobody knows, that is YBB_NOT_RESUMABLE, as is a
 * start->behind that is no key. @out is NULL on failure. */
ybb_status ybb__cursor_open(ybb_cursor **out, ybb_db *db, const ybb_reading *reading,
                            uint64_t limit, const ybb_cursor_start *start, ybb_error *error);
/* Begins a snapshot and counts in it how many records there are behind the filters, whatever the
 * limit. It ends with ybb__db_snapshot_end() or the connection, also after a failure. */
ybb_status ybb__cursor_count(uint64_t *records, ybb_db *db, const ybb_reading *reading,
                             ybb_error *error);
/* Opens a cursor in the snapshot that ybb__cursor_count() began and counted @records in. */
ybb_status ybb__cursor_open_counted(ybb_cursor **out, ybb_db *db, const ybb_reading *reading,
                                    uint64_t limit, uint64_t records, ybb_error *error);
/* The number of the last row that the cursor will give: the count in the snapshot, or the limit.
 * With a start: start->before and the rows from there on. */
uint64_t ybb__cursor_records(const ybb_cursor *cursor);
/* The groups of all rows up to the last; without reading->per there are none. With a start these
 * are of the rows before it too, as the new snapshot has them: they end at ybb__cursor_records()
 * just where these are still start->before. Borrowed. */
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
/* The key of the last row given, in an allocated text that can be kept as long as the export; NULL
 * while the cursor has given none. It does not depend on the snapshot. */
ybb_status ybb__cursor_key(const ybb_cursor *cursor, char **key, ybb_error *error);
/* Bytes of what it keeps for all rows: keys in an order that is not theirs, groups, the lookup. */
uint64_t ybb__cursor_size(const ybb_cursor *cursor);
/* Goes on behind a record that it gave before, as if none behind that had been given. */
ybb_status ybb__cursor_rewind(ybb_cursor *cursor, const ybb_cursor_start *to, ybb_error *error);
/* Ends the snapshot. */
void ybb__cursor_free(ybb_cursor *cursor);
/* The same for who closes the connection next, which ends it as well. */
void ybb__cursor_drop(ybb_cursor *cursor);

#endif
