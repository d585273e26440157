/*
 * Files that close early because they are as large as a file may be.
 *
 * When a piece is committed it shows how large the file has become, or, just before, that not all
 * of its records fit; by then others have been read, and perhaps encoded, for the same file. They
 * are dropped and their rows read again: where files end must depend on the rows alone, not on how
 * far the reading was ahead.
 */
#include "run/march.h"

#include <stdlib.h>
#include <string.h>

enum { OTHER_PARTS = 16 * 1024 }; /* of a file besides its rows, about */

bool ybb__split_due(const ybb_march *m, const ybb_output *output, const ybb_piece *piece)
{
    const ybb_work *work = m->work;
    uint64_t bytes = ybb__encoder_bytes(output->encoder) + ybb__piece_bytes(piece) + OTHER_PARTS;
    return m->watching && bytes > work->request->max_file_size;
}

/* Whether the file before it has failed: whoever goes on begins with that. */
static bool is_behind_gap(const ybb_march *m, const ybb_output *output)
{
    return output->number > 1 && m->outputs[output->number - 2] != NULL;
}

ybb_status ybb__march_drop_pieces(ybb_march *m, ybb_error *error)
{
    ybb_status status = YBB_OK;
    for (ybb_item *done;
         status == YBB_OK && (done = ybb__sequence_take(m->sequence, true)) != NULL;) {
        if (!done->publish || is_behind_gap(m, done->output))
            continue;
        ybb__error_copy(error, &done->error);
        status = error->status;
        if (status == YBB_OK)
            status = ybb__march_take_published(m, done, error);
    }
    return status;
}

static void forget_outputs_behind(ybb_march *m, const ybb_output *output)
{
    while (m->begun > output->number) {
        ybb_output **last = &m->outputs[--m->begun];
        ybb__output_free(*last);
        *last = NULL;
    }
    m->reading = NULL;
}

/* As many files behind this one as its rest takes. */
static ybb_status plan_rest(ybb_march *m, const ybb_output *output, ybb_error *error)
{
    ybb_delivery *delivery = &m->work->delivery;
    uint64_t rest = delivery->records - m->begun_records;
    uint64_t more = rest == 0 ? 0 : (rest - 1) / delivery->chunk_size + 1;
    if (more > UINT32_MAX / 2 - output->number)
        return ybb__fail(error, YBB_TOO_LARGE, "the records would be too many files");
    uint32_t files = output->number + (uint32_t)more;
    if (files > m->room) {
        ybb_output **room = realloc(m->outputs, files * sizeof(ybb_output *));
        if (room == NULL)
            return ybb__fail_memory(error);
        memset(room + m->room, 0, (files - m->room) * sizeof(ybb_output *));
        m->outputs = room;
        m->room = files;
    }
    delivery->files = files;
    delivery->split = true;
    m->work->job.delivery = *delivery;
    return YBB_OK;
}

static ybb_status tell_store(ybb_march *m, const ybb_output *output, ybb_error *error)
{
    ybb_work *work = m->work;
    ybb_ledger *ledger = work->shared->ledger;
    return ybb__ledger_leave(ledger, ybb__jobstore_planned(ybb__ledger_enter(ledger), &work->lease,
                                                           &work->delivery, m->consistency,
                                                           output->number - 1, error));
}

/* The file has all that it will hold. */
static ybb_status end_file(ybb_march *m, ybb_output *output, ybb_error *error)
{
    char *key = m->taken.key == NULL ? NULL : strdup(m->taken.key);
    if (key == NULL)
        return ybb__fail_memory(error);
    free(output->last_key);
    output->last_key = key;
    return ybb__march_close_output(m, output, error);
}

/* The file gets some more records, from where the reading goes on. */
static void go_on(ybb_march *m, ybb_output *output)
{
    free(output->last_key); /* of the end that it was to have */
    output->last_key = NULL;
    m->reading = output;
    m->read = output->committed;
}

ybb_status ybb__split(ybb_march *m, ybb_output *output, uint32_t more, ybb_error *error)
{
    const ybb_cursor_start behind = {.before = m->taken.records, .behind = m->taken.key};
    ybb_status status = ybb__cursor_rewind(m->cursor, &behind, error);
    m->records = behind.before;
    m->begun_records = behind.before + more;
    if (status == YBB_OK)
        status = ybb__march_drop_pieces(m, error);
    if (status == YBB_OK)
        status = ybb__output_cut(output, more, error);
    if (status != YBB_OK)
        return status;
    forget_outputs_behind(m, output);
    status = plan_rest(m, output, error);
    if (status == YBB_OK)
        status = tell_store(m, output, error);
    if (status == YBB_OK && more > 0)
        go_on(m, output);
    else if (status == YBB_OK)
        status = end_file(m, output, error);
    return status;
}

static ybb_status name_file(ybb_work *work, ybb_arena *arena, ybb_job_file *file, ybb_error *error)
{
    ybb_ledger *ledger = work->shared->ledger;
    const ybb_naming naming = {work->request, &work->delivery, ybb__work_time(work)};
    const ybb_chunk chunk = {.first_record = file->first_record > 0 ? file->first_record - 1 : 0,
                             .records = file->records};
    free(file->shown);
    file->shown = NULL;
    const char *shown = ybb__file_name(arena, &naming, file->number, &chunk);
    if (shown == NULL || (file->shown = strdup(shown)) == NULL)
        return ybb__fail_memory(error);
    return ybb__ledger_leave(
        ledger, ybb__jobstore_file(ybb__ledger_enter(ledger), &work->lease, file, error));
}

ybb_status ybb__split_names(ybb_work *work, ybb_error *error)
{
    ybb_ledger *ledger = work->shared->ledger;
    ybb_arena arena = {0};
    ybb_job job = {0};
    ybb_status status = ybb__ledger_leave(
        ledger, ybb__jobstore_load(ybb__ledger_enter(ledger), work->job.id, NULL, &job, error));
    for (uint32_t i = 0; status == YBB_OK && i < job.file_count; i++)
        status = name_file(work, &arena, &job.files[i], error);
    ybb__job_release(&job);
    ybb__arena_free(&arena);
    return status;
}
