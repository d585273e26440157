/*
 * cli/command: what the verbs of the command share.
 */
#ifndef YBB_CLI_COMMAND_H
#define YBB_CLI_COMMAND_H

#include "ybbexport.h"

/* Exit statuses of every verb. */
enum { EXIT_DONE = 0, EXIT_FAILED = 1, EXIT_REQUEST = 2 };

typedef struct verb {
    const char *name;
    const char *arguments; /* for the usage line */
    const char *summary;
    int (*run)(int argc, char **argv); /* argv[0] is the verb */
} verb;

int verb_export(int argc, char **argv);
int verb_demo_data(int argc, char **argv);
int verb_start(int argc, char **argv);
int verb_status(int argc, char **argv);
int verb_list(int argc, char **argv);
int verb_chunks(int argc, char **argv);
int verb_download(int argc, char **argv);
int verb_stream(int argc, char **argv);
int verb_estimate(int argc, char **argv);
int verb_cancel(int argc, char **argv);
int verb_resume(int argc, char **argv);
int verb_delete(int argc, char **argv);
int verb_queue(int argc, char **argv);
int verb_stats(int argc, char **argv);
int verb_sweep(int argc, char **argv);
int verb_worker(int argc, char **argv);
int verb_templates(int argc, char **argv);
int verb_template(int argc, char **argv);

/* "ybbexport: <message>" on stderr. Returns EXIT_REQUEST for a wrong command line. */
int usage_error(const char *format, ...) __attribute__((format(printf, 1, 2)));
/* The error's message on stderr. Returns its exit status: EXIT_REQUEST where the request is to
 * blame. */
int report_error(const ybb_error *error);
/* The same, and the error response on stdout. */
int answer_error(const ybb_error *error);
/* Prints @json, which it frees. False where stdout does not take it. */
bool print_json(char *json);
/* Has @handler called once by what asks the process to end: Ctrl-C, kill, a terminal that is closed
 * (not under nohup). The second time the process ends. */
void catch_signals(void (*handler)(int));
/* All of a file, or of standard input for "-", allocated; NULL and errno where it cannot be read.
 */
char *read_input(const char *path, size_t *length);

/* Settings that all verbs take: --config, --source, --store, --out, --threads, and the environment's
 * YBBEXPORT_CONFIG, YBBEXPORT_SOURCE and YBBEXPORT_STORE. */
typedef struct settings {
    const char *config, *source, *store, *out;
    unsigned threads;
    bool leave_to_workers; /* nothing runs in this process */
} settings;

/* The long options for getopt_long, and what to do with one that it gave. 0, or an exit status. */
#define SETTINGS_OPTIONS                                                                           \
    {"config", required_argument, NULL, 'c'}, {"source", required_argument, NULL, 's'},            \
        {"store", required_argument, NULL, 'S'},                                                   \
        {"out", required_argument, NULL, 'd'}, {"threads", required_argument, NULL, 't'}
int take_setting(settings *to, int option, const char *value);
/* An opened exporter, or NULL and @error. */
ybb_exporter *open_exporter(const settings *from, ybb_error *error);

#endif
