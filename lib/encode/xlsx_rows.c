#include "encode/xlsx_rows.h"

#include "base/text.h"
#include "base/utf8.h"
#include "encode/decimal.h"
#include "encode/url.h"
#include "encode/xlsx_skeleton.h"
#include "encode/xml_text.h"

enum {
    HEADER_ROWS = 1,
    MOST_DIGITS = 15,                /* what a double, and so a spreadsheet, holds of any number */
    CELL_ROOM = 4 * YBB_STAMP_BYTES, /* all of a cell but a text */
    SERIAL_OF_1970 = 25569,          /* days since 1899-12-30 */
    FIRST_SERIAL = 61,               /* 1900-03-01: before it Excel counts a day too many */
    LAST_SERIAL = 2958465,           /* 9999-12-31 */
    SECONDS_PER_DAY = 86400
};

static const char number_end[] = "</v></c>";
static const char inline_end[] = "</is></c>";
static const char no_string[] = "<si><t/></si>";
static const char plain_begin[] = "<t>", kept_begin[] = "<t xml:space=\"preserve\">",
                  text_end[] = "</t>";

/* Appends a literal of known length. */
#define PUT(pen, literal) ybb__pen_put((pen), (literal), sizeof(literal) - 1)

typedef struct writer {
    ybb_pen sheet, strings;
    uint64_t links_left; /* places for links in the sheet, from the row on */
    const ybb_xlsx_rows *rows;
    const ybb_xlsx_kind *kind; /* of the row being written */
    ybb_piece *piece;
    ybb_counter row;    /* the row's number in its sheet */
    ybb_counter string; /* the number of the next shared string */
    uint64_t file_row;
    uint64_t record; /* of the export, from 1 */
} writer;

/* The cell up to where its own part begins. */
static inline void put_place(writer *w, const ybb_xlsx_shape *shape)
{
    memcpy(w->sheet.at, shape->head.bytes, 16);
    w->sheet.at += shape->head.length;
    memcpy(w->sheet.at, w->row.digits, 8);
    w->sheet.at += w->row.length;
}

/* A cell without a value, so that its row's line is whole. */
static inline bool put_empty(writer *w, const ybb_xlsx_shape *shape)
{
    if (!ybb__pen_room(&w->sheet, CELL_ROOM))
        return false;
    put_place(w, shape);
    ybb__pen_stamp(&w->sheet, &shape->empty);
    return true;
}

static inline bool put_fixed(writer *w, const ybb_xlsx_shape *shape, const ybb_fixed *fixed)
{
    if (fixed->length == 0)
        return put_empty(w, shape);
    if (!ybb__pen_room(&w->sheet, CELL_ROOM + fixed->length))
        return false;
    put_place(w, shape);
    ybb__pen_put(&w->sheet, fixed->bytes, fixed->length);
    return true;
}

/* Keeps what does not fit into the cell for the sheet of long texts. */
static void keep_rest(writer *w, uint32_t column, const char *at, size_t length)
{
    ybb_xlsx_rest rest = {w->file_row, column, (uint32_t)length};
    ybb__buffer_put(&w->piece->overflow, &rest, sizeof(rest));
    ybb__buffer_put(&w->piece->overflow, at, length);
    ybb__piece_repair(w->piece, YBB_REPAIR_MOVED, w->record, column);
}

/* Writes again, from @begin on, a text that turned out too long. */
static bool put_long_text(writer *w, ybb_pen *pen, size_t begin, const ybb_cell *cell,
                          uint32_t column)
{
    ybb_xml_marks marks = {0};
    const char *end = w->rows->continues;
    size_t end_length = strlen(end);
    size_t end_units = ybb__utf8_utf16_length(end, end_length);
    size_t kept = ybb__xml_fit(cell->at, cell->length, YBB_CELL_UNITS - end_units);
    pen->at = pen->buffer->at + begin;
    keep_rest(w, column, cell->at + kept, cell->length - kept);
    return ybb__xml_text(pen, cell->at, kept, &marks) &&
           ybb__xml_text(pen, end, end_length, &marks);
}

