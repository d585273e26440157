#include "run/mailer.h"

#include "base/clock.h"
#include "mail/post.h"
#include "report/recovery.h"
#include "report/response.h"
#include "run/link.h"

#include <stdlib.h>
#include <string.h>

struct ybb_mailer {
    ybb_task task;
    const ybb_works *works;
    char token[YBB_ID_TEXT];
    /* Under guard. */
    bool busy, recalled;
};

bool ybb__mailer_is_on(const struct ybb_config *config)
{
    return config->mail.server != NULL && ybb__post_is_built();
}

static bool is_recalled(void *user)
{
    ybb_mailer *mailer = user;
    ybb__monitor_lock(mailer->works->guard);
    bool recalled = mailer->recalled;
    ybb__monitor_unlock(mailer->works->guard);
    return recalled;
}

/* --- what is told --- */

/* More would be a list that nobody uses. */
enum { MOST_LINKS = 50 };

/* The links of a letter, and their texts. */
typedef struct links {
    ybb_letter_link items[MOST_LINKS];
    char *urls[MOST_LINKS];
    uint32_t count, more;
} links;

/* The number by which a file is asked for, see ybb_download_open(). */
static int number_of(const ybb_job *job, const ybb_job_file *file)
{
    return ybb__job_in_batches(job) ? (int)file->number : YBB_DOWNLOAD_FILE;
}

/* Until the file's time is over. */
static int64_t seconds_of(const ybb_job *job)
{
    enum { MICROSECONDS = 1000000 };
    int64_t seconds = (job->expires_at - ybb__clock_now()) / MICROSECONDS;
    int64_t most = ybb__link_most_seconds();
    return seconds < 1 ? 1 : seconds < most ? seconds : most;
}

static ybb_status add_link(links *to, const struct ybb_config *config, const ybb_job *job,
                           const ybb_job_file *file, ybb_error *error)
{
    const ybb_response_context context = {.base_url = config->base_url, .out = config->out};
    char *signature = NULL;
    ybb_buffer url = {0};
    if (to->count == MOST_LINKS) {
        to->more++;
        return YBB_OK;
    }
    ybb_status status =
        ybb__link_sign(&signature, config, job->id, number_of(job, file), seconds_of(job), error);
    if (status != YBB_OK)
        return status;
    (void)ybb__response_url(&url, job, file, &context);
    ybb__buffer_put_text(&url, "?signature=");
    ybb__buffer_put_text(&url, signature);
    free(signature);
    char *text = ybb__buffer_take(&url);
    if (text == NULL)
        return ybb__fail_memory(error);
    to->urls[to->count] = text;
    to->items[to->count++] =
        (ybb_letter_link){.name = ybb__job_file_shown(file), .url = text, .bytes = file->bytes};
    return YBB_OK;
}

/* The archive has all files. */
static ybb_status add_links(links *to, const struct ybb_config *config, const ybb_job *job,
                            ybb_error *error)
{
    ybb_status status = YBB_OK;
    if (job->state != YBB_JOB_DONE)
        return YBB_OK;
    if (job->archive.name != NULL)
        return add_link(to, config, job, &job->archive, error);
    for (uint32_t i = 0; status == YBB_OK && i < job->file_count; i++)
        status = add_link(to, config, job, &job->files[i], error);
    return status;
}

static ybb_status send(ybb_mailer *mailer, const ybb_job *job, ybb_error *error)
{
    const struct ybb_config *config = mailer->works->config;
    links to = {.count = 0};
    ybb_message message = {.from = NULL};
    ybb_status status = add_links(&to, config, job, error);
    if (status == YBB_OK) {
        const ybb_letter letter = {.job = job,
                                   .links = to.items,
                                   .link_count = to.count,
                                   .more = to.more,
                                   .now = ybb__clock_now()};
        status = ybb__letter_write(&message, &letter, &config->mail, error);
    }
    if (status == YBB_OK)
        status = ybb__post_send(&message, &config->mail, is_recalled, mailer, error);
    ybb__message_release(&message);
    for (uint32_t i = 0; i < to.count; i++)
        free(to.urls[i]);
    return status;
}

/* --- how it went --- */

