/*
 * encode/pdf_file: the bytes of a PDF file: numbered objects, deflated streams, the table of where
 * they stand. Written from the first byte to the last, so a pipe will do.
 */
#ifndef YBB_ENCODE_PDF_FILE_H
#define YBB_ENCODE_PDF_FILE_H

#include "pack/deflate.h"
#include "pack/sink.h"

typedef struct ybb_pdf_file {
    ybb_sink *sink;     /* borrowed */
    uint64_t at;        /* bytes written */
    ybb_buffer offsets; /* uint64_t of each object from 1 on; 0: not written */
    ybb_buffer text, packed;
    ybb_deflate *deflate;
} ybb_pdf_file;

/* Writes the head. Zeroed memory is a file that is not open; to be freed in any case. */
ybb_status ybb__pdf_file_open(ybb_pdf_file *file, ybb_sink *sink, ybb_error *error);
void ybb__pdf_file_free(ybb_pdf_file *file);
/* The number of an object that is yet to be written; 0: no memory. */
uint32_t ybb__pdf_file_number(ybb_pdf_file *file);
/* Writes object @number, whose text is in @body. */
ybb_status ybb__pdf_file_object(ybb_pdf_file *file, uint32_t number, const ybb_buffer *body,
                                ybb_error *error);
/* Writes a stream with the @entries ("/Type /XObject ") beside those of its length and filter. */
ybb_status ybb__pdf_file_stream(ybb_pdf_file *file, uint32_t number, const char *entries,
                                const void *bytes, size_t length, ybb_error *error);
/* Writes what ends a file. */
ybb_status ybb__pdf_file_close(ybb_pdf_file *file, uint32_t catalog, uint32_t info,
                               ybb_error *error);

/* Appends printf's text of at most 255 bytes. */
void ybb__pdf_put(ybb_buffer *out, const char *format, ...) __attribute__((format(printf, 2, 3)));
/* Whether the character embeds, overrides or isolates a direction (UAX #9, 2): to be obeyed where
 * the text stands alone, and no part of what others see beside it. */
static inline bool ybb__pdf_is_direction(uint32_t code_point)
{
    return (code_point >= 0x202A && code_point <= 0x202E) ||
           (code_point >= 0x2066 && code_point <= 0x2069);
}
/* Appends a text string without those: UTF-16 in hexadecimal digits, with its mark. */
void ybb__pdf_put_string(ybb_buffer *out, const char *text, size_t length);
/* Appends a character in UTF-16, as hexadecimal digits. */
void ybb__pdf_put_utf16(ybb_buffer *out, uint32_t code_point);

#endif
