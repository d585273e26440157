/*
 * model/catalog_read: how a catalog document becomes the structures of catalog.h. One file for each
 * part of a type; all of them share this builder. docs/catalog.md describes what they read.
 *
 * Failures are the reader's (model/json_read.h): sticky, so that a part may be read on to its end
 * and the status asked for once. What a failed read leaves behind is never looked at by anybody.
 */
#ifndef YBB_MODEL_CATALOG_READ_H
#define YBB_MODEL_CATALOG_READ_H

#include "model/catalog.h"
#include "model/json_read.h"

/* How much a document may hold of each; names are looked for one by one. */
enum {
    YBB_MOST_TYPES = 200,
    YBB_MOST_FIELDS = 1000,
    YBB_MOST_COLUMNS = 1000, /* of a template */
    YBB_MOST_PARTS = 200,    /* of any other list */
    YBB_MOST_LABELS = 1000,
    YBB_IDENTIFIER = 64 /* bytes, as MariaDB and MySQL allow */
};

/* The tables of a statement so far, by their aliases: what a column may name. */
typedef struct ybb_scope {
    const char *aliases[2 + 2 * YBB_MOST_PARTS];
    uint32_t count;
} ybb_scope;

/* A type being read. What catalog.h shows as const is still being filled here. */
typedef struct ybb_type_draft {
    ybb_type type;
    uint32_t document; /* which one it came from */
    ybb_scope scope;
    ybb_collection *collections;
    ybb_field *fields;
    ybb_filter *filters;
    ybb_template *templates; /* room for YBB_MOST_PARTS, once it has one */
} ybb_type_draft;

typedef struct ybb_catalog_builder {
    ybb_arena *arena;        /* the catalog's */
    ybb_json_reader *reader; /* of the document being read */
    ybb_type_draft *draft;   /* the type being read */
} ybb_catalog_builder;

/* catalog_words.c: names, words and other small things. */

/* @count items in the catalog's arena; NULL: no memory, and reported. */
void *ybb__catalog_array(ybb_catalog_builder *b, size_t count, size_t size);
const char *ybb__catalog_copy(ybb_catalog_builder *b, const char *text);
/* Whether an object or a list has at most @most items; reported if not. */
bool ybb__catalog_count(ybb_catalog_builder *b, const ybb_json *value, uint32_t most);
/* A name of letters, digits and '_' that a request may use. @at is who is to blame. */
bool ybb__catalog_check_name(ybb_catalog_builder *b, const ybb_json *at, const char *name);
/* An identifier of a database: letters, digits, '_' and '$'. */
bool ybb__catalog_check_identifier(ybb_catalog_builder *b, const ybb_json *at, const char *name);
/* A text, or {"en": ..., "id": ...}; none of them empty. */
void ybb__catalog_words(ybb_catalog_builder *b, const ybb_json *value, ybb_words *out);
/* The same for a header: at most 255 characters. */
void ybb__catalog_header(ybb_catalog_builder *b, const ybb_json *value, ybb_words *out);
/* An integer or a text, as text; *@integer says which. NULL: reported. */
const char *ybb__catalog_stored(ybb_catalog_builder *b, const ybb_json *value, bool *integer);
/* The same for a column of type @type: what an integer or a boolean cannot be is reported. */
const char *ybb__catalog_stored_as(ybb_catalog_builder *b, const ybb_json *value,
                                   ybb_field_type type);
void ybb__catalog_labels(ybb_catalog_builder *b, const ybb_json *value, ybb_field_type type,
                         ybb_labels *out);
/* "text", "integer", ... of the member "type"; *out is left alone where there is none. */
bool ybb__catalog_field_type(ybb_catalog_builder *b, const ybb_json *object, ybb_field_type *out);
/* A member "integer" or "text": which a column is; *integer is left alone where there is none. */
void ybb__catalog_integer(ybb_catalog_builder *b, const ybb_json *object, const char *key,
                          bool *integer);

/* catalog_tables.c: tables, joins, conditions, collections. */

/* The member "table": a name, and before a '.' its schema's. */
void ybb__catalog_table(ybb_catalog_builder *b, const ybb_json *object, const char **table);
/* Adds an alias to a scope; one that is there already is reported. */
void ybb__catalog_scope_add(ybb_catalog_builder *b, ybb_scope *scope, const ybb_json *at,
                            const char *alias);
/* "column" of the first table of the scope, or "alias.column" of any. */
void ybb__catalog_column(ybb_catalog_builder *b, const ybb_scope *scope, const ybb_json *at,
                         const char *text, ybb_column_name *out);
/* The member @key, likewise; *out is left alone where there is none. */
bool ybb__catalog_column_member(ybb_catalog_builder *b, const ybb_scope *scope,
                                const ybb_json *object, const char *key, ybb_column_name *out);
/* {"column": value, ...} on columns of @table alone. */
void ybb__catalog_conditions(ybb_catalog_builder *b, const char *table, const ybb_json *value,
                             const ybb_condition **out, uint32_t *count);
/* 0, "text", null, [0, 1], or {"not": any of these}; all of *out but the column. */
void ybb__catalog_condition(ybb_catalog_builder *b, const ybb_json *value, ybb_condition *out);
void ybb__catalog_joins(ybb_catalog_builder *b, ybb_scope *scope, const ybb_json *object,
                        const ybb_join **out, uint32_t *count);
void ybb__catalog_order(ybb_catalog_builder *b, const ybb_scope *scope, const ybb_json *object,
                        const ybb_order **out, uint32_t *count);
void ybb__catalog_collections(ybb_catalog_builder *b, const ybb_json *type);
/* The collection or the column of a collection that a text names. False: reported. */
bool ybb__catalog_find_collection(ybb_catalog_builder *b, const ybb_json *value, uint32_t *out);
bool ybb__catalog_find_column(ybb_catalog_builder *b, const ybb_collection *collection,
                              const ybb_json *value, uint32_t *out);

/* catalog_fields.c */
void ybb__catalog_fields(ybb_catalog_builder *b, const ybb_json *type);
/* A column of a collection, or what a field says of its column. */
void ybb__catalog_stored_field(ybb_catalog_builder *b, const ybb_scope *scope,
                               const ybb_json *value, ybb_field *field);
/* The field that a text names; NULL: reported. */
const ybb_field *ybb__catalog_find_field(ybb_catalog_builder *b, const ybb_json *value);
/* A list of names of fields. */
void ybb__catalog_field_list(ybb_catalog_builder *b, const ybb_json *object, const char *key,
                             const ybb_field *const **out, uint32_t *count);

/* catalog_reducers.c: whether @value is one; reads it into @field. */
bool ybb__catalog_reducer(ybb_catalog_builder *b, const ybb_json *value, ybb_field *field);

/* catalog_filters.c and catalog_options.c */
void ybb__catalog_filters(ybb_catalog_builder *b, const ybb_json *type);
void ybb__catalog_includes(ybb_catalog_builder *b, const ybb_json *type);
void ybb__catalog_group(ybb_catalog_builder *b, const ybb_json *type);
void ybb__catalog_spread(ybb_catalog_builder *b, const ybb_json *type);

/* catalog_summaries.c */
void ybb__catalog_summaries(ybb_catalog_builder *b, const ybb_json *type);

/* catalog_templates.c: the template @name of b->draft, in place of an earlier one of that name. */
void ybb__catalog_template(ybb_catalog_builder *b, const ybb_json *value, const char *name);

#endif
