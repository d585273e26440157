/*
 * The conductor turns an export's rows into files, or into a stream. It is one thread: it reads
 * slices, hands them to the pool for encoding, commits what comes back in order, and hands each
 * complete file to the pool for publishing while it already reads for the next. A ring of slots
 * bounds what is in flight, so a slow disk or reader holds the database back and memory stays flat
 * at any number of rows.
 *
 * Files that are published already, by an owner before, are not made again: reading begins behind
 * the last record of theirs. Of groups it begins at the first, for a subtotal may reach back.
 */
#include "base/clock.h"
#include "run/march.h"
#include "run/resume.h"

#include <stdlib.h>
#include <string.h>

enum {
    FIRST_SLICE_ROWS = 512,
    LEAST_SLICE_ROWS = 16,
    MOST_SLICE_ROWS = 4096,
    MOST_ROWS = 2 * MOST_SLICE_ROWS, /* of a slice with its subtotals */
    SLICE_BYTES = 1024 * 1024,       /* what a slice, related rows included, is to hold */
    LEAST_SLICE_BYTES = 64 * 1024,
    FILE_PARTS = 8,  /* slices in a file, at least */
    SLOT_FACTOR = 8, /* how many times its slice's bytes a slot holds, about */
    LEAST_FREE_SPACE = 1024 * 1024,
    SLOT_BYTES = 16 * 1024 * 1024, /* what a slot may hold at most, slice, XML and deflated */
    MOST_SLOTS = 16                /* one reader does not feed more encoders than these */
};

static void run_item(void *memory)
{
    ybb_item *work = memory;
    if (work->publish) {
        (void)ybb__output_publish(work->output, &work->error);
        return;
    }
    (void)ybb__encoder_encode(work->output->encoder, &work->slice, &work->piece, &work->error);
    ybb__output_read_back(work->output);
}

static void release_item(void *memory)
{
    ybb_item *work = memory;
    free(work->behind.key);
    ybb__slice_free(&work->slice);
    ybb__piece_free(&work->piece);
}

static void add_item(ybb_march *m, ybb_item *work, ybb_output *output, bool publish)
{
    work->output = output;
    work->publish = publish;
    memset(&work->error, 0, sizeof(work->error));
    ybb__sequence_add(m->sequence);
}

/* The records of file @number. The last has all that are left, which after a resume may be more. */
static ybb_chunk next_chunk(const ybb_march *m, uint32_t number)
{
    const ybb_delivery *delivery = &m->work->delivery;
    if (m->chunks != NULL)
        return m->chunks[number - 1];
    uint64_t left = delivery->records - m->begun_records;
    bool last = number == delivery->files || left < delivery->chunk_size;
    return (ybb_chunk){.first_record = m->begun_records,
                       .records = last ? left : delivery->chunk_size};
}

/* A file follows from its rows, not from those of the file before: that may be another process's.
 */
static void begin_reading(ybb_march *m, ybb_output *output)
{
    m->reading = output;
    m->read = 0;
    m->slice_rows = FIRST_SLICE_ROWS;
}

static ybb_status begin_output(ybb_march *m, ybb_error *error)
{
    uint32_t number = m->begun + 1;
    const ybb_chunk chunk = next_chunk(m, number);
    ybb_status status = ybb__output_begin(&m->reading, &m->context, number, &chunk, error);
    if (status == YBB_OK) {
        m->begun_records += chunk.records;
        m->outputs[m->begun++] = m->reading;
        begin_reading(m, m->reading);
    }
    return status;
}

/* Rows that the next slice may have: to the end of the file, and of the sheet. */
static uint64_t rows_left(const ybb_march *m)
{
    uint64_t rows = m->reading->rows - m->read;
    uint64_t sheet = m->work->delivery.rows_per_sheet;
    if (sheet != UINT64_MAX && rows > sheet - m->read % sheet)
        rows = sheet - m->read % sheet;
    return rows < MOST_ROWS ? rows : MOST_ROWS;
}

