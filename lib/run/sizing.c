/*
 * How many records a file of an export in batches is to have, by what its first records weigh.
 *
 * Before the first file is begun, and only where nobody asked for a size: batches that would be
 * larger than a file may be, or than the memory that the export may use, become smaller. The steps
 * are those of the configuration (medium_chunks, small_chunks), then what fits.
 */
#include "run/march.h"

enum { SAMPLE_ROWS = 512, ROUND = 1000, WHOLE = 100, TRUSTED = 90 /* percent of the limit */ };

/* A sink that takes everything and keeps nothing. */
static ybb_status drop(ybb_sink *sink, const void *bytes, size_t length, ybb_error *error)
{
    (void)sink, (void)bytes, (void)length, (void)error;
    return YBB_OK;
}

static ybb_status drop_run(ybb_sink *sink, const ybb_run *run, ybb_error *error)
{
    (void)sink, (void)run, (void)error;
    return YBB_OK;
}

/* What the slice's records weigh in a file. */
static ybb_status weigh(const ybb_march *m, const ybb_slice *slice, uint64_t *bytes,
                        ybb_error *error)
{
    const ybb_work *work = m->work;
    ybb_sink nowhere = {.write = drop, .write_run = drop_run};
    const ybb_file_plan plan = {.plan = work->plan,
                                .records = slice->main.rows,
                                .rows_per_sheet = UINT64_MAX,
                                .time = ybb__work_time(work)};
    ybb_encoder *encoder;
    ybb_piece piece = {0};
    ybb_status status =
        ybb__encoder_open(&encoder, &plan, &nowhere, ybb__folder_descriptor(work->folder), error);
    if (status == YBB_OK)
        status = ybb__encoder_look(encoder, slice, error);
    if (status == YBB_OK)
        status = ybb__encoder_encode(encoder, slice, &piece, error);
    *bytes = ybb__piece_bytes(&piece);
    ybb__piece_free(&piece);
    ybb__encoder_free(encoder);
    return status;
}

/* The largest of the usual sizes, or of thousands, that does not go beyond @most. */
static uint64_t step_down(const ybb_limits *limits, uint64_t chunk, uint64_t most)
{
    const uint64_t steps[] = {limits->medium_chunks, limits->small_chunks};
    for (size_t i = 0; i < sizeof(steps) / sizeof(steps[0]); i++)
        if (steps[i] < chunk && steps[i] <= most)
            return steps[i];
    uint64_t fits = most > ROUND ? most - most % ROUND : most;
    return fits > limits->min_chunk_size ? fits : limits->min_chunk_size;
}

static uint64_t records_in(uint64_t limit, uint64_t bytes, uint64_t records)
{
    uint64_t each = bytes / records + 1;
    return limit / WHOLE * TRUSTED / each;
}

static ybb_status sample(ybb_march *m, ybb_slice *slice, ybb_error *error)
{
    static const ybb_cursor_start beginning = {0};
    enum { SAMPLE_BYTES = 1024 * 1024 };
    uint64_t most = UINT64_MAX, bytes = 0;
    const ybb_request *request = m->work->request;
    const ybb_limits *limits = &m->work->shared->config->limits;
    ybb_delivery *delivery = &m->work->delivery;
    ybb_status status = ybb__cursor_next(m->cursor, slice, SAMPLE_ROWS, SAMPLE_BYTES, error);
    if (status == YBB_OK && slice->main.rows > 0)
        status = weigh(m, slice, &bytes, error);
    if (status == YBB_OK)
        status = ybb__cursor_rewind(m->cursor, &beginning, error);
    if (status != YBB_OK || slice->main.rows == 0)
        return status;
    if (limits->adaptive_chunk_sizing)
        most = records_in(request->max_file_size, bytes, slice->main.rows);
    uint64_t in_memory =
        records_in(request->memory_limit, ybb__slice_size(slice), slice->main.rows);
    if (limits->memory_based_chunking && in_memory < most)
        most = in_memory;
    if (most < delivery->chunk_size && most < delivery->records)
        ybb__delivery_rechunk(delivery, step_down(limits, delivery->chunk_size, most));
    return YBB_OK;
}

ybb_status ybb__size_batches(ybb_march *m, ybb_error *error)
{
    const ybb_work *work = m->work;
    const ybb_limits *limits = &work->shared->config->limits;
    ybb_slice slice = {0};
    if (m->kept > 0 || work->folder == NULL || work->delivery.strategy != YBB_MULTI_FILE ||
        work->delivery.grouped || work->delivery.records == 0 || work->request->chunk_size != 0 ||
        !(limits->adaptive_chunk_sizing || limits->memory_based_chunking))
        return YBB_OK;
    ybb_status status = sample(m, &slice, error);
    ybb__slice_free(&slice);
    return status;
}
