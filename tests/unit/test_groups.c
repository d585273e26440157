/*
 * Groups: where they end, how files are cut at their ends, and the exact sums behind them
 * (lib/rows/groups, lib/model/delivery_groups, decimal_sum, subtotals).
 */
#include "model/decimal_sum.h"
#include "model/delivery_groups.h"
#include "model/subtotals.h"
#include "runner.h"

#include <stdlib.h>
#include <string.h>

static ybb_cell cell_of(const char *text)
{
    return text == NULL ? (ybb_cell){NULL, 0} : (ybb_cell){text, (uint32_t)strlen(text)};
}

/* Sums */

static void add(ybb_decimal_sum *sum, const char *number)
{
    CU_ASSERT_TRUE(ybb__decimal_sum_add(sum, number, strlen(number)));
}

static void check_sum(const ybb_decimal_sum *sum, uint32_t scale, const char *expected)
{
    ybb_buffer text = {0};
    ybb__decimal_sum_put(&text, sum, scale);
    CU_ASSERT_STRING_EQUAL(ybb__buffer_text(&text), expected);
    ybb__buffer_free(&text);
}

/* The sum of texts up to NULL. */
static void check_sum_of(const char *const *numbers, uint32_t scale, const char *expected)
{
    ybb_decimal_sum sum = {.end = 0};
    for (; *numbers != NULL; numbers++)
        add(&sum, *numbers);
    check_sum(&sum, scale, expected);
}

#define SUM(scale, expected, ...)                                                                  \
    check_sum_of((const char *const[]){__VA_ARGS__, NULL}, scale, expected)

static void sums_are_exact(void)
{
    SUM(2, "0.30", "0.1", "0.2");
    SUM(2, "1000000000000000000000000000000.01", "1e30", "0.01");
    SUM(0, "999999999999999999999999999999999999999999999999999999999999999999",
        "999999999999999999999999999999999999999999999999999999999999999998", "1");
    SUM(0, "1000000000000000000000000000000000000000000000000000000000000000000",
        "999999999999999999999999999999999999999999999999999999999999999999", "1");
    SUM(2, "0.123456789012345678901234567891", "0.123456789012345678901234567890",
        "0.000000000000000000000000000001");
    SUM(2, "150000.00", "150000.00");
    SUM(2, "7.00", "+7", "00.0", ".0", "0.");
    SUM(0, "1.5", "1.5");
}

static void sums_have_a_sign(void)
{
    SUM(2, "-0.10", "0.2", "-0.3");
    SUM(2, "0.00", "12345678901.5", "-12345678901.50");
    SUM(2, "-1000000000.00", "-999999999.99", "-0.01");
    SUM(2, "999999999.99", "1000000000", "-0.01");
    SUM(1, "-1.0", "-0.0", "-1");
    SUM(0, "0", "-0");
}

static void a_sum_of_nothing_is_zero(void)
{
    const ybb_decimal_sum nothing = {.end = 0};
    check_sum(&nothing, 0, "0");
    check_sum(&nothing, 2, "0.00");
}

static void every_double_can_be_summed(void)
{
    SUM(0, "0", "1.7976931348623157e+308", "-1.7976931348623157e308");
    ybb_decimal_sum sum = {.end = 0};
    add(&sum, "1.7976931348623157E+308");
    add(&sum, "5e-324");
    ybb_buffer text = {0};
    ybb__decimal_sum_put(&text, &sum, 2);
    CU_ASSERT_EQUAL(text.length, 309 + 1 + 324);
    CU_ASSERT_EQUAL(memcmp(text.at, "17976931348623157000", 20), 0);
    CU_ASSERT_EQUAL(memcmp(text.at + text.length - 3, "005", 3), 0);
    ybb__buffer_free(&text);
}

