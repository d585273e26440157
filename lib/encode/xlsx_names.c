#include "encode/xlsx_names.h"

#include "base/text.h"
#include "base/utf8.h"
#include "encode/xml_text.h"

#include <stdio.h>

enum { HEADER_UNITS = 255, SHEET_UNITS = 31, HIGHEST_ASCII = 0x7F };

static const char ellipsis[] = "\xE2\x80\xA6";

const ybb_xlsx_long_words ybb__xlsx_long_words[YBB_LANGUAGES] = {
    [YBB_ENGLISH] = {"Long texts", "Row", "Column", "Part", "Text", "Sheet",
                     "\xE2\x80\xA6 (continues in sheet Long texts)"},
    [YBB_INDONESIAN] = {"Teks panjang", "Baris", "Kolom", "Bagian", "Teks", "Lembar",
                        "\xE2\x80\xA6 (bersambung di lembar Teks panjang)"},
};

const ybb_xlsx_extra_words ybb__xlsx_extra_words[YBB_LANGUAGES] = {
    [YBB_ENGLISH] = {"Summary", "About"},
    [YBB_INDONESIAN] = {"Ringkasan", "Tentang"},
};

/* Takes the escapes of markup back: libxlsxwriter makes them itself. */
static void take_back_markup(ybb_buffer *text)
{
    static const char *const escapes[] = {"&amp;", "&lt;", "&gt;"};
    static const char markup[] = "&<>";
    size_t to = 0;
    for (size_t from = 0; from < text->length; to++) {
        size_t taken = 1;
        char c = text->at[from];
        for (size_t i = 0; c == '&' && taken == 1 && i < sizeof(escapes) / sizeof(escapes[0]); i++)
            if (strncmp(text->at + from, escapes[i], strlen(escapes[i])) == 0) {
                text->at[to] = markup[i];
                taken = strlen(escapes[i]);
            }
        if (taken == 1)
            text->at[to] = c;
        from += taken;
    }
    text->length = to;
}

/* As ybb__xlsx_clean, appended to an empty buffer. */
static bool clean(ybb_buffer *out, const char *text, size_t length)
{
    ybb_xml_marks marks = {0};
    ybb_pen pen = ybb__pen_open(out);
    bool whole = ybb__xml_text(&pen, text, length, &marks);
    ybb__pen_close(&pen);
    if (!whole || ybb__buffer_text(out) == NULL) /* the text functions below want its end */
        return false;
    take_back_markup(out);
    return true;
}

char *ybb__xlsx_clean(ybb_arena *arena, const char *at, size_t length)
{
    ybb_buffer made = {0};
    char *copy = NULL;
    if (clean(&made, at, length))
        copy = ybb__arena_copy(arena, made.at, made.length);
    ybb__buffer_free(&made);
    return copy;
}

/* What a table's column is called where the header's cell says @cell. */
static bool table_name(ybb_buffer *out, const ybb_buffer *cell)
{
    ybb__buffer_clear(out);
    for (size_t i = 0; i < cell->length; i++) {
        if (cell->at[i] == '\n')
            ybb__buffer_put_text(out, "_x000a_");
        else if (cell->at[i] == '\t')
            ybb__buffer_put_text(out, "_x0009_");
        else
            ybb__buffer_put_char(out, cell->at[i]);
    }
    return !ybb__buffer_failed(out);
}

typedef struct header_draft {
    ybb_buffer text, cell, name;
} header_draft;

/* The first @kept bytes of the header, and @end behind them. */
static bool draft_header(header_draft *draft, const char *header, size_t kept, const char *end)
{
    ybb__buffer_clear(&draft->text);
    ybb__buffer_clear(&draft->cell);
    ybb__buffer_put(&draft->text, header, kept);
    ybb__buffer_put_text(&draft->text, end);
    return !ybb__buffer_failed(&draft->text) &&
           clean(&draft->cell, draft->text.at, draft->text.length) &&
           table_name(&draft->name, &draft->cell);
}

/* The header with @end behind it, shortened before that where it is too long. */
static bool fit_header(header_draft *draft, const char *header, const char *end)
{
    size_t whole = strlen(header);
    size_t kept = ybb__xml_fit(header, whole, HEADER_UNITS);
    char shortened[YBB_NUMBER_TEXT + sizeof(ellipsis)];
    snprintf(shortened, sizeof(shortened), "%s%s", ellipsis, end);
    for (;;) {
        if (!draft_header(draft, header, kept, kept == whole ? end : shortened))
            return false;
        if (ybb__utf8_utf16_length(draft->name.at, draft->name.length) <= HEADER_UNITS)
            return true;
        kept = ybb__utf8_floor(header, whole, kept - 1);
    }
}

/* A letter's small form, for the scripts that have two and that the world's spreadsheets fold. */
static uint32_t fold(uint32_t c)
{
    if (c <= HIGHEST_ASCII)
        return c >= 'A' && c <= 'Z' ? c + 0x20 : c;
    if ((c >= 0xC0 && c <= 0xDE && c != 0xD7) || (c >= 0x391 && c <= 0x3A9) ||
        (c >= 0x410 && c <= 0x42F))
        return c + 0x20;
    if (c >= 0x400 && c <= 0x40F)
        return c + 0x50;
    if ((c >= 0x100 && c <= 0x137) || (c >= 0x14A && c <= 0x177) || (c >= 0x1E00 && c <= 0x1EFF) ||
        (c >= 0x460 && c <= 0x4FF))
        return c | 1;
    if ((c >= 0x139 && c <= 0x148) || (c >= 0x179 && c <= 0x17E))
        return c % 2 == 1 ? c + 1 : c;
    return c;
}

