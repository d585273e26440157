/*
 * libcurl is loaded by the first message that a process sends, not with the library: with the two
 * dozen libraries that it needs it would cost every process 4 MB and some milliseconds, and few
 * processes send mail.
 *
 * A message goes over a connection of its own, by a multi handle: its waits end soon when the
 * process is to end, also while a name is looked up.
 */
#include "mail/post.h"

#define CURL_DISABLE_TYPECHECK /* of calls by their names; these go through pointers */
#include <curl/curl.h>
#include <dlfcn.h>

enum {
    LOOK_MS = 100,
    CLASS = 100, /* of a reply: the first of its three digits */
    PASSING = 4,
    PERMANENT = 5,
    STATUS_TEXT = 12 /* "5.123.123" and its end */
};

/* What is used of libcurl, without "curl_". */
#define CURL_FUNCTIONS(XX)                                                                         \
    XX(global_init)                                                                                \
    XX(easy_init)                                                                                  \
    XX(easy_setopt)                                                                                \
    XX(easy_getinfo)                                                                               \
    XX(easy_strerror)                                                                              \
    XX(easy_cleanup)                                                                               \
    XX(multi_init)                                                                                 \
    XX(multi_add_handle)                                                                           \
    XX(multi_perform)                                                                              \
    XX(multi_poll)                                                                                 \
    XX(multi_info_read)                                                                            \
    XX(multi_strerror)                                                                             \
    XX(multi_remove_handle)                                                                        \
    XX(multi_cleanup)                                                                              \
    XX(mime_init)                                                                                  \
    XX(mime_addpart)                                                                               \
    XX(mime_data)                                                                                  \
    XX(mime_type)                                                                                  \
    XX(mime_encoder)                                                                               \
    XX(mime_free)                                                                                  \
    XX(slist_append)                                                                               \
    XX(slist_free_all)

typedef struct library {
#define POINTER(name) __typeof__(curl_##name) *name;
    CURL_FUNCTIONS(POINTER)
#undef POINTER
} library;

/* What a server refused last; the answer to our leaving comes behind it. */
typedef struct reply {
    char status[STATUS_TEXT]; /* RFC 3463: "4.2.0"; "": none */
} reply;

/* Who may stop it. */
typedef struct stopping {
    ybb_post_stop ask;
    void *user;
} stopping;

typedef struct post {
    library curl;
    CURL *easy;
    CURLM *multi;
    curl_mime *mime;
    struct curl_slist *headers, *recipients;
    reply reply;
    stopping stop;
} post;

bool ybb__post_is_built(void)
{
    return true;
}

/* --- libcurl --- */

/* It stays until the process ends: whoever unloaded it would take it from others. */
static void *open_library(void)
{
    static const char *const names[] = {"libcurl.so.4", "libcurl-gnutls.so.4"};
    void *handle = NULL;
    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]) && handle == NULL; i++)
        handle = dlopen(names[i], RTLD_NOW | RTLD_LOCAL | RTLD_NODELETE);
    return handle;
}

/* POSIX has objects' and functions' addresses alike, which C has not. */
static bool find_function(void *handle, const char *name, void *pointer, size_t size)
{
    void *found = dlsym(handle, name);
    if (found == NULL || size != sizeof(found))
        return false;
    memcpy(pointer, &found, size);
    return true;
}

static bool load(library *out)
{
    void *handle = open_library();
    if (handle == NULL)
        return false;
#define FIND(name) find_function(handle, "curl_" #name, &out->name, sizeof(out->name)) &&
    return CURL_FUNCTIONS(FIND) out->global_init(CURL_GLOBAL_DEFAULT) == CURLE_OK;
#undef FIND
}

/* --- replies --- */

/* Copies "d.ddd.ddd" from @at; "" where there is none. */
static void take_status(char *out, const char *at, size_t length)
{
    enum { PARTS = 3, MOST_DIGITS = 3 };
    size_t used = 0;
    out[0] = '\0';
    for (unsigned i = 0; i < PARTS; i++) {
        size_t digits = 0;
        while (digits <= MOST_DIGITS && used + digits < length && at[used + digits] >= '0' &&
               at[used + digits] <= '9')
            digits++;
        used += digits;
        if (digits == 0 || digits > (i == 0 ? 1 : MOST_DIGITS))
            return;
        if (i + 1 < PARTS && (used == length || at[used++] != '.'))
            return;
    }
    memcpy(out, at, used);
    out[used] = '\0';
}

/* libcurl hands over each line of a reply: "451 4.7.1 try again later". */
static size_t take_line(char *at, size_t size, size_t count, void *user)
{
    enum { CODE = 4 };
    reply *to = user;
    size_t length = size * count;
    if (length > CODE && (at[0] == '0' + PASSING || at[0] == '0' + PERMANENT))
        take_status(to->status, at + CODE, length - CODE);
    return length;
}

/* libcurl waits for the answer to a message, and to its leaving, within one call, in which it asks
 * here once a second. */
static int ask_to_stop(void *user, curl_off_t a, curl_off_t b, curl_off_t c, curl_off_t d)
{
    const stopping *stop = user;
    (void)a, (void)b, (void)c, (void)d;
    return stop->ask(stop->user);
}

