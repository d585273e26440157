#include "model/settings.h"

#include "base/text.h"

#include <stdio.h>
#include <string.h>

enum { MOST_KEYS = 64, NAME_BYTES = 64 };

static void *place_of(const ybb_setting *setting, void *base)
{
    return (char *)base + setting->offset;
}

static bool is_text(const ybb_setting *setting)
{
    return setting->kind == YBB_SETTING_TEXT || setting->kind == YBB_SETTING_WORDING ||
           setting->kind == YBB_SETTING_SECRET;
}

/* Reading */

/* What a text may be, for a person. */
static void describe_text(char *out, size_t capacity, const ybb_setting *setting)
{
    static const struct {
        const char *(*check)(const char *);
        const char *allowed;
    } all[] = {
        {ybb__check_date_format, "YYYY, MM, DD and signs between them, as in \"YYYY-MM-DD\""},
        {ybb__check_datetime_format,
         "YYYY, MM, DD, HH, mm, ss and signs between them, as in \"YYYY-MM-DD HH:mm:ss\""},
        {ybb__check_number_format, "a number format such as \"#,##0.00\""},
        {ybb__check_base_url,
         "http:// or https:// and a host, as in \"https://admin.example.org\""},
        {ybb__check_link_secret, "at least 32 bytes"},
        {ybb__check_mail_server,
         "smtp:// or smtps:// and a host, as in \"smtp://mail.example.org:587\""},
        {ybb__check_mail_address,
         "letters, digits and single . _ % + - before @, a domain behind it"},
        {ybb__check_mail_word, "no control character"},
        {ybb__check_mail_path, "an absolute path"},
    };
    size_t i = 0, count = sizeof(all) / sizeof(all[0]);
    while (i < count && all[i].check != setting->check)
        i++;
    snprintf(out, capacity, "%s%sat most %u bytes", i < count ? all[i].allowed : "",
             i < count ? "; " : "", (unsigned)setting->most);
}

static void read_text(ybb_settings *s, const ybb_setting *setting, const ybb_json *value)
{
    char allowed[128];
    const char **to = place_of(setting, s->base);
    bool secret = setting->kind == YBB_SETTING_SECRET;
    if (value->kind != YBB_JSON_TEXT) {
        if (secret)
            ybb__json_fail_secret(s->reader, value, YBB_INVALID_TYPE, "a text", "is not a text");
        else
            ybb__json_fail_type(s->reader, value, "a text");
        return;
    }
    bool checked =
        setting->check != NULL && (value->length > 0 || setting->kind == YBB_SETTING_WORDING);
    const char *wrong = value->length > setting->most ? "is too long"
                        : checked                     ? setting->check(value->at)
                                                      : NULL;
    describe_text(allowed, sizeof(allowed), setting);
    if (wrong != NULL && secret)
        ybb__json_fail_secret(s->reader, value, YBB_INVALID_VALUE, NULL, "%s", wrong);
    else if (wrong != NULL && setting->check == ybb__check_timezone)
        ybb__refuse_timezone(s->reader, value);
    else if (wrong != NULL)
        ybb__json_fail(s->reader, value, YBB_INVALID_VALUE, allowed, NULL, "%s", wrong);
    if (s->reader->status != YBB_OK)
        return;
    if (setting->kind != YBB_SETTING_WORDING && value->length == 0) {
        *to = NULL;
        return;
    }
    const char *copy = ybb__arena_text(s->arena, value->at);
    if (copy == NULL)
        ybb__json_fail_memory(s->reader);
    else
        *to = copy;
}

static void read_count(ybb_settings *s, const ybb_setting *setting, const ybb_json *value,
                       uint64_t *to)
{
    ybb__json_take_u64(s->reader, value->parent, value->key, setting->least, setting->most, to);
}

static void read_small(ybb_settings *s, const ybb_setting *setting, const ybb_json *value)
{
    uint64_t number;
    if (ybb__json_take_u64(s->reader, value->parent, value->key, setting->least, setting->most,
                           &number))
        *(unsigned *)place_of(setting, s->base) = (unsigned)number;
}

static void read_gigas(ybb_settings *s, const ybb_setting *setting, const ybb_json *value)
{
    static const double least = 0.001;
    double number;
    if (value->kind != YBB_JSON_NUMBER)
        ybb__json_fail_type(s->reader, value, "a number");
    else if (!ybb__json_to_double(value, &number) || number < least ||
             number > (double)setting->most)
        ybb__json_fail(s->reader, value, YBB_INVALID_VALUE, NULL, NULL, "is not from 0.001 to %u",
                       (unsigned)setting->most);
    else
        *(double *)place_of(setting, s->base) = number;
}

