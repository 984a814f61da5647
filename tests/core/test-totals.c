/* test-totals.c: counting, against a count by hand of the same records; merging; memory.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#define _XOPEN_SOURCE 700

#include <stdlib.h>
#include <string.h>

#include "records.h"

#define RECORDS 20000u

static struct btbb_record random_record(void)
{
    struct btbb_record record = id_record((uint32_t)g_test_rand_int_range(0, 40) * 0x10203u & 0xffffff, 0);
    int kind = g_test_rand_int_range(0, 10);

    record.frame = (uint32_t)g_test_rand_int_range(1, 1000000);
    record.time_ns = (int64_t)g_test_rand_int_range(-100000, 100000) * 1000003;
    record.has_time = g_test_rand_int_range(0, 50) != 0;
    record.malformed = g_test_rand_int_range(0, 100) == 0;
    if (g_test_rand_int_range(0, 20) == 0)
        record.lap = BTBB_LAP_UNKNOWN;
    record.packet_class = kind < 3 ? BTBB_CLASS_ID : kind > 3 ? BTBB_CLASS_HEADER : BTBB_CLASS_UNDECODED;
    record.type = (uint8_t)g_test_rand_int_range(0, 16);
    record.hec = (uint8_t)g_test_rand_int_range(0, 4);
    record.crc = (uint8_t)g_test_rand_int_range(0, 4);
    record.dir = (uint8_t)g_test_rand_int_range(0, 3);
    record.retransmission = g_test_rand_int_range(0, 8) == 0;
    record.has_channel = g_test_rand_int_range(0, 5) != 0;
    record.channel = (uint8_t)g_test_rand_int_range(0, 256);
    record.has_signal = g_test_rand_int_range(0, 3) != 0;
    record.signal_dbm = (int8_t)g_test_rand_int_range(-128, 128);
    record.rank = (uint8_t)g_test_rand_int_range(0, 4);
    record.uap = (uint8_t)g_test_rand_int_range(1, 4);
    record.nap = (uint16_t)g_test_rand_int_range(1, 3);
    record.taught = g_test_rand_int_range(0, 30) == 0;
    record.taught_lap = (uint32_t)g_test_rand_int_range(0, 60) * 0x10203u & 0xffffff;
    record.taught_uap = (uint8_t)g_test_rand_int_range(1, 4);
    record.taught_nap = (uint16_t)g_test_rand_int_range(1, 3);
    return record;
}

static struct btbb_record *random_records(void)
{
    struct btbb_record *records = g_new(struct btbb_record, RECORDS);

    for (size_t i = 0; i < RECORDS; i++)
        records[i] = random_record();
    return records;
}

static struct btbb_totals *totals_of(const struct btbb_record *records, size_t count, int64_t interval_ns)
{
    struct btbb_totals *totals = btbb_totals_new(BTBB_NEED_ALL, interval_ns);

    for (size_t i = 0; i < count; i++)
        g_assert_true(btbb_totals_add(totals, &records[i]));
    return totals;
}

static uint64_t cell(const struct btbb_totals *totals, enum btbb_cells cells, uint32_t row, uint32_t column, bool typed)
{
    const struct btbb_table *table = &totals->cells[cells];
    uint32_t number = btbb_table_find(table, btbb_cell_key(row, column));
    const struct btbb_cell *found = number == BTBB_TABLE_NONE ? NULL : btbb_table_at(table, number);

    struct btbb_sum sum = {0};

    if (found)
        sum = btbb_cell_sum(totals, cells, found);
    return typed ? sum.typed : sum.packets;
}

/* floor() by repeated subtraction, which cannot be wrong about the sign. */
static int64_t interval_by_hand(int64_t time_ns, int64_t interval_ns)
{
    int64_t interval = -200, start = interval * interval_ns;

    while (start + interval_ns <= time_ns) {
        interval++;
        start += interval_ns;
    }
    return interval;
}

