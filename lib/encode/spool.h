/*
 * encode/spool: packed bytes that must wait for their place in the file, in an unnamed file of the
 * output folder, so that they take no memory and vanish with their process. What waits for several
 * places may share a spool, one behind the other: a book can have more sheets than a process files.
 */
#ifndef YBB_ENCODE_SPOOL_H
#define YBB_ENCODE_SPOOL_H

#include "pack/zip.h"

/* Zeroed memory is a closed spool. */
typedef struct ybb_spool {
    int descriptor; /* plus 1; 0: closed */
    uint64_t length;
} ybb_spool;

/* What waits for one place: bytes of a spool. Zeroed memory is nothing. */
typedef struct ybb_spooled {
    uint64_t begin, length;
    ybb_run sums; /* of all its runs so far; without bytes */
} ybb_spooled;

/* Opens a file without a name in the folder @directory (-1: in memory), for reading and writing:
 * its descriptor at *@out. */
ybb_status ybb__unnamed_file(int *out, int directory, ybb_error *error);

ybb_status ybb__spool_open(ybb_spool *spool, int directory, ybb_error *error);
static inline bool ybb__spool_is_open(const ybb_spool *spool)
{
    return spool->descriptor != 0;
}
/* Appends @run to @to, which must be what was appended to last, or still be nothing. */
ybb_status ybb__spool_add(ybb_spool *spool, ybb_spooled *to, const ybb_run *run, ybb_error *error);
/* Sends all runs of @from to the open entry of @zip. */
ybb_status ybb__spool_play(const ybb_spool *spool, const ybb_spooled *from, ybb_zip *zip,
                           ybb_error *error);
void ybb__spool_close(ybb_spool *spool);

#endif
