/*
 * CSV as RFC 4180 has it. A text that a spreadsheet would run as a formula gets a ' before it; what
 * a column's type makes (numbers, dates) is written as it is.
 */
#include "base/utf8.h"
#include "encode/decimal.h"
#include "encode/formats.h"
#include "encode/looks.h"
#include "encode/pen.h"

#include <stdlib.h>

static const char byte_order_mark[] = "\xEF\xBB\xBF";

typedef struct csv {
    ybb_encoder base; /* first */
    ybb_arena arena;
    const ybb_file_plan *file;
    ybb_csv_options options;
    ybb_looks looks;
    ybb_sink *sink;
    ybb_chain chain;
    bool quoted_numbers; /* digits may need quotes: the delimiter is one of their characters */
} csv;

/* What is written in. */
typedef struct writer {
    ybb_pen pen;
    const csv *csv;
    ybb_piece *piece; /* NULL: not a record's cells */
    uint64_t record;
    uint32_t column;
} writer;

static void note(const writer *w, ybb_repair_kind kind)
{
    if (w->piece != NULL)
        ybb__piece_repair(w->piece, kind, w->record, w->column);
}

static bool needs_quotes(const csv *c, const char *at, size_t length)
{
    enum { LONG = 64 }; /* from here on four fast searches are faster than one slow one */
    if (c->options.quote_all)
        return true;
    if (length >= LONG)
        return memchr(at, '\n', length) != NULL || memchr(at, '"', length) != NULL ||
               memchr(at, c->options.delimiter, length) != NULL || memchr(at, '\r', length) != NULL;
    for (size_t i = 0; i < length; i++)
        if (at[i] == c->options.delimiter || at[i] == '"' || at[i] == '\n' || at[i] == '\r')
            return true;
    return false;
}

/* Copies text that is well-formed and without NUL, quotes doubled where @quoted. */
static void copy_text(ybb_pen *pen, const char *at, size_t length, bool quoted)
{
    const char *end = at + length;
    while (at < end) {
        const char *quote = quoted ? memchr(at, '"', (size_t)(end - at)) : NULL;
        size_t some = (size_t)((quote != NULL ? quote + 1 : end) - at);
        ybb__pen_put(pen, at, some);
        if (quote != NULL)
            ybb__pen_char(pen, '"');
        at += some;
    }
}

/* How many bytes from @at on are text that a file can have. */
static size_t clean_length(const char *at, size_t length)
{
    size_t valid = ybb__utf8_valid(at, length);
    const char *nul = memchr(at, '\0', valid);
    return nul != NULL ? (size_t)(nul - at) : valid;
}

/* Writes the text between its quotes, if it has any. False without memory. */
static bool put_inner(writer *w, const char *at, size_t length, bool quoted)
{
    enum { MOST_GROWTH = 3 }; /* a byte that is no character becomes U+FFFD */
    size_t clean = clean_length(at, length);
    if (!ybb__pen_room(&w->pen, clean == length ? 2 * length : MOST_GROWTH * length))
        return false;
    copy_text(&w->pen, at, clean, quoted);
    if (clean == length)
        return true;
    note(w, YBB_REPAIR_CLEANED);
    while (clean < length) {
        size_t taken = 1;
        if (at[clean] != '\0')
            (void)ybb__utf8_next(at + clean, length - clean, &taken);
        w->pen.at += ybb__utf8_put(w->pen.at, 0xFFFD);
        clean += taken;
        size_t more = clean_length(at + clean, length - clean);
        copy_text(&w->pen, at + clean, more, quoted);
        clean += more;
    }
    return true;
}

/* Writes a field; @mark, unless it is '\0', stands before the text. */
static bool put_field(writer *w, const char *at, size_t length, char mark)
{
    bool quoted = needs_quotes(w->csv, at, length) ||
                  (length == 0 && w->csv->looks.count == 1); /* else the line would be empty */
    if (!ybb__pen_room(&w->pen, 0))
        return false;
    if (quoted)
        ybb__pen_char(&w->pen, '"');
    if (mark != '\0')
        ybb__pen_char(&w->pen, mark);
    if (!put_inner(w, at, length, quoted))
        return false;
    if (quoted)
        ybb__pen_char(&w->pen, '"');
    return true;
}

/* Whether the text begins with what makes a spreadsheet take it for a formula. */
static bool begins_formula(const char *at, size_t length)
{
    static const char *const wide[] = {"\xEF\xBC\x9D", "\xEF\xBC\x8B", "\xEF\xBC\x8D",
                                       "\xEF\xBC\xA0"}; /* full-width = + - @ */
    enum { WIDE_LENGTH = 3 };
    if (length == 0)
        return false;
    if (memchr("=+-@\t\r\n", at[0], 7) != NULL)
        return true;
    for (size_t i = 0; length >= WIDE_LENGTH && i < sizeof(wide) / sizeof(wide[0]); i++)
        if (memcmp(at, wide[i], WIDE_LENGTH) == 0)
            return true;
    return false;
}

