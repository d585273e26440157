/*
 * pack/little_endian: numbers as zip, gzip and deflate write them, the least byte first.
 */
#ifndef YBB_PACK_LITTLE_ENDIAN_H
#define YBB_PACK_LITTLE_ENDIAN_H

#include "base/buffer.h"

static inline void ybb__put_u16(ybb_buffer *out, uint32_t number)
{
    const unsigned char bytes[2] = {number & 0xff, number >> 8 & 0xff};
    ybb__buffer_put(out, bytes, sizeof(bytes));
}

static inline void ybb__put_u32(ybb_buffer *out, uint32_t number)
{
    ybb__put_u16(out, number);
    ybb__put_u16(out, number >> 16);
}

static inline uint32_t ybb__get_u16(const unsigned char *at)
{
    return at[0] | (uint32_t)at[1] << 8;
}

static inline uint32_t ybb__get_u32(const unsigned char *at)
{
    return at[0] | (uint32_t)at[1] << 8 | (uint32_t)at[2] << 16 | (uint32_t)at[3] << 24;
}

#endif
