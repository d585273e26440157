/*
 * encode/pdf_font_file: the bytes of a font file, mapped and not read.
 *
 * A font for Chinese has 19 MB, of which an export looks at a small part. The kernel maps pages
 * around each that is looked at, so what was seen once adds up; it can be let go of, for the file
 * still has it.
 */
#ifndef YBB_ENCODE_PDF_FONT_FILE_H
#define YBB_ENCODE_PDF_FONT_FILE_H

#include <hb.h>
#include <stddef.h>

typedef struct ybb_pdf_font_file {
    void *at; /* NULL: none */
    size_t length;
} ybb_pdf_font_file;

/* The file's bytes, to be destroyed; they stay mapped as long as anybody has them. NULL: there is
 * no such file, or no memory. */
hb_blob_t *ybb__pdf_font_file_open(ybb_pdf_font_file *out, const char *path);
/* Takes the file's bytes out of memory until somebody looks at them again, on any thread. */
void ybb__pdf_font_file_rest(const ybb_pdf_font_file *file);

#endif
