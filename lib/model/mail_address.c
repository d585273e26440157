#include "model/mail_address.h"

#include <string.h>

static bool is_letter_or_digit(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

/* --- addresses --- */

/* Letters, digits and @others, none of the others first, last, or beside another. */
static bool is_dotted(const char *at, size_t length, const char *others)
{
    bool after_other = true;
    for (size_t i = 0; i < length; i++) {
        bool other = at[i] != '\0' && strchr(others, at[i]) != NULL;
        if ((!is_letter_or_digit(at[i]) && !other) || (other && after_other))
            return false;
        after_other = other;
    }
    return !after_other;
}

bool ybb__mail_is_domain(const char *text)
{
    enum { MOST_LABEL = 63 };
    size_t labels = 0;
    for (;; text++) {
        size_t length = strcspn(text, ".");
        if (length == 0 || length > MOST_LABEL || text[0] == '-' || text[length - 1] == '-')
            return false;
        for (size_t i = 0; i < length; i++)
            if (!is_letter_or_digit(text[i]) && text[i] != '-')
                return false;
        labels++;
        text += length;
        if (*text == '\0')
            return labels >= 2;
    }
}

bool ybb__mail_is_address(const char *text, size_t length)
{
    enum { MOST_ADDRESS = 254, MOST_LOCAL = 64 };
    const char *sign = strchr(text, '@');
    if (sign == NULL || strlen(text) != length || length > MOST_ADDRESS ||
        (size_t)(sign - text) > MOST_LOCAL)
        return false;
    return is_dotted(text, (size_t)(sign - text), "._%+-") && ybb__mail_is_domain(sign + 1);
}

/* --- to whom --- */

static char lower(char c)
{
    return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
}

static bool is_same_domain(const char *a, const char *b)
{
    while (*a != '\0' && lower(*a) == lower(*b))
        a++, b++;
    return *a == *b;
}

static bool is_same_address(const char *a, const char *b)
{
    size_t local = strcspn(a, "@");
    return local == strcspn(b, "@") && memcmp(a, b, local) == 0 &&
           is_same_domain(a + local, b + local);
}

bool ybb__mail_may_go_to(const ybb_mail_settings *mail, const char *address, const char *own)
{
    const char *sign = strchr(address, '@');
    if (sign == NULL)
        return false;
    for (uint32_t i = 0; i < mail->allowed.count; i++) {
        const char *item = mail->allowed.items[i];
        bool is_domain = strchr(item, '@') == NULL;
        if (is_domain ? is_same_domain(item, sign + 1) : is_same_address(item, address))
            return true;
    }
    return own != NULL && is_same_address(own, address);
}
