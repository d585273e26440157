#include "demo_fill.h"

#include "demo_rows.h"

#include <stdlib.h>

enum {
    TIMEOUT_SECONDS = 30,
    ROWS_BETWEEN_LOOKS = 2000,
    WINDOW = 256,      /* participants whose payments come in between each other */
    NAMED_TABLES = 5,  /* of those that are in the way */
    ROWS_OF_A_SLOT = 7 /* in all tables, a little more than the average */
};

/* How much of the work the rows are; the rest are the keys. */
static const double rows_part = 0.85;

typedef struct fill {
    demo_writer writer;
    ybb_dialect dialect;
    demo_world world;
    demo_progress_fn progress;
    void *user;
    ybb_error *error;
} fill;

static ybb_status advance(const fill *of, double part)
{
    if (of->progress != NULL && !of->progress(part < 1 ? part : 1, of->user))
        return ybb__fail(of->error, YBB_CANCELLED, "stopped, and everything removed again");
    return YBB_OK;
}

static ybb_status exec(const fill *of, ybb_buffer *sql)
{
    const char *text = ybb__buffer_text(sql);
    ybb_status status =
        text == NULL ? ybb__fail_memory(of->error) : ybb__db_exec(of->writer.db, text, of->error);
    ybb__buffer_free(sql);
    return status;
}

/* The texts of the first cells of a block's rows, and how many more there are. */
static ybb_status refuse(const ybb_block *tables, ybb_error *error)
{
    ybb_buffer names = {0};
    ybb_cell cell;
    for (uint32_t row = 0; row < tables->rows && row < NAMED_TABLES; row++) {
        ybb__block_row(tables, row, &cell);
        ybb__buffer_put_text(&names, row == 0 ? "" : ", ");
        ybb__buffer_put(&names, cell.at, cell.length);
    }
    if (tables->rows > NAMED_TABLES) {
        ybb__buffer_put_text(&names, " and ");
        ybb__buffer_put_u64(&names, tables->rows - NAMED_TABLES);
        ybb__buffer_put_text(&names, " more");
    }
    const char *text = ybb__buffer_text(&names);
    ybb_status status =
        text == NULL ? ybb__fail_memory(error)
                     : ybb__fail(error, YBB_MISUSE,
                                 "demo data goes into an empty database only, and these tables "
                                 "exist already: %s",
                                 text);
    ybb__buffer_free(&names);
    return status;
}

static ybb_status check_empty(const fill *of)
{
    const char *sql = of->dialect == YBB_DIALECT_SQLITE
                          ? "SELECT name FROM sqlite_master WHERE type IN ('table', 'view') "
                            "AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\' ORDER BY name"
                          : "SELECT table_name FROM information_schema.tables "
                            "WHERE table_schema = DATABASE() ORDER BY table_name";
    ybb_statement *statement;
    ybb_status status = ybb__statement_prepare(&statement, of->writer.db, sql, of->error);
    if (status != YBB_OK)
        return status;
    ybb_block tables = {0};
    bool whole;
    ybb__block_reset(&tables, 1);
    status = ybb__statement_read(statement, NULL, 0, &tables, 0, &whole, of->error);
    ybb__statement_free(statement);
    if (status == YBB_OK && tables.rows > 0)
        status = refuse(&tables, of->error);
    ybb__block_free(&tables);
    return status;
}

static ybb_status end_row(fill *of)
{
    ybb_status status = demo_end_row(&of->writer, of->error);
    if (status == YBB_OK && of->writer.rows % ROWS_BETWEEN_LOOKS == 0)
        status = advance(of, rows_part * (double)of->writer.rows /
                                 (double)(of->world.slots * ROWS_OF_A_SLOT + 1));
    return status;
}

static ybb_status fixed_rows(fill *of, bool (*row)(demo_writer *to, unsigned number))
{
    ybb_status status = YBB_OK;
    for (unsigned number = 0; status == YBB_OK && row(&of->writer, number); number++)
        status = end_row(of);
    return status;
}

