/*
 * Owners: their registration, their heartbeats, their deaths.
 */
#include "store/jobstore_owner.h"

#include "base/text.h"
#include "store/jobstore_mail.h"

#include <unistd.h>

ybb_status ybb__lease_lost(ybb_error *error)
{
    return ybb__fail(error, YBB_LEASE_LOST,
                     "the owner of the export was silent for too long, or is not known");
}

static ybb_value lease_end(const ybb_store_tx *tx)
{
    return ybb__value_number(tx->now + ybb__microseconds(tx->store->settings.lease_seconds));
}

static ybb_status look_at(ybb_store_tx *tx, const char *sql, const char *token, ybb_error *error)
{
    ybb_block rows = {0};
    ybb_status status = ybb__store_run(
        tx->store, sql, YBB_VALUES(ybb__value_text(token), ybb__value_number(tx->now)), &rows,
        error);
    bool is_alive = rows.rows > 0;
    ybb__block_free(&rows);
    return status == YBB_OK && !is_alive ? ybb__lease_lost(error) : status;
}

ybb_status ybb__owner_check(ybb_store_tx *tx, const char *token, ybb_error *error)
{
    return look_at(tx, "SELECT token FROM ybbexport_owners WHERE token = ? AND lease_until >= ?",
                   token, error);
}

ybb_status ybb__owner_hold(ybb_store_tx *tx, const char *token, ybb_error *error)
{
    return look_at(tx,
                   "SELECT token FROM ybbexport_owners WHERE token = ? AND lease_until >= ? $lock",
                   token, error);
}

/* --- registration and heartbeat --- */

typedef struct registration {
    char token[YBB_ID_TEXT];
    ybb_owner_kind kind;
    char host[256];
} registration;

static ybb_status add_owner(ybb_store_tx *tx, void *context, ybb_error *error)
{
    static const char sql[] = "INSERT $ignore INTO ybbexport_owners"
                              " (token, kind, process, host, began_at, lease_until)"
                              " VALUES (?, ?, ?, ?, ?, ?)";
    const registration *r = context;
    return ybb__store_run(tx->store, sql,
                          YBB_VALUES(ybb__value_text(r->token), ybb__value_number((int64_t)r->kind),
                                     ybb__value_number((int64_t)getpid()), ybb__value_text(r->host),
                                     ybb__value_number(tx->time), lease_end(tx)),
                          NULL, error);
}

static void read_host(char *out, size_t size)
{
    if (gethostname(out, size) != 0)
        out[0] = '\0';
    out[size - 1] = '\0';
}

/* An owner's token looks like an export's id, but cannot be taken for one. */
static bool make_token(char *out)
{
    static const char prefix[] = {'o', 'w', 'n', '_'};
    if (!ybb__random_id(out))
        return false;
    memcpy(out, prefix, sizeof(prefix));
    return true;
}

static bool is_listed(void *context, const char *token)
{
    const ybb_block *rows = context;
    for (uint32_t i = 0; i < rows->rows; i++) {
        ybb_cell cell;
        ybb__block_row(rows, i, &cell);
        if (ybb__text_equal(cell.at, cell.length, token))
            return true;
    }
    return false;
}

/* Lock files of owners that died before they had a row, or whose row was removed without them. */
static ybb_status sweep_locks(ybb_store_tx *tx, void *context, ybb_error *error)
{
    ybb_block rows = {0};
    (void)context;
    if (tx->store->path == NULL)
        return YBB_OK;
    ybb_status status =
        ybb__store_run(tx->store, "SELECT token FROM ybbexport_owners", NULL, 0, &rows, error);
    if (status == YBB_OK)
        ybb__owner_lock_sweep(tx->store->path, is_listed, &rows);
    ybb__block_free(&rows);
    return status;
}

ybb_status ybb__jobstore_register(ybb_jobstore *store, ybb_owner_kind kind, char *token,
                                  ybb_error *error)
{
    registration r = {.kind = kind};
    token[0] = '\0';
    if (store->registrar == getpid())
        return ybb__fail(error, YBB_MISUSE, "the job store has registered an owner already");
    if (!make_token(r.token))
        return ybb__fail(error, YBB_INTERNAL, "the system gives no random bytes");
    read_host(r.host, sizeof(r.host));
    /* the lock stands before the row, so that a row without one means nothing */
    if (store->path != NULL) {
        ybb__owner_lock_drop(&store->lock);
        ybb__owner_lock_take(&store->lock, store->path, r.token);
    }
    ybb_status status = ybb__store_write_leased(store, add_owner, &r, error);
    if (status == YBB_OK) {
        memcpy(token, r.token, sizeof(r.token));
        store->registrar = getpid();
        (void)ybb__store_read(store, sweep_locks, NULL, NULL); /* another time will do as well */
    } else {
        ybb__owner_lock_drop(&store->lock);
    }
    return status;
}

