/*
 * The functions of the extension: arguments in, the library's answer out.
 */
#include "php_json_text.h"
#include "php_wait.h"

#include "Zend/zend_exceptions.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <string.h>

/* --- what is asked about all exports, and about one --- */

typedef ybb_status (*question)(char **json, ybb_exporter *exporter, ybb_error *error);
typedef ybb_status (*question_of_one)(char **json, ybb_exporter *exporter, const char *id,
                                      const char *owner, ybb_error *error);
typedef ybb_status (*change)(ybb_export *export_, ybb_error *error);

static void ask(INTERNAL_FUNCTION_PARAMETERS, question what)
{
    ZEND_PARSE_PARAMETERS_NONE();
    php_ybb_call *call = php_ybb_call_begin();
    if (call == NULL)
        RETURN_THROWS();
    ybb_exporter *exporter = php_ybb_call_enter(call);
    ybb_status status = php_ybb_call_leave(call, what(&call->json, exporter, call->error));
    php_ybb_call_answer(call, return_value, status);
}

/* The call of a function of an id and an owner; NULL where an exception was thrown. */
static php_ybb_call *begin_about_one(INTERNAL_FUNCTION_PARAMETERS, char **id, char **owner)
{
    size_t id_length, owner_length;
    *owner = NULL;
    ZEND_PARSE_PARAMETERS_START(1, 2)
    Z_PARAM_PATH(*id, id_length)
    Z_PARAM_OPTIONAL
    Z_PARAM_PATH_OR_NULL(*owner, owner_length)
    ZEND_PARSE_PARAMETERS_END_EX(return NULL);
    return php_ybb_call_begin();
}

static void ask_about_one(INTERNAL_FUNCTION_PARAMETERS, question_of_one what)
{
    char *id, *owner;
    php_ybb_call *call = begin_about_one(INTERNAL_FUNCTION_PARAM_PASSTHRU, &id, &owner);
    if (call == NULL)
        RETURN_THROWS();
    ybb_exporter *exporter = php_ybb_call_enter(call);
    ybb_status status = what(&call->json, exporter, id, owner, call->error);
    php_ybb_call_answer(call, return_value, php_ybb_call_leave(call, status));
}

/* The export, for what needs more than its id. */
static ybb_status open_export(php_ybb_call *call, const char *id, const char *owner)
{
    ybb_exporter *exporter = php_ybb_call_enter(call);
    ybb_status status = ybb_export_open(&call->export_, exporter, id, owner, call->error);
    return php_ybb_call_leave(call, status);
}

static void change_one(INTERNAL_FUNCTION_PARAMETERS, change how)
{
    char *id, *owner;
    php_ybb_call *call = begin_about_one(INTERNAL_FUNCTION_PARAM_PASSTHRU, &id, &owner);
    if (call == NULL)
        RETURN_THROWS();
    ybb_status status = open_export(call, id, owner);
    if (status == YBB_OK) {
        (void)php_ybb_call_enter(call);
        status = php_ybb_call_leave(call, how(call->export_, call->error));
    }
    if (status != YBB_OK)
        php_ybb_call_answer(call, return_value, status);
    else
        php_ybb_call_answer_status(call, return_value, id, owner);
}

PHP_FUNCTION(ybb_export_status)
{
    ask_about_one(INTERNAL_FUNCTION_PARAM_PASSTHRU, ybb_export_status);
}

PHP_FUNCTION(ybb_export_chunks)
{
    ask_about_one(INTERNAL_FUNCTION_PARAM_PASSTHRU, ybb_export_chunks);
}

PHP_FUNCTION(ybb_export_delete)
{
    ask_about_one(INTERNAL_FUNCTION_PARAM_PASSTHRU, ybb_export_delete);
}

PHP_FUNCTION(ybb_export_cancel)
{
    change_one(INTERNAL_FUNCTION_PARAM_PASSTHRU, ybb_export_cancel);
}

PHP_FUNCTION(ybb_export_resume)
{
    change_one(INTERNAL_FUNCTION_PARAM_PASSTHRU, ybb_export_resume);
}

