/* The public functions of configurations, errors, statuses and versions. */
#include "base/buffer.h"
#include "base/error.h"
#include "base/file_read.h"
#include "db/db.h"
#include "model/config.h"
#include "pack/deflate.h"
#include "report/response.h"

#include <stdlib.h>

enum { CONFIG_BYTES = 1024 * 1024 };

#define TEXT_OF(number)                   #number
#define VERSION_TEXT(major, minor, patch) TEXT_OF(major) "." TEXT_OF(minor) "." TEXT_OF(patch)

const char *ybb_version(void)
{
    return VERSION_TEXT(YBB_VERSION_MAJOR, YBB_VERSION_MINOR, YBB_VERSION_PATCH);
}

int ybb_version_number(void)
{
    return YBB_VERSION_NUMBER;
}

const char *ybb_library_name(ybb_library library)
{
    switch (library) {
    case YBB_LIBRARY_MYSQL:
        return ybb__db_client_name(YBB_DIALECT_MYSQL);
    case YBB_LIBRARY_SQLITE:
        return ybb__db_client_name(YBB_DIALECT_SQLITE);
    case YBB_LIBRARY_DEFLATE:
        return ybb__deflate_engine();
    }
    return NULL;
}

const char *ybb_library_version(ybb_library library)
{
    switch (library) {
    case YBB_LIBRARY_MYSQL:
        return ybb__db_client_version(YBB_DIALECT_MYSQL);
    case YBB_LIBRARY_SQLITE:
        return ybb__db_client_version(YBB_DIALECT_SQLITE);
    case YBB_LIBRARY_DEFLATE:
        return ybb__deflate_version();
    }
    return NULL;
}

const char *ybb_status_name(ybb_status status)
{
    return ybb__status_name(status);
}

const char *ybb_status_text(ybb_status status)
{
    return ybb__status_text(status);
}

bool ybb_status_retriable(ybb_status status)
{
    return ybb__status_retriable(status);
}

const char *ybb_status_help(ybb_status status)
{
    return ybb__status_help(status);
}

ybb_error *ybb_error_new(void)
{
    return calloc(1, sizeof(ybb_error));
}

void ybb_error_clear(ybb_error *error)
{
    if (error != NULL)
        *error = (ybb_error){0};
}

void ybb_error_free(ybb_error *error)
{
    free(error);
}

ybb_status ybb_error_status(const ybb_error *error)
{
    return error == NULL ? YBB_OK : error->status;
}

const char *ybb_error_message(const ybb_error *error)
{
    return error == NULL ? "" : error->message;
}

const char *ybb_error_field(const ybb_error *error)
{
    return error == NULL || error->field[0] == '\0' ? NULL : error->field;
}

char *ybb_error_json(const ybb_error *error)
{
    static const ybb_error none = {.status = YBB_OK};
    return ybb__response_error(error == NULL ? &none : error);
}

void ybb_string_free(char *text)
{
    free(text);
}

ybb_config *ybb_config_new(void)
{
    ybb_config *config = calloc(1, sizeof(*config));
    if (config != NULL)
        ybb__config_init(config);
    return config;
}

void ybb_config_free(ybb_config *config)
{
    if (config == NULL)
        return;
    ybb__config_release(config);
    free(config);
}

ybb_status ybb_config_read(ybb_config *config, const char *json, size_t length, ybb_error *error)
{
    if (config == NULL || json == NULL)
        return ybb__fail(error, YBB_MISUSE, "ybb_config_read() needs config and json");
    return ybb__config_read(config, json, length, error);
}

ybb_status ybb_config_read_file(ybb_config *config, const char *path, ybb_error *error)
{
    if (config == NULL || path == NULL)
        return ybb__fail(error, YBB_MISUSE, "ybb_config_read_file() needs config and path");
    ybb_buffer text = {0};
    ybb_status status = ybb__file_read(&text, path, CONFIG_BYTES, YBB_INVALID_CONFIG, error);
    if (status == YBB_OK)
        status = ybb__config_read(config, text.at == NULL ? "" : text.at, text.length, error);
    ybb__buffer_free(&text);
    return status;
}

ybb_status ybb_config_set(ybb_config *config, const char *key, const char *value, ybb_error *error)
{
    if (config == NULL || key == NULL || value == NULL)
        return ybb__fail(error, YBB_MISUSE, "ybb_config_set() needs config, key and value");
    return ybb__config_set(config, key, value, error);
}

ybb_status ybb_config_set_threads(ybb_config *config, unsigned threads, ybb_error *error)
{
    if (config == NULL)
        return ybb__fail(error, YBB_MISUSE, "ybb_config_set_threads() needs config");
    config->threads = threads;
    return YBB_OK;
}
