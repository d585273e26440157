/*
 * db/fork_mark: which files this process has open as databases, in a form that a forked child can
 * tell from its own.
 *
 * SQLite keeps the locks of a process in a table of its memory. A child that is forked while a file
 * is open inherits the table but not the locks: what it opens itself then locks nothing, and a
 * commit of another process can be lost. So each open file has a mark, a descriptor that is named
 * after the process and the file; a mark of another process can only have been inherited.
 */
#ifndef YBB_DB_FORK_MARK_H
#define YBB_DB_FORK_MARK_H

#include <stdbool.h>
#include <sys/stat.h>

/* A descriptor to close after the file; -1 where the system has none to give. */
int ybb__fork_mark(const struct stat *file);
/* Whether a parent had the file open when this process was forked. */
bool ybb__fork_mark_inherited(const struct stat *file);

#endif
