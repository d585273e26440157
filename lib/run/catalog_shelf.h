/*
 * run/catalog_shelf: the newest catalog of an exporter, and the older ones that exports still use.
 *
 * Whoever needs a catalog takes the newest edition and gives it back; an edition that is no longer
 * the newest goes with the last who holds it. So there are never more than exports in hand, and
 * one.
 */
#ifndef YBB_RUN_CATALOG_SHELF_H
#define YBB_RUN_CATALOG_SHELF_H

#include "model/catalog.h"

typedef struct ybb_shelf ybb_shelf;
typedef struct ybb_edition ybb_edition; /* a catalog and how many hold it */

/* Loads the catalog. @folder may be NULL; it is borrowed and outlives the shelf. */
ybb_status ybb__shelf_open(ybb_shelf **out, const char *folder, ybb_error *error);
/* @ours: false in a forked child, where the parent's lock may be held for ever. Editions that are
 * held stay. */
void ybb__shelf_free(ybb_shelf *shelf, bool ours);

/* The catalog of the folder as it is now, held for the caller. A folder that changed and is not
 * valid any more is YBB_INVALID_CATALOG, as it would be when opening. Any thread. */
ybb_status ybb__shelf_take(ybb_edition **out, ybb_shelf *shelf, ybb_error *error);
const ybb_catalog *ybb__edition_catalog(const ybb_edition *edition);
/* Any thread; NULL is fine. */
void ybb__edition_give_back(ybb_edition *edition);

#endif
