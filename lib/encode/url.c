#include "encode/url.h"

#include "base/utf8.h"
#include "model/catalog.h"

/* An address being written. */
typedef struct writer {
    ybb_url *url;
    uint32_t length;
    bool failed;
} writer;

static bool is_letter_or_digit(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

static bool is_hex(char c)
{
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
}

static void put(writer *w, char c)
{
    if (w->length < YBB_URL_MOST)
        w->url->text[w->length++] = c;
    else
        w->failed = true;
}

static void put_encoded(writer *w, char c)
{
    static const char digits[] = "0123456789ABCDEF";
    put(w, '%');
    put(w, digits[(unsigned char)c >> 4]);
    put(w, digits[(unsigned char)c & 15]);
}

/* The length of the scheme that @cell begins with, its mark included, and whether a host follows; 0
 * where it is none of @schemes. */
static uint32_t scheme_of(const ybb_cell *cell, unsigned schemes, bool *has_host)
{
    static const struct {
        const char *mark;
        unsigned bit;
    } known[] = {
        {"http://", YBB_LINK_HTTP}, {"https://", YBB_LINK_HTTPS}, {"mailto:", YBB_LINK_MAILTO}};
    for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++) {
        uint32_t at = 0;
        const char *mark = known[i].mark;
        while (at < cell->length && mark[at] != '\0' &&
               (cell->at[at] == mark[at] ||
                (is_letter_or_digit(mark[at]) && cell->at[at] == mark[at] - 'a' + 'A')))
            at++;
        if (mark[at] == '\0') {
            *has_host = mark[at - 1] == '/';
            return (schemes & known[i].bit) != 0 ? at : 0;
        }
    }
    return 0;
}

/* The end of the host, and of a port, that begin at @at; 0 where there is none. */
static uint32_t host_end(const ybb_cell *cell, uint32_t at)
{
    uint32_t begin = at;
    while (at < cell->length &&
           (is_letter_or_digit(cell->at[at]) || cell->at[at] == '.' || cell->at[at] == '-'))
        at++;
    if (at == begin || !is_letter_or_digit(cell->at[begin]))
        return 0;
    if (at < cell->length && cell->at[at] == ':')
        for (at++; at < cell->length && cell->at[at] >= '0' && cell->at[at] <= '9';)
            at++;
    return at == cell->length || strchr("/?#", cell->at[at]) != NULL ? at : 0;
}

/* A character behind the scheme and the host. */
static void put_character(writer *w, const ybb_cell *cell, uint32_t at)
{
    static const char kept[] = "-._~:/?@!$&'()*+,;=";
    char c = cell->at[at];
    bool escape =
        c == '%' && at + 2 < cell->length && is_hex(cell->at[at + 1]) && is_hex(cell->at[at + 2]);
    if ((unsigned char)c < ' ' || c == '\x7f' || c == '\\') {
        w->failed = true;
    } else if (c == '#' && w->url->fragment == 0) {
        w->url->length = w->length;
        put(w, c);
        w->url->fragment = w->length;
    } else if (is_letter_or_digit(c) || escape || strchr(kept, c) != NULL) {
        put(w, c);
    } else {
        put_encoded(w, c);
    }
}

bool ybb__url_read(ybb_url *out, const ybb_cell *cell, unsigned schemes)
{
    writer w = {.url = out};
    bool has_host = false;
    uint32_t at = scheme_of(cell, schemes, &has_host), end = at;
    if (at == 0 || at == cell->length || cell->length > YBB_URL_MOST ||
        cell->at[cell->length - 1] == ' ')
        return false;
    if (has_host)
        end = host_end(cell, at);
    if (end == 0 || (!has_host && memchr(cell->at, '@', cell->length) == NULL) ||
        ybb__utf8_valid(cell->at, cell->length) < cell->length)
        return false;
    out->fragment = out->fragment_length = 0;
    for (uint32_t i = 0; i < end; i++)
        put(&w, cell->at[i]);
    for (uint32_t i = end; !w.failed && i < cell->length; i++)
        put_character(&w, cell, i);
    if (out->fragment == 0)
        out->length = w.length;
    else
        out->fragment_length = w.length - out->fragment;
    return !w.failed;
}
