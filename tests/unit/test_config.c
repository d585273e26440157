#include "model/settings.h"

#include "base/file_read.h"
#include "runner.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* The setting of that path as JSON text; the caller frees. */
static char *shown(const struct ybb_config *config, const char *path)
{
    size_t count;
    ybb_buffer out = {0};
    const ybb_setting *settings = ybb__config_settings(&count);
    for (size_t i = 0; i < count; i++)
        if (strcmp(settings[i].path, path) == 0)
            ybb__setting_write(&out, &settings[i], config);
    settings = ybb__presentation_settings(&count);
    for (size_t i = 0; i < count; i++)
        if (strcmp(settings[i].path, path) == 0)
            ybb__setting_write(&out, &settings[i], &config->presentation);
    return ybb__buffer_take(&out);
}

static void assert_shown(const struct ybb_config *config, const char *path, const char *expected)
{
    char *found = shown(config, path);
    CU_ASSERT_STRING_EQUAL(found, expected);
    if (strcmp(found, expected) != 0)
        printf("# %s: %s, not %s\n", path, found, expected);
    free(found);
}

/* All settings, one a line; the caller frees. */
static char *dump(const struct ybb_config *config)
{
    size_t count;
    ybb_buffer out = {0};
    const ybb_setting *settings = ybb__config_settings(&count);
    for (size_t i = 0; i < count; i++) {
        ybb__buffer_put_text(&out, settings[i].path);
        ybb__buffer_put_char(&out, ' ');
        ybb__setting_write(&out, &settings[i], config);
        ybb__buffer_put_char(&out, '\n');
    }
    settings = ybb__presentation_settings(&count);
    for (size_t i = 0; i < count; i++) {
        ybb__buffer_put_text(&out, settings[i].path);
        ybb__buffer_put_char(&out, ' ');
        ybb__setting_write(&out, &settings[i], &config->presentation);
        ybb__buffer_put_char(&out, '\n');
    }
    return ybb__buffer_take(&out);
}

static ybb_status read_json(struct ybb_config *config, const char *json, ybb_error *error)
{
    *error = (ybb_error){0};
    ybb_status status = ybb__config_read(config, json, strlen(json), error);
    if (status != YBB_OK)
        CU_ASSERT_EQUAL(error->status, status);
    return status;
}

/* Reading @json over the defaults fails, blames @field, and changes nothing. */
static void assert_refused(const char *json, const char *field)
{
    struct ybb_config config;
    ybb_error error;
    ybb__config_init(&config);
    char *before = dump(&config);
    ybb_status status = read_json(&config, json, &error);
    if (status != YBB_INVALID_CONFIG || strcmp(error.field, field) != 0) {
        CU_FAIL("not refused, or for another field");
        printf("# %s: status %d, field \"%s\": %s\n", json, status, error.field, error.message);
    }
    char *after = dump(&config);
    CU_ASSERT_STRING_EQUAL(before, after);
    free(before);
    free(after);
    ybb__config_release(&config);
}

static void assert_taken(const char *json, const char *path, const char *expected)
{
    struct ybb_config config;
    ybb_error error;
    ybb__config_init(&config);
    CU_ASSERT_EQUAL(read_json(&config, json, &error), YBB_OK);
    if (error.status != YBB_OK)
        printf("# %s: %s\n", json, error.message);
    assert_shown(&config, path, expected);
    ybb__config_release(&config);
}

/* docs/configuration.md */

static void read_page(ybb_buffer *page)
{
    ybb_error error = {0};
    char path[4096];
    const char *source = getenv("YBB_SOURCE_DIR");
    snprintf(path, sizeof(path), "%s/docs/configuration.md", source != NULL ? source : ".");
    CU_ASSERT_EQUAL_FATAL(ybb__file_read(page, path, 1 << 20, YBB_INTERNAL, &error), YBB_OK);
    CU_ASSERT_PTR_NOT_NULL_FATAL(ybb__buffer_text(page));
}

static void assert_rows(const char *page, const ybb_setting *settings, size_t count,
                        const void *base)
{
    enum { LONGEST = 50 };
    for (size_t i = 0; i < count; i++) {
        ybb_buffer value = {0}, row = {0};
        ybb__setting_write(&value, &settings[i], base);
        ybb__buffer_put_text(&row, "\n| `");
        ybb__buffer_put_text(&row, settings[i].path);
        ybb__buffer_put_text(&row, value.length > LONGEST ? "` | see below |" : "` | `");
        if (value.length <= LONGEST) {
            ybb__buffer_put(&row, value.at, value.length);
            ybb__buffer_put_text(&row, "` |");
        }
        if (strstr(page, ybb__buffer_text(&row)) == NULL)
            CU_FAIL("a setting has no row, or another default");
        if (strstr(page, ybb__buffer_text(&row)) == NULL)
            printf("# %s\n", row.at);
        ybb__buffer_free(&value);
        ybb__buffer_free(&row);
    }
}

static void the_page_has_each_setting_with_its_default(void)
{
    size_t count;
    struct ybb_config config;
    ybb_buffer page = {0};
    read_page(&page);
    ybb__config_init(&config);
    const ybb_setting *settings = ybb__config_settings(&count);
    assert_rows(page.at, settings, count, &config);
    settings = ybb__presentation_settings(&count);
    assert_rows(page.at, settings, count, &config.presentation);
    ybb__config_release(&config);
    ybb__buffer_free(&page);
}

static bool is_setting(const char *path, size_t length)
{
    size_t count, shown_count;
    const ybb_setting *settings = ybb__config_settings(&count);
    const ybb_setting *more = ybb__presentation_settings(&shown_count);
    for (size_t i = 0; i < count + shown_count; i++) {
        const char *known = i < count ? settings[i].path : more[i - count].path;
        if (strlen(known) == length && memcmp(known, path, length) == 0)
            return true;
    }
    return false;
}

static void the_page_has_no_setting_that_is_none(void)
{
    ybb_buffer page = {0};
    size_t rows = 0;
    read_page(&page);
    for (const char *row = strstr(page.at, "\n| `"); row != NULL; row = strstr(row + 1, "\n| `")) {
        const char *path = row + strlen("\n| `");
        if (!is_setting(path, strcspn(path, "`")))
            CU_FAIL("a row is no setting");
        rows++;
    }
    CU_ASSERT_TRUE(rows > 50);
    ybb__buffer_free(&page);
}

