#include "encode_helpers.h"

#include "pack/archive.h"
#include "pack/gzip.h"
#include "pack_helpers.h"

#include <fcntl.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

sample *sample_new(ybb_format format)
{
    sample *s = calloc(1, sizeof(*s));
    if (s == NULL)
        abort();
    s->type.name = "people";
    s->type.title = (ybb_words){{"People", "Orang"}};
    s->request.type = &s->type;
    s->request.format = format;
    s->request.presentation = (ybb_presentation){
        .transforms = {"YYYY-MM-DD", "YYYY-MM-DD HH:mm:ss", "#,##0.00", "Yes", "No", "N/A"},
        .csv = {.delimiter = ',',
                .decimal_point = '.',
                .bom = true,
                .crlf = true,
                .formula_guard = true}};
    s->fonts = ybb__pdf_fonts_default();
    s->request.pdf_fonts = &s->fonts;
    s->request.pdf_max_pages = 1000;
    s->plan.request = &s->request;
    s->plan.columns = s->columns;
    s->plan.reading.related = s->ties;
    s->plan.related = s->maps;
    s->slice_rows = 4096;
    s->rows_per_sheet = UINT64_MAX;
    s->sink_limit = UINT64_MAX;
    return s;
}

void sample_free(sample *s)
{
    ybb__slice_free(&s->all);
    ybb__buffer_free(&s->bytes);
    free(s);
}

ybb_field *sample_column(sample *s, const char *header, ybb_field_type type)
{
    uint32_t index = s->plan.column_count++;
    ybb_field *field = &s->fields[index];
    *field = (ybb_field){.name = header, .type = type, .source = YBB_SOURCE_COLUMN};
    s->columns[index] = (ybb_column){
        .header = header, .field = field, .cell = s->main_cells++, .fallback_cell = UINT32_MAX};
    ybb__block_reset(&s->all.main, s->main_cells);
    return field;
}

uint32_t sample_collection(sample *s, uint32_t columns, uint32_t main_cell)
{
    static const uint32_t counted[SAMPLE_COLUMNS] = {
        0,  1,  2,  3,  4,  5,  6,  7,  8,  9,  10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21,
        22, 23, 24, 25, 26, 27, 28, 29, 30, 31, 32, 33, 34, 35, 36, 37, 38, 39, 40, 41, 42, 43,
        44, 45, 46, 47, 48, 49, 50, 51, 52, 53, 54, 55, 56, 57, 58, 59, 60, 61, 62, 63};
    uint32_t index = s->all.related_count;
    ybb_slice grown = {0};
    if (index == SAMPLE_RELATED || !ybb__slice_reset(&grown, s->main_cells, index + 1))
        abort();
    for (uint32_t i = 0; i < index; i++) { /* rows are added when all collections are there */
        ybb__block_reset(&grown.related[i], s->all.related[i].columns);
    }
    ybb__slice_free(&s->all);
    s->all = grown;
    ybb__block_reset(&s->all.related[index], columns);
    s->ties[index] = (ybb_related){.columns = columns,
                                   .match_count = 1,
                                   .main_cells = &counted[main_cell],
                                   .own_cells = &counted[0]};
    s->collections[index] = (ybb_collection){.name = "others",
                                             .columns = s->related_fields[index],
                                             .column_count = columns,
                                             .distinct = -1};
    for (uint32_t i = 0; i < columns; i++) {
        s->related_fields[index][i] = (ybb_field){.source = YBB_SOURCE_COLUMN};
        s->related_cells[index][i] = i;
        s->related_fallbacks[index][i] = UINT32_MAX;
    }
    s->maps[index] = (ybb_related_map){.collection = &s->collections[index],
                                       .cells = s->related_cells[index],
                                       .fallback_cells = s->related_fallbacks[index],
                                       .distinct_cell = UINT32_MAX};
    return index;
}

void sample_related(sample *s, uint32_t collection, ...)
{
    va_list cells;
    ybb_block *block = &s->all.related[collection];
    va_start(cells, collection);
    for (uint32_t i = 0; i < block->columns; i++) {
        const char *text = va_arg(cells, const char *);
        if (text == NULL)
            ybb__block_put_null(block);
        else
            ybb__block_put(block, text, strlen(text));
    }
    va_end(cells);
    ybb__block_end_row(block);
}

