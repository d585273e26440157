/*
 * encode/xml_text: texts of other people as content of a spreadsheet's XML (ECMA-376 part
 * 1, 22.9.2.19): characters that XML cannot have are written _xHHHH_, and a text that looks like
 * that is written so that it reads back as itself. Ill-formed UTF-8 becomes U+FFFD.
 */
#ifndef YBB_ENCODE_XML_TEXT_H
#define YBB_ENCODE_XML_TEXT_H

#include "encode/pen.h"

/* Units of UTF-16 that a cell may have, and what _xHHHH_ counts, which some readers count as it
 * stands. */
enum { YBB_CELL_UNITS = 32767, YBB_ESCAPE_UNITS = 7 };

typedef struct ybb_xml_marks {
    size_t escapes;  /* _xHHHH_ written */
    size_t replaced; /* U+FFFD written for bytes that are no character */
} ybb_xml_marks;

/* Appends the text; what was done to it is added to @marks. False without memory. */
bool ybb__xml_text(ybb_pen *pen, const char *at, size_t length, ybb_xml_marks *marks);
static inline bool ybb__xml_is_blank(char c)
{
    return c == ' ' || c == '\t' || c == '\n';
}

/* Whether the text begins or ends with white space, so that it needs xml:space="preserve". */
static inline bool ybb__xml_needs_preserve(const char *at, size_t length)
{
    return length > 0 && (ybb__xml_is_blank(at[0]) || ybb__xml_is_blank(at[length - 1]));
}

/* The most bytes of a prefix of whole characters that takes at most @units units; an escape counts
 * as it is written. */
size_t ybb__xml_fit(const char *at, size_t length, size_t units);

#endif
