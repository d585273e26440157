/*
 * base/char_width: how many places a character takes where every letter has one.
 */
#ifndef YBB_BASE_CHAR_WIDTH_H
#define YBB_BASE_CHAR_WIDTH_H

#include <stdint.h>

/* 0 for what is drawn over another character or not at all, 2 for what Unicode (UAX #11) calls wide
 * or full-width, else 1. */
unsigned ybb__char_width(uint32_t code_point);

#endif