static void what_is_no_number_adds_nothing(void)
{
    static const char *const texts[] = {
        "",    "-",   "+",       ".",       "abc",   "1a",     "1.2.3",
        "--1", "1e",  "1e+",     "1e1.5",   "0x10",  " 1",     "1 ",
        "1,5", "e5",  "1e400",   "-1e-400", "1e999", "1e-999", "1e99999999999999999999",
        "Inf", "NaN", "\xd9\xa1"};
    ybb_decimal_sum sum = {.end = 0};
    add(&sum, "5");
    for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
        CU_ASSERT_FALSE(ybb__decimal_sum_add(&sum, texts[i], strlen(texts[i])));
    char *zeros = malloc(2000);
    CU_ASSERT_PTR_NOT_NULL_FATAL(zeros);
    memset(zeros, '0', 2000);
    CU_ASSERT_FALSE(ybb__decimal_sum_add(&sum, zeros, 2000));
    CU_ASSERT_TRUE(ybb__decimal_sum_add(&sum, zeros, 1000));
    free(zeros);
    add(&sum, "0e999999999999999999999");
    check_sum(&sum, 0, "5");
}

static void many_numbers_do_not_overflow(void)
{
    ybb_decimal_sum sum = {.end = 0};
    for (int i = 0; i < 100000; i++)
        add(&sum, "999999999999999.99");
    check_sum(&sum, 2, "99999999999999999000.00");
}

/* Groups */

static const ybb_per by_currency = {1, UINT32_MAX, NULL};

static void add_record(ybb_groups *groups, const ybb_per *per, const char *group, const char *value)
{
    const ybb_cell cell = cell_of(group), own = cell_of(value);
    CU_ASSERT_TRUE_FATAL(ybb__groups_add(groups, per, &cell, &own, NULL));
}

static void check_end(const ybb_groups *groups, size_t index, uint64_t records, uint64_t subtotals)
{
    CU_ASSERT_TRUE_FATAL(index < ybb__groups_count(groups));
    const ybb_group_end end = ybb__groups_at(groups, index);
    CU_ASSERT_EQUAL(end.records, records);
    CU_ASSERT_EQUAL(end.subtotals, subtotals);
}

static void groups_are_runs_of_equal_bytes(void)
{
    ybb_groups groups = {0};
    CU_ASSERT_EQUAL(ybb__groups_count(&groups), 0);
    CU_ASSERT_EQUAL(ybb__groups_end(&groups).records, 0);
    add_record(&groups, &by_currency, NULL, "USD");
    add_record(&groups, &by_currency, NULL, NULL);
    add_record(&groups, &by_currency, "", "USD");
    add_record(&groups, &by_currency, "1", "USD");
    add_record(&groups, &by_currency, "1", "usd");
    add_record(&groups, &by_currency, "1", "USD");
    add_record(&groups, &by_currency, "12", "USD");
    add_record(&groups, &by_currency, "1", "USD");
    CU_ASSERT_EQUAL_FATAL(ybb__groups_count(&groups), 5);
    check_end(&groups, 0, 2, 2);
    check_end(&groups, 1, 3, 3);
    check_end(&groups, 2, 6, 5);
    check_end(&groups, 3, 7, 6);
    check_end(&groups, 4, 8, 7);
    CU_ASSERT_EQUAL(ybb__groups_end(&groups).records, 8);
    ybb__groups_free(&groups);
}

static void null_is_a_value_unless_it_counts_as_another(void)
{
    const ybb_per as_usd = {1, UINT32_MAX, "USD"};
    ybb_groups groups = {0};
    add_record(&groups, &by_currency, "1", NULL);
    add_record(&groups, &by_currency, "1", "");
    add_record(&groups, &by_currency, "1", "USD");
    check_end(&groups, 0, 3, 3);
    ybb__groups_free(&groups);
    groups = (ybb_groups){0};
    add_record(&groups, &as_usd, "1", NULL);
    add_record(&groups, &as_usd, "1", "USD");
    add_record(&groups, &as_usd, "1", "");
    check_end(&groups, 0, 3, 2);
    ybb__groups_free(&groups);
}

