#include "encode/pdf_embed.h"

#include <hb-ot.h>
#include <hb-subset.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void ybb__pdf_embed_free(ybb_pdf_embed *embed)
{
    ybb__buffer_free(&embed->glyphs);
    ybb__buffer_free(&embed->texts);
}

void ybb__pdf_embed_add(ybb_pdf_embed *embed, uint32_t code, uint32_t glyph,
                        const uint32_t *characters, uint32_t count)
{
    const ybb_pdf_embedded added = {code, glyph, (uint32_t)(embed->texts.length / sizeof(uint32_t)),
                                    count};
    ybb__buffer_put(&embed->texts, characters, count * sizeof(uint32_t));
    ybb__buffer_put(&embed->glyphs, &added, sizeof(added));
}

static uint32_t count_of(const ybb_pdf_embed *embed)
{
    return (uint32_t)(embed->glyphs.length / sizeof(ybb_pdf_embedded));
}

static ybb_pdf_embedded *glyphs_of(const ybb_pdf_embed *embed)
{
    return (ybb_pdf_embedded *)(void *)embed->glyphs.at;
}

/* By code; what has the same code stays in its order, which that of the texts tells. */
static int compare(const void *a, const void *b)
{
    const ybb_pdf_embedded *first = a, *second = b;
    if (first->code != second->code)
        return first->code < second->code ? -1 : 1;
    return first->text < second->text ? -1 : first->text > second->text;
}

static void sort(ybb_pdf_embed *embed)
{
    ybb_pdf_embedded *glyphs = glyphs_of(embed);
    uint32_t count = count_of(embed), kept = 0;
    qsort(glyphs, count, sizeof(*glyphs), compare);
    for (uint32_t i = 0; i < count; i++)
        if (kept == 0 || glyphs[kept - 1].code != glyphs[i].code)
            glyphs[kept++] = glyphs[i];
    embed->glyphs.length = kept * sizeof(*glyphs);
}

/* --- the subset --- */

/* Of the tables a viewer needs the outlines alone. */
static void drop_tables(hb_subset_input_t *input)
{
    static const hb_tag_t tables[] = {
        HB_TAG('c', 'm', 'a', 'p'), HB_TAG('n', 'a', 'm', 'e'), HB_TAG('O', 'S', '/', '2'),
        HB_TAG('p', 'o', 's', 't'), HB_TAG('G', 'S', 'U', 'B'), HB_TAG('G', 'P', 'O', 'S'),
        HB_TAG('G', 'D', 'E', 'F'), HB_TAG('B', 'A', 'S', 'E'), HB_TAG('M', 'A', 'T', 'H'),
        HB_TAG('k', 'e', 'r', 'n'), HB_TAG('g', 'a', 's', 'p'), HB_TAG('V', 'O', 'R', 'G'),
        HB_TAG('v', 'h', 'e', 'a'), HB_TAG('v', 'm', 't', 'x'), HB_TAG('S', 'T', 'A', 'T')};
    hb_set_t *drop = hb_subset_input_set(input, HB_SUBSET_SETS_DROP_TABLE_TAG);
    for (size_t i = 0; i < sizeof(tables) / sizeof(tables[0]); i++)
        hb_set_add(drop, tables[i]);
}

/* Glyphs with CFF outlines keep their numbers, which are the file's codes: where they are keyed by
 * CIDs a subset has those beside its own numbers, else the numbers themselves must stay. */
static hb_subset_input_t *make_input(const ybb_pdf_embed *embed)
{
    hb_subset_input_t *input = hb_subset_input_create_or_fail();
    if (input == NULL)
        return NULL;
    unsigned flags = HB_SUBSET_FLAGS_NO_HINTING | HB_SUBSET_FLAGS_NOTDEF_OUTLINE;
    bool stay = embed->cff && !embed->font->cid_keyed;
    hb_subset_input_set_flags(input, stay ? flags | HB_SUBSET_FLAGS_RETAIN_GIDS : flags);
    drop_tables(input);
    for (uint32_t i = 0; i < count_of(embed); i++)
        hb_set_add(hb_subset_input_glyph_set(input), glyphs_of(embed)[i].glyph);
    return input;
}

