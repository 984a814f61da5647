/* totals.c: everything a statistic counts.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "count/totals.h"

#include <glib.h>
#include <string.h>

#define CELLS(name)     BTBB_NEED_CELLS(BTBB_CELLS_##name)
#define CELLS_OF_CLIENT (CELLS(LAP_TYPE) | CELLS(TIME_LAP) | CELLS(TIME_LAP_TYPE))
#define CELLS_OF_TIME   (CELLS(TIME) | CELLS(TIME_LAP) | CELLS(TIME_TYPE) | CELLS(TIME_LAP_TYPE) | CELLS(TIME_CHANNEL))

uint32_t btbb_totals_needs(const struct btbb_options *options)
{
    static const uint32_t by_view[BTBB_VIEW_COUNT] = {
        [BTBB_VIEW_SUMMARY] = BTBB_NEED_CLIENTS | BTBB_NEED_SUMS,
        [BTBB_VIEW_LAP] = BTBB_NEED_CLIENTS,
        [BTBB_VIEW_TYPE] = BTBB_NEED_TYPES,
        [BTBB_VIEW_LAP_TYPE] = BTBB_NEED_CLIENTS | CELLS(LAP_TYPE),
        [BTBB_VIEW_IO] = CELLS(TIME),
        [BTBB_VIEW_CHANNEL] = BTBB_NEED_CHANNELS,
        [BTBB_VIEW_VENDORS] = BTBB_NEED_CLIENTS,
        [BTBB_VIEW_REPORT] = BTBB_NEED_ALL & ~(CELLS(TIME_LAP) | CELLS(TIME_TYPE)), /* sums of TIME_LAP_TYPE */
    };
    static const uint32_t by_by[] = {
        [BTBB_BY_NONE] = 0,
        [BTBB_BY_LAP] = BTBB_NEED_CLIENTS | CELLS(TIME_LAP),
        [BTBB_BY_TYPE] = CELLS(TIME_TYPE),
        [BTBB_BY_CHANNEL] = CELLS(TIME_CHANNEL),
    };

    return by_view[options->view] | (options->view == BTBB_VIEW_IO ? by_by[options->by] : 0);
}

static void set_empty(struct btbb_totals *totals, uint32_t needs, int64_t interval_ns)
{
    memset(totals, 0, sizeof *totals);
    totals->needs = needs;
    if (needs & CELLS_OF_TIME)
        totals->needs |= CELLS(TIME);
    if (needs & CELLS_OF_CLIENT)
        totals->needs |= BTBB_NEED_CLIENTS;
    totals->interval_ns = interval_ns;
    totals->now = BTBB_TABLE_NONE;
    btbb_table_init(&totals->clients, sizeof(struct btbb_client));
    btbb_table_init(&totals->taught, sizeof(struct btbb_taught));
    for (int i = 0; i < BTBB_CELLS_COUNT; i++) {
        btbb_table_init(&totals->cells[i], sizeof(struct btbb_cell));
        btbb_table_init(&totals->large[i], sizeof(struct btbb_sum));
    }
    if (needs & BTBB_NEED_CHANNELS)
        totals->channels = g_new0(struct btbb_channel, BTBB_CHANNEL_VALUES);
}

static void clear(struct btbb_totals *totals)
{
    btbb_table_clear(&totals->clients);
    btbb_table_clear(&totals->taught);
    for (int i = 0; i < BTBB_CELLS_COUNT; i++) {
        btbb_table_clear(&totals->cells[i]);
        btbb_table_clear(&totals->large[i]);
    }
    g_free(totals->channels);
}

struct btbb_totals *btbb_totals_new(uint32_t needs, int64_t interval_ns)
{
    struct btbb_totals *totals = g_new(struct btbb_totals, 1);

    set_empty(totals, needs, interval_ns);
    return totals;
}