/* Rows for the next slice, so that it comes near its bytes with its related rows. Follows from
 * the rows read alone, for slices decide where packed pieces end. */
static uint32_t next_slice_rows(const ybb_march *m, const ybb_slice *slice)
{
    uint32_t before = m->slice_rows;
    uint64_t fitting = (uint64_t)slice->main.rows * m->slice_bytes / (ybb__slice_size(slice) + 1);
    if (fitting > UINT64_C(4) * before) /* a few small rows promise nothing */
        fitting = UINT64_C(4) * before;
    if (fitting < LEAST_SLICE_ROWS)
        return LEAST_SLICE_ROWS;
    return fitting < MOST_SLICE_ROWS ? (uint32_t)fitting : MOST_SLICE_ROWS;
}

ybb_status ybb__march_close_output(ybb_march *m, ybb_output *output, ybb_error *error)
{
    ybb_status status = ybb__output_close(output, error);
    /* Whoever took the export over by now has removed this file, or begins with that. */
    if (status == YBB_OK)
        status = ybb__work_tell(m->work, true, error);
    if (status == YBB_OK)
        add_item(m, ybb__sequence_slot(m->sequence), output, true);
    return status;
}

static ybb_status read_records(ybb_march *m, ybb_slice *slice, uint32_t most, ybb_error *error)
{
    ybb_status status = ybb__cursor_next(m->cursor, slice, most, m->slice_bytes, error);
    if (status != YBB_OK)
        return status;
    if (slice->main.rows == 0)
        return ybb__fail(error, YBB_SOURCE_SHORT, "the database ended after %llu of %llu records",
                         (unsigned long long)m->records,
                         (unsigned long long)m->work->delivery.records);
    m->slice_rows = next_slice_rows(m, slice);
    return YBB_OK;
}

/* A slice of subtotals alone, where those of a group go on in another sheet. */
static ybb_status make_no_records(ybb_march *m, ybb_slice *slice, ybb_error *error)
{
    const ybb_reading *reading = &m->work->plan->reading;
    if (!ybb__slice_reset(slice, reading->columns, reading->related_count))
        return ybb__fail_memory(error);
    slice->first_record = m->records;
    return YBB_OK;
}

/* The next slice, of at most @rows rows. */
static ybb_status read_slice(ybb_march *m, ybb_slice *slice, uint64_t rows, ybb_error *error)
{
    uint32_t most = rows < m->slice_rows ? (uint32_t)rows : m->slice_rows;
    uint32_t slice_rows = ybb__encoder_slice_rows(m->work->request);
    if (most > slice_rows)
        most = slice_rows;
    if (m->subtotals == NULL)
        return read_records(m, slice, most, error);
    most = ybb__subtotals_fit(m->subtotals, rows, most);
    ybb_status status =
        most > 0 ? read_records(m, slice, most, error) : make_no_records(m, slice, error);
    return status == YBB_OK ? ybb__subtotals_put(m->subtotals, slice, rows, error) : status;
}

/* Behind the last record of a file: where a new owner would go on. */
static ybb_status mark_end(ybb_march *m, ybb_output *output, ybb_error *error)
{
    m->reading = NULL;
    return ybb__cursor_key(m->cursor, &output->last_key, error);
}

static ybb_status mark_slice(ybb_march *m, ybb_item *slot, ybb_error *error)
{
    free(slot->behind.key);
    slot->behind = (ybb_mark){.records = m->records};
    return ybb__cursor_key(m->cursor, &slot->behind.key, error);
}