PHP_FUNCTION(ybb_export_templates)
{
    ask(INTERNAL_FUNCTION_PARAM_PASSTHRU, ybb_templates);
}

PHP_FUNCTION(ybb_export_stats)
{
    ask(INTERNAL_FUNCTION_PARAM_PASSTHRU, ybb_stats);
}

PHP_FUNCTION(ybb_export_queue)
{
    char *id = NULL, *owner = NULL;
    size_t id_length, owner_length;
    ZEND_PARSE_PARAMETERS_START(0, 2)
    Z_PARAM_OPTIONAL
    Z_PARAM_PATH_OR_NULL(id, id_length)
    Z_PARAM_PATH_OR_NULL(owner, owner_length)
    ZEND_PARSE_PARAMETERS_END();
    if (id == NULL && owner != NULL) {
        zend_argument_value_error(2, "must be null without an id: the queue is everybody's");
        RETURN_THROWS();
    }
    php_ybb_call *call = php_ybb_call_begin();
    if (call == NULL)
        RETURN_THROWS();
    ybb_exporter *exporter = php_ybb_call_enter(call);
    ybb_status status = id == NULL ? ybb_queue(&call->json, exporter, call->error)
                                   : ybb_queue_of(&call->json, exporter, id, owner, call->error);
    php_ybb_call_answer(call, return_value, php_ybb_call_leave(call, status));
}

PHP_FUNCTION(ybb_export_list)
{
    enum { PAGE = 20 };
    char *owner = NULL;
    size_t owner_length;
    zend_long most = PAGE, before = 0;
    ZEND_PARSE_PARAMETERS_START(0, 3)
    Z_PARAM_OPTIONAL
    Z_PARAM_PATH_OR_NULL(owner, owner_length)
    Z_PARAM_LONG(most)
    Z_PARAM_LONG(before)
    ZEND_PARSE_PARAMETERS_END();
    if (most < 1 || most > YBB_EXPORT_LIST_MOST) {
        zend_argument_value_error(2, "must be between 1 and %d", YBB_EXPORT_LIST_MOST);
        RETURN_THROWS();
    }
    if (before < 0) {
        zend_argument_value_error(3, "must be greater than or equal to 0");
        RETURN_THROWS();
    }
    php_ybb_call *call = php_ybb_call_begin();
    if (call == NULL)
        RETURN_THROWS();
    ybb_exporter *exporter = php_ybb_call_enter(call);
    ybb_status status = ybb_export_list(&call->json, exporter, owner, (uint64_t)before,
                                        (unsigned)most, call->error);
    php_ybb_call_answer(call, return_value, php_ybb_call_leave(call, status));
}

PHP_FUNCTION(ybb_export_sweep)
{
    ask(INTERNAL_FUNCTION_PARAM_PASSTHRU, ybb_sweep);
}

/* --- requests --- */

/* Hands the document that argument 1 is to the library. */
typedef ybb_status (*handing)(php_ybb_call *call, ybb_exporter *exporter, const char *json,
                              size_t length);

/* The call, in which *@status is what became of it; NULL where an exception was thrown. @own: the
 * address of who asks, or NULL. */
static php_ybb_call *hand_over(zend_array *document, handing how, const char *own,
                               ybb_status *status)
{
    zend_string *json = php_ybb_json_text(document, 1);
    php_ybb_call *call = json == NULL ? NULL : php_ybb_call_begin();
    if (call != NULL) {
        call->own_address = own;
        ybb_exporter *exporter = php_ybb_call_enter(call);
        *status = php_ybb_call_leave(call, how(call, exporter, ZSTR_VAL(json), ZSTR_LEN(json)));
    }
    if (json != NULL)
        zend_string_release(json);
    return call;
}

