/*
 * cli/demo_rows: the cells of each row of the demo data.
 */
#ifndef YBB_CLI_DEMO_ROWS_H
#define YBB_CLI_DEMO_ROWS_H

#include "demo_person.h"
#include "demo_writer.h"

enum { DEMO_MOST_PAYMENTS = 4, DEMO_MOST_ESSAYS = 3 };

/* Rows that a person has beside the own one. */
bool demo_has_status(const demo_person *person);
unsigned demo_payments_of(const demo_person *person);
unsigned demo_essays_of(const demo_person *person);

/* Put one row's cells; the caller ends the row. @id is the row's own, where it is not the person's.
 */
void demo_user_row(demo_writer *to, const demo_person *person);
void demo_participant_row(demo_writer *to, const demo_person *person, const demo_world *world);
void demo_status_row(demo_writer *to, const demo_person *person, uint64_t id);
void demo_essay_row(demo_writer *to, const demo_person *person, unsigned number, uint64_t id);
void demo_payment_row(demo_writer *to, const demo_person *person, unsigned number, uint64_t id);
void demo_ambassador_row(demo_writer *to, uint32_t number);

/* The few rows of a table that do not depend on the participants; false: there is no row @number.
 */
bool demo_program_row(demo_writer *to, unsigned number);
bool demo_program_essay_row(demo_writer *to, unsigned number);
bool demo_program_payment_row(demo_writer *to, unsigned number);
bool demo_method_row(demo_writer *to, unsigned number);

#endif
