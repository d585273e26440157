/*
 * store/jobstore_inner: what the files of the job store share: its connection, statements and
 * transactions.
 *
 * SQL stands where it is used, once for all databases; words with a '$' are what differs between
 * them (jobstore_sql.c). A statement is prepared once a connection and found again by its address,
 * so it is a static array or a literal.
 */
#ifndef YBB_STORE_JOBSTORE_INNER_H
#define YBB_STORE_JOBSTORE_INNER_H

#include "db/db.h"
#include "store/jobstore.h"
#include "store/owner_lock.h"

#include <string.h>
#include <sys/types.h>

enum { YBB_STORE_STATEMENTS = 128, YBB_STORE_BOOT_ID = 64 };

struct ybb_jobstore {
    ybb_jobstore_settings settings;
    ybb_dialect dialect;
    char *path; /* of SQLite's file; NULL for a server */
    char boot_id[YBB_STORE_BOOT_ID];
    pid_t registrar;     /* the process that registered an owner by this store; 0: none */
    ybb_owner_lock lock; /* of that owner */
    /* While it is connected. */
    ybb_db *db;
    pid_t process; /* whose connection it is */
    struct {
        const char *sql;
        ybb_statement *statement;
    } statements[YBB_STORE_STATEMENTS];
    uint32_t statement_count, statement_next;
    uint64_t changed; /* rows, by the last statement */
};

/* A transaction, or what only reads. */
typedef struct ybb_store_tx {
    ybb_jobstore *store;
    int64_t now;  /* microseconds of the store's clock */
    int64_t time; /* microseconds UTC, as the store sees it */
    int64_t next_turn;
    bool same_boot; /* the times of owners are of this clock */
    bool again;     /* a try before this one may have taken effect */
} ybb_store_tx;

/* Does the work of a transaction; what it returns other than YBB_OK undoes it. It may be called
 * several times, so it begins by forgetting what it did before. */
typedef ybb_status (*ybb_store_work)(ybb_store_tx *tx, void *context, ybb_error *error);

ybb_status ybb__store_write(ybb_jobstore *store, ybb_store_work work, void *context,
                            ybb_error *error);
/* The same for what an owner does with its leases and says of its progress. A power cut may undo it
 * on SQLite: it ends the owner and its leases too, and the job begins again from its last record
 * that is on the disk. The files of before are never taken for those of the new owner (its turn may
 * be the same number): they are removed, or another file takes their name. */
ybb_status ybb__store_write_leased(ybb_jobstore *store, ybb_store_work work, void *context,
                                   ybb_error *error);
/* The same for statements that change nothing, each for itself; tx has no times before
 * ybb__store_clock(). */
ybb_status ybb__store_read(ybb_jobstore *store, ybb_store_work work, void *context,
                           ybb_error *error);
ybb_status ybb__store_clock(ybb_store_tx *tx, ybb_error *error);
/* Holds up all others that do the same until the transaction ends, and reads tx->next_turn: for
 * what counts the queue. */
ybb_status ybb__store_lock_queue(ybb_store_tx *tx, ybb_error *error);

/* Runs a statement and replaces what @rows has by its rows; NULL where it gives none. */
ybb_status ybb__store_run(ybb_jobstore *store, const char *sql, const ybb_value *values,
                          uint32_t count, ybb_block *rows, ybb_error *error);
/* The first cell of its only row as a number, 0 for NULL or no row. */
ybb_status ybb__store_number(ybb_jobstore *store, const char *sql, const ybb_value *values,
                             uint32_t count, int64_t *out, ybb_error *error);
#define YBB_VALUES(...)                                                                            \
    (const ybb_value[]){__VA_ARGS__}, sizeof((const ybb_value[]){__VA_ARGS__}) / sizeof(ybb_value)

static inline ybb_value ybb__value_text(const char *text)
{
    if (text == NULL)
        return (ybb_value){.kind = YBB_VALUE_NULL};
    return (ybb_value){.kind = YBB_VALUE_TEXT, .at = text, .length = strlen(text)};
}

static inline ybb_value ybb__value_number(int64_t number)
{
    return (ybb_value){.kind = YBB_VALUE_INTEGER, .number = number};
}

/* A number of a cell; 0 for NULL and for what is none. */
int64_t ybb__cell_number(ybb_cell cell);
/* A cell's text in an array, cut to @size with the NUL; "" for NULL. */
void ybb__cell_copy(char *out, size_t size, ybb_cell cell);

/* Appends a template's SQL for a database. */
void ybb__store_sql(ybb_buffer *out, ybb_dialect dialect, const char *sql);

static inline int64_t ybb__microseconds(double seconds)
{
    static const double most = 1e12; /* beyond any time that is meant, and far from overflow */
    return (int64_t)((seconds < 0 ? 0 : seconds < most ? seconds : most) * 1e6);
}

#endif
