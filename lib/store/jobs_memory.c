/*
 * Jobs in memory: they live as long as their process, for embedders without a store and for tests.
 */
#include "store/jobs.h"

#include <stdlib.h>
#include <string.h>

typedef struct entry {
    struct entry *next;
    ybb_job job;
} entry;

typedef struct memory {
    ybb_jobs jobs; /* first */
    entry *entries;
} memory;

static ybb_status find(ybb_jobs *jobs, const char *id, ybb_job **out, ybb_error *error)
{
    for (entry *item = ((memory *)jobs)->entries; item != NULL; item = item->next) {
        if (strcmp(item->job.id, id) == 0) {
            *out = &item->job;
            return YBB_OK;
        }
    }
    *out = NULL;
    return ybb__fail(error, YBB_NOT_FOUND, "there is no export \"%.64s\"", id);
}

static ybb_status insert(ybb_jobs *jobs, const ybb_job *job, ybb_error *error)
{
    entry *item = calloc(1, sizeof(*item));
    if (item == NULL || !ybb__job_copy(&item->job, job)) {
        free(item);
        return ybb__fail_memory(error);
    }
    item->next = ((memory *)jobs)->entries;
    ((memory *)jobs)->entries = item;
    return YBB_OK;
}

static ybb_status load(ybb_jobs *jobs, const char *id, ybb_job *out, ybb_error *error)
{
    ybb_job *job;
    ybb_status status = find(jobs, id, &job, error);
    if (status == YBB_OK && !ybb__job_copy(out, job))
        status = ybb__fail_memory(error);
    return status;
}

static ybb_status begin(ybb_jobs *jobs, const char *id, int64_t now, ybb_error *error)
{
    ybb_job *job;
    ybb_status status = find(jobs, id, &job, error);
    if (status == YBB_OK) {
        job->state = YBB_JOB_RUNNING;
        job->started_at = now;
    }
    return status;
}

static ybb_status planned(ybb_jobs *jobs, const char *id, const ybb_delivery *delivery,
                          const char *consistency, ybb_error *error)
{
    ybb_job *job;
    ybb_status status = find(jobs, id, &job, error);
    if (status != YBB_OK)
        return status;
    char *copy = strdup(consistency);
    if (copy == NULL)
        return ybb__fail_memory(error);
    free(job->consistency);
    job->consistency = copy;
    job->delivery = *delivery;
    job->planned = true;
    return YBB_OK;
}

static ybb_status progress(ybb_jobs *jobs, const char *id, const ybb_job_progress *told,
                           bool *cancel_wanted, ybb_error *error)
{
    ybb_job *job;
    ybb_status status = find(jobs, id, &job, error);
    if (status != YBB_OK)
        return status;
    job->stage = told->stage;
    job->records_processed = told->records_processed;
    job->current_chunk = told->current_chunk;
    job->archive_part = told->archive_part;
    job->memory_peak = told->memory_peak;
    *cancel_wanted = job->cancel_wanted;
    return YBB_OK;
}

static ybb_status add_file(ybb_jobs *jobs, const char *id, const ybb_job_file *file,
                           ybb_error *error)
{
    ybb_job *job;
    ybb_status status = find(jobs, id, &job, error);
    if (status != YBB_OK)
        return status;
    char *name = strdup(file->name);
    ybb_job_file *place = &job->archive;
    if (file->number > 0) {
        ybb_job_file *files = realloc(job->files, (job->file_count + 1) * sizeof(*files));
        if (files != NULL)
            job->files = files;
        place = files == NULL ? NULL : &files[job->file_count];
    }
    if (name == NULL || place == NULL) {
        free(name);
        return ybb__fail_memory(error);
    }
    *place = *file;
    place->name = name;
    job->file_count += file->number > 0 ? 1 : 0;
    return YBB_OK;
}

static void forget_files(ybb_job *job)
{
    for (uint32_t i = 0; i < job->file_count; i++)
        free(job->files[i].name);
    job->file_count = 0;
    free(job->archive.name);
    job->archive.name = NULL;
}

static ybb_status end(ybb_jobs *jobs, const char *id, const ybb_error *outcome, int64_t now,
                      double seconds, int64_t expires_at, ybb_error *error)
{
    ybb_job *job;
    ybb_status status = find(jobs, id, &job, error);
    if (status != YBB_OK)
        return status;
    job->outcome = *outcome;
    job->state = outcome->status == YBB_OK ? YBB_JOB_DONE : YBB_JOB_FAILED;
    job->ended_at = now;
    job->processing_seconds = seconds;
    job->expires_at = expires_at;
    if (job->state == YBB_JOB_FAILED)
        forget_files(job);
    return YBB_OK;
}

static ybb_status cancel(ybb_jobs *jobs, const char *id, ybb_error *error)
{
    ybb_job *job;
    ybb_status status = find(jobs, id, &job, error);
    if (status == YBB_OK)
        job->cancel_wanted = true;
    return status;
}

static void close_memory(ybb_jobs *jobs)
{
    memory *store = (memory *)jobs;
    for (entry *item = store->entries, *next; item != NULL; item = next) {
        next = item->next;
        ybb__job_release(&item->job);
        free(item);
    }
    free(store);
}

static const ybb_jobs_driver driver = {
    .insert = insert,
    .load = load,
    .begin = begin,
    .planned = planned,
    .progress = progress,
    .file = add_file,
    .end = end,
    .cancel = cancel,
    .close = close_memory,
};

ybb_jobs *ybb__jobs_memory_new(void)
{
    memory *store = calloc(1, sizeof(*store));
    if (store == NULL)
        return NULL;
    store->jobs.driver = &driver;
    return &store->jobs;
}
