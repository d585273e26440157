/*
 * encode/xlsx_widths: how wide a sheet's columns are.
 */
#ifndef YBB_ENCODE_XLSX_WIDTHS_H
#define YBB_ENCODE_XLSX_WIDTHS_H

#include "encode/looks.h"
#include "encode/xlsx_names.h"

/* Sets @widths, one for each column, in characters: as the catalog says, else as wide as what the
 * first rows of the file's first slice hold (@slice; NULL: it has none). No column is narrower than
 * its header, and none so wide that the others are out of sight. */
ybb_status ybb__xlsx_widths(double *widths, const ybb_file_plan *file, const ybb_looks *looks,
                            const ybb_xlsx_header *headers, const ybb_slice *slice,
                            ybb_error *error);

#endif
