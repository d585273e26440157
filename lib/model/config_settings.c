/* The keys of a configuration, in the order of docs/configuration.md. */
#include "model/settings.h"

#include <string.h>

enum { MOST_TEXT = 4096, MOST_NAME = 150, MOST_FIELDS = 10000, EXCEL_ROWS = 1048576 };

/* format_limits.csv.no_row_limit says what CSV is, and can say nothing else. */
static void read_no_row_limit(ybb_settings *s, const ybb_json *value, void *at)
{
    bool no_limit = true;
    (void)at;
    ybb__json_take_bool(s->reader, value->parent, value->key, &no_limit);
    if (!no_limit)
        ybb__json_fail(s->reader, value, YBB_INVALID_VALUE, "true", NULL,
                       "cannot be false: CSV has no row limit");
}

static void write_true(ybb_buffer *out, const void *at)
{
    (void)at;
    ybb__buffer_put_text(out, "true");
}

/* Lists of several types one behind the other. */
static void read_type_fields(ybb_settings *s, const ybb_json *value, ybb_field_wishes *out)
{
    uint32_t total = 0, used = 0;
    for (const ybb_json *type = value->first; type != NULL; type = type->next)
        total += type->count;
    if (total > MOST_FIELDS) {
        ybb__json_fail(s->reader, value, YBB_INVALID_VALUE, NULL, NULL, "has more than %d fields",
                       MOST_FIELDS);
        return;
    }
    ybb_field_wish *items = ybb__arena_array(s->arena, total, sizeof(*items));
    if (items == NULL) {
        ybb__json_fail_memory(s->reader);
        return;
    }
    for (const ybb_json *type = value->first; type != NULL; type = type->next) {
        ybb_field_wishes wishes = {NULL, 0};
        if (type->kind == YBB_JSON_NULL ||
            ybb__fields_read(s->reader, type, type->key, s->arena, &wishes) != YBB_OK)
            continue;
        if (wishes.count > 0)
            memcpy(items + used, wishes.items, wishes.count * sizeof(*items));
        used += wishes.count;
    }
    *out = (ybb_field_wishes){items, used};
}

/* A list for any type, or {"participants": [...], ...}. */
void ybb__config_fields_read(ybb_settings *s, const ybb_json *value, void *at)
{
    if (value->kind == YBB_JSON_OBJECT)
        read_type_fields(s, value, at);
    else
        ybb__fields_read(s->reader, value, NULL, s->arena, at);
}

void ybb__config_fields_write(ybb_buffer *out, const void *at)
{
    (void)at;
    ybb__buffer_put_text(out, "[]");
}

#define AT(member) offsetof(struct ybb_config, member)
#define TEXT(path, member, check)                                                                  \
    {                                                                                              \
        path, YBB_SETTING_TEXT, AT(member), 0, MOST_TEXT, check, NULL, NULL                        \
    }
#define SECRET(path, member, check)                                                                \
    {                                                                                              \
        path, YBB_SETTING_SECRET, AT(member), 0, MOST_TEXT, check, NULL, NULL                      \
    }
#define NAME(path, member, check)                                                                  \
    {                                                                                              \
        path, YBB_SETTING_WORDING, AT(member), 1, MOST_NAME, check, NULL, NULL                     \
    }
#define BOOL(path, member)                                                                         \
    {                                                                                              \
        path, YBB_SETTING_BOOL, AT(member), 0, 0, NULL, NULL, NULL                                 \
    }
#define COUNT(path, member, least, most)                                                           \
    {                                                                                              \
        path, YBB_SETTING_COUNT, AT(member), least, most, NULL, NULL, NULL                         \
    }
#define SMALL(path, member, least, most)                                                           \
    {                                                                                              \
        path, YBB_SETTING_SMALL, AT(member), least, most, NULL, NULL, NULL                         \
    }
#define MINUTES(path, member)                                                                      \
    {                                                                                              \
        path, YBB_SETTING_MINUTES, AT(member), 1, 10080, NULL, NULL, NULL                          \
    }
#define PERCENT(path, member)                                                                      \
    {                                                                                              \
        path, YBB_SETTING_PERCENT, AT(member), 1, 100, NULL, NULL, NULL                            \
    }
