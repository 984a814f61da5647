/* sums.c: the views without clients: summary, type, channel.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "show/rows-int.h"

#include <stdlib.h>

/* Rows of the summary. */
enum summary_row {
    PACKETS,
    ACCESS_CODES,
    HEADERS,
    UNPROVEN,
    RETRANSMISSIONS,
    LAPS,
    STRAYS,
    LAPS_WITH_HEADER,
    FIRST,
    LAST,
    DURATION,
    HEC_GOOD,
    HEC_BAD,
    HEC_UNKNOWN,
    CRC_GOOD,
    CRC_BAD,
    CRC_UNKNOWN,
    NO_TIME,
    NO_LAP,
    SUMMARY_ROWS
};

static const struct {
    const char *key;
    const char *title;
} summary_names[SUMMARY_ROWS] = {
    [PACKETS] = {"packets", "Packets"},
    [ACCESS_CODES] = {"access_codes", "Access codes only (ID)"},
    [HEADERS] = {"headers", "With packet header"},
    [UNPROVEN] = {"unproven", "With a header that nothing proves"},
    [RETRANSMISSIONS] = {"retransmissions", "Retransmissions"},
    [LAPS] = {"laps", "LAPs"},
    [STRAYS] = {"strays", "LAPs seen once"},
    [LAPS_WITH_HEADER] = {"laps_with_header", "LAPs with packet header"},
    [FIRST] = {"first", "First packet"},
    [LAST] = {"last", "Last packet"},
    [DURATION] = {"duration", "Duration (s)"},
    [HEC_GOOD] = {"hec_good", "HEC good"},
    [HEC_BAD] = {"hec_bad", "HEC bad"},
    [HEC_UNKNOWN] = {"hec_unknown", "HEC not verified"},
    [CRC_GOOD] = {"crc_good", "CRC good"},
    [CRC_BAD] = {"crc_bad", "CRC bad"},
    [CRC_UNKNOWN] = {"crc_unknown", "CRC not verified"},
    [NO_TIME] = {"no_time", "Without time stamp"},
    [NO_LAP] = {"no_lap", "Too short to name a LAP (not counted)"},
};

static void fill_from_values(struct btbb_rows *rows, size_t row)
{
    const struct btbb_value *values = rows->state->more;

    for (size_t i = 0; i < rows->column_count; i++)
        rows->state->values[i] = values[row * rows->column_count + i];
}

/* The longest there is rather than none: time stamps of a damaged file can lie 584 years apart. */
static int64_t duration(int64_t first, int64_t last)
{
    uint64_t ns = (uint64_t)last - (uint64_t)first;

    return ns > INT64_MAX ? INT64_MAX : (int64_t)ns;
}

static void sum_clients(const struct btbb_totals *totals, struct btbb_value values[SUMMARY_ROWS])
{
    uint64_t packets = 0, id = 0, typed = 0, strays = 0, with_header = 0;
    int64_t first = INT64_MAX, last = INT64_MIN;

    for (uint32_t i = 0; i < totals->clients.count; i++) {
        const struct btbb_client *client = btbb_table_at(&totals->clients, i);

        packets += client->packets;
        id += client->id;
        typed += client->typed;
        strays += client->packets == 1;
        with_header += client->typed > 0;
        first = MIN(first, client->first_ns);
        last = MAX(last, client->last_ns);
    }
    values[PACKETS] = btbb_value_count(packets);
    values[ACCESS_CODES] = btbb_value_count(id);
    values[HEADERS] = btbb_value_count(typed);
    values[UNPROVEN] = btbb_value_count(packets - id - typed);
    values[LAPS] = btbb_value_count(totals->clients.count);
    values[STRAYS] = btbb_value_count(strays);
    values[LAPS_WITH_HEADER] = btbb_value_count(with_header);
    if (last >= first) {
        values[FIRST] = btbb_value_ns(BTBB_VALUE_EPOCH, first);
        values[LAST] = btbb_value_ns(BTBB_VALUE_EPOCH, last);
        values[DURATION] = btbb_value_ns(BTBB_VALUE_DURATION, duration(first, last));
    }
}