static void the_page_s_document_says_the_defaults(void)
{
    static const char begin[] = "\n```json\n";
    struct ybb_config config;
    ybb_error error = {0};
    ybb_buffer page = {0};
    read_page(&page);
    const char *json = strstr(page.at, begin);
    CU_ASSERT_PTR_NOT_NULL_FATAL(json);
    json += strlen(begin);
    ybb__config_init(&config);
    char *defaults = dump(&config);
    config.threads = 7;
    config.limits = (ybb_limits){0};
    config.queue = (ybb_queue_limits){0};
    config.monitoring = (ybb_monitoring){0};
    config.presentation.csv = (ybb_csv_options){0};
    ybb_status status =
        ybb__config_read(&config, json, (size_t)(strstr(json, "\n```") - json), &error);
    CU_ASSERT_EQUAL(status, YBB_OK);
    char *found = dump(&config);
    CU_ASSERT_STRING_EQUAL(found, defaults);
    free(found);
    free(defaults);
    ybb__config_release(&config);
    ybb__buffer_free(&page);
}

/* spec.md's blocks, as they stand there. */
static const char *const blocks[] = {
    "{\n"
    "  \"system_limits\": {\n"
    "    \"max_records_single_file\": 25000,\n"
    "    \"max_records_immediate_processing\": 1000,\n"
    "    \"max_file_size_mb\": 50,\n"
    "    \"max_memory_usage_gb\": 2,\n"
    "    \"max_processing_time_minutes\": 30,\n"
    "    \"max_concurrent_large_exports\": 3,\n"
    "    \"file_retention_days\": 7\n"
    "  },\n"
    "  \"chunk_configurations\": {\n"
    "    \"default_chunk_size\": 10000,\n"
    "    \"min_chunk_size\": 1000,\n"
    "    \"max_chunk_size\": 25000,\n"
    "    \"memory_based_chunking\": true,\n"
    "    \"adaptive_chunk_sizing\": true\n"
    "  },\n"
    "  \"format_limits\": {\n"
    "    \"excel\": {\n"
    "      \"max_rows_per_sheet\": 1048576,\n"
    "      \"max_sheets_per_file\": 10,\n"
    "      \"recommended_rows_per_sheet\": 100000\n"
    "    },\n"
    "    \"csv\": {\n"
    "      \"no_row_limit\": true,\n"
    "      \"recommended_chunk_size\": 50000\n"
    "    },\n"
    "    \"pdf\": {\n"
    "      \"max_rows_recommended\": 5000,\n"
    "      \"max_pages\": 1000\n"
    "    }\n"
    "  }\n"
    "}\n",
    "{\n"
    "  \"queue_config\": {\n"
    "    \"max_queue_size\": 50,\n"
    "    \"priority_levels\": {\n"
    "      \"immediate\": \"< 1000 records\",\n"
    "      \"high\": \"1000-10000 records\", \n"
    "      \"normal\": \"10000-50000 records\",\n"
    "      \"low\": \"> 50000 records\"\n"
    "    },\n"
    "    \"concurrent_processing\": {\n"
    "      \"immediate\": 10,\n"
    "      \"high\": 5,\n"
    "      \"normal\": 3,\n"
    "      \"low\": 1\n"
    "    },\n"
    "    \"timeout_settings\": {\n"
    "      \"immediate\": \"5 minutes\",\n"
    "      \"high\": \"15 minutes\", \n"
    "      \"normal\": \"30 minutes\",\n"
    "      \"low\": \"60 minutes\"\n"
    "    }\n"
    "  }\n"
    "}\n",
    "{\n"
    "  \"monitoring\": {\n"
    "    \"performance_metrics\": [\n"
    "      \"records_per_second\",\n"
    "      \"memory_usage_peak\",\n"
    "      \"processing_time\",\n"
    "      \"file_generation_time\",\n"
    "      \"compression_time\"\n"
    "    ],\n"
    "    \"alert_thresholds\": {\n"
    "      \"memory_usage_warning\": \"80%\",\n"
    "      \"memory_usage_critical\": \"95%\",\n"
    "      \"processing_time_warning\": \"25 minutes\",\n"
    "      \"queue_length_warning\": 40,\n"
    "      \"failed_exports_threshold\": 5\n"
    "    },\n"
    "    \"logging_levels\": {\n"
    "      \"chunk_processing\": \"info\",\n"
    "      \"memory_usage\": \"debug\",\n"
    "      \"performance_metrics\": \"info\",\n"
    "      \"errors\": \"error\"\n"
    "    }\n"
    "  }\n"
    "}\n",
    "{\n"
    "  \"strategy_rules\": {\n"
    "    \"record_count < 1000\": \"immediate_single_file\",\n"
    "    \"1000 <= record_count < 10000\": \"background_single_file\", \n"
    "    \"10000 <= record_count < 25000\": \"compressed_single_file\",\n"
    "    \"25000 <= record_count < 50000\": \"multi_file_small_chunks\",\n"
    "    \"record_count >= 50000\": \"multi_file_large_chunks_or_streaming\"\n"
    "  },\n"
    "  \"chunk_sizes\": {\n"
    "    \"small_chunks\": 5000,\n"
    "    \"medium_chunks\": 10000,\n"
    "    \"large_chunks\": 15000\n"
    "  }\n"
    "}\n",
    "{\n"
    "  \"data_transformations\": {\n"
    "    \"date_format\": \"YYYY-MM-DD\",\n"
    "    \"currency_format\": \"#,##0.00\",\n"
    "    \"boolean_format\": \"Yes/No\",\n"
    "    \"null_values\": \"N/A\"\n"
    "  }\n"
    "}\n",
};

static void the_specification_s_blocks_are_taken_and_are_the_defaults(void)
{
    for (size_t i = 0; i < sizeof(blocks) / sizeof(blocks[0]); i++) {
        struct ybb_config config;
        ybb_error error;
        ybb__config_init(&config);
        char *before = dump(&config);
        CU_ASSERT_EQUAL(read_json(&config, blocks[i], &error), YBB_OK);
        CU_ASSERT_STRING_EQUAL(error.message, "");
        char *after = dump(&config);
        CU_ASSERT_STRING_EQUAL(after, before);
        free(before);
        free(after);
        ybb__config_release(&config);
    }
}