/* The bytes of the font's program, to be destroyed; NULL: it cannot be made. The glyphs have their
 * numbers in it afterwards. */
static hb_blob_t *make_program(ybb_pdf_embed *embed)
{
    hb_blob_t *program = NULL;
    hb_subset_input_t *input = make_input(embed);
    hb_subset_plan_t *plan =
        input != NULL ? hb_subset_plan_create_or_fail(embed->font->face, input) : NULL;
    hb_face_t *subset = plan != NULL ? hb_subset_plan_execute_or_fail(plan) : NULL;
    if (subset != NULL) {
        const hb_map_t *numbers = hb_subset_plan_old_to_new_glyph_mapping(plan);
        for (uint32_t i = 0; i < count_of(embed); i++)
            glyphs_of(embed)[i].glyph = hb_map_get(numbers, glyphs_of(embed)[i].glyph);
        program = embed->cff ? hb_face_reference_table(subset, HB_TAG('C', 'F', 'F', ' '))
                             : hb_face_reference_blob(subset);
    }
    hb_face_destroy(subset);
    hb_subset_plan_destroy(plan);
    hb_subset_input_destroy(input);
    return program;
}

static ybb_status write_program(ybb_pdf_embed *embed, ybb_pdf_file *file, uint32_t number,
                                ybb_error *error)
{
    char entries[64] = "/Subtype /CIDFontType0C ";
    unsigned length;
    hb_blob_t *program = make_program(embed);
    const char *bytes = program != NULL ? hb_blob_get_data(program, &length) : NULL;
    if (bytes == NULL || length == 0) {
        hb_blob_destroy(program);
        return ybb__fail(error, YBB_INTERNAL, "font %u of pdf_fonts cannot be put into the file",
                         embed->index + 1);
    }
    if (!embed->cff)
        snprintf(entries, sizeof(entries), "/Length1 %u ", length);
    ybb_status status = ybb__pdf_file_stream(file, number, entries, bytes, length, error);
    hb_blob_destroy(program);
    return status;
}

/* --- what describes it --- */

