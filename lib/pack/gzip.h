/*
 * pack/gzip: one gzip member over another sink. RFC 1952.
 */
#ifndef YBB_PACK_GZIP_H
#define YBB_PACK_GZIP_H

#include "pack/deflate.h"
#include "pack/sink.h"

typedef struct ybb_gzip ybb_gzip;

/* Writes to @sink (borrowed). @name is the original file name, left out where it is not plain ASCII
 * (the field is Latin-1); @time its microseconds UTC. NULL: no memory. */
ybb_gzip *ybb__gzip_new(ybb_sink *sink, const char *name, int64_t time);
void ybb__gzip_free(ybb_gzip *gzip);
/* Bytes written here are collected and packed; a run's bytes are deflate blocks of content with
 * inner_length and inner_crc. Borrowed from the gzip. */
ybb_sink *ybb__gzip_sink(ybb_gzip *gzip);
ybb_status ybb__gzip_finish(ybb_gzip *gzip, ybb_error *error);
/* Content bytes that came so far. There is no limit: the member's size field has its lower 32 bits.
 */
uint64_t ybb__gzip_content_length(const ybb_gzip *gzip);

#endif
