/*
 * model/plan: from a request to statements, columns, a strategy, chunks and names. Pure: no clock,
 * no database, no file; the same input gives the same plan.
 */
#ifndef YBB_MODEL_PLAN_H
#define YBB_MODEL_PLAN_H

#include "model/request.h"
#include "rows/groups.h"

/* How SQL differs between databases; db/ has the drivers, this is only their grammar. */
typedef enum ybb_sql { YBB_SQL_MYSQL, YBB_SQL_SQLITE } ybb_sql;

/* What a subtotal shows in a column. */
typedef enum ybb_in_subtotal {
    YBB_IN_SUBTOTAL_NOTHING,
    YBB_IN_SUBTOTAL_VALUE, /* what it stands for, or of the group's last record */
    YBB_IN_SUBTOTAL_SUM,
    YBB_IN_SUBTOTAL_LABEL /* the group's label */
} ybb_in_subtotal;

/* Where a column of the file gets its cell from. */
typedef struct ybb_column {
    const char *header;
    const ybb_field *field;
    uint32_t cell;          /* COLUMN: index into the main row */
    uint32_t fallback_cell; /* where that is NULL; UINT32_MAX: none */
    uint32_t related;       /* RELATED: index into reading.related and the slice's related blocks */
    ybb_in_subtotal in_subtotal;
    bool spread; /* shows the content of those related rows that point to one row of the lookup */
    uint32_t lookup; /* spread: the number of that row among plan->lookup_keys */
} ybb_column;

/* A cell of a related row, an integer, that a record's rows are sorted by. */
typedef struct ybb_related_order {
    uint32_t cell;
    bool descending;
} ybb_related_order;

/* What a related block holds: for each of the collection's columns its cell, UINT32_MAX where it is
 * not read. */
typedef struct ybb_related_map {
    const ybb_collection *collection;
    const uint32_t *cells;          /* [collection->column_count] */
    const uint32_t *fallback_cells; /* [collection->column_count] */
    uint32_t distinct_cell;         /* UINT32_MAX: none */
    const ybb_related_order *order; /* how its rows are to be sorted, record by record */
    uint32_t order_count;           /* 0: they come in their order, or need none */
} ybb_related_map;

typedef struct ybb_plan {
    ybb_arena arena;
    const ybb_request *request;
    ybb_reading reading;
    const ybb_column *columns;
    uint32_t column_count;
    uint32_t hidden_count;               /* how many come behind them that summaries alone use */
    const ybb_summary *const *summaries; /* where they are asked for */
    uint32_t summary_count;
    const ybb_related_map *related; /* beside reading.related */
    /* A spread field's columns are missing until ybb__plan_spread(). */
    const ybb_spread *spread; /* NULL: none */
    uint32_t spread_at;       /* the column before which they go */
    uint32_t spread_related;  /* index of the field's related rows */
    ybb_cell_index lookup_keys;
    ybb_block lookup; /* what they are in */
} ybb_plan;

/* @request is borrowed and outlives the plan. */
ybb_status ybb__plan_build(ybb_plan **out, const ybb_request *request, ybb_sql sql,
                           ybb_error *error);
/* Adds the columns of a spread field, from the rows of reading.lookup, which are copied; without
 * such a field nothing is done. YBB_INVALID_VALUE where no column is there at all. */
ybb_status ybb__plan_spread(ybb_plan *plan, const ybb_block *lookup, ybb_error *error);
void ybb__plan_free(ybb_plan *plan);
/* Columns, with those that are hidden. */
static inline uint32_t ybb__plan_composed(const ybb_plan *plan)
{
    return plan->column_count + plan->hidden_count;
}

/* The column, or what comes behind the columns, of a field that summaries use. */
uint32_t ybb__plan_column(const ybb_plan *plan, const ybb_field *field);

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
    uint64_t rows_per_sheet;     /* of a sheet, header not counted; UINT64_MAX: no limit */
    uint64_t timeout_seconds;    /* 0: none */
    bool long_sheet; /* a sheet, or PDF, has more rows than is recommended: worth a warning */
    bool split;   /* a file closed early, at max_file_size: names have the numbers alone for now */
    bool grouped; /* files end where groups do: at chunk_size records or somewhat behind */
} ybb_delivery;

/* What a file has of an export: its records and, of groups, its subtotals. */
typedef struct ybb_chunk {
    uint64_t first_record, records; /* first: how many come before */
    uint64_t first_subtotal, subtotals;
} ybb_chunk;

/* From a number of records to the strategy, the files and their limits. YBB_TOO_LARGE where a
 * forced single file cannot hold the records. */
ybb_status ybb__delivery_plan(ybb_delivery *out, const ybb_request *request,
                              const struct ybb_config *config, uint64_t records, ybb_error *error);
/* Gives the files of an export in batches another size, of at least one record. */
void ybb__delivery_rechunk(ybb_delivery *delivery, uint64_t chunk_size);
/* The same for an export in groups. A file closes at the first end of a group at or behind its
 * chunk size, or at the last before it would be fuller than a file can be; a group that is larger
 * than that goes on in the next. @chunks: [out->files], to be freed by free(). */
ybb_status ybb__delivery_plan_groups(ybb_delivery *out, ybb_chunk **chunks,
                                     const ybb_request *request, const struct ybb_config *config,
                                     const ybb_groups *groups, ybb_error *error);
const char *ybb__strategy_name(ybb_strategy strategy);
const char *ybb__priority_name(ybb_priority priority);

/* Records of file @number (from 1) of a delivery that is not grouped: the first, counted from 1,
 * and how many. */
void ybb__delivery_range(const ybb_delivery *delivery, uint32_t number, uint64_t *first,
                         uint64_t *count);

/* What the names of an export's files are made of. Borrowed. */
typedef struct ybb_naming {
    const ybb_request *request;
    const ybb_delivery *delivery;
    int64_t time; /* the export's start, in microseconds since 1970 */
} ybb_naming;

/* Names by request->file_names, in @arena: of file @number (from 1), which has @chunk, and of the
 * archive. NULL when memory is exhausted. */
char *ybb__file_name(ybb_arena *arena, const ybb_naming *naming, uint32_t number,
                     const ybb_chunk *chunk);
/* Of a file while it is not known how many there will be: "batch_3.xlsx". */
char *ybb__split_file_name(ybb_arena *arena, ybb_format format, uint32_t number);
char *ybb__archive_name(ybb_arena *arena, const ybb_naming *naming);
/* "xlsx", "csv", "pdf". */
const char *ybb__format_extension(ybb_format format);

#endif
