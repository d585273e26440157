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
    ybb_started started;
    ybb_watch watch;
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

void ybb_exporter_on_log(ybb_exporter *exporter, ybb_log_fn fn, void *user)
{
    if (exporter != NULL)
        ybb__exporter_on_log(exporter, fn, user);
}

ybb_status ybb_exporter_serve(ybb_exporter *exporter, ybb_error *error)
{
    if (exporter == NULL)
        return misuse(error, "ybb_exporter_serve() needs an exporter");
    return ybb__exporter_serve(exporter, error);
}

ybb_status ybb_exporter_assist(ybb_exporter *exporter, ybb_error *error)
{
    if (exporter == NULL)
        return misuse(error, "ybb_exporter_assist() needs an exporter");
    return ybb__exporter_assist(exporter, error);
}

ybb_status ybb_exporter_stop(ybb_exporter *exporter, int drain_ms, int timeout_ms, ybb_error *error)
{
    if (exporter == NULL)
        return misuse(error, "ybb_exporter_stop() needs an exporter");
    return ybb__exporter_stop(exporter, drain_ms, timeout_ms, error);
}

unsigned ybb_exporter_running(ybb_exporter *exporter)
{
    return exporter == NULL ? 0 : ybb__exporter_count(exporter);
}

ybb_status ybb_export_start(ybb_export **out, ybb_exporter *exporter, const char *request,
                            size_t length, ybb_error *error)
{
    return ybb_export_start_for(out, exporter, request, length, NULL, error);
}

ybb_status ybb_export_start_for(ybb_export **out, ybb_exporter *exporter, const char *request,
                                size_t length, const char *own_address, ybb_error *error)
{
    const ybb_asking asking = {request, length, true, own_address};
    if (out != NULL)
        *out = NULL;
    if (out == NULL || exporter == NULL || request == NULL)
        return misuse(error, "ybb_export_start() needs out, exporter and request");
    ybb_export *started = calloc(1, sizeof(*started));
    if (started == NULL)
        return ybb__fail_memory(error);
    started->exporter = exporter;
    ybb_status status = ybb__exporter_start(&started->started, exporter, &asking, error);
    if (status == YBB_OK)
        *out = started;
    else
        free(started);
    return status;
}

ybb_status ybb_export_open(ybb_export **out, ybb_exporter *exporter, const char *id,
                           const char *owner, ybb_error *error)
{
    if (out != NULL)
        *out = NULL;
    if (out == NULL || exporter == NULL || id == NULL)
        return misuse(error, "ybb_export_open() needs out, exporter and id");
    ybb_status status = ybb__exporter_find(exporter, id, owner, error);
    if (status != YBB_OK)
        return status;
    ybb_export *found = calloc(1, sizeof(*found));
    if (found == NULL)
        return ybb__fail_memory(error);
    found->exporter = exporter;
    strncat(found->started.id, id, sizeof(found->started.id) - 1);
    *out = found;
    return YBB_OK;
}

bool ybb_export_joined(const ybb_export *export_)
{
    return export_ != NULL && export_->started.joined;
}

bool ybb_export_immediate(const ybb_export *export_)
{
    return export_ != NULL && export_->started.immediate;
}

const char *ybb_export_id(const ybb_export *export_)
{
    return export_ == NULL ? NULL : export_->started.id;
}

void ybb_export_on_progress(ybb_export *export_, ybb_progress_fn fn, void *user)
{
    if (export_ == NULL)
        return;
    export_->watch.fn = fn;
    export_->watch.user = user;
}

ybb_status ybb_export_wait(ybb_export *export_, int timeout_ms, ybb_error *error)
{
    if (export_ == NULL)
        return misuse(error, "ybb_export_wait() needs an export");
    return ybb__exporter_wait(export_->exporter, export_->started.id, timeout_ms, &export_->watch,
                              error);
}

ybb_status ybb_export_wait_mail(ybb_export *export_, int timeout_ms, ybb_error *error)
{
    if (export_ == NULL)
        return misuse(error, "ybb_export_wait_mail() needs an export");
    return ybb__exporter_wait_mail(export_->exporter, export_->started.id, timeout_ms, error);
}

ybb_status ybb_export_cancel(ybb_export *export_, ybb_error *error)
{
    if (export_ == NULL)
        return misuse(error, "ybb_export_cancel() needs an export");
    return ybb__exporter_cancel(export_->exporter, export_->started.id, NULL, error);
}

ybb_status ybb_export_resume(ybb_export *export_, ybb_error *error)
{
    if (export_ == NULL)
        return misuse(error, "ybb_export_resume() needs an export");
    return ybb__exporter_resume(export_->exporter, export_->started.id, NULL, error);
}

ybb_status ybb_export_stream(ybb_export *export_, ybb_write_fn fn, void *user, ybb_error *error)
{
    if (export_ == NULL || fn == NULL)
        return misuse(error, "ybb_export_stream() needs an export and a function");
    return ybb__exporter_stream(export_->exporter, export_->started.id, NULL, fn, user, error);
}

void ybb_export_free(ybb_export *export_)
{
    free(export_);
}
