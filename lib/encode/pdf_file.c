#include "encode/pdf_file.h"

#include "base/utf8.h"

#include <stdarg.h>
#include <stdio.h>

void ybb__pdf_put(ybb_buffer *out, const char *format, ...)
{
    char text[256];
    va_list arguments;
    va_start(arguments, format);
    int length = vsnprintf(text, sizeof(text), format, arguments);
    va_end(arguments);
    if (length > 0)
        ybb__buffer_put(out, text,
                        (size_t)length < sizeof(text) ? (size_t)length : sizeof(text) - 1);
}

void ybb__pdf_put_utf16(ybb_buffer *out, uint32_t code_point)
{
    if (code_point < 0x10000)
        ybb__pdf_put(out, "%04X", code_point);
    else
        ybb__pdf_put(out, "%04X%04X", 0xD7C0 + (code_point >> 10), 0xDC00 + (code_point & 0x3FF));
}

void ybb__pdf_put_string(ybb_buffer *out, const char *text, size_t length)
{
    ybb__buffer_put_text(out, "<FEFF");
    for (size_t at = 0, taken; at < length; at += taken) {
        uint32_t code_point = ybb__utf8_next(text + at, length - at, &taken);
        if (!ybb__pdf_is_direction(code_point))
            ybb__pdf_put_utf16(out, code_point < 0x20 ? ' ' : code_point);
    }
    ybb__buffer_put_char(out, '>');
}

static ybb_status write_bytes(ybb_pdf_file *file, const void *bytes, size_t length,
                              ybb_error *error)
{
    file->at += length;
    return length > 0 ? file->sink->write(file->sink, bytes, length, error) : YBB_OK;
}

static ybb_status write_text(ybb_pdf_file *file, ybb_error *error)
{
    if (ybb__buffer_failed(&file->text))
        return ybb__fail_memory(error);
    return write_bytes(file, file->text.at, file->text.length, error);
}

ybb_status ybb__pdf_file_open(ybb_pdf_file *file, ybb_sink *sink, ybb_error *error)
{
    /* The second line's bytes show that the file is not to be sent as text. */
    static const char head[] = "%PDF-1.5\n%\xE2\xE3\xCF\xD3\n";
    *file = (ybb_pdf_file){.sink = sink, .deflate = ybb__deflate_new()};
    if (file->deflate == NULL)
        return ybb__fail_memory(error);
    return write_bytes(file, head, sizeof(head) - 1, error);
}

void ybb__pdf_file_free(ybb_pdf_file *file)
{
    ybb__buffer_free(&file->offsets);
    ybb__buffer_free(&file->text);
    ybb__buffer_free(&file->packed);
    ybb__deflate_free(file->deflate);
    *file = (ybb_pdf_file){0};
}

uint32_t ybb__pdf_file_number(ybb_pdf_file *file)
{
    static const uint64_t nowhere = 0;
    ybb__buffer_put(&file->offsets, &nowhere, sizeof(nowhere));
    return ybb__buffer_failed(&file->offsets) ? 0
                                              : (uint32_t)(file->offsets.length / sizeof(nowhere));
}

/* Empties the text and begins it with the object's head; the object stands here. */
static void begin_object(ybb_pdf_file *file, uint32_t number)
{
    ybb__buffer_clear(&file->text);
    if (number > 0)
        memcpy(file->offsets.at + (number - 1) * sizeof(file->at), &file->at, sizeof(file->at));
    else
        file->text.failed = true; /* there was no memory for its number */
    ybb__pdf_put(&file->text, "%u 0 obj\n", number);
}

ybb_status ybb__pdf_file_object(ybb_pdf_file *file, uint32_t number, const ybb_buffer *body,
                                ybb_error *error)
{
    if (ybb__buffer_failed(body))
        return ybb__fail_memory(error);
    begin_object(file, number);
    ybb__buffer_put(&file->text, body->at, body->length);
    ybb__buffer_put_text(&file->text, "\nendobj\n");
    return write_text(file, error);
}

