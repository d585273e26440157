/* The ordered sequence. */
#include "pool/sequence.h"
#include "gate.h"
#include "runner.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* An item of the sequences below. */
typedef struct parcel {
    unsigned number;
    unsigned square; /* what running makes of it */
    gate *gate;
    pthread_t ran_on;
    char *held; /* kept from one use of the slot to the next */
} parcel;

static void run_parcel(void *item)
{
    parcel *p = item;
    p->ran_on = pthread_self();
    if (p->gate != NULL)
        gate_pass(p->gate);
    p->square = p->number * p->number;
}

static void release_parcel(void *item)
{
    parcel *p = item;
    free(p->held);
    p->held = NULL;
}

static parcel *add_parcel(ybb_sequence *sequence, unsigned number, gate *g)
{
    parcel *p = ybb__sequence_slot(sequence);
    if (p == NULL)
        return NULL;
    if (p->held == NULL)
        p->held = malloc(100);
    p->number = number;
    p->square = 0;
    p->gate = g;
    ybb__sequence_add(sequence);
    return p;
}

/* Sends @count parcels through as a conductor does; true when all came back in order. */
static bool march(ybb_pool *pool, unsigned slots, unsigned count)
{
    ybb_sequence *sequence = ybb__sequence_new(pool, slots, sizeof(parcel), run_parcel);
    unsigned sent = 0, taken = 0;
    bool right = sequence != NULL;
    while (right && taken < count) {
        bool added = sent < count && add_parcel(sequence, sent, NULL) != NULL;
        sent += added;
        const parcel *p = ybb__sequence_take(sequence, !added);
        right = sent - taken <= slots;
        if (p != NULL) {
            right = right && p->number == taken && p->square == taken * taken;
            taken++;
        }
    }
    right = right && ybb__sequence_take(sequence, true) == NULL;
    ybb__sequence_free(sequence, release_parcel);
    return right;
}

static void items_come_back_in_order_for_any_number_of_threads(void)
{
    static const unsigned threads[] = {1, 2, 8, 99};
    for (size_t i = 0; i < sizeof(threads) / sizeof(threads[0]); i++) {
        ybb_pool *pool = ybb__pool_new(threads[i]);
        CU_ASSERT_TRUE(march(pool, 1, 50));
        CU_ASSERT_TRUE(march(pool, threads[i] + 2, 3000));
        ybb__pool_free(pool);
    }
}

static void a_full_ring_gives_no_slot_until_one_is_taken(void)
{
    ybb_pool *pool = ybb__pool_new(2);
    gate g = gate_new();
    ybb_sequence *sequence = ybb__sequence_new(pool, 2, sizeof(parcel), run_parcel);
    CU_ASSERT_PTR_NULL(ybb__sequence_take(sequence, true));
    const void *slot = ybb__sequence_slot(sequence);
    CU_ASSERT_PTR_EQUAL(ybb__sequence_slot(sequence), slot); /* the same until it is added */
    CU_ASSERT_PTR_NOT_NULL(add_parcel(sequence, 7, &g));
    CU_ASSERT_PTR_NOT_NULL(add_parcel(sequence, 8, NULL));
    CU_ASSERT_PTR_NULL(ybb__sequence_slot(sequence));
    gate_await(&g, 1);
    CU_ASSERT_PTR_NULL(ybb__sequence_take(sequence, false)); /* the oldest still runs */
    gate_open(&g);
    const parcel *p = ybb__sequence_take(sequence, true);
    CU_ASSERT_PTR_NOT_NULL_FATAL(p);
    CU_ASSERT_EQUAL(p->square, 49);
    CU_ASSERT_PTR_EQUAL(ybb__sequence_slot(sequence), p);
    ybb__sequence_free(sequence, release_parcel);
    ybb__pool_free(pool);
    ybb__monitor_free(g.monitor);
}

static void items_are_zeroed_and_aligned(void)
{
    ybb_pool *pool = ybb__pool_new(1);
    ybb_sequence *sequence = ybb__sequence_new(pool, 3, 17, run_parcel);
    const char *item = ybb__sequence_slot(sequence);
    CU_ASSERT_EQUAL((uintptr_t)item % _Alignof(max_align_t), 0);
    for (int i = 0; i < 17; i++)
        CU_ASSERT_EQUAL(item[i], 0);
    ybb__sequence_free(sequence, NULL);
    ybb__sequence_free(NULL, NULL);
    CU_ASSERT_PTR_NULL(ybb__sequence_new(pool, 2, SIZE_MAX, run_parcel));
    CU_ASSERT_PTR_NULL(ybb__sequence_new(pool, 1000, PTRDIFF_MAX - 256, run_parcel));
    ybb__pool_free(pool);
}

/* An export on a pool whose every thread conducts one. */
typedef struct conductor {
    ybb_task task;
    ybb_pool *pool;
    gate *gate;
    bool right;
} conductor;

static void run_conductor(ybb_task *task)
{
    conductor *c = (conductor *)task;
    gate_pass(c->gate); /* until all threads conduct */
    c->right = march(c->pool, 4, 200);
}

