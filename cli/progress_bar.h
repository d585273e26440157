/*
 * cli/progress_bar: one line on a terminal that shows how far an export is.
 */
#ifndef YBB_CLI_PROGRESS_BAR_H
#define YBB_CLI_PROGRESS_BAR_H

#include <stdbool.h>

#include "ybbexport.h"

/* Whether stderr is a terminal that can redraw a line. */
bool progress_bar_wanted(void);
/* A ybb_progress_fn; @user is not used. */
void progress_bar_draw(const ybb_progress *progress, void *user);
/* The same for work that has no records: @part is 0 to 1. */
void progress_bar_part(double part, void *what);
/* Removes the line. */
void progress_bar_clear(void);

/* "60,000" at @out, which has room for 32 bytes. */
const char *grouped(char *out, unsigned long long number);

#endif
