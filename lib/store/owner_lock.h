/*
 * store/owner_lock: on one machine, the death of a process shows at once.
 *
 * Each owner has a file beside the store's, "<store>.owners/<token>.<pid>", and a POSIX record lock
 * on it. Of the kinds of locks this one is chosen because it is the process's own: flock() and open
 * file description locks belong to what a forked child inherits, and would keep a dead owner alive
 * as long as any child of its. Its known danger, that closing any descriptor of the file drops it,
 * is met by never opening a lock file of the own process a second time; and should it be dropped,
 * or the file be removed, the fence still holds: an owner can only be believed dead too early,
 * never write beside another.
 */
#ifndef YBB_STORE_OWNER_LOCK_H
#define YBB_STORE_OWNER_LOCK_H

#include "base/error.h"

#include <sys/types.h>

typedef struct ybb_owner_lock {
    int descriptor; /* -1: none */
    pid_t process;
    char *path;
} ybb_owner_lock;

/* Makes and locks the file of an owner of this process. Without one (nobody may write there) there
 * is only the lease, so this does not fail. */
void ybb__owner_lock_take(ybb_owner_lock *lock, const char *store_path, const char *token);
void ybb__owner_lock_drop(ybb_owner_lock *lock);
/* Whether the process of an owner has certainly ended. */
bool ybb__owner_lock_shows_dead(const char *store_path, const char *token, pid_t process);
/* Removes the file of an owner that is dead. */
void ybb__owner_lock_remove(const char *store_path, const char *token, pid_t process);
/* Removes what dead owners left that the store does not know any more. */
typedef bool (*ybb_owner_known)(void *context, const char *token);
void ybb__owner_lock_sweep(const char *store_path, ybb_owner_known is_known, void *context);

#endif