static void a_fallback_has_values_of_its_own(void)
{
    const ybb_per per = {0, 1, NULL};
    const ybb_cell none = {NULL, 0}, one = cell_of("1"), two = cell_of("2");
    ybb_cell own, fallback;
    ybb_per_values values = {0};
    CU_ASSERT_EQUAL(ybb__per_values_number(&values, &per, &one, &two), 0);
    CU_ASSERT_EQUAL(ybb__per_values_number(&values, &per, &none, &one), 1);
    CU_ASSERT_EQUAL(ybb__per_values_number(&values, &per, &none, &none), 2);
    CU_ASSERT_EQUAL(ybb__per_values_number(&values, &per, &one, &none), 0);
    CU_ASSERT_EQUAL(ybb__per_values_count(&values), 3);
    ybb__per_values_at(&values, 0, &own, &fallback);
    CU_ASSERT_TRUE(own.length == 1 && *own.at == '1' && fallback.at == NULL);
    ybb__per_values_at(&values, 1, &own, &fallback);
    CU_ASSERT_TRUE(own.at == NULL && fallback.length == 1 && *fallback.at == '1');
    ybb__per_values_at(&values, 2, &own, &fallback);
    CU_ASSERT_TRUE(own.at == NULL && fallback.at == NULL);
    ybb__per_values_free(&values);
}

static void a_group_may_have_any_number_of_values(void)
{
    enum { MANY = 100000 };
    ybb_groups groups = {0};
    char text[16];
    for (int i = 0; i < MANY; i++) {
        for (int k = 0, number = i; k < 8; k++, number /= 10)
            text[k] = (char)('0' + number % 10);
        text[8] = '\0';
        add_record(&groups, &by_currency, "1", text);
        add_record(&groups, &by_currency, "1", text);
    }
    check_end(&groups, 0, 2 * MANY, MANY);
    ybb__groups_free(&groups);
}

/* Files */

typedef struct size {
    uint64_t records, subtotals;
} size;

static ybb_status cut(ybb_buffer *chunks, const size *sizes, size_t count, uint64_t chunk_size,
                      uint64_t capacity, ybb_error *error)
{
    ybb_groups groups = {0};
    ybb_group_end end = {0};
    for (size_t i = 0; i < count; i++) {
        end.records += sizes[i].records;
        end.subtotals += sizes[i].subtotals;
        ybb__buffer_put(&groups.ends, &end, sizeof(end));
    }
    ybb_status status = ybb__groups_cut(chunks, &groups, chunk_size, capacity, 1000, error);
    ybb__groups_free(&groups);
    return status;
}

/* Holds what groups of these sizes are cut to against records and subtotals of each file. */
static void check_cut(const size *sizes, size_t count, uint64_t chunk_size, uint64_t capacity,
                      const size *files, size_t file_count)
{
    ybb_buffer chunks = {0};
    uint64_t records = 0, subtotals = 0;
    CU_ASSERT_EQUAL(cut(&chunks, sizes, count, chunk_size, capacity, NULL), YBB_OK);
    CU_ASSERT_EQUAL_FATAL(chunks.length, file_count * sizeof(ybb_chunk));
    for (size_t i = 0; i < file_count; i++) {
        ybb_chunk chunk;
        memcpy(&chunk, chunks.at + i * sizeof(chunk), sizeof(chunk));
        CU_ASSERT_EQUAL(chunk.first_record, records);
        CU_ASSERT_EQUAL(chunk.records, files[i].records);
        CU_ASSERT_EQUAL(chunk.first_subtotal, subtotals);
        CU_ASSERT_EQUAL(chunk.subtotals, files[i].subtotals);
        records += chunk.records;
        subtotals += chunk.subtotals;
    }
    ybb__buffer_free(&chunks);
}

#define GROUPS(...)                                                                                \
    ((const size[]){__VA_ARGS__}), sizeof((const size[]){__VA_ARGS__}) / sizeof(size)

static void files_end_where_groups_do(void)
{
    check_cut(GROUPS({3, 1}, {3, 2}, {3, 1}, {3, 1}), 5, UINT64_MAX, GROUPS({6, 3}, {6, 2}));
    check_cut(GROUPS({3, 1}, {3, 2}, {3, 1}, {3, 1}), 6, UINT64_MAX, GROUPS({6, 3}, {6, 2}));
    check_cut(GROUPS({3, 1}, {3, 2}, {3, 1}, {3, 1}), 7, UINT64_MAX, GROUPS({9, 4}, {3, 1}));
    check_cut(GROUPS({3, 1}, {3, 2}), 1, UINT64_MAX, GROUPS({3, 1}, {3, 2}));
    check_cut(GROUPS({1000, 1}, {1, 1}), 10, UINT64_MAX, GROUPS({1000, 1}, {1, 1}));
    check_cut(GROUPS({5, 1}), UINT64_MAX, UINT64_MAX, GROUPS({5, 1}));
}

