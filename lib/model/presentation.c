/* Settings that a request may carry as well. */
#include "model/settings.h"

#include "base/utf8.h"

#include <string.h>

enum { WORDS = 255, FORMAT = 100, MOST_MAPPINGS = 2000, MOST_FIELDS = 1000, HEADER_UNITS = 255 };

/* data_transformations */

/* "Yes/No" */
static void read_boolean_format(ybb_settings *s, const ybb_json *value, void *at)
{
    ybb_transforms *transforms = at;
    const char *slash = value->kind == YBB_JSON_TEXT ? strchr(value->at, '/') : NULL;
    if (value->kind != YBB_JSON_TEXT) {
        ybb__json_fail_type(s->reader, value, "a text");
        return;
    }
    size_t length = slash != NULL ? (size_t)(slash - value->at) : 0;
    if (slash == NULL || strchr(slash + 1, '/') != NULL || value->length > FORMAT ||
        (length == strlen(slash + 1) && memcmp(value->at, slash + 1, length) == 0)) {
        ybb__json_fail(s->reader, value, YBB_INVALID_VALUE, "\"Yes/No\"", NULL,
                       "is not two words with a / between them: \"%.60s\"", value->at);
        return;
    }
    transforms->true_text = ybb__arena_copy(s->arena, value->at, length);
    transforms->false_text = ybb__arena_text(s->arena, slash + 1);
    if (transforms->true_text == NULL || transforms->false_text == NULL)
        ybb__json_fail_memory(s->reader);
}

static void write_boolean_format(ybb_buffer *out, const void *at)
{
    const ybb_transforms *transforms = at;
    ybb__buffer_put_char(out, '"');
    ybb__buffer_put_text(out, transforms->true_text);
    ybb__buffer_put_char(out, '/');
    ybb__buffer_put_text(out, transforms->false_text);
    ybb__buffer_put_char(out, '"');
}

/* csv */

static const struct {
    const char *name;
    ybb_csv_options options; /* formula_guard is left as it is */
} presets[] = {
    {"excel", {.delimiter = ',', .decimal_point = '.', .bom = true, .crlf = true}},
    /* A spreadsheet set to Indonesian reads ',' as the decimal point and parts columns by ';'. */
    {"excel-id", {.delimiter = ';', .decimal_point = ',', .bom = true, .crlf = true}},
    {"rfc4180", {.delimiter = ',', .decimal_point = '.', .bom = false, .crlf = true}},
};

enum { PRESETS = sizeof(presets) / sizeof(presets[0]) };

/* A preset is a ground for the other keys, wherever it stands among them. */
static void apply_preset(ybb_settings *s, const ybb_json *csv, ybb_csv_options *out)
{
    const char *names[PRESETS];
    uint32_t choice;
    for (size_t i = 0; i < PRESETS; i++)
        names[i] = presets[i].name;
    if (!ybb__json_take_choice(s->reader, csv, "preset", names, PRESETS, &choice))
        return;
    bool guard = out->formula_guard;
    *out = presets[choice].options;
    out->formula_guard = guard;
}

static void read_nothing(ybb_settings *s, const ybb_json *value, void *at)
{
    (void)s;
    (void)value;
    (void)at;
}

static void write_null(ybb_buffer *out, const void *at)
{
    (void)at;
    ybb__buffer_put_text(out, "null");
}

static void read_sign(ybb_settings *s, const ybb_json *value, const char *signs, char *out,
                      const char *allowed)
{
    if (value->kind != YBB_JSON_TEXT)
        ybb__json_fail_type(s->reader, value, "a text");
    else if (value->length != 1 || strchr(signs, *value->at) == NULL)
        ybb__json_fail(s->reader, value, YBB_INVALID_VALUE, allowed, NULL, "is not one of %s",
                       allowed);
    else
        *out = *value->at;
}

static void read_delimiter(ybb_settings *s, const ybb_json *value, void *at)
{
    read_sign(s, value, ",;\t|", at, "\",\", \";\", \"\\t\", \"|\"");
}

static void read_point(ybb_settings *s, const ybb_json *value, void *at)
{
    read_sign(s, value, ".,", at, "\".\", \",\"");
}

static void write_sign(ybb_buffer *out, const void *at)
{
    ybb_json value = {.kind = YBB_JSON_TEXT, .at = at, .length = 1};
    ybb__json_write(out, &value, 0);
}

/* The words for false and true of the bool at @at. */
static void read_words(ybb_settings *s, const ybb_json *value, const char *const words[2], bool *at)
{
    uint32_t choice;
    if (ybb__json_take_choice(s->reader, value->parent, value->key, words, 2, &choice))
        *at = choice == 1;
}

