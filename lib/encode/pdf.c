/*
 * PDF: a table with its header on every page, or cards where the columns do not fit.
 *
 * Slices are shaped and broken into lines on any thread, each row an item of known height; items
 * are put on pages, numbered and packed in order. How wide the columns are follows from the headers
 * and the first rows alone.
 */
#include "base/text.h"
#include "base/utf8.h"
#include "encode/decimal.h"
#include "encode/formats.h"
#include "encode/pdf_pages.h"

#include <stdlib.h>

enum { SAMPLE_ROWS = 200 };

typedef struct pdf {
    ybb_encoder base; /* first */
    ybb_arena arena;
    ybb_pdf_rules rules;
    ybb_pdf_pages pages;
} pdf;

static void pdf_free(ybb_encoder *encoder)
{
    pdf *p = (pdf *)encoder;
    ybb__pdf_pages_free(&p->pages);
    ybb__pdf_fonts_free(&p->rules.fonts);
    ybb__arena_free(&p->arena);
    free(p);
}

static void free_desk(void *desk)
{
    ybb__pdf_desk_free(desk);
    free(desk);
}

static ybb_pdf_desk *desk_of(ybb_piece *piece)
{
    if (piece->desk == NULL) {
        piece->desk = calloc(1, sizeof(ybb_pdf_desk));
        piece->free_desk = free_desk;
    }
    return piece->desk;
}

/* Hands all rows of the slice, up to @most records, in their order to @take. */
static ybb_status walk(const pdf *p, const ybb_slice *slice, ybb_piece *piece, uint32_t most,
                       void (*take)(ybb_pdf_desk *, const ybb_composed *, bool), ybb_error *error)
{
    uint32_t subtotal = 0;
    ybb_pdf_desk *desk = piece->desk;
    ybb_composer *composer = ybb__composer_open(piece, p->rules.file->plan, slice);
    if (composer == NULL)
        return ybb__fail_memory(error);
    for (uint32_t row = 0; row <= slice->main.rows && row <= most; row++) {
        const ybb_composed *values;
        for (; ybb__slice_has_subtotal(slice, subtotal, row); subtotal++)
            take(desk, ybb__composer_subtotal(composer, subtotal), true);
        if (row == slice->main.rows || row == most)
            break;
        ybb_status status = ybb__composer_row(composer, row, &values, error);
        if (status != YBB_OK)
            return status;
        desk->record = slice->first_record + row + 1;
        take(desk, values, false);
        if (ybb__pdf_desk_failed(desk))
            return ybb__fail_memory(error);
    }
    return YBB_OK;
}

/* With the file's first record: which columns are a reason not to have a table. */
static void note_cramped(const pdf *p, const ybb_slice *slice, ybb_piece *piece)
{
    const ybb_pdf_layout *layout = &p->rules.layout;
    if (!layout->forced || slice->first_record != p->rules.file->first_record)
        return;
    for (uint32_t i = 0; i < layout->count; i++)
        if (layout->columns[i].cramped)
            ybb__piece_repair(piece, YBB_REPAIR_CRAMPED, slice->first_record + 1, i);
}

static ybb_status pdf_encode(const ybb_encoder *encoder, const ybb_slice *slice, ybb_piece *piece,
                             ybb_error *error)
{
    const pdf *p = (const pdf *)encoder;
    ybb_pdf_desk *desk = desk_of(piece);
    if (desk == NULL || !ybb__pdf_desk_begin(desk, &p->rules, &piece->raw[0], &piece->raw[1]))
        return ybb__fail_memory(error);
    desk->piece = piece;
    desk->record = slice->first_record;
    note_cramped(p, slice, piece);
    ybb_status status = walk(p, slice, piece, slice->main.rows,
                             p->rules.layout.cards ? ybb__pdf_cards_put : ybb__pdf_rows_put, error);
    piece->unpacked = piece->raw[0].length;
    piece->desk_size = ybb__pdf_desk_size(desk);
    if (status == YBB_OK && (ybb__pdf_desk_failed(desk) || ybb__buffer_failed(&piece->repairs)))
        status = ybb__fail_memory(error);
    return status;
}

static ybb_status pdf_commit(ybb_encoder *encoder, const ybb_piece *piece, ybb_error *error)
{
    pdf *p = (pdf *)encoder;
    const ybb_pdf_desk *desk = piece->desk;
    return ybb__pdf_pages_add(&p->pages, &piece->raw[0], &piece->raw[1], &desk->used, error);
}

