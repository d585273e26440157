/*
 * The strategy table: for a number of records, which strategy, chunk, file names, archive and time
 * limit.
 */
#include "model/plan.h"
#include "runner.h"

#include <stdio.h>

enum { TEMPLATES = 4 };

/* The limits that the specification's templates have. */
static const ybb_template templates[TEMPLATES] = {
    {.name = "standard", .max_records_single_file = 15000},
    {.name = "detailed", .max_records_single_file = 10000, .recommended_chunk_size = 5000},
    {.name = "summary", .max_records_single_file = 50000},
    {.name = "plain"},
};
static const ybb_template *const standard = &templates[0];
static const ybb_template *const detailed = &templates[1];
static const ybb_template *const summary = &templates[2];
static const ybb_template *const plain = &templates[3];
static const ybb_type participants = {.name = "participants"};

/* One line of a table; zeros are defaults. */
typedef struct line {
    uint64_t records;
    const ybb_template *template_;
    ybb_format format;
    ybb_strategy_wish wish;
    ybb_compression compression;
    uint64_t chunk_size;
    ybb_strategy strategy;
    ybb_compression packed;
    uint64_t chunk; /* 0: one file */
    uint32_t files;
} line;

static ybb_request request_of(const line *l)
{
    return (ybb_request){
        .type = &participants,
        .format = l->format,
        .template_ = l->template_,
        .strategy = l->wish,
        .compression = l->compression,
        .chunk_size = l->chunk_size,
    };
}

static ybb_delivery deliver(const ybb_request *request, uint64_t records)
{
    ybb_delivery delivery = {0};
    struct ybb_config config;
    ybb__config_init(&config);
    CU_ASSERT_EQUAL(ybb__delivery_plan(&delivery, request, &config, records, NULL), YBB_OK);
    ybb__config_release(&config);
    return delivery;
}

/* An assertion that names the line it was about. */
static void expect(bool holds, const char *what, const line *l, size_t number)
{
    char text[128];
    snprintf(text, sizeof(text), "%s of line %zu (%llu records)", what, number,
             (unsigned long long)l->records);
    CU_assertImplementation(holds, __LINE__, text, __FILE__, "", CU_FALSE);
}

static void check_lines(const line *lines, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        const line *l = &lines[i];
        ybb_request request = request_of(l);
        ybb_delivery delivery = deliver(&request, l->records);
        uint64_t chunk = l->chunk == 0 ? UINT64_MAX : l->chunk;
        bool archive = l->packed == YBB_COMPRESSION_ZIP;
        expect(delivery.records == l->records, "records", l, i);
        expect(delivery.strategy == l->strategy, "strategy", l, i);
        expect(delivery.compression == l->packed, "compression", l, i);
        expect(delivery.archive == archive, "archive", l, i);
        expect(delivery.chunk_size == chunk, "chunk size", l, i);
        expect(delivery.files == l->files, "files", l, i);
    }
}

#define CHECK(lines) check_lines(lines, sizeof(lines) / sizeof((lines)[0]))
#define ONE(how, as) .strategy = YBB_##how, .packed = YBB_COMPRESSION_##as, .files = 1
#define MANY(size, count)                                                                          \
    .strategy = YBB_MULTI_FILE, .packed = YBB_COMPRESSION_ZIP, .chunk = (size), .files = (count)

static void the_strategy_follows_the_number_of_records(void)
{
    static const line lines[] = {
        {0, ONE(IMMEDIATE_SINGLE, NONE)},
        {1, ONE(IMMEDIATE_SINGLE, NONE)},
        {999, ONE(IMMEDIATE_SINGLE, NONE)},
        {1000, ONE(BACKGROUND_SINGLE, NONE)},
        {9999, ONE(BACKGROUND_SINGLE, NONE)},
        {10000, ONE(COMPRESSED_SINGLE, GZIP)},
        {24999, ONE(COMPRESSED_SINGLE, GZIP)},
        {25000, MANY(5000, 5)},
        {25001, MANY(5000, 6)},
        {49999, MANY(5000, 10)},
        {50000, MANY(15000, 4)},
        {60000, MANY(15000, 4)},
        {60001, MANY(15000, 5)},
    };
    CHECK(lines);
}

static void a_template_without_limits_is_as_none(void)
{
    const line lines[] = {
        {24999, plain, ONE(COMPRESSED_SINGLE, GZIP)},
        {25000, plain, MANY(5000, 5)},
        {50000, plain, MANY(15000, 4)},
    };
    CHECK(lines);
}

