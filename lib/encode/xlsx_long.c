#include "encode/xlsx_long.h"

#include "encode/xml_text.h"

#include <stdlib.h>

enum { FIRST_PART = 2 /* the cell itself is part 1 */ };

struct ybb_xlsx_long {
    ybb_xlsx_long_plan plan;
    ybb_spool row_spool, string_spool;
    ybb_spooled rows, strings;
    ybb_deflate *deflate;
    ybb_run run;
    ybb_buffer row_text, string_text, scratch;
    uint64_t next_row;
    uint64_t string_count;
    uint64_t first_sheet_name; /* shared string of sheet 1's name, if there are several */
};

uint32_t ybb__xlsx_long_columns(const ybb_xlsx_long *s)
{
    return s->plan.sheets > 1 ? 5 : 4; /* which sheet is said where there are several */
}

static void put_number(ybb_buffer *out, const char *before, uint64_t number, const char *behind)
{
    ybb__buffer_put_text(out, before);
    ybb__buffer_put_u64(out, number);
    ybb__buffer_put_text(out, behind);
}

/* <c r="A7" s="2" */
static void begin_cell(ybb_xlsx_long *s, char column, uint32_t style)
{
    char begin[] = {'<', 'c', ' ', 'r', '=', '"', column, '\0'};
    put_number(&s->row_text, begin, s->next_row, "\"");
    if (style > 0)
        put_number(&s->row_text, " s=\"", style, "\"");
}

static void put_number_cell(ybb_xlsx_long *s, char column, uint64_t number)
{
    begin_cell(s, column, s->plan.skeleton->place_style);
    put_number(&s->row_text, "><v>", number, "</v></c>");
}

static void put_shared_cell(ybb_xlsx_long *s, char column, uint32_t style, uint64_t string)
{
    begin_cell(s, column, style);
    put_number(&s->row_text, " t=\"s\"><v>", string, "</v></c>");
}

/* A text as <t>...</t>. */
static void put_element(ybb_buffer *out, const char *at, size_t length)
{
    ybb_xml_marks ignored = {0};
    bool preserve = ybb__xml_needs_preserve(at, length);
    ybb__buffer_put_text(out, preserve ? "<t xml:space=\"preserve\">" : "<t>");
    ybb_pen pen = ybb__pen_open(out);
    (void)ybb__xml_text(&pen, at, length, &ignored); /* the buffer remembers its failure */
    ybb__pen_close(&pen);
    ybb__buffer_put_text(out, "</t>");
}

/* Adds a shared string; returns its number. */
static uint64_t add_string(ybb_xlsx_long *s, const char *at, size_t length)
{
    ybb__buffer_put_text(&s->string_text, "<si>");
    put_element(&s->string_text, at, length);
    ybb__buffer_put_text(&s->string_text, "</si>");
    return s->plan.first_string + s->string_count++;
}

static void put_text_cell(ybb_xlsx_long *s, char column, uint32_t style, const char *at,
                          size_t length)
{
    if (!s->plan.inline_texts) {
        put_shared_cell(s, column, style, add_string(s, at, length));
        return;
    }
    begin_cell(s, column, style);
    ybb__buffer_put_text(&s->row_text, " t=\"inlineStr\"><is>");
    put_element(&s->row_text, at, length);
    ybb__buffer_put_text(&s->row_text, "</is></c>");
}

static void begin_row(ybb_xlsx_long *s, const char *attributes)
{
    put_number(&s->row_text, "<row r=\"", s->next_row, "\"");
    ybb__buffer_put_text(&s->row_text, attributes);
    ybb__buffer_put_text(&s->row_text, ">");
}

static void end_row(ybb_xlsx_long *s)
{
    ybb__buffer_put_text(&s->row_text, "</row>");
    s->next_row++;
}

static void put_header(ybb_xlsx_long *s)
{
    const ybb_xlsx_long_words *words = &ybb__xlsx_long_words[s->plan.file->plan->request->language];
    const char *const headers[] = {words->row, words->column, words->part, words->text,
                                   words->in_sheet};
    uint32_t count = ybb__xlsx_long_columns(s);
    begin_row(s, "");
    for (uint32_t i = 0; i < count; i++)
        put_shared_cell(s, (char)('A' + (int)i), s->plan.skeleton->header_style,
                        add_string(s, headers[i], strlen(headers[i])));
    end_row(s);
    s->first_sheet_name = s->plan.first_string + s->string_count;
    for (uint32_t i = 0; s->plan.sheets > 1 && i < s->plan.sheets; i++)
        (void)add_string(s, s->plan.sheet_names[i], strlen(s->plan.sheet_names[i]));
}

