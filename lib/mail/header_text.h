/*
 * mail/header_text: texts in the header of a mail (RFC 5322, RFC 2047).
 *
 * What is written is ASCII without a control character but for the line ends (CR LF and a blank)
 * where a long text is folded, so no text, whatever it is, can end its header or begin another one.
 */
#ifndef YBB_MAIL_HEADER_TEXT_H
#define YBB_MAIL_HEADER_TEXT_H

#include "base/buffer.h"

/* Appends "@name: @text", unstructured. */
void ybb__header_put(ybb_buffer *out, const char *name, const char *text);
/* Appends "@name: @phrase <@address>"; @phrase NULL: the address alone. */
void ybb__header_put_mailbox(ybb_buffer *out, const char *name, const char *phrase,
                             const char *address);
/* Appends "Date: Wed, 23 Jul 2025 15:30:00 +0000". */
void ybb__header_put_date(ybb_buffer *out, int64_t microseconds);

#endif