static void write_word(ybb_buffer *out, const char *word)
{
    ybb__buffer_put_char(out, '"');
    ybb__buffer_put_text(out, word);
    ybb__buffer_put_char(out, '"');
}

static const char *const line_endings[] = {"lf", "crlf"}, *const quotes[] = {"minimal", "all"};

static void read_line_ending(ybb_settings *s, const ybb_json *value, void *at)
{
    read_words(s, value, line_endings, at);
}

static void write_line_ending(ybb_buffer *out, const void *at)
{
    write_word(out, line_endings[*(const bool *)at]);
}

static void read_quote(ybb_settings *s, const ybb_json *value, void *at)
{
    read_words(s, value, quotes, at);
}

static void write_quote(ybb_buffer *out, const void *at)
{
    write_word(out, quotes[*(const bool *)at]);
}

/* xlsx */

static const char *const strings[] = {"shared", "inline"};

static void read_strings(ybb_settings *s, const ybb_json *value, void *at)
{
    uint32_t choice;
    if (ybb__json_take_choice(s->reader, value->parent, value->key, strings, 2, &choice))
        *(ybb_xlsx_strings *)at = (ybb_xlsx_strings)choice;
}

static void write_strings(ybb_buffer *out, const void *at)
{
    write_word(out, strings[*(const ybb_xlsx_strings *)at]);
}

/* pdf: each an enumeration of the words at its place. */

static const char *const papers[] = {"A4", "Letter"};
static const char *const turns[] = {"auto", "portrait", "landscape"};
static const char *const forms[] = {"auto", "table", "cards"};

static void read_word(ybb_settings *s, const ybb_json *value, const char *const *words,
                      uint32_t count, uint32_t *choice)
{
    ybb__json_take_choice(s->reader, value->parent, value->key, words, count, choice);
}

static void read_paper(ybb_settings *s, const ybb_json *value, void *at)
{
    uint32_t choice = *(ybb_pdf_paper *)at;
    read_word(s, value, papers, sizeof(papers) / sizeof(papers[0]), &choice);
    *(ybb_pdf_paper *)at = (ybb_pdf_paper)choice;
}

static void read_turn(ybb_settings *s, const ybb_json *value, void *at)
{
    uint32_t choice = *(ybb_pdf_turn *)at;
    read_word(s, value, turns, sizeof(turns) / sizeof(turns[0]), &choice);
    *(ybb_pdf_turn *)at = (ybb_pdf_turn)choice;
}

static void read_form(ybb_settings *s, const ybb_json *value, void *at)
{
    uint32_t choice = *(ybb_pdf_form *)at;
    read_word(s, value, forms, sizeof(forms) / sizeof(forms[0]), &choice);
    *(ybb_pdf_form *)at = (ybb_pdf_form)choice;
}

static void write_paper(ybb_buffer *out, const void *at)
{
    write_word(out, papers[*(const ybb_pdf_paper *)at]);
}

static void write_turn(ybb_buffer *out, const void *at)
{
    write_word(out, turns[*(const ybb_pdf_turn *)at]);
}

static void write_form(ybb_buffer *out, const void *at)
{
    write_word(out, forms[*(const ybb_pdf_form *)at]);
}

static void write_empty(ybb_buffer *out, const void *at)
{
    (void)at;
    ybb__buffer_put_text(out, "{}");
}

/* field_mappings */

static bool is_header(ybb_json_reader *reader, const ybb_json *value)
{
    static const char allowed[] = "1 to 255 characters";
    if (reader->status != YBB_OK)
        return false;
    if (value->kind != YBB_JSON_TEXT)
        ybb__json_fail_type(reader, value, "a text");
    else if (value->length == 0)
        ybb__json_fail(reader, value, YBB_INVALID_VALUE, allowed, NULL, "is empty");
    else if (ybb__utf8_utf16_length(value->at, value->length) > HEADER_UNITS)
        ybb__json_fail(reader, value, YBB_INVALID_VALUE, allowed, NULL,
                       "is longer than %d characters", HEADER_UNITS);
    return reader->status == YBB_OK;
}

static void add_mapping(ybb_settings *s, const ybb_json *value, ybb_mapping *items, uint32_t *count)
{
    if (!is_header(s->reader, value))
        return;
    ybb_mapping made = {ybb__arena_text(s->arena, value->parent->key),
                        ybb__arena_text(s->arena, value->key),
                        ybb__arena_text(s->arena, value->at)};
    if (made.type == NULL || made.field == NULL || made.header == NULL) {
        ybb__json_fail_memory(s->reader);
        return;
    }
    for (uint32_t i = 0; i < *count; i++)
        if (strcmp(items[i].type, made.type) == 0 && strcmp(items[i].field, made.field) == 0) {
            items[i] = made;
            return;
        }
    items[(*count)++] = made;
}

