dnl The extension is built over the installed library, which pkg-config finds; PKG_CONFIG_PATH names
dnl the folder of another one's ybbexport.pc.
PHP_ARG_ENABLE([ybb-export],
  [whether to enable exports by libybbexport],
  [AS_HELP_STRING([--enable-ybb-export], [Enable exports by libybbexport])])

if test "$PHP_YBB_EXPORT" != "no"; then
  PKG_CHECK_MODULES([YBBEXPORT], [ybbexport >= 0.1.0])
  PHP_EVAL_INCLINE([$YBBEXPORT_CFLAGS])
  PHP_EVAL_LIBLINE([$YBBEXPORT_LIBS], [YBB_EXPORT_SHARED_LIBADD])
  dnl the library's threads may be inside of it when PHP unloads its extensions
  YBB_EXPORT_SHARED_LIBADD="$YBB_EXPORT_SHARED_LIBADD -Wl,-z,nodelete -Wl,-z,relro -Wl,-z,now"
  PHP_SUBST([YBB_EXPORT_SHARED_LIBADD])
  PHP_NEW_EXTENSION([ybb_export],
    [ybb_export.c php_call.c php_exporters.c php_functions.c php_json_text.c php_quit.c php_settings.c \
     php_time_limit.c php_wait.c],
    [$ext_shared], [],
    [-DZEND_ENABLE_STATIC_TSRMLS_CACHE=1 -fvisibility=hidden -fstack-protector-strong -Wall])
  PHP_ADD_EXTENSION_DEP([ybb_export], [date])
  PHP_ADD_EXTENSION_DEP([ybb_export], [json])
fi
