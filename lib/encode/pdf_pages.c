#include "encode/pdf_pages.h"

#include <stdio.h>

ybb_status ybb__pdf_pages_open(ybb_pdf_pages *pages, const ybb_pdf_rules *rules, ybb_sink *sink,
                               ybb_error *error)
{
    pages->rules = rules;
    pages->cast.fonts = &rules->fonts;
    ybb_status status = ybb__pdf_file_open(&pages->file, sink, error);
    uint32_t *const numbers[] = {&pages->catalog,   &pages->tree,       &pages->info,
                                 &pages->resources, &pages->total_form, &pages->header_form,
                                 &pages->metadata};
    for (size_t i = 0; status == YBB_OK && i < sizeof(numbers) / sizeof(numbers[0]); i++) {
        *numbers[i] = ybb__pdf_file_number(&pages->file);
        if (*numbers[i] == 0)
            status = ybb__fail_memory(error);
    }
    return status;
}

static void free_items(ybb_pdf_items *items)
{
    ybb__buffer_free(&items->items);
    ybb__buffer_free(&items->marks);
}

void ybb__pdf_pages_free(ybb_pdf_pages *pages)
{
    ybb__pdf_file_free(&pages->file);
    ybb__pdf_cast_free(&pages->cast);
    ybb__pdf_desk_free(&pages->desk);
    free_items(&pages->title);
    free_items(&pages->header);
    free_items(&pages->foot);
    ybb__buffer_free(&pages->numbers);
    ybb__buffer_free(&pages->bookmarks);
    ybb__buffer_free(&pages->content);
}

ybb_status ybb__pdf_pages_head(ybb_pdf_pages *pages, ybb_error *error)
{
    return ybb__pdf_head_make(pages) ? YBB_OK : ybb__fail_memory(error);
}

uint64_t ybb__pdf_pages_count(const ybb_pdf_pages *pages)
{
    return pages->numbers.length / sizeof(uint32_t);
}

/* Puts the numbers of glyphs in place of the marks of content that begins at @content. */
static bool set_marks(ybb_pdf_cast *cast, char *content, const ybb_pdf_item *item,
                      const char **marks)
{
    for (uint32_t i = 0; i < item->marks; i++) {
        ybb_pdf_mark mark;
        memcpy(&mark, *marks, sizeof(mark));
        *marks += sizeof(mark);
        uint32_t code = ybb__pdf_cast_number(cast, &mark, *marks);
        *marks += mark.characters * sizeof(uint32_t);
        if (code == YBB_PDF_CODES)
            return false;
        if (mark.offset != YBB_PDF_NO_PLACE) {
            content[mark.offset] = (char)(code >> 8);
            content[mark.offset + 1] = (char)code;
        }
    }
    return true;
}

/* Copies an item's content with its marks set. */
static bool copy_item(ybb_pdf_cast *cast, ybb_buffer *to, const ybb_pdf_item *item,
                      const char *content, const char **marks)
{
    size_t begin = to->length;
    ybb__buffer_put(to, content, item->content);
    return !ybb__buffer_failed(to) && set_marks(cast, to->at + begin, item, marks);
}

static void put_origin(ybb_buffer *out, int32_t x, int32_t y)
{
    ybb__buffer_put_text(out, "q 1 0 0 1 ");
    ybb__pdf_put_length(out, x);
    ybb__buffer_put_char(out, ' ');
    ybb__pdf_put_length(out, y);
    ybb__buffer_put_text(out, " cm\n");
}

/* From the lower edge of the paper. */
static int32_t height_here(const ybb_pdf_pages *pages)
{
    return pages->rules->layout.page_height - YBB_PDF_MARGIN - pages->used;
}

static ybb_status place_item(ybb_pdf_pages *pages, const ybb_pdf_item *item, const char *bookmark,
                             const char **marks, ybb_error *error)
{
    if (item->bookmark > 0)
        ybb__pdf_outline_add(pages, height_here(pages), bookmark, item->bookmark);
    if (item->content > 0) {
        put_origin(&pages->content, YBB_PDF_MARGIN, height_here(pages));
        if (!copy_item(&pages->cast, &pages->content, item, bookmark + item->bookmark, marks))
            return ybb__fail_memory(error);
        ybb__buffer_put_text(&pages->content, "Q\n");
    }
    pages->used += item->height;
    if (item->record > 0 && pages->first_record == 0)
        pages->first_record = item->record;
    if (item->record > 0)
        pages->last_record = item->record;
    return YBB_OK;
}

