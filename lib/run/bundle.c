#include "run/bundle.h"

#include "base/clock.h"
#include "base/text.h"
#include "pack/archive.h"
#include "report/response.h"
#include "run/output.h"
#include "run/repairs.h"
#include "run/warnings.h"

#include <stdlib.h>
#include <string.h>

static const char manifest_name[] = "manifest.json";

typedef struct teller {
    ybb_work *work;
    ybb_error *error;
} teller;

static bool tell(double part, void *user)
{
    teller *to = user;
    to->work->progress.archive_part = part;
    return ybb__work_tell(to->work, false, to->error) == YBB_OK;
}

/* Files as they are published, by their paths, and the manifest last. */
static ybb_archive_entry *list_entries(ybb_arena *arena, const ybb_job *job,
                                       const ybb_folder *folder, const char *manifest_path)
{
    ybb_archive_entry *entries =
        ybb__arena_array(arena, (size_t)job->file_count + 1, sizeof(*entries));
    if (entries == NULL)
        return NULL;
    bool packed =
        strcmp(job->format, "csv") != 0 || job->delivery.compression == YBB_COMPRESSION_GZIP;
    for (uint32_t i = 0; i < job->file_count; i++) {
        ybb_buffer path = {0};
        ybb__buffer_put_text(&path, ybb__folder_path(folder));
        ybb__buffer_put_char(&path, '/');
        ybb__buffer_put_text(&path, job->files[i].name);
        const char *text = ybb__buffer_text(&path);
        entries[i] =
            (ybb_archive_entry){.name = ybb__job_file_shown(&job->files[i]), .packed = packed};
        entries[i].path = text == NULL ? NULL : ybb__arena_text(arena, text);
        ybb__buffer_free(&path);
        if (entries[i].path == NULL)
            return NULL;
    }
    entries[job->file_count] = (ybb_archive_entry){.name = manifest_name, .path = manifest_path};
    return entries;
}

/* The manifest with the ledger of repaired cells, which can be long, as a file that is never
 * published. */
static ybb_status write_manifest(ybb_file **out, const ybb_job *job, ybb_folder *folder,
                                 ybb_error *error)
{
    static const char begin[] = ",\n  \"repairs\":[", close[] = "\n  ]\n}\n";
    char *manifest = ybb__manifest(job);
    if (manifest == NULL)
        return ybb__fail_memory(error);
    ybb_status status = ybb__file_begin(out, folder, manifest_name, error);
    size_t body =
        (size_t)(strrchr(manifest, '}') - manifest); /* the object is closed behind the ledger */
    while (body > 0 && manifest[body - 1] == '\n')
        body--;
    ybb_sink *sink = status == YBB_OK ? ybb__file_sink(*out) : NULL;
    if (status == YBB_OK)
        status = sink->write(sink, manifest, body, error);
    if (status == YBB_OK)
        status = sink->write(sink, begin, strlen(begin), error);
    bool some = false;
    for (uint32_t i = 0; status == YBB_OK && i < job->file_count; i++)
        status = ybb__repairs_copy(*out, folder, job->files[i].name,
                                   ybb__job_file_shown(&job->files[i]), &some, error);
    if (status == YBB_OK)
        status = sink->write(sink, close, strlen(close), error);
    if (status == YBB_OK)
        status = ybb__file_flush(*out, error);
    free(manifest);
    return status;
}

/* Two exports of the same rows have equal archives but for their ids and starts in the manifest. */
static ybb_status make(const ybb_job *job, ybb_folder *folder, int64_t time, ybb_file *file,
                       teller *to, ybb_error *error)
{
    ybb_arena arena = {0};
    ybb_file *manifest = NULL;
    const ybb_archive_entry *entries = NULL;
    ybb_status status = write_manifest(&manifest, job, folder, error);
    if (status == YBB_OK) {
        entries = list_entries(&arena, job, folder, ybb__file_path(manifest));
        status = entries != NULL ? YBB_OK : ybb__fail_memory(error);
    }
    if (status == YBB_OK)
        status = ybb__archive_make(ybb__file_path(file), entries, (size_t)job->file_count + 1, time,
                                   tell, to, error);
    ybb__file_free(manifest);
    ybb__arena_free(&arena);
    return status;
}

static ybb_status record(ybb_work *work, const ybb_job *job, ybb_job_file *archive,
                         ybb_error *error)
{
    ybb_ledger *ledger = work->shared->ledger;
    archive->number = 0;
    for (uint32_t i = 0; i < job->file_count; i++) {
        archive->content_bytes += job->files[i].content_bytes;
        archive->records += job->files[i].records;
    }
    return ybb__ledger_leave(
        ledger, ybb__jobstore_file(ybb__ledger_enter(ledger), &work->lease, archive, error));
}

/* The record gets them when the export ends; the manifest has them before. */
static ybb_status add_warnings(const ybb_work *work, ybb_job *job, ybb_error *error)
{
    free(job->warnings_json);
    job->warnings_json =
        ybb__export_warnings(work->request, &work->delivery, &work->notes, work->large_files);
    return job->warnings_json != NULL ? YBB_OK : ybb__fail_memory(error);
}

static ybb_status load(const ybb_work *work, ybb_job *job, ybb_error *error)
{
    ybb_ledger *ledger = work->shared->ledger;
    return ybb__ledger_leave(
        ledger, ybb__jobstore_load(ybb__ledger_enter(ledger), work->job.id, NULL, job, error));
}

/* Whoever took the export over by now has removed the archive, or begins with that. */
static ybb_status publish(ybb_work *work, ybb_file *file, ybb_job_file *archive, ybb_error *error)
{
    ybb_status status = ybb__file_adopt(file, error);
    if (status == YBB_OK)
        status = ybb__work_tell(work, true, error);
    if (status != YBB_OK)
        return status;
    ybb_readback *readback = ybb__readback_new(ybb__file_descriptor(file), YBB_CONTAINER_ZIP);
    status =
        readback != NULL ? ybb__publish(file, readback, archive, error) : ybb__fail_memory(error);
    ybb__readback_free(readback);
    return status;
}

ybb_status ybb__bundle(ybb_work *work, ybb_error *error)
{
    teller to = {work, error};
    ybb_arena arena = {0};
    ybb_job job = {0};
    ybb_file *file = NULL;
    ybb_job_file archive = {0};
    int64_t time = ybb__work_time(work), begun = ybb__clock_steady();
    work->progress.stage = YBB_STAGE_COMPRESSION;
    ybb_status status = load(work, &job, error);
    if (status == YBB_OK)
        status = add_warnings(work, &job, error);
    if (status == YBB_OK) {
        const ybb_naming naming = {work->request, &job.delivery, time};
        archive.name = ybb__archive_name(&arena, &naming);
        status = archive.name != NULL ? YBB_OK : ybb__fail_memory(error);
    }
    if (status == YBB_OK)
        status = ybb__file_reserve(&file, work->folder, archive.name, error);
    if (status == YBB_OK)
        status = make(&job, work->folder, time, file, &to, error);
    if (status == YBB_OK)
        status = publish(work, file, &archive, error);
    if (status == YBB_OK)
        status = record(work, &job, &archive, error);
    work->times.compression_seconds = (double)(ybb__clock_steady() - begun) / 1e6;
    ybb__file_free(file);
    ybb__job_release(&job);
    ybb__arena_free(&arena);
    return status;
}
