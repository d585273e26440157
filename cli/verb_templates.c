/*
 * ybbexport templates, ybbexport template add: what can be exported, and more of it.
 */
#include "command.h"

#include <errno.h>
#include <getopt.h>
#include <stdlib.h>
#include <string.h>

/* The settings before and among the arguments. 0, or an exit status. */
static int read_settings(settings *from, int argc, char **argv)
{
    static const struct option options[] = {SETTINGS_OPTIONS, {NULL, 0, NULL, 0}};
    for (int option; (option = getopt_long(argc, argv, "", options, NULL)) != -1;) {
        int status = take_setting(from, option, optarg);
        if (status != 0)
            return status;
    }
    return 0;
}

static int print_templates(ybb_exporter *exporter, ybb_error *error)
{
    char *json;
    if (ybb_templates(&json, exporter, error) != YBB_OK)
        return answer_error(error);
    return print_json(json) ? EXIT_DONE : EXIT_FAILED;
}

/* Prints all templates, the new one among them. */
static int add(ybb_exporter *exporter, const char *json, size_t length, ybb_error *error)
{
    ybb_status status = ybb_template_add(exporter, json, length, error);
    if (status == YBB_OK)
        return print_templates(exporter, error);
    int exit_status = answer_error(error);
    return status == YBB_INVALID_CATALOG ? EXIT_REQUEST : exit_status;
}

/* @json NULL: nothing is added. */
static int open_and_do(const settings *from, const char *json, size_t length)
{
    int status = EXIT_FAILED;
    ybb_error *error = ybb_error_new();
    ybb_exporter *exporter = error == NULL ? NULL : open_exporter(from, error);
    if (exporter != NULL)
        status =
            json != NULL ? add(exporter, json, length, error) : print_templates(exporter, error);
    else if (error != NULL)
        (void)answer_error(error); /* the installation is to blame, not what was asked */
    ybb_exporter_free(exporter);
    ybb_error_free(error);
    return status;
}

int verb_templates(int argc, char **argv)
{
    settings from = {0};
    int status = read_settings(&from, argc, argv);
    if (status != 0)
        return status;
    if (optind != argc)
        return usage_error("templates takes no argument");
    return open_and_do(&from, NULL, 0);
}

int verb_template(int argc, char **argv)
{
    settings from = {0};
    int status = read_settings(&from, argc, argv);
    if (status != 0)
        return status;
    if (optind + 2 != argc || strcmp(argv[optind], "add") != 0)
        return usage_error("template takes add and one template: a file, or - for standard input");
    size_t length;
    char *json = read_input(argv[optind + 1], &length);
    if (json == NULL)
        return usage_error("cannot read the template %s: %s", argv[optind + 1], strerror(errno));
    status = open_and_do(&from, json, length);
    free(json);
    return status;
}
