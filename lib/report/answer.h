/*
 * report/answer: small builders over json-c that cannot fail half-way: they remember that memory
 * ran out, and the answer is then NULL at the end.
 */
#ifndef YBB_REPORT_ANSWER_H
#define YBB_REPORT_ANSWER_H

#include <json-c/json_object.h>
#include <stdbool.h>
#include <stdint.h>

typedef struct ybb_answer {
    struct json_object *object;
    bool *failed; /* shared by all objects of one answer */
} ybb_answer;

ybb_answer ybb__answer_begin(bool *failed);
ybb_answer ybb__answer_begin_array(bool *failed);
/* A new object, or array of objects, under @key. */
ybb_answer ybb__answer_object(ybb_answer parent, const char *key);
ybb_answer ybb__answer_array(ybb_answer parent, const char *key);
/* A new object at an array's end. */
ybb_answer ybb__answer_item(ybb_answer array);

void ybb__answer_text(ybb_answer answer, const char *key, const char *text); /* NULL: null */
void ybb__answer_u64(ybb_answer answer, const char *key, uint64_t number);
/* Rounded to three decimals. */
void ybb__answer_double(ybb_answer answer, const char *key, double number);
void ybb__answer_bool(ybb_answer answer, const char *key, bool value);
/* RFC 3339; 0 is null. */
void ybb__answer_time(ybb_answer answer, const char *key, int64_t microseconds);
/* Bytes under @key and "15 MB" under "<key>_text". */
void ybb__answer_size(ybb_answer answer, const char *key, uint64_t bytes);
/* A JSON text of ours, as it is; NULL: an empty object, or array. */
void ybb__answer_json(ybb_answer answer, const char *key, const char *json, bool array);

/* The same of an object, without the members that are named, up to a NULL. */
void ybb__answer_json_without(ybb_answer answer, const char *key, const char *json,
                              const char *const *members);

/* The text, owned by the caller, and the whole answer is released; NULL without memory. */
char *ybb__answer_end(ybb_answer answer);
/* The same in one line, without its end. */
char *ybb__answer_end_line(ybb_answer answer);

#endif