/* Pages of a slice are held until it is committed, so records that may take one each are few. */
static uint32_t pdf_slice_rows(const ybb_request *request)
{
    enum { MOST = 512, MOST_LONG = 125 };
    for (uint32_t i = 0; i < request->column_count; i++)
        if (request->columns[i].field->wrap)
            return MOST_LONG;
    return MOST;
}

static uint32_t pdf_fitting(const ybb_encoder *encoder, const ybb_piece *piece)
{
    const pdf *p = (const pdf *)encoder;
    uint64_t fitting = ybb__pdf_pages_fitting(&p->pages, &piece->raw[0]);
    return fitting < piece->records ? (uint32_t)fitting : piece->records;
}

static ybb_status pdf_close(ybb_encoder *encoder, ybb_error *error)
{
    pdf *p = (pdf *)encoder;
    return ybb__pdf_pages_close(&p->pages, error);
}

/* --- the layout --- */

/* Digits that the running number grows to. */
static int32_t number_width(const pdf *p)
{
    char text[YBB_NUMBER_TEXT];
    const ybb_file_plan *file = p->rules.file;
    size_t digits = ybb__text_from_u64(text, file->first_record + file->records);
    return (int32_t)digits * p->rules.fonts.chains[YBB_PDF_REGULAR].quick['0'];
}

/* Before any row is seen: what the header asks for, and the texts that are fixed. */
static void wish_by_header(const pdf *p, ybb_pdf_desk *desk, uint32_t i, ybb_pdf_wish *wish)
{
    const ybb_look *look = &p->rules.looks.columns[i];
    const char *header = look->column->header;
    ybb__pdf_desk_text(desk, 0, YBB_PDF_BOLD, header, strlen(header));
    wish->right =
        !look->labelled && (look->type == YBB_TYPE_INTEGER || look->type == YBB_TYPE_DECIMAL);
    wish->whole = true; /* until a value says otherwise */
    wish->word = ybb__pdf_measure(&desk->cells[0].text).word;
    wish->width = wish->word;
    if (look->column->field->source == YBB_SOURCE_ROW_NUMBER && wish->width < number_width(p))
        wish->width = number_width(p);
}

enum { STEP = 1000, STEPS = 64 }; /* of the widths that are counted */

/* How wide the values of a column are. */
typedef struct spread {
    uint32_t counts[STEPS]; /* by steps; the last has all beyond */
    uint32_t all;
} spread;

/* Where wishes are while rows are walked over. */
typedef struct wishes {
    ybb_pdf_desk desk; /* first */
    ybb_pdf_wish *items;
    spread *spreads;
} wishes;

static void count_width(spread *to, int32_t width)
{
    int32_t step = width / STEP;
    to->counts[step < STEPS ? step : STEPS - 1]++;
    to->all++;
}

/* The width that is enough for nearly all values; @most is that of the widest. */
static int32_t usual_width(const spread *from, int32_t most)
{
    enum { RARE = 20 /* one in so many */ };
    uint32_t wider = 0;
    for (int32_t step = STEPS; step-- > 0;) {
        wider += from->counts[step];
        if (wider > from->all / RARE)
            return step + 1 < STEPS && (step + 1) * STEP < most ? (step + 1) * STEP : most;
    }
    return most;
}

/* The begin of a long text says as well that it is long. */
static void shape_sample(ybb_pdf_desk *desk, uint32_t column, const ybb_composed *value)
{
    enum { ENOUGH = 16 * 1024 };
    ybb__pdf_desk_compose(desk, column, value);
    size_t length = desk->value.length;
    if (length > ENOUGH)
        length = ybb__utf8_floor(desk->value.at, length, ENOUGH);
    ybb__pdf_desk_text(desk, 0, YBB_PDF_REGULAR, desk->value.at, length);
}

static void wish_by_row(ybb_pdf_desk *desk, const ybb_composed *values, bool subtotal)
{
    enum { GROWTH = 1300 /* two digits more */, LONGEST_WORD = 22000 };
    wishes *w = (wishes *)(void *)desk;
    for (uint32_t i = 0; i < desk->rules->looks.count && !subtotal; i++) {
        ybb_pdf_wish *wish = &w->items[i];
        const ybb_look *look = &desk->rules->looks.columns[i];
        shape_sample(desk, i, &values[i]);
        ybb_pdf_extent extent = ybb__pdf_measure(&desk->cells[0].text);
        if (wish->right && look->column->field->source != YBB_SOURCE_ROW_NUMBER)
            extent.width += GROWTH;
        wish->whole = wish->whole && ybb__pdf_desk_whole(desk, 0, i);
        if (wish->width < extent.width)
            wish->width = extent.width;
        if (wish->lines < extent.lines)
            wish->lines = extent.lines;
        if (wish->word < extent.word)
            wish->word = extent.word < LONGEST_WORD ? extent.word : LONGEST_WORD;
        count_width(&w->spreads[i], extent.width);
    }
}

