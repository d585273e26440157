/*
 * run/exporter_inner: what the files of the exporter share.
 */
#ifndef YBB_RUN_EXPORTER_INNER_H
#define YBB_RUN_EXPORTER_INNER_H

#include "model/request.h"
#include "report/response.h"
#include "run/exporter.h"
#include "run/crew.h"

#include <stdatomic.h>
#include <sys/types.h>

struct ybb_exporter {
    struct ybb_config config;
    ybb_shelf *shelf; /* its folder is the config's */
    ybb_journal journal;
    char *store_dsn;
    ybb_jobstore_settings store;
    ybb_monitor *guard;
    ybb_ledger *clients; /* under guard until it is made; NULL: not needed yet */
    ybb_crew *crew;      /* likewise */
    /* The process whose threads run exports; 0: none yet. Read without the guard, for in a forked
     * child that may never be free. */
    _Atomic pid_t owner;
};

/* YBB_FORKED for an exporter that is a parent's: it may have locks that are held for ever. */
ybb_status ybb__exporter_check(const ybb_exporter *exporter, ybb_error *error);
/* Makes what asks the job store, and what runs exports, where they are missing. */
ybb_status ybb__exporter_clients(ybb_exporter *exporter, ybb_ledger **out, ybb_error *error);
ybb_status ybb__exporter_crew(ybb_exporter *exporter, ybb_crew **out, ybb_error *error);
/* The crew there is, or NULL. */
ybb_crew *ybb__exporter_running(ybb_exporter *exporter);
/* The job store, to be left by ybb__ledger_leave(): over the crew's connection where that is there
 * and nobody uses it, which spares making one, or over the one of those who ask. */
ybb_status ybb__exporter_enter(ybb_exporter *exporter, ybb_ledger **ledger, ybb_jobstore **store,
                               ybb_error *error);
/* The job's record, of @owner (NULL: of anybody), in zeroed *@job. */
ybb_status ybb__exporter_load(ybb_exporter *exporter, const char *id, const char *owner,
                              ybb_job *job, ybb_error *error);
/* Whether an export is to run in this process. Those that somebody waits for do so even beside a
 * worker; a stream runs where it is read. */
ybb_status ybb__exporter_runs_here(ybb_exporter *exporter, bool waited_for, bool stream, bool *here,
                                   ybb_error *error);
/* How answers show things. */
ybb_response_context ybb__exporter_context(const ybb_exporter *exporter);

/* A request that was checked and planned, see start.c. */
typedef struct ybb_inquiry {
    ybb_edition *edition;
    ybb_request *request;
    ybb_plan *plan;
    ybb_delivery delivery; /* of as many records as there are now */
    ybb_counted source;    /* by which they were counted */
    ybb_crew *expecting;   /* who was told that it is coming, and is not woken yet; or NULL */
} ybb_inquiry;

/* Checks a request and counts what it asks for. @out, zeroed, is released in any case. */
ybb_status ybb__inquire(ybb_inquiry *out, ybb_exporter *exporter, const ybb_asking *asking,
                        ybb_error *error);
void ybb__inquiry_release(ybb_inquiry *inquiry);

#endif
