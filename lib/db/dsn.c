#ifndef _GNU_SOURCE
#define _GNU_SOURCE 1 /* explicit_bzero */
#endif
#include "db/dsn.h"

#include "base/text.h"

#include <stdlib.h>
#include <string.h>

enum { GREATEST_PORT = 65535 };

static ybb_status refuse(ybb_error *error, const char *why)
{
    return ybb__fail(error, YBB_INVALID_CONFIG, "the DSN %s", why);
}

static ybb_status begin(ybb_dsn *out, const char *rest, ybb_error *error)
{
    *out = (ybb_dsn){.size = strlen(rest)};
    out->memory = strdup(rest);
    if (out->memory == NULL)
        return ybb__fail_memory(error);
    if (strchr(rest, '#') != NULL)
        return refuse(error, "has a '#'; in a name or a password it is written %23");
    return YBB_OK;
}

/* The value of a hexadecimal digit; -1 for another character. */
static int digit_value(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    if (c >= 'a' && c <= 'f')
        return c - 'a' + 10;
    return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

/* Decodes %XX in place. */
static ybb_status decode(char *text, ybb_error *error)
{
    char *to = text;
    for (const char *at = text; *at != '\0'; at++) {
        if (*at != '%') {
            *to++ = *at;
            continue;
        }
        int high = digit_value(at[1]);
        int low = high < 0 ? -1 : digit_value(at[2]);
        if (low < 0)
            return refuse(error, "has a '%' that is not followed by two hexadecimal digits; "
                                 "a '%' itself is written %25");
        if (high == 0 && low == 0)
            return refuse(error, "has a %00");
        *to++ = (char)(16 * high + low);
        at += 2;
    }
    *to = '\0';
    return YBB_OK;
}

/* Cuts @text at the first of @separators; returns what stands behind it, NULL where there is none.
 */
static char *cut(char *text, const char *separators)
{
    char *at = strpbrk(text, separators);
    if (at == NULL)
        return NULL;
    *at = '\0';
    return at + 1;
}

static const char *unless_empty(const char *text)
{
    return *text != '\0' ? text : NULL;
}

ybb_status ybb__dsn_file(ybb_dsn *out, const char *rest, ybb_error *error)
{
    ybb_status status = begin(out, rest, error);
    if (status != YBB_OK)
        return status;
    if (*rest != '/')
        return refuse(error, "needs an absolute path: sqlite:///folder/file");
    if (strchr(rest, '?') != NULL)
        return refuse(error, "has a '?'; in a path it is written %3F");
    out->path = out->memory;
    return decode(out->memory, error);
}

static ybb_status take_user(ybb_dsn *out, char *text, ybb_error *error)
{
    char *password = cut(text, ":");
    ybb_status status = decode(text, error);
    if (status == YBB_OK && password != NULL)
        status = decode(password, error);
    out->user = unless_empty(text);
    out->password = password;
    return status;
}

/* @text is "host", "host:port", "[address]" or "[address]:port". */
static ybb_status take_host(ybb_dsn *out, char *text, ybb_error *error)
{
    bool bracketed = *text == '[';
    char *host = text + bracketed;
    char *behind = bracketed ? cut(host, "]") : host;
    if (behind == NULL || (bracketed && *behind != '\0' && *behind != ':'))
        return refuse(error, "has an address in brackets that is not closed");
    const char *port = cut(behind, ":");
    uint64_t number = 0;
    if (port != NULL &&
        (!ybb__text_to_u64(port, strlen(port), &number) || number == 0 || number > GREATEST_PORT))
        return refuse(error, "has a port that is no number from 1 to 65535; "
                             "':', '@' and '/' in a password are written %3A, %40 and %2F");
    out->port = (unsigned)number;
    out->host = unless_empty(host);
    return decode(host, error);
}

static ybb_status take_authority(ybb_dsn *out, char *text, ybb_error *error)
{
    char *at = strrchr(text, '@');
    if (at == NULL)
        return take_host(out, text, error);
    *at = '\0';
    ybb_status status = take_user(out, text, error);
    return status == YBB_OK ? take_host(out, at + 1, error) : status;
}

static ybb_status take_parameters(ybb_dsn *out, char *text, ybb_error *error)
{
    while (text != NULL) {
        char *next = cut(text, "&");
        char *value = cut(text, "=");
        if (value == NULL || strcmp(text, "socket") != 0)
            return refuse(error, "has a parameter other than socket");
        if (out->socket != NULL || *value != '/')
            return refuse(error, "needs one absolute path as its socket");
        out->socket = value;
        ybb_status status = decode(value, error);
        if (status != YBB_OK)
            return status;
        text = next;
    }
    return YBB_OK;
}

static bool is_local(const ybb_dsn *dsn)
{
    return dsn->host == NULL || strcmp(dsn->host, "localhost") == 0;
}

ybb_status ybb__dsn_server(ybb_dsn *out, const char *rest, ybb_error *error)
{
    ybb_status status = begin(out, rest, error);
    if (status != YBB_OK)
        return status;
    char *parameters = cut(out->memory, "?");
    char *database = cut(out->memory, "/");
    status = take_authority(out, out->memory, error);
    if (status != YBB_OK)
        return status;
    if (database == NULL || *database == '\0' || strpbrk(database, "/@") != NULL)
        return refuse(error, "needs one database behind the host: mysql://user@host/database");
    out->database = database;
    status = decode(database, error);
    if (status == YBB_OK)
        status = take_parameters(out, parameters, error);
    if (status == YBB_OK && out->socket != NULL && (!is_local(out) || out->port != 0))
        return refuse(error, "has a socket, which goes with the host localhost and no port");
    return status;
}

void ybb__dsn_release(ybb_dsn *dsn)
{
    if (dsn->memory != NULL)
        explicit_bzero(dsn->memory, dsn->size);
    free(dsn->memory);
    *dsn = (ybb_dsn){0};
}