static ybb_status user_rows(fill *of)
{
    ybb_status status = YBB_OK;
    for (uint64_t slot = 0; status == YBB_OK && slot < of->world.slots; slot++) {
        demo_person person;
        demo_person_of(&person, &of->world, slot);
        if (!person.has_user)
            continue;
        demo_user_row(&of->writer, &person);
        status = end_row(of);
    }
    return status;
}

static ybb_status participant_rows(fill *of)
{
    ybb_status status = YBB_OK;
    for (uint64_t slot = 0; status == YBB_OK && slot < of->world.slots; slot++) {
        demo_person person;
        demo_person_of(&person, &of->world, slot);
        demo_participant_row(&of->writer, &person, &of->world);
        status = end_row(of);
    }
    return status;
}

static ybb_status status_rows(fill *of)
{
    ybb_status status = YBB_OK;
    uint64_t id = 0;
    for (uint64_t slot = 0; status == YBB_OK && slot < of->world.slots; slot++) {
        demo_person person;
        demo_person_of(&person, &of->world, slot);
        if (!demo_has_status(&person))
            continue;
        demo_status_row(&of->writer, &person, ++id);
        status = end_row(of);
    }
    return status;
}

static ybb_status essay_rows(fill *of)
{
    ybb_status status = YBB_OK;
    uint64_t id = 0;
    for (uint64_t slot = 0; status == YBB_OK && slot < of->world.slots; slot++) {
        demo_person person;
        demo_person_of(&person, &of->world, slot);
        unsigned count = demo_essays_of(&person);
        for (unsigned number = 0; status == YBB_OK && number < count; number++) {
            demo_essay_row(&of->writer, &person, number, ++id);
            status = end_row(of);
        }
    }
    return status;
}

/* Of some participants at a time first all first payments, then all second ones: people pay when
 * others have paid in between. */
static ybb_status payment_rows(fill *of)
{
    ybb_status status = YBB_OK;
    uint64_t id = 0;
    for (uint64_t first = 0; first < of->world.slots; first += WINDOW)
        for (unsigned number = 0; number < DEMO_MOST_PAYMENTS; number++)
            for (uint64_t slot = first; slot < first + WINDOW && slot < of->world.slots; slot++) {
                demo_person person;
                demo_person_of(&person, &of->world, slot);
                if (demo_payments_of(&person) <= number)
                    continue;
                demo_payment_row(&of->writer, &person, number, ++id);
                status = end_row(of);
                if (status != YBB_OK)
                    return status;
            }
    return status;
}

static ybb_status ambassador_rows(fill *of)
{
    ybb_status status = YBB_OK;
    for (uint32_t number = 0; status == YBB_OK && number < of->world.ambassadors; number++) {
        demo_ambassador_row(&of->writer, number);
        status = end_row(of);
    }
    return status;
}

static ybb_status rows_of(fill *of, demo_table_id table)
{
    switch (table) {
    case DEMO_PROGRAMS:
        return fixed_rows(of, demo_program_row);
    case DEMO_USERS:
        return user_rows(of);
    case DEMO_PARTICIPANTS:
        return participant_rows(of);
    case DEMO_STATUSES:
        return status_rows(of);
    case DEMO_PROGRAM_ESSAYS:
        return fixed_rows(of, demo_program_essay_row);
    case DEMO_ESSAYS:
        return essay_rows(of);
    case DEMO_PROGRAM_PAYMENTS:
        return fixed_rows(of, demo_program_payment_row);
    case DEMO_METHODS:
        return fixed_rows(of, demo_method_row);
    case DEMO_PAYMENTS:
        return payment_rows(of);
    default:
        return ambassador_rows(of);
    }
}

/* SQLite takes everything as one transaction, so that a killed process leaves nothing behind.
 * MariaDB ends one with each table that is made. */