/* {"participants": {"full_name": "name"}}, over the mappings that are there. */
static void read_mappings(ybb_settings *s, const ybb_json *value, void *at)
{
    ybb_mappings *mappings = at;
    uint32_t count = mappings->count, more = 0;
    if (!ybb__json_is_object(s->reader, value))
        return;
    for (const ybb_json *type = value->first; type != NULL; type = type->next)
        more += type->count;
    if (more > MOST_MAPPINGS) {
        ybb__json_fail(s->reader, value, YBB_INVALID_VALUE, "at most 2000 fields", NULL,
                       "have more than %d fields", MOST_MAPPINGS);
        return;
    }
    ybb_mapping *items = ybb__arena_array(s->arena, (size_t)count + more, sizeof(*items));
    if (items == NULL) {
        ybb__json_fail_memory(s->reader);
        return;
    }
    if (count > 0)
        memcpy(items, mappings->items, count * sizeof(*items));
    for (const ybb_json *type = value->first; type != NULL; type = type->next) {
        if (type->kind == YBB_JSON_NULL || !ybb__json_is_object(s->reader, type))
            continue;
        for (const ybb_json *field = type->first; field != NULL; field = field->next)
            add_mapping(s, field, items, &count);
    }
    *mappings = (ybb_mappings){items, count};
}

const char *ybb__mapping_header(const ybb_mappings *mappings, const char *type, const char *field)
{
    for (uint32_t i = 0; i < mappings->count; i++)
        if (strcmp(mappings->items[i].type, type) == 0 &&
            strcmp(mappings->items[i].field, field) == 0)
            return mappings->items[i].header;
    return NULL;
}

bool ybb__mappings_own(ybb_mappings *mappings, ybb_arena *arena)
{
    ybb_mapping *items = ybb__arena_array(arena, mappings->count, sizeof(*items));
    for (uint32_t i = 0; items != NULL && i < mappings->count; i++) {
        const ybb_mapping *from = &mappings->items[i];
        items[i] =
            (ybb_mapping){ybb__arena_text(arena, from->type), ybb__arena_text(arena, from->field),
                          ybb__arena_text(arena, from->header)};
    }
    mappings->items = items;
    return !arena->failed;
}

/* fields */

static void add_wish(ybb_json_reader *reader, const ybb_json *value, ybb_arena *arena,
                     ybb_field_wish *out)
{
    static const char *const keys[] = {"field", "header"};
    const char *field = NULL;
    const ybb_json *header = NULL;
    if (value->kind == YBB_JSON_OBJECT) {
        ybb__json_known(reader, value, keys, sizeof(keys) / sizeof(keys[0]));
        ybb__json_need(reader, value, "field");
        ybb__json_take_text(reader, value, "field", &field);
        header = ybb__json_member(value, "header");
    } else if (value->kind == YBB_JSON_TEXT) {
        field = value->at;
    } else {
        ybb__json_fail_type(reader, value, "a text or an object");
    }
    if (reader->status != YBB_OK)
        return;
    out->field = ybb__arena_text(arena, field);
    if (header != NULL && header->kind != YBB_JSON_NULL && is_header(reader, header))
        out->header = ybb__arena_text(arena, header->at);
}

ybb_status ybb__fields_read(ybb_json_reader *reader, const ybb_json *list, const char *type,
                            ybb_arena *arena, ybb_field_wishes *out)
{
    if (!ybb__json_is_array(reader, list))
        return reader->status;
    if (list->count > MOST_FIELDS)
        return ybb__json_fail(reader, list, YBB_INVALID_VALUE, "at most 1000 fields", NULL,
                              "has more than %d fields", MOST_FIELDS);
    ybb_field_wish *items = ybb__arena_array(arena, list->count, sizeof(*items));
    const char *own_type = ybb__arena_text(arena, type);
    for (const ybb_json *item = list->first; items != NULL && item != NULL; item = item->next) {
        items[item->index].type = own_type;
        add_wish(reader, item, arena, &items[item->index]);
    }
    if (arena->failed)
        return ybb__json_fail_memory(reader);
    if (reader->status == YBB_OK)
        *out = (ybb_field_wishes){items, list->count};
    return reader->status;
}

bool ybb__wishes_own(ybb_field_wishes *wishes, ybb_arena *arena)
{
    ybb_field_wish *items = ybb__arena_array(arena, wishes->count, sizeof(*items));
    for (uint32_t i = 0; items != NULL && i < wishes->count; i++) {
        const ybb_field_wish *from = &wishes->items[i];
        items[i] = (ybb_field_wish){ybb__arena_text(arena, from->type),
                                    ybb__arena_text(arena, from->field),
                                    ybb__arena_text(arena, from->header)};
    }
    wishes->items = items;
    return !arena->failed;
}

