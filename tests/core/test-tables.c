/* test-tables.c: packet table, HEC, CRC, sync word and FHS against independently written values.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include <glib.h>
#include <string.h>

#include "decode/address-text.h"
#include "decode/crc.h"
#include "decode/fhs.h"
#include "decode/hec.h"
#include "decode/packet-type.h"
#include "decode/time.h"

/* name, code, Mb/s, transports (Sco, Esco, Acl, Cpb), slots, voice, payload header, body min-max, crc, fec */
static const char *const rows[] = {"NULL 0 1 SEAC 1 0 0 0-0 -crc fec0",     "POLL 1 1 SEA- 1 0 0 0-0 -crc fec0",
                                   "FHS 2 1 S-A- 1 0 0 18-18 +crc fec2",    "DM1 3 1 S-AC 1 0 1 0-17 +crc fec2",
                                   "DH1 4 1 --AC 1 0 1 0-27 +crc fec0",     "2-DH1 4 2 --AC 1 0 2 0-54 +crc fec0",
                                   "HV1 5 1 S--- 1 0 0 10-10 -crc fec1",    "HV2 6 1 S--- 1 0 0 20-20 -crc fec2",
                                   "2-EV3 6 2 -E-- 1 0 0 1-60 +crc fec0",   "HV3 7 1 S--- 1 0 0 30-30 -crc fec0",
                                   "EV3 7 1 -E-- 1 0 0 1-30 +crc fec0",     "3-EV3 7 3 -E-- 1 0 0 1-90 +crc fec0",
                                   "DV 8 1 S--- 1 10 1 0-9 +crc fec2",      "3-DH1 8 3 --AC 1 0 2 0-83 +crc fec0",
                                   "AUX1 9 1 --A- 1 0 1 0-29 -crc fec0",    "DM3 10 1 --AC 3 0 2 0-121 +crc fec2",
                                   "2-DH3 10 2 --AC 3 0 2 0-367 +crc fec0", "DH3 11 1 --AC 3 0 2 0-183 +crc fec0",
                                   "3-DH3 11 3 --AC 3 0 2 0-552 +crc fec0", "EV4 12 1 -E-- 3 0 0 1-120 +crc fec2",
                                   "2-EV5 12 2 -E-- 3 0 0 1-360 +crc fec0", "EV5 13 1 -E-- 3 0 0 1-180 +crc fec0",
                                   "3-EV5 13 3 -E-- 3 0 0 1-540 +crc fec0", "DM5 14 1 --AC 5 0 2 0-224 +crc fec2",
                                   "2-DH5 14 2 --AC 5 0 2 0-679 +crc fec0", "DH5 15 1 --AC 5 0 2 0-339 +crc fec0",
                                   "3-DH5 15 3 --AC 5 0 2 0-1021 +crc fec0"};

static const char *const names[16] = {"NULL",      "POLL",          "FHS",       "DM1",      "DH1/2-DH1", "HV1",
                                      "HV2/2-EV3", "HV3/EV3/3-EV3", "DV/3-DH1",  "AUX1",     "DM3/2-DH3", "DH3/3-DH3",
                                      "EV4/2-EV5", "EV5/3-EV5",     "DM5/2-DH5", "DH5/3-DH5"};

static void test_rows(void)
{
    g_assert_cmpuint(BTBB_KIND_COUNT, ==, 27);
    g_assert_cmpuint(G_N_ELEMENTS(rows), ==, 27);
    for (unsigned i = 0; i < BTBB_KIND_COUNT; i++) {
        const struct btbb_packet_type *t = &btbb_packet_types[i];
        char *row = g_strdup_printf(
            "%s %u %u %c%c%c%c %u %u %u %u-%u %ccrc fec%u", t->name, t->type, t->rate, t->transports & 1 ? 'S' : '-',
            t->transports & 2 ? 'E' : '-', t->transports & 4 ? 'A' : '-', t->transports & 8 ? 'C' : '-', t->slots,
            t->voice_bytes, t->header_bytes, t->body_min, t->body_max, t->crc ? '+' : '-', (unsigned)t->fec);

        g_assert_cmpstr(row, ==, rows[i]);
        g_assert_cmpuint(t->kind, ==, i);
        g_free(row);
    }
}