bool btbb_rows_summary(struct btbb_rows *rows, char **error)
{
    const struct btbb_totals *totals = rows->state->totals;
    struct btbb_value sums[SUMMARY_ROWS] = {{.kind = BTBB_VALUE_NONE}};
    struct btbb_value *values = g_new(struct btbb_value, SUMMARY_ROWS * 3);

    (void)error;
    sum_clients(totals, sums);
    sums[RETRANSMISSIONS] = btbb_value_count(totals->retransmissions);
    sums[HEC_GOOD] = btbb_value_count(totals->hec[BTBB_CHECK_GOOD]);
    sums[HEC_BAD] = btbb_value_count(totals->hec[BTBB_CHECK_BAD]);
    sums[HEC_UNKNOWN] = btbb_value_count(totals->hec[BTBB_CHECK_UNVERIFIED]);
    sums[CRC_GOOD] = btbb_value_count(totals->crc[BTBB_CHECK_GOOD]);
    sums[CRC_BAD] = btbb_value_count(totals->crc[BTBB_CHECK_BAD]);
    sums[CRC_UNKNOWN] = btbb_value_count(totals->crc[BTBB_CHECK_UNVERIFIED]);
    sums[NO_TIME] = btbb_value_count(totals->no_time);
    sums[NO_LAP] = btbb_value_count(totals->no_lap);
    for (int row = 0; row < SUMMARY_ROWS; row++) {
        values[row * 3] = btbb_value_text(summary_names[row].key);
        values[row * 3 + 1] = btbb_value_text(summary_names[row].title);
        values[row * 3 + 2] = sums[row];
    }
    btbb_rows_column(rows, "key", "Key", BTBB_VALUE_TEXT)->machine = true;
    btbb_rows_column(rows, "label", "Summary", BTBB_VALUE_TEXT)->people = true;
    btbb_rows_column(rows, "value", "Value", BTBB_VALUE_NONE);
    rows->row_count = SUMMARY_ROWS;
    rows->state->more = values;
    rows->state->free_more = g_free;
    rows->state->fill = fill_from_values;
    return true;
}

struct ranked {
    uint64_t packets;
    uint32_t number; /* series or channel */
};

/* Most packets first. */
static int compare_ranked(const void *va, const void *vb)
{
    const struct ranked *a = va, *b = vb;

    if (a->packets != b->packets)
        return a->packets > b->packets ? -1 : 1;
    return a->number < b->number ? -1 : a->number > b->number;
}

bool btbb_rows_type(struct btbb_rows *rows, char **error)
{
    struct btbb_rows_state *state = rows->state;
    struct ranked ranked[BTBB_SERIES] = {{0, 0}};
    struct btbb_value *values = g_new(struct btbb_value, (BTBB_SERIES + 1u) * 4u), *value = values;
    uint64_t total = 0, others = 0;
    size_t count = 0, shown;

    (void)error;
    for (uint32_t series = 0; series < (state->ids ? BTBB_SERIES : BTBB_TYPES); series++) {
        if (state->totals->types[series] > 0)
            ranked[count++] = (struct ranked){state->totals->types[series], series};
        total += state->totals->types[series];
    }
    qsort(ranked, count, sizeof *ranked, compare_ranked);
    shown = state->options.top > 0 && state->options.top < count ? state->options.top : count;
    for (size_t i = 0; i < count; i++) {
        if (i >= shown) {
            others += ranked[i].packets;
            continue;
        }
        *value++ = ranked[i].number < BTBB_TYPES ? btbb_value_count(ranked[i].number) : btbb_value_none();
        *value++ = btbb_value_text(btbb_series_name(ranked[i].number));
        *value++ = btbb_value_count(ranked[i].packets);
        *value++ = btbb_value_ratio((double)ranked[i].packets, total, 100);
    }
    if (others > 0) {
        *value++ = btbb_value_none();
        *value++ = btbb_value_text("others");
        *value++ = btbb_value_count(others);
        *value++ = btbb_value_ratio((double)others, total, 100);
    }
    btbb_rows_column(rows, "type", "TYPE", BTBB_VALUE_COUNT);
    btbb_rows_column(rows, "name", "Name", BTBB_VALUE_TEXT);
    btbb_rows_column(rows, "packets", "Packets", BTBB_VALUE_COUNT)->bar = true;
    btbb_rows_column(rows, "percent", "%", BTBB_VALUE_REAL);
    btbb_rows_note_unproven(rows, state->totals->types[BTBB_SERIES_UNPROVEN]);
    rows->row_count = shown + (others > 0);
    state->more = values;
    state->free_more = g_free;
    state->fill = fill_from_values;
    return true;
}

