/* Blocks of cells and slices of blocks. */
#include "rows/block.h"
#include "rows/reading.h"
#include "rows/slice.h"
#include "runner.h"

#include <stdlib.h>
#include <string.h>

static bool cell_is(const ybb_cell *cell, const char *text)
{
    return cell->at != NULL && cell->length == strlen(text) &&
           memcmp(cell->at, text, cell->length) == 0;
}

static void put_text(ybb_block *block, const char *text)
{
    ybb__block_put(block, text, strlen(text));
}

static void cells_come_back_as_they_were_put(void)
{
    ybb_block block = {0};
    ybb_cell cells[3];
    ybb__block_reset(&block, 3);
    put_text(&block, "one");
    ybb__block_put_null(&block);
    put_text(&block, "");
    ybb__block_end_row(&block);
    ybb__block_put(&block, "\0\xFF", 2);
    ybb__block_put(&block, NULL, 0);
    memcpy(ybb__block_put_space(&block, 5), "space", 5);
    ybb__block_end_row(&block);
    CU_ASSERT_FALSE(ybb__block_failed(&block));
    CU_ASSERT_EQUAL(block.rows, 2);
    ybb__block_row(&block, 0, cells);
    CU_ASSERT_TRUE(cell_is(&cells[0], "one"));
    CU_ASSERT_PTR_NULL(cells[1].at);
    CU_ASSERT_EQUAL(cells[1].length, 0);
    CU_ASSERT_TRUE(cell_is(&cells[2], "")); /* empty is not NULL */
    ybb__block_row(&block, 1, cells);
    CU_ASSERT_EQUAL(cells[0].length, 2);
    CU_ASSERT_EQUAL(memcmp(cells[0].at, "\0\xFF", 2), 0);
    CU_ASSERT_TRUE(cell_is(&cells[1], ""));
    CU_ASSERT_TRUE(cell_is(&cells[2], "space"));
    ybb__block_free(&block);
    ybb__block_free(NULL);
}

/* Cell @column of row @row in the tests below: its length goes through all remainders of 8. */
static size_t make_cell(char *out, uint32_t row, uint32_t column)
{
    size_t length = (row * 7 + column * 3) % 40;
    memset(out, (int)('a' + (row + column) % 26), length);
    return length;
}

static void a_block_grows_and_any_row_is_found(void)
{
    enum { ROWS = 5000, COLUMNS = 11 };
    ybb_block block = {0};
    char expected[40];
    ybb__block_reset(&block, COLUMNS);
    for (uint32_t row = 0; row < ROWS; row++) {
        for (uint32_t column = 0; column < COLUMNS; column++)
            ybb__block_put(&block, expected, make_cell(expected, row, column));
        ybb__block_end_row(&block);
    }
    CU_ASSERT_EQUAL_FATAL(block.rows, ROWS);
    bool right = true;
    for (uint32_t i = 0; i < ROWS; i++) {
        ybb_cell cells[COLUMNS];
        uint32_t row = (i * 2999) % ROWS; /* in no order */
        ybb__block_row(&block, row, cells);
        for (uint32_t column = 0; column < COLUMNS; column++) {
            size_t length = make_cell(expected, row, column);
            right = right && cells[column].at != NULL && cells[column].length == length &&
                    memcmp(cells[column].at, expected, length) == 0;
        }
    }
    CU_ASSERT_TRUE(right);
    ybb__block_free(&block);
}

static void rows_without_cells_count(void)
{
    ybb_block block = {0};
    ybb__block_reset(&block, 0);
    for (int i = 0; i < 3; i++)
        ybb__block_end_row(&block);
    CU_ASSERT_EQUAL(block.rows, 3);
    ybb__block_row(&block, 2, NULL);
    ybb__block_free(&block);
}

