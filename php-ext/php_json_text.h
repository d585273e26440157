/*
 * php_json_text: a PHP array as the JSON text that the library reads.
 *
 * More than json_encode() takes: backed enums are their values, dates are days (2025-07-23),
 * objects that have a text are that text, and a list that lost some of its elements
 * (array_filter()) is a list still. What has no JSON is refused with its path in the request.
 */
#ifndef PHP_JSON_TEXT_H
#define PHP_JSON_TEXT_H

#include "php_ybb_export.h"

/* NULL where an exception was thrown; it names argument @number. May run code of the script. */
zend_string *php_ybb_json_text(zend_array *array, uint32_t number);
/* The text that a value is in there; the caller releases it. NULL: it is none, or an exception was
 * thrown. May run code of the script. */
zend_string *php_ybb_text_of(zval *value);

#endif
