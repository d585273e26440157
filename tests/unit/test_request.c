/*
 * Requests against the built-in catalog: what is accepted, what becomes of it, and how each kind of
 * mistake is answered. Filters: test_request_filters.c.
 */
#include "request_helpers.h"

static void a_request_needs_nothing_but_its_type(void)
{
    reading r;
    begin(&r);
    const ybb_request *request = accept(&r, "");
    CU_ASSERT_STRING_EQUAL(request->type->name, "participants");
    CU_ASSERT_EQUAL(request->format, YBB_EXCEL);
    CU_ASSERT_STRING_EQUAL(ybb__format_name(request->format), "excel");
    CU_ASSERT_STRING_EQUAL(request->template_name, "standard");
    CU_ASSERT_EQUAL(request->template_->max_records_single_file, 15000);
    CU_ASSERT_EQUAL(request->column_count, 11);
    CU_ASSERT_FALSE(request->has_program);
    CU_ASSERT_EQUAL(request->filter_count, 0);
    CU_ASSERT_EQUAL(request->limit, UINT64_MAX);
    CU_ASSERT_PTR_NULL(request->sort);
    CU_ASSERT_FALSE(request->descending);
    CU_ASSERT_FALSE(request->include_deleted);
    CU_ASSERT_EQUAL(request->language, YBB_ENGLISH);
    CU_ASSERT_EQUAL(request->strategy, YBB_WISH_AUTO);
    CU_ASSERT_EQUAL(request->compression, YBB_COMPRESSION_DEFAULT);
    CU_ASSERT_EQUAL(request->chunk_size, 0);
    CU_ASSERT_EQUAL(request->max_file_size, UINT64_C(50) * 1024 * 1024);
    CU_ASSERT_EQUAL(request->memory_limit, UINT64_C(2) * 1024 * 1024 * 1024);
    CU_ASSERT_TRUE(request->parallel_processing);
    CU_ASSERT_FALSE(request->create_zip_archive_given);
    CU_ASSERT_EQUAL(request->retention_days, 7);
    CU_ASSERT_PTR_NULL(request->email_address);
    CU_ASSERT_PTR_NULL(request->owner);
    CU_ASSERT_PTR_NULL(request->idempotency_key);
    CU_ASSERT_EQUAL(request->warning_count, 0);
    CU_ASSERT_STRING_EQUAL(request->filters_json, "{}");
    CU_ASSERT_STRING_EQUAL(request->json, "{\"export_type\":\"participants\"}");
    end(&r);
}

static void null_and_phps_empty_arrays_are_as_if_left_out(void)
{
    reading r;
    begin(&r);
    const ybb_request *request =
        accept(&r, "\"program_id\": null, \"format\": null, \"template\": null, \"fields\": [], "
                   "\"filters\": [], \"options\": [], \"large_dataset_options\": [], "
                   "\"delivery_options\": [], \"field_mappings\": [], \"owner\": null");
    CU_ASSERT_FALSE(request->has_program);
    CU_ASSERT_STRING_EQUAL(request->template_name, "standard");
    CU_ASSERT_STRING_EQUAL(request->filters_json, "{}");
    accept(&r, "\"filters\": null, \"options\": null, \"large_dataset_options\": null");
    end(&r);
}

static void every_option_reaches_the_struct(void)
{
    reading r;
    begin(&r);
    const ybb_request *request = accept(
        &r, "\"program_id\": \"7\", \"format\": \"csv\", \"template\": \"detailed\", "
            "\"idempotency_key\": \"k-1\", \"owner\": \"user 5\", "
            "\"options\": {\"sort_by\": \"birthdate\", \"sort_order\": \"desc\", "
            "\"include_deleted\": true, \"language\": \"id\", \"batch_size\": \"2000\"}, "
            "\"large_dataset_options\": {\"strategy\": \"multi_file\", \"compression\": \"zip\", "
            "\"max_file_size\": \"10MB\", \"memory_limit\": 536870912, "
            "\"parallel_processing\": false}, "
            "\"delivery_options\": {\"create_zip_archive\": false, "
            "\"email_address\": \"admin@example.com\", \"retention_days\": 30}");
    CU_ASSERT_TRUE(request->has_program);
    CU_ASSERT_EQUAL(request->program_id, 7);
    CU_ASSERT_EQUAL(request->format, YBB_CSV);
    CU_ASSERT_STRING_EQUAL(request->template_name, "detailed");
    CU_ASSERT_STRING_EQUAL(request->idempotency_key, "k-1");
    CU_ASSERT_STRING_EQUAL(request->owner, "user 5");
    CU_ASSERT_STRING_EQUAL(request->sort->name, "birthdate");
    CU_ASSERT_TRUE(request->descending);
    CU_ASSERT_TRUE(request->include_deleted);
    CU_ASSERT_EQUAL(request->language, YBB_INDONESIAN);
    CU_ASSERT_EQUAL(request->chunk_size, 2000);
    CU_ASSERT_EQUAL(request->strategy, YBB_WISH_MULTI_FILE);
    CU_ASSERT_EQUAL(request->compression, YBB_COMPRESSION_ZIP);
    CU_ASSERT_EQUAL(request->max_file_size, UINT64_C(10) * 1024 * 1024);
    CU_ASSERT_EQUAL(request->memory_limit, 536870912);
    CU_ASSERT_FALSE(request->parallel_processing);
    CU_ASSERT_TRUE(request->create_zip_archive_given);
    CU_ASSERT_FALSE(request->create_zip_archive);
    CU_ASSERT_STRING_EQUAL(request->email_address, "admin@example.com");
    CU_ASSERT_EQUAL(request->retention_days, 30);
    CU_ASSERT_EQUAL(request->warning_count, 0);
    end(&r);
}

