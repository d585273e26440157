/*
 * run/mailer: sends the mail about exports that have ended, one after the other, on a thread of its
 * own: no encoding thread, no place of a class and no export's end ever waits for a mail server.
 */
#ifndef YBB_RUN_MAILER_H
#define YBB_RUN_MAILER_H

#include "run/work.h"

typedef struct ybb_mailer ybb_mailer;

/* Whether mail is sent by processes of this configuration. */
bool ybb__mailer_is_on(const struct ybb_config *config);

/* @works is borrowed; its guard guards what follows. NULL: no memory. */
ybb_mailer *ybb__mailer_new(const ybb_works *works);
void ybb__mailer_free(ybb_mailer *mailer);

/* Has what is due be sent in the name of an owner (copied), on a thread of @threads, unless that is
 * being done. False: no thread can be started. Under guard. */
bool ybb__mailer_start(ybb_mailer *mailer, ybb_pool *threads, const char *token);
/* Whether it sends. Under guard. */
bool ybb__mailer_is_busy(const ybb_mailer *mailer);
/* Leaves what it sends to others. Under guard. */
void ybb__mailer_recall(ybb_mailer *mailer);

#endif
