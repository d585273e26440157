/*
 * model/catalog: what can be exported, as data. docs/catalog.md describes the documents.
 *
 * A catalog is built once from JSON documents (the built-in ones first, then an installation's) and
 * never changes afterwards: any number of threads may read it. All its memory is in one arena.
 */
#ifndef YBB_MODEL_CATALOG_H
#define YBB_MODEL_CATALOG_H

#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/error.h"

typedef enum ybb_language { YBB_ENGLISH, YBB_INDONESIAN, YBB_LANGUAGES } ybb_language;

/* One text in every language; a missing one is the English one. NULL only where it is said. */
typedef struct ybb_words {
    const char *in[YBB_LANGUAGES];
} ybb_words;

typedef enum ybb_field_type {
    YBB_TYPE_TEXT,
    YBB_TYPE_INTEGER,
    YBB_TYPE_DECIMAL, /* with `scale` places */
    YBB_TYPE_DATE,
    YBB_TYPE_DATETIME,
    YBB_TYPE_BOOLEAN
} ybb_field_type;

/* Addresses that a field's texts may be links to; as bits. */
typedef enum ybb_link_scheme {
    YBB_LINK_HTTP = 1,
    YBB_LINK_HTTPS = 2,
    YBB_LINK_MAILTO = 4
} ybb_link_scheme;

/* A stored value and how it is shown. */
typedef struct ybb_label {
    const char *value;
    ybb_words text;
} ybb_label;

typedef struct ybb_labels {
    const ybb_label *items;
    uint32_t count;
} ybb_labels;

/* A column of a table in the statement. */
typedef struct ybb_column_name {
    const char *table; /* the alias: the main table's own name or a join's */
    const char *column;
} ybb_column_name;

typedef struct ybb_table_column_pair {
    ybb_column_name own, other;
} ybb_table_column_pair;

/* A left join: at most one row for each row before it (a collection's may give more). */
typedef struct ybb_join {
    const char *table, *alias;
    const ybb_table_column_pair *on; /* own: the joined table; other: one that stands before it */
    uint32_t on_count;
    const struct ybb_condition *where; /* on the joined table's columns */
    uint32_t where_count;
} ybb_join;

/* A column that has one of some values; no value: the column is NULL. Texts are compared byte for
 * byte. */
typedef struct ybb_condition {
    ybb_column_name column;
    const char *const *values;
    uint32_t value_count;
    bool integer;
    bool negated; /* not NULL, and none of the values */
} ybb_condition;

/* How the related rows of a record become one value. */
typedef enum ybb_reduce {
    YBB_REDUCE_LINES, /* each row a text, joined */
    YBB_REDUCE_COUNT, /* how many rows there are, or how many `cases[0]` matches */
    YBB_REDUCE_SHARE, /* how many in a hundred `cases[0]` matches, one decimal, half up; NULL
                         without rows */
    YBB_REDUCE_CASE   /* the value of the first case that any row matches, else `otherwise` */
} ybb_reduce;

/* A piece of a line's part: a text as it is, or a column of the row (NULL is empty). */
typedef struct ybb_line_piece {
    const char *text; /* NULL: a column */
    uint32_t column;  /* index into the collection's columns */
} ybb_line_piece;

typedef struct ybb_line_part {
    const ybb_line_piece *pieces;
    uint32_t count;
    bool trim; /* blanks at both ends go */
} ybb_line_part;

/* A row matches a case when the column has one of the values (no value: when it is not NULL). */
typedef struct ybb_case {
    uint32_t column; /* index into the collection's columns */
    const char *const *values;
    uint32_t value_count;
    const char *result;
} ybb_case;

typedef struct ybb_reducer {
    uint32_t collection; /* index into the type's collections */
    ybb_reduce how;
    const ybb_line_part *parts; /* LINES */
    uint32_t part_count;
    const char *part_separator, *line_separator;
    const ybb_case *cases;
    uint32_t case_count;
    const char *otherwise;
} ybb_reducer;

typedef enum ybb_source {
    YBB_SOURCE_ROW_NUMBER, /* 1..N in sort order */
    YBB_SOURCE_COLUMN,
    YBB_SOURCE_RELATED /* reducer */
} ybb_source;

/* A field of an export type, or a column of a collection (source COLUMN). */
typedef struct ybb_field {
    const char *name;
    ybb_field_type type;
    uint8_t scale;
    bool money; /* a DECIMAL in `currency_format` */
    bool sortable;
    bool wrap;      /* long text over several lines */
    uint8_t links;  /* schemes whose addresses are links; 0: none */
    bool related;   /* `include_related: false` takes it out of a template */
    uint16_t width; /* how many characters wide its column is shown; 0: by type and header */
    ybb_words header;
    ybb_words description; /* NULL: none */
    ybb_labels labels;
    ybb_source source;
    ybb_column_name column;
    const char *null_as; /* the stored value that NULL counts as, or NULL */
    /* Where the column is NULL: another one with its own labels; fallback.column NULL: none. */
    ybb_column_name fallback;
    ybb_labels fallback_labels;
    ybb_reducer reducer;
} ybb_field;