/* Reads the next slice into the free @slot and has it encoded. */
static ybb_status feed(ybb_march *m, ybb_item *slot, ybb_error *error)
{
    ybb_status status = m->reading == NULL ? begin_output(m, error) : YBB_OK;
    if (status != YBB_OK)
        return status;
    ybb_output *output = m->reading;
    if (output->rows == 0) { /* nothing meets the filters: a file with its header */
        m->reading = NULL;
        m->work->progress.current_chunk = output->number;
        status = ybb__output_look(output, NULL, error);
        return status == YBB_OK ? ybb__march_close_output(m, output, error) : status;
    }
    status = read_slice(m, &slot->slice, rows_left(m), error);
    if (status != YBB_OK)
        return status;
    if (!output->looked)
        status = ybb__output_look(output, &slot->slice, error);
    if (status != YBB_OK)
        return status;
    m->records += slot->slice.main.rows;
    m->read += slot->slice.main.rows + slot->slice.subtotals.rows;
    if (m->read == output->rows)
        status = mark_end(m, output, error);
    if (status == YBB_OK && m->watching)
        status = mark_slice(m, slot, error);
    if (status == YBB_OK)
        add_item(m, slot, output, false);
    return status;
}

/* What the export holds: its slots, and the keys or groups that its order needs. */
static uint64_t held_bytes(const ybb_march *m)
{
    return m->held + ybb__cursor_size(m->cursor);
}

static ybb_status check_memory(const ybb_march *m, ybb_error *error)
{
    uint64_t limit = m->work->request->memory_limit;
    uint64_t held = held_bytes(m);
    if (held <= limit)
        return YBB_OK;
    ybb_status status =
        ybb__fail(error, YBB_MEMORY_LIMIT, "the export holds %llu bytes, and may hold %llu",
                  (unsigned long long)held, (unsigned long long)limit);
    ybb__error_blame(error, "large_dataset_options.memory_limit", NULL, NULL, NULL);
    return status;
}

/* Reading could go on behind the slice that was committed. */
static void take_mark(ybb_march *m, ybb_item *done)
{
    if (!m->watching)
        return;
    free(m->taken.key);
    m->taken = done->behind;
    done->behind = (ybb_mark){0};
}

static ybb_status take_piece(ybb_march *m, ybb_item *done, ybb_error *error)
{
    ybb_output *output = done->output;
    size_t held = ybb__slice_size(&done->slice) + ybb__piece_size(&done->piece);
    m->held += held;
    m->held -= done->held;
    done->held = held;
    uint64_t all = held_bytes(m);
    if (m->work->progress.memory_peak < all)
        m->work->progress.memory_peak = all;
    ybb_status status = check_memory(m, error);
    if (status != YBB_OK)
        return status;
    if (m->watching) {
        uint32_t fitting = ybb__encoder_fitting(output->encoder, &done->piece);
        if (fitting < done->piece.records && (fitting > 0 || output->committed > 0))
            return ybb__split(m, output, fitting, error);
    }
    status = ybb__output_commit(output, &done->piece, error);
    if (status != YBB_OK)
        return status;
    take_mark(m, done);
    m->work->progress.stage = YBB_STAGE_PROCESSING;
    m->work->progress.records_processed += done->piece.records;
    m->work->progress.current_chunk = output->number;
    if (output->committed == output->rows)
        return ybb__march_close_output(m, output, error);
    return ybb__split_due(m, output, &done->piece) ? ybb__split(m, output, 0, error) : YBB_OK;
}

/* What the log says of a file that is published. */
static void tell_file(ybb_march *m, const ybb_job_file *file)
{
    ybb_log log;
    ybb_work *work = m->work;
    const ybb_journal *journal = work->shared->journal;
    uint64_t limit = work->request->memory_limit, peak = work->progress.memory_peak;
    int64_t now = ybb__clock_steady(), before = work->chunk_began;
    work->chunk_began = now;
    if (!ybb__journal_open(journal, &log))
        return;
    double seconds = (double)(now - (before != 0 ? before : work->began)) / 1e6;
    ybb__journal_tell(journal, ybb__log_chunk(&log, &work->job, file, seconds));
    work->job.memory_peak = peak; /* as the record is soon */
    ybb__journal_tell(journal, ybb__log_memory(&log, &work->job, held_bytes(m), limit));
    ybb_log_line alert = {0};
    if (!work->memory_alerted)
        alert = ybb__log_memory_alert(&log, &work->job, peak, limit);
    work->memory_alerted = work->memory_alerted || alert.text != NULL;
    ybb__journal_tell(journal, alert);
}

