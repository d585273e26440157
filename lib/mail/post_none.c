/* Where libcurl is missing. */
#include "mail/post.h"

bool ybb__post_is_built(void)
{
    return false;
}

ybb_status ybb__post_send(const ybb_message *message, const ybb_mail_settings *settings,
                          ybb_post_stop stop, void *user, ybb_error *error)
{
    (void)message, (void)settings, (void)stop, (void)user;
    return ybb__fail(error, YBB_UNSUPPORTED, "this build sends no e-mail");
}
