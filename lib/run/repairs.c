#include "run/repairs.h"

#include "report/repair_line.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static const char ledger_ending[] = ".repairs.jsonl";

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
    static const char *const words[] = {"moved", "cleaned", "guarded"};
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

ybb_status ybb__repairs_publish(ybb_repairs *repairs, ybb_error *error)
{
    return repairs->file == NULL ? YBB_OK : ybb__file_commit(repairs->file, error);
}

void ybb__repairs_free(ybb_repairs *repairs)
{
    ybb__file_free(repairs->file);
    repairs->file = NULL;
}

/* Lines of @from to @to, a comma before each but the very first. */
static ybb_status copy_lines(ybb_file *to, FILE *from, bool *some, ybb_error *error)
{
    char *line = NULL;
    size_t capacity = 0;
    ssize_t length;
    ybb_status status = YBB_OK;
    ybb_sink *sink = ybb__file_sink(to);
    while (status == YBB_OK && (length = getline(&line, &capacity, from)) > 0) {
        const char *mark = *some ? ",\n    " : "\n    ";
        *some = true;
        status = sink->write(sink, mark, strlen(mark), error);
        if (status == YBB_OK)
            status = sink->write(sink, line, strcspn(line, "\n"), error);
    }
    if (status == YBB_OK && ferror(from))
        status = ybb__fail_errno(error, YBB_OUTPUT_ERROR, errno, "cannot read a list of repairs");
    free(line);
    return status;
}

ybb_status ybb__repairs_copy(ybb_file *to, const ybb_folder *folder, const char *name, bool *some,
                             ybb_error *error)
{
    char *full = ledger_name(name);
    if (full == NULL)
        return ybb__fail_memory(error);
    int descriptor =
        openat(ybb__folder_descriptor(folder), full, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
    free(full);
    if (descriptor < 0) /* nothing was repaired */
        return errno == ENOENT ? YBB_OK
                               : ybb__fail_errno(error, YBB_OUTPUT_ERROR, errno,
                                                 "cannot open the list of repairs of %s", name);
    FILE *from = fdopen(descriptor, "r");
    if (from == NULL) {
        close(descriptor);
        return ybb__fail_memory(error);
    }
    ybb_status status = copy_lines(to, from, some, error);
    fclose(from);
    return status;
}
