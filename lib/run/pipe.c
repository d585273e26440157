#include "run/pipe.h"

#include "base/clock.h"
#include "pool/pool.h"

#include <stdlib.h>

enum { HELD_AT_MOST = 1024 * 1024, HELD_MICROSECONDS = 250 * 1000 };

struct ybb_pipe {
    ybb_sink sink; /* first: a sink is its pipe */
    ybb_monitor *monitor;
    /* the writer's */
    ybb_pipe_held_fn held;
    void *user;
    /* under the monitor */
    ybb_buffer filling; /* by the writer */
    bool complete;      /* the writer has written all */
    bool asked;         /* the reader has been given all, and nothing behind it */
    bool taken;         /* it has come back after that */
    bool finished, closed;
    ybb_error outcome;
    /* the reader's */
    ybb_buffer reading;
};

static bool is_full(const ybb_pipe *pipe)
{
    return pipe->filling.length >= HELD_AT_MOST && !pipe->closed;
}

/* Under the monitor. */
static ybb_status wait_for_room(ybb_pipe *pipe, ybb_error *error)
{
    ybb_status status = YBB_OK;
    int64_t now, until = ybb__clock_steady() + HELD_MICROSECONDS;
    while (is_full(pipe) && (now = ybb__clock_steady()) < until)
        (void)ybb__monitor_wait(pipe->monitor, until - now);
    if (is_full(pipe) && pipe->held != NULL) {
        ybb__monitor_unlock(pipe->monitor);
        status = pipe->held(pipe->user, error);
        ybb__monitor_lock(pipe->monitor);
    }
    while (status == YBB_OK && is_full(pipe))
        (void)ybb__monitor_wait(pipe->monitor, -1);
    return status;
}

static ybb_status put(ybb_pipe *pipe, const void *bytes, size_t length, ybb_error *error)
{
    ybb__monitor_lock(pipe->monitor);
    ybb_status status = wait_for_room(pipe, error);
    bool closed = pipe->closed;
    if (status == YBB_OK && !closed)
        ybb__buffer_put(&pipe->filling, bytes, length);
    bool failed = ybb__buffer_failed(&pipe->filling);
    ybb__monitor_signal(pipe->monitor);
    ybb__monitor_unlock(pipe->monitor);
    if (status != YBB_OK)
        return status;
    if (closed)
        return ybb__fail(error, YBB_CANCELLED, "the reader of the stream has gone");
    return failed ? ybb__fail_memory(error) : YBB_OK;
}

static ybb_status pipe_write(ybb_sink *sink, const void *bytes, size_t length, ybb_error *error)
{
    return length == 0 ? YBB_OK : put((ybb_pipe *)sink, bytes, length, error);
}

static ybb_status pipe_write_run(ybb_sink *sink, const ybb_run *run, ybb_error *error)
{
    return pipe_write(sink, run->bytes.at, run->bytes.length, error);
}

ybb_pipe *ybb__pipe_new(void)
{
    ybb_pipe *pipe = calloc(1, sizeof(*pipe));
    if (pipe == NULL)
        return NULL;
    pipe->sink = (ybb_sink){.write = pipe_write, .write_run = pipe_write_run};
    pipe->monitor = ybb__monitor_new();
    if (pipe->monitor == NULL) {
        free(pipe);
        return NULL;
    }
    return pipe;
}

void ybb__pipe_free(ybb_pipe *pipe)
{
    if (pipe == NULL)
        return;
    ybb__monitor_free(pipe->monitor);
    ybb__buffer_free(&pipe->filling);
    ybb__buffer_free(&pipe->reading);
    free(pipe);
}

ybb_sink *ybb__pipe_sink(ybb_pipe *pipe)
{
    return &pipe->sink;
}

void ybb__pipe_on_held(ybb_pipe *pipe, ybb_pipe_held_fn held, void *user)
{
    pipe->held = held;
    pipe->user = user;
}

ybb_status ybb__pipe_drain(ybb_pipe *pipe, ybb_error *error)
{
    ybb__monitor_lock(pipe->monitor);
    pipe->complete = true;
    ybb__monitor_signal(pipe->monitor);
    while (!pipe->taken && !pipe->closed)
        (void)ybb__monitor_wait(pipe->monitor, -1);
    bool taken = pipe->taken;
    ybb__monitor_unlock(pipe->monitor);
    return taken ? YBB_OK : ybb__fail(error, YBB_CANCELLED, "the reader of the stream has gone");
}

void ybb__pipe_finish(ybb_pipe *pipe, const ybb_error *outcome)
{
    ybb__monitor_lock(pipe->monitor);
    pipe->finished = true;
    pipe->outcome = *outcome;
    ybb__monitor_signal(pipe->monitor);
    ybb__monitor_unlock(pipe->monitor);
}

/* Under the monitor. */
static void swap_buffers(ybb_pipe *pipe)
{
    ybb_buffer read = pipe->reading;
    ybb__buffer_clear(&read);
    pipe->reading = pipe->filling;
    pipe->filling = read;
}

ybb_status ybb__pipe_read(ybb_pipe *pipe, int64_t microseconds, const char **at, size_t *length,
                          bool *ended, ybb_error *error)
{
    ybb_error outcome = {0};
    ybb__monitor_lock(pipe->monitor);
    pipe->taken = pipe->taken || pipe->asked;
    ybb__monitor_signal(pipe->monitor);
    if (pipe->filling.length == 0 && !pipe->finished && (!pipe->complete || pipe->taken))
        (void)ybb__monitor_wait(pipe->monitor, microseconds);
    swap_buffers(pipe);
    pipe->asked = pipe->complete && pipe->reading.length == 0;
    *ended = pipe->finished && pipe->reading.length == 0;
    if (*ended)
        outcome = pipe->outcome;
    ybb__monitor_signal(pipe->monitor);
    ybb__monitor_unlock(pipe->monitor);
    *at = pipe->reading.at;
    *length = pipe->reading.length;
    if (outcome.status != YBB_OK)
        ybb__error_copy(error, &outcome);
    return outcome.status;
}

void ybb__pipe_close(ybb_pipe *pipe)
{
    ybb__monitor_lock(pipe->monitor);
    pipe->closed = true;
    ybb__monitor_signal(pipe->monitor);
    ybb__monitor_unlock(pipe->monitor);
}

void ybb__pipe_join(ybb_pipe *pipe)
{
    ybb__monitor_lock(pipe->monitor);
    while (!pipe->finished)
        (void)ybb__monitor_wait(pipe->monitor, -1);
    ybb__monitor_unlock(pipe->monitor);
}

bool ybb__pipe_closed(ybb_pipe *pipe)
{
    ybb__monitor_lock(pipe->monitor);
    bool closed = pipe->closed;
    ybb__monitor_unlock(pipe->monitor);
    return closed;
}