static void what_is_no_request_is_refused(void)
{
    static const mistake mistakes[] = {
        {"", YBB_INVALID_JSON, "", NULL, NULL, NULL},
        {"{", YBB_INVALID_JSON, "", NULL, NULL, NULL},
        {"{} x", YBB_INVALID_JSON, "", NULL, NULL, NULL},
        {"[1]", YBB_INVALID_TYPE, "", "[1]", NULL, NULL},
        {"null", YBB_INVALID_TYPE, "", "null", NULL, NULL},
        {"\"x\"", YBB_INVALID_TYPE, "", "\"x\"", NULL, NULL},
        {"{}", YBB_MISSING_KEY, "export_type", "", NULL, NULL},
        {"[]", YBB_MISSING_KEY, "export_type", "", NULL, NULL},
        {"{\"export_type\": null}", YBB_MISSING_KEY, "export_type", "", NULL, NULL},
        {"{\"export_type\": 5}", YBB_INVALID_TYPE, "export_type", "5", NULL, NULL},
        {P "\"export_type\": \"payments\"}", YBB_INVALID_JSON, NULL, NULL, NULL, NULL},
        {"{\"export_type\": \"participant\"}", YBB_UNKNOWN_EXPORT_TYPE, "export_type",
         "\"participant\"", "participants, payments, ambassadors", "participants"},
        {"{\"export_type\": \"\"}", YBB_UNKNOWN_EXPORT_TYPE, "export_type", "\"\"", NULL, ""},
    };
    REFUSED(mistakes);
}

static void unknown_keys_are_refused_with_the_one_that_was_meant(void)
{
    static const mistake mistakes[] = {
        {P "\"filtres\": {}}", YBB_UNKNOWN_KEY, "filtres", NULL, NULL, "filters"},
        {P "\"Format\": \"csv\"}", YBB_UNKNOWN_KEY, "Format", NULL, NULL, "format"},
        {P "\"options\": {\"sort\": \"id\"}}", YBB_UNKNOWN_KEY, "options.sort", NULL, NULL, NULL},
        {P "\"options\": {\"include_essay\": true}}", YBB_UNKNOWN_KEY, "options.include_essay",
         NULL, NULL, "include_essays"},
        {P "\"options\": {\"group_by_participant\": true}}", YBB_UNKNOWN_KEY,
         "options.group_by_participant", NULL, NULL, NULL},
        {PAY "\"options\": {\"essay_layout\": \"columns\"}}", YBB_UNKNOWN_KEY,
         "options.essay_layout", NULL, NULL, NULL},
        {P "\"large_dataset_options\": {\"chunksize\": 1}}", YBB_UNKNOWN_KEY,
         "large_dataset_options.chunksize", NULL, NULL, "chunk_size"},
        {P "\"delivery_options\": {\"strategy\": \"auto\"}}", YBB_UNKNOWN_KEY,
         "delivery_options.strategy", NULL, NULL, NULL},
    };
    REFUSED(mistakes);
}

static void values_of_the_wrong_json_type_are_refused(void)
{
    static const mistake mistakes[] = {
        {P "\"program_id\": true}", YBB_INVALID_TYPE, "program_id", "true", NULL, NULL},
        {P "\"program_id\": [1]}", YBB_INVALID_TYPE, "program_id", "[1]", NULL, NULL},
        {P "\"format\": 1}", YBB_INVALID_TYPE, "format", "1", NULL, NULL},
        {P "\"template\": [\"standard\"]}", YBB_INVALID_TYPE, "template", NULL, NULL, NULL},
        {P "\"fields\": \"id\"}", YBB_INVALID_TYPE, "fields", NULL, NULL, NULL},
        {P "\"filters\": \"all\"}", YBB_INVALID_TYPE, "filters", "\"all\"", NULL, NULL},
        {P "\"filters\": [1]}", YBB_INVALID_TYPE, "filters", "[1]", NULL, NULL},
        {P "\"options\": 1}", YBB_INVALID_TYPE, "options", NULL, NULL, NULL},
        {P "\"options\": {\"include_essays\": \"yes\"}}", YBB_INVALID_TYPE,
         "options.include_essays", "\"yes\"", NULL, NULL},
        {P "\"options\": {\"include_deleted\": 1}}", YBB_INVALID_TYPE, "options.include_deleted",
         "1", NULL, NULL},
        {P "\"options\": {\"sort_by\": 1}}", YBB_INVALID_TYPE, "options.sort_by", NULL, NULL, NULL},
        {P "\"large_dataset_options\": {\"parallel_processing\": \"true\"}}", YBB_INVALID_TYPE,
         "large_dataset_options.parallel_processing", NULL, NULL, NULL},
        {P "\"large_dataset_options\": {\"max_file_size\": true}}", YBB_INVALID_TYPE,
         "large_dataset_options.max_file_size", NULL, NULL, NULL},
        {P "\"delivery_options\": {\"create_zip_archive\": 1}}", YBB_INVALID_TYPE,
         "delivery_options.create_zip_archive", NULL, NULL, NULL},
        {P "\"delivery_options\": {\"email_address\": 5}}", YBB_INVALID_TYPE,
         "delivery_options.email_address", NULL, NULL, NULL},
        {P "\"owner\": 5}", YBB_INVALID_TYPE, "owner", NULL, NULL, NULL},
        {P "\"filters\": {\"form_status\": true}}", YBB_INVALID_TYPE, "filters.form_status", "true",
         NULL, NULL},
        {P "\"filters\": {\"form_status\": {\"a\": 1}}}", YBB_INVALID_TYPE, "filters.form_status",
         NULL, NULL, NULL},
        {P "\"filters\": {\"ambassador_ref\": 5}}", YBB_INVALID_TYPE, "filters.ambassador_ref", "5",
         NULL, NULL},
        {P "\"filters\": {\"ambassador_ref\": [\"a\", [\"b\"]]}}", YBB_INVALID_TYPE,
         "filters.ambassador_ref[1]", NULL, NULL, NULL},
        {P "\"filters\": {\"date_range\": \"2025-01-01\"}}", YBB_INVALID_TYPE, "filters.date_range",
         NULL, NULL, NULL},
        {P "\"filters\": {\"date_range\": {\"start\": 20250101}}}", YBB_INVALID_TYPE,
         "filters.date_range.start", "20250101", NULL, NULL},
        {PAY "\"filters\": {\"amount_range\": {\"min\": [1]}}}", YBB_INVALID_TYPE,
         "filters.amount_range.min", NULL, NULL, NULL},
        {P "\"filters\": {\"limit\": true}}", YBB_INVALID_TYPE, "filters.limit", NULL, NULL, NULL},
    };
    REFUSED(mistakes);
}

