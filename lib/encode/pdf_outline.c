/* Bookmarks: a card's heading, or which records a page has. */
#include "encode/pdf_pages.h"

enum { MOST_BOOKMARKS = 20000 };

typedef struct bookmark {
    uint32_t page; /* its object's number */
    int32_t y;
    uint32_t length; /* of the text that follows */
} bookmark;

static uint32_t page_of_last(const ybb_pdf_pages *pages)
{
    uint32_t number;
    memcpy(&number, pages->numbers.at + pages->numbers.length - sizeof(number), sizeof(number));
    return number;
}

void ybb__pdf_outline_add(ybb_pdf_pages *pages, int32_t y, const char *text, size_t length)
{
    if (pages->bookmark_count == MOST_BOOKMARKS || ybb__buffer_failed(&pages->numbers))
        return;
    const bookmark added = {page_of_last(pages), y, (uint32_t)length};
    ybb__buffer_put(&pages->bookmarks, &added, sizeof(added));
    ybb__buffer_put(&pages->bookmarks, text, length);
    pages->bookmark_count++;
}

static void put_bookmark(ybb_buffer *body, const bookmark *mark, const char *text, uint32_t root,
                         uint32_t index, uint32_t count)
{
    uint32_t own = root + 1 + index;
    ybb__buffer_clear(body);
    ybb__buffer_put_text(body, "<< /Title ");
    ybb__pdf_put_string(body, text, mark->length);
    ybb__pdf_put(body, " /Parent %u 0 R", root);
    if (index > 0)
        ybb__pdf_put(body, " /Prev %u 0 R", own - 1);
    if (index + 1 < count)
        ybb__pdf_put(body, " /Next %u 0 R", own + 1);
    ybb__pdf_put(body, " /Dest [%u 0 R /XYZ 0 ", mark->page);
    ybb__pdf_put_length(body, mark->y);
    ybb__buffer_put_text(body, " null] >>");
}

static ybb_status write_root(ybb_pdf_pages *pages, ybb_buffer *body, uint32_t root,
                             ybb_error *error)
{
    uint32_t count = pages->bookmark_count;
    for (uint32_t i = 0; i < count; i++)
        if (ybb__pdf_file_number(&pages->file) != root + 1 + i)
            return ybb__fail_memory(error);
    ybb__pdf_put(body, "<< /Type /Outlines /First %u 0 R /Last %u 0 R /Count %u >>", root + 1,
                 root + count, count);
    return ybb__pdf_file_object(&pages->file, root, body, error);
}

ybb_status ybb__pdf_outline_write(ybb_pdf_pages *pages, uint32_t *root, ybb_error *error)
{
    ybb_buffer body = {0};
    *root = 0;
    if (ybb__buffer_failed(&pages->bookmarks))
        return ybb__fail_memory(error);
    if (pages->bookmark_count == 0)
        return YBB_OK;
    *root = ybb__pdf_file_number(&pages->file);
    ybb_status status = write_root(pages, &body, *root, error);
    const char *at = pages->bookmarks.at;
    for (uint32_t i = 0; status == YBB_OK && i < pages->bookmark_count; i++) {
        bookmark mark;
        memcpy(&mark, at, sizeof(mark));
        put_bookmark(&body, &mark, at + sizeof(mark), *root, i, pages->bookmark_count);
        status = ybb__pdf_file_object(&pages->file, *root + 1 + i, &body, error);
        at += sizeof(mark) + mark.length;
    }
    ybb__buffer_free(&body);
    return status;
}
