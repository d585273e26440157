/*
 * Mail about exports: what is to be sent, who sends it, and how it went.
 */
#include "store/jobstore_mail.h"

#include "store/jobstore_owner.h"

/* Numbers of ybb_mail_state, as the statements have them. */
_Static_assert(YBB_MAIL_WAITING == 1 && YBB_MAIL_DUE == 2 && YBB_MAIL_SENDING == 3 &&
                   YBB_MAIL_SENT == 4 && YBB_MAIL_FAILED == 5 && YBB_MAIL_DROPPED == 6,
               "the states of mail stand in the store");

/* --- when something becomes of its job --- */

ybb_status ybb__mail_insert(ybb_store_tx *tx, const char *id, const ybb_job_mail *mail,
                            ybb_error *error)
{
    static const char sql[] =
        "INSERT INTO ybbexport_mails (job, state, address, language, number, attempts, not_before,"
        " next_at, sent_at, status, message, fence, holder)"
        " SELECT j.seq, 1, ?, ?, 1, 0, 0, 0, 0, 0, '', 0, '' FROM ybbexport_jobs j WHERE j.id = ?";
    return ybb__store_run(tx->store, sql,
                          YBB_VALUES(ybb__value_text(mail->address),
                                     ybb__value_number((int64_t)mail->language),
                                     ybb__value_text(id)),
                          NULL, error);
}

ybb_status ybb__mail_job_ends(ybb_store_tx *tx, int64_t seq, ybb_status outcome, ybb_error *error)
{
    static const char sql[] =
        "UPDATE ybbexport_mails SET state = ?, not_before = ? WHERE job = ? AND state = 1";
    ybb_mail_state state = outcome == YBB_CANCELLED ? YBB_MAIL_DROPPED : YBB_MAIL_DUE;
    return ybb__store_run(tx->store, sql,
                          YBB_VALUES(ybb__value_number((int64_t)state), ybb__value_number(tx->now),
                                     ybb__value_number(seq)),
                          NULL, error);
}

ybb_status ybb__mail_wait_again(ybb_store_tx *tx, int64_t seq, ybb_error *error)
{
    static const char sql[] =
        "UPDATE ybbexport_mails SET state = 1, number = number + 1, attempts = 0, not_before = 0,"
        " next_at = 0, sent_at = 0, status = 0, message = '', fence = fence + 1, holder = ''"
        " WHERE job = ?";
    return ybb__store_run(tx->store, sql, YBB_VALUES(ybb__value_number(seq)), NULL, error);
}

ybb_status ybb__mail_drop(ybb_store_tx *tx, int64_t seq, ybb_error *error)
{
    static const char sql[] = "UPDATE ybbexport_mails SET state = 6, next_at = 0, holder = '',"
                              " fence = fence + 1 WHERE job = ? AND state IN (1, 2, 3)";
    return ybb__store_run(tx->store, sql, YBB_VALUES(ybb__value_number(seq)), NULL, error);
}

ybb_status ybb__mail_remove(ybb_store_tx *tx, int64_t seq, ybb_error *error)
{
    return ybb__store_run(tx->store, "DELETE FROM ybbexport_mails WHERE job = ?",
                          YBB_VALUES(ybb__value_number(seq)), NULL, error);
}

ybb_status ybb__mail_give_back(ybb_store_tx *tx, const char *token, bool died, ybb_error *error)
{
    static const char sql[] =
        "UPDATE ybbexport_mails SET state = 2, not_before = 0, holder = '', fence = fence + 1,"
        " attempts = attempts - ? WHERE holder = ? AND state = 3";
    return ybb__store_run(tx->store, sql,
                          YBB_VALUES(ybb__value_number(died ? 0 : 1), ybb__value_text(token)), NULL,
                          error);
}

/* --- what is due --- */

static ybb_status look_for_due(ybb_store_tx *tx, void *context, ybb_error *error)
{
    bool *due = context;
    int64_t job = 0;
    *due = false;
    ybb_status status = ybb__store_clock(tx, error);
    if (status == YBB_OK)
        status = ybb__store_number(
            tx->store,
            "SELECT job FROM ybbexport_mails WHERE state = 2 AND not_before <= ? LIMIT 1",
            YBB_VALUES(ybb__value_number(tx->now)), &job, error);
    *due = status == YBB_OK && job != 0;
    return status;
}

