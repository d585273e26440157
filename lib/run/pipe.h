/*
 * run/pipe: the bytes of a streamed export on their way from the conductor to the reader's thread.
 *
 * It holds little, so a reader that pauses holds the conductor back, and with it the reading of the
 * database. One thread writes, one reads.
 */
#ifndef YBB_RUN_PIPE_H
#define YBB_RUN_PIPE_H

#include "pack/sink.h"

typedef struct ybb_pipe ybb_pipe;

/* NULL: no memory. */
ybb_pipe *ybb__pipe_new(void);
/* After both ends are closed, or were never used. */
void ybb__pipe_free(ybb_pipe *pipe);

/* --- the writer --- */

/* Where a container is written to. Waits for room; YBB_CANCELLED when the reader has closed. */
ybb_sink *ybb__pipe_sink(ybb_pipe *pipe);
/* What the writer does, on its own thread, where it has waited for room for a while: once each
 * time. A failure ends the waiting, and is the write's. */
typedef ybb_status (*ybb_pipe_held_fn)(void *user, ybb_error *error);
/* Before the first write. */
void ybb__pipe_on_held(ybb_pipe *pipe, ybb_pipe_held_fn held, void *user);
/* All bytes are written: waits until the reader has taken them and looked once more.
 * YBB_CANCELLED when it has closed instead. */
ybb_status ybb__pipe_drain(ybb_pipe *pipe, ybb_error *error);
/* Nothing more comes: @outcome YBB_OK is the end of a whole file. The pipe is the reader's alone
 * behind this. */
void ybb__pipe_finish(ybb_pipe *pipe, const ybb_error *outcome);

/* --- the reader --- */

/* Waits for bytes, at most @microseconds, and borrows them at *@at until the next call. *@length is
 * 0 where none came in time, once behind the last, and where *@ended: then @error has how. */
ybb_status ybb__pipe_read(ybb_pipe *pipe, int64_t microseconds, const char **at, size_t *length,
                          bool *ended, ybb_error *error);
/* Nobody reads on: the writer, waiting or not, learns of it. @threads any */
void ybb__pipe_close(ybb_pipe *pipe);
bool ybb__pipe_closed(ybb_pipe *pipe);
/* Waits until the writer has finished. */
void ybb__pipe_join(ybb_pipe *pipe);

#endif
