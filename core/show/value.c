/* value.c: one value as text. Numbers are written the same in every locale.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#define _XOPEN_SOURCE 700

#include "show/value.h"

#include <inttypes.h>
#include <string.h>
#include <time.h>

#include "show/print.h"

int64_t btbb_seconds_of(int64_t ns, uint32_t *fraction)
{
    int64_t seconds = ns / INT64_C(1000000000);
    int64_t rest = ns % INT64_C(1000000000);

    *fraction = (uint32_t)(rest < 0 ? rest + INT64_C(1000000000) : rest);
    return seconds - (rest < 0);
}

unsigned btbb_fraction_digits(uint32_t fraction)
{
    return fraction == 0 ? 0 : fraction % 1000000 == 0 ? 3 : fraction % 1000 == 0 ? 6 : 9;
}

void btbb_fraction_append(GString *text, uint32_t fraction, unsigned digits)
{
    char all[16];

    if (digits == 0)
        return;
    g_snprintf(all, sizeof all, "%09" PRIu32, fraction);
    g_string_append_c(text, '.');
    g_string_append_len(text, all, (gssize)digits);
}

void btbb_local_time(int64_t seconds, char text[BTBB_TIME_TEXT])
{
    time_t time = (time_t)seconds;
    struct tm local;

    text[0] = '\0';
    if (localtime_r(&time, &local))
        strftime(text, BTBB_TIME_TEXT, "%Y-%m-%d %H:%M:%S", &local);
}

void btbb_utc_offset(int64_t seconds, char text[BTBB_TIME_TEXT])
{
    time_t time = (time_t)seconds;
    char digits[BTBB_TIME_TEXT];
    struct tm local;

    text[0] = '\0';
    if (localtime_r(&time, &local) && strftime(digits, sizeof digits, "%z", &local) == 5)
        g_snprintf(text, BTBB_TIME_TEXT, "%.3s:%s", digits, digits + 3);
}

/* Seconds with their fraction; "-0.5" is -1 s and 500,000,000 ns. */
static void append_seconds(GString *text, int64_t ns)
{
    uint32_t fraction;
    int64_t seconds = btbb_seconds_of(ns, &fraction);

    if (seconds < 0 && fraction > 0) {
        g_string_append_c(text, '-');
        seconds = -(seconds + 1);
        fraction = UINT32_C(1000000000) - fraction;
    }
    g_string_append_printf(text, "%" PRId64, seconds);
    btbb_fraction_append(text, fraction, btbb_fraction_digits(fraction));
}

/* ISO 8601: "2012-06-13T21:06:11.330676+02:00". */
static void append_time(GString *text, int64_t ns)
{
    char part[BTBB_TIME_TEXT];
    uint32_t fraction;
    int64_t seconds = btbb_seconds_of(ns, &fraction);

    btbb_local_time(seconds, part);
    part[strcspn(part, " ")] = 'T';
    g_string_append(text, part);
    btbb_fraction_append(text, fraction, btbb_fraction_digits(fraction));
    btbb_utc_offset(seconds, part);
    g_string_append(text, part);
}

void btbb_value_append(GString *text, const struct btbb_value *value)
{
    char number[G_ASCII_DTOSTR_BUF_SIZE];

    switch (value->kind) {
    case BTBB_VALUE_NONE:
        break;
    case BTBB_VALUE_COUNT:
        g_string_append_printf(text, "%" PRIu64, value->count);
        break;
    case BTBB_VALUE_TEXT:
        g_string_append(text, value->text);
        break;
    case BTBB_VALUE_REAL:
        g_string_append(text, g_ascii_formatd(number, sizeof number, "%.6g", value->real));
        break;
    case BTBB_VALUE_EPOCH:
    case BTBB_VALUE_DURATION:
        append_seconds(text, value->ns);
        break;
    case BTBB_VALUE_TIME:
        append_time(text, value->ns);
        break;
    }
}

char *btbb_value_to_text(const struct btbb_value *value)
{
    GString *text = g_string_new(NULL);

    btbb_value_append(text, value);
    return g_string_free(text, FALSE);
}
