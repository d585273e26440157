/*
 * php_call: one call of the library for a request, and all that it holds outside of PHP's memory.
 *
 * A fatal error (the memory limit, the time limit, a client that has gone) jumps out of whatever C
 * is under way. So what a call holds stands in a list of the request, whose end releases it.
 *
 *     php_ybb_call *call = php_ybb_call_begin();
 *     if (call != NULL)
 *         php_ybb_call_answer(call, return_value, php_ybb_call_leave(call,
 *             ybb_queue(&call->json, php_ybb_call_enter(call), call->error)));
 */
#ifndef PHP_CALL_H
#define PHP_CALL_H

#include "php_exporters.h"
#include "php_time_limit.h"

#include <sys/types.h>

typedef struct php_ybb_call {
    struct php_ybb_call *next, **link; /* link: what points to it */
    php_ybb_exporter *exporter;
    ybb_error *error;
    ybb_export *export_;
    ybb_download *download;
    char *json; /* the answer */
    int file;   /* a descriptor, or -1 */
    php_ybb_time_limit limit;
    pid_t process;
    const char *own_address; /* of who asks for an export; NULL: not known; borrowed */
    bool template_is_asked; /* a catalog that is not valid came with the call */
} php_ybb_call;

/* NULL where an exception was thrown. */
php_ybb_call *php_ybb_call_begin(void);
void php_ybb_call_end(php_ybb_call *call);
/* Those that a fatal error left. */
void php_ybb_calls_end(void);

/* Around each step of the library: in between, the script's time limit stands still. It is charged
 * with the step's own work, not with a wait. */
ybb_exporter *php_ybb_call_enter(php_ybb_call *call);
ybb_status php_ybb_call_leave(php_ybb_call *call, ybb_status status);
ybb_status php_ybb_call_leave_wait(php_ybb_call *call, ybb_status status);

/* Makes the call's json, or its error, what the function returns. Of an installation that is broken
 * an exception tells. False: one was thrown. */
bool php_ybb_call_show(php_ybb_call *call, zval *return_value, ybb_status status);
/* The same, and ends the call. */
void php_ybb_call_answer(php_ybb_call *call, zval *return_value, ybb_status status);
/* The status of an export as the answer; ends the call. */
void php_ybb_call_answer_status(php_ybb_call *call, zval *return_value, const char *id,
                                const char *owner);

void php_ybb_throw(ybb_status status, const char *message);

#endif
