#include "command.h"

#include "demo_fill.h"
#include "progress_bar.h"

#include <errno.h>
#include <getopt.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/clock.h"

static volatile sig_atomic_t stop_wanted;

/* The tables are taken away again. */
static void want_stop(int signal)
{
    (void)signal;
    stop_wanted = 1;
}

static bool show(double part, void *bar)
{
    if (bar != NULL)
        progress_bar_part(part, bar);
    return !stop_wanted;
}

static int fill_database(const char *dsn, uint64_t participants)
{
    char text[32], what[64], count[32];
    bool bar = progress_bar_wanted();
    ybb_error *error = ybb_error_new();
    if (error == NULL)
        return usage_error("memory is exhausted"), EXIT_FAILED;
    snprintf(what, sizeof(what), "making %s participants", grouped(text, participants));
    catch_signals(want_stop);
    int64_t started = ybb__clock_steady();
    uint64_t rows;
    ybb_status status = demo_fill(dsn, participants, show, bar ? what : NULL, &rows, error);
    if (bar)
        progress_bar_clear();
    int exit_status = EXIT_DONE;
    if (status != YBB_OK)
        exit_status = report_error(error);
    else
        fprintf(stderr, "ybbexport: made %s participants of program 1, %s rows in all, in %.1f s\n",
                grouped(text, participants), grouped(count, rows),
                (double)(ybb__clock_steady() - started) / 1e6);
    ybb_error_free(error);
    return exit_status;
}

static bool read_count(const char *text, uint64_t *out)
{
    char *end;
    errno = 0;
    unsigned long long number = strtoull(text, &end, 10);
    *out = number;
    return errno == 0 && *text >= '0' && *text <= '9' && *end == '\0' &&
           number <= DEMO_MOST_PARTICIPANTS;
}

int verb_demo_data(int argc, char **argv)
{
    static const struct option options[] = {
        SETTINGS_OPTIONS, {"participants", required_argument, NULL, 'p'}, {NULL, 0, NULL, 0}};
    settings from = {0};
    const char *participants = NULL;
    uint64_t count;
    for (int option; (option = getopt_long(argc, argv, "", options, NULL)) != -1;) {
        int status = 0;
        if (option == 'p')
            participants = optarg;
        else
            status = take_setting(&from, option, optarg);
        if (status != 0)
            return status;
    }
    const char *dsn = from.source != NULL ? from.source : getenv("YBBEXPORT_SOURCE");
    if (optind < argc)
        dsn = argv[optind++];
    if (optind < argc || dsn == NULL || *dsn == '\0')
        return usage_error("demo-data takes one database: a DSN");
    if (participants == NULL)
        return usage_error("demo-data needs --participants N");
    if (!read_count(participants, &count))
        return usage_error("--participants takes a number from 0 to %d, not \"%s\"",
                           DEMO_MOST_PARTICIPANTS, participants);
    return fill_database(dsn, count);
}