/* Doubles with every attempt, up to an hour. */
static double pause_behind(const ybb_mailer *mailer, uint32_t attempts)
{
    static const double longest = 3600;
    double pause = (double)mailer->works->config->mail.retry_pause_seconds;
    for (uint32_t i = 1; i < attempts && pause < longest; i++)
        pause *= 2;
    return pause < longest ? pause : longest;
}

static void tell(const ybb_mailer *mailer, const ybb_job *job, const ybb_mail_outcome *outcome,
                 ybb_mail_state state)
{
    ybb_log log;
    const ybb_journal *journal = mailer->works->journal;
    if (ybb__journal_open(journal, &log))
        ybb__journal_tell(journal, ybb__log_mail(&log, job, outcome->failure, state == YBB_MAIL_DUE,
                                                 outcome->pause_seconds));
}

/* The store may be away for a while: what has been sent is not to be sent again for that. False:
 * this process is to stop, and the next one sends it once more. */
static bool record(ybb_mailer *mailer, const ybb_lease *lease, const ybb_job *job,
                   const ybb_mail_outcome *outcome)
{
    static const int64_t pause_microseconds = 1000 * 1000;
    ybb_ledger *ledger = mailer->works->ledger;
    for (;;) {
        ybb_mail_state state;
        ybb_error error = {0};
        ybb_status status =
            ybb__ledger_leave(ledger, ybb__jobstore_mail_end(ybb__ledger_enter(ledger), lease,
                                                             outcome, &state, &error));
        if (status == YBB_OK)
            tell(mailer, job, outcome, state);
        if (status == YBB_OK || status == YBB_LEASE_LOST)
            return true;
        ybb__monitor_lock(mailer->works->guard);
        if (!mailer->recalled)
            (void)ybb__monitor_wait(mailer->works->guard, pause_microseconds);
        bool recalled = mailer->recalled;
        ybb__monitor_unlock(mailer->works->guard);
        if (recalled)
            return false;
    }
}

/* Sends the next one. False: there is none, or this process is to stop. */
static bool send_next(ybb_mailer *mailer)
{
    ybb_lease lease;
    ybb_job job = {0};
    bool none = true;
    ybb_error error = {0};
    ybb_ledger *ledger = mailer->works->ledger;
    if (is_recalled(mailer))
        return false;
    (void)ybb__ledger_leave(ledger, ybb__jobstore_mail_claim(ybb__ledger_enter(ledger),
                                                             mailer->token, &lease, &job, &none,
                                                             &error)); /* looked for again soon */
    if (none)
        return false;
    ybb_error failure = {0};
    ybb_status status = send(mailer, &job, &failure);
    const ybb_mail_outcome outcome = {.failure = &failure,
                                      .again = ybb__status_retriable(status),
                                      .pause_seconds = pause_behind(mailer, job.mail.attempts)};
    bool go_on = status != YBB_NOT_READY && record(mailer, &lease, &job, &outcome);
    ybb__job_release(&job);
    return go_on;
}

static void run(ybb_task *task)
{
    ybb_mailer *mailer = (ybb_mailer *)task; /* the task is its first member */
    while (send_next(mailer))
        ;
    ybb__monitor_lock(mailer->works->guard);
    mailer->busy = false;
    ybb__monitor_signal(mailer->works->guard);
    ybb__monitor_unlock(mailer->works->guard);
}

/* --- the crew's --- */

ybb_mailer *ybb__mailer_new(const ybb_works *works)
{
    ybb_mailer *mailer = calloc(1, sizeof(*mailer));
    if (mailer == NULL)
        return NULL;
    mailer->task.run = run;
    mailer->works = works;
    return mailer;
}

void ybb__mailer_free(ybb_mailer *mailer)
{
    free(mailer);
}

bool ybb__mailer_start(ybb_mailer *mailer, ybb_pool *threads, const char *token)
{
    if (mailer->busy)
        return true;
    ybb__pool_finish(threads, &mailer->task); /* the one before is about to return */
    memcpy(mailer->token, token, sizeof(mailer->token));
    mailer->recalled = false;
    mailer->busy = ybb__pool_submit(threads, &mailer->task);
    return mailer->busy;
}

bool ybb__mailer_is_busy(const ybb_mailer *mailer)
{
    return mailer->busy;
}

void ybb__mailer_recall(ybb_mailer *mailer)
{
    mailer->recalled = true;
    ybb__monitor_signal(mailer->works->guard);
}