/* A text's characters, escaped, and no more of them than a cell holds. */
static inline bool put_characters(writer *w, ybb_pen *pen, const ybb_cell *cell, uint32_t column)
{
    ybb_xml_marks marks = {0};
    size_t begin = (size_t)(pen->at - pen->buffer->at);
    if (!ybb__xml_text(pen, cell->at, cell->length, &marks))
        return false;
    if (marks.replaced > 0)
        ybb__piece_repair(w->piece, YBB_REPAIR_CLEANED, w->record, column);
    if (cell->length + marks.escapes * YBB_ESCAPE_UNITS <= YBB_CELL_UNITS ||
        ybb__xml_fit(cell->at, cell->length, YBB_CELL_UNITS) == cell->length)
        return true;
    return put_long_text(w, pen, begin, cell, column);
}

/* A text with its element: <t>...</t>. */
static inline bool put_element(writer *w, ybb_pen *pen, const ybb_cell *cell, uint32_t column)
{
    if (ybb__xml_needs_preserve(cell->at, cell->length))
        PUT(pen, kept_begin);
    else
        PUT(pen, plain_begin);
    if (!put_characters(w, pen, cell, column) || !ybb__pen_room(pen, CELL_ROOM))
        return false;
    PUT(pen, text_end);
    return true;
}

/* A text that stands in its cell. Beside shared strings those are rare: what a column of numbers or
 * dates has that is none. */
static bool put_text_in_place(writer *w, uint32_t column, const ybb_cell *cell)
{
    static const ybb_stamp kept = {"\" t=\"inlineStr\"><is>", 20};
    const ybb_xlsx_shape *shape = &w->kind->shapes[column];
    bool in_element = w->rows->inline_texts || ybb__xml_needs_preserve(cell->at, cell->length);
    if (cell->length == 0)
        return put_empty(w, shape);
    if (!ybb__pen_room(&w->sheet, CELL_ROOM))
        return false;
    put_place(w, shape);
    ybb__pen_stamp(&w->sheet, in_element && !w->rows->inline_texts ? &kept : &shape->text);
    if (!in_element) {
        if (!put_characters(w, &w->sheet, cell, column) || !ybb__pen_room(&w->sheet, CELL_ROOM))
            return false;
        PUT(&w->sheet, number_end);
        return true;
    }
    if (!put_element(w, &w->sheet, cell, column))
        return false;
    PUT(&w->sheet, inline_end);
    return true;
}

/* A text that stands among the shared strings. */
static inline bool put_shared_text(writer *w, uint32_t column, const ybb_cell *cell)
{
    const ybb_xlsx_shape *shape = &w->kind->shapes[column];
    if (!ybb__pen_room(&w->sheet, CELL_ROOM) || !ybb__pen_room(&w->strings, CELL_ROOM))
        return false;
    put_place(w, shape);
    ybb__pen_stamp(&w->sheet, &shape->shared);
    ybb__pen_counter(&w->sheet, &w->string);
    PUT(&w->sheet, number_end);
    PUT(&w->strings, "<si>");
    if (!put_element(w, &w->strings, cell, column))
        return false;
    PUT(&w->strings, "</si>");
    return true;
}

/* The string of a cell that does not point to its own. */
static inline bool pass_string(writer *w)
{
    if (!ybb__pen_room(&w->strings, CELL_ROOM))
        return false;
    PUT(&w->strings, no_string);
    ybb__counter_next(&w->string);
    return true;
}

/* An address, in which of all that XML escapes only & can stand; ' is none of its quotes. */
static void put_address(ybb_buffer *out, const char *at, size_t length)
{
    for (size_t i = 0; i < length; i++)
        if (at[i] == '&')
            ybb__buffer_put_text(out, "&amp;");
        else
            ybb__buffer_put_char(out, at[i]);
}

/* <hyperlink ref="B7" r:id="LB7"/> and its relationship. */
static bool put_link(writer *w, uint32_t column, const ybb_url *url)
{
    static const char kind[] = "\" Type=\"http://schemas.openxmlformats.org/officeDocument/2006/"
                               "relationships/hyperlink\" Target=\"";
    char place[8 + sizeof(w->row.digits)];
    ybb_buffer *links = &w->piece->raw[2], *relations = &w->piece->raw[3];
    size_t length = ybb__column_name(place, column);
    memcpy(place + length, w->row.digits, w->row.length);
    length += w->row.length;
    ybb__buffer_put_text(links, "<hyperlink ref=\"");
    ybb__buffer_put(links, place, length);
    ybb__buffer_put_text(links, "\" r:id=\"L");
    ybb__buffer_put(links, place, length);
    if (url->fragment > 0) {
        ybb__buffer_put_text(links, "\" location=\"");
        put_address(links, url->text + url->fragment, url->fragment_length);
    }
    ybb__buffer_put_text(links, "\"/>");
    ybb__buffer_put_text(relations, "<Relationship Id=\"L");
    ybb__buffer_put(relations, place, length);
    ybb__buffer_put_text(relations, kind);
    put_address(relations, url->text, url->length);
    ybb__buffer_put_text(relations, "\" TargetMode=\"External\"/>");
    return !ybb__buffer_failed(links) && !ybb__buffer_failed(relations);
}

