/*
 * Exports the participants of program 1: export DSN FOLDER, the folder as an absolute path.
 *
 *     cc export.c $(pkg-config --cflags --libs ybbexport) -o export
 *     ./export sqlite:///var/lib/ybb/admin.db /var/lib/ybb/exports
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <ybbexport.h>

static const char request[] = "{\"export_type\": \"participants\", \"program_id\": 1,"
                              " \"format\": \"excel\", \"template\": \"detailed\"}";

static void show(const ybb_progress *progress, void *user)
{
    (void)user;
    fprintf(stderr, "%3.0f%%  %s\n", progress->percentage, progress->operation);
}

/* Starts the export, waits until its files can be read, and prints where they are. */
static ybb_status export_participants(ybb_exporter *exporter, ybb_error *error)
{
    ybb_export *job;
    ybb_status status = ybb_export_start(&job, exporter, request, strlen(request), error);
    if (status != YBB_OK)
        return status;
    ybb_export_on_progress(job, show, NULL);
    char *answer = NULL;
    status = ybb_export_wait(job, -1, error);
    if (status == YBB_OK)
        status = ybb_export_status(&answer, exporter, ybb_export_id(job), NULL, error);
    if (status == YBB_OK)
        puts(answer);
    ybb_string_free(answer);
    ybb_export_free(job);
    return status;
}

/* An exporter lives as long as its program: it can carry out any number of exports at once. */
static ybb_status run(const char *source, const char *out, ybb_error *error)
{
    ybb_config *config = ybb_config_new();
    if (config == NULL)
        return YBB_NO_MEMORY;
    ybb_exporter *exporter = NULL;
    ybb_status status = ybb_config_set(config, "source", source, error);
    if (status == YBB_OK)
        status = ybb_config_set(config, "out", out, error);
    if (status == YBB_OK)
        status = ybb_exporter_open(&exporter, config, error);
    if (status == YBB_OK)
        status = export_participants(exporter, error);
    ybb_exporter_free(exporter);
    ybb_config_free(config);
    return status;
}

int main(int argc, char **argv)
{
    if (argc != 3) {
        fprintf(stderr, "usage: %s DSN FOLDER\n", argv[0]);
        return EXIT_FAILURE;
    }
    ybb_error *error = ybb_error_new();
    ybb_status status = run(argv[1], argv[2], error);
    if (status != YBB_OK)
        fprintf(stderr, "%s: %s\n", ybb_status_text(status), ybb_error_message(error));
    ybb_error_free(error);
    return status == YBB_OK ? EXIT_SUCCESS : EXIT_FAILURE;
}
