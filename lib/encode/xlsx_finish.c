#include "encode/xlsx_finish.h"

#include "encode/xlsx_parts.h"

#include <stdlib.h>

static const char value_begin[] = "<v>", value_end[] = "</v>", is_shared[] = " t=\"s\">";

ybb_status ybb__strings_behind(const ybb_part *first, const ybb_part *last, const char **at,
                               size_t *length, ybb_error *error)
{
    static const char string[] = "<si>", end[] = "</sst>";
    const char *begin = strstr(first->bytes.at, string), *known = strstr(last->bytes.at, string);
    const char *known_end = strstr(first->bytes.at, end), *all_end = strstr(last->bytes.at, end);
    if (begin == NULL || known == NULL || known_end == NULL || all_end == NULL)
        return ybb__part_unknown(error);
    size_t same = (size_t)(known_end - begin);
    if ((size_t)(all_end - known) < same || memcmp(begin, known, same) != 0)
        return ybb__part_unknown(error);
    *at = known + same;
    *length = (size_t)(all_end - *at);
    return YBB_OK;
}

/* Whether the value at @value is the number of a shared string. */
static bool is_string(const char *sheet, const char *value)
{
    size_t length = sizeof(is_shared) - 1;
    return (size_t)(value - sheet) >= length && memcmp(value - length, is_shared, length) == 0;
}

ybb_status ybb__extra_settle(ybb_part *sheet, uint32_t known, uint64_t moved_to,
                             const char **numbers, ybb_error *error)
{
    ybb_buffer made = {0};
    const char *from = sheet->bytes.at, *value;
    while ((value = strstr(from, value_begin)) != NULL) {
        const char *digits = value + sizeof(value_begin) - 1, *end = strstr(digits, value_end);
        if (end == NULL)
            break;
        ybb__buffer_put(&made, from, (size_t)(digits - from));
        if (is_string(sheet->bytes.at, value)) {
            uint64_t number = strtoull(digits, NULL, 10);
            ybb__buffer_put_u64(&made, number < known ? number : moved_to + (number - known));
        } else {
            ybb__buffer_put_text(&made, *numbers);
            *numbers += strlen(*numbers) + 1;
        }
        from = end;
    }
    ybb__buffer_put_text(&made, from);
    if (ybb__buffer_text(&made) == NULL) {
        ybb__buffer_free(&made);
        return ybb__fail_memory(error);
    }
    ybb__buffer_free(&sheet->bytes);
    sheet->bytes = made;
    return YBB_OK;
}