/* Each code's rows stand together, and their names joined are the code's name. */
static void test_codes(void)
{
    unsigned seen = 0;

    for (unsigned type = 0; type < 16; type++) {
        size_t count;
        const struct btbb_packet_type *row = btbb_packet_types_of((uint8_t)(type | 16), &count);
        GString *joined = g_string_new(row[0].name);

        g_assert_true(row == &btbb_packet_types[seen]);
        for (size_t i = 0; i < count; i++) {
            g_assert_cmpuint(row[i].type, ==, type);
            if (i > 0)
                g_string_append_printf(joined, "/%s", row[i].name);
        }
        g_assert_cmpstr(joined->str, ==, names[type]);
        g_assert_cmpstr(btbb_type_name((uint8_t)(type | 16)), ==, names[type]);
        g_string_free(joined, TRUE);
        seen += (unsigned)count;
    }
    g_assert_cmpuint(seen, ==, 27);
}

static uint8_t reversed(uint8_t byte)
{
    uint8_t out = 0;

    for (int i = 0; i < 8; i++)
        out |= (uint8_t)((byte >> i & 1) << (7 - i));
    return out;
}

/* 7.1.1, bit by bit */
static uint8_t slow_hec(uint8_t uap, uint16_t header10)
{
    uint8_t state = reversed(uap);

    for (int i = 0; i < 10; i++) {
        const bool feedback = (state ^ header10 >> i) & 1;

        state = (uint8_t)(state >> 1 ^ (feedback ? 0xe5 : 0));
    }
    return state;
}

static void test_hec_values(void)
{
    static const struct {
        uint8_t uap;
        uint16_t header;
        uint8_t hec;
    } known[] = {
        {0x00, 0x123, 0xe1}, {0x47, 0x123, 0x06}, {0x00, 0x124, 0x32}, {0x47, 0x124, 0xd5}, {0x00, 0x125, 0x5a},
        {0x47, 0x125, 0xbd}, {0x00, 0x126, 0xe2}, {0x47, 0x126, 0x05}, {0x00, 0x127, 0x8a}, {0x47, 0x127, 0x6d},
        {0x00, 0x11b, 0x9e}, {0x47, 0x11b, 0x79}, {0x00, 0x11c, 0x4d}, {0x47, 0x11c, 0xaa}, {0x61, 0x299, 0x87},
        {0x61, 0x389, 0x77}, {0x61, 0x081, 0xd3}, {0x61, 0x281, 0x36}, {0x61, 0x189, 0x92}, {0x61, 0x099, 0x62},
        {0x00, 0x019, 0xd9}, {0x70, 0x000, 0x6d}, {0x61, 0x000, 0x15}, {0xff, 0x3ff, 0x72}, {0x00, 0x000, 0x00}};

    for (size_t i = 0; i < G_N_ELEMENTS(known); i++) {
        g_assert_cmphex(btbb_hec(known[i].uap, known[i].header), ==, known[i].hec);
        g_assert_cmphex(btbb_hec_implied_uap(known[i].header, known[i].hec), ==, known[i].uap);
    }
}

static void test_hec_everywhere(void)
{
    for (unsigned uap = 0; uap < 256; uap++) {
        for (uint16_t header = 0; header < 1024; header++) {
            const uint8_t hec = slow_hec((uint8_t)uap, header);

            g_assert_cmphex(btbb_hec((uint8_t)uap, header), ==, hec);
            g_assert_cmphex(btbb_hec_implied_uap(header, hec), ==, uap);
        }
    }
}

