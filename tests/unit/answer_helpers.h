/*
 * tests/unit/answer_helpers: answers as trees, of which a test asks by path; in the end all that a
 * program made are held against their schema.
 */
#ifndef YBB_TESTS_ANSWER_HELPERS_H
#define YBB_TESTS_ANSWER_HELPERS_H

#include <json-c/json.h>
#include <stdbool.h>

/* Takes and frees @json; the tree is the caller's, to be put. The text is kept for
 * answers_are_valid(). */
struct json_object *answer_of(char *json);
/* The same of a text that is no answer; it is not kept. */
struct json_object *tree_of(char *json);
/* The value at a path of keys and indexes parted by '/'. Borrowed from @root; NULL where there is
 * none, or null. */
struct json_object *answer_at(struct json_object *root, const char *path);
bool answer_has(struct json_object *root, const char *path);

/* Assertions. */
void text_is(struct json_object *root, const char *path, const char *expected);
void number_is(struct json_object *root, const char *path, double expected);
void bool_is(struct json_object *root, const char *path, bool expected);
void null_is(struct json_object *root, const char *path);

/* Holds the answers so far against docs/@schema.schema.json, and forgets them; skips the test where
 * there is no program to do it. */
void answers_are_valid(const char *schema);

#endif
