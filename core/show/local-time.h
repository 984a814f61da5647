/* local-time.h: local time and fractions of seconds as text.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef BTBB_LOCAL_TIME_H
#define BTBB_LOCAL_TIME_H

#include <glib.h>
#include <stdint.h>

#define BTBB_TIME_TEXT 32 /* bytes, the final NUL included */

/* Whole seconds, rounded down, and the nanoseconds after them (0 to 999,999,999). */
int64_t btbb_seconds_of(int64_t ns, uint32_t *fraction);

/* Append the fraction of a second, ".330676", in `digits` (0, 3, 6 or 9) digits. */
void btbb_fraction_append(GString *text, uint32_t fraction, unsigned digits);

/* Digits that a fraction needs: 0, 3, 6 or 9. */
unsigned btbb_fraction_digits(uint32_t fraction);

/* Local time, "2012-06-13 21:06:11". All times that fit an int64_t of nanoseconds have a year of four digits. */
void btbb_local_time(int64_t seconds, char text[BTBB_TIME_TEXT]);

/* UTC offset of local time, "+02:00". */
void btbb_utc_offset(int64_t seconds, char text[BTBB_TIME_TEXT]);

#endif
