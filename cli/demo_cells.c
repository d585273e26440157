#include "demo_cells.h"

enum { DAY = 24 * 60 * 60 };

void demo_cell_moment(demo_writer *to, int64_t seconds)
{
    demo_put_moment(demo_open_text(to), seconds);
    demo_close_text(to);
}

void demo_cells_times(demo_writer *to, int64_t created, uint32_t null_in, demo_random *random)
{
    int64_t updated = created + (int64_t)demo_random_below(random, 90 * DAY);
    if (demo_random_once_in(random, null_in))
        demo_put_null(to);
    else
        demo_cell_moment(to, created);
    if (demo_random_once_in(random, 4))
        demo_put_null(to);
    else
        demo_cell_moment(to, updated);
}

void demo_cells_flags(demo_writer *to, bool active, bool deleted)
{
    demo_put_number(to, active);
    demo_put_number(to, deleted);
}

void demo_cell_url(demo_writer *to, const char *where, uint64_t number, const char *ending,
                   unsigned percent_null, demo_random *random)
{
    if (demo_random_below(random, 100) < percent_null) {
        demo_put_null(to);
        return;
    }
    ybb_buffer *text = demo_open_text(to);
    ybb__buffer_put_text(text, "https://");
    ybb__buffer_put_text(text, where);
    demo_put_digits(text, number, 7);
    ybb__buffer_put_text(text, ending);
    demo_close_text(to);
}

bool demo_cell_oddity(demo_writer *to, uint32_t times, demo_random *random)
{
    if (!demo_random_once_in(random, times))
        return false;
    demo_put_text(to, demo_oddities[demo_random_below(random, demo_oddity_count)]);
    return true;
}

void demo_cell_phone(demo_writer *to, const demo_person *person, uint32_t null_in,
                     demo_random *random)
{
    unsigned form = demo_random_below(random, 4);
    uint32_t prefix = 11 + demo_random_below(random, 89), line = demo_random_below(random, 100000);
    if (demo_random_once_in(random, null_in)) {
        demo_put_text(to, demo_random_once_in(random, 3) ? "" : NULL);
        return;
    }
    ybb_buffer *text = demo_open_text(to);
    ybb__buffer_put_text(text, form == 2 ? "0" : form == 3 ? "(0" : person->people->calling);
    ybb__buffer_put_text(text, form == 0 ? " 8" : "8");
    ybb__buffer_put_u64(text, prefix);
    ybb__buffer_put_text(text, form == 0 ? "-000" : form == 3 ? ") 000 " : "000");
    ybb__buffer_put_text(text, form == 0 ? "-" : "");
    demo_put_digits(text, line, 5);
    demo_close_text(to);
}

void demo_cell_gender(demo_writer *to, const demo_person *person, demo_random *random)
{
    if (demo_random_once_in(random, 80))
        demo_put_text(to, demo_random_once_in(random, 2) ? NULL : "other");
    else
        demo_put_text(to, person->woman ? "female" : "male");
}

void demo_cell_school(demo_writer *to, const demo_person *person, demo_random *random)
{
    if (demo_random_once_in(random, 30))
        demo_put_text(to, demo_random_once_in(random, 4) ? "" : NULL);
    else if (!demo_cell_oddity(to, 250, random))
        demo_put_text(to, person->native ? person->school->native : person->school->latin);
}

void demo_cells_tail(demo_writer *to, bool deleted)
{
    demo_cells_flags(to, true, deleted);
    demo_cell_moment(to, demo_first_registration() - 30 * DAY);
    demo_put_null(to);
}