static ybb_status mysql_exec(const fill *of, const char *sql)
{
    return of->dialect == YBB_DIALECT_MYSQL ? ybb__db_exec(of->writer.db, sql, of->error) : YBB_OK;
}

static ybb_status make_table(fill *of, demo_table_id id)
{
    const demo_table *table = &demo_tables[id];
    ybb_buffer sql = {0};
    demo_put_create_table(&sql, table, of->dialect);
    ybb_status status = exec(of, &sql);
    if (status == YBB_OK)
        status = mysql_exec(of, "BEGIN");
    if (status == YBB_OK)
        status = demo_begin_table(&of->writer, table, of->error);
    if (status == YBB_OK)
        status = rows_of(of, id);
    if (status == YBB_OK)
        status = demo_end_table(&of->writer, of->error);
    if (status == YBB_OK)
        status = mysql_exec(of, "COMMIT");
    return status;
}

/* Made after the rows, a key is sorted once instead of searched for each row. */
static ybb_status make_keys(fill *of)
{
    ybb_status status = YBB_OK;
    for (unsigned i = 0; i < DEMO_TABLES; i++) {
        const demo_table *table = &demo_tables[i];
        for (unsigned k = 0; status == YBB_OK && k < DEMO_KEYS && table->keys[k].name != NULL;
             k++) {
            ybb_buffer sql = {0};
            demo_put_create_key(&sql, table, &table->keys[k]);
            status = exec(of, &sql);
        }
        if (status == YBB_OK)
            status = advance(of, rows_part + (1 - rows_part) * (i + 1) / DEMO_TABLES);
    }
    return status;
}

/* As well as it goes: the failure that led here is the one to report. */
static void remove_all(fill *of)
{
    demo_writer_free(&of->writer);
    (void)ybb__db_exec(of->writer.db, "ROLLBACK", NULL);
    if (of->dialect == YBB_DIALECT_SQLITE)
        return; /* that was all of it */
    for (unsigned i = 0; i < DEMO_TABLES; i++) {
        ybb_buffer sql = {0};
        ybb__buffer_put_text(&sql, "DROP TABLE IF EXISTS ");
        ybb__buffer_put_text(&sql, demo_tables[i].name);
        const char *text = ybb__buffer_text(&sql);
        if (text != NULL)
            (void)ybb__db_exec(of->writer.db, text, NULL);
        ybb__buffer_free(&sql);
    }
}

static ybb_status make_all(fill *of)
{
    bool one = of->dialect == YBB_DIALECT_SQLITE;
    ybb_status status = one ? ybb__db_exec(of->writer.db, "BEGIN", of->error) : YBB_OK;
    for (unsigned id = 0; status == YBB_OK && id < DEMO_TABLES; id++)
        status = make_table(of, (demo_table_id)id);
    if (status == YBB_OK)
        status = make_keys(of);
    if (status == YBB_OK && one)
        status = ybb__db_exec(of->writer.db, "COMMIT", of->error);
    return status;
}

ybb_status demo_fill(const char *dsn, uint64_t participants, demo_progress_fn progress, void *user,
                     uint64_t *rows, ybb_error *error)
{
    fill of = {
        .world = demo_world_of(participants), .progress = progress, .user = user, .error = error};
    *rows = 0;
    ybb_status status = ybb__dsn_dialect(dsn, &of.dialect, error);
    if (status == YBB_OK)
        status = ybb__db_open(&of.writer.db, dsn, YBB_DB_WRITE, TIMEOUT_SECONDS, error);
    if (status == YBB_OK)
        status = check_empty(&of);
    if (status == YBB_OK) {
        status = make_all(&of);
        if (status != YBB_OK)
            remove_all(&of);
    }
    *rows = of.writer.rows;
    demo_writer_free(&of.writer);
    ybb__db_close(of.writer.db);
    return status;
}