static uint32_t bytes_of(const char *hex, uint8_t *bytes)
{
    uint32_t count = 0;

    for (; hex[0] && hex[1]; hex += 2)
        bytes[count++] = (uint8_t)(g_ascii_xdigit_value(hex[0]) << 4 | g_ascii_xdigit_value(hex[1]));
    return count;
}

static void test_crc_values(void)
{
    static const struct {
        uint8_t uap;
        const char *data;
        uint16_t crc;
    } known[] = {{0x61, "5606004400a10200010000", 0x5053}, {0x61, "5606004400a10200d41600", 0x27a0},
                 {0x61, "5606004400a10200e61b00", 0xa4ce}, {0x61, "5606004400a10200612600", 0x22fd},
                 {0x61, "5606004400a1020097e100", 0xffb2}, {0x61, "5606004400a10200692100", 0xa937},
                 {0x61, "5606004400a10200000000", 0x0a8f}, {0x61, "5606004400a10200000001", 0x1b06},
                 {0x61, "5606004400a10200090a00", 0x6be1}, {0x61, "05", 0x572b},
                 {0x47, "4e010203040506070809", 0xd26d},   {0x70, "660800010009ea040061636b21", 0x4995}};
    uint8_t bytes[32], uap;

    for (size_t i = 0; i < G_N_ELEMENTS(known); i++) {
        const struct btbb_span data = {bytes, bytes_of(known[i].data, bytes)};

        g_assert_cmphex(btbb_crc_run(btbb_crc_start(known[i].uap), data), ==, known[i].crc);
        g_assert_true(btbb_crc_implied_uap(data, known[i].crc, &uap));
        g_assert_cmphex(uap, ==, known[i].uap);
        g_assert_false(btbb_crc_implied_uap(data, known[i].crc ^ 0x0100, &uap));
    }
}

/* 7.1.2, bit by bit */
static uint16_t slow_crc(uint8_t uap, const uint8_t *bytes, uint32_t count)
{
    uint16_t state = (uint16_t)(reversed(uap) << 8);

    for (uint32_t i = 0; i < count; i++) {
        state ^= bytes[i];
        for (int bit = 0; bit < 8; bit++)
            state = (uint16_t)(state >> 1 ^ (state & 1 ? 0x8408 : 0));
    }
    return state;
}

static void test_crc_everywhere(void)
{
    uint8_t bytes[64], implied;
    GRand *random = g_rand_new_with_seed(7);

    for (unsigned uap = 0; uap < 256; uap++) {
        for (uint32_t count = 0; count <= sizeof bytes; count++) {
            for (uint32_t i = 0; i < count; i++)
                bytes[i] = (uint8_t)g_rand_int_range(random, 0, 256);
            const struct btbb_span data = {bytes, count};
            const uint16_t crc = slow_crc((uint8_t)uap, bytes, count);

            g_assert_cmphex(btbb_crc_run(btbb_crc_start((uint8_t)uap), data), ==, crc);
            g_assert_cmphex(btbb_crc_back(crc, data), ==, btbb_crc_start((uint8_t)uap));
            g_assert_true(btbb_crc_implied_uap(data, crc, &implied));
            g_assert_cmphex(implied, ==, uap);
        }
    }
    g_rand_free(random);
}

/* Every byte value at every place of the four that are taken at once, and after them. */
static void test_crc_table_entries(void)
{
    for (unsigned value = 0; value < 256; value++) {
        for (uint32_t place = 0; place < 5; place++) {
            uint8_t bytes[5] = {0};

            bytes[place] = (uint8_t)value;
            g_assert_cmphex(btbb_crc_run(0, (struct btbb_span){bytes, 5}), ==, slow_crc(0, bytes, 5));
        }
    }
}

static void test_sync_word(void)
{
    g_assert_cmphex(btbb_sync_word(0x9e8b33), ==, UINT64_C(0x4e7a2cce331a3ae2));
    g_assert_cmphex(btbb_sync_word(0xff9e8b33), ==, UINT64_C(0x4e7a2cce331a3ae2));
    g_assert_cmphex(btbb_sync_word(0x9e8b00) & 0x3ffffffff, !=, btbb_sync_word(0x9e8b33) & 0x3ffffffff);
}