/* A name like "BAAAAA+DejaVuSans": the letters before the sign mark a subset. */
static void put_name(const ybb_pdf_embed *embed, ybb_buffer *out)
{
    char name[64];
    unsigned length = sizeof(name);
    ybb__pdf_put(out, "/%c%cAAAA+", 'A' + (int)(embed->index % 26), 'A' + (int)(embed->index / 26));
    hb_ot_name_get_utf8(embed->font->face, HB_OT_NAME_ID_POSTSCRIPT_NAME, HB_LANGUAGE_INVALID,
                        &length, name);
    if (length == 0 || length >= sizeof(name))
        length = (unsigned)snprintf(name, sizeof(name), "Font%u", embed->index);
    for (unsigned i = 0; i < length; i++) {
        char c = name[i];
        bool plain = (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
        if (plain || c == '-')
            ybb__buffer_put_char(out, c);
    }
}

static ybb_status write_descriptor(const ybb_pdf_embed *embed, ybb_pdf_file *file, uint32_t number,
                                   uint32_t program, ybb_error *error)
{
    enum { SYMBOLIC = 4, STEM = 80 };
    ybb_buffer body = {0};
    hb_font_extents_t extents = {0};
    hb_font_get_h_extents(embed->font->font, &extents);
    ybb__buffer_put_text(&body, "<< /Type /FontDescriptor /FontName ");
    put_name(embed, &body);
    ybb__pdf_put(&body,
                 " /Flags %d /FontBBox [-1000 %d 3000 %d] /ItalicAngle 0 /Ascent %d /Descent %d"
                 " /CapHeight %d /StemV %d /%s %u 0 R >>",
                 SYMBOLIC, extents.descender, extents.ascender, extents.ascender, extents.descender,
                 extents.ascender * 3 / 4, STEM, embed->cff ? "FontFile3" : "FontFile2", program);
    ybb_status status = ybb__pdf_file_object(file, number, &body, error);
    ybb__buffer_free(&body);
    return status;
}

/* Codes with the widths of their glyphs, which had other numbers in the whole font. */
static void put_widths(ybb_buffer *body, const ybb_pdf_embed *embed, const int32_t *widths)
{
    const ybb_pdf_embedded *glyphs = glyphs_of(embed);
    ybb__buffer_put_text(body, " /W [");
    for (uint32_t i = 0; i < count_of(embed); i++) {
        bool first = i == 0 || glyphs[i - 1].code + 1 != glyphs[i].code;
        bool last = i + 1 == count_of(embed) || glyphs[i + 1].code != glyphs[i].code + 1;
        if (first)
            ybb__pdf_put(body, "%u [", glyphs[i].code);
        ybb__pdf_put(body, last ? "%d]\n" : "%d ", widths[i]);
    }
    ybb__buffer_put_char(body, ']');
}

typedef struct numbers {
    uint32_t font, descendant, descriptor, program, texts, glyphs;
} numbers;

static ybb_status write_descendant(const ybb_pdf_embed *embed, ybb_pdf_file *file, const numbers *n,
                                   const int32_t *widths, ybb_error *error)
{
    ybb_buffer body = {0};
    ybb__pdf_put(&body, "<< /Type /Font /Subtype /CIDFontType%d /BaseFont ", embed->cff ? 0 : 2);
    put_name(embed, &body);
    ybb__pdf_put(&body,
                 " /CIDSystemInfo << /Registry (Adobe) /Ordering (Identity) /Supplement 0 >>"
                 " /FontDescriptor %u 0 R /DW 1000",
                 n->descriptor);
    if (!embed->cff)
        ybb__pdf_put(&body, " /CIDToGIDMap %u 0 R", n->glyphs);
    put_widths(&body, embed, widths);
    ybb__buffer_put_text(&body, " >>");
    ybb_status status = ybb__pdf_file_object(file, n->descendant, &body, error);
    ybb__buffer_free(&body);
    return status;
}

static ybb_status write_font(const ybb_pdf_embed *embed, ybb_pdf_file *file, const numbers *n,
                             ybb_error *error)
{
    ybb_buffer body = {0};
    ybb__buffer_put_text(&body, "<< /Type /Font /Subtype /Type0 /BaseFont ");
    put_name(embed, &body);
    ybb__pdf_put(&body, " /Encoding /Identity-H /DescendantFonts [%u 0 R] /ToUnicode %u 0 R >>",
                 n->descendant, n->texts);
    ybb_status status = ybb__pdf_file_object(file, n->font, &body, error);
    ybb__buffer_free(&body);
    return status;
}

/* --- texts and glyphs of codes --- */

static void put_text(ybb_buffer *out, const ybb_pdf_embed *embed, const ybb_pdf_embedded *glyph)
{
    const uint32_t *characters = (const uint32_t *)(const void *)embed->texts.at + glyph->text;
    ybb__pdf_put(out, "<%04X> <", glyph->code);
    for (uint32_t i = 0; i < glyph->characters; i++)
        ybb__pdf_put_utf16(out, characters[i]);
    ybb__buffer_put_text(out, ">\n");
}

/* A CMap from codes to texts, in blocks of at most 100. A glyph without a text of its own is part
 * of what the one before it shows. */
static ybb_status write_texts(const ybb_pdf_embed *embed, ybb_pdf_file *file, uint32_t number,
                              ybb_error *error)
{
    enum { BLOCK = 100 };
    static const char head[] =
        "/CIDInit /ProcSet findresource begin\n12 dict begin\nbegincmap\n"
        "/CIDSystemInfo << /Registry (Adobe) /Ordering (UCS) /Supplement 0 >> def\n"
        "/CMapName /Adobe-Identity-UCS def\n/CMapType 2 def\n"
        "1 begincodespacerange\n<0000> <FFFF>\nendcodespacerange\n";
    static const char tail[] = "endcmap\nCMapName currentdict /CMap defineresource pop\nend\nend\n";
    ybb_buffer text = {0}, block = {0};
    uint32_t in_block = 0, count = count_of(embed);
    ybb__buffer_put_text(&text, head);
    for (uint32_t i = 0; i <= count; i++) {
        if (in_block > 0 && (in_block == BLOCK || i == count)) {
            ybb__pdf_put(&text, "%u beginbfchar\n", in_block);
            ybb__buffer_put(&text, block.at, block.length);
            ybb__buffer_put_text(&text, "endbfchar\n");
            ybb__buffer_clear(&block);
            in_block = 0;
        }
        if (i < count && glyphs_of(embed)[i].characters > 0) {
            put_text(&block, embed, &glyphs_of(embed)[i]);
            in_block++;
        }
    }
    ybb__buffer_put_text(&text, tail);
    ybb_status status = ybb__buffer_failed(&text) || ybb__buffer_failed(&block)
                            ? ybb__fail_memory(error)
                            : ybb__pdf_file_stream(file, number, "", text.at, text.length, error);
    ybb__buffer_free(&text);
    ybb__buffer_free(&block);
    return status;
}

/* Two bytes for each code up to the last. */
static ybb_status write_glyphs(const ybb_pdf_embed *embed, ybb_pdf_file *file, uint32_t number,
                               ybb_error *error)
{
    const ybb_pdf_embedded *glyphs = glyphs_of(embed);
    uint32_t count = count_of(embed);
    size_t length = 2 * ((size_t)glyphs[count - 1].code + 1);
    unsigned char *map = calloc(1, length);
    if (map == NULL)
        return ybb__fail_memory(error);
    for (uint32_t i = 0; i < count; i++) {
        map[2 * glyphs[i].code] = (unsigned char)(glyphs[i].glyph >> 8);
        map[2 * glyphs[i].code + 1] = (unsigned char)glyphs[i].glyph;
    }
    ybb_status status = ybb__pdf_file_stream(file, number, "", map, length, error);
    free(map);
    return status;
}

static ybb_status write_parts(ybb_pdf_embed *embed, ybb_pdf_file *file, const numbers *n,
                              const int32_t *widths, ybb_error *error)
{
    ybb_status status = write_program(embed, file, n->program, error);
    if (status == YBB_OK)
        status = write_descriptor(embed, file, n->descriptor, n->program, error);
    if (status == YBB_OK)
        status = write_texts(embed, file, n->texts, error);
    if (status == YBB_OK && !embed->cff)
        status = write_glyphs(embed, file, n->glyphs, error);
    if (status == YBB_OK)
        status = write_descendant(embed, file, n, widths, error);
    return status == YBB_OK ? write_font(embed, file, n, error) : status;
}

static numbers take_numbers(ybb_pdf_file *file, bool cff)
{
    numbers n = {0};
    n.font = ybb__pdf_file_number(file);
    n.descendant = ybb__pdf_file_number(file);
    n.descriptor = ybb__pdf_file_number(file);
    n.program = ybb__pdf_file_number(file);
    n.texts = ybb__pdf_file_number(file);
    n.glyphs = cff ? 0 : ybb__pdf_file_number(file);
    return n;
}

ybb_status ybb__pdf_embed_write(ybb_pdf_embed *embed, ybb_pdf_file *file, uint32_t *number,
                                ybb_error *error)
{
    if (ybb__buffer_failed(&embed->glyphs) || ybb__buffer_failed(&embed->texts))
        return ybb__fail_memory(error);
    sort(embed);
    const numbers n = take_numbers(file, embed->cff);
    int32_t *widths = calloc(count_of(embed), sizeof(*widths));
    if (widths == NULL)
        return ybb__fail_memory(error);
    for (uint32_t i = 0; i < count_of(embed); i++)
        widths[i] = hb_font_get_glyph_h_advance(embed->font->font, glyphs_of(embed)[i].glyph);
    ybb_status status = write_parts(embed, file, &n, widths, error);
    free(widths);
    *number = status == YBB_OK ? n.font : 0;
    return status;
}