static ybb_status beat(ybb_store_tx *tx, void *context, ybb_error *error)
{
    const char *token = context;
    ybb_status status = ybb__store_run(
        tx->store,
        "UPDATE ybbexport_owners SET lease_until = ? WHERE token = ? AND lease_until >= ?",
        YBB_VALUES(lease_end(tx), ybb__value_text(token), ybb__value_number(tx->now)), NULL, error);
    return status == YBB_OK && tx->store->changed == 0 ? ybb__lease_lost(error) : status;
}

ybb_status ybb__jobstore_heartbeat(ybb_jobstore *store, const char *token, ybb_error *error)
{
    char copy[YBB_ID_TEXT] = "";
    strncat(copy, token, sizeof(copy) - 1);
    return ybb__store_write_leased(store, beat, copy, error);
}

typedef struct inquiry {
    const char *token;
    char (*ids)[YBB_ID_TEXT];
    uint32_t most;
    uint32_t *count;
} inquiry;

static ybb_status list_cancelled(ybb_store_tx *tx, void *context, ybb_error *error)
{
    static const char sql[] = "SELECT id FROM ybbexport_jobs WHERE holder = ? AND state = 1"
                              " AND cancel_wanted = 1 LIMIT ?";
    const inquiry *q = context;
    ybb_block rows = {0};
    ybb_cell cell;
    *q->count = 0;
    ybb_status status = ybb__store_run(
        tx->store, sql, YBB_VALUES(ybb__value_text(q->token), ybb__value_number(q->most)), &rows,
        error);
    for (uint32_t i = 0; status == YBB_OK && i < rows.rows && i < q->most; i++) {
        ybb__block_row(&rows, i, &cell);
        ybb__cell_copy(q->ids[(*q->count)++], YBB_ID_TEXT, cell);
    }
    ybb__block_free(&rows);
    return status;
}

ybb_status ybb__jobstore_cancelled(ybb_jobstore *store, const char *token, char (*ids)[YBB_ID_TEXT],
                                   uint32_t most, uint32_t *count, ybb_error *error)
{
    inquiry q = {token, ids, most, count};
    *count = 0;
    return ybb__store_read(store, list_cancelled, &q, error);
}

/* --- giving jobs back --- */

ybb_status ybb__stored_requeue(ybb_store_tx *tx, const ybb_stored_job *job, const ybb_requeue *how,
                               ybb_error *error)
{
    static const char sql[] =
        "UPDATE ybbexport_jobs SET state = 0, orphan = ?, not_before = ?,"
        " takeovers = takeovers + ?,"
        " failures = ?, fence = fence + ?, holder = '', place = 0, large_place = 0, deadline = 0"
        " WHERE seq = ?";
    ybb_value lost = ybb__value_number(how->lost_owner ? 1 : 0);
    ybb_status status = ybb__store_run(tx->store, sql,
                                       YBB_VALUES(lost, ybb__value_number(how->not_before), lost,
                                                  ybb__value_number(how->failures), lost,
                                                  ybb__value_number(job->seq)),
                                       NULL, error);
    if (status == YBB_OK)
        status = ybb__stored_free_places(tx, job, error);
    ybb_event event = ybb__store_event(job, how->lost_owner ? YBB_EVENT_LOST : YBB_EVENT_RELEASED);
    event.place = job->place;
    event.large_place = job->large_place;
    event.status = how->why;
    return status == YBB_OK ? ybb__store_log(tx, &event, error) : status;
}

static ybb_status fail_as(ybb_store_tx *tx, ybb_stored_job *job, ybb_status why, ybb_error *error)
{
    ybb_error reason = {0};
    if (why == YBB_OWNER_DIED)
        (void)ybb__fail(
            &reason, why,
            "the processes that carried the export out ended %u times without completing"
            " a file",
            job->job.takeovers + 1);
    else
        (void)ybb__fail(&reason, why, "%s", ybb__status_text(why));
    return ybb__stored_fail(tx, job, &reason, true, error);
}

