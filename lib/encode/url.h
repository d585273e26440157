/*
 * encode/url: which texts are addresses that a spreadsheet may open, and how it wants them.
 */
#ifndef YBB_ENCODE_URL_H
#define YBB_ENCODE_URL_H

#include "rows/block.h"

enum { YBB_URL_MOST = 2079 /* characters of an address; Excel opens no longer ones */ };

/* An address in the characters of RFC 3986 alone. Behind its target may follow a fragment, which a
 * book has apart. */
typedef struct ybb_url {
    char text[YBB_URL_MOST + 1];
    uint32_t length;                    /* of the target */
    uint32_t fragment, fragment_length; /* where it begins, without its #; 0: none */
} ybb_url;

/* Reads a text as an address of one of @schemes (ybb_link_scheme, as bits). What is no character of
 * an address is percent-encoded. False, for it stays a text: another scheme, a host that is none or
 * stands behind a user's name, a backslash, control characters, a blank at the end, ill-formed
 * UTF-8, too many characters. */
bool ybb__url_read(ybb_url *out, const ybb_cell *cell, unsigned schemes);

#endif