static void answer_document(INTERNAL_FUNCTION_PARAMETERS, handing how)
{
    zend_array *document;
    ybb_status status;
    ZEND_PARSE_PARAMETERS_START(1, 1)
    Z_PARAM_ARRAY_HT(document)
    ZEND_PARSE_PARAMETERS_END();
    php_ybb_call *call = hand_over(document, how, NULL, &status);
    if (call == NULL)
        RETURN_THROWS();
    php_ybb_call_answer(call, return_value, status);
}

static ybb_status hand_request(php_ybb_call *call, ybb_exporter *exporter, const char *json,
                               size_t length)
{
    return ybb_export_start_for(&call->export_, exporter, json, length, call->own_address,
                                call->error);
}

/* Starts what argument 1 asks for. NULL where an exception was thrown, or the answer, a refusal,
 * stands in return_value. */
static php_ybb_call *start(zval *return_value, zend_array *request, const char *own)
{
    ybb_status status;
    php_ybb_call *call = hand_over(request, hand_request, own, &status);
    if (call == NULL || status == YBB_OK)
        return call;
    php_ybb_call_answer(call, return_value, status);
    return NULL;
}

static bool has_text(zval *array, const char *key, const char *text)
{
    zval *found = Z_TYPE_P(array) != IS_ARRAY
                      ? NULL
                      : zend_hash_str_find(Z_ARRVAL_P(array), key, strlen(key));
    return found != NULL && Z_TYPE_P(found) == IS_STRING &&
           zend_string_equals_cstr(Z_STR_P(found), text, strlen(text));
}

/* The same of one that others carry out, by its answer. */
static bool has_few_records(zval *answer)
{
    zval *metadata = zend_hash_str_find(Z_ARRVAL_P(answer), ZEND_STRL("metadata"));
    return has_text(answer, "status", "processing") &&
           !has_text(answer, "export_strategy", "streaming") && metadata != NULL &&
           has_text(metadata, "priority", "immediate");
}

/* The status so far in return_value. False: an exception was thrown. */
static bool show_status(php_ybb_call *call, zval *return_value)
{
    ybb_exporter *exporter = php_ybb_call_enter(call);
    ybb_status status =
        ybb_export_status(&call->json, exporter, ybb_export_id(call->export_), NULL, call->error);
    return php_ybb_call_show(call, return_value, php_ybb_call_leave(call, status));
}

/* Whether an export is one of those that the script waits for. Else its status is in return_value,
 * or an exception was thrown. */
static bool is_immediate(php_ybb_call *call, zval *return_value)
{
    if (ybb_export_immediate(call->export_))
        return true;
    return show_status(call, return_value) && has_few_records(return_value);
}

PHP_FUNCTION(ybb_export)
{
    zend_array *request;
    php_ybb_callback progress = {0};
    char *own = NULL;
    size_t own_length;
    ZEND_PARSE_PARAMETERS_START(1, 3)
    Z_PARAM_ARRAY_HT(request)
    Z_PARAM_OPTIONAL
    Z_PARAM_FUNC_OR_NULL(progress.fci, progress.fcc)
    Z_PARAM_PATH_OR_NULL(own, own_length)
    ZEND_PARSE_PARAMETERS_END();
    php_ybb_call *call = start(return_value, request, own);
    if (call == NULL)
        return;
    bool told = progress.fci.size != 0;
    bool wait = told || is_immediate(call, return_value);
    if (wait)
        (void)php_ybb_wait(call, told ? -1 : YBB_EXPORT_G(wait_seconds), &progress);
    if (wait && !EG(exception))
        php_ybb_call_answer_status(call, return_value, ybb_export_id(call->export_), NULL);
    else
        php_ybb_call_end(call);
}

