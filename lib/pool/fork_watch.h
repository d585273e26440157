/*
 * pool/fork_watch: who wants to know that this process forks, so that the child inherits nothing it
 * may not have.
 *
 * Of fork() alone: vfork() and posix_spawn() run no handlers, and what they start shares nothing
 * that is closed at exec (POSIX.1-2017, pthread_atfork()).
 */
#ifndef YBB_POOL_FORK_WATCH_H
#define YBB_POOL_FORK_WATCH_H

#include <stdbool.h>

typedef struct ybb_fork_watch ybb_fork_watch;

/* Its owner's memory; not moved between begin and end. Both are called by the thread that forks,
 * and must not begin or end a watch: @before in the parent, @after in the parent and in the child.
 */
struct ybb_fork_watch {
    void (*before)(void *user);
    void (*after)(void *user);
    void *user;
    ybb_fork_watch *next, **link; /* fork_watch.c */
};

/* False where the system has no memory for it: then nothing is called. @threads any */
bool ybb__fork_watch_begin(ybb_fork_watch *watch);
/* Also of a watch that was not begun, if it is zeroed. @threads any */
void ybb__fork_watch_end(ybb_fork_watch *watch);

#endif
