/* The list of fonts for PDF files. */
#include "model/settings.h"

#include <string.h>

enum { MOST_FILES = 32, MOST_PATH = 4096 };

#define DEJAVU "/usr/share/fonts/truetype/dejavu/"
#define NOTO   "/usr/share/fonts/truetype/noto/"

/* DejaVu reads back better than Noto where letters join (Arabic), and has the scripts of most
 * names. Of two fonts for Chinese, Japanese and Korean the fuller one comes first. */
static const char *const regular[] = {
    DEJAVU "DejaVuSans.ttf",
    NOTO "NotoSans-Regular.ttf",
    NOTO "NotoSansArabic-Regular.ttf",
    NOTO "NotoSansHebrew-Regular.ttf",
    NOTO "NotoSansDevanagari-Regular.ttf",
    NOTO "NotoSansBengali-Regular.ttf",
    NOTO "NotoSansGurmukhi-Regular.ttf",
    NOTO "NotoSansGujarati-Regular.ttf",
    NOTO "NotoSansTamil-Regular.ttf",
    NOTO "NotoSansTelugu-Regular.ttf",
    NOTO "NotoSansKannada-Regular.ttf",
    NOTO "NotoSansMalayalam-Regular.ttf",
    NOTO "NotoSansSinhala-Regular.ttf",
    NOTO "NotoSansThai-Regular.ttf",
    NOTO "NotoSansLao-Regular.ttf",
    NOTO "NotoSansKhmer-Regular.ttf",
    NOTO "NotoSansMyanmar-Regular.ttf",
    NOTO "NotoSerifTibetan-Regular.ttf",
    NOTO "NotoSansArmenian-Regular.ttf",
    NOTO "NotoSansGeorgian-Regular.ttf",
    NOTO "NotoSansEthiopic-Regular.ttf",
    NOTO "NotoSansJavanese-Regular.ttf",
    NOTO "NotoSansSymbols-Regular.ttf",
    NOTO "NotoSansSymbols2-Regular.ttf",
    "/usr/share/fonts/truetype/ancient-scripts/Symbola_hint.ttf",
    "/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc",
    "/usr/share/fonts/truetype/droid/DroidSansFallbackFull.ttf",
};
static const char *const bold[] = {DEJAVU "DejaVuSans-Bold.ttf"};

ybb_pdf_font_list ybb__pdf_fonts_default(void)
{
    return (ybb_pdf_font_list){.regular = {regular, sizeof(regular) / sizeof(regular[0])},
                               .bold = {bold, sizeof(bold) / sizeof(bold[0])}};
}

bool ybb__texts_own(ybb_texts *texts, ybb_arena *arena)
{
    const char **items = ybb__arena_array(arena, texts->count, sizeof(*items));
    for (uint32_t i = 0; items != NULL && i < texts->count; i++)
        items[i] = ybb__arena_text(arena, texts->items[i]);
    texts->items = items;
    return !arena->failed;
}

void ybb__font_files_read(ybb_settings *s, const ybb_json *value, void *at)
{
    static const char allowed[] = "at most 32 absolute paths";
    if (!ybb__json_is_array(s->reader, value))
        return;
    const char **items = ybb__arena_array(s->arena, value->count, sizeof(*items));
    if (items == NULL) {
        ybb__json_fail_memory(s->reader);
        return;
    }
    if (value->count > MOST_FILES)
        ybb__json_fail(s->reader, value, YBB_INVALID_VALUE, allowed, NULL, "are more than %d",
                       MOST_FILES);
    for (const ybb_json *item = value->first; item != NULL && s->reader->status == YBB_OK;
         item = item->next) {
        if (item->kind != YBB_JSON_TEXT)
            ybb__json_fail_type(s->reader, item, "a text");
        else if (item->at[0] != '/' || item->length > MOST_PATH)
            ybb__json_fail(s->reader, item, YBB_INVALID_VALUE, allowed, NULL,
                           "is no absolute path");
        else if ((items[item->index] = ybb__arena_text(s->arena, item->at)) == NULL)
            ybb__json_fail_memory(s->reader);
    }
    if (s->reader->status == YBB_OK)
        *(ybb_texts *)at = (ybb_texts){items, value->count};
}

void ybb__texts_write(ybb_buffer *out, const void *at)
{
    const ybb_texts *texts = at;
    ybb__buffer_put_char(out, '[');
    for (uint32_t i = 0; i < texts->count; i++) {
        ybb_json value = {.kind = YBB_JSON_TEXT, .at = texts->items[i]};
        value.length = strlen(texts->items[i]);
        ybb__buffer_put_text(out, i > 0 ? ", " : "");
        ybb__json_write(out, &value, 0);
    }
    ybb__buffer_put_char(out, ']');
}
