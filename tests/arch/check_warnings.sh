#!/bin/sh
# Every source is free of warnings under both compilers, with the flags of the build (YBB_CFLAGS). What gcc
# warns of while it optimizes is left to a build with --enable-werror.
set -eu
source=${YBB_SOURCE_DIR:-.}
build=${YBB_BUILD_DIR:-build}
. "$(dirname "$0")/../tools/tap.sh"

sources() {
    find "$source/lib" "$source/cli" "$source/tests/unit" "$source/bench" \
        "$source/docs" -name '*.c' | sort
}

some_sources() {
    [ "$(sources | wc -l)" -gt 40 ] || echo "only $(sources | wc -l) sources in $source"
}

# clean COMMAND [FLAG ...]: what the compiler says of all sources, a few at a time on each processor.
clean() {
    # shellcheck disable=SC2086 # a list of flags
    sources | xargs -P "$(nproc)" -n 1 "$@" -std=gnu11 $YBB_CFLAGS -Werror \
        -include "$build/config.h" "-I$source/include" "-I$source/lib" "-I$build/lib"
}

check "there are sources" some_sources
if command -v gcc >/dev/null; then
    check "gcc has no warning" clean gcc -fsyntax-only
else
    skip "gcc has no warning" "no gcc"
fi
if command -v clang >/dev/null; then
    check "clang has no warning" clean clang -fsyntax-only
else
    skip "clang has no warning" "no clang"
fi
finish
