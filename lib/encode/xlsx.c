/*
 * XLSX (ECMA-376): libxlsxwriter's skeleton, with our rows in the place of its own.
 *
 * Parts in the file: content types, the small parts that do not change any more, what comes with
 * the rows, and at the end what depends on all of them: tables, the workbook with its list of
 * sheets. Content types come first, before it is known whether a sheet for long texts will be
 * needed, so they call every XML part a sheet that they do not list otherwise. Where even the
 * sheets may become fewer they come at the end.
 *
 * Rows may have texts of their own among the shared strings. A zip's entries are written one after
 * the other, so then the strings, which are most of the file, are written as they come and the
 * sheets wait in a spool; without such texts the sheets are written as they come. They wait as well
 * where the file may end early: how many rows a sheet has stands before its first.
 */
#include "encode/formats.h"
#include "encode/xlsx_book.h"
#include "encode/xlsx_finish.h"
#include "encode/xlsx_long.h"
#include "encode/xlsx_parts.h"
#include "encode/xlsx_shapes.h"
#include "encode/xlsx_widths.h"

#include <stdio.h>
#include <stdlib.h>

static const char styles_part[] = "xl/styles.xml", strings_part[] = "xl/sharedStrings.xml",
                  types_part[] = "[Content_Types].xml";

typedef struct xlsx {
    ybb_encoder base; /* first */
    ybb_arena arena;
    const ybb_file_plan *file;
    ybb_looks looks;
    ybb_xlsx_header *headers;
    double *widths; /* [columns] */
    char **sheet_names;
    uint32_t sheets;
    uint64_t planned; /* rows */
    bool has_wrap;
    int spool_directory;
    ybb_chain chain;
    ybb_skeleton skeleton;
    ybb_xlsx_rows rows;
    ybb_zip *zip;
    bool strings_first;        /* the sheets wait */
    ybb_spool spool;           /* the sheets' rows, */
    ybb_spooled *waiting;      /* [sheets] */
    uint64_t rows_before_long; /* whose strings come before those of the long texts */
    uint32_t open_sheet;       /* 0: none */
    ybb_xlsx_long *long_texts; /* NULL: there were none so far */
    ybb_xlsx_links *links;     /* NULL: no column has links */
    ybb_summaries *summaries;  /* NULL: nothing is summed up */
    ybb_xlsx_extra extra;
    ybb_buffer numbers;       /* of the extra sheets */
    ybb_skeleton last;        /* of the book as it has become; no parts: it is as it was planned */
    const char *more_strings; /* of those sheets, in the last skeleton */
    size_t more_strings_length;
    uint64_t committed; /* rows */
} xlsx;

static uint32_t count_sheets(const ybb_file_plan *file)
{
    uint64_t rows = ybb__file_rows(file);
    if (file->rows_per_sheet == UINT64_MAX || rows == 0)
        return 1;
    return (uint32_t)((rows - 1) / file->rows_per_sheet + 1);
}

static bool is_wrapped(const ybb_look *look)
{
    return look->type == YBB_TYPE_TEXT && look->column->field->wrap;
}

static bool make_names(xlsx *x)
{
    const ybb_request *request = x->file->plan->request;
    if (!ybb__looks_make(&x->looks, &x->arena, x->file->plan))
        return false;
    x->headers = ybb__xlsx_headers(&x->arena, &x->looks);
    x->widths = ybb__arena_array(&x->arena, x->looks.count, sizeof(*x->widths));
    x->sheet_names = ybb__arena_array(&x->arena, x->sheets, sizeof(*x->sheet_names));
    x->waiting = ybb__arena_array(&x->arena, x->sheets, sizeof(*x->waiting));
    if (x->headers == NULL || x->widths == NULL || x->sheet_names == NULL || x->waiting == NULL)
        return false;
    for (uint32_t i = 0; i < x->sheets; i++) {
        x->sheet_names[i] = ybb__xlsx_sheet_name(&x->arena, request, i + 1);
        if (x->sheet_names[i] == NULL)
            return false;
    }
    for (uint32_t i = 0; i < x->looks.count; i++)
        x->has_wrap = x->has_wrap || is_wrapped(&x->looks.columns[i]);
    return true;
}

