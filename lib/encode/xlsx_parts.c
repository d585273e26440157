#include "encode/xlsx_parts.h"

#include "base/clock.h"
#include "base/text.h"

#include <stdio.h>
#include <string.h>

static const char rows_begin[] = "<sheetData>", rows_end[] = "</sheetData>", row_end[] = "</row>";

ybb_status ybb__part_unknown(ybb_error *error)
{
    return ybb__fail(error, YBB_INTERNAL, "the book's skeleton is not as expected");
}

static ybb_status put_text(ybb_zip *zip, const char *text, ybb_error *error)
{
    return ybb__zip_bytes(zip, text, strlen(text), error);
}

/* The bytes from @from up to @to, either of which may not have been found. */
static ybb_status put_range(ybb_zip *zip, const char *from, const char *to, ybb_error *error)
{
    if (from == NULL || to == NULL || to < from)
        return ybb__part_unknown(error);
    return ybb__zip_bytes(zip, from, (size_t)(to - from), error);
}

static const char *find(const char *text, const char *wanted)
{
    return text == NULL ? NULL : strstr(text, wanted);
}

static const char *find_behind(const char *text, const char *wanted)
{
    const char *found = find(text, wanted);
    return found == NULL ? NULL : found + strlen(wanted);
}

/* Puts @text in the place of what stands between @from and @to, if they were found. */
static ybb_status replace(ybb_part *part, const char *from, const char *to, const char *text,
                          ybb_error *error)
{
    ybb_buffer made = {0};
    if (from == NULL || to == NULL)
        return ybb__part_unknown(error);
    ybb__buffer_put(&made, part->bytes.at, (size_t)(from - part->bytes.at));
    ybb__buffer_put_text(&made, text);
    ybb__buffer_put_text(&made, to);
    if (ybb__buffer_text(&made) == NULL) {
        ybb__buffer_free(&made);
        return ybb__fail_memory(error);
    }
    ybb__buffer_free(&part->bytes);
    part->bytes = made;
    return YBB_OK;
}

/* Puts @text in the place of the content of the element that begins with @tag. */
static ybb_status set_content(ybb_part *part, const char *tag, const char *text, ybb_error *error)
{
    const char *from = find_behind(find(part->bytes.at, tag), ">");
    return replace(part, from, find(from, "<"), text, error);
}

/* XML parts that are not listed are sheets. */
static ybb_status open_content_types(ybb_part *part, ybb_error *error)
{
    static const char other[] = "ContentType=\"application/xml\"";
    static const char sheet[] = "ContentType=\"application/vnd.openxmlformats-officedocument"
                                ".spreadsheetml.worksheet+xml\"";
    return replace(part, find(part->bytes.at, other), find_behind(part->bytes.at, other), sheet,
                   error);
}

ybb_status ybb__parts_prepare(const ybb_skeleton *skeleton, int64_t time, ybb_error *error)
{
    char text[YBB_TIME_TEXT];
    ybb_part *types = ybb__skeleton_part(skeleton, "[Content_Types].xml");
    ybb_part *core = ybb__skeleton_part(skeleton, "docProps/core.xml");
    if (types == NULL || core == NULL)
        return ybb__part_unknown(error);
    ybb__clock_rfc3339(text, time);
    ybb_status status = open_content_types(types, error);
    /* libxlsxwriter prints times by a function that threads share */
    if (status == YBB_OK)
        status = set_content(core, "<dcterms:created", text, error);
    if (status == YBB_OK)
        status = set_content(core, "<dcterms:modified", text, error);
    return status;
}

/* In parts of 256, whose decimals end. */
static void put_width(ybb_buffer *out, double characters)
{
    enum { DIGIT_PIXELS = 7, PADDING_PIXELS = 5, PARTS = 256, PART = 390625 /* 10^8 / PARTS */ };
    char text[YBB_NUMBER_TEXT + sizeof(".00390625")];
    unsigned pixels = (unsigned)(characters * DIGIT_PIXELS + 0.5) + PADDING_PIXELS;
    unsigned width = pixels * PARTS / DIGIT_PIXELS;
    int length = snprintf(text, sizeof(text), "%u.%08u", width / PARTS, width % PARTS * PART);
    while (text[length - 1] == '0')
        length--;
    ybb__buffer_put(out, text, (size_t)length - (text[length - 1] == '.'));
}

ybb_status ybb__sheet_widen(ybb_part *sheet, const double *widths, uint32_t columns,
                            ybb_error *error)
{
    ybb_buffer made = {0};
    for (uint32_t i = 0; i < columns; i++) {
        ybb__buffer_put_text(&made, "<col min=\"");
        ybb__buffer_put_u64(&made, i + 1);
        ybb__buffer_put_text(&made, "\" max=\"");
        ybb__buffer_put_u64(&made, i + 1);
        ybb__buffer_put_text(&made, "\" width=\"");
        put_width(&made, widths[i]);
        ybb__buffer_put_text(&made, "\" customWidth=\"1\"/>");
    }
    const char *text = ybb__buffer_text(&made);
    ybb_status status = text == NULL ? ybb__fail_memory(error)
                                     : replace(sheet, find_behind(sheet->bytes.at, "<cols>"),
                                               find(sheet->bytes.at, "</cols>"), text, error);
    ybb__buffer_free(&made);
    return status;
}