typedef struct ybb_order {
    ybb_column_name column;
    bool descending;
} ybb_order;

/* Related rows: those whose columns equal the main row's, byte for byte. */
typedef struct ybb_collection {
    const char *name;
    const char *table, *alias;
    const ybb_table_column_pair *match; /* own: here; other: the main statement's */
    uint32_t match_count;
    bool match_integer; /* match[0] is an integer */
    const ybb_join *joins;
    uint32_t join_count;
    const ybb_condition *where;
    uint32_t where_count;
    const ybb_order *order; /* used by LINES only */
    uint32_t order_count;
    const ybb_field *columns;
    uint32_t column_count;
    int32_t distinct; /* rows with equal bytes in this column count once; -1: none. Joins of many */
} ybb_collection;

typedef enum ybb_filter_kind {
    YBB_FILTER_VALUE,    /* the column has one of the values */
    YBB_FILTER_RANGE,    /* the column lies between two ends */
    YBB_FILTER_RELATED,  /* some related row's column has one of the values */
    YBB_FILTER_CASE,     /* a CASE field has one of the values */
    YBB_FILTER_AT_LEAST, /* a COUNT field is at least the value */
    YBB_FILTER_AT_MOST
} ybb_filter_kind;

typedef struct ybb_filter {
    const char *name;
    ybb_filter_kind kind;
    ybb_field_type
        type; /* of its values: VALUE and RELATED text or integer; RANGE date or decimal */
    ybb_column_name column;     /* VALUE, RANGE */
    const char *null_as;        /* as the field's: NULL is found under this value */
    const char *const *allowed; /* enumerations; NULL: any */
    uint32_t allowed_count;
    uint32_t collection; /* RELATED: and the column in it */
    uint32_t collection_column;
    const struct ybb_field *field; /* CASE, AT_LEAST, AT_MOST */
    const char
        *narrowed_by; /* CASE: a RELATED filter over the same collection that narrows it, or NULL */
    const char *first_name, *last_name; /* RANGE: its keys, "start" and "end" or "min" and "max" */
} ybb_filter;

typedef struct ybb_template_column {
    const ybb_field *field;
    ybb_words header;
} ybb_template_column;

typedef struct ybb_template {
    const char *name; /* "standard" */
    const ybb_template_column *columns;
    uint32_t column_count;
    uint64_t max_records_single_file;  /* 0: the configuration's */
    uint64_t recommended_chunk_size;   /* 0: none */
    bool optimized_for_large_datasets; /* for an admin to read; nothing depends on it */
} ybb_template;

/* An option that adds fields to a template that lacks them, and takes them from one that has them.
 */
typedef struct ybb_include {
    const char *option; /* "include_essays" */
    const char *name;   /* what a template's include_related calls it: "essays"; NULL: nothing */
    const ybb_field *const *fields;
    uint32_t field_count;
    const char *after; /* field behind which they are added; NULL: at the end */
} ybb_include;

/* An option that sorts by a column and ends each run of rows with equal bytes in it (a group) with
 * rows of sums: one for each value of `per` in the group, in the order in which they first come. */
typedef struct ybb_group {
    const char *option;     /* "group_by_participant" */
    ybb_column_name column; /* NULLs are one group */
    bool integer;           /* the column is an integer */
    const ybb_order *order; /* inside a group; behind these the type's key */
    uint32_t order_count;
    const ybb_field *per;         /* shown in its own column */
    const ybb_field *const *kept; /* show the group's value: that of its last row */
    uint32_t kept_count;
    const ybb_field *const
        *summed; /* DECIMAL or INTEGER columns of the main row; NULL adds nothing */
    uint32_t summed_count;
    const ybb_field *label_field; /* shows `label` */
    ybb_words label;
} ybb_group;

/* An option that shows a LINES field as columns instead: one for each row of a lookup table, headed
 * by a text of that row, holding what the related rows that point to it have (several of them
 * joined by the field's line_separator; none: NULL). */
typedef struct ybb_spread {
    const char *option;     /* "essay_layout" */
    const char *off, *on;   /* its values: "text" (the field as it is, the default), "columns" */
    const ybb_field *field; /* whose place the columns take */
    uint32_t pointer;       /* column of the field's collection: the key of a lookup row */
    uint32_t content;       /* column of the field's collection: what a cell shows */
    const char *table;      /* the lookup; conditions and order name it as their table */
    const char *key;        /* column of the lookup, unique */
    bool key_integer;
    const char *header;  /* column of the lookup */
    const char *program; /* column of the lookup that `program_id` compares; NULL: none */
    const ybb_condition *where;
    uint32_t where_count;
    const ybb_order *order; /* behind these its key */
    uint32_t order_count;
} ybb_spread;

