#include "encode/pdf_fonts.h"

#include "base/text.h"

#include <stdlib.h>
#include <string.h>

static bool has_table(hb_face_t *face, hb_tag_t tag)
{
    hb_blob_t *table = hb_face_reference_table(face, tag);
    bool has = hb_blob_get_length(table) > 0;
    hb_blob_destroy(table);
    return has;
}

/* Behind the header of a CFF table come an index of names and one of dictionaries; the first
 * operator of the first dictionary is ROS (12 30) in fonts whose glyphs have CIDs, and only there.
 */
static bool is_cid_keyed(hb_face_t *face)
{
    enum { ESCAPE = 12, ROS = 30, HEAD = 5, SHORT = 28, LONG = 29, REAL = 30, OPERATORS = 22 };
    unsigned length = 0;
    bool found = false;
    hb_blob_t *table = hb_face_reference_table(face, HB_TAG('C', 'F', 'F', ' '));
    const unsigned char *at = (const unsigned char *)hb_blob_get_data(table, &length);
    size_t place = length > HEAD ? at[2] : length;
    for (int index = 0; index < 2 && place + HEAD < length; index++) {
        size_t count = (size_t)at[place] << 8 | at[place + 1], width = at[place + 2], end = 0;
        size_t offsets = place + 3, data = offsets + (count + 1) * width - 1;
        for (size_t i = 0; i < width && offsets + count * width + i < length; i++)
            end = end << 8 | at[offsets + count * width + i];
        place = data + (index == 0 ? end : 1);
    }
    while (place + 1 < length && at[place] >= OPERATORS && at[place] != REAL)
        place += at[place] == SHORT ? 3 : at[place] == LONG ? 5 : at[place] < 247 ? 1 : 2;
    found = place + 1 < length && at[place] == ESCAPE && at[place + 1] == ROS;
    hb_blob_destroy(table);
    return found;
}

/* "font.ttc#2" is the third font of a collection. */
static hb_face_t *open_face(ybb_pdf_font_file *bytes, const char *path)
{
    uint64_t index = 0;
    const char *mark = strrchr(path, '#');
    size_t length = mark != NULL ? (size_t)(mark - path) : strlen(path);
    if (mark != NULL && !ybb__text_to_u64(mark + 1, strlen(mark + 1), &index))
        return NULL;
    char *file = strndup(path, length);
    hb_blob_t *blob = file != NULL ? ybb__pdf_font_file_open(bytes, file) : NULL;
    free(file);
    if (blob == NULL)
        return NULL;
    hb_face_t *face = hb_face_create(blob, (unsigned)index);
    hb_blob_destroy(blob);
    return face;
}

/* Adds the font if it is there and has outlines that a PDF file can hold. */
static void add_font(ybb_pdf_fonts *fonts, const char *path)
{
    ybb_pdf_font_file file;
    hb_face_t *face = open_face(&file, path);
    if (face == NULL)
        return;
    bool cff = has_table(face, HB_TAG('C', 'F', 'F', ' '));
    if (hb_face_get_glyph_count(face) == 0 ||
        (!cff && !has_table(face, HB_TAG('g', 'l', 'y', 'f')))) {
        hb_face_destroy(face);
        return;
    }
    ybb_pdf_font *font = &fonts->items[fonts->count++];
    font->file = file;
    font->cff = cff;
    font->cid_keyed = cff && is_cid_keyed(face);
    font->face = face;
    hb_face_make_immutable(face);
    font->font = hb_font_create(face);
    hb_font_set_scale(font->font, YBB_PDF_EM, YBB_PDF_EM);
    hb_font_make_immutable(font->font);
}

static void add_fonts(ybb_pdf_fonts *fonts, const ybb_texts *paths, ybb_pdf_chain *chain)
{
    for (uint32_t i = 0; i < paths->count && fonts->count < YBB_PDF_MOST_FONTS; i++) {
        uint32_t before = fonts->count;
        add_font(fonts, paths->items[i]);
        if (fonts->count > before)
            chain->fonts[chain->count++] = (uint8_t)before;
    }
}