static void programs_count_from_one(void)
{
    static const mistake mistakes[] = {
        {P "\"program_id\": 0}", YBB_INVALID_VALUE, "program_id", "0", NULL, NULL},
        {P "\"program_id\": -1}", YBB_INVALID_VALUE, "program_id", "-1", NULL, NULL},
        {P "\"program_id\": 1.5}", YBB_INVALID_VALUE, "program_id", "1.5", NULL, NULL},
        {P "\"program_id\": \"\"}", YBB_INVALID_VALUE, "program_id", NULL, NULL, NULL},
        {P "\"program_id\": \"all\"}", YBB_INVALID_VALUE, "program_id", NULL, NULL, NULL},
        {P "\"program_id\": 9223372036854775808}", YBB_INVALID_VALUE, "program_id", NULL, NULL,
         NULL},
        {P "\"program_id\": 1e40}", YBB_INVALID_VALUE, "program_id", NULL, NULL, NULL},
    };
    REFUSED(mistakes);
}

static void an_installation_may_require_a_program(void)
{
    reading r;
    begin(&r);
    r.config.require_program = true;
    CU_ASSERT_EQUAL(parse(&r, "{\"export_type\": \"payments\"}"), YBB_MISSING_KEY);
    CU_ASSERT_STRING_EQUAL(r.error.field, "program_id");
    CU_ASSERT_EQUAL(parse(&r, PAY "\"program_id\": null}"), YBB_MISSING_KEY);
    CU_ASSERT_EQUAL(parse(&r, PAY "\"program_id\": 3}"), YBB_OK);
    end(&r);
}

static void names_of_formats_templates_and_choices_are_those_of_the_specification(void)
{
    static const mistake mistakes[] = {
        {P "\"format\": \"xls\"}", YBB_INVALID_VALUE, "format", "\"xls\"", "excel, csv, pdf", NULL},
        {P "\"template\": \"detail\"}", YBB_UNKNOWN_TEMPLATE, "template", "\"detail\"",
         "standard, detailed, summary, custom", "detailed"},
        {PAY "\"template\": \"summary\"}", YBB_UNKNOWN_TEMPLATE, "template", "\"summary\"",
         "standard, detailed, custom", ""},
        {P "\"options\": {\"sort_order\": \"up\"}}", YBB_INVALID_VALUE, "options.sort_order",
         "\"up\"", "asc, desc", NULL},
        {P "\"options\": {\"language\": \"fr\"}}", YBB_INVALID_VALUE, "options.language", "\"fr\"",
         "en, id", NULL},
        {P "\"options\": {\"essay_layout\": \"rows\"}}", YBB_INVALID_VALUE, "options.essay_layout",
         "\"rows\"", "text, columns", NULL},
        {P "\"options\": {\"timezone\": \"Mars/Base\"}}", YBB_INVALID_VALUE, "options.timezone",
         "\"Mars/Base\"", NULL, ""},
        {P "\"options\": {\"timezone\": \"Asia/Jakata\"}}", YBB_INVALID_VALUE, "options.timezone",
         "\"Asia/Jakata\"", NULL, "Asia/Jakarta"},
        {P "\"options\": {\"timezone\": \"asia/jakarta\"}}", YBB_INVALID_VALUE, "options.timezone",
         "\"asia/jakarta\"", NULL, "Asia/Jakarta"},
        {P "\"large_dataset_options\": {\"strategy\": \"multi\"}}", YBB_INVALID_VALUE,
         "large_dataset_options.strategy", "\"multi\"",
         "auto, single, multi_file, compressed, streaming", NULL},
        {P "\"large_dataset_options\": {\"compression\": \"bzip2\"}}", YBB_INVALID_VALUE,
         "large_dataset_options.compression", "\"bzip2\"", "none, gzip, zip", "gzip"},
    };
    REFUSED(mistakes);
}

static void sorting_needs_a_field_that_can_be_sorted_by(void)
{
    static const mistake mistakes[] = {
        {P "\"options\": {\"sort_by\": \"nam\"}}", YBB_UNKNOWN_FIELD, "options.sort_by", "\"nam\"",
         NULL, NULL},
        {P "\"options\": {\"sort_by\": \"created\"}}", YBB_UNKNOWN_FIELD, "options.sort_by", NULL,
         NULL, NULL},
        {P "\"options\": {\"sort_by\": \"full_nam\"}}", YBB_UNKNOWN_FIELD, "options.sort_by", NULL,
         NULL, "full_name"},
        {P "\"options\": {\"sort_by\": \"payment_status\"}}", YBB_INVALID_VALUE, "options.sort_by",
         NULL, NULL, NULL},
        {P "\"options\": {\"sort_by\": \"order_number\"}}", YBB_INVALID_VALUE, "options.sort_by",
         NULL, NULL, NULL},
        {P "\"options\": {\"sort_by\": \"experiences\"}}", YBB_INVALID_VALUE, "options.sort_by",
         NULL, NULL, NULL},
        {P "\"options\": {\"sort_by\": \"id; DROP TABLE users\"}}", YBB_UNKNOWN_FIELD,
         "options.sort_by", NULL, NULL, ""},
    };
    REFUSED(mistakes);
}

