/*
 * Claiming: which job is next, and a place for it.
 *
 * A class has as many places as it may run jobs, each a row that one job holds; so the limit holds
 * whatever happens to be claimed at the same time, without anybody counting. Claims of a server go
 * past each other: what one has locked, the next one skips.
 */
#include "store/jobstore_owner.h"

enum { GROUPS = 2 * YBB_PRIORITIES };

typedef struct claim {
    const char *token, *only;
    ybb_lease *lease;
    ybb_job *out;
    bool found;
} claim;

/* The places that a job takes. */
typedef struct places {
    uint32_t own, large; /* 0: none */
    bool found;
} places;

/* --- places --- */

static uint64_t limit_of(const ybb_jobstore *store, unsigned class)
{
    return class == YBB_LARGE ? store->settings.max_concurrent_large
                              : store->settings.queue->concurrent[class];
}

static bool needs_large(ybb_priority priority)
{
    return priority == YBB_NORMAL || priority == YBB_LOW;
}

static ybb_status find_place(ybb_store_tx *tx, unsigned class, uint32_t *out, ybb_error *error)
{
    static const char sql[] =
        "SELECT place FROM ybbexport_places $by_job WHERE class = ? AND job = 0"
        " AND place <= ? ORDER BY place LIMIT 1 $skip";
    int64_t place;
    uint64_t limit = limit_of(tx->store, class);
    ybb_status status = ybb__store_number(
        tx->store, sql,
        YBB_VALUES(ybb__value_number(class),
                   ybb__value_number(limit < INT32_MAX ? (int64_t)limit : INT32_MAX)),
        &place, error);
    *out = (uint32_t)place;
    return status;
}

static ybb_status count_places(ybb_store_tx *tx, unsigned class, uint64_t *out, ybb_error *error)
{
    int64_t count;
    ybb_status status =
        ybb__store_number(tx->store, "SELECT COUNT(*) FROM ybbexport_places WHERE class = ?",
                          YBB_VALUES(ybb__value_number(class)), &count, error);
    *out = (uint64_t)count;
    return status;
}

/* Places are made when they are first needed, by one process at a time. */
static ybb_status make_place(ybb_store_tx *tx, unsigned class, ybb_error *error)
{
    uint64_t count = 0;
    ybb_status status = ybb__store_lock_queue(tx, error);
    if (status == YBB_OK)
        status = count_places(tx, class, &count, error);
    if (status != YBB_OK || count >= limit_of(tx->store, class))
        return status;
    return ybb__store_run(
        tx->store, "INSERT INTO ybbexport_places (class, place, job) VALUES (?, ?, 0)",
        YBB_VALUES(ybb__value_number(class), ybb__value_number((int64_t)count + 1)), NULL, error);
}

static ybb_status find_or_make_place(ybb_store_tx *tx, unsigned class, uint32_t *out,
                                     ybb_error *error)
{
    uint64_t count = 0;
    ybb_status status = find_place(tx, class, out, error);
    if (status == YBB_OK && *out == 0)
        status = count_places(tx, class, &count, error);
    if (status != YBB_OK || *out != 0 || count >= limit_of(tx->store, class))
        return status;
    status = make_place(tx, class, error);
    return status == YBB_OK ? find_place(tx, class, out, error) : status;
}

static ybb_status find_places(ybb_store_tx *tx, ybb_priority priority, places *out,
                              ybb_error *error)
{
    *out = (places){0};
    ybb_status status = find_or_make_place(tx, priority, &out->own, error);
    if (status == YBB_OK && out->own != 0 && needs_large(priority))
        status = find_or_make_place(tx, YBB_LARGE, &out->large, error);
    out->found = out->own != 0 && (out->large != 0 || !needs_large(priority));
    return status;
}

static ybb_status take_place(ybb_store_tx *tx, unsigned class, uint32_t place, int64_t job,
                             ybb_error *error)
{
    return ybb__store_run(
        tx->store, "UPDATE ybbexport_places SET job = ? WHERE class = ? AND place = ?",
        YBB_VALUES(ybb__value_number(job), ybb__value_number(class), ybb__value_number(place)),
        NULL, error);
}

static ybb_status take_places(ybb_store_tx *tx, const ybb_stored_job *job, const places *p,
                              ybb_error *error)
{
    ybb_status status = take_place(tx, job->job.priority, p->own, job->seq, error);
    if (status == YBB_OK && p->large != 0)
        status = take_place(tx, YBB_LARGE, p->large, job->seq, error);
    return status;
}

