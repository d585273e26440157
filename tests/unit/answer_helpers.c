#ifndef _GNU_SOURCE
#define _GNU_SOURCE 1 /* strsep */
#endif
#include "answer_helpers.h"

#include "base/buffer.h"
#include "runner.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>

static ybb_buffer kept; /* answers, a line each */

struct json_object *tree_of(char *json)
{
    CU_ASSERT_PTR_NOT_NULL_FATAL(json);
    struct json_object *root = json_tokener_parse(json);
    free(json);
    CU_ASSERT_PTR_NOT_NULL_FATAL(root);
    return root;
}

struct json_object *answer_of(char *json)
{
    struct json_object *root = tree_of(json);
    ybb__buffer_put_text(&kept, json_object_to_json_string_ext(root, JSON_C_TO_STRING_PLAIN));
    ybb__buffer_put_char(&kept, '\n');
    return root;
}

/* False where a step leads nowhere. */
static bool find(struct json_object *root, const char *path, struct json_object **out)
{
    char copy[128], *rest = copy;
    strcpy(copy, path);
    for (char *key; (key = strsep(&rest, "/")) != NULL;) {
        if (json_object_is_type(root, json_type_array)) {
            size_t index = strtoul(key, NULL, 10);
            if (index >= json_object_array_length(root))
                return false;
            root = json_object_array_get_idx(root, index);
        } else if (!json_object_object_get_ex(root, key, &root)) {
            return false;
        }
    }
    *out = root;
    return true;
}

struct json_object *answer_at(struct json_object *root, const char *path)
{
    struct json_object *value;
    return find(root, path, &value) ? value : NULL;
}

bool answer_has(struct json_object *root, const char *path)
{
    struct json_object *value;
    return find(root, path, &value);
}

void text_is(struct json_object *root, const char *path, const char *expected)
{
    struct json_object *value = answer_at(root, path);
    CU_ASSERT_TRUE_FATAL(json_object_is_type(value, json_type_string));
    CU_ASSERT_STRING_EQUAL(json_object_get_string(value), expected);
    if (strcmp(json_object_get_string(value), expected) != 0)
        printf("# %s: \"%s\", not \"%s\"\n", path, json_object_get_string(value), expected);
}

void number_is(struct json_object *root, const char *path, double expected)
{
    struct json_object *value = answer_at(root, path);
    CU_ASSERT_TRUE_FATAL(json_object_is_type(value, json_type_int) ||
                         json_object_is_type(value, json_type_double));
    double found = json_object_get_double(value);
    CU_ASSERT_DOUBLE_EQUAL(found, expected, 0.001);
    if (found < expected - 0.001 || found > expected + 0.001)
        printf("# %s: %s\n", path, json_object_get_string(value));
}

void bool_is(struct json_object *root, const char *path, bool expected)
{
    CU_ASSERT_TRUE_FATAL(json_object_is_type(answer_at(root, path), json_type_boolean));
    CU_ASSERT_EQUAL(json_object_get_boolean(answer_at(root, path)), expected);
    if (json_object_get_boolean(answer_at(root, path)) != expected)
        printf("# %s\n", path);
}

void null_is(struct json_object *root, const char *path)
{
    CU_ASSERT_TRUE(answer_has(root, path));
    CU_ASSERT_PTR_NULL(answer_at(root, path));
}

void answers_are_valid(const char *schema)
{
    enum { MISSING = 77, NO_PROGRAM = 127 };
    char line[4096];
    const char *source = getenv("YBB_SOURCE_DIR");
    snprintf(line, sizeof(line), "python3 '%s/tests/unit/hold_answers.py' %s",
             source != NULL ? source : ".", schema);
    CU_ASSERT_FALSE(ybb__buffer_failed(&kept));
    CU_ASSERT_TRUE(kept.length > 0);
    fflush(stdout);
    FILE *to = popen(line, "w");
    CU_ASSERT_PTR_NOT_NULL_FATAL(to);
    fwrite(kept.at, 1, kept.length, to);
    int status = pclose(to);
    ybb__buffer_free(&kept);
    if (WIFEXITED(status) && (WEXITSTATUS(status) == MISSING || WEXITSTATUS(status) == NO_PROGRAM))
        skip_test("python3 or its jsonschema is missing");
    else
        CU_ASSERT_EQUAL(status, 0);
}
