/*
 * bench/source: the rows of an export by plain statements, as a program without this library would
 * read them.
 *
 * The connection is described by the environment: BENCH_SOCKET, BENCH_USER, BENCH_PASSWORD,
 * BENCH_DATABASE. Whatever fails ends the program with a message.
 */
#ifndef YBB_BENCH_SOURCE_H
#define YBB_BENCH_SOURCE_H

#include <mysql.h>
#include <stdbool.h>

/* Cells of a main row: all of them for detailed, STANDARD_CELLS for standard. */
enum {
    CELL_ID,
    CELL_NAME,
    CELL_EMAIL,
    CELL_COUNTRY,
    CELL_INSTITUTION,
    CELL_PHONE,
    CELL_CATEGORY,
    CELL_FORM,
    CELL_PAID,    /* 1: has a payment with status success */
    CELL_PENDING, /* 1: has one that is created or pending */
    CELL_REGISTERED,
    CELL_REFERRAL,
    STANDARD_CELLS,
    CELL_GENDER = STANDARD_CELLS,
    CELL_BIRTHDATE,
    CELL_LEVEL,
    CELL_MAJOR,
    CELL_CURRENT_ADDRESS,
    CELL_ORIGIN_ADDRESS,
    CELL_EMERGENCY,
    CELL_SIZE,
    CELL_INSTAGRAM,
    DETAILED_CELLS
};

enum { ESSAY_OWNER, ESSAY_POSITION, ESSAY_QUESTION_ID, ESSAY_ID, ESSAY_QUESTION, ESSAY_ANSWER };

enum {
    PAY_OWNER,
    PAY_DATE,
    PAY_ID,
    PAY_CATEGORY,
    PAY_AMOUNT,
    PAY_CURRENCY,
    PAY_STATUS,
    PAY_METHOD_ID,
    PAY_METHOD
};

extern const char source_set_up[], source_standard[], source_detailed[];
/* Related rows in the order of their participants; of one participant in any order. */
extern const char source_essays[], source_payments[];

void fail(const char *what, const char *why) __attribute__((noreturn));
/* True for "detailed", false for "standard". */
bool wants_detailed(const char *word);
MYSQL *source_connect(void);
/* Runs a statement; its rows are not buffered. */
MYSQL_RES *source_query(MYSQL *mysql, const char *sql);
/* The next row, or NULL at the end of data: a broken connection ends the program. */
MYSQL_ROW source_next(MYSQL *mysql, MYSQL_RES *result);

#endif