static void sizes_and_counts_are_checked(void)
{
#define L "\"large_dataset_options\": "
#define D "\"delivery_options\": "
    static const mistake mistakes[] = {
        {P L "{\"chunk_size\": 0}}", YBB_INVALID_VALUE, "large_dataset_options.chunk_size", "0",
         NULL, NULL},
        {P L "{\"chunk_size\": -5}}", YBB_INVALID_VALUE, "large_dataset_options.chunk_size", "-5",
         NULL, NULL},
        {P L "{\"chunk_size\": 1.5}}", YBB_INVALID_VALUE, "large_dataset_options.chunk_size", NULL,
         NULL, NULL},
        {P L "{\"chunk_size\": 1e30}}", YBB_INVALID_VALUE, "large_dataset_options.chunk_size", NULL,
         NULL, NULL},
        {P "\"options\": {\"batch_size\": 0}}", YBB_INVALID_VALUE, "options.batch_size", "0", NULL,
         NULL},
        {P L "{\"chunk_size\": 5000}, \"options\": {\"batch_size\": \"x\"}}", YBB_INVALID_VALUE,
         "options.batch_size", NULL, NULL, NULL},
        {P L "{\"max_file_size\": \"50 apples\"}}", YBB_INVALID_VALUE,
         "large_dataset_options.max_file_size", "\"50 apples\"", NULL, NULL},
        {P L "{\"max_file_size\": \"\"}}", YBB_INVALID_VALUE, "large_dataset_options.max_file_size",
         NULL, NULL, NULL},
        {P L "{\"max_file_size\": \"-5MB\"}}", YBB_INVALID_VALUE,
         "large_dataset_options.max_file_size", NULL, NULL, NULL},
        {P L "{\"max_file_size\": 0}}", YBB_INVALID_VALUE, "large_dataset_options.max_file_size",
         "0", NULL, NULL},
        {P L "{\"max_file_size\": \"0MB\"}}", YBB_INVALID_VALUE,
         "large_dataset_options.max_file_size", NULL, NULL, NULL},
        {P L "{\"max_file_size\": -1}}", YBB_INVALID_VALUE, "large_dataset_options.max_file_size",
         NULL, NULL, NULL},
        {P L "{\"memory_limit\": \"99999999999999999999GB\"}}", YBB_INVALID_VALUE,
         "large_dataset_options.memory_limit", NULL, NULL, NULL},
        {P D "{\"retention_days\": 0}}", YBB_INVALID_VALUE, "delivery_options.retention_days", "0",
         NULL, NULL},
        {P D "{\"retention_days\": -1}}", YBB_INVALID_VALUE, "delivery_options.retention_days",
         NULL, NULL, NULL},
        {P D "{\"retention_days\": 36501}}", YBB_INVALID_VALUE, "delivery_options.retention_days",
         NULL, NULL, NULL},
        {P L "{\"retention_days\": 0}}", YBB_INVALID_VALUE, "large_dataset_options.retention_days",
         NULL, NULL, NULL},
        {P "\"filters\": {\"limit\": 0}}", YBB_INVALID_VALUE, "filters.limit", "0", NULL, NULL},
        {P "\"filters\": {\"limit\": -1}}", YBB_INVALID_VALUE, "filters.limit", NULL, NULL, NULL},
        {P "\"filters\": {\"limit\": \"ten\"}}", YBB_INVALID_VALUE, "filters.limit", NULL, NULL,
         NULL},
        {P "\"filters\": {\"limit\": 99999999999999999999999}}", YBB_INVALID_VALUE, "filters.limit",
         NULL, NULL, NULL},
        {P "\"owner\": \"\"}", YBB_INVALID_VALUE, "owner", NULL, NULL, NULL},
        {P "\"idempotency_key\": \"a\\nb\"}", YBB_INVALID_VALUE, "idempotency_key", NULL, NULL,
         NULL},
    };
    REFUSED(mistakes);
}

static void a_chunk_size_is_held_between_its_limits_with_a_warning(void)
{
    static const struct {
        const char *members;
        uint64_t held;
        const char *field; /* of the warning; NULL: none */
    } lines[] = {
        {L "{\"chunk_size\": 1}", 1000, "large_dataset_options.chunk_size"},
        {L "{\"chunk_size\": 999}", 1000, "large_dataset_options.chunk_size"},
        {L "{\"chunk_size\": 1000}", 1000, NULL},
        {L "{\"chunk_size\": \"10000\"}", 10000, NULL},
        {L "{\"chunk_size\": 25000}", 25000, NULL},
        {L "{\"chunk_size\": 25001}", 25000, "large_dataset_options.chunk_size"},
        {L "{\"chunk_size\": 18446744073709551615}", 25000, "large_dataset_options.chunk_size"},
        {"\"options\": {\"batch_size\": 10}", 1000, "options.batch_size"},
        {"\"options\": {\"batch_size\": 3000}", 3000, NULL},
        {"\"options\": {\"batch_size\": 10}, " L "{\"chunk_size\": 4000}", 4000, NULL},
    };
    reading r;
    begin(&r);
    for (size_t i = 0; i < sizeof(lines) / sizeof(lines[0]); i++) {
        const ybb_request *request = accept(&r, lines[i].members);
        CU_ASSERT_EQUAL(request->chunk_size, lines[i].held);
        CU_ASSERT_EQUAL(request->warning_count, lines[i].field != NULL ? 1 : 0);
        if (request->warning_count == 1 && lines[i].field != NULL) {
            CU_ASSERT_STRING_EQUAL(request->warnings[0].code, "CHUNK_SIZE_HELD");
            CU_ASSERT_STRING_EQUAL(request->warnings[0].field, lines[i].field);
        }
    }
    end(&r);
}

