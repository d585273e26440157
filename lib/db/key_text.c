#include "db/key_text.h"

#include "base/text.h"

static const char digits[] = "0123456789ABCDEF";

bool ybb__key_is_integer(const char *at, size_t length)
{
    int64_t number;
    uint64_t bits;
    return ybb__text_to_i64(at, length, &number) || ybb__text_to_u64(at, length, &bits);
}

static bool is_plain(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
           c == '.' || c == '_' || c == '~';
}

void ybb__key_text_put(ybb_buffer *out, const char *at, size_t length)
{
    for (size_t i = 0; i < length; i++) {
        unsigned char byte = (unsigned char)at[i];
        const char coded[] = {'%', digits[byte >> 4], digits[byte & 0xf]};
        if (is_plain(at[i]))
            ybb__buffer_put_char(out, at[i]);
        else
            ybb__buffer_put(out, coded, sizeof(coded));
    }
}

/* -1 for a character that is no digit. */
static int digit_value(char c)
{
    const char *at = c == '\0' ? NULL : strchr(digits, c);
    return at == NULL ? -1 : (int)(at - digits);
}

static bool read_coded(ybb_buffer *out, const char *text)
{
    for (; *text != '\0'; text++) {
        if (is_plain(*text)) {
            ybb__buffer_put_char(out, *text);
            continue;
        }
        int high = *text == '%' ? digit_value(text[1]) : -1;
        int low = high < 0 ? -1 : digit_value(text[2]);
        if (low < 0)
            return false;
        ybb__buffer_put_char(out, (char)(16 * high + low));
        text += 2;
    }
    return true;
}

ybb_status ybb__key_text_read(ybb_buffer *out, const char *text, bool integer, ybb_error *error)
{
    size_t before = out->length;
    bool is_key = read_coded(out, text);
    if (ybb__buffer_failed(out))
        return ybb__fail_memory(error);
    if (!is_key || (integer && !ybb__key_is_integer(out->at + before, out->length - before)))
        return ybb__fail(error, YBB_NOT_RESUMABLE,
                         "the key behind which the records go on is none of this export type's");
    return YBB_OK;
}
