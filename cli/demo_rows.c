#include "demo_rows.h"

#include "base/clock.h"
#include "demo_cells.h"

enum { DAY = 24 * 60 * 60 };

/* Ages of 16 to 30, and now and then what a form took without a check. */
static void put_birthdate(demo_writer *to, demo_random *random)
{
    int64_t first = ybb__days_from_date(1995, 1, 1);
    if (demo_random_once_in(random, 40)) {
        demo_put_null(to);
        return;
    }
    if (demo_random_once_in(random, 900)) {
        demo_put_text(to, demo_random_once_in(random, 2) ? "1898-07-15" : "2068-02-29");
        return;
    }
    demo_put_day(demo_open_text(to), first + demo_random_below(random, 14 * 365));
    demo_close_text(to);
}

static void put_address(demo_writer *to, const demo_person *person, demo_random *random)
{
    if (demo_random_once_in(random, 25)) {
        demo_put_text(to, demo_random_once_in(random, 3) ? "-" : NULL);
        return;
    }
    if (demo_cell_oddity(to, 300, random))
        return;
    demo_person at_home = *person;
    at_home.native = true;
    demo_put_pattern(demo_open_text(to), DEMO_PICK(person->people->addresses, random), &at_home, "",
                     random);
    demo_close_text(to);
}

static void put_instagram(demo_writer *to, const demo_person *person, demo_random *random)
{
    if (demo_random_once_in(random, 8)) {
        demo_put_text(to, demo_random_once_in(random, 2) ? "-" : NULL);
        return;
    }
    static const char *const forms[] = {"@", "@", "", "https://instagram.example/"};
    ybb_buffer *text = demo_open_text(to);
    ybb__buffer_put_text(text, DEMO_PICK(forms, random));
    demo_put_slug(text, person->given->latin);
    ybb__buffer_put_char(text, demo_random_once_in(random, 2) ? '_' : '.');
    demo_put_slug(text, person->family->latin);
    ybb__buffer_put_text(text, ".demo");
    ybb__buffer_put_u64(text, demo_random_below(random, 1000));
    demo_close_text(to);
}

static void put_prose(demo_writer *to, const demo_person *person, unsigned most,
                      unsigned percent_null, demo_random *random)
{
    if (demo_random_below(random, 100) < percent_null) {
        demo_put_text(to, demo_random_once_in(random, 6) ? "" : NULL);
        return;
    }
    demo_put_sentences(demo_open_text(to), person, 1 + demo_random_below(random, most), random);
    demo_close_text(to);
}

static void put_category(demo_writer *to, demo_random *random)
{
    static const char *const rare[] = {NULL, NULL, "", "partially_funded", "Fully Funded"};
    unsigned place = demo_random_below(random, 100);
    if (place < 3)
        demo_put_text(to, DEMO_PICK(rare, random));
    else
        demo_put_text(to, place < 43 ? "fully_funded" : "self_funded");
}

/* A third has a code; a few of those were mistyped. */
static void put_referral(demo_writer *to, const demo_world *world, demo_random *random)
{
    static const char *const wrong[] = {"", "none", "INSTAGRAM", "0", "YFN 2025"};
    unsigned place = demo_random_below(random, 100);
    uint32_t a = demo_random_below(random, world->ambassadors);
    uint32_t b = demo_random_below(random, world->ambassadors);
    if (place >= 36)
        demo_put_null(to);
    else if (place == 0)
        demo_put_text(to, DEMO_PICK(wrong, random));
    else if (demo_put_ref_code(demo_open_text(to), a < b ? a : b))
        demo_close_text(to);
    else
        demo_put_null(to);
}

void demo_user_row(demo_writer *to, const demo_person *person)
{
    demo_random random = demo_random_of(DEMO_SERIES_USER, person->id);
    demo_put_number(to, person->user_id);
    if (demo_random_once_in(&random, 500))
        demo_open_text(to);
    else
        demo_put_email(demo_open_text(to), person, &random);
    demo_close_text(to);
    demo_put_number(to, !demo_random_once_in(&random, 6));
    if (demo_random_once_in(&random, 9))
        demo_put_null(to);
    else
        demo_cell_moment(to, person->registered + (int64_t)demo_random_below(&random, 200 * DAY));
    bool active = !demo_random_once_in(&random, 50);
    demo_cells_flags(to, active, demo_random_once_in(&random, 90));
    demo_cells_times(to, person->registered, 300, &random);
}

static void put_account(demo_writer *to, const demo_person *person)
{
    ybb_buffer *text = demo_open_text(to);
    demo_put_digits(text, person->program, 2);
    demo_put_digits(text, person->id, 8);
    demo_close_text(to);
}

static void put_country(demo_writer *to, const demo_person *person, demo_random *random)
{
    if (demo_random_once_in(random, 120)) {
        demo_put_null(to);
        demo_put_null(to);
        demo_put_null(to);
        return;
    }
    demo_put_text(to, person->people->country);
    ybb_buffer *text = demo_open_text(to);
    ybb__buffer_put_text(text, "https://flags.example.org/");
    ybb__buffer_put_text(text, person->people->code);
    ybb__buffer_put_text(text, ".svg");
    demo_close_text(to);
    demo_put_text(to, person->people->code);
}