ybb_status ybb__jobstore_mail_due(ybb_jobstore *store, bool *due, ybb_error *error)
{
    return ybb__store_read(store, look_for_due, due, error);
}

/* --- claiming --- */

typedef struct mail_claim {
    const char *token;
    ybb_lease *lease;
    ybb_job *out;
    bool found;
} mail_claim;

/* The seq of the job of the next mail, 0: none; *@had: the owner has it already. */
static ybb_status find_mail(ybb_store_tx *tx, const mail_claim *c, int64_t *seq, bool *had,
                            ybb_error *error)
{
    static const char own[] =
        "SELECT job FROM ybbexport_mails WHERE holder = ? AND state = 3 ORDER BY job LIMIT 1";
    static const char next[] = "SELECT job FROM ybbexport_mails WHERE state = 2 AND not_before <= ?"
                               " ORDER BY not_before LIMIT 1 $skip";
    ybb_status status =
        ybb__store_number(tx->store, own, YBB_VALUES(ybb__value_text(c->token)), seq, error);
    *had = *seq != 0;
    if (status != YBB_OK || *had)
        return status;
    return ybb__store_number(tx->store, next, YBB_VALUES(ybb__value_number(tx->now)), seq, error);
}

/* The record of the job, and the lease of its mail. One that is gone takes its mail along. */
static ybb_status read_job(ybb_store_tx *tx, mail_claim *c, int64_t seq, ybb_error *error)
{
    char id[YBB_ID_TEXT];
    int64_t fence;
    ybb_stored_job stored = {0};
    ybb_status status = ybb__stored_find(tx, "SELECT id FROM ybbexport_jobs WHERE seq = ?",
                                         YBB_VALUES(ybb__value_number(seq)), id, error);
    if (status == YBB_OK && id[0] == '\0')
        return ybb__mail_remove(tx, seq, error);
    if (status == YBB_OK)
        status = ybb__store_number(tx->store, "SELECT fence FROM ybbexport_mails WHERE job = ?",
                                   YBB_VALUES(ybb__value_number(seq)), &fence, error);
    if (status == YBB_OK)
        status = ybb__stored_read(tx, &stored, id, NULL, error);
    if (status != YBB_OK) {
        ybb__job_release(&stored.job);
        return status;
    }
    *c->out = stored.job;
    memcpy(c->lease->job, id, sizeof(id));
    c->lease->fence = (uint64_t)fence;
    c->found = true;
    return YBB_OK;
}

/* One whose senders died over it again and again is not worth another one. */
static ybb_status give_up(ybb_store_tx *tx, int64_t seq, bool *given_up, ybb_error *error)
{
    static const char sql[] = "UPDATE ybbexport_mails SET state = 5, status = ?, message = ?"
                              " WHERE job = ? AND attempts >= ?";
    ybb_status status = ybb__store_run(
        tx->store, sql,
        YBB_VALUES(ybb__value_number(YBB_OWNER_DIED),
                   ybb__value_text("the processes that sent the e-mail ended too often"),
                   ybb__value_number(seq),
                   ybb__value_number(tx->store->settings.max_mail_attempts)),
        NULL, error);
    *given_up = status == YBB_OK && tx->store->changed > 0;
    return status;
}

static ybb_status take_mail(ybb_store_tx *tx, mail_claim *c, int64_t seq, ybb_error *error)
{
    static const char sql[] = "UPDATE ybbexport_mails SET state = 3, holder = ?, fence = fence + 1,"
                              " attempts = attempts + 1, next_at = 0 WHERE job = ?";
    bool given_up;
    ybb_status status = give_up(tx, seq, &given_up, error);
    if (status != YBB_OK || given_up)
        return status;
    status = ybb__store_run(
        tx->store, sql, YBB_VALUES(ybb__value_text(c->token), ybb__value_number(seq)), NULL, error);
    return status == YBB_OK ? read_job(tx, c, seq, error) : status;
}

