#include "run/journal.h"

#include "base/clock.h"

#include <stdlib.h>

/* The numbers of RFC 5424. */
static int severity_of(ybb_log_level level)
{
    enum { ERROR = 3, WARNING = 4, INFO = 6, DEBUG = 7 };
    return level == YBB_LOG_ERROR     ? ERROR
           : level == YBB_LOG_WARNING ? WARNING
           : level == YBB_LOG_INFO    ? INFO
                                      : DEBUG;
}

bool ybb__journal_open(const ybb_journal *journal, ybb_log *log)
{
    *log = (ybb_log){&journal->config->monitoring, YBB_LOG_DEBUG, ybb__clock_now()};
    return journal->fn != NULL;
}

void ybb__journal_tell(const ybb_journal *journal, ybb_log_line line)
{
    if (line.text != NULL && journal->fn != NULL)
        journal->fn(severity_of(line.level), line.text, journal->user);
    free(line.text);
}

void ybb__journal_event(const ybb_journal *journal, ybb_log_event event, const ybb_job *job)
{
    ybb_log log;
    if (ybb__journal_open(journal, &log))
        ybb__journal_tell(journal, ybb__log_export(&log, event, job));
}
