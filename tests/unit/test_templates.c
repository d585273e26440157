/* lib/run: templates are added while exporters are open, by any thread, and an export keeps the
 * catalog that it began with. */
#include "runner.h"
#include "ybbexport.h"

#include <fcntl.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

enum { PATH = 200, TEXT = 600 };

/* A folder with an empty database, a catalog folder and an output folder. */
typedef struct bed {
    char root[PATH], catalog[PATH], out[PATH], source[PATH];
    ybb_error *error;
    ybb_exporter *exporter;
} bed;

static void put_file(const char *path, const char *text)
{
    int file = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    CU_ASSERT_FATAL(file >= 0);
    CU_ASSERT_EQUAL_FATAL(write(file, text, strlen(text)), (ssize_t)strlen(text));
    close(file);
}

static void put_document(const bed *b, const char *name, const char *text)
{
    char path[PATH + 100];
    snprintf(path, sizeof(path), "%s/%s", b->catalog, name);
    put_file(path, text);
}

static ybb_exporter *open_exporter(const bed *b)
{
    ybb_exporter *exporter = NULL;
    ybb_config *config = ybb_config_new();
    CU_ASSERT_PTR_NOT_NULL_FATAL(config);
    CU_ASSERT_EQUAL(ybb_config_set(config, "source", b->source, b->error), YBB_OK);
    CU_ASSERT_EQUAL(ybb_config_set(config, "out", b->out, b->error), YBB_OK);
    CU_ASSERT_EQUAL(ybb_config_set(config, "catalog_dir", b->catalog, b->error), YBB_OK);
    CU_ASSERT_EQUAL(ybb_exporter_open(&exporter, config, b->error), YBB_OK);
    ybb_config_free(config);
    CU_ASSERT_PTR_NOT_NULL_FATAL(exporter);
    return exporter;
}

static void set_up(bed *b)
{
    const char *temporary = getenv("TMPDIR");
    snprintf(b->root, 100, "%s/ybb-templates-XXXXXX", temporary != NULL ? temporary : "/tmp");
    CU_ASSERT_PTR_NOT_NULL_FATAL(mkdtemp(b->root));
    snprintf(b->catalog, PATH, "%.100s/catalog", b->root);
    snprintf(b->out, PATH, "%.100s/out", b->root);
    snprintf(b->source, PATH, "sqlite://%.100s/empty.db", b->root);
    CU_ASSERT_EQUAL_FATAL(mkdir(b->catalog, 0700), 0);
    CU_ASSERT_EQUAL_FATAL(mkdir(b->out, 0700), 0);
    put_file(b->source + strlen("sqlite://"), "");
    b->error = ybb_error_new();
    CU_ASSERT_PTR_NOT_NULL_FATAL(b->error);
    b->exporter = open_exporter(b);
}

static void tear_down(bed *b)
{
    char command[PATH + 20];
    ybb_exporter_free(b->exporter);
    ybb_error_free(b->error);
    snprintf(command, sizeof(command), "rm -rf '%s'", b->root);
    CU_ASSERT_EQUAL(system(command), 0);
}

static ybb_status add(const bed *b, const char *key, const char *fields)
{
    char json[TEXT];
    snprintf(json, sizeof(json), "{\"templates\": {\"%s\": {\"fields\": [%s]}}}", key, fields);
    ybb_error_clear(b->error);
    return ybb_template_add(b->exporter, json, strlen(json), b->error);
}

/* Whether the exporter's list has the text. */
static bool lists(ybb_exporter *exporter, const char *text)
{
    char *json = NULL;
    CU_ASSERT_EQUAL(ybb_templates(&json, exporter, NULL), YBB_OK);
    CU_ASSERT_PTR_NOT_NULL_FATAL(json);
    bool found = strstr(json, text) != NULL;
    ybb_string_free(json);
    return found;
}

/* Starts a participants export of a template and waits; what ended it. The database is empty, so an
 * accepted request ends as SOURCE_SCHEMA. */
