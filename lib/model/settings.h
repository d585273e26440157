/*
 * model/settings: the keys of a configuration as tables. A setting is a path, a kind, a place in a
 * struct; reading, unknown keys, texts to be copied and docs/configuration.md all follow from its
 * table.
 */
#ifndef YBB_MODEL_SETTINGS_H
#define YBB_MODEL_SETTINGS_H

#include "model/config.h"

typedef enum ybb_setting_kind {
    YBB_SETTING_TEXT,    /* const char *; empty: NULL */
    YBB_SETTING_WORDING, /* const char *, never NULL */
    YBB_SETTING_SECRET,  /* as TEXT, but errors do not show it */
    YBB_SETTING_BOOL,    /* bool */
    YBB_SETTING_COUNT,   /* uint64_t */
    YBB_SETTING_SMALL,   /* unsigned */
    YBB_SETTING_GIGAS,   /* double */
    YBB_SETTING_MINUTES, /* uint64_t; a number, or "5 minutes", "1 hour" */
    YBB_SETTING_PERCENT, /* uint64_t; a number, or "80%" */
    YBB_SETTING_CUSTOM   /* read and write by the setting's own functions */
} ybb_setting_kind;

typedef struct ybb_setting ybb_setting;

/* A run of reading. */
typedef struct ybb_settings {
    ybb_json_reader *reader;
    const ybb_setting *items;
    size_t count;
    void *base;       /* the struct whose members they are */
    ybb_arena *arena; /* where texts are kept */
} ybb_settings;

struct ybb_setting {
    const char *path; /* "system_limits.max_file_size_mb" */
    ybb_setting_kind kind;
    size_t offset;
    uint64_t least, most; /* of numbers; of texts the most bytes */
    /* Texts: what is wrong with one, or NULL. */
    const char *(*check)(const char *text);
    /* CUSTOM: @at is the place in the struct. */
    void (*read)(ybb_settings *s, const ybb_json *value, void *at);
    /* CUSTOM: as JSON, for the documentation. */
    void (*write)(ybb_buffer *out, const void *at);
};

/* Reads what @object has of the settings whose path begins with @prefix ("" or "system_limits.");
 * keys that are none of them are reported. */
void ybb__settings_read(ybb_settings *s, const ybb_json *object, const char *prefix);
/* Reads one member of such an object. */
void ybb__settings_member(ybb_settings *s, const ybb_json *member, const char *prefix);
/* Reports a member of the root that begins no setting, neither of the run's nor of @others. */
void ybb__settings_known(ybb_settings *s, const ybb_setting *others, size_t other_count,
                         const ybb_json *root);
/* Reads one value. */
void ybb__setting_read(ybb_settings *s, const ybb_setting *setting, const ybb_json *value);
/* Copies the texts that @base points to into @arena. False: no memory. CUSTOM ones are not copied.
 */
bool ybb__settings_own(const ybb_setting *items, size_t count, void *base, ybb_arena *arena);
/* A setting's value as JSON text; "null" where it is not set. */
void ybb__setting_write(ybb_buffer *out, const ybb_setting *setting, const void *base);

/* The tables: of struct ybb_config without its presentation, and of ybb_presentation. */
const ybb_setting *ybb__config_settings(size_t *count);
const ybb_setting *ybb__presentation_settings(size_t *count);

/* Custom settings, each in a file of its own; the table in config_settings.c has them. */
void ybb__priority_levels_read(ybb_settings *s, const ybb_json *value, void *at);
void ybb__priority_levels_write(ybb_buffer *out, const void *at);
void ybb__strategy_rules_read(ybb_settings *s, const ybb_json *value, void *at);
void ybb__strategy_rules_write(ybb_buffer *out, const void *at);
void ybb__metrics_read(ybb_settings *s, const ybb_json *value, void *at);
void ybb__metrics_write(ybb_buffer *out, const void *at);
void ybb__log_level_read(ybb_settings *s, const ybb_json *value, void *at);
void ybb__log_level_write(ybb_buffer *out, const void *at);
void ybb__pool_choice_read(ybb_settings *s, const ybb_json *value, void *at);
void ybb__pool_choice_write(ybb_buffer *out, const void *at);
void ybb__font_files_read(ybb_settings *s, const ybb_json *value, void *at);
void ybb__mail_allowed_read(ybb_settings *s, const ybb_json *value, void *at);
/* Of both lists. */
void ybb__texts_write(ybb_buffer *out, const void *at);
void ybb__config_fields_read(ybb_settings *s, const ybb_json *value, void *at);
void ybb__config_fields_write(ybb_buffer *out, const void *at);

/* Checks of texts: what is wrong, or NULL. */
const char *ybb__check_single_name(const char *text);
const char *ybb__check_batch_name(const char *text);
const char *ybb__check_date_format(const char *text);
const char *ybb__check_datetime_format(const char *text);
const char *ybb__check_number_format(const char *text);
const char *ybb__check_base_url(const char *text);
const char *ybb__check_link_secret(const char *text);
const char *ybb__check_timezone(const char *text);
const char *ybb__check_mail_server(const char *text);
const char *ybb__check_mail_address(const char *text);
const char *ybb__check_mail_word(const char *text);
const char *ybb__check_mail_path(const char *text);

/* Reports that the text is no time zone, and which one it was meant to be. */
void ybb__refuse_timezone(ybb_json_reader *reader, const ybb_json *value);

/* Copies of lists into @arena. False: no memory. */
bool ybb__mappings_own(ybb_mappings *mappings, ybb_arena *arena);
bool ybb__wishes_own(ybb_field_wishes *wishes, ybb_arena *arena);

#endif