static void conductors_on_every_thread_do_not_stall(void)
{
    enum { MOST = 4 };
    for (int threads = 1; threads <= MOST; threads++) {
        ybb_pool *pool = ybb__pool_new((unsigned)threads);
        gate g = gate_new();
        conductor conductors[2 * MOST] = {{.right = false}};
        for (int i = 0; i < 2 * threads; i++) {
            conductors[i] = (conductor){{.run = run_conductor}, pool, &g, false};
            CU_ASSERT_TRUE(ybb__pool_submit(pool, &conductors[i].task));
        }
        gate_await(&g, threads);
        gate_open(&g);
        for (int i = 0; i < 2 * threads; i++) {
            ybb__pool_finish(pool, &conductors[i].task);
            CU_ASSERT_TRUE(conductors[i].right);
        }
        ybb__pool_free(pool);
        ybb__monitor_free(g.monitor);
    }
}

static void a_waiting_conductor_runs_what_no_thread_has_begun(void)
{
    ybb_pool *pool = ybb__pool_new(1);
    gate g = gate_new();
    gate_task busy = {{.run = gate_run}, &g};
    ybb_sequence *sequence = ybb__sequence_new(pool, 3, sizeof(parcel), run_parcel);
    CU_ASSERT_TRUE(ybb__pool_submit(pool, &busy.task));
    gate_await(&g, 1);
    add_parcel(sequence, 1, NULL);
    add_parcel(sequence, 2, NULL);
    CU_ASSERT_PTR_NULL(ybb__sequence_take(sequence, false));
    const parcel *p = ybb__sequence_take(sequence, true);
    CU_ASSERT_PTR_NOT_NULL_FATAL(p);
    CU_ASSERT_EQUAL(p->number, 1);
    CU_ASSERT_TRUE(pthread_equal(p->ran_on, pthread_self()));
    gate_open(&g);
    ybb__sequence_free(sequence, release_parcel);
    ybb__pool_free(pool);
    ybb__monitor_free(g.monitor);
}

/* Opens the gate that the oldest waits at: only if another runs the second does the first end. */
static void run_opener(void *item)
{
    gate **g = item;
    if (g[1] != NULL)
        gate_open(g[1]);
    else
        gate_pass(g[0]);
}

static void a_conductor_that_waits_for_the_oldest_runs_its_successors(void)
{
    ybb_pool *pool = ybb__pool_new(1);
    gate g = gate_new();
    ybb_sequence *sequence = ybb__sequence_new(pool, 2, 2 * sizeof(gate *), run_opener);
    gate **first = ybb__sequence_slot(sequence);
    first[0] = &g;
    ybb__sequence_add(sequence);
    gate_await(&g, 1); /* the pool's only thread has it */
    gate **second = ybb__sequence_slot(sequence);
    second[1] = &g;
    ybb__sequence_add(sequence);
    CU_ASSERT_PTR_EQUAL(ybb__sequence_take(sequence, true), first); /* hangs without help */
    CU_ASSERT_PTR_EQUAL(ybb__sequence_take(sequence, true), second);
    ybb__sequence_free(sequence, NULL);
    ybb__pool_free(pool);
    ybb__monitor_free(g.monitor);
}

static void a_freed_sequence_drops_what_has_not_begun(void)
{
    ybb_pool *pool = ybb__pool_new(1);
    gate busy = gate_new(), untouched = gate_new();
    gate_task e = {{.run = gate_run}, &busy};
    ybb_sequence *sequence = ybb__sequence_new(pool, 4, sizeof(parcel), run_parcel);
    CU_ASSERT_TRUE(ybb__pool_submit(pool, &e.task));
    gate_await(&busy, 1);
    gate_open(&untouched); /* a parcel that runs would pass it */
    for (unsigned i = 0; i < 4; i++)
        CU_ASSERT_PTR_NOT_NULL(add_parcel(sequence, i, &untouched));
    ybb__sequence_free(sequence, release_parcel);
    gate_open(&busy);
    ybb__pool_free(pool);
    CU_ASSERT_EQUAL(untouched.inside, 0);
    ybb__monitor_free(busy.monitor);
    ybb__monitor_free(untouched.monitor);
}

static void a_freed_sequence_waits_for_what_runs(void)
{
    ybb_pool *pool = ybb__pool_new(1);
    gate g = gate_new();
    ybb_sequence *sequence = ybb__sequence_new(pool, 2, sizeof(parcel), run_parcel);
    add_parcel(sequence, 5, &g);
    gate_await(&g, 1);
    pthread_t opener;
    CU_ASSERT_EQUAL_FATAL(pthread_create(&opener, NULL, gate_open_soon, &g), 0);
    ybb__sequence_free(sequence, release_parcel); /* a sanitizer sees where it does not */
    CU_ASSERT_TRUE(g.open);
    pthread_join(opener, NULL);
    ybb__pool_free(pool);
    ybb__monitor_free(g.monitor);
}

int main(void)
{
    alarm(600); /* what waits for ever is to end as a failure */
    static const ybb_test tests[] = {
        TEST(items_come_back_in_order_for_any_number_of_threads),
        TEST(a_full_ring_gives_no_slot_until_one_is_taken),
        TEST(items_are_zeroed_and_aligned),
        TEST(conductors_on_every_thread_do_not_stall),
        TEST(a_waiting_conductor_runs_what_no_thread_has_begun),
        TEST(a_conductor_that_waits_for_the_oldest_runs_its_successors),
        TEST(a_freed_sequence_drops_what_has_not_begun),
        TEST(a_freed_sequence_waits_for_what_runs),
    };
    return RUN_TESTS("sequence", tests);
}