static void the_specification_s_field_mappings_are_taken(void)
{
    struct ybb_config config;
    ybb_error error;
    ybb__config_init(&config);
    CU_ASSERT_EQUAL(
        read_json(&config,
                  "{\"field_mappings\": {\"participants\": {\"id\": \"participant_id\", "
                  "\"full_name\": \"name\", \"nationality\": \"country\", "
                  "\"created_at\": \"registration_date\"}, \"payments\": {\"id\": \"payment_id\", "
                  "\"amount\": \"payment_amount\", \"created_at\": \"payment_date\"}}}",
                  &error),
        YBB_OK);
    const ybb_mappings *mappings = &config.presentation.mappings;
    CU_ASSERT_EQUAL(mappings->count, 7);
    CU_ASSERT_STRING_EQUAL(ybb__mapping_header(mappings, "participants", "id"), "participant_id");
    CU_ASSERT_STRING_EQUAL(ybb__mapping_header(mappings, "payments", "id"), "payment_id");
    CU_ASSERT_PTR_NULL(ybb__mapping_header(mappings, "payments", "full_name"));
    ybb__config_release(&config);
}

static void a_later_object_goes_over_an_earlier_one(void)
{
    struct ybb_config config;
    ybb_error error;
    ybb__config_init(&config);
    CU_ASSERT_EQUAL(read_json(&config,
                              "{\"out\": \"/a\", \"threads\": 3, \"field_mappings\": "
                              "{\"payments\": {\"id\": \"one\", \"amount\": \"two\"}}}",
                              &error),
                    YBB_OK);
    CU_ASSERT_EQUAL(read_json(&config,
                              "{\"out\": \"/b\", \"threads\": null, \"field_mappings\": "
                              "{\"payments\": {\"id\": \"three\"}}, \"fields\": [\"id\"]}",
                              &error),
                    YBB_OK);
    CU_ASSERT_STRING_EQUAL(config.out, "/b");
    CU_ASSERT_EQUAL(config.threads, 3);
    CU_ASSERT_EQUAL(config.presentation.mappings.count, 2);
    CU_ASSERT_STRING_EQUAL(ybb__mapping_header(&config.presentation.mappings, "payments", "id"),
                           "three");
    CU_ASSERT_STRING_EQUAL(ybb__mapping_header(&config.presentation.mappings, "payments", "amount"),
                           "two");
    CU_ASSERT_EQUAL(config.fields.count, 1);
    CU_ASSERT_PTR_NULL(config.fields.items[0].type);
    CU_ASSERT_EQUAL(read_json(&config, "{\"out\": \"\"}", &error), YBB_OK);
    CU_ASSERT_PTR_NULL(config.out);
    ybb__config_release(&config);
}

static void values_are_taken_as_they_are_written(void)
{
    assert_taken("{\"source_timeout_seconds\": \"90\"}", "source_timeout_seconds", "90");
    assert_taken("{\"require_program\": true}", "require_program", "true");
    assert_taken("{\"pool\": \"worker\"}", "pool", "\"worker\"");
    assert_taken("{\"pool\": \"inproc\"}", "pool", "\"inproc\"");
    assert_taken("{\"queue_config\": {\"lease_seconds\": 3600}}", "queue_config.lease_seconds",
                 "3600");
    assert_taken("{\"queue_config\": {\"max_attempts\": \"1\"}}", "queue_config.max_attempts", "1");
    assert_taken("{\"queue_config\": {\"max_takeovers\": 100}}", "queue_config.max_takeovers",
                 "100");
    assert_taken("{\"queue_config\": {\"retry_pause_seconds\": 0}}",
                 "queue_config.retry_pause_seconds", "0");
    assert_taken("{\"queue_config\": {\"max_unfinished_per_owner\": 5}}",
                 "queue_config.max_unfinished_per_owner", "5");
    assert_taken("{\"system_limits\": {\"max_memory_usage_gb\": 0.5}}",
                 "system_limits.max_memory_usage_gb", "0.5");
    assert_taken("{\"queue_config\": {\"timeout_settings\": {\"low\": \"2 hours\"}}}",
                 "queue_config.timeout_settings.low", "\"120 minutes\"");
    assert_taken("{\"queue_config\": {\"timeout_settings\": {\"low\": 7}}}",
                 "queue_config.timeout_settings.low", "\"7 minutes\"");
    assert_taken("{\"queue_config\": {\"timeout_settings\": {\"low\": \"1 minute\"}}}",
                 "queue_config.timeout_settings.low", "\"1 minutes\"");
    assert_taken("{\"monitoring\": {\"alert_thresholds\": {\"memory_usage_warning\": 50}}}",
                 "monitoring.alert_thresholds.memory_usage_warning", "\"50%\"");
    assert_taken("{\"monitoring\": {\"performance_metrics\": [\"processing_time\"]}}",
                 "monitoring.performance_metrics", "[\"processing_time\"]");
    assert_taken("{\"monitoring\": {\"performance_metrics\": []}}",
                 "monitoring.performance_metrics", "[]");
    assert_taken("{\"strategy_rules\": {\"chunk_sizes\": {\"small_chunks\": 2000}}}",
                 "chunk_sizes.small_chunks", "2000");
    assert_taken("{\"xlsx\": {\"strings\": \"inline\"}}", "xlsx.strings", "\"inline\"");
    assert_taken("{\"pdf\": {\"page_size\": \"Letter\"}}", "pdf.page_size", "\"Letter\"");
    assert_taken("{\"pdf\": {\"orientation\": \"landscape\"}}", "pdf.orientation", "\"landscape\"");
    assert_taken("{\"pdf\": {\"layout\": \"cards\"}}", "pdf.layout", "\"cards\"");
    assert_taken("{\"pdf_fonts\": {\"regular\": [\"/a.ttf\", \"/b.ttc#2\"]}}", "pdf_fonts.regular",
                 "[\"/a.ttf\", \"/b.ttc#2\"]");
    assert_taken("{\"database_timezone\": \"Asia/Jakarta\"}", "database_timezone",
                 "\"Asia/Jakarta\"");
    assert_taken("{\"data_transformations\": {\"null_values\": \"\"}}",
                 "data_transformations.null_values", "\"\"");
    assert_taken("{\"data_transformations\": {\"boolean_format\": \"Ya/Tidak\"}}",
                 "data_transformations.boolean_format", "\"Ya/Tidak\"");
    assert_taken("{\"data_transformations\": {\"boolean_format\": \"x/\"}}",
                 "data_transformations.boolean_format", "\"x/\"");
    assert_taken("{\"data_transformations\": {\"currency_format\": \"Rp#,##0\"}}",
                 "data_transformations.currency_format", "\"Rp#,##0\"");
    assert_taken("[]", "threads", "0");
}