static ybb_status make_skeleton(xlsx *x, ybb_skeleton *out, bool has_long, ybb_error *error)
{
    const ybb_skeleton_plan plan = {.file = x->file,
                                    .looks = &x->looks,
                                    .headers = x->headers,
                                    .widths = x->widths,
                                    .sheet_names = x->sheet_names,
                                    .sheets = x->sheets,
                                    .extra = &x->extra,
                                    .has_long = has_long,
                                    .has_wrap = x->has_wrap,
                                    .has_links = ybb__xlsx_has_links(&x->looks),
                                    .spool_directory = x->spool_directory};
    return ybb__skeleton_make(out, &plan, &x->arena, error);
}

/* The summaries as they are by now: of a book that is begun, those of no rows. Without records
 * there is nothing to draw. */
static ybb_status make_tables(xlsx *x, ybb_error *error)
{
    uint32_t count = x->summaries != NULL ? ybb__summaries_number(x->summaries) : 0;
    ybb_summary_table *tables = ybb__arena_array(&x->arena, (size_t)count + 1, sizeof(*tables));
    for (uint32_t i = 0; tables != NULL && i < count; i++)
        if (!ybb__summary_table(&tables[i], x->summaries, i, &x->arena))
            return ybb__fail_memory(error);
        else if (x->file->records == 0)
            tables[i].chart = YBB_CHART_NONE;
    x->extra.tables = tables;
    x->extra.table_count = count;
    return tables != NULL ? YBB_OK : ybb__fail_memory(error);
}

/* What the book has besides its rows, as far as that is known before them. */
static ybb_status begin_extra(xlsx *x, ybb_error *error)
{
    const ybb_plan *plan = x->file->plan;
    const ybb_xlsx_extra_words *words = &ybb__xlsx_extra_words[plan->request->language];
    x->extra.numbers = &x->numbers;
    if (plan->request->include_about)
        x->extra.about_name = words->about;
    if (!plan->request->include_summary)
        return YBB_OK;
    x->extra.summary_name = words->summary;
    x->summaries = ybb__summaries_new(plan, &x->looks);
    return x->summaries != NULL ? make_tables(x, error) : ybb__fail_memory(error);
}

static ybb_status write_first_parts(xlsx *x, ybb_error *error)
{
    static const char *const names[] = {types_part, "_rels/.rels", styles_part,
                                        "xl/theme/theme1.xml", "docProps/core.xml"};
    size_t first = x->file->may_end_early && x->sheets > 1 ? 1 : 0;
    ybb_status status = ybb__parts_prepare(&x->skeleton, x->file->time, error);
    for (size_t i = first; status == YBB_OK && i < sizeof(names) / sizeof(names[0]); i++) {
        ybb_part *part = ybb__skeleton_part(&x->skeleton, names[i]);
        status = part != NULL ? ybb__part_write(x->zip, part, error) : ybb__part_unknown(error);
    }
    return status;
}

/* The skeleton's shared strings, up to where those of the rows come. */
static ybb_status begin_strings(xlsx *x, ybb_error *error)
{
    const ybb_part *part = ybb__skeleton_part(&x->skeleton, strings_part);
    return part != NULL ? ybb__strings_begin(x->zip, part, error) : ybb__part_unknown(error);
}

/* The widths that follow from @slice, or without it from what is known before any row. */
static ybb_status measure(xlsx *x, const ybb_slice *slice, ybb_error *error)
{
    return ybb__xlsx_widths(x->widths, x->file, &x->looks, x->headers, slice, error);
}

/* The skeleton while the first rows are read. Its columns become wider by them; where they may take
 * several pages, how the sheets lie on paper follows from the rows too, and it waits for them. */
static ybb_status xlsx_prepare(ybb_encoder *encoder, ybb_error *error)
{
    xlsx *x = (xlsx *)encoder;
    ybb_status status = begin_extra(x, error);
    if (status == YBB_OK)
        status = measure(x, NULL, error);
    if (status != YBB_OK || !ybb__xlsx_fits_page(x->widths, x->looks.count))
        return status;
    return make_skeleton(x, &x->skeleton, false, error);
}

static ybb_status widen_skeleton(xlsx *x, ybb_error *error)
{
    ybb_status status = YBB_OK;
    if (!ybb__xlsx_fits_page(x->widths, x->looks.count))
        ybb__skeleton_free(&x->skeleton);
    if (x->skeleton.parts == NULL)
        return make_skeleton(x, &x->skeleton, false, error);
    for (uint32_t i = 1; status == YBB_OK && i <= x->sheets; i++) {
        ybb_part *sheet = ybb__skeleton_sheet(&x->skeleton, i);
        status = sheet == NULL ? ybb__part_unknown(error)
                               : ybb__sheet_widen(sheet, x->widths, x->looks.count, error);
    }
    return status;
}

