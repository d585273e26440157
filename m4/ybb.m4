# What configure.ac asks more than once.

# YBB_NEED(PREFIX, MODULE, PACKAGE): a module of pkg-config. A missing one is only noted, so that
# YBB_MISSING can name all packages at once.
AC_DEFUN([YBB_NEED],
  [PKG_CHECK_MODULES([$1], [$2], [], [AS_VAR_APPEND([ybb_missing], [" $3"])])])

# YBB_MISSING: ends configure when something was missing.
AC_DEFUN([YBB_MISSING], [AS_IF([test -n "$ybb_missing"],
  [AC_MSG_ERROR([libraries are missing. On Debian and Ubuntu:

    apt-get install$ybb_missing
])])])

# YBB_CFLAG(VARIABLE, FLAG), YBB_LDFLAG(VARIABLE, FLAG): adds the flag where compiler or linker take it.
# -Werror, because clang only warns of an unknown one.
AC_DEFUN([YBB_CFLAG], [AC_MSG_CHECKING([whether $CC takes $2])
  ybb_saved=$CFLAGS
  CFLAGS="$CFLAGS -Werror $2"
  AC_LINK_IFELSE([AC_LANG_PROGRAM([], [])],
    [AC_MSG_RESULT([yes]); AS_VAR_APPEND([$1], [" $2"])], [AC_MSG_RESULT([no])])
  CFLAGS=$ybb_saved])
AC_DEFUN([YBB_LDFLAG], [AC_MSG_CHECKING([whether the linker takes $2])
  ybb_saved=$LDFLAGS
  LDFLAGS="$LDFLAGS $2"
  AC_LINK_IFELSE([AC_LANG_PROGRAM([], [])],
    [AC_MSG_RESULT([yes]); AS_VAR_APPEND([$1], [" $2"])], [AC_MSG_RESULT([no])])
  LDFLAGS=$ybb_saved])

# YBB_FORTIFY(VARIABLE): the C library's checks of buffer sizes. They need the optimizer, get into the
# way of sanitizers, and some distributions' compilers ask for them by themselves.
AC_DEFUN([YBB_FORTIFY], [AC_MSG_CHECKING([whether to ask for _FORTIFY_SOURCE])
  AC_COMPILE_IFELSE([AC_LANG_SOURCE([[
#if !defined(__OPTIMIZE__) || defined(_FORTIFY_SOURCE) || defined(__SANITIZE_ADDRESS__) || \
    defined(__SANITIZE_THREAD__)
#error no
#endif
#if defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
#error no
#endif
#endif
int ybb_unused;
]])], [AC_MSG_RESULT([yes]); AS_VAR_APPEND([$1], [" -D_FORTIFY_SOURCE=2"])], [AC_MSG_RESULT([no])])])
