#!/bin/sh
# check_php_memory.sh valgrind|address: every function of the extension, and its .phpt tests, under valgrind without
# PHP's allocator, or with AddressSanitizer in the extension and the library (build/asan-php). Prints findings; none
# is a success.
set -eu
top=$(cd "$(dirname "$0")/../.." && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
USE_ZEND_ALLOC=0
ZEND_DONT_UNLOAD_MODULES=1
export USE_ZEND_ALLOC ZEND_DONT_UNLOAD_MODULES

run_php() { # EXTENSION [COMMAND ...]: COMMAND runs PHP
    extension=$1
    shift
    mkdir "$work/out" "$work/catalog"
    "$top/build/ybbexport" demo-data "sqlite://$work/demo.db" --participants 1500 2>/dev/null
    printf '{"link_secret": "0123456789abcdef0123456789abcdef"}' >"$work/settings.json"
    "$@" php -n -d extension="$extension" -d ybb_export.source="sqlite://$work/demo.db" -d ybb_export.out="$work/out" \
        -d ybb_export.config="$work/settings.json" \
        -d ybb_export.catalog_dir="$work/catalog" "$top/tests/php/every_function.php" >"$work/printed"
    [ "$(cat "$work/printed")" = done ] || { cat "$work/printed"; return 1; }
}

run_phpt() { # VARIABLE=VALUE ...
    env "$@" YBB_BUILD_DIR="$top/build" python3 "$top/tests/php/test_phpt.py" >"$work/results" || { cat "$work/results"; return 1; }
}

by_valgrind() {
    run_php "$top/build/ybb_export.so" valgrind --quiet --error-exitcode=9 --leak-check=full \
        --errors-for-leak-kinds=definite --num-callers=30
    run_phpt YBB_PHP_VALGRIND=1
}

# Those of the library that configure chose.
sources() {
    (cd "$top" && find lib -name '*.c') | while read -r source; do
        [ ! -f "$top/build/${source%c}lo" ] || echo "$top/$source"
    done
    find "$top/php-ext" -name '*.c'
}

# The library's sources and the extension's in one object: what a sanitizer needs is compiled, not linked, into it.
by_address() {
    flags="-std=gnu11 -g -O1 -fno-omit-frame-pointer -fsanitize=address,undefined -fno-sanitize-recover=undefined -fPIC -w"
    packages="json-c libzip xlsxwriter zlib sqlite3 icu-i18n nettle libmariadb"
    for package in libisal harfbuzz harfbuzz-subset fribidi; do
        pkg-config --exists "$package" && packages="$packages $package"
    done
    objects=$top/build/asan-php
    mkdir -p "$objects"
    # a header is everybody's
    find "$top/lib" "$top/include" "$top/php-ext" "$top/build/config.h" -name '*.h' -newer "$objects/made" 2>&1 |
        grep -q . && rm -f "$objects"/*.o
    touch "$objects/made"
    # shellcheck disable=SC2086,SC2046 # flags
    sources | xargs -P "$(nproc)" -I{} sh -c '
        name=$0/$(basename {} .c).o
        [ "$name" -nt {} ] || gcc '"$flags"' -DCOMPILE_DL_YBB_EXPORT -DZEND_ENABLE_STATIC_TSRMLS_CACHE=1 \
            -include '"$top"'/build/config.h -I'"$top"'/include -I'"$top"'/lib -I'"$top"'/build/lib '"$(pkg-config --cflags $packages) $(php-config --includes)"' \
            -c {} -o "$name"' "$objects"
    # shellcheck disable=SC2086,SC2046
    gcc -shared $flags -o "$objects/ybb_export.so" $(sources | sed "s|.*/|$objects/|; s|c\$|o|") $(pkg-config --libs $packages) -lm -pthread
    # PHP binds an extension's names in a way that no sanitizer bears
    cat >"$work/shallow.c" <<C
#define _GNU_SOURCE
#include <dlfcn.h>
void *dlopen(const char *name, int flags)
{
    void *(*next)(const char *, int) = (void *(*)(const char *, int))dlsym(RTLD_NEXT, "dlopen");
    return next(name, flags & ~RTLD_DEEPBIND);
}
C
    gcc -shared -fPIC -w -o "$work/shallow.so" "$work/shallow.c"
    ASAN_OPTIONS=detect_leaks=0:allocator_may_return_null=1:verify_asan_link_order=0
    export ASAN_OPTIONS
    first=$work/shallow.so:$(gcc -print-file-name=libasan.so):$(gcc -print-file-name=libubsan.so)
    run_php "$objects/ybb_export.so" env LD_PRELOAD="$first"
    run_phpt YBB_PHP_EXTENSION="$objects/ybb_export.so" YBB_PHP_PRELOAD="$first"
}

"by_$1"
