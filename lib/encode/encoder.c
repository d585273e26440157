#include "encode/encoder.h"

#include "encode/formats.h"

#include <stdlib.h>
#include <string.h>

static const ybb_encoder_format *const formats[] = {
    &ybb__xlsx_format,
    &ybb__csv_format,
#ifdef HAVE_PDF
    &ybb__pdf_format,
#endif
};

const ybb_encoder_format *ybb__encoder_format(ybb_format format)
{
    for (size_t i = 0; i < sizeof(formats) / sizeof(formats[0]); i++)
        if (formats[i]->format == format)
            return formats[i];
    return NULL;
}

ybb_status ybb__encoder_open(ybb_encoder **out, const ybb_file_plan *file, ybb_sink *sink,
                             int spool_directory, ybb_error *error)
{
    *out = NULL;
    const ybb_encoder_format *format = ybb__encoder_format(file->plan->request->format);
    if (format == NULL)
        return ybb__fail(error, YBB_UNSUPPORTED, "this build writes no files of format %s",
                         ybb__format_name(file->plan->request->format));
    return format->open(out, file, sink, spool_directory, error);
}

uint32_t ybb__encoder_slice_rows(const ybb_request *request)
{
    const ybb_encoder_format *format = ybb__encoder_format(request->format);
    return format != NULL && format->slice_rows != NULL ? format->slice_rows(request) : UINT32_MAX;
}

bool ybb__encoder_prepares(const ybb_encoder *encoder)
{
    return encoder->format->prepare != NULL && !encoder->prepared;
}

ybb_status ybb__encoder_prepare(ybb_encoder *encoder, ybb_error *error)
{
    bool prepares = ybb__encoder_prepares(encoder);
    encoder->prepared = true;
    return prepares ? encoder->format->prepare(encoder, error) : YBB_OK;
}

ybb_status ybb__encoder_look(ybb_encoder *encoder, const ybb_slice *slice, ybb_error *error)
{
    ybb_status status = ybb__encoder_prepare(encoder, error);
    if (status != YBB_OK || encoder->format->look == NULL)
        return status;
    return encoder->format->look(encoder, slice, error);
}

uint32_t ybb__encoder_fitting(const ybb_encoder *encoder, const ybb_piece *piece)
{
    return encoder->format->fitting != NULL ? encoder->format->fitting(encoder, piece)
                                            : piece->records;
}

ybb_status ybb__encoder_encode(const ybb_encoder *encoder, const ybb_slice *slice, ybb_piece *piece,
                               ybb_error *error)
{
    ybb_status status = ybb__piece_begin(piece, error);
    if (status != YBB_OK)
        return status;
    piece->records = slice->main.rows;
    piece->rows = slice->main.rows + slice->subtotals.rows;
    return encoder->format->encode(encoder, slice, piece, error);
}

static void count_repairs(ybb_notes *notes, const ybb_buffer *repairs)
{
    uint64_t *const counts[] = {&notes->moved,       &notes->cleaned, &notes->guarded,
                                &notes->missing_cjk, &notes->missing, &notes->cramped};
    for (size_t at = 0; at < repairs->length; at += sizeof(ybb_repair)) {
        ybb_repair repair;
        memcpy(&repair, repairs->at + at, sizeof(repair));
        ++*counts[repair.kind];
    }
}

ybb_status ybb__encoder_commit(ybb_encoder *encoder, const ybb_piece *piece, ybb_error *error)
{
    ybb_status status = encoder->format->commit(encoder, piece, error);
    if (status != YBB_OK)
        return status;
    count_repairs(&encoder->notes, &piece->repairs);
    encoder->bytes += ybb__piece_bytes(piece);
    return YBB_OK;
}

/* What is packed later becomes a fifth or a quarter of its size, or less. */
uint64_t ybb__piece_bytes(const ybb_piece *piece)
{
    enum { OVERFLOW_PACKED = 5, PAGES_PACKED = 4 };
    uint64_t bytes = piece->overflow.length / OVERFLOW_PACKED + piece->unpacked / PAGES_PACKED;
    for (unsigned i = 0; i < YBB_PIECE_RUNS; i++)
        bytes += piece->runs[i].bytes.length;
    return bytes;
}

uint64_t ybb__encoder_bytes(const ybb_encoder *encoder)
{
    return encoder->bytes;
}

ybb_status ybb__encoder_close(ybb_encoder *encoder, ybb_error *error)
{
    return encoder->format->close(encoder, error);
}

const ybb_notes *ybb__encoder_notes(const ybb_encoder *encoder)
{
    return &encoder->notes;
}

void ybb__encoder_free(ybb_encoder *encoder)
{
    if (encoder != NULL)
        encoder->format->free(encoder);
}

ybb_status ybb__piece_begin(ybb_piece *piece, ybb_error *error)
{
    piece->records = piece->rows = 0;
    piece->unpacked = 0;
    ybb__buffer_clear(&piece->repairs);
    ybb__buffer_clear(&piece->overflow);
    for (unsigned i = 0; i < YBB_PIECE_RUNS; i++) {
        ybb__run_clear(&piece->runs[i]);
        ybb__buffer_clear(&piece->raw[i]);
    }
    if (piece->deflate == NULL)
        piece->deflate = ybb__deflate_new();
    return piece->deflate != NULL ? YBB_OK : ybb__fail_memory(error);
}

void ybb__piece_repair(ybb_piece *piece, ybb_repair_kind kind, uint64_t record, uint32_t column)
{
    const ybb_repair repair = {record, column, kind};
    ybb__buffer_put(&piece->repairs, &repair, sizeof(repair));
}

ybb_status ybb__piece_pack(ybb_piece *piece, unsigned run, ybb_chain chain, ybb_error *error)
{
    const ybb_buffer *raw = &piece->raw[run];
    if (ybb__buffer_failed(raw) || ybb__buffer_failed(&piece->repairs))
        return ybb__fail_memory(error);
    return ybb__run_pack(&piece->runs[run], piece->deflate, chain, raw->at, raw->length,
                         &piece->stored, error);
}

void ybb__piece_free(ybb_piece *piece)
{
    if (piece == NULL)
        return;
    for (unsigned i = 0; i < YBB_PIECE_RUNS; i++) {
        ybb__run_free(&piece->runs[i]);
        ybb__buffer_free(&piece->raw[i]);
    }
    ybb__buffer_free(&piece->overflow);
    ybb__buffer_free(&piece->repairs);
    ybb__buffer_free(&piece->scratch);
    ybb__buffer_free(&piece->stored);
    ybb__deflate_free(piece->deflate);
    free(piece->memory);
    if (piece->desk != NULL)
        piece->free_desk(piece->desk);
    ybb__timezone_free(piece->zone);
    *piece = (ybb_piece){0};
}

size_t ybb__piece_size(const ybb_piece *piece)
{
    size_t size = piece->overflow.capacity + piece->repairs.capacity + piece->scratch.capacity +
                  piece->stored.capacity + piece->memory_size + piece->desk_size;
    for (unsigned i = 0; i < YBB_PIECE_RUNS; i++)
        size += piece->runs[i].bytes.capacity + piece->raw[i].capacity;
    return size;
}
