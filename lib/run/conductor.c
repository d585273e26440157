/*
 * The conductor carries one export out. It is one thread of the pool: it reads slices, hands them
 * to the pool for encoding, commits what comes back in order, and hands each complete file to the
 * pool for publishing while it already reads for the next. A ring of slots bounds what is in
 * flight, so a slow disk holds the reader back and memory stays flat at any number of rows.
 */
#include "base/clock.h"
#include "db/cursor.h"
#include "model/subtotals.h"
#include "pool/sequence.h"
#include "run/bundle.h"
#include "run/output.h"
#include "run/warnings.h"

#include <stdlib.h>
#include <string.h>

enum {
    FIRST_SLICE_ROWS = 512,
    LEAST_SLICE_ROWS = 16,
    MOST_SLICE_ROWS = 4096,
    MOST_ROWS = 2 * MOST_SLICE_ROWS, /* of a slice with its subtotals */
    SLICE_BYTES = 1024 * 1024,       /* what a slice, related rows included, is to hold */
    LEAST_FREE_SPACE = 1024 * 1024,
    SLOT_BYTES = 16 * 1024 * 1024, /* what a slot may hold at most, slice, XML and deflated */
    MOST_SLOTS = 16                /* one reader does not feed more encoders than these */
};

static const double microseconds_per_second = 1e6;
static const int64_t microseconds_per_day = INT64_C(86400000000);

/* A slot of the ring: a slice to encode, or a closed output to publish. */
typedef struct item {
    ybb_output *output;
    bool publish;
    ybb_slice slice;
    ybb_piece piece;
    size_t held; /* bytes that slice and piece have, as last counted */
    ybb_error error;
} item;

typedef struct march {
    ybb_work *work;
    ybb_cursor *cursor;
    ybb_folder *folder;
    ybb_sequence *sequence;
    ybb_delivery delivery;
    ybb_chunk *chunks;        /* what the files hold of an export in groups, else NULL */
    ybb_subtotals *subtotals; /* of its groups, else NULL */
    ybb_output_context context;
    ybb_output **outputs; /* [delivery.files]; NULL: not begun or done */
    uint32_t begun;
    ybb_output *reading; /* the output whose rows are being read */
    uint64_t read;       /* rows read for it, subtotals included */
    uint64_t records;    /* records read, of all files */
    uint32_t slice_rows; /* how many rows the next slice is to have */
    uint64_t held;       /* bytes in all slots */
    ybb_notes notes;     /* of all files */
    ybb_job_progress progress;
    int64_t started;        /* wall clock */
    int64_t started_steady; /* the clock that measures */
} march;

static double seconds_since(int64_t steady)
{
    return (double)(ybb__clock_steady() - steady) / microseconds_per_second;
}

static void run_item(void *memory)
{
    item *work = memory;
    if (work->publish)
        (void)ybb__output_publish(work->output, &work->error);
    else
        (void)ybb__encoder_encode(work->output->encoder, &work->slice, &work->piece, &work->error);
}

static void release_item(void *memory)
{
    item *work = memory;
    ybb__slice_free(&work->slice);
    ybb__piece_free(&work->piece);
}

static ybb_status tell(march *m, ybb_error *error)
{
    if (m->delivery.timeout_seconds > 0 &&
        seconds_since(m->started_steady) > (double)m->delivery.timeout_seconds)
        return ybb__fail(error, YBB_TIMEOUT, "the export took longer than its %llu seconds",
                         (unsigned long long)m->delivery.timeout_seconds);
    return ybb__ledger_progress(m->work->ledger, m->work->id, &m->progress, error);
}

static void add_item(march *m, item *work, ybb_output *output, bool publish)
{
    work->output = output;
    work->publish = publish;
    memset(&work->error, 0, sizeof(work->error));
    ybb__sequence_add(m->sequence);
}

static ybb_status begin_output(march *m, ybb_error *error)
{
    uint32_t number = m->begun + 1;
    ybb_status status = ybb__output_begin(&m->reading, &m->context, number, error);
    if (status == YBB_OK) {
        m->outputs[m->begun++] = m->reading;
        m->read = 0;
    }
    return status;
}

