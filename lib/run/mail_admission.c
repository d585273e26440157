#include "run/mail_admission.h"

#include "mail/post.h"
#include "model/mail_address.h"

ybb_status ybb__mail_admit(const ybb_request *request, const struct ybb_config *config,
                           const char *own, ybb_error *error)
{
    static const char allowed[] =
        "the address of who asks, or one that the configuration allows (mail.allowed)";
    ybb_status status;
    if (!request->mails)
        return YBB_OK;
    if (!ybb__post_is_built()) {
        status = ybb__fail(error, YBB_UNSUPPORTED,
                           "this build sends no e-mail: it was made without libcurl");
        ybb__error_blame(error, "delivery_options.email_notification", "true", "false", NULL);
        return status;
    }
    if (ybb__mail_may_go_to(&config->mail, request->email_address, own))
        return YBB_OK;
    status = ybb__fail(error, YBB_INVALID_VALUE, "%s is not an address that mail may be sent to",
                       request->email_field);
    ybb__error_blame(error, request->email_field, request->email_address, allowed, NULL);
    return status;
}
