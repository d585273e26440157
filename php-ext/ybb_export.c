#ifdef HAVE_CONFIG_H
#include "config.h"
#endif

#include "php_ybb_export.h"

#include "php_call.h"
#include "php_quit.h"
#include "php_settings.h"

#include "ext/spl/spl_exceptions.h"
#include "ext/standard/info.h"
#include "php_ini.h"

#include "ybb_export_arginfo.h"

ZEND_DECLARE_MODULE_GLOBALS(ybb_export)

zend_class_entry *php_ybb_exception;

/* Minor versions may break programs before 1.0. */
static bool fits_library(void)
{
    enum { MINOR = 100 };
    return ybb_version_number() / MINOR == YBB_VERSION_NUMBER / MINOR;
}

static void register_constants(int module_number)
{
#define REGISTER(name, value, retriable, text, help)                                               \
    zend_register_long_constant(ZEND_STRL("YBB_" #name), value, CONST_CS | CONST_PERSISTENT,       \
                                module_number);
    YBB_STATUS_MAP(REGISTER)
#undef REGISTER
    REGISTER_STRING_CONSTANT("YBB_EXPORT_VERSION", PHP_YBB_EXPORT_VERSION,
                             CONST_CS | CONST_PERSISTENT);
    REGISTER_STRING_CONSTANT("YBB_EXPORT_LIBRARY_VERSION", (char *)ybb_version(),
                             CONST_CS | CONST_PERSISTENT);
}

static PHP_GINIT_FUNCTION(ybb_export)
{
#if defined(COMPILE_DL_YBB_EXPORT) && defined(ZTS)
    ZEND_TSRMLS_CACHE_UPDATE();
#endif
    memset(ybb_export_globals, 0, sizeof(*ybb_export_globals));
}

static PHP_MINIT_FUNCTION(ybb_export)
{
    if (!fits_library()) {
        php_error_docref(NULL, E_CORE_WARNING, "libybbexport %s is loaded, but %d.%d is needed",
                         ybb_version(), YBB_VERSION_MAJOR, YBB_VERSION_MINOR);
        return FAILURE;
    }
    php_ybb_exception = register_class_YbbExport_Exception(spl_ce_RuntimeException);
    register_constants(module_number);
    php_ybb_exporters_startup();
    return php_ybb_settings_register(module_number);
}

static PHP_MSHUTDOWN_FUNCTION(ybb_export)
{
    php_ybb_exporters_shutdown();
    php_ybb_settings_unregister(module_number);
    return SUCCESS;
}

static PHP_RINIT_FUNCTION(ybb_export)
{
#if defined(COMPILE_DL_YBB_EXPORT) && defined(ZTS)
    ZEND_TSRMLS_CACHE_UPDATE();
#endif
    php_ybb_quit_guard();
    return SUCCESS;
}

/* Exports go on; what a request held of them does not. */
static PHP_RSHUTDOWN_FUNCTION(ybb_export)
{
    php_ybb_calls_end();
    return SUCCESS;
}

static void show_library(const char *what, ybb_library library)
{
    char text[128];
    snprintf(text, sizeof(text), "%s %s", ybb_library_name(library), ybb_library_version(library));
    php_info_print_table_row(2, what, text);
}

static PHP_MINFO_FUNCTION(ybb_export)
{
    char running[32];
    snprintf(running, sizeof(running), "%u", php_ybb_exporters_running());
    php_info_print_table_start();
    php_info_print_table_row(2, "ybb_export support", "enabled");
    php_info_print_table_row(2, "Version", PHP_YBB_EXPORT_VERSION);
    php_info_print_table_row(2, "libybbexport version", ybb_version());
    show_library("MySQL client library", YBB_LIBRARY_MYSQL);
    show_library("SQLite library", YBB_LIBRARY_SQLITE);
    show_library("Deflate library", YBB_LIBRARY_DEFLATE);
    php_info_print_table_row(2, "Exports running in this process", running);
    php_info_print_table_end();
    DISPLAY_INI_ENTRIES();
}

static const zend_module_dep dependencies[] = {ZEND_MOD_REQUIRED("date") ZEND_MOD_REQUIRED("json")
                                                   ZEND_MOD_REQUIRED("spl") ZEND_MOD_END};

zend_module_entry ybb_export_module_entry = {STANDARD_MODULE_HEADER_EX,
                                             NULL,
                                             dependencies,
                                             "ybb_export",
                                             ext_functions,
                                             PHP_MINIT(ybb_export),
                                             PHP_MSHUTDOWN(ybb_export),
                                             PHP_RINIT(ybb_export),
                                             PHP_RSHUTDOWN(ybb_export),
                                             PHP_MINFO(ybb_export),
                                             PHP_YBB_EXPORT_VERSION,
                                             PHP_MODULE_GLOBALS(ybb_export),
                                             PHP_GINIT(ybb_export),
                                             NULL,
                                             NULL,
                                             STANDARD_MODULE_PROPERTIES_EX};

#ifdef COMPILE_DL_YBB_EXPORT
#ifdef ZTS
ZEND_TSRMLS_CACHE_DEFINE()
#endif
ZEND_GET_MODULE(ybb_export)
#endif
