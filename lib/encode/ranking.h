/*
 * encode/ranking: the few records that have the most in a field, with some of their texts. Of
 * equal ones the first come first.
 */
#ifndef YBB_ENCODE_RANKING_H
#define YBB_ENCODE_RANKING_H

#include "rows/block.h"

/* Zeroed memory with `most` set is an empty ranking. */
typedef struct ybb_ranking {
    uint32_t most, count;
    struct ybb_ranked *items; /* [most], the greatest first */
} ybb_ranking;

void ybb__ranking_free(ybb_ranking *ranking);
/* Empty it, keep the memory. */
void ybb__ranking_clear(ybb_ranking *ranking);
size_t ybb__ranking_size(const ybb_ranking *ranking);
/* Puts a record with @key into its place and returns where its texts go, as ybb__ranking_put puts
 * them; NULL where it has none among so many. *@failed is set without memory. */
ybb_buffer *ybb__ranking_place(ybb_ranking *ranking, int64_t key, bool *failed);
/* Appends a text to a record's. */
void ybb__ranking_put(ybb_buffer *texts, const char *at, size_t length);
/* Adds the records of a ranking that comes behind. False without memory. */
bool ybb__ranking_add(ybb_ranking *ranking, const ybb_ranking *behind);
int64_t ybb__ranking_key(const ybb_ranking *ranking, uint32_t number);
/* Text @index of record @number. Borrowed. */
ybb_cell ybb__ranking_text(const ybb_ranking *ranking, uint32_t number, uint32_t index);

#endif
