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

/* NULL where there is none. */
static ybb_job *look_up(ybb_jobs *jobs, const char *id)
{
    for (entry *item = ((memory *)jobs)->entries; item != NULL; item = item->next)
        if (strcmp(item->job.id, id) == 0)
            return &item->job;
    return NULL;
}

static ybb_status find(ybb_jobs *jobs, const char *id, ybb_job **out, ybb_error *error)
{
    *out = look_up(jobs, id);
    if (*out == NULL)
        return ybb__fail(error, YBB_NOT_FOUND, "there is no export \"%.64s\"", id);
    return YBB_OK;
}

static bool has_ended(const ybb_job *job)
{
    return job->state == YBB_JOB_DONE || job->state == YBB_JOB_FAILED;
}

/* The job, which is to be in @state. */
static ybb_status find_in(ybb_jobs *jobs, const char *id, ybb_job_state state, ybb_job **out,
                          ybb_error *error)
{
    ybb_status status = find(jobs, id, out, error);
    if (status == YBB_OK && (*out)->state != state)
        return ybb__fail(error, YBB_STORE_ERROR, "export \"%.64s\" is not %s", id,
                         state == YBB_JOB_QUEUED ? "queued" : "running");
    return status;
}

static ybb_status insert(ybb_jobs *jobs, const ybb_job *job, ybb_error *error)
{
    if (look_up(jobs, job->id) != NULL)
        return ybb__fail(error, YBB_STORE_ERROR, "there is an export \"%.64s\" already", job->id);
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
    ybb_status status = find_in(jobs, id, YBB_JOB_QUEUED, &job, error);
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
    ybb_status status = find_in(jobs, id, YBB_JOB_RUNNING, &job, error);
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
    ybb_status status = find_in(jobs, id, YBB_JOB_RUNNING, &job, error);
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

/* Where the file of that number is or belongs; files are kept in the order of their numbers. */
static uint32_t place_of(const ybb_job *job, uint32_t number)
{
    uint32_t place = job->file_count;
    while (place > 0 && job->files[place - 1].number >= number)
        place--;
    return place;
}

/* Makes room at @place. False without memory. */
static bool open_place(ybb_job *job, uint32_t place)
{
    ybb_job_file *files = realloc(job->files, (job->file_count + (size_t)1) * sizeof(*files));
    if (files == NULL)
        return false;
    memmove(&files[place + 1], &files[place], (job->file_count - place) * sizeof(*files));
    files[place] = (ybb_job_file){0};
    job->files = files;
    job->file_count++;
    return true;
}

/* A file told of again, as after a resumption, takes the place of the one before. */
static ybb_job_file *place_for(ybb_job *job, uint32_t number)
{
    if (number == 0)
        return &job->archive;
    uint32_t place = place_of(job, number);
    bool is_there = place < job->file_count && job->files[place].number == number;
    return is_there || open_place(job, place) ? &job->files[place] : NULL;
}

static ybb_status add_file(ybb_jobs *jobs, const char *id, const ybb_job_file *file,
                           ybb_error *error)
{
    ybb_job *job;
    ybb_status status = find_in(jobs, id, YBB_JOB_RUNNING, &job, error);
    if (status != YBB_OK)
        return status;
    char *name = strdup(file->name);
    ybb_job_file *place = name == NULL ? NULL : place_for(job, file->number);
    if (place == NULL) {
        free(name);
        return ybb__fail_memory(error);
    }
    free(place->name);
    *place = *file;
    place->name = name;
    place->last_key = NULL;
    return YBB_OK;
}

static void forget_files(ybb_job *job)
{
    for (uint32_t i = 0; i < job->file_count; i++)
        free(job->files[i].name);
    job->file_count = 0;
    free(job->archive.name);
    job->archive = (ybb_job_file){0};
}

/* A job may end before it began: it could not be begun. */
static ybb_status warn(ybb_jobs *jobs, const char *id, const char *warnings_json, ybb_error *error)
{
    ybb_job *job;
    ybb_status status = find(jobs, id, &job, error);
    if (status != YBB_OK)
        return status;
    char *copy = strdup(warnings_json);
    if (copy == NULL)
        return ybb__fail_memory(error);
    free(job->warnings_json);
    job->warnings_json = copy;
    return YBB_OK;
}

static ybb_status end(ybb_jobs *jobs, const char *id, const ybb_error *outcome, int64_t now,
                      double seconds, int64_t expires_at, ybb_error *error)
{
    ybb_job *job;
    ybb_status status = find(jobs, id, &job, error);
    if (status == YBB_OK && has_ended(job))
        return ybb__fail(error, YBB_STORE_ERROR, "export \"%.64s\" has ended already", id);
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
    if (status == YBB_OK && !has_ended(job))
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
    .warn = warn,
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
