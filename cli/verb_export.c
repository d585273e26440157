#include "command.h"
#include "progress_bar.h"

#include <errno.h>
#include <getopt.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { LOOK_MS = 100, MAIL_MS = 60 * 1000 };

static volatile sig_atomic_t stop_wanted;

/* The export is cancelled, and clears up. */
static void want_stop(int signal)
{
    (void)signal;
    stop_wanted = 1;
}

static ybb_status wait_for(ybb_export *export_, ybb_error *error)
{
    bool bar = progress_bar_wanted();
    if (bar)
        ybb_export_on_progress(export_, progress_bar_draw, NULL);
    catch_signals(want_stop);
    ybb_status status;
    do {
        ybb_error_clear(error);
        status = ybb_export_wait(export_, LOOK_MS, error);
        if (stop_wanted)
            (void)ybb_export_cancel(export_, NULL);
    } while (status == YBB_NOT_READY);
    if (bar)
        progress_bar_clear();
    return status;
}

/* Nobody would ever read it, unless somebody else has asked for it too. */
static int refuse_stream(ybb_exporter *exporter, ybb_export *export_, const ybb_error *error)
{
    char *json = NULL;
    if (!ybb_export_joined(export_) &&
        ybb_export_delete(&json, exporter, ybb_export_id(export_), NULL, NULL) == YBB_OK)
        ybb_string_free(json);
    ybb_export_free(export_);
    return answer_error(error);
}

/* The answer about an export that was waited for. Where the job store failed meanwhile, it tells what
 * the store has, the export's id above all: it is queued, and whoever can will carry it out. */
static int answer_end(ybb_exporter *exporter, const char *id, ybb_status waited, ybb_error *why)
{
    char *json = NULL;
    if (ybb_export_status(&json, exporter, id, NULL, waited == YBB_OK ? why : NULL) != YBB_OK)
        return answer_error(why);
    if (waited != YBB_OK)
        report_error(why);
    return print_json(json) && waited == YBB_OK ? EXIT_DONE : EXIT_FAILED;
}

/* The answer is out; what ends with this process is the mail about the export. Ctrl-C leaves it to
 * others. */
static void wait_for_mail(ybb_export *export_)
{
    for (int waited = 0; waited < MAIL_MS && !stop_wanted; waited += LOOK_MS)
        if (ybb_export_wait_mail(export_, LOOK_MS, NULL) != YBB_NOT_READY)
            return;
}

static int run_export(ybb_exporter *exporter, const char *request, size_t length,
                      const char *own_address, ybb_error *error)
{
    ybb_export *export_;
    if (ybb_export_start_for(&export_, exporter, request, length, own_address, error) != YBB_OK)
        return answer_error(error);
    ybb_status status = wait_for(export_, error);
    if (status == YBB_MISUSE)
        return refuse_stream(exporter, export_, error);
    int exit_status = answer_end(exporter, ybb_export_id(export_), status, error);
    wait_for_mail(export_);
    ybb_export_free(export_);
    return exit_status;
}

static int export_file(const settings *from, const char *path, const char *own_address)
{
    size_t length;
    char *request = read_input(path, &length);
    if (request == NULL)
        return usage_error("cannot read the request %s: %s", path, strerror(errno));
    int status = EXIT_FAILED;
    ybb_error *error = ybb_error_new();
    ybb_exporter *exporter = error == NULL ? NULL : open_exporter(from, error);
    if (exporter != NULL)
        status = run_export(exporter, request, length, own_address, error);
    else if (error != NULL)
        (void)answer_error(error); /* the installation is to blame, not what was asked */
    ybb_exporter_free(exporter);
    ybb_error_free(error);
    free(request);
    return status;
}

int verb_export(int argc, char **argv)
{
    static const struct option options[] = {
        SETTINGS_OPTIONS, {"own-address", required_argument, NULL, 'A'}, {NULL, 0, NULL, 0}};
    settings from = {0};
    const char *own_address = NULL;
    for (int option; (option = getopt_long(argc, argv, "", options, NULL)) != -1;) {
        int status = 0;
        if (option == 'A')
            own_address = optarg;
        else
            status = take_setting(&from, option, optarg);
        if (status != 0)
            return status;
    }
    if (optind + 1 != argc)
        return usage_error("export takes one request: a file, or - for standard input");
    return export_file(&from, argv[optind], own_address);
}
