#ifndef _GNU_SOURCE
#define _GNU_SOURCE 1 /* strerrordesc_np */
#endif
#include "base/error.h"

#include "base/utf8.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

static const struct status_entry {
    ybb_status status;
    bool retriable;
    const char *name, *text, *help;
} statuses[] = {
#define STATUS_ENTRY(name, value, retriable, text, help)                                           \
    {YBB_##name, (retriable) != 0, #name, text, help},
    YBB_STATUS_MAP(STATUS_ENTRY)
#undef STATUS_ENTRY
};

/* NULL for a number that is no status. */
static const struct status_entry *find(ybb_status status)
{
    for (size_t i = 0; i < sizeof(statuses) / sizeof(statuses[0]); i++)
        if (statuses[i].status == status)
            return &statuses[i];
    return NULL;
}

static const struct status_entry *entry_of(ybb_status status)
{
    const struct status_entry *entry = find(status);
    return entry != NULL ? entry : find(YBB_INTERNAL);
}

const char *ybb__status_name(ybb_status status)
{
    return entry_of(status)->name;
}

const char *ybb__status_text(ybb_status status)
{
    return entry_of(status)->text;
}

bool ybb__status_retriable(ybb_status status)
{
    return entry_of(status)->retriable;
}

const char *ybb__status_help(ybb_status status)
{
    return entry_of(status)->help;
}

/* Control characters, of which a terminal obeys some, and of which others make a log line two. */
static bool is_control(uint32_t code_point)
{
    return code_point < 0x20 || (code_point >= 0x7F && code_point < 0xA0);
}

/* Appends @text at @at[@used] as one line of well-formed UTF-8, as many characters as fit before
 * the NUL: names of files and texts of a server come in any encoding, answers must not. Returns the
 * new length. */
static size_t append(char *at, size_t used, size_t capacity, const char *text)
{
    static const uint32_t replacement = 0xFFFD;
    size_t length = strlen(text);
    for (size_t i = 0; i < length;) {
        size_t taken;
        char character[4];
        uint32_t code_point = ybb__utf8_next(text + i, length - i, &taken);
        if (is_control(code_point))
            code_point = replacement;
        size_t size = ybb__utf8_put(character, code_point);
        if (capacity - used <= size)
            break;
        memcpy(at + used, character, size);
        used += size;
        i += taken;
    }
    at[used] = '\0';
    return used;
}

/* The system's text for an errno; untranslated, for the host's locale may not write UTF-8. */
static const char *errno_text(int number, char *room, size_t capacity)
{
#if defined(__GLIBC__) && __GLIBC_PREREQ(2, 32)
    const char *text = strerrordesc_np(number);
    if (text != NULL)
        return text;
#endif
    snprintf(room, capacity, "error %d of the system", number);
    return room;
}

static size_t write_message(ybb_error *error, ybb_status status, const char *format, va_list values)
{
    /* Longer than the message, so that a character which does not fit is left out as a whole. */
    char text[YBB_ERROR_TEXT + 4];
    error->status = status;
    if (vsnprintf(text, sizeof(text), format, values) < 0)
        return append(error->message, 0, sizeof(error->message), ybb__status_text(status));
    return append(error->message, 0, sizeof(error->message), text);
}

static bool is_open(const ybb_error *error, ybb_status status)
{
    return error != NULL && error->status == YBB_OK && status != YBB_OK;
}

ybb_status ybb__fail(ybb_error *error, ybb_status status, const char *format, ...)
{
    if (!is_open(error, status))
        return status;
    va_list values;
    va_start(values, format);
    write_message(error, status, format, values);
    va_end(values);
    return status;
}

/* A long message gives way to the errno's text, which says more than its end. */
static void end_with(char *message, size_t length, const char *tail)
{
    size_t most = YBB_ERROR_TEXT - 1 - strlen(": ") - strlen(tail);
    size_t used = ybb__utf8_floor(message, length, most);
    used = append(message, used, YBB_ERROR_TEXT, ": ");
    append(message, used, YBB_ERROR_TEXT, tail);
}

ybb_status ybb__fail_errno(ybb_error *error, ybb_status status, int number, const char *format, ...)
{
    if (!is_open(error, status))
        return status;
    char room[64];
    va_list values;
    va_start(values, format);
    size_t length = write_message(error, status, format, values);
    va_end(values);
    end_with(error->message, length, errno_text(number, room, sizeof(room)));
    return status;
}

ybb_status ybb__fail_memory(ybb_error *error)
{
    return ybb__fail(error, YBB_NO_MEMORY, "%s", ybb__status_text(YBB_NO_MEMORY));
}

static void set(char *to, size_t capacity, const char *text)
{
    append(to, 0, capacity, text != NULL ? text : "");
}

void ybb__error_blame(ybb_error *error, const char *field, const char *value, const char *allowed,
                      const char *suggestion)
{
    if (error == NULL || error->status == YBB_OK || error->field[0] != '\0')
        return;
    set(error->field, sizeof(error->field), field);
    set(error->value, sizeof(error->value), value);
    set(error->allowed, sizeof(error->allowed), allowed);
    set(error->suggestion, sizeof(error->suggestion), suggestion);
}

void ybb__error_copy(ybb_error *to, const ybb_error *from)
{
    if (to == NULL || from == NULL || to->status != YBB_OK || from->status == YBB_OK)
        return;
    *to = *from;
}