static inline bool put_text(writer *w, uint32_t column, const ybb_composed *value);

/* A cell of a column with links: one where it is an address and there is a place left. */
static bool put_linked(writer *w, uint32_t column, const ybb_composed *value)
{
    ybb_url url;
    const ybb_xlsx_kind *plain = w->kind;
    const ybb_xlsx_shape *shape = &plain->shapes[column];
    if (value->cell.at == NULL || shape->link >= w->links_left ||
        !ybb__url_read(&url, &value->cell, shape->links))
        return put_text(w, column, value);
    w->kind = &w->rows->linked;
    bool written = put_text(w, column, value) && put_link(w, column, &url);
    w->kind = plain;
    return written;
}

/* A text's cell, and its shared string or the empty one in its place. */
static inline bool put_text(writer *w, uint32_t column, const ybb_composed *value)
{
    const ybb_look *look = &w->kind->looks->columns[column];
    const ybb_xlsx_shape *shape = &w->kind->shapes[column];
    const ybb_cell *cell = &value->cell;
    const ybb_fixed *fixed = NULL;
    bool written = true;
    if (cell->at == NULL)
        fixed = ybb__look_null(look);
    else if (look->labelled)
        fixed = ybb__look_find(look, value);
    if (fixed == NULL && shape->slot && cell->length > 0) {
        written = put_shared_text(w, column, cell);
        ybb__counter_next(&w->string);
        return written;
    }
    if (fixed != NULL)
        written = put_fixed(w, shape, fixed);
    else
        written = put_text_in_place(w, column, cell);
    if (!written || !shape->slot)
        return written;
    return pass_string(w);
}

static inline bool put_number(writer *w, uint32_t column, const char *at, size_t length)
{
    const ybb_xlsx_shape *shape = &w->kind->shapes[column];
    if (!ybb__pen_room(&w->sheet, CELL_ROOM))
        return false;
    put_place(w, shape);
    ybb__pen_stamp(&w->sheet, &shape->number);
    ybb__pen_few(&w->sheet, at, length);
    PUT(&w->sheet, number_end);
    return true;
}

/* A decimal, unless it has more digits than a spreadsheet keeps: then a text. */
static bool put_decimal(writer *w, uint32_t column, const ybb_cell *cell)
{
    enum { ROOM = 64, LARGEST = 21 };
    ybb_decimal decimal;
    char written[ROOM];
    if (!ybb__decimal_read(&decimal, cell) || decimal.digits > MOST_DIGITS)
        return put_text_in_place(w, column, cell);
    if (decimal.point > LARGEST || decimal.point < -LARGEST) { /* an exponent is shorter */
        if (cell->length > ROOM)
            return put_text_in_place(w, column, cell);
        memcpy(written, cell->at, cell->length);
        const char *begin = written + (*written == '+');
        if (!ybb__pen_room(&w->sheet, CELL_ROOM + ROOM))
            return false;
        put_place(w, &w->kind->shapes[column]);
        ybb__pen_stamp(&w->sheet, &w->kind->shapes[column].number);
        ybb__pen_put(&w->sheet, begin, (size_t)(written + cell->length - begin));
        PUT(&w->sheet, number_end);
        return true;
    }
    char *end = ybb__decimal_write(written, &decimal, 0, '.');
    if (!ybb__pen_room(&w->sheet, CELL_ROOM + ROOM))
        return false;
    put_place(w, &w->kind->shapes[column]);
    ybb__pen_stamp(&w->sheet, &w->kind->shapes[column].number);
    ybb__pen_put(&w->sheet, written, (size_t)(end - written));
    PUT(&w->sheet, number_end);
    return true;
}

