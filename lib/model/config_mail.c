/* How mail is sent: what the keys of `mail` may be, and what they need. */
#include "model/mail_address.h"
#include "model/settings.h"

#include <string.h>

/* --- what each may be --- */

static bool is_port(const char *text)
{
    enum { MOST_DIGITS = 5, MOST_PORT = 65535 };
    unsigned port = 0;
    size_t digits = strspn(text, "0123456789");
    if (digits == 0 || digits > MOST_DIGITS || text[digits] != '\0' || text[0] == '0')
        return false;
    for (; *text != '\0'; text++)
        port = 10 * port + (unsigned)(*text - '0');
    return port <= MOST_PORT;
}

/* A scheme, a host (a name, or an address: IPv6 in brackets), a port. No user and no path: libcurl
 * would take a password or another name of ours out of them. */
const char *ybb__check_mail_server(const char *text)
{
    static const char *const schemes[] = {"smtp://", "smtps://"};
    static const char wrong[] = "is not smtp:// or smtps:// with a host and perhaps a port";
    static const char letters[] =
        "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.-";
    const char *host = NULL;
    for (size_t i = 0; i < sizeof(schemes) / sizeof(schemes[0]); i++)
        if (strncmp(text, schemes[i], strlen(schemes[i])) == 0)
            host = text + strlen(schemes[i]);
    if (host == NULL)
        return wrong;
    size_t length = strspn(host, letters);
    if (host[0] == '[') {
        length = 1 + strspn(host + 1, "0123456789abcdefABCDEF:.");
        length = length > 1 && host[length] == ']' ? length + 1 : 0;
    }
    if (length == 0 || host[0] == '-' || host[0] == '.')
        return wrong;
    bool ends = host[length] == '\0' || (host[length] == ':' && is_port(host + length + 1));
    return ends ? NULL : wrong;
}

const char *ybb__check_mail_address(const char *text)
{
    return ybb__mail_is_address(text, strlen(text)) ? NULL : "is no plain e-mail address";
}

const char *ybb__check_mail_word(const char *text)
{
    for (const char *c = text; *c != '\0'; c++)
        if ((unsigned char)*c < ' ' || *c == 0x7F)
            return "has a control character";
    return NULL;
}

const char *ybb__check_mail_path(const char *text)
{
    return text[0] == '/' ? ybb__check_mail_word(text) : "is no absolute path";
}

void ybb__mail_allowed_read(ybb_settings *s, const ybb_json *value, void *at)
{
    enum { MOST_ALLOWED = 1000 };
    static const char allowed[] = "e-mail addresses, and domains for all addresses of theirs";
    if (!ybb__json_is_array(s->reader, value))
        return;
    const char **items = ybb__arena_array(s->arena, (size_t)value->count + 1, sizeof(*items));
    if (items == NULL) {
        ybb__json_fail_memory(s->reader);
        return;
    }
    if (value->count > MOST_ALLOWED)
        ybb__json_fail(s->reader, value, YBB_INVALID_VALUE, allowed, NULL, "are more than %d",
                       MOST_ALLOWED);
    for (const ybb_json *item = value->first; item != NULL && s->reader->status == YBB_OK;
         item = item->next) {
        if (item->kind != YBB_JSON_TEXT)
            ybb__json_fail_type(s->reader, item, "a text");
        else if (!ybb__mail_is_address(item->at, item->length) &&
                 (strlen(item->at) != item->length || !ybb__mail_is_domain(item->at)))
            ybb__json_fail(s->reader, item, YBB_INVALID_VALUE, allowed, NULL,
                           "is neither a plain e-mail address nor a domain");
        else if ((items[item->index] = ybb__arena_text(s->arena, item->at)) == NULL)
            ybb__json_fail_memory(s->reader);
    }
    if (s->reader->status == YBB_OK)
        *(ybb_texts *)at = (ybb_texts){items, value->count};
}

/* --- what they need --- */

static ybb_status blame(ybb_error *error, const char *key, const char *why)
{
    ybb_status status = ybb__fail(error, YBB_INVALID_CONFIG, "%s %s", key, why);
    ybb__error_blame(error, key, NULL, NULL, NULL);
    return status;
}

ybb_status ybb__config_check_mail(const struct ybb_config *config, ybb_error *error)
{
    static const char secure[] = "smtps://";
    static const char missing[] = "is missing, and mail.server is set";
    const ybb_mail_settings *mail = &config->mail;
    if (mail->server == NULL)
        return YBB_OK;
    if (mail->from == NULL)
        return blame(error, "mail.from", missing);
    if (config->base_url == NULL)
        return blame(error, "base_url", missing);
    if (config->link_secret == NULL)
        return blame(error, "link_secret", missing);
    if ((mail->user == NULL) != (mail->password == NULL))
        return blame(error, mail->user == NULL ? "mail.user" : "mail.password",
                     "is missing, and the other of the two is set");
    if (mail->password != NULL && !mail->starttls &&
        strncmp(mail->server, secure, strlen(secure)) != 0)
        return blame(error, "mail.starttls",
                     "is false, so the password would be sent in the clear");
    return YBB_OK;
}