static void large_dataset_options_may_have_what_delivery_options_have(void)
{
    reading r;
    begin(&r);
    const ybb_request *request =
        accept(&r, L "{\"create_zip_archive\": true, \"email_notification\": false, "
                     "\"email_address\": \"a.b+c@mail.example.org\", \"retention_days\": 3}");
    CU_ASSERT_TRUE(request->create_zip_archive && request->create_zip_archive_given);
    CU_ASSERT_STRING_EQUAL(request->email_address, "a.b+c@mail.example.org");
    CU_ASSERT_EQUAL(request->retention_days, 3);
    request = accept(&r, L "{\"create_zip_archive\": true, \"retention_days\": 3, "
                           "\"email_address\": \"a@example.org\"}, " D
                           "{\"create_zip_archive\": false, \"retention_days\": 4}");
    CU_ASSERT_FALSE(request->create_zip_archive);
    CU_ASSERT_EQUAL(request->retention_days, 4);
    CU_ASSERT_STRING_EQUAL(request->email_address, "a@example.org");
    end(&r);
}

static void mail_addresses_are_narrow(void)
{
    static const char *const good[] = {"admin@example.com", "a@b.co", "x_1%y+z-2.w@a-b.example.org",
                                       "A@B.C"};
    static const char *const bad[] = {
        "admin",          "@example.com",     "admin@",
        "admin@example",  "a b@ex.com",       "a@ex.com\\r\\nBcc: x",
        "a@ex..com",      "a@.ex.com",        "a@ex.com.",
        ".a@ex.com",      "a.@ex.com",        "a..b@ex.com",
        "-a@ex.com",      "a@-ex.com",        "a@ex-.com",
        "a@b@ex.com",     "\\\"a\\\"@ex.com", "a@[127.0.0.1]",
        "<a@ex.com>",     "a,b@ex.com",       "\\u00e9@ex.com",
        "a@ex.c\\u00f6m", "a@ex.com\\n",      "a@ex_x.com",
    };
    char members[256];
    reading r;
    begin(&r);
    for (size_t i = 0; i < sizeof(good) / sizeof(good[0]); i++) {
        snprintf(members, sizeof(members), D "{\"email_address\": \"%s\"}", good[i]);
        CU_ASSERT_STRING_EQUAL(accept(&r, members)->email_address, good[i]);
    }
    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
        snprintf(members, sizeof(members), P D "{\"email_address\": \"%s\"}}", bad[i]);
        expect(parse(&r, members) == YBB_INVALID_VALUE, "status", members, &r.error);
        CU_ASSERT_STRING_EQUAL(r.error.field, "delivery_options.email_address");
    }
    CU_ASSERT_PTR_NULL(accept(&r, D "{\"email_address\": \"\"}")->email_address);
    end(&r);
}

static void long_mail_addresses_are_refused(void)
{
    char local[66] = {0}, members[512], domain[256] = {0};
    reading r;
    begin(&r);
    memset(local, 'a', 64);
    snprintf(members, sizeof(members), P D "{\"email_address\": \"%s@ex.com\"}}", local);
    CU_ASSERT_EQUAL(parse(&r, members), YBB_OK);
    snprintf(members, sizeof(members), P D "{\"email_address\": \"%sb@ex.com\"}}", local);
    CU_ASSERT_EQUAL(parse(&r, members), YBB_INVALID_VALUE);
    snprintf(members, sizeof(members), P D "{\"email_address\": \"a@%s.com\"}}", local);
    CU_ASSERT_EQUAL(parse(&r, members), YBB_INVALID_VALUE);
    for (size_t i = 0; i < 252; i++)
        domain[i] = i % 3 == 2 ? '.' : 'b';
    domain[252] = 'b';
    snprintf(members, sizeof(members), P D "{\"email_address\": \"a@%s\"}}", domain);
    CU_ASSERT_EQUAL(parse(&r, members), YBB_INVALID_VALUE);
    domain[251] = '\0';
    snprintf(members, sizeof(members), P D "{\"email_address\": \"a@%s\"}}", domain);
    CU_ASSERT_EQUAL(parse(&r, members), YBB_OK);
    end(&r);
}

static void a_wish_for_mail_needs_an_address_and_gets_a_warning(void)
{
    static const mistake mistakes[] = {
        {P D "{\"email_notification\": true}}", YBB_MISSING_KEY, "delivery_options.email_address",
         NULL, NULL, NULL},
        {P L "{\"email_notification\": true, \"email_address\": null}}", YBB_MISSING_KEY,
         "large_dataset_options.email_address", NULL, NULL, NULL},
    };
    REFUSED(mistakes);
    reading r;
    begin(&r);
    const ybb_request *request =
        accept(&r, L "{\"email_notification\": true, \"email_address\": \"admin@example.com\"}");
    CU_ASSERT_TRUE(request->email_notification);
    CU_ASSERT_EQUAL_FATAL(request->warning_count, 1);
    CU_ASSERT_STRING_EQUAL(request->warnings[0].code, "NO_EMAIL");
    end(&r);
}

static void an_uncompressed_compressed_file_gets_a_warning(void)
{
    reading r;
    begin(&r);
    const ybb_request *request =
        accept(&r, L "{\"strategy\": \"compressed\", \"compression\": \"none\"}");
    CU_ASSERT_EQUAL_FATAL(request->warning_count, 1);
    CU_ASSERT_STRING_EQUAL(request->warnings[0].code, "NOT_COMPRESSED");
    end(&r);
}

static void the_texts_of_a_stream_are_inline(void)
{
    static const struct {
        const char *strings, *strategy;
        uint32_t warnings;
        ybb_xlsx_strings found;
    } all[] = {
        {"\"shared\"", "streaming", 1, YBB_STRINGS_INLINE},
        {"\"inline\"", "streaming", 0, YBB_STRINGS_INLINE},
        {"null", "streaming", 0, YBB_STRINGS_INLINE},
        {"\"shared\"", "single", 0, YBB_STRINGS_SHARED},
    };
    for (size_t i = 0; i < sizeof(all) / sizeof(all[0]); i++) {
        reading r;
        char more[200];
        begin(&r);
        snprintf(more, sizeof(more), "\"xlsx\": {\"strings\": %s}, " L "{\"strategy\": \"%s\"}",
                 all[i].strings, all[i].strategy);
        const ybb_request *request = accept(&r, more);
        CU_ASSERT_EQUAL(request->presentation.xlsx.strings, all[i].found);
        CU_ASSERT_EQUAL_FATAL(request->warning_count, all[i].warnings);
        if (all[i].warnings > 0)
            CU_ASSERT_STRING_EQUAL(request->warnings[0].code, "STRINGS_INLINE");
        end(&r);
    }
}