static void a_template_may_fill_its_own_limit(void)
{
    const line lines[] = {
        {9999, detailed, ONE(BACKGROUND_SINGLE, NONE)},
        {10000, detailed, ONE(COMPRESSED_SINGLE, GZIP)},
        {10001, detailed, MANY(5000, 3)},
        {50000, detailed, MANY(5000, 10)},
        {15000, standard, ONE(COMPRESSED_SINGLE, GZIP)},
        {15001, standard, MANY(5000, 4)},
        {49999, standard, MANY(5000, 10)},
        {50000, standard, MANY(15000, 4)},
        {25000, summary, ONE(COMPRESSED_SINGLE, GZIP)},
        {49999, summary, ONE(COMPRESSED_SINGLE, GZIP)},
        {50000, summary, ONE(COMPRESSED_SINGLE, GZIP)},
        {50001, summary, MANY(15000, 4)},
    };
    CHECK(lines);
}

static void a_forced_strategy_wins(void)
{
    const line lines[] = {
        {5, NULL, .wish = YBB_WISH_SINGLE, ONE(SINGLE, NONE)},
        {200000, detailed, .wish = YBB_WISH_SINGLE, ONE(SINGLE, NONE)},
        {5, NULL, .wish = YBB_WISH_COMPRESSED, ONE(COMPRESSED_SINGLE, GZIP)},
        {200000, standard, .wish = YBB_WISH_COMPRESSED, ONE(COMPRESSED_SINGLE, GZIP)},
        {200000, NULL, .wish = YBB_WISH_STREAMING, ONE(STREAMING, NONE)},
        {0, NULL, .wish = YBB_WISH_MULTI_FILE, MANY(10000, 1)},
        {5, NULL, .wish = YBB_WISH_MULTI_FILE, MANY(10000, 1)},
        {10000, NULL, .wish = YBB_WISH_MULTI_FILE, MANY(10000, 1)},
        {10001, NULL, .wish = YBB_WISH_MULTI_FILE, MANY(10000, 2)},
        {24999, NULL, .wish = YBB_WISH_MULTI_FILE, MANY(10000, 3)},
        {25000, NULL, .wish = YBB_WISH_MULTI_FILE, MANY(5000, 5)},
        {15000, standard, .wish = YBB_WISH_MULTI_FILE, MANY(10000, 2)},
        {15001, standard, .wish = YBB_WISH_MULTI_FILE, MANY(5000, 4)},
        {50000, summary, .wish = YBB_WISH_MULTI_FILE, MANY(15000, 4)},
        {9000, detailed, .wish = YBB_WISH_MULTI_FILE, MANY(5000, 2)},
    };
    CHECK(lines);
}

static void a_single_file_is_packed_as_wanted(void)
{
    const line lines[] = {
        {500, NULL, .compression = YBB_COMPRESSION_GZIP, ONE(IMMEDIATE_SINGLE, GZIP)},
        {500, NULL, .compression = YBB_COMPRESSION_ZIP, ONE(IMMEDIATE_SINGLE, ZIP)},
        {500, NULL, .compression = YBB_COMPRESSION_NONE, ONE(IMMEDIATE_SINGLE, NONE)},
        {5000, NULL, .compression = YBB_COMPRESSION_GZIP, ONE(BACKGROUND_SINGLE, GZIP)},
        {20000, NULL, .compression = YBB_COMPRESSION_NONE, ONE(BACKGROUND_SINGLE, NONE)},
        {20000, NULL, .compression = YBB_COMPRESSION_ZIP, ONE(COMPRESSED_SINGLE, ZIP)},
        {20000, .wish = YBB_WISH_SINGLE, .compression = YBB_COMPRESSION_GZIP, ONE(SINGLE, GZIP)},
        {20000, .wish = YBB_WISH_SINGLE, .compression = YBB_COMPRESSION_ZIP, ONE(SINGLE, ZIP)},
        {20000, .wish = YBB_WISH_COMPRESSED, .compression = YBB_COMPRESSION_ZIP,
         ONE(COMPRESSED_SINGLE, ZIP)},
        {20000, .wish = YBB_WISH_COMPRESSED, .compression = YBB_COMPRESSION_NONE,
         ONE(SINGLE, NONE)},
    };
    CHECK(lines);
}

