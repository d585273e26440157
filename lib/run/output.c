#include "run/output.h"

#include "pack/gzip.h"
#include "run/repairs.h"

#include <stdatomic.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

struct ybb_output_parts {
    ybb_arena arena; /* the name */
    ybb_file *file;
    ybb_gzip *gzip; /* NULL: not gzipped */
    ybb_file_plan plan;
    ybb_readback *readback;
    atomic_flag reading_back;  /* by a thread, right now */
    _Atomic uint64_t readable; /* bytes that are in the file by now */
    ybb_folder *folder;        /* the export's */
    ybb_repairs repairs;
    ybb_format format;
    ybb_pool *pool;
    ybb_task preparation; /* of the encoder */
    ybb_encoder *encoder;
    ybb_error unprepared; /* why */
};

static void prepare(ybb_task *task)
{
    struct ybb_output_parts *parts =
        (struct ybb_output_parts *)((char *)task - offsetof(struct ybb_output_parts, preparation));
    (void)ybb__encoder_prepare(parts->encoder, &parts->unprepared);
}

/* While the first rows are read. */
static void begin_preparing(ybb_output *output, ybb_pool *pool)
{
    struct ybb_output_parts *parts = output->parts;
    if (pool == NULL || !ybb__encoder_prepares(output->encoder))
        return;
    parts->pool = pool;
    parts->encoder = output->encoder;
    parts->preparation.run = prepare;
    (void)ybb__pool_submit(pool, &parts->preparation); /* else the look does it */
}

static ybb_container container_of(const ybb_output_context *context, bool gzipped)
{
    if (gzipped)
        return YBB_CONTAINER_GZIP;
    return context->plan->request->format == YBB_EXCEL ? YBB_CONTAINER_ZIP : YBB_CONTAINER_NONE;
}

/* Where the container's bytes go. */
static ybb_sink *bottom_of(const ybb_output *output, const ybb_output_context *context)
{
    return context->stream != NULL ? context->stream : ybb__file_sink(output->parts->file);
}

static ybb_status open_file(ybb_output *output, const ybb_output_context *context, ybb_error *error)
{
    struct ybb_output_parts *parts = output->parts;
    const ybb_naming naming = {context->plan->request, context->delivery, context->time};
    char *name =
        context->delivery->split
            ? ybb__split_file_name(&parts->arena, context->plan->request->format, output->number)
            : ybb__file_name(&parts->arena, &naming, output->number, &output->chunk);
    parts->format = context->plan->request->format;
    if (name == NULL)
        return ybb__fail_memory(error);
    output->result.name = name;
    ybb_status status = YBB_OK;
    if (context->stream == NULL)
        status = ybb__file_begin(&parts->file, context->folder, name, error);
    if (status != YBB_OK || context->delivery->compression != YBB_COMPRESSION_GZIP)
        return status;
    name[strlen(name) - strlen(".gz")] = '\0'; /* the member's name is the content's */
    parts->gzip = ybb__gzip_new(bottom_of(output, context), name, context->time);
    name[strlen(name)] = '.';
    return parts->gzip != NULL ? YBB_OK : ybb__fail_memory(error);
}

static ybb_status open_encoder(ybb_output *output, const ybb_output_context *context,
                               ybb_error *error)
{
    struct ybb_output_parts *parts = output->parts;
    bool gzipped = parts->gzip != NULL;
    ybb_container container = container_of(context, gzipped);
    ybb_sink *sink = gzipped ? ybb__gzip_sink(parts->gzip) : bottom_of(output, context);
    int spools = context->folder != NULL ? ybb__folder_descriptor(context->folder) : -1;
    parts->folder = context->folder;
    parts->plan = (ybb_file_plan){
        .plan = context->plan,
        .first_record = output->chunk.first_record,
        .records = output->chunk.records,
        .first_subtotal = output->chunk.first_subtotal,
        .subtotals = output->chunk.subtotals,
        .rows_per_sheet = context->delivery->rows_per_sheet,
        .time = context->time,
        .gzipped = gzipped,
        .may_end_early = context->may_cut,
        .batch = context->delivery->strategy == YBB_MULTI_FILE,
    };
    if (parts->file != NULL)
        parts->readback = ybb__readback_new(ybb__file_descriptor(parts->file), container);
    if (parts->file != NULL && parts->readback == NULL)
        return ybb__fail_memory(error);
    return ybb__encoder_open(&output->encoder, &parts->plan, sink, spools, error);
}

ybb_status ybb__output_begin(ybb_output **out, const ybb_output_context *context, uint32_t number,
                             const ybb_chunk *chunk, ybb_error *error)
{
    *out = NULL;
    ybb_output *output = calloc(1, sizeof(*output));
    if (output != NULL)
        output->parts = calloc(1, sizeof(*output->parts));
    if (output == NULL || output->parts == NULL) {
        free(output);
        return ybb__fail_memory(error);
    }
    atomic_flag_clear(&output->parts->reading_back);
    output->number = number;
    output->chunk = *chunk;
    output->rows = output->chunk.records + output->chunk.subtotals;
    ybb_status status = open_file(output, context, error);
    if (status == YBB_OK)
        status = open_encoder(output, context, error);
    if (status != YBB_OK) {
        ybb__output_free(output);
        return status;
    }
    begin_preparing(output, context->pool);
    *out = output;
    return YBB_OK;
}

