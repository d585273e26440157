#include "runner.h"

#include <CUnit/TestRun.h>
#include <stdio.h>
#include <stdlib.h>

static unsigned reported;
static const char *skipped;

void skip_test(const char *reason)
{
    skipped = reason;
}

static void print_failures(const CU_pFailureRecord first)
{
    for (const CU_FailureRecord *failure = first; failure != NULL; failure = failure->pNext)
        printf("# %s:%u: %s\n", failure->strFileName, failure->uiLineNumber,
               failure->strCondition);
}

static void report(const CU_pTest test, const CU_pSuite suite, const CU_pFailureRecord failure)
{
    (void)suite;
    reported++;
    if (failure != NULL)
        printf("not ok %u - %s\n", reported, test->pName);
    else if (skipped != NULL)
        printf("ok %u - %s # SKIP %s\n", reported, test->pName, skipped);
    else
        printf("ok %u - %s\n", reported, test->pName);
    print_failures(failure);
    fflush(stdout);
    skipped = NULL;
}

int run_tests(const char *suite_name, const ybb_test *tests, size_t count)
{
    if (CU_initialize_registry() != CUE_SUCCESS)
        return EXIT_FAILURE;
    CU_pSuite suite = CU_add_suite(suite_name, NULL, NULL);
    for (size_t i = 0; suite != NULL && i < count; i++)
        if (CU_add_test(suite, tests[i].name, tests[i].run) == NULL)
            suite = NULL;
    if (suite == NULL) {
        printf("Bail out! CUnit takes no test of %s: %s\n", suite_name, CU_get_error_msg());
        return EXIT_FAILURE;
    }
    printf("1..%zu\n", count);
    CU_set_test_complete_handler(report);
    CU_run_all_tests();
    unsigned failed = CU_get_number_of_tests_failed();
    CU_cleanup_registry();
    return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