PHP_FUNCTION(ybb_export_wait)
{
    char *id, *owner = NULL;
    size_t id_length, owner_length;
    double seconds;
    php_ybb_callback none = {0};
    ZEND_PARSE_PARAMETERS_START(2, 3)
    Z_PARAM_PATH(id, id_length)
    Z_PARAM_DOUBLE(seconds)
    Z_PARAM_OPTIONAL
    Z_PARAM_PATH_OR_NULL(owner, owner_length)
    ZEND_PARSE_PARAMETERS_END();
    if (!(seconds >= 0)) {
        zend_argument_value_error(2, "must be greater than or equal to 0");
        RETURN_THROWS();
    }
    php_ybb_call *call = php_ybb_call_begin();
    if (call == NULL)
        RETURN_THROWS();
    ybb_status status = open_export(call, id, owner);
    if (status != YBB_OK) {
        php_ybb_call_answer(call, return_value, status);
        return;
    }
    (void)php_ybb_wait(call, zend_finite(seconds) ? seconds : -1, &none);
    if (EG(exception))
        php_ybb_call_end(call);
    else
        php_ybb_call_answer_status(call, return_value, id, owner);
}

static ybb_status hand_question(php_ybb_call *call, ybb_exporter *exporter, const char *json,
                                size_t length)
{
    return ybb_export_estimate(&call->json, exporter, json, length, call->error);
}

PHP_FUNCTION(ybb_export_estimate)
{
    answer_document(INTERNAL_FUNCTION_PARAM_PASSTHRU, hand_question);
}

static ybb_status hand_template(php_ybb_call *call, ybb_exporter *exporter, const char *json,
                                size_t length)
{
    call->template_is_asked = true;
    ybb_status status = ybb_template_add(exporter, json, length, call->error);
    return status == YBB_OK ? ybb_templates(&call->json, exporter, call->error) : status;
}

PHP_FUNCTION(ybb_export_template_save)
{
    answer_document(INTERNAL_FUNCTION_PARAM_PASSTHRU, hand_template);
}

/* --- streams --- */

/* Whether options ask for a stream, once that is what options without a strategy ask for. The
 * strategy stands there as text then: an object that makes it is asked once. */
static bool ask_for_stream(zval *options)
{
    static const char key[] = "strategy", stream[] = "streaming";
    zval *strategy = zend_hash_str_find_deref(Z_ARRVAL_P(options), ZEND_STRL(key));
    bool asks = strategy == NULL || Z_TYPE_P(strategy) == IS_NULL;
    zend_string *text = asks ? NULL : php_ybb_text_of(strategy);
    if (text != NULL) {
        asks = zend_string_equals_literal(text, "auto") ||
               zend_string_equals_cstr(text, ZEND_STRL(stream));
        zend_string_release(text);
    }
    if (asks)
        add_assoc_string(options, key, stream);
    return asks;
}

/* A copy of the request that asks for a stream; NULL where an exception was thrown: it asks for
 * something else. */
static zend_array *request_of_stream(zend_array *request)
{
    static const char key[] = "large_dataset_options";
    zval *given = zend_hash_str_find_deref(request, ZEND_STRL(key)), options;
    zend_array *copy = zend_array_dup(request);
    if (given != NULL && Z_TYPE_P(given) != IS_NULL && Z_TYPE_P(given) != IS_ARRAY)
        return copy; /* the library says what is wrong with it */
    if (given != NULL && Z_TYPE_P(given) == IS_ARRAY)
        ZVAL_ARR(&options, zend_array_dup(Z_ARR_P(given)));
    else
        array_init(&options);
    bool streams = ask_for_stream(&options);
    zend_hash_str_update(copy, ZEND_STRL(key), &options);
    if (streams)
        return copy;
    zend_array_destroy(copy);
    if (!EG(exception))
        zend_argument_value_error(1, "must not ask for another strategy than streaming");
    return NULL;
}

/* A new stream; as start(). */
static php_ybb_call *start_stream(zval *return_value, zend_array *request)
{
    zend_array *asked = request_of_stream(request);
    if (asked == NULL)
        return NULL;
    php_ybb_call *call = start(return_value, asked, NULL);
    zend_array_destroy(asked);
    return call;
}

/* One that is there already; as start(). */
static php_ybb_call *find_stream(zval *return_value, const zend_string *id, const char *owner)
{
    if (zend_str_has_nul_byte(id)) {
        zend_argument_value_error(1, "must not contain any null bytes");
        return NULL;
    }
    php_ybb_call *call = php_ybb_call_begin();
    if (call == NULL)
        return NULL;
    ybb_status status = open_export(call, ZSTR_VAL(id), owner);
    if (status == YBB_OK)
        return call;
    php_ybb_call_answer(call, return_value, status);
    return NULL;
}