/* Every count of one client, found by going through all records again. */
static void compare_client(const struct btbb_totals *totals, uint32_t number, const struct btbb_record *records)
{
    const struct btbb_client *client = btbb_table_at(&totals->clients, number);
    struct btbb_client hand = {.first_ns = INT64_MAX, .last_ns = INT64_MIN};
    uint64_t types[BTBB_SERIES] = {0}, timed[BTBB_SERIES] = {0}, polls_at_zero = 0;
    uint32_t zero = btbb_table_find(&totals->cells[BTBB_CELLS_TIME], 0);

    for (size_t i = 0; i < RECORDS; i++) {
        const struct btbb_record *record = &records[i];

        if (record->malformed || record->lap != client->key)
            continue;
        hand.packets++;
        hand.id += record->packet_class == BTBB_CLASS_ID;
        hand.typed += btbb_record_has_header(record);
        hand.to_central += record->dir == BTBB_DIR_TO_CENTRAL;
        hand.from_central += record->dir == BTBB_DIR_TO_PERIPHERAL;
        if (record->has_time)
            hand.first_ns = MIN(hand.first_ns, record->time_ns);
        if (record->has_time)
            hand.last_ns = MAX(hand.last_ns, record->time_ns);
        (record->has_time ? timed : types)[btbb_record_has_header(record)          ? record->type
                                           : record->packet_class == BTBB_CLASS_ID ? 16
                                                                                   : 17]++;
        polls_at_zero += btbb_record_has_header(record) && record->type == 1 && record->has_time &&
                         record->time_ns >= 0 && record->time_ns < totals->interval_ns;
    }
    g_assert_cmpuint(client->packets, ==, hand.packets);
    g_assert_cmpuint(client->id, ==, hand.id);
    g_assert_cmpuint(client->typed, ==, hand.typed);
    g_assert_cmpuint(client->to_central, ==, hand.to_central);
    g_assert_cmpuint(client->from_central, ==, hand.from_central);
    g_assert_cmpint(client->first_ns, ==, hand.first_ns);
    g_assert_cmpint(client->last_ns, ==, hand.last_ns);
    for (uint32_t series = 0; series < BTBB_SERIES; series++) {
        g_assert_cmpuint(cell(totals, BTBB_CELLS_LAP_TYPE, number, series, false), ==, types[series]);
        for (uint32_t i = 0; i < totals->cells[BTBB_CELLS_TIME].count; i++)
            timed[series] -= cell(totals, BTBB_CELLS_TIME_LAP_TYPE, i, number << 5 | series, false);
        g_assert_cmpuint(timed[series], ==, 0);
    }
    g_assert_cmpuint(cell(totals, BTBB_CELLS_TIME_LAP_TYPE, zero, number << 5 | 1, false), ==, polls_at_zero);
}

static void test_counts(void)
{
    struct btbb_record *records = random_records();
    struct btbb_totals *totals = totals_of(records, RECORDS, SECOND);
    uint64_t no_lap = 0, no_time = 0, packets = 0;

    for (size_t i = 0; i < RECORDS; i++) {
        no_lap += records[i].malformed;
        no_time += !records[i].malformed && !records[i].has_time;
    }
    g_assert_cmpuint(totals->no_lap, ==, no_lap);
    g_assert_cmpuint(totals->no_time, ==, no_time);
    g_assert_cmpuint(totals->counted, ==, RECORDS - no_lap);
    g_assert_cmpuint(totals->lost, ==, 0);
    for (uint32_t i = 0; i < totals->clients.count; i++) {
        compare_client(totals, i, records);
        packets += ((struct btbb_client *)btbb_table_at(&totals->clients, i))->packets;
    }
    g_assert_cmpuint(packets, ==, totals->counted);
    btbb_totals_free(totals);
    g_free(records);
}