static void batches_are_never_gzipped(void)
{
    const line lines[] = {
        {30000, .compression = YBB_COMPRESSION_GZIP, MANY(5000, 6)},
        {30000, .compression = YBB_COMPRESSION_NONE, MANY(5000, 6)},
        {30000, .compression = YBB_COMPRESSION_ZIP, MANY(5000, 6)},
    };
    CHECK(lines);
}

static void batches_are_archived_unless_that_is_refused(void)
{
    ybb_request request = {.type = &participants, .create_zip_archive_given = true};
    ybb_delivery delivery = deliver(&request, 30000);
    CU_ASSERT_FALSE(delivery.archive);
    CU_ASSERT_EQUAL(delivery.compression, YBB_COMPRESSION_NONE);
    request.create_zip_archive = true;
    CU_ASSERT_TRUE(deliver(&request, 30000).archive);
}

static void an_archive_of_one_file_is_not_made_for_create_zip_archive(void)
{
    ybb_request request = {
        .type = &participants, .create_zip_archive_given = true, .create_zip_archive = true};
    ybb_delivery delivery = deliver(&request, 999);
    CU_ASSERT_FALSE(delivery.archive);
    CU_ASSERT_EQUAL(delivery.compression, YBB_COMPRESSION_NONE);
}

static void the_first_chunk_size_that_is_given_counts(void)
{
    const line lines[] = {
        {30000, detailed, .chunk_size = 7000, MANY(7000, 5)},
        {30000, standard, .chunk_size = 7000, MANY(7000, 5)},
        {30000, detailed, MANY(5000, 6)},
        {30000, detailed, .format = YBB_CSV, MANY(5000, 6)},
        {30000, standard, MANY(5000, 6)},
        {900, .chunk_size = 7000, ONE(IMMEDIATE_SINGLE, NONE)},
    };
    CHECK(lines);
}

static void csv_has_a_chunk_size_of_its_own(void)
{
    const line lines[] = {
        {24999, .format = YBB_CSV, ONE(COMPRESSED_SINGLE, GZIP)},
        {25000, .format = YBB_CSV, MANY(25000, 1)},
        {49999, .format = YBB_CSV, MANY(25000, 2)},
        {100000, .format = YBB_CSV, MANY(25000, 4)},
        {100001, .format = YBB_CSV, .chunk_size = 10000, MANY(10000, 11)},
        {20000, .format = YBB_CSV, .wish = YBB_WISH_MULTI_FILE, MANY(10000, 2)},
    };
    CHECK(lines);
    struct ybb_config config;
    ybb_delivery delivery;
    const ybb_request request = {.type = &participants, .format = YBB_CSV};
    ybb__config_init(&config);
    config.limits.max_chunk_size = 80000;
    CU_ASSERT_EQUAL(ybb__delivery_plan(&delivery, &request, &config, 100000, NULL), YBB_OK);
    CU_ASSERT_EQUAL(delivery.chunk_size, 50000);
    ybb__config_release(&config);
}

static void sheets_split_where_a_format_has_them(void)
{
    const ybb_request excel = {.type = &participants, .strategy = YBB_WISH_SINGLE};
    const ybb_request csv = {.type = &participants, .strategy = YBB_WISH_SINGLE, .format = YBB_CSV};
    CU_ASSERT_EQUAL(deliver(&excel, 10).rows_per_sheet, 1048575);
    CU_ASSERT_EQUAL(deliver(&csv, 10).rows_per_sheet, UINT64_MAX);
    CU_ASSERT_FALSE(deliver(&excel, 100000).long_sheet);
    CU_ASSERT_TRUE(deliver(&excel, 100001).long_sheet);
    CU_ASSERT_FALSE(deliver(&csv, 100001).long_sheet);
}

/* Sheets of 1,000 records, two a file. */
static struct ybb_config tight_config(void)
{
    struct ybb_config config;
    ybb__config_init(&config);
    config.limits.excel_max_rows_per_sheet = 1001;
    config.limits.excel_max_sheets_per_file = 2;
    return config;
}