/* Which part of a date a summary counts by. */
typedef enum ybb_period { YBB_PERIOD_DAY, YBB_PERIOD_MONTH, YBB_PERIOD_YEAR } ybb_period;

typedef enum ybb_chart {
    YBB_CHART_BAR, /* lying */
    YBB_CHART_COLUMN,
    YBB_CHART_LINE,
    YBB_CHART_PIE,
    YBB_CHART_NONE
} ybb_chart;

/* Records whose stored value in a field is one of some (a condition without a column's name). */
typedef struct ybb_summary_where {
    const ybb_field *field;
    ybb_condition is;
} ybb_summary_where;

/* What a summary says of an export's records: how many have each value of a field, with the sums of
 * others, or which records have the most in a field. */
typedef struct ybb_summary {
    ybb_words title;
    bool top;            /* a list of records, else counts */
    const ybb_field *by; /* whose values are counted; top: whose integers rank the records */
    ybb_period period;   /* of a date or a datetime */
    const ybb_field *const *sums; /* counts: decimals and integers */
    uint32_t sum_count;
    const ybb_field *const *shown; /* top: of each record */
    uint32_t shown_count;
    const ybb_summary_where *where; /* all of them */
    uint32_t where_count;
    bool in_order; /* values in their own order, else the most frequent first */
    uint32_t most; /* rows; of counts what has none of its own is in one row more */
    ybb_chart chart;
    uint32_t charted; /* counts: which sum the chart shows, from 1; 0: the counts */
} ybb_summary;

typedef struct ybb_type {
    const char *name; /* "participants" */
    ybb_words title;  /* "Participants" */
    const char *table;
    const char *key; /* integer or text column of the table, unique */
    bool key_integer;
    ybb_column_name program; /* what `program_id` compares; column NULL: no such key */
    ybb_condition deleted;   /* what a row must meet unless include_deleted; column NULL: none */
    const ybb_join *joins;
    uint32_t join_count;
    const ybb_collection *collections;
    uint32_t collection_count;
    const ybb_field *fields;
    uint32_t field_count;
    const ybb_filter *filters;
    uint32_t filter_count;
    const ybb_template *templates;
    uint32_t template_count;
    const ybb_include *includes;
    uint32_t include_count;
    const ybb_group *group;   /* NULL: none */
    const ybb_spread *spread; /* NULL: none */
    const ybb_summary *summaries;
    uint32_t summary_count;
} ybb_type;

typedef struct ybb_catalog {
    ybb_arena arena;
    const ybb_type *types;
    uint32_t type_count;
} ybb_catalog;

/* A document and the file it came from (for errors). Texts are borrowed during the call. */
typedef struct ybb_document {
    const char *name;
    const char *text;
    size_t length;
} ybb_document;

/* Builds a catalog from the built-in documents and @count more: a type of the same name takes the
 * place of an earlier one, spec.md's {"templates": {...}} replace templates of those names.
 * YBB_INVALID_CATALOG names document, path and what is wrong; YBB_NO_MEMORY. */
ybb_status ybb__catalog_build(ybb_catalog **out, const ybb_document *documents, uint32_t count,
                              ybb_error *error);
void ybb__catalog_free(ybb_catalog *catalog);

enum { YBB_TEMPLATE_KEY = 64 + 1 + 64 + 1 }; /* bytes of "<type>_<template>" with its NUL */

/* The name of the one template of a document that has nothing else, {"templates":
 * {"participants_short":
 * {...}}}, at @key (YBB_TEMPLATE_KEY bytes): letters, digits and '_'. The template itself is not
 * looked at. YBB_INVALID_CATALOG, YBB_NO_MEMORY. */
ybb_status ybb__template_document_key(char *key, const ybb_document *document, ybb_error *error);

/* What a table is called in a statement: its name without the schema's before a '.'. */
const char *ybb__table_alias(const char *table);

const ybb_type *ybb__catalog_type(const ybb_catalog *catalog, const char *name);
const ybb_field *ybb__type_field(const ybb_type *type, const char *name);
/* The names of all types, and of all fields of a type, for a message; at @names is room for them.
 */
void ybb__catalog_type_names(const ybb_catalog *catalog, const char **names);
void ybb__type_field_names(const ybb_type *type, const char **names);
const ybb_filter *ybb__type_filter(const ybb_type *type, const char *name);
const ybb_template *ybb__type_template(const ybb_type *type, const char *name);
const ybb_include *ybb__type_include(const ybb_type *type, const char *option);

#endif
