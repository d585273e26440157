#include "run/repairs.h"

#include "report/repair_line.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static const char ledger_ending[] = ".repairs.jsonl";
/* By ybb_repair_kind. */
static const char *const words[] = {"moved",       "cleaned",       "guarded",
                                    "missing_cjk", "missing_other", "cramped"};

static char *ledger_name(const char *name)
{
    ybb_buffer text = {0};
    ybb__buffer_put_text(&text, name);
    ybb__buffer_put_text(&text, ledger_ending);
    return ybb__buffer_take(&text);
}

static ybb_status begin(ybb_repairs *repairs, ybb_folder *folder, const char *name,
                        ybb_error *error)
{
    char *full = ledger_name(name);
    if (full == NULL)
        return ybb__fail_memory(error);
    ybb_status status = ybb__file_begin(&repairs->file, folder, full, error);
    free(full);
    return status;
}

static ybb_status write_buffer(ybb_file *file, const ybb_buffer *bytes, ybb_error *error)
{
    if (ybb__buffer_failed(bytes))
        return ybb__fail_memory(error);
    ybb_sink *sink = ybb__file_sink(file);
    return sink->write(sink, bytes->at, bytes->length, error);
}

ybb_status ybb__repairs_add(ybb_repairs *repairs, const ybb_piece *piece, const ybb_plan *plan,
                            ybb_folder *folder, const char *name, ybb_error *error)
{
    if (piece->repairs.length == 0)
        return YBB_OK;
    ybb_status status = repairs->file == NULL ? begin(repairs, folder, name, error) : YBB_OK;
    ybb_buffer lines = {0};
    for (size_t at = 0; status == YBB_OK && at < piece->repairs.length; at += sizeof(ybb_repair)) {
        ybb_repair repair;
        memcpy(&repair, piece->repairs.at + at, sizeof(repair));
        ybb__buffer_clear(&lines);
        ybb__repair_line(&lines, name, repair.record, plan->columns[repair.column].header,
                         words[repair.kind]);
        ybb__buffer_put_char(&lines, '\n');
        status = write_buffer(repairs->file, &lines, error);
    }
    ybb__buffer_free(&lines);
    return status;
}

