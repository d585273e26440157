/*
 * store/jobstore: the durable record of every export, in SQL.
 *
 * SQLite (one machine) and MariaDB/MySQL (many) hold the same tables; they are made, and brought up
 * to date, by whoever connects first. Every call is one transaction that takes effect whole or not
 * at all; it is tried again by itself, a bounded number of times, after a deadlock, a lock that
 * took too long or a connection that broke, and has happened once even when the answer to its
 * commit was lost. What the database says becomes YBB_STORE_ERROR, a file's full disk
 * YBB_OUTPUT_FULL. Besides, every call may give YBB_NO_MEMORY, YBB_INVALID_CONFIG or
 * YBB_UNSUPPORTED (of the DSN and the server), and YBB_FORKED (below).
 *
 * Who works on exports is an owner: a row that its process keeps alive by heartbeats. While it is
 * alive it holds leases: of a job, and of its places among those that may run at once. A lease
 * names a fence, a number that grows whenever the job changes hands; a write with another fence
 * changes nothing and is YBB_LEASE_LOST. So is a write of an owner that was silent for longer than
 * its lease, even before anybody took over. Such an owner's jobs go back to the queue, before all
 * others, at the next claim of anybody; where the store is a file, so do those of an owner whose
 * process has ended, at once. A job has a deadline too, a lease time behind its time limit: whoever
 * claims next ends it as YBB_TIMEOUT.
 *
 * Leases are measured by the store's clock: the server's own; for SQLite the time since the machine
 * started beside the boot's id (under another one nothing is alive). The wall clock is only shown.
 *
 * Threads: a ybb_jobstore belongs to one thread at a time; each opens its own. Processes: it
 * connects at the first call, and anew where its connection has ended or its file is another one.
 * ybb__jobstore_rest() disconnects, which is for everybody who forks: in a child that was forked
 * while its parent had a file of SQLite open, every call on that file is YBB_FORKED, because the
 * child's locks would be none. Otherwise a forked child may go on with what it inherited.
 */
#ifndef YBB_STORE_JOBSTORE_H
#define YBB_STORE_JOBSTORE_H

#include "model/config.h"
#include "model/job.h"

typedef struct ybb_jobstore ybb_jobstore;

/* Texts and the queue's limits are borrowed, and outlive the store. */
typedef struct ybb_jobstore_settings {
    const char *dsn;      /* as a source's: sqlite:///path or mysql://... */
    double lease_seconds; /* how long an owner may be silent; 0: 15 */
    const ybb_queue_limits *queue;
    uint64_t max_concurrent_large; /* bounds the classes normal and low together */
    uint32_t max_takeovers;        /* without a new file in between, then a job fails; 0: 10 */
    uint32_t max_attempts;         /* passing failures, likewise; 0: 5 */
    uint32_t max_mail_attempts;    /* begun in all, then a mail fails; 0: 10 */
    uint32_t max_events;           /* that are kept, and ended exports for statistics; 0: 10000 */
    double patience_seconds;       /* after which a call gives up, a second more or less; 0: 30 */
    /* Of tests. */
    const char *boot_id;    /* NULL: the machine's */
    int64_t clock_shift;    /* microseconds, added to SQLite's clock of leases */
    int64_t wall_shift;     /* microseconds, added to SQLite's wall clock */
    unsigned *lost_commits; /* NULL, or how many of the next commits get no answer */
} ybb_jobstore_settings;

/* Connects to nothing. YBB_INVALID_CONFIG for a DSN that is not understood. */
ybb_status ybb__jobstore_open(ybb_jobstore **out, const ybb_jobstore_settings *settings,
                              ybb_error *error);
/* Connects now, and makes the tables where they are missing: whether the store can be used. */
ybb_status ybb__jobstore_check(ybb_jobstore *store, ybb_error *error);
void ybb__jobstore_rest(ybb_jobstore *store);
/* Whether it is, by this process. */
bool ybb__jobstore_connected(const ybb_jobstore *store);
/* Gives the connection of @from to @to, where that has none; @from connects anew when it needs one.
 */
void ybb__jobstore_move(ybb_jobstore *to, ybb_jobstore *from);
/* An owner that was registered by this store, and not unregistered, counts as dead from now on
 * where the store is a file. */
void ybb__jobstore_free(ybb_jobstore *store);

/* --- clients --- */

typedef struct ybb_admission {
    char joined[YBB_ID_TEXT]; /* the export that there is already; "": a new one */
    uint64_t queue_position;
    uint64_t retry_seconds; /* YBB_QUEUE_FULL, YBB_OWNER_LIMIT: when a place is likely to be free */
} ybb_admission;