ybb_status ybb__output_look(ybb_output *output, const ybb_slice *slice, ybb_error *error)
{
    struct ybb_output_parts *parts = output->parts;
    output->looked = true;
    if (parts->pool != NULL)
        ybb__pool_finish(parts->pool, &parts->preparation);
    if (parts->unprepared.status != YBB_OK) {
        ybb__error_copy(error, &parts->unprepared);
        return parts->unprepared.status;
    }
    return ybb__encoder_look(output->encoder, slice, error);
}

ybb_status ybb__output_commit(ybb_output *output, const ybb_piece *piece, ybb_error *error)
{
    struct ybb_output_parts *parts = output->parts;
    output->committed += piece->rows;
    ybb_status status = ybb__encoder_commit(output->encoder, piece, error);
    uint64_t written;
    uint32_t crc;
    if (parts->file != NULL && ybb__file_sums(parts->file, &written, &crc))
        atomic_store_explicit(&parts->readable, written, memory_order_release);
    if (status == YBB_OK && parts->folder != NULL)
        status = ybb__repairs_add(&parts->repairs, piece, parts->plan.plan, parts->folder,
                                  output->result.name, error);
    return status;
}

void ybb__output_read_back(ybb_output *output)
{
    struct ybb_output_parts *parts = output->parts;
    if (parts->readback == NULL || atomic_flag_test_and_set(&parts->reading_back))
        return;
    ybb__readback_advance(parts->readback,
                          atomic_load_explicit(&parts->readable, memory_order_acquire));
    atomic_flag_clear(&parts->reading_back);
}

ybb_status ybb__output_cut(ybb_output *output, uint64_t more, ybb_error *error)
{
    struct ybb_output_parts *parts = output->parts;
    char *name = ybb__split_file_name(&parts->arena, parts->format, output->number);
    if (name == NULL)
        return ybb__fail_memory(error);
    output->result.name = name;
    output->rows = output->committed + more;
    output->chunk.records = output->rows;
    parts->plan.records = output->rows;
    ybb_status status = ybb__file_rename(parts->file, name, error);
    return status == YBB_OK ? ybb__repairs_rename(&parts->repairs, parts->folder, name, error)
                            : status;
}

ybb_status ybb__output_close(ybb_output *output, ybb_error *error)
{
    if (output->committed != output->rows)
        return ybb__fail(error, YBB_INTERNAL, "file %u has %llu of its %llu rows", output->number,
                         (unsigned long long)output->committed, (unsigned long long)output->rows);
    struct ybb_output_parts *parts = output->parts;
    ybb_status status = ybb__encoder_close(output->encoder, error);
    output->notes = *ybb__encoder_notes(output->encoder);
    if (status == YBB_OK && parts->gzip != NULL) {
        output->result.content_bytes = ybb__gzip_content_length(parts->gzip);
        status = ybb__gzip_finish(parts->gzip, error);
    }
    if (status == YBB_OK && parts->file != NULL)
        status = ybb__file_flush(parts->file, error);
    if (status == YBB_OK && parts->file != NULL)
        status = ybb__repairs_close(&parts->repairs, parts->folder, output->result.name, error);
    ybb__encoder_free(output->encoder); /* its buffers are not needed for publishing */
    output->encoder = NULL;
    return status;
}

/* Holds what the disk gives back against what was handed to it; for plain files nothing else would.
 */
static ybb_status check_sums(const ybb_file *file, const ybb_digest *digest, ybb_error *error)
{
    uint64_t bytes;
    uint32_t crc;
    if (!ybb__file_sums(file, &bytes, &crc) || (bytes == digest->bytes && crc == digest->crc32))
        return YBB_OK;
    return ybb__fail(error, YBB_OUTPUT_CORRUPT, "%s does not read back as it was written",
                     ybb__file_path(file));
}

ybb_status ybb__publish(ybb_file *file, ybb_readback *readback, ybb_job_file *result,
                        ybb_error *error)
{
    ybb_digest digest;
    ybb_status status = ybb__readback_finish(readback, &digest, error);
    if (status == YBB_OK)
        status = check_sums(file, &digest, error);
    if (status == YBB_OK)
        status = ybb__file_commit(file, error);
    if (status != YBB_OK)
        return status;
    result->bytes = digest.bytes;
    result->crc32 = digest.crc32;
    memcpy(result->sha256, digest.sha256, sizeof(result->sha256));
    return YBB_OK;
}

ybb_status ybb__output_publish(ybb_output *output, ybb_error *error)
{
    struct ybb_output_parts *parts = output->parts;
    ybb_job_file *result = &output->result;
    ybb_status status = ybb__repairs_publish(&parts->repairs, error);
    if (status == YBB_OK && parts->file != NULL)
        status = ybb__publish(parts->file, parts->readback, result, error);
    if (status != YBB_OK)
        return status;
    if (parts->gzip == NULL)
        result->content_bytes = result->bytes;
    result->number = output->number;
    result->records = output->chunk.records;
    result->first_record = output->chunk.records > 0 ? output->chunk.first_record + 1 : 0;
    return YBB_OK;
}

void ybb__output_free(ybb_output *output)
{
    if (output == NULL)
        return;
    if (output->parts->pool != NULL &&
        !ybb__pool_withdraw(output->parts->pool, &output->parts->preparation))
        ybb__pool_finish(output->parts->pool, &output->parts->preparation);
    ybb__encoder_free(output->encoder);
    ybb__gzip_free(output->parts->gzip);
    ybb__readback_free(output->parts->readback);
    ybb__repairs_free(&output->parts->repairs);
    ybb__file_free(output->parts->file);
    ybb__arena_free(&output->parts->arena);
    free(output->last_key);
    free(output->parts);
    free(output);
}
