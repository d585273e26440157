/*
 * ybbexport: the command. Its verbs are clients of the library's public functions; each prints
 * spec.md's JSON on stdout and everything for a person on stderr.
 */
#include "command.h"

#include <fcntl.h>
#include <locale.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

static const verb verbs[] = {
    {"export", "[options] REQUEST.json|-", "export, wait for it, and print the response",
     verb_export},
    {"start", "[options] REQUEST.json|-", "have a worker export; print the response at once",
     verb_start},
    {"status", "[options] ID", "print how far an export is, or its result", verb_status},
    {"list", "[options] [--most N] [--before NUMBER]",
     "print the exports there are, the newest first; --before takes an answer's \"next\"",
     verb_list},
    {"chunks", "[options] ID", "print the files of an export that are finished by now",
     verb_chunks},
    {"download", "[options] ID [--batch N|--zip] [-o FILE|-]",
     "copy a finished file of an export; without -o to its own name", verb_download},
    {"stream", "[options] REQUEST.json|-|ID [-o FILE]",
     "export to standard output while rows are read; nothing is stored", verb_stream},
    {"estimate", "[options] REQUEST.json|-", "print what a request would give, without exporting",
     verb_estimate},
    {"cancel", "[options] ID", "stop an export; its finished files stay", verb_cancel},
    {"resume", "[options] ID", "have a worker go on with a failed or cancelled export",
     verb_resume},
    {"delete", "[options] ID", "remove an export and its files", verb_delete},
    {"queue", "[options] [ID]",
     "print how many exports wait and run, by class; with an ID also its place", verb_queue},
    {"stats", "[options]", "print what was exported lately, and the limits", verb_stats},
    {"worker", "[options] [--drain SECONDS]", "run queued exports until SIGTERM", verb_worker},
    {"sweep", "[options]", "remove expired exports and forgotten files", verb_sweep},
    {"demo-data", "DSN --participants N", "fill an empty database with tables and rows to try",
     verb_demo_data},
    {"templates", "[options]", "print what can be exported: types, templates, fields, filters",
     verb_templates},
    {"template", "add [options] FILE.json|-",
     "make a template, or replace it, and keep it in the configuration's catalog_dir",
     verb_template},
};

static const char options_help[] =
    "Options of every verb:\n"
    "  --config FILE   the configuration (JSON); default: $YBBEXPORT_CONFIG\n"
    "  --source DSN    the database: sqlite:///absolute/path or\n"
    "                  mysql://user:password@host:port/database?socket=/path\n"
    "                  (user, password and path percent-encoded); default: $YBBEXPORT_SOURCE,\n"
    "                  which keeps a password out of the process list\n"
    "  --store DSN     the job store, likewise; default: $YBBEXPORT_STORE, else\n"
    "                  ybbexport.db in the folder that the files go to\n"
    "  --out DIR       the folder that the files go to; default: the working folder\n"
    "  --threads N     at most N threads; default: one for each processor\n"
    "  --owner TEXT    of list and verbs with an ID: there are this owner's exports only\n"
    "  --own-address ADDRESS\n"
    "                  of export and start: of who asks; mail about the export may go there\n"
    "\n"
    "Exit status: 0 done, 2 the request was refused (its JSON error is on stdout), 1 other "
    "failures.\n";

static void print_help(FILE *to)
{
    fputs(
        "Usage: ybbexport VERB ...\n\nExports participants, payments and ambassadors of a YBB Web "
        "Admin database\nas XLSX, CSV and PDF files.\n\nVerbs:\n",
        to);
    for (size_t i = 0; i < sizeof(verbs) / sizeof(verbs[0]); i++)
        fprintf(to, "  %s %s\n      %s\n", verbs[i].name, verbs[i].arguments, verbs[i].summary);
    fputs("  --version, --help\n\n", to);
    fputs(options_help, to);
}

static void print_verb_help(const verb *of)
{
    printf("Usage: ybbexport %s %s\n    %s\n\n", of->name, of->arguments, of->summary);
    fputs(options_help, stdout);
}

/* Whether what was printed has arrived. */
static int printed(void)
{
    if (fflush(stdout) == 0 && !ferror(stdout))
        return EXIT_DONE;
    fputs("ybbexport: cannot write to standard output\n", stderr);
    return EXIT_FAILED;
}

/* Anywhere before "--": what comes behind that are arguments. */
static bool asks_for_help(int argc, char **argv)
{
    for (int i = 0; i < argc && strcmp(argv[i], "--") != 0; i++)
        if (strcmp(argv[i], "--help") == 0 || strcmp(argv[i], "-h") == 0)
            return true;
    return false;
}

static int run_verb(const verb *wanted, int argc, char **argv)
{
    if (!asks_for_help(argc, argv))
        return wanted->run(argc, argv);
    print_verb_help(wanted);
    return printed();
}

/* In the place of a standard stream that is closed the next file or connection would be opened, and
 * messages would be written into it. To this one nothing can be written, so that who prints an
 * answer fails as with the closed one. */
static void fill_standard_streams(void)
{
    int opened;
    do
        opened = open("/dev/null", O_RDONLY);
    while (opened >= 0 && opened <= STDERR_FILENO);
    if (opened >= 0)
        close(opened);
}

static void print_versions(void)
{
    static const ybb_library libraries[] = {YBB_LIBRARY_MYSQL, YBB_LIBRARY_SQLITE,
                                            YBB_LIBRARY_DEFLATE};
    printf("ybbexport %s\n", ybb_version());
    for (size_t i = 0; i < sizeof(libraries) / sizeof(libraries[0]); i++)
        printf("%s %s\n", ybb_library_name(libraries[i]), ybb_library_version(libraries[i]));
}

int main(int argc, char **argv)
{
    fill_standard_streams();
    setlocale(LC_CTYPE, ""); /* which characters the progress bar may use; nothing else */
    if (argc < 2) {
        print_help(stderr);
        return EXIT_REQUEST;
    }
    if (strcmp(argv[1], "--version") == 0) {
        print_versions();
        return printed();
    }
    if (strcmp(argv[1], "help") == 0 || asks_for_help(1, argv + 1)) {
        print_help(stdout);
        return printed();
    }
    for (size_t i = 0; i < sizeof(verbs) / sizeof(verbs[0]); i++)
        if (strcmp(argv[1], verbs[i].name) == 0)
            return run_verb(&verbs[i], argc - 1, argv + 1);
    return usage_error("there is no verb \"%s\"; ybbexport --help lists them", argv[1]);
}
