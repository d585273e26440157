/*
 * run/repairs: the ledger of the cells of one output that did not go into it just as they are:
 * moved to another sheet, cleaned of bytes that are no text, guarded against being run.
 *
 * It is a file beside the output, "<its name>.repairs.jsonl", one JSON object a line, made only
 * where there is something to tell. The archive's manifest has all lines of all files.
 */
#ifndef YBB_RUN_REPAIRS_H
#define YBB_RUN_REPAIRS_H

#include "encode/encoder.h"
#include "store/files.h"

/* Zeroed memory is an empty ledger. */
typedef struct ybb_repairs {
    ybb_file *file; /* NULL: nothing to tell yet */
} ybb_repairs;

/* Adds what a piece tells. @name is the output's. */
ybb_status ybb__repairs_add(ybb_repairs *repairs, const ybb_piece *piece, const ybb_plan *plan,
                            ybb_folder *folder, const char *name, ybb_error *error);
/* The output has the name @name now, and so have all lines. */
ybb_status ybb__repairs_rename(ybb_repairs *repairs, ybb_folder *folder, const char *name,
                               ybb_error *error);
/* Nothing more is added. Where there is nothing to tell, but a ledger of another one who worked on
 * the output @name, an empty one is to take its place. */
ybb_status ybb__repairs_close(ybb_repairs *repairs, ybb_folder *folder, const char *name,
                              ybb_error *error);
/* Makes the ledger durable and visible, if there is one. */
ybb_status ybb__repairs_publish(ybb_repairs *repairs, ybb_error *error);
/* Removes it unless it was published. */
void ybb__repairs_free(ybb_repairs *repairs);

/* Whether @name is the ledger's of the output @output. */
bool ybb__repairs_is_of(const char *name, const char *output);
/* Adds to @notes what the ledger of the output @name has; as far as it can be read. */
void ybb__repairs_count(const ybb_folder *folder, const char *name, ybb_notes *notes);

/* Appends the lines of the output @name, commas between them, to the JSON array in @to, which has
 * @some already; *@some is then true if there was one. They name the file as @shown. */
ybb_status ybb__repairs_copy(ybb_file *to, const ybb_folder *folder, const char *name,
                             const char *shown, bool *some, ybb_error *error);

#endif