static void rules_and_levels_move_the_borders(void)
{
    assert_taken("{\"strategy_rules\": {\"record_count < 10\": \"immediate_single_file\", "
                 "\"10 <= record_count < 20\": \"background_single_file\", "
                 "\"20<=record_count<30\": \"compressed_single_file\", "
                 "\"30 <= record_count < 40\": \"multi_file_small_chunks\", "
                 "\"record_count >= 40\": \"multi_file_large_chunks_or_streaming\"}}",
                 "strategy_rules",
                 "{\"record_count < 10\": \"immediate_single_file\", "
                 "\"10 <= record_count < 20\": \"background_single_file\", "
                 "\"20 <= record_count < 30\": \"compressed_single_file\", "
                 "\"30 <= record_count < 40\": \"multi_file_small_chunks\", "
                 "\"record_count >= 40\": \"multi_file_large_chunks_or_streaming\"}");
    assert_taken("{\"queue_config\": {\"priority_levels\": {\"immediate\": \"<5\", \"high\": "
                 "\"5 - 6\", \"normal\": \"6-70 records\", \"low\": \">= 70\"}}}",
                 "queue_config.priority_levels",
                 "{\"immediate\": \"< 5 records\", \"high\": \"5-6 records\", \"normal\": "
                 "\"6-70 records\", \"low\": \"> 70 records\"}");
}

static void unknown_keys_are_named_with_their_path(void)
{
    struct ybb_config config;
    ybb_error error;
    assert_refused("{\"sauce\": \"x\"}", "sauce");
    assert_refused("{\"system_limits\": {\"max_file_size\": 5}}", "system_limits.max_file_size");
    assert_refused("{\"format_limits\": {\"excel\": {\"rows\": 5}}}", "format_limits.excel.rows");
    assert_refused("{\"format_limits\": {\"ods\": {}}}", "format_limits.ods");
    assert_refused("{\"csv\": {\"separator\": \";\"}}", "csv.separator");
    assert_refused("{\"xlsx\": {\"table\": true}}", "xlsx.table");
    assert_refused("{\"data_transformations\": {\"date\": \"YYYY\"}}", "data_transformations.date");
    assert_refused("{\"queue_config\": {\"priority_levels\": {\"urgent\": \"< 5\"}}}",
                   "queue_config.priority_levels.urgent");
    assert_refused("{\"system_limits.max_file_size_mb\": 5}", "system_limits.max_file_size_mb");
    assert_refused("{\"templates\": {}}", "templates");
    ybb__config_init(&config);
    read_json(&config, "{\"sourse\": \"mysql://me:hunter2@host/db\"}", &error);
    CU_ASSERT_STRING_EQUAL(error.suggestion, "source");
    CU_ASSERT_PTR_NULL(strstr(error.message, "hunter2"));
    CU_ASSERT_STRING_EQUAL(error.value, "");
    read_json(&config, "{\"database_timezone\": \"Asia/Jakata\"}", &error);
    CU_ASSERT_STRING_EQUAL(error.suggestion, "Asia/Jakarta");
    CU_ASSERT_STRING_EQUAL(error.message,
                           "database_timezone is no time zone (did you mean \"Asia/Jakarta\"?)");
    read_json(&config, "{\"database_timezone\": \"WIB\"}", &error);
    CU_ASSERT_STRING_EQUAL(error.suggestion, "");
    CU_ASSERT_STRING_EQUAL(error.message, "database_timezone is no time zone");
    ybb__config_release(&config);
}