/* The ledger of the output @name, for reading; NULL and errno where there is none. */
static FILE *open_ledger(const ybb_folder *folder, const char *name)
{
    char *full = ledger_name(name);
    if (full == NULL) {
        errno = ENOMEM;
        return NULL;
    }
    int descriptor =
        openat(ybb__folder_descriptor(folder), full, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
    int number = errno;
    free(full);
    FILE *ledger = descriptor < 0 ? NULL : fdopen(descriptor, "r");
    if (descriptor >= 0 && ledger == NULL)
        close(descriptor);
    errno = descriptor < 0 ? number : ENOMEM;
    return ledger;
}

static bool has_ledger(const ybb_folder *folder, const char *name)
{
    FILE *ledger = open_ledger(folder, name);
    if (ledger != NULL)
        fclose(ledger);
    return ledger != NULL || errno != ENOENT;
}

ybb_status ybb__repairs_close(ybb_repairs *repairs, ybb_folder *folder, const char *name,
                              ybb_error *error)
{
    if (repairs->file != NULL || !has_ledger(folder, name))
        return YBB_OK;
    return begin(repairs, folder, name, error);
}

ybb_status ybb__repairs_publish(ybb_repairs *repairs, ybb_error *error)
{
    return repairs->file == NULL ? YBB_OK : ybb__file_commit(repairs->file, error);
}

void ybb__repairs_free(ybb_repairs *repairs)
{
    ybb__file_free(repairs->file);
    repairs->file = NULL;
}

/* What stands before and behind a line. */
typedef struct marks {
    const char *before_first, *before, *behind;
} marks;

/* Lines of @from to @to, as those of the file @name. *@some: there were some before. */
static ybb_status copy_lines(ybb_file *to, FILE *from, const char *name, const marks *around,
                             bool *some, ybb_error *error)
{
    char *line = NULL;
    size_t capacity = 0;
    ybb_buffer text = {0};
    ybb_status status = YBB_OK;
    while (status == YBB_OK && getline(&line, &capacity, from) > 0) {
        line[strcspn(line, "\n")] = '\0';
        ybb__buffer_clear(&text);
        ybb__buffer_put_text(&text, *some ? around->before : around->before_first);
        ybb__repair_line_of(&text, line, name);
        ybb__buffer_put_text(&text, around->behind);
        *some = true;
        status = write_buffer(to, &text, error);
    }
    if (status == YBB_OK && ferror(from))
        status = ybb__fail_errno(error, YBB_OUTPUT_ERROR, errno, "cannot read a list of repairs");
    ybb__buffer_free(&text);
    free(line);
    return status;
}

/* Writes the lines that are in @old, under its name for now, again. */
static ybb_status write_again(ybb_repairs *repairs, ybb_file *old, const char *name,
                              ybb_error *error)
{
    static const marks around = {"", "", "\n"};
    bool some = false;
    ybb_status status = ybb__file_flush(old, error);
    FILE *from = status == YBB_OK ? fopen(ybb__file_path(old), "re") : NULL;
    if (status == YBB_OK && from == NULL)
        return ybb__fail_errno(error, YBB_OUTPUT_ERROR, errno, "cannot read the list of repairs %s",
                               ybb__file_path(old));
    if (status == YBB_OK)
        status = copy_lines(repairs->file, from, name, &around, &some, error);
    if (from != NULL)
        fclose(from);
    return status;
}

ybb_status ybb__repairs_rename(ybb_repairs *repairs, ybb_folder *folder, const char *name,
                               ybb_error *error)
{
    ybb_file *old = repairs->file;
    if (old == NULL)
        return YBB_OK;
    repairs->file = NULL;
    ybb_status status = begin(repairs, folder, name, error);
    if (status == YBB_OK)
        status = write_again(repairs, old, name, error);
    ybb__file_free(old);
    return status;
}

ybb_status ybb__repairs_copy(ybb_file *to, const ybb_folder *folder, const char *name,
                             const char *shown, bool *some, ybb_error *error)
{
    static const marks around = {"\n    ", ",\n    ", ""};
    FILE *from = open_ledger(folder, name);
    if (from == NULL && errno == ENOENT) /* nothing was repaired */
        return YBB_OK;
    if (from == NULL)
        return ybb__fail_errno(error, YBB_OUTPUT_ERROR, errno,
                               "cannot open the list of repairs of %s", name);
    ybb_status status = copy_lines(to, from, shown, &around, some, error);
    fclose(from);
    return status;
}

bool ybb__repairs_is_of(const char *name, const char *output)
{
    size_t length = strlen(output);
    return strncmp(name, output, length) == 0 && strcmp(name + length, ledger_ending) == 0;
}

/* What a line tells of: its last value. */
static void count_line(const char *line, ybb_notes *notes)
{
    uint64_t *const counts[] = {&notes->moved,       &notes->cleaned, &notes->guarded,
                                &notes->missing_cjk, &notes->missing, &notes->cramped};
    const char *last = strrchr(line, ':');
    for (size_t i = 0; last != NULL && i < sizeof(words) / sizeof(words[0]); i++)
        *counts[i] += strncmp(last + 2, words[i], strlen(words[i])) == 0;
}

void ybb__repairs_count(const ybb_folder *folder, const char *name, ybb_notes *notes)
{
    char *line = NULL;
    size_t capacity = 0;
    FILE *ledger = open_ledger(folder, name);
    if (ledger == NULL)
        return;
    while (getline(&line, &capacity, ledger) > 0)
        count_line(line, notes);
    free(line);
    fclose(ledger);
}
