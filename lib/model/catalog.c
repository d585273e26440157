#include "model/catalog.h"

#include "model/catalog_builtin.h"
#include "model/catalog_read.h"

#include <stdlib.h>
#include <string.h>

/* All documents of a catalog while it is being built. */
typedef struct building {
    ybb_catalog *catalog;
    const ybb_document *documents; /* the built-in ones, then the others */
    ybb_json_reader *readers;      /* one for each */
    uint32_t count, builtin_count;
    ybb_type_draft **drafts; /* of YBB_MOST_TYPES */
    uint32_t draft_count;
} building;

static ybb_status parse(building *all, uint32_t number, ybb_error *error)
{
    const ybb_document *document = &all->documents[number];
    ybb_json_reader *reader = &all->readers[number];
    *reader = (ybb_json_reader){.what = "the document",
                                .document = document->name,
                                .max_bytes = YBB_JSON_DOCUMENT_BYTES,
                                .broken = YBB_INVALID_CATALOG,
                                .refused = YBB_INVALID_CATALOG,
                                .error = error};
    return ybb__json_parse(reader, document->text, document->length);
}

static void read_main_table(ybb_catalog_builder *b, const ybb_json *value)
{
    ybb_type *type = &b->draft->type;
    const char *key = NULL;
    ybb__catalog_table(b, value, &type->table);
    if (b->reader->status != YBB_OK)
        return;
    ybb__catalog_scope_add(b, &b->draft->scope, value,
                           ybb__catalog_copy(b, ybb__table_alias(type->table)));
    type->key_integer = true;
    ybb__json_need(b->reader, value, "key");
    ybb__catalog_integer(b, value, "key_type", &type->key_integer);
    if (ybb__json_take_text(b->reader, value, "key", &key)) {
        ybb__catalog_check_identifier(b, ybb__json_member(value, "key"), key);
        type->key = ybb__catalog_copy(b, key);
    }
}

/* The condition on rows that are not deleted. */
static void read_live(ybb_catalog_builder *b, const ybb_json *value)
{
    ybb_type *type = &b->draft->type;
    const ybb_condition *conditions = NULL;
    uint32_t count = 0;
    const ybb_json *live;
    if (!ybb__json_take_object(b->reader, value, "live", &live))
        return;
    if (live->count != 1)
        ybb__json_fail(b->reader, live, YBB_INVALID_VALUE, NULL, NULL,
                       "takes one column and its values");
    ybb__catalog_conditions(b, b->draft->scope.aliases[0], live, &conditions, &count);
    if (b->reader->status == YBB_OK)
        type->deleted = conditions[0];
}

static void read_type(ybb_catalog_builder *b, const ybb_json *value)
{
    static const char *const keys[] = {"title",    "table", "key",         "key_type", "program",
                                       "live",     "joins", "collections", "fields",   "filters",
                                       "includes", "group", "spread",      "summaries"};
    ybb_type *type = &b->draft->type;
    if (!ybb__json_is_object(b->reader, value))
        return;
    ybb__json_known(b->reader, value, keys, sizeof(keys) / sizeof(keys[0]));
    ybb__catalog_check_name(b, value, value->key);
    type->name = ybb__catalog_copy(b, value->key);
    ybb__json_need(b->reader, value, "title");
    if (b->reader->status == YBB_OK)
        ybb__catalog_header(b, ybb__json_member(value, "title"), &type->title);
    read_main_table(b, value);
    if (b->reader->status != YBB_OK)
        return;
    ybb__catalog_joins(b, &b->draft->scope, value, &type->joins, &type->join_count);
    ybb__catalog_column_member(b, &b->draft->scope, value, "program", &type->program);
    read_live(b, value);
    ybb__catalog_collections(b, value);
    ybb__catalog_fields(b, value);
    ybb__catalog_filters(b, value);
    ybb__catalog_includes(b, value);
    ybb__catalog_group(b, value);
    ybb__catalog_spread(b, value);
    ybb__catalog_summaries(b, value);
}