/* The items of the title, which stand on the first page. */
static ybb_status place_title(ybb_pdf_pages *pages, ybb_error *error)
{
    ybb_status status = YBB_OK;
    const ybb_buffer *items = &pages->title.items;
    const char *marks = pages->title.marks.at;
    for (size_t at = 0; status == YBB_OK && at < items->length;) {
        ybb_pdf_item item;
        memcpy(&item, items->at + at, sizeof(item));
        at += sizeof(item);
        status = place_item(pages, &item, items->at + at, &marks, error);
        at += item.bookmark + item.content;
    }
    return status;
}

/* How high all the items are, one below the other. */
static int32_t height_of(const ybb_buffer *items)
{
    int32_t height = 0;
    for (size_t at = 0; at < items->length;) {
        ybb_pdf_item item;
        memcpy(&item, items->at + at, sizeof(item));
        at += sizeof(item) + item.bookmark + item.content;
        height += item.height;
    }
    return height;
}

/* What else to ask for: of a table that is not easy to read cards, of one file several. */
static void blame(const ybb_pdf_pages *pages, bool alone, ybb_error *error)
{
    if (pages->rules->layout.forced)
        ybb__error_blame(error, "pdf.layout", "table", "\"cards\"", "cards");
    else if (alone)
        ybb__error_blame(error, "format", "pdf", "\"excel\" or \"csv\"", "excel");
    else if (!pages->rules->file->batch)
        ybb__error_blame(error, "large_dataset_options.strategy", NULL, "\"multi_file\"",
                         "multi_file");
}

/* There are no pages left for @record. Batches end before such a record, but where groups end them
 * or it is their first. */
static ybb_status refuse_page(const ybb_pdf_pages *pages, uint64_t record, ybb_error *error)
{
    const ybb_file_plan *file = pages->rules->file;
    unsigned long long most = file->plan->request->pdf_max_pages;
    bool alone = record == file->first_record + 1;
    if (alone)
        ybb__fail(error, YBB_TOO_LARGE, "record %llu alone is more than a PDF file of %llu pages",
                  (unsigned long long)record, most);
    else
        ybb__fail(error, YBB_TOO_LARGE, "a PDF file has at most %llu pages%s", most,
                  file->batch ? ", and those of an export in groups end behind a group" : "");
    blame(pages, alone, error);
    return YBB_TOO_LARGE;
}

/* @record: whose items are to stand on it. */
static ybb_status begin_page(ybb_pdf_pages *pages, uint64_t record, ybb_error *error)
{
    const ybb_request *request = pages->rules->file->plan->request;
    if (ybb__pdf_pages_count(pages) == request->pdf_max_pages)
        return refuse_page(pages, record, error);
    uint32_t number = ybb__pdf_file_number(&pages->file);
    ybb__buffer_put(&pages->numbers, &number, sizeof(number));
    if (number == 0 || ybb__buffer_failed(&pages->numbers))
        return ybb__fail_memory(error);
    pages->open = true;
    pages->used = 0;
    pages->first_record = pages->last_record = 0;
    ybb__buffer_clear(&pages->content);
    ybb_status status = ybb__pdf_pages_count(pages) == 1 ? place_title(pages, error) : YBB_OK;
    if (status != YBB_OK || pages->rules->layout.cards)
        return status;
    put_origin(&pages->content, YBB_PDF_MARGIN, height_here(pages));
    ybb__buffer_put_text(&pages->content, "/H Do Q\n");
    pages->used += height_of(&pages->header.items);
    return YBB_OK;
}

/* Adds what the desk wrote to what the file shows. */
static bool take_desk(ybb_pdf_pages *pages)
{
    return !ybb__pdf_desk_failed(&pages->desk) &&
           ybb__pdf_used_add(&pages->cast.used, &pages->desk.used);
}

static ybb_status put_foot(ybb_pdf_pages *pages, ybb_error *error)
{
    ybb_pdf_item item;
    int32_t total_x, y = YBB_PDF_MARGIN;
    ybb_buffer *out = &pages->content;
    if (!ybb__pdf_head_foot(pages, ybb__pdf_pages_count(pages), &total_x) || !take_desk(pages))
        return ybb__fail_memory(error);
    const char *marks = pages->foot.marks.at;
    memcpy(&item, pages->foot.items.at, sizeof(item));
    put_origin(out, YBB_PDF_MARGIN, y);
    if (!copy_item(&pages->cast, out, &item, pages->foot.items.at + sizeof(item), &marks))
        return ybb__fail_memory(error);
    ybb__buffer_put_text(out, "Q\n");
    put_origin(out, YBB_PDF_MARGIN + total_x, y);
    ybb__buffer_put_text(out, "/T Do Q\n");
    return ybb__buffer_failed(out) ? ybb__fail_memory(error) : YBB_OK;
}