static void values_out_of_range_or_sense_are_refused(void)
{
    static const struct {
        const char *json, *field;
    } cases[] = {
        {"{\"threads\": -1}", "threads"},
        {"{\"threads\": 1025}", "threads"},
        {"{\"threads\": 1.5}", "threads"},
        {"{\"require_program\": 1}", "require_program"},
        {"{\"pool\": \"cloud\"}", "pool"},
        {"{\"pool\": 1}", "pool"},
        {"{\"pool\": \"\"}", "pool"},
        {"{\"queue_config\": {\"lease_seconds\": 0}}", "queue_config.lease_seconds"},
        {"{\"queue_config\": {\"lease_seconds\": 3601}}", "queue_config.lease_seconds"},
        {"{\"queue_config\": {\"lease_seconds\": 0.5}}", "queue_config.lease_seconds"},
        {"{\"queue_config\": {\"max_attempts\": 0}}", "queue_config.max_attempts"},
        {"{\"queue_config\": {\"max_attempts\": 101}}", "queue_config.max_attempts"},
        {"{\"queue_config\": {\"max_takeovers\": 0}}", "queue_config.max_takeovers"},
        {"{\"queue_config\": {\"max_takeovers\": 10001}}", "queue_config.max_takeovers"},
        {"{\"queue_config\": {\"retry_pause_seconds\": 3601}}", "queue_config.retry_pause_seconds"},
        {"{\"queue_config\": {\"max_unfinished_per_owner\": -1}}",
         "queue_config.max_unfinished_per_owner"},
        {"{\"out\": 5}", "out"},
        {"{\"source_timeout_seconds\": 0}", "source_timeout_seconds"},
        {"{\"base_url\": \"admin.example.org\"}", "base_url"},
        {"{\"base_url\": \"https://\"}", "base_url"},
        {"{\"base_url\": \"https://a.example/?x=\"}", "base_url"},
        {"{\"base_url\": \"https://a.example/a b\"}", "base_url"},
        {"{\"base_url\": \"javascript:alert(1)\"}", "base_url"},
        {"{\"database_timezone\": \"Jakarta\"}", "database_timezone"},
        {"{\"system_limits\": 5}", "system_limits"},
        {"{\"system_limits\": {\"max_file_size_mb\": 0}}", "system_limits.max_file_size_mb"},
        {"{\"system_limits\": {\"max_memory_usage_gb\": 0}}", "system_limits.max_memory_usage_gb"},
        {"{\"system_limits\": {\"max_memory_usage_gb\": \"2\"}}",
         "system_limits.max_memory_usage_gb"},
        {"{\"system_limits\": {\"max_records_single_file\": 99999999999999999999}}",
         "system_limits.max_records_single_file"},
        {"{\"chunk_configurations\": {\"min_chunk_size\": 30000}}",
         "chunk_configurations.min_chunk_size"},
        {"{\"chunk_configurations\": {\"max_chunk_size\": 500}}",
         "chunk_configurations.max_chunk_size"},
        {"{\"format_limits\": {\"excel\": {\"max_rows_per_sheet\": 1048577}}}",
         "format_limits.excel.max_rows_per_sheet"},
        {"{\"format_limits\": {\"excel\": {\"max_rows_per_sheet\": 1}}}",
         "format_limits.excel.max_rows_per_sheet"},
        {"{\"format_limits\": {\"excel\": {\"max_rows_per_sheet\": 5000}}}",
         "format_limits.excel.max_rows_per_sheet"},
        {"{\"format_limits\": {\"csv\": {\"no_row_limit\": false}}}",
         "format_limits.csv.no_row_limit"},
        {"{\"monitoring\": {\"alert_thresholds\": {\"memory_usage_critical\": \"70%\"}}}",
         "monitoring.alert_thresholds.memory_usage_critical"},
        {"{\"monitoring\": {\"alert_thresholds\": {\"memory_usage_warning\": \"101%\"}}}",
         "monitoring.alert_thresholds.memory_usage_warning"},
        {"{\"monitoring\": {\"alert_thresholds\": {\"memory_usage_warning\": \"%\"}}}",
         "monitoring.alert_thresholds.memory_usage_warning"},
        {"{\"monitoring\": {\"logging_levels\": {\"errors\": \"loud\"}}}",
         "monitoring.logging_levels.errors"},
        {"{\"monitoring\": {\"performance_metrics\": [\"speed\"]}}",
         "monitoring.performance_metrics[0]"},
        {"{\"queue_config\": {\"timeout_settings\": {\"low\": \"5 days\"}}}",
         "queue_config.timeout_settings.low"},
        {"{\"queue_config\": {\"timeout_settings\": {\"low\": \"0 minutes\"}}}",
         "queue_config.timeout_settings.low"},
        {"{\"queue_config\": {\"timeout_settings\": {\"low\": \"999999999999999999 hours\"}}}",
         "queue_config.timeout_settings.low"},
        {"{\"queue_config\": {\"priority_levels\": {\"immediate\": \"< 5\"}}}",
         "queue_config.priority_levels.high"},
        {"{\"queue_config\": {\"priority_levels\": {\"immediate\": \"few\"}}}",
         "queue_config.priority_levels.immediate"},
        {"{\"queue_config\": {\"priority_levels\": {\"immediate\": \"< 5\", \"high\": \"6-7\", "
         "\"normal\": \"7-8\", \"low\": \"> 8\"}}}",
         "queue_config.priority_levels"},
        {"{\"queue_config\": {\"priority_levels\": {\"immediate\": \"< 5\", \"high\": \"5-5\", "
         "\"normal\": \"5-8\", \"low\": \"> 8\"}}}",
         "queue_config.priority_levels"},
        {"{\"strategy_rules\": {\"record_count < 1000\": \"immediate_single_file\"}}",
         "strategy_rules"},
        {"{\"strategy_rules\": {\"record_count < 1000\": \"at_once\"}}",
         "strategy_rules.record_count < 1000"},
        {"{\"strategy_rules\": {\"records < 1000\": \"immediate_single_file\"}}",
         "strategy_rules.records < 1000"},
        {"{\"data_transformations\": {\"date_format\": \"\"}}", "data_transformations.date_format"},
        {"{\"data_transformations\": {\"date_format\": \"YY-MM-DD\"}}",
         "data_transformations.date_format"},
        {"{\"data_transformations\": {\"date_format\": \"DD MMM YYYY\"}}",
         "data_transformations.date_format"},
        {"{\"data_transformations\": {\"date_format\": \"YYYYY\"}}",
         "data_transformations.date_format"},
        {"{\"data_transformations\": {\"date_format\": \"YYYY-MM-DD HH:mm\"}}",
         "data_transformations.date_format"},
        {"{\"data_transformations\": {\"date_format\": \"--\"}}",
         "data_transformations.date_format"},
        {"{\"data_transformations\": {\"date_format\": \"YYYY\\nMM\"}}",
         "data_transformations.date_format"},
        {"{\"data_transformations\": {\"datetime_format\": \"%Y-%m-%d\"}}",
         "data_transformations.datetime_format"},
        {"{\"data_transformations\": {\"currency_format\": \"\"}}",
         "data_transformations.currency_format"},
        {"{\"data_transformations\": {\"currency_format\": \"money\"}}",
         "data_transformations.currency_format"},
        {"{\"data_transformations\": {\"boolean_format\": \"Yes\"}}",
         "data_transformations.boolean_format"},
        {"{\"data_transformations\": {\"boolean_format\": \"Yes/Yes\"}}",
         "data_transformations.boolean_format"},
        {"{\"data_transformations\": {\"boolean_format\": \"a/b/c\"}}",
         "data_transformations.boolean_format"},
        {"{\"csv\": {\"delimiter\": \"\\\"\"}}", "csv.delimiter"},
        {"{\"csv\": {\"delimiter\": \"\"}}", "csv.delimiter"},
        {"{\"csv\": {\"delimiter\": \",,\"}}", "csv.delimiter"},
        {"{\"csv\": {\"decimal_point\": \",\"}}", "csv"},
        {"{\"csv\": {\"preset\": \"word\"}}", "csv.preset"},
        {"{\"csv\": {\"bom\": \"yes\"}}", "csv.bom"},
        {"{\"xlsx\": {\"strings\": \"none\"}}", "xlsx.strings"},
        {"{\"pdf\": 5}", "pdf"},
        {"{\"pdf\": {\"page_size\": \"A3\"}}", "pdf.page_size"},
        {"{\"pdf\": {\"anything\": 1}}", "pdf.anything"},
        {"{\"pdf_fonts\": {\"bold\": [\"a.ttf\"]}}", "pdf_fonts.bold[0]"},
        {"{\"pdf_fonts\": {\"bold\": [5]}}", "pdf_fonts.bold[0]"},
        {"{\"pdf_fonts\": {\"bold\": \"/a.ttf\"}}", "pdf_fonts.bold"},
        {"{\"field_mappings\": {\"payments\": {\"id\": \"\"}}}", "field_mappings.payments.id"},
        {"{\"field_mappings\": {\"payments\": {\"id\": 5}}}", "field_mappings.payments.id"},
        {"{\"field_mappings\": {\"payments\": \"id\"}}", "field_mappings.payments"},
        {"{\"fields\": [5]}", "fields[0]"},
        {"{\"fields\": [{\"header\": \"x\"}]}", "fields[0].field"},
        {"{\"fields\": {\"payments\": [\"id\", {\"field\": \"id\", \"title\": \"x\"}]}}",
         "fields.payments[1].title"},
        {"{\"file_names\": {\"single\": \"\"}}", "file_names.single"},
        {"{\"file_names\": {\"single\": \".hidden\"}}", "file_names.single"},
        {"{\"file_names\": {\"single\": \"-rf\"}}", "file_names.single"},
        {"{\"file_names\": {\"single\": \"a/b\"}}", "file_names.single"},
        {"{\"file_names\": {\"single\": \"{number}\"}}", "file_names.single"},
        {"{\"file_names\": {\"single\": \"{type\"}}", "file_names.single"},
        /* of a type with a name of 64 letters, and numbers of 20 digits */
        {"{\"file_names\": {\"single\": \"{type}{type}{type}{records}_{date}\"}}",
         "file_names.single"},
        {"{\"file_names\": {\"archive\": \"{type}{type}{type}{program}_{date}\"}}",
         "file_names.archive"},
        {"{\"file_names\": {\"batch\": \"{number}{range}{range}{range}{range}{range}\"}}",
         "file_names.batch"},
        {"{\"file_names\": {\"batch\": \"{type}\"}}", "file_names.batch"},
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
        assert_refused(cases[i].json, cases[i].field);
}

static void rules_and_their_twins_may_not_differ(void)
{
    ybb_buffer json = {0};
    ybb__buffer_put_text(&json, "{\"system_limits\": {\"max_records_single_file\": 24000},");
    ybb__buffer_put_text(&json, strchr(blocks[3], '{') + 1);
    assert_refused(ybb__buffer_text(&json), "strategy_rules");
    ybb__buffer_clear(&json);
    ybb__buffer_put_text(&json, "{\"system_limits\": {\"max_records_single_file\": 25000},");
    ybb__buffer_put_text(&json, strchr(blocks[3], '{') + 1);
    assert_taken(ybb__buffer_text(&json), "system_limits.max_records_single_file", "25000");
    ybb__buffer_free(&json);
}

static void a_text_that_is_no_json_is_invalid_json(void)
{
    struct ybb_config config;
    ybb_error error;
    ybb__config_init(&config);
    CU_ASSERT_EQUAL(read_json(&config, "{", &error), YBB_INVALID_JSON);
    CU_ASSERT_EQUAL(read_json(&config, "", &error), YBB_INVALID_JSON);
    CU_ASSERT_EQUAL(read_json(&config, "{\"out\":\"/a\",\"out\":\"/b\"}", &error),
                    YBB_INVALID_JSON);
    CU_ASSERT_EQUAL(read_json(&config, "\"/a\"", &error), YBB_INVALID_CONFIG);
    CU_ASSERT_PTR_NULL(config.out);
    ybb__config_release(&config);
}

static void a_secret_never_stands_in_an_error(void)
{
    struct ybb_config config;
    ybb_error error;
    ybb__config_init(&config);
    read_json(&config, "{\"source\": {\"password\": \"hunter2\"}}", &error);
    CU_ASSERT_EQUAL(error.status, YBB_INVALID_CONFIG);
    CU_ASSERT_STRING_EQUAL(error.field, "source");
    CU_ASSERT_STRING_EQUAL(error.value, "");
    CU_ASSERT_PTR_NULL(strstr(error.message, "hunter2"));
    ybb__config_release(&config);
}

static void a_mail_server_is_a_scheme_a_host_and_a_port(void)
{
    static const char *const good[] = {"smtp://localhost", "smtps://mail.example.org:465",
                                       "smtp://10.0.0.1:65535", "smtp://[::1]:25"};
    static const char *const bad[] = {
        "localhost",       "http://localhost", "smtp://",           "smtp://a b",
        "smtp://u:p@host", "smtp://host/name", "smtp://host:0",     "smtp://host:65536",
        "smtp://host:",    "smtp://host:25x",  "smtp://[::1",       "smtp://[]",
        "smtp://-host",    "smtp://host?x",    "smtp://host\\r\\n", "smtp://.host",
        "smtp://host:025", "smtp://[::1]x"};
    char json[128];
    for (size_t i = 0; i < sizeof(good) / sizeof(good[0]); i++) {
        char shown_as[128];
        snprintf(json, sizeof(json), "{\"mail\": {\"server\": \"%s\"}}", good[i]);
        snprintf(shown_as, sizeof(shown_as), "\"%s\"", good[i]);
        assert_taken(json, "mail.server", shown_as);
    }
    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
        snprintf(json, sizeof(json), "{\"mail\": {\"server\": \"%s\"}}", bad[i]);
        assert_refused(json, "mail.server");
    }
}

