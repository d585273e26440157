#include "base/text.h"

#include <string.h>

/* Names of a catalog are shorter; nobody mistypes a longer one into another. */
enum { LONGEST = 64, MOST_EDITS = 3 };

static char folded(char c)
{
    return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
}

static size_t least(size_t a, size_t b)
{
    return a < b ? a : b;
}

/* The three last rows of the table of distances: edits from each prefix of one text to each of the
 * other. */
typedef struct rows {
    size_t before[LONGEST + 1], last[LONGEST + 1], now[LONGEST + 1];
} rows;

static size_t cell(const rows *r, const char *a, size_t i, const char *b, size_t j)
{
    bool same = folded(a[i - 1]) == folded(b[j - 1]);
    size_t edits = least(r->last[j], r->now[j - 1]) + 1;
    edits = least(edits, r->last[j - 1] + (same ? 0 : 1));
    if (i > 1 && j > 1 && folded(a[i - 1]) == folded(b[j - 2]) &&
        folded(a[i - 2]) == folded(b[j - 1]))
        edits = least(edits, r->before[j - 2] + 1);
    return edits;
}

/* How many characters must be changed, added, left out, or swapped with their neighbour to make @a
 * of @b (Damerau and Levenshtein), upper and lower case being one. */
static size_t distance(const char *a, size_t a_length, const char *b, size_t b_length)
{
    rows r = {.last = {0}};
    for (size_t j = 0; j <= b_length; j++)
        r.last[j] = j;
    for (size_t i = 1; i <= a_length; i++) {
        r.now[0] = i;
        for (size_t j = 1; j <= b_length; j++)
            r.now[j] = cell(&r, a, i, b, j);
        memcpy(r.before, r.last, sizeof(r.before));
        memcpy(r.last, r.now, sizeof(r.last));
    }
    return r.last[b_length];
}

/* Whoever writes 3 does not mean 2. */
static bool is_number(const char *name)
{
    return name[strspn(name, "+-.0123456789")] == '\0';
}

const char *ybb__text_nearest(const char *name, const char *const *names, size_t count)
{
    const char *nearest = NULL;
    size_t length = strnlen(name, LONGEST + 1);
    /* A third of a short name is all that may differ: "id" is not a misspelt "sex". */
    size_t most = least(MOST_EDITS, (length + 1) / 3);
    if (length > LONGEST || is_number(name))
        return NULL;
    for (size_t i = 0; i < count; i++) {
        size_t other = strnlen(names[i], LONGEST + 1);
        size_t apart = length > other ? length - other : other - length;
        if (other > LONGEST || apart > most)
            continue;
        size_t edits = distance(name, length, names[i], other);
        if (edits > most || (edits == most && nearest != NULL))
            continue;
        nearest = names[i];
        most = edits;
    }
    return nearest;
}
