/*
 * Settings that spec.md writes as sentences: "1000-10000 records", "1000 <= record_count < 10000";
 * and those that are one of several words.
 */
#include "model/settings.h"

#include "base/text.h"

#include <stdio.h>
#include <string.h>

/* Counts from `from` to before `to`; UINT64_MAX: all others. */
typedef struct span {
    uint64_t from, to;
} span;

/* Reads @word and the blanks behind it. */
static bool take_word(const char **at, const char *word)
{
    size_t length = strlen(word);
    if (strncmp(*at, word, length) != 0)
        return false;
    *at += length;
    *at += strspn(*at, " ");
    return true;
}

static bool take_number(const char **at, uint64_t *out)
{
    size_t digits = strspn(*at, "0123456789");
    if (!ybb__text_to_u64(*at, digits, out) || *out == UINT64_MAX)
        return false;
    *at += digits;
    *at += strspn(*at, " ");
    return true;
}

/* Whether each span begins where the one before it ends, from 0 to all. */
static bool is_chain(const span *spans, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        uint64_t from = i == 0 ? 0 : spans[i - 1].to;
        if (spans[i].from != from || spans[i].to <= from)
            return false;
    }
    return spans[count - 1].to == UINT64_MAX;
}

/* priority_levels */

static const char *const classes[YBB_PRIORITIES] = {"immediate", "high", "normal", "low"};

/* "< 1000 records", "1000-10000 records", "> 50000 records". */
static bool take_level(const char *at, span *out)
{
    *out = (span){0, UINT64_MAX};
    at += strspn(at, " ");
    if (take_word(&at, "<")) {
        if (!take_number(&at, &out->to))
            return false;
    } else if (take_word(&at, ">=") || take_word(&at, ">")) {
        if (!take_number(&at, &out->from))
            return false;
    } else if (!take_number(&at, &out->from) || !take_word(&at, "-") ||
               !take_number(&at, &out->to)) {
        return false;
    }
    take_word(&at, "records");
    return *at == '\0';
}

void ybb__priority_levels_read(ybb_settings *s, const ybb_json *value, void *at)
{
    uint64_t *below = at;
    span spans[YBB_PRIORITIES];
    if (!ybb__json_is_object(s->reader, value))
        return;
    ybb__json_known(s->reader, value, classes, YBB_PRIORITIES);
    for (int i = 0; i < YBB_PRIORITIES; i++) {
        const char *text;
        ybb__json_need(s->reader, value, classes[i]);
        if (!ybb__json_take_text(s->reader, value, classes[i], &text))
            return;
        if (!take_level(text, &spans[i])) {
            ybb__json_fail(s->reader, ybb__json_member(value, classes[i]), YBB_INVALID_VALUE,
                           "\"< 1000 records\", \"1000-10000 records\", \"> 50000 records\"", NULL,
                           "is no range of records: \"%.60s\"", text);
            return;
        }
    }
    if (!is_chain(spans, YBB_PRIORITIES)) {
        ybb__json_fail(s->reader, value, YBB_INVALID_VALUE, NULL, NULL,
                       "leave a gap, overlap, or do not begin at 0 and go on to all others");
        return;
    }
    for (int i = 0; i < YBB_PRIORITIES; i++)
        below[i] = spans[i].to;
}

void ybb__priority_levels_write(ybb_buffer *out, const void *at)
{
    const uint64_t *below = at;
    for (int i = 0; i < YBB_PRIORITIES; i++) {
        ybb__buffer_put_text(out, i == 0 ? "{\"" : ", \"");
        ybb__buffer_put_text(out, classes[i]);
        ybb__buffer_put_text(out, i == 0 ? "\": \"< " : i == YBB_LOW ? "\": \"> " : "\": \"");
        ybb__buffer_put_u64(out, below[i == 0 ? 0 : i - 1]);
        if (i != 0 && i != YBB_LOW) {
            ybb__buffer_put_char(out, '-');
            ybb__buffer_put_u64(out, below[i]);
        }
        ybb__buffer_put_text(out, " records\"");
    }
    ybb__buffer_put_char(out, '}');
}

/* strategy_rules */

enum { RULES = 5 };

static const char *const strategies[RULES] = {"immediate_single_file", "background_single_file",
                                              "compressed_single_file", "multi_file_small_chunks",
                                              "multi_file_large_chunks_or_streaming"};

