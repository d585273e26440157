/*
 * pack/zip: a zip container written to a sink that cannot seek. APPNOTE 6.3.10.
 *
 * Every entry is deflated and has a data descriptor; there is no ZIP64, for Excel and Java's
 * stream reader refuse it in such entries. An entry or a container of 4 GiB less one byte, and
 * 65,535 entries, are YBB_TOO_LARGE.
 */
#ifndef YBB_PACK_ZIP_H
#define YBB_PACK_ZIP_H

#include "pack/deflate.h"
#include "pack/sink.h"

typedef struct ybb_zip ybb_zip;

/* Writes to @sink (borrowed). @time (microseconds, UTC) is every entry's. @level packs what comes
 * by ybb__zip_bytes: YBB_DEFLATE_STORE where @sink is a gzip's. NULL: no memory. */
ybb_zip *ybb__zip_new(ybb_sink *sink, int64_t time, ybb_deflate_level level);
void ybb__zip_free(ybb_zip *zip);

/* An entry: begin, runs or bytes, end. @name (UTF-8) is copied. A run was packed for
 * YBB_CHAIN_ZIP, or for YBB_CHAIN_ZIP_GZIP where @sink is a gzip's. After a failure the zip can
 * only be freed. */
ybb_status ybb__zip_begin(ybb_zip *zip, const char *name, ybb_error *error);
ybb_status ybb__zip_run(ybb_zip *zip, const ybb_run *run, ybb_error *error);
ybb_status ybb__zip_bytes(ybb_zip *zip, const void *bytes, size_t length, ybb_error *error);
ybb_status ybb__zip_end(ybb_zip *zip, ybb_error *error);
/* The central directory. */
ybb_status ybb__zip_finish(ybb_zip *zip, ybb_error *error);

#endif