static ybb_status xlsx_look(ybb_encoder *encoder, const ybb_slice *slice, ybb_error *error)
{
    xlsx *x = (xlsx *)encoder;
    ybb_status status = measure(x, slice, error);
    if (status == YBB_OK)
        status = widen_skeleton(x, error);
    if (status == YBB_OK)
        status = ybb__xlsx_rows_make(&x->rows, x->file->plan, &x->looks, &x->skeleton, x->has_wrap,
                                     &x->arena, error);
    if (status == YBB_OK && x->rows.links > 0) {
        x->links = ybb__xlsx_links_new(x->sheets, x->spool_directory);
        status = x->links != NULL ? YBB_OK : ybb__fail_memory(error);
    }
    x->rows.summaries = x->summaries;
    x->strings_first = x->rows.slots > 0 || x->file->may_end_early;
    if (status == YBB_OK)
        status = write_first_parts(x, error);
    return status == YBB_OK && x->strings_first ? begin_strings(x, error) : status;
}

static void xlsx_free(ybb_encoder *encoder)
{
    xlsx *x = (xlsx *)encoder;
    ybb__xlsx_long_free(x->long_texts);
    ybb__xlsx_links_free(x->links);
    ybb__spool_close(&x->spool);
    ybb__zip_free(x->zip);
    ybb__skeleton_free(&x->skeleton);
    ybb__skeleton_free(&x->last);
    ybb__summaries_free(x->summaries);
    ybb__buffer_free(&x->numbers);
    ybb__arena_free(&x->arena);
    free(x);
}

static ybb_status xlsx_open(ybb_encoder **out, const ybb_file_plan *file, ybb_sink *sink,
                            int spool_directory, ybb_error *error)
{
    xlsx *x = calloc(1, sizeof(*x));
    if (x == NULL)
        return ybb__fail_memory(error);
    x->base.format = &ybb__xlsx_format;
    x->file = file;
    x->sheets = count_sheets(file);
    x->planned = ybb__file_rows(file);
    x->spool_directory = spool_directory;
    x->chain = file->gzipped ? YBB_CHAIN_ZIP_GZIP : YBB_CHAIN_ZIP;
    x->zip = ybb__zip_new(sink, file->time, file->gzipped ? YBB_DEFLATE_STORE : YBB_DEFLATE_FAST);
    if (x->zip != NULL && make_names(x)) {
        *out = &x->base;
        return YBB_OK;
    }
    xlsx_free(&x->base);
    return ybb__fail_memory(error);
}

static ybb_status xlsx_encode(const ybb_encoder *encoder, const ybb_slice *slice, ybb_piece *piece,
                              ybb_error *error)
{
    const xlsx *x = (const xlsx *)encoder;
    uint64_t row = slice->first_record - x->file->first_record +
                   (slice->first_subtotal - x->file->first_subtotal);
    if (x->summaries != NULL && !ybb__summaries_begin(x->summaries, piece))
        return ybb__fail_memory(error);
    ybb_status status =
        ybb__xlsx_rows_encode(&x->rows, slice, row, row % x->file->rows_per_sheet, piece, error);
    if (status == YBB_OK && x->summaries != NULL)
        ybb__summaries_end(x->summaries, piece);
    if (status == YBB_OK)
        status = ybb__piece_pack(piece, 0, x->chain, error);
    if (status == YBB_OK && x->rows.slots > 0)
        status = ybb__piece_pack(piece, 1, x->chain, error);
    for (unsigned i = 2; status == YBB_OK && i < YBB_PIECE_RUNS && piece->raw[i].length > 0; i++)
        status = ybb__piece_pack(piece, i, x->chain, error);
    return status;
}

/* Begins sheet @number (from 1). */
static ybb_status begin_sheet(xlsx *x, uint32_t number, ybb_error *error)
{
    const ybb_part *part = ybb__skeleton_sheet(&x->skeleton, number);
    if (part == NULL)
        return ybb__part_unknown(error);
    x->open_sheet = number;
    ybb_status status =
        ybb__sheet_begin(x->zip, part, x->looks.count, ybb__sheet_rows(x->file, number), error);
    return status == YBB_OK ? ybb__sheet_header(x->zip, part, error) : status;
}

