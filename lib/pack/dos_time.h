/*
 * pack/dos_time: the time stamp of zip entries. APPNOTE 4.4.6.
 */
#ifndef YBB_PACK_DOS_TIME_H
#define YBB_PACK_DOS_TIME_H

#include <stdint.h>

/* The date in the upper 16 bits, the time in the lower, from microseconds UTC. Seconds are made
 * even; times before 1980 and after 2107 become the first and the last there is. */
uint32_t ybb__dos_time(int64_t microseconds);

#endif
