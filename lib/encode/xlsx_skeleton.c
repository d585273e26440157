#include "encode/xlsx_skeleton.h"

#include "base/text.h"
#include "encode/spool.h"
#include "encode/xlsx_book.h"
#include "encode/xlsx_parts.h"
#include "pack/archive.h"
#include "pack/disk.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

uint64_t ybb__sheet_rows(const ybb_file_plan *file, uint32_t number)
{
    if (file->rows_per_sheet == UINT64_MAX)
        return ybb__file_rows(file);
    uint64_t before = (uint64_t)(number - 1) * file->rows_per_sheet;
    uint64_t left = ybb__file_rows(file) - before;
    return left < file->rows_per_sheet ? left : file->rows_per_sheet;
}

size_t ybb__column_name(char *out, uint32_t index)
{
    char letters[4];
    size_t begin = sizeof(letters);
    for (uint32_t left = index + 1; left > 0 && begin > 0; left = (left - 1) / 26)
        letters[--begin] = (char)('A' + (left - 1) % 26);
    memcpy(out, letters + begin, sizeof(letters) - begin);
    return sizeof(letters) - begin;
}

ybb_part *ybb__skeleton_part(const ybb_skeleton *skeleton, const char *name)
{
    for (size_t i = 0; skeleton->parts != NULL && i < skeleton->count; i++)
        if (strcmp(skeleton->parts[i].name, name) == 0)
            return &skeleton->parts[i];
    return NULL;
}

ybb_part *ybb__skeleton_sheet(const ybb_skeleton *skeleton, uint32_t number)
{
    char name[64];
    snprintf(name, sizeof(name), "xl/worksheets/sheet%u.xml", number);
    return ybb__skeleton_part(skeleton, name);
}

void ybb__skeleton_free(ybb_skeleton *skeleton)
{
    for (size_t i = 0; skeleton->parts != NULL && i < skeleton->count; i++)
        ybb__buffer_free(&skeleton->parts[i].bytes);
    free(skeleton->parts);
    ybb__archive_names_free(skeleton->names, skeleton->count);
    *skeleton = (ybb_skeleton){0};
}

static ybb_status read_file(ybb_buffer *out, int descriptor, ybb_error *error)
{
    uint64_t size;
    ybb_status status = ybb__disk_size(descriptor, &size, error);
    if (status == YBB_OK && !ybb__buffer_reserve(out, (size_t)size + 1))
        status = ybb__fail_memory(error);
    if (status == YBB_OK)
        status = ybb__disk_read(descriptor, 0, out->at, (size_t)size, &out->length, error);
    return status;
}

static ybb_status read_all_parts(ybb_skeleton *skeleton, ybb_archive *zip, ybb_error *error)
{
    ybb_status status = ybb__archive_names(zip, &skeleton->names, &skeleton->count, error);
    if (status != YBB_OK)
        return status;
    skeleton->parts = calloc(skeleton->count + 1, sizeof(*skeleton->parts));
    if (skeleton->parts == NULL)
        return ybb__fail_memory(error);
    for (size_t i = 0; status == YBB_OK && i < skeleton->count; i++) {
        ybb_part *part = &skeleton->parts[i];
        part->name = skeleton->names[i];
        status = ybb__archive_part(zip, part->name, &part->bytes, error);
        if (status == YBB_OK && ybb__buffer_text(&part->bytes) == NULL)
            status = ybb__fail_memory(error);
    }
    return status;
}

static ybb_status read_parts(ybb_skeleton *skeleton, const ybb_buffer *bytes, ybb_error *error)
{
    ybb_archive *zip;
    ybb_status status = ybb__archive_open(&zip, bytes, error);
    if (status == YBB_OK)
        status = read_all_parts(skeleton, zip, error);
    ybb__archive_close(zip);
    return status;
}

/* A walk over the cells of the skeleton's first sheet, which are written as we know them:
 * <c r="A1" s="2" t="s"><v>7</v></c>. */
typedef struct walk {
    const char *at;
    bool failed;
} walk;

/* The number behind @mark before @end; 0 where there is none. */
static uint32_t number_behind(const char *at, const char *end, const char *mark)
{
    uint32_t number = 0;
    size_t length = strlen(mark);
    while (at + length < end && strncmp(at, mark, length) != 0)
        at++;
    for (at += length; at < end && *at >= '0' && *at <= '9'; at++)
        number = 10 * number + (uint32_t)(*at - '0');
    return number;
}

/* The next cell: its style, and its content as a number. */
static void next_cell(walk *w, uint32_t *style, uint32_t *content)
{
    const char *begin = w->failed ? NULL : strstr(w->at, "<c r=\"");
    const char *end = begin == NULL ? NULL : strstr(begin, "</c>");
    if (end == NULL) {
        w->failed = true;
        *style = *content = 0;
        return;
    }
    const char *tag_end = strchr(begin, '>');
    *style = number_behind(begin, tag_end, " s=\"");
    *content = number_behind(tag_end, end, "<v>");
    w->at = end;
}

