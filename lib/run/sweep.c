/*
 * Clearing up: files whose time is over, and those that nobody will ever ask for.
 *
 * What is removed is certain to be ours (the folder's name is an export's id) and to be wanted by
 * nobody: expired; not in the record of an export that is done; under a temporary name, of one that
 * failed; or of an export without a record, for an hour. A failed export may be resumed at any
 * moment, so what it has under final names stays until it expires.
 */
#include "run/exporter_inner.h"

#include "report/small_answers.h"
#include "run/repairs.h"

#include <string.h>

enum { AT_ONCE = 64 };

static const double unknown_seconds = 3600;
static const double forget_seconds = 30.0 * 24 * 3600; /* records of what expired */

typedef struct sweeping {
    ybb_exporter *exporter;
    ybb_ledger *clients;
    ybb_swept *swept;
    ybb_removed removed; /* in all */
    ybb_error *error;
    ybb_status status;
} sweeping;

static ybb_status expire(sweeping *s, const char *id)
{
    ybb_status status = ybb__folder_remove(s->exporter->config.out, id, &s->removed, s->error);
    if (status != YBB_OK)
        return status;
    s->swept->expired_exports++;
    return ybb__ledger_leave(s->clients,
                             ybb__jobstore_expire(ybb__ledger_enter(s->clients), id, s->error));
}

static ybb_status expire_all(sweeping *s)
{
    char ids[AT_ONCE][YBB_ID_TEXT];
    uint32_t count = AT_ONCE;
    ybb_status status = YBB_OK;
    while (status == YBB_OK && count == AT_ONCE) {
        status =
            ybb__ledger_leave(s->clients, ybb__jobstore_expired(ybb__ledger_enter(s->clients), ids,
                                                                AT_ONCE, &count, s->error));
        for (uint32_t i = 0; status == YBB_OK && i < count; i++)
            status = expire(s, ids[i]);
    }
    if (status == YBB_OK)
        status = ybb__ledger_leave(
            s->clients, ybb__jobstore_forget(ybb__ledger_enter(s->clients), forget_seconds,
                                             &s->swept->forgotten_records, s->error));
    return status;
}

static bool is_file_of(const char *name, const ybb_job_file *file)
{
    return file->name != NULL &&
           (strcmp(name, file->name) == 0 || ybb__repairs_is_of(name, file->name));
}

static bool is_recorded(const char *name, void *user)
{
    const ybb_job *job = user;
    bool recorded = is_file_of(name, &job->archive);
    for (uint32_t i = 0; !recorded && i < job->file_count; i++)
        recorded = is_file_of(name, &job->files[i]);
    return recorded;
}

/* Whether nobody will ever work on it again. */
static bool is_final(const ybb_job *job)
{
    return job->state == YBB_JOB_DONE || job->outcome.status == YBB_EXPIRED;
}

/* Files of an ended export that nobody needs. What somebody writes who resumes it at this moment is
 * of a later turn. */
static ybb_status clean_folder(sweeping *s, ybb_job *job)
{
    ybb_folder *folder;
    uint64_t before = s->removed.files;
    ybb_status status = ybb__folder_open(&folder, s->exporter->config.out, job->id, s->error);
    if (status != YBB_OK)
        return status;
    ybb__folder_set_turn(folder, job->attempts);
    status = is_final(job) ? ybb__folder_keep(folder, is_recorded, job, &s->removed, s->error)
                           : ybb__folder_clear(folder, &s->removed, s->error);
    s->swept->temporary_files += s->removed.files - before;
    if (status == YBB_OK)
        ybb__folder_sweep(folder); /* takes an empty folder away */
    ybb__folder_close(folder);
    return status;
}

static ybb_status look_at(sweeping *s, const char *id, double age)
{
    ybb_job job = {0};
    ybb_error missing = {0};
    ybb_status status = ybb__exporter_load(s->exporter, id, NULL, &job, &missing);
    if (status == YBB_NOT_FOUND) {
        status = YBB_OK;
        if (age > unknown_seconds) {
            status = ybb__folder_remove(s->exporter->config.out, id, &s->removed, s->error);
            s->swept->unknown_folders++;
        }
    } else if (status != YBB_OK) {
        ybb__error_copy(s->error, &missing);
    } else if (ybb__job_has_ended(&job)) {
        status = clean_folder(s, &job);
    }
    ybb__job_release(&job);
    return status;
}

static bool visit(const char *id, double age, void *user)
{
    sweeping *s = user;
    s->status = look_at(s, id, age);
    return s->status == YBB_OK;
}

ybb_status ybb__exporter_sweep(char **json, ybb_exporter *exporter, ybb_error *error)
{
    ybb_swept swept = {0};
    sweeping s = {.exporter = exporter, .swept = &swept, .error = error};
    *json = NULL;
    ybb_status status = ybb__exporter_clients(exporter, &s.clients, error);
    if (status == YBB_OK && exporter->config.out == NULL)
        status = ybb__fail(error, YBB_INVALID_CONFIG, "no output folder (out) is configured");
    if (status == YBB_OK)
        status = expire_all(&s);
    if (status == YBB_OK)
        status = ybb__folders_visit(exporter->config.out, visit, &s, error);
    if (status == YBB_OK)
        status = s.status;
    if (status != YBB_OK)
        return status;
    swept.bytes = s.removed.bytes;
    *json = ybb__answer_swept(&swept);
    return *json != NULL ? YBB_OK : ybb__fail_memory(error);
}
