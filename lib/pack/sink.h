/*
 * pack/sink: where a container's bytes go: a file, a gzip stream over one, a client.
 *
 * A run is a piece of content that a worker has packed already. Its bytes are joined as they are;
 * the sums beside them let the containers around it (zip entry, gzip member) write theirs.
 */
#ifndef YBB_PACK_SINK_H
#define YBB_PACK_SINK_H

#include "base/buffer.h"
#include "base/error.h"

typedef struct ybb_run {
    ybb_buffer bytes;      /* what the sink at the end of the chain writes */
    uint64_t raw_length;   /* the content before any packing */
    uint32_t raw_crc;
    uint64_t inner_length; /* the content as an entry of the inner container holds it */
    uint32_t inner_crc;    /* of those bytes; used by an outer gzip only */
} ybb_run;

/* write: bytes that are not packed yet. write_run: bytes that are, for this very chain. Both are
 * called by one thread at a time, in order. */
typedef struct ybb_sink {
    ybb_status (*write)(struct ybb_sink *sink, const void *bytes, size_t length, ybb_error *error);
    ybb_status (*write_run)(struct ybb_sink *sink, const ybb_run *run, ybb_error *error);
} ybb_sink;

void ybb__run_free(ybb_run *run);
void ybb__run_clear(ybb_run *run);

#endif