static void a_row_ended_early_has_null_in_its_last_cells(void)
{
    ybb_block block = {0};
    ybb_cell cells[3];
    ybb__block_reset(&block, 3);
    put_text(&block, "alone");
    ybb__block_end_row(&block);
    ybb__block_end_row(&block);
    put_text(&block, "next");
    ybb__block_end_row(&block);
    ybb__block_row(&block, 0, cells);
    CU_ASSERT_TRUE(cell_is(&cells[0], "alone"));
    CU_ASSERT_PTR_NULL(cells[1].at);
    CU_ASSERT_PTR_NULL(cells[2].at);
    ybb__block_row(&block, 1, cells);
    CU_ASSERT_PTR_NULL(cells[0].at);
    ybb__block_row(&block, 2, cells);
    CU_ASSERT_TRUE(cell_is(&cells[0], "next"));
    ybb__block_free(&block);
}

static void a_reset_block_is_empty_and_keeps_its_memory(void)
{
    ybb_block block = {0};
    ybb_cell cells[2];
    ybb__block_reset(&block, 1);
    put_text(&block, "old");
    ybb__block_end_row(&block);
    put_text(&block, "unfinished");
    const char *memory = block.cells.at;
    ybb__block_reset(&block, 2);
    CU_ASSERT_EQUAL(block.rows, 0);
    CU_ASSERT_EQUAL(block.columns, 2);
    CU_ASSERT_EQUAL(ybb__block_size(&block), 0);
    put_text(&block, "new");
    ybb__block_put_null(&block);
    ybb__block_end_row(&block);
    CU_ASSERT_PTR_EQUAL(block.cells.at, memory);
    ybb__block_row(&block, 0, cells);
    CU_ASSERT_TRUE(cell_is(&cells[0], "new"));
    CU_ASSERT_PTR_NULL(cells[1].at);
    ybb__block_free(&block);
}

static void a_cell_too_long_is_remembered(void)
{
    ybb_block block = {0};
    ybb__block_reset(&block, 1);
    put_text(&block, "kept");
    ybb__block_end_row(&block);
    CU_ASSERT_PTR_NULL(ybb__block_put_space(&block, UINT32_MAX)); /* the mark of NULL */
    CU_ASSERT_TRUE(ybb__block_failed(&block));
    put_text(&block, "late");
    ybb__block_end_row(&block);
    CU_ASSERT_EQUAL(block.rows, 1);
    ybb_cell cell;
    ybb__block_row(&block, 0, &cell);
    CU_ASSERT_TRUE(cell_is(&cell, "kept"));
    ybb__block_reset(&block, 1);
    CU_ASSERT_FALSE(ybb__block_failed(&block));
    CU_ASSERT_PTR_NULL(ybb__block_put_space(&block, SIZE_MAX));
    CU_ASSERT_TRUE(ybb__block_failed(&block));
    ybb__block_reset(&block, 1);
    ybb__block_put(&block, "", SIZE_MAX - 2);
    CU_ASSERT_TRUE(ybb__block_failed(&block));
    ybb__block_free(&block);
}

static void a_row_without_room_for_its_offset_is_not_counted(void)
{
    ybb_block block = {0};
    ybb__block_reset(&block, 1);
    put_text(&block, "x");
    block.offsets.failed = true;
    ybb__block_end_row(&block);
    CU_ASSERT_TRUE(ybb__block_failed(&block));
    CU_ASSERT_EQUAL(block.rows, 0);
    ybb__block_free(&block);
}

static void the_same_rows_have_the_same_size(void)
{
    ybb_block fresh = {0}, used = {0};
    ybb__block_reset(&used, 1);
    for (int i = 0; i < 1000; i++) {
        put_text(&used, "many before");
        ybb__block_end_row(&used);
    }
    size_t large = ybb__block_size(&used);
    CU_ASSERT_TRUE(large >= 1000 * strlen("many before"));
    ybb_block *blocks[] = {&fresh, &used};
    for (size_t i = 0; i < 2; i++) {
        ybb__block_reset(blocks[i], 1);
        CU_ASSERT_EQUAL(ybb__block_size(blocks[i]), 0);
        put_text(blocks[i], "one");
        ybb__block_end_row(blocks[i]);
    }
    CU_ASSERT_EQUAL(ybb__block_size(&fresh), ybb__block_size(&used));
    CU_ASSERT_TRUE(ybb__block_size(&fresh) > strlen("one"));
    CU_ASSERT_TRUE(ybb__block_size(&fresh) < large);
    ybb__block_free(&fresh);
    ybb__block_free(&used);
}

