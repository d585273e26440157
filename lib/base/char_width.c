#include "base/char_width.h"

#include <unicode/uchar.h>

/* No combining mark has a lower code point, and no wide character. */
enum { FIRST_MARK = 0x0300, SOFT_HYPHEN = 0xAD };

unsigned ybb__char_width(uint32_t code_point)
{
    if (code_point < FIRST_MARK)
        return code_point >= ' ' && code_point != SOFT_HYPHEN;
    switch (u_charType((UChar32)code_point)) {
    case U_NON_SPACING_MARK:
    case U_ENCLOSING_MARK:
    case U_FORMAT_CHAR:
        return 0;
    default:
        break;
    }
    int width = u_getIntPropertyValue((UChar32)code_point, UCHAR_EAST_ASIAN_WIDTH);
    return width == U_EA_WIDE || width == U_EA_FULLWIDTH ? 2 : 1;
}
