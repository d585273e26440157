/*
 * base/error: what went wrong, kept by whoever asked for the work.
 *
 * A ybb_error is filled once, by the first failure; later failures leave it alone. It is never
 * global and never thread-local: a job owns one, or the caller passes one. NULL is fine anywhere.
 */
#ifndef YBB_BASE_ERROR_H
#define YBB_BASE_ERROR_H

#include "ybbexport.h"

#if defined(__GNUC__)
#define YBB_PRINTF(fmt, args) __attribute__((format(printf, fmt, args)))
#else
#define YBB_PRINTF(fmt, args)
#endif

enum { YBB_ERROR_TEXT = 512 };

/* Plain arrays, so that reporting a failure never allocates. Texts are cut at a character, and are
 * well-formed UTF-8 without control characters whatever they were made of. */
struct ybb_error {
    ybb_status status;
    char message[YBB_ERROR_TEXT];
    char field[128];              /* path of the field to blame: "filters.category"; "" if none */
    char value[128];              /* what came, as JSON text; "" if none */
    char allowed[YBB_ERROR_TEXT]; /* what would be valid, for a person; "" if none */
    char suggestion[128];         /* the name that was probably meant; "" if none */
    uint64_t retry_seconds;       /* when to try again, from now on; 0: nobody knows */
};

/* What ybbexport.h says of a status. An unknown one counts as YBB_INTERNAL. */
const char *ybb__status_name(ybb_status status);
const char *ybb__status_text(ybb_status status);
bool ybb__status_retriable(ybb_status status);
const char *ybb__status_help(ybb_status status);

/* Fill @error unless it is filled already. Returns @status, so that callers can `return` it. */
ybb_status ybb__fail(ybb_error *error, ybb_status status, const char *format, ...) YBB_PRINTF(3, 4);
/* The same for errno @number: the message ends in its text. */
ybb_status ybb__fail_errno(ybb_error *error, ybb_status status, int number, const char *format, ...)
    YBB_PRINTF(4, 5);
/* YBB_NO_MEMORY. */
ybb_status ybb__fail_memory(ybb_error *error);

/* Name the field to blame, what came and what would be valid, on a failure just reported. Any
 * text may be NULL. Does nothing where the field is named already. */
void ybb__error_blame(ybb_error *error, const char *field, const char *value, const char *allowed,
                      const char *suggestion);
/* Copy a filled error over an empty one. */
void ybb__error_copy(ybb_error *to, const ybb_error *from);

#endif
