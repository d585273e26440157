/*
 * run/output: one file of an export, from its first byte to its publication.
 *
 * The conductor begins an output, encoders (any thread) read its encoder, the conductor commits
 * their pieces and closes it; publishing then touches nothing but the file and may run on any
 * thread.
 */
#ifndef YBB_RUN_OUTPUT_H
#define YBB_RUN_OUTPUT_H

#include "encode/encoder.h"
#include "model/job.h"
#include "pack/readback.h"
#include "pool/pool.h"
#include "store/files.h"

typedef struct ybb_output {
    uint32_t number;    /* from 1 */
    ybb_chunk chunk;    /* what it is to hold */
    uint64_t rows;      /* the same in rows: records and subtotals */
    uint64_t committed; /* rows in it by now */
    bool looked;        /* ybb__output_look() was called */
    char *last_key;     /* of its last record, once that is read; owned */
    ybb_notes notes;    /* of the rows in it; final once it is closed */
    ybb_encoder *encoder;
    ybb_job_file result; /* valid after publishing; its name is the plan's */
    struct ybb_output_parts *parts;
} ybb_output;

/* What all outputs of an export share. Borrowed. */
typedef struct ybb_output_context {
    const ybb_plan *plan;
    const ybb_delivery *delivery;
    ybb_folder *folder;
    ybb_pool *pool;   /* where encoders prepare; NULL: nowhere */
    ybb_sink *stream; /* where the one file of a stream goes; NULL: to the folder */
    bool may_cut;     /* ybb__output_cut() may be called */
    int64_t time;     /* the export's start */
} ybb_output_context;

/* @chunk: what it is to hold. */
ybb_status ybb__output_begin(ybb_output **out, const ybb_output_context *context, uint32_t number,
                             const ybb_chunk *chunk, ybb_error *error);
/* Shows its encoder the first slice, see ybb__encoder_look(). */
ybb_status ybb__output_look(ybb_output *output, const ybb_slice *slice, ybb_error *error);
/* Only @more records will follow what is committed, and how many files there will be is not known:
 * it gets a name without that. Where the context says so, and for files without subtotals. */
ybb_status ybb__output_cut(ybb_output *output, uint64_t more, ybb_error *error);
ybb_status ybb__output_commit(ybb_output *output, const ybb_piece *piece, ybb_error *error);
/* Reads back what was committed by now, unless another thread is at that: so publishing has less
 * to read. @threads any, while the output is not closed. */
void ybb__output_read_back(ybb_output *output);
/* Writes the end of the containers. */
ybb_status ybb__output_close(ybb_output *output, ybb_error *error);
/* Reads the rest of the file back, makes it durable and gives it its name. Fills result. @threads
 * any. */
ybb_status ybb__output_publish(ybb_output *output, ybb_error *error);
/* Removes the file unless it was published. */
void ybb__output_free(ybb_output *output);

/* Publishes a file if it reads back as it was written, and gives its sums; for outputs and the
 * archive. */
ybb_status ybb__publish(ybb_file *file, ybb_readback *readback, ybb_job_file *result,
                        ybb_error *error);

#endif
