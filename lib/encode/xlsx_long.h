/*
 * encode/xlsx_long: the sheet "Long texts". A cell holds 32,767 units of UTF-16; what a text has
 * more stands here, in as many parts as it takes, each with the row and the column it belongs to.
 * Put behind one another, the cell (without the words that point here) and its parts are the text.
 *
 * Such texts are rare, so the owner of the encoder writes this sheet at commit, where the rows'
 * order is known. It waits in spools until the sheets before it are whole.
 */
#ifndef YBB_ENCODE_XLSX_LONG_H
#define YBB_ENCODE_XLSX_LONG_H

#include "encode/spool.h"
#include "encode/xlsx_rows.h"
#include "encode/xlsx_skeleton.h"

/* What the sheet is made with; borrowed. */
typedef struct ybb_xlsx_long_plan {
    const ybb_file_plan *file;
    const ybb_skeleton *skeleton;
    char *const *sheet_names; /* [sheets] */
    uint32_t sheets;
    uint64_t first_string; /* the number of its first shared string */
    ybb_chain chain;
    bool inline_texts;
    int spool_directory;
} ybb_xlsx_long_plan;

typedef struct ybb_xlsx_long ybb_xlsx_long;

/* NULL on failure. */
ybb_status ybb__xlsx_long_new(ybb_xlsx_long **out, const ybb_xlsx_long_plan *plan,
                              ybb_error *error);
void ybb__xlsx_long_free(ybb_xlsx_long *sheet);
/* Adds the rests that a piece left. */
ybb_status ybb__xlsx_long_add(ybb_xlsx_long *sheet, const ybb_buffer *overflow, ybb_error *error);
/* What it has: columns, and rows below its header. */
uint32_t ybb__xlsx_long_columns(const ybb_xlsx_long *sheet);
uint64_t ybb__xlsx_long_rows(const ybb_xlsx_long *sheet);
/* How many shared strings it has. */
uint64_t ybb__xlsx_long_strings(const ybb_xlsx_long *sheet);
/* Its rows, header included, and its shared strings, for the open entry of @zip. */
ybb_status ybb__xlsx_long_play_rows(const ybb_xlsx_long *sheet, ybb_zip *zip, ybb_error *error);
ybb_status ybb__xlsx_long_play_strings(const ybb_xlsx_long *sheet, ybb_zip *zip, ybb_error *error);

#endif
