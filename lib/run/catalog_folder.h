/*
 * run/catalog_folder: the catalog of an installation: the built-in documents and those in its folder.
 */
#ifndef YBB_RUN_CATALOG_FOLDER_H
#define YBB_RUN_CATALOG_FOLDER_H

#include "model/catalog.h"

/* @folder NULL: the built-in documents alone. Files named *.json are read in the order of their names. */
ybb_status ybb__catalog_load(ybb_catalog **out, const char *folder, ybb_error *error);

#endif
