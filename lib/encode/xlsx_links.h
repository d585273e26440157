/*
 * encode/xlsx_links: the links of a book's sheets. Their elements stand behind the rows of a sheet,
 * and the addresses in a part of their own behind that; both wait in spools.
 */
#ifndef YBB_ENCODE_XLSX_LINKS_H
#define YBB_ENCODE_XLSX_LINKS_H

#include "encode/encoder.h"
#include "encode/spool.h"

typedef struct ybb_xlsx_links ybb_xlsx_links;

/* For @sheets sheets. NULL: no memory. */
ybb_xlsx_links *ybb__xlsx_links_new(uint32_t sheets, int spool_directory);
void ybb__xlsx_links_free(ybb_xlsx_links *links);
/* Adds what a piece of sheet @number (from 1) has. */
ybb_status ybb__xlsx_links_add(ybb_xlsx_links *links, uint32_t number, const ybb_piece *piece,
                               ybb_error *error);
bool ybb__xlsx_links_has(const ybb_xlsx_links *links, uint32_t number);
/* The elements and the relationships of a sheet, for the open entry of @zip. */
ybb_status ybb__xlsx_links_play(const ybb_xlsx_links *links, uint32_t number, ybb_zip *zip,
                                ybb_error *error);
ybb_status ybb__xlsx_links_play_relations(const ybb_xlsx_links *links, uint32_t number,
                                          ybb_zip *zip, ybb_error *error);

#endif
