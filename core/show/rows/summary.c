/* summary.c: the view summary: one row per number.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "show/rows-int.h"

static void sum_clients(const struct btbb_totals *totals, struct btbb_value sums[BTBB_SUMMARY_ROWS])
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
    sums[BTBB_SUMMARY_PACKETS] = btbb_value_count(packets);
    sums[BTBB_SUMMARY_ACCESS_CODES] = btbb_value_count(id);
    sums[BTBB_SUMMARY_HEADERS] = btbb_value_count(typed);
    sums[BTBB_SUMMARY_UNDECODED] = btbb_value_count(packets - id - typed);
    sums[BTBB_SUMMARY_LAPS] = btbb_value_count(totals->clients.count);
    sums[BTBB_SUMMARY_STRAYS] = btbb_value_count(strays);
    sums[BTBB_SUMMARY_LAPS_WITH_HEADER] = btbb_value_count(with_header);
    if (last >= first) {
        sums[BTBB_SUMMARY_FIRST] = btbb_value_ns(BTBB_VALUE_EPOCH, first);
        sums[BTBB_SUMMARY_LAST] = btbb_value_ns(BTBB_VALUE_EPOCH, last);
        sums[BTBB_SUMMARY_DURATION] = btbb_value_ns(BTBB_VALUE_DURATION, btbb_rows_span(first, last));
    }
}

static void sum_checks(const struct btbb_totals *totals, struct btbb_value sums[BTBB_SUMMARY_ROWS])
{
    sums[BTBB_SUMMARY_HEC_GOOD] = btbb_value_count(totals->hec[BTBB_CHECK_GOOD]);
    sums[BTBB_SUMMARY_HEC_BAD] = btbb_value_count(totals->hec[BTBB_CHECK_BAD]);
    sums[BTBB_SUMMARY_HEC_UNKNOWN] = btbb_value_count(totals->hec[BTBB_CHECK_UNVERIFIED]);
    sums[BTBB_SUMMARY_CRC_GOOD] = btbb_value_count(totals->crc[BTBB_CHECK_GOOD]);
    sums[BTBB_SUMMARY_CRC_BAD] = btbb_value_count(totals->crc[BTBB_CHECK_BAD]);
    sums[BTBB_SUMMARY_CRC_UNKNOWN] = btbb_value_count(totals->crc[BTBB_CHECK_UNVERIFIED]);
}

/* What the captures hold besides packets. A selection leaves packets out, so other frames are not known then; they are
 * not known without any packet either, because tshark begins to count them with the first one. */
static void sum_others(const struct btbb_totals *totals, struct btbb_value sums[BTBB_SUMMARY_ROWS])
{
    const uint64_t ours = totals->counted + totals->no_lap + totals->foreign;

    sums[BTBB_SUMMARY_NO_LAP] = btbb_value_count(totals->no_lap);
    sums[BTBB_SUMMARY_OTHER_RECORDS] = btbb_value_count(totals->foreign);
    if (totals->has_frames && ours > 0 && totals->frames >= ours && btbb_selection_is_all(&totals->selection))
        sums[BTBB_SUMMARY_OTHER_FRAMES] = btbb_value_count(totals->frames - ours);
}

bool btbb_rows_summary(struct btbb_rows *rows, char **error)
{
    const struct btbb_totals *totals = rows->state->totals;
    struct btbb_value sums[BTBB_SUMMARY_ROWS] = {{.kind = BTBB_VALUE_NONE}};
    struct btbb_value *values = g_new(struct btbb_value, BTBB_SUMMARY_ROWS * 3), *value = values;

    (void)error;
    sum_clients(totals, sums);
    sum_checks(totals, sums);
    sums[BTBB_SUMMARY_RETRANSMISSIONS] = btbb_value_count(totals->retransmissions);
    sums[BTBB_SUMMARY_CLOCK_JUMPS] = btbb_value_count(totals->clock_jumps);
    if (totals->clock_jumps > 0)
        sums[BTBB_SUMMARY_CLOCK_LOST] = btbb_value_ns(BTBB_VALUE_DURATION, totals->clock_lost_ns);
    sums[BTBB_SUMMARY_NO_TIME] = btbb_value_count(totals->no_time);
    sum_others(totals, sums);
    btbb_rows_columns(rows);
    for (int row = 0; row < BTBB_SUMMARY_ROWS; row++) {
        *value++ = btbb_value_text(btbb_summary_rows[row].key);
        *value++ = btbb_value_text(btbb_summary_rows[row].title);
        *value++ = sums[row];
    }
    btbb_rows_show(rows, values, BTBB_SUMMARY_ROWS);
    return true;
}
