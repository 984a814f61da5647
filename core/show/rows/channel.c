/* channel.c: the view channel: one row per RF channel.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "show/rank.h"
#include "show/rows-int.h"

#define COLUMNS 9

static struct btbb_value *add_channel(struct btbb_value *value, uint32_t number, const struct btbb_channel *channel,
                                      uint64_t total)
{
    *value++ = btbb_value_count(number);
    *value++ = btbb_value_count(channel->packets);
    *value++ = btbb_value_ratio((double)channel->packets, total, 100);
    *value++ = btbb_value_ratio((double)channel->signal_sum_dbm, channel->signals, 1);
    *value++ = channel->signals ? btbb_value_real(channel->signal_max_dbm) : btbb_value_none();
    *value++ = btbb_value_count(channel->hec[BTBB_CHECK_GOOD]);
    *value++ = btbb_value_count(channel->hec[BTBB_CHECK_BAD]);
    *value++ = btbb_value_count(channel->crc[BTBB_CHECK_GOOD]);
    *value++ = btbb_value_count(channel->crc[BTBB_CHECK_BAD]);
    return value;
}

bool btbb_rows_channel(struct btbb_rows *rows, char **error)
{
    const struct btbb_totals *totals = rows->state->totals;
    struct btbb_ranked ranked[BTBB_CHANNEL_VALUES] = {{0, 0, 0}};
    struct btbb_value *values = g_new(struct btbb_value, BTBB_CHANNEL_VALUES * COLUMNS), *value = values;
    uint64_t total = 0;
    size_t count = 0;

    (void)error;
    for (uint32_t number = 0; number < BTBB_CHANNEL_VALUES; number++) {
        uint64_t packets = totals->channels[number].packets;

        if (packets > 0)
            ranked[count++] = (struct btbb_ranked){packets, 0, number};
        total += packets;
    }
    btbb_rank_sort(ranked, count);
    for (size_t i = 0; i < count; i++)
        value = add_channel(value, ranked[i].number, &totals->channels[ranked[i].number], total);
    btbb_rows_columns(rows);
    btbb_rows_note(rows, totals->no_channel, "packet without RF channel is not shown",
                   "packets without RF channel are not shown");
    btbb_rows_show(rows, values, count);
    return true;
}
