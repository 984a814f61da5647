/* time.h: time stamps of capture files as one number. Every front end converts with this function, so that all of them
 * have the same limits.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef BTBB_CORE_TIME_H
#define BTBB_CORE_TIME_H

#include <stdbool.h>
#include <stdint.h>

#define BTBB_NS_PER_SECOND INT64_C(1000000000)

/* The seconds that fit into 64 bits of nanoseconds with any `nanoseconds` added: the years 1677 to 2262. */
#define BTBB_SECONDS_MAX (INT64_MAX / BTBB_NS_PER_SECOND - 3)

/* Converts seconds since 1970-01-01 00:00 UTC, and nanoseconds to add, to nanoseconds since then. `nanoseconds` may
 * have any value: a damaged file holds more than a second of them. Returns false when the seconds are out of range:
 * the frame has no usable time stamp, and *ns is 0. */
static inline bool btbb_time_ns(int64_t seconds, int32_t nanoseconds, int64_t *ns)
{
    const bool fits = seconds >= -BTBB_SECONDS_MAX && seconds <= BTBB_SECONDS_MAX;

    *ns = fits ? seconds * BTBB_NS_PER_SECOND + nanoseconds : 0;
    return fits;
}

#endif
