/*
 * run/work: an export that this process carries out: what the conductor needs, gathered once.
 */
#ifndef YBB_RUN_WORK_H
#define YBB_RUN_WORK_H

#include "base/random.h"
#include "db/db.h"
#include "pool/pool.h"
#include "run/catalog_shelf.h"
#include "run/ledger.h"

typedef struct ybb_work {
    ybb_task task; /* the conductor on the pool */
    struct ybb_work *next;
    char id[YBB_ID_TEXT];
    ybb_edition *edition; /* held: request and plan point into its catalog */
    ybb_request *request; /* owned */
    ybb_plan *plan;       /* owned */
    /* The exporter's; they outlive the work. */
    const struct ybb_config *config;
    ybb_pool *pool;
    ybb_ledger *ledger;
    ybb_monitor *guard;
    ybb_db *db; /* while it is connected; set and read under guard */
} ybb_work;

void ybb__work_free(ybb_work *work);

/* Carries the export out, from its begin to its end in the ledger. Runs on the pool. */
void ybb__work_conduct(ybb_task *task);

#endif