/* Queues @job under its id and priority. Nothing is inserted, and *@out names the one there is,
 * where the same owner (NULL is one too) has an export under the same idempotency_key that is
 * queued, running or done, or asks for what is queued or running already (equal request_json; no
 * stream). A key of a failed export passes to the new one, and that of a request that joins to an
 * export that has none. With @immediate the caller is going to run it at once: the queue's length
 * does not matter, as of streams, and it is on the disk from ybb__jobstore_sync() on. Of @job, what
 * a new one has is taken: texts, program_id, priority, estimated_records, retention_days,
 * created_at (0: now), address and language of its mail. YBB_QUEUE_FULL;
 * YBB_OWNER_LIMIT, also with @immediate, where the owner (not NULL) has as many that run or wait as
 * one may have, streams that wait for their readers not counted; YBB_INVALID_VALUE for an owner or
 * a key of more than 255 bytes; YBB_MISUSE for what is no id, or one that is taken. */
ybb_status ybb__jobstore_insert(ybb_jobstore *store, const ybb_job *job, bool immediate,
                                ybb_admission *out, ybb_error *error);
/* Waits until what was committed before is on the disk; a server sees to that itself. Uses no
 * connection. @threads any */
ybb_status ybb__jobstore_sync(const ybb_jobstore *store, ybb_error *error);
/* A copy in zeroed *@out, released by the caller. @owner not NULL, here and below: only that
 * owner's exports exist. YBB_NOT_FOUND. */
ybb_status ybb__jobstore_load(ybb_jobstore *store, const char *id, const char *owner, ybb_job *out,
                              ybb_error *error);
/* At most @most of the jobs there are, in the order of their insertion from the last one, or from
 * the one before number @before (0: from the last). *@out's items, zeroed before, are released by
 * ybb__job_briefs_release(); *@count is 0 on failure. */
ybb_status ybb__jobstore_list(ybb_jobstore *store, const char *owner, uint64_t before,
                              uint32_t most, ybb_job_brief *out, uint32_t *count, ybb_error *error);
/* A queued job ends at once as YBB_CANCELLED, and so does one whose owner has died; a running one
 * is told at its next progress; one that has ended stays as it is. YBB_NOT_FOUND. */
ybb_status ybb__jobstore_cancel(ybb_jobstore *store, const char *id, const char *owner,
                                ybb_error *error);
/* A failed job (or a cancelled one) is queued again, behind the others; its files stay, and what it
 * shows starts from them. YBB_NOT_FOUND; YBB_NOT_RESUMABLE for one that is queued, running, done or
 * expired; YBB_QUEUE_FULL, YBB_OWNER_LIMIT. */
ybb_status ybb__jobstore_resume(ybb_jobstore *store, const char *id, const char *owner,
                                ybb_admission *out, ybb_error *error);
/* Forgets a job that has ended or is queued; its files are the caller's to remove first. A running
 * one is asked to stop, and YBB_NOT_READY. YBB_NOT_FOUND. */
ybb_status ybb__jobstore_remove(ybb_jobstore *store, const char *id, const char *owner,
                                ybb_error *error);

/* --- owners: whoever works --- */

typedef enum ybb_owner_kind { YBB_OWNER_INPROC, YBB_OWNER_WORKER, YBB_OWNER_KINDS } ybb_owner_kind;

typedef struct ybb_lease {
    char job[YBB_ID_TEXT];
    char owner[YBB_ID_TEXT]; /* the token of ybb__jobstore_register() */
    uint64_t fence;
} ybb_lease;

/* Makes an owner; @token (YBB_ID_TEXT bytes) is its name from now on, for the stores of all
 * threads. The store that registered it also unregisters it, and holds its lock file: a store
 * registers one owner at a time, else YBB_MISUSE. */
ybb_status ybb__jobstore_register(ybb_jobstore *store, ybb_owner_kind kind, char *token,
                                  ybb_error *error);
/* Shows it alive, which renews all its leases. YBB_LEASE_LOST when it was silent for too long: then
 * it holds nothing any more, and may only register anew. */
ybb_status ybb__jobstore_heartbeat(ybb_jobstore *store, const char *token, ybb_error *error);
/* Ids, at most @most, of the jobs that it holds and that are to be cancelled. *@count is 0 on
 * failure. */
ybb_status ybb__jobstore_cancelled(ybb_jobstore *store, const char *token, char (*ids)[YBB_ID_TEXT],
                                   uint32_t most, uint32_t *count, ybb_error *error);
/* Gives all its jobs back to the queue, each to its place, and forgets it. YBB_OK also where it is
 * forgotten already. */
