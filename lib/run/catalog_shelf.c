#include "run/catalog_shelf.h"

#include "pool/pool.h"
#include "run/catalog_folder.h"

#include <stdatomic.h>
#include <stdlib.h>

struct ybb_edition {
    ybb_catalog *catalog; /* never changes */
    atomic_uint holders;  /* the shelf counts as one while this is the newest */
};

struct ybb_shelf {
    const char *folder;
    ybb_monitor *guard;
    /* Under guard. */
    ybb_edition *newest;
    uint64_t fingerprint; /* of the folder before newest was read from it */
};

const ybb_catalog *ybb__edition_catalog(const ybb_edition *edition)
{
    return edition->catalog;
}

void ybb__edition_give_back(ybb_edition *edition)
{
    if (edition == NULL || atomic_fetch_sub(&edition->holders, 1) != 1)
        return;
    ybb__catalog_free(edition->catalog);
    free(edition);
}

static ybb_status load(ybb_edition **out, const char *folder, ybb_error *error)
{
    ybb_edition *made = calloc(1, sizeof(*made));
    if (made == NULL)
        return ybb__fail_memory(error);
    ybb_status status = ybb__catalog_load(&made->catalog, folder, NULL, NULL, error);
    if (status != YBB_OK) {
        free(made);
        return status;
    }
    atomic_init(&made->holders, 1);
    *out = made;
    return YBB_OK;
}

/* Puts what the folder has now in place of the newest edition, unless that is it. Under guard. */
static ybb_status renew(ybb_shelf *shelf, ybb_error *error)
{
    ybb_edition *made = NULL; /* gcc does not see that it is set */
    if (shelf->folder == NULL && shelf->newest != NULL)
        return YBB_OK;
    uint64_t seen = shelf->folder != NULL ? ybb__catalog_fingerprint(shelf->folder) : 0;
    if (seen != 0 && seen == shelf->fingerprint)
        return YBB_OK;
    ybb_status status = load(&made, shelf->folder, error);
    if (status != YBB_OK)
        return status;
    ybb_edition *old = shelf->newest;
    shelf->newest = made; /* first: a child that is forked now must not find a freed one */
    shelf->fingerprint = seen;
    ybb__edition_give_back(old);
    return YBB_OK;
}

ybb_status ybb__shelf_open(ybb_shelf **out, const char *folder, ybb_error *error)
{
    *out = NULL;
    ybb_shelf *shelf = calloc(1, sizeof(*shelf));
    if (shelf == NULL)
        return ybb__fail_memory(error);
    shelf->folder = folder;
    shelf->guard = ybb__monitor_new();
    ybb_status status = shelf->guard != NULL ? renew(shelf, error) : ybb__fail_memory(error);
    if (status == YBB_OK)
        *out = shelf;
    else
        ybb__shelf_free(shelf, true);
    return status;
}

void ybb__shelf_free(ybb_shelf *shelf, bool ours)
{
    if (shelf == NULL)
        return;
    if (ours)
        ybb__monitor_free(shelf->guard);
    ybb__edition_give_back(shelf->newest);
    free(shelf);
}

ybb_status ybb__shelf_take(ybb_edition **out, ybb_shelf *shelf, ybb_error *error)
{
    *out = NULL;
    ybb__monitor_lock(shelf->guard);
    ybb_status status = renew(shelf, error);
    if (status == YBB_OK) {
        *out = shelf->newest;
        atomic_fetch_add(&shelf->newest->holders, 1);
    }
    ybb__monitor_unlock(shelf->guard);
    return status;
}
