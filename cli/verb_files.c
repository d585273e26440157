/*
 * ybbexport download, ybbexport stream: an export's bytes.
 */
#include "command.h"

#include <errno.h>
#include <fcntl.h>
#include <getopt.h>
#include <limits.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <unistd.h>

enum { COPIED_AT_ONCE = 1024 * 1024 };

static volatile sig_atomic_t stop_wanted;

/* What is being written is left off, and half a file is removed. */
static void want_stop(int signal)
{
    (void)signal;
    stop_wanted = 1;
}

typedef struct wishes {
    settings from;
    const char *owner;
    const char *output;   /* "-": standard output; NULL: the verb's own choice */
    int number;           /* as ybb_download_open()'s */
    const char *argument; /* an id, or a request's file */
} wishes;

static int read_batch(wishes *w, const char *value)
{
    char *end;
    errno = 0;
    long number = strtol(value, &end, 10);
    if (errno != 0 || *end != '\0' || end == value || number < 1 || number > INT_MAX)
        return usage_error("--batch takes a number from 1, not \"%s\"", value);
    w->number = (int)number;
    return 0;
}

static int refuse_both(void)
{
    return usage_error("download takes --batch or --zip, not both");
}

static int take_option(wishes *w, int option, const char *value)
{
    switch (option) {
    case 'w':
        w->owner = value;
        return 0;
    case 'b':
        return w->number == YBB_DOWNLOAD_ARCHIVE ? refuse_both() : read_batch(w, value);
    case 'z':
        if (w->number != YBB_DOWNLOAD_FILE)
            return refuse_both();
        w->number = YBB_DOWNLOAD_ARCHIVE;
        return 0;
    case 'o':
        w->output = value;
        return 0;
    default:
        return take_setting(&w->from, option, value);
    }
}

static int read_line(wishes *w, int argc, char **argv, const struct option *options,
                     const char *takes)
{
    for (int option; (option = getopt_long(argc, argv, "o:", options, NULL)) != -1;) {
        int status = take_option(w, option, optarg);
        if (status != 0)
            return status;
    }
    if (optind + 1 != argc)
        return usage_error("%s takes %s", argv[0], takes);
    w->argument = argv[optind];
    return 0;
}

/* A new file; one that is there already is never written over. */
static int open_output(const char *path)
{
    enum { MODE = 0666 };
    if (strcmp(path, "-") == 0)
        return dup(STDOUT_FILENO);
    return open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, MODE);
}

static bool write_all(int to, const char *bytes, size_t length)
{
    while (length > 0 && !stop_wanted) {
        ssize_t written = write(to, bytes, length);
        if (written < 0 && errno == EINTR)
            continue;
        if (written <= 0)
            return false;
        bytes += written;
        length -= (size_t)written;
    }
    errno = EINTR; /* where it was left off */
    return length == 0;
}

/* errno, or 0. *@copied: how many bytes there were. */
static int copy_all(int from, int to, uint64_t *copied)
{
    char *some = malloc(COPIED_AT_ONCE);
    ssize_t length = -1;
    bool written = some != NULL;
    while (written && (length = read(from, some, COPIED_AT_ONCE)) > 0) {
        written = write_all(to, some, (size_t)length);
        *copied += (uint64_t)length;
    }
    int number = length == 0 && written ? 0 : errno;
    free(some);
    return number;
}

/* errno, or 0; then *@copied tells whether it was the whole file. */
static int copy_file(const ybb_download *found, int to, uint64_t *copied)
{
    int from = open(ybb_download_path(found), O_RDONLY | O_CLOEXEC);
    int number = from < 0 ? errno : copy_all(from, to, copied);
    if (from >= 0)
        close(from);
    return number;
}

static int save(const ybb_download *found, const char *output)
{
    const char *path = output != NULL ? output : ybb_download_name(found);
    uint64_t copied = 0;
    catch_signals(want_stop);
    int to = open_output(path);
    int number = to < 0 ? errno : copy_file(found, to, &copied);
    if (to >= 0 && close(to) != 0 && number == 0)
        number = errno;
    if (number == 0 && copied == ybb_download_size(found))
        return EXIT_DONE;
    if (to >= 0 && strcmp(path, "-") != 0)
        unlink(path);
    (void)usage_error("cannot copy %s to %s: %s", ybb_download_path(found), path,
                      number != 0 ? strerror(number) : "it changed meanwhile");
    return EXIT_FAILED;
}

static int download(const wishes *w, ybb_exporter *exporter, ybb_error *error)
{
    ybb_download *found;
    if (ybb_download_open(&found, exporter, w->argument, w->owner, w->number, error) != YBB_OK)
        return answer_error(error);
    int status = save(found, w->output);
    ybb_download_free(found);
    return status;
}

int verb_download(int argc, char **argv)
{
    static const struct option options[] = {SETTINGS_OPTIONS,
                                            {"owner", required_argument, NULL, 'w'},
                                            {"batch", required_argument, NULL, 'b'},
                                            {"zip", no_argument, NULL, 'z'},
                                            {NULL, 0, NULL, 0}};
    wishes w = {.from = {.leave_to_workers = true}, .number = YBB_DOWNLOAD_FILE};
    int status = read_line(&w, argc, argv, options, "one export's id");
    if (status != 0)
        return status;
    status = EXIT_FAILED;
    ybb_error *error = ybb_error_new();
    ybb_exporter *exporter = error == NULL ? NULL : open_exporter(&w.from, error);
    if (exporter != NULL)
        status = download(&w, exporter, error);
    else if (error != NULL)
        (void)answer_error(error);
    ybb_exporter_free(exporter);
    ybb_error_free(error);
    return status;
}

