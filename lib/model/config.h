/*
 * model/config: what an installation says once. docs/configuration.md is its table of keys.
 *
 * Settings that a request may also carry (transforms, csv, xlsx, field_mappings) are structs of
 * their own: a request starts from a copy of the configuration's.
 */
#ifndef YBB_MODEL_CONFIG_H
#define YBB_MODEL_CONFIG_H

#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/buffer.h"
#include "base/error.h"
#include "model/json_read.h"

/* spec.md, "Resource Limits and Thresholds" and "Export Strategy Selection Logic". The rules' four
 * borders, each the first count that is beyond it: max_records_immediate_processing (1,000),
 * background_below (10,000), max_records_single_file (25,000), small_chunks_below (50,000). */
typedef struct ybb_limits {
    uint64_t max_records_single_file;
    uint64_t max_records_immediate_processing;
    uint64_t background_below, small_chunks_below;
    uint64_t max_file_size_mb;
    double max_memory_usage_gb;
    uint64_t max_processing_time_minutes;
    uint64_t max_concurrent_large_exports;
    uint64_t file_retention_days;
    uint64_t default_chunk_size, min_chunk_size, max_chunk_size;
    bool memory_based_chunking, adaptive_chunk_sizing;
    uint64_t small_chunks, medium_chunks, large_chunks;
    uint64_t excel_max_rows_per_sheet, excel_max_sheets_per_file, excel_recommended_rows_per_sheet;
    uint64_t csv_recommended_chunk_size;
    uint64_t pdf_max_rows_recommended, pdf_max_pages;
} ybb_limits;

/* spec.md, "Export Queue Management", in the order of ybb_priority. */
typedef enum ybb_priority {
    YBB_IMMEDIATE,
    YBB_HIGH,
    YBB_NORMAL,
    YBB_LOW,
    YBB_PRIORITIES
} ybb_priority;

typedef struct ybb_queue_limits {
    uint64_t max_queue_size;
    uint64_t below[YBB_PRIORITIES]; /* records; the last is UINT64_MAX */
    uint64_t concurrent[YBB_PRIORITIES];
    uint64_t timeout_minutes[YBB_PRIORITIES];
    uint64_t lease_seconds; /* how long whoever runs exports may be silent */
    /* Of one export without a new file in between: passing failures, and deaths of who ran it. */
    uint64_t max_attempts, max_takeovers;
    uint64_t retry_pause_seconds;      /* before the second attempt; doubles with each */
    uint64_t max_unfinished_per_owner; /* exports that run or wait; 0: no limit */
} ybb_queue_limits;

/* Where exports run. */
typedef enum ybb_pool_choice {
    YBB_POOL_AUTO,   /* by a worker where the store shows one alive, else as INPROC */
    YBB_POOL_INPROC, /* by the process that asks for them */
    YBB_POOL_WORKER  /* by workers alone */
} ybb_pool_choice;

/* spec.md, "data_transformations". */
typedef struct ybb_transforms {
    const char *date_format, *datetime_format; /* YYYY MM DD HH mm ss */
    const char *currency_format;               /* an Excel number format */
    const char *true_text, *false_text;        /* of boolean_format "Yes/No" */
    const char *null_values;
} ybb_transforms;

typedef struct ybb_csv_options {
    char delimiter;
    char decimal_point; /* of amounts and shares; ',' where spreadsheets of that language want it */
    bool bom, crlf, quote_all, formula_guard;
} ybb_csv_options;

typedef enum ybb_xlsx_strings { YBB_STRINGS_SHARED, YBB_STRINGS_INLINE } ybb_xlsx_strings;

typedef struct ybb_xlsx_options {
    ybb_xlsx_strings strings;
} ybb_xlsx_options;

typedef enum ybb_pdf_paper { YBB_PAPER_A4, YBB_PAPER_LETTER } ybb_pdf_paper;

/* AUTO: as the columns need it. */
typedef enum ybb_pdf_turn { YBB_TURN_AUTO, YBB_TURN_PORTRAIT, YBB_TURN_LANDSCAPE } ybb_pdf_turn;

typedef enum ybb_pdf_form {
    YBB_FORM_AUTO,  /* a table where its columns fit, else cards */
    YBB_FORM_TABLE, /* a line a record */
    YBB_FORM_CARDS  /* labels and values, one below the other */
} ybb_pdf_form;

typedef struct ybb_pdf_options {
    ybb_pdf_paper paper;
    ybb_pdf_turn turn;
    ybb_pdf_form form;
} ybb_pdf_options;

typedef struct ybb_texts {
    const char *const *items;
    uint32_t count;
} ybb_texts;

/* Files of fonts for PDF files, "#2" behind the name of a collection for its third; those that are
 * not there are passed over. A character is shown by the first font that has it, in bold texts by
 * the first of the bold ones, then of the regular ones. */
typedef struct ybb_pdf_font_list {
    ybb_texts regular, bold;
} ybb_pdf_font_list;

/* How, and to whom, mail about exports is sent. */
typedef struct ybb_mail_settings {
    const char *server;          /* "smtp://host:port", "smtps://host:port"; NULL: none is sent */
    bool starttls;               /* a connection of smtp:// has to become encrypted */
    const char *ca_file;         /* whom to trust; NULL: whom the system trusts */
    const char *user, *password; /* NULL: none */
    const char *from, *from_name;
    ybb_texts allowed;        /* addresses, and domains for all addresses of theirs */
    unsigned timeout_seconds; /* of an attempt, from its first step to its last */
    uint64_t max_attempts, retry_pause_seconds;
} ybb_mail_settings;

/* A header of a field under another name, for one type. */
typedef struct ybb_mapping {
    const char *type, *field, *header;
} ybb_mapping;

