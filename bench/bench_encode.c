/*
 * bench_encode [TEMPLATE [FORMAT [SLICES [STRINGS]]]]: what encoding costs, without a database or a
 * disk: nanoseconds of CPU and bytes for each row, by template (standard, detailed) and format
 * (excel, csv).
 *
 * Rows are invented, the plan is a real one. One slice of 4,096 rows is encoded SLICES times.
 */
#include "encode/compose.h"
#include "encode/encoder.h"
#include "model/catalog.h"
#include "model/plan.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

enum { ROWS = 4096, PAYMENTS = 2, ESSAYS = 3, MOST_CELLS = 64, LONG = 4096 };

static void stop(const char *what, const ybb_error *error)
{
    fprintf(stderr, "bench_encode: %s: %s\n", what, error != NULL ? error->message : "");
    exit(1);
}

static double cpu_now(void)
{
    struct timespec time;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time);
    return (double)time.tv_sec * 1e9 + (double)time.tv_nsec;
}

static unsigned next(unsigned *state)
{
    *state = *state * 1103515245u + 12345u;
    return *state >> 8;
}

static const char *some_name(unsigned *state)
{
    static const char *const names[] = {
        "Putri Ayu Lestari", "Adaeze Okonkwo", "Budi Santoso",        "Nguyễn Thị Lan",
        "Sato Yui",          "王小明",         "Мария Иванова",       "Ahmad Fauzi Rahman",
        "José García",       "Emma Johansson", "Siti Nurhaliza",      "Oluwaseun Adeyemi",
        "Rizky Pratama",     "김민준",         "Fatima Zahra Alaoui", "Dewi Sartika"};
    return names[next(state) % (sizeof(names) / sizeof(names[0]))];
}

static const char *some_words(unsigned *state, char *out, size_t length)
{
    static const char words[] =
        "together we learned that small steps change a community & its people ";
    size_t begin = next(state) % (sizeof(words) - 1);
    for (size_t i = 0; i < length; i++)
        out[i] = words[(begin + i * (1 + i / 97)) % (sizeof(words) - 1)];
    for (size_t i = 150; i < length; i += 150 + next(state) % 100)
        out[i] = '\n';
    out[length] = '\0';
    return out;
}

/* A cell for a column, by the name of its field and its type. */
static const char *some_value(const ybb_field *field, unsigned id, unsigned *state, char *out)
{
    const char *name = field->name;
    unsigned n = next(state);
    if (field->null_as != NULL && n % 20 == 0)
        return NULL;
    if (strcmp(name, "category") == 0)
        return n % 3 == 0 ? "fully_funded" : n % 3 == 1 ? "self_funded" : "registration";
    if (strcmp(name, "full_name") == 0)
        return some_name(state);
    if (strcmp(name, "email") == 0)
        snprintf(out, LONG, "user_%u.%u@example.org", id, n % 1000);
    else if (strcmp(name, "phone_number") == 0 || strcmp(name, "emergency_contact") == 0)
        snprintf(out, LONG, "+62 8%02u-%04u-%04u", n % 100, n % 7919, n % 9973);
    else if (strstr(name, "address") != NULL)
        snprintf(out, LONG, "Jl. Merdeka No. %u, RT %02u/%02u, Bandung %05u", n % 200, n % 10,
                 n % 12, n % 99999);
    else if (strcmp(name, "question") == 0)
        return "What have you done for your community in the last two years?";
    else if (strcmp(name, "answer") == 0)
        return some_words(state, out, 400 + n % 800);
    else if (strcmp(name, "currency") == 0)
        return "IDR";
    else if (field->type == YBB_TYPE_DATETIME)
        snprintf(out, LONG, "2025-%02u-%02u %02u:%02u:%02u", 1 + n % 12, 1 + n % 28, n % 24, n % 60,
                 n % 59);
    else if (field->type == YBB_TYPE_DATE)
        snprintf(out, LONG, "%u-%02u-%02u", 1985 + n % 25, 1 + n % 12, 1 + n % 28);
    else if (field->type == YBB_TYPE_DECIMAL)
        snprintf(out, LONG, "%u.00", 50000 + n % 30 * 5000);
    else if (field->type == YBB_TYPE_INTEGER)
        snprintf(out, LONG, "%u", n % 3);
    else
        return n % 10 == 0 ? NULL : some_words(state, out, 6 + n % 24);
    return out;
}

