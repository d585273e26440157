#include "progress_bar.h"

#include <langinfo.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

enum { NUMBER_TEXT = 32, LEAST_CELLS = 10, MOST_CELLS = 40, DEFAULT_WIDTH = 80 };

bool progress_bar_wanted(void)
{
    const char *terminal = getenv("TERM");
    return isatty(STDERR_FILENO) && terminal != NULL && strcmp(terminal, "dumb") != 0;
}

const char *grouped(char *out, unsigned long long number)
{
    char digits[NUMBER_TEXT];
    int length = snprintf(digits, sizeof(digits), "%llu", number), used = 0;
    for (int i = 0; i < length; i++) {
        if (i > 0 && (length - i) % 3 == 0)
            out[used++] = ',';
        out[used++] = digits[i];
    }
    out[used] = '\0';
    return out;
}

static int terminal_width(void)
{
    struct winsize size;
    if (ioctl(STDERR_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0)
        return size.ws_col;
    return DEFAULT_WIDTH;
}

/* Blocks where the terminal's characters are UTF-8, signs of ASCII elsewhere. */
static void draw(double percentage, const char *text)
{
    bool utf8 = strcmp(nl_langinfo(CODESET), "UTF-8") == 0;
    const char *full = utf8 ? "\u2588" : "#", *empty = utf8 ? "\u2591" : ".";
    int room = terminal_width() - (int)strlen(text) - (int)strlen(" 100%  ") - 1;
    int cells = room > MOST_CELLS ? MOST_CELLS : room;
    fputc('\r', stderr);
    if (cells >= LEAST_CELLS)
        for (int i = 0; i < cells; i++)
            fputs((i + 1) * 100 <= percentage * cells ? full : empty, stderr);
    fprintf(stderr, " %3.0f%%  %.*s\033[K", percentage, terminal_width() - 8, text);
    fflush(stderr);
}

void progress_bar_draw(const ybb_progress *progress, void *user)
{
    char text[256], done[NUMBER_TEXT], total[NUMBER_TEXT], chunk[64] = "";
    (void)user;
    if (progress->total_chunks > 1)
        snprintf(chunk, sizeof(chunk), ", file %u of %u", progress->current_chunk,
                 progress->total_chunks);
    if (progress->total_records == 0)
        snprintf(text, sizeof(text), "%s", progress->operation);
    else if (strcmp(progress->stage, "compression") == 0)
        snprintf(text, sizeof(text), "%s, %.1f s", progress->operation,
                 progress->elapsed_seconds);
    else
        snprintf(text, sizeof(text), "%s of %s records%s, %.1f s",
                 grouped(done, progress->records_processed),
                 grouped(total, progress->total_records), chunk, progress->elapsed_seconds);
    draw(progress->percentage, text);
}

void progress_bar_part(double part, void *what)
{
    draw(part * 100, what);
}

void progress_bar_clear(void)
{
    fputs("\r\033[K", stderr);
    fflush(stderr);
}
