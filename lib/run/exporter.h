/*
 * run/exporter: an opened configuration: its catalog, its job store, and what runs exports in this
 * process.
 *
 * The crew is made when the first export is to run here, so that a process may fork before. After
 * that the exporter belongs to the process that made it: in a forked child every call answers
 * YBB_FORKED and freeing only forgets.
 */
#ifndef YBB_RUN_EXPORTER_H
#define YBB_RUN_EXPORTER_H

#include "base/error.h"
#include "base/random.h"
#include "ybbexport.h"

#include <sys/types.h>

/* As the public functions of these names; arguments are checked there. @owner NULL: of anybody. */
ybb_status ybb__exporter_open(ybb_exporter **out, const ybb_config *config, ybb_error *error);
void ybb__exporter_free(ybb_exporter *exporter);
void ybb__exporter_on_log(ybb_exporter *exporter, ybb_log_fn fn, void *user);
ybb_status ybb__exporter_serve(ybb_exporter *exporter, ybb_error *error);
ybb_status ybb__exporter_assist(ybb_exporter *exporter, ybb_error *error);
ybb_status ybb__exporter_stop(ybb_exporter *exporter, int drain_ms, int timeout_ms,
                              ybb_error *error);
unsigned ybb__exporter_count(ybb_exporter *exporter);
ybb_status ybb__exporter_templates(char **json, ybb_exporter *exporter, ybb_error *error);
ybb_status ybb__exporter_template_add(ybb_exporter *exporter, const char *json, size_t length,
                                      ybb_error *error);

/* start.c */
/* What is asked for, and by whom. */
typedef struct ybb_asking {
    const char *request; /* JSON */
    size_t length;
    bool starts;             /* the export; else only what it would be is asked */
    const char *own_address; /* as ybb_export_start_for(); NULL: not known */
} ybb_asking;

typedef struct ybb_started {
    char id[YBB_ID_TEXT];
    bool joined;    /* it was there before it was asked for */
    bool immediate; /* it is carried out in this process, at once */
} ybb_started;

ybb_status ybb__exporter_start(ybb_started *out, ybb_exporter *exporter, const ybb_asking *asking,
                               ybb_error *error);
ybb_status ybb__exporter_estimate(char **json, ybb_exporter *exporter, const char *request,
                                  size_t length, ybb_error *error);

/* ask.c */
/* What is kept of an export's waits from one to the next. Zeroed first. */
typedef struct ybb_watch {
    ybb_progress_fn fn; /* called with the progress on the waiting thread; NULL: nobody */
    void *user;
    int64_t next_call; /* steady clock */
    int64_t look_at;   /* steady clock: when to look at what runs here, too; 0: not looked yet */
    int64_t failing_since; /* steady clock: the store cannot be asked since then; 0: it can */
} ybb_watch;
ybb_status ybb__exporter_wait(ybb_exporter *exporter, const char *id, int timeout_ms,
                              ybb_watch *watch, ybb_error *error);
ybb_status ybb__exporter_wait_mail(ybb_exporter *exporter, const char *id, int timeout_ms,
                                   ybb_error *error);
ybb_status ybb__exporter_status(char **json, ybb_exporter *exporter, const char *id,
                                const char *owner, ybb_error *error);
ybb_status ybb__exporter_chunks(char **json, ybb_exporter *exporter, const char *id,
                                const char *owner, ybb_error *error);
ybb_status ybb__exporter_list(char **json, ybb_exporter *exporter, const char *owner,
                              uint64_t before, uint32_t most, ybb_error *error);
/* @id NULL: of none in particular. */
ybb_status ybb__exporter_queue(char **json, ybb_exporter *exporter, const char *id,
                               const char *owner, ybb_error *error);
ybb_status ybb__exporter_stats(char **json, ybb_exporter *exporter, ybb_error *error);

/* change.c */
ybb_status ybb__exporter_find(ybb_exporter *exporter, const char *id, const char *owner,
                              ybb_error *error);
ybb_status ybb__exporter_cancel(ybb_exporter *exporter, const char *id, const char *owner,
                                ybb_error *error);
ybb_status ybb__exporter_resume(ybb_exporter *exporter, const char *id, const char *owner,
                                ybb_error *error);
ybb_status ybb__exporter_remove(char **json, ybb_exporter *exporter, const char *id,
                                const char *owner, ybb_error *error);

/* stream.c */
ybb_status ybb__exporter_stream(ybb_exporter *exporter, const char *id, const char *owner,
                                ybb_write_fn fn, void *user, ybb_error *error);

/* sweep.c */
ybb_status ybb__exporter_sweep(char **json, ybb_exporter *exporter, ybb_error *error);

/* download.c */
typedef struct ybb_found_file {
    char *path, *name; /* owned */
    const char *media_type;
    uint64_t bytes;
} ybb_found_file;
/* @number as ybb_download_open()'s. @out is zeroed and released by free() of its texts. */
ybb_status ybb__exporter_download(ybb_found_file *out, ybb_exporter *exporter, const char *id,
                                  const char *owner, int number, ybb_error *error);

/* link.c; as ybb_link_sign() and ybb_link_check(). */
ybb_status ybb__exporter_sign(char **signature, ybb_exporter *exporter, const char *id, int number,
                              int64_t seconds, ybb_error *error);
ybb_status ybb__exporter_check_signature(ybb_exporter *exporter, const char *id, int number,
                                         const char *signature, ybb_error *error);

#endif