/* In place of an earlier type of that name, or behind all others. */
static void keep_type(building *all, ybb_catalog_builder *b, const ybb_json *value)
{
    for (uint32_t i = 0; i < all->draft_count; i++)
        if (strcmp(all->drafts[i]->type.name, b->draft->type.name) == 0) {
            all->drafts[i] = b->draft;
            return;
        }
    if (all->draft_count == YBB_MOST_TYPES)
        ybb__json_fail(b->reader, value, YBB_INVALID_VALUE, NULL, NULL, "is one type too many");
    else
        all->drafts[all->draft_count++] = b->draft;
}

/* Takes the member @key of a document, which is left NULL where there is none. */
static void take_block(ybb_json_reader *reader, const char *key, const ybb_json **out)
{
    if (ybb__json_take_object(reader, reader->root, key, out) && (*out)->count == 0)
        ybb__json_fail(reader, *out, YBB_INVALID_VALUE, "one or more, by their names", NULL,
                       "is empty");
}

static ybb_status read_types(building *all, uint32_t number)
{
    static const char *const keys[] = {"types", "templates"};
    ybb_json_reader *reader = &all->readers[number];
    const ybb_json *types = NULL;
    if (!ybb__json_is_object(reader, reader->root))
        return reader->status;
    ybb__json_known(reader, reader->root, keys, sizeof(keys) / sizeof(keys[0]));
    if (reader->root->count == 0)
        ybb__json_fail(reader, reader->root, YBB_MISSING_KEY, "types, templates, or both", NULL,
                       "has neither types nor templates");
    take_block(reader, "types", &types);
    ybb_catalog_builder b = {&all->catalog->arena, reader, NULL};
    for (const ybb_json *member = types != NULL ? types->first : NULL;
         member != NULL && reader->status == YBB_OK; member = member->next) {
        b.draft = ybb__arena_alloc(&reader->arena, sizeof(*b.draft));
        if (b.draft == NULL)
            return ybb__json_fail_memory(reader);
        b.draft->document = number;
        read_type(&b, member);
        if (reader->status == YBB_OK)
            keep_type(all, &b, member);
    }
    return reader->status;
}

/* "participants_standard": the type with the longest name that the key begins with, and the
 * template's name in *@name. */
static ybb_type_draft *find_owner(const building *all, const char *key, const char **name)
{
    ybb_type_draft *found = NULL;
    size_t longest = 0;
    for (uint32_t i = 0; i < all->draft_count; i++) {
        const char *type = all->drafts[i]->type.name;
        size_t length = strlen(type);
        if (length > longest && strncmp(key, type, length) == 0 && key[length] == '_' &&
            key[length + 1] != '\0') {
            found = all->drafts[i];
            longest = length;
            *name = key + length + 1;
        }
    }
    return found;
}

static ybb_status read_templates(building *all, uint32_t number)
{
    ybb_json_reader *reader = &all->readers[number];
    const ybb_json *templates = NULL;
    take_block(reader, "templates", &templates);
    for (const ybb_json *member = templates != NULL ? templates->first : NULL;
         member != NULL && reader->status == YBB_OK; member = member->next) {
        const char *name = NULL;
        ybb_type_draft *draft = find_owner(all, member->key, &name);
        ybb_catalog_builder b = {&all->catalog->arena, reader, draft};
        if (draft == NULL)
            ybb__json_fail(reader, member, YBB_INVALID_VALUE, NULL, NULL,
                           "is not a type of the catalog, \"_\" and a name");
        /* An installation's type comes without the built-in templates of that it replaces. */
        else if (number >= all->builtin_count || draft->document == number)
            ybb__catalog_template(&b, member, name);
    }
    return reader->status;
}

static ybb_status collect(building *all, ybb_error *error)
{
    ybb_type *types = ybb__arena_array(&all->catalog->arena, all->draft_count + 1, sizeof(*types));
    if (types == NULL)
        return ybb__fail_memory(error);
    for (uint32_t i = 0; i < all->draft_count; i++)
        types[i] = all->drafts[i]->type;
    all->catalog->types = types;
    all->catalog->type_count = all->draft_count;
    return YBB_OK;
}