static void mail_has_no_line_end_in_any_key(void)
{
    assert_refused("{\"mail\": {\"from\": \"a@b.co\\r\\nBcc: x@y.zz\"}}", "mail.from");
    assert_refused("{\"mail\": {\"from\": \"A <a@b.co>\"}}", "mail.from");
    assert_refused("{\"mail\": {\"from_name\": \"a\\nb\"}}", "mail.from_name");
    assert_refused("{\"mail\": {\"user\": \"a\\r\\nb\"}}", "mail.user");
    assert_refused("{\"mail\": {\"password\": \"a\\r\\nb\"}}", "mail.password");
    assert_refused("{\"mail\": {\"ca_file\": \"ca.pem\"}}", "mail.ca_file");
    assert_refused("{\"mail\": {\"allowed\": [\"a@b.co\", \"@b.co\"]}}", "mail.allowed[1]");
    assert_refused("{\"mail\": {\"allowed\": [\"localhost\"]}}", "mail.allowed[0]");
    assert_refused("{\"mail\": {\"allowed\": [\"*\"]}}", "mail.allowed[0]");
    assert_refused("{\"mail\": {\"timeout_seconds\": 0}}", "mail.timeout_seconds");
    assert_taken("{\"mail\": {\"allowed\": [\"a@b.co\", \"b.co\"]}}", "mail.allowed",
                 "[\"a@b.co\", \"b.co\"]");
}

