#include "encode/about.h"

#include "base/clock.h"
#include "base/text.h"
#include "encode/zoned.h"

#include <string.h>

static const struct words {
    const char *title, *type, *template_, *program, *owner, *created, *zone, *as_stored, *filter,
        *filters, *none, *from, *to, *limit, *sort, *descending, *groups, *deleted, *included,
        *records, *first, *last, *subtotals, *consistency, *snapshot;
    const char *headers[YBB_ABOUT_COLUMNS];
    const char *types[6]; /* in the order of ybb_field_type */
} words[YBB_LANGUAGES] = {
    [YBB_ENGLISH] = {"About this file",
                     "Export",
                     "Template",
                     "Program",
                     "Requested by",
                     "Requested at",
                     "Time zone of dates",
                     "as stored",
                     "Filter",
                     "Filters",
                     "none",
                     "from",
                     "to",
                     "Most records",
                     "Sorted by",
                     "descending",
                     "groups",
                     "Deleted records",
                     "included",
                     "Records in this file",
                     "First record",
                     "Last record",
                     "Subtotal rows",
                     "Consistency",
                     "all records of this file are from one moment",
                     {"Column", "Field", "Type", "Description"},
                     {"Text", "Integer", "Decimal", "Date", "Date and time", "Yes or no"}},
    [YBB_INDONESIAN] = {"Tentang berkas ini",
                        "Ekspor",
                        "Templat",
                        "Program",
                        "Diminta oleh",
                        "Diminta pada",
                        "Zona waktu tanggal",
                        "seperti tersimpan",
                        "Filter",
                        "Filter",
                        "tidak ada",
                        "dari",
                        "sampai",
                        "Data paling banyak",
                        "Diurutkan menurut",
                        "menurun",
                        "kelompok",
                        "Data terhapus",
                        "disertakan",
                        "Data dalam berkas ini",
                        "Data pertama",
                        "Data terakhir",
                        "Baris subtotal",
                        "Konsistensi",
                        "semua data berkas ini berasal dari satu saat",
                        {"Kolom", "Bidang", "Jenis", "Keterangan"},
                        {"Teks", "Bilangan bulat", "Desimal", "Tanggal", "Tanggal dan waktu",
                         "Ya atau tidak"}},
};

/* While it is made. */
typedef struct draft {
    ybb_about *about;
    const ybb_file_plan *file;
    const ybb_request *request;
    const struct words *words;
    ybb_arena *arena;
    bool failed;
} draft;

static void add(draft *d, const char *key, const char *value, bool number)
{
    d->failed = d->failed || value == NULL;
    d->about->lines[d->about->line_count++] = (ybb_about_line){key, value, number};
}

/* Takes the text of the buffer, which is freed. */
static void add_made(draft *d, const char *key, ybb_buffer *text)
{
    const char *made = NULL;
    if (ybb__buffer_text(text) != NULL)
        made = ybb__arena_copy(d->arena, text->at, text->length);
    ybb__buffer_free(text);
    add(d, key, made, false);
}

static void add_number(draft *d, const char *key, uint64_t number)
{
    char text[YBB_NUMBER_TEXT];
    size_t length = ybb__text_from_u64(text, number);
    add(d, key, ybb__arena_copy(d->arena, text, length), true);
}

/* "2025-07-23 15:30:00 UTC", in the zone that the request names. */
static void add_time(draft *d)
{
    enum { DATE_AND_TIME = 19, DATE = 10 };
    char text[YBB_TIME_TEXT], zoned[YBB_ZONED_TEXT];
    ybb_buffer made = {0};
    ybb__clock_rfc3339(text, d->file->time);
    text[DATE] = ' ';
    ybb_cell cell = {text, DATE_AND_TIME};
    ybb_timezone *zone =
        d->request->timezone == NULL ? NULL : ybb__timezone_new("UTC", d->request->timezone);
    if (zone != NULL)
        cell = ybb__zoned(zoned, zone, &cell);
    ybb__buffer_put(&made, cell.at, cell.length);
    ybb__buffer_put_char(&made, ' ');
    ybb__buffer_put_text(&made, zone != NULL ? d->request->timezone : "UTC");
    d->failed = d->failed || (zone == NULL && d->request->timezone != NULL);
    ybb__timezone_free(zone);
    add_made(d, d->words->created, &made);
}

static void put_value(ybb_buffer *out, const ybb_value *value)
{
    char text[YBB_NUMBER_TEXT];
    switch (value->kind) {
    case YBB_VALUE_NULL:
        break;
    case YBB_VALUE_INTEGER:
        ybb__buffer_put(out, text, ybb__text_from_i64(text, value->number));
        break;
    case YBB_VALUE_UNSIGNED:
        ybb__buffer_put_u64(out, (uint64_t)value->number);
        break;
    case YBB_VALUE_TEXT:
        ybb__buffer_put(out, value->at, value->length);
        break;
    }
}