/* Digits, blanks and ( ) . - behind at most one sign: a telephone number or an amount runs nothing.
 */
static bool is_phone_number(const char *at, size_t length)
{
    for (size_t i = *at == '+' || *at == '-' ? 1 : 0; i < length; i++)
        if (memchr("0123456789 ().-", at[i], 15) == NULL)
            return false;
    return true;
}

static bool put_text(writer *w, const char *at, size_t length)
{
    char mark = '\0';
    if (w->csv->options.formula_guard && begins_formula(at, length) &&
        !is_phone_number(at, length)) {
        mark = '\'';
        note(w, YBB_REPAIR_GUARDED);
    }
    return put_field(w, at, length, mark);
}

static bool put_decimal(writer *w, const ybb_look *look, const ybb_cell *cell)
{
    enum { FEW = 128 };
    ybb_decimal decimal;
    char written[FEW];
    if (!ybb__decimal_read(&decimal, cell))
        return put_text(w, cell->at, cell->length);
    if (ybb__decimal_room(&decimal, look->scale) > FEW)
        return put_field(w, cell->at, cell->length, '\0');
    char *end = ybb__decimal_write(written, &decimal, look->scale, w->csv->options.decimal_point);
    return put_field(w, written, (size_t)(end - written), '\0');
}

static bool put_integer(writer *w, const ybb_look *look, const ybb_cell *cell)
{
    if (!ybb__is_integer(cell))
        return put_decimal(w, look, cell);
    if (w->csv->quoted_numbers)
        return put_field(w, cell->at, cell->length, '\0');
    if (!ybb__pen_room(&w->pen, cell->length))
        return false;
    ybb__pen_put(&w->pen, cell->at, cell->length);
    return true;
}

static bool put_fixed(writer *w, const ybb_fixed *fixed)
{
    if (!ybb__pen_room(&w->pen, fixed->length))
        return false;
    ybb__pen_put(&w->pen, fixed->bytes, fixed->length);
    return true;
}

static bool put_date(writer *w, const ybb_look *look, const ybb_cell *cell)
{
    enum { FEW = 256 };
    char written[FEW];
    ybb_moment moment;
    const ybb_looks *looks = &w->csv->looks;
    const ybb_date_format *format = look->type == YBB_TYPE_DATE ? &looks->date : &looks->datetime;
    ybb_date_kind kind = ybb__look_date(cell, &moment);
    if (kind == YBB_DATE_NONE)
        return put_fixed(w, ybb__look_null(look));
    if (kind == YBB_DATE_OTHER)
        return put_text(w, cell->at, cell->length);
    if (format->room > FEW)
        return put_field(w, cell->at, cell->length, '\0');
    char *end = ybb__date_format_write(written, format, &moment);
    return put_field(w, written, (size_t)(end - written), '\0');
}

static bool put_cell(writer *w, const ybb_look *look, const ybb_composed *value)
{
    const ybb_cell *cell = &value->cell;
    if (cell->at == NULL)
        return put_fixed(w, ybb__look_null(look));
    const ybb_fixed *fixed = ybb__look_find(look, value);
    if (fixed != NULL)
        return put_fixed(w, fixed);
    switch (look->type) {
    case YBB_TYPE_INTEGER:
        return put_integer(w, look, cell);
    case YBB_TYPE_DECIMAL:
        return put_decimal(w, look, cell);
    case YBB_TYPE_DATE:
    case YBB_TYPE_DATETIME:
        return put_date(w, look, cell);
    case YBB_TYPE_TEXT:
    case YBB_TYPE_BOOLEAN:
        break;
    }
    return put_text(w, cell->at, cell->length);
}

static bool end_line(writer *w)
{
    if (!ybb__pen_room(&w->pen, 0))
        return false;
    if (w->csv->options.crlf)
        ybb__pen_char(&w->pen, '\r');
    ybb__pen_char(&w->pen, '\n');
    return true;
}

/* What a subtotal has in a column where it shows no value. */
static bool put_no_value(writer *w, const ybb_look *look)
{
    return look->label > 0 ? put_fixed(w, &look->fixed[look->label]) : put_field(w, "", 0, '\0');
}

static bool put_row(writer *w, const ybb_composed *values, bool subtotal)
{
    const csv *c = w->csv;
    for (uint32_t i = 0; i < c->looks.count; i++) {
        const ybb_look *look = &c->looks.columns[i];
        if (i > 0 && !ybb__pen_room(&w->pen, 1))
            return false;
        if (i > 0)
            ybb__pen_char(&w->pen, c->options.delimiter);
        w->column = i;
        if (subtotal && !ybb__look_sums(look) ? !put_no_value(w, look)
                                              : !put_cell(w, look, &values[i]))
            return false;
    }
    return end_line(w);
}

/* The subtotals, from *@next on, that come before main row @row. */
static bool put_subtotals(writer *w, ybb_composer *composer, const ybb_slice *slice, uint32_t row,
                          uint32_t *next)
{
    while (ybb__slice_has_subtotal(slice, *next, row))
        if (!put_row(w, ybb__composer_subtotal(composer, (*next)++), true))
            return false;
    return true;
}

