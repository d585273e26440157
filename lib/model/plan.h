/*
 * model/plan: from a request to statements, columns, a strategy, chunks and names. Pure: no clock,
 * no database, no file; the same input gives the same plan.
 */
#ifndef YBB_MODEL_PLAN_H
#define YBB_MODEL_PLAN_H

#include "model/request.h"
#include "rows/reading.h"

/* How SQL differs between databases; db/ has the drivers, this is only their grammar. */
typedef enum ybb_sql { YBB_SQL_MYSQL, YBB_SQL_SQLITE } ybb_sql;

/* Where a column of the file gets its cell from. */
typedef struct ybb_column {
    const char *header;
    const ybb_field *field;
    uint32_t cell;          /* COLUMN: index into the main row */
    uint32_t fallback_cell; /* where that is NULL; UINT32_MAX: none */
    uint32_t related;       /* RELATED: index into reading.related and the slice's related blocks */
} ybb_column;

/* What a related block holds: for each of the collection's columns its cell, UINT32_MAX where it is
 * not read. */
typedef struct ybb_related_map {
    const ybb_collection *collection;
    const uint32_t *cells;          /* [collection->column_count] */
    const uint32_t *fallback_cells; /* [collection->column_count] */
    uint32_t distinct_cell;         /* UINT32_MAX: none */
} ybb_related_map;

typedef struct ybb_plan {
    ybb_arena arena;
    const ybb_request *request;
    ybb_reading reading;
    const ybb_column *columns;
    uint32_t column_count;
    const ybb_related_map *related; /* beside reading.related */
} ybb_plan;

/* @request is borrowed and outlives the plan. */
ybb_status ybb__plan_build(ybb_plan **out, const ybb_request *request, ybb_sql sql,
                           ybb_error *error);
void ybb__plan_free(ybb_plan *plan);

/* spec.md's strategies, as answers name them. */
typedef enum ybb_strategy {
    YBB_IMMEDIATE_SINGLE,
    YBB_BACKGROUND_SINGLE,
    YBB_COMPRESSED_SINGLE,
    YBB_MULTI_FILE,
    YBB_STREAMING,
    YBB_SINGLE
} ybb_strategy;

/* How a number of records is delivered. */
typedef struct ybb_delivery {
    uint64_t records;
    ybb_priority priority;
    ybb_strategy strategy;
    ybb_compression compression; /* NONE or GZIP: of each file; ZIP: an archive over them */
    bool archive;                /* make the archive (and with it the manifest) */
    uint64_t chunk_size;         /* records a file; UINT64_MAX for one file */
    uint32_t files;              /* at least 1 */
    uint64_t rows_per_sheet;     /* records a sheet, header not counted; UINT64_MAX: no limit */
    uint64_t timeout_seconds;    /* 0: none */
    bool long_sheet;             /* a sheet has more rows than is recommended: worth a warning */
} ybb_delivery;

/* The strategy table of the specification. YBB_TOO_LARGE where a forced single file cannot hold the
 * records. */
ybb_status ybb__delivery_plan(ybb_delivery *out, const ybb_request *request,
                              const struct ybb_config *config, uint64_t records, ybb_error *error);
const char *ybb__strategy_name(ybb_strategy strategy);
const char *ybb__priority_name(ybb_priority priority);

/* Records of file @number (from 1): the first, counted from 1, and how many. */
void ybb__delivery_range(const ybb_delivery *delivery, uint32_t number, uint64_t *first,
                         uint64_t *count);
/* File names, in the plan's arena or NULL without memory: of file @number, and of the archive. */
char *ybb__file_name(ybb_arena *arena, const ybb_request *request, const ybb_delivery *delivery,
                     uint32_t number);
char *ybb__archive_name(ybb_arena *arena, const ybb_request *request);
/* "xlsx", "csv", "pdf". */
const char *ybb__format_extension(ybb_format format);

#endif
