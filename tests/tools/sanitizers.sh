# Sourced by ./run check. A finding is a failed test, or a report that a sanitizer wrote.
# shellcheck shell=sh disable=SC2154

# sanitized NAME SANITIZERS: builds with them in build/NAME and runs the tests that run our code.
sanitized() {
    build_in "build/$1" --disable-shared CFLAGS="-O1 -g -fno-omit-frame-pointer -fsanitize=$2 \
-fno-sanitize-recover=all"
    step "Building the tests" make -C "build/$1" -j "$(nproc)" check TESTS=
    reports=$top/build/$1/reports
    rm -rf "$reports"
    mkdir "$reports"
    run_tests "build/$1" 3600 "TESTS=\$(UNIT_TESTS) \$(E2E_TESTS)" YBB_GENERATED_CASES=100
    run_as_test "no report in build/$1/reports" no_reports
}

# Tests ask for memory that nobody has, which is answered by NULL, and by a line here.
no_reports() {
    find "$reports" -type f -exec cat {} + |
        grep -v 'Sanitizer failed to allocate' >build/log/reports || :
    cat build/log/reports
    ! [ -s build/log/reports ]
}

check_addresses() {
    reports=$top/build/asan/reports
    ASAN_OPTIONS=allocator_may_return_null=1:log_path=$reports/address:detect_stack_use_after_return=1:strict_string_checks=1
    UBSAN_OPTIONS=log_path=$reports/undefined:print_stacktrace=1
    export ASAN_OPTIONS UBSAN_OPTIONS
    sanitized asan address,undefined
    unset ASAN_OPTIONS UBSAN_OPTIONS
}

check_threads() {
    reports=$top/build/tsan/reports
    TSAN_OPTIONS=allocator_may_return_null=1:log_path=$reports/thread:second_deadlock_stack=1
    TSAN_OPTIONS=$TSAN_OPTIONS:suppressions=$top/tests/tools/threads.supp
    export TSAN_OPTIONS
    sanitized tsan thread
    unset TSAN_OPTIONS
}

check_valgrind() {
    build_in build $main_options
    for format in excel csv; do
        run_as_test "valgrind: $format" sh tests/tools/under_valgrind.sh "$format"
    done
}

check_php() {
    build_php
    for tool in valgrind address; do
        run_as_test "php: $tool" sh tests/php/check_php_memory.sh "$tool"
    done
}
