#include "php_settings.h"

#include "php_ini.h"
#include "SAPI.h"
#include "ext/standard/info.h"
#include "ext/standard/url.h"
#include "main/fopen_wrappers.h"
#include "Zend/zend_smart_str.h"

#include <string.h>

enum { MOST_THREADS = 1024 };

/* What a script sets must stay where its host lets it; php.ini itself may name any place. */
static bool is_held_back(int stage)
{
    bool of_script = stage == ZEND_INI_STAGE_RUNTIME || stage == ZEND_INI_STAGE_HTACCESS;
    return of_script && PG(open_basedir) != NULL && *PG(open_basedir) != '\0';
}

static bool is_allowed(const char *path)
{
    return *path == '\0' || php_check_open_basedir(path) == 0;
}

/* By the file that it is decoded to; a server is no place. */
static bool is_allowed_dsn(const char *dsn)
{
    static const char sqlite[] = "sqlite://";
    if (strncmp(dsn, sqlite, strlen(sqlite)) != 0)
        return strstr(dsn, "://") != NULL || is_allowed(dsn);
    const char *rest = dsn + strlen(sqlite);
    zend_string *path = zend_string_init(rest, strlen(rest), false);
    ZSTR_LEN(path) = php_raw_url_decode(ZSTR_VAL(path), ZSTR_LEN(path));
    bool allowed = is_allowed(ZSTR_VAL(path));
    zend_string_release(path);
    return allowed;
}

static PHP_INI_MH(on_folder)
{
    if (new_value != NULL && is_held_back(stage) && !is_allowed(ZSTR_VAL(new_value)))
        return FAILURE;
    return OnUpdateString(entry, new_value, mh_arg1, mh_arg2, mh_arg3, stage);
}

static PHP_INI_MH(on_dsn)
{
    if (new_value != NULL && is_held_back(stage) && !is_allowed_dsn(ZSTR_VAL(new_value)))
        return FAILURE;
    return OnUpdateString(entry, new_value, mh_arg1, mh_arg2, mh_arg3, stage);
}

/* A file of settings can name any place, so none is taken from a script that is held back. */
static PHP_INI_MH(on_config)
{
    if (is_held_back(stage))
        return FAILURE;
    return OnUpdateString(entry, new_value, mh_arg1, mh_arg2, mh_arg3, stage);
}

static PHP_INI_MH(on_mode)
{
    static const char *const modes[] = {"", "auto", "worker", "inproc"};
    const char *mode = new_value == NULL ? "" : ZSTR_VAL(new_value);
    for (size_t i = 0; i < sizeof(modes) / sizeof(modes[0]); i++)
        if (strcmp(mode, modes[i]) == 0)
            return OnUpdateString(entry, new_value, mh_arg1, mh_arg2, mh_arg3, stage);
    if (stage != ZEND_INI_STAGE_DEACTIVATE)
        zend_error(E_WARNING, "ybb_export.mode must be auto, worker or inproc");
    return FAILURE;
}

static PHP_INI_MH(on_threads)
{
    zend_long threads = new_value == NULL ? 0 : ZEND_STRTOL(ZSTR_VAL(new_value), NULL, 10);
    if (threads < 0 || threads > MOST_THREADS)
        return FAILURE;
    return OnUpdateLong(entry, new_value, mh_arg1, mh_arg2, mh_arg3, stage);
}

static PHP_INI_MH(on_seconds)
{
    if (new_value != NULL && !(zend_strtod(ZSTR_VAL(new_value), NULL) >= 0))
        return FAILURE;
    return OnUpdateReal(entry, new_value, mh_arg1, mh_arg2, mh_arg3, stage);
}

static void put_shown(const char *text)
{
    zend_string *escaped = sapi_module.phpinfo_as_text ? NULL : php_info_html_esc(text);
    ZEND_PUTS(escaped == NULL ? text : ZSTR_VAL(escaped));
    if (escaped != NULL)
        zend_string_release(escaped);
}

/* phpinfo() is shown to people who may not know the database's password: of a DSN's user and
 * password it has nothing, however they are written. */
static ZEND_INI_DISP(show_dsn)
{
    zend_string *value = type == ZEND_INI_DISPLAY_ORIG && ini_entry->modified
                             ? ini_entry->orig_value
                             : ini_entry->value;
    const char *text = value == NULL ? "" : ZSTR_VAL(value);
    const char *scheme = strstr(text, "://"), *host = strrchr(text, '@');
    if (*text == '\0')
        ZEND_PUTS(sapi_module.phpinfo_as_text ? "no value" : "<i>no value</i>");
    else if (scheme == NULL)
        ZEND_PUTS("(hidden)");
    else {
        zend_write(text, (size_t)(scheme + 3 - text));
        if (host != NULL)
            ZEND_PUTS("...");
        const char *rest = host != NULL ? host : scheme + 3;
        put_shown(rest);
    }
}

