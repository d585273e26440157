/*
 * rows/value: one value, on its way into a statement.
 */
#ifndef YBB_ROWS_VALUE_H
#define YBB_ROWS_VALUE_H

#include <stddef.h>
#include <stdint.h>

typedef enum ybb_value_kind {
    YBB_VALUE_NULL,
    YBB_VALUE_INTEGER,  /* number */
    YBB_VALUE_UNSIGNED, /* (uint64_t) number */
    YBB_VALUE_TEXT      /* at, length: UTF-8, borrowed */
} ybb_value_kind;

typedef struct ybb_value {
    ybb_value_kind kind;
    int64_t number;
    const char *at;
    size_t length;
} ybb_value;

#endif
