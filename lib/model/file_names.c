/*
 * The names of an export's files, by the patterns of the configuration. What is put in are digits
 * and the type's name, so that nothing of a request, and no catalog, can lead out of the folder.
 */
#include "model/plan.h"

#include "base/buffer.h"
#include "base/clock.h"
#include "base/text.h"

#include <string.h>

/* What a pattern may name. */
typedef struct filling {
    const ybb_naming *naming;
    uint32_t number;        /* 0: the archive */
    const ybb_chunk *chunk; /* NULL: the archive */
} filling;

static void put_type(ybb_buffer *out, const filling *f)
{
    static const char plain[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-";
    for (const char *at = f->naming->request->type->name; *at != '\0'; at++)
        ybb__buffer_put_char(out, strchr(plain, *at) != NULL ? *at : '_');
}

static void put_program(ybb_buffer *out, const filling *f)
{
    const ybb_request *request = f->naming->request;
    if (request->has_program)
        ybb__buffer_put_u64(out, (uint64_t)request->program_id);
    else
        ybb__buffer_put_text(out, "all");
}

/* The day of the export's start, in UTC. */
static void put_date(ybb_buffer *out, const filling *f)
{
    enum { DATE_LENGTH = 10 };
    char time[YBB_TIME_TEXT];
    (void)ybb__clock_rfc3339(time, f->naming->time);
    ybb__buffer_put(out, time, DATE_LENGTH);
}

static void put_records(ybb_buffer *out, const filling *f)
{
    ybb__buffer_put_u64(out, f->naming->delivery->records);
}

static void put_number(ybb_buffer *out, const filling *f)
{
    ybb__buffer_put_u64(out, f->number);
}

static void put_total(ybb_buffer *out, const filling *f)
{
    ybb__buffer_put_u64(out, f->naming->delivery->files);
}

/* "1-5000"; of a file without records "0-0". */
static void put_range(ybb_buffer *out, const filling *f)
{
    const ybb_chunk none = {0}, *chunk = f->chunk != NULL ? f->chunk : &none;
    ybb__buffer_put_u64(out, chunk->records > 0 ? chunk->first_record + 1 : 0);
    ybb__buffer_put_char(out, '-');
    ybb__buffer_put_u64(out, chunk->records > 0 ? chunk->first_record + chunk->records : 0);
}

static const struct {
    const char *name;
    void (*put)(ybb_buffer *out, const filling *f);
} fillings[] = {
    {"type", put_type},       {"program", put_program}, {"date", put_date},
    {"records", put_records}, {"number", put_number},   {"total", put_total},
    {"range", put_range},
};

/* Fills in the pattern, which the configuration has checked. */
static void put_name(ybb_buffer *out, const char *pattern, const filling *f)
{
    for (const char *at = pattern; *at != '\0'; at++) {
        if (*at != '{') {
            ybb__buffer_put_char(out, *at);
            continue;
        }
        size_t length = strcspn(at + 1, "}");
        for (size_t i = 0; i < sizeof(fillings) / sizeof(fillings[0]); i++)
            if (ybb__text_equal(at + 1, length, fillings[i].name))
                fillings[i].put(out, f);
        at += length + 1;
    }
}

static char *keep(ybb_arena *arena, ybb_buffer *name)
{
    const char *text = ybb__buffer_text(name);
    char *copy = text == NULL ? NULL : ybb__arena_text(arena, text);
    ybb__buffer_free(name);
    return copy;
}

char *ybb__file_name(ybb_arena *arena, const ybb_naming *naming, uint32_t number,
                     const ybb_chunk *chunk)
{
    ybb_buffer name = {0};
    const ybb_file_names *names = naming->request->file_names;
    const filling f = {naming, number, chunk};
    bool gzipped = naming->delivery->compression == YBB_COMPRESSION_GZIP;
    const char *pattern = naming->delivery->strategy == YBB_MULTI_FILE ? names->batch
                          : gzipped                                    ? names->compressed
                                                                       : names->single;
    put_name(&name, pattern, &f);
    ybb__buffer_put_char(&name, '.');
    ybb__buffer_put_text(&name, ybb__format_extension(naming->request->format));
    if (gzipped)
        ybb__buffer_put_text(&name, ".gz");
    return keep(arena, &name);
}

char *ybb__split_file_name(ybb_arena *arena, ybb_format format, uint32_t number)
{
    ybb_buffer name = {0};
    ybb__buffer_put_text(&name, "batch_");
    ybb__buffer_put_u64(&name, number);
    ybb__buffer_put_char(&name, '.');
    ybb__buffer_put_text(&name, ybb__format_extension(format));
    return keep(arena, &name);
}

char *ybb__archive_name(ybb_arena *arena, const ybb_naming *naming)
{
    ybb_buffer name = {0};
    const filling f = {naming, 0, NULL};
    put_name(&name, naming->request->file_names->archive, &f);
    ybb__buffer_put_text(&name, ".zip");
    return keep(arena, &name);
}
