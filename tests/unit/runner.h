/*
 * tests/unit/runner: runs a program's tests under CUnit and reports them as TAP, one line a test,
 * so that automake counts them. Assertions are CUnit's CU_ASSERT family.
 */
#ifndef YBB_TESTS_RUNNER_H
#define YBB_TESTS_RUNNER_H

#include <CUnit/CUnit.h>
#include <stddef.h>

typedef struct ybb_test {
    const char *name;
    void (*run)(void);
} ybb_test;

#define TEST(function) {#function, function}

/* Runs them all; returns the program's exit status. */
int run_tests(const char *suite, const ybb_test *tests, size_t count);
#define RUN_TESTS(suite, tests) run_tests(suite, tests, sizeof(tests) / sizeof((tests)[0]))

/* The running test counts as skipped, with a reason; return after it. */
void skip_test(const char *reason);

#endif
