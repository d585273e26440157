/*
 * tests/unit/pack_helpers: content to pack, sinks that collect, and programs we did not write.
 */
#ifndef YBB_TESTS_PACK_HELPERS_H
#define YBB_TESTS_PACK_HELPERS_H

#include "base/buffer.h"
#include "pack/deflate.h"
#include "pack/sink.h"

/* A sink that keeps what it is given, or refuses after @limit bytes. */
typedef struct memory_sink {
    ybb_sink sink; /* first */
    ybb_buffer bytes;
    uint64_t limit;
} memory_sink;

void memory_sink_open(memory_sink *sink);
void memory_sink_free(memory_sink *sink);

typedef enum content_kind {
    CONTENT_ROWS,
    CONTENT_ZEROS,
    CONTENT_NOISE,
    CONTENT_KINDS
} content_kind;

/* The same bytes for the same arguments; freed by the caller. Never NULL. */
char *make_content(content_kind kind, size_t length, unsigned seed);

/* A folder of the test program's own under TMPDIR or /tmp; removed by remove_folder. */
const char *test_folder(void);
void remove_folder(void);
/* "<folder>/<name>", good until the next call but three. */
const char *in_folder(const char *name);
void write_file(const char *name, const void *bytes, size_t length);
void read_file(const char *path, ybb_buffer *out);

/* Whether the shell finds it. */
bool have_program(const char *name);
/* Runs a line of shell in the test's folder; its exit status, output in "<folder>/output". */
int run_shell(const char *line);

/* Inflates by zlib what should be one whole raw deflate stream of @length bytes equal to @bytes. */
bool zlib_reads(const ybb_buffer *packed, const void *bytes, size_t length);

#endif
