#include "pool/sequence.h"

#include <stddef.h>
#include <stdlib.h>

/* A task and its item. The ring is an array of these, with the item's size. */
typedef struct slot {
    ybb_task task; /* first, for the pool hands it back */
    void (*run)(void *item);
    bool ran_here; /* without the pool */
    max_align_t item[];
} slot;

struct ybb_sequence {
    ybb_pool *pool;
    char *ring;
    size_t stride;
    unsigned slots;
    unsigned oldest; /* index of the oldest in flight */
    unsigned count;  /* in flight */
};

static void run_slot(ybb_task *task)
{
    slot *s = (slot *)task;
    s->run(s->item);
}

/* The @index-th in flight, or the free one behind them. */
static slot *slot_at(const ybb_sequence *sequence, unsigned index)
{
    size_t place = ((size_t)sequence->oldest + index) % sequence->slots;
    return (slot *)(void *)(sequence->ring + place * sequence->stride);
}

ybb_sequence *ybb__sequence_new(ybb_pool *pool, unsigned slots, size_t item_size,
                                void (*run)(void *item))
{
    const size_t unit = sizeof(max_align_t);
    if (slots == 0)
        slots = 1;
    if (item_size > (size_t)PTRDIFF_MAX / slots - sizeof(slot) - unit)
        return NULL;
    ybb_sequence *sequence = calloc(1, sizeof(*sequence));
    if (sequence == NULL)
        return NULL;
    sequence->pool = pool;
    sequence->slots = slots;
    sequence->stride = sizeof(slot) + (item_size + unit - 1) / unit * unit;
    sequence->ring = calloc(sequence->slots, sequence->stride);
    if (sequence->ring == NULL) {
        free(sequence);
        return NULL;
    }
    for (unsigned i = 0; i < sequence->slots; i++) {
        slot_at(sequence, i)->task.run = run_slot;
        slot_at(sequence, i)->run = run;
    }
    return sequence;
}

void ybb__sequence_free(ybb_sequence *sequence, void (*release)(void *item))
{
    if (sequence == NULL)
        return;
    bool is_ours = ybb__pool_is_ours(sequence->pool);
    for (unsigned i = sequence->count; i-- > 0;) /* the latest first, so that fewer are begun */
        (void)ybb__pool_withdraw(sequence->pool, &slot_at(sequence, i)->task);
    for (unsigned i = 0; i < sequence->count; i++)
        ybb__pool_finish(sequence->pool, &slot_at(sequence, i)->task);
    /* In a forked child an item may be as a thread of the parent had half changed it. What it holds
     * is left to leak: a child that was forked amid an export ends soon. */
    for (unsigned i = 0; is_ours && release != NULL && i < sequence->slots; i++)
        release(slot_at(sequence, i)->item);
    free(sequence->ring);
    free(sequence);
}

void *ybb__sequence_slot(ybb_sequence *sequence)
{
    if (sequence->count == sequence->slots)
        return NULL;
    return slot_at(sequence, sequence->count)->item;
}

void ybb__sequence_add(ybb_sequence *sequence)
{
    if (sequence->count == sequence->slots)
        return;
    slot *s = slot_at(sequence, sequence->count++);
    s->ran_here = !ybb__pool_submit(sequence->pool, &s->task);
    if (s->ran_here)
        s->run(s->item);
}

static bool has_run(const ybb_sequence *sequence, const slot *s)
{
    return s->ran_here || ybb__pool_done(sequence->pool, &s->task);
}

/* Run one that no thread has begun, if the threads have more than enough to do. */
static bool help(ybb_sequence *sequence)
{
    for (unsigned i = 0; i < sequence->count; i++) {
        slot *s = slot_at(sequence, i);
        if (!s->ran_here && ybb__pool_help(sequence->pool, &s->task))
            return true;
    }
    return false;
}

void *ybb__sequence_take(ybb_sequence *sequence, bool wait)
{
    if (sequence->count == 0)
        return NULL;
    slot *s = slot_at(sequence, 0);
    /* While another thread runs the oldest, its successors are work enough for this one. */
    while (wait && !has_run(sequence, s) && help(sequence))
        continue;
    if (wait && !s->ran_here)
        ybb__pool_finish(sequence->pool, &s->task);
    if (!has_run(sequence, s))
        return NULL;
    sequence->oldest = (sequence->oldest + 1) % sequence->slots;
    sequence->count--;
    return s->item;
}
