#include "report/repair_line.h"

#include <json-c/json_object.h>
#include <string.h>

static const char before_name[] = "{\"file_name\":", behind_name[] = ",\"record\":";

static void put_text(ybb_buffer *out, const char *text)
{
    struct json_object *value = json_object_new_string(text);
    const char *json = value == NULL
                           ? NULL
                           : json_object_to_json_string_ext(value, JSON_C_TO_STRING_NOSLASHESCAPE);
    if (json == NULL)
        out->failed = true;
    else
        ybb__buffer_put_text(out, json);
    json_object_put(value);
}

void ybb__repair_line(ybb_buffer *out, const char *file_name, uint64_t record, const char *column,
                      const char *repair)
{
    ybb__buffer_put_text(out, before_name);
    put_text(out, file_name);
    ybb__buffer_put_text(out, behind_name);
    ybb__buffer_put_u64(out, record);
    ybb__buffer_put_text(out, ",\"column\":");
    put_text(out, column);
    ybb__buffer_put_text(out, ",\"repair\":");
    put_text(out, repair);
    ybb__buffer_put_char(out, '}');
}

void ybb__repair_line_of(ybb_buffer *out, const char *line, const char *file_name)
{
    const char *rest = strstr(line, behind_name); /* a file's name has no quotation marks */
    if (rest == NULL) {
        ybb__buffer_put_text(out, line);
        return;
    }
    ybb__buffer_put_text(out, before_name);
    put_text(out, file_name);
    ybb__buffer_put_text(out, rest);
}
