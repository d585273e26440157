/*
 * cli/demo_words: names, places and sentences that the demo data is put together from. All of it is
 * invented: no person, institution, address or account is meant.
 */
#ifndef YBB_CLI_DEMO_WORDS_H
#define YBB_CLI_DEMO_WORDS_H

typedef enum demo_language {
    DEMO_ENGLISH,
    DEMO_INDONESIAN,
    DEMO_ARABIC,
    DEMO_CHINESE,
    DEMO_JAPANESE,
    DEMO_KOREAN,
    DEMO_RUSSIAN,
    DEMO_VIETNAMESE,
    DEMO_LANGUAGES
} demo_language;

/* A name as its owner writes it, and in the letters of an e-mail address. */
typedef struct demo_name {
    const char *native, *latin;
} demo_name;

typedef enum demo_name_order {
    DEMO_TWO_GIVEN,    /* Putri Ayu Lestari */
    DEMO_GIVEN_FIRST,  /* Adaeze Okonkwo */
    DEMO_FAMILY_FIRST, /* Nguyen Thi Lan: family, middle, given */
    DEMO_FAMILY_SPACE, /* Sato Yui: family, given */
    DEMO_JOINED        /* the same without the space, in native letters */
} demo_name_order;

enum { DEMO_GIVEN = 10, DEMO_FAMILIES = 12, DEMO_CITIES = 6, DEMO_SCHOOLS = 6, DEMO_ADDRESSES = 3 };

/* The people of a country. In addresses {c} is a city, {n} a house number, {p} a postal code. */
typedef struct demo_people {
    const char *country, *code, *calling;
    unsigned weight;         /* how many of 1,000 participants */
    unsigned native_percent; /* how many of 100 write in their own letters and language */
    demo_language language;
    demo_name_order order;
    demo_name women[DEMO_GIVEN], men[DEMO_GIVEN], families[DEMO_FAMILIES];
    demo_name cities[DEMO_CITIES], schools[DEMO_SCHOOLS];
    const char *addresses[DEMO_ADDRESSES];
} demo_people;

extern const demo_people demo_peoples[];
extern const unsigned demo_people_count;

enum { DEMO_SENTENCES = 16, DEMO_TOPICS = 12 };

/* What essays are made of. In sentences {t} is a topic, {c} a city, {o} a school, {n} a number from
 * 3 to 80 and {y} a year. */
typedef struct demo_prose {
    const char *sentences[DEMO_SENTENCES];
    const char *topics[DEMO_TOPICS];
    const char *gap; /* between two sentences */
} demo_prose;

extern const demo_prose demo_proses[DEMO_LANGUAGES];

/* Texts that break careless exports, and still are what people type into forms. */
extern const char *const demo_oddities[];
extern const unsigned demo_oddity_count;

#endif