/* Rows that the next slice may have: to the end of the file, and of the sheet. */
static uint64_t rows_left(const march *m)
{
    uint64_t rows = m->reading->rows - m->read;
    uint64_t sheet = m->delivery.rows_per_sheet;
    if (sheet != UINT64_MAX && rows > sheet - m->read % sheet)
        rows = sheet - m->read % sheet;
    return rows < MOST_ROWS ? rows : MOST_ROWS;
}

/* Rows for the next slice, so that it comes near SLICE_BYTES with its related rows. Follows from
 * the rows read alone, for slices decide where packed pieces end. */
static uint32_t next_slice_rows(const ybb_slice *slice, uint32_t before)
{
    uint64_t fitting = (uint64_t)slice->main.rows * SLICE_BYTES / (ybb__slice_size(slice) + 1);
    if (fitting > UINT64_C(4) * before) /* a few small rows promise nothing */
        fitting = UINT64_C(4) * before;
    if (fitting < LEAST_SLICE_ROWS)
        return LEAST_SLICE_ROWS;
    return fitting < MOST_SLICE_ROWS ? (uint32_t)fitting : MOST_SLICE_ROWS;
}

static ybb_status close_output(march *m, ybb_output *output, item *slot, ybb_error *error)
{
    ybb_status status = ybb__output_close(output, error);
    if (status == YBB_OK)
        add_item(m, slot, output, true);
    return status;
}

static ybb_status read_records(march *m, ybb_slice *slice, uint32_t most, ybb_error *error)
{
    ybb_status status = ybb__cursor_next(m->cursor, slice, most, SLICE_BYTES, error);
    if (status != YBB_OK)
        return status;
    if (slice->main.rows == 0)
        return ybb__fail(error, YBB_SOURCE_SHORT, "the database ended after %llu of %llu records",
                         (unsigned long long)m->records, (unsigned long long)m->delivery.records);
    m->slice_rows = next_slice_rows(slice, m->slice_rows);
    return YBB_OK;
}

/* A slice of subtotals alone, where those of a group go on in another sheet. */
static ybb_status make_no_records(march *m, ybb_slice *slice, ybb_error *error)
{
    const ybb_reading *reading = &m->work->plan->reading;
    if (!ybb__slice_reset(slice, reading->columns, reading->related_count))
        return ybb__fail_memory(error);
    slice->first_record = m->records;
    return YBB_OK;
}

/* The next slice, of at most @rows rows. */
static ybb_status read_slice(march *m, ybb_slice *slice, uint64_t rows, ybb_error *error)
{
    uint32_t most = rows < m->slice_rows ? (uint32_t)rows : m->slice_rows;
    if (m->subtotals == NULL)
        return read_records(m, slice, most, error);
    most = ybb__subtotals_fit(m->subtotals, rows, most);
    ybb_status status =
        most > 0 ? read_records(m, slice, most, error) : make_no_records(m, slice, error);
    return status == YBB_OK ? ybb__subtotals_put(m->subtotals, slice, rows, error) : status;
}

/* Reads the next slice into the free @slot and has it encoded. */
static ybb_status feed(march *m, item *slot, ybb_error *error)
{
    ybb_status status = m->reading == NULL ? begin_output(m, error) : YBB_OK;
    if (status != YBB_OK)
        return status;
    ybb_output *output = m->reading;
    if (output->rows == 0) { /* nothing meets the filters: a file with its header */
        m->reading = NULL;
        return close_output(m, output, slot, error);
    }
    status = read_slice(m, &slot->slice, rows_left(m), error);
    if (status != YBB_OK)
        return status;
    m->records += slot->slice.main.rows;
    m->read += slot->slice.main.rows + slot->slice.subtotals.rows;
    if (m->read == output->rows)
        m->reading = NULL;
    add_item(m, slot, output, false);
    return YBB_OK;
}

static ybb_status take_piece(march *m, item *done, ybb_error *error)
{
    ybb_output *output = done->output;
    size_t held = ybb__slice_size(&done->slice) + ybb__piece_size(&done->piece);
    m->held += held;
    m->held -= done->held;
    done->held = held;
    if (m->progress.memory_peak < m->held)
        m->progress.memory_peak = m->held;
    ybb_status status = ybb__output_commit(output, &done->piece, error);
    if (status != YBB_OK)
        return status;
    m->progress.stage = YBB_STAGE_PROCESSING;
    m->progress.records_processed += done->piece.records;
    m->progress.current_chunk = output->number;
    if (output->committed < output->rows)
        return YBB_OK;
    return close_output(m, output, ybb__sequence_slot(m->sequence), error);
}

