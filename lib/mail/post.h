/*
 * mail/post: handing a message over to a mail server, by libcurl (the only room that knows it).
 */
#ifndef YBB_MAIL_POST_H
#define YBB_MAIL_POST_H

#include "mail/letter.h"

/* Asked some times a second; true: stop at once. */
typedef bool (*ybb_post_stop)(void *user);

/* Whether this build can. */
bool ybb__post_is_built(void);
/* Sends it, within the time limit of the settings. Failures: YBB_MAIL_REFUSED by the server for
 * good; YBB_MAIL_DEFERRED by it for now; YBB_MAIL_UNAVAILABLE; YBB_MAIL_INSECURE where the
 * connection is not, or not to whom the certificate must name; YBB_NOT_READY when it was stopped,
 * whether or not the server has the mail by then; YBB_UNSUPPORTED where it is not built;
 * YBB_NO_MEMORY. No message has a text of the server's, or of the settings, in it but for the
 * codes that it answered. */
ybb_status ybb__post_send(const ybb_message *message, const ybb_mail_settings *settings,
                          ybb_post_stop stop, void *user, ybb_error *error);

#endif
