/*
 * run/resume: what an export has already, from an owner before: whole files behind which its rows
 * go on.
 */
#ifndef YBB_RUN_RESUME_H
#define YBB_RUN_RESUME_H

#include "db/cursor.h"
#include "run/work.h"

enum { YBB_CONSISTENCY_TEXT = 24 };

/* How many of its first files are on the disk as the record says. */
uint32_t ybb__resume_count(const ybb_work *work);
/* Where reading goes on behind the first @kept files. Borrows from the work. */
ybb_cursor_start ybb__resume_start(const ybb_work *work, uint32_t kept);
/* Whether @chunks, cut anew for an export in groups, still are those of the first @kept files. */
bool ybb__resume_fits(const ybb_work *work, uint32_t kept, const ybb_chunk *chunks);
/* "snapshot", or "resumed:<first file of the new snapshot>". */
void ybb__resume_consistency(char out[YBB_CONSISTENCY_TEXT], uint32_t kept);
/* Adds what their ledgers of repaired cells have. */
void ybb__resume_notes(const ybb_work *work, uint32_t kept, ybb_notes *notes);

#endif