static void test_intervals(void)
{
    static const int64_t intervals_ns[] = {SECOND, SECOND / 1000 * 1500, SECOND * 7};
    struct btbb_record *records = random_records();

    for (size_t n = 0; n < G_N_ELEMENTS(intervals_ns); n++) {
        struct btbb_totals *totals = totals_of(records, RECORDS, intervals_ns[n]);
        const struct btbb_table *table = &totals->cells[BTBB_CELLS_TIME];
        uint64_t packets[401] = {0}, typed[401] = {0}, sum = 0;

        for (size_t i = 0; i < RECORDS; i++) {
            int64_t interval = interval_by_hand(records[i].time_ns, intervals_ns[n]);

            g_assert_cmpint(btbb_interval_of(records[i].time_ns, intervals_ns[n]), ==, interval);
            packets[interval + 200] += !records[i].malformed && records[i].has_time;
            typed[interval + 200] +=
                !records[i].malformed && records[i].has_time && btbb_record_has_header(&records[i]);
        }
        for (uint32_t i = 0; i < table->count; i++) {
            const struct btbb_cell *interval = btbb_table_at(table, i);

            g_assert_cmpuint(interval->packets, ==, packets[(int64_t)interval->key + 200]);
            g_assert_cmpuint(interval->typed, ==, typed[(int64_t)interval->key + 200]);
            sum += interval->packets;
        }
        g_assert_cmpuint(sum, ==, totals->counted - totals->no_time);
        btbb_totals_free(totals);
    }
    g_free(records);
}

/* Views that between them show every count. */
static const char *const all_views[] = {
    "summary,format=csv",
    "lap,min=1,format=csv",
    "lap,format=csv,ids=no,sort=first",
    "type,ids=yes,format=csv",
    "lap-type,format=csv",
    "lap-type,ids=yes,format=json,sort=lap",
    "io,format=csv",
    "io,by=lap,format=csv",
    "io,by=type,format=csv,ids=yes",
    "io,by=channel,format=csv",
    "channel,format=csv",
    "vendors,format=csv",
    "io,by=lap,ids=no,cumulative=yes,top=3,format=csv",
    "signal,format=csv",
    "signal,by=channel,format=csv",
};

/* The only numbers that depend on the order of records. */
static void forget_clock(struct btbb_totals *totals)
{
    totals->clock_jumps = 0;
    totals->clock_lost_ns = 0;
}

static void assert_same(struct btbb_totals *a, struct btbb_totals *b)
{
    forget_clock(a);
    forget_clock(b);
    for (size_t i = 0; i < G_N_ELEMENTS(all_views); i++) {
        char *text_a = print_view(all_views[i], a, NULL), *text_b = print_view(all_views[i], b, NULL);

        g_assert_cmpuint(strlen(text_a), >, 20);
        g_assert_cmpstr(text_a, ==, text_b);
        g_free(text_a);
        g_free(text_b);
    }
    for (int cells = 0; cells < BTBB_CELLS_COUNT; cells++)
        g_assert_cmpuint(a->cells[cells].count, ==, b->cells[cells].count);
}

static void test_merge(void)
{
    struct btbb_record *records = random_records();
    struct btbb_totals *whole = totals_of(records, RECORDS, SECOND);
    size_t cut = (size_t)g_test_rand_int_range(0, (int)RECORDS);
    struct btbb_totals *one = totals_of(records, cut, SECOND);
    struct btbb_totals *two = totals_of(records + cut, RECORDS - cut, SECOND);
    struct btbb_totals *backwards = btbb_totals_new(BTBB_NEED_ALL, SECOND);
    struct btbb_totals *other = btbb_totals_new(BTBB_NEED_ALL, SECOND * 2);
    struct btbb_totals *less = btbb_totals_new(BTBB_NEED_CLIENTS, SECOND);

    g_assert_true(btbb_totals_merge(backwards, two));
    assert_same(backwards, two);
    g_assert_true(btbb_totals_merge(backwards, one));
    g_assert_true(btbb_totals_merge(one, two));
    assert_same(one, whole);
    assert_same(backwards, whole);
    g_assert_false(btbb_totals_merge(one, other));
    g_assert_false(btbb_totals_merge(one, less));
    assert_same(one, whole);
    btbb_totals_free(whole);
    btbb_totals_free(one);
    btbb_totals_free(two);
    btbb_totals_free(backwards);
    btbb_totals_free(other);
    btbb_totals_free(less);
    g_free(records);
}

/* The order of records does not matter, and reset forgets everything. */
static void test_order_and_reset(void)
{
    struct btbb_record *records = random_records();
    struct btbb_totals *totals = totals_of(records, RECORDS, SECOND);
    struct btbb_totals *again = totals_of(records, RECORDS / 2, SECOND);

    btbb_totals_reset(again);
    for (size_t i = RECORDS; i > 0; i--)
        btbb_totals_add(again, &records[i - 1]);
    assert_same(totals, again);
    btbb_totals_free(totals);
    btbb_totals_free(again);
    g_free(records);
}

