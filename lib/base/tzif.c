#include "base/tzif.h"

#include "base/clock.h"
#include "base/file_read.h"
#include "base/tz_rule.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static const char folder[] = "/usr/share/zoneinfo/";

/* The calendar repeats itself, days of the week included, every 400 years. */
enum { CYCLE_YEARS = 400, DAY = 86400, HOUR = 3600 };
static const int64_t cycle = INT64_C(146097) * DAY;

/* RFC 9636, 3.2 */
enum {
    HEADER = 44,
    VERSION_AT = 4,
    COUNTS = 20,
    TYPE = 6,
    LEAST_OFFSET = -25 * HOUR + 1,
    MOST_OFFSET = 26 * HOUR - 1,
    LARGEST_FILE = 1024 * 1024,
    LONGEST_NAME = 63
};

typedef struct period {
    int64_t begin; /* UTC; the first one's is INT64_MIN */
    int32_t offset;
} period;

struct ybb_tzif {
    size_t count;
    int64_t repeats; /* from here on the periods are those of @cycle later, too */
    period periods[];
};

/* The counts of a header, in their order. */
typedef struct counts {
    uint32_t universal, standard, leaps, times, types, letters;
} counts;

static uint32_t get_u32(const unsigned char *at)
{
    return (uint32_t)at[0] << 24 | (uint32_t)at[1] << 16 | (uint32_t)at[2] << 8 | at[3];
}

static int64_t get_i64(const unsigned char *at)
{
    return (int64_t)((uint64_t)get_u32(at) << 32 | get_u32(at + 4));
}

static counts get_counts(const unsigned char *header)
{
    const unsigned char *at = header + COUNTS;
    return (counts){get_u32(at),      get_u32(at + 4),  get_u32(at + 8),
                    get_u32(at + 12), get_u32(at + 16), get_u32(at + 20)};
}

/* What stands behind a header, times being @width bytes. The counts are of 32 bits: no overflow. */
static uint64_t block_size(const counts *c, uint64_t width)
{
    return c->times * (width + 1) + (uint64_t)c->types * TYPE + c->letters +
           c->leaps * (width + 4) + c->standard + c->universal;
}

static bool is_header(const unsigned char *at, size_t length)
{
    static const char magic[] = "TZif";
    return length >= HEADER && memcmp(at, magic, sizeof(magic) - 1) == 0 && at[VERSION_AT] >= '2';
}

static void put(ybb_tzif *zone, int64_t begin, int32_t offset)
{
    zone->periods[zone->count++] = (period){begin, offset};
}

/* The periods that the file lists. Types: an offset of 32 bits, and two bytes. */
static bool put_listed(ybb_tzif *zone, const counts *c, const unsigned char *times)
{
    enum { TIME = 8 };
    /* beyond any date that is written, and far from overflows */
    static const int64_t furthest = INT64_C(1) << 60;
    const unsigned char *indexes = times + (size_t)c->times * TIME, *types = indexes + c->times;
    int64_t before = -furthest - 1;
    for (uint32_t i = 0; i < c->types; i++) {
        int32_t offset = (int32_t)get_u32(types + (size_t)i * TYPE);
        if (offset < LEAST_OFFSET || offset > MOST_OFFSET)
            return false;
    }
    put(zone, INT64_MIN, (int32_t)get_u32(types));
    for (uint32_t i = 0; i < c->times; i++) {
        int64_t time = get_i64(times + (size_t)i * TIME);
        if (time <= before || time > furthest || indexes[i] >= c->types)
            return false;
        put(zone, time, (int32_t)get_u32(types + (size_t)indexes[i] * TYPE));
        before = time;
    }
    return true;
}

static int year_of(int64_t seconds)
{
    enum { FIRST = 1, LAST = 9999 };
    int year, month, day;
    if (seconds < ybb__days_from_date(FIRST, 1, 1) * DAY)
        return FIRST;
    if (seconds > ybb__days_from_date(LAST, 1, 1) * DAY)
        return LAST;
    ybb__date_from_days((seconds - (seconds % DAY + DAY) % DAY) / DAY, &year, &month, &day);
    return year;
}

/* The periods behind the listed ones: those of a cycle, and of a year before and behind it. */
static void put_ruled(ybb_tzif *zone, const ybb_tz_rule *rule)
{
    int64_t last = zone->periods[zone->count - 1].begin;
    int first_year = year_of(last);
    for (int year = first_year; year <= first_year + CYCLE_YEARS + 1; year++) {
        int64_t begin = ybb__tz_rule_begin(rule, year), end = ybb__tz_rule_end(rule, year);
        period summer = {begin, rule->summer}, standard = {end, rule->standard};
        const period *order[] = {begin < end ? &summer : &standard,
                                 begin < end ? &standard : &summer};
        for (size_t i = 0; i < 2; i++)
            if (order[i]->begin > zone->periods[zone->count - 1].begin)
                put(zone, order[i]->begin, order[i]->offset);
    }
    zone->repeats = ybb__days_from_date(first_year + 1, 1, 1) * DAY;
}