/* Names of the columns, joined by blanks. */
static const char *columns_of(const ybb_request *request)
{
    static char text[2048];
    text[0] = '\0';
    for (uint32_t i = 0; i < request->column_count; i++) {
        strcat(text, i > 0 ? " " : "");
        strcat(text, request->columns[i].field->name);
    }
    return text;
}

#define STANDARD                                                                                   \
    "order_number full_name email nationality institution phone_number category form_status "      \
    "payment_status created_at ref_code_ambassador"

static void options_add_columns_to_a_template_and_take_them_out(void)
{
    static const struct {
        const char *members, *columns;
    } lines[] = {
        {"\"template\": \"standard\"", STANDARD},
        {"\"options\": {\"include_essays\": true}", STANDARD " essays"},
        {"\"options\": {\"include_payments\": true, \"include_essays\": true}",
         STANDARD " essays payment_history"},
        {"\"options\": {\"include_status\": true}", STANDARD " general_status document_status"},
        {"\"options\": {\"include_status\": false}",
         "order_number full_name email nationality institution phone_number category "
         "payment_status created_at ref_code_ambassador"},
        {"\"options\": {\"include_related\": false}", STANDARD},
        {"\"options\": {\"include_related\": true}", STANDARD},
        {"\"template\": \"summary\", \"options\": {\"include_essays\": true}",
         "full_name email nationality category form_status essays"},
        {"\"template\": \"custom\", \"fields\": [\"id\", \"essays\", \"email\"], "
         "\"options\": {\"include_essays\": false}",
         "id email"},
        {"\"template\": \"detailed\", \"options\": {\"include_related\": false, "
         "\"include_payments\": true, \"include_status\": false}",
         "order_number full_name email nationality institution phone_number category "
         "payment_status created_at ref_code_ambassador gender birthdate education_level major "
         "current_address origin_address emergency_contact tshirt_size instagram_account "
         "payment_history"},
        {"\"template\": \"detailed\", \"options\": {\"include_essays\": false}",
         STANDARD " gender birthdate education_level major current_address origin_address "
                  "emergency_contact tshirt_size instagram_account payment_history"},
    };
    reading r;
    begin(&r);
    for (size_t i = 0; i < sizeof(lines) / sizeof(lines[0]); i++)
        CU_ASSERT_STRING_EQUAL(columns_of(accept(&r, lines[i].members)), lines[i].columns);
    CU_ASSERT_EQUAL(parse(&r, PAY "\"options\": {\"include_participant_details\": true}}"), YBB_OK);
    CU_ASSERT_STRING_EQUAL(
        columns_of(r.request),
        "id participant_name participant_email participant_nationality participant_institution "
        "participant_phone_number participant_category amount currency usd_amount status "
        "payment_method payment_date transaction_code order_id");
    CU_ASSERT_EQUAL(parse(&r, AMB "\"template\": \"detailed\", \"options\": "
                                  "{\"include_referral_details\": false, "
                                  "\"include_referral_success_rate\": false}}"),
                    YBB_OK);
    CU_ASSERT_STRING_EQUAL(columns_of(r.request),
                           "name email ref_code institution total_referrals is_active created_at "
                           "gender phone_number notes");
    end(&r);
}

static void custom_takes_its_fields_from_the_request(void)
{
    reading r;
    begin(&r);
    const ybb_request *request =
        accept(&r, "\"template\": \"custom\", \"fields\": [\"email\", {\"field\": \"id\", "
                   "\"header\": \"No.\"}, {\"field\": \"category\"}]");
    CU_ASSERT_STRING_EQUAL(request->template_name, "custom");
    CU_ASSERT_PTR_NULL(request->template_);
    CU_ASSERT_STRING_EQUAL(columns_of(request), "email id category");
    CU_ASSERT_STRING_EQUAL(request->columns[0].header, "Email");
    CU_ASSERT_STRING_EQUAL(request->columns[1].header, "No.");
    CU_ASSERT_STRING_EQUAL(request->columns[2].header, "Category");
    request = accept(&r, "\"fields\": [\"email\"]");
    CU_ASSERT_STRING_EQUAL(request->template_name, "custom");
    end(&r);
    static const mistake mistakes[] = {
        {P "\"template\": \"custom\"}", YBB_MISSING_KEY, "fields", NULL, NULL, NULL},
        {P "\"template\": \"custom\", \"fields\": []}", YBB_MISSING_KEY, "fields", NULL, NULL,
         NULL},
        {P "\"template\": \"standard\", \"fields\": [\"id\"]}", YBB_INVALID_VALUE, "fields",
         "[\"id\"]", NULL, NULL},
        {P "\"template\": \"custom\", \"fields\": [\"id\", \"emial\"]}", YBB_UNKNOWN_FIELD,
         "fields[1]", "\"emial\"", NULL, "email"},
        {P "\"fields\": [{\"field\": \"emial\"}]}", YBB_UNKNOWN_FIELD, "fields[0].field", NULL,
         NULL, "email"},
        {P "\"fields\": [\"id\", \"email\", \"id\"]}", YBB_INVALID_VALUE, "fields[2]", "\"id\"",
         NULL, NULL},
        {P "\"fields\": [\"essays\"], \"options\": {\"include_essays\": false}}", YBB_INVALID_VALUE,
         "options", NULL, NULL, NULL},
    };
    REFUSED(mistakes);
}