static void nothing_is_one_file(void)
{
    ybb_buffer chunks = {0};
    CU_ASSERT_EQUAL(cut(&chunks, NULL, 0, 10, 10, NULL), YBB_OK);
    CU_ASSERT_EQUAL(chunks.length, sizeof(ybb_chunk));
    ybb__buffer_free(&chunks);
}

static void a_file_closes_before_it_is_too_full(void)
{
    /* 4 + 1, 4 + 1 and 4 + 1 rows */
    check_cut(GROUPS({4, 1}, {4, 1}, {4, 1}), 9, 10, GROUPS({8, 2}, {4, 1}));
    check_cut(GROUPS({4, 1}, {4, 1}, {4, 1}), 9, 9, GROUPS({4, 1}, {4, 1}, {4, 1}));
    check_cut(GROUPS({4, 4}, {4, 4}), 8, 15, GROUPS({4, 4}, {4, 4}));
}

static void a_group_that_no_file_holds_goes_on_in_the_next(void)
{
    check_cut(GROUPS({25, 2}), 10, 10, GROUPS({10, 0}, {10, 0}, {5, 2}));
    check_cut(GROUPS({20, 2}), 10, 10, GROUPS({10, 0}, {9, 0}, {1, 2}));
    check_cut(GROUPS({9, 2}), 10, 10, GROUPS({8, 0}, {1, 2}));
    check_cut(GROUPS({2, 1}, {25, 2}, {3, 1}), 10, 10,
              GROUPS({2, 1}, {10, 0}, {10, 0}, {5, 2}, {3, 1}));
    /* what is left of it shares its file with the next */
    check_cut(GROUPS({12, 2}, {3, 1}), 10, 10, GROUPS({10, 0}, {5, 3}));
}

static void more_subtotals_than_a_file_holds_are_too_large(void)
{
    ybb_buffer chunks = {0};
    ybb_error error = {0};
    const size sizes[] = {{5, 1}, {30, 10}};
    CU_ASSERT_EQUAL(cut(&chunks, sizes, 2, 10, 10, &error), YBB_TOO_LARGE);
    CU_ASSERT_TRUE(error.message[0] != '\0');
    ybb__buffer_free(&chunks);
    check_cut(GROUPS({30, 9}), 10, 10, GROUPS({10, 0}, {10, 0}, {9, 0}, {1, 9}));
}

static void too_many_files_are_too_large(void)
{
    enum { GROUPS_OF_ONE = 1001 };
    size sizes[GROUPS_OF_ONE];
    ybb_buffer chunks = {0};
    for (size_t i = 0; i < GROUPS_OF_ONE; i++)
        sizes[i] = (size){1, 1};
    CU_ASSERT_EQUAL(cut(&chunks, sizes, GROUPS_OF_ONE, 1, UINT64_MAX, NULL), YBB_TOO_LARGE);
    ybb__buffer_free(&chunks);
    CU_ASSERT_EQUAL(cut(&chunks, sizes, GROUPS_OF_ONE - 1, 1, UINT64_MAX, NULL), YBB_OK);
    ybb__buffer_free(&chunks);
}

