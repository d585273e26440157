/*
 * The PHP extension ybb_export: libybbexport's functions for PHP values.
 *
 * Two things are done here and nothing else: values are converted (php_json_text, php_call), and
 * the library is given the life that PHP needs of it (php_exporters, php_wait, php_time_limit,
 * php_quit). What an export is, the library alone knows.
 *
 * Threads: everything runs on the thread of a request. The library's own threads never come here.
 */
#ifndef PHP_YBB_EXPORT_H
#define PHP_YBB_EXPORT_H

#include "php.h"
#include "ybbexport.h"

#define PHP_YBB_EXPORT_VERSION "0.1.0"

extern zend_module_entry ybb_export_module_entry;
#define phpext_ybb_export_ptr &ybb_export_module_entry

/* YbbExport\Exception */
extern zend_class_entry *php_ybb_exception;

struct php_ybb_call;

ZEND_BEGIN_MODULE_GLOBALS(ybb_export)
/* the settings, see php_settings.h */
char *config, *source, *store, *out, *base_url, *catalog_dir, *mode;
zend_long threads;
double wait_seconds;
/* the calls that are under way, or that a fatal error left behind */
struct php_ybb_call *calls;
ZEND_END_MODULE_GLOBALS(ybb_export)

ZEND_EXTERN_MODULE_GLOBALS(ybb_export)
#define YBB_EXPORT_G(v) ZEND_MODULE_GLOBALS_ACCESSOR(ybb_export, v)

#if defined(ZTS) && defined(COMPILE_DL_YBB_EXPORT)
ZEND_TSRMLS_CACHE_EXTERN()
#endif

#endif