/* --- what to send --- */

static bool add_line(const library *curl, struct curl_slist **list, const char *line)
{
    struct curl_slist *longer = curl->slist_append(*list, line);
    if (longer == NULL)
        return false;
    *list = longer;
    return true;
}

static bool add_part(const post *p, const ybb_buffer *text, const char *type)
{
    curl_mimepart *added = p->curl.mime_addpart(p->mime);
    return added != NULL && p->curl.mime_data(added, text->at, text->length) == CURLE_OK &&
           p->curl.mime_type(added, type) == CURLE_OK &&
           p->curl.mime_encoder(added, "quoted-printable") == CURLE_OK;
}

/* RFC 2046, 5.1.4: the last part is the one to be preferred. */
static bool add_message(post *p, const ybb_message *message)
{
    for (size_t i = 0; i < YBB_MAIL_HEADERS; i++)
        if (!add_line(&p->curl, &p->headers, message->headers[i].at))
            return false;
    p->mime = p->curl.mime_init(p->easy);
    return p->mime != NULL &&
           add_line(&p->curl, &p->headers, "Content-Type: multipart/alternative") &&
           add_line(&p->curl, &p->recipients, message->to) &&
           add_part(p, &message->plain, "text/plain; charset=utf-8") &&
           add_part(p, &message->html, "text/html; charset=utf-8");
}

/* --- how --- */

/* Options fail for want of memory, or where this libcurl cannot do what is asked; then nothing is
 * sent, for what an option forbids would not be forbidden. */
#define SET(p, option, value) ((p)->curl.easy_setopt((p)->easy, option, value) == CURLE_OK)

static bool set_connection(post *p, const ybb_mail_settings *settings)
{
    const long milliseconds = (long)settings->timeout_seconds * 1000;
    return SET(p, CURLOPT_URL, settings->server) && SET(p, CURLOPT_PROTOCOLS_STR, "smtp,smtps") &&
           SET(p, CURLOPT_PROXY, "") && /* whatever the environment says */
           SET(p, CURLOPT_NETRC, (long)CURL_NETRC_IGNORED) &&
           SET(p, CURLOPT_FORBID_REUSE, 1L) && /* or leaving it would have no time limit of ours */
           SET(p, CURLOPT_NOSIGNAL, 1L) && SET(p, CURLOPT_QUICK_EXIT, 1L) &&
           SET(p, CURLOPT_NOPROGRESS, 0L) && SET(p, CURLOPT_XFERINFOFUNCTION, ask_to_stop) &&
           SET(p, CURLOPT_XFERINFODATA, &p->stop) && SET(p, CURLOPT_VERBOSE, 0L) &&
           SET(p, CURLOPT_CONNECTTIMEOUT_MS, milliseconds) &&
           SET(p, CURLOPT_TIMEOUT_MS, milliseconds) &&
           SET(p, CURLOPT_SERVER_RESPONSE_TIMEOUT, (long)settings->timeout_seconds);
}

static bool set_security(const post *p, const ybb_mail_settings *settings)
{
    enum { NAME_TOO = 2 };
    return SET(p, CURLOPT_USE_SSL, (long)(settings->starttls ? CURLUSESSL_ALL : CURLUSESSL_NONE)) &&
           SET(p, CURLOPT_SSLVERSION, (long)CURL_SSLVERSION_TLSv1_2) &&
           SET(p, CURLOPT_SSL_VERIFYPEER, 1L) && SET(p, CURLOPT_SSL_VERIFYHOST, (long)NAME_TOO) &&
           (settings->ca_file == NULL || SET(p, CURLOPT_CAINFO, settings->ca_file)) &&
           (settings->user == NULL || (SET(p, CURLOPT_USERNAME, settings->user) &&
                                       SET(p, CURLOPT_PASSWORD, settings->password)));
}

static bool set_message(post *p, const ybb_message *message)
{
    return SET(p, CURLOPT_MAIL_FROM, message->from) && SET(p, CURLOPT_MAIL_RCPT, p->recipients) &&
           SET(p, CURLOPT_HTTPHEADER, p->headers) && SET(p, CURLOPT_MIMEPOST, p->mime) &&
           SET(p, CURLOPT_HEADERFUNCTION, take_line) && SET(p, CURLOPT_HEADERDATA, &p->reply);
}

static bool begin(post *p, const ybb_message *message, const ybb_mail_settings *settings)
{
    p->easy = p->curl.easy_init();
    p->multi = p->curl.multi_init();
    return p->easy != NULL && p->multi != NULL && add_message(p, message) &&
           set_connection(p, settings) && set_security(p, settings) && set_message(p, message) &&
           p->curl.multi_add_handle(p->multi, p->easy) == CURLM_OK;
}

static void end(post *p)
{
    if (p->multi != NULL && p->easy != NULL)
        (void)p->curl.multi_remove_handle(p->multi, p->easy);
    p->curl.easy_cleanup(p->easy);
    if (p->multi != NULL)
        (void)p->curl.multi_cleanup(p->multi);
    p->curl.mime_free(p->mime);
    p->curl.slist_free_all(p->headers);
    p->curl.slist_free_all(p->recipients);
}