static void put_full_name(demo_writer *to, const demo_person *person, demo_random *random)
{
    if (demo_random_once_in(random, 700))
        demo_put_null(to);
    else if (!demo_cell_oddity(to, 400, random)) {
        demo_put_name(demo_open_text(to), person, person->native);
        demo_close_text(to);
    }
}

/* occupation, education_level, major */
static void put_education(demo_writer *to, demo_random *random)
{
    static const char *const occupations[] = {"Student",      "Student",   "Student",
                                              "Teacher",      "Volunteer", "Civil servant",
                                              "Entrepreneur", "",          NULL};
    static const char *const levels[] = {"High School", "Bachelor",  "Bachelor", "Bachelor",
                                         "Master",      "Diploma 3", "Doctoral", NULL};
    static const char *const majors[] = {"International Relations",
                                         "Informatics",
                                         "Public Health",
                                         "Law",
                                         "English Education",
                                         "Accounting",
                                         "Civil Engineering",
                                         "Psychology",
                                         "Islamic Economics",
                                         "Biology",
                                         "Agribusiness",
                                         "Visual Communication Design",
                                         "N/A",
                                         NULL};
    demo_put_text(to, DEMO_PICK(occupations, random));
    demo_put_text(to, DEMO_PICK(levels, random));
    demo_put_text(to, DEMO_PICK(majors, random));
}

/* emergency_contact to category */
static void put_details(demo_writer *to, const demo_person *person, demo_random *random)
{
    static const char *const relations[] = {"Mother", "Father", "Sibling", "Guardian",
                                            "Ibu",    "Ayah",   NULL};
    static const char *const diseases[] = {
        "-", "-", "None", "Tidak ada", "Asthma", "Allergic to peanuts & shrimp", "", NULL, NULL};
    static const char *const sizes[] = {"S", "M", "M", "L", "L", "XL", "XXL", NULL};
    demo_cell_phone(to, person, 30, random);
    demo_put_text(to, DEMO_PICK(relations, random));
    demo_put_text(to, DEMO_PICK(diseases, random));
    demo_put_text(to, DEMO_PICK(sizes, random));
    put_category(to, random);
}

/* experiences to requirement_link */
static void put_application(demo_writer *to, const demo_person *person, demo_random *random)
{
    static const char *const sources[] = {"Instagram", "TikTok",         "A friend", "Campus",
                                          "Website",   "WhatsApp group", NULL};
    put_prose(to, person, 2, 40, random);
    put_prose(to, person, 2, 50, random);
    demo_cell_url(to, "files.example.org/resumes/", person->id, ".pdf", 50, random);
    demo_put_text(to, DEMO_PICK(sources, random));
    demo_put_text(to, demo_random_once_in(random, 5) ? "@youthforum.example" : NULL);
    demo_cell_url(to, "twibbon.example/p/", person->id, "", 60, random);
    demo_cell_url(to, "files.example.org/requirements/", person->id, ".zip", 70, random);
}

void demo_participant_row(demo_writer *to, const demo_person *person, const demo_world *world)
{
    demo_random random = demo_random_of(DEMO_SERIES_PARTICIPANT, person->id);
    demo_put_number(to, person->id);
    if (person->user_id == 0)
        demo_put_null(to);
    else
        demo_put_number(to, person->user_id);
    put_account(to, person);
    put_full_name(to, person, &random);
    demo_cell_gender(to, person, &random);
    put_birthdate(to, &random);
    put_country(to, person, &random);
    put_education(to, &random);
    demo_cell_school(to, person, &random);
    if (!demo_cell_oddity(to, 200, &random))
        demo_put_text(to, demo_random_once_in(&random, 3) ? "Student Council" : NULL);
    demo_cell_phone(to, person, 60, &random);
    demo_put_text(to, person->people->calling);
    put_address(to, person, &random);
    put_address(to, person, &random);
    demo_cell_url(to, "files.example.org/pictures/", person->id, ".jpg", 20, &random);
    put_instagram(to, person, &random);
    put_details(to, person, &random);
    put_application(to, person, &random);
    put_referral(to, world, &random);
    if (person->program == 0)
        demo_put_null(to);
    else
        demo_put_number(to, person->program);
    demo_cells_flags(to, !demo_random_once_in(&random, 40), person->deleted);
    demo_cells_times(to, person->registered, 150, &random);
}

bool demo_has_status(const demo_person *person)
{
    demo_random random = demo_random_of(DEMO_SERIES_STATUS, person->id);
    return !demo_random_once_in(&random, 25);
}

void demo_status_row(demo_writer *to, const demo_person *person, uint64_t id)
{
    static const uint8_t forms[] = {0, 0, 1, 1, 1, 2, 2, 2, 2, 2};
    demo_random random = demo_random_of(DEMO_SERIES_STATUS, person->id);
    demo_random_next(&random); /* the one that demo_has_status took */
    uint8_t form = DEMO_PICK(forms, &random);
    demo_put_number(to, (int64_t)id);
    demo_put_number(to, person->id);
    demo_put_number(to, form == 2 ? demo_random_below(&random, 3) : form);
    demo_put_number(to, form);
    demo_put_number(to, form == 0 ? 0 : demo_random_below(&random, 3));
    demo_cells_times(to, person->registered, 100, &random);
}
