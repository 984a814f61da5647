/* levels.h: signal and noise levels of the packets of one client or RF channel.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef BTBB_LEVELS_H
#define BTBB_LEVELS_H

#include <stdbool.h>
#include <stdint.h>

#include "count/table.h"
#include "record.h"

/* Levels in dBm, distances of signal and noise in dB. Means are those of the decibels, as receivers report them. */
struct btbb_levels {
    uint64_t key;     /* LAP or channel */
    uint64_t packets; /* all */
    uint64_t signals; /* packets with a signal level */
    uint64_t noises;  /* packets with a noise level */
    uint64_t both;    /* packets with both: those of snr_sum */
    int64_t signal_sum;
    int64_t noise_sum;
    int64_t snr_sum;
    int8_t signal_min; /* valid when signals > 0 */
    int8_t signal_max;
};

/* Count a packet in the element of this key. Returns false when the table is full. */
bool btbb_levels_add(struct btbb_table *table, uint64_t key, const struct btbb_record *record);

/* Add the sums of `from`; its key does not matter. */
void btbb_levels_sum(struct btbb_levels *into, const struct btbb_levels *from);

/* Add all elements of `from`. Returns the number of packets that found no room. */
uint64_t btbb_levels_merge(struct btbb_table *into, const struct btbb_table *from);

#endif
