#include "php_wait.h"

#include "Zend/zend_exceptions.h"

#include <string.h>
#include <time.h>
#include <unistd.h>

enum { SLICE_MS = 100 };

static double seconds_now(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

/* What PHP does between two instructions, for here there are none for a while: handlers of pcntl,
 * and the end of the time limit. */
static void serve_interrupts(void)
{
    if (!zend_atomic_bool_load_ex(&EG(vm_interrupt)))
        return;
    zend_atomic_bool_store_ex(&EG(vm_interrupt), false);
    if (zend_atomic_bool_load_ex(&EG(timed_out)))
        zend_timeout();
    else if (zend_interrupt_function != NULL)
        zend_interrupt_function(EG(current_execute_data));
}

/* Whether the script wants to go on. Takes @argument. */
static bool call_script(php_ybb_callback *callback, zval *argument)
{
    zval answer;
    ZVAL_UNDEF(&answer);
    callback->fci.retval = &answer;
    callback->fci.params = argument;
    callback->fci.param_count = 1;
    bool called = zend_call_function(&callback->fci, &callback->fcc) == SUCCESS;
    const zval *said = &answer;
    ZVAL_DEREF(said); /* a function may return by reference */
    bool more = called && !EG(exception) && Z_TYPE_P(said) != IS_FALSE;
    zval_ptr_dtor(&answer);
    zval_ptr_dtor(argument);
    return more;
}

/* --- waiting --- */

/* The last progress that the library told. PHP is called when the library has been left: an error
 * there may jump, and must not jump over the library. */
typedef struct note {
    bool fresh;
    char stage[32], operation[512];
    ybb_progress progress;
} note;

static void copy_text(char *to, size_t size, const char *from)
{
    size_t length = from == NULL ? 0 : strlen(from);
    if (length >= size) /* not in the middle of a character */
        for (length = size - 1; length > 0 && ((unsigned char)from[length] & 0xC0) == 0x80;)
            length--;
    if (length > 0)
        memcpy(to, from, length);
    to[length] = '\0';
}

static void take_note(const ybb_progress *progress, void *user)
{
    note *n = user;
    n->fresh = true;
    n->progress = *progress;
    copy_text(n->stage, sizeof(n->stage), progress->stage);
    copy_text(n->operation, sizeof(n->operation), progress->operation);
}

static bool tell(php_ybb_callback *progress, const php_ybb_call *call, const note *n)
{
    zval argument;
    array_init(&argument);
    add_assoc_string(&argument, "export_id", ybb_export_id(call->export_));
    add_assoc_string(&argument, "stage", n->stage);
    add_assoc_double(&argument, "percentage", n->progress.percentage);
    add_assoc_long(&argument, "current_chunk", (zend_long)n->progress.current_chunk);
    add_assoc_long(&argument, "total_chunks", (zend_long)n->progress.total_chunks);
    add_assoc_long(&argument, "records_processed", (zend_long)n->progress.records_processed);
    add_assoc_long(&argument, "total_records", (zend_long)n->progress.total_records);
    add_assoc_string(&argument, "current_operation", n->operation);
    add_assoc_double(&argument, "elapsed_seconds", n->progress.elapsed_seconds);
    return call_script(progress, &argument);
}

static int slice_of(double seconds, double until)
{
    double left = seconds < 0 ? SLICE_MS : (until - seconds_now()) * 1000;
    return left >= SLICE_MS ? SLICE_MS : left > 0 ? (int)left : 0;
}

static bool is_over(double seconds, double until)
{
    return seconds >= 0 && seconds_now() >= until;
}

/* The script's part between two slices. False: it wants no more. */
static bool serve_script(php_ybb_call *call, php_ybb_callback *progress, note *n)
{
    bool more = true;
    serve_interrupts();
    if (progress->fci.size != 0 && n->fresh && !EG(exception))
        more = tell(progress, call, n);
    n->fresh = false;
    if (getpid() != call->process && !EG(exception))
        php_ybb_throw(YBB_FORKED,
                      "the process that waits for the export is the parent of this one");
    return more && !EG(exception);
}

ybb_status php_ybb_wait(php_ybb_call *call, double seconds, php_ybb_callback *progress)
{
    note n = {0};
    double until = seconds < 0 ? 0 : seconds_now() + seconds;
    ybb_status status;
    bool more;
    do {
        ybb_error_clear(call->error);
        if (progress->fci.size != 0)
            ybb_export_on_progress(call->export_, take_note, &n);
        (void)php_ybb_call_enter(call);
        php_ybb_exporter_assist(call->exporter);
        status = ybb_export_wait(call->export_, slice_of(seconds, until), call->error);
        (void)php_ybb_call_leave_wait(call, status);
        more = serve_script(call, progress, &n);
    } while (status == YBB_NOT_READY && more && !is_over(seconds, until));
    ybb_export_on_progress(call->export_, NULL, NULL);
    return status;
}

/* --- streaming --- */

typedef struct reader {
    php_ybb_call *call;
    php_ybb_callback *sink;
    bool more, jumped;
} reader;

static void take_bytes(reader *r, const void *bytes, size_t length)
{
    zval argument;
    serve_interrupts();
    if (length > 0 && !EG(exception)) {
        ZVAL_STRINGL(&argument, bytes, length);
        r->more = call_script(r->sink, &argument);
    }
    r->more = r->more && !EG(exception);
}

/* In a child that was forked in the sink there is nobody who could end the stream, so the way back
 * must not lead through the library. */
static void leave_child(const reader *r)
{
    if (getpid() == r->call->process)
        return;
    if (r->more)
        zend_error_noreturn(E_ERROR,
                            "A process that is forked in the sink of a stream must end there");
    if (EG(exception) && !zend_is_unwind_exit(EG(exception)))
        (void)zend_exception_error(EG(exception), E_ERROR); /* which takes it */
    zend_clear_exception();
    zend_bailout();
}

/* The library is above and below: what jumps out of the script is caught here and goes on when the
 * library has been left. */
static bool hand_on(const void *bytes, size_t length, void *user)
{
    reader *r = user;
    (void)php_ybb_call_leave_wait(r->call, YBB_OK);
    zend_try
    {
        take_bytes(r, bytes, length);
    }
    zend_catch
    {
        r->more = false;
        r->jumped = true;
    }
    zend_end_try();
    leave_child(r);
    (void)php_ybb_call_enter(r->call);
    return r->more;
}

ybb_status php_ybb_stream(php_ybb_call *call, php_ybb_callback *sink)
{
    reader r = {.call = call, .sink = sink, .more = true};
    (void)php_ybb_call_enter(call);
    ybb_status status = ybb_export_stream(call->export_, hand_on, &r, call->error);
    (void)php_ybb_call_leave_wait(call, status);
    if (r.jumped)
        zend_bailout();
    return status;
}
