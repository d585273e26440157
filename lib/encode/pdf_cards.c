/*
 * A record as a card: a heading of its first columns, then labels and values. Short values stand
 * two beside each other; long ones below their label over the whole width, parted between any
 * lines.
 */
#include "base/utf8.h"
#include "encode/pdf_desk.h"
#include "encode/pdf_notes.h"

enum {
    LABEL = 0, /* the desk's cells; a value of each of two places */
    VALUE = 1,
    RISE = 930,
    GAP = 700,         /* behind a card */
    BETWEEN = 200,     /* below a field */
    LABEL_PART = 38,   /* percent of a place */
    MOST_BESIDE = 3,   /* lines of a short value */
    LINES_AT_ONCE = 6, /* of a long one in an item */
    HEAD_COLUMNS = 2,
    HEAD_LINES = 2,
    MOST_BOOKMARK = 200 /* bytes */
};

static const char dots[] = "\xE2\x80\xA6";

static const char head_fill[] = ".12 .29 .49", label_colour[] = ".3 .36 .45";

/* A short field that waits for another beside it. */
typedef struct card {
    ybb_pdf_desk *desk;
    const ybb_composed *values;
    uint32_t waiting; /* a column; none */
} card;

static const uint32_t none = UINT32_MAX;

static int32_t base_line(int32_t size)
{
    return -size * RISE / YBB_PDF_EM;
}

static int32_t place_width(const ybb_pdf_desk *desk)
{
    return (desk->rules->layout.inner_width - 2 * YBB_PDF_PADDING) / 2;
}

static int32_t label_width(const ybb_pdf_desk *desk)
{
    return place_width(desk) * LABEL_PART / 100;
}

static int32_t value_width(const ybb_pdf_desk *desk)
{
    return place_width(desk) - label_width(desk) - 3 * YBB_PDF_PADDING;
}

static void shape_label(ybb_pdf_desk *desk, uint32_t column)
{
    const char *header = desk->rules->looks.columns[column].column->header;
    ybb__pdf_desk_text(desk, LABEL, YBB_PDF_BOLD, header, strlen(header));
}

/* The texts of the first columns, by which one finds the record, up to more than is shown. */
static void put_heading(card *c, ybb_buffer *text)
{
    enum { ENOUGH = 800 /* bytes */ };
    ybb_pdf_desk *desk = c->desk;
    for (uint32_t i = 0; i < desk->rules->looks.count && i < HEAD_COLUMNS; i++) {
        ybb__pdf_desk_compose(desk, i, &c->values[i]);
        size_t length = desk->value.length;
        if (length > ENOUGH)
            length = ybb__utf8_floor(desk->value.at, length, ENOUGH);
        ybb__buffer_put_text(text, i > 0 ? "  \xC2\xB7  " : "");
        ybb__pdf_put_isolated(text, desk->value.at, length);
        ybb__buffer_put_text(text, length < desk->value.length ? dots : "");
    }
}

/* Dots behind what is shown of the heading. */
static void put_dots(ybb_pdf_desk *desk, int32_t y, int32_t width, int32_t size)
{
    const ybb_pdf_cell *cell = &desk->cells[VALUE];
    const ybb_pdf_set_line *set =
        (const ybb_pdf_set_line *)(const void *)cell->lines.at + HEAD_LINES - 1;
    int32_t shown = ybb__pdf_units(set->line.width, size);
    bool rightward = ybb__pdf_line_rightward(&cell->text, &set->line);
    ybb__pdf_desk_text(desk, LABEL, YBB_PDF_BOLD, dots, sizeof(dots) - 1);
    ybb__pdf_desk_lines(desk, LABEL, width, size, true);
    int32_t own = ybb__pdf_units(ybb__pdf_measure(&desk->cells[LABEL].text).width, size);
    ybb__pdf_desk_write(desk, LABEL, 0, 1,
                        rightward ? YBB_PDF_PADDING + width - shown - own : YBB_PDF_PADDING + shown,
                        y, own, size, false);
}

/* On one line, which may be made a little narrower, or on two; what is longer stands below in its
 * field. */
static uint32_t set_heading(ybb_pdf_desk *desk, const ybb_buffer *text, int32_t width, int32_t size)
{
    ybb__pdf_desk_text(desk, VALUE, YBB_PDF_BOLD, text->at, text->length);
    if (ybb__pdf_units(ybb__pdf_measure(&desk->cells[VALUE].text).width, size) <= width + width / 3)
        return ybb__pdf_desk_lines(desk, VALUE, width, size, true);
    return ybb__pdf_desk_lines(desk, VALUE, width - size, size, false);
}

