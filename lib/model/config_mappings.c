/*
 * field_mappings of a configuration, which is read without a catalog.
 */
#include "model/config.h"

#include "base/text.h"
#include "model/catalog_read.h"

#include <stdio.h>

enum { PATH = 256 };

/* @owner has @names of that kind. */
static ybb_status fail_name(const char *path, const char *owner, const char *kind, const char *name,
                            const char *const *names, size_t count, ybb_error *error)
{
    char allowed[YBB_ERROR_TEXT];
    const char *nearest = ybb__text_nearest(name, names, count);
    ybb__json_list_names(allowed, sizeof(allowed), names, count);
    ybb_status status =
        nearest != NULL
            ? ybb__fail(error, YBB_INVALID_CONFIG, "%s: %s has no %s \"%s\" (did you mean \"%s\"?)",
                        path, owner, kind, name, nearest)
            : ybb__fail(error, YBB_INVALID_CONFIG, "%s: %s has no %s \"%s\"", path, owner, kind,
                        name);
    ybb__error_blame(error, path, name, allowed, nearest);
    return status;
}

static ybb_status fail_type(const ybb_mapping *mapping, const ybb_catalog *catalog,
                            ybb_error *error)
{
    char path[PATH];
    const char *names[YBB_MOST_TYPES];
    ybb__catalog_type_names(catalog, names);
    snprintf(path, sizeof(path), "field_mappings.%s", mapping->type);
    return fail_name(path, "the catalog", "export type", mapping->type, names, catalog->type_count,
                     error);
}

static ybb_status fail_field(const ybb_mapping *mapping, const ybb_type *type, ybb_error *error)
{
    char path[PATH];
    const char *names[YBB_MOST_FIELDS];
    ybb__type_field_names(type, names);
    snprintf(path, sizeof(path), "field_mappings.%s.%s", mapping->type, mapping->field);
    return fail_name(path, mapping->type, "field", mapping->field, names, type->field_count, error);
}

ybb_status ybb__config_check_mappings(const struct ybb_config *config, const ybb_catalog *catalog,
                                      ybb_error *error)
{
    const ybb_mappings *mappings = &config->presentation.mappings;
    for (uint32_t i = 0; i < mappings->count; i++) {
        const ybb_mapping *mapping = &mappings->items[i];
        const ybb_type *type = ybb__catalog_type(catalog, mapping->type);
        if (type == NULL)
            return fail_type(mapping, catalog, error);
        if (ybb__type_field(type, mapping->field) == NULL)
            return fail_field(mapping, type, error);
    }
    return YBB_OK;
}