static ybb_status run_claim(ybb_store_tx *tx, void *context, ybb_error *error)
{
    mail_claim *c = context;
    int64_t seq = 0;
    bool had = false;
    ybb__job_release(c->out);
    c->found = false;
    ybb_status status = ybb__owner_hold(tx, c->token, error);
    do {
        if (status == YBB_OK)
            status = find_mail(tx, c, &seq, &had, error);
        if (status == YBB_OK && seq != 0)
            status = had ? read_job(tx, c, seq, error) : take_mail(tx, c, seq, error);
    } while (status == YBB_OK && seq != 0 && !c->found);
    return status;
}

ybb_status ybb__jobstore_mail_claim(ybb_jobstore *store, const char *token, ybb_lease *lease,
                                    ybb_job *out, bool *none, ybb_error *error)
{
    mail_claim c = {.token = token, .lease = lease, .out = out};
    *lease = (ybb_lease){0};
    strncat(lease->owner, token, sizeof(lease->owner) - 1);
    ybb_status status = ybb__store_write(store, run_claim, &c, error);
    if (status != YBB_OK)
        ybb__job_release(out);
    *none = status != YBB_OK || !c.found;
    return status;
}

/* --- how it went --- */

typedef struct mail_end {
    const ybb_lease *lease;
    const ybb_mail_outcome *outcome;
    ybb_mail_state state;
} mail_end;

/* Its attempts so far where the lease holds, else 0. */
static ybb_status count_attempts(ybb_store_tx *tx, const ybb_lease *lease, int64_t *seq,
                                 int64_t *attempts, ybb_error *error)
{
    static const char find[] = "SELECT m.job FROM ybbexport_mails m, ybbexport_jobs j"
                               " WHERE j.id = ? AND m.job = j.seq";
    static const char lock[] = "SELECT attempts FROM ybbexport_mails"
                               " WHERE job = ? AND state = 3 AND holder = ? AND fence = ? $lock";
    *attempts = 0;
    ybb_status status =
        ybb__store_number(tx->store, find, YBB_VALUES(ybb__value_text(lease->job)), seq, error);
    if (status != YBB_OK)
        return status;
    return ybb__store_number(tx->store, lock,
                             YBB_VALUES(ybb__value_number(*seq), ybb__value_text(lease->owner),
                                        ybb__value_number((int64_t)lease->fence)),
                             attempts, error);
}

static ybb_status put_end(ybb_store_tx *tx, const mail_end *e, int64_t seq, ybb_error *error)
{
    static const char sql[] =
        "UPDATE ybbexport_mails SET state = ?, holder = '', status = ?, message = ?,"
        " not_before = ?, next_at = ?, sent_at = ? WHERE job = ?";
    const ybb_error *failure = e->outcome->failure;
    bool again = e->state == YBB_MAIL_DUE;
    int64_t pause = again ? ybb__microseconds(e->outcome->pause_seconds) : 0;
    return ybb__store_run(
        tx->store, sql,
        YBB_VALUES(
            ybb__value_number((int64_t)e->state), ybb__value_number((int64_t)failure->status),
            ybb__value_text(failure->message), ybb__value_number(again ? tx->now + pause : 0),
            ybb__value_number(again ? tx->time + pause : 0),
            ybb__value_number(e->state == YBB_MAIL_SENT ? tx->time : 0), ybb__value_number(seq)),
        NULL, error);
}

static ybb_status run_end(ybb_store_tx *tx, void *context, ybb_error *error)
{
    mail_end *e = context;
    int64_t seq = 0, attempts = 0;
    ybb_status status = count_attempts(tx, e->lease, &seq, &attempts, error);
    if (status == YBB_OK && attempts == 0)
        return tx->again ? YBB_OK : ybb__lease_lost(error); /* a try before this one has done it */
    bool is_sent = e->outcome->failure->status == YBB_OK;
    bool again = e->outcome->again && attempts < tx->store->settings.max_mail_attempts;
    e->state = is_sent ? YBB_MAIL_SENT : again ? YBB_MAIL_DUE : YBB_MAIL_FAILED;
    return status == YBB_OK ? put_end(tx, e, seq, error) : status;
}

ybb_status ybb__jobstore_mail_end(ybb_jobstore *store, const ybb_lease *lease,
                                  const ybb_mail_outcome *outcome, ybb_mail_state *state,
                                  ybb_error *error)
{
    mail_end e = {.lease = lease, .outcome = outcome, .state = YBB_MAIL_NONE};
    ybb_status status = ybb__store_write(store, run_end, &e, error);
    *state = e.state;
    return status;
}