ybb_field *sample_reduced(sample *s, const char *header, ybb_field_type type, uint32_t collection,
                          ybb_reduce how)
{
    uint32_t index = s->plan.column_count++;
    ybb_field *field = &s->fields[index];
    *field = (ybb_field){.name = header, .type = type, .source = YBB_SOURCE_RELATED};
    field->reducer = (ybb_reducer){
        .collection = collection, .how = how, .part_separator = " | ", .line_separator = "\n"};
    s->columns[index] = (ybb_column){
        .header = header, .field = field, .fallback_cell = UINT32_MAX, .related = collection};
    return field;
}

void sample_cell(sample *s, const char *bytes, size_t length)
{
    if (bytes == NULL)
        ybb__block_put_null(&s->all.main);
    else
        ybb__block_put(&s->all.main, bytes, length);
}

void sample_end_row(sample *s)
{
    ybb__block_end_row(&s->all.main);
}

void sample_row(sample *s, ...)
{
    va_list cells;
    va_start(cells, s);
    for (uint32_t i = 0; i < s->main_cells; i++) {
        const char *text = va_arg(cells, const char *);
        sample_cell(s, text, text != NULL ? strlen(text) : 0);
    }
    va_end(cells);
    sample_end_row(s);
}

void sample_subtotal(sample *s, uint32_t place, ...)
{
    va_list texts;
    ybb_cell cells[SAMPLE_COLUMNS];
    s->all.subtotals.columns = s->main_cells;
    va_start(texts, place);
    for (uint32_t i = 0; i < s->main_cells; i++) {
        const char *text = va_arg(texts, const char *);
        cells[i] = (ybb_cell){text, text == NULL ? 0 : (uint32_t)strlen(text)};
    }
    va_end(texts);
    if (!ybb__slice_put_subtotal(&s->all, place, cells))
        abort();
}

/* Subtotals behind the main rows from @begin on, up to those behind @end. */
static void cut_subtotals(const sample *s, uint32_t begin, uint32_t end, ybb_slice *out)
{
    ybb_cell cells[SAMPLE_COLUMNS];
    out->first_subtotal = s->first_subtotal;
    for (uint32_t i = 0; i < s->all.subtotals.rows; i++) {
        uint32_t place;
        memcpy(&place, s->all.places.at + i * sizeof(place), sizeof(place));
        out->first_subtotal += place <= begin && begin > 0;
        if ((place <= begin && begin > 0) || place > end)
            continue;
        ybb__block_row(&s->all.subtotals, i, cells);
        if (!ybb__slice_put_subtotal(out, place - begin, cells))
            abort();
    }
}

/* Rows @begin to @end with all related rows. */
static void cut(const sample *s, uint32_t begin, uint32_t end, ybb_slice *out)
{
    ybb_cell cells[SAMPLE_COLUMNS];
    if (!ybb__slice_reset(out, s->main_cells, s->all.related_count))
        abort();
    out->first_record = s->first_record + begin;
    for (uint32_t row = begin; row < end; row++) {
        ybb__block_row(&s->all.main, row, cells);
        for (uint32_t i = 0; i < s->main_cells; i++)
            if (cells[i].at == NULL)
                ybb__block_put_null(&out->main);
            else
                ybb__block_put(&out->main, cells[i].at, cells[i].length);
        ybb__block_end_row(&out->main);
    }
    cut_subtotals(s, begin, end, out);
    for (uint32_t r = 0; r < s->all.related_count; r++) {
        ybb__block_reset(&out->related[r], s->all.related[r].columns);
        for (uint32_t row = 0; row < s->all.related[r].rows; row++) {
            ybb__block_row(&s->all.related[r], row, cells);
            for (uint32_t i = 0; i < s->all.related[r].columns; i++)
                if (cells[i].at == NULL)
                    ybb__block_put_null(&out->related[r]);
                else
                    ybb__block_put(&out->related[r], cells[i].at, cells[i].length);
            ybb__block_end_row(&out->related[r]);
        }
    }
}

typedef struct job {
    uint32_t begin, end;
    ybb_slice slice;
    ybb_piece piece;
} job;