/* A selection counts what counting only those records does; an address that others teach is known all the same. */
static void test_selection(void)
{
    struct btbb_record *records = random_records();
    const uint32_t laps[] = {0x10203, 0x50a0f};
    struct btbb_options options;
    char *error = NULL;

    for (size_t v = 0; v < G_N_ELEMENTS(all_views); v++) {
        char *argument =
            g_strdup_printf("%s,from=10,to=60.5,lap=%02x:%02x:%02x/%02x:%02x:%02x", all_views[v], laps[0] >> 16,
                            laps[0] >> 8 & 255, laps[0] & 255, laps[1] >> 16, laps[1] >> 8 & 255, laps[1] & 255);

        g_assert_true(btbb_options_parse(&options, argument, &error));

        struct btbb_totals *selected = btbb_totals_for(&options);
        struct btbb_totals *by_hand = btbb_totals_new(btbb_totals_needs(&options), options.interval_ns);

        for (size_t i = 0; i < RECORDS; i++) {
            const struct btbb_record *record = &records[i];
            struct btbb_record silent = *record;

            silent.taught = false; /* addresses are tested below */
            g_assert_true(btbb_totals_add(selected, &silent));
            if (record->has_time && record->time_ns >= 10 * SECOND && record->time_ns < 60 * SECOND + SECOND / 2 &&
                (record->lap == laps[0] || record->lap == laps[1]))
                btbb_totals_add(by_hand, &silent);
        }
        selected->no_lap = by_hand->no_lap;
        forget_clock(selected);
        forget_clock(by_hand);

        char *text = print_view(all_views[v], selected, NULL), *hand = print_view(all_views[v], by_hand, NULL);

        g_assert_cmpstr(text, ==, hand);
        g_assert_cmpuint(selected->counted, ==, by_hand->counted);
        g_assert_cmpuint(selected->counted, >, 0);
        g_free(text);
        g_free(hand);
        g_free(argument);
        btbb_totals_free(selected);
        btbb_totals_free(by_hand);
        btbb_options_clear(&options);
    }
    g_free(records);
}

static struct btbb_record addressed(uint32_t lap, double seconds, enum btbb_rank rank, uint16_t nap, uint8_t uap)
{
    struct btbb_record record = id_record(lap, seconds);

    record.rank = (uint8_t)rank;
    record.nap = nap;
    record.uap = uap;
    return record;
}

static void assert_address(const struct btbb_totals *totals, uint32_t client, enum btbb_rank rank, uint16_t nap,
                           uint8_t uap, bool conflict)
{
    struct btbb_client_address address = btbb_totals_address(totals, btbb_table_at(&totals->clients, client));

    g_assert_cmpint(address.rank, ==, rank);
    g_assert_cmphex(address.nap, ==, nap);
    g_assert_cmphex(address.uap, ==, uap);
    g_assert_cmpint(address.conflict, ==, conflict);
}