ybb_status ybb__jobstore_unregister(ybb_jobstore *store, const char *token, ybb_error *error);
/* Whether some worker is alive. */
ybb_status ybb__jobstore_worker_alive(ybb_jobstore *store, bool *alive, ybb_error *error);

/* Takes the next job: first those whose owner died, then by class (immediate, high, normal, low),
 * then by age; never beyond a class's concurrency or max_concurrent_large over all processes (a
 * limit that is lowered holds once what runs beyond it has ended). @only (an id, or NULL) asks for
 * that job alone. *@none where there is nothing to do now. *@out, zeroed, is the record with its
 * files; released by the caller. A job that was taken over too often fails here. YBB_LEASE_LOST
 * when the owner is not alive. After YBB_STORE_ERROR the owner may have a job that it does not know
 * of, where the store took the claim but its answer was lost for good: it unregisters, which gives
 * back all it has, and registers anew. */
ybb_status ybb__jobstore_claim(ybb_jobstore *store, const char *token, const char *only,
                               ybb_lease *lease, ybb_job *out, bool *none, ybb_error *error);

/* The calls of who has a lease: YBB_LEASE_LOST, and nothing is changed, when it has not. */

/* How it is delivered is known. From now on the delivery's time limit holds instead of the class's,
 * counted from the claim. Of the files recorded before, the first @keep stay; the others, and the
 * archive, are forgotten. */
ybb_status ybb__jobstore_planned(ybb_jobstore *store, const ybb_lease *lease,
                                 const ybb_delivery *delivery, const char *consistency,
                                 uint32_t keep, ybb_error *error);
/* What is shown never falls, whatever a new owner says: records, chunk, part of the archive,
 * percentage.
 */
ybb_status ybb__jobstore_progress(ybb_jobstore *store, const ybb_lease *lease,
                                  const ybb_job_progress *progress, bool *cancel_wanted,
                                  ybb_error *error);
/* Records a published file, in the place of one recorded before under that number (0: the archive).
 */
ybb_status ybb__jobstore_file(ybb_jobstore *store, const ybb_lease *lease, const ybb_job_file *file,
                              ybb_error *error);
/* Ends the job: done (@outcome YBB_OK) or failed. Its files stay recorded. @warnings_json may be
 * NULL: those that it has. A second time, with the same lease, it changes nothing. */
ybb_status ybb__jobstore_end(ybb_jobstore *store, const ybb_lease *lease, const ybb_error *outcome,
                             double seconds, int64_t expires_at, const char *warnings_json,
                             ybb_error *error);
/* ybb__jobstore_file() and that, in one transaction. */
ybb_status ybb__jobstore_end_with_file(ybb_jobstore *store, const ybb_lease *lease,
                                       const ybb_job_file *file, const ybb_error *outcome,
                                       double seconds, int64_t expires_at,
                                       const char *warnings_json, ybb_error *error);
/* Gives it back to its place in the queue, to be claimed @pause_seconds from now at the earliest.
 * With
 * @why, a passing failure, it is failed for that reason when it was the last attempt, and *@ended;
 * one that is to be cancelled ends as YBB_CANCELLED. @why and @ended may be NULL. */
ybb_status ybb__jobstore_release(ybb_jobstore *store, const ybb_lease *lease, double pause_seconds,
                                 const ybb_error *why, bool *ended, ybb_error *error);

/* --- mail: jobstore_mail.c --- */

/* Whether there is mail to be sent now. It is from the end of its export on, in the same moment,
 * unless that was cancelled. */
ybb_status ybb__jobstore_mail_due(ybb_jobstore *store, bool *due, ybb_error *error);
/* Takes the mail that is due for the longest time, and the record of its export in zeroed *@out,
 * released by the caller. *@none where there is none. The owner has it until it says how it went,
 * leaves or dies; it has one at a time, and is given the one that it has again, so that an answer
 * that was lost leaves nothing behind. A mail that was begun too often fails here. YBB_LEASE_LOST
 * when the owner is not alive. */
ybb_status ybb__jobstore_mail_claim(ybb_jobstore *store, const char *token, ybb_lease *lease,
                                    ybb_job *out, bool *none, ybb_error *error);

typedef struct ybb_mail_outcome {
    const ybb_error *failure; /* its status YBB_OK: it was sent */
    bool again;               /* a failure that passes: unless it was the last attempt */
    double pause_seconds;     /* until then */
} ybb_mail_outcome;

/* How it went. *@state is what has become of it. YBB_LEASE_LOST, and nothing is changed, where
 * somebody else has it by now, or there is none any more. */
