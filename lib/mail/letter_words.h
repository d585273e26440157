/*
 * mail/letter_words: the words of a letter, in each language.
 */
#ifndef YBB_MAIL_LETTER_WORDS_H
#define YBB_MAIL_LETTER_WORDS_H

#include "model/catalog.h"

typedef struct ybb_letter_words {
    const char *tag;                   /* of the language (RFC 5646) */
    const char *ready, *failed;        /* the begin of the subject */
    const char *is_ready, *has_failed; /* the first line */
    const char *no_record;             /* in its place where no record met the filters */
    const char *type, *template_, *format, *records, *code, *number; /* labels */
    const char *links;                                               /* before the links */
    const char *more;      /* before the count of files without one */
    const char *until;     /* before the end of their time */
    const char *warning;   /* behind the links */
    const char *hint;      /* what to do about a failure */
    const char *automatic; /* the last line */
} ybb_letter_words;

extern const ybb_letter_words ybb__letter_words[YBB_LANGUAGES];

#endif