/* "5 minutes": digits, blanks, one of the units; *@factor is what that one counts. */
static bool take_unit(const char *text, const char *const *units, const uint64_t *factors,
                      uint64_t *number)
{
    size_t digits = strspn(text, "0123456789");
    const char *unit = text + digits + strspn(text + digits, " ");
    for (size_t i = 0; units[i] != NULL; i++)
        if (strcmp(unit, units[i]) == 0 && ybb__text_to_u64(text, digits, number))
            return !__builtin_mul_overflow(*number, factors[i], number);
    return false;
}

static void read_quantity(ybb_settings *s, const ybb_setting *setting, const ybb_json *value)
{
    static const char *const times[] = {"minutes", "minute", "hours", "hour", NULL};
    static const uint64_t minutes[] = {1, 1, 60, 60};
    static const char *const shares[] = {"%", NULL};
    static const uint64_t percents[] = {1};
    bool time = setting->kind == YBB_SETTING_MINUTES;
    uint64_t number;
    if (value->kind != YBB_JSON_TEXT) {
        read_count(s, setting, value, place_of(setting, s->base));
        return;
    }
    bool taken = ybb__text_to_u64(value->at, value->length, &number) ||
                 take_unit(value->at, time ? times : shares, time ? minutes : percents, &number);
    if (!taken || number < setting->least || number > setting->most)
        ybb__json_fail(
            s->reader, value, YBB_INVALID_VALUE, time ? "\"5 minutes\", \"1 hour\"" : "\"80%\"",
            NULL, "is not %s from %u to %u: \"%.40s\"", time ? "a number of minutes" : "percent",
            (unsigned)setting->least, (unsigned)setting->most, value->at);
    else
        *(uint64_t *)place_of(setting, s->base) = number;
}

void ybb__setting_read(ybb_settings *s, const ybb_setting *setting, const ybb_json *value)
{
    if (s->reader->status != YBB_OK || value->kind == YBB_JSON_NULL)
        return;
    switch (setting->kind) {
    case YBB_SETTING_TEXT:
    case YBB_SETTING_WORDING:
    case YBB_SETTING_SECRET:
        read_text(s, setting, value);
        return;
    case YBB_SETTING_BOOL:
        ybb__json_take_bool(s->reader, value->parent, value->key, place_of(setting, s->base));
        return;
    case YBB_SETTING_COUNT:
        read_count(s, setting, value, place_of(setting, s->base));
        return;
    case YBB_SETTING_SMALL:
        read_small(s, setting, value);
        return;
    case YBB_SETTING_GIGAS:
        read_gigas(s, setting, value);
        return;
    case YBB_SETTING_MINUTES:
    case YBB_SETTING_PERCENT:
        read_quantity(s, setting, value);
        return;
    case YBB_SETTING_CUSTOM:
        setting->read(s, value, place_of(setting, s->base));
        return;
    }
}

/* A setting's step behind @prefix: "max_file_size_mb", or "system_limits" of a longer path. NULL:
 * not behind it. */
static const char *step_behind(const ybb_setting *setting, const char *prefix, size_t *length)
{
    size_t skipped = strlen(prefix);
    if (strncmp(setting->path, prefix, skipped) != 0)
        return NULL;
    *length = strcspn(setting->path + skipped, ".");
    return setting->path + skipped;
}

/* First steps of paths, each once. */
typedef struct steps {
    char text[MOST_KEYS][NAME_BYTES];
    const char *list[MOST_KEYS];
    size_t count;
} steps;

static void add_steps(steps *names, const ybb_setting *items, size_t count, const char *prefix)
{
    size_t length;
    for (size_t i = 0; i < count && names->count < MOST_KEYS; i++) {
        const char *step = step_behind(&items[i], prefix, &length);
        if (step == NULL || length >= NAME_BYTES)
            continue;
        char *text = names->text[names->count];
        memcpy(text, step, length);
        text[length] = '\0';
        if (names->count > 0 && strcmp(names->text[names->count - 1], text) == 0)
            continue;
        names->list[names->count++] = text;
    }
}

