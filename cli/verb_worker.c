/*
 * ybbexport worker: a process that runs what is queued, in the foreground.
 *
 * SIGTERM or SIGINT: nothing new is begun, and what runs may go on for the drain time, then it is
 * given back to the queue. A second signal gives it back at once.
 */
#include "command.h"

#include <errno.h>
#include <getopt.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { DRAIN_SECONDS = 60, MOST_DRAIN_SECONDS = 24 * 3600, GIVE_BACK_MS = 10000 };

static int read_drain(int *seconds, const char *value)
{
    char *end;
    errno = 0;
    long number = strtol(value, &end, 10);
    if (errno != 0 || *end != '\0' || end == value || number < 0 || number > MOST_DRAIN_SECONDS)
        return usage_error("--drain takes seconds from 0 to %d, not \"%s\"", MOST_DRAIN_SECONDS,
                           value);
    *seconds = (int)number;
    return 0;
}

/* Whether a signal comes within @milliseconds. */
static bool wait_signal(const sigset_t *signals, int milliseconds)
{
    const struct timespec time = {milliseconds / 1000, (long)(milliseconds % 1000) * 1000000};
    int taken;
    do
        taken = sigtimedwait(signals, NULL, &time);
    while (taken < 0 && errno == EINTR);
    return taken > 0;
}

/* Waits for what runs, at most the drain time or until a second signal, then gives it back. */
static int drain(ybb_exporter *exporter, const sigset_t *signals, int seconds, ybb_error *error)
{
    enum { LOOK_MS = 200 };
    unsigned running = ybb_exporter_running(exporter);
    if (running > 0)
        fprintf(stderr, "ybbexport: stopping; %u exports may run for %d seconds more\n", running,
                seconds);
    ybb_status status = ybb_exporter_stop(exporter, seconds * 1000, 0, error);
    for (int waited = 0; status == YBB_NOT_READY && waited < seconds * 1000; waited += LOOK_MS) {
        if (wait_signal(signals, LOOK_MS))
            break;
        ybb_error_clear(error);
        status = ybb_exporter_stop(exporter, seconds * 1000 - waited, 0, error);
    }
    if (status == YBB_NOT_READY) {
        ybb_error_clear(error);
        status = ybb_exporter_stop(exporter, 0, GIVE_BACK_MS, error);
    }
    return status == YBB_OK ? EXIT_DONE : report_error(error);
}

/* One line at a time, whatever thread it comes from. */
static void print_line(int severity, const char *line, void *user)
{
    (void)severity, (void)user;
    fprintf(stderr, "%s\n", line);
}

/* Clears up, which is nobody's duty in particular: workers do it now and then. Milliseconds until
 * it is due again. */
static int next_sweep(ybb_exporter *exporter, ybb_error *error)
{
    enum { SWEEP_MS = 10 * 60 * 1000 };
    char *json;
    if (ybb_sweep(&json, exporter, error) == YBB_OK)
        ybb_string_free(json);
    else
        fprintf(stderr, "ybbexport: cannot clear up: %s\n", ybb_error_message(error));
    ybb_error_clear(error);
    return SWEEP_MS;
}

static int serve(ybb_exporter *exporter, int seconds, ybb_error *error)
{
    sigset_t signals;
    sigemptyset(&signals);
    sigaddset(&signals, SIGTERM);
    sigaddset(&signals, SIGINT);
    sigprocmask(SIG_BLOCK, &signals, NULL);
    ybb_exporter_on_log(exporter, print_line, NULL);
    if (ybb_exporter_serve(exporter, error) != YBB_OK)
        return report_error(error);
    while (!wait_signal(&signals, next_sweep(exporter, error)))
        ;
    return drain(exporter, &signals, seconds, error);
}

int verb_worker(int argc, char **argv)
{
    static const struct option options[] = {
        SETTINGS_OPTIONS, {"drain", required_argument, NULL, 'D'}, {NULL, 0, NULL, 0}};
    settings from = {0};
    int seconds = DRAIN_SECONDS;
    for (int option; (option = getopt_long(argc, argv, "", options, NULL)) != -1;) {
        int status =
            option == 'D' ? read_drain(&seconds, optarg) : take_setting(&from, option, optarg);
        if (status != 0)
            return status;
    }
    if (optind != argc)
        return usage_error("worker takes no argument");
    int status = EXIT_FAILED;
    ybb_error *error = ybb_error_new();
    ybb_exporter *exporter = error == NULL ? NULL : open_exporter(&from, error);
    if (exporter != NULL)
        status = serve(exporter, seconds, error);
    else if (error != NULL)
        status = report_error(error);
    ybb_exporter_free(exporter);
    ybb_error_free(error);
    return status;
}