static void a_delivery_counts_subtotals_as_rows_and_not_as_records(void)
{
    static const ybb_type payments = {.name = "payments"};
    struct ybb_config config;
    ybb__config_init(&config);
    config.limits.excel_max_rows_per_sheet = 11;
    config.limits.excel_max_sheets_per_file = 1;
    ybb_request request = {.type = &payments, .strategy = YBB_WISH_SINGLE};
    ybb_groups groups = {0};
    ybb_delivery delivery;
    ybb_chunk *chunks;
    for (int i = 0; i < 5; i++)
        add_record(&groups, &by_currency, "1", "USD");
    for (int i = 0; i < 3; i++)
        add_record(&groups, &by_currency, "2", "USD");
    CU_ASSERT_EQUAL_FATAL(
        ybb__delivery_plan_groups(&delivery, &chunks, &request, &config, &groups, NULL), YBB_OK);
    CU_ASSERT_EQUAL(delivery.records, 8);
    CU_ASSERT_EQUAL(delivery.files, 1);
    CU_ASSERT_TRUE(delivery.grouped);
    CU_ASSERT_EQUAL(chunks[0].subtotals, 2);
    free(chunks);
    add_record(&groups, &by_currency, "2", "EUR");
    ybb_error error = {0};
    CU_ASSERT_EQUAL(
        ybb__delivery_plan_groups(&delivery, &chunks, &request, &config, &groups, &error),
        YBB_TOO_LARGE);
    CU_ASSERT_PTR_NULL(chunks);
    CU_ASSERT_STRING_EQUAL(error.field, "large_dataset_options.strategy");
    request.strategy = YBB_WISH_AUTO;
    CU_ASSERT_EQUAL_FATAL(
        ybb__delivery_plan_groups(&delivery, &chunks, &request, &config, &groups, NULL), YBB_OK);
    CU_ASSERT_EQUAL(delivery.strategy, YBB_MULTI_FILE);
    CU_ASSERT_EQUAL_FATAL(delivery.files, 2);
    CU_ASSERT_EQUAL(chunks[0].records, 5);
    CU_ASSERT_EQUAL(chunks[1].records, 4);
    CU_ASSERT_EQUAL(chunks[1].subtotals, 2);
    free(chunks);
    ybb__groups_free(&groups);
    ybb__config_release(&config);
}

/* Subtotals: main rows are group, currency, amount, name; the file shows name, a note (which is
 * empty in subtotals), amount and currency. */

enum { GROUP, CURRENCY, AMOUNT, NAME, CELLS };

static const ybb_field name_field = {.name = "name"};
static const ybb_field note_field = {.name = "note"};
static const ybb_field amount_field = {.name = "amount", .type = YBB_TYPE_DECIMAL, .scale = 2};
static const ybb_field currency_field = {.name = "currency"};

typedef struct bed {
    ybb_plan plan;
    ybb_groups groups;
    ybb_column columns[4];
    ybb_slice all; /* every record */
    ybb_subtotals *subtotals;
} bed;

static void begin(bed *b)
{
    *b = (bed){.plan = {.column_count = 4}};
    b->columns[0] = (ybb_column){"Name",     &name_field,           NAME,  UINT32_MAX,
                                 UINT32_MAX, YBB_IN_SUBTOTAL_VALUE, false, 0};
    b->columns[1] = (ybb_column){
        "Note", &note_field, NAME, UINT32_MAX, UINT32_MAX, YBB_IN_SUBTOTAL_NOTHING, false, 0};
    b->columns[2] = (ybb_column){"Amount",   &amount_field,       AMOUNT, UINT32_MAX,
                                 UINT32_MAX, YBB_IN_SUBTOTAL_SUM, false,  0};
    b->columns[3] = (ybb_column){"Currency", &currency_field,       CURRENCY, UINT32_MAX,
                                 UINT32_MAX, YBB_IN_SUBTOTAL_VALUE, false,    0};
    b->plan.columns = b->columns;
    b->plan.reading.columns = CELLS;
    b->plan.reading.per = &by_currency;
    CU_ASSERT_TRUE_FATAL(ybb__slice_reset(&b->all, CELLS, 0));
}

static void record(bed *b, const char *group, const char *currency, const char *amount,
                   const char *name)
{
    const ybb_cell cells[] = {cell_of(group), cell_of(currency), cell_of(amount), cell_of(name)};
    add_record(&b->groups, &by_currency, group, currency);
    ybb__block_put_row(&b->all.main, cells);
}

static void records_are_there(bed *b)
{
    CU_ASSERT_EQUAL_FATAL(ybb__subtotals_new(&b->subtotals, &b->plan, &b->groups, NULL), YBB_OK);
}

static void end(bed *b)
{
    ybb__subtotals_free(b->subtotals);
    ybb__groups_free(&b->groups);
    ybb__slice_free(&b->all);
}