ybb_status ybb__part_write(ybb_zip *zip, ybb_part *part, ybb_error *error)
{
    ybb_status status = ybb__zip_begin(zip, part->name, error);
    if (status == YBB_OK)
        status = ybb__zip_bytes(zip, part->bytes.at, part->bytes.length, error);
    if (status == YBB_OK)
        status = ybb__zip_end(zip, error);
    part->written = true;
    return status;
}

/* "<dimension ref="A1:K101"/>": exact, for some readers believe it. */
static void write_dimension(char *out, size_t capacity, uint32_t columns, uint64_t records)
{
    char name[4];
    size_t length = ybb__column_name(name, columns - 1);
    snprintf(out, capacity, "<dimension ref=\"A1:%.*s%llu\"/>", (int)length, name,
             (unsigned long long)records + 1);
}

ybb_status ybb__sheet_begin(ybb_zip *zip, const ybb_part *sheet, uint32_t columns, uint64_t records,
                            ybb_error *error)
{
    char dimension[64];
    const char *own = find(sheet->bytes.at, "<dimension ");
    write_dimension(dimension, sizeof(dimension), columns, records);
    ybb_status status = ybb__zip_begin(zip, sheet->name, error);
    if (status == YBB_OK)
        status = put_range(zip, sheet->bytes.at, own, error);
    if (status == YBB_OK)
        status = put_text(zip, dimension, error);
    if (status == YBB_OK)
        status = put_range(zip, find_behind(own, ">"), find_behind(own, rows_begin), error);
    return status;
}

ybb_status ybb__sheet_header(ybb_zip *zip, const ybb_part *sheet, ybb_error *error)
{
    const char *row = find_behind(sheet->bytes.at, rows_begin);
    return put_range(zip, row, find_behind(row, row_end), error);
}

ybb_status ybb__sheet_end(ybb_zip *zip, ybb_part *sheet, const ybb_xlsx_links *links,
                          uint32_t number, ybb_error *error)
{
    static const char begin[] = "<hyperlinks>", end[] = "</hyperlinks>", behind[] = "<pageMargins";
    const char *rest = find(sheet->bytes.at, rows_end),
               *all = sheet->bytes.at + sheet->bytes.length;
    ybb_status status = YBB_OK;
    if (links != NULL && ybb__xlsx_links_has(links, number)) {
        status = put_range(zip, rest, find(rest, behind), error);
        rest = find(rest, behind);
        if (status == YBB_OK)
            status = put_text(zip, begin, error);
        if (status == YBB_OK)
            status = ybb__xlsx_links_play(links, number, zip, error);
        if (status == YBB_OK)
            status = put_text(zip, end, error);
    }
    if (status == YBB_OK)
        status = put_range(zip, rest, all, error);
    if (status == YBB_OK)
        status = ybb__zip_end(zip, error);
    sheet->written = true;
    return status;
}

ybb_status ybb__relations_write(ybb_zip *zip, ybb_part *part, const ybb_xlsx_links *links,
                                uint32_t number, ybb_error *error)
{
    const char *end = find(part->bytes.at, "</Relationships>");
    ybb_status status = ybb__zip_begin(zip, part->name, error);
    if (status == YBB_OK)
        status = put_range(zip, part->bytes.at, end, error);
    if (status == YBB_OK)
        status = ybb__xlsx_links_play_relations(links, number, zip, error);
    if (status == YBB_OK)
        status = put_range(zip, end, part->bytes.at + part->bytes.length, error);
    if (status == YBB_OK)
        status = ybb__zip_end(zip, error);
    part->written = true;
    return status;
}

ybb_status ybb__strings_begin(ybb_zip *zip, const ybb_part *strings, ybb_error *error)
{
    static const char counts[] = " count=\"";
    const char *at = strings->bytes.at, *tag_end = find(find(at, counts), ">");
    ybb_status status = ybb__zip_begin(zip, strings->name, error);
    if (status == YBB_OK)
        status = put_range(zip, at, find(at, counts), error);
    if (status == YBB_OK)
        status = put_range(zip, tag_end, find(at, "</sst>"), error);
    return status;
}

ybb_status ybb__strings_end(ybb_zip *zip, ybb_part *strings, ybb_error *error)
{
    ybb_status status = put_text(zip, "</sst>", error);
    if (status == YBB_OK)
        status = ybb__zip_end(zip, error);
    strings->written = true;
    return status;
}