PHP_FUNCTION(ybb_export_stream)
{
    zend_array *request = NULL;
    zend_string *id = NULL;
    char *owner = NULL;
    size_t owner_length;
    php_ybb_callback sink = {0};
    ZEND_PARSE_PARAMETERS_START(2, 3)
    Z_PARAM_ARRAY_HT_OR_STR(request, id)
    Z_PARAM_FUNC(sink.fci, sink.fcc)
    Z_PARAM_OPTIONAL
    Z_PARAM_PATH_OR_NULL(owner, owner_length)
    ZEND_PARSE_PARAMETERS_END();
    if (request != NULL && owner != NULL) {
        zend_argument_value_error(3, "must be null beside a request, which names its owner itself");
        RETURN_THROWS();
    }
    php_ybb_call *call = request != NULL ? start_stream(return_value, request)
                                         : find_stream(return_value, id, owner);
    if (call == NULL)
        return;
    ybb_status status = php_ybb_stream(call, &sink);
    if (EG(exception))
        php_ybb_call_end(call);
    else if (status == YBB_NOT_RESUMABLE || status == YBB_MISUSE)
        php_ybb_call_answer(call, return_value, status);
    else
        php_ybb_call_answer_status(call, return_value, ybb_export_id(call->export_), NULL);
}

/* --- downloads --- */

/* A batch's number, or one of ybb_download_open()'s; false: none, and an exception was thrown. */
static bool read_part(int *number, const zend_string *name, zend_long batch, bool is_null)
{
    zend_ulong decimal = 0;
    if (name != NULL && zend_string_equals_literal(name, "zip")) {
        *number = YBB_DOWNLOAD_ARCHIVE;
        return true;
    }
    if (name != NULL)
        batch = ZEND_HANDLE_NUMERIC_STR(ZSTR_VAL(name), ZSTR_LEN(name), decimal)
                    ? (zend_long)decimal
                    : 0;
    if (!is_null && (batch < 1 || batch > INT_MAX)) {
        zend_argument_value_error(2, "must be the number of a batch, \"zip\" or null");
        return false;
    }
    *number = is_null ? YBB_DOWNLOAD_FILE : (int)batch;
    return true;
}

/* The file, open; one that was removed in between is asked for again, to say why. */
static ybb_status open_file(php_ybb_call *call, const char *id, const char *owner, int number)
{
    ybb_status status = YBB_OK;
    ybb_exporter *exporter = php_ybb_call_enter(call);
    for (unsigned tries = 0; tries < 2 && call->file < 0 && status == YBB_OK; tries++) {
        ybb_download_free(call->download);
        call->download = NULL;
        status = ybb_download_open(&call->download, exporter, id, owner, number, call->error);
        if (status == YBB_OK)
            call->file = open(ybb_download_path(call->download), O_RDONLY | O_CLOEXEC);
    }
    return php_ybb_call_leave(call, status);
}

static void show_file(php_ybb_call *call, zval *return_value)
{
    php_stream *stream = php_stream_fopen_from_fd(call->file, "rb", NULL);
    call->file = -1; /* the stream's now */
    array_init(return_value);
    add_assoc_string(return_value, "status", "success");
    zval resource;
    php_stream_to_zval(stream, &resource);
    add_assoc_zval(return_value, "stream", &resource);
    add_assoc_string(return_value, "file_name", ybb_download_name(call->download));
    add_assoc_string(return_value, "content_type", ybb_download_type(call->download));
    add_assoc_long(return_value, "file_size", (zend_long)ybb_download_size(call->download));
    add_assoc_string(return_value, "path", ybb_download_path(call->download));
}