static inline bool put_integer(writer *w, uint32_t column, const ybb_cell *cell)
{
    uint32_t sign = cell->length > 0 && *cell->at == '-' ? 1 : 0;
    if (!ybb__is_integer(cell))
        return put_decimal(w, column, cell);
    if (cell->length > MOST_DIGITS + sign)
        return put_text_in_place(w, column, cell);
    return put_number(w, column, cell->at, cell->length);
}

/* Writes the part of a day behind the point, to 11 places: a spreadsheet keeps no more. A whole
 * second is rounded up, so that a reader that drops the rest of a second does not show the one
 * before. */
static char *write_day_part(char *out, const ybb_moment *moment)
{
    enum { PLACES = 11 };
    static const uint64_t micro = 1000000, places_over_micro = 100000; /* 10^11 / 10^6 */
    uint64_t seconds = (uint64_t)(60 * (60 * moment->hour + moment->minute) + moment->second);
    uint64_t microseconds = seconds * micro + (uint64_t)moment->microsecond;
    uint64_t up = moment->microsecond == 0 ? SECONDS_PER_DAY - 1 : SECONDS_PER_DAY / 2;
    uint64_t part = (microseconds * places_over_micro + up) / SECONDS_PER_DAY;
    if (part == 0)
        return out;
    *out = '.';
    for (int i = PLACES; i > 0; i--, part /= 10)
        out[i] = (char)('0' + part % 10);
    out += PLACES;
    while (*out == '0')
        out--;
    return out + 1;
}

/* A date in text: what no spreadsheet counts as a date, as it would look. */
static bool put_old_date(writer *w, uint32_t column, const ybb_date_format *format,
                         const ybb_cell *cell, const ybb_moment *moment)
{
    enum { ROOM = 256 };
    char written[ROOM];
    if (format->room > ROOM)
        return put_text_in_place(w, column, cell);
    char *end = ybb__date_format_write(written, format, moment);
    ybb_cell text = {written, (uint32_t)(end - written)};
    return put_text_in_place(w, column, &text);
}

static bool put_date(writer *w, uint32_t column, const ybb_look *look, const ybb_cell *cell)
{
    enum { SERIAL_ROOM = 24 };
    char serial[SERIAL_ROOM];
    ybb_moment moment;
    const ybb_looks *looks = w->kind->looks;
    ybb_date_kind kind = ybb__look_date(cell, &moment);
    if (kind == YBB_DATE_NONE)
        return put_fixed(w, &w->kind->shapes[column], ybb__look_null(look));
    if (kind == YBB_DATE_OTHER)
        return put_text_in_place(w, column, cell);
    int64_t days = ybb__days_from_date(moment.year, moment.month, moment.day) + SERIAL_OF_1970;
    if (days < FIRST_SERIAL)
        return put_old_date(w, column,
                            look->type == YBB_TYPE_DATE ? &looks->date : &looks->datetime, cell,
                            &moment);
    if (days == LAST_SERIAL) /* a reader's double would round the rest of a second up to no date */
        moment.microsecond = 0;
    char *end = serial + ybb__text_from_u64(serial, (uint64_t)days);
    if (moment.has_time)
        end = write_day_part(end, &moment);
    if (!ybb__pen_room(&w->sheet, CELL_ROOM))
        return false;
    put_place(w, &w->kind->shapes[column]);
    ybb__pen_stamp(&w->sheet, &w->kind->shapes[column].number);
    memcpy(w->sheet.at, serial, sizeof(serial));
    w->sheet.at += end - serial;
    PUT(&w->sheet, number_end);
    return true;
}

/* A cell of a column that does not hold texts. */
static inline bool put_typed(writer *w, uint32_t column, const ybb_look *look,
                             const ybb_composed *value)
{
    const ybb_cell *cell = &value->cell;
    if (cell->at == NULL)
        return put_fixed(w, &w->kind->shapes[column], ybb__look_null(look));
    if (look->labelled) {
        const ybb_fixed *fixed = ybb__look_find(look, value);
        if (fixed != NULL)
            return put_fixed(w, &w->kind->shapes[column], fixed);
        /* what no label shows is written as it is stored, and that is a text */
        return put_text_in_place(w, column, cell);
    }
    if (look->type == YBB_TYPE_INTEGER)
        return put_integer(w, column, cell);
    if (look->type == YBB_TYPE_DECIMAL)
        return put_decimal(w, column, cell);
    if (look->type == YBB_TYPE_DATE || look->type == YBB_TYPE_DATETIME)
        return put_date(w, column, look, cell);
    return put_text_in_place(w, column, cell);
}

