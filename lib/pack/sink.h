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

/* The containers between content and file, as bits. */
typedef enum ybb_chain {
    YBB_CHAIN_PLAIN = 0,   /* content > file: CSV */
    YBB_CHAIN_ZIP = 1,     /* content > deflated zip entry > file: XLSX */
    YBB_CHAIN_GZIP = 2,    /* content > gzip > file: .csv.gz */
    YBB_CHAIN_ZIP_GZIP = 3 /* content > zip entry of stored blocks > gzip > file: .xlsx.gz */
} ybb_chain;

/*
 * What the sums of a run are of, and what its bytes are:
 *
 *   chain      raw        inner                             bytes
 *   PLAIN      content    content (no CRCs: both are 0)     content
 *   ZIP        content    the bytes (its CRC is 0)          content, deflated
 *   GZIP       content    content                           content, deflated
 *   ZIP_GZIP   content    content in stored deflate blocks  inner, deflated
 *
 * A zip entry takes its CRC and size from raw_*, its packed size from inner_length, and hands the
 * run on unchanged; a gzip member takes its CRC and size from inner_*; a file writes the bytes. The
 * sums are added up, so what many runs were may be sent as one run of sums without bytes and runs
 * of bytes without sums, in any split: that is how a spool is played back (ybb__run_add_sums).
 */
typedef struct ybb_run {
    ybb_buffer bytes;    /* what the sink at the end of the chain writes */
    uint64_t raw_length; /* the content before any packing */
    uint32_t raw_crc;
    uint64_t inner_length; /* see the table */
    uint32_t inner_crc;
} ybb_run;

/* write: bytes that are not packed yet. write_run: bytes that are, for this very chain. Both are
 * called by one thread at a time, in order. After a failure a sink can only be freed. */
typedef struct ybb_sink {
    ybb_status (*write)(struct ybb_sink *sink, const void *bytes, size_t length, ybb_error *error);
    ybb_status (*write_run)(struct ybb_sink *sink, const ybb_run *run, ybb_error *error);
} ybb_sink;

void ybb__run_free(ybb_run *run);
/* Empty it, keep the memory. */
void ybb__run_clear(ybb_run *run);
/* Makes @total's sums those of its content and @next's behind it; its bytes stay. */
void ybb__run_add_sums(ybb_run *total, const ybb_run *next);

#endif