void btbb_totals_reset(struct btbb_totals *totals)
{
    clear(totals);
    set_empty(totals, totals->needs, totals->interval_ns);
}

void btbb_totals_free(struct btbb_totals *totals)
{
    if (!totals)
        return;
    clear(totals);
    g_free(totals);
}

int64_t btbb_interval_of(int64_t time_ns, int64_t interval_ns)
{
    return time_ns / interval_ns - (time_ns % interval_ns < 0);
}

int64_t btbb_interval_start(int64_t interval, int64_t interval_ns)
{
    if (interval > INT64_MAX / interval_ns)
        return INT64_MAX;
    return interval < INT64_MIN / interval_ns ? INT64_MIN : interval * interval_ns;
}

/* What the cell holds moves out, and it starts again. */
static G_GNUC_NO_INLINE bool move_out(struct btbb_table *large, struct btbb_cell *cell, uint64_t packets,
                                      uint64_t typed)
{
    struct btbb_sum *sum = btbb_table_get(large, cell->key);

    if (!sum)
        return false;
    sum->packets += cell->packets + packets;
    sum->typed += cell->typed + typed;
    cell->packets = cell->typed = 0;
    return true;
}

bool btbb_cell_add(struct btbb_totals *totals, enum btbb_cells cells, struct btbb_cell *cell, uint64_t packets,
                   uint64_t typed)
{
    if (packets > UINT32_MAX - cell->packets) /* there are no fewer of them than of the others */
        return move_out(&totals->large[cells], cell, packets, typed);
    cell->packets += (uint32_t)packets;
    cell->typed += (uint32_t)typed;
    return true;
}

/* Count one packet in a cell; false when the table is full. */
static bool count_cell(struct btbb_totals *totals, enum btbb_cells cells, uint64_t key, bool typed)
{
    struct btbb_cell *cell = btbb_table_get(&totals->cells[cells], key);

    return cell && btbb_cell_add(totals, cells, cell, 1, typed);
}

/* Element number of the interval that holds this time; the last one is remembered. */
static uint32_t interval_number(struct btbb_totals *totals, int64_t time_ns)
{
    if (totals->now == BTBB_TABLE_NONE || time_ns < totals->now_first_ns || time_ns > totals->now_last_ns) {
        int64_t interval = btbb_interval_of(time_ns, totals->interval_ns);

        totals->now = btbb_table_add(&totals->cells[BTBB_CELLS_TIME], (uint64_t)interval);
        totals->now_first_ns = btbb_interval_start(interval, totals->interval_ns);
        totals->now_last_ns = btbb_interval_start(interval + 1, totals->interval_ns);
        totals->now_last_ns -= totals->now_last_ns < INT64_MAX;
    }
    return totals->now;
}

static bool count_time(struct btbb_totals *totals, const struct btbb_record *record, uint32_t client)
{
    uint32_t needs = totals->needs, now = interval_number(totals, record->time_ns);
    struct btbb_cell *interval;
    bool kept = true;

    if (now == BTBB_TABLE_NONE)
        return false;
    interval = btbb_table_at(&totals->cells[BTBB_CELLS_TIME], now);
    kept &= btbb_cell_add(totals, BTBB_CELLS_TIME, interval, 1, btbb_record_has_header(record));
    if (needs & CELLS(TIME_LAP))
        kept &= count_cell(totals, BTBB_CELLS_TIME_LAP, btbb_cell_key(now, client), btbb_record_has_header(record));
    if (needs & CELLS(TIME_TYPE))
        kept &= count_cell(totals, BTBB_CELLS_TIME_TYPE, btbb_cell_key(now, btbb_series_of(record)),
                           btbb_record_has_header(record));
    if (needs & CELLS(TIME_LAP_TYPE))
        kept &= count_cell(totals, BTBB_CELLS_TIME_LAP_TYPE, btbb_cell_key(now, client << 5 | btbb_series_of(record)),
                           btbb_record_has_header(record));
    if ((needs & CELLS(TIME_CHANNEL)) && record->has_channel)
        kept &= count_cell(totals, BTBB_CELLS_TIME_CHANNEL, btbb_cell_key(now, record->channel),
                           btbb_record_has_header(record));
    return kept;
}