/* What a subtotal has in a column where it shows no value: its label, or an empty cell. */
static bool put_no_value(writer *w, uint32_t column, const ybb_look *look)
{
    const ybb_xlsx_shape *shape = &w->kind->shapes[column];
    if (look->label > 0 ? !put_fixed(w, shape, &look->fixed[look->label]) : !put_empty(w, shape))
        return false;
    return !shape->slot || pass_string(w);
}

static bool put_row(writer *w, const ybb_composed *values)
{
    const ybb_looks *looks = w->kind->looks;
    bool subtotal = w->kind == &w->rows->subtotals;
    if (!ybb__pen_room(&w->sheet, CELL_ROOM))
        return false;
    ybb__pen_stamp(&w->sheet, &w->rows->row_head);
    ybb__pen_counter(&w->sheet, &w->row);
    ybb__pen_stamp(&w->sheet, &w->rows->row_tail);
    for (uint32_t i = 0; i < looks->count; i++) {
        const ybb_look *look = &looks->columns[i];
        bool written = subtotal && !ybb__look_sums(look) ? put_no_value(w, i, look)
                       : w->kind->shapes[i].links != 0   ? put_linked(w, i, &values[i])
                       : look->type == YBB_TYPE_TEXT     ? put_text(w, i, &values[i])
                                                         : put_typed(w, i, look, &values[i]);
        if (!written)
            return false;
    }
    if (!ybb__pen_room(&w->sheet, CELL_ROOM))
        return false;
    PUT(&w->sheet, "</row>");
    ybb__counter_next(&w->row);
    w->links_left -= w->links_left < w->rows->links ? w->links_left : w->rows->links;
    w->file_row++;
    return true;
}

/* The subtotals, from *@next on, that come before main row @row. */
static bool put_subtotals(writer *w, ybb_composer *composer, const ybb_slice *slice, uint32_t row,
                          uint32_t *next)
{
    if (!ybb__slice_has_subtotal(slice, *next, row))
        return true;
    w->kind = &w->rows->subtotals;
    while (ybb__slice_has_subtotal(slice, *next, row))
        if (!put_row(w, ybb__composer_subtotal(composer, (*next)++)))
            return false;
    w->kind = &w->rows->records;
    return true;
}

ybb_status ybb__xlsx_rows_encode(const ybb_xlsx_rows *rows, const ybb_slice *slice, uint64_t row,
                                 uint64_t sheet_row, ybb_piece *piece, ybb_error *error)
{
    ybb_composer *composer = ybb__composer_open(piece, rows->plan, slice);
    if (composer == NULL)
        return ybb__fail_memory(error);
    writer w = {.sheet = ybb__pen_open(&piece->raw[0]),
                .strings = ybb__pen_open(&piece->raw[1]),
                .rows = rows,
                .kind = &rows->records,
                .piece = piece,
                .row = ybb__counter_from(sheet_row + HEADER_ROWS + 1),
                .string = ybb__counter_from(rows->first_string + row * rows->slots),
                .file_row = row,
                .record = slice->first_record};
    uint64_t passed = sheet_row * rows->links;
    w.links_left = passed < YBB_XLSX_MOST_LINKS ? YBB_XLSX_MOST_LINKS - passed : 0;
    uint32_t subtotal = 0;
    for (uint32_t i = 0; i < slice->main.rows; i++) {
        const ybb_composed *values;
        if (!put_subtotals(&w, composer, slice, i, &subtotal))
            return ybb__fail_memory(error);
        ybb_status status = ybb__composer_row(composer, i, &values, error);
        if (status != YBB_OK)
            return status;
        w.record++;
        if (!put_row(&w, values) ||
            (rows->summaries != NULL && !ybb__summaries_count(rows->summaries, piece, values)))
            return ybb__fail_memory(error);
    }
    if (!put_subtotals(&w, composer, slice, slice->main.rows, &subtotal))
        return ybb__fail_memory(error);
    ybb__pen_close(&w.sheet);
    ybb__pen_close(&w.strings);
    return ybb__buffer_failed(&piece->overflow) ? ybb__fail_memory(error) : YBB_OK;
}
