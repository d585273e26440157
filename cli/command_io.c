#include "command.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { STEP = 64 * 1024, MOST = 16 * 1024 * 1024 };

void catch_signals(void (*handler)(int))
{
    struct sigaction action = {.sa_handler = handler, .sa_flags = (int)SA_RESETHAND}, before;
    sigaction(SIGINT, &action, NULL);
    sigaction(SIGTERM, &action, NULL);
    if (sigaction(SIGHUP, NULL, &before) == 0 && before.sa_handler != SIG_IGN)
        sigaction(SIGHUP, &action, NULL);
}

/* All of a stream, allocated; NULL and errno where it cannot be read. */
static char *read_stream(FILE *from, size_t *length)
{
    char *text = NULL;
    size_t used = 0, capacity = 0;
    while (!feof(from) && used < MOST) {
        char *grown = used + STEP > capacity ? realloc(text, used + STEP) : text;
        if (grown == NULL) {
            free(text);
            return NULL;
        }
        text = grown;
        capacity = used + STEP;
        used += fread(text + used, 1, STEP, from);
        if (ferror(from)) {
            free(text);
            return NULL;
        }
    }
    *length = used;
    return text;
}

char *read_input(const char *path, size_t *length)
{
    if (strcmp(path, "-") == 0)
        return read_stream(stdin, length);
    FILE *file = fopen(path, "re");
    if (file == NULL)
        return NULL;
    char *text = read_stream(file, length);
    int number = errno;
    fclose(file);
    errno = number;
    return text;
}

bool print_json(char *json)
{
    bool printed = json != NULL && puts(json) != EOF && fflush(stdout) == 0;
    ybb_string_free(json);
    return printed;
}

int answer_error(const ybb_error *error)
{
    int status = report_error(error);
    return print_json(ybb_error_json(error)) ? status : EXIT_FAILED;
}