/* What becomes of a job whose owner leaves (@lost_owner: died). */
static ybb_status give_back(ybb_store_tx *tx, ybb_stored_job *job, bool lost_owner,
                            ybb_error *error)
{
    if (job->job.cancel_wanted)
        return fail_as(tx, job, YBB_CANCELLED, error);
    if (lost_owner && job->job.takeovers >= tx->store->settings.max_takeovers)
        return fail_as(tx, job, YBB_OWNER_DIED, error);
    ybb_requeue how = {.lost_owner = lost_owner, .failures = job->failures};
    return ybb__stored_requeue(tx, job, &how, error);
}

/* Job @row of a list of ids, locked; it may be gone by now, and is then one that nobody works on.
 */
static ybb_status lock_listed(ybb_store_tx *tx, ybb_stored_job *out, const ybb_block *rows,
                              uint32_t row, ybb_error *error)
{
    char id[YBB_ID_TEXT];
    ybb_cell cell;
    ybb_error missing = {0};
    ybb__block_row(rows, row, &cell);
    ybb__cell_copy(id, sizeof(id), cell);
    ybb_status status = ybb__stored_lock(tx, out, id, NULL, &missing);
    if (status != YBB_OK && status != YBB_NOT_FOUND)
        ybb__error_copy(error, &missing);
    return status == YBB_NOT_FOUND ? YBB_OK : status;
}

static ybb_status give_back_each(ybb_store_tx *tx, const ybb_block *rows, const char *token,
                                 bool lost_owner, ybb_error *error)
{
    ybb_status status = YBB_OK;
    for (uint32_t i = 0; status == YBB_OK && i < rows->rows; i++) {
        ybb_stored_job job;
        status = lock_listed(tx, &job, rows, i, error);
        if (status == YBB_OK && job.job.state == YBB_JOB_RUNNING && strcmp(job.holder, token) == 0)
            status = give_back(tx, &job, lost_owner, error);
        ybb__job_release(&job.job);
    }
    return status;
}

static ybb_status give_all_back(ybb_store_tx *tx, const char *token, bool lost_owner,
                                ybb_error *error)
{
    ybb_block rows = {0};
    ybb_status status =
        ybb__store_run(tx->store, "SELECT id FROM ybbexport_jobs WHERE holder = ? ORDER BY seq",
                       YBB_VALUES(ybb__value_text(token)), &rows, error);
    if (status == YBB_OK)
        status = give_back_each(tx, &rows, token, lost_owner, error);
    if (status == YBB_OK)
        status = ybb__mail_give_back(tx, token, lost_owner, error);
    ybb__block_free(&rows);
    return status;
}

static ybb_status remove_owner(ybb_store_tx *tx, const char *token, ybb_error *error)
{
    return ybb__store_run(tx->store, "DELETE FROM ybbexport_owners WHERE token = ?",
                          YBB_VALUES(ybb__value_text(token)), NULL, error);
}

static ybb_status leave(ybb_store_tx *tx, void *context, ybb_error *error)
{
    const char *token = context;
    ybb_error unknown = {0};
    ybb_status status = ybb__owner_hold(tx, token, &unknown); /* as who buries it would */
    if (status != YBB_OK && status != YBB_LEASE_LOST)
        ybb__error_copy(error, &unknown);
    if (status == YBB_OK || status == YBB_LEASE_LOST)
        status = give_all_back(tx, token, false, error);
    return status == YBB_OK ? remove_owner(tx, token, error) : status;
}

ybb_status ybb__jobstore_unregister(ybb_jobstore *store, const char *token, ybb_error *error)
{
    char copy[YBB_ID_TEXT] = "";
    strncat(copy, token, sizeof(copy) - 1);
    ybb_status status = ybb__store_write_leased(store, leave, copy, error);
    ybb__owner_lock_drop(&store->lock);
    store->registrar = 0;
    return status;
}

/* --- the dead --- */

typedef struct owner {
    char token[YBB_ID_TEXT];
    pid_t process;
    bool is_worker;
    int64_t lease_until;
} owner;

static void take_owner(owner *out, const ybb_block *rows, uint32_t row)
{
    enum { TOKEN, PROCESS, KIND, LEASE_UNTIL, COLUMNS };
    ybb_cell cells[COLUMNS];
    ybb__block_row(rows, row, cells);
    ybb__cell_copy(out->token, sizeof(out->token), cells[TOKEN]);
    out->process = (pid_t)ybb__cell_number(cells[PROCESS]);
    out->is_worker = ybb__cell_number(cells[KIND]) == (int64_t)YBB_OWNER_WORKER;
    out->lease_until = ybb__cell_number(cells[LEASE_UNTIL]);
}