static uint64_t fold_hash(const char *text)
{
    uint64_t hash = 0;
    size_t taken, length = strlen(text);
    for (size_t i = 0; i < length; i += taken)
        hash = (hash ^ fold(ybb__utf8_next(text + i, length - i, &taken))) *
               UINT64_C(0x9E3779B97F4A7C15);
    return hash;
}

static bool equal_folded(const char *a, const char *b)
{
    size_t a_length = strlen(a), b_length = strlen(b);
    while (a_length > 0 && b_length > 0) {
        size_t a_taken, b_taken;
        if (fold(ybb__utf8_next(a, a_length, &a_taken)) !=
            fold(ybb__utf8_next(b, b_length, &b_taken)))
            return false;
        a += a_taken;
        b += b_taken;
        a_length -= a_taken;
        b_length -= b_taken;
    }
    return a_length == b_length;
}

typedef struct header_set {
    ybb_xlsx_header *items;
    uint64_t *hashes;
    uint32_t count;
} header_set;

static bool is_taken(const header_set *set, const char *name)
{
    uint64_t hash = fold_hash(name);
    for (uint32_t i = 0; i < set->count; i++)
        if (set->hashes[i] == hash && equal_folded(set->items[i].name, name))
            return true;
    return false;
}

/* Adds a header under the first form of it that is not taken: itself, "itself 2", "itself 3". */
static bool add_header(header_set *set, ybb_arena *arena, header_draft *draft, const char *header)
{
    char end[YBB_NUMBER_TEXT] = "", empty[YBB_NUMBER_TEXT + sizeof("Column ")];
    if (*header == '\0') {
        snprintf(empty, sizeof(empty), "Column %u", set->count + 1);
        header = empty;
    }
    for (uint32_t number = 2; number > 1; number++) {
        if (!fit_header(draft, header, end) || ybb__buffer_text(&draft->name) == NULL)
            return false;
        if (!is_taken(set, draft->name.at))
            break;
        snprintf(end, sizeof(end), " %u", number);
    }
    ybb_xlsx_header *item = &set->items[set->count];
    item->cell = ybb__arena_copy(arena, draft->cell.at, draft->cell.length);
    item->name = ybb__arena_copy(arena, draft->name.at, draft->name.length);
    if (item->cell == NULL || item->name == NULL)
        return false;
    set->hashes[set->count++] = fold_hash(item->name);
    return true;
}

ybb_xlsx_header *ybb__xlsx_headers(ybb_arena *arena, const ybb_looks *looks)
{
    const char **headers = ybb__arena_array(arena, looks->count, sizeof(*headers));
    for (uint32_t i = 0; headers != NULL && i < looks->count; i++)
        headers[i] = looks->columns[i].column->header;
    return headers == NULL ? NULL : ybb__xlsx_unlike(arena, headers, looks->count);
}

ybb_xlsx_header *ybb__xlsx_unlike(ybb_arena *arena, const char *const *headers, uint32_t count)
{
    header_draft draft = {0};
    header_set set = {.items = ybb__arena_array(arena, count, sizeof(*set.items)),
                      .hashes = ybb__arena_array(arena, count, sizeof(*set.hashes))};
    bool whole = set.items != NULL && set.hashes != NULL;
    for (uint32_t i = 0; whole && i < count; i++)
        whole = add_header(&set, arena, &draft, headers[i]);
    ybb__buffer_free(&draft.text);
    ybb__buffer_free(&draft.cell);
    ybb__buffer_free(&draft.name);
    return whole ? set.items : NULL;
}

static bool fits_sheet_name(uint32_t c)
{
    if (c < ' ' || c == 0xFFFE || c == 0xFFFF)
        return false;
    return c > HIGHEST_ASCII || strchr("[]:*?/\\", (int)c) == NULL;
}

/* The title with blanks where a sheet's name cannot have a character. */
static bool put_sheet_title(ybb_buffer *out, const char *title, size_t units)
{
    char character[4];
    size_t length = ybb__xml_fit(title, strlen(title), units), taken;
    for (size_t i = 0; i < length; i += taken) {
        uint32_t c = ybb__utf8_next(title + i, length - i, &taken);
        if (fits_sheet_name(c))
            ybb__buffer_put(out, character, ybb__utf8_put(character, c));
        else
            ybb__buffer_put_char(out, ' ');
    }
    while (out->length > 0 && strchr(" '", out->at[out->length - 1]) != NULL)
        out->length--;
    return ybb__buffer_text(out) != NULL;
}

/* Names that mean something else, or nothing. */
static bool is_unfit(const char *name)
{
    if (*name == '\0' || *name == '\'' || equal_folded(name, "History"))
        return true;
    for (unsigned i = 0; i < YBB_LANGUAGES; i++)
        if (equal_folded(name, ybb__xlsx_long_words[i].sheet) ||
            equal_folded(name, ybb__xlsx_extra_words[i].summary) ||
            equal_folded(name, ybb__xlsx_extra_words[i].about))
            return true;
    return false;
}

char *ybb__xlsx_sheet_name(ybb_arena *arena, const ybb_request *request, uint32_t number)
{
    char end[YBB_NUMBER_TEXT] = "", *name = NULL;
    ybb_buffer made = {0};
    if (number > 1)
        snprintf(end, sizeof(end), " %u", number);
    const char *title = request->type->title.in[request->language];
    if (put_sheet_title(&made, title, SHEET_UNITS - strlen(end))) {
        if (is_unfit(made.at)) {
            ybb__buffer_clear(&made);
            ybb__buffer_put_text(&made, "Data");
        }
        ybb__buffer_put_text(&made, end);
        if (!ybb__buffer_failed(&made))
            name = ybb__arena_copy(arena, made.at, made.length);
    }
    ybb__buffer_free(&made);
    return name;
}
