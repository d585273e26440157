/*
 * encode/encoder: rows in, a file's bytes out. One file for each format; encoder.c has their table.
 *
 * An encoder makes one output file. Its slices are encoded on any threads in any order; what that
 * gives is committed in order by the one thread that owns the encoder. Nothing here reads a clock
 * or knows how many threads there are, so equal rows give equal bytes.
 */
#ifndef YBB_ENCODE_ENCODER_H
#define YBB_ENCODE_ENCODER_H

#include "base/timezone.h"
#include "model/plan.h"
#include "pack/deflate.h"
#include "pack/sink.h"
#include "rows/slice.h"

enum { YBB_PIECE_RUNS = 4 };

/* How many cells could not go into the file just as they are. */
typedef struct ybb_notes {
    uint64_t moved; /* texts longer than a cell holds: the rest stands in the sheet "Long texts" */
    uint64_t cleaned; /* bytes that are no text: U+FFFD stands in their place */
    uint64_t guarded; /* texts that a spreadsheet would run: a ' stands before them */
    /* PDF: characters that no font has: a box stands for each. Of Chinese, Japanese and Korean, and
     * others; where a cell has both it counts as the first. */
    uint64_t missing_cjk, missing;
    uint64_t cramped; /* PDF: columns of tables that cards would show better, for each file */
} ybb_notes;

/* What happened to such a cell; in the order of ybb_notes. */
typedef enum ybb_repair_kind {
    YBB_REPAIR_MOVED,
    YBB_REPAIR_CLEANED,
    YBB_REPAIR_GUARDED,
    YBB_REPAIR_MISSING_CJK,
    YBB_REPAIR_MISSING,
    YBB_REPAIR_CRAMPED /* a whole column, from this record on */
} ybb_repair_kind;

/* One such cell, for the manifest. */
typedef struct ybb_repair {
    uint64_t record; /* of the export, from 1 */
    uint32_t column; /* of the plan */
    ybb_repair_kind kind;
} ybb_repair;

/* What one slice became; its memory, scratch included, is used again for the next. Zero it first.
 */
typedef struct ybb_piece {
    uint32_t records, rows;       /* rows: records and subtotals */
    ybb_run runs[YBB_PIECE_RUNS]; /* as many as the format has streams */
    ybb_buffer repairs;           /* ybb_repair, in the order of the cells */
    ybb_buffer overflow; /* XLSX: the rests of texts too long for a cell, see xlsx_long.h */
    ybb_deflate *deflate;
    ybb_buffer raw[YBB_PIECE_RUNS], scratch, stored;
    void *memory; /* compose.c's tables */
    size_t memory_size;
    void *desk; /* what a format needs besides, and how that is freed */
    void (*free_desk)(void *desk);
    size_t desk_size;
    uint64_t unpacked;  /* bytes that are packed when the piece is committed, not yet in runs */
    ybb_timezone *zone; /* where times are converted: from and to the zones of zone_of */
    const ybb_request *zone_of;
} ybb_piece;

void ybb__piece_free(ybb_piece *piece);
size_t ybb__piece_size(const ybb_piece *piece);
/* For the formats: empties @piece and gives it what it lacks. */
ybb_status ybb__piece_begin(ybb_piece *piece, ybb_error *error);
/* For the formats: what happened to a cell. Running out of memory is remembered by the buffer. */
void ybb__piece_repair(ybb_piece *piece, ybb_repair_kind kind, uint64_t record, uint32_t column);
/* For the formats: packs raw[@run] for @chain into runs[@run]. */
ybb_status ybb__piece_pack(ybb_piece *piece, unsigned run, ybb_chain chain, ybb_error *error);

/* What a file is to be. Borrowed while the encoder lives. */
typedef struct ybb_file_plan {
    const ybb_plan *plan;
    uint64_t first_record;   /* records of the export before this file */
    uint64_t records;        /* exactly as many will come, unless it may end early */
    uint64_t first_subtotal; /* the same of subtotals */
    uint64_t subtotals;
    uint64_t rows_per_sheet; /* a slice never crosses the border of a sheet */
    int64_t time;            /* the export's start: the only clock in the file */
    bool gzipped;            /* the sink is a gzip stream */
    bool may_end_early;      /* its owner may lower records to those that came, before it closes */
    bool batch;              /* one file of several */
} ybb_file_plan;

