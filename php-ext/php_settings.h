/*
 * php_settings: the settings ybb_export.* of php.ini, and the library's configuration that they
 * make.
 */
#ifndef PHP_SETTINGS_H
#define PHP_SETTINGS_H

#include "php_ybb_export.h"

zend_result php_ybb_settings_register(int module_number);
void php_ybb_settings_unregister(int module_number);

/* All of them that an exporter depends on, as one text: equal texts, equal exporters. */
zend_string *php_ybb_settings_key(void);
/* The configuration that they make now. The caller frees *@out, NULL on failure. */
ybb_status php_ybb_settings_config(ybb_config **out, ybb_error *error);

#endif
