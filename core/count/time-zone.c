/* time-zone.c: the offset of local time from UTC; see time-zone.h.
 *
 * Unix: the C library, which also knows zones without a file, as in TZ=EST5EDT; GLib takes those for UTC.
 * Windows: GLib.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef _DEFAULT_SOURCE
#define _DEFAULT_SOURCE /* tm_gmtoff */
#endif

#include "count/time-zone.h"

#include <glib.h>
#include <stdbool.h>
#include <time.h>

#define QUARTER_S INT64_C(900)

static _Thread_local bool has_kept;
static _Thread_local int64_t kept_quarter;
static _Thread_local int32_t kept_offset;

#ifdef G_OS_UNIX

void btbb_time_zone_refresh(void)
{
    tzset();
    has_kept = false;
}

static int32_t look_up(int64_t seconds)
{
    time_t time = (time_t)seconds;
    struct tm local;

    return localtime_r(&time, &local) ? (int32_t)local.tm_gmtoff : 0;
}

#else

static _Thread_local GTimeZone *zone;

void btbb_time_zone_refresh(void)
{
    g_clear_pointer(&zone, g_time_zone_unref);
    has_kept = false;
}

static int32_t look_up(int64_t seconds)
{
    if (!zone)
        zone = g_time_zone_new_local();
    return g_time_zone_get_offset(zone, g_time_zone_find_interval(zone, G_TIME_TYPE_UNIVERSAL, seconds));
}

#endif

/* Time zones change their offset only at quarters of an hour, so the offset of the last quarter is kept: a look-up goes
 * through all changes of a zone, of which there are hundreds. */
int32_t btbb_time_zone_offset(int64_t seconds)
{
    const int64_t quarter = seconds / QUARTER_S - (seconds % QUARTER_S < 0);

    if (has_kept && quarter == kept_quarter)
        return kept_offset;
    has_kept = true;
    kept_quarter = quarter;
    kept_offset = look_up(seconds);
    return kept_offset;
}

int64_t btbb_time_zone_to_utc(int64_t local)
{
    const int64_t before = local - btbb_time_zone_offset(local);

    return local - btbb_time_zone_offset(before);
}