static ybb_status end_sheet(xlsx *x, ybb_error *error)
{
    ybb_part *part = ybb__skeleton_sheet(&x->skeleton, x->open_sheet);
    uint32_t number = x->open_sheet;
    x->open_sheet = 0;
    return ybb__sheet_end(x->zip, part, x->links, number, error);
}

static ybb_status add_rest(xlsx *x, const ybb_buffer *overflow, ybb_error *error)
{
    ybb_status status = YBB_OK;
    if (x->long_texts == NULL) {
        const ybb_xlsx_long_plan plan = {.file = x->file,
                                         .skeleton = &x->skeleton,
                                         .sheet_names = x->sheet_names,
                                         .sheets = x->sheets,
                                         .first_string = x->rows.first_string +
                                                         ybb__file_rows(x->file) * x->rows.slots,
                                         .chain = x->chain,
                                         .inline_texts = x->rows.inline_texts,
                                         .spool_directory = x->spool_directory};
        x->rows_before_long = ybb__file_rows(x->file);
        status = ybb__xlsx_long_new(&x->long_texts, &plan, error);
    }
    return status == YBB_OK ? ybb__xlsx_long_add(x->long_texts, overflow, error) : status;
}

/* A piece of sheet @number where the sheets wait, and its strings, if any, are written at once. */
static ybb_status commit_strings(xlsx *x, uint32_t number, const ybb_piece *piece, ybb_error *error)
{
    ybb_status status = YBB_OK;
    if (!ybb__spool_is_open(&x->spool))
        status = ybb__spool_open(&x->spool, x->spool_directory, error);
    if (status == YBB_OK)
        status = ybb__spool_add(&x->spool, &x->waiting[number - 1], &piece->runs[0], error);
    if (status == YBB_OK && x->rows.slots > 0)
        status = ybb__zip_run(x->zip, &piece->runs[1], error);
    return status;
}

/* A piece of sheet @number where nothing else is being written. */
static ybb_status commit_rows(xlsx *x, uint32_t number, const ybb_piece *piece, ybb_error *error)
{
    uint64_t before = x->committed % x->file->rows_per_sheet, after = x->committed + piece->rows;
    ybb_status status = before == 0 ? begin_sheet(x, number, error) : YBB_OK;
    if (status == YBB_OK)
        status = ybb__zip_run(x->zip, &piece->runs[0], error);
    bool ended = after == ybb__file_rows(x->file) || after % x->file->rows_per_sheet == 0;
    return status == YBB_OK && ended ? end_sheet(x, error) : status;
}

static ybb_status xlsx_commit(ybb_encoder *encoder, const ybb_piece *piece, ybb_error *error)
{
    xlsx *x = (xlsx *)encoder;
    uint32_t number = (uint32_t)(x->committed / x->file->rows_per_sheet) + 1;
    if (piece->rows > ybb__file_rows(x->file) - x->committed)
        return ybb__fail(error, YBB_INTERNAL, "more rows than the file was to have");
    ybb_status status = YBB_OK;
    if (x->links != NULL) /* before the sheet ends, which has them behind its rows */
        status = ybb__xlsx_links_add(x->links, number, piece, error);
    if (status == YBB_OK)
        status = x->strings_first ? commit_strings(x, number, piece, error)
                                  : commit_rows(x, number, piece, error);
    if (status == YBB_OK && piece->overflow.length > 0)
        status = add_rest(x, &piece->overflow, error);
    if (status == YBB_OK && x->summaries != NULL && !ybb__summaries_add(x->summaries, piece))
        status = ybb__fail_memory(error);
    x->committed += piece->rows;
    return status;
}

/* The sheet for long texts, from the skeleton that has it. */
static ybb_status write_long_sheet(xlsx *x, const ybb_skeleton *skeleton, ybb_error *error)
{
    ybb_part *part = ybb__skeleton_sheet(skeleton, x->sheets + ybb__extra_sheets(&x->extra) + 1);
    if (part == NULL)
        return ybb__part_unknown(error);
    ybb_status status = ybb__sheet_begin(x->zip, part, ybb__xlsx_long_columns(x->long_texts),
                                         ybb__xlsx_long_rows(x->long_texts), error);
    if (status == YBB_OK)
        status = ybb__xlsx_long_play_rows(x->long_texts, x->zip, error);
    return status == YBB_OK ? ybb__sheet_end(x->zip, part, NULL, 0, error) : status;
}

