#include "encode/ranking.h"

#include <stdlib.h>

struct ybb_ranked {
    int64_t key;
    ybb_buffer texts; /* of each its length (uint32_t) and its bytes */
};

void ybb__ranking_free(ybb_ranking *ranking)
{
    for (uint32_t i = 0; ranking->items != NULL && i < ranking->most; i++)
        ybb__buffer_free(&ranking->items[i].texts);
    free(ranking->items);
    *ranking = (ybb_ranking){0};
}

void ybb__ranking_clear(ybb_ranking *ranking)
{
    ranking->count = 0;
}

size_t ybb__ranking_size(const ybb_ranking *ranking)
{
    size_t size = 0;
    for (uint32_t i = 0; ranking->items != NULL && i < ranking->most; i++)
        size += sizeof(*ranking->items) + ranking->items[i].texts.capacity;
    return size;
}

ybb_buffer *ybb__ranking_place(ybb_ranking *ranking, int64_t key, bool *failed)
{
    uint32_t at = ranking->count, most = ranking->most;
    if (at == most && ranking->items[most - 1].key >= key)
        return NULL;
    if (ranking->items == NULL)
        ranking->items = calloc(most, sizeof(*ranking->items));
    if (ranking->items == NULL) {
        *failed = true;
        return NULL;
    }
    if (at == most)
        at--; /* the last one's place is free for another's texts */
    else
        ranking->count++;
    ybb_buffer texts = ranking->items[at].texts;
    for (; at > 0 && ranking->items[at - 1].key < key; at--)
        ranking->items[at] = ranking->items[at - 1];
    ranking->items[at] = (struct ybb_ranked){key, texts};
    ybb__buffer_clear(&ranking->items[at].texts);
    return &ranking->items[at].texts;
}

void ybb__ranking_put(ybb_buffer *texts, const char *at, size_t length)
{
    uint32_t bytes = (uint32_t)length;
    ybb__buffer_put(texts, &bytes, sizeof(bytes));
    ybb__buffer_put(texts, at, length);
}

bool ybb__ranking_add(ybb_ranking *ranking, const ybb_ranking *behind)
{
    bool failed = false;
    for (uint32_t i = 0; !failed && i < behind->count; i++) {
        const ybb_buffer *from = &behind->items[i].texts;
        ybb_buffer *to = ybb__ranking_place(ranking, behind->items[i].key, &failed);
        if (to == NULL)
            continue;
        ybb__buffer_put(to, from->at, from->length);
        failed = ybb__buffer_failed(to) || ybb__buffer_failed(from);
    }
    return !failed;
}

int64_t ybb__ranking_key(const ybb_ranking *ranking, uint32_t number)
{
    return ranking->items[number].key;
}

ybb_cell ybb__ranking_text(const ybb_ranking *ranking, uint32_t number, uint32_t index)
{
    const char *at = ranking->items[number].texts.at;
    uint32_t length;
    memcpy(&length, at, sizeof(length));
    for (; index > 0; index--) {
        at += sizeof(length) + length;
        memcpy(&length, at, sizeof(length));
    }
    return (ybb_cell){at + sizeof(length), length};
}
