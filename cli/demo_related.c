#include "demo_rows.h"

#include "demo_cells.h"

enum {
    DAY = 24 * 60 * 60,
    HOUR = 60 * 60,
    GONE_QUESTION = 99, /* answers to it were kept, the question was not */
    MOST_SENTENCES = 10
};

/* The questions of a program in the order of their ids, which is not that of their positions. */
static const struct {
    uint32_t program, position;
    const char *text;
    bool deleted;
} questions[] = {
    {1, 2, "Describe a problem in your community and what you have done about it.", false},
    {1, 1, "Why do you want to join the Youth Forum? (150-300 words)", false},
    {1, 2,
     "Ceritakan pengalaman kepemimpinan Anda / Tell us about your leadership experience:", false},
    {2, 1, "What would you bring to the camp?", false},
    {2, 2, "Anything else we should know, e.g. \"special needs\"?", true},
};

unsigned demo_essays_of(const demo_person *person)
{
    demo_random random = demo_random_of(DEMO_SERIES_ESSAY_COUNT, person->id);
    unsigned most = person->program == 2 ? 2 : DEMO_MOST_ESSAYS;
    if (demo_random_once_in(&random, 20))
        return 0; /* never opened the form */
    return most - demo_random_below(&random, 2);
}

/* Answers were saved in any order. */
static uint32_t question_of(const demo_person *person, unsigned number)
{
    unsigned first = person->program == 2 ? 4 : 1, count = person->program == 2 ? 2 : 3;
    return first + (person->id + number) % count;
}

static void put_answer(demo_writer *to, const demo_person *person, demo_random *random)
{
    unsigned place = demo_random_below(random, 80);
    if (place < 4)
        demo_put_text(to, place < 2 ? NULL : "");
    else if (!demo_cell_oddity(to, 250, random)) {
        unsigned count = 1 + demo_random_below(random, MOST_SENTENCES);
        demo_put_sentences(demo_open_text(to), person, count, random);
        demo_close_text(to);
    }
}

void demo_essay_row(demo_writer *to, const demo_person *person, unsigned number, uint64_t id)
{
    demo_random random =
        demo_random_of(DEMO_SERIES_ESSAY, (uint64_t)person->id * DEMO_MOST_ESSAYS + number);
    bool gone = demo_random_once_in(&random, 2000);
    demo_put_number(to, (int64_t)id);
    demo_put_number(to, person->id);
    demo_put_number(to, gone ? GONE_QUESTION : question_of(person, number));
    put_answer(to, person, &random);
    demo_put_number(to, demo_random_once_in(&random, 60));
    demo_cells_times(to, person->registered + HOUR, 200, &random);
}

static void put_ambassador_program(demo_writer *to, uint32_t number)
{
    if (number % 100 == 8)
        demo_put_null(to);
    else
        demo_put_number(to, number % 50 == 3 || number % 10 == 4 ? 2 : 1);
}

void demo_ambassador_row(demo_writer *to, uint32_t number)
{
    static const char *const notes[] = {NULL,
                                        NULL,
                                        NULL,
                                        "",
                                        "-",
                                        "Very active on campus\nTop 3 in May",
                                        "=best ambassador",
                                        "Menunggu konfirmasi"};
    demo_random random = demo_random_of(DEMO_SERIES_AMBASSADOR, number);
    demo_person person = {.id = number + 1};
    demo_person_draw(&person, &random);
    random = demo_random_of(DEMO_SERIES_AMBASSADOR_ROW, number);
    demo_put_number(to, person.id);
    demo_put_name(demo_open_text(to), &person, person.native);
    demo_close_text(to);
    demo_put_email(demo_open_text(to), &person, &random);
    demo_close_text(to);
    if (demo_put_ref_code(demo_open_text(to), number))
        demo_close_text(to);
    else
        demo_put_null(to);
    put_ambassador_program(to, number);
    demo_cell_school(to, &person, &random);
    demo_cell_gender(to, &person, &random);
    demo_cell_phone(to, &person, 20, &random);
    demo_put_text(to, DEMO_PICK(notes, &random));
    bool active = !demo_random_once_in(&random, 5);
    demo_cells_flags(to, active, number > 3 && demo_random_once_in(&random, 20));
    demo_cells_times(to, demo_first_registration() - 20 * DAY + (int64_t)number * HOUR, 20,
                     &random);
}

bool demo_program_row(demo_writer *to, unsigned number)
{
    static const char *const names[] = {"Youth Forum Nusantara 2025",
                                        "Asia Youth Camp 2024 – Café & Culture"};
    if (number >= DEMO_COUNT(names))
        return false;
    demo_put_number(to, number + 1);
    demo_put_text(to, names[number]);
    demo_cells_tail(to, false);
    return true;
}

bool demo_program_essay_row(demo_writer *to, unsigned number)
{
    if (number >= DEMO_COUNT(questions))
        return false;
    demo_put_number(to, number + 1);
    demo_put_number(to, questions[number].program);
    demo_put_text(to, questions[number].text);
    demo_put_number(to, questions[number].position);
    demo_cells_tail(to, questions[number].deleted);
    return true;
}

bool demo_method_row(demo_writer *to, unsigned number)
{
    static const char *const names[] = {"Midtrans", "Manual Transfer"};
    if (number >= DEMO_COUNT(names))
        return false;
    demo_put_number(to, number + 1);
    demo_put_text(to, names[number]);
    demo_cells_tail(to, false);
    return true;
}
