/* value.c: one value as text.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "show/value.h"

#include <inttypes.h>
#include <string.h>

#include "show/local-time.h"

#define SECOND_NS UINT32_C(1000000000)

const char *btbb_value_kind_name(enum btbb_value_kind kind)
{
    static const char *const names[] = {
        [BTBB_VALUE_NONE] = "any",           [BTBB_VALUE_COUNT] = "number",      [BTBB_VALUE_TEXT] = "text",
        [BTBB_VALUE_FLAG] = "true or false", [BTBB_VALUE_REAL] = "decimal",      [BTBB_VALUE_EPOCH] = "seconds",
        [BTBB_VALUE_TIME] = "local time",    [BTBB_VALUE_DURATION] = "duration",
    };

    return names[kind];
}

/* Without printf(), which takes most of the time of a large time series. */
static void append_count(GString *text, uint64_t count)
{
    char digits[20];
    size_t at = sizeof digits;

    do
        digits[--at] = (char)('0' + count % 10);
    while (count /= 10);
    g_string_append_len(text, digits + at, (gssize)(sizeof digits - at));
}

/* Seconds with their fraction; "-0.500" is -1 s and 500,000,000 ns. */
static void append_seconds(GString *text, int64_t ns)
{
    uint32_t fraction;
    int64_t seconds = btbb_seconds_of(ns, &fraction);

    if (seconds < 0 && fraction > 0) {
        g_string_append_c(text, '-');
        seconds = -(seconds + 1);
        fraction = SECOND_NS - fraction;
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
    case BTBB_VALUE_FLAG:
        break;
    case BTBB_VALUE_COUNT:
        append_count(text, value->count);
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