/* Whether an export ends with its first file: one transaction less, and one wait for the disk. */
static bool ends_with_file(const ybb_delivery *delivery)
{
    return delivery->files == 1 && !delivery->archive && !delivery->split;
}

static ybb_status record_file(ybb_march *m, ybb_output *output, ybb_error *error)
{
    ybb_work *work = m->work;
    output->result.last_key = output->last_key;
    if (work->pipe != NULL)
        return YBB_OK;
    if (ends_with_file(&work->delivery)) {
        tell_file(m, &output->result);
        if (ybb__job_file_copy(&work->unrecorded, &output->result))
            return YBB_OK;
        ybb__job_file_release(&work->unrecorded);
        return ybb__fail_memory(error);
    }
    ybb_status status = ybb__work_record(work, &output->result, error);
    if (status == YBB_OK)
        tell_file(m, &output->result);
    return status;
}

static void weigh(ybb_work *work, uint64_t bytes)
{
    if (work->delivery.strategy == YBB_MULTI_FILE && bytes > work->request->max_file_size)
        work->large_files++;
}

ybb_status ybb__march_take_published(ybb_march *m, ybb_item *done, ybb_error *error)
{
    ybb_output *output = done->output;
    ybb_notes *notes = &m->work->notes;
    ybb_status status = record_file(m, output, error);
    notes->moved += output->notes.moved;
    notes->cleaned += output->notes.cleaned;
    notes->guarded += output->notes.guarded;
    notes->missing_cjk += output->notes.missing_cjk;
    notes->missing += output->notes.missing;
    notes->cramped += output->notes.cramped;
    weigh(m->work, output->result.bytes);
    m->outputs[output->number - 1] = NULL;
    ybb__output_free(output);
    return status;
}

/* Takes the oldest item that is done; *@none when there was none. */
static ybb_status drain(ybb_march *m, bool wait, bool *none, ybb_error *error)
{
    ybb_item *done = ybb__sequence_take(m->sequence, wait);
    *none = done == NULL;
    if (done == NULL)
        return YBB_OK;
    if (done->error.status != YBB_OK) {
        ybb__error_copy(error, &done->error);
        return error->status;
    }
    ybb_status status =
        done->publish ? ybb__march_take_published(m, done, error) : take_piece(m, done, error);
    return status == YBB_OK ? ybb__work_tell(m->work, false, error) : status;
}

static bool all_read(const ybb_march *m)
{
    return m->begun == m->work->delivery.files && m->reading == NULL;
}

/* All files, from the first read to the last publication. Ends when all is read and a wait finds
 * nothing in flight. */
static ybb_status make_files(ybb_march *m, ybb_error *error)
{
    ybb_status status = YBB_OK;
    for (bool ended = false; status == YBB_OK && !ended;) {
        ybb_item *slot = all_read(m) ? NULL : ybb__sequence_slot(m->sequence);
        bool none = false;
        if (slot != NULL)
            status = feed(m, slot, error);
        else if (all_read(m))
            m->work->progress.stage = YBB_STAGE_GENERATION;
        if (status == YBB_OK)
            status = drain(m, slot == NULL, &none, error);
        ended = slot == NULL && none;
    }
    return status;
}

/* What ends an export early does not take files from it that are whole. Where the store has just
 * failed it is not waited for again: who goes on makes them anew. */
