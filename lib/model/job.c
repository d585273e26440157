#include "model/job.h"

#include <stdlib.h>
#include <string.h>

void ybb__job_file_release(ybb_job_file *file)
{
    free(file->name);
    free(file->shown);
    free(file->last_key);
    file->name = file->shown = file->last_key = NULL;
}

bool ybb__job_has_ended(const ybb_job *job)
{
    return job->state == YBB_JOB_DONE || job->state == YBB_JOB_FAILED;
}

const char *ybb__job_file_shown(const ybb_job_file *file)
{
    return file->shown != NULL ? file->shown : file->name;
}

/* By the rows up to the archive's and the last sync's share; by the archive behind it. */
static double measured_percentage(const ybb_job *job)
{
    static const double rows_share = 99;
    if (!job->planned)
        return 0;
    if (job->delivery.records == 0)
        return rows_share;
    double rows = 100 * (double)job->records_processed / (double)job->delivery.records;
    return rows < rows_share ? rows : rows_share + 0.9 * job->archive_part;
}

double ybb__job_percentage(const ybb_job *job)
{
    if (job->state == YBB_JOB_DONE)
        return 100;
    double measured = measured_percentage(job);
    return measured > job->least_percentage ? measured : job->least_percentage;
}

void ybb__job_release(ybb_job *job)
{
    if (job == NULL)
        return;
    free(job->owner);
    free(job->idempotency_key);
    free(job->request_json);
    free(job->export_type);
    free(job->format);
    free(job->template_name);
    free(job->filters_json);
    free(job->warnings_json);
    free(job->consistency);
    for (uint32_t i = 0; job->files != NULL && i < job->file_count; i++)
        ybb__job_file_release(&job->files[i]);
    free(job->files);
    ybb__job_file_release(&job->archive);
    free(job->mail.address);
    *job = (ybb_job){0};
}

void ybb__job_briefs_release(ybb_job_brief *briefs, uint32_t count)
{
    for (uint32_t i = 0; i < count; i++)
        ybb__job_release(&briefs[i].job);
}

/* NULL is copied as NULL. */
static bool copy_text(char **to, const char *from)
{
    *to = from == NULL ? NULL : strdup(from);
    return from == NULL || *to != NULL;
}

static bool copy_texts(ybb_job *to, const ybb_job *from)
{
    return copy_text(&to->owner, from->owner) &&
           copy_text(&to->idempotency_key, from->idempotency_key) &&
           copy_text(&to->request_json, from->request_json) &&
           copy_text(&to->export_type, from->export_type) && copy_text(&to->format, from->format) &&
           copy_text(&to->template_name, from->template_name) &&
           copy_text(&to->filters_json, from->filters_json) &&
           copy_text(&to->warnings_json, from->warnings_json) &&
           copy_text(&to->consistency, from->consistency) &&
           copy_text(&to->mail.address, from->mail.address);
}

bool ybb__job_file_copy(ybb_job_file *to, const ybb_job_file *from)
{
    *to = *from;
    to->name = to->shown = to->last_key = NULL;
    return copy_text(&to->name, from->name) && copy_text(&to->shown, from->shown) &&
           copy_text(&to->last_key, from->last_key);
}

static bool copy_files(ybb_job *to, const ybb_job *from)
{
    if (!ybb__job_file_copy(&to->archive, &from->archive))
        return false;
    if (from->file_count == 0)
        return true;
    to->files = calloc(from->file_count, sizeof(*to->files));
    if (to->files == NULL)
        return false;
    to->file_count = from->file_count;
    for (uint32_t i = 0; i < to->file_count; i++)
        if (!ybb__job_file_copy(&to->files[i], &from->files[i]))
            return false;
    return true;
}

bool ybb__job_copy(ybb_job *to, const ybb_job *from)
{
    *to = *from;
    /* Nothing owned is shared, wherever the copying ends. */
    to->owner = to->idempotency_key = NULL;
    to->request_json = to->export_type = to->format = to->template_name = NULL;
    to->filters_json = to->warnings_json = to->consistency = NULL;
    to->files = NULL;
    to->file_count = 0;
    to->mail.address = NULL;
    to->archive.name = to->archive.shown = to->archive.last_key = NULL;
    if (copy_texts(to, from) && copy_files(to, from))
        return true;
    ybb__job_release(to);
    return false;
}
