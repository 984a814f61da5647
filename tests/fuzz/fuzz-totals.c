/* fuzz-totals.c: records, counted, merged and printed: the totals of two halves are those of the whole, and printing
 * twice gives the same text.
 *
 * Input: three bytes choose view and keys, then 24 bytes a record.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <glib.h>

#include "show/output.h"

#define OPTION_BYTES 3u
#define RECORD_BYTES 24u

/* Vendors as strange as names can be: none, one that must be quoted everywhere, one that is no UTF-8; and many. */
static const char *vendor_name(void *data, uint16_t nap, uint8_t uap, uint32_t lap)
{
    static const char *const names[] = {NULL, "a,\"b\"\n<c>&'\\", "\xff\xfe\xc3", "Vendor"};

    (void)data;
    return names[(nap + uap + lap) & 3];
}

static void vendor_candidates(void *data, uint32_t nap, uint8_t uap, uint32_t lap, btbb_vendor_each each, void *context)
{
    static const unsigned bits[] = {24, 28, 36};

    for (unsigned i = 0; i < uap % 5u; i++) {
        const char *name = vendor_name(data, 0, 0, i + 1);

        each(context, (uint64_t)i << 40 | (uint64_t)uap << 24 | (lap & 0xfff000), bits[i % 3], name ? name : "");
    }
}

static const struct btbb_vendors vendors = {vendor_name, vendor_candidates, NULL};

static uint32_t get32(const uint8_t *at)
{
    return at[0] | (uint32_t)at[1] << 8 | (uint32_t)at[2] << 16 | (uint32_t)at[3] << 24;
}

static struct btbb_record record_of(const uint8_t *at, uint32_t number)
{
    struct btbb_record record = {
        .version = BTBB_RECORD_VERSION,
        .frame = number,
        .has_time = at[0] & 1,
        .malformed = !(at[0] & 2),
        .packet_class = (at[0] & 12) == 4   ? BTBB_CLASS_ID
                        : (at[0] & 12) == 8 ? BTBB_CLASS_HEADER
                                            : BTBB_CLASS_UNDECODED,
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

    if (at[0] & 64)
        record.lap = BTBB_LAP_UNKNOWN;
    /* Most stamps close together, some anywhere. */
    record.time_ns =
        (int64_t)get32(at + 16) * (at[0] & 128 ? INT64_C(2000000000) : 7) - (at[20] & 1 ? INT64_C(1) << 40 : 0);
    return record;
}

/* The page says when it was written. */
static void forget_the_time(char *page)
{
    char *at = page ? strstr(page, "\"written\":[") : NULL;

    for (at = at ? at + strlen("\"written\":[") : NULL; at && *at >= '0' && *at <= '9'; at++)
        *at = '0';
}

static char *printed(const struct btbb_options *options, const struct btbb_totals *totals,
                     const struct btbb_vendors *names)
{
    char *text = NULL, *error = NULL;
    size_t length;
    FILE *out = open_memstream(&text, &length);

    if (out && !btbb_print(options, &(struct btbb_source){.totals = totals, .vendors = names}, out, &error)) {
        assert(error && *error && !strchr(error, '\n'));
        g_free(error);
    }
    if (out)
        fclose(out);
    forget_the_time(text);
    return text;
}

static struct btbb_options options_of(const uint8_t *data)
{
    static const int64_t intervals[] = {BTBB_INTERVAL_DEFAULT_NS, 37 * BTBB_INTERVAL_DEFAULT_NS, BTBB_INTERVAL_MIN_NS,
                                        INT64_MAX / 2};
    struct btbb_options options;