static ybb_status export_with(ybb_exporter *exporter, const char *template, ybb_error *error)
{
    char request[TEXT];
    ybb_export *started = NULL;
    snprintf(request, sizeof(request), "{\"export_type\": \"participants\", \"template\": \"%s\"}",
             template);
    ybb_status status = ybb_export_start(&started, exporter, request, strlen(request), error);
    if (status == YBB_OK)
        status = ybb_export_wait(started, -1, error);
    ybb_export_free(started);
    return status;
}

static ybb_status export_bed(const bed *b, const char *template)
{
    ybb_error_clear(b->error);
    return export_with(b->exporter, template, b->error);
}

static void an_open_exporter_sees_what_it_added(void)
{
    bed b;
    set_up(&b);
    CU_ASSERT_EQUAL(export_bed(&b, "short"), YBB_UNKNOWN_TEMPLATE);
    CU_ASSERT_EQUAL(add(&b, "participants_short", "\"id\""), YBB_OK);
    CU_ASSERT_EQUAL(export_bed(&b, "short"), YBB_SOURCE_SCHEMA);
    CU_ASSERT_TRUE(lists(b.exporter, "participants_short"));
    tear_down(&b);
}

static void another_exporter_sees_it_without_being_opened_again(void)
{
    bed b;
    set_up(&b);
    ybb_exporter *other = open_exporter(&b);
    CU_ASSERT_FALSE(lists(other, "participants_short"));
    CU_ASSERT_EQUAL(add(&b, "participants_short", "\"id\""), YBB_OK);
    CU_ASSERT_TRUE(lists(other, "participants_short"));
    ybb_exporter_free(other);
    tear_down(&b);
}

/* Whoever edits by hand: a file that is made, changed in its place, and removed. */
static void every_change_of_the_folder_is_seen(void)
{
    char path[PATH + 100];
    bed b;
    set_up(&b);
    put_document(&b, "mine.json", "{\"templates\": {\"participants_a\": {\"fields\": [\"id\"]}}}");
    CU_ASSERT_TRUE(lists(b.exporter, "participants_a"));
    put_document(&b, "mine.json", "{\"templates\": {\"participants_b\": {\"fields\": [\"id\"]}}}");
    CU_ASSERT_TRUE(lists(b.exporter, "participants_b"));
    CU_ASSERT_FALSE(lists(b.exporter, "participants_a"));
    snprintf(path, sizeof(path), "%s/mine.json", b.catalog);
    CU_ASSERT_EQUAL(unlink(path), 0);
    CU_ASSERT_FALSE(lists(b.exporter, "participants_b"));
    tear_down(&b);
}

static void a_folder_that_became_invalid_refuses_until_it_is_mended(void)
{
    char *json = NULL;
    bed b;
    set_up(&b);
    put_document(&b, "participants_x.template.json", "{");
    CU_ASSERT_EQUAL(export_bed(&b, "standard"), YBB_INVALID_CATALOG);
    CU_ASSERT_PTR_NOT_NULL(strstr(ybb_error_message(b.error), "participants_x.template.json"));
    CU_ASSERT_EQUAL(ybb_templates(&json, b.exporter, NULL), YBB_INVALID_CATALOG);
    CU_ASSERT_PTR_NULL(json);
    CU_ASSERT_EQUAL(add(&b, "participants_y", "\"id\""), YBB_INVALID_CATALOG);
    CU_ASSERT_EQUAL(add(&b, "participants_x", "\"id\""), YBB_OK); /* in its place */
    CU_ASSERT_EQUAL(export_bed(&b, "x"), YBB_SOURCE_SCHEMA);
    tear_down(&b);
}

static void a_folder_that_cannot_be_written_is_named(void)
{
    char *json = NULL;
    bed b;
    set_up(&b);
    CU_ASSERT_EQUAL(rmdir(b.catalog), 0);
    CU_ASSERT_EQUAL(add(&b, "participants_short", "\"id\""), YBB_OUTPUT_MISSING);
    CU_ASSERT_PTR_NOT_NULL(strstr(ybb_error_message(b.error), b.catalog));
    CU_ASSERT_EQUAL(ybb_templates(&json, b.exporter, NULL), YBB_INVALID_CATALOG);
    tear_down(&b);
}