static void a_forced_single_file_that_cannot_hold_the_records_is_too_large(void)
{
    struct ybb_config config = tight_config();
    ybb_delivery delivery;
    ybb_request request = {.type = &participants, .strategy = YBB_WISH_SINGLE};
    CU_ASSERT_EQUAL(ybb__delivery_plan(&delivery, &request, &config, 2000, NULL), YBB_OK);
    CU_ASSERT_EQUAL(delivery.rows_per_sheet, 1000);
    ybb_error error = {0};
    CU_ASSERT_EQUAL(ybb__delivery_plan(&delivery, &request, &config, 2001, &error), YBB_TOO_LARGE);
    CU_ASSERT_STRING_EQUAL(error.message, "one file can hold 2000 records, not 2001");
    CU_ASSERT_STRING_EQUAL(error.field, "large_dataset_options.strategy");
    CU_ASSERT_STRING_EQUAL(error.suggestion, "multi_file");
    request.strategy = YBB_WISH_COMPRESSED;
    CU_ASSERT_EQUAL(ybb__delivery_plan(&delivery, &request, &config, 2001, NULL), YBB_TOO_LARGE);
    request.format = YBB_CSV;
    CU_ASSERT_EQUAL(ybb__delivery_plan(&delivery, &request, &config, 2001, NULL), YBB_OK);
    ybb__config_release(&config);
}

static void what_one_file_cannot_hold_goes_into_several(void)
{
    struct ybb_config config = tight_config();
    ybb_delivery delivery;
    ybb_request request = {.type = &participants};
    CU_ASSERT_EQUAL(ybb__delivery_plan(&delivery, &request, &config, 2001, NULL), YBB_OK);
    CU_ASSERT_EQUAL(delivery.strategy, YBB_MULTI_FILE);
    CU_ASSERT_EQUAL(delivery.chunk_size, 2000);
    CU_ASSERT_EQUAL(delivery.files, 2);
    request.chunk_size = 25000;
    CU_ASSERT_EQUAL(ybb__delivery_plan(&delivery, &request, &config, 60000, NULL), YBB_OK);
    CU_ASSERT_EQUAL(delivery.chunk_size, 2000);
    CU_ASSERT_EQUAL(delivery.files, 30);
    ybb__config_release(&config);
}

static void the_limits_of_the_configuration_move_the_borders(void)
{
    struct ybb_config config;
    ybb_delivery delivery;
    const ybb_request request = {.type = &participants};
    static const struct {
        uint64_t records;
        ybb_strategy strategy;
        uint64_t chunk;
    } lines[] = {
        {9, YBB_IMMEDIATE_SINGLE, UINT64_MAX},
        {10, YBB_BACKGROUND_SINGLE, UINT64_MAX},
        {19, YBB_BACKGROUND_SINGLE, UINT64_MAX},
        {20, YBB_COMPRESSED_SINGLE, UINT64_MAX},
        {29, YBB_COMPRESSED_SINGLE, UINT64_MAX},
        {30, YBB_MULTI_FILE, 7},
        {39, YBB_MULTI_FILE, 7},
        {40, YBB_MULTI_FILE, 8},
    };
    ybb__config_init(&config);
    config.limits.max_records_immediate_processing = 10;
    config.limits.background_below = 20;
    config.limits.max_records_single_file = 30;
    config.limits.small_chunks_below = 40;
    config.limits.small_chunks = 7;
    config.limits.large_chunks = 8;
    for (size_t i = 0; i < sizeof(lines) / sizeof(lines[0]); i++) {
        CU_ASSERT_EQUAL(ybb__delivery_plan(&delivery, &request, &config, lines[i].records, NULL),
                        YBB_OK);
        CU_ASSERT_EQUAL(delivery.strategy, lines[i].strategy);
        CU_ASSERT_EQUAL(delivery.chunk_size, lines[i].chunk);
    }
    ybb__config_release(&config);
}

static void too_many_files_are_refused(void)
{
    ybb_delivery delivery;
    struct ybb_config config;
    ybb_error error = {0};
    const ybb_request request = {.type = &participants, .format = YBB_CSV, .chunk_size = 1000};
    ybb__config_init(&config);
    CU_ASSERT_EQUAL(ybb__delivery_plan(&delivery, &request, &config, 100000000, NULL), YBB_OK);
    CU_ASSERT_EQUAL(delivery.files, 100000);
    CU_ASSERT_EQUAL(ybb__delivery_plan(&delivery, &request, &config, 100000001, &error),
                    YBB_TOO_LARGE);
    CU_ASSERT_STRING_EQUAL(error.field, "large_dataset_options.chunk_size");
    CU_ASSERT_EQUAL(ybb__delivery_plan(&delivery, &request, &config, UINT64_MAX, NULL),
                    YBB_TOO_LARGE);
    ybb__config_release(&config);
}

