#include "php_json_text.h"

#include "Zend/zend_enum.h"
#include "Zend/zend_interfaces.h"
#include "Zend/zend_smart_str.h"
#include "ext/date/php_date.h"

enum {
    DEPTH = 32,           /* as the library allows */
    MOST_BYTES = 4 << 20, /* the library's own limits are lower */
    KEY_BYTES = 64,       /* of a key, in a path that is shown */
    DAY_BYTES = 16
};

/* Where a value stands: in which element of what. */
typedef struct step {
    const struct step *parent;
    const zend_string *key; /* NULL: by number */
    zend_ulong index;
    unsigned depth;
} step;

typedef struct writer {
    smart_str out;
    uint32_t number; /* of the argument */
} writer;

static bool put(writer *w, zval *value, const step *at);

static bool is_between(unsigned char byte, unsigned char low, unsigned char high)
{
    return byte >= low && byte <= high;
}

/* The bytes of a well-formed UTF-8 sequence (RFC 3629, 4) that begins with a byte of 128 or more;
 * 0: there is none. */
static size_t sequence(const unsigned char *at, size_t left)
{
    unsigned char low = 0x80, high = 0xBF;
    size_t length = is_between(*at, 0xC2, 0xDF)   ? 2
                    : is_between(*at, 0xE0, 0xEF) ? 3
                    : is_between(*at, 0xF0, 0xF4) ? 4
                                                  : 0;
    if (length == 0 || length > left)
        return 0;
    if (*at == 0xE0)
        low = 0xA0;
    else if (*at == 0xED)
        high = 0x9F;
    else if (*at == 0xF0)
        low = 0x90;
    else if (*at == 0xF4)
        high = 0x8F;
    if (!is_between(at[1], low, high))
        return 0;
    for (size_t i = 2; i < length; i++)
        if (!is_between(at[i], 0x80, 0xBF))
            return 0;
    return length;
}

/* --- refusals --- */

/* The beginning of a key, as far as it is UTF-8: it is part of a message. */
static void put_shown_key(smart_str *path, const zend_string *key)
{
    const unsigned char *bytes = (const unsigned char *)ZSTR_VAL(key);
    size_t length = ZSTR_LEN(key), some;
    for (size_t i = 0; i < length && i < KEY_BYTES; i += some) {
        some = bytes[i] < 0x80 ? 1 : sequence(bytes + i, length - i);
        if (some == 0 || bytes[i] < 0x20) {
            smart_str_appendc(path, '?');
            return;
        }
        smart_str_appendl(path, (const char *)bytes + i, some);
    }
}

static void put_path(smart_str *path, const step *at)
{
    if (at->parent != NULL)
        put_path(path, at->parent);
    if (at->depth == 0)
        return;
    if (at->key == NULL) {
        smart_str_appendc(path, '[');
        smart_str_append_long(path, (zend_long)at->index);
        smart_str_appendc(path, ']');
        return;
    }
    if (at->depth > 1)
        smart_str_appendc(path, '.');
    put_shown_key(path, at->key);
}

/* "", or " in filters.category" */
static zend_string *place(const step *at)
{
    smart_str path = {0};
    if (at->depth > 0)
        smart_str_appends(&path, " in ");
    put_path(&path, at);
    return smart_str_extract(&path);
}

static bool refuse_value(const writer *w, const step *at, const char *rule)
{
    zend_string *where = place(at);
    zend_argument_value_error(w->number, "%s%s", rule, ZSTR_VAL(where));
    zend_string_release(where);
    return false;
}

static bool refuse_type(const writer *w, const step *at, const char *type)
{
    zend_string *where = place(at);
    zend_argument_type_error(w->number,
                             "must hold arrays, strings, numbers, booleans, null, backed enums, "
                             "dates and Stringable objects alone, %s found%s",
                             type, ZSTR_VAL(where));
    zend_string_release(where);
    return false;
}

/* --- texts --- */

static void put_escaped(writer *w, unsigned char byte)
{
    static const char digits[] = "0123456789abcdef";
    if (byte == '"' || byte == '\\') {
        smart_str_appendc(&w->out, '\\');
        smart_str_appendc(&w->out, (char)byte);
        return;
    }
    smart_str_appends(&w->out, "\\u00");
    smart_str_appendc(&w->out, digits[byte >> 4]);
    smart_str_appendc(&w->out, digits[byte & 15]);
}

static bool put_text(writer *w, const zend_string *text, const step *at)
{
    const unsigned char *bytes = (const unsigned char *)ZSTR_VAL(text);
    const size_t length = ZSTR_LEN(text);
    if (length > MOST_BYTES)
        return refuse_value(w, at, "must not hold a text of more than 4 MiB");
    smart_str_appendc(&w->out, '"');
    for (size_t i = 0, some; i < length; i += some) {
        bool escaped = bytes[i] < 0x20 || bytes[i] == '"' || bytes[i] == '\\';
        some = bytes[i] < 0x80 ? 1 : sequence(bytes + i, length - i);
        if (some == 0)
            return refuse_value(w, at, "must hold valid UTF-8, but there is none");
        if (escaped)
            put_escaped(w, bytes[i]);
        else
            smart_str_appendl(&w->out, (const char *)bytes + i, some);
    }
    smart_str_appendc(&w->out, '"');
    return true;
}

/* --- objects --- */

