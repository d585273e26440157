/*
 * run/march: the conductor's state while rows become files; for conductor.c and split.c alone.
 */
#ifndef YBB_RUN_MARCH_H
#define YBB_RUN_MARCH_H

#include "db/cursor.h"
#include "model/subtotals.h"
#include "pool/sequence.h"
#include "run/output.h"
#include "run/resume.h"
#include "run/work.h"

/* A place between two records, where reading can go on. */
typedef struct ybb_mark {
    uint64_t records; /* before it */
    char *key;        /* of the last of them, owned; NULL: there are none */
} ybb_mark;

/* A slot of the ring: a slice to encode, or a closed output to publish. */
typedef struct ybb_item {
    ybb_output *output;
    bool publish;
    ybb_slice slice;
    ybb_piece piece;
    size_t held;     /* bytes that slice and piece have, as last counted */
    ybb_mark behind; /* this slice, while files may close early */
    ybb_error error;
} ybb_item;

typedef struct ybb_march {
    ybb_work *work;
    ybb_cursor *cursor;
    ybb_sequence *sequence;
    uint32_t kept;            /* files that are there already */
    ybb_chunk *chunks;        /* what the files hold of an export in groups, else NULL */
    ybb_subtotals *subtotals; /* of its groups, else NULL */
    ybb_output_context context;
    ybb_output **outputs; /* [room]; NULL: not begun or done */
    uint32_t room;
    uint32_t begun;
    ybb_output *reading;    /* the output whose rows are being read */
    uint64_t read;          /* rows read for it, subtotals included */
    uint64_t records;       /* records read, of all files */
    uint64_t begun_records; /* records of the files that are kept or begun */
    char consistency[YBB_CONSISTENCY_TEXT];
    bool watching;       /* files may close early, at max_file_size or when they are full */
    ybb_mark taken;      /* behind what is committed, while watching */
    size_t slice_bytes;  /* that a slice is to hold, related rows included */
    uint32_t slice_rows; /* how many rows the next slice of its file is to have */
    uint64_t held;       /* bytes in all slots */
} ybb_march;

/* Records a published file, and forgets its output. */
ybb_status ybb__march_take_published(ybb_march *march, ybb_item *done, ybb_error *error);
/* Has the rows of a complete output end, and its publication queued in a free slot. */
ybb_status ybb__march_close_output(ybb_march *march, ybb_output *output, ybb_error *error);
/* split.c: waits for all that is in flight: files that are complete are recorded, pieces dropped.
 */
ybb_status ybb__march_drop_pieces(ybb_march *march, ybb_error *error);

/* sizing.c: makes batches smaller whose records are large. */
ybb_status ybb__size_batches(ybb_march *march, ybb_error *error);

/* split.c: whether the file is as large as it may be, now that a piece was committed. */
bool ybb__split_due(const ybb_march *march, const ybb_output *output, const ybb_piece *piece);
/* Ends the file @more records behind what is committed; what was read beyond that is read again: so
 * many for this file, and the rest for the next. */
ybb_status ybb__split(ybb_march *march, ybb_output *output, uint32_t more, ybb_error *error);
/* Once the number of files is final: has the record know the names that they are shown under. */
ybb_status ybb__split_names(ybb_work *work, ybb_error *error);

#endif
