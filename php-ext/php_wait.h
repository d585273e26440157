/*
 * php_wait: a request's thread waits for an export, or takes the bytes of a stream, and calls the
 * script meanwhile.
 */
#ifndef PHP_WAIT_H
#define PHP_WAIT_H

#include "php_call.h"

/* A function of the script; fci.size 0: none. */
typedef struct php_ybb_callback {
    zend_fcall_info fci;
    zend_fcall_info_cache fcc;
} php_ybb_callback;

/*
 * Waits for the call's export until it ends, @seconds (negative: without end) are over, @progress
 * returns false, or an exception was thrown. The outcome as ybb_export_wait() has it, or
 * YBB_NOT_READY.
 */
ybb_status php_ybb_wait(php_ybb_call *call, double seconds, php_ybb_callback *progress);

/* Reads the call's export as a stream into @sink, until that returns false or throws. */
ybb_status php_ybb_stream(php_ybb_call *call, php_ybb_callback *sink);

#endif
