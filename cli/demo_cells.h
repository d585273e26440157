/*
 * cli/demo_cells: cells that more than one table of the demo data has.
 */
#ifndef YBB_CLI_DEMO_CELLS_H
#define YBB_CLI_DEMO_CELLS_H

#include "demo_person.h"
#include "demo_writer.h"

#define DEMO_COUNT(array)        ((unsigned)(sizeof(array) / sizeof((array)[0])))
#define DEMO_PICK(array, random) ((array)[demo_random_below(random, DEMO_COUNT(array))])

void demo_cell_moment(demo_writer *to, int64_t seconds);
/* created_at and updated_at; created_at is NULL once in @null_in rows. */
void demo_cells_times(demo_writer *to, int64_t created, uint32_t null_in, demo_random *random);
/* is_active and is_deleted */
void demo_cells_flags(demo_writer *to, bool active, bool deleted);
/* Both of them, of what was there before anybody registered. */
void demo_cells_tail(demo_writer *to, bool deleted);
/* "https://", @where, @number and @ending; NULL @percent_null times in 100. */
void demo_cell_url(demo_writer *to, const char *where, uint64_t number, const char *ending,
                   unsigned percent_null, demo_random *random);
/* An oddity, once in @times; false: no cell was put. */
bool demo_cell_oddity(demo_writer *to, uint32_t times, demo_random *random);
/* In several forms, all with 000 where real numbers have a subscriber's first digits. Empty or NULL
 * once in @null_in. */
void demo_cell_phone(demo_writer *to, const demo_person *person, uint32_t null_in,
                     demo_random *random);
void demo_cell_gender(demo_writer *to, const demo_person *person, demo_random *random);
void demo_cell_school(demo_writer *to, const demo_person *person, demo_random *random);

#endif