static void put_part(ybb_xlsx_long *s, const ybb_xlsx_rest *rest, uint64_t part, const char *at,
                     size_t length)
{
    uint64_t per_sheet = s->plan.file->rows_per_sheet;
    begin_row(s, YBB_XLSX_WRAPPED_ROW);
    put_number_cell(s, 'A', rest->row % per_sheet + 2); /* below the header; rows count from 1 */
    put_shared_cell(s, 'B', s->plan.skeleton->place_style, s->plan.skeleton->headers[rest->column]);
    put_number_cell(s, 'C', part);
    put_text_cell(s, 'D', s->plan.skeleton->wrap_style, at, length);
    if (s->plan.sheets > 1)
        put_shared_cell(s, 'E', s->plan.skeleton->place_style,
                        s->first_sheet_name + rest->row / per_sheet);
    end_row(s);
}

static void put_rest(ybb_xlsx_long *s, const ybb_xlsx_rest *rest, const char *at)
{
    size_t left = rest->length;
    for (uint64_t part = FIRST_PART; left > 0; part++) {
        size_t some = ybb__xml_fit(at, left, YBB_CELL_UNITS);
        put_part(s, rest, part, at, some);
        at += some;
        left -= some;
    }
}

static ybb_status pack(ybb_xlsx_long *s, ybb_buffer *raw, ybb_spool *spool, ybb_spooled *to,
                       ybb_error *error)
{
    if (ybb__buffer_failed(raw))
        return ybb__fail_memory(error);
    ybb_status status =
        ybb__run_pack(&s->run, s->deflate, s->plan.chain, raw->at, raw->length, &s->scratch, error);
    if (status == YBB_OK)
        status = ybb__spool_add(spool, to, &s->run, error);
    ybb__buffer_clear(raw);
    return status;
}

/* Packs what is written. */
static ybb_status flush(ybb_xlsx_long *s, ybb_error *error)
{
    ybb_status status = pack(s, &s->row_text, &s->row_spool, &s->rows, error);
    if (status == YBB_OK)
        status = pack(s, &s->string_text, &s->string_spool, &s->strings, error);
    return status;
}

ybb_status ybb__xlsx_long_add(ybb_xlsx_long *s, const ybb_buffer *overflow, ybb_error *error)
{
    enum { AT_ONCE = 1024 * 1024 };
    ybb_status status = YBB_OK;
    ybb_xlsx_rest rest;
    for (size_t at = 0; status == YBB_OK && at < overflow->length; at += rest.length) {
        memcpy(&rest, overflow->at + at, sizeof(rest));
        at += sizeof(rest);
        put_rest(s, &rest, overflow->at + at);
        if (s->row_text.length + s->string_text.length > AT_ONCE)
            status = flush(s, error);
    }
    return status == YBB_OK ? flush(s, error) : status;
}

ybb_status ybb__xlsx_long_new(ybb_xlsx_long **out, const ybb_xlsx_long_plan *plan, ybb_error *error)
{
    *out = NULL;
    ybb_xlsx_long *s = calloc(1, sizeof(*s));
    if (s == NULL)
        return ybb__fail_memory(error);
    s->plan = *plan;
    s->next_row = 1;
    s->deflate = ybb__deflate_new();
    ybb_status status = s->deflate != NULL ? YBB_OK : ybb__fail_memory(error);
    if (status == YBB_OK)
        status = ybb__spool_open(&s->row_spool, plan->spool_directory, error);
    if (status == YBB_OK)
        status = ybb__spool_open(&s->string_spool, plan->spool_directory, error);
    if (status == YBB_OK) {
        put_header(s);
        *out = s;
    } else {
        ybb__xlsx_long_free(s);
    }
    return status;
}

void ybb__xlsx_long_free(ybb_xlsx_long *s)
{
    if (s == NULL)
        return;
    ybb__spool_close(&s->row_spool);
    ybb__spool_close(&s->string_spool);
    ybb__deflate_free(s->deflate);
    ybb__run_free(&s->run);
    ybb__buffer_free(&s->row_text);
    ybb__buffer_free(&s->string_text);
    ybb__buffer_free(&s->scratch);
    free(s);
}

uint64_t ybb__xlsx_long_strings(const ybb_xlsx_long *s)
{
    return s->string_count;
}

uint64_t ybb__xlsx_long_rows(const ybb_xlsx_long *s)
{
    return s->next_row - 2; /* rows count from 1, and the first is the header */
}

ybb_status ybb__xlsx_long_play_rows(const ybb_xlsx_long *s, ybb_zip *zip, ybb_error *error)
{
    return ybb__spool_play(&s->row_spool, &s->rows, zip, error);
}

ybb_status ybb__xlsx_long_play_strings(const ybb_xlsx_long *s, ybb_zip *zip, ybb_error *error)
{
    return ybb__spool_play(&s->string_spool, &s->strings, zip, error);
}
