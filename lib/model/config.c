#include "model/config.h"

#include "model/settings.h"

#include <stdlib.h>
#include <string.h>

static void init_limits(ybb_limits *limits)
{
    *limits = (ybb_limits){
        .max_records_single_file = 25000,
        .max_records_immediate_processing = 1000,
        .background_below = 10000,
        .small_chunks_below = 50000,
        .max_file_size_mb = 50,
        .max_memory_usage_gb = 2,
        .max_processing_time_minutes = 30,
        .max_concurrent_large_exports = 3,
        .file_retention_days = 7,
        .default_chunk_size = 10000,
        .min_chunk_size = 1000,
        .max_chunk_size = 25000,
        .memory_based_chunking = true,
        .adaptive_chunk_sizing = true,
        .small_chunks = 5000,
        .medium_chunks = 10000,
        .large_chunks = 15000,
        .excel_max_rows_per_sheet = 1048576,
        .excel_max_sheets_per_file = 10,
        .excel_recommended_rows_per_sheet = 100000,
        .csv_recommended_chunk_size = 50000,
        .pdf_max_rows_recommended = 5000,
        .pdf_max_pages = 1000,
    };
}

static void init_queue(ybb_queue_limits *queue)
{
    *queue = (ybb_queue_limits){
        .max_queue_size = 50,
        .below = {1000, 10000, 50000, UINT64_MAX},
        .concurrent = {10, 5, 3, 1},
        .timeout_minutes = {5, 15, 30, 60},
        .lease_seconds = 15,
        .max_attempts = 5,
        .max_takeovers = 10,
        .retry_pause_seconds = 1,
    };
}

static void init_monitoring(ybb_monitoring *monitoring)
{
    *monitoring = (ybb_monitoring){
        .records_per_second = true,
        .memory_usage_peak = true,
        .processing_time = true,
        .file_generation_time = true,
        .compression_time = true,
        .memory_usage_warning_percent = 80,
        .memory_usage_critical_percent = 95,
        .processing_time_warning_minutes = 25,
        .queue_length_warning = 40,
        .failed_exports_threshold = 5,
        .chunk_processing = YBB_LOG_INFO,
        .memory_usage = YBB_LOG_DEBUG,
        .performance_metrics = YBB_LOG_INFO,
        .errors = YBB_LOG_ERROR,
    };
}

static void init_presentation(ybb_presentation *presentation)
{
    *presentation = (ybb_presentation){
        .transforms = {.date_format = "YYYY-MM-DD",
                       .datetime_format = "YYYY-MM-DD HH:mm:ss",
                       .currency_format = "#,##0.00",
                       .true_text = "Yes",
                       .false_text = "No",
                       .null_values = "N/A"},
        .csv = {.delimiter = ',',
                .decimal_point = '.',
                .bom = true,
                .crlf = true,
                .formula_guard = true},
        .xlsx = {.strings = YBB_STRINGS_SHARED},
    };
}

void ybb__config_init(struct ybb_config *config)
{
    *config = (struct ybb_config){
        .pool = YBB_POOL_AUTO,
        .source_timeout_seconds = 30,
        .file_names = {.single = "{type}_export",
                       .compressed = "{type}_export_compressed",
                       .batch = "{type}_batch_{number}_of_{total}",
                       .archive = "{type}_complete_export"},
        .pdf_fonts = ybb__pdf_fonts_default(),
        .mail = {.starttls = true,
                 .timeout_seconds = 60,
                 .max_attempts = 10,
                 .retry_pause_seconds = 60},
    };
    init_limits(&config->limits);
    init_queue(&config->queue);
    init_monitoring(&config->monitoring);
    init_presentation(&config->presentation);
}

void ybb__config_release(struct ybb_config *config)
{
    if (config == NULL)
        return;
    ybb__arena_free(&config->arena);
    *config = (struct ybb_config){.threads = 0};
}

/* A copy with texts of its own, at memory that holds no configuration. */
static bool duplicate(struct ybb_config *to, const struct ybb_config *from)
{
    size_t count, shown_count;
    const ybb_setting *settings = ybb__config_settings(&count);
    const ybb_setting *shown = ybb__presentation_settings(&shown_count);
    ybb_transforms *transforms = &to->presentation.transforms;
    *to = *from;
    to->arena = (ybb_arena){0};
    bool whole = ybb__settings_own(settings, count, to, &to->arena) &&
                 ybb__settings_own(shown, shown_count, &to->presentation, &to->arena) &&
                 ybb__mappings_own(&to->presentation.mappings, &to->arena) &&
                 ybb__wishes_own(&to->fields, &to->arena) &&
                 ybb__texts_own(&to->pdf_fonts.regular, &to->arena) &&
                 ybb__texts_own(&to->pdf_fonts.bold, &to->arena) &&
                 ybb__texts_own(&to->mail.allowed, &to->arena);
    if (whole) {
        transforms->true_text = ybb__arena_text(&to->arena, transforms->true_text);
        transforms->false_text = ybb__arena_text(&to->arena, transforms->false_text);
    }
    if (whole && !to->arena.failed)
        return true;
    ybb__arena_free(&to->arena);
    return false;
}

/* @made takes the place of what @config holds. */
static void replace(struct ybb_config *config, const struct ybb_config *made)
{
    ybb__arena_free(&config->arena);
    *config = *made;
}

ybb_status ybb__config_copy(struct ybb_config *to, const struct ybb_config *from, ybb_error *error)
{
    struct ybb_config made;
    if (!duplicate(&made, from))
        return ybb__fail_memory(error);
    replace(to, &made);
    return YBB_OK;
}

