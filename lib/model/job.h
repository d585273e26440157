/*
 * model/job: the record of an export, as the store keeps it and as answers show it. Plain data.
 */
#ifndef YBB_MODEL_JOB_H
#define YBB_MODEL_JOB_H

#include "base/error.h"
#include "base/random.h"
#include "model/plan.h"

typedef enum ybb_job_state {
    YBB_JOB_QUEUED,
    YBB_JOB_RUNNING,
    YBB_JOB_DONE,
    YBB_JOB_FAILED /* outcome says why; CANCELLED and EXPIRED too */
} ybb_job_state;

typedef enum ybb_stage {
    YBB_STAGE_RETRIEVAL,
    YBB_STAGE_PROCESSING,
    YBB_STAGE_GENERATION,
    YBB_STAGE_COMPRESSION
} ybb_stage;

enum { YBB_MAIL_MESSAGE = 256 };

/* A published file. */
typedef struct ybb_job_file {
    uint32_t number; /* from 1; 0: the archive */
    char *name;      /* final name; owned by the job */
    char *shown;     /* that clients see; NULL: the same; owned */
    uint64_t bytes;
    uint64_t content_bytes; /* before gzip, or of all files in an archive */
    uint64_t first_record;  /* from 1; 0 where there is none */
    uint64_t records;
    uint32_t crc32;
    char sha256[65];
    char *last_key; /* of its last record, as the plan reads on behind it; NULL: none; owned */
} ybb_job_file;

typedef enum ybb_mail_state {
    YBB_MAIL_NONE,    /* none is wanted */
    YBB_MAIL_WAITING, /* for the export's end */
    YBB_MAIL_DUE,     /* to be sent, or to be tried again */
    YBB_MAIL_SENDING,
    YBB_MAIL_SENT,
    YBB_MAIL_FAILED, /* status says why; not tried again */
    YBB_MAIL_DROPPED /* nothing to be told of any more: the export was cancelled, or expired */
} ybb_mail_state;

/* The mail about an export. */
typedef struct ybb_job_mail {
    ybb_mail_state state;
    char *address; /* NULL: none; owned */
    ybb_language language;
    uint32_t number;   /* a resumed export has another mail than before; from 1 */
    uint32_t attempts; /* that were begun */
    int64_t next_at;   /* microseconds UTC: when it is tried again; 0: nothing is planned */
    int64_t sent_at;   /* 0: not yet */
    ybb_status status; /* of the last attempt that failed; YBB_OK: none has */
    char message[YBB_MAIL_MESSAGE];
} ybb_job_mail;

typedef struct ybb_job {
    char id[YBB_ID_TEXT];
    ybb_job_state state;
    ybb_error outcome; /* FAILED: why */
    bool cancel_wanted;
    char *owner;           /* who asked for it; NULL: nobody in particular; owned */
    char *idempotency_key; /* NULL: none; owned */
    char *request_json;    /* canonical; owned */
    /* What answers say of the request; owned. */
    char *export_type, *format, *template_name, *filters_json;
    char *warnings_json; /* array of {code, message, field}; NULL: none */
    char *consistency;   /* "snapshot"; NULL until known */

    int64_t program_id;         /* 0: of all programs, or of a type that has none */
    ybb_priority priority;      /* the class it waits and runs under, known from its start */
    uint64_t estimated_records; /* when it was asked for */
    uint64_t retention_days;
    bool on_demand;          /* runs while somebody reads it (a stream), never by itself */
    uint64_t queue_position; /* from 1; 0 when it is not queued */
    uint32_t attempts;       /* how many times somebody began to work on it */
    uint32_t takeovers;      /* how many of these ended with their process, since the last file */

    bool planned; /* delivery is known */
    ybb_delivery delivery;
    ybb_stage stage;
    uint64_t records_processed;
    uint32_t current_chunk;  /* from 1 */
    double archive_part;     /* of the archive, 0 to 1 */
    double least_percentage; /* what was shown before: answers show no less */

    int64_t created_at, started_at, ended_at, expires_at; /* microseconds UTC; 0: not yet */
    double processing_seconds;
    uint64_t memory_peak; /* bytes that the export's buffers held at most */

    ybb_job_file *files; /* owned; those published, by number */
    uint32_t file_count;
    ybb_job_file archive; /* name NULL: none yet */
    ybb_job_mail mail;
} ybb_job;

/* What a list of exports shows of one. */
typedef struct ybb_job_brief {
    ybb_job job;            /* without its request, filters, warnings, and files; owned */
    uint64_t number;        /* by which exports are ordered, a later one's is larger */
    uint64_t files, bytes;  /* published, the archive beside them */
    uint64_t archive_bytes; /* 0: there is none */
} ybb_job_brief;

/* What the owner of a running job tells of it. */
typedef struct ybb_job_progress {
    ybb_stage stage;
    uint64_t records_processed;
    uint32_t current_chunk;
    double archive_part; /* of the archive, 0 to 1 */
    uint64_t memory_peak;
} ybb_job_progress;

/* The name that clients see. Borrowed. */
const char *ybb__job_file_shown(const ybb_job_file *file);
/* Whether nobody works on it any more, or will unless it is resumed. */
bool ybb__job_has_ended(const ybb_job *job);
/* 0 to 100. */
double ybb__job_percentage(const ybb_job *job);

void ybb__job_release(ybb_job *job);
/* What a file owns is freed. */
void ybb__job_file_release(ybb_job_file *file);
/* False without memory; release @to in any case. */
bool ybb__job_file_copy(ybb_job_file *to, const ybb_job_file *from);
void ybb__job_briefs_release(ybb_job_brief *briefs, uint32_t count);
/* A deep copy into zeroed memory. False, and nothing copied, when memory is exhausted. */
bool ybb__job_copy(ybb_job *to, const ybb_job *from);

#endif