static uint32_t cut_all(const sample *s, job *jobs)
{
    uint32_t count = 0;
    for (uint32_t begin = 0; begin < s->all.main.rows; count++) {
        uint64_t end = (uint64_t)begin + s->slice_rows;
        uint64_t border = s->rows_per_sheet == UINT64_MAX
                              ? UINT64_MAX
                              : (begin / s->rows_per_sheet + 1) * s->rows_per_sheet;
        end = end < border ? end : border;
        end = end < s->all.main.rows ? end : s->all.main.rows;
        jobs[count] = (job){.begin = begin, .end = (uint32_t)end};
        cut(s, begin, (uint32_t)end, &jobs[count].slice);
        begin = (uint32_t)end;
    }
    return count;
}

static ybb_status encode_all(sample *s, ybb_encoder *encoder, job *jobs, uint32_t count)
{
    ybb_status status = YBB_OK;
    for (uint32_t i = 0; status == YBB_OK && i < count; i++) {
        job *j = &jobs[s->backwards ? count - 1 - i : i];
        status = ybb__encoder_encode(encoder, &j->slice, &j->piece, &s->error);
    }
    for (uint32_t i = 0; status == YBB_OK && i < count; i++)
        status = ybb__encoder_commit(encoder, &jobs[i].piece, &s->error);
    if (status == YBB_OK)
        status = ybb__encoder_close(encoder, &s->error);
    if (status == YBB_OK)
        s->notes = *ybb__encoder_notes(encoder);
    return status;
}

ybb_status sample_encode(sample *s)
{
    memory_sink memory;
    memory_sink_open(&memory);
    memory.limit = s->sink_limit;
    s->error = (ybb_error){0};
    s->plan.reading.related_count = s->all.related_count;
    ybb_gzip *gzip = s->gzipped ? ybb__gzip_new(&memory.sink, "people", 0) : NULL;
    const ybb_file_plan file = {.plan = &s->plan,
                                .first_record = s->first_record,
                                .records = s->all.main.rows,
                                .first_subtotal = s->first_subtotal,
                                .subtotals = s->all.subtotals.rows,
                                .rows_per_sheet = s->rows_per_sheet,
                                .time = INT64_C(1753284600000000),
                                .gzipped = s->gzipped};
    int directory = open(test_folder(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    job *jobs = calloc((size_t)s->all.main.rows + 1, sizeof(*jobs));
    ybb_encoder *encoder = NULL;
    if (jobs == NULL || directory < 0)
        abort();
    uint32_t count = cut_all(s, jobs);
    ybb_status status = ybb__encoder_open(
        &encoder, &file, gzip != NULL ? ybb__gzip_sink(gzip) : &memory.sink, directory, &s->error);
    if (status == YBB_OK)
        status = ybb__encoder_look(encoder, count > 0 ? &jobs[0].slice : NULL, &s->error);
    if (status == YBB_OK)
        status = encode_all(s, encoder, jobs, count);
    if (status == YBB_OK && gzip != NULL)
        status = ybb__gzip_finish(gzip, &s->error);
    for (uint32_t i = 0; i < count; i++) {
        ybb__slice_free(&jobs[i].slice);
        ybb__piece_free(&jobs[i].piece);
    }
    free(jobs);
    ybb__encoder_free(encoder);
    ybb__gzip_free(gzip);
    close(directory);
    ybb__buffer_free(&s->bytes);
    s->bytes = memory.bytes;
    return status;
}

char *sample_part(const sample *s, const char *name)
{
    ybb_buffer part = {0};
    ybb_archive *zip;
    ybb_error error = {0};
    if (ybb__archive_open(&zip, &s->bytes, &error) != YBB_OK ||
        ybb__archive_part(zip, name, &part, &error) != YBB_OK)
        part.length = 0;
    ybb__archive_close(zip);
    char *text = ybb__buffer_take(&part);
    if (text == NULL)
        abort();
    return text;
}

static bool part_has(const sample *s, const char *name, const char *text)
{
    char *part = sample_part(s, name);
    bool has = strstr(part, text) != NULL;
    free(part);
    return has;
}

bool sheet_has(const sample *s, const char *text)
{
    return part_has(s, "xl/worksheets/sheet1.xml", text);
}

bool strings_have(const sample *s, const char *text)
{
    return part_has(s, "xl/sharedStrings.xml", text);
}
