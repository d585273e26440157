#include "run/warnings.h"

#include "report/response.h"

#include <stdio.h>
#include <string.h>

enum { MESSAGE_ROOM = 160, NOTICES = 4 };

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

char *ybb__export_warnings(const ybb_request *request, const ybb_delivery *delivery,
                           const ybb_notes *notes)
{
    notices found = {.count = 0};
    ybb_arena arena = {0};
    char *json = NULL;
    bool failed = false;
    notice(&found, "LONG_TEXTS", notes->moved,
           "had more text than a cell holds: the rest stands in the sheet \"Long texts\"");
    notice(&found, "CELLS_CLEANED", notes->cleaned,
           "had bytes that are no text: U+FFFD stands in their place");
    notice(&found, "CELLS_GUARDED", notes->guarded,
           "began like a formula: a ' stands before the text");
    if (delivery->long_sheet)
        found.items[found.count++] = (ybb_warning){
            .code = "LONG_SHEET", .message = "a sheet has more rows than are recommended"};
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
