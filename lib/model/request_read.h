/*
 * model/request_read: what the files that read a request share. Each reads one part of it; the JSON
 * reader remembers the first failure, so that the parts can stand in a row.
 */
#ifndef YBB_MODEL_REQUEST_READ_H
#define YBB_MODEL_REQUEST_READ_H

#include "base/buffer.h"
#include "model/json_read.h"
#include "model/request.h"

typedef struct ybb_request_reader {
    ybb_json_reader *reader;
    const ybb_catalog *catalog;
    const struct ybb_config *config;
    ybb_request *request;
    ybb_buffer warnings; /* ybb_warning */
} ybb_request_reader;

/* Memory of the request, zeroed; NULL, and the reader has failed, where there is none. */
void *ybb__request_array(ybb_request_reader *r, size_t count, size_t size);
/* A text in the request's memory; NULL for NULL. */
const char *ybb__request_text(ybb_request_reader *r, const char *text);
/* Adds to the warnings. @code and @field are constants. */
void ybb__request_warn(ybb_request_reader *r, const char *code, const char *field,
                       const char *format, ...) YBB_PRINTF(4, 5);

/* The root's member "filters". */
void ybb__request_filters(ybb_request_reader *r, const ybb_json *root);
/* "template", "fields", and what "options" add to and take from them; their final headers. */
void ybb__request_columns(ybb_request_reader *r, const ybb_json *root);
/* "large_dataset_options", "delivery_options", and the chunk size of "options". */
void ybb__request_delivery(ybb_request_reader *r, const ybb_json *root);

#endif
