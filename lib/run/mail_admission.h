/*
 * run/mail_admission: whether a request may have mail sent, and to whom.
 */
#ifndef YBB_RUN_MAIL_ADMISSION_H
#define YBB_RUN_MAIL_ADMISSION_H

#include "model/request.h"

/* Asked when an export is started, and not when it is carried out. @own: the address of who asks,
 * as the calling program knows it; NULL: not known. YBB_UNSUPPORTED, YBB_INVALID_VALUE, with the
 * field to blame. */
ybb_status ybb__mail_admit(const ybb_request *request, const struct ybb_config *config,
                           const char *own, ybb_error *error);

#endif
