/* time-zone.h: the offset of local time from UTC, as the C library and so the rest of Wireshark knows it.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef BTBB_TIME_ZONE_H
#define BTBB_TIME_ZONE_H

#include <stdint.h>

/* Use the time zone of the environment variable TZ as it is now; each thread keeps offsets of its own. */
void btbb_time_zone_refresh(void);

/* Seconds east of UTC that local time is at `seconds` since 1970 (UTC). */
int32_t btbb_time_zone_offset(int64_t seconds);

/* The time at which local clocks show what UTC clocks show at `local`. Where clocks are set back, one of both times;
 * where they are set forward, a time within the hour that is left out is taken as if they had not been set yet. */
int64_t btbb_time_zone_to_utc(int64_t local);

#endif