/* A table's page is found by its records. */
static void mark_records(ybb_pdf_pages *pages)
{
    char text[64];
    if (pages->rules->layout.cards || pages->first_record == 0)
        return;
    int length =
        snprintf(text, sizeof(text), "%llu \xE2\x80\x93 %llu",
                 (unsigned long long)pages->first_record, (unsigned long long)pages->last_record);
    ybb__pdf_outline_add(pages, pages->rules->layout.page_height, text, (size_t)length);
}

static ybb_status write_page(ybb_pdf_pages *pages, uint32_t content, ybb_error *error)
{
    uint32_t number;
    ybb_buffer body = {0};
    memcpy(&number, pages->numbers.at + pages->numbers.length - sizeof(number), sizeof(number));
    ybb__pdf_put(&body, "<< /Type /Page /Parent %u 0 R /Contents %u 0 R >>", pages->tree, content);
    ybb_status status = ybb__pdf_file_object(&pages->file, number, &body, error);
    ybb__buffer_free(&body);
    return status;
}

static ybb_status end_page(ybb_pdf_pages *pages, ybb_error *error)
{
    ybb_status status = put_foot(pages, error);
    if (status != YBB_OK)
        return status;
    mark_records(pages);
    uint32_t content = ybb__pdf_file_number(&pages->file);
    status = ybb__pdf_file_stream(&pages->file, content, "", pages->content.at,
                                  pages->content.length, error);
    pages->open = false;
    return status == YBB_OK ? write_page(pages, content, error) : status;
}

static bool fits(const ybb_pdf_pages *pages, int32_t used, const ybb_pdf_item *item)
{
    return used + item->need <= pages->rules->layout.inner_height;
}

/* A page on which the item fits. */
static ybb_status make_room(ybb_pdf_pages *pages, const ybb_pdf_item *item, ybb_error *error)
{
    if (pages->open && fits(pages, pages->used, item))
        return YBB_OK;
    ybb_status status = pages->open ? end_page(pages, error) : YBB_OK;
    return status == YBB_OK ? begin_page(pages, item->record, error) : status;
}

/* What only keeps things apart does not begin a page. */
static bool is_gap(const ybb_pdf_pages *pages, bool open, int32_t used, const ybb_pdf_item *item)
{
    return item->content == 0 && (!open || used + item->height > pages->rules->layout.inner_height);
}

uint64_t ybb__pdf_pages_fitting(const ybb_pdf_pages *pages, const ybb_buffer *items)
{
    bool open = pages->open;
    int32_t used = pages->used;
    uint64_t count = ybb__pdf_pages_count(pages), first = 0;
    for (size_t at = 0; at < items->length;) {
        ybb_pdf_item item;
        memcpy(&item, items->at + at, sizeof(item));
        at += sizeof(item) + item.bookmark + item.content;
        first = first == 0 ? item.record : first;
        if (is_gap(pages, open, used, &item))
            continue;
        if (!open || !fits(pages, used, &item)) {
            if (count == pages->rules->file->plan->request->pdf_max_pages)
                return item.record - first;
            used = height_of(&pages->header.items);
            used += count++ == 0 ? height_of(&pages->title.items) : 0;
            open = true;
        }
        used += item.height;
    }
    return UINT64_MAX;
}

ybb_status ybb__pdf_pages_add(ybb_pdf_pages *pages, const ybb_buffer *items,
                              const ybb_buffer *marks, const ybb_pdf_used *used, ybb_error *error)
{
    ybb_status status = YBB_OK;
    const char *mark = marks->at;
    if (!ybb__pdf_used_add(&pages->cast.used, used))
        return ybb__fail_memory(error);
    for (size_t at = 0; status == YBB_OK && at < items->length;) {
        ybb_pdf_item item;
        memcpy(&item, items->at + at, sizeof(item));
        at += sizeof(item);
        if (!is_gap(pages, pages->open, pages->used, &item))
            status = make_room(pages, &item, error);
        if (status == YBB_OK && pages->open)
            status = place_item(pages, &item, items->at + at, &mark, error);
        at += item.bookmark + item.content;
    }
    return status;
}

/* --- the end of the file --- */

/* One item as an object of its own, drawn from its upper left corner. */
static ybb_status write_form(ybb_pdf_pages *pages, uint32_t number, const ybb_pdf_items *form,
                             ybb_error *error)
{
    ybb_pdf_item item;
    ybb_buffer content = {0}, entries = {0};
    const char *marks = form->marks.at;
    if (form->items.length < sizeof(item))
        return YBB_OK;
    memcpy(&item, form->items.at, sizeof(item));
    bool whole = copy_item(&pages->cast, &content, &item, form->items.at + sizeof(item), &marks);
    ybb__buffer_put_text(&entries, "/Type /XObject /Subtype /Form /BBox [0 ");
    ybb__pdf_put_length(&entries, -item.height);
    ybb__buffer_put_char(&entries, ' ');
    ybb__pdf_put_length(&entries, pages->rules->layout.inner_width);
    ybb__pdf_put(&entries, " %d] /Resources %u 0 R ", YBB_PDF_FOOT / YBB_PDF_UNIT,
                 pages->resources);
    const char *text = ybb__buffer_text(&entries);
    ybb_status status =
        whole && text != NULL
            ? ybb__pdf_file_stream(&pages->file, number, text, content.at, content.length, error)
            : ybb__fail_memory(error);
    ybb__buffer_free(&content);
    ybb__buffer_free(&entries);
    return status;
}

