#include "demo_person.h"

#include "base/clock.h"
#include "base/text.h"

#define COUNT(array) ((unsigned)(sizeof(array) / sizeof((array)[0])))

enum {
    PERIOD = 1000, /* slots after which the kinds of participants repeat */
    GAP_EVERY = 500,
    GAP = 7, /* ids that are left out after GAP_EVERY of them */
    FIRST_USER = 1000,
    DAY = 24 * 60 * 60,
    REGISTRATION_DAYS = 540,
    FIRST_AMBASSADORS = 8,
    PARTICIPANTS_PER_AMBASSADOR = 200
};

typedef enum kind { LIVE, DELETED, OTHER_PROGRAM, NO_PROGRAM } kind;

/* Every kind comes early, so that small demo data has them too. */
static kind kind_of(uint64_t slot)
{
    unsigned place = (unsigned)(slot % PERIOD);
    if (place % 40 == 0)
        return DELETED;
    if (place % 20 == 1)
        return OTHER_PROGRAM;
    return place == 502 ? NO_PROGRAM : LIVE;
}

demo_world demo_world_of(uint64_t participants)
{
    uint64_t in_period = 0, live, slots;
    for (uint64_t slot = 0; slot < PERIOD; slot++)
        in_period += kind_of(slot) == LIVE;
    slots = participants / in_period * PERIOD;
    live = participants / in_period * in_period;
    for (; live < participants; slots++)
        live += kind_of(slots) == LIVE;
    return (demo_world){slots,
                        FIRST_AMBASSADORS + (uint32_t)(participants / PARTICIPANTS_PER_AMBASSADOR)};
}

static const demo_people *draw_people(demo_random *random)
{
    unsigned at = 0, weight = demo_random_below(random, 1000);
    while (at + 1 < demo_people_count && weight >= demo_peoples[at].weight)
        weight -= demo_peoples[at++].weight;
    return &demo_peoples[at];
}

void demo_person_draw(demo_person *out, demo_random *random)
{
    const demo_people *people = draw_people(random);
    out->people = people;
    out->native = demo_random_below(random, 100) < people->native_percent;
    out->woman = demo_random_below(random, 100) < 56;
    const demo_name *given = out->woman ? people->women : people->men;
    unsigned first = demo_random_below(random, DEMO_GIVEN);
    out->given = &given[first];
    out->second = &given[(first + 1 + demo_random_below(random, DEMO_GIVEN - 1)) % DEMO_GIVEN];
    out->family = &people->families[demo_random_below(random, DEMO_FAMILIES)];
    out->city = &people->cities[demo_random_below(random, DEMO_CITIES)];
    out->school = &people->schools[demo_random_below(random, DEMO_SCHOOLS)];
}

int64_t demo_first_registration(void)
{
    return ybb__days_from_date(2024, 1, 15) * DAY;
}

/* Registrations come in the order of their ids by and large; eight at a time share their second now
 * and then, as rows of an import do. */
static int64_t registration_of(const demo_world *world, uint64_t slot, demo_random *random)
{
    int64_t jitter = (int64_t)demo_random_below(random, DAY / 4);
    if (slot / 8 % 50 == 3) {
        slot = slot / 8 * 8;
        jitter = 0;
    }
    uint64_t span = (uint64_t)REGISTRATION_DAYS * DAY;
    return demo_first_registration() + (int64_t)(slot * span / world->slots) + jitter;
}

void demo_person_of(demo_person *out, const demo_world *world, uint64_t slot)
{
    demo_random random = demo_random_of(DEMO_SERIES_PERSON, slot);
    kind is = kind_of(slot);
    demo_person_draw(out, &random);
    out->id = (uint32_t)(slot + 1 + slot / GAP_EVERY * GAP);
    out->deleted = is == DELETED;
    out->program = is == NO_PROGRAM ? 0 : is == OTHER_PROGRAM ? 2 : 1;
    out->user_id = demo_random_once_in(&random, 200) ? 0 : out->id + FIRST_USER;
    out->has_user = out->user_id != 0 && !demo_random_once_in(&random, 400);
    out->registered = registration_of(world, slot, &random);
}

/* Names that have other letters as well are in lower case in theirs. */
static void put_part(ybb_buffer *to, const demo_name *name, bool native)
{
    size_t begin = to->length;
    bool lower = !native && strcmp(name->native, name->latin) != 0;
    ybb__buffer_put_text(to, native ? name->native : name->latin);
    if (lower && !ybb__buffer_failed(to) && to->at[begin] >= 'a' && to->at[begin] <= 'z')
        to->at[begin] = (char)(to->at[begin] - 'a' + 'A');
}

void demo_put_name(ybb_buffer *to, const demo_person *person, bool native)
{
    const demo_name *parts[3] = {person->given, person->family, NULL};
    const char *gap = " ";
    switch (person->people->order) {
    case DEMO_TWO_GIVEN:
        parts[1] = person->second;
        parts[2] = person->family;
        break;
    case DEMO_FAMILY_FIRST:
        parts[0] = person->family;
        parts[1] = person->second;
        parts[2] = person->given;
        break;
    case DEMO_JOINED:
        gap = native ? "" : " ";
        /* fall through */
    case DEMO_FAMILY_SPACE:
        parts[0] = person->family;
        parts[1] = person->given;
        break;
    case DEMO_GIVEN_FIRST:
        break;
    }
    for (unsigned i = 0; i < COUNT(parts) && parts[i] != NULL; i++) {
        ybb__buffer_put_text(to, i == 0 ? "" : gap);
        put_part(to, parts[i], native);
    }
}

