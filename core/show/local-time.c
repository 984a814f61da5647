/* local-time.c: local time and fractions of seconds as text; see local-time.h.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "show/local-time.h"

#include "count/time-zone.h"

#define SECOND_NS    INT64_C(1000000000)
#define DAY_S        INT64_C(86400)
#define DAYS_TO_1970 719163 /* Julian day of GDate for 1970-01-01 */

/* Divide and round down, also below zero. */
static int64_t floor_divide(int64_t value, int64_t by)
{
    return value / by - (value % by < 0);
}

int64_t btbb_seconds_of(int64_t ns, uint32_t *fraction)
{
    int64_t seconds = floor_divide(ns, SECOND_NS);

    *fraction = (uint32_t)((uint64_t)ns - (uint64_t)seconds * (uint64_t)SECOND_NS);
    return seconds;
}

unsigned btbb_fraction_digits(uint32_t fraction)
{
    return fraction == 0 ? 0 : fraction % 1000000 == 0 ? 3 : fraction % 1000 == 0 ? 6 : 9;
}

static void put_digits(char *text, unsigned value, unsigned digits)
{
    while (digits-- > 0) {
        text[digits] = (char)('0' + value % 10);
        value /= 10;
    }
}

void btbb_fraction_append(GString *text, uint32_t fraction, unsigned digits)
{
    if (digits == 0)
        return;
    char all[9];

    put_digits(all, fraction, sizeof all);
    g_string_append_c(text, '.');
    g_string_append_len(text, all, (gssize)digits);
}

void btbb_local_time(int64_t seconds, char text[BTBB_TIME_TEXT])
{
    int64_t local = seconds + btbb_time_zone_offset(seconds);
    int64_t day = floor_divide(local, DAY_S);
    unsigned rest = (unsigned)(local - day * DAY_S);
    GDate date;

    g_date_clear(&date, 1);
    g_date_set_julian(&date, (guint32)(day + DAYS_TO_1970));
    put_digits(text, g_date_get_year(&date), 4);
    put_digits(text + 5, (unsigned)g_date_get_month(&date), 2);
    put_digits(text + 8, g_date_get_day(&date), 2);
    put_digits(text + 11, rest / 3600, 2);
    put_digits(text + 14, rest / 60 % 60, 2);
    put_digits(text + 17, rest % 60, 2);
    text[4] = text[7] = '-';
    text[10] = ' ';
    text[13] = text[16] = ':';
    text[19] = '\0';
}

void btbb_utc_offset(int64_t seconds, char text[BTBB_TIME_TEXT])
{
    int32_t offset = btbb_time_zone_offset(seconds);
    uint32_t minutes = (uint32_t)ABS(offset) / 60;

    text[0] = offset < 0 ? '-' : '+';
    put_digits(text + 1, minutes / 60, 2);
    text[3] = ':';
    put_digits(text + 4, minutes % 60, 2);
    text[6] = '\0';
}