/* The next slice of at most @rows rows, of which at most @most are records. */
static void next_slice(bed *b, ybb_slice *slice, uint64_t *records, uint64_t rows, uint32_t most)
{
    CU_ASSERT_TRUE_FATAL(ybb__slice_reset(slice, CELLS, 0));
    slice->first_record = *records;
    uint32_t fit = ybb__subtotals_fit(b->subtotals, rows, most);
    for (; fit > 0; fit--) {
        ybb_cell cells[CELLS];
        ybb__block_row(&b->all.main, (uint32_t)(*records)++, cells);
        ybb__block_put_row(&slice->main, cells);
    }
    CU_ASSERT_EQUAL_FATAL(ybb__subtotals_put(b->subtotals, slice, rows, NULL), YBB_OK);
    CU_ASSERT_TRUE(slice->main.rows + slice->subtotals.rows <= rows);
}

static void write_cell(ybb_buffer *out, const ybb_cell *cell)
{
    if (cell->at == NULL)
        ybb__buffer_put_char(out, '-');
    else
        ybb__buffer_put(out, cell->at, cell->length);
    ybb__buffer_put_char(out, ' ');
}

/* A slice's rows: a record by its amount, a subtotal in brackets: name, currency, sum. */
static void write_slice(ybb_buffer *out, const ybb_slice *slice)
{
    ybb_cell cells[CELLS];
    uint32_t subtotal = 0;
    for (uint32_t row = 0; row <= slice->main.rows; row++) {
        for (; ybb__slice_has_subtotal(slice, subtotal, row); subtotal++) {
            ybb__block_row(&slice->subtotals, subtotal, cells);
            ybb__buffer_put_text(out, "[");
            write_cell(out, &cells[NAME]);
            write_cell(out, &cells[CURRENCY]);
            write_cell(out, &cells[AMOUNT]);
            CU_ASSERT_PTR_NULL(cells[GROUP].at);
            ybb__buffer_put_text(out, "]");
        }
        if (row == slice->main.rows)
            break;
        ybb__block_row(&slice->main, row, cells);
        write_cell(out, &cells[AMOUNT]);
    }
    CU_ASSERT_EQUAL(subtotal, slice->subtotals.rows);
}

/* All slices, '/' between them. */
static void check_slices(bed *b, uint64_t rows, uint32_t most, const char *expected)
{
    ybb_slice slice = {0};
    ybb_buffer text = {0};
    uint64_t records = 0, subtotals = 0;
    const ybb_group_end all = ybb__groups_end(&b->groups);
    while (records < all.records || subtotals < all.subtotals) {
        if (records + subtotals > 0)
            ybb__buffer_put_text(&text, "/");
        uint64_t before = records + subtotals;
        next_slice(b, &slice, &records, rows, most);
        CU_ASSERT_EQUAL(slice.first_subtotal, subtotals);
        subtotals += slice.subtotals.rows;
        write_slice(&text, &slice);
        CU_ASSERT_TRUE_FATAL(records + subtotals > before);
    }
    CU_ASSERT_STRING_EQUAL(ybb__buffer_text(&text), expected);
    ybb__buffer_free(&text);
    ybb__slice_free(&slice);
}

static void add_two_groups(bed *b)
{
    begin(b);
    record(b, "1", "IDR", "100.50", "Ani");
    record(b, "1", NULL, "1", "Ani");
    record(b, "1", "IDR", "-0.25", "Ani");
    record(b, "2", "USD", NULL, NULL);
    record(b, "2", "IDR", "7", NULL);
    record(b, "2", "USD", NULL, NULL);
    records_are_there(b);
}

static void each_group_ends_with_its_sums(void)
{
    bed b;
    add_two_groups(&b);
    check_slices(&b, 100, 100,
                 "100.50 1 -0.25 [Ani IDR 100.25 ][Ani - 1.00 ]"
                 "- 7 - [- USD 0.00 ][- IDR 7.00 ]");
    end(&b);
}