/* The table */

#define AT(member) offsetof(ybb_presentation, member)

static const ybb_setting settings[] = {
    {"data_transformations.date_format", YBB_SETTING_WORDING, AT(transforms.date_format), 1, FORMAT,
     ybb__check_date_format, NULL, NULL},
    {"data_transformations.datetime_format", YBB_SETTING_WORDING, AT(transforms.datetime_format), 1,
     FORMAT, ybb__check_datetime_format, NULL, NULL},
    {"data_transformations.currency_format", YBB_SETTING_WORDING, AT(transforms.currency_format), 1,
     FORMAT, ybb__check_number_format, NULL, NULL},
    {"data_transformations.boolean_format", YBB_SETTING_CUSTOM, AT(transforms), 0, 0, NULL,
     read_boolean_format, write_boolean_format},
    {"data_transformations.null_values", YBB_SETTING_WORDING, AT(transforms.null_values), 0, WORDS,
     NULL, NULL, NULL},
    {"field_mappings", YBB_SETTING_CUSTOM, AT(mappings), 0, 0, NULL, read_mappings, write_empty},
    {"csv.preset", YBB_SETTING_CUSTOM, AT(csv), 0, 0, NULL, read_nothing, write_null},
    {"csv.delimiter", YBB_SETTING_CUSTOM, AT(csv.delimiter), 0, 0, NULL, read_delimiter,
     write_sign},
    {"csv.decimal_point", YBB_SETTING_CUSTOM, AT(csv.decimal_point), 0, 0, NULL, read_point,
     write_sign},
    {"csv.bom", YBB_SETTING_BOOL, AT(csv.bom), 0, 0, NULL, NULL, NULL},
    {"csv.line_ending", YBB_SETTING_CUSTOM, AT(csv.crlf), 0, 0, NULL, read_line_ending,
     write_line_ending},
    {"csv.quote", YBB_SETTING_CUSTOM, AT(csv.quote_all), 0, 0, NULL, read_quote, write_quote},
    {"csv.formula_guard", YBB_SETTING_BOOL, AT(csv.formula_guard), 0, 0, NULL, NULL, NULL},
    {"xlsx.strings", YBB_SETTING_CUSTOM, AT(xlsx.strings), 0, 0, NULL, read_strings, write_strings},
    {"pdf.page_size", YBB_SETTING_CUSTOM, AT(pdf.paper), 0, 0, NULL, read_paper, write_paper},
    {"pdf.orientation", YBB_SETTING_CUSTOM, AT(pdf.turn), 0, 0, NULL, read_turn, write_turn},
    {"pdf.layout", YBB_SETTING_CUSTOM, AT(pdf.form), 0, 0, NULL, read_form, write_form},
};

enum { SETTINGS = sizeof(settings) / sizeof(settings[0]) };

const ybb_setting *ybb__presentation_settings(size_t *count)
{
    *count = SETTINGS;
    return settings;
}

/* One of the keys, with all that is below it. */
static void read_part(ybb_settings *s, const ybb_json *object, const char *key, const char *prefix)
{
    const ybb_json *part;
    if (!ybb__json_take_object(s->reader, object, key, &part))
        return;
    if (strcmp(key, "csv") == 0)
        apply_preset(s, part, &((ybb_presentation *)s->base)->csv);
    if (prefix != NULL) {
        ybb__settings_read(s, part, prefix);
        return;
    }
    for (size_t i = 0; i < SETTINGS; i++)
        if (strcmp(settings[i].path, key) == 0)
            ybb__setting_read(s, &settings[i], part);
}

ybb_status ybb__presentation_read(ybb_json_reader *reader, const ybb_json *object, ybb_arena *arena,
                                  ybb_presentation *presentation)
{
    ybb_presentation made = *presentation;
    ybb_settings s = {reader, settings, SETTINGS, &made, arena};
    read_part(&s, object, "data_transformations", "data_transformations.");
    read_part(&s, object, "csv", "csv.");
    read_part(&s, object, "xlsx", "xlsx.");
    read_part(&s, object, "pdf", "pdf.");
    read_part(&s, object, "field_mappings", NULL);
    if (reader->status == YBB_OK && made.csv.delimiter == made.csv.decimal_point)
        ybb__json_fail(reader, ybb__json_member(object, "csv"), YBB_INVALID_VALUE, "two signs",
                       NULL, "has the same sign as delimiter and as decimal_point");
    if (reader->status == YBB_OK)
        *presentation = made;
    return reader->status;
}