static void test_fhs(void)
{
    uint8_t bytes[20];
    const struct btbb_span body = {bytes, bytes_of("6e6d7da2cf884490446655040424ab52ad0ab55c", bytes)};
    struct btbb_fhs fhs = btbb_fhs_read(body);

    g_assert_cmphex(fhs.lap, ==, 0x112233);
    g_assert_cmphex(fhs.uap, ==, 0x44);
    g_assert_cmphex(fhs.nap, ==, 0x5566);
    g_assert_cmphex(fhs.class_of_device, ==, 0x240404);
    g_assert_cmpuint(fhs.lt_addr, ==, 3);
    g_assert_cmphex(fhs.clk27_2, ==, 0x155aa55);
    g_assert_true(fhs.parity_good);
    bytes[0] ^= 1;
    g_assert_false(btbb_fhs_read(body).parity_good);
}

static void test_address_text(void)
{
    char uap[BTBB_UAP_TEXT_BYTES], nap[BTBB_NAP_TEXT_BYTES], lap[BTBB_LAP_TEXT_BYTES];
    char bd_addr[BTBB_BD_ADDR_TEXT_BYTES], octets[24];

    g_assert_cmpstr(btbb_uap_text(0x61, uap), ==, "61");
    g_assert_cmpstr(btbb_nap_text(0x0011, nap), ==, "00:11");
    g_assert_cmpstr(btbb_lap_text(0x4831dd, lap), ==, "48:31:dd");
    g_assert_cmpstr(btbb_lap_text(0xff00000f, lap), ==, "00:00:0f");
    g_assert_cmpstr(btbb_lap_text(BTBB_LAP_UNKNOWN, lap), ==, "unknown");
    g_assert_cmpstr(btbb_bd_addr_text(0xa1b2, 0xc3, 0xff4831dd, bd_addr), ==, "a1:b2:c3:48:31:dd");
    g_assert_cmpstr(btbb_octets_text(UINT64_C(0x0123456789abcdef), 8, octets), ==, "01:23:45:67:89:ab:cd:ef");
}

static void test_time(void)
{
    static const struct {
        int64_t seconds;
        int32_t nanoseconds;
        bool fits;
        int64_t ns;
    } known[] = {
        {0, 0, true, 0},
        {1600000000, 999999999, true, INT64_C(1600000000999999999)},
        {-1, 1, true, -999999999},
        {9223372033, INT32_MAX, true, INT64_C(9223372035147483647)},
        {-9223372033, INT32_MIN, true, -INT64_C(9223372035147483648)},
        {9223372034, 0, false, 0},
        {-9223372034, 0, false, 0},
        {18446744073709, 0, false, 0},
        {INT64_MAX, INT32_MAX, false, 0},
        {INT64_MIN, INT32_MIN, false, 0},
    };

    for (size_t i = 0; i < G_N_ELEMENTS(known); i++) {
        int64_t ns = 1;

        g_assert_cmpint(btbb_time_ns(known[i].seconds, known[i].nanoseconds, &ns), ==, known[i].fits);
        g_assert_cmpint(ns, ==, known[i].ns);
    }
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/address-text", test_address_text);
    g_test_add_func("/time", test_time);
    g_test_add_func("/packet-type/rows", test_rows);
    g_test_add_func("/packet-type/codes", test_codes);
    g_test_add_func("/hec/values", test_hec_values);
    g_test_add_func("/hec/everywhere", test_hec_everywhere);
    g_test_add_func("/crc/values", test_crc_values);
    g_test_add_func("/crc/everywhere", test_crc_everywhere);
    g_test_add_func("/crc/table-entries", test_crc_table_entries);
    g_test_add_func("/fhs/sync-word", test_sync_word);
    g_test_add_func("/fhs/fields", test_fhs);
    return g_test_run();
}
