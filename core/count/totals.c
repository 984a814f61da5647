/* totals.c: everything that a statistic counts.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "count/totals.h"

#include <glib.h>
#include <string.h>

#define CLOCK_JUMP_NS UINT64_C(1000000000)

#define CELLS(name)     BTBB_NEED_CELLS(BTBB_CELLS_##name)
#define CELLS_OF_CLIENT (CELLS(LAP_TYPE) | CELLS(TIME_LAP) | CELLS(TIME_LAP_TYPE) | CELLS(TIME_SIGNAL))
/* Of the views lap and io,by=lap. */
#define NEEDS_OF_LAP       (BTBB_NEED_CLIENTS | BTBB_NEED_NUMBERS)
#define NEEDS_OF_IO_BY_LAP (BTBB_NEED_NUMBERS | CELLS(TIME) | CELLS(TIME_LAP))
#define CELLS_OF_SERIES                                                                                                \
    (CELLS(TIME_LAP) | CELLS(TIME_TYPE) | CELLS(TIME_LAP_TYPE) | CELLS(TIME_CHANNEL) | CELLS(TIME_SIGNAL))

#ifndef G_ALWAYS_INLINE /* GLib before 2.74 */
#define G_ALWAYS_INLINE
#endif

uint32_t btbb_totals_needs(const struct btbb_options *options)
{
    static const uint32_t by_view[BTBB_VIEW_COUNT] = {
        [BTBB_VIEW_SUMMARY] = BTBB_NEED_CLIENTS | BTBB_NEED_SUMS,
        [BTBB_VIEW_LAP] = BTBB_NEED_CLIENTS,
        [BTBB_VIEW_TYPE] = BTBB_NEED_TYPES,
        [BTBB_VIEW_LAP_TYPE] = BTBB_NEED_CLIENTS | CELLS(LAP_TYPE),
        [BTBB_VIEW_IO] = CELLS(TIME),
        [BTBB_VIEW_CHANNEL] = BTBB_NEED_CHANNELS,
        [BTBB_VIEW_SIGNAL] = 0,
        [BTBB_VIEW_VENDORS] = BTBB_NEED_CLIENTS,
        /* Without the cells that can be summed from those of TIME_LAP_TYPE. */
        [BTBB_VIEW_REPORT] = BTBB_NEED_ALL & ~(CELLS(TIME_LAP) | CELLS(TIME_TYPE) | BTBB_NEED_LEVELS_CHANNEL),
        [BTBB_VIEW_PACKETS] = 0,
    };
    static const uint32_t by_by[] = {
        [BTBB_BY_NONE] = 0,
        [BTBB_BY_LAP] = NEEDS_OF_IO_BY_LAP,
        [BTBB_BY_TYPE] = CELLS(TIME_TYPE),
        [BTBB_BY_CHANNEL] = CELLS(TIME_CHANNEL),
    };

    uint32_t needs = by_view[options->view];

    if (options->view == BTBB_VIEW_IO)
        needs |= by_by[options->by];
    if (options->view == BTBB_VIEW_IO && options->value == BTBB_SHOW_SIGNAL)
        needs |= BTBB_NEED_SIGNAL_CELLS;
    if (options->view == BTBB_VIEW_SIGNAL)
        needs |= options->by == BTBB_BY_LAP ? BTBB_NEED_CLIENTS | BTBB_NEED_LEVELS_LAP : BTBB_NEED_LEVELS_CHANNEL;
    return needs;
}