/* "record_count < 1000", "1000 <= record_count < 10000", "record_count >= 50000". */
static bool take_rule(const char *at, span *out)
{
    *out = (span){0, UINT64_MAX};
    at += strspn(at, " ");
    bool from = take_number(&at, &out->from);
    if (from && !take_word(&at, "<="))
        return false;
    if (!take_word(&at, "record_count"))
        return false;
    if (take_word(&at, ">=")) {
        if (from || !take_number(&at, &out->from))
            return false;
    } else if (!take_word(&at, "<") || !take_number(&at, &out->to)) {
        return false;
    }
    return *at == '\0';
}

static bool read_rule(ybb_settings *s, const ybb_json *rule, span *spans, bool *given)
{
    uint32_t strategy;
    span range;
    if (!take_rule(rule->key, &range)) {
        ybb__json_fail_key(s->reader, rule, YBB_UNKNOWN_KEY,
                           "rule such as \"1000 <= record_count < 10000\"", NULL, 0);
        return false;
    }
    if (rule->kind == YBB_JSON_NULL) {
        ybb__json_fail_type(s->reader, rule, "a text");
        return false;
    }
    if (!ybb__json_take_choice(s->reader, rule->parent, rule->key, strategies, RULES, &strategy))
        return false;
    if (given[strategy]) {
        ybb__json_fail(s->reader, rule, YBB_INVALID_VALUE, NULL, NULL, "is a second rule for %s",
                       strategies[strategy]);
        return false;
    }
    spans[strategy] = range;
    given[strategy] = true;
    return true;
}

/* Two of the rules' borders have keys of their own; the same text may not say two things. */
static void check_twin(ybb_settings *s, const ybb_json *rules, const char *key, uint64_t border)
{
    uint64_t other;
    const ybb_json *twin =
        ybb__json_member(ybb__json_member(s->reader->root, "system_limits"), key);
    if (twin != NULL && ybb__json_to_u64(twin, &other) && other != border)
        ybb__json_fail(s->reader, rules, YBB_INVALID_VALUE, NULL, NULL,
                       "and system_limits.%s say different numbers", key);
}

static void keep_rules(ybb_settings *s, const ybb_json *value, const span *spans,
                       ybb_limits *limits)
{
    if (!is_chain(spans, RULES)) {
        ybb__json_fail(s->reader, value, YBB_INVALID_VALUE, NULL, NULL,
                       "leave a gap, overlap, or do not begin at 0 and go on to all others");
        return;
    }
    check_twin(s, value, "max_records_immediate_processing", spans[0].to);
    check_twin(s, value, "max_records_single_file", spans[2].to);
    limits->max_records_immediate_processing = spans[0].to;
    limits->background_below = spans[1].to;
    limits->max_records_single_file = spans[2].to;
    limits->small_chunks_below = spans[3].to;
}

void ybb__strategy_rules_read(ybb_settings *s, const ybb_json *value, void *at)
{
    span spans[RULES];
    bool given[RULES] = {false}, any = false;
    if (!ybb__json_is_object(s->reader, value))
        return;
    for (const ybb_json *rule = value->first; rule != NULL; rule = rule->next) {
        if (strcmp(rule->key, "chunk_sizes") == 0) {
            if (rule->kind != YBB_JSON_NULL)
                ybb__settings_read(s, rule, "chunk_sizes.");
        } else if (read_rule(s, rule, spans, given)) {
            any = true;
        }
        if (s->reader->status != YBB_OK)
            return;
    }
    for (int i = 0; i < RULES && any; i++)
        if (!given[i])
            ybb__json_fail(s->reader, value, YBB_MISSING_KEY, NULL, NULL, "have no rule for %s",
                           strategies[i]);
    if (any && s->reader->status == YBB_OK)
        keep_rules(s, value, spans, at);
}