void demo_put_slug(ybb_buffer *to, const char *name)
{
    for (; *name != '\0'; name++) {
        if ((*name >= 'a' && *name <= 'z') || (*name >= '0' && *name <= '9'))
            ybb__buffer_put_char(to, *name);
        else if (*name >= 'A' && *name <= 'Z')
            ybb__buffer_put_char(to, (char)(*name - 'A' + 'a'));
    }
}

void demo_put_email(ybb_buffer *to, const demo_person *person, demo_random *random)
{
    static const char *const domains[] = {"example.org", "example.com", "example.net",
                                          "mail.example", "students.example"};
    demo_put_slug(to, person->given->latin);
    ybb__buffer_put_char(to, '.');
    demo_put_slug(to, person->family->latin);
    ybb__buffer_put_u64(to, person->id);
    ybb__buffer_put_char(to, '@');
    ybb__buffer_put_text(to, domains[demo_random_below(random, COUNT(domains))]);
}

static void put_place(ybb_buffer *to, char place, const demo_person *person, const char *topic,
                      demo_random *random)
{
    switch (place) {
    case 'c':
        put_part(to, person->city, person->native);
        break;
    case 'o':
        put_part(to, person->school, person->native);
        break;
    case 't':
        ybb__buffer_put_text(to, topic);
        break;
    case 'n':
        ybb__buffer_put_u64(to, 3 + demo_random_below(random, 78));
        break;
    case 'y':
        ybb__buffer_put_u64(to, 2017 + demo_random_below(random, 8));
        break;
    default: /* 'p' */
        demo_put_digits(to, demo_random_below(random, 100000), 5);
    }
}

void demo_put_pattern(ybb_buffer *to, const char *pattern, const demo_person *person,
                      const char *topic, demo_random *random)
{
    for (const char *brace; (brace = strchr(pattern, '{')) != NULL; pattern = brace + 3) {
        ybb__buffer_put(to, pattern, (size_t)(brace - pattern));
        put_place(to, brace[1], person, topic, random);
    }
    ybb__buffer_put_text(to, pattern);
}

void demo_put_sentences(ybb_buffer *to, const demo_person *person, unsigned count,
                        demo_random *random)
{
    const demo_prose *prose =
        &demo_proses[person->native ? person->people->language : DEMO_ENGLISH];
    const char *topic = prose->topics[demo_random_below(random, DEMO_TOPICS)];
    unsigned at = demo_random_below(random, DEMO_SENTENCES);
    unsigned step =
        2 * demo_random_below(random, DEMO_SENTENCES / 2) + 1; /* odd: meets each once */
    unsigned paragraph = 2 + demo_random_below(random, 6);
    for (unsigned i = 0; i < count; i++) {
        if (i > 0)
            ybb__buffer_put_text(to, i == paragraph ? "\n\n" : prose->gap);
        demo_put_pattern(to, prose->sentences[at], person, topic, random);
        at = (at + step) % DEMO_SENTENCES;
    }
}

/* Some codes differ only in case, in a blank behind them, or not at all but in the program: they
 * are the next ones after a plain code. */
bool demo_put_ref_code(ybb_buffer *to, uint32_t ambassador)
{
    unsigned variant = ambassador % 50;
    if (variant == 5)
        return false;
    if (variant == 6)
        return true; /* an empty code */
    uint32_t base = variant <= 3 ? ambassador - variant : ambassador;
    demo_random random = demo_random_of(DEMO_SERIES_AMBASSADOR, base);
    demo_person person = {0};
    demo_person_draw(&person, &random);
    size_t begin = to->length;
    demo_put_slug(to, person.given->latin);
    for (size_t i = begin; variant != 1 && i < to->length; i++)
        if (to->at[i] >= 'a')
            to->at[i] = (char)(to->at[i] - 'a' + 'A');
    ybb__buffer_put_u64(to, 100 + base);
    if (variant == 2)
        ybb__buffer_put_char(to, ' ');
    return true;
}

void demo_put_digits(ybb_buffer *to, uint64_t number, unsigned digits)
{
    char text[YBB_NUMBER_TEXT];
    size_t length = ybb__text_from_u64(text, number);
    for (size_t i = length; i < digits; i++)
        ybb__buffer_put_char(to, '0');
    ybb__buffer_put(to, text, length);
}

void demo_put_day(ybb_buffer *to, int64_t days)
{
    int year, month, day;
    ybb__date_from_days(days, &year, &month, &day);
    demo_put_digits(to, (uint64_t)year, 4);
    ybb__buffer_put_char(to, '-');
    demo_put_digits(to, (uint64_t)month, 2);
    ybb__buffer_put_char(to, '-');
    demo_put_digits(to, (uint64_t)day, 2);
}

void demo_put_moment(ybb_buffer *to, int64_t seconds)
{
    uint64_t second = (uint64_t)(seconds % DAY); /* all moments here are after 1970 */
    demo_put_day(to, seconds / DAY);
    ybb__buffer_put_char(to, ' ');
    demo_put_digits(to, second / 3600, 2);
    ybb__buffer_put_char(to, ':');
    demo_put_digits(to, second / 60 % 60, 2);
    ybb__buffer_put_char(to, ':');
    demo_put_digits(to, second % 60, 2);
}