/* Means, extremes and differences of few levels, and time series of them, also merged and with large sums. */
static void test_signal(void)
{
    static const struct {
        double seconds;
        uint32_t lap;
        int signal, noise; /* 0: none */
    } levels[] = {{1, 1, -40, -90}, {1, 1, -50, 0}, {2, 1, -128, 0}, {2, 2, 127, -1}, {4, 2, 0, -80}};
    struct btbb_options options;
    char *error = NULL, *text;

    g_assert_true(btbb_options_parse(&options, "io,value=signal,by=lap,format=csv", &error));

    struct btbb_totals *series = btbb_totals_for(&options), *twice = btbb_totals_for(&options);
    struct btbb_totals *all = btbb_totals_new(BTBB_NEED_ALL, SECOND);

    for (size_t i = 0; i < G_N_ELEMENTS(levels); i++) {
        struct btbb_record record = id_record(levels[i].lap, levels[i].seconds);

        record.has_signal = levels[i].signal != 0;
        record.signal_dbm = (int8_t)levels[i].signal;
        record.has_noise = levels[i].noise != 0;
        record.noise_dbm = (int8_t)levels[i].noise;
        btbb_totals_add(series, &record);
        btbb_totals_add(all, &record);
    }
    text = print_view("signal,format=csv", all, NULL);
    g_assert_cmpstr(text, ==,
                    "lap,packets,signal_min,signal_mean,signal_max,noise_mean,snr_mean\n"
                    "00:00:01,3,-128,-72.6667,-40,-90,50\n"
                    "00:00:02,2,127,127,127,-40.5,128\n");
    g_free(text);
    g_assert_true(btbb_totals_merge(twice, series));
    g_assert_true(btbb_totals_merge(twice, series));
    for (int large = 0; large < 2; large++) {
        text = print_view("io,value=signal,by=lap,format=csv", twice, NULL);
        g_assert_cmpstr(text, ==,
                        "epoch,time,00:00:01,00:00:02\n"
                        "1,1970-01-01T00:00:01+00:00,-45,\n"
                        "2,1970-01-01T00:00:02+00:00,-128,127\n");
        g_free(text);
        for (int i = 0; i < 25; i++) /* sums beyond 32 bits */
            g_assert_true(btbb_totals_merge(twice, twice));
    }
    text = print_view("io,by=lap", twice, NULL);
    g_assert_cmpstr(text, ==, "the totals do not hold what io shows: signal levels and packets are collected apart");
    g_free(text);
    btbb_totals_free(series);
    btbb_totals_free(twice);
    btbb_totals_free(all);
    btbb_options_clear(&options);
}

/* Jumps backwards of more than a second within a capture; the next capture may begin earlier. */
static void test_clock(void)
{
    static const struct {
        uint32_t frame;
        double seconds;
    } packets[] = {{1, 100}, {2, 99}, {3, 98.5}, {4, 97.25}, {5, 200}, {7, 100.5}, {8, 300}, {1, 50}, {2, 10}};
    struct btbb_totals *totals = btbb_totals_new(BTBB_NEED_ALL, SECOND), *sum = btbb_totals_new(BTBB_NEED_ALL, SECOND);

    for (size_t i = 0; i < G_N_ELEMENTS(packets); i++) {
        struct btbb_record record = id_record(1, packets[i].seconds);

        record.frame = packets[i].frame;
        btbb_totals_add(totals, &record);
    }
    g_assert_cmpuint(totals->clock_jumps, ==, 3); /* 1.25, 99.5 and 40 seconds */
    g_assert_cmpint(totals->clock_lost_ns, ==, INT64_C(140750000000));
    btbb_totals_merge(sum, totals);
    btbb_totals_merge(sum, totals);
    g_assert_cmpuint(sum->clock_jumps, ==, 6);
    g_assert_cmpint(sum->clock_lost_ns, ==, INT64_C(281500000000));
    btbb_totals_free(totals);
    btbb_totals_free(sum);
}

/* A better rank wins and is never replaced by a worse one; of equals the later time stamp. */
static void test_addresses(void)
{
    struct btbb_totals *totals = btbb_totals_new(BTBB_NEED_CLIENTS, SECOND);
    struct btbb_record record = addressed(1, 10, BTBB_RANK_LAP, 0x1234, 0x56);

    btbb_totals_add(totals, &record);
    assert_address(totals, 0, BTBB_RANK_LAP, 0, 0, false);
    record = addressed(1, 11, BTBB_RANK_UAP, 0x1234, 0x61);
    btbb_totals_add(totals, &record);
    assert_address(totals, 0, BTBB_RANK_UAP, 0, 0x61, false);
    record = addressed(1, 9, BTBB_RANK_UAP, 0, 0x62);
    btbb_totals_add(totals, &record);
    assert_address(totals, 0, BTBB_RANK_UAP, 0, 0x61, true);
    record = addressed(1, 8, BTBB_RANK_UAP_PROVEN, 0, 0x63);
    btbb_totals_add(totals, &record);
    assert_address(totals, 0, BTBB_RANK_UAP_PROVEN, 0, 0x63, false);
    record = addressed(1, 20, BTBB_RANK_LAP, 0, 0);
    btbb_totals_add(totals, &record);
    assert_address(totals, 0, BTBB_RANK_UAP_PROVEN, 0, 0x63, false);
    record = addressed(2, 21, BTBB_RANK_LAP, 0, 0);
    record.taught = true;
    record.taught_lap = 1;
    record.taught_nap = 0x0002;
    record.taught_uap = 0x72;
    btbb_totals_add(totals, &record);
    assert_address(totals, 0, BTBB_RANK_NAP, 0x0002, 0x72, false);
    assert_address(totals, 1, BTBB_RANK_LAP, 0, 0, false);
    btbb_totals_free(totals);
}