/* The same parts of a skeleton with other sheets, in whose book they are written from now on. What
 * has been written from the one before must hold for it too. */
static ybb_status take_over(const ybb_skeleton *from, ybb_skeleton *to, ybb_error *error)
{
    const ybb_part *old_styles = ybb__skeleton_part(from, styles_part);
    const ybb_part *new_styles = ybb__skeleton_part(to, styles_part);
    if (new_styles == NULL || old_styles == NULL ||
        new_styles->bytes.length != old_styles->bytes.length ||
        memcmp(new_styles->bytes.at, old_styles->bytes.at, old_styles->bytes.length) != 0)
        return ybb__part_unknown(error);
    for (size_t i = 0; i < from->count; i++) {
        ybb_part *same = ybb__skeleton_part(to, from->parts[i].name);
        if (same != NULL)
            same->written = from->parts[i].written;
        else if (from->parts[i].written)
            return ybb__part_unknown(error);
    }
    return YBB_OK;
}

/* The relationships of sheets with links. */
static ybb_status write_relations(xlsx *x, const ybb_skeleton *skeleton, ybb_error *error)
{
    ybb_status status = YBB_OK;
    for (uint32_t i = 1; status == YBB_OK && x->links != NULL && i <= x->sheets; i++) {
        char name[64];
        snprintf(name, sizeof(name), "xl/worksheets/_rels/sheet%u.xml.rels", i);
        ybb_part *part = ybb__skeleton_part(skeleton, name);
        if (!ybb__xlsx_links_has(x->links, i))
            continue;
        status = part != NULL ? ybb__relations_write(x->zip, part, x->links, i, error)
                              : ybb__part_unknown(error);
    }
    return status;
}

static ybb_status write_rest(xlsx *x, const ybb_skeleton *skeleton, ybb_error *error)
{
    ybb_status status = write_relations(x, skeleton, error);
    for (size_t i = 0; status == YBB_OK && i < skeleton->count; i++)
        if (!skeleton->parts[i].written && strcmp(skeleton->parts[i].name, strings_part) != 0)
            status = ybb__part_write(x->zip, &skeleton->parts[i], error);
    return status;
}

/* The number of the first string behind those of the rows and of the long texts. */
static uint64_t strings_before_extra(const xlsx *x)
{
    uint64_t rows = x->long_texts != NULL ? x->rows_before_long : ybb__file_rows(x->file);
    uint64_t others = x->long_texts != NULL ? ybb__xlsx_long_strings(x->long_texts) : 0;
    return x->rows.first_string + rows * x->rows.slots + others;
}

/* The extra sheets, with their strings behind all others. */
static ybb_status settle_extra(xlsx *x, ybb_error *error)
{
    const char *numbers = ybb__buffer_text(&x->numbers);
    if (numbers == NULL)
        return ybb__fail_memory(error);
    ybb_status status = ybb__strings_behind(ybb__skeleton_part(&x->skeleton, strings_part),
                                            ybb__skeleton_part(&x->last, strings_part),
                                            &x->more_strings, &x->more_strings_length, error);
    for (uint32_t i = 1; status == YBB_OK && i <= ybb__extra_sheets(&x->extra); i++) {
        ybb_part *sheet = ybb__skeleton_sheet(&x->last, x->sheets + i);
        status = sheet == NULL ? ybb__part_unknown(error)
                               : ybb__extra_settle(sheet, x->skeleton.strings,
                                                   strings_before_extra(x), &numbers, error);
    }
    if (status == YBB_OK && numbers != x->numbers.at + x->numbers.length)
        status = ybb__part_unknown(error);
    return status;
}

/* The book as it has become by its rows: it has sheets that say what they are, a sheet for long
 * texts, or fewer rows than it was to have. */
static ybb_status make_last(xlsx *x, ybb_error *error)
{
    ybb_status status = make_tables(x, error);
    x->extra.filled = true;
    if (status == YBB_OK)
        status = make_skeleton(x, &x->last, x->long_texts != NULL, error);
    if (status == YBB_OK)
        status = ybb__parts_prepare(&x->last, x->file->time, error);
    return status == YBB_OK ? settle_extra(x, error) : status;
}