/* What may be broken need not have room for the few that are much longer than the others. */
static void settle(const pdf *p, wishes *w)
{
    for (uint32_t i = 0; i < p->rules.looks.count; i++) {
        ybb_pdf_wish *wish = &w->items[i];
        wish->longest = wish->width;
        if (!wish->whole && w->spreads[i].all > 0)
            wish->width = usual_width(&w->spreads[i], wish->width);
    }
}

static ybb_status gather(const pdf *p, const ybb_slice *slice, wishes *w, ybb_error *error)
{
    ybb_buffer items = {0}, marks = {0};
    ybb_piece piece = {.desk = &w->desk};
    ybb_status status =
        ybb__pdf_desk_begin(&w->desk, &p->rules, &items, &marks) ? YBB_OK : ybb__fail_memory(error);
    for (uint32_t i = 0; status == YBB_OK && i < p->rules.looks.count; i++)
        wish_by_header(p, &w->desk, i, &w->items[i]);
    if (status == YBB_OK && slice != NULL)
        status = walk(p, slice, &piece, SAMPLE_ROWS, wish_by_row, error);
    if (status == YBB_OK && ybb__pdf_desk_failed(&w->desk))
        status = ybb__fail_memory(error);
    settle(p, w);
    ybb__pdf_desk_free(&w->desk);
    piece.desk = NULL;
    ybb__piece_free(&piece);
    return status;
}

static ybb_status lay_out(pdf *p, const ybb_slice *slice, ybb_error *error)
{
    const ybb_pdf_options *options = &p->rules.file->plan->request->presentation.pdf;
    uint32_t count = p->rules.looks.count;
    wishes w = {.items = ybb__arena_array(&p->arena, count, sizeof(*w.items)),
                .spreads = ybb__arena_array(&p->arena, count, sizeof(*w.spreads))};
    if (w.items == NULL || w.spreads == NULL)
        return ybb__fail_memory(error);
    ybb_status status = gather(p, slice, &w, error);
    if (status != YBB_OK)
        return status;
    if (!ybb__pdf_layout_choose(&p->rules.layout, &p->arena, w.items, count, options))
        return ybb__fail_memory(error);
    return ybb__pdf_pages_head(&p->pages, error);
}

static ybb_status pdf_look(ybb_encoder *encoder, const ybb_slice *slice, ybb_error *error)
{
    return lay_out((pdf *)encoder, slice, error);
}

static ybb_status begin_file(pdf *p, ybb_sink *sink, ybb_error *error)
{
    const ybb_plan *plan = p->rules.file->plan;
    const ybb_transforms *transforms = &plan->request->presentation.transforms;
    p->rules.grouped_numbers = ybb__is_grouped(transforms->currency_format);
    ybb_status status = ybb__pdf_fonts_open(&p->rules.fonts, plan->request->pdf_fonts, error);
    if (status == YBB_OK && !ybb__looks_make(&p->rules.looks, &p->arena, plan))
        status = ybb__fail_memory(error);
    return status == YBB_OK ? ybb__pdf_pages_open(&p->pages, &p->rules, sink, error) : status;
}

static ybb_status pdf_open(ybb_encoder **out, const ybb_file_plan *file, ybb_sink *sink,
                           int spool_directory, ybb_error *error)
{
    (void)spool_directory;
    pdf *p = calloc(1, sizeof(*p));
    if (p == NULL)
        return ybb__fail_memory(error);
    p->base.format = &ybb__pdf_format;
    p->rules.file = file;
    ybb_status status = begin_file(p, sink, error);
    if (status == YBB_OK)
        *out = &p->base;
    else
        pdf_free(&p->base);
    return status;
}

const ybb_encoder_format ybb__pdf_format = {
    .format = YBB_PDF,
    .media_type = "application/pdf",
    .slice_rows = pdf_slice_rows,
    .open = pdf_open,
    .look = pdf_look,
    .encode = pdf_encode,
    .commit = pdf_commit,
    .fitting = pdf_fitting,
    .close = pdf_close,
    .free = pdf_free,
};