/* The line between two line feeds at the end; false where it is none, or no rule. An empty one says
 * that the last period has no end. */
static bool put_footer(ybb_tzif *zone, const char *at, size_t length)
{
    const char *end = length > 0 && at[0] == '\n' ? memchr(at + 1, '\n', length - 1) : NULL;
    ybb_tz_rule rule = {.has_summer = false};
    if (end == NULL)
        return false;
    if (end > at + 1 && !ybb__tz_rule_read(&rule, at + 1, (size_t)(end - at - 1)))
        return false;
    if (rule.has_summer)
        put_ruled(zone, &rule);
    return true;
}

ybb_status ybb__tzif_read(ybb_tzif **out, const char *bytes, size_t length)
{
    const unsigned char *at = (const unsigned char *)bytes;
    *out = NULL;
    if (!is_header(at, length))
        return YBB_NOT_FOUND;
    counts c = get_counts(at); /* of the times of 32 bits, which are passed over */
    uint64_t old = block_size(&c, 4);
    if (old > length - HEADER || !is_header(at + HEADER + old, length - HEADER - (size_t)old))
        return YBB_NOT_FOUND;
    at += HEADER + old;
    length -= HEADER + (size_t)old;
    c = get_counts(at);
    uint64_t size = block_size(&c, 8);
    if (size > length - HEADER || c.types == 0)
        return YBB_NOT_FOUND;
    size_t most = 1 + (size_t)c.times + 2 * (size_t)(CYCLE_YEARS + 2);
    ybb_tzif *zone = malloc(sizeof(*zone) + most * sizeof(period));
    if (zone == NULL)
        return YBB_NO_MEMORY;
    zone->count = 0;
    zone->repeats = INT64_MAX - cycle;
    at += HEADER;
    if (!put_listed(zone, &c, at) ||
        !put_footer(zone, (const char *)at + size, length - HEADER - (size_t)size)) {
        free(zone);
        return YBB_NOT_FOUND;
    }
    *out = zone;
    return YBB_OK;
}

void ybb__tzif_free(ybb_tzif *zone)
{
    free(zone);
}

/* Only such names: what else stands in the folder ("posix", "localtime", "tzdata.zi") is no zone,
 * and no name leads out of it. */
static bool is_name(const char *name)
{
    static const char signs[] = "/_+-0123456789";
    size_t i = 0;
    if (name[0] < 'A' || name[0] > 'Z')
        return false;
    while ((name[i] >= 'A' && name[i] <= 'Z') || (name[i] >= 'a' && name[i] <= 'z') ||
           (name[i] != '\0' && strchr(signs, name[i]) != NULL))
        i++;
    return name[i] == '\0' && i <= LONGEST_NAME;
}

static bool is_readable_file(const char *path)
{
    struct stat about;
    return stat(path, &about) == 0 && S_ISREG(about.st_mode) && access(path, R_OK) == 0;
}

ybb_status ybb__tzif_open(ybb_tzif **out, const char *name)
{
    char path[sizeof(folder) + LONGEST_NAME];
    ybb_buffer bytes = {0};
    *out = NULL;
    if (!is_name(name))
        return YBB_NOT_FOUND;
    memcpy(path, folder, sizeof(folder) - 1);
    memcpy(path + sizeof(folder) - 1, name, strlen(name) + 1);
    if (!is_readable_file(path))
        return YBB_NOT_FOUND;
    ybb_status status = ybb__file_read(&bytes, path, LARGEST_FILE, YBB_INTERNAL, NULL);
    if (status == YBB_OK)
        status = ybb__tzif_read(out, bytes.at, bytes.length);
    ybb__buffer_free(&bytes);
    return status;
}

/* A moment of which the periods stand in the table. */
static int64_t in_table(const ybb_tzif *zone, int64_t moment)
{
    if (moment < zone->repeats + cycle)
        return moment;
    return moment - (moment - zone->repeats) / cycle * cycle;
}

/* The period that a moment lies in. */
static size_t find(const ybb_tzif *zone, int64_t moment)
{
    size_t first = 0, behind = zone->count;
    while (behind - first > 1) {
        size_t middle = first + (behind - first) / 2;
        if (zone->periods[middle].begin <= moment)
            first = middle;
        else
            behind = middle;
    }
    return first;
}

int32_t ybb__tzif_offset(const ybb_tzif *zone, int64_t moment)
{
    return zone->periods[find(zone, in_table(zone, moment))].offset;
}

int32_t ybb__tzif_offset_of_local(const ybb_tzif *zone, int64_t local)
{
    const period *at = zone->periods;
    local = in_table(zone, local);
    /* all periods before this one are over by any clock; of the others the first that is not */
    size_t i = find(zone, local - MOST_OFFSET);
    while (i + 1 < zone->count && local >= at[i + 1].begin + at[i].offset)
        i++;
    bool in_gap = i > 0 && local < at[i].begin + at[i].offset;
    return at[in_gap ? i - 1 : i].offset;
}
