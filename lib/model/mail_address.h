/*
 * model/mail_address: what counts as an e-mail address here, and which ones may be written to.
 */
#ifndef YBB_MODEL_MAIL_ADDRESS_H
#define YBB_MODEL_MAIL_ADDRESS_H

#include "model/config.h"

/* A narrow part of RFC 5321: never quoted, without a blank or a line's end, not beginning like an
 * option of a program, at most 254 bytes. */
bool ybb__mail_is_address(const char *text, size_t length);
/* At least two labels of letters, digits and inner hyphens. */
bool ybb__mail_is_domain(const char *text);

/* Whether mail may be sent to @address: it, or its domain, is allowed, or it is @own (NULL: not
 * known). Domains are compared without their case; what stands before the @ is the server's to
 * interpret (RFC 5321, 2.4), so that is compared as it is. */
bool ybb__mail_may_go_to(const ybb_mail_settings *mail, const char *address, const char *own);

#endif
