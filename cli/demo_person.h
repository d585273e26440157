/*
 * cli/demo_person: who the participants of the demo data are.
 *
 * A person follows from the slot alone, so that each table can be filled by itself, in the order of
 * its key, and still agree with the others.
 */
#ifndef YBB_CLI_DEMO_PERSON_H
#define YBB_CLI_DEMO_PERSON_H

#include "base/buffer.h"
#include "demo_random.h"
#include "demo_words.h"

/* The streams of random numbers. */
typedef enum demo_series {
    DEMO_SERIES_PERSON = 1,
    DEMO_SERIES_USER,
    DEMO_SERIES_PARTICIPANT,
    DEMO_SERIES_STATUS,
    DEMO_SERIES_ESSAY_COUNT,
    DEMO_SERIES_ESSAY,
    DEMO_SERIES_PAYMENT_COUNT,
    DEMO_SERIES_PAYMENT,
    DEMO_SERIES_AMBASSADOR,
    DEMO_SERIES_AMBASSADOR_ROW
} demo_series;

/* What the number of participants decides. */
typedef struct demo_world {
    uint64_t slots; /* participants of all programs, deleted ones included */
    uint32_t ambassadors;
} demo_world;

/* When registration opened, in seconds since 1970. */
int64_t demo_first_registration(void);
/* A world in which @participants rows belong to program 1 and are not deleted. */
demo_world demo_world_of(uint64_t participants);

typedef struct demo_person {
    uint32_t id, user_id;
    uint32_t program; /* 0: none */
    bool deleted;
    bool has_user;      /* a row in users */
    bool woman, native; /* native: writes in the letters and the language of the country */
    const demo_people *people;
    const demo_name *given, *second, *family, *city, *school;
    int64_t registered; /* seconds since 1970 */
} demo_person;

void demo_person_of(demo_person *out, const demo_world *world, uint64_t slot);
/* Country, name, city and school alone. */
void demo_person_draw(demo_person *out, demo_random *random);

void demo_put_name(ybb_buffer *to, const demo_person *person, bool native);
void demo_put_email(ybb_buffer *to, const demo_person *person, demo_random *random);
/* The ASCII letters and digits of a name, in lower case. */
void demo_put_slug(ybb_buffer *to, const char *name);
/* @pattern of demo_words.h with its places filled. */
void demo_put_pattern(ybb_buffer *to, const char *pattern, const demo_person *person,
                      const char *topic, demo_random *random);
/* @count (at most DEMO_SENTENCES) different sentences of the person. */
void demo_put_sentences(ybb_buffer *to, const demo_person *person, unsigned count,
                        demo_random *random);
/* What ambassador number @ambassador gives to those who register; false: that one has no code. */
bool demo_put_ref_code(ybb_buffer *to, uint32_t ambassador);

/* At least @digits decimal digits, zeros before the number. */
void demo_put_digits(ybb_buffer *to, uint64_t number, unsigned digits);
/* "2025-07-23 15:30:00", or the day alone. */
void demo_put_moment(ybb_buffer *to, int64_t seconds);
void demo_put_day(ybb_buffer *to, int64_t days);

#endif