ybb_status ybb__jobstore_mail_end(ybb_jobstore *store, const ybb_lease *lease,
                                  const ybb_mail_outcome *outcome, ybb_mail_state *state,
                                  ybb_error *error);

/* --- operation --- */

typedef struct ybb_queue_class {
    uint64_t queued, running, limit;
} ybb_queue_class;

typedef struct ybb_queue_state {
    ybb_queue_class classes[YBB_PRIORITIES];
    ybb_queue_class large; /* normal and low together */
    uint64_t queued, max_queue_size;
    double oldest_seconds;                  /* how long the oldest one waits, by the wall clock */
    uint64_t owners_alive[YBB_OWNER_KINDS]; /* by their leases */
    uint64_t retry_seconds;                 /* when a place is likely to be free; 0: now */
} ybb_queue_state;

ybb_status ybb__jobstore_queue(ybb_jobstore *store, ybb_queue_state *out, ybb_error *error);

enum { YBB_STATS_TYPES = 16, YBB_STATS_NAME = 64 };

/* Exports that ended lately. */
typedef struct ybb_run_stats {
    uint64_t done, failed, cancelled;
    uint64_t records, bytes; /* of those done */
    double seconds;          /* likewise, the sum of their processing */
} ybb_run_stats;

typedef struct ybb_store_stats {
    uint64_t queued, running, done, failed, cancelled, expired; /* records there are */
    ybb_run_stats lately;                                       /* the last 7 days */
    ybb_run_stats by_class[YBB_PRIORITIES];
    struct {
        char name[YBB_STATS_NAME];
        ybb_run_stats stats;
    } by_type[YBB_STATS_TYPES]; /* the most frequent ones */
    uint32_t type_count;
    uint64_t failures_last_hour;
} ybb_store_stats;

ybb_status ybb__jobstore_stats(ybb_jobstore *store, ybb_store_stats *out, ybb_error *error);
/* Records a second of the last exports of 500 records or more: of the same type, format and
 * template; of the type; of any. 0 when nothing is known. */
ybb_status ybb__jobstore_speed(ybb_jobstore *store, const char *type, const char *format,
                               const char *template_name, double *records_a_second,
                               ybb_error *error);
/* Ids, at most @most, of ended exports, and of streams that nobody read, whose time is over, oldest
 * first: the caller removes their
 * files, then says ybb__jobstore_expire() of each. */
ybb_status ybb__jobstore_expired(ybb_jobstore *store, char (*ids)[YBB_ID_TEXT], uint32_t most,
                                 uint32_t *count, ybb_error *error);
/* The files are gone: the export ends as YBB_EXPIRED. One that is not due, or not there, stays. */
ybb_status ybb__jobstore_expire(ybb_jobstore *store, const char *id, ybb_error *error);
/* Forgets exports that expired more than @seconds ago. */
ybb_status ybb__jobstore_forget(ybb_jobstore *store, double seconds, uint64_t *count,
                                ybb_error *error);

/* The store's own log of what happened to jobs, from which its promises can be checked. Written in
 * the transaction that it tells of, behind the locks of what that changes: the events of a job are
 * in the order of their numbers, and so are those of a place (`place` numbers those of a class). */
typedef enum ybb_event_kind {
    YBB_EVENT_QUEUED,
    YBB_EVENT_CLAIMED,
    YBB_EVENT_TAKEN_OVER, /* claimed, from an owner that died */
    YBB_EVENT_FILE,
    YBB_EVENT_RELEASED,
    YBB_EVENT_LOST, /* its owner died */
    YBB_EVENT_ENDED,
    YBB_EVENT_RESUMED,
    YBB_EVENT_REMOVED,
    YBB_EVENT_EXPIRED
} ybb_event_kind;

typedef struct ybb_event {
    uint64_t number; /* from 1; some may be missing */
    ybb_event_kind kind;
    char job[YBB_ID_TEXT];
    char owner[YBB_ID_TEXT]; /* who worked; "" if nobody */
    ybb_priority priority;
    uint32_t place, large_place; /* that it took or gave back, from 1; 0: none */
    uint64_t fence;
    ybb_status status;  /* ENDED, RELEASED */
    uint32_t file;      /* FILE */
    int64_t store_time; /* microseconds of the store's clock */
    int64_t time;       /* microseconds UTC */
} ybb_event;

/* Events behind number @after, in their order, at most @most. */
ybb_status ybb__jobstore_events(ybb_jobstore *store, uint64_t after, ybb_event *out, uint32_t most,
                                uint32_t *count, ybb_error *error);

#endif