static void set_empty(struct btbb_totals *totals, uint32_t needs, int64_t interval_ns)
{
    memset(totals, 0, sizeof *totals);
    totals->needs = needs;
    if (needs & CELLS_OF_SERIES)
        totals->needs |= CELLS(TIME);
    if (needs & BTBB_NEED_CLIENTS || (needs & CELLS_OF_CLIENT && totals->needs != NEEDS_OF_IO_BY_LAP))
        totals->needs |= NEEDS_OF_LAP;
    totals->interval_ns = interval_ns;
    totals->now = BTBB_TABLE_NONE;
    totals->path = totals->needs == NEEDS_OF_LAP ? BTBB_PATH_LAP : BTBB_PATH_ANY;
    if (totals->needs == NEEDS_OF_IO_BY_LAP)
        totals->path = BTBB_PATH_IO_BY_LAP;
    btbb_table_init(&totals->clients, sizeof(struct btbb_client));
    btbb_table_init(&totals->taught, sizeof(struct btbb_taught));
    btbb_table_init(&totals->levels_of_client, sizeof(struct btbb_levels));
    btbb_table_init(&totals->levels_of_channel, sizeof(struct btbb_levels));
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
    btbb_table_clear(&totals->levels_of_client);
    btbb_table_clear(&totals->levels_of_channel);
    g_free(totals->current);
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

struct btbb_totals *btbb_totals_with(uint32_t needs, const struct btbb_options *options)
{
    struct btbb_totals *totals = btbb_totals_new(needs, options->interval_ns);

    btbb_selection_copy(&totals->selection, &options->selection);
    if (!btbb_selection_is_all(&totals->selection))
        totals->path = BTBB_PATH_SELECTED;
    return totals;
}

struct btbb_totals *btbb_totals_for(const struct btbb_options *options)
{
    return btbb_totals_with(btbb_totals_needs(options), options);
}

void btbb_totals_reset(struct btbb_totals *totals)
{
    struct btbb_selection selection = totals->selection;
    enum btbb_path path = totals->path;

    clear(totals);
    set_empty(totals, totals->needs, totals->interval_ns);
    totals->selection = selection;
    totals->path = path;
}

void btbb_totals_free(struct btbb_totals *totals)
{
    if (!totals)
        return;
    clear(totals);
    btbb_selection_clear(&totals->selection);
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

/* Move the count of a cell to the overflow table, and start it again at zero. */
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
    if (packets > UINT32_MAX - cell->packets || typed > UINT32_MAX - cell->typed)
        return move_out(&totals->large[cells], cell, packets, typed);
    cell->packets += (uint32_t)packets;
    cell->typed += (uint32_t)typed;
    return true;
}

/* Count one packet in a cell. */
static inline bool count_one(struct btbb_totals *totals, enum btbb_cells cells, struct btbb_cell *cell, uint32_t typed)
{
    if (G_UNLIKELY(cell->packets == UINT32_MAX || cell->typed > UINT32_MAX - UINT8_MAX))
        return move_out(&totals->large[cells], cell, 1, typed);
    cell->packets++;
    cell->typed += typed;
    return true;
}

/* Count one packet in the cell of this key. Returns false when the table is full. */
static bool count_cell(struct btbb_totals *totals, enum btbb_cells cells, uint64_t key, uint32_t typed)
{
    struct btbb_cell *cell = btbb_table_get(&totals->cells[cells], key);

    return cell && count_one(totals, cells, cell, typed);
}

/* Make room in totals->current for a new client. */
static G_GNUC_NO_INLINE void grow_current(struct btbb_totals *totals, uint32_t client)
{
    uint32_t room = MAX(client + 1, totals->current_room * 2);

    totals->current = g_renew(struct btbb_cell *, totals->current, room);
    for (; totals->current_room < room; totals->current_room++)
        totals->current[totals->current_room] = NULL;
}

/* The cell of a client in an interval; NULL: the table is full. Most packets fall into the same interval as the last
 * one of the client. */
static inline struct btbb_cell *client_cell(struct btbb_totals *totals, uint32_t now, uint32_t client)
{
    const uint64_t key = btbb_cell_key(now, client);

    if (G_UNLIKELY(client >= totals->current_room))
        grow_current(totals, client);

    struct btbb_cell *cell = totals->current[client];

    if (!cell || cell->key != key) {
        uint32_t number = btbb_table_add(&totals->cells[BTBB_CELLS_TIME_LAP], key);

        if (number == BTBB_TABLE_NONE)
            return NULL;
        totals->current[client] = cell = btbb_table_at(&totals->cells[BTBB_CELLS_TIME_LAP], number);
    }
    return cell;
}

static G_GNUC_NO_INLINE void change_interval(struct btbb_totals *totals, int64_t time_ns)
{
    const int64_t interval = btbb_interval_of(time_ns, totals->interval_ns);

    totals->now = btbb_table_add(&totals->cells[BTBB_CELLS_TIME], (uint64_t)interval);
    totals->now_cell =
        totals->now == BTBB_TABLE_NONE ? NULL : btbb_table_at(&totals->cells[BTBB_CELLS_TIME], totals->now);
    totals->now_first_ns = btbb_interval_start(interval, totals->interval_ns);
    const int64_t next_ns = btbb_interval_start(interval + 1, totals->interval_ns);

    totals->now_span_ns = (uint64_t)next_ns - (uint64_t)totals->now_first_ns - (next_ns < INT64_MAX);
}

/* Element number of the interval of a time. The last one is kept. */
static inline uint32_t interval_number(struct btbb_totals *totals, int64_t time_ns)
{
    if ((uint64_t)time_ns - (uint64_t)totals->now_first_ns > totals->now_span_ns || totals->now == BTBB_TABLE_NONE)
        change_interval(totals, time_ns);
    return totals->now;
}

static bool count_time(struct btbb_totals *totals, const struct btbb_record *record, uint32_t client)
{
    const uint32_t needs = totals->needs;
    const bool signal = needs & BTBB_NEED_SIGNAL_CELLS;
    const uint32_t level = (uint32_t)(record->signal_dbm - BTBB_SIGNAL_ZERO_DBM);
    const uint32_t typed = signal ? level : btbb_record_has_header(record);

    if (signal && !record->has_signal)
        return true;

    const uint32_t now = interval_number(totals, record->time_ns);

    if (now == BTBB_TABLE_NONE)
        return false;

    bool kept = count_one(totals, BTBB_CELLS_TIME, totals->now_cell, typed);

    if (needs & CELLS(TIME_LAP)) {
        struct btbb_cell *cell = client_cell(totals, now, client);

        kept &= cell && count_one(totals, BTBB_CELLS_TIME_LAP, cell, typed);
    }
    if (needs & CELLS(TIME_TYPE))
        kept &= count_cell(totals, BTBB_CELLS_TIME_TYPE, btbb_cell_key(now, btbb_series_of(record)), typed);
    if (needs & CELLS(TIME_LAP_TYPE))
        kept &= count_cell(totals, BTBB_CELLS_TIME_LAP_TYPE,
                           btbb_cell_key(now, client << BTBB_SERIES_BITS | btbb_series_of(record)), typed);
    if ((needs & CELLS(TIME_CHANNEL)) && record->has_channel)
        kept &= count_cell(totals, BTBB_CELLS_TIME_CHANNEL, btbb_cell_key(now, record->channel), typed);
    if ((needs & CELLS(TIME_SIGNAL)) && record->has_signal)
        kept &= count_cell(totals, BTBB_CELLS_TIME_SIGNAL, btbb_cell_key(now, client), level);
    return kept;
}

void btbb_totals_next_capture(struct btbb_totals *totals)
{
    totals->clock_frame = 0;
}

/* Count jumps backwards of the capturing device's clock. A frame number that is not larger begins another pass. */
static void count_clock(struct btbb_totals *totals, const struct btbb_record *record)
{
    if (!record->has_time)
        return;
    if (totals->clock_frame > 0 && record->frame > totals->clock_frame && record->time_ns < totals->clock_ns) {
        const uint64_t back = (uint64_t)totals->clock_ns - (uint64_t)record->time_ns;

        if (back > CLOCK_JUMP_NS) {
            totals->clock_jumps++;
            totals->clock_lost_ns += (int64_t)MIN(back, (uint64_t)(INT64_MAX - totals->clock_lost_ns));
        }
    }
    totals->clock_frame = record->frame;
    totals->clock_ns = record->time_ns;
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

static bool count_rest(struct btbb_totals *totals, const struct btbb_record *record, uint32_t client)
{
    const uint32_t needs = totals->needs;
    bool kept = true;

    totals->no_time += !record->has_time;
    totals->no_channel += !record->has_channel;
    if (needs & BTBB_NEED_SUMS) {
        totals->hec[record->hec & 3]++;
        totals->crc[record->crc & 3]++;
        totals->retransmissions += record->retransmission;
        count_clock(totals, record);
    }
    if (needs & BTBB_NEED_TYPES)
        totals->types[btbb_series_of(record)]++;
    if (needs & BTBB_NEED_CHANNELS && record->has_channel)
        count_channel(&totals->channels[record->channel], record);
    if (needs & BTBB_NEED_LEVELS_LAP)
        kept &= btbb_levels_add(&totals->levels_of_client, record->lap, record);
    if (needs & BTBB_NEED_LEVELS_CHANNEL && record->has_channel)
        kept &= btbb_levels_add(&totals->levels_of_channel, record->channel, record);
    if ((needs & CELLS(LAP_TYPE)) && !((needs & CELLS(TIME_LAP_TYPE)) && record->has_time))
        kept &= count_cell(totals, BTBB_CELLS_LAP_TYPE, btbb_cell_key(client, btbb_series_of(record)),
                           btbb_record_has_header(record));
    if ((needs & CELLS(TIME)) && record->has_time)
        kept &= count_time(totals, record, client);
    return kept;
}

/* Count one packet in a cell whose `typed` are packets, so that it is not the larger count. */
static inline bool count_packet(struct btbb_totals *totals, enum btbb_cells cells, struct btbb_cell *cell, bool typed)
{
    if (G_UNLIKELY(cell->packets == UINT32_MAX))
        return move_out(&totals->large[cells], cell, 1, typed);
    cell->packets++;
    cell->typed += typed;
    return true;
}

/* What io,by=lap needs. A path of its own, because this view is the one that costs most per packet. */
static inline bool count_io_by_lap(struct btbb_totals *totals, const struct btbb_record *record)
{
    struct btbb_client *client = btbb_table_get(&totals->clients, record->lap);
    const bool typed = btbb_record_has_header(record);

    if (!client)
        return false;

    const uint32_t number = totals->clients.last_number;

    if (client->packets++ == 0)
        btbb_client_start(client);
    client->typed += typed;
    if (!record->has_time) {
        totals->no_time++;
        return true;
    }
    if (record->time_ns < client->first_ns)
        client->first_ns = record->time_ns;

    const uint32_t now = interval_number(totals, record->time_ns);

    if (now == BTBB_TABLE_NONE || !count_packet(totals, BTBB_CELLS_TIME, totals->now_cell, typed))
        return false;
    struct btbb_cell *cell = client_cell(totals, now, number);

    return cell && count_packet(totals, BTBB_CELLS_TIME_LAP, cell, typed);
}

/* What the view lap needs. */
static inline bool count_lap(struct btbb_totals *totals, const struct btbb_record *record)
{
    return btbb_clients_add(&totals->clients, record) != BTBB_TABLE_NONE &&
           (!record->taught || count_taught(totals, record));
}

static G_GNUC_NO_INLINE bool count_any(struct btbb_totals *totals, const struct btbb_record *record)
{
    uint32_t client = 0;

    if (totals->needs == NEEDS_OF_IO_BY_LAP)
        return count_io_by_lap(totals, record);
    if (totals->needs & BTBB_NEED_CLIENTS) {
        client = btbb_clients_add(&totals->clients, record);
        if (client == BTBB_TABLE_NONE || (record->taught && !count_taught(totals, record)))
            return false;
    }
    return count_rest(totals, record, client);
}

/* Count the record if it is selected. One that is not may still teach the address of a client that is. */
static G_GNUC_NO_INLINE bool count_selected(struct btbb_totals *totals, const struct btbb_record *record)
{
    if (btbb_selection_has(&totals->selection, record))
        return count_any(totals, record);
    totals->counted--;
    if (record->taught && btbb_selection_has_client(&totals->selection, record->taught_lap))
        count_taught(totals, record);
    return true;
}

/* Returns false when a table was full. */
static inline bool count(struct btbb_totals *totals, const struct btbb_record *record)
{
    if (G_LIKELY(totals->path == BTBB_PATH_LAP))
        return count_lap(totals, record);
    if (totals->path == BTBB_PATH_IO_BY_LAP)
        return count_io_by_lap(totals, record);
    return totals->path == BTBB_PATH_ANY ? count_any(totals, record) : count_selected(totals, record);
}

bool btbb_totals_add(struct btbb_totals *totals, const struct btbb_record *record)
{
    if (record->version != BTBB_RECORD_VERSION)
        return false;
    if (record->malformed) {
        totals->no_lap += !record->foreign;
        totals->foreign += record->foreign;
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
