#include "model/catalog_builtin.h"

/* Made by catalog_embed.sh: one array of bytes for each document, and `documents` over them. */
#include "model/catalog_builtin.inc"

const ybb_document *ybb__catalog_builtin(uint32_t *count)
{
    *count = sizeof(documents) / sizeof(documents[0]);
    return documents;
}