static struct btbb_value *add_channel(struct btbb_value *value, uint32_t number, const struct btbb_channel *channel,
                                      uint64_t total)
{
    *value++ = btbb_value_count(number);
    *value++ = btbb_value_count(channel->packets);
    *value++ = btbb_value_ratio((double)channel->packets, total, 100);
    *value++ = btbb_value_ratio((double)channel->signal_sum_dbm, channel->signals, 1);
    *value++ = channel->signals ? (struct btbb_value){.kind = BTBB_VALUE_REAL, .real = channel->signal_max_dbm}
                                : btbb_value_none();
    *value++ = btbb_value_count(channel->hec[BTBB_CHECK_GOOD]);
    *value++ = btbb_value_count(channel->hec[BTBB_CHECK_BAD]);
    *value++ = btbb_value_count(channel->crc[BTBB_CHECK_GOOD]);
    *value++ = btbb_value_count(channel->crc[BTBB_CHECK_BAD]);
    return value;
}

bool btbb_rows_channel(struct btbb_rows *rows, char **error)
{
    struct btbb_rows_state *state = rows->state;
    const struct btbb_channel *channels = state->totals->channels;
    struct ranked ranked[BTBB_CHANNEL_VALUES] = {{0, 0}};
    struct btbb_value *values = g_new(struct btbb_value, BTBB_CHANNEL_VALUES * 9u), *value = values;
    uint64_t total = 0;

    (void)error;
    for (uint32_t number = 0; number < BTBB_CHANNEL_VALUES; number++) {
        if (channels[number].packets > 0)
            ranked[rows->row_count++] = (struct ranked){channels[number].packets, number};
        total += channels[number].packets;
    }
    qsort(ranked, rows->row_count, sizeof *ranked, compare_ranked);
    for (size_t i = 0; i < rows->row_count; i++)
        value = add_channel(value, ranked[i].number, &channels[ranked[i].number], total);
    btbb_rows_column(rows, "channel", "Channel", BTBB_VALUE_COUNT);
    btbb_rows_column(rows, "packets", "Packets", BTBB_VALUE_COUNT)->bar = true;
    btbb_rows_column(rows, "percent", "%", BTBB_VALUE_REAL);
    btbb_rows_column(rows, "signal_mean", "Signal (dBm)", BTBB_VALUE_REAL);
    btbb_rows_column(rows, "signal_max", "Max (dBm)", BTBB_VALUE_REAL);
    btbb_rows_column(rows, "hec_good", "HEC good", BTBB_VALUE_COUNT);
    btbb_rows_column(rows, "hec_bad", "HEC bad", BTBB_VALUE_COUNT);
    btbb_rows_column(rows, "crc_good", "CRC good", BTBB_VALUE_COUNT);
    btbb_rows_column(rows, "crc_bad", "CRC bad", BTBB_VALUE_COUNT);
    btbb_rows_note(rows, state->totals->no_channel, "packet without RF channel is not shown",
                   "packets without RF channel are not shown");
    state->more = values;
    state->free_more = g_free;
    state->fill = fill_from_values;
    return true;
}