static ybb_status write_last_rest(xlsx *x, ybb_error *error)
{
    ybb_status status = take_over(&x->skeleton, &x->last, error);
    if (status == YBB_OK && x->long_texts != NULL)
        status = write_long_sheet(x, &x->last, error);
    return status == YBB_OK ? write_rest(x, &x->last, error) : status;
}

/* Strings for the rows that a file was to have when its first long text came, and has not: those of
 * long texts are numbered behind them. */
static ybb_status write_missing_strings(xlsx *x, uint64_t count, ybb_error *error)
{
    enum { AT_ONCE = 4096 };
    static const char empty[] = "<si><t/></si>";
    ybb_buffer some = {0};
    ybb_status status = YBB_OK;
    for (uint64_t i = 0; i < AT_ONCE && i < count; i++)
        ybb__buffer_put_text(&some, empty);
    if (ybb__buffer_failed(&some))
        status = ybb__fail_memory(error);
    for (; status == YBB_OK && count > 0; count -= count < AT_ONCE ? count : AT_ONCE)
        status = ybb__zip_bytes(x->zip, some.at,
                                (count < AT_ONCE ? count : AT_ONCE) * (sizeof(empty) - 1), error);
    ybb__buffer_free(&some);
    return status;
}

/* What follows the strings of the rows. */
static ybb_status end_strings(xlsx *x, ybb_error *error)
{
    ybb_part *part = ybb__skeleton_part(&x->skeleton, strings_part);
    uint64_t missing = 0;
    ybb_status status = YBB_OK;
    if (x->long_texts != NULL)
        missing = (x->rows_before_long - ybb__file_rows(x->file)) * x->rows.slots;
    status = write_missing_strings(x, missing, error);
    if (status == YBB_OK && x->long_texts != NULL)
        status = ybb__xlsx_long_play_strings(x->long_texts, x->zip, error);
    if (status == YBB_OK && x->more_strings_length > 0)
        status = ybb__zip_bytes(x->zip, x->more_strings, x->more_strings_length, error);
    return status == YBB_OK ? ybb__strings_end(x->zip, part, error) : status;
}

/* The sheets that waited for the strings. */
static ybb_status write_waiting(xlsx *x, ybb_error *error)
{
    ybb_status status = end_strings(x, error);
    for (uint32_t i = 0; status == YBB_OK && i < x->sheets; i++) {
        status = begin_sheet(x, i + 1, error);
        if (status == YBB_OK && x->waiting[i].length > 0)
            status = ybb__spool_play(&x->spool, &x->waiting[i], x->zip, error);
        if (status == YBB_OK)
            status = end_sheet(x, error);
    }
    return status;
}

/* What of the sheets there is to write: one without rows still has its header. */
static ybb_status end_sheets(xlsx *x, ybb_error *error)
{
    if (x->strings_first)
        return write_waiting(x, error);
    ybb_status status = x->file->records == 0 ? begin_sheet(x, 1, error) : YBB_OK;
    if (status == YBB_OK && x->open_sheet != 0) /* the empty one, or the file was cut */
        status = end_sheet(x, error);
    return status;
}

static ybb_status xlsx_close(ybb_encoder *encoder, ybb_error *error)
{
    xlsx *x = (xlsx *)encoder;
    if (x->committed != ybb__file_rows(x->file))
        return ybb__fail(error, YBB_INTERNAL, "fewer rows than the file was to have");
    bool as_planned =
        x->long_texts == NULL && x->committed == x->planned && ybb__extra_sheets(&x->extra) == 0;
    x->sheets = count_sheets(x->file);
    ybb_status status = as_planned ? YBB_OK : make_last(x, error);
    if (status == YBB_OK)
        status = end_sheets(x, error);
    if (status == YBB_OK)
        status = as_planned ? write_rest(x, &x->skeleton, error) : write_last_rest(x, error);
    if (status == YBB_OK && !x->strings_first)
        status = begin_strings(x, error);
    if (status == YBB_OK && !x->strings_first)
        status = end_strings(x, error);
    return status == YBB_OK ? ybb__zip_finish(x->zip, error) : status;
}

const ybb_encoder_format ybb__xlsx_format = {
    .format = YBB_EXCEL,
    .media_type = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    .open = xlsx_open,
    .prepare = xlsx_prepare,
    .look = xlsx_look,
    .encode = xlsx_encode,
    .commit = xlsx_commit,
    .close = xlsx_close,
    .free = xlsx_free,
};
