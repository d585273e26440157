/*
 * The public functions: arguments are checked here, and nothing else is done. Everything that
 * include/ybbexport.h declares is defined in this room.
 */
#include "base/error.h"
#include "base/random.h"
#include "model/config.h"
#include "report/response.h"
#include "run/exporter.h"

#include <stdlib.h>
#include <string.h>

struct ybb_export {
    ybb_exporter *exporter;
    char id[YBB_ID_TEXT];
    ybb_progress_fn progress;
    void *progress_user;
};

static ybb_status misuse(ybb_error *error, const char *what)
{
    return ybb__fail(error, YBB_MISUSE, "%s", what);
}

ybb_status ybb_exporter_open(ybb_exporter **out, const ybb_config *config, ybb_error *error)
{
    if (out != NULL)
        *out = NULL;
    if (out == NULL || config == NULL)
        return misuse(error, "ybb_exporter_open() needs out and config");
    return ybb__exporter_open(out, config, error);
}

void ybb_exporter_free(ybb_exporter *exporter)
{
    ybb__exporter_free(exporter);
}

ybb_status ybb_export_start(ybb_export **out, ybb_exporter *exporter, const char *request,
                            size_t length, ybb_error *error)
{
    if (out != NULL)
        *out = NULL;
    if (out == NULL || exporter == NULL || request == NULL)
        return misuse(error, "ybb_export_start() needs out, exporter and request");
    ybb_export *started = calloc(1, sizeof(*started));
    if (started == NULL)
        return ybb__fail_memory(error);
    started->exporter = exporter;
    ybb_status status = ybb__exporter_start(started->id, exporter, request, length, error);
    if (status == YBB_OK)
        *out = started;
    else
        free(started);
    return status;
}

const char *ybb_export_id(const ybb_export *export_)
{
    return export_ == NULL ? NULL : export_->id;
}

void ybb_export_on_progress(ybb_export *export_, ybb_progress_fn fn, void *user)
{
    if (export_ == NULL)
        return;
    export_->progress = fn;
    export_->progress_user = user;
}

ybb_status ybb_export_wait(ybb_export *export_, int timeout_ms, ybb_error *error)
{
    if (export_ == NULL)
        return misuse(error, "ybb_export_wait() needs an export");
    return ybb__exporter_wait(export_->exporter, export_->id, timeout_ms, export_->progress,
                              export_->progress_user, error);
}

void ybb_export_cancel(ybb_export *export_)
{
    if (export_ != NULL)
        ybb__exporter_cancel(export_->exporter, export_->id);
}

void ybb_export_free(ybb_export *export_)
{
    free(export_);
}

ybb_status ybb_export_status(char **json, ybb_exporter *exporter, const char *id, ybb_error *error)
{
    if (json != NULL)
        *json = NULL;
    if (json == NULL || exporter == NULL || id == NULL)
        return misuse(error, "ybb_export_status() needs json, exporter and id");
    return ybb__exporter_status(json, exporter, id, error);
}

ybb_status ybb_export_chunks(char **json, ybb_exporter *exporter, const char *id, ybb_error *error)
{
    if (json != NULL)
        *json = NULL;
    if (json == NULL || exporter == NULL || id == NULL)
        return misuse(error, "ybb_export_chunks() needs json, exporter and id");
    return ybb__exporter_chunks(json, exporter, id, error);
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