/* --- jobs --- */

/* When nobody waits for it any longer: a lease time behind its time limit. 0: never. */
static int64_t deadline_of(const ybb_store_tx *tx, const ybb_job *job)
{
    static const double seconds_per_minute = 60;
    const ybb_jobstore_settings *settings = &tx->store->settings;
    double limit =
        job->planned ? (double)job->delivery.timeout_seconds
                     : (double)settings->queue->timeout_minutes[job->priority] * seconds_per_minute;
    return limit > 0 ? tx->now + ybb__microseconds(limit + settings->lease_seconds) : 0;
}

static ybb_status start(ybb_store_tx *tx, const claim *c, const ybb_stored_job *job,
                        const places *p, ybb_error *error)
{
    static const char sql[] =
        "UPDATE ybbexport_jobs SET state = 1, orphan = 0, not_before = 0, holder = ?,"
        " fence = fence + 1, attempts = attempts + 1, place = ?, large_place = ?, claimed_at = ?,"
        " deadline = ?, started_at = CASE WHEN started_at = 0 THEN ? ELSE started_at END"
        " WHERE seq = ?";
    ybb_status status = take_places(tx, job, p, error);
    if (status == YBB_OK)
        status =
            ybb__store_run(tx->store, sql,
                           YBB_VALUES(ybb__value_text(c->token), ybb__value_number(p->own),
                                      ybb__value_number(p->large), ybb__value_number(tx->now),
                                      ybb__value_number(deadline_of(tx, &job->job)),
                                      ybb__value_number(tx->time), ybb__value_number(job->seq)),
                           NULL, error);
    ybb_event event = ybb__store_event(job, job->orphan ? YBB_EVENT_TAKEN_OVER : YBB_EVENT_CLAIMED);
    memcpy(event.owner, c->lease->owner, sizeof(event.owner));
    event.place = p->own;
    event.large_place = p->large;
    event.fence = job->fence + 1;
    return status == YBB_OK ? ybb__store_log(tx, &event, error) : status;
}

/* The lease and the record of a job that is claimed. */
static ybb_status hand_out(ybb_store_tx *tx, claim *c, const char *id, ybb_error *error)
{
    ybb_stored_job job;
    ybb_status status = ybb__stored_read(tx, &job, id, NULL, error);
    if (status != YBB_OK) {
        ybb__job_release(&job.job);
        return status;
    }
    memcpy(c->lease->job, job.job.id, sizeof(c->lease->job));
    c->lease->fence = job.fence;
    *c->out = job.job;
    c->found = true;
    return YBB_OK;
}

/* Claims the locked job @id unless its class is full. */
static ybb_status claim_job(ybb_store_tx *tx, claim *c, const char *id, ybb_error *error)
{
    ybb_stored_job job;
    places p;
    ybb_status status = ybb__stored_lock(tx, &job, id, NULL, error);
    if (status == YBB_OK)
        status = find_places(tx, job.job.priority, &p, error);
    if (status == YBB_OK && p.found) {
        status = start(tx, c, &job, &p, error);
        if (status == YBB_OK)
            status = hand_out(tx, c, id, error);
    }
    ybb__job_release(&job.job);
    return status;
}

/* --- the order --- */

#define ANY_IN(orphan, priority)                                                                   \
    "EXISTS (SELECT 1 FROM ybbexport_jobs $by_turn WHERE state = 0 AND orphan = " #orphan          \
    " AND priority = " #priority " AND not_before <= ? AND on_demand = 0)"

/* Which groups, in the order of claiming, have a job that could be claimed. A stream waits for its
 * reader, who asks for it alone. */
