/*
 * errors_page: writes docs/errors.md to stdout, from the one table of statuses. "make errors-page"
 * puts it in its place.
 */
#include "ybbexport.h"

#include <stdio.h>

static const struct row {
    const char *name;
    int value, retriable;
    const char *text, *help;
} rows[] = {
#define ROW(name, value, retriable, text, help) {#name, value, retriable, text, help},
    YBB_STATUS_MAP(ROW)
#undef ROW
};

static const struct part {
    int first, last;
    const char *title, *about;
} parts[] = {
    {1, 19, "The request",
     "Mistakes of a request. `details.field` is the path of what is to blame, `details.value` what "
     "came\n"
     "there, `details.allowed` what would be valid, `details.suggestion` the name that was "
     "probably meant.\n"
     "The command ends with exit status 2; with 1 for all others.\n"},
    {20, 99, "The installation", "Mistakes of the configuration and the catalog.\n"},
    {100, 199, "The database", "What happened between the library and the database.\n"},
    {200, 299, "The files",
     "What happened to the output. No file that is not whole is ever under its name.\n"},
    {300, 399, "The exports", "States of an export and of the queue.\n"},
    {400, 499, "The mail",
     "What happened to the mail about an export; none of it fails the export. They stand in the "
     "status, in\n"
     "`notification.last_error`; what is retriable is tried again by itself.\n"},
    {900, 999, "The process", "Limits and faults of the process that carries an export out.\n"},
};

static void print_part(const struct part *part)
{
    printf("\n## %s\n\n%s\n| code | value | retriable | meaning | what to do "
           "|\n|---|---|---|---|---|\n",
           part->title, part->about);
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
        if (rows[i].value >= part->first && rows[i].value <= part->last)
            printf("| `%s` | %d | %s | %s | %s |\n", rows[i].name, rows[i].value,
                   rows[i].retriable ? "yes" : "no", rows[i].text, rows[i].help);
}

int main(void)
{
    fputs("# Errors\n\n"
          "Every failure has one of these codes: `error_code` of an answer, `YBB_<code>` in C. "
          "Values do not\n"
          "change and are never used again. A retriable one may be gone when the same request "
          "comes again;\n"
          "`details.retriable` says so too. The message of an answer names the thing that failed: "
          "the field,\n"
          "the table, the file.\n\n"
          "(`make errors-page` makes this page from `YBB_STATUS_MAP` in `ybbexport.h`.)\n",
          stdout);
    for (size_t i = 0; i < sizeof(parts) / sizeof(parts[0]); i++)
        print_part(&parts[i]);
    return fflush(stdout) == 0 && !ferror(stdout) ? 0 : 1;
}
