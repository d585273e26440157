#include "command.h"

#include <errno.h>
#include <limits.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

int usage_error(const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    fputs("ybbexport: ", stderr);
    vfprintf(stderr, format, arguments);
    fputc('\n', stderr);
    va_end(arguments);
    return EXIT_REQUEST;
}

int report_error(const ybb_error *error)
{
    fprintf(stderr, "ybbexport: %s\n", ybb_error_message(error));
    ybb_status status = ybb_error_status(error);
    return status > YBB_OK && status < YBB_INVALID_CONFIG ? EXIT_REQUEST : EXIT_FAILED;
}

int take_setting(settings *to, int option, const char *value)
{
    char *end;
    unsigned long number;
    switch (option) {
    case 'c':
        to->config = value;
        return 0;
    case 's':
        to->source = value;
        return 0;
    case 'S':
        to->store = value;
        return 0;
    case 'd':
        if (*value == '\0') /* as "$UNSET" is, which should not mean the working folder */
            return usage_error("--out takes a folder");
        to->out = value;
        return 0;
    case 't':
        errno = 0;
        number = strtoul(value, &end, 10);
        if (errno != 0 || *end != '\0' || end == value || *value == '-' || number > 1024)
            return usage_error("--threads takes a number from 0 to 1024, not \"%s\"", value);
        to->threads = (unsigned)number;
        return 0;
    default: /* getopt_long has said what it does not know */
        return EXIT_REQUEST;
    }
}

/* The library wants absolute paths: a working folder may change under it. */
static ybb_status set_out(ybb_config *config, const char *out, ybb_error *error)
{
    char path[PATH_MAX];
    if (realpath(out, path) != NULL)
        return ybb_config_set(config, "out", path, error);
    if (out[0] == '/')
        return ybb_config_set(config, "out", out, error);
    size_t length = getcwd(path, sizeof(path)) == NULL ? sizeof(path) : strlen(path);
    if (length + strlen(out) + 2 <= sizeof(path)) {
        path[length] = '/';
        strcpy(path + length + 1, out);
    }
    return ybb_config_set(config, "out", path, error);
}

static ybb_status configure(ybb_config *config, const settings *from, ybb_error *error)
{
    static const char workers_only[] = "{\"pool\": \"worker\"}";
    const char *file = from->config != NULL ? from->config : getenv("YBBEXPORT_CONFIG");
    const char *source = from->source != NULL ? from->source : getenv("YBBEXPORT_SOURCE");
    const char *store = from->store != NULL ? from->store : getenv("YBBEXPORT_STORE");
    ybb_status status = set_out(config, from->out != NULL ? from->out : ".", error);
    if (status == YBB_OK && file != NULL)
        status = ybb_config_read_file(config, file, error);
    if (status == YBB_OK && source != NULL)
        status = ybb_config_set(config, "source", source, error);
    if (status == YBB_OK && store != NULL)
        status = ybb_config_set(config, "store", store, error);
    if (status == YBB_OK && from->leave_to_workers)
        status = ybb_config_read(config, workers_only, strlen(workers_only), error);
    if (status == YBB_OK && file != NULL && from->out != NULL)
        status = set_out(config, from->out, error); /* the command line wins over the file */
    if (status == YBB_OK && from->threads != 0)
        status = ybb_config_set_threads(config, from->threads, error);
    return status;
}

ybb_exporter *open_exporter(const settings *from, ybb_error *error)
{
    ybb_exporter *exporter = NULL;
    ybb_config *config = ybb_config_new();
    if (config == NULL || configure(config, from, error) != YBB_OK ||
        ybb_exporter_open(&exporter, config, error) != YBB_OK)
        exporter = NULL;
    ybb_config_free(config);
    return exporter;
}