/* Whether a pipe has bytes that nobody has read yet. */
static bool is_filled(int to)
{
    int unread = 0;
    struct stat what;
    return fstat(to, &what) == 0 && S_ISFIFO(what.st_mode) && ioctl(to, FIONREAD, &unread) == 0 &&
           unread > 0;
}

/* Nothing to write asks whether the reader is still there: of a pipe, whether it reads what is in
 * it, for who leaves before that has not had all. */
static bool hand_on(const void *bytes, size_t length, void *user)
{
    enum { LOOK_MS = 20 };
    struct pollfd to = {.fd = *(const int *)user};
    if (length > 0)
        return write_all(to.fd, bytes, length);
    bool filled, left;
    do {
        filled = is_filled(to.fd);
        left = poll(&to, 1, filled ? LOOK_MS : 0) > 0 && (to.revents & (POLLERR | POLLNVAL)) != 0;
    } while (filled && !left && !stop_wanted);
    return !left && !stop_wanted;
}

/* What was started here and will not be read; others may have asked for it too. */
static void take_back(ybb_exporter *exporter, ybb_export *export_)
{
    char *json = NULL;
    if (!ybb_export_joined(export_) &&
        ybb_export_delete(&json, exporter, ybb_export_id(export_), NULL, NULL) == YBB_OK)
        ybb_string_free(json);
}

/* One that was there before can be read another time. */
static void fail_output(const char *path, ybb_exporter *exporter, ybb_export *export_, bool started)
{
    (void)usage_error("cannot write %s: %s", path, strerror(errno));
    if (started)
        take_back(exporter, export_);
}

/* One of another strategy that was started here is taken back. */
static ybb_status read_rows(ybb_exporter *exporter, ybb_export *export_, bool started, int *to,
                            ybb_error *error)
{
    catch_signals(want_stop);
    ybb_status status = ybb_export_stream(export_, hand_on, to, error);
    if (status == YBB_MISUSE && started)
        take_back(exporter, export_);
    return status;
}

/* A file of such a name is "./exp_...". */
static bool is_id(const char *text)
{
    static const char prefix[] = "exp_", letters[] = "0123456789abcdefghijklmnopqrstuvwxyz";
    enum { PREFIX = sizeof(prefix) - 1, LETTERS = 26 };
    return strncmp(text, prefix, PREFIX) == 0 && strlen(text) == PREFIX + LETTERS &&
           strspn(text + PREFIX, letters) == LETTERS;
}

/* @request NULL: the argument is the id of an export that is there. Nothing but the file goes to
 * standard output, so errors are told on standard error alone. */
static int stream(const wishes *w, ybb_exporter *exporter, const char *request, size_t length,
                  ybb_error *error)
{
    ybb_export *export_;
    const char *path = w->output != NULL ? w->output : "-";
    ybb_status found = request == NULL
                           ? ybb_export_open(&export_, exporter, w->argument, w->owner, error)
                           : ybb_export_start(&export_, exporter, request, length, error);
    if (found != YBB_OK)
        return report_error(error);
    int to = open_output(path);
    int status = EXIT_FAILED;
    if (to < 0)
        fail_output(path, exporter, export_, request != NULL);
    else if (read_rows(exporter, export_, request != NULL, &to, error) == YBB_OK)
        status = EXIT_DONE;
    else
        (void)report_error(error);
    if (to >= 0 && close(to) != 0)
        status = EXIT_FAILED;
    if (status != EXIT_DONE && to >= 0 && strcmp(path, "-") != 0)
        unlink(path); /* half a file helps nobody */
    ybb_export_free(export_);
    return status;
}

int verb_stream(int argc, char **argv)
{
    static const struct option options[] = {
        SETTINGS_OPTIONS, {"owner", required_argument, NULL, 'w'}, {NULL, 0, NULL, 0}};
    wishes w = {.from = {.leave_to_workers = true}}; /* all but the stream */
    int status = read_line(&w, argc, argv, options,
                           "one request: a file, or - for standard input; or one export's id");
    if (status != 0)
        return status;
    size_t length = 0;
    bool known = is_id(w.argument);
    if (!known && w.owner != NULL)
        return usage_error("--owner is for an export's id; a request names its own owner");
    char *request = known ? NULL : read_input(w.argument, &length);
    if (request == NULL && !known)
        return usage_error("cannot read the request %s: %s", w.argument, strerror(errno));
    status = EXIT_FAILED;
    signal(SIGPIPE, SIG_IGN); /* a reader that leaves is told by write() */
    ybb_error *error = ybb_error_new();
    ybb_exporter *exporter = error == NULL ? NULL : open_exporter(&w.from, error);
    if (exporter != NULL)
        status = stream(&w, exporter, request, length, error);
    else if (error != NULL)
        (void)report_error(error);
    ybb_exporter_free(exporter);
    ybb_error_free(error);
    free(request);
    return status;
}