/* Packs into file->packed: the head of RFC 1950, blocks, the sum. */
static ybb_status pack(ybb_pdf_file *file, const void *bytes, size_t length, ybb_error *error)
{
    uint32_t sum = ybb__adler32(bytes, length);
    const unsigned char tail[] = {(unsigned char)(sum >> 24), (unsigned char)(sum >> 16),
                                  (unsigned char)(sum >> 8), (unsigned char)sum};
    ybb__buffer_clear(&file->packed);
    ybb__buffer_put(&file->packed, "\x78\x01", 2);
    ybb_status status =
        ybb__deflate_append(file->deflate, YBB_DEFLATE_FAST, bytes, length, &file->packed, error);
    ybb__buffer_put(&file->packed, ybb__deflate_end, sizeof(ybb__deflate_end));
    ybb__buffer_put(&file->packed, tail, sizeof(tail));
    return status != YBB_OK                    ? status
           : ybb__buffer_failed(&file->packed) ? ybb__fail_memory(error)
                                               : YBB_OK;
}

ybb_status ybb__pdf_file_stream(ybb_pdf_file *file, uint32_t number, const char *entries,
                                const void *bytes, size_t length, ybb_error *error)
{
    static const char end[] = "\nendstream\nendobj\n";
    ybb_status status = pack(file, bytes, length, error);
    if (status != YBB_OK)
        return status;
    begin_object(file, number);
    ybb__buffer_put_text(&file->text, "<< ");
    ybb__buffer_put_text(&file->text, entries);
    ybb__pdf_put(&file->text, "/Filter /FlateDecode /Length %zu >>\nstream\n", file->packed.length);
    status = write_text(file, error);
    if (status == YBB_OK)
        status = write_bytes(file, file->packed.at, file->packed.length, error);
    return status == YBB_OK ? write_bytes(file, end, sizeof(end) - 1, error) : status;
}

/* Every entry has 20 bytes; what was not written is free, each free one naming the next. */
static void put_entry(ybb_buffer *out, uint64_t offset)
{
    if (offset > 0)
        ybb__pdf_put(out, "%010llu 00000 n \n", (unsigned long long)offset);
    else
        ybb__buffer_put_text(out, "0000000000 65535 f \n");
}

static ybb_status write_table(ybb_pdf_file *file, uint32_t count, ybb_error *error)
{
    enum { AT_ONCE = 4096 };
    ybb_status status = YBB_OK;
    ybb__buffer_clear(&file->text);
    ybb__pdf_put(&file->text, "xref\n0 %u\n", count + 1);
    put_entry(&file->text, 0);
    for (uint32_t i = 0; status == YBB_OK && i < count; i++) {
        uint64_t offset;
        memcpy(&offset, file->offsets.at + i * sizeof(offset), sizeof(offset));
        put_entry(&file->text, offset);
        if (i % AT_ONCE == AT_ONCE - 1) {
            status = write_text(file, error);
            ybb__buffer_clear(&file->text);
        }
    }
    return status == YBB_OK ? write_text(file, error) : status;
}

ybb_status ybb__pdf_file_close(ybb_pdf_file *file, uint32_t catalog, uint32_t info,
                               ybb_error *error)
{
    static const uint64_t most = UINT64_C(9999999999);
    uint64_t table = file->at;
    uint32_t count = (uint32_t)(file->offsets.length / sizeof(uint64_t));
    if (table > most)
        return ybb__fail(error, YBB_TOO_LARGE, "a PDF file holds at most 10 GB");
    ybb_status status = write_table(file, count, error);
    if (status != YBB_OK)
        return status;
    ybb__buffer_clear(&file->text);
    ybb__pdf_put(&file->text,
                 "trailer\n<< /Size %u /Root %u 0 R /Info %u 0 R >>\nstartxref\n%llu\n%%%%EOF\n",
                 count + 1, catalog, info, (unsigned long long)table);
    return write_text(file, error);
}