void ybb__strategy_rules_write(ybb_buffer *out, const void *at)
{
    const ybb_limits *limits = at;
    const uint64_t borders[RULES + 1] = {0,
                                         limits->max_records_immediate_processing,
                                         limits->background_below,
                                         limits->max_records_single_file,
                                         limits->small_chunks_below,
                                         UINT64_MAX};
    for (int i = 0; i < RULES; i++) {
        ybb__buffer_put_text(out, i == 0 ? "{\"" : ", \"");
        if (i > 0 && i < RULES - 1) {
            ybb__buffer_put_u64(out, borders[i]);
            ybb__buffer_put_text(out, " <= ");
        }
        ybb__buffer_put_text(out, i < RULES - 1 ? "record_count < " : "record_count >= ");
        ybb__buffer_put_u64(out, borders[i < RULES - 1 ? i + 1 : i]);
        ybb__buffer_put_text(out, "\": \"");
        ybb__buffer_put_text(out, strategies[i]);
        ybb__buffer_put_char(out, '"');
    }
    ybb__buffer_put_char(out, '}');
}

/* monitoring */

static const struct {
    const char *name;
    size_t offset; /* a bool of ybb_monitoring */
} metrics[] = {
    {"records_per_second", offsetof(ybb_monitoring, records_per_second)},
    {"memory_usage_peak", offsetof(ybb_monitoring, memory_usage_peak)},
    {"processing_time", offsetof(ybb_monitoring, processing_time)},
    {"file_generation_time", offsetof(ybb_monitoring, file_generation_time)},
    {"compression_time", offsetof(ybb_monitoring, compression_time)},
};

enum { METRICS = sizeof(metrics) / sizeof(metrics[0]) };

/* @at is the whole ybb_monitoring. */
void ybb__metrics_read(ybb_settings *s, const ybb_json *value, void *at)
{
    const char *names[METRICS];
    bool wanted[METRICS] = {false};
    if (!ybb__json_is_array(s->reader, value))
        return;
    for (size_t i = 0; i < METRICS; i++)
        names[i] = metrics[i].name;
    for (const ybb_json *item = value->first; item != NULL; item = item->next) {
        size_t i = 0;
        while (i < METRICS && (item->kind != YBB_JSON_TEXT || strcmp(item->at, names[i]) != 0))
            i++;
        if (i == METRICS) {
            ybb__json_fail_name(s->reader, item, YBB_INVALID_VALUE, "metric", names, METRICS);
            return;
        }
        wanted[i] = true;
    }
    for (size_t i = 0; i < METRICS; i++)
        memcpy((char *)at + metrics[i].offset, &wanted[i], sizeof(wanted[i]));
}

void ybb__metrics_write(ybb_buffer *out, const void *at)
{
    const char *before = "[\"";
    for (size_t i = 0; i < METRICS; i++) {
        if (!*(const bool *)((const char *)at + metrics[i].offset))
            continue;
        ybb__buffer_put_text(out, before);
        ybb__buffer_put_text(out, metrics[i].name);
        before = "\", \"";
    }
    ybb__buffer_put_text(out, *before == '[' ? "[]" : "\"]");
}

static const char *const levels[] = {"off", "error", "warning", "info", "debug"};

const char *ybb__log_level_name(ybb_log_level level)
{
    return levels[level];
}

void ybb__log_level_read(ybb_settings *s, const ybb_json *value, void *at)
{
    uint32_t level;
    if (ybb__json_take_choice(s->reader, value->parent, value->key, levels,
                              sizeof(levels) / sizeof(levels[0]), &level))
        *(ybb_log_level *)at = (ybb_log_level)level;
}

void ybb__log_level_write(ybb_buffer *out, const void *at)
{
    ybb__buffer_put_char(out, '"');
    ybb__buffer_put_text(out, ybb__log_level_name(*(const ybb_log_level *)at));
    ybb__buffer_put_char(out, '"');
}

/* pool */

static const char *const pools[] = {"auto", "inproc", "worker"};

void ybb__pool_choice_read(ybb_settings *s, const ybb_json *value, void *at)
{
    uint32_t choice;
    if (ybb__json_take_choice(s->reader, value->parent, value->key, pools,
                              sizeof(pools) / sizeof(pools[0]), &choice))
        *(ybb_pool_choice *)at = (ybb_pool_choice)choice;
}

void ybb__pool_choice_write(ybb_buffer *out, const void *at)
{
    ybb__buffer_put_char(out, '"');
    ybb__buffer_put_text(out, pools[*(const ybb_pool_choice *)at]);
    ybb__buffer_put_char(out, '"');
}
