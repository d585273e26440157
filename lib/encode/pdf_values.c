#include "encode/pdf_values.h"

#include "encode/decimal.h"

static void put_decimal(ybb_buffer *out, const ybb_look *look, const ybb_cell *cell, bool grouped)
{
    ybb_decimal decimal;
    if (!ybb__decimal_read(&decimal, cell)) {
        ybb__buffer_put(out, cell->at, cell->length);
        return;
    }
    ybb__decimal_put(out, &decimal, look->scale, '.');
    if (grouped && look->column->field->money)
        ybb__decimal_group(out);
}

static void put_date(ybb_buffer *out, const ybb_looks *looks, const ybb_look *look,
                     const ybb_cell *cell)
{
    ybb_moment moment;
    const ybb_date_format *format = look->type == YBB_TYPE_DATE ? &looks->date : &looks->datetime;
    ybb_date_kind kind = ybb__look_date(cell, &moment);
    if (kind == YBB_DATE_NONE)
        ybb__buffer_put_text(out, ybb__look_null(look)->text);
    else if (kind == YBB_DATE_OTHER)
        ybb__buffer_put(out, cell->at, cell->length);
    else if (ybb__buffer_reserve(out, format->room))
        out->length =
            (size_t)(ybb__date_format_write(out->at + out->length, format, &moment) - out->at);
}

void ybb__pdf_value(ybb_buffer *out, const ybb_looks *looks, const ybb_look *look,
                    const ybb_composed *value, bool grouped)
{
    const ybb_cell *cell = &value->cell;
    const ybb_fixed *fixed = cell->at == NULL ? ybb__look_null(look) : ybb__look_find(look, value);
    ybb__buffer_clear(out);
    if (fixed != NULL)
        ybb__buffer_put_text(out, fixed->text);
    else if (look->type == YBB_TYPE_DECIMAL)
        put_decimal(out, look, cell, grouped);
    else if (look->type == YBB_TYPE_DATE || look->type == YBB_TYPE_DATETIME)
        put_date(out, looks, look, cell);
    else
        ybb__buffer_put(out, cell->at, cell->length);
}