/* --- how it went --- */

static bool is_of_tls(CURLcode code)
{
    switch (code) {
    case CURLE_USE_SSL_FAILED:
    case CURLE_PEER_FAILED_VERIFICATION:
    case CURLE_SSL_CONNECT_ERROR:
    case CURLE_SSL_CERTPROBLEM:
    case CURLE_SSL_CIPHER:
    case CURLE_SSL_CACERT_BADFILE:
    case CURLE_SSL_ISSUER_ERROR:
    case CURLE_SSL_INVALIDCERTSTATUS:
    case CURLE_SSL_CRL_BADFILE:
    case CURLE_SSL_ENGINE_NOTFOUND:
    case CURLE_SSL_ENGINE_SETFAILED:
        return true;
    default:
        return false;
    }
}

/* A text of ours for what may be done something about; libcurl's own may quote the server. */
static const char *reason_of(const post *p, CURLcode code)
{
    switch (code) {
    case CURLE_USE_SSL_FAILED:
        return "it offers no encryption (STARTTLS)";
    case CURLE_PEER_FAILED_VERIFICATION:
        return "its certificate is not one that is trusted, or names another host";
    case CURLE_SSL_CACERT_BADFILE:
        return "mail.ca_file cannot be read";
    case CURLE_COULDNT_RESOLVE_HOST:
        return "its name is not known";
    case CURLE_COULDNT_CONNECT:
        return "no connection can be made";
    case CURLE_OPERATION_TIMEDOUT:
        return "it did not answer in time";
    default:
        return p->curl.easy_strerror(code);
    }
}

static ybb_status fail_reply(ybb_error *error, long code, const reply *last)
{
    bool permanent = code / CLASS == PERMANENT;
    return ybb__fail(error, permanent ? YBB_MAIL_REFUSED : YBB_MAIL_DEFERRED,
                     "the mail server %s (%ld%s%s)",
                     permanent ? "refuses the e-mail" : "puts the e-mail off", code,
                     last->status[0] != '\0' ? " " : "", last->status);
}

static ybb_status fail_stopped(ybb_error *error)
{
    return ybb__fail(error, YBB_NOT_READY, "the e-mail is left to another process");
}

static ybb_status judge(const post *p, CURLcode code, ybb_error *error)
{
    long answered = 0;
    if (code == CURLE_OK)
        return YBB_OK;
    if (code == CURLE_OUT_OF_MEMORY)
        return ybb__fail_memory(error);
    if (code == CURLE_ABORTED_BY_CALLBACK)
        return fail_stopped(error);
    if (is_of_tls(code))
        return ybb__fail(error, YBB_MAIL_INSECURE, "the mail server is not trusted: %s",
                         reason_of(p, code));
    (void)p->curl.easy_getinfo(p->easy, CURLINFO_RESPONSE_CODE, &answered);
    bool is_refusal = answered / CLASS == PASSING || answered / CLASS == PERMANENT;
    if (is_refusal && code != CURLE_OPERATION_TIMEDOUT)
        return fail_reply(error, answered, &p->reply);
    return ybb__fail(error, YBB_MAIL_UNAVAILABLE, "the mail server cannot be used: %s",
                     reason_of(p, code));
}

/* Until it is done: *@code. */
static ybb_status carry_out(const post *p, CURLcode *code, ybb_error *error)
{
    int running = 1;
    for (;;) {
        int left;
        CURLMcode went = p->curl.multi_perform(p->multi, &running);
        if (went == CURLM_OK && running > 0)
            went = p->curl.multi_poll(p->multi, NULL, 0, LOOK_MS, NULL);
        if (went != CURLM_OK)
            return ybb__fail(error, YBB_MAIL_UNAVAILABLE, "the mail server cannot be used: %s",
                             p->curl.multi_strerror(went));
        const CURLMsg *message = p->curl.multi_info_read(p->multi, &left);
        if (message != NULL && message->msg == CURLMSG_DONE) {
            *code = message->data.result;
            return YBB_OK;
        }
        if (p->stop.ask(p->stop.user))
            return fail_stopped(error);
    }
}

ybb_status ybb__post_send(const ybb_message *message, const ybb_mail_settings *settings,
                          ybb_post_stop stop, void *user, ybb_error *error)
{
    post p = {.stop = {stop, user}};
    CURLcode code = CURLE_OK;
    if (!load(&p.curl))
        return ybb__fail(error, YBB_MAIL_UNAVAILABLE, "libcurl (libcurl.so.4) cannot be loaded");
    ybb_status status = YBB_OK;
    if (!begin(&p, message, settings))
        status = ybb__fail(error, YBB_MAIL_UNAVAILABLE,
                           "the mail server cannot be used: libcurl lacks memory or an option");
    if (status == YBB_OK)
        status = carry_out(&p, &code, error);
    if (status == YBB_OK)
        status = judge(&p, code, error);
    end(&p);
    return status;
}
