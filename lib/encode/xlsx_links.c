#include "encode/xlsx_links.h"

#include <stdlib.h>

/* What a piece's runs are. */
enum { ELEMENTS = 2, RELATIONS = 3 };

struct ybb_xlsx_links {
    int spool_directory;
    uint32_t sheets;
    ybb_spool elements, relations;
    ybb_spooled *of_sheets; /* [2 * sheets]; elements, relations */
};

ybb_xlsx_links *ybb__xlsx_links_new(uint32_t sheets, int spool_directory)
{
    ybb_xlsx_links *links = calloc(1, sizeof(*links));
    if (links == NULL)
        return NULL;
    links->spool_directory = spool_directory;
    links->sheets = sheets;
    links->of_sheets = calloc((size_t)sheets + 1, 2 * sizeof(*links->of_sheets));
    if (links->of_sheets != NULL)
        return links;
    free(links);
    return NULL;
}

void ybb__xlsx_links_free(ybb_xlsx_links *links)
{
    if (links == NULL)
        return;
    ybb__spool_close(&links->elements);
    ybb__spool_close(&links->relations);
    free(links->of_sheets);
    free(links);
}

static ybb_status add(ybb_xlsx_links *links, ybb_spool *spool, ybb_spooled *to, const ybb_run *run,
                      ybb_error *error)
{
    ybb_status status = YBB_OK;
    if (!ybb__spool_is_open(spool))
        status = ybb__spool_open(spool, links->spool_directory, error);
    return status == YBB_OK ? ybb__spool_add(spool, to, run, error) : status;
}

ybb_status ybb__xlsx_links_add(ybb_xlsx_links *links, uint32_t number, const ybb_piece *piece,
                               ybb_error *error)
{
    ybb_spooled *of = &links->of_sheets[(size_t)2 * (number - 1)];
    if (piece->raw[ELEMENTS].length == 0)
        return YBB_OK;
    ybb_status status = add(links, &links->elements, &of[0], &piece->runs[ELEMENTS], error);
    return status == YBB_OK ? add(links, &links->relations, &of[1], &piece->runs[RELATIONS], error)
                            : status;
}

bool ybb__xlsx_links_has(const ybb_xlsx_links *links, uint32_t number)
{
    return number <= links->sheets && links->of_sheets[(size_t)2 * (number - 1)].length > 0;
}

ybb_status ybb__xlsx_links_play(const ybb_xlsx_links *links, uint32_t number, ybb_zip *zip,
                                ybb_error *error)
{
    return ybb__spool_play(&links->elements, &links->of_sheets[(size_t)2 * (number - 1)], zip,
                           error);
}

ybb_status ybb__xlsx_links_play_relations(const ybb_xlsx_links *links, uint32_t number,
                                          ybb_zip *zip, ybb_error *error)
{
    return ybb__spool_play(&links->relations, &links->of_sheets[(size_t)2 * (number - 1) + 1], zip,
                           error);
}
