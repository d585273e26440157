/*
 * The verbs about exports that are there, or are to be: each asks one question of the library and
 * prints its answer.
 */
#include "command.h"

#include <errno.h>
#include <getopt.h>
#include <stdlib.h>
#include <string.h>

/* A command line: settings, --owner, and what stands behind. */
typedef struct asked {
    settings from;
    const char *owner, *own_address;
    const char *argument; /* an id, or a request's file; NULL: none */
    const char *text;     /* what the file holds */
    size_t length;
    uint64_t before; /* of list */
    unsigned most;
} asked;

/* Where there is no id, an owner would be thought to have a meaning: a request names its own. */
static const struct option settings_options[] = {SETTINGS_OPTIONS, {NULL, 0, NULL, 0}};

typedef ybb_status (*question)(char **json, ybb_exporter *exporter, const asked *a,
                               ybb_error *error);

static int read_number(uint64_t *out, const char *option, const char *text, uint64_t most)
{
    char *end;
    errno = 0;
    unsigned long long number = strtoull(text, &end, 10);
    if (text[0] < '0' || text[0] > '9' || errno != 0 || *end != '\0' || number < 1 || number > most)
        return usage_error("%s takes a number from 1 to %llu, not \"%s\"", option,
                           (unsigned long long)most, text);
    *out = number;
    return 0;
}

static int take_option(asked *a, int option, const char *value)
{
    uint64_t number;
    int status;
    switch (option) {
    case 'w':
        a->owner = value;
        return 0;
    case 'A':
        a->own_address = value;
        return 0;
    case 'b':
        return read_number(&a->before, "--before", value, INT64_MAX);
    case 'm':
        status = read_number(&number, "--most", value, YBB_EXPORT_LIST_MOST);
        if (status == 0)
            a->most = (unsigned)number;
        return status;
    default:
        return take_setting(&a->from, option, value);
    }
}

static int read_options(asked *a, int argc, char **argv, const struct option *options)
{
    for (int option; (option = getopt_long(argc, argv, "", options, NULL)) != -1;) {
        int status = take_option(a, option, optarg);
        if (status != 0)
            return status;
    }
    return 0;
}

static int read_line(asked *a, int argc, char **argv, const struct option *options,
                     const char *takes)
{
    int status = read_options(a, argc, argv, options);
    if (status != 0)
        return status;
    if (takes == NULL && optind != argc)
        return usage_error("%s takes no argument", argv[0]);
    if (takes != NULL && optind + 1 != argc)
        return usage_error("%s takes %s", argv[0], takes);
    a->argument = takes == NULL ? NULL : argv[optind];
    return 0;
}

static int ask(const asked *a, question what)
{
    char *json = NULL;
    int status = EXIT_FAILED;
    ybb_error *error = ybb_error_new();
    ybb_exporter *exporter = error == NULL ? NULL : open_exporter(&a->from, error);
    if (exporter != NULL && what(&json, exporter, a, error) == YBB_OK)
        status = print_json(json) ? EXIT_DONE : EXIT_FAILED;
    else if (exporter != NULL)
        status = answer_error(error);
    else if (error != NULL)
        (void)answer_error(error); /* the installation is to blame, not what was asked */
    ybb_exporter_free(exporter);
    ybb_error_free(error);
    return status;
}

static const struct option owner_options[] = {
    SETTINGS_OPTIONS, {"owner", required_argument, NULL, 'w'}, {NULL, 0, NULL, 0}};

/* This process ends at once, so what it starts is left to workers. */
static int ask_about_id(int argc, char **argv, question what)
{
    asked a = {.from = {.leave_to_workers = true}};
    int status = read_line(&a, argc, argv, owner_options, "one export's id");
    return status != 0 ? status : ask(&a, what);
}

static int ask_about_all(int argc, char **argv, question what)
{
    asked a = {0};
    int status = read_line(&a, argc, argv, settings_options, NULL);
    return status != 0 ? status : ask(&a, what);
}

static int ask_about_request(int argc, char **argv, const struct option *options, question what)
{
    asked a = {.from = {.leave_to_workers = true}};
    int status = read_line(&a, argc, argv, options, "one request: a file, or - for standard input");
    if (status != 0)
        return status;
    char *text = read_input(a.argument, &a.length);
    if (text == NULL)
        return usage_error("cannot read the request %s: %s", a.argument, strerror(errno));
    a.text = text;
    status = ask(&a, what);
    free(text);
    return status;
}

static ybb_status do_status(char **json, ybb_exporter *exporter, const asked *a, ybb_error *error)
{
    return ybb_export_status(json, exporter, a->argument, a->owner, error);
}

static ybb_status do_chunks(char **json, ybb_exporter *exporter, const asked *a, ybb_error *error)
{
    return ybb_export_chunks(json, exporter, a->argument, a->owner, error);
}