static void keep_whole_files(ybb_march *m, ybb_status why)
{
    ybb_error ignored = {0};
    if (m->work->pipe == NULL && why != YBB_LEASE_LOST && why != YBB_STORE_ERROR)
        (void)ybb__march_drop_pieces(m, &ignored);
}

static unsigned slot_count(const ybb_march *m)
{
    const ybb_request *request = m->work->request;
    unsigned slots = ybb__pool_threads(m->work->shared->pool) + 2;
    if (slots > MOST_SLOTS)
        slots = MOST_SLOTS;
    if (request->memory_limit / SLOT_BYTES < slots)
        slots = (unsigned)(request->memory_limit / SLOT_BYTES);
    return slots < 1 || !request->parallel_processing ? 1 : slots;
}

/* So that the slots stay within the memory limit, and files that close early end near theirs. */
static size_t choose_slice_bytes(const ybb_march *m)
{
    const ybb_request *request = m->work->request;
    uint64_t bytes = request->memory_limit / slot_count(m) / SLOT_FACTOR;
    if (m->watching && bytes > request->max_file_size / FILE_PARTS)
        bytes = request->max_file_size / FILE_PARTS;
    if (bytes < LEAST_SLICE_BYTES)
        return LEAST_SLICE_BYTES;
    return bytes < SLICE_BYTES ? (size_t)bytes : SLICE_BYTES;
}

static ybb_status prepare_files(ybb_march *m, ybb_error *error)
{
    ybb_work *work = m->work;
    m->watching =
        work->delivery.strategy == YBB_MULTI_FILE && work->pipe == NULL && m->chunks == NULL;
    m->context =
        (ybb_output_context){.plan = work->plan,
                             .delivery = &work->delivery,
                             .folder = work->folder,
                             .pool = work->request->parallel_processing ? work->shared->pool : NULL,
                             .stream = work->pipe != NULL ? ybb__pipe_sink(work->pipe) : NULL,
                             .may_cut = m->watching,
                             .time = ybb__work_time(work)};
    m->room = work->delivery.files;
    m->slice_bytes = choose_slice_bytes(m);
    m->outputs = calloc(m->room, sizeof(ybb_output *));
    m->sequence = ybb__sequence_new(work->shared->pool, slot_count(m), sizeof(ybb_item), run_item);
    if (m->outputs == NULL || m->sequence == NULL)
        return ybb__fail_memory(error);
    m->begun = m->kept;
    return YBB_OK;
}

static void release_files(ybb_march *m)
{
    ybb__sequence_free(m->sequence, release_item); /* first: its items use the outputs */
    for (uint32_t i = 0; m->outputs != NULL && i < m->begun; i++)
        ybb__output_free(m->outputs[i]);
    free(m->outputs);
    free(m->taken.key);
    ybb__subtotals_free(m->subtotals);
    free(m->chunks);
}

/* --- the source --- */

static ybb_status plan_groups(ybb_march *m, ybb_error *error)
{
    ybb_work *work = m->work;
    const ybb_groups *groups = ybb__cursor_groups(m->cursor);
    ybb_status status = ybb__delivery_plan_groups(&work->delivery, &m->chunks, work->request,
                                                  work->shared->config, groups, error);
    if (status == YBB_OK)
        status = ybb__subtotals_new(&m->subtotals, work->plan, groups, error);
    if (status == YBB_OK && !ybb__resume_fits(work, m->kept, m->chunks))
        m->kept = 0;
    return status;
}

static ybb_status plan_delivery(ybb_march *m, ybb_error *error)
{
    ybb_work *work = m->work;
    uint64_t records = ybb__cursor_records(m->cursor);
    if (work->plan->reading.per != NULL)
        return plan_groups(m, error);
    if (m->kept == 0)
        return ybb__delivery_plan(&work->delivery, work->request, work->shared->config, records,
                                  error);
    work->delivery = work->job.delivery; /* whose names and bounds the files have */
    work->delivery.records = records;
    return YBB_OK;
}

