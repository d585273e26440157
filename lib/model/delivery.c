/*
 * How a number of records is delivered: spec.md's strategy rules, chunk sizes and time limits.
 */
#include "model/plan.h"

#include "model/delivery_groups.h"

enum { MOST_FILES = 100000 };

static const uint64_t seconds_per_minute = 60;

const char *ybb__strategy_name(ybb_strategy strategy)
{
    static const char *const names[] = {"immediate_single",  "background_single",
                                        "compressed_single", "multi_file",
                                        "streaming",         "single"};
    return names[strategy];
}

const char *ybb__priority_name(ybb_priority priority)
{
    static const char *const names[] = {"immediate", "high", "normal", "low"};
    return names[priority];
}

const char *ybb__format_extension(ybb_format format)
{
    static const char *const extensions[] = {"xlsx", "csv", "pdf"};
    return extensions[format];
}

static uint64_t smaller(uint64_t a, uint64_t b)
{
    return a < b ? a : b;
}

static uint64_t times(uint64_t a, uint64_t b)
{
    uint64_t product;
    return __builtin_mul_overflow(a, b, &product) ? UINT64_MAX : product;
}

static ybb_priority priority_of(const ybb_queue_limits *queue, uint64_t records)
{
    ybb_priority priority = YBB_IMMEDIATE;
    while (priority < YBB_LOW && records >= queue->below[priority])
        priority++;
    return priority;
}

/* 0 stands for no limit. */
static uint64_t timeout_of(const struct ybb_config *config, ybb_priority priority)
{
    uint64_t class = config->queue.timeout_minutes[priority];
    uint64_t all = config->limits.max_processing_time_minutes;
    uint64_t minutes = class == 0 ? all : all == 0 ? class : smaller(class, all);
    return times(minutes, seconds_per_minute);
}

static uint64_t rows_per_sheet(ybb_format format, const ybb_limits *limits)
{
    static const uint64_t header = 1;
    if (format != YBB_EXCEL)
        return UINT64_MAX;
    uint64_t rows = limits->excel_max_rows_per_sheet;
    return rows > header ? rows - header : 1;
}

/* Rows that one file can hold at all. */
static uint64_t file_capacity(ybb_format format, const ybb_limits *limits)
{
    if (format != YBB_EXCEL)
        return UINT64_MAX;
    uint64_t sheets = limits->excel_max_sheets_per_file;
    return times(rows_per_sheet(format, limits), sheets > 0 ? sheets : 1);
}

/* Whether a record may take a page. */
static bool has_long_texts(const ybb_request *request)
{
    for (uint32_t i = 0; i < request->column_count; i++)
        if (request->columns[i].field->wrap)
            return true;
    return false;
}

/* Whether the rules put @records into one file. A template's limit may be met, the configuration's
 * not: spec.md has "< 25000" beside the templates' "max". */
static bool fits_single(const ybb_request *request, const ybb_limits *limits, uint64_t records)
{
    if (request->format == YBB_PDF && records > limits->pdf_max_pages && has_long_texts(request))
        return false;
    if (request->template_ != NULL && request->template_->max_records_single_file > 0)
        return records <= request->template_->max_records_single_file;
    return records < limits->max_records_single_file;
}

static ybb_strategy auto_strategy(const ybb_request *request, const struct ybb_config *config,
                                  uint64_t records, uint64_t rows)
{
    const ybb_limits *limits = &config->limits;
    if (rows > file_capacity(request->format, limits) || !fits_single(request, limits, records))
        return YBB_MULTI_FILE;
    if (records < limits->max_records_immediate_processing)
        return YBB_IMMEDIATE_SINGLE;
    /* A file that is not to be compressed is not called compressed. */
    if (records < limits->background_below || request->compression == YBB_COMPRESSION_NONE)
        return YBB_BACKGROUND_SINGLE;
    return YBB_COMPRESSED_SINGLE;
}

