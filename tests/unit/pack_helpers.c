#include "pack_helpers.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>
#include <zlib.h>

static char folder[256];

static ybb_status collect(ybb_sink *sink, const void *bytes, size_t length, ybb_error *error)
{
    memory_sink *own = (memory_sink *)sink;
    if (own->bytes.length + length > own->limit)
        return ybb__fail(error, YBB_OUTPUT_FULL, "the sink is full");
    ybb__buffer_put(&own->bytes, bytes, length);
    return YBB_OK;
}

static ybb_status collect_run(ybb_sink *sink, const ybb_run *run, ybb_error *error)
{
    return collect(sink, run->bytes.at, run->bytes.length, error);
}

void memory_sink_open(memory_sink *sink)
{
    *sink = (memory_sink){.sink = {collect, collect_run}, .limit = UINT64_MAX};
}

void memory_sink_free(memory_sink *sink)
{
    ybb__buffer_free(&sink->bytes);
}

static uint32_t next_random(uint32_t *state)
{
    *state ^= *state << 13;
    *state ^= *state >> 17;
    *state ^= *state << 5;
    return *state;
}

char *make_content(content_kind kind, size_t length, unsigned seed)
{
    uint32_t state = seed * 2654435761u + 1;
    char row[200];
    char *bytes = calloc(1, length + 1);
    if (bytes == NULL)
        abort();
    for (size_t at = 0; kind == CONTENT_NOISE && at < length; at++)
        bytes[at] = (char)next_random(&state);
    for (size_t at = 0; kind == CONTENT_ROWS && at < length;) {
        int size =
            snprintf(row, sizeof(row),
                     "<row r=\"%u\"><c r=\"A%u\"><v>%u</v></c><c t=\"s\"><v>%u</v></c></row>",
                     (unsigned)at, (unsigned)at, next_random(&state), next_random(&state) % 9);
        size_t part = length - at < (size_t)size ? length - at : (size_t)size;
        memcpy(bytes + at, row, part);
        at += part;
    }
    return bytes;
}

const char *test_folder(void)
{
    if (folder[0] == '\0') {
        const char *base = getenv("TMPDIR");
        snprintf(folder, sizeof(folder), "%s/ybb_test_XXXXXX", base != NULL ? base : "/tmp");
        if (mkdtemp(folder) == NULL)
            abort();
    }
    return folder;
}

void remove_folder(void)
{
    char line[sizeof(folder) + 20];
    if (folder[0] == '\0')
        return;
    snprintf(line, sizeof(line), "rm -rf '%s'", folder);
    if (system(line) != 0)
        abort();
    folder[0] = '\0';
}

const char *in_folder(const char *name)
{
    static char paths[4][512];
    static unsigned next;
    char *path = paths[next++ % 4];
    snprintf(path, sizeof(paths[0]), "%s/%s", test_folder(), name);
    return path;
}

void write_file(const char *name, const void *bytes, size_t length)
{
    FILE *file = fopen(in_folder(name), "wb");
    if (file == NULL || (length > 0 && fwrite(bytes, 1, length, file) != length) ||
        fclose(file) != 0)
        abort();
}

void read_file(const char *path, ybb_buffer *out)
{
    char step[4096];
    FILE *file = fopen(path, "rb");
    if (file == NULL)
        return;
    for (size_t taken; (taken = fread(step, 1, sizeof(step), file)) > 0;)
        ybb__buffer_put(out, step, taken);
    fclose(file);
}

int run_shell(const char *line)
{
    char whole[4096];
    snprintf(whole, sizeof(whole), "cd '%s' && ( %s ) >output 2>&1", test_folder(), line);
    int status = system(whole);
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

bool have_program(const char *name)
{
    char line[256];
    snprintf(line, sizeof(line), "command -v %s", name);
    return run_shell(line) == 0;
}

bool zlib_reads(const ybb_buffer *packed, const void *bytes, size_t length)
{
    z_stream stream = {0};
    if (inflateInit2(&stream, -15) != Z_OK)
        abort();
    char *content = malloc(length + 1);
    if (content == NULL)
        abort();
    stream.next_in = (Bytef *)packed->at;
    stream.avail_in = (uInt)packed->length;
    stream.next_out = (Bytef *)content;
    stream.avail_out = (uInt)length + 1;
    bool read = inflate(&stream, Z_FINISH) == Z_STREAM_END && stream.avail_in == 0 &&
                stream.total_out == length && (length == 0 || memcmp(content, bytes, length) == 0);
    inflateEnd(&stream);
    free(content);
    return read;
}
