/*
 * model/json_read: JSON texts of other people, read strictly. Catalog documents, configurations and
 * requests all come in through here; nobody else parses JSON.
 *
 * A parser of our own, for what a general one lets pass: a key that stands twice in an object, at
 * any depth; a number that no type here can hold; NUL (as a byte or escaped), lone surrogates,
 * ill-formed UTF-8, text behind the end. The tree keeps each value's parent, so that any value can
 * tell its path when it is to blame; no caller builds paths.
 *
 *     ybb_json_reader reader = {.what = "the request", .max_bytes = YBB_JSON_REQUEST_BYTES,
 *                               .error = error};
 *     if (ybb__json_parse(&reader, text, length) == YBB_OK) {
 *         static const char *const keys[] = {"format", "limit"};
 *         ybb__json_known(&reader, reader.root, keys, 2);
 *         ybb__json_take_u64(&reader, reader.root, "limit", 1, UINT64_MAX, &limit);
 *         ...
 *     }
 *     ybb_status status = reader.status;
 *     ybb__json_release(&reader);
 *
 * Like a buffer, a reader remembers its first failure; takers and checks after it do nothing, so
 * that they can stand in a row and be asked once (reader.status).
 */
#ifndef YBB_MODEL_JSON_READ_H
#define YBB_MODEL_JSON_READ_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/buffer.h"
#include "base/error.h"

enum {
    YBB_JSON_REQUEST_BYTES = 1024 * 1024,
    YBB_JSON_DOCUMENT_BYTES = 4 * 1024 * 1024,
    YBB_JSON_DEPTH = 32,      /* arrays and objects inside one another */
    YBB_JSON_VALUES = 100000, /* in one text; a value costs some 80 bytes */
    YBB_JSON_PATH = 256       /* room for a path; longer ones are cut */
};

typedef enum ybb_json_kind {
    YBB_JSON_NULL,
    YBB_JSON_BOOLEAN,
    YBB_JSON_NUMBER,
    YBB_JSON_TEXT,
    YBB_JSON_ARRAY,
    YBB_JSON_OBJECT
} ybb_json_kind;

/* A value. Read its items or members by `for (item = v->first; item != NULL; item = item->next)`;
 * they stand as they came. */
typedef struct ybb_json {
    ybb_json_kind kind;
    bool boolean;
    uint32_t count;  /* items or members */
    uint32_t index;  /* its own place among its siblings, from 0 */
    size_t length;   /* bytes at `at` */
    const char *at;  /* TEXT: UTF-8 without NUL; NUMBER: as it was written; a NUL behind */
    const char *key; /* its name in the object it stands in; NULL: in an array, or the root */
    const struct ybb_json *parent, *first, *next;
} ybb_json;

typedef struct ybb_json_reader {
    /* Set by the caller. */
    const char *what;     /* the root, for messages: "the request" */
    const char *document; /* stands before every message: a file's name; NULL: nothing */
    size_t max_bytes;
    ybb_status broken; /* a text that is not JSON; 0: YBB_INVALID_JSON */
    ybb_status
        refused; /* a value that is not taken; 0: each failure its own (YBB_INVALID_TYPE, ...) */
    ybb_error *error; /* may be NULL */
    /* Set here. */
    ybb_arena arena; /* the tree */
    const ybb_json *root;
    ybb_status status; /* the first failure */
} ybb_json_reader;

/* Parses a whole text into reader->root; the text is not needed afterwards. A byte order mark
 * before it is passed over. The message of a broken text has line and column (in bytes). */
ybb_status ybb__json_parse(ybb_json_reader *reader, const char *text, size_t length);
/* Frees the tree, not the reader. */
void ybb__json_release(ybb_json_reader *reader);

/* The member of that name, NULL where there is none or @object is NULL or no object. */
const ybb_json *ybb__json_member(const ybb_json *object, const char *key);
/* "a text", "an object", ... for messages. */
const char *ybb__json_kind_name(const ybb_json *value);

/* Reports that @value is to blame, unless the reader has failed already: its path, its text as
 * error.value (cut), and a message "<path> <clause>". @allowed and @suggestion may be NULL. @status
 * is what it is called where reader->refused does not say otherwise. Returns reader->status. */
ybb_status ybb__json_fail(ybb_json_reader *reader, const ybb_json *value, ybb_status status,
                          const char *allowed, const char *suggestion, const char *format, ...)
    YBB_PRINTF(6, 7);