static ybb_status write_forms(ybb_pdf_pages *pages, ybb_error *error)
{
    ybb_status status = YBB_OK;
    if (!pages->rules->layout.cards)
        status = write_form(pages, pages->header_form, &pages->header, error);
    if (status == YBB_OK &&
        (!ybb__pdf_head_number(pages, ybb__pdf_pages_count(pages)) || !take_desk(pages)))
        status = ybb__fail_memory(error);
    return status == YBB_OK ? write_form(pages, pages->total_form, &pages->foot, error) : status;
}

static ybb_status write_resources(ybb_pdf_pages *pages, ybb_error *error)
{
    ybb_buffer body = {0};
    ybb__buffer_put_text(&body, "<< /Font << ");
    ybb_status status = ybb__pdf_cast_write(&pages->cast, &pages->file, &body, error);
    ybb__pdf_put(&body, ">> /XObject << /T %u 0 R ", pages->total_form);
    if (!pages->rules->layout.cards)
        ybb__pdf_put(&body, "/H %u 0 R ", pages->header_form);
    ybb__buffer_put_text(&body, ">> >>");
    if (status == YBB_OK)
        status = ybb__pdf_file_object(&pages->file, pages->resources, &body, error);
    ybb__buffer_free(&body);
    return status;
}

static ybb_status write_tree(ybb_pdf_pages *pages, ybb_error *error)
{
    ybb_buffer body = {0};
    uint64_t count = ybb__pdf_pages_count(pages);
    ybb__pdf_put(&body, "<< /Type /Pages /Count %llu /Resources %u 0 R /MediaBox [0 0 ",
                 (unsigned long long)count, pages->resources);
    ybb__pdf_put_length(&body, pages->rules->layout.page_width);
    ybb__buffer_put_char(&body, ' ');
    ybb__pdf_put_length(&body, pages->rules->layout.page_height);
    ybb__buffer_put_text(&body, "]\n/Kids [");
    for (uint64_t i = 0; i < count; i++) {
        uint32_t number;
        memcpy(&number, pages->numbers.at + i * sizeof(number), sizeof(number));
        ybb__pdf_put(&body, "%u 0 R\n", number);
    }
    ybb__buffer_put_text(&body, "] >>");
    ybb_status status = ybb__pdf_file_object(&pages->file, pages->tree, &body, error);
    ybb__buffer_free(&body);
    return status;
}

static ybb_status write_catalog(ybb_pdf_pages *pages, uint32_t outline, ybb_error *error)
{
    static const char *const languages[] = {[YBB_ENGLISH] = "en", [YBB_INDONESIAN] = "id"};
    ybb_buffer body = {0};
    ybb__pdf_put(&body,
                 "<< /Type /Catalog /Pages %u 0 R /Metadata %u 0 R /Lang (%s)"
                 " /ViewerPreferences << /DisplayDocTitle true >>",
                 pages->tree, pages->metadata,
                 languages[pages->rules->file->plan->request->language]);
    if (outline > 0)
        ybb__pdf_put(&body, " /Outlines %u 0 R", outline);
    ybb__buffer_put_text(&body, " >>");
    ybb_status status = ybb__pdf_file_object(&pages->file, pages->catalog, &body, error);
    ybb__buffer_free(&body);
    return status;
}

ybb_status ybb__pdf_pages_close(ybb_pdf_pages *pages, ybb_error *error)
{
    uint32_t outline = 0;
    ybb_status status = YBB_OK;
    if (ybb__pdf_pages_count(pages) == 0)
        status = begin_page(pages, 0, error);
    if (status == YBB_OK && pages->open)
        status = end_page(pages, error);
    if (status == YBB_OK)
        status = write_forms(pages, error);
    if (status == YBB_OK)
        status = write_resources(pages, error);
    if (status == YBB_OK)
        status = ybb__pdf_outline_write(pages, &outline, error);
    if (status == YBB_OK)
        status = write_tree(pages, error);
    if (status == YBB_OK)
        status = ybb__pdf_properties_write(pages, error);
    if (status == YBB_OK)
        status = write_catalog(pages, outline, error);
    return status == YBB_OK ? ybb__pdf_file_close(&pages->file, pages->catalog, pages->info, error)
                            : status;
}