static void test_version(void)
{
    struct btbb_totals *totals = btbb_totals_new(BTBB_NEED_ALL, SECOND);
    struct btbb_record record = id_record(1, 1);

    record.version = BTBB_RECORD_VERSION + 1;
    g_assert_false(btbb_totals_add(totals, &record));
    g_assert_cmpuint(totals->counted + totals->clients.count + totals->no_lap, ==, 0);
    btbb_totals_free(totals);
}

/* Time stamps at both ends of what nanoseconds can hold. */
static void test_extreme_times(void)
{
    struct btbb_totals *totals = btbb_totals_new(BTBB_NEED_ALL, SECOND);
    struct btbb_record record = id_record(1, 0);
    char *text;

    record.time_ns = INT64_MIN;
    btbb_totals_add(totals, &record);
    record.time_ns = INT64_MAX;
    btbb_totals_add(totals, &record);
    g_assert_cmpuint(totals->cells[BTBB_CELLS_TIME].count, ==, 2);
    text = print_view("io", totals, NULL);
    g_assert_cmpstr(text, ==,
                    "the time from first to last packet gives 18446744074 rows, more than 1000000; "
                    "interval=20000 would fit");
    g_free(text);
    text = print_view("lap,format=csv", totals, NULL);
    g_assert_cmpstr(text, ==,
                    "lap,uap,nap,vendor,name,packets,id,non_id,undecoded,to_master,from_master,first,last\n"
                    "00:00:01,00,00:00,,,2,2,0,0,0,0,-9223372036.854775808,9223372036.854775807\n");
    g_free(text);
    btbb_totals_free(totals);
}

/* Cells of every table at the end of their 32 bits: the next packets are counted as if there were no end, in views and
 * when merged. */
static void test_large_cells(void)
{
    struct btbb_totals *totals = btbb_totals_new(BTBB_NEED_ALL, SECOND),
                       *twice = btbb_totals_new(BTBB_NEED_ALL, SECOND);
    struct btbb_record typed = typed_record(0x123456, 5, 3, BTBB_DIR_UNKNOWN), id = id_record(0x123456, 5);
    struct btbb_record untimed = typed;
    char *text;

    untimed.has_time = false;
    typed.has_channel = true;
    typed.channel = 39;
    typed.has_signal = true;
    typed.signal_dbm = -40;
    btbb_totals_add(totals, &typed);
    btbb_totals_add(totals, &untimed);
    for (int cells = 0; cells < BTBB_CELLS_COUNT; cells++) {
        struct btbb_cell *one = btbb_table_at(&totals->cells[cells], 0);

        one->packets = UINT32_MAX - 1;
        one->typed = UINT32_MAX - 2;
    }
    for (int i = 0; i < 3; i++) {
        btbb_totals_add(totals, &typed);
        btbb_totals_add(totals, &id);
        btbb_totals_add(totals, &untimed);
    }
    g_assert_cmpuint(cell(totals, BTBB_CELLS_LAP_TYPE, 0, 3, false), ==, UINT64_C(4294967297));
    g_assert_cmpuint(cell(totals, BTBB_CELLS_LAP_TYPE, 0, BTBB_SERIES_ID, false), ==, 0);
    g_assert_cmpuint(cell(totals, BTBB_CELLS_TIME_LAP_TYPE, 0, BTBB_SERIES_ID, false), ==, 3);
    g_assert_cmpuint(cell(totals, BTBB_CELLS_TIME_LAP, 0, 0, false), ==, UINT64_C(4294967300));
    g_assert_cmpuint(cell(totals, BTBB_CELLS_TIME_LAP, 0, 0, true), ==, UINT64_C(4294967296));
    g_assert_cmpuint(cell(totals, BTBB_CELLS_TIME_TYPE, 0, 3, true), ==, UINT64_C(4294967296));
    g_assert_cmpuint(cell(totals, BTBB_CELLS_TIME_LAP_TYPE, 0, 3, false), ==, UINT64_C(4294967297));
    g_assert_cmpuint(cell(totals, BTBB_CELLS_TIME_CHANNEL, 0, 39, false), ==, UINT64_C(4294967297));
    g_assert_cmpuint(cell(totals, BTBB_CELLS_TIME_SIGNAL, 0, 0, false), ==, UINT64_C(4294967297));
    g_assert_cmpuint(cell(totals, BTBB_CELLS_TIME_SIGNAL, 0, 0, true), ==, UINT32_MAX - 2 + UINT64_C(3) * (128 - 40));
    g_assert_true(btbb_totals_merge(twice, totals));
    g_assert_true(btbb_totals_merge(twice, totals));
    g_assert_cmpuint(cell(twice, BTBB_CELLS_TIME_LAP, 0, 0, true), ==, UINT64_C(8589934592));
    text = print_view("io,format=csv", twice, NULL);
    g_assert_cmpstr(text, ==, "epoch,time,packets\n5,1970-01-01T00:00:05+00:00,8589934600\n");
    g_free(text);
    text = print_view("lap-type,format=csv", twice, NULL);
    g_assert_cmpstr(text, ==, "lap,DM1,total\n12:34:56,17179869188,17179869188\n");
    g_free(text);
    g_assert_cmpuint(twice->lost, ==, 0);
    btbb_totals_reset(totals);
    g_assert_cmpuint(totals->large[BTBB_CELLS_TIME].count, ==, 0);
    btbb_totals_free(totals);
    btbb_totals_free(twice);
}

