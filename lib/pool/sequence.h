/*
 * pool/sequence: tasks that run in any order and are taken back in the order they were added.
 *
 * A ring of a fixed number of slots bounds what is in flight, and so an export's memory. Each slot
 * has @item_size bytes, zeroed at first, that live as long as the sequence, so buffers in them are
 * used again. Belongs to one thread, the conductor.
 */
#ifndef YBB_POOL_SEQUENCE_H
#define YBB_POOL_SEQUENCE_H

#include "pool/pool.h"

typedef struct ybb_sequence ybb_sequence;

/* @run works on an item, on any thread of the pool. NULL: no memory. */
ybb_sequence *ybb__sequence_new(ybb_pool *pool, unsigned slots, size_t item_size,
                                void (*run)(void *item));
/* Waits for what runs and drops what no thread has begun; then @release (may be NULL) is called on
 * every item's memory. In a forked child it is not: what the items hold leaks. */
void ybb__sequence_free(ybb_sequence *sequence, void (*release)(void *item));

/* A free slot's item, to be filled and then added; NULL when all are in flight. */
void *ybb__sequence_slot(ybb_sequence *sequence);
/* Queue the item that ybb__sequence_slot gave. Runs it here when the pool has no thread for it. */
void ybb__sequence_add(ybb_sequence *sequence);
/* The oldest item in flight, when it has run; its slot is free from the next ybb__sequence_slot
 * call on. NULL when none is in flight or, without @wait, when the oldest has not run. With @wait
 * this thread takes a hand: it runs the oldest if no thread has begun it, else its successors. */
void *ybb__sequence_take(ybb_sequence *sequence, bool wait);

#endif