static ybb_strategy strategy_of(const ybb_request *request, const struct ybb_config *config,
                                uint64_t records, uint64_t rows)
{
    switch (request->strategy) {
    case YBB_WISH_SINGLE:
        return YBB_SINGLE;
    case YBB_WISH_MULTI_FILE:
        return YBB_MULTI_FILE;
    case YBB_WISH_COMPRESSED:
        return request->compression == YBB_COMPRESSION_NONE ? YBB_SINGLE : YBB_COMPRESSED_SINGLE;
    case YBB_WISH_STREAMING:
        return YBB_STREAMING;
    case YBB_WISH_AUTO:
        break;
    }
    return auto_strategy(request, config, records, rows);
}

/* The table's chunk: the rows of spec.md that are multi-file by themselves, and
 * `default_chunk_size` where the request made a smaller export one. */
static uint64_t table_chunk(const ybb_request *request, const struct ybb_config *config,
                            uint64_t records)
{
    const ybb_limits *limits = &config->limits;
    bool large = records >= limits->small_chunks_below;
    if (!large && fits_single(request, limits, records))
        return limits->default_chunk_size;
    if (request->format == YBB_CSV)
        return limits->csv_recommended_chunk_size;
    return large ? limits->large_chunks : limits->small_chunks;
}

/* The first that is given. options.batch_size is in request->chunk_size already. */
static uint64_t chunk_of(const ybb_request *request, const struct ybb_config *config,
                         uint64_t records)
{
    uint64_t chunk = request->chunk_size;
    if (chunk == 0 && request->template_ != NULL)
        chunk = request->template_->recommended_chunk_size;
    if (chunk == 0)
        chunk = table_chunk(request, config, records);
    chunk = smaller(chunk, config->limits.max_chunk_size);
    chunk = smaller(chunk, file_capacity(request->format, &config->limits));
    return chunk > 0 ? chunk : 1;
}

static ybb_status plan_batches(ybb_delivery *delivery, const ybb_request *request,
                               const struct ybb_config *config, ybb_error *error)
{
    uint64_t records = delivery->records;
    uint64_t chunk = chunk_of(request, config, records);
    uint64_t files = records == 0 ? 1 : (records - 1) / chunk + 1;
    if (files > MOST_FILES) {
        ybb__fail(error, YBB_TOO_LARGE, "%llu records in chunks of %llu would be %llu files",
                  (unsigned long long)records, (unsigned long long)chunk,
                  (unsigned long long)files);
        ybb__error_blame(error, "large_dataset_options.chunk_size", NULL, "at most 100000 files",
                         NULL);
        return YBB_TOO_LARGE;
    }
    delivery->chunk_size = chunk;
    delivery->files = (uint32_t)files;
    delivery->archive = !request->create_zip_archive_given || request->create_zip_archive;
    delivery->compression = delivery->archive ? YBB_COMPRESSION_ZIP : YBB_COMPRESSION_NONE;
    return YBB_OK;
}

void ybb__delivery_rechunk(ybb_delivery *delivery, uint64_t chunk_size)
{
    uint64_t least = delivery->records / MOST_FILES + 1;
    delivery->chunk_size = chunk_size > least ? chunk_size : least;
    delivery->files =
        (uint32_t)(delivery->records == 0 ? 1 : (delivery->records - 1) / delivery->chunk_size + 1);
}

/* One file is archived by `compression: "zip"` alone: `create_zip_archive` is about batches, and a
 * client that sends it with every request wants a small export as it is. */