static void classes_and_their_time_limits_follow_the_records(void)
{
    static const struct {
        uint64_t records;
        ybb_priority priority;
        uint64_t minutes;
        const char *name;
    } lines[] = {
        {0, YBB_IMMEDIATE, 5, "immediate"}, {999, YBB_IMMEDIATE, 5, "immediate"},
        {1000, YBB_HIGH, 15, "high"},       {9999, YBB_HIGH, 15, "high"},
        {10000, YBB_NORMAL, 30, "normal"},  {49999, YBB_NORMAL, 30, "normal"},
        {50000, YBB_LOW, 30, "low"},        {9000000, YBB_LOW, 30, "low"},
    };
    const ybb_request request = {.type = &participants};
    for (size_t i = 0; i < sizeof(lines) / sizeof(lines[0]); i++) {
        ybb_delivery delivery = deliver(&request, lines[i].records);
        CU_ASSERT_EQUAL(delivery.priority, lines[i].priority);
        CU_ASSERT_EQUAL(delivery.timeout_seconds, 60 * lines[i].minutes);
        CU_ASSERT_STRING_EQUAL(ybb__priority_name(delivery.priority), lines[i].name);
    }
}

static void the_smaller_time_limit_holds(void)
{
    struct ybb_config config;
    ybb_delivery delivery;
    const ybb_request request = {.type = &participants};
    ybb__config_init(&config);
    config.limits.max_processing_time_minutes = 100;
    CU_ASSERT_EQUAL(ybb__delivery_plan(&delivery, &request, &config, 50000, NULL), YBB_OK);
    CU_ASSERT_EQUAL(delivery.timeout_seconds, 3600);
    config.limits.max_processing_time_minutes = 0;
    CU_ASSERT_EQUAL(ybb__delivery_plan(&delivery, &request, &config, 50000, NULL), YBB_OK);
    CU_ASSERT_EQUAL(delivery.timeout_seconds, 3600);
    config.queue.timeout_minutes[YBB_LOW] = 0;
    CU_ASSERT_EQUAL(ybb__delivery_plan(&delivery, &request, &config, 50000, NULL), YBB_OK);
    CU_ASSERT_EQUAL(delivery.timeout_seconds, 0);
    config.queue.timeout_minutes[YBB_LOW] = UINT64_MAX;
    CU_ASSERT_EQUAL(ybb__delivery_plan(&delivery, &request, &config, 50000, NULL), YBB_OK);
    CU_ASSERT_EQUAL(delivery.timeout_seconds, UINT64_MAX);
    ybb__config_release(&config);
}

static void ranges_cover_every_record_once(void)
{
    const ybb_request request = {.type = &participants, .chunk_size = 6000};
    ybb_delivery delivery = deliver(&request, 50001);
    uint64_t next = 1, first, count;
    CU_ASSERT_EQUAL(delivery.files, 9);
    for (uint32_t n = 1; n <= delivery.files; n++) {
        ybb__delivery_range(&delivery, n, &first, &count);
        CU_ASSERT_EQUAL(first, next);
        CU_ASSERT_TRUE(count >= 1 && count <= 6000);
        next += count;
    }
    CU_ASSERT_EQUAL(next, 50002);
    delivery = deliver(&request, 0);
    ybb__delivery_range(&delivery, 1, &first, &count);
    CU_ASSERT_EQUAL(first, 1);
    CU_ASSERT_EQUAL(count, 0);
    delivery = deliver(&request, 900);
    ybb__delivery_range(&delivery, 1, &first, &count);
    CU_ASSERT_EQUAL(count, 900);
}

static const ybb_file_names usual_names = {
    .single = "{type}_export",
    .compressed = "{type}_export_compressed",
    .batch = "{type}_batch_{number}_of_{total}",
    .archive = "{type}_complete_export",
};

/* 2025-07-23T23:59:59Z */
static const int64_t some_time = INT64_C(1753315199) * 1000000;

static void check_name(const ybb_request *request, uint64_t records, uint32_t number,
                       const char *expected)
{
    ybb_arena arena = {0};
    const ybb_delivery delivery = deliver(request, records);
    ybb_chunk chunk = {0};
    ybb__delivery_range(&delivery, number, &chunk.first_record, &chunk.records);
    chunk.first_record--;
    const ybb_naming naming = {request, &delivery, some_time};
    CU_ASSERT_STRING_EQUAL(ybb__file_name(&arena, &naming, number, &chunk), expected);
    ybb__arena_free(&arena);
}

static void check_archive_name(const ybb_request *request, uint64_t records, const char *expected)
{
    ybb_arena arena = {0};
    const ybb_delivery delivery = deliver(request, records);
    const ybb_naming naming = {request, &delivery, some_time};
    CU_ASSERT_STRING_EQUAL(ybb__archive_name(&arena, &naming), expected);
    ybb__arena_free(&arena);
}