static ybb_status take_published(march *m, item *done, ybb_error *error)
{
    ybb_output *output = done->output;
    ybb_status status = ybb__ledger_file(m->work->ledger, m->work->id, &output->result, error);
    m->notes.moved += output->notes.moved;
    m->notes.cleaned += output->notes.cleaned;
    m->notes.guarded += output->notes.guarded;
    m->outputs[output->number - 1] = NULL;
    ybb__output_free(output);
    return status;
}

/* Takes the oldest item that is done; *@none when there was none. */
static ybb_status drain(march *m, bool wait, bool *none, ybb_error *error)
{
    item *done = ybb__sequence_take(m->sequence, wait);
    *none = done == NULL;
    if (done == NULL)
        return YBB_OK;
    if (done->error.status != YBB_OK) {
        ybb__error_copy(error, &done->error);
        return error->status;
    }
    ybb_status status = done->publish ? take_published(m, done, error) : take_piece(m, done, error);
    return status == YBB_OK ? tell(m, error) : status;
}

static bool all_read(const march *m)
{
    return m->begun == m->delivery.files && m->reading == NULL;
}

/* All files, from the first read to the last publication. Ends when all is read and a wait finds
 * nothing in flight. */
static ybb_status make_files(march *m, ybb_error *error)
{
    ybb_status status = YBB_OK;
    for (bool ended = false; status == YBB_OK && !ended;) {
        item *slot = all_read(m) ? NULL : ybb__sequence_slot(m->sequence);
        bool none = false;
        if (slot != NULL)
            status = feed(m, slot, error);
        else if (all_read(m))
            m->progress.stage = YBB_STAGE_GENERATION;
        if (status == YBB_OK)
            status = drain(m, slot == NULL, &none, error);
        ended = slot == NULL && none;
    }
    return status;
}

static unsigned slot_count(const march *m)
{
    const ybb_request *request = m->work->request;
    unsigned slots = ybb__pool_threads(m->work->pool) + 2;
    if (slots > MOST_SLOTS)
        slots = MOST_SLOTS;
    if (request->memory_limit / SLOT_BYTES < slots)
        slots = (unsigned)(request->memory_limit / SLOT_BYTES);
    return slots < 1 || !request->parallel_processing ? 1 : slots;
}

static ybb_status prepare_files(march *m, ybb_error *error)
{
    m->context = (ybb_output_context){.plan = m->work->plan,
                                      .delivery = &m->delivery,
                                      .chunks = m->chunks,
                                      .folder = m->folder,
                                      .time = m->started};
    m->outputs = calloc(m->delivery.files, sizeof(ybb_output *));
    m->sequence = ybb__sequence_new(m->work->pool, slot_count(m), sizeof(item), run_item);
    if (m->outputs == NULL || m->sequence == NULL)
        return ybb__fail_memory(error);
    return YBB_OK;
}

static void release_files(march *m)
{
    ybb__sequence_free(m->sequence, release_item); /* first: its items use the outputs */
    for (uint32_t i = 0; i < m->begun; i++)
        ybb__output_free(m->outputs[i]);
    free(m->outputs);
    ybb__subtotals_free(m->subtotals);
    free(m->chunks);
}

static void set_db(ybb_work *work, ybb_db *db)
{
    ybb__monitor_lock(work->guard);
    work->db = db;
    ybb__monitor_unlock(work->guard);
}

static ybb_status plan_delivery(march *m, ybb_error *error)
{
    const ybb_work *work = m->work;
    const ybb_groups *groups = ybb__cursor_groups(m->cursor);
    if (work->plan->reading.per == NULL)
        return ybb__delivery_plan(&m->delivery, work->request, work->config,
                                  ybb__cursor_records(m->cursor), error);
    ybb_status status = ybb__delivery_plan_groups(&m->delivery, &m->chunks, work->request,
                                                  work->config, groups, error);
    if (status == YBB_OK)
        status = ybb__subtotals_new(&m->subtotals, work->plan, groups, error);
    return status;
}

