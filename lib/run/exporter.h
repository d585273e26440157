/*
 * run/exporter: an opened configuration and the exports that this process carries out.
 *
 * The pool and the ledger are made when the first export starts, so that a process may fork before.
 * After that the exporter belongs to the process that started it: in a forked child, starting answers
 * YBB_FORKED and freeing only forgets.
 */
#ifndef YBB_RUN_EXPORTER_H
#define YBB_RUN_EXPORTER_H

#include "base/error.h"
#include "ybbexport.h"

/* As the public functions of these names; arguments are checked there. */
ybb_status ybb__exporter_open(ybb_exporter **out, const ybb_config *config, ybb_error *error);
void ybb__exporter_free(ybb_exporter *exporter);
ybb_status ybb__exporter_start(char *id, ybb_exporter *exporter, const char *request,
                               size_t length, ybb_error *error);
/* @fn, when not NULL, is called with the progress on this thread. */
ybb_status ybb__exporter_wait(ybb_exporter *exporter, const char *id, int timeout_ms,
                              ybb_progress_fn fn, void *user, ybb_error *error);
void ybb__exporter_cancel(ybb_exporter *exporter, const char *id);
ybb_status ybb__exporter_status(char **json, ybb_exporter *exporter, const char *id,
                                ybb_error *error);
ybb_status ybb__exporter_chunks(char **json, ybb_exporter *exporter, const char *id,
                                ybb_error *error);
ybb_status ybb__exporter_templates(char **json, ybb_exporter *exporter, ybb_error *error);
ybb_status ybb__exporter_template_add(ybb_exporter *exporter, const char *json, size_t length,
                                      ybb_error *error);

#endif