/* Combining marks need shaping; what no line shows needs it as well. */
static bool is_quick(uint32_t code_point)
{
    return code_point >= 0x20 && !(code_point >= 0x7F && code_point < 0xA0) && code_point != 0xAD &&
           !(code_point >= 0x300 && code_point < 0x370) &&
           !(code_point >= 0x483 && code_point < 0x48A);
}

static void measure(ybb_pdf_chain *chain, const ybb_pdf_fonts *fonts)
{
    hb_font_t *font = fonts->items[chain->fonts[0]].font;
    for (uint32_t i = 0; i < YBB_PDF_QUICK; i++) {
        uint32_t code_point =
            i < YBB_PDF_LATIN_END ? i : YBB_PDF_MORE_LATIN + i - YBB_PDF_LATIN_END;
        hb_codepoint_t glyph;
        chain->quick[i] = YBB_PDF_NO_WIDTH;
        if (is_quick(code_point) && hb_font_get_nominal_glyph(font, code_point, &glyph))
            chain->quick[i] = (uint16_t)hb_font_get_glyph_h_advance(font, glyph);
    }
}

/* Page numbers and the labels of the installation are written with the first font. */
static bool has_english(const ybb_pdf_chain *chain)
{
    for (uint32_t i = ' '; i <= '~'; i++)
        if (chain->quick[i] == YBB_PDF_NO_WIDTH)
            return false;
    return true;
}

static ybb_status check(ybb_pdf_fonts *fonts, ybb_error *error)
{
    ybb_pdf_chain *regular = &fonts->chains[YBB_PDF_REGULAR];
    if (regular->count > 0) {
        measure(regular, fonts);
        measure(&fonts->chains[YBB_PDF_BOLD], fonts);
    }
    if (regular->count > 0 && has_english(regular) && has_english(&fonts->chains[YBB_PDF_BOLD]))
        return YBB_OK;
    return ybb__fail(error, YBB_UNSUPPORTED,
                     "no font for PDF files: the first of pdf_fonts that is there must have the "
                     "letters of English; on Debian and Ubuntu install fonts-dejavu-core");
}

ybb_status ybb__pdf_fonts_open(ybb_pdf_fonts *out, const ybb_pdf_font_list *list, ybb_error *error)
{
    memset(out, 0, sizeof(*out));
    ybb_pdf_chain *regular = &out->chains[YBB_PDF_REGULAR], *bold = &out->chains[YBB_PDF_BOLD];
    add_fonts(out, &list->bold, bold);
    add_fonts(out, &list->regular, regular);
    memcpy(bold->fonts + bold->count, regular->fonts, regular->count);
    bold->count += regular->count;
    return check(out, error);
}

void ybb__pdf_fonts_free(ybb_pdf_fonts *fonts)
{
    for (uint32_t i = 0; i < fonts->count; i++) {
        hb_font_destroy(fonts->items[i].font);
        hb_face_destroy(fonts->items[i].face);
    }
    fonts->count = 0;
}

void ybb__pdf_fonts_rest(const ybb_pdf_fonts *fonts)
{
    for (uint32_t i = 0; i < fonts->count; i++)
        ybb__pdf_font_file_rest(&fonts->items[i].file);
}

int ybb__pdf_font_of(const ybb_pdf_fonts *fonts, ybb_pdf_style style, uint32_t code_point,
                     hb_codepoint_t *glyph)
{
    const ybb_pdf_chain *chain = &fonts->chains[style];
    for (uint32_t i = 0; i < chain->count; i++)
        if (hb_font_get_nominal_glyph(fonts->items[chain->fonts[i]].font, code_point, glyph))
            return chain->fonts[i];
    *glyph = 0;
    return -1;
}
