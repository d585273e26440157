/*
 * Signed links, through the public functions, held against HMAC-SHA256 of others.
 */
#include "ybbexport.h"

#include "pack_helpers.h"
#include "runner.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

static const char id[] = "exp_0123456789abcdefghijklmnop";
static const char other_id[] = "exp_ponmlkjihgfedcba9876543210";

#define SECRET "a secret that has 32 bytes or more"
#define OTHER  "another one that nobody can guess."

static ybb_exporter *open_with(const char *settings)
{
    ybb_exporter *exporter = NULL;
    ybb_config *config = ybb_config_new();
    CU_ASSERT_EQUAL_FATAL(ybb_config_read(config, settings, strlen(settings), NULL), YBB_OK);
    CU_ASSERT_EQUAL_FATAL(ybb_exporter_open(&exporter, config, NULL), YBB_OK);
    ybb_config_free(config);
    return exporter;
}

static char *sign(ybb_exporter *exporter, int number, int64_t seconds)
{
    char *signature = NULL;
    CU_ASSERT_EQUAL_FATAL(ybb_link_sign(&signature, exporter, id, number, seconds, NULL), YBB_OK);
    return signature;
}

static void a_signature_is_that_of_one_file_of_one_export(void)
{
    static const int numbers[] = {YBB_DOWNLOAD_FILE, YBB_DOWNLOAD_ARCHIVE, 1, 2, 12};
    enum { COUNT = sizeof(numbers) / sizeof(numbers[0]) };
    ybb_exporter *exporter = open_with("{\"link_secret\": \"" SECRET "\"}");
    for (size_t i = 0; i < COUNT; i++) {
        char *signature = sign(exporter, numbers[i], 60);
        for (size_t k = 0; k < COUNT; k++)
            CU_ASSERT_EQUAL(ybb_link_check(exporter, id, numbers[k], signature, NULL),
                            i == k ? YBB_OK : YBB_LINK_INVALID);
        CU_ASSERT_EQUAL(ybb_link_check(exporter, other_id, numbers[i], signature, NULL),
                        YBB_LINK_INVALID);
        ybb_string_free(signature);
    }
    ybb_exporter_free(exporter);
}

/* The same by Python: what the next maintainer, or another program, can rely on. */
static void a_signature_is_an_hmac_that_others_make_too(void)
{
    static const char program[] =
        "import base64, hmac, sys\n"
        "expiry, code = open('signature').read().split('.')\n"
        "text = b'\\0'.join([b'ybb-link-1', sys.argv[1].encode(), b'-1', expiry.encode(), b''])\n"
        "made = hmac.digest(sys.argv[2].encode(), text, 'sha256')\n"
        "assert code == base64.urlsafe_b64encode(made).decode().rstrip('='), code\n";
    if (!have_program("python3")) {
        skip_test("python3 is missing");
        return;
    }
    ybb_exporter *exporter = open_with("{\"link_secret\": \"" SECRET "\"}");
    char *signature = sign(exporter, YBB_DOWNLOAD_FILE, 60), line[200];
    write_file("signature", signature, strlen(signature));
    write_file("made.py", program, strlen(program));
    snprintf(line, sizeof(line), "python3 made.py %s '%s'", id, SECRET);
    CU_ASSERT_EQUAL(run_shell(line), 0);
    int64_t left = strtoll(signature, NULL, 10) - (int64_t)time(NULL);
    CU_ASSERT_TRUE(left <= 60 && left > 0);
    ybb_string_free(signature);
    ybb_exporter_free(exporter);
}

static void no_letter_of_a_signature_may_change(void)
{
    ybb_exporter *exporter = open_with("{\"link_secret\": \"" SECRET "\"}");
    char *signature = sign(exporter, 1, 60);
    size_t length = strlen(signature);
    for (size_t i = 0; i < length; i++) {
        char kept = signature[i];
        for (int c = 1; c < 256; c++) {
            signature[i] = (char)c;
            if (signature[i] != kept)
                CU_ASSERT_EQUAL(ybb_link_check(exporter, id, 1, signature, NULL), YBB_LINK_INVALID);
        }
        signature[i] = '\0'; /* cut */
        CU_ASSERT_EQUAL(ybb_link_check(exporter, id, 1, signature, NULL), YBB_LINK_INVALID);
        signature[i] = kept;
    }
    char longer[128];
    snprintf(longer, sizeof(longer), "%sA", signature);
    CU_ASSERT_EQUAL(ybb_link_check(exporter, id, 1, longer, NULL), YBB_LINK_INVALID);
    snprintf(longer, sizeof(longer), "0%s", signature);
    CU_ASSERT_EQUAL(ybb_link_check(exporter, id, 1, longer, NULL), YBB_LINK_INVALID);
    ybb_string_free(signature);
    ybb_exporter_free(exporter);
}

