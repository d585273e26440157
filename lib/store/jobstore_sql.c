/*
 * Statements of the job store: what differs between databases, preparing, running, reading cells.
 */
#include "store/jobstore_inner.h"

#include "base/text.h"

static const struct word {
    const char *name;
    const char *in[2]; /* by ybb_dialect: MariaDB and MySQL, SQLite */
} words[] = {
    {"$serial",
     {"BIGINT NOT NULL AUTO_INCREMENT PRIMARY KEY", "INTEGER PRIMARY KEY AUTOINCREMENT"}},
    /* texts are compared by their bytes on every database */
    {"$table", {"ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin", ""}},
    {"$ignore", {"IGNORE", "OR IGNORE"}},
    /* a transaction of SQLite is alone anyway */
    {"$lock", {"FOR UPDATE", ""}},
    {"$skip", {"FOR UPDATE SKIP LOCKED", ""}},
    /* a server that scans a small table instead locks rows that others need */
    {"$by_turn", {"FORCE INDEX (ybbexport_jobs_turn)", ""}},
    {"$by_job", {"FORCE INDEX (ybbexport_places_job)", ""}},
    /* UTC, so that no change of the clocks repeats an hour */
    {"$now", {"TIMESTAMPDIFF(MICROSECOND, '1970-01-01', UTC_TIMESTAMP(6))", "0"}},
};

static const struct word *word_at(const char *at)
{
    for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
        if (strncmp(at, words[i].name, strlen(words[i].name)) == 0)
            return &words[i];
    return NULL;
}

/* "$mysql{...}" and "$sqlite{...}": what stands in it, for one kind of databases. Returns where it
 * ends; NULL where @at begins none. */
static const char *put_section(ybb_buffer *out, ybb_dialect dialect, const char *at)
{
    static const char *const names[] = {
        [YBB_DIALECT_MYSQL] = "$mysql{", [YBB_DIALECT_SQLITE] = "$sqlite{"};
    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
        size_t begin = strlen(names[i]);
        if (strncmp(at, names[i], begin) != 0)
            continue;
        size_t length = strcspn(at + begin, "}");
        if (i == (size_t)dialect)
            ybb__buffer_put(out, at + begin, length);
        return at + begin + length + (at[begin + length] == '}');
    }
    return NULL;
}

void ybb__store_sql(ybb_buffer *out, ybb_dialect dialect, const char *sql)
{
    while (*sql != '\0') {
        size_t plain = strcspn(sql, "$");
        ybb__buffer_put(out, sql, plain);
        sql += plain;
        const struct word *word = word_at(sql);
        const char *behind = put_section(out, dialect, sql);
        if (behind != NULL) {
            sql = behind;
        } else if (word != NULL) {
            ybb__buffer_put_text(out, word->in[dialect]);
            sql += strlen(word->name);
        } else if (*sql == '$') {
            ybb__buffer_put_char(out, *sql++); /* the database will refuse it */
        }
    }
}

static ybb_status prepare(ybb_jobstore *store, const char *sql, ybb_statement **out,
                          ybb_error *error)
{
    ybb_buffer text = {0};
    ybb__store_sql(&text, store->dialect, sql);
    const char *expanded = ybb__buffer_text(&text);
    ybb_status status = expanded == NULL ? ybb__fail_memory(error)
                                         : ybb__statement_prepare(out, store->db, expanded, error);
    ybb__buffer_free(&text);
    return status;
}

static ybb_status statement_for(ybb_jobstore *store, const char *sql, ybb_statement **out,
                                ybb_error *error)
{
    for (uint32_t i = 0; i < store->statement_count; i++) {
        if (store->statements[i].sql == sql) {
            *out = store->statements[i].statement;
            return YBB_OK;
        }
    }
    ybb_status status = prepare(store, sql, out, error);
    if (status != YBB_OK)
        return status;
    /* where there are more than there is room for, the oldest one goes */
    uint32_t place = store->statement_next++ % YBB_STORE_STATEMENTS;
    if (place < store->statement_count)
        ybb__statement_free(store->statements[place].statement);
    else
        store->statement_count++;
    store->statements[place].sql = sql;
    store->statements[place].statement = *out;
    return YBB_OK;
}

ybb_status ybb__store_run(ybb_jobstore *store, const char *sql, const ybb_value *values,
                          uint32_t count, ybb_block *rows, ybb_error *error)
{
    ybb_statement *statement;
    bool whole;
    ybb_status status = statement_for(store, sql, &statement, error);
    if (status != YBB_OK)
        return status;
    if (rows != NULL)
        ybb__block_reset(rows, ybb__statement_columns(statement));
    status = ybb__statement_read(statement, values, count, rows, 0, &whole, error);
    if (status == YBB_OK)
        store->changed = ybb__statement_changed(statement);
    return status;
}

int64_t ybb__cell_number(ybb_cell cell)
{
    int64_t number = 0;
    if (cell.at != NULL)
        (void)ybb__text_to_i64(cell.at, cell.length, &number);
    return number;
}

void ybb__cell_copy(char *out, size_t size, ybb_cell cell)
{
    size_t length = cell.at == NULL ? 0 : cell.length < size ? cell.length : size - 1;
    if (length > 0)
        memcpy(out, cell.at, length);
    out[length] = '\0';
}

ybb_status ybb__store_number(ybb_jobstore *store, const char *sql, const ybb_value *values,
                             uint32_t count, int64_t *out, ybb_error *error)
{
    ybb_block rows = {0};
    ybb_cell cell;
    ybb_status status = ybb__store_run(store, sql, values, count, &rows, error);
    *out = 0;
    if (status == YBB_OK && rows.columns != 1)
        status = ybb__fail(error, YBB_INTERNAL, "a number was read from %u columns", rows.columns);
    if (status == YBB_OK && rows.rows > 0) {
        ybb__block_row(&rows, 0, &cell);
        *out = ybb__cell_number(cell);
    }
    ybb__block_free(&rows);
    return status;
}