static size_t bytes_of(const struct btbb_table *table)
{
    size_t chunks = (table->count + BTBB_TABLE_CHUNK - 1) / BTBB_TABLE_CHUNK;

    return table->slot_count * sizeof *table->slots + table->chunks_room * sizeof *table->chunks +
           chunks * BTBB_TABLE_CHUNK * table->element_bytes;
}

/* A million clients, each seen once, in every view that knows clients: below 200 bytes each. */
static void test_memory(void)
{
    static const char *const views[] = {"lap",     "summary",      "lap-type", "io,by=lap", "io,by=lap,ids=no",
                                        "vendors", "report,file=x"};
    const uint32_t clients = 1000000;

    for (size_t v = 0; v < G_N_ELEMENTS(views); v++) {
        struct btbb_options options;
        struct btbb_totals *totals;
        char *error = NULL;
        size_t bytes;

        g_assert_true(btbb_options_parse(&options, views[v], &error));
        totals = btbb_totals_new(btbb_totals_needs(&options), SECOND);
        for (uint32_t i = 0; i < clients; i++) {
            struct btbb_record record = typed_record(i * 16, (double)i / 1000, i % 16, BTBB_DIR_UNKNOWN);

            btbb_totals_add(totals, &record);
        }
        g_assert_cmpuint(totals->clients.count, ==, clients);
        bytes = bytes_of(&totals->clients) + bytes_of(&totals->taught) + bytes_of(&totals->levels_of_client);
        for (int cells = 0; cells < BTBB_CELLS_COUNT; cells++)
            bytes += bytes_of(&totals->cells[cells]);
        g_test_message("%s: %.1f bytes per client", views[v], (double)bytes / clients);
        g_assert_cmpuint(bytes / clients, <, 200);
        btbb_totals_free(totals);
        btbb_options_clear(&options);
    }
}

int main(int argc, char **argv)
{
    g_setenv("TZ", "UTC", TRUE);
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/totals/counts", test_counts);
    g_test_add_func("/totals/intervals", test_intervals);
    g_test_add_func("/totals/merge", test_merge);
    g_test_add_func("/totals/order_and_reset", test_order_and_reset);
    g_test_add_func("/totals/selection", test_selection);
    g_test_add_func("/totals/signal", test_signal);
    g_test_add_func("/totals/clock", test_clock);
    g_test_add_func("/totals/addresses", test_addresses);
    g_test_add_func("/totals/version", test_version);
    g_test_add_func("/totals/extreme_times", test_extreme_times);
    g_test_add_func("/totals/large_cells", test_large_cells);
    g_test_add_func("/totals/memory", test_memory);
    return g_test_run();
}