static void put_head(card *c)
{
    ybb_pdf_desk *desk = c->desk;
    const ybb_pdf_layout *layout = &desk->rules->layout;
    ybb_buffer text = {0};
    put_heading(c, &text);
    int32_t size = layout->size * 11 / 10, width = layout->inner_width - 2 * YBB_PDF_PADDING;
    int32_t leading = size * YBB_PDF_SPACING / YBB_PDF_EM, y = base_line(size) - 200;
    uint32_t lines = set_heading(desk, &text, width, size);
    uint32_t shown = lines < HEAD_LINES ? 1 : HEAD_LINES;
    int32_t height = (int32_t)shown * leading + 400;
    ybb__pdf_desk_item(desk);
    ybb__pdf_ink_box(&desk->ink, 0, -height, layout->inner_width, height, head_fill);
    ybb__pdf_ink_colour(&desk->ink, "1 1 1");
    ybb__pdf_desk_write(desk, VALUE, 0, shown, YBB_PDF_PADDING, y, width, size, false);
    if (lines > HEAD_LINES)
        put_dots(desk, y - leading, width, size);
    size_t length = text.length;
    if (length > MOST_BOOKMARK) {
        text.length = ybb__utf8_floor(text.at, length, MOST_BOOKMARK);
        ybb__buffer_put_text(&text, dots);
    }
    ybb__pdf_desk_end(desk, height + BETWEEN, height + 5 * layout->leading, text.at, text.length);
    desk->ink.failed = desk->ink.failed || ybb__buffer_failed(&text);
    ybb__buffer_free(&text);
}

/* Label and value of one of the two places; returns the lines. */
static uint32_t put_beside(ybb_pdf_desk *desk, const ybb_composed *values, uint32_t column,
                           int32_t x)
{
    int32_t size = desk->rules->layout.size, width = value_width(desk);
    shape_label(desk, column);
    uint32_t label_lines = ybb__pdf_desk_lines(desk, LABEL, label_width(desk), size, false);
    ybb__pdf_desk_value(desk, VALUE, column, &values[column], YBB_PDF_REGULAR);
    bool whole = ybb__pdf_desk_whole(desk, VALUE, column);
    uint32_t lines = ybb__pdf_desk_lines(desk, VALUE, width, size, whole);
    ybb__pdf_ink_colour(&desk->ink, label_colour);
    ybb__pdf_desk_write(desk, LABEL, 0, label_lines, x, base_line(size), label_width(desk), size,
                        false);
    ybb__pdf_ink_colour(&desk->ink, "0 0 0");
    ybb__pdf_desk_write(desk, VALUE, 0, lines, x + label_width(desk) + YBB_PDF_PADDING,
                        base_line(size), width, size, false);
    return lines > label_lines ? lines : label_lines;
}

/* An item of the waiting field and perhaps another. */
static void put_pair(card *c, uint32_t other)
{
    ybb_pdf_desk *desk = c->desk;
    uint32_t lines = 0, more = 0;
    if (c->waiting == none)
        return;
    ybb__pdf_desk_item(desk);
    lines = put_beside(desk, c->values, c->waiting, YBB_PDF_PADDING);
    if (other != none)
        more = put_beside(desk, c->values, other, YBB_PDF_PADDING + place_width(desk));
    lines = lines > more ? lines : more;
    ybb__pdf_desk_end(desk, (int32_t)lines * desk->rules->layout.leading + BETWEEN, 0, NULL, 0);
    c->waiting = none;
}

/* Some lines of a long value, the first with its label above. */
static void put_lines(ybb_pdf_desk *desk, uint32_t first, uint32_t lines, bool label, bool last)
{
    const ybb_pdf_layout *layout = &desk->rules->layout;
    int32_t y = base_line(layout->size), width = layout->inner_width - 2 * YBB_PDF_PADDING;
    int32_t height = (int32_t)lines * layout->leading + (last ? BETWEEN : 0);
    ybb__pdf_desk_item(desk);
    if (label) {
        ybb__pdf_ink_colour(&desk->ink, label_colour);
        ybb__pdf_desk_write(desk, LABEL, 0, 1, YBB_PDF_PADDING, y, width, layout->size, false);
        ybb__pdf_ink_colour(&desk->ink, "0 0 0");
        y -= layout->leading;
        height += layout->leading;
    }
    ybb__pdf_desk_write(desk, VALUE, first, lines, YBB_PDF_PADDING, y, width, layout->size, false);
    ybb__pdf_desk_end(desk, height, 0, NULL, 0);
}