static ybb_status do_delete(char **json, ybb_exporter *exporter, const asked *a, ybb_error *error)
{
    return ybb_export_delete(json, exporter, a->argument, a->owner, error);
}

/* Does something with an export, then asks for its status. */
static ybb_status change(char **json, ybb_exporter *exporter, const asked *a,
                         ybb_status (*how)(ybb_export *, ybb_error *), ybb_error *error)
{
    ybb_export *export_;
    ybb_status status = ybb_export_open(&export_, exporter, a->argument, a->owner, error);
    if (status == YBB_OK)
        status = how(export_, error);
    ybb_export_free(export_);
    return status == YBB_OK ? do_status(json, exporter, a, error) : status;
}

static ybb_status do_cancel(char **json, ybb_exporter *exporter, const asked *a, ybb_error *error)
{
    return change(json, exporter, a, ybb_export_cancel, error);
}

static ybb_status do_resume(char **json, ybb_exporter *exporter, const asked *a, ybb_error *error)
{
    return change(json, exporter, a, ybb_export_resume, error);
}

static ybb_status do_start(char **json, ybb_exporter *exporter, const asked *a, ybb_error *error)
{
    ybb_export *export_;
    ybb_status status =
        ybb_export_start_for(&export_, exporter, a->text, a->length, a->own_address, error);
    if (status == YBB_OK)
        status = ybb_export_status(json, exporter, ybb_export_id(export_), NULL, error);
    ybb_export_free(export_);
    return status;
}

static ybb_status do_estimate(char **json, ybb_exporter *exporter, const asked *a, ybb_error *error)
{
    return ybb_export_estimate(json, exporter, a->text, a->length, error);
}

static ybb_status do_queue(char **json, ybb_exporter *exporter, const asked *a, ybb_error *error)
{
    return a->argument == NULL ? ybb_queue(json, exporter, error)
                               : ybb_queue_of(json, exporter, a->argument, a->owner, error);
}

static ybb_status do_list(char **json, ybb_exporter *exporter, const asked *a, ybb_error *error)
{
    return ybb_export_list(json, exporter, a->owner, a->before, a->most, error);
}

static ybb_status do_stats(char **json, ybb_exporter *exporter, const asked *a, ybb_error *error)
{
    (void)a;
    return ybb_stats(json, exporter, error);
}

static ybb_status do_sweep(char **json, ybb_exporter *exporter, const asked *a, ybb_error *error)
{
    (void)a;
    return ybb_sweep(json, exporter, error);
}

int verb_status(int argc, char **argv)
{
    return ask_about_id(argc, argv, do_status);
}

int verb_chunks(int argc, char **argv)
{
    return ask_about_id(argc, argv, do_chunks);
}

int verb_cancel(int argc, char **argv)
{
    return ask_about_id(argc, argv, do_cancel);
}

int verb_resume(int argc, char **argv)
{
    return ask_about_id(argc, argv, do_resume);
}

int verb_delete(int argc, char **argv)
{
    return ask_about_id(argc, argv, do_delete);
}

int verb_start(int argc, char **argv)
{
    static const struct option options[] = {
        SETTINGS_OPTIONS, {"own-address", required_argument, NULL, 'A'}, {NULL, 0, NULL, 0}};
    return ask_about_request(argc, argv, options, do_start);
}

int verb_estimate(int argc, char **argv)
{
    return ask_about_request(argc, argv, settings_options, do_estimate);
}

/* Without an id, an owner would be thought to have a meaning. */
int verb_queue(int argc, char **argv)
{
    asked a = {0};
    int status = read_options(&a, argc, argv, owner_options);
    if (status != 0)
        return status;
    if (optind + 1 < argc)
        return usage_error("%s takes one export's id, or none", argv[0]);
    if (optind == argc && a.owner != NULL)
        return usage_error("%s takes --owner beside an export's id alone", argv[0]);
    a.argument = optind < argc ? argv[optind] : NULL;
    return ask(&a, do_queue);
}

int verb_list(int argc, char **argv)
{
    enum { PAGE = 20 };
    static const struct option options[] = {SETTINGS_OPTIONS,
                                            {"owner", required_argument, NULL, 'w'},
                                            {"before", required_argument, NULL, 'b'},
                                            {"most", required_argument, NULL, 'm'},
                                            {NULL, 0, NULL, 0}};
    asked a = {.most = PAGE};
    int status = read_line(&a, argc, argv, options, NULL);
    return status != 0 ? status : ask(&a, do_list);
}

int verb_stats(int argc, char **argv)
{
    return ask_about_all(argc, argv, do_stats);
}

int verb_sweep(int argc, char **argv)
{
    return ask_about_all(argc, argv, do_sweep);
}
