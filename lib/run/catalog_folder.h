/*
 * run/catalog_folder: the catalog of an installation: the built-in documents and those in its
 * folder.
 *
 * Documents are files named *.json. They are read in the order of their names' bytes, and behind
 * them those named *.template.json: templates that were added at run time and are to hold against
 * all others.
 */
#ifndef YBB_RUN_CATALOG_FOLDER_H
#define YBB_RUN_CATALOG_FOLDER_H

#include "model/catalog.h"

/* What the name of a file of one added template ends in, behind the template's own. */
#define YBB_TEMPLATE_SUFFIX ".template.json"

/* @folder NULL: the built-in documents alone. @added, which may be NULL, is read behind all files
 * and in place of that for template @key. */
ybb_status ybb__catalog_load(ybb_catalog **out, const char *folder, const ybb_document *added,
                             const char *key, ybb_error *error);

/* A number that is another one when the folder's documents are others, by their names, sizes and
 * times; nothing is read. 0 where that cannot be told: the folder cannot be listed, or it changed
 * within the last second, when another change could have the same time. */
uint64_t ybb__catalog_fingerprint(const char *folder);

#endif