static ybb_status read_groups(ybb_store_tx *tx, bool groups[GROUPS], ybb_error *error)
{
    static const char sql[] =
        "SELECT " ANY_IN(1, 0) ", " ANY_IN(1, 1) ", " ANY_IN(1, 2) ", " ANY_IN(1, 3) ", " ANY_IN(
            0, 0) ", " ANY_IN(0, 1) ", " ANY_IN(0, 2) ", " ANY_IN(0, 3);
    ybb_value now = ybb__value_number(tx->now);
    ybb_block rows = {0};
    ybb_cell cells[GROUPS];
    ybb_status status = ybb__store_run(
        tx->store, sql, YBB_VALUES(now, now, now, now, now, now, now, now), &rows, error);
    if (status == YBB_OK && (rows.rows != 1 || rows.columns != GROUPS))
        status = ybb__fail(error, YBB_INTERNAL, "the groups of the queue cannot be read");
    if (status == YBB_OK)
        ybb__block_row(&rows, 0, cells);
    for (unsigned i = 0; i < GROUPS; i++)
        groups[i] = status == YBB_OK && ybb__cell_number(cells[i]) != 0;
    ybb__block_free(&rows);
    return status;
}

static ybb_status claim_from_group(ybb_store_tx *tx, claim *c, unsigned group, ybb_error *error)
{
    static const char sql[] =
        "SELECT id FROM ybbexport_jobs $by_turn WHERE state = 0 AND orphan = ?"
        " AND priority = ? AND not_before <= ? AND on_demand = 0 ORDER BY turn LIMIT 1 $skip";
    char id[YBB_ID_TEXT];
    ybb_status status = ybb__stored_find(tx, sql,
                                         YBB_VALUES(ybb__value_number(group < YBB_PRIORITIES),
                                                    ybb__value_number(group % YBB_PRIORITIES),
                                                    ybb__value_number(tx->now)),
                                         id, error);
    return status == YBB_OK && id[0] != '\0' ? claim_job(tx, c, id, error) : status;
}

static ybb_status claim_next(ybb_store_tx *tx, claim *c, ybb_error *error)
{
    bool groups[GROUPS];
    ybb_status status = read_groups(tx, groups, error);
    for (unsigned i = 0; status == YBB_OK && i < GROUPS && !c->found; i++)
        if (groups[i])
            status = claim_from_group(tx, c, i, error);
    return status;
}

static ybb_status claim_only(ybb_store_tx *tx, claim *c, ybb_error *error)
{
    char id[YBB_ID_TEXT];
    ybb_status status = ybb__stored_find(
        tx,
        "SELECT id FROM ybbexport_jobs WHERE id = ? AND state = 0"
        " AND (not_before <= ? OR on_demand = 1) $skip",
        YBB_VALUES(ybb__value_text(c->only), ybb__value_number(tx->now)), id, error);
    return status == YBB_OK && id[0] != '\0' ? claim_job(tx, c, id, error) : status;
}

/* Whether an earlier try has claimed, although the answer was lost. */
static ybb_status look_for_claimed(ybb_store_tx *tx, claim *c, const ybb_lease *tried,
                                   ybb_error *error)
{
    char id[YBB_ID_TEXT];
    ybb_status status = ybb__stored_find(
        tx, "SELECT id FROM ybbexport_jobs WHERE id = ? AND state = 1 AND holder = ? AND fence = ?",
        YBB_VALUES(ybb__value_text(tried->job), ybb__value_text(c->token),
                   ybb__value_number((int64_t)tried->fence)),
        id, error);
    return status == YBB_OK && id[0] != '\0' ? hand_out(tx, c, id, error) : status;
}

static ybb_status run_claim(ybb_store_tx *tx, void *context, ybb_error *error)
{
    claim *c = context;
    ybb_lease tried = *c->lease;
    ybb__job_release(c->out);
    c->found = false;
    c->lease->job[0] = '\0';
    ybb_status status = ybb__owner_hold(tx, c->token, error);
    if (status == YBB_OK && tx->again && tried.job[0] != '\0')
        status = look_for_claimed(tx, c, &tried, error);
    if (status == YBB_OK && !c->found)
        status = ybb__owners_bury(tx, error);
    if (status == YBB_OK && !c->found)
        status = c->only != NULL ? claim_only(tx, c, error) : claim_next(tx, c, error);
    return status;
}

ybb_status ybb__jobstore_claim(ybb_jobstore *store, const char *token, const char *only,
                               ybb_lease *lease, ybb_job *out, bool *none, ybb_error *error)
{
    claim c = {.token = token, .only = only, .lease = lease, .out = out};
    *lease = (ybb_lease){0};
    strncat(lease->owner, token, sizeof(lease->owner) - 1);
    ybb_status status = ybb__store_write_leased(store, run_claim, &c, error);
    if (status != YBB_OK)
        ybb__job_release(out);
    *none = status != YBB_OK || !c.found;
    return status;
}