typedef struct ybb_mappings {
    const ybb_mapping *items;
    uint32_t count;
} ybb_mappings;

/* A column of the template `custom`. */
typedef struct ybb_field_wish {
    const char *type; /* NULL: of any type */
    const char *field;
    const char *header; /* NULL: the field's own */
} ybb_field_wish;

typedef struct ybb_field_wishes {
    const ybb_field_wish *items;
    uint32_t count;
} ybb_field_wishes;

/* Names of an export's files without their extension; in braces what is put in: type, program,
 * date, records; in batches also number, total, range. */
typedef struct ybb_file_names {
    const char *single;     /* "{type}_export" */
    const char *compressed; /* "{type}_export_compressed" */
    const char *batch;      /* "{type}_batch_{number}_of_{total}" */
    const char *archive;    /* "{type}_complete_export" */
} ybb_file_names;

/* spec.md, "Monitoring and Alerts". */
typedef enum ybb_log_level {
    YBB_LOG_OFF,
    YBB_LOG_ERROR,
    YBB_LOG_WARNING,
    YBB_LOG_INFO,
    YBB_LOG_DEBUG
} ybb_log_level;

typedef struct ybb_monitoring {
    /* performance_metrics */
    bool records_per_second, memory_usage_peak, processing_time, file_generation_time,
        compression_time;
    /* of max_memory_usage_gb */
    uint64_t memory_usage_warning_percent, memory_usage_critical_percent;
    uint64_t processing_time_warning_minutes;
    uint64_t queue_length_warning;
    uint64_t failed_exports_threshold;
    ybb_log_level chunk_processing, memory_usage, performance_metrics, errors;
} ybb_monitoring;

/* What a request may carry as well. */
typedef struct ybb_presentation {
    ybb_transforms transforms;
    ybb_csv_options csv;
    ybb_xlsx_options xlsx;
    ybb_pdf_options pdf;
    ybb_mappings mappings;
} ybb_presentation;

struct ybb_config {
    ybb_arena arena;
    const char *source, *out, *store, *base_url, *catalog_dir; /* NULL: not set */
    const char *link_secret, *link_secret_before;              /* NULL: not set */
    const char *database_timezone; /* IANA name of the zone of its datetimes; NULL: UTC */
    unsigned threads;              /* 0: one a processor */
    ybb_pool_choice pool;
    unsigned source_timeout_seconds;
    bool require_program;
    ybb_limits limits;
    ybb_queue_limits queue;
    ybb_monitoring monitoring;
    ybb_file_names file_names;
    ybb_field_wishes fields; /* what `custom` takes where a request gives no fields */
    ybb_pdf_font_list pdf_fonts;
    ybb_mail_settings mail;
    ybb_presentation presentation;
};

/* Every setting at its default. */
void ybb__config_init(struct ybb_config *config);
void ybb__config_release(struct ybb_config *config);
/* Reads a JSON object over @config. YBB_INVALID_JSON, YBB_INVALID_CONFIG (with the key's path in
 * the error's field), YBB_NO_MEMORY; on failure nothing changed. */
ybb_status ybb__config_read(struct ybb_config *config, const char *json, size_t length,
                            ybb_error *error);
/* The fonts of Debian's packages, DejaVu before Noto. */
ybb_pdf_font_list ybb__pdf_fonts_default(void);
/* Copies a list into @arena. False: no memory. */
bool ybb__texts_own(ybb_texts *texts, ybb_arena *arena);
/* Whether mail is sent at all, and then has all that it needs. YBB_INVALID_CONFIG, with the key to
 * blame, where it has not. */
ybb_status ybb__config_check_mail(const struct ybb_config *config, ybb_error *error);
struct ybb_catalog;
/* Whether field_mappings name what the catalog has. YBB_INVALID_CONFIG where they do not, with what
 * it has. */
ybb_status ybb__config_check_mappings(const struct ybb_config *config,
                                      const struct ybb_catalog *catalog, ybb_error *error);
/* Sets one text by its key. */
ybb_status ybb__config_set(struct ybb_config *config, const char *key, const char *value,
                           ybb_error *error);
/* "off", "error", ... */
const char *ybb__log_level_name(ybb_log_level level);
/* Appends the DSN of the job store: `store`, or where that is not set the file ybbexport.db in
 * `out`. YBB_INVALID_CONFIG where neither is set, or `out` is not absolute; YBB_NO_MEMORY. */
ybb_status ybb__config_store_dsn(ybb_buffer *dsn, const struct ybb_config *config,
                                 ybb_error *error);
/* Copies all settings over an initialised @to; on failure nothing changed. */
ybb_status ybb__config_copy(struct ybb_config *to, const struct ybb_config *from, ybb_error *error);

/* The keys of a configuration or a request that ybb__presentation_read takes. */
#define YBB_PRESENTATION_KEYS "csv", "data_transformations", "field_mappings", "pdf", "xlsx"
/* Reads those of them that @object has over *@presentation, which keeps the rest; mappings of the
 * same type and field are replaced. What it points to is then the old or in @arena. Returns
 * reader->status; on failure *@presentation is unchanged. */
ybb_status ybb__presentation_read(ybb_json_reader *reader, const ybb_json *object, ybb_arena *arena,
                                  ybb_presentation *presentation);
/* Reads a list of names or {"field", "header"} objects, in @arena; @type (may be NULL) stands in
 * each. */
ybb_status ybb__fields_read(ybb_json_reader *reader, const ybb_json *list, const char *type,
                            ybb_arena *arena, ybb_field_wishes *out);
/* The header that the mappings give a field, or NULL. */
const char *ybb__mapping_header(const ybb_mappings *mappings, const char *type, const char *field);

#endif