/* The day that the object itself shows, in its own time zone: filters are days. */
static bool put_day(writer *w, const zval *value, const step *at)
{
    const php_date_obj *date = Z_PHPDATE_P(value);
    char day[DAY_BYTES];
    if (date->time == NULL)
        return refuse_value(w, at, "must hold dates that were constructed");
    if (date->time->y < 0 || date->time->y > 9999)
        return refuse_value(w, at, "must hold dates of the years 0 to 9999");
    int length = snprintf(day, sizeof(day), "\"%04d-%02d-%02d\"", (int)date->time->y,
                          (int)date->time->m, (int)date->time->d);
    smart_str_appendl(&w->out, day, (size_t)length);
    return true;
}

static bool put_stringable(writer *w, zval *value, const step *at)
{
    zend_string *text = zval_try_get_string(value);
    if (text == NULL)
        return false;
    bool done = put_text(w, text, at);
    zend_string_release(text);
    return done;
}

static bool is_backed_enum(const zval *value)
{
    const zend_class_entry *class = Z_OBJCE_P(value);
    return (class->ce_flags & ZEND_ACC_ENUM) && class->enum_backing_type != IS_UNDEF;
}

static bool is_date(const zval *value)
{
    return instanceof_function(Z_OBJCE_P(value), php_date_get_interface_ce());
}

static bool is_stringable(const zval *value)
{
    return instanceof_function(Z_OBJCE_P(value), zend_ce_stringable);
}

static bool put_object(writer *w, zval *value, const step *at)
{
    if (is_backed_enum(value))
        return put(w, zend_enum_fetch_case_value(Z_OBJ_P(value)), at);
    if (is_date(value))
        return put_day(w, value, at);
    if (is_stringable(value))
        return put_stringable(w, value, at);
    return refuse_type(w, at, ZSTR_VAL(Z_OBJCE_P(value)->name));
}

zend_string *php_ybb_text_of(zval *value)
{
    ZVAL_DEREF(value);
    if (Z_TYPE_P(value) == IS_OBJECT && is_backed_enum(value))
        value = zend_enum_fetch_case_value(Z_OBJ_P(value));
    if (Z_TYPE_P(value) == IS_STRING)
        return zend_string_copy(Z_STR_P(value));
    if (Z_TYPE_P(value) == IS_OBJECT && !is_date(value) && is_stringable(value))
        return zval_try_get_string(value);
    return NULL;
}

/* --- numbers and arrays --- */

static bool put_double(writer *w, double number, const step *at)
{
    enum { DIGITS = -1 }; /* as few as name the number, as json_encode() has them */
    if (!zend_finite(number))
        return refuse_value(w, at, "must hold finite numbers, but there is none");
    smart_str_append_double(&w->out, number, DIGITS, false);
    return true;
}

static bool is_list(const zend_array *array)
{
    zend_string *key;
    ZEND_HASH_FOREACH_STR_KEY((zend_array *)array, key)
    {
        if (key != NULL)
            return false;
    }
    ZEND_HASH_FOREACH_END();
    return true;
}

/* A key that is a number is its decimal text where others are names. */
static bool put_key(writer *w, const step *at)
{
    if (at->key != NULL && !put_text(w, at->key, at))
        return false;
    if (at->key == NULL) {
        smart_str_appendc(&w->out, '"');
        smart_str_append_long(&w->out, (zend_long)at->index);
        smart_str_appendc(&w->out, '"');
    }
    smart_str_appendc(&w->out, ':');
    return true;
}

static bool put_elements(writer *w, zend_array *array, bool list, const step *at)
{
    zend_ulong index, count = 0;
    zend_string *key;
    zval *value;
    ZEND_HASH_FOREACH_KEY_VAL(array, index, key, value)
    {
        step here = {at, key, list ? count : index, at->depth + 1};
        if (count++ > 0)
            smart_str_appendc(&w->out, ',');
        if (!list && !put_key(w, &here))
            return false;
        if (!put(w, value, &here))
            return false;
        if (smart_str_get_len(&w->out) > MOST_BYTES)
            return refuse_value(w, at, "must be less than 4 MiB as JSON, but there is more");
    }
    ZEND_HASH_FOREACH_END();
    return true;
}

/* The array is held meanwhile, for a __toString() may change the one that it is an element of. */
static bool put_array(writer *w, zend_array *array, const step *at)
{
    bool list = is_list(array);
    if (at->depth >= DEPTH)
        return refuse_value(w, at, "must not be nested more than 32 deep, nor hold itself,");
    GC_TRY_ADDREF(array);
    smart_str_appendc(&w->out, list ? '[' : '{');
    bool done = put_elements(w, array, list, at);
    smart_str_appendc(&w->out, list ? ']' : '}');
    zend_array_release(array);
    return done;
}

static bool put(writer *w, zval *value, const step *at)
{
    ZVAL_DEREF(value);
    switch (Z_TYPE_P(value)) {
    case IS_NULL:
        smart_str_appends(&w->out, "null");
        return true;
    case IS_FALSE:
        smart_str_appends(&w->out, "false");
        return true;
    case IS_TRUE:
        smart_str_appends(&w->out, "true");
        return true;
    case IS_LONG:
        smart_str_append_long(&w->out, Z_LVAL_P(value));
        return true;
    case IS_DOUBLE:
        return put_double(w, Z_DVAL_P(value), at);
    case IS_STRING:
        return put_text(w, Z_STR_P(value), at);
    case IS_ARRAY:
        return put_array(w, Z_ARR_P(value), at);
    case IS_OBJECT:
        return put_object(w, value, at);
    default:
        return refuse_type(w, at, zend_zval_type_name(value));
    }
}

zend_string *php_ybb_json_text(zend_array *array, uint32_t number)
{
    writer w = {.number = number};
    step root = {0};
    if (!put_array(&w, array, &root)) {
        smart_str_free(&w.out);
        return NULL;
    }
    return smart_str_extract(&w.out);
}
