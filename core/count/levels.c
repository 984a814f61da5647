/* levels.c: signal and noise levels of the packets of one client or RF channel.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "count/levels.h"

#include <glib.h>

bool btbb_levels_add(struct btbb_table *table, uint64_t key, const struct btbb_record *record)
{
    struct btbb_levels *levels = btbb_table_get(table, key);

    if (!levels)
        return false;
    levels->packets++;
    if (record->has_signal) {
        levels->signal_min = levels->signals ? MIN(levels->signal_min, record->signal_dbm) : record->signal_dbm;
        levels->signal_max = levels->signals ? MAX(levels->signal_max, record->signal_dbm) : record->signal_dbm;
        levels->signals++;
        levels->signal_sum += record->signal_dbm;
    }
    if (record->has_noise) {
        levels->noises++;
        levels->noise_sum += record->noise_dbm;
    }
    if (record->has_signal && record->has_noise) {
        levels->both++;
        levels->snr_sum += record->signal_dbm - record->noise_dbm;
    }
    return true;
}

void btbb_levels_sum(struct btbb_levels *into, const struct btbb_levels *from)
{
    if (from->signals > 0) {
        into->signal_min = into->signals ? MIN(into->signal_min, from->signal_min) : from->signal_min;
        into->signal_max = into->signals ? MAX(into->signal_max, from->signal_max) : from->signal_max;
    }
    into->packets += from->packets;
    into->signals += from->signals;
    into->noises += from->noises;
    into->both += from->both;
    into->signal_sum += from->signal_sum;
    into->noise_sum += from->noise_sum;
    into->snr_sum += from->snr_sum;
}

uint64_t btbb_levels_merge(struct btbb_table *into, const struct btbb_table *from)
{
    uint64_t lost = 0;

    for (uint32_t i = 0; i < from->count; i++) {
        const struct btbb_levels *levels = btbb_table_at(from, i);
        struct btbb_levels *place = btbb_table_get(into, levels->key);

        if (place)
            btbb_levels_sum(place, levels);
        else
            lost += levels->packets;
    }
    return lost;
}
