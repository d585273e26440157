#include "php_call.h"

#include "ext/json/php_json.h"
#include "ext/json/php_json_parser.h"
#include "Zend/zend_exceptions.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

void php_ybb_throw(ybb_status status, const char *message)
{
    zend_throw_exception(php_ybb_exception, message, (zend_long)status);
}

static void throw_error(ybb_status status, const ybb_error *error)
{
    const char *message = ybb_error_message(error);
    php_ybb_throw(status, *message != '\0' ? message : ybb_status_text(status));
}

static void enlist(php_ybb_call *call)
{
    call->next = YBB_EXPORT_G(calls);
    call->link = &YBB_EXPORT_G(calls);
    if (call->next != NULL)
        call->next->link = &call->next;
    YBB_EXPORT_G(calls) = call;
}

php_ybb_call *php_ybb_call_begin(void)
{
    php_ybb_call *call = calloc(1, sizeof(*call));
    if (call == NULL || (call->error = ybb_error_new()) == NULL) {
        free(call);
        php_ybb_throw(YBB_NO_MEMORY, ybb_status_text(YBB_NO_MEMORY));
        return NULL;
    }
    call->process = getpid();
    call->file = -1;
    enlist(call);
    ybb_status status = php_ybb_exporter_take(&call->exporter, call->error);
    if (status == YBB_OK)
        return call;
    throw_error(status, call->error);
    php_ybb_call_end(call);
    return NULL;
}

void php_ybb_call_end(php_ybb_call *call)
{
    *call->link = call->next;
    if (call->next != NULL)
        call->next->link = call->link;
    if (call->file >= 0)
        close(call->file);
    ybb_string_free(call->json);
    ybb_download_free(call->download);
    ybb_export_free(call->export_);
    ybb_error_free(call->error);
    php_ybb_exporter_give_back(call->exporter);
    free(call);
}

void php_ybb_calls_end(void)
{
    while (YBB_EXPORT_G(calls) != NULL)
        php_ybb_call_end(YBB_EXPORT_G(calls));
}

ybb_exporter *php_ybb_call_enter(php_ybb_call *call)
{
    php_ybb_time_limit_hold(&call->limit);
    return php_ybb_exporter_of(call->exporter);
}

ybb_status php_ybb_call_leave(php_ybb_call *call, ybb_status status)
{
    php_ybb_time_limit_go_on(&call->limit, true);
    return status;
}

ybb_status php_ybb_call_leave_wait(php_ybb_call *call, ybb_status status)
{
    php_ybb_time_limit_go_on(&call->limit, false);
    return status;
}

/* Whether an operator must mend something: no other request would fare better. */
static bool is_broken(const php_ybb_call *call, ybb_status status)
{
    switch (status) {
    case YBB_INVALID_CATALOG:
        return !call->template_is_asked;
    case YBB_INVALID_CONFIG:
    case YBB_SOURCE_REFUSED:
    case YBB_SOURCE_SCHEMA:
    case YBB_OUTPUT_MISSING:
    case YBB_OUTPUT_DENIED:
    case YBB_NO_MEMORY:
    case YBB_FORKED:
    case YBB_MISUSE:
    case YBB_INTERNAL:
        return true;
    default:
        return false;
    }
}

static bool show_json(zval *return_value, const char *json)
{
    if (json == NULL) {
        php_ybb_throw(YBB_NO_MEMORY, ybb_status_text(YBB_NO_MEMORY));
        return false;
    }
    zval_ptr_dtor(return_value);
    ZVAL_NULL(return_value);
    if (php_json_decode_ex(return_value, json, strlen(json), PHP_JSON_OBJECT_AS_ARRAY,
                           PHP_JSON_PARSER_DEFAULT_DEPTH) == SUCCESS &&
        Z_TYPE_P(return_value) == IS_ARRAY)
        return true;
    php_ybb_throw(YBB_INTERNAL, "the library's answer is not valid JSON");
    return false;
}

bool php_ybb_call_show(php_ybb_call *call, zval *return_value, ybb_status status)
{
    if (status != YBB_OK && is_broken(call, status)) {
        throw_error(status, call->error);
        return false;
    }
    if (status != YBB_OK) {
        ybb_string_free(call->json);
        call->json = ybb_error_json(call->error);
    }
    if (!show_json(return_value, call->json))
        return false;
    zval *state = zend_hash_str_find(Z_ARRVAL_P(return_value), ZEND_STRL("status"));
    if (status == YBB_OK && state != NULL && Z_TYPE_P(state) == IS_STRING &&
        zend_string_equals_literal(Z_STR_P(state), "processing")) {
        (void)php_ybb_call_enter(call);
        php_ybb_exporter_assist(call->exporter);
        (void)php_ybb_call_leave(call, status);
    }
    return true;
}

void php_ybb_call_answer(php_ybb_call *call, zval *return_value, ybb_status status)
{
    (void)php_ybb_call_show(call, return_value, status);
    php_ybb_call_end(call);
}

void php_ybb_call_answer_status(php_ybb_call *call, zval *return_value, const char *id,
                                const char *owner)
{
    ybb_string_free(call->json);
    call->json = NULL;
    ybb_error_clear(call->error);
    ybb_exporter *exporter = php_ybb_call_enter(call);
    ybb_status status = ybb_export_status(&call->json, exporter, id, owner, call->error);
    php_ybb_call_answer(call, return_value, php_ybb_call_leave(call, status));
}