static void put(ybb_block *block, const char *text)
{
    if (text == NULL)
        ybb__block_put_null(block);
    else
        ybb__block_put(block, text, strlen(text));
}

static void put_cells(ybb_block *block, const ybb_field *const *fields, const bool *is_key,
                      uint32_t count, unsigned id, unsigned *state)
{
    char key[32], scratch[LONG];
    snprintf(key, sizeof(key), "%u", id);
    for (uint32_t i = 0; i < count; i++)
        put(block, is_key[i]           ? key
                   : fields[i] == NULL ? NULL
                                       : some_value(fields[i], id, state, scratch));
    ybb__block_end_row(block);
}

static void fill_main(const ybb_plan *plan, ybb_block *block, unsigned *state)
{
    const ybb_field *fields[MOST_CELLS] = {NULL};
    bool is_key[MOST_CELLS] = {false};
    for (uint32_t i = 0; i < plan->column_count; i++)
        if (plan->columns[i].field->source == YBB_SOURCE_COLUMN)
            fields[plan->columns[i].cell] = plan->columns[i].field;
    is_key[plan->reading.key_cell] = true;
    for (uint32_t r = 0; r < plan->reading.related_count; r++)
        is_key[plan->reading.related[r].main_cells[0]] = true;
    for (unsigned row = 0; row < ROWS; row++)
        put_cells(block, fields, is_key, plan->reading.columns, row + 100000, state);
}

static void fill_related(const ybb_plan *plan, uint32_t index, ybb_block *block, unsigned *state)
{
    const ybb_field *fields[MOST_CELLS] = {NULL};
    bool is_key[MOST_CELLS] = {false};
    const ybb_related_map *map = &plan->related[index];
    unsigned each = strcmp(map->collection->name, "essays") == 0 ? ESSAYS : PAYMENTS;
    for (uint32_t i = 0; i < map->collection->column_count; i++)
        if (map->cells[i] != UINT32_MAX)
            fields[map->cells[i]] = &map->collection->columns[i];
    is_key[plan->reading.related[index].own_cells[0]] = true;
    for (unsigned row = 0; row < ROWS; row++)
        for (unsigned i = 0; i < each; i++)
            put_cells(block, fields, is_key, plan->reading.related[index].columns, row + 100000,
                      state);
}

static void fill_slice(const ybb_plan *plan, ybb_slice *slice)
{
    unsigned state = 1;
    if (!ybb__slice_reset(slice, plan->reading.columns, plan->reading.related_count))
        stop("no memory", NULL);
    fill_main(plan, &slice->main, &state);
    for (uint32_t i = 0; i < plan->reading.related_count; i++) {
        ybb__block_reset(&slice->related[i], plan->reading.related[i].columns);
        fill_related(plan, i, &slice->related[i], &state);
    }
}

static ybb_status take(ybb_sink *sink, const void *bytes, size_t length, ybb_error *error)
{
    (void)sink;
    (void)bytes;
    (void)length;
    (void)error;
    return YBB_OK;
}

static ybb_status take_run(ybb_sink *sink, const ybb_run *run, ybb_error *error)
{
    return take(sink, run->bytes.at, run->bytes.length, error);
}