static size_t label_count(const ybb_looks *looks)
{
    size_t count = 0;
    for (uint32_t i = 0; i < looks->count; i++)
        for (uint32_t k = 0; k < looks->columns[i].fixed_count; k++)
            count += *looks->columns[i].fixed[k].text != '\0';
    return count;
}

static uint32_t count_strings(const ybb_part *part)
{
    uint32_t count = 0;
    const char *at = part->bytes.at;
    while ((at = strstr(at, "<si>")) != NULL) {
        count++;
        at++;
    }
    return count;
}

static bool learn_cells(ybb_skeleton *skeleton, const char *sheet, const ybb_looks *looks,
                        size_t labels, bool has_links)
{
    uint32_t ignored;
    walk w = {.at = sheet};
    for (uint32_t i = 0; i < looks->count; i++)
        next_cell(&w, &ignored, &skeleton->headers[i]);
    for (uint32_t i = 0; i < looks->count; i++)
        next_cell(&w, &skeleton->styles[i], &ignored);
    next_cell(&w, &skeleton->wrap_style, &ignored);
    next_cell(&w, &skeleton->header_style, &ignored);
    next_cell(&w, &skeleton->place_style, &ignored);
    if (has_links)
        next_cell(&w, &skeleton->link_style, &ignored);
    for (uint32_t i = 0; skeleton->bold_styles != NULL && i < looks->count; i++)
        next_cell(&w, &skeleton->bold_styles[i], &ignored);
    for (size_t i = 0; i < labels; i++)
        next_cell(&w, &ignored, &skeleton->labels[i]);
    return !w.failed;
}

static ybb_status learn(ybb_skeleton *skeleton, const ybb_skeleton_plan *plan, ybb_arena *arena,
                        ybb_error *error)
{
    const ybb_looks *looks = plan->looks;
    bool has_groups = plan->file->plan->reading.per != NULL;
    size_t labels = label_count(looks);
    const ybb_part *sheet = ybb__skeleton_sheet(skeleton, 1);
    const ybb_part *strings = ybb__skeleton_part(skeleton, "xl/sharedStrings.xml");
    skeleton->styles = ybb__arena_array(arena, looks->count, sizeof(*skeleton->styles));
    skeleton->headers = ybb__arena_array(arena, looks->count, sizeof(*skeleton->headers));
    if (has_groups)
        skeleton->bold_styles = ybb__arena_array(arena, looks->count, sizeof(uint32_t));
    skeleton->labels = ybb__arena_array(arena, labels + 1, sizeof(*skeleton->labels));
    if (skeleton->styles == NULL || skeleton->headers == NULL || skeleton->labels == NULL ||
        (has_groups && skeleton->bold_styles == NULL))
        return ybb__fail_memory(error);
    if (sheet == NULL || strings == NULL ||
        !learn_cells(skeleton, sheet->bytes.at, looks, labels, plan->has_links))
        return ybb__part_unknown(error);
    skeleton->strings = count_strings(strings);
    return YBB_OK;
}

/* libxlsxwriter prints to stderr where it cannot write, so its file is first made as large as it
 * may become, and a limit of the process says no to us. */
static ybb_status try_size(int descriptor, ybb_error *error)
{
    enum { NEEDED = 128 * 1024 };
    if (ftruncate(descriptor, NEEDED) != 0)
        return ybb__fail_errno(error, ybb__disk_status(errno), errno,
                               "cannot write a book in memory");
    if (ftruncate(descriptor, 0) != 0)
        return ybb__fail_errno(error, YBB_OUTPUT_ERROR, errno, "cannot empty a book");
    return YBB_OK;
}

ybb_status ybb__skeleton_make(ybb_skeleton *out, const ybb_skeleton_plan *plan, ybb_arena *arena,
                              ybb_error *error)
{
    *out = (ybb_skeleton){0};
    ybb_buffer zip = {0};
    int descriptor;
    ybb_status status = ybb__unnamed_file(&descriptor, -1, error);
    if (status != YBB_OK)
        return status;
    status = try_size(descriptor, error);
    if (status == YBB_OK)
        status = ybb__xlsx_book(plan, descriptor, arena, error);
    if (status == YBB_OK)
        status = read_file(&zip, descriptor, error);
    if (status == YBB_OK)
        status = read_parts(out, &zip, error);
    if (status == YBB_OK)
        status = learn(out, plan, arena, error);
    close(descriptor);
    ybb__buffer_free(&zip);
    return status;
}
