/* selection.c: which packets are counted.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "count/selection.h"

#include <glib.h>
#include <stdlib.h>
#include <string.h>

#include "count/time-zone.h"

#define SECOND_NS INT64_C(1000000000)
#define LAP_MASK  UINT32_C(0xffffff)

/* Three or six pairs of hexadecimal digits, with ":" between all of them or none. Sets the lowest 24 bits. */
static bool read_address(const char *text, size_t length, uint32_t *lap)
{
    const bool joined = length == strlen("4831dd") || length == strlen("0011614831dd");
    uint32_t value = 0;

    if (!joined && length != strlen("48:31:dd") && length != strlen("00:11:61:48:31:dd"))
        return false;
    for (size_t i = 0; i < length; i++) {
        const bool colon = !joined && i % 3 == 2;

        if (colon ? text[i] != ':' : !g_ascii_isxdigit(text[i]))
            return false;
        if (!colon)
            value = value << 4 | (uint32_t)g_ascii_xdigit_value(text[i]);
    }
    *lap = value & LAP_MASK;
    return true;
}

static int compare_laps(const void *a, const void *b)
{
    const uint32_t *x = a, *y = b;

    return *x < *y ? -1 : *x > *y;
}

static void add_lap(struct btbb_selection *selection, uint32_t lap)
{
    selection->laps = g_renew(uint32_t, selection->laps, selection->lap_count + 1);
    selection->laps[selection->lap_count++] = lap;
    qsort(selection->laps, selection->lap_count, sizeof lap, compare_laps);
}

bool btbb_selection_add(struct btbb_selection *selection, const char *text)
{
    const size_t length = strcspn(text, "/");
    const char *second = text[length] ? text + length + 1 : NULL;
    uint32_t laps[2];

    if (!read_address(text, length, &laps[0]) || (second && !read_address(second, strlen(second), &laps[1])))
        return false;
    add_lap(selection, laps[0]);
    if (second)
        add_lap(selection, laps[1]);
    return true;
}

/* Decimal digits, at most nine of them after the point. */
static bool read_seconds(const char *text, int64_t *time_ns)
{
    int64_t ns = 0, unit = SECOND_NS;
    const char *at = text;

    for (; g_ascii_isdigit(*at); at++) {
        if (ns > (INT64_MAX / SECOND_NS - 9) / 10)
            return false;
        ns = ns * 10 + (*at - '0');
    }
    if (at == text)
        return false;
    ns *= SECOND_NS;
    if (*at == '.')
        for (at++; g_ascii_isdigit(*at) && unit > 1; at++)
            ns += (*at - '0') * (unit /= 10);
    *time_ns = ns;
    return *at == '\0';
}

/* A time by ISO 8601, local where it has no zone of its own. */
static bool read_iso8601(const char *text, int64_t *seconds, int32_t *fraction_us)
{
    GTimeZone *utc = g_time_zone_new_utc();
    GTimeZone *other = g_time_zone_new_offset(3600);
    GDateTime *as_utc = g_date_time_new_from_iso8601(text, utc);
    GDateTime *as_other = g_date_time_new_from_iso8601(text, other);

    if (as_utc && as_other) {
        *seconds = g_date_time_to_unix(as_utc);
        *fraction_us = g_date_time_get_microsecond(as_utc);
        if (*seconds != g_date_time_to_unix(as_other))
            *seconds = btbb_time_zone_to_utc(*seconds);
    }
    const bool good = as_utc && as_other;

    g_clear_pointer(&as_utc, g_date_time_unref);
    g_clear_pointer(&as_other, g_date_time_unref);
    g_time_zone_unref(utc);
    g_time_zone_unref(other);
    return good;
}

/* The same for a day, or a minute: its beginning. GLib wants seconds. */
static bool read_shorter_iso8601(const char *text, int64_t *seconds, int32_t *fraction_us)
{
    static const char beginning[] = "2012-06-13T00:00:00";
    const size_t length = strlen(text);

    if (length != strlen("2012-06-13") && length != strlen("2012-06-13T21:06"))
        return false;

    char *whole = g_strconcat(text, beginning + length, NULL);
    const bool good = read_iso8601(whole, seconds, fraction_us);

    g_free(whole);
    return good;
}

bool btbb_selection_read_time(const char *text, int64_t *time_ns)
{
    if (read_seconds(text, time_ns))
        return true;

    int64_t seconds;
    int32_t fraction_us;

    if (!(read_iso8601(text, &seconds, &fraction_us) || read_shorter_iso8601(text, &seconds, &fraction_us)) ||
        ABS(seconds) >= INT64_MAX / SECOND_NS)
        return false;
    *time_ns = seconds * SECOND_NS + (int64_t)fraction_us * 1000;
    return true;
}

void btbb_selection_copy(struct btbb_selection *to, const struct btbb_selection *from)
{
    *to = *from;
    to->laps = g_memdup2(from->laps, from->lap_count * sizeof *from->laps);
}

void btbb_selection_clear(struct btbb_selection *selection)
{
    g_free(selection->laps);
    *selection = (struct btbb_selection){0};
}

bool btbb_selection_has_client(const struct btbb_selection *selection, uint32_t lap)
{
    return !selection->laps || bsearch(&lap, selection->laps, selection->lap_count, sizeof lap, compare_laps) != NULL;
}

bool btbb_selection_has(const struct btbb_selection *selection, const struct btbb_record *record)
{
    if ((selection->has_from || selection->has_to) && !record->has_time)
        return false;
    if ((selection->has_from && record->time_ns < selection->from_ns) ||
        (selection->has_to && record->time_ns >= selection->to_ns))
        return false;
    return btbb_selection_has_client(selection, record->lap);
}