/* The slice again and again, as if it were a file. */
static void encode(const ybb_plan *plan, const ybb_slice *slice, unsigned slices)
{
    ybb_error error = {0};
    ybb_sink sink = {take, take_run};
    ybb_encoder *encoder = NULL;
    ybb_piece piece = {0};
    int folder = open(P_tmpdir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    const ybb_file_plan file = {
        .plan = plan, .records = (uint64_t)slices * ROWS, .rows_per_sheet = UINT64_MAX};
    size_t raw = 0, packed = 0;
    double whole = cpu_now();
    if (ybb__encoder_open(&encoder, &file, &sink, folder, &error) != YBB_OK ||
        ybb__encoder_look(encoder, slice, &error) != YBB_OK)
        stop("cannot begin", &error);
    double encoding = cpu_now();
    for (unsigned i = 0; i < slices; i++) {
        ybb_slice moved = *slice;
        moved.first_record = (uint64_t)i * ROWS;
        if (ybb__encoder_encode(encoder, &moved, &piece, &error) != YBB_OK ||
            ybb__encoder_commit(encoder, &piece, &error) != YBB_OK)
            stop("cannot encode", &error);
        for (int r = 0; r < YBB_PIECE_RUNS; r++) {
            raw += piece.raw[r].length;
            packed += piece.runs[r].bytes.length;
        }
    }
    encoding = cpu_now() - encoding;
    if (ybb__encoder_close(encoder, &error) != YBB_OK)
        stop("cannot end", &error);
    whole = cpu_now() - whole;
    double rows = (double)slices * ROWS;
    printf("%8.0f ns a row, %8.0f with begin and end; %6.0f bytes a row, %6.0f packed\n",
           encoding / rows, whole / rows, (double)raw / rows, (double)packed / rows);
    ybb__encoder_free(encoder);
    ybb__piece_free(&piece);
    close(folder);
}

/* Composing alone. */
static void compose(const ybb_plan *plan, const ybb_slice *slice, unsigned slices)
{
    ybb_error error = {0};
    ybb_piece piece = {0};
    const ybb_composed *values;
    double time = cpu_now();
    for (unsigned i = 0; i < slices; i++) {
        ybb_composer *composer = ybb__composer_open(&piece, plan, slice);
        for (uint32_t row = 0; composer != NULL && row < ROWS; row++)
            if (ybb__composer_row(composer, row, &values, &error) != YBB_OK)
                stop("cannot compose", &error);
    }
    printf("%8.0f ns a row to compose\n", (cpu_now() - time) / ((double)slices * ROWS));
    ybb__piece_free(&piece);
}

int main(int argc, char **argv)
{
    const char *const template_name = argc > 1 ? argv[1] : "standard";
    const char *const format = argc > 2 ? argv[2] : "excel";
    unsigned slices = argc > 3 ? (unsigned)strtoul(argv[3], NULL, 10) : 24;
    const char *const strings = argc > 4 ? argv[4] : "shared";
    char text[512];
    ybb_error error = {0};
    struct ybb_config config;
    ybb_catalog *catalog = NULL;
    ybb_request *request = NULL;
    ybb_plan *plan = NULL;
    ybb_slice slice = {0};
    ybb__config_init(&config);
    snprintf(text, sizeof(text),
             "{\"export_type\": \"participants\", \"template\": \"%s\", \"format\": \"%s\","
             " \"xlsx\": {\"strings\": \"%s\"}}",
             template_name, format, strings);
    if (ybb__catalog_build(&catalog, NULL, 0, &error) != YBB_OK ||
        ybb__request_parse(&request, text, strlen(text), catalog, &config, &error) != YBB_OK ||
        ybb__plan_build(&plan, request, YBB_SQL_SQLITE, &error) != YBB_OK)
        stop("no plan", &error);
    fill_slice(plan, &slice);
    printf("%s %s, %u rows of %u columns\n", template_name, format, slices * ROWS,
           plan->column_count);
    compose(plan, &slice, slices);
    encode(plan, &slice, slices);
    ybb__slice_free(&slice);
    ybb__plan_free(plan);
    ybb__request_free(request);
    ybb__catalog_free(catalog);
    ybb__config_release(&config);
    return 0;
}
