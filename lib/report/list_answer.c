#include "report/list_answer.h"

#include "report/answer.h"
#include "report/recovery.h"

/* Why it failed; null where it has not. */
static void put_outcome(ybb_answer item, const ybb_job *job, const ybb_response_context *context)
{
    bool failed = job->state == YBB_JOB_FAILED;
    ybb__answer_text(item, "error_code", failed ? ybb__status_name(job->outcome.status) : NULL);
    ybb__answer_text(item, "message", failed ? job->outcome.message : NULL);
    ybb__answer_bool(item, "resumable",
                     failed && ybb__recovery(&job->outcome, job, context->limits).resume);
}

static void put_times(ybb_answer item, const ybb_job *job)
{
    ybb__answer_time(item, "created_at", job->created_at);
    ybb__answer_time(item, "ended_at", job->ended_at);
    ybb__answer_time(item, "expires_at", job->expires_at);
}

static void put_export(ybb_answer item, const ybb_job_brief *brief,
                       const ybb_response_context *context)
{
    const ybb_job *job = &brief->job;
    ybb__answer_text(item, "export_id", job->id);
    ybb__answer_text(item, "owner", job->owner);
    ybb__answer_text(item, "status", ybb__job_status_word(job));
    put_outcome(item, job, context);
    ybb__answer_text(item, "export_type", job->export_type);
    ybb__answer_text(item, "format", job->format);
    ybb__answer_text(item, "template", job->template_name);
    ybb__answer_program(item, job);
    ybb__answer_text(item, "export_strategy", ybb__job_strategy_name(job));
    ybb__answer_double(item, "percentage", ybb__job_percentage(job));
    ybb__answer_u64(item, "total_records", ybb__job_records(job));
    ybb__answer_u64(item, "completed_files", brief->files);
    /* one has all that is to be downloaded */
    ybb__answer_size(item, "file_size",
                     brief->archive_bytes > 0 ? brief->archive_bytes : brief->bytes);
    put_times(item, job);
}

char *ybb__answer_list(const ybb_job_brief *jobs, uint32_t count, uint32_t most,
                       const ybb_response_context *context)
{
    bool failed;
    ybb_answer answer = ybb__answer_begin(&failed);
    ybb__answer_text(answer, "status", "success");
    ybb_answer data = ybb__answer_object(answer, "data");
    ybb_answer exports = ybb__answer_array(data, "exports");
    uint32_t shown = count < most ? count : most;
    for (uint32_t i = 0; i < shown; i++)
        put_export(ybb__answer_item(exports), &jobs[i], context);
    if (count > shown && shown > 0)
        ybb__answer_u64(data, "next", jobs[shown - 1].number);
    else
        ybb__answer_text(data, "next", NULL);
    return ybb__answer_end(answer);
}