/* Rows that the file will have below its header. */
static inline uint64_t ybb__file_rows(const ybb_file_plan *file)
{
    return file->records + file->subtotals;
}

typedef struct ybb_encoder ybb_encoder;

typedef struct ybb_encoder_format {
    ybb_format format;
    const char *media_type;
    /* The most records of a slice. NULL: as many as its bytes allow. */
    uint32_t (*slice_rows)(const ybb_request *request);
    ybb_status (*open)(ybb_encoder **out, const ybb_file_plan *file, ybb_sink *sink,
                       int spool_directory, ybb_error *error);
    /* NULL: nothing is to be made before the first rows are there. */
    ybb_status (*prepare)(ybb_encoder *encoder, ybb_error *error);
    /* NULL: nothing follows from the first rows. */
    ybb_status (*look)(ybb_encoder *encoder, const ybb_slice *slice, ybb_error *error);
    ybb_status (*encode)(const ybb_encoder *encoder, const ybb_slice *slice, ybb_piece *piece,
                         ybb_error *error);
    ybb_status (*commit)(ybb_encoder *encoder, const ybb_piece *piece, ybb_error *error);
    /* NULL: all. */
    uint32_t (*fitting)(const ybb_encoder *encoder, const ybb_piece *piece);
    ybb_status (*close)(ybb_encoder *encoder, ybb_error *error);
    void (*free)(ybb_encoder *encoder);
} ybb_encoder_format;

/* Every encoder begins with this. */
struct ybb_encoder {
    const ybb_encoder_format *format;
    bool prepared;
    ybb_notes notes; /* of the pieces committed so far */
    uint64_t bytes;  /* of them, packed */
};

/* NULL where this build has no such format. */
const ybb_encoder_format *ybb__encoder_format(ybb_format format);

/* Begins a file, whose bytes go to @sink (borrowed). What must wait for the end of the rows is
 * spooled in an unnamed file in the folder @spool_directory (-1: in memory). @out is NULL on
 * failure. */
ybb_status ybb__encoder_open(ybb_encoder **out, const ybb_file_plan *file, ybb_sink *sink,
                             int spool_directory, ybb_error *error);
/* The most records that a slice is to have; UINT32_MAX: its bytes alone count. */
uint32_t ybb__encoder_slice_rows(const ybb_request *request);
/* Whether there is something to prepare. */
bool ybb__encoder_prepares(const ybb_encoder *encoder);
/* Makes what does not depend on rows, once, or else the look does. @threads any, while nothing else
 * is done with the encoder. */
ybb_status ybb__encoder_prepare(ybb_encoder *encoder, ybb_error *error);
/* Shows the encoder the file's first slice (NULL: it has no rows), once, before that or any other
 * is encoded, or the file is closed: how the file looks may follow from it. */
ybb_status ybb__encoder_look(ybb_encoder *encoder, const ybb_slice *slice, ybb_error *error);
/* Turns a slice into @piece. @threads any, at once; changes nothing of the encoder. */
ybb_status ybb__encoder_encode(const ybb_encoder *encoder, const ybb_slice *slice, ybb_piece *piece,
                               ybb_error *error);
/* Appends the next piece in order. */
ybb_status ybb__encoder_commit(ybb_encoder *encoder, const ybb_piece *piece, ybb_error *error);
/* Writes what comes behind the rows. */
ybb_status ybb__encoder_close(ybb_encoder *encoder, ybb_error *error);
/* About how large the file would be now: what was committed, packed. */
uint64_t ybb__encoder_bytes(const ybb_encoder *encoder);
/* How many of the piece's records, it being the next, the file can hold besides what it has; where
 * these are not all, committing the piece is YBB_TOO_LARGE. Of pieces without subtotals. */
uint32_t ybb__encoder_fitting(const ybb_encoder *encoder, const ybb_piece *piece);
/* How many bytes a piece adds to that. */
uint64_t ybb__piece_bytes(const ybb_piece *piece);
/* What happened to cells up to the last commit. Borrowed. */
const ybb_notes *ybb__encoder_notes(const ybb_encoder *encoder);
void ybb__encoder_free(ybb_encoder *encoder);

#endif