/* The same without the value's text: for secrets. */
ybb_status ybb__json_fail_secret(ybb_json_reader *reader, const ybb_json *value, ybb_status status,
                                 const char *allowed, const char *format, ...) YBB_PRINTF(5, 6);
/* YBB_INVALID_TYPE: "<path> is a text, not an object"; @expected "an object". */
ybb_status ybb__json_fail_type(ybb_json_reader *reader, const ybb_json *value,
                               const char *expected);
/* @status for a @value (text or number) that is none of some names: "<path> is no <kind>: "xyz"",
 * with the names as allowed and the nearest as suggestion. For YBB_UNKNOWN_FIELD and its like. */
ybb_status ybb__json_fail_name(ybb_json_reader *reader, const ybb_json *value, ybb_status status,
                               const char *kind, const char *const *names, size_t count);
/* YBB_UNKNOWN_KEY (or @status) for a member by its key, likewise. */
ybb_status ybb__json_fail_key(ybb_json_reader *reader, const ybb_json *member, ybb_status status,
                              const char *kind, const char *const *names, size_t count);
/* YBB_MISSING_KEY: "<path>.<key> is missing". */
ybb_status ybb__json_fail_missing(ybb_json_reader *reader, const ybb_json *object, const char *key);
/* The same with what would be valid there. */
ybb_status ybb__json_fail_missing_value(ybb_json_reader *reader, const ybb_json *object,
                                        const char *key, const char *allowed);
/* @names as they are listed for a person, joined by ", " at @out, as many as fit. */
void ybb__json_list_names(char *out, size_t capacity, const char *const *names, size_t count);
ybb_status ybb__json_fail_memory(ybb_json_reader *reader);

/* YBB_INVALID_TYPE unless @value is an object (an empty array counts as one: PHP's []). */
bool ybb__json_is_object(ybb_json_reader *reader, const ybb_json *value);
bool ybb__json_is_array(ybb_json_reader *reader, const ybb_json *value);
/* YBB_UNKNOWN_KEY for the first member whose name is none of these. */
bool ybb__json_known(ybb_json_reader *reader, const ybb_json *object, const char *const *keys,
                     size_t count);
/* YBB_MISSING_KEY unless the member is there and not null. */
bool ybb__json_need(ybb_json_reader *reader, const ybb_json *object, const char *key);

/* Takers. A member that is missing or null, and a reader that has failed, leave *out alone and give
 * false; a value that does not fit is reported and gives false; true where *out was set. @object
 * may be NULL. */
bool ybb__json_take_bool(ybb_json_reader *reader, const ybb_json *object, const char *key,
                         bool *out);
/* Integers from @least to @most: a number, or its decimal text. */
bool ybb__json_take_u64(ybb_json_reader *reader, const ybb_json *object, const char *key,
                        uint64_t least, uint64_t most, uint64_t *out);
/* A text; it lives as long as the tree. */
bool ybb__json_take_text(ybb_json_reader *reader, const ybb_json *object, const char *key,
                         const char **out);
/* A text that is one of @names: its index. */
bool ybb__json_take_choice(ybb_json_reader *reader, const ybb_json *object, const char *key,
                           const char *const *names, size_t count, uint32_t *out);
bool ybb__json_take_object(ybb_json_reader *reader, const ybb_json *object, const char *key,
                           const ybb_json **out);
bool ybb__json_take_array(ybb_json_reader *reader, const ybb_json *object, const char *key,
                          const ybb_json **out);

/* Values by themselves; nothing is reported. */
/* An integer: a number without a broken part (2, 2.0, 2e3), or decimal text ("2"). */
bool ybb__json_to_i64(const ybb_json *value, int64_t *out);
bool ybb__json_to_u64(const ybb_json *value, uint64_t *out);
/* A number, or decimal text, as plain decimal text: "-150000.5" for -1.500005e5, without exponent,
 * '+', needless zeros; "0" for any zero. False where it is none or @out (@capacity bytes) is too
 * small. */
bool ybb__json_to_decimal(const ybb_json *value, char *out, size_t capacity);
/* A number as a double, to within 1 in 2^52. */
bool ybb__json_to_double(const ybb_json *value, double *out);

/* "filters.date_range.start", "fields[2].header"; reader->what for the root. At most YBB_JSON_PATH
 * bytes with the NUL, cut at a character. */
void ybb__json_path(const ybb_json_reader *reader, const ybb_json *value, char *out);
/* The value as compact JSON text; what would go beyond @limit bytes (0: none) is left out. */
void ybb__json_write(ybb_buffer *out, const ybb_json *value, size_t limit);

#endif