static ybb_status read_owners(ybb_store_tx *tx, ybb_block *rows, ybb_error *error)
{
    return ybb__store_run(tx->store,
                          "SELECT token, process, kind, lease_until FROM ybbexport_owners", NULL, 0,
                          rows, error);
}

static bool is_alive(const ybb_store_tx *tx, const owner *o)
{
    return tx->same_boot && o->lease_until >= tx->now &&
           (tx->store->path == NULL ||
            !ybb__owner_lock_shows_dead(tx->store->path, o->token, o->process));
}

/* Of several who find it dead one buries it, and the others do not wait. Its heartbeat would. */
static ybb_status bury(ybb_store_tx *tx, const owner *dead, ybb_error *error)
{
    ybb_block rows = {0};
    ybb_status status = ybb__store_run(
        tx->store, "SELECT token FROM ybbexport_owners WHERE token = ? AND lease_until = ? $skip",
        YBB_VALUES(ybb__value_text(dead->token), ybb__value_number(dead->lease_until)), &rows,
        error);
    bool is_mine = status == YBB_OK && rows.rows == 1;
    ybb__block_free(&rows);
    if (is_mine)
        status = give_all_back(tx, dead->token, true, error);
    if (is_mine && status == YBB_OK)
        status = remove_owner(tx, dead->token, error);
    if (is_mine && status == YBB_OK && tx->store->path != NULL)
        ybb__owner_lock_remove(tx->store->path, dead->token, dead->process);
    return status;
}

static ybb_status give_back_unowned(ybb_store_tx *tx, ybb_stored_job *job, ybb_error *error)
{
    int64_t owners;
    ybb_status status =
        ybb__store_number(tx->store, "SELECT COUNT(*) FROM ybbexport_owners WHERE token = ?",
                          YBB_VALUES(ybb__value_text(job->holder)), &owners, error);
    return status == YBB_OK && owners == 0 ? give_back(tx, job, true, error) : status;
}

/* A job's lease ends with its deadline too, whoever is alive. That its owner's row is gone is
 * nobody's doing but a person's; it must not hold its place for ever. */
static ybb_status end_overdue(ybb_store_tx *tx, ybb_error *error)
{
    static const char sql[] =
        "SELECT j.id FROM ybbexport_jobs j WHERE j.state = 1 AND ((j.deadline > 0 AND j.deadline < "
        "?)"
        " OR NOT EXISTS (SELECT 1 FROM ybbexport_owners o WHERE o.token = j.holder))";
    ybb_block rows = {0};
    ybb_status status =
        ybb__store_run(tx->store, sql, YBB_VALUES(ybb__value_number(tx->now)), &rows, error);
    for (uint32_t i = 0; status == YBB_OK && i < rows.rows; i++) {
        ybb_stored_job job;
        status = lock_listed(tx, &job, &rows, i, error);
        bool is_running = status == YBB_OK && job.job.state == YBB_JOB_RUNNING;
        bool is_overdue = is_running && job.deadline > 0 && job.deadline < tx->now;
        if (is_overdue)
            status = fail_as(tx, &job, job.job.cancel_wanted ? YBB_CANCELLED : YBB_TIMEOUT, error);
        else if (is_running)
            status = give_back_unowned(tx, &job, error);
        ybb__job_release(&job.job);
    }
    ybb__block_free(&rows);
    return status;
}

ybb_status ybb__owners_bury(ybb_store_tx *tx, ybb_error *error)
{
    ybb_block rows = {0};
    ybb_status status = read_owners(tx, &rows, error);
    for (uint32_t i = 0; status == YBB_OK && i < rows.rows; i++) {
        owner o;
        take_owner(&o, &rows, i);
        if (!is_alive(tx, &o))
            status = bury(tx, &o, error);
    }
    ybb__block_free(&rows);
    return status == YBB_OK ? end_overdue(tx, error) : status;
}

static ybb_status look_for_worker(ybb_store_tx *tx, void *context, ybb_error *error)
{
    bool *alive = context;
    ybb_block rows = {0};
    *alive = false;
    ybb_status status = ybb__store_clock(tx, error);
    if (status == YBB_OK)
        status = read_owners(tx, &rows, error);
    for (uint32_t i = 0; status == YBB_OK && i < rows.rows && !*alive; i++) {
        owner o;
        take_owner(&o, &rows, i);
        *alive = o.is_worker && is_alive(tx, &o);
    }
    ybb__block_free(&rows);
    return status;
}

ybb_status ybb__jobstore_worker_alive(ybb_jobstore *store, bool *alive, ybb_error *error)
{
    return ybb__store_read(store, look_for_worker, alive, error);
}
