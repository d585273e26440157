/*
 * Signed links: whoever has one may read one file of an export for a while, without being asked who
 * he is. A signature is "<expiry>.<code>": the second since 1970 at which it ends to hold, and in
 * base64url without padding (RFC 4648, 5) the HMAC-SHA256 (RFC 2104) of what it stands for under
 * the configuration's link_secret. Nothing is kept: a signature holds in every process and on every
 * machine that has the secret.
 */
#include "run/link.h"

#include "base/clock.h"
#include "base/random.h"
#include "base/text.h"
#include "run/exporter_inner.h"

#include <nettle/base64.h>
#include <nettle/hmac.h>
#include <nettle/memops.h>
#include <string.h>

enum {
    CODE_TEXT = BASE64_ENCODE_LENGTH(SHA256_DIGEST_SIZE) + 1,
    MOST_SECONDS = 366 * 24 * 60 * 60,
    MICROSECONDS = 1000000
};

typedef struct target {
    const char *id;
    int number;
    int64_t expiry;
} target;

static void add_text(struct hmac_sha256_ctx *hmac, const char *text)
{
    hmac_sha256_update(hmac, strlen(text) + 1, (const uint8_t *)text);
}

static void add_number(struct hmac_sha256_ctx *hmac, int64_t number)
{
    char text[YBB_NUMBER_TEXT];
    ybb__text_from_i64(text, number);
    add_text(hmac, text);
}

/* The code of a link in @code, which has CODE_TEXT bytes. Each part ends in a NUL, so no two links
 * have the same text; the first names the purpose, so that the secret can serve others too. */
static void make_code(char *code, const char *secret, const target *to)
{
    struct hmac_sha256_ctx hmac;
    struct base64_encode_ctx base64;
    uint8_t sum[SHA256_DIGEST_SIZE];
    char padded[BASE64_ENCODE_RAW_LENGTH(SHA256_DIGEST_SIZE)];
    hmac_sha256_set_key(&hmac, strlen(secret), (const uint8_t *)secret);
    add_text(&hmac, "ybb-link-1");
    add_text(&hmac, to->id);
    add_number(&hmac, to->number);
    add_number(&hmac, to->expiry);
    hmac_sha256_digest(&hmac, sizeof(sum), sum);
    base64url_encode_init(&base64);
    size_t length = base64_encode_update(&base64, padded, sizeof(sum), sum);
    base64_encode_final(&base64, padded + length);
    memcpy(code, padded, CODE_TEXT - 1); /* less the padding */
    code[CODE_TEXT - 1] = '\0';
}

static ybb_status check_secret(const struct ybb_config *config, ybb_error *error)
{
    if (config->link_secret != NULL)
        return YBB_OK;
    ybb_status status = ybb__fail(error, YBB_INVALID_CONFIG,
                                  "links are signed with link_secret, "
                                  "which the configuration lacks");
    ybb__error_blame(error, "link_secret", NULL, "a text of 32 bytes or more", NULL);
    return status;
}

int64_t ybb__link_most_seconds(void)
{
    return MOST_SECONDS;
}

ybb_status ybb__link_sign(char **signature, const struct ybb_config *config, const char *id,
                          int number, int64_t seconds, ybb_error *error)
{
    char code[CODE_TEXT];
    ybb_status status = check_secret(config, error);
    if (status != YBB_OK)
        return status;
    if (!ybb__is_id(id))
        return ybb__fail(error, YBB_NOT_FOUND, "\"%.64s\" is not an export id", id);
    if (seconds < 1 || seconds > MOST_SECONDS)
        return ybb__fail(error, YBB_MISUSE, "a link holds for 1 to %d seconds", MOST_SECONDS);
    const target to = {id, number, ybb__clock_now() / MICROSECONDS + seconds};
    ybb_buffer text = {0};
    make_code(code, config->link_secret, &to);
    ybb__buffer_put_u64(&text, (uint64_t)to.expiry);
    ybb__buffer_put_char(&text, '.');
    ybb__buffer_put_text(&text, code);
    *signature = ybb__buffer_take(&text);
    return *signature != NULL ? YBB_OK : ybb__fail_memory(error);
}

ybb_status ybb__exporter_sign(char **signature, ybb_exporter *exporter, const char *id, int number,
                              int64_t seconds, ybb_error *error)
{
    return ybb__link_sign(signature, &exporter->config, id, number, seconds, error);
}

/* The code of a signature, or NULL where it is none. */
static const char *read_signature(const char *signature, int64_t *expiry)
{
    const char *point = strchr(signature, '.');
    if (point == NULL || strlen(point + 1) != CODE_TEXT - 1 || *signature == '0' ||
        !ybb__text_to_i64(signature, (size_t)(point - signature), expiry))
        return NULL;
    return point + 1;
}

/* Compares in a time that does not tell how much of the code is right. */
static bool is_code(const char *given, const char *secret, const target *to)
{
    char code[CODE_TEXT];
    if (secret == NULL)
        return false;
    make_code(code, secret, to);
    return memeql_sec(code, given, CODE_TEXT) != 0;
}

ybb_status ybb__exporter_check_signature(ybb_exporter *exporter, const char *id, int number,
                                         const char *signature, ybb_error *error)
{
    const struct ybb_config *config = &exporter->config;
    target to = {id, number, 0};
    ybb_status status = check_secret(config, error);
    if (status != YBB_OK)
        return status;
    const char *code = read_signature(signature, &to.expiry);
    if (code == NULL || !(is_code(code, config->link_secret, &to) ||
                          is_code(code, config->link_secret_before, &to)))
        return ybb__fail(error, YBB_LINK_INVALID, "the signature is not that of this file");
    if (to.expiry <= ybb__clock_now() / MICROSECONDS)
        return ybb__fail(error, YBB_LINK_EXPIRED, "the link's time is over");
    return YBB_OK;
}
