/*
 * The public functions that answer with JSON, and those about files: arguments are checked here,
 * and nothing else is done.
 */
#include "run/exporter.h"

#include <stdlib.h>

struct ybb_download {
    ybb_found_file file;
};

static ybb_status misuse(ybb_error *error, const char *what)
{
    return ybb__fail(error, YBB_MISUSE, "%s", what);
}

ybb_status ybb_export_status(char **json, ybb_exporter *exporter, const char *id, const char *owner,
                             ybb_error *error)
{
    if (json != NULL)
        *json = NULL;
    if (json == NULL || exporter == NULL || id == NULL)
        return misuse(error, "ybb_export_status() needs json, exporter and id");
    return ybb__exporter_status(json, exporter, id, owner, error);
}

ybb_status ybb_export_chunks(char **json, ybb_exporter *exporter, const char *id, const char *owner,
                             ybb_error *error)
{
    if (json != NULL)
        *json = NULL;
    if (json == NULL || exporter == NULL || id == NULL)
        return misuse(error, "ybb_export_chunks() needs json, exporter and id");
    return ybb__exporter_chunks(json, exporter, id, owner, error);
}

ybb_status ybb_export_delete(char **json, ybb_exporter *exporter, const char *id, const char *owner,
                             ybb_error *error)
{
    if (json != NULL)
        *json = NULL;
    if (json == NULL || exporter == NULL || id == NULL)
        return misuse(error, "ybb_export_delete() needs json, exporter and id");
    return ybb__exporter_remove(json, exporter, id, owner, error);
}

ybb_status ybb_link_sign(char **signature, ybb_exporter *exporter, const char *id, int number,
                         int64_t seconds, ybb_error *error)
{
    if (signature != NULL)
        *signature = NULL;
    if (signature == NULL || exporter == NULL || id == NULL || number < YBB_DOWNLOAD_FILE)
        return misuse(error, "ybb_link_sign() needs signature, exporter, id and a number");
    return ybb__exporter_sign(signature, exporter, id, number, seconds, error);
}

ybb_status ybb_link_check(ybb_exporter *exporter, const char *id, int number, const char *signature,
                          ybb_error *error)
{
    if (exporter == NULL || id == NULL || number < YBB_DOWNLOAD_FILE || signature == NULL)
        return misuse(error, "ybb_link_check() needs exporter, id, a number and a signature");
    return ybb__exporter_check_signature(exporter, id, number, signature, error);
}

ybb_status ybb_export_estimate(char **json, ybb_exporter *exporter, const char *request,
                               size_t length, ybb_error *error)
{
    if (json != NULL)
        *json = NULL;
    if (json == NULL || exporter == NULL || request == NULL)
        return misuse(error, "ybb_export_estimate() needs json, exporter and request");
    return ybb__exporter_estimate(json, exporter, request, length, error);
}

ybb_status ybb_queue(char **json, ybb_exporter *exporter, ybb_error *error)
{
    if (json != NULL)
        *json = NULL;
    if (json == NULL || exporter == NULL)
        return misuse(error, "ybb_queue() needs json and exporter");
    return ybb__exporter_queue(json, exporter, NULL, NULL, error);
}

ybb_status ybb_queue_of(char **json, ybb_exporter *exporter, const char *id, const char *owner,
                        ybb_error *error)
{
    if (json != NULL)
        *json = NULL;
    if (json == NULL || exporter == NULL || id == NULL)
        return misuse(error, "ybb_queue_of() needs json, exporter and id");
    return ybb__exporter_queue(json, exporter, id, owner, error);
}

ybb_status ybb_export_list(char **json, ybb_exporter *exporter, const char *owner, uint64_t before,
                           unsigned most, ybb_error *error)
{
    if (json != NULL)
        *json = NULL;
    if (json == NULL || exporter == NULL || most < 1 || most > YBB_EXPORT_LIST_MOST)
        return misuse(error, "ybb_export_list() needs json, exporter and 1 to 100 as most");
    return ybb__exporter_list(json, exporter, owner, before, most, error);
}

ybb_status ybb_stats(char **json, ybb_exporter *exporter, ybb_error *error)
{
    if (json != NULL)
        *json = NULL;
    if (json == NULL || exporter == NULL)
        return misuse(error, "ybb_stats() needs json and exporter");
    return ybb__exporter_stats(json, exporter, error);
}

ybb_status ybb_sweep(char **json, ybb_exporter *exporter, ybb_error *error)
{
    if (json != NULL)
        *json = NULL;
    if (json == NULL || exporter == NULL)
        return misuse(error, "ybb_sweep() needs json and exporter");
    return ybb__exporter_sweep(json, exporter, error);
}

ybb_status ybb_templates(char **json, ybb_exporter *exporter, ybb_error *error)
{
    if (json != NULL)
        *json = NULL;
    if (json == NULL || exporter == NULL)
        return misuse(error, "ybb_templates() needs json and exporter");
    return ybb__exporter_templates(json, exporter, error);
}

ybb_status ybb_template_add(ybb_exporter *exporter, const char *json, size_t length,
                            ybb_error *error)
{
    if (exporter == NULL || json == NULL)
        return misuse(error, "ybb_template_add() needs exporter and json");
    return ybb__exporter_template_add(exporter, json, length, error);
}

ybb_status ybb_download_open(ybb_download **out, ybb_exporter *exporter, const char *id,
                             const char *owner, int number, ybb_error *error)
{
    if (out != NULL)
        *out = NULL;
    if (out == NULL || exporter == NULL || id == NULL || number < YBB_DOWNLOAD_FILE)
        return misuse(error, "ybb_download_open() needs out, exporter, id and a number");
    ybb_download *found = calloc(1, sizeof(*found));
    if (found == NULL)
        return ybb__fail_memory(error);
    ybb_status status = ybb__exporter_download(&found->file, exporter, id, owner, number, error);
    if (status == YBB_OK)
        *out = found;
    else
        ybb_download_free(found);
    return status;
}

const char *ybb_download_path(const ybb_download *download)
{
    return download == NULL ? NULL : download->file.path;
}

const char *ybb_download_name(const ybb_download *download)
{
    return download == NULL ? NULL : download->file.name;
}

const char *ybb_download_type(const ybb_download *download)
{
    return download == NULL ? NULL : download->file.media_type;
}

uint64_t ybb_download_size(const ybb_download *download)
{
    return download == NULL ? 0 : download->file.bytes;
}

void ybb_download_free(ybb_download *download)
{
    if (download == NULL)
        return;
    free(download->file.path);
    free(download->file.name);
    free(download);
}