/* Those that are keys of the library's configuration too: XX(name, handler, displayer). */
#define PLACES(XX)                                                                                 \
    XX(source, on_dsn, show_dsn)                                                                   \
    XX(store, on_dsn, show_dsn)                                                                    \
    XX(out, on_folder, NULL)                                                                       \
    XX(base_url, OnUpdateString, NULL)                                                             \
    XX(catalog_dir, on_folder, NULL)

#define PLACE_ENTRY(name, handler, displayer)                                                      \
    STD_PHP_INI_ENTRY_EX("ybb_export." #name, "", PHP_INI_ALL, handler, name,                      \
                         zend_ybb_export_globals, ybb_export_globals, displayer)

/* clang-format off */
PHP_INI_BEGIN()
    STD_PHP_INI_ENTRY("ybb_export.config", "", PHP_INI_ALL, on_config, config,
                      zend_ybb_export_globals, ybb_export_globals)
    PLACES(PLACE_ENTRY)
    STD_PHP_INI_ENTRY("ybb_export.mode", "", PHP_INI_ALL, on_mode, mode,
                      zend_ybb_export_globals, ybb_export_globals)
    STD_PHP_INI_ENTRY("ybb_export.threads", "0", PHP_INI_SYSTEM, on_threads, threads,
                      zend_ybb_export_globals, ybb_export_globals)
    STD_PHP_INI_ENTRY("ybb_export.wait_seconds", "30", PHP_INI_ALL, on_seconds, wait_seconds,
                      zend_ybb_export_globals, ybb_export_globals)
PHP_INI_END()
/* clang-format on */

zend_result php_ybb_settings_register(int module_number)
{
    return zend_register_ini_entries(ini_entries, module_number);
}

void php_ybb_settings_unregister(int module_number)
{
    zend_unregister_ini_entries(module_number);
}

static const char *text_of(const char *setting)
{
    return setting == NULL ? "" : setting;
}

zend_string *php_ybb_settings_key(void)
{
#define PLACE_VALUE(name, handler, displayer) YBB_EXPORT_G(name),
    const char *const parts[] = {PLACES(PLACE_VALUE) YBB_EXPORT_G(config), YBB_EXPORT_G(mode)};
#undef PLACE_VALUE
    smart_str key = {0};
    for (size_t i = 0; i < sizeof(parts) / sizeof(parts[0]); i++) {
        smart_str_appends(&key, text_of(parts[i]));
        smart_str_appendc(&key, '\n');
    }
    smart_str_append_long(&key, YBB_EXPORT_G(threads));
    return smart_str_extract(&key);
}

static ybb_status set(ybb_config *config, const char *key, const char *value, ybb_error *error)
{
    if (*text_of(value) == '\0')
        return YBB_OK;
    return ybb_config_set(config, key, value, error);
}

static ybb_status set_mode(ybb_config *config, ybb_error *error)
{
    char json[64];
    const char *mode = text_of(YBB_EXPORT_G(mode));
    if (*mode == '\0')
        return YBB_OK;
    snprintf(json, sizeof(json), "{\"pool\": \"%s\"}", mode);
    return ybb_config_read(config, json, strlen(json), error);
}

static ybb_status fill(ybb_config *config, ybb_error *error)
{
#define PLACE_PAIR(name, handler, displayer) {#name, YBB_EXPORT_G(name)},
    const struct {
        const char *key, *value;
    } places[] = {PLACES(PLACE_PAIR)};
#undef PLACE_PAIR
    ybb_status status = YBB_OK;
    if (*text_of(YBB_EXPORT_G(config)) != '\0')
        status = ybb_config_read_file(config, YBB_EXPORT_G(config), error);
    for (size_t i = 0; status == YBB_OK && i < sizeof(places) / sizeof(places[0]); i++)
        status = set(config, places[i].key, places[i].value, error);
    if (status == YBB_OK)
        status = set_mode(config, error);
    if (status == YBB_OK && YBB_EXPORT_G(threads) != 0)
        status = ybb_config_set_threads(config, (unsigned)YBB_EXPORT_G(threads), error);
    return status;
}

ybb_status php_ybb_settings_config(ybb_config **out, ybb_error *error)
{
    ybb_config *config = ybb_config_new();
    *out = NULL;
    if (config == NULL)
        return YBB_NO_MEMORY;
    ybb_status status = fill(config, error);
    if (status == YBB_OK)
        *out = config;
    else
        ybb_config_free(config);
    return status;
}