static ybb_status open_cursor(ybb_march *m, ybb_db *db, ybb_error *error)
{
    ybb_work *work = m->work;
    ybb_error gone = {0};
    const ybb_reading *reading = &work->plan->reading;
    const ybb_cursor_start start = ybb__resume_start(work, m->kept);
    ybb_status status = ybb__cursor_open(&m->cursor, db, reading, work->request->limit,
                                         reading->per == NULL ? &start : NULL, &gone);
    if (status == YBB_NOT_RESUMABLE) { /* its last record is gone: all is made again */
        m->kept = 0;
        return ybb__cursor_open(&m->cursor, db, reading, work->request->limit, NULL, error);
    }
    if (status != YBB_OK)
        ybb__error_copy(error, &gone);
    return status;
}

/* Has the store know what is kept and how the rest is delivered. */
static void tell_start(ybb_march *m)
{
    ybb_work *work = m->work;
    work->job.planned = true; /* as the record is now */
    work->job.delivery = work->delivery;
    ybb__journal_event(work->shared->journal,
                       work->job.takeovers > 0 ? YBB_LOG_TAKEN_OVER
                       : m->kept > 0           ? YBB_LOG_RESUMED
                                               : YBB_LOG_STARTED,
                       &work->job);
}

static ybb_status settle(ybb_march *m, ybb_error *error)
{
    ybb_work *work = m->work;
    ybb_ledger *ledger = work->shared->ledger;
    ybb__resume_consistency(m->consistency, m->kept);
    if (work->pipe != NULL)
        work->delivery.timeout_seconds = 0; /* its reader may take as long as it likes */
    ybb_status status = ybb__ledger_leave(
        ledger, ybb__jobstore_planned(ybb__ledger_enter(ledger), &work->lease, &work->delivery,
                                      m->consistency, m->kept, error));
    if (status == YBB_OK)
        tell_start(m);
    ybb__ledger_ring(ledger);
    return status;
}

static ybb_status connect_source(ybb_work *work, ybb_db **db, ybb_error *error)
{
    const struct ybb_config *config = work->shared->config;
    ybb_status status =
        ybb__db_open(db, config->source, YBB_DB_READ, config->source_timeout_seconds, error);
    return status == YBB_OK ? ybb__work_set_db(work, *db, error) : status;
}

/* Goes on in the snapshot that a new export's records were counted in. */
static ybb_status take_counted(ybb_march *m, ybb_db **db, ybb_error *error)
{
    ybb_work *work = m->work;
    ybb_counted source = work->source;
    work->source = (ybb_counted){0};
    *db = source.db;
    ybb_status status = ybb__work_set_db(work, *db, error);
    if (status != YBB_OK)
        return status;
    return ybb__cursor_open_counted(&m->cursor, *db, &work->plan->reading, work->request->limit,
                                    source.records, error);
}

static ybb_status connect_and_count(ybb_march *m, ybb_db **db, ybb_error *error)
{
    ybb_status status = connect_source(m->work, db, error);
    return status == YBB_OK ? open_cursor(m, *db, error) : status;
}

/* Connects, counts in the snapshot, and decides how to deliver. */
static ybb_status open_source(ybb_march *m, ybb_db **db, ybb_error *error)
{
    ybb_work *work = m->work;
    ybb_status status =
        work->source.db != NULL ? take_counted(m, db, error) : connect_and_count(m, db, error);
    if (status == YBB_OK)
        status = ybb__plan_spread(work->plan, ybb__cursor_lookup(m->cursor), error);
    if (status == YBB_OK)
        status = plan_delivery(m, error);
    if (status == YBB_OK)
        status = ybb__size_batches(m, error);
    return status == YBB_OK ? settle(m, error) : status;
}

static void close_source(ybb_march *m, ybb_db *db)
{
    (void)ybb__work_set_db(m->work, NULL, NULL);
    ybb__cursor_drop(m->cursor);
    m->cursor = NULL;
    ybb__db_close(db);
}

