/*
 * model/catalog_builtin: the documents of lib/model/catalog/, put into the library when it is
 * built.
 */
#ifndef YBB_MODEL_CATALOG_BUILTIN_H
#define YBB_MODEL_CATALOG_BUILTIN_H

#include "model/catalog.h"

/* In the order in which they are read; *@count of them. */
const ybb_document *ybb__catalog_builtin(uint32_t *count);

#endif
