/*
 * pool/signals: signals that a write can raise, held back on a thread of the host.
 *
 * The library's own threads block them for good. On a caller's thread a file that grows past
 * RLIMIT_FSIZE, or a peer that has closed, would otherwise end the process (SIGXFSZ, SIGPIPE)
 * instead of failing the write.
 */
#ifndef YBB_POOL_SIGNALS_H
#define YBB_POOL_SIGNALS_H

#include <signal.h>

typedef struct ybb_signals {
    sigset_t before, pending;
} ybb_signals;

void ybb__signals_hold(ybb_signals *held);
/* On the same thread. Those that were raised meanwhile are forgotten. */
void ybb__signals_restore(const ybb_signals *held);

#endif
