/*
 * base/random: unguessable names.
 */
#ifndef YBB_BASE_RANDOM_H
#define YBB_BASE_RANDOM_H

#include <stdbool.h>

enum { YBB_ID_TEXT = 31 };

/* An export id at @out (YBB_ID_TEXT bytes): "exp_" and 26 characters of [0-9a-z] that hold 128
 * random bits, and a NUL. False where the system gives no random bytes. */
bool ybb__random_id(char *out);
/* Whether @text has the form of an export id. */
bool ybb__is_id(const char *text);

#endif