/* Both of mail, which errors do not show either. */
static void secrets_of_mail_are_secrets(void)
{
    struct ybb_config config;
    ybb_error error;
    ybb__config_init(&config);
    read_json(&config, "{\"mail\": {\"password\": \"hunter2\\n\"}}", &error);
    CU_ASSERT_STRING_EQUAL(error.field, "mail.password");
    CU_ASSERT_STRING_EQUAL(error.value, "");
    CU_ASSERT_PTR_NULL(strstr(error.message, "hunter2"));
    ybb__config_release(&config);
}

static void assert_whole(const char *json, const char *missing)
{
    struct ybb_config config;
    ybb_error error;
    ybb__config_init(&config);
    CU_ASSERT_EQUAL(read_json(&config, json, &error), YBB_OK);
    ybb_status status = ybb__config_check_mail(&config, &error);
    CU_ASSERT_EQUAL(status, missing == NULL ? YBB_OK : YBB_INVALID_CONFIG);
    CU_ASSERT_STRING_EQUAL(error.field, missing == NULL ? "" : missing);
    ybb__config_release(&config);
}

static void mail_needs_what_it_is_written_with(void)
{
#define REST   "\"base_url\": \"https://h\", \"link_secret\": \"01234567890123456789012345678901\""
#define SERVER "\"server\": \"smtp://h\", \"from\": \"a@b.co\""
    assert_whole("{}", NULL);
    assert_whole("{\"mail\": {\"from\": \"a@b.co\", \"user\": \"u\"}}", NULL);
    assert_whole("{\"mail\": {" SERVER "}, " REST "}", NULL);
    assert_whole("{\"mail\": {\"server\": \"smtp://h\"}, " REST "}", "mail.from");
    assert_whole("{\"mail\": {" SERVER "}}", "base_url");
    assert_whole("{\"mail\": {" SERVER "}, \"base_url\": \"https://h\"}", "link_secret");
    assert_whole("{\"mail\": {" SERVER ", \"user\": \"u\"}, " REST "}", "mail.password");
    assert_whole("{\"mail\": {" SERVER ", \"password\": \"p\"}, " REST "}", "mail.user");
    assert_whole("{\"mail\": {" SERVER ", \"user\": \"u\", \"password\": \"p\","
                 " \"starttls\": false}, " REST "}",
                 "mail.starttls");
    assert_whole("{\"mail\": {\"server\": \"smtps://h\", \"from\": \"a@b.co\","
                 " \"user\": \"u\", \"password\": \"p\", \"starttls\": false}, " REST "}",
                 NULL);
#undef SERVER
#undef REST
}

static void presets_are_a_ground_for_the_keys_beside_them(void)
{
    assert_taken("{\"csv\": {\"preset\": \"excel-id\"}}", "csv.delimiter", "\";\"");
    assert_taken("{\"csv\": {\"preset\": \"excel-id\"}}", "csv.decimal_point", "\",\"");
    assert_taken("{\"csv\": {\"bom\": true, \"preset\": \"rfc4180\"}}", "csv.bom", "true");
    assert_taken("{\"csv\": {\"preset\": \"rfc4180\"}}", "csv.bom", "false");
    assert_taken("{\"csv\": {\"preset\": \"rfc4180\"}}", "csv.formula_guard", "true");
    assert_taken("{\"csv\": {\"preset\": \"excel\", \"delimiter\": \"\\t\"}}", "csv.delimiter",
                 "\"\\t\"");
    assert_taken("{\"csv\": {\"preset\": \"excel\", \"line_ending\": \"lf\"}}", "csv.line_ending",
                 "\"lf\"");
    assert_taken("{\"csv\": {\"quote\": \"all\", \"preset\": \"excel\"}}", "csv.quote", "\"all\"");
    assert_taken("{\"csv\": {\"preset\": \"excel\"}}", "csv.line_ending", "\"crlf\"");
    assert_taken("{\"csv\": {\"preset\": \"excel\"}}", "csv.quote", "\"minimal\"");
}

static void a_request_s_looks_go_over_the_configuration_s(void)
{
    static const char text[] = "{\"format\": \"csv\", \"csv\": {\"bom\": false}, "
                               "\"data_transformations\": {\"null_values\": \"-\"}}";
    struct ybb_config config;
    ybb_error error = {0};
    ybb_arena arena = {0};
    ybb_json_reader reader = {
        .what = "the request", .max_bytes = YBB_JSON_REQUEST_BYTES, .error = &error};
    ybb__config_init(&config);
    ybb_presentation looks = config.presentation;
    CU_ASSERT_EQUAL_FATAL(ybb__json_parse(&reader, text, strlen(text)), YBB_OK);
    CU_ASSERT_EQUAL(ybb__presentation_read(&reader, reader.root, &arena, &looks), YBB_OK);
    ybb__json_release(&reader);
    CU_ASSERT_FALSE(looks.csv.bom);
    CU_ASSERT_TRUE(looks.csv.crlf);
    CU_ASSERT_STRING_EQUAL(looks.transforms.null_values, "-");
    CU_ASSERT_STRING_EQUAL(looks.transforms.date_format, "YYYY-MM-DD");
    CU_ASSERT_TRUE(config.presentation.csv.bom);
    ybb__arena_free(&arena);
    ybb__config_release(&config);
}

static void a_refused_look_of_a_request_is_the_request_s_error(void)
{
    static const char text[] = "{\"csv\": {\"bomb\": false}}";
    struct ybb_config config;
    ybb_error error = {0};
    ybb_arena arena = {0};
    ybb_json_reader reader = {
        .what = "the request", .max_bytes = YBB_JSON_REQUEST_BYTES, .error = &error};
    ybb__config_init(&config);
    CU_ASSERT_EQUAL_FATAL(ybb__json_parse(&reader, text, strlen(text)), YBB_OK);
    CU_ASSERT_EQUAL(ybb__presentation_read(&reader, reader.root, &arena, &config.presentation),
                    YBB_UNKNOWN_KEY);
    CU_ASSERT_STRING_EQUAL(error.field, "csv.bomb");
    CU_ASSERT_STRING_EQUAL(error.suggestion, "bom");
    ybb__json_release(&reader);
    ybb__arena_free(&arena);
    ybb__config_release(&config);
}