    btbb_options_init(&options, (enum btbb_view)(data[0] % BTBB_VIEW_COUNT));
    options.format = (enum btbb_output_format)(data[1] % 4);
    options.cumulative = data[1] & 8;
    options.by = (enum btbb_by)(data[1] >> 4 & 3);
    options.min = 1 + (data[0] >> 6);
    options.top = data[1] & 64 ? 3 : 0;
    options.sort = (enum btbb_sort)((data[2] & 3) % 3);
    options.ids_given = data[2] & 4;
    options.ids = data[2] & 8;
    options.interval_ns = intervals[data[2] >> 4 & 3];
    if (options.view == BTBB_VIEW_IO && data[2] & 128 && options.by != BTBB_BY_TYPE && !options.cumulative)
        options.value = BTBB_SHOW_SIGNAL;
    return options;
}

/* Row by row; those of clients also by number, as a window asks for them while the totals grow. */
static void check_rows(const struct btbb_options *options, const struct btbb_totals *totals)
{
    char *error = NULL;
    struct btbb_rows *rows =
        btbb_rows_new(options, &(struct btbb_source){.totals = totals, .vendors = &vendors}, &error);
    size_t count = 0;

    g_free(error);
    if (!rows)
        return;
    while (btbb_rows_next(rows))
        count++;
    assert(count == rows->row_count);
    if (options->view == BTBB_VIEW_LAP || options->view == BTBB_VIEW_LAP_TYPE)
        for (uint32_t i = 0; i < totals->clients.count; i++)
            btbb_rows_client(rows, i);
    btbb_rows_free(rows);
}

static void check_prints(const struct btbb_options *options, const struct btbb_totals *whole,
                         const struct btbb_totals *merged_totals, const struct btbb_vendors *names)
{
    char *text = printed(options, whole, names), *again = printed(options, whole, names);
    char *merged = printed(options, merged_totals, names);
    const bool addresses =
        options->view == BTBB_VIEW_LAP || options->view == BTBB_VIEW_VENDORS || options->view == BTBB_VIEW_REPORT;

    assert(strcmp(text, again) == 0);
    assert(addresses || strcmp(text, merged) == 0);
    free(text);
    free(again);
    free(merged);
    check_rows(options, whole);
}

/* Rows of a time series over these totals. Up to a million are printed, and a column for each client, which takes a
 * sanitizer longer than a fuzzer may; the few thousand that are let through, and those that are refused, go the same
 * ways. */
static bool is_slow(const struct btbb_totals *totals)
{
    const struct btbb_table *intervals = &totals->cells[BTBB_CELLS_TIME];
    int64_t first = INT64_MAX, last = INT64_MIN;

    for (uint32_t i = 0; i < intervals->count; i++) {
        const int64_t interval = (int64_t)((const struct btbb_cell *)btbb_table_at(intervals, i))->key;

        first = interval < first ? interval : first;
        last = interval > last ? interval : last;
    }
    if (first > last || last - first > BTBB_ROWS_MAX)
        return false;
    return last - first > 5000 || (last - first) * totals->clients.count > 50000;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size < OPTION_BYTES)
        return 0;
    struct btbb_options options = options_of(data);
    const size_t count = (size - OPTION_BYTES) / RECORD_BYTES;
    const uint32_t needs = btbb_totals_needs(&options);
    struct btbb_totals *whole = btbb_totals_new(needs, options.interval_ns);
    struct btbb_totals *first = btbb_totals_new(needs, options.interval_ns);
    struct btbb_totals *second = btbb_totals_new(needs, options.interval_ns);

    for (size_t i = 0; i < count; i++) {
        const struct btbb_record record = record_of(data + OPTION_BYTES + i * RECORD_BYTES, (uint32_t)i + 1);

        assert(btbb_totals_add(whole, &record));
        assert(btbb_totals_add(i < count / 2 ? first : second, &record));
    }
    assert(btbb_totals_merge(first, second));
    assert(first->counted == whole->counted && first->no_lap == whole->no_lap && first->no_time == whole->no_time);
    for (int i = 0; i < BTBB_CELLS_COUNT; i++)
        assert(first->cells[i].count == whole->cells[i].count);
    /* The only counts that depend on the order of records. */
    whole->clock_jumps = first->clock_jumps = 0;
    whole->clock_lost_ns = first->clock_lost_ns = 0;
    if (!is_slow(whole))
        check_prints(&options, whole, first, data[2] & 64 ? &vendors : NULL);
    btbb_totals_free(whole);
    btbb_totals_free(first);
    btbb_totals_free(second);
    btbb_options_clear(&options);
    return 0;
}
