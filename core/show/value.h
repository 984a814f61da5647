/* value.h: one value as text, the same in every machine format; and local time.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef BTBB_VALUE_H
#define BTBB_VALUE_H

#include <glib.h>

#include "show/rows.h"

#define BTBB_TIME_TEXT 32

/* Append the text of a value as CSV and JSON have it, unquoted; nothing for BTBB_VALUE_NONE. */
void btbb_value_append(GString *text, const struct btbb_value *value);

/* Whole seconds (rounded down) and the nanoseconds behind them. */
int64_t btbb_seconds_of(int64_t ns, uint32_t *fraction);

/* Append the fraction of a second, ".330676", in `digits` (0, 3, 6 or 9) digits. */
void btbb_fraction_append(GString *text, uint32_t fraction, unsigned digits);

/* Digits that a fraction needs: 0, 3, 6 or 9. */
unsigned btbb_fraction_digits(uint32_t fraction);

/* Local time, "2012-06-13 21:06:11". Times that fit an int64_t of nanoseconds have a year of four digits. */
void btbb_local_time(int64_t seconds, char text[BTBB_TIME_TEXT]);

/* UTC offset of local time, "+02:00". */
void btbb_utc_offset(int64_t seconds, char text[BTBB_TIME_TEXT]);

#endif