static ybb_status build(building *all, ybb_error *error)
{
    ybb_status status = YBB_OK;
    for (uint32_t i = 0; status == YBB_OK && i < all->count; i++)
        status = parse(all, i, error);
    for (uint32_t i = 0; status == YBB_OK && i < all->count; i++)
        status = read_types(all, i);
    for (uint32_t i = 0; status == YBB_OK && i < all->count; i++)
        status = read_templates(all, i);
    return status == YBB_OK ? collect(all, error) : status;
}

/* The built-in documents and the given ones in one list. */
static bool gather(building *all, ybb_arena *arena, const ybb_document *documents, uint32_t count)
{
    const ybb_document *builtin = ybb__catalog_builtin(&all->builtin_count);
    all->count = all->builtin_count + count;
    ybb_document *list = ybb__arena_array(arena, all->count, sizeof(*list));
    all->readers = ybb__arena_array(arena, all->count, sizeof(*all->readers));
    all->drafts = ybb__arena_array(arena, YBB_MOST_TYPES, sizeof(*all->drafts));
    all->catalog = calloc(1, sizeof(*all->catalog));
    if (list == NULL || all->readers == NULL || all->drafts == NULL || all->catalog == NULL)
        return false;
    memcpy(list, builtin, all->builtin_count * sizeof(*list));
    if (count > 0)
        memcpy(list + all->builtin_count, documents, count * sizeof(*list));
    all->documents = list;
    return true;
}

ybb_status ybb__catalog_build(ybb_catalog **out, const ybb_document *documents, uint32_t count,
                              ybb_error *error)
{
    enum { MOST_DOCUMENTS = 10000 };
    ybb_arena arena = {0};
    building all = {0};
    *out = NULL;
    if (count > MOST_DOCUMENTS)
        return ybb__fail(error, YBB_INVALID_CATALOG, "there are more than %d catalog documents",
                         MOST_DOCUMENTS);
    ybb_status status =
        gather(&all, &arena, documents, count) ? build(&all, error) : ybb__fail_memory(error);
    for (uint32_t i = 0; all.readers != NULL && i < all.count; i++)
        ybb__json_release(&all.readers[i]);
    ybb__arena_free(&arena);
    if (status == YBB_OK)
        *out = all.catalog;
    else
        ybb__catalog_free(all.catalog);
    return status;
}

void ybb__catalog_free(ybb_catalog *catalog)
{
    if (catalog == NULL)
        return;
    ybb__arena_free(&catalog->arena);
    free(catalog);
}

const ybb_type *ybb__catalog_type(const ybb_catalog *catalog, const char *name)
{
    for (uint32_t i = 0; i < catalog->type_count; i++)
        if (strcmp(catalog->types[i].name, name) == 0)
            return &catalog->types[i];
    return NULL;
}

void ybb__catalog_type_names(const ybb_catalog *catalog, const char **names)
{
    for (uint32_t i = 0; i < catalog->type_count; i++)
        names[i] = catalog->types[i].name;
}

void ybb__type_field_names(const ybb_type *type, const char **names)
{
    for (uint32_t i = 0; i < type->field_count; i++)
        names[i] = type->fields[i].name;
}

const ybb_field *ybb__type_field(const ybb_type *type, const char *name)
{
    for (uint32_t i = 0; i < type->field_count; i++)
        if (strcmp(type->fields[i].name, name) == 0)
            return &type->fields[i];
    return NULL;
}

const ybb_filter *ybb__type_filter(const ybb_type *type, const char *name)
{
    for (uint32_t i = 0; i < type->filter_count; i++)
        if (strcmp(type->filters[i].name, name) == 0)
            return &type->filters[i];
    return NULL;
}

const ybb_template *ybb__type_template(const ybb_type *type, const char *name)
{
    for (uint32_t i = 0; i < type->template_count; i++)
        if (strcmp(type->templates[i].name, name) == 0)
            return &type->templates[i];
    return NULL;
}

const ybb_include *ybb__type_include(const ybb_type *type, const char *option)
{
    for (uint32_t i = 0; i < type->include_count; i++)
        if (strcmp(type->includes[i].option, option) == 0)
            return &type->includes[i];
    return NULL;
}
