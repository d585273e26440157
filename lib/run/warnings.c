#include "run/warnings.h"

#include "encode/xlsx_names.h"
#include "report/response.h"

#include <stdio.h>
#include <string.h>

enum { MESSAGE_ROOM = 192, NOTICES = 8 };

typedef struct notices {
    ybb_warning items[NOTICES];
    char messages[NOTICES][MESSAGE_ROOM];
    uint32_t count;
} notices;

/* Adds a notice over @cells cells, unless there are none. @rest follows "N cells " or "1 cell ". */
static void notice(notices *to, const char *code, uint64_t cells, const char *rest)
{
    if (cells == 0)
        return;
    char *message = to->messages[to->count];
    snprintf(message, MESSAGE_ROOM, "%llu cell%s %s", (unsigned long long)cells,
             cells == 1 ? "" : "s", rest);
    to->items[to->count++] = (ybb_warning){.code = code, .message = message};
}

/* A batch ends behind a slice of rows, or behind a group. */
static void note_large(notices *to, uint64_t files)
{
    if (files == 0)
        return;
    char *message = to->messages[to->count];
    snprintf(message, MESSAGE_ROOM,
             "%llu file%s larger than max_file_size: a slice of rows, or a group, stays whole",
             (unsigned long long)files, files == 1 ? " is" : "s are");
    to->items[to->count++] = (ybb_warning){.code = "LARGE_FILES", .message = message};
}

static void note_cramped(notices *to, uint64_t columns)
{
    if (columns > 0)
        to->items[to->count++] = (ybb_warning){
            .code = "CRAMPED_TABLE",
            .message = "a table of these columns has small type or tall rows: ask for fewer "
                       "columns, or for pdf.layout cards"};
}

static ybb_warning long_warning(ybb_format format)
{
    if (format == YBB_PDF)
        return (ybb_warning){.code = "LONG_PDF",
                             .message = "there are more records than are recommended for PDF"};
    return (ybb_warning){.code = "LONG_SHEET",
                         .message = "a sheet has more rows than are recommended"};
}

char *ybb__export_warnings(const ybb_request *request, const ybb_delivery *delivery,
                           const ybb_notes *notes, uint64_t large_files)
{
    notices found = {.count = 0};
    ybb_arena arena = {0};
    char *json = NULL;
    bool failed = false;
    char moved[MESSAGE_ROOM];
    snprintf(moved, sizeof(moved),
             "had more text than a cell holds: the rest stands in the sheet \"%s\"",
             ybb__xlsx_long_words[request->language].sheet);
    notice(&found, "LONG_TEXTS", notes->moved, moved);
    notice(&found, "CELLS_CLEANED", notes->cleaned,
           "had bytes that are no text: U+FFFD stands in their place");
    notice(&found, "CELLS_GUARDED", notes->guarded,
           "began like a formula: a ' stands before the text");
    notice(&found, "MISSING_GLYPHS", notes->missing_cjk,
           "had Chinese, Japanese or Korean characters that no font has: install fonts-noto-cjk, or "
           "name other fonts in pdf_fonts");
    notice(&found, "MISSING_GLYPHS", notes->missing,
           "had characters that no font has: install fonts-noto-core, for symbols fonts-symbola, or "
           "name other fonts in pdf_fonts");
    note_cramped(&found, notes->cramped);
    note_large(&found, large_files);
    if (delivery->long_sheet)
        found.items[found.count++] = long_warning(request->format);
    uint32_t count = request->warning_count + found.count;
    ybb_warning *all = ybb__arena_array(&arena, (size_t)count + 1, sizeof(*all));
    if (all != NULL) {
        if (request->warning_count > 0)
            memcpy(all, request->warnings, request->warning_count * sizeof(*all));
        memcpy(all + request->warning_count, found.items, found.count * sizeof(*all));
        json = ybb__warnings_json(all, count, &failed);
    }
    ybb__arena_free(&arena);
    return json;
}
