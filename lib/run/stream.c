/*
 * Reading a streamed export: a conductor of this process writes into a pipe, and the caller's own
 * thread hands the bytes on.
 */
#include "run/exporter_inner.h"

enum { LOOK_MICROSECONDS = 250 * 1000 };

/* Hands bytes on until the stream ends. A reader that leaves does not wait for the database. */
static ybb_status pump(ybb_pipe *pipe, ybb_crew *crew, const char *id, ybb_write_fn fn, void *user,
                       ybb_error *error)
{
    for (bool ended = false;;) {
        const char *at;
        size_t length;
        ybb_status status = ybb__pipe_read(pipe, LOOK_MICROSECONDS, &at, &length, &ended, error);
        if (ended || status != YBB_OK)
            return status;
        if (fn(at, length, user)) /* nothing at all asks whether it is still there */
            continue;
        ybb__pipe_close(pipe);
        ybb__crew_cancel(crew, id);
        ybb__pipe_join(pipe);
        return ybb__fail(error, YBB_CANCELLED, "the reader of the stream has gone");
    }
}

static ybb_status check_stream(ybb_exporter *exporter, const char *id, const char *owner,
                               ybb_error *error)
{
    ybb_job job = {0};
    ybb_status status = ybb__exporter_load(exporter, id, owner, &job, error);
    /* Whoever read it may have died: claiming finds out. */
    bool stream = job.on_demand, over = ybb__job_has_ended(&job);
    ybb__job_release(&job);
    if (status == YBB_OK && !stream)
        return ybb__fail(error, YBB_MISUSE, "export \"%s\" has files and is no stream", id);
    if (status == YBB_OK && over)
        return ybb__fail(error, YBB_NOT_RESUMABLE, "the stream of export \"%s\" was read before",
                         id);
    return status;
}

ybb_status ybb__exporter_stream(ybb_exporter *exporter, const char *id, const char *owner,
                                ybb_write_fn fn, void *user, ybb_error *error)
{
    ybb_crew *crew;
    ybb_status status = check_stream(exporter, id, owner, error);
    if (status == YBB_OK)
        status = ybb__exporter_crew(exporter, &crew, error);
    if (status != YBB_OK)
        return status;
    ybb_pipe *pipe = ybb__pipe_new();
    if (pipe == NULL)
        return ybb__fail_memory(error);
    status = ybb__crew_wake(crew, id, pipe, (ybb_counted){0}, error);
    if (status == YBB_OK)
        status = pump(pipe, crew, id, fn, user, error);
    ybb__pipe_free(pipe);
    return status;
}
