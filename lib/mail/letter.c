#include "mail/letter.h"

#include "base/clock.h"
#include "base/text.h"
#include "mail/header_text.h"
#include "mail/letter_words.h"

/* "2025-07-23 15:30 UTC" */
static void put_time(ybb_buffer *out, int64_t microseconds)
{
    enum { DATE = 10, TIME = 5 };
    char text[YBB_TIME_TEXT];
    if (ybb__clock_rfc3339(text, microseconds) <= DATE + 1 + TIME)
        return;
    ybb__buffer_put(out, text, DATE);
    ybb__buffer_put_char(out, ' ');
    ybb__buffer_put(out, text + DATE + 1, TIME);
    ybb__buffer_put_text(out, " UTC");
}

/* --- what both parts tell --- */

/* A part that is being written. */
typedef struct part {
    ybb_buffer *out;
    bool html;
} part;

/* A text in HTML: nothing of it is markup, in an attribute neither. */
static void put_escaped(const part *p, const char *text)
{
    for (; *text != '\0'; text++) {
        const char *name = !p->html       ? NULL
                           : *text == '&' ? "&amp;"
                           : *text == '<' ? "&lt;"
                           : *text == '>' ? "&gt;"
                           : *text == '"' ? "&quot;"
                                          : NULL;
        if (name != NULL)
            ybb__buffer_put_text(p->out, name);
        else
            ybb__buffer_put_char(p->out, *text);
    }
}

static void put_either(const part *p, const char *plain, const char *html)
{
    ybb__buffer_put_text(p->out, p->html ? html : plain);
}

static void put_paragraph(const part *p, const char *text)
{
    put_either(p, "", "<p>");
    put_escaped(p, text);
    put_either(p, "\r\n\r\n", "</p>\r\n");
}

static void put_row(const part *p, const char *label, const char *value)
{
    if (value == NULL)
        return;
    put_either(p, "", "<tr><td>");
    put_escaped(p, label);
    put_either(p, ": ", "</td><td>");
    put_escaped(p, value);
    put_either(p, "\r\n", "</td></tr>\r\n");
}

static void put_about(const part *p, const ybb_letter *letter, const ybb_letter_words *words)
{
    const ybb_job *job = letter->job;
    char records[YBB_NUMBER_TEXT];
    ybb__text_from_u64(records, job->delivery.records);
    put_either(p, "", "<table cellpadding=\"4\">\r\n");
    put_row(p, words->type, job->export_type);
    put_row(p, words->template_, job->template_name);
    put_row(p, words->format, job->format);
    if (job->state == YBB_JOB_DONE)
        put_row(p, words->records, records);
    else
        put_row(p, words->code, ybb__status_name(job->outcome.status));
    put_row(p, words->number, job->id);
    put_either(p, "\r\n", "</table>\r\n");
}

static void put_link(const part *p, const ybb_letter_link *link)
{
    char size[2 * YBB_NUMBER_TEXT];
    ybb__text_from_size(size, sizeof(size), link->bytes);
    put_either(p, "", "<li><a href=\"");
    if (p->html) {
        put_escaped(p, link->url);
        ybb__buffer_put_text(p->out, "\">");
    }
    put_escaped(p, link->name);
    put_either(p, "", "</a>");
    ybb__buffer_put_text(p->out, " (");
    ybb__buffer_put_text(p->out, size);
    ybb__buffer_put_char(p->out, ')');
    if (!p->html) {
        ybb__buffer_put_text(p->out, "\r\n");
        ybb__buffer_put_text(p->out, link->url);
        ybb__buffer_put_text(p->out, "\r\n");
    }
    put_either(p, "\r\n", "</li>\r\n");
}

static void put_links(const part *p, const ybb_letter *letter, const ybb_letter_words *words)
{
    if (letter->link_count == 0)
        return;
    put_paragraph(p, words->links);
    put_either(p, "", "<ul>\r\n");
    for (uint32_t i = 0; i < letter->link_count; i++)
        put_link(p, &letter->links[i]);
    put_either(p, "", "</ul>\r\n");
    if (letter->more > 0) {
        put_either(p, "", "<p>");
        ybb__buffer_put_text(p->out, words->more);
        ybb__buffer_put_char(p->out, ' ');
        ybb__buffer_put_u64(p->out, letter->more);
        put_either(p, "\r\n\r\n", "</p>\r\n");
    }
    put_either(p, "", "<p>");
    ybb__buffer_put_text(p->out, words->until);
    ybb__buffer_put_char(p->out, ' ');
    put_time(p->out, letter->job->expires_at);
    ybb__buffer_put_text(p->out, ". ");
    ybb__buffer_put_text(p->out, words->warning);
    put_either(p, "\r\n\r\n", "</p>\r\n");
}

