/*
 * mail/letter: the mail that says that an export has ended, as a header, a plain and an HTML part.
 */
#ifndef YBB_MAIL_LETTER_H
#define YBB_MAIL_LETTER_H

#include "model/job.h"

/* A file to be downloaded. */
typedef struct ybb_letter_link {
    const char *name, *url;
    uint64_t bytes;
} ybb_letter_link;

/* What is told; all texts are borrowed. */
typedef struct ybb_letter {
    const ybb_job *job;           /* ended, with the address and the language of its mail */
    const ybb_letter_link *links; /* none of an export that failed */
    uint32_t link_count;
    uint32_t more; /* files that there is no link for */
    int64_t now;   /* microseconds UTC */
} ybb_letter;

enum { YBB_MAIL_HEADERS = 6 };

/* A mail, but for what frames its parts. Addresses are plain ones. */
typedef struct ybb_message {
    ybb_buffer headers[YBB_MAIL_HEADERS]; /* each a header without its end */
    ybb_buffer plain, html;
    const char *from, *to; /* of the envelope; borrowed */
} ybb_message;

/* Writes @letter into zeroed @out, which is released in any case. The Message-ID is the same
 * whenever this mail is written, so that whoever gets it twice can tell. YBB_NO_MEMORY. */
ybb_status ybb__letter_write(ybb_message *out, const ybb_letter *letter,
                             const ybb_mail_settings *settings, ybb_error *error);
void ybb__message_release(ybb_message *message);

#endif
