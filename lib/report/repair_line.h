/*
 * report/repair_line: one line of the ledger of repaired cells, a JSON object.
 */
#ifndef YBB_REPORT_REPAIR_LINE_H
#define YBB_REPORT_REPAIR_LINE_H

#include "base/buffer.h"

#include <stdint.h>

/* Appends {"file_name":...,"record":...,"column":...,"repair":...}, without a line end. Running out
 * of memory is remembered by the buffer. */
void ybb__repair_line(ybb_buffer *out, const char *file_name, uint64_t record, const char *column,
                      const char *repair);
/* Appends @line, which the above made, with another file's name. */
void ybb__repair_line_of(ybb_buffer *out, const char *line, const char *file_name);

#endif
