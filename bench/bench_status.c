/*
 * bench_status CONFIG OUT ID: asks for the status of an export, by the public function, until it
 * has ended; prints how long the calls took, in microseconds, as JSON. The process is not the one
 * that runs the export.
 */
#include "ybbexport.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { MOST = 200000, PAUSE_MS = 2 };

static double now(void)
{
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (double)time.tv_sec * 1e6 + (double)time.tv_nsec / 1e3;
}

static int compare(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static void stop(const char *what, const ybb_error *error)
{
    fprintf(stderr, "bench_status: %s: %s\n", what, ybb_error_message(error));
    exit(1);
}

static ybb_exporter *open_exporter(char **argv, ybb_error *error)
{
    ybb_exporter *exporter = NULL;
    ybb_config *config = ybb_config_new();
    if (config == NULL || ybb_config_read_file(config, argv[1], error) != YBB_OK ||
        ybb_config_set(config, "out", argv[2], error) != YBB_OK ||
        ybb_exporter_open(&exporter, config, error) != YBB_OK)
        stop("open", error);
    ybb_config_free(config);
    return exporter;
}

/* Asks once; whether the export still runs. */
static bool ask(ybb_exporter *exporter, const char *id, double *took, ybb_error *error)
{
    char *json;
    double began = now();
    if (ybb_export_status(&json, exporter, id, NULL, error) != YBB_OK)
        stop("status", error);
    *took = now() - began;
    bool running = strstr(json, "\"status\":\"processing\"") != NULL;
    ybb_string_free(json);
    return running;
}

int main(int argc, char **argv)
{
    static double times[MOST];
    size_t count = 0;
    if (argc != 4) {
        fputs("usage: bench_status CONFIG OUT ID\n", stderr);
        return 2;
    }
    ybb_error *error = ybb_error_new();
    ybb_exporter *exporter = open_exporter(argv, error);
    const struct timespec pause = {.tv_nsec = PAUSE_MS * 1000000L};
    while (count < MOST && ask(exporter, argv[3], &times[count], error)) {
        count++;
        nanosleep(&pause, NULL);
    }
    ybb_exporter_free(exporter);
    ybb_error_free(error);
    if (count == 0) {
        fputs("bench_status: the export had ended before\n", stderr);
        return 1;
    }
    qsort(times, count, sizeof(times[0]), compare);
    printf("{\"calls\": %zu, \"median\": %.0f, \"p99\": %.0f, \"most\": %.0f}\n", count,
           times[count / 2], times[count * 99 / 100], times[count - 1]);
    return 0;
}