static void put_part(const part *p, const ybb_letter *letter)
{
    const ybb_job *job = letter->job;
    const ybb_letter_words *words = &ybb__letter_words[job->mail.language];
    bool failed = job->state != YBB_JOB_DONE;
    if (p->html) {
        ybb__buffer_put_text(p->out, "<!DOCTYPE html>\r\n<html lang=\"");
        ybb__buffer_put_text(p->out, words->tag);
        ybb__buffer_put_text(p->out, "\"><head><meta charset=\"utf-8\"><title>");
        ybb__buffer_put_text(p->out, failed ? words->failed : words->ready);
        ybb__buffer_put_text(p->out, "</title></head><body>\r\n");
    }
    put_paragraph(p, failed                       ? words->has_failed
                     : job->delivery.records == 0 ? words->no_record
                                                  : words->is_ready);
    put_about(p, letter, words);
    put_links(p, letter, words);
    if (failed)
        put_paragraph(p, words->hint);
    put_paragraph(p, words->automatic);
    put_either(p, "", "</body></html>\r\n");
}

/* --- the header --- */

/* "Your export is ready: participants_export.xlsx (standard)" */
static void put_subject(ybb_buffer *out, const ybb_letter *letter)
{
    const ybb_job *job = letter->job;
    const ybb_letter_words *words = &ybb__letter_words[job->mail.language];
    ybb_buffer text = {0};
    ybb__buffer_put_text(&text, job->state == YBB_JOB_DONE ? words->ready : words->failed);
    ybb__buffer_put_text(&text, ": ");
    ybb__buffer_put_text(&text, letter->link_count == 1    ? letter->links[0].name
                                : job->export_type != NULL ? job->export_type
                                                           : job->id);
    if (job->template_name != NULL) {
        ybb__buffer_put_text(&text, " (");
        ybb__buffer_put_text(&text, job->template_name);
        ybb__buffer_put_char(&text, ')');
    }
    const char *subject = ybb__buffer_text(&text);
    if (subject != NULL)
        ybb__header_put(out, "Subject", subject);
    out->failed |= subject == NULL;
    ybb__buffer_free(&text);
}

/* "<exp_....1@example.org>": the export, the number of its mail, the sender's domain. */
static void put_message_id(ybb_buffer *out, const ybb_job *job, const char *from)
{
    const char *sign = strchr(from, '@');
    ybb__buffer_put_text(out, "Message-ID: <");
    ybb__buffer_put_text(out, job->id);
    ybb__buffer_put_char(out, '.');
    ybb__buffer_put_u64(out, job->mail.number);
    ybb__buffer_put_text(out, sign != NULL ? sign : "@localhost.localdomain");
    ybb__buffer_put_char(out, '>');
}

ybb_status ybb__letter_write(ybb_message *out, const ybb_letter *letter,
                             const ybb_mail_settings *settings, ybb_error *error)
{
    const ybb_job *job = letter->job;
    ybb_buffer *header = out->headers;
    out->from = settings->from;
    out->to = job->mail.address;
    ybb__header_put_date(header++, letter->now);
    ybb__header_put_mailbox(header++, "From", settings->from_name, settings->from);
    ybb__header_put_mailbox(header++, "To", NULL, job->mail.address);
    put_subject(header++, letter);
    put_message_id(header++, job, settings->from);
    ybb__header_put(header++, "Auto-Submitted", "auto-generated"); /* RFC 3834 */
    put_part(&(part){&out->plain, false}, letter);
    put_part(&(part){&out->html, true}, letter);
    bool failed = ybb__buffer_text(&out->plain) == NULL || ybb__buffer_text(&out->html) == NULL;
    for (size_t i = 0; i < YBB_MAIL_HEADERS; i++)
        failed |= ybb__buffer_text(&out->headers[i]) == NULL;
    return failed ? ybb__fail_memory(error) : YBB_OK;
}

void ybb__message_release(ybb_message *message)
{
    for (size_t i = 0; i < YBB_MAIL_HEADERS; i++)
        ybb__buffer_free(&message->headers[i]);
    ybb__buffer_free(&message->plain);
    ybb__buffer_free(&message->html);
}
