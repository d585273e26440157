#include "report/stats_answer.h"

#include "model/plan.h"
#include "model/settings.h"
#include "report/answer.h"
#include "report/queue_answer.h"

#include <string.h>

static void put_runs(ybb_answer parent, const char *key, const ybb_run_stats *runs)
{
    ybb_answer object = ybb__answer_object(parent, key);
    ybb__answer_u64(object, "completed", runs->done);
    ybb__answer_u64(object, "failed", runs->failed);
    ybb__answer_u64(object, "cancelled", runs->cancelled);
    ybb__answer_u64(object, "records", runs->records);
    ybb__answer_size(object, "bytes", runs->bytes);
    ybb__answer_double(object, "processing_seconds", runs->seconds);
    ybb__answer_double(object, "records_per_second",
                       runs->seconds > 0 ? (double)runs->records / runs->seconds : 0);
}

static void put_exports(ybb_answer data, const ybb_store_stats *stats)
{
    ybb_answer exports = ybb__answer_object(data, "exports");
    ybb__answer_u64(exports, "queued", stats->queued);
    ybb__answer_u64(exports, "running", stats->running);
    ybb__answer_u64(exports, "completed", stats->done);
    ybb__answer_u64(exports, "failed", stats->failed);
    ybb__answer_u64(exports, "cancelled", stats->cancelled);
    ybb__answer_u64(exports, "expired", stats->expired);
}

static void put_lately(ybb_answer data, const ybb_store_stats *stats)
{
    put_runs(data, "last_7_days", &stats->lately);
    ybb_answer classes = ybb__answer_object(data, "by_class");
    for (int i = 0; i < YBB_PRIORITIES; i++)
        put_runs(classes, ybb__priority_name((ybb_priority)i), &stats->by_class[i]);
    ybb_answer types = ybb__answer_object(data, "by_type");
    for (uint32_t i = 0; i < stats->type_count; i++)
        put_runs(types, stats->by_type[i].name, &stats->by_type[i].stats);
    ybb__answer_u64(data, "failures_last_hour", stats->failures_last_hour);
}

/* The object under @key, which may be there. */
static ybb_answer object_in(ybb_answer parent, const char *key)
{
    struct json_object *there;
    if (parent.object != NULL && json_object_object_get_ex(parent.object, key, &there))
        return (ybb_answer){there, parent.failed};
    return ybb__answer_object(parent, key);
}

static void put_setting(ybb_answer answer, const ybb_setting *setting,
                        const struct ybb_config *config)
{
    enum { LONGEST_STEP = 64 };
    char step[LONGEST_STEP];
    ybb_buffer value = {0};
    const char *at = setting->path;
    for (size_t length = strcspn(at, "."); at[length] != '\0'; length = strcspn(at, ".")) {
        if (length >= sizeof(step))
            return;
        memcpy(step, at, length);
        step[length] = '\0';
        answer = object_in(answer, step);
        at += length + 1;
    }
    ybb__setting_write(&value, setting, config);
    const char *json = ybb__buffer_text(&value);
    if (json == NULL)
        *answer.failed = true;
    else
        ybb__answer_json(answer, at, json, false);
    ybb__buffer_free(&value);
}

static bool is_limit(const ybb_setting *setting)
{
    static const char *const blocks[] = {"system_limits.", "chunk_configurations.",
                                         "format_limits.", "strategy_rules",
                                         "chunk_sizes.",   "queue_config."};
    for (size_t i = 0; i < sizeof(blocks) / sizeof(blocks[0]); i++)
        if (strncmp(setting->path, blocks[i], strlen(blocks[i])) == 0)
            return true;
    return false;
}

char *ybb__answer_stats(const ybb_store_stats *stats, const ybb_queue_state *queue,
                        const struct ybb_config *config)
{
    bool failed;
    size_t count;
    const ybb_setting *settings = ybb__config_settings(&count);
    ybb_answer answer = ybb__answer_begin(&failed);
    ybb__answer_text(answer, "status", "success");
    ybb_answer data = ybb__answer_object(answer, "data");
    put_exports(data, stats);
    put_lately(data, stats);
    ybb__put_queue(data, queue, stats);
    ybb_answer limits = ybb__answer_object(answer, "limits");
    for (size_t i = 0; i < count; i++)
        if (is_limit(&settings[i]))
            put_setting(limits, &settings[i], config);
    return ybb__answer_end(answer);
}