static void headers_follow_language_template_mapping_and_request(void)
{
    reading r;
    begin(&r);
    const ybb_request *request = accept(&r, "\"template\": \"summary\"");
    CU_ASSERT_STRING_EQUAL(request->columns[0].header, "Name");
    CU_ASSERT_STRING_EQUAL(request->columns[4].header, "Status");
    request = accept(&r, "\"options\": {\"language\": \"id\", \"include_essays\": true}");
    CU_ASSERT_STRING_EQUAL(request->columns[0].header, "Nomor Urut");
    CU_ASSERT_STRING_EQUAL(request->columns[11].header, "Esai");
    request = accept(&r, "\"template\": \"summary\", \"field_mappings\": {\"participants\": "
                         "{\"full_name\": \"Who\"}, \"payments\": {\"id\": \"payment_id\"}}");
    CU_ASSERT_STRING_EQUAL(request->columns[0].header, "Who");
    CU_ASSERT_STRING_EQUAL(request->columns[1].header, "Email");
    request =
        accept(&r, "\"fields\": [{\"field\": \"id\", \"header\": \"No.\"}, \"email\"], "
                   "\"field_mappings\": {\"participants\": {\"id\": \"X\", \"email\": \"Y\"}}");
    CU_ASSERT_STRING_EQUAL(request->columns[0].header, "No.");
    CU_ASSERT_STRING_EQUAL(request->columns[1].header, "Y");
    end(&r);
    static const mistake mistakes[] = {
        {P "\"field_mappings\": {\"participant\": {}}}", YBB_UNKNOWN_EXPORT_TYPE,
         "field_mappings.participant", NULL, NULL, "participants"},
        {P "\"field_mappings\": {\"payments\": {\"amuont\": \"x\"}}}", YBB_UNKNOWN_FIELD,
         "field_mappings.payments.amuont", NULL, NULL, "amount"},
    };
    REFUSED(mistakes);
}

static void an_installation_gives_defaults(void)
{
    static const char settings[] =
        "{\"fields\": [\"id\", \"email\"], \"csv\": {\"delimiter\": \";\"}, "
        "\"data_transformations\": {\"null_values\": \"-\"}, "
        "\"field_mappings\": {\"participants\": {\"email\": \"E-mail\"}}, "
        "\"system_limits\": {\"file_retention_days\": 9, \"max_file_size_mb\": 1}}";
    reading r;
    begin(&r);
    CU_ASSERT_EQUAL_FATAL(ybb__config_read(&r.config, settings, strlen(settings), &r.error),
                          YBB_OK);
    const ybb_request *request = accept(&r, "\"template\": \"custom\"");
    CU_ASSERT_STRING_EQUAL(columns_of(request), "id email");
    CU_ASSERT_STRING_EQUAL(request->columns[1].header, "E-mail");
    CU_ASSERT_EQUAL(request->presentation.csv.delimiter, ';');
    CU_ASSERT_STRING_EQUAL(request->presentation.transforms.null_values, "-");
    CU_ASSERT_EQUAL(request->retention_days, 9);
    CU_ASSERT_EQUAL(request->max_file_size, 1024 * 1024);
    request = accept(&r, "\"csv\": {\"bom\": false}, \"data_transformations\": "
                         "{\"null_values\": \"\"}, \"field_mappings\": {\"participants\": "
                         "{\"email\": \"Mail\"}}");
    CU_ASSERT_EQUAL(request->presentation.csv.delimiter, ';');
    CU_ASSERT_FALSE(request->presentation.csv.bom);
    CU_ASSERT_STRING_EQUAL(request->presentation.transforms.null_values, "");
    CU_ASSERT_STRING_EQUAL(request->columns[2].header, "Mail");
    CU_ASSERT_TRUE(r.config.presentation.csv.bom);
    end(&r);
}

static void what_this_build_cannot_do_is_understood_and_refused(void)
{
    static const mistake mistakes[] = {
#ifndef HAVE_PDF
        {P "\"format\": \"pdf\"}", YBB_UNSUPPORTED, "format", "\"pdf\"", NULL, NULL},
#endif
        {P "\"format\": \"pdf\", \"filters\": {\"x\": 1}}", YBB_UNKNOWN_FILTER, "filters.x", NULL,
         NULL, NULL},
    };
    REFUSED(mistakes);
}

static void sheets_on_request_are_for_spreadsheets(void)
{
    static const char allowed[] = "false, or format \"excel\"";
    static const mistake mistakes[] = {
        {P "\"format\": \"csv\", \"options\": {\"include_summary\": true}}", YBB_INVALID_VALUE,
         "options.include_summary", "true", allowed, NULL},
        {P "\"options\": {\"include_about\": true}, \"format\": \"pdf\"}", YBB_INVALID_VALUE,
         "options.include_about", "true", allowed, NULL},
        {P "\"options\": {\"include_sumary\": true}}", YBB_UNKNOWN_KEY, "options.include_sumary",
         NULL, NULL, "include_summary"},
        {P "\"options\": {\"include_about\": 1}}", YBB_INVALID_TYPE, "options.include_about", NULL,
         NULL, NULL},
    };
    REFUSED(mistakes);
    reading r;
    begin(&r);
    accept(&r, "\"options\": {\"include_summary\": false, \"include_about\": false}");
    CU_ASSERT_FALSE(r.request->include_summary || r.request->include_about);
    accept(&r, "\"options\": {\"include_summary\": true, \"include_about\": true}");
    CU_ASSERT_TRUE(r.request->include_summary && r.request->include_about);
    accept(&r, "\"format\": \"csv\", \"options\": {\"include_summary\": false}");
    end(&r);
}

static void a_type_has_its_group_and_its_spread(void)
{
    reading r;
    begin(&r);
    CU_ASSERT_TRUE(accept(&r, "\"options\": {\"essay_layout\": \"columns\"}")->spread);
    CU_ASSERT_FALSE(accept(&r, "\"options\": {\"essay_layout\": \"text\"}")->spread);
    CU_ASSERT_EQUAL(parse(&r, PAY "\"options\": {\"group_by_participant\": false}}"), YBB_OK);
    CU_ASSERT_FALSE(r.request->grouped);
    CU_ASSERT_EQUAL(parse(&r, PAY "\"options\": {\"group_by_participant\": true}}"), YBB_OK);
    CU_ASSERT_TRUE(r.request->grouped);
    end(&r);
}