static void a_link_ends_to_hold(void)
{
    ybb_exporter *exporter = open_with("{\"link_secret\": \"" SECRET "\"}");
    char *signature = sign(exporter, 0, 1);
    ybb_status status = ybb_link_check(exporter, id, 0, signature, NULL);
    for (int i = 0; i < 40 && status == YBB_OK; i++) {
        nanosleep(&(struct timespec){0, 100000000}, NULL);
        status = ybb_link_check(exporter, id, 0, signature, NULL);
    }
    CU_ASSERT_EQUAL(status, YBB_LINK_EXPIRED);
    /* that of another file is no link at all, over or not */
    CU_ASSERT_EQUAL(ybb_link_check(exporter, id, 1, signature, NULL), YBB_LINK_INVALID);
    ybb_string_free(signature);
    ybb_exporter_free(exporter);
}

static void a_secret_can_be_replaced(void)
{
    ybb_exporter *before = open_with("{\"link_secret\": \"" SECRET "\"}");
    ybb_exporter *now =
        open_with("{\"link_secret\": \"" OTHER "\", \"link_secret_before\": \"" SECRET "\"}");
    ybb_exporter *later = open_with("{\"link_secret\": \"" OTHER "\"}");
    char *old = sign(before, 1, 60), *fresh = sign(now, 1, 60);
    CU_ASSERT_EQUAL(ybb_link_check(now, id, 1, old, NULL), YBB_OK);
    CU_ASSERT_EQUAL(ybb_link_check(later, id, 1, old, NULL), YBB_LINK_INVALID);
    CU_ASSERT_EQUAL(ybb_link_check(later, id, 1, fresh, NULL), YBB_OK);
    CU_ASSERT_EQUAL(ybb_link_check(before, id, 1, fresh, NULL), YBB_LINK_INVALID);
    ybb_string_free(old);
    ybb_string_free(fresh);
    ybb_exporter_free(before);
    ybb_exporter_free(now);
    ybb_exporter_free(later);
}

static void what_cannot_be_signed_is_refused(void)
{
    char *signature = NULL;
    ybb_error *error = ybb_error_new();
    ybb_exporter *none = open_with("{}");
    ybb_exporter *exporter = open_with("{\"link_secret\": \"" SECRET "\"}");
    CU_ASSERT_EQUAL(ybb_link_sign(&signature, none, id, 1, 60, error), YBB_INVALID_CONFIG);
    CU_ASSERT_STRING_EQUAL(ybb_error_field(error), "link_secret");
    CU_ASSERT_EQUAL(ybb_link_check(none, id, 1, "1.x", NULL), YBB_INVALID_CONFIG);
    CU_ASSERT_EQUAL(ybb_link_sign(&signature, exporter, "../etc", 1, 60, NULL), YBB_NOT_FOUND);
    CU_ASSERT_EQUAL(ybb_link_sign(&signature, exporter, id, 1, 0, NULL), YBB_MISUSE);
    CU_ASSERT_EQUAL(ybb_link_sign(&signature, exporter, id, 1, INT64_MAX, NULL), YBB_MISUSE);
    CU_ASSERT_EQUAL(ybb_link_sign(&signature, exporter, id, -2, 60, NULL), YBB_MISUSE);
    CU_ASSERT_EQUAL(ybb_link_sign(&signature, exporter, NULL, 1, 60, NULL), YBB_MISUSE);
    CU_ASSERT_PTR_NULL(signature);
    CU_ASSERT_EQUAL(ybb_link_check(exporter, id, 1, "", NULL), YBB_LINK_INVALID);
    CU_ASSERT_EQUAL(ybb_link_check(exporter, id, 1, NULL, NULL), YBB_MISUSE);
    ybb_error_free(error);
    ybb_exporter_free(none);
    ybb_exporter_free(exporter);
}

int main(void)
{
    static const ybb_test tests[] = {
        TEST(a_signature_is_that_of_one_file_of_one_export),
        TEST(a_signature_is_an_hmac_that_others_make_too),
        TEST(no_letter_of_a_signature_may_change),
        TEST(a_link_ends_to_hold),
        TEST(a_secret_can_be_replaced),
        TEST(what_cannot_be_signed_is_refused),
    };
    int status = RUN_TESTS("links", tests);
    remove_folder();
    return status;
}
