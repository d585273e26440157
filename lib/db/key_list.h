/*
 * db/key_list: the keys of all records in the order of a sort that is not the key's own.
 */
#ifndef YBB_DB_KEY_LIST_H
#define YBB_DB_KEY_LIST_H

#include "db/db.h"
#include "rows/groups.h"

/* Eight bytes for an integer key, the text and its bookkeeping for another; sixteen for a group.
 * Zeroed memory is an empty list. */
typedef struct ybb_key_list {
    bool integer;
    bool is_unsigned;   /* some key is above INT64_MAX, so that none is negative */
    ybb_buffer numbers; /* uint64_t; a signed one by its bits */
    ybb_block texts;
    ybb_groups groups; /* where reading->per is */
} ybb_key_list;

/* Reads them by reading->order, at most @limit. @out is freed by the caller in any case. */
ybb_status ybb__key_list_read(ybb_key_list *out, ybb_db *db, const ybb_reading *reading,
                              uint64_t limit, ybb_error *error);
void ybb__key_list_free(ybb_key_list *keys);
/* Bytes that it holds. */
uint64_t ybb__key_list_size(const ybb_key_list *keys);
uint64_t ybb__key_list_count(const ybb_key_list *keys);
/* Key number @index, from 0; a text is borrowed. */
ybb_value ybb__key_list_at(const ybb_key_list *keys, uint64_t index);
/* Sets the index of a key; false where the list does not have it. */
bool ybb__key_list_find(const ybb_key_list *keys, const ybb_value *key, uint64_t *index);

#endif