static void files_are_named_after_type_strategy_and_format(void)
{
    ybb_request request = {.type = &participants, .file_names = &usual_names};
    check_name(&request, 5, 1, "participants_export.xlsx");
    check_name(&request, 20000, 1, "participants_export_compressed.xlsx.gz");
    check_name(&request, 52000, 2, "participants_batch_2_of_4.xlsx");
    request.compression = YBB_COMPRESSION_ZIP;
    check_name(&request, 20000, 1, "participants_export.xlsx");
    request = (ybb_request){.type = &participants, .format = YBB_CSV, .file_names = &usual_names};
    check_name(&request, 5, 1, "participants_export.csv");
    check_name(&request, 20000, 1, "participants_export_compressed.csv.gz");
    check_name(&request, 52000, 3, "participants_batch_3_of_3.csv");
    request.strategy = YBB_WISH_MULTI_FILE;
    check_name(&request, 0, 1, "participants_batch_1_of_1.csv");
    check_archive_name(&request, 52000, "participants_complete_export.zip");
    CU_ASSERT_STRING_EQUAL(ybb__format_extension(YBB_PDF), "pdf");
}

static void patterns_are_filled_in(void)
{
    static const ybb_file_names names = {
        .single = "{date}-{type}.p{program}",
        .compressed = "all{records}",
        .batch = "{number}-{range}-{total}-{records}-{program}-{date}{type}",
        .archive = "{type}{type}_{records}",
    };
    ybb_request request = {.type = &participants, .file_names = &names};
    check_name(&request, 5, 1, "2025-07-23-participants.pall.xlsx");
    check_name(&request, 20000, 1, "all20000.xlsx.gz");
    check_name(&request, 52000, 2, "2-15001-30000-4-52000-all-2025-07-23participants.xlsx");
    check_name(&request, 52000, 4, "4-45001-52000-4-52000-all-2025-07-23participants.xlsx");
    check_archive_name(&request, 52000, "participantsparticipants_52000.zip");
    request.has_program = true;
    request.program_id = INT64_MAX;
    check_name(&request, 5, 1, "2025-07-23-participants.p9223372036854775807.xlsx");
    request.strategy = YBB_WISH_MULTI_FILE;
    check_name(&request, 0, 1, "1-0-0-1-0-9223372036854775807-2025-07-23participants.xlsx");
}

static void no_type_can_name_a_file_outside_its_folder(void)
{
    static const ybb_type strange = {.name = "../.x y\xc3\xa9"};
    const ybb_request request = {.type = &strange, .file_names = &usual_names};
    check_name(&request, 5, 1, "____x_y___export.xlsx");
}

static void strategies_have_the_names_of_answers(void)
{
    static const char *const names[] = {"immediate_single",  "background_single",
                                        "compressed_single", "multi_file",
                                        "streaming",         "single"};
    for (int i = 0; i < 6; i++)
        CU_ASSERT_STRING_EQUAL(ybb__strategy_name((ybb_strategy)i), names[i]);
}

int main(void)
{
    static const ybb_test tests[] = {
        TEST(the_strategy_follows_the_number_of_records),
        TEST(a_template_without_limits_is_as_none),
        TEST(a_template_may_fill_its_own_limit),
        TEST(a_forced_strategy_wins),
        TEST(a_single_file_is_packed_as_wanted),
        TEST(batches_are_never_gzipped),
        TEST(batches_are_archived_unless_that_is_refused),
        TEST(an_archive_of_one_file_is_not_made_for_create_zip_archive),
        TEST(the_first_chunk_size_that_is_given_counts),
        TEST(csv_has_a_chunk_size_of_its_own),
        TEST(sheets_split_where_a_format_has_them),
        TEST(a_forced_single_file_that_cannot_hold_the_records_is_too_large),
        TEST(what_one_file_cannot_hold_goes_into_several),
        TEST(the_limits_of_the_configuration_move_the_borders),
        TEST(too_many_files_are_refused),
        TEST(classes_and_their_time_limits_follow_the_records),
        TEST(the_smaller_time_limit_holds),
        TEST(ranges_cover_every_record_once),
        TEST(patterns_are_filled_in),
        TEST(files_are_named_after_type_strategy_and_format),
        TEST(no_type_can_name_a_file_outside_its_folder),
        TEST(strategies_have_the_names_of_answers),
    };
    return RUN_TESTS("delivery", tests);
}
