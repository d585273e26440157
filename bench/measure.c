/*
 * measure RESULT COMMAND [ARGUMENT ...]: runs a command and writes what it took to the file RESULT,
 * as JSON: microseconds of wall time, of user and of system CPU, and the peak of its memory in KiB.
 *
 * A small program of its own because the kernel counts the memory that a child has before it
 * becomes the command: a copy of whoever starts it.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static void fail(const char *what)
{
    fprintf(stderr, "measure: %s: %s\n", what, strerror(errno));
    exit(1);
}

static long long now(void)
{
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return time.tv_sec * 1000000LL + time.tv_nsec / 1000;
}

static long long microseconds(struct timeval time)
{
    return time.tv_sec * 1000000LL + time.tv_usec;
}

int main(int argc, char **argv)
{
    if (argc < 3) {
        fputs("usage: measure RESULT COMMAND [ARGUMENT ...]\n", stderr);
        return 2;
    }
    FILE *out = fopen(argv[1], "we");
    if (out == NULL)
        fail(argv[1]);
    long long started = now();
    pid_t child = fork();
    if (child < 0)
        fail("fork");
    if (child == 0) {
        execvp(argv[2], argv + 2);
        fprintf(stderr, "measure: %s: %s\n", argv[2], strerror(errno));
        _exit(127);
    }
    int status;
    struct rusage used;
    while (wait4(child, &status, 0, &used) < 0)
        if (errno != EINTR)
            fail("wait");
    fprintf(out, "{\"wall\": %lld, \"user\": %lld, \"system\": %lld, \"peak_kib\": %ld}\n",
            now() - started, microseconds(used.ru_utime), microseconds(used.ru_stime),
            used.ru_maxrss);
    if (fclose(out) != 0)
        fail(argv[1]);
    return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}