static void count_channel(struct btbb_channel *channel, const struct btbb_record *record)
{
    channel->packets++;
    channel->hec[record->hec & 3]++;
    channel->crc[record->crc & 3]++;
    if (record->has_signal) {
        if (channel->signals == 0 || record->signal_dbm > channel->signal_max_dbm)
            channel->signal_max_dbm = record->signal_dbm;
        channel->signals++;
        channel->signal_sum_dbm += record->signal_dbm;
    }
}

static G_GNUC_NO_INLINE bool count_taught(struct btbb_totals *totals, const struct btbb_record *record)
{
    const struct btbb_client_address named = {.time_ns = record->has_time ? record->time_ns : INT64_MIN,
                                              .nap = record->taught_nap,
                                              .uap = record->taught_uap,
                                              .rank = BTBB_RANK_NAP};
    uint32_t number = btbb_table_add(&totals->taught, record->taught_lap);

    if (number == BTBB_TABLE_NONE)
        return false;
    btbb_client_address_merge(&((struct btbb_taught *)btbb_table_at(&totals->taught, number))->address, &named);
    return true;
}

/* Whatever only some views need. Not inline: the others shall not pay for it. */
static G_GNUC_NO_INLINE bool count_rest(struct btbb_totals *totals, const struct btbb_record *record, uint32_t client)
{
    uint32_t needs = totals->needs;
    bool kept = true;

    totals->no_time += !record->has_time;
    totals->no_channel += !record->has_channel;
    if (needs & BTBB_NEED_SUMS) {
        totals->hec[record->hec & 3]++;
        totals->crc[record->crc & 3]++;
        totals->retransmissions += record->retransmission;
    }
    if (needs & BTBB_NEED_TYPES)
        totals->types[btbb_series_of(record)]++;
    if (needs & BTBB_NEED_CHANNELS && record->has_channel)
        count_channel(&totals->channels[record->channel], record);
    if ((needs & CELLS(LAP_TYPE)) && !((needs & CELLS(TIME_LAP_TYPE)) && record->has_time))
        kept &= count_cell(totals, BTBB_CELLS_LAP_TYPE, btbb_cell_key(client, btbb_series_of(record)),
                           btbb_record_has_header(record));
    if ((needs & CELLS(TIME)) && record->has_time)
        kept &= count_time(totals, record, client);
    return kept;
}

/* False when a table was full. */
static inline bool count(struct btbb_totals *totals, const struct btbb_record *record)
{
    uint32_t client = 0;

    if (totals->needs & BTBB_NEED_CLIENTS) {
        client = btbb_clients_add(&totals->clients, record);
        if (client == BTBB_TABLE_NONE)
            return false;
        if (record->taught && !count_taught(totals, record))
            return false;
        if (totals->needs == BTBB_NEED_CLIENTS)
            return true;
    }
    return count_rest(totals, record, client);
}

bool btbb_totals_add(struct btbb_totals *totals, const struct btbb_record *record)
{
    if (record->version != BTBB_RECORD_VERSION)
        return false;
    if (record->malformed) {
        totals->no_lap++;
    } else {
        totals->counted++;
        if (!count(totals, record))
            totals->lost++;
    }
    return true;
}

struct btbb_client_address btbb_totals_address(const struct btbb_totals *totals, const struct btbb_client *client)
{
    struct btbb_client_address address = client->address;
    uint32_t number = btbb_table_find(&totals->taught, client->key);

    if (number != BTBB_TABLE_NONE)
        btbb_client_address_merge(&address, &((struct btbb_taught *)btbb_table_at(&totals->taught, number))->address);
    return address;
}