static ybb_status plan_single(ybb_delivery *delivery, const ybb_request *request,
                              const struct ybb_config *config, uint64_t rows, ybb_error *error)
{
    uint64_t capacity = file_capacity(request->format, &config->limits);
    if (rows > capacity) {
        ybb__fail(error, YBB_TOO_LARGE, "one file can hold %llu %s, not %llu",
                  (unsigned long long)capacity, rows == delivery->records ? "records" : "rows",
                  (unsigned long long)rows);
        ybb__error_blame(error, "large_dataset_options.strategy", NULL, "\"multi_file\", \"auto\"",
                         "multi_file");
        return YBB_TOO_LARGE;
    }
    delivery->chunk_size = UINT64_MAX;
    delivery->files = 1;
    delivery->compression = request->compression;
    if (delivery->compression == YBB_COMPRESSION_DEFAULT)
        delivery->compression = delivery->strategy == YBB_COMPRESSED_SINGLE ? YBB_COMPRESSION_GZIP
                                                                            : YBB_COMPRESSION_NONE;
    if (delivery->strategy == YBB_STREAMING && delivery->compression == YBB_COMPRESSION_ZIP)
        delivery->compression = YBB_COMPRESSION_NONE; /* an archive needs files that are whole */
    delivery->archive = delivery->compression == YBB_COMPRESSION_ZIP;
    return YBB_OK;
}

/* @rows: records and subtotals. */
static ybb_status plan_rows(ybb_delivery *out, const ybb_request *request,
                            const struct ybb_config *config, uint64_t records, uint64_t rows,
                            ybb_error *error)
{
    ybb_delivery delivery = {
        .records = records,
        .priority = priority_of(&config->queue, records),
        .strategy = strategy_of(request, config, records, rows),
        .rows_per_sheet = rows_per_sheet(request->format, &config->limits),
    };
    delivery.timeout_seconds = timeout_of(config, delivery.priority);
    ybb_status status = delivery.strategy == YBB_MULTI_FILE
                            ? plan_batches(&delivery, request, config, error)
                            : plan_single(&delivery, request, config, rows, error);
    if (status != YBB_OK)
        return status;
    uint64_t sheet = smaller(smaller(rows, delivery.chunk_size), delivery.rows_per_sheet);
    delivery.long_sheet =
        (request->format == YBB_EXCEL && sheet > config->limits.excel_recommended_rows_per_sheet) ||
        (request->format == YBB_PDF && records > config->limits.pdf_max_rows_recommended);
    *out = delivery;
    return YBB_OK;
}

ybb_status ybb__delivery_plan(ybb_delivery *out, const ybb_request *request,
                              const struct ybb_config *config, uint64_t records, ybb_error *error)
{
    return plan_rows(out, request, config, records, records, error);
}

ybb_status ybb__delivery_plan_groups(ybb_delivery *out, ybb_chunk **chunks,
                                     const ybb_request *request, const struct ybb_config *config,
                                     const ybb_groups *groups, ybb_error *error)
{
    ybb_buffer cut = {0};
    ybb_delivery delivery;
    const ybb_group_end end = ybb__groups_end(groups);
    uint64_t capacity = file_capacity(request->format, &config->limits);
    *chunks = NULL;
    ybb_status status =
        plan_rows(&delivery, request, config, end.records, end.records + end.subtotals, error);
    if (status == YBB_OK)
        status = ybb__groups_cut(&cut, groups, delivery.chunk_size, capacity, MOST_FILES, error);
    if (status != YBB_OK) {
        ybb__buffer_free(&cut);
        return status;
    }
    delivery.grouped = true;
    delivery.files = (uint32_t)(cut.length / sizeof(ybb_chunk));
    *chunks = (ybb_chunk *)(void *)ybb__buffer_take(&cut);
    *out = delivery;
    return *chunks != NULL ? YBB_OK : ybb__fail_memory(error);
}

void ybb__delivery_range(const ybb_delivery *delivery, uint32_t number, uint64_t *first,
                         uint64_t *count)
{
    uint64_t before = delivery->files > 1 ? times(number - 1, delivery->chunk_size) : 0;
    before = smaller(before, delivery->records);
    *first = before + 1;
    *count = smaller(delivery->records - before, delivery->chunk_size);
}
