/* What stands around the rows: the title block, the header row, the foot of each page. */
#include "base/text.h"
#include "encode/pdf_notes.h"
#include "encode/pdf_pages.h"

#include <stdio.h>

enum {
    TITLE = 1500, /* type sizes */
    NOTE = 800,
    FOOT = 700,
    RISE = 930,
    GAP = 600, /* below the title block */
    CELL = 0
};

static const char quiet[] = ".35 .38 .42";

static const struct {
    const char *page, *of;
} words[] = {[YBB_ENGLISH] = {"Page", "of"}, [YBB_INDONESIAN] = {"Halaman", "dari"}};

/* A text over the whole width, as an item of as many lines as it takes. */
static void put_line(ybb_pdf_desk *desk, const char *text, size_t length, ybb_pdf_style style,
                     int32_t size, const char *colour)
{
    int32_t width = desk->rules->layout.inner_width, leading = size * YBB_PDF_SPACING / YBB_PDF_EM;
    ybb__pdf_desk_text(desk, CELL, style, text, length);
    uint32_t lines = ybb__pdf_desk_lines(desk, CELL, width, size, false);
    if (lines > YBB_PDF_MOST_LINES)
        lines = YBB_PDF_MOST_LINES;
    ybb__pdf_desk_item(desk);
    ybb__pdf_ink_colour(&desk->ink, colour);
    ybb__pdf_desk_write(desk, CELL, 0, lines, 0, -size * RISE / YBB_PDF_EM, width, size, false);
    ybb__pdf_desk_end(desk, (int32_t)lines * leading, 0, NULL, 0);
}

/* "2025-07-23 15:30 UTC" */
static void set_time(ybb_pdf_pages *pages)
{
    enum { DATE = 10, MINUTES = 16 };
    char time[YBB_TIME_TEXT];
    ybb__clock_rfc3339(time, pages->rules->file->time);
    time[DATE] = ' ';
    time[MINUTES] = '\0';
    snprintf(pages->time, sizeof(pages->time), "%s UTC", time);
}

static bool begin(ybb_pdf_pages *pages, ybb_pdf_items *items)
{
    ybb__buffer_clear(&items->items);
    ybb__buffer_clear(&items->marks);
    return ybb__pdf_desk_begin(&pages->desk, pages->rules, &items->items, &items->marks);
}

static bool end(ybb_pdf_pages *pages)
{
    return !ybb__pdf_desk_failed(&pages->desk) &&
           ybb__pdf_used_add(&pages->cast.used, &pages->desk.used);
}

static bool make_title(ybb_pdf_pages *pages)
{
    ybb_buffer notes = {0};
    const ybb_request *request = pages->rules->file->plan->request;
    const char *title = request->type->title.in[request->language];
    if (!begin(pages, &pages->title))
        return false;
    put_line(&pages->desk, title, strlen(title), YBB_PDF_BOLD, TITLE, "0 0 0");
    ybb__pdf_notes_title(&notes, request, pages->time);
    put_line(&pages->desk, notes.at, notes.length, YBB_PDF_REGULAR, NOTE, quiet);
    ybb__pdf_desk_item(&pages->desk);
    ybb__pdf_desk_end(&pages->desk, GAP, 0, NULL, 0);
    bool whole = !ybb__buffer_failed(&notes);
    ybb__buffer_free(&notes);
    return whole && end(pages);
}

bool ybb__pdf_head_make(ybb_pdf_pages *pages)
{
    set_time(pages);
    if (!make_title(pages))
        return false;
    if (pages->rules->layout.cards)
        return true;
    if (!begin(pages, &pages->header))
        return false;
    ybb__pdf_rows_header(&pages->desk);
    return end(pages);
}

/* A text of the foot; returns its width. */
static int32_t put_foot(ybb_pdf_desk *desk, const char *text, size_t length, int32_t x, bool right)
{
    ybb__pdf_desk_text(desk, CELL, YBB_PDF_REGULAR, text, length);
    ybb__pdf_desk_lines(desk, CELL, desk->rules->layout.inner_width, FOOT, true);
    int32_t width = ybb__pdf_units(ybb__pdf_measure(&desk->cells[CELL].text).width, FOOT);
    ybb__pdf_desk_write(desk, CELL, 0, 1, right ? x - width : x, 0, width, FOOT, false);
    return width;
}

bool ybb__pdf_head_foot(ybb_pdf_pages *pages, uint64_t number, int32_t *total_x)
{
    enum { DIGITS = 4 * 450 /* room for how many there are */ };
    char text[128];
    ybb_buffer left = {0};
    const ybb_request *request = pages->rules->file->plan->request;
    if (!begin(pages, &pages->foot))
        return false;
    ybb__buffer_put_text(&left, request->type->title.in[request->language]);
    ybb__buffer_put_text(&left, "  \xC2\xB7  ");
    ybb__buffer_put_text(&left, pages->time);
    *total_x = pages->rules->layout.inner_width - DIGITS;
    int length = snprintf(text, sizeof(text), "%s %llu %s", words[request->language].page,
                          (unsigned long long)number, words[request->language].of);
    ybb__pdf_desk_item(&pages->desk);
    ybb__pdf_ink_colour(&pages->desk.ink, quiet);
    put_foot(&pages->desk, left.at, left.length, 0, false);
    put_foot(&pages->desk, text, (size_t)length, *total_x - FOOT / 3, true);
    ybb__pdf_desk_end(&pages->desk, FOOT, 0, NULL, 0);
    bool whole = !ybb__buffer_failed(&left);
    ybb__buffer_free(&left);
    return whole;
}

bool ybb__pdf_head_number(ybb_pdf_pages *pages, uint64_t number)
{
    char text[YBB_NUMBER_TEXT];
    size_t length = ybb__text_from_u64(text, number);
    if (!begin(pages, &pages->foot))
        return false;
    ybb__pdf_desk_item(&pages->desk);
    ybb__pdf_ink_colour(&pages->desk.ink, quiet);
    put_foot(&pages->desk, text, length, 0, false);
    ybb__pdf_desk_end(&pages->desk, FOOT, 0, NULL, 0);
    return !ybb__pdf_desk_failed(&pages->desk);
}