/* Connects, counts in the snapshot, and decides how to deliver. */
static ybb_status open_source(march *m, ybb_db **db, ybb_error *error)
{
    ybb_work *work = m->work;
    ybb_status status = ybb__db_open(db, work->config->source, YBB_DB_READ,
                                     work->config->source_timeout_seconds, error);
    if (status != YBB_OK)
        return status;
    set_db(work, *db);
    status = ybb__cursor_open(&m->cursor, *db, &work->plan->reading, work->request->limit, error);
    if (status == YBB_OK)
        status = ybb__plan_spread(work->plan, ybb__cursor_lookup(m->cursor), error);
    if (status == YBB_OK)
        status = plan_delivery(m, error);
    if (status == YBB_OK)
        status = ybb__ledger_planned(work->ledger, work->id, &m->delivery, "snapshot", error);
    return status;
}

static void close_source(march *m, ybb_db *db)
{
    set_db(m->work, NULL);
    ybb__cursor_free(m->cursor);
    m->cursor = NULL;
    ybb__db_close(db);
}

/* The folder for the files, on a disk that is not full already. */
static ybb_status open_folder(march *m, ybb_error *error)
{
    ybb_status status = ybb__folder_open(&m->folder, m->work->config->out, m->work->id, error);
    if (status != YBB_OK)
        return status;
    uint64_t space = ybb__folder_free_space(m->folder);
    if (space != 0 && space < LEAST_FREE_SPACE) /* 0: the system does not say */
        return ybb__fail(error, YBB_OUTPUT_FULL, "the disk of %s has only %llu bytes free",
                         m->work->config->out, (unsigned long long)space);
    return YBB_OK;
}

static ybb_status export_rows(march *m, ybb_error *error)
{
    ybb_db *db = NULL;
    ybb_status status = open_source(m, &db, error);
    if (status == YBB_OK)
        status = open_folder(m, error);
    if (status == YBB_OK)
        status = prepare_files(m, error);
    if (status == YBB_OK)
        status = make_files(m, error);
    release_files(m);
    close_source(m, db);
    return status;
}

/* What a failed export leaves is nothing: its whole files too, for nobody can ask for them. One
 * that was to stop failed for that reason, whatever the interrupted call says. */
static void clear_away(march *m, ybb_error *error)
{
    ybb_error other = {0};
    if (ybb__ledger_progress(m->work->ledger, m->work->id, &m->progress, &other) == YBB_CANCELLED)
        *error = other;
    ybb__folder_close(m->folder);
    m->folder = NULL;
    (void)ybb__folder_remove(m->work->config->out, m->work->id, &other);
}

static ybb_status warn(const march *m, ybb_error *error)
{
    char *warnings = ybb__export_warnings(m->work->request, &m->delivery, &m->notes);
    if (warnings == NULL)
        return ybb__fail_memory(error);
    ybb_status status = ybb__ledger_warn(m->work->ledger, m->work->id, warnings, error);
    free(warnings);
    return status;
}

static void end(march *m, ybb_error *error)
{
    ybb_error ignored = {0};
    const ybb_work *work = m->work;
    int64_t expires =
        ybb__clock_now() + (int64_t)work->request->retention_days * microseconds_per_day;
    (void)ybb__ledger_end(work->ledger, work->id, error, seconds_since(m->started_steady), expires,
                          &ignored);
}

void ybb__work_conduct(ybb_task *task)
{
    /* the task is the work's first member */
    march m = {.work = (ybb_work *)task, .slice_rows = FIRST_SLICE_ROWS};
    ybb_error error = {0};
    m.started = ybb__clock_now();
    m.started_steady = ybb__clock_steady();
    ybb_status status = ybb__ledger_begin(m.work->ledger, m.work->id, &error);
    if (status == YBB_OK)
        status = tell(&m, &error); /* perhaps it was cancelled while it waited */
    if (status == YBB_OK)
        status = export_rows(&m, &error);
    if (status == YBB_OK)
        status = warn(&m, &error);
    if (status == YBB_OK && m.delivery.archive)
        status = ybb__bundle(m.work, m.folder, m.started, &m.progress, &error);
    if (status != YBB_OK)
        clear_away(&m, &error);
    ybb__folder_close(m.folder);
    end(&m, &error);
}

void ybb__work_free(ybb_work *work)
{
    if (work == NULL)
        return;
    ybb__plan_free(work->plan);
    ybb__request_free(work->request);
    ybb__edition_give_back(work->edition);
    free(work);
}