#define CUSTOM(path, member, read, write)                                                          \
    {                                                                                              \
        path, YBB_SETTING_CUSTOM, AT(member), 0, 0, NULL, read, write                              \
    }
#define LEVEL(path, member) CUSTOM(path, member, ybb__log_level_read, ybb__log_level_write)
#define RECORDS             1000000000000

static const ybb_setting settings[] = {
    SECRET("source", source, NULL),
    TEXT("out", out, NULL),
    SECRET("store", store, NULL),
    TEXT("base_url", base_url, ybb__check_base_url),
    SECRET("link_secret", link_secret, ybb__check_link_secret),
    SECRET("link_secret_before", link_secret_before, ybb__check_link_secret),
    TEXT("catalog_dir", catalog_dir, NULL),
    SMALL("threads", threads, 0, 1024),
    CUSTOM("pool", pool, ybb__pool_choice_read, ybb__pool_choice_write),
    BOOL("require_program", require_program),
    SMALL("source_timeout_seconds", source_timeout_seconds, 1, 86400),
    TEXT("database_timezone", database_timezone, ybb__check_timezone),
    NAME("file_names.single", file_names.single, ybb__check_single_name),
    NAME("file_names.compressed", file_names.compressed, ybb__check_single_name),
    NAME("file_names.batch", file_names.batch, ybb__check_batch_name),
    NAME("file_names.archive", file_names.archive, ybb__check_single_name),
    CUSTOM("pdf_fonts.regular", pdf_fonts.regular, ybb__font_files_read, ybb__texts_write),
    CUSTOM("pdf_fonts.bold", pdf_fonts.bold, ybb__font_files_read, ybb__texts_write),
    CUSTOM("fields", fields, ybb__config_fields_read, ybb__config_fields_write),

    COUNT("system_limits.max_records_single_file", limits.max_records_single_file, 1, RECORDS),
    COUNT("system_limits.max_records_immediate_processing", limits.max_records_immediate_processing,
          1, RECORDS),
    COUNT("system_limits.max_file_size_mb", limits.max_file_size_mb, 1, 1048576),
    {"system_limits.max_memory_usage_gb", YBB_SETTING_GIGAS, AT(limits.max_memory_usage_gb), 0,
     1024, NULL, NULL, NULL},
    COUNT("system_limits.max_processing_time_minutes", limits.max_processing_time_minutes, 1,
          10080),
    COUNT("system_limits.max_concurrent_large_exports", limits.max_concurrent_large_exports, 1,
          1000),
    COUNT("system_limits.file_retention_days", limits.file_retention_days, 1, 36500),

    COUNT("chunk_configurations.default_chunk_size", limits.default_chunk_size, 1, RECORDS),
    COUNT("chunk_configurations.min_chunk_size", limits.min_chunk_size, 1, RECORDS),
    COUNT("chunk_configurations.max_chunk_size", limits.max_chunk_size, 1, RECORDS),
    BOOL("chunk_configurations.memory_based_chunking", limits.memory_based_chunking),
    BOOL("chunk_configurations.adaptive_chunk_sizing", limits.adaptive_chunk_sizing),

    COUNT("format_limits.excel.max_rows_per_sheet", limits.excel_max_rows_per_sheet, 2, EXCEL_ROWS),
    COUNT("format_limits.excel.max_sheets_per_file", limits.excel_max_sheets_per_file, 1, 1000),
    COUNT("format_limits.excel.recommended_rows_per_sheet", limits.excel_recommended_rows_per_sheet,
          1, EXCEL_ROWS),
    CUSTOM("format_limits.csv.no_row_limit", limits, read_no_row_limit, write_true),
    COUNT("format_limits.csv.recommended_chunk_size", limits.csv_recommended_chunk_size, 1,
          RECORDS),
    COUNT("format_limits.pdf.max_rows_recommended", limits.pdf_max_rows_recommended, 1, RECORDS),
    COUNT("format_limits.pdf.max_pages", limits.pdf_max_pages, 1, 1000000),

    CUSTOM("strategy_rules", limits, ybb__strategy_rules_read, ybb__strategy_rules_write),
    COUNT("chunk_sizes.small_chunks", limits.small_chunks, 1, RECORDS),
    COUNT("chunk_sizes.medium_chunks", limits.medium_chunks, 1, RECORDS),
    COUNT("chunk_sizes.large_chunks", limits.large_chunks, 1, RECORDS),

    COUNT("queue_config.max_queue_size", queue.max_queue_size, 1, 1000000),
    CUSTOM("queue_config.priority_levels", queue.below, ybb__priority_levels_read,
           ybb__priority_levels_write),
    COUNT("queue_config.concurrent_processing.immediate", queue.concurrent[YBB_IMMEDIATE], 1, 1000),
    COUNT("queue_config.concurrent_processing.high", queue.concurrent[YBB_HIGH], 1, 1000),
    COUNT("queue_config.concurrent_processing.normal", queue.concurrent[YBB_NORMAL], 1, 1000),
    COUNT("queue_config.concurrent_processing.low", queue.concurrent[YBB_LOW], 1, 1000),
    MINUTES("queue_config.timeout_settings.immediate", queue.timeout_minutes[YBB_IMMEDIATE]),
    MINUTES("queue_config.timeout_settings.high", queue.timeout_minutes[YBB_HIGH]),
    MINUTES("queue_config.timeout_settings.normal", queue.timeout_minutes[YBB_NORMAL]),
    MINUTES("queue_config.timeout_settings.low", queue.timeout_minutes[YBB_LOW]),
    COUNT("queue_config.lease_seconds", queue.lease_seconds, 1, 3600),
    COUNT("queue_config.max_attempts", queue.max_attempts, 1, 100),
    COUNT("queue_config.max_takeovers", queue.max_takeovers, 1, 10000),
    COUNT("queue_config.retry_pause_seconds", queue.retry_pause_seconds, 0, 3600),
    COUNT("queue_config.max_unfinished_per_owner", queue.max_unfinished_per_owner, 0, 1000000),

    TEXT("mail.server", mail.server, ybb__check_mail_server),
    BOOL("mail.starttls", mail.starttls),
    TEXT("mail.ca_file", mail.ca_file, ybb__check_mail_path),
    SECRET("mail.user", mail.user, ybb__check_mail_word),
    SECRET("mail.password", mail.password, ybb__check_mail_word),
    TEXT("mail.from", mail.from, ybb__check_mail_address),
    TEXT("mail.from_name", mail.from_name, ybb__check_mail_word),
    CUSTOM("mail.allowed", mail.allowed, ybb__mail_allowed_read, ybb__texts_write),
    SMALL("mail.timeout_seconds", mail.timeout_seconds, 1, 600),
    COUNT("mail.max_attempts", mail.max_attempts, 1, 100),
    COUNT("mail.retry_pause_seconds", mail.retry_pause_seconds, 0, 3600),

    CUSTOM("monitoring.performance_metrics", monitoring, ybb__metrics_read, ybb__metrics_write),
    PERCENT("monitoring.alert_thresholds.memory_usage_warning",
            monitoring.memory_usage_warning_percent),
    PERCENT("monitoring.alert_thresholds.memory_usage_critical",
            monitoring.memory_usage_critical_percent),
    MINUTES("monitoring.alert_thresholds.processing_time_warning",
            monitoring.processing_time_warning_minutes),
    COUNT("monitoring.alert_thresholds.queue_length_warning", monitoring.queue_length_warning, 1,
          1000000),
    COUNT("monitoring.alert_thresholds.failed_exports_threshold",
          monitoring.failed_exports_threshold, 1, 1000000),
    LEVEL("monitoring.logging_levels.chunk_processing", monitoring.chunk_processing),
    LEVEL("monitoring.logging_levels.memory_usage", monitoring.memory_usage),
    LEVEL("monitoring.logging_levels.performance_metrics", monitoring.performance_metrics),
    LEVEL("monitoring.logging_levels.errors", monitoring.errors),
};

const ybb_setting *ybb__config_settings(size_t *count)
{
    *count = sizeof(settings) / sizeof(settings[0]);
    return settings;
}
