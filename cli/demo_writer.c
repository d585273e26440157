#include "demo_writer.h"

#include <stdlib.h>

/* Cells in one INSERT: below MariaDB's 65,535 parameters and SQLite's 32,766, and few enough that
 * the texts of one stay far below max_allowed_packet. */
enum { CELLS_IN_INSERT = 4000, TEXTS_AT_FIRST = 64 * 1024 };

static void drop_table(demo_writer *writer)
{
    ybb__statement_free(writer->insert);
    free(writer->cells);
    writer->insert = NULL;
    writer->cells = NULL;
    writer->table = NULL;
    writer->cell_count = 0;
}

void demo_writer_free(demo_writer *writer)
{
    if (writer == NULL)
        return;
    drop_table(writer);
    ybb__buffer_free(&writer->texts);
}

static ybb_status prepare(ybb_statement **out, demo_writer *writer, uint32_t rows, ybb_error *error)
{
    ybb_buffer sql = {0};
    *out = NULL;
    demo_put_insert(&sql, writer->table, rows);
    const char *text = ybb__buffer_text(&sql);
    ybb_status status = text == NULL ? ybb__fail_memory(error)
                                     : ybb__statement_prepare(out, writer->db, text, error);
    ybb__buffer_free(&sql);
    return status;
}

ybb_status demo_begin_table(demo_writer *writer, const demo_table *table, ybb_error *error)
{
    drop_table(writer);
    ybb__buffer_clear(&writer->texts);
    writer->table = table;
    writer->row_limit = CELLS_IN_INSERT / table->column_count;
    writer->cell_limit = writer->row_limit * table->column_count;
    writer->cells = calloc(writer->cell_limit, sizeof(*writer->cells));
    /* a reserved buffer also gives an empty text an address: NULL would read as a NULL */
    if (writer->cells == NULL || !ybb__buffer_reserve(&writer->texts, TEXTS_AT_FIRST))
        return ybb__fail_memory(error);
    return prepare(&writer->insert, writer, writer->row_limit, error);
}

/* Texts have moved while the buffer grew, so their addresses are taken only now. */
static ybb_status insert(demo_writer *writer, ybb_statement *statement, ybb_error *error)
{
    if (ybb__buffer_failed(&writer->texts))
        return ybb__fail_memory(error);
    for (uint32_t i = 0; i < writer->cell_count; i++)
        if (writer->cells[i].kind == YBB_VALUE_TEXT)
            writer->cells[i].at = writer->texts.at + writer->cells[i].number;
    bool whole;
    ybb_status status =
        ybb__statement_read(statement, writer->cells, writer->cell_count, NULL, 0, &whole, error);
    writer->cell_count = 0;
    ybb__buffer_clear(&writer->texts);
    return status;
}

ybb_status demo_end_row(demo_writer *writer, ybb_error *error)
{
    writer->rows++;
    if (writer->cell_count % writer->table->column_count != 0)
        return ybb__fail(error, YBB_INTERNAL, "a demo row of %s has a wrong number of cells",
                         writer->table->name);
    if (writer->cell_count < writer->cell_limit)
        return YBB_OK;
    return insert(writer, writer->insert, error);
}

ybb_status demo_end_table(demo_writer *writer, ybb_error *error)
{
    ybb_status status = YBB_OK;
    if (writer->cell_count > 0) {
        ybb_statement *rest;
        status = prepare(&rest, writer, writer->cell_count / writer->table->column_count, error);
        if (status == YBB_OK)
            status = insert(writer, rest, error);
        ybb__statement_free(rest);
    }
    drop_table(writer);
    return status;
}

static void put(demo_writer *writer, ybb_value value)
{
    if (writer->cell_count < writer->cell_limit)
        writer->cells[writer->cell_count++] = value;
}

void demo_put_null(demo_writer *writer)
{
    put(writer, (ybb_value){.kind = YBB_VALUE_NULL});
}

void demo_put_number(demo_writer *writer, int64_t number)
{
    put(writer, (ybb_value){.kind = YBB_VALUE_INTEGER, .number = number});
}

void demo_put_text(demo_writer *writer, const char *text)
{
    if (text == NULL) {
        demo_put_null(writer);
        return;
    }
    ybb__buffer_put_text(demo_open_text(writer), text);
    demo_close_text(writer);
}

ybb_buffer *demo_open_text(demo_writer *writer)
{
    writer->mark = writer->texts.length;
    return &writer->texts;
}

void demo_close_text(demo_writer *writer)
{
    put(writer, (ybb_value){.kind = YBB_VALUE_TEXT,
                            .number = (int64_t)writer->mark,
                            .length = writer->texts.length - writer->mark});
}