static void missing_arguments_are_misuse(void)
{
    char *json = (char *)"x";
    bed b;
    set_up(&b);
    CU_ASSERT_EQUAL(ybb_templates(NULL, b.exporter, NULL), YBB_MISUSE);
    CU_ASSERT_EQUAL(ybb_templates(&json, NULL, NULL), YBB_MISUSE);
    CU_ASSERT_PTR_NULL(json);
    CU_ASSERT_EQUAL(ybb_template_add(b.exporter, NULL, 0, NULL), YBB_MISUSE);
    CU_ASSERT_EQUAL(ybb_template_add(NULL, "{}", 2, NULL), YBB_MISUSE);
    CU_ASSERT_EQUAL(ybb_template_add(b.exporter, "", 0, NULL), YBB_INVALID_CATALOG);
    tear_down(&b);
}

static void a_child_has_no_use_of_its_parents_exporter(void)
{
    int state = 1;
    bed b;
    set_up(&b);
    CU_ASSERT_EQUAL(ybb_exporter_serve(b.exporter, NULL), YBB_OK); /* it has threads now */
    pid_t child = fork();
    if (child == 0) {
        char *json;
        bool forked = ybb_templates(&json, b.exporter, NULL) == YBB_FORKED &&
                      add(&b, "participants_short", "\"id\"") == YBB_FORKED;
        ybb_exporter_free(b.exporter);
        _exit(forked ? 0 : 1);
    }
    CU_ASSERT_EQUAL(waitpid(child, &state, 0), child);
    CU_ASSERT_EQUAL(state, 0);
    CU_ASSERT_FALSE(lists(b.exporter, "participants_short"));
    tear_down(&b);
}

enum { THREADS = 4, ROUNDS = 6 };

typedef struct hand {
    const bed *b;
    int number;
    unsigned failures;
} hand;

/* Replaces its own template again and again, exports by it and lists. */
static void *work(void *memory)
{
    hand *h = memory;
    char name[40], json[TEXT];
    for (int round = 0; round < ROUNDS; round++) {
        char *list = NULL;
        snprintf(name, sizeof(name), "t%d", h->number);
        snprintf(json, sizeof(json), "{\"templates\": {\"participants_%s\": {\"fields\": [%s]}}}",
                 name, round % 2 == 0 ? "\"id\"" : "\"full_name\", \"email\"");
        if (ybb_template_add(h->b->exporter, json, strlen(json), NULL) != YBB_OK)
            h->failures++;
        if (export_with(h->b->exporter, name, NULL) != YBB_SOURCE_SCHEMA)
            h->failures++;
        if (ybb_templates(&list, h->b->exporter, NULL) != YBB_OK || strstr(list, name) == NULL)
            h->failures++;
        ybb_string_free(list);
    }
    return NULL;
}

static void threads_add_list_and_export_at_once(void)
{
    pthread_t threads[THREADS];
    hand hands[THREADS];
    bed b;
    set_up(&b);
    for (int i = 0; i < THREADS; i++) {
        hands[i] = (hand){&b, i, 0};
        CU_ASSERT_EQUAL_FATAL(pthread_create(&threads[i], NULL, work, &hands[i]), 0);
    }
    for (int i = 0; i < THREADS; i++) {
        CU_ASSERT_EQUAL(pthread_join(threads[i], NULL), 0);
        CU_ASSERT_EQUAL(hands[i].failures, 0);
    }
    tear_down(&b);
}

int main(void)
{
    static const ybb_test tests[] = {
        TEST(an_open_exporter_sees_what_it_added),
        TEST(another_exporter_sees_it_without_being_opened_again),
        TEST(every_change_of_the_folder_is_seen),
        TEST(a_folder_that_became_invalid_refuses_until_it_is_mended),
        TEST(a_folder_that_cannot_be_written_is_named),
        TEST(missing_arguments_are_misuse),
        TEST(a_child_has_no_use_of_its_parents_exporter),
        TEST(threads_add_list_and_export_at_once),
    };
    return RUN_TESTS("templates", tests);
}