/* Reads past the records that are in files already, where the reading could not begin behind them.
 */
static ybb_status pass_over(ybb_march *m, ybb_error *error)
{
    ybb_slice slice = {0};
    ybb_status status = YBB_OK;
    for (uint32_t i = 1; m->subtotals != NULL && i <= m->kept && status == YBB_OK; i++) {
        ybb_output passed = {.chunk = m->chunks[i - 1]};
        passed.rows = passed.chunk.records + passed.chunk.subtotals;
        begin_reading(m, &passed);
        while (status == YBB_OK && m->read < passed.rows) {
            status = read_slice(m, &slice, rows_left(m), error);
            m->records += slice.main.rows;
            m->read += slice.main.rows + slice.subtotals.rows;
            if (status == YBB_OK)
                status = ybb__work_tell(m->work, false, error);
        }
    }
    m->reading = NULL;
    ybb__slice_free(&slice);
    return status;
}

static ybb_status check_space(const ybb_work *work, ybb_error *error)
{
    uint64_t space = work->folder == NULL ? 0 : ybb__folder_free_space(work->folder);
    if (space != 0 && space < LEAST_FREE_SPACE) /* 0: the system does not say */
        return ybb__fail(error, YBB_OUTPUT_FULL, "the disk of %s has only %llu bytes free",
                         work->shared->config->out, (unsigned long long)space);
    return YBB_OK;
}

static ybb_status begin_behind_kept(ybb_march *m, ybb_error *error)
{
    ybb_work *work = m->work;
    const ybb_cursor_start start = ybb__resume_start(work, m->kept);
    uint64_t before = start.before;
    m->taken = (ybb_mark){before, start.behind != NULL ? strdup(start.behind) : NULL};
    if (start.behind != NULL && m->taken.key == NULL)
        return ybb__fail_memory(error);
    m->records = m->subtotals != NULL ? 0 : before;
    m->begun_records = before;
    work->progress.records_processed = before;
    work->progress.current_chunk = m->kept;
    ybb__resume_notes(work, m->kept, &work->notes);
    for (uint32_t i = 0; i < m->kept; i++)
        weigh(work, work->job.files[i].bytes);
    return YBB_OK;
}

static ybb_status read_source(ybb_march *m, ybb_error *error)
{
    ybb_db *db = NULL;
    ybb_status status = open_source(m, &db, error);
    if (status == YBB_OK)
        status = prepare_files(m, error);
    if (status == YBB_OK)
        status = begin_behind_kept(m, error);
    if (status == YBB_OK)
        status = pass_over(m, error);
    int64_t begun = ybb__clock_steady();
    if (status == YBB_OK)
        status = make_files(m, error);
    if (status != YBB_OK && m->sequence != NULL)
        keep_whole_files(m, status);
    m->work->times.file_generation_seconds = (double)(ybb__clock_steady() - begun) / 1e6;
    if (status == YBB_OK && m->work->delivery.split)
        status = ybb__split_names(m->work, error);
    release_files(m);
    close_source(m, db);
    return status;
}

/* All files are there: an owner before ended between the last of them and the export's end. */
static ybb_status take_as_is(ybb_march *m, ybb_error *error)
{
    ybb_work *work = m->work;
    work->delivery = work->job.delivery;
    ybb_status status = begin_behind_kept(m, error);
    free(m->taken.key);
    return status == YBB_OK && work->delivery.split ? ybb__split_names(work, error) : status;
}

ybb_status ybb__conduct_rows(ybb_work *work, ybb_error *error)
{
    ybb_march m = {.work = work};
    ybb_status status = check_space(work, error);
    if (status != YBB_OK)
        return status;
    m.kept = ybb__resume_count(work);
    if (m.kept > 0 && m.kept == work->job.delivery.files)
        return take_as_is(&m, error);
    return read_source(&m, error);
}
