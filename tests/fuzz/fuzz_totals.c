/* fuzz_totals.c: records, counted, merged and printed: the totals of two halves are those of the whole, and printing
 * twice gives the same text.
 *
 * Input: two bytes choose view and keys, then 24 bytes a record.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <glib.h>

#include "../../stats/view/print.h"

#define RECORD_BYTES 24u

static uint32_t get32(const uint8_t *at)
{
    return at[0] | (uint32_t)at[1] << 8 | (uint32_t)at[2] << 16 | (uint32_t)at[3] << 24;
}

static struct btbb_tap record_of(const uint8_t *at, uint32_t number)
{
    const bool pair = at[0] & 64;
    struct btbb_tap record = {
        .version = BTBB_TAP_VERSION,
        .frame = number,
        .has_time = at[0] & 1,
        .has_lap = at[0] & 2,
        .id = (at[0] & 12) == 4,
        .typed = (at[0] & 12) == 8,
        .has_channel = at[0] & 16,
        .has_signal = at[0] & 32,
        .type = at[1] & 15,
        .dir = at[1] >> 4 & 3 ? (at[1] >> 4 & 3) - 1 : 0,
        .hec = at[2] & 3,
        .crc = at[2] >> 2 & 3,
        .rank = at[2] >> 4 & 3,
        .taught = at[2] & 64,
        .retransmission = at[2] & 128,
        .channel = at[3],
        .signal_dbm = (int8_t)at[4],
        .uap = at[5],
        .nap = (uint16_t)(at[6] | at[7] << 8),
        .lap = get32(at + 8) & 0xffffff,
        .taught_lap = get32(at + 12) & 0xffffff,
        .taught_uap = at[4],
        .taught_nap = at[5],
    };

    record.client = pair ? record.lap | UINT64_C(1) << 63 : record.lap;
    /* Most stamps close together, some anywhere. */
    record.time_ns =
        (int64_t)get32(at + 16) * (at[0] & 128 ? INT64_C(2000000000) : 7) - (at[20] & 1 ? INT64_C(1) << 40 : 0);
    return record;
}

static char *printed(const struct btbb_options *options, const struct btbb_totals *totals)
{
    char *text = NULL, *error = NULL;
    size_t length;
    FILE *out = open_memstream(&text, &length);

    if (out && !btbb_print(options, totals, NULL, out, &error)) {
        assert(error && *error && !strchr(error, '\n'));
        g_free(error);
    }
    if (out)
        fclose(out);
    return text;
}

static struct btbb_options options_of(const uint8_t *data)
{
    struct btbb_options options;

    btbb_options_init(&options, (enum btbb_view)(data[0] % BTBB_VIEW_REPORT));
    options.format = (enum btbb_format)(data[1] % 3);
    options.cumulative = data[1] & 8;
    options.by = (enum btbb_by)(data[1] >> 4 & 3);
    options.min = 1 + (data[0] >> 6);
    options.top = data[1] & 64 ? 3 : 0;
    options.interval_ns = data[1] & 128 ? BTBB_INTERVAL_DEFAULT_NS : 37 * BTBB_INTERVAL_DEFAULT_NS;
    return options;
}

static void check_prints(const struct btbb_options *options, const struct btbb_totals *whole,
                         const struct btbb_totals *merged_totals)
{
    char *text = printed(options, whole), *again = printed(options, whole), *merged = printed(options, merged_totals);

    assert(strcmp(text, again) == 0);
    assert(options->view == BTBB_VIEW_LAP || options->view == BTBB_VIEW_VENDORS || strcmp(text, merged) == 0);
    free(text);
    free(again);
    free(merged);
}

/* Rows of a time series over these totals. Up to a million are printed, which takes a sanitizer longer than a fuzzer
 * may; the few thousand that are let through, and those that are refused, go the same ways. */
static bool is_slow(const struct btbb_totals *totals)
{
    const struct btbb_table *intervals = &totals->cells[BTBB_CELLS_TIME];
    int64_t first = INT64_MAX, last = INT64_MIN;

    for (uint32_t i = 0; i < intervals->count; i++) {
        const int64_t interval = (int64_t)((const struct btbb_cell *)btbb_table_at(intervals, i))->key;

        first = interval < first ? interval : first;
        last = interval > last ? interval : last;
    }
    return first <= last && last - first > 5000 && last - first <= BTBB_ROWS_MAX;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size < 2)
        return 0;
    struct btbb_options options = options_of(data);
    const size_t count = (size - 2) / RECORD_BYTES;
    const uint32_t needs = btbb_totals_needs(&options);
    struct btbb_totals *whole = btbb_totals_new(needs, options.interval_ns);
    struct btbb_totals *first = btbb_totals_new(needs, options.interval_ns);
    struct btbb_totals *second = btbb_totals_new(needs, options.interval_ns);

    for (size_t i = 0; i < count; i++) {
        const struct btbb_tap record = record_of(data + 2 + i * RECORD_BYTES, (uint32_t)i + 1);

        assert(btbb_totals_add(whole, &record));
        assert(btbb_totals_add(i < count / 2 ? first : second, &record));
    }
    assert(btbb_totals_merge(first, second));
    assert(first->counted == whole->counted && first->no_lap == whole->no_lap && first->no_time == whole->no_time);
    for (int i = 0; i < BTBB_CELLS_COUNT; i++)
        assert(first->cells[i].count == whole->cells[i].count);
    if (!is_slow(whole))
        check_prints(&options, whole, first);
    btbb_totals_free(whole);
    btbb_totals_free(first);
    btbb_totals_free(second);
    btbb_options_clear(&options);
    return 0;
}
