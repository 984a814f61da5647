/* merge.c: add the counts of one totals to those of another.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "count/totals.h"

#include <glib.h>

/* Element numbers of `from` -> element numbers of `into`; BTBB_TABLE_NONE: no room. */
struct numbers {
    uint32_t *clients;
    uint32_t *intervals;
};

static void add_up(uint64_t *into, const uint64_t *from, size_t count)
{
    for (size_t i = 0; i < count; i++)
        into[i] += from[i];
}

static void merge_channels(struct btbb_channel *into, const struct btbb_channel *from)
{
    for (size_t i = 0; i < BTBB_CHANNEL_VALUES; i++) {
        if (from[i].signals > 0 && (into[i].signals == 0 || from[i].signal_max_dbm > into[i].signal_max_dbm))
            into[i].signal_max_dbm = from[i].signal_max_dbm;
        into[i].packets += from[i].packets;
        into[i].signals += from[i].signals;
        into[i].signal_sum_dbm += from[i].signal_sum_dbm;
        add_up(into[i].hec, from[i].hec, G_N_ELEMENTS(into[i].hec));
        add_up(into[i].crc, from[i].crc, G_N_ELEMENTS(into[i].crc));
    }
}

static uint32_t *merge_clients(struct btbb_totals *into, const struct btbb_totals *from)
{
    uint32_t *numbers = g_new(uint32_t, from->clients.count + 1u);

    for (uint32_t i = 0; i < from->clients.count; i++) {
        const struct btbb_client *client = btbb_table_at(&from->clients, i);

        numbers[i] = btbb_clients_merge(&into->clients, client);
        if (numbers[i] == BTBB_TABLE_NONE)
            into->lost += client->packets;
    }
    for (uint32_t i = 0; i < from->taught.count; i++) {
        const struct btbb_taught *taught = btbb_table_at(&from->taught, i);
        uint32_t number = btbb_table_add(&into->taught, taught->key);

        if (number != BTBB_TABLE_NONE)
            btbb_client_address_merge(&((struct btbb_taught *)btbb_table_at(&into->taught, number))->address,
                                      &taught->address);
    }
    return numbers;
}

/* Set the key in `into` of a cell of `from`. Returns false when its client or interval found no room. */
static bool translate(enum btbb_cells cells, uint64_t key, const struct numbers *numbers, uint64_t *translated)
{
    uint32_t row = (uint32_t)(key >> 32), column = (uint32_t)key, rest = 0;

    if (cells == BTBB_CELLS_TIME) {
        *translated = key;
        return true;
    }
    row = cells == BTBB_CELLS_LAP_TYPE ? numbers->clients[row] : numbers->intervals[row];
    if (cells == BTBB_CELLS_TIME_LAP || cells == BTBB_CELLS_TIME_SIGNAL) {
        column = numbers->clients[column];
    } else if (cells == BTBB_CELLS_TIME_LAP_TYPE) {
        rest = column & BTBB_SERIES_MASK;
        column = numbers->clients[column >> BTBB_SERIES_BITS];
    }
    if (row == BTBB_TABLE_NONE || column == BTBB_TABLE_NONE)
        return false;
    *translated = btbb_cell_key(row, cells == BTBB_CELLS_TIME_LAP_TYPE ? column << BTBB_SERIES_BITS | rest : column);
    return true;
}

static void merge_cells(struct btbb_totals *into, const struct btbb_totals *from, enum btbb_cells cells,
                        const struct numbers *numbers)
{
    const struct btbb_table *source = &from->cells[cells];
    struct btbb_table *table = &into->cells[cells];

    for (uint32_t i = 0; i < source->count; i++) {
        const struct btbb_cell *cell = btbb_table_at(source, i);
        struct btbb_sum sum = btbb_cell_sum(from, cells, cell);
        uint32_t number = BTBB_TABLE_NONE;
        uint64_t key;

        if (translate(cells, cell->key, numbers, &key))
            number = btbb_table_add(table, key);
        if (cells == BTBB_CELLS_TIME)
            numbers->intervals[i] = number;
        if (number == BTBB_TABLE_NONE ||
            !btbb_cell_add(into, cells, btbb_table_at(table, number), sum.packets, sum.typed))
            into->lost += sum.packets;
    }
}

bool btbb_totals_merge(struct btbb_totals *into, const struct btbb_totals *from)
{
    static const enum btbb_cells time_first[] = {
        BTBB_CELLS_TIME,          BTBB_CELLS_LAP_TYPE,     BTBB_CELLS_TIME_LAP,    BTBB_CELLS_TIME_TYPE,
        BTBB_CELLS_TIME_LAP_TYPE, BTBB_CELLS_TIME_CHANNEL, BTBB_CELLS_TIME_SIGNAL,
    };
    struct numbers numbers;

    if (into->needs != from->needs || into->interval_ns != from->interval_ns)
        return false;
    into->counted += from->counted;
    into->no_lap += from->no_lap;
    into->foreign += from->foreign;
    into->frames += from->frames;
    into->has_frames |= from->has_frames;
    into->no_time += from->no_time;
    into->no_channel += from->no_channel;
    into->lost += from->lost;
    into->retransmissions += from->retransmissions;
    into->clock_jumps += from->clock_jumps;
    into->clock_lost_ns += MIN(from->clock_lost_ns, INT64_MAX - into->clock_lost_ns);
    add_up(into->hec, from->hec, G_N_ELEMENTS(into->hec));
    add_up(into->crc, from->crc, G_N_ELEMENTS(into->crc));
    add_up(into->types, from->types, G_N_ELEMENTS(into->types));
    into->lost += btbb_levels_merge(&into->levels_of_client, &from->levels_of_client);
    into->lost += btbb_levels_merge(&into->levels_of_channel, &from->levels_of_channel);
    if (into->channels)
        merge_channels(into->channels, from->channels);
    numbers.clients = merge_clients(into, from);
    numbers.intervals = g_new(uint32_t, from->cells[BTBB_CELLS_TIME].count + 1u);
    for (size_t i = 0; i < G_N_ELEMENTS(time_first); i++)
        merge_cells(into, from, time_first[i], &numbers);
    g_free(numbers.clients);
    g_free(numbers.intervals);
    return true;
}
