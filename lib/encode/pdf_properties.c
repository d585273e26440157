/*
 * Properties of the document, twice: in the dictionary of information, which all readers know, and
 * as XMP (ISO 16684-1), which archives and PDF 2.0 want. Both say the same.
 */
#include "base/utf8.h"
#include "encode/pdf_notes.h"
#include "encode/pdf_pages.h"

/* Texts of the document; empty ones are left out. */
typedef struct properties {
    ybb_buffer title, author, subject, keywords;
    char time[YBB_TIME_TEXT]; /* "2025-07-23T15:30:00Z" */
} properties;

static const char software[] = PACKAGE_STRING;

static void set_text(ybb_buffer *out, const char *text)
{
    if (text != NULL)
        ybb__buffer_put_text(out, text);
}

static void gather(properties *out, const ybb_file_plan *file)
{
    const ybb_request *request = file->plan->request;
    set_text(&out->title, request->type->title.in[request->language]);
    set_text(&out->author, request->owner);
    ybb__pdf_notes_subject(&out->subject, request);
    set_text(&out->keywords, request->type->name);
    if (request->template_name != NULL) {
        ybb__buffer_put_text(&out->keywords, ", ");
        ybb__buffer_put_text(&out->keywords, request->template_name);
    }
    ybb__clock_rfc3339(out->time, file->time);
}

static bool release(properties *p)
{
    ybb_buffer *const all[] = {&p->title, &p->author, &p->subject, &p->keywords};
    bool whole = true;
    for (size_t i = 0; i < sizeof(all) / sizeof(all[0]); i++) {
        whole = whole && !ybb__buffer_failed(all[i]);
        ybb__buffer_free(all[i]);
    }
    return whole;
}

/* --- the dictionary --- */

static void put_entry(ybb_buffer *body, const char *key, const ybb_buffer *text)
{
    if (text->length == 0)
        return;
    ybb__pdf_put(body, " /%s ", key);
    ybb__pdf_put_string(body, text->at, text->length);
}

/* "D:20250723153000Z" */
static void put_date(ybb_buffer *body, const char *key, const char *time)
{
    ybb__pdf_put(body, " /%s (D:", key);
    for (; *time != '\0'; time++)
        if (*time >= '0' && *time <= '9')
            ybb__buffer_put_char(body, *time);
    ybb__buffer_put_text(body, "Z)");
}

static ybb_status write_info(ybb_pdf_pages *pages, const properties *p, ybb_error *error)
{
    ybb_buffer body = {0};
    ybb__buffer_put_text(&body, "<<");
    put_entry(&body, "Title", &p->title);
    put_entry(&body, "Author", &p->author);
    put_entry(&body, "Subject", &p->subject);
    put_entry(&body, "Keywords", &p->keywords);
    ybb__pdf_put(&body, " /Creator (%s) /Producer (%s)", software, software);
    put_date(&body, "CreationDate", p->time);
    put_date(&body, "ModDate", p->time);
    ybb__buffer_put_text(&body, " >>");
    ybb_status status = ybb__pdf_file_object(&pages->file, pages->info, &body, error);
    ybb__buffer_free(&body);
    return status;
}

/* --- XMP --- */

/* As content of XML 1.0, as the strings of the dictionary have it. */
static void put_content(ybb_buffer *out, const ybb_buffer *text)
{
    char bytes[4];
    for (size_t at = 0, taken; at < text->length; at += taken) {
        uint32_t code_point = ybb__utf8_next(text->at + at, text->length - at, &taken);
        if (code_point == '&')
            ybb__buffer_put_text(out, "&amp;");
        else if (code_point == '<')
            ybb__buffer_put_text(out, "&lt;");
        else if (code_point == '>')
            ybb__buffer_put_text(out, "&gt;");
        else if (code_point < 0x20)
            ybb__buffer_put_char(out, ' ');
        else if (code_point != 0xFFFE && code_point != 0xFFFF && !ybb__pdf_is_direction(code_point))
            ybb__buffer_put(out, bytes, ybb__utf8_put(bytes, code_point));
    }
}

static void put_element(ybb_buffer *out, const char *before, const ybb_buffer *text,
                        const char *behind)
{
    if (text->length == 0)
        return;
    ybb__buffer_put_text(out, before);
    put_content(out, text);
    ybb__buffer_put_text(out, behind);
}

static void put_xmp(ybb_buffer *out, const properties *p)
{
    ybb__buffer_put_text(out,
                         "<?xpacket begin=\"\xEF\xBB\xBF\" id=\"W5M0MpCehiHzreSzNTczkc9d\"?>\n"
                         "<x:xmpmeta xmlns:x=\"adobe:ns:meta/\">\n"
                         "<rdf:RDF xmlns:rdf=\"http://www.w3.org/1999/02/22-rdf-syntax-ns#\">\n"
                         "<rdf:Description rdf:about=\"\""
                         " xmlns:dc=\"http://purl.org/dc/elements/1.1/\""
                         " xmlns:xmp=\"http://ns.adobe.com/xap/1.0/\""
                         " xmlns:pdf=\"http://ns.adobe.com/pdf/1.3/\">\n"
                         "<dc:format>application/pdf</dc:format>\n");
    put_element(out, "<dc:title><rdf:Alt><rdf:li xml:lang=\"x-default\">", &p->title,
                "</rdf:li></rdf:Alt></dc:title>\n");
    put_element(out, "<dc:creator><rdf:Seq><rdf:li>", &p->author,
                "</rdf:li></rdf:Seq></dc:creator>\n");
    put_element(out, "<dc:description><rdf:Alt><rdf:li xml:lang=\"x-default\">", &p->subject,
                "</rdf:li></rdf:Alt></dc:description>\n");
    put_element(out, "<pdf:Keywords>", &p->keywords, "</pdf:Keywords>\n");
    ybb__pdf_put(out, "<pdf:Producer>%s</pdf:Producer>\n<xmp:CreatorTool>%s</xmp:CreatorTool>\n",
                 software, software);
    ybb__pdf_put(out, "<xmp:CreateDate>%s</xmp:CreateDate>\n<xmp:ModifyDate>%s</xmp:ModifyDate>\n",
                 p->time, p->time);
    ybb__buffer_put_text(out,
                         "</rdf:Description>\n</rdf:RDF>\n</x:xmpmeta>\n<?xpacket end=\"r\"?>");
}

/* Not packed, so that programs that know no PDF find it. */
static ybb_status write_metadata(ybb_pdf_pages *pages, const properties *p, ybb_error *error)
{
    ybb_buffer xmp = {0}, body = {0};
    put_xmp(&xmp, p);
    ybb__pdf_put(&body, "<< /Type /Metadata /Subtype /XML /Length %zu >>\nstream\n", xmp.length);
    ybb__buffer_put(&body, xmp.at, xmp.length);
    ybb__buffer_put_text(&body, "\nendstream");
    ybb_status status = ybb__buffer_failed(&xmp)
                            ? ybb__fail_memory(error)
                            : ybb__pdf_file_object(&pages->file, pages->metadata, &body, error);
    ybb__buffer_free(&xmp);
    ybb__buffer_free(&body);
    return status;
}

ybb_status ybb__pdf_properties_write(ybb_pdf_pages *pages, ybb_error *error)
{
    properties p = {.time = ""};
    gather(&p, pages->rules->file);
    ybb_status status = write_info(pages, &p, error);
    if (status == YBB_OK)
        status = write_metadata(pages, &p, error);
    bool whole = release(&p);
    return status == YBB_OK && !whole ? ybb__fail_memory(error) : status;
}
