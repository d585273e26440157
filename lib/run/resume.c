#include "run/resume.h"

#include "run/repairs.h"

#include <stdio.h>
#include <string.h>

uint32_t ybb__resume_count(const ybb_work *work)
{
    const ybb_job *job = &work->job;
    uint32_t count = 0;
    if (!job->planned || work->folder == NULL)
        return 0;
    while (count < job->file_count && job->files[count].number == count + 1 &&
           (job->files[count].last_key != NULL || job->delivery.files == 1) &&
           ybb__folder_has(work->folder, job->files[count].name, job->files[count].bytes,
                           job->files[count].crc32))
        count++;
    return count;
}

ybb_cursor_start ybb__resume_start(const ybb_work *work, uint32_t kept)
{
    ybb_cursor_start start = {0};
    for (uint32_t i = 0; i < kept; i++)
        start.before += work->job.files[i].records;
    if (kept > 0)
        start.behind = work->job.files[kept - 1].last_key;
    return start;
}

bool ybb__resume_fits(const ybb_work *work, uint32_t kept, const ybb_chunk *chunks)
{
    const ybb_delivery *now = &work->delivery, *before = &work->job.delivery;
    if (kept == 0 || now->files != before->files || now->records != before->records)
        return kept == 0;
    for (uint32_t i = 0; i < kept; i++)
        if (chunks[i].records != work->job.files[i].records)
            return false;
    return true;
}

void ybb__resume_consistency(char out[YBB_CONSISTENCY_TEXT], uint32_t kept)
{
    if (kept == 0)
        snprintf(out, YBB_CONSISTENCY_TEXT, "snapshot");
    else
        snprintf(out, YBB_CONSISTENCY_TEXT, "resumed:%u", kept + 1);
}

void ybb__resume_notes(const ybb_work *work, uint32_t kept, ybb_notes *notes)
{
    for (uint32_t i = 0; i < kept; i++)
        ybb__repairs_count(work->folder, work->job.files[i].name, notes);
}
