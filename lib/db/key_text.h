/*
 * db/key_text: the key of a record as a text that can be kept, in a record of an export, and read
 * by any later version.
 *
 * An integer is its decimal digits. Of a text, bytes other than ASCII's letters, digits, '-', '.',
 * '_' and '~' are written "%XX", so that any bytes come back as they were.
 */
#ifndef YBB_DB_KEY_TEXT_H
#define YBB_DB_KEY_TEXT_H

#include "base/buffer.h"
#include "base/error.h"

/* Whether these are the digits of a key that is an integer, signed or not. */
bool ybb__key_is_integer(const char *at, size_t length);
/* Appends the text of a key, given by the bytes of its cell. Running out of memory is remembered.
 */
void ybb__key_text_put(ybb_buffer *out, const char *at, size_t length);
/* Appends the bytes of the key that a text stands for. YBB_NOT_RESUMABLE where it stands for none.
 */
ybb_status ybb__key_text_read(ybb_buffer *out, const char *text, bool integer, ybb_error *error);

#endif