/* Paragraphs at the begin of the text; all of a text that is not much longer. */
static size_t take_paragraphs(const char *at, size_t length)
{
    enum { LEAST = 16 * 1024 };
    const char *end = length > LEAST ? memchr(at + LEAST, '\n', length - LEAST) : NULL;
    return end != NULL ? (size_t)(end - at) + 1 : length;
}

/* Some paragraphs of a value, of which @rest bytes follow. */
static void put_paragraphs(ybb_pdf_desk *desk, const char *at, size_t length, bool label,
                           size_t rest)
{
    const ybb_pdf_layout *layout = &desk->rules->layout;
    int32_t width = layout->inner_width - 2 * YBB_PDF_PADDING;
    ybb__pdf_desk_text(desk, VALUE, YBB_PDF_REGULAR, at, length);
    uint32_t lines = ybb__pdf_desk_lines(desk, VALUE, width, layout->size, false);
    for (uint32_t first = 0; first < lines && !desk->ink.failed; first += LINES_AT_ONCE) {
        uint32_t left = lines - first;
        bool last = left <= LINES_AT_ONCE;
        put_lines(desk, first, last ? left : LINES_AT_ONCE, label && first == 0, last && rest == 0);
    }
}

/* Some paragraphs after the other, so that memory does not follow the longest essay. */
static void put_long(card *c, uint32_t column)
{
    ybb_pdf_desk *desk = c->desk;
    const ybb_pdf_layout *layout = &desk->rules->layout;
    bool cleaned = false;
    ybb_pdf_missing missing = YBB_PDF_MISSING_NONE;
    put_pair(c, none);
    shape_label(desk, column);
    ybb__pdf_desk_lines(desk, LABEL, layout->inner_width - 2 * YBB_PDF_PADDING, layout->size, true);
    ybb__pdf_desk_compose(desk, column, &c->values[column]);
    for (size_t at = 0, taken; at < desk->value.length && !desk->ink.failed; at += taken) {
        taken = take_paragraphs(desk->value.at + at, desk->value.length - at);
        put_paragraphs(desk, desk->value.at + at, taken, at == 0, desk->value.length - at - taken);
        const ybb_pdf_text *text = &desk->cells[VALUE].text;
        cleaned = cleaned || text->cleaned;
        missing = missing == YBB_PDF_MISSING_CJK || text->missing == YBB_PDF_MISSING_NONE
                      ? missing
                      : text->missing;
    }
    ybb__pdf_desk_note(desk, column, cleaned, missing);
}

/* Whether the value takes too many lines to stand in a place of its own. */
static bool is_long(ybb_pdf_desk *desk, const ybb_composed *values, uint32_t column)
{
    enum { CERTAINLY = 4096 /* bytes */ };
    ybb__pdf_desk_compose(desk, column, &values[column]);
    if (desk->value.length > CERTAINLY)
        return true;
    ybb__pdf_desk_text(desk, VALUE, YBB_PDF_REGULAR, desk->value.at, desk->value.length);
    bool whole = ybb__pdf_desk_whole(desk, VALUE, column);
    return ybb__pdf_desk_lines(desk, VALUE, value_width(desk), desk->rules->layout.size, whole) >
           MOST_BESIDE;
}

static bool is_shown(const ybb_pdf_desk *desk, uint32_t column, bool subtotal)
{
    return !subtotal || ybb__look_sums(&desk->rules->looks.columns[column]);
}

void ybb__pdf_cards_put(ybb_pdf_desk *desk, const ybb_composed *values, bool subtotal)
{
    card c = {desk, values, none};
    put_head(&c);
    for (uint32_t i = 0; i < desk->rules->looks.count && !desk->ink.failed; i++) {
        if (!is_shown(desk, i, subtotal))
            continue;
        if (is_long(desk, values, i))
            put_long(&c, i);
        else if (c.waiting == none)
            c.waiting = i;
        else
            put_pair(&c, i);
    }
    put_pair(&c, none);
    ybb__pdf_desk_item(desk);
    ybb__pdf_desk_end(desk, GAP, 0, NULL, 0);
}
