/*
 * run/journal: the log of what happens to exports here, line by line to whoever asked for it.
 */
#ifndef YBB_RUN_JOURNAL_H
#define YBB_RUN_JOURNAL_H

#include "model/config.h"
#include "report/log_line.h"
#include "ybbexport.h"

/* Set before the first export; read by all threads. */
typedef struct ybb_journal {
    const struct ybb_config *config;
    ybb_log_fn fn; /* NULL: nobody reads it */
    void *user;
} ybb_journal;

/* Whether anybody reads it; then the log that its lines are made for. */
bool ybb__journal_open(const ybb_journal *journal, ybb_log *log);
/* Hands a line on, and frees it. */
void ybb__journal_tell(const ybb_journal *journal, ybb_log_line line);

/* An event with the record it is about. */
void ybb__journal_event(const ybb_journal *journal, ybb_log_event event, const ybb_job *job);

#endif
