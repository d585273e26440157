/*
 * model/request: a request, checked once. Behind this nobody reads JSON.
 */
#ifndef YBB_MODEL_REQUEST_H
#define YBB_MODEL_REQUEST_H

#include "model/catalog.h"
#include "model/config.h"
#include "rows/value.h"

typedef enum ybb_format { YBB_EXCEL, YBB_CSV, YBB_PDF, YBB_FORMATS } ybb_format;

typedef enum ybb_strategy_wish {
    YBB_WISH_AUTO,
    YBB_WISH_SINGLE,
    YBB_WISH_MULTI_FILE,
    YBB_WISH_COMPRESSED,
    YBB_WISH_STREAMING
} ybb_strategy_wish;

typedef enum ybb_compression {
    YBB_COMPRESSION_DEFAULT, /* not given: the strategy's own */
    YBB_COMPRESSION_NONE,
    YBB_COMPRESSION_GZIP,
    YBB_COMPRESSION_ZIP
} ybb_compression;

/* A filter that filters: "all", "", null and an empty list have been left out. */
typedef struct ybb_filter_use {
    const ybb_filter *filter;
    const ybb_value *values; /* not RANGE: the values, typed as the filter says */
    uint32_t value_count;
    ybb_value first, last; /* RANGE: the ends, inclusive, YBB_VALUE_NULL where missing; dates
                              YYYY-MM-DD, amounts decimal text. AT_LEAST, AT_MOST: first */
} ybb_filter_use;

typedef struct ybb_request_column {
    const ybb_field *field;
    const char *header; /* final: language, template, mapping and request considered */
} ybb_request_column;

typedef struct ybb_warning {
    const char *code; /* "CHUNK_SIZE_HELD" */
    const char *message;
    const char *field; /* path, or NULL */
} ybb_warning;

typedef struct ybb_request {
    ybb_arena arena;
    const ybb_type *type;
    ybb_format format;
    const char *template_name;     /* "standard", ..., "custom" */
    const ybb_template *template_; /* NULL for custom */
    ybb_language language;
    bool has_program;
    int64_t program_id;
    const ybb_filter_use *filters;
    uint32_t filter_count;
    uint64_t limit;        /* UINT64_MAX: none */
    const ybb_field *sort; /* NULL: the key */
    bool descending;
    bool include_deleted;
    bool grouped; /* the type's group (group_by_participant) */
    bool spread;  /* the type's spread (essay_layout: "columns") */
    /* IANA names: the zone that times are shown in, and the one they are stored in. Both NULL: they
     * are shown as they are stored. */
    const char *timezone, *stored_timezone;
    bool include_summary, include_about; /* sheets behind the data */
    const ybb_request_column *columns;
    uint32_t column_count;
    ybb_presentation presentation;
    const ybb_file_names *file_names; /* the configuration's */
    const ybb_pdf_font_list *pdf_fonts; /* likewise */
    uint64_t pdf_max_pages;

    ybb_strategy_wish strategy;
    ybb_compression compression;
    uint64_t chunk_size;                  /* 0: not given; already held between the limits */
    uint64_t max_file_size, memory_limit; /* bytes */
    bool parallel_processing;
    bool create_zip_archive, create_zip_archive_given;
    bool email_notification;
    const char *email_address; /* NULL: none */
    const char *email_field;   /* where it stands; NULL: nowhere */
    bool mails;                /* mail is to be sent when the export ends */
    uint64_t retention_days;
    const char *idempotency_key, *owner; /* NULL: none */

    const ybb_warning *warnings;
    uint32_t warning_count;
    const char *filters_json; /* the filters as they came, compact, for the metadata */
    const char *json;         /* the whole request, compact, for the job's record */
} ybb_request;

/* Parses and checks a request. What it points to in @catalog and @config is borrowed and must
 * outlive it. YBB_INVALID_JSON to YBB_UNSUPPORTED with the field's path, what came and what would
 * be valid; YBB_NO_MEMORY. */
ybb_status ybb__request_parse(ybb_request **out, const char *json, size_t length,
                              const ybb_catalog *catalog, const struct ybb_config *config,
                              ybb_error *error);
void ybb__request_free(ybb_request *request);

const char *ybb__format_name(ybb_format format);

#endif