static void groups_have_an_order_of_their_own(void)
{
    reading r;
    begin(&r);
    CU_ASSERT_EQUAL(parse(&r, PAY "\"options\": {\"group_by_participant\": true, "
                                  "\"sort_by\": \"amount\", \"sort_order\": \"desc\"}}"),
                    YBB_OK);
    CU_ASSERT_PTR_NULL(r.request->sort);
    CU_ASSERT_FALSE(r.request->descending);
    CU_ASSERT_EQUAL_FATAL(r.request->warning_count, 1);
    CU_ASSERT_STRING_EQUAL(r.request->warnings[0].code, "SORT_IGNORED");
    CU_ASSERT_STRING_EQUAL(r.request->warnings[0].field, "options.sort_by");
    CU_ASSERT_EQUAL(parse(&r, PAY "\"options\": {\"group_by_participant\": true, "
                                  "\"sort_order\": \"desc\"}}"),
                    YBB_OK);
    CU_ASSERT_EQUAL_FATAL(r.request->warning_count, 1);
    CU_ASSERT_STRING_EQUAL(r.request->warnings[0].field, "options.sort_order");
    CU_ASSERT_EQUAL(parse(&r, PAY "\"options\": {\"group_by_participant\": true, "
                                  "\"sort_order\": \"asc\"}}"),
                    YBB_OK);
    CU_ASSERT_EQUAL(r.request->warning_count, 0);
    end(&r);
}

static void times_are_converted_only_to_another_zone(void)
{
    reading r;
    begin(&r);
    CU_ASSERT_PTR_NULL(accept(&r, "")->timezone);
    CU_ASSERT_PTR_NULL(accept(&r, "\"options\": {\"timezone\": \"UTC\"}")->timezone);
    CU_ASSERT_PTR_NULL(accept(&r, "\"options\": {\"timezone\": null}")->timezone);
    const ybb_request *request = accept(&r, "\"options\": {\"timezone\": \"Asia/Jakarta\"}");
    CU_ASSERT_STRING_EQUAL(request->timezone, "Asia/Jakarta");
    CU_ASSERT_STRING_EQUAL(request->stored_timezone, "UTC");
    CU_ASSERT_EQUAL(ybb__config_set(&r.config, "database_timezone", "Asia/Jakarta", NULL), YBB_OK);
    CU_ASSERT_PTR_NULL(accept(&r, "\"options\": {\"timezone\": \"Asia/Jakarta\"}")->timezone);
    request = accept(&r, "\"options\": {\"timezone\": \"UTC\"}");
    CU_ASSERT_STRING_EQUAL(request->stored_timezone, "Asia/Jakarta");
    end(&r);
}

static void the_request_is_kept_as_compact_json(void)
{
    reading r;
    begin(&r);
    const ybb_request *request =
        accept(&r, "\n\"filters\" : { \"limit\" : 5 , \"form_status\": [ 1 , \"2\" ] }");
    CU_ASSERT_STRING_EQUAL(request->filters_json, "{\"limit\":5,\"form_status\":[1,\"2\"]}");
    CU_ASSERT_STRING_EQUAL(request->json,
                           "{\"export_type\":\"participants\",\"filters\":{\"limit\":"
                           "5,\"form_status\":[1,\"2\"]}}");
    end(&r);
}

static void every_field_of_every_type_can_be_asked_for(void)
{
    reading r;
    begin(&r);
    for (uint32_t t = 0; t < r.catalog->type_count; t++) {
        const ybb_type *type = &r.catalog->types[t];
        for (uint32_t i = 0; i < type->field_count; i++) {
            char json[256];
            snprintf(json, sizeof(json), "{\"export_type\": \"%s\", \"fields\": [\"%s\"]}",
                     type->name, type->fields[i].name);
            expect(parse(&r, json) == YBB_OK, "status", json, &r.error);
        }
    }
    end(&r);
}

int main(void)
{
    static const ybb_test tests[] = {
        TEST(a_request_needs_nothing_but_its_type),
        TEST(null_and_phps_empty_arrays_are_as_if_left_out),
        TEST(every_option_reaches_the_struct),
        TEST(what_is_no_request_is_refused),
        TEST(unknown_keys_are_refused_with_the_one_that_was_meant),
        TEST(values_of_the_wrong_json_type_are_refused),
        TEST(programs_count_from_one),
        TEST(an_installation_may_require_a_program),
        TEST(names_of_formats_templates_and_choices_are_those_of_the_specification),
        TEST(sorting_needs_a_field_that_can_be_sorted_by),
        TEST(sizes_and_counts_are_checked),
        TEST(a_chunk_size_is_held_between_its_limits_with_a_warning),
        TEST(large_dataset_options_may_have_what_delivery_options_have),
        TEST(mail_addresses_are_narrow),
        TEST(long_mail_addresses_are_refused),
        TEST(a_wish_for_mail_needs_an_address_and_gets_a_warning),
        TEST(an_uncompressed_compressed_file_gets_a_warning),
        TEST(the_texts_of_a_stream_are_inline),
        TEST(options_add_columns_to_a_template_and_take_them_out),
        TEST(custom_takes_its_fields_from_the_request),
        TEST(headers_follow_language_template_mapping_and_request),
        TEST(an_installation_gives_defaults),
        TEST(what_this_build_cannot_do_is_understood_and_refused),
        TEST(sheets_on_request_are_for_spreadsheets),
        TEST(a_type_has_its_group_and_its_spread),
        TEST(groups_have_an_order_of_their_own),
        TEST(times_are_converted_only_to_another_zone),
        TEST(the_request_is_kept_as_compact_json),
        TEST(every_field_of_every_type_can_be_asked_for),
    };
    return RUN_TESTS("request", tests);
}
