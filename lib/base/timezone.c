#include "base/timezone.h"

#include "base/text.h"
#include "base/tzif.h"

#include <stdlib.h>
#include <string.h>
#include <unicode/ucal.h>

enum { NAME_UNITS = YBB_TIMEZONE_TEXT };

enum { MILLISECONDS = 1000 };
static const double milliseconds = MILLISECONDS;

/* One of the two. */
typedef struct zone {
    ybb_tzif *system;
    UCalendar *icu;
} zone;

struct ybb_timezone {
    zone from, to;
};

/* The zone's name in UTF-16; false for one that no IANA name can be. */
static bool widen(UChar *out, const char *name)
{
    size_t length = strlen(name);
    if (length == 0 || length >= NAME_UNITS)
        return false;
    for (size_t i = 0; i <= length; i++) {
        unsigned char c = (unsigned char)name[i];
        if (c >= 0x80)
            return false;
        out[i] = c;
    }
    return true;
}

/* ICU also takes "gmt+7" and makes "Etc/Unknown" of what it does not know: only a system zone whose
 * name is spelt so counts. */
static bool is_system_zone(const UChar *name)
{
    UErrorCode status = U_ZERO_ERROR;
    UChar canonical[2 * NAME_UNITS];
    UBool system = false;
    ucal_getCanonicalTimeZoneID(name, -1, canonical, 2 * NAME_UNITS, &system, &status);
    return U_SUCCESS(status) && system;
}

bool ybb__timezone_known(const char *name)
{
    UChar wide[NAME_UNITS];
    ybb_tzif *system;
    if (ybb__tzif_open(&system, name) == YBB_OK) {
        ybb__tzif_free(system);
        return true;
    }
    return widen(wide, name) && is_system_zone(wide);
}

/* The names of @zones, @count of them, each at its own NAME_UNITS bytes of @texts. */
static size_t list_names(UEnumeration *zones, char *texts, const char **names, size_t count)
{
    UErrorCode status = U_ZERO_ERROR;
    size_t listed = 0;
    int32_t length;
    const char *name;
    while (listed < count && (name = uenum_next(zones, &length, &status)) != NULL) {
        if (length >= NAME_UNITS || strchr(name, '/') == NULL) /* old names are not to be found */
            continue;
        char *text = texts + listed * NAME_UNITS;
        memcpy(text, name, (size_t)length + 1);
        names[listed++] = text;
    }
    return listed;
}

/* As names of places are compared: upper case is lower case, and a blank is '_'. */
static char folded(char c)
{
    if (c >= 'A' && c <= 'Z')
        return (char)(c - 'A' + 'a');
    return c == ' ' ? '_' : c;
}

/* The zone of the place @name: "Asia/Jakarta" for "jakarta"; NULL for none. */
static const char *zone_of_place(const char *name, const char *const *zones, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        const char *place = strrchr(zones[i], '/') + 1, *at = name;
        if (strncmp(zones[i], "Etc/", strlen("Etc/")) == 0) /* of GMT+7 the sign is the other way */
            continue;
        for (; *place != '\0' && folded(*place) == folded(*at); place++)
            at++;
        if (*place == '\0' && *at == '\0')
            return zones[i];
    }
    return NULL;
}

bool ybb__timezone_nearest(char *out, const char *name)
{
    UErrorCode status = U_ZERO_ERROR;
    UEnumeration *zones = ucal_openTimeZones(&status);
    int32_t count = U_SUCCESS(status) ? uenum_count(zones, &status) : 0;
    char *texts = calloc((size_t)count + 1, NAME_UNITS);
    const char **names = calloc((size_t)count + 1, sizeof(*names));
    const char *nearest = NULL;
    if (U_SUCCESS(status) && texts != NULL && names != NULL) {
        size_t listed = list_names(zones, texts, names, (size_t)count);
        nearest = zone_of_place(name, names, listed);
        if (nearest == NULL)
            nearest = ybb__text_nearest(name, names, listed);
    }
    if (nearest != NULL)
        memcpy(out, nearest, strlen(nearest) + 1);
    if (zones != NULL)
        uenum_close(zones);
    free(texts);
    free(names);
    return nearest != NULL;
}

static UCalendar *open_icu(const char *name)
{
    UErrorCode status = U_ZERO_ERROR;
    UChar wide[NAME_UNITS];
    if (!widen(wide, name) || !is_system_zone(wide))
        return NULL;
    UCalendar *calendar = ucal_open(wide, -1, "en", UCAL_GREGORIAN, &status);
    if (U_SUCCESS(status))
        return calendar;
    ucal_close(calendar);
    return NULL;
}

/* Only where the system has no such zone ICU is asked: it may know another time. */
static bool open_zone(zone *out, const char *name)
{
    ybb_status status = ybb__tzif_open(&out->system, name);
    if (status == YBB_NOT_FOUND)
        out->icu = open_icu(name);
    return out->system != NULL || out->icu != NULL;
}

static void close_zone(zone *z)
{
    ybb__tzif_free(z->system);
    if (z->icu != NULL)
        ucal_close(z->icu);
}

ybb_timezone *ybb__timezone_new(const char *from, const char *to)
{
    ybb_timezone *made = calloc(1, sizeof(*made));
    if (made == NULL)
        return NULL;
    if (!open_zone(&made->from, from) || !open_zone(&made->to, to)) {
        ybb__timezone_free(made);
        return NULL;
    }
    return made;
}

void ybb__timezone_free(ybb_timezone *made)
{
    if (made == NULL)
        return;
    close_zone(&made->from);
    close_zone(&made->to);
    free(made);
}

/* The offset in force before a change: the earlier of two, and beyond a gap by its length. */
static int64_t offset_of_local(const zone *z, int64_t local)
{
    UErrorCode status = U_ZERO_ERROR;
    int32_t raw = 0, saving = 0;
    if (z->system != NULL)
        return ybb__tzif_offset_of_local(z->system, local);
    ucal_setMillis(z->icu, (double)local * milliseconds, &status);
    ucal_getTimeZoneOffsetFromLocal(z->icu, UCAL_TZ_LOCAL_FORMER, UCAL_TZ_LOCAL_FORMER, &raw,
                                    &saving, &status);
    return U_SUCCESS(status) ? (raw + saving) / MILLISECONDS : 0;
}

static int64_t offset_of(const zone *z, int64_t moment)
{
    UErrorCode status = U_ZERO_ERROR;
    if (z->system != NULL)
        return ybb__tzif_offset(z->system, moment);
    ucal_setMillis(z->icu, (double)moment * milliseconds, &status);
    int32_t offset =
        ucal_get(z->icu, UCAL_ZONE_OFFSET, &status) + ucal_get(z->icu, UCAL_DST_OFFSET, &status);
    return U_SUCCESS(status) ? offset / MILLISECONDS : 0;
}

int64_t ybb__timezone_convert(const ybb_timezone *zones, int64_t local_seconds)
{
    int64_t moment = local_seconds - offset_of_local(&zones->from, local_seconds);
    return moment + offset_of(&zones->to, moment);
}