static void a_copy_shares_nothing(void)
{
    struct ybb_config config, copy;
    ybb_error error;
    ybb__config_init(&config);
    ybb__config_init(&copy);
    CU_ASSERT_EQUAL(
        read_json(
            &config,
            "{\"out\": \"/a\", \"source\": \"sqlite:///b\", \"threads\": 5, "
            "\"fields\": {\"payments\": [\"id\", {\"field\": \"amount\", \"header\": \"x\"}]},"
            "\"field_mappings\": {\"payments\": {\"id\": \"one\"}}, "
            "\"data_transformations\": {\"boolean_format\": \"y/n\"}}",
            &error),
        YBB_OK);
    CU_ASSERT_EQUAL(ybb__config_copy(&copy, &config, &error), YBB_OK);
    ybb__config_release(&config);
    CU_ASSERT_STRING_EQUAL(copy.out, "/a");
    CU_ASSERT_STRING_EQUAL(copy.source, "sqlite:///b");
    CU_ASSERT_EQUAL(copy.threads, 5);
    CU_ASSERT_EQUAL(copy.fields.count, 2);
    CU_ASSERT_STRING_EQUAL(copy.fields.items[1].type, "payments");
    CU_ASSERT_STRING_EQUAL(copy.fields.items[1].header, "x");
    CU_ASSERT_STRING_EQUAL(ybb__mapping_header(&copy.presentation.mappings, "payments", "id"),
                           "one");
    CU_ASSERT_STRING_EQUAL(copy.presentation.transforms.true_text, "y");
    ybb__config_release(&copy);
}

static void one_text_is_set_by_its_key(void)
{
    struct ybb_config config;
    ybb_error error = {0};
    ybb__config_init(&config);
    CU_ASSERT_EQUAL(ybb__config_set(&config, "out", "/var/lib", &error), YBB_OK);
    CU_ASSERT_EQUAL(ybb__config_set(&config, "source", "sqlite:///x", &error), YBB_OK);
    CU_ASSERT_STRING_EQUAL(config.out, "/var/lib");
    CU_ASSERT_STRING_EQUAL(config.source, "sqlite:///x");
    CU_ASSERT_EQUAL(ybb__config_set(&config, "threads", "5", &error), YBB_INVALID_CONFIG);
    CU_ASSERT_STRING_EQUAL(error.field, "threads");
    error = (ybb_error){0};
    CU_ASSERT_EQUAL(ybb__config_set(&config, "base_url", "x", &error), YBB_INVALID_CONFIG);
    CU_ASSERT_STRING_EQUAL(error.field, "base_url");
    CU_ASSERT_PTR_NULL(config.base_url);
    ybb__config_release(&config);
}

static void assert_store(const char *out, const char *store, const char *expected)
{
    ybb_buffer dsn = {0};
    ybb_error error = {0};
    const struct ybb_config config = {.out = out, .store = store};
    CU_ASSERT_EQUAL_FATAL(ybb__config_store_dsn(&dsn, &config, &error), YBB_OK);
    CU_ASSERT_STRING_EQUAL(ybb__buffer_text(&dsn), expected);
    CU_ASSERT_EQUAL(error.status, YBB_OK);
    ybb__buffer_free(&dsn);
}

static void jobs_are_kept_in_the_output_folder_unless_store_is_set(void)
{
    assert_store("/srv/files", NULL, "sqlite:///srv/files/ybbexport.db");
    assert_store("/srv/files/", NULL, "sqlite:///srv/files/ybbexport.db");
    assert_store("/", NULL, "sqlite:///ybbexport.db");
    assert_store("/srv/50% of a#b?c", NULL, "sqlite:///srv/50%25%20of%20a%23b%3Fc/ybbexport.db");
    assert_store("/srv/files", "mysql://me:x%40y@db/jobs", "mysql://me:x%40y@db/jobs");
    assert_store(NULL, "sqlite:///jobs", "sqlite:///jobs");
}

static void no_place_for_jobs_is_refused(void)
{
    static const char *const outs[] = {NULL, "files"};
    for (size_t i = 0; i < sizeof(outs) / sizeof(outs[0]); i++) {
        ybb_buffer dsn = {0};
        ybb_error error = {0};
        const struct ybb_config config = {.out = outs[i]};
        CU_ASSERT_EQUAL(ybb__config_store_dsn(&dsn, &config, &error), YBB_INVALID_CONFIG);
        CU_ASSERT_STRING_EQUAL(error.field, "out");
        CU_ASSERT_EQUAL(dsn.length, 0);
        ybb__buffer_free(&dsn);
    }
}

int main(void)
{
    static const ybb_test tests[] = {
        TEST(the_page_has_each_setting_with_its_default),
        TEST(the_page_has_no_setting_that_is_none),
        TEST(the_page_s_document_says_the_defaults),
        TEST(the_specification_s_blocks_are_taken_and_are_the_defaults),
        TEST(the_specification_s_field_mappings_are_taken),
        TEST(a_later_object_goes_over_an_earlier_one),
        TEST(values_are_taken_as_they_are_written),
        TEST(rules_and_levels_move_the_borders),
        TEST(unknown_keys_are_named_with_their_path),
        TEST(values_out_of_range_or_sense_are_refused),
        TEST(rules_and_their_twins_may_not_differ),
        TEST(a_text_that_is_no_json_is_invalid_json),
        TEST(a_secret_never_stands_in_an_error),
        TEST(a_mail_server_is_a_scheme_a_host_and_a_port),
        TEST(mail_has_no_line_end_in_any_key),
        TEST(secrets_of_mail_are_secrets),
        TEST(mail_needs_what_it_is_written_with),
        TEST(presets_are_a_ground_for_the_keys_beside_them),
        TEST(a_request_s_looks_go_over_the_configuration_s),
        TEST(a_refused_look_of_a_request_is_the_request_s_error),
        TEST(a_copy_shares_nothing),
        TEST(one_text_is_set_by_its_key),
        TEST(jobs_are_kept_in_the_output_folder_unless_store_is_set),
        TEST(no_place_for_jobs_is_refused),
    };
    return RUN_TESTS("config", tests);
}