static void fill(ybb_slice *slice)
{
    ybb__block_reset(&slice->main, 1);
    put_text(&slice->main, "main");
    ybb__block_end_row(&slice->main);
    for (uint32_t i = 0; i < slice->related_count; i++) {
        ybb__block_reset(&slice->related[i], i + 1);
        put_text(&slice->related[i], "related");
        ybb__block_end_row(&slice->related[i]);
    }
}

static void a_slice_has_as_many_related_blocks_as_asked_for(void)
{
    static const uint32_t counts[] = {0, 2, 2, 5, 1, 3, 0, 4};
    ybb_slice slice = {0};
    for (size_t i = 0; i < sizeof(counts) / sizeof(counts[0]); i++) {
        slice.first_record = 77;
        CU_ASSERT_TRUE(ybb__slice_reset(&slice, 4, counts[i]));
        CU_ASSERT_EQUAL(slice.related_count, counts[i]);
        CU_ASSERT_EQUAL(slice.first_record, 0);
        CU_ASSERT_EQUAL(slice.main.columns, 4);
        CU_ASSERT_EQUAL(slice.main.rows, 0);
        for (uint32_t j = 0; j < counts[i]; j++) {
            CU_ASSERT_EQUAL(slice.related[j].rows, 0);
            CU_ASSERT_EQUAL(ybb__block_size(&slice.related[j]), 0);
        }
        CU_ASSERT_EQUAL(ybb__slice_size(&slice), 0);
        fill(&slice);
    }
    ybb__slice_free(&slice);
    CU_ASSERT_PTR_NULL(slice.related);
    CU_ASSERT_EQUAL(slice.related_count, 0);
    ybb__slice_free(NULL);
}

static void a_reset_slice_keeps_the_memory_of_its_blocks(void)
{
    ybb_slice slice = {0};
    CU_ASSERT_TRUE(ybb__slice_reset(&slice, 1, 2));
    fill(&slice);
    const char *memory = slice.related[1].cells.at;
    CU_ASSERT_TRUE(ybb__slice_reset(&slice, 1, 3));
    CU_ASSERT_PTR_EQUAL(slice.related[1].cells.at, memory);
    ybb__slice_free(&slice);
}

static void a_slices_size_is_that_of_its_blocks(void)
{
    ybb_slice slice = {0};
    CU_ASSERT_TRUE(ybb__slice_reset(&slice, 1, 2));
    fill(&slice);
    size_t sum = ybb__block_size(&slice.main);
    for (uint32_t i = 0; i < slice.related_count; i++)
        sum += ybb__block_size(&slice.related[i]);
    CU_ASSERT_EQUAL(ybb__slice_size(&slice), sum);
    CU_ASSERT_TRUE(sum > ybb__block_size(&slice.main));
    ybb__slice_free(&slice);
}

int main(void)
{
    static const ybb_test tests[] = {
        TEST(cells_come_back_as_they_were_put),
        TEST(a_block_grows_and_any_row_is_found),
        TEST(rows_without_cells_count),
        TEST(a_row_ended_early_has_null_in_its_last_cells),
        TEST(a_reset_block_is_empty_and_keeps_its_memory),
        TEST(a_cell_too_long_is_remembered),
        TEST(a_row_without_room_for_its_offset_is_not_counted),
        TEST(the_same_rows_have_the_same_size),
        TEST(a_slice_has_as_many_related_blocks_as_asked_for),
        TEST(a_reset_slice_keeps_the_memory_of_its_blocks),
        TEST(a_slices_size_is_that_of_its_blocks),
    };
    return RUN_TESTS("rows", tests);
}