/* @less may not be more than @more; the key that is to blame is the one that was given. */
static void check_order(ybb_json_reader *reader, const char *part, const char *less, uint64_t a,
                        const char *more, uint64_t b)
{
    if (reader->status != YBB_OK || a <= b)
        return;
    const ybb_json *object = reader->root;
    for (const char *step = part; object != NULL && *step != '\0';) {
        char key[64];
        size_t length = strcspn(step, ".");
        memcpy(key, step, length);
        key[length] = '\0';
        object = ybb__json_member(object, key);
        step += length + (step[length] == '.');
    }
    const ybb_json *value = ybb__json_member(object, less);
    if (value == NULL)
        value = ybb__json_member(object, more);
    ybb__json_fail(reader, value != NULL ? value : reader->root, YBB_INVALID_VALUE, NULL, NULL,
                   "makes %s greater than %s", less, more);
}

static void check_sense(ybb_json_reader *reader, const struct ybb_config *made)
{
    const ybb_limits *limits = &made->limits;
    check_order(reader, "chunk_configurations", "min_chunk_size", limits->min_chunk_size,
                "max_chunk_size", limits->max_chunk_size);
    check_order(reader, "format_limits.excel", "recommended_rows_per_sheet",
                limits->excel_recommended_rows_per_sheet, "max_rows_per_sheet",
                limits->excel_max_rows_per_sheet);
    check_order(reader, "monitoring.alert_thresholds", "memory_usage_warning",
                made->monitoring.memory_usage_warning_percent, "memory_usage_critical",
                made->monitoring.memory_usage_critical_percent);
}

/* The keys of a presentation are read by the function that reads a request's. */
static bool is_presentation_key(const char *key)
{
    static const char *const keys[] = {YBB_PRESENTATION_KEYS};
    for (size_t i = 0; i < sizeof(keys) / sizeof(keys[0]); i++)
        if (strcmp(key, keys[i]) == 0)
            return true;
    return false;
}

static void read_members(ybb_json_reader *reader, struct ybb_config *made)
{
    size_t count, shown_count;
    ybb_settings s = {reader, ybb__config_settings(&count), 0, made, &made->arena};
    const ybb_setting *shown = ybb__presentation_settings(&shown_count);
    s.count = count;
    if (!ybb__json_is_object(reader, reader->root))
        return;
    ybb__settings_known(&s, shown, shown_count, reader->root);
    for (const ybb_json *member = reader->root->first; member != NULL && reader->status == YBB_OK;
         member = member->next)
        if (!is_presentation_key(member->key))
            ybb__settings_member(&s, member, "");
    ybb__presentation_read(reader, reader->root, &made->arena, &made->presentation);
    check_sense(reader, made);
}

ybb_status ybb__config_read(struct ybb_config *config, const char *json, size_t length,
                            ybb_error *error)
{
    struct ybb_config made;
    ybb_json_reader reader = {.what = "the configuration",
                              .max_bytes = YBB_JSON_REQUEST_BYTES,
                              .refused = YBB_INVALID_CONFIG,
                              .error = error};
    if (!duplicate(&made, config))
        return ybb__fail_memory(error);
    if (ybb__json_parse(&reader, json, length) == YBB_OK)
        read_members(&reader, &made);
    ybb__json_release(&reader);
    if (reader.status == YBB_OK)
        replace(config, &made);
    else
        ybb__arena_free(&made.arena);
    return reader.status;
}

ybb_status ybb__config_set(struct ybb_config *config, const char *key, const char *value,
                           ybb_error *error)
{
    static const char *const keys[] = {"source",   "out",         "store",
                                       "base_url", "catalog_dir", "database_timezone"};
    size_t count;
    struct ybb_config made;
    const ybb_setting *settings = ybb__config_settings(&count);
    ybb_json root = {.kind = YBB_JSON_OBJECT};
    ybb_json text = {
        .kind = YBB_JSON_TEXT, .at = value, .length = strlen(value), .key = key, .parent = &root};
    ybb_json_reader reader = {
        .what = "the configuration", .refused = YBB_INVALID_CONFIG, .error = error, .root = &root};
    if (!duplicate(&made, config))
        return ybb__fail_memory(error);
    ybb_settings s = {&reader, settings, count, &made, &made.arena};
    bool known = false;
    for (size_t i = 0; i < sizeof(keys) / sizeof(keys[0]); i++)
        known = known || strcmp(keys[i], key) == 0;
    if (!known)
        ybb__json_fail_key(&reader, &text, YBB_UNKNOWN_KEY, "setting of one text", keys,
                           sizeof(keys) / sizeof(keys[0]));
    else
        ybb__settings_member(&s, &text, "");
    if (reader.status == YBB_OK)
        replace(config, &made);
    else
        ybb__arena_free(&made.arena);
    return reader.status;
}

ybb_status ybb__config_store_dsn(ybb_buffer *dsn, const struct ybb_config *config, ybb_error *error)
{
    if (config->store == NULL && (config->out == NULL || config->out[0] != '/')) {
        ybb_status status =
            ybb__fail(error, YBB_INVALID_CONFIG,
                      config->out == NULL ? "neither store nor out says where jobs are kept"
                                          : "out is not an absolute path");
        ybb__error_blame(error, "out", NULL, "an absolute path", NULL);
        return status;
    }
    if (config->store != NULL) {
        ybb__buffer_put_text(dsn, config->store);
    } else {
        size_t length = strlen(config->out);
        ybb__buffer_put_text(dsn, "sqlite://");
        ybb__buffer_put_path(dsn, config->out);
        ybb__buffer_put_text(dsn, config->out[length - 1] == '/' ? "" : "/");
        ybb__buffer_put_text(dsn, "ybbexport.db");
    }
    return ybb__buffer_text(dsn) != NULL ? YBB_OK : ybb__fail_memory(error);
}
