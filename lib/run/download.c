/*
 * Where a finished file is, for whoever sends it to a client.
 */
#include "run/exporter_inner.h"

#include "store/files.h"

#include <stdlib.h>
#include <string.h>

/* The file that @number asks for, or NULL. */
static const ybb_job_file *find(const ybb_job *job, int number)
{
    bool single = job->planned && job->delivery.strategy != YBB_MULTI_FILE;
    if (number == YBB_DOWNLOAD_FILE && job->archive.name == NULL && single && job->file_count == 1)
        return &job->files[0];
    if (number == YBB_DOWNLOAD_FILE || number == YBB_DOWNLOAD_ARCHIVE)
        return job->archive.name != NULL ? &job->archive : NULL;
    for (uint32_t i = 0; i < job->file_count; i++)
        if ((int64_t)job->files[i].number == number)
            return &job->files[i];
    return NULL;
}

/* Whether that file may yet come. How many batches there will be is known at the end. */
static bool is_awaited(const ybb_job *job, int number)
{
    bool batches = job->delivery.strategy == YBB_MULTI_FILE;
    if (ybb__job_has_ended(job) || job->on_demand)
        return false;
    if (!job->planned || (number > 0 && batches))
        return true;
    if (number > 0)
        return number == 1;
    return job->delivery.archive || (number == YBB_DOWNLOAD_FILE && !batches);
}

static ybb_status fail_missing(const ybb_job *job, int number, ybb_error *error)
{
    if (job->state == YBB_JOB_FAILED && job->outcome.status == YBB_EXPIRED)
        return ybb__fail(error, YBB_EXPIRED, "the files of export \"%s\" have expired", job->id);
    if (is_awaited(job, number))
        return ybb__fail(error, YBB_NOT_READY, "that file of export \"%s\" is not finished yet",
                         job->id);
    if (number > 0)
        return ybb__fail(error, YBB_NOT_FOUND, "export \"%s\" has no batch %d", job->id, number);
    return ybb__fail(error, YBB_NOT_FOUND, "export \"%s\" has no %s", job->id,
                     number == YBB_DOWNLOAD_ARCHIVE ? "archive" : "single file");
}

/* What a client is told that the bytes are: a batch is what its archive holds, not an archive. */
static const char *media_type_of(const ybb_job *job, const ybb_job_file *file)
{
    ybb_compression packed = file == &job->archive ? YBB_COMPRESSION_ZIP
                             : job->delivery.compression == YBB_COMPRESSION_GZIP
                                 ? YBB_COMPRESSION_GZIP
                                 : YBB_COMPRESSION_NONE;
    return ybb__content_type(job->format, packed);
}

static ybb_status fill(ybb_found_file *out, const ybb_exporter *exporter, const ybb_job *job,
                       const ybb_job_file *file, ybb_error *error)
{
    ybb_buffer path = {0};
    ybb__buffer_put_text(&path, exporter->config.out);
    ybb__buffer_put_char(&path, '/');
    ybb__buffer_put_text(&path, job->id);
    ybb__buffer_put_char(&path, '/');
    ybb__buffer_put_text(&path, file->name);
    out->path = ybb__buffer_take(&path);
    out->name = strdup(ybb__job_file_shown(file));
    out->media_type = media_type_of(job, file);
    out->bytes = file->bytes;
    return out->path != NULL && out->name != NULL ? YBB_OK : ybb__fail_memory(error);
}

/* Half a file is never handed out as a whole one. */
static ybb_status look(ybb_found_file *out, ybb_exporter *exporter, const char *id,
                       const char *owner, int number, ybb_error *error)
{
    ybb_job job = {0};
    ybb_status status = ybb__exporter_load(exporter, id, owner, &job, error);
    if (status == YBB_OK && exporter->config.out == NULL)
        status = ybb__fail(error, YBB_INVALID_CONFIG, "no output folder (out) is configured");
    if (status == YBB_OK) {
        const ybb_job_file *file = find(&job, number);
        status = file == NULL ? fail_missing(&job, number, error)
                              : ybb__folder_check_file(exporter->config.out, id, file->name,
                                                       file->bytes, error);
        if (status == YBB_OK)
            status = fill(out, exporter, &job, file, error);
    }
    ybb__job_release(&job);
    return status;
}

ybb_status ybb__exporter_download(ybb_found_file *out, ybb_exporter *exporter, const char *id,
                                  const char *owner, int number, ybb_error *error)
{
    ybb_error why = {0};
    ybb_status status = look(out, exporter, id, owner, number, &why);
    if (status == YBB_OUTPUT_CORRUPT) { /* unless the export expired, or the file was made anew */
        why = (ybb_error){0};
        status = look(out, exporter, id, owner, number, &why);
    }
    if (status != YBB_OK)
        ybb__error_copy(error, &why);
    return status;
}