static void fail_unknown(ybb_settings *s, const ybb_json *member, const char *prefix)
{
    steps names = {.count = 0};
    add_steps(&names, s->items, s->count, prefix);
    ybb__json_fail_key(s->reader, member, YBB_UNKNOWN_KEY, "known setting", names.list,
                       names.count);
}

void ybb__settings_known(ybb_settings *s, const ybb_setting *others, size_t other_count,
                         const ybb_json *root)
{
    steps names = {.count = 0};
    add_steps(&names, s->items, s->count, "");
    add_steps(&names, others, other_count, "");
    for (const ybb_json *member = root->first; member != NULL; member = member->next) {
        size_t i = 0;
        while (i < names.count && strcmp(names.list[i], member->key) != 0)
            i++;
        if (i == names.count)
            ybb__json_fail_key(s->reader, member, YBB_UNKNOWN_KEY, "known setting", names.list,
                               names.count);
    }
}

void ybb__settings_member(ybb_settings *s, const ybb_json *member, const char *prefix)
{
    size_t length;
    for (size_t i = 0; i < s->count; i++) {
        const char *step = step_behind(&s->items[i], prefix, &length);
        if (step == NULL || !ybb__text_equal(step, length, member->key))
            continue;
        if (step[length] == '\0') {
            ybb__setting_read(s, &s->items[i], member);
            return;
        }
        char longer[2 * NAME_BYTES];
        size_t size = (size_t)(step - s->items[i].path) + length + 1;
        if (member->kind == YBB_JSON_NULL || !ybb__json_is_object(s->reader, member) ||
            size >= sizeof(longer))
            return;
        memcpy(longer, s->items[i].path, size);
        longer[size] = '\0';
        ybb__settings_read(s, member, longer);
        return;
    }
    fail_unknown(s, member, prefix);
}

void ybb__settings_read(ybb_settings *s, const ybb_json *object, const char *prefix)
{
    if (!ybb__json_is_object(s->reader, object))
        return;
    for (const ybb_json *member = object->first; member != NULL && s->reader->status == YBB_OK;
         member = member->next)
        ybb__settings_member(s, member, prefix);
}

bool ybb__settings_own(const ybb_setting *items, size_t count, void *base, ybb_arena *arena)
{
    for (size_t i = 0; i < count; i++) {
        const char **text = place_of(&items[i], base);
        if (!is_text(&items[i]) || *text == NULL)
            continue;
        *text = ybb__arena_text(arena, *text);
        if (*text == NULL)
            return false;
    }
    return true;
}

/* Writing */

static void write_text(ybb_buffer *out, const char *text)
{
    if (text == NULL) {
        ybb__buffer_put_text(out, "null");
        return;
    }
    ybb_json value = {.kind = YBB_JSON_TEXT, .at = text, .length = strlen(text)};
    ybb__json_write(out, &value, 0);
}

static void write_quantity(ybb_buffer *out, uint64_t number, const char *unit)
{
    ybb__buffer_put_char(out, '"');
    ybb__buffer_put_u64(out, number);
    ybb__buffer_put_text(out, unit);
    ybb__buffer_put_char(out, '"');
}

void ybb__setting_write(ybb_buffer *out, const ybb_setting *setting, const void *base)
{
    char number[YBB_NUMBER_TEXT];
    const void *at = (const char *)base + setting->offset;
    switch (setting->kind) {
    case YBB_SETTING_TEXT:
    case YBB_SETTING_WORDING:
    case YBB_SETTING_SECRET:
        write_text(out, *(const char *const *)at);
        return;
    case YBB_SETTING_BOOL:
        ybb__buffer_put_text(out, *(const bool *)at ? "true" : "false");
        return;
    case YBB_SETTING_COUNT:
        ybb__buffer_put_u64(out, *(const uint64_t *)at);
        return;
    case YBB_SETTING_SMALL:
        ybb__buffer_put_u64(out, *(const unsigned *)at);
        return;
    case YBB_SETTING_GIGAS:
        ybb__text_from_double(number, *(const double *)at);
        ybb__buffer_put_text(out, number);
        return;
    case YBB_SETTING_MINUTES:
        write_quantity(out, *(const uint64_t *)at, " minutes");
        return;
    case YBB_SETTING_PERCENT:
        write_quantity(out, *(const uint64_t *)at, "%");
        return;
    case YBB_SETTING_CUSTOM:
        setting->write(out, at);
        return;
    }
}