/* "from 2025-01-01 to 2025-12-31" */
static void put_range(const draft *d, ybb_buffer *out, const ybb_filter_use *use)
{
    bool first = use->first.kind != YBB_VALUE_NULL, last = use->last.kind != YBB_VALUE_NULL;
    if (first) {
        ybb__buffer_put_text(out, d->words->from);
        ybb__buffer_put_char(out, ' ');
        put_value(out, &use->first);
    }
    if (last) {
        ybb__buffer_put_text(out, first ? " " : "");
        ybb__buffer_put_text(out, d->words->to);
        ybb__buffer_put_char(out, ' ');
        put_value(out, &use->last);
    }
}

/* "category: fully_funded, self_funded" */
static void add_filter(draft *d, const ybb_filter_use *use)
{
    ybb_buffer made = {0};
    ybb__buffer_put_text(&made, use->filter->name);
    ybb__buffer_put_text(&made, ": ");
    switch (use->filter->kind) {
    case YBB_FILTER_RANGE:
        put_range(d, &made, use);
        break;
    case YBB_FILTER_AT_LEAST:
    case YBB_FILTER_AT_MOST:
        put_value(&made, &use->first);
        break;
    case YBB_FILTER_VALUE:
    case YBB_FILTER_RELATED:
    case YBB_FILTER_CASE:
        for (uint32_t i = 0; i < use->value_count; i++) {
            ybb__buffer_put_text(&made, i > 0 ? ", " : "");
            put_value(&made, &use->values[i]);
        }
        break;
    }
    add_made(d, d->words->filter, &made);
}

static void add_order(draft *d)
{
    ybb_buffer made = {0};
    const ybb_request *request = d->request;
    if (request->grouped)
        ybb__buffer_put_text(&made, d->words->groups);
    else if (request->sort != NULL)
        ybb__buffer_put_text(&made, request->sort->header.in[request->language]);
    else
        ybb__buffer_put_text(&made, request->type->key);
    if (request->descending) {
        ybb__buffer_put_text(&made, ", ");
        ybb__buffer_put_text(&made, d->words->descending);
    }
    add_made(d, d->words->sort, &made);
}

static void add_request(draft *d)
{
    const ybb_request *request = d->request;
    const struct words *said = d->words;
    char program[YBB_NUMBER_TEXT];
    add(d, said->type, request->type->title.in[request->language], false);
    add(d, said->template_, request->template_name, false);
    if (request->has_program) {
        size_t length = ybb__text_from_i64(program, request->program_id);
        add(d, said->program, ybb__arena_copy(d->arena, program, length), false);
    }
    if (request->owner != NULL)
        add(d, said->owner, request->owner, false);
    add_time(d);
    add(d, said->zone, request->timezone != NULL ? request->timezone : said->as_stored, false);
    for (uint32_t i = 0; i < request->filter_count; i++)
        add_filter(d, &request->filters[i]);
    if (request->filter_count == 0)
        add(d, said->filters, said->none, false);
    if (request->limit != UINT64_MAX)
        add_number(d, said->limit, request->limit);
    add_order(d);
    if (request->include_deleted)
        add(d, said->deleted, said->included, false);
}

static void add_rows(draft *d)
{
    const ybb_file_plan *file = d->file;
    add_number(d, d->words->records, file->records);
    if (file->records > 0) {
        add_number(d, d->words->first, file->first_record + 1);
        add_number(d, d->words->last, file->first_record + file->records);
    }
    if (file->subtotals > 0)
        add_number(d, d->words->subtotals, file->subtotals);
    add(d, d->words->consistency, d->words->snapshot, false);
}

static void describe_columns(draft *d)
{
    const ybb_plan *plan = d->file->plan;
    ybb_language language = d->request->language;
    d->about->columns = ybb__arena_array(d->arena, plan->column_count, sizeof(*d->about->columns));
    d->failed = d->failed || d->about->columns == NULL;
    for (uint32_t i = 0; !d->failed && i < plan->column_count; i++) {
        const ybb_field *field = plan->columns[i].field;
        const char *description = field->description.in[language];
        bool is_text = field->labels.count + field->fallback_labels.count > 0;
        d->about->columns[i][0] = plan->columns[i].header;
        d->about->columns[i][1] = field->name;
        d->about->columns[i][2] = d->words->types[is_text ? YBB_TYPE_TEXT : field->type];
        d->about->columns[i][3] = description != NULL ? description : "";
    }
    d->about->column_count = plan->column_count;
}

bool ybb__about_make(ybb_about *out, const ybb_file_plan *file, ybb_arena *arena)
{
    const ybb_request *request = file->plan->request;
    const struct words *said = &words[request->language];
    draft d = {out, file, request, said, arena, false};
    *out = (ybb_about){.title = said->title};
    memcpy(out->headers, said->headers, sizeof(out->headers));
    out->lines = ybb__arena_array(arena, (size_t)request->filter_count + YBB_ABOUT_LINES,
                                  sizeof(*out->lines));
    if (out->lines == NULL)
        return false;
    add_request(&d);
    add_rows(&d);
    describe_columns(&d);
    return !d.failed;
}