PHP_FUNCTION(ybb_export_download)
{
    char *id, *owner = NULL;
    size_t id_length, owner_length;
    zend_string *name = NULL;
    zend_long batch = 0;
    bool is_null = true;
    int number;
    ZEND_PARSE_PARAMETERS_START(1, 3)
    Z_PARAM_PATH(id, id_length)
    Z_PARAM_OPTIONAL
    Z_PARAM_STR_OR_LONG_OR_NULL(name, batch, is_null)
    Z_PARAM_PATH_OR_NULL(owner, owner_length)
    ZEND_PARSE_PARAMETERS_END();
    if (!read_part(&number, name, batch, is_null))
        RETURN_THROWS();
    php_ybb_call *call = php_ybb_call_begin();
    if (call == NULL)
        RETURN_THROWS();
    ybb_status status = open_file(call, id, owner, number);
    if (status != YBB_OK) {
        php_ybb_call_answer(call, return_value, status);
        return;
    }
    if (call->file < 0)
        zend_throw_exception_ex(php_ybb_exception, YBB_OUTPUT_ERROR,
                                "the file %s cannot be read: %s", ybb_download_path(call->download),
                                strerror(errno));
    else
        show_file(call, return_value);
    php_ybb_call_end(call);
}

/* --- links --- */

/* A call about a link to a part of an export. False: an exception was thrown. */
static bool begin_link(php_ybb_call **call, int *number, const zend_string *name, zend_long batch,
                       bool is_null)
{
    if (!read_part(number, name, batch, is_null))
        return false;
    *call = php_ybb_call_begin();
    return *call != NULL;
}

static void show_signature(php_ybb_call *call, zval *return_value)
{
    array_init(return_value);
    add_assoc_string(return_value, "status", "success");
    if (call->json != NULL)
        add_assoc_string(return_value, "signature", call->json);
    php_ybb_call_end(call);
}

PHP_FUNCTION(ybb_export_link_sign)
{
    enum { YEAR = 366 * 86400 }; /* the most that ybb_link_sign() takes */
    char *id;
    size_t id_length;
    zend_string *name = NULL;
    zend_long batch = 0, seconds;
    bool is_null = true;
    int number;
    php_ybb_call *call;
    ZEND_PARSE_PARAMETERS_START(3, 3)
    Z_PARAM_PATH(id, id_length)
    Z_PARAM_STR_OR_LONG_OR_NULL(name, batch, is_null)
    Z_PARAM_LONG(seconds)
    ZEND_PARSE_PARAMETERS_END();
    if (seconds < 1 || seconds > YEAR) {
        zend_argument_value_error(3, "must be between 1 and %d", YEAR);
        RETURN_THROWS();
    }
    if (!begin_link(&call, &number, name, batch, is_null))
        RETURN_THROWS();
    ybb_exporter *exporter = php_ybb_call_enter(call);
    ybb_status status =
        ybb_link_sign(&call->json, exporter, id, number, (int64_t)seconds, call->error);
    status = php_ybb_call_leave(call, status);
    if (status == YBB_OK)
        show_signature(call, return_value);
    else
        php_ybb_call_answer(call, return_value, status);
}

PHP_FUNCTION(ybb_export_link_check)
{
    char *id, *signature;
    size_t id_length, signature_length;
    zend_string *name = NULL;
    zend_long batch = 0;
    bool is_null = true;
    int number;
    php_ybb_call *call;
    ZEND_PARSE_PARAMETERS_START(3, 3)
    Z_PARAM_PATH(id, id_length)
    Z_PARAM_STR_OR_LONG_OR_NULL(name, batch, is_null)
    Z_PARAM_PATH(signature, signature_length)
    ZEND_PARSE_PARAMETERS_END();
    if (!begin_link(&call, &number, name, batch, is_null))
        RETURN_THROWS();
    ybb_exporter *exporter = php_ybb_call_enter(call);
    ybb_status status = ybb_link_check(exporter, id, number, signature, call->error);
    status = php_ybb_call_leave(call, status);
    if (status == YBB_OK)
        show_signature(call, return_value);
    else
        php_ybb_call_answer(call, return_value, status);
}