static void sums_go_on_over_slices(void)
{
    bed b;
    add_two_groups(&b);
    check_slices(&b, 100, 2,
                 "100.50 1 /-0.25 [Ani IDR 100.25 ][Ani - 1.00 ]- /7 - [- USD 0.00 ][- IDR 7.00 ]");
    end(&b);
    add_two_groups(&b);
    check_slices(&b, 100, 1,
                 "100.50 /1 /-0.25 [Ani IDR 100.25 ][Ani - 1.00 ]/- /7 /"
                 "- [- USD 0.00 ][- IDR 7.00 ]");
    end(&b);
}

static void a_slice_has_no_more_rows_than_it_may(void)
{
    bed b;
    add_two_groups(&b);
    check_slices(&b, 4, 100,
                 "100.50 1 -0.25 [Ani IDR 100.25 ]/[Ani - 1.00 ]- 7 - /[- USD 0.00 ][- IDR 7.00 ]");
    end(&b);
    add_two_groups(&b);
    check_slices(&b, 1, 100,
                 "100.50 /1 /-0.25 /[Ani IDR 100.25 ]/[Ani - 1.00 ]/- /7 /- /[- USD 0.00 ]/"
                 "[- IDR 7.00 ]");
    end(&b);
    add_two_groups(&b);
    check_slices(&b, 5, 100,
                 "100.50 1 -0.25 [Ani IDR 100.25 ][Ani - 1.00 ]/- 7 - [- USD 0.00 ][- IDR 7.00 ]");
    end(&b);
}

static void the_value_of_a_group_is_that_of_its_last_record(void)
{
    bed b;
    begin(&b);
    record(&b, "1", "IDR", "1", "old");
    record(&b, "1", "USD", "1", NULL);
    record(&b, "1", "IDR", "1", "new");
    records_are_there(&b);
    check_slices(&b, 100, 1, "1 /1 /1 [new IDR 2.00 ][new USD 1.00 ]");
    end(&b);
}

static void an_amount_that_is_no_number_is_left_out_of_the_sum(void)
{
    bed b;
    begin(&b);
    record(&b, "1", "IDR", "12", "x");
    record(&b, "1", "IDR", "twelve", "x");
    records_are_there(&b);
    check_slices(&b, 100, 100, "12 twelve [x IDR 12.00 ]");
    end(&b);
}

static void groups_that_were_counted_otherwise_are_found_out(void)
{
    bed b;
    begin(&b);
    record(&b, "1", "IDR", "1", "x");
    records_are_there(&b);
    ybb_group_end wrong = {1, 2};
    memcpy(b.groups.ends.at, &wrong, sizeof(wrong));
    ybb_error error = {0};
    CU_ASSERT_EQUAL(ybb__subtotals_put(b.subtotals, &b.all, 10, &error), YBB_INTERNAL);
    end(&b);
}

int main(void)
{
    static const ybb_test tests[] = {
        TEST(sums_are_exact),
        TEST(sums_have_a_sign),
        TEST(a_sum_of_nothing_is_zero),
        TEST(every_double_can_be_summed),
        TEST(what_is_no_number_adds_nothing),
        TEST(many_numbers_do_not_overflow),
        TEST(groups_are_runs_of_equal_bytes),
        TEST(null_is_a_value_unless_it_counts_as_another),
        TEST(a_fallback_has_values_of_its_own),
        TEST(a_group_may_have_any_number_of_values),
        TEST(files_end_where_groups_do),
        TEST(nothing_is_one_file),
        TEST(a_file_closes_before_it_is_too_full),
        TEST(a_group_that_no_file_holds_goes_on_in_the_next),
        TEST(more_subtotals_than_a_file_holds_are_too_large),
        TEST(too_many_files_are_too_large),
        TEST(a_delivery_counts_subtotals_as_rows_and_not_as_records),
        TEST(each_group_ends_with_its_sums),
        TEST(sums_go_on_over_slices),
        TEST(a_slice_has_no_more_rows_than_it_may),
        TEST(the_value_of_a_group_is_that_of_its_last_record),
        TEST(an_amount_that_is_no_number_is_left_out_of_the_sum),
        TEST(groups_that_were_counted_otherwise_are_found_out),
    };
    return RUN_TESTS("groups", tests);
}