static ybb_status csv_encode(const ybb_encoder *encoder, const ybb_slice *slice, ybb_piece *piece,
                             ybb_error *error)
{
    const csv *c = (const csv *)encoder;
    ybb_composer *composer = ybb__composer_open(piece, c->file->plan, slice);
    if (composer == NULL)
        return ybb__fail_memory(error);
    writer w = {ybb__pen_open(&piece->raw[0]), c, piece, slice->first_record, 0};
    uint32_t subtotal = 0;
    for (uint32_t row = 0; row < slice->main.rows; row++) {
        const ybb_composed *values;
        if (!put_subtotals(&w, composer, slice, row, &subtotal))
            return ybb__fail_memory(error);
        ybb_status status = ybb__composer_row(composer, row, &values, error);
        if (status != YBB_OK)
            return status;
        w.record++;
        if (!put_row(&w, values, false))
            return ybb__fail_memory(error);
    }
    if (!put_subtotals(&w, composer, slice, slice->main.rows, &subtotal))
        return ybb__fail_memory(error);
    ybb__pen_close(&w.pen);
    return ybb__piece_pack(piece, 0, c->chain, error);
}

static ybb_status csv_commit(ybb_encoder *encoder, const ybb_piece *piece, ybb_error *error)
{
    const csv *c = (const csv *)encoder;
    return c->sink->write_run(c->sink, &piece->runs[0], error);
}

static ybb_status csv_close(ybb_encoder *encoder, ybb_error *error)
{
    (void)encoder;
    (void)error;
    return YBB_OK;
}

static void csv_free(ybb_encoder *encoder)
{
    csv *c = (csv *)encoder;
    ybb__arena_free(&c->arena);
    free(c);
}

/* Writes the fixed texts as they stand in a row. */
static bool make_fixed(csv *c, ybb_buffer *scratch)
{
    for (uint32_t i = 0; i < c->looks.count; i++)
        for (uint32_t k = 0; k < c->looks.columns[i].fixed_count; k++) {
            ybb_fixed *fixed = &c->looks.columns[i].fixed[k];
            ybb__buffer_clear(scratch);
            writer w = {.pen = ybb__pen_open(scratch), .csv = c};
            if (!put_text(&w, fixed->text, strlen(fixed->text)))
                return false;
            ybb__pen_close(&w.pen);
            fixed->length = (uint32_t)scratch->length;
            fixed->bytes = ybb__arena_copy(&c->arena, scratch->at, scratch->length);
            if (fixed->bytes == NULL)
                return false;
        }
    return true;
}

static bool put_header(csv *c, ybb_buffer *out)
{
    ybb__buffer_clear(out);
    if (c->options.bom)
        ybb__buffer_put_text(out, byte_order_mark);
    writer w = {.pen = ybb__pen_open(out), .csv = c};
    for (uint32_t i = 0; i < c->looks.count; i++) {
        const char *header = c->looks.columns[i].column->header;
        if (!ybb__pen_room(&w.pen, 1))
            return false;
        if (i > 0)
            ybb__pen_char(&w.pen, c->options.delimiter);
        if (!put_text(&w, header, strlen(header)))
            return false;
    }
    bool whole = end_line(&w);
    ybb__pen_close(&w.pen);
    return whole;
}

static ybb_status begin_file(csv *c, ybb_error *error)
{
    ybb_buffer scratch = {0};
    ybb_status status = YBB_OK;
    if (!ybb__looks_make(&c->looks, &c->arena, c->file->plan) || !make_fixed(c, &scratch) ||
        !put_header(c, &scratch) || ybb__buffer_failed(&scratch))
        status = ybb__fail_memory(error);
    else
        status = c->sink->write(c->sink, scratch.at, scratch.length, error);
    ybb__buffer_free(&scratch);
    return status;
}

static ybb_status csv_open(ybb_encoder **out, const ybb_file_plan *file, ybb_sink *sink,
                           int spool_directory, ybb_error *error)
{
    (void)spool_directory;
    csv *c = calloc(1, sizeof(*c));
    if (c == NULL)
        return ybb__fail_memory(error);
    c->base.format = &ybb__csv_format;
    c->file = file;
    c->sink = sink;
    c->options = file->plan->request->presentation.csv;
    c->chain = file->gzipped ? YBB_CHAIN_GZIP : YBB_CHAIN_PLAIN;
    c->quoted_numbers =
        c->options.quote_all || memchr("-0123456789", c->options.delimiter, 11) != NULL;
    ybb_status status = begin_file(c, error);
    if (status == YBB_OK)
        *out = &c->base;
    else
        csv_free(&c->base);
    return status;
}

const ybb_encoder_format ybb__csv_format = {
    .format = YBB_CSV,
    .media_type = "text/csv; charset=utf-8",
    .open = csv_open,
    .encode = csv_encode,
    .commit = csv_commit,
    .close = csv_close,
    .free = csv_free,
};
