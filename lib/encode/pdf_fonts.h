/*
 * encode/pdf_fonts: the fonts of a PDF file: found in the installation's list, looked up by
 * character, in the order of the list.
 *
 * Widths are in thousandths of the type size, as PDF has them. Once opened nothing changes but what
 * HarfBuzz fills on the way, so that any number of threads may shape with the same fonts.
 */
#ifndef YBB_ENCODE_PDF_FONTS_H
#define YBB_ENCODE_PDF_FONTS_H

#include <hb.h>

#include "encode/pdf_font_file.h"
#include "model/config.h"

enum {
    YBB_PDF_MOST_FONTS = 64,
    YBB_PDF_EM = 1000,
    YBB_PDF_NO_WIDTH = 0xFFFF,
    YBB_PDF_LATIN_END = 0x530, /* Latin, Greek, Cyrillic */
    YBB_PDF_MORE_LATIN = 0x1E00,
    YBB_PDF_MORE_LATIN_END = 0x1F00, /* Vietnamese */
    YBB_PDF_QUICK = YBB_PDF_LATIN_END + YBB_PDF_MORE_LATIN_END - YBB_PDF_MORE_LATIN
};

typedef enum ybb_pdf_style { YBB_PDF_REGULAR, YBB_PDF_BOLD, YBB_PDF_STYLES } ybb_pdf_style;

typedef struct ybb_pdf_font {
    hb_face_t *face;
    hb_font_t *font; /* its scale is YBB_PDF_EM */
    ybb_pdf_font_file file;
    bool cff;       /* outlines in a table CFF: a CID is a glyph's number */
    bool cid_keyed; /* and a subset remembers it */
} ybb_pdf_font;

/* The fonts of one style in the order in which they are asked for a character. */
typedef struct ybb_pdf_chain {
    uint8_t fonts[YBB_PDF_MOST_FONTS];
    uint32_t count;
    /* Of the first of them: the widths of characters that need no shaping. */
    uint16_t quick[YBB_PDF_QUICK];
} ybb_pdf_chain;

typedef struct ybb_pdf_fonts {
    ybb_pdf_font items[YBB_PDF_MOST_FONTS];
    uint32_t count;
    ybb_pdf_chain chains[YBB_PDF_STYLES];
} ybb_pdf_fonts;

/* Opens those of the list that are there. YBB_UNSUPPORTED where none is that has the letters of
 * English, with the package to install; YBB_NO_MEMORY. To be freed in either case. */
ybb_status ybb__pdf_fonts_open(ybb_pdf_fonts *out, const ybb_pdf_font_list *list, ybb_error *error);
void ybb__pdf_fonts_free(ybb_pdf_fonts *fonts);

/* Takes all that was seen of their files out of memory; it comes back where somebody looks again.
 */
void ybb__pdf_fonts_rest(const ybb_pdf_fonts *fonts);

/* The first font of the style that has the character; -1: none. *@glyph is its number there. */
int ybb__pdf_font_of(const ybb_pdf_fonts *fonts, ybb_pdf_style style, uint32_t code_point,
                     hb_codepoint_t *glyph);

/* The place in ybb_pdf_chain.quick; YBB_PDF_QUICK for all characters that have none. */
static inline uint32_t ybb__pdf_quick(uint32_t code_point)
{
    if (code_point < YBB_PDF_LATIN_END)
        return code_point;
    if (code_point >= YBB_PDF_MORE_LATIN && code_point < YBB_PDF_MORE_LATIN_END)
        return YBB_PDF_LATIN_END + code_point - YBB_PDF_MORE_LATIN;
    return YBB_PDF_QUICK;
}

#endif
